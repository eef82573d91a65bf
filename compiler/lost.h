/* What a slip of syntax took with it. A name that nobody declares is no second error where its declaration may have
   stood in what the parser could not read; any other unknown name is one. Must not know how parsing goes on. */
#ifndef ZUJI_COMPILER_LOST_H
#define ZUJI_COMPILER_LOST_H

#include "compiler/compile.h"

/* The words of a text that is not part of the tree. */
void lost_add(struct module *module, struct str text);
/* May the name, under any of its spellings, be declared in what was lost? Where braces do not pair a declaration may
   also be in the wrong block: then every name of `known` may be meant (NULL: every name). */
bool lost_word(const struct checked *checked, const struct map *known, struct str name);
/* A declaration is there whose own name was lost. */
bool lost_some_name(const struct checked *checked);
/* Either. */
bool lost_name(const struct checked *checked, const struct map *known, struct str name);

#endif
