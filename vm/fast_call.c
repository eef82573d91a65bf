/* CALL: an external function for all rows of a column at once that need it and whose arguments are known. What it has
   no result for is left to the exact engine, which words it. */
#include <math.h>

#include "base/decimal.h"
#include "vm/fast_run.h"
#include "vm/native.h"

struct calling {
    struct fast_run *run;
    struct arena *arena; /* for columns */
    const struct instruction *at;
    const struct fast_register *args[LIMIT_NATIVE_PARAMS]; /* NULL: fewer */
    uint32_t *rows;                                        /* that are asked for */
    size_t count;
    double *columns[LIMIT_NATIVE_PARAMS];
};

/* Where it is not known whether the value is needed, the function is not called. */
static bool is_needed(const struct fast_register *mask, uint32_t row)
{
    return mask == NULL || mask->as.flag[(size_t)row * mask->step] == 1;
}

static void take_row(struct calling *calling, uint32_t row)
{
    bool is_known = true;
    for (int k = 0; k < LIMIT_NATIVE_PARAMS && calling->args[k] != NULL; k++) {
        double value = calling->args[k]->as.number[(size_t)row * calling->args[k]->step] + 0.0; /* no -0 */
        calling->columns[k][calling->count] = value;
        is_known = is_known && value == value;
    }
    if (is_known) {
        calling->rows[calling->count++] = row;
    }
}

static double number_of(struct fast_run *run, double result)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct rat number = RAT_ZERO;
    double nearest = native_number(run->arena, result, &number) ? rat_to_double(number) : NAN;
    arena_reset(run->arena, mark);
    return nearest;
}

static void call(struct calling *calling, double *out, uint32_t rows)
{
    double *results = arena_array(calling->arena, double, (size_t)rows + 1);
    int code = calling->count == 0 ? 0
                                   : native_call(calling->run->engine->natives, calling->at->imm, calling->count,
                                                 (const double *const *)calling->columns, results);
    for (size_t i = 0; i < calling->count && code == 0; i++) {
        out[calling->rows[i]] = number_of(calling->run, results[i]);
    }
}

void fast_call(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    const uint32_t operands[LIMIT_NATIVE_PARAMS] = {at->a, at->b, at->c};
    const struct fast_register *mask = at->mask == NO_OPERAND ? NULL : fast_register_of(run, at->mask);
    struct calling calling = {.run = run, .at = at};
    bool is_in_loop = run->prepared->axes[at->axis].root != 0;
    calling.arena = is_in_loop ? run->block_arena : run->arena;
    uint32_t rows = fast_make(run, step);
    struct fast_register *out = &run->registers[step->instruction];
    calling.rows = arena_array(calling.arena, uint32_t, (size_t)rows + 1);
    for (int k = 0; k < LIMIT_NATIVE_PARAMS; k++) {
        calling.args[k] = operands[k] == NO_OPERAND ? NULL : fast_register_of(run, operands[k]);
        calling.columns[k] = arena_array(calling.arena, double, (size_t)rows + 1);
    }
    for (uint32_t row = 0; row < rows; row++) {
        out->as.number[row] = NAN;
        if (is_needed(mask, row)) {
            take_row(&calling, row);
        }
    }
    call(&calling, out->as.number, rows);
    out->k = 1;
    out->grade = GRADE_NEAREST | GRADE_DATUM;
}
