/* What may have been meant at a syntax error: a sign or connecting word that is missing, wrong, or there twice. Mere
   guesses: compiler/trial.c finds out which of them help. */
#include "compiler/syntax_error.h"
#include "grammar/keywords.h"
#include "parser.h"

enum { ERRORS_WITH_GUESSES = 3 };

/* Signs, and words that connect; operators are not among them, for which one is meant nobody can guess. */
static const struct {
    int token;
    const char *sign; /* NULL: a keyword */
} SIGNS[] = {
    {TOK_RIGHT_PAREN, ")" },
    {TOK_RIGHT_BRACE, "}" },
    {TOK_LEFT_PAREN,  "(" },
    {TOK_LEFT_BRACE,  "{" },
    {TOK_COMMA,       "," },
    {TOK_ASSIGN,      "=" },
    {TOK_COLON,       ":" },
    {TOK_MAPS_TO,     "=>"},
    {TOK_ARROW,       "->"},
    {TOK_DOT_DOT,     ".."},
    {TOK_DOT,         "." },
    {TOK_EQUAL,       "=="},
    {TOK_IN,          NULL},
    {TOK_THEN,        NULL},
    {TOK_ELSE,        NULL},
    {TOK_TO,          NULL},
    {TOK_BY,          NULL},
    {TOK_EACH,        NULL},
    {TOK_TOGETHER,    NULL},
};

static bool is_among(const int *tokens, size_t count, int token)
{
    for (size_t i = 0; i < count; i++) {
        if (tokens[i] == token) {
            return true;
        }
    }
    return false;
}

static bool is_blank(const struct parser *p, struct span at, uint32_t off)
{
    struct str text = sources_get(p->sources, at.file)->text;
    return off >= text.len || text.at[off] == ' ' || text.at[off] == '\n' || text.at[off] == '\r' ||
           text.at[off] == '\t';
}

/* Behind the last token: closing signs and commas without a blank before them. */
static struct str inserted(struct parser *p, struct str sign, struct span at)
{
    bool is_close =
        str_eq(sign, STR(")")) || str_eq(sign, STR(",")) || str_eq(sign, STR(".")) || str_eq(sign, STR("("));
    return str_format(p->perm, "%s%.*s%s", is_close ? "" : " ", STR_FMT(sign), is_blank(p, at, at.off) ? "" : " ");
}

static void guess_sign(struct parser *p, struct diag *diag, struct span at, struct str sign, bool is_itself)
{
    struct span behind = {at.file, p->previous_at.off + p->previous_at.len, 0};
    if (p->previous_at.file == at.file) {
        diag_guess(p->out, diag, behind, inserted(p, sign, behind), T_INSERT_SIGN, &sign, 1)->is_applicable = true;
    }
    if (!p->is_at_end && is_itself) {
        diag_guess(p->out, diag, at, sign, T_FIX_REPLACE, &sign, 1);
    }
}

/* A word that is there twice goes with the blanks before it. */
static void guess_removal(struct parser *p, struct diag *diag, struct span at)
{
    bool is_twice =
        p->previous_at.file == at.file && str_eq(span_text(p->sources, p->previous_at), span_text(p->sources, at));
    struct span all = at;
    if (is_twice) {
        all.off = p->previous_at.off + p->previous_at.len;
        all.len = at.off + at.len - all.off;
    }
    diag_guess(p->out, diag, all, STR(""), T_FIX_REMOVE, NULL, 0)->is_applicable = is_twice;
}

void syntax_guess(struct parser *p, struct diag *diag, struct span at, const int *expected, size_t count)
{
    if (p->guessed >= ERRORS_WITH_GUESSES || diag->guesses != NULL) {
        return;
    }
    p->guessed++;
    bool is_itself = diag->at.off == at.off; /* else something is missing before the token */
    for (size_t i = 0; i < countof(SIGNS); i++) {
        if (is_among(expected, count, SIGNS[i].token)) {
            guess_sign(p, diag, at,
                       SIGNS[i].sign != NULL ? sign_in(p->lang, str_of(SIGNS[i].sign))
                                             : keyword_text(SIGNS[i].token, p->lang),
                       is_itself);
        }
    }
    if (!p->is_at_end && is_itself) {
        guess_removal(p, diag, at);
    }
}
