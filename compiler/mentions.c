#include "compiler/mentions.h"

#include "compiler/walk.h"

static const struct decl *stage_of(const struct decl *decl)
{
    while (decl != NULL && decl->kind != DECL_STAGE) {
        decl = decl->parent;
    }
    return decl;
}

/* A flow seen from elsewhere is the sum over the rows of its stage. */
static unsigned of_flow(const struct decl *emit, const struct decl *from)
{
    return stage_of(emit) == from ? emit->mentions : emit->mentions & ~(unsigned)MENTIONS_STAGE;
}

/* All flows inside. */
static unsigned of_flows(struct decl *of)
{
    unsigned found = of->kind == DECL_EMIT ? of_flow(of, NULL) : 0;
    bool is_group = of->kind == DECL_RULE || of->kind == DECL_STAGE || of->kind == DECL_PROCESS;
    for (struct decl *item = is_group ? decl_inner(of) : NULL; item != NULL; item = item->next) {
        found |= of_flows(item);
    }
    return found;
}

/* The row of a stage may be one of a list of the reference's row. */
static unsigned of_row(const struct decl *decl)
{
    if (decl == NULL || decl->kind == DECL_ALLOCATE) {
        return 0;
    }
    return decl->kind == DECL_REFERENCE
               ? MENTIONS_ROW
               : MENTIONS_STAGE | mentions_of(decl->attributes.rows->as.comprehension.source, NULL);
}

unsigned expr_mentions(const struct expr *expr, const struct decl *stage)
{
    switch (expr->ref.kind) {
    case REF_BINDER:
        return of_row(expr->ref.decl);
    case REF_DECL:
        return expr->ref.decl->mentions;
    case REF_FLOW:
        return of_flow(expr->ref.decl, stage);
    case REF_PREDEFINED:
        if (expr->kind == EXPR_CALL && predefined_is_emitted(expr->ref.index)) {
            bool is_ours = expr->ref.index == PREDEFINED_COUNTED; /* each row's share may be its own */
            return of_flows(expr->as.call.args->value->ref.decl) | (is_ours ? MENTIONS_ROW : 0);
        }
        return expr->kind == EXPR_NAME && expr->ref.index == PREDEFINED_TOTAL ? MENTIONS_ROW : 0;
    case REF_NONE:
    case REF_WHOLE:
    case REF_PARAM:
    case REF_MEMBER:
    case REF_FIELD:
    case REF_COLUMN:
    case REF_ROUNDING:
    case REF_CATEGORY:
    case REF_GAS:
        return 0;
    }
    return 0;
}

/* ---- declarations ---- */

struct search {
    const struct decl *stage;
    unsigned found;
};

static void search_node(void *context, struct expr *expr)
{
    struct search *search = context;
    search->found |= expr_mentions(expr, search->stage);
}

static void search_expr(void *context, struct expr *expr)
{
    expr_walk(expr, search_node, context);
}

unsigned mentions_of(struct expr *expr, const struct decl *stage)
{
    struct search search = {stage, 0};
    search_expr(&search, expr);
    return search.found;
}

static const struct decl *group_of(const struct decl *decl)
{
    const struct decl *group = decl->parent;
    return group != NULL && (group->kind == DECL_STAGE || group->kind == DECL_PROCESS) ? group : NULL;
}

unsigned mentions_around(const struct decl *decl)
{
    unsigned found = 0;
    for (const struct decl *group = group_of(decl); group != NULL; group = group_of(group)) {
        found |= mentions_of(group->attributes.when, stage_of(decl));
    }
    return found;
}

/* Its rows, its scale and the conditions around it. */
static unsigned of_groups(const struct decl *emit)
{
    const struct decl *stage = stage_of(emit);
    return mentions_around(emit) | mentions_of(stage->attributes.rows, stage) |
           mentions_of(stage->attributes.scale, stage);
}

void mentions_find(const struct decl_order *order)
{
    for (size_t i = 0; i < order->count; i++) {
        struct decl *decl = order->items[i];
        struct search search = {decl_stage(decl), 0};
        decl_each_expr(decl, search_expr, &search);
        for (struct decl *share = decl->kind == DECL_ALLOCATE ? decl->as.allocate.shares : NULL; share != NULL;
             share = share->next) {
            search_expr(&search, share->as.share.value);
        }
        if (decl->kind == DECL_EMIT) {
            search.found |= of_groups(decl);
        }
        bool is_group = decl->kind == DECL_STAGE || decl->kind == DECL_PROCESS || decl->kind == DECL_REFERENCE;
        decl->mentions = is_group ? 0 : search.found;
    }
}
