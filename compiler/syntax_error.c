#include "compiler/syntax_error.h"

#include "base/utf8.h"
#include "compiler/parse.h"
#include "grammar/keywords.h"
#include "parser.h"

enum { EXPECTED_SHOWN = 5 };

/* Tokens that together have a simpler name. A group is named when all of `sign` can stand at the place. */
struct group {
    const int *tokens; /* NULL: all that begin a declaration */
    size_t count;
    size_t least; /* fewer of them are named one by one */
    const char *text[2];
};

static const int EXPRESSION[] = {TOK_NUMBER, TOK_NAME, TOK_TEXT, TOK_DATE, TOK_LEFT_PAREN,
                                 TOK_MINUS,  TOK_IF,   TOK_NOT,  TOK_MATCH};
static const int ATTRIBUTES[] = {TOK_TEXT,      TOK_PRIMARY,  TOK_SECONDARY, TOK_OPTIONAL, TOK_SYMMETRIC,
                                 TOK_RANGE,     TOK_COLUMN,   TOK_CITE,      TOK_CLAUSE,   TOK_FROM,
                                 TOK_BECAUSE,   TOK_WHEN,     TOK_ZH,        TOK_EN,       TOK_FOR_EACH,
                                 TOK_SCALED_BY, TOK_VALIDITY, TOK_ALLOW,     TOK_KEY,      TOK_APART};
static const int OPERATORS[] = {TOK_PLUS,          TOK_MINUS, TOK_STAR,       TOK_SLASH,   TOK_CARET, TOK_EQUAL,
                                TOK_NOT_EQUAL,     TOK_LESS,  TOK_LESS_EQUAL, TOK_GREATER, TOK_DOT,   TOK_AND,
                                TOK_GREATER_EQUAL, TOK_OR,    TOK_IS_GIVEN,   TOK_DEFAULT};
static const int UNIT_PARTS[] = {TOK_MIDDLE_DOT, TOK_TAG, TOK_SUPERSCRIPT, TOK_SLASH};
static const int PATTERNS[] = {TOK_NAME, TOK_TEXT, TOK_NUMBER, TOK_UP_TO, TOK_BELOW, TOK_OTHERWISE};

static const struct group GROUPS[] = {
    {EXPRESSION, countof(EXPRESSION), 7, {"an expression", "算式"}                    },
    {PATTERNS,   countof(PATTERNS),   6, {"a value to match", "匹配的值"}           },
    {NULL,       0,                   4, {"a declaration", "一项声明"}              },
    {ATTRIBUTES, countof(ATTRIBUTES), 6, {"an attribute", "一项说明"}               },
    {OPERATORS,  countof(OPERATORS),  5, {"an operator", "运算符"}                   },
    {UNIT_PARTS, countof(UNIT_PARTS), 3, {"the rest of a unit", "单位的其余部分"}},
};

/* What is named first when there is more than can be shown: what closes or goes on with the sentence. */
static const int IMPORTANT[] = {TOK_RIGHT_PAREN, TOK_RIGHT_BRACE, TOK_COMMA, TOK_ASSIGN, TOK_COLON, TOK_MAPS_TO,
                                TOK_ARROW,       TOK_LEFT_BRACE,  TOK_IN,    TOK_THEN,   TOK_ELSE};

struct expected {
    int tokens[200];
    size_t count;
};

static bool has(const struct expected *expected, int token)
{
    for (size_t i = 0; i < expected->count; i++) {
        if (expected->tokens[i] == token) {
            return true;
        }
    }
    return false;
}

static bool drop(struct expected *expected, int token)
{
    for (size_t i = 0; i < expected->count; i++) {
        if (expected->tokens[i] == token) {
            expected->tokens[i] = expected->tokens[--expected->count];
            return true;
        }
    }
    return false;
}

static bool is_in(const struct group *group, int token)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->tokens[i] == token) {
            return true;
        }
    }
    return group->tokens == NULL && parse_is_item(token);
}

static size_t count_of(const struct expected *expected, const struct group *group)
{
    size_t found = 0;
    for (size_t i = 0; i < expected->count; i++) {
        found += is_in(group, expected->tokens[i]);
    }
    return found;
}

