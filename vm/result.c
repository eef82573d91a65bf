#include "vm/result.h"

#include "base/decimal.h"
#include "vm/result_amounts.h"
#include "vm/round.h"

/* ---- figures ---- */

/* A result keeps what it has made. */
static struct zuji_result *keeper(const struct zuji_result *result)
{
    return (struct zuji_result *)(uintptr_t)result;
}

const struct amounts *result_detail(const struct zuji_result *result)
{
    if (result->detail == NULL) {
        const struct outcome_row *row = result_exact_row(result);
        bool is_exact = result->is_exact || row != result->row;
        keeper(result)->detail = amounts_detailed(result->arena, result->plan, row, is_exact);
    }
    return result->detail;
}

static void take_plan(struct zuji_result *result)
{
    const struct result_plan *plan = result->plan;
    result->total = plan->total;
    result->stages = plan->stages;
    result->flows = plan->flows;
    result->categories = plan->categories;
    result->gases = plan->gases;
    result->reports = plan->reports;
    result->processes = plan->processes;
    result->phases = plan->phases;
    result->members = plan->members;
    result->cells = plan->cells;
    result->sums = plan->sums;
}

const struct zuji_result *result_full(const struct zuji_result *result)
{
    if (!result->is_ok || result->full != NULL || result->amounts == result->detail) {
        return result->full != NULL ? result->full : result;
    }
    struct zuji_result *full = arena_new(result->arena, struct zuji_result);
    *full = *result;
    full->detail = full->amounts = result_detail(result);
    full->is_exact = full->amounts->is_exact;
    full->row = result_exact_row(result);
    full->has_total = false;
    take_plan(full);
    keeper(result)->full = full;
    return full;
}

bool result_is_headline(const struct zuji_result *result)
{
    return result->row == NULL || !result->row->is_sensitivity;
}

static void fill(const struct zuji_result *result, struct zuji_figure *figure, size_t number)
{
    const struct amounts *amounts = number < result->plan->figure_count ? result->amounts : result_detail(result);
    struct prog_round how = result->plan->rounds[number];
    struct reported reported;
    figure->is_given = amounts->given[number];
    if (!figure->is_given) {
        return;
    }
    figure->value = amounts->value[number];
    if (amounts->settled != NULL && amounts->settled[number].text.len > 0) {
        reported = amounts->settled[number];
    } else if (amounts->is_exact) {
        reported = round_exact(result->arena, amounts->exact[number], how);
    } else {
        reported = round_double(result->arena, amounts->value[number], how);
    }
    figure->reported = reported.text.at;
    figure->mark = reported.mark == 0 ? "" : str_copy(result->arena, (struct str){&reported.mark, 1}).at;
    bool is_report = number >= result->plan->reports.first && number < result->plan->figure_count;
    if (!is_report) {
        figure->share = amounts_share(result->arena, amounts, number);
    }
}

const struct zuji_figure *result_total(const struct zuji_result *result)
{
    if (!result->has_total) {
        fill(result, &keeper(result)->total, FIGURE_TOTAL);
        keeper(result)->has_total = true;
    }
    return &result->total;
}

/* The list is one of the result's own. */
const struct zuji_figure *result_list(const struct zuji_result *result, const struct result_figures *list)
{
    if (!list->is_filled) {
        struct result_figures filled = {.items = arena_array(result->arena, struct zuji_figure, list->count)};
        for (size_t i = 0; i < list->count; i++) {
            filled.items[i] = list->items[i];
            fill(result, &filled.items[i], list->first + i);
        }
        struct result_figures *own = (struct result_figures *)(uintptr_t)list;
        own->items = filled.items;
        own->is_filled = true;
    }
    return list->items;
}

void result_complete(const struct zuji_result *result)
{
    (void)result_messages(result);
    (void)result_problems(result);
    if (result->is_ok) {
        (void)result_total(result);
        (void)result_list(result, &result->stages);
        (void)result_list(result, &result->flows);
        (void)result_list(result, &result->categories);
        (void)result_list(result, &result->gases);
        (void)result_list(result, &result->reports);
        (void)result_list(result, &result->processes);
        (void)result_list(result, &result->phases);
        (void)result_list(result, &result->members);
        (void)result_list(result, &result->cells);
        (void)result_list(result, &result->sums);
    }
}

static void init_result(struct arena *arena, const struct result_plan *plan, const struct product *product,
                        const struct outcome *outcome, struct zuji_result *result)
{
    *result = (struct zuji_result){.plan = plan,
                                   .arena = arena,
                                   .id = str_copy(arena, product->id).at,
                                   .period = "",
                                   .row_name = "",
                                   .number = product->number,
                                   .is_ok = product->is_bound && !outcome->is_failed,
                                   .is_exact = outcome->is_exact};
    take_plan(result);
}

static const char *row_name(struct arena *arena, const struct outcome_row *row, uint32_t number)
{
    return row->name.len > 0 ? str_copy(arena, row->name).at : str_format(arena, "%lu", (unsigned long)number).at;
}

/* The figures of one row; false where one of them is out of range: the product is in error. */
static bool take_row(struct zuji_result *result, const struct outcome_row *row, uint32_t number,
                     struct product *product)
{
    const struct result_plan *plan = result->plan;
    size_t figure;
    if (plan->program->rule.row_axis != AXIS_ID_PRODUCT) {
        result->row_number = number;
        result->row_name = row_name(result->arena, row, number);
    }
    result->row = row;
    result->amounts = row->amounts;
    if (result->amounts != NULL) { /* all in range */
        return true;
    }
    result->amounts = amounts_new(result->arena, plan, row, result->is_exact);
    if (!amounts_find_out_of_range(result->amounts, plan->figure_count, &figure)) {
        return true;
    }
    diag_add_data(&product->messages, D_FIGURE_RANGE, (struct span){0, 0, 0},
                  DIAG_ARGS(str_of(result_figure_name(plan, figure))), product->id, STR(""));
    return false;
}

struct zuji_result *result_new(struct arena *arena, const struct result_plan *plan, struct product *product,
                               const struct outcome *outcome)
{
    bool is_ok = product->is_bound && !outcome->is_failed;
    uint32_t count = is_ok ? outcome->row_count : 1;
    struct zuji_result *rows = arena_array(arena, struct zuji_result, count);
    for (uint32_t r = 0; r < count; r++) {
        init_result(arena, plan, product, outcome, &rows[r]);
        is_ok = is_ok && take_row(&rows[r], &outcome->rows[r], r + 1, product);
    }
    if (!is_ok) {
        count = 1;
        init_result(arena, plan, product, outcome, &rows[0]);
        rows[0].is_ok = false;
    }
    for (uint32_t r = 0; r < count; r++) {
        rows[r].rows = rows;
        rows[r].row_count = count;
        rows[r].notes = is_ok ? outcome->notes : NULL;
        rows[r].told = product->messages;
    }
    return rows;
}
