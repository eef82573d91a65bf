#include "base/rational_big.h"

#include <assert.h>

#include "base/enclosure.h"

const struct rat RAT_ZERO = {0, 1, NULL};
const struct rat RAT_ONE = {1, 1, NULL};

/* The small form holds |num| and den below 2^127; so every small number can be negated. */
#define SMALL_LIMIT ((uint128)1 << 127)

static bool fits_64(uint128 a)
{
    return (a >> 64) == 0;
}

static uint128 magnitude(int128 a)
{
    return a < 0 ? (uint128)0 - (uint128)a : (uint128)a;
}

static unsigned trailing_zeros(uint128 a) /* a != 0 */
{
    uint64_t low = (uint64_t)a;
    return low != 0 ? (unsigned)__builtin_ctzll(low) : 64 + (unsigned)__builtin_ctzll((uint64_t)(a >> 64));
}

static unsigned bit_length(uint128 a)
{
    uint64_t high = (uint64_t)(a >> 64);
    uint64_t low = (uint64_t)a;
    if (high != 0) {
        return 128 - (unsigned)__builtin_clzll(high);
    }
    return low != 0 ? 64 - (unsigned)__builtin_clzll(low) : 0;
}

static uint64_t gcd_64(uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0) {
        return a | b;
    }
    if (a == 1 || b == 1) {
        return 1;
    }
    int common = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    do {
        b >>= __builtin_ctzll(b);
        uint64_t smaller = a < b ? a : b;
        b = a < b ? b - a : a - b;
        a = smaller;
    } while (b != 0);
    return a << common;
}

/* Binary until one of the two fits 64 bits, then one division, then 64 bits only. */
static uint128 gcd_128(uint128 a, uint128 b)
{
    if (fits_64(a | b)) {
        return gcd_64((uint64_t)a, (uint64_t)b);
    }
    if (a == 0 || b == 0) {
        return a | b;
    }
    unsigned common = trailing_zeros(a | b);
    a >>= trailing_zeros(a);
    b >>= trailing_zeros(b);
    while (!fits_64(a) && !fits_64(b)) {
        if (a == b) {
            return a << common;
        }
        if (a > b) {
            a -= b;
            a >>= trailing_zeros(a);
        } else {
            b -= a;
            b >>= trailing_zeros(b);
        }
    }
    uint64_t small = (uint64_t)(fits_64(a) ? a : b);
    uint128 large = fits_64(a) ? b : a;
    return (uint128)gcd_64(small, fits_64(large) ? (uint64_t)large : (uint64_t)(large % small)) << common;
}

static uint128 divide(uint128 a, uint128 b)
{
    if (b == 1) {
        return a;
    }
    return fits_64(a | b) ? (uint64_t)a / (uint64_t)b : a / b;
}

/* a * b where that is below 2^127. The compilers' overflow built-in needs a run-time library that not all have. */
static bool multiply(uint128 a, uint128 b, uint128 *product)
{
    if (fits_64(a | b)) {
        *product = (uint128)(uint64_t)a * (uint64_t)b;
        return *product < SMALL_LIMIT;
    }
    if (!fits_64(a) && !fits_64(b)) {
        return false;
    }
    uint64_t factor = (uint64_t)(fits_64(a) ? a : b);
    uint128 large = fits_64(a) ? b : a;
    uint128 high = (large >> 64) * factor;
    if (high >> 63 != 0) {
        return false;
    }
    *product = (high << 64) + (uint128)(uint64_t)large * factor; /* may wrap */
    return *product >= (high << 64) && *product < SMALL_LIMIT;
}

/* Signed a * b for b >= 0. */
static bool multiply_signed(int128 a, uint128 b, int128 *product)
{
    uint128 size;
    if (!multiply(magnitude(a), b, &size)) {
        return false;
    }
    *product = a < 0 ? -(int128)size : (int128)size;
    return true;
}

static bool add_signed(int128 a, int128 b, int128 *sum)
{
    return !__builtin_add_overflow(a, b, sum) && magnitude(*sum) < SMALL_LIMIT;
}

static struct rat small(int128 num, uint128 den)
{
    return (struct rat){num, (int128)den, NULL};
}

static struct rat small_signed(bool is_negative, uint128 num, uint128 den)
{
    return small(is_negative ? -(int128)num : (int128)num, den);
}

struct rat rat_int(int64_t n)
{
    return small(n, 1);
}

struct rat rat_of(struct arena *arena, int128 num, int128 den)
{
    assert(den != 0);
    bool is_negative = (num < 0) != (den < 0) && num != 0;
    uint128 n = magnitude(num);
    uint128 d = magnitude(den);
    uint128 common = d == 1 ? 1 : gcd_128(n, d);
    n = divide(n, common);
    d = divide(d, common);
    if (n < SMALL_LIMIT && d < SMALL_LIMIT) {
        return small_signed(is_negative, n, d);
    }
    return rat_big_of(arena, is_negative, n, d); /* +-2^127 */
}

