/* Roots, powers, exponentials and logarithms of real numbers. Where the result is a rational that can be found it is
   that, else an enclosure of the real one. Results live in the arena given. Knows nothing of units, engines or
   messages. */
#ifndef ZUJI_BASE_ELEMENTARY_H
#define ZUJI_BASE_ELEMENTARY_H

#include "base/rational.h"

enum {
    ELEMENTARY_EXPONENT_MAX = 700,    /* of e: results lie within e^-700 .. e^700, which is 10^-304 .. 10^304 */
    ELEMENTARY_EXACT_BITS_MAX = 65536 /* of a power that is kept as a fraction */
};

enum elementary_state {
    ELEMENTARY_GIVEN,
    ELEMENTARY_NEGATIVE, /* the root of a number below zero, the logarithm of one not above zero, a power of one below
                            zero whose exponent is not whole */
    ELEMENTARY_ZERO,     /* zero to a power below zero */
    ELEMENTARY_RANGE,    /* beyond e^ELEMENTARY_EXPONENT_MAX */
    ELEMENTARY_OPEN      /* not with ENCLOSURE_BITS_LAST: which of these, more bits must tell */
};
struct elementary {
    enum elementary_state state;
    bool is_exact;
    struct rat value; /* GIVEN: a rational, or an enclosure of `bits` bits */
};

struct elementary elementary_sqrt(struct arena *arena, struct rat a, int bits);
struct elementary elementary_exp(struct arena *arena, struct rat a, int bits);
struct elementary elementary_ln(struct arena *arena, struct rat a, int bits);
struct elementary elementary_pow(struct arena *arena, struct rat a, struct rat b, int bits); /* 0 to the power 0 is 1 */
/* Gives back what this thread keeps for later calls. */
void elementary_release(void);

#endif
