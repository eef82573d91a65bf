#include "compiler/order.h"

#include <assert.h>

#include "compiler/walk.h"

struct need { /* one declaration uses another */
    struct decl *decl;
    struct span at;
};

enum progress { NOT_SEEN, ON_PATH, DONE };
struct node {
    struct decl *decl;
    struct need *needs;
    size_t need_count, need_cap;
    size_t next_need; /* of the walk */
    enum progress progress;
};

struct ordering {
    struct arena *arena;
    struct diags *out;
    const struct decl *rule;
    struct node *nodes;
    size_t count, cap;
    struct node *current; /* whose needs are being collected */
    uint32_t *path;       /* nodes from the start of the walk to where it is */
    size_t path_len;
};

static void add_nodes(struct ordering *ordering, struct decl *first);
static void collect_needs(struct ordering *ordering, struct node *node);
static void walk_from(struct ordering *ordering, uint32_t start, struct decl_order *order);

struct decl_order order_declarations(struct checked *checked, struct diags *out)
{
    struct ordering ordering = {.arena = checked->perm, .out = out, .rule = checked->rule};
    for (size_t i = 0; i < checked->module_count; i++) {
        add_nodes(&ordering, checked->modules[i]->items);
    }
    for (size_t i = 0; i < ordering.count; i++) {
        collect_needs(&ordering, &ordering.nodes[i]);
    }
    ordering.path = arena_array(checked->perm, uint32_t, ordering.count + 1);
    struct decl_order order = {arena_array(checked->perm, struct decl *, ordering.count + 1), 0};
    for (size_t i = 0; i < ordering.count; i++) {
        if (ordering.nodes[i].progress == NOT_SEEN) {
            walk_from(&ordering, (uint32_t)i, &order);
        }
    }
    return order;
}

struct str decl_path(struct arena *arena, const struct decl *decl)
{
    const struct decl *stage = decl->parent;
    while (stage != NULL && stage->kind != DECL_STAGE) {
        stage = stage->parent;
    }
    if (decl->kind != DECL_EMIT || stage == NULL) {
        return decl->name.text;
    }
    return str_format(arena, "%.*s.%.*s", STR_FMT(stage->name.text), STR_FMT(decl->name.text));
}

/* ---- the graph -------------------------------------------------------------------------------------------------- */

static void add_nodes(struct ordering *ordering, struct decl *first)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        (void)arena_grow(ordering->arena, ordering->nodes, ordering->count, ordering->cap);
        ordering->nodes[ordering->count] = (struct node){.decl = decl};
        decl->check_id = (uint32_t)ordering->count++;
        bool is_other_rule =
            decl->kind == DECL_RULE && decl != ordering->rule; /* reported; nothing in it is resolved */
        add_nodes(ordering, is_other_rule ? NULL : decl_inner(decl));
        add_nodes(ordering, decl_columns(decl));
    }
}

static void add_need(struct ordering *ordering, struct decl *decl, struct span at)
{
    struct node *node = ordering->current;
    (void)arena_grow(ordering->arena, node->needs, node->need_count, node->need_cap);
    node->needs[node->need_count++] = (struct need){decl, at};
}

/* Every flow in the rule, stage or process, or the flow itself. */
static void add_flows(struct ordering *ordering, struct decl *of, struct span at)
{
    if (of->kind == DECL_EMIT) {
        add_need(ordering, of, at);
    }
    bool is_group = of->kind == DECL_RULE || of->kind == DECL_STAGE || of->kind == DECL_PROCESS;
    for (struct decl *item = is_group ? decl_inner(of) : NULL; item != NULL; item = item->next) {
        add_flows(ordering, item, at);
    }
}

/* emitted(…) needs what it adds up. */
static void add_emitted(struct ordering *ordering, const struct expr *call)
{
    add_flows(ordering, call->as.call.args->value->ref.decl, call->at); /* a category: all flows of the rule */
}

