/* Instructions that work row by row: arithmetic, comparison, choice, moving between axes. */
#include "base/decimal.h"
#include "vm/exact_run.h"
#include "vm/opcodes.h"

/* Limbs of 64 bits of a number that is not small. */
static uint64_t limbs_of(struct rat a)
{
    uint64_t ends = rat_is_enclosure(a) ? 2 : 1;
    return a.big == NULL ? 0 : ends * (rat_bits(a) / 64 + 1);
}

void exact_charge(struct exact_run *run, uint32_t instruction, struct rat a, struct rat b, unsigned weight)
{
    if (a.big == NULL && b.big == NULL) {
        return;
    }
    uint64_t limit = run->engine->cost_limit > UINT64_MAX / LIMIT_WORK_OF_COST
                         ? UINT64_MAX
                         : run->engine->cost_limit * LIMIT_WORK_OF_COST;
    run->work += (1 + limbs_of(a)) * (1 + limbs_of(b)) * weight; /* limbs are 2^14, operations 2^30 at most */
    if (run->work > limit && !exact_is_stopped(run)) {
        exact_refuse_at(
            run, instruction, D_WORK_TOO_HIGH,
            DIAG_ARGS(exact_expression(run, instruction), str_format(run->arena, "%llu", (unsigned long long)limit)));
    }
}

int exact_order(struct exact_run *run, struct rat a, struct rat b)
{
    int order;
    run->is_open = !rat_order(a, b, &order) || run->is_open;
    return order;
}

struct rat exact_told(struct exact_run *run, struct rat number)
{
    enum { TOLD_BITS = 4096 };
    return rat_bounded(run->arena, number, TOLD_BITS, run->bits);
}

/* Of an enclosure. One of 0 is within the range. */
static bool is_in_range(struct exact_run *run, struct rat number)
{
    const double far = 1e290;
    double size = rat_to_double(rat_abs(run->arena, number));
    if (rat_sign(number) == 0 || (size < far && size > 1 / far)) {
        return true;
    }
    struct rat magnitude = rat_abs(run->arena, number);
    return exact_order(run, magnitude, run->engine->most) <= 0 && exact_order(run, magnitude, run->engine->least) >= 0;
}

struct exact_value exact_checked(struct exact_run *run, uint32_t instruction, uint32_t row, struct rat number)
{
    if (number.big == NULL) {
        return (struct exact_value){.number = number};
    }
    exact_charge(run, instruction, number, RAT_ZERO, 1);
    number = rat_bounded(run->arena, number, LIMIT_RATIONAL_BITS, run->bits);
    if (!rat_is_enclosure(number) || is_in_range(run, number)) {
        return (struct exact_value){.number = number};
    }
    bool is_needed = exact_is_needed(run, instruction, row);
    return exact_of_state(
        is_needed ? exact_fail(run, instruction, row, D_BEYOND_RANGE,
                               DIAG_ARGS(exact_expression(run, instruction), STR("10^-1000"), STR("10^1000")))
                  : exact_fail_unneeded(run, instruction, row));
}

bool exact_is_needed(const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    uint32_t mask = run->program->code[instruction].mask;
    if (mask == NO_OPERAND) {
        return true;
    }
    struct exact_value value = exact_get(run, mask, row);
    /* Where it is not known whether the value is needed it is computed: a failure that nobody needs reaches no root. */
    return value.state != STATE_GIVEN || value.code != 0;
}

static struct exact_value failed(struct exact_run *run, uint32_t instruction, uint32_t row, enum diag_code code,
                                 const struct str *args, size_t count)
{
    if (!exact_is_needed(run, instruction, row)) {
        return exact_of_state(exact_fail_unneeded(run, instruction, row));
    }
    return exact_of_state(exact_fail(run, instruction, row, code, args, count));
}

static struct exact_value divide(struct exact_run *run, uint32_t instruction, uint32_t row, struct rat a, struct rat b)
{
    if (exact_order(run, b, RAT_ZERO) != 0) {
        return exact_checked(run, instruction, row, rat_div(run->arena, a, b));
    }
    uint32_t dividend = run->program->code[instruction].a;
    return failed(run, instruction, row, D_DIVISION_BY_ZERO,
                  DIAG_ARGS(exact_expression(run, instruction), exact_value_text(run, dividend, row)));
}

static struct exact_value power(struct exact_run *run, uint32_t instruction, uint32_t row, struct rat a)
{
    int exponent = (int)(int32_t)run->program->code[instruction].b;
    if (exponent < 0 && exact_order(run, a, RAT_ZERO) == 0) {
        return failed(run, instruction, row, D_DIVISION_BY_ZERO,
                      DIAG_ARGS(exact_expression(run, instruction), STR("1")));
    }
    struct rat result = rat_pow(run->arena, a, exponent);
    exact_charge(run, instruction, result, result, 1);
    return exact_checked(run, instruction, row, result);
}

