/* The lexer: re2c finds where tokens begin and end, lexer_words.c reads names, units and texts, whose ends depend on
   tables of characters and keywords. */
#include "grammar/lexer.h"

#include "grammar/keywords.h"
#include "grammar/lexer_words.h"
#include "parser.h"

struct lexer lexer_open(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out)
{
    const struct source *source = sources_get(sources, file);
    const unsigned char *start = (const unsigned char *)source->text.at;
    struct lexer lexer = {.perm = perm, .out = out, .file = file, .start = start, .cursor = start};
    lexer.limit = start + source->text.len;
    lexer.is_line_start = true;
    lexer.doc = buf_in(perm);
    lexer.keywords = keyword_map(perm);
    if (str_starts(source->text, STR("\xEF\xBB\xBF"))) {
        lexer.cursor += 3;
    }
    return lexer;
}

struct token lexer_next(struct lexer *lexer)
{
    for (;;) {
        lexer->token = lexer->cursor;
        /*!re2c
            re2c:api:style = free-form;
            re2c:encoding:utf8 = 1;
            re2c:encoding-policy = fail;
            re2c:eof = 0;
            re2c:yyfill:enable = 0;
            re2c:define:YYCTYPE = "unsigned char";
            re2c:define:YYCURSOR = "lexer->cursor";
            re2c:define:YYMARKER = "lexer->marker";
            re2c:define:YYLIMIT = "lexer->limit";

            digit = [0-9];
            wide_digit = [\uFF10-\uFF19];
            any_digit = digit | wide_digit;
            fraction = "." digit+;
            exponent = [eE] [+-]? digit+;
            number = digit+ fraction? exponent?;
            wide_number = any_digit* wide_digit any_digit* ([.．。] any_digit+)? | any_digit+ [．。] any_digit+;
            date = digit{4} "-" digit{2} "-" digit{2};
            letter = [a-zA-Z_];
            // signs of our own and the blocks of punctuation they live in; everything else beyond ASCII begins a word
            own_sign = [×÷·⋅∈≤≥≠−∑°℃℉‰⁰¹²³⁴⁵⁶⁷⁸⁹⁻];
            wide_sign = [\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF3E\uFF40\uFF5B-\uFF65\uFFE0-\uFFFF];
            sign = own_sign | wide_sign | [\u2000-\u206F\u3000-\u3004\u3008-\u3020\u3030];
            beyond = [\u0080-\uD7FF\uE000-\U0010FFFF] \ sign \ wide_digit;
            superscripts = [⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+;
            equals = [=＝];

            $                   { return lexer_token(lexer, TOK_YYEOF); }
            * {
                int kind = lexer_other(lexer);
                if (kind != 0) {
                    return lexer_token(lexer, kind);
                }
                continue;
            }
            [ \t\r\u3000]+      { continue; }
            "\n"                { lexer_line(lexer); continue; }
            "//"                { lexer_comment(lexer); continue; }

            number              { return lexer_number(lexer); }
            date                { return lexer_token(lexer, TOK_DATE); }
            wide_number         { return lexer_wide_number(lexer); }
            letter | beyond     { struct token token; if (lexer_word(lexer, &token)) { return token; } continue; }
            "∑"                 { return lexer_name(lexer); }
            ["]                 { return lexer_text(lexer); }
            [“”„‟＂「『‘’‚＇']   { return lexer_odd_text(lexer); }

            "(" | "（"          { return lexer_token(lexer, TOK_LEFT_PAREN); }
            ")" | "）"          { return lexer_token(lexer, TOK_RIGHT_PAREN); }
            "{" | "｛"          { return lexer_brace(lexer); }
            "}" | "｝"          { return lexer_token(lexer, TOK_RIGHT_BRACE); }
            "," | "，" | "、"   { return lexer_token(lexer, TOK_COMMA); }
            ";" | "；"          { return lexer_token(lexer, TOK_SEMICOLON); }
            ":" | "："          { return lexer_token(lexer, TOK_COLON); }
            "." | "．"          { return lexer_token(lexer, TOK_DOT); }
            ".." | "．．" | "～" | "〜"  { return lexer_token(lexer, TOK_DOT_DOT); }
            equals              { return lexer_token(lexer, TOK_ASSIGN); }
            equals equals       { return lexer_token(lexer, TOK_EQUAL); }
            equals [>＞]        { return lexer_token(lexer, TOK_MAPS_TO); }
            [-−－] [>＞]        { return lexer_token(lexer, TOK_ARROW); }
            [!！] equals | "≠"  { return lexer_token(lexer, TOK_NOT_EQUAL); }
            [<＜]               { return lexer_token(lexer, TOK_LESS); }
            [<＜] equals | "≤"  { return lexer_token(lexer, TOK_LESS_EQUAL); }
            [>＞]               { return lexer_token(lexer, TOK_GREATER); }
            [>＞] equals | "≥"  { return lexer_token(lexer, TOK_GREATER_EQUAL); }
            [+＋]               { return lexer_token(lexer, TOK_PLUS); }
            [-−－]              { return lexer_token(lexer, TOK_MINUS); }
            [*＊×]              { return lexer_token(lexer, TOK_STAR); }
            [/／÷]              { return lexer_token(lexer, TOK_SLASH); }
            "^" | "＾"           { return lexer_token(lexer, TOK_CARET); }
            [·⋅]                { return lexer_token(lexer, TOK_MIDDLE_DOT); }
            "∈"                 { return lexer_token(lexer, TOK_IN); }
            [%％‰℃℉] | "°" [CF] { return lexer_token(lexer, TOK_UNIT_SIGN); }
            superscripts        { return lexer_token(lexer, TOK_SUPERSCRIPT); }
        */
    }
}
