#include "base/decimal.h"
#include "compiler/check.h"

#include <assert.h>
#include <string.h>

#include "compiler/types.h"

enum { DIMENSIONS = LIMIT_TABLE_DIMENSIONS, CODE_OTHERWISE = 0x7fffffff };

/* Keys become codes: members by index, texts and years and limits of steps in the order in which they come. `otherwise`
   on a choice is CODE_OTHERWISE (it fills what other rows leave); elsewhere it is one code more. */
struct dimension {
    const struct decl *key;
    struct map codes;   /* TEXT: text -> code; YEAR: the year's 4 bytes -> code */
    struct rat *limits; /* NUMBER: by code, in coherent units */
    const struct pattern **limit_patterns;
    size_t count, cap; /* codes so far; of a choice, its members */
    bool has_otherwise;
};

struct tuple { /* one combination of codes */
    uint32_t codes[DIMENSIONS];
};

struct entry {
    struct tuple tuple;
    struct tuple last; /* of a span of years; else as tuple */
    const struct table_row *row;
    const struct cell *cell; /* of a matrix; NULL: the whole row */
    const struct pattern *patterns[DIMENSIONS];
};

struct grid {
    struct checker *checker;
    const struct decl *table;
    struct dimension dimensions[DIMENSIONS];
    size_t dimension_count;
    struct entry *entries; /* rows of the table, or cells of a matrix */
    size_t count, cap;
    struct map places; /* tuple -> entry; without those that have CODE_OTHERWISE */
    size_t place_count;
    bool has_error;
};

static bool make_grid(struct grid *grid);
static void place_entries(struct grid *grid);
static void check_step_order(struct grid *grid);
static void check_step_sets(struct grid *grid);
static void check_gaps(struct grid *grid);

void check_table(struct checker *checker, const struct decl *table)
{
    struct grid grid = {.checker = checker, .table = table, .places = map_in(checker->arena)};
    if (!make_grid(&grid)) {
        return; /* of a table with errors nothing more is said */
    }
    place_entries(&grid);
    check_step_order(&grid);
    if (!grid.has_error) {
        check_step_sets(&grid);
    }
    if (!grid.has_error && !checker->is_broken) {
        check_gaps(&grid);
    }
}

static struct str key_bytes(struct arena *arena, const void *at, size_t len)
{
    return (struct str){arena_copy(arena, at, len), len};
}

/* ---- codes ------------------------------------------------------------------------------------------------------ */

static uint32_t code_of_bytes(struct grid *grid, struct dimension *dimension, struct str key)
{
    uint32_t code;
    if (grid->table->attributes.is_symmetric) {
        dimension = &grid->dimensions[0]; /* both keys of a pair share their codes */
    }
    if (map_get(&dimension->codes, key, &code)) {
        return code;
    }
    code = (uint32_t)dimension->count++;
    map_add(&dimension->codes, key_bytes(grid->checker->arena, key.at, key.len), code);
    return code;
}

static uint32_t code_of_year(struct grid *grid, struct dimension *dimension, int32_t year)
{
    return code_of_bytes(grid, dimension, (struct str){(const char *)&year, sizeof year});
}

static bool limit_value(struct grid *grid, const struct pattern *pattern, struct rat *value)
{
    const struct expr *literal = pattern->value;
    struct arena *arena = grid->checker->arena;
    if (literal == NULL || literal->kind != EXPR_NUMBER || !decimal_to_rat(arena, literal->as.number.digits, value)) {
        return false;
    }
    *value = rat_mul(arena, *value, literal->as.number.unit.scale);
    if (literal->as.number.unit.is_point) {
        *value = rat_add(arena, *value, literal->as.number.unit.offset);
    }
    return true;
}

