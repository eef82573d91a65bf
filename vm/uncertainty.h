/* How uncertain a number is: the distributions that data and factor files write, "normal(sd 5 %)", and drawing from
   them (SPEC.md, "Samples"). Values only; nothing is owned. Must not know of fields, files or engines. */
#ifndef ZUJI_VM_UNCERTAINTY_H
#define ZUJI_VM_UNCERTAINTY_H

#include "vm/data_unit.h"

enum distribution {
    DISTRIBUTION_NONE, /* nothing is said */
    DISTRIBUTION_NORMAL,
    DISTRIBUTION_LOGNORMAL,
    DISTRIBUTION_TRIANGULAR,
    DISTRIBUTION_UNIFORM
};
struct uncertainty { /* in the unit of the number */
    uint8_t kind;    /* enum distribution */
    double value;    /* the number itself: mean, median, mode; of UNIFORM not needed */
    double a, b; /* NORMAL: a: standard deviation; LOGNORMAL: a: ln of the geometric one; else lower and upper limit */
};

/* Does the text begin with the name of a distribution? */
bool uncertainty_is_named(struct str text);
struct uncertain { /* a number that is */
    struct rat number;
    const struct unit *unit; /* in which it is given */
    struct str unit_text;
};
/* Reads the uncertainty of a number. DIAG_NONE, or what is wrong: a row of diag.def with its
   arguments, which may point into the text. */
enum diag_code uncertainty_read(struct arena *arena, struct data_units *units, struct str text, struct uncertain of,
                                struct uncertainty *out, struct str args[3]);

enum { UNCERTAINTY_DRAWS = 100 }; /* so often one is drawn that lies beyond the range; then there is none */
/* What is drawn for a sample: in low .. high, and 0 or 1e-60 .. 1e60 in size; NaN: nothing of that kind. */
double uncertainty_draw(const struct uncertainty *uncertainty, uint64_t seed, uint64_t identity, uint32_t sample,
                        double low, double high);
/* The first 8 bytes of the SHA-256 of a text, the first of them the highest: by it draws are told apart. */
uint64_t uncertainty_identity(struct str text);

#endif
