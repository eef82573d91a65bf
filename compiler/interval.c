#include "compiler/interval.h"

#include "compiler/ir.h"

enum { DEPTH_MAX = 400 }; /* of values in values: what lies deeper is not known */
enum { STATE_OPEN, STATE_DONE };

static struct interval find(struct intervals *intervals, uint32_t value, unsigned depth);
static bool vanishes(struct intervals *intervals, uint32_t value, unsigned depth);

struct intervals intervals_of_ir(const struct ir *ir)
{
    return (struct intervals){.arena = ir->arena,
                              .ir = ir,
                              .found = arena_array(ir->arena, struct interval, ir->count + 1),
                              .state = arena_array(ir->arena, uint8_t, ir->count + 1)};
}

struct intervals intervals_of_program(struct arena *arena, const struct program *program)
{
    return (struct intervals){.arena = arena,
                              .program = program,
                              .found = arena_array(arena, struct interval, program->code_count + 1),
                              .state = arena_array(arena, uint8_t, program->code_count + 1)};
}

static const struct instruction *instruction(const struct intervals *intervals, uint32_t value)
{
    return intervals->ir != NULL ? &intervals->ir->nodes[value].in : &intervals->program->code[value];
}

static struct rat constant(const struct intervals *intervals, uint32_t id)
{
    return intervals->ir != NULL ? intervals->ir->constants[id].number : intervals->program->constants[id].number;
}

static struct rat constant_of(const struct intervals *intervals, uint32_t value)
{
    return constant(intervals, instruction(intervals, value)->a);
}

static const struct interval UNKNOWN = {.low = {.den = 1}, .high = {.den = 1}};

static struct interval between(struct rat low, struct rat high)
{
    return (struct interval){true, true, true, low, high};
}

static struct rat least(const struct intervals *intervals, struct rat a, struct rat b)
{
    return rat_cmp(intervals->arena, a, b) <= 0 ? a : b;
}

static struct rat greatest(const struct intervals *intervals, struct rat a, struct rat b)
{
    return rat_cmp(intervals->arena, a, b) >= 0 ? a : b;
}

static struct interval join(const struct intervals *intervals, struct interval a, struct interval b)
{
    return (struct interval){a.is_known && b.is_known, a.has_low && b.has_low, a.has_high && b.has_high,
                             least(intervals, a.low, b.low), greatest(intervals, a.high, b.high)};
}

/* ---- data and tables -------------------------------------------------------------------------------------------- */

static struct interval field_interval(const struct intervals *intervals, uint32_t id)
{
    const struct prog_field *field =
        intervals->ir != NULL ? &intervals->ir->fields[id] : &intervals->program->fields[id];
    struct interval range = UNKNOWN;
    range.has_low = field->low != NO_INDEX;
    range.has_high = field->high != NO_INDEX;
    range.is_known = range.has_low && range.has_high;
    range.low = range.has_low ? constant(intervals, field->low) : range.low;
    range.high = range.has_high ? constant(intervals, field->high) : range.high;
    return range;
}

/* An argument that has passed the range of its parameter: b is `low <= a and a <= high` (ir_within). */
static struct interval limited(const struct intervals *intervals, const struct instruction *in, struct interval range)
{
    const struct instruction *both = instruction(intervals, in->b);
    if (both->op != OP_AND) {
        return range;
    }
    const struct instruction *from = instruction(intervals, both->a);
    const struct instruction *to = instruction(intervals, both->b);
    if (from->op == OP_LE && from->b == in->a && instruction(intervals, from->a)->op == OP_CONST) {
        struct rat low = constant_of(intervals, from->a);
        range.low = range.has_low ? greatest(intervals, range.low, low) : low;
        range.has_low = true;
    }
    if (to->op == OP_LE && to->a == in->a && instruction(intervals, to->b)->op == OP_CONST) {
        struct rat high = constant_of(intervals, to->b);
        range.high = range.has_high ? least(intervals, range.high, high) : high;
        range.has_high = true;
    }
    range.is_known = range.has_low && range.has_high;
    return range;
}

