#include "vm/trace.h"

#include <stdlib.h>

#include "vm/opcodes.h"

/* Through what a value may go and still be the same quantity: other units, other axes. */
static bool is_passage(uint32_t op)
{
    return op == OP_SPREAD || op == OP_SPREAD2 || op == OP_CONVERT || op == OP_RETAG || op == OP_NEED ||
           op == OP_WITHIN;
}

static void find_emission_units(struct trace *trace)
{
    const struct program *program = trace->run->program;
    trace->is_emission = arena_array(trace->arena, bool, program->unit_count);
    for (uint32_t u = 0; u < program->unit_count; u++) {
        const struct kind *kind = &program->units[u].kind;
        for (uint16_t k = 0; k < kind->count; k++) {
            const struct prog_generator *generator = &program->generators[kind->factors[k].generator];
            bool is_co2e = !generator->is_tag && str_eq(program->texts[generator->name], STR("CO2e"));
            trace->is_emission[u] = trace->is_emission[u] || is_co2e;
        }
    }
}

/* What is CO2e and enters only emissions of a gas is the potential of that gas, which makes it comparable with others:
   no factor. */
static void find_potentials(struct trace *trace)
{
    enum { OF_GAS = 1, OF_OTHERS = 2 };
    const struct program *program = trace->run->program;
    uint8_t *enters = arena_array(trace->arena, uint8_t, program->code_count);
    trace->is_potential = arena_array(trace->arena, bool, program->code_count);
    for (uint32_t i = program->code_count; i-- > 0;) {
        const struct instruction *at = &program->code[i];
        const struct opcode_info *info = opcode_info(at->op);
        const uint32_t operands[3] = {at->a, at->b, at->c};
        if (at->op == OP_EMIT) {
            enters[i] = program->parts[at->b].gas == NO_INDEX ? OF_OTHERS : OF_GAS;
        }
        for (int k = 0; k < 3; k++) {
            if (operand_is_instruction(info->operand[k]) && operands[k] != NO_OPERAND) {
                enters[operands[k]] |= enters[i];
            }
        }
        bool is_number = trace->run->shapes[i].type == VALUE_NUMBER;
        trace->is_potential[i] = enters[i] == OF_GAS && is_number && trace->is_emission[trace->run->shapes[i].unit];
    }
}

static void find_factors_behind(struct trace *trace)
{
    const struct program *program = trace->run->program;
    trace->factor_behind = arena_array(trace->arena, uint32_t, program->code_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        uint32_t behind = at->op == OP_FACTOR ? at->imm : is_passage(at->op) ? trace->factor_behind[at->a] : NO_INDEX;
        trace->factor_behind[i] = at->op == OP_ELSE ? trace->factor_behind[at->b] : behind;
    }
}

static void share(struct trace *trace, uint32_t operand, bool is_read_elsewhere)
{
    trace->is_shared[operand] = trace->is_shared[operand] || is_read_elsewhere;
}

/* What is summed over the rows of the rule, or looked up among them, belongs to all of them. */
static void find_shared(struct trace *trace)
{
    const struct program *program = trace->run->program;
    trace->is_shared = arena_array(trace->arena, bool, program->code_count);
    for (uint32_t i = program->code_count; i-- > 0;) {
        const struct instruction *at = &program->code[i];
        const struct opcode_info *info = opcode_info(at->op);
        const uint32_t operands[3] = {at->a, at->b, at->c};
        bool is_over_rows = info->imm == IMM_AXIS && at->imm == program->rule.row_axis;
        for (int k = 0; k < 3; k++) {
            bool is_picked = info->operand[k] == OPERAND_OTHER;
            if (operand_is_instruction(info->operand[k]) && operands[k] != NO_OPERAND) {
                share(trace, operands[k], trace->is_shared[i] || is_over_rows || is_picked);
            }
        }
        const struct prog_axis *axis = &program->axes[info->imm == IMM_AXIS ? at->imm : AXIS_ID_CONSTANT];
        if (axis->kind == AXIS_RANGE) {
            share(trace, axis->first, trace->is_shared[i]);
            share(trace, axis->last, trace->is_shared[i]);
        }
    }
}

static void fill_instruction(struct trace *trace, uint32_t instruction)
{
    struct exact_run *run = trace->run;
    const struct exact_register *of = &run->registers[instruction];
    if (of->number == NULL && of->code == NULL) {
        return; /* a root */
    }
    uint32_t rows = run->axes[run->program->code[instruction].axis].rows;
    uint32_t count = of->step == 0 && rows > 1 ? 1 : rows;
    trace->basis[instruction] = arena_array(trace->arena, struct basis, (size_t)count + 1);
    for (uint32_t row = 0; row < count; row++) {
        trace->basis[instruction][row] = trace_own_basis(trace, instruction, row);
    }
}

