/* The parts of preparation in their order. */
#include "vm/prepare.h"

#include "vm/opcodes.h"

void prepare_visit_operands(const struct program *program, uint32_t instruction, operand_visitor *visit, void *context)
{
    const struct instruction *at = &program->code[instruction];
    const struct opcode_info *info = opcode_info(at->op);
    const uint32_t operands[3] = {at->a, at->b, at->c};
    for (int k = 0; k < 3; k++) {
        if (operand_is_instruction(info->operand[k]) && operands[k] != NO_OPERAND) {
            visit(context, operands[k]);
        }
    }
    /* Elsewhere a mask says only which failures count: here all are poison, and what nobody needs reaches no root. */
    bool is_mask_read =
        info->mask == MASK_ROOT || info->mask == MASK_NOTES || at->op == OP_FACTOR || at->op == OP_CALL;
    if (is_mask_read && at->mask != NO_OPERAND) {
        visit(context, at->mask);
    }
}

/* The outermost axis around this one whose rows are not in the data. */
static uint16_t find_root(const struct prepared *prepared, uint16_t axis)
{
    const struct prog_axis *shape = &prepared->program->axes[axis];
    uint16_t outer = axis <= AXIS_ID_PRODUCT ? 0 : prepared->axes[shape->parent].root;
    bool is_made = shape->kind == AXIS_PAIR || shape->kind == AXIS_RANGE;
    return outer != 0 || !is_made ? outer : axis;
}

bool prepare_has_effect(const struct instruction *at)
{
    bool is_noted_tie = (at->op == OP_ARGMAX || at->op == OP_ARGMIN) && at->c == TIE_FIRST_NOTED;
    bool is_root = opcode_info(at->op)->mask == MASK_ROOT && at->op != OP_INVENTORY; /* that is for full detail */
    return is_root || at->op == OP_FACTOR || (at->op == OP_ELSE && at->imm != 0) || is_noted_tie;
}

static void plan_axes(struct arena *arena, struct prepared *prepared)
{
    const struct program *program = prepared->program;
    prepared->axes = arena_array(arena, struct axis_plan, program->axis_count);
    for (uint16_t i = 0; i < program->axis_count; i++) {
        prepared->axes[i].root = find_root(prepared, i);
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        for (uint16_t axis = program->code[i].axis; prepare_has_effect(&program->code[i]) && axis != 0;
             axis = program->axes[axis].parent) {
            prepared->axes[axis].has_effects = true;
        }
    }
}

struct prepared *prepare_program(struct arena *arena, const struct verified *verified)
{
    struct prepared *prepared = arena_new(arena, struct prepared);
    prepared->verified = verified;
    prepared->program = verified->program;
    prepared->facts = arena_array(arena, struct fact, verified->program->code_count);
    plan_axes(arena, prepared);
    prepare_constants(arena, prepared);
    prepare_facts(prepared);
    prepared->is_supported = prepare_schedule(arena, prepared);
    return prepared;
}
