/* Figures as they are printed: rounded as a rule says, in plain decimal notation with the zeros that belong to the
   digits. Texts live in the arena given, NUL-terminated. Must not know what a figure is of. */
#ifndef ZUJI_VM_ROUND_H
#define ZUJI_VM_ROUND_H

#include "vm/program.h"

struct reported {
    struct str text;
    char mark; /* of figures that are marked: '+' where the size of the value is larger than that of the text, '-' where
                  it is smaller, '=' where it is that. 0: of others */
};
bool reported_eq(const struct reported *a, const struct reported *b);

/* 28.6 to four significant digits is "28.60", 1234567 to three "1230000", zero "0"; to two decimals 0.145 is "0.14"; to
   halves of one 28.6 is "28.5". */
struct reported round_exact(struct arena *arena, struct rat value, struct prog_round how);
/* Is that certain, or does it take more bits of an enclosure to know? */
bool round_exact_is_certain(struct arena *arena, struct rat value, struct prog_round how);
/* The same of the number that a finite double is. */
struct reported round_double(struct arena *arena, double value, struct prog_round how);
/* Would every number be reported the same that is no further than `bound` from the double? The arena is as it was. */
bool round_is_certain(struct arena *arena, double value, double bound, struct prog_round how);
/* The same for many values, of which nearly all are certain: the first from `from` on of which that is not seen at
   once, or whose bound is larger than so much of its size, which is at most 2^-40. Those that are passed over are 0, or
   no larger than 1e23. */
struct round_test { /* of a rounding */
    const struct round_binade *binades;
    double tie; /* the part of an interval where what is reported changes: a half, or none */
};
struct round_test *round_tests_new(struct arena *arena, const struct prog_round *hows, size_t count);
size_t round_next_doubt(const double *values, const double *bounds, const struct round_test *tests, double relative,
                        size_t from, size_t count);
/* A number at which what is reported changes: a tie, or for directed modes a multiple of the interval; of figures that
   are marked also that. */
struct round_place { /* +-(count, and a half) * 10^-places / parts */
    bool is_negative, has_half;
    uint64_t count; /* < 2^51 */
    int places;     /* |places| <= 22; with parts <= 15 */
    int parts;      /* 1, 2, 5 */
};
/* The one next to the double. False where that is too large or too small. */
bool round_find_place(double value, struct prog_round how, struct round_place *place);
double round_place_value(const struct round_place *place); /* nearest double */
int round_place_decimals(const struct round_place *place); /* it is a multiple of 10 to the power of minus that */
/* The number itself, rounded. */
struct reported round_place_text(struct arena *arena, const struct round_place *place, struct prog_round how);

#endif
