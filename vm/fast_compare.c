/* Comparisons, and the steps of tables: decided where the doubles are further apart than their errors. */
#include <math.h>
#include <string.h>

#include "vm/fast_run.h"
#include "vm/kernels.h"

static enum comparison comparison_of(uint16_t op)
{
    return op == OP_LT ? COMPARE_LESS : op == OP_LE ? COMPARE_LESS_OR_EQUAL : COMPARE_EQUAL;
}

/* The relative error, with a share for the rounding of the comparison itself. */
static double error_of(const struct fast_register *from)
{
    return from->k * ROUNDOFF * WIDER;
}

static bool is_equal_certain(uint8_t a_grade, uint8_t b_grade)
{
    return (a_grade & b_grade & (GRADE_EXACT | GRADE_DATUM)) != 0;
}

static void compare_numbers(struct fast_run *run, enum comparison how, uint8_t *to, const struct fast_register *a,
                            const struct fast_register *b, uint32_t rows)
{
    if (a->grade & b->grade & GRADE_NEAREST) {
        kernel_compare_nearest(how, is_equal_certain(a->grade, b->grade), to, a->as.number, a->step, b->as.number,
                               b->step, rows);
    } else if (a->bounds == NULL && b->bounds == NULL) {
        kernel_compare_relative(how, to, a->as.number, a->step, error_of(a), b->as.number, b->step, error_of(b), rows);
    } else {
        kernel_compare_bounded(how, to, fast_dense(run, a, rows, 0), fast_bounds(run, a, rows, 1),
                               fast_dense(run, b, rows, 2), fast_bounds(run, b, rows, 3), rows);
    }
}

/* What is not decided although both sides are known. */
static void find_doubts(struct fast_run *run, const struct step *step, const struct fast_register *a,
                        const struct fast_register *b, uint32_t rows)
{
    const uint8_t *flags = run->registers[step->instruction].as.flag;
    const uint8_t *end = flags + rows;
    for (const uint8_t *at = flags; (at = memchr(at, POISON_FLAG, (size_t)(end - at))) != NULL; at++) {
        uint32_t row = (uint32_t)(at - flags);
        if (!fast_is_poison(a, FORM_NUMBER, row) && !fast_is_poison(b, FORM_NUMBER, row)) {
            fast_doubt_row(run, step->instruction, row, ZUJI_DOUBT_COMPARISON, ZUJI_BY_PRODUCT);
        }
    }
}

/* ---- steps ---- */

/* Does the number lie beyond the limit? 0, 1, or POISON_FLAG. */
static uint8_t is_beyond(const struct fast_register *a, uint32_t row, double limit, uint8_t grade, bool is_below)
{
    double value = a->as.number[(size_t)row * a->step];
    enum comparison how = is_below ? COMPARE_LESS : COMPARE_LESS_OR_EQUAL;
    uint8_t is_inside = POISON_FLAG;
    if (a->grade & grade & GRADE_NEAREST) {
        kernel_compare_nearest(how, is_equal_certain(a->grade, grade), &is_inside, &value, 0, &limit, 0, 1);
    } else {
        double value_bound = fast_bound(a, row);
        double limit_bound = grade & GRADE_EXACT ? 0 : ROUNDOFF * (limit < 0 ? -limit : limit);
        kernel_compare_bounded(how, &is_inside, &value, &value_bound, &limit, &limit_bound, 1);
    }
    return is_inside == POISON_FLAG ? POISON_FLAG : !is_inside;
}

/* False where the step is in doubt. */
static bool find_step(const struct prog_dimension *dimension, const struct table_keys *keys,
                      const struct fast_register *a, struct fast_register *out, uint32_t row)
{
    uint32_t low = 0;
    uint32_t high = dimension->key_count;
    if (fast_is_poison(a, FORM_NUMBER, row)) {
        fast_put_poison(out, FORM_CODE, row);
        return true;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint8_t is_past = is_beyond(a, row, keys->limits[middle], keys->grades[middle], dimension->is_below[middle]);
        if (is_past == POISON_FLAG) {
            fast_put_poison(out, FORM_CODE, row);
            return false;
        }
        if (is_past) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < dimension->key_count || dimension->has_otherwise;
    out->as.code[row] = is_found ? low : 0;
    if (out->given != NULL) {
        out->given[row] = is_found;
    }
    return true;
}

static void find_steps(struct fast_run *run, uint32_t instruction, const struct fast_register *a,
                       struct fast_register *out, uint32_t rows)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct prog_dimension *dimension = &run->program->tables[at->imm].dimensions[at->b];
    const struct table_keys *keys = &run->prepared->keys[at->imm][at->b];
    for (uint32_t row = 0; row < rows; row++) {
        if (!find_step(dimension, keys, a, out, row)) {
            fast_doubt_row(run, instruction, row, ZUJI_DOUBT_STEP, ZUJI_BY_PRODUCT);
        }
    }
}

void fast_compare(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    uint32_t rows = fast_make(run, step);
    struct fast_register *out = &run->registers[step->instruction];
    const struct fast_register *a = fast_register_of(run, at->a);
    if (at->op == OP_STEP_KEY) {
        find_steps(run, step->instruction, a, out, rows);
        return;
    }
    const struct fast_register *b = fast_register_of(run, at->b);
    if (run->facts[at->a].form == FORM_WHOLE) {
        kernel_compare_whole(comparison_of(at->op), out->as.flag, a->as.whole, a->step, b->as.whole, b->step, rows);
    } else {
        compare_numbers(run, comparison_of(at->op), out->as.flag, a, b, rows);
        find_doubts(run, step, a, b, rows);
    }
}
