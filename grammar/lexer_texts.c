/* Texts and comments. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "grammar/lexer_words.h"
#include "parser.h"

/* Text that changes the order in which it is shown could hide a rule's meaning from its reader, so it is refused in
   texts and comments too. */
static void refuse_bidi(struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    for (const unsigned char *at = from; at < to;) {
        if (*at < 0x80) {
            at++;
            continue;
        }
        const unsigned char *next;
        uint32_t c = lexer_character(lexer, at, &next);
        if (c != UTF8_INVALID && unicode_hazard(c).kind == HAZARD_BIDI) {
            lexer_report_fixed(lexer, D_BIDI, lexer_span(lexer, at, next), lexer_code_point(lexer, c), STR(""));
        }
        at = next;
    }
}

static const unsigned char *line_end(const struct lexer *lexer, const unsigned char *at)
{
    while (at < lexer->limit && *at != '\n') {
        at++;
    }
    return at;
}

void lexer_line(struct lexer *lexer)
{
    if (lexer->is_blank) { /* what was said above it is of the file, or of nothing */
        lexer->doc = buf_in(lexer->perm);
    }
    lexer->is_blank = true;
    lexer->is_line_start = true;
}

void lexer_comment(struct lexer *lexer)
{
    lexer->is_blank = false;
    const unsigned char *text = lexer->cursor;
    const unsigned char *end = line_end(lexer, text);
    lexer->cursor = end;
    refuse_bidi(lexer, text, end);
    bool is_doc = text < end && *text == '/' && !(text + 1 < end && text[1] == '/');
    if (!is_doc) {
        return;
    }
    if (lexer->doc.len > 0) {
        buf_char(&lexer->doc, '\n');
    }
    buf_add(&lexer->doc, str_trim(lexer_slice(text + 1, end)));
}

static void add_escape(struct lexer *lexer, struct buf *text, const unsigned char *at, const unsigned char *next)
{
    switch (at[1]) {
    case '"':
    case '\\':
        buf_char(text, (char)at[1]);
        break;
    case 'n':
        buf_char(text, '\n');
        break;
    default: {
        struct str escape = lexer_slice(at, next);
        diag_add(lexer->out, D_UNKNOWN_ESCAPE, lexer_span(lexer, at, next), &escape, 1);
        buf_add(text, lexer_slice(at + 1, next));
        break;
    }
    }
}

/* `"没有产量”`: where the text seems to end; NULL: nowhere on its line. */
static const unsigned char *last_closing_quote(const struct lexer *lexer, const unsigned char *from,
                                               const unsigned char *to)
{
    static const char *const CLOSERS[] = {"”", "＂", "」", "』"};
    const unsigned char *found = NULL;
    for (const unsigned char *at = from; at < to; at++) {
        found = *at >= 0xC0 && LEXER_AFTER(lexer, at, CLOSERS) != NULL ? at : found;
    }
    return found;
}

struct token lexer_text(struct lexer *lexer)
{
    struct buf text = buf_in(lexer->perm);
    const unsigned char *at = lexer->cursor;
    const unsigned char *end = line_end(lexer, at);
    bool has_escape = false;
    while (at < end && *at != '"') {
        const unsigned char *next = at + 1;
        if (*at == '\\' && next < end) {
            lexer_character(lexer, at + 1, &next);
            add_escape(lexer, &text, at, next);
            has_escape = true;
        } else {
            buf_char(&text, (char)*at);
        }
        at = next;
    }
    const unsigned char *first = lexer->cursor;
    const unsigned char *quote = at >= end ? last_closing_quote(lexer, first, end) : NULL;
    bool is_cut = at >= end && quote == NULL;
    at = quote != NULL ? quote : at;
    refuse_bidi(lexer, first, at);
    if (quote != NULL) {
        has_escape = false;
        lexer_character(lexer, quote, &lexer->cursor);
        lexer_report_fixed(lexer, D_QUOTES, lexer_span(lexer, quote, lexer->cursor), STR(""), STR("\""));
    } else if (!is_cut) {
        lexer->cursor = at + 1;
    } else {
        lexer->cursor = end;
        diag_add(lexer->out, D_UNTERMINATED_TEXT, lexer_span(lexer, lexer->token, end), NULL, 0);
    }
    struct token token = lexer_token(lexer, TOK_TEXT);
    token.text = has_escape ? buf_str(&text) : lexer_slice(first, at);
    token.is_cut = is_cut;
    return token;
}

/* Where a text that began with an odd quotation mark ends: its content in *content_end. NULL: not on this line. */
static const unsigned char *odd_text_end(const struct lexer *lexer, const unsigned char **content_end)
{
    static const char *const CLOSERS[] = {"”", "“", "‟", "＂", "\"", "」", "』", "’", "‘", "＇", "'"};
    for (const unsigned char *at = lexer->cursor; at < lexer->limit && *at != '\n'; at++) {
        const unsigned char *behind = LEXER_AFTER(lexer, at, CLOSERS);
        if (behind != NULL) {
            *content_end = at;
            return behind;
        }
    }
    return NULL;
}

struct token lexer_odd_text(struct lexer *lexer)
{
    const unsigned char *first = lexer->cursor;
    const unsigned char *last = line_end(lexer, first);
    const unsigned char *end = odd_text_end(lexer, &last);
    lexer->cursor = end == NULL ? last : end;
    struct span at = lexer_span(lexer, lexer->token, lexer->cursor);
    struct diag *diag = diag_add(lexer->out, D_QUOTES, at, NULL, 0);
    struct str content = lexer_slice(first, last);
    if (end != NULL) {
        struct str fixed = str_format(lexer->perm, "\"%.*s\"", STR_FMT(content));
        diag_fix(lexer->out, diag, at, fixed, T_FIX_REPLACE, &fixed, 1)->is_applicable = true;
    }
    refuse_bidi(lexer, first, last);
    struct token token = lexer_token(lexer, TOK_TEXT);
    token.text = content;
    return token;
}
