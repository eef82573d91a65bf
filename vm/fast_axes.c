/* Rows of axes: those of lists are in the batch, those of pairs and ranges are made block by block. */
#include <math.h>
#include <string.h>

#include "vm/exact.h"
#include "vm/fast_run.h"

void fast_mark(struct fast_run *run, uint32_t product)
{
    run->outcomes[product].is_marked = true;
    run->is_left[product] = true;
}

void fast_mark_row(struct fast_run *run, uint16_t axis, uint32_t row)
{
    if (axis != AXIS_ID_CONSTANT) {
        fast_mark(run, fast_product_of(run, axis, row));
        return;
    }
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        fast_mark(run, p);
    }
}

void fast_doubt(struct fast_run *run, uint32_t product, enum zuji_doubt doubt, enum zuji_settled settled)
{
    run->outcomes[product].doubts[settled] |= (uint16_t)(1 << doubt);
}

void fast_doubt_row(struct fast_run *run, uint32_t instruction, uint32_t row, enum zuji_doubt doubt,
                    enum zuji_settled settled)
{
    if (!run->facts[instruction].is_single) {
        fast_doubt(run, fast_product_of(run, run->program->code[instruction].axis, row), doubt, settled);
        return;
    }
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        fast_doubt(run, p, doubt, settled);
    }
}

/* ---- the batch's own axes ---- */

static void set_rows(struct fast_axis *axis, const uint32_t *first, uint32_t from, uint32_t parents)
{
    axis->first = first;
    axis->from = from;
    axis->parents = parents;
    axis->rows = first[parents];
    axis->longest = 0;
    memset(axis->up, 0, sizeof axis->up);
    memset(axis->visited, 0, sizeof axis->visited);
    for (uint32_t p = 0; p < parents; p++) {
        uint32_t rows = first[p + 1] - first[p];
        axis->longest = rows > axis->longest ? rows : axis->longest;
    }
}

void fast_open_batch(struct fast_run *run)
{
    const struct program *program = run->program;
    for (uint16_t i = 0; i < program->axis_count; i++) {
        struct fast_axis *axis = &run->axes[i];
        memset(axis->up, 0, sizeof axis->up);
        switch ((enum axis_kind)program->axes[i].kind) {
        case AXIS_CONSTANT:
            axis->rows = 1;
            break;
        case AXIS_PRODUCT:
            axis->rows = run->batch->product_count;
            break;
        case AXIS_LIST:
            set_rows(axis, run->batch->lists[program->axes[i].list].first, 0, run->axes[program->axes[i].parent].rows);
            break;
        case AXIS_PAIR:
        case AXIS_RANGE:
            axis->rows = 0;
            axis->longest = 0;
            break;
        }
        fast_reserve(run, i, axis->rows > 0 ? axis->rows : 1);
    }
}

/* ---- which row lies in which ---- */

static struct arena *arena_of_axis(struct fast_run *run, uint16_t axis)
{
    return run->prepared->axes[axis].root != 0 ? run->block_arena : run->arena;
}

static const uint32_t *parents_of(struct fast_run *run, uint16_t axis)
{
    struct fast_axis *at = &run->axes[axis];
    if (at->up[1] == NULL) {
        at->up[1] = arena_array(arena_of_axis(run, axis), uint32_t, (size_t)at->rows + 1);
        for (uint32_t p = 0; p < at->parents; p++) {
            for (uint32_t r = at->first[p]; r < at->first[p + 1]; r++) {
                at->up[1][r] = at->from + p;
            }
        }
    }
    return at->up[1];
}

