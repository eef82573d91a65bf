/* Tables: numbered when they are first used, their rows made dense. */
#include <assert.h>
#include <stdlib.h>

#include "compiler/lower.h"

enum value_type lower_value_type(enum type_kind kind)
{
    switch (kind) {
    case TYPE_ERROR:
    case TYPE_NUMBER:
    case TYPE_LIST:
        return VALUE_NUMBER;
    case TYPE_BOOL:
        return VALUE_BOOL;
    case TYPE_TEXT:
    case TYPE_REGION:
        return VALUE_TEXT;
    case TYPE_CHOICE:
        return VALUE_MEMBER;
    case TYPE_YEAR:
        return VALUE_YEAR;
    case TYPE_DATE:
        return VALUE_DATE;
    case TYPE_ROW:
        return VALUE_ROW;
    }
    return VALUE_NUMBER;
}

static uint32_t choice_of(struct lowering *lowering, const struct type *type)
{
    return type->kind == TYPE_CHOICE ? lower_choice_id(lowering, type->decl) : NO_INDEX;
}

static uint16_t unit_of(struct lowering *lowering, const struct type *type)
{
    uint32_t unit = type->kind == TYPE_NUMBER ? ir_unit(lowering->ir, type->unit) : 0;
    lowering->has_error = lowering->has_error || unit == IR_ERROR;
    return unit == IR_ERROR ? 0 : (uint16_t)unit;
}

/* ---- keys of tables ---- */

struct table_making {
    struct lowering *lowering;
    struct decl *decl;
    struct prog_table table;
    uint32_t *row_of_slot;
};

/* Places of the patterns of one dimension, over all rows (and the matrix line for the last key). */
static const struct pattern *pattern_at(const struct pattern *first, uint32_t index)
{
    while (index-- > 0 && first != NULL) {
        first = first->next;
    }
    return first;
}

static bool is_matrix_key(const struct table_making *making, uint32_t dimension)
{
    return making->decl->as.table.matrix != NULL && dimension + 1 == making->table.dimension_count;
}

typedef void pattern_visitor(struct table_making *making, uint32_t dimension, const struct pattern *pattern);

static void each_pattern(struct table_making *making, uint32_t dimension, pattern_visitor *visit)
{
    if (is_matrix_key(making, dimension)) {
        for (const struct pattern *at = making->decl->as.table.matrix; at != NULL; at = at->next) {
            visit(making, dimension, at);
        }
        return;
    }
    for (const struct table_row *row = making->decl->as.table.rows; row != NULL; row = row->next) {
        const struct pattern *pattern = pattern_at(row->patterns, dimension);
        if (pattern != NULL) {
            visit(making, dimension, pattern);
        }
    }
}

static int64_t year_of(struct table_making *making, struct expr *expr)
{
    int64_t year = 0;
    uint32_t node = lower_constant(making->lowering, expr);
    if (node != IR_ERROR && !rat_to_i64(ir_constant(making->lowering->ir, node)->number, &year)) {
        lower_fail(making->lowering, expr->at, D_NOT_CONSTANT, NULL, 0);
    }
    return year;
}

static void add_key(struct table_making *making, struct prog_dimension *keys, struct prog_const key, bool is_below)
{
    if (keys->key_count >= LIMIT_TABLE_CELLS) {
        return; /* too many anyway: make_slots reports it */
    }
    size_t cap = keys->key_count;
    if ((keys->key_count & (keys->key_count + 1)) == 0) { /* 0, 1, 3, 7, ...: twice the room */
        cap = 2 * (size_t)keys->key_count + 1;
        uint32_t *larger = arena_array(making->lowering->arena, uint32_t, cap);
        uint8_t *larger_below = arena_array(making->lowering->arena, uint8_t, cap);
        for (uint32_t i = 0; i < keys->key_count; i++) {
            larger[i] = keys->keys[i];
            larger_below[i] = keys->is_below[i];
        }
        keys->keys = larger;
        keys->is_below = larger_below;
    }
    keys->is_below[keys->key_count] = is_below;
    keys->keys[keys->key_count++] = ir_pool(making->lowering->ir, key);
}

