/* What can be said of the rows of factor files without any rule. */
#include "vm/factor_cells.h"

#include "base/rational.h"

struct place_of { /* a row that was read before */
    struct str path;
    uint32_t line;
    int32_t year;
    struct calendar_days valid;
    uint32_t next; /* the next with the same keys; NO_INDEX: the last */
};
struct check {
    struct factor_reader reader;
    struct data_units *units; /* those of the language */
    struct map keys;          /* the keys of rows, to the last one of places */
    struct map ids;           /* to places */
    struct map parents;       /* regions, to indexes of parent_names */
    struct map spellings;     /* family, column and other spelling, to indexes of spelt */
    struct place_of *places;
    size_t place_count, place_cap;
    struct str *parent_names, *spelt;
    size_t parent_cap, spelt_cap;
};

static struct str text_of(const struct check *check, enum standard_column column)
{
    return factor_cell_text(check->reader.row, check->reader.standard[column]);
}

static const struct csv_cell *cell_of(const struct check *check, enum standard_column column)
{
    return factor_cell(check->reader.row, check->reader.standard[column]);
}

static struct str place_text(const struct check *check, const struct place_of *place)
{
    return str_format(check->reader.arena, "%.*s:%lu", STR_FMT(place->path), (unsigned long)place->line);
}

/* ---- a row by itself ---- */

/* A unit that the language does not know may be one that a rule declares. False: it is none at all. */
static bool check_unit(struct check *check, struct unit *unit)
{
    const struct csv_cell *cell = cell_of(check, COLUMN_UNIT);
    *unit = UNIT_ONE;
    if (cell == NULL || cell->text.len == 0) {
        return true;
    }
    struct unit_parse parse = data_unit_read(check->units, cell->text, unit);
    if (parse.error == UNIT_UNKNOWN) {
        *unit = UNIT_ONE;
        factor_report(&check->reader, D_FACTOR_UNKNOWN_UNIT, cell, DIAG_ARGS(parse.word));
    } else if (parse.error != UNIT_OK) {
        factor_report_unit(&check->reader, check->units, cell, parse);
        return false;
    }
    return true;
}

/* Parts that are given add up to the value, exactly. */
static void check_parts(struct check *check, const struct unit *unit, const struct factor_value *whole)
{
    static const enum standard_column parts[] = {COLUMN_FOSSIL, COLUMN_BIOGENIC, COLUMN_LAND_USE_CHANGE,
                                                 COLUMN_AIRCRAFT};
    struct rat sum = RAT_ZERO;
    bool has_parts = false;
    for (size_t i = 0; i < countof(parts); i++) {
        const struct csv_cell *cell = cell_of(check, parts[i]);
        struct factor_value part = {0};
        if (cell == NULL || cell->text.len == 0) {
            continue;
        }
        if (!factor_read_number(&check->reader, cell, unit, unit, &part)) {
            return;
        }
        has_parts = true;
        sum = rat_add(check->reader.arena, sum, part.exact);
    }
    if (has_parts && !rat_eq(sum, whole->exact)) {
        struct arena *arena = check->reader.arena;
        factor_report(&check->reader, D_FACTOR_PARTS, cell_of(check, COLUMN_VALUE),
                      DIAG_ARGS(text_of(check, COLUMN_FACTOR), rat_text(arena, sum), rat_text(arena, whole->exact)));
    }
}

/* A text that is no distribution says something to people. */
static void check_uncertainty(struct check *check, const struct unit *unit, const struct factor_value *whole)
{
    const struct csv_cell *cell = cell_of(check, COLUMN_UNCERTAINTY);
    struct uncertain of = {whole->exact, unit, text_of(check, COLUMN_UNIT)};
    struct uncertainty read;
    struct str args[3];
    if (cell == NULL || !uncertainty_is_named(cell->text)) {
        return;
    }
    enum diag_code problem = uncertainty_read(check->reader.arena, check->units, cell->text, of, &read, args);
    if (problem != DIAG_NONE) {
        factor_report(&check->reader, problem, cell, args, countof(args));
    }
}

static void check_amount(struct check *check)
{
    struct unit unit;
    struct factor_value whole = {0};
    if (check_unit(check, &unit) &&
        factor_read_number(&check->reader, cell_of(check, COLUMN_VALUE), &unit, &unit, &whole)) {
        check_parts(check, &unit, &whole);
        check_uncertainty(check, &unit, &whole);
    }
}

/* ---- rows among each other ---- */

static void check_parent(struct check *check)
{
    struct str region = factor_region(text_of(check, COLUMN_REGION));
    struct str parent = factor_region(text_of(check, COLUMN_PARENT));
    uint32_t known = 0;
    if (region.len == 0 || text_of(check, COLUMN_PARENT).len == 0) {
        return;
    }
    if (!map_get(&check->parents, region, &known)) {
        size_t count = check->parents.count;
        arena_grow(check->reader.arena, check->parent_names, count, check->parent_cap);
        check->parent_names[count] = parent;
        map_add(&check->parents, region, (uint32_t)count);
    } else if (!str_eq(check->parent_names[known], parent)) {
        factor_report(&check->reader, D_FACTOR_TWO_PARENTS, cell_of(check, COLUMN_PARENT),
                      DIAG_ARGS(region, check->parent_names[known], parent));
    }
}

static uint32_t add_place(struct check *check, int32_t year, struct calendar_days valid, uint32_t next)
{
    arena_grow(check->reader.arena, check->places, check->place_count, check->place_cap);
    check->places[check->place_count] = (struct place_of){
        .path = check->reader.table->path, .line = check->reader.row->line, .year = year, .valid = valid, .next = next};
    return (uint32_t)check->place_count++;
}

