#include "vm/bind.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "vm/bind_parts.h"

static void bind_object(struct binder *binder, struct level *level, uint32_t node, uint32_t row);

struct binder *binder_new(struct arena *arena, const struct program *program)
{
    struct binder *binder = arena_new(arena, struct binder);
    binder->arena = arena;
    binder->program = program;
    binder->units = data_units_new(arena, program);
    schema_build(binder);
    return binder;
}

void binder_only(struct binder *binder, struct str id)
{
    binder->only = id;
}

/* --- columns --- */

static bool is_list(const struct binder *binder, uint32_t field)
{
    return binder->program->fields[field].is_list;
}

static void *grown(struct binder *binder, const void *old, const struct level *level, uint32_t cap, size_t size)
{
    char *fresh = arena_alloc(&binder->batch->arena, cap, size);
    if (level->rows != 0) {
        memcpy(fresh, old, level->rows * size);
    }
    return fresh;
}

static void grow_column(struct binder *binder, const struct level *level, uint32_t field, uint32_t cap)
{
    struct field_schema *schema = &binder->fields[field];
    struct column *column = &schema->column;
    column->given = grown(binder, column->given, level, cap, sizeof *column->given);
    if (is_list(binder, field)) {
        schema->first = grown(binder, schema->first, level, cap + 1, sizeof *schema->first);
        return;
    }
    switch ((enum value_type)binder->program->fields[field].type) {
    case VALUE_NUMBER:
        column->as.number = grown(binder, column->as.number, level, cap, sizeof *column->as.number);
        break;
    case VALUE_BOOL:
        column->as.flag = grown(binder, column->as.flag, level, cap, sizeof *column->as.flag);
        break;
    case VALUE_YEAR:
    case VALUE_DATE:
        column->as.whole = grown(binder, column->as.whole, level, cap, sizeof *column->as.whole);
        break;
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_ROW: /* no types of data: the verifier lets no such field pass */
    case VALUE_KEY:
        column->as.code = grown(binder, column->as.code, level, cap, sizeof *column->as.code);
        break;
    }
}

static void grow_level(struct binder *binder, struct level *level, uint32_t cap)
{
    for (uint32_t i = 0; i < level->count; i++) {
        grow_column(binder, level, level->fields[i], cap);
    }
    level->cap = cap;
}

static void clear_cell(struct binder *binder, uint32_t field, uint32_t row)
{
    struct column *column = &binder->fields[field].column;
    column->given[row] = 0;
    switch ((enum value_type)binder->program->fields[field].type) {
    case VALUE_NUMBER:
        column->as.number[row] = 0;
        break;
    case VALUE_BOOL:
        column->as.flag[row] = 0;
        break;
    case VALUE_YEAR:
    case VALUE_DATE:
        column->as.whole[row] = 0;
        break;
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_ROW:
    case VALUE_KEY:
        column->as.code[row] = 0;
        break;
    }
}

/* A row with nothing given; lists in it begin where the rows bound so far end. */
static uint32_t add_row(struct binder *binder, struct level *level)
{
    if (level->rows == level->cap) {
        grow_level(binder, level, level->cap * 2);
    }
    uint32_t row = level->rows++;
    for (uint32_t i = 0; i < level->count; i++) {
        uint32_t field = level->fields[i];
        if (is_list(binder, field)) {
            binder->fields[field].column.given[row] = 0;
            binder->fields[field].first[row] = binder->fields[field].level->rows;
        } else {
            clear_cell(binder, field, row);
        }
    }
    return row;
}

uint32_t bind_intern(struct binder *binder, struct str text)
{
    uint32_t number = 0;
    if (map_get(&binder->program_texts, text, &number) || map_get(&binder->texts, text, &number)) {
        return number;
    }
    struct batch *batch = binder->batch;
    struct str copy = str_copy(&batch->arena, text);
    arena_grow(&batch->arena, batch->texts, binder->text_count, binder->text_cap);
    number = (uint32_t)binder->text_count++;
    batch->texts[number] = copy;
    map_add(&binder->texts, copy, number);
    return number;
}

/* --- messages --- */

const struct json_node *bind_node(const struct binder *binder, uint32_t node)
{
    return &binder->record->tree->nodes[node];
}

