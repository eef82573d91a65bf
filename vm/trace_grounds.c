/* What the value of each instruction rests on, from what its operands rest on. */
#include <string.h>

#include "vm/opcodes.h"
#include "vm/trace.h"

static uint16_t worse(uint16_t a, uint16_t b)
{
    return a > b ? a : b;
}

struct basis basis_joined(struct trace *trace, struct basis a, struct basis b)
{
    return (struct basis){.set = ground_sets_union(&trace->sets, a.set, b.set),
                          .datum_quality = worse(a.datum_quality, b.datum_quality),
                          .factor_quality = worse(a.factor_quality, b.factor_quality),
                          .origins = a.origins | b.origins};
}

struct basis basis_decided(struct trace *trace, struct basis a, struct basis decider)
{
    a.set = ground_sets_union(&trace->sets, a.set, decider.set);
    return a;
}

static struct basis with_ground(struct trace *trace, struct basis basis, uint32_t ground)
{
    basis.set = ground_sets_union(&trace->sets, basis.set, ground_sets_one(&trace->sets, ground));
    return basis;
}

/* ---- grounds ---- */

static void add_place(struct trace *trace, struct ground *to, const struct ground *from)
{
    arena_grow(trace->arena, to->places, to->place_count, to->place_cap);
    to->places[to->place_count++] = (struct ground_place){from->instruction, from->row, from->field_row};
}

uint32_t trace_ground(struct trace *trace, const struct ground *ground, struct str identity)
{
    uint32_t number = 0;
    if (map_get(&trace->ground_keys, identity, &number)) {
        add_place(trace, &trace->grounds[number], ground);
        return number;
    }
    number = (uint32_t)trace->ground_count;
    arena_grow(trace->arena, trace->grounds, trace->ground_count, trace->ground_cap);
    trace->grounds[trace->ground_count++] = *ground;
    add_place(trace, &trace->grounds[number], ground);
    map_add(&trace->ground_keys, str_copy(trace->arena, identity), number);
    return number;
}

/* What tells one ground from another. */
static uint32_t ground_of(struct trace *trace, const struct ground *ground, int64_t a, int64_t b, int64_t c, int64_t d)
{
    const int64_t identity[5] = {ground->kind, a, b, c, d};
    return trace_ground(trace, ground, (struct str){(const char *)identity, sizeof identity});
}

static struct ground ground_at(enum ground_kind kind, uint32_t instruction, uint32_t row)
{
    return (struct ground){.kind = kind, .instruction = instruction, .row = row, .field = NO_INDEX, .factor = NO_INDEX};
}

/* ---- constants and data ---- */

/* An amount of CO2e by itself or per something, that is not the potential of a gas. */
static struct basis of_constant(struct trace *trace, uint32_t instruction)
{
    uint16_t unit = trace->run->program->code[instruction].unit;
    struct exact_value value = exact_get(trace->run, instruction, 0);
    bool is_number = trace->run->shapes[instruction].type == VALUE_NUMBER;
    if (!is_number || !trace->is_emission[unit] || trace->is_potential[instruction] || rat_sign(value.number) == 0) {
        return (struct basis){.set = 0};
    }
    struct ground ground = ground_at(GROUND_CONSTANT, instruction, 0);
    return with_ground(trace, (struct basis){.origins = BASIS_OTHER_FACTOR},
                       ground_of(trace, &ground, instruction, 0, 0, 0));
}

static uint32_t supplier(struct trace *trace, uint32_t field, uint32_t row, uint32_t instruction, uint32_t at_row)
{
    struct ground ground = ground_at(GROUND_SUPPLIER, instruction, at_row);
    ground.field = field;
    ground.field_row = row;
    return ground_of(trace, &ground, field, row, 0, 0);
}

static struct basis of_datum(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    uint32_t in_batch = run->axes[at->axis].base + row;
    const struct about *about = batch_about(run->batch, at->a, in_batch);
    struct basis basis = {.set = 0};
    if (exact_get(run, instruction, row).state != STATE_GIVEN) {
        return basis;
    }
    bool is_estimated = about != NULL && about->is_estimated;
    bool is_primary = batch_is_primary(run->batch, at->a, in_batch) && !is_estimated;
    uint16_t quality = about == NULL ? 0 : about->quality;
    enum value_type type = (enum value_type)run->shapes[instruction].type;
    if (type == VALUE_NUMBER && trace->is_emission[at->unit]) {
        basis = (struct basis){.origins = is_primary ? BASIS_PRIMARY_FACTOR : BASIS_OTHER_FACTOR,
                               .factor_quality = quality};
        basis = with_ground(trace, basis, supplier(trace, at->a, in_batch, instruction, row));
    } else if (type == VALUE_NUMBER || type == VALUE_YEAR) {
        basis =
            (struct basis){.origins = is_primary ? BASIS_PRIMARY_DATUM : BASIS_OTHER_DATUM, .datum_quality = quality};
    }
    if (is_estimated) {
        struct ground ground = ground_at(GROUND_ESTIMATE, instruction, row);
        ground.field = at->a;
        ground.field_row = in_batch;
        basis = with_ground(trace, basis, ground_of(trace, &ground, at->a, 0, 0, 0));
    }
    return basis;
}

