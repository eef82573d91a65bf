/* A database made from a set of factors. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "vm/factor_cells.h"
#include "vm/factor_database.h"
#include "vm/record.h"

/* The columns of every database, in their order; those of keys stand behind `factor`. Of `parent` a table of its own is
 * made. */
static const enum standard_column in_order[] = {
    COLUMN_ID,      COLUMN_FACTOR,   COLUMN_REGION,          COLUMN_YEAR,     COLUMN_VALUE,       COLUMN_UNIT,
    COLUMN_FOSSIL,  COLUMN_BIOGENIC, COLUMN_LAND_USE_CHANGE, COLUMN_AIRCRAFT, COLUMN_UNCERTAINTY, COLUMN_QUALITY,
    COLUMN_PRIMARY, COLUMN_STATUS,   COLUMN_SOURCE,          COLUMN_LICENCE,  COLUMN_VALID_FROM,  COLUMN_VALID_TO,
    COLUMN_NOTE};

struct make {
    struct arena *arena; /* takes nothing while SQLite is open but messages: what it holds would be lost with it */
    struct diags *out;
    struct map columns;        /* names, to their places */
    const char *form, *insert; /* statements */
    sqlite3 *sqlite;
    sqlite3_stmt *file, *region, *row;
    uint32_t file_number;
};

static bool report(struct make *make)
{
    struct str reason = str_of(sqlite3_errmsg(make->sqlite));
    diag_add(make->out, D_FACTOR_NOT_MADE, (struct span){0, 0, 0}, DIAG_ARGS(reason));
    return false;
}

