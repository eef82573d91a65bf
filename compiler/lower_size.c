/* How large the code will become when functions are expanded: counted before anything is expanded, so that a rule of a
   hundred lines cannot ask for a billion instructions. */
#include "compiler/lower.h"
#include "compiler/walk.h"

/* Sizes are sums of nodes of the tree, saturating. */
enum { SIZE_MAX_COUNTED = 1 << 30 };

struct counting {
    struct lowering *lowering;
    struct decl_map sizes; /* of functions */
    uint32_t size;         /* of what is being counted */
    unsigned depth;
    const struct decl *largest; /* the callee that adds most to it */
    uint32_t largest_size;
};

static uint32_t saturated(uint64_t size)
{
    return size > SIZE_MAX_COUNTED ? SIZE_MAX_COUNTED : (uint32_t)size;
}

static uint32_t function_size(struct counting *counting, struct decl *function);

static void count_expr(void *context, struct expr *expr)
{
    struct counting *counting = context;
    counting->size = saturated((uint64_t)counting->size + 1);
    if (expr->kind == EXPR_CALL && expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_FUNCTION) {
        uint32_t size = function_size(counting, expr->ref.decl);
        counting->size = saturated((uint64_t)counting->size + size);
        if (size > counting->largest_size) {
            counting->largest_size = size;
            counting->largest = expr->ref.decl;
        }
    }
}

static void count_within(struct counting *counting, struct expr *expr)
{
    counting->size = 0;
    counting->largest = NULL;
    counting->largest_size = 0;
    if (expr != NULL) {
        expr_walk(expr, count_expr, counting);
    }
}

static uint32_t function_size(struct counting *counting, struct decl *function)
{
    uint32_t known = 0;
    if (decl_map_get(&counting->sizes, function, &known) || ++counting->depth > LOWER_DEPTH_MAX) {
        return known;
    }
    struct counting inner = *counting;
    count_within(&inner, function->as.function.body);
    counting->sizes = inner.sizes;
    counting->depth--;
    decl_map_add(counting->lowering, &counting->sizes, function, inner.size);
    return inner.size;
}

/* "f (2) → g (4) → …": from the item down to the calls that add most. */
static struct str call_chain(struct counting *counting, const struct decl *item)
{
    struct buf chain = buf_in(counting->lowering->arena);
    buf_format(&chain, "%.*s (%lu)", STR_FMT(item->name.text), (unsigned long)counting->size);
    for (int links = 0; counting->largest != NULL && links < 8; links++) {
        const struct decl *callee = counting->largest;
        buf_format(&chain, " \u2192 %.*s (%lu)", STR_FMT(callee->name.text), (unsigned long)counting->largest_size);
        count_within(counting, callee->as.function.body);
    }
    return buf_str(&chain);
}

struct item_counting {
    struct counting *counting;
    const struct decl *item;
    uint64_t total;
    bool is_reported;
};

static void count_item_expr(void *context, struct expr *expr)
{
    struct item_counting *items = context;
    count_within(items->counting, expr);
    items->total += items->counting->size;
    if (items->total > LIMIT_INSTRUCTIONS && !items->is_reported) {
        items->is_reported = true;
        struct lowering *lowering = items->counting->lowering;
        lower_fail(lowering, expr->at, D_INLINE_SIZE,
                   DIAG_ARGS(str_format(lowering->arena, "%d", (int)LIMIT_INSTRUCTIONS),
                             call_chain(items->counting, items->item)));
    }
}

static void count_decls(struct item_counting *items, struct decl *first)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        bool is_other_example = decl->kind == DECL_EXAMPLE && decl != items->counting->lowering->checked->example;
        items->item = decl;
        if (decl->kind != DECL_FUNCTION && decl->kind != DECL_TABLE && !is_other_example) {
            decl_each_expr(decl, count_item_expr, items);
            count_decls(items, decl_inner(decl));
        }
    }
}

bool lower_sizes(struct lowering *lowering)
{
    struct counting counting = {.lowering = lowering};
    counting.sizes.map = map_in(lowering->arena);
    struct item_counting items = {.counting = &counting};
    for (size_t i = 0; i < lowering->checked->module_count; i++) {
        count_decls(&items, lowering->checked->modules[i]->items);
    }
    return !items.is_reported;
}
