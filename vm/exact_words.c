/* Words for failures: the formula as written, values with their units, and the reason why a value is absent. */
#include "base/calendar.h"
#include "vm/exact_run.h"
#include "vm/value_text.h"

/* Reasons are looked for this many instructions deep; formulas people write need three or four. */
enum { REASON_STEPS = 32 };

struct str exact_label(const struct exact_run *run, uint32_t label)
{
    return label == NO_INDEX ? STR("") : run->program->labels[label];
}

struct str exact_expression(struct exact_run *run, uint32_t instruction)
{
    const struct prog_site *site = &run->program->sites[instruction];
    struct str text = exact_label(run, site->text);
    if (text.len == 0) {
        text = exact_label(run, site->path);
    }
    return text.len > 0 ? text : str_format(run->arena, "#%lu", (unsigned long)instruction);
}

/* ---- values ---- */

static struct str text_of_code(const struct exact_run *run, int64_t code)
{
    return code >= 0 && code < run->batch->text_count ? run->batch->texts[code] : STR("");
}

struct str exact_value_text(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    struct exact_value value = exact_get(run, instruction, row);
    const struct value_shape *shape = &run->shapes[instruction];
    if (value.state != STATE_GIVEN) {
        return STR("?");
    }
    switch ((enum value_type)shape->type) {
    case VALUE_NUMBER:
        return value_number_text(run->arena, run->program, run->shapes[instruction].unit, value.number);
    case VALUE_BOOL:
        return value.code != 0 ? STR("true") : STR("false");
    case VALUE_MEMBER:
        return run->program->texts[run->program->choices[shape->of].members[value.code].name];
    case VALUE_TEXT:
        return str_format(run->arena, "\"%.*s\"", STR_FMT(text_of_code(run, value.code)));
    case VALUE_YEAR:
        return str_format(run->arena, "%lld", (long long)value.code);
    case VALUE_DATE:
        return calendar_text(run->arena, value.code);
    case VALUE_ROW:
    case VALUE_KEY:
        return str_format(run->arena, "%lld", (long long)value.code + 1);
    }
    return STR("");
}

struct str exact_name(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    bool is_text = run->shapes[instruction].type == VALUE_TEXT;
    return is_text ? text_of_code(run, exact_get(run, instruction, row).code) : exact_value_text(run, instruction, row);
}

struct str exact_field_path(struct exact_run *run, uint32_t field, uint32_t axis, uint32_t row)
{
    struct str name = run->program->texts[run->program->fields[field].name];
    struct str outer = exact_row_path(run, axis, row);
    if (outer.len == 0) {
        return name;
    }
    return str_join(run->arena, (const struct str[]){outer, name}, 2, STR("."));
}

/* ---- why is it absent? ---- */

struct reason { /* a value whose absence is to be explained */
    uint32_t instruction;
    uint32_t row;
};

static bool is_absent(const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    return instruction != NO_OPERAND && exact_get(run, instruction, row).state == STATE_ABSENT;
}

/* The operand through which the absence came, with its row; false where the instruction itself is the reason. */
static bool step_back(struct exact_run *run, struct reason *reason)
{
    const struct instruction *at = &run->program->code[reason->instruction];
    uint32_t row = reason->row;
    switch (at->op) {
    case OP_SPREAD:
        *reason = (struct reason){at->a, exact_row_outside(run, at->axis, row, run->program->code[at->a].axis)};
        return true;
    case OP_SPREAD2:
        *reason = (struct reason){at->a, exact_row_visited(run, at->axis, row, run->program->code[at->a].axis)};
        return true;
    case OP_ELSE:
        *reason = (struct reason){at->b, row};
        return true;
    case OP_SELECT:
        *reason = (struct reason){exact_get(run, at->a, row).code != 0 ? at->b : at->c, row};
        return true;
    case OP_TAKE:
        *reason = is_absent(run, at->a, row) ? (struct reason){at->a, row}
                                             : (struct reason){at->b, (uint32_t)exact_get(run, at->a, row).code};
        return true;
    case OP_COLUMN:
        reason->instruction = at->a;
        return is_absent(run, at->a, row);
    case OP_CELL: {
        const uint32_t codes[3] = {at->a, at->b, at->c};
        for (int k = 0; k < 3; k++) {
            if (is_absent(run, codes[k], row)) {
                reason->instruction = codes[k];
                return true;
            }
        }
        return false;
    }
    default:
        return false;
    }
}

