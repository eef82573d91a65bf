/* Roots, powers, exponentials and logarithms of the builder. Constants are folded where the result is a fraction; where
   it is none the instruction stays, on the axis of constants. */
#include "base/elementary.h"
#include "compiler/ir.h"

static struct rat number_of(const struct ir *ir, uint32_t node)
{
    return ir_constant(ir, node)->number;
}

/* The constant result, or the instruction where it is no fraction; constants that fail are refused. `shown` is what a
   negative one says. */
static uint32_t folded(struct ir *ir, struct elementary result, struct unit unit, uint32_t shown, enum opcode op,
                       const uint32_t *operands, size_t count)
{
    switch (result.state) {
    case ELEMENTARY_GIVEN:
        break;
    case ELEMENTARY_NEGATIVE:
        return ir_fail(ir, D_CONSTANT_NEGATIVE, DIAG_ARGS(rat_text(ir->arena, number_of(ir, shown))));
    case ELEMENTARY_ZERO:
        return ir_fail(ir, D_CONSTANT_DIVISION, NULL, 0);
    case ELEMENTARY_RANGE:
    case ELEMENTARY_OPEN: /* not with the last bits */
        return ir_fail(ir, D_CONSTANT_RANGE, NULL, 0);
    }
    return result.is_exact ? ir_number(ir, result.value, unit) : ir_make_number(ir, op, unit, operands, count);
}

/* The coherent unit that gives that of a, made coherent, when it is squared. */
static bool root_unit(struct ir *ir, uint32_t *a, struct unit *unit)
{
    *a = ir_coherent(ir, *a);
    if (*a == IR_ERROR) {
        return false;
    }
    unit->kind = ir_unit_of(ir, *a).kind;
    for (uint16_t i = 0; i < unit->kind.count; i++) {
        if (unit->kind.factors[i].exponent % 2 != 0) {
            ir_fail(ir, D_INTERNAL, DIAG_ARGS(STR("the root of a unit that is no square")));
            return false;
        }
        unit->kind.factors[i].exponent = (int16_t)(unit->kind.factors[i].exponent / 2);
    }
    return true;
}

uint32_t ir_sqrt(struct ir *ir, uint32_t a)
{
    struct unit unit = UNIT_ONE;
    a = ir_need(ir, a);
    if (a == IR_ERROR || !root_unit(ir, &a, &unit)) {
        return IR_ERROR;
    }
    if (!ir_is_constant(ir, a)) {
        return ir_make_number(ir, OP_SQRT, unit, &a, 1);
    }
    return folded(ir, elementary_sqrt(ir->arena, number_of(ir, a), ENCLOSURE_BITS_LAST), unit, a, OP_SQRT, &a, 1);
}

uint32_t ir_exp(struct ir *ir, uint32_t a)
{
    a = ir_plain(ir, a);
    if (a == IR_ERROR || !ir_is_constant(ir, a)) {
        return a == IR_ERROR ? a : ir_make_number(ir, OP_EXP, UNIT_ONE, &a, 1);
    }
    return folded(ir, elementary_exp(ir->arena, number_of(ir, a), ENCLOSURE_BITS_LAST), UNIT_ONE, a, OP_EXP, &a, 1);
}

uint32_t ir_ln(struct ir *ir, uint32_t a)
{
    a = ir_plain(ir, a);
    if (a == IR_ERROR || !ir_is_constant(ir, a)) {
        return a == IR_ERROR ? a : ir_make_number(ir, OP_LN, UNIT_ONE, &a, 1);
    }
    return folded(ir, elementary_ln(ir->arena, number_of(ir, a), ENCLOSURE_BITS_LAST), UNIT_ONE, a, OP_LN, &a, 1);
}

uint32_t ir_within(struct ir *ir, uint32_t a, uint32_t low, uint32_t high)
{
    a = ir_need(ir, a);
    uint32_t is_inside = ir_and(ir, ir_less_equal(ir, low, a), ir_less_equal(ir, a, high));
    if (a == IR_ERROR || is_inside == IR_ERROR || ir_is_true(ir, is_inside)) {
        return is_inside == IR_ERROR ? IR_ERROR : a;
    }
    if (ir_is_false(ir, is_inside)) {
        return ir_fail(ir, D_CONSTANT_OUTSIDE, NULL, 0);
    }
    struct instruction in = {.op = OP_WITHIN, .axis = ir_axis_of(ir, a), .unit = ir->nodes[a].in.unit};
    in.a = a;
    in.b = is_inside;
    in.c = in.mask = NO_OPERAND;
    return ir_make(ir, in, ir->nodes[a].shape);
}

uint32_t ir_call(struct ir *ir, uint32_t native, const uint32_t *args)
{
    const struct prog_native *made = &ir->natives[native];
    uint32_t nodes[LIMIT_NATIVE_PARAMS] = {NO_OPERAND, NO_OPERAND, NO_OPERAND};
    uint16_t axis = 0;
    for (uint32_t i = 0; i < made->param_count; i++) {
        nodes[i] = ir_convert(ir, args[i], ir->unit_items[made->params[i]]);
    }
    if (ir_has_error(nodes, made->param_count) || !ir_join_axes(ir, nodes, made->param_count, &axis)) {
        return IR_ERROR;
    }
    for (uint32_t i = 0; i < made->param_count; i++) {
        nodes[i] = ir_round_significant(ir, nodes[i], NATIVE_DIGITS, ROUND_HALF_EVEN);
    }
    struct instruction in = {.op = OP_CALL, .axis = axis, .unit = made->unit, .imm = (uint16_t)native};
    in.a = nodes[0];
    in.b = nodes[1];
    in.c = nodes[2];
    in.mask = NO_OPERAND;
    return ir_make(ir, in, (struct value_shape){.type = VALUE_NUMBER, .unit = made->unit, .of = NO_INDEX});
}

/* Is it a whole number that POWI takes? */
static bool is_small_whole(const struct ir *ir, uint32_t node, int64_t *whole)
{
    return ir_is_constant(ir, node) && rat_to_i64(number_of(ir, node), whole) && *whole >= -UNIT_EXPONENT_MAX &&
           *whole <= UNIT_EXPONENT_MAX;
}

uint32_t ir_pow(struct ir *ir, uint32_t a, uint32_t b)
{
    int64_t exponent = 0;
    a = ir_need(ir, a);
    b = ir_plain(ir, b);
    if (a == IR_ERROR || b == IR_ERROR) {
        return IR_ERROR;
    }
    if (is_small_whole(ir, b, &exponent)) {
        return ir_powi(ir, a, (int)exponent);
    }
    a = ir_plain(ir, a);
    uint32_t operands[2] = {a, b};
    if (a == IR_ERROR || !ir_is_constant(ir, a) || !ir_is_constant(ir, b)) {
        return a == IR_ERROR ? a : ir_make_number(ir, OP_POW, UNIT_ONE, operands, 2);
    }
    return folded(ir, elementary_pow(ir->arena, number_of(ir, a), number_of(ir, b), ENCLOSURE_BITS_LAST), UNIT_ONE, a, OP_POW, operands, 2);
}
