/* Calls: the body of a function with its arguments, external functions, rows of tables and factors, and what the
   language has of itself. */
#include "compiler/lower.h"

/* ---- arguments ---- */

/* A name, a field of one, or a literal: nothing to explain, and nothing to compute again. */
static bool is_name(const struct expr *expr)
{
    while (expr->kind == EXPR_MEMBER) {
        expr = expr->as.member.operand;
    }
    return expr->kind == EXPR_NAME || expr->kind == EXPR_NUMBER || expr->kind == EXPR_TEXT || expr->kind == EXPR_DATE;
}

/* An argument lies in the range of its parameter, if that has one. */
static struct lowered in_range(struct lowering *lowering, const struct decl *param, const struct expr *expr,
                               struct lowered value)
{
    const struct attributes *attributes = &param->attributes;
    if (attributes->range_first == NULL || attributes->range_last == NULL || param->type.kind != TYPE_NUMBER) {
        return value;
    }
    uint32_t low = lower_constant(lowering, attributes->range_first);
    uint32_t high = lower_constant(lowering, attributes->range_last);
    uint32_t node = lower_sum_of(lowering, value);
    if (low != IR_ERROR && high != IR_ERROR && ir_is_false(lowering->ir, ir_less_equal(lowering->ir, low, high))) {
        return lower_plain(lower_fail(lowering, attributes->range_first->at, D_RANGE_BACKWARDS, NULL, 0));
    }
    struct span before = lowering->ir->site.at;
    lowering->ir->site.at = expr->at;
    uint32_t within = low == IR_ERROR || high == IR_ERROR ? IR_ERROR : ir_within(lowering->ir, node, low, high);
    lowering->ir->site.at = before;
    return lower_plain(within);
}

static void lower_argument(struct lowering *lowering, struct closure *closure)
{
    closure->formula = NO_INDEX;
    closure->is_lowered = true;
    if (is_name(closure->expr)) {
        closure->value = lower_expr(lowering, closure->expr, closure->scope);
        closure->value = in_range(lowering, closure->param, closure->expr, closure->value);
        return;
    }
    struct open_formula open;
    lower_formula_open(lowering, &open);
    closure->value = lower_expr(lowering, closure->expr, closure->scope);
    closure->value = in_range(lowering, closure->param, closure->expr, closure->value);
    closure->formula = lower_formula_close(lowering, &open,
                                           (struct named_formula){.kind = ITEM_ARGUMENT,
                                                                  .decl = closure->param,
                                                                  .name = closure->param->name.text,
                                                                  .at = closure->expr->at,
                                                                  .value = closure->value});
}

struct lowered lower_closure(struct lowering *lowering, struct closure *closure)
{
    if (!closure->is_lowered) {
        lower_argument(lowering, closure);
    } else if (is_name(closure->expr)) {
        (void)lower_expr(lowering, closure->expr, closure->scope); /* the same value; for what it mentions */
    } else {
        lower_formula_mention(lowering, closure->formula);
    }
    return closure->value;
}

/* ---- calls ---- */

/* The argument of each parameter: by position, then by name. NULL where it is missing. */
static void match_arguments(const struct decl *params, struct arg *args, struct expr **values, size_t count)
{
    size_t position = 0;
    for (struct arg *arg = args; arg != NULL; arg = arg->next) {
        if (arg->name.text.len == 0) {
            if (position < count) {
                values[position++] = arg->value;
            }
            continue;
        }
        size_t index = 0;
        for (const struct decl *param = params; param != NULL && index < count; param = param->next, index++) {
            if (str_eq(param->name.text, arg->name.text)) {
                values[index] = arg->value;
            }
        }
    }
}

static size_t count_decls(const struct decl *first)
{
    size_t count = 0;
    for (; first != NULL; first = first->next) {
        count++;
    }
    return count;
}

