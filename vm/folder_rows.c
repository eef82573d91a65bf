/* Reading a folder of CSV files: which row belongs to whom, and the record of each product. */
#include <stdlib.h>

#include "vm/folder_parts.h"

static const struct csv_cell *cell_at(const struct table_file *file, uint32_t row, uint32_t column)
{
    return &file->table.rows[row].cells[column];
}

/* --- which row belongs to whom --- */

/* Only the first reason counts. */
static void refuse_product(struct folder *folder, uint32_t product, struct refusal refusal,
                           const struct table_file *file, const struct csv_cell *cell)
{
    if (folder->refusals[product] != NULL) {
        return;
    }
    struct place place = source_place(sources_get(&folder->sources, file->file), cell->off);
    refusal.place = (struct data_place){file->path, place.line, place.column};
    folder->refusals[product] = arena_new(&folder->reader.arena, struct refusal);
    *folder->refusals[product] = refusal;
}

/* Rows of lists under an id that two products have could be of either: both are refused. */
static void refuse_same(struct folder *folder, uint32_t product, uint32_t other)
{
    const struct table_file *file = folder->products;
    const struct csv_cell *cell = cell_at(file, product, file->id_column);
    struct refusal refusal = {.code = D_FOLDER_SAME_PRODUCT, .args = {cell->text}};
    refuse_product(folder, product, refusal, file, cell);
    refuse_product(folder, other, refusal, file, cell);
}

static void index_products(struct folder *folder)
{
    struct table_file *file = folder->products;
    folder->refusals = arena_array(&folder->reader.arena, struct refusal *, file->table.row_count);
    for (uint32_t i = 0; i < file->table.row_count; i++) {
        const struct csv_cell *cell = cell_at(file, i, file->id_column);
        uint32_t other = 0;
        if (cell->text.len == 0) {
            refuse_product(folder, i, (struct refusal){.code = D_FOLDER_NO_ID}, file, cell);
        } else if (map_get(&folder->product_ids, cell->text, &other)) {
            refuse_same(folder, i, other);
        } else {
            map_add(&folder->product_ids, cell->text, i);
        }
    }
}

/* The number of the parent's row, checked against the parent's file; 0 where it is none: the product is refused. */
static uint32_t read_parent_row(struct folder *folder, const struct table_file *file, uint32_t row, uint32_t product)
{
    uint32_t parent_list = folder->program->fields[file->list].parent;
    const struct table_file *parent = folder->of_list[parent_list];
    const struct csv_cell *cell = cell_at(file, row, file->row_column);
    uint32_t rows = parent == NULL ? 0 : parent->rows_of[product];
    uint32_t number = 0;
    bool is_number = cell->text.len > 0 && cell->text.len < 10;
    for (size_t i = 0; is_number && i < cell->text.len; i++) {
        is_number = cell->text.at[i] >= '0' && cell->text.at[i] <= '9';
        number = number * 10 + (uint32_t)(cell->text.at[i] - '0');
    }
    if (is_number && number >= 1 && number <= rows) {
        return number;
    }
    struct str list = parent == NULL ? folder_field_name(folder, parent_list) : parent->name;
    struct str count = str_format(&folder->reader.arena, "%lu", (unsigned long)rows);
    refuse_product(folder, product,
                   (struct refusal){
                       .code = D_FOLDER_BAD_ROW, .args = {cell->text, list, count}
    },
                   file, cell);
    return 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    if (left->product != right->product) {
        return left->product < right->product ? -1 : 1;
    }
    if (left->parent != right->parent) {
        return left->parent < right->parent ? -1 : 1;
    }
    return (left->row > right->row) - (left->row < right->row);
}

static void index_row(struct folder *folder, struct table_file *file, uint32_t row)
{
    const struct csv_cell *id = cell_at(file, row, file->id_column);
    uint32_t product = 0;
    if (id->text.len == 0) {
        folder_report(folder, D_FOLDER_NO_ID, file, id->off, NULL, 0, STR(""));
        return;
    }
    if (!map_get(&folder->product_ids, id->text, &product)) {
        folder_report(folder, D_FOLDER_UNKNOWN_PRODUCT, file, id->off, DIAG_ARGS(id->text), STR(""));
        return;
    }
    uint32_t ordinal = ++file->rows_of[product];
    uint32_t parent = 0;
    if (folder->program->fields[file->list].parent != NO_INDEX) {
        parent = read_parent_row(folder, file, row, product);
        if (parent == 0) {
            return;
        }
    }
    file->entries[file->entry_count++] = (struct entry){product, parent, row, ordinal};
}

void folder_index(struct folder *folder)
{
    struct arena *arena = &folder->reader.arena;
    index_products(folder);
    for (uint32_t i = 0; i < folder->program->field_count; i++) {
        struct table_file *file = folder->of_list[i];
        if (file == NULL) {
            continue;
        }
        file->entries = arena_array(arena, struct entry, file->table.row_count);
        file->rows_of = arena_array(arena, uint32_t, folder->products->table.row_count);
        for (uint32_t row = 0; row < file->table.row_count; row++) {
            index_row(folder, file, row);
        }
        if (file->entry_count != 0) {
            qsort(file->entries, file->entry_count, sizeof *file->entries, compare_entries);
        }
    }
}

/* --- records --- */

static void add_object(struct folder *folder, const struct table_file *file, uint32_t list, uint32_t product,
                       uint32_t row, uint32_t ordinal);