static struct str path_to(struct binder *binder, uint32_t field)
{
    struct buf path = buf_in(&binder->batch->arena);
    for (uint32_t i = 0; i < binder->depth; i++) {
        struct step step = binder->path[i];
        buf_add(&path, schema_text(binder->program, binder->program->fields[step.list].name));
        buf_format(&path, "[%lu]", (unsigned long)step.row + 1);
        if (i + 1 < binder->depth || field != NO_INDEX) {
            buf_char(&path, '.');
        }
    }
    if (field != NO_INDEX) {
        buf_add(&path, schema_text(binder->program, binder->program->fields[field].name));
    }
    return buf_str(&path);
}

struct str bind_row_path(struct binder *binder)
{
    return path_to(binder, NO_INDEX);
}

static size_t messages_allowed(const struct binder *binder)
{
    return binder->failed < LIMIT_RUN_MESSAGES ? LIMIT_PRODUCT_MESSAGES : 1;
}

void bind_report(struct binder *binder, enum diag_code code, uint32_t node, uint32_t field, const struct str *args,
                 size_t count)
{
    struct diags *messages = &binder->product.messages;
    if (messages->errors + messages->warnings >= messages_allowed(binder)) {
        binder->dropped++;
        binder->product.is_bound = binder->product.is_bound && diag_info(code)->severity != SEVERITY_ERROR;
        return;
    }
    struct data_place place = record_place(binder->record, bind_node(binder, node));
    struct diag *diag = place_report(messages, code, place, args, count, binder->product.id, path_to(binder, field));
    if (field != NO_INDEX && binder->program->fields[field].clause < binder->program->label_count) {
        diag->clause = binder->program->labels[binder->program->fields[field].clause];
    }
    binder->product.is_bound = binder->product.is_bound && messages->errors == 0;
}

static void report_dropped(struct binder *binder)
{
    if (binder->dropped == 0 || binder->failed >= LIMIT_RUN_MESSAGES) {
        return;
    }
    struct data_place place = record_place(binder->record, bind_node(binder, 0));
    struct str number = str_format(&binder->batch->arena, "%lu", (unsigned long)binder->dropped);
    place_report(&binder->product.messages, D_DATA_MORE, place, DIAG_ARGS(number), binder->product.id, STR(""));
}

/* --- rows --- */

static void report_unknown_field(struct binder *binder, const struct level *level, uint32_t key)
{
    struct arena *arena = &binder->batch->arena;
    struct str name = excerpt_of(arena, bind_node(binder, key)->text);
    struct str nearest = schema_nearest(arena, &level->names, name);
    if (nearest.len != 0) {
        bind_report(binder, D_DATA_UNKNOWN_FIELD_NEAR, key, NO_INDEX, DIAG_ARGS(name, nearest));
    } else {
        bind_report(binder, D_DATA_UNKNOWN_FIELD, key, NO_INDEX, DIAG_ARGS(name));
    }
}

/* Notes for each field of the level which node of the object is its datum. */
static void find_data(struct binder *binder, const struct level *level, uint32_t object)
{
    for (uint32_t i = 0; i < level->count; i++) {
        binder->found[level->fields[i]] = 0;
    }
    uint32_t end = bind_node(binder, object)->next;
    bool has_id = false;
    for (uint32_t key = object + 1; key < end; key = bind_node(binder, key + 1)->next) {
        struct str name = bind_node(binder, key)->text;
        uint32_t field = NO_INDEX;
        if (!map_get(&level->names, name, &field)) {
            bool is_id = level == &binder->root && str_eq(name, STR("id"));
            if (!is_id) {
                report_unknown_field(binder, level, key);
            } else if (has_id) {
                bind_report(binder, D_DATA_TWICE, key, NO_INDEX, DIAG_ARGS(name));
            }
            has_id = has_id || is_id;
        } else if (binder->found[field] != 0) {
            bind_report(binder, D_DATA_TWICE, key, field, DIAG_ARGS(excerpt_of(&binder->batch->arena, name)));
        } else {
            binder->found[field] = key + 1;
        }
    }
}