static void drop_all(struct expected *expected, const struct group *group)
{
    for (size_t i = expected->count; i-- > 0;) {
        if (is_in(group, expected->tokens[i])) {
            expected->tokens[i] = expected->tokens[--expected->count];
        }
    }
}

static struct str describe(struct parser *p, int token, enum lang lang)
{
    const char *text = token_description(token, lang);
    if (text != NULL) {
        return str_of(text);
    }
    struct str keyword = keyword_text(token, p->lang); /* as the author would write it */
    return str_format(p->perm, lang == LANG_ZH ? "“%.*s”" : "`%.*s`", STR_FMT(keyword));
}

/* "a, b or c" and its Chinese form. */
struct enumeration {
    struct str items[2][EXPECTED_SHOWN];
    size_t count;
};

static void enumerate(struct enumeration *list, struct str en, struct str zh)
{
    if (list->count < EXPECTED_SHOWN) {
        list->items[LANG_EN][list->count] = en;
        list->items[LANG_ZH][list->count++] = zh;
    }
}

static struct str enumeration_text(struct parser *p, const struct enumeration *list, enum lang lang)
{
    struct str between = lang == LANG_ZH ? STR("、") : STR(", ");
    if (list->count < 2) {
        return list->count == 0 ? describe(p, TOK_YYEOF, lang) : list->items[lang][0];
    }
    struct str parts[2] = {str_join(p->perm, list->items[lang], list->count - 1, between),
                           list->items[lang][list->count - 1]};
    return str_join(p->perm, parts, 2, lang == LANG_ZH ? STR("或") : STR(" or "));
}

static void enumerate_token(struct parser *p, struct enumeration *list, struct expected *expected, int token)
{
    if (drop(expected, token)) {
        enumerate(list, describe(p, token, LANG_EN), describe(p, token, LANG_ZH));
    }
}

static struct enumeration enumerate_expected(struct parser *p, struct expected expected)
{
    struct enumeration list = {.count = 0};
    size_t counts[countof(GROUPS)];
    for (size_t i = 0; i < countof(GROUPS); i++) {
        counts[i] = count_of(&expected, &GROUPS[i]);
    }
    for (size_t i = 0; i < countof(IMPORTANT); i++) {
        enumerate_token(p, &list, &expected, IMPORTANT[i]);
    }
    for (size_t i = 0; i < countof(GROUPS); i++) {
        if (counts[i] < GROUPS[i].least) {
            continue;
        }
        enumerate(&list, str_of(GROUPS[i].text[LANG_EN]), str_of(GROUPS[i].text[LANG_ZH]));
        drop_all(&expected, &GROUPS[i]);
    }
    bool has_parenthesis = drop(&expected, TOK_LEFT_PAREN); /* of a call; the least helpful */
    while (expected.count > 0) { /* by token number, so that the order does not depend on the tables of Bison */
        int least = expected.tokens[0];
        for (size_t i = 1; i < expected.count; i++) {
            least = expected.tokens[i] < least ? expected.tokens[i] : least;
        }
        enumerate_token(p, &list, &expected, least);
    }
    if (has_parenthesis) {
        enumerate(&list, describe(p, TOK_LEFT_PAREN, LANG_EN), describe(p, TOK_LEFT_PAREN, LANG_ZH));
    }
    return list;
}

/* --- special cases ----------------------------------------------------------------------------------------------- */

static bool insert_space(struct parser *p, struct span at, size_t off)
{
    struct str word = span_text(p->sources, at);
    struct str args[2] = {str_slice(word, 0, off), str_slice(word, off, word.len)};
    struct diag *diag = diag_add(p->out, D_KEYWORD_GLUED, at, args, 2);
    struct span gap = {at.file, at.off + (uint32_t)off, 0};
    diag_fix(p->out, diag, gap, STR(" "), T_INSERT_SPACE, NULL, 0)->is_applicable = true;
    return true;
}

/* 阶段原材料: a keyword that could stand here, and a name, without the space between them. */
static bool report_glued(struct parser *p, int token, struct span at, const struct expected *expected)
{
    struct str word = span_text(p->sources, at);
    size_t len = token == TOK_NAME ? keyword_glued(word, expected->tokens, expected->count) : 0;
    if (len == 0) {
        return false;
    }
    return insert_space(p, at, len);
}

