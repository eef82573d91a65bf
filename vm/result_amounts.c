#include "vm/result_amounts.h"

#include <math.h>
#include <string.h>

#include "base/decimal.h"

/* What one part, or one figure, adds to another; in doubles with a bound on its error, or exactly. */
struct amount {
    double value, bound;
    struct rat exact;
};

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

static void add(struct arena *arena, struct amounts *amounts, size_t to, const struct amount *amount)
{
    amounts->given[to] = 1;
    if (amounts->is_exact) {
        amounts->exact[to] = rat_add(arena, amounts->exact[to], amount->exact);
    } else {
        amounts->value[to] += amount->value;
        amounts->bound[to] += amount->bound + AMOUNT_ROUNDOFF * size_of(amounts->value[to]);
    }
}

static void add_figure(struct arena *arena, struct amounts *amounts, size_t to, size_t from)
{
    struct amount amount = {.value = amounts->value[from]};
    if (amounts->is_exact) {
        amount.exact = amounts->exact[from];
    } else {
        amount.bound = amounts->bound[from];
    }
    add(arena, amounts, to, &amount);
}

/* What turns the inventory of a row into amounts per declared amount: * declared amount / reference. */
struct per_declared {
    const struct result_plan *plan;
    const struct outcome_row *row;
    bool is_exact;
    double error; /* relative, of the reference and of what is computed: the declared amount, product and quotient */
};

static struct per_declared per_declared(const struct result_plan *plan, const struct outcome_row *row, bool is_exact)
{
    struct per_declared per = {.plan = plan, .row = row, .is_exact = is_exact};
    if (!is_exact) {
        per.error = row->reference_bound / row->reference_double + 3 * AMOUNT_ROUNDOFF;
    }
    return per;
}

static struct amount amount_of(struct arena *arena, const struct per_declared *per, uint32_t part)
{
    struct amount amount = {.value = 0};
    if (per->is_exact) {
        struct rat product = rat_mul(arena, per->row->part[part], per->plan->declared);
        amount.exact = rat_div(arena, product, per->row->reference);
        return amount;
    }
    const struct outcome_row *row = per->row;
    double declared = per->plan->declared_double;
    amount.value = row->part_double[part] * declared / row->reference_double;
    amount.bound = row->part_bound[part] * declared / row->reference_double + size_of(amount.value) * per->error;
    bool is_zero = row->part_double[part] == 0 && row->part_bound[part] == 0;
    if (!is_zero && !(size_of(amount.value) + amount.bound >= AMOUNT_LEAST)) {
        amount.bound = INFINITY; /* what is below that may have got lost */
    }
    return amount;
}

static void add_part(struct arena *arena, const struct per_declared *per, uint32_t part, struct amounts *amounts)
{
    const struct part_figures *to = &per->plan->parts[part];
    struct amount amount = amount_of(arena, per, part);
    if (to->is_in_flow) {
        add(arena, amounts, to->flow, &amount);
    }
    if (to->is_in_category) {
        add(arena, amounts, to->category, &amount);
    }
    if (to->is_summed) {
        add(arena, amounts, to->gas, &amount);
    }
}

static bool is_part_given(const struct result_plan *plan, const struct outcome_row *row, uint32_t part)
{
    return row->part_given[part] && row->stage_given[plan->parts[part].stage];
}

static void take_parts(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                       struct amounts *amounts)
{
    const struct program *program = plan->program;
    struct per_declared per = per_declared(plan, row, amounts->is_exact);
    for (uint32_t p = 0; p < program->part_count; p++) {
        if (is_part_given(plan, row, p)) {
            add_part(arena, &per, p, amounts);
        }
    }
    for (uint32_t f = 0; f < program->flow_count; f++) {
        if (amounts->given[plan->flows.first + f] && !plan->flow_is_apart[f]) {
            add_figure(arena, amounts, plan->stages.first + program->flows[f].stage, plan->flows.first + f);
        }
    }
    for (uint32_t s = 0; s < program->stage_count; s++) {
        size_t stage = plan->stages.first + s;
        amounts->given[stage] = row->stage_given[s] != 0; /* carried out, if without emissions */
        if (amounts->given[stage] && !plan->stage_is_apart[s]) {
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
            amounts->bound[figure] = row->output_bound[r];
        }
    }
}

/* ---- shares ---- */

static bool is_negative(const struct amounts *amounts, size_t figure)
{
    return amounts->is_exact ? rat_sign(amounts->exact[figure]) < 0 : amounts->value[figure] < 0;
}

