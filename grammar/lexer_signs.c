/* Characters that are no signs of the language: dashes, look-alikes of signs, spaces, and what has no meaning at all.
   Each is reported, and read as what was meant where that is plain. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "grammar/lexer_words.h"
#include "parser.h"

/* What is typed, or copied from printed texts, for a sign. */
static const struct odd_sign {
    uint32_t c;
    int token;
    const char *sign;
} ODD_SIGNS[] = {
    {'~',    TOK_DOT_DOT,       ".." },
    {0x2025, TOK_DOT_DOT,       ".." }, /* ‥ */
    {0x2026, TOK_DOT_DOT,       ".." }, /* … */
    {0x223C, TOK_DOT_DOT,       ".." }, /* ∼ */
    {0x2022, TOK_MIDDLE_DOT,    "·" }, /* • */
    {0x2027, TOK_MIDDLE_DOT,    "·" }, /* ‧ */
    {0x2219, TOK_MIDDLE_DOT,    "·" }, /* ∙ */
    {0x30FB, TOK_MIDDLE_DOT,    "·" }, /* ・ */
    {0xFF65, TOK_MIDDLE_DOT,    "·" }, /* ･ */
    {0x2236, TOK_COLON,         ":"  }, /* ∶ */
    {0xFE13, TOK_COLON,         ":"  }, /* ︓ */
    {0xFE55, TOK_COLON,         ":"  }, /* ﹕ */
    {0xFE50, TOK_COMMA,         ","  }, /* ﹐ */
    {0xFE51, TOK_COMMA,         ","  }, /* ﹑ */
    {0xFF64, TOK_COMMA,         ","  }, /* ､ */
    {0x3002, TOK_SEMICOLON,     ";"  }, /* 。 */
    {0xFE54, TOK_SEMICOLON,     ";"  }, /* ﹔ */
    {0xFF61, TOK_SEMICOLON,     ";"  }, /* ｡ */
    {0xFE59, TOK_LEFT_PAREN,    "("  }, /* ﹙ */
    {0xFE5A, TOK_RIGHT_PAREN,   ")"  }, /* ﹚ */
    {0x3014, TOK_LEFT_PAREN,    "("  }, /* 〔 */
    {0x3015, TOK_RIGHT_PAREN,   ")"  }, /* 〕 */
    {0xFE5B, TOK_LEFT_BRACE,    "{"  }, /* ﹛ */
    {0xFE5C, TOK_RIGHT_BRACE,   "}"  }, /* ﹜ */
    {0x2266, TOK_LESS_EQUAL,    "<=" }, /* ≦ */
    {0x2A7D, TOK_LESS_EQUAL,    "<=" }, /* ⩽ */
    {0x2267, TOK_GREATER_EQUAL, ">=" }, /* ≧ */
    {0x2A7E, TOK_GREATER_EQUAL, ">=" }, /* ⩾ */
    {0x2217, TOK_STAR,          "*"  }, /* ∗ */
    {0x2715, TOK_STAR,          "×" }, /* ✕ */
    {0x2716, TOK_STAR,          "×" }, /* ✖ */
    {0x2A2F, TOK_STAR,          "×" }, /* ⨯ */
    {0xFE61, TOK_STAR,          "*"  }, /* ﹡ */
    {0x2044, TOK_SLASH,         "/"  }, /* ⁄ */
    {0x2215, TOK_SLASH,         "/"  }, /* ∕ */
    {0x2795, TOK_PLUS,          "+"  }, /* ➕ */
    {0xFE62, TOK_PLUS,          "+"  }, /* ﹢ */
    {0xFE66, TOK_ASSIGN,        "="  }, /* ﹦ */
    {0xFE64, TOK_LESS,          "<"  }, /* ﹤ */
    {0xFE65, TOK_GREATER,       ">"  }, /* ﹥ */
    {0xFE6A, TOK_UNIT_SIGN,     "%"  }, /* ﹪ */
    {0x220A, TOK_IN,            "∈"}, /* ∊ */
};

static const struct odd_sign *find_sign(uint32_t c)
{
    for (size_t i = 0; i < countof(ODD_SIGNS); i++) {
        if (ODD_SIGNS[i].c == c) {
            return &ODD_SIGNS[i];
        }
    }
    return NULL;
}

