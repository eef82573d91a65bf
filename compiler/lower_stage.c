/* Stages and flows: where they are carried out, what they emit, and the total. */
#include "compiler/lower.h"

#include "compiler/mentions.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

/* ---- where an item holds ---- */

/* A condition of a group or of an item in one; true where it is about rows that the scope does not have. */
static uint32_t condition_of(struct lowering *lowering, const struct decl *decl, const struct scope *scope)
{
    struct expr *when = decl->attributes.when;
    bool is_known = lower_stage_root(scope) != NULL || (mentions_of(when, lower_stage_of(decl)) & MENTIONS_STAGE) == 0;
    if (when == NULL || !is_known) {
        return ir_bool(lowering->ir, true);
    }
    struct open_formula open;
    lower_formula_open(lowering, &open);
    uint32_t value = lower_value(lowering, when, lower_roots(scope));
    lower_formula_close(lowering, &open,
                        (struct named_formula){.kind = ITEM_WHEN,
                                               .decl = decl,
                                               .name = lower_path_of(lowering, decl),
                                               .at = when->at,
                                               .value = lower_plain(value)});
    return value;
}

uint32_t lower_when(struct lowering *lowering, struct decl *decl, const struct scope *scope)
{
    struct ir *ir = lowering->ir;
    uint32_t when = ir_bool(ir, true);
    struct decl *parent = decl->parent;
    if (parent != NULL && (parent->kind == DECL_STAGE || parent->kind == DECL_PROCESS)) {
        when = lower_when(lowering, parent, scope);
    }
    return ir_and(ir, when, condition_of(lowering, decl, scope));
}

/* The same in two parts: of the rows of the stage, and of what is outside of them. What is written counts, not what is
   left of it: a flow whose condition mentions the rows is 0 where none of them is carried out. */
static void find_conditions(struct lowering *lowering, const struct decl *decl, struct flow_value *flow)
{
    struct ir *ir = lowering->ir;
    const struct scope *rows = lower_stage_root(flow->scope);
    flow->when = ir_bool(ir, true);
    flow->where = lower_kept(lowering, rows);
    const struct decl *chain[3];
    size_t count = 0;
    for (; decl != NULL && decl->kind != DECL_RULE && count < countof(chain); decl = decl->parent) {
        chain[count++] = decl;
    }
    while (count-- > 0) {
        uint32_t condition = condition_of(lowering, chain[count], flow->scope);
        struct expr *when = chain[count]->attributes.when;
        bool is_of_row = rows != NULL && (mentions_of(when, lower_stage_of(chain[count])) & MENTIONS_STAGE) != 0;
        uint32_t *part = is_of_row ? &flow->where : &flow->when;
        *part = ir_and(ir, *part, condition);
    }
}

const struct decl *lower_stage_of(const struct decl *item)
{
    while (item != NULL && item->kind != DECL_STAGE) {
        item = item->parent;
    }
    return item;
}

struct str lower_path_of(struct lowering *lowering, const struct decl *item)
{
    const struct decl *stage = lower_stage_of(item);
    struct str name = item->kind == DECL_REQUIRE ? STR("require")
                      : item->kind == DECL_WARN  ? STR("warn")
                                                 : item->name.text;
    if (stage == NULL) {
        return name;
    }
    return str_format(lowering->arena, "%.*s.%.*s", STR_FMT(stage->name.text), STR_FMT(name));
}

/* ---- flows ---- */

struct scaling {
    uint32_t factor;          /* NO_OPERAND: none */
    const struct scope *rows; /* to sum over; NULL: none */
    uint32_t where;
};

/* Of one row, for the whole data set. */
static uint32_t whole_share(struct lowering *lowering, uint32_t node, void *context)
{
    const struct scaling *scaling = context;
    if (scaling->factor != NO_OPERAND) {
        node = ir_mul(lowering->ir, node, scaling->factor);
    }
    return scaling->rows == NULL ? node : ir_sum(lowering->ir, scaling->rows->row.axis, node, scaling->where);
}

static struct split *each_share(struct lowering *lowering, struct split *split, struct scaling *scaling)
{
    struct lowered value = {.node = NO_OPERAND, .split = split};
    return lower_each_share(lowering, value, whole_share, scaling).split;
}

