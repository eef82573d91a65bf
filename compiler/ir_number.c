/* Arithmetic of the builder: units joined and composed, constants folded exactly. */
#include <assert.h>

#include "compiler/ir.h"

enum { CONSTANT_BITS_MAX = 65536 }; /* of numerator and denominator together; stops towers of powers */

static bool is_number(const struct ir *ir, uint32_t node)
{
    return ir->nodes[node].shape.type == VALUE_NUMBER;
}

static bool is_plain(struct unit unit)
{
    return unit.kind.count == 0 && !unit.is_point;
}

static struct rat number_of(const struct ir *ir, uint32_t node)
{
    return ir_constant(ir, node)->number;
}

static bool is_exactly(const struct ir *ir, uint32_t node, int64_t value)
{
    return ir_is_constant(ir, node) && is_number(ir, node) && rat_eq(number_of(ir, node), rat_int(value));
}

/* A zero has every unit of its kind; one that was written without a unit and could be anything, every unit. */
static bool is_zero(const struct ir *ir, uint32_t node)
{
    return is_exactly(ir, node, 0) && !ir_unit_of(ir, node).is_point;
}

static bool is_zero_of(const struct ir *ir, uint32_t node, struct unit unit)
{
    return is_zero(ir, node) && (is_plain(ir_unit_of(ir, node)) || kind_eq(ir_unit_of(ir, node).kind, unit.kind));
}

uint32_t ir_zero_like(struct ir *ir, uint32_t node, uint32_t other)
{
    bool is_like = other != IR_ERROR && is_number(ir, other) && is_zero_of(ir, node, ir_unit_of(ir, other));
    return is_like ? ir_number(ir, RAT_ZERO, ir_unit_of(ir, other)) : node;
}

static bool is_small(struct ir *ir, size_t bits)
{
    if (bits > CONSTANT_BITS_MAX) {
        ir_fail(ir, D_CONSTANT_TOO_LARGE, NULL, 0);
        return false;
    }
    return true;
}

static struct instruction pure(enum opcode op, uint16_t axis, uint16_t unit, uint32_t a, uint32_t b)
{
    struct instruction in = {.op = (uint16_t)op, .axis = axis, .unit = unit, .a = a, .b = b};
    in.c = in.mask = NO_OPERAND;
    return in;
}

uint32_t ir_make_number(struct ir *ir, enum opcode op, struct unit unit, const uint32_t *operands, size_t count)
{
    uint32_t nodes[2] = {operands[0], count > 1 ? operands[1] : NO_OPERAND};
    uint16_t axis = 0;
    uint32_t unit_id = ir_unit(ir, unit);
    if (unit_id == IR_ERROR || !ir_join_axes(ir, nodes, count, &axis)) {
        return IR_ERROR;
    }
    struct value_shape shape = {.type = VALUE_NUMBER, .unit = (uint16_t)unit_id, .of = NO_INDEX};
    return ir_make(ir, pure(op, axis, (uint16_t)unit_id, nodes[0], nodes[1]), shape);
}

/* ---- conversion ---- */

static struct rat shift_constant(struct ir *ir, struct unit from, struct unit to)
{
    return rat_div(ir->arena, rat_sub(ir->arena, from.offset, to.offset), to.scale);
}

static struct prog_const pool_number(struct rat number)
{
    return (struct prog_const){VALUE_NUMBER, NO_INDEX, number, NO_INDEX};
}

static uint32_t convert_datum(struct ir *ir, uint32_t a, struct unit from, struct unit to, struct rat ratio)
{
    uint32_t unit_id = ir_unit(ir, to);
    if (unit_id == IR_ERROR) {
        return IR_ERROR;
    }
    struct instruction in = pure(OP_CONVERT, ir_axis_of(ir, a), (uint16_t)unit_id, a, NO_OPERAND);
    in.b = ir_pool(ir, pool_number(ratio));
    if (to.is_point) {
        in.op = OP_SHIFT;
        in.c = ir_pool(ir, pool_number(shift_constant(ir, from, to)));
    }
    return ir_make(ir, in, (struct value_shape){.type = VALUE_NUMBER, .unit = (uint16_t)unit_id, .of = NO_INDEX});
}