/* The table that a row is of; NULL where it takes more to know. */
static const struct prog_table *table_of(const struct intervals *intervals, uint32_t row)
{
    for (unsigned depth = 0; depth < DEPTH_MAX; depth++) {
        const struct instruction *in = instruction(intervals, row);
        switch ((int)in->op) {
        case OP_CELL:
        case OP_ROW:
            return intervals->ir != NULL ? &intervals->ir->tables[in->imm] : &intervals->program->tables[in->imm];
        case OP_NEED:
        case OP_SPREAD:
        case OP_SPREAD2:
        case OP_ELSE:
            row = in->a;
            break;
        case OP_TAKE:
        case OP_SELECT:
            row = in->b;
            break;
        default:
            return NULL;
        }
    }
    return NULL;
}

static struct interval column_interval(const struct intervals *intervals, const struct instruction *in)
{
    const struct prog_table *table = table_of(intervals, in->a);
    struct interval all = UNKNOWN;
    if (table == NULL || in->imm >= table->column_count || table->columns[in->imm].type != VALUE_NUMBER) {
        return all;
    }
    const struct prog_column *column = &table->columns[in->imm];
    for (uint32_t row = 0; row < table->row_count; row++) {
        if (column->cells[row] != NO_INDEX) {
            struct rat cell = constant(intervals, column->cells[row]);
            all = all.is_known ? join(intervals, all, between(cell, cell)) : between(cell, cell);
        }
    }
    return all;
}

/* ---- arithmetic ------------------------------------------------------------------------------------------------- */

static struct interval sum(const struct intervals *intervals, struct interval a, struct interval b, bool is_difference)
{
    struct arena *arena = intervals->arena;
    if (is_difference) {
        b = (struct interval){b.is_known, b.has_high, b.has_low, rat_neg(arena, b.high), rat_neg(arena, b.low)};
    }
    return (struct interval){a.is_known && b.is_known, a.has_low && b.has_low, a.has_high && b.has_high,
                             rat_add(arena, a.low, b.low), rat_add(arena, a.high, b.high)};
}

static struct interval times(const struct intervals *intervals, struct interval of, struct rat factor)
{
    struct rat low = rat_mul(intervals->arena, of.low, factor), high = rat_mul(intervals->arena, of.high, factor);
    return rat_sign(factor) < 0 ? (struct interval){of.is_known, of.has_high, of.has_low, high, low}
                                : (struct interval){of.is_known, of.has_low, of.has_high, low, high};
}

static bool is_single(struct interval interval)
{
    return interval.has_low && interval.has_high && rat_eq(interval.low, interval.high);
}

static struct interval product(const struct intervals *intervals, struct interval a, struct interval b)
{
    if (is_single(a) || is_single(b)) { /* what is open on one side stays so */
        struct interval only = is_single(a) ? times(intervals, b, a.low) : times(intervals, a, b.low);
        only.is_known = a.is_known && b.is_known;
        return only;
    }
    struct interval all = UNKNOWN;
    struct rat ends[] = {a.low, a.high};
    bool has_ends = a.has_low && a.has_high && b.has_low && b.has_high;
    for (size_t i = 0; has_ends && i < countof(ends); i++) {
        struct interval both = join(
            intervals, between(rat_mul(intervals->arena, ends[i], b.low), rat_mul(intervals->arena, ends[i], b.low)),
            between(rat_mul(intervals->arena, ends[i], b.high), rat_mul(intervals->arena, ends[i], b.high)));
        all = all.has_low ? join(intervals, all, both) : both;
    }
    all.is_known = a.is_known && b.is_known;
    return all;
}

static bool holds_zero(struct interval interval)
{
    return interval.is_known && rat_sign(interval.low) <= 0 && rat_sign(interval.high) >= 0;
}

static struct interval quotient(const struct intervals *intervals, struct interval a, struct interval b)
{
    if (!b.is_known || holds_zero(b)) {
        return UNKNOWN;
    }
    struct interval inverse =
        between(rat_div(intervals->arena, RAT_ONE, b.high), rat_div(intervals->arena, RAT_ONE, b.low));
    return product(intervals, a, inverse);
}

static struct interval extreme(const struct intervals *intervals, struct interval a, struct interval b, bool is_min)
{
    struct interval one = {.is_known = a.is_known && b.is_known, .low = a.low, .high = a.high};
    one.has_low = is_min ? a.has_low && b.has_low : a.has_low || b.has_low;
    one.has_high = is_min ? a.has_high || b.has_high : a.has_high && b.has_high;
    if (a.has_low && b.has_low) {
        one.low = is_min ? least(intervals, a.low, b.low) : greatest(intervals, a.low, b.low);
    } else if (!is_min && b.has_low) {
        one.low = b.low;
    }
    if (a.has_high && b.has_high) {
        one.high = is_min ? least(intervals, a.high, b.high) : greatest(intervals, a.high, b.high);
    } else if (is_min && b.has_high) {
        one.high = b.high;
    }
    return one;
}

