#include "base/json.h"

#include <assert.h>

#include "base/utf8.h"

/*!re2c
re2c:api:style = free-form;
re2c:encoding:utf8 = 1;
re2c:encoding-policy = fail;
re2c:eof = 0;
re2c:yyfill:enable = 0;
re2c:define:YYCTYPE = "unsigned char";
re2c:define:YYCURSOR = at;
re2c:define:YYLIMIT = end;
re2c:define:YYMARKER = marker;

space = [ \t\r\n]+;
digits = [0-9]+;
number = "-"? ("0" | [1-9] [0-9]*) ("." digits)? ([eE] [+-]? digits)?;
plain = [\x20-\x21\x23-\x5B\x5D-\x7F] | [\u0080-\uD7FF\uE000-\U0010FFFF];
letter = [a-zA-Z_] | [\u00C0-\u1FFF\u3040-\uD7FF\U00020000-\U0003FFFF]; /* Chinese names too */
escape = "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4});
*/

/* --- tokens --- */

static struct json_token fail(struct json_lexer *lexer, enum diag_code code, size_t off, size_t len)
{
    lexer->error = (struct json_error){code, (uint32_t)off, (uint32_t)len};
    return (struct json_token){.type = JSON_TOKEN_ERROR, .off = (uint32_t)off, .len = (uint32_t)len};
}

/* A string that is not closed, from `off` (its quotation mark) up to `stop`, where the lexer could not go on. */
static struct json_token bad_string(struct json_lexer *lexer, size_t off, size_t stop)
{
    struct str text = lexer->text;
    if (stop == text.len) {
        return fail(lexer, D_JSON_OPEN_TEXT, off, 1);
    }
    if (text.at[stop] == '\\') {
        size_t after = stop + 1;
        if (after < text.len) {
            utf8_next(text, &after);
        }
        return fail(lexer, D_JSON_BAD_ESCAPE, stop, after - stop);
    }
    if (text.at[stop] == '\n' || text.at[stop] == '\r') {
        return fail(lexer, D_JSON_OPEN_TEXT, off, 1);
    }
    return fail(lexer, (unsigned char)text.at[stop] < 0x20 ? D_JSON_CONTROL : D_BAD_UTF8, stop, 1);
}

static uint32_t hex_value(char c)
{
    if (c <= '9') {
        return (uint32_t)(c - '0');
    }
    return (uint32_t)((c | 0x20) - 'a' + 10);
}

/* The four digits behind "\u" at `at`. */
static uint32_t code_unit(const char *at)
{
    uint32_t unit = 0;
    for (size_t i = 2; i < 6; i++) {
        unit = unit << 4 | hex_value(at[i]);
    }
    return unit;
}

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static char simple_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* Writes the character of the escape at raw.at[*i], whose form the lexer has checked, and moves *i behind it. */
static enum diag_code decode_escape(struct str raw, size_t *i, char *out, size_t *len)
{
    const char *at = raw.at + *i;
    if (at[1] != 'u') {
        out[(*len)++] = simple_escape(at[1]);
        *i += 2;
        return DIAG_NONE;
    }
    uint32_t c = code_unit(at);
    size_t used = 6;
    if (c == 0) {
        return D_JSON_NUL;
    }
    if (is_high_surrogate(c)) {
        bool has_pair = raw.len - *i >= 12 && at[6] == '\\' && at[7] == 'u' && is_low_surrogate(code_unit(at + 6));
        if (!has_pair) {
            return D_JSON_LONE_SURROGATE;
        }
        c = 0x10000 + ((c - 0xD800) << 10) + (code_unit(at + 6) - 0xDC00);
        used = 12;
    } else if (is_low_surrogate(c)) {
        return D_JSON_LONE_SURROGATE;
    }
    *len += utf8_encode(c, out + *len);
    *i += used;
    return DIAG_NONE;
}

