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

/* Of figures that are marked: how the size of the value compares with that of the rounded one. */
static char mark_of(struct arena *arena, struct rat value, struct rat rounded, struct prog_round how)
{
    static const char marks[] = {'-', '=', '+'};
    return how.is_marked ? marks[1 + rat_cmp(arena, rat_abs(arena, value), rat_abs(arena, rounded))] : 0;
}

struct reported round_exact(struct arena *arena, struct rat value, struct prog_round how)
{
    enum rounding mode = (enum rounding)how.mode;
    struct rat rounded;
    int places = 0;
    if (how.how == PROG_ROUND_SIGNIFICANT) {
        rounded = rat_round_significant(arena, value, how.digits, mode);
        struct rat step = rat_significant_step(arena, value, how.digits, mode);
        places = rat_sign(rounded) == 0 ? 0 : places_of(arena, step);
    } else {
        struct rat interval = program_round_interval(arena, &how);
        rounded = rat_round(arena, value, interval, mode);
        places = places_of(arena, interval);
    }
    struct str text = str_copy(arena, rat_fixed(arena, rounded, places));
    return (struct reported){text, mark_of(arena, value, rounded, how)};
}

bool reported_eq(const struct reported *a, const struct reported *b)
{
    return str_eq(a->text, b->text) && a->mark == b->mark;
}

static bool is_one_report(struct arena *arena, struct rat low, struct rat high, struct prog_round how)
{
    struct reported lower = round_exact(arena, low, how);
    struct reported upper = round_exact(arena, high, how);
    return reported_eq(&lower, &upper);
}

bool round_exact_is_certain(struct arena *arena, struct rat value, struct prog_round how)
{
    struct rat low;
    struct rat high;
    if (rat_is_final(value)) {
        return true;
    }
    rat_ends(arena, value, &low, &high);
    return is_one_report(arena, low, high, how);
}

/* ---- doubles ---- */

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
   a power of ten it may be one digit more or less: the text is the same then, or a tie is near. */
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

static int parts_of(struct prog_round how)
{
    return how.how == PROG_ROUND_SIGNIFICANT ? 1 : program_round_parts(how.how);
}

/* The size of the value in intervals of 10^-places / parts_of(how), with an error of a relative 2^-52. False where
   doubles do not reach. */
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
    *y = scaled(size, *places) * parts_of(how);
    return *y < largest;
}

/* So many intervals in decimals: 121 halves are 60.5, and 9.996 that became 10.00 is 10.0. */
static void to_decimals(struct rounded *rounded, struct prog_round how)
{
    int parts = parts_of(how);
    if (parts > 1) {
        rounded->count *= (uint64_t)(10 / parts);
        rounded->places++;
    }
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
        to_decimals(rounded, how);
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
    to_decimals(rounded, how);
    return true;
}

struct reported round_double(struct arena *arena, double value, struct prog_round how)
{
    struct rounded rounded;
    if (how.is_marked || !round_quickly(value, how, &rounded)) {
        return round_exact(arena, rat_of_double(arena, value), how);
    }
    return (struct reported){rounded_text(arena, &rounded), 0};
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
    double scale = powers[places] * parts_of(how);
    double y = size * scale;
    double margin = (bound * scale + y * 0x1p-51) * (1 + 0x1p-20);
    if (!(y < 0x1p51)) {
        return UNKNOWN;
    }
    double fraction = y - (double)(int64_t)y;
    double off = fraction < 0.5 ? 0.5 - fraction : fraction - 0.5;
    /* Below the smallest count of so many digits the last one is a tenth as much, and a tie is twenty times as near. */
    const double reach = 0x1.8p-5; /* a little less than a twentieth */
    bool is_below = how.how == PROG_ROUND_SIGNIFICANT && y - margin < powers[how.digits - 1 + EXACT_POWERS] - reach;
    bool is_tie_nearer = is_half_mode((enum rounding)how.mode) && !(how.is_marked && off > 0.25);
    double near = is_below ? 0 : is_tie_nearer ? off : 0.5 - off;
    return near >= margin || (value == 0 && bound == 0) ? CERTAIN : IN_DOUBT;
}

