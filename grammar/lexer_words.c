#include "grammar/lexer_words.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "grammar/keywords.h"
#include "parser.h"

enum { UNIT_NESTING_MAX = 16 };

static struct span span_of(const struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    return (struct span){lexer->file, (uint32_t)(from - lexer->start), (uint32_t)(to - from)};
}

static struct str slice_of(const unsigned char *from, const unsigned char *to)
{
    return (struct str){(const char *)from, (size_t)(to - from)};
}

/* The character at `at` and where the next one begins. */
static uint32_t character(const struct lexer *lexer, const unsigned char *at, const unsigned char **next)
{
    size_t off = 0;
    uint32_t c = utf8_next(slice_of(at, lexer->limit), &off);
    *next = at + off;
    return c;
}

static struct str code_point(struct lexer *lexer, uint32_t c)
{
    return str_format(lexer->perm, "%04X", (unsigned)c);
}

static void report_fixed(struct lexer *lexer, enum diag_code code, struct span at, struct str arg, struct str fixed)
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
    token.at = span_of(lexer, lexer->token, lexer->cursor);
    token.text = slice_of(lexer->token, lexer->cursor);
    token.doc = buf_str(&lexer->doc);
    token.is_first_on_line = lexer->is_line_start;
    lexer->is_line_start = false;
    lexer->doc = buf_in(lexer->perm);
    return token;
}

/* --- names --------------------------------------------------------------------------------------------------- */

