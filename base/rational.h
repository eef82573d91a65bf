/* Exact rational numbers: 128-bit fractions while they fit, GMP rationals beyond.
   Values are immutable; the limbs of large ones live in the arena that the operation was given.
   Knows nothing of units, rounding rules of standards, or doubles' meaning (decimal.h reads and prints). */
#ifndef ZUJI_BASE_RATIONAL_H
#define ZUJI_BASE_RATIONAL_H

#include "base/str.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

struct rat_big; /* reduced numerator and denominator as limbs */

/* Canonical: den > 0, num and den without common factor, and `big` is used only where one of them
   does not fit 127 bits: so equal numbers have equal forms. */
struct rat {
    int128 num;
    int128 den;                /* > 0 */
    const struct rat_big *big; /* NULL: num / den counts */
};

enum rounding { /* to an integer multiple of a step; names as in the language */
    ROUND_HALF_EVEN, /* GB/T 8170-2008, 3.2 */
    ROUND_HALF_UP,   /* ties towards plus infinity: floor(x + 1/2) */
    ROUND_HALF_AWAY, /* ties away from zero */
    ROUND_HALF_DOWN, /* ties towards minus infinity */
    ROUND_FLOOR,     /* towards minus infinity */
    ROUND_CEIL,      /* towards plus infinity */
    ROUND_TRUNCATE,  /* towards zero */
    ROUND_AWAY,      /* away from zero */
    ROUNDING_COUNT
};

extern const struct rat RAT_ZERO, RAT_ONE;
struct rat rat_int(int64_t n);
struct rat rat_of(struct arena *arena, int128 num, int128 den); /* den != 0; reduces */

struct rat rat_add(struct arena *arena, struct rat a, struct rat b);
struct rat rat_sub(struct arena *arena, struct rat a, struct rat b);
struct rat rat_mul(struct arena *arena, struct rat a, struct rat b);
struct rat rat_div(struct arena *arena, struct rat a, struct rat b); /* b != 0 */
struct rat rat_neg(struct arena *arena, struct rat a);
struct rat rat_abs(struct arena *arena, struct rat a);
struct rat rat_pow(struct arena *arena, struct rat a, int exponent); /* a != 0 where exponent < 0; |exponent| <= 10000 */
int rat_cmp(struct arena *arena, struct rat a, struct rat b);        /* -1, 0, 1 */
bool rat_eq(struct rat a, struct rat b);
uint64_t rat_hash(struct rat a); /* equal for equal numbers */
int rat_sign(struct rat a);
bool rat_is_int(struct rat a);
bool rat_to_i64(struct rat a, int64_t *n); /* false where a is no integer or does not fit */
size_t rat_bits(struct rat a);             /* bits of numerator and denominator together */

/* a rounded to an integer multiple of step (> 0). */
struct rat rat_round(struct arena *arena, struct rat a, struct rat step, enum rounding mode);
/* a rounded to `digits` (1..1000) significant decimal digits; zero stays zero. */
struct rat rat_round_significant(struct arena *arena, struct rat a, int digits, enum rounding mode);
/* The step that rat_round_significant used: 10^k. */
struct rat rat_significant_step(struct arena *arena, struct rat a, int digits, enum rounding mode);

/* The number as a ratio of two decimal integers of any length ("-44/12" needs no reduction); and back, always
   canonical: "-11/3", "2". False where the text is not of that form or the denominator is zero. */
bool rat_parse(struct arena *arena, struct str text, struct rat *out);
struct str rat_text(struct arena *arena, struct rat a);

#endif