/* The limit of a step in the unit of the dimension. */
static struct prog_const step_limit(struct table_making *making, const struct prog_dimension *keys, struct expr *expr)
{
    struct ir *ir = making->lowering->ir;
    uint32_t node = lower_constant(making->lowering, expr);
    if (node != IR_ERROR) {
        node = ir_convert(ir, node, ir->unit_items[keys->unit]);
    }
    struct rat number = node == IR_ERROR ? RAT_ZERO : ir_constant(ir, node)->number;
    return (struct prog_const){VALUE_NUMBER, NO_INDEX, number, NO_INDEX};
}

static struct prog_const year_key(int64_t year)
{
    return (struct prog_const){VALUE_YEAR, NO_INDEX, rat_int(year), NO_INDEX};
}

static struct prog_const text_key(struct table_making *making, struct str text)
{
    return (struct prog_const){VALUE_TEXT, NO_INDEX, RAT_ZERO, ir_text(making->lowering->ir, text)};
}

static void collect_key(struct table_making *making, uint32_t dimension, const struct pattern *pattern)
{
    struct prog_dimension *keys = &making->table.dimensions[dimension];
    switch (pattern->kind) {
    case PATTERN_ERROR:
    case PATTERN_NAME: /* members of a choice are all keys anyway */
        return;
    case PATTERN_TEXT:
        add_key(making, keys, text_key(making, pattern->text), false);
        return;
    case PATTERN_NUMBER:
        add_key(making, keys, year_key(year_of(making, pattern->value)), false);
        return;
    case PATTERN_RANGE:
        for (int64_t year = year_of(making, pattern->value); year <= year_of(making, pattern->last); year++) {
            add_key(making, keys, year_key(year), false);
        }
        return;
    case PATTERN_UP_TO:
    case PATTERN_BELOW:
        add_key(making, keys, step_limit(making, keys, pattern->value), pattern->kind == PATTERN_BELOW);
        return;
    case PATTERN_OTHERWISE:
        keys->has_otherwise = keys->type != VALUE_MEMBER;
        return;
    }
}

static int compare_keys(const struct ir *ir, uint32_t a, uint32_t b)
{
    const struct prog_const *left = &ir->constants[a];
    const struct prog_const *right = &ir->constants[b];
    if (left->type == VALUE_TEXT) {
        return str_cmp(ir_text_of(ir, left->text), ir_text_of(ir, right->text));
    }
    return rat_cmp(ir->arena, left->number, right->number);
}

/* Heap sort: keys ascending, is_below moving along. */
static void sift_down(const struct ir *ir, struct prog_dimension *keys, uint32_t at, uint32_t count)
{
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && compare_keys(ir, keys->keys[child], keys->keys[child + 1]) < 0) {
            child++;
        }
        if (compare_keys(ir, keys->keys[at], keys->keys[child]) >= 0) {
            return;
        }
        uint32_t key = keys->keys[at];
        uint8_t is_below = keys->is_below[at];
        keys->keys[at] = keys->keys[child];
        keys->is_below[at] = keys->is_below[child];
        keys->keys[child] = key;
        keys->is_below[child] = is_below;
        at = child;
    }
}

static void sort_keys(const struct ir *ir, struct prog_dimension *keys)
{
    for (uint32_t at = keys->key_count / 2; at-- > 0;) {
        sift_down(ir, keys, at, keys->key_count);
    }
    for (uint32_t count = keys->key_count; count > 1; count--) {
        uint32_t key = keys->keys[0];
        uint8_t is_below = keys->is_below[0];
        keys->keys[0] = keys->keys[count - 1];
        keys->is_below[0] = keys->is_below[count - 1];
        keys->keys[count - 1] = key;
        keys->is_below[count - 1] = is_below;
        sift_down(ir, keys, 0, count - 1);
    }
}

