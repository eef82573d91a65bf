/* Instructions that gather the rows of an inner axis into the row that they lie in. */
#include "vm/exact_run.h"

enum { SUM_LEVELS = 32 }; /* 2^32 rows */

/* A sum as a balanced tree: sums of 2^k terms wait at level k, so large fractions meet only fractions of their size.
   After five terms a..e:   level 2: a+b+c+d   level 1: -   level 0: e */
struct tree_sum {
    struct rat level[SUM_LEVELS];
    uint64_t count;
};

static struct rat plus(struct exact_run *run, uint32_t instruction, uint32_t row, struct rat a, struct rat b,
                       uint32_t *state)
{
    exact_charge(run, instruction, a, b, 1);
    struct exact_value sum = exact_checked(run, instruction, row, rat_add(run->arena, a, b));
    *state = exact_join(run, *state, sum.state);
    return sum.state == STATE_GIVEN ? sum.number : RAT_ZERO;
}

static void tree_add(struct exact_run *run, uint32_t instruction, uint32_t row, struct tree_sum *tree, struct rat term,
                     uint32_t *state)
{
    int level = 0;
    for (uint64_t count = tree->count; count % 2 == 1; count /= 2) {
        term = plus(run, instruction, row, tree->level[level], term, state);
        level++;
    }
    tree->level[level] = term;
    tree->count++;
}

static struct rat tree_total(struct exact_run *run, uint32_t instruction, uint32_t row, const struct tree_sum *tree,
                             uint32_t *state)
{
    struct rat total = RAT_ZERO;
    int level = 0;
    for (uint64_t count = tree->count; count > 0; count /= 2) {
        if (count % 2 == 1) {
            total = plus(run, instruction, row, tree->level[level], total, state);
        }
        level++;
    }
    return total;
}

/* ---- the rows that count ---- */

struct gather { /* the rows of an inner axis inside one row */
    struct exact_run *run;
    uint32_t instruction;
    uint32_t row; /* the outer one */
    uint32_t axis;
    uint32_t next, end;
    uint32_t where; /* NO_OPERAND: every row counts */
    uint32_t state; /* of the conditions and terms so far */
};

static struct gather gather_in(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct exact_axis *axis = &run->axes[at->imm];
    return (struct gather){.run = run,
                           .instruction = instruction,
                           .row = row,
                           .axis = at->imm,
                           .next = axis->first[row],
                           .end = axis->first[row + 1],
                           .where = at->b,
                           .state = axis->state == NULL ? STATE_GIVEN : axis->state[row]};
}

/* Poison stays; an absent term can only be a broken program's. */
static void add_state(struct gather *gather, uint32_t state)
{
    if (state == STATE_ABSENT) {
        state = exact_fail_unneeded(gather->run, gather->instruction, gather->row);
    }
    gather->state = exact_join(gather->run, gather->state, state);
}

/* The next row that counts; false at the end. */
static bool gather_next(struct gather *gather, uint32_t *row)
{
    while (gather->next < gather->end && !exact_is_stopped(gather->run)) {
        *row = gather->next++;
        if (gather->where == NO_OPERAND) {
            return true;
        }
        struct exact_value condition = exact_get(gather->run, gather->where, *row);
        add_state(gather, condition.state);
        if (condition.state == STATE_GIVEN && condition.code != 0) {
            return true;
        }
    }
    return false;
}

/* The same with the value of operand a on it; rows where that is poison only leave their state. */
static bool gather_value(struct gather *gather, uint32_t *row, struct exact_value *value)
{
    while (gather_next(gather, row)) {
        *value = exact_get(gather->run, gather->run->program->code[gather->instruction].a, *row);
        add_state(gather, value->state);
        if (value->state == STATE_GIVEN) {
            return true;
        }
    }
    return false;
}

static struct exact_value finish(const struct gather *gather, struct exact_value value)
{
    return gather->state == STATE_GIVEN ? value : exact_of_state(gather->state);
}

/* ---- the instructions ---- */

static struct exact_value sum(struct exact_run *run, uint32_t instruction, uint32_t outer)
{
    struct gather gather = gather_in(run, instruction, outer);
    struct tree_sum tree;
    tree.count = 0;
    struct exact_value term;
    uint32_t row;
    while (gather_value(&gather, &row, &term)) {
        tree_add(run, instruction, outer, &tree, term.number, &gather.state);
    }
    struct rat total = tree_total(run, instruction, outer, &tree, &gather.state);
    return finish(&gather, (struct exact_value){.number = total});
}

static struct exact_value count(struct exact_run *run, uint32_t instruction, uint32_t outer)
{
    struct gather gather = gather_in(run, instruction, outer);
    int64_t rows = 0;
    uint32_t row;
    while (gather_next(&gather, &row)) {
        rows++;
    }
    return finish(&gather, (struct exact_value){.number = rat_int(rows)});
}