/* The values under which a table is looked up at a CELL. */
static struct str cell_keys(struct exact_run *run, uint32_t cell, uint32_t row)
{
    const struct instruction *at = &run->program->code[cell];
    const uint32_t codes[3] = {at->a, at->b, at->c};
    struct str keys[3];
    size_t count = 0;
    for (int k = 0; k < 3 && codes[k] != NO_OPERAND; k++) {
        struct reason key = {codes[k], row};
        const struct instruction *looked_up = &run->program->code[key.instruction];
        while (looked_up->op == OP_SPREAD || looked_up->op == OP_SPREAD2) {
            step_back(run, &key);
            looked_up = &run->program->code[key.instruction];
        }
        bool is_key = looked_up->op == OP_KEY || looked_up->op == OP_STEP_KEY;
        keys[count++] = is_key ? exact_value_text(run, looked_up->a, key.row) : STR("?");
    }
    return str_join(run->arena, keys, count, STR(", "));
}

static struct str table_name(const struct exact_run *run, uint32_t table)
{
    return run->program->texts[run->program->tables[table].name];
}

static uint32_t fail_no_row(struct exact_run *run, struct reason need, uint32_t table, struct str keys)
{
    return exact_fail(run, need.instruction, need.row, D_NO_TABLE_ROW, DIAG_ARGS(keys, table_name(run, table)));
}

/* The key of the table that is nearest to a text; "" where none is near. */
static struct str nearest_key(struct exact_run *run, const struct instruction *key, uint32_t row)
{
    const size_t longest = 200; /* bytes; comparing has its price */
    const struct prog_dimension *dimension = &run->program->tables[key->imm].dimensions[key->b];
    if (dimension->type != VALUE_TEXT) {
        return STR("");
    }
    struct str text = text_of_code(run, exact_get(run, key->a, row).code);
    struct str *keys = arena_array(run->arena, struct str, dimension->key_count);
    for (uint32_t k = 0; k < dimension->key_count; k++) {
        keys[k] = run->program->texts[run->program->constants[dimension->keys[k]].text];
    }
    return text.len > longest ? STR("") : str_nearest(text, keys, dimension->key_count);
}

/* The field that gives the value, with its row; "" where it is computed. */
static struct str field_of_value(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    struct reason reason = {instruction, row};
    const struct instruction *at = &run->program->code[instruction];
    while (at->op == OP_SPREAD || at->op == OP_SPREAD2) {
        step_back(run, &reason);
        at = &run->program->code[reason.instruction];
    }
    return at->op == OP_FIELD ? exact_field_path(run, at->a, at->axis, reason.row) : STR("");
}

/* A value that is no key of the table, with where it comes from and what it may have been meant to be. */
static uint32_t fail_no_key(struct exact_run *run, struct reason need, struct reason key)
{
    const struct instruction *at = &run->program->code[key.instruction];
    bool has_room = exact_has_room(run, need.instruction);
    uint32_t state = fail_no_row(run, need, at->imm, exact_value_text(run, at->a, key.row));
    if (!has_room) {
        return state;
    }
    struct str nearest = nearest_key(run, at, key.row);
    struct str field = field_of_value(run, at->a, key.row);
    if (field.len > 0) {
        exact_add_note(run, state, (struct diag_text){T_RUN_KEY_FIELD, {field}});
    }
    if (nearest.len > 0) {
        exact_add_note(run, state, (struct diag_text){T_RUN_KEY_NEAREST, {nearest}});
    }
    return state;
}

static uint32_t fail_empty_cell(struct exact_run *run, struct reason need, struct reason column)
{
    const struct instruction *at = &run->program->code[column.instruction];
    uint32_t table = run->shapes[at->a].of & ~ROW_OF_TABLE;
    struct str name = run->program->texts[run->program->tables[table].columns[at->imm].name];
    bool is_cell = run->program->code[at->a].op == OP_CELL;
    struct str keys = is_cell ? cell_keys(run, at->a, column.row)
                              : str_format(run->arena, "#%lld", (long long)exact_get(run, at->a, column.row).code + 1);
    struct str cell[2] = {table_name(run, table), name};
    struct str place = str_join(run->arena, cell, name.len > 0 ? 2 : 1, STR("."));
    return exact_fail(run, need.instruction, need.row, D_EMPTY_CELL, DIAG_ARGS(place, keys));
}