/* A symmetric table is asked both ways round: what is a key on one side is one on the other. */
static void share_keys(struct table_making *making, struct prog_dimension *to, const struct prog_dimension *from)
{
    for (uint32_t i = 0; i < from->key_count; i++) {
        add_key(making, to, making->lowering->ir->constants[from->keys[i]], from->is_below[i]);
    }
    to->has_otherwise = to->has_otherwise || from->has_otherwise;
}

/* Equal keys are one constant and stand together. */
static void keep_distinct(struct prog_dimension *keys)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < keys->key_count; i++) {
        if (kept == 0 || keys->keys[kept - 1] != keys->keys[i]) {
            keys->is_below[kept] = keys->is_below[i];
            keys->keys[kept++] = keys->keys[i];
        }
    }
    keys->key_count = kept;
}

static void make_dimensions(struct table_making *making)
{
    uint32_t dimension = 0;
    for (struct decl *key = making->decl->as.table.keys; key != NULL && dimension < LIMIT_TABLE_DIMENSIONS;
         key = key->next) {
        struct prog_dimension *keys = &making->table.dimensions[dimension];
        keys->type = (uint8_t)lower_value_type(key->type.kind);
        keys->choice = choice_of(making->lowering, &key->type);
        keys->unit = unit_of(making->lowering, &key->type);
        making->table.dimension_count = ++dimension;
    }
    for (uint32_t i = 0; i < dimension; i++) {
        each_pattern(making, i, collect_key);
    }
    if (making->decl->attributes.is_symmetric && dimension == 2) {
        share_keys(making, &making->table.dimensions[0], &making->table.dimensions[1]);
        share_keys(making, &making->table.dimensions[1], &making->table.dimensions[0]);
    }
    for (uint32_t i = 0; i < dimension; i++) {
        sort_keys(making->lowering->ir, &making->table.dimensions[i]);
        keep_distinct(&making->table.dimensions[i]);
    }
}

/* ---- rows ---- */

static uint32_t code_count(const struct table_making *making, uint32_t dimension)
{
    const struct prog_dimension *keys = &making->table.dimensions[dimension];
    uint32_t count =
        keys->type == VALUE_MEMBER ? making->lowering->ir->choices[keys->choice].member_count : keys->key_count;
    return count + keys->has_otherwise;
}

