#include "base/rational_big.h"

#include <assert.h>
#include <string.h>

#include "base/enclosure.h"

/* Limbs of a below 2^128 into out[2]; their count. */
static mp_size_t limbs_of(uint128 a, mp_limb_t out[2])
{
    out[0] = (mp_limb_t)a;
    out[1] = (mp_limb_t)(a >> 64);
    return out[1] != 0 ? 2 : out[0] != 0;
}

static size_t limb_count(mp_size_t size)
{
    return (size_t)(size < 0 ? -size : size);
}

void rat_view(struct rat_view *view, struct rat a)
{
    assert(!rat_is_enclosure(a));
    if (a.big != NULL) {
        mpz_roinit_n(mpq_numref(view->q), a.big->limbs, a.big->num_size);
        mpz_roinit_n(mpq_denref(view->q), a.big->limbs + limb_count(a.big->num_size), a.big->den_size);
        return;
    }
    uint128 num = a.num < 0 ? (uint128)0 - (uint128)a.num : (uint128)a.num;
    mp_size_t size = limbs_of(num, view->limbs);
    mpz_roinit_n(mpq_numref(view->q), view->limbs, a.num < 0 ? -size : size);
    size = limbs_of((uint128)a.den, view->limbs + 2);
    mpz_roinit_n(mpq_denref(view->q), view->limbs + 2, size);
}

size_t rat_num_limbs(struct rat a)
{
    return a.big != NULL ? limb_count(a.big->num_size) : 2;
}

size_t rat_den_limbs(struct rat a)
{
    return a.big != NULL ? limb_count(a.big->den_size) : 2;
}

struct rat_room rat_room_new(struct arena *arena, size_t limbs)
{
    struct rat_room room = {arena, arena_mark(arena), NULL, limbs};
    size_t bytes = limbs > SIZE_MAX / 2 / sizeof(mp_limb_t) ? SIZE_MAX : sizeof *room.big + limbs * sizeof(mp_limb_t);
    room.big = arena_alloc(arena, 1, bytes);
    return room;
}

/* Whether the magnitude is below 2^127. */
static bool is_small(const mpz_t a)
{
    return mpz_sizeinbase(a, 2) <= 127;
}

static int128 small_of(const mpz_t a)
{
    uint128 size = mpz_getlimbn(a, 0) | (uint128)mpz_getlimbn(a, 1) << 64;
    return mpz_sgn(a) < 0 ? -(int128)size : (int128)size;
}

static void copy_limbs(mp_limb_t *to, const mpz_t from)
{
    memcpy(to, mpz_limbs_read(from), mpz_size(from) * sizeof *to);
}

struct rat rat_room_store(struct rat_room *room, const mpz_t num, const mpz_t den)
{
    if (is_small(num) && is_small(den)) {
        arena_reset(room->arena, room->mark);
        return (struct rat){small_of(num), small_of(den), NULL};
    }
    assert(mpz_size(num) + mpz_size(den) <= room->limbs);
    mp_size_t num_size = (mp_size_t)mpz_size(num);
    room->big->num_size = mpz_sgn(num) < 0 ? -num_size : num_size;
    room->big->den_size = (mp_size_t)mpz_size(den);
    copy_limbs(room->big->limbs, num);
    copy_limbs(room->big->limbs + num_size, den);
    return (struct rat){0, 1, room->big};
}

/* The most limbs that numerator and denominator of the result can have together. */
static size_t limbs_needed(enum rat_operation operation, struct rat a, struct rat b)
{
    size_t a_num = rat_num_limbs(a);
    size_t a_den = rat_den_limbs(a);
    size_t b_num = rat_num_limbs(b);
    size_t b_den = rat_den_limbs(b);
    switch (operation) {
    case RAT_ADD:
    case RAT_SUB:
        return (a_num + b_den > b_num + a_den ? a_num + b_den : b_num + a_den) + 1 + a_den + b_den;
    case RAT_MUL:
    case RAT_DIV:
        return a_num + a_den + b_num + b_den;
    }
    return 0;
}

struct rat rat_big_operate(struct arena *arena, enum rat_operation operation, struct rat a, struct rat b)
{
    if (rat_is_enclosure(a) || rat_is_enclosure(b)) {
        return enclosure_operate(arena, operation, a, b);
    }
    struct rat_room room = rat_room_new(arena, limbs_needed(operation, a, b));
    struct rat_view a_view;
    struct rat_view b_view;
    rat_view(&a_view, a);
    rat_view(&b_view, b);
    mpq_t q;
    mpq_init(q);
    switch (operation) {
    case RAT_ADD:
        mpq_add(q, a_view.q, b_view.q);
        break;
    case RAT_SUB:
        mpq_sub(q, a_view.q, b_view.q);
        break;
    case RAT_MUL:
        mpq_mul(q, a_view.q, b_view.q);
        break;
    case RAT_DIV:
        mpq_div(q, a_view.q, b_view.q);
        break;
    }
    struct rat result = rat_room_store(&room, mpq_numref(q), mpq_denref(q));
    mpq_clear(q);
    return result;
}

