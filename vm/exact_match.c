/* MATCH: rows of a list found by a value. The rows are put into a hash table first, so the cost is the sum of both
   numbers of rows, not their product. Rows are found inside the parent row in which the instruction's row lies. */
#include "vm/exact_run.h"

struct index {
    struct exact_run *run;
    uint32_t datum; /* instruction on the axis of the list */
    uint32_t list;  /* that axis */
    bool is_number;
    bool has_enclosures; /* among the data: a table of slots is of no use then */
    uint32_t *slots;     /* open addressing, a power of two: row + 1, 0: free */
    uint32_t *twins;     /* by row: the first later row with the same value, + 1; 0: none */
    uint32_t *states;    /* by parent row: poison of the data */
    size_t size;
};

static uint64_t hash_of(const struct index *index, uint32_t parent, const struct exact_value *value)
{
    uint64_t hash = index->is_number ? rat_hash(value->number) : (uint64_t)value->code * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= (uint64_t)parent * UINT64_C(0xC2B2AE3D27D4EB4F);
    return hash ^ hash >> 29;
}

static bool is_equal(const struct index *index, uint32_t row, const struct exact_value *value)
{
    struct exact_value own = exact_get(index->run, index->datum, row);
    return index->is_number ? exact_order(index->run, own.number, value->number) == 0 : own.code == value->code;
}

/* The slot of the value inside the parent row, or the free one where it belongs. */
static uint32_t *find_slot(const struct index *index, uint32_t parent, const struct exact_value *value)
{
    const uint32_t *parents = index->run->axes[index->list].parent;
    size_t at = (size_t)hash_of(index, parent, value) & (index->size - 1);
    while (index->slots[at] != 0) {
        uint32_t row = index->slots[at] - 1;
        if (parents[row] == parent && is_equal(index, row, value)) {
            break;
        }
        at = (at + 1) & (index->size - 1);
    }
    return &index->slots[at];
}

/* Row by row: the first row inside the parent row with the value, + 1, and the next one; 0: there is none. */
static uint32_t search(struct index *index, uint32_t instruction, uint32_t parent, const struct exact_value *value)
{
    struct exact_run *run = index->run;
    const uint32_t *first = run->axes[index->list].first;
    uint32_t found = 0;
    for (uint32_t row = first[parent]; row < first[parent + 1] && !exact_is_stopped(run); row++) {
        exact_charge(run, instruction, value->number, exact_get(run, index->datum, row).number, 1);
        if (is_equal(index, row, value)) {
            if (found != 0) {
                index->twins[found - 1] = row + 1;
                break;
            }
            found = row + 1;
            index->twins[row] = 0;
        }
    }
    return found;
}

static void add_row(struct index *index, uint32_t row)
{
    uint32_t parent = index->run->axes[index->list].parent[row];
    struct exact_value value = exact_get(index->run, index->datum, row);
    if (value.state != STATE_GIVEN) {
        index->states[parent] = exact_join(index->run, index->states[parent], value.state);
        return;
    }
    if (rat_is_enclosure(value.number)) {
        index->has_enclosures = true;
        return;
    }
    uint32_t *slot = find_slot(index, parent, &value);
    if (*slot == 0) {
        *slot = row + 1;
    } else if (index->twins[*slot - 1] == 0) {
        index->twins[*slot - 1] = row + 1;
    }
}

static struct index index_rows(struct exact_run *run, uint32_t datum)
{
    struct index index = {.run = run, .datum = datum, .list = run->program->code[datum].axis, .size = 16};
    const struct exact_axis *axis = &run->axes[index.list];
    index.is_number = run->shapes[datum].type == VALUE_NUMBER;
    while (index.size < 2 * (size_t)axis->rows) {
        index.size *= 2;
    }
    index.slots = arena_array(run->arena, uint32_t, index.size);
    index.twins = arena_array(run->arena, uint32_t, axis->rows);
    index.states = arena_array(run->arena, uint32_t, run->axes[run->program->axes[index.list].parent].rows);
    for (uint32_t row = 0; row < axis->rows; row++) {
        add_row(&index, row);
    }
    return index;
}

static struct exact_value ambiguous(const struct index *index, uint32_t instruction, uint32_t row, uint32_t first)
{
    struct exact_run *run = index->run;
    if (!exact_is_needed(run, instruction, row)) {
        return exact_of_state(exact_fail_unneeded(run, instruction, row));
    }
    uint32_t second = index->twins[first] - 1;
    return exact_of_state(
        exact_fail(run, instruction, row, D_AMBIGUOUS_ROW,
                   DIAG_ARGS(exact_axis_name(run, index->list), exact_expression(run, instruction),
                             exact_row_path(run, index->list, first), exact_row_path(run, index->list, second))));
}

static struct exact_value matched(struct index *index, uint32_t instruction, uint32_t row)
{
    struct exact_run *run = index->run;
    const struct instruction *at = &run->program->code[instruction];
    struct exact_value value = exact_get(run, at->a, row);
    if (value.state != STATE_GIVEN) {
        return exact_of_state(is_poison(value.state) ? value.state : exact_fail_unneeded(run, instruction, row));
    }
    uint32_t parent = exact_row_outside(run, at->axis, row, run->program->axes[index->list].parent);
    if (is_poison(index->states[parent])) {
        return exact_of_state(index->states[parent]);
    }
    bool is_searched = index->has_enclosures || rat_is_enclosure(value.number);
    uint32_t found = is_searched ? search(index, instruction, parent, &value) : *find_slot(index, parent, &value);
    if (found == 0) {
        return exact_of_state(STATE_ABSENT);
    }
    return index->twins[found - 1] == 0 ? exact_of_code(found - 1) : ambiguous(index, instruction, row, found - 1);
}

void exact_match(struct exact_run *run, uint32_t instruction)
{
    struct index index = index_rows(run, run->program->code[instruction].b);
    uint32_t rows = run->axes[run->program->code[instruction].axis].rows;
    exact_make(run, instruction, false);
    for (uint32_t row = 0; row < rows && !exact_is_stopped(run); row++) {
        struct exact_value value = matched(&index, instruction, row);
        exact_put(run, instruction, row, &value);
    }
}
