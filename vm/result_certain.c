/* Which figures of an outcome are certain, and taking those of doubles that are not from exact values. */
#include <string.h>

#include "base/decimal.h"
#include "vm/result_amounts.h"
#include "vm/round.h"

#define PROMISED 0x1p-40 /* the relative error of figures */

static bool is_imprecise(const struct amounts *amounts, size_t figure)
{
    double size = amounts->value[figure] < 0 ? -amounts->value[figure] : amounts->value[figure];
    return amounts->bound[figure] * AMOUNT_WIDER > PROMISED * size;
}

/* What was lost where enclosures cancel is found again with more bits: in the end a figure is told from 0, or is 0. */
static bool is_enclosed_well(struct arena *arena, struct rat value)
{
    struct rat low;
    struct rat high;
    if (rat_is_final(value)) {
        return true;
    }
    rat_ends(arena, value, &low, &high);
    struct rat least = rat_sign(low) < 0 ? rat_neg(arena, high) : low;
    struct rat share = rat_of(arena, 1, (int128)1 << 60);
    return rat_cmp(arena, rat_sub(arena, high, low), rat_mul(arena, least, share)) <= 0;
}

static bool is_open(struct arena *arena, const struct result_plan *plan, const struct amounts *amounts, size_t figure)
{
    struct prog_round how = plan->rounds[figure];
    bool is_settled = amounts->settled != NULL && amounts->settled[figure].text.len > 0;
    if (!amounts->given[figure] || is_settled) {
        return false;
    }
    if (amounts->is_exact) {
        return !is_enclosed_well(arena, amounts->exact[figure]) ||
               !round_exact_is_certain(arena, amounts->exact[figure], how);
    }
    return is_imprecise(amounts, figure) ||
           !round_is_certain(arena, amounts->value[figure], amounts->bound[figure] * AMOUNT_WIDER, how);
}

/* The next figure that may be open, with room for what AMOUNT_WIDER covers; those that are absent are 0. None that is
   out of range is passed over. */
static size_t next_doubt(const struct result_plan *plan, const struct amounts *amounts, size_t from)
{
    return amounts->is_exact ? from
                             : round_next_doubt(amounts->value, amounts->bound, plan->tests, PROMISED / AMOUNT_WIDER,
                                                from, plan->figure_count);
}

static enum result_certainty certainty_of(struct arena *arena, const struct result_plan *plan, bool is_exact,
                                          struct outcome_row *row)
{
    size_t figure;
    row->amounts = amounts_new(arena, plan, row, is_exact);
    size_t first = next_doubt(plan, row->amounts, 0);
    if (first < plan->figure_count && amounts_find_out_of_range(row->amounts, plan->figure_count, &figure)) {
        row->amounts = NULL;
        return RESULT_BEYOND;
    }
    for (size_t f = first; f < plan->figure_count; f = next_doubt(plan, row->amounts, f + 1)) {
        if (is_open(arena, plan, row->amounts, f)) {
            return RESULT_OPEN;
        }
    }
    return RESULT_CERTAIN;
}

enum result_certainty result_certainty(struct arena *arena, const struct result_plan *plan, struct outcome *outcome)
{
    enum result_certainty worst = RESULT_CERTAIN;
    for (uint32_t r = 0; r < outcome->row_count; r++) {
        outcome->rows[r].amounts = NULL;
    }
    for (uint32_t r = 0; r < outcome->row_count && worst != RESULT_BEYOND; r++) {
        enum result_certainty certainty = certainty_of(arena, plan, outcome->is_exact, &outcome->rows[r]);
        worst = certainty > worst ? certainty : worst;
    }
    return worst;
}

void result_make_amounts(struct arena *arena, const struct result_plan *plan, struct outcome *outcome)
{
    for (uint32_t r = 0; r < outcome->row_count; r++) {
        outcome->rows[r].amounts = amounts_new(arena, plan, &outcome->rows[r], outcome->is_exact);
    }
}

/* ---- what open figures are found from ---- */

