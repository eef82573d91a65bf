/* Between which numbers every value lies, from the ranges of data, constants and tables; and what that tells of signs,
   sizes and errors: 1 - x of a share x is not negative, and of one up to 90 % it is as exact as x itself. */
#include <math.h>

#include "vm/facts_parts.h"
#include "vm/opcodes.h"

/* An end of a range. What is not exact is moved outwards by more than its rounding. */
struct end {
    double value;
    bool is_exact;
};

static bool is_small_whole(double x)
{
    return facts_size(x) <= LARGEST_WHOLE && (double)(int64_t)x == x;
}

/* Exact where nothing is lost, by Knuth's two-sum. */
static struct end end_of_sum(double a, double b)
{
    double sum = a + b;
    double back = sum - a;
    double lost = (a - (sum - back)) + (b - back);
    return (struct end){sum, lost == 0 || facts_size(sum) == INFINITY};
}

/* No value is infinite: so 0 times infinity is 0. */
static struct end end_of_product(double a, double b)
{
    double product = a == 0 || b == 0 ? 0 : a * b;
    bool is_copy = a == 0 || b == 0 || facts_size(a) == 1 || facts_size(b) == 1;
    return (struct end){product, is_copy || (is_small_whole(a) && is_small_whole(b) && is_small_whole(product))};
}

static struct end end_of_quotient(double a, double b)
{
    double quotient = a / b;
    bool is_divisible = is_small_whole(a) && is_small_whole(b) && is_small_whole(quotient) && quotient * b == a;
    return (struct end){quotient, is_divisible || facts_size(b) == 1};
}

static struct end end_of_constant(const struct facts_of *of, uint32_t constant)
{
    const struct constant_number *number = &of->prepared->constants[constant];
    return (struct end){number->value, (number->grade & GRADE_EXACT) != 0};
}

static double outwards(struct end end, double side)
{
    const double error = 0x1p-40;
    const double lost = 1e-290; /* what is smaller may have vanished */
    double moved = end.is_exact ? end.value : end.value + side * (facts_size(end.value) * error + lost);
    return moved == moved ? moved : side * INFINITY;
}

static void set_range(struct fact *out, double least, double most)
{
    out->least = least;
    out->most = most;
}

static void set_ends(struct fact *out, struct end least, struct end most)
{
    set_range(out, outwards(least, -1), outwards(most, 1));
}

/* The further one on a side, exact only if no other rounds to it; one that is not known (NaN) is furthest. */
static struct end further(struct end a, struct end b, double side)
{
    if (a.value == b.value) {
        return (struct end){a.value, a.is_exact && b.is_exact};
    }
    return a.value != a.value || side * a.value > side * b.value ? a : b;
}

/* Of products or quotients of ends; one that is not known leaves nothing known. */
static void set_extremes(struct fact *out, const struct end ends[4])
{
    struct end least = ends[0];
    struct end most = ends[0];
    for (int k = 1; k < 4; k++) {
        least = further(least, ends[k], -1);
        most = further(most, ends[k], 1);
    }
    set_ends(out, least, most);
}

