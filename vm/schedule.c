/* The order of the work of the fast engine. Values whose rows are in the data are computed in the order of the program.
   What stands on a pair or range axis, or inside one, is computed in loops over blocks of its outer rows, so that those
   rows are never all in memory. What a loop needs of its axis it computes itself, anew if an earlier loop did it
   before:

       sum(p in pairs: x) -> total on the list;  sum(p in pairs: x / total)     two loops over the pairs, x is computed
   in both */
#include <string.h>

#include "vm/opcodes.h"
#include "vm/prepare.h"

/* Programs that people write need one or two loops for an axis. */
enum { LOOPS_MAX = 64, BODY_FACTOR_MAX = 8 };

struct scheduler {
    struct arena *arena;
    struct prepared *prepared;
    const struct program *program;
    bool *is_wanted;   /* by instruction: something that leaves the engine needs it */
    bool *is_kept;     /* by instruction: results read it, though it is no root */
    bool *is_done;     /* by instruction: computed by the steps so far */
    bool *is_possible; /* in the loop being made: computable from what is done */
    bool *is_in_body;  /* in the loop being made: among its steps */
    bool *is_open;     /* by axis, in the loop being made */
    size_t body_steps; /* of all loops */
    size_t top_cap, loop_cap;
};

/* The axis whose rows an instruction goes through. */
static uint16_t worked_axis(const struct scheduler *scheduler, uint32_t i)
{
    const struct instruction *at = &scheduler->program->code[i];
    return opcode_info(at->op)->imm == IMM_AXIS ? at->imm : at->axis;
}

/* The loop axis in which an instruction is computed, and in which its result lies; 0: none. */
static uint16_t region_of(const struct scheduler *scheduler, uint32_t i)
{
    return scheduler->prepared->facts[i].is_single ? 0 : scheduler->prepared->axes[worked_axis(scheduler, i)].root;
}

static uint16_t home_of(const struct scheduler *scheduler, uint32_t i)
{
    uint16_t axis = scheduler->program->code[i].axis;
    return scheduler->prepared->facts[i].is_single ? 0 : scheduler->prepared->axes[axis].root;
}

static bool needs_step(const struct scheduler *scheduler, uint32_t i)
{
    return scheduler->is_wanted[i] && scheduler->program->code[i].op != OP_CONST &&
           scheduler->prepared->facts[i].same == i;
}

/* ---- operands, with the bounds of the axes that are worked on ---- */

struct resolving {
    const struct prepared *prepared;
    operand_visitor *visit;
    void *context;
};

static void visit_resolved(void *context, uint32_t operand)
{
    const struct resolving *resolving = context;
    uint32_t same = resolving->prepared->facts[operand].same;
    if (resolving->prepared->program->code[same].op != OP_CONST) {
        resolving->visit(resolving->context, same);
    }
}

static void visit_axis_bounds(const struct resolving *resolving, uint16_t axis)
{
    const struct program *program = resolving->prepared->program;
    for (; axis > AXIS_ID_PRODUCT; axis = program->axes[axis].parent) {
        if (program->axes[axis].kind == AXIS_RANGE) {
            visit_resolved((void *)(uintptr_t)resolving, program->axes[axis].first);
            visit_resolved((void *)(uintptr_t)resolving, program->axes[axis].last);
        }
    }
}

static void visit_inputs(const struct scheduler *scheduler, uint32_t i, operand_visitor *visit, void *context)
{
    struct resolving resolving = {scheduler->prepared, visit, context};
    prepare_visit_operands(scheduler->program, i, visit_resolved, &resolving);
    if (region_of(scheduler, i) != 0) {
        visit_axis_bounds(&resolving, worked_axis(scheduler, i));
    }
}

/* ---- what is wanted ---- */

static void want(void *context, uint32_t instruction)
{
    struct scheduler *scheduler = context;
    scheduler->is_wanted[scheduler->prepared->facts[instruction].same] = true;
}

static void want_to_keep(void *context, uint32_t instruction)
{
    struct scheduler *scheduler = context;
    want(context, instruction);
    scheduler->is_kept[scheduler->prepared->facts[instruction].same] = true;
}

