/* Numbers of the world: what a formula states as a fact, and somebody found somewhere, as against numbers that belong to
   the formula. Nothing is allocated. Must not know who asks: a lint, or the demand of a profile. */
#ifndef ZUJI_COMPILER_CONSTANT_H
#define ZUJI_COMPILER_CONSTANT_H

#include "compiler/compile.h"

/* The first number in the expression that needs a source; NULL where there is none. Zero, one, powers of ten, molar
   masses and lengths of time need none, nor do steps of rounding, exponents, tolerances and bounds of ranges. */
const struct expr *find_world_constant(const struct checked *checked, struct expr *value);

/* Its formula, where numbers of the world may stand: of a let, flow or function; NULL of others. */
struct expr *stated_formula(const struct decl *decl);

/* Each column of numbers has a source, its own or the table's. */
bool table_has_source(const struct decl *table);

/* "draft", "draft: …", and the same in Chinese. */
bool is_draft_source(struct str cite);

/* Calls back for each expression of the declarations that names something of the standard library whose source is a
   draft, or which needs such a thing; of each thing once. Allocates in the arena of the compilation. */
typedef void draft_visitor(void *context, const struct decl *inside, const struct expr *use, const struct decl *draft);
void each_draft_used(const struct checked *checked, struct decl *first, draft_visitor *visit, void *context);

#endif
