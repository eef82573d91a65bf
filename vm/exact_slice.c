/* Slices: what some instructions rest on. */
#include "vm/exact_run.h"
#include "vm/opcodes.h"

static void add(void *slice, uint32_t instruction)
{
    bool *is_in_slice = slice;
    if (instruction != NO_OPERAND) {
        is_in_slice[instruction] = true;
    }
}

static void add_operands(const struct program *program, uint32_t instruction, bool *slice)
{
    const struct instruction *at = &program->code[instruction];
    const struct opcode_info *info = opcode_info(at->op);
    const uint32_t operands[3] = {at->a, at->b, at->c};
    for (int k = 0; k < 3; k++) {
        if (operand_is_instruction(info->operand[k])) {
            add(slice, operands[k]);
        }
    }
    add(slice, at->mask);
    exact_visit_bounds(program, at->axis, add, slice);
    if (info->imm == IMM_AXIS) {
        exact_visit_bounds(program, at->imm, add, slice);
    }
}

bool *exact_slice_of(struct arena *arena, const struct program *program, const struct exact_wanted *wanted)
{
    bool *slice = arena_array(arena, bool, program->code_count);
    for (size_t i = 0; i < wanted->count; i++) {
        add(slice, wanted->instructions[i]);
    }
    for (uint32_t i = program->code_count; i-- > 0;) { /* operands are earlier instructions */
        if (slice[i]) {
            add_operands(program, i, slice);
        }
    }
    return slice;
}
