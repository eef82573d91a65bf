/* The fast engine: all products of a batch at once, in columns of doubles with bounds on their errors. What it does not
   mark is what the exact engine would say: the same decisions, statuses and notes, and figures within a relative 2^-41.
   A struct fast owns its working memory; outcomes go to the batch's arena.
   Must not know how data are read, how results are printed, or the words of failures. */
#ifndef ZUJI_VM_FAST_H
#define ZUJI_VM_FAST_H

#include "vm/batch.h"
#include "vm/grid.h"
#include "vm/verify.h"

struct fast;
struct native_binding; /* native.h */

/* factors and natives may be NULL where the program has none; cost_limit 0 stands for LIMIT_COST. The arena keeps the plan. */
struct fast *fast_new(struct arena *arena, const struct verified *verified, struct factor_binding *factors,
                      const struct native_binding *natives, uint64_t cost_limit);
/* Test hook: blocks of pairs and ranges hold about so many rows; at first LIMIT_CHUNK_ROWS. Nothing depends on it but memory. */
void fast_set_block_rows(struct fast *fast, uint32_t rows);
/* Test hook: shown every value once its column is computed, with the bound of its error (fast_run.h). */
struct fast_run;
struct step;
typedef void fast_watch(void *context, struct fast_run *run, const struct step *step);
void fast_set_watch(struct fast *fast, fast_watch *watch, void *context);
/* Computes what is wanted of a product exactly (exact_run_roots). */
struct exact_wanted;
typedef bool fast_exact(void *context, struct batch *batch, uint32_t product, const struct exact_wanted *wanted);
/* Single decisions that doubles leave open may be asked of it; else, as where none is set, their product is left. */
void fast_set_exact(struct fast *fast, fast_exact *exactly, void *context);
/* For measuring what certainty costs, before the first batch: doubles alone, without bounds, checks of range and doubts.
   What comes out may be wrong. */
void fast_set_plain(struct fast *fast);
void fast_free(struct fast *fast); /* the working memory; NULL is fine */

/* Fills the outcome of every product; what it points to is in the batch's arena. Products that are not bound have
   failed. Products that fail, or that doubles cannot decide, are marked (and nothing else of their outcome holds): the
   exact engine is to run them. */
void fast_run_batch(struct fast *fast, struct batch *batch, struct outcome *outcomes);

/* Is a sum in a product of the last batch exactly a number on the grid, from which it is not further away than `apart`? */
bool fast_is_exactly(struct fast *fast, uint32_t product, const struct grid_sum *sum, struct grid number, double apart);

#endif
