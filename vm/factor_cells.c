#include "vm/factor_cells.h"

#include <string.h>

#include "base/calendar.h"
#include "vm/bind.h"
#include "vm/limits.h"

const char *const factor_columns[STANDARD_COLUMN_COUNT] = {
    "factor",  "region",  "year",        "value",   "unit",     "source",          "parent",
    "quality", "primary", "uncertainty", "licence", "license",  "valid_from",      "valid_to",
    "id",      "status",  "note",        "fossil",  "biogenic", "land_use_change", "aircraft"};

const char *const factor_statuses[FACTOR_STATUS_COUNT] = {"", "measured", "published", "draft"};

void factor_reader_open(struct factor_reader *reader, const struct factor_table *table)
{
    reader->table = table;
    memset(reader->told, 0, sizeof reader->told);
    for (size_t i = 0; i < STANDARD_COLUMN_COUNT; i++) {
        uint32_t column = csv_column(&table->rows, str_of(factor_columns[i]));
        reader->standard[i] = column < table->rows.header.count ? column : NO_INDEX;
    }
}

const struct csv_cell *factor_cell(const struct csv_row *row, uint32_t column)
{
    return column < row->count ? &row->cells[column] : NULL;
}

struct str factor_cell_text(const struct csv_row *row, uint32_t column)
{
    return column < row->count ? row->cells[column].text : STR("");
}

bool factor_is_standard(const struct factor_reader *reader, uint32_t column)
{
    for (size_t i = 0; i < STANDARD_COLUMN_COUNT; i++) {
        if (reader->standard[i] == column) {
            return true;
        }
    }
    return false;
}

uint32_t factor_other_spelling(const struct factor_table *table, struct str column)
{
    const struct csv_row *header = &table->rows.header;
    for (uint32_t i = 0; i < header->count; i++) {
        struct str name = header->cells[i].text;
        if (name.len == column.len + strlen(FACTOR_OTHER_SPELLING) && str_starts(name, column) &&
            factor_is_other_spelling(name)) {
            return i;
        }
    }
    return header->count;
}

bool factor_is_other_spelling(struct str column)
{
    return str_ends(column, STR(FACTOR_OTHER_SPELLING));
}

void factor_reader_close(struct factor_reader *reader)
{
    uint32_t more = 0;
    for (size_t i = 0; i < countof(reader->told); i++) {
        more += reader->told[i] > LIMIT_FACTOR_MESSAGES ? reader->told[i] - LIMIT_FACTOR_MESSAGES : 0;
    }
    if (more > 0) {
        struct data_place place = {reader->table->path, 0, 0};
        struct str number = str_format(reader->arena, "%lu", (unsigned long)more);
        place_report(reader->out, D_FACTOR_MORE, place, DIAG_ARGS(number), STR(""), STR(""));
    }
}

void factor_report(struct factor_reader *reader, enum diag_code code, const struct csv_cell *cell,
                   const struct str *args, size_t count)
{
    const struct factor_table *table = reader->table;
    if (reader->told[diag_info(code)->severity != SEVERITY_ERROR]++ >= LIMIT_FACTOR_MESSAGES) {
        return;
    }
    if (table->sources != NULL) {
        factor_report_at(reader->out, code, sources_get(table->sources, table->file), cell->off, args, count);
    } else {
        struct data_place place = {table->path, reader->row->line, 0};
        place_report(reader->out, code, place, args, count, STR(""), STR(""));
    }
}

void factor_report_unit(struct factor_reader *reader, const struct data_units *units, const struct csv_cell *cell,
                        struct unit_parse parse)
{
    struct str nearest = data_unit_nearest(units, parse.word);
    if (parse.error != UNIT_UNKNOWN) {
        factor_report(reader, D_DATA_BAD_UNIT, cell, DIAG_ARGS(cell->text));
    } else if (nearest.len != 0) {
        factor_report(reader, D_DATA_UNKNOWN_UNIT_NEAR, cell, DIAG_ARGS(parse.word, nearest));
    } else {
        factor_report(reader, D_DATA_UNKNOWN_UNIT, cell, DIAG_ARGS(parse.word));
    }
}

static bool year_of(struct str text, int32_t *year)
{
    *year = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || i == 4) {
            return false;
        }
        *year = *year * 10 + (text.at[i] - '0');
    }
    return *year > 0;
}

bool factor_read_year(struct factor_reader *reader, const struct csv_cell *cell, int32_t *year)
{
    if (year_of(cell->text, year)) {
        return true;
    }
    factor_report(reader, D_DATA_YEAR_EXPECTED, cell, DIAG_ARGS(excerpt_of(reader->arena, cell->text)));
    return false;
}

