#include "base/enclosure.h"

#include <assert.h>

/* What a struct rat_big holds for an enclosure: den_size is 0, num_size the sign (0 where it is not known), and

       limbs: | bits | kind, exponent of low | kind, exponent of high | significand of low | significand of high | */
enum { AT_BITS, AT_LOW, AT_HIGH = AT_LOW + 2, AT_ENDS = AT_HIGH + 2 };

/* Nothing is computed below 2^-65536 in size: such ends are rounded outwards to that or to 0, or they would grow for
   ever where an enclosure of 0 is squared. Nor are such numbers written out as fractions. */
enum { EXPONENT_MAX = 65536 };

static size_t limbs_of(int bits)
{
    return ((size_t)bits + 63) / 64;
}

bool rat_is_enclosure(struct rat a)
{
    return a.big != NULL && a.big->den_size == 0;
}

static int bits_of(struct rat a)
{
    return rat_is_enclosure(a) ? (int)a.big->limbs[AT_BITS] : 0;
}

int enclosure_bits(struct rat a, struct rat b)
{
    return bits_of(a) > bits_of(b) ? bits_of(a) : bits_of(b);
}

/* ---- reading ---- */

/* MPFR takes significands that it may write to; these it only reads. */
static void read_end(mpfr_t end, const struct rat_big *big, size_t at, size_t significand)
{
    mp_limb_t *limbs = (mp_limb_t *)(uintptr_t)(big->limbs + significand);
    mpfr_custom_init_set(end, (int)(mp_limb_signed_t)big->limbs[at], (mpfr_exp_t)big->limbs[at + 1],
                         (mpfr_prec_t)big->limbs[AT_BITS], limbs);
}

static void read_ends(mpfr_t low, mpfr_t high, struct rat a)
{
    size_t limbs = limbs_of(bits_of(a));
    read_end(low, a.big, AT_LOW, AT_ENDS);
    read_end(high, a.big, AT_HIGH, AT_ENDS + limbs);
}

static void own_end(mpfr_t end, mp_limb_t *limbs, int bits)
{
    mpfr_custom_init_set(end, MPFR_ZERO_KIND, 0, bits, limbs);
}

void enclosure_view(struct enclosure_view *view, struct rat a, int bits)
{
    assert(limbs_of(bits) <= ENCLOSURE_LIMBS);
    if (bits_of(a) == bits) {
        read_ends(view->low, view->high, a);
        return;
    }
    own_end(view->low, view->limbs[0], bits);
    own_end(view->high, view->limbs[1], bits);
    if (rat_is_enclosure(a)) {
        mpfr_t low;
        mpfr_t high;
        read_ends(low, high, a);
        mpfr_set(view->low, low, MPFR_RNDD);
        mpfr_set(view->high, high, MPFR_RNDU);
        return;
    }
    struct rat_view rational;
    rat_view(&rational, a);
    mpfr_set_q(view->low, rational.q, MPFR_RNDD);
    mpfr_set_q(view->high, rational.q, MPFR_RNDU);
}

/* ---- making ---- */

void enclosure_room(struct enclosure_room *room, struct arena *arena, int bits)
{
    size_t limbs = limbs_of(bits);
    room->bits = bits;
    room->room = rat_room_new(arena, AT_ENDS + 2 * limbs);
    own_end(room->low, room->room.big->limbs + AT_ENDS, bits);
    own_end(room->high, room->room.big->limbs + AT_ENDS + limbs, bits);
}

static void widen_tiny_end(mpfr_t end, mpfr_rnd_t outwards)
{
    if (mpfr_regular_p(end) && mpfr_get_exp(end) < -EXPONENT_MAX) {
        bool is_to_zero = (mpfr_sgn(end) > 0) == (outwards == MPFR_RNDD);
        int sign = mpfr_sgn(end);
        mpfr_set_zero(end, 1);
        if (!is_to_zero) {
            mpfr_set_si_2exp(end, sign, -EXPONENT_MAX, outwards);
        }
    }
}