/* The factor of `scaled by`; NO_OPERAND where the stage is not scaled. */
static uint32_t scale_of(struct lowering *lowering, struct decl *stage, const struct scope *scope)
{
    struct expr *scale = stage->attributes.scale;
    if (scale == NULL) {
        return NO_OPERAND;
    }
    struct open_formula open;
    lower_formula_open(lowering, &open);
    uint32_t value = ir_plain(lowering->ir, lower_value(lowering, scale, lower_roots(scope)));
    lower_formula_close(
        lowering, &open,
        (struct named_formula){
            .kind = ITEM_SCALE, .decl = stage, .name = stage->name.text, .at = scale->at, .value = lower_plain(value)});
    return value;
}

static uint32_t product_of(struct ir *ir, uint32_t a, uint32_t b)
{
    return a == NO_OPERAND ? b : b == NO_OPERAND ? a : ir_mul(ir, a, b);
}

/* What is emitted in one row, and under which conditions. */
static struct split *find_in_row(struct lowering *lowering, struct decl *emit, unsigned mentions,
                                 struct flow_value *flow)
{
    bool is_negative = emit->as.emit.kind != EMIT_EMISSION; /* what is removed or avoided is subtracted */
    if (decl_stage(emit)->attributes.rows != NULL) {
        mentions |= MENTIONS_STAGE; /* it is summed over the rows, whether it uses them or not */
    }
    flow->scope = lower_home(lowering, emit, mentions);
    find_conditions(lowering, emit, flow);
    struct lowered value = lower_named(lowering, emit, emit->as.emit.value, flow->scope);
    value = is_negative ? lower_negated(lowering, value) : value;
    return lower_emission(lowering, value, emit->as.emit.category);
}

/* Shares of allocations that are the row's own are multiplied in the row, others behind the sum. Where they use the row
   of the reference, and the flow does not, the flow is summed for each of these rows, besides. */
static void find_ours(struct lowering *lowering, struct decl *emit, struct split *in_row, struct flow_value *flow)
{
    unsigned mentions = lower_taken_mentions(lowering, emit);
    struct flow_value taking = *flow;
    uint32_t inside = NO_OPERAND;
    uint32_t outside = NO_OPERAND;
    if ((mentions & ~emit->mentions & MENTIONS_ROW) != 0) {
        in_row = find_in_row(lowering, emit, emit->mentions | mentions, &taking);
    }
    lower_taken(lowering, emit, taking.scope, &inside, &outside);
    if (inside == NO_OPERAND && outside == NO_OPERAND) {
        return;
    }
    uint32_t scale = scale_of(lowering, decl_stage(emit), taking.scope);
    struct scaling ours = {product_of(lowering->ir, scale, inside), lower_stage_root(taking.scope), taking.where};
    flow->ours = inside == NO_OPERAND ? flow->written : each_share(lowering, in_row, &ours);
    if (outside != NO_OPERAND) {
        flow->ours = each_share(lowering, flow->ours, &(struct scaling){outside, NULL, NO_OPERAND});
    }
}

/* What is ours of the flow, and, where others have a part in it, the whole. */
static uint32_t close_amounts(struct lowering *lowering, struct open_formula *open, const struct decl *emit,
                              const struct flow_value *flow)
{
    struct split *ours = flow->ours != NULL ? flow->ours : flow->written;
    struct named_formula formula = {
        .kind = ITEM_AMOUNT,
        .decl = emit,
        .name = lower_path_of(lowering, emit),
        .at = emit->as.emit.value->at,
        .value = {.node = NO_OPERAND, .split = ours},
        .more = flow->written->shares,
        .more_count = flow->written->count
    };
    return lower_formula_close(lowering, open, formula);
}