/* a + sign * b where a year may be among the operands. */
static struct exact_value add(struct exact_run *run, uint32_t instruction, uint32_t row, const struct exact_value *v,
                              int sign)
{
    const struct instruction *at = &run->program->code[instruction];
    bool is_number[2] = {run->shapes[at->a].type == VALUE_NUMBER, run->shapes[at->b].type == VALUE_NUMBER};
    if (is_number[0] && is_number[1]) {
        struct rat sum =
            sign > 0 ? rat_add(run->arena, v[0].number, v[1].number) : rat_sub(run->arena, v[0].number, v[1].number);
        return exact_checked(run, instruction, row, sum);
    }
    if (!is_number[0] && !is_number[1]) {
        return (struct exact_value){.number = rat_int(v[0].code - v[1].code)};
    }
    const struct exact_value *year = is_number[0] ? &v[1] : &v[0];
    const struct exact_value *step = is_number[0] ? &v[0] : &v[1];
    int64_t whole = 0;
    if (!rat_to_i64(step->number, &whole) || whole < INT32_MIN || whole > INT32_MAX) {
        return exact_of_state(exact_fail(
            run, instruction, row, D_YEAR_STEP,
            DIAG_ARGS(exact_expression(run, instruction), exact_value_text(run, is_number[0] ? at->a : at->b, row))));
    }
    int64_t sum = year->code + sign * whole;
    return exact_of_code(sum < INT32_MIN ? INT32_MIN : sum > INT32_MAX ? INT32_MAX : sum);
}

static int compare(struct exact_run *run, uint32_t instruction, const struct exact_value *v)
{
    if (run->shapes[run->program->code[instruction].a].type == VALUE_NUMBER) {
        return exact_order(run, v[0].number, v[1].number);
    }
    return (v[0].code > v[1].code) - (v[0].code < v[1].code);
}

static struct exact_value rounded(struct exact_run *run, uint32_t instruction, uint32_t row,
                                  const struct exact_value *v)
{
    const struct instruction *at = &run->program->code[instruction];
    enum rounding mode = (enum rounding)at->imm;
    struct rat number = RAT_ZERO;
    bool is_certain = at->op == OP_ROUND
                          ? rat_try_round(run->arena, v[0].number, v[1].number, mode, &number)
                          : rat_try_round_significant(run->arena, v[0].number, (int)at->b, mode, &number);
    run->is_open = run->is_open || !is_certain;
    return exact_checked(run, instruction, row, number);
}

/* An argument beyond the range of its parameter; the condition is that of ir_within. */
static struct exact_value outside(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *code = run->program->code;
    const struct instruction *within = &code[instruction];
    const struct instruction *both = &code[within->b];
    struct str ends[2] = {STR("…"), STR("…")};
    if (both->op == OP_AND && code[both->a].op == OP_LE && code[both->b].op == OP_LE) {
        ends[0] = exact_value_text(run, code[both->a].a, row);
        ends[1] = exact_value_text(run, code[both->b].b, row);
    }
    return failed(
        run, instruction, row, D_ARGUMENT_OUTSIDE,
        DIAG_ARGS(exact_expression(run, instruction), exact_value_text(run, within->a, row), ends[0], ends[1]));
}

static struct rat constant(const struct exact_run *run, uint32_t index)
{
    return run->program->constants[index].number;
}

