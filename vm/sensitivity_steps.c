/* What one instruction does with the slope of its value: the chain rule, operation by operation. Where a derivative has
   two sides the one of what was taken counts, and the place is noted as a kink. */
#include "base/elementary.h"
#include "vm/opcodes.h"
#include "vm/sensitivity.h"

static struct exact_value operand_value(const struct sensing *sensing, const struct spot *spot, uint32_t operand)
{
    return exact_get(sensing->run, operand, spot->row);
}

static const struct instruction *at_spot(const struct sensing *sensing, const struct spot *spot)
{
    return &sensing->run->program->code[spot->instruction];
}

static bool is_number(const struct sensing *sensing, uint32_t instruction)
{
    return sensing->run->shapes[instruction].type == VALUE_NUMBER;
}

/* A kink at this spot, which those numbers are at that the operand depends on. */
static void kink(struct sensing *sensing, const struct spot *spot, enum zuji_kink_kind kind, uint32_t operand,
                 uint32_t row)
{
    sensing_add_kink(sensing, kind, spot->instruction, spot->row);
    sensing_mark(sensing, operand, row, SLOPE_REACHED | SLOPE_KINK, RAT_ZERO);
}

static void pass_here(struct sensing *sensing, const struct spot *spot, uint32_t operand, struct rat by)
{
    sensing_pass(sensing, spot, operand, spot->row, by);
}

/* ---- arithmetic ---- */

static struct rat constant(const struct sensing *sensing, uint32_t index)
{
    return sensing->run->program->constants[index].number;
}

static void step_product(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    pass_here(sensing, spot, at->a, operand_value(sensing, spot, at->b).number);
    pass_here(sensing, spot, at->b, operand_value(sensing, spot, at->a).number);
}

/* a / b: 1 / b and -(a / b) / b */
static void step_quotient(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    struct arena *arena = sensing->arena;
    struct rat value = exact_get(sensing->run, spot->instruction, spot->row).number;
    struct rat divisor = operand_value(sensing, spot, at->b).number;
    pass_here(sensing, spot, at->a, rat_div(arena, RAT_ONE, divisor));
    pass_here(sensing, spot, at->b, rat_neg(arena, rat_div(arena, value, divisor)));
}

/* Of years and dates nothing is followed: they are counted. */
static void step_sum(struct sensing *sensing, const struct spot *spot, struct rat of_second)
{
    const struct instruction *at = at_spot(sensing, spot);
    if (is_number(sensing, spot->instruction) && is_number(sensing, at->a)) {
        pass_here(sensing, spot, at->a, RAT_ONE);
        pass_here(sensing, spot, at->b, of_second);
    }
}

static void step_absolute(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    int sign = rat_sign(operand_value(sensing, spot, at->a).number);
    if (sign == 0) {
        kink(sensing, spot, ZUJI_KINK_ZERO, at->a, spot->row);
    }
    pass_here(sensing, spot, at->a, rat_int(sign));
}

static void step_extreme(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    if (is_number(sensing, at->a) && at->a != at->b &&
        rat_eq(operand_value(sensing, spot, at->a).number, operand_value(sensing, spot, at->b).number)) {
        kink(sensing, spot, ZUJI_KINK_CHOICE, at->a, spot->row);
        kink(sensing, spot, ZUJI_KINK_CHOICE, at->b, spot->row);
    }
    pass_here(sensing, spot, trace_taken(sensing->trace, spot->instruction, spot->row), RAT_ONE);
}

static void step_whole_power(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    int exponent = (int)(int32_t)at->b;
    struct rat base = operand_value(sensing, spot, at->a).number;
    if (exponent != 0 && (exponent > 0 || rat_sign(base) != 0)) {
        struct rat rest = exponent == 1 ? RAT_ONE : rat_pow(sensing->arena, base, exponent - 1);
        pass_here(sensing, spot, at->a, rat_mul(sensing->arena, rat_int(exponent), rest));
    }
}

static void step_root(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    struct rat value = exact_get(sensing->run, spot->instruction, spot->row).number;
    if (rat_sign(value) == 0) {
        kink(sensing, spot, ZUJI_KINK_ZERO, at->a, spot->row);
        return;
    }
    pass_here(sensing, spot, at->a, rat_div(sensing->arena, RAT_ONE, rat_mul(sensing->arena, rat_int(2), value)));
}

