#include "vm/factor_mapping.h"

#include "base/json.h"
#include "vm/factor_cells.h"
#include "vm/record.h"

struct target { /* a column of ours */
    struct str name;
    uint32_t column; /* of the table; NO_INDEX: `constant` */
    struct csv_cell constant;
    bool has_values;
    struct map values; /* cells, to indexes of `texts` */
    struct str *texts;
    bool *is_left_out;
};
struct part {               /* an object of the mapping */
    struct target *targets; /* by column of the table that is made; name empty: the part says nothing of it */
};
struct mapping {
    struct arena *arena;
    const struct source *source;
    const struct json_node *nodes;
    struct factor_table *table;
    struct diags *out;
    struct map names; /* of our columns, of all parts */
    struct part *parts;
    size_t part_count;
    struct map told; /* cells without a value */
};

static bool fail(struct mapping *mapping, enum diag_code code, const struct json_node *node, const struct str *args,
                 size_t count)
{
    factor_report_at(mapping->out, code, mapping->source, node->off, args, count);
    return false;
}

static bool fail_form(struct mapping *mapping, const struct json_node *node)
{
    struct str written = str_slice(mapping->source->text, node->off, node->off + node->len);
    return fail(mapping, D_MAPPING_FORM, node, DIAG_ARGS(excerpt_of(mapping->arena, written)));
}

/* ---- reading ---- */

static bool read_values(struct mapping *mapping, uint32_t at, struct target *target)
{
    const struct json_node *object = &mapping->nodes[at];
    if (object->type != JSON_OBJECT) {
        return fail_form(mapping, object);
    }
    target->has_values = true;
    target->values = map_in(mapping->arena);
    target->texts = arena_array(mapping->arena, struct str, object->count);
    target->is_left_out = arena_array(mapping->arena, bool, object->count);
    for (uint32_t key = at + 1; key < object->next; key = mapping->nodes[key + 1].next) {
        const struct json_node *value = &mapping->nodes[key + 1];
        uint32_t number = (uint32_t)target->values.count;
        if (value->type != JSON_STRING && value->type != JSON_NULL) {
            return fail_form(mapping, value);
        }
        if (!map_add(&target->values, mapping->nodes[key].text, number)) {
            return fail(mapping, D_DATA_TWICE, &mapping->nodes[key], DIAG_ARGS(mapping->nodes[key].text));
        }
        target->texts[number] = value->text;
        target->is_left_out[number] = value->type == JSON_NULL;
    }
    return true;
}

static bool read_column(struct mapping *mapping, const struct json_node *name, struct target *target)
{
    const struct csv_table *rows = &mapping->table->rows;
    target->column = csv_column(rows, name->text);
    return target->column < rows->header.count || fail(mapping, D_FOLDER_NO_COLUMN, name, DIAG_ARGS(name->text));
}

/* {"column": …, "values": …} */
static bool read_source(struct mapping *mapping, uint32_t at, struct target *target)
{
    const struct json_node *object = &mapping->nodes[at];
    bool is_good = true;
    bool has_column = false;
    for (uint32_t key = at + 1; key < object->next && is_good; key = mapping->nodes[key + 1].next) {
        const struct json_node *value = &mapping->nodes[key + 1];
        if (str_eq(mapping->nodes[key].text, STR("column")) && value->type == JSON_STRING) {
            is_good = read_column(mapping, value, target);
            has_column = true;
        } else if (str_eq(mapping->nodes[key].text, STR("values"))) {
            is_good = read_values(mapping, key + 1, target);
        } else {
            is_good = fail_form(mapping, &mapping->nodes[key]);
        }
    }
    return is_good && (has_column || fail_form(mapping, object));
}

static bool read_target(struct mapping *mapping, uint32_t key, struct target *target)
{
    const struct json_node *name = &mapping->nodes[key];
    const struct json_node *value = &mapping->nodes[key + 1];
    if (target->name.len != 0) {
        return fail(mapping, D_DATA_TWICE, name, DIAG_ARGS(name->text));
    }
    target->name = name->text;
    target->column = NO_INDEX;
    target->constant = (struct csv_cell){.text = value->text};
    if (value->type == JSON_OBJECT) {
        return read_source(mapping, key + 1, target);
    }
    return value->type == JSON_STRING || fail_form(mapping, value);
}

static bool read_part(struct mapping *mapping, uint32_t at, struct part *part)
{
    const struct json_node *object = &mapping->nodes[at];
    bool is_good = true;
    part->targets = arena_array(mapping->arena, struct target, mapping->names.count);
    for (uint32_t key = at + 1; key < object->next; key = mapping->nodes[key + 1].next) {
        uint32_t column = 0;
        map_get(&mapping->names, mapping->nodes[key].text, &column);
        is_good = read_target(mapping, key, &part->targets[column]) && is_good;
    }
    return is_good;
}

