/* What an instruction computes, as a formula over named nodes: down to the items that its item mentions, to rows, and
   to data, factors and cells. */
#include <string.h>

#include "vm/explain_build.h"
#include "vm/opcodes.h"

/* A formula larger than people read is divided into steps; equal parts of it are one step then. */
enum { FORMULA_DEPTH = 24, FORMULA_PARTS = 200 };

/* A node is built at one go: so the last one that a part was added to tells whether it is there already. */
void explain_add_part(struct explaining *explaining, struct explain_node *node, const struct zuji_explanation *part)
{
    struct explain_node *made = (struct explain_node *)(uintptr_t)part; /* `told` is its first member */
    if (made->last_whole == node) {
        return;
    }
    made->last_whole = node;
    arena_grow(explaining->teller.arena, node->parts, node->part_count, node->part_cap);
    node->parts[node->part_count++] = part;
}

struct zuji_formula explain_node_formula(const struct zuji_explanation *node)
{
    return (struct zuji_formula){
        .operation = ZUJI_OP_NODE, .node = node, .value = &node->value, .by_text = "", .mode = ""};
}

/* ---- names ---- */

/* The item that the node's own item mentions and whose value this is. */
static bool find_item(const struct building *building, uint32_t instruction, uint32_t *item, uint32_t *value)
{
    const struct program *program = building->explaining->program;
    if (building->node->knows == NO_INDEX) {
        return false;
    }
    const struct prog_item *own = &program->items[building->node->knows];
    for (uint32_t u = own->use_count; u-- > 0;) {
        const struct prog_item *used = &program->items[own->uses[u]];
        for (uint32_t v = 0; v < used->value_count; v++) {
            if (used->values[v].instruction == instruction) {
                *item = own->uses[u];
                *value = v;
                return true;
            }
        }
    }
    return false;
}

/* ---- choices ---- */

/* Through what only brings it to another axis: nobody wrote that. */
static struct term of_condition(struct building *building, uint32_t instruction, uint32_t row)
{
    uint32_t item;
    uint32_t value;
    const struct instruction *at = build_code(building, instruction);
    bool is_named = find_item(building, instruction, &item, &value);
    while (!is_named && (at->op == OP_SPREAD || at->op == OP_SPREAD2 || at->op == OP_NEED || at->op == OP_WITHIN)) {
        const struct exact_run *run = build_run(building);
        uint16_t axis = build_code(building, at->a)->axis;
        row = at->op == OP_SPREAD    ? exact_row_outside(run, at->axis, row, axis)
              : at->op == OP_SPREAD2 ? exact_row_visited(run, at->axis, row, axis)
                                     : row;
        instruction = at->a;
        at = build_code(building, instruction);
        is_named = find_item(building, instruction, &item, &value);
    }
    const struct zuji_explanation *part =
        is_named ? explain_item(building->explaining, item, value, row)
                 : explain_value(building->explaining, ZUJI_NODE_CONDITION, instruction, row, building->node->knows);
    return term_node(building, part);
}

static struct term of_choice(struct building *building, uint32_t instruction, uint32_t row)
{
    struct term term = term_of(building, ZUJI_OP_IF, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, 2);
    uint32_t taken = trace_taken(building->explaining->teller.trace, instruction, row);
    operands[0] = of_condition(building, build_code(building, instruction)->a, row).formula;
    struct term value = build_term(building, taken, row);
    operands[1] = value.formula;
    if (build_run(building)->shapes[instruction].type == VALUE_NUMBER) {
        term.formula.value = value.formula.value;
        term.by = value.by;
        term.unit = value.unit;
    }
    return term;
}

/* The first alone where it decides. */
static struct term of_logic(struct building *building, enum zuji_operation operation, uint32_t instruction,
                            uint32_t row)
{
    const struct instruction *at = build_code(building, instruction);
    bool decides = (exact_get(build_run(building), at->a, row).code != 0) == (operation == ZUJI_OP_OR);
    return term_alike(building, operation, instruction, row, decides ? 1 : 2);
}

