#include "vm/factors.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/sha256.h"
#include "vm/bind.h"
#include "vm/data_unit.h"
#include "vm/factor_parts.h"
#include "vm/record.h"
#include "vm/value_text.h"

/* The columns of every file; keys of families have columns of their own names. */
enum standard_column {
    COLUMN_FACTOR,
    COLUMN_REGION,
    COLUMN_YEAR,
    COLUMN_VALUE,
    COLUMN_UNIT,
    COLUMN_SOURCE,
    COLUMN_PARENT,
    COLUMN_QUALITY,
    COLUMN_PRIMARY,
    COLUMN_UNCERTAINTY,
    COLUMN_LICENCE,
    COLUMN_LICENSE, /* another spelling */
    COLUMN_VALID_FROM,
    COLUMN_VALID_TO,
    COLUMN_NOTE,    /* for people: passed over */
    COLUMN_FOSSIL,  /* parts of the value, which families that are split read; passed over by others */
    COLUMN_BIOGENIC,
    COLUMN_LAND_USE_CHANGE,
    COLUMN_AIRCRAFT,
    STANDARD_COLUMN_COUNT
};
static const char *const standard_names[STANDARD_COLUMN_COUNT] = {
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

static void report_at(struct diags *out, enum diag_code code, const struct source *source, uint32_t off,
                      const struct str *args, size_t count)
{
    struct place place = source_place(source, off);
    place_report(out, code, (struct data_place){source->path, place.line, place.column}, args, count, STR(""), STR(""));
}

static bool has_column(const struct csv_table *table, enum standard_column column)
{
    return csv_column(table, str_of(standard_names[column])) < table->header.count;
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
            report_at(out, D_FOLDER_NO_COLUMN, source, table->header.off, DIAG_ARGS(str_of(standard_names[needed[i]])));
            is_good = false;
        }
    }
    for (uint32_t i = 0; i < table->header.count; i++) {
        const struct csv_cell *cell = &table->header.cells[i];
        if (cell->text.len != 0 && csv_column(table, cell->text) != i) {
            report_at(out, D_FOLDER_TWO_COLUMNS, source, cell->off, DIAG_ARGS(cell->text));
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
        report_at(out, file.table.errors[i].code, source, file.table.errors[i].off, args, countof(args));
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

/* --- binding --- */

struct bind {
    struct factor_binding *binding;
    struct arena *arena;
    const struct program *program;
    struct data_units *units;
    struct map family_names; /* names and aliases, to factors: the first of the parts of one that is split */
    uint32_t *next_part;     /* by factor: the next part of the same family; NO_INDEX: the last */
    struct map key_names;    /* of all families */
    struct map *codes;       /* by choice: names, codes, aliases, to members; made where a key needs it */
    struct diags *out;
    const struct zuji_factors *factors;
    const struct factor_file *file; /* being read */
    const struct source *source;
    uint32_t standard[STANDARD_COLUMN_COUNT];
};

static void bind_file(struct bind *bind);
static void finish_families(struct bind *bind);

static struct str text_of(const struct program *program, uint32_t text)
{
    return text < program->text_count ? program->texts[text] : STR("");
}

static struct str label_of(const struct program *program, uint32_t label)
{
    return label < program->label_count ? program->labels[label] : STR("");
}

static void add_spellings(const struct program *program, struct map *map, uint32_t name,
                          const struct prog_aliases *aliases, uint32_t number)
{
    map_add(map, text_of(program, name), number);
    for (uint32_t i = 0; i < aliases->count; i++) {
        map_add(map, label_of(program, aliases->labels[i]), number);
    }
}

static struct map members_of(struct bind *bind, const struct prog_choice *choice)
{
    struct map map = map_in(bind->arena);
    for (uint32_t i = 0; i < choice->member_count; i++) {
        map_add(&map, text_of(bind->program, choice->members[i].code), i);
    }
    for (uint32_t i = 0; i < choice->member_count; i++) {
        add_spellings(bind->program, &map, choice->members[i].name, &choice->members[i].aliases, i);
    }
    return map;
}

/* The rule's default, or "not found". */
static struct factor_value otherwise_of(const struct program *program, const struct prog_factor *factor)
{
    struct factor_value value = {.is_found = false, .valid = {INT32_MIN, INT32_MAX}};
    if (factor->fallback < program->constant_count) {
        value.is_found = true;
        value.is_default = true;
        value.exact = program->constants[factor->fallback].number;
        value.value = rat_to_double(value.exact);
        value.source = label_of(program, factor->cite);
    }
    return value;
}

/* Hangs the factor behind the earlier parts of its family. */
static void link_part(struct bind *bind, uint32_t number)
{
    uint32_t last = 0;
    bind->next_part[number] = NO_INDEX;
    if (map_get(&bind->family_names, text_of(bind->program, bind->program->factors[number].name), &last)) {
        while (bind->next_part[last] != NO_INDEX) {
            last = bind->next_part[last];
        }
        bind->next_part[last] = number;
    }
}

static void start_families(struct bind *bind)
{
    const struct program *program = bind->program;
    bind->family_names = map_in(bind->arena);
    bind->key_names = map_in(bind->arena);
    bind->codes = arena_array(bind->arena, struct map, program->choice_count);
    bind->binding->families = arena_array(bind->arena, struct factor_family, program->factor_count);
    bind->next_part = arena_array(bind->arena, uint32_t, program->factor_count);
    for (uint32_t i = 0; i < program->factor_count; i++) {
        const struct prog_factor *factor = &program->factors[i];
        bind->binding->families[i] =
            (struct factor_family){.index = map_in(bind->arena), .otherwise = otherwise_of(program, factor)};
        link_part(bind, i);
        add_spellings(program, &bind->family_names, factor->name, &factor->aliases, i);
        for (uint32_t k = 0; k < factor->key_count; k++) {
            map_add(&bind->key_names, text_of(program, factor->keys[k].name), k);
            if (factor->keys[k].type == FACTOR_KEY_MEMBER && bind->codes[factor->keys[k].choice].count == 0) {
                bind->codes[factor->keys[k].choice] = members_of(bind, &program->choices[factor->keys[k].choice]);
            }
        }
    }
}

struct factor_binding *factor_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_factors *factors, struct diags *out)
{
    struct bind bind = {.arena = arena, .program = program, .out = out, .factors = factors};
    size_t errors = out->errors;
    bind.binding = arena_new(arena, struct factor_binding);
    bind.binding->program = program;
    bind.binding->arena = arena;
    bind.binding->parents = map_in(arena);
    bind.units = data_units_new(arena, program);
    start_families(&bind);
    for (size_t i = 0; factors != NULL && i < factors->count; i++) {
        bind.file = &factors->files[i];
        bind.source = sources_get(&factors->sources, bind.file->file);
        bind_file(&bind);
    }
    finish_families(&bind);
    return out->errors == errors ? bind.binding : NULL;
}

static void report(struct bind *bind, enum diag_code code, const struct csv_cell *cell, const struct str *args,
                   size_t count)
{
    report_at(bind->out, code, bind->source, cell->off, args, count);
}

/* The cell of a row; NULL where there is no such column. */
static const struct csv_cell *cell_of(const struct csv_row *row, uint32_t column)
{
    return column < row->count ? &row->cells[column] : NULL;
}

static struct str cell_text(const struct csv_row *row, uint32_t column)
{
    return column < row->count ? row->cells[column].text : STR("");
}

/* --- regions --- */

static void add_parent(struct bind *bind, const struct csv_row *row)
{
    const struct csv_cell *cell = cell_of(row, bind->standard[COLUMN_PARENT]);
    struct str region = factor_region(cell_text(row, bind->standard[COLUMN_REGION]));
    if (cell == NULL || cell->text.len == 0 || region.len == 0) {
        return;
    }
    struct factor_binding *binding = bind->binding;
    struct str parent = factor_region(cell->text);
    uint32_t known = 0;
    if (map_get(&binding->parents, region, &known)) {
        if (!str_eq(binding->parent_names[known], parent)) {
            report(bind, D_FACTOR_TWO_PARENTS, cell, DIAG_ARGS(region, binding->parent_names[known], parent));
        }
        return;
    }
    arena_grow(bind->arena, binding->parent_names, binding->parent_count, binding->parent_cap);
    binding->parent_names[binding->parent_count] = str_copy(bind->arena, parent);
    map_add(&binding->parents, str_copy(bind->arena, region), (uint32_t)binding->parent_count);
    binding->parent_count++;
}

/* --- rows --- */

/* The column of a key: of its own name, else the one that all families share. */
static uint32_t column_of_key(const struct bind *bind, const struct prog_factor *factor, uint32_t key)
{
    uint32_t own = csv_column(&bind->file->table, text_of(bind->program, factor->keys[key].name));
    if (own < bind->file->table.header.count) {
        return own;
    }
    switch ((enum prog_factor_key)factor->keys[key].type) {
    case FACTOR_KEY_REGION:
        return bind->standard[COLUMN_REGION];
    case FACTOR_KEY_YEAR:
        return bind->standard[COLUMN_YEAR];
    case FACTOR_KEY_TEXT:
    case FACTOR_KEY_MEMBER:
        break;
    }
    return own;
}

static bool is_standard(const struct bind *bind, uint32_t column)
{
    for (size_t i = 0; i < STANDARD_COLUMN_COUNT; i++) {
        if (bind->standard[i] == column) {
            return true;
        }
    }
    return false;
}

static bool is_key_column(const struct bind *bind, const struct prog_factor *factor, uint32_t column)
{
    for (uint32_t k = 0; k < factor->key_count; k++) {
        if (column_of_key(bind, factor, k) == column) {
            return true;
        }
    }
    return false;
}

static void report_unknown_column(struct bind *bind, const struct csv_cell *header)
{
    struct str known[STANDARD_COLUMN_COUNT + LIMIT_FACTOR_KEYS * 64];
    size_t count = 0;
    for (size_t i = 0; i < STANDARD_COLUMN_COUNT; i++) {
        known[count++] = str_of(standard_names[i]);
    }
    for (size_t i = 0; i < bind->key_names.count && count < countof(known); i++) {
        known[count++] = bind->key_names.entries[i].key;
    }
    struct str nearest = str_nearest(header->text, known, count);
    if (nearest.len != 0) {
        report(bind, D_FOLDER_UNKNOWN_COLUMN_NEAR, header, DIAG_ARGS(header->text, nearest));
    } else {
        report(bind, D_FOLDER_UNKNOWN_COLUMN, header, DIAG_ARGS(header->text));
    }
}

/* What a row says and the family does not use would be lost without a word. */
static void check_other_columns(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row)
{
    for (uint32_t i = 0; i < row->count; i++) {
        const struct csv_cell *header = &bind->file->table.header.cells[i];
        if (row->cells[i].text.len == 0 || is_standard(bind, i) || is_key_column(bind, factor, i)) {
            continue;
        }
        if (map_get(&bind->key_names, header->text, NULL)) {
            report(bind, D_FACTOR_OTHER_KEY, &row->cells[i],
                   DIAG_ARGS(header->text, text_of(bind->program, factor->name)));
        } else {
            report_unknown_column(bind, header);
        }
    }
}

static bool read_year(struct str text, int32_t *year)
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

static bool read_member(struct bind *bind, uint32_t choice, const struct csv_cell *cell, struct factor_key *key)
{
    const struct prog_choice *declared = &bind->program->choices[choice];
    uint32_t member = 0;
    if (map_get(&bind->codes[choice], cell->text, &member)) {
        key->text = text_of(bind->program, declared->members[member].code);
        return true;
    }
    struct str *known = arena_array(bind->arena, struct str, declared->member_count);
    for (uint32_t i = 0; i < declared->member_count; i++) {
        known[i] = text_of(bind->program, declared->members[i].code);
    }
    struct str nearest = str_nearest(cell->text, known, declared->member_count);
    struct str name = text_of(bind->program, declared->name);
    if (nearest.len != 0) {
        report(bind, D_DATA_UNKNOWN_MEMBER_NEAR, cell, DIAG_ARGS(cell->text, name, nearest));
    } else {
        struct str all =
            str_join(bind->arena, known, declared->member_count < 8 ? declared->member_count : 8,
                     diag_both(bind->arena, STR(", "), STR("、")));
        report(bind, D_DATA_UNKNOWN_MEMBER, cell, DIAG_ARGS(cell->text, name, all));
    }
    return false;
}

/* A key of the row. False with a message. */
static bool read_key(struct bind *bind, const struct prog_factor *factor, uint32_t number, const struct csv_row *row,
                     struct factor_key *key)
{
    uint32_t column = column_of_key(bind, factor, number);
    struct str text = cell_text(row, column);
    enum prog_factor_key type = (enum prog_factor_key)factor->keys[number].type;
    *key = (struct factor_key){.text = STR(""), .year = FACTOR_ANY_YEAR};
    bool may_be_empty = type == FACTOR_KEY_REGION || type == FACTOR_KEY_YEAR;
    if (text.len == 0 && !may_be_empty) {
        const struct csv_cell *cell = column < row->count ? &row->cells[column] : &row->cells[0];
        report(bind, D_FACTOR_NO_KEY, cell,
               DIAG_ARGS(text_of(bind->program, factor->keys[number].name), text_of(bind->program, factor->name)));
        return false;
    }
    switch (type) {
    case FACTOR_KEY_MEMBER:
        return read_member(bind, factor->keys[number].choice, &row->cells[column], key);
    case FACTOR_KEY_YEAR:
        if (text.len != 0 && !read_year(text, &key->year)) {
            report(bind, D_DATA_YEAR_EXPECTED, &row->cells[column], DIAG_ARGS(text));
            return false;
        }
        return true;
    case FACTOR_KEY_REGION:
        key->text = factor_region(text);
        return true;
    case FACTOR_KEY_TEXT:
        key->text = text;
        return true;
    }
    return false;
}

static void report_unit(struct bind *bind, const struct csv_cell *cell, struct unit_parse parse)
{
    if (parse.error != UNIT_UNKNOWN) {
        report(bind, D_DATA_BAD_UNIT, cell, DIAG_ARGS(cell->text));
        return;
    }
    struct str nearest = data_unit_nearest(bind->units, parse.word);
    if (nearest.len != 0) {
        report(bind, D_DATA_UNKNOWN_UNIT_NEAR, cell, DIAG_ARGS(parse.word, nearest));
    } else {
        report(bind, D_DATA_UNKNOWN_UNIT, cell, DIAG_ARGS(parse.word));
    }
}

/* The unit of the row. False with a message where it has none that fits. */
static bool read_unit(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row, struct unit *unit)
{
    const struct csv_cell *cell = cell_of(row, bind->standard[COLUMN_UNIT]);
    const struct unit *wanted = data_unit_of(bind->units, factor->unit);
    struct str name = text_of(bind->program, factor->name);
    if (cell == NULL || cell->text.len == 0) {
        *unit = UNIT_ONE;
        if (unit_eq(*wanted, UNIT_ONE)) {
            return true;
        }
        report(bind, D_FACTOR_NO_UNIT, cell == NULL ? &row->cells[0] : cell,
               DIAG_ARGS(name, data_unit_text(bind->units, factor->unit)));
        return false;
    }
    struct unit_parse parse = data_unit_read(bind->units, cell->text, unit);
    if (parse.error != UNIT_OK) {
        report_unit(bind, cell, parse);
        return false;
    }
    if (!data_unit_fits(unit, wanted)) {
        report(bind, D_FACTOR_UNIT_MISMATCH, cell,
               DIAG_ARGS(cell->text, data_unit_text(bind->units, factor->unit), name));
        return false;
    }
    return true;
}

/* The cell with the value of the factor, or with its part of the value. NULL with a message where it has no column. */
static const struct csv_cell *amount_cell(struct bind *bind, const struct prog_factor *factor,
                                          const struct csv_row *row)
{
    if (factor->component == NO_INDEX) {
        return cell_of(row, bind->standard[COLUMN_VALUE]);
    }
    struct str column = text_of(bind->program, factor->component);
    const struct csv_cell *cell = cell_of(row, csv_column(&bind->file->table, column));
    if (cell == NULL) {
        report(bind, D_FACTOR_NO_PART, &row->cells[0], DIAG_ARGS(text_of(bind->program, factor->name), column));
    }
    return cell;
}

static bool read_number(struct bind *bind, const struct prog_factor *factor, const struct csv_cell *cell,
                        const struct unit *unit, struct factor_value *value)
{
    struct data_number number;
    bool is_number = cell->text.len != 0 && number_length(cell->text) == cell->text.len;
    enum diag_code problem = D_DATA_NUMBER_EXPECTED;
    if (is_number) {
        problem = number_read(bind->arena, cell->text, unit, data_unit_of(bind->units, factor->unit), &number);
    }
    if (problem == DIAG_NONE && number.value < 0) {
        problem = D_DATA_NEGATIVE;
    }
    if (problem != DIAG_NONE) {
        struct str written = cell->text.len == 0 ? STR("\"\"") : excerpt_of(bind->arena, cell->text);
        report(bind, problem, cell, DIAG_ARGS(written));
        return false;
    }
    value->value = number.value;
    value->exact = number_exact(bind->arena, &number);
    return true;
}

static bool read_amount(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row,
                        struct factor_value *value)
{
    struct unit unit;
    if (!read_unit(bind, factor, row, &unit)) {
        return false;
    }
    const struct csv_cell *cell = amount_cell(bind, factor, row);
    return cell != NULL && read_number(bind, factor, cell, &unit, value);
}

/* The parts of a row add up to its value, exactly: else one of them is a slip. */
static void check_parts(struct bind *bind, uint32_t first, const struct csv_row *row)
{
    const struct prog_factor *factor = &bind->program->factors[first];
    const struct csv_cell *cell = cell_of(row, bind->standard[COLUMN_VALUE]);
    struct rat sum = RAT_ZERO;
    struct factor_value value = {0};
    struct unit unit;
    size_t errors = bind->out->errors;
    for (uint32_t part = first; part != NO_INDEX; part = bind->next_part[part]) {
        if (!read_amount(bind, &bind->program->factors[part], row, &value)) {
            return;
        }
        sum = rat_add(bind->arena, sum, value.exact);
    }
    if (bind->out->errors == errors && read_unit(bind, factor, row, &unit) &&
        read_number(bind, factor, cell, &unit, &value) && !rat_eq(sum, value.exact)) {
        struct str parts = value_number_text(bind->arena, bind->program, factor->unit, sum);
        struct str whole = value_number_text(bind->arena, bind->program, factor->unit, value.exact);
        report(bind, D_FACTOR_PARTS, cell, DIAG_ARGS(text_of(bind->program, factor->name), parts, whole));
    }
}

static struct factor_group *group_of(struct bind *bind, uint32_t number, const struct factor_key *keys)
{
    struct factor_family *family = &bind->binding->families[number];
    const struct prog_factor *factor = &bind->program->factors[number];
    uint32_t year_key = factor_year_key(factor);
    struct buf text = buf_in(bind->arena);
    for (uint32_t i = 0; i < factor->key_count; i++) {
        if (i != year_key) {
            factor_add_key(&text, (enum prog_factor_key)factor->keys[i].type, &keys[i]);
        }
    }
    uint32_t group = 0;
    if (!map_get(&family->index, buf_str(&text), &group)) {
        arena_grow(bind->arena, family->groups, family->count, family->cap);
        group = (uint32_t)family->count++;
        family->groups[group] = (struct factor_group){.count = 0};
        map_add(&family->index, buf_str(&text), group);
    }
    return &family->groups[group];
}

static bool is_before(const struct factor_slot *a, const struct factor_slot *b)
{
    return a->year != b->year ? a->year < b->year : a->value.valid.first < b->value.valid.first;
}

static bool overlap(const struct factor_slot *a, const struct factor_slot *b)
{
    return a->year == b->year && a->value.valid.first <= b->value.valid.last &&
           b->value.valid.first <= a->value.valid.last;
}

/* Puts the row in its order. Two rows of the same keys, valid on one day, contradict each other, or one is idle. */
static void add_slot(struct bind *bind, struct factor_group *group, struct factor_slot *slot, const struct csv_row *row,
                     struct str family)
{
    size_t at = group->count;
    while (at > 0 && is_before(slot, group->slots[at - 1])) {
        at--;
    }
    const struct factor_slot *first = NULL;
    for (size_t i = at > 0 ? at - 1 : 0; i < group->count && i <= at; i++) { /* the others are further away */
        first = overlap(group->slots[i], slot) ? group->slots[i] : first;
    }
    if (first != NULL) {
        struct str place = str_format(bind->arena, "%.*s:%lu", STR_FMT(first->file), (unsigned long)first->value.line);
        report(bind, D_FACTOR_TWICE, &row->cells[0], DIAG_ARGS(family, place));
        return;
    }
    arena_grow(bind->arena, group->slots, group->count, group->cap);
    for (size_t i = group->count; i > at; i--) {
        group->slots[i] = group->slots[i - 1];
    }
    group->slots[at] = slot;
    group->count++;
}

/* What the row says of its value. False with a message. */
static bool read_description(struct bind *bind, const struct csv_row *row, struct factor_value *value)
{
    const struct csv_cell *quality = cell_of(row, bind->standard[COLUMN_QUALITY]);
    const struct csv_cell *primary = cell_of(row, bind->standard[COLUMN_PRIMARY]);
    struct str licence = cell_text(row, bind->standard[COLUMN_LICENCE]);
    bool is_good = true;
    bool is_primary = false;
    if (quality != NULL && quality->text.len != 0 && !quality_read(quality->text, &value->quality)) {
        report(bind, D_DATA_QUALITY, quality, DIAG_ARGS(excerpt_of(bind->arena, quality->text)));
        is_good = false;
    }
    if (primary != NULL && primary->text.len != 0 && !truth_read(primary->text, &is_primary)) {
        report(bind, D_DATA_BOOL_EXPECTED, primary, DIAG_ARGS(excerpt_of(bind->arena, primary->text)));
        is_good = false;
    }
    value->origin = is_primary ? PROG_ORIGIN_PRIMARY : PROG_ORIGIN_SECONDARY;
    licence = licence.len != 0 ? licence : cell_text(row, bind->standard[COLUMN_LICENSE]);
    value->licence = str_copy(bind->arena, licence);
    value->uncertainty = str_copy(bind->arena, cell_text(row, bind->standard[COLUMN_UNCERTAINTY]));
    value->source = str_copy(bind->arena, cell_text(row, bind->standard[COLUMN_SOURCE]));
    value->region = str_copy(bind->arena, cell_text(row, bind->standard[COLUMN_REGION]));
    value->year = str_copy(bind->arena, cell_text(row, bind->standard[COLUMN_YEAR]));
    return is_good;
}

static bool read_day(struct bind *bind, const struct csv_cell *cell, int32_t *day)
{
    if (cell == NULL || cell->text.len == 0 || calendar_read(cell->text, day)) {
        return true;
    }
    report(bind, D_DATA_DATE_EXPECTED, cell, DIAG_ARGS(excerpt_of(bind->arena, cell->text)));
    return false;
}

static bool is_bounded(struct calendar_days days)
{
    return days.first != INT32_MIN || days.last != INT32_MAX;
}

static bool read_validity(struct bind *bind, const struct csv_row *row, struct calendar_days *valid)
{
    const struct csv_cell *from = cell_of(row, bind->standard[COLUMN_VALID_FROM]);
    const struct csv_cell *to = cell_of(row, bind->standard[COLUMN_VALID_TO]);
    *valid = (struct calendar_days){INT32_MIN, INT32_MAX};
    if (!read_day(bind, from, &valid->first) || !read_day(bind, to, &valid->last)) {
        return false;
    }
    if (valid->first > valid->last) {
        report(bind, D_FACTOR_VALIDITY, to, NULL, 0);
        return false;
    }
    return true;
}

static void bind_row(struct bind *bind, uint32_t number, const struct csv_row *row)
{
    const struct prog_factor *factor = &bind->program->factors[number];
    struct factor_key keys[LIMIT_FACTOR_KEYS];
    struct factor_slot *slot = arena_new(bind->arena, struct factor_slot);
    bool is_good = true;
    bind->binding->families[number].has_rows = true; /* one that is refused is not missing as well */
    check_other_columns(bind, factor, row);
    for (uint32_t i = 0; i < factor->key_count; i++) {
        is_good = read_key(bind, factor, i, row, &keys[i]) && is_good;
    }
    is_good = read_amount(bind, factor, row, &slot->value) && is_good;
    is_good = read_description(bind, row, &slot->value) && is_good;
    is_good = read_validity(bind, row, &slot->value.valid) && is_good;
    if (!is_good) {
        return;
    }
    uint32_t year_key = factor_year_key(factor);
    slot->year = year_key == NO_INDEX ? FACTOR_ANY_YEAR : keys[year_key].year;
    slot->file = str_copy(bind->arena, bind->source->path);
    slot->value.is_found = true;
    bind->binding->families[number].has_validity |= is_bounded(slot->value.valid);
    slot->value.line = row->line;
    add_slot(bind, group_of(bind, number, keys), slot, row, text_of(bind->program, factor->name));
}

/* A row is for all parts of a family that is split. */
static void bind_family(struct bind *bind, uint32_t first, const struct csv_row *row)
{
    size_t errors = bind->out->errors;
    for (uint32_t part = first; part != NO_INDEX; part = bind->next_part[part]) {
        bind_row(bind, part, row);
    }
    if (bind->out->errors == errors && bind->program->factors[first].component != NO_INDEX) {
        check_parts(bind, first, row);
    }
}

static void bind_file(struct bind *bind)
{
    const struct csv_table *table = &bind->file->table;
    for (size_t i = 0; i < STANDARD_COLUMN_COUNT; i++) {
        uint32_t column = csv_column(table, str_of(standard_names[i]));
        bind->standard[i] = column < table->header.count ? column : NO_INDEX;
    }
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct csv_row *row = &table->rows[i];
        struct str family = cell_text(row, bind->standard[COLUMN_FACTOR]);
        uint32_t number = 0;
        add_parent(bind, row);
        if (family.len == 0 && cell_text(row, bind->standard[COLUMN_VALUE]).len != 0) {
            report(bind, D_FACTOR_NO_NAME, &row->cells[0], NULL, 0);
        } else if (map_get(&bind->family_names, family, &number)) {
            bind_family(bind, number, row);
        }
    }
}

