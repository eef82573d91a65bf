#include "vm/engine.h"

#include "vm/fast.h"

struct engine {
    const struct verified *verified;
    const struct result_plan *plan;
    struct engine_options options;
    struct exact *exact;
    struct fast *fast; /* NULL: not wanted */
};

struct engine *engine_new(struct arena *arena, const struct verified *verified, const struct result_plan *plan,
                          struct factor_binding *factors, struct engine_options options)
{
    struct engine *engine = arena_new(arena, struct engine);
    engine->verified = verified;
    engine->plan = plan;
    engine->options = options;
    engine->exact = exact_new(arena, verified, factors, options.natives, options.cost_limit);
    if (!options.use_exact) {
        engine->fast = fast_new(arena, verified, factors, options.natives, options.cost_limit);
    }
    return engine;
}

void engine_free(struct engine *engine)
{
    if (engine != NULL) {
        exact_free(engine->exact);
        fast_free(engine->fast);
    }
}

/* Figures whose last digit is not certain are found from the exact values of their parts alone. */
static bool is_settled(struct engine *engine, struct batch *batch, uint32_t product, struct outcome *outcome)
{
    struct arena *arena = &batch->arena;
    if (outcome->is_failed || outcome->is_marked) {
        return outcome->is_failed;
    }
    enum result_certainty certainty = result_certainty(arena, engine->plan, outcome);
    if (certainty != RESULT_OPEN) {
        return certainty == RESULT_CERTAIN;
    }
    struct outcome exactly;
    struct exact_wanted wanted = {.show = NULL};
    wanted.instructions = result_open_roots(arena, engine->plan, outcome, &wanted.count);
    if (!exact_run_roots(engine->exact, batch, product, &wanted, &exactly)) {
        return false;
    }
    result_settle(arena, engine->plan, &exactly, outcome);
    return true;
}

/* The fast engine first; then, exactly, what it left and what is not certain. */
static void run_fast(struct engine *engine, struct batch *batch, struct outcome *outcomes)
{
    fast_run_batch(engine->fast, batch, outcomes);
    for (uint32_t p = 0; p < batch->product_count; p++) {
        if (!is_settled(engine, batch, p, &outcomes[p])) {
            exact_run_product(engine->exact, batch, p, &outcomes[p]);
        }
    }
}

void engine_run_batch(struct engine *engine, struct batch *batch, struct outcome *outcomes)
{
    if (engine->fast != NULL) {
        run_fast(engine, batch, outcomes);
        return;
    }
    for (uint32_t p = 0; p < batch->product_count; p++) {
        if (batch->products[p].is_bound) {
            exact_run_product(engine->exact, batch, p, &outcomes[p]);
        } else {
            outcomes[p] = (struct outcome){.is_failed = true, .is_exact = true};
        }
    }
}

bool engine_show(struct engine *engine, struct batch *batch, uint32_t product, exact_show *show, void *context)
{
    return exact_show_product(engine->exact, batch, product, show, context);
}
