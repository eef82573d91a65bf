#include "vm/factor_database.h"

#include <sqlite3.h>
#include <string.h>

#include "vm/record.h"

enum {
    CELL_MAX = 1 << 24, /* bytes of a cell of a stranger's file */
    PLACE_COLUMNS = 2   /* _file and _line, before those that say something */
};

struct factor_database {
    struct factor_database *next;
    sqlite3 *sqlite;
    struct str path;
    struct csv_row header;       /* the columns that say something, then `parent` */
    struct factor_table *tables; /* without rows */
    size_t table_count;
};

static bool report(struct diags *out, struct str path, struct str reason)
{
    place_report(out, D_FACTOR_DATABASE, (struct data_place){path, 0, 0}, DIAG_ARGS(path, reason), STR(""), STR(""));
    return false;
}

static bool report_sqlite(struct diags *out, sqlite3 *sqlite, struct str path)
{
    return report(out, path, str_of(sqlite3_errmsg(sqlite)));
}

bool database_is(struct str text)
{
    static const char magic[] = "SQLite format 3"; /* and a zero */
    return text.len >= sizeof magic && memcmp(text.at, magic, sizeof magic) == 0;
}

/* ---- opening ---- */

/* A file of a stranger: nothing in it may run, and damage is found where it is met. */
static bool open_bytes(struct factor_database *database, struct str text)
{
    unsigned char *bytes = (unsigned char *)(uintptr_t)text.at; /* read only, says the flag */
    int made = sqlite3_open_v2(":memory:", &database->sqlite, SQLITE_OPEN_READWRITE, NULL);
    if (made != SQLITE_OK) {
        return false;
    }
    sqlite3_limit(database->sqlite, SQLITE_LIMIT_LENGTH, CELL_MAX);
    sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    return sqlite3_deserialize(database->sqlite, "main", bytes, (sqlite3_int64)text.len, (sqlite3_int64)text.len,
                               SQLITE_DESERIALIZE_READONLY) == SQLITE_OK &&
           sqlite3_exec(database->sqlite, "PRAGMA cell_size_check = ON", NULL, NULL, NULL) == SQLITE_OK;
}

/* The first number that a statement gives; `otherwise` where it gives none. */
static int number_of(sqlite3 *sqlite, const char *sql, int otherwise)
{
    sqlite3_stmt *statement = NULL;
    bool is_good =
        sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;
    int number = is_good ? sqlite3_column_int(statement, 0) : otherwise;
    sqlite3_finalize(statement);
    return number;
}

/* The form is ours, and the tables are plain ones: a virtual table has no page. */
static bool has_form(sqlite3 *sqlite)
{
    return number_of(sqlite, "PRAGMA application_id", 0) == DATABASE_APPLICATION &&
           number_of(sqlite, "PRAGMA user_version", 0) == DATABASE_VERSION &&
           number_of(sqlite,
                     "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
                     " AND name IN ('factor', 'region', 'file')",
                     0) == 3;
}

static struct str column_text(struct arena *arena, sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t len = (size_t)sqlite3_column_bytes(statement, column);
    return text == NULL ? STR("") : str_copy(arena, (struct str){text, len});
}

/* The columns of the table `factor`. False where one is missing that every row has. */
static bool read_header(struct arena *arena, struct factor_database *database)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database->sqlite, "SELECT * FROM factor", -1, &statement, NULL) != SQLITE_OK) {
        return false;
    }
    uint32_t count = (uint32_t)sqlite3_column_count(statement);
    bool is_good = count > PLACE_COLUMNS && strcmp(sqlite3_column_name(statement, 0), "_file") == 0 &&
                   strcmp(sqlite3_column_name(statement, 1), "_line") == 0;
    uint32_t columns = is_good ? count - PLACE_COLUMNS : 0;
    struct csv_cell *cells = arena_array(arena, struct csv_cell, (size_t)columns + 1);
    for (uint32_t i = 0; i < columns; i++) {
        cells[i].text = str_copy(arena, str_of(sqlite3_column_name(statement, (int)i + PLACE_COLUMNS)));
    }
    cells[columns].text = STR("parent");
    database->header = (struct csv_row){.cells = cells, .count = columns + 1};
    struct csv_table table = {.header = database->header};
    static const char *const needed[] = {"factor", "region", "value"};
    for (size_t i = 0; i < countof(needed); i++) {
        is_good = is_good && csv_column(&table, str_of(needed[i])) < columns;
    }
    sqlite3_finalize(statement);
    return is_good;
}

/* The files that it was made of, numbered from 1. */
static bool read_files(struct arena *arena, struct factor_database *database)
{
    sqlite3_stmt *statement = NULL;
    size_t cap = 0;
    if (sqlite3_prepare_v2(database->sqlite, "SELECT path, sha256, _file FROM file ORDER BY _file", -1, &statement,
                           NULL) != SQLITE_OK) {
        return false;
    }
    int step;
    bool is_numbered = true;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct str path = column_text(arena, statement, 0);
        is_numbered = is_numbered && sqlite3_column_int64(statement, 2) == (sqlite3_int64)database->table_count + 1;
        arena_grow(arena, database->tables, database->table_count, cap);
        database->tables[database->table_count++] =
            (struct factor_table){.rows = {.header = database->header},
                                  .path = str_format(arena, "%.*s:%.*s", STR_FMT(database->path), STR_FMT(path)),
                                  .origin = path,
                                  .hash = column_text(arena, statement, 1)};
    }
    sqlite3_finalize(statement);
    return step == SQLITE_DONE && is_numbered;
}

