#include "grammar/lexer_words.h"

#include <string.h>

#include "base/utf8.h"
#include "grammar/keywords.h"
#include "parser.h"

enum { UNIT_NESTING_MAX = 16 };

struct span lexer_span(const struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    return (struct span){lexer->file, (uint32_t)(from - lexer->start), (uint32_t)(to - from)};
}

struct str lexer_slice(const unsigned char *from, const unsigned char *to)
{
    return (struct str){(const char *)from, (size_t)(to - from)};
}

/* The character at `at` and where the next one begins. */
uint32_t lexer_character(const struct lexer *lexer, const unsigned char *at, const unsigned char **next)
{
    size_t off = 0;
    uint32_t c = utf8_next(lexer_slice(at, lexer->limit), &off);
    *next = at + off;
    return c;
}

struct str lexer_code_point(struct lexer *lexer, uint32_t c)
{
    return str_format(lexer->perm, "%04X", (unsigned)c);
}

void lexer_report_fixed(struct lexer *lexer, enum diag_code code, struct span at, struct str arg, struct str fixed)
{
    struct diag *diag = diag_add(lexer->out, code, at, &arg, 1);
    enum diag_code title = fixed.len == 0 ? T_FIX_REMOVE : T_FIX_REPLACE;
    if (diag->fixes == NULL) {
        diag_fix(lexer->out, diag, at, fixed, title, &fixed, 1)->is_applicable = true;
    }
}

struct token lexer_token(struct lexer *lexer, int kind)
{
    struct token token = {.kind = kind};
    token.at = lexer_span(lexer, lexer->token, lexer->cursor);
    token.text = lexer_slice(lexer->token, lexer->cursor);
    token.doc = buf_str(&lexer->doc);
    token.is_first_on_line = lexer->is_line_start;
    lexer->is_line_start = false;
    lexer->is_blank = false;
    lexer->doc = buf_in(lexer->perm);
    bool is_bound = kind == TOK_NUMBER || kind == TOK_NAME || kind == TOK_MINUS;
    lexer->is_in_range = kind == TOK_RANGE || (lexer->is_in_range && is_bound);
    lexer->is_year_before = false;
    lexer->before = kind;
    return token;
}

/* --- names --------------------------------------------------------------------------------------------------- */

/* What stands for a letter of a name that looks like another; 0 where the character is none of a name. */
static uint32_t letter_meant(uint32_t c, enum hazard_kind *kind)
{
    struct hazard hazard = unicode_hazard(c);
    char squared[16];
    if (c >= 0x80 && unicode_squared(c, squared) > 0) {
        *kind = HAZARD_COMPATIBILITY;
        return (unsigned char)squared[0];
    }
    switch (hazard.kind) {
    case HAZARD_FULL_WIDTH:
    case HAZARD_RADICAL:
    case HAZARD_COMPATIBILITY:
        *kind = hazard.kind;
        return unicode_is_identifier_continue(hazard.replacement) ? hazard.replacement : 0;
    case HAZARD_BIDI:
    case HAZARD_INVISIBLE:
        *kind = hazard.kind;
        return UTF8_INVALID; /* part of the name, to be removed */
    case HAZARD_NONE:
    case HAZARD_DASH:
    case HAZARD_SPACE:
        break;
    }
    *kind = HAZARD_NONE;
    return unicode_is_identifier_continue(c) ? c : 0;
}

enum diag_code lexer_hazard_code(enum hazard_kind kind)
{
    switch (kind) {
    case HAZARD_FULL_WIDTH:
        return D_FULL_WIDTH;
    case HAZARD_RADICAL:
        return D_RADICAL;
    case HAZARD_COMPATIBILITY:
        return D_LOOK_ALIKE;
    case HAZARD_DASH:
        return D_DASH;
    case HAZARD_SPACE:
        return D_ODD_SPACE;
    case HAZARD_BIDI:
        return D_BIDI;
    case HAZARD_NONE:
    case HAZARD_INVISIBLE:
        break;
    }
    return D_INVISIBLE;
}

static bool is_ascii_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* The end of the name that begins at `at`; `at` itself where none does. */
static const unsigned char *word_end(const struct lexer *lexer, const unsigned char *at)
{
    const unsigned char *end = at;
    while (end < lexer->limit) {
        if (is_ascii_letter(*end) || (is_digit(*end) && end > at)) {
            end++;
            continue;
        }
        if (*end < 0x80) {
            break;
        }
        const unsigned char *next;
        enum hazard_kind kind;
        uint32_t meant = letter_meant(lexer_character(lexer, end, &next), &kind);
        bool is_start = meant == UTF8_INVALID ? end > at : unicode_is_identifier_start(meant);
        if (meant == 0 || (end == at && !is_start)) {
            break;
        }
        end = next;
    }
    return end;
}

