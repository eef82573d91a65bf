/* Internal to result*.c: the amounts behind the figures of one product, in the engine's own numbers. In the arena
   given. Must not know of texts. */
#ifndef ZUJI_VM_RESULT_AMOUNTS_H
#define ZUJI_VM_RESULT_AMOUNTS_H

#include "vm/result.h"

struct amount {
    bool is_given;    /* absent is not zero */
    struct rat exact; /* exact outcomes only */
    double value;
};
struct amounts { /* as many of each as the plan has figures */
    bool is_exact;
    struct amount total;
    struct amount base; /* what shares are of */
    struct amount *stages, *flows, *categories, *gases, *reports;
};
struct amounts *amounts_new(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome);

#endif