/* ---- x default e ---- */

bool trace_datum(const struct trace *trace, uint32_t instruction, uint32_t row, uint32_t *field, uint32_t *at_row)
{
    const struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    while (at->op != OP_FIELD) {
        uint32_t next = at->a;
        struct exact_value picked;
        switch (at->op) {
        case OP_SPREAD:
            row = exact_row_outside(run, at->axis, row, run->program->code[next].axis);
            break;
        case OP_SPREAD2:
            row = exact_row_visited(run, at->axis, row, run->program->code[next].axis);
            break;
        case OP_TAKE:
            picked = exact_get(run, at->a, row);
            if (picked.state != STATE_GIVEN) {
                return false;
            }
            row = (uint32_t)picked.code;
            next = at->b;
            break;
        case OP_CONVERT:
        case OP_RETAG:
        case OP_NEED:
        case OP_WITHIN:
            break;
        default:
            return false;
        }
        at = &run->program->code[next];
    }
    *field = at->a;
    *at_row = run->axes[at->axis].base + row;
    return true;
}

/* A datum in place of a factor counts as one. */
static struct basis as_factor(struct basis basis)
{
    uint8_t origins = basis.origins & (BASIS_PRIMARY_FACTOR | BASIS_OTHER_FACTOR);
    origins |= basis.origins & BASIS_PRIMARY_DATUM ? BASIS_PRIMARY_FACTOR : 0;
    origins |= basis.origins & BASIS_OTHER_DATUM ? BASIS_OTHER_FACTOR : 0;
    basis.factor_quality = worse(basis.factor_quality, basis.datum_quality);
    basis.datum_quality = 0;
    basis.origins = origins;
    return basis;
}

static struct basis of_default(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    uint32_t factor = trace->factor_behind[at->b];
    uint32_t field = NO_INDEX;
    uint32_t field_row = 0;
    bool is_datum = trace_datum(trace, at->a, row, &field, &field_row);
    if (exact_get(trace->run, at->a, row).state == STATE_GIVEN) {
        struct basis basis = trace_basis(trace, at->a, row);
        if (factor == NO_INDEX || !is_datum) {
            return basis;
        }
        uint32_t ground = supplier(trace, field, field_row, instruction, row);
        trace->grounds[ground].factor = factor;
        return with_ground(trace, as_factor(basis), ground);
    }
    struct basis basis = trace_basis(trace, at->b, row);
    bool is_noted = at->imm != 0 && exact_is_noted(trace->run, instruction, row);
    if (!is_noted || exact_get(trace->run, at->b, row).state != STATE_GIVEN) {
        return basis;
    }
    bool is_number = trace->run->shapes[instruction].type == VALUE_NUMBER;
    if (is_number && factor == NO_INDEX) {
        basis.origins |= trace->is_emission[at->unit] ? BASIS_OTHER_FACTOR : BASIS_OTHER_DATUM;
    }
    struct ground ground = ground_at(GROUND_DEFAULT, instruction, row);
    ground.field = field;
    ground.field_row = field_row;
    return with_ground(trace, basis,
                       ground_of(trace, &ground, is_datum ? field : -1 - (int64_t)instruction, at->b, 0, 0));
}

/* ---- products ---- */

static bool is_nothing(const struct trace *trace, uint32_t instruction, uint32_t row)
{
    struct exact_value value = exact_get(trace->run, instruction, row);
    return value.state == STATE_GIVEN && rat_sign(value.number) == 0;
}

/* Times zero any other number would do as well: the product does not rest on it. */
static struct basis of_product(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    struct basis first = trace_basis(trace, at->a, row);
    struct basis second = trace_basis(trace, at->b, row);
    first.set = is_nothing(trace, at->b, row) ? 0 : first.set;
    second.set = is_nothing(trace, at->a, row) ? 0 : second.set;
    return basis_joined(trace, first, second);
}

/* ---- choices ---- */