static void write_end(struct rat_big *big, size_t at, mpfr_t end)
{
    big->limbs[at] = (mp_limb_t)mpfr_custom_get_kind(end);
    big->limbs[at + 1] = mpfr_regular_p(end) ? (mp_limb_t)mpfr_get_exp(end) : 0;
}

struct rat enclosure_store(struct enclosure_room *room)
{
    struct rat_big *big = room->room.big;
    if (mpfr_nan_p(room->low) || mpfr_nan_p(room->high)) {
        mpfr_set_inf(room->low, -1);
        mpfr_set_inf(room->high, 1);
    }
    widen_tiny_end(room->low, MPFR_RNDD);
    widen_tiny_end(room->high, MPFR_RNDU);
    big->num_size = mpfr_sgn(room->low) > 0 ? 1 : mpfr_sgn(room->high) < 0 ? -1 : 0;
    big->den_size = 0;
    big->limbs[AT_BITS] = (mp_limb_t)room->bits;
    write_end(big, AT_LOW, room->low);
    write_end(big, AT_HIGH, room->high);
    return (struct rat){0, 1, big};
}

struct rat rat_enclosed(struct arena *arena, struct rat a, int bits)
{
    struct enclosure_room room;
    struct enclosure_view view;
    enclosure_room(&room, arena, bits);
    enclosure_view(&view, a, bits);
    mpfr_set(room.low, view.low, MPFR_RNDD);
    mpfr_set(room.high, view.high, MPFR_RNDU);
    return enclosure_store(&room);
}

struct rat rat_bounded(struct arena *arena, struct rat a, size_t most, int bits)
{
    bool is_long = a.big != NULL && !rat_is_enclosure(a) && rat_bits(a) > most;
    return is_long ? rat_enclosed(arena, a, bits) : a;
}

/* ---- arithmetic ---- */

/* Both ends of a product: which ends of the factors meet depends on the signs. */
static void multiply(struct enclosure_room *to, mpfr_t a_low, mpfr_t a_high, mpfr_t b_low, mpfr_t b_high)
{
    bool a_is_positive = mpfr_sgn(a_low) >= 0;
    bool a_is_negative = mpfr_sgn(a_high) <= 0;
    if (a_is_positive) {
        mpfr_mul(to->low, mpfr_sgn(b_low) >= 0 ? a_low : a_high, b_low, MPFR_RNDD);
        mpfr_mul(to->high, mpfr_sgn(b_high) >= 0 ? a_high : a_low, b_high, MPFR_RNDU);
    } else if (a_is_negative) {
        mpfr_mul(to->low, mpfr_sgn(b_high) >= 0 ? a_low : a_high, b_high, MPFR_RNDD);
        mpfr_mul(to->high, mpfr_sgn(b_low) >= 0 ? a_high : a_low, b_low, MPFR_RNDU);
    } else if (mpfr_sgn(b_low) >= 0) {
        mpfr_mul(to->low, a_low, b_high, MPFR_RNDD);
        mpfr_mul(to->high, a_high, b_high, MPFR_RNDU);
    } else if (mpfr_sgn(b_high) <= 0) {
        mpfr_mul(to->low, a_high, b_low, MPFR_RNDD);
        mpfr_mul(to->high, a_low, b_low, MPFR_RNDU);
    } else {
        mp_limb_t limbs[ENCLOSURE_LIMBS];
        mpfr_t other;
        own_end(other, limbs, to->bits);
        mpfr_mul(to->low, a_low, b_high, MPFR_RNDD);
        mpfr_mul(other, a_high, b_low, MPFR_RNDD);
        mpfr_min(to->low, to->low, other, MPFR_RNDD);
        mpfr_mul(to->high, a_low, b_low, MPFR_RNDU);
        mpfr_mul(other, a_high, b_high, MPFR_RNDU);
        mpfr_max(to->high, to->high, other, MPFR_RNDU);
    }
}

