/* Rows in the builder: data, aggregates, picked rows, tables and factors. */
#include <assert.h>

#include "compiler/ir.h"

static struct instruction blank(enum opcode op, uint16_t axis)
{
    struct instruction in = {.op = (uint16_t)op, .axis = axis};
    in.a = in.b = in.c = in.mask = NO_OPERAND;
    return in;
}

/* ---- data ---- */

uint32_t ir_field(struct ir *ir, uint32_t field, uint16_t axis)
{
    const struct prog_field *datum = &ir->fields[field];
    struct instruction in = blank(OP_FIELD, axis);
    in.a = field;
    in.unit = datum->unit;
    struct value_shape shape = {.type = datum->type, .is_optional = datum->is_optional, .unit = datum->unit};
    shape.of = datum->type == VALUE_MEMBER ? datum->choice : NO_INDEX;
    return ir_make(ir, in, shape);
}

uint32_t ir_index(struct ir *ir, uint16_t axis)
{
    return ir_make(ir, blank(OP_INDEX, axis), (struct value_shape){.type = VALUE_NUMBER, .of = NO_INDEX});
}

uint32_t ir_take(struct ir *ir, uint32_t row, uint32_t value)
{
    if (row == IR_ERROR || value == IR_ERROR) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, value)) {
        return value;
    }
    struct instruction in = blank(OP_TAKE, ir_axis_of(ir, row));
    in.unit = ir->nodes[value].in.unit;
    in.a = row;
    in.b = value;
    struct value_shape shape = ir->nodes[value].shape;
    shape.is_optional = shape.is_optional || ir->nodes[row].shape.is_optional;
    return ir_make(ir, in, shape);
}

/* ---- aggregates ---- */

/* The condition on the axis; NO_OPERAND where it is always true. False where there was an error. */
static bool place_where(struct ir *ir, uint16_t axis, uint32_t *where)
{
    if (*where == NO_OPERAND) {
        return true;
    }
    *where = ir_need(ir, *where);
    if (*where == IR_ERROR) {
        return false;
    }
    *where = ir_is_true(ir, *where) ? NO_OPERAND : ir_to_axis(ir, *where, axis);
    return *where != IR_ERROR;
}

static bool place_operand(struct ir *ir, uint16_t axis, uint32_t *a, uint32_t *where)
{
    *a = ir_need(ir, *a);
    if (*a != IR_ERROR) {
        *a = ir_to_axis(ir, *a, axis);
    }
    return *a != IR_ERROR && place_where(ir, axis, where);
}

static struct instruction reduction(const struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t where)
{
    struct instruction in = blank(op, ir->axes[axis].parent);
    in.imm = axis;
    in.a = a;
    in.b = where;
    return in;
}

static bool is_never(const struct ir *ir, uint32_t where)
{
    return where != NO_OPERAND && ir_is_false(ir, where);
}

/* May the rows, or which of them count, be found without fail? */
static bool has_sure_rows(const struct ir *ir, uint16_t axis, uint32_t where)
{
    const struct prog_axis *rows = &ir->axes[axis];
    bool is_sure = rows->kind != AXIS_RANGE || (!ir->nodes[rows->first].may_fail && !ir->nodes[rows->last].may_fail);
    return is_sure && (where == NO_OPERAND || !ir->nodes[where].may_fail);
}

uint32_t ir_sum(struct ir *ir, uint16_t axis, uint32_t a, uint32_t where)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR || where == IR_ERROR) {
        return IR_ERROR;
    }
    bool is_zero = ir_is_constant(ir, a) && rat_sign(ir_constant(ir, a)->number) == 0;
    if ((is_zero || is_never(ir, where)) && has_sure_rows(ir, axis, where)) {
        return ir_number(ir, RAT_ZERO, ir_unit_of(ir, a));
    }
    if (!place_operand(ir, axis, &a, &where)) {
        return IR_ERROR;
    }
    struct instruction in = reduction(ir, OP_SUM, axis, a, where);
    in.unit = ir->nodes[a].in.unit;
    return ir_make(ir, in, ir->nodes[a].shape);
}

