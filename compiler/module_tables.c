#include <errno.h>
#include <string.h>

#include "base/csv.h"
#include "base/system_error.h"
#include "compiler/module.h"

/* A table's CSV file: which column of the file gives each key and each value. */
struct reading {
    struct loader *loader;
    struct decl *table;
    struct csv_table csv;
    uint32_t file; /* of the CSV text, in sources */
};

static void read_table(struct loader *loader, struct module *module, struct decl *table);

void module_read_tables(struct loader *loader, struct module *module)
{
    for (struct decl *item = module->items; item != NULL; item = item->next) {
        if (item->kind == DECL_TABLE && item->attributes.from.len > 0) {
            read_table(loader, module, item);
        }
        for (struct decl *inner = item->kind == DECL_RULE ? item->as.rule.items : NULL; inner != NULL;
             inner = inner->next) {
            if (inner->kind == DECL_TABLE && inner->attributes.from.len > 0) {
                read_table(loader, module, inner);
            }
        }
    }
}

static struct span place(const struct reading *reading, uint32_t off, uint32_t len)
{
    return (struct span){reading->file, off, len};
}

static void report_csv_errors(const struct reading *reading)
{
    struct arena *arena = reading->loader->checked->perm;
    for (size_t i = 0; i < reading->csv.error_count && i < CSV_ERRORS_MAX; i++) {
        const struct csv_error *error = &reading->csv.errors[i];
        struct str args[2];
        csv_error_args(arena, error, args);
        diag_add(reading->loader->out, error->code, place(reading, error->off, error->len), args, 2);
    }
}

/* The number of the column that belongs to a key or value; false (reported) where the file has none. */
static bool find_column(const struct reading *reading, const struct decl *decl, uint32_t *column)
{
    struct loader *loader = reading->loader;
    const struct decl *named = decl->name.text.len > 0 ? decl : reading->table; /* one unnamed value */
    struct str header = named->attributes.column.len > 0 ? named->attributes.column : named->name.text;
    *column = csv_column(&reading->csv, header);
    if (*column < reading->csv.header.count) {
        return true;
    }
    struct span at = named->attributes.column.len > 0 ? named->attributes.column_at : named->name.at;
    struct diag *diag = diag_add(loader->out, D_CSV_NO_COLUMN, at, DIAG_ARGS(reading->table->attributes.from, header));
    diag_label(loader->out, diag, place(reading, reading->csv.header.off, reading->csv.header.len), T_CSV_HEADER, NULL,
               0);
    struct str *names = arena_array(loader->checked->perm, struct str, reading->csv.header.count + 1);
    for (uint32_t i = 0; i < reading->csv.header.count; i++) {
        names[i] = reading->csv.header.cells[i].text;
    }
    struct str nearest = str_nearest(header, names, reading->csv.header.count);
    if (nearest.len > 0) {
        diag_note(loader->out, diag, T_CSV_COLUMN_HINT, DIAG_ARGS(nearest));
    }
    return false;
}

/* Columns of the file for a list of keys or values; NULL where one is missing. */
static uint32_t *find_columns(const struct reading *reading, const struct decl *first)
{
    size_t count = 0;
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        count++;
    }
    uint32_t *columns = arena_array(reading->loader->checked->perm, uint32_t, count + 1);
    bool has_all = true;
    size_t i = 0;
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        has_all &= find_column(reading, decl, &columns[i++]);
    }
    return has_all ? columns : NULL;
}

static struct pattern *make_patterns(const struct reading *reading, const struct csv_row *row, const uint32_t *columns)
{
    struct arena *arena = reading->loader->checked->perm;
    struct pattern *first = NULL;
    struct pattern **end = &first;
    for (const struct decl *key = reading->table->as.table.keys; key != NULL; key = key->next) {
        const struct csv_cell *cell = &row->cells[*columns++];
        struct pattern *pattern = arena_new(arena, struct pattern);
        pattern->kind = PATTERN_TEXT; /* types.c makes of it what the key's type says */
        pattern->at = place(reading, cell->off, cell->len);
        pattern->text = cell->text;
        *end = pattern;
        end = &pattern->next;
    }
    return first;
}

static struct cell *make_cells(const struct reading *reading, const struct csv_row *row, const uint32_t *columns)
{
    struct arena *arena = reading->loader->checked->perm;
    struct cell *first = NULL;
    struct cell **end = &first;
    for (const struct decl *column = reading->table->as.table.columns; column != NULL; column = column->next) {
        const struct csv_cell *text = &row->cells[*columns++];
        struct cell *cell = arena_new(arena, struct cell);
        cell->at = place(reading, text->off, text->len);
        if (text->text.len > 0) {
            cell->value = arena_new(arena, struct expr);
            cell->value->kind = EXPR_TEXT; /* types.c makes of it what the column's type says */
            cell->value->at = cell->at;
            cell->value->as.text = text->text;
        } else if (text->len == 0) { /* so that a message has something to point at */
            cell->at = place(reading, row->off, row->len);
        }
        *end = cell;
        end = &cell->next;
    }
    return first;
}

static void make_rows(struct reading *reading, const uint32_t *keys, const uint32_t *values)
{
    struct arena *arena = reading->loader->checked->perm;
    struct table_row **end = &reading->table->as.table.rows;
    for (uint32_t i = 0; i < reading->csv.row_count; i++) {
        const struct csv_row *from = &reading->csv.rows[i];
        struct table_row *row = arena_new(arena, struct table_row);
        row->at = place(reading, from->off, from->len);
        row->is_read = true;
        row->patterns = make_patterns(reading, from, keys);
        row->cells = make_cells(reading, from, values);
        *end = row;
        end = &row->next;
    }
}

static void read_table(struct loader *loader, struct module *module, struct decl *table)
{
    struct checked *checked = loader->checked;
    struct attributes *attributes = &table->attributes;
    if (table->as.table.rows != NULL || table->as.table.matrix != NULL) {
        diag_add(loader->out, D_TABLE_FROM_AND_ROWS, attributes->from_at, NULL, 0);
        table->as.table.rows = NULL; /* those of the file count, as if there were no others */
        table->as.table.matrix = NULL;
    }
    struct str path = module->is_std ? attributes->from : module_path(checked->perm, module, attributes->from);
    struct str text;
    if (module->is_std || !sources_read(checked->sources, checked->perm, path, &text)) {
        struct str reason = system_error_text(checked->perm, module->is_std ? ENOENT : errno);
        diag_add(loader->out, D_TABLE_NO_FILE, attributes->from_at, DIAG_ARGS(path, reason));
        module->has_errors = true;
        return;
    }
    struct reading reading = {.loader = loader, .table = table};
    reading.file = sources_add(checked->sources, path, text);
    bool is_readable = csv_read(checked->perm, text, &reading.csv);
    report_csv_errors(&reading);
    const uint32_t *keys = find_columns(&reading, table->as.table.keys);
    const uint32_t *values = find_columns(&reading, table->as.table.columns);
    if (keys != NULL && values != NULL) {
        make_rows(&reading, keys, values);
    }
    module->has_errors |= !is_readable || keys == NULL || values == NULL;
}