/* a^b: b × a^b / a and ln a × a^b; of a = 0 the slope is that of a^b itself where b is 1, none where it is more, and
   upright where it is less. */
static void step_power(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    struct arena *arena = sensing->arena;
    struct rat value = exact_get(sensing->run, spot->instruction, spot->row).number;
    struct rat base = operand_value(sensing, spot, at->a).number;
    struct rat exponent = operand_value(sensing, spot, at->b).number;
    if (rat_sign(base) != 0) {
        pass_here(sensing, spot, at->a, rat_div(arena, rat_mul(arena, exponent, value), base));
    } else if (rat_eq(exponent, RAT_ONE)) {
        pass_here(sensing, spot, at->a, RAT_ONE);
    } else if (rat_sign(exponent) > 0 && rat_cmp(arena, exponent, RAT_ONE) < 0) {
        kink(sensing, spot, ZUJI_KINK_ZERO, at->a, spot->row);
    }
    if (rat_sign(base) > 0) {
        struct elementary logarithm = elementary_ln(arena, base, sensing->run->bits);
        if (logarithm.state == ELEMENTARY_GIVEN) {
            pass_here(sensing, spot, at->b, rat_mul(arena, logarithm.value, value));
        }
    }
}

/* ---- conditions ---- */

static void step_comparison(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    if (is_number(sensing, at->a) && at->a != at->b &&
        rat_eq(operand_value(sensing, spot, at->a).number, operand_value(sensing, spot, at->b).number)) {
        kink(sensing, spot, ZUJI_KINK_CONDITION, at->a, spot->row);
        kink(sensing, spot, ZUJI_KINK_CONDITION, at->b, spot->row);
    }
}

/* An operand has a say unless the other one has settled it: false in `and`, true in `or`. */
static void step_junction(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    int64_t settling = at->op == OP_OR;
    struct exact_value first = operand_value(sensing, spot, at->a);
    struct exact_value second = operand_value(sensing, spot, at->b);
    bool is_settled_by_second = second.state == STATE_GIVEN && (second.code != 0) == settling;
    bool is_settled_by_first = first.state == STATE_GIVEN && (first.code != 0) == settling;
    if (!is_settled_by_second) {
        sensing_decide(sensing, at->a, spot->row);
    }
    if (!is_settled_by_first) {
        sensing_decide(sensing, at->b, spot->row);
    }
}

static void step_choice(struct sensing *sensing, const struct spot *spot)
{
    sensing_decide(sensing, at_spot(sensing, spot)->a, spot->row);
    pass_here(sensing, spot, trace_taken(sensing->trace, spot->instruction, spot->row), RAT_ONE);
}

/* The number is on a limit of the table's steps. */
static void step_step(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    const struct prog_dimension *dimension = &sensing->run->program->tables[at->imm].dimensions[at->b];
    struct rat number = operand_value(sensing, spot, at->a).number;
    for (uint32_t k = 0; k < dimension->key_count; k++) {
        if (rat_eq(number, constant(sensing, dimension->keys[k]))) {
            kink(sensing, spot, ZUJI_KINK_STEP, at->a, spot->row);
        }
    }
}

/* ---- rows ---- */

struct bounds {
    struct sensing *sensing;
    const struct spot *spot;
};

static void mark_bound(void *context, uint32_t instruction)
{
    const struct bounds *bounds = context;
    struct sensing *sensing = bounds->sensing;
    const struct instruction *at = at_spot(sensing, bounds->spot);
    uint16_t axis = sensing->run->program->code[instruction].axis;
    if (axis == at->axis || axis == AXIS_ID_CONSTANT) {
        kink(sensing, bounds->spot, ZUJI_KINK_COUNT, instruction, axis == at->axis ? bounds->spot->row : 0);
    }
}

/* Which rows count, and how many there are. */
static void step_rows(struct sensing *sensing, const struct spot *spot)
{
    struct exact_run *run = sensing->run;
    const struct instruction *at = at_spot(sensing, spot);
    const struct exact_axis *axis = &run->axes[at->imm];
    for (uint32_t r = axis->first[spot->row]; at->b != NO_OPERAND && r < axis->first[spot->row + 1]; r++) {
        sensing_decide(sensing, at->b, r);
    }
    const struct prog_axis *shape = &run->program->axes[at->imm];
    bool is_counted = shape->kind == AXIS_RANGE && (run->program->code[shape->first].op != OP_CONST ||
                                                    run->program->code[shape->last].op != OP_CONST);
    if (is_counted) {
        struct bounds bounds = {sensing, spot};
        mark_bound(&bounds, shape->first);
        mark_bound(&bounds, shape->last);
    }
}

