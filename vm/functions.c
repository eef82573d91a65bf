/* Powers need a logarithm that is known to more digits than a double has: y ln x is up to 700, and an error in it is a
   relative error of the power. So logarithms are computed as sums of two doubles. */
#include "vm/functions.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LARGEST_EXPONENT 701.0 /* e^701 < 2^1012: results stay far from where doubles end */

/* ---- sums of two doubles ----------------------------------------------------------------------------------------- */

struct pair { /* high + low, where high is the double next to it */
    double high, low;
};

/* a + b, exactly (Knuth). */
static struct pair sum(double a, double b)
{
    double high = a + b;
    double of_b = high - a;
    return (struct pair){high, (a - (high - of_b)) + (b - of_b)};
}

/* a * b, exactly (Dekker, Veltkamp): both are split into halves of at most 26 bits. */
static struct pair product(double a, double b)
{
    const double split = 134217729; /* 2^27 + 1 */
    double a_high = a * split - (a * split - a);
    double b_high = b * split - (b * split - b);
    double a_low = a - a_high;
    double b_low = b - b_high;
    double high = a * b;
    return (struct pair){high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/* Both to about 2^-100. */
static struct pair pair_sum(struct pair a, struct pair b)
{
    struct pair high = sum(a.high, b.high);
    return sum(high.high, high.low + (a.low + b.low));
}

static struct pair pair_product(struct pair a, struct pair b)
{
    struct pair high = product(a.high, b.high);
    return sum(high.high, high.low + (a.high * b.low + a.low * b.high));
}

/* ---- bits -------------------------------------------------------------------------------------------------------- */

enum { EXPONENT_BIAS = 1023, FRACTION_BITS = 52 };

/* x = result * 2^exponent, with the result in [1, 2). */
static double take_apart(double x, int *exponent)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    *exponent = (int)(bits >> FRACTION_BITS) - EXPONENT_BIAS;
    bits = (bits & ((UINT64_C(1) << FRACTION_BITS) - 1)) | (uint64_t)EXPONENT_BIAS << FRACTION_BITS;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double power_of_two(int exponent)
{
    uint64_t bits = (uint64_t)(exponent + EXPONENT_BIAS) << FRACTION_BITS;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* ---- logarithm --------------------------------------------------------------------------------------------------- */

/* ln 2 in two parts: whole multiples of the first, up to 2^11 times, are doubles. */
static const double LN2_HIGH = 0x1.62e42fefa38p-1;
static const double LN2_LOW = 0x1.ef35793c7673p-45;

/* s^2/5 + s^4/7 + …: what follows 1/3 in artanh(s) = s + s^3 (1/3 + s^2/5 + …). Of |s| <= 0.1716 the terms left out
   are below 2^-70 of the logarithm. */
static double tail(double square)
{
    static const double odd[] = {29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5};
    double value = 0;
    for (int k = 0; k < (int)(sizeof odd / sizeof *odd); k++) {
        value = square * (value + 1 / odd[k]);
    }
    return value;
}

/* ln x to 2^-63 of it. With x = 2^k m, m in [0.7, 1.42): k ln 2 + 2 artanh((m - 1) / (m + 1)). The leading terms s and
   s^3/3 are sums of two doubles; the rest, s^5/5 on, is at most 2^-10 of the whole and has the error of a double. Near
   1 k is 0, so nothing cancels. */
static struct pair logarithm(double x)
{
    static const struct pair third = {0x1.5555555555555p-2, 0x1.5555555555555p-56};
    int k;
    double m = take_apart(x, &k);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        k++;
    }
    double up = m - 1; /* exact */
    struct pair down = sum(m, 1);
    struct pair s = {up / down.high, 0};
    struct pair back = product(s.high, down.high);
    s.low = ((up - back.high) - back.low - s.high * down.low) / down.high;
    struct pair square = pair_product(s, s);
    struct pair factor = pair_sum(third, (struct pair){tail(square.high), 0});
    struct pair m_part = pair_sum(s, pair_product(pair_product(square, s), factor));
    struct pair k_part = sum(k * LN2_HIGH, k * LN2_LOW);
    return pair_sum(k_part, (struct pair){2 * m_part.high, 2 * m_part.low});
}

double function_ln(double x)
{
    return logarithm(x).high; /* the double next to it: error 1, and 2^-10 for that of the pair */
}

/* ---- exponential ------------------------------------------------------------------------------------------------- */

/* e^(high + low) = 2^k e^r with |r| <= 0.35. The series ends with r^15/15!, which leaves out 2^-68. Error: e^r is
   1 + p with |p| < 0.42, p itself is known to 2 units of it, the sum is rounded once: below 2. */
static double exponential(double high, double low)
{
    static const double reciprocals[] = {1 / 1307674368000.0,
                                         1 / 87178291200.0,
                                         1 / 6227020800.0,
                                         1 / 479001600.0,
                                         1 / 39916800.0,
                                         1 / 3628800.0,
                                         1 / 362880.0,
                                         1 / 40320.0,
                                         1 / 5040.0,
                                         1 / 720.0,
                                         1 / 120.0,
                                         1 / 24.0,
                                         1 / 6.0,
                                         0.5};
    double scaled = high * 1.4426950408889634;
    int k = (int)(scaled + (scaled < 0 ? -0.5 : 0.5));
    struct pair r = sum(high - k * LN2_HIGH, low - k * LN2_LOW); /* the first difference is exact */
    double series = 0;
    for (int n = 0; n < (int)(sizeof reciprocals / sizeof *reciprocals); n++) {
        series = series * r.high + reciprocals[n];
    }
    double p = r.high + (r.high * r.high * series + (r.low + r.high * r.low));
    return (1 + p) * power_of_two(k);
}

double function_exp(double x)
{
    return exponential(x, 0);
}

/* The error of the exponent, 701 * 2^-63, is half a unit of the power; the exponential adds its own. */
double function_pow(double x, double y)
{
    struct pair ln = logarithm(x);
    struct pair exponent = product(y, ln.high);
    exponent.low += y * ln.low;
    if (!(exponent.high >= -LARGEST_EXPONENT && exponent.high <= LARGEST_EXPONENT)) {
        return NAN;
    }
    return exponential(exponent.high, exponent.low);
}