static uint32_t code_of_limit(struct grid *grid, struct dimension *dimension, const struct pattern *pattern,
                              struct rat value)
{
    for (uint32_t i = 0; i < dimension->count; i++) {
        if (rat_eq(dimension->limits[i], value)) {
            return i;
        }
    }
    size_t cap = dimension->cap;
    struct arena *arena = grid->checker->arena;
    (void)arena_grow(arena, dimension->limits, dimension->count, dimension->cap);
    (void)arena_grow(arena, dimension->limit_patterns, dimension->count, cap);
    dimension->limits[dimension->count] = value;
    dimension->limit_patterns[dimension->count] = pattern;
    return (uint32_t)dimension->count++;
}

/* Spans of years stay years; place_entry makes codes of each. */
static bool year_codes(const struct pattern *pattern, uint32_t *first, uint32_t *last)
{
    int32_t years[2];
    if (pattern->value == NULL || !literal_year(pattern->value, &years[0])) {
        return false;
    }
    years[1] = years[0];
    if (pattern->kind == PATTERN_RANGE && !literal_year(pattern->last, &years[1])) {
        return false;
    }
    *first = (uint32_t)years[0];
    *last = (uint32_t)years[1];
    return true;
}

/* Of a key of another type the types have been told already. */
static bool is_fitting(const struct dimension *dimension, enum pattern_kind pattern)
{
    switch (pattern) {
    case PATTERN_NAME:
        return dimension->key->type.kind == TYPE_CHOICE;
    case PATTERN_UP_TO:
    case PATTERN_BELOW:
        return dimension->key->type.kind == TYPE_NUMBER;
    case PATTERN_ERROR:
    case PATTERN_TEXT:
    case PATTERN_NUMBER:
    case PATTERN_RANGE:
    case PATTERN_OTHERWISE:
        return true;
    }
    return true;
}

static bool take_codes(struct grid *grid, struct dimension *dimension, const struct pattern *pattern, uint32_t *first,
                       uint32_t *last)
{
    struct rat limit;
    bool is_known = true;
    if (!is_fitting(dimension, pattern->kind)) {
        return false;
    }
    switch (pattern->kind) {
    case PATTERN_ERROR:
        return false;
    case PATTERN_NAME:
        *first = pattern->member;
        break;
    case PATTERN_TEXT:
        *first = code_of_bytes(grid, dimension, pattern->text);
        break;
    case PATTERN_NUMBER:
    case PATTERN_RANGE:
        return year_codes(pattern, first, last);
    case PATTERN_UP_TO:
    case PATTERN_BELOW:
        is_known = limit_value(grid, pattern, &limit);
        *first = is_known ? code_of_limit(grid, dimension, pattern, limit) : 0;
        break;
    case PATTERN_OTHERWISE:
        dimension->has_otherwise = true;
        *first = CODE_OTHERWISE;
        break;
    }
    *last = *first;
    return is_known;
}

/* ---- rows and matrix cells become entries ----------------------------------------------------------------------- */

static bool add_entry(struct grid *grid, const struct table_row *row, const struct cell *cell,
                      const struct pattern *last_key)
{
    struct entry entry = {.row = row, .cell = cell};
    const struct pattern *pattern = row->patterns;
    for (size_t i = 0; i < grid->dimension_count; i++) {
        bool is_last = last_key != NULL && i + 1 == grid->dimension_count;
        entry.patterns[i] = is_last ? last_key : pattern;
        if (entry.patterns[i] == NULL ||
            !take_codes(grid, &grid->dimensions[i], entry.patterns[i], &entry.tuple.codes[i], &entry.last.codes[i])) {
            return false;
        }
        pattern = is_last ? pattern : pattern->next;
    }
    (void)arena_grow(grid->checker->arena, grid->entries, grid->count, grid->cap);
    grid->entries[grid->count++] = entry;
    return pattern == NULL;
}

static bool add_row(struct grid *grid, const struct table_row *row)
{
    const struct pattern *matrix = grid->table->as.table.matrix;
    if (matrix == NULL) {
        return add_entry(grid, row, NULL, NULL);
    }
    const struct cell *cell = row->cells;
    for (; matrix != NULL && cell != NULL; matrix = matrix->next, cell = cell->next) {
        if (!add_entry(grid, row, cell, matrix)) {
            return false;
        }
    }
    return matrix == NULL && cell == NULL;
}

