#include "vm/random.h"

#include <math.h>

#include "vm/functions.h"

/* ---- the generator ---- */

void random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    enum { ROUNDS = 10 };
    const uint64_t multiplier[2] = {0xD2511F53, 0xCD9E8D57};
    const uint32_t step[2] = {0x9E3779B9, 0xBB67AE85};
    uint32_t x[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t k[2] = {key[0], key[1]};
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t first = multiplier[0] * x[0];
        uint64_t second = multiplier[1] * x[2];
        x[0] = (uint32_t)(second >> 32) ^ x[1] ^ k[0];
        x[1] = (uint32_t)second;
        x[2] = (uint32_t)(first >> 32) ^ x[3] ^ k[1];
        x[3] = (uint32_t)first;
        k[0] += step[0];
        k[1] += step[1];
    }
    for (int i = 0; i < 4; i++) {
        out[i] = x[i];
    }
}

double random_uniform(const uint32_t counter[4], uint64_t seed)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t words[4];
    random_philox(counter, key, words);
    uint64_t part = ((uint64_t)words[1] << 32 | words[0]) >> 12;
    return (double)(2 * part + 1) * 0x1p-53;
}

/* ---- the normal distribution ---- */

enum { TERMS = 8 };

/* A quotient of polynomials, from the lowest power. */
struct quotient {
    double above[TERMS], below[TERMS];
};

static const struct quotient MIDDLE = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4,                                                                                                     6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0,                     4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
     3.9307895800092710610e4,                                                                                                                              2.8729085735721942674e4, 5.2264952788528545610e3}
};
static const struct quotient NEAR = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0,                                                                                                           2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0,                      2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
     1.51986665636164571966e-2,                                                                                                                                     5.47593808499534494600e-4, 1.05075007164441684324e-9}
};
static const struct quotient FAR = {
    {6.65790464350110377720e0, 5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
     2.65321895265761230930e-2,                                                                                                            1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7 },
    {1.0,                      5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
     1.84631831751005468180e-5,                                                                                                                                       1.42151175831644588870e-7, 2.04426310338993978564e-15}
};

static double polynomial(const double terms[TERMS], double x)
{
    double value = terms[TERMS - 1];
    for (int k = TERMS - 1; k-- > 0;) {
        value = value * x + terms[k];
    }
    return value;
}

static double quotient_at(const struct quotient *quotient, double x)
{
    return polynomial(quotient->above, x) / polynomial(quotient->below, x);
}

double random_normal_quantile(double p)
{
    double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) {
        return q * quotient_at(&MIDDLE, 0.180625 - q * q);
    }
    double r = sqrt(-function_ln(q < 0 ? p : 1 - p));
    double size = r <= 5 ? quotient_at(&NEAR, r - 1.6) : quotient_at(&FAR, r - 5);
    return q < 0 ? -size : size;
}
