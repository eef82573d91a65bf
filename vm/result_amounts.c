#include "vm/result_amounts.h"

#include "base/decimal.h"

static void add(struct arena *arena, bool is_exact, struct amount *to, const struct amount *amount)
{
    to->is_given = true;
    if (is_exact) {
        to->exact = rat_add(arena, to->exact, amount->exact);
    } else {
        to->value += amount->value;
    }
}

static struct amount *zeros(struct arena *arena, size_t count)
{
    struct amount *amounts = arena_array(arena, struct amount, count);
    for (size_t i = 0; i < count; i++) {
        amounts[i].exact = RAT_ZERO;
    }
    return amounts;
}

/* Per declared amount: inventory * declared amount / reference. */
static struct amount per_declared(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome,
                                  uint32_t part)
{
    if (outcome->is_exact) {
        struct rat scaled = rat_mul(arena, outcome->part[part], plan->declared);
        return (struct amount){.is_given = true, .exact = rat_div(arena, scaled, outcome->reference)};
    }
    double scaled = outcome->part_double[part] * plan->declared_double;
    return (struct amount){.is_given = true, .exact = RAT_ZERO, .value = scaled / outcome->reference_double};
}

static bool is_negative(const struct amount *amount, bool is_exact)
{
    return is_exact ? rat_sign(amount->exact) < 0 : amount->value < 0;
}

static struct amount magnitude(struct arena *arena, const struct amount *amount)
{
    struct amount result = *amount;
    result.exact = rat_abs(arena, result.exact);
    result.value = result.value < 0 ? -result.value : result.value;
    return result;
}

/* The total, or the sum of the flows' magnitudes where one of them is negative. */
static void find_base(struct arena *arena, struct amounts *amounts, size_t flow_count)
{
    bool has_negative = false;
    for (size_t f = 0; f < flow_count; f++) {
        has_negative =
            has_negative || (amounts->flows[f].is_given && is_negative(&amounts->flows[f], amounts->is_exact));
    }
    if (!has_negative) {
        amounts->base = amounts->total;
        return;
    }
    for (size_t f = 0; f < flow_count; f++) {
        struct amount size = magnitude(arena, &amounts->flows[f]);
        add(arena, amounts->is_exact, &amounts->base, &size);
    }
}

static void to_doubles(struct amount *amounts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        amounts[i].value = rat_to_double(amounts[i].exact);
    }
}

static void take_parts(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome,
                       struct amounts *amounts)
{
    const struct program *program = plan->program;
    for (uint32_t p = 0; p < program->part_count; p++) {
        uint32_t flow = program->parts[p].flow;
        if (!outcome->part_given[p] || !outcome->stage_given[program->flows[flow].stage]) {
            continue;
        }
        struct amount amount = per_declared(arena, plan, outcome, p);
        add(arena, amounts->is_exact, &amounts->flows[flow], &amount);
        add(arena, amounts->is_exact, &amounts->categories[plan->part_category[p]], &amount);
        add(arena, amounts->is_exact, &amounts->gases[plan->part_gas[p]], &amount);
    }
    for (uint32_t f = 0; f < program->flow_count; f++) {
        uint32_t stage = program->flows[f].stage;
        if (amounts->flows[f].is_given) {
            add(arena, amounts->is_exact, &amounts->stages[stage], &amounts->flows[f]);
        }
    }
    for (uint32_t s = 0; s < program->stage_count; s++) {
        amounts->stages[s].is_given = outcome->stage_given[s] != 0; /* carried out, if without emissions */
        if (amounts->stages[s].is_given) {
            add(arena, amounts->is_exact, &amounts->total, &amounts->stages[s]);
        }
    }
    amounts->total.is_given = true;
}

struct amounts *amounts_new(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome)
{
    struct amounts *amounts = arena_new(arena, struct amounts);
    amounts->is_exact = outcome->is_exact;
    amounts->total.exact = RAT_ZERO;
    amounts->base.exact = RAT_ZERO;
    amounts->stages = zeros(arena, plan->stages.count);
    amounts->flows = zeros(arena, plan->flows.count);
    amounts->categories = zeros(arena, plan->categories.count);
    amounts->gases = zeros(arena, plan->gases.count);
    amounts->reports = zeros(arena, plan->reports.count);
    take_parts(arena, plan, outcome, amounts);
    for (uint32_t r = 0; r < plan->reports.count; r++) {
        bool is_given = outcome->output_given == NULL || outcome->output_given[r];
        amounts->reports[r] =
            (struct amount){.is_given = is_given, .exact = RAT_ZERO, .value = is_given ? outcome->output_double[r] : 0};
        if (outcome->is_exact && is_given) {
            amounts->reports[r].exact = outcome->output[r];
        }
    }
    find_base(arena, amounts, plan->flows.count);
    if (amounts->is_exact) {
        to_doubles(&amounts->total, 1);
        to_doubles(amounts->stages, plan->stages.count);
        to_doubles(amounts->flows, plan->flows.count);
        to_doubles(amounts->categories, plan->categories.count);
        to_doubles(amounts->gases, plan->gases.count);
        to_doubles(amounts->reports, plan->reports.count);
    }
    return amounts;
}
