#include "vm/kernels.h"

#include <math.h>
#include <string.h>

/* Sizes are those of fabs: x < 0 ? -x : x leaves -0, and a bound over it is minus infinity, below any other. */

/* The same as in fast_run.h, which this file must not know. */
#define ROUNDOFF 0x1p-53
enum { POISON = 2 };

/* Four loops for an element-wise operation, so that none has a step to multiply: x and y are the operands, i the row.
 */
#define EACH_PAIR(type, a, a_step, b, b_step, n, r, value)                                                             \
    if ((a_step) != 0 && (b_step) != 0) {                                                                              \
        for (uint32_t i = 0; i < (n); i++) {                                                                           \
            const type x = (a)[i];                                                                                     \
            const type y = (b)[i];                                                                                     \
            (r)[i] = (value);                                                                                          \
        }                                                                                                              \
    } else if ((a_step) != 0) {                                                                                        \
        const type y = (b)[0];                                                                                         \
        for (uint32_t i = 0; i < (n); i++) {                                                                           \
            const type x = (a)[i];                                                                                     \
            (r)[i] = (value);                                                                                          \
        }                                                                                                              \
    } else if ((b_step) != 0) {                                                                                        \
        const type x = (a)[0];                                                                                         \
        for (uint32_t i = 0; i < (n); i++) {                                                                           \
            const type y = (b)[i];                                                                                     \
            (r)[i] = (value);                                                                                          \
        }                                                                                                              \
    } else {                                                                                                           \
        const type x = (a)[0];                                                                                         \
        const type y = (b)[0];                                                                                         \
        for (uint32_t i = 0; i < (n); i++) {                                                                           \
            (r)[i] = (value);                                                                                          \
        }                                                                                                              \
    }

/* ---- numbers ---- */

#define BINARY(name, value)                                                                                            \
    void kernel_##name(double *restrict r, const double *a, size_t a_step, const double *b, size_t b_step, uint32_t n) \
    {                                                                                                                  \
        EACH_PAIR(double, a, a_step, b, b_step, n, r, value)                                                           \
    }
BINARY(add, x + y)
BINARY(subtract, x - y)
BINARY(multiply, x *y)
BINARY(divide, y != 0 ? x / y : NAN)
BINARY(smaller, y != y || y < x ? y : x)
BINARY(larger, y != y || y > x ? y : x)
#undef BINARY

void kernel_negate(double *restrict r, const double *a, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = 0 - a[i]; /* never -0 */
    }
}

void kernel_absolute(double *restrict r, const double *a, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = fabs(a[i]);
    }
}

void kernel_scale(double *restrict r, const double *a, double factor, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = a[i] * factor;
    }
}

void kernel_divide_by(double *restrict r, const double *a, double divisor, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = a[i] / divisor;
    }
}

void kernel_shift(double *restrict r, const double *a, double factor, double offset, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = a[i] * factor + offset;
    }
}

static double power(double base, int exponent)
{
    double result = 1;
    for (int left = exponent < 0 ? -exponent : exponent; left > 0; left--) {
        result *= base;
    }
    return exponent < 0 ? 1 / result : result;
}

void kernel_power(double *restrict r, const double *a, int exponent, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double value = power(a[i], exponent);
        bool is_lost = a[i] != 0 && !(fabs(value) >= 1e-250 && fabs(value) <= 1e250);
        r[i] = is_lost || a[i] != a[i] || (a[i] == 0 && exponent < 0) ? NAN : value;
    }
}

void kernel_check_size(double *r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = fabs(r[i]) <= 1e250 ? r[i] : NAN;
    }
}

static double trusted(double value, bool is_zero)
{
    double size = fabs(value);
    return is_zero || (size >= 1e-250 && size <= 1e250) ? value : NAN;
}

void kernel_check_product(double *r, const double *a, size_t a_step, const double *b, size_t b_step, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double x = a[i * a_step];
        double y = b[i * b_step];
        r[i] = trusted(r[i], (x == 0 && y == y) || (y == 0 && x == x));
    }
}

void kernel_check_quotient(double *r, const double *a, size_t a_step, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = trusted(r[i], a[i * a_step] == 0);
    }
}

static int exponent_of(double size)
{
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    return (int)(bits >> 52 & 0x7FF) - 1023;
}

void kernel_exponents(const double *a, uint32_t n, int *low, int *high)
{
    double least = INFINITY;
    double most = 0;
    for (uint32_t i = 0; i < n; i++) {
        double size = fabs(a[i]);
        least = size > 0 && size < least ? size : least;
        most = size > most ? size : most;
    }
    *low = most > 0 ? exponent_of(least) : 0;
    *high = most > 0 ? exponent_of(most) : 0;
}

