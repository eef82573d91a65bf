/* Compares the fast engine with the exact one on a batch that the exact one has run. Must not use the compiler. */
#ifndef ZUJI_TESTS_UNIT_ENGINES_AGREE_H
#define ZUJI_TESTS_UNIT_ENGINES_AGREE_H

#include "tests/unit/run_fixture.h"
#include "vm/fast.h"

struct agreement {
    uint32_t products;
    uint32_t marked; /* left to the exact engine although they did not fail */
    uint32_t failed;
};

/* Fails the test where the fast engine, on what it does not mark, says anything else than the exact outcomes: statuses,
   flags, values within their bounds, notes. `fast` may have run other batches. The outcomes of the fast engine are
   put into *outcomes where that is not NULL. */
struct agreement engines_agree(struct fast *fast, struct batch *batch, const struct outcome *exact, const char *title,
                               struct outcome **outcomes);
/* The same of what is reported when both work together. */
void engines_report_alike(struct run *run, struct factor_binding *factors, const char *title);

#endif