const uint32_t *fast_rows_up(struct fast_run *run, uint16_t axis, uint16_t ancestor)
{
    const struct prog_axis *shapes = run->program->axes;
    struct fast_axis *at = &run->axes[axis];
    int depth = 0;
    for (uint16_t outer = axis; outer != ancestor && outer != AXIS_ID_CONSTANT; outer = shapes[outer].parent) {
        depth++;
    }
    if (depth == 1) {
        return parents_of(run, axis);
    }
    if (at->up[depth] == NULL) {
        uint32_t *rows = arena_array(arena_of_axis(run, axis), uint32_t, (size_t)at->rows + 1);
        const uint32_t *parents = depth == 0 ? NULL : parents_of(run, axis);
        const uint32_t *outer = depth == 0 ? NULL : fast_rows_up(run, shapes[axis].parent, ancestor);
        for (uint32_t r = 0; r < at->rows; r++) {
            rows[r] = depth == 0 ? r : outer[parents[r]];
        }
        at->up[depth] = rows;
    }
    return at->up[depth];
}

const uint32_t *fast_rows_visited(struct fast_run *run, uint16_t pair, uint16_t to)
{
    const struct prog_axis *shapes = run->program->axes;
    struct fast_axis *at = &run->axes[pair];
    uint16_t list = (uint16_t)shapes[pair].list;
    int depth = 0;
    for (uint16_t outer = list; outer != to && outer != AXIS_ID_CONSTANT; outer = shapes[outer].parent) {
        depth++;
    }
    if (at->visited[depth] == NULL) {
        uint32_t *rows = arena_array(run->block_arena, uint32_t, (size_t)at->rows + 1);
        const uint32_t *up = fast_rows_up(run, list, to);
        for (uint32_t r = 0; r < at->rows; r++) {
            rows[r] = up[at->visited[0][r]];
        }
        at->visited[depth] = rows;
    }
    return at->visited[depth];
}

uint32_t fast_product_of(const struct fast_run *run, uint16_t axis, uint32_t row)
{
    for (; axis > AXIS_ID_PRODUCT; axis = run->program->axes[axis].parent) {
        const struct fast_axis *at = &run->axes[axis];
        uint32_t low = 0;
        uint32_t high = at->parents;
        while (high - low > 1) { /* the last parent row that begins at or before the row, and has rows */
            uint32_t middle = low + (high - low) / 2;
            if (at->first[middle] <= row) {
                low = middle;
            } else {
                high = middle;
            }
        }
        row = at->from + low;
    }
    return row;
}

/* ---- ranges ---- */

/* A bound as a whole number. False where it is none, or where doubles cannot say whether it is one. */
static bool whole_bound(const struct fast_register *bound, uint32_t row, double *whole)
{
    double value = bound->as.number[(size_t)row * bound->step];
    bool is_sure = (bound->grade & (GRADE_EXACT | GRADE_DATUM)) != 0;
    if (!is_sure || !(value >= -0x1p53 && value <= 0x1p53) || (double)(int64_t)value != value) {
        return false;
    }
    *whole = value;
    return true;
}

/* Rows of a range inside one row of its parent; false where its bounds are poison. */
static bool range_rows(const struct fast_run *run, uint16_t axis, uint32_t row, double *low, uint32_t *rows)
{
    const struct prog_axis *shape = &run->program->axes[axis];
    double high = 0;
    *rows = 0;
    *low = 0;
    if (!whole_bound(fast_register_of(run, shape->first), row, low) ||
        !whole_bound(fast_register_of(run, shape->last), row, &high)) {
        return false;
    }
    if (high < *low) {
        return true;
    }
    if (high - *low >= shape->max) {
        return false;
    }
    *rows = (uint32_t)(high - *low) + 1;
    return true;
}

/* ---- pairs ---- */

/* The rows of the list that a row of the parent is paired with. */
static uint32_t pair_rows(const uint32_t *shared, const struct fast_axis *list, uint32_t row, uint32_t *first)
{
    uint32_t in = shared[row] - list->from;
    *first = list->first[in];
    return list->first[in + 1] - list->first[in];
}

