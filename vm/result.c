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

/* "kgCO2e/item", "kgCO2e/(m2·a)"; of another amount than one "kgCO2e/(100 mL)". Made of the declared unit's text: that of
   total_unit is what the rule calls any unit of this size, perhaps "tCO2e/t" for kgCO2e/kg. */
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
    return (struct result_figures){arena_array(arena, struct zuji_figure, count), count};
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
    plan->categories = (struct result_figures){arena_array(arena, struct zuji_figure, program->part_count), 0};
    plan->gases = (struct result_figures){arena_array(arena, struct zuji_figure, program->part_count), 0};
    plan->part_category = arena_array(arena, uint32_t, program->part_count);
    plan->part_gas = arena_array(arena, uint32_t, program->part_count);
    for (uint32_t p = 0; p < program->part_count; p++) {
        const struct prog_part *part = &program->parts[p];
        struct str gas = part->gas == NO_INDEX ? STR("CO2e") : program->texts[part->gas];
        plan->part_category[p] =
            find_or_add(arena, &plan->categories, program->texts[part->category], plan->total.unit);
        plan->part_gas[p] = find_or_add(arena, &plan->gases, gas, plan->total.unit);
    }
    title_categories(arena, &plan->categories);
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
    return plan;
}

/* ---- figures ---- */

static const double FIGURE_MAX = 1e300;

static bool is_in_range(double value)
{
    return value <= FIGURE_MAX && value >= -FIGURE_MAX; /* not so for NaN */
}

static double share_of(struct arena *arena, const struct amounts *amounts, const struct amount *amount)
{
    if (amounts->is_exact) {
        bool is_zero = rat_sign(amounts->base.exact) == 0;
        return is_zero ? 0 : rat_to_double(rat_div(arena, amount->exact, amounts->base.exact));
    }
    return amounts->base.value > 0 || amounts->base.value < 0 ? amount->value / amounts->base.value : 0;
}

struct figuring {
    struct arena *arena;
    const struct amounts *amounts;
    const char *out_of_range; /* name of the first figure that is */
};

static void fill(struct figuring *figuring, struct zuji_figure *figure, const struct amount *amount,
                 struct prog_round how)
{
    struct arena *arena = figuring->arena;
    struct str text;
    figure->is_given = amount->is_given;
    if (!amount->is_given) {
        return;
    }
    if (!is_in_range(amount->value)) {
        figuring->out_of_range = figuring->out_of_range == NULL ? figure->name : figuring->out_of_range;
        return;
    }
    figure->value = amount->value;
    if (figuring->amounts->is_exact) {
        text = round_exact(arena, amount->exact, how);
    } else {
        (void)round_double(arena, amount->value, how, &text);
    }
    figure->reported = text.at;
}

/* Copies the plan's figures and fills them in; with_share: as parts of the total. */
static struct result_figures fill_all(struct figuring *figuring, struct result_figures planned,
                                      const struct amount *amounts, struct prog_round how)
{
    struct result_figures figures = figures_for(figuring->arena, planned.count);
    for (size_t i = 0; i < planned.count; i++) {
        figures.items[i] = planned.items[i];
        fill(figuring, &figures.items[i], &amounts[i], how);
        if (amounts[i].is_given) {
            figures.items[i].share = share_of(figuring->arena, figuring->amounts, &amounts[i]);
        }
    }
    return figures;
}

static struct result_figures fill_reports(struct figuring *figuring, const struct result_plan *plan)
{
    struct result_figures figures = figures_for(figuring->arena, plan->reports.count);
    for (size_t i = 0; i < figures.count; i++) {
        figures.items[i] = plan->reports.items[i];
        fill(figuring, &figures.items[i], &figuring->amounts->reports[i], plan->program->outputs[i].round);
    }
    return figures;
}

/* Name of a figure beyond the range of figures, or NULL. */
static const char *fill_result(struct zuji_result *result, const struct outcome *outcome)
{
    const struct result_plan *plan = result->plan;
    struct prog_round how = plan->program->rule.round;
    const struct amounts *amounts = amounts_new(result->arena, plan, outcome);
    struct figuring figuring = {.arena = result->arena, .amounts = amounts};
    result->total = plan->total;
    fill(&figuring, &result->total, &amounts->total, how);
    result->total.share = share_of(result->arena, amounts, &amounts->total);
    result->stages = fill_all(&figuring, plan->stages, amounts->stages, how);
    result->flows = fill_all(&figuring, plan->flows, amounts->flows, how);
    result->categories = fill_all(&figuring, plan->categories, amounts->categories, how);
    result->gases = fill_all(&figuring, plan->gases, amounts->gases, how);
    result->reports = fill_reports(&figuring, plan);
    return figuring.out_of_range;
}

/* ---- notes ---- */

static struct str label_or(const struct program *program, uint32_t label, struct str otherwise)
{
    return label == NO_INDEX ? otherwise : program->labels[label];
}

