/* Keys, cells and columns of tables, and factors. */
#include <math.h>
#include <string.h>

#include "vm/factors.h"
#include "vm/fast_run.h"

struct looking {
    struct fast_run *run;
    const struct step *step;
    const struct instruction *at;
    struct fast_register *out;
    const struct fast_register *operand[3]; /* NULL: fewer */
    uint32_t rows;
};

/* ---- keys ---- */

static void put_code(const struct looking *on, uint32_t row, bool is_found, uint32_t code)
{
    on->out->as.code[row] = is_found ? code : 0;
    if (on->out->given != NULL) {
        on->out->given[row] = is_found;
    }
}

/* The key equal to a year; key_count where there is none. */
static uint32_t find_year(const struct looking *on, const struct prog_dimension *dimension, int32_t year)
{
    uint32_t low = 0;
    uint32_t high = dimension->key_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int64_t key = 0;
        (void)rat_to_i64(on->run->program->constants[dimension->keys[middle]].number, &key);
        if (key == year) {
            return middle;
        }
        if (key < year) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return dimension->key_count;
}

static void find_keys(const struct looking *on)
{
    const struct prog_dimension *dimension = &on->run->program->tables[on->at->imm].dimensions[on->at->b];
    const uint32_t *code_of_text = on->run->prepared->keys[on->at->imm][on->at->b].code_of_text;
    const struct fast_register *from = on->operand[0];
    enum value_form form = (enum value_form)on->run->facts[on->at->a].form;
    for (uint32_t row = 0; row < on->rows; row++) {
        size_t at = (size_t)row * from->step;
        if (fast_is_poison(from, form, row)) {
            fast_put_poison(on->out, FORM_CODE, row);
            continue;
        }
        uint32_t key = dimension->key_count;
        if (form == FORM_WHOLE) {
            key = find_year(on, dimension, from->as.whole[at]);
        } else if (from->as.code[at] < on->run->program->text_count) {
            uint32_t code = code_of_text[from->as.code[at]];
            key = code == NO_INDEX ? key : code;
        }
        put_code(on, row, key < dimension->key_count || dimension->has_otherwise, key);
    }
}

/* ---- cells ---- */

static uint32_t key_codes(const struct program *program, const struct prog_dimension *dimension)
{
    uint32_t named =
        dimension->type == VALUE_MEMBER ? program->choices[dimension->choice].member_count : dimension->key_count;
    return named + dimension->has_otherwise;
}

static void find_cells(const struct looking *on)
{
    const struct program *program = on->run->program;
    const struct prog_table *table = &program->tables[on->at->imm];
    uint32_t sizes[LIMIT_TABLE_DIMENSIONS] = {0};
    for (uint32_t d = 0; d < table->dimension_count; d++) {
        sizes[d] = key_codes(program, &table->dimensions[d]);
    }
    for (uint32_t row = 0; row < on->rows; row++) {
        uint64_t slot = 0;
        bool is_poison = false;
        bool is_given = true;
        for (uint32_t d = 0; d < table->dimension_count; d++) {
            const struct fast_register *from = on->operand[d];
            is_poison = is_poison || fast_is_poison(from, FORM_CODE, row);
            is_given = is_given && fast_is_given(from, row);
            slot = slot * sizes[d] + from->as.code[(size_t)row * from->step];
        }
        if (is_poison) {
            fast_put_poison(on->out, FORM_CODE, row);
            continue;
        }
        is_given = is_given && slot < table->row_slots && table->rows[slot] != NO_INDEX;
        put_code(on, row, is_given, is_given ? table->rows[slot] : 0);
    }
}