const struct flow_value *lower_flow_value(struct lowering *lowering, struct decl *emit)
{
    uint32_t id = 0;
    if (decl_map_get(&lowering->flow_ids, emit, &id)) {
        lower_formula_mention(lowering, lowering->flow_values[id].formula);
        return &lowering->flow_values[id];
    }
    struct ir_site before = lower_enter(lowering, lower_path_of(lowering, emit), emit);
    struct flow_value flow = {.scope = NULL};
    struct open_formula open;
    lower_formula_open(lowering, &open);
    struct split *in_row = find_in_row(lowering, emit, emit->mentions, &flow);
    uint32_t scale = scale_of(lowering, decl_stage(emit), flow.scope);
    struct scaling whole = {scale, lower_stage_root(flow.scope), flow.where};
    flow.written = each_share(lowering, in_row, &whole);
    find_ours(lowering, emit, in_row, &flow);
    flow.formula = close_amounts(lowering, &open, emit, &flow);
    lowering->ir->site = before;
    id = (uint32_t)lowering->flow_value_count;
    arena_grow(lowering->arena, lowering->flow_values, lowering->flow_value_count, lowering->flow_value_cap);
    lowering->flow_values[lowering->flow_value_count++] = flow;
    decl_map_add(lowering, &lowering->flow_ids, emit, id);
    return &lowering->flow_values[id];
}

static uint32_t where_carried_out(struct lowering *lowering, uint32_t node, void *context)
{
    struct ir *ir = lowering->ir;
    return ir_select(ir, *(const uint32_t *)context, ir_need(ir, node), ir_number(ir, RAT_ZERO, UNIT_ONE));
}

uint32_t lower_flow(struct lowering *lowering, struct decl *emit, const struct scope *scope)
{
    struct decl *stage = decl_stage(emit);
    const struct scope *rows = lower_stage_root(scope);
    bool is_plain = stage->attributes.rows == NULL && stage->attributes.scale == NULL;
    if (is_plain || (rows != NULL && rows->decl == stage)) {
        uint32_t when = lower_when(lowering, emit, scope);
        struct lowered value = lower_named(lowering, emit, emit->as.emit.value, scope);
        return where_carried_out(lowering, lower_sum_of(lowering, value), &when);
    }
    const struct flow_value *flow = lower_flow_value(lowering, emit);
    uint32_t when = flow->when;
    struct lowered whole = {.node = NO_OPERAND, .split = flow->written};
    whole = emit->as.emit.kind == EMIT_EMISSION ? whole : lower_negated(lowering, whole);
    return where_carried_out(lowering, lower_sum_of(lowering, whole), &when);
}

/* ---- emitted ---- */

static struct lowered of_category(struct lowering *lowering, const struct split *split, struct str category)
{
    struct lowered sum = lower_plain(ir_number(lowering->ir, RAT_ZERO, lowering->ir->unit_items[lowering->kgco2e]));
    for (size_t i = 0; i < split->count; i++) {
        if (str_eq(split->shares[i].category, category)) {
            sum = lower_plain(ir_add(lowering->ir, lower_sum_of(lowering, sum), split->shares[i].node));
        }
    }
    return sum;
}

static bool is_counted_in(const struct decl *emit, struct str member)
{
    for (size_t i = 0; i < emit->as.emit.member_count; i++) {
        if (str_eq(emit->as.emit.members[i]->name.text, member)) {
            return true;
        }
    }
    return false;
}

/* All flows inside, as written or what is ours of them; of a category or member of a breakdown, where one is named. */
static struct lowered add_emitted(struct lowering *lowering, struct decl *of, struct str cut, bool is_ours,
                                  struct lowered sum)
{
    bool is_category = word_is_known(WORDS_CATEGORY, cut);
    if (of->kind == DECL_EMIT && cut.len > 0 && !is_category && !is_counted_in(of, cut)) {
        return sum;
    }
    if (of->kind == DECL_EMIT) {
        const struct flow_value *flow = lower_flow_value(lowering, of);
        uint32_t when = flow->when;
        struct lowered value = {.node = NO_OPERAND, .split = flow->written};
        value.split = is_ours && flow->ours != NULL ? flow->ours : flow->written;
        value = is_category ? of_category(lowering, value.split, cut) : value;
        value = lower_each_share(lowering, value, where_carried_out, &when);
        return sum.node == NO_OPERAND && sum.split == NULL ? value : lower_add(lowering, sum, value, false);
    }
    bool is_group = of->kind == DECL_RULE || of->kind == DECL_STAGE || of->kind == DECL_PROCESS;
    for (struct decl *item = is_group ? decl_inner(of) : NULL; item != NULL; item = item->next) {
        sum = add_emitted(lowering, item, cut, is_ours, sum);
    }
    return sum;
}

