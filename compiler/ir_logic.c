/* Decisions, choices and missing values of the builder. */
#include "compiler/ir.h"

static uint32_t make_bool(struct ir *ir, enum opcode op, uint32_t a, uint32_t b)
{
    uint32_t nodes[2] = {a, b};
    uint16_t axis = 0;
    if (!ir_join_axes(ir, nodes, b == NO_OPERAND ? 1 : 2, &axis)) {
        return IR_ERROR;
    }
    struct instruction in = {.op = (uint16_t)op, .axis = axis, .a = nodes[0], .b = nodes[1]};
    in.c = in.mask = NO_OPERAND;
    return ir_make(ir, in, (struct value_shape){.type = VALUE_BOOL, .of = NO_INDEX});
}

/* ---- comparisons ---- */

/* A plain number beside a year is a year: `period >= 2020`. */
static void adopt_year(struct ir *ir, uint32_t *number, uint32_t other)
{
    int64_t year = 0;
    if (ir->nodes[other].shape.type == VALUE_YEAR && ir_is_constant(ir, *number) &&
        ir->nodes[*number].shape.type == VALUE_NUMBER && rat_to_i64(ir_constant(ir, *number)->number, &year)) {
        *number = ir_year(ir, year);
    }
}

static bool join_comparison(struct ir *ir, uint32_t *a, uint32_t *b)
{
    *a = ir_need(ir, *a);
    *b = ir_need(ir, *b);
    if (*a == IR_ERROR || *b == IR_ERROR) {
        return false;
    }
    adopt_year(ir, a, *b);
    adopt_year(ir, b, *a);
    if (ir->nodes[*a].shape.type != ir->nodes[*b].shape.type) {
        ir_fail(ir, D_INTERNAL, DIAG_ARGS(STR("values of different types are compared")));
        return false;
    }
    return ir->nodes[*a].shape.type != VALUE_NUMBER || ir_join_units(ir, a, b);
}

/* Order of two constants of one type. */
static int constant_order(struct ir *ir, uint32_t a, uint32_t b)
{
    const struct prog_const *left = ir_constant(ir, a);
    const struct prog_const *right = ir_constant(ir, b);
    if (left->type == VALUE_TEXT) {
        return str_cmp(ir_text_of(ir, left->text), ir_text_of(ir, right->text));
    }
    return rat_cmp(ir->arena, left->number, right->number);
}

uint32_t ir_less(struct ir *ir, uint32_t a, uint32_t b)
{
    if (!join_comparison(ir, &a, &b)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return ir_bool(ir, constant_order(ir, a, b) < 0);
    }
    return make_bool(ir, OP_LT, a, b);
}

uint32_t ir_less_equal(struct ir *ir, uint32_t a, uint32_t b)
{
    if (!join_comparison(ir, &a, &b)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return ir_bool(ir, constant_order(ir, a, b) <= 0);
    }
    return make_bool(ir, OP_LE, a, b);
}

uint32_t ir_equal(struct ir *ir, uint32_t a, uint32_t b)
{
    if (!join_comparison(ir, &a, &b)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return ir_bool(ir, constant_order(ir, a, b) == 0);
    }
    uint8_t type = ir->nodes[a].shape.type;
    bool is_ordered = type == VALUE_NUMBER || type == VALUE_YEAR || type == VALUE_DATE;
    return make_bool(ir, is_ordered ? OP_EQ : OP_SAME, a, b);
}

/* ---- connectives ---- */

uint32_t ir_and(struct ir *ir, uint32_t a, uint32_t b)
{
    a = ir_need(ir, a);
    b = ir_need(ir, b);
    if (a == IR_ERROR || b == IR_ERROR) {
        return IR_ERROR;
    }
    if (ir_is_true(ir, a) || a == b) {
        return b;
    }
    if (ir_is_true(ir, b) || ir_is_false(ir, a)) {
        return a;
    }
    return make_bool(ir, OP_AND, a, b);
}

uint32_t ir_or(struct ir *ir, uint32_t a, uint32_t b)
{
    a = ir_need(ir, a);
    b = ir_need(ir, b);
    if (a == IR_ERROR || b == IR_ERROR) {
        return IR_ERROR;
    }
    if (ir_is_false(ir, a) || a == b) {
        return b;
    }
    if (ir_is_false(ir, b) || ir_is_true(ir, a)) {
        return a;
    }
    return make_bool(ir, OP_OR, a, b);
}

uint32_t ir_not(struct ir *ir, uint32_t a)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    if (ir_is_true(ir, a) || ir_is_false(ir, a)) {
        return ir_bool(ir, ir_is_false(ir, a));
    }
    if (ir->nodes[a].in.op == OP_NOT) {
        return ir->nodes[a].in.a;
    }
    return make_bool(ir, OP_NOT, a, NO_OPERAND);
}

/* ---- missing values ---- */