/* What only a mask or only full detail needs is left out. Operands and bounds come before their users. */
static void find_wanted(struct scheduler *scheduler)
{
    program_visit_kept(scheduler->program, KEPT_FOR_RESULTS, want_to_keep, scheduler);
    for (uint32_t i = scheduler->program->code_count; i-- > 0;) {
        if (prepare_has_effect(&scheduler->program->code[i])) {
            scheduler->is_wanted[i] = true;
        }
        if (scheduler->is_wanted[i]) {
            visit_inputs(scheduler, i, want, scheduler);
        }
    }
}

/* ---- what can be computed ---- */

struct judging {
    const struct scheduler *scheduler;
    uint16_t root; /* of the loop; 0: outside of loops */
    bool is_possible;
};

static void judge_input(void *context, uint32_t operand)
{
    struct judging *judging = context;
    const struct scheduler *scheduler = judging->scheduler;
    bool is_inside = judging->root != 0 && home_of(scheduler, operand) == judging->root;
    bool is_there = is_inside ? scheduler->is_possible[operand] : scheduler->is_done[operand];
    judging->is_possible = judging->is_possible && is_there;
}

static bool is_computable(const struct scheduler *scheduler, uint32_t i, uint16_t root)
{
    struct judging judging = {scheduler, root, true};
    visit_inputs(scheduler, i, judge_input, &judging);
    return judging.is_possible;
}

static struct step *add_step(struct scheduler *scheduler, struct block *block, size_t *cap, struct step step)
{
    if (block->count == *cap) {
        block->steps = arena_grown(scheduler->arena, block->steps, block->count, cap, sizeof step);
    }
    block->steps[block->count] = step;
    return &block->steps[block->count++];
}

static struct step compute(uint32_t instruction, bool is_again)
{
    return (struct step){
        .kind = STEP_COMPUTE, .is_again = is_again, .instruction = instruction, .slot = {NO_SLOT, NO_SLOT, NO_SLOT}
    };
}

static void schedule_outside(struct scheduler *scheduler)
{
    for (uint32_t i = 0; i < scheduler->program->code_count; i++) {
        bool is_waiting = !scheduler->is_done[i] && needs_step(scheduler, i) && region_of(scheduler, i) == 0;
        if (is_waiting && is_computable(scheduler, i, 0)) {
            add_step(scheduler, &scheduler->prepared->top, &scheduler->top_cap, compute(i, false));
            scheduler->is_done[i] = true;
        }
    }
}

/* ---- one loop ---- */

/* For whose sake a loop is made: what leaves it, and what has effects. The rest is computed where these need it. */
static bool is_target(const struct scheduler *scheduler, uint32_t i, uint16_t root)
{
    const struct instruction *at = &scheduler->program->code[i];
    bool has_effect = prepare_has_effect(at);
    return region_of(scheduler, i) == root && needs_step(scheduler, i) && !scheduler->is_done[i] &&
           (has_effect || scheduler->is_kept[i] || home_of(scheduler, i) != root);
}

static void put_in_body(void *context, uint32_t operand)
{
    struct judging *judging = context;
    if (home_of(judging->scheduler, operand) == judging->root) {
        judging->scheduler->is_in_body[operand] = true;
    }
}

/* Finds the steps of a loop; false where there is nothing to be done for its axis. */
static bool choose_body(struct scheduler *scheduler, uint16_t root)
{
    uint32_t count = scheduler->program->code_count;
    bool is_needed = false;
    memset(scheduler->is_possible, 0, count * sizeof *scheduler->is_possible);
    memset(scheduler->is_in_body, 0, count * sizeof *scheduler->is_in_body);
    for (uint32_t i = 0; i < count; i++) {
        if (region_of(scheduler, i) == root && needs_step(scheduler, i)) {
            scheduler->is_possible[i] = is_computable(scheduler, i, root);
            scheduler->is_in_body[i] = scheduler->is_possible[i] && is_target(scheduler, i, root);
            is_needed = is_needed || scheduler->is_in_body[i];
        }
    }
    struct judging judging = {scheduler, root, true};
    for (uint32_t i = count; is_needed && i-- > 0;) {
        if (scheduler->is_in_body[i]) {
            visit_inputs(scheduler, i, put_in_body, &judging);
        }
    }
    return is_needed;
}

