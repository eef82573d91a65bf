/* Differences that may turn negative: remainders of one without a bound, and balances of two sums where a forgotten
   stream shows in nothing else. A check that names what is subtracted settles the matter. */
#include "compiler/lint.h"

#include "base/decimal.h"
#include "compiler/walk.h"

enum { FOLLOW_DEPTH_MAX = 8 }; /* functions and lets inside one another */

/* ---- what a check names ------------------------------------------------------------------------------------------ */

static void mark_named(void *context, struct expr *expr)
{
    (void)context;
    if (expr->ref.kind == REF_DECL || expr->ref.kind == REF_FIELD || expr->ref.kind == REF_FLOW) {
        expr->ref.decl->is_checked = true;
    }
}

static void mark_checked(void *context, struct decl *decl)
{
    (void)context;
    if (decl->kind == DECL_REQUIRE || decl->kind == DECL_WARN) {
        expr_walk(decl->as.require.condition, mark_named, NULL);
    }
    if (decl->kind == DECL_LET && decl->attributes.range_first != NULL) {
        decl->is_checked = true;
    }
}

/* ---- 1 - a - b ----------------------------------------------------------------------------------------------------- */

static bool is_difference(const struct expr *expr)
{
    return expr->kind == EXPR_BINARY && expr->as.binary.op == BINARY_SUB;
}

struct rat lint_literal_value(struct arena *arena, const struct expr *literal)
{
    struct rat number = RAT_ZERO;
    (void)decimal_to_rat(arena, literal->as.number.digits, &number);
    return literal->as.number.unit_text.len == 0 ? number : rat_mul(arena, number, literal->as.number.unit.scale);
}

/* The datum, or the parameter of a function. */
static const struct decl *field_of(const struct expr *expr)
{
    if (expr->ref.kind == REF_PARAM) {
        const struct decl *param = expr->ref.decl->as.function.params;
        for (uint32_t i = 0; i < expr->ref.index; i++) {
            param = param->next;
        }
        return param;
    }
    bool is_named = expr->ref.kind == REF_FIELD || (expr->ref.kind == REF_DECL && expr->kind == EXPR_NAME);
    return is_named && expr->ref.decl->kind == DECL_FIELD ? expr->ref.decl : NULL;
}

/* Subtracts the most that the data allow; false where nothing bounds it. */
static bool subtract_most(struct linter *linter, const struct expr *expr, struct rat *left)
{
    const struct decl *field = field_of(expr);
    const struct expr *most = field == NULL ? expr : field->attributes.range_last;
    if (most == NULL || most->kind != EXPR_NUMBER) {
        return false;
    }
    *left = rat_sub(linter->arena, *left, lint_literal_value(linter->arena, most));
    return true;
}

/* `difference` is the outermost of a chain of subtractions from one. */
static void lint_remainder(struct linter *linter, const struct decl *decl, const struct expr *difference)
{
    const struct expr *first = difference;
    unsigned count = 0;
    bool is_bounded = true, has_check = decl->is_checked;
    struct rat left = RAT_ONE;
    for (; is_difference(first); first = first->as.binary.left, count++) {
        const struct expr *taken = first->as.binary.right;
        is_bounded = subtract_most(linter, taken, &left) && is_bounded;
        has_check = has_check || (field_of(taken) != NULL && field_of(taken)->is_checked);
    }
    bool is_from_one = first->kind == EXPR_NUMBER && rat_eq(lint_literal_value(linter->arena, first), RAT_ONE);
    if (is_from_one && count >= 2 && !has_check && !(is_bounded && rat_sign(left) >= 0)) {
        lint_add(linter, D_LINT_REMAINDER, decl, difference->at,
                 DIAG_ARGS(span_text(linter->checked->sources, difference->at)));
    }
}

/* ---- balances ------------------------------------------------------------------------------------------------------ */

struct sums {
    unsigned depth;
    bool has_sum, is_checked;
};

static void find_sum(void *context, struct expr *expr)
{
    struct sums *sums = context;
    const struct decl *decl = expr->ref.kind == REF_DECL ? expr->ref.decl : NULL;
    sums->has_sum = sums->has_sum || (expr->kind == EXPR_COMPREHENSION && expr->ref.kind == REF_PREDEFINED &&
                                      expr->ref.index == PREDEFINED_SUM);
    struct expr *body = decl == NULL                      ? NULL
                        : decl->kind == DECL_LET          ? decl->as.let.value
                        : decl->kind == DECL_FUNCTION     ? decl->as.function.body
                                                          : NULL;
    sums->is_checked = sums->is_checked || (body != NULL && decl->is_checked);
    if (body != NULL && sums->depth < FOLLOW_DEPTH_MAX) {
        sums->depth++;
        expr_walk(body, find_sum, sums);
        sums->depth--;
    }
}

static void lint_balance(struct linter *linter, const struct decl *decl, const struct expr *difference)
{
    struct sums left = {0}, right = {0};
    expr_walk(difference->as.binary.left, find_sum, &left);
    expr_walk(difference->as.binary.right, find_sum, &right);
    bool is_balance = left.has_sum && right.has_sum && !left.is_checked && !right.is_checked;
    if (is_balance && !decl->is_checked) {
        lint_add(linter, D_LINT_BALANCE, decl, difference->at,
                 DIAG_ARGS(span_text(linter->checked->sources, difference->at)));
    }
}

/* ---- all ----------------------------------------------------------------------------------------------------------- */

struct formula {
    struct linter *linter;
    const struct decl *decl;
    const struct expr *inside; /* the left side of a difference that was looked at: not one of its own */
};

static void lint_difference(void *context, struct expr *expr)
{
    struct formula *formula = context;
    if (!is_difference(expr)) {
        return;
    }
    if (expr != formula->inside) {
        lint_remainder(formula->linter, formula->decl, expr);
        lint_balance(formula->linter, formula->decl, expr);
    }
    formula->inside = expr->as.binary.left;
}

static void lint_walked(void *context, struct expr *expr)
{
    expr_walk(expr, lint_difference, context);
}

static void lint_decl(void *context, struct decl *decl)
{
    struct formula formula = {context, decl, NULL};
    if (decl->kind == DECL_LET || decl->kind == DECL_EMIT || decl->kind == DECL_FUNCTION) {
        decl_each_expr(decl, lint_walked, &formula);
    }
}

void lint_signs(struct linter *linter)
{
    decls_walk(linter->module->items, mark_checked, NULL);
    decls_walk(linter->module->items, lint_decl, linter);
}
