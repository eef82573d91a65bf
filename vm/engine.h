/* What runs a bound batch: the one place where the choice between engines is made.
   An engine lives in the arena it was made in but for its working memory (engine_free); outcomes belong to the batch's
   arena. Must not know how data are read or how results are printed. */
#ifndef ZUJI_VM_ENGINE_H
#define ZUJI_VM_ENGINE_H

#include "vm/exact.h"
#include "vm/result.h"

struct engine;

struct engine_options {
    bool use_exact;      /* the exact engine decides every product */
    bool is_plain;       /* for measuring only: doubles alone, which may be wrong */
    uint64_t cost_limit; /* of one product; 0: LIMIT_COST */
    const struct native_binding *natives; /* may be NULL where the program has none */
};
/* factors may be NULL where the program has none. */
struct engine *engine_new(struct arena *arena, const struct verified *verified, const struct result_plan *plan,
                          struct factor_binding *factors, struct engine_options options);
void engine_free(struct engine *engine); /* NULL is fine */
/* Fills the outcome of every product, in order; failures leave their messages with the products. */
void engine_run_batch(struct engine *engine, struct batch *batch, struct outcome *outcomes);
/* The engine's memory for samples: of one product at a time, as they may be many. */
struct engine_samples {
    struct batch batch;      /* of samples that are computed at once; its arena goes with the engine */
    struct arena arena;      /* of what is kept of them: likewise */
    const void *of;          /* whose samples they are; NULL: nobody's */
    struct sampled *sampled; /* montecarlo.h */
};
struct engine_samples *engine_samples(struct engine *engine);
/* Computes samples: in doubles whose decisions are certain, and those that these cannot decide exactly. The amounts of outcomes
   that have not failed are made; their figures are those of doubles, and not looked at closer. Stats do not count them. */
void engine_run_samples(struct engine *engine, struct batch *samples, struct outcome *outcomes);
const struct zuji_stats *engine_stats(const struct engine *engine); /* of all batches so far */

/* See exact_show_product. */
bool engine_show(struct engine *engine, struct batch *batch, uint32_t product, exact_show *show, void *context);

#endif
