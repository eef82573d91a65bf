/* Values that are rounded twice: by formulas one inside the other, through lets, functions and their arguments, and by
   the rule's `round` of a figure whose formula rounds. Nothing is said where the second rounding changes nothing, as
   its interval divides the first. */
#include "compiler/lint.h"

#include "compiler/walk.h"

enum { STEPS_MAX = 1000, CALLS_MAX = 6, WALK_MAX = 10000 }; /* lets and functions may name each other many times over */

struct caller { /* of the function whose body is looked at */
    const struct expr *call;
    const struct caller *outer;
    int depth;
};

struct search {
    int steps_left;
};

/* ---- what gives a value ------------------------------------------------------------------------------------------ */

static bool is_predefined(const struct expr *expr, enum predefined function)
{
    return expr->ref.kind == REF_PREDEFINED && expr->ref.index == (uint32_t)function;
}

static bool is_rounding(const struct expr *expr)
{
    return expr->kind == EXPR_CALL && (is_predefined(expr, PREDEFINED_ROUNDED) ||
                                       is_predefined(expr, PREDEFINED_FLOOR) || is_predefined(expr, PREDEFINED_CEIL));
}

static const struct expr *first_argument(const struct expr *call)
{
    return call->as.call.args == NULL ? NULL : call->as.call.args->value;
}

static const struct decl *function_of(const struct expr *expr)
{
    bool is_function = expr->kind == EXPR_CALL && expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_FUNCTION;
    return is_function ? expr->ref.decl : NULL;
}

/* What the call gives for the parameter, by its name or place. */
static const struct expr *argument_for(const struct expr *call, const struct ref *param)
{
    const struct decl *declared = param->decl->as.function.params;
    for (uint32_t i = 0; declared != NULL && i < param->index; i++) {
        declared = declared->next;
    }
    uint32_t place = 0;
    for (const struct arg *arg = call->as.call.args; arg != NULL && declared != NULL; arg = arg->next) {
        bool is_it = arg->name.text.len > 0 ? str_eq(arg->name.text, declared->name.text) : place == param->index;
        if (is_it) {
            return arg->value;
        }
        place++;
    }
    return NULL;
}

static const struct expr *rounding_of(struct search *search, const struct expr *value, const struct caller *caller);

static const struct expr *rounding_of_args(struct search *search, const struct expr *call, const struct caller *caller)
{
    const struct expr *found = NULL;
    for (const struct arg *arg = call->as.call.args; found == NULL && arg != NULL; arg = arg->next) {
        found = rounding_of(search, arg->value, caller);
    }
    return found;
}

static const struct expr *rounding_of_call(struct search *search, const struct expr *call, const struct caller *caller)
{
    const struct decl *function = function_of(call);
    if (is_rounding(call)) {
        return call;
    }
    if (function != NULL && (caller == NULL || caller->depth < CALLS_MAX)) {
        struct caller inner = {call, caller, caller == NULL ? 1 : caller->depth + 1};
        return rounding_of(search, function->as.function.body, &inner);
    }
    bool takes_one = is_predefined(call, PREDEFINED_MIN) || is_predefined(call, PREDEFINED_MAX) ||
                     is_predefined(call, PREDEFINED_ABS) || is_predefined(call, PREDEFINED_PLAIN);
    return takes_one ? rounding_of_args(search, call, caller) : NULL;
}

static const struct expr *rounding_of_name(struct search *search, const struct expr *name, const struct caller *caller)
{
    if (name->ref.kind == REF_PARAM && caller != NULL) {
        const struct expr *argument = argument_for(caller->call, &name->ref);
        return rounding_of(search, argument, caller->outer);
    }
    bool is_let = name->ref.kind == REF_DECL && name->ref.decl->kind == DECL_LET;
    return is_let ? rounding_of(search, name->ref.decl->as.let.value, NULL) : NULL;
}

