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
    bool is_plain = run->engine->is_plain;
    if (is_plain || (a->grade & b->grade & GRADE_NEAREST)) {
        kernel_compare_nearest(how, is_plain || is_equal_certain(a->grade, b->grade), to, a->as.number, a->step,
                               b->as.number, b->step, rows);
    } else if (a->bounds == NULL && b->bounds == NULL) {
        kernel_compare_relative(how, to, a->as.number, a->step, error_of(a), b->as.number, b->step, error_of(b), rows);
    } else {
        kernel_compare_bounded(how, to, fast_dense(run, a, rows, 0), fast_bounds(run, a, rows, 1),
                               fast_dense(run, b, rows, 2), fast_bounds(run, b, rows, 3), rows);
    }
}

/* How far the numbers may be from each other. */
static double distance(double x, double x_bound, double y, double y_bound)
{
    return ((x > y ? x - y : y - x) + x_bound + y_bound) * WIDER;
}

static void settle_row(struct fast_run *run, const struct step *step, enum comparison how,
                       const struct fast_register *a, const struct fast_register *b, uint32_t row)
{
    const struct instruction *at = &run->program->code[step->instruction];
    double x = a->as.number[(size_t)row * a->step];
    double y = b->as.number[(size_t)row * b->step];
    if (x != x || y != y) {
        return;
    }
    uint32_t product = fast_product_for(run, step->instruction, row);
    double apart = distance(x, fast_bound(a, row), y, fast_bound(b, row));
    bool is_equal = fast_is_equal(run->engine, product, at->a, at->b, apart);
    if (is_equal) {
        run->registers[step->instruction].as.flag[row] = how != COMPARE_LESS;
        fast_doubt_row(run, step->instruction, row, ZUJI_DOUBT_COMPARISON, ZUJI_BY_GRID);
    } else {
        fast_leave(run, row);
    }
}

/* What is not decided although both sides are known. */
static void settle_doubts(struct fast_run *run, const struct step *step, enum comparison how,
                          const struct fast_register *a, const struct fast_register *b, uint32_t rows)
{
    const uint8_t *flags = run->registers[step->instruction].as.flag;
    const uint8_t *end = flags + rows;
    for (const uint8_t *at = flags; (at = memchr(at, POISON_FLAG, (size_t)(end - at))) != NULL; at++) {
        settle_row(run, step, how, a, b, (uint32_t)(at - flags));
    }
    fast_settle_left(run, step, ZUJI_DOUBT_COMPARISON);
}

/* ---- steps of tables ---- */

struct stepping {
    struct fast_run *run;
    uint32_t instruction;
    uint32_t operand;
    const struct prog_dimension *dimension;
    const struct table_keys *keys;
    const struct fast_register *a;
    struct fast_register *out;
};

/* Does the number lie beyond the limit? 0, 1, or POISON_FLAG. */
static uint8_t is_beyond(const struct stepping *on, uint32_t row, uint32_t key)
{
    double value = on->a->as.number[(size_t)row * on->a->step];
    double limit = on->keys->limits[key];
    uint8_t grade = on->keys->grades[key];
    enum comparison how = on->dimension->is_below[key] ? COMPARE_LESS : COMPARE_LESS_OR_EQUAL;
    uint8_t is_inside = POISON_FLAG;
    double value_bound = fast_bound(on->a, row);
    double limit_bound = grade & GRADE_EXACT ? 0 : ROUNDOFF * (limit < 0 ? -limit : limit);
    if (on->a->grade & grade & GRADE_NEAREST) {
        kernel_compare_nearest(how, is_equal_certain(on->a->grade, grade), &is_inside, &value, 0, &limit, 0, 1);
    } else {
        kernel_compare_bounded(how, &is_inside, &value, &value_bound, &limit, &limit_bound, 1);
    }
    if (is_inside == POISON_FLAG && on->run->engine->is_plain) {
        is_inside = value <= limit;
    }
    if (is_inside == POISON_FLAG) {
        uint32_t product = fast_product_for(on->run, on->instruction, row);
        struct grid grid = grid_of_rat(on->run->program->constants[on->dimension->keys[key]].number);
        double apart = distance(value, value_bound, limit, limit_bound);
        bool is_equal = fast_is_at(on->run->engine, product, on->operand, grid, apart);
        is_inside = is_equal ? how != COMPARE_LESS : POISON_FLAG;
        if (is_equal) {
            fast_doubt_row(on->run, on->instruction, row, ZUJI_DOUBT_STEP, ZUJI_BY_GRID);
        } else {
            fast_leave(on->run, row);
        }
    }
    return is_inside == POISON_FLAG ? POISON_FLAG : !is_inside;
}

static void find_step(const struct stepping *on, uint32_t row)
{
    uint32_t low = 0;
    uint32_t high = on->dimension->key_count;
    if (fast_is_poison(on->a, FORM_NUMBER, row)) {
        fast_put_poison(on->out, FORM_CODE, row);
        return;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint8_t is_past = is_beyond(on, row, middle);
        if (is_past == POISON_FLAG) {
            fast_put_poison(on->out, FORM_CODE, row);
            return;
        }
        if (is_past) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < on->dimension->key_count || on->dimension->has_otherwise;
    on->out->as.code[row] = is_found ? low : 0;
    if (on->out->given != NULL) {
        on->out->given[row] = is_found;
    }
}

/* ---- both ---- */

void fast_compare(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    uint32_t rows = fast_make(run, step);
    struct fast_register *out = &run->registers[step->instruction];
    const struct fast_register *a = fast_register_of(run, at->a);
    if (at->op == OP_STEP_KEY) {
        struct stepping on = {.run = run, .instruction = step->instruction, .operand = at->a, .a = a, .out = out};
        on.dimension = &run->program->tables[at->imm].dimensions[at->b];
        on.keys = &run->prepared->keys[at->imm][at->b];
        for (uint32_t row = 0; row < rows; row++) {
            find_step(&on, row);
        }
        fast_settle_left(run, step, ZUJI_DOUBT_STEP);
        return;
    }
    const struct fast_register *b = fast_register_of(run, at->b);
    enum comparison how = comparison_of(at->op);
    if (run->facts[at->a].form == FORM_WHOLE) {
        kernel_compare_whole(how, out->as.flag, a->as.whole, a->step, b->as.whole, b->step, rows);
    } else {
        compare_numbers(run, how, out->as.flag, a, b, rows);
        settle_doubts(run, step, how, a, b, rows);
    }
}
