/* Roots, powers, exponentials and logarithms in columns, with the bounds of MACHINE 2.1. What the arguments' errors
   make of a result differs from row to row; the largest of them counts for the column, except for logarithms, whose
   bounds are a column. Rows whose arguments are not known well become NaN. */
#include <math.h>

#include "vm/fast_run.h"
#include "vm/functions.h"

#define SECOND_ORDER 1.002        /* for squares of relative errors up to KNOWN_WELL */
#define KNOWN_WELL 0x1p-10        /* relative error of an argument beyond which it is left */
#define RESULT_KNOWN_WELL 0x1p-24 /* likewise of a result: k stays below 2^30 */
#define LARGEST_EXPONENT 700.0

struct functions {
    struct fast_run *run;
    const struct instruction *at;
    const struct fast_register *a, *b; /* b: POW */
    struct fast_register *out;
    uint32_t rows;
    double k; /* the largest so far */
};

static double value_of(const struct fast_register *from, uint32_t row)
{
    return from->as.number[(size_t)row * from->step];
}

/* A result with its relative error in units of 2^-53; NaN where it leaves the range of trust. */
static void put(struct functions *on, uint32_t row, double result, double k)
{
    bool is_trusted = fabs(result) >= 1e-250 && fabs(result) <= 1e250 && k * ROUNDOFF <= RESULT_KNOWN_WELL;
    on->out->as.number[row] = is_trusted ? result : NAN;
    on->k = is_trusted && k > on->k ? k : on->k;
}

static void put_root(struct functions *on, uint32_t row)
{
    double x = value_of(on->a, row);
    double error = fast_bound(on->a, row) / x;
    if (x == 0 && fast_bound(on->a, row) == 0) {
        on->out->as.number[row] = 0;
    } else {
        put(on, row, x > 0 && error <= KNOWN_WELL ? sqrt(x) : NAN, error / ROUNDOFF * 0.5 * SECOND_ORDER + 2);
    }
}

static void put_exponential(struct functions *on, uint32_t row)
{
    double x = value_of(on->a, row);
    double error = fast_bound(on->a, row);
    bool is_in_range = fabs(x) + error <= LARGEST_EXPONENT; /* next to the end the exact engine decides */
    put(on, row, is_in_range ? function_exp(x) : NAN, error / ROUNDOFF * SECOND_ORDER + FUNCTION_EXP_ERROR);
}

static void put_logarithm(struct functions *on, uint32_t row)
{
    double x = value_of(on->a, row);
    double error = fast_bound(on->a, row) / x;
    double result = x > 0 && error <= KNOWN_WELL ? function_ln(x) : NAN;
    on->out->as.number[row] = result;
    on->out->bounds[row] = error * SECOND_ORDER + FUNCTION_LN_ERROR * ROUNDOFF * fabs(result);
}

/* ---- powers ---- */

/* Is it known to be whole, and is it odd? */
static bool is_whole(const struct fast_register *from, uint32_t row, bool *is_odd)
{
    const double largest = 9007199254740992.0; /* 2^53 */
    double y = value_of(from, row);
    bool is_sure = (from->grade & (GRADE_EXACT | GRADE_DATUM)) != 0 && y >= -largest && y <= largest;
    int64_t whole = is_sure ? (int64_t)y : 0;
    *is_odd = whole % 2 != 0;
    return is_sure && (double)whole == y;
}

/* 0 to a power whose sign is known. */
static double power_of_zero(double y, double y_error)
{
    if (y == 0 && y_error == 0) {
        return 1;
    }
    return y > y_error ? 0 : NAN;
}

static void put_power(struct functions *on, uint32_t row)
{
    double x = value_of(on->a, row);
    double y = value_of(on->b, row);
    double y_error = fast_bound(on->b, row);
    double x_error = fast_bound(on->a, row) / fabs(x);
    bool is_odd = false;
    if (x == 0 && fast_bound(on->a, row) == 0) {
        on->out->as.number[row] = power_of_zero(y, y_error);
        return;
    }
    bool is_possible = x_error <= KNOWN_WELL && (x > 0 || is_whole(on->b, row, &is_odd));
    double ln = is_possible ? function_ln(fabs(x)) : NAN;
    double error = fabs(y) * x_error + y_error * (fabs(ln) + x_error); /* of y ln x */
    bool is_in_range = fabs(y * ln) * (1 + 0x1p-40) + 2 * error <= LARGEST_EXPONENT;
    double power = is_in_range ? function_pow(fabs(x), y) : NAN;
    put(on, row, x < 0 && is_odd ? -power : power, error / ROUNDOFF * SECOND_ORDER + FUNCTION_POW_ERROR);
}

void fast_function(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    struct functions on = {.run = run, .at = at, .k = 0};
    on.rows = fast_make(run, step);
    on.out = &run->registers[step->instruction];
    on.a = fast_register_of(run, at->a);
    on.b = at->op == OP_POW ? fast_register_of(run, at->b) : NULL;
    for (uint32_t row = 0; row < on.rows; row++) {
        switch (at->op) {
        case OP_SQRT:
            put_root(&on, row);
            break;
        case OP_EXP:
            put_exponential(&on, row);
            break;
        case OP_LN:
            put_logarithm(&on, row);
            break;
        default: /* POW */
            put_power(&on, row);
            break;
        }
    }
    on.out->k = on.k;
}
