/* Monte Carlo: a product computed over and over with numbers that are drawn (SPEC.md, "Samples"). What was sampled is
   kept in the memory of the engine until another product is sampled, so that the rows of a product share it; what is
   told of a row lives in the arena of the product's batch. Must not know how it is printed (montecarlo_json.c knows
   JSON). */
#ifndef ZUJI_VM_MONTECARLO_H
#define ZUJI_VM_MONTECARLO_H

#include "vm/reasons.h"
#include "vm/sample_batch.h"

enum { LIMIT_SAMPLED_VALUES = 1 << 24 }; /* of rows that are sampled together: 128 MiB; a single row may have more */

/* A number that is drawn: a datum, or the value of a row of a factor file. */
struct drawn {
    const struct uncertain_datum *datum; /* NULL: of a factor */
    const struct factor_value *slot;     /* the first one that was met; the parts of a split one are drawn together */
    const struct uncertainty *uncertainty;
    uint64_t identity;
    double low, high;
    double slope; /* of the total in it */
};

struct sampled {
    struct zuji_monte_carlo wanted;
    uint32_t first_row, row_count; /* of the rule: those that were sampled */
    uint32_t figures;              /* of a row: its total, then its stages */
    double *values;                /* by row, then by figure, then by sample; NaN: not given */
    uint32_t failed;
    struct diags failures; /* messages of the first sample that failed */
    struct drawn *drawn;
    size_t drawn_count, drawn_cap;
    struct diags problems; /* not empty: nothing was sampled */
};

enum zuji_status result_uncertainty(const struct zuji_result *result, const struct zuji_monte_carlo *wanted,
                                    const struct zuji_uncertainty **made, struct zuji_messages **messages);
struct str uncertainty_json(struct arena *arena, const struct zuji_result *result,
                            const struct zuji_uncertainty *uncertainty);

/* ---- inside (montecarlo*.c) ---- */
/* The samples of the rows from the one at hand, in the arena. */
struct sampled *sample_rows_from(struct arena *arena, struct reason_source *source, const struct result_plan *plan,
                                 const struct zuji_monte_carlo *wanted, uint32_t row, uint32_t row_count);

#endif