static void step_sum_of_rows(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    const struct exact_axis *axis = &sensing->run->axes[at->imm];
    for (uint32_t r = axis->first[spot->row]; r < axis->first[spot->row + 1]; r++) {
        if (trace_counts(sensing->trace, spot->instruction, r)) {
            sensing_pass(sensing, spot, at->a, r, RAT_ONE);
        }
    }
    step_rows(sensing, spot);
}

/* Does another row that counts have the value of the one that was picked? */
static void mark_equal_rows(struct sensing *sensing, const struct spot *spot, uint32_t picked)
{
    const struct instruction *at = at_spot(sensing, spot);
    const struct exact_axis *axis = &sensing->run->axes[at->imm];
    struct rat best = exact_get(sensing->run, at->a, picked).number;
    for (uint32_t r = axis->first[spot->row]; is_number(sensing, at->a) && r < axis->first[spot->row + 1]; r++) {
        struct exact_value value = exact_get(sensing->run, at->a, r);
        if (r != picked && trace_counts(sensing->trace, spot->instruction, r) && value.state == STATE_GIVEN &&
            rat_eq(value.number, best)) {
            kink(sensing, spot, ZUJI_KINK_ROW, at->a, r);
            kink(sensing, spot, ZUJI_KINK_ROW, at->a, picked);
        }
    }
}

static void step_picked(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    uint32_t picked;
    if (trace_picked(sensing->trace, spot->instruction, spot->row, &picked)) {
        mark_equal_rows(sensing, spot, picked);
        if (at->op == OP_LEAST || at->op == OP_GREATEST) {
            sensing_pass(sensing, spot, at->a, picked, RAT_ONE);
        }
    }
    step_rows(sensing, spot);
}

static void step_any(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    const struct exact_axis *axis = &sensing->run->axes[at->imm];
    for (uint32_t r = axis->first[spot->row]; r < axis->first[spot->row + 1]; r++) {
        sensing_decide(sensing, at->a, r);
    }
    step_rows(sensing, spot);
}

static void step_taken_row(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    sensing_decide(sensing, at->a, spot->row);
    sensing_pass(sensing, spot, at->b, (uint32_t)operand_value(sensing, spot, at->a).code, RAT_ONE);
}

/* ---- what is not followed as it is ---- */

static void step_rounding(struct sensing *sensing, const struct spot *spot)
{
    struct spot trend = *spot;
    trend.slope.marks |= SLOPE_ROUNDED;
    sensing_add_kink(sensing, ZUJI_KINK_ROUNDING, spot->instruction, spot->row);
    pass_here(sensing, &trend, at_spot(sensing, spot)->a, RAT_ONE);
}

static void step_call(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    const uint32_t operands[LIMIT_NATIVE_PARAMS] = {at->a, at->b, at->c};
    sensing_add_kink(sensing, ZUJI_KINK_EXTERNAL, spot->instruction, spot->row);
    for (int k = 0; k < LIMIT_NATIVE_PARAMS && operands[k] != NO_OPERAND; k++) {
        sensing_mark(sensing, operands[k], spot->row, SLOPE_REACHED | SLOPE_CALLED, RAT_ZERO);
    }
}

/* Keys, rows and texts that decide which value it is. */
static void decide_by_operands(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    const struct opcode_info *info = opcode_info(at->op);
    const uint32_t operands[3] = {at->a, at->b, at->c};
    for (int k = 0; k < 3; k++) {
        if (operand_is_instruction(info->operand[k]) && info->operand[k] != OPERAND_OTHER &&
            operands[k] != NO_OPERAND) {
            sensing_decide(sensing, operands[k], spot->row);
        }
    }
}

/* A factor or cell that stands in for a datum goes by its own name. */
static bool is_keyed(const struct sensing *sensing, uint32_t instruction)
{
    const struct instruction *at = &sensing->run->program->code[instruction];
    while (at->op == OP_SPREAD || at->op == OP_SPREAD2 || at->op == OP_CONVERT || at->op == OP_RETAG ||
           at->op == OP_NEED || at->op == OP_WITHIN) {
        at = &sensing->run->program->code[at->a];
    }
    return at->op == OP_FACTOR || at->op == OP_COLUMN;
}