/* Steps that make the rows of inner axes, outer ones first. */
static void open_axes(struct scheduler *scheduler, struct block *body, size_t *cap, uint16_t axis)
{
    uint16_t chain[LIMIT_AXIS_DEPTH];
    int depth = 0;
    for (; !scheduler->is_open[axis] && depth < LIMIT_AXIS_DEPTH; axis = scheduler->program->axes[axis].parent) {
        chain[depth++] = axis;
        scheduler->is_open[axis] = true;
    }
    while (depth-- > 0) {
        add_step(scheduler, body, cap,
                 (struct step){
                     .kind = STEP_OPEN, .axis = chain[depth], .slot = {NO_SLOT, NO_SLOT, NO_SLOT}
        });
    }
}

static void fill_body(struct scheduler *scheduler, struct loop *loop)
{
    size_t body_cap = 0;
    struct block results = {.steps = NULL};
    size_t results_cap = 0;
    memset(scheduler->is_open, 0, scheduler->program->axis_count * sizeof *scheduler->is_open);
    for (uint16_t axis = loop->axis; axis != 0; axis = scheduler->program->axes[axis].parent) {
        scheduler->is_open[axis] = true;
    }
    for (uint32_t i = 0; i < scheduler->program->code_count; i++) {
        if (!scheduler->is_in_body[i]) {
            continue;
        }
        open_axes(scheduler, &loop->body, &body_cap, worked_axis(scheduler, i));
        struct step *step = add_step(scheduler, &loop->body, &body_cap, compute(i, scheduler->is_done[i]));
        step->is_result = home_of(scheduler, i) != loop->axis;
        if (step->is_result) {
            add_step(scheduler, &results, &results_cap, compute(i, false));
        } else if (scheduler->is_kept[i] && !scheduler->is_done[i]) {
            step = add_step(scheduler, &loop->body, &body_cap, compute(i, false));
            step->kind = STEP_KEEP;
        }
        scheduler->is_done[i] = true;
    }
    loop->results = results.steps;
    loop->result_count = results.count;
    scheduler->body_steps += loop->body.count;
}

static void add_loop(struct scheduler *scheduler, uint16_t root)
{
    struct prepared *prepared = scheduler->prepared;
    if (prepared->loop_count == scheduler->loop_cap) {
        prepared->loops = arena_grown(scheduler->arena, prepared->loops, prepared->loop_count, &scheduler->loop_cap,
                                      sizeof *prepared->loops);
    }
    struct loop *loop = &prepared->loops[prepared->loop_count];
    *loop = (struct loop){.axis = root};
    fill_body(scheduler, loop);
    add_step(scheduler, &prepared->top, &scheduler->top_cap,
             (struct step){
                 .kind = STEP_LOOP, .loop = prepared->loop_count, .slot = {NO_SLOT, NO_SLOT, NO_SLOT}
    });
    prepared->loop_count++;
}

/* A loop for the first axis that has something to be done; false where there is none. */
static bool schedule_loop(struct scheduler *scheduler)
{
    for (uint16_t axis = 0; axis < scheduler->program->axis_count; axis++) {
        bool is_root = axis > AXIS_ID_PRODUCT && scheduler->prepared->axes[axis].root == axis;
        if (is_root && choose_body(scheduler, axis)) {
            add_loop(scheduler, axis);
            return true;
        }
    }
    return false;
}

static bool is_complete(const struct scheduler *scheduler)
{
    for (uint32_t i = 0; i < scheduler->program->code_count; i++) {
        uint16_t root = region_of(scheduler, i);
        bool is_left = root == 0 ? needs_step(scheduler, i) && !scheduler->is_done[i] : is_target(scheduler, i, root);
        if (is_left) {
            return false;
        }
    }
    return true;
}

