/* What an instruction computes, as a formula over named nodes: down to the items that its item mentions, to rows, and
   to data, factors and cells. */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "vm/explain.h"
#include "vm/opcodes.h"

/* A formula larger than people read is divided into steps; equal parts of it are one step then. */
enum { FORMULA_DEPTH = 24, FORMULA_PARTS = 200 };

struct building {
    struct explaining *explaining;
    struct explain_node *node;
    unsigned depth, parts;
};

static struct zuji_formula build(struct building *building, uint32_t instruction, uint32_t row);

static const struct instruction *code_at(const struct building *building, uint32_t instruction)
{
    return &building->explaining->program->code[instruction];
}

static struct exact_run *run_of(const struct building *building)
{
    return building->explaining->teller.run;
}

/* ---- parts ---- */

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

static struct zuji_formula formula_of(struct building *building, enum zuji_operation operation, uint32_t instruction,
                                      uint32_t row)
{
    struct zuji_value *value = arena_new(building->explaining->teller.arena, struct zuji_value);
    *value = explain_tell(building->explaining, instruction, row);
    return (struct zuji_formula){.operation = operation, .value = value, .by_text = "", .mode = ""};
}

struct zuji_formula explain_node_formula(const struct zuji_explanation *node)
{
    return (struct zuji_formula){
        .operation = ZUJI_OP_NODE, .node = node, .value = &node->value, .by_text = "", .mode = ""};
}

static struct zuji_formula refer(struct building *building, const struct zuji_explanation *part)
{
    explain_add_part(building->explaining, building->node, part);
    return explain_node_formula(part);
}

static struct zuji_formula *operands_of(struct building *building, struct zuji_formula *formula, size_t count)
{
    struct zuji_formula *operands = arena_array(building->explaining->teller.arena, struct zuji_formula, count);
    formula->operands = operands;
    formula->operand_count = count;
    return operands;
}

static struct zuji_formula of_operands(struct building *building, enum zuji_operation operation, uint32_t instruction,
                                       uint32_t row, size_t count)
{
    const struct instruction *at = code_at(building, instruction);
    const uint32_t from[3] = {at->a, at->b, at->c};
    struct zuji_formula formula = formula_of(building, operation, instruction, row);
    struct zuji_formula *operands = operands_of(building, &formula, count);
    for (size_t k = 0; k < count; k++) {
        operands[k] = build(building, from[k], row);
    }
    return formula;
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

/* ---- rows ---- */

struct candidate { /* a row that counts */
    uint32_t row;
    double size;
};

static int compare_sizes(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;
    if (left->size < right->size || left->size > right->size) {
        return left->size > right->size ? -1 : 1;
    }
    return (left->row > right->row) - (left->row < right->row);
}

/* Those that count, in the order of the data; where only some are shown, the largest first. */
static struct candidate *find_rows(struct building *building, uint32_t instruction, uint32_t row, uint32_t *count,
                                   double *sizes)
{
    struct exact_run *run = run_of(building);
    const struct instruction *at = code_at(building, instruction);
    const struct exact_axis *axis = &run->axes[at->imm];
    uint32_t most = axis->first[row + 1] - axis->first[row];
    struct candidate *found = arena_array(run->arena, struct candidate, (size_t)most + 1);
    bool has_size = at->a != NO_OPERAND && run->shapes[at->a].type == VALUE_NUMBER;
    *count = 0;
    *sizes = 0;
    for (uint32_t r = axis->first[row]; r < axis->first[row + 1]; r++) {
        if (!trace_counts(building->explaining->teller.trace, instruction, r)) {
            continue;
        }
        struct exact_value value = has_size ? exact_get(run, at->a, r) : (struct exact_value){.number = RAT_ZERO};
        bool is_known = has_size && value.state == STATE_GIVEN;
        double size = is_known ? rat_to_double(rat_abs(run->arena, value.number)) : 0;
        found[(*count)++] = (struct candidate){r, size};
        *sizes += size;
    }
    if (building->explaining->shown > 0 && *count > building->explaining->shown + 1) {
        qsort(found, *count, sizeof *found, compare_sizes);
    }
    return found;
}

static struct zuji_formula rest_of(struct building *building, uint32_t instruction, const struct candidate *rows,
                                   uint32_t count, double sizes)
{
    struct exact_run *run = run_of(building);
    const struct instruction *at = code_at(building, instruction);
    struct rat sum = RAT_ZERO;
    double size = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct exact_value value = exact_get(run, at->a, rows[i].row);
        sum = value.state == STATE_GIVEN ? rat_add(run->arena, sum, value.number) : sum;
        size += rows[i].size;
    }
    const uint16_t *unit = at->op == OP_SUM ? &run->shapes[at->a].unit : NULL;
    return refer(building, explain_rest(building->explaining, sum, unit, count, sizes > 0 ? size / sizes : 0));
}