/* For each row of the pair's parent the row of the axis around the list that is visited. */
static const uint32_t *shared_rows(struct fast_run *run, uint16_t axis)
{
    const struct prog_axis *shapes = run->program->axes;
    uint16_t parent = shapes[axis].parent;
    uint16_t around = shapes[shapes[axis].list].parent;
    uint16_t pair = program_visiting_axis(run->program, parent, around);
    if (pair == AXIS_ID_CONSTANT) {
        return fast_rows_up(run, parent, around);
    }
    const uint32_t *visited = fast_rows_visited(run, pair, around);
    if (pair == parent) {
        return visited;
    }
    const uint32_t *up = fast_rows_up(run, parent, pair);
    uint32_t *rows = arena_array(run->block_arena, uint32_t, (size_t)run->axes[parent].rows + 1);
    for (uint32_t r = 0; r < run->axes[parent].rows; r++) {
        rows[r] = visited[up[r]];
    }
    return rows;
}

/* ---- blocks ---- */

void fast_begin_loop(struct fast_run *run, uint16_t axis)
{
    for (uint16_t i = axis; i < run->program->axis_count; i++) {
        if (run->prepared->axes[i].root == axis) {
            run->axes[i].product_rows = arena_array(run->arena, uint32_t, run->batch->product_count);
        }
    }
}

/* At most so many rows of an inner axis may lie inside one row of the axis. */
static uint64_t fan_out(const struct fast_run *run, uint16_t axis)
{
    uint64_t most = 1;
    for (uint16_t i = axis; i < run->program->axis_count; i++) {
        uint64_t rows = 1;
        for (uint16_t at = i; run->prepared->axes[i].root == axis && at != axis; at = run->program->axes[at].parent) {
            const struct prog_axis *shape = &run->program->axes[at];
            rows *= shape->kind == AXIS_RANGE ? shape->max : run->axes[shape->list].longest;
        }
        most = rows > most ? rows : most;
    }
    return most < UINT32_MAX ? most : UINT32_MAX;
}

uint32_t fast_block_end(struct fast_run *run, uint16_t axis, uint32_t from)
{
    const struct prog_axis *shape = &run->program->axes[axis];
    const struct fast_axis *parent = &run->axes[shape->parent];
    const uint32_t *shared = shape->kind == AXIS_PAIR ? shared_rows(run, axis) : NULL;
    uint64_t inside = fan_out(run, axis);
    uint64_t total = 0;
    uint32_t to = from;
    while (to < parent->rows) {
        uint32_t rows = 0;
        uint32_t first = 0;
        double low = 0;
        if (shape->kind == AXIS_PAIR) {
            rows = pair_rows(shared, &run->axes[shape->list], to, &first);
        } else {
            (void)range_rows(run, axis, to, &low, &rows);
        }
        total += rows * inside;
        if (total > run->engine->block_rows && to > from) {
            break;
        }
        to++;
    }
    return to;
}

/* May the product have so many rows more? If not, it is left to the exact engine, which refuses it. */
static bool admit_rows(struct fast_run *run, struct fast_axis *axis, uint32_t product, uint32_t rows)
{
    if (run->is_left[product]) {
        return false;
    }
    if (rows > EXACT_AXIS_ROWS_MAX - axis->product_rows[product]) {
        fast_doubt(run, product, ZUJI_DOUBT_SIZE, ZUJI_BY_PRODUCT);
        fast_mark(run, product);
        return false;
    }
    axis->product_rows[product] += rows;
    return true;
}

static void open_range(struct fast_run *run, uint16_t id, uint32_t from, uint32_t to)
{
    struct fast_axis *axis = &run->axes[id];
    uint16_t parent = run->program->axes[id].parent;
    const uint32_t *products = fast_rows_up(run, parent, AXIS_ID_PRODUCT);
    uint32_t *first = arena_array(run->block_arena, uint32_t, (size_t)(to - from) + 1);
    axis->low = arena_array(run->block_arena, double, to - from);
    axis->is_broken = arena_array(run->block_arena, uint8_t, to - from);
    for (uint32_t p = from; p < to; p++) {
        uint32_t rows = 0;
        bool is_whole = range_rows(run, id, p, &axis->low[p - from], &rows);
        axis->is_broken[p - from] = !is_whole;
        if (!is_whole && run->prepared->axes[id].has_effects) {
            fast_mark(run, products[p]);
        }
        first[p - from + 1] = first[p - from] + (admit_rows(run, axis, products[p], rows) ? rows : 0);
    }
    set_rows(axis, first, from, to - from);
}