static struct expr **arguments_of(struct lowering *lowering, const struct expr *call, const struct decl *params,
                                  size_t *count)
{
    *count = count_decls(params);
    struct expr **values = arena_array(lowering->arena, struct expr *, *count);
    match_arguments(params, call->as.call.args, values, *count);
    for (size_t i = 0; i < *count; i++) {
        if (values[i] == NULL) {
            lower_fail(lowering, call->at, D_INTERNAL, DIAG_ARGS(STR("an argument is missing")));
            return NULL;
        }
    }
    return values;
}

static struct lowered call_function(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    struct decl *function = call->ref.decl;
    size_t count = 0;
    struct expr **values = arguments_of(lowering, call, function->as.function.params, &count);
    if (values == NULL) {
        return lower_plain(IR_ERROR);
    }
    struct scope *inner = arena_new(lowering->arena, struct scope);
    *inner = (struct scope){.kind = SCOPE_PARAMS, .decl = function, .outer = lower_roots(scope)};
    inner->args = arena_array(lowering->arena, struct closure, count);
    const struct decl *param = function->as.function.params;
    for (size_t i = 0; i < count; i++, param = param->next) {
        inner->args[i].param = param;
        inner->args[i].expr = values[i];
        inner->args[i].scope = scope;
    }
    struct open_formula open;
    lower_formula_open(lowering, &open);
    struct lowered value = lower_expr(lowering, function->as.function.body, inner);
    lower_formula_close(lowering, &open,
                        (struct named_formula){.kind = ITEM_FUNCTION,
                                               .decl = function,
                                               .name = function->name.text,
                                               .at = function->as.function.body->at,
                                               .value = value});
    return value;
}

enum { KEYS_MAX = LIMIT_TABLE_DIMENSIONS > LIMIT_FACTOR_KEYS ? LIMIT_TABLE_DIMENSIONS : LIMIT_FACTOR_KEYS };

static struct lowered call_external(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    struct decl *external = call->ref.decl;
    size_t count = 0;
    struct expr **values = arguments_of(lowering, call, external->as.external.params, &count);
    uint32_t args[LIMIT_NATIVE_PARAMS] = {0};
    if (values == NULL) {
        return lower_plain(IR_ERROR);
    }
    const struct decl *param = external->as.external.params;
    for (size_t i = 0; i < count; i++, param = param->next) {
        struct lowered value = lower_plain(lower_value(lowering, values[i], scope));
        args[i] = in_range(lowering, param, values[i], value).node;
    }
    return lower_plain(ir_call(lowering->ir, lower_native_id(lowering, external), args));
}

static struct lowered call_lookup(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    struct decl *decl = call->ref.decl;
    bool is_table = decl->kind == DECL_TABLE;
    size_t count = 0;
    struct expr **values = arguments_of(lowering, call, is_table ? decl->as.table.keys : decl->as.factor.keys, &count);
    uint32_t keys[KEYS_MAX] = {0};
    if (values == NULL) {
        return lower_plain(IR_ERROR);
    }
    if (count > KEYS_MAX) { /* of a factor: a table with too many keys does not come so far */
        struct str most = str_format(lowering->arena, "%d", (int)LIMIT_FACTOR_KEYS);
        return lower_plain(lower_fail(lowering, decl->name.at, D_FACTOR_KEYS, DIAG_ARGS(most)));
    }
    for (size_t i = 0; i < count; i++) {
        keys[i] = lower_value(lowering, values[i], scope);
    }
    return is_table ? lower_plain(lower_lookup(lowering, decl, keys)) : lower_factor(lowering, decl, keys);
}

/* min(a, b, ...) and max. */
static uint32_t call_extreme(struct lowering *lowering, struct expr *call, const struct scope *scope, bool is_min)
{
    uint32_t result = NO_OPERAND;
    for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        uint32_t value = lower_whole(lowering, arg->value, lower_expr(lowering, arg->value, scope));
        result = result == NO_OPERAND ? value
                 : is_min             ? ir_min(lowering->ir, result, value)
                                      : ir_max(lowering->ir, result, value);
    }
    return result == NO_OPERAND ? IR_ERROR : result;
}

