#include "vm/round.h"

#include <string.h>

#include "base/decimal.h"

/* ---- exactly ---- */

/* Decimals of a multiple of 10^-n for the smallest n >= 0. */
static int places_of(struct arena *arena, struct rat step)
{
    int places = 0;
    while (!rat_is_int(step)) {
        step = rat_mul(arena, step, rat_int(10));
        places++;
    }
    return places;
}

struct str round_exact(struct arena *arena, struct rat value, struct prog_round how)
{
    enum rounding mode = (enum rounding)how.mode;
    struct rat step = RAT_ONE;
    int places = how.digits > 0 ? how.digits : 0;
    if (how.how == PROG_ROUND_SIGNIFICANT) {
        struct rat rounded = rat_round_significant(arena, value, how.digits, mode);
        step = rat_significant_step(arena, value, how.digits, mode);
        return str_copy(arena, rat_fixed(arena, rounded, rat_sign(rounded) == 0 ? 0 : places_of(arena, step)));
    }
    step = rat_pow(arena, rat_int(10), -how.digits);
    return str_copy(arena, rat_fixed(arena, rat_round(arena, value, step, mode), places));
}

bool round_exact_is_certain(struct arena *arena, struct rat value, struct prog_round how)
{
    struct rat low;
    struct rat high;
    if (rat_is_final(value)) {
        return true;
    }
    rat_ends(arena, value, &low, &high);
    return str_eq(round_exact(arena, low, how), round_exact(arena, high, how));
}

/* ---- doubles ---- */

/* Are both ends of the interval rounded to one text? */
static bool is_one_text(struct arena *arena, double value, double bound, struct prog_round how)
{
    struct rat middle = rat_of_double(arena, value);
    struct rat margin = rat_of_double(arena, bound);
    struct str low = round_exact(arena, rat_sub(arena, middle, margin), how);
    struct str high = round_exact(arena, rat_add(arena, middle, margin), how);
    return str_eq(low, high);
}

enum { EXACT_POWERS = 22 }; /* 10^22 is the largest power of ten that a double holds exactly */

static double power_of_ten(int exponent) /* 0 .. EXACT_POWERS */
{
    static const double powers[EXACT_POWERS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    return powers[exponent];
}

/* |value| * 10^places with one rounding error. */
static double scaled(double value, int places)
{
    return places >= 0 ? value * power_of_ten(places) : value / power_of_ten(-places);
}

/* floor(log10(2^n)) where 2^n <= value < 2^(n + 1): that of the value, or one less. */
static int log10_of_binary(double value)
{
    enum { NUMERATOR = 1233, BITS = 12, BIAS = 512 }; /* 1233 / 2^12 is log10(2) nearly enough for |n| < 100 */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7FF) - 1023;
    return ((exponent * NUMERATOR + (BIAS << BITS)) >> BITS) - BIAS;
}

/* The places that leave `digits` digits before the point of the value, with the value so scaled; INT32_MIN where the
   powers do not reach. */
static int places_for_digits(double value, int digits, double *y)
{
    const int least = -EXACT_POWERS + digits;
    const double wanted = power_of_ten(digits - 1);
    int first = digits - 1 - (log10_of_binary(value) + 2); /* one less than can be, as `scaled` is rounded */
    for (int places = first > least ? first : least; places <= EXACT_POWERS; places++) {
        *y = scaled(value, places);
        if (*y >= wanted) {
            return places;
        }
    }
    return INT32_MIN;
}

struct rounded { /* +-count * 10^-places */
    bool is_negative;
    uint64_t count;
    int places;
};

static struct str rounded_text(struct arena *arena, const struct rounded *rounded)
{
    char digits[32];
    char text[80];
    size_t digit_count = 0;
    size_t len = 0;
    int places = rounded->places;
    for (uint64_t rest = rounded->count; rest > 0 || digit_count == 0; rest /= 10) {
        digits[digit_count++] = (char)('0' + rest % 10);
    }
    while (places >= 0 && digit_count <= (size_t)places) {
        digits[digit_count++] = '0';
    }
    if (rounded->is_negative && rounded->count > 0) {
        text[len++] = '-';
    }
    while (digit_count > 0) {
        if (places > 0 && digit_count == (size_t)places) {
            text[len++] = '.';
        }
        text[len++] = digits[--digit_count];
    }
    for (int zeros = places; zeros < 0 && rounded->count > 0; zeros++) {
        text[len++] = '0';
    }
    return str_copy(arena, (struct str){text, len});
}

