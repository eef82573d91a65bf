/* The figures that results of a rule have, with names, titles, units and clauses; and which parts of emissions count in
   which. What is apart counts in the figures of its own cut only: a category that is apart in categories, not in stages
   or the total; a phase that is apart (module D) in phases and its stages, not in categories or the total. */
#include "vm/result.h"

#include "base/decimal.h"
#include "vm/round.h"

static const char *text_at(struct arena *arena, const struct str *pool, uint32_t index)
{
    return index == NO_INDEX ? "" : str_copy(arena, pool[index]).at;
}

static void take_titles(struct arena *arena, const struct program *program, const struct prog_titles *titles,
                        const char *into[2])
{
    into[ZUJI_EN] = titles == NULL ? "" : text_at(arena, program->labels, titles->label[LANG_EN]);
    into[ZUJI_ZH] = titles == NULL ? "" : text_at(arena, program->labels, titles->label[LANG_ZH]);
}

static struct zuji_figure figure_of(struct arena *arena, const struct program *program, uint32_t name,
                                    const struct prog_titles *titles, uint32_t clause, const char *unit)
{
    struct zuji_figure figure = {
        .name = text_at(arena, program->texts, name),
        .stage = "",
        .process = "",
        .phase = "",
        .breakdown = "",
        .gas = "",
        .because = {"", ""},
        .unit = unit,
        .reported = "",
        .mark = ""
    };
    take_titles(arena, program, titles, figure.title);
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

static struct zuji_figure titled(struct arena *arena, const char *name, enum diag_code title, const char *unit)
{
    struct diag_text text = {.text = title};
    return (struct zuji_figure){
        .name = name,
        .stage = "",
        .process = "",
        .phase = "",
        .breakdown = "",
        .gas = "",
        .title = {str_copy(arena, diag_text(arena, text, LANG_EN)).at,
                  str_copy(arena, diag_text(arena, text, LANG_ZH)).at},
        .because = {"",  ""                 },
        .unit = unit,
        .clause = "",
        .reported = "",
        .mark = ""
    };
}

/* ---- stages, flows, phases ---- */

static void plan_phases(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->phases = figures_for(arena, program->phase_count);
    for (uint32_t i = 0; i < program->phase_count; i++) {
        const struct prog_phase *phase = &program->phases[i];
        struct zuji_figure *figure = &plan->phases.items[i];
        *figure = figure_of(arena, program, phase->name, &phase->titles, phase->clause, plan->total.unit);
        take_titles(arena, program, &phase->because, figure->because);
        figure->is_apart = phase->is_apart;
        figure->state = phase->state == PHASE_DECLARED ? ZUJI_DECLARED
                        : phase->state == PHASE_ZERO   ? ZUJI_ZERO
                                                       : ZUJI_EXCLUDED;
    }
}

static void plan_stages(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->stages = figures_for(arena, program->stage_count);
    plan->stage_is_apart = arena_array(arena, uint8_t, program->stage_count);
    for (uint32_t s = 0; s < program->stage_count; s++) {
        const struct prog_stage *stage = &program->stages[s];
        struct zuji_figure *figure = &plan->stages.items[s];
        *figure = figure_of(arena, program, stage->name, &stage->titles, stage->clause, plan->total.unit);
        if (stage->phase != NO_INDEX) {
            figure->phase = plan->phases.items[stage->phase].name;
            figure->is_apart = plan->phases.items[stage->phase].is_apart;
            plan->stage_is_apart[s] = figure->is_apart != 0;
        }
    }
}

static void plan_flows(struct arena *arena, struct result_plan *plan)
{
    static const enum zuji_kind kinds[] = {ZUJI_EMISSION, ZUJI_REMOVAL, ZUJI_CREDIT};
    const struct program *program = plan->program;
    plan->flows = figures_for(arena, program->flow_count);
    plan->flow_is_apart = arena_array(arena, uint8_t, program->flow_count);
    for (uint32_t f = 0; f < program->flow_count; f++) {
        const struct prog_flow *flow = &program->flows[f];
        struct zuji_figure *figure = &plan->flows.items[f];
        *figure = figure_of(arena, program, flow->name, &flow->titles, flow->clause, plan->total.unit);
        take_titles(arena, program, &flow->because, figure->because);
        figure->stage = plan->stages.items[flow->stage].name;
        figure->kind = (int)kinds[flow->kind];
    }
}

/* The process of a flow: that of a flow before it, or one more. */
static uint32_t process_of(struct arena *arena, struct result_plan *plan, uint32_t number)
{
    const struct program *program = plan->program;
    const struct prog_flow *flow = &program->flows[number];
    for (uint32_t f = number; f-- > 0;) {
        if (program->flows[f].stage == flow->stage && program->flows[f].process == flow->process) {
            return plan->flow_process[f];
        }
    }
    struct zuji_figure *figure = &plan->processes.items[plan->processes.count];
    *figure = figure_of(arena, program, flow->process, &flow->process_titles, NO_INDEX, plan->total.unit);
    figure->stage = plan->stages.items[flow->stage].name;
    figure->is_apart = 1;
    return (uint32_t)plan->processes.count++;
}

/* A process is apart where all its flows are. */
static void plan_processes(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->processes.items = arena_array(arena, struct zuji_figure, program->flow_count);
    plan->flow_process = arena_array(arena, uint32_t, program->flow_count);
    for (uint32_t f = 0; f < program->flow_count; f++) {
        plan->flow_process[f] = NO_INDEX;
        if (program->flows[f].process != NO_INDEX) {
            plan->flow_process[f] = process_of(arena, plan, f);
            struct zuji_figure *process = &plan->processes.items[plan->flow_process[f]];
            process->is_apart = process->is_apart && plan->flows.items[f].is_apart;
            plan->flows.items[f].process = process->name;
        }
    }
}

/* ---- categories, gases, breakdowns ---- */

static const struct {
    const char *name;
    enum diag_code title;
} category_titles[] = {
    {"fossil",           T_CATEGORY_FOSSIL          },
    {"biogenic",         T_CATEGORY_BIOGENIC        },
    {"biogenic_removal", T_CATEGORY_BIOGENIC_REMOVAL},
    {"land_use_change",  T_CATEGORY_LAND_USE_CHANGE },
    {"aircraft",         T_CATEGORY_AIRCRAFT        },
};

/* Categories have titles of the language, as rows of diag.def. */
static void plan_categories(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->categories = figures_for(arena, program->category_count);
    for (uint32_t i = 0; i < program->category_count; i++) {
        const struct prog_category *category = &program->categories[i];
        struct zuji_figure *figure = &plan->categories.items[i];
        *figure = figure_of(arena, program, category->name, NULL, NO_INDEX, plan->total.unit);
        figure->is_apart = category->is_apart;
        for (size_t k = 0; k < countof(category_titles); k++) {
            if (str_eq(program->texts[category->name], str_of(category_titles[k].name))) {
                *figure = titled(arena, figure->name, category_titles[k].title, plan->total.unit);
                figure->is_apart = category->is_apart;
            }
        }
    }
}

static void plan_members(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    size_t count = 0;
    plan->first_member = arena_array(arena, uint32_t, (size_t)program->breakdown_count + 1);
    for (uint32_t b = 0; b < program->breakdown_count; b++) {
        plan->first_member[b] = (uint32_t)count;
        count += program->breakdowns[b].member_count;
    }
    plan->members = figures_for(arena, count);
    for (uint32_t b = 0; b < program->breakdown_count; b++) {
        const struct prog_breakdown *breakdown = &program->breakdowns[b];
        for (uint32_t m = 0; m < breakdown->member_count; m++) {
            struct zuji_figure *figure = &plan->members.items[plan->first_member[b] + m];
            *figure = figure_of(arena, program, breakdown->members[m].name, &breakdown->members[m].titles, NO_INDEX,
                                plan->total.unit);
            figure->breakdown = text_at(arena, program->texts, breakdown->name);
            take_titles(arena, program, &breakdown->titles, figure->breakdown_title);
            figure->is_apart = breakdown->members[m].is_apart;
        }
    }
}

/* How many members of breakdowns are apart that the flow is in. */
static uint32_t apart_members(const struct program *program, const struct prog_flow *flow)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < flow->member_count; k++) {
        count += program->breakdowns[flow->members[k].breakdown].members[flow->members[k].member].is_apart;
    }
    return count;
}