/* Two keys of one type; where a symmetric table has others, types_table.c has said so. */
static bool has_pairs(const struct decl *keys)
{
    return keys != NULL && keys->next != NULL && keys->next->next == NULL && keys->type.kind == keys->next->type.kind &&
           keys->type.decl == keys->next->type.decl;
}

static bool make_grid(struct grid *grid)
{
    if (grid->table->is_broken) {
        return false;
    }
    if (grid->table->attributes.is_symmetric && !has_pairs(grid->table->as.table.keys)) {
        return false;
    }
    for (const struct decl *key = grid->table->as.table.keys; key != NULL; key = key->next) {
        if (grid->dimension_count == DIMENSIONS || key->type.kind == TYPE_ERROR ||
            (key->type.kind == TYPE_CHOICE && key->type.decl->is_broken)) {
            return false;
        }
        struct dimension *dimension = &grid->dimensions[grid->dimension_count++];
        dimension->key = key;
        dimension->codes = map_in(grid->checker->arena);
        for (const struct decl *member = key->type.kind == TYPE_CHOICE ? key->type.decl->as.choice.members : NULL;
             member != NULL; member = member->next) {
            dimension->count++;
        }
    }
    for (const struct table_row *row = grid->table->as.table.rows; row != NULL; row = row->next) {
        if (!add_row(grid, row)) {
            return false;
        }
    }
    if (grid->table->attributes.is_symmetric && grid->dimension_count == 2) {
        grid->dimensions[1].codes = grid->dimensions[0].codes;
        grid->dimensions[1].count = grid->dimensions[0].count;
    }
    return grid->dimension_count > 0 && grid->count > 0;
}

/* ---- overlaps --------------------------------------------------------------------------------------------------- */

static struct span entry_place(const struct entry *entry)
{
    return entry->cell != NULL ? entry->cell->at : entry->row->at;
}

static bool same_cell(struct arena *arena, const struct cell *a, const struct cell *b)
{
    if (a->value == NULL || b->value == NULL || a->value->kind != b->value->kind) {
        return a->value == b->value;
    }
    const struct expr *x = a->value;
    const struct expr *y = b->value;
    struct rat left;
    struct rat right;
    if (x->kind == EXPR_NUMBER) {
        return decimal_to_rat(arena, x->as.number.digits, &left) &&
               decimal_to_rat(arena, y->as.number.digits, &right) && rat_eq(left, right) &&
               unit_eq(x->as.number.unit, y->as.number.unit);
    }
    if (x->kind == EXPR_TEXT) {
        return str_eq(x->as.text, y->as.text);
    }
    return x->kind == EXPR_NAME && x->ref.kind == y->ref.kind && x->ref.index == y->ref.index;
}

static bool same_values(struct arena *arena, const struct entry *a, const struct entry *b)
{
    const struct cell *x = a->row->cells;
    const struct cell *y = b->row->cells;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        if (!same_cell(arena, x, y)) {
            return false;
        }
    }
    return x == y;
}

static void report_pair(struct grid *grid, enum diag_code code, const struct entry *first, const struct entry *second)
{
    struct diag *diag = diag_add(grid->checker->out, code, entry_place(second), NULL, 0);
    if (diag->labels == NULL) {
        diag_label(grid->checker->out, diag, entry_place(first), T_FIRST_HERE, NULL, 0);
    }
    grid->has_error = true;
}

static const struct entry *entry_at(const struct grid *grid, const struct tuple *tuple)
{
    uint32_t at;
    struct str key = {(const char *)tuple, sizeof *tuple};
    return map_get(&grid->places, key, &at) ? &grid->entries[at] : NULL;
}

