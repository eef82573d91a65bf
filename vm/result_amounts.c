#include "vm/result_amounts.h"

#include <string.h>

#include "base/decimal.h"

/* exact is NULL where the outcome is in doubles. */
static void add(struct arena *arena, struct amounts *amounts, size_t to, double value, const struct rat *exact)
{
    amounts->given[to] = 1;
    if (exact != NULL) {
        amounts->exact[to] = rat_add(arena, amounts->exact[to], *exact);
    } else {
        amounts->value[to] += value;
    }
}

static void add_figure(struct arena *arena, struct amounts *amounts, size_t to, size_t from)
{
    add(arena, amounts, to, amounts->value[from], amounts->is_exact ? &amounts->exact[from] : NULL);
}

/* Per declared amount: inventory * declared amount / reference. */
static void add_part(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row, uint32_t part,
                     struct amounts *amounts)
{
    const struct part_figures *to = &plan->parts[part];
    double value = 0;
    struct rat exact;
    if (amounts->is_exact) {
        exact = rat_div(arena, rat_mul(arena, row->part[part], plan->declared), row->reference);
    } else {
        value = row->part_double[part] * plan->declared_double / row->reference_double;
    }
    const struct rat *exactly = amounts->is_exact ? &exact : NULL;
    add(arena, amounts, to->flow, value, exactly);
    add(arena, amounts, to->category, value, exactly);
    add(arena, amounts, to->gas, value, exactly);
}

static void take_parts(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                       struct amounts *amounts)
{
    const struct program *program = plan->program;
    for (uint32_t p = 0; p < program->part_count; p++) {
        if (row->part_given[p] && row->stage_given[plan->parts[p].stage]) {
            add_part(arena, plan, row, p, amounts);
        }
    }
    for (uint32_t f = 0; f < program->flow_count; f++) {
        if (amounts->given[plan->flows.first + f]) {
            add_figure(arena, amounts, plan->stages.first + program->flows[f].stage, plan->flows.first + f);
        }
    }
    for (uint32_t s = 0; s < program->stage_count; s++) {
        size_t stage = plan->stages.first + s;
        amounts->given[stage] = row->stage_given[s] != 0; /* carried out, if without emissions */
        if (amounts->given[stage]) {
            add_figure(arena, amounts, FIGURE_TOTAL, stage);
        }
    }
    amounts->given[FIGURE_TOTAL] = 1;
}

static void take_reports(const struct result_plan *plan, const struct outcome_row *row, struct amounts *amounts)
{
    for (size_t r = 0; r < plan->reports.count; r++) {
        size_t figure = plan->reports.first + r;
        amounts->given[figure] = row->output_given[r];
        if (!amounts->given[figure]) {
            continue;
        }
        if (amounts->is_exact) {
            amounts->exact[figure] = row->output[r];
        } else {
            amounts->value[figure] = row->output_double[r];
        }
    }
}

/* ---- shares ---- */

static bool is_negative(const struct amounts *amounts, size_t figure)
{
    return amounts->is_exact ? rat_sign(amounts->exact[figure]) < 0 : amounts->value[figure] < 0;
}

/* The total, or the sum of the flows' magnitudes where one of them is negative. */
static void find_base(struct arena *arena, struct amounts *amounts, const struct result_figures *flows)
{
    size_t end = flows->first + flows->count;
    bool has_negative = false;
    for (size_t f = flows->first; f < end; f++) {
        has_negative = has_negative || is_negative(amounts, f);
    }
    amounts->base = has_negative ? 0 : amounts->value[FIGURE_TOTAL];
    amounts->base_exact = has_negative || !amounts->is_exact ? RAT_ZERO : amounts->exact[FIGURE_TOTAL];
    for (size_t f = flows->first; has_negative && f < end; f++) {
        if (amounts->is_exact) {
            amounts->base_exact = rat_add(arena, amounts->base_exact, rat_abs(arena, amounts->exact[f]));
        } else {
            amounts->base += amounts->value[f] < 0 ? -amounts->value[f] : amounts->value[f];
        }
    }
}

double amounts_share(struct arena *arena, const struct amounts *amounts, size_t figure)
{
    if (amounts->is_exact) {
        bool is_zero = rat_sign(amounts->base_exact) == 0;
        return is_zero ? 0 : rat_to_double(rat_div(arena, amounts->exact[figure], amounts->base_exact));
    }
    return amounts->base > 0 || amounts->base < 0 ? amounts->value[figure] / amounts->base : 0;
}

/* ---- all ---- */

bool amounts_find_out_of_range(const struct amounts *amounts, size_t count, size_t *figure)
{
    const double figure_max = 1e300;
    for (size_t f = 0; f < count; f++) {
        bool is_in_range = amounts->value[f] <= figure_max && amounts->value[f] >= -figure_max; /* not so for NaN */
        if (!is_in_range) {
            *figure = f;
            return true;
        }
    }
    return false;
}

struct amounts *amounts_new(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                            bool is_exact)
{
    struct amounts *amounts = arena_new(arena, struct amounts);
    amounts->is_exact = is_exact;
    amounts->given = arena_array(arena, uint8_t, plan->figure_count);
    amounts->value = arena_array(arena, double, plan->figure_count);
    if (is_exact) {
        amounts->exact = arena_array(arena, struct rat, plan->figure_count);
        for (size_t f = 0; f < plan->figure_count; f++) {
            amounts->exact[f] = RAT_ZERO;
        }
    }
    take_parts(arena, plan, row, amounts);
    take_reports(plan, row, amounts);
    find_base(arena, amounts, &plan->flows);
    for (size_t f = 0; amounts->is_exact && f < plan->figure_count; f++) {
        amounts->value[f] = rat_to_double(amounts->exact[f]);
    }
    return amounts;
}
