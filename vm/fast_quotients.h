/* Internal to vm/fast_grid.c and vm/fast_quotients.c: values as quotients of numbers on grids. Must not be included by
   others.

   A value is a quotient: a number on a grid over the values of some instructions, its *divisors*, each again without
   its own divisors. Where it may be a number t, from which it is not further away than e,

       value - t = (numerator - t d1 d2) / (d1 d2)

   and what is in the brackets lies on a grid: it is 0 where e |d1 d2| is less than the unit of that grid.

   A divisor may be 0 or fail: then nothing that is known was divided by it, as in a branch that is not taken or a sum
   of no rows, and any other number may stand for it, for value = value d / d. The least of its grid does; so a divisor
   is reckoned with as one unit at least. */
#ifndef ZUJI_VM_FAST_QUOTIENTS_H
#define ZUJI_VM_FAST_QUOTIENTS_H

#include "vm/fast_run.h"

enum { DIVISORS_MAX = 4 };
#define ALL_PRODUCTS UINT32_MAX

struct quotient {
    struct grid grid;                /* of the numerator */
    double most;                     /* the value is not larger in size */
    double numerator;                /* nor is the numerator; known once the instruction was found */
    uint32_t divisors[DIVISORS_MAX]; /* instructions, ascending; one may come several times */
    uint8_t count;
};

struct store { /* of the product at hand, or of all */
    bool is_open;
    uint32_t product;
    uint32_t stamp;   /* of what is at hand; no two are alike */
    uint32_t *stamps; /* by instruction: its quotient is that with this stamp */
    struct quotient *quotients;
    uint32_t *stack; /* instructions that are to be found */
};

/* The engine and the store that a question is put to. */
struct asking {
    const struct fast *engine;
    const struct batch *batch;
    struct store *store;
};

/* The operands that the quotient of an instruction is made of; their number. */
int quotient_operands(const struct asking *asking, const struct instruction *at, uint32_t operands[2]);
/* Of an instruction, from those of its operands. */
struct quotient quotient_of(const struct asking *asking, uint32_t instruction, const struct quotient *a,
                            const struct quotient *b);
struct quotient quotient_of_leaf(const struct asking *asking, uint32_t instruction); /* it has no operands */

/* Of a sum of both, or of one of the two; `most`: the value is not larger. */
struct quotient quotient_join(const struct asking *asking, const struct quotient *a, const struct quotient *b,
                              double most);
struct quotient quotient_times(const struct quotient *a, struct rat number);
/* The instruction that gives what this one hands on, to rows inside its own. */
uint32_t quotient_source(const struct asking *asking, uint32_t instruction);
/* Over the value of an instruction that was found, which is not 0. */
struct quotient quotient_over(const struct asking *asking, const struct quotient *a, uint32_t instruction);
/* Where rows are left: a divisor that differs from row to row would stand for several numbers. */
struct quotient quotient_in_any_row(const struct asking *asking, const struct quotient *a);
/* A size that nothing may exceed, kept where doubles hold all its digits: a larger one is as good. */
double quotient_size(double most);
/* The divisors together are not larger in size. */
double quotient_most_of_divisors(const struct asking *asking, const struct quotient *value);

#endif