/* 1 / b where b has a sign; the whole line where it has none. */
static void invert(struct enclosure_view *b, int bits)
{
    mp_limb_t limbs[2][ENCLOSURE_LIMBS];
    mpfr_t low;
    mpfr_t high;
    own_end(low, limbs[0], bits);
    own_end(high, limbs[1], bits);
    if (mpfr_sgn(b->low) <= 0 && mpfr_sgn(b->high) >= 0) {
        mpfr_set_inf(low, -1);
        mpfr_set_inf(high, 1);
    } else {
        mpfr_ui_div(low, 1, b->high, MPFR_RNDD);
        mpfr_ui_div(high, 1, b->low, MPFR_RNDU);
    }
    own_end(b->low, b->limbs[0], bits);
    own_end(b->high, b->limbs[1], bits);
    mpfr_set(b->low, low, MPFR_RNDD);
    mpfr_set(b->high, high, MPFR_RNDU);
}

struct rat enclosure_operate(struct arena *arena, enum rat_operation operation, struct rat a, struct rat b)
{
    int bits = enclosure_bits(a, b);
    bool is_product = operation == RAT_MUL || operation == RAT_DIV;
    if (is_product && ((a.big == NULL && a.num == 0) || (operation == RAT_MUL && b.big == NULL && b.num == 0))) {
        return RAT_ZERO;
    }
    struct enclosure_room room;
    struct enclosure_view x;
    struct enclosure_view y;
    enclosure_room(&room, arena, bits);
    enclosure_view(&x, a, bits);
    enclosure_view(&y, b, bits);
    switch (operation) {
    case RAT_ADD:
        mpfr_add(room.low, x.low, y.low, MPFR_RNDD);
        mpfr_add(room.high, x.high, y.high, MPFR_RNDU);
        break;
    case RAT_SUB:
        mpfr_sub(room.low, x.low, y.high, MPFR_RNDD);
        mpfr_sub(room.high, x.high, y.low, MPFR_RNDU);
        break;
    case RAT_DIV:
        invert(&y, bits);
        multiply(&room, x.low, x.high, y.low, y.high);
        break;
    case RAT_MUL:
        multiply(&room, x.low, x.high, y.low, y.high);
        break;
    }
    return enclosure_store(&room);
}

struct rat enclosure_negated(struct arena *arena, struct rat a)
{
    struct enclosure_room room;
    struct enclosure_view view;
    enclosure_room(&room, arena, bits_of(a));
    enclosure_view(&view, a, bits_of(a));
    mpfr_neg(room.low, view.high, MPFR_RNDD);
    mpfr_neg(room.high, view.low, MPFR_RNDU);
    return enclosure_store(&room);
}

struct rat enclosure_absolute(struct arena *arena, struct rat a)
{
    if (rat_sign(a) != 0) {
        return rat_sign(a) > 0 ? a : enclosure_negated(arena, a);
    }
    struct enclosure_room room;
    struct enclosure_view view;
    enclosure_room(&room, arena, bits_of(a));
    enclosure_view(&view, a, bits_of(a));
    mpfr_neg(room.low, view.low, MPFR_RNDU);
    mpfr_max(room.high, room.low, view.high, MPFR_RNDU);
    mpfr_set_zero(room.low, 1);
    return enclosure_store(&room);
}

struct rat enclosure_power(struct arena *arena, struct rat a, unsigned exponent)
{
    struct rat base = exponent % 2 == 0 ? enclosure_absolute(arena, a) : a; /* then greater bases have greater powers */
    struct enclosure_room room;
    struct enclosure_view view;
    enclosure_room(&room, arena, bits_of(a));
    enclosure_view(&view, base, bits_of(a));
    mpfr_pow_ui(room.low, view.low, exponent, MPFR_RNDD);
    mpfr_pow_ui(room.high, view.high, exponent, MPFR_RNDU);
    return enclosure_store(&room);
}