uint32_t ir_convert(struct ir *ir, uint32_t a, struct unit to)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR || unit_eq(ir_unit_of(ir, a), to)) {
        return a;
    }
    if (is_zero_of(ir, a, to)) {
        return ir_number(ir, RAT_ZERO, to);
    }
    struct unit from = ir_unit_of(ir, a);
    if (!is_number(ir, a) || !kind_eq(from.kind, to.kind) || from.is_point != to.is_point) {
        return ir_fail(ir, D_INTERNAL, DIAG_ARGS(STR("a conversion between units of different kinds")));
    }
    struct rat ratio = rat_div(ir->arena, from.scale, to.scale);
    if (ir_is_constant(ir, a)) {
        struct rat number = rat_mul(ir->arena, number_of(ir, a), ratio);
        return ir_restated(ir, a, to.is_point ? rat_add(ir->arena, number, shift_constant(ir, from, to)) : number, to);
    }
    if (ir->nodes[a].in.op == OP_CONVERT) { /* of a conversion: from its operand at once */
        return ir_convert(ir, ir->nodes[a].in.a, to);
    }
    return convert_datum(ir, a, from, to, ratio);
}

uint32_t ir_plain(struct ir *ir, uint32_t a)
{
    return ir_convert(ir, a, UNIT_ONE);
}

uint32_t ir_coherent(struct ir *ir, uint32_t a)
{
    struct unit unit = UNIT_ONE;
    unit.kind = ir_unit_of(ir, a).kind;
    return ir_convert(ir, a, unit);
}

bool ir_join_units(struct ir *ir, uint32_t *a, uint32_t *b)
{
    bool is_free = is_plain(ir_unit_of(ir, *b)) && is_zero(ir, *b); /* then the other's unit counts, zero or not */
    if (is_zero(ir, *a) && !is_free) {
        *a = ir_number(ir, RAT_ZERO, ir_unit_of(ir, *b));
    } else if (is_zero(ir, *b)) {
        *b = ir_number(ir, RAT_ZERO, ir_unit_of(ir, *a));
    } else if (ir_is_constant(ir, *a) && !ir_is_constant(ir, *b)) {
        *a = ir_convert(ir, *a, ir_unit_of(ir, *b)); /* the constant, never the datum: data are compared as they are */
    } else if (ir_is_constant(ir, *b) && !ir_is_constant(ir, *a)) {
        *b = ir_convert(ir, *b, ir_unit_of(ir, *a));
    } else if (rat_cmp(ir->arena, ir_unit_of(ir, *a).scale, ir_unit_of(ir, *b).scale) <= 0) {
        *b = ir_convert(ir, *b, ir_unit_of(ir, *a));
    } else {
        *a = ir_convert(ir, *a, ir_unit_of(ir, *b));
    }
    return *a != IR_ERROR && *b != IR_ERROR;
}

static bool given_numbers(struct ir *ir, uint32_t *a, uint32_t *b)
{
    *a = ir_need(ir, *a);
    *b = ir_need(ir, *b);
    return *a != IR_ERROR && *b != IR_ERROR;
}

/* ---- sums ---- */

static struct unit difference_of(struct unit point)
{
    point.is_point = false;
    point.offset = RAT_ZERO;
    return point;
}

/* Years: year + number, year - number, year - year; only `+` and `-` know them. */
static uint32_t year_sum(struct ir *ir, enum opcode op, uint32_t a, uint32_t b)
{
    bool gives_number = !is_number(ir, a) && !is_number(ir, b);
    enum value_type type = gives_number ? VALUE_NUMBER : VALUE_YEAR;
    uint32_t nodes[2] = {is_number(ir, a) ? ir_plain(ir, a) : a, is_number(ir, b) ? ir_plain(ir, b) : b};
    uint16_t axis = 0;
    if (!ir_join_axes(ir, nodes, 2, &axis)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, nodes[0]) && ir_is_constant(ir, nodes[1])) {
        struct rat left = number_of(ir, nodes[0]);
        struct rat right = number_of(ir, nodes[1]);
        struct rat sum = op == OP_ADD ? rat_add(ir->arena, left, right) : rat_sub(ir->arena, left, right);
        return ir_pooled(ir, (struct prog_const){(uint8_t)type, NO_INDEX, sum, NO_INDEX}, UNIT_ONE);
    }
    return ir_make(ir, pure(op, axis, 0, nodes[0], nodes[1]),
                   (struct value_shape){.type = (uint8_t)type, .of = NO_INDEX});
}

