/* What the files check*.c share: static checks of a tree whose types are known.
   Lives in the arena of the compilation. Must not know of lowering. */
#ifndef ZUJI_COMPILER_CHECK_H
#define ZUJI_COMPILER_CHECK_H

#include "compiler/compile.h"

struct checker {
    struct checked *checked;
    struct arena *arena;
    struct diags *out;
    bool is_broken; /* a module has syntax errors: nothing is said about what is missing */
};

void check_table(struct checker *checker, const struct decl *table); /* gaps, overlaps, order of steps */
void check_choice(struct checker *checker, const struct decl *choice);
void check_rows(struct checker *checker, struct decl *rule); /* allocations, rows of the reference */
void check_boundary(struct checker *checker, const struct decl *rule);
/* What it says fits what it is an example of: a rule, on data, or the functions of a module. */
void check_example(struct checker *checker, const struct decl *example);
void check_rule(struct checker *checker, const struct decl *rule);

#endif
