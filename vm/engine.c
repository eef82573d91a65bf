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

/* The fast engine first; then, exactly, what it left and what has a figure whose last digit is not certain. */
static void run_fast(struct engine *engine, struct batch *batch, struct outcome *outcomes)
{
    fast_run_batch(engine->fast, batch, outcomes);
    for (uint32_t p = 0; p < batch->product_count; p++) {
        struct outcome *outcome = &outcomes[p];
        bool is_settled =
            outcome->is_failed || (!outcome->is_marked && result_is_certain(&batch->arena, engine->plan, outcome));
        if (!is_settled) {
            exact_run_product(engine->exact, batch, p, outcome);
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
