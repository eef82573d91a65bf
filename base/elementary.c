#include "base/elementary.h"

#include <mpfr.h>

#include "base/rational_big.h"

enum {
    WORKING_BITS = ELEMENTARY_BITS + 128
}; /* more than is lost below: an exponent up to 700, a quotient, a logarithm */

static struct elementary exactly(struct rat value)
{
    return (struct elementary){ELEMENTARY_GIVEN, true, value};
}

static struct elementary fails(enum elementary_state state)
{
    return (struct elementary){state, false, RAT_ZERO};
}

/* ---- between fractions and MPFR ---- */

static void read_rat(mpfr_t to, struct rat a)
{
    struct rat_view view;
    rat_view(&view, a);
    mpfr_set_q(to, view.q, MPFR_RNDN);
}

/* Limbs that a number of ELEMENTARY_BITS takes whose exponent of 2 is at most this in size. */
static size_t limbs_for(size_t exponent)
{
    return (exponent + 2 * ELEMENTARY_BITS) / 64 + 4;
}

/* The value as a fraction; room was taken before the value existed. */
static struct rat stored(struct rat_room *room, const mpfr_t value)
{
    mpq_t q;
    mpq_init(q);
    mpfr_get_q(q, value);
    struct rat number = rat_room_store(room, mpq_numref(q), mpq_denref(q));
    mpq_clear(q);
    return number;
}

static struct elementary rounded(struct rat_room *room, mpfr_t value)
{
    mpfr_prec_round(value, ELEMENTARY_BITS, MPFR_RNDN);
    return (struct elementary){ELEMENTARY_GIVEN, false, stored(room, value)};
}

struct rat elementary_round(struct arena *arena, struct rat a, int bits)
{
    struct rat_room room = rat_room_new(arena, limbs_for(rat_bits(a) + (size_t)bits));
    mpfr_t value;
    mpfr_init2(value, bits);
    read_rat(value, a);
    struct rat number = stored(&room, value);
    mpfr_clear(value);
    return number;
}

/* ---- roots ---- */

/* The root of both numerator and denominator, where both are whole; false where they are not. a > 0, degree >= 2. */
static bool perfect_root(struct arena *arena, struct rat a, unsigned long degree, struct rat *root)
{
    struct rat_room room = rat_room_new(arena, rat_num_limbs(a) + rat_den_limbs(a));
    struct rat_view view;
    rat_view(&view, a);
    mpz_t num;
    mpz_t den;
    mpz_init(num);
    mpz_init(den);
    bool is_perfect = mpz_root(num, mpq_numref(view.q), degree) != 0 && mpz_root(den, mpq_denref(view.q), degree) != 0;
    if (is_perfect) {
        *root = rat_room_store(&room, num, den);
    }
    mpz_clear(num);
    mpz_clear(den);
    return is_perfect;
}

struct elementary elementary_sqrt(struct arena *arena, struct rat a)
{
    struct rat root;
    if (rat_sign(a) < 0) {
        return fails(ELEMENTARY_NEGATIVE);
    }
    if (rat_sign(a) == 0 || perfect_root(arena, a, 2, &root)) {
        return exactly(rat_sign(a) == 0 ? RAT_ZERO : root);
    }
    struct rat_room room = rat_room_new(arena, limbs_for(rat_bits(a)));
    mpfr_t value;
    mpfr_init2(value, WORKING_BITS);
    read_rat(value, a);
    mpfr_sqrt(value, value, MPFR_RNDN);
    struct elementary result = rounded(&room, value);
    mpfr_clear(value);
    return result;
}

/* ---- exponentials and logarithms ---- */

static bool is_in_range(const mpfr_t exponent)
{
    return mpfr_cmpabs_ui(exponent, ELEMENTARY_EXPONENT_MAX) <= 0;
}

/* exp of the exponent, which is within range. */
static struct elementary exponential(struct rat_room *room, mpfr_t exponent, bool is_negative)
{
    mpfr_exp(exponent, exponent, MPFR_RNDN);
    mpfr_setsign(exponent, exponent, is_negative, MPFR_RNDN);
    return rounded(room, exponent);
}

struct elementary elementary_exp(struct arena *arena, struct rat a)
{
    if (rat_sign(a) == 0) {
        return exactly(RAT_ONE);
    }
    struct rat_room room = rat_room_new(arena, limbs_for(2 * ELEMENTARY_EXPONENT_MAX));
    mpfr_t value;
    mpfr_init2(value, WORKING_BITS);
    read_rat(value, a);
    struct elementary result = is_in_range(value) ? exponential(&room, value, false) : fails(ELEMENTARY_RANGE);
    mpfr_clear(value);
    return result;
}