static struct zuji_formula of_rows(struct building *building, enum zuji_operation operation, uint32_t instruction,
                                   uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = code_at(building, instruction);
    struct zuji_formula formula = formula_of(building, operation, instruction, row);
    uint32_t count;
    double sizes;
    struct candidate *rows = find_rows(building, instruction, row, &count, &sizes);
    uint32_t shown = explaining->shown > 0 && count > explaining->shown + 1 ? explaining->shown : count;
    struct zuji_formula *operands = operands_of(building, &formula, (size_t)shown + (shown < count));
    formula.rows = count;
    for (uint32_t i = 0; i < shown; i++) {
        double share = sizes > 0 ? rows[i].size / sizes : 0;
        operands[i] =
            refer(building, explain_row(explaining, at->imm, at->a, rows[i].row, building->node->knows, share));
    }
    if (shown < count) {
        operands[shown] = rest_of(building, instruction, rows + shown, count - shown, sizes);
    }
    return formula;
}

/* The row that has the value is first; without all rows it stands alone. */
static struct zuji_formula of_extreme(struct building *building, enum zuji_operation operation, uint32_t instruction,
                                      uint32_t row)
{
    const struct instruction *at = code_at(building, instruction);
    struct explaining *explaining = building->explaining;
    uint32_t picked;
    if (explaining->shown == 0) {
        return of_rows(building, operation, instruction, row);
    }
    struct zuji_formula formula = formula_of(building, operation, instruction, row);
    uint32_t count;
    double sizes;
    (void)find_rows(building, instruction, row, &count, &sizes);
    formula.rows = count;
    if (trace_picked(explaining->teller.trace, instruction, row, &picked)) {
        struct zuji_formula *operands = operands_of(building, &formula, 1);
        operands[0] = refer(building, explain_row(explaining, at->imm, at->a, picked, building->node->knows, 0));
    }
    return formula;
}

static struct zuji_formula of_any(struct building *building, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = code_at(building, instruction);
    struct exact_run *run = run_of(building);
    struct zuji_formula formula = formula_of(building, ZUJI_OP_ANY, instruction, row);
    uint32_t count;
    double sizes;
    const struct candidate *rows = find_rows(building, instruction, row, &count, &sizes);
    formula.rows = count;
    uint32_t holding = count;
    for (uint32_t i = count; i-- > 0;) {
        struct exact_value value = exact_get(run, at->a, rows[i].row);
        holding = value.state == STATE_GIVEN && value.code != 0 ? i : holding;
    }
    if (holding < count) {
        struct zuji_formula *operands = operands_of(building, &formula, 1);
        operands[0] = refer(
            building, explain_row(building->explaining, at->imm, at->a, rows[holding].row, building->node->knows, 0));
    }
    return formula;
}

static struct zuji_formula of_count(struct building *building, uint32_t instruction, uint32_t row)
{
    struct zuji_formula formula = formula_of(building, ZUJI_OP_COUNT, instruction, row);
    double sizes;
    (void)find_rows(building, instruction, row, &formula.rows, &sizes);
    return formula;
}

/* ---- choices ---- */