static uint32_t find_key(const struct table_making *making, const struct prog_dimension *keys, uint32_t constant)
{
    uint32_t low = 0;
    uint32_t high = keys->key_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_keys(making->lowering->ir, keys->keys[middle], constant) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* First and last key code of a pattern. `otherwise` of a choice is filled in afterwards (last < first). */
static void codes_of(struct table_making *making, uint32_t dimension, const struct pattern *pattern, uint32_t *first,
                     uint32_t *last)
{
    const struct prog_dimension *keys = &making->table.dimensions[dimension];
    struct ir *ir = making->lowering->ir;
    switch (pattern->kind) {
    case PATTERN_ERROR:
        *first = *last = 0;
        return;
    case PATTERN_NAME:
        *first = *last = pattern->member;
        return;
    case PATTERN_TEXT:
        *first = *last = find_key(making, keys, ir_pool(ir, text_key(making, pattern->text)));
        return;
    case PATTERN_NUMBER:
        *first = *last = find_key(making, keys, ir_pool(ir, year_key(year_of(making, pattern->value))));
        return;
    case PATTERN_RANGE:
        *first = find_key(making, keys, ir_pool(ir, year_key(year_of(making, pattern->value))));
        *last = find_key(making, keys, ir_pool(ir, year_key(year_of(making, pattern->last))));
        return;
    case PATTERN_UP_TO:
    case PATTERN_BELOW:
        *first = *last = find_key(making, keys, ir_pool(ir, step_limit(making, keys, pattern->value)));
        return;
    case PATTERN_OTHERWISE:
        *first = keys->type == VALUE_MEMBER ? 0 : keys->key_count;
        *last = keys->type == VALUE_MEMBER ? code_count(making, dimension) - 1 : keys->key_count;
        return;
    }
}

static bool is_filling(const struct table_making *making, uint32_t dimension, const struct pattern *pattern)
{
    return pattern->kind == PATTERN_OTHERWISE && making->table.dimensions[dimension].type == VALUE_MEMBER;
}

/* Puts the row under every combination of its codes; those of `otherwise` on a choice only where nothing is. */
static void place_row(struct table_making *making, const struct pattern *const *patterns, uint32_t row)
{
    uint32_t first[LIMIT_TABLE_DIMENSIONS] = {0};
    uint32_t last[LIMIT_TABLE_DIMENSIONS] = {0};
    uint32_t code[LIMIT_TABLE_DIMENSIONS] = {0};
    uint32_t count = making->table.dimension_count;
    bool fills = false;
    for (uint32_t i = 0; i < count; i++) {
        codes_of(making, i, patterns[i], &first[i], &last[i]);
        fills = fills || is_filling(making, i, patterns[i]);
        code[i] = first[i];
    }
    for (;;) {
        uint32_t slot = 0;
        uint32_t mirrored = 0;
        for (uint32_t i = 0; i < count; i++) {
            slot = slot * code_count(making, i) + code[i];
            mirrored = mirrored * code_count(making, i) + code[count - 1 - i];
        }
        if (!fills || making->row_of_slot[slot] == NO_INDEX) {
            making->row_of_slot[slot] = row;
        }
        if (making->decl->attributes.is_symmetric && making->row_of_slot[mirrored] == NO_INDEX) {
            making->row_of_slot[mirrored] = row;
        }
        uint32_t at = count;
        while (at > 0 && ++code[at - 1] > last[at - 1]) {
            code[at - 1] = first[at - 1];
            at--;
        }
        if (at == 0) {
            return;
        }
    }
}

static bool row_fills(const struct table_making *making, const struct table_row *row)
{
    uint32_t dimension = 0;
    for (const struct pattern *pattern = row->patterns; pattern != NULL; pattern = pattern->next, dimension++) {
        if (dimension < making->table.dimension_count && is_filling(making, dimension, pattern)) {
            return true;
        }
    }
    return false;
}

/* One row of the source is one row of the table, or, in a matrix, one for each cell. */
static void place_source_row(struct table_making *making, const struct table_row *row, uint32_t number)
{
    const struct pattern *patterns[LIMIT_TABLE_DIMENSIONS] = {NULL};
    uint32_t given = 0;
    for (const struct pattern *at = row->patterns; at != NULL && given < LIMIT_TABLE_DIMENSIONS; at = at->next) {
        patterns[given++] = at;
    }
    if (making->decl->as.table.matrix == NULL) {
        place_row(making, patterns, number);
        return;
    }
    for (const struct pattern *at = making->decl->as.table.matrix; at != NULL; at = at->next) {
        patterns[making->table.dimension_count - 1] = at;
        place_row(making, patterns, number++);
    }
}

static uint32_t cells_in(const struct table_row *row)
{
    uint32_t count = 0;
    for (const struct cell *cell = row->cells; cell != NULL; cell = cell->next) {
        count++;
    }
    return count;
}

static uint32_t rows_from(const struct table_making *making, const struct table_row *row)
{
    return making->decl->as.table.matrix == NULL ? 1 : cells_in(row);
}

static bool make_slots(struct table_making *making)
{
    uint64_t slots = 1;
    for (uint32_t i = 0; i < making->table.dimension_count; i++) {
        slots *= code_count(making, i);
        if (slots > LIMIT_TABLE_CELLS) {
            lower_fail(making->lowering, making->decl->name.at, D_TABLE_CELLS,
                       DIAG_ARGS(str_format(making->lowering->arena, "%llu", (unsigned long long)slots),
                                 str_format(making->lowering->arena, "%d", (int)LIMIT_TABLE_CELLS)));
            return false;
        }
    }
    making->table.row_slots = (uint32_t)slots;
    making->row_of_slot = arena_array(making->lowering->arena, uint32_t, making->table.row_slots);
    for (uint32_t i = 0; i < making->table.row_slots; i++) {
        making->row_of_slot[i] = NO_INDEX;
    }
    /* rows with `otherwise` on a choice come last: they take what is left */
    for (int pass = 0; pass < 2; pass++) {
        uint32_t number = 0;
        for (const struct table_row *row = making->decl->as.table.rows; row != NULL; row = row->next) {
            if (row_fills(making, row) == (pass == 1)) {
                place_source_row(making, row, number);
            }
            number += rows_from(making, row);
        }
        making->table.row_count = number;
    }
    making->table.rows = making->row_of_slot;
    return true;
}

/* ---- cells ---- */

/* A bare number is in the unit of the column. */
static uint32_t in_unit_of_column(struct ir *ir, uint32_t node, struct unit column)
{
    struct unit unit = ir_unit_of(ir, node);
    bool is_plain = unit.kind.count == 0 && !unit.is_point;
    bool is_bare = is_plain && (column.kind.count > 0 || column.is_point || rat_eq(unit.scale, RAT_ONE));
    if (!is_bare) {
        return ir_convert(ir, node, column);
    }
    node = ir_plain(ir, node);
    return node == IR_ERROR ? node : ir_number(ir, ir_constant(ir, node)->number, column);
}

static uint32_t cell_constant(struct table_making *making, const struct decl *column, struct cell *cell)
{
    struct ir *ir = making->lowering->ir;
    if (cell->value == NULL) {
        return NO_INDEX;
    }
    uint32_t node = lower_constant(making->lowering, cell->value);
    if (node == IR_ERROR) {
        return NO_INDEX;
    }
    if (column->type.kind == TYPE_NUMBER) {
        node = in_unit_of_column(ir, node, column->type.unit);
    }
    if (node == IR_ERROR) {
        return NO_INDEX;
    }
    struct prog_const constant = *ir_constant(ir, node);
    if (column->type.kind == TYPE_YEAR) {
        constant.type = VALUE_YEAR;
    }
    return ir_pool(ir, constant);
}

static void make_columns(struct table_making *making)
{
    struct lowering *lowering = making->lowering;
    uint32_t count = 0;
    for (const struct decl *column = making->decl->as.table.columns; column != NULL; column = column->next) {
        count++;
    }
    making->table.columns = arena_array(lowering->arena, struct prog_column, count);
    making->table.column_count = count;
    count = 0;
    for (const struct decl *column = making->decl->as.table.columns; column != NULL; column = column->next) {
        struct prog_column *made = &making->table.columns[count++];
        made->name = ir_text(lowering->ir, column->name.text);
        made->type = (uint8_t)lower_value_type(column->type.kind);
        made->is_optional = column->attributes.is_optional;
        made->choice = choice_of(lowering, &column->type);
        made->unit = unit_of(lowering, &column->type);
        made->cells = arena_array(lowering->arena, uint32_t, making->table.row_count);
    }
}

static void fill_cells(struct table_making *making)
{
    uint32_t number = 0;
    for (struct table_row *row = making->decl->as.table.rows; row != NULL; row = row->next) {
        const struct decl *column = making->decl->as.table.columns;
        uint32_t index = 0;
        for (struct cell *cell = row->cells; cell != NULL && column != NULL; cell = cell->next) {
            uint32_t constant = cell_constant(making, column, cell);
            if (making->decl->as.table.matrix != NULL) {
                making->table.columns[0].cells[number++] = constant;
            } else {
                making->table.columns[index++].cells[number] = constant;
                column = column->next;
            }
        }
        number += making->decl->as.table.matrix == NULL;
    }
}

/* Rows that every key combination passes over (shadowed by a symmetric twin) are left out. */
static void drop_unused_rows(struct table_making *making)
{
    struct prog_table *table = &making->table;
    uint32_t *to = arena_array(making->lowering->arena, uint32_t, table->row_count);
    for (uint32_t i = 0; i < table->row_slots; i++) {
        if (table->rows[i] != NO_INDEX) {
            to[table->rows[i]] = 1;
        }
    }
    uint32_t kept = 0;
    for (uint32_t row = 0; row < table->row_count; row++) {
        if (to[row] == 0) {
            continue;
        }
        for (uint32_t c = 0; c < table->column_count; c++) {
            table->columns[c].cells[kept] = table->columns[c].cells[row];
        }
        to[row] = kept++;
    }
    for (uint32_t i = 0; i < table->row_slots; i++) {
        table->rows[i] = table->rows[i] == NO_INDEX ? NO_INDEX : to[table->rows[i]];
    }
    table->row_count = kept;
}

uint32_t lower_table_id(struct lowering *lowering, struct decl *table)
{
    struct ir *ir = lowering->ir;
    uint32_t id = 0;
    if (decl_map_get(&lowering->table_ids, table, &id)) {
        return id;
    }
    lower_check_validity(lowering, table);
    struct table_making making = {.lowering = lowering, .decl = table};
    making.table.name = ir_text(ir, table->name.text);
    making.table.titles = lower_titles(lowering, &table->texts);
    making.table.cite = lower_label(lowering, table->attributes.cite);
    making.table.clause = lower_label(lowering, table->attributes.clause);
    make_dimensions(&making);
    id = IR_ERROR;
    if (make_slots(&making)) {
        make_columns(&making);
        fill_cells(&making);
        drop_unused_rows(&making);
        id = (uint32_t)ir->table_count;
        arena_grow(lowering->arena, ir->tables, ir->table_count, ir->table_cap);
        ir->tables[ir->table_count++] = making.table;
    }
    decl_map_add(lowering, &lowering->table_ids, table, id);
    return id;
}

uint32_t lower_lookup(struct lowering *lowering, struct decl *table, const uint32_t *keys)
{
    struct ir *ir = lowering->ir;
    uint32_t id = lower_table_id(lowering, table);
    if (id == IR_ERROR) {
        return IR_ERROR;
    }
    uint32_t codes[LIMIT_TABLE_DIMENSIONS] = {NO_OPERAND, NO_OPERAND, NO_OPERAND};
    for (uint32_t i = 0; i < ir->tables[id].dimension_count; i++) {
        codes[i] = ir_key(ir, id, i, keys[i]);
    }
    uint32_t row = ir_cell(ir, id, codes);
    bool has_one_value = table->as.table.columns->next == NULL && table->as.table.columns->name.text.len == 0;
    return has_one_value ? ir_column(ir, row, id, 0) : row;
}

uint32_t lower_native_id(struct lowering *lowering, struct decl *external)
{
    struct ir *ir = lowering->ir;
    uint32_t id = 0;
    if (decl_map_get(&lowering->native_ids, external, &id)) {
        return id;
    }
    struct prog_native made = {.name = ir_text(ir, external->name.text)};
    for (struct decl *param = external->as.external.params; param != NULL; param = param->next) {
        made.params[made.param_count++] = unit_of(lowering, &param->type);
    }
    made.unit = unit_of(lowering, &external->type);
    made.titles = lower_titles(lowering, &external->texts);
    made.cite = lower_label(lowering, external->attributes.cite);
    made.clause = lower_label(lowering, external->attributes.clause);
    id = (uint32_t)ir->native_count;
    arena_grow(lowering->arena, ir->natives, ir->native_count, ir->native_cap);
    ir->natives[ir->native_count++] = made;
    decl_map_add(lowering, &lowering->native_ids, external, id);
    return id;
}
