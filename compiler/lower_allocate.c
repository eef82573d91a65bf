/* Allocations: what of a stage or process is ours. By a key over a list, or by formulas with a named remainder; several
   on a stage multiply. The flows take the shares in (lower_stage.c); here they are found, required to be sound, and
   recorded for the results. */
#include "compiler/lower.h"

#include "compiler/mentions.h"
#include "compiler/walk.h"

/* ---- by key ---- */

struct by_key {
    const struct scope *rows; /* that share; an axis of its own or that of the reference */
    uint32_t key;
    uint32_t whole; /* the sum of the keys */
    uint32_t taken; /* which rows are ours; NO_OPERAND: each is a row of the reference */
    uint32_t kept;
};

static bool find_by_key(struct lowering *lowering, struct decl *allocate, const struct scope *scope,
                        struct by_key *found)
{
    struct ir *ir = lowering->ir;
    struct expr *rows = allocate->attributes.rows;
    struct scope *inner = arena_new(lowering->arena, struct scope);
    bool is_of_reference = allocates_to_rows(allocate, rule_reference_rows(lowering->checked->rule));
    *inner = (struct scope){.kind = SCOPE_BINDER, .outer = scope, .binder = rows, .list = NO_INDEX};
    inner->row = lowering->row.row;
    inner->list = lowering->row.list;
    if (!is_of_reference) {
        uint16_t outer = AXIS_ID_PRODUCT;
        struct expr *mentioned[] = {rows->as.comprehension.source, allocate->as.allocate.key,
                                    allocate->as.allocate.take};
        for (size_t i = 0; i < countof(mentioned); i++) {
            uint16_t axis = lower_mention(lowering, mentioned[i], scope);
            outer = ir_axis_depth(ir, axis) > ir_axis_depth(ir, outer) ? axis : outer;
        }
        if (!lower_open_rows(lowering, rows->as.comprehension.source, outer, scope, &inner->row, &inner->list)) {
            return false;
        }
    }
    struct expr *take = allocate->as.allocate.take;
    found->rows = inner;
    found->key = ir_need(ir, lower_value(lowering, allocate->as.allocate.key, inner));
    found->kept = lower_kept(lowering, inner);
    found->whole = ir_sum(ir, inner->row.axis, found->key, found->kept);
    found->taken = take == NULL ? NO_OPERAND : lower_value(lowering, take, inner);
    return found->key != IR_ERROR && found->taken != IR_ERROR;
}

/* The key of the rows that are ours over the sum of the keys. */
static uint32_t share_by_key(struct lowering *lowering, struct decl *allocate, const struct scope *scope)
{
    struct ir *ir = lowering->ir;
    struct by_key found = {0};
    if (!find_by_key(lowering, allocate, scope, &found)) {
        return IR_ERROR;
    }
    uint32_t ours = found.key;
    if (found.taken != NO_OPERAND) {
        ours = ir_sum(ir, found.rows->row.axis, found.key, ir_and(ir, found.kept, found.taken));
    }
    return ir_plain(ir, ir_div(ir, ours, found.whole));
}

/* ---- by formulas ---- */

static bool is_rest(const struct decl *share)
{
    const struct ref *ref = &share->as.share.value->ref;
    return ref->kind == REF_PREDEFINED && ref->index == PREDEFINED_REST;
}

static uint32_t share_value(struct lowering *lowering, const struct decl *share, const struct scope *scope)
{
    struct ir *ir = lowering->ir;
    if (!is_rest(share)) {
        return ir_plain(ir, lower_value(lowering, share->as.share.value, scope));
    }
    uint32_t rest = ir_number(ir, RAT_ONE, UNIT_ONE);
    for (const struct decl *other = share->parent->as.allocate.shares; other != NULL; other = other->next) {
        if (other != share) {
            rest = ir_sub(ir, rest, ir_plain(ir, lower_value(lowering, other->as.share.value, scope)));
        }
    }
    return rest;
}

