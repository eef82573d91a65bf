/* The items of a rule: lets with their ranges, stages and flows, requirements, cut-offs, reports. */
#include "compiler/lower.h"

#include "compiler/order.h"

/* ---- where an item holds ---- */

/* The condition of the stage, the process and the item itself, outermost first. */
static uint32_t when_of(struct lowering *lowering, const struct decl *decl)
{
    struct ir *ir = lowering->ir;
    uint32_t when = ir_bool(ir, true);
    const struct decl *parent = decl->parent;
    if (parent != NULL && (parent->kind == DECL_STAGE || parent->kind == DECL_PROCESS)) {
        when = when_of(lowering, parent);
    }
    if (decl->attributes.when != NULL) {
        when = ir_and(ir, when, lower_value(lowering, decl->attributes.when, NULL));
    }
    return when;
}

static const struct decl *stage_of(const struct decl *item)
{
    while (item != NULL && item->kind != DECL_STAGE) {
        item = item->parent;
    }
    return item;
}

static struct str path_of(struct lowering *lowering, const struct decl *item)
{
    const struct decl *stage = stage_of(item);
    if (stage == NULL) {
        return item->name.text;
    }
    return str_format(lowering->arena, "%.*s.%.*s", STR_FMT(stage->name.text), STR_FMT(item->name.text));
}

/* ---- requirements ---- */

static uint32_t add_requirement(struct lowering *lowering, struct prog_titles text)
{
    struct program *program = lowering->program;
    size_t count = program->requirement_count;
    arena_grow(lowering->arena, program->requirements, count, lowering->requirement_cap);
    program->requirements[count].text = text;
    program->requirements[count].clause = lower_label(lowering, lowering->ir->site.clause);
    return program->requirement_count++;
}

/* A text of ours with the names of the rule in it, in both languages. */
static struct prog_titles composed(struct lowering *lowering, enum diag_code text, const struct str *args, size_t count)
{
    struct diag_text wording = {.text = text};
    for (size_t i = 0; i < count && i < countof(wording.args); i++) {
        wording.args[i] = args[i];
    }
    struct prog_titles titles;
    titles.label[LANG_EN] = lower_label(lowering, diag_text(lowering->arena, wording, LANG_EN));
    titles.label[LANG_ZH] = lower_label(lowering, diag_text(lowering->arena, wording, LANG_ZH));
    return titles;
}

static void lower_requirement(struct lowering *lowering, struct decl *decl)
{
    enum opcode op = decl->kind == DECL_REQUIRE ? OP_REQUIRE : OP_WARN;
    const struct decl *stage = stage_of(decl);
    struct str word = decl->kind == DECL_REQUIRE ? STR("require") : STR("warn");
    struct str path =
        stage == NULL ? word : str_format(lowering->arena, "%.*s.%.*s", STR_FMT(stage->name.text), STR_FMT(word));
    struct ir_site before = lower_enter(lowering, path, decl);
    uint32_t when = when_of(lowering, decl);
    uint32_t condition = lower_value(lowering, decl->as.require.condition, NULL);
    uint32_t requirement = add_requirement(lowering, lower_titles(lowering, &decl->texts));
    ir_root(lowering->ir, op, AXIS_ID_PRODUCT, condition, requirement, when);
    lowering->ir->site = before;
}

/* A let with a range is required to lie in it. */
static void require_range(struct lowering *lowering, struct decl *let, uint32_t value)
{
    struct ir *ir = lowering->ir;
    const struct sources *sources = lowering->checked->sources;
    struct expr *first = let->attributes.range_first;
    struct expr *last = let->attributes.range_last;
    if (first == NULL || last == NULL) {
        return;
    }
    struct ir_site before =
        lower_enter(lowering, str_format(lowering->arena, "let %.*s", STR_FMT(let->name.text)), let);
    uint32_t is_inside = ir_and(ir, ir_less_equal(ir, lower_value(lowering, first, NULL), value),
                                ir_less_equal(ir, value, lower_value(lowering, last, NULL)));
    if (!ir_is_constant(ir, is_inside) || ir_is_false(ir, is_inside)) {
        struct prog_titles text =
            composed(lowering, T_REQUIREMENT_RANGE,
                     DIAG_ARGS(let->name.text, span_text(sources, first->at), span_text(sources, last->at)));
        uint32_t requirement = add_requirement(lowering, text);
        ir_root(ir, OP_REQUIRE, AXIS_ID_PRODUCT, is_inside, requirement, when_of(lowering, let));
    }
    ir->site = before;
}

