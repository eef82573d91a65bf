/* What reading and printing of decimals share: the table of powers of ten and the making of a double from bits.
   Owns nothing. Internal to base/; knows nothing of text. */
#ifndef ZUJI_BASE_DECIMAL_PARTS_H
#define ZUJI_BASE_DECIMAL_PARTS_H

#include "base/decimal.h"

/* floor(log2(10^exponent)) for |exponent| <= 1233; checked by tools/gen_powers.c over the range of the table. */
static inline int power_binary_exponent(int exponent)
{
    return (int)(((exponent * 1741647L + (4096L << 19)) >> 19) - 4096);
}

/* Within this range the 128 bits of the table are the power exactly (5^55 < 2^128). */
static inline bool power_is_exact(int exponent)
{
    return exponent >= 0 && exponent <= 55;
}

enum { POWERS_FIRST = -342, POWERS_LAST = 324 };
/* The leading 128 bits of 10^exponent, rounded down: 10^exponent / 2^(power_binary_exponent - 127). */
uint128 power_bits(int exponent);

/* The double nearest to (leading + fraction) * 2^exponent, ties to even; leading has its top bit set, and the
   fraction in [0, 1) is zero or not. Overflow gives infinity. */
double double_round(bool is_negative, uint64_t leading, bool has_fraction, long exponent);

/* Digits (with a NUL, not all zero) * 10^exponent as the nearest double, by exact arithmetic. */
double double_of_digits(const char *digits, long exponent);

/* 10^exponent, 0 <= exponent <= WHOLE_POWER_MAX; 10^38 still is below 2^127. */
enum { WHOLE_POWER_MAX = 37 };
static inline int128 whole_power(int exponent)
{
    int128 power = 1;
    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

#endif