/* A cell of a table under constant keys that is not given. */
static bool is_absent(const struct ir *ir, uint32_t node)
{
    while (ir->nodes[node].in.op == OP_SPREAD) {
        node = ir->nodes[node].in.a;
    }
    if (ir->nodes[node].in.op != OP_COLUMN || ir->nodes[ir->nodes[node].in.a].in.op != OP_CELL) {
        return false;
    }
    const struct instruction *cell = &ir->nodes[ir->nodes[node].in.a].in;
    const uint32_t keys[LIMIT_TABLE_DIMENSIONS] = {cell->a, cell->b, cell->c};
    for (size_t i = 0; i < countof(keys); i++) {
        if (keys[i] != NO_OPERAND && !ir_is_constant(ir, ir->nodes[keys[i]].in.a)) {
            return false;
        }
    }
    return true; /* a cell that is there would have been folded (ir_column) */
}

uint32_t ir_given(struct ir *ir, uint32_t a)
{
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    if (!ir->nodes[a].shape.is_optional || is_absent(ir, a)) {
        return ir_bool(ir, !ir->nodes[a].shape.is_optional);
    }
    return make_bool(ir, OP_GIVEN, a, NO_OPERAND);
}

uint32_t ir_need(struct ir *ir, uint32_t a)
{
    if (a == IR_ERROR || !ir->nodes[a].shape.is_optional) {
        return a;
    }
    if (is_absent(ir, a)) {
        return ir_fail(ir, D_ALWAYS_MISSING, NULL, 0);
    }
    struct instruction in = {.op = OP_NEED, .axis = ir_axis_of(ir, a), .unit = ir->nodes[a].in.unit, .a = a};
    in.b = in.c = in.mask = NO_OPERAND;
    struct value_shape shape = ir->nodes[a].shape;
    shape.is_optional = false;
    return ir_make(ir, in, shape);
}

/* `b` in the unit of the optional `a`, which must not be converted. */
static uint32_t in_unit_of(struct ir *ir, uint32_t b, uint32_t a)
{
    if (ir->nodes[a].shape.type != VALUE_NUMBER || ir->nodes[a].in.unit == ir->nodes[b].in.unit) {
        return b;
    }
    if (ir->nodes[b].shape.is_optional) {
        return ir_fail(ir, D_OPTIONAL_UNITS, NULL, 0);
    }
    return ir_convert(ir, b, ir_unit_of(ir, a));
}

uint32_t ir_else(struct ir *ir, uint32_t a, uint32_t b, bool is_noted)
{
    if (a == IR_ERROR || b == IR_ERROR || !ir->nodes[a].shape.is_optional) {
        return b == IR_ERROR ? IR_ERROR : a;
    }
    if (is_absent(ir, a)) {
        return ir_zero_like(ir, b, a);
    }
    uint32_t nodes[2] = {a, in_unit_of(ir, b, a)};
    uint16_t axis = 0;
    if (!ir_join_axes(ir, nodes, 2, &axis)) {
        return IR_ERROR;
    }
    adopt_year(ir, &nodes[1], nodes[0]);
    struct instruction in = {.op = OP_ELSE, .axis = axis, .unit = ir->nodes[a].in.unit, .imm = is_noted};
    in.a = nodes[0];
    in.b = nodes[1];
    in.c = in.mask = NO_OPERAND;
    struct value_shape shape = ir->nodes[a].shape;
    shape.is_optional = ir->nodes[nodes[1]].shape.is_optional;
    return ir_make(ir, in, shape);
}

/* Units of the two branches; an optional one keeps its unit. */
static bool join_branches(struct ir *ir, uint32_t *then, uint32_t *otherwise)
{
    adopt_year(ir, then, *otherwise);
    adopt_year(ir, otherwise, *then);
    if (ir->nodes[*then].shape.type != VALUE_NUMBER) {
        return true;
    }
    if (ir->nodes[*then].shape.is_optional) {
        *otherwise = in_unit_of(ir, *otherwise, *then);
    } else if (ir->nodes[*otherwise].shape.is_optional) {
        *then = in_unit_of(ir, *then, *otherwise);
    } else {
        return ir_join_units(ir, then, otherwise);
    }
    return *then != IR_ERROR && *otherwise != IR_ERROR;
}

uint32_t ir_select(struct ir *ir, uint32_t condition, uint32_t then, uint32_t otherwise)
{
    condition = ir_need(ir, condition);
    if (condition == IR_ERROR || then == IR_ERROR || otherwise == IR_ERROR) {
        return IR_ERROR;
    }
    if (ir_is_true(ir, condition) || ir_is_false(ir, condition)) {
        return ir_is_true(ir, condition) ? ir_zero_like(ir, then, otherwise) : ir_zero_like(ir, otherwise, then);
    }
    if (!join_branches(ir, &then, &otherwise)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, then) && then == otherwise && !ir->nodes[condition].may_fail) {
        return then;
    }
    uint32_t nodes[3] = {condition, then, otherwise};
    uint16_t axis = 0;
    if (!ir_join_axes(ir, nodes, 3, &axis)) {
        return IR_ERROR;
    }
    struct instruction in = {.op = OP_SELECT, .axis = axis, .unit = ir->nodes[then].in.unit};
    in.a = nodes[0];
    in.b = nodes[1];
    in.c = nodes[2];
    in.mask = NO_OPERAND;
    struct value_shape shape = ir->nodes[then].shape;
    shape.is_optional = shape.is_optional || ir->nodes[otherwise].shape.is_optional;
    return ir_make(ir, in, shape);
}
