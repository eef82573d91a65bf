/* The grids on which the values of one product lie, found from its data when a decision is in doubt.

   A value is a quotient: a number on a grid over the values of some instructions, its *divisors*, each again without
   its own divisors. Where it may be a number t, from which it is not further away than e,

       value - t = (numerator - t d1 d2) / (d1 d2)

   and what is in the brackets lies on a grid: it is 0 where e |d1 d2| is less than the unit of that grid. */
#include <math.h>

#include "base/decimal.h"
#include "vm/fast_run.h"
#include "vm/opcodes.h"

enum { DIVISORS_MAX = 4 };

struct quotient {
    struct grid grid;                /* of the numerator */
    double most;                     /* the value is not larger in size */
    double numerator;                /* nor is the numerator; known once the instruction was found */
    uint32_t divisors[DIVISORS_MAX]; /* instructions, ascending; one may come several times */
    uint8_t count;
};

struct fast_grids { /* of the product at hand */
    const struct batch *batch;
    uint32_t stamp; /* of it; no two are alike */
    uint32_t product;
    uint32_t *stamps; /* by instruction: its quotient is that of the product with this stamp */
    struct quotient *quotients;
    uint32_t *stack; /* instructions that are to be found */
};

struct fast_grids *fast_grids_new(struct arena *arena, const struct prepared *prepared)
{
    struct fast_grids *grids = arena_new(arena, struct fast_grids);
    size_t count = prepared->program->code_count;
    grids->stamps = arena_array(arena, uint32_t, count);
    grids->quotients = arena_array(arena, struct quotient, count);
    grids->stack = arena_array(arena, uint32_t, 2 * count + 2);
    grids->product = UINT32_MAX;
    return grids;
}

