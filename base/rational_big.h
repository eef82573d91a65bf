/* Large rationals: views of any struct rat for GMP, and storing GMP's results as struct rat. Internal to base/.
   Views borrow their limbs (the value's own or the view's); what is stored lives in the arena of the room.
   Knows nothing of decimals; must not be included outside base/. */
#ifndef ZUJI_BASE_RATIONAL_BIG_H
#define ZUJI_BASE_RATIONAL_BIG_H

#include <gmp.h>

#include "base/rational.h"

_Static_assert(GMP_NUMB_BITS == 64, "limbs of 64 bits are assumed");

/* limbs: | numerator, |num_size| | denominator, den_size |, least significant limb first. Enclosures: enclosure.c. */
struct rat_big {
    mp_size_t num_size; /* negative where the number is negative, as in GMP */
    mp_size_t den_size; /* 0: an enclosure */
    mp_limb_t limbs[];
};

/* A rational (no enclosure) as GMP reads it, without a copy. Must not be moved or copied, nor outlive the value. */
struct rat_view {
    mp_limb_t limbs[4]; /* of a small value */
    mpq_t q;            /* read only; never cleared */
};
void rat_view(struct rat_view *view, struct rat a);
size_t rat_num_limbs(struct rat a);
size_t rat_den_limbs(struct rat a);

/* Room for a result, taken from the arena *before* any GMP temporary exists: the arena may leave by longjmp,
   and a temporary alive at that moment would be lost. */
struct rat_room {
    struct arena *arena;
    struct arena_mark mark;
    struct rat_big *big;
    size_t limbs;
};
struct rat_room rat_room_new(struct arena *arena, size_t limbs);
/* num / den (den > 0, no common factor) as a struct rat; nothing may have been allocated since rat_room_new. */
struct rat rat_room_store(struct rat_room *room, const mpz_t num, const mpz_t den);

enum rat_operation { RAT_ADD, RAT_SUB, RAT_MUL, RAT_DIV };
struct rat rat_big_operate(struct arena *arena, enum rat_operation operation, struct rat a, struct rat b);
struct rat rat_big_power(struct arena *arena, struct rat a, unsigned exponent);
struct rat rat_big_of(struct arena *arena, bool is_negative, uint128 num, uint128 den);   /* reduced already */
struct rat rat_big_shift(struct arena *arena, bool is_negative, uint64_t odd, int power); /* +-odd * 2^power */
/* num / den, both texts of decimal digits with a NUL; den not zero. */
struct rat rat_big_read(struct arena *arena, bool is_negative, struct str num, struct str den);
struct str rat_big_text(struct arena *arena, struct rat a);

struct rat rat_power_of_ten(struct arena *arena, int exponent); /* any exponent that memory allows */

/* Numerator without its sign, as decimal digits. */
struct str rat_num_digits(struct arena *arena, struct rat a);

/* Whether a positive amount between two neighbours goes to the upper one. The remainder over the lower (in the
   direction of plus infinity) is not zero; against_half: its comparison with one half. */
bool rounding_goes_up(enum rounding mode, bool is_negative, int against_half, bool lower_is_odd);

#endif
