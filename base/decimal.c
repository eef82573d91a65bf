#include "base/decimal.h"

#include <string.h>

#include "base/decimal_parts.h"
#include "base/rational_big.h"

enum {
    DECIMAL_EXPONENT_MAX = 10000,
    U64_DIGITS = 19,   /* so many digits always fit 64 bits */
    EXACT_DIGITS = 800 /* more than any halfway point between two doubles has (767) */
};
#define EXPONENT_CAP 1000000000000000L /* written exponents saturate here */

/* A decimal as it is written: +-0.D * 10^point, where D are the digits between the first and the last that is
   not zero. They may have the decimal point among them. */
struct literal {
    bool is_negative;
    struct str digits; /* with the '.', if it falls between; empty for zero */
    size_t count;      /* of digits without the '.' */
    long point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Moves *at over digits and tells how many. */
static size_t skip_digits(struct str text, size_t *at)
{
    size_t from = *at;
    while (*at < text.len && is_digit(text.at[*at])) {
        ++*at;
    }
    return *at - from;
}

/* [+-]digits behind an 'e'; large ones saturate. */
static bool read_exponent(struct str text, size_t *at, long *exponent)
{
    bool is_negative = *at < text.len && text.at[*at] == '-';
    if (*at < text.len && (text.at[*at] == '-' || text.at[*at] == '+')) {
        ++*at;
    }
    size_t from = *at;
    if (skip_digits(text, at) == 0) {
        return false;
    }
    long size = 0;
    for (size_t i = from; i < *at; i++) {
        size = size < EXPONENT_CAP ? size * 10 + (text.at[i] - '0') : EXPONENT_CAP;
    }
    *exponent = is_negative ? -size : size;
    return true;
}

/* Cuts the zeros from both ends of text[from..to), which are digits with at most one '.' at `dot`
   (to where there is none), and places the point. */
static void read_digits(struct str text, size_t from, size_t dot, size_t to, struct literal *out)
{
    size_t first = from;
    size_t last = to;
    while (first < to && (text.at[first] == '0' || text.at[first] == '.')) {
        first++;
    }
    while (last > first && (text.at[last - 1] == '0' || text.at[last - 1] == '.')) {
        last--;
    }
    out->digits = str_slice(text, first, last);
    bool has_dot = dot > first && dot < last;
    out->count = last - first - has_dot;
    /* Digits before the point, or zeros between the point and the first digit. */
    out->point += first < dot ? (long)(dot - first) : -(long)(first - dot - 1);
}

static bool literal_read(struct str text, struct literal *out)
{
    *out = (struct literal){0};
    size_t at = 0;
    if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+')) {
        out->is_negative = text.at[0] == '-';
        at++;
    }
    size_t from = at;
    if (skip_digits(text, &at) == 0) {
        return false;
    }
    size_t dot = at;
    if (at < text.len && text.at[at] == '.') {
        at++;
        if (skip_digits(text, &at) == 0) {
            return false;
        }
    }
    size_t to = at;
    if (at < text.len && (text.at[at] == 'e' || text.at[at] == 'E')) {
        at++;
        if (!read_exponent(text, &at, &out->point)) {
            return false;
        }
    }
    read_digits(text, from, dot, to, out);
    return at == text.len;
}

/* The first `limit` digits as a number. */
static uint64_t leading_number(const struct literal *literal, size_t limit)
{
    uint64_t n = 0;
    size_t seen = 0;
    for (size_t i = 0; i < literal->digits.len && seen < limit; i++) {
        if (literal->digits.at[i] != '.') {
            n = n * 10 + (uint64_t)(literal->digits.at[i] - '0');
            seen++;
        }
    }
    return n;
}

/* The digits without the '.', NUL-terminated; at most `limit` of them. */
static size_t copy_digits(const struct literal *literal, char *out, size_t limit)
{
    size_t len = 0;
    for (size_t i = 0; i < literal->digits.len && len < limit; i++) {
        if (literal->digits.at[i] != '.') {
            out[len++] = literal->digits.at[i];
        }
    }
    out[len] = '\0';
    return len;
}

static struct str power_text(struct arena *arena, size_t zeros)
{
    char *text = arena_alloc(arena, zeros + 2, 1);
    memset(text, '0', zeros + 1);
    text[0] = '1';
    text[zeros + 1] = '\0';
    return (struct str){text, zeros + 1};
}

/* Any number of digits, through GMP. */
static struct rat rat_of_literal(struct arena *arena, const struct literal *literal)
{
    long exponent = literal->point - (long)literal->count;
    size_t zeros = exponent > 0 ? (size_t)exponent : 0;
    char *digits = arena_alloc(arena, literal->count + zeros + 1, 1);
    size_t len = copy_digits(literal, digits, literal->count);
    memset(digits + len, '0', zeros);
    struct str den = power_text(arena, exponent < 0 ? (size_t)-exponent : 0);
    return rat_big_read(arena, literal->is_negative, (struct str){digits, len + zeros}, den);
}