/* x default e; a datum in the place of a factor. */
static struct term of_default(struct building *building, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = build_code(building, instruction);
    uint32_t factor = explaining->teller.trace->factor_behind[at->b];
    uint32_t field;
    uint32_t field_row;
    bool is_given = exact_get(build_run(building), at->a, row).state == STATE_GIVEN;
    if (is_given && factor != NO_INDEX && trace_datum(explaining->teller.trace, instruction, row, &field, &field_row)) {
        return term_node(building, explain_datum(explaining, instruction, row, factor));
    }
    if (is_given || at->imm == 0 || factor != NO_INDEX) {
        return build_term(building, is_given ? at->a : at->b, row);
    }
    return term_node(building, explain_default(explaining, instruction, row, building->node->knows));
}

/* An amount of CO2e in the text of the rule is a leaf: it has a source. */
static struct term of_constant(struct building *building, uint32_t instruction)
{
    const struct trace *trace = building->explaining->teller.trace;
    const struct exact_run *run = build_run(building);
    const struct value_shape *shape = &run->shapes[instruction];
    bool is_amount = shape->type == VALUE_NUMBER && trace->is_emission[shape->unit] &&
                     !trace->is_potential[instruction] && rat_sign(exact_get(run, instruction, 0).number) != 0;
    return is_amount ? term_node(building, explain_keyed(building->explaining, instruction, 0, building->node->knows))
                     : term_of(building, ZUJI_OP_NUMBER, instruction, 0);
}

/* ---- other rows and axes ---- */

static struct term of_picked(struct building *building, uint32_t instruction, uint32_t row)
{
    return term_node(building,
                     explain_value(building->explaining, ZUJI_NODE_PICKED, instruction, row, building->node->knows));
}

/* The value of another row, and which row that is. */
static struct term of_taken(struct building *building, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = build_code(building, instruction);
    struct exact_value picked = exact_get(build_run(building), at->a, row);
    if (picked.state != STATE_GIVEN) {
        return term_of(building, ZUJI_OP_NUMBER, instruction, row);
    }
    struct term value = build_term(building, at->b, (uint32_t)picked.code);
    (void)of_picked(building, at->a, row);
    return value;
}

/* Is the value a step by itself rather than a part of this formula? */
static bool is_too_much(const struct building *building, uint32_t op)
{
    bool is_leaf = op == OP_CONST || op == OP_FIELD || op == OP_INDEX || op == OP_FACTOR || op == OP_COLUMN;
    return !is_leaf && (building->depth > FORMULA_DEPTH || building->parts > FORMULA_PARTS);
}