/* ---- decisions ---- */

/* The ends that decide: with all bits outwards to the 1,024 that say what is equal. */
static int deciding_bits(int bits)
{
    return bits > ENCLOSURE_BITS_DECIDING ? ENCLOSURE_BITS_DECIDING : bits;
}

int enclosure_compare(struct rat a, struct rat b)
{
    if (a.big == b.big) {
        return 0;
    }
    int bits = deciding_bits(enclosure_bits(a, b));
    struct enclosure_view x;
    struct enclosure_view y;
    enclosure_view(&x, a, bits);
    enclosure_view(&y, b, bits);
    return mpfr_less_p(x.high, y.low) ? -1 : mpfr_greater_p(x.low, y.high) ? 1 : 0;
}

bool rat_order(struct rat a, struct rat b, int *order)
{
    *order = rat_cmp(NULL, a, b);
    bool is_between_rationals = !rat_is_enclosure(a) && !rat_is_enclosure(b);
    return *order != 0 || is_between_rationals || a.big == b.big || enclosure_bits(a, b) >= ENCLOSURE_BITS_LAST;
}

int rat_more_bits(int bits)
{
    return bits < ENCLOSURE_BITS_SECOND ? ENCLOSURE_BITS_SECOND : ENCLOSURE_BITS_LAST;
}

/* ---- as rationals and doubles ---- */

static struct rat rational_of(struct arena *arena, mpfr_t end, int bits)
{
    if (mpfr_zero_p(end) || mpfr_nan_p(end)) {
        return RAT_ZERO;
    }
    if (mpfr_inf_p(end) || mpfr_get_exp(end) > EXPONENT_MAX) { /* of no use but to be far away */
        return rat_big_shift(arena, mpfr_sgn(end) < 0, 1, EXPONENT_MAX);
    }
    mpfr_exp_t exponent = mpfr_get_exp(end);
    size_t size = (size_t)(exponent < 0 ? -exponent : exponent) + 2 * (size_t)bits;
    struct rat_room room = rat_room_new(arena, size / 64 + 4);
    mpq_t q;
    mpq_init(q);
    mpfr_get_q(q, end);
    struct rat number = rat_room_store(&room, mpq_numref(q), mpq_denref(q));
    mpq_clear(q);
    return number;
}

void rat_ends(struct arena *arena, struct rat a, struct rat *low, struct rat *high)
{
    if (!rat_is_enclosure(a)) {
        *low = *high = a;
        return;
    }
    struct enclosure_view view;
    int bits = deciding_bits(bits_of(a));
    enclosure_view(&view, a, bits);
    *low = rational_of(arena, view.low, bits);
    *high = rational_of(arena, view.high, bits);
}

bool rat_is_final(struct rat a)
{
    return !rat_is_enclosure(a) || bits_of(a) >= ENCLOSURE_BITS_LAST;
}

static void find_middle(mpfr_t middle, struct rat a)
{
    struct enclosure_view view;
    enclosure_view(&view, a, bits_of(a));
    mpfr_add(middle, view.low, view.high, MPFR_RNDN);
    mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
}

struct rat enclosure_middle(struct arena *arena, struct rat a)
{
    mp_limb_t limbs[ENCLOSURE_LIMBS];
    mpfr_t middle;
    own_end(middle, limbs, bits_of(a));
    find_middle(middle, a);
    return rational_of(arena, middle, bits_of(a));
}

double enclosure_to_double(struct rat a)
{
    mp_limb_t limbs[ENCLOSURE_LIMBS];
    mpfr_t middle;
    own_end(middle, limbs, bits_of(a));
    find_middle(middle, a);
    return mpfr_nan_p(middle) ? 0 : mpfr_get_d(middle, MPFR_RNDN);
}
