/* The tree as text, one declaration a line, for tests and for `-d ast`. Positions are left out, and the words of the
   language are in their first spelling, so two spellings of one module give the same text where their names agree. The
   text is in the arena given.
   Must not know of what later phases found out. */
#ifndef ZUJI_COMPILER_AST_DUMP_H
#define ZUJI_COMPILER_AST_DUMP_H

#include "compiler/ast.h"

struct str ast_dump(struct arena *arena, const struct module *module);
struct str ast_dump_expr(struct arena *arena, const struct expr *expr);

#endif