static bool is_of(const struct result_figures *list, size_t figure)
{
    return figure >= list->first && figure < list->first + list->count;
}

static bool counts_in(const struct result_plan *plan, uint32_t part, size_t figure)
{
    const struct part_figures *of = &plan->parts[part];
    return figure == FIGURE_TOTAL || (is_of(&plan->stages, figure) && plan->stages.first + of->stage == figure) ||
           (of->is_in_flow && of->flow == figure) || (of->is_in_category && of->category == figure) ||
           (of->is_summed && of->gas == figure);
}

static void mark_roots(const struct result_plan *plan, size_t figure, uint8_t *is_wanted)
{
    const struct program *program = plan->program;
    if (is_of(&plan->reports, figure)) {
        is_wanted[program->part_count + (figure - plan->reports.first)] = 1;
        return;
    }
    for (uint32_t p = 0; p < program->part_count; p++) {
        is_wanted[p] |= counts_in(plan, p, figure);
    }
}

const uint32_t *result_open_roots(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome,
                                  size_t *count)
{
    const struct program *program = plan->program;
    size_t roots = (size_t)program->part_count + program->output_count;
    uint8_t *is_wanted = arena_array(arena, uint8_t, roots); /* parts, then reports */
    uint32_t *instructions = arena_array(arena, uint32_t, roots + 1);
    for (uint32_t r = 0; r < outcome->row_count; r++) {
        for (size_t f = 0; f < plan->figure_count; f++) {
            if (is_open(arena, plan, outcome->rows[r].amounts, f)) {
                mark_roots(plan, f, is_wanted);
            }
        }
    }
    *count = 0;
    for (size_t i = 0; i < roots; i++) {
        bool is_part = i < program->part_count;
        if (is_wanted[i]) {
            instructions[(*count)++] = is_part ? plan->part_roots[i] : plan->report_roots[i - program->part_count];
        }
    }
    instructions[(*count)++] = program->rule.reference;
    return instructions;
}

/* ---- settling ---- */

static void make_settled(struct arena *arena, const struct result_plan *plan, struct amounts *amounts)
{
    if (amounts->settled == NULL) {
        amounts->settled = arena_array(arena, struct reported, plan->figure_count);
    }
}

/* What is open about a figure of doubles, as a bit. */
static uint16_t doubt_of(const struct amounts *amounts, size_t figure)
{
    return (uint16_t)(1 << (is_imprecise(amounts, figure) ? ZUJI_DOUBT_PRECISION : ZUJI_DOUBT_FIGURE));
}

static bool settle_row(struct arena *arena, const struct result_plan *plan, struct outcome_row *exactly,
                       const struct outcome_row *row, uint16_t *doubts)
{
    struct amounts *amounts = row->amounts;
    exactly->stage_given = row->stage_given;
    const struct amounts *exact = amounts_new(arena, plan, exactly, true);
    make_settled(arena, plan, amounts);
    for (size_t f = 0; f < plan->figure_count; f++) {
        if (is_open(arena, plan, amounts, f)) {
            *doubts |= doubt_of(amounts, f);
            if (!round_exact_is_certain(arena, exact->exact[f], plan->rounds[f])) {
                return false;
            }
            amounts->settled[f] = round_exact(arena, exact->exact[f], plan->rounds[f]);
            amounts->value[f] = exact->value[f];
        }
    }
    amounts_find_base(arena, plan, amounts);
    return true;
}

bool result_settle(struct arena *arena, const struct result_plan *plan, const struct outcome *exactly,
                   struct outcome *outcome)
{
    bool is_settled = true;
    for (uint32_t r = 0; r < outcome->row_count && is_settled; r++) {
        is_settled = settle_row(arena, plan, &exactly->rows[r], &outcome->rows[r], &outcome->doubts[ZUJI_BY_PARTS]);
    }
    return is_settled;
}

/* ---- ties on the grid ---- */

struct settling {
    struct arena *arena;
    const struct result_plan *plan;
    const struct result_grids *grids;
    const struct outcome_row *row;
    uint8_t *roots;  /* of the figure at hand: by part, then by report */
    uint32_t *terms; /* their instructions */
};

