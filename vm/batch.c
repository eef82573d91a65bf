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

/* -1, 0 or 1: where a place stands against the one looked for. */
static int compare_place(uint32_t field, uint32_t row, uint32_t wanted_field, uint32_t wanted_row)
{
    if (field != wanted_field) {
        return field < wanted_field ? -1 : 1;
    }
    return (row > wanted_row) - (row < wanted_row);
}

struct rat batch_datum(struct arena *arena, const struct batch *batch, uint32_t field, uint32_t row)
{
    assert(batch->program->fields[field].type == VALUE_NUMBER && row < batch_rows(batch, field));
    uint32_t low = 0;
    uint32_t high = batch->exact_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_place(batch->exact[middle].field, batch->exact[middle].row, field, row);
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

const struct about *batch_about(const struct batch *batch, uint32_t field, uint32_t row)
{
    uint32_t low = 0;
    uint32_t high = batch->about_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_place(batch->abouts[middle].field, batch->abouts[middle].row, field, row);
        if (order == 0) {
            return &batch->abouts[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool batch_is_primary(const struct batch *batch, uint32_t field, uint32_t row)
{
    const struct about *about = batch_about(batch, field, row);
    if (about != NULL && about->origin != PROG_ORIGIN_UNSAID) {
        return about->origin == PROG_ORIGIN_PRIMARY;
    }
    return batch->program->fields[field].origin == PROG_ORIGIN_PRIMARY;
}
