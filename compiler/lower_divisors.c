/* Divisors that may be zero by what the rule itself declares: a range that begins with 0, a column with a 0 in it. That
   such a division fails for some products is seldom meant. Where a condition or requirement looks at the same data the
   author has thought of it. */
#include "compiler/lower.h"

#include "compiler/interval.h"

struct search { /* data and columns below some nodes */
    struct ir *ir;
    uint32_t *seen; /* by node: the last search that saw it */
    uint32_t number;
    uint32_t *work;
    size_t count;
    uint32_t *wanted; /* by node, behind them by field: the search whose data it is among */
    bool is_collecting, is_found;
};

static void visit(void *context, uint32_t *operand)
{
    struct search *search = context;
    if (search->seen[*operand] != search->number) {
        search->seen[*operand] = search->number;
        search->work[search->count++] = *operand;
    }
}

static bool is_zero(const struct ir *ir, uint32_t node)
{
    const struct instruction *in = &ir->nodes[node].in;
    return in->op == OP_CONST && rat_sign(ir->constants[in->a].number) == 0;
}

/* Sums are left out: that all rows together are something says nothing of one. So is `0 <= x`. */
static void walk(struct search *search, uint32_t from)
{
    search->count = 0;
    visit(search, &from);
    while (search->count > 0) {
        uint32_t node = search->work[--search->count];
        struct instruction in = search->ir->nodes[node].in;
        if (in.op == OP_FIELD || in.op == OP_COLUMN) {
            uint32_t *wanted = &search->wanted[in.op == OP_FIELD ? search->ir->count + in.a : node];
            search->is_found = search->is_found || *wanted == search->number;
            *wanted = search->is_collecting ? search->number + 1 : *wanted;
        }
        if (in.op != OP_SUM && !(in.op == OP_LE && is_zero(search->ir, in.a))) {
            in.mask = NO_OPERAND;
            ir_each_operand(&in, visit, search);
        }
    }
}

/* Does the mask of the division, or a requirement, look at what the divisor is made of? */
static bool is_guarded(struct search *search, const struct instruction *division)
{
    const struct ir *ir = search->ir;
    search->number += 2;
    search->is_collecting = true;
    walk(search, division->b);
    search->number++;
    search->is_collecting = search->is_found = false;
    if (division->mask != NO_OPERAND) {
        walk(search, division->mask);
    }
    for (size_t i = 0; i < ir->count && !search->is_found; i++) {
        if (ir->nodes[i].in.op == OP_REQUIRE) {
            walk(search, ir->nodes[i].in.a);
        }
    }
    return search->is_found;
}

void lower_divisors(struct lowering *lowering, struct compiled *into)
{
    struct ir *ir = lowering->ir;
    struct intervals intervals = intervals_of_ir(ir);
    struct search search = {.ir = ir,
                            .seen = arena_array(ir->arena, uint32_t, ir->count + 1),
                            .work = arena_array(ir->arena, uint32_t, ir->count + 1),
                            .wanted = arena_array(ir->arena, uint32_t, ir->count + ir->field_count + 1)};
    size_t cap = 0;
    for (uint32_t i = 0; i < ir->count; i++) {
        const struct instruction *in = &ir->nodes[i].in;
        if (in->op == OP_DIV && interval_may_vanish(&intervals, in->b) && !is_guarded(&search, in)) {
            (void)arena_grow(ir->arena, into->zero_divisions, into->zero_division_count, cap);
            into->zero_divisions[into->zero_division_count++] = ir->nodes[i].site.at;
        }
    }
}
