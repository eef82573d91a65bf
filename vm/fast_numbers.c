/* Arithmetic in columns, with what is known of the errors. */
#include <math.h>
#include <string.h>

#include "vm/fast_run.h"
#include "vm/kernels.h"

/* Beyond this the factors left out of bounds (WIDER) would not be negligible. */
#define K_MAX 0x1p30

/* A value whose errors are all within so many roundings of it is as good without bounds. */
#define RELATIVE_MOST 1024.0

struct numbers {
    struct fast_run *run;
    bool keeps_bounds; /* in a loop, whose blocks may differ */
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

/* Have the operands relative errors, all of them, in this batch? Then the result needs no bounds but for differences.
 */
static bool is_relative(const struct numbers *on)
{
    return !on->keeps_bounds && on->a->bounds == NULL && (on->b == NULL || on->b->bounds == NULL);
}

static void drop_bounds(const struct numbers *on, double k)
{
    on->out->bounds = NULL;
    set_k(on, k);
}

/* Drops bounds that are as good as a relative error. */
static void compare_bounds(const struct numbers *on)
{
    double roundings =
        on->keeps_bounds ? INFINITY : kernel_largest_share(on->out->as.number, on->out->bounds, on->rows) / ROUNDOFF;
    if (roundings <= RELATIVE_MOST) {
        drop_bounds(on, roundings * WIDER);
    }
}

/* ---- sizes ---- */

/* floor(log2(|x|)) of a normal number. */
static int exponent_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (int)(bits >> 52 & 0x7FF) - 1023;
}

/* The sizes of the rows at hand are in these limits, as those of the operands are. What the fact says holds as well. */
static void narrow(const struct numbers *on, int low, int high)
{
    fast_narrow(on->out, low, high);
}

/* May a product or quotient leave the range of trust? */
static bool is_to_be_checked(const struct numbers *on)
{
    return on->fact->is_checked && (on->out->high > EXPONENT_MAX || on->out->low < -EXPONENT_MAX);
}

/* Of products and quotients: 2^low is that of one operand times that of the other. */
static int low_sum(int a, int b)
{
    return a <= LOW_UNKNOWN / 2 || b <= LOW_UNKNOWN / 2 ? LOW_UNKNOWN : a + b - 1;
}

static void set_grade(const struct numbers *on, uint8_t grade)
{
    on->out->grade = on->fact->is_whole ? GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM : grade;
}

/* ---- sums ---- */

/* A sum of terms of one sign is as good as they are. So is a difference that is not much smaller than its terms; of
   equal data it is exactly 0. */
static void sum_bounds(const struct numbers *on, double b_sign)
{
    const double *spread = on->fact->spread;
    const struct fast_register *a = on->a;
    const struct fast_register *b = on->b;
    int a_fact = on->run->facts[on->at->a].sign;
    int b_fact = on->run->facts[on->at->b].sign;
    if (on->out->bounds == NULL) {
        bool is_difference = spread[0] + spread[1] > 0;
        set_k(on, is_difference ? (a->k * spread[0] + b->k * spread[1] + 1) * WIDER : larger(a->k, b->k) + 1);
        return;
    }
    if (is_relative(on) && a_fact != 0 && a_fact == b_sign * b_fact) {
        drop_bounds(on, larger(a->k, b->k) + 1);
        narrow(on, a->low < b->low ? a->low : b->low, on->out->high);
        return;
    }
    if (is_relative(on) && a->k <= K_MAX && b->k <= K_MAX) { /* infinite errors have no ratio where a value is 0 */
        bool is_equal_certain = (a->grade & b->grade & (GRADE_EXACT | GRADE_DATUM)) != 0;
        double error = kernel_largest_ratio(on->out->as.number, a->as.number, a->step, a->k * RELATIVE_BOUND,
                                            b->as.number, b->step, b->k * RELATIVE_BOUND, is_equal_certain, on->rows);
        double roundings = error / ROUNDOFF * WIDER + 1;
        if (roundings <= RELATIVE_MOST) {
            const int lost = 54; /* bits of the terms: the difference of two doubles is no smaller */
            drop_bounds(on, roundings);
            narrow(on, (a->low < b->low ? a->low : b->low) - lost, on->out->high);
            return;
        }
    }
    kernel_bounds_of_sum(on->out->bounds, fast_dense(on->run, on->out, on->rows, 0),
                         fast_bounds(on->run, a, on->rows, 1), fast_bounds(on->run, b, on->rows, 2), on->rows);
    if (!is_relative(on)) {
        compare_bounds(on);
    }
}

