/* Inference of kinds: terms of an Abelian group (generators of units and variables with integer exponents), unified as
   Kennedy does. Terms are numbered; numbers stay valid as long as the arena given. Scales play no part here.
   Must not know of expressions. */
#ifndef ZUJI_COMPILER_KINDS_H
#define ZUJI_COMPILER_KINDS_H

#include "base/unit.h"

enum { KIND_VARIABLES_MAX = 16, KIND_VARIABLE_EXPONENT_MAX = 1000 };
#define KIND_TOO_LARGE                                                                                                 \
    UINT32_MAX /* of functions that give a term: an exponent or a number of factors is out of bounds */

struct kind_term {
    struct kind constant;
    struct {
        uint32_t variable;
        int32_t exponent;
    } variables[KIND_VARIABLES_MAX]; /* sorted by variable, no zero exponents */
    uint32_t count;
};

struct kinds {
    struct arena *arena;
    struct kind_term *terms;
    size_t count, cap;
    uint32_t *solutions; /* of each variable: its term, or KIND_TOO_LARGE while it is free */
    size_t variable_count, variable_cap;
};

struct kinds kinds_in(struct arena *arena);
uint32_t kinds_constant(struct kinds *kinds, struct kind kind);
uint32_t kinds_variable(struct kinds *kinds);                                    /* a term that is one new variable */
uint32_t kinds_multiply(struct kinds *kinds, uint32_t a, uint32_t b, int power); /* a * b^power */
uint32_t kinds_power(struct kinds *kinds, uint32_t a, int power);
/* Makes both equal by solving variables; false, with nothing solved for good that would matter, where they cannot be.
 */
bool kinds_unify(struct kinds *kinds, uint32_t a, uint32_t b);
/* True where no free variable is left; kind (may be NULL) receives what it is. */
bool kinds_is_known(const struct kinds *kinds, uint32_t id, struct kind *kind);
/* The generators of the term as far as they are known, without the free variables. */
struct kind kinds_known_part(const struct kinds *kinds, uint32_t id);

/* A copy of a generic term with new variables for the free ones; the same old variable gives the same new one within
   one renaming. */
struct kind_renaming {
    struct {
        uint32_t from, to;
    } pairs[2 * KIND_VARIABLES_MAX];
    uint32_t count;
};
uint32_t kinds_instantiate(struct kinds *kinds, struct kind_renaming *renaming, uint32_t id);

#endif
