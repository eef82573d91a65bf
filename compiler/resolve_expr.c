#include "compiler/resolve.h"

#include "base/calendar.h"
#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

static void resolve_name(struct resolver *resolver, struct expr *expr);
static void resolve_member(struct resolver *resolver, struct expr *expr);
static void resolve_call(struct resolver *resolver, struct expr *expr);
static void resolve_comprehension(struct resolver *resolver, struct expr *expr);

/* An error that was reported: later phases pass over it. */
static void poison(struct expr *expr)
{
    expr->kind = EXPR_ERROR;
}

static void resolve_child(void *context, struct expr *expr)
{
    resolve_expr(context, expr);
}

static void resolve_date(struct resolver *resolver, const struct expr *expr)
{
    int32_t day;
    if (!calendar_read(expr->as.text, &day)) {
        diag_add(resolver->out, D_NO_SUCH_DAY, expr->at, DIAG_ARGS(expr->as.text));
    }
}

void resolve_expr(struct resolver *resolver, struct expr *expr)
{
    if (expr == NULL) {
        return;
    }
    switch (expr->kind) {
    case EXPR_ERROR:
    case EXPR_TEXT:
        return;
    case EXPR_DATE:
        resolve_date(resolver, expr);
        return;
    case EXPR_NUMBER:
        resolve_literal(resolver, expr);
        return;
    case EXPR_NAME:
        resolve_name(resolver, expr);
        return;
    case EXPR_MEMBER:
        resolve_member(resolver, expr);
        return;
    case EXPR_CALL:
        resolve_call(resolver, expr);
        return;
    case EXPR_COMPREHENSION:
        resolve_comprehension(resolver, expr);
        return;
    case EXPR_BINARY:
        if (resolve_unit_slip(resolver, expr)) {
            poison(expr);
            return;
        }
        expr_each_child(expr, resolve_child, resolver);
        return;
    case EXPR_NOT:
    case EXPR_IF:
    case EXPR_MATCH:
    case EXPR_DEFAULT:
    case EXPR_GIVEN:
    case EXPR_RANGE:
        expr_each_child(expr, resolve_child, resolver);
        return;
    }
}

/* ---- bare names ------------------------------------------------------------------------------------------------- */

static bool refer_to_local(struct resolver *resolver, struct expr *expr)
{
    uint32_t index;
    struct decl *field;
    const struct local *local = scope_local(resolver, expr->as.name.text, &index, &field);
    if (local == NULL) {
        return false;
    }
    switch (local->kind) {
    case LOCAL_BINDER:
        expr->ref = (struct ref){.kind = REF_BINDER, .decl = local->decl, .binder = local->binder};
        break;
    case LOCAL_PARAMS:
        expr->ref = (struct ref){.kind = REF_PARAM, .decl = local->decl, .index = index};
        break;
    case LOCAL_ROW:
        expr->ref = (struct ref){.kind = REF_DECL, .decl = field};
        break;
    }
    return true;
}

static bool refer_to_predefined(struct resolver *resolver, struct expr *expr)
{
    enum predefined id = predefined_lookup(expr->as.name.text);
    if (id == PREDEFINED_NONE) {
        return false;
    }
    if (id == PREDEFINED_TOTAL) {
        if (!resolver->may_name_results) {
            diag_add(resolver->out, D_TOTAL_IN_FORMULA, expr->at, NULL, 0);
            poison(expr);
        }
    } else if (id == PREDEFINED_REST) {
        diag_add(resolver->out, D_REST_MISPLACED, expr->at, NULL, 0);
        poison(expr);
    } else if (id != PREDEFINED_TRUE && id != PREDEFINED_FALSE) {
        diag_add(resolver->out, D_FUNCTION_AS_VALUE, expr->at, DIAG_ARGS(expr->as.name.text));
        poison(expr);
    }
    expr->ref = (struct ref){.kind = REF_PREDEFINED, .index = (uint32_t)id};
    return true;
}

static void resolve_name(struct resolver *resolver, struct expr *expr)
{
    if (scope_is_doubtful(resolver, expr->as.name.text)) {
        poison(expr);
        return;
    }
    if (refer_to_local(resolver, expr)) {
        return;
    }
    struct decl *decl = scope_value(resolver, expr->as.name);
    if (decl != NULL) {
        expr->ref = (struct ref){.kind = REF_DECL, .decl = decl};
    } else if (!refer_to_predefined(resolver, expr) && scope_any_member(resolver, expr->as.name.text) == NULL) {
        report_unknown_name(resolver, expr->as.name);
        poison(expr);
    } /* else a member of a choice: types.c knows which choice is expected */
}