static uint32_t fail_because(struct exact_run *run, struct reason need, struct reason reason)
{
    const struct instruction *at = &run->program->code[reason.instruction];
    switch (at->op) {
    case OP_FIELD:
        return exact_fail(
            run, need.instruction, need.row, D_VALUE_MISSING,
            DIAG_ARGS(exact_field_path(run, at->a, at->axis, reason.row), exact_expression(run, need.instruction)));
    case OP_KEY:
    case OP_STEP_KEY:
        return fail_no_key(run, need, reason);
    case OP_CELL:
        return fail_no_row(run, need, at->imm, cell_keys(run, reason.instruction, reason.row));
    case OP_COLUMN:
        return fail_empty_cell(run, need, reason);
    case OP_MATCH: {
        const struct instruction *datum = &run->program->code[at->b];
        struct str name = datum->op == OP_FIELD ? run->program->texts[run->program->fields[datum->a].name] : STR("key");
        return exact_fail(
            run, need.instruction, need.row, D_NO_KEY,
            DIAG_ARGS(exact_axis_name(run, datum->axis), name, exact_value_text(run, at->a, reason.row)));
    }
    case OP_ONLY:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_LEAST:
    case OP_GREATEST:
        return exact_fail(run, need.instruction, need.row, D_NO_ROW,
                          DIAG_ARGS(exact_axis_name(run, at->imm), exact_expression(run, reason.instruction)));
    default:
        return exact_fail(run, need.instruction, need.row, D_VALUE_ABSENT,
                          DIAG_ARGS(exact_expression(run, need.instruction)));
    }
}

uint32_t exact_fail_missing(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    struct reason need = {instruction, row};
    if (!exact_has_room(run, instruction)) {
        return exact_fail(run, instruction, row, D_VALUE_ABSENT, NULL, 0);
    }
    struct reason reason = {run->program->code[instruction].a, row};
    for (int steps = 0; steps < REASON_STEPS; steps++) {
        struct reason next = reason;
        if (!step_back(run, &next)) {
            break;
        }
        reason = next;
    }
    return fail_because(run, need, reason);
}

/* ---- what must be alive for that ---- */

static bool is_looked_through(uint32_t op)
{
    return op == OP_SPREAD || op == OP_SPREAD2 || op == OP_ELSE || op == OP_SELECT || op == OP_TAKE ||
           op == OP_COLUMN || op == OP_CELL || op == OP_KEY || op == OP_STEP_KEY || op == OP_MATCH;
}

static bool is_comparison(uint32_t op)
{
    return op == OP_LT || op == OP_LE || op == OP_EQ;
}

/* Of a condition, what decides it; of what is compared, why it is absent. */
static size_t reasons_of(const struct instruction *at, bool is_condition)
{
    switch ((int)at->op) {
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_AND:
    case OP_OR:
    case OP_ANY:
        return is_condition ? 2 : 0;
    case OP_NOT:
        return is_condition ? 1 : 0;
    case OP_KEY:
    case OP_STEP_KEY:
    case OP_MATCH:
        return 1;
    default:
        return is_looked_through(at->op) ? 3 : 0;
    }
}

void exact_visit_reasons(const struct program *program, uint32_t instruction,
                         void (*visit)(void *context, uint32_t instruction), void *context)
{
    uint32_t pending[REASON_STEPS] = {program->code[instruction].a};
    bool is_condition[REASON_STEPS] = {program->code[instruction].op == OP_REQUIRE};
    bool is_explained = is_condition[0] || program->code[instruction].op == OP_NEED;
    size_t count = 1;
    for (size_t i = 0; is_explained && i < count; i++) {
        const struct instruction *at = &program->code[pending[i]];
        const uint32_t operands[3] = {at->a, at->b, at->c};
        size_t used = reasons_of(at, is_condition[i]);
        visit(context, pending[i]);
        for (size_t k = 0; k < used && count < REASON_STEPS; k++) {
            if (operands[k] < pending[i]) { /* NO_OPERAND is larger */
                is_condition[count] = is_condition[i] && !is_comparison(at->op);
                pending[count++] = operands[k];
            }
        }
    }
}
