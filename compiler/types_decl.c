#include "compiler/types.h"

#include "compiler/walk.h"

static void type_let(struct typer *typer, struct decl *let);
static void type_params(struct typer *typer, struct decl *params);
static void type_function(struct typer *typer, struct decl *function);
static void type_field(struct typer *typer, struct decl *field);
static void type_emit(struct typer *typer, struct decl *emit);
static void type_check(struct typer *typer, struct decl *check);
static void type_cutoff(struct typer *typer, struct decl *cutoff);
static void type_demand(struct typer *typer, struct decl *demand);
static void type_round(struct typer *typer, struct decl *round);
static void type_class(struct typer *typer, struct decl *class);
static void type_expect(struct typer *typer, struct decl *expect);

/* The conditions of the process and stage around a declaration say what is given inside. Outermost first. */
static void assume_groups(struct typer *typer, const struct decl *group)
{
    if (group != NULL && (group->kind == DECL_STAGE || group->kind == DECL_PROCESS)) {
        assume_groups(typer, group->parent);
        facts_assume(typer, group->attributes.when, true);
    }
}

/* for each … scaled by … when …: before what the group holds, for that may use the row and what is given. */
static void type_group(struct typer *typer, struct decl *group)
{
    if (group->as.stage.is_typed) {
        return;
    }
    group->as.stage.is_typed = true;
    assume_groups(typer, group->parent);
    type_rows(typer, group);
    if (group->attributes.when != NULL && type_as_bool(typer, group->attributes.when)) {
        facts_assume(typer, group->attributes.when, true);
    }
    if (group->attributes.scale != NULL) {
        type_as_plain(typer, group->attributes.scale, D_SCALE_NOT_PLAIN);
    }
}

/* One result for each row: of the product's own list, or of a table. */
static void type_reference(struct typer *typer, struct decl *reference)
{
    struct type wanted = number_type(typer, typer->declared);
    const struct expr *rows = reference->attributes.rows;
    const struct expr *source = rows == NULL ? NULL : rows->as.comprehension.source;
    type_rows(typer, reference);
    bool is_named = source == NULL || (source->kind == EXPR_NAME && source->ref.kind == REF_DECL);
    if (!is_named && !is_error(source)) {
        diag_add(typer->out, D_REFERENCE_ROWS, source->at, NULL, 0);
    }
    if (reference->as.reference.headline != NULL) {
        type_as_bool(typer, reference->as.reference.headline);
    }
    if (typer->declared_by != NULL) {
        type_as(typer, reference->as.reference.value, &wanted, typer->declared_by);
    } else {
        type_as_number(typer, reference->as.reference.value);
    }
}

static void type_allocation(struct typer *typer, struct decl *allocate)
{
    const struct expr *rows = allocate->attributes.rows;
    assume_groups(typer, allocate->parent);
    if (rows == NULL) {
        return;
    }
    type_rows(typer, allocate);
    const struct expr *source = rows->as.comprehension.source;
    bool is_list = source->type.kind == TYPE_LIST && source->type.decl->kind == DECL_FIELD;
    if (!is_list && source->type.kind != TYPE_ERROR) {
        diag_add(typer->out, D_NOT_A_LIST, source->at, DIAG_ARGS(span_text(typer->checked->sources, source->at)));
    }
    type_as_number(typer, allocate->as.allocate.key);
    if (allocate->as.allocate.take != NULL) {
        type_as_bool(typer, allocate->as.allocate.take);
    }
}

static void type_share(struct typer *typer, struct decl *share)
{
    struct expr *value = share->as.share.value;
    assume_groups(typer, share->parent->parent);
    if (value->ref.kind != REF_PREDEFINED || value->ref.index != PREDEFINED_REST) {
        type_as_plain(typer, value, D_SHARE_NOT_PLAIN);
    }
}