struct lowered lower_emitted(struct lowering *lowering, const struct expr *call)
{
    const struct expr *of = call->as.call.args->value;
    struct str cut = of->ref.kind == REF_CATEGORY ? of->as.name.text : STR("");
    struct lowered nothing = {.node = NO_OPERAND};
    bool is_ours = call->ref.index == PREDEFINED_COUNTED;
    struct lowered sum = add_emitted(lowering, of->ref.decl, cut, is_ours, nothing);
    bool is_empty = sum.node == NO_OPERAND && sum.split == NULL;
    return is_empty ? lower_plain(ir_number(lowering->ir, RAT_ZERO, lowering->ir->unit_items[lowering->kgco2e])) : sum;
}

/* ---- the flows of the program ---- */

static uint32_t category_id(struct lowering *lowering, struct str name)
{
    struct program *program = lowering->program;
    uint32_t text = ir_text(lowering->ir, name);
    size_t count = program->category_count;
    for (uint32_t i = 0; i < count; i++) {
        if (program->categories[i].name == text) {
            return i;
        }
    }
    arena_grow(lowering->arena, program->categories, count, lowering->category_cap);
    program->categories[count] = (struct prog_category){.name = text, .is_apart = lower_is_named_apart(lowering, name)};
    return program->category_count++;
}

/* What is ours of a share, and the whole of it; `whole` is NO_OPERAND where nothing is allocated. Of a flow that is
   the reference row's own the whole is, too, even where it has no value of its own. */
static void add_part(struct lowering *lowering, const struct decl *emit, const struct share *share, uint32_t whole,
                     uint32_t when)
{
    struct ir *ir = lowering->ir;
    struct program *program = lowering->program;
    size_t count = program->part_count;
    arena_grow(lowering->arena, program->parts, count, lowering->part_cap);
    program->parts[count].flow = program->flow_count;
    program->parts[count].category = category_id(lowering, share->category);
    program->parts[count].gas = share->gas.len == 0 ? NO_INDEX : ir_text(lowering->ir, share->gas);
    ir_root(ir, OP_EMIT, lower_inner_axis(ir, share->node, when), share->node, program->part_count, when);
    if (whole != NO_OPERAND) {
        bool is_own = lowering->has_rows && (emit->mentions & MENTIONS_ROW) != 0;
        uint16_t axis = is_own ? lowering->row.row.axis : AXIS_ID_PRODUCT;
        ir_root(ir, OP_INVENTORY, axis, whole, program->part_count, when);
    }
    program->part_count++;
}

static void lower_emit(struct lowering *lowering, struct decl *emit, uint32_t stage)
{
    struct program *program = lowering->program;
    const struct decl *process = emit->parent;
    struct flow_value value = *lower_flow_value(lowering, emit);
    struct ir_site before = lower_enter(lowering, lower_path_of(lowering, emit), emit);
    struct prog_flow flow = {.stage = stage, .name = ir_text(lowering->ir, emit->name.text), .process = NO_INDEX};
    flow.process_titles = (struct prog_titles){
        {NO_INDEX, NO_INDEX}
    };
    if (process != NULL && process->kind == DECL_PROCESS) {
        flow.process = ir_text(lowering->ir, process->name.text);
        flow.process_titles = lower_titles(lowering, &process->texts);
    }
    static const uint8_t kinds[] = {
        [EMIT_EMISSION] = FLOW_EMISSION, [EMIT_REMOVAL] = FLOW_REMOVAL, [EMIT_CREDIT] = FLOW_CREDIT};
    flow.kind = kinds[emit->as.emit.kind];
    lower_flow_members(lowering, emit, &flow);
    flow.titles = lower_titles(lowering, &emit->texts);
    flow.because = lower_because(lowering, emit);
    flow.clause = lower_label(lowering, lowering->ir->site.clause);
    size_t count = program->flow_count;
    arena_grow(lowering->arena, program->flows, count, lowering->flow_cap);
    program->flows[count] = flow;
    const struct split *split = value.ours != NULL ? value.ours : value.written;
    for (size_t i = 0; i < split->count; i++) {
        uint32_t whole = value.ours != NULL ? value.written->shares[i].node : NO_OPERAND;
        add_part(lowering, emit, &split->shares[i], whole, value.when);
    }
    program->flow_count++;
    lowering->ir->site = before;
}