/* One combination of a row; false where the table is too large to go on (lower.c says so). */
static bool place(struct grid *grid, size_t number, const struct tuple *tuple)
{
    const struct entry *entry = &grid->entries[number];
    const struct entry *first = entry_at(grid, tuple);
    if (first != NULL) {
        report_pair(grid, D_TABLE_OVERLAP, first, entry);
        return true;
    }
    if (grid->table->attributes.is_symmetric && grid->dimension_count == 2) {
        struct tuple mirrored = {
            {tuple->codes[1], tuple->codes[0]}
        };
        const struct entry *twin = entry_at(grid, &mirrored);
        if (twin != NULL && !same_values(grid->checker->arena, twin, entry)) {
            report_pair(grid, D_SYMMETRIC_CONFLICT, twin, entry);
        }
    }
    struct str key = key_bytes(grid->checker->arena, tuple, sizeof *tuple);
    map_add(&grid->places, key, (uint32_t)number);
    return ++grid->place_count <= LIMIT_TABLE_CELLS;
}

static bool is_years(const struct dimension *dimension)
{
    return dimension->key->type.kind == TYPE_YEAR;
}

/* All combinations of an entry: years of spans one by one. */
static bool place_entry(struct grid *grid, size_t number, struct tuple *tuple, size_t at)
{
    if (at == grid->dimension_count) {
        return place(grid, number, tuple);
    }
    const struct entry *entry = &grid->entries[number];
    uint32_t last = entry->last.codes[at];
    for (uint32_t code = entry->tuple.codes[at]; code <= last; code++) {
        bool is_year = is_years(&grid->dimensions[at]) && code != CODE_OTHERWISE;
        tuple->codes[at] = is_year ? code_of_year(grid, &grid->dimensions[at], (int32_t)code) : code;
        if (!place_entry(grid, number, tuple, at + 1)) {
            return false;
        }
    }
    return true;
}

/* Has it `otherwise` on a choice, so that it fills what others leave? */
static bool is_filling(const struct grid *grid, const struct entry *entry)
{
    for (size_t i = 0; i < grid->dimension_count; i++) {
        if (entry->tuple.codes[i] == CODE_OTHERWISE && grid->dimensions[i].key->type.kind == TYPE_CHOICE) {
            return true;
        }
    }
    return false;
}

static bool covers(const struct grid *grid, const struct entry *entry, size_t dimension, uint32_t first, uint32_t last)
{
    bool is_choice = grid->dimensions[dimension].key->type.kind == TYPE_CHOICE;
    bool is_all = is_choice && (entry->tuple.codes[dimension] == CODE_OTHERWISE || first == CODE_OTHERWISE);
    return is_all || (entry->tuple.codes[dimension] <= last && first <= entry->last.codes[dimension]);
}

/* Two rows with `otherwise` that both would fill a place: neither comes first. */
static void check_filling(struct grid *grid, size_t number)
{
    const struct entry *entry = &grid->entries[number];
    for (size_t i = 0; i < number; i++) {
        bool meet = is_filling(grid, &grid->entries[i]);
        for (size_t k = 0; meet && k < grid->dimension_count; k++) {
            meet = covers(grid, &grid->entries[i], k, entry->tuple.codes[k], entry->last.codes[k]);
        }
        if (meet) {
            report_pair(grid, D_TABLE_OVERLAP, &grid->entries[i], entry);
        }
    }
}