static void add_ref(void *context, struct expr *expr)
{
    switch (expr->ref.kind) {
    case REF_BINDER:
        if (expr->ref.decl != NULL) { /* the row of a `for each` needs what its source does */
            expr_walk(expr->ref.binder->as.comprehension.source, add_ref, context);
        }
        return;
    case REF_PREDEFINED:
        if (expr->kind == EXPR_CALL && predefined_is_emitted(expr->ref.index)) {
            add_emitted(context, expr);
        }
        return;
    case REF_DECL:
    case REF_FLOW:
        add_need(context, expr->ref.decl, expr->at);
        return;
    case REF_NONE:
    case REF_PARAM:
    case REF_MEMBER:
    case REF_WHOLE:
    case REF_FIELD:
    case REF_COLUMN:
    case REF_ROUNDING:
    case REF_CATEGORY:
    case REF_GAS:
        return;
    }
}

static void add_refs(void *context, struct expr *expr)
{
    expr_walk(expr, add_ref, context);
}

static void collect_needs(struct ordering *ordering, struct node *node)
{
    ordering->current = node;
    decl_each_expr(node->decl, add_refs, ordering);
    for (struct decl *share = node->decl->kind == DECL_ALLOCATE ? node->decl->as.allocate.shares : NULL; share != NULL;
         share = share->next) {
        expr_walk(share->as.share.value, add_ref, ordering);
    }
    const struct decl *group = node->decl->kind == DECL_EMIT ? node->decl->parent : NULL;
    for (; group != NULL && (group->kind == DECL_STAGE || group->kind == DECL_PROCESS); group = group->parent) {
        expr_walk(group->attributes.rows, add_ref, ordering);
        expr_walk(group->attributes.scale, add_ref, ordering);
        expr_walk(group->attributes.when, add_ref, ordering);
    }
}

/* ---- depth first, without recursion ----------------------------------------------------------------------------- */

static void report_cycle(struct ordering *ordering, size_t from, struct need back)
{
    struct buf path = buf_in(ordering->arena);
    for (size_t i = from; i < ordering->path_len; i++) {
        struct decl *decl = ordering->nodes[ordering->path[i]].decl;
        buf_add(&path, decl_path(ordering->arena, decl));
        buf_add(&path, STR(" → "));
        decl->is_cyclic = true;
    }
    buf_add(&path, decl_path(ordering->arena, back.decl));
    struct diag *diag = diag_add(ordering->out, D_CYCLE, back.decl->name.at, DIAG_ARGS(buf_str(&path)));
    if (diag->labels != NULL) {
        return; /* the same cycle by another edge */
    }
    for (size_t i = from; i < ordering->path_len; i++) {
        const struct node *node = &ordering->nodes[ordering->path[i]];
        const struct need *need = i + 1 == ordering->path_len ? &back : &node->needs[node->next_need - 1];
        diag_label(ordering->out, diag, need->at, T_CYCLE_STEP,
                   DIAG_ARGS(decl_path(ordering->arena, node->decl), decl_path(ordering->arena, need->decl)));
    }
}

static size_t place_on_path(const struct ordering *ordering, uint32_t node)
{
    size_t i = ordering->path_len;
    do {
        assert(i > 0);
        i--;
    } while (ordering->path[i] != node);
    return i;
}

static void step(struct ordering *ordering, struct node *node)
{
    struct need need = node->needs[node->next_need++];
    uint32_t to = need.decl->check_id;
    switch (ordering->nodes[to].progress) {
    case NOT_SEEN:
        ordering->nodes[to].progress = ON_PATH;
        ordering->path[ordering->path_len++] = to;
        return;
    case ON_PATH:
        report_cycle(ordering, place_on_path(ordering, to), need);
        return;
    case DONE:
        return;
    }
}

static void walk_from(struct ordering *ordering, uint32_t start, struct decl_order *order)
{
    ordering->path_len = 1;
    ordering->path[0] = start;
    ordering->nodes[start].progress = ON_PATH;
    while (ordering->path_len > 0) {
        struct node *node = &ordering->nodes[ordering->path[ordering->path_len - 1]];
        if (node->next_need < node->need_count) {
            step(ordering, node);
        } else {
            node->progress = DONE;
            order->items[order->count++] = node->decl;
            ordering->path_len--;
        }
    }
}
