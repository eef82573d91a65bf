/* The same data counted in two flows: on the program, where names and functions are replaced by what they mean. An
   emission is a sum of terms; two flows with a term of the same data, factors and constants under the same conditions,
   of the same gas, count it twice. */
#include "compiler/lint.h"

#include <stdlib.h>

#include "compiler/ir.h"
#include "compiler/walk.h"

struct stack {
    uint32_t *items;
    size_t count, cap;
};

struct counting {
    struct linter *linter;
    const struct program *program;
    struct arena *arena;
    struct map terms;  /* what a term is made of -> flow */
    uint32_t *seen;    /* by instruction: the last search that saw it */
    uint32_t search;
    struct stack work;
    struct stack leaves, conditions; /* of the term: instructions, in their order */
};

static void push(struct counting *counting, struct stack *stack, uint32_t item)
{
    (void)arena_grow(counting->arena, stack->items, stack->count, stack->cap);
    stack->items[stack->count++] = item;
}

static bool is_leaf(enum opcode op)
{
    return op == OP_FIELD || op == OP_FACTOR || op == OP_CONST || op == OP_COLUMN || op == OP_INDEX;
}

static void push_operand(void *context, uint32_t *operand)
{
    struct counting *counting = context;
    if (counting->seen[*operand] != counting->search) {
        counting->seen[*operand] = counting->search;
        push(counting, &counting->work, *operand);
    }
}

/* What decides which rows or which of two formulas count: with another one it is another term. */
static bool is_decision(const struct instruction *in)
{
    return in->op == OP_SELECT || (in->op >= OP_SUM && in->op <= OP_ONLY && in->b != NO_OPERAND);
}

/* All data, factors and constants that the term is computed from, and its conditions. True where there is a number
   among the data. */
static bool find_leaves(struct counting *counting, uint32_t term)
{
    bool has_number = false;
    counting->search++;
    counting->leaves.count = 0;
    size_t floor = counting->work.count;
    push_operand(counting, &term);
    while (counting->work.count > floor) {
        uint32_t at = counting->work.items[--counting->work.count];
        struct instruction in = counting->program->code[at];
        if (is_leaf(in.op)) {
            push(counting, &counting->leaves, at);
            has_number = has_number || (in.op == OP_FIELD && counting->program->fields[in.a].type == VALUE_NUMBER);
        } else if (is_decision(&in)) {
            push(counting, &counting->leaves, in.op == OP_SELECT ? at : in.b);
        }
        in.mask = NO_OPERAND; /* where a default is noted or a failure counts: nothing of the value */
        ir_each_operand(&in, push_operand, counting);
    }
    return has_number;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Sorts a copy, for conditions are a stack. */
static void add_sorted(struct counting *counting, struct buf *key, const struct stack *stack)
{
    uint32_t *items = arena_array(counting->arena, uint32_t, stack->count);
    for (size_t i = 0; i < stack->count; i++) {
        items[i] = stack->items[i];
    }
    if (stack->count > 0) {
        qsort(items, stack->count, sizeof *items, compare_numbers);
    }
    for (size_t i = 0; i < stack->count; i++) {
        buf_format(key, "%lu,", (unsigned long)items[i]);
    }
    buf_char(key, ';');
}

static const struct decl *find_flow(const struct decl *items, struct str name)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT && str_eq(item->name.text, name)) {
            return item;
        }
        const struct decl *inner = item->kind == DECL_PROCESS ? find_flow(item->as.stage.items, name) : NULL;
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

static const struct decl *decl_of_flow(const struct counting *counting, uint32_t flow)
{
    const struct prog_flow *made = &counting->program->flows[flow];
    struct str stage = counting->program->texts[counting->program->stages[made->stage].name];
    for (const struct decl *item = counting->linter->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE && str_eq(item->name.text, stage)) {
            return find_flow(item->as.stage.items, counting->program->texts[made->name]);
        }
    }
    return NULL;
}

static void report(struct counting *counting, uint32_t first, uint32_t second)
{
    const struct decl *flow = decl_of_flow(counting, second);
    const struct decl *other = decl_of_flow(counting, first);
    if (flow == NULL || other == NULL) {
        return;
    }
    struct linter *linter = counting->linter;
    struct diag *diag = lint_add(linter, D_LINT_COUNTED_TWICE, flow, flow->name.at,
                                 DIAG_ARGS(flow->name.text, other->name.text));
    if (diag != NULL) {
        diag_label(linter->out, diag, other->name.at, T_HERE, NULL, 0);
    }
}

static void count_term(struct counting *counting, uint32_t term, const struct prog_part *part)
{
    if (!find_leaves(counting, term)) {
        return;
    }
    struct buf key = buf_in(counting->arena);
    unsigned kind = counting->program->flows[part->flow].kind; /* what is taken up and set free again is none */
    buf_format(&key, "%lu:%u:", (unsigned long)part->gas, kind);
    add_sorted(counting, &key, &counting->leaves);
    add_sorted(counting, &key, &counting->conditions);
    uint32_t flow;
    if (!map_get(&counting->terms, buf_str(&key), &flow)) {
        map_add(&counting->terms, buf_str(&key), part->flow);
    } else if (flow != part->flow) {
        report(counting, flow, part->flow);
    }
}

#define OTHERWISE 0x80000000u /* of a condition: where it does not hold */
enum { SUM_DEPTH_MAX = 500 }; /* of sums in sums: what lies deeper is one term */

/* Goes through what is linear, gathering conditions on the way, and counts what is not. */
static void count_emission(struct counting *counting, uint32_t amount, const struct prog_part *part, unsigned depth)
{
    const struct instruction *in = &counting->program->code[amount];
    size_t conditions = counting->conditions.count;
    switch (depth < SUM_DEPTH_MAX ? (int)in->op : -1) {
    case OP_ADD:
    case OP_SUB:
        count_emission(counting, in->a, part, depth + 1);
        count_emission(counting, in->b, part, depth + 1);
        return;
    case OP_SUM:
        if (in->b != NO_OPERAND) {
            push(counting, &counting->conditions, in->b);
        }
        count_emission(counting, in->a, part, depth + 1);
        break;
    case OP_SELECT:
        push(counting, &counting->conditions, in->a);
        count_emission(counting, in->b, part, depth + 1);
        counting->conditions.items[counting->conditions.count - 1] = in->a | OTHERWISE;
        count_emission(counting, in->c, part, depth + 1);
        break;
    case OP_NEG:
    case OP_CONVERT:
    case OP_NEED:
    case OP_WITHIN:
    case OP_SPREAD:
        count_emission(counting, in->a, part, depth + 1);
        return;
    default:
        count_term(counting, amount, part);
        return;
    }
    counting->conditions.count = conditions;
}

void lint_counts(struct linter *linter)
{
    const struct program *program = linter->compiled->program;
    struct counting counting = {.linter = linter,
                                .program = program,
                                .arena = linter->arena,
                                .terms = map_in(linter->arena),
                                .seen = arena_array(linter->arena, uint32_t, program->code_count)};
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *in = &program->code[i];
        if (in->op == OP_EMIT) {
            counting.conditions.count = 0;
            if (in->mask != NO_OPERAND) {
                push(&counting, &counting.conditions, in->mask);
            }
            count_emission(&counting, in->a, &program->parts[in->b], 0);
        }
    }
}
