/* Rounding of rationals to multiples of a step and to significant digits. */
#include <assert.h>

#include "base/enclosure.h"

bool rounding_goes_up(enum rounding mode, bool is_negative, int against_half, bool lower_is_odd)
{
    bool is_up_unless_tie = against_half > 0;
    switch (mode) {
    case ROUND_HALF_EVEN:
        return against_half == 0 ? lower_is_odd : is_up_unless_tie;
    case ROUND_HALF_UP:
        return against_half == 0 || is_up_unless_tie;
    case ROUND_HALF_AWAY:
        return against_half == 0 ? !is_negative : is_up_unless_tie;
    case ROUND_HALF_DOWN:
        return is_up_unless_tie;
    case ROUND_FLOOR:
        return false;
    case ROUND_CEIL:
        return true;
    case ROUND_TRUNCATE:
        return is_negative;
    case ROUND_AWAY:
        return !is_negative;
    case ROUNDING_COUNT:
        break;
    }
    assert(mode != ROUNDING_COUNT);
    return false;
}

static struct rat round_small(struct rat a, enum rounding mode)
{
    bool is_in_64 = a.num >= INT64_MIN && a.num <= INT64_MAX && a.den <= INT64_MAX;
    int128 lower = is_in_64 ? (int64_t)a.num / (int64_t)a.den : a.num / a.den;
    int128 rest = a.num - lower * a.den;
    if (rest == 0) {
        return a;
    }
    if (rest < 0) {
        lower--;
        rest += a.den;
    }
    int128 other = a.den - rest;
    int against_half = rest < other ? -1 : rest > other;
    bool goes_up = rounding_goes_up(mode, a.num < 0, against_half, lower % 2 != 0);
    return (struct rat){lower + goes_up, 1, NULL};
}

static struct rat round_big(struct arena *arena, struct rat a, enum rounding mode)
{
    struct rat_room room = rat_room_new(arena, rat_num_limbs(a) + 2);
    struct rat_view view;
    rat_view(&view, a);
    mpz_srcptr den = mpq_denref(view.q);
    mpz_t lower;
    mpz_t rest;
    mpz_t one;
    mpz_init(lower);
    mpz_init(rest);
    mpz_init_set_ui(one, 1);
    mpz_fdiv_qr(lower, rest, mpq_numref(view.q), den);
    if (mpz_sgn(rest) != 0) {
        mpz_mul_2exp(rest, rest, 1);
        if (rounding_goes_up(mode, rat_sign(a) < 0, mpz_cmp(rest, den), mpz_odd_p(lower))) {
            mpz_add_ui(lower, lower, 1);
        }
    }
    struct rat result = rat_room_store(&room, lower, one);
    mpz_clear(lower);
    mpz_clear(rest);
    mpz_clear(one);
    return result;
}

static struct rat round_to_integer(struct arena *arena, struct rat a, enum rounding mode)
{
    return a.big == NULL ? round_small(a, mode) : round_big(arena, a, mode);
}

static bool is_to_nearest(enum rounding mode)
{
    return mode == ROUND_HALF_EVEN || mode == ROUND_HALF_UP || mode == ROUND_HALF_AWAY || mode == ROUND_HALF_DOWN;
}

/* Where, next to the number of steps, the mode changes its mind: half-way between two integers, or at one. */
static struct rat turning_point(struct arena *arena, struct rat steps, enum rounding mode)
{
    struct rat half = {1, 2, NULL};
    return is_to_nearest(mode) ? rat_add(arena, round_to_integer(arena, steps, ROUND_FLOOR), half)
                               : round_to_integer(arena, steps, ROUND_HALF_EVEN);
}

