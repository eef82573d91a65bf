/* The grids on which the values of one product lie, found from its data when a decision is in doubt. */
#include "vm/fast_run.h"
#include "vm/opcodes.h"

struct fast_grids { /* of the product at hand */
    uint32_t stamp; /* of it; no two are alike */
    uint32_t product;
    uint32_t *stamps; /* by instruction: its grid is that of the product with this stamp */
    struct grid *grids;
    uint32_t *stack; /* instructions that are to be found */
};

struct fast_grids *fast_grids_new(struct arena *arena, const struct prepared *prepared)
{
    struct fast_grids *grids = arena_new(arena, struct fast_grids);
    size_t count = prepared->program->code_count;
    grids->stamps = arena_array(arena, uint32_t, count);
    grids->grids = arena_array(arena, struct grid, count);
    grids->stack = arena_array(arena, uint32_t, 2 * count + 2);
    grids->product = UINT32_MAX;
    return grids;
}

void fast_grids_forget(struct fast *engine)
{
    engine->grids->product = UINT32_MAX;
}

static void open_product(struct fast_grids *grids, uint32_t product, uint32_t code_count)
{
    if (grids->product == product) {
        return;
    }
    grids->product = product;
    grids->stamp++;
    if (grids->stamp == 0) { /* all have been used */
        for (uint32_t i = 0; i < code_count; i++) {
            grids->stamps[i] = 0;
        }
        grids->stamp = 1;
    }
}

/* ---- data ---- */

/* The rows of the field's list that belong to the product. */
static void rows_of_product(const struct batch *batch, uint32_t list, uint32_t product, uint32_t *from, uint32_t *to)
{
    uint32_t chain[LIMIT_AXIS_DEPTH];
    int depth = 0;
    for (uint32_t at = list; at != NO_INDEX && depth < LIMIT_AXIS_DEPTH; at = batch->program->fields[at].parent) {
        chain[depth++] = at;
    }
    *from = product;
    *to = product + 1;
    while (depth-- > 0) {
        *from = batch->lists[chain[depth]].first[*from];
        *to = batch->lists[chain[depth]].first[*to];
    }
}

static struct grid grid_of_cells(const struct batch *batch, uint32_t field, uint32_t from, uint32_t to)
{
    struct grid grid = GRID_ZERO;
    for (uint32_t i = 0; i < batch->exact_count; i++) {
        const struct exact_cell *cell = &batch->exact[i];
        if (cell->field == field && cell->row >= from && cell->row < to) {
            grid = grid_join(grid, grid_of_rat(cell->value));
        }
    }
    return grid;
}

static struct grid grid_of_field(const struct fast_run *run, uint32_t field, uint32_t product)
{
    const double *values = run->batch->columns[field].as.number;
    uint32_t from = 0;
    uint32_t to = 0;
    rows_of_product(run->batch, run->program->fields[field].parent, product, &from, &to);
    struct grid grid = run->has_exact_cells[field] ? grid_of_cells(run->batch, field, from, to) : GRID_ZERO;
    for (uint32_t row = from; row < to && grid.divisor != 0; row++) {
        grid = grid_join(grid, grid_of_datum(values[row]));
    }
    return grid;
}

/* ---- instructions ---- */

static bool is_constant(const struct fast_run *run, uint32_t instruction, struct rat *number)
{
    const struct instruction *at = &run->program->code[run->facts[instruction].same];
    if (at->op == OP_CONST) {
        *number = run->program->constants[at->a].number;
    }
    return at->op == OP_CONST;
}

/* The operands that the grid of an instruction is made of; their number. */
static int operands_of(const struct fast_run *run, const struct instruction *at, uint32_t operands[2])
{
    operands[0] = at->a;
    operands[1] = at->b;
    switch (at->op) {
    case OP_NEED:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_DIV:
    case OP_NEG:
    case OP_ABS:
    case OP_POWI:
    case OP_CONVERT:
    case OP_SHIFT:
    case OP_RETAG:
    case OP_ROUNDSIG:
    case OP_SUM:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_INVENTORY:
        return 1;
    case OP_ROUND:
        operands[0] = at->b;
        return 1;
    case OP_TAKE:
        operands[0] = at->b;
        return 1;
    case OP_ADD:
    case OP_SUB: /* of years: a whole number */
        return run->facts[at->a].form == FORM_NUMBER && run->facts[at->b].form == FORM_NUMBER ? 2 : 0;
    case OP_MUL:
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
        return 2;
    case OP_SELECT:
        operands[0] = at->b;
        operands[1] = at->c;
        return 2;
    default:
        return 0;
    }
}

