/* What is said at a syntax error: one message that names what was found and what could have stood there.
   Messages go to the parser's diags; nothing else is kept.
   Must not know how parsing goes on afterwards. */
#ifndef ZUJI_COMPILER_SYNTAX_ERROR_H
#define ZUJI_COMPILER_SYNTAX_ERROR_H

#include "compiler/ast_make.h"

/* `token` was found at `at` where only the `expected` tokens can stand. Marks the parser as failed. */
void syntax_report(struct parser *p, int token, struct span at, const int *expected, size_t count);
/* Where a message about the token stands: behind the last token where the token belongs further out. */
struct span syntax_place(const struct parser *p, int token, struct span at);
/* syntax_guess.c: what may have been meant; each guess has to be tried. */
void syntax_guess(struct parser *p, struct diag *diag, struct span at, const int *expected, size_t count);
/* Nesting beyond AST_DEPTH_MAX; said once a module. */
void syntax_report_depth(struct parser *p, struct span at);

#endif