/* Brings the operands of + and - to equal scales and finds the unit of the result; points keep their origin. */
static bool join_sum(struct ir *ir, bool is_sub, uint32_t *a, uint32_t *b, struct unit *unit)
{
    bool is_left = ir_unit_of(ir, *a).is_point;
    bool is_right = ir_unit_of(ir, *b).is_point;
    if (is_left && !is_right) {
        *b = ir_convert(ir, *b, difference_of(ir_unit_of(ir, *a)));
    } else if (is_right && !is_left) {
        *a = ir_convert(ir, *a, difference_of(ir_unit_of(ir, *b)));
    } else if (!ir_join_units(ir, a, b)) {
        return false;
    }
    if (*a == IR_ERROR || *b == IR_ERROR) {
        return false;
    }
    *unit = is_left || !is_right ? ir_unit_of(ir, *a) : ir_unit_of(ir, *b);
    if (is_left && is_right && is_sub) {
        *unit = difference_of(*unit);
    }
    return true;
}

static bool is_year(const struct ir *ir, uint32_t node)
{
    return ir->nodes[node].shape.type == VALUE_YEAR;
}

uint32_t ir_add(struct ir *ir, uint32_t a, uint32_t b)
{
    struct unit unit;
    if (!given_numbers(ir, &a, &b)) {
        return IR_ERROR;
    }
    if (is_year(ir, a) || is_year(ir, b)) {
        return is_year(ir, a) ? year_sum(ir, OP_ADD, a, b) : year_sum(ir, OP_ADD, b, a);
    }
    if (!join_sum(ir, false, &a, &b, &unit)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return ir_folded(ir, a, b, rat_add(ir->arena, number_of(ir, a), number_of(ir, b)), unit);
    }
    if (is_exactly(ir, b, 0) && !ir_unit_of(ir, b).is_point) {
        return a;
    }
    if (is_exactly(ir, a, 0) && !ir_unit_of(ir, a).is_point) {
        return b;
    }
    return ir_make_number(ir, OP_ADD, unit, (uint32_t[]){a, b}, 2);
}

uint32_t ir_sub(struct ir *ir, uint32_t a, uint32_t b)
{
    struct unit unit;
    if (!given_numbers(ir, &a, &b)) {
        return IR_ERROR;
    }
    if (is_year(ir, a)) {
        return year_sum(ir, OP_SUB, a, b);
    }
    if (!join_sum(ir, true, &a, &b, &unit)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return ir_folded(ir, a, b, rat_sub(ir->arena, number_of(ir, a), number_of(ir, b)), unit);
    }
    if (is_exactly(ir, b, 0) && !ir_unit_of(ir, b).is_point) {
        return a;
    }
    if (is_exactly(ir, a, 0) && !unit.is_point && !ir_unit_of(ir, a).is_point) {
        return ir_neg(ir, b);
    }
    return ir_make_number(ir, OP_SUB, unit, (uint32_t[]){a, b}, 2);
}

uint32_t ir_neg(struct ir *ir, uint32_t a)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    struct unit unit = ir_unit_of(ir, a);
    if (ir_is_constant(ir, a)) {
        return ir_restated(ir, a, rat_neg(ir->arena, number_of(ir, a)), unit);
    }
    if (ir->nodes[a].in.op == OP_NEG) {
        return ir->nodes[a].in.a;
    }
    return ir_make_number(ir, OP_NEG, unit, &a, 1);
}

uint32_t ir_abs(struct ir *ir, uint32_t a)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    struct unit unit = ir_unit_of(ir, a);
    if (ir_is_constant(ir, a)) {
        return ir_number(ir, rat_abs(ir->arena, number_of(ir, a)), unit);
    }
    return ir_make_number(ir, OP_ABS, unit, &a, 1);
}

/* ---- products ---- */

/* 2 % of something is 0.02 of it: constants do not bring their per cent into products. */
static uint32_t plain_constant(struct ir *ir, uint32_t node)
{
    return ir_is_constant(ir, node) && is_plain(ir_unit_of(ir, node)) ? ir_plain(ir, node) : node;
}

/* The unit of a * b^power. Where its scale would not fit, both operands are first made coherent, which leaves scale 1.
 */