/* Any rounding is monotone. */
static struct interval rounded(const struct intervals *intervals, struct interval of, const struct instruction *in)
{
    struct rat step = constant_of(intervals, in->b);
    of.low = rat_round(intervals->arena, of.low, step, (enum rounding)in->imm);
    of.high = rat_round(intervals->arena, of.high, step, (enum rounding)in->imm);
    return of;
}

static struct interval compute(struct intervals *intervals, const struct instruction *in, unsigned depth)
{
    switch ((int)in->op) {
    case OP_CONST:
        return between(constant(intervals, in->a), constant(intervals, in->a));
    case OP_FIELD:
        return field_interval(intervals, in->a);
    case OP_COLUMN:
        return column_interval(intervals, in);
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_NEED:
    case OP_RETAG:
        return find(intervals, in->a, depth);
    case OP_WITHIN:
        return limited(intervals, in, find(intervals, in->a, depth));
    case OP_TAKE:
        return find(intervals, in->b, depth);
    case OP_ELSE:
        return join(intervals, find(intervals, in->a, depth), find(intervals, in->b, depth));
    case OP_SELECT:
        return join(intervals, find(intervals, in->b, depth), find(intervals, in->c, depth));
    case OP_ADD:
    case OP_SUB:
        return sum(intervals, find(intervals, in->a, depth), find(intervals, in->b, depth), in->op == OP_SUB);
    case OP_MUL:
        return product(intervals, find(intervals, in->a, depth), find(intervals, in->b, depth));
    case OP_COUNT:
        return (struct interval){.has_low = true, .low = RAT_ZERO, .high = RAT_ZERO};
    case OP_DIV:
        return quotient(intervals, find(intervals, in->a, depth), find(intervals, in->b, depth));
    case OP_NEG:
        return times(intervals, find(intervals, in->a, depth), rat_neg(intervals->arena, RAT_ONE));
    case OP_CONVERT:
        return times(intervals, find(intervals, in->a, depth), constant(intervals, in->b));
    case OP_MIN:
    case OP_MAX:
        return extreme(intervals, find(intervals, in->a, depth), find(intervals, in->b, depth), in->op == OP_MIN);
    case OP_ROUND:
        return rounded(intervals, find(intervals, in->a, depth), in);
    default:
        return UNKNOWN;
    }
}

static struct interval find(struct intervals *intervals, uint32_t value, unsigned depth)
{
    if (depth == 0) {
        return UNKNOWN;
    }
    if (intervals->state[value] == STATE_OPEN) {
        intervals->found[value] = compute(intervals, instruction(intervals, value), depth - 1);
        intervals->state[value] = STATE_DONE;
    }
    return intervals->found[value];
}

struct interval interval_of(struct intervals *intervals, uint32_t value)
{
    return find(intervals, value, DEPTH_MAX);
}

/* ---- zero ------------------------------------------------------------------------------------------------------- */

static bool vanishes(struct intervals *intervals, uint32_t value, unsigned depth)
{
    const struct instruction *in = instruction(intervals, value);
    if (depth == 0) {
        return false;
    }
    switch ((int)in->op) {
    case OP_CONST:
        return false; /* what is written cannot be meant otherwise */
    case OP_MUL:
        return vanishes(intervals, in->a, depth - 1) || vanishes(intervals, in->b, depth - 1);
    case OP_DIV:
    case OP_NEG:
    case OP_CONVERT:
    case OP_RETAG:
    case OP_NEED:
    case OP_WITHIN:
    case OP_SPREAD:
    case OP_SPREAD2:
        return vanishes(intervals, in->a, depth - 1);
    case OP_TAKE:
        return vanishes(intervals, in->b, depth - 1);
    default:
        return holds_zero(interval_of(intervals, value));
    }
}

bool interval_may_vanish(struct intervals *intervals, uint32_t value)
{
    enum { FACTORS_DEPTH = 12 };
    return vanishes(intervals, value, FACTORS_DEPTH);
}
