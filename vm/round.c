#include "vm/round.h"

#include <math.h>
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

/* The places that leave `digits` digits before the point of the value; INT32_MIN where the powers do not reach. Next to
   a power of ten it may be one digit more or less: the text is the same then, or is not certain. */
static int places_for_digits(double value, int digits)
{
    int exponent = log10_of_binary(value);
    bool is_above = exponent + 1 >= 0 ? value >= power_of_ten(exponent + 1) : value * power_of_ten(-exponent - 1) >= 1;
    int places = digits - 1 - exponent - is_above;
    return places < -EXACT_POWERS || places > EXACT_POWERS ? INT32_MIN : places;
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
    return mode <= ROUND_HALF_DOWN;
}
_Static_assert(ROUND_HALF_EVEN == 0 && ROUND_HALF_DOWN == 3, "these round halves by a rule of their own");

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
    *places = how.how == PROG_ROUND_SIGNIFICANT ? places_for_digits(size, how.digits) : how.digits;
    if (*places == INT32_MIN) {
        return false;
    }
    *y = scaled(size, *places);
    return *y < largest;
}

/* 9.996 became 10.00: "10.0" */
static void drop_digit(struct rounded *rounded, struct prog_round how)
{
    if (how.how == PROG_ROUND_SIGNIFICANT && (double)rounded->count >= power_of_ten(how.digits)) {
        rounded->count /= 10;
        rounded->places--;
    }
}

/* In doubles where they are beyond doubt; false where not. */
static bool round_quickly(double value, struct prog_round how, struct rounded *rounded)
{
    if (value == 0) {
        *rounded = (struct rounded){.places = how.how == PROG_ROUND_SIGNIFICANT ? 0 : how.digits};
        return true;
    }
    bool is_negative = value < 0;
    double y = 0;
    int places = 0;
    if (!in_last_digits(is_negative ? -value : value, how, &y, &places)) {
        return false;
    }
    uint64_t count = (uint64_t)y;
    double fraction = y - (double)count;
    if (is_critical((enum rounding)how.mode, fraction, y * 0x1p-51)) {
        return false;
    }
    count += goes_away((enum rounding)how.mode, fraction, is_negative);
    *rounded = (struct rounded){is_negative, count, places};
    drop_digit(rounded, how);
    return true;
}

struct str round_double(struct arena *arena, double value, struct prog_round how)
{
    struct rounded rounded;
    if (!round_quickly(value, how, &rounded)) {
        return round_exact(arena, rat_of_double(arena, value), how);
    }
    return rounded_text(arena, &rounded);
}

enum { POWER_LAST = 2 * EXACT_POWERS };
static const double powers[POWER_LAST + 1] = {
    1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8,
    1e-7,  1e-6,  1e-5,  1e-4,  1e-3,  1e-2,  1e-1,  1e0,   1e1,   1e2,   1e3,   1e4,   1e5,   1e6,  1e7,
    1e8,   1e9,   1e10,  1e11,  1e12,  1e13,  1e14,  1e15,  1e16,  1e17,  1e18,  1e19,  1e20,  1e21, 1e22};

/* As round_quickly finds the last digits. Powers below 1 are rounded, too; so y is wrong by less than a relative 2^-51.
 */
enum certainty { CERTAIN, IN_DOUBT, UNKNOWN };
static enum certainty certainty_of(double value, double bound, struct prog_round how)
{
    double size = value < 0 ? -value : value;
    int places = how.digits + EXACT_POWERS;
    if (how.how == PROG_ROUND_SIGNIFICANT) {
        unsigned above = (unsigned)(log10_of_binary(size) + 1 + EXACT_POWERS);
        if (above > POWER_LAST) {
            return value == 0 && bound == 0 ? CERTAIN : UNKNOWN;
        }
        places = how.digits + POWER_LAST - (int)above - (size >= powers[above]);
    }
    if ((unsigned)places > POWER_LAST) {
        return UNKNOWN;
    }
    double y = size * powers[places];
    double margin = (bound * powers[places] + y * 0x1p-51) * (1 + 0x1p-20);
    if (!(y < 0x1p51)) {
        return UNKNOWN;
    }
    double fraction = y - (double)(int64_t)y;
    double off = fraction < 0.5 ? 0.5 - fraction : fraction - 0.5;
    bool is_half = is_half_mode((enum rounding)how.mode);
    return (is_half ? off : 0.5 - off) >= margin || (value == 0 && bound == 0) ? CERTAIN : IN_DOUBT;
}

bool round_is_certain(struct arena *arena, double value, double bound, struct prog_round how)
{
    enum certainty certainty = certainty_of(value, bound, how);
    if (certainty != UNKNOWN) {
        return certainty == CERTAIN;
    }
    struct arena_mark start = arena_mark(arena);
    bool is_certain = is_one_text(arena, value, bound, how);
    arena_reset(arena, start);
    return is_certain;
}

/* ---- many doubles ---- */

