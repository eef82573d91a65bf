#include "vm/result.h"

#include "base/decimal.h"
#include "vm/result_amounts.h"
#include "vm/round.h"

/* ---- the plan ---- */

static const char *text_at(struct arena *arena, const struct str *pool, uint32_t index)
{
    return index == NO_INDEX ? "" : str_copy(arena, pool[index]).at;
}

static struct zuji_figure figure_of(struct arena *arena, const struct program *program, uint32_t name,
                                    const struct prog_titles *titles, uint32_t clause, const char *unit)
{
    struct zuji_figure figure = {
        .name = text_at(arena, program->texts, name), .stage = "", .unit = unit, .reported = ""};
    figure.title[ZUJI_EN] = titles == NULL ? "" : text_at(arena, program->labels, titles->label[LANG_EN]);
    figure.title[ZUJI_ZH] = titles == NULL ? "" : text_at(arena, program->labels, titles->label[LANG_ZH]);
    figure.clause = text_at(arena, program->labels, clause);
    return figure;
}

/* "kgCO2e/item", "kgCO2e/(m2·a)"; of another amount than one "kgCO2e/(100 mL)". Made of the declared unit's text: that
   of total_unit is what the rule calls any unit of this size, perhaps "tCO2e/t" for kgCO2e/kg. */
static const char *total_unit(struct arena *arena, const struct program *program, struct rat declared)
{
    enum { SHOWN_DIGITS = 15 };
    bool is_one = rat_eq(declared, RAT_ONE);
    if (program->rule.declared_unit == 0 && is_one) {
        return "kgCO2e";
    }
    struct str unit = program->texts[program->units[program->rule.declared_unit].text];
    struct str per = rat_decimal(arena, declared, SHOWN_DIGITS);
    if (program->rule.declared_unit != 0) {
        per = is_one ? unit : str_format(arena, "%.*s %.*s", STR_FMT(per), STR_FMT(unit));
    }
    bool is_bracketed = unit_text_is_product(unit) || (!is_one && program->rule.declared_unit != 0);
    return str_format(arena, is_bracketed ? "kgCO2e/(%.*s)" : "kgCO2e/%.*s", STR_FMT(per)).at;
}

static struct result_figures figures_for(struct arena *arena, size_t count)
{
    return (struct result_figures){arena_array(arena, struct zuji_figure, count), .count = count};
}

static void plan_stages(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->stages = figures_for(arena, program->stage_count);
    for (uint32_t s = 0; s < program->stage_count; s++) {
        const struct prog_stage *stage = &program->stages[s];
        plan->stages.items[s] = figure_of(arena, program, stage->name, &stage->titles, stage->clause, plan->total.unit);
    }
    plan->flows = figures_for(arena, program->flow_count);
    for (uint32_t f = 0; f < program->flow_count; f++) {
        const struct prog_flow *flow = &program->flows[f];
        plan->flows.items[f] = figure_of(arena, program, flow->name, &flow->titles, flow->clause, plan->total.unit);
        plan->flows.items[f].stage = plan->stages.items[flow->stage].name;
    }
}

static uint32_t find_or_add(struct arena *arena, struct result_figures *figures, struct str name, const char *unit)
{
    for (size_t i = 0; i < figures->count; i++) {
        if (str_eq(str_of(figures->items[i].name), name)) {
            return (uint32_t)i;
        }
    }
    figures->items[figures->count] = (struct zuji_figure){
        .name = str_copy(arena, name).at, .stage = "", .title = {"", ""},
                 .unit = unit, .clause = "", .reported = ""
    };
    return (uint32_t)figures->count++;
}