static void bind_rows(struct binder *binder, uint32_t list, uint32_t array)
{
    struct level *level = binder->fields[list].level;
    uint32_t end = bind_node(binder, array)->next;
    uint32_t number = 0;
    struct bind_keys keys = bind_keys_new(binder);
    assert(binder->depth < LIMIT_LIST_DEPTH);
    binder->depth++;
    for (uint32_t node = array + 1; node < end; node = bind_node(binder, node)->next) {
        binder->path[binder->depth - 1] = (struct step){list, number++};
        if (bind_node(binder, node)->type != JSON_OBJECT) {
            bind_report(binder, D_DATA_ROW_EXPECTED, node, NO_INDEX, DIAG_ARGS(bind_written(binder, node)));
            continue;
        }
        struct bound_row row = {add_row(binder, level), number - 1, node, binder->exact_count};
        bind_object(binder, level, node, row.row);
        bind_key(binder, &keys, list, &row);
    }
    binder->depth--;
}

/* True where the list is given. */
static bool bind_list(struct binder *binder, uint32_t list, uint32_t row, uint32_t node)
{
    enum json_type type = bind_node(binder, node)->type;
    if (type == JSON_NULL) {
        return false;
    }
    if (type != JSON_ARRAY) {
        bind_report(binder, D_DATA_LIST_EXPECTED, node, list, DIAG_ARGS(bind_written(binder, node)));
        return true;
    }
    binder->fields[list].column.given[row] = 1;
    bind_rows(binder, list, node);
    return true;
}

static void bind_field(struct binder *binder, uint32_t field, uint32_t row, uint32_t object)
{
    uint32_t node = binder->found[field];
    bool is_given = node != 0 && (is_list(binder, field) ? bind_list(binder, field, row, node)
                                                         : bind_value(binder, field, row, node));
    const struct prog_field *declared = &binder->program->fields[field];
    if (!is_given && !declared->is_optional) {
        bind_report(binder, D_DATA_MISSING, object, field, DIAG_ARGS(schema_text(binder->program, declared->name)));
    }
}

/* Recursion goes no deeper than lists in the program do. */
static void bind_object(struct binder *binder, struct level *level, uint32_t object, uint32_t row)
{
    find_data(binder, level, object);
    for (uint32_t i = 0; i < level->count; i++) {
        bind_field(binder, level->fields[i], row, object);
    }
}

/* --- products --- */

static struct str number_text(struct arena *arena, uint64_t number)
{
    return str_format(arena, "%llu", (unsigned long long)number);
}

static bool is_id_key(const struct binder *binder, struct str name)
{
    uint32_t field = NO_INDEX;
    return binder->id_field == NO_INDEX ? str_eq(name, STR("id"))
                                        : map_get(&binder->root.names, name, &field) && field == binder->id_field;
}

/* The datum of "id", or NULL. */
static const struct json_node *find_id(const struct binder *binder, const struct record *record)
{
    const struct json_node *nodes = record->tree->nodes;
    for (uint32_t key = 1; nodes[0].type == JSON_OBJECT && key < nodes[0].next; key = nodes[key + 1].next) {
        if (is_id_key(binder, nodes[key].text)) {
            return &nodes[key + 1];
        }
    }
    return NULL;
}

struct str binder_known_id(const struct binder *binder, const struct json_tree *tree)
{
    const struct json_node *nodes = tree->nodes;
    uint32_t key = 1;
    while (key + 1 < tree->count && nodes[0].type == JSON_OBJECT) {
        const struct json_node *value = &nodes[key + 1];
        bool is_scalar = value->type == JSON_STRING || value->type == JSON_NUMBER;
        if (is_scalar && is_id_key(binder, nodes[key].text)) {
            return value->text;
        }
        if (value->type == JSON_OBJECT || value->type == JSON_ARRAY) {
            break; /* it may not be closed */
        }
        key += 2;
    }
    return STR("");
}

static bool is_id_type(const struct json_node *node)
{
    return node->type == JSON_STRING || node->type == JSON_NUMBER || node->type == JSON_CELL;
}

static void start_product(struct binder *binder, uint64_t number, struct str id, struct data_place place)
{
    struct arena *arena = &binder->batch->arena;
    binder->product = (struct product){.number = number, .line = place.line, .is_bound = true};
    bool is_name = id.len > 0 && id.len <= LIMIT_PRODUCT_ID; /* else it goes by its number */
    binder->product.id = is_name ? str_copy(arena, id) : number_text(arena, number);
    binder->product.messages = diags_in(arena);
    binder->depth = 0;
    binder->dropped = 0;
}

static void save_rows(struct binder *binder)
{
    binder->root.saved_rows = binder->root.rows;
    for (uint32_t i = 0; i < binder->program->field_count; i++) {
        if (is_list(binder, i)) {
            binder->fields[i].level->saved_rows = binder->fields[i].level->rows;
        }
    }
}