/* What takes the sizes 2^n <= size < 2^(n + 1) to units of their last digit. A power of ten may lie among them, and
   from there on it is the second scale. */
enum { BINADE_FIRST = -74, BINADE_COUNT = 148 };
struct round_binade {
    double power, scales[2];
};

/* NaN: nothing is certain. Of many digits an error of 2^-40 reaches from a power of ten to the next tie below it. */
static double scale_of(struct prog_round how, int exponent)
{
    enum { DIGITS_MAX = 11 };
    bool is_significant = how.how == PROG_ROUND_SIGNIFICANT;
    int places = is_significant ? how.digits - 1 - exponent : how.digits;
    bool is_possible =
        places >= -EXACT_POWERS && places <= EXACT_POWERS && !(is_significant && how.digits > DIGITS_MAX);
    return is_possible ? powers[places + EXACT_POWERS] : NAN;
}

/* The last of them is for what is smaller or larger: of that 0 is certain. */
static const struct round_binade *binades_of(struct arena *arena, struct prog_round how)
{
    struct round_binade *binades = arena_array(arena, struct round_binade, BINADE_COUNT + 1);
    for (int i = 0; i < BINADE_COUNT; i++) {
        int exponent = log10_of_binary(ldexp(1, BINADE_FIRST + i));
        double power = powers[exponent + 1 + EXACT_POWERS];
        binades[i] = (struct round_binade){
            power, {scale_of(how, exponent), scale_of(how, exponent + 1)}
        };
    }
    binades[BINADE_COUNT] = (struct round_binade){
        0x1p-1074, {0, NAN}
    };
    return binades;
}

struct round_test *round_tests_new(struct arena *arena, const struct prog_round *hows, size_t count)
{
    struct round_test *tests = arena_array(arena, struct round_test, count);
    for (size_t i = 0; i < count; i++) {
        struct prog_round how = hows[i];
        size_t same = 0;
        while (hows[same].how != how.how || hows[same].digits != how.digits) {
            same++;
        }
        tests[i].binades = same < i ? tests[same].binades : binades_of(arena, how);
        tests[i].tie = is_half_mode((enum rounding)how.mode) ? 0.5 : 0;
    }
    return tests;
}

static inline double scale_for(double size, const struct round_binade *binades)
{
    enum { BIAS = 1023, FRACTION_BITS = 52 };
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    uint64_t at = (bits >> FRACTION_BITS) - (BIAS + BINADE_FIRST);
    const struct round_binade *binade = &binades[at < BINADE_COUNT ? at : BINADE_COUNT];
    return binade->scales[size >= binade->power];
}

/* This is asked of every figure of every product, and no processor can guess digits: so there are no branches on them.
   y is wrong by less than a relative 2^-51, and the bound is not looked at but that it is small. Beyond 2^51, where y
   + 2^52 is not rounded to whole numbers, the margin is too wide. */
size_t round_next_doubt(const double *values, const double *bounds, const struct round_test *tests, double relative,
                        size_t from, size_t count)
{
    const double share = relative * (1 + 0x1p-20) + 0x1p-50;
    for (size_t i = from; i < count; i++) {
        double size = fabs(values[i]);
        double y = size * scale_for(size, tests[i].binades);
        double apart = fabs(y - ((y + 0x1p52) - 0x1p52)); /* from the next whole number */
        bool is_certain = fabs(tests[i].tie - apart) >= y * share;
        if (!is_certain || !(bounds[i] <= size * relative)) {
            return i;
        }
    }
    return count;
}

bool round_find_place(double value, struct prog_round how, struct round_place *place)
{
    double y = 0;
    int places = 0;
    if (!in_last_digits(value < 0 ? -value : value, how, &y, &places)) {
        return false;
    }
    uint64_t count = (uint64_t)y;
    bool has_half = is_half_mode((enum rounding)how.mode);
    count += !has_half && y - (double)count > 0.5;
    *place = (struct round_place){value < 0, has_half, count, places};
    return true;
}

double round_place_value(const struct round_place *place)
{
    double halves = (double)(2 * place->count + place->has_half);
    double size =
        place->places >= 0 ? halves / (2 * power_of_ten(place->places)) : halves * power_of_ten(-place->places) / 2;
    return place->is_negative ? -size : size;
}

/* Is a half in this mode rounded away from zero? */
static bool half_goes_away(enum rounding mode, uint64_t count, bool is_negative)
{
    return mode == ROUND_HALF_EVEN ? count % 2 != 0
           : mode == ROUND_HALF_UP ? !is_negative
                                   : mode == ROUND_HALF_AWAY || is_negative;
}

struct str round_place_text(struct arena *arena, const struct round_place *place, struct prog_round how)
{
    struct rounded rounded = {place->is_negative, place->count, place->places};
    if (place->has_half) {
        rounded.count += half_goes_away((enum rounding)how.mode, place->count, place->is_negative);
    }
    drop_digit(&rounded, how);
    return rounded_text(arena, &rounded);
}
