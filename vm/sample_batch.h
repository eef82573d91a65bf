/* A batch whose products are samples of one and the same product: its data over and over, with what was drawn in place
   of those that are uncertain. Everything in it lives in its own arena, but for texts, which remain those of the
   product. Must not know of factors or of what is computed. */
#ifndef ZUJI_VM_SAMPLE_BATCH_H
#define ZUJI_VM_SAMPLE_BATCH_H

#include "vm/batch.h"

struct uncertain_datum {
    uint32_t field, row; /* of the batch of the product */
    const struct uncertainty *uncertainty;
    uint64_t identity;
    double low, high; /* the range of the field */
};
struct sample_wanted {
    const struct uncertain_datum *data;
    size_t datum_count;
    uint64_t seed;
    uint32_t first, count; /* samples, by number from 0 */
};
/* Fills an empty batch. A sample for which nothing can be drawn is not bound; its message says why. */
void sample_batch(struct batch *samples, const struct batch *batch, uint32_t product,
                  const struct sample_wanted *wanted);
/* Most rows of a list of the product, at least 1. */
uint32_t sample_rows(const struct batch *batch, uint32_t product);
/* The uncertain data of the product, as far as the program looks at them. */
struct uncertain_datum *sample_uncertain_data(struct arena *arena, const struct batch *batch, uint32_t product,
                                              size_t *count);

#endif
