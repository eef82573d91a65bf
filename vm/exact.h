/* The exact engine: one product of a batch in exact rationals. It defines the results of rules and words every failure.
   A struct exact lives in the arena it was made in; its working memory is its own and empty between products. Outcomes
   and messages go to the batch. Must not know how data are read or how results are printed. */
#ifndef ZUJI_VM_EXACT_H
#define ZUJI_VM_EXACT_H

#include "vm/batch.h"
#include "vm/verify.h"

enum {
    EXACT_AXIS_ROWS_MAX = 1048576, /* rows of one pair or range axis for one product */
    EXACT_MEBIBYTES_MAX = 2048     /* working memory of one product */
};

struct exact;
struct native_binding; /* native.h */

/* factors and natives may be NULL where the program has none; cost_limit 0 stands for LIMIT_COST. */
struct exact *exact_new(struct arena *arena, const struct verified *verified, struct factor_binding *factors,
                        const struct native_binding *natives, uint64_t cost_limit);
void exact_free(struct exact *exact); /* the working memory; NULL is fine */

/* Computes the product, which must be bound. False (and outcome->is_failed) where it is in error: its messages say why.
 */
bool exact_run_product(struct exact *exact, struct batch *batch, uint32_t product, struct outcome *outcome);
/* Once more, with more bits for numbers that are not known as rationals: where a figure of the outcome, which has not
   failed, could not be rounded with certainty. */
bool exact_refine_product(struct exact *exact, struct batch *batch, uint32_t product, struct outcome *outcome);

/* Computes a bound product once more with the values of all instructions kept, and shows them; nothing is told of it a
   second time. is_ok is false where the product is in error by what it asks for: then some values are poison. False,
   and nothing shown, where it is refused (too costly) or there is no memory for it. */
struct exact_run;
typedef void exact_show(void *context, struct exact_run *run, bool is_ok);
bool exact_show_product(struct exact *exact, struct batch *batch, uint32_t product, exact_show *show, void *context);

/* A slice of a program: instructions, and all that they rest on. */
struct exact_wanted {
    const uint32_t *instructions; /* roots (EMIT, OUTPUT, JUDGE, REQUIRE, WARN), or any others */
    size_t count;
    exact_show *show; /* looks at values: exact_get of a wanted instruction that is no root; NULL: nobody looks */
    void *context;
};
/* Computes of a bound product only what is wanted. The outcome gets what the roots give, and the reference where that
   is wanted; the rest of it holds nothing. It may be NULL where no root is wanted. Nothing is told: no messages, no
   notes. False where a root or the reference fails, or the product is refused: exact_run_product says why. A value
   that is no root may be poison, as nobody may need it: its state says so. is_ok of the show is what is returned;
   nothing is shown where the product is refused. */
bool exact_run_roots(struct exact *exact, struct batch *batch, uint32_t product, const struct exact_wanted *wanted,
                     struct outcome *outcome);

#endif
