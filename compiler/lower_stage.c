/* Stages and flows: where they are carried out, what they emit, and the total. */
#include "compiler/lower.h"

/* ---- where an item holds ---- */

/* The condition of the stage, the process and the item itself, outermost first. */
uint32_t lower_when(struct lowering *lowering, const struct decl *decl)
{
    struct ir *ir = lowering->ir;
    uint32_t when = ir_bool(ir, true);
    const struct decl *parent = decl->parent;
    if (parent != NULL && (parent->kind == DECL_STAGE || parent->kind == DECL_PROCESS)) {
        when = lower_when(lowering, parent);
    }
    if (decl->attributes.when != NULL) {
        when = ir_and(ir, when, lower_value(lowering, decl->attributes.when, NULL));
    }
    return when;
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
    if (stage == NULL) {
        return item->name.text;
    }
    return str_format(lowering->arena, "%.*s.%.*s", STR_FMT(stage->name.text), STR_FMT(item->name.text));
}

/* ---- stages and flows ---- */

/* The value of an emit and where it is carried out, found once. */
uint32_t lower_flow_value(struct lowering *lowering, struct decl *emit)
{
    uint32_t id = 0;
    if (decl_map_get(&lowering->flow_ids, emit, &id)) {
        return id;
    }
    struct ir_site before = lower_enter(lowering, lower_path_of(lowering, emit), emit);
    uint32_t when = lower_when(lowering, emit);
    struct lowered value = lower_expr(lowering, emit->as.emit.value, NULL);
    lowering->ir->site = before;
    id = (uint32_t)lowering->flow_value_count;
    arena_grow(lowering->arena, lowering->flow_values, lowering->flow_value_count, lowering->flow_value_cap);
    lowering->flow_values[lowering->flow_value_count].value = value;
    lowering->flow_values[lowering->flow_value_count++].when = when;
    decl_map_add(lowering, &lowering->flow_ids, emit, id);
    return id;
}

uint32_t lower_flow(struct lowering *lowering, struct decl *emit)
{
    struct ir *ir = lowering->ir;
    uint32_t id = lower_flow_value(lowering, emit);
    uint32_t amount = lower_sum_of(lowering, lowering->flow_values[id].value);
    return ir_select(ir, lowering->flow_values[id].when, ir_need(ir, amount), ir_number(ir, RAT_ZERO, UNIT_ONE));
}

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
    program->categories[count] = (struct prog_category){.name = text};
    return program->category_count++;
}

static void add_part(struct lowering *lowering, uint32_t flow, const struct share *share, uint32_t when)
{
    struct program *program = lowering->program;
    size_t count = program->part_count;
    arena_grow(lowering->arena, program->parts, count, lowering->part_cap);
    program->parts[count].flow = flow;
    program->parts[count].category = category_id(lowering, share->category);
    program->parts[count].gas = share->gas.len == 0 ? NO_INDEX : ir_text(lowering->ir, share->gas);
    ir_root(lowering->ir, OP_EMIT, AXIS_ID_PRODUCT, share->node, program->part_count++, when);
}

static void lower_emit(struct lowering *lowering, struct decl *emit, uint32_t stage)
{
    struct program *program = lowering->program;
    const struct decl *process = emit->parent;
    uint32_t id = lower_flow_value(lowering, emit);
    struct ir_site before = lower_enter(lowering, lower_path_of(lowering, emit), emit);
    struct str category = emit->as.emit.as == NULL ? STR("") : emit->as.emit.as->name.text;
    struct prog_flow flow = {.stage = stage, .name = ir_text(lowering->ir, emit->name.text), .process = NO_INDEX};
    if (process != NULL && process->kind == DECL_PROCESS) {
        flow.process = ir_text(lowering->ir, process->name.text);
    }
    flow.titles = lower_titles(lowering, &emit->texts);
    flow.because = (struct prog_titles){
        {NO_INDEX, NO_INDEX}
    };
    flow.clause = lower_label(lowering, lowering->ir->site.clause);
    size_t count = program->flow_count;
    arena_grow(lowering->arena, program->flows, count, lowering->flow_cap);
    program->flows[count] = flow;
    const struct split *split = lower_emission(lowering, lowering->flow_values[id].value, category);
    for (size_t i = 0; i < split->count; i++) {
        add_part(lowering, program->flow_count, &split->shares[i], lowering->flow_values[id].when);
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
        uint32_t when = lower_when(lowering, stage);
        made.when = when == IR_ERROR || ir_is_true(lowering->ir, when) ? NO_OPERAND : when;
    }
    size_t count = program->stage_count;
    arena_grow(lowering->arena, program->stages, count, lowering->stage_cap);
    program->stages[count] = made;
    lowering->ir->site = before;
    lower_flows(lowering, stage->as.stage.items, program->stage_count++);
}

/* ---- results ---- */

static uint32_t sum_of_flows(struct lowering *lowering, struct decl *items, uint32_t sum)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT) {
            sum = ir_add(lowering->ir, sum, lower_flow(lowering, item));
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