static void lower_lets(struct lowering *lowering, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_LET) {
            struct lowered value = lower_let(lowering, item);
            if (item->attributes.range_first != NULL) {
                require_range(lowering, item, lower_sum_of(lowering, value));
            }
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            lower_lets(lowering, item->as.stage.items);
        }
    }
}

/* ---- cut-offs ---- */

/* The limits are tested over all rows: those that are cut off take no part in other aggregates (lower_rows.c). */
static void lower_cutoff(struct lowering *lowering, struct decl *cutoff)
{
    struct ir *ir = lowering->ir;
    struct expr *sum = cutoff->as.cutoff.comprehension;
    struct scope scope = {.kind = SCOPE_BINDER, .binder = sum};
    uint32_t list = NO_INDEX;
    if (sum == NULL || !lower_open_rows(lowering, cutoff->as.cutoff.source, AXIS_ID_PRODUCT, NULL, &scope.row, &list) ||
        list == NO_INDEX || lowering->cut_fields[list] == NO_INDEX) {
        return;
    }
    struct str name = ir_text_of(ir, ir->fields[list].name);
    struct ir_site before = lower_enter(lowering, str_format(lowering->arena, "cutoff %.*s", STR_FMT(name)), cutoff);
    uint16_t axis = scope.row.axis;
    uint32_t is_cut = ir_given(ir, ir_field(ir, lowering->cut_fields[list], axis));
    uint32_t key = lower_value(lowering, cutoff->as.cutoff.key, &scope);
    uint32_t whole = ir_sum(ir, axis, key, NO_OPERAND);
    if (cutoff->as.cutoff.each != NULL) {
        uint32_t limit = ir_mul(ir, lower_value(lowering, cutoff->as.cutoff.each, NULL), whole);
        uint32_t text = add_requirement(lowering, composed(lowering, T_REQUIREMENT_EACH, &name, 1));
        ir_root(ir, OP_REQUIRE, axis, ir_less_equal(ir, key, limit), text, is_cut);
    }
    if (cutoff->as.cutoff.together != NULL) {
        uint32_t limit = ir_mul(ir, lower_value(lowering, cutoff->as.cutoff.together, NULL), whole);
        uint32_t text = add_requirement(lowering, composed(lowering, T_REQUIREMENT_TOGETHER, &name, 1));
        ir_root(ir, OP_REQUIRE, AXIS_ID_PRODUCT, ir_less_equal(ir, ir_sum(ir, axis, key, is_cut), limit), text,
                NO_OPERAND);
    }
    ir->site = before;
}

static void lower_requirements(struct lowering *lowering, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_REQUIRE || item->kind == DECL_WARN) {
            lower_requirement(lowering, item);
        } else if (item->kind == DECL_CUTOFF) {
            lower_cutoff(lowering, item);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            lower_requirements(lowering, item->as.stage.items);
        }
    }
}

/* ---- stages and flows ---- */

/* The value of an emit and where it is carried out, found once. */
static uint32_t flow_value_id(struct lowering *lowering, struct decl *emit)
{
    uint32_t id = 0;
    if (decl_map_get(&lowering->flow_ids, emit, &id)) {
        return id;
    }
    struct ir_site before = lower_enter(lowering, path_of(lowering, emit), emit);
    uint32_t when = when_of(lowering, emit);
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
    uint32_t id = flow_value_id(lowering, emit);
    uint32_t amount = lower_sum_of(lowering, lowering->flow_values[id].value);
    return ir_select(ir, lowering->flow_values[id].when, ir_need(ir, amount), ir_number(ir, RAT_ZERO, UNIT_ONE));
}

