/* The figures of a result as nodes: the total is the sum of its stages, a stage of its flows, and a flow what it
   amounts to for all that the data cover, over the reference. */
#include <string.h>

#include "base/decimal.h"
#include "vm/explain.h"
#include "vm/opcodes.h"
#include "vm/result_amounts.h"

static struct explain_node *figure_node(struct explaining *explaining, enum zuji_node_kind kind, uint32_t of,
                                        const struct zuji_figure *figure, bool *is_new)
{
    const uint32_t identity[2] = {(uint32_t)kind, of};
    struct explain_node *node = explain_new(explaining, (struct str){(const char *)identity, sizeof identity}, is_new);
    if (*is_new) {
        node->told.kind = kind;
        node->of = of;
        node->told.figure = figure;
        node->told.name = figure->name;
        node->told.title[ZUJI_EN] = figure->title[ZUJI_EN];
        node->told.title[ZUJI_ZH] = figure->title[ZUJI_ZH];
        node->told.because[ZUJI_EN] = figure->because[ZUJI_EN];
        node->told.because[ZUJI_ZH] = figure->because[ZUJI_ZH];
        node->told.clause = figure->clause;
        node->told.share = figure->share;
        node->told.is_apart = figure->is_apart;
    }
    return node;
}

const struct zuji_explanation *explain_total(struct explaining *explaining)
{
    bool is_new;
    const struct zuji_figure *figure = result_total(explaining->result);
    return &figure_node(explaining, ZUJI_NODE_TOTAL, 0, figure, &is_new)->told;
}

const struct zuji_explanation *explain_stage(struct explaining *explaining, uint32_t stage)
{
    bool is_new;
    const struct zuji_figure *figure = &result_list(explaining->result, &explaining->result->stages)[stage];
    return &figure_node(explaining, ZUJI_NODE_STAGE, stage, figure, &is_new)->told;
}

const struct zuji_explanation *explain_flow(struct explaining *explaining, uint32_t flow)
{
    bool is_new;
    struct teller *teller = &explaining->teller;
    const struct zuji_figure *figure = &result_list(explaining->result, &explaining->result->flows)[flow];
    struct explain_node *node = figure_node(explaining, ZUJI_NODE_FLOW, flow, figure, &is_new);
    if (is_new) {
        struct str name = str_format(teller->run->arena, "%s.%s", figure->stage, figure->name);
        node->told.name = tell_text(teller, name);
        node->told.process = figure->process;
        tell_titles(teller, &explaining->program->flows[flow].process_titles, node->told.process_title);
    }
    return &node->told;
}

/* ---- rows and conditions ---- */

/* The row on a row axis, or the one row of the product. */
static uint32_t row_of(const struct explaining *explaining, uint32_t instruction)
{
    bool is_of_row = explaining->program->code[instruction].axis == explaining->program->rule.row_axis;
    return is_of_row ? explaining->row : 0;
}

static bool holds(const struct explaining *explaining, uint32_t condition)
{
    if (condition == NO_OPERAND) {
        return true;
    }
    struct exact_value value = exact_get(explaining->teller.run, condition, row_of(explaining, condition));
    return value.state == STATE_GIVEN && value.code != 0;
}

static bool is_value_of(const struct prog_item *item, uint32_t instruction)
{
    for (uint32_t v = 0; v < item->value_count; v++) {
        if (item->values[v].instruction == instruction) {
            return true;
        }
    }
    return false;
}

/* As the rule has it where it is one condition, else as the conditions around the flow are joined. `knows`: the item of
   the flow; NO_INDEX. */
static void add_condition(struct explaining *explaining, struct explain_node *node, uint32_t condition, uint32_t knows)
{
    const struct program *program = explaining->program;
    if (condition == NO_OPERAND) {
        return;
    }
    const struct zuji_explanation *part = NULL;
    uint32_t row = row_of(explaining, condition);
    for (uint32_t i = 0; i < program->item_count && part == NULL; i++) {
        if (program->items[i].kind == ITEM_WHEN && is_value_of(&program->items[i], condition)) {
            part = explain_item(explaining, i, 0, row);
        }
    }
    part = part != NULL ? part : explain_value(explaining, ZUJI_NODE_CONDITION, condition, row, knows);
    explain_add_part(explaining, node, part);
}

/* ---- formulas ---- */

struct terms { /* of a sum */
    struct zuji_formula *items;
    size_t count;
    struct rat sum;
};