/* A string with escapes; `off` and `len` are those of the text with its quotation marks. Decoding never makes a text
   longer. */
static struct json_token decoded(struct json_lexer *lexer, size_t off, size_t len)
{
    struct str raw = {lexer->text.at + off + 1, len - 2};
    char *out = arena_alloc(lexer->arena, raw.len + 1, 1);
    size_t out_len = 0;
    for (size_t i = 0; i < raw.len;) {
        if (raw.at[i] != '\\') {
            out[out_len++] = raw.at[i++];
            continue;
        }
        enum diag_code problem = decode_escape(raw, &i, out, &out_len);
        if (problem != DIAG_NONE) {
            return fail(lexer, problem, off + 1 + i, 6);
        }
    }
    return (struct json_token){JSON_TOKEN_STRING, (uint32_t)off, (uint32_t)len, {out, out_len}};
}

static struct json_token token(struct json_lexer *lexer, enum json_token_type type, size_t off)
{
    struct str text = {lexer->text.at + off, lexer->at - off};
    return (struct json_token){type, (uint32_t)off, (uint32_t)text.len, text};
}

struct json_token json_next(struct json_lexer *lexer)
{
    const unsigned char *start = (const unsigned char *)lexer->text.at;
    const unsigned char *end = start + lexer->text.len;
    const unsigned char *at = start + lexer->at;
    const unsigned char *marker = at;
    size_t off = lexer->at;
    if (lexer->error.code != DIAG_NONE) {
        return (struct json_token){.type = JSON_TOKEN_ERROR, .off = lexer->error.off, .len = lexer->error.len};
    }
again:
    off = (size_t)(at - start);
    /*!re2c
    space { goto again; }
    $     { lexer->at = off; return (struct json_token){.type = JSON_TOKEN_END, .off = (uint32_t)off}; }
    "{"   { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_LEFT_BRACE, off); }
    "}"   { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_RIGHT_BRACE, off); }
    "["   { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_LEFT_BRACKET, off); }
    "]"   { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_RIGHT_BRACKET, off); }
    ":"   { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_COLON, off); }
    ","   { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_COMMA, off); }
    "true"  { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_TRUE, off); }
    "false" { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_FALSE, off); }
    "null"  { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_NULL, off); }
    number  { lexer->at = (size_t)(at - start); return token(lexer, JSON_TOKEN_NUMBER, off); }
    ["] plain* ["] {
        lexer->at = (size_t)(at - start);
        struct json_token string = token(lexer, JSON_TOKEN_STRING, off);
        string.text = str_slice(string.text, 1, string.text.len - 1);
        return string;
    }
    ["] (plain | escape)* ["] {
        lexer->at = (size_t)(at - start);
        return decoded(lexer, off, lexer->at - off);
    }
    ["] (plain | escape)* { return bad_string(lexer, off, (size_t)(at - start)); }
    [-+.0-9] [-+.0-9a-zA-Z]* { return fail(lexer, D_JSON_BAD_NUMBER, off, (size_t)(at - start) - off); }
    letter (letter | [0-9])* { return fail(lexer, D_JSON_BAD_WORD, off, (size_t)(at - start) - off); }
    ['`] | [\u2018-\u201F\uFF02\uFF07] { return fail(lexer, D_JSON_QUOTES, off, (size_t)(at - start) - off); }
    [\u0080-\uD7FF\uE000-\U0010FFFF] { return fail(lexer, D_JSON_CHARACTER, off, (size_t)(at - start) - off); }
    *     { return fail(lexer, *(at - 1) < 0x80 ? D_JSON_CHARACTER : D_BAD_UTF8, off, 1); }
    */
}

/* --- trees --- */

enum expectation { EXPECT_VALUE, EXPECT_VALUE_OR_END, EXPECT_KEY, EXPECT_KEY_OR_END, EXPECT_COLON, EXPECT_COMMA };