uint32_t ir_count(struct ir *ir, uint16_t axis, uint32_t where)
{
    if (where == IR_ERROR) {
        return IR_ERROR;
    }
    if (is_never(ir, where) && has_sure_rows(ir, axis, where)) {
        return ir_number(ir, RAT_ZERO, UNIT_ONE);
    }
    if (!place_where(ir, axis, &where)) {
        return IR_ERROR;
    }
    return ir_make(ir, reduction(ir, OP_COUNT, axis, NO_OPERAND, where),
                   (struct value_shape){.type = VALUE_NUMBER, .of = NO_INDEX});
}

uint32_t ir_any(struct ir *ir, uint16_t axis, uint32_t a, uint32_t where)
{
    if (a == IR_ERROR || where == IR_ERROR) {
        return IR_ERROR;
    }
    if ((ir_is_false(ir, a) || is_never(ir, where)) && has_sure_rows(ir, axis, where)) {
        return ir_bool(ir, false);
    }
    if (ir_is_true(ir, a) && where != NO_OPERAND) {
        a = where;
        where = NO_OPERAND;
    }
    if (!place_operand(ir, axis, &a, &where)) {
        return IR_ERROR;
    }
    return ir_make(ir, reduction(ir, OP_ANY, axis, a, where), (struct value_shape){.type = VALUE_BOOL, .of = NO_INDEX});
}

uint32_t ir_extreme(struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t where)
{
    if (a == IR_ERROR || where == IR_ERROR || !place_operand(ir, axis, &a, &where)) {
        return IR_ERROR;
    }
    struct instruction in = reduction(ir, op, axis, a, where);
    in.unit = ir->nodes[a].in.unit;
    struct value_shape shape = ir->nodes[a].shape;
    shape.is_optional = true;
    return ir_make(ir, in, shape);
}

/* The list whose row is picked: a pair axis shows the rows of the list that is visited. */
static struct value_shape row_shape(const struct ir *ir, uint16_t axis)
{
    uint32_t list = ir->axes[axis].kind == AXIS_PAIR ? ir->axes[axis].list : axis;
    return (struct value_shape){.type = VALUE_ROW, .is_optional = true, .of = list};
}

uint32_t ir_extreme_row(struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t where, enum tie tie)
{
    if (a == IR_ERROR || where == IR_ERROR || !place_operand(ir, axis, &a, &where)) {
        return IR_ERROR;
    }
    struct instruction in = reduction(ir, op, axis, a, where);
    in.c = tie;
    return ir_make(ir, in, row_shape(ir, axis));
}

uint32_t ir_only(struct ir *ir, uint16_t axis, uint32_t where)
{
    if (where == IR_ERROR || !place_where(ir, axis, &where)) {
        return IR_ERROR;
    }
    return ir_make(ir, reduction(ir, OP_ONLY, axis, NO_OPERAND, where), row_shape(ir, axis));
}

uint32_t ir_match(struct ir *ir, uint32_t value, uint32_t datum)
{
    if (datum == IR_ERROR) {
        return IR_ERROR;
    }
    bool is_number = ir->nodes[datum].shape.type == VALUE_NUMBER;
    uint16_t list = ir_axis_of(ir, datum);
    value = is_number ? ir_convert(ir, value, ir_unit_of(ir, datum)) : ir_need(ir, value);
    if (value == IR_ERROR) {
        return IR_ERROR;
    }
    uint16_t around = ir->axes[list].parent;
    uint16_t axis = ir_axis_of(ir, value);
    struct instruction in = blank(OP_MATCH, axis == AXIS_ID_CONSTANT ? around : axis);
    in.a = value;
    in.b = datum;
    return ir_make(ir, in, (struct value_shape){.type = VALUE_ROW, .is_optional = true, .of = list});
}

/* ---- tables ---- */