static struct term build_at(struct building *building, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = build_code(building, instruction);
    switch (at->op) { /* those that have no row of their own below are rows of lists and tables */
    case OP_CONST:
        return of_constant(building, instruction);
    case OP_FIELD:
        return term_node(building, explain_datum(explaining, instruction, row, NO_INDEX));
    case OP_INDEX:
        return term_of(building, ZUJI_OP_NUMBER, instruction, row);
    case OP_GIVEN:
        return term_of(building, ZUJI_OP_GIVEN, instruction, row);
    case OP_NEED:
    case OP_WITHIN:
    case OP_RETAG:
        return build_term(building, at->a, row);
    case OP_SPREAD:
        return build_term(building, at->a,
                          exact_row_outside(build_run(building), at->axis, row, build_code(building, at->a)->axis));
    case OP_SPREAD2:
        return build_term(building, at->a,
                          exact_row_visited(build_run(building), at->axis, row, build_code(building, at->a)->axis));
    case OP_ELSE:
        return of_default(building, instruction, row);
    case OP_TAKE:
        return of_taken(building, instruction, row);
    case OP_ADD:
        return term_alike(building, ZUJI_OP_ADD, instruction, row, 2);
    case OP_SUB:
        return term_alike(building, ZUJI_OP_SUBTRACT, instruction, row, 2);
    case OP_MUL:
    case OP_DIV:
        return term_product(building, instruction, row);
    case OP_NEG:
        return term_alike(building, ZUJI_OP_NEGATE, instruction, row, 1);
    case OP_ABS:
        return term_alike(building, ZUJI_OP_ABSOLUTE, instruction, row, 1);
    case OP_MIN:
        return term_alike(building, ZUJI_OP_MIN, instruction, row, 2);
    case OP_MAX:
        return term_alike(building, ZUJI_OP_MAX, instruction, row, 2);
    case OP_POWI:
    case OP_POW:
        return term_power(building, instruction, row);
    case OP_SQRT:
        return term_function(building, ZUJI_OP_SQRT, instruction, row, 1);
    case OP_EXP:
        return term_function(building, ZUJI_OP_EXP, instruction, row, 1);
    case OP_LN:
        return term_function(building, ZUJI_OP_LN, instruction, row, 1);
    case OP_CONVERT:
        return term_converted(building, instruction, row);
    case OP_SHIFT:
        return term_shift(building, instruction, row);
    case OP_ROUND:
    case OP_ROUNDSIG:
        return term_rounding(building, instruction, row);
    case OP_LT:
        return term_alike(building, ZUJI_OP_LESS, instruction, row, 2);
    case OP_LE:
        return term_alike(building, ZUJI_OP_LESS_EQUAL, instruction, row, 2);
    case OP_EQ:
    case OP_SAME:
        return term_alike(building, ZUJI_OP_EQUAL, instruction, row, 2);
    case OP_AND:
        return of_logic(building, ZUJI_OP_AND, instruction, row);
    case OP_OR:
        return of_logic(building, ZUJI_OP_OR, instruction, row);
    case OP_NOT:
        return term_alike(building, ZUJI_OP_NOT, instruction, row, 1);
    case OP_SELECT:
        return of_choice(building, instruction, row);
    case OP_SUM:
        return rows_sum(building, ZUJI_OP_SUM, instruction, row);
    case OP_COUNT:
        return rows_count(building, instruction, row);
    case OP_LEAST:
        return rows_extreme(building, ZUJI_OP_LEAST, instruction, row);
    case OP_GREATEST:
        return rows_extreme(building, ZUJI_OP_GREATEST, instruction, row);
    case OP_ANY:
        return rows_any(building, instruction, row);
    case OP_COLUMN:
    case OP_FACTOR:
    case OP_CALL:
        return term_node(building, explain_keyed(explaining, instruction, row, building->node->knows));
    case OP_KEY:
    case OP_STEP_KEY:
        return build_term(building, at->a, row);
    default:
        return of_picked(building, instruction, row);
    }
}

struct term build_term(struct building *building, uint32_t instruction, uint32_t row)
{
    uint32_t item;
    uint32_t value;
    if (find_item(building, instruction, &item, &value)) {
        return term_node(building, explain_item(building->explaining, item, value, row));
    }
    if (is_poison(exact_get(build_run(building), instruction, row).state)) {
        return term_of(building, ZUJI_OP_NUMBER, instruction, row); /* nobody needed it */
    }
    if (is_too_much(building, build_code(building, instruction)->op)) {
        return term_node(building,
                         explain_value(building->explaining, ZUJI_NODE_STEP, instruction, row, building->node->knows));
    }
    building->depth++;
    building->parts++;
    struct term term = build_at(building, instruction, row);
    building->depth--;
    return term;
}

/* ---- nodes ---- */

/* Of a row that was picked or found: by what. */
static bool build_picked(struct building *building, struct term *term)
{
    const struct explain_node *node = building->node;
    const struct instruction *at = build_code(building, node->instruction);
    struct trace *trace = building->explaining->teller.trace;
    uint32_t picked;
    switch (at->op) {
    case OP_MATCH:
        *term = build_term(building, at->a, node->row);
        return true;
    case OP_ARGMAX:
    case OP_ARGMIN:
        *term = rows_extreme(building, at->op == OP_ARGMAX ? ZUJI_OP_GREATEST : ZUJI_OP_LEAST, node->instruction,
                             node->row);
        if (trace_picked(trace, node->instruction, node->row, &picked)) { /* the key, not the row */
            term->formula.value = term_of(building, ZUJI_OP_NUMBER, at->a, picked).formula.value;
        }
        return true;
    case OP_ONLY:
        if (at->b != NO_OPERAND && trace_picked(trace, node->instruction, node->row, &picked)) {
            *term = of_condition(building, at->b, picked);
            return true;
        }
        return false;
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_NEED:
    case OP_WITHIN:
    case OP_SELECT:
    case OP_ELSE:
    case OP_TAKE:
        *term = build_at(building, node->instruction, node->row);
        return true;
    default:
        return false;
    }
}