bool lexer_is_odd_dot(uint32_t c)
{
    const struct odd_sign *sign = find_sign(c);
    return sign != NULL && sign->token == TOK_MIDDLE_DOT;
}

void lexer_report_sign(struct lexer *lexer, const unsigned char *from, const unsigned char *to)
{
    const unsigned char *next;
    uint32_t c = lexer_character(lexer, from, &next);
    const struct odd_sign *sign = find_sign(c);
    struct str args[3] = {lexer_slice(from, to), lexer_code_point(lexer, c), str_of(sign->sign)};
    struct diag *diag = diag_add(lexer->out, D_ODD_SIGN, lexer_span(lexer, from, to), args, 3);
    if (diag->fixes == NULL) {
        diag_fix(lexer->out, diag, diag->at, args[2], T_FIX_REPLACE, &args[2], 1)->is_applicable = true;
    }
}

/* ---- dashes ------------------------------------------------------------------------------------------------------ */

static bool is_year_next(const struct lexer *lexer)
{
    const unsigned char *at = lexer->cursor;
    while (at < lexer->limit && *at == ' ') {
        at++;
    }
    size_t digits = 0;
    while (at + digits < lexer->limit && at[digits] >= '0' && at[digits] <= '9') {
        digits++;
    }
    return digits == 4;
}

int lexer_dash(struct lexer *lexer)
{
    bool is_range =
        lexer->before == TOK_NUMBER && (lexer->is_in_range || (lexer->is_year_before && is_year_next(lexer)));
    struct str dash = lexer_slice(lexer->token, lexer->cursor);
    lexer_report_fixed(lexer, is_range ? D_RANGE_DASH : D_DASH, lexer_span(lexer, lexer->token, lexer->cursor), dash,
                       is_range ? STR("..") : STR("-"));
    return is_range ? TOK_DOT_DOT : TOK_MINUS;
}

/* Two dashes in a row, or six dots, are one sign. */
static void take_run(struct lexer *lexer, uint32_t c)
{
    const unsigned char *next = lexer->cursor;
    while (next < lexer->limit) {
        lexer->cursor = next;
        uint32_t following = lexer_character(lexer, next, &next);
        bool is_same = following == c || (unicode_hazard(c).kind == HAZARD_DASH && following != UTF8_INVALID &&
                                          unicode_hazard(following).kind == HAZARD_DASH);
        if (!is_same) {
            return;
        }
    }
    lexer->cursor = next;
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static void report_ill_formed(struct lexer *lexer)
{
    while (lexer->cursor < lexer->limit && *lexer->cursor >= 0x80 && *lexer->cursor < 0xC0) {
        lexer->cursor++;
    }
    if (!lexer->is_invalid_reported) {
        diag_add(lexer->out, D_INVALID_UTF8, lexer_span(lexer, lexer->token, lexer->cursor), NULL, 0);
    }
    lexer->is_invalid_reported = true;
}

static void report_unknown(struct lexer *lexer, uint32_t c, uint32_t replacement)
{
    struct str args[2] = {lexer_slice(lexer->token, lexer->cursor), lexer_code_point(lexer, c)};
    struct span at = lexer_span(lexer, lexer->token, lexer->cursor);
    struct diag *diag = diag_add(lexer->out, D_UNKNOWN_CHARACTER, at, args, 2);
    if (replacement != 0 && diag->fixes == NULL) {
        char bytes[4];
        struct str fixed = str_copy(lexer->perm, (struct str){bytes, utf8_encode(replacement, bytes)});
        diag_fix(lexer->out, diag, at, fixed, T_FIX_REPLACE, &fixed, 1);
    }
}

int lexer_other(struct lexer *lexer)
{
    uint32_t c = lexer_character(lexer, lexer->token, &lexer->cursor);
    struct span at = lexer_span(lexer, lexer->token, lexer->cursor);
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
        lexer_report_fixed(lexer, lexer_hazard_code(hazard.kind), at, lexer_code_point(lexer, c), fixed);
        return 0;
    }
    if (hazard.kind == HAZARD_DASH) {
        take_run(lexer, c);
        return lexer_dash(lexer);
    }
    const struct odd_sign *sign = find_sign(c);
    if (sign != NULL) {
        take_run(lexer, c);
        lexer_report_sign(lexer, lexer->token, lexer->cursor);
        return sign->token;
    }
    report_unknown(lexer, c, hazard.replacement);
    return TOK_ZUJI_YYerror;
}