static void read_cell(const struct looking *on, enum value_form form, const struct table_column *column, uint32_t row,
                      uint32_t from)
{
    bool is_given = column->given[from] != 0;
    switch (form) {
    case FORM_NUMBER:
        on->out->as.number[row] = is_given ? column->as.number[from] : 0;
        break;
    case FORM_WHOLE:
        on->out->as.whole[row] = is_given ? column->as.whole[from] : 0;
        break;
    case FORM_CODE:
        on->out->as.code[row] = is_given ? column->as.code[from] : 0;
        break;
    case FORM_FLAG:
        on->out->as.flag[row] = is_given ? column->as.flag[from] : 0;
        break;
    }
    if (on->out->given != NULL) {
        on->out->given[row] = is_given;
    }
}

static void read_cells(const struct looking *on)
{
    uint32_t table = on->run->shapes[on->at->a].of & ~ROW_OF_TABLE;
    const struct table_column *column = &on->run->prepared->columns[table][on->at->imm];
    enum value_form form = (enum value_form)on->run->facts[on->step->instruction].form;
    uint8_t absent = 0;
    struct table_column nothing = {.given = &absent};
    const struct fast_register *from = on->operand[0];
    on->out->grade = column->grade;
    on->out->k = column->grade & GRADE_EXACT ? 0 : 1;
    for (uint32_t row = 0; row < on->rows; row++) {
        if (fast_is_poison(from, FORM_CODE, row)) {
            fast_put_poison(on->out, form, row);
        } else if (!fast_is_given(from, row)) {
            read_cell(on, form, &nothing, row, 0);
        } else {
            read_cell(on, form, column, row, from->as.code[(size_t)row * from->step]);
        }
    }
}

/* ---- factors ---- */

/* What a family gave for one combination of keys, in one batch (texts have other codes in the next). The last key is
   the first day of the product's period, where rows of the family have a validity and the periods differ. */
enum { MEMO_KEYS = LIMIT_FACTOR_KEYS + 1 };
struct memo_entry {
    uint32_t keys[MEMO_KEYS];
    bool is_used;
    bool is_noted; /* a fallback or a default: to be noted */
    bool has_text;
    double value; /* NaN where it is not to be trusted here */
    const struct factor_value *slot;
    const double *draws; /* by product; NULL: the value is that of all */
    struct str asked;    /* "electricity(wind, 2025)" */
};
struct fast_memo {
    struct memo_entry *entries; /* open addressing; a power of two */
    uint32_t count, size;
    struct grid grid; /* of the values of all of them */
    double most;      /* the largest in size */
};

struct grid fast_factor_grid(const struct fast *engine, uint32_t instruction, double *most)
{
    const struct fast_memo *memo = &engine->memos[instruction];
    *most = memo->most * WIDER;
    return memo->count > 0 ? memo->grid : GRID_ZERO;
}

struct fast_memo *fast_memos_new(struct arena *arena, const struct prepared *prepared)
{
    return arena_array(arena, struct fast_memo, prepared->program->code_count);
}

void fast_memos_clear(struct fast *engine)
{
    memset(engine->memos, 0, engine->program->code_count * sizeof *engine->memos);
}

static uint32_t hash_keys(const uint32_t *keys)
{
    uint64_t hash = keys[0] * UINT64_C(0x9E3779B97F4A7C15) ^ keys[1] * UINT64_C(0xC2B2AE3D27D4EB4F) ^
                    keys[2] * UINT64_C(0x165667B19E3779F9) ^ keys[3] * UINT64_C(0xD6E8FEB86659FD93);
    return (uint32_t)(hash >> 32) ^ (uint32_t)hash >> 7;
}

static struct memo_entry *memo_find(const struct fast_memo *memo, const uint32_t *keys)
{
    uint32_t at = hash_keys(keys) & (memo->size - 1);
    while (memo->entries[at].is_used && memcmp(memo->entries[at].keys, keys, sizeof memo->entries[at].keys) != 0) {
        at = (at + 1) & (memo->size - 1);
    }
    return &memo->entries[at];
}