static struct zuji_formula of_condition(struct building *building, uint32_t instruction, uint32_t row)
{
    uint32_t item;
    uint32_t value;
    if (find_item(building, instruction, &item, &value)) {
        return refer(building, explain_item(building->explaining, item, value, row));
    }
    return refer(building,
                 explain_value(building->explaining, ZUJI_NODE_CONDITION, instruction, row, building->node->knows));
}

static struct zuji_formula of_choice(struct building *building, uint32_t instruction, uint32_t row)
{
    struct zuji_formula formula = formula_of(building, ZUJI_OP_IF, instruction, row);
    struct zuji_formula *operands = operands_of(building, &formula, 2);
    operands[0] = of_condition(building, code_at(building, instruction)->a, row);
    operands[1] = build(building, trace_taken(building->explaining->teller.trace, instruction, row), row);
    return formula;
}

/* The first alone where it decides. */
static struct zuji_formula of_logic(struct building *building, enum zuji_operation operation, uint32_t instruction,
                                    uint32_t row)
{
    const struct instruction *at = code_at(building, instruction);
    bool decides = (exact_get(run_of(building), at->a, row).code != 0) == (operation == ZUJI_OP_OR);
    return of_operands(building, operation, instruction, row, decides ? 1 : 2);
}

/* x default e; a datum in the place of a factor. */
static struct zuji_formula of_default(struct building *building, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = code_at(building, instruction);
    uint32_t factor = explaining->teller.trace->factor_behind[at->b];
    uint32_t field;
    uint32_t field_row;
    bool is_given = exact_get(run_of(building), at->a, row).state == STATE_GIVEN;
    if (is_given && factor != NO_INDEX && trace_datum(explaining->teller.trace, instruction, row, &field, &field_row)) {
        return refer(building, explain_datum(explaining, instruction, row, factor));
    }
    if (is_given || at->imm == 0 || factor != NO_INDEX) {
        return build(building, is_given ? at->a : at->b, row);
    }
    return refer(building, explain_default(explaining, instruction, row, building->node->knows));
}

/* ---- numbers ---- */

static const char *label_text(const struct building *building, struct str text)
{
    return tell_text(&building->explaining->teller, text);
}

/* "× 1000 kg/t" or "÷ 3.6 MJ/kWh": whichever is the shorter number. Nothing of plain numbers: 2 % is 0.02. */
static void take_conversion(struct building *building, struct zuji_formula *formula, uint32_t instruction)
{
    struct arena *arena = run_of(building)->arena;
    const struct program *program = building->explaining->program;
    const struct instruction *at = code_at(building, instruction);
    struct explain_unit to = explain_unit(arena, program, at->unit);
    struct explain_unit from = explain_unit(arena, program, code_at(building, at->a)->unit);
    struct rat by = rat_div(arena, rat_mul(arena, program->constants[at->b].number, to.by), from.by);
    formula->by = rat_to_double(by);
    if (rat_eq(by, RAT_ONE)) {
        return;
    }
    struct str direct = explain_number_text(arena, by);
    struct str inverse = explain_number_text(arena, rat_div(arena, RAT_ONE, by));
    bool is_divided = inverse.len < direct.len;
    struct str over = is_divided ? from.text : to.text;
    struct str under = is_divided ? to.text : from.text;
    const char *format = unit_text_is_product(under) ? "%s %.*s %.*s/(%.*s)" : "%s %.*s %.*s/%.*s";
    struct str text = str_format(arena, format, is_divided ? "÷" : "×", STR_FMT(is_divided ? inverse : direct),
                                 STR_FMT(over), STR_FMT(under));
    formula->by_text = label_text(building, text);
}

static struct zuji_formula of_conversion(struct building *building, uint32_t instruction, uint32_t row)
{
    const struct program *program = building->explaining->program;
    const struct instruction *at = code_at(building, instruction);
    if (at->op == OP_CONVERT) {
        struct zuji_formula formula = of_operands(building, ZUJI_OP_CONVERT, instruction, row, 1);
        take_conversion(building, &formula, instruction);
        return formula;
    }
    struct zuji_formula formula = of_operands(building, ZUJI_OP_SHIFT, instruction, row, 1);
    formula.by = rat_to_double(program->constants[at->b].number);
    formula.plus = rat_to_double(program->constants[at->c].number);
    return formula;
}