/* The formula of the share; of what is left, all that the allocation says. */
static struct span share_at(const struct decl *share)
{
    return is_rest(share) ? share->parent->at : share->as.share.value->at;
}

static const struct decl *taken_share(const struct decl *allocate, uint32_t *index)
{
    const struct decl *share = allocate->as.allocate.shares;
    for (*index = 0; !str_eq(share->name.text, allocate->as.allocate.taken.text); ++*index) {
        share = share->next;
    }
    return share;
}

/* ---- names ---- */

static struct str group_path(struct arena *arena, const struct decl *group)
{
    return group->kind == DECL_STAGE
               ? group->name.text
               : str_format(arena, "%.*s.%.*s", STR_FMT(group->parent->name.text), STR_FMT(group->name.text));
}

static struct str names_of_targets(struct arena *arena, const struct decl *allocate)
{
    struct buf names = buf_in(arena);
    for (const struct target *target = allocate->as.allocate.targets; target != NULL; target = target->next) {
        buf_add(&names, target == allocate->as.allocate.targets ? STR("") : STR(", "));
        buf_add(&names, group_path(arena, target->group));
    }
    return buf_str(&names);
}

static struct ir_site enter(struct lowering *lowering, const struct decl *allocate)
{
    struct str targets = names_of_targets(lowering->arena, allocate);
    return lower_enter(lowering, str_format(lowering->arena, "allocate %.*s", STR_FMT(targets)), allocate);
}

/* ---- the share that is ours ---- */

static uint32_t our_share(struct lowering *lowering, struct decl *allocate, const struct scope *scope)
{
    uint32_t index = 0;
    scope = lower_restrict(lowering, scope, allocate->mentions);
    struct ir_site before = enter(lowering, allocate);
    bool is_by_key = allocate->attributes.rows != NULL;
    const struct decl *taken = is_by_key ? NULL : taken_share(allocate, &index);
    struct open_formula open;
    lower_formula_open(lowering, &open);
    uint32_t share = is_by_key ? share_by_key(lowering, allocate, scope) : share_value(lowering, taken, scope);
    lower_formula_close(lowering, &open,
                        (struct named_formula){.kind = ITEM_SHARE,
                                               .decl = allocate,
                                               .name = names_of_targets(lowering->arena, allocate),
                                               .at = is_by_key ? allocate->at : share_at(taken),
                                               .value = lower_plain(share)});
    lowering->ir->site = before;
    return share;
}

struct taking {
    struct lowering *lowering;
    const struct scope *scope; /* of the flow */
    bool is_own;               /* the flow belongs to a row of the reference: it is not parted among the rows */
    uint32_t *inside, *outside;
};

static void take_share(void *context, struct decl *allocate)
{
    struct taking *taking = context;
    struct lowering *lowering = taking->lowering;
    const struct scope *rows = lower_stage_root(taking->scope);
    if (taking->is_own && allocates_to_rows(allocate, rule_reference_rows(lowering->checked->rule))) {
        return;
    }
    bool is_of_row = (allocate->mentions & MENTIONS_STAGE) != 0;
    uint32_t share =
        our_share(lowering, allocate, is_of_row ? taking->scope : lower_home(lowering, allocate, allocate->mentions));
    bool is_inside = rows != NULL && share != IR_ERROR && ir_axis_of(lowering->ir, share) == rows->row.axis;
    uint32_t *product = is_inside ? taking->inside : taking->outside;
    *product = *product == NO_OPERAND ? share : ir_mul(lowering->ir, *product, share);
}

void lower_taken(struct lowering *lowering, struct decl *emit, const struct scope *scope, uint32_t *inside,
                 uint32_t *outside)
{
    struct taking taking = {lowering, scope, (emit->mentions & MENTIONS_ROW) != 0, inside, outside};
    flow_each_allocation(lowering->checked->rule, emit, take_share, &taking);
}

static void add_mentions(void *context, struct decl *allocate)
{
    unsigned *found = context;
    *found |= (allocate->mentions & MENTIONS_STAGE) != 0 ? allocate->mentions : 0;
}

