/* Registers of the exact engine: who needs a value last, and arrays that are used again after that. So memory is
   bounded by the registers alive at one time, not by the length of the program. */
#include <assert.h>
#include <string.h>

#include "base/elementary.h"
#include "vm/exact_run.h"
#include "vm/opcodes.h"

/* Shorter arrays are not worth keeping account of. */
enum { POOLED_ROWS = 64 };

struct exact_spare { /* lies in the free array itself */
    struct exact_spare *next;
};

static void use(uint32_t *last_use, uint32_t operand, uint32_t at)
{
    if (operand != NO_OPERAND && last_use[operand] < at) {
        last_use[operand] = at;
    }
}

struct extension {
    uint32_t *last_use;
    uint32_t at;
};

static void extend(void *context, uint32_t instruction)
{
    const struct extension *extension = context;
    use(extension->last_use, instruction, extension->at);
}

void exact_visit_bounds(const struct program *program, uint32_t axis,
                        void (*visit)(void *context, uint32_t instruction), void *context)
{
    for (; axis != AXIS_ID_CONSTANT; axis = program->axes[axis].parent) {
        if (program->axes[axis].kind == AXIS_RANGE) {
            visit(context, program->axes[axis].first);
            visit(context, program->axes[axis].last);
        }
    }
}

static uint32_t *find_last_uses(struct arena *arena, const struct program *program)
{
    uint32_t *last_use = arena_array(arena, uint32_t, program->code_count);
    bool *is_made = arena_array(arena, bool, program->axis_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *instruction = &program->code[i];
        const struct opcode_info *info = opcode_info(instruction->op);
        const uint32_t operands[3] = {instruction->a, instruction->b, instruction->c};
        uint32_t axis = info->imm == IMM_AXIS ? instruction->imm : instruction->axis;
        for (int k = 0; k < 3; k++) {
            use(last_use, operand_is_instruction(info->operand[k]) ? operands[k] : NO_OPERAND, i);
        }
        use(last_use, instruction->mask, i);
        struct extension extension = {last_use, i};
        if (!is_made[axis]) { /* a range axis is made at its first instruction, or at the first aggregate over it */
            is_made[axis] = true;
            exact_visit_bounds(program, axis, extend, &extension);
        }
        exact_visit_reasons(program, i, extend, &extension);
    }
    struct extension extension = {last_use, UINT32_MAX};
    program_visit_kept(program, KEPT_FOR_RESULTS, extend, &extension);
    program_visit_kept(program, KEPT_FOR_DETAIL, extend, &extension);
    return last_use;
}

struct exact *exact_new(struct arena *arena, const struct verified *verified, struct factor_binding *factors,
                        const struct native_binding *natives, uint64_t cost_limit)
{
    struct exact *exact = arena_new(arena, struct exact);
    exact->verified = verified;
    exact->program = verified->program;
    exact->factors = factors;
    exact->natives = natives;
    exact->cost_limit = cost_limit == 0 ? LIMIT_COST : cost_limit;
    exact->most = rat_pow(arena, rat_int(10), EXACT_EXPONENT_MAX);
    exact->least = rat_div(arena, RAT_ONE, exact->most);
    exact->last_use = find_last_uses(arena, verified->program);
    exact->arena.limit = (size_t)EXACT_MEBIBYTES_MAX << 20;
    return exact;
}

void exact_free(struct exact *exact)
{
    if (exact != NULL) {
        arena_free(&exact->arena);
        elementary_release();
    }
}

struct exact_value exact_get(const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct exact_register *from = &run->registers[instruction];
    size_t at = (size_t)row * from->step;
    if (from->number == NULL && from->code == NULL) {
        return exact_of_state(STATE_ABSENT); /* given back already: only words look that far back */
    }
    struct exact_value value = exact_of_state(from->state == NULL ? STATE_GIVEN : from->state[at]);
    if (from->number != NULL) {
        value.number = from->number[at];
    } else {
        value.code = from->code[at];
    }
    return value;
}