/* Where every row of a family has expired, or is not yet valid, on all days on which the rule is valid: lists them. */
static void check_expired(struct bind *bind, uint32_t number)
{
    enum { LISTED_MAX = 8 };
    const struct prog_rule *rule = &bind->program->rule;
    const struct factor_family *family = &bind->binding->families[number];
    struct buf list = buf_in(bind->arena);
    size_t count = 0;
    for (size_t g = 0; g < family->count; g++) {
        for (size_t i = 0; i < family->groups[g].count; i++) {
            const struct factor_slot *slot = family->groups[g].slots[i];
            struct calendar_days valid = slot->value.valid;
            if (valid.first <= rule->valid_to && valid.last >= rule->valid_from) {
                return;
            }
            if (count++ < LISTED_MAX) {
                struct str days = calendar_period_text(bind->arena, valid.first, valid.last);
                buf_format(&list, "%s%.*s:%lu (%.*s)", count == 1 ? "" : ", ", STR_FMT(slot->file),
                           (unsigned long)slot->value.line, STR_FMT(days));
            }
        }
    }
    if (count > LISTED_MAX) {
        buf_add(&list, STR(" …"));
    }
    struct str name = text_of(bind->program, bind->program->factors[number].name);
    struct str days = calendar_period_text(bind->arena, rule->valid_from, rule->valid_to);
    if (count > 0) {
        diag_add(bind->out, D_FACTOR_EXPIRED, (struct span){0, 0, 0}, DIAG_ARGS(name, days, buf_str(&list)));
    }
}

/* Families with neither rows nor default: each gets a message. */
static void finish_families(struct bind *bind)
{
    for (uint32_t i = 0; i < bind->program->factor_count; i++) {
        const struct prog_factor *factor = &bind->program->factors[i];
        const struct factor_family *family = &bind->binding->families[i];
        if (!family->has_rows && !family->otherwise.is_found) {
            struct str unit = data_unit_text(bind->units, factor->unit);
            diag_add(bind->out, D_FACTOR_MISSING, (struct span){0, 0, 0},
                     DIAG_ARGS(text_of(bind->program, factor->name), unit));
        }
        if (family->has_validity && !family->otherwise.is_found) {
            check_expired(bind, i);
        }
    }
}
