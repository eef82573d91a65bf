/* What a rule gives, as a listing: the second half of inspect.c. */
#include "vm/inspect_parts.h"

static void list_phases(struct listing *list)
{
    static const char *const states[] = {"", " zero", " excluded"};
    const struct program *program = list->program;
    inspect_say(list, program->phase_count > 0 ? "\nphases\n" : "");
    for (uint32_t i = 0; i < program->phase_count; i++) {
        const struct prog_phase *phase = &program->phases[i];
        inspect_say(list, "  ");
        inspect_say_text(list, phase->name);
        inspect_say(list, states[phase->state]);
        inspect_say(list, phase->is_apart ? " apart" : "");
        inspect_say_titles(list, &phase->titles);
        if (phase->state != PHASE_DECLARED) {
            inspect_say(list, " because");
            inspect_say_titles(list, &phase->because);
        }
        inspect_say_label(list, " clause ", phase->clause);
        inspect_say(list, "\n");
    }
}

static void list_cuts(struct listing *list)
{
    const struct program *program = list->program;
    inspect_say(list, program->category_count > 0 ? "\ncategories\n" : "");
    for (uint32_t i = 0; i < program->category_count; i++) {
        inspect_say(list, "  ");
        inspect_say_text(list, program->categories[i].name);
        inspect_say(list, program->categories[i].is_apart ? " apart\n" : "\n");
    }
    inspect_say(list, program->breakdown_count > 0 ? "\nbreakdowns\n" : "");
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        const struct prog_breakdown *breakdown = &program->breakdowns[i];
        inspect_say(list, "  ");
        inspect_say_text(list, breakdown->name);
        inspect_say_titles(list, &breakdown->titles);
        inspect_say(list, "\n");
        for (uint32_t k = 0; k < breakdown->member_count; k++) {
            inspect_say(list, "    ");
            inspect_say_text(list, breakdown->members[k].name);
            inspect_say(list, breakdown->members[k].is_apart ? " apart" : "");
            inspect_say_titles(list, &breakdown->members[k].titles);
            inspect_say(list, "\n");
        }
    }
}

static void list_flow(struct listing *list, const struct prog_flow *flow)
{
    static const char *const kinds[] = {"", "remove ", "avoid "};
    const struct program *program = list->program;
    inspect_say(list, "    ");
    inspect_say(list, kinds[flow->kind]);
    inspect_say_text(list, flow->name);
    for (uint32_t k = 0; k < flow->member_count; k++) {
        const struct prog_breakdown *breakdown = &program->breakdowns[flow->members[k].breakdown];
        inspect_say(list, k == 0 ? " as " : ", ");
        inspect_say_text(list, breakdown->members[flow->members[k].member].name);
    }
    inspect_say_titles(list, &flow->titles);
    if (flow->kind == FLOW_CREDIT) {
        inspect_say(list, " because");
        inspect_say_titles(list, &flow->because);
    }
    inspect_say_label(list, " clause ", flow->clause);
    inspect_say(list, "\n");
}

static void list_allocations(struct listing *list)
{
    const struct program *program = list->program;
    inspect_say(list, program->allocation_count > 0 ? "\nallocations\n" : "");
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        const struct prog_allocation *allocation = &program->allocations[i];
        inspect_say(list, "  ");
        inspect_say_text(list, program->stages[allocation->stage].name);
        inspect_say(list, allocation->process == NO_INDEX ? "" : ".");
        buf_add(&list->text, allocation->process == NO_INDEX ? STR("") : program->texts[allocation->process]);
        inspect_say(list, " [");
        inspect_say_axis(list, allocation->axis);
        inspect_say(list, "]");
        if (allocation->key != NO_OPERAND) {
            buf_format(&list->text, " by %%%lu", (unsigned long)allocation->key);
        }
        for (uint32_t k = 0; k < allocation->share_count; k++) {
            inspect_say(list, k == 0 ? " { " : ", ");
            inspect_say_text(list, allocation->shares[k].name);
            buf_format(&list->text, " = %%%lu", (unsigned long)allocation->shares[k].value);
        }
        inspect_say(list, allocation->share_count > 0 ? " }" : "");
        if (allocation->key == NO_OPERAND) {
            inspect_say(list, " take ");
            inspect_say_text(list, allocation->shares[allocation->taken].name);
        } else if (allocation->taken != NO_OPERAND) {
            buf_format(&list->text, " take %%%lu", (unsigned long)allocation->taken);
        }
        buf_format(&list->text, " share %%%lu because", (unsigned long)allocation->share);
        inspect_say_titles(list, &allocation->because);
        inspect_say_label(list, " clause ", allocation->clause);
        inspect_say(list, "\n");
    }
}

