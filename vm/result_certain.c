/* Which figures of an outcome are certain, and taking those of doubles that are not from exact values. */
#include "base/decimal.h"
#include "vm/result_amounts.h"
#include "vm/round.h"

static bool is_open(struct arena *arena, const struct result_plan *plan, const struct amounts *amounts, size_t figure)
{
    bool is_settled = amounts->settled != NULL && amounts->settled[figure].len > 0;
    return amounts->given[figure] && !is_settled &&
           !(amounts->is_exact ? round_exact_is_certain(arena, amounts->exact[figure], plan->rounds[figure])
                               : round_is_certain(arena, amounts->value[figure], plan->rounds[figure]));
}

static enum result_certainty certainty_of(struct arena *arena, const struct result_plan *plan, bool is_exact,
                                          struct outcome_row *row)
{
    size_t figure;
    row->amounts = amounts_new(arena, plan, row, is_exact);
    if (amounts_find_out_of_range(row->amounts, plan->figure_count, &figure)) {
        row->amounts = NULL;
        return RESULT_BEYOND;
    }
    for (size_t f = 0; f < plan->figure_count; f++) {
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

static void want_figure(const struct result_plan *plan, size_t figure, uint8_t *is_wanted)
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
                want_figure(plan, f, is_wanted);
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

static bool settle_row(struct arena *arena, const struct result_plan *plan, struct outcome_row *exactly,
                       const struct outcome_row *row)
{
    struct amounts *amounts = row->amounts;
    exactly->stage_given = row->stage_given;
    const struct amounts *exact = amounts_new(arena, plan, exactly, true);
    amounts->settled = arena_array(arena, struct str, plan->figure_count);
    for (size_t f = 0; f < plan->figure_count; f++) {
        if (is_open(arena, plan, amounts, f)) {
            if (!round_exact_is_certain(arena, exact->exact[f], plan->rounds[f])) {
                return false;
            }
            amounts->settled[f] = round_exact(arena, exact->exact[f], plan->rounds[f]);
            amounts->value[f] = exact->value[f];
        }
    }
    return true;
}

bool result_settle(struct arena *arena, const struct result_plan *plan, const struct outcome *exactly,
                   struct outcome *outcome)
{
    bool is_settled = true;
    for (uint32_t r = 0; r < outcome->row_count && is_settled; r++) {
        is_settled = settle_row(arena, plan, &exactly->rows[r], &outcome->rows[r]);
    }
    return is_settled;
}