static bool is_ascii(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if ((unsigned char)word.at[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* The name as it was meant; reports what looks like something else, once a name. */
static struct str word_text(struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    struct str raw = lexer_slice(from, to);
    struct buf fixed = buf_in(lexer->perm);
    enum hazard_kind found = HAZARD_NONE;
    uint32_t culprit = 0;
    if (is_ascii(raw)) {
        return raw;
    }
    for (const unsigned char *at = from; at < to;) {
        const unsigned char *next;
        enum hazard_kind kind;
        uint32_t c = lexer_character(lexer, at, &next);
        uint32_t meant = letter_meant(c, &kind);
        char bytes[16];
        size_t squared = unicode_squared(c, bytes);
        if (meant != UTF8_INVALID) {
            buf_add(&fixed, (struct str){bytes, squared > 0 ? squared : utf8_encode(meant, bytes)});
        }
        if (found == HAZARD_NONE && kind != HAZARD_NONE) {
            found = kind;
            culprit = c;
        }
        at = next;
    }
    struct str text = buf_str(&fixed);
    if (found != HAZARD_NONE) {
        bool is_hidden = found == HAZARD_BIDI || found == HAZARD_INVISIBLE;
        lexer_report_fixed(lexer, lexer_hazard_code(found), lexer_span(lexer, from, to),
                           is_hidden ? lexer_code_point(lexer, culprit) : raw, text);
        return text;
    }
    if (!unicode_is_nfc(raw)) {
        struct str normal = unicode_nfc(lexer->perm, raw);
        lexer_report_fixed(lexer, D_NOT_NFC, lexer_span(lexer, from, to), raw, normal);
        return normal;
    }
    return raw;
}

static const unsigned char *skip_blanks(const struct lexer *lexer, const unsigned char *at)
{
    while (at < lexer->limit) {
        if (*at == ' ' || *at == '\t') {
            at++;
        } else if (lexer->limit - at >= 3 && at[0] == 0xE3 && at[1] == 0x80 && at[2] == 0x80) {
            at += 3; /* U+3000 */
        } else {
            break;
        }
    }
    return at;
}

static int keyword_of(uint32_t bits, enum lang *lang)
{
    if (lang != NULL && (bits & KEYWORD_TOKEN) != 0) {
        *lang = (bits & KEYWORD_ZH) != 0 ? LANG_ZH : LANG_EN;
    }
    return (int)(bits & KEYWORD_TOKEN);
}

/* The keyword that a word is, alone or with the word behind it ("list of"); `*end` moves behind the second word. */
static int keyword_at(const struct lexer *lexer, struct str word, const unsigned char **end, enum lang *lang)
{
    uint32_t bits;
    if (!map_get(&lexer->keywords, word, &bits)) {
        return 0;
    }
    if ((bits & KEYWORD_PAIR) != 0) {
        const unsigned char *second = skip_blanks(lexer, *end);
        const unsigned char *second_end = word_end(lexer, second);
        struct str parts[2] = {word, lexer_slice(second, second_end)};
        char pair[32];
        uint32_t pair_bits;
        if (second > *end && word.len + parts[1].len + 1 < sizeof pair) {
            struct buf joined = {NULL, pair, 0, sizeof pair};
            buf_add(&joined, word);
            buf_char(&joined, ' ');
            buf_add(&joined, parts[1]);
            if (map_get(&lexer->keywords, buf_str(&joined), &pair_bits)) {
                *end = second_end;
                return keyword_of(pair_bits, lang);
            }
        }
    }
    return keyword_of(bits, lang);
}

struct token lexer_name(struct lexer *lexer)
{
    lexer->word_end = lexer->cursor;
    return lexer_token(lexer, TOK_NAME);
}

/* A character that begins no name, was matched as if it did. */
static bool odd_start(struct lexer *lexer, struct token *token)
{
    int kind = lexer_other(lexer);
    if (kind != 0) {
        *token = lexer_token(lexer, kind);
    }
    return kind != 0;
}

/* `1一硫分`: no unit and no name begins so. */
static bool begins_with_dash(const struct lexer *lexer, const unsigned char *at)
{
    const unsigned char *next;
    return at > lexer->start && is_digit(at[-1]) && unicode_is_dash_letter(lexer_character(lexer, at, &next));
}

static bool is_dash(const struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    const unsigned char *next;
    return unicode_is_dash_letter(lexer_character(lexer, from, &next)) && next == to;
}

/* `5 t否则`: the word from token to cursor is a keyword, and what stands before it a unit. */
static void report_glued_unit(struct lexer *lexer)
{
    const unsigned char *unit = lexer->token;
    while (unit > lexer->start && strchr(" \t\n/", unit[-1]) == NULL) {
        unit--;
    }
    struct str args[2] = {lexer_slice(unit, lexer->token), lexer_slice(lexer->token, lexer->cursor)};
    struct diag *diag = diag_add(lexer->out, D_KEYWORD_GLUED, lexer_span(lexer, unit, lexer->cursor), args, 2);
    struct span gap = lexer_span(lexer, lexer->token, lexer->token);
    diag_fix(lexer->out, diag, gap, STR(" "), T_INSERT_SPACE, NULL, 0)->is_applicable = true;
}

bool lexer_word(struct lexer *lexer, struct token *token)
{
    const unsigned char *end = word_end(lexer, lexer->token);
    if (end == lexer->token) {
        return odd_start(lexer, token);
    }
    if (is_dash(lexer, lexer->token, end) || begins_with_dash(lexer, lexer->token)) {
        lexer_character(lexer, lexer->token, &lexer->cursor);
        *token = lexer_token(lexer, lexer_dash(lexer));
        return true;
    }
    struct str text = word_text(lexer, lexer->token, end);
    enum lang lang = LANG_EN;
    int keyword = keyword_at(lexer, text, &end, &lang);
    lexer->cursor = end;
    if (lexer->token == lexer->glued_at) {
        report_glued_unit(lexer);
    }
    *token = keyword == 0 ? lexer_name(lexer) : lexer_token(lexer, keyword);
    token->lang = lang;
    token->is_keyword = keyword != 0;
    if (keyword == 0) {
        token->text = text;
    }
    return true;
}

struct token lexer_brace(struct lexer *lexer)
{
    const unsigned char *inside = lexer->cursor;
    const unsigned char *end = word_end(lexer, inside);
    bool is_glued = lexer->word_end == lexer->token && end > inside;
    size_t closing = 0;
    if (is_glued && end < lexer->limit && *end == '}') {
        closing = 1;
    } else if (is_glued && str_starts(lexer_slice(end, lexer->limit), STR("｝"))) {
        closing = sizeof "｝" - 1;
    }
    if (closing == 0) {
        return lexer_token(lexer, TOK_LEFT_BRACE);
    }
    struct str text = word_text(lexer, inside, end);
    lexer->cursor = end + closing;
    struct token token = lexer_token(lexer, TOK_TAG);
    token.text = text;
    return token;
}

/* --- numbers and their units ------------------------------------------------------------------------------------ */

static const char *const UNIT_SIGNS[] = {"%", "％", "‰", "℃", "℉", "°C", "°F"};
static const char *const EXPONENTS[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻"};
static const char *const SLASHES[] = {"/", "／"};
static const char *const DOTS[] = {"·", "⋅"};
static const char *const OPENING[] = {"(", "（"};
static const char *const CLOSING[] = {")", "）"};
static const char *const OPENING_BRACES[] = {"{", "｛"};
static const char *const CLOSING_BRACES[] = {"}", "｝"};

const unsigned char *lexer_after(const struct lexer *lexer, const unsigned char *at, const char *const *signs,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = str_of(signs[i]);
        if (str_starts(lexer_slice(at, lexer->limit), text)) {
            return at + text.len;
        }
    }
    return NULL;
}

static const unsigned char *unit_end(const struct lexer *lexer, const unsigned char *at, int depth);

/* Where the keyword begins that a word ends with, `否则` of `t否则`, if it is one that goes on with a number; NULL:
 * none. */
static const unsigned char *glued_keyword(const struct lexer *lexer, const unsigned char *at, const unsigned char *end)
{
    uint32_t bits;
    for (const unsigned char *cut = at + 1; cut < end; cut++) {
        bool is_boundary = *cut >= 0xC0; /* all of them begin with a Chinese character */
        if (is_boundary && map_get(&lexer->keywords, lexer_slice(cut, end), &bits) &&
            keyword_goes_on((int)(bits & KEYWORD_TOKEN))) {
            return cut;
        }
    }
    return NULL;
}

/* m, m3, m², kg{CO2}; NULL where none begins. A keyword is no unit. */
static const unsigned char *unit_word_end(const struct lexer *lexer, const unsigned char *at)
{
    const unsigned char *end = word_end(lexer, at);
    const unsigned char *keyword_end = end;
    if (end == at || is_dash(lexer, at, end) || begins_with_dash(lexer, at) ||
        keyword_at(lexer, lexer_slice(at, end), &keyword_end, NULL) != 0) {
        return NULL;
    }
    const unsigned char *glued = glued_keyword(lexer, at, end);
    if (glued != NULL) {
        return glued;
    }
    for (const unsigned char *next = end; next != NULL; next = LEXER_AFTER(lexer, end, EXPONENTS)) {
        end = next;
    }
    const unsigned char *inside = LEXER_AFTER(lexer, end, OPENING_BRACES);
    if (inside != NULL) {
        const unsigned char *tag_end = word_end(lexer, inside);
        const unsigned char *closed = LEXER_AFTER(lexer, tag_end, CLOSING_BRACES);
        if (tag_end > inside && closed != NULL) {
            end = closed;
        }
    }
    return end;
}

static const unsigned char *unit_term_end(const struct lexer *lexer, const unsigned char *at, int depth)
{
    const unsigned char *end = LEXER_AFTER(lexer, at, UNIT_SIGNS);
    if (end != NULL) {
        return end;
    }
    const unsigned char *inside =
        depth > 0 ? LEXER_AFTER(lexer, at, OPENING) : NULL; /* no bracket at the start of a unit */
    if (inside != NULL) {
        const unsigned char *last = depth < UNIT_NESTING_MAX ? unit_end(lexer, inside, depth + 1) : NULL;
        return last == NULL ? NULL : LEXER_AFTER(lexer, last, CLOSING);
    }
    return unit_word_end(lexer, at);
}

/* Behind the dot between two units, or what is written for it. */
static const unsigned char *after_dot(const struct lexer *lexer, const unsigned char *at)
{
    const unsigned char *next = LEXER_AFTER(lexer, at, DOTS);
    if (next == NULL && at < lexer->limit && *at >= 0x80 && !lexer_is_odd_dot(lexer_character(lexer, at, &next))) {
        next = NULL;
    }
    return next;
}

static const unsigned char *unit_end(const struct lexer *lexer, const unsigned char *at, int depth)
{
    const unsigned char *end = unit_term_end(lexer, at, depth);
    while (end != NULL) {
        const unsigned char *joined = LEXER_AFTER(lexer, end, SLASHES);
        if (joined == NULL) {
            joined = after_dot(lexer, end);
        }
        const unsigned char *next = joined == NULL ? NULL : unit_term_end(lexer, joined, depth > 0 ? depth : 1);
        if (next == NULL) {
            break;
        }
        end = next;
    }
    return end;
}

/* "1/a" after a number and a space; NULL where there is none. */
static const unsigned char *reciprocal_end(const struct lexer *lexer, const unsigned char *at)
{
    if (at >= lexer->limit || *at != '1') {
        return NULL;
    }
    const unsigned char *slash = LEXER_AFTER(lexer, at + 1, SLASHES);
    return slash == NULL || unit_term_end(lexer, slash, 1) == NULL ? NULL : unit_end(lexer, slash, 1);
}

/* One blank, and no more, parts a number from its unit. */
static const unsigned char *after_one_blank(const struct lexer *lexer, const unsigned char *at)
{
    const unsigned char *behind = skip_blanks(lexer, at);
    bool is_one = behind == at + 1 || (behind == at + 3 && *at == 0xE3);
    return is_one ? behind : NULL;
}

/* `range 0 .. 8 amount: kg`: the next field, whose comma is missing. */
static bool is_next_field(const struct lexer *lexer, const unsigned char *at)
{
    static const char *const COLONS[] = {":", "："};
    const unsigned char *end = word_end(lexer, at);
    return lexer->is_in_fields && end > at && LEXER_AFTER(lexer, skip_blanks(lexer, end), COLONS) != NULL;
}

static void report_missing_comma(struct lexer *lexer, const unsigned char *number_end, const unsigned char *at)
{
    struct str word = lexer_slice(at, word_end(lexer, at));
    struct span span = lexer_span(lexer, at, word_end(lexer, at));
    struct diag *diag = diag_add(lexer->out, D_MISSING_COMMA, span, &word, 1);
    struct span gap = lexer_span(lexer, number_end, number_end);
    diag_note(lexer->out, diag, T_UNIT_LINE, NULL, 0);
    diag_fix(lexer->out, diag, gap, STR(","), T_INSERT_COMMA, NULL, 0)->is_applicable = true;
}

/* Reports what looks like something else in the words of a unit, and gives the text to look up. */
static struct str unit_text_at(struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    struct buf text = buf_in(lexer->perm);
    for (const unsigned char *at = from; at < to;) {
        const unsigned char *end = word_end(lexer, at);
        end = end > to ? to : end; /* a keyword that is glued to it is none of the unit */
        if (end > at) {
            buf_add(&text, word_text(lexer, at, end));
        } else {
            bool is_odd = lexer_is_odd_dot(lexer_character(lexer, at, &end));
            buf_add(&text, is_odd ? STR("·") : lexer_slice(at, end));
            if (is_odd) {
                lexer_report_sign(lexer, at, end);
            }
        }
        at = end;
    }
    return unit_text_clean(lexer->perm, buf_str(&text));
}

/* Behind a plain interval, `multiples of 10 half_up`: a mode, and whether figures are marked. */
static bool is_round_word(const struct lexer *lexer, const unsigned char *at)
{
    struct str word = lexer_slice(at, word_end(lexer, at));
    enum rounding mode;
    return lexer->before == TOK_MULTIPLES_OF && (rounding_lookup(word, &mode) || word_is_known(WORDS_MARK, word));
}

static struct token number_with_unit(struct lexer *lexer, struct str digits)
{
    const unsigned char *number_end = lexer->cursor;
    const unsigned char *from = number_end;
    const unsigned char *to = unit_end(lexer, from, 0);
    const unsigned char *apart = after_one_blank(lexer, number_end);
    if (to == NULL && apart != NULL) {
        if (is_next_field(lexer, apart)) {
            report_missing_comma(lexer, number_end, apart);
        } else if (!is_round_word(lexer, apart)) {
            from = apart;
            to = unit_end(lexer, apart, 0);
            to = to == NULL ? reciprocal_end(lexer, apart) : to;
        }
    }
    struct str unit_text = STR("");
    struct span unit_at = lexer_span(lexer, number_end, number_end);
    if (to != NULL) {
        unit_text = unit_text_at(lexer, from, to);
        unit_at = lexer_span(lexer, from, to);
        lexer->cursor = to;
        lexer->glued_at = word_end(lexer, to) > to && to[-1] != '}' ? to : NULL;
    }
    struct token token = lexer_token(lexer, TOK_NUMBER);
    lexer->is_year_before = digits.len == 4 && to == NULL;
    token.text = digits;
    token.unit_text = unit_text;
    token.unit_at = unit_at;
    return token;
}

struct token lexer_number(struct lexer *lexer)
{
    return number_with_unit(lexer, lexer_slice(lexer->token, lexer->cursor));
}

/* What a full-width character stands for, where it is the form of an ASCII character; else itself. */
static uint32_t narrow(uint32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFF01 + 0x21 : c == 0x3002 ? '.' : c;
}

struct token lexer_wide_number(struct lexer *lexer)
{
    struct buf digits = buf_in(lexer->perm);
    for (const unsigned char *at = lexer->token; at < lexer->cursor;) {
        char bytes[4];
        uint32_t c = narrow(lexer_character(lexer, at, &at));
        buf_add(&digits, (struct str){bytes, utf8_encode(c, bytes)});
    }
    struct str raw = lexer_slice(lexer->token, lexer->cursor);
    lexer_report_fixed(lexer, D_FULL_WIDTH, lexer_span(lexer, lexer->token, lexer->cursor), raw, buf_str(&digits));
    return number_with_unit(lexer, buf_str(&digits));
}

struct str unit_text_clean(struct arena *perm, struct str text)
{
    struct buf clean = buf_in(perm);
    for (size_t off = 0; off < text.len;) {
        char bytes[4];
        uint32_t c = narrow(utf8_next(text, &off));
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 || c == UTF8_INVALID) {
            continue;
        }
        c = c == 0x22C5 ? 0xB7 : c; /* one of the two dots */
        buf_add(&clean, (struct str){bytes, utf8_encode(c, bytes)});
    }
    return buf_str(&clean);
}