/* p于用电 */
static bool report_glued_in(struct parser *p, struct str word)
{
    static const struct str WORDS[] = {
        {"属于", 6},
        {"于",    3}
    };
    for (size_t i = 0; i < countof(WORDS); i++) {
        for (size_t at = 1; at + WORDS[i].len < word.len; at++) {
            if (!str_starts(str_slice(word, at, word.len), WORDS[i])) {
                continue;
            }
            struct str rest = str_slice(word, at + WORDS[i].len, word.len);
            struct str fixed =
                str_format(p->perm, "%.*s %.*s %.*s", (int)at, word.at, STR_FMT(WORDS[i]), STR_FMT(rest));
            struct diag *diag =
                diag_add(p->out, D_KEYWORD_GLUED, p->previous_at, DIAG_ARGS(str_slice(word, 0, at), WORDS[i]));
            diag_fix(p->out, diag, p->previous_at, fixed, T_FIX_REPLACE, &fixed, 1)->is_applicable = true;
            return true;
        }
    }
    return false;
}

/* 若 x则 y, 范围0 ～ 5, p于用电: the keyword is part of the name before, which could stand there. */
static bool report_glued_before(struct parser *p, const struct expected *expected)
{
    struct str word = p->previous == TOK_NAME ? span_text(p->sources, p->previous_at) : STR("");
    size_t head = keyword_glued(word, NULL, 0);
    if (head > 0 && word.at[head] >= '0' && word.at[head] <= '9') {
        return insert_space(p, p->previous_at, head);
    }
    for (size_t i = 0; i < expected->count; i++) {
        struct str keyword = keyword_text(expected->tokens[i], LANG_ZH);
        if (keyword_goes_on(expected->tokens[i]) && word.len > keyword.len && str_ends(word, keyword)) {
            return insert_space(p, p->previous_at, word.len - keyword.len);
        }
    }
    return has(expected, TOK_IN) && report_glued_in(p, word);
}

static bool report_minus(struct parser *p, int token, struct span at)
{
    bool is_operand = token == TOK_NAME || token == TOK_LEFT_PAREN || token == TOK_MATCH || token == TOK_IF;
    if (p->previous != TOK_MINUS || !is_operand) {
        return false;
    }
    struct diag *diag = diag_add(p->out, D_NO_UNARY_MINUS, span_join(p->previous_at, at), NULL, 0);
    diag_note(p->out, diag, T_SUBTRACT_FROM_ZERO, NULL, 0);
    return true;
}

/* Something that belongs further out: show which bracket is still open. */
static void label_open(struct parser *p, struct diag *diag, int token, const struct expected *expected)
{
    bool is_outer = token == TOK_RIGHT_BRACE || p->is_at_end || parse_is_item(token);
    if (is_outer && p->open.len > 0 && has(expected, p->closer)) {
        diag_label(p->out, diag, p->open, T_OPENED_HERE, NULL, 0);
    }
}

/* The one longer word that begins or ends with this one, which is not in Latin letters: of "边界" "系统边界". */
static struct str completed(struct str word, const struct str *candidates, size_t count)
{
    struct str found = STR("");
    size_t hits = 0;
    bool is_long = word.len > 0 && (unsigned char)word.at[0] > 0x7F && utf8_length(word) > 1;
    for (size_t i = 0; is_long && i < count; i++) {
        bool is_part = str_starts(candidates[i], word) || str_ends(candidates[i], word);
        if (is_part && !str_eq(candidates[i], found)) {
            found = candidates[i];
            hits++;
        }
    }
    return hits == 1 ? found : STR("");
}

/* A word that is nearly one that could stand here: "emt", "设置". */
static bool suggest_keyword(struct parser *p, struct diag *diag, struct span at, const struct expected *expected)
{
    struct str candidates[2 * countof(expected->tokens)];
    size_t count = 0;
    for (size_t i = 0; i < expected->count; i++) {
        for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
            struct str word = keyword_text(expected->tokens[i], (enum lang)lang);
            if (word.len > 0) {
                candidates[count++] = word;
            }
        }
    }
    struct str nearest = str_nearest(span_text(p->sources, at), candidates, count);
    if (str_eq(nearest, span_text(p->sources, at))) {
        return false; /* a keyword that is a name at other places */
    }
    nearest = nearest.len > 0 ? nearest : completed(span_text(p->sources, at), candidates, count);
    if (nearest.len > 0) {
        diag_fix(p->out, diag, at, nearest, T_DID_YOU_MEAN, &nearest, 1)->is_applicable = true;
    }
    return nearest.len > 0;
}