unsigned lower_taken_mentions(struct lowering *lowering, struct decl *emit)
{
    unsigned found = 0;
    flow_each_allocation(lowering->checked->rule, emit, add_mentions, &found);
    return found;
}

/* ---- requirements ---- */

struct soundness { /* of one allocation */
    struct lowering *lowering;
    const struct decl *allocate;
    struct str targets; /* "farm, dairy.pasteurising" */
    uint32_t when;      /* is any of its stages carried out? */
};

static unsigned mentions_of_targets(const struct decl *allocate)
{
    unsigned found = mentions_around(allocate);
    for (const struct target *target = allocate->as.allocate.targets; target != NULL; target = target->next) {
        found |= mentions_of(target->group->attributes.when, lower_stage_of(target->group));
        found |= mentions_around(target->group);
    }
    return found;
}

static uint32_t when_of_targets(struct lowering *lowering, const struct decl *allocate, const struct scope *scope)
{
    uint32_t when = ir_bool(lowering->ir, false);
    for (const struct target *target = allocate->as.allocate.targets; target != NULL; target = target->next) {
        when = ir_or(lowering->ir, when, lower_when(lowering, target->group, scope));
    }
    return when;
}

/* Where a condition is about other rows than those on which its stages are carried out or not: all of them together. */
static void join_rows(struct ir *ir, uint16_t axis, uint32_t *condition, uint32_t *where)
{
    uint16_t own = lower_inner_axis(ir, *condition, *where);
    while (own > AXIS_ID_PRODUCT && !ir_axis_reaches(ir, own, axis) && !ir_axis_reaches(ir, axis, own)) {
        *condition = ir_not(ir, ir_any(ir, own, ir_not(ir, *condition), *where));
        *where = ir_bool(ir, true);
        own = ir->axes[own].parent;
    }
}

/* A condition without which the shares make no sense, judged before anything is computed. `when`: where, besides. */
static void demand(const struct soundness *of, uint32_t condition, uint32_t when, enum diag_code text, struct str about)
{
    struct ir *ir = of->lowering->ir;
    if (condition == IR_ERROR || ir_is_true(ir, condition)) {
        return;
    }
    join_rows(ir, lower_inner_axis(ir, of->when, NO_OPERAND), &condition, &when);
    when = ir_and(ir, of->when, when);
    struct prog_titles wording = lower_composed(of->lowering, text, DIAG_ARGS(of->targets, about));
    uint32_t requirement = lower_add_requirement(of->lowering, wording);
    ir_root(ir, OP_REQUIRE, lower_inner_axis(ir, condition, when), condition, requirement, when);
}

static void demand_keys(const struct soundness *of, const struct by_key *found)
{
    struct ir *ir = of->lowering->ir;
    uint32_t zero = ir_number(ir, RAT_ZERO, UNIT_ONE);
    uint32_t always = ir_bool(ir, true);
    uint16_t axis = found->rows->row.axis;
    uint32_t has_rows = ir_any(ir, axis, ir_to_axis(ir, always, axis), found->kept);
    struct str list = decl_rows_list(of->allocate)->name.text;
    demand(of, has_rows, always, T_REQUIREMENT_ROWS, list);
    demand(of, ir_less_equal(ir, zero, found->key), found->kept, T_REQUIREMENT_KEY, list);
    demand(of, ir_less(ir, zero, found->whole), has_rows, T_REQUIREMENT_KEYS, list);
    if (found->taken != NO_OPERAND) {
        demand(of, ir_any(ir, axis, found->taken, found->kept), has_rows, T_REQUIREMENT_TAKEN, list);
    }
}

static struct str share_text(struct lowering *lowering, uint32_t share)
{
    struct rat hundred = rat_mul(lowering->arena, ir_constant(lowering->ir, share)->number, rat_int(100));
    return str_format(lowering->arena, "%.*s %%", STR_FMT(rat_text(lowering->arena, hundred)));
}