/* Where the parser is: the open brackets, as indexes of their nodes, and what may come next. */
struct parse {
    struct json_tree *tree;
    struct json_error *error;
    uint32_t open[JSON_DEPTH_MAX];
    size_t depth;
    enum expectation expected;
};

struct json_tree json_tree_in(struct arena *arena)
{
    return (struct json_tree){.arena = arena};
}

uint32_t json_add(struct json_tree *tree, struct json_node node)
{
    assert(tree->count < UINT32_MAX);
    arena_grow(tree->arena, tree->nodes, tree->count, tree->cap);
    node.next = (uint32_t)tree->count + 1;
    tree->nodes[tree->count] = node;
    return (uint32_t)tree->count++;
}

static bool refuse(struct parse *parse, const struct json_token *token);

/* What the lexer cannot read is said as it says it; but of a bare word that stands where none may be, what belongs there. */
static bool refuse_unread(struct parse *parse, const struct json_token *token, const struct json_error *error)
{
    bool may_be_value = parse->expected == EXPECT_VALUE || parse->expected == EXPECT_VALUE_OR_END;
    if (error->code == D_JSON_BAD_WORD && !may_be_value && parse->depth > 0) {
        return refuse(parse, token);
    }
    *parse->error = *error;
    return false;
}

/* What was expected instead of the token. */
static bool refuse(struct parse *parse, const struct json_token *token)
{
    static const enum diag_code codes[] = {
        [EXPECT_VALUE] = D_JSON_VALUE_EXPECTED,        [EXPECT_VALUE_OR_END] = D_JSON_VALUE_EXPECTED,
        [EXPECT_KEY] = D_JSON_KEY_EXPECTED,            [EXPECT_KEY_OR_END] = D_JSON_KEY_EXPECTED,
        [EXPECT_COLON] = D_JSON_COLON_EXPECTED,        [EXPECT_COMMA] = D_JSON_COMMA_EXPECTED,
    };
    enum diag_code code = token->type == JSON_TOKEN_END ? D_JSON_CUT_OFF : codes[parse->expected];
    bool is_behind_number = parse->tree->count > 0 && parse->tree->nodes[parse->tree->count - 1].type == JSON_NUMBER;
    if (parse->expected == EXPECT_KEY && token->type == JSON_TOKEN_NUMBER && is_behind_number) {
        code = D_JSON_DECIMAL_COMMA;
    }
    *parse->error = (struct json_error){code, token->off, token->len};
    return false;
}

static struct json_node *innermost(struct parse *parse)
{
    return &parse->tree->nodes[parse->open[parse->depth - 1]];
}

static bool open_bracket(struct parse *parse, const struct json_token *token, enum json_type type)
{
    if (parse->depth == JSON_DEPTH_MAX) {
        *parse->error = (struct json_error){D_JSON_TOO_DEEP, token->off, token->len};
        return false;
    }
    uint32_t node = json_add(parse->tree, (struct json_node){.type = type, .off = token->off, .len = token->len});
    parse->open[parse->depth++] = node;
    parse->expected = type == JSON_ARRAY ? EXPECT_VALUE_OR_END : EXPECT_KEY_OR_END;
    return true;
}

static bool close_bracket(struct parse *parse)
{
    innermost(parse)->next = (uint32_t)parse->tree->count;
    parse->depth--;
    parse->expected = EXPECT_COMMA;
    return true;
}

static bool take_scalar(struct parse *parse, const struct json_token *token, enum json_type type)
{
    json_add(parse->tree, (struct json_node){.type = type, .off = token->off, .len = token->len, .text = token->text});
    parse->expected = EXPECT_COMMA;
    return true;
}

