/* The verifier: makes sure that a program read from a file may be run (MACHINE 1.4): operands, axes, types, units, tables, costs.
   One pass, no recursion, linear; shares no code with the compiler. Results live in the arena given.
   Must not know how the engines work. */
#ifndef ZUJI_VM_VERIFY_H
#define ZUJI_VM_VERIFY_H

#include "vm/program.h"

/* The cost of one product: sum of weight * product of list lengths, in units of one instruction on one row. */
struct cost_term {
    uint64_t weight;
    uint32_t lists[3]; /* field ids of lists whose lengths (totals over the product) multiply; NO_INDEX unused; sorted */
};
struct verified {
    const struct program *program;
    struct value_shape *shapes; /* of each instruction */
    struct cost_term *cost;     /* at most 32 terms, constant term first */
    uint32_t cost_count;
};

/* NULL where the program is refused; messages say which instruction and why. */
struct verified *verify_program(struct arena *arena, const struct program *program, struct diags *out);
/* "460 + 90·materials + 6·disabled" */
struct str cost_text(struct arena *arena, const struct verified *verified);
/* Cost of a product with these list lengths (by field id; entries of non-lists are ignored), saturating. */
uint64_t cost_of(const struct verified *verified, const uint64_t *list_lengths);

#endif