struct trace *trace_new(struct exact_run *run)
{
    struct trace *trace = arena_new(run->arena, struct trace);
    trace->run = run;
    trace->arena = run->arena;
    trace->ground_keys = map_in(trace->arena);
    trace->sets = ground_sets_in(trace->arena);
    trace->basis = arena_array(trace->arena, struct basis *, run->program->code_count);
    find_emission_units(trace);
    find_potentials(trace);
    find_factors_behind(trace);
    find_shared(trace);
    for (uint32_t i = 0; i < run->program->code_count; i++) {
        fill_instruction(trace, i);
    }
    trace_find_openings(trace);
    return trace;
}

struct basis trace_basis(const struct trace *trace, uint32_t instruction, uint32_t row)
{
    if (trace->basis[instruction] == NULL) {
        return (struct basis){.set = 0};
    }
    return trace->basis[instruction][(size_t)row * trace->run->registers[instruction].step];
}

/* ---- of a row of the rule ---- */

static bool is_of_row(const struct trace *trace, const struct ground_place *place, uint32_t row)
{
    const struct exact_run *run = trace->run;
    uint16_t of = run->program->rule.row_axis;
    uint16_t axis = run->program->code[place->instruction].axis;
    bool is_bound = of != AXIS_ID_PRODUCT && program_axis_sees(run->program, axis, of) &&
                    !trace->is_shared[place->instruction] && run->registers[place->instruction].step > 0;
    return !is_bound || exact_row_seen(run, axis, place->row, of) == row;
}

static int compare_rows(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

uint32_t trace_ground_of_row(const struct trace *trace, uint32_t row, struct ground *ground)
{
    bool is_datum = ground->field != NO_INDEX;
    uint32_t *rows = arena_array(trace->arena, uint32_t, ground->place_count);
    size_t count = 0;
    uint32_t distinct = 0;
    for (size_t p = 0; p < ground->place_count; p++) {
        const struct ground_place *place = &ground->places[p];
        if (!is_of_row(trace, place, row)) {
            continue;
        }
        if (count == 0) {
            ground->instruction = place->instruction;
            ground->row = place->row;
            ground->field_row = place->field_row;
        }
        if (is_datum || place->instruction == ground->instruction) { /* one datum may be read by several */
            rows[count++] = is_datum ? place->field_row : place->row;
        }
    }
    if (count > 1) {
        qsort(rows, count, sizeof *rows, compare_rows);
    }
    for (size_t i = 0; i < count; i++) {
        distinct += i == 0 || rows[i] != rows[i - 1];
    }
    return distinct;
}

struct ground_set trace_grounds(const struct trace *trace, struct basis basis)
{
    return trace->sets.items[basis.set];
}

/* ---- what happened ---- */

static bool is_equal(const struct trace *trace, uint32_t instruction, const struct exact_value *a,
                     const struct exact_value *b)
{
    bool is_number = trace->run->shapes[instruction].type == VALUE_NUMBER;
    return a->state == STATE_GIVEN && b->state == STATE_GIVEN &&
           (is_number ? rat_eq(a->number, b->number) : a->code == b->code);
}

uint32_t trace_taken(const struct trace *trace, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &trace->run->program->code[instruction];
    struct exact_value first = exact_get(trace->run, at->a, row);
    switch (at->op) {
    case OP_SELECT:
        return first.code != 0 ? at->b : at->c;
    case OP_ELSE:
        return first.state == STATE_GIVEN ? at->a : at->b;
    case OP_AND:
        return first.code != 0 ? at->b : at->a;
    case OP_OR:
        return first.code != 0 ? at->a : at->b;
    default: { /* MIN, MAX */
        struct exact_value value = exact_get(trace->run, instruction, row);
        return is_equal(trace, instruction, &value, &first) ? at->a : at->b;
    }
    }
}

bool trace_counts(const struct trace *trace, uint32_t instruction, uint32_t row)
{
    uint32_t where = trace->run->program->code[instruction].b;
    if (where == NO_OPERAND) {
        return true;
    }
    struct exact_value condition = exact_get(trace->run, where, row);
    return condition.state == STATE_GIVEN && condition.code != 0;
}

bool trace_picked(const struct trace *trace, uint32_t instruction, uint32_t row, uint32_t *picked)
{
    const struct exact_run *run = trace->run;
    const struct instruction *at = &run->program->code[instruction];
    const struct exact_axis *axis = &run->axes[at->imm];
    struct exact_value value = exact_get(run, instruction, row);
    bool is_extreme = at->op == OP_LEAST || at->op == OP_GREATEST;
    bool is_visited = run->program->axes[at->imm].kind == AXIS_PAIR && run->shapes[instruction].of != at->imm;
    for (uint32_t r = axis->first[row]; value.state == STATE_GIVEN && r < axis->first[row + 1]; r++) {
        if (!trace_counts(trace, instruction, r)) {
            continue;
        }
        struct exact_value candidate =
            is_extreme ? exact_get(run, at->a, r) : exact_of_code(is_visited ? axis->other[r] : r);
        if (is_equal(trace, instruction, &candidate, &value)) {
            *picked = r;
            return true;
        }
    }
    return false;
}
