/* From text to tree: runs the lexer and feeds the push parser. The tree is in `perm`. Parsing cannot fail: a broken
   text gives a tree with error nodes, and messages. Must not know of other modules. */
#ifndef ZUJI_COMPILER_PARSE_H
#define ZUJI_COMPILER_PARSE_H

#include "compiler/ast.h"

struct module *parse_module(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out);

#endif