/* ---- a.b -------------------------------------------------------------------------------------------------------- */

static void report_unknown_member(struct resolver *resolver, const struct decl *choice, struct name name)
{
    struct str *candidates = arena_array(resolver->arena, struct str, 1 + LIMIT_MEMBERS);
    size_t count = 0;
    for (const struct decl *member = choice->as.choice.members; member != NULL && count < LIMIT_MEMBERS;
         member = member->next) {
        candidates[count++] = member->name.text;
    }
    struct str args[] = {choice->name.text, name.text};
    struct diag *diag =
        choice->is_broken ? NULL : diag_add_unknown(resolver->out, D_UNKNOWN_MEMBER, name.text, name.at, args, 2);
    if (diag != NULL) {
        diag_label(resolver->out, diag, choice->name.at, T_FIRST_HERE, NULL, 0);
        suggest_nearest(resolver, diag, name, candidates, count);
    }
}

static void report_unknown_flow(struct resolver *resolver, const struct decl *stage, struct name name)
{
    if (!lost_name(resolver->checked, &resolver->known, name.text)) {
        struct diag *diag = diag_add(resolver->out, D_UNKNOWN_FLOW, name.at, DIAG_ARGS(stage->name.text, name.text));
        diag_label(resolver->out, diag, stage->name.at, T_FIRST_HERE, NULL, 0);
    }
}

/* Does the value have rows, so that `.x` may be a field of it? Stages yield to those only. */
static bool may_have_members(const struct decl *value)
{
    return value->kind == DECL_LET || value->kind == DECL_FUNCTION;
}

/* `Choice.member` and `stage.flow`, where the left side is no value. */
static bool refer_to_qualified(struct resolver *resolver, struct expr *expr)
{
    const struct expr *operand = expr->as.member.operand;
    if (operand->kind == EXPR_NAME && scope_is_doubtful(resolver, operand->as.name.text)) {
        poison(expr);
        return true;
    }
    struct name name = expr->as.member.name;
    uint32_t index;
    struct decl *field;
    if (operand->kind != EXPR_NAME || scope_local(resolver, operand->as.name.text, &index, &field) != NULL) {
        return false;
    }
    struct decl *value = scope_value(resolver, operand->as.name);
    struct decl *stage = scope_stage(resolver, operand->as.name.text);
    struct decl *choice = scope_type(resolver, operand->as.name.text);
    struct decl *flow = stage == NULL ? NULL : stage_find_flow(stage, name.text);
    if (flow != NULL && (value == NULL || !may_have_members(value))) {
        expr->ref = (struct ref){.kind = REF_FLOW, .decl = flow};
        return true;
    }
    if (value != NULL || ((choice == NULL || choice->kind != DECL_CHOICE) && stage == NULL)) {
        return false;
    }
    struct decl *member = choice != NULL && choice->kind == DECL_CHOICE ? choice_find_member(choice, name.text) : NULL;
    if (member != NULL) {
        expr->ref = (struct ref){.kind = REF_MEMBER, .decl = choice, .index = member->index};
    } else if (stage != NULL) {
        report_unknown_flow(resolver, stage, name);
        poison(expr);
    } else {
        report_unknown_member(resolver, choice, name);
        poison(expr);
    }
    return true;
}