static bool is_half_mode(enum rounding mode)
{
    return mode == ROUND_HALF_EVEN || mode == ROUND_HALF_UP || mode == ROUND_HALF_AWAY || mode == ROUND_HALF_DOWN;
}

/* Is the fraction so near to where the mode changes its mind that the margin matters? */
static bool is_critical(enum rounding mode, double fraction, double margin)
{
    if (is_half_mode(mode)) {
        return fraction > 0.5 - margin && fraction < 0.5 + margin;
    }
    return fraction < margin || fraction > 1 - margin;
}

/* Away from zero? Only for fractions that are not critical. */
static bool goes_away(enum rounding mode, double fraction, bool is_negative)
{
    switch (mode) {
    case ROUND_HALF_EVEN:
    case ROUND_HALF_UP:
    case ROUND_HALF_AWAY:
    case ROUND_HALF_DOWN:
        return fraction > 0.5;
    case ROUND_FLOOR:
        return is_negative;
    case ROUND_CEIL:
        return !is_negative;
    case ROUND_AWAY:
        return true;
    case ROUND_TRUNCATE:
    case ROUNDING_COUNT:
        break;
    }
    return false;
}

/* The size of the value in units of its last digit, with an error of a relative 2^-52, and the places of that digit.
   False where doubles do not reach. */
static bool in_last_digits(double size, struct prog_round how, double *y, int *places)
{
    const double largest = 0x1p51; /* ties are doubles below this */
    if (!(size > 1e-22 && size < 1e22)) {
        return false;
    }
    *places = how.digits;
    if (how.how == PROG_ROUND_SIGNIFICANT) {
        *places = places_for_digits(size, how.digits, y);
    } else {
        *y = scaled(size, *places);
    }
    return *places != INT32_MIN && *y < largest;
}

/* In doubles where they are beyond doubt; false where not. */
static bool round_quickly(double value, double bound, struct prog_round how, struct rounded *rounded)
{
    if (value == 0 && bound == 0) {
        *rounded = (struct rounded){.places = how.how == PROG_ROUND_SIGNIFICANT ? 0 : how.digits};
        return true;
    }
    enum rounding mode = (enum rounding)how.mode;
    bool is_negative = value < 0;
    double y = 0;
    int places = 0;
    if (!in_last_digits(is_negative ? -value : value, how, &y, &places)) {
        return false;
    }
    uint64_t count = (uint64_t)y;
    double fraction = y - (double)count;
    if (is_critical(mode, fraction, (scaled(bound, places) + y * 0x1p-52) * (1 + 0x1p-20))) {
        return false;
    }
    count += goes_away(mode, fraction, is_negative);
    if (how.how == PROG_ROUND_SIGNIFICANT && (double)count >= power_of_ten(how.digits)) {
        count /= 10; /* 9.996 became 10.00: "10.0" */
        places--;
    }
    *rounded = (struct rounded){is_negative, count, places};
    return true;
}

struct str round_double(struct arena *arena, double value, struct prog_round how)
{
    struct rounded rounded;
    if (!round_quickly(value, 0, how, &rounded)) {
        return round_exact(arena, rat_of_double(arena, value), how);
    }
    return rounded_text(arena, &rounded);
}

bool round_is_certain(struct arena *arena, double value, double bound, struct prog_round how)
{
    struct rounded rounded;
    if (round_quickly(value, bound, how, &rounded)) {
        return true;
    }
    struct arena_mark start = arena_mark(arena);
    bool is_certain = is_one_text(arena, value, bound, how);
    arena_reset(arena, start);
    return is_certain;
}

bool round_place(struct arena *arena, double value, struct prog_round how, struct rat *place)
{
    double y = 0;
    int places = 0;
    if (!in_last_digits(value < 0 ? -value : value, how, &y, &places)) {
        return false;
    }
    int64_t count = (int64_t)y;
    int64_t halves = is_half_mode((enum rounding)how.mode) ? 2 * count + 1 : 2 * (count + (y - (double)count > 0.5));
    struct rat unit = rat_pow(arena, rat_int(10), -places);
    *place = rat_mul(arena, rat_of(arena, value < 0 ? -halves : halves, 2), unit);
    return true;
}