static void memo_grow(struct fast_run *run, struct fast_memo *memo)
{
    enum { FIRST_SIZE = 16 };
    struct fast_memo larger = {.count = memo->count,
                               .grid = memo->grid,
                               .most = memo->most,
                               .size = memo->size == 0 ? FIRST_SIZE : 2 * memo->size};
    larger.entries = arena_array(run->arena, struct memo_entry, larger.size);
    for (uint32_t i = 0; i < memo->size; i++) {
        if (memo->entries[i].is_used) {
            *memo_find(&larger, memo->entries[i].keys) = memo->entries[i];
        }
    }
    *memo = larger;
}

static struct factor_key factor_key(const struct looking *on, int k, uint32_t code)
{
    const uint32_t operands[3] = {on->at->a, on->at->b, on->at->c};
    const struct value_shape *shape = &on->run->shapes[operands[k]];
    struct factor_key key = {.text = STR("")};
    if (shape->type == VALUE_TEXT) {
        key.text = on->run->batch->texts[code];
    } else if (shape->type == VALUE_MEMBER) {
        key.text = on->run->program->texts[on->run->program->choices[shape->of].members[code].code];
    } else {
        key.year = (int32_t)code;
    }
    return key;
}

static void resolve(const struct looking *on, struct memo_entry *entry, const uint32_t *codes,
                    struct calendar_days days)
{
    const struct prog_factor *factor = &on->run->program->factors[on->at->imm];
    struct factor_key keys[LIMIT_FACTOR_KEYS] = {{.year = 0}};
    for (uint32_t k = 0; k < factor->key_count && k < LIMIT_FACTOR_KEYS; k++) {
        keys[k] = factor_key(on, (int)k, codes[k]);
    }
    const struct factor_value *slot = factor_resolve(on->run->engine->factors, on->at->imm, keys, days);
    bool is_trusted = slot->is_found && (slot->value == 0 || (slot->value >= 1e-60 && slot->value <= 1e60));
    *entry = (struct memo_entry){.is_used = true, .slot = slot, .value = is_trusted ? slot->value : NAN};
    memcpy(entry->keys, codes, sizeof entry->keys);
    struct factor_draws *draws = on->run->batch->draws;
    entry->draws = draws != NULL && slot->is_found ? draws->of(draws, slot) : NULL;
    entry->is_noted = draws == NULL && slot->is_found && (slot->is_default || factor_is_fallback(factor, slot, keys)) &&
                      factor_is_first_part(on->run->program, on->at->imm);
}

/* electricity("wind", 2025, "CN-44"), as the exact engine words it. */
static struct str asked_text(const struct looking *on, uint32_t row)
{
    const struct prog_factor *factor = &on->run->program->factors[on->at->imm];
    const uint32_t operands[3] = {on->at->a, on->at->b, on->at->c};
    struct str name = on->run->program->texts[factor->name];
    struct str keys[LIMIT_FACTOR_KEYS];
    for (uint32_t k = 0; k < factor->key_count; k++) {
        keys[k] = STR("?");
        (void)fast_value_text(on->run, operands[k], row, &keys[k]);
    }
    struct str list = str_join(on->run->arena, keys, factor->key_count, STR(", "));
    return factor->key_count == 0 ? name : str_format(on->run->arena, "%.*s(%.*s)", STR_FMT(name), STR_FMT(list));
}

static void note_factor(const struct looking *on, struct memo_entry *entry, uint32_t row)
{
    if (entry->is_noted && !on->step->is_again) {
        entry->asked = entry->has_text ? entry->asked : str_copy(&on->run->batch->arena, asked_text(on, row));
        entry->has_text = true;
        fast_note_factor(on->run, on->step->instruction, row, entry->slot, entry->asked);
    }
}

/* False where a key is poison. */
static bool read_keys(const struct looking *on, uint32_t row, uint32_t codes[MEMO_KEYS])
{
    for (int k = 0; k < 3 && on->operand[k] != NULL; k++) {
        const struct fast_register *from = on->operand[k];
        codes[k] = from->as.code[(size_t)row * from->step];
        const uint32_t operands[3] = {on->at->a, on->at->b, on->at->c};
        if (fast_is_poison(from, (enum value_form)on->run->facts[operands[k]].form, row)) {
            return false;
        }
    }
    return true;
}