static struct json_node node_of(enum json_type type, const struct table_file *file, const struct csv_cell *cell,
                                struct str text)
{
    return (struct json_node){.type = type, .file = file->file, .off = cell->off, .len = cell->len, .text = text};
}

static void add_key(struct folder *folder, const struct table_file *file, enum datum_key key,
                    const struct csv_cell *header, const struct csv_cell *cell)
{
    json_add(&folder->reader.tree, node_of(JSON_STRING, file, header, datum_key_name(key)));
    json_add(&folder->reader.tree, node_of(JSON_CELL, file, cell, cell->text));
}

/* The datum of a cell: as it is, or as an object where the header has a unit or other columns of the row say something
   of it. */
static void add_datum(struct folder *folder, const struct table_file *file, uint32_t row, uint32_t number)
{
    struct json_tree *tree = &folder->reader.tree;
    const struct table_column *column = &file->columns[number];
    const struct csv_cell *cell = cell_at(file, row, number);
    bool has_unit = column->unit.text.len != 0;
    if (!has_unit && !column->has_abouts) {
        json_add(tree, node_of(JSON_CELL, file, cell, cell->text));
        return;
    }
    uint32_t object = json_add(tree, node_of(JSON_OBJECT, file, cell, STR("")));
    add_key(folder, file, DATUM_VALUE, cell, cell);
    if (has_unit) {
        add_key(folder, file, DATUM_UNIT, &column->unit, &column->unit);
    }
    tree->nodes[object].count = has_unit ? 2 : 1;
    for (uint32_t i = 0; column->has_abouts && i < file->table.header.count; i++) {
        const struct table_column *about = &file->columns[i];
        const struct csv_cell *said = cell_at(file, row, i);
        if (about->role == COLUMN_ABOUT && about->field == column->field && said->text.len != 0) {
            add_key(folder, file, about->key, &file->table.header.cells[i], said);
            tree->nodes[object].count++;
        }
    }
    tree->nodes[object].next = (uint32_t)tree->count;
}

static uint32_t add_cells(struct folder *folder, const struct table_file *file, uint32_t row)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < file->table.header.count; i++) {
        const struct table_column *column = &file->columns[i];
        const struct csv_cell *cell = cell_at(file, row, i);
        bool is_datum = column->role == COLUMN_FIELD || column->role == COLUMN_ID;
        if (!is_datum || cell->text.len == 0) {
            continue;
        }
        struct str name = column->role == COLUMN_ID ? STR("id") : folder_field_name(folder, column->field);
        json_add(&folder->reader.tree, node_of(JSON_STRING, file, &file->table.header.cells[i], name));
        add_datum(folder, file, row, i);
        count++;
    }
    return count;
}

/* Index of the first entry not before this product and parent's row. */
static uint32_t find_entry(const struct table_file *file, uint32_t product, uint32_t parent)
{
    const struct entry wanted = {.product = product, .parent = parent};
    uint32_t low = 0;
    uint32_t high = file->entry_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_entries(&file->entries[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The rows of a list inside one row of its parent (0: the product). */
static void add_list(struct folder *folder, uint32_t list, uint32_t product, uint32_t parent)
{
    struct json_tree *tree = &folder->reader.tree;
    const struct table_file *file = folder->of_list[list];
    json_add(tree,
             (struct json_node){.type = JSON_STRING, .file = file->file, .text = folder_field_name(folder, list)});
    uint32_t array = json_add(tree, (struct json_node){.type = JSON_ARRAY, .file = file->file});
    for (uint32_t i = find_entry(file, product, parent); i < file->entry_count; i++) {
        const struct entry *entry = &file->entries[i];
        if (entry->product != product || entry->parent != parent) {
            break;
        }
        add_object(folder, file, list, product, entry->row, entry->ordinal);
        tree->nodes[array].count++;
    }
    tree->nodes[array].next = (uint32_t)tree->count;
}

/* Recursion goes no deeper than lists in the program do. */
static void add_object(struct folder *folder, const struct table_file *file, uint32_t list, uint32_t product,
                       uint32_t row, uint32_t ordinal)
{
    struct json_tree *tree = &folder->reader.tree;
    const struct csv_row *line = &file->table.rows[row];
    uint32_t object =
        json_add(tree, (struct json_node){.type = JSON_OBJECT, .file = file->file, .off = line->off, .len = line->len});
    uint32_t count = add_cells(folder, file, row);
    for (uint32_t i = 0; i < folder->program->field_count; i++) {
        if (folder->of_list[i] != NULL && folder->program->fields[i].parent == list) {
            add_list(folder, i, product, ordinal);
            count++;
        }
    }
    tree->nodes[object].count = count;
    tree->nodes[object].next = (uint32_t)tree->count;
}

bool folder_next(struct reader *reader)
{
    struct folder *folder = (struct folder *)reader;
    if (folder->next == folder->products->table.row_count) {
        return false;
    }
    uint32_t row = folder->next++;
    const struct refusal *refusal = folder->refusals[row];
    if (refusal != NULL) {
        const struct csv_cell *id = cell_at(folder->products, row, folder->products->id_column);
        binder_refuse(reader->binder, folder->next, id->text, refusal->code, refusal->place, refusal->args,
                      countof(refusal->args));
        return true;
    }
    reader->tree.count = 0;
    add_object(folder, folder->products, NO_INDEX, row, row, 0);
    struct record record = {.tree = &reader->tree, .number = folder->next, .sources = &folder->sources};
    binder_record(reader->binder, &record);
    return true;
}
