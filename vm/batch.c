#include "vm/batch.h"

#include <assert.h>

#include "base/decimal.h"

void batch_clear(struct batch *batch)
{
    struct arena arena = batch->arena;
    arena_clear(&arena);
    *batch = (struct batch){.arena = arena};
}

void batch_free(struct batch *batch)
{
    batch_clear(batch);
    arena_free(&batch->arena);
}

uint32_t batch_rows(const struct batch *batch, uint32_t field)
{
    uint32_t list = batch->program->fields[field].parent;
    return list == NO_INDEX ? batch->product_count : batch->lists[list].rows;
}

/* -1, 0 or 1: where the cell stands against the place looked for. */
static int compare_place(const struct exact_cell *cell, uint32_t field, uint32_t row)
{
    if (cell->field != field) {
        return cell->field < field ? -1 : 1;
    }
    return (cell->row > row) - (cell->row < row);
}

struct rat batch_datum(struct arena *arena, const struct batch *batch, uint32_t field, uint32_t row)
{
    assert(batch->program->fields[field].type == VALUE_NUMBER && row < batch_rows(batch, field));
    uint32_t low = 0;
    uint32_t high = batch->exact_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_place(&batch->exact[middle], field, row);
        if (order == 0) {
            return batch->exact[middle].value;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return rat_of_datum(arena, batch->columns[field].as.number[row]);
}