/* ---- where values lie while they are needed ---- */

struct slots {
    struct scheduler *scheduler;
    uint32_t *last;      /* by instruction: the last step of the block at hand that reads it */
    uint32_t step;       /* the one at hand */
    uint32_t (*slot)[3]; /* by instruction: where its result lies */
    struct {
        uint32_t *free;
        uint32_t count;
        size_t cap;
    } (*spare)[WIDTH_COUNT]; /* by axis */
    uint16_t root;           /* of the block; 0: outside of loops */
};

enum width prepare_width(enum value_form form)
{
    switch (form) {
    case FORM_NUMBER:
        return WIDTH_8;
    case FORM_WHOLE:
    case FORM_CODE:
        return WIDTH_4;
    case FORM_FLAG:
        break;
    }
    return WIDTH_1;
}

static enum width width_of(const struct fact *fact, int k)
{
    if (k == 1) {
        return WIDTH_1;
    }
    return k == 2 ? WIDTH_8 : prepare_width((enum value_form)fact->form);
}

static uint16_t slot_axis(const struct slots *slots, uint32_t i)
{
    bool is_single = slots->scheduler->prepared->facts[i].is_single;
    return is_single ? (uint16_t)AXIS_ID_CONSTANT : slots->scheduler->program->code[i].axis;
}

static bool has_slot(const struct slots *slots, uint32_t i, int k)
{
    const struct fact *fact = &slots->scheduler->prepared->facts[i];
    const struct instruction *at = &slots->scheduler->program->code[i];
    if (at->op == OP_FIELD || at->op == OP_CONST || opcode_info(at->op)->mask == MASK_ROOT) {
        return false; /* a field is read in place */
    }
    return k == 0 || (k == 1 ? fact->is_optional : fact->form == FORM_NUMBER && fact->has_bounds);
}

static void take_slots(struct slots *slots, uint32_t i)
{
    uint16_t axis = slot_axis(slots, i);
    for (int k = 0; k < 3; k++) {
        slots->slot[i][k] = NO_SLOT;
        if (!has_slot(slots, i, k)) {
            continue;
        }
        enum width width = width_of(&slots->scheduler->prepared->facts[i], k);
        bool is_spare = slots->spare[axis][width].count > 0;
        slots->slot[i][k] = is_spare ? slots->spare[axis][width].free[--slots->spare[axis][width].count]
                                     : slots->scheduler->prepared->axes[axis].slots[width]++;
    }
}

static void give_slots(struct slots *slots, uint32_t i)
{
    uint16_t axis = slot_axis(slots, i);
    for (int k = 0; k < 3; k++) {
        enum width width = width_of(&slots->scheduler->prepared->facts[i], k);
        if (slots->slot[i][k] != NO_SLOT) {
            arena_grow(slots->scheduler->arena, slots->spare[axis][width].free, slots->spare[axis][width].count,
                       slots->spare[axis][width].cap);
            slots->spare[axis][width].free[slots->spare[axis][width].count++] = slots->slot[i][k];
            slots->slot[i][k] = NO_SLOT;
        }
    }
}

static void note_use(void *context, uint32_t operand)
{
    struct slots *slots = context;
    if (home_of(slots->scheduler, operand) == slots->root) {
        slots->last[operand] = slots->step;
    }
}

static void give_if_last(void *context, uint32_t operand)
{
    struct slots *slots = context;
    if (home_of(slots->scheduler, operand) == slots->root && slots->last[operand] == slots->step) {
        give_slots(slots, operand);
    }
}

/* Everything that a step of the block reads, by steps of a loop inside it too. */
static void visit_step_inputs(struct slots *slots, const struct step *step, operand_visitor *visit)
{
    struct resolving resolving = {slots->scheduler->prepared, visit, slots};
    switch ((enum step_kind)step->kind) {
    case STEP_COMPUTE:
        prepare_visit_operands(slots->scheduler->program, step->instruction, visit_resolved, &resolving);
        break;
    case STEP_OPEN:
        visit_axis_bounds(&resolving, step->axis);
        break;
    case STEP_KEEP:
        visit(slots, step->instruction);
        break;
    case STEP_LOOP: {
        const struct loop *loop = &slots->scheduler->prepared->loops[step->loop];
        visit_axis_bounds(&resolving, loop->axis);
        for (uint32_t k = 0; k < loop->body.count; k++) {
            visit_step_inputs(slots, &loop->body.steps[k], visit);
        }
        break;
    }
    }
}

