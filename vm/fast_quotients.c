/* What values are made of, from the data of a product, as quotients of numbers on grids. */
#include "vm/fast_quotients.h"

#include <math.h>

#include "base/decimal.h"
#include "vm/opcodes.h"

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

double quotient_size(double most)
{
    const double least = 1e-290;
    return most < least ? least : most;
}

double quotient_most_of_divisors(const struct asking *asking, const struct quotient *value)
{
    double most = 1;
    for (int k = 0; k < value->count; k++) {
        const struct quotient *divisor = &asking->store->quotients[value->divisors[k]];
        double unit = grid_unit(divisor->grid) * WIDER;
        most = quotient_size(most * (unit > divisor->numerator ? unit : divisor->numerator)); /* NaN stays so */
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
static struct quotient widen(const struct asking *asking, struct quotient value, const struct quotient *other)
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
        widened.grid = grid_product(widened.grid, asking->store->quotients[other->divisors[k]].grid);
        divide(&widened, other->divisors[k]);
    }
    return widened;
}

/* Of a sum of both, or of one of the two. */
struct quotient quotient_join(const struct asking *asking, const struct quotient *a, const struct quotient *b,
                              double most)
{
    struct quotient joined = widen(asking, *a, b);
    struct quotient other = widen(asking, *b, a);
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

struct quotient quotient_times(const struct quotient *a, struct rat number)
{
    struct quotient factor = {.grid = grid_of_rat(number), .most = size_of(rat_to_double(number)) * WIDER};
    return times(a, &factor);
}

/* The instruction that gives what this one hands on, to rows inside its own. */
uint32_t quotient_source(const struct asking *asking, uint32_t instruction)
{
    const struct instruction *code = asking->engine->program->code;
    uint16_t op = code[instruction].op;
    while (op == OP_SPREAD || op == OP_NEED || op == OP_WITHIN || op == OP_RETAG ||
           (op == OP_SPREAD2 && code[code[instruction].a].axis <= AXIS_ID_PRODUCT)) {
        instruction = code[instruction].a;
        op = code[instruction].op;
    }
    return instruction;
}

/* a / b, where b is the value of an instruction: a * (divisors of b) / (numerator of b). That is not nearer to 0 than
   the unit of its grid. */
struct quotient quotient_over(const struct asking *asking, const struct quotient *a, uint32_t instruction)
{
    const struct quotient *b = &asking->store->quotients[instruction];
    struct quotient quotient = *a;
    for (int k = 0; k < b->count; k++) {
        quotient.grid = grid_product(quotient.grid, asking->store->quotients[b->divisors[k]].grid);
    }
    divide(&quotient, instruction);
    quotient.most = a->most * quotient_most_of_divisors(asking, b) / grid_unit(b->grid);
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
    *from = product == ALL_PRODUCTS ? 0 : product;
    *to = product == ALL_PRODUCTS ? batch->product_count : product + 1;
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
    struct quotient data = {.most = 0};
    data.grid = grid_join(grid_of_data(values + from, to - from, &data.most), grid_of_cells(batch, field, from, to));
    data.most *= WIDER;
    return data;
}

/* ---- instructions ---- */

static bool is_constant(const struct asking *asking, uint32_t instruction, struct rat *number)
{
    const struct instruction *at = &asking->engine->program->code[asking->engine->prepared->facts[instruction].same];
    if (at->op == OP_CONST) {
        *number = asking->engine->program->constants[at->a].number;
    }
    return at->op == OP_CONST;
}

/* The operands that the grid of an instruction is made of; their number. */
int quotient_operands(const struct asking *asking, const struct instruction *at, uint32_t operands[2])
{
    operands[0] = at->a;
    operands[1] = at->b;
    switch (at->op) {
    case OP_NEED:
    case OP_WITHIN:
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
        return asking->engine->prepared->facts[at->a].form == FORM_NUMBER &&
                       asking->engine->prepared->facts[at->b].form == FORM_NUMBER
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
static double rows_of_axis(const struct asking *asking, uint16_t axis)
{
    const struct prog_axis *shape = &asking->engine->program->axes[axis];
    double rows = axis > AXIS_ID_PRODUCT ? rows_of_axis(asking, shape->parent) : 1;
    uint32_t from = 0;
    uint32_t to = 0;
    switch ((enum axis_kind)shape->kind) {
    case AXIS_LIST:
        rows_of_product(asking->batch, shape->list, asking->store->product, &from, &to);
        return (double)(to - from);
    case AXIS_PAIR:
        rows_of_product(asking->batch, asking->engine->program->axes[shape->list].list, asking->store->product, &from,
                        &to);
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
struct quotient quotient_in_any_row(const struct asking *asking, const struct quotient *a)
{
    for (int k = 0; k < a->count; k++) {
        if (asking->engine->program->code[a->divisors[k]].axis > AXIS_ID_PRODUCT) {
            return unknown;
        }
    }
    return *a;
}

static struct quotient sum_rows(const struct asking *asking, uint32_t instruction, const struct quotient *a)
{
    struct quotient sum = quotient_in_any_row(asking, a);
    sum.most *= rows_of_axis(asking, asking->engine->program->code[instruction].imm);
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

static struct quotient ratio(const struct asking *asking, const struct instruction *at, const struct quotient *a)
{
    struct rat number = RAT_ZERO;
    if (!is_constant(asking, at->b, &number)) {
        return quotient_over(asking, a, quotient_source(asking, at->b));
    }
    struct quotient inverse = {.grid = grid_of_inverse(number), .most = WIDER / size_of(rat_to_double(number))};
    return times(a, &inverse);
}

struct quotient quotient_of_leaf(const struct asking *asking, uint32_t instruction)
{
    const struct instruction *at = &asking->engine->program->code[instruction];
    const struct table_column *column;
    struct quotient leaf = whole(0x1p53);
    switch (at->op) {
    case OP_CONST:
        leaf = whole(1);
        return quotient_times(&leaf, asking->engine->program->constants[at->a].number);
    case OP_FIELD:
        return of_field(asking->batch, at->a, asking->store->product);
    case OP_COLUMN:
        column = &asking->engine->prepared
                      ->columns[asking->engine->prepared->verified->shapes[at->a].of & ~ROW_OF_TABLE][at->imm];
        return (struct quotient){.grid = column->grid, .most = column->most};
    case OP_FACTOR:
        leaf.grid = fast_factor_grid(asking->engine, instruction, &leaf.most);
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
struct quotient quotient_of(const struct asking *asking, uint32_t instruction, const struct quotient *a,
                            const struct quotient *b)
{
    const struct instruction *at = &asking->engine->program->code[instruction];
    const struct prog_const *constants = asking->engine->program->constants;
    struct quotient result;
    switch (at->op) {
    case OP_ADD:
    case OP_SUB:
        return quotient_join(asking, a, b, (a->most + b->most) * WIDER);
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
    case OP_SELECT:
        return quotient_join(asking, a, b, larger(a->most, b->most));
    case OP_MUL:
        return times(a, b);
    case OP_DIV:
        return ratio(asking, at, a);
    case OP_POWI:
        return power_of(a, (int)(int32_t)at->b);
    case OP_CONVERT:
        return quotient_times(a, constants[at->b].number);
    case OP_SHIFT:
        result = whole(1);
        result = quotient_times(&result, constants[at->c].number);
        struct quotient scaled = quotient_times(a, constants[at->b].number);
        return quotient_join(asking, &scaled, &result, (scaled.most + result.most) * WIDER);
    case OP_ROUND: /* to a multiple of b */
        return (struct quotient){.grid = b->grid, .most = (a->most + b->most) * WIDER};
    case OP_ROUNDSIG: /* a multiple of a coarser power of ten, or the number itself */
        return a->count == 0 && a->grid.divisor == 1 ? (struct quotient){.grid = a->grid, .most = 10 * a->most}
                                                     : unknown;
    case OP_SPREAD2:
    case OP_TAKE:
    case OP_LEAST:
    case OP_GREATEST:
        return quotient_in_any_row(asking, a);
    case OP_SUM:
        return sum_rows(asking, instruction, a);
    default: /* the value of a by another name, with another sign or tag, or on an inner axis */
        return *a;
    }
}
