#include "vm/factors.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "vm/factor_cells.h"
#include "vm/factor_database.h"
#include "vm/factor_mapping.h"
#include "vm/record.h"

/* --- sets --- */

struct zuji_factors *factors_new(jmp_buf *on_exhausted)
{
    struct arena arena = {.on_exhausted = on_exhausted};
    struct zuji_factors *factors = arena_new(&arena, struct zuji_factors);
    factors->arena = arena;
    factors->sources = sources_in(&factors->arena);
    return factors;
}

void factors_free(struct zuji_factors *factors)
{
    if (factors != NULL) {
        databases_close(factors->databases);
        struct arena arena = factors->arena;
        arena_free(&arena);
    }
}

void factor_report_at(struct diags *out, enum diag_code code, const struct source *source, uint32_t off,
                      const struct str *args, size_t count)
{
    struct place place = source_place(source, off);
    place_report(out, code, (struct data_place){source->path, place.line, place.column}, args, count, STR(""), STR(""));
}

static bool has_column(const struct csv_table *table, enum standard_column column)
{
    return csv_column(table, str_of(factor_columns[column])) < table->header.count;
}

/* A table of factors has names and values; one of regions has parents. */
static bool check_columns(const struct csv_table *table, const struct source *source, struct diags *out)
{
    bool is_good = true;
    bool has_parents = has_column(table, COLUMN_REGION) && has_column(table, COLUMN_PARENT);
    const enum standard_column needed[] = {COLUMN_FACTOR, COLUMN_VALUE};
    bool is_tree = has_parents && !has_column(table, COLUMN_FACTOR) && !has_column(table, COLUMN_VALUE);
    for (size_t i = 0; i < countof(needed) && !is_tree; i++) {
        if (!has_column(table, needed[i])) {
            factor_report_at(out, D_FOLDER_NO_COLUMN, source, table->header.off,
                             DIAG_ARGS(str_of(factor_columns[needed[i]])));
            is_good = false;
        }
    }
    for (uint32_t i = 0; i < table->header.count; i++) {
        const struct csv_cell *cell = &table->header.cells[i];
        if (cell->text.len != 0 && csv_column(table, cell->text) != i) {
            factor_report_at(out, D_FOLDER_TWO_COLUMNS, source, cell->off, DIAG_ARGS(cell->text));
            is_good = false;
        }
    }
    return is_good;
}

/* Each text adds its own to the hash of the set. Returns its own. */
static struct str add_hash(struct zuji_factors *factors, struct str text)
{
    char own[SHA256_HEX];
    const size_t own_len = SHA256_HEX - 1;
    sha256_hex(text, own);
    struct buf all = buf_in(&factors->arena);
    buf_add(&all, factors->hashes);
    buf_add(&all, str_of(own));
    if (factors->hashes.len == 0) {
        memcpy(factors->hash, own, sizeof own);
    } else {
        sha256_hex(buf_str(&all), factors->hash);
    }
    factors->hashes = buf_str(&all);
    return str_slice(factors->hashes, factors->hashes.len - own_len, factors->hashes.len);
}

static void add_file(struct zuji_factors *factors, struct factor_file file, struct str text)
{
    file.table.hash = add_hash(factors, text);
    file.given = file.table.path;
    arena_grow(&factors->arena, factors->files, factors->count, factors->cap);
    factors->files[factors->count++] = file;
}

static bool add_database(struct zuji_factors *factors, struct str text, struct str path, struct diags *out)
{
    struct arena *arena = &factors->arena;
    struct factor_database *database = database_new(arena, factors->databases);
    factors->databases = database;
    struct str kept = str_copy(arena, text);
    if (!database_open(database, arena, kept, path, out)) {
        return false;
    }
    struct factor_table table = {.path = str_copy(arena, path)};
    add_file(factors, (struct factor_file){.table = table, .database = database}, kept);
    return true;
}

/* Reads the text as a table; what is wrong with it has been said. */
static bool read_table(struct zuji_factors *factors, struct str text, struct str path, struct factor_table *table,
                       struct diags *out)
{
    struct arena *arena = &factors->arena;
    struct str kept_path = str_copy(arena, path);
    *table = (struct factor_table){.path = kept_path, .origin = kept_path, .sources = &factors->sources};
    table->file = sources_add(&factors->sources, kept_path, str_copy(arena, text));
    const struct source *source = sources_get(&factors->sources, table->file);
    bool is_good = csv_read(arena, source->text, &table->rows);
    for (size_t i = 0; i < table->rows.error_count; i++) {
        const struct csv_error *error = &table->rows.errors[i];
        struct str args[2];
        csv_error_args(arena, error, args);
        factor_report_at(out, error->code, source, error->off, args, countof(args));
    }
    return is_good;
}

static const struct source *source_of(const struct factor_table *table)
{
    return sources_get(table->sources, table->file);
}

bool factors_add(struct zuji_factors *factors, struct str text, struct str path, struct diags *out)
{
    if (database_is(text)) {
        return add_database(factors, text, path, out);
    }
    struct factor_file file = {.database = NULL};
    bool is_good = read_table(factors, text, path, &file.table, out);
    if (file.table.rows.header.count != 0) {
        is_good = check_columns(&file.table.rows, source_of(&file.table), out) && is_good;
    }
    if (is_good) {
        add_file(factors, file, source_of(&file.table)->text);
    }
    return is_good;
}

bool factors_add_mapped(struct zuji_factors *factors, struct str text, struct str path, struct str mapping,
                        struct str mapping_path, struct diags *out)
{
    struct factor_file file = {.database = NULL};
    uint32_t number =
        sources_add(&factors->sources, str_copy(&factors->arena, mapping_path), str_copy(&factors->arena, mapping));
    bool is_good = read_table(factors, text, path, &file.table, out);
    const struct source *source = sources_get(&factors->sources, number);
    is_good = is_good && mapping_apply(&factors->arena, source, &file.table, out) &&
              check_columns(&file.table.rows, source_of(&file.table), out);
    if (is_good) {
        add_file(factors, file, source_of(&file.table)->text);
        add_hash(factors, mapping);
    }
    return is_good;
}

bool factor_tables(struct arena *arena, const struct factor_file *file, const struct str *families, size_t count,
                   const struct factor_table **tables, size_t *table_count, struct diags *out)
{
    if (file->database != NULL) {
        return database_tables(arena, file->database, families, count, tables, table_count, out);
    }
    *tables = &file->table;
    *table_count = 1;
    return true;
}
