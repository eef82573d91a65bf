/* Constants, tables and factors without a source; drafts in what is published. */
#include "compiler/lint.h"

#include "compiler/walk.h"

/* ---- constants --------------------------------------------------------------------------------------------------- */

static bool is_among(struct str digits, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(digits, str_of(list[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_time(struct linter *linter, const struct kind *kind)
{
    struct unit second;
    (void)unit_parse(linter->checked->units, STR("s"), &second);
    return kind->count == 1 && kind->factors[0].generator == second.kind.factors[0].generator;
}

/* Numbers that need no source: nothing, one, powers of ten, the molar masses of chemistry, the lengths of years and days. */
static bool is_common(struct linter *linter, const struct expr *number)
{
    static const char *const common[] = {"1",  "2",  "10", "100", "1000", "1000000", "12",  "14",
                                         "16", "18", "28", "32",  "44",   "56",      "100", "1e6"};
    struct str digits = number->as.number.digits;
    return number_is_zero(number) || is_among(digits, common, countof(common)) ||
           is_time(linter, &number->as.number.unit.kind);
}

struct search {
    struct linter *linter;
    const struct expr *found;
};

static void find_constant(void *context, struct expr *expr);

static void find_below(void *context, struct expr *expr)
{
    expr_each_child(expr, find_constant, context);
}

static bool is_rounding(const struct expr *expr)
{
    return expr->ref.kind == REF_PREDEFINED && expr->ref.index == PREDEFINED_ROUNDED;
}

/* Steps of rounding, exponents, bounds of ranges and tolerances are part of the formula, not values of the world. */
static void find_constant(void *context, struct expr *expr)
{
    struct search *search = context;
    if (search->found != NULL || expr->kind == EXPR_RANGE) {
        return;
    }
    if (expr->kind == EXPR_NUMBER) {
        search->found = is_common(search->linter, expr) ? NULL : expr;
    } else if (expr->kind == EXPR_CALL && is_rounding(expr)) {
        find_constant(context, expr->as.call.args->value);
    } else if (expr->kind == EXPR_BINARY && expr->as.binary.op == BINARY_POW) {
        find_constant(context, expr->as.binary.left);
    } else if (expr->kind == EXPR_BINARY) {
        find_constant(context, expr->as.binary.left);
        find_constant(context, expr->as.binary.right);
    } else {
        find_below(context, expr);
    }
}

static void lint_constants(struct linter *linter, const struct decl *decl, struct expr *value)
{
    struct search search = {linter, NULL};
    if (value != NULL && decl->attributes.cite.len == 0) {
        find_constant(&search, value);
    }
    if (search.found != NULL) {
        lint_add(linter, D_LINT_CONSTANT_SOURCE, decl, search.found->at,
                 DIAG_ARGS(span_text(linter->checked->sources, search.found->at)));
    }
}

/* ---- tables and factors ------------------------------------------------------------------------------------------ */

static bool has_number(const struct decl *table)
{
    for (const struct decl *column = table->as.table.columns; column != NULL; column = column->next) {
        if (column->type.kind == TYPE_NUMBER && column->attributes.cite.len == 0) {
            return true;
        }
    }
    return false;
}

static void lint_source(struct linter *linter, const struct decl *decl)
{
    bool is_valued = decl->kind == DECL_TABLE ? has_number(decl) : decl->attributes.initial != NULL;
    if (is_valued && decl->attributes.cite.len == 0) {
        enum diag_code term = decl->kind == DECL_TABLE ? T_LINT_TABLE : T_LINT_FACTOR;
        lint_add(linter, D_LINT_NO_SOURCE, decl, decl->name.at,
                 DIAG_ARGS(diag_term(linter->arena, term), decl->name.text));
    }
}

/* ---- drafts ------------------------------------------------------------------------------------------------------ */

static void lint_draft(struct linter *linter, const struct decl *decl)
{
    struct str cite = decl->attributes.cite;
    if (str_starts(cite, STR("draft")) || str_starts(cite, STR("草案"))) {
        lint_add(linter, D_LINT_DRAFT_SOURCE, decl, decl->attributes.cite_at, NULL, 0);
    }
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static void lint_decl(void *context, struct decl *decl)
{
    struct linter *linter = context;
    switch ((int)decl->kind) {
    case DECL_LET:
        lint_constants(linter, decl, decl->as.let.value);
        break;
    case DECL_EMIT:
        lint_constants(linter, decl, decl->as.emit.value);
        break;
    case DECL_FUNCTION:
        lint_constants(linter, decl, decl->as.function.body);
        break;
    case DECL_TABLE:
    case DECL_FACTOR:
        lint_source(linter, decl);
        break;
    default:
        break;
    }
    if (lint_is_published(linter)) {
        lint_draft(linter, decl);
    }
}

void lint_sources(struct linter *linter)
{
    decls_walk(linter->module->items, lint_decl, linter);
}
