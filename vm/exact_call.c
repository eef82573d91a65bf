/* CALL: an external function for all rows of a product at once that need it and whose arguments are known. */
#include "base/decimal.h"
#include "vm/exact_run.h"
#include "vm/native.h"

struct calling {
    struct exact_run *run;
    const struct instruction *at;
    uint32_t instruction;
    uint32_t *rows; /* that are asked for */
    size_t count;
    double *columns[LIMIT_NATIVE_PARAMS];
    double *results;
};

/* "enthalpy(0.1 MPa, 300 K)" */
static struct str call_text(const struct calling *calling, uint32_t row)
{
    struct exact_run *run = calling->run;
    const struct prog_native *native = &run->program->natives[calling->at->imm];
    const uint32_t operands[LIMIT_NATIVE_PARAMS] = {calling->at->a, calling->at->b, calling->at->c};
    struct str args[LIMIT_NATIVE_PARAMS] = {{.len = 0}};
    for (uint32_t k = 0; k < native->param_count; k++) {
        args[k] = exact_value_text(run, operands[k], row);
    }
    struct str list = str_join(run->arena, args, native->param_count, STR(", "));
    return str_format(run->arena, "%.*s(%.*s)", STR_FMT(run->program->texts[native->name]), STR_FMT(list));
}

/* Keeps the row for the call; else the state of its result. */
static uint32_t take_row(struct calling *calling, uint32_t row)
{
    struct exact_run *run = calling->run;
    const uint32_t operands[LIMIT_NATIVE_PARAMS] = {calling->at->a, calling->at->b, calling->at->c};
    uint32_t state = STATE_GIVEN;
    for (int k = 0; k < LIMIT_NATIVE_PARAMS && operands[k] != NO_OPERAND; k++) {
        struct exact_value value = exact_get(run, operands[k], row);
        state = exact_join(run, state, value.state);
        calling->columns[k][calling->count] = rat_to_double(value.number);
    }
    if (state == STATE_GIVEN && !exact_is_needed(run, calling->instruction, row)) {
        state = exact_fail_unneeded(run, calling->instruction, row);
    }
    if (state == STATE_GIVEN) {
        calling->rows[calling->count++] = row;
    }
    return state;
}

static struct exact_value result_of(const struct calling *calling, size_t i, int code)
{
    struct exact_run *run = calling->run;
    struct rat number = RAT_ZERO;
    if (code == 0 && native_number(run->arena, calling->results[i], &number)) {
        return (struct exact_value){.number = number};
    }
    uint32_t row = calling->rows[i];
    return exact_of_state(
        exact_fail(run, calling->instruction, row, D_NATIVE_FAILED,
                   DIAG_ARGS(call_text(calling, row), native_failure(run->arena, code, calling->results[i]))));
}

void exact_call(struct exact_run *run, uint32_t instruction)
{
    const struct instruction *at = &run->program->code[instruction];
    struct calling calling = {.run = run, .at = at, .instruction = instruction};
    uint32_t rows = run->axes[at->axis].rows;
    calling.rows = arena_array(run->arena, uint32_t, rows);
    calling.results = arena_array(run->arena, double, rows);
    for (int k = 0; k < LIMIT_NATIVE_PARAMS; k++) {
        calling.columns[k] = arena_array(run->arena, double, rows);
    }
    exact_make(run, instruction, false);
    for (uint32_t row = 0; row < rows; row++) {
        struct exact_value value = exact_of_state(take_row(&calling, row));
        exact_put(run, instruction, row, &value);
    }
    int code = calling.count == 0 ? 0
                                  : native_call(run->engine->natives, at->imm, calling.count,
                                                (const double *const *)calling.columns, calling.results);
    for (size_t i = 0; i < calling.count; i++) {
        struct exact_value value = result_of(&calling, i, code);
        exact_put(run, instruction, calling.rows[i], &value);
    }
}
