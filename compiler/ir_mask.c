/* Need masks (MACHINE 1.2): on which rows the value of each instruction that can fail, or has something to note, is
   needed.

   Needs (ir_need.h) flow from users to operands, so nodes are taken from the last to the first: operands come before
   their users. */
#include <string.h>

#include "compiler/ir.h"
#include "compiler/ir_need.h"

struct masks {
    struct ir *ir;
    struct need *needs;    /* of the nodes that were there at the start */
    bool *is_masked_below; /* of them: may anything fail or be noted in computing it? */
    size_t count;
    uint32_t *seen; /* for walks: number of the walk that has been here */
    size_t seen_cap;
    uint32_t walk;
    uint32_t *copies; /* while a condition is copied: node -> copy; NO_OPERAND */
};

/* ---- what can fail ---- */

bool ir_can_fail(const struct ir *ir, uint32_t node)
{
    const struct instruction *in = &ir->nodes[node].in;
    switch ((int)in->op) {
    case OP_NEED:
    case OP_WITHIN:
    case OP_ONLY:
    case OP_MATCH:
    case OP_CALL:
        return true;
    case OP_DIV:
        return !ir_is_constant(ir, in->b);
    case OP_POWI:
        return (int32_t)in->b < 0;
    case OP_SQRT:
    case OP_EXP:
    case OP_LN:
        return !ir_is_constant(ir, in->a);
    case OP_POW:
        return !ir_is_constant(ir, in->a) || !ir_is_constant(ir, in->b);
    case OP_FACTOR:
        return ir->factors[in->imm].fallback == NO_INDEX;
    default:
        return false;
    }
}

static bool is_noted(const struct ir *ir, uint32_t node)
{
    return ir->nodes[node].in.op == OP_ELSE && ir->nodes[node].in.imm != 0;
}

static bool is_masked(const struct ir *ir, uint32_t node)
{
    return ir_can_fail(ir, node) || is_noted(ir, node);
}

static void any_below(void *context, uint32_t *operand)
{
    struct masks *masks = ((struct masks **)context)[0];
    bool *result = ((bool **)context)[1];
    *result = *result || masks->is_masked_below[*operand];
}

static void find_masked(struct masks *masks)
{
    for (size_t i = 0; i < masks->count; i++) {
        bool result = is_masked(masks->ir, (uint32_t)i);
        void *context[2] = {masks, &result};
        ir_each_operand(&masks->ir->nodes[i].in, any_below, context);
        ir_each_bound(masks->ir, &masks->ir->nodes[i].in, any_below, context);
        masks->is_masked_below[i] = result || masks->ir->nodes[i].noted != NO_OPERAND;
    }
}

/* ---- conditions that depend on the instruction itself ---- */

struct search {
    struct masks *masks;
    uint32_t wanted;
    bool is_found;
};

static void search_operand(void *context, uint32_t *operand);

static void search_node(struct search *search, uint32_t node)
{
    struct masks *masks = search->masks;
    if (search->is_found || node < search->wanted || masks->seen[node] == masks->walk) {
        return; /* an older node has no mask yet: it cannot depend on a newer one */
    }
    masks->seen[node] = masks->walk;
    if (node == search->wanted) {
        search->is_found = true;
        return;
    }
    ir_each_operand(&masks->ir->nodes[node].in, search_operand, search);
    ir_each_bound(masks->ir, &masks->ir->nodes[node].in, search_operand, search);
}

static void search_operand(void *context, uint32_t *operand)
{
    search_node(context, *operand);
}

static void grow_seen(struct masks *masks)
{
    if (masks->seen_cap < masks->ir->count) {
        size_t cap = 2 * masks->ir->count;
        masks->seen = arena_array(masks->ir->arena, uint32_t, cap);
        masks->seen_cap = cap;
        masks->walk = 0;
    }
}

static bool depends_on(struct masks *masks, uint32_t node, uint32_t on)
{
    struct search search = {masks, on, false};
    grow_seen(masks);
    masks->walk++;
    search_node(&search, node);
    return search.is_found;
}

static bool cube_depends(struct masks *masks, const struct cube *cube, uint32_t on)
{
    for (size_t i = 0; i < cube->count; i++) {
        if (depends_on(masks, literal_node(cube->literals[i]), on)) {
            return true;
        }
    }
    return false;
}

/* ---- copies of conditions ---- */

struct copying {
    struct masks *masks;
    uint32_t from, to; /* the instruction, and the one that stands for it in the copy */
    uint16_t *axes;    /* axis -> copy; 0 where there is none yet */
    size_t axis_count;
};

static uint32_t copy_of(struct copying *copying, uint32_t node);

static void copy_operand(void *context, uint32_t *operand)
{
    *operand = copy_of(context, *operand);
}

