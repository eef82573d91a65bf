/* Kinds, units and decimal numbers as the generator of rules draws them. Scales are written down here once more, from
   the definitions of the units, so that the compiler's own table is checked and not trusted.
   Texts live in the arena given. Must not know of rules. */
#ifndef ZUJI_TESTS_RANDOM_AMOUNTS_H
#define ZUJI_TESTS_RANDOM_AMOUNTS_H

#include "base/rational.h"

struct random {
    uint64_t state;
};
uint64_t random_next(struct random *random);
uint32_t random_below(struct random *random, uint32_t limit);
bool random_chance(struct random *random, uint32_t percent);

enum base { /* what the drawn rules count in; a tag is one, too */
            BASE_MASS,
            BASE_LENGTH,
            BASE_VOLUME,
            BASE_TIME,
            BASE_ENERGY,
            BASE_WARMTH, /* K */
            BASE_ITEMS,
            BASE_CO2E,
            BASE_MONEY,
            BASE_PALLETS, /* of a unit that the rule declares */
            BASE_CLINKER, /* tags */
            BASE_CEMENT,
            BASE_CO2,
            BASE_CH4,
            BASE_N2O,
            BASE_CF4,
            BASE_COUNT
};
enum { FIRST_TAG = BASE_CLINKER };
struct powers {
    signed char power[BASE_COUNT];
};
struct powers powers_plain(void);
struct powers powers_base(enum base base);
struct powers powers_tagged(enum base tag); /* kg{tag} */
struct powers powers_times(struct powers a, struct powers b);
struct powers powers_over(struct powers a, struct powers b);
bool powers_eq(struct powers a, struct powers b);
bool powers_is_plain(struct powers kind);
bool powers_is_simple(struct powers kind); /* its unit can be written, and is not too odd */
bool powers_has_tags(struct powers kind);
struct powers powers_without_tags(struct powers kind);

/* A unit of the kind, drawn; "1" for the plain kind, or "%". */
struct measure {
    struct str text;
    struct powers kind;
    struct rat scale; /* in kg, m, m3, s, J, … */
};
struct measure measure_drawn(struct arena *arena, struct random *random, struct powers kind);
bool measure_is_one(struct measure unit); /* the plain number: numbers stand without a unit */

/* Decimals of a few digits, many of them on ties (0.145, 2.5, 0.125), whole, or small. Above zero. */
struct str decimal_drawn(struct arena *arena, struct random *random);
/* The amount in another unit, where that is a finite decimal; else empty. */
struct str decimal_restated(struct arena *arena, struct str decimal, struct measure from, struct measure to);

#endif
