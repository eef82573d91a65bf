/* The items of a rule: lets with their ranges, requirements, cut-offs, reports. */
#include "compiler/lower.h"

#include "compiler/mentions.h"
#include "compiler/order.h"
#include "compiler/walk.h"

/* ---- requirements ---- */

uint32_t lower_add_requirement(struct lowering *lowering, struct prog_titles text)
{
    struct program *program = lowering->program;
    size_t count = program->requirement_count;
    arena_grow(lowering->arena, program->requirements, count, lowering->requirement_cap);
    program->requirements[count].kind = REQUIREMENT_SAID;
    program->requirements[count].text = text;
    program->requirements[count].clause = lower_label(lowering, lowering->ir->site.clause);
    return program->requirement_count++;
}

struct prog_titles lower_composed(struct lowering *lowering, enum diag_code text, const struct str *args, size_t count)
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
    struct ir_site before = lower_enter(lowering, lower_path_of(lowering, decl), decl);
    const struct scope *scope = lower_home(lowering, decl, decl->mentions | mentions_around(decl));
    uint32_t when =
        ir_and(lowering->ir, lower_kept(lowering, lower_stage_root(scope)), lower_when(lowering, decl, scope));
    uint32_t condition = lower_value(lowering, decl->as.require.condition, scope);
    uint32_t requirement = lower_add_requirement(lowering, lower_titles(lowering, &decl->texts));
    ir_root(lowering->ir, op, lower_inner_axis(lowering->ir, condition, when), condition, requirement, when);
    lowering->ir->site = before;
}

/* A let with a range is required to lie in it. */
static void require_range(struct lowering *lowering, struct decl *let)
{
    const struct scope *scope = lower_home(lowering, let, let->mentions | mentions_around(let));
    uint32_t value = lower_sum_of(lowering, lower_let(lowering, let, scope));
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
            lower_composed(lowering, T_REQUIREMENT_RANGE,
                           DIAG_ARGS(let->name.text, span_text(sources, first->at), span_text(sources, last->at)));
        uint32_t requirement = lower_add_requirement(lowering, text);
        uint32_t when = ir_and(ir, lower_kept(lowering, lower_stage_root(scope)), lower_when(lowering, let, scope));
        ir_root(ir, OP_REQUIRE, lower_inner_axis(ir, is_inside, when), is_inside, requirement, when);
    }
    ir->site = before;
}

static void lower_lets(struct lowering *lowering, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_LET) {
            lower_let(lowering, item, lower_home(lowering, item, item->mentions));
            if (item->attributes.range_first != NULL) {
                require_range(lowering, item);
            }
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            lower_lets(lowering, item->as.stage.items);
        }
    }
}

/* ---- cut-offs ---- */

/* What may not be left out at all: a row that is cut off, and that the cut-off is not about. */
static void refuse_cut(struct lowering *lowering, struct str list, uint16_t axis, uint32_t is_cut, uint32_t where)
{
    struct ir *ir = lowering->ir;
    if (where != NO_OPERAND && !ir_is_true(ir, where)) {
        uint32_t text = lower_add_requirement(lowering, lower_composed(lowering, T_REQUIREMENT_NOT_CUT, &list, 1));
        ir_root(ir, OP_REQUIRE, axis, where, text, is_cut);
    }
}

/* The limits are tested over all rows that it is about: those that are cut off take no part in other aggregates
   (lower_rows.c). */
