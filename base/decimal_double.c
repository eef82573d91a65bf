/* Doubles from decimals and from rationals, correctly rounded; the exact values of doubles. */
#include <assert.h>
#include <float.h>
#include <string.h>

#include "base/decimal_parts.h"
#include "base/enclosure.h"
#include "powers.h"

_Static_assert((int)POWER_MIN == POWERS_FIRST && (int)POWER_MAX == POWERS_LAST,
               "the generated table has another range");
#ifdef __FAST_MATH__
#error "bounds of errors hold for IEEE arithmetic; -ffast-math is another"
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "doubles must be computed as doubles");

enum { EXPONENT_BIAS = 1023, FRACTION_BITS = 52 };
#define FRACTION_LIMIT ((uint64_t)1 << FRACTION_BITS)
#define INFINITE_BITS ((uint64_t)0x7FF << FRACTION_BITS)
#define SIGN_BIT ((uint64_t)1 << 63)

uint128 power_bits(int exponent)
{
    assert(exponent >= POWER_MIN && exponent <= POWER_MAX);
    const uint64_t *row = POWERS[exponent - POWER_MIN];
    return (uint128)row[0] << 64 | row[1];
}

static double double_of_bits(bool is_negative, uint64_t bits)
{
    bits |= is_negative ? SIGN_BIT : 0;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

double double_round(bool is_negative, uint64_t leading, bool has_fraction, long exponent)
{
    assert(leading >> 63 == 1);
    long top = exponent + 63; /* the value is in [2^top, 2^(top + 1)) */
    if (top > EXPONENT_BIAS) {
        return double_of_bits(is_negative, INFINITE_BITS);
    }
    long precision = top >= 1 - EXPONENT_BIAS ? FRACTION_BITS + 1 : FRACTION_BITS + EXPONENT_BIAS + top;
    if (precision < 0) {
        return double_of_bits(is_negative, 0);
    }
    int dropped = (int)(64 - precision); /* 11 to 64 */
    uint64_t kept = dropped == 64 ? 0 : leading >> dropped;
    uint64_t rest = dropped == 64 ? leading : leading & (((uint64_t)1 << dropped) - 1);
    uint64_t half = (uint64_t)1 << (dropped - 1);
    if (rest > half || (rest == half && (has_fraction || (kept & 1) != 0))) {
        kept++; /* may carry into the exponent below, as it should */
    }
    if (top < 1 - EXPONENT_BIAS) {
        return double_of_bits(is_negative, kept);
    }
    return double_of_bits(is_negative, ((uint64_t)(top + EXPONENT_BIAS - 1) << FRACTION_BITS) + kept);
}

/* num / den > 0 by exact division. */
static double double_of_ratio(bool is_negative, mpz_srcptr num, mpz_srcptr den)
{
    /* A quotient of 65 or 66 bits: the leading 64 and at least one that tells, with the remainder, the fraction. */
    long shift = 65 - (long)mpz_sizeinbase(num, 2) + (long)mpz_sizeinbase(den, 2);
    mpz_t quotient;
    mpz_t rest;
    mpz_init(quotient);
    mpz_init(rest);
    if (shift >= 0) {
        mpz_mul_2exp(quotient, num, (mp_bitcnt_t)shift);
        mpz_tdiv_qr(quotient, rest, quotient, den);
    } else {
        mpz_mul_2exp(rest, den, (mp_bitcnt_t)-shift);
        mpz_tdiv_qr(quotient, rest, num, rest);
    }
    int excess = (int)mpz_sizeinbase(quotient, 2) - 64;
    bool has_fraction = mpz_sgn(rest) != 0 || mpz_scan1(quotient, 0) < (mp_bitcnt_t)excess;
    mpz_tdiv_q_2exp(quotient, quotient, (mp_bitcnt_t)excess);
    uint64_t leading = mpz_getlimbn(quotient, 0);
    mpz_clear(quotient);
    mpz_clear(rest);
    return double_round(is_negative, leading, has_fraction, excess - shift);
}

double double_of_digits(const char *digits, long exponent)
{
    mpz_t num;
    mpz_t den;
    mpz_init_set_str(num, digits, 10);
    mpz_init(den);
    mpz_ui_pow_ui(den, 10, (unsigned long)(exponent < 0 ? -exponent : exponent));
    if (exponent > 0) {
        mpz_mul(num, num, den);
        mpz_set_ui(den, 1);
    }
    double x = double_of_ratio(false, num, den);
    mpz_clear(num);
    mpz_clear(den);
    return x;
}

double rat_to_double(struct rat a)
{
    int128 exact = (int128)1 << 53;
    if (a.big == NULL && a.num <= exact && a.num >= -exact && a.den <= exact) {
        return (double)(int64_t)a.num / (double)(int64_t)a.den; /* one rounding of exact operands */
    }
    if (rat_is_enclosure(a)) {
        return enclosure_to_double(a);
    }
    struct rat_view view;
    rat_view(&view, a);
    mpz_t size;
    mpz_srcptr num = mpq_numref(view.q);
    mpz_roinit_n(size, mpz_limbs_read(num), (mp_size_t)mpz_size(num));
    return double_of_ratio(rat_sign(a) < 0, size, mpq_denref(view.q));
}

struct rat rat_of_double(struct arena *arena, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bool is_negative = (bits & SIGN_BIT) != 0;
    int exponent = (int)((bits & ~SIGN_BIT) >> FRACTION_BITS);
    uint64_t fraction = bits & (FRACTION_LIMIT - 1);
    assert(exponent != 0x7FF);
    if (exponent == 0 && fraction == 0) {
        return RAT_ZERO;
    }
    uint64_t odd = exponent == 0 ? fraction : fraction | FRACTION_LIMIT;
    int power = (exponent == 0 ? 1 : exponent) - EXPONENT_BIAS - FRACTION_BITS;
    int zeros = __builtin_ctzll(odd);
    odd >>= zeros;
    power += zeros;
    int128 num = is_negative ? -(int128)odd : (int128)odd;
    if (power >= 0 && power <= 126 - 53) {
        return (struct rat){num * ((int128)1 << power), 1, NULL};
    }
    if (power < 0 && power >= -126) {
        return (struct rat){num, (int128)1 << -power, NULL};
    }
    return rat_big_shift(arena, is_negative, odd, power);
}

struct rat rat_of_datum(struct arena *arena, double x)
{
    if (x > -0x1p53 && x < 0x1p53 && x == (double)(int64_t)x) {
        return rat_int((int64_t)x); /* a whole number of at most 16 digits is its own shortest decimal */
    }
    struct decimal decimal = decimal_shortest(x);
    int128 num = decimal.is_negative ? -(int128)decimal.digits : (int128)decimal.digits;
    if (decimal.exponent < 0 && decimal.exponent >= -WHOLE_POWER_MAX) {
        return rat_of(arena, num, whole_power(-decimal.exponent));
    }
    return rat_mul(arena, rat_of(arena, num, 1), rat_pow(arena, rat_int(10), decimal.exponent));
}