static uint32_t find_or_add(struct arena *arena, const struct program *program, struct result_figures *figures,
                            struct str name, const char *unit)
{
    for (size_t i = 0; i < figures->count; i++) {
        if (str_eq(str_of(figures->items[i].name), name)) {
            return (uint32_t)i;
        }
    }
    struct zuji_figure *figure = &figures->items[figures->count];
    *figure = figure_of(arena, program, NO_INDEX, NULL, NO_INDEX, unit);
    figure->name = str_copy(arena, name).at;
    return (uint32_t)figures->count++;
}

/* One cell of the matrix for each stage, category and gas that occur together, and one for the sum of the gases (gas
   ""). Those of a stage stand together. */
static uint32_t find_or_add_cell(struct result_plan *plan, uint32_t stage, uint32_t category, const char *gas)
{
    const char *stage_name = plan->stages.items[stage].name;
    const char *category_name = plan->categories.items[category].name;
    for (size_t i = plan->cells.count; i-- > 0 && plan->cells.items[i].stage == stage_name;) {
        const struct zuji_figure *cell = &plan->cells.items[i]; /* its names are pointers into this plan */
        if (cell->name == category_name && cell->gas == gas) {
            return (uint32_t)i;
        }
    }
    struct zuji_figure *cell = &plan->cells.items[plan->cells.count];
    *cell = plan->categories.items[category];
    cell->stage = stage_name;
    cell->gas = gas;
    cell->is_apart = cell->is_apart || plan->stages.items[stage].is_apart;
    return (uint32_t)plan->cells.count++;
}