static void *take_array(struct exact_run *run, struct exact_spare **spare, uint32_t rows, size_t size)
{
    if (*spare == NULL) {
        return arena_alloc(run->arena, rows, size);
    }
    void *array = *spare;
    *spare = (*spare)->next;
    return array;
}

static void return_array(struct exact_spare **spare, void *array)
{
    if (array != NULL) {
        struct exact_spare *head = array;
        head->next = *spare;
        *spare = head;
    }
}

void exact_make(struct exact_run *run, uint32_t instruction, bool is_single)
{
    struct exact_register *made = &run->registers[instruction];
    struct exact_axis *axis = &run->axes[run->program->code[instruction].axis];
    bool is_number = run->shapes[instruction].type == VALUE_NUMBER;
    made->step = is_single || axis->rows <= 1 ? 0 : 1;
    made->is_pooled = made->step == 1 && axis->rows >= POOLED_ROWS;
    uint32_t rows = made->step == 1 ? axis->rows : 1;
    if (made->is_pooled && is_number) {
        made->number = take_array(run, &axis->spare_numbers, rows, sizeof *made->number);
    } else if (made->is_pooled) {
        made->code = take_array(run, &axis->spare_codes, rows, sizeof *made->code);
    } else if (is_number) {
        made->number = arena_array(run->arena, struct rat, rows);
    } else {
        made->code = arena_array(run->arena, int64_t, rows);
    }
    if (rows == 1 && is_number) {
        made->number[0] = RAT_ZERO; /* of an axis without rows nothing is put, but one value may be got */
    }
}

/* Most registers never need states: the array comes with the first value that is not given. */
static uint32_t *make_states(struct exact_run *run, uint32_t instruction)
{
    struct exact_register *made = &run->registers[instruction];
    struct exact_axis *axis = &run->axes[run->program->code[instruction].axis];
    uint32_t rows = made->step == 1 ? axis->rows : 1;
    if (!made->is_pooled) {
        return arena_array(run->arena, uint32_t, rows);
    }
    uint32_t *states = take_array(run, &axis->spare_states, rows, sizeof *states);
    memset(states, 0, (size_t)rows * sizeof *states);
    return states;
}

void exact_put(struct exact_run *run, uint32_t instruction, uint32_t row, const struct exact_value *value)
{
    struct exact_register *to = &run->registers[instruction];
    size_t at = (size_t)row * to->step;
    if (to->number != NULL) {
        to->number[at] = value->number;
    } else {
        to->code[at] = value->code;
    }
    if (value->state != STATE_GIVEN && to->state == NULL) {
        to->state = make_states(run, instruction);
    }
    if (to->state != NULL) {
        to->state[at] = value->state;
    }
}

static void release(struct exact_run *run, uint32_t instruction)
{
    struct exact_register *done = &run->registers[instruction];
    if (!done->is_pooled) {
        return;
    }
    struct exact_axis *axis = &run->axes[run->program->code[instruction].axis];
    return_array(&axis->spare_numbers, done->number);
    return_array(&axis->spare_codes, done->code);
    return_array(&axis->spare_states, done->state);
    *done = (struct exact_register){.number = NULL};
}

struct release_context {
    struct exact_run *run;
    uint32_t at;
};

static void release_if_last(void *context, uint32_t instruction)
{
    const struct release_context *release_context = context;
    if (instruction != NO_OPERAND && release_context->run->engine->last_use[instruction] == release_context->at) {
        release(release_context->run, instruction);
    }
}

void exact_release(struct exact_run *run, uint32_t instruction)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct opcode_info *info = opcode_info(at->op);
    const uint32_t operands[3] = {at->a, at->b, at->c};
    if (run->keeps_values) {
        return;
    }
    struct release_context context = {run, instruction};
    for (int k = 0; k < 3; k++) {
        if (operand_is_instruction(info->operand[k])) {
            release_if_last(&context, operands[k]);
        }
    }
    release_if_last(&context, at->mask);
    exact_visit_reasons(run->program, instruction, release_if_last, &context);
}

bool exact_is_single(const struct exact_run *run, uint32_t instruction)
{
    return run->registers[instruction].step == 0;
}