/* Is the figure exactly a number on this grid, from which it is not further away than `apart`? A figure is the sum of
   its parts times the declared amount, over the reference; a report is its own. */
static bool is_at(const struct settling *on, size_t figure, struct grid number, double apart)
{
    const struct program *program = on->plan->program;
    size_t count = (size_t)program->part_count + program->output_count;
    bool is_report = is_of(&on->plan->reports, figure);
    struct grid_sum sum = {.terms = on->terms, .times = RAT_ONE, .over = NO_OPERAND};
    memset(on->roots, 0, count);
    mark_roots(on->plan, figure, on->roots);
    for (size_t i = 0; i < count; i++) {
        bool is_part = i < program->part_count;
        if (on->roots[i] && (!is_part || on->row->part_given[i])) {
            on->terms[sum.count++] =
                is_part ? on->plan->part_roots[i] : on->plan->report_roots[i - program->part_count];
        }
    }
    if (!is_report) {
        sum.times = on->plan->declared;
        sum.over = program->rule.reference;
    }
    return on->grids->is_exactly(on->grids->context, &sum, number, apart);
}

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

static bool settle_zero(const struct settling *on, size_t figure)
{
    struct amounts *amounts = on->row->amounts;
    double apart = (size_of(amounts->value[figure]) + amounts->bound[figure]) * AMOUNT_WIDER;
    if (!is_at(on, figure, GRID_ZERO, apart)) {
        return false;
    }
    amounts->settled[figure] = round_double(on->arena, 0, on->plan->rounds[figure]);
    amounts->value[figure] = 0;
    return true;
}

/* Where the figure may be zero, is it? Else, is it the nearest number at which its text changes? */
static bool settle_figure(const struct settling *on, size_t figure)
{
    struct amounts *amounts = on->row->amounts;
    double value = amounts->value[figure];
    double bound = amounts->bound[figure] * AMOUNT_WIDER;
    struct prog_round how = on->plan->rounds[figure];
    struct round_place place;
    if (size_of(value) <= bound) {
        return settle_zero(on, figure);
    }
    if (is_imprecise(amounts, figure) || !round_find_place(value, how, &place)) {
        return false;
    }
    double at = round_place_value(&place);
    double apart = (size_of(value - at) + bound + AMOUNT_ROUNDOFF * size_of(at)) * AMOUNT_WIDER;
    struct grid grid = {(int16_t)round_place_decimals(&place), 1};
    if (!is_at(on, figure, grid, apart)) {
        return false;
    }
    amounts->settled[figure] = round_place_text(on->arena, &place, how);
    amounts->value[figure] = at;
    return true;
}

static bool settle_row_on_grid(struct settling *on, uint16_t *doubts)
{
    bool is_settled = true;
    make_settled(on->arena, on->plan, on->row->amounts);
    for (size_t f = 0; f < on->plan->figure_count; f++) {
        if (is_open(on->arena, on->plan, on->row->amounts, f)) {
            uint16_t doubt = doubt_of(on->row->amounts, f);
            bool is_found = settle_figure(on, f);
            *doubts |= is_found ? doubt : 0;
            is_settled = is_settled && is_found;
        }
    }
    amounts_find_base(on->arena, on->plan, on->row->amounts);
    return is_settled;
}

bool result_settle_on_grid(struct arena *arena, const struct result_plan *plan, const struct result_grids *grids,
                           struct outcome *outcome)
{
    const struct program *program = plan->program;
    bool is_settled = true;
    struct settling on = {.arena = arena, .plan = plan, .grids = grids};
    size_t count = (size_t)program->part_count + program->output_count;
    on.roots = arena_array(arena, uint8_t, count);
    on.terms = arena_array(arena, uint32_t, count);
    for (uint32_t r = 0; r < outcome->row_count; r++) {
        on.row = &outcome->rows[r];
        is_settled = settle_row_on_grid(&on, &outcome->doubts[ZUJI_BY_GRID]) && is_settled;
    }
    return is_settled;
}