static void add_part(struct lowering *lowering, uint32_t flow, const struct share *share, uint32_t when)
{
    struct program *program = lowering->program;
    size_t count = program->part_count;
    arena_grow(lowering->arena, program->parts, count, lowering->part_cap);
    program->parts[count].flow = flow;
    program->parts[count].category = ir_text(lowering->ir, share->category);
    program->parts[count].gas = share->gas.len == 0 ? NO_INDEX : ir_text(lowering->ir, share->gas);
    ir_root(lowering->ir, OP_EMIT, AXIS_ID_PRODUCT, share->node, program->part_count++, when);
}

static void lower_emit(struct lowering *lowering, struct decl *emit, uint32_t stage)
{
    struct program *program = lowering->program;
    const struct decl *process = emit->parent;
    uint32_t id = flow_value_id(lowering, emit);
    struct ir_site before = lower_enter(lowering, path_of(lowering, emit), emit);
    struct str category = emit->as.emit.as == NULL ? STR("") : emit->as.emit.as->name.text;
    struct prog_flow flow = {.stage = stage, .name = ir_text(lowering->ir, emit->name.text), .process = NO_INDEX};
    if (process != NULL && process->kind == DECL_PROCESS) {
        flow.process = ir_text(lowering->ir, process->name.text);
    }
    flow.titles = lower_titles(lowering, &emit->texts);
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

static void lower_stage(struct lowering *lowering, struct decl *stage)
{
    struct program *program = lowering->program;
    struct ir_site before = lower_enter(lowering, stage->name.text, stage);
    struct prog_stage made = {.name = ir_text(lowering->ir, stage->name.text), .when = NO_OPERAND};
    made.phase = stage->as.stage.phase.text.len == 0 ? NO_INDEX : ir_text(lowering->ir, stage->as.stage.phase.text);
    made.titles = lower_titles(lowering, &stage->texts);
    made.clause = lower_label(lowering, stage->attributes.clause);
    if (stage->attributes.when != NULL) {
        uint32_t when = when_of(lowering, stage);
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

/* ---- reports ---- */

static void lower_report(struct lowering *lowering, struct decl *report)
{
    struct program *program = lowering->program;
    struct ir *ir = lowering->ir;
    struct ir_site before =
        lower_enter(lowering, str_format(lowering->arena, "report %.*s", STR_FMT(report->name.text)), report);
    uint32_t value = ir_convert(ir, lower_value(lowering, report->as.report.value, NULL), report->type.unit);
    uint32_t unit = ir_unit(ir, report->type.unit);
    struct prog_output output = {.name = ir_text(ir, report->name.text), .unit = (uint16_t)unit};
    output.round = (struct prog_round){PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 6};
    output.titles = lower_titles(lowering, &report->texts);
    output.clause = lower_label(lowering, ir->site.clause);
    size_t count = program->output_count;
    arena_grow(lowering->arena, program->outputs, count, lowering->output_cap);
    program->outputs[count] = output;
    ir_root(ir, OP_OUTPUT, AXIS_ID_PRODUCT, value, program->output_count++, NO_OPERAND);
    ir->site = before;
}

/* What is needed first comes first, so that long chains of lets do not nest. */
static void lower_values(struct lowering *lowering)
{
    struct decl_order order = order_declarations(lowering->checked, lowering->out);
    for (size_t i = 0; i < order.count; i++) {
        const struct decl *rule = order.items[i];
        while (rule->parent != NULL) {
            rule = rule->parent;
        }
        if (rule != lowering->checked->rule) {
            continue;
        }
        if (order.items[i]->kind == DECL_LET) {
            lower_let(lowering, order.items[i]);
        } else if (order.items[i]->kind == DECL_EMIT) {
            flow_value_id(lowering, order.items[i]);
        }
    }
}

void lower_items(struct lowering *lowering)
{
    struct decl *items = lowering->checked->rule->as.rule.items;
    lower_values(lowering);
    lower_lets(lowering, items);
    lower_requirements(lowering, items);
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE) {
            lower_stage(lowering, item);
        }
    }
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_REPORT) {
            lower_report(lowering, item);
        }
    }
}