static struct terms terms_in(struct explaining *explaining, size_t most)
{
    return (struct terms){arena_array(explaining->teller.arena, struct zuji_formula, most), 0, RAT_ZERO};
}

static void add_term(struct explaining *explaining, struct explain_node *node, struct terms *terms,
                     const struct zuji_explanation *part)
{
    explain_add_part(explaining, node, part);
    terms->items[terms->count++] = explain_node_formula(part);
}

static void set_formula(struct explaining *explaining, struct explain_node *node, struct zuji_formula formula)
{
    struct zuji_formula *kept = arena_new(explaining->teller.arena, struct zuji_formula);
    *kept = formula;
    node->told.formula = kept;
}

static struct zuji_formula sum_of(const struct terms *terms, const struct zuji_value *value)
{
    return (struct zuji_formula){.operation = ZUJI_OP_SUM,
                                 .operands = terms->items,
                                 .operand_count = terms->count,
                                 .value = value,
                                 .rows = (uint32_t)terms->count,
                                 .by_text = "",
                                 .mode = ""};
}

/* The figure's exact amount, per declared amount. */
static void take_amount(struct explaining *explaining, struct explain_node *node, size_t figure)
{
    const struct amounts *amounts = explaining->amounts;
    if (amounts->given[figure]) {
        /* not as numbers of the unit are told elsewhere: its text in a rule may be another of the same size, "tCO2e/t"
           for kgCO2e/kg */
        node->told.value.is_number = 1;
        node->told.value.number = rat_to_double(amounts->exact[figure]);
        struct str number = explain_number_text(explaining->teller.run->arena, amounts->exact[figure]);
        node->told.value.unit = node->told.figure->unit;
        struct str text =
            str_format(explaining->teller.run->arena, "%.*s %s", STR_FMT(number), node->told.figure->unit);
        node->told.value.text = tell_text(&explaining->teller, text);
    }
}

static void build_total(struct explaining *explaining, struct explain_node *node)
{
    const struct program *program = explaining->program;
    const struct result_plan *plan = explaining->result->plan;
    struct terms terms = terms_in(explaining, program->stage_count);
    for (uint32_t s = 0; s < program->stage_count; s++) {
        const struct zuji_explanation *stage = explain_stage(explaining, s);
        if (explaining->amounts->given[plan->stages.first + s] && !plan->stage_is_apart[s]) {
            add_term(explaining, node, &terms, stage);
        } else {
            explain_add_part(explaining, node, stage);
        }
    }
    take_amount(explaining, node, FIGURE_TOTAL);
    set_formula(explaining, node, sum_of(&terms, &node->told.value));
}

static void build_stage(struct explaining *explaining, struct explain_node *node)
{
    const struct program *program = explaining->program;
    const struct result_plan *plan = explaining->result->plan;
    take_amount(explaining, node, plan->stages.first + node->of);
    add_condition(explaining, node, program->stages[node->of].when, NO_INDEX);
    if (!holds(explaining, program->stages[node->of].when)) {
        return;
    }
    struct terms terms = terms_in(explaining, program->flow_count);
    for (uint32_t f = 0; f < program->flow_count; f++) {
        if (program->flows[f].stage != node->of) {
            continue;
        }
        const struct zuji_explanation *flow = explain_flow(explaining, f);
        if (explaining->amounts->given[plan->flows.first + f] && !plan->flow_is_apart[f]) {
            add_term(explaining, node, &terms, flow);
        } else {
            explain_add_part(explaining, node, flow);
        }
    }
    set_formula(explaining, node, sum_of(&terms, &node->told.value));
}

/* ---- flows ---- */

/* The value without the changes of its unit and axis that nobody wrote. */
static uint32_t as_written(const struct program *program, uint32_t instruction)
{
    const struct instruction *at = &program->code[instruction];
    while (at->op == OP_CONVERT || at->op == OP_NEED || at->op == OP_WITHIN || at->op == OP_SPREAD ||
           at->op == OP_NEG) {
        instruction = at->a;
        at = &program->code[instruction];
    }
    return instruction;
}

/* The item of this kind and name with this value; NO_INDEX: none. */
static uint32_t find_item(const struct explaining *explaining, enum prog_item_kind kind, const char *name,
                          uint32_t instruction)
{
    const struct program *program = explaining->program;
    for (uint32_t i = 0; i < program->item_count; i++) {
        const struct prog_item *item = &program->items[i];
        if (item->kind == kind && is_value_of(item, instruction) && str_eq(program->labels[item->name], str_of(name))) {
            return i;
        }
    }
    return NO_INDEX;
}