static void restore_rows(struct binder *binder)
{
    binder->root.rows = binder->root.saved_rows;
    for (uint32_t i = 0; i < binder->program->field_count; i++) {
        if (is_list(binder, i)) {
            binder->fields[i].level->rows = binder->fields[i].level->saved_rows;
        }
    }
}

static void end_product(struct binder *binder)
{
    struct batch *batch = binder->batch;
    size_t count = batch->product_count;
    arena_grow(&batch->arena, batch->products, count, binder->product_cap);
    batch->products[count] = binder->product;
    batch->product_count++;
    binder->failed += !binder->product.is_bound;
}

/* The data lie in the validity of the rule; a year does with all of its days. */
static void check_period(struct binder *binder, uint32_t row)
{
    const struct prog_rule *rule = &binder->program->rule;
    uint32_t field = rule->period_field;
    const struct column *column = field == NO_INDEX ? NULL : &binder->fields[field].column;
    if (column == NULL || !column->given[row]) {
        return; /* that it is missing was said */
    }
    struct arena *arena = &binder->batch->arena;
    bool is_year = binder->program->fields[field].type == VALUE_YEAR;
    int32_t value = column->as.whole[row];
    struct calendar_days days = calendar_days_of(is_year, value);
    if (days.first >= rule->valid_from && days.last <= rule->valid_to) {
        return;
    }
    struct str written = is_year ? str_format(arena, "%ld", (long)value) : calendar_text(arena, value);
    enum diag_code code = days.last > rule->valid_to ? D_DATA_RULE_EXPIRED : D_DATA_RULE_NOT_YET_VALID;
    bind_report(binder, code, binder->found[field], field,
                DIAG_ARGS(schema_text(binder->program, binder->program->fields[field].name), written,
                          calendar_period_text(arena, rule->valid_from, rule->valid_to)));
}

void binder_record(struct binder *binder, const struct record *record)
{
    const struct json_node *id = find_id(binder, record);
    struct str id_text = id != NULL && is_id_type(id) ? id->text : STR("");
    if (binder->only.len != 0 && !str_eq(binder->only, id_text)) {
        return;
    }
    bool is_long = id_text.len > LIMIT_PRODUCT_ID;
    binder->record = record;
    start_product(binder, record->number, id_text, record_place(record, &record->tree->nodes[0]));
    save_rows(binder);
    size_t exact_count = binder->exact_count;
    size_t about_count = binder->about_count;
    uint32_t row = add_row(binder, &binder->root);
    if (record->tree->nodes[0].type != JSON_OBJECT) {
        bind_report(binder, D_DATA_PRODUCT_EXPECTED, 0, NO_INDEX, DIAG_ARGS(bind_written(binder, 0)));
    } else if (is_long) {
        uint32_t node = (uint32_t)(id - record->tree->nodes);
        bind_report(binder, D_DATA_LONG_ID, node, binder->id_field, DIAG_ARGS(bind_written(binder, node)));
    } else {
        bind_object(binder, &binder->root, 0, row);
        check_period(binder, row);
        if (id != NULL && !is_id_type(id) && id->type != JSON_NULL && binder->id_field == NO_INDEX) {
            uint32_t node = (uint32_t)(id - record->tree->nodes);
            bind_report(binder, D_DATA_ID_EXPECTED, node, NO_INDEX, DIAG_ARGS(bind_written(binder, node)));
        }
    }
    report_dropped(binder);
    if (!binder->product.is_bound) {
        restore_rows(binder);
        binder->exact_count = exact_count;
        binder->about_count = about_count;
        add_row(binder, &binder->root);
    }
    end_product(binder);
}

void binder_refuse(struct binder *binder, uint64_t number, struct str id, enum diag_code code, struct data_place place,
                   const struct str *args, size_t count)
{
    if (binder->only.len != 0 && !str_eq(binder->only, id)) {
        return;
    }
    start_product(binder, number, id, place);
    binder->product.is_bound = false;
    place_report(&binder->product.messages, code, place, args, count, binder->product.id, STR(""));
    add_row(binder, &binder->root);
    end_product(binder);
}

/* --- chunks --- */

static void begin_level(struct binder *binder, struct level *level)
{
    const uint32_t smallest = 8;
    level->rows = 0;
    grow_level(binder, level, level->hint > smallest ? level->hint : smallest);
}