static void list_grades(struct listing *list)
{
    const struct program *program = list->program;
    inspect_say(list, program->grade_count > 0 ? "\nclasses\n" : "");
    for (uint32_t i = 0; i < program->grade_count; i++) {
        const struct prog_grade *grade = &program->grades[i];
        inspect_say(list, "  ");
        inspect_say_text(list, grade->name);
        if (grade->limit == NO_OPERAND) {
            inspect_say(list, " otherwise");
        } else {
            buf_format(&list->text, "%s%%%lu", grade->is_below ? " below " : " up to ", (unsigned long)grade->limit);
        }
        inspect_say_titles(list, &grade->titles);
        inspect_say_label(list, " clause ", grade->clause);
        inspect_say(list, "\n");
    }
}

static void list_stages(struct listing *list)
{
    const struct program *program = list->program;
    inspect_say(list, program->stage_count > 0 ? "\nstages\n" : "");
    uint32_t flow = 0;
    for (uint32_t i = 0; i < program->stage_count; i++) {
        const struct prog_stage *stage = &program->stages[i];
        inspect_say(list, "  ");
        inspect_say_text(list, stage->name);
        if (stage->phase != NO_INDEX) {
            inspect_say(list, " : ");
            inspect_say_text(list, program->phases[stage->phase].name);
        }
        if (stage->when != NO_OPERAND) {
            buf_format(&list->text, " when %%%lu", (unsigned long)stage->when);
        }
        inspect_say_titles(list, &stage->titles);
        inspect_say_label(list, " clause ", stage->clause);
        inspect_say(list, "\n");
        for (; flow < program->flow_count && program->flows[flow].stage == i; flow++) {
            list_flow(list, &program->flows[flow]);
        }
    }
}

/* The formulas that the rule names: "let cf4 = pfc(cell).slope * anode_effect: %12", with the numbers of what they
 * mention. */
static void list_items(struct listing *list)
{
    static const char *const kinds[ITEM_KIND_COUNT] = {
        [ITEM_AMOUNT] = "amount", [ITEM_FLOW] = "flow",           [ITEM_LET] = "let",
        [ITEM_REPORT] = "report", [ITEM_FUNCTION] = "function",   [ITEM_ARGUMENT] = "argument",
        [ITEM_WHEN] = "when",     [ITEM_REFERENCE] = "reference", [ITEM_SCALE] = "scaled by",
        [ITEM_SHARE] = "share"};
    const struct program *program = list->program;
    inspect_say(list, program->item_count > 0 ? "\nformulas\n" : "");
    for (uint32_t i = 0; i < program->item_count; i++) {
        const struct prog_item *item = &program->items[i];
        buf_format(&list->text, "  %lu: %s ", (unsigned long)i, kinds[item->kind]);
        buf_add(&list->text, program->labels[item->name]);
        if (item->text != NO_INDEX) {
            inspect_say(list, " = ");
            buf_add(&list->text, program->labels[item->text]);
        }
        for (uint32_t v = 0; v < item->value_count; v++) {
            buf_format(&list->text, "%s%%%lu", v == 0 ? ": " : ", ", (unsigned long)item->values[v].instruction);
        }
        for (uint32_t u = 0; u < item->use_count; u++) {
            buf_format(&list->text, "%s%lu", u == 0 ? " mentions " : ", ", (unsigned long)item->uses[u]);
        }
        inspect_say_label(list, " cite ", item->cite);
        inspect_say(list, "\n");
    }
}

void inspect_results(struct listing *list)
{
    const struct program *program = list->program;
    list_phases(list);
    list_cuts(list);
    list_stages(list);
    list_allocations(list);
    list_grades(list);
    inspect_say(list, program->output_count > 0 ? "\nreports\n" : "");
    for (uint32_t i = 0; i < program->output_count; i++) {
        const struct prog_output *output = &program->outputs[i];
        inspect_say(list, "  ");
        inspect_say_text(list, output->name);
        inspect_say(list, " : ");
        inspect_say_unit(list, output->unit);
        inspect_say(list, ", rounded to ");
        inspect_say_round(list, &output->round);
        inspect_say_titles(list, &output->titles);
        inspect_say(list, "\n");
    }
    inspect_say(list, program->requirement_count > 0 ? "\nrequirements\n" : "");
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        buf_format(&list->text, "  %lu", (unsigned long)i);
        inspect_say_titles(list, &program->requirements[i].text);
        inspect_say_label(list, " clause ", program->requirements[i].clause);
        inspect_say(list, "\n");
    }
    list_items(list);
    inspect_say(list, "\ncost of a product at most ");
    buf_add(&list->text, cost_text(list->arena, list->verified));
    inspect_say(list, "\n");
}
