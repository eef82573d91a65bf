/* Printing: the shortest decimals of doubles, and rationals in decimal notation.
   Shortest digits by the method of R. Giulietti ("The Schubfach way to render doubles", 2020): scale the double and the
   ends of its rounding interval by a power of ten so that the interval is one to ten units long; then one of two
   neighbouring integers, or of two neighbouring multiples of ten, is the answer. */
#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/decimal_parts.h"
#include "base/enclosure.h"

/* A finite double other than zero: fraction * 2^exponent. */
struct binary {
    uint64_t fraction;
    int exponent;
    bool is_lower_closer; /* a power of two: the double below is at half the distance */
};

static struct binary binary_of(uint64_t bits)
{
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF);
    if (exponent == 0) {
        return (struct binary){fraction, -1074, false};
    }
    return (struct binary){fraction | (uint64_t)1 << 52, exponent - 1075, fraction == 0 && exponent > 1};
}

/* floor(log10(2^exponent)), or floor(log10(3/4 * 2^exponent)), for |exponent| <= 1100. */
static int decimal_exponent(int exponent, bool is_lower_closer)
{
    long scaled = exponent * 1262611L - (is_lower_closer ? 524031 : 0);
    return (int)(((scaled + (4096L << 22)) >> 22) - 4096);
}

/* factor * power / 2^128, with the last bit set where the rest is not zero ("rounded to odd"): so that comparing it
   with integers gives the same as comparing the exact product. */