/* A word, or another sign, where the language has a sign. */
static bool suggest_sign(struct parser *p, struct diag *diag, int token, struct span at,
                         const struct expected *expected)
{
    static const struct {
        int token;
        struct str word; /* of a name */
        int meant;
        struct str sign;
    } SIGNS[] = {
#define SIGN(token, word, meant, sign)                                                                                 \
    {                                                                                                                  \
        TOK_##token, {word, sizeof(word) - 1}, TOK_##meant,                                                            \
        {                                                                                                              \
            sign, sizeof(sign) - 1                                                                                     \
        }                                                                                                              \
    }
        SIGN(TO, "", DOT_DOT, ".."),       SIGN(MINUS, "", DOT_DOT, ".."),
        SIGN(UP_TO, "", LESS_EQUAL, "<="), SIGN(BELOW, "", LESS, "<"),
        SIGN(NAME, "大于", GREATER, ">"),  SIGN(NAME, "不小于", GREATER_EQUAL, ">="),
        SIGN(NAME, "等于", EQUAL, "=="),   SIGN(NAME, "不等于", NOT_EQUAL, "!="),
        SIGN(NAME, "加", PLUS, "+"),       SIGN(NAME, "减", MINUS, "-"),
        SIGN(NAME, "乘", STAR, "*"),       SIGN(NAME, "乘以", STAR, "*"),
        SIGN(NAME, "除以", SLASH, "/"),    SIGN(NAME, "X", STAR, "*"),
        SIGN(NAME, "x", STAR, "*"),        SIGN(MIDDLE_DOT, "", STAR, "*"),
        SIGN(STAR, "", MIDDLE_DOT, "·"),
#undef SIGN
    };
    for (size_t i = 0; i < countof(SIGNS); i++) {
        bool is_word = SIGNS[i].word.len == 0 || str_eq(SIGNS[i].word, span_text(p->sources, at));
        if (SIGNS[i].token == token && is_word && has(expected, SIGNS[i].meant)) {
            bool is_plain = token != TOK_NAME || SIGNS[i].word.len > 1;
            struct str sign = SIGNS[i].sign;
            diag_fix(p->out, diag, at, sign, T_FIX_REPLACE, &sign, 1)->is_applicable = is_plain;
            return true;
        }
    }
    return false;
}

static void add_hints(struct parser *p, struct diag *diag, int token, struct span at, const struct expected *expected)
{
    if (diag->notes != NULL || diag->fixes != NULL) {
        return;
    }
    if (suggest_sign(p, diag, token, at, expected)) {
        return;
    }
    if (token == TOK_NAME && suggest_keyword(p, diag, at, expected)) {
        return;
    }
    bool is_keyword = keyword_text(token, LANG_EN).len > 0;
    if (is_keyword && has(expected, TOK_NAME) && !has(expected, TOK_NUMBER) && p->previous != TOK_COMMA) {
        struct str word = span_text(p->sources, at);
        diag_note(p->out, diag, T_WORD_OF_LANGUAGE, &word, 1);
    }
    if (token == TOK_ASSIGN && has(expected, TOK_EQUAL)) {
        if (has(expected, TOK_RIGHT_BRACE)) { /* in `emit x when a = b = c` it is the first one */
            diag_note(p->out, diag, T_EQUALS_COMPARES, NULL, 0);
        } else {
            diag_fix(p->out, diag, at, STR("=="), T_EQUALS_COMPARES, NULL, 0);
        }
    }
    bool is_arithmetic = token == TOK_PLUS || token == TOK_MINUS || token == TOK_STAR || token == TOK_SLASH;
    if (token == TOK_DEFAULT || (is_arithmetic && has(expected, TOK_DEFAULT))) {
        diag_note(p->out, diag, T_DEFAULT_PARENTHESES, NULL, 0);
    }
    if (token == TOK_DOT && p->previous == TOK_DOT_DOT) {
        diag_fix(p->out, diag, at, STR(""), T_FIX_REMOVE, NULL, 0)->is_applicable = true;
    }
    if (has(expected, TOK_DOT_DOT) && !has(expected, TOK_MAPS_TO)) {
        diag_note(p->out, diag, T_RANGE_DOTS, NULL, 0);
    }
    if (token == TOK_MAPS_TO && p->is_in_rows) {
        diag_note(p->out, diag, T_ROW_SEPARATOR, NULL, 0);
    }
}