/* What stands for a letter of a name that looks like another; 0 where the character is none of a name. */
static uint32_t letter_meant(uint32_t c, enum hazard_kind *kind)
{
    struct hazard hazard = unicode_hazard(c);
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

static enum diag_code hazard_code(enum hazard_kind kind)
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
        uint32_t meant = letter_meant(character(lexer, end, &next), &kind);
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
    struct str raw = slice_of(from, to);
    struct buf fixed = buf_in(lexer->perm);
    enum hazard_kind found = HAZARD_NONE;
    uint32_t culprit = 0;
    if (is_ascii(raw)) {
        return raw;
    }
    for (const unsigned char *at = from; at < to;) {
        const unsigned char *next;
        enum hazard_kind kind;
        uint32_t c = character(lexer, at, &next);
        uint32_t meant = letter_meant(c, &kind);
        char bytes[4];
        if (meant != UTF8_INVALID) {
            buf_add(&fixed, (struct str){bytes, utf8_encode(meant, bytes)});
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
        report_fixed(lexer, hazard_code(found), span_of(lexer, from, to), is_hidden ? code_point(lexer, culprit) : raw,
                     text);
        return text;
    }
    if (!unicode_is_nfc(raw)) {
        struct str normal = unicode_nfc(lexer->perm, raw);
        report_fixed(lexer, D_NOT_NFC, span_of(lexer, from, to), raw, normal);
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
        struct str parts[2] = {word, slice_of(second, second_end)};
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

static bool is_dash(const struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    const unsigned char *next;
    return unicode_is_dash_letter(character(lexer, from, &next)) && next == to;
}

bool lexer_word(struct lexer *lexer, struct token *token)
{
    const unsigned char *end = word_end(lexer, lexer->token);
    if (end == lexer->token) {
        return odd_start(lexer, token);
    }
    if (is_dash(lexer, lexer->token, end)) {
        lexer->cursor = end;
        report_fixed(lexer, D_DASH, span_of(lexer, lexer->token, end), slice_of(lexer->token, end), STR("-"));
        *token = lexer_token(lexer, TOK_MINUS);
        return true;
    }
    struct str text = word_text(lexer, lexer->token, end);
    enum lang lang = LANG_EN;
    int keyword = keyword_at(lexer, text, &end, &lang);
    lexer->cursor = end;
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
    } else if (is_glued && str_starts(slice_of(end, lexer->limit), STR("｝"))) {
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

/* Behind the one of the signs that stands at `at`; NULL where none does. */
static const unsigned char *after_sign(const struct lexer *lexer, const unsigned char *at, const char *const *signs,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = str_of(signs[i]);
        if (str_starts(slice_of(at, lexer->limit), text)) {
            return at + text.len;
        }
    }
    return NULL;
}

#define AFTER(lexer, at, signs) after_sign((lexer), (at), (signs), countof(signs))

static const unsigned char *unit_end(const struct lexer *lexer, const unsigned char *at, int depth);

/* m, m3, m², kg{CO2}; NULL where none begins. A keyword is no unit. */
static const unsigned char *unit_word_end(const struct lexer *lexer, const unsigned char *at)
{
    const unsigned char *end = word_end(lexer, at);
    const unsigned char *keyword_end = end;
    if (end == at || is_dash(lexer, at, end) || keyword_at(lexer, slice_of(at, end), &keyword_end, NULL) != 0) {
        return NULL;
    }
    for (const unsigned char *next = end; next != NULL; next = AFTER(lexer, end, EXPONENTS)) {
        end = next;
    }
    const unsigned char *inside = AFTER(lexer, end, OPENING_BRACES);
    if (inside != NULL) {
        const unsigned char *tag_end = word_end(lexer, inside);
        const unsigned char *closed = AFTER(lexer, tag_end, CLOSING_BRACES);
        if (tag_end > inside && closed != NULL) {
            end = closed;
        }
    }
    return end;
}

static const unsigned char *unit_term_end(const struct lexer *lexer, const unsigned char *at, int depth)
{
    const unsigned char *end = AFTER(lexer, at, UNIT_SIGNS);
    if (end != NULL) {
        return end;
    }
    const unsigned char *inside = depth > 0 ? AFTER(lexer, at, OPENING) : NULL; /* no bracket at the start of a unit */
    if (inside != NULL) {
        const unsigned char *last = depth < UNIT_NESTING_MAX ? unit_end(lexer, inside, depth + 1) : NULL;
        return last == NULL ? NULL : AFTER(lexer, last, CLOSING);
    }
    return unit_word_end(lexer, at);
}

static const unsigned char *unit_end(const struct lexer *lexer, const unsigned char *at, int depth)
{
    const unsigned char *end = unit_term_end(lexer, at, depth);
    while (end != NULL) {
        const unsigned char *joined = AFTER(lexer, end, SLASHES);
        if (joined == NULL) {
            joined = AFTER(lexer, end, DOTS);
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
    const unsigned char *slash = AFTER(lexer, at + 1, SLASHES);
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
    return lexer->is_in_fields && end > at && AFTER(lexer, skip_blanks(lexer, end), COLONS) != NULL;
}

static void report_missing_comma(struct lexer *lexer, const unsigned char *number_end, const unsigned char *at)
{
    struct str word = slice_of(at, word_end(lexer, at));
    struct span span = span_of(lexer, at, word_end(lexer, at));
    struct diag *diag = diag_add(lexer->out, D_MISSING_COMMA, span, &word, 1);
    struct span gap = span_of(lexer, number_end, number_end);
    diag_note(lexer->out, diag, T_UNIT_LINE, NULL, 0);
    diag_fix(lexer->out, diag, gap, STR(","), T_INSERT_COMMA, NULL, 0)->is_applicable = true;
}

/* Reports what looks like something else in the words of a unit, and gives the text to look up. */
static struct str unit_text_at(struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    struct buf text = buf_in(lexer->perm);
    for (const unsigned char *at = from; at < to;) {
        const unsigned char *end = word_end(lexer, at);
        if (end > at) {
            buf_add(&text, word_text(lexer, at, end));
        } else {
            character(lexer, at, &end);
            buf_add(&text, slice_of(at, end));
        }
        at = end;
    }
    return unit_text_clean(lexer->perm, buf_str(&text));
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
        } else {
            from = apart;
            to = unit_end(lexer, apart, 0);
            to = to == NULL ? reciprocal_end(lexer, apart) : to;
        }
    }
    struct str unit_text = STR("");
    struct span unit_at = span_of(lexer, number_end, number_end);
    if (to != NULL) {
        unit_text = unit_text_at(lexer, from, to);
        unit_at = span_of(lexer, from, to);
        lexer->cursor = to;
    }
    struct token token = lexer_token(lexer, TOK_NUMBER);
    token.text = digits;
    token.unit_text = unit_text;
    token.unit_at = unit_at;
    return token;
}

struct token lexer_number(struct lexer *lexer)
{
    return number_with_unit(lexer, slice_of(lexer->token, lexer->cursor));
}

/* What a full-width character stands for, where it is the form of an ASCII character; else itself. */
static uint32_t narrow(uint32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFF01 + 0x21 : c;
}

struct token lexer_wide_number(struct lexer *lexer)
{
    struct buf digits = buf_in(lexer->perm);
    for (const unsigned char *at = lexer->token; at < lexer->cursor;) {
        char bytes[4];
        uint32_t c = narrow(character(lexer, at, &at));
        buf_add(&digits, (struct str){bytes, utf8_encode(c, bytes)});
    }
    struct str raw = slice_of(lexer->token, lexer->cursor);
    report_fixed(lexer, D_FULL_WIDTH, span_of(lexer, lexer->token, lexer->cursor), raw, buf_str(&digits));
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

/* --- texts and comments ------------------------------------------------------------------------------------------ */

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
        uint32_t c = character(lexer, at, &next);
        if (c != UTF8_INVALID && unicode_hazard(c).kind == HAZARD_BIDI) {
            report_fixed(lexer, D_BIDI, span_of(lexer, at, next), code_point(lexer, c), STR(""));
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

void lexer_comment(struct lexer *lexer)
{
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
    buf_add(&lexer->doc, str_trim(slice_of(text + 1, end)));
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
        struct str escape = slice_of(at, next);
        diag_add(lexer->out, D_UNKNOWN_ESCAPE, span_of(lexer, at, next), &escape, 1);
        buf_add(text, slice_of(at + 1, next));
        break;
    }
    }
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
            character(lexer, at + 1, &next);
            add_escape(lexer, &text, at, next);
            has_escape = true;
        } else {
            buf_char(&text, (char)*at);
        }
        at = next;
    }
    const unsigned char *first = lexer->cursor;
    bool is_cut = at >= end;
    refuse_bidi(lexer, first, at);
    if (!is_cut) {
        lexer->cursor = at + 1;
    } else {
        lexer->cursor = end;
        diag_add(lexer->out, D_UNTERMINATED_TEXT, span_of(lexer, lexer->token, end), NULL, 0);
    }
    struct token token = lexer_token(lexer, TOK_TEXT);
    token.text = has_escape ? buf_str(&text) : slice_of(first, at);
    token.is_cut = is_cut;
    return token;
}

/* Where a text that began with an odd quotation mark ends: its content in *content_end. NULL: not on this line. */
static const unsigned char *odd_text_end(const struct lexer *lexer, const unsigned char **content_end)
{
    static const char *const CLOSERS[] = {"”", "“", "‟", "＂", "\"", "」", "』", "’", "‘", "＇", "'"};
    for (const unsigned char *at = lexer->cursor; at < lexer->limit && *at != '\n'; at++) {
        const unsigned char *behind = AFTER(lexer, at, CLOSERS);
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
    struct span at = span_of(lexer, lexer->token, lexer->cursor);
    struct diag *diag = diag_add(lexer->out, D_QUOTES, at, NULL, 0);
    struct str content = slice_of(first, last);
    if (end != NULL) {
        struct str fixed = str_format(lexer->perm, "\"%.*s\"", STR_FMT(content));
        diag_fix(lexer->out, diag, at, fixed, T_FIX_REPLACE, &fixed, 1)->is_applicable = true;
    }
    refuse_bidi(lexer, first, last);
    struct token token = lexer_token(lexer, TOK_TEXT);
    token.text = content;
    return token;
}

/* --- characters without meaning ------------------------------------------------------------------------------------
 */

static void report_ill_formed(struct lexer *lexer)
{
    while (lexer->cursor < lexer->limit && *lexer->cursor >= 0x80 && *lexer->cursor < 0xC0) {
        lexer->cursor++;
    }
    if (!lexer->is_invalid_reported) {
        diag_add(lexer->out, D_INVALID_UTF8, span_of(lexer, lexer->token, lexer->cursor), NULL, 0);
    }
    lexer->is_invalid_reported = true;
}

int lexer_other(struct lexer *lexer)
{
    uint32_t c = character(lexer, lexer->token, &lexer->cursor);
    struct span at = span_of(lexer, lexer->token, lexer->cursor);
    if (c == UTF8_INVALID) {
        report_ill_formed(lexer);
        return 0;
    }
    if (c == 0) {
        diag_add(lexer->out, D_NUL, at, NULL, 0);
        return 0;
    }
    struct hazard hazard = unicode_hazard(c);
    if (hazard.kind == HAZARD_SPACE || hazard.kind == HAZARD_BIDI || hazard.kind == HAZARD_INVISIBLE) {
        struct str fixed = hazard.kind == HAZARD_SPACE ? STR(" ") : STR("");
        report_fixed(lexer, hazard_code(hazard.kind), at, code_point(lexer, c), fixed);
        return 0;
    }
    if (hazard.kind == HAZARD_DASH) {
        report_fixed(lexer, D_DASH, at, slice_of(lexer->token, lexer->cursor), STR("-"));
        return TOK_MINUS;
    }
    struct str args[2] = {slice_of(lexer->token, lexer->cursor), code_point(lexer, c)};
    struct diag *diag = diag_add(lexer->out, D_UNKNOWN_CHARACTER, at, args, 2);
    if (hazard.replacement != 0 && diag->fixes == NULL) {
        char bytes[4];
        struct str fixed = str_copy(lexer->perm, (struct str){bytes, utf8_encode(hazard.replacement, bytes)});
        diag_fix(lexer->out, diag, at, fixed, T_FIX_REPLACE, &fixed, 1);
    }
    return TOK_ZUJI_YYerror;
}