static struct basis of_choice(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    struct basis taken = trace_basis(trace, trace_taken(trace, instruction, row), row);
    if (at->op == OP_MIN || at->op == OP_MAX) {
        taken = basis_decided(trace, taken, trace_basis(trace, at->b, row));
    }
    return basis_decided(trace, taken, trace_basis(trace, at->a, row));
}

static struct basis of_taken_row(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    struct exact_value picked = exact_get(trace->run, at->a, row);
    struct basis basis = {.set = 0};
    if (picked.state == STATE_GIVEN) {
        basis = trace_basis(trace, at->b, (uint32_t)picked.code);
    }
    return basis_decided(trace, basis, trace_basis(trace, at->a, row));
}

/* ---- aggregates ---- */

/* The list of the product that the rows of the axis belong to, directly or inside another list; NO_INDEX: none. */
static uint32_t list_of_product(const struct program *program, uint32_t axis)
{
    const struct prog_axis *shape = &program->axes[axis];
    if (shape->kind == AXIS_PAIR) {
        shape = &program->axes[shape->list];
    }
    if (shape->kind != AXIS_LIST) {
        return NO_INDEX;
    }
    uint32_t list = shape->list;
    while (program->fields[list].parent != NO_INDEX) {
        list = program->fields[list].parent;
    }
    return list;
}

static struct basis with_absent_list(struct trace *trace, uint32_t instruction, uint32_t row, uint32_t axis,
                                     struct basis basis)
{
    const struct exact_run *run = trace->run;
    uint32_t list = list_of_product(run->program, axis);
    if (list == NO_INDEX || run->batch->columns[list].given[run->product]) {
        return basis;
    }
    struct ground ground = ground_at(GROUND_LIST_ABSENT, instruction, row);
    ground.field = list;
    return with_ground(trace, basis, ground_of(trace, &ground, list, 0, 0, 0));
}

/* A row that adds nothing to a sum to which others add has no part in it; of a sum that is zero each row may have one. */
static bool has_part(const struct trace *trace, uint32_t instruction, uint32_t row, bool is_zero)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    return at->op != OP_SUM || is_zero || !is_nothing(trace, at->a, row);
}

/* All rows that count, and the conditions under which they do. */
static struct basis of_all_rows(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    const struct exact_axis *axis = &trace->run->axes[at->imm];
    bool has_value = at->op == OP_SUM || at->op == OP_ANY;
    bool is_zero = at->op == OP_SUM && is_nothing(trace, instruction, row);
    struct basis all = {.set = 0};
    for (uint32_t r = axis->first[row]; r < axis->first[row + 1]; r++) {
        if (!trace_counts(trace, instruction, r)) {
            continue;
        }
        struct basis basis = has_value ? trace_basis(trace, at->a, r) : (struct basis){.set = 0};
        ground_sets_add(&trace->sets, has_part(trace, instruction, r, is_zero) ? basis.set : 0);
        ground_sets_add(&trace->sets, at->b == NO_OPERAND ? 0 : trace_basis(trace, at->b, r).set);
        all.datum_quality = worse(all.datum_quality, basis.datum_quality);
        all.factor_quality = worse(all.factor_quality, basis.factor_quality);
        all.origins |= basis.origins;
    }
    all.set = ground_sets_gather(&trace->sets);
    return with_absent_list(trace, instruction, row, at->imm, all);
}

static struct basis of_picked_row(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    struct basis basis = {.set = 0};
    uint32_t picked;
    if (trace_picked(trace, instruction, row, &picked)) {
        basis = at->op == OP_ONLY ? basis : trace_basis(trace, at->a, picked);
        basis = at->b == NO_OPERAND ? basis : basis_decided(trace, basis, trace_basis(trace, at->b, picked));
    }
    return with_absent_list(trace, instruction, row, at->imm, basis);
}

/* A row found by its key: the value looked for and the key of the row decide. */
static struct basis of_matched_row(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    struct exact_value found = exact_get(run, instruction, row);
    struct basis basis = basis_decided(trace, (struct basis){.set = 0}, trace_basis(trace, at->a, row));
    if (found.state == STATE_GIVEN) {
        basis = basis_decided(trace, basis, trace_basis(trace, at->b, (uint32_t)found.code));
    }
    return with_absent_list(trace, instruction, row, run->program->code[at->b].axis, basis);
}

/* ---- tables and factors ---- */

