/* MATCH: rows of a list found by a value, through a hash table of all rows of the batch that is made once. */
#include <string.h>

#include "vm/fast_run.h"

struct match_index {
    uint32_t *slots; /* open addressing, a power of two: row + 1, 0: free; NULL: not made yet */
    uint32_t *twins; /* by row: the first later row of the same parent row with the same value, + 1; 0: none */
    size_t size;
};

struct matching {
    struct fast_run *run;
    const struct instruction *at;
    struct match_index *index;
    const struct fast_register *data, *values;
    const uint32_t *parents; /* by row of the list */
    enum value_form form;
    bool is_certain; /* numbers: equal doubles are equal numbers, and unequal ones are not */
};

struct match_index *fast_indexes_new(struct arena *arena, const struct prepared *prepared)
{
    return arena_array(arena, struct match_index, prepared->program->code_count);
}

void fast_indexes_clear(struct fast *engine)
{
    memset(engine->indexes, 0, engine->program->code_count * sizeof *engine->indexes);
}

/* The value as bits that are the same where values are equal: 0 and -0 are. */
static uint64_t bits_of(const struct matching *on, const struct fast_register *from, uint32_t row)
{
    size_t at = (size_t)row * from->step;
    uint64_t bits = 0;
    double number;
    switch (on->form) {
    case FORM_NUMBER:
        number = from->as.number[at] + 0.0;
        memcpy(&bits, &number, sizeof bits);
        break;
    case FORM_WHOLE:
        bits = (uint32_t)from->as.whole[at];
        break;
    case FORM_CODE:
        bits = from->as.code[at];
        break;
    case FORM_FLAG:
        bits = from->as.flag[at];
        break;
    }
    return bits;
}

static uint32_t *find_slot(const struct matching *on, uint32_t parent, uint64_t bits)
{
    const struct match_index *index = on->index;
    uint64_t hash = bits * UINT64_C(0x9E3779B97F4A7C15) ^ parent * UINT64_C(0xC2B2AE3D27D4EB4F);
    size_t at = (size_t)(hash ^ hash >> 29) & (index->size - 1);
    while (index->slots[at] != 0) {
        uint32_t row = index->slots[at] - 1;
        if (on->parents[row] == parent && bits_of(on, on->data, row) == bits) {
            break;
        }
        at = (at + 1) & (index->size - 1);
    }
    return &index->slots[at];
}

static void index_rows(const struct matching *on, uint32_t rows)
{
    struct match_index *index = on->index;
    for (index->size = 16; index->size < 2 * (size_t)rows;) {
        index->size *= 2;
    }
    index->slots = arena_array(on->run->arena, uint32_t, index->size);
    index->twins = arena_array(on->run->arena, uint32_t, (size_t)rows + 1);
    for (uint32_t row = 0; row < rows; row++) {
        uint32_t *slot = find_slot(on, on->parents[row], bits_of(on, on->data, row));
        if (*slot == 0) {
            *slot = row + 1;
        } else if (index->twins[*slot - 1] == 0) {
            index->twins[*slot - 1] = row + 1;
        }
    }
}

/* Numbers that are not given as they are, data that are not known, and two rows with the value: for the exact engine.
 */
static void match_row(const struct matching *on, struct fast_register *out, uint32_t row, uint32_t parent)
{
    if (!on->is_certain || fast_is_poison(on->values, on->form, row)) {
        fast_put_poison(out, FORM_CODE, row);
        return;
    }
    uint32_t found = *find_slot(on, parent, bits_of(on, on->values, row));
    if (found != 0 && on->index->twins[found - 1] != 0) {
        fast_put_poison(out, FORM_CODE, row);
        return;
    }
    out->as.code[row] = found == 0 ? 0 : found - 1;
    out->given[row] = found != 0;
}

static bool has_poison(const struct matching *on, uint32_t rows)
{
    for (uint32_t row = 0; row < rows; row++) {
        if (fast_is_poison(on->data, on->form, row)) {
            return true;
        }
    }
    return false;
}

void fast_match(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    uint16_t list = run->program->code[at->b].axis;
    uint16_t around = run->program->axes[list].parent;
    struct matching on = {.run = run, .at = at, .index = &run->engine->indexes[step->instruction]};
    on.data = fast_register_of(run, at->b);
    on.values = fast_register_of(run, at->a);
    on.parents = fast_rows_up(run, list, around);
    on.form = (enum value_form)run->facts[at->a].form;
    uint8_t sure = GRADE_EXACT | GRADE_DATUM;
    uint32_t list_rows = run->axes[list].rows;
    on.is_certain =
        (on.form != FORM_NUMBER || (on.data->grade & on.values->grade & sure) != 0) && !has_poison(&on, list_rows);
    uint32_t rows = fast_make(run, step);
    if (on.index->slots == NULL) {
        index_rows(&on, list_rows);
    }
    const uint32_t *up = fast_rows_up(run, at->axis, around);
    for (uint32_t row = 0; row < rows; row++) {
        match_row(&on, &run->registers[step->instruction], row, up[row]);
    }
}
