#include "base/elementary.h"

#include "base/enclosure.h"

static struct elementary exactly(struct rat value)
{
    return (struct elementary){ELEMENTARY_GIVEN, true, value};
}

static struct elementary nearly(struct rat value)
{
    return (struct elementary){ELEMENTARY_GIVEN, false, value};
}

static struct elementary fails(enum elementary_state state)
{
    return (struct elementary){state, false, RAT_ZERO};
}

/* An increasing function of MPFR. */
typedef int increasing(mpfr_t to, const mpfr_t of, mpfr_rnd_t rounding);

static struct rat apply(struct arena *arena, increasing *function, struct rat a, int bits)
{
    struct enclosure_room room;
    struct enclosure_view view;
    enclosure_room(&room, arena, bits);
    enclosure_view(&view, a, bits);
    function(room.low, view.low, MPFR_RNDD);
    function(room.high, view.high, MPFR_RNDU);
    return enclosure_store(&room);
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

struct elementary elementary_sqrt(struct arena *arena, struct rat a, int bits)
{
    struct rat root;
    int sign;
    if (!rat_order(a, RAT_ZERO, &sign)) {
        return fails(ELEMENTARY_OPEN);
    }
    if (sign <= 0) {
        return sign < 0 ? fails(ELEMENTARY_NEGATIVE) : exactly(RAT_ZERO);
    }
    if (!rat_is_enclosure(a) && perfect_root(arena, a, 2, &root)) {
        return exactly(root);
    }
    return nearly(apply(arena, mpfr_sqrt, a, bits));
}

/* ---- exponentials and logarithms ---- */

struct elementary elementary_exp(struct arena *arena, struct rat a, int bits)
{
    int order;
    if (!rat_order(rat_abs(arena, a), rat_int(ELEMENTARY_EXPONENT_MAX), &order)) {
        return fails(ELEMENTARY_OPEN);
    }
    if (order > 0) {
        return fails(ELEMENTARY_RANGE);
    }
    bool is_zero = !rat_is_enclosure(a) && rat_sign(a) == 0;
    return is_zero ? exactly(RAT_ONE) : nearly(apply(arena, mpfr_exp, a, bits));
}

/* Of a > 0. The logarithm of a rational next to 1 is that of 1 + distance, or it would lose the distance's digits. */
static struct rat logarithm(struct arena *arena, struct rat a, int bits)
{
    struct rat distance = rat_sub(arena, a, RAT_ONE);
    struct rat half = {1, 2, NULL};
    bool is_near_one = !rat_is_enclosure(a) && rat_cmp(arena, rat_abs(arena, distance), half) < 0;
    return is_near_one ? apply(arena, mpfr_log1p, distance, bits) : apply(arena, mpfr_log, a, bits);
}

struct elementary elementary_ln(struct arena *arena, struct rat a, int bits)
{
    int sign;
    if (!rat_order(a, RAT_ZERO, &sign)) {
        return fails(ELEMENTARY_OPEN);
    }
    if (sign <= 0) {
        return fails(ELEMENTARY_NEGATIVE);
    }
    bool is_one = !rat_is_enclosure(a) && rat_eq(a, RAT_ONE);
    return is_one ? exactly(RAT_ZERO) : nearly(logarithm(arena, a, bits));
}

/* ---- powers ---- */

static bool is_odd(struct rat whole)
{
    struct rat_view view;
    rat_view(&view, whole);
    return mpz_odd_p(mpq_numref(view.q)) != 0;
}

/* a to the power b, rational and within range, where that is a fraction of a reasonable size: b is whole, or the root
   of a is. */
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
static struct elementary power_of(struct arena *arena, struct rat a, struct rat b, int bits)
{
    struct rat exponent = rat_mul(arena, b, logarithm(arena, rat_abs(arena, a), bits));
    struct elementary power = elementary_exp(arena, exponent, bits);
    if (power.state == ELEMENTARY_GIVEN && rat_sign(a) < 0 && is_odd(b)) {
        power.value = rat_neg(arena, power.value);
    }
    return power;
}

/* Of a = 0 (or taken for it). */
static struct elementary power_of_zero(struct rat b)
{
    int sign;
    if (!rat_order(b, RAT_ZERO, &sign)) {
        return fails(ELEMENTARY_OPEN);
    }
    return sign < 0 ? fails(ELEMENTARY_ZERO) : exactly(sign == 0 ? RAT_ONE : RAT_ZERO);
}

struct elementary elementary_pow(struct arena *arena, struct rat a, struct rat b, int bits)
{
    int sign;
    struct rat power;
    bool are_rational = !rat_is_enclosure(a) && !rat_is_enclosure(b);
    if (rat_eq(b, RAT_ZERO) && !rat_is_enclosure(b)) {
        return exactly(RAT_ONE);
    }
    if (!rat_is_enclosure(a) && rat_eq(a, RAT_ONE)) {
        return exactly(RAT_ONE);
    }
    if (!rat_order(a, RAT_ZERO, &sign)) {
        return fails(ELEMENTARY_OPEN);
    }
    if (sign == 0) {
        return power_of_zero(b);
    }
    if (sign < 0 && !rat_is_int(b)) {
        return fails(ELEMENTARY_NEGATIVE);
    }
    if (are_rational && rat_eq(a, rat_int(-1))) {
        return exactly(is_odd(b) ? a : RAT_ONE);
    }
    struct elementary near = power_of(arena, a, b, bits);
    bool is_fraction = near.state == ELEMENTARY_GIVEN && are_rational && exact_power(arena, a, b, &power);
    return is_fraction ? exactly(power) : near;
}

void elementary_release(void)
{
    mpfr_free_cache();
}