void binder_begin(struct binder *binder, struct batch *batch)
{
    const struct program *program = binder->program;
    assert(batch->product_count == 0);
    binder->batch = batch;
    batch->program = program;
    binder->product_cap = 0;
    binder->exact_count = 0;
    binder->exact_cap = 0;
    binder->about_count = 0;
    binder->about_cap = 0;
    binder->texts = map_in(&batch->arena);
    binder->text_cap = (size_t)program->text_count + 1;
    binder->text_count = program->text_count;
    batch->texts = arena_array(&batch->arena, struct str, binder->text_cap);
    if (program->text_count != 0) {
        memcpy(batch->texts, program->texts, program->text_count * sizeof *batch->texts);
    }
    begin_level(binder, &binder->root);
    for (uint32_t i = 0; i < program->field_count; i++) {
        if (is_list(binder, i)) {
            begin_level(binder, binder->fields[i].level);
        }
    }
}

bool binder_is_full(const struct binder *binder)
{
    if (binder->batch->product_count >= LIMIT_CHUNK_PRODUCTS) {
        return true;
    }
    for (uint32_t i = 0; i < binder->program->field_count; i++) {
        if (is_list(binder, i) && binder->fields[i].level->rows >= LIMIT_CHUNK_ROWS) {
            return true;
        }
    }
    return false;
}

uint32_t binder_count(const struct binder *binder)
{
    return binder->batch->product_count;
}

static int compare_places(uint32_t field, uint32_t row, uint32_t other_field, uint32_t other_row)
{
    if (field != other_field) {
        return field < other_field ? -1 : 1;
    }
    return (row > other_row) - (row < other_row);
}

static int compare_cells(const void *a, const void *b)
{
    const struct exact_cell *left = a;
    const struct exact_cell *right = b;
    return compare_places(left->field, left->row, right->field, right->row);
}

static int compare_abouts(const void *a, const void *b)
{
    const struct about *left = a;
    const struct about *right = b;
    return compare_places(left->field, left->row, right->field, right->row);
}

/* The next chunk is likely as large as this one; a single large product is not to size all that follow. */
static void keep_hint(struct level *level)
{
    level->hint = level->rows < LIMIT_CHUNK_ROWS * 2 ? level->rows : LIMIT_CHUNK_ROWS;
}

void binder_finish(struct binder *binder)
{
    struct batch *batch = binder->batch;
    uint32_t count = binder->program->field_count;
    batch->lists = arena_array(&batch->arena, struct list_rows, count);
    batch->columns = arena_array(&batch->arena, struct column, count);
    for (uint32_t i = 0; i < count; i++) {
        struct field_schema *schema = &binder->fields[i];
        batch->columns[i] = schema->column;
        if (is_list(binder, i)) {
            const struct level *parent = schema_level(binder, binder->program->fields[i].parent);
            schema->first[parent->rows] = schema->level->rows;
            batch->lists[i] = (struct list_rows){schema->level->rows, schema->first};
            keep_hint(schema->level);
        }
    }
    keep_hint(&binder->root);
    batch->exact_count = (uint32_t)binder->exact_count;
    if (binder->exact_count != 0) {
        qsort(batch->exact, binder->exact_count, sizeof *batch->exact, compare_cells);
    }
    batch->about_count = (uint32_t)binder->about_count;
    if (binder->about_count != 0) {
        qsort(batch->abouts, binder->about_count, sizeof *batch->abouts, compare_abouts);
    }
    batch->text_count = (uint32_t)binder->text_count;
}

/* --- for readers --- */

uint32_t binder_field(const struct binder *binder, uint32_t list, struct str name)
{
    const struct level *level = list == NO_INDEX ? &binder->root : binder->fields[list].level;
    uint32_t field = NO_INDEX;
    map_get(&level->names, name, &field);
    return field;
}

struct str binder_nearest(const struct binder *binder, uint32_t list, struct str name)
{
    const struct level *level = list == NO_INDEX ? &binder->root : binder->fields[list].level;
    struct arena_mark mark = arena_mark(binder->arena);
    struct str nearest = schema_nearest(binder->arena, &level->names, name);
    arena_reset(binder->arena, mark);
    return nearest;
}

const struct program *binder_program(const struct binder *binder)
{
    return binder->program;
}
