/* One row of a file of factors: its keys, amount and parts, description and validity, and its place in the family. */
#include "vm/factor_bind.h"

#include <string.h>

#include "vm/value_text.h"

struct str factor_text(const struct program *program, uint32_t text)
{
    return text < program->text_count ? program->texts[text] : STR("");
}

/* The column of a key: of its own name, else the one that all families share. */
static uint32_t column_of_key(const struct bind *bind, const struct prog_factor *factor, uint32_t key)
{
    uint32_t own = csv_column(&bind->reader.table->rows, factor_text(bind->program, factor->keys[key].name));
    if (own < bind->reader.table->rows.header.count) {
        return own;
    }
    switch ((enum prog_factor_key)factor->keys[key].type) {
    case FACTOR_KEY_REGION:
        return bind->reader.standard[COLUMN_REGION];
    case FACTOR_KEY_YEAR:
        return bind->reader.standard[COLUMN_YEAR];
    case FACTOR_KEY_TEXT:
    case FACTOR_KEY_MEMBER:
        break;
    }
    return own;
}

/* Of a key, or of its other spelling. */
static bool is_key_column(const struct bind *bind, const struct prog_factor *factor, uint32_t column)
{
    for (uint32_t k = 0; k < factor->key_count; k++) {
        struct str name = factor_text(bind->program, factor->keys[k].name);
        if (column_of_key(bind, factor, k) == column || factor_other_spelling(bind->reader.table, name) == column) {
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
        known[count++] = str_of(factor_columns[i]);
    }
    for (size_t i = 0; i < bind->key_names.count && count < countof(known); i++) {
        known[count++] = bind->key_names.entries[i].key;
    }
    struct str nearest = str_nearest(header->text, known, count);
    if (nearest.len != 0) {
        factor_report(&bind->reader, D_FOLDER_UNKNOWN_COLUMN_NEAR, header, DIAG_ARGS(header->text, nearest));
    } else {
        factor_report(&bind->reader, D_FOLDER_UNKNOWN_COLUMN, header, DIAG_ARGS(header->text));
    }
}

/* What a row says and the family does not use would be lost without a word. */
static void check_other_columns(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row)
{
    for (uint32_t i = 0; i < row->count; i++) {
        const struct csv_cell *header = &bind->reader.table->rows.header.cells[i];
        if (row->cells[i].text.len == 0 || factor_is_standard(&bind->reader, i) || is_key_column(bind, factor, i)) {
            continue;
        }
        if (map_get(&bind->key_names, header->text, NULL)) {
            factor_report(&bind->reader, D_FACTOR_OTHER_KEY, &row->cells[i],
                          DIAG_ARGS(header->text, factor_text(bind->program, factor->name)));
        } else {
            report_unknown_column(bind, header);
        }
    }
}

static bool read_member(struct bind *bind, uint32_t choice, const struct csv_cell *cell, struct factor_key *key)
{
    const struct prog_choice *declared = &bind->program->choices[choice];
    uint32_t member = 0;
    if (map_get(&bind->codes[choice], cell->text, &member)) {
        key->text = factor_text(bind->program, declared->members[member].code);
        return true;
    }
    const struct map *spellings = &bind->codes[choice];
    struct str *known = arena_array(bind->arena, struct str, spellings->count);
    for (size_t i = 0; i < spellings->count; i++) {
        known[i] = spellings->entries[i].key;
    }
    struct str nearest = str_nearest(cell->text, known, spellings->count);
    struct str name = factor_text(bind->program, declared->name);
    if (nearest.len != 0) {
        factor_report(&bind->reader, D_DATA_UNKNOWN_MEMBER_NEAR, cell, DIAG_ARGS(cell->text, name, nearest));
    } else {
        struct str all = value_members_text(bind->arena, bind->program, choice);
        factor_report(&bind->reader, D_DATA_UNKNOWN_MEMBER, cell, DIAG_ARGS(cell->text, name, all));
    }
    return false;
}

/* A key of the row. False with a message. */
static bool read_key(struct bind *bind, const struct prog_factor *factor, uint32_t number, const struct csv_row *row,
                     struct factor_key *key)
{
    uint32_t column = column_of_key(bind, factor, number);
    struct str text = factor_cell_text(row, column);
    enum prog_factor_key type = (enum prog_factor_key)factor->keys[number].type;
    *key = (struct factor_key){.text = STR(""), .year = FACTOR_ANY_YEAR};
    bool may_be_empty = type == FACTOR_KEY_REGION || type == FACTOR_KEY_YEAR;
    if (text.len == 0 && !may_be_empty) {
        const struct csv_cell *cell = column < row->count ? &row->cells[column] : &row->cells[0];
        factor_report(
            &bind->reader, D_FACTOR_NO_KEY, cell,
            DIAG_ARGS(factor_text(bind->program, factor->keys[number].name), factor_text(bind->program, factor->name)));
        return false;
    }
    switch (type) {
    case FACTOR_KEY_MEMBER:
        return read_member(bind, factor->keys[number].choice, &row->cells[column], key);
    case FACTOR_KEY_YEAR:
        return text.len == 0 || factor_read_year(&bind->reader, &row->cells[column], &key->year);
    case FACTOR_KEY_REGION:
        key->text = factor_region(text);
        return true;
    case FACTOR_KEY_TEXT:
        key->text = text;
        return true;
    }
    return false;
}

/* The unit of the row. False with a message where it has none that fits. */
static bool read_unit(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row, struct unit *unit)
{
    const struct csv_cell *cell = factor_cell(row, bind->reader.standard[COLUMN_UNIT]);
    const struct unit *wanted = data_unit_of(bind->units, factor->unit);
    struct str name = factor_text(bind->program, factor->name);
    if (cell == NULL || cell->text.len == 0) {
        *unit = UNIT_ONE;
        if (unit_eq(*wanted, UNIT_ONE)) {
            return true;
        }
        factor_report(&bind->reader, D_FACTOR_NO_UNIT, cell == NULL ? &row->cells[0] : cell,
                      DIAG_ARGS(name, data_unit_text(bind->units, factor->unit)));
        return false;
    }
    struct unit_parse parse = data_unit_read(bind->units, cell->text, unit);
    if (parse.error != UNIT_OK) {
        factor_report_unit(&bind->reader, bind->units, cell, parse);
        return false;
    }
    if (!data_unit_fits(unit, wanted)) {
        factor_report(&bind->reader, D_FACTOR_UNIT_MISMATCH, cell,
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
        return factor_cell(row, bind->reader.standard[COLUMN_VALUE]);
    }
    struct str column = factor_text(bind->program, factor->component);
    const struct csv_cell *cell = factor_cell(row, csv_column(&bind->reader.table->rows, column));
    if (cell == NULL) {
        factor_report(&bind->reader, D_FACTOR_NO_PART, &row->cells[0],
                      DIAG_ARGS(factor_text(bind->program, factor->name), column));
    }
    return cell;
}

static bool read_amount(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row,
                        struct factor_value *value)
{
    struct unit unit;
    if (!read_unit(bind, factor, row, &unit)) {
        return false;
    }
    const struct csv_cell *cell = amount_cell(bind, factor, row);
    return cell != NULL &&
           factor_read_number(&bind->reader, cell, &unit, data_unit_of(bind->units, factor->unit), value);
}

/* The parts of a row add up to its value, exactly: else one of them is a slip. */
static void check_parts(struct bind *bind, uint32_t first, const struct csv_row *row)
{
    const struct prog_factor *factor = &bind->program->factors[first];
    const struct csv_cell *cell = factor_cell(row, bind->reader.standard[COLUMN_VALUE]);
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
        factor_read_number(&bind->reader, cell, &unit, data_unit_of(bind->units, factor->unit), &value) &&
        !rat_eq(sum, value.exact)) {
        struct str parts = value_number_text(bind->arena, bind->program, factor->unit, sum);
        struct str whole = value_number_text(bind->arena, bind->program, factor->unit, value.exact);
        factor_report(&bind->reader, D_FACTOR_PARTS, cell,
                      DIAG_ARGS(factor_text(bind->program, factor->name), parts, whole));
    }
}

/* What the rows of a group have in common: their keys, but for the year. */
static struct str text_of_keys(struct bind *bind, const struct prog_factor *factor, const struct factor_key *keys)
{
    uint32_t year_key = factor_year_key(factor);
    struct buf text = buf_in(bind->arena);
    for (uint32_t i = 0; i < factor->key_count; i++) {
        if (i != year_key) {
            factor_add_key(&text, (enum prog_factor_key)factor->keys[i].type, &keys[i]);
        }
    }
    return buf_str(&text);
}

static uint32_t group_of(struct bind *bind, struct factor_family *family, struct str keys)
{
    uint32_t group = 0;
    if (!map_get(&family->index, keys, &group)) {
        arena_grow(bind->arena, family->groups, family->count, family->cap);
        group = (uint32_t)family->count++;
        family->groups[group] = (struct factor_group){.count = 0};
        map_add(&family->index, keys, group);
    }
    return group;
}

/* Where texts among the keys have another spelling, the group is found under it as well. */
static void add_other_spellings(struct bind *bind, uint32_t number, const struct factor_key *keys,
                                const struct csv_row *row, uint32_t group)
{
    const struct prog_factor *factor = &bind->program->factors[number];
    struct factor_family *family = &bind->binding->families[number];
    for (uint32_t which = 1; which < 1u << factor->key_count;
         which++) { /* a bit for each key that is spelt otherwise */
        struct factor_key other[LIMIT_FACTOR_KEYS];
        const struct csv_cell *cell = NULL;
        bool is_there = true;
        memcpy(other, keys, sizeof other);
        for (uint32_t k = 0; k < factor->key_count && is_there; k++) {
            if ((which >> k & 1) != 0) {
                struct str column = factor_text(bind->program, factor->keys[k].name);
                cell = factor_cell(row, factor_other_spelling(bind->reader.table, column));
                is_there = factor->keys[k].type == FACTOR_KEY_TEXT && cell != NULL && cell->text.len != 0;
                other[k].text = is_there ? cell->text : other[k].text;
            }
        }
        uint32_t known = group;
        struct str text = is_there ? text_of_keys(bind, factor, other) : STR("");
        if (is_there && map_get(&family->index, text, &known) && known != group) {
            factor_report(&bind->reader, D_FACTOR_TWO_NAMES, cell,
                          DIAG_ARGS(cell->text, factor_text(bind->program, factor->name)));
        } else if (is_there) {
            map_set(&family->index, text, group);
        }
    }
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
        struct str place =
            str_format(bind->arena, "%.*s:%lu", STR_FMT(first->value.file), (unsigned long)first->value.line);
        factor_report(&bind->reader, D_FACTOR_TWICE, &row->cells[0], DIAG_ARGS(family, place));
        return;
    }
    arena_grow(bind->arena, group->slots, group->count, group->cap);
    for (size_t i = group->count; i > at; i--) {
        group->slots[i] = group->slots[i - 1];
    }
    group->slots[at] = slot;
    group->count++;
}