/* The objects, and the names of all columns. */
static bool find_parts(struct mapping *mapping, uint32_t **objects)
{
    const struct json_node *root = &mapping->nodes[0];
    bool is_list = root->type == JSON_ARRAY;
    size_t count = is_list ? root->count : 1;
    uint32_t at = is_list ? 1 : 0;
    *objects = arena_array(mapping->arena, uint32_t, count);
    for (; mapping->part_count < count; at = mapping->nodes[at].next) {
        const struct json_node *object = &mapping->nodes[at];
        if (object->type != JSON_OBJECT) {
            return fail_form(mapping, object);
        }
        for (uint32_t key = at + 1; key < object->next; key = mapping->nodes[key + 1].next) {
            map_add(&mapping->names, mapping->nodes[key].text, (uint32_t)mapping->names.count);
        }
        (*objects)[mapping->part_count++] = at;
    }
    return true;
}

static bool read_mapping(struct mapping *mapping)
{
    struct json_tree tree = json_tree_in(mapping->arena);
    struct json_error error = {.code = DIAG_NONE};
    uint32_t *objects;
    if (!json_read(&tree, mapping->arena, mapping->source->text, &error)) {
        struct str written = str_slice(mapping->source->text, error.off, error.off + error.len);
        factor_report_at(mapping->out, error.code, mapping->source, error.off,
                         DIAG_ARGS(excerpt_of(mapping->arena, written)));
        return false;
    }
    mapping->nodes = tree.nodes;
    if (!find_parts(mapping, &objects)) {
        return false;
    }
    bool is_good = true;
    mapping->parts = arena_array(mapping->arena, struct part, mapping->part_count);
    for (size_t i = 0; i < mapping->part_count; i++) {
        is_good = read_part(mapping, objects[i], &mapping->parts[i]) && is_good;
    }
    return is_good;
}

/* ---- rows ---- */

enum made { MADE, LEFT_OUT, FAILED };

/* Once for each text: it often stands in many rows. */
static void report_value(struct mapping *mapping, const struct target *target, const struct csv_cell *cell)
{
    const struct factor_table *table = mapping->table;
    struct str text = str_format(mapping->arena, "%.*s\n%.*s", STR_FMT(target->name), STR_FMT(cell->text));
    if (map_add(&mapping->told, text, 0)) {
        factor_report_at(mapping->out, D_MAPPING_VALUE, sources_get(table->sources, table->file), cell->off,
                         DIAG_ARGS(excerpt_of(mapping->arena, cell->text), target->name));
    }
}

static enum made make_cell(struct mapping *mapping, const struct target *target, const struct csv_row *from,
                           struct csv_cell *cell)
{
    if (target->name.len == 0 || target->column == NO_INDEX) {
        *cell = (struct csv_cell){target->name.len == 0 ? STR("") : target->constant.text, from->off, 0};
        return MADE;
    }
    uint32_t number = 0;
    *cell = from->cells[target->column];
    if (!target->has_values) {
        return MADE;
    }
    if (!map_get(&target->values, cell->text, &number)) {
        report_value(mapping, target, cell);
        return FAILED;
    }
    cell->text = target->texts[number];
    return target->is_left_out[number] ? LEFT_OUT : MADE;
}

static enum made make_row(struct mapping *mapping, const struct part *part, const struct csv_row *from,
                          struct csv_row *row)
{
    enum made result = MADE;
    *row = *from;
    row->count = (uint32_t)mapping->names.count;
    row->cells = arena_array(mapping->arena, struct csv_cell, row->count);
    for (uint32_t i = 0; i < row->count && result == MADE; i++) {
        result = make_cell(mapping, &part->targets[i], from, &row->cells[i]);
    }
    return result;
}

/* The header, with our names at the places of those that they are taken from. */
static struct csv_row make_header(struct mapping *mapping)
{
    struct csv_row header = mapping->table->rows.header;
    const struct csv_row *written = &mapping->table->rows.header;
    header.count = (uint32_t)mapping->names.count;
    header.cells = arena_array(mapping->arena, struct csv_cell, header.count);
    for (uint32_t i = 0; i < header.count; i++) {
        header.cells[i] = (struct csv_cell){mapping->names.entries[i].key, written->off, 0};
        for (size_t p = 0; p < mapping->part_count; p++) {
            const struct target *target = &mapping->parts[p].targets[i];
            if (target->name.len != 0 && target->column != NO_INDEX) {
                header.cells[i].off = written->cells[target->column].off;
            }
        }
    }
    return header;
}

bool mapping_apply(struct arena *arena, const struct source *source, struct factor_table *table, struct diags *out)
{
    struct mapping mapping = {
        .arena = arena, .source = source, .table = table, .out = out, .names = map_in(arena), .told = map_in(arena)};
    size_t errors = out->errors;
    if (!read_mapping(&mapping)) {
        return false;
    }
    struct csv_table made = table->rows;
    size_t count = 0;
    size_t cap = 0;
    made.header = make_header(&mapping);
    made.rows = NULL;
    for (uint32_t i = 0; i < table->rows.row_count; i++) {
        for (size_t p = 0; p < mapping.part_count; p++) {
            struct csv_row row;
            if (make_row(&mapping, &mapping.parts[p], &table->rows.rows[i], &row) == MADE) {
                arena_grow(arena, made.rows, count, cap);
                made.rows[count++] = row;
            }
        }
    }
    made.row_count = (uint32_t)count;
    table->rows = made;
    return out->errors == errors;
}