void fast_grids_open(struct fast *engine, const struct batch *batch)
{
    engine->grids->batch = batch;
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

/* ---- quotients ---- */

static const struct quotient unknown = {
    .grid = {0, 0},
      .most = INFINITY
};

static struct quotient whole(double most)
{
    return (struct quotient){.grid = GRID_WHOLE, .most = most};
}

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* A size that nothing may exceed, kept where doubles hold all its digits: a larger one is as good. */
static double not_lost(double most)
{
    const double least = 1e-290;
    return most < least ? least : most;
}

/* The divisors together are not larger in size. */
static double most_of_divisors(const struct fast_grids *grids, const struct quotient *value)
{
    double most = 1;
    for (int k = 0; k < value->count; k++) {
        most = not_lost(most * grids->quotients[value->divisors[k]].numerator);
    }
    return most;
}

/* Puts in one more divisor; the numerator is as it was. */
static void divide(struct quotient *value, uint32_t divisor)
{
    if (value->count == DIVISORS_MAX) {
        value->grid = GRID_UNKNOWN;
        return;
    }
    int at = value->count++;
    for (; at > 0 && value->divisors[at - 1] > divisor; at--) {
        value->divisors[at] = value->divisors[at - 1];
    }
    value->divisors[at] = divisor;
}

/* Multiplies numerator and denominator by the divisors of the other that it lacks: then both have the same. */
static struct quotient widen(const struct fast_grids *grids, struct quotient value, const struct quotient *other)
{
    int at = 0;
    struct quotient widened = value;
    for (int k = 0; k < other->count; k++) {
        while (at < value.count && value.divisors[at] < other->divisors[k]) {
            at++;
        }
        if (at < value.count && value.divisors[at] == other->divisors[k]) {
            at++;
            continue;
        }
        widened.grid = grid_product(widened.grid, grids->quotients[other->divisors[k]].grid);
        divide(&widened, other->divisors[k]);
    }
    return widened;
}

/* Of a sum of both, or of one of the two. */
static struct quotient join(const struct fast_grids *grids, const struct quotient *a, const struct quotient *b,
                            double most)
{
    struct quotient joined = widen(grids, *a, b);
    struct quotient other = widen(grids, *b, a);
    joined.grid = grid_join(joined.grid, other.grid);
    joined.most = most;
    return joined;
}

static struct quotient times(const struct quotient *a, const struct quotient *b)
{
    struct quotient product = {.grid = grid_product(a->grid, b->grid), .most = a->most * b->most};
    for (int k = 0; k < a->count; k++) {
        divide(&product, a->divisors[k]);
    }
    for (int k = 0; k < b->count; k++) {
        divide(&product, b->divisors[k]);
    }
    return product;
}

static struct quotient times_number(const struct quotient *a, struct rat number)
{
    struct quotient factor = {.grid = grid_of_rat(number), .most = size_of(rat_to_double(number)) * WIDER};
    return times(a, &factor);
}

/* The instruction that gives what this one hands on, to rows inside its own. */
static uint32_t source_of(const struct fast *engine, uint32_t instruction)
{
    const struct instruction *code = engine->program->code;
    uint16_t op = code[instruction].op;
    while (op == OP_SPREAD || op == OP_NEED || op == OP_RETAG ||
           (op == OP_SPREAD2 && code[code[instruction].a].axis <= AXIS_ID_PRODUCT)) {
        instruction = code[instruction].a;
        op = code[instruction].op;
    }
    return instruction;
}

/* a / b, where b is the value of an instruction: a * (divisors of b) / (numerator of b). That is not nearer to 0 than
   the unit of its grid. */
static struct quotient over(const struct fast_grids *grids, const struct quotient *a, uint32_t instruction)
{
    const struct quotient *b = &grids->quotients[instruction];
    struct quotient quotient = *a;
    for (int k = 0; k < b->count; k++) {
        quotient.grid = grid_product(quotient.grid, grids->quotients[b->divisors[k]].grid);
    }
    divide(&quotient, instruction);
    quotient.most = a->most * most_of_divisors(grids, b) / grid_unit(b->grid);
    return b->grid.divisor == 0 ? unknown : quotient;
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

/* Data that their doubles do not give back. */
static struct grid grid_of_cells(const struct batch *batch, uint32_t field, uint32_t from, uint32_t to)
{
    struct grid grid = GRID_ZERO;
    uint32_t low = 0;
    uint32_t high = batch->exact_count;
    while (low < high) { /* the first of the field at `from` or behind */
        uint32_t middle = low + (high - low) / 2;
        const struct exact_cell *cell = &batch->exact[middle];
        if (cell->field < field || (cell->field == field && cell->row < from)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < batch->exact_count && batch->exact[low].field == field && batch->exact[low].row < to; low++) {
        grid = grid_join(grid, grid_of_rat(batch->exact[low].value));
    }
    return grid;
}

static struct quotient of_field(const struct batch *batch, uint32_t field, uint32_t product)
{
    const double *values = batch->columns[field].as.number;
    uint32_t from = 0;
    uint32_t to = 0;
    rows_of_product(batch, batch->program->fields[field].parent, product, &from, &to);
    struct quotient data = {.grid = grid_of_cells(batch, field, from, to)};
    for (uint32_t row = from; row < to && data.grid.divisor != 0; row++) {
        data.grid = grid_join(data.grid, grid_of_datum(values[row]));
        data.most = larger(data.most, size_of(values[row]) * WIDER);
    }
    return data;
}

/* ---- instructions ---- */

static bool is_constant(const struct fast *engine, uint32_t instruction, struct rat *number)
{
    const struct instruction *at = &engine->program->code[engine->prepared->facts[instruction].same];
    if (at->op == OP_CONST) {
        *number = engine->program->constants[at->a].number;
    }
    return at->op == OP_CONST;
}

/* The operands that the grid of an instruction is made of; their number. */
static int operands_of(const struct fast *engine, const struct instruction *at, uint32_t operands[2])
{
    operands[0] = at->a;
    operands[1] = at->b;
    switch (at->op) {
    case OP_NEED:
    case OP_SPREAD:
    case OP_SPREAD2:
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
    case OP_TAKE:
        operands[0] = at->b;
        return 1;
    case OP_ADD:
    case OP_SUB: /* of years: a whole number */
        return engine->prepared->facts[at->a].form == FORM_NUMBER && engine->prepared->facts[at->b].form == FORM_NUMBER
                   ? 2
                   : 0;
    case OP_MUL:
    case OP_DIV:
    case OP_ROUND:
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

/* The rows of an axis inside the product are not more. */
static double rows_of_axis(const struct fast *engine, uint16_t axis, uint32_t product)
{
    const struct prog_axis *shape = &engine->program->axes[axis];
    double rows = axis > AXIS_ID_PRODUCT ? rows_of_axis(engine, shape->parent, product) : 1;
    uint32_t from = 0;
    uint32_t to = 0;
    switch ((enum axis_kind)shape->kind) {
    case AXIS_LIST:
        rows_of_product(engine->grids->batch, shape->list, product, &from, &to);
        return (double)(to - from);
    case AXIS_PAIR:
        rows_of_product(engine->grids->batch, engine->program->axes[shape->list].list, product, &from, &to);
        return rows * (double)(to - from);
    case AXIS_RANGE:
        return rows * shape->max;
    case AXIS_CONSTANT:
    case AXIS_PRODUCT:
        break;
    }
    return 1;
}

/* Where rows are left, a divisor that differs from row to row would stand for several numbers. */
static struct quotient leave_rows(const struct fast *engine, const struct quotient *a)
{
    for (int k = 0; k < a->count; k++) {
        if (engine->program->code[a->divisors[k]].axis > AXIS_ID_PRODUCT) {
            return unknown;
        }
    }
    return *a;
}

static struct quotient sum_rows(const struct fast *engine, uint32_t instruction, const struct quotient *a)
{
    struct quotient sum = leave_rows(engine, a);
    sum.most *= rows_of_axis(engine, engine->program->code[instruction].imm, engine->grids->product);
    return sum;
}

static struct quotient power_of(const struct quotient *a, int exponent)
{
    struct quotient power = whole(1);
    for (int left = exponent; left > 0; left--) {
        power = times(&power, a);
    }
    return exponent < 0 ? unknown : power;
}

static struct quotient ratio(const struct fast *engine, const struct instruction *at, const struct quotient *a)
{
    struct rat number = RAT_ZERO;
    if (!is_constant(engine, at->b, &number)) {
        return over(engine->grids, a, source_of(engine, at->b));
    }
    struct quotient inverse = {.grid = grid_of_inverse(number), .most = WIDER / size_of(rat_to_double(number))};
    return times(a, &inverse);
}

static struct quotient of_leaf(const struct fast *engine, uint32_t instruction)
{
    const struct instruction *at = &engine->program->code[instruction];
    const struct table_column *column;
    struct quotient leaf = whole(0x1p53);
    switch (at->op) {
    case OP_CONST:
        leaf = whole(1);
        return times_number(&leaf, engine->program->constants[at->a].number);
    case OP_FIELD:
        return of_field(engine->grids->batch, at->a, engine->grids->product);
    case OP_COLUMN:
        column = &engine->prepared->columns[engine->prepared->verified->shapes[at->a].of & ~ROW_OF_TABLE][at->imm];
        return (struct quotient){.grid = column->grid, .most = column->most};
    case OP_FACTOR:
        leaf.grid = fast_factor_grid(engine, instruction, &leaf.most);
        return leaf;
    case OP_INDEX:
    case OP_COUNT:
    case OP_ADD: /* differences of years */
    case OP_SUB:
        return leaf;
    default: /* roots, logarithms, external functions */
        return unknown;
    }
}

/* From those of its operands. */
static struct quotient quotient_of(const struct fast *engine, uint32_t instruction, const struct quotient *a,
                                   const struct quotient *b)
{
    const struct instruction *at = &engine->program->code[instruction];
    const struct prog_const *constants = engine->program->constants;
    struct quotient result;
    switch (at->op) {
    case OP_ADD:
    case OP_SUB:
        return join(engine->grids, a, b, (a->most + b->most) * WIDER);
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
    case OP_SELECT:
        return join(engine->grids, a, b, larger(a->most, b->most));
    case OP_MUL:
        return times(a, b);
    case OP_DIV:
        return ratio(engine, at, a);
    case OP_POWI:
        return power_of(a, (int)(int32_t)at->b);
    case OP_CONVERT:
        return times_number(a, constants[at->b].number);
    case OP_SHIFT:
        result = whole(1);
        result = times_number(&result, constants[at->c].number);
        struct quotient scaled = times_number(a, constants[at->b].number);
        return join(engine->grids, &scaled, &result, (scaled.most + result.most) * WIDER);
    case OP_ROUND: /* to a multiple of b */
        return (struct quotient){.grid = b->grid, .most = (a->most + b->most) * WIDER};
    case OP_ROUNDSIG: /* a multiple of a coarser power of ten, or the number itself */
        return a->count == 0 && a->grid.divisor == 1 ? (struct quotient){.grid = a->grid, .most = 10 * a->most}
                                                     : unknown;
    case OP_SPREAD2:
    case OP_TAKE:
    case OP_LEAST:
    case OP_GREATEST:
        return leave_rows(engine, a);
    case OP_SUM:
        return sum_rows(engine, instruction, a);
    default: /* the value of a by another name, with another sign or tag, or on an inner axis */
        return *a;
    }
}

/* Finds the instruction on top of the stack, or puts the operands there that must be found first. */
static void find_top(struct fast *engine, size_t *depth)
{
    struct fast_grids *grids = engine->grids;
    uint32_t top = grids->stack[*depth - 1];
    uint32_t operands[2];
    int count = operands_of(engine, &engine->program->code[top], operands);
    size_t before = *depth;
    for (int k = 0; k < count; k++) {
        if (grids->stamps[operands[k]] != grids->stamp) {
            grids->stack[(*depth)++] = operands[k];
        }
    }
    if (*depth == before) {
        const struct quotient *a = count > 0 ? &grids->quotients[operands[0]] : &unknown;
        const struct quotient *b = count > 1 ? &grids->quotients[operands[1]] : &unknown;
        struct quotient found = count == 0 ? of_leaf(engine, top) : quotient_of(engine, top, a, b);
        found.most = not_lost(found.most);
        found.numerator = not_lost(found.most * most_of_divisors(grids, &found) * WIDER);
        grids->quotients[top] = found;
        grids->stamps[top] = grids->stamp;
        (*depth)--;
    }
}

static const struct quotient *find(struct fast *engine, uint32_t product, uint32_t instruction)
{
    struct fast_grids *grids = engine->grids;
    open_product(grids, product, engine->program->code_count);
    size_t depth = 0;
    if (grids->stamps[instruction] != grids->stamp) {
        grids->stack[depth++] = instruction;
    }
    while (depth > 0) { /* operands are earlier instructions: at most two for each lie on the stack */
        find_top(engine, &depth);
    }
    return &grids->quotients[instruction];
}

/* ---- questions ---- */

/* Is a difference 0 that lies on the grid, over the divisors, and is not larger than `apart`? */
static bool is_zero(const struct fast_grids *grids, const struct quotient *difference, double apart)
{
    return grid_is_wider(difference->grid, apart * most_of_divisors(grids, difference) * WIDER);
}

bool fast_is_equal(struct fast *engine, uint32_t product, uint32_t a, uint32_t b, double apart)
{
    const struct quotient *left = find(engine, product, a);
    struct quotient difference = join(engine->grids, left, find(engine, product, b), 0);
    return is_zero(engine->grids, &difference, apart);
}

bool fast_is_equal_in_rows(struct fast *engine, uint32_t product, uint32_t a, double apart)
{
    struct quotient difference = leave_rows(engine, find(engine, product, a));
    return is_zero(engine->grids, &difference, apart);
}

bool fast_is_at(struct fast *engine, uint32_t product, uint32_t instruction, struct grid grid, double apart)
{
    struct quotient number = {.grid = grid};
    struct quotient difference = join(engine->grids, find(engine, product, instruction), &number, 0);
    return is_zero(engine->grids, &difference, apart);
}

bool fast_is_exactly(struct fast *fast, uint32_t product, const struct grid_sum *sum, struct rat number, double apart)
{
    struct quotient at = {.grid = grid_of_rat(number)};
    struct quotient all = {.grid = GRID_ZERO};
    for (size_t i = 0; i < sum->count; i++) {
        all = join(fast->grids, &all, find(fast, product, sum->terms[i]), 0);
    }
    all = times_number(&all, sum->times);
    if (sum->over != NO_OPERAND) {
        (void)find(fast, product, sum->over);
        all = over(fast->grids, &all, source_of(fast, sum->over));
    }
    all = join(fast->grids, &all, &at, 0);
    return is_zero(fast->grids, &all, apart);
}

uint32_t fast_product_for(const struct fast_run *run, uint32_t instruction, uint32_t row)
{
    return run->facts[instruction].is_single ? 0 : fast_product_of(run, run->program->code[instruction].axis, row);
}
