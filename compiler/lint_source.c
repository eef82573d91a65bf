/* Constants, tables and factors without a source; drafts in what is published. */
#include "compiler/constant.h"
#include "compiler/lint.h"

#include "compiler/walk.h"

/* ---- constants --------------------------------------------------------------------------------------------------- */

static void lint_constants(struct linter *linter, const struct decl *decl)
{
    struct expr *value = stated_formula(decl);
    bool has_source = value == NULL || decl->attributes.cite.len > 0;
    const struct expr *constant = has_source ? NULL : find_world_constant(linter->checked, value);
    if (constant != NULL) {
        lint_add(linter, D_LINT_CONSTANT_SOURCE, decl, constant->at,
                 DIAG_ARGS(span_text(linter->checked->sources, constant->at)));
    }
}

/* ---- tables and factors ------------------------------------------------------------------------------------------ */

static void lint_source(struct linter *linter, const struct decl *decl)
{
    bool has_source = decl->kind == DECL_TABLE ? table_has_source(decl)
                                               : decl->attributes.initial == NULL || decl->attributes.cite.len > 0;
    if (!has_source) {
        enum diag_code term = decl->kind == DECL_TABLE ? T_LINT_TABLE : T_LINT_FACTOR;
        lint_add(linter, D_LINT_NO_SOURCE, decl, decl->name.at,
                 DIAG_ARGS(diag_term(linter->arena, term), decl->name.text));
    }
}

/* ---- drafts ------------------------------------------------------------------------------------------------------ */

static void lint_draft(struct linter *linter, const struct decl *decl)
{
    if (is_draft_source(decl->attributes.cite)) {
        lint_add(linter, D_LINT_DRAFT_SOURCE, decl, decl->attributes.cite_at, NULL, 0);
    }
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static void lint_decl(void *context, struct decl *decl)
{
    struct linter *linter = context;
    switch ((int)decl->kind) {
    case DECL_LET:
    case DECL_EMIT:
    case DECL_FUNCTION:
        lint_constants(linter, decl);
        break;
    case DECL_TABLE:
    case DECL_EXTERNAL:
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

/* What comes from the standard library says it there. */
static void lint_used_draft(void *context, const struct decl *inside, const struct expr *use, const struct decl *draft)
{
    struct linter *linter = context;
    struct diag *diag = lint_add(linter, D_LINT_DRAFT_SOURCE, inside, use->at, NULL, 0);
    if (diag != NULL) {
        diag_label(linter->out, diag, draft->attributes.cite_at, T_HERE, NULL, 0);
    }
}

void lint_sources(struct linter *linter)
{
    decls_walk(linter->module->items, lint_decl, linter);
    if (lint_is_published(linter)) {
        each_draft_used(linter->checked, linter->module->items, lint_used_draft, linter);
    }
}