static void lower_flows(struct lowering *lowering, struct decl *items, uint32_t stage)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT) {
            lower_emit(lowering, item, stage);
        } else if (item->kind == DECL_PROCESS) {
            lower_flows(lowering, item->as.stage.items, stage);
        }
    }
}

void lower_stage(struct lowering *lowering, struct decl *stage)
{
    struct program *program = lowering->program;
    struct ir_site before = lower_enter(lowering, stage->name.text, stage);
    struct prog_stage made = {.name = ir_text(lowering->ir, stage->name.text), .when = NO_OPERAND};
    made.phase = lower_phase_id(lowering, stage->as.stage.phase.text);
    made.titles = lower_titles(lowering, &stage->texts);
    made.clause = lower_label(lowering, stage->attributes.clause);
    if (stage->attributes.when != NULL) {
        const struct scope *scope = lowering->has_rows ? &lowering->row : NULL; /* not the rows of the stage */
        uint32_t when = lower_when(lowering, stage, scope);
        made.when = when == IR_ERROR || ir_is_true(lowering->ir, when) ? NO_OPERAND : when;
    }
    size_t count = program->stage_count;
    arena_grow(lowering->arena, program->stages, count, lowering->stage_cap);
    program->stages[count] = made;
    lowering->ir->site = before;
    lower_flows(lowering, stage->as.stage.items, program->stage_count++);
}

/* ---- results ---- */

/* What a flow adds to the total: nothing where it is apart, and of its shares only those whose category is not. */
static uint32_t add_flow(struct lowering *lowering, struct decl *emit, uint32_t sum)
{
    struct ir *ir = lowering->ir;
    if (lower_is_flow_apart(lowering, emit)) {
        return sum;
    }
    const struct flow_value *flow = lower_flow_value(lowering, emit);
    const struct split *shares = flow->ours != NULL ? flow->ours : flow->written;
    uint32_t when = flow->when;
    uint32_t counted = NO_OPERAND;
    for (size_t i = 0; i < shares->count; i++) {
        if (!lower_is_named_apart(lowering, shares->shares[i].category)) {
            uint32_t share = ir_need(ir, shares->shares[i].node);
            counted = counted == NO_OPERAND ? share : ir_add(ir, counted, share);
        }
    }
    uint32_t none = ir_number(ir, RAT_ZERO, UNIT_ONE);
    return counted == NO_OPERAND ? sum : ir_add(ir, sum, ir_select(ir, when, counted, none));
}

static uint32_t sum_of_flows(struct lowering *lowering, struct decl *items, uint32_t sum)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT) {
            sum = add_flow(lowering, item, sum);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            sum = sum_of_flows(lowering, item->as.stage.items, sum);
        }
    }
    return sum;
}

/* Flows that are not carried out count as 0. Where the reference is not positive the product fails for that, not for
   a division that nobody wrote. */
uint32_t lower_total(struct lowering *lowering)
{
    struct ir *ir = lowering->ir;
    if (!lowering->has_total) {
        uint32_t zero = ir_number(ir, RAT_ZERO, ir->unit_items[lowering->kgco2e]);
        uint32_t sum = sum_of_flows(lowering, lowering->checked->rule->as.rule.items, zero);
        uint32_t covered = lower_covered(lowering);
        uint32_t is_positive = ir_less(ir, ir_number(ir, RAT_ZERO, UNIT_ONE), covered);
        uint32_t none = ir_number(ir, RAT_ZERO, UNIT_ONE);
        lowering->total = ir_select(ir, is_positive, ir_div(ir, sum, covered), none);
        lowering->has_total = true;
    }
    return lowering->total;
}
