/* The parts of the lexer that need tables: names, keywords, units, texts, look-alikes. Called by lexer.re only, with
   lexer->token at the start of the token and lexer->cursor behind what re2c matched. Memory as in lexer.h. */
#ifndef ZUJI_GRAMMAR_LEXER_WORDS_H
#define ZUJI_GRAMMAR_LEXER_WORDS_H

#include "base/unicode.h"
#include "grammar/lexer.h"

struct token lexer_token(struct lexer *lexer, int kind); /* from token to cursor */
struct token lexer_number(struct lexer *lexer);          /* with its unit */
struct token lexer_wide_number(struct lexer *lexer);
bool lexer_word(struct lexer *lexer, struct token *token); /* false: a character that was reported and is skipped */
struct token lexer_name(struct lexer *lexer);
struct token lexer_text(struct lexer *lexer);     /* after the opening quote */
struct token lexer_odd_text(struct lexer *lexer); /* after another quotation mark */
struct token lexer_brace(struct lexer *lexer);    /* a tag or a brace */
void lexer_line(struct lexer *lexer);             /* after its end */
void lexer_comment(struct lexer *lexer);          /* after the two slashes */
int lexer_other(struct lexer *lexer);             /* reports; 0: skip it, else the kind of token it is read as */

/* --- shared by the files that read tokens --- */
struct span lexer_span(const struct lexer *lexer, const unsigned char *from, const unsigned char *to);
struct str lexer_slice(const unsigned char *from, const unsigned char *to);
/* The character at `at` and where the next one begins. */
uint32_t lexer_character(const struct lexer *lexer, const unsigned char *at, const unsigned char **next);
/* Behind the one of the signs that stands at `at`; NULL where none does. */
const unsigned char *lexer_after(const struct lexer *lexer, const unsigned char *at, const char *const *signs,
                                 size_t count);
#define LEXER_AFTER(lexer, at, signs) lexer_after((lexer), (at), (signs), countof(signs))
struct str lexer_code_point(struct lexer *lexer, uint32_t c);
/* A message with the one fix that a machine may apply; `fixed` empty: remove it. */
void lexer_report_fixed(struct lexer *lexer, enum diag_code code, struct span at, struct str arg, struct str fixed);
enum diag_code lexer_hazard_code(enum hazard_kind kind);

/* lexer_signs.c: reports a dash from token to cursor; gives what it is read as. */
int lexer_dash(struct lexer *lexer);
/* What is written for the dot of a unit, and its report. */
bool lexer_is_odd_dot(uint32_t c);
void lexer_report_sign(struct lexer *lexer, const unsigned char *from, const unsigned char *to);

#endif
