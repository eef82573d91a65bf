#include "vm/engine.h"

#include <string.h>

#include "vm/fast.h"
#include "vm/sample_program.h"

struct engine {
    struct arena *arena;
    struct factor_binding *factors;
    const struct verified *verified;
    const struct result_plan *plan;
    struct engine_options options;
    struct exact *exact;
    struct fast *fast; /* NULL: not wanted */
    struct fast *sampler; /* NULL: not wanted yet */
    struct engine_samples samples;
    struct zuji_stats stats;
};

/* What fast_set_exact takes. */
static bool find_exactly(void *context, struct batch *batch, uint32_t product, const struct exact_wanted *wanted)
{
    return exact_run_roots(context, batch, product, wanted, NULL);
}

struct engine *engine_new(struct arena *arena, const struct verified *verified, const struct result_plan *plan,
                          struct factor_binding *factors, struct engine_options options)
{
    struct engine *engine = arena_new(arena, struct engine);
    engine->arena = arena;
    engine->factors = factors;
    engine->verified = verified;
    engine->plan = plan;
    engine->options = options;
    engine->exact = exact_new(arena, verified, factors, options.natives, options.cost_limit);
    if (!options.use_exact) {
        engine->fast = fast_new(arena, verified, factors, options.natives, options.cost_limit);
        fast_set_exact(engine->fast, find_exactly, engine->exact);
        if (options.is_plain) {
            fast_set_plain(engine->fast);
        }
    }
    return engine;
}

void engine_free(struct engine *engine)
{
    if (engine != NULL) {
        exact_free(engine->exact);
        fast_free(engine->fast);
        fast_free(engine->sampler);
        batch_free(&engine->samples.batch);
        arena_free(&engine->samples.arena);
    }
}

/* ---- what is counted ---- */

static void count_product(struct engine *engine, const uint16_t *doubts, enum zuji_settled last)
{
    struct zuji_stats *stats = &engine->stats;
    stats->settled[last]++;
    for (int d = 0; d < ZUJI_DOUBT_COUNT; d++) {
        for (int s = ZUJI_BY_GRID; s <= (int)last; s++) {
            stats->doubts[d][s] += doubts[s] >> d & 1;
        }
    }
}

/* Why the exact engine had to compute all of it. A failure says so itself; a value that no decision made poison got
   lost. */
static void count_whole(struct engine *engine, uint16_t *doubts, bool is_failed)
{
    if (is_failed) {
        doubts[ZUJI_BY_PRODUCT] = 1 << ZUJI_DOUBT_FAILURE;
    } else if (doubts[ZUJI_BY_PRODUCT] == 0) {
        doubts[ZUJI_BY_PRODUCT] = 1 << ZUJI_DOUBT_PRECISION;
    }
    count_product(engine, doubts, ZUJI_BY_PRODUCT);
}

const struct zuji_stats *engine_stats(const struct engine *engine)
{
    return &engine->stats;
}

/* ---- both engines ---- */

struct product_grids {
    struct fast *fast;
    uint32_t product;
};

static bool is_exactly(void *context, const struct grid_sum *sum, struct grid number, double apart)
{
    const struct product_grids *of = context;
    return fast_is_exactly(of->fast, of->product, sum, number, apart);
}

/* Figures that are not certain are found on the grid where they are ties, and else from the exact values of their parts
   alone. False where they cannot be. */
static bool settle_figures(struct engine *engine, struct batch *batch, uint32_t product, struct outcome *outcome)
{
    struct arena *arena = &batch->arena;
    if (engine->options.is_plain) {
        result_make_amounts(arena, engine->plan, outcome);
        return true;
    }
    enum result_certainty certainty = result_certainty(arena, engine->plan, outcome);
    if (certainty != RESULT_OPEN) {
        return certainty == RESULT_CERTAIN;
    }
    struct product_grids of = {engine->fast, product};
    if (result_settle_on_grid(arena, engine->plan, &(struct result_grids){is_exactly, &of}, outcome)) {
        return true;
    }
    struct outcome exactly;
    struct exact_wanted wanted = {.show = NULL};
    wanted.instructions = result_open_roots(arena, engine->plan, outcome, &wanted.count);
    if (!exact_run_roots(engine->exact, batch, product, &wanted, &exactly) ||
        !result_settle(arena, engine->plan, &exactly, outcome)) {
        outcome->doubts[ZUJI_BY_PRODUCT] |= outcome->doubts[ZUJI_BY_PARTS] | 1 << ZUJI_DOUBT_FIGURE;
        return false;
    }
    return true;
}

