/* Real numbers: rationals, exactly, as 128-bit fractions while they fit, GMP rationals beyond; and *enclosures* of
   numbers that are not known as rationals (roots, exponentials, fractions of very many bits), between two ends.
   Values are immutable; the limbs of large ones live in the arena that the operation was given.
   Knows nothing of units, rounding rules of standards, or doubles' meaning (decimal.h reads and prints). */
#ifndef ZUJI_BASE_RATIONAL_H
#define ZUJI_BASE_RATIONAL_H

#include "base/str.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

struct rat_big; /* reduced numerator and denominator as limbs, or the ends of an enclosure */

/* Canonical: den > 0, num and den without common factor, and `big` is used only where one of them
   does not fit 127 bits: so equal rationals have equal forms. */
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
struct rat rat_div(struct arena *arena, struct rat a, struct rat b); /* b != 0; by an enclosure of 0: the whole line */
struct rat rat_neg(struct arena *arena, struct rat a);
struct rat rat_abs(struct arena *arena, struct rat a);
struct rat rat_pow(struct arena *arena, struct rat a, int exponent); /* a != 0 where exponent < 0; |exponent| <= 10000 */
int rat_cmp(struct arena *arena, struct rat a, struct rat b);        /* -1, 0, 1 */
bool rat_eq(struct rat a, struct rat b);
uint64_t rat_hash(struct rat a); /* equal for equal numbers */
int rat_sign(struct rat a);
bool rat_is_int(struct rat a);
bool rat_to_i64(struct rat a, int64_t *n); /* false where a is no integer or does not fit */
size_t rat_bits(struct rat a);             /* bits of numerator and denominator together; of an enclosure, of an end */

/* ---- enclosures ----
   Operations with an enclosure give an enclosure (but 0 times one is 0), with as many significant bits: each end is
   rounded outwards, so the real number lies between them. What cannot be told from them (two that overlap, a rounding
   that the ends do not agree on) is computed again from the beginning with more bits: 192, 512, 1280. What the last do
   not tell either, when ends are rounded outwards to 1,024 bits, *is equal*. rat_cmp, rat_eq and rat_sign call equal
   (0) what is not separated; rat_text, and what asks for digits of numerator or denominator, is for rationals. */
enum {
    ENCLOSURE_BITS_FIRST = 192,
    ENCLOSURE_BITS_SECOND = 512,
    ENCLOSURE_BITS_LAST = 1280,
    ENCLOSURE_BITS_DECIDING = 1024
};
bool rat_is_enclosure(struct rat a);
struct rat rat_enclosed(struct arena *arena, struct rat a, int bits); /* as an enclosure of so many bits */
/* a, or where it is a rational of more bits than `most`, that as an enclosure. */
struct rat rat_bounded(struct arena *arena, struct rat a, size_t most, int bits);
int rat_more_bits(int bits); /* of enclosures: those that come next; bits are not the last */
bool rat_is_final(struct rat a); /* nothing more would be told of it with more bits: rational, or of the last ones */
/* Between which a lies: the ends that decide, as rationals; of a rational both are itself. */
void rat_ends(struct arena *arena, struct rat a, struct rat *low, struct rat *high);
/* -1, 0, 1 as rat_cmp. False where that is not certain: the numbers have to be known with more bits. */
bool rat_order(struct rat a, struct rat b, int *order);
/* rat_round and rat_round_significant. False where the result is not certain; with the last bits it always is: a number
   that could be a tie, or a multiple where the mode changes its mind there, is taken as that. */
bool rat_try_round(struct arena *arena, struct rat a, struct rat step, enum rounding mode, struct rat *rounded);
bool rat_try_round_significant(struct arena *arena, struct rat a, int digits, enum rounding mode, struct rat *rounded);

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
