/* Rows of axes for one product: how many, which lie in which, and what they are called. */
#include "vm/exact_run.h"

uint64_t exact_list_rows(const struct exact_run *run, uint32_t list)
{
    uint32_t chain[LIMIT_AXIS_DEPTH];
    int depth = 0;
    for (uint32_t at = list; at != NO_INDEX && depth < LIMIT_AXIS_DEPTH; at = run->program->fields[at].parent) {
        chain[depth++] = at;
    }
    uint32_t from = run->product;
    uint32_t to = run->product + 1;
    while (depth-- > 0) {
        const struct list_rows *rows = &run->batch->lists[chain[depth]];
        from = rows->first[from];
        to = rows->first[to];
    }
    return to - from;
}

static bool refuse_rows(struct exact_run *run, uint32_t axis, uint64_t rows)
{
    exact_refuse(run, D_AXIS_TOO_LONG,
                 DIAG_ARGS(exact_axis_name(run, axis), str_format(run->arena, "%llu", (unsigned long long)rows),
                           str_format(run->arena, "%d", (int)EXACT_AXIS_ROWS_MAX)));
    return false;
}

/* The parents of rows from their first rows. */
static void fill_parents(struct exact_run *run, struct exact_axis *axis, uint32_t parent_rows)
{
    axis->rows = axis->first[parent_rows];
    axis->parent = arena_array(run->arena, uint32_t, axis->rows);
    for (uint32_t p = 0; p < parent_rows; p++) {
        for (uint32_t r = axis->first[p]; r < axis->first[p + 1]; r++) {
            axis->parent[r] = p;
        }
    }
    axis->is_ready = true;
}

static bool ready_list(struct exact_run *run, struct exact_axis *axis, const struct prog_axis *shape)
{
    const struct exact_axis *parent = &run->axes[shape->parent];
    const uint32_t *first = run->batch->lists[shape->list].first + parent->base;
    axis->base = first[0];
    axis->first = arena_array(run->arena, uint32_t, (size_t)parent->rows + 1);
    for (uint32_t p = 0; p <= parent->rows; p++) {
        axis->first[p] = first[p] - first[0];
    }
    fill_parents(run, axis, parent->rows);
    return true;
}

uint32_t exact_row_seen(const struct exact_run *run, uint16_t axis, uint32_t row, uint16_t of)
{
    uint16_t pair = program_visiting_axis(run->program, axis, of);
    if (pair == AXIS_ID_CONSTANT) {
        return exact_row_outside(run, axis, row, of);
    }
    return exact_row_visited(run, pair, exact_row_outside(run, axis, row, pair), of);
}

/* The rows of a pair axis meet on the parent of the list that is visited. */
static bool ready_pair(struct exact_run *run, struct exact_axis *axis, const struct prog_axis *shape)
{
    uint32_t list = shape->list;
    if (!exact_axis_ready(run, list)) {
        return false;
    }
    const struct exact_axis *parent = &run->axes[shape->parent];
    const struct exact_axis *visited = &run->axes[list];
    uint16_t shared = run->program->axes[list].parent;
    uint64_t rows = 0;
    axis->first = arena_array(run->arena, uint32_t, (size_t)parent->rows + 1);
    for (uint32_t p = 0; p < parent->rows; p++) {
        uint32_t in = exact_row_seen(run, shape->parent, p, shared);
        rows += visited->first[in + 1] - visited->first[in];
        axis->first[p + 1] = (uint32_t)(rows < UINT32_MAX ? rows : UINT32_MAX);
    }
    if (rows > EXACT_AXIS_ROWS_MAX) {
        return refuse_rows(run, (uint32_t)(shape - run->program->axes), rows);
    }
    fill_parents(run, axis, parent->rows);
    axis->other = arena_array(run->arena, uint32_t, axis->rows);
    for (uint32_t p = 0; p < parent->rows; p++) {
        uint32_t in = exact_row_seen(run, shape->parent, p, shared);
        for (uint32_t r = axis->first[p]; r < axis->first[p + 1]; r++) {
            axis->other[r] = visited->first[in] + (r - axis->first[p]);
        }
    }
    return true;
}

/* A bound as a whole number; otherwise a state of poison. */
static uint32_t whole_bound(struct exact_run *run, uint32_t bound, uint32_t row, int64_t *whole)
{
    struct exact_value value = exact_get(run, bound, row);
    bool is_number = run->shapes[bound].type == VALUE_NUMBER;
    *whole = value.code;
    if (value.state == STATE_GIVEN && is_number && !rat_to_i64(value.number, whole)) {
        return exact_fail(run, bound, row, D_RANGE_NOT_WHOLE,
                          DIAG_ARGS(exact_expression(run, bound), exact_value_text(run, bound, row)));
    }
    return value.state == STATE_ABSENT ? exact_fail_unneeded(run, bound, row) : value.state;
}

/* Number of rows for one row of the parent axis. */
static uint32_t range_rows(struct exact_run *run, struct exact_axis *axis, const struct prog_axis *shape, uint32_t row)
{
    int64_t low = 0;
    int64_t high = 0;
    uint32_t low_state = whole_bound(run, shape->first, row, &low);
    uint32_t high_state = whole_bound(run, shape->last, row, &high);
    axis->state[row] = exact_join(run, low_state, high_state);
    axis->low[row] = low;
    if (axis->state[row] != STATE_GIVEN || high < low) {
        return 0;
    }
    uint64_t rows = (uint64_t)high - (uint64_t)low; /* one less: it cannot overflow */
    if (rows >= shape->max) {
        axis->state[row] = exact_fail(run, shape->last, row, D_RANGE_TOO_LONG,
                                      DIAG_ARGS(str_format(run->arena, "%lld .. %lld", (long long)low, (long long)high),
                                                str_format(run->arena, "%lu", (unsigned long)shape->max)));
        return 0;
    }
    return (uint32_t)rows + 1;
}