struct logarithm { /* of a positive number: that of 1 + distance where it is near 1, which would lose digits otherwise
                    */
    struct rat number;
    bool is_near_one;
};

static struct logarithm logarithm_of(struct arena *arena, struct rat a)
{
    struct rat distance = rat_sub(arena, a, RAT_ONE);
    struct rat half = {1, 2, NULL};
    bool is_near_one = rat_cmp(arena, rat_abs(arena, distance), half) < 0;
    return (struct logarithm){is_near_one ? distance : a, is_near_one};
}

static void take_logarithm(mpfr_t to, const struct logarithm *of)
{
    read_rat(to, of->number);
    if (of->is_near_one) {
        mpfr_log1p(to, to, MPFR_RNDN);
    } else {
        mpfr_log(to, to, MPFR_RNDN);
    }
}

struct elementary elementary_ln(struct arena *arena, struct rat a)
{
    if (rat_sign(a) <= 0) {
        return fails(ELEMENTARY_NEGATIVE);
    }
    if (rat_eq(a, RAT_ONE)) {
        return exactly(RAT_ZERO);
    }
    struct logarithm of = logarithm_of(arena, a);
    struct rat_room room = rat_room_new(arena, limbs_for(rat_bits(of.number)));
    mpfr_t value;
    mpfr_init2(value, WORKING_BITS);
    take_logarithm(value, &of);
    struct elementary result = rounded(&room, value);
    mpfr_clear(value);
    return result;
}

/* ---- powers ---- */

static bool is_odd(struct rat whole)
{
    struct rat_view view;
    rat_view(&view, whole);
    return mpz_odd_p(mpq_numref(view.q)) != 0;
}

/* a to the power b, within range, where that is a fraction of a reasonable size: b is whole, or the root of a is. */
static bool exact_power(struct arena *arena, struct rat a, struct rat b, struct rat *power)
{
    enum { POWER_MAX = 10000 };
    bool is_small = b.big == NULL && b.num >= -POWER_MAX && b.num <= POWER_MAX && b.den <= ELEMENTARY_EXACT_BITS_MAX;
    if (!is_small || (b.den > 1 && !perfect_root(arena, a, (unsigned long)b.den, &a))) {
        return false;
    }
    int exponent = (int)b.num;
    size_t times = (size_t)(exponent < 0 ? -exponent : exponent);
    if (rat_bits(a) * times > ELEMENTARY_EXACT_BITS_MAX) {
        return false;
    }
    *power = rat_pow(arena, a, exponent);
    return true;
}

/* Where a is not 0 and its sign fits b: e to the power b ln |a|. */
static struct elementary power_of(struct arena *arena, struct rat a, struct rat b)
{
    bool is_negative = rat_sign(a) < 0 && is_odd(b);
    struct logarithm of = logarithm_of(arena, rat_abs(arena, a));
    struct rat_room room = rat_room_new(arena, limbs_for(2 * ELEMENTARY_EXPONENT_MAX));
    mpfr_t exponent;
    mpfr_t factor;
    mpfr_init2(exponent, WORKING_BITS);
    mpfr_init2(factor, WORKING_BITS);
    take_logarithm(exponent, &of);
    read_rat(factor, b);
    mpfr_mul(exponent, exponent, factor, MPFR_RNDN);
    struct elementary result =
        is_in_range(exponent) ? exponential(&room, exponent, is_negative) : fails(ELEMENTARY_RANGE);
    mpfr_clear(exponent);
    mpfr_clear(factor);
    return result;
}

struct elementary elementary_pow(struct arena *arena, struct rat a, struct rat b)
{
    struct rat power;
    if (rat_sign(b) == 0 || rat_eq(a, RAT_ONE)) {
        return exactly(RAT_ONE);
    }
    if (rat_sign(a) == 0) {
        return rat_sign(b) < 0 ? fails(ELEMENTARY_ZERO) : exactly(RAT_ZERO);
    }
    if (rat_sign(a) < 0 && !rat_is_int(b)) {
        return fails(ELEMENTARY_NEGATIVE);
    }
    if (rat_eq(a, rat_int(-1))) {
        return exactly(is_odd(b) ? a : RAT_ONE);
    }
    struct elementary near = power_of(arena, a, b);
    return near.state == ELEMENTARY_GIVEN && exact_power(arena, a, b, &power) ? exactly(power) : near;
}

void elementary_release(void)
{
    mpfr_free_cache();
}