static void lower_cutoff(struct lowering *lowering, struct decl *cutoff)
{
    struct ir *ir = lowering->ir;
    struct expr *sum = cutoff->as.cutoff.comprehension;
    struct scope scope = {.kind = SCOPE_BINDER, .binder = sum};
    uint32_t list = NO_INDEX;
    scope.outer = lower_home(lowering, cutoff, cutoff->mentions);
    uint16_t outer = sum == NULL ? AXIS_ID_PRODUCT : lower_mention(lowering, sum, scope.outer);
    if (sum == NULL || !lower_open_rows(lowering, cutoff->as.cutoff.source, outer, scope.outer, &scope.row, &list) ||
        list == NO_INDEX || lowering->cut_fields[list] == NO_INDEX) {
        return;
    }
    struct str name = ir_text_of(ir, ir->fields[list].name);
    struct ir_site before = lower_enter(lowering, str_format(lowering->arena, "cutoff %.*s", STR_FMT(name)), cutoff);
    uint16_t axis = scope.row.axis;
    uint32_t cut = ir_field(ir, lowering->cut_fields[list], scope.row.list_axis);
    uint32_t is_cut = ir_given(ir, ir_to_visited(ir, cut, scope.row.list_axis, axis));
    struct expr *condition = cutoff->as.cutoff.where;
    uint32_t where = condition == NULL ? NO_OPERAND : lower_value(lowering, condition, &scope);
    uint32_t key = lower_value(lowering, cutoff->as.cutoff.key, &scope);
    uint32_t whole = ir_sum(ir, axis, key, where);
    refuse_cut(lowering, name, axis, is_cut, where);
    is_cut = where == NO_OPERAND ? is_cut : ir_and(ir, is_cut, where);
    if (cutoff->as.cutoff.each != NULL) {
        uint32_t limit = ir_mul(ir, lower_value(lowering, cutoff->as.cutoff.each, scope.outer), whole);
        uint32_t text = lower_add_requirement(lowering, lower_composed(lowering, T_REQUIREMENT_EACH, &name, 1));
        lowering->program->requirements[text].kind = REQUIREMENT_CUT_EACH;
        ir_root(ir, OP_REQUIRE, axis, ir_less_equal(ir, key, limit), text, is_cut);
    }
    if (cutoff->as.cutoff.together != NULL) {
        uint32_t limit = ir_mul(ir, lower_value(lowering, cutoff->as.cutoff.together, scope.outer), whole);
        uint32_t text = lower_add_requirement(lowering, lower_composed(lowering, T_REQUIREMENT_TOGETHER, &name, 1));
        lowering->program->requirements[text].kind = REQUIREMENT_CUT_TOGETHER;
        ir_root(ir, OP_REQUIRE, outer, ir_less_equal(ir, ir_sum(ir, axis, key, is_cut), limit), text, NO_OPERAND);
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

/* ---- reports ---- */

static void lower_report(struct lowering *lowering, struct decl *report)
{
    struct program *program = lowering->program;
    struct ir *ir = lowering->ir;
    struct ir_site before =
        lower_enter(lowering, str_format(lowering->arena, "report %.*s", STR_FMT(report->name.text)), report);
    const struct scope *scope = lower_home(lowering, report, report->mentions);
    uint32_t value = lower_report_value(lowering, report, scope);
    uint32_t when = lower_when(lowering, report, scope);
    uint32_t unit = ir_unit(ir, report->type.unit);
    struct prog_output output = {.name = ir_text(ir, report->name.text), .unit = (uint16_t)unit};
    output.round = PROG_ROUND_UNSAID;
    output.titles = lower_titles(lowering, &report->texts);
    output.clause = lower_label(lowering, ir->site.clause);
    size_t count = program->output_count;
    arena_grow(lowering->arena, program->outputs, count, lowering->output_cap);
    program->outputs[count] = output;
    ir_root(ir, OP_OUTPUT, lower_inner_axis(ir, value, when), value, program->output_count++, when);
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
            lower_let(lowering, order.items[i], lower_home(lowering, order.items[i], order.items[i]->mentions));
        } else if (order.items[i]->kind == DECL_EMIT) {
            lower_flow_value(lowering, order.items[i]);
        }
    }
}

void lower_items(struct lowering *lowering)
{
    struct decl *items = lowering->checked->rule->as.rule.items;
    lower_phases(lowering);
    lower_breakdowns(lowering);
    lower_values(lowering);
    lower_lets(lowering, items);
    lower_requirements(lowering, items);
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE) {
            lower_stage(lowering, item);
        }
    }
    lower_allocations(lowering);
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_REPORT) {
            lower_report(lowering, item);
        }
    }
}