bool decimal_to_rat(struct arena *arena, struct str text, struct rat *out)
{
    struct literal literal;
    if (!literal_read(text, &literal)) {
        return false;
    }
    if (literal.count == 0) {
        *out = RAT_ZERO;
        return true;
    }
    if (literal.point > DECIMAL_EXPONENT_MAX + 1 || literal.point < -DECIMAL_EXPONENT_MAX + 1) {
        return false; /* the first digit stands for 10^(point - 1) */
    }
    long exponent = literal.point - (long)literal.count;
    if (literal.count > U64_DIGITS || exponent > WHOLE_POWER_MAX - U64_DIGITS || exponent < -WHOLE_POWER_MAX) {
        *out = rat_of_literal(arena, &literal);
        return true;
    }
    int128 num = (int128)leading_number(&literal, U64_DIGITS);
    num = literal.is_negative ? -num : num;
    *out = exponent >= 0 ? (struct rat){num * whole_power((int)exponent), 1, NULL}
                         : rat_of(arena, num, whole_power((int)-exponent));
    return true;
}

/* digits * 10^exponent by one multiplication with the table (digits > 0). False where the 128 bits of the table do
   not settle the rounding. */
static bool round_product(uint64_t digits, int exponent, double *out)
{
    int shift = __builtin_clzll(digits);
    uint128 power = power_bits(exponent);
    uint64_t factor = digits << shift;
    uint128 low = (uint128)factor * (uint64_t)power;
    uint128 high = (uint128)factor * (uint64_t)(power >> 64) + (low >> 64); /* product = high * 2^64 + low's half */
    bool has_fraction = (uint64_t)low != 0;
    long binary = power_binary_exponent(exponent) - 127 - shift + 128; /* of the uppermost 64 of 192 bits */
    if (high >> 127 == 0) {
        high = high << 1 | (uint64_t)low >> 63;
        has_fraction = (uint64_t)low << 1 != 0;
        binary--;
    }
    uint64_t rest = (uint64_t)high;
    if (power_is_exact(exponent)) {
        *out = double_round(false, (uint64_t)(high >> 64), has_fraction || rest != 0, binary);
        return true;
    }
    /* The table is short by less than one unit, the product by less than 2^64, or two units of `rest`. */
    if (rest >= UINT64_MAX - 1) {
        return false;
    }
    *out = double_round(false, (uint64_t)(high >> 64), true, binary);
    return true;
}

/* By exact arithmetic on up to EXACT_DIGITS digits; those beyond only matter as "and something more". */
static double double_exactly(const struct literal *literal)
{
    char digits[EXACT_DIGITS + 2];
    size_t len = copy_digits(literal, digits, EXACT_DIGITS);
    if (literal->count > len) {
        digits[len++] = '1';
        digits[len] = '\0';
    }
    long exponent = literal->point - (long)len;
    return double_of_digits(digits, exponent);
}

/* |exponent| <= 22 and digits <= 2^53: both are doubles, so one operation rounds once (Clinger). */
static bool round_small(uint64_t digits, long exponent, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (digits > (uint64_t)1 << 53 || exponent > 22 || exponent < -22) {
        return false;
    }
    *out = exponent < 0 ? (double)digits / powers[-exponent] : (double)digits * powers[exponent];
    return true;
}

/* Of a literal that is not zero, without its sign. */
static double double_of_literal(const struct literal *literal)
{
    if (literal->point > 310) {
        return double_round(false, UINT64_MAX, false, 2000); /* infinity */
    }
    if (literal->point < -330) {
        return 0;
    }
    size_t used = literal->count < U64_DIGITS ? literal->count : U64_DIGITS;
    uint64_t digits = leading_number(literal, used);
    int exponent = (int)(literal->point - (long)used);
    double lower;
    double upper;
    if (literal->count <= U64_DIGITS && round_small(digits, exponent, &lower)) {
        return lower;
    }
    if (exponent < POWERS_FIRST || exponent > POWERS_LAST || !round_product(digits, exponent, &lower)) {
        return double_exactly(literal);
    }
    if (literal->count <= U64_DIGITS) {
        return lower;
    }
    return round_product(digits + 1, exponent, &upper) && lower == upper ? lower : double_exactly(literal);
}

bool decimal_to_double(struct str text, double *out)
{
    struct literal literal;
    if (!literal_read(text, &literal)) {
        return false;
    }
    double size = literal.count == 0 ? 0 : double_of_literal(&literal);
    *out = literal.is_negative ? -size : size;
    return true;
}