/* The rows of a range are others where its ends are: it is copied with them, and so is what stands inside it. */
static uint16_t copy_of_axis(struct copying *copying, uint16_t axis)
{
    struct ir *ir = copying->masks->ir;
    if (axis <= AXIS_ID_PRODUCT || axis >= copying->axis_count) {
        return axis;
    }
    if (copying->axes[axis] == 0) {
        const struct prog_axis shape = ir->axes[axis];
        uint16_t parent = copy_of_axis(copying, shape.parent);
        uint32_t first = shape.kind == AXIS_RANGE ? copy_of(copying, shape.first) : NO_OPERAND;
        uint32_t last = shape.kind == AXIS_RANGE ? copy_of(copying, shape.last) : NO_OPERAND;
        bool is_same = parent == shape.parent && first == shape.first && last == shape.last;
        uint32_t copy = is_same                    ? axis
                        : shape.kind == AXIS_RANGE ? ir_axis_range(ir, parent, first, last, shape.max, shape.list)
                                                   : ir_axis_pair(ir, parent, (uint16_t)shape.list);
        copying->axes[axis] = copy == IR_ERROR ? axis : (uint16_t)copy;
    }
    return copying->axes[axis];
}

static uint32_t copy_of(struct copying *copying, uint32_t node)
{
    struct ir *ir = copying->masks->ir;
    if (node == copying->from) {
        return copying->to;
    }
    if (!depends_on(copying->masks, node, copying->from)) {
        return node;
    }
    if (copying->masks->copies[node] == NO_OPERAND) {
        struct ir_node copy = ir->nodes[node];
        ir_each_operand(&copy.in, copy_operand, copying);
        copy.in.axis = copy_of_axis(copying, copy.in.axis);
        if (ir_is_over_axis(copy.in.op)) {
            copy.in.imm = copy_of_axis(copying, copy.in.imm);
        }
        copying->masks->copies[node] = ir_make(ir, copy.in, copy.shape);
    }
    return copying->masks->copies[node];
}

/* The need without cubes that depend on the node itself. Where such a cube lies within another, it adds nothing (the
   condition needed the value first). Else (`if (if q then u else x) < w then x else 0`) the condition is computed from
   a twin of the node, whose mask is the rest of the need; of what is noted, from one that is not. */
static struct need without_cycles(struct masks *masks, const struct need *need, uint32_t node)
{
    struct ir *ir = masks->ir;
    struct need plain = {0};
    bool has_cycle = false;
    for (size_t i = 0; i < need->count; i++) {
        if (cube_depends(masks, &need->cubes[i], node)) {
            has_cycle = true;
        } else {
            need_add(ir, &plain, need->cubes[i]);
        }
    }
    if (!has_cycle) {
        return plain;
    }
    struct need whole = {0};
    need_add_all(ir, &whole, &plain);
    struct instruction twin = ir->nodes[node].in;
    if (is_noted(ir, node)) {
        twin.imm = 0;
    } else {
        twin.mask = need_value(ir, &plain);
    }
    struct copying copying = {.masks = masks, .from = node, .to = ir_make(ir, twin, ir->nodes[node].shape)};
    copying.axis_count = ir->axis_count;
    copying.axes = arena_array(ir->arena, uint16_t, ir->axis_count);
    masks->copies = arena_array(ir->arena, uint32_t, ir->count);
    memset(masks->copies, 0xFF, ir->count * sizeof *masks->copies);
    for (size_t i = 0; i < need->count; i++) {
        struct cube cube = {NULL, 0};
        bool is_possible = true;
        for (size_t k = 0; k < need->cubes[i].count && is_possible; k++) {
            uint32_t literal = need->cubes[i].literals[k];
            is_possible = cube_add(ir, &cube, copy_of(&copying, literal_node(literal)), literal & 1U);
        }
        if (is_possible) {
            need_add(ir, &whole, cube);
        }
    }
    return whole;
}

/* ---- the flow of needs ---- */

static void give(struct masks *masks, uint32_t operand, const struct need *need)
{
    if (operand != NO_OPERAND && masks->is_masked_below[operand]) {
        need_add_all(masks->ir, &masks->needs[operand], need);
    }
}

/* The operand is needed where the need and the condition hold. */
static void give_under(struct masks *masks, uint32_t operand, const struct need *need, uint32_t condition,
                       bool is_negated)
{
    if (!masks->is_masked_below[operand] || condition == IR_ERROR) {
        return;
    }
    for (size_t i = 0; i < need->count; i++) {
        struct cube cube = need->cubes[i];
        if (cube_add(masks->ir, &cube, condition, is_negated)) {
            need_add(masks->ir, &masks->needs[operand], cube);
        }
    }
}

/* An outer value used on an inner axis, axis by axis outwards. */
static void give_spread(struct masks *masks, uint32_t operand, const struct need *need, uint16_t axis)
{
    if (!masks->is_masked_below[operand]) {
        return;
    }
    struct need outer = *need;
    for (uint16_t at = axis; at != ir_axis_of(masks->ir, operand); at = masks->ir->axes[at].parent) {
        outer = need_outwards(masks->ir, &outer, at);
    }
    give(masks, operand, &outer);
}

