/* The parts of the lexer that need tables: names, keywords, units, texts, look-alikes. Called by lexer.re only, with
   lexer->token at the start of the token and lexer->cursor behind what re2c matched. Memory as in lexer.h. */
#ifndef ZUJI_GRAMMAR_LEXER_WORDS_H
#define ZUJI_GRAMMAR_LEXER_WORDS_H

#include "grammar/lexer.h"

struct token lexer_token(struct lexer *lexer, int kind); /* from token to cursor */
struct token lexer_number(struct lexer *lexer);          /* with its unit */
struct token lexer_wide_number(struct lexer *lexer);
bool lexer_word(struct lexer *lexer, struct token *token); /* false: a character that was reported and is skipped */
struct token lexer_name(struct lexer *lexer);
struct token lexer_text(struct lexer *lexer);     /* after the opening quote */
struct token lexer_odd_text(struct lexer *lexer); /* after another quotation mark */
struct token lexer_brace(struct lexer *lexer);    /* a tag or a brace */
void lexer_comment(struct lexer *lexer);          /* after the two slashes */
int lexer_other(struct lexer *lexer);             /* reports; 0: skip it, else the kind of token it is read as */

#endif