static void add_numbers(const struct numbers *on, kernel_binary *kernel, int b_sign)
{
    kernel(on->out->as.number, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    narrow(on, LOW_UNKNOWN, (on->a->high > on->b->high ? on->a->high : on->b->high) + 1);
    if (on->fact->is_checked && on->out->high > EXPONENT_MAX) {
        kernel_check_size(on->out->as.number, on->rows);
    }
    sum_bounds(on, b_sign);
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
        add_numbers(on, sign > 0 ? kernel_add : kernel_subtract, sign);
    }
}

/* ---- products ---- */

static void multiply(const struct numbers *on)
{
    double *r = on->out->as.number;
    kernel_multiply(r, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    narrow(on, low_sum(on->a->low, on->b->low), on->a->high + on->b->high + 1);
    if (is_to_be_checked(on)) {
        kernel_check_product(r, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    }
    if (on->out->bounds == NULL || is_relative(on)) {
        drop_bounds(on, on->a->k + on->b->k + 1);
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
    int b_low = on->b->low <= LOW_UNKNOWN / 2 ? -10 * EXPONENT_MAX : on->b->low;
    kernel_divide(r, on->a->as.number, on->a->step, on->b->as.number, on->b->step, on->rows);
    narrow(on, low_sum(on->a->low, -on->b->high), on->a->high - b_low + 1);
    if (is_to_be_checked(on)) {
        kernel_check_quotient(r, on->a->as.number, on->a->step, on->rows);
    }
    if (on->out->bounds == NULL || is_relative(on)) {
        drop_bounds(on, on->a->k + on->b->k + 1);
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
    if (on->out->bounds == NULL || is_relative(on)) {
        drop_bounds(on, times * (on->a->k + 2));
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
    int exponent = factor->value == factor->value ? exponent_of(factor->value) : 0;
    narrow(on, low_sum(on->a->low, exponent), on->a->high + exponent + 2);
    if (is_to_be_checked(on)) {
        kernel_check_quotient(on->out->as.number, on->a->as.number, on->a->step, on->rows);
    }
    if (on->out->bounds == NULL || is_relative(on)) {
        drop_bounds(on, on->a->k + 2);
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
    compare_bounds(on);
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
    narrow(on, on->a->low < on->b->low ? on->a->low : on->b->low,
           on->a->high > on->b->high ? on->a->high : on->b->high);
    if (on->out->bounds == NULL || is_relative(on)) {
        drop_bounds(on, larger(on->a->k, on->b->k));
    } else {
        kernel_bounds_of_either(on->out->bounds, fast_bounds(on->run, on->a, on->rows, 0),
                                fast_bounds(on->run, on->b, on->rows, 1), on->rows);
    }
}

static void flip(const struct numbers *on, void (*kernel)(double *, const double *, uint32_t))
{
    kernel(on->out->as.number, on->a->as.number, on->rows);
    set_grade(on, on->a->grade);
    narrow(on, on->a->low, on->a->high);
    if (on->out->bounds == NULL || is_relative(on)) {
        drop_bounds(on, on->a->k);
        return;
    }
    const double *bounds = fast_bounds(on->run, on->a, on->rows, 0);
    for (uint32_t row = 0; row < on->rows; row++) {
        on->out->bounds[row] = bounds[row];
    }
}

void fast_numbers(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    struct numbers on = {.run = run, .at = at, .fact = &run->facts[step->instruction]};
    on.keeps_bounds = step->is_result;
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