bool factor_read_number(struct factor_reader *reader, const struct csv_cell *cell, const struct unit *from,
                        const struct unit *to, struct factor_value *value)
{
    struct data_number number;
    bool is_number = cell->text.len != 0 && number_length(cell->text) == cell->text.len;
    enum diag_code problem = D_DATA_NUMBER_EXPECTED;
    if (is_number) {
        problem = number_read(reader->arena, cell->text, from, to, &number);
    }
    if (problem == DIAG_NONE && number.value < 0) {
        problem = D_DATA_NEGATIVE;
    }
    if (problem != DIAG_NONE) {
        struct str written = cell->text.len == 0 ? STR("\"\"") : excerpt_of(reader->arena, cell->text);
        factor_report(reader, problem, cell, DIAG_ARGS(written));
        return false;
    }
    value->value = number.value;
    value->exact = number_exact(reader->arena, &number);
    return true;
}

static bool read_status(struct factor_reader *reader, struct factor_value *value)
{
    const struct csv_cell *cell = factor_cell(reader->row, reader->standard[COLUMN_STATUS]);
    if (cell == NULL) {
        return true;
    }
    for (uint8_t i = 0; i < FACTOR_STATUS_COUNT; i++) {
        if (str_eq(cell->text, str_of(factor_statuses[i]))) {
            value->status = i;
            return true;
        }
    }
    factor_report(reader, D_FACTOR_STATUS, cell, DIAG_ARGS(excerpt_of(reader->arena, cell->text)));
    return false;
}

static struct str text_of(const struct factor_reader *reader, enum standard_column column)
{
    return factor_cell_text(reader->row, reader->standard[column]);
}

static bool read_quality(struct factor_reader *reader, struct factor_value *value)
{
    const struct csv_cell *quality = factor_cell(reader->row, reader->standard[COLUMN_QUALITY]);
    if (quality == NULL || quality->text.len == 0 || quality_read(quality->text, &value->quality)) {
        return true;
    }
    factor_report(reader, D_DATA_QUALITY, quality, DIAG_ARGS(excerpt_of(reader->arena, quality->text)));
    return false;
}

static bool read_primary(struct factor_reader *reader, struct factor_value *value)
{
    const struct csv_cell *primary = factor_cell(reader->row, reader->standard[COLUMN_PRIMARY]);
    bool is_primary = false;
    if (primary != NULL && primary->text.len != 0 && !truth_read(primary->text, &is_primary)) {
        factor_report(reader, D_DATA_BOOL_EXPECTED, primary, DIAG_ARGS(excerpt_of(reader->arena, primary->text)));
        return false;
    }
    value->origin = is_primary ? PROG_ORIGIN_PRIMARY : PROG_ORIGIN_SECONDARY;
    return true;
}

bool factor_read_description(struct factor_reader *reader, struct factor_value *value)
{
    bool is_good = read_quality(reader, value);
    is_good = read_primary(reader, value) && is_good;
    is_good = read_status(reader, value) && is_good;
    struct str licence = text_of(reader, COLUMN_LICENCE);
    licence = licence.len != 0 ? licence : text_of(reader, COLUMN_LICENSE);
    value->licence = str_copy(reader->arena, licence);
    value->id = str_copy(reader->arena, text_of(reader, COLUMN_ID));
    value->uncertainty = str_copy(reader->arena, text_of(reader, COLUMN_UNCERTAINTY));
    value->source = str_copy(reader->arena, text_of(reader, COLUMN_SOURCE));
    value->region = str_copy(reader->arena, text_of(reader, COLUMN_REGION));
    value->year = str_copy(reader->arena, text_of(reader, COLUMN_YEAR));
    return is_good;
}

static bool read_day(struct factor_reader *reader, const struct csv_cell *cell, int32_t *day)
{
    if (cell == NULL || cell->text.len == 0 || calendar_read(cell->text, day)) {
        return true;
    }
    factor_report(reader, D_DATA_DATE_EXPECTED, cell, DIAG_ARGS(excerpt_of(reader->arena, cell->text)));
    return false;
}

bool factor_read_validity(struct factor_reader *reader, struct calendar_days *valid)
{
    const struct csv_cell *from = factor_cell(reader->row, reader->standard[COLUMN_VALID_FROM]);
    const struct csv_cell *to = factor_cell(reader->row, reader->standard[COLUMN_VALID_TO]);
    *valid = (struct calendar_days){INT32_MIN, INT32_MAX};
    if (!read_day(reader, from, &valid->first) || !read_day(reader, to, &valid->last)) {
        return false;
    }
    if (valid->first > valid->last) {
        factor_report(reader, D_FACTOR_VALIDITY, to, NULL, 0);
        return false;
    }
    return true;
}