static struct zuji_formula of_rounding(struct building *building, uint32_t instruction, uint32_t row)
{
    static const char *const modes[ROUNDING_COUNT] = {
        [ROUND_HALF_EVEN] = "half_even", [ROUND_HALF_UP] = "half_up", [ROUND_HALF_AWAY] = "half_away",
        [ROUND_HALF_DOWN] = "half_down", [ROUND_FLOOR] = "floor",     [ROUND_CEIL] = "ceil",
        [ROUND_TRUNCATE] = "truncate",   [ROUND_AWAY] = "away"};
    const struct instruction *at = code_at(building, instruction);
    bool is_step = at->op == OP_ROUND;
    enum zuji_operation operation = is_step ? ZUJI_OP_ROUND : ZUJI_OP_ROUND_SIGNIFICANT;
    struct zuji_formula formula = of_operands(building, operation, instruction, row, 1);
    formula.mode = modes[at->imm];
    formula.by = is_step ? explain_tell(building->explaining, at->b, 0).number : at->b;
    if (is_step) {
        formula.by_text = explain_tell(building->explaining, at->b, 0).text;
    }
    return formula;
}

static struct zuji_formula of_power(struct building *building, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = code_at(building, instruction);
    if (at->op == OP_POW) {
        return of_operands(building, ZUJI_OP_POWER, instruction, row, 2);
    }
    struct zuji_formula formula = formula_of(building, ZUJI_OP_POWER, instruction, row);
    struct zuji_formula *operands = operands_of(building, &formula, 2);
    struct zuji_value *exponent = arena_new(explaining->teller.arena, struct zuji_value);
    *exponent = explain_number(explaining, 0, rat_int((int32_t)at->b));
    operands[0] = build(building, at->a, row);
    operands[1] = (struct zuji_formula){.operation = ZUJI_OP_NUMBER, .value = exponent, .by_text = "", .mode = ""};
    return formula;
}

/* An amount of CO2e in the text of the rule is a leaf: it has a source. */
static struct zuji_formula of_constant(struct building *building, uint32_t instruction)
{
    const struct trace *trace = building->explaining->teller.trace;
    const struct exact_run *run = run_of(building);
    const struct value_shape *shape = &run->shapes[instruction];
    bool is_amount = shape->type == VALUE_NUMBER && trace->is_emission[shape->unit] &&
                     !trace->is_potential[instruction] && rat_sign(exact_get(run, instruction, 0).number) != 0;
    return is_amount ? refer(building, explain_keyed(building->explaining, instruction, 0, building->node->knows))
                     : formula_of(building, ZUJI_OP_NUMBER, instruction, 0);
}

/* ---- other rows and axes ---- */

static struct zuji_formula of_picked(struct building *building, uint32_t instruction, uint32_t row)
{
    return refer(building,
                 explain_value(building->explaining, ZUJI_NODE_PICKED, instruction, row, building->node->knows));
}

/* The value of another row, and which row that is. */
static struct zuji_formula of_taken(struct building *building, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = code_at(building, instruction);
    struct exact_value picked = exact_get(run_of(building), at->a, row);
    if (picked.state != STATE_GIVEN) {
        return formula_of(building, ZUJI_OP_NUMBER, instruction, row);
    }
    struct zuji_formula value = build(building, at->b, (uint32_t)picked.code);
    (void)of_picked(building, at->a, row);
    return value;
}

/* Is the value a step by itself rather than a part of this formula? */
static bool is_too_much(const struct building *building, uint32_t op)
{
    bool is_leaf = op == OP_CONST || op == OP_FIELD || op == OP_INDEX || op == OP_FACTOR || op == OP_COLUMN;
    return !is_leaf && (building->depth > FORMULA_DEPTH || building->parts > FORMULA_PARTS);
}