/* The rounding that the value, or one of those that it may be, comes from; NULL: none. */
static const struct expr *rounding_of(struct search *search, const struct expr *value, const struct caller *caller)
{
    const struct expr *found = NULL;
    if (value == NULL || search->steps_left-- <= 0) {
        return NULL;
    }
    switch (value->kind) {
    case EXPR_CALL:
        return rounding_of_call(search, value, caller);
    case EXPR_NAME:
    case EXPR_MEMBER:
        return rounding_of_name(search, value, caller);
    case EXPR_IF:
        found = rounding_of(search, value->as.conditional.then, caller);
        return found != NULL ? found : rounding_of(search, value->as.conditional.otherwise, caller);
    case EXPR_DEFAULT:
        found = rounding_of(search, value->as.defaulted.value, caller);
        return found != NULL ? found : rounding_of(search, value->as.defaulted.fallback, caller);
    case EXPR_MATCH:
        for (const struct arm *arm = value->as.match.arms; found == NULL && arm != NULL; arm = arm->next) {
            found = rounding_of(search, arm->value, caller);
        }
        return found;
    case EXPR_COMPREHENSION: {
        bool takes_one = is_predefined(value, PREDEFINED_MIN) || is_predefined(value, PREDEFINED_MAX);
        return takes_one ? rounding_of(search, value->as.comprehension.body, caller) : NULL;
    }
    case EXPR_ERROR:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_DATE:
    case EXPR_NOT:
    case EXPR_GIVEN:
    case EXPR_BINARY:
    case EXPR_RANGE:
        break;
    }
    return NULL;
}

static const struct expr *find_rounding(const struct expr *value, const struct caller *caller)
{
    struct search search = {STEPS_MAX};
    return rounding_of(&search, value, caller);
}

/* ---- does it matter? --------------------------------------------------------------------------------------------- */

/* The interval of a rounding in coherent units; false where it is no literal. */
static bool interval_of(const struct linter *linter, const struct expr *rounding, struct rat *interval)
{
    *interval = RAT_ONE;
    const struct arg *arg = rounding->as.call.args;
    for (arg = arg == NULL ? NULL : arg->next; arg != NULL; arg = arg->next) {
        if (arg->value->ref.kind == REF_ROUNDING) {
            continue;
        }
        if (arg->value->kind != EXPR_NUMBER) {
            return false;
        }
        *interval = lint_literal_value(linter->arena, arg->value);
    }
    return rat_sign(*interval) > 0;
}

/* Is what the first rounding gives a multiple of the second interval already? */
static bool is_kept(const struct linter *linter, const struct expr *first, struct rat second)
{
    struct rat interval;
    return interval_of(linter, first, &interval) && rat_is_int(rat_div(linter->arena, interval, second));
}

/* ---- formulas ---------------------------------------------------------------------------------------------------- */

struct formula {
    struct linter *linter;
    const struct decl *decl;
    const struct caller *caller; /* of the body that is walked, from the formula of `decl` inwards */
    int *steps_left;             /* in bodies */
};

static void report(struct linter *linter, const struct decl *decl, struct span at, const struct expr *first)
{
    struct diag *diag = lint_add(linter, D_LINT_ROUNDED_TWICE, decl, at, NULL, 0);
    if (diag != NULL) {
        diag_label(linter->out, diag, first->at, T_LINT_ROUNDED_HERE, NULL, 0);
    }
}

/* The callers but the outermost, of which nothing is known then; copied to `frames`. */
static const struct caller *inner_callers(const struct caller *caller, struct caller frames[CALLS_MAX])
{
    if (caller == NULL || caller->outer == NULL) {
        return NULL;
    }
    struct caller *copy = &frames[caller->depth - 1];
    *copy = *caller;
    copy->outer = inner_callers(caller->outer, frames);
    return copy;
}

/* What a function rounds twice whatever it is given is said where that is written. */
static bool is_of_function(const struct expr *value, const struct caller *caller)
{
    struct caller frames[CALLS_MAX];
    return caller != NULL && find_rounding(value, inner_callers(caller, frames)) != NULL;
}

static void lint_rounding(const struct formula *formula, const struct expr *call)
{
    const struct linter *linter = formula->linter;
    const struct caller *caller = formula->caller;
    const struct expr *first = find_rounding(first_argument(call), caller);
    struct rat interval;
    if (first == NULL || is_of_function(first_argument(call), caller) ||
        (interval_of(linter, call, &interval) && is_kept(linter, first, interval))) {
        return;
    }
    while (caller != NULL && caller->outer != NULL) {
        caller = caller->outer;
    }
    report(formula->linter, formula->decl, caller == NULL ? call->at : caller->call->at, first);
}