static void check_id(struct check *check)
{
    const struct csv_cell *id = cell_of(check, COLUMN_ID);
    uint32_t known = 0;
    if (id == NULL || id->text.len == 0) {
        return;
    }
    if (map_get(&check->ids, id->text, &known)) {
        factor_report(&check->reader, D_FACTOR_SAME_ID, id,
                      DIAG_ARGS(id->text, place_text(check, &check->places[known])));
    } else {
        map_add(&check->ids, id->text, add_place(check, 0, (struct calendar_days){0, 0}, NO_INDEX));
    }
}

static void add_text(struct buf *out, struct str text)
{
    uint32_t len = (uint32_t)text.len; /* in front, so that "a" "bc" is not "ab" "c" */
    buf_add(out, (struct str){(const char *)&len, sizeof len});
    buf_add(out, text);
}

/* Is it the column of a key: of none that all files may have? */
static bool is_key(const struct check *check, uint32_t column)
{
    return !factor_is_standard(&check->reader, column) &&
           !factor_is_other_spelling(check->reader.table->rows.header.cells[column].text);
}

/* The family and its keys, but for the year. */
static struct str text_of_keys(const struct check *check)
{
    struct buf text = buf_in(check->reader.arena);
    const struct csv_row *row = check->reader.row;
    add_text(&text, text_of(check, COLUMN_FACTOR));
    add_text(&text, factor_region(text_of(check, COLUMN_REGION)));
    for (uint32_t i = 0; i < row->count; i++) {
        if (is_key(check, i) && row->cells[i].text.len > 0) {
            add_text(&text, check->reader.table->rows.header.cells[i].text);
            add_text(&text, row->cells[i].text);
        }
    }
    return buf_str(&text);
}

/* Two rows with the same keys that are valid on one day. */
static void check_keys(struct check *check, int32_t year, struct calendar_days valid)
{
    struct str text = text_of_keys(check);
    uint32_t first = NO_INDEX;
    map_get(&check->keys, text, &first);
    for (uint32_t at = first; at != NO_INDEX; at = check->places[at].next) {
        const struct place_of *other = &check->places[at];
        if (other->year == year && other->valid.first <= valid.last && valid.first <= other->valid.last) {
            factor_report(&check->reader, D_FACTOR_TWICE, &check->reader.row->cells[0],
                          DIAG_ARGS(text_of(check, COLUMN_FACTOR), place_text(check, other)));
            return;
        }
    }
    map_set(&check->keys, text, add_place(check, year, valid, first));
}

/* A spelling may stand for one text only. */
static void check_spelling(struct check *check, uint32_t column)
{
    struct str header = check->reader.table->rows.header.cells[column].text;
    const struct csv_cell *cell = factor_cell(check->reader.row, factor_other_spelling(check->reader.table, header));
    struct str text = check->reader.row->cells[column].text;
    uint32_t known = 0;
    if (cell == NULL || cell->text.len == 0) {
        return;
    }
    struct buf key = buf_in(check->reader.arena);
    add_text(&key, text_of(check, COLUMN_FACTOR));
    add_text(&key, header);
    add_text(&key, cell->text);
    if (!map_get(&check->spellings, buf_str(&key), &known)) {
        size_t count = check->spellings.count;
        arena_grow(check->reader.arena, check->spelt, count, check->spelt_cap);
        check->spelt[count] = text;
        map_add(&check->spellings, buf_str(&key), (uint32_t)count);
    } else if (!str_eq(check->spelt[known], text)) {
        factor_report(&check->reader, D_FACTOR_TWO_NAMES, cell, DIAG_ARGS(cell->text, text_of(check, COLUMN_FACTOR)));
    }
}

/* ---- all ---- */

static void check_row(struct check *check)
{
    struct factor_value value = {0};
    struct calendar_days valid;
    int32_t year = INT32_MIN;
    const struct csv_cell *year_cell = cell_of(check, COLUMN_YEAR);
    check_parent(check);
    if (text_of(check, COLUMN_FACTOR).len == 0) {
        if (text_of(check, COLUMN_VALUE).len != 0) {
            factor_report(&check->reader, D_FACTOR_NO_NAME, &check->reader.row->cells[0], NULL, 0);
        }
        return;
    }
    check_amount(check);
    check_id(check);
    for (uint32_t i = 0; i < check->reader.row->count; i++) {
        if (is_key(check, i)) {
            check_spelling(check, i);
        }
    }
    bool is_good = factor_read_description(&check->reader, &value);
    is_good = factor_read_validity(&check->reader, &valid) && is_good;
    is_good = (year_cell == NULL || year_cell->text.len == 0 || factor_read_year(&check->reader, year_cell, &year)) &&
              is_good;
    if (is_good) {
        check_keys(check, year, valid);
    }
}

bool factors_check(struct arena *arena, const struct zuji_factors *factors, struct diags *out)
{
    static const struct program no_program;
    size_t errors = out->errors;
    struct check check = {
        .reader = {.arena = arena, .out = out},
        .units = data_units_new(arena, &no_program),
        .keys = map_in(arena),
        .ids = map_in(arena),
        .parents = map_in(arena),
        .spellings = map_in(arena)
    };
    for (size_t i = 0; i < factors->count; i++) {
        const struct factor_table *tables;
        size_t count;
        if (!factor_tables(arena, &factors->files[i], NULL, 0, &tables, &count, out)) {
            return false;
        }
        for (size_t t = 0; t < count; t++) {
            factor_reader_open(&check.reader, &tables[t]);
            for (uint32_t r = 0; r < tables[t].rows.row_count; r++) {
                check.reader.row = &tables[t].rows.rows[r];
                check_row(&check);
            }
            factor_reader_close(&check.reader);
        }
    }
    return out->errors == errors;
}
