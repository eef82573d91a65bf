/* Says of the divisions that lower_divisors.c has found where they are written. */
#include "compiler/lint.h"

#include "compiler/walk.h"

struct formula {
    struct linter *linter;
    const struct decl *decl;
};

static bool may_fail(const struct compiled *compiled, struct span at)
{
    for (size_t i = 0; i < compiled->zero_division_count; i++) {
        const struct span *found = &compiled->zero_divisions[i];
        if (found->file == at.file && found->off == at.off && found->len == at.len) {
            return true;
        }
    }
    return false;
}

static void lint_division(void *context, struct expr *expr)
{
    const struct formula *formula = context;
    struct linter *linter = formula->linter;
    if (expr->kind != EXPR_BINARY || expr->as.binary.op != BINARY_DIV || !may_fail(linter->compiled, expr->at)) {
        return;
    }
    struct span at = expr->as.binary.right->at;
    struct diag *diag = lint_add_composed(linter, D_LINT_ZERO_DIVISOR, formula->decl, at,
                                          DIAG_ARGS(span_text(linter->checked->sources, at)));
    if (diag != NULL) {
        diag_note(linter->out, diag, T_LINT_ZERO_DIVISOR_NOTE, NULL, 0);
    }
}

static void lint_walked(void *context, struct expr *expr)
{
    expr_walk(expr, lint_division, context);
}

static void lint_decl(void *context, struct decl *decl)
{
    struct formula formula = {context, decl};
    decl_each_expr(decl, lint_walked, &formula);
}

void lint_divisors(struct linter *linter)
{
    decls_walk(linter->module->items, lint_decl, linter);
}