/* Categories have titles of the language, as rows of diag.def. */
static void title_categories(struct arena *arena, struct result_figures *categories)
{
    static const struct {
        const char *name;
        enum diag_code title;
    } known[] = {
        {"fossil",          T_CATEGORY_FOSSIL         },
        {"biogenic",        T_CATEGORY_BIOGENIC       },
        {"land_use_change", T_CATEGORY_LAND_USE_CHANGE},
        {"aircraft",        T_CATEGORY_AIRCRAFT       },
    };
    for (size_t i = 0; i < categories->count; i++) {
        for (size_t k = 0; k < countof(known); k++) {
            if (str_eq(str_of(categories->items[i].name), str_of(known[k].name))) {
                struct diag_text title = {.text = known[k].title};
                categories->items[i].title[ZUJI_EN] = str_copy(arena, diag_text(arena, title, LANG_EN)).at;
                categories->items[i].title[ZUJI_ZH] = str_copy(arena, diag_text(arena, title, LANG_ZH)).at;
            }
        }
    }
}

/* Categories and gases in the order in which the rule first names them; amounts given in CO2e are a gas of that name.
 */
static void plan_parts(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->categories.items = arena_array(arena, struct zuji_figure, program->part_count);
    plan->gases.items = arena_array(arena, struct zuji_figure, program->part_count);
    plan->parts = arena_array(arena, struct part_figures, program->part_count);
    for (uint32_t p = 0; p < program->part_count; p++) {
        const struct prog_part *part = &program->parts[p];
        struct str gas = part->gas == NO_INDEX ? STR("CO2e") : program->texts[part->gas];
        plan->parts[p] = (struct part_figures){
            .flow = part->flow,
            .category = find_or_add(arena, &plan->categories, program->texts[program->categories[part->category].name], plan->total.unit),
            .gas = find_or_add(arena, &plan->gases, gas, plan->total.unit),
            .stage = program->flows[part->flow].stage};
    }
    title_categories(arena, &plan->categories);
}

/* Numbers all figures, one list behind the other. */
static void number_figures(struct result_plan *plan)
{
    struct result_figures *lists[] = {&plan->stages, &plan->flows, &plan->categories, &plan->gases, &plan->reports};
    plan->figure_count = FIGURE_TOTAL + 1;
    for (size_t i = 0; i < countof(lists); i++) {
        lists[i]->first = plan->figure_count;
        plan->figure_count += lists[i]->count;
    }
    for (uint32_t p = 0; p < plan->program->part_count; p++) {
        plan->parts[p].flow += (uint32_t)plan->flows.first;
        plan->parts[p].category += (uint32_t)plan->categories.first;
        plan->parts[p].gas += (uint32_t)plan->gases.first;
    }
}

struct result_plan *result_plan_new(struct arena *arena, const struct program *program)
{
    struct result_plan *plan = arena_new(arena, struct result_plan);
    plan->program = program;
    plan->declared = program->constants[program->rule.declared].number;
    plan->declared_double = rat_to_double(plan->declared);
    plan->total = figure_of(arena, program, NO_INDEX, NULL, NO_INDEX, total_unit(arena, program, plan->declared));
    plan->total.name = "total";
    plan_stages(arena, plan);
    plan_parts(arena, plan);
    plan->reports = figures_for(arena, program->output_count);
    for (uint32_t r = 0; r < program->output_count; r++) {
        const struct prog_output *output = &program->outputs[r];
        plan->reports.items[r] = figure_of(arena, program, output->name, &output->titles, output->clause,
                                           text_at(arena, program->texts, program->units[output->unit].text));
    }
    number_figures(plan);
    return plan;
}

/* ---- figures ---- */

static struct prog_round round_of(const struct result_plan *plan, size_t figure)
{
    bool is_report = figure >= plan->reports.first;
    return is_report ? plan->program->outputs[figure - plan->reports.first].round : plan->program->rule.round;
}

static void fill(const struct zuji_result *result, struct zuji_figure *figure, size_t number)
{
    const struct amounts *amounts = result->amounts;
    struct prog_round how = round_of(result->plan, number);
    struct str text;
    figure->is_given = amounts->given[number];
    if (!figure->is_given) {
        return;
    }
    figure->value = amounts->value[number];
    if (amounts->is_exact) {
        text = round_exact(result->arena, amounts->exact[number], how);
    } else {
        (void)round_double(result->arena, amounts->value[number], how, &text);
    }
    figure->reported = text.at;
    if (number < result->plan->reports.first) {
        figure->share = amounts_share(result->arena, amounts, number);
    }
}