/* What draws of the row are told apart by: the family, the keys as they stand in the row, and its validity. */
static struct str identity_of(struct bind *bind, const struct prog_factor *factor, const struct str *keys,
                              struct calendar_days valid)
{
    struct buf text = buf_in(bind->arena);
    buf_add(&text, STR("factor\n"));
    buf_add(&text, factor_text(bind->program, factor->name));
    for (uint32_t k = 0; k < factor->key_count; k++) {
        buf_char(&text, '\n');
        buf_add(&text, keys[k]);
    }
    for (int end = 0; end < 2; end++) {
        int32_t day = end == 0 ? valid.first : valid.last;
        bool is_open = day == INT32_MIN || day == INT32_MAX;
        buf_char(&text, '\n');
        buf_add(&text, is_open ? STR("") : calendar_text(bind->arena, day));
    }
    return buf_str(&text);
}

static struct str key_text(struct bind *bind, enum prog_factor_key type, const struct factor_key *key)
{
    if (type != FACTOR_KEY_YEAR) {
        return str_copy(bind->arena, key->text);
    }
    return key->year == FACTOR_ANY_YEAR ? STR("") : str_format(bind->arena, "%ld", (long)key->year);
}

/* The whole value of the row: that of the column `value`, also of a family that is split. */
static bool read_whole(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row,
                       struct factor_value *whole)
{
    struct unit unit;
    const struct csv_cell *cell = factor_cell(row, bind->reader.standard[COLUMN_VALUE]);
    return read_unit(bind, factor, row, &unit) && cell != NULL &&
           factor_read_number(&bind->reader, cell, &unit, data_unit_of(bind->units, factor->unit), whole);
}