static void give_rows(struct masks *masks, const struct instruction *in, const struct need *need)
{
    const struct prog_axis *axis = &masks->ir->axes[in->imm];
    if (axis->kind == AXIS_RANGE) {
        give(masks, axis->first, need);
        give(masks, axis->last, need);
    }
    bool is_used = (in->a != NO_OPERAND && masks->is_masked_below[in->a]) ||
                   (in->b != NO_OPERAND && masks->is_masked_below[in->b]);
    if (!is_used) {
        return;
    }
    struct need inner = need_inwards(masks->ir, need, in->imm);
    give(masks, in->b, &inner);
    if (in->a != NO_OPERAND && in->b != NO_OPERAND) {
        give_under(masks, in->a, &inner, in->b, false);
    } else {
        give(masks, in->a, &inner);
    }
}

static void give_everywhere(struct masks *masks, uint32_t operand)
{
    struct need everywhere = {0};
    need_add(masks->ir, &everywhere, (struct cube){NULL, 0});
    give(masks, operand, &everywhere);
}

static void give_root(struct masks *masks, const struct instruction *in)
{
    struct need everywhere = {0};
    need_add(masks->ir, &everywhere, (struct cube){NULL, 0});
    if (in->mask == NO_OPERAND) {
        give(masks, in->a, &everywhere);
    } else {
        give(masks, in->mask, &everywhere);
        give_under(masks, in->a, &everywhere, in->mask, false);
    }
}

struct giving {
    struct masks *masks;
    const struct need *need;
};

static void give_operand(void *context, uint32_t *operand)
{
    struct giving *giving = context;
    give(giving->masks, *operand, giving->need);
}

static void distribute(struct masks *masks, uint32_t node)
{
    struct instruction in = masks->ir->nodes[node].in;
    const struct need *need = &masks->needs[node];
    struct giving giving = {masks, need};
    switch ((int)in.op) {
    case OP_SELECT:
        give(masks, in.a, need);
        give_under(masks, in.b, need, in.a, false);
        give_under(masks, in.c, need, in.a, true);
        break;
    case OP_AND:
    case OP_OR:
        give(masks, in.a, need);
        give_under(masks, in.b, need, in.a, in.op == OP_OR);
        break;
    case OP_ELSE:
        give(masks, in.a, need);
        if (masks->is_masked_below[in.b]) {
            give_under(masks, in.b, need, ir_given(masks->ir, in.a), true);
        }
        break;
    case OP_SPREAD:
        give_spread(masks, in.a, need, in.axis);
        break;
    case OP_SUM:
    case OP_COUNT:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_ANY:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
        give_rows(masks, &in, need);
        break;
    case OP_SPREAD2: /* of data, which cannot fail; what of them is noted may be needed of any row */
        give_everywhere(masks, in.a);
        break;
    case OP_MATCH: /* likewise the values compared with, and the value taken */
    case OP_TAKE:
        give(masks, in.a, need);
        give_everywhere(masks, in.b);
        break;
    default:
        ir_each_operand(&in, give_operand, &giving);
        break;
    }
}

/* A default whose datum is absent, and which something else stands for. */
static void give_note(struct masks *masks, uint32_t node)
{
    uint32_t noted = masks->ir->nodes[node].noted;
    if (noted != NO_OPERAND && is_noted(masks->ir, noted)) {
        give_under(masks, noted, &masks->needs[node], ir_given(masks->ir, masks->ir->nodes[noted].in.a), true);
    }
}

void ir_masks(struct ir *ir, const uint32_t *wanted, size_t wanted_count)
{
    struct masks masks = {.ir = ir, .count = ir->count};
    masks.needs = arena_array(ir->arena, struct need, ir->count);
    masks.is_masked_below = arena_array(ir->arena, bool, ir->count);
    find_masked(&masks);
    for (size_t i = 0; i < wanted_count; i++) {
        need_add(ir, &masks.needs[wanted[i]], (struct cube){NULL, 0});
    }
    for (size_t i = masks.count; i-- > 0;) {
        uint32_t node = (uint32_t)i;
        ir->site = ir->nodes[node].site;
        if (ir_is_root(ir->nodes[node].in.op)) {
            struct instruction in = ir->nodes[node].in;
            give_root(&masks, &in);
        } else if (masks.needs[node].count > 0 && masks.is_masked_below[node]) {
            distribute(&masks, node);
            give_note(&masks, node);
            if (is_masked(ir, node)) {
                struct need need = without_cycles(&masks, &masks.needs[node], node);
                uint32_t mask = need_value(ir, &need); /* may move the nodes */
                ir->nodes[node].in.mask = mask;
            }
        }
    }
}
