/* Sums, extremes and counts over the rows of an axis: each row a node, or the largest of them and the rest. */
#include <stdlib.h>

#include "base/decimal.h"
#include "vm/explain_build.h"
#include "vm/opcodes.h"

struct candidate { /* a row that counts */
    uint32_t row;
    double size;
};

static int compare_sizes(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;
    if (left->size < right->size || left->size > right->size) {
        return left->size > right->size ? -1 : 1;
    }
    return (left->row > right->row) - (left->row < right->row);
}

/* Those that count: the largest first, or, where all are to be shown, in the order of the data. */
static struct candidate *find_rows(struct building *building, uint32_t instruction, uint32_t row, uint32_t *count,
                                   double *sizes)
{
    struct exact_run *run = build_run(building);
    const struct instruction *at = build_code(building, instruction);
    const struct exact_axis *axis = &run->axes[at->imm];
    uint32_t most = axis->first[row + 1] - axis->first[row];
    struct candidate *found = arena_array(run->arena, struct candidate, (size_t)most + 1);
    bool has_size = at->a != NO_OPERAND && run->shapes[at->a].type == VALUE_NUMBER;
    *count = 0;
    *sizes = 0;
    for (uint32_t r = axis->first[row]; r < axis->first[row + 1]; r++) {
        if (!trace_counts(building->explaining->teller.trace, instruction, r)) {
            continue;
        }
        struct exact_value value = has_size ? exact_get(run, at->a, r) : (struct exact_value){.number = RAT_ZERO};
        bool is_known = has_size && value.state == STATE_GIVEN;
        double size = is_known ? rat_to_double(rat_abs(run->arena, value.number)) : 0;
        found[(*count)++] = (struct candidate){r, size};
        *sizes += size;
    }
    if (building->explaining->shown > 0 && *count > 1) {
        qsort(found, *count, sizeof *found, compare_sizes);
    }
    return found;
}

static const struct zuji_explanation *rest_of(struct building *building, uint32_t instruction,
                                              const struct candidate *rows, uint32_t count, double sizes)
{
    struct exact_run *run = build_run(building);
    const struct instruction *at = build_code(building, instruction);
    struct rat sum = RAT_ZERO;
    double size = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct exact_value value = exact_get(run, at->a, rows[i].row);
        sum = value.state == STATE_GIVEN ? rat_add(run->arena, sum, value.number) : sum;
        size += rows[i].size;
    }
    const struct explain_unit *unit = at->op == OP_SUM ? &building->explaining->units[at->a] : NULL;
    return explain_rest(building->explaining, sum, unit, count, sizes > 0 ? size / sizes : 0);
}

/* The largest; of one row less a line of its own is no saving. Rows that add nothing are left to the rest. */
static uint32_t shown_of(const struct explaining *explaining, const struct candidate *rows, uint32_t count)
{
    uint32_t shown = count;
    if (explaining->shown > 0 && count > explaining->shown + 1) {
        shown = explaining->shown;
    }
    uint32_t sized = 0;
    while (sized < shown && rows[sized].size > 0) {
        sized++;
    }
    bool is_ordered = explaining->shown > 0 && sized > 0;
    return is_ordered && count - sized > 1 ? sized : shown;
}

/* The rows have a unit of their own where that of the sum is declared. */
static void tell_as_rows(struct building *building, struct term *term, uint32_t instruction, uint32_t row)
{
    uint32_t of = build_code(building, instruction)->a;
    if (build_run(building)->shapes[of].type == VALUE_NUMBER) {
        struct explain_unit in = building->explaining->units[of];
        term_tell(building, term, instruction, row, in.by, in.text);
    }
}

struct term rows_sum(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = build_code(building, instruction);
    struct term term = term_of(building, operation, instruction, row);
    uint32_t count;
    double sizes;
    struct candidate *rows = find_rows(building, instruction, row, &count, &sizes);
    uint32_t shown = shown_of(explaining, rows, count);
    struct zuji_formula *operands = term_operands(building, &term.formula, (size_t)shown + (shown < count));
    term.formula.rows = count;
    for (uint32_t i = 0; i < shown; i++) {
        double share = sizes > 0 ? rows[i].size / sizes : 0;
        const struct zuji_explanation *part =
            explain_row(explaining, at->imm, at->a, rows[i].row, building->node->knows, share);
        operands[i] = term_node(building, part).formula;
    }
    if (shown < count) {
        const struct zuji_explanation *rest = rest_of(building, instruction, rows + shown, count - shown, sizes);
        operands[shown] = term_node(building, rest).formula;
    }
    tell_as_rows(building, &term, instruction, row);
    return term;
}

/* The row that has the value is first; without all rows it stands alone. */
struct term rows_extreme(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = build_code(building, instruction);
    struct explaining *explaining = building->explaining;
    uint32_t picked;
    if (explaining->shown == 0) {
        return rows_sum(building, operation, instruction, row);
    }
    struct term term = term_of(building, operation, instruction, row);
    uint32_t count;
    double sizes;
    (void)find_rows(building, instruction, row, &count, &sizes);
    term.formula.rows = count;
    if (trace_picked(explaining->teller.trace, instruction, row, &picked)) {
        struct zuji_formula *operands = term_operands(building, &term.formula, 1);
        const struct zuji_explanation *part = explain_row(explaining, at->imm, at->a, picked, building->node->knows, 0);
        operands[0] = term_node(building, part).formula;
    }
    tell_as_rows(building, &term, instruction, row);
    return term;
}

/* Without all rows the first on which it holds stands alone. */
struct term rows_any(struct building *building, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = build_code(building, instruction);
    struct exact_run *run = build_run(building);
    if (building->explaining->shown == 0) {
        return rows_sum(building, ZUJI_OP_ANY, instruction, row);
    }
    struct term term = term_of(building, ZUJI_OP_ANY, instruction, row);
    uint32_t count;
    double sizes;
    const struct candidate *rows = find_rows(building, instruction, row, &count, &sizes);
    term.formula.rows = count;
    uint32_t holding = count;
    for (uint32_t i = count; i-- > 0;) {
        struct exact_value value = exact_get(run, at->a, rows[i].row);
        holding = value.state == STATE_GIVEN && value.code != 0 ? i : holding;
    }
    if (holding < count) {
        struct zuji_formula *operands = term_operands(building, &term.formula, 1);
        const struct zuji_explanation *part =
            explain_row(building->explaining, at->imm, at->a, rows[holding].row, building->node->knows, 0);
        operands[0] = term_node(building, part).formula;
    }
    return term;
}

struct term rows_count(struct building *building, uint32_t instruction, uint32_t row)
{
    struct term term = term_of(building, ZUJI_OP_COUNT, instruction, row);
    double sizes;
    (void)find_rows(building, instruction, row, &term.formula.rows, &sizes);
    return term;
}