/* From the grids of its operands. */
static struct grid grid_of(const struct fast_run *run, uint32_t instruction, uint32_t product, struct grid a,
                           struct grid b)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct prog_const *constants = run->program->constants;
    struct rat number = RAT_ZERO;
    switch (at->op) {
    case OP_CONST:
        return grid_of_rat(constants[at->a].number);
    case OP_FIELD:
        return grid_of_field(run, at->a, product);
    case OP_COLUMN:
        return run->prepared->columns[run->shapes[at->a].of & ~ROW_OF_TABLE][at->imm].grid;
    case OP_FACTOR:
        return fast_factor_grid(run, instruction);
    case OP_INDEX:
    case OP_COUNT:
        return GRID_WHOLE;
    case OP_ADD:
    case OP_SUB:
        return operands_of(run, at, (uint32_t[2]){0}) == 0 ? GRID_WHOLE : grid_join(a, b);
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
    case OP_SELECT:
        return grid_join(a, b);
    case OP_MUL:
        return grid_product(a, b);
    case OP_DIV:
        return is_constant(run, at->b, &number) ? grid_product(a, grid_of_inverse(number)) : GRID_UNKNOWN;
    case OP_POWI:
        return (int32_t)at->b >= 0 ? grid_power(a, (int)(int32_t)at->b) : GRID_UNKNOWN;
    case OP_CONVERT:
        return grid_product(a, grid_of_rat(constants[at->b].number));
    case OP_SHIFT:
        return grid_join(grid_product(a, grid_of_rat(constants[at->b].number)), grid_of_rat(constants[at->c].number));
    case OP_ROUNDSIG: /* a multiple of a coarser power of ten, or the number itself */
        return a.divisor == 1 ? a : GRID_UNKNOWN;
    case OP_NEED:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_TAKE:
    case OP_NEG:
    case OP_ABS:
    case OP_RETAG:
    case OP_ROUND:
    case OP_SUM:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_INVENTORY:
        return a;
    default: /* roots, logarithms, external functions */
        return GRID_UNKNOWN;
    }
}

/* Finds the instruction on top of the stack, or puts the operands there that must be found first. */
static void find_top(const struct fast_run *run, struct fast_grids *grids, size_t *depth)
{
    uint32_t top = grids->stack[*depth - 1];
    uint32_t operands[2];
    int count = operands_of(run, &run->program->code[top], operands);
    size_t before = *depth;
    for (int k = 0; k < count; k++) {
        if (grids->stamps[operands[k]] != grids->stamp) {
            grids->stack[(*depth)++] = operands[k];
        }
    }
    if (*depth == before) {
        struct grid a = count > 0 ? grids->grids[operands[0]] : GRID_UNKNOWN;
        struct grid b = count > 1 ? grids->grids[operands[1]] : GRID_UNKNOWN;
        grids->grids[top] = grid_of(run, top, grids->product, a, b);
        grids->stamps[top] = grids->stamp;
        (*depth)--;
    }
}

struct grid fast_grid(const struct fast_run *run, uint32_t product, uint32_t instruction)
{
    struct fast_grids *grids = run->engine->grids;
    open_product(grids, product, run->program->code_count);
    size_t depth = 0;
    if (grids->stamps[instruction] != grids->stamp) {
        grids->stack[depth++] = instruction;
    }
    while (depth > 0) { /* operands are earlier instructions: at most two for each lie on the stack */
        find_top(run, grids, &depth);
    }
    return grids->grids[instruction];
}

uint32_t fast_product_for(const struct fast_run *run, uint32_t instruction, uint32_t row)
{
    return run->facts[instruction].is_single ? 0 : fast_product_of(run, run->program->code[instruction].axis, row);
}
