/* Enclosures: numbers that are not known as rationals, as two binary ends between which they lie. Internal to base/:
   others meet them as struct rat (rational.h). What is stored lives in the arena given.
   Knows nothing of what makes them (elementary.c), of decisions' consequences, or of doubles. */
#ifndef ZUJI_BASE_ENCLOSURE_H
#define ZUJI_BASE_ENCLOSURE_H

#include <mpfr.h>

#include "base/rational_big.h"

enum { ENCLOSURE_LIMBS = (ENCLOSURE_BITS_LAST + 63) / 64 };

/* The ends of any number as MPFR reads them, of an enclosure without a copy. Must not be moved or copied, nor outlive
   the number. */
struct enclosure_view {
    mpfr_t low, high; /* read only; never cleared */
    mp_limb_t limbs[2][ENCLOSURE_LIMBS];
};
/* Rounded outwards where the number is no enclosure of `bits` bits. */
void enclosure_view(struct enclosure_view *view, struct rat a, int bits);

/* An enclosure to be: room for its ends, which are to be computed with RNDD and RNDU. */
struct enclosure_room {
    struct rat_room room;
    mpfr_t low, high;
    int bits;
};
void enclosure_room(struct enclosure_room *room, struct arena *arena, int bits); /* must not be moved */
/* Ends that are no numbers, as from 0 × ∞, stand for the whole line. */
struct rat enclosure_store(struct enclosure_room *room);

int enclosure_bits(struct rat a, struct rat b); /* of what is computed from both, one of which is an enclosure */
struct rat enclosure_operate(struct arena *arena, enum rat_operation operation, struct rat a, struct rat b);
struct rat enclosure_negated(struct arena *arena, struct rat a);
struct rat enclosure_absolute(struct arena *arena, struct rat a);
struct rat enclosure_power(struct arena *arena, struct rat a, unsigned exponent);
int enclosure_compare(struct rat a, struct rat b); /* 0: not separated */
double enclosure_to_double(struct rat a);          /* nearest to the middle */
struct rat enclosure_middle(struct arena *arena, struct rat a);

#endif