static void resolve_member(struct resolver *resolver, struct expr *expr)
{
    if (!refer_to_qualified(resolver, expr)) {
        resolve_expr(resolver, expr->as.member.operand);
    }
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

/* CH4 where the gases are CH4_fossil and CH4_biogenic. */
static bool report_split_gas(struct resolver *resolver, const struct decl *gases, struct name name)
{
    struct str prefix = str_format(resolver->arena, "%.*s_", STR_FMT(name.text));
    struct diag *diag = NULL;
    for (const struct decl *gas = gases->as.choice.members; gas != NULL; gas = gas->next) {
        if (!str_starts(gas->name.text, prefix)) {
            continue;
        }
        if (diag == NULL) {
            diag = diag_add(resolver->out, D_GAS_SPLIT, name.at, DIAG_ARGS(name.text));
        }
        diag_fix(resolver->out, diag, name.at, gas->name.text, T_FIX_REPLACE, DIAG_ARGS(gas->name.text));
    }
    return diag != NULL;
}

static struct decl *choice_of_gases(const struct checked *checked)
{
    const struct decl *key = checked->gases == NULL ? NULL : checked->gases->as.table.keys;
    return key != NULL && key->type.kind == TYPE_CHOICE ? key->type.decl : NULL;
}

/* The argument of gwp: a gas by its name, or an expression whose value is a gas. */
static void resolve_gas(struct resolver *resolver, struct expr *expr)
{
    struct decl *gases = choice_of_gases(resolver->checked);
    if (gases == NULL) {
        return; /* reported at the call */
    }
    if (expr->kind != EXPR_NAME) {
        resolve_expr(resolver, expr);
        return;
    }
    const struct decl *member = choice_find_member(gases, expr->as.name.text);
    if (member != NULL) {
        expr->ref = (struct ref){.kind = REF_GAS, .decl = gases, .index = member->index};
    } else if (refer_to_local(resolver, expr)) {
        return;
    } else if (scope_value(resolver, expr->as.name) != NULL) {
        resolve_name(resolver, expr);
    } else {
        if (!report_split_gas(resolver, gases, expr->as.name)) {
            report_unknown_member(resolver, gases, expr->as.name);
        }
        poison(expr);
    }
}

static void resolve_gwp(struct resolver *resolver, struct expr *call)
{
    struct arg *arg = call->as.call.args;
    if (choice_of_gases(resolver->checked) == NULL) {
        struct span start = {call->at.file, 0, 0};
        struct str file = str_format(resolver->arena, "%u", (unsigned)call->at.file);
        struct diag *diag = diag_add_about(resolver->out, D_GWP_NO_GASES, file, call->at, NULL, 0);
        if (diag != NULL) {
            diag_fix(resolver->out, diag, start, STR("import std.gases\n"), T_FIX_REPLACE,
                     DIAG_ARGS(STR("import std.gases")));
        }
        poison(call);
        return;
    }
    if (arg == NULL || arg->next != NULL || arg->name.text.len > 0) {
        diag_add(resolver->out, D_ARGUMENT_COUNT, call->at,
                 DIAG_ARGS(predefined_both(resolver->arena, PREDEFINED_GWP), STR("1")));
        poison(call);
        return;
    }
    resolve_gas(resolver, arg->value);
}

/* rounded(x, step, mode): a name that is a mode, and no value, is the mode. */
static void resolve_rounding(struct resolver *resolver, struct expr *call)
{
    for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        enum rounding mode;
        struct expr *value = arg->value;
        bool is_first = arg == call->as.call.args;
        if (!is_first && value->kind == EXPR_NAME && rounding_lookup(value->as.name.text, &mode) &&
            scope_value(resolver, value->as.name) == NULL) {
            value->ref = (struct ref){.kind = REF_ROUNDING, .index = (uint32_t)mode};
        } else {
            resolve_expr(resolver, value);
        }
    }
}

static bool takes_arguments(enum predefined id)
{
    return id == PREDEFINED_MIN || id == PREDEFINED_MAX || id == PREDEFINED_ROUNDED || id == PREDEFINED_FLOOR ||
           id == PREDEFINED_CEIL || id == PREDEFINED_ABS || id == PREDEFINED_EXP || id == PREDEFINED_LN ||
           id == PREDEFINED_SQRT || id == PREDEFINED_PLAIN || id == PREDEFINED_GWP || predefined_is_emitted(id);
}

static void resolve_predefined_call(struct resolver *resolver, struct expr *call, enum predefined id)
{
    call->as.call.callee.text = predefined_text(id, LANG_EN);
    call->ref = (struct ref){.kind = REF_PREDEFINED, .index = (uint32_t)id};
    if (!takes_arguments(id)) {
        enum diag_code code =
            id == PREDEFINED_TRUE || id == PREDEFINED_FALSE || id == PREDEFINED_TOTAL || id == PREDEFINED_REST
                ? D_NOT_CALLABLE
                : D_AGGREGATE_FORM;
        diag_add(resolver->out, code, call->as.call.callee.at, DIAG_ARGS(predefined_both(resolver->arena, id)));
        poison(call);
    } else if (id == PREDEFINED_GWP) {
        resolve_gwp(resolver, call);
    } else if (predefined_is_emitted(id)) {
        if (!resolve_emitted(resolver, call, id)) {
            poison(call);
        }
    } else if (id == PREDEFINED_ROUNDED) {
        resolve_rounding(resolver, call);
    } else {
        expr_each_child(call, resolve_child, resolver);
    }
}

