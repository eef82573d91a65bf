/* Which rows a value is about: those of the reference (`for each p in products`), those of its stage. A name means its
   expression, so what a declaration needs counts too. Annotates decl->mentions; nothing is allocated.
   Must not know of types or axes. */
#ifndef ZUJI_COMPILER_MENTIONS_H
#define ZUJI_COMPILER_MENTIONS_H

#include "compiler/order.h"

enum mentions { MENTIONS_ROW = 1, MENTIONS_STAGE = 2 };

/* Of all declarations, in the order of their needs. */
void mentions_find(const struct decl_order *order);
/* Of an expression in `stage` (NULL: in none). */
unsigned mentions_of(struct expr *expr, const struct decl *stage);
/* Of the conditions of the stage and process around the declaration. */
unsigned mentions_around(const struct decl *decl);
/* Of one node of an expression in `stage` (NULL: in none), without those below it. */
unsigned expr_mentions(const struct expr *expr, const struct decl *stage);

#endif