static struct exact_value any(struct exact_run *run, uint32_t instruction, uint32_t outer)
{
    struct gather gather = gather_in(run, instruction, outer);
    int64_t is_true = 0;
    struct exact_value value;
    uint32_t row;
    while (gather_value(&gather, &row, &value)) {
        is_true = is_true || value.code != 0;
    }
    return finish(&gather, exact_of_code(is_true));
}

/* The row as a value: of a pair axis, where the list's rows are meant, the row of the list. */
static int64_t row_value(const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    uint32_t axis = run->program->code[instruction].imm;
    bool is_of_list = run->program->axes[axis].kind == AXIS_PAIR && run->shapes[instruction].of != axis;
    return is_of_list ? run->axes[axis].other[row] : row;
}

static int order(struct exact_run *run, uint32_t instruction, const struct exact_value *a, const struct exact_value *b)
{
    if (run->shapes[run->program->code[instruction].a].type == VALUE_NUMBER) {
        exact_charge(run, instruction, a->number, b->number, 1);
        return exact_order(run, a->number, b->number);
    }
    return (a->code > b->code) - (a->code < b->code);
}

/* The largest (sign 1) or smallest (-1) value and its row: of equal ones the first, or the last. */
static struct exact_value extreme(struct exact_run *run, uint32_t instruction, uint32_t outer, int sign, bool is_row)
{
    const struct instruction *at = &run->program->code[instruction];
    struct gather gather = gather_in(run, instruction, outer);
    bool is_last = is_row && at->c == TIE_LAST;
    struct exact_value best = exact_of_state(STATE_ABSENT);
    uint32_t best_row = 0;
    uint32_t equal_row = 0; /* the next row that equals the best one; the best one itself where there is none */
    struct exact_value value;
    uint32_t row;
    while (gather_value(&gather, &row, &value)) {
        int against = best.state == STATE_ABSENT ? 1 : sign * order(run, instruction, &value, &best);
        if (against > 0 || (against == 0 && is_last)) {
            best = value;
            best_row = equal_row = row;
        } else if (against == 0 && equal_row == best_row) {
            equal_row = row;
        }
    }
    if (is_row && at->c == TIE_FIRST_NOTED && equal_row != best_row && gather.state == STATE_GIVEN) {
        exact_note_tie(run, instruction, best_row, equal_row);
    }
    if (is_row && best.state == STATE_GIVEN) {
        best = exact_of_code(row_value(run, instruction, best_row));
    }
    return finish(&gather, best);
}

static struct exact_value ambiguous(struct exact_run *run, uint32_t instruction, uint32_t outer, uint32_t first,
                                    uint32_t second)
{
    uint32_t axis = run->program->code[instruction].imm;
    if (!exact_is_needed(run, instruction, outer)) {
        return exact_of_state(exact_fail_unneeded(run, instruction, outer));
    }
    return exact_of_state(exact_fail(run, instruction, outer, D_AMBIGUOUS_ROW,
                                     DIAG_ARGS(exact_axis_name(run, axis), exact_expression(run, instruction),
                                               exact_row_path(run, axis, first), exact_row_path(run, axis, second))));
}

static struct exact_value only(struct exact_run *run, uint32_t instruction, uint32_t outer)
{
    struct gather gather = gather_in(run, instruction, outer);
    uint32_t first = 0;
    uint32_t second = 0;
    uint32_t row;
    uint64_t found = 0;
    while (gather_next(&gather, &row)) {
        first = found == 0 ? row : first;
        second = found == 1 ? row : second;
        found++;
    }
    if (gather.state != STATE_GIVEN) {
        return exact_of_state(gather.state);
    }
    if (found > 1) {
        return ambiguous(run, instruction, outer, first, second);
    }
    return found == 0 ? exact_of_state(STATE_ABSENT) : exact_of_code(row_value(run, instruction, first));
}

static struct exact_value aggregate_of(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    switch (run->program->code[instruction].op) {
    case OP_SUM:
        return sum(run, instruction, row);
    case OP_COUNT:
        return count(run, instruction, row);
    case OP_LEAST:
        return extreme(run, instruction, row, -1, false);
    case OP_GREATEST:
        return extreme(run, instruction, row, 1, false);
    case OP_ARGMIN:
        return extreme(run, instruction, row, -1, true);
    case OP_ARGMAX:
        return extreme(run, instruction, row, 1, true);
    case OP_ANY:
        return any(run, instruction, row);
    default: /* ONLY */
        return only(run, instruction, row);
    }
}

void exact_aggregate(struct exact_run *run, uint32_t instruction)
{
    uint32_t rows = run->axes[run->program->code[instruction].axis].rows;
    exact_make(run, instruction, false);
    for (uint32_t row = 0; row < rows && !exact_is_stopped(run); row++) {
        struct exact_value value = aggregate_of(run, instruction, row);
        exact_put(run, instruction, row, &value);
    }
}
