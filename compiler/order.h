/* The order in which declarations are checked: what a declaration needs comes before it. Finds cycles.
   The arrays are in the arena given. Must not know of types. */
#ifndef ZUJI_COMPILER_ORDER_H
#define ZUJI_COMPILER_ORDER_H

#include "compiler/compile.h"

struct decl_order {
    struct decl **items;
    size_t count;
};

/* Every declaration of all modules once. Cycles (a → b → a) are reported, their members marked is_cyclic. */
struct decl_order order_declarations(struct checked *checked, struct diags *out);

/* "electrolysis.pfc" for flows, the name for others. */
struct str decl_path(struct arena *arena, const struct decl *decl);

#endif
