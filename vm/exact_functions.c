/* Roots, powers, exponentials and logarithms of one row. */
#include "base/elementary.h"
#include "vm/exact_run.h"

static struct elementary result_of(struct exact_run *run, uint16_t op, const struct exact_value *v)
{
    switch (op) {
    case OP_SQRT:
        return elementary_sqrt(run->arena, v[0].number, run->bits);
    case OP_POW:
        return elementary_pow(run->arena, v[0].number, v[1].number, run->bits);
    case OP_EXP:
        return elementary_exp(run->arena, v[0].number, run->bits);
    default: /* LN */
        return elementary_ln(run->arena, v[0].number, run->bits);
    }
}

static uint32_t fail_negative(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    struct str expression = exact_expression(run, instruction);
    struct str value = exact_value_text(run, at->a, row);
    switch (at->op) {
    case OP_SQRT:
        return exact_fail(run, instruction, row, D_NEGATIVE_ROOT, DIAG_ARGS(expression, value));
    case OP_LN:
        return exact_fail(run, instruction, row, D_NO_LOGARITHM, DIAG_ARGS(expression, value));
    default: /* POW */
        return exact_fail(run, instruction, row, D_NEGATIVE_POWER,
                          DIAG_ARGS(expression, value, exact_value_text(run, at->b, row)));
    }
}

static uint32_t fail(struct exact_run *run, uint32_t instruction, uint32_t row, enum elementary_state state)
{
    switch (state) {
    case ELEMENTARY_NEGATIVE:
        return fail_negative(run, instruction, row);
    case ELEMENTARY_ZERO:
        return exact_fail(run, instruction, row, D_DIVISION_BY_ZERO,
                          DIAG_ARGS(exact_expression(run, instruction), STR("1")));
    case ELEMENTARY_RANGE:
    case ELEMENTARY_GIVEN:
    case ELEMENTARY_OPEN:
        break;
    }
    return exact_fail(run, instruction, row, D_BEYOND_RANGE,
                      DIAG_ARGS(exact_expression(run, instruction), STR("10^-304"), STR("10^304")));
}

struct exact_value exact_function(struct exact_run *run, uint32_t instruction, uint32_t row,
                                  const struct exact_value *operands)
{
    struct elementary result = result_of(run, run->program->code[instruction].op, operands);
    if (result.state == ELEMENTARY_OPEN) {
        run->is_open = true;
        return exact_of_code(0); /* nobody is going to look at it */
    }
    if (result.state == ELEMENTARY_GIVEN) {
        enum { WEIGHT = 64 };
        exact_charge(run, instruction, operands[0].number, operands[0].number, 1);
        exact_charge(run, instruction, result.value, result.value, WEIGHT);
        return exact_checked(run, instruction, row, result.value);
    }
    bool is_needed = exact_is_needed(run, instruction, row);
    return exact_of_state(is_needed ? fail(run, instruction, row, result.state)
                                    : exact_fail_unneeded(run, instruction, row));
}