/* With as many bits as it takes until every figure is certain. */
static void run_exactly(struct engine *engine, struct batch *batch, uint32_t product, struct outcome *outcome)
{
    bool is_ok = exact_run_product(engine->exact, batch, product, outcome);
    while (is_ok && result_certainty(&batch->arena, engine->plan, outcome) == RESULT_OPEN) {
        is_ok = exact_refine_product(engine->exact, batch, product, outcome);
    }
}

static enum zuji_settled last_step(const struct outcome *outcome)
{
    return outcome->doubts[ZUJI_BY_PARTS] != 0  ? ZUJI_BY_PARTS
           : outcome->doubts[ZUJI_BY_GRID] != 0 ? ZUJI_BY_GRID
                                                : ZUJI_BY_BOUNDS;
}

/* What the fast engine left, and what is not certain, exactly. */
static void settle_product(struct engine *engine, struct batch *batch, uint32_t product, struct outcome *outcome)
{
    if (!outcome->is_marked && settle_figures(engine, batch, product, outcome)) {
        count_product(engine, outcome->doubts, last_step(outcome));
        return;
    }
    if (engine->options.is_plain) {
        outcome->is_failed = true;
        return;
    }
    uint16_t doubts[ZUJI_SETTLED_COUNT];
    memcpy(doubts, outcome->doubts, sizeof doubts);
    run_exactly(engine, batch, product, outcome);
    count_whole(engine, doubts, outcome->is_failed);
}

void engine_run_batch(struct engine *engine, struct batch *batch, struct outcome *outcomes)
{
    static const uint16_t no_doubts[ZUJI_SETTLED_COUNT] = {0};
    engine->stats.products += batch->product_count;
    if (engine->fast != NULL) {
        fast_run_batch(engine->fast, batch, outcomes);
    }
    for (uint32_t p = 0; p < batch->product_count; p++) {
        if (!batch->products[p].is_bound) {
            outcomes[p] = (struct outcome){.is_failed = true, .is_exact = engine->fast == NULL};
            engine->stats.refused++;
        } else if (engine->fast != NULL) {
            settle_product(engine, batch, p, &outcomes[p]);
        } else {
            run_exactly(engine, batch, p, &outcomes[p]);
            count_product(engine, no_doubts, ZUJI_BY_PRODUCT);
        }
    }
}

/* ---- samples ---- */

struct engine_samples *engine_samples(struct engine *engine)
{
    return &engine->samples;
}

void engine_run_samples(struct engine *engine, struct batch *samples, struct outcome *outcomes)
{
    if (engine->sampler == NULL) {
        const struct verified *program = sample_program(engine->arena, engine->verified);
        engine->sampler =
            fast_new(engine->arena, program, engine->factors, engine->options.natives, engine->options.cost_limit);
    }
    fast_run_batch(engine->sampler, samples, outcomes);
    for (uint32_t s = 0; s < samples->product_count; s++) {
        if (outcomes[s].is_marked) {
            (void)exact_run_product(engine->exact, samples, s, &outcomes[s]);
        }
        if (!outcomes[s].is_failed) {
            result_make_amounts(&samples->arena, engine->plan, &outcomes[s]);
        }
    }
}

bool engine_show(struct engine *engine, struct batch *batch, uint32_t product, exact_show *show, void *context)
{
    return exact_show_product(engine->exact, batch, product, show, context);
}