/* A text that is no distribution, "± 5 %", is shown as it is: it says something to people. */
static bool read_uncertainty(struct bind *bind, const struct prog_factor *factor, const struct csv_row *row,
                             const struct factor_key *keys, struct factor_value *value)
{
    const struct csv_cell *cell = factor_cell(row, bind->reader.standard[COLUMN_UNCERTAINTY]);
    struct factor_value whole = *value;
    if (cell == NULL || !uncertainty_is_named(cell->text)) {
        return true;
    }
    if (factor->component != NO_INDEX && !read_whole(bind, factor, row, &whole)) {
        return false;
    }
    struct factor_draw *draw = arena_new(bind->arena, struct factor_draw);
    struct str *texts = arena_array(bind->arena, struct str, LIMIT_FACTOR_KEYS);
    for (uint32_t k = 0; k < factor->key_count; k++) {
        texts[k] = key_text(bind, (enum prog_factor_key)factor->keys[k].type, &keys[k]);
    }
    struct str args[3];
    struct uncertain of = {whole.exact, data_unit_of(bind->units, factor->unit),
                           data_unit_text(bind->units, factor->unit)};
    enum diag_code problem = uncertainty_read(bind->arena, bind->units, cell->text, of, &draw->uncertainty, args);
    if (problem != DIAG_NONE) {
        factor_report(&bind->reader, problem, cell, args, countof(args));
        return false;
    }
    draw->part = 1;
    if (factor->component != NO_INDEX) {
        draw->part = whole.value > 0 ? value->value / whole.value : 0;
    }
    draw->identity = uncertainty_identity(identity_of(bind, factor, texts, value->valid));
    draw->keys = texts;
    draw->key_count = factor->key_count;
    value->draw = draw;
    return true;
}