/* The total, or the sum of the flows' magnitudes where one of them is negative. Those apart do not count. */
void amounts_find_base(struct arena *arena, const struct result_plan *plan, struct amounts *amounts)
{
    const struct result_figures *flows = &plan->flows;
    size_t end = flows->first + flows->count;
    bool has_negative = false;
    for (size_t f = flows->first; f < end; f++) {
        has_negative = has_negative || (!flows->items[f - flows->first].is_apart && is_negative(amounts, f));
    }
    amounts->base = has_negative ? 0 : amounts->value[FIGURE_TOTAL];
    amounts->base_exact = has_negative || !amounts->is_exact ? RAT_ZERO : amounts->exact[FIGURE_TOTAL];
    for (size_t f = flows->first; has_negative && f < end; f++) {
        if (flows->items[f - flows->first].is_apart) {
            continue;
        }
        if (amounts->is_exact) {
            struct rat base = rat_add(arena, amounts->base_exact, rat_abs(arena, amounts->exact[f]));
            amounts->base_exact = rat_bounded(arena, base, LIMIT_RATIONAL_BITS, amounts->bits);
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

static struct amounts *amounts_in(struct arena *arena, size_t count, bool is_exact)
{
    struct amounts *amounts = arena_new(arena, struct amounts);
    amounts->is_exact = is_exact;
    amounts->given = arena_array(arena, uint8_t, count);
    amounts->value = arena_array(arena, double, is_exact ? count : 2 * count);
    amounts->bound = is_exact ? NULL : amounts->value + count;
    if (is_exact) {
        amounts->exact = arena_array(arena, struct rat, count);
        for (size_t f = 0; f < count; f++) {
            amounts->exact[f] = RAT_ZERO;
        }
    }
    return amounts;
}

/* What is not told from 0 is 0: for good where no more bits would tell it. */
static void find_doubles(struct amounts *amounts, size_t count)
{
    for (size_t f = 0; amounts->is_exact && f < count; f++) {
        bool is_zero = rat_sign(amounts->exact[f]) == 0;
        amounts->exact[f] = is_zero && rat_is_final(amounts->exact[f]) ? RAT_ZERO : amounts->exact[f];
        amounts->value[f] = is_zero ? 0 : rat_to_double(amounts->exact[f]);
    }
}

static struct amounts *basic_amounts(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                                     size_t room, bool is_exact)
{
    struct amounts *amounts = amounts_in(arena, room, is_exact);
    amounts->bits = row->bits;
    take_parts(arena, plan, row, amounts);
    take_reports(plan, row, amounts);
    amounts_find_base(arena, plan, amounts);
    return amounts;
}

struct amounts *amounts_new(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                            bool is_exact)
{
    struct amounts *amounts = basic_amounts(arena, plan, row, plan->figure_count, is_exact);
    find_doubles(amounts, plan->figure_count);
    return amounts;
}

/* ---- full detail ---- */

/* A phase that is declared is the sum of its stages, absent where none is carried out; one that is zero is 0. */
static void take_phases(struct arena *arena, const struct result_plan *plan, struct amounts *amounts)
{
    const struct program *program = plan->program;
    for (uint32_t i = 0; i < program->phase_count; i++) {
        amounts->given[plan->phases.first + i] = program->phases[i].state == PHASE_ZERO;
    }
    for (uint32_t s = 0; s < program->stage_count; s++) {
        uint32_t phase = program->stages[s].phase;
        if (phase != NO_INDEX && amounts->given[plan->stages.first + s]) {
            add_figure(arena, amounts, plan->phases.first + phase, plan->stages.first + s);
        }
    }
}

/* As stages are: without flows that are apart, unless all of them are. */
static void take_processes(struct arena *arena, const struct result_plan *plan, struct amounts *amounts)
{
    for (uint32_t f = 0; f < plan->program->flow_count; f++) {
        uint32_t process = plan->flow_process[f];
        bool is_given = process != NO_INDEX && amounts->given[plan->flows.first + f];
        if (is_given && (!plan->flow_is_apart[f] || plan->processes.items[process].is_apart)) {
            add_figure(arena, amounts, plan->processes.first + process, plan->flows.first + f);
        }
    }
}

/* A part counts in a member unless another member is apart that it is in too. */
static void add_to_members(struct arena *arena, const struct result_plan *plan, uint32_t part,
                           const struct amount *amount, struct amounts *amounts)
{
    const struct program *program = plan->program;
    const struct prog_flow *flow = &program->flows[program->parts[part].flow];
    for (uint32_t k = 0; plan->parts[part].is_in_members && k < flow->member_count; k++) {
        size_t member = plan->first_member[flow->members[k].breakdown] + flow->members[k].member;
        uint32_t others_apart = plan->parts[part].members_apart - (plan->members.items[member].is_apart != 0);
        if (others_apart == 0) {
            add(arena, amounts, plan->members.first + member, amount);
        }
    }
}

/* The other sums of one part. The totals with and without biogenic removals differ by just those, apart or not. */
static void add_to_sums(struct arena *arena, const struct result_plan *plan, uint32_t part, const struct amount *amount,
                        struct amounts *amounts)
{
    const struct part_figures *of = &plan->parts[part];
    uint8_t kind = plan->program->flows[plan->program->parts[part].flow].kind;
    bool is_with = of->is_summed || (of->is_removal && of->is_in_category);
    if (plan->has_removals && is_with) {
        add(arena, amounts, plan->sums.first + SUM_WITH_REMOVALS, amount);
    }
    if (plan->has_removals && of->is_summed && !of->is_removal) {
        add(arena, amounts, plan->sums.first + SUM_WITHOUT_REMOVALS, amount);
    }
    if (kind == FLOW_REMOVAL) {
        add(arena, amounts, plan->sums.first + SUM_REMOVALS, amount);
    } else if (kind == FLOW_CREDIT) {
        add(arena, amounts, plan->sums.first + SUM_CREDITS, amount);
    }
}

struct amounts *amounts_detailed(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                                 bool is_exact)
{
    struct amounts *amounts = basic_amounts(arena, plan, row, plan->all_count, is_exact);
    struct per_declared per = per_declared(plan, row, is_exact);
    take_processes(arena, plan, amounts);
    take_phases(arena, plan, amounts);
    for (uint32_t p = 0; p < plan->program->part_count; p++) {
        if (is_part_given(plan, row, p)) {
            struct amount amount = amount_of(arena, &per, p);
            if (plan->parts[p].is_in_cell) {
                add(arena, amounts, plan->parts[p].cell, &amount);
                add(arena, amounts, plan->parts[p].all_gases, &amount);
            }
            add_to_members(arena, plan, p, &amount, amounts);
            add_to_sums(arena, plan, p, &amount, amounts);
        }
    }
    find_doubles(amounts, plan->all_count);
    return amounts;
}
