/* What stays and in which order: dead code is dropped; operands stand before their users; instructions of one axis
   stand together where nothing speaks against it, for the engines run axis by axis. */
#include <assert.h>

#include "compiler/ir.h"

/* ---- operands, by the table of the instructions ---- */

enum operand_class {
    IS_NONE,
    IS_NUM,
    IS_ORD,
    IS_BOOL,
    IS_VAL,
    IS_OPT,
    IS_ROW,
    IS_OUTER,
    IS_INNER,
    IS_INNERB,
    IS_WHERE,
    IS_OTHER,
    IS_KEYCODE,
    IS_KEYVAL,
    IS_ARG,
    IS_LAST_NODE = IS_ARG,
    IS_CONSTANT,
    IS_FIELD_ID,
    IS_PART,
    IS_OUTPUT_ID,
    IS_GRADE_ID,
    IS_LABEL,
    IS_INTEGER,
    IS_FLAG
};

enum mask_class { MASK_IS_PURE, MASK_IS_CAN_FAIL, MASK_IS_NOTES, MASK_IS_DECIDES, MASK_IS_ROOT };
enum imm_class { IMM_IS_NONE, IMM_IS_AXIS, IMM_IS_TABLE, IMM_IS_COLUMN, IMM_IS_FACTOR_ID, IMM_IS_NATIVE, IMM_IS_MODE, IMM_IS_FLAG };

/* Of each instruction the classes of a, b, c, of imm and of the mask. */
static const uint8_t CLASSES[OPCODE_END][5] = {
#define OP(name, code, a, b, c, imm, mask, doc) [code] = {IS_##a, IS_##b, IS_##c, IMM_IS_##imm, MASK_IS_##mask},
#include "vm/opcodes.def"
#undef OP
};

bool ir_is_over_axis(uint16_t op)
{
    return CLASSES[op][3] == IMM_IS_AXIS;
}

bool ir_is_root(uint16_t op)
{
    return CLASSES[op][4] == MASK_IS_ROOT;
}

static bool is_node(uint16_t op, size_t operand)
{
    uint8_t class = CLASSES[op][operand];
    return class != IS_NONE && class <= IS_LAST_NODE;
}

void ir_each_operand(struct instruction *in, ir_visitor *visit, void *context)
{
    uint32_t *operands[] = {&in->a, &in->b, &in->c};
    for (size_t i = 0; i < countof(operands); i++) {
        if (*operands[i] != NO_OPERAND && is_node(in->op, i)) {
            visit(context, operands[i]);
        }
    }
    if (in->mask != NO_OPERAND) {
        visit(context, &in->mask);
    }
}

static void each_bound_of(struct ir *ir, uint16_t axis, ir_visitor *visit, void *context)
{
    for (; axis != AXIS_ID_CONSTANT; axis = ir->axes[axis].parent) {
        if (ir->axes[axis].kind == AXIS_RANGE) {
            uint32_t bounds[2] = {ir->axes[axis].first, ir->axes[axis].last};
            visit(context, &bounds[0]);
            visit(context, &bounds[1]);
        }
    }
}

void ir_each_bound(struct ir *ir, const struct instruction *in, ir_visitor *visit, void *context)
{
    each_bound_of(ir, in->axis, visit, context);
    if (ir_is_over_axis(in->op)) {
        each_bound_of(ir, in->imm, visit, context);
    }
}

/* ---- live nodes ---- */

struct ordering {
    struct ir *ir;
    bool *is_live;
    uint32_t *stack; /* nodes whose operands are still to be marked */
    size_t stack_count;

    uint32_t *waiting; /* for each node, how many operands are not placed yet */
    uint32_t **users;
    size_t *user_count, *user_cap;
    uint32_t placing; /* the node whose operands are being linked to it */

    struct ready *ready; /* by axis */
    uint32_t *result;
    size_t count;
};

/* Nodes of one axis that may be placed now: a heap, the smallest number first. */
struct ready {
    uint32_t *nodes;
    size_t count, cap;
};

static void mark(void *context, uint32_t *operand)
{
    struct ordering *ordering = context;
    if (!ordering->is_live[*operand]) {
        ordering->is_live[*operand] = true;
        ordering->stack[ordering->stack_count++] = *operand;
    }
}

