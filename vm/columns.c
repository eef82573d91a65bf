/* Arrays of registers of the fast engine, which are kept from batch to batch. */
#include "vm/fast_run.h"

static const size_t width_bytes[WIDTH_COUNT] = {8, 4, 1};

/* Arrays begin on a cache line, and not all in the same set of the cache. */
static size_t stride_of(size_t rows, size_t bytes)
{
    enum { LINE = 64, PAGE = 4096 };
    size_t stride = ((rows * bytes + LINE - 1) / LINE + 1) * LINE;
    return stride % PAGE == 0 ? stride + LINE : stride;
}

void fast_reserve(struct fast_run *run, uint16_t axis, uint32_t rows)
{
    struct fast_axis *to = &run->axes[axis];
    if (rows <= to->capacity) {
        return;
    }
    uint32_t capacity = rows < 64 ? 64 : rows;
    capacity = capacity < 2 * (uint64_t)to->capacity ? 2 * to->capacity : capacity;
    for (int w = 0; w < WIDTH_COUNT; w++) {
        to->stride[w] = stride_of(capacity, width_bytes[w]);
        to->pool[w] = arena_alloc(&run->engine->arena, run->prepared->axes[axis].slots[w], to->stride[w]);
    }
    to->capacity = capacity;
}

static void *array_at(const struct fast_axis *axis, enum width width, uint32_t slot)
{
    return slot == NO_SLOT ? NULL : axis->pool[width] + slot * axis->stride[width];
}

uint32_t fast_make(struct fast_run *run, const struct step *step)
{
    const struct fact *fact = &run->facts[step->instruction];
    struct fast_register *made = &run->registers[step->instruction];
    const struct fast_axis *axis =
        fact->is_single ? &run->axes[AXIS_ID_CONSTANT] : fast_axis_of(run, step->instruction);
    if (!step->is_result) {
        made->as.any = array_at(axis, prepare_width((enum value_form)fact->form), step->slot[0]);
        made->given = array_at(axis, WIDTH_1, step->slot[1]);
        made->bounds = array_at(axis, WIDTH_8, step->slot[2]);
        made->step = !fact->is_single;
        made->k = 0;
        made->low = fact->low;
        made->high = fact->high;
        made->grade = fact->is_whole ? GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM : 0;
    }
    return fact->is_single ? 1 : axis->rows;
}

/* ---- columns for the use of one step ---- */

static double *scratch_column(struct fast_run *run, int scratch, uint32_t rows)
{
    struct fast *engine = run->engine;
    if (rows > engine->scratch_rows) {
        uint32_t larger = rows < LIMIT_CHUNK_ROWS ? LIMIT_CHUNK_ROWS : rows;
        for (int k = 0; k < SCRATCH_COUNT; k++) {
            engine->scratch[k] = arena_array(&engine->arena, double, (size_t)larger + 8 * (size_t)(k + 1));
        }
        engine->scratch_rows = larger;
    }
    return engine->scratch[scratch];
}

const double *fast_dense(struct fast_run *run, const struct fast_register *from, uint32_t n, int scratch)
{
    if (from->step == 1) {
        return from->as.number;
    }
    double *to = scratch_column(run, scratch, n);
    double value = from->as.number[0];
    for (uint32_t i = 0; i < n; i++) {
        to[i] = value;
    }
    return to;
}

const double *fast_bounds(struct fast_run *run, const struct fast_register *from, uint32_t n, int scratch)
{
    if (from->step == 1 && from->bounds != NULL) {
        return from->bounds;
    }
    double *to = scratch_column(run, scratch, n);
    if (from->step == 0) {
        double bound = fast_bound(from, 0);
        for (uint32_t i = 0; i < n; i++) {
            to[i] = bound;
        }
        return to;
    }
    double scale = from->k * RELATIVE_BOUND;
    const double *value = from->as.number;
    for (uint32_t i = 0; i < n; i++) {
        to[i] = scale * (value[i] < 0 ? -value[i] : value[i]);
    }
    return to;
}