/* A result keeps what it has made. */
static struct zuji_result *keeper(const struct zuji_result *result)
{
    return (struct zuji_result *)(uintptr_t)result;
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
        struct result_figures filled = figures_for(result->arena, list->count);
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
    }
}

static const char *figure_name(const struct result_plan *plan, size_t figure)
{
    const struct result_figures *lists[] = {&plan->stages, &plan->flows, &plan->categories, &plan->gases,
                                            &plan->reports};
    for (size_t i = 0; i < countof(lists); i++) {
        if (figure >= lists[i]->first && figure - lists[i]->first < lists[i]->count) {
            return lists[i]->items[figure - lists[i]->first].name;
        }
    }
    return plan->total.name;
}

static void init_result(struct arena *arena, const struct result_plan *plan, const struct product *product,
                        const struct outcome *outcome, struct zuji_result *result)
{
    *result = (struct zuji_result){.plan = plan,
                                   .arena = arena,
                                   .id = str_copy(arena, product->id).at,
                                   .row_name = "",
                                   .number = product->number,
                                   .is_ok = product->is_bound && !outcome->is_failed,
                                   .is_exact = outcome->is_exact,
                                   .total = plan->total,
                                   .stages = plan->stages,
                                   .flows = plan->flows,
                                   .categories = plan->categories,
                                   .gases = plan->gases,
                                   .reports = plan->reports};
}

static const char *row_name(struct arena *arena, const struct outcome_row *row, uint32_t number)
{
    return row->name.len > 0 ? str_copy(arena, row->name).at : str_format(arena, "%lu", (unsigned long)number).at;
}

/* The figures of one row; false where one of them is out of range: the product is in error. */
static bool take_row(struct zuji_result *result, const struct outcome_row *row, uint32_t number, struct product *product)
{
    const struct result_plan *plan = result->plan;
    size_t figure;
    if (plan->program->rule.row_axis != AXIS_ID_PRODUCT) {
        result->row_number = number;
        result->row_name = row_name(result->arena, row, number);
    }
    result->amounts = row->amounts;
    if (result->amounts != NULL) { /* all in range */
        return true;
    }
    result->amounts = amounts_new(result->arena, plan, row, result->is_exact);
    if (!amounts_find_out_of_range(result->amounts, plan->figure_count, &figure)) {
        return true;
    }
    diag_add_data(&product->messages, D_FIGURE_RANGE, (struct span){0, 0, 0},
                  DIAG_ARGS(str_of(figure_name(plan, figure))), product->id, STR(""));
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

/* ---- certainty ---- */

static bool is_certain(struct arena *arena, const struct result_plan *plan, struct outcome_row *row)
{
    struct arena_mark start = arena_mark(arena);
    const struct amounts *amounts = amounts_new(arena, plan, row, false);
    size_t figure;
    bool is_certain = !amounts_find_out_of_range(amounts, plan->figure_count, &figure);
    for (size_t f = 0; is_certain && f < plan->figure_count; f++) {
        is_certain = !amounts->given[f] || round_is_certain(arena, amounts->value[f], round_of(plan, f));
    }
    if (is_certain) {
        row->amounts = amounts;
    } else {
        arena_reset(arena, start);
    }
    return is_certain;
}

bool result_is_certain(struct arena *arena, const struct result_plan *plan, struct outcome *outcome)
{
    for (uint32_t r = 0; r < outcome->row_count; r++) {
        outcome->rows[r].amounts = NULL;
    }
    for (uint32_t r = 0; r < outcome->row_count && !outcome->is_exact; r++) {
        if (!is_certain(arena, plan, &outcome->rows[r])) {
            return false;
        }
    }
    return true;
}