static void lint_expr(void *context, struct expr *expr)
{
    const struct formula *formula = context;
    const struct caller *caller = formula->caller;
    const struct decl *function = function_of(expr);
    int depth = caller == NULL ? 0 : caller->depth;
    if (caller != NULL && (*formula->steps_left)-- <= 0) {
        return;
    }
    if (is_rounding(expr)) {
        lint_rounding(formula, expr);
    } else if (function != NULL && function->as.function.body != NULL && depth < CALLS_MAX) {
        struct caller inner = {expr, caller, depth + 1};
        struct formula body = {formula->linter, formula->decl, &inner, formula->steps_left};
        expr_walk(function->as.function.body, lint_expr, &body);
    }
}

static void lint_walked(void *context, struct expr *expr)
{
    expr_walk(expr, lint_expr, context);
}

/* ---- figures ----------------------------------------------------------------------------------------------------- */

/* Of a report: significant digits may be fewer than those that its formula leaves. */
static bool keeps_figure(const struct linter *linter, const struct decl *round, const struct expr *first)
{
    struct arena *arena = linter->arena;
    const struct expr *to = round->as.round.to;
    const struct decl *report = round->as.round.report;
    struct rat interval = lint_literal_value(arena, to);
    int64_t digits = 0;
    if (round->as.round.form == ROUND_DECIMALS && rat_to_i64(interval, &digits)) {
        interval = rat_mul(arena, rat_pow(arena, rat_int(10), -(int)digits), report->type.unit.scale);
    }
    return round->as.round.form != ROUND_SIGNIFICANT && rat_sign(interval) > 0 && is_kept(linter, first, interval);
}

static void lint_report(struct linter *linter, const struct decl *round)
{
    const struct decl *report_of = round->as.round.report;
    bool is_whole =
        report_of->kind == DECL_REPORT && round->as.round.to != NULL && round->as.round.to->kind == EXPR_NUMBER;
    const struct expr *first = is_whole ? find_rounding(report_of->as.report.value, NULL) : NULL;
    if (first != NULL && !keeps_figure(linter, round, first)) {
        report(linter, round, round->at, first);
    }
}

/* The first `round` of the total, of stages or flows: each rounds the emissions of all. */
static const struct decl *round_of_results(const struct linter *linter)
{
    const struct decl *item = linter->rule == NULL ? NULL : linter->rule->as.rule.items;
    while (item != NULL && !(item->kind == DECL_ROUND && item->as.round.report == NULL && !item->as.round.is_lost)) {
        item = item->next;
    }
    return item;
}

static void lint_emission(struct linter *linter, const struct decl *emit)
{
    const struct decl *round = round_of_results(linter);
    const struct expr *value = emit->as.emit.value;
    const struct expr *first = round == NULL || value == NULL ? NULL : find_rounding(value, NULL);
    struct diag *diag = first == NULL ? NULL : lint_add(linter, D_LINT_ROUNDED_TWICE, emit, value->at, NULL, 0);
    if (diag != NULL && first != value) {
        diag_label(linter->out, diag, first->at, T_LINT_ROUNDED_HERE, NULL, 0);
    }
    if (diag != NULL) {
        diag_label(linter->out, diag, round->at, T_LINT_ROUNDED_AGAIN, NULL, 0);
    }
}

static void lint_decl(void *context, struct decl *decl)
{
    int steps_left = WALK_MAX;
    struct formula formula = {context, decl, NULL, &steps_left};
    decl_each_expr(decl, lint_walked, &formula);
    if (decl->kind == DECL_ROUND && decl->as.round.report != NULL) {
        lint_report(context, decl);
    } else if (decl->kind == DECL_EMIT) {
        lint_emission(context, decl);
    }
}

void lint_rounds(struct linter *linter)
{
    decls_walk(linter->module->items, lint_decl, linter);
}