static void find_live(struct ordering *ordering, const uint32_t *wanted, size_t wanted_count)
{
    struct ir *ir = ordering->ir;
    for (size_t i = 0; i < ir->count; i++) {
        uint32_t node = (uint32_t)i;
        if (ir_is_root(ir->nodes[i].in.op)) {
            mark(ordering, &node);
        }
    }
    for (size_t i = 0; i < wanted_count; i++) {
        uint32_t node = wanted[i];
        mark(ordering, &node);
    }
    while (ordering->stack_count > 0) {
        uint32_t node = ordering->stack[--ordering->stack_count];
        ir_each_operand(&ir->nodes[node].in, mark, ordering);
        ir_each_bound(ir, &ir->nodes[node].in, mark, ordering);
    }
}

/* ---- order ---- */

static void link_user(void *context, uint32_t *operand)
{
    struct ordering *ordering = context;
    uint32_t node = *operand;
    size_t count = ordering->user_count[node];
    if (count == ordering->user_cap[node]) {
        ordering->users[node] =
            arena_grown(ordering->ir->arena, ordering->users[node], count, &ordering->user_cap[node], sizeof(uint32_t));
    }
    ordering->users[node][ordering->user_count[node]++] = ordering->placing;
    ordering->waiting[ordering->placing]++;
}

static void heap_push(struct arena *arena, struct ready *ready, uint32_t node)
{
    arena_grow(arena, ready->nodes, ready->count, ready->cap);
    size_t at = ready->count++;
    while (at > 0 && ready->nodes[(at - 1) / 2] > node) {
        ready->nodes[at] = ready->nodes[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    ready->nodes[at] = node;
}

static uint32_t heap_pop(struct ready *ready)
{
    uint32_t least = ready->nodes[0];
    uint32_t last = ready->nodes[--ready->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= ready->count) {
            break;
        }
        if (child + 1 < ready->count && ready->nodes[child + 1] < ready->nodes[child]) {
            child++;
        }
        if (ready->nodes[child] >= last) {
            break;
        }
        ready->nodes[at] = ready->nodes[child];
        at = child;
    }
    ready->nodes[at] = last;
    return least;
}

static void push_ready(struct ordering *ordering, uint32_t node)
{
    heap_push(ordering->ir->arena, &ordering->ready[ordering->ir->nodes[node].in.axis], node);
}

static void place(struct ordering *ordering, uint32_t node)
{
    ordering->result[ordering->count++] = node;
    for (size_t i = 0; i < ordering->user_count[node]; i++) {
        uint32_t user = ordering->users[node][i];
        if (--ordering->waiting[user] == 0) {
            push_ready(ordering, user);
        }
    }
}

/* Stays on an axis as long as anything is ready there; then takes the axis with the smallest number. */
static void place_all(struct ordering *ordering)
{
    size_t axis = 0;
    while (axis < ordering->ir->axis_count) {
        while (ordering->ready[axis].count > 0) {
            place(ordering, heap_pop(&ordering->ready[axis]));
        }
        axis = 0;
        while (axis < ordering->ir->axis_count && ordering->ready[axis].count == 0) {
            axis++;
        }
    }
}

uint32_t *ir_order(struct ir *ir, const uint32_t *wanted, size_t wanted_count, size_t *count)
{
    struct ordering ordering = {.ir = ir};
    ordering.is_live = arena_array(ir->arena, bool, ir->count);
    ordering.stack = arena_array(ir->arena, uint32_t, ir->count);
    ordering.waiting = arena_array(ir->arena, uint32_t, ir->count);
    ordering.users = arena_array(ir->arena, uint32_t *, ir->count);
    ordering.user_count = arena_array(ir->arena, size_t, ir->count);
    ordering.user_cap = arena_array(ir->arena, size_t, ir->count);
    ordering.ready = arena_array(ir->arena, struct ready, ir->axis_count);
    ordering.result = arena_array(ir->arena, uint32_t, ir->count);
    find_live(&ordering, wanted, wanted_count);
    size_t live = 0;
    for (size_t i = 0; i < ir->count; i++) {
        if (ordering.is_live[i]) {
            live++;
            ordering.placing = (uint32_t)i;
            ir_each_operand(&ir->nodes[i].in, link_user, &ordering);
            ir_each_bound(ir, &ir->nodes[i].in, link_user, &ordering);
            if (ordering.waiting[i] == 0) {
                push_ready(&ordering, (uint32_t)i);
            }
        }
    }
    place_all(&ordering);
    assert(ordering.count == live); /* else masks form a cycle */
    *count = ordering.count;
    return ordering.result;
}