bool round_is_certain(struct arena *arena, double value, double bound, struct prog_round how)
{
    enum certainty certainty = certainty_of(value, bound, how);
    if (certainty != UNKNOWN) {
        return certainty == CERTAIN;
    }
    struct arena_mark start = arena_mark(arena);
    struct rat middle = rat_of_double(arena, value);
    struct rat margin = rat_of_double(arena, bound);
    bool is_certain = is_one_report(arena, rat_sub(arena, middle, margin), rat_add(arena, middle, margin), how);
    arena_reset(arena, start);
    return is_certain;
}

/* ---- many doubles ---- */

/* What takes the sizes 2^n <= size < 2^(n + 1) to intervals, or to half ones. A power of ten may lie among them, and
   from there on it is the second scale. */
enum { BINADE_FIRST = -74, BINADE_COUNT = 148 };
struct round_binade {
    double power, scales[2];
};

/* Where multiples and ties change what is reported, these are the multiples of half the interval. */
static bool has_halves(struct prog_round how)
{
    return how.is_marked && is_half_mode((enum rounding)how.mode);
}

/* NaN: nothing is certain. Of many digits an error of 2^-40 reaches from a power of ten to the next tie below it. */
static double scale_of(struct prog_round how, int exponent)
{
    enum { DIGITS_MAX = 11 };
    bool is_significant = how.how == PROG_ROUND_SIGNIFICANT;
    int places = is_significant ? how.digits - 1 - exponent : how.digits;
    bool is_possible =
        places >= -EXACT_POWERS && places <= EXACT_POWERS && !(is_significant && how.digits > DIGITS_MAX);
    return is_possible ? powers[places + EXACT_POWERS] * parts_of(how) * (1 + has_halves(how)) : NAN;
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
        while (hows[same].how != how.how || hows[same].digits != how.digits ||
               has_halves(hows[same]) != has_halves(how)) {
            same++;
        }
        tests[i].binades = same < i ? tests[same].binades : binades_of(arena, how);
        tests[i].tie = is_half_mode((enum rounding)how.mode) && !how.is_marked ? 0.5 : 0;
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
    double fraction = y - (double)count;
    bool has_half = is_half_mode((enum rounding)how.mode);
    if (has_half && how.is_marked) {
        has_half = fraction > 0.25 && fraction < 0.75;
    }
    count += !has_half && fraction > 0.5;
    *place = (struct round_place){value < 0, has_half, count, places, parts_of(how)};
    return true;
}

double round_place_value(const struct round_place *place)
{
    double halves = (double)(2 * place->count + place->has_half);
    double intervals = 2 * place->parts; /* in 10^-places, and below in one: an exact double */
    double size = place->places >= 0 ? halves / (intervals * power_of_ten(place->places))
                                     : halves * (power_of_ten(-place->places) / intervals);
    return place->is_negative ? -size : size;
}

int round_place_decimals(const struct round_place *place)
{
    return place->places + (place->parts > 1) + place->has_half;
}

/* Is a half in this mode rounded away from zero? */
static bool half_goes_away(enum rounding mode, uint64_t count, bool is_negative)
{
    return mode == ROUND_HALF_EVEN ? count % 2 != 0
           : mode == ROUND_HALF_UP ? !is_negative
                                   : mode == ROUND_HALF_AWAY || is_negative;
}

struct reported round_place_text(struct arena *arena, const struct round_place *place, struct prog_round how)
{
    struct rounded rounded = {place->is_negative, place->count, place->places};
    bool is_away = place->has_half && half_goes_away((enum rounding)how.mode, place->count, place->is_negative);
    rounded.count += is_away;
    to_decimals(&rounded, how);
    char mark = !place->has_half ? '=' : is_away ? '-' : '+';
    return (struct reported){rounded_text(arena, &rounded), how.is_marked ? mark : 0};
}