static bool run(struct make *make, const char *sql)
{
    return sqlite3_exec(make->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK || report(make);
}

/* ---- the form ---- */

static bool is_apart(struct str column)
{
    return str_eq(column, str_of(factor_columns[COLUMN_PARENT])) ||
           str_eq(column, str_of(factor_columns[COLUMN_LICENSE]));
}

static void add_column(struct make *make, struct str column)
{
    if (column.len > 0 && !is_apart(column)) {
        map_add(&make->columns, column, (uint32_t)make->columns.count);
    }
}

static bool is_standard(struct str column)
{
    for (size_t i = 0; i < STANDARD_COLUMN_COUNT; i++) {
        if (str_eq(column, str_of(factor_columns[i]))) {
            return true;
        }
    }
    return false;
}

static void add_key_columns(struct make *make, const struct factor_table *table)
{
    const struct csv_row *header = &table->rows.header;
    for (uint32_t i = 0; i < header->count; i++) {
        if (!is_standard(header->cells[i].text)) {
            add_column(make, header->cells[i].text);
        }
    }
}

static void add_columns(struct make *make, const struct factor_table *const *tables, size_t count)
{
    for (size_t i = 0; i < countof(in_order); i++) {
        add_column(make, str_of(factor_columns[in_order[i]]));
        for (size_t t = 0; in_order[i] == COLUMN_FACTOR && t < count; t++) {
            add_key_columns(make, tables[t]);
        }
    }
}

/* "a ""name""" */
static void add_identifier(struct buf *out, struct str name)
{
    buf_char(out, '"');
    for (size_t i = 0; i < name.len; i++) {
        buf_char(out, name.at[i]);
        if (name.at[i] == '"') {
            buf_char(out, '"');
        }
    }
    buf_char(out, '"');
}

static void word_statements(struct make *make)
{
    struct buf form = buf_in(make->arena);
    struct buf insert = buf_in(make->arena);
    buf_format(&form,
               "PRAGMA application_id = %d; PRAGMA user_version = %d;"
               "CREATE TABLE file (_file INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL);"
               "CREATE TABLE region (_file INTEGER NOT NULL REFERENCES file, _line INTEGER NOT NULL,"
               " region TEXT PRIMARY KEY, parent TEXT NOT NULL);"
               "CREATE TABLE factor (_file INTEGER NOT NULL REFERENCES file, _line INTEGER NOT NULL",
               DATABASE_APPLICATION, DATABASE_VERSION);
    buf_add(&insert, STR("INSERT INTO factor VALUES (?, ?"));
    for (size_t i = 0; i < make->columns.count; i++) {
        buf_add(&form, STR(", "));
        add_identifier(&form, make->columns.entries[i].key);
        buf_add(&form, STR(" TEXT"));
        buf_add(&insert, STR(", ?"));
    }
    buf_add(&form, STR("); CREATE INDEX factor_rows ON factor (factor, _file, _line); BEGIN"));
    buf_char(&insert, ')');
    make->form = str_copy(make->arena, buf_str(&form)).at;
    make->insert = str_copy(make->arena, buf_str(&insert)).at;
}

static bool prepare(struct make *make, const char *sql, sqlite3_stmt **statement)
{
    return sqlite3_prepare_v2(make->sqlite, sql, -1, statement, NULL) == SQLITE_OK || report(make);
}

static bool open_form(struct make *make)
{
    bool is_open = sqlite3_open_v2(":memory:", &make->sqlite, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK || report(make);
    return is_open && run(make, make->form) && prepare(make, make->insert, &make->row) &&
           prepare(make, "INSERT INTO file VALUES (?, ?, ?)", &make->file) &&
           prepare(make, "INSERT OR IGNORE INTO region VALUES (?, ?, ?, ?)", &make->region);
}

/* ---- rows ---- */

static void bind_text(sqlite3_stmt *statement, int number, struct str text)
{
    if (text.len > 0) {
        sqlite3_bind_text(statement, number, text.at, (int)text.len, SQLITE_STATIC);
    }
}

static bool insert(struct make *make, sqlite3_stmt *statement)
{
    bool is_good = sqlite3_step(statement) == SQLITE_DONE;
    bool is_told = is_good || report(make);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return is_told;
}

static void bind_place(const struct make *make, sqlite3_stmt *statement, const struct csv_row *row)
{
    sqlite3_bind_int64(statement, 1, make->file_number);
    sqlite3_bind_int64(statement, 2, row->line);
}

static bool insert_region(struct make *make, const struct factor_reader *reader)
{
    struct str region = factor_region(factor_cell_text(reader->row, reader->standard[COLUMN_REGION]));
    struct str parent = factor_cell_text(reader->row, reader->standard[COLUMN_PARENT]);
    if (region.len == 0 || parent.len == 0) {
        return true;
    }
    bind_place(make, make->region, reader->row);
    bind_text(make->region, 3, region);
    bind_text(make->region, 4, parent);
    return insert(make, make->region);
}

static bool insert_row(struct make *make, const struct factor_reader *reader)
{
    enum { FIRST = 3 }; /* behind file and line */
    if (factor_cell_text(reader->row, reader->standard[COLUMN_FACTOR]).len == 0) {
        return true; /* of a region only */
    }
    const struct csv_row *header = &reader->table->rows.header;
    bind_place(make, make->row, reader->row);
    for (uint32_t i = 0; i < header->count; i++) {
        bool is_licence = i == reader->standard[COLUMN_LICENSE];
        uint32_t place = 0;
        if (map_get(&make->columns, is_licence ? STR("licence") : header->cells[i].text, &place)) {
            bind_text(make->row, FIRST + (int)place, reader->row->cells[i].text);
        }
    }
    return insert(make, make->row);
}

static bool insert_table(struct make *make, const struct factor_table *table)
{
    struct factor_reader reader = {.arena = make->arena, .out = make->out};
    factor_reader_open(&reader, table);
    sqlite3_bind_int64(make->file, 1, ++make->file_number);
    bind_text(make->file, 2, table->origin);
    bind_text(make->file, 3, table->hash);
    bool is_good = insert(make, make->file);
    for (uint32_t i = 0; i < table->rows.row_count && is_good; i++) {
        reader.row = &table->rows.rows[i];
        is_good = insert_region(make, &reader) && insert_row(make, &reader);
    }
    return is_good;
}

/* ---- the whole ---- */

static bool make_all(struct make *make, const struct factor_table *const *tables, size_t count)
{
    bool is_good = open_form(make);
    for (size_t i = 0; i < count && is_good; i++) {
        is_good = insert_table(make, tables[i]);
    }
    return is_good && run(make, "COMMIT");
}

static char *copy_of(struct make *make, size_t *len)
{
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(make->sqlite, "main", &size, 0);
    char *copy = bytes != NULL ? malloc((size_t)size) : NULL;
    if (copy == NULL) {
        report(make);
    } else {
        memcpy(copy, bytes, (size_t)size);
    }
    sqlite3_free(bytes);
    *len = (size_t)size;
    return copy;
}

/* The tables of all files of the set. */
static const struct factor_table **all_tables(struct make *make, const struct zuji_factors *factors, size_t *count)
{
    const struct factor_table **all = NULL;
    size_t cap = 0;
    *count = 0;
    for (size_t i = 0; i < factors->count; i++) {
        const struct factor_table *tables;
        size_t table_count;
        if (!factor_tables(make->arena, &factors->files[i], NULL, 0, &tables, &table_count, make->out)) {
            return NULL;
        }
        for (size_t t = 0; t < table_count; t++) {
            arena_grow(make->arena, all, *count, cap);
            all[(*count)++] = &tables[t];
        }
    }
    return all;
}

char *database_make(struct arena *arena, const struct zuji_factors *factors, size_t *len, struct diags *out)
{
    struct make make = {.arena = arena, .out = out, .columns = map_in(arena)};
    size_t errors = out->errors;
    size_t count;
    const struct factor_table **tables = all_tables(&make, factors, &count);
    if (out->errors != errors) {
        return NULL;
    }
    add_columns(&make, tables, count);
    word_statements(&make);
    char *bytes = make_all(&make, tables, count) ? copy_of(&make, len) : NULL;
    sqlite3_finalize(make.row);
    sqlite3_finalize(make.file);
    sqlite3_finalize(make.region);
    sqlite3_close(make.sqlite);
    return bytes;
}
