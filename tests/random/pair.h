/* A drawn rule with data for it.
   Lives in the arena that it was made in. Must not know how it is drawn or run. */
#ifndef ZUJI_TESTS_RANDOM_PAIR_H
#define ZUJI_TESTS_RANDOM_PAIR_H

#include "tests/random/tree.h"

enum construct {
#define CONSTRUCT(name, words) HAS_##name,
#include "tests/random/constructs.def"
#undef CONSTRUCT
    CONSTRUCT_COUNT
};

struct pair {
    struct tree tree;
    struct node *rule, *base, *factors; /* files; base, factors may be NULL */
    struct node *records;               /* a sequence of lines */
    bool has_order;                     /* the order of rows may matter */
    bool has_rows;
    uint32_t counts[CONSTRUCT_COUNT];
};
struct pair pair_draw(struct arena *arena, uint64_t seed);

#endif