static double larger_size(const struct fact *of)
{
    return facts_size(of->least) > facts_size(of->most) ? facts_size(of->least) : facts_size(of->most);
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Both are possible. */
static void set_either(struct fact *out, const struct fact *a, const struct fact *b)
{
    set_range(out, smaller(a->least, b->least), larger(a->most, b->most));
}

/* ---- leaves ---- */

static void range_of_column(const struct facts_of *of)
{
    uint32_t table = of->prepared->verified->shapes[of->at->a].of & ~ROW_OF_TABLE;
    const struct prog_column *column = &of->program->tables[table].columns[of->at->imm];
    struct fact all = {.least = INFINITY, .most = -INFINITY};
    for (uint32_t r = 0; r < of->program->tables[table].row_count; r++) {
        if (column->cells[r] != NO_INDEX) {
            struct end cell = end_of_constant(of, column->cells[r]);
            struct fact one;
            set_ends(&one, cell, cell);
            set_either(&all, &all, &one);
        }
    }
    if (all.least <= all.most) {
        set_range(of->out, all.least, all.most);
    }
}

/* A range that data are held against. */
static void range_of_field(const struct facts_of *of)
{
    const struct prog_field *field = &of->program->fields[of->at->a];
    set_range(of->out, -DATUM_MOST, DATUM_MOST);
    if (field->low != NO_INDEX) {
        of->out->least = outwards(end_of_constant(of, field->low), -1);
    }
    if (field->high != NO_INDEX) {
        of->out->most = outwards(end_of_constant(of, field->high), 1);
    }
}

/* ---- arithmetic ---- */

static void range_of_sum(const struct facts_of *of, double b_least, double b_most)
{
    set_ends(of->out, end_of_sum(of->a->least, b_least), end_of_sum(of->a->most, b_most));
}

static void range_of_product(const struct facts_of *of)
{
    const struct fact *a = of->a;
    const struct fact *b = of->b;
    const struct end ends[4] = {end_of_product(a->least, b->least), end_of_product(a->least, b->most),
                                end_of_product(a->most, b->least), end_of_product(a->most, b->most)};
    set_extremes(of->out, ends);
}

static void range_of_quotient(const struct facts_of *of)
{
    const struct fact *a = of->a;
    const struct fact *b = of->b;
    if (b->least > 0 || b->most < 0) {
        const struct end ends[4] = {end_of_quotient(a->least, b->least), end_of_quotient(a->least, b->most),
                                    end_of_quotient(a->most, b->least), end_of_quotient(a->most, b->most)};
        set_extremes(of->out, ends);
    }
}

static struct end end_of_converted(const struct constant_number *factor, double end)
{
    if (factor->divisor != 0) {
        return end_of_quotient(end, factor->divisor);
    }
    struct end converted = end_of_product(end, factor->value);
    converted.is_exact = converted.is_exact && (end == 0 || (factor->grade & GRADE_EXACT));
    return converted;
}

static void range_of_converted(const struct facts_of *of)
{
    const struct constant_number *factor = &of->prepared->constants[of->at->b];
    struct end least = end_of_converted(factor, of->a->least);
    struct end most = end_of_converted(factor, of->a->most);
    set_extremes(of->out, (const struct end[4]){least, most, least, most});
}

static void range_of_shifted(const struct facts_of *of)
{
    range_of_converted(of);
    struct end offset = end_of_constant(of, of->at->c);
    struct end least = end_of_sum(of->out->least, outwards(offset, -1));
    struct end most = end_of_sum(of->out->most, outwards(offset, 1));
    set_ends(of->out, least, most);
}

/* So many steps. The step itself lies between these two; it is not negative. */
static struct end end_of_steps(double count, double least_step, double most_step, double side)
{
    return end_of_product(count, (count < 0) == (side < 0) ? most_step : least_step);
}

/* Rounded to the nearest multiple of a step, an end goes to the nearest multiple, else beyond it; to digits, by less
   than one of them. */
static void range_of_rounded(const struct facts_of *of)
{
    const double error = 0x1p-38; /* of the step, which may have been moved, and of the quotient */
    const struct fact *a = of->a;
    bool is_step = of->at->op == OP_ROUND;
    double step = is_step ? of->b->most : 9 * larger_size(a);
    double reach = is_step && of->at->imm <= ROUND_HALF_DOWN ? 0.5 : 1;
    double low = a->least / step;
    double high = a->most / step;
    low -= facts_size(low) * error + reach;
    high += facts_size(high) * error + reach;
    if (!(low >= -LARGEST_WHOLE && high <= LARGEST_WHOLE)) {
        set_ends(of->out, end_of_sum(a->least, -step), end_of_sum(a->most, step));
        return;
    }
    double first = (double)(int64_t)low; /* the next whole number inwards */
    double last = (double)(int64_t)high;
    first = first < low ? first + 1 : first;
    last = last > high ? last - 1 : last;
    double least_step = is_step ? of->b->least : step;
    set_ends(of->out, end_of_steps(first, least_step, step, -1), end_of_steps(last, least_step, step, 1));
}

/* ---- all ---- */

/* What is said of no instruction here is known by its sign at most. */
static void find_range(const struct facts_of *of)
{
    struct fact *out = of->out;
    const struct fact *a = of->a;
    const struct fact *b = of->b;
    struct end constant;
    switch (of->at->op) {
    case OP_CONST:
        constant = end_of_constant(of, of->at->a);
        set_ends(out, constant, constant);
        break;
    case OP_COLUMN:
        range_of_column(of);
        break;
    case OP_FIELD:
        range_of_field(of);
        break;
    case OP_CALL:
    case OP_FACTOR:
        set_range(out, -DATUM_MOST, DATUM_MOST);
        break;
    case OP_ADD:
        range_of_sum(of, b->least, b->most);
        break;
    case OP_SUB:
        range_of_sum(of, -b->most, -b->least);
        break;
    case OP_MUL:
        range_of_product(of);
        break;
    case OP_DIV:
        range_of_quotient(of);
        break;
    case OP_CONVERT:
        range_of_converted(of);
        break;
    case OP_SHIFT:
        range_of_shifted(of);
        break;
    case OP_NEG:
        set_range(out, -a->most, -a->least);
        break;
    case OP_ABS:
        set_range(out, a->least > 0 ? a->least : a->most < 0 ? -a->most : 0, larger_size(a));
        break;
    case OP_MIN:
        set_range(out, smaller(a->least, b->least), smaller(a->most, b->most));
        break;
    case OP_MAX:
        set_range(out, larger(a->least, b->least), larger(a->most, b->most));
        break;
    case OP_ELSE:
        set_either(out, a, b);
        break;
    case OP_SELECT:
        set_either(out, b, &of->prepared->facts[of->at->c]);
        break;
    case OP_ROUND:
    case OP_ROUNDSIG:
        range_of_rounded(of);
        break;
    case OP_SUM:
        set_range(out, a->least < 0 ? a->least * ROWS_MOST : 0, a->most > 0 ? a->most * ROWS_MOST : 0);
        break;
    case OP_TAKE:
        set_either(out, b, b);
        break;
    case OP_NEED:
    case OP_WITHIN:
    case OP_RETAG:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_INVENTORY:
        set_either(out, a, a);
        break;
    default:
        break;
    }
}

static double distance_to_zero(const struct fact *of)
{
    return of->least > 0 ? of->least : of->most < 0 ? -of->most : 0;
}

/* Of the sign and the size, what the range says; and of the range what the sign says. */
static void compare_with_signs(struct fact *out)
{
    if (out->sign == 0) {
        out->sign = out->least >= 0 ? 1 : out->most <= 0 ? -1 : 0;
    }
    out->least = out->sign == 1 && out->least < 0 ? 0 : out->least;
    out->most = out->sign == -1 && out->most > 0 ? 0 : out->most;
    double size = larger_size(out);
    double nearest = distance_to_zero(out);
    int high = size > 0 && size <= DATUM_MOST ? facts_exponent(size) + 1 : out->high;
    int low = nearest > 0 && nearest <= DATUM_MOST ? facts_exponent(nearest) : out->low;
    out->high = high < out->high ? (int16_t)high : out->high;
    out->low = low > out->low ? (int16_t)low : out->low;
    out->is_checked = out->is_checked && (out->high > EXPONENT_MAX || out->low < -EXPONENT_MAX);
}

/* A difference that cannot be next to zero is nearly as good as its terms. Of others the data say more
 * (fast_numbers.c). */
static void use_distance(const struct facts_of *of)
{
    const double worst = 8;
    struct fact *out = of->out;
    bool is_difference = (of->at->op == OP_ADD || of->at->op == OP_SUB) && of->a->form == FORM_NUMBER;
    if (!is_difference || !out->has_bounds || of->a->has_bounds || of->b->has_bounds || distance_to_zero(out) <= 0) {
        return;
    }
    double spread_a = larger_size(of->a) / distance_to_zero(out);
    double spread_b = larger_size(of->b) / distance_to_zero(out);
    if (spread_a + spread_b <= worst) {
        out->spread[0] = spread_a;
        out->spread[1] = spread_b;
        out->has_bounds = false;
    }
}

void facts_use_range(const struct facts_of *of)
{
    find_range(of);
    compare_with_signs(of->out);
    use_distance(of);
}