/* a + b for small a and b (Knuth 4.5.1: the greatest common divisors are of small numbers). False: too large. */
static bool add_small(struct rat a, struct rat b, struct rat *sum)
{
    int128 num;
    if (a.den == b.den) {
        if (!add_signed(a.num, b.num, &num)) {
            return false;
        }
        uint128 common = a.den == 1 ? 1 : gcd_128(magnitude(num), (uint128)a.den);
        *sum = small_signed(num < 0, divide(magnitude(num), common), divide((uint128)a.den, common));
        return true;
    }
    uint128 common = a.den == 1 || b.den == 1 ? 1 : gcd_128((uint128)a.den, (uint128)b.den);
    uint128 a_rest = divide((uint128)a.den, common);
    uint128 b_rest = divide((uint128)b.den, common);
    int128 left;
    int128 right;
    if (!multiply_signed(a.num, b_rest, &left) || !multiply_signed(b.num, a_rest, &right) ||
        !add_signed(left, right, &num)) {
        return false;
    }
    uint128 last = common == 1 ? 1 : gcd_128(magnitude(num), common);
    uint128 den;
    if (!multiply(a_rest, divide((uint128)b.den, last), &den)) {
        return false;
    }
    *sum = small_signed(num < 0, divide(magnitude(num), last), den);
    return true;
}

/* a * (num / den) for small a; num and den below 2^127 and without common factor. False: too large. */
static bool multiply_small(struct rat a, int128 num, uint128 den, struct rat *product)
{
    uint128 a_num = magnitude(a.num);
    uint128 a_den = (uint128)a.den;
    uint128 b_num = magnitude(num);
    uint128 b_den = den;
    uint128 common = b_den == 1 ? 1 : gcd_128(a_num, b_den);
    a_num = divide(a_num, common);
    b_den = divide(b_den, common);
    common = a_den == 1 ? 1 : gcd_128(b_num, a_den);
    b_num = divide(b_num, common);
    a_den = divide(a_den, common);
    if (!multiply(a_num, b_num, &b_num) || !multiply(a_den, b_den, &b_den)) {
        return false;
    }
    *product = small_signed((a.num < 0) != (num < 0), b_num, b_den);
    return true;
}

static bool are_small(struct rat a, struct rat b)
{
    return a.big == NULL && b.big == NULL;
}

struct rat rat_add(struct arena *arena, struct rat a, struct rat b)
{
    struct rat sum;
    return are_small(a, b) && add_small(a, b, &sum) ? sum : rat_big_operate(arena, RAT_ADD, a, b);
}

struct rat rat_sub(struct arena *arena, struct rat a, struct rat b)
{
    struct rat difference;
    return are_small(a, b) && add_small(a, small(-b.num, (uint128)b.den), &difference)
               ? difference
               : rat_big_operate(arena, RAT_SUB, a, b);
}

struct rat rat_mul(struct arena *arena, struct rat a, struct rat b)
{
    struct rat product;
    return are_small(a, b) && multiply_small(a, b.num, (uint128)b.den, &product)
               ? product
               : rat_big_operate(arena, RAT_MUL, a, b);
}

struct rat rat_div(struct arena *arena, struct rat a, struct rat b)
{
    assert(rat_sign(b) != 0 || rat_is_enclosure(b));
    struct rat quotient;
    int128 inverse = b.num < 0 ? -b.den : b.den;
    return are_small(a, b) && multiply_small(a, inverse, magnitude(b.num), &quotient)
               ? quotient
               : rat_big_operate(arena, RAT_DIV, a, b);
}

struct rat rat_neg(struct arena *arena, struct rat a)
{
    if (a.big != NULL) {
        return rat_is_enclosure(a) ? enclosure_negated(arena, a) : rat_big_operate(arena, RAT_SUB, RAT_ZERO, a);
    }
    a.num = -a.num;
    return a;
}

struct rat rat_abs(struct arena *arena, struct rat a)
{
    if (rat_is_enclosure(a)) {
        return enclosure_absolute(arena, a);
    }
    return rat_sign(a) < 0 ? rat_neg(arena, a) : a;
}

/* base^exponent where that is below 2^127. */
static bool power(uint128 base, unsigned exponent, uint128 *result)
{
    *result = 1;
    for (;;) {
        if ((exponent & 1) != 0 && !multiply(*result, base, result)) {
            return false;
        }
        exponent >>= 1;
        if (exponent == 0) {
            return true;
        }
        if (!multiply(base, base, &base)) {
            return false;
        }
    }
}