static uint64_t multiply_to_odd(uint128 power, uint64_t factor)
{
    uint128 low = (uint128)(uint64_t)power * factor;
    uint128 high = (power >> 64) * factor + (low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static struct decimal without_zeros(struct decimal decimal)
{
    while (decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    return decimal;
}

static struct decimal shortest_of(struct binary x)
{
    int exponent = decimal_exponent(x.exponent, x.is_lower_closer);
    /* The table is rounded down, the method wants it rounded up. */
    uint128 power = power_bits(-exponent) + !power_is_exact(-exponent);
    int shift = x.exponent + power_binary_exponent(-exponent) + 1;
    /* Four times x and the ends of its interval, in units of 10^exponent. The ends belong to it where x is even. */
    uint64_t middle = multiply_to_odd(power, (4 * x.fraction) << shift);
    uint64_t lower = multiply_to_odd(power, (4 * x.fraction - 2 + x.is_lower_closer) << shift) + (x.fraction & 1);
    uint64_t upper = multiply_to_odd(power, (4 * x.fraction + 2) << shift) - (x.fraction & 1);
    uint64_t below = middle / 4;
    uint64_t tens = below / 10;
    bool is_lower_ten_in = tens > 0 && lower <= 40 * tens;
    bool is_upper_ten_in = tens > 0 && 40 * tens + 40 <= upper;
    if (is_lower_ten_in != is_upper_ten_in) {
        return (struct decimal){false, tens + is_upper_ten_in, exponent + 1};
    }
    bool is_below_in = lower <= 4 * below;
    bool is_above_in = 4 * below + 4 <= upper;
    if (is_below_in != is_above_in) {
        return (struct decimal){false, below + is_above_in, exponent};
    }
    uint64_t half = 4 * below + 2;
    bool goes_up = middle > half || (middle == half && (below & 1) != 0);
    return (struct decimal){false, below + goes_up, exponent};
}

struct decimal decimal_shortest(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bool is_negative = bits >> 63 != 0;
    bits &= UINT64_MAX >> 1;
    assert(bits >> 52 != 0x7FF);
    if (bits == 0) {
        return (struct decimal){false, 0, 0};
    }
    struct decimal result = without_zeros(shortest_of(binary_of(bits)));
    result.is_negative = is_negative;
    return result;
}

static size_t put_zeros(char *out, int count)
{
    for (int i = 0; i < count; i++) {
        out[i] = '0';
    }
    return count > 0 ? (size_t)count : 0;
}

static size_t put_digits(char *out, const char *digits, int count)
{
    memcpy(out, digits, (size_t)count);
    return (size_t)count;
}

/* Decimal digits of n into out; their count. */
static int print_number(uint64_t n, char out[20])
{
    char reversed[20];
    int count = 0;
    do {
        reversed[count++] = (char)('0' + (int)(n % 10));
        n /= 10;
    } while (n != 0);
    for (int i = 0; i < count; i++) {
        out[i] = reversed[count - 1 - i];
    }
    return count;
}

/* d.ddd e+-x, the point being `point` digits behind the first digit's left edge. */
static size_t print_scientific(const char *digits, int count, int point, char *out)
{
    size_t len = put_digits(out, digits, 1);
    if (count > 1) {
        out[len++] = '.';
        len += put_digits(out + len, digits + 1, count - 1);
    }
    int exponent = point - 1;
    out[len++] = 'e';
    out[len++] = exponent < 0 ? '-' : '+';
    char number[20];
    int size = print_number((uint64_t)(exponent < 0 ? -exponent : exponent), number);
    return len + put_digits(out + len, number, size);
}

size_t decimal_print(double x, char out[DECIMAL_TEXT_MAX])
{
    struct decimal decimal = decimal_shortest(x);
    char digits[20];
    int count = print_number(decimal.digits, digits);
    int point = count + decimal.exponent; /* the value is 0.DIGITS * 10^point */
    size_t len = 0;
    if (decimal.is_negative) {
        out[len++] = '-';
    }
    if (point < -5 || point > 21) {
        return len + print_scientific(digits, count, point, out + len);
    }
    if (point <= 0) {
        out[len++] = '0';
        out[len++] = '.';
        len += put_zeros(out + len, -point);
        return len + put_digits(out + len, digits, count);
    }
    int whole = point < count ? point : count;
    len += put_digits(out + len, digits, whole);
    len += put_zeros(out + len, point - whole);
    if (whole < count) {
        out[len++] = '.';
        len += put_digits(out + len, digits + whole, count - whole);
    }
    return len;
}

struct str rat_fixed(struct arena *arena, struct rat a, int places)
{
    assert(places >= 0);
    struct rat scaled = rat_mul(arena, a, rat_power_of_ten(arena, places));
    assert(rat_is_int(scaled));
    struct str digits = rat_num_digits(arena, scaled);
    size_t decimals = (size_t)places;
    struct buf text = buf_in(arena);
    if (rat_sign(a) < 0) {
        buf_char(&text, '-');
    }
    size_t whole = digits.len > decimals ? digits.len - decimals : 0;
    buf_add(&text, whole > 0 ? str_slice(digits, 0, whole) : STR("0"));
    if (places > 0) {
        buf_char(&text, '.');
    }
    for (size_t i = digits.len; i < decimals; i++) {
        buf_char(&text, '0');
    }
    buf_add(&text, str_slice(digits, whole, digits.len));
    return buf_str(&text);
}

enum { NEVER_ENDS = -1 };

/* Decimals that a needs exactly: its denominator divides 10^n for the smallest n; NEVER_ENDS where there is none. */
static int decimals_needed(struct rat a)
{
    struct rat_view view;
    rat_view(&view, a);
    mpz_t rest;
    mpz_t five;
    mpz_init_set(rest, mpq_denref(view.q));
    mpz_init_set_ui(five, 5);
    mp_bitcnt_t twos = mpz_scan1(rest, 0);
    mpz_tdiv_q_2exp(rest, rest, twos);
    mp_bitcnt_t fives = mpz_remove(rest, rest, five);
    bool ends = mpz_cmp_ui(rest, 1) == 0;
    mpz_clear(rest);
    mpz_clear(five);
    mp_bitcnt_t needed = twos > fives ? twos : fives;
    return ends && needed <= INT_MAX ? (int)needed : NEVER_ENDS;
}

/* Decimals of multiples of step, a power of ten. */
static int decimals_of_step(struct rat step)
{
    int needed = decimals_needed(step);
    return needed == NEVER_ENDS ? 0 : needed;
}

struct str rat_decimal(struct arena *arena, struct rat a, int digits)
{
    bool is_cut = rat_is_enclosure(a);
    a = is_cut ? enclosure_middle(arena, a) : a;
    int needed = is_cut ? NEVER_ENDS : decimals_needed(a);
    if (needed != NEVER_ENDS) {
        return str_copy(arena, rat_fixed(arena, a, needed));
    }
    /* "0.99999…" is less than one, as 1.0000… would not tell; the ends of an enclosure may lie on both sides. */
    enum rounding mode = is_cut ? ROUND_HALF_EVEN : ROUND_TRUNCATE;
    struct rat step = rat_significant_step(arena, a, digits, mode);
    step = !is_cut && rat_cmp(arena, step, RAT_ONE) > 0 ? RAT_ONE : step; /* no digit before the point becomes 0 */
    struct rat shown = rat_round(arena, a, step, mode);
    struct str text = rat_fixed(arena, shown, decimals_of_step(step));
    return str_copy(arena, str_join(arena, (const struct str[]){text, STR("\u2026")}, 2, STR("")));
}