static struct zuji_formula build_at(struct building *building, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = code_at(building, instruction);
    switch (at->op) { /* those that have no row of their own below are rows of lists and tables */
    case OP_CONST:
        return of_constant(building, instruction);
    case OP_FIELD:
        return refer(building, explain_datum(explaining, instruction, row, NO_INDEX));
    case OP_INDEX:
        return formula_of(building, ZUJI_OP_NUMBER, instruction, row);
    case OP_GIVEN:
        return formula_of(building, ZUJI_OP_GIVEN, instruction, row);
    case OP_NEED:
    case OP_RETAG:
        return build(building, at->a, row);
    case OP_SPREAD:
        return build(building, at->a,
                     exact_row_outside(run_of(building), at->axis, row, code_at(building, at->a)->axis));
    case OP_SPREAD2:
        return build(building, at->a,
                     exact_row_visited(run_of(building), at->axis, row, code_at(building, at->a)->axis));
    case OP_ELSE:
        return of_default(building, instruction, row);
    case OP_TAKE:
        return of_taken(building, instruction, row);
    case OP_ADD:
        return of_operands(building, ZUJI_OP_ADD, instruction, row, 2);
    case OP_SUB:
        return of_operands(building, ZUJI_OP_SUBTRACT, instruction, row, 2);
    case OP_MUL:
        return of_operands(building, ZUJI_OP_MULTIPLY, instruction, row, 2);
    case OP_DIV:
        return of_operands(building, ZUJI_OP_DIVIDE, instruction, row, 2);
    case OP_NEG:
        return of_operands(building, ZUJI_OP_NEGATE, instruction, row, 1);
    case OP_ABS:
        return of_operands(building, ZUJI_OP_ABSOLUTE, instruction, row, 1);
    case OP_MIN:
        return of_operands(building, ZUJI_OP_MIN, instruction, row, 2);
    case OP_MAX:
        return of_operands(building, ZUJI_OP_MAX, instruction, row, 2);
    case OP_POWI:
    case OP_POW:
        return of_power(building, instruction, row);
    case OP_SQRT:
        return of_operands(building, ZUJI_OP_SQRT, instruction, row, 1);
    case OP_EXP:
        return of_operands(building, ZUJI_OP_EXP, instruction, row, 1);
    case OP_LN:
        return of_operands(building, ZUJI_OP_LN, instruction, row, 1);
    case OP_CONVERT:
    case OP_SHIFT:
        return of_conversion(building, instruction, row);
    case OP_ROUND:
    case OP_ROUNDSIG:
        return of_rounding(building, instruction, row);
    case OP_LT:
        return of_operands(building, ZUJI_OP_LESS, instruction, row, 2);
    case OP_LE:
        return of_operands(building, ZUJI_OP_LESS_EQUAL, instruction, row, 2);
    case OP_EQ:
    case OP_SAME:
        return of_operands(building, ZUJI_OP_EQUAL, instruction, row, 2);
    case OP_AND:
        return of_logic(building, ZUJI_OP_AND, instruction, row);
    case OP_OR:
        return of_logic(building, ZUJI_OP_OR, instruction, row);
    case OP_NOT:
        return of_operands(building, ZUJI_OP_NOT, instruction, row, 1);
    case OP_SELECT:
        return of_choice(building, instruction, row);
    case OP_SUM:
        return of_rows(building, ZUJI_OP_SUM, instruction, row);
    case OP_COUNT:
        return of_count(building, instruction, row);
    case OP_LEAST:
        return of_extreme(building, ZUJI_OP_LEAST, instruction, row);
    case OP_GREATEST:
        return of_extreme(building, ZUJI_OP_GREATEST, instruction, row);
    case OP_ANY:
        return of_any(building, instruction, row);
    case OP_COLUMN:
    case OP_FACTOR:
    case OP_CALL:
        return refer(building, explain_keyed(explaining, instruction, row, building->node->knows));
    case OP_KEY:
    case OP_STEP_KEY:
        return build(building, at->a, row);
    default:
        return of_picked(building, instruction, row);
    }
}