/* ---- parts ---- */

/* A flow is apart where all its parts are: then its figure is the sum of those. */
static void find_apart_flows(struct result_plan *plan)
{
    const struct program *program = plan->program;
    for (uint32_t f = 0; f < program->flow_count; f++) {
        plan->flow_is_apart[f] = 1;
    }
    for (uint32_t p = 0; p < program->part_count; p++) {
        const struct prog_part *part = &program->parts[p];
        bool is_apart =
            program->categories[part->category].is_apart || apart_members(program, &program->flows[part->flow]) > 0;
        plan->flow_is_apart[part->flow] = plan->flow_is_apart[part->flow] && is_apart;
    }
    for (uint32_t f = 0; f < program->flow_count; f++) {
        bool is_in_apart_stage = plan->stage_is_apart[program->flows[f].stage] != 0;
        plan->flows.items[f].is_apart = plan->flow_is_apart[f] || is_in_apart_stage;
    }
}

static const char all_gases[] = "";

static struct part_figures part_of(struct arena *arena, struct result_plan *plan, uint32_t number)
{
    const struct program *program = plan->program;
    const struct prog_part *part = &program->parts[number];
    const struct prog_flow *flow = &program->flows[part->flow];
    struct str gas = part->gas == NO_INDEX ? STR("CO2e") : program->texts[part->gas];
    struct part_figures made = {.flow = part->flow, .category = part->category, .stage = flow->stage};
    made.gas = find_or_add(arena, program, &plan->gases, gas, plan->total.unit);
    made.all_gases = find_or_add_cell(plan, flow->stage, part->category, all_gases);
    made.cell = find_or_add_cell(plan, flow->stage, part->category, plan->gases.items[made.gas].name);
    bool is_category_apart = program->categories[part->category].is_apart;
    uint32_t members_apart = apart_members(program, flow);
    bool is_stage_apart = plan->stage_is_apart[flow->stage] != 0;
    made.is_in_flow = plan->flow_is_apart[part->flow] || (!is_category_apart && members_apart == 0);
    made.is_in_category = !is_stage_apart && members_apart == 0;
    made.is_summed = made.is_in_category && !is_category_apart;
    made.is_in_cell = members_apart == 0;
    made.is_in_members = !is_stage_apart && !is_category_apart;
    made.members_apart = members_apart;
    made.is_removal = str_eq(program->texts[program->categories[part->category].name], STR("biogenic_removal"));
    return made;
}

/* Gases in the order in which the rule first names them; amounts given in CO2e are a gas of that name. */
static void plan_parts(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->gases.items = arena_array(arena, struct zuji_figure, program->part_count);
    plan->cells.items = arena_array(arena, struct zuji_figure, 2 * (size_t)program->part_count);
    plan->parts = arena_array(arena, struct part_figures, program->part_count);
    find_apart_flows(plan);
    for (uint32_t p = 0; p < program->part_count; p++) {
        plan->parts[p] = part_of(arena, plan, p);
        plan->has_removals = plan->has_removals || plan->parts[p].is_removal;
    }
}

/* ---- other sums ---- */