static bool take_value(struct parse *parse, const struct json_token *token)
{
    bool is_element = parse->depth > 0 && innermost(parse)->type == JSON_ARRAY;
    if (token->type == JSON_TOKEN_RIGHT_BRACKET && parse->expected == EXPECT_VALUE_OR_END) {
        return close_bracket(parse);
    }
    if (is_element) {
        innermost(parse)->count++;
    }
    switch (token->type) {
    case JSON_TOKEN_LEFT_BRACE:
        return open_bracket(parse, token, JSON_OBJECT);
    case JSON_TOKEN_LEFT_BRACKET:
        return open_bracket(parse, token, JSON_ARRAY);
    case JSON_TOKEN_STRING:
        return take_scalar(parse, token, JSON_STRING);
    case JSON_TOKEN_NUMBER:
        return take_scalar(parse, token, JSON_NUMBER);
    case JSON_TOKEN_TRUE:
        return take_scalar(parse, token, JSON_TRUE);
    case JSON_TOKEN_FALSE:
        return take_scalar(parse, token, JSON_FALSE);
    case JSON_TOKEN_NULL:
        return take_scalar(parse, token, JSON_NULL);
    case JSON_TOKEN_END:
    case JSON_TOKEN_ERROR:
    case JSON_TOKEN_RIGHT_BRACE:
    case JSON_TOKEN_RIGHT_BRACKET:
    case JSON_TOKEN_COLON:
    case JSON_TOKEN_COMMA:
        break;
    }
    return refuse(parse, token);
}

static bool take_key(struct parse *parse, const struct json_token *token)
{
    if (token->type == JSON_TOKEN_RIGHT_BRACE && parse->expected == EXPECT_KEY_OR_END) {
        return close_bracket(parse);
    }
    if (token->type != JSON_TOKEN_STRING) {
        return refuse(parse, token);
    }
    innermost(parse)->count++;
    take_scalar(parse, token, JSON_STRING);
    parse->expected = EXPECT_COLON;
    return true;
}

static bool take_colon(struct parse *parse, const struct json_token *token)
{
    if (token->type != JSON_TOKEN_COLON) {
        return refuse(parse, token);
    }
    parse->expected = EXPECT_VALUE;
    return true;
}

static bool take_comma(struct parse *parse, const struct json_token *token)
{
    bool is_array = innermost(parse)->type == JSON_ARRAY;
    if (token->type == JSON_TOKEN_COMMA) {
        parse->expected = is_array ? EXPECT_VALUE : EXPECT_KEY;
        return true;
    }
    if (token->type == (is_array ? JSON_TOKEN_RIGHT_BRACKET : JSON_TOKEN_RIGHT_BRACE)) {
        return close_bracket(parse);
    }
    return refuse(parse, token);
}

static bool take_token(struct parse *parse, const struct json_token *token)
{
    switch (parse->expected) {
    case EXPECT_VALUE:
    case EXPECT_VALUE_OR_END:
        return take_value(parse, token);
    case EXPECT_KEY:
    case EXPECT_KEY_OR_END:
        return take_key(parse, token);
    case EXPECT_COLON:
        return take_colon(parse, token);
    case EXPECT_COMMA:
        return take_comma(parse, token);
    }
    return false;
}

bool json_read(struct json_tree *tree, struct arena *texts, struct str text, struct json_error *error)
{
    assert(text.at[text.len] == '\0');
    struct json_lexer lexer = {.text = text, .arena = texts};
    struct parse parse = {.tree = tree, .error = error, .expected = EXPECT_VALUE};
    tree->count = 0;
    *error = (struct json_error){DIAG_NONE, 0, 0};
    do {
        struct json_token token = json_next(&lexer);
        if (token.type == JSON_TOKEN_ERROR) {
            return refuse_unread(&parse, &token, &lexer.error);
        }
        if (!take_token(&parse, &token)) {
            return false;
        }
    } while (parse.depth > 0 || parse.expected != EXPECT_COMMA);
    struct json_token last = json_next(&lexer);
    if (last.type != JSON_TOKEN_END) {
        *error = (struct json_error){D_JSON_END_EXPECTED, last.off, last.len};
        return false;
    }
    return true;
}
