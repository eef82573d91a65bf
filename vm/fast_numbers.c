/* Arithmetic in columns, with what is known of the errors. */
#include <math.h>

#include "vm/fast_run.h"
#include "vm/kernels.h"

/* Beyond this the factors left out of bounds (WIDER) would not be negligible. */
#define K_MAX 0x1p30

struct numbers {
    struct fast_run *run;
    const struct instruction *at;
    const struct fact *fact;
    const struct fast_register *a, *b; /* b only where it is an instruction */
    struct fast_register *out;
    uint32_t rows;
};

static void set_k(const struct numbers *on, double k)
{
    on->out->k = on->fact->is_whole ? 0 : k <= K_MAX ? k : INFINITY;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double bound_k(const struct fast_register *from)
{
    return from->bounds == NULL ? from->k : 0;
}

static void set_grade(const struct numbers *on, uint8_t grade)
{
    on->out->grade = on->fact->is_whole ? GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM : grade;
}

/* ---- sums ---- */

static void sum_bounds(const struct numbers *on)
{
    if (on->out->bounds == NULL) {
        set_k(on, larger(on->a->k, on->b->k) + 1);
        return;
    }
    kernel_bounds_of_sum(on->out->bounds, fast_dense(on->run, on->out, on->rows, 0),
                         fast_bounds(on->run, on->a, on->rows, 1), fast_bounds(on->run, on->b, on->rows, 2), on->rows);
}

static void add_numbers(const struct numbers *on, kernel_binary *kernel)
{
    kernel(on->out->as.number, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    if (on->fact->is_checked) {
        kernel_check_size(on->out->as.number, on->rows);
    }
    sum_bounds(on);
}

/* The number by which a year is moved; false where it is not known to be whole. */
static bool year_step(const struct fast_register *from, uint32_t row, int64_t *step)
{
    double value = from->as.number[(size_t)row * from->step];
    bool is_sure = (from->grade & (GRADE_EXACT | GRADE_DATUM)) != 0;
    if (!is_sure || !(value >= INT32_MIN && value <= INT32_MAX) || (double)(int32_t)value != value) {
        return false;
    }
    *step = (int32_t)value;
    return true;
}

static void move_years(const struct numbers *on, int sign)
{
    bool is_year_first = on->run->facts[on->at->a].form == FORM_WHOLE;
    const struct fast_register *years = is_year_first ? on->a : on->b;
    const struct fast_register *steps = is_year_first ? on->b : on->a;
    for (uint32_t row = 0; row < on->rows; row++) {
        int64_t year = years->as.whole[(size_t)row * years->step];
        int64_t step = 0;
        bool is_known = year_step(steps, row, &step) && year != POISON_WHOLE;
        int64_t moved = year + sign * step;
        moved = moved > INT32_MAX ? INT32_MAX : moved < INT32_MIN ? INT32_MIN : moved;
        on->out->as.whole[row] = is_known ? (int32_t)moved : POISON_WHOLE;
    }
}

static void subtract_years(const struct numbers *on)
{
    for (uint32_t row = 0; row < on->rows; row++) {
        int32_t a = on->a->as.whole[(size_t)row * on->a->step];
        int32_t b = on->b->as.whole[(size_t)row * on->b->step];
        bool is_known = a != POISON_WHOLE && b != POISON_WHOLE;
        on->out->as.number[row] = is_known ? (double)((int64_t)a - b) : NAN;
    }
}

static void add(const struct numbers *on, int sign)
{
    if (on->fact->form == FORM_WHOLE) {
        move_years(on, sign);
    } else if (on->run->facts[on->at->a].form == FORM_WHOLE) {
        subtract_years(on);
    } else {
        add_numbers(on, sign > 0 ? kernel_add : kernel_subtract);
    }
}

/* ---- products ---- */

static void multiply(const struct numbers *on)
{
    double *r = on->out->as.number;
    kernel_multiply(r, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    if (on->fact->is_checked) {
        kernel_check_product(r, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    }
    if (on->out->bounds == NULL) {
        set_k(on, on->a->k + on->b->k + 1);
        return;
    }
    struct fast_run *run = on->run;
    kernel_bounds_of_product(on->out->bounds, r, fast_dense(run, on->a, on->rows, 0),
                             fast_dense(run, on->b, on->rows, 1), fast_bounds(run, on->a, on->rows, 2),
                             fast_bounds(run, on->b, on->rows, 3), on->rows);
}

static void divide(const struct numbers *on)
{
    double *r = on->out->as.number;
    kernel_divide(r, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    if (on->fact->is_checked) {
        kernel_check_quotient(r, on->a->as.number, on->a->step, on->rows);
    }
    if (on->out->bounds == NULL) {
        set_k(on, on->a->k + on->b->k + 1);
        return;
    }
    struct fast_run *run = on->run;
    kernel_bounds_of_quotient(on->out->bounds, r, fast_dense(run, on->b, on->rows, 0),
                              fast_bounds(run, on->a, on->rows, 1), fast_bounds(run, on->b, on->rows, 2), on->rows);
}

static void raise(const struct numbers *on)
{
    int exponent = (int)(int32_t)on->at->b;
    int times = exponent < 0 ? -exponent : exponent;
    kernel_power(on->out->as.number, on->a->as.number, exponent, on->rows);
    if (on->out->bounds == NULL) {
        set_k(on, times * (on->a->k + 2));
        return;
    }
    kernel_bounds_of_power(on->out->bounds, on->out->as.number, on->a->as.number,
                           fast_bounds(on->run, on->a, on->rows, 0), exponent, on->rows);
}

static void convert(const struct numbers *on)
{
    const struct constant_number *factor = &on->run->prepared->constants[on->at->b];
    if (factor->divisor != 0) {
        kernel_divide_by(on->out->as.number, on->a->as.number, factor->divisor, on->rows);
    } else {
        kernel_scale(on->out->as.number, on->a->as.number, factor->value, on->rows);
    }
    if (on->fact->is_checked) {
        kernel_check_quotient(on->out->as.number, on->a->as.number, on->a->step, on->rows);
    }
    if (on->out->bounds == NULL) {
        set_k(on, on->a->k + 2);
        return;
    }
    kernel_bounds_of_scaled(on->out->bounds, on->out->as.number, fast_bounds(on->run, on->a, on->rows, 0),
                            factor->value, on->rows);
}

static void shift(const struct numbers *on)
{
    double factor = on->run->prepared->constants[on->at->b].value;
    double offset = on->run->prepared->constants[on->at->c].value;
    kernel_shift(on->out->as.number, on->a->as.number, factor, offset, on->rows);
    if (on->fact->is_checked) {
        kernel_check_size(on->out->as.number, on->rows);
    }
    kernel_bounds_of_shifted(on->out->bounds, on->out->as.number, on->a->as.number,
                             fast_bounds(on->run, on->a, on->rows, 0), factor, offset, on->rows);
}

/* ---- one of two ---- */

static void limit_years(const struct numbers *on, int sign)
{
    for (uint32_t row = 0; row < on->rows; row++) {
        int32_t a = on->a->as.whole[(size_t)row * on->a->step];
        int32_t b = on->b->as.whole[(size_t)row * on->b->step];
        bool is_second = sign > 0 ? b > a : b < a;
        on->out->as.whole[row] = a == POISON_WHOLE || b == POISON_WHOLE ? POISON_WHOLE : is_second ? b : a;
    }
}

/* The larger or smaller of two: continuous, so nothing is decided. */
static void limit(const struct numbers *on, int sign)
{
    if (on->fact->form == FORM_WHOLE) {
        limit_years(on, sign);
        return;
    }
    kernel_binary *kernel = sign > 0 ? kernel_larger : kernel_smaller;
    kernel(on->out->as.number, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    set_grade(on, on->a->grade & on->b->grade);
    set_k(on, larger(bound_k(on->a), bound_k(on->b)));
    if (on->out->bounds != NULL) {
        kernel_bounds_of_either(on->out->bounds, fast_bounds(on->run, on->a, on->rows, 0),
                                fast_bounds(on->run, on->b, on->rows, 1), on->rows);
    }
}

static void flip(const struct numbers *on, void (*kernel)(double *, const double *, uint32_t))
{
    kernel(on->out->as.number, on->a->as.number, on->rows);
    set_grade(on, on->a->grade);
    set_k(on, on->a->k);
    for (uint32_t row = 0; on->out->bounds != NULL && row < on->rows; row++) {
        on->out->bounds[row] = on->a->bounds[row];
    }
}

void fast_numbers(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    struct numbers on = {.run = run, .at = at, .fact = &run->facts[step->instruction]};
    on.rows = fast_make(run, step);
    on.out = &run->registers[step->instruction];
    on.a = fast_register_of(run, at->a);
    switch (at->op) {
    case OP_ADD:
        on.b = fast_register_of(run, at->b);
        add(&on, 1);
        break;
    case OP_SUB:
        on.b = fast_register_of(run, at->b);
        add(&on, -1);
        break;
    case OP_MUL:
        on.b = fast_register_of(run, at->b);
        multiply(&on);
        break;
    case OP_DIV:
        on.b = fast_register_of(run, at->b);
        divide(&on);
        break;
    case OP_MIN:
        on.b = fast_register_of(run, at->b);
        limit(&on, -1);
        break;
    case OP_MAX:
        on.b = fast_register_of(run, at->b);
        limit(&on, 1);
        break;
    case OP_NEG:
        flip(&on, kernel_negate);
        break;
    case OP_ABS:
        flip(&on, kernel_absolute);
        break;
    case OP_POWI:
        raise(&on);
        break;
    case OP_CONVERT:
        convert(&on);
        break;
    case OP_SHIFT:
        shift(&on);
        break;
    default: /* the others are not arithmetic: fast.c */
        break;
    }
}
