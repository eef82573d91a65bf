#include "vm/sample_program.h"

#include "vm/opcodes.h"

struct moving {
    struct arena *arena;
    const struct program *from;
    const struct value_shape *from_shapes;
    struct program *to;
    struct value_shape *shapes;
    size_t code_cap, site_cap, shape_cap;
    uint32_t *number; /* by instruction: its new one */
    bool *is_moved;   /* by instruction: from the constant axis to that of products */
    uint32_t *
        *spread; /* by axis, by instruction: one more than the number of its value spread there; 0, NULL: none yet */
};

static uint32_t add(struct moving *moving, const struct instruction *instruction, struct value_shape shape,
                    struct prog_site site)
{
    struct program *to = moving->to;
    size_t count = to->code_count;
    arena_grow(moving->arena, to->code, count, moving->code_cap);
    arena_grow(moving->arena, to->sites, count, moving->site_cap);
    arena_grow(moving->arena, moving->shapes, count, moving->shape_cap);
    to->code[count] = *instruction;
    to->sites[count] = site;
    moving->shapes[count] = shape;
    return to->code_count++;
}

/* The new number of a value as it is read on the axis: one that was moved has to be spread to axes inside. */
static uint32_t read_on(struct moving *moving, uint32_t instruction, uint16_t axis)
{
    if (instruction == NO_OPERAND || !moving->is_moved[instruction] || axis <= AXIS_ID_PRODUCT) {
        return instruction == NO_OPERAND ? NO_OPERAND : moving->number[instruction];
    }
    if (moving->spread[axis] == NULL) {
        moving->spread[axis] = arena_array(moving->arena, uint32_t, moving->from->code_count);
    }
    uint32_t *known = &moving->spread[axis][instruction];
    if (*known == 0) {
        struct instruction spread = {.op = OP_SPREAD,
                                     .axis = axis,
                                     .unit = moving->from->code[instruction].unit,
                                     .a = moving->number[instruction],
                                     .b = NO_OPERAND,
                                     .c = NO_OPERAND,
                                     .mask = NO_OPERAND};
        *known = 1 + add(moving, &spread, moving->from_shapes[instruction], moving->from->sites[instruction]);
    }
    return *known - 1;
}

static bool is_operand_moved(const struct moving *moving, const struct opcode_info *info, int k, uint32_t operand)
{
    return operand_is_instruction(info->operand[k]) && operand != NO_OPERAND && moving->is_moved[operand];
}

static bool is_to_be_moved(const struct moving *moving, const struct instruction *at)
{
    const struct opcode_info *info = opcode_info(at->op);
    return at->axis == AXIS_ID_CONSTANT &&
           (at->op == OP_FACTOR || is_operand_moved(moving, info, 0, at->a) ||
            is_operand_moved(moving, info, 1, at->b) || is_operand_moved(moving, info, 2, at->c) ||
            (at->mask != NO_OPERAND && moving->is_moved[at->mask]));
}

/* The axis on which an operand is read. */
static uint16_t axis_of_operand(const struct instruction *at, enum operand_class operand)
{
    bool is_inner = operand == OPERAND_INNER || operand == OPERAND_INNERB || operand == OPERAND_WHERE;
    return is_inner ? at->imm : at->axis;
}

/* Bounds of ranges that were moved have to be there before anything on the range. */
static void spread_bounds(struct moving *moving, uint32_t instruction)
{
    for (uint16_t a = 0; moving->is_moved[instruction] && a < moving->from->axis_count; a++) {
        const struct prog_axis *axis = &moving->from->axes[a];
        if (axis->kind == AXIS_RANGE && (axis->first == instruction || axis->last == instruction)) {
            (void)read_on(moving, instruction, axis->parent);
        }
    }
}

static void move(struct moving *moving, uint32_t number)
{
    struct instruction at = moving->from->code[number];
    const struct opcode_info *info = opcode_info(at.op);
    uint32_t *operands[3] = {&at.a, &at.b, &at.c};
    moving->is_moved[number] = is_to_be_moved(moving, &at);
    at.axis = moving->is_moved[number] ? AXIS_ID_PRODUCT : at.axis;
    for (int k = 0; k < 3; k++) {
        if (operand_is_instruction(info->operand[k])) {
            *operands[k] = read_on(moving, *operands[k], axis_of_operand(&at, info->operand[k]));
        }
    }
    at.mask = read_on(moving, at.mask, at.axis);
    moving->number[number] = add(moving, &at, moving->from_shapes[number], moving->from->sites[number]);
    spread_bounds(moving, number);
}

static void move_axes(struct moving *moving)
{
    struct program *to = moving->to;
    to->axes = arena_array(moving->arena, struct prog_axis, to->axis_count);
    for (uint32_t a = 0; a < to->axis_count; a++) {
        to->axes[a] = moving->from->axes[a];
        if (to->axes[a].kind == AXIS_RANGE) {
            to->axes[a].first = read_on(moving, to->axes[a].first, to->axes[a].parent);
            to->axes[a].last = read_on(moving, to->axes[a].last, to->axes[a].parent);
        }
    }
}

/* What results read. Those that are looked at in full results only are left out. */
static void move_results(struct moving *moving)
{
    struct program *to = moving->to;
    to->stages = arena_array(moving->arena, struct prog_stage, to->stage_count);
    to->grades = arena_array(moving->arena, struct prog_grade, to->grade_count);
    for (uint32_t s = 0; s < to->stage_count; s++) {
        to->stages[s] = moving->from->stages[s];
        to->stages[s].when = read_on(moving, to->stages[s].when, AXIS_ID_PRODUCT);
    }
    for (uint32_t g = 0; g < to->grade_count; g++) {
        to->grades[g] = moving->from->grades[g];
        to->grades[g].limit = read_on(moving, to->grades[g].limit, AXIS_ID_PRODUCT);
    }
    to->rule.reference = read_on(moving, to->rule.reference, AXIS_ID_PRODUCT);
    to->rule.row_name = read_on(moving, to->rule.row_name, AXIS_ID_PRODUCT);
    to->rule.headline = read_on(moving, to->rule.headline, AXIS_ID_PRODUCT);
    to->allocation_count = 0;
    to->item_count = 0;
    to->naming_count = 0;
}

const struct verified *sample_program(struct arena *arena, const struct verified *verified)
{
    const struct program *program = verified->program;
    struct moving moving = {.arena = arena, .from = program, .from_shapes = verified->shapes};
    moving.to = arena_new(arena, struct program);
    *moving.to = *program;
    moving.to->code = NULL;
    moving.to->sites = NULL;
    moving.to->code_count = 0;
    moving.number = arena_array(arena, uint32_t, program->code_count);
    moving.is_moved = arena_array(arena, bool, program->code_count);
    moving.spread = arena_array(arena, uint32_t *, program->axis_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        move(&moving, i);
    }
    move_axes(&moving);
    move_results(&moving);
    struct verified *made = arena_new(arena, struct verified);
    *made = (struct verified){
        .program = moving.to, .shapes = moving.shapes, .cost = verified->cost, .cost_count = verified->cost_count};
    return made;
}