static void report_not_callable(struct resolver *resolver, struct expr *call, const struct decl *decl)
{
    struct name callee = call->as.call.callee;
    if (decl != NULL) {
        struct diag *diag = diag_add(resolver->out, D_NOT_CALLABLE, callee.at, DIAG_ARGS(callee.text));
        diag_label(resolver->out, diag, decl->name.at, T_FIRST_HERE, NULL, 0);
    } else {
        report_unknown_name(resolver, callee);
    }
}

static void resolve_call(struct resolver *resolver, struct expr *call)
{
    struct name callee = call->as.call.callee;
    enum predefined id = predefined_lookup(callee.text);
    if (id != PREDEFINED_NONE) {
        resolve_predefined_call(resolver, call, id);
        return;
    }
    struct decl *decl = scope_value(resolver, callee);
    expr_each_child(call, resolve_child, resolver);
    bool is_list = decl != NULL && decl->kind == DECL_FIELD && decl->as.field.type->kind == TYPE_REF_LIST;
    if (scope_is_doubtful(resolver, callee.text)) {
        poison(call);
        return;
    }
    if (is_list || (decl != NULL && (decl->kind == DECL_FUNCTION || decl->kind == DECL_TABLE ||
                                     decl->kind == DECL_EXTERNAL || decl->kind == DECL_FACTOR))) {
        call->ref = (struct ref){.kind = REF_DECL, .decl = decl};
        return;
    }
    report_not_callable(resolver, call, decl);
    poison(call);
}

/* ---- comprehensions --------------------------------------------------------------------------------------------- */

static bool is_aggregate(enum predefined id)
{
    return id >= PREDEFINED_SUM && id <= PREDEFINED_THE;
}

/* What must follow the colon, by function. */
static bool has_right_form(struct resolver *resolver, struct expr *expr, enum predefined id)
{
    bool has_body = expr->as.comprehension.body != NULL;
    bool wants_body = id != PREDEFINED_COUNT && id != PREDEFINED_THE;
    struct name function = expr->as.comprehension.function;
    if (has_body != wants_body) {
        diag_add(resolver->out, wants_body ? D_AGGREGATE_NO_BODY : D_AGGREGATE_BODY, function.at,
                 DIAG_ARGS(predefined_both(resolver->arena, id)));
        return false;
    }
    struct name tie = expr->as.comprehension.tie;
    if (tie.text.len > 0 && id != PREDEFINED_LARGEST && id != PREDEFINED_SMALLEST) {
        diag_add(resolver->out, D_LAST_MISPLACED, function.at,
                 DIAG_ARGS(predefined_both(resolver->arena, id), tie.text));
        return false;
    }
    return true;
}

void resolve_source(struct resolver *resolver, struct expr *source)
{
    uint32_t index;
    struct decl *field;
    struct str name = source->kind == EXPR_NAME ? source->as.name.text : STR("");
    struct decl *type = name.len == 0 || scope_is_doubtful(resolver, name) ? NULL : scope_type(resolver, name);
    if (type != NULL && type->kind == DECL_CHOICE && scope_local(resolver, name, &index, &field) == NULL &&
        scope_value(resolver, source->as.name) == NULL) {
        source->ref = (struct ref){.kind = REF_DECL, .decl = type};
        return;
    }
    resolve_expr(resolver, source);
}

static void resolve_comprehension(struct resolver *resolver, struct expr *expr)
{
    struct name *function = &expr->as.comprehension.function;
    enum predefined id = predefined_lookup(function->text);
    bool is_right = is_aggregate(id);
    if (is_right) {
        function->text = predefined_text(id, LANG_EN);
        expr->ref = (struct ref){.kind = REF_PREDEFINED, .index = (uint32_t)id};
        is_right = has_right_form(resolver, expr, id);
    } else {
        diag_add(resolver->out, D_NOT_AN_AGGREGATE, function->at, DIAG_ARGS(function->text));
    }
    resolve_source(resolver, expr->as.comprehension.source);
    scope_may_introduce(resolver, expr->as.comprehension.binder);
    struct local local = {
        .kind = LOCAL_BINDER, .name = expr->as.comprehension.binder, .binder = expr, .outer = resolver->locals};
    resolver->locals = &local;
    resolve_expr(resolver, expr->as.comprehension.where);
    resolve_expr(resolver, expr->as.comprehension.body);
    resolver->locals = local.outer;
    if (!is_right) {
        poison(expr);
    }
}