/* What is drawn is no decimal of few digits. */
static void count_entry(struct fast_memo *memo, const struct memo_entry *entry)
{
    const struct factor_value *slot = entry->slot;
    struct grid grid = slot->is_found ? grid_of_rat(slot->exact) : GRID_ZERO;
    double most = slot->value;
    if (entry->draws != NULL) {
        grid = GRID_UNKNOWN;
        most = INFINITY;
    }
    memo->grid = memo->count > 0 ? grid_join(memo->grid, grid) : grid;
    memo->most = most > memo->most ? most : memo->most;
    memo->count++;
}

/* `products`: of each row; NULL where all of them are answered alike. */
static double find_factor(const struct looking *on, struct fast_memo *memo, const uint32_t *products, uint32_t row)
{
    uint32_t codes[MEMO_KEYS] = {0};
    if (!read_keys(on, row, codes)) {
        return NAN;
    }
    struct calendar_days days = on->run->days;
    if (products != NULL) {
        days = batch_days(on->run->batch, products[row]);
        codes[MEMO_KEYS - 1] = (uint32_t)days.first; /* all periods are years, or all are days */
    }
    if (memo->count * 2 >= memo->size) {
        memo_grow(on->run, memo);
    }
    struct memo_entry *entry = memo_find(memo, codes);
    if (!entry->is_used) {
        resolve(on, entry, codes, days);
        count_entry(memo, entry);
    }
    note_factor(on, entry, row);
    return entry->draws == NULL ? entry->value : entry->draws[fast_product_of(on->run, on->at->axis, row)];
}

/* Where it is not known whether the factor is needed, it is not known what is to be noted. */
static void find_factors(const struct looking *on)
{
    const struct fast_register *mask = on->at->mask == NO_OPERAND ? NULL : fast_register_of(on->run, on->at->mask);
    struct fast_memo *memo = &on->run->engine->memos[on->step->instruction];
    bool is_of_period = !on->run->has_one_period && factor_has_validity(on->run->engine->factors, on->at->imm);
    bool is_one = on->at->axis == AXIS_ID_CONSTANT; /* for all products, whose answers may differ: they are left */
    const uint32_t *products = is_of_period && !is_one ? fast_rows_up(on->run, on->at->axis, AXIS_ID_PRODUCT) : NULL;
    on->out->k = 1;
    on->out->grade = GRADE_NEAREST;
    for (uint32_t row = 0; row < on->rows; row++) {
        uint8_t is_needed = mask == NULL ? 1 : mask->as.flag[(size_t)row * mask->step];
        if (is_needed == POISON_FLAG) {
            fast_mark_row(on->run, on->at->axis, row);
        }
        bool is_found = is_needed == 1 && !(is_of_period && is_one);
        on->out->as.number[row] = is_found ? find_factor(on, memo, products, row) : NAN;
    }
}

void fast_lookup(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    const uint32_t operands[3] = {at->a, at->b, at->c};
    struct looking on = {.run = run, .step = step, .at = at};
    on.rows = fast_make(run, step);
    on.out = &run->registers[step->instruction];
    bool is_one = at->op == OP_KEY || at->op == OP_COLUMN;
    for (int k = 0; k < (is_one ? 1 : 3) && operands[k] != NO_OPERAND; k++) {
        on.operand[k] = fast_register_of(run, operands[k]);
    }
    switch (at->op) {
    case OP_KEY:
        find_keys(&on);
        break;
    case OP_CELL:
        find_cells(&on);
        break;
    case OP_COLUMN:
        read_cells(&on);
        break;
    default: /* FACTOR */
        find_factors(&on);
        break;
    }
}
