/* Internal to result*.c: the amounts behind the figures of one product, in the engine's own numbers. In the arena
   given. Must not know of texts. */
#ifndef ZUJI_VM_RESULT_AMOUNTS_H
#define ZUJI_VM_RESULT_AMOUNTS_H

#include "vm/result.h"
#include "vm/round.h"

#define AMOUNT_ROUNDOFF 0x1p-53
#define AMOUNT_WIDER (1 + 0x1p-20)
#define AMOUNT_LEAST 1e-280 /* far above where doubles begin to lose digits */

struct amounts { /* by figure, in the order of the plan */
    bool is_exact;
    int bits; /* is_exact: of enclosures */
    uint8_t *given; /* absent is not zero */
    double *value;
    double *bound;     /* of doubles: on the error of `value`, but for the second-order terms that AMOUNT_WIDER covers */
    struct rat *exact; /* exact outcomes only */
    struct reported *settled; /* of doubles: what is reported, where it took exact values to say; NULL: nowhere */
    double base;       /* what shares are of */
    struct rat base_exact;
};
struct amounts *amounts_new(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                            bool is_exact);
/* The same with the figures of full detail. */
struct amounts *amounts_detailed(struct arena *arena, const struct result_plan *plan, const struct outcome_row *row,
                                 bool is_exact);
/* What shares are of; once more where amounts were replaced by better ones. */
void amounts_find_base(struct arena *arena, const struct result_plan *plan, struct amounts *amounts);
/* Of the base; 0 where that is 0. */
double amounts_share(struct arena *arena, const struct amounts *amounts, size_t figure);
/* The first figure beyond the range of figures; false where there is none. */
bool amounts_find_out_of_range(const struct amounts *amounts, size_t count, size_t *figure);

#endif