struct rat rat_big_power(struct arena *arena, struct rat a, unsigned exponent)
{
    if (rat_is_enclosure(a)) {
        return enclosure_power(arena, a, exponent);
    }
    struct rat_room room = rat_room_new(arena, (rat_num_limbs(a) + rat_den_limbs(a)) * ((size_t)exponent + 1));
    struct rat_view view;
    rat_view(&view, a);
    mpq_t q;
    mpq_init(q);
    mpz_pow_ui(mpq_numref(q), mpq_numref(view.q), exponent);
    mpz_pow_ui(mpq_denref(q), mpq_denref(view.q), exponent);
    struct rat result = rat_room_store(&room, mpq_numref(q), mpq_denref(q));
    mpq_clear(q);
    return result;
}

struct rat rat_big_of(struct arena *arena, bool is_negative, uint128 num, uint128 den)
{
    struct rat_room room = rat_room_new(arena, 4);
    mp_limb_t num_limbs[2];
    mp_limb_t den_limbs[2];
    mpz_t num_view;
    mpz_t den_view;
    mp_size_t size = limbs_of(num, num_limbs);
    mpz_roinit_n(num_view, num_limbs, is_negative ? -size : size);
    mpz_roinit_n(den_view, den_limbs, limbs_of(den, den_limbs));
    return rat_room_store(&room, num_view, den_view);
}

struct rat rat_big_shift(struct arena *arena, bool is_negative, uint64_t odd, int power)
{
    size_t bits = (size_t)(power < 0 ? -power : power);
    struct rat_room room = rat_room_new(arena, bits / 64 + 4);
    mpq_t q;
    mpq_init(q);
    mpz_set_ui(mpq_numref(q), odd);
    if (is_negative) {
        mpz_neg(mpq_numref(q), mpq_numref(q));
    }
    mpz_ptr shifted = power < 0 ? mpq_denref(q) : mpq_numref(q);
    mpz_mul_2exp(shifted, shifted, bits);
    struct rat result = rat_room_store(&room, mpq_numref(q), mpq_denref(q));
    mpq_clear(q);
    return result;
}

/* 19 decimal digits fill a limb at most. */
static size_t limbs_of_digits(size_t digits)
{
    return digits / 19 + 2;
}

struct rat rat_big_read(struct arena *arena, bool is_negative, struct str num, struct str den)
{
    struct rat_room room = rat_room_new(arena, limbs_of_digits(num.len) + limbs_of_digits(den.len));
    mpq_t q;
    mpq_init(q);
    int is_bad = mpz_set_str(mpq_numref(q), num.at, 10) | mpz_set_str(mpq_denref(q), den.at, 10);
    assert(is_bad == 0);
    (void)is_bad;
    mpq_canonicalize(q);
    if (is_negative) {
        mpq_neg(q, q);
    }
    struct rat result = rat_room_store(&room, mpq_numref(q), mpq_denref(q));
    mpq_clear(q);
    return result;
}

static struct str digits_of(struct arena *arena, const mpz_t a)
{
    char *digits = arena_alloc(arena, mpz_sizeinbase(a, 10) + 2, 1);
    mpz_get_str(digits, 10, a);
    return (struct str){digits, strlen(digits)};
}

struct str rat_big_text(struct arena *arena, struct rat a)
{
    struct rat_view view;
    rat_view(&view, a);
    struct str num = digits_of(arena, mpq_numref(view.q));
    if (rat_is_int(a)) {
        return num;
    }
    return str_join(arena, (const struct str[]){num, digits_of(arena, mpq_denref(view.q))}, 2, STR("/"));
}

struct str rat_num_digits(struct arena *arena, struct rat a)
{
    struct rat_view view;
    rat_view(&view, a);
    struct str digits = digits_of(arena, mpq_numref(view.q));
    return str_slice(digits, rat_sign(a) < 0, digits.len);
}

struct rat rat_power_of_ten(struct arena *arena, int exponent)
{
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    struct rat power = rat_int(10);
    if (size > 10000) {
        power = rat_big_power(arena, power, size);
        return exponent < 0 ? rat_div(arena, RAT_ONE, power) : power;
    }
    return rat_pow(arena, power, exponent);
}