static uint32_t whole_step(struct ir *ir, uint32_t *value)
{
    *value = ir_need(ir, *value);
    if (*value == IR_ERROR) {
        return IR_ERROR;
    }
    struct unit unit = ir_unit_of(ir, *value);
    if (unit.kind.count == 0 && !unit.is_point) { /* 0.5 of 100 %: to whole numbers, not to whole per cent */
        *value = ir_plain(ir, *value);
        unit = UNIT_ONE;
    }
    return ir_number(ir, RAT_ONE, unit);
}

/* rounded(x [, step] [, mode]), floor(x), ceil(x). */
static uint32_t call_rounding(struct lowering *lowering, struct expr *call, const struct scope *scope,
                              enum rounding mode)
{
    struct ir *ir = lowering->ir;
    struct expr *rounded = call->as.call.args->value;
    uint32_t value = lower_whole(lowering, rounded, lower_expr(lowering, rounded, scope));
    uint32_t step = NO_OPERAND;
    for (struct arg *arg = call->as.call.args->next; arg != NULL; arg = arg->next) {
        if (arg->value->ref.kind == REF_ROUNDING) {
            mode = (enum rounding)arg->value->ref.index;
        } else {
            step = lower_constant(lowering, arg->value);
        }
    }
    step = step == NO_OPERAND ? whole_step(ir, &value) : step;
    return ir_round(ir, value, step, mode);
}

static uint32_t absolute(struct lowering *lowering, uint32_t node, void *context)
{
    (void)context;
    return ir_abs(lowering->ir, node);
}

static uint32_t untagged(struct lowering *lowering, uint32_t node, void *context)
{
    (void)context;
    return ir_untag(lowering->ir, node);
}

static struct lowered call_predefined(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    struct expr *arg = call->as.call.args == NULL ? NULL : call->as.call.args->value;
    switch ((int)call->ref.index) {
    case PREDEFINED_MIN:
        return lower_plain(call_extreme(lowering, call, scope, true));
    case PREDEFINED_MAX:
        return lower_plain(call_extreme(lowering, call, scope, false));
    case PREDEFINED_ROUNDED:
        return lower_plain(call_rounding(lowering, call, scope, ROUND_HALF_EVEN));
    case PREDEFINED_FLOOR:
        return lower_plain(call_rounding(lowering, call, scope, ROUND_FLOOR));
    case PREDEFINED_CEIL:
        return lower_plain(call_rounding(lowering, call, scope, ROUND_CEIL));
    case PREDEFINED_ABS:
        return lower_plain(absolute(lowering, lower_whole(lowering, arg, lower_expr(lowering, arg, scope)), NULL));
    case PREDEFINED_EXP:
        return lower_plain(ir_exp(lowering->ir, lower_value(lowering, arg, scope)));
    case PREDEFINED_LN:
        return lower_plain(ir_ln(lowering->ir, lower_value(lowering, arg, scope)));
    case PREDEFINED_SQRT:
        return lower_plain(ir_sqrt(lowering->ir, lower_value(lowering, arg, scope)));
    case PREDEFINED_PLAIN:
        return lower_each_share(lowering, lower_expr(lowering, call->as.call.args->value, scope), untagged, NULL);
    case PREDEFINED_EMITTED:
    case PREDEFINED_COUNTED:
        return lower_emitted(lowering, call);
    case PREDEFINED_GWP:
        return lower_gwp(lowering, call, scope);
    default:
        return lower_plain(lower_fail(lowering, call->at, D_INTERNAL, DIAG_ARGS(STR("an unknown function"))));
    }
}

struct lowered lower_call(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    if (call->ref.kind == REF_PREDEFINED) {
        return call_predefined(lowering, call, scope);
    }
    if (call->ref.kind != REF_DECL) {
        return lower_plain(lower_fail(lowering, call->at, D_INTERNAL, DIAG_ARGS(STR("an unknown function"))));
    }
    if (call->ref.decl->kind == DECL_EXTERNAL) {
        return call_external(lowering, call, scope);
    }
    if (call->ref.decl->kind == DECL_FIELD) {
        return lower_row_lookup(lowering, call, scope);
    }
    return call->ref.decl->kind == DECL_FUNCTION ? call_function(lowering, call, scope)
                                                 : call_lookup(lowering, call, scope);
}
