/* Life cycles, breakdowns and profiles, which have name spaces of their own: what is visible in a module, which is its
   own, that of its imports, and the prelude (std.lifecycles, std.profiles). Everything lives in the arena of the
   compilation. Must not report. */
#ifndef ZUJI_COMPILER_LIFECYCLE_H
#define ZUJI_COMPILER_LIFECYCLE_H

#include "compiler/compile.h"

/* The first declaration of the kind that is called so in any spelling; NULL where none. */
struct decl *structure_find(const struct checked *checked, const struct module *here, enum decl_kind kind,
                            struct str word);
/* The same among siblings: phases and boundaries of a life cycle, members of a breakdown. */
struct decl *structure_find_in(const struct checked *checked, struct decl *first, enum decl_kind kind, struct str word);
struct found_members { /* of breakdowns; second: the name is not clear */
    struct decl *first, *second;
};
struct found_members structure_find_member(const struct checked *checked, const struct module *here, struct str word);
typedef void structure_visitor(void *context, struct decl *decl);
void structure_each(const struct checked *checked, const struct module *here, enum decl_kind kind,
                    structure_visitor *visit, void *context);
/* The first spelling that any module gives the word. */
struct str structure_canonical(const struct checked *checked, struct str word);
/* The other spelling that its module gives it; empty where none. */
struct str structure_other_name(const struct decl *decl);
/* Its name, in Chinese texts the other spelling. */
struct str structure_name(struct arena *arena, const struct decl *decl);

#endif