/* Instructions whose operands are all given. */
static struct exact_value strict(struct exact_run *run, uint32_t instruction, uint32_t row, const struct exact_value *v)
{
    const struct instruction *at = &run->program->code[instruction];
    struct arena *arena = run->arena;
    exact_charge(run, instruction, v[0].number, v[1].number, 1);
    switch ((enum opcode)at->op) {
    case OP_ADD:
        return add(run, instruction, row, v, 1);
    case OP_SUB:
        return add(run, instruction, row, v, -1);
    case OP_MUL:
        return exact_checked(run, instruction, row, rat_mul(arena, v[0].number, v[1].number));
    case OP_DIV:
        return divide(run, instruction, row, v[0].number, v[1].number);
    case OP_NEG:
        return (struct exact_value){.number = rat_neg(arena, v[0].number)};
    case OP_ABS:
        return (struct exact_value){.number = rat_abs(arena, v[0].number)};
    case OP_MIN:
        return compare(run, instruction, v) <= 0 ? v[0] : v[1];
    case OP_MAX:
        return compare(run, instruction, v) >= 0 ? v[0] : v[1];
    case OP_POWI:
        return power(run, instruction, row, v[0].number);
    case OP_SQRT:
    case OP_POW:
    case OP_EXP:
    case OP_LN:
        return exact_function(run, instruction, row, v);
    case OP_CONVERT:
        return exact_checked(run, instruction, row, rat_mul(arena, v[0].number, constant(run, at->b)));
    case OP_SHIFT: {
        struct rat scaled = rat_mul(arena, v[0].number, constant(run, at->b));
        return exact_checked(run, instruction, row, rat_add(arena, scaled, constant(run, at->c)));
    }
    case OP_RETAG:
    case OP_NEED:
        return v[0];
    case OP_WITHIN:
        return v[1].code != 0 ? v[0] : outside(run, instruction, row);
    case OP_ROUND:
    case OP_ROUNDSIG:
        return rounded(run, instruction, row, v);
    case OP_LT:
        return exact_of_code(compare(run, instruction, v) < 0);
    case OP_LE:
        return exact_of_code(compare(run, instruction, v) <= 0);
    case OP_EQ:
        return exact_of_code(compare(run, instruction, v) == 0);
    case OP_SAME:
        return exact_of_code(v[0].code == v[1].code);
    case OP_NOT:
        return exact_of_code(v[0].code == 0);
    case OP_TAKE:
        return exact_get(run, at->b, (uint32_t)v[0].code);
    case OP_KEY:
    case OP_STEP_KEY:
    case OP_CELL:
    case OP_COLUMN:
    case OP_FACTOR:
        return exact_lookup(run, instruction, row, v);
    case OP_CONST:
    case OP_FIELD:
    case OP_INDEX:
    case OP_ROW:
    case OP_GIVEN:
    case OP_ELSE:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_AND:
    case OP_OR:
    case OP_SELECT:
    case OP_SUM:
    case OP_COUNT:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_ANY:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
    case OP_MATCH:
    case OP_CALL:
    case OP_REQUIRE:
    case OP_WARN:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_INVENTORY:
    case OP_JUDGE:
    case OPCODE_END:
        break;
    }
    return exact_of_state(exact_fail_unneeded(run, instruction, row));
}

static struct exact_value absent_operand(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    uint32_t op = run->program->code[instruction].op;
    if (op == OP_NEED) {
        bool is_needed = exact_is_needed(run, instruction, row);
        return exact_of_state(is_needed ? exact_fail_missing(run, instruction, row)
                                        : exact_fail_unneeded(run, instruction, row));
    }
    if (op == OP_TAKE || op == OP_COLUMN || op == OP_CELL || op == OP_KEY || op == OP_STEP_KEY || op == OP_RETAG) {
        return exact_of_state(STATE_ABSENT);
    }
    return exact_of_state(exact_fail_unneeded(run, instruction, row));
}

/* The number of operands to be looked at row by row; TAKE reads its second operand on another axis. */
static int operand_count(const struct exact_run *run, uint32_t instruction, uint32_t operands[3])
{
    const struct instruction *at = &run->program->code[instruction];
    const struct opcode_info *info = opcode_info(at->op);
    const uint32_t all[3] = {at->a, at->b, at->c};
    int count = 0;
    for (int k = 0; k < 3 && operand_is_instruction(info->operand[k]) && all[k] != NO_OPERAND; k++) {
        operands[count++] = all[k];
    }
    return at->op == OP_TAKE && count == 2 ? 1 : count;
}

static struct exact_value strict_row(struct exact_run *run, uint32_t instruction, uint32_t row,
                                     const uint32_t *operands, int count)
{
    struct exact_value values[3] = {exact_of_code(0), exact_of_code(0), exact_of_code(0)};
    uint32_t poison = STATE_GIVEN;
    bool is_absent = false;
    for (int k = 0; k < count; k++) {
        values[k] = exact_get(run, operands[k], row);
        poison = is_poison(values[k].state) ? exact_join(run, poison, values[k].state) : poison;
        is_absent = is_absent || values[k].state == STATE_ABSENT;
    }
    if (is_poison(poison)) {
        return exact_of_state(poison);
    }
    return is_absent ? absent_operand(run, instruction, row) : strict(run, instruction, row, values);
}

/* ---- instructions that may do without an operand ---- */

static struct exact_value choose(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    struct exact_value first = exact_get(run, at->a, row);
    struct exact_value second;
    if (is_poison(first.state)) {
        return first;
    }
    switch (at->op) {
    case OP_GIVEN:
        return exact_of_code(first.state == STATE_GIVEN);
    case OP_ELSE:
        if (first.state == STATE_GIVEN) {
            return first;
        }
        second = exact_get(run, at->b, row);
        if (at->imm != 0 && second.state == STATE_GIVEN && exact_is_noted(run, instruction, row)) {
            exact_note_default(run, instruction, row);
        }
        return second;
    default:
        break;
    }
    if (first.state != STATE_GIVEN) {
        return absent_operand(run, instruction, row);
    }
    switch (at->op) {
    case OP_AND: /* the second operand is needed only where the first holds */
        return first.code != 0 ? exact_get(run, at->b, row) : exact_of_code(0);
    case OP_OR:
        return first.code != 0 ? exact_of_code(1) : exact_get(run, at->b, row);
    default: /* SELECT */
        return exact_get(run, first.code != 0 ? at->b : at->c, row);
    }
}