static void plan_sums(struct arena *arena, struct result_plan *plan)
{
    plan->sums = figures_for(arena, SUM_COUNT);
    plan->sums.items[SUM_WITH_REMOVALS] =
        titled(arena, "with_biogenic_removals", T_SUM_WITH_REMOVALS, plan->total.unit);
    plan->sums.items[SUM_WITHOUT_REMOVALS] =
        titled(arena, "without_biogenic_removals", T_SUM_WITHOUT_REMOVALS, plan->total.unit);
    plan->sums.items[SUM_REMOVALS] = titled(arena, "removals", T_SUM_REMOVALS, plan->total.unit);
    plan->sums.items[SUM_CREDITS] = titled(arena, "credits", T_SUM_CREDITS, plan->total.unit);
}

/* Numbers all figures, one list behind the other; those for full detail are the last. */
static void number_figures(struct result_plan *plan)
{
    struct result_figures *basic[] = {&plan->stages, &plan->flows, &plan->categories, &plan->gases, &plan->reports};
    struct result_figures *detail[] = {&plan->processes, &plan->phases, &plan->members, &plan->cells, &plan->sums};
    plan->figure_count = FIGURE_TOTAL + 1;
    for (size_t i = 0; i < countof(basic); i++) {
        basic[i]->first = plan->figure_count;
        plan->figure_count += basic[i]->count;
    }
    plan->all_count = plan->figure_count;
    for (size_t i = 0; i < countof(detail); i++) {
        detail[i]->first = plan->all_count;
        plan->all_count += detail[i]->count;
    }
    for (uint32_t p = 0; p < plan->program->part_count; p++) {
        plan->parts[p].flow += (uint32_t)plan->flows.first;
        plan->parts[p].category += (uint32_t)plan->categories.first;
        plan->parts[p].gas += (uint32_t)plan->gases.first;
        plan->parts[p].cell += (uint32_t)plan->cells.first;
        plan->parts[p].all_gases += (uint32_t)plan->cells.first;
    }
}

static bool is_in(const struct result_figures *list, size_t figure)
{
    return figure >= list->first && figure - list->first < list->count;
}

static struct prog_round round_of(const struct result_plan *plan, size_t figure)
{
    const struct program *program = plan->program;
    if (is_in(&plan->reports, figure)) {
        return program->outputs[figure - plan->reports.first].round;
    }
    if (is_in(&plan->stages, figure) || is_in(&plan->processes, figure) || is_in(&plan->phases, figure)) {
        return program->rule.stage_round;
    }
    bool is_flow = is_in(&plan->flows, figure) || is_in(&plan->cells, figure);
    return is_flow ? program->rule.flow_round : program->rule.round;
}

static void plan_roots(struct arena *arena, struct result_plan *plan)
{
    const struct program *program = plan->program;
    plan->part_roots = arena_array(arena, uint32_t, program->part_count);
    plan->report_roots = arena_array(arena, uint32_t, program->output_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        if (at->op == OP_EMIT) {
            plan->part_roots[at->b] = i;
        } else if (at->op == OP_OUTPUT) {
            plan->report_roots[at->b] = i;
        }
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
    plan_phases(arena, plan);
    plan_stages(arena, plan);
    plan_flows(arena, plan);
    plan_categories(arena, plan);
    plan_members(arena, plan);
    plan_parts(arena, plan);
    plan_processes(arena, plan);
    plan_sums(arena, plan);
    plan_roots(arena, plan);
    plan->reports = figures_for(arena, program->output_count);
    for (uint32_t r = 0; r < program->output_count; r++) {
        const struct prog_output *output = &program->outputs[r];
        plan->reports.items[r] = figure_of(arena, program, output->name, &output->titles, output->clause,
                                           text_at(arena, program->texts, program->units[output->unit].text));
    }
    number_figures(plan);
    plan->rounds = arena_array(arena, struct prog_round, plan->all_count);
    for (size_t f = 0; f < plan->all_count; f++) {
        plan->rounds[f] = round_of(plan, f);
    }
    plan->tests = round_tests_new(arena, plan->rounds, plan->figure_count);
    return plan;
}

const char *result_figure_name(const struct result_plan *plan, size_t figure)
{
    const struct result_figures *lists[] = {&plan->stages,  &plan->flows,     &plan->categories, &plan->gases,
                                            &plan->reports, &plan->processes, &plan->phases,     &plan->members,
                                            &plan->cells,   &plan->sums};
    for (size_t i = 0; i < countof(lists); i++) {
        if (is_in(lists[i], figure)) {
            return lists[i]->items[figure - lists[i]->first].name;
        }
    }
    return plan->total.name;
}