static bool is_zero(const struct explaining *explaining, uint32_t instruction, uint32_t row)
{
    struct exact_value value = exact_get(explaining->teller.run, instruction, row);
    return value.state == STATE_GIVEN && rat_sign(value.number) == 0;
}

/* Is it 0 in every row of the sum that it is? What cancels is something. */
static bool is_zero_throughout(const struct explaining *explaining, uint32_t instruction, uint32_t row)
{
    const struct instruction *code = explaining->program->code;
    bool is_nothing = is_zero(explaining, instruction, row);
    while (code[instruction].op == OP_CONVERT || code[instruction].op == OP_NEED || code[instruction].op == OP_NEG) {
        instruction = code[instruction].a;
    }
    const struct instruction *at = &code[instruction];
    if (at->op == OP_ADD || at->op == OP_SUB) {
        return is_nothing && is_zero(explaining, at->a, row) && is_zero(explaining, at->b, row);
    }
    if (at->op != OP_SUM) {
        return is_nothing;
    }
    const struct exact_axis *axis = &explaining->teller.run->axes[at->imm];
    for (uint32_t r = axis->first[row]; r < axis->first[row + 1] && is_nothing; r++) {
        is_nothing = !trace_counts(explaining->teller.trace, instruction, r) || is_zero(explaining, at->a, r);
    }
    return is_nothing;
}

/* Of a flow in several categories those that are 0 are told as one line, unless all is asked for or all are. */
static bool is_nothing(const struct explaining *explaining, uint32_t part, uint32_t value, uint32_t row)
{
    uint32_t flow = explaining->program->parts[part].flow;
    bool has_other = part > explaining->first_part[flow];
    for (uint32_t p = explaining->first_part[flow]; p < explaining->first_part[flow + 1]; p++) {
        uint32_t emission = explaining->emissions[p];
        has_other = has_other || (p != part && !is_zero(explaining, explaining->program->code[emission].a,
                                                        row_of(explaining, emission)));
    }
    return explaining->shown > 0 && has_other && is_zero_throughout(explaining, value, row);
}

/* One category and gas of a flow. Where it is what the rule has for the flow, the formula is the flow's. */
static const struct zuji_explanation *explain_amount(struct explaining *explaining, const char *flow, uint32_t part)
{
    const struct program *program = explaining->program;
    const struct prog_part *of = &program->parts[part];
    uint32_t emission = explaining->emissions[part];
    uint32_t value = program->code[emission].a;
    uint32_t written = find_item(explaining, ITEM_FLOW, flow, as_written(program, value));
    uint32_t amount = find_item(explaining, ITEM_AMOUNT, flow, value);
    const uint32_t identity[2] = {ZUJI_NODE_AMOUNT, part};
    bool is_new;
    struct explain_node *node = explain_new(explaining, (struct str){(const char *)identity, sizeof identity}, &is_new);
    if (!is_new) {
        return &node->told;
    }
    node->told.kind = ZUJI_NODE_AMOUNT;
    node->told.name = flow;
    node->instruction = value;
    node->unit = explaining->units[value];
    node->row = row_of(explaining, emission);
    node->is_nothing = is_nothing(explaining, part, value, node->row);
    node->of = part;
    if (written != NO_INDEX || amount != NO_INDEX) {
        explain_take_item(explaining, node, written != NO_INDEX ? written : amount);
    }
    node->told.written = node->is_nothing ? "" : node->told.written;
    node->told.value = explain_tell(explaining, value, node->row);
    node->told.origin = explain_origin(explaining, value, node->row);
    node->told.category = tell_text(&explaining->teller, program->texts[program->categories[of->category].name]);
    node->told.gas = of->gas == NO_INDEX ? "" : tell_text(&explaining->teller, program->texts[of->gas]);
    node->told.is_apart = !explaining->result->plan->parts[part].is_in_flow;
    return &node->told;
}

static const struct zuji_explanation *explain_reference(struct explaining *explaining)
{
    const struct program *program = explaining->program;
    uint32_t reference = program->rule.reference;
    uint32_t row = row_of(explaining, reference);
    for (uint32_t i = 0; i < program->item_count; i++) {
        if (program->items[i].kind == ITEM_REFERENCE && is_value_of(&program->items[i], reference)) {
            return explain_item(explaining, i, 0, row);
        }
    }
    return explain_value(explaining, ZUJI_NODE_STEP, reference, row, NO_INDEX);
}