/* ---- bounds ---- */

double kernel_largest_ratio(const double *r, const double *a, size_t a_step, double a_error, const double *b,
                            size_t b_step, double b_error, bool is_equal_certain, uint32_t n)
{
    double largest = 0;
    for (uint32_t i = 0; i < n; i++) {
        double error = fabs(a[i * a_step]) * a_error + fabs(b[i * b_step]) * b_error;
        bool is_exact = r[i] == 0 && (is_equal_certain || error == 0);
        double ratio = is_exact ? 0 : error / fabs(r[i]);
        largest = ratio > largest ? ratio : largest;
    }
    return largest;
}

double kernel_largest_share(const double *r, const double *e, uint32_t n)
{
    double largest = 0;
    for (uint32_t i = 0; i < n; i++) {
        double share = e[i] == 0 ? 0 : e[i] / fabs(r[i]);
        largest = share > largest || (e[i] != e[i] && r[i] == r[i]) ? share : largest;
    }
    return largest == largest ? largest : INFINITY;
}

/* What is computed of a bound is rounded up to six times, and may be too small by that; so it is made larger. */
#define UPWARDS (1 + 8 * ROUNDOFF)
/* Of a value that is 0 and not exactly so the bound may be too small for a double. */
#define LOST 0x1p-1000

void kernel_bounds_of_sum(double *restrict e, const double *r, const double *a_bound, const double *b_bound, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        e[i] = (a_bound[i] + b_bound[i] + ROUNDOFF * fabs(r[i])) * UPWARDS;
    }
}

void kernel_bounds_of_product(double *restrict e, const double *r, const double *a, const double *b,
                              const double *a_bound, const double *b_bound, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        bool is_lost = ((a[i] == 0) & (a_bound[i] > 0)) | ((b[i] == 0) & (b_bound[i] > 0));
        double bound =
            fabs(a[i]) * b_bound[i] + fabs(b[i]) * a_bound[i] + a_bound[i] * b_bound[i] + ROUNDOFF * fabs(r[i]);
        e[i] = bound * UPWARDS + (is_lost ? LOST : 0);
    }
}

void kernel_bounds_of_quotient(double *restrict e, double *r, const double *b, const double *a_bound,
                               const double *b_bound, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double divisor = fabs(b[i]);
        double quotient = divisor >= 2 * b_bound[i] ? r[i] : NAN;
        double bound = (a_bound[i] + fabs(quotient) * b_bound[i]) / (divisor - b_bound[i]) + ROUNDOFF * fabs(quotient);
        e[i] = bound * UPWARDS + (a_bound[i] > 0 ? LOST : 0);
        r[i] = quotient;
    }
}

/* A bound that is not known (NaN) stays so. */
void kernel_bounds_of_either(double *restrict e, const double *a_bound, const double *b_bound, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        e[i] = a_bound[i] != a_bound[i] || a_bound[i] > b_bound[i] ? a_bound[i] : b_bound[i];
    }
}

void kernel_bounds_of_scaled(double *restrict e, const double *r, const double *a_bound, double factor, uint32_t n)
{
    double size = fabs(factor) * UPWARDS; /* the factor itself is rounded, too */
    for (uint32_t i = 0; i < n; i++) {
        double bound = a_bound[i] * size + 2 * ROUNDOFF * fabs(r[i]);
        e[i] = bound * UPWARDS + (a_bound[i] > 0 ? LOST : 0);
    }
}

void kernel_bounds_of_shifted(double *restrict e, const double *r, const double *a, const double *a_bound,
                              double factor, double offset, uint32_t n)
{
    double size = fabs(factor) * UPWARDS;
    for (uint32_t i = 0; i < n; i++) {
        double bound = a_bound[i] * size + ROUNDOFF * (3 * size * fabs(a[i]) + fabs(offset) + fabs(r[i]));
        e[i] = bound * UPWARDS + (a_bound[i] > 0 ? LOST : 0);
    }
}

void kernel_bounds_of_power(double *restrict e, double *r, const double *a, const double *a_bound, int exponent,
                            uint32_t n)
{
    double times = exponent < 0 ? -exponent : exponent;
    for (uint32_t i = 0; i < n; i++) {
        double relative = times * a_bound[i]; /* |(1 + d)^n - 1| <= 1.016 n d while n d <= 0.01 */
        double size = fabs(a[i]);
        bool is_known = relative <= 0.01 * size;
        bool is_exactly_zero = size == 0 && relative == 0;
        double result = is_known ? r[i] : NAN;
        e[i] = is_exactly_zero ? 0 : fabs(result) * (1.02 * relative / size + (times + 1) * ROUNDOFF);
        r[i] = result;
    }
}

