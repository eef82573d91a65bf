/* Roots, powers, exponentials and logarithms of exact numbers. Where the result is a rational that can be found it is
   that, else the nearest number of ELEMENTARY_BITS significant bits to the real one (but for the last bit).
   Results live in the arena given. Knows nothing of units, engines or messages. */
#ifndef ZUJI_BASE_ELEMENTARY_H
#define ZUJI_BASE_ELEMENTARY_H

#include "base/rational.h"

enum {
    ELEMENTARY_BITS = 320,
    ELEMENTARY_EXPONENT_MAX = 700,    /* of e: results lie within e^-700 .. e^700, which is 10^-304 .. 10^304 */
    ELEMENTARY_EXACT_BITS_MAX = 65536 /* of a power that is kept as a fraction */
};

enum elementary_state {
    ELEMENTARY_GIVEN,
    ELEMENTARY_NEGATIVE, /* the root of a number below zero, the logarithm of one not above zero, a power of one below
                            zero whose exponent is not whole */
    ELEMENTARY_ZERO,     /* zero to a power below zero */
    ELEMENTARY_RANGE     /* beyond e^ELEMENTARY_EXPONENT_MAX */
};
struct elementary {
    enum elementary_state state;
    bool is_exact;
    struct rat value; /* GIVEN */
};

struct elementary elementary_sqrt(struct arena *arena, struct rat a);
struct elementary elementary_exp(struct arena *arena, struct rat a);
struct elementary elementary_ln(struct arena *arena, struct rat a);
struct elementary elementary_pow(struct arena *arena, struct rat a, struct rat b); /* 0 to the power 0 is 1 */
/* The number of `bits` significant bits next to a. */
struct rat elementary_round(struct arena *arena, struct rat a, int bits);
/* Gives back what this thread keeps for later calls. */
void elementary_release(void);

#endif