static struct basis of_cell(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    struct basis basis = basis_decided(trace, (struct basis){.set = 0}, trace_basis(trace, at->a, row));
    uint32_t table = run->shapes[at->a].of & ~ROW_OF_TABLE;
    bool is_number = run->shapes[instruction].type == VALUE_NUMBER;
    if (!is_number || trace->is_potential[instruction] || exact_get(run, instruction, row).state != STATE_GIVEN) {
        return basis;
    }
    struct ground ground = ground_at(GROUND_CELL, instruction, row);
    ground.table = table;
    ground.column = at->imm;
    ground.table_row = (uint32_t)exact_get(run, at->a, row).code;
    basis.origins = BASIS_OTHER_FACTOR;
    return with_ground(trace, basis, ground_of(trace, &ground, table, at->imm, ground.table_row, 0));
}

static struct basis of_factor(struct trace *trace, uint32_t instruction, uint32_t row)
{
    struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    const uint32_t operands[LIMIT_FACTOR_KEYS] = {at->a, at->b, at->c};
    int64_t codes[LIMIT_FACTOR_KEYS] = {0};
    struct factor_key keys[LIMIT_FACTOR_KEYS];
    struct basis basis = {.set = 0};
    const struct factor_value *value = exact_factor(run, instruction, row, keys);
    for (int k = 0; k < LIMIT_FACTOR_KEYS && operands[k] != NO_OPERAND; k++) {
        codes[k] = exact_get(run, operands[k], row).code;
        basis = basis_decided(trace, basis, trace_basis(trace, operands[k], row));
    }
    struct ground ground = ground_at(GROUND_FACTOR, instruction, row);
    ground.factor = at->imm;
    ground.value = value;
    basis.origins = value->origin == PROG_ORIGIN_PRIMARY ? BASIS_PRIMARY_FACTOR : BASIS_OTHER_FACTOR;
    basis.factor_quality = value->quality;
    return with_ground(trace, basis, ground_of(trace, &ground, at->imm, codes[0], codes[1], codes[2]));
}

/* ---- all ---- */

/* Numbers enter the value; what else is looked at decides about it. */
static struct basis of_operands(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    const struct opcode_info *info = opcode_info(at->op);
    const uint32_t operands[3] = {at->a, at->b, at->c};
    struct basis basis = {.set = 0};
    for (int k = 0; k < 3; k++) {
        if (!operand_is_instruction(info->operand[k]) || operands[k] == NO_OPERAND) {
            continue;
        }
        struct basis operand = trace_basis(trace, operands[k], row);
        bool enters =
            trace->run->shapes[operands[k]].type == VALUE_NUMBER || trace->run->shapes[operands[k]].type == VALUE_YEAR;
        basis = enters ? basis_joined(trace, basis, operand) : basis_decided(trace, basis, operand);
    }
    return basis;
}

/* An external function decides what its values are. */
static struct basis of_call(struct trace *trace, uint32_t instruction, uint32_t row)
{
    uint32_t native = trace->run->program->code[instruction].imm;
    struct ground ground = ground_at(GROUND_NATIVE, instruction, row);
    ground.native = native;
    return with_ground(trace, of_operands(trace, instruction, row), ground_of(trace, &ground, native, 0, 0, 0));
}

struct basis trace_own_basis(struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    if (is_poison(exact_get(run, instruction, row).state)) {
        return (struct basis){.set = 0};
    }
    switch (at->op) { /* one by one: those that do more than to compute from all of their operands */
    case OP_CONST:
        return of_constant(trace, instruction);
    case OP_FIELD:
        return of_datum(trace, instruction, row);
    case OP_GIVEN:
        return (struct basis){.set = 0};
    case OP_ELSE:
        return of_default(trace, instruction, row);
    case OP_SPREAD:
        return trace_basis(trace, at->a, exact_row_outside(run, at->axis, row, run->program->code[at->a].axis));
    case OP_SPREAD2:
        return trace_basis(trace, at->a, exact_row_visited(run, at->axis, row, run->program->code[at->a].axis));
    case OP_TAKE:
        return of_taken_row(trace, instruction, row);
    case OP_MUL:
        return of_product(trace, instruction, row);
    case OP_MIN:
    case OP_MAX:
    case OP_AND:
    case OP_OR:
    case OP_SELECT:
        return of_choice(trace, instruction, row);
    case OP_SUM:
    case OP_COUNT:
    case OP_ANY:
        return of_all_rows(trace, instruction, row);
    case OP_LEAST:
    case OP_GREATEST:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
        return of_picked_row(trace, instruction, row);
    case OP_MATCH:
        return of_matched_row(trace, instruction, row);
    case OP_COLUMN:
        return of_cell(trace, instruction, row);
    case OP_CALL:
        return of_call(trace, instruction, row);
    case OP_FACTOR:
        return of_factor(trace, instruction, row);
    default:
        return of_operands(trace, instruction, row);
    }
}