static bool join_product(struct ir *ir, uint32_t *a, uint32_t *b, int power, struct unit *unit)
{
    *unit = UNIT_ONE;
    struct unit left = ir_unit_of(ir, *a);
    struct unit right = ir_unit_of(ir, *b);
    if (left.is_point || right.is_point) {
        ir_fail(ir, D_INTERNAL, DIAG_ARGS(STR("a point is multiplied")));
        return false;
    }
    if (!kind_mul(left.kind, right.kind, power, &unit->kind)) {
        ir_fail(ir, D_UNIT_PRODUCT, NULL, 0);
        return false;
    }
    unit->scale = rat_mul(ir->arena, left.scale, rat_pow(ir->arena, right.scale, power));
    if (ir_scale_fits(unit->scale)) {
        return true;
    }
    unit->scale = RAT_ONE;
    *a = ir_coherent(ir, *a);
    *b = ir_coherent(ir, *b);
    return *a != IR_ERROR && *b != IR_ERROR;
}

static bool is_unit_factor(const struct ir *ir, uint32_t node)
{
    struct unit unit = ir_unit_of(ir, node);
    return is_exactly(ir, node, 1) && is_plain(unit) && rat_eq(unit.scale, RAT_ONE);
}

static bool are_small(struct ir *ir, uint32_t a, uint32_t b)
{
    return is_small(ir, rat_bits(number_of(ir, a)) + rat_bits(number_of(ir, b)));
}

uint32_t ir_mul(struct ir *ir, uint32_t a, uint32_t b)
{
    struct unit unit;
    if (!given_numbers(ir, &a, &b)) {
        return IR_ERROR;
    }
    a = plain_constant(ir, a);
    b = plain_constant(ir, b);
    if (is_unit_factor(ir, a) || is_unit_factor(ir, b)) {
        return is_unit_factor(ir, a) ? b : a;
    }
    if (!join_product(ir, &a, &b, 1, &unit)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return are_small(ir, a, b) ? ir_folded(ir, a, b, rat_mul(ir->arena, number_of(ir, a), number_of(ir, b)), unit)
                                   : IR_ERROR;
    }
    return ir_make_number(ir, OP_MUL, unit, (uint32_t[]){a, b}, 2);
}

uint32_t ir_div(struct ir *ir, uint32_t a, uint32_t b)
{
    struct unit unit;
    if (!given_numbers(ir, &a, &b)) {
        return IR_ERROR;
    }
    if (is_exactly(ir, b, 0)) {
        return ir_fail(ir, D_CONSTANT_DIVISION, NULL, 0);
    }
    a = plain_constant(ir, a);
    b = plain_constant(ir, b);
    if (is_unit_factor(ir, b)) {
        return a;
    }
    if (!join_product(ir, &a, &b, -1, &unit)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        return are_small(ir, a, b) ? ir_folded(ir, a, b, rat_div(ir->arena, number_of(ir, a), number_of(ir, b)), unit)
                                   : IR_ERROR;
    }
    return ir_make_number(ir, OP_DIV, unit, (uint32_t[]){a, b}, 2);
}

/* The unit of a^power; as for products. */
static bool join_power(struct ir *ir, uint32_t *a, int power, struct unit *unit)
{
    struct unit base = ir_unit_of(ir, *a);
    if (is_plain(base)) {
        *a = ir_plain(ir, *a);
        *unit = UNIT_ONE;
        return *a != IR_ERROR;
    }
    *unit = UNIT_ONE;
    if (!kind_pow(base.kind, power, &unit->kind)) {
        ir_fail(ir, D_UNIT_PRODUCT, NULL, 0);
        return false;
    }
    unit->scale = rat_pow(ir->arena, base.scale, power);
    if (ir_scale_fits(unit->scale)) {
        return true;
    }
    unit->scale = RAT_ONE;
    *a = ir_coherent(ir, *a);
    return *a != IR_ERROR;
}