static void keep(void *context, uint32_t instruction)
{
    struct slots *slots = context;
    slots->last[slots->scheduler->prepared->facts[instruction].same] = UINT32_MAX;
}

static void assign_block(struct slots *slots, struct block *block);

static void assign_loop(struct slots *slots, struct loop *loop)
{
    for (uint32_t k = 0; k < loop->result_count; k++) {
        take_slots(slots, loop->results[k].instruction);
        memcpy(loop->results[k].slot, slots->slot[loop->results[k].instruction], sizeof loop->results[k].slot);
    }
    uint32_t step = slots->step;
    slots->root = loop->axis;
    assign_block(slots, &loop->body);
    slots->root = 0;
    slots->step = step;
}

static void assign_step(struct slots *slots, struct step *step)
{
    if (step->kind == STEP_LOOP) {
        assign_loop(slots, &slots->scheduler->prepared->loops[step->loop]);
    } else if (step->kind == STEP_COMPUTE) {
        uint32_t i = step->instruction;
        if (!step->is_result) {
            take_slots(slots, i);
        }
        memcpy(step->slot, slots->slot[i], sizeof step->slot);
    }
    visit_step_inputs(slots, step, give_if_last);
    if (step->kind == STEP_COMPUTE) {
        give_if_last(slots, step->instruction); /* nobody reads it */
    }
}

static void assign_block(struct slots *slots, struct block *block)
{
    for (uint32_t k = 0; k < block->count; k++) {
        slots->step = k;
        if (block->steps[k].kind == STEP_COMPUTE) {
            note_use(slots, block->steps[k].instruction);
        }
        visit_step_inputs(slots, &block->steps[k], note_use);
    }
    if (slots->root == 0) {
        program_visit_kept(slots->scheduler->program, KEPT_FOR_RESULTS, keep, slots);
    }
    for (uint32_t k = 0; k < block->count; k++) {
        slots->step = k;
        assign_step(slots, &block->steps[k]);
    }
}

static void assign_slots(struct scheduler *scheduler)
{
    struct slots slots = {.scheduler = scheduler};
    slots.last = arena_array(scheduler->arena, uint32_t, scheduler->program->code_count);
    slots.slot = arena_alloc(scheduler->arena, scheduler->program->code_count, sizeof *slots.slot);
    slots.spare = arena_alloc(scheduler->arena, scheduler->program->axis_count, sizeof *slots.spare);
    assign_block(&slots, &scheduler->prepared->top);
}

bool prepare_schedule(struct arena *arena, struct prepared *prepared)
{
    const struct program *program = prepared->program;
    struct scheduler scheduler = {.arena = arena, .prepared = prepared, .program = program};
    scheduler.is_wanted = arena_array(arena, bool, program->code_count);
    scheduler.is_kept = arena_array(arena, bool, program->code_count);
    scheduler.is_done = arena_array(arena, bool, program->code_count);
    scheduler.is_possible = arena_array(arena, bool, program->code_count);
    scheduler.is_in_body = arena_array(arena, bool, program->code_count);
    scheduler.is_open = arena_array(arena, bool, program->axis_count);
    size_t steps_max = (size_t)program->code_count * BODY_FACTOR_MAX;
    find_wanted(&scheduler);
    schedule_outside(&scheduler);
    while (schedule_loop(&scheduler)) {
        if (prepared->loop_count > LOOPS_MAX || scheduler.body_steps > steps_max) {
            return false;
        }
        schedule_outside(&scheduler);
    }
    if (!is_complete(&scheduler)) {
        return false;
    }
    assign_slots(&scheduler);
    return true;
}