/* A constant share is refused at once. */
static void demand_share(const struct soundness *of, const struct decl *share, uint32_t value)
{
    struct ir *ir = of->lowering->ir;
    uint32_t is_sound = ir_less_equal(ir, ir_number(ir, RAT_ZERO, UNIT_ONE), value);
    if (!is_rest(share)) { /* a rest above one is a share below zero */
        is_sound = ir_and(ir, is_sound, ir_less_equal(ir, value, ir_number(ir, RAT_ONE, UNIT_ONE)));
    }
    if (ir_is_constant(ir, value) && ir_is_false(ir, is_sound)) {
        lower_fail(of->lowering, share->at, D_SHARE_OUTSIDE,
                   DIAG_ARGS(share->name.text, share_text(of->lowering, value)));
        return;
    }
    demand(of, is_sound, ir_bool(ir, true), is_rest(share) ? T_REQUIREMENT_REST : T_REQUIREMENT_SHARE,
           share->name.text);
}

static void demand_whole(const struct soundness *of, uint32_t sum)
{
    struct ir *ir = of->lowering->ir;
    uint32_t is_whole = ir_equal(ir, sum, ir_number(ir, RAT_ONE, UNIT_ONE));
    if (ir_is_constant(ir, sum) && ir_is_false(ir, is_whole)) {
        struct diag *diag =
            diag_add(of->lowering->out, D_SHARES_SUM, of->allocate->at, DIAG_ARGS(share_text(of->lowering, sum)));
        for (const struct decl *share = of->allocate->as.allocate.shares; share != NULL; share = share->next) {
            diag_label(of->lowering->out, diag, share->at, T_SHARE_HERE, NULL, 0);
        }
        of->lowering->has_error = true;
        return;
    }
    demand(of, is_whole, ir_bool(ir, true), T_REQUIREMENT_SHARES, STR(""));
}

/* ---- records ---- */

static void add_record(struct lowering *lowering, const struct decl *group, struct prog_allocation made)
{
    struct program *program = lowering->program;
    size_t count = program->allocation_count;
    const struct decl *stage = lower_stage_of(group);
    for (made.stage = 0; program->stages[made.stage].name != ir_text(lowering->ir, stage->name.text);) {
        made.stage++;
    }
    struct prog_allocation_share *shares = arena_array(lowering->arena, struct prog_allocation_share, made.share_count);
    for (uint32_t i = 0; i < made.share_count; i++) {
        shares[i] = made.shares[i]; /* each record has its own: emit.c renumbers them in place */
    }
    made.shares = shares;
    made.process = group == stage ? NO_INDEX : ir_text(lowering->ir, group->name.text);
    arena_grow(lowering->arena, program->allocations, count, lowering->allocation_cap);
    program->allocations[program->allocation_count++] = made;
}

static void add_records(struct lowering *lowering, const struct decl *allocate, struct prog_allocation made)
{
    made.because = lower_titles(lowering, &allocate->attributes.because);
    made.clause = lower_label(lowering, lowering->ir->site.clause);
    for (const struct target *target = allocate->as.allocate.targets; target != NULL; target = target->next) {
        add_record(lowering, target->group, made);
    }
}

/* The key for results: what comes out in a product of units that nobody writes, as mass times per cent does (kg·%), in
   the unit of its kind alone. Shares are the same in any. */
static uint32_t key_to_tell(struct lowering *lowering, uint32_t key)
{
    struct ir *ir = lowering->ir;
    const struct unit_system *units = lowering->checked->units;
    if (key == IR_ERROR) {
        return key;
    }
    struct unit unit = ir_unit_of(ir, key);
    struct unit plain = {.kind = unit.kind, .scale = RAT_ONE, .offset = RAT_ZERO};
    bool is_product = unit_text_is_product(unit_text(ir->arena, units, unit));
    if (!is_product || unit_text_is_product(unit_text(ir->arena, units, plain))) {
        return key;
    }
    struct ir_site before = ir->site;
    ir->site = ir->nodes[key].site;
    key = ir_convert(ir, key, plain);
    ir->site = before;
    return key;
}