static bool report_foreign(struct arena *arena, struct diags *out, struct str path)
{
    return report(out, path,
                  diag_both(arena, STR("`zuji factors import` has not made it, or another version did"),
                            STR("不是由本版本的 `zuji factors import` 生成")));
}

struct factor_database *database_new(struct arena *arena, struct factor_database *next)
{
    struct factor_database *database = arena_new(arena, struct factor_database);
    database->next = next;
    return database;
}

bool database_open(struct factor_database *database, struct arena *arena, struct str text, struct str path,
                   struct diags *out)
{
    database->path = str_copy(arena, path);
    bool is_read = open_bytes(database, text) &&
                   sqlite3_exec(database->sqlite, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
    if (!is_read) {
        return report_sqlite(out, database->sqlite, path);
    }
    bool is_ours = has_form(database->sqlite) && read_header(arena, database) && read_files(arena, database);
    return is_ours || report_foreign(arena, out, path);
}

void databases_close(struct factor_database *database)
{
    for (; database != NULL; database = database->next) {
        sqlite3_stmt *left; /* where memory was exhausted in the middle of reading */
        while (database->sqlite != NULL && (left = sqlite3_next_stmt(database->sqlite, NULL)) != NULL) {
            sqlite3_finalize(left);
        }
        sqlite3_close(database->sqlite);
    }
}

/* ---- reading ---- */

#define ALL_ROWS "SELECT * FROM factor ORDER BY _file, _line"

struct reading {
    struct arena *arena;
    const struct factor_database *database;
    struct factor_table *tables;
    size_t *caps; /* of the rows of each */
    struct diags *out;
};

/* A row of the file and the line that the statement gives first. NULL with a message where it is of no file. */
static struct csv_row *add_row(struct reading *reading, sqlite3_stmt *statement)
{
    sqlite3_int64 file = sqlite3_column_int64(statement, 0);
    sqlite3_int64 line = sqlite3_column_int64(statement, 1);
    if (file < 1 || (uint64_t)file > reading->database->table_count || line < 1 || line > UINT32_MAX) {
        report_foreign(reading->arena, reading->out, reading->database->path);
        return NULL;
    }
    struct csv_table *table = &reading->tables[file - 1].rows;
    size_t count = table->row_count;
    arena_grow(reading->arena, table->rows, count, reading->caps[file - 1]);
    table->rows[count] = (struct csv_row){.cells = arena_array(reading->arena, struct csv_cell, table->header.count),
                                          .count = table->header.count,
                                          .line = (uint32_t)line};
    return &table->rows[table->row_count++];
}

/* All rows that the statement gives: what stands behind file and line, into these columns of the header. */
static bool read_rows(struct reading *reading, sqlite3_stmt *statement, const uint32_t *columns, uint32_t count)
{
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct csv_row *row = add_row(reading, statement);
        if (row == NULL) {
            return false;
        }
        for (uint32_t i = 0; i < count; i++) {
            row->cells[columns[i]].text = column_text(reading->arena, statement, (int)i + PLACE_COLUMNS);
        }
    }
    if (step != SQLITE_DONE) {
        report_sqlite(reading->out, reading->database->sqlite, reading->database->path);
    }
    return step == SQLITE_DONE;
}

static sqlite3_stmt *prepare(struct reading *reading, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(reading->database->sqlite, sql, -1, &statement, NULL) != SQLITE_OK) {
        report_sqlite(reading->out, reading->database->sqlite, reading->database->path);
    }
    return statement;
}

static bool read_factors(struct reading *reading, const struct str *families, size_t family_count)
{
    uint32_t count = reading->database->header.count - 1;
    uint32_t *columns = arena_array(reading->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = i;
    }
    sqlite3_stmt *rows = prepare(reading, families != NULL ? DATABASE_ROWS_OF_FAMILY : ALL_ROWS);
    bool is_good = rows != NULL;
    for (size_t i = 0; i < (families != NULL ? family_count : 1) && is_good; i++) {
        if (families != NULL) {
            sqlite3_bind_text(rows, 1, families[i].at, (int)families[i].len, SQLITE_STATIC);
        }
        is_good = read_rows(reading, rows, columns, count);
        sqlite3_reset(rows);
    }
    sqlite3_finalize(rows);
    return is_good;
}

static bool read_regions(struct reading *reading)
{
    struct csv_table header = {.header = reading->database->header};
    uint32_t columns[] = {csv_column(&header, STR("region")), header.header.count - 1};
    sqlite3_stmt *regions = prepare(reading, "SELECT _file, _line, region, parent FROM region ORDER BY _file, _line");
    bool is_good = regions != NULL && read_rows(reading, regions, columns, countof(columns));
    sqlite3_finalize(regions);
    return is_good;
}

bool database_tables(struct arena *arena, const struct factor_database *database, const struct str *families,
                     size_t count, const struct factor_table **tables, size_t *table_count, struct diags *out)
{
    struct reading reading = {.arena = arena, .database = database, .out = out};
    reading.tables = arena_array(arena, struct factor_table, database->table_count);
    reading.caps = arena_array(arena, size_t, database->table_count);
    if (database->table_count > 0) {
        memcpy(reading.tables, database->tables, database->table_count * sizeof *reading.tables);
    }
    *tables = reading.tables;
    *table_count = database->table_count;
    return read_factors(&reading, families, count) && read_regions(&reading);
}
