/* Looking up: keys, cells and columns of tables, and factors. */
#include <math.h>

#include "base/decimal.h"
#include "vm/exact_run.h"
#include "vm/value_text.h"

static const struct prog_const *key_constant(const struct exact_run *run, const struct prog_dimension *dimension,
                                             uint32_t key)
{
    return &run->program->constants[dimension->keys[key]];
}

static struct exact_value otherwise(const struct prog_dimension *dimension)
{
    return dimension->has_otherwise ? exact_of_code(dimension->key_count) : exact_of_state(STATE_ABSENT);
}

/* The key compared with the value: negative where it comes before. */
static int compare_key(struct exact_run *run, const struct prog_dimension *dimension, uint32_t key, int64_t code)
{
    const struct prog_const *constant = key_constant(run, dimension, key);
    if (dimension->type == VALUE_TEXT) {
        return str_cmp(run->program->texts[constant->text], run->batch->texts[code]);
    }
    return rat_cmp(run->arena, constant->number, rat_int(code));
}

static struct exact_value find_key(struct exact_run *run, const struct prog_dimension *dimension, int64_t code)
{
    if (dimension->type == VALUE_MEMBER) {
        return exact_of_code(code);
    }
    uint32_t from = 0;
    uint32_t to = dimension->key_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        int order = compare_key(run, dimension, middle, code);
        if (order == 0) {
            return exact_of_code(middle);
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return otherwise(dimension);
}

/* Does the number lie beyond the step? */
static bool is_beyond(struct exact_run *run, const struct prog_dimension *dimension, uint32_t key, struct rat number)
{
    int order = exact_order(run, number, key_constant(run, dimension, key)->number);
    return order > 0 || (order == 0 && dimension->is_below[key]);
}

static struct exact_value find_step(struct exact_run *run, const struct prog_dimension *dimension, struct rat number)
{
    uint32_t from = 0;
    uint32_t to = dimension->key_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (is_beyond(run, dimension, middle, number)) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < dimension->key_count ? exact_of_code(from) : otherwise(dimension);
}

static uint32_t key_codes(const struct exact_run *run, const struct prog_dimension *dimension)
{
    uint32_t named =
        dimension->type == VALUE_MEMBER ? run->program->choices[dimension->choice].member_count : dimension->key_count;
    return named + dimension->has_otherwise;
}

static struct exact_value find_row(const struct exact_run *run, const struct prog_table *table,
                                   const struct exact_value *codes)
{
    uint64_t slot = 0;
    for (uint32_t d = 0; d < table->dimension_count; d++) {
        slot = slot * key_codes(run, &table->dimensions[d]) + (uint64_t)codes[d].code;
    }
    if (slot >= table->row_slots || table->rows[slot] == NO_INDEX) {
        return exact_of_state(STATE_ABSENT);
    }
    return exact_of_code(table->rows[slot]);
}

static struct exact_value find_cell(const struct exact_run *run, const struct prog_column *column, int64_t row)
{
    uint32_t cell = column->cells[row];
    if (cell == NO_INDEX) {
        return exact_of_state(STATE_ABSENT);
    }
    const struct prog_const *constant = &run->program->constants[cell];
    if (column->type == VALUE_NUMBER) {
        return (struct exact_value){.number = constant->number};
    }
    int64_t code = constant->text;
    if (column->type != VALUE_TEXT) {
        (void)rat_to_i64(constant->number, &code);
    }
    return exact_of_code(code);
}

/* ---- factors ---- */

static struct factor_key factor_key(const struct exact_run *run, uint32_t operand, const struct exact_value *value)
{
    const struct value_shape *shape = &run->shapes[operand];
    struct factor_key key = {.text = STR("")};
    switch ((enum value_type)shape->type) {
    case VALUE_TEXT:
        key.text = run->batch->texts[value->code];
        break;
    case VALUE_MEMBER:
        key.text = run->program->texts[run->program->choices[shape->of].members[value->code].code];
        break;
    case VALUE_YEAR:
        key.year = (int32_t)value->code;
        break;
    case VALUE_NUMBER:
    case VALUE_BOOL:
    case VALUE_DATE:
    case VALUE_ROW:
    case VALUE_KEY:
        break;
    }
    return key;
}

struct str exact_factor_text(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct prog_factor *factor = &run->program->factors[at->imm];
    const uint32_t operands[3] = {at->a, at->b, at->c};
    struct str keys[LIMIT_FACTOR_KEYS] = {{.len = 0}};
    size_t count = 0;
    while (count < factor->key_count && count < LIMIT_FACTOR_KEYS) {
        keys[count] = exact_value_text(run, operands[count], row);
        count++;
    }
    struct str name = run->program->texts[factor->name];
    struct str list = str_join(run->arena, keys, count, STR(", "));
    return count == 0 ? name : str_format(run->arena, "%.*s(%.*s)", STR_FMT(name), STR_FMT(list));
}

const struct factor_value *exact_factor(struct exact_run *run, uint32_t instruction, uint32_t row,
                                        struct factor_key keys[LIMIT_FACTOR_KEYS])
{
    const struct instruction *at = &run->program->code[instruction];
    const struct prog_factor *factor = &run->program->factors[at->imm];
    const uint32_t operands[LIMIT_FACTOR_KEYS] = {at->a, at->b, at->c};
    for (uint32_t k = 0; k < LIMIT_FACTOR_KEYS; k++) {
        keys[k] = (struct factor_key){.year = 0};
        if (k < factor->key_count) {
            struct exact_value value = exact_get(run, operands[k], row);
            keys[k] = factor_key(run, operands[k], &value);
        }
    }
    return factor_resolve(run->engine->factors, at->imm, keys, batch_days(run->batch, run->product));
}

/* There is a row for the keys, but it is not valid when the data are of. */
static uint32_t fail_expired(struct exact_run *run, uint32_t instruction, uint32_t row, struct str call,
                             const struct factor_value *expired, const struct factor_key *keys)
{
    const struct prog_factor *factor = &run->program->factors[run->program->code[instruction].imm];
    struct calendar_days days = factor_days(factor, keys, batch_days(run->batch, run->product));
    return exact_fail(run, instruction, row, D_FACTOR_NOT_VALID,
                      DIAG_ARGS(call, calendar_period_text(run->arena, days.first, days.last),
                                calendar_period_text(run->arena, expired->valid.first, expired->valid.last),
                                str_format(run->arena, "%lu", (unsigned long)expired->line)));
}

/* Of samples what was drawn: a double stands for its shortest decimal, as data do. */
static struct exact_value value_of_factor(struct exact_run *run, uint32_t instruction, uint32_t row,
                                          const struct factor_value *slot)
{
    struct factor_draws *draws = run->batch->draws;
    const double *drawn = draws == NULL ? NULL : draws->of(draws, slot);
    if (drawn == NULL) {
        return (struct exact_value){.number = slot->exact};
    }
    if (isnan(drawn[run->product])) {
        struct str call = exact_factor_text(run, instruction, row);
        return exact_of_state(exact_fail(run, instruction, row, D_NO_DRAW, DIAG_ARGS(call)));
    }
    return (struct exact_value){.number = rat_of_datum(run->arena, drawn[run->product])};
}

/* No row answers: of a family that has rows, of one that has none, of no files at all. */
static uint32_t fail_missing(struct exact_run *run, uint32_t instruction, uint32_t row, struct str call,
                             const struct factor_key *keys)
{
    uint32_t number = run->program->code[instruction].imm;
    const struct prog_factor *factor = &run->program->factors[number];
    struct str files = factor_files(run->engine->factors);
    struct str unit = value_unit(run->arena, run->program, factor->unit).text;
    unit = unit.len == 0 ? STR("1") : unit; /* as files write it */
    if (factor_has_rows(run->engine->factors, number)) {
        uint32_t state = exact_fail(run, instruction, row, D_NO_FACTOR, DIAG_ARGS(call, files));
        struct str near = factor_nearest(run->arena, run->engine->factors, number, keys);
        if (near.len > 0) {
            exact_add_note(run, state, (struct diag_text){T_DID_YOU_MEAN, {near}});
        }
        return state;
    }
    if (files.len == 0) {
        return exact_fail(run, instruction, row, D_FACTOR_NO_FILE, DIAG_ARGS(call, unit));
    }
    return exact_fail(run, instruction, row, D_FACTOR_MISSING,
                      DIAG_ARGS(call, files, run->program->texts[factor->name], unit));
}

static struct exact_value find_factor(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    struct factor_key keys[LIMIT_FACTOR_KEYS];
    if (!exact_is_needed(run, instruction, row)) {
        return exact_of_state(exact_fail_unneeded(run, instruction, row));
    }
    const struct factor_value *slot = exact_factor(run, instruction, row, keys);
    if (slot->is_found) {
        exact_note_factor(run, instruction, row, slot, keys);
        return value_of_factor(run, instruction, row, slot);
    }
    struct str call = exact_factor_text(run, instruction, row);
    uint32_t state = exact_find_same(run, instruction, call);
    uint32_t number = run->program->code[instruction].imm;
    const struct factor_value *expired = factor_resolve(run->engine->factors, number, keys, DAYS_ANY);
    if (state == 0 && expired->is_found) {
        state = fail_expired(run, instruction, row, call, expired, keys);
    } else if (state == 0) {
        state = fail_missing(run, instruction, row, call, keys);
    }
    return exact_of_state(state);
}

struct exact_value exact_lookup(struct exact_run *run, uint32_t instruction, uint32_t row,
                                const struct exact_value operands[3])
{
    const struct instruction *at = &run->program->code[instruction];
    const struct program *program = run->program;
    switch (at->op) {
    case OP_KEY:
        return find_key(run, &program->tables[at->imm].dimensions[at->b], operands[0].code);
    case OP_STEP_KEY:
        return find_step(run, &program->tables[at->imm].dimensions[at->b], operands[0].number);
    case OP_CELL:
        return find_row(run, &program->tables[at->imm], operands);
    case OP_COLUMN: {
        const struct prog_table *table = &program->tables[run->shapes[at->a].of & ~ROW_OF_TABLE];
        return find_cell(run, &table->columns[at->imm], operands[0].code);
    }
    default: /* FACTOR */
        return find_factor(run, instruction, row);
    }
}