static void lower_by_key(struct soundness *of, struct decl *allocate, const struct scope *scope)
{
    struct lowering *lowering = of->lowering;
    struct ir *ir = lowering->ir;
    struct by_key found = {0};
    if (!find_by_key(lowering, allocate, scope, &found)) {
        return;
    }
    uint16_t axis = found.rows->row.axis;
    if (of->when != IR_ERROR && ir_axis_of(ir, of->when) == axis) { /* about other rows of the list than the keys are */
        of->when = ir_any(ir, axis, of->when, NO_OPERAND);
    }
    demand_keys(of, &found);
    uint32_t key = key_to_tell(lowering, found.key);
    struct prog_allocation made = {.axis = axis, .key = ir_to_axis(ir, key, axis), .taken = NO_OPERAND};
    if (found.taken != NO_OPERAND) {
        made.taken = ir_to_axis(ir, found.taken, axis);
    }
    made.share = our_share(lowering, allocate, scope);
    made.share = ir_to_axis(ir, made.share, found.taken == NO_OPERAND ? axis : ir->axes[axis].parent);
    if (made.key != IR_ERROR && made.share != IR_ERROR && made.taken != IR_ERROR) {
        add_records(lowering, allocate, made);
    }
}

static void lower_by_formulas(struct soundness *of, struct decl *allocate, const struct scope *scope)
{
    struct lowering *lowering = of->lowering;
    struct ir *ir = lowering->ir;
    struct prog_allocation made = {.axis = AXIS_ID_PRODUCT, .key = NO_OPERAND};
    uint32_t sum = ir_number(ir, RAT_ZERO, UNIT_ONE);
    bool has_rest = false;
    for (const struct decl *share = allocate->as.allocate.shares; share != NULL; share = share->next) {
        made.share_count++;
        has_rest = has_rest || is_rest(share);
    }
    made.shares = arena_array(lowering->arena, struct prog_allocation_share, made.share_count);
    size_t count = 0;
    for (const struct decl *share = allocate->as.allocate.shares; share != NULL; share = share->next) {
        uint32_t value = share_value(lowering, share, scope);
        made.axis = lower_inner_axis(ir, value, NO_OPERAND) == AXIS_ID_PRODUCT ? made.axis : ir_axis_of(ir, value);
        made.shares[count++] = (struct prog_allocation_share){ir_text(ir, share->name.text), value};
        demand_share(of, share, value);
        sum = ir_add(ir, sum, value);
    }
    if (!has_rest && sum != IR_ERROR) {
        demand_whole(of, sum);
    }
    for (size_t i = 0; i < count; i++) {
        made.shares[i].value = ir_to_axis(ir, made.shares[i].value, made.axis);
        if (made.shares[i].value == IR_ERROR) {
            return;
        }
    }
    taken_share(allocate, &made.taken);
    made.share = made.shares[made.taken].value;
    add_records(lowering, allocate, made);
}

static void lower_allocation(struct lowering *lowering, struct decl *allocate)
{
    struct soundness of = {.lowering = lowering, .allocate = allocate};
    const struct scope *scope = lower_home(lowering, allocate, allocate->mentions | mentions_of_targets(allocate));
    struct ir_site before = enter(lowering, allocate);
    of.targets = names_of_targets(lowering->arena, allocate);
    of.when = when_of_targets(lowering, allocate, scope);
    scope = lower_restrict(lowering, scope, allocate->mentions);
    if (allocate->attributes.rows != NULL) {
        lower_by_key(&of, allocate, scope);
    } else {
        lower_by_formulas(&of, allocate, scope);
    }
    lowering->ir->site = before;
}

static void lower_in(struct lowering *lowering, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_ALLOCATE) {
            lower_allocation(lowering, item);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            lower_in(lowering, item->as.stage.items);
        }
    }
}

void lower_allocations(struct lowering *lowering)
{
    lower_in(lowering, lowering->checked->rule->as.rule.items);
}