static struct zuji_formula build(struct building *building, uint32_t instruction, uint32_t row)
{
    uint32_t item;
    uint32_t value;
    if (find_item(building, instruction, &item, &value)) {
        return refer(building, explain_item(building->explaining, item, value, row));
    }
    if (is_poison(exact_get(run_of(building), instruction, row).state)) {
        return formula_of(building, ZUJI_OP_NUMBER, instruction, row); /* nobody needed it */
    }
    if (is_too_much(building, code_at(building, instruction)->op)) {
        return refer(building,
                     explain_value(building->explaining, ZUJI_NODE_STEP, instruction, row, building->node->knows));
    }
    building->depth++;
    building->parts++;
    struct zuji_formula formula = build_at(building, instruction, row);
    building->depth--;
    return formula;
}

/* ---- nodes ---- */

/* Of a row that was picked or found: by what. */
static bool build_picked(struct building *building, struct zuji_formula *formula)
{
    const struct explain_node *node = building->node;
    const struct instruction *at = code_at(building, node->instruction);
    struct trace *trace = building->explaining->teller.trace;
    uint32_t picked;
    switch (at->op) {
    case OP_MATCH:
        *formula = build(building, at->a, node->row);
        return true;
    case OP_ARGMAX:
    case OP_ARGMIN:
        *formula =
            of_extreme(building, at->op == OP_ARGMAX ? ZUJI_OP_GREATEST : ZUJI_OP_LEAST, node->instruction, node->row);
        return true;
    case OP_ONLY:
        if (at->b != NO_OPERAND && trace_picked(trace, node->instruction, node->row, &picked)) {
            *formula = of_condition(building, at->b, picked);
            return true;
        }
        return false;
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_NEED:
    case OP_SELECT:
    case OP_ELSE:
    case OP_TAKE:
        *formula = build_at(building, node->instruction, node->row);
        return true;
    default:
        return false;
    }
}

/* The keys under which it was looked up, where they were computed. */
static bool build_keys(struct building *building)
{
    struct explain_node *node = building->node;
    const struct instruction *at = code_at(building, node->instruction);
    if (at->op == OP_COLUMN) {
        at = code_at(building, at->a);
    }
    const uint32_t keys[3] = {at->a, at->b, at->c};
    for (int k = 0; (at->op == OP_FACTOR || at->op == OP_CELL) && k < 3 && keys[k] != NO_OPERAND; k++) {
        (void)build(building, keys[k], node->row);
    }
    if (at->op == OP_MATCH || at->op == OP_ARGMAX || at->op == OP_ARGMIN || at->op == OP_ONLY) {
        (void)of_picked(building, code_at(building, node->instruction)->a, node->row);
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

static bool build_node(struct building *building, struct zuji_formula *formula)
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
        return build_picked(building, formula);
    case ZUJI_NODE_FACTOR:
    case ZUJI_NODE_CELL:
        return build_keys(building);
    case ZUJI_NODE_EXTERNAL: {
        size_t count = 0;
        const struct instruction *at = code_at(building, node->instruction);
        count = at->b == NO_OPERAND ? 1 : at->c == NO_OPERAND ? 2 : 3;
        *formula = of_operands(building, ZUJI_OP_CALL, node->instruction, node->row, count);
        return true;
    }
    case ZUJI_NODE_DATUM:
        if (node->told.ground->kind != ZUJI_DEFAULT) {
            return false;
        }
        *formula = build(building, node->instruction, node->row);
        return true;
    case ZUJI_NODE_AMOUNT:
    case ZUJI_NODE_ITEM:
    case ZUJI_NODE_STEP:
    case ZUJI_NODE_ROW:
    case ZUJI_NODE_CONDITION:
        break;
    }
    uint32_t item;
    uint32_t value;
    *formula = find_item(building, node->instruction, &item, &value)
                   ? refer(building, explain_item(building->explaining, item, value, node->row))
                   : build_at(building, node->instruction, node->row);
    return true;
}

void explain_formula(struct explaining *explaining, struct explain_node *node)
{
    struct building building = {explaining, node, 0, 0};
    struct zuji_formula formula;
    if (node->told.value.text[0] != '\0' && build_node(&building, &formula)) {
        struct zuji_formula *kept = arena_new(explaining->teller.arena, struct zuji_formula);
        *kept = formula;
        node->told.formula = kept;
    }
}