static void open_pair(struct fast_run *run, uint16_t id, uint32_t from, uint32_t to)
{
    struct fast_axis *axis = &run->axes[id];
    const struct prog_axis *shape = &run->program->axes[id];
    const struct fast_axis *list = &run->axes[shape->list];
    const uint32_t *shared = shared_rows(run, id);
    const uint32_t *products = fast_rows_up(run, shape->parent, AXIS_ID_PRODUCT);
    uint32_t *first = arena_array(run->block_arena, uint32_t, (size_t)(to - from) + 1);
    uint32_t begins = 0;
    for (uint32_t p = from; p < to; p++) {
        uint32_t rows = pair_rows(shared, list, p, &begins);
        first[p - from + 1] = first[p - from] + (admit_rows(run, axis, products[p], rows) ? rows : 0);
    }
    set_rows(axis, first, from, to - from);
    axis->visited[0] = arena_array(run->block_arena, uint32_t, (size_t)axis->rows + 1);
    for (uint32_t p = from; p < to; p++) {
        (void)pair_rows(shared, list, p, &begins);
        for (uint32_t r = first[p - from]; r < first[p - from + 1]; r++) {
            axis->visited[0][r] = begins + (r - first[p - from]);
        }
    }
}

void fast_open_axis(struct fast_run *run, uint16_t axis, uint32_t from, uint32_t to)
{
    if (run->program->axes[axis].kind == AXIS_RANGE) {
        open_range(run, axis, from, to);
    } else {
        open_pair(run, axis, from, to);
    }
    fast_reserve(run, axis, run->axes[axis].rows > 0 ? run->axes[axis].rows : 1);
}

/* ---- names of rows, as the exact engine has them ---- */

static struct str join_path(struct fast_run *run, struct str outer, struct str inner, struct str between)
{
    if (outer.len == 0) {
        return inner;
    }
    return str_join(run->arena, (const struct str[]){outer, inner}, 2, between);
}

struct str fast_row_path(struct fast_run *run, uint16_t id, uint32_t row)
{
    const struct prog_axis *shape = &run->program->axes[id];
    if (shape->kind == AXIS_CONSTANT || shape->kind == AXIS_PRODUCT) {
        return STR("");
    }
    const struct fast_axis *axis = &run->axes[id];
    uint32_t parent = parents_of(run, id)[row];
    uint32_t number = row - axis->first[parent - axis->from];
    struct str outer = fast_row_path(run, shape->parent, parent);
    switch ((enum axis_kind)shape->kind) {
    case AXIS_LIST: {
        struct str name = run->program->texts[run->program->fields[shape->list].name];
        struct str inner = str_format(run->arena, "%.*s[%lu]", STR_FMT(name), (unsigned long)number + 1);
        return join_path(run, outer, inner, STR("."));
    }
    case AXIS_PAIR:
        return join_path(run, outer, fast_row_path(run, (uint16_t)shape->list, axis->visited[0][row]), STR(", "));
    case AXIS_RANGE: {
        double value = axis->low[parent - axis->from] + number;
        struct str inner = shape->list == NO_INDEX
                               ? str_format(run->arena, "%lld", (long long)value)
                               : program_row_text(run->arena, run->program, shape->list, (uint32_t)value - 1);
        return join_path(run, outer, inner, STR(", "));
    }
    case AXIS_CONSTANT:
    case AXIS_PRODUCT:
        break;
    }
    return STR("");
}
