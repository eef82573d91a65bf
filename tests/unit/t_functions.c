/* The functions of doubles against MPFR, a million arguments together. */
#include "vm/functions.h"

#include <check.h>
#include <math.h>
#include <mpfr.h>
#include <stdint.h>

Suite *functions_suite(void);

enum { ARGUMENTS = 250000 };
static uint64_t random_state = 88172645463325252u;

/* 0 <= x < 1 */
static double fraction(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) * 0x1p-53;
}

static double between(double low, double high)
{
    return low + (high - low) * fraction();
}

struct comparing {
    mpfr_t x, y, result;
    double worst; /* in units of 2^-53 of the result */
};

static void start(struct comparing *comparing)
{
    mpfr_inits2(160, comparing->x, comparing->y, comparing->result, (mpfr_ptr)0);
    comparing->worst = 0;
}

static void finish(struct comparing *comparing, double most)
{
    mpfr_clears(comparing->x, comparing->y, comparing->result, (mpfr_ptr)0);
    mpfr_free_cache();
    ck_assert_msg(comparing->worst <= most, "an error of %g", comparing->worst);
    ck_assert_msg(comparing->worst >= 0.5, "an error of %g: nothing was compared", comparing->worst);
}

static void compare(struct comparing *comparing, double got)
{
    mpfr_sub_d(comparing->x, comparing->result, got, MPFR_RNDN);
    mpfr_div(comparing->x, comparing->x, comparing->result, MPFR_RNDN);
    double error = fabs(mpfr_get_d(comparing->x, MPFR_RNDN)) * 0x1p53;
    comparing->worst = error > comparing->worst || error != error ? error : comparing->worst;
}

START_TEST(exponentials)
{
    struct comparing comparing;
    start(&comparing);
    for (int i = 0; i < ARGUMENTS; i++) {
        double x = between(-1, 1) * (i % 2 == 0 ? 700 : i % 4 == 1 ? 1 : 0x1p-20);
        mpfr_set_d(comparing.x, x, MPFR_RNDN);
        mpfr_exp(comparing.result, comparing.x, MPFR_RNDN);
        compare(&comparing, function_exp(x));
    }
    finish(&comparing, 1.5);
    ck_assert(function_exp(0) == 1);
}
END_TEST

/* Positive numbers: of all sizes, of the size of 1, and next to 1. */
static double positive(int i)
{
    double near = 1 + between(-1, 1) * ldexp(1, -(int)between(0, 52));
    return i % 3 == 0 ? ldexp(between(1, 2), (int)between(-830, 830)) : i % 3 == 1 ? between(0.5, 2) : near;
}

START_TEST(logarithms)
{
    struct comparing comparing;
    start(&comparing);
    for (int i = 0; i < ARGUMENTS; i++) {
        double x = positive(i);
        if (x != 1 && x != 0) {
            mpfr_set_d(comparing.x, x, MPFR_RNDN);
            mpfr_log(comparing.result, comparing.x, MPFR_RNDN);
            compare(&comparing, function_ln(x));
        }
    }
    finish(&comparing, 1.1);
    ck_assert(function_ln(1) == 0);
}
END_TEST

/* Exponents of all sizes for which the power is within range. */
START_TEST(powers)
{
    struct comparing comparing;
    start(&comparing);
    for (int i = 0; i < 2 * ARGUMENTS; i++) {
        double x = positive(i);
        double ln = x == 0 ? 0 : function_ln(x);
        double y = i % 2 == 0 ? between(-3, 3) : between(-700, 700) / ln;
        if (ln != 0 && fabs(y * ln) <= 700) {
            mpfr_set_d(comparing.x, x, MPFR_RNDN);
            mpfr_set_d(comparing.y, y, MPFR_RNDN);
            mpfr_pow(comparing.result, comparing.x, comparing.y, MPFR_RNDN);
            compare(&comparing, function_pow(x, y));
        }
    }
    finish(&comparing, 2);
    ck_assert(function_pow(1, 1e200) == 1 && function_pow(7, 0) == 1);
    ck_assert(isnan(function_pow(2, 1e6)) && isnan(function_pow(2, -1e6)));
}
END_TEST

Suite *functions_suite(void)
{
    Suite *suite = suite_create("functions");
    TCase *errors = tcase_create("errors");
    tcase_set_timeout(errors, 60);
    tcase_add_test(errors, exponentials);
    tcase_add_test(errors, logarithms);
    tcase_add_test(errors, powers);
    suite_add_tcase(suite, errors);
    return suite;
}