uint32_t ir_key(struct ir *ir, uint32_t table, uint32_t dimension, uint32_t value)
{
    const struct prog_dimension *keys = &ir->tables[table].dimensions[dimension];
    bool is_step = keys->type == VALUE_NUMBER;
    value = is_step ? ir_convert(ir, value, ir->unit_items[keys->unit]) : ir_need(ir, value);
    uint16_t axis = 0;
    if (value == IR_ERROR || !ir_join_axes(ir, &value, 1, &axis)) {
        return IR_ERROR;
    }
    struct instruction in = blank(is_step ? OP_STEP_KEY : OP_KEY, axis);
    in.imm = (uint16_t)table;
    in.a = value;
    in.b = dimension;
    struct value_shape shape = {.type = VALUE_KEY, .of = table * 4 + dimension};
    shape.is_optional = keys->type != VALUE_MEMBER && !keys->has_otherwise;
    return ir_make(ir, in, shape);
}

static bool has_holes(const struct prog_table *table)
{
    for (uint32_t i = 0; i < table->row_slots; i++) {
        if (table->rows[i] == NO_INDEX) {
            return true;
        }
    }
    return false;
}

uint32_t ir_cell(struct ir *ir, uint32_t table, const uint32_t *keys)
{
    const struct prog_table *made = &ir->tables[table];
    uint32_t nodes[LIMIT_TABLE_DIMENSIONS] = {NO_OPERAND, NO_OPERAND, NO_OPERAND};
    uint16_t axis = 0;
    bool is_optional = has_holes(made);
    for (uint32_t i = 0; i < made->dimension_count; i++) {
        nodes[i] = keys[i];
        is_optional = is_optional || (keys[i] != IR_ERROR && ir->nodes[keys[i]].shape.is_optional);
    }
    if (!ir_join_axes(ir, nodes, made->dimension_count, &axis)) {
        return IR_ERROR;
    }
    struct instruction in = blank(OP_CELL, axis);
    in.imm = (uint16_t)table;
    in.a = nodes[0];
    in.b = nodes[1];
    in.c = nodes[2];
    return ir_make(ir, in,
                   (struct value_shape){.type = VALUE_ROW, .is_optional = is_optional, .of = ROW_OF_TABLE + table});
}

/* Does the constant lie in the step that ends at the key? */
static bool is_in_step(struct ir *ir, const struct prog_dimension *keys, uint32_t step, struct rat number)
{
    int order = rat_cmp(ir->arena, number, ir->constants[keys->keys[step]].number);
    return order < 0 || (order == 0 && !keys->is_below[step]);
}

/* Key code of a constant value; NO_INDEX where it is not among the keys. */
static uint32_t code_of(struct ir *ir, const struct prog_dimension *keys, const struct prog_const *value)
{
    if (keys->type == VALUE_MEMBER) {
        return (uint32_t)value->number.num;
    }
    for (uint32_t i = 0; i < keys->key_count; i++) {
        const struct prog_const *key = &ir->constants[keys->keys[i]];
        bool is_found = keys->type == VALUE_NUMBER ? is_in_step(ir, keys, i, value->number)
                        : keys->type == VALUE_TEXT ? key->text == value->text
                                                   : rat_eq(key->number, value->number);
        if (is_found) {
            return i;
        }
    }
    return keys->has_otherwise ? keys->key_count : NO_INDEX;
}

static uint32_t code_count(const struct ir *ir, const struct prog_dimension *keys)
{
    uint32_t count = keys->type == VALUE_MEMBER ? ir->choices[keys->choice].member_count : keys->key_count;
    return count + keys->has_otherwise;
}

/* The row under constant keys, if all are constant. */
static bool constant_row(struct ir *ir, uint32_t cell, uint32_t *row)
{
    const struct instruction *in = &ir->nodes[cell].in;
    const uint32_t nodes[LIMIT_TABLE_DIMENSIONS] = {in->a, in->b, in->c};
    const struct prog_table *table = &ir->tables[in->imm];
    uint32_t slot = 0;
    bool is_absent = false;
    for (uint32_t i = 0; i < table->dimension_count; i++) {
        uint32_t value = ir->nodes[nodes[i]].in.a;
        if (!ir_is_constant(ir, value)) {
            return false;
        }
        uint32_t code = code_of(ir, &table->dimensions[i], ir_constant(ir, value));
        is_absent = is_absent || code == NO_INDEX;
        slot = slot * code_count(ir, &table->dimensions[i]) + (code == NO_INDEX ? 0 : code);
    }
    *row = is_absent ? NO_INDEX : table->rows[slot];
    return true;
}