static struct diag *add_warning(const struct program *program, struct product *product, const struct note *note)
{
    const struct prog_requirement *warning = &program->requirements[program->code[note->instruction].b];
    struct str en = label_or(program, warning->text.label[0], STR(""));
    struct str zh = label_or(program, warning->text.label[1], en);
    struct str texts[2] = {en.len > 0 ? en : zh, zh};
    struct diag *diag =
        diag_add_data(&product->messages, D_RULE_WARNING, (struct span){0, 0, 0}, texts, 2, product->id, note->path);
    diag->clause = label_or(program, warning->clause, STR(""));
    return diag;
}

static struct diag *add_default(const struct program *program, struct product *product, const struct note *note)
{
    struct str what = note->path;
    struct span nowhere = {0, 0, 0};
    if (note->field == NO_INDEX) {
        const struct prog_site *site = &program->sites[note->instruction];
        what = label_or(program, site->text, label_or(program, site->path, note->path));
    }
    if (note->rows <= 1) {
        return diag_add_data(&product->messages, D_DEFAULT_USED, nowhere, DIAG_ARGS(what, note->detail), product->id,
                             note->path);
    }
    struct str more = str_format(product->messages.arena, "%lu", (unsigned long)note->rows - 1);
    return diag_add_data(&product->messages, D_DEFAULTS_USED, nowhere, DIAG_ARGS(what, note->detail, more), product->id,
                         note->path);
}

static struct diag *add_factor(struct product *product, const struct note *note)
{
    struct arena *arena = product->messages.arena;
    struct span nowhere = {0, 0, 0};
    if (note->factor->is_default) {
        return diag_add_data(&product->messages, D_FACTOR_DEFAULT, nowhere, DIAG_ARGS(note->detail), product->id,
                             note->path);
    }
    struct str parts[2] = {note->factor->region.len > 0 ? note->factor->region : STR("GLO"), note->factor->year};
    struct str found = str_join(arena, parts, note->factor->year.len > 0 ? 2 : 1, STR(", "));
    return diag_add_data(&product->messages, D_FACTOR_FALLBACK, nowhere, DIAG_ARGS(note->detail, found), product->id,
                         note->path);
}

static void add_note(const struct program *program, struct product *product, const struct note *note)
{
    struct diag *diag = NULL;
    switch (note->kind) {
    case NOTE_WARNING:
        diag = add_warning(program, product, note);
        break;
    case NOTE_DEFAULT:
        diag = add_default(program, product, note);
        break;
    case NOTE_FACTOR:
        diag = add_factor(product, note);
        break;
    case NOTE_LIST_ABSENT:
        (void)diag_add_data(&product->messages, D_LIST_ABSENT, (struct span){0, 0, 0}, DIAG_ARGS(note->path),
                            product->id, note->path);
        return; /* about the data alone */
    }
    const struct prog_site *site = &program->sites[note->instruction];
    diag->place.file = label_or(program, site->file, STR(""));
    diag->place.line = site->line;
    diag->place.column = site->column;
    diag->clause = diag->clause.len > 0 ? diag->clause : label_or(program, site->clause, STR(""));
}

struct zuji_result *result_new(struct arena *arena, const struct result_plan *plan, struct product *product,
                               const struct outcome *outcome)
{
    struct zuji_result *result = arena_new(arena, struct zuji_result);
    *result = (struct zuji_result){.plan = plan,
                                   .arena = arena,
                                   .id = str_copy(arena, product->id).at,
                                   .number = product->number,
                                   .is_ok = product->is_bound && !outcome->is_failed,
                                   .is_exact = outcome->is_exact};
    const char *out_of_range = result->is_ok ? fill_result(result, outcome) : NULL;
    if (out_of_range != NULL) {
        result->is_ok = false;
        diag_add_data(&product->messages, D_FIGURE_RANGE, (struct span){0, 0, 0}, DIAG_ARGS(str_of(out_of_range)),
                      product->id, STR(""));
    }
    for (const struct note *note = outcome->notes; result->is_ok && note != NULL; note = note->next) {
        add_note(plan->program, product, note);
    }
    result->messages = messages_in(arena, &product->messages);
    return result;
}

/* ---- certainty ---- */

static bool are_certain(struct arena *arena, const struct amount *amounts, size_t count, struct prog_round how)
{
    for (size_t i = 0; i < count; i++) {
        struct str text;
        if (amounts[i].is_given &&
            (!is_in_range(amounts[i].value) || !round_double(arena, amounts[i].value, how, &text))) {
            return false;
        }
    }
    return true;
}

bool result_is_certain(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome)
{
    if (outcome->is_exact) {
        return true;
    }
    struct prog_round how = plan->program->rule.round;
    struct arena_mark start = arena_mark(arena);
    const struct amounts *amounts = amounts_new(arena, plan, outcome);
    bool is_certain = are_certain(arena, &amounts->total, 1, how) &&
                      are_certain(arena, amounts->stages, plan->stages.count, how) &&
                      are_certain(arena, amounts->flows, plan->flows.count, how) &&
                      are_certain(arena, amounts->categories, plan->categories.count, how) &&
                      are_certain(arena, amounts->gases, plan->gases.count, how);
    for (size_t r = 0; is_certain && r < plan->reports.count; r++) {
        is_certain = are_certain(arena, &amounts->reports[r], 1, plan->program->outputs[r].round);
    }
    arena_reset(arena, start);
    return is_certain;
}