static void step_default(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    uint32_t taken = trace_taken(sensing->trace, spot->instruction, spot->row);
    uint32_t field;
    uint32_t row;
    bool is_sourced = at->imm == 0 && trace_datum(sensing->trace, at->a, spot->row, &field, &row);
    if (taken == at->b && !is_sourced && !is_keyed(sensing, at->b)) {
        sensing_add_influence(sensing, spot);
    }
    pass_here(sensing, spot, taken, RAT_ONE);
}

/* ---- all ---- */

static void step_arithmetic(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = at_spot(sensing, spot);
    struct rat value = exact_get(sensing->run, spot->instruction, spot->row).number;
    switch (at->op) {
    case OP_ADD:
        step_sum(sensing, spot, RAT_ONE);
        break;
    case OP_SUB:
        step_sum(sensing, spot, rat_int(-1));
        break;
    case OP_MUL:
        step_product(sensing, spot);
        break;
    case OP_DIV:
        step_quotient(sensing, spot);
        break;
    case OP_NEG:
        pass_here(sensing, spot, at->a, rat_int(-1));
        break;
    case OP_ABS:
        step_absolute(sensing, spot);
        break;
    case OP_POWI:
        step_whole_power(sensing, spot);
        break;
    case OP_SQRT:
        step_root(sensing, spot);
        break;
    case OP_POW:
        step_power(sensing, spot);
        break;
    case OP_EXP:
        pass_here(sensing, spot, at->a, value);
        break;
    case OP_LN:
        pass_here(sensing, spot, at->a, rat_div(sensing->arena, RAT_ONE, operand_value(sensing, spot, at->a).number));
        break;
    case OP_CONVERT:
    case OP_SHIFT:
        pass_here(sensing, spot, at->a, constant(sensing, at->b));
        break;
    default: /* NEED, WITHIN, RETAG */
        pass_here(sensing, spot, at->a, RAT_ONE);
        break;
    }
}

void sensing_step(struct sensing *sensing, const struct spot *spot)
{
    struct exact_run *run = sensing->run;
    const struct instruction *at = at_spot(sensing, spot);
    switch (at->op) {
    case OP_FIELD:
    case OP_FACTOR:
    case OP_COLUMN:
        sensing_add_influence(sensing, spot);
        decide_by_operands(sensing, spot);
        break;
    case OP_CONST:
    case OP_INDEX:
    case OP_ROW:
    case OP_GIVEN:
        break;
    case OP_ELSE:
        step_default(sensing, spot);
        break;
    case OP_SPREAD:
        sensing_pass(sensing, spot, at->a, exact_row_outside(run, at->axis, spot->row, run->program->code[at->a].axis),
                     RAT_ONE);
        break;
    case OP_SPREAD2:
        sensing_pass(sensing, spot, at->a, exact_row_visited(run, at->axis, spot->row, run->program->code[at->a].axis),
                     RAT_ONE);
        break;
    case OP_TAKE:
        step_taken_row(sensing, spot);
        break;
    case OP_MIN:
    case OP_MAX:
        step_extreme(sensing, spot);
        break;
    case OP_ROUND:
    case OP_ROUNDSIG:
        step_rounding(sensing, spot);
        break;
    case OP_LT:
    case OP_LE:
    case OP_EQ:
        step_comparison(sensing, spot);
        break;
    case OP_AND:
    case OP_OR:
        step_junction(sensing, spot);
        break;
    case OP_SELECT:
        step_choice(sensing, spot);
        break;
    case OP_SUM:
        step_sum_of_rows(sensing, spot);
        break;
    case OP_COUNT:
    case OP_ONLY:
        step_rows(sensing, spot);
        break;
    case OP_LEAST:
    case OP_GREATEST:
    case OP_ARGMAX:
    case OP_ARGMIN:
        step_picked(sensing, spot);
        break;
    case OP_ANY:
        step_any(sensing, spot);
        break;
    case OP_STEP_KEY:
        step_step(sensing, spot);
        break;
    case OP_SAME:
    case OP_NOT:
    case OP_MATCH:
    case OP_KEY:
    case OP_CELL:
        decide_by_operands(sensing, spot);
        break;
    case OP_CALL:
        step_call(sensing, spot);
        break;
    default:
        step_arithmetic(sensing, spot);
        break;
    }
}