static struct exact_value datum(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct column *column = &run->batch->columns[at->a];
    uint32_t in_batch = run->axes[at->axis].base + row;
    if (!column->given[in_batch]) {
        return exact_of_state(STATE_ABSENT);
    }
    switch ((enum value_type)run->program->fields[at->a].type) {
    case VALUE_NUMBER:
        return (struct exact_value){.number = batch_datum(run->arena, run->batch, at->a, in_batch)};
    case VALUE_BOOL:
        return exact_of_code(column->as.flag[in_batch] != 0);
    case VALUE_MEMBER:
    case VALUE_TEXT:
        return exact_of_code(column->as.code[in_batch]);
    case VALUE_YEAR:
    case VALUE_DATE:
        return exact_of_code(column->as.whole[in_batch]);
    case VALUE_ROW:
    case VALUE_KEY:
        break;
    }
    return exact_of_state(STATE_ABSENT);
}

static struct exact_value constant_value(const struct exact_run *run, uint32_t instruction)
{
    const struct prog_const *constant_at = &run->program->constants[run->program->code[instruction].a];
    int64_t code = 0;
    switch ((enum value_type)constant_at->type) {
    case VALUE_NUMBER:
        return (struct exact_value){.number = constant_at->number};
    case VALUE_TEXT:
        return exact_of_code(constant_at->text);
    case VALUE_BOOL:
    case VALUE_MEMBER:
    case VALUE_YEAR:
    case VALUE_DATE:
    case VALUE_ROW:
    case VALUE_KEY:
        (void)rat_to_i64(constant_at->number, &code);
        break;
    }
    return exact_of_code(code);
}

static int64_t index_of(const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct exact_axis *axis = &run->axes[run->program->code[instruction].axis];
    uint32_t parent = axis->parent[row];
    return axis->low[parent] + (row - axis->first[parent]);
}

/* ---- all rows ---- */

static bool can_be_single(const struct exact_run *run, uint32_t instruction, const uint32_t *operands, int count)
{
    const struct instruction *at = &run->program->code[instruction];
    bool is_noted = at->op == OP_FACTOR || (at->op == OP_ELSE && at->imm != 0); /* row by row, in both engines */
    if (is_noted || at->op == OP_FIELD || at->op == OP_INDEX || at->op == OP_ROW || at->op == OP_SPREAD2 ||
        (at->op == OP_SPREAD && !exact_is_single(run, at->a))) {
        return false;
    }
    for (int k = 0; k < count; k++) {
        if (!exact_is_single(run, operands[k])) {
            return false;
        }
    }
    return at->mask == NO_OPERAND || exact_is_single(run, at->mask);
}

static struct exact_value value_of_row(struct exact_run *run, uint32_t instruction, uint32_t row,
                                       const uint32_t *operands, int count)
{
    const struct instruction *at = &run->program->code[instruction];
    switch (at->op) {
    case OP_CONST:
        return constant_value(run, instruction);
    case OP_FIELD:
        return datum(run, instruction, row);
    case OP_INDEX:
        return (struct exact_value){.number = rat_int(index_of(run, instruction, row))};
    case OP_ROW: /* rows of tables count from 0 */
        return exact_of_code(index_of(run, instruction, row) - 1);
    case OP_SPREAD:
        return exact_get(run, at->a, exact_row_outside(run, at->axis, row, run->program->code[at->a].axis));
    case OP_SPREAD2:
        return exact_get(run, at->a, exact_row_visited(run, at->axis, row, run->program->code[at->a].axis));
    case OP_GIVEN:
    case OP_ELSE:
    case OP_AND:
    case OP_OR:
    case OP_SELECT:
        return choose(run, instruction, row);
    default:
        return strict_row(run, instruction, row, operands, count);
    }
}

void exact_elements(struct exact_run *run, uint32_t instruction)
{
    uint32_t operands[3];
    int count = operand_count(run, instruction, operands);
    bool is_single = can_be_single(run, instruction, operands, count);
    uint32_t rows = run->axes[run->program->code[instruction].axis].rows;
    exact_make(run, instruction, is_single);
    for (uint32_t row = 0; row < (is_single && rows > 0 ? 1 : rows) && !exact_is_stopped(run); row++) {
        struct exact_value value = value_of_row(run, instruction, row, operands, count);
        exact_put(run, instruction, row, &value);
    }
}