static bool ready_range(struct exact_run *run, struct exact_axis *axis, const struct prog_axis *shape)
{
    uint32_t parent_rows = run->axes[shape->parent].rows;
    axis->first = arena_array(run->arena, uint32_t, (size_t)parent_rows + 1);
    axis->low = arena_array(run->arena, int64_t, parent_rows);
    axis->state = arena_array(run->arena, uint32_t, parent_rows);
    uint64_t rows = 0;
    for (uint32_t p = 0; p < parent_rows; p++) {
        rows += range_rows(run, axis, shape, p);
        if (rows > EXACT_AXIS_ROWS_MAX) {
            return refuse_rows(run, (uint32_t)(shape - run->program->axes), rows);
        }
        axis->first[p + 1] = (uint32_t)rows;
    }
    fill_parents(run, axis, parent_rows);
    return true;
}

bool exact_axis_ready(struct exact_run *run, uint32_t id)
{
    struct exact_axis *axis = &run->axes[id];
    const struct prog_axis *shape = &run->program->axes[id];
    if (axis->is_ready) {
        return true;
    }
    if (id != AXIS_ID_CONSTANT && !exact_axis_ready(run, shape->parent)) {
        return false;
    }
    switch ((enum axis_kind)shape->kind) {
    case AXIS_CONSTANT:
    case AXIS_PRODUCT:
        axis->base = id == AXIS_ID_CONSTANT ? 0 : run->product;
        axis->first = arena_array(run->arena, uint32_t, 2);
        axis->first[1] = 1;
        fill_parents(run, axis, 1);
        return true;
    case AXIS_LIST:
        return ready_list(run, axis, shape);
    case AXIS_PAIR:
        return ready_pair(run, axis, shape);
    case AXIS_RANGE:
        return ready_range(run, axis, shape);
    }
    return false;
}

uint32_t exact_row_outside(const struct exact_run *run, uint32_t axis, uint32_t row, uint32_t ancestor)
{
    while (axis != ancestor && axis != AXIS_ID_CONSTANT) {
        row = run->axes[axis].parent[row];
        axis = run->program->axes[axis].parent;
    }
    return axis == ancestor ? row : 0;
}

uint32_t exact_row_visited(const struct exact_run *run, uint32_t pair, uint32_t row, uint32_t to)
{
    return exact_row_outside(run, run->program->axes[pair].list, run->axes[pair].other[row], to);
}

/* ---- names ---- */

static struct str join_path(struct exact_run *run, struct str outer, struct str inner, struct str between)
{
    if (outer.len == 0) {
        return inner;
    }
    return str_join(run->arena, (const struct str[]){outer, inner}, 2, between);
}

static struct str list_name(const struct exact_run *run, uint32_t list)
{
    return run->program->texts[run->program->fields[list].name];
}

static struct str indexed(struct exact_run *run, struct str name, uint32_t row)
{
    return str_format(run->arena, "%.*s[%lu]", STR_FMT(name), (unsigned long)row + 1);
}

struct str exact_row_path(struct exact_run *run, uint32_t id, uint32_t row)
{
    const struct prog_axis *shape = &run->program->axes[id];
    const struct exact_axis *axis = &run->axes[id];
    if (shape->kind == AXIS_CONSTANT || shape->kind == AXIS_PRODUCT || row >= axis->rows) {
        return STR("");
    }
    uint32_t parent = axis->parent[row];
    struct str outer = exact_row_path(run, shape->parent, parent);
    uint32_t number = row - axis->first[parent];
    switch ((enum axis_kind)shape->kind) {
    case AXIS_LIST:
        return join_path(run, outer, indexed(run, list_name(run, shape->list), number), STR("."));
    case AXIS_PAIR:
        return join_path(run, outer, exact_row_path(run, shape->list, axis->other[row]), STR(", "));
    case AXIS_RANGE: {
        int64_t value = axis->low[parent] + number;
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

struct str exact_axis_name(struct exact_run *run, uint32_t id)
{
    const struct prog_axis *shape = &run->program->axes[id];
    struct str name = STR("");
    switch ((enum axis_kind)shape->kind) {
    case AXIS_CONSTANT:
    case AXIS_PRODUCT:
        return name;
    case AXIS_LIST:
        name = list_name(run, shape->list);
        break;
    case AXIS_PAIR:
        name = exact_axis_name(run, shape->list);
        break;
    case AXIS_RANGE:
        name = shape->list != NO_INDEX
                   ? run->program->texts[run->program->tables[shape->list].name]
                   : str_format(run->arena, "%.*s .. %.*s", STR_FMT(exact_expression(run, shape->first)),
                                STR_FMT(exact_expression(run, shape->last)));
        break;
    }
    /* A list in a list is named by itself; pairs and ranges name what they are inside. */
    struct str outer = shape->kind == AXIS_LIST ? STR("") : exact_axis_name(run, shape->parent);
    return join_path(run, outer, name, STR(" × "));
}