struct rat rat_pow(struct arena *arena, struct rat a, int exponent)
{
    assert(exponent >= -10000 && exponent <= 10000 && (exponent >= 0 || rat_sign(a) != 0 || rat_is_enclosure(a)));
    if (exponent < 0) {
        a = rat_div(arena, RAT_ONE, a);
        exponent = -exponent;
    }
    uint128 num;
    uint128 den;
    if (a.big == NULL && power(magnitude(a.num), (unsigned)exponent, &num) &&
        power((uint128)a.den, (unsigned)exponent, &den)) {
        return small_signed(a.num < 0 && exponent % 2 != 0, num, den);
    }
    return rat_big_power(arena, a, (unsigned)exponent);
}

struct wide { /* 256 bits */
    uint128 high, low;
};

static struct wide multiply_wide(uint128 a, uint128 b)
{
    uint128 low = (uint128)(uint64_t)a * (uint64_t)b;
    uint128 first = (a >> 64) * (uint64_t)b;
    uint128 second = (b >> 64) * (uint64_t)a;
    uint128 middle = (low >> 64) + (uint64_t)first + (uint64_t)second;
    return (struct wide){(a >> 64) * (b >> 64) + (first >> 64) + (second >> 64) + (middle >> 64),
                         (middle << 64) | (uint64_t)low};
}

static int compare(uint128 a, uint128 b)
{
    return a < b ? -1 : a > b;
}

/* Both small and of the same sign. */
static int compare_small(struct rat a, struct rat b)
{
    if (a.den == b.den) {
        return a.num < b.num ? -1 : a.num > b.num;
    }
    struct wide left = multiply_wide(magnitude(a.num), (uint128)b.den);
    struct wide right = multiply_wide(magnitude(b.num), (uint128)a.den);
    int order = compare(left.high, right.high);
    if (order == 0) {
        order = compare(left.low, right.low);
    }
    return a.num < 0 ? -order : order;
}

int rat_cmp(struct arena *arena, struct rat a, struct rat b)
{
    (void)arena;
    if (rat_is_enclosure(a) || rat_is_enclosure(b)) {
        return enclosure_compare(a, b);
    }
    int a_sign = rat_sign(a);
    int b_sign = rat_sign(b);
    if (a_sign != b_sign) {
        return a_sign < b_sign ? -1 : 1;
    }
    if (are_small(a, b)) {
        return compare_small(a, b);
    }
    struct rat_view a_view;
    struct rat_view b_view;
    rat_view(&a_view, a);
    rat_view(&b_view, b);
    int order = mpq_cmp(a_view.q, b_view.q);
    return order < 0 ? -1 : order > 0;
}

bool rat_eq(struct rat a, struct rat b)
{
    if (are_small(a, b)) {
        return a.num == b.num && a.den == b.den;
    }
    bool have_one_form = (a.big != NULL) == (b.big != NULL) || rat_is_enclosure(a) || rat_is_enclosure(b);
    return have_one_form && rat_cmp(NULL, a, b) == 0;
}

int rat_sign(struct rat a)
{
    if (a.big != NULL) {
        return a.big->num_size < 0 ? -1 : a.big->num_size > 0;
    }
    return a.num < 0 ? -1 : a.num > 0;
}

static uint64_t mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

uint64_t rat_hash(struct rat a)
{
    if (a.big == NULL) {
        uint64_t hash = mixed(mixed(0, (uint64_t)a.num), (uint64_t)((uint128)a.num >> 64));
        return mixed(mixed(hash, (uint64_t)a.den), (uint64_t)((uint128)a.den >> 64));
    }
    if (rat_is_enclosure(a)) {
        return 0; /* equality is no relation that a hash could serve */
    }
    uint64_t hash = (uint64_t)a.big->num_size;
    size_t limbs = rat_num_limbs(a) + rat_den_limbs(a);
    for (size_t i = 0; i < limbs; i++) {
        hash = mixed(hash, a.big->limbs[i]);
    }
    return hash;
}

bool rat_is_int(struct rat a)
{
    return a.big == NULL ? a.den == 1 : a.big->den_size == 1 && a.big->limbs[rat_num_limbs(a)] == 1;
}

bool rat_to_i64(struct rat a, int64_t *n)
{
    if (a.big != NULL || a.den != 1 || a.num < INT64_MIN || a.num > INT64_MAX) {
        return false;
    }
    *n = (int64_t)a.num;
    return true;
}

size_t rat_bits(struct rat a)
{
    if (a.big == NULL) {
        return bit_length(magnitude(a.num)) + bit_length((uint128)a.den);
    }
    if (rat_is_enclosure(a)) {
        return (size_t)enclosure_bits(a, a);
    }
    struct rat_view view;
    rat_view(&view, a);
    return mpz_sizeinbase(mpq_numref(view.q), 2) + mpz_sizeinbase(mpq_denref(view.q), 2);
}