/* ---- comparisons ---- */

/* The relation of two doubles where they are apart by more than their bounds; equal ones are equal where there are
 * none. */
static bool relate(enum comparison how, double x, double y)
{
    switch (how) {
    case COMPARE_LESS:
        return x < y;
    case COMPARE_LESS_OR_EQUAL:
        return x <= y;
    case COMPARE_EQUAL:
        break;
    }
    return x == y;
}

void kernel_compare_nearest(enum comparison how, bool is_equal_certain, uint8_t *restrict r, const double *a,
                            size_t a_step, const double *b, size_t b_step, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double x = a[i * a_step];
        double y = b[i * b_step];
        bool is_certain = x < y || x > y || (x == y && is_equal_certain);
        r[i] = is_certain ? relate(how, x, y) : POISON;
    }
}

static uint8_t compare(enum comparison how, double x, double y, double bound)
{
    bool is_certain = fabs(x - y) > bound || (bound == 0 && x == y);
    return is_certain ? relate(how, x, y) : POISON;
}

void kernel_compare_relative(enum comparison how, uint8_t *restrict r, const double *a, size_t a_step, double a_error,
                             const double *b, size_t b_step, double b_error, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double x = a[i * a_step];
        double y = b[i * b_step];
        r[i] = compare(how, x, y, fabs(x) * a_error + fabs(y) * b_error);
    }
}

void kernel_compare_bounded(enum comparison how, uint8_t *restrict r, const double *a, const double *a_bound,
                            const double *b, const double *b_bound, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = compare(how, a[i], b[i], (a_bound[i] + b_bound[i]) * (1 + 0x1p-20));
    }
}

void kernel_compare_whole(enum comparison how, uint8_t *restrict r, const int32_t *a, size_t a_step, const int32_t *b,
                          size_t b_step, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int32_t x = a[i * a_step];
        int32_t y = b[i * b_step];
        r[i] = x == INT32_MIN || y == INT32_MIN ? POISON : relate(how, x, y);
    }
}

void kernel_same_code(uint8_t *restrict r, const uint32_t *a, size_t a_step, const uint32_t *b, size_t b_step,
                      uint32_t n)
{
    EACH_PAIR(uint32_t, a, a_step, b, b_step, n, r, x == UINT32_MAX || y == UINT32_MAX ? POISON : x == y)
}

void kernel_same_flag(uint8_t *restrict r, const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step, uint32_t n)
{
    EACH_PAIR(uint8_t, a, a_step, b, b_step, n, r, x == POISON || y == POISON ? POISON : x == y)
}

/* ---- flags ---- */

void kernel_and(uint8_t *restrict r, const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step, uint32_t n)
{
    EACH_PAIR(uint8_t, a, a_step, b, b_step, n, r, x == 1 ? y : x)
}

void kernel_or(uint8_t *restrict r, const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step, uint32_t n)
{
    EACH_PAIR(uint8_t, a, a_step, b, b_step, n, r, x == 0 ? y : x)
}

void kernel_not(uint8_t *restrict r, const uint8_t *a, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r[i] = a[i] == POISON ? POISON : a[i] ^ 1;
    }
}

/* ---- choices and moves ---- */

#define SELECT(width, type)                                                                                            \
    void kernel_select_##width(type *restrict r, const uint8_t *c, size_t c_step, const type *a, size_t a_step,        \
                               const type *b, size_t b_step, type poison, uint32_t n)                                  \
    {                                                                                                                  \
        for (uint32_t row = 0; c_step == 0 && row < n; row++) {                                                        \
            r[row] = c[0] == POISON ? poison : c[0] == 1 ? a[row * a_step] : b[row * b_step];                          \
        }                                                                                                              \
        if (c_step != 0) {                                                                                             \
            EACH_PAIR(type, a, a_step, b, b_step, n, r, c[i] == POISON ? poison : c[i] == 1 ? x : y)                   \
        }                                                                                                              \
    }                                                                                                                  \
    void kernel_gather_##width(type *restrict r, const type *a, const uint32_t *rows, uint32_t n)                      \
    {                                                                                                                  \
        for (uint32_t i = 0; i < n; i++) {                                                                             \
            r[i] = a[rows[i]];                                                                                         \
        }                                                                                                              \
    }
SELECT(8, double)
SELECT(4, uint32_t)
SELECT(1, uint8_t)
