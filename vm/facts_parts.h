/* Internal to vm/facts*.c: the instruction whose fact is being found. Must not be included by others. */
#ifndef ZUJI_VM_FACTS_PARTS_H
#define ZUJI_VM_FACTS_PARTS_H

#include "vm/prepare.h"

enum { DATUM_EXPONENT = 200 }; /* data are 0 or 1e-60 .. 1e60 */
#define DATUM_MOST 0x1p200
#define LARGEST_WHOLE 9007199254740992.0 /* 2^53: up to there sums and products of whole numbers are exact */
#define ROWS_MOST 4294967296.0           /* an axis has fewer rows */

struct facts_of {
    struct prepared *prepared;
    const struct program *program;
    const struct instruction *at;
    uint32_t number;
    const struct fact *a, *b; /* of operands that are instructions */
    struct fact *out;
};

static inline double facts_size(double x)
{
    return x < 0 ? -x : x;
}
/* floor(log2(|x|)) of a normal number. */
int facts_exponent(double x);

/* Finds the range of a number whose fact holds all that its operands' signs and sizes tell, and uses it for what it
   tells besides: facts_ranges.c */
void facts_use_range(const struct facts_of *of);

#endif
