/* Room for what engines find out, row by row of the results. */
#include "base/arena.h"
#include "vm/batch.h"

static int64_t whole_constant(const struct program *program, uint32_t instruction)
{
    int64_t value = 0;
    (void)rat_to_i64(program->constants[program->code[instruction].a].number, &value); /* the verifier has looked */
    return value;
}

uint32_t outcome_row_count(const struct batch *batch, uint32_t product)
{
    const struct program *program = batch->program;
    const struct prog_axis *axis = &program->axes[program->rule.row_axis];
    if (axis->kind == AXIS_LIST) {
        const uint32_t *first = batch->lists[axis->list].first;
        return first[product + 1] - first[product];
    }
    if (axis->kind == AXIS_RANGE) {
        return (uint32_t)(whole_constant(program, axis->last) - whole_constant(program, axis->first) + 1);
    }
    return 1;
}

bool outcome_is_too_large(const struct program *program, uint32_t row_count)
{
    uint64_t figures = (uint64_t)program->part_count + program->output_count + program->stage_count + 1;
    return row_count > 1 && row_count * figures > LIMIT_RESULT_FIGURES;
}

/* Arrays of all rows lie next to each other: one allocation of each kind. */
static void init_rows(struct arena *arena, const struct program *program, bool is_exact, struct outcome_row *rows,
                      size_t count)
{
    size_t parts = program->part_count;
    size_t outputs = program->output_count;
    size_t grades = program->grade_count;
    double *doubles = arena_array(arena, double, count *(2 * parts + 2 * outputs + grades));
    uint8_t *flags = arena_array(arena, uint8_t, count * (parts + outputs + program->stage_count + 2 * grades));
    for (size_t r = 0; r < count; r++) {
        rows[r] = (struct outcome_row){
            .part_double = doubles,
            .part_bound = doubles + parts,
            .output_double = doubles + 2 * parts,
            .output_bound = doubles + 2 * parts + outputs,
            .limit_double = doubles + 2 * parts + 2 * outputs,
            .part_given = flags,
            .output_given = flags + parts,
            .is_kept = {flags + parts + outputs, flags + parts + outputs + grades},
            .stage_given = flags + parts + outputs + 2 * grades,
            .reference = RAT_ONE,
            .reference_double = 1
        };
        doubles += 2 * parts + 2 * outputs + grades;
        flags += parts + outputs + 2 * grades + program->stage_count;
    }
    if (!is_exact) {
        return;
    }
    struct rat *rats = arena_array(arena, struct rat, count * (parts + outputs + grades));
    for (size_t i = 0; i < count * (parts + outputs + grades); i++) {
        rats[i] = RAT_ZERO;
    }
    for (size_t r = 0; r < count; r++, rats += parts + outputs + grades) {
        rows[r].part = rats;
        rows[r].output = rats + parts;
        rows[r].limit = rats + parts + outputs;
    }
}

void outcomes_init(struct arena *arena, const struct batch *batch, uint32_t first, uint32_t count, bool is_exact,
                   struct outcome *outcomes)
{
    const struct program *program = batch->program;
    size_t row_count = 0;
    for (uint32_t p = 0; p < count; p++) {
        uint32_t rows = batch->products[first + p].is_bound ? outcome_row_count(batch, first + p) : 0;
        outcomes[p] = (struct outcome){.is_exact = is_exact};
        outcomes[p].row_count = outcome_is_too_large(program, rows) ? 0 : rows;
        row_count += outcomes[p].row_count;
    }
    struct outcome_row *rows = arena_array(arena, struct outcome_row, row_count);
    init_rows(arena, program, is_exact, rows, row_count);
    for (uint32_t p = 0; p < count; p++) {
        outcomes[p].rows = rows;
        rows += outcomes[p].row_count;
    }
}

void outcome_add_wholes(struct arena *arena, const struct program *program, struct outcome *outcome)
{
    size_t parts = program->part_count;
    struct rat *wholes = arena_array(arena, struct rat, outcome->row_count * parts);
    uint8_t *given = arena_array(arena, uint8_t, outcome->row_count * parts);
    for (size_t i = 0; i < outcome->row_count * parts; i++) {
        wholes[i] = RAT_ZERO;
    }
    for (size_t r = 0; r < outcome->row_count; r++) {
        outcome->rows[r].whole = wholes + r * parts;
        outcome->rows[r].whole_given = given + r * parts;
    }
}