static void place_entries(struct grid *grid)
{
    for (size_t i = 0; i < grid->count; i++) {
        struct tuple tuple = {{0}};
        if (is_filling(grid, &grid->entries[i])) {
            check_filling(grid, i);
        } else if (!place_entry(grid, i, &tuple, 0)) {
            grid->has_error = true;
            return;
        }
    }
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

static size_t step_dimension(const struct grid *grid)
{
    size_t i = 0;
    while (i < grid->dimension_count && grid->dimensions[i].key->type.kind != TYPE_NUMBER) {
        i++;
    }
    return i;
}

/* Rows that differ in their step only, in the order of the text: their limits ascend, `otherwise` is last. */
static void check_step_order(struct grid *grid)
{
    size_t steps = step_dimension(grid);
    if (steps == grid->dimension_count) {
        return;
    }
    const struct dimension *dimension = &grid->dimensions[steps];
    struct map previous = map_in(grid->checker->arena);
    for (size_t i = 0; i < grid->count; i++) {
        const struct entry *entry = &grid->entries[i];
        struct tuple group = entry->tuple;
        group.codes[steps] = 0;
        uint32_t code = entry->tuple.codes[steps];
        struct str key = key_bytes(grid->checker->arena, &group, sizeof group);
        uint32_t before;
        if (map_get(&previous, key, &before)) {
            const struct entry *first = &grid->entries[before];
            uint32_t last = first->tuple.codes[steps];
            bool ascends = last != CODE_OTHERWISE &&
                           (code == CODE_OTHERWISE ||
                            rat_cmp(grid->checker->arena, dimension->limits[last], dimension->limits[code]) < 0);
            if (!ascends) {
                report_pair(grid, D_STEPS_ORDER, first, entry);
            }
        }
        map_set(&previous, key, (uint32_t)i);
    }
}

/* The steps of a table are the same for all its other keys, and a limit belongs to the same side everywhere. */
static void check_step_sets(struct grid *grid)
{
    size_t steps = step_dimension(grid);
    if (steps == grid->dimension_count) {
        return;
    }
    const struct dimension *dimension = &grid->dimensions[steps];
    size_t wanted = dimension->count + dimension->has_otherwise;
    struct map counts = map_in(grid->checker->arena);
    for (size_t i = 0; i < grid->count; i++) {
        const struct entry *entry = &grid->entries[i];
        struct tuple group = entry->tuple;
        group.codes[steps] = 0;
        struct str key = key_bytes(grid->checker->arena, &group, sizeof group);
        uint32_t count = 0;
        map_get(&counts, key, &count);
        map_set(&counts, key, count + 1);
        uint32_t code = entry->tuple.codes[steps];
        if (code != CODE_OTHERWISE && dimension->limit_patterns[code]->kind != entry->patterns[steps]->kind) {
            diag_add(grid->checker->out, D_STEPS_MIXED, entry->patterns[steps]->at, NULL, 0);
            grid->has_error = true;
        }
    }
    for (size_t i = 0; i < grid->count && !grid->has_error; i++) {
        struct tuple group = grid->entries[i].tuple;
        group.codes[steps] = 0;
        uint32_t count = 0;
        map_get(&counts, (struct str){(const char *)&group, sizeof group}, &count);
        if (count != wanted) {
            diag_add(grid->checker->out, D_STEPS_DIFFER, entry_place(&grid->entries[i]), NULL, 0);
            grid->has_error = true;
        }
    }
}

/* ---- gaps ------------------------------------------------------------------------------------------------------- */

/* All values of the key have a code: members; steps and texts and years with `otherwise`. */
static bool is_closed(const struct dimension *dimension)
{
    return dimension->key->type.kind == TYPE_CHOICE || dimension->key->type.kind == TYPE_NUMBER ||
           dimension->has_otherwise;
}

static size_t code_count(const struct dimension *dimension)
{
    bool is_choice = dimension->key->type.kind == TYPE_CHOICE;
    return dimension->count + (dimension->has_otherwise && !is_choice);
}

static struct str code_text(const struct grid *grid, size_t at, uint32_t code)
{
    const struct dimension *dimension = &grid->dimensions[at];
    if (code == CODE_OTHERWISE) {
        return STR("otherwise");
    }
    if (dimension->key->type.kind == TYPE_CHOICE) {
        const struct decl *member = dimension->key->type.decl->as.choice.members;
        for (; code > 0; code--) {
            member = member->next;
        }
        return member->name.text;
    }
    if (dimension->key->type.kind == TYPE_NUMBER) {
        return span_text(grid->checker->checked->sources, dimension->limit_patterns[code]->at);
    }
    struct str key = dimension->codes.entries[code].key;
    if (is_years(dimension)) {
        int32_t year;
        memcpy(&year, key.at, sizeof year);
        return str_format(grid->checker->arena, "%d", (int)year);
    }
    return key;
}

static bool is_filled(const struct grid *grid, const struct tuple *tuple)
{
    for (size_t i = 0; i < grid->count; i++) {
        bool meets = is_filling(grid, &grid->entries[i]);
        for (size_t k = 0; meets && k < grid->dimension_count; k++) {
            bool is_year = is_years(&grid->dimensions[k]);
            meets = is_year || covers(grid, &grid->entries[i], k, tuple->codes[k], tuple->codes[k]);
        }
        if (meets) {
            return true;
        }
    }
    return false;
}

static bool is_present(const struct grid *grid, const struct tuple *tuple)
{
    struct tuple mirrored = {
        {tuple->codes[1], tuple->codes[0]}
    };
    bool is_symmetric = grid->table->attributes.is_symmetric && grid->dimension_count == 2;
    return entry_at(grid, tuple) != NULL || (is_symmetric && entry_at(grid, &mirrored) != NULL) ||
           is_filled(grid, tuple);
}

static void describe(const struct grid *grid, struct buf *text, const struct tuple *tuple)
{
    for (size_t i = 0; i < grid->dimension_count; i++) {
        buf_add(text, i == 0 ? STR("") : diag_both(grid->checker->arena, STR(", "), STR("、")));
        buf_add(text, code_text(grid, i, tuple->codes[i]));
    }
}

/* The next combination, last key fastest; false after the last one. */
static bool next_tuple(const struct grid *grid, size_t *positions)
{
    for (size_t i = grid->dimension_count; i > 0; i--) {
        if (++positions[i - 1] < code_count(&grid->dimensions[i - 1])) {
            return true;
        }
        positions[i - 1] = 0;
    }
    return false;
}

static void report_gap(struct grid *grid, const struct buf *examples, size_t missing, size_t shown)
{
    struct str more = missing > shown ? str_format(grid->checker->arena, " … (%zu)", missing) : STR("");
    struct str list = str_format(grid->checker->arena, "%.*s%.*s", STR_FMT(buf_str(examples)), STR_FMT(more));
    struct diag *diag =
        diag_add(grid->checker->out, D_TABLE_GAP, grid->table->name.at, DIAG_ARGS(grid->table->name.text, list));
    for (size_t i = 0; i < grid->dimension_count; i++) {
        const struct decl *choice = grid->dimensions[i].key->type.decl;
        if (choice != NULL && diag->labels == NULL) {
            diag_label(grid->checker->out, diag, choice->name.at, T_MEMBERS_HERE, NULL, 0);
        }
    }
}

static void check_gaps(struct grid *grid)
{
    enum { SHOWN = 3 };
    size_t total = 1;
    for (size_t i = 0; i < grid->dimension_count; i++) {
        total = total > LIMIT_TABLE_CELLS ? total : total * code_count(&grid->dimensions[i]);
        if (!is_closed(&grid->dimensions[i]) || total > LIMIT_TABLE_CELLS || total == 0) {
            return;
        }
    }
    struct buf examples = buf_in(grid->checker->arena);
    size_t positions[DIMENSIONS] = {0};
    size_t missing = 0;
    do {
        struct tuple tuple = {{0}};
        for (size_t i = 0; i < grid->dimension_count; i++) {
            bool is_extra = positions[i] == grid->dimensions[i].count;
            tuple.codes[i] = is_extra ? CODE_OTHERWISE : (uint32_t)positions[i];
        }
        if (is_present(grid, &tuple)) {
            continue;
        }
        if (missing++ < SHOWN) {
            buf_add(&examples, missing == 1 ? STR("") : diag_both(grid->checker->arena, STR("; "), STR("；")));
            describe(grid, &examples, &tuple);
        }
    } while (next_tuple(grid, positions));
    if (missing > 0) {
        report_gap(grid, &examples, missing, SHOWN);
    }
}
