#include "vm/factors.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "vm/factor_bind.h"

const char *const factor_columns[STANDARD_COLUMN_COUNT] = {
    "factor", "region",  "year",        "value",   "unit",    "source", "parent",
    "quality", "primary", "uncertainty", "licence", "license", "valid_from", "valid_to", "note",
    "fossil", "biogenic", "land_use_change", "aircraft"};

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

/* Each file adds its own to the hash of the set. */
static void add_hash(struct zuji_factors *factors, struct str text)
{
    char own[SHA256_HEX];
    sha256_hex(text, own);
    size_t len = (SHA256_HEX - 1) * factors->count;
    struct buf all = buf_in(&factors->arena);
    buf_add(&all, (struct str){factors->hashes, len - (SHA256_HEX - 1)});
    buf_add(&all, str_of(own));
    factors->hashes = all.at;
    if (factors->count == 1) {
        memcpy(factors->hash, own, sizeof own);
    } else {
        sha256_hex(buf_str(&all), factors->hash);
    }
}

bool factors_add(struct zuji_factors *factors, struct str text, struct str path, struct diags *out)
{
    struct arena *arena = &factors->arena;
    uint32_t number = sources_add(&factors->sources, str_copy(arena, path), str_copy(arena, text));
    const struct source *source = sources_get(&factors->sources, number);
    struct factor_file file = {.file = number};
    bool is_good = csv_read(arena, source->text, &file.table);
    for (size_t i = 0; i < file.table.error_count; i++) {
        struct str args[2];
        csv_error_args(arena, &file.table.errors[i], args);
        factor_report_at(out, file.table.errors[i].code, source, file.table.errors[i].off, args, countof(args));
    }
    if (file.table.header.count != 0) {
        is_good = check_columns(&file.table, source, out) && is_good;
    }
    if (!is_good) {
        return false;
    }
    arena_grow(arena, factors->files, factors->count, factors->cap);
    factors->files[factors->count++] = file;
    add_hash(factors, source->text);
    return true;
}
