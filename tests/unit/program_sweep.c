/* What nobody uses is no part of a program: instructions that a builder made and that nothing reads are dropped. */
#include "tests/unit/program_builder.h"
#include "vm/opcodes.h"

struct sweep {
    struct program *program;
    bool *is_used;
    uint32_t *number; /* new number of each instruction */
};

static bool is_operand(const struct instruction *at, int k)
{
    uint32_t operand = k == 0 ? at->a : k == 1 ? at->b : k == 2 ? at->c : at->mask;
    bool is_instruction = k == 3 || operand_is_instruction(opcode_info(at->op)->operand[k]);
    return is_instruction && operand != NO_OPERAND;
}

static uint32_t *operand_of(struct instruction *at, int k)
{
    return k == 0 ? &at->a : k == 1 ? &at->b : k == 2 ? &at->c : &at->mask;
}

static void mark_kept(void *context, uint32_t instruction)
{
    struct sweep *sweep = context;
    sweep->is_used[instruction] = true;
}

static void mark_used(struct sweep *sweep)
{
    struct program *program = sweep->program;
    for (uint32_t i = 0; i < program->axis_count; i++) {
        if (program->axes[i].kind == AXIS_RANGE) {
            sweep->is_used[program->axes[i].first] = true;
            sweep->is_used[program->axes[i].last] = true;
        }
    }
    program_visit_kept(program, KEPT_FOR_RESULTS, mark_kept, sweep);
    for (uint32_t i = program->code_count; i-- > 0;) {
        struct instruction *at = &program->code[i];
        sweep->is_used[i] = sweep->is_used[i] || opcode_info(at->op)->mask == MASK_ROOT;
        for (int k = 0; k < 4; k++) {
            if (sweep->is_used[i] && is_operand(at, k)) {
                sweep->is_used[*operand_of(at, k)] = true;
            }
        }
    }
}

static void renumber(struct sweep *sweep)
{
    struct program *program = sweep->program;
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (sweep->is_used[i]) {
            sweep->number[i] = count;
            program->code[count] = program->code[i];
            program->sites[count] = program->sites[i];
            for (int k = 0; k < 4; k++) {
                if (is_operand(&program->code[count], k)) {
                    uint32_t *operand = operand_of(&program->code[count], k);
                    *operand = sweep->number[*operand];
                }
            }
            count++;
        }
    }
    program->code_count = count;
}

static void move(const struct sweep *sweep, uint32_t *instruction)
{
    if (*instruction != NO_OPERAND) {
        *instruction = sweep->number[*instruction];
    }
}

void builder_sweep(struct builder *b)
{
    struct program *program = &b->program;
    struct sweep sweep = {.program = program};
    sweep.is_used = arena_array(&b->arena, bool, program->code_count);
    sweep.number = arena_array(&b->arena, uint32_t, program->code_count);
    mark_used(&sweep);
    renumber(&sweep);
    for (uint32_t i = 0; i < program->axis_count; i++) {
        if (program->axes[i].kind == AXIS_RANGE) {
            program->axes[i].first = sweep.number[program->axes[i].first];
            program->axes[i].last = sweep.number[program->axes[i].last];
        }
    }
    uint32_t *kept[] = {&program->rule.reference, &program->rule.row_name, &program->rule.headline};
    for (size_t i = 0; i < countof(kept); i++) {
        move(&sweep, kept[i]);
    }
    for (uint32_t i = 0; i < program->stage_count; i++) {
        move(&sweep, &program->stages[i].when);
    }
    for (uint32_t i = 0; i < program->grade_count; i++) {
        move(&sweep, &program->grades[i].limit);
    }
}