static struct zuji_formula *two_of(struct explaining *explaining, struct zuji_formula first, struct zuji_formula second)
{
    struct zuji_formula *operands = arena_array(explaining->teller.arena, struct zuji_formula, 2);
    operands[0] = first;
    operands[1] = second;
    return operands;
}

static struct zuji_formula binary(struct explaining *explaining, enum zuji_operation operation,
                                  struct zuji_formula first, struct zuji_formula second, struct zuji_value value)
{
    struct zuji_value *kept = arena_new(explaining->teller.arena, struct zuji_value);
    *kept = value;
    return (struct zuji_formula){.operation = operation,
                                 .operands = two_of(explaining, first, second),
                                 .operand_count = 2,
                                 .value = kept,
                                 .by_text = "",
                                 .mode = ""};
}

/* amount / reference * declared amount */
static void set_per_declared(struct explaining *explaining, struct explain_node *node, const struct terms *terms)
{
    const struct program *program = explaining->program;
    struct arena *arena = explaining->teller.run->arena;
    struct explain_unit in = explain_unit(arena, program, program->rule.declared_unit);
    struct rat declared = rat_mul(arena, program->constants[program->rule.declared].number, in.by);
    const struct zuji_explanation *reference = explain_reference(explaining);
    uint32_t emission = explaining->emissions[explaining->first_part[node->of]];
    struct explain_unit unit = explaining->units[program->code[emission].a];
    struct zuji_formula formula = terms->items[0];
    if (terms->count != 1) {
        struct zuji_value *sum = arena_new(explaining->teller.arena, struct zuji_value);
        *sum = explain_number(explaining, unit, terms->sum);
        formula = sum_of(terms, sum);
    }
    if (!rat_eq(declared, RAT_ONE)) {
        struct zuji_value *amount = arena_new(explaining->teller.arena, struct zuji_value);
        *amount = explain_number(explaining, in, program->constants[program->rule.declared].number);
        struct zuji_formula times = {.operation = ZUJI_OP_NUMBER, .value = amount, .by_text = "", .mode = ""};
        struct zuji_value product = explain_number(explaining, unit, rat_mul(arena, terms->sum, declared));
        formula = binary(explaining, ZUJI_OP_MULTIPLY, formula, times, product);
    }
    explain_add_part(explaining, node, reference);
    set_formula(explaining, node,
                binary(explaining, ZUJI_OP_DIVIDE, formula, explain_node_formula(reference), node->told.value));
}

static void build_flow(struct explaining *explaining, struct explain_node *node)
{
    const struct program *program = explaining->program;
    const struct result_plan *plan = explaining->result->plan;
    struct arena *arena = explaining->teller.run->arena;
    struct terms terms = terms_in(explaining, program->part_count);
    take_amount(explaining, node, plan->flows.first + node->of);
    uint32_t stage_when = program->stages[program->flows[node->of].stage].when;
    for (uint32_t p = explaining->first_part[node->of]; p < explaining->first_part[node->of + 1]; p++) {
        uint32_t emission = explaining->emissions[p];
        uint32_t own_when = program->code[emission].mask;
        bool is_own = own_when != stage_when; /* that of the stage is told there */
        if (is_own || !holds(explaining, stage_when)) {
            uint32_t knows = find_item(explaining, ITEM_AMOUNT, node->told.name, program->code[emission].a);
            add_condition(explaining, node, own_when, knows);
        }
        if (!holds(explaining, stage_when) || !holds(explaining, own_when)) {
            continue;
        }
        const struct zuji_explanation *amount = explain_amount(explaining, node->told.name, p);
        if (plan->parts[p].is_in_flow) {
            uint32_t value = program->code[emission].a;
            struct exact_value exact = exact_get(explaining->teller.run, value, row_of(explaining, emission));
            terms.sum = rat_add(arena, terms.sum, exact.state == STATE_GIVEN ? exact.number : RAT_ZERO);
            add_term(explaining, node, &terms, amount);
        } else {
            explain_add_part(explaining, node, amount);
        }
    }
    if (terms.count > 0) {
        set_per_declared(explaining, node, &terms);
    }
}

void explain_figure(struct explaining *explaining, struct explain_node *node)
{
    if (node->told.kind == ZUJI_NODE_TOTAL) {
        build_total(explaining, node);
    } else if (node->told.kind == ZUJI_NODE_STAGE) {
        build_stage(explaining, node);
    } else if (node->told.kind == ZUJI_NODE_FLOW) {
        build_flow(explaining, node);
    }
}