void type_decl(struct typer *typer, struct decl *decl)
{
    const struct decl *rule = typer->checked->rule;
    typer->facts = NULL;
    typer->is_in_import = rule != NULL && decl->module != rule->module;
    switch (decl->kind) {
    case DECL_TABLE:
        type_table(typer, decl);
        return;
    case DECL_FUNCTION:
        type_function(typer, decl);
        return;
    case DECL_EXTERNAL:
        type_params(typer, decl->as.external.params);
        return;
    case DECL_FACTOR:
        if (decl->attributes.initial != NULL && type_as(typer, decl->attributes.initial, &decl->type, decl)) {
            type_constant(typer, decl->attributes.initial);
        }
        return;
    case DECL_FIELD:
        type_field(typer, decl);
        type_list_key(typer, decl);
        return;
    case DECL_LET:
        type_let(typer, decl);
        return;
    case DECL_REFERENCE:
        type_reference(typer, decl);
        return;
    case DECL_STAGE:
    case DECL_PROCESS:
        type_group(typer, decl);
        return;
    case DECL_ALLOCATE:
        type_allocation(typer, decl);
        return;
    case DECL_SHARE:
        type_share(typer, decl);
        return;
    case DECL_EMIT:
        type_emit(typer, decl);
        return;
    case DECL_REQUIRE:
    case DECL_WARN:
        type_check(typer, decl);
        return;
    case DECL_CUTOFF:
        type_cutoff(typer, decl);
        return;
    case DECL_ROUND:
        type_round(typer, decl);
        return;
    case DECL_REPORT:
        if (decl->attributes.when != NULL && type_as_bool(typer, decl->attributes.when)) {
            facts_assume(typer, decl->attributes.when, true);
        }
        type_as(typer, decl->as.report.value, &decl->type, decl);
        return;
    case DECL_DEMAND:
        type_demand(typer, decl);
        return;
    case DECL_CLASS:
        type_class(typer, decl);
        return;
    case DECL_EXPECT:
        type_expect(typer, decl);
        return;
    case DECL_ERROR:
    case DECL_IMPORT:
    case DECL_LIFECYCLE:
    case DECL_PHASE:
    case DECL_BOUNDARY:
    case DECL_BREAKDOWN:
    case DECL_BREAKDOWN_MEMBER:
    case DECL_PROFILE:
    case DECL_CHOICE:
    case DECL_CHOICE_MEMBER:
    case DECL_ROW:
    case DECL_COLUMN:
    case DECL_PARAM:
    case DECL_UNIT:
    case DECL_NAMES:
    case DECL_RULE:
    case DECL_HEADER: /* the amount was read first of all: types.c */
    case DECL_DATA:
    case DECL_GRADE:
        return;
    case DECL_EXAMPLE:
        if (decl->as.example.gwp.text.len > 0) {
            (void)type_gwp_set(typer, decl->as.example.gwp);
        }
        return;
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static void type_bounds(struct typer *typer, struct decl *decl)
{
    struct expr *bounds[2] = {decl->attributes.range_first, decl->attributes.range_last};
    struct type wanted = decl->type;
    wanted.is_optional = false;
    for (int i = 0; i < 2; i++) {
        if (bounds[i] == NULL || wanted.kind == TYPE_ERROR) {
            continue;
        }
        if (wanted.kind != TYPE_NUMBER && wanted.kind != TYPE_YEAR && wanted.kind != TYPE_DATE) {
            diag_add(typer->out, D_RANGE_TYPE, bounds[i]->at, DIAG_ARGS(type_text(typer, &wanted)));
            return;
        }
        if (type_as(typer, bounds[i], &wanted, decl)) {
            type_constant(typer, bounds[i]);
        }
    }
}

static void type_let(struct typer *typer, struct decl *let)
{
    struct expr *value = let->as.let.value;
    assume_groups(typer, let->parent);
    if (value == NULL) { /* open: its type is written */
        let->type.kind = let->as.let.role == LET_OPEN ? let->type.kind : TYPE_ERROR;
    } else if (let->as.let.type != NULL) {
        type_flow(typer, value, &let->type);
        if (!is_error(value) && !type_is_row_of(&value->type, &let->type) &&
            !types_agree(typer, &value->type, &let->type)) {
            report_disagreement(typer, value->at, (struct side){.expr = value, .type = value->type},
                                (struct side){.decl = let, .type = let->type});
        }
        let->type.is_optional = value->type.is_optional;
        let->type.can_be_missing = value->type.can_be_missing;
        let->type.is_whole = value->type.is_whole;
    } else {
        let->type = *type_flow(typer, value, NULL);
        let->type.unit_spelled = STR("");
    }
    let->is_constant = value != NULL && expr_is_constant(value);
    if (let->is_cyclic && let->as.let.type == NULL) {
        let->type.kind = TYPE_ERROR;
    }
    typer->facts = NULL;
    type_bounds(typer, let);
}

static void type_params(struct typer *typer, struct decl *params)
{
    for (struct decl *param = params; param != NULL; param = param->next) {
        type_bounds(typer, param);
    }
}

static void type_function(struct typer *typer, struct decl *function)
{
    type_params(typer, function->as.function.params);
    function->type.kind = TYPE_ERROR;
    if (function->as.function.body != NULL) {
        function->type = *type_flow(typer, function->as.function.body, NULL);
        function->type.unit_spelled = STR("");
    }
}

/* A field that a variant says anew keeps its type. */
static void check_restated(struct typer *typer, struct decl *field)
{
    const struct type *before = &field->base->type;
    const struct type *now = &field->type;
    if (before->kind == TYPE_ERROR || now->kind == TYPE_ERROR) {
        return;
    }
    bool is_same = before->kind == now->kind && before->decl == now->decl &&
                   (now->kind != TYPE_NUMBER || unit_eq(before->unit, now->unit));
    if (!is_same) {
        struct diag *diag = diag_add(typer->out, D_FIELD_TYPE_CHANGED, field->as.field.type->at,
                                     DIAG_ARGS(field->name.text, type_text(typer, now), type_text(typer, before)));
        diag_label(typer->out, diag, field->base->name.at, decl_says(field->base), NULL, 0);
        field->type.kind = TYPE_ERROR;
    }
}

static void type_field(struct typer *typer, struct decl *field)
{
    if (field->type.kind == TYPE_LIST) {
        return;
    }
    if (field->base != NULL) {
        type_field(typer, field->base);
        check_restated(typer, field);
    }
    struct type wanted = field->type;
    wanted.is_optional = false;
    if (field->attributes.initial != NULL) {
        type_as(typer, field->attributes.initial, &wanted, field);
    }
    type_bounds(typer, field);
}

/* ---- flows ------------------------------------------------------------------------------------------------------ */

static void report_emit(struct typer *typer, const struct expr *value)
{
    struct kind kind =
        value->type.kind == TYPE_NUMBER ? kinds_known_part(&typer->kinds, value->type.kind_id) : kind_one();
    struct str gas = gas_of_kind(typer, kind);
    int left = 4;
    if (value->type.kind == TYPE_NUMBER && gas.len > 0) {
        struct diag *diag = diag_add(typer->out, D_EMIT_GAS, value->at, DIAG_ARGS(gas));
        label_leaves(typer, diag, value, kind, &left);
        return;
    }
    struct kind missing;
    bool has_missing = value->type.kind == TYPE_NUMBER && kind_mul(typer->co2e, kind, -1, &missing);
    struct unit_cause cause = {.count = 0};
    if (has_missing) {
        cause = unit_cause(typer, value, NULL, missing);
    }
    if (cause_is_said(typer, &cause, value->at)) {
        return;
    }
    struct diag *diag = diag_add(typer->out, D_EMIT_NOT_CO2E, value->at, DIAG_ARGS(expr_type_text(typer, value)));
    cause_remember(typer, diag, &cause);
    if (has_missing) {
        label_leaves(typer, diag, value, missing, &left);
        if (!note_potential(typer, diag, value, kind)) {
            note_factor_hint(typer, diag, missing, expr_type_text(typer, value), STR("kgCO2e"));
        }
    }
}

/* False where it is none. In `emit x when a = b` the amount is b, though a comparison may be meant. */
static bool type_emit_condition(struct typer *typer, struct expr *when, const struct expr *value)
{
    const struct diag *before = typer->out->last;
    bool is_condition = type_as_bool(typer, when);
    struct diag *last = typer->out->last;
    bool is_compared = value != NULL && value->at.file == when->at.file && value->at.off > when->at.off;
    if (!is_condition && is_compared && last != before && last->code == D_NOT_A_CONDITION) {
        diag_note(typer->out, last, T_EQUALS_COMPARES, NULL, 0);
        return false;
    }
    facts_assume(typer, when, true);
    return true;
}

static void type_emit(struct typer *typer, struct decl *emit)
{
    struct expr *value = emit->as.emit.value;
    struct type wanted = number_type(typer, typer->co2e);
    for (struct decl *group = emit->parent; group != NULL && group->kind != DECL_RULE; group = group->parent) {
        type_group(typer, group); /* another stage may use the flow before its own is reached */
    }
    typer->facts = NULL;
    assume_groups(typer, emit->parent);
    bool is_clear = emit->attributes.when == NULL || type_emit_condition(typer, emit->attributes.when, value);
    if (value == NULL || !is_clear) {
        return;
    }
    type_value(typer, value, NULL);
    if (!types_agree(typer, &value->type, &wanted)) {
        report_emit(typer, value);
    }
}

static void type_check(struct typer *typer, struct decl *check)
{
    assume_groups(typer, check->parent);
    if (check->attributes.when != NULL) {
        type_as_bool(typer, check->attributes.when);
        facts_assume(typer, check->attributes.when, true);
    }
    if (check->as.require.condition != NULL) {
        type_as_bool(typer, check->as.require.condition);
    }
}

static void type_limit(struct typer *typer, struct expr *limit)
{
    if (limit != NULL && type_as_plain(typer, limit, D_CUTOFF_LIMIT)) {
        type_constant(typer, limit);
    }
}

static void type_cutoff(struct typer *typer, struct decl *cutoff)
{
    if (cutoff->as.cutoff.comprehension != NULL) {
        type_expr(typer, cutoff->as.cutoff.comprehension, NULL);
    }
    type_limit(typer, cutoff->as.cutoff.each);
    type_limit(typer, cutoff->as.cutoff.together);
}

static void type_demand(struct typer *typer, struct decl *demand)
{
    type_limit(typer, demand->as.demand.each);
    type_limit(typer, demand->as.demand.together);
}

/* The total, stages and flows: per declared unit (kgCO2e/t) or of the declared amount (kgCO2e). */
static bool agrees_with_total(struct typer *typer, const struct expr *value)
{
    struct type total = number_type(typer, typer->co2e);
    struct kind per_unit;
    if (types_agree(typer, &value->type, &total) || !kind_mul(typer->co2e, typer->declared, -1, &per_unit)) {
        return true;
    }
    total = number_type(typer, per_unit);
    return types_agree(typer, &value->type, &total);
}

/* A whole number of digits: without a unit. */
static void type_digits(struct typer *typer, const struct expr *digits, int least)
{
    int value = 0;
    struct str text = digits->as.number.digits;
    bool is_small = digits->kind == EXPR_NUMBER && digits->as.number.unit_text.len == 0 && text.len <= 2;
    for (size_t i = 0; is_small && i < text.len; i++) {
        is_small = text.at[i] >= '0' && text.at[i] <= '9';
        value = value * 10 + (text.at[i] - '0');
    }
    if (!is_small || value > 15 || value < least) {
        diag_add(typer->out, D_ROUND_PLACES, digits->at, NULL, 0);
    }
}

/* An interval is an amount of what it rounds: of a report, a difference of its values. */
static void type_interval(struct typer *typer, struct decl *round)
{
    struct expr *interval = round->as.round.to;
    const struct decl *report = round->as.round.report;
    struct type wanted = report == NULL ? number_type(typer, typer->co2e) : report->type;
    wanted.unit.is_point = false;
    type_value(typer, interval, &wanted);
    if (interval->type.kind == TYPE_ERROR || wanted.kind == TYPE_ERROR || round->as.round.is_lost) {
        return;
    }
    if (report != NULL && !types_agree(typer, &interval->type, &wanted)) {
        report_disagreement(typer, interval->at, (struct side){.expr = interval, .type = interval->type},
                            (struct side){.decl = report, .type = wanted});
    } else if (report == NULL && typer->declared_by != NULL && !agrees_with_total(typer, interval)) {
        diag_add(typer->out, D_EXPECT_UNIT, interval->at, DIAG_ARGS(expr_type_text(typer, interval)));
    }
}

static void type_round(struct typer *typer, struct decl *round)
{
    const struct expr *to = round->as.round.to;
    if (to == NULL || to->kind == EXPR_ERROR) {
        return;
    }
    if (round->as.round.form == ROUND_MULTIPLES) {
        type_interval(typer, round);
    } else {
        type_digits(typer, to, round->as.round.form == ROUND_SIGNIFICANT);
    }
}

/* ---- expectations ----------------------------------------------------------------------------------------------- */

static void type_class(struct typer *typer, struct decl *class)
{
    struct expr *limit = class->as.class.limit;
    if (limit != NULL && type_as_number(typer, limit) && typer->declared_by != NULL &&
        !agrees_with_total(typer, limit)) {
        diag_add(typer->out, D_GRADE_UNIT, limit->at, DIAG_ARGS(expr_type_text(typer, limit)));
    }
}

/* Of a module: a value of one of its functions, tables or lets, and what it should be. */
static void type_module_expect(struct typer *typer, struct decl *expect)
{
    struct expr *path = expect->as.expect.path;
    struct expr *value = expect->as.expect.value;
    struct expr *within = expect->as.expect.within;
    type_value(typer, path, NULL);
    type_value(typer, value, is_error(path) ? NULL : &path->type);
    if (is_error(path) || is_error(value)) {
        return;
    }
    enum type_kind kind = path->type.kind;
    if (kind != TYPE_NUMBER && kind != TYPE_BOOL && kind != TYPE_CHOICE) {
        diag_add(typer->out, D_EXPECT_TYPE, path->at, DIAG_ARGS(type_text(typer, &path->type)));
    } else if (!types_agree(typer, &value->type, &path->type)) {
        report_disagreement(typer, value->at, (struct side){.expr = value, .type = value->type},
                            (struct side){.expr = path, .type = path->type});
    } else if (kind != TYPE_NUMBER && within != NULL) {
        diag_add(typer->out, D_NOT_A_NUMBER, path->at, DIAG_ARGS(type_text(typer, &path->type)));
    } else if (within != NULL) {
        type_tolerance(typer, within, value);
    } /* that both are constants is seen when they are folded */
    expect->type = path->type;
}

static void type_expect(struct typer *typer, struct decl *expect)
{
    const struct expr *path = expect->as.expect.path;
    struct expr *value = expect->as.expect.value;
    if (path != NULL && value != NULL && example_is_of_module(expect->parent)) {
        type_module_expect(typer, expect);
        return;
    }
    if (value == NULL || path == NULL || !type_as_number(typer, value) || !type_constant(typer, value)) {
        return;
    }
    const struct decl *report =
        path->ref.kind == REF_DECL && path->ref.decl->kind == DECL_REPORT ? path->ref.decl : NULL;
    if (report != NULL && !types_agree(typer, &value->type, &report->type)) {
        report_disagreement(typer, value->at, (struct side){.expr = value, .type = value->type},
                            (struct side){.decl = report, .type = report->type});
    } else if (report == NULL && path->kind != EXPR_ERROR && typer->declared_by != NULL &&
               !agrees_with_total(typer, value)) {
        diag_add(typer->out, D_EXPECT_UNIT, value->at, DIAG_ARGS(expr_type_text(typer, value)));
    }
    if (expect->as.expect.within != NULL && type_tolerance(typer, expect->as.expect.within, value)) {
        type_constant(typer, expect->as.expect.within);
    }
}