uint32_t ir_powi(struct ir *ir, uint32_t a, int power)
{
    struct unit unit;
    a = ir_need(ir, a);
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    if (power == 0 && !ir->nodes[a].may_fail) {
        return ir_number(ir, RAT_ONE, UNIT_ONE);
    }
    if (power < -12 || power > 12) {
        return ir_fail(ir, D_POWER_EXPONENT, NULL, 0);
    }
    if (power < 0 && is_exactly(ir, a, 0)) {
        return ir_fail(ir, D_CONSTANT_DIVISION, NULL, 0);
    }
    if (!join_power(ir, &a, power, &unit)) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a)) {
        size_t size = (size_t)(power < 0 ? -power : power);
        return is_small(ir, rat_bits(number_of(ir, a)) * size)
                   ? ir_number(ir, rat_pow(ir->arena, number_of(ir, a), power), unit)
                   : IR_ERROR;
    }
    uint32_t unit_id = ir_unit(ir, unit);
    if (power == 1 || unit_id == IR_ERROR) {
        return power == 1 ? a : IR_ERROR;
    }
    return ir_make(ir, pure(OP_POWI, ir_axis_of(ir, a), (uint16_t)unit_id, a, (uint32_t)power),
                   (struct value_shape){.type = VALUE_NUMBER, .unit = (uint16_t)unit_id, .of = NO_INDEX});
}

uint32_t ir_untag(struct ir *ir, uint32_t a)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    struct unit unit = ir_unit_of(ir, a);
    struct kind kind = kind_without_tags(ir->units, unit.kind);
    if (kind_eq(kind, unit.kind)) {
        return a;
    }
    unit.kind = kind;
    return ir_is_constant(ir, a) ? ir_restated(ir, a, number_of(ir, a), unit)
                                 : ir_make_number(ir, OP_RETAG, unit, &a, 1);
}

/* ---- smaller, larger, rounded ---- */

static uint32_t smaller_or_larger(struct ir *ir, enum opcode op, uint32_t a, uint32_t b)
{
    if (!given_numbers(ir, &a, &b) || (is_number(ir, a) && !ir_join_units(ir, &a, &b))) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a) && ir_is_constant(ir, b)) {
        int order = rat_cmp(ir->arena, number_of(ir, a), number_of(ir, b));
        return (order <= 0) == (op == OP_MIN) ? a : b;
    }
    if (a == b) {
        return a;
    }
    uint32_t nodes[2] = {a, b};
    uint16_t axis = 0;
    if (!ir_join_axes(ir, nodes, 2, &axis)) {
        return IR_ERROR;
    }
    return ir_make(ir, pure(op, axis, ir->nodes[a].in.unit, nodes[0], nodes[1]), ir->nodes[a].shape);
}

uint32_t ir_min(struct ir *ir, uint32_t a, uint32_t b)
{
    return smaller_or_larger(ir, OP_MIN, a, b);
}

uint32_t ir_max(struct ir *ir, uint32_t a, uint32_t b)
{
    return smaller_or_larger(ir, OP_MAX, a, b);
}

uint32_t ir_round(struct ir *ir, uint32_t a, uint32_t step, enum rounding mode)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR || step == IR_ERROR) {
        return IR_ERROR;
    }
    if (!ir_is_constant(ir, step) || rat_sign(number_of(ir, step)) <= 0) {
        return ir_fail(ir, D_ROUND_STEP, NULL, 0);
    }
    step = ir_convert(ir, step, ir_unit_of(ir, a));
    if (step == IR_ERROR) {
        return IR_ERROR;
    }
    struct unit unit = ir_unit_of(ir, a);
    if (ir_is_constant(ir, a)) {
        return ir_number(ir, rat_round(ir->arena, number_of(ir, a), number_of(ir, step), mode), unit);
    }
    struct instruction in = pure(OP_ROUND, ir_axis_of(ir, a), ir->nodes[a].in.unit, a, step);
    in.imm = (uint16_t)mode;
    return ir_make(ir, in, ir->nodes[a].shape);
}

uint32_t ir_round_significant(struct ir *ir, uint32_t a, int digits, enum rounding mode)
{
    a = ir_need(ir, a);
    if (a == IR_ERROR) {
        return IR_ERROR;
    }
    if (ir_is_constant(ir, a)) {
        return ir_number(ir, rat_round_significant(ir->arena, number_of(ir, a), digits, mode), ir_unit_of(ir, a));
    }
    struct instruction in = pure(OP_ROUNDSIG, ir_axis_of(ir, a), ir->nodes[a].in.unit, a, (uint32_t)digits);
    in.imm = (uint16_t)mode;
    return ir_make(ir, in, ir->nodes[a].shape);
}