bool rat_try_round(struct arena *arena, struct rat a, struct rat step, enum rounding mode, struct rat *rounded)
{
    if (!rat_is_enclosure(a)) {
        *rounded = rat_round(arena, a, step, mode);
        return true;
    }
    struct rat low;
    struct rat high;
    struct rat steps = rat_div(arena, a, step);
    rat_ends(arena, steps, &low, &high);
    struct rat count = round_to_integer(arena, low, mode);
    bool is_certain = rat_eq(count, round_to_integer(arena, high, mode));
    if (!is_certain) {
        steps = turning_point(arena, enclosure_middle(arena, steps), mode);
        count = round_to_integer(arena, steps, mode);
    }
    *rounded = rat_mul(arena, count, step);
    return is_certain || rat_is_final(a);
}

struct rat rat_round(struct arena *arena, struct rat a, struct rat step, enum rounding mode)
{
    assert(rat_sign(step) > 0);
    if (rat_is_enclosure(a)) {
        struct rat rounded;
        (void)rat_try_round(arena, a, step, mode, &rounded);
        return rounded;
    }
    if (step.big == NULL && step.num == 1 && step.den == 1) {
        return round_to_integer(arena, a, mode);
    }
    struct rat steps = rat_div(arena, a, step);
    return rat_mul(arena, round_to_integer(arena, steps, mode), step);
}

/* Bits of the numerator less bits of the denominator: a is between 2^(n-1) and 2^(n+1). */
static long binary_magnitude(struct rat a)
{
    struct rat_view view;
    rat_view(&view, a);
    return (long)mpz_sizeinbase(mpq_numref(view.q), 2) - (long)mpz_sizeinbase(mpq_denref(view.q), 2);
}

/* Largest k with 10^k <= a, a > 0. */
static int decimal_magnitude(struct arena *arena, struct rat a)
{
    /* log10(2) = 0.30102999566...; the guess may be off by one or two, the loops settle it exactly. */
    int guess = (int)((double)binary_magnitude(a) * 0.30102999566398);
    while (rat_cmp(arena, rat_power_of_ten(arena, guess), a) > 0) {
        guess--;
    }
    while (rat_cmp(arena, rat_power_of_ten(arena, guess + 1), a) <= 0) {
        guess++;
    }
    return guess;
}

/* 10^k such that |a| (not zero) has `digits` digits left of it and at it. */
static struct rat leading_step(struct arena *arena, struct rat a, int digits)
{
    assert(digits >= 1 && digits <= 1000);
    return rat_power_of_ten(arena, decimal_magnitude(arena, rat_abs(arena, a)) - digits + 1);
}

struct rat rat_significant_step(struct arena *arena, struct rat a, int digits, enum rounding mode)
{
    struct rat rounded = rat_round_significant(arena, a, digits, mode);
    if (rat_sign(rounded) == 0) {
        return rat_sign(a) == 0 ? RAT_ONE : leading_step(arena, a, digits);
    }
    /* 9.96 to two digits is 10, not 10.0: the step is that of the rounded number. */
    return leading_step(arena, rounded, digits);
}

bool rat_try_round_significant(struct arena *arena, struct rat a, int digits, enum rounding mode, struct rat *rounded)
{
    struct rat low;
    struct rat high;
    rat_ends(arena, a, &low, &high);
    *rounded = rat_round_significant(arena, low, digits, mode);
    if (!rat_is_enclosure(a) || rat_eq(*rounded, rat_round_significant(arena, high, digits, mode))) {
        return true;
    }
    struct rat middle = rat_sign(a) == 0 ? RAT_ZERO : enclosure_middle(arena, a);
    if (rat_sign(middle) != 0) {
        struct rat step = leading_step(arena, middle, digits);
        middle = rat_mul(arena, turning_point(arena, rat_div(arena, middle, step), mode), step);
    }
    *rounded = rat_round_significant(arena, middle, digits, mode);
    return rat_is_final(a);
}

struct rat rat_round_significant(struct arena *arena, struct rat a, int digits, enum rounding mode)
{
    if (rat_is_enclosure(a)) {
        struct rat rounded;
        (void)rat_try_round_significant(arena, a, digits, mode, &rounded);
        return rounded;
    }
    return rat_sign(a) == 0 ? RAT_ZERO : rat_round(arena, a, leading_step(arena, a, digits), mode);
}