/* Is the key what a row that is walked holds, as the member of a choice does? It stands in the name. */
static bool is_of_walk(const struct building *building, uint32_t key)
{
    const struct program *program = building->explaining->program;
    const struct instruction *at = &program->code[key];
    while (at->op == OP_KEY || at->op == OP_SPREAD || at->op == OP_SPREAD2) {
        at = &program->code[at->a];
    }
    return at->op == OP_COLUMN && program->code[at->a].op == OP_ROW;
}

/* The keys under which it was looked up, where they were computed. */
static bool build_keys(struct building *building)
{
    struct explain_node *node = building->node;
    const struct instruction *at = build_code(building, node->instruction);
    if (at->op == OP_COLUMN) {
        at = build_code(building, at->a);
    }
    const uint32_t keys[3] = {at->a, at->b, at->c};
    for (int k = 0; (at->op == OP_FACTOR || at->op == OP_CELL) && k < 3 && keys[k] != NO_OPERAND; k++) {
        if (!is_of_walk(building, keys[k])) {
            (void)build_term(building, keys[k], node->row);
        }
    }
    if (at->op == OP_MATCH || at->op == OP_ARGMAX || at->op == OP_ARGMIN || at->op == OP_ONLY) {
        (void)of_picked(building, build_code(building, node->instruction)->a, node->row);
    }
    size_t kept = 0; /* texts and choices stand in the name */
    for (size_t i = 0; i < node->part_count; i++) {
        bool is_told = node->parts[i]->kind == ZUJI_NODE_DATUM && !node->parts[i]->value.is_number;
        node->parts[kept] = node->parts[i];
        kept += !is_told;
    }
    node->part_count = kept;
    return false;
}

static bool build_node(struct building *building, struct term *term)
{
    const struct explain_node *node = building->node;
    switch (node->told.kind) {
    case ZUJI_NODE_TOTAL:
    case ZUJI_NODE_STAGE:
    case ZUJI_NODE_FLOW:
    case ZUJI_NODE_REST:
    case ZUJI_NODE_CONSTANT:
        return false;
    case ZUJI_NODE_PICKED:
        return build_picked(building, term);
    case ZUJI_NODE_FACTOR:
    case ZUJI_NODE_CELL:
        return build_keys(building);
    case ZUJI_NODE_EXTERNAL: {
        size_t count = 0;
        const struct instruction *at = build_code(building, node->instruction);
        count = at->b == NO_OPERAND ? 1 : at->c == NO_OPERAND ? 2 : 3;
        *term = term_function(building, ZUJI_OP_CALL, node->instruction, node->row, count);
        return true;
    }
    case ZUJI_NODE_DATUM:
        if (node->told.ground->kind != ZUJI_DEFAULT) {
            return false;
        }
        *term = build_term(building, node->instruction, node->row);
        return true;
    case ZUJI_NODE_AMOUNT:
        if (node->is_nothing) {
            return false;
        }
        break;
    case ZUJI_NODE_ITEM:
    case ZUJI_NODE_STEP:
    case ZUJI_NODE_ROW:
    case ZUJI_NODE_CONDITION:
        break;
    }
    uint32_t item;
    uint32_t value;
    *term = find_item(building, node->instruction, &item, &value)
                ? term_node(building, explain_item(building->explaining, item, value, node->row))
                : build_at(building, node->instruction, node->row);
    return true;
}

static bool has_number(const struct building *building, const struct explain_node *node)
{
    bool is_number = build_run(building)->shapes[node->instruction].type == VALUE_NUMBER;
    return is_number && node->told.kind != ZUJI_NODE_PICKED;
}

void explain_formula(struct explaining *explaining, struct explain_node *node)
{
    struct building building = {explaining, node, 0, 0};
    struct term term;
    if (node->told.value.text[0] == '\0' || !build_node(&building, &term)) {
        return;
    }
    if (has_number(&building, node)) {
        term_retell(&building, &term, node->instruction, node->row, node->unit);
    }
    struct zuji_formula *kept = arena_new(explaining->teller.arena, struct zuji_formula);
    *kept = term.formula;
    node->told.formula = kept;
}