static bool is_bounded(struct calendar_days days)
{
    return days.first != INT32_MIN || days.last != INT32_MAX;
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
    is_good = factor_read_description(&bind->reader, &slot->value) && is_good;
    is_good = factor_read_validity(&bind->reader, &slot->value.valid) && is_good;
    if (!is_good || !read_uncertainty(bind, factor, row, keys, &slot->value)) {
        return;
    }
    uint32_t year_key = factor_year_key(factor);
    slot->year = year_key == NO_INDEX ? FACTOR_ANY_YEAR : keys[year_key].year;
    slot->value.file = str_copy(bind->arena, bind->reader.table->path);
    slot->value.is_found = true;
    slot->value.factor = number;
    bind->binding->families[number].has_validity |= is_bounded(slot->value.valid);
    slot->value.line = row->line;
    struct factor_family *family = &bind->binding->families[number];
    uint32_t group = group_of(bind, family, text_of_keys(bind, factor, keys));
    add_slot(bind, &family->groups[group], slot, row, factor_text(bind->program, factor->name));
    add_other_spellings(bind, number, keys, row, group);
}

void factor_bind_row(struct bind *bind, uint32_t first, const struct csv_row *row)
{
    size_t errors = bind->out->errors;
    for (uint32_t part = first; part != NO_INDEX; part = bind->next_part[part]) {
        bind_row(bind, part, row);
    }
    if (bind->out->errors == errors && bind->program->factors[first].component != NO_INDEX) {
        check_parts(bind, first, row);
    }
}