uint32_t ir_column(struct ir *ir, uint32_t row, uint32_t table, uint32_t column)
{
    if (row == IR_ERROR) {
        return IR_ERROR;
    }
    const struct prog_column *made = &ir->tables[table].columns[column];
    uint32_t number = NO_INDEX;
    if (ir->nodes[row].in.op == OP_CELL && constant_row(ir, row, &number) && number != NO_INDEX &&
        made->cells[number] != NO_INDEX) {
        return ir_pooled(ir, ir->constants[made->cells[number]], ir->unit_items[made->unit]);
    }
    struct instruction in = blank(OP_COLUMN, ir_axis_of(ir, row));
    in.imm = (uint16_t)column;
    in.unit = made->unit;
    in.a = row;
    struct value_shape shape = {.type = made->type, .unit = made->unit, .of = NO_INDEX};
    shape.of = made->type == VALUE_MEMBER ? made->choice : NO_INDEX;
    shape.is_optional = made->is_optional || ir->nodes[row].shape.is_optional;
    return ir_make(ir, in, shape);
}

uint32_t ir_table_row(struct ir *ir, uint16_t axis, uint32_t table)
{
    struct instruction in = blank(OP_ROW, axis);
    in.imm = (uint16_t)table;
    return ir_make(ir, in, (struct value_shape){.type = VALUE_ROW, .of = ROW_OF_TABLE + table});
}

/* ---- factors and roots ---- */

uint32_t ir_factor(struct ir *ir, uint32_t factor, const uint32_t *keys)
{
    const struct prog_factor *made = &ir->factors[factor];
    uint32_t nodes[LIMIT_FACTOR_KEYS] = {NO_OPERAND, NO_OPERAND, NO_OPERAND};
    uint16_t axis = 0;
    for (uint32_t i = 0; i < made->key_count; i++) {
        nodes[i] = ir_need(ir, keys[i]);
    }
    if (!ir_join_axes(ir, nodes, made->key_count, &axis)) {
        return IR_ERROR;
    }
    struct instruction in = blank(OP_FACTOR, axis);
    in.imm = (uint16_t)factor;
    in.unit = made->unit;
    in.a = nodes[0];
    in.b = nodes[1];
    in.c = nodes[2];
    return ir_make(ir, in, (struct value_shape){.type = VALUE_NUMBER, .unit = made->unit, .of = NO_INDEX});
}

/* What is wanted but has no value would be missing from the program in silence: somebody must have said why. */
static uint32_t lose_root(struct ir *ir)
{
    return ir->out->errors > 0 ? IR_ERROR : ir_fail(ir, D_INTERNAL, DIAG_ARGS(STR("a value that is wanted has none")));
}

uint32_t ir_root(struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t b, uint32_t mask)
{
    uint32_t nodes[2] = {ir_need(ir, a), mask};
    if (ir_has_error(nodes, 2)) {
        return lose_root(ir);
    }
    if (mask != NO_OPERAND) {
        nodes[1] = ir_is_true(ir, mask) ? NO_OPERAND : mask;
    }
    struct instruction in = blank(op, axis);
    in.unit = ir->nodes[nodes[0]].in.unit;
    in.a = ir_to_axis(ir, nodes[0], axis);
    in.b = b;
    in.mask = nodes[1] == NO_OPERAND ? NO_OPERAND : ir_to_axis(ir, nodes[1], axis);
    if (in.a == IR_ERROR || in.mask == IR_ERROR) {
        return lose_root(ir);
    }
    struct value_shape shape = ir->nodes[nodes[0]].shape;
    return ir_make(ir, in, shape);
}

uint32_t ir_judge(struct ir *ir, uint16_t axis, uint32_t is_kept, uint32_t grade, bool is_rounded)
{
    uint32_t condition = is_kept == IR_ERROR ? IR_ERROR : ir_to_axis(ir, is_kept, axis);
    if (condition == IR_ERROR) {
        return lose_root(ir);
    }
    struct instruction in = blank(OP_JUDGE, axis);
    in.imm = is_rounded;
    in.a = condition;
    in.b = grade;
    return ir_make(ir, in, (struct value_shape){.type = VALUE_BOOL, .of = NO_INDEX});
}