static struct expected collect(const int *tokens, size_t count)
{
    struct expected expected = {.count = 0};
    for (size_t i = 0; i < count && expected.count < countof(expected.tokens); i++) {
        if (tokens[i] != TOK_RESUME && tokens[i] != TOK_SEMICOLON) {
            expected.tokens[expected.count++] = tokens[i];
        }
    }
    return expected;
}

static struct str found_text(struct parser *p, struct span at, enum lang lang)
{
    struct str text = span_text(p->sources, at);
    return str_format(p->perm, lang == LANG_ZH ? "“%.*s”" : "`%.*s`", STR_FMT(text));
}

static bool is_first_on_line(const struct parser *p, struct span at)
{
    struct str text = sources_get(p->sources, at.file)->text;
    uint32_t off = at.off;
    while (off > 0 && (text.at[off - 1] == ' ' || text.at[off - 1] == '\t')) {
        off--;
    }
    return off == 0 || text.at[off - 1] == '\n';
}

/* Where something further out begins on a new line, or a parenthesis is open, what is missing is missing behind the
   last token. */
static bool is_missing_before(const struct parser *p, int token, struct span at)
{
    bool is_outer = token == TOK_RIGHT_BRACE || parse_is_item(token) || p->closer == TOK_RIGHT_PAREN;
    return is_outer && !p->is_at_end && p->previous_at.file == at.file && is_first_on_line(p, at);
}

struct span syntax_place(const struct parser *p, int token, struct span at)
{
    if (!is_missing_before(p, token, at)) {
        return at;
    }
    return (struct span){at.file, p->previous_at.off + p->previous_at.len, 0};
}

/* Should a declaration have said its name here? */
static bool is_name_missing(const struct parser *p, struct span at, const struct expected *expected)
{
    bool may_go_on = has(expected, TOK_COMMA) || has(expected, TOK_RIGHT_BRACE); /* then a name begins the next entry */
    bool is_entry = p->previous == TOK_LEFT_BRACE || p->previous == TOK_LEFT_PAREN || p->previous == TOK_COMMA ||
                    p->previous == TOK_SEMICOLON || is_first_on_line(p, at);
    return has(expected, TOK_NAME) && !has(expected, TOK_NUMBER) && (is_entry || !may_go_on);
}

void syntax_report(struct parser *p, int token, struct span at, const int *expected_tokens, size_t count)
{
    struct expected expected = collect(expected_tokens, count);
    p->has_failed = true;
    p->module->has_lost_name |= !p->is_quiet && is_name_missing(p, at, &expected);
    if (p->is_quiet || p->is_excused) {
        p->is_excused = p->is_excused && p->is_quiet;
        return;
    }
    if (report_glued(p, token, at, &expected) || report_glued_before(p, &expected) || report_minus(p, token, at)) {
        return;
    }
    struct enumeration list = enumerate_expected(p, expected);
    struct str args[4] = {found_text(p, at, LANG_EN), found_text(p, at, LANG_ZH), enumeration_text(p, &list, LANG_EN),
                          enumeration_text(p, &list, LANG_ZH)};
    struct span place = syntax_place(p, token, at);
    struct diag *diag = p->is_at_end ? diag_add(p->out, D_UNEXPECTED_END, at, args + 2, 2)
                                     : diag_add(p->out, D_UNEXPECTED, place, args, 4);
    if (place.off != at.off) {
        struct str found = span_text(p->sources, at);
        diag_label(p->out, diag, at, T_FOUND_HERE, &found, 1);
    }
    label_open(p, diag, token, &expected);
    add_hints(p, diag, token, at, &expected);
    if (diag->fixes == NULL) {
        syntax_guess(p, diag, at, expected.tokens, expected.count);
    }
}

void syntax_report_depth(struct parser *p, struct span at)
{
    if (!p->is_too_deep) {
        diag_add(p->out, D_TOO_DEEP, at, NULL, 0);
    }
    p->is_too_deep = true;
}
