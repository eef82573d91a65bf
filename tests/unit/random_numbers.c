#include "tests/unit/random_numbers.h"

#include "vm/opcodes.h"

enum { AXES_MAX = 8, POOL_MAX = 64, UNITS = 5 };

/* Scales of units, and their inverses: whole, decimal, neither. */
static const struct {
    const char *name, *scale, *inverse;
} SCALES[UNITS] = {
    {"box",    "1/100",           "100"            },
    {"sack",   "1000",            "1/1000"         },
    {"crate",  "18/5",            "5/18"           },
    {"tray",   "1/3",             "3"              },
    {"pallet", "45359237/100000", "100000/45359237"}
};

struct pool {
    uint32_t items[POOL_MAX];
    uint32_t count, leaves; /* the first are leaves: data, constants, indexes */
};

struct maker {
    struct run *run;
    struct builder *b;
    struct random *random;
    struct pool numbers[AXES_MAX], flags[AXES_MAX];
    uint16_t axis_count, first_loop; /* pairs and ranges are behind axes of data */
    uint16_t materials, suppliers, others;
    uint32_t optional[AXES_MAX]; /* data that may be missing */
    uint32_t table, points[3];
    bool has_units; /* texts of units take the verifier long */
    uint16_t units[UNITS];
    uint32_t stage;
};

static void put(struct maker *maker, struct pool pools[], uint16_t axis, uint32_t instruction)
{
    struct pool *pool = &pools[axis];
    if (pool->count < POOL_MAX) {
        pool->items[pool->count++] = instruction;
    }
    (void)maker;
}

static uint32_t operation(struct maker *maker, enum opcode op, uint16_t axis, uint16_t imm, uint32_t a, uint32_t b,
                          uint32_t c)
{
    return builder_op(
        maker->b,
        (struct instruction){.op = (uint16_t)op, .axis = axis, .imm = imm, .a = a, .b = b, .c = c, .mask = NO_OPERAND});
}

static uint32_t two(struct maker *maker, enum opcode op, uint16_t axis, uint32_t a, uint32_t b)
{
    return operation(maker, op, axis, 0, a, b, NO_OPERAND);
}

static uint32_t one(struct maker *maker, enum opcode op, uint16_t axis, uint32_t a)
{
    return two(maker, op, axis, a, NO_OPERAND);
}

static uint32_t number(struct maker *maker, const char *value)
{
    return builder_number(maker->b, value, 0);
}

/* Exact in doubles, decimals, neither; large, small, of both signs. */
static uint32_t constant(struct maker *maker)
{
    static const char *const values[] = {"0",
                                         "1",
                                         "2",
                                         "-1",
                                         "1/2",
                                         "3/8",
                                         "1/3",
                                         "-2/7",
                                         "44/12",
                                         "1/10",
                                         "3/1000",
                                         "-7/10",
                                         "100",
                                         "1000000",
                                         "1/1000000000",
                                         "9007199254740993",
                                         "4503599627370497/4503599627370496",
                                         "123456789012345678901234567890",
                                         "1/99999999999999999999"};
    return number(maker, values[random_below(maker->random, countof(values))]);
}

/* A number on the axis: a constant, a leaf, or anything made so far. */
static uint32_t get(struct maker *maker, uint16_t axis)
{
    const struct pool *pool = &maker->numbers[axis];
    uint32_t choice = random_below(maker->random, 100);
    uint32_t among = choice < 45 ? pool->leaves : pool->count;
    return choice < 12 || among == 0 ? constant(maker) : pool->items[random_below(maker->random, among)];
}

/* A condition; NO_OPERAND where there is none. */
static uint32_t get_flag(struct maker *maker, uint16_t axis)
{
    const struct pool *pool = &maker->flags[axis];
    return pool->count == 0 ? NO_OPERAND : pool->items[random_below(maker->random, pool->count)];
}

static uint32_t maybe_flag(struct maker *maker, uint16_t axis)
{
    return random_chance(maker->random, 40) ? get_flag(maker, axis) : NO_OPERAND;
}

/* ---- data and axes ---- */

/* Adds a field and gives its instruction; has_sign: it may be negative. */
static uint32_t add_field(struct maker *maker, uint32_t list, const char *name, bool has_sign, uint16_t unit)
{
    uint32_t field = builder_field(maker->b, list, name, unit);
    if (has_sign) {
        builder_the_field(maker->b, field)->low = NO_INDEX;
    }
    return builder_load(maker->b, field);
}

/* A share, of which something is left: 1 - x is known to be positive. */
static uint32_t add_share(struct maker *maker, uint32_t list)
{
    static const char *const most[] = {"1", "9/10", "3/4", "999999/1000000"};
    uint32_t field = builder_field(maker->b, list, "p", 0);
    builder_the_field(maker->b, field)->high =
        builder_rational(maker->b, most[random_below(maker->random, countof(most))]);
    uint32_t share = builder_load(maker->b, field);
    uint16_t axis = list == NO_INDEX ? AXIS_ID_PRODUCT : maker->b->list_axis[list];
    if (random_chance(maker->random, 40)) {
        share = two(maker, OP_MUL, axis, share, number(maker, "29/30"));
    }
    return random_chance(maker->random, 40) ? share : two(maker, OP_SUB, axis, number(maker, "1"), share);
}

/* Years from another: a whole number of either sign. */
static uint32_t add_years(struct maker *maker, uint32_t list)
{
    uint16_t axis = list == NO_INDEX ? AXIS_ID_PRODUCT : maker->b->list_axis[list];
    uint32_t year = builder_load(maker->b, builder_field_of(maker->b, list, "a", VALUE_YEAR, NO_INDEX));
    uint32_t other = builder_constant(maker->b, builder_const(maker->b, VALUE_YEAR, 2020, NO_INDEX));
    return two(maker, OP_SUB, axis, year, other);
}

/* A difference of which most digits cancel, or may: a value whose bound is absolute, whatever the data. */
static uint32_t add_difference(struct maker *maker, uint16_t axis)
{
    const struct pool *fields = &maker->numbers[axis];
    uint32_t x = fields->items[random_below(maker->random, fields->count)];
    if (random_chance(maker->random, 60)) {
        return two(maker, OP_SUB, axis, two(maker, OP_MUL, axis, x, number(maker, "30001/30000")), x);
    }
    uint32_t third = two(maker, OP_MUL, axis, x, number(maker, random_chance(maker->random, 50) ? "1/3" : "7/10"));
    return two(maker, OP_SUB, axis, fields->items[random_below(maker->random, fields->count)], third);
}

static void add_numbers(struct maker *maker, uint32_t list)
{
    static const struct {
        const char *name;
        bool has_sign;
    } fields[] = {
        {"x", false},
        {"y", false},
        {"d", true },
        {"e", true }
    };
    uint16_t axis = list == NO_INDEX ? AXIS_ID_PRODUCT : maker->b->list_axis[list];
    for (size_t i = 0; i < countof(fields); i++) {
        put(maker, maker->numbers, axis, add_field(maker, list, fields[i].name, fields[i].has_sign, 0));
    }
    if (random_chance(maker->random, 40)) {
        put(maker, maker->numbers, axis, add_difference(maker, axis));
    }
    put(maker, maker->numbers, axis, add_share(maker, list));
    uint32_t years = add_years(maker, list);
    struct random aside = *maker->random;
    if (random_chance(&aside, 15)) {
        put(maker, maker->numbers, axis, years);
    }
    maker->numbers[axis].leaves = maker->numbers[axis].count;
    uint32_t field = builder_field(maker->b, list, "o", 0);
    builder_the_field(maker->b, field)->is_optional = true;
    maker->optional[axis] = builder_load(maker->b, field);
    put(maker, maker->numbers, axis,
        two(maker, OP_ELSE, axis, maker->optional[axis],
            random_chance(maker->random, 50) ? constant(maker) : get(maker, axis)));
}

/* Temperatures that go from unit to unit. */
static void add_points(struct maker *maker)
{
    uint16_t celsius = builder_point(maker->b, "℃", "1", "K", "5463/20");
    uint16_t fahrenheit = builder_point(maker->b, "℉", "5/9", "K", "45967/180");
    builder_declare_unit(maker->b, fahrenheit);
    const struct {
        uint16_t unit;
        const char *factor, *offset;
    } shifts[] = {
        {fahrenheit, "9/5", "32"    },
        {celsius,    "5/9", "-160/9"}
    };
    maker->points[0] = add_field(maker, NO_INDEX, "t", true, celsius);
    for (uint32_t i = 0; i < countof(shifts); i++) {
        maker->points[i + 1] =
            builder_op(maker->b, (struct instruction){.op = OP_SHIFT,
                                                      .axis = AXIS_ID_PRODUCT,
                                                      .unit = shifts[i].unit,
                                                      .a = maker->points[i],
                                                      .b = builder_rational(maker->b, shifts[i].factor),
                                                      .c = builder_rational(maker->b, shifts[i].offset),
                                                      .mask = NO_OPERAND});
    }
}

static void add_table(struct maker *maker)
{
    static const char *const limits[] = {"1/10", "1", "5/2", "1000"};
    static const char *const values[] = {"1/3", "7/10", "2", "12345678901234567/100000000000", "0"};
    static const uint32_t rows[] = {0, 1, 2, 3, 4};
    struct builder *b = maker->b;
    uint32_t cells[countof(values)];
    maker->table = builder_table(b, "rate", 1, countof(values));
    struct prog_dimension *steps = builder_dimension(b, maker->table, VALUE_NUMBER);
    steps->key_count = countof(limits);
    steps->keys = arena_array(&b->arena, uint32_t, countof(limits));
    steps->is_below = arena_array(&b->arena, uint8_t, countof(limits));
    steps->has_otherwise = true;
    for (uint32_t k = 0; k < countof(limits); k++) {
        steps->keys[k] = builder_rational(b, limits[k]);
        steps->is_below[k] = random_chance(maker->random, 50);
    }
    for (uint32_t k = 0; k < countof(values); k++) {
        cells[k] = builder_rational(b, values[k]);
    }
    builder_rows(b, maker->table, rows, countof(rows));
    builder_column(b, maker->table, 0, "", VALUE_NUMBER, 0, cells);
}

static void add_data(struct maker *maker)
{
    struct builder *b = maker->b;
    for (size_t i = 0; i < UNITS && maker->has_units; i++) {
        maker->units[i] = builder_unit(b, SCALES[i].name, SCALES[i].scale, "");
        builder_declare_unit(b, maker->units[i]);
    }
    add_numbers(maker, NO_INDEX);
    if (maker->has_units) {
        add_points(maker);
    }
    uint32_t materials = builder_list(b, NO_INDEX, "ms");
    add_numbers(maker, materials);
    uint32_t suppliers = builder_list(b, materials, "ss");
    add_numbers(maker, suppliers);
    uint32_t others = builder_list(b, NO_INDEX, "qs");
    add_numbers(maker, others);
    maker->materials = b->list_axis[materials];
    maker->suppliers = b->list_axis[suppliers];
    maker->others = b->list_axis[others];
    maker->axis_count = (uint16_t)b->program.axis_count;
}

/* What is computed in blocks: pairs of rows, and a range. */
static void add_loops(struct maker *maker)
{
    struct builder *b = maker->b;
    maker->first_loop = maker->axis_count;
    if (random_chance(maker->random, 25)) {
        (void)builder_pair(b, maker->materials, maker->others);
    }
    if (random_chance(maker->random, 25)) {
        uint32_t rows =
            operation(maker, OP_COUNT, AXIS_ID_PRODUCT, maker->materials, NO_OPERAND, NO_OPERAND, NO_OPERAND);
        uint16_t axis = builder_range(b, AXIS_ID_PRODUCT, number(maker, "1"), rows, 1000);
        put(maker, maker->numbers, axis, operation(maker, OP_INDEX, axis, 0, NO_OPERAND, NO_OPERAND, NO_OPERAND));
        maker->numbers[axis].leaves = 1;
    }
    maker->axis_count = (uint16_t)b->program.axis_count;
}

/* ---- arithmetic ---- */

typedef void make_function(struct maker *maker, uint16_t axis);

static void make_two(struct maker *maker, uint16_t axis, enum opcode op)
{
    uint32_t a = get(maker, axis);
    put(maker, maker->numbers, axis, two(maker, op, axis, a, get(maker, axis)));
}

static void make_sum(struct maker *maker, uint16_t axis)
{
    make_two(maker, axis, OP_ADD);
}

static void make_difference(struct maker *maker, uint16_t axis)
{
    make_two(maker, axis, OP_SUB);
}

static void make_product(struct maker *maker, uint16_t axis)
{
    make_two(maker, axis, OP_MUL);
}

static void make_quotient(struct maker *maker, uint16_t axis)
{
    make_two(maker, axis, OP_DIV);
}

static void make_limit(struct maker *maker, uint16_t axis)
{
    make_two(maker, axis, random_chance(maker->random, 50) ? OP_MIN : OP_MAX);
}

static void make_sign(struct maker *maker, uint16_t axis)
{
    put(maker, maker->numbers, axis,
        one(maker, random_chance(maker->random, 50) ? OP_NEG : OP_ABS, axis, get(maker, axis)));
}

static void make_power(struct maker *maker, uint16_t axis)
{
    int32_t exponent = (int32_t)random_below(maker->random, 25) - 12;
    put(maker, maker->numbers, axis, two(maker, OP_POWI, axis, get(maker, axis), (uint32_t)exponent));
}

/* Another expression that is equal to a, whatever the data. */
static uint32_t another(struct maker *maker, uint16_t axis, uint32_t a)
{
    uint32_t b = get(maker, axis);
    if (random_chance(maker->random, 50)) { /* (a + b) - b */
        return two(maker, OP_SUB, axis, two(maker, OP_ADD, axis, a, b), b);
    }
    uint32_t rest = two(maker, OP_SUB, axis, number(maker, "1"), b); /* a (1 - b) + a b */
    return two(maker, OP_ADD, axis, two(maker, OP_MUL, axis, a, rest), two(maker, OP_MUL, axis, a, b));
}

/* The number itself, or one that is further by data that often are next to each other: by less than doubles tell. */
static uint32_t beside(struct maker *maker, uint16_t axis, uint32_t a)
{
    const struct pool *leaves = &maker->numbers[axis];
    if (leaves->leaves < 2 || random_chance(maker->random, 60)) {
        return a;
    }
    return two(maker, OP_ADD, axis, a, two(maker, OP_SUB, axis, leaves->items[0], leaves->items[1]));
}

/* A value that is a quotient or none, as its divisor is not 0 or is, and whether it is one that is next to it. */
static void make_guarded(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_EQ, OP_LE};
    uint32_t divisor = get(maker, axis);
    uint32_t otherwise = get(maker, axis);
    uint32_t flag = two(maker, ops[random_below(maker->random, countof(ops))], axis, divisor, number(maker, "0"));
    uint32_t quotient = two(maker, OP_DIV, axis, get(maker, axis), divisor);
    uint32_t value = operation(maker, OP_SELECT, axis, 0, flag, otherwise, quotient);
    bool is_default = axis < maker->first_loop && random_chance(maker->random, 30);
    if (is_default) { /* where the datum is given, it is used */
        value = two(maker, OP_ELSE, axis, maker->optional[axis], quotient);
    }
    put(maker, maker->numbers, axis, value);
    put(maker, maker->flags, axis, two(maker, OP_LE, axis, value, beside(maker, axis, another(maker, axis, value))));
}

/* What is left of the difference of two equal expressions, or of data that often are next to each other. */
static void make_nothing(struct maker *maker, uint16_t axis)
{
    const struct pool *leaves = &maker->numbers[axis];
    bool is_of_data = leaves->leaves > 1 && random_chance(maker->random, 30);
    uint32_t a = is_of_data ? leaves->items[0] : get(maker, axis);
    uint32_t other = is_of_data ? leaves->items[1] : another(maker, axis, a);
    if (!is_of_data) {
        other = beside(maker, axis, other);
    }
    uint32_t rest = two(maker, OP_SUB, axis, a, other);
    put(maker, maker->numbers, axis, other);
    put(maker, maker->numbers, axis, random_chance(maker->random, 60) ? rest : two(maker, OP_MUL, axis, rest, rest));
    put(maker, maker->flags, axis, two(maker, OP_LE, axis, a, other));
}

/* ---- functions ---- */

static uint32_t positive(struct maker *maker, uint16_t axis)
{
    uint32_t a = one(maker, OP_ABS, axis, get(maker, axis));
    return random_chance(maker->random, 50) ? a : two(maker, OP_ADD, axis, a, number(maker, "1/1000"));
}

/* Small enough to be an exponent. */
static uint32_t small(struct maker *maker, uint16_t axis, const char *most)
{
    uint32_t a = two(maker, OP_MIN, axis, get(maker, axis), number(maker, most));
    return two(maker, OP_MAX, axis, a, one(maker, OP_NEG, axis, number(maker, most)));
}

static void make_root(struct maker *maker, uint16_t axis)
{
    uint32_t a = random_chance(maker->random, 70) ? positive(maker, axis) : get(maker, axis);
    put(maker, maker->numbers, axis, one(maker, OP_SQRT, axis, a));
}

static void make_exponential(struct maker *maker, uint16_t axis)
{
    uint32_t a = random_chance(maker->random, 70) ? small(maker, axis, "550") : get(maker, axis);
    put(maker, maker->numbers, axis, one(maker, OP_EXP, axis, a));
}

static void make_logarithm(struct maker *maker, uint16_t axis)
{
    uint32_t a = random_chance(maker->random, 70) ? positive(maker, axis) : get(maker, axis);
    put(maker, maker->numbers, axis, one(maker, OP_LN, axis, a));
}

static void make_real_power(struct maker *maker, uint16_t axis)
{
    uint32_t a = random_chance(maker->random, 80) ? positive(maker, axis) : get(maker, axis);
    uint32_t b = random_chance(maker->random, 80) ? small(maker, axis, "40") : get(maker, axis);
    put(maker, maker->numbers, axis, two(maker, OP_POW, axis, a, b));
}

/* ---- units ---- */

/* Into a unit and back. */
static void make_conversion(struct maker *maker, uint16_t axis)
{
    size_t which = random_below(maker->random, UNITS);
    if (!maker->has_units) {
        return;
    }
    struct instruction there = {.op = OP_CONVERT,
                                .axis = axis,
                                .unit = maker->units[which],
                                .a = get(maker, axis),
                                .b = builder_rational(maker->b, SCALES[which].inverse),
                                .c = NO_OPERAND,
                                .mask = NO_OPERAND};
    uint32_t converted = builder_op(maker->b, there);
    put(maker, maker->numbers, axis,
        two(maker, OP_CONVERT, axis, converted, builder_rational(maker->b, SCALES[which].scale)));
}

/* ---- decisions ---- */

static uint32_t some_digits(struct maker *maker)
{
    return random_chance(maker->random, 40) ? 15 : 1 + random_below(maker->random, 15);
}

static void make_rounded(struct maker *maker, uint16_t axis)
{
    static const char *const steps[] = {"1", "1/10", "1/100", "1/2", "1/5", "5", "1000", "1/3", "1/1000000"};
    uint16_t mode = (uint16_t)random_below(maker->random, ROUNDING_COUNT);
    bool is_step = random_chance(maker->random, 60);
    uint32_t a = get(maker, axis);
    if (random_chance(maker->random, 10)) { /* of numbers next to powers of ten with a large error */
        a = two(maker, OP_POWI, axis, a, 12);
    }
    uint32_t b = is_step ? number(maker, steps[random_below(maker->random, countof(steps))]) : some_digits(maker);
    put(maker, maker->numbers, axis, operation(maker, is_step ? OP_ROUND : OP_ROUNDSIG, axis, mode, a, b, NO_OPERAND));
}

static void make_comparison(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_LT, OP_LE, OP_EQ};
    uint32_t a = get(maker, axis);
    put(maker, maker->flags, axis,
        two(maker, ops[random_below(maker->random, countof(ops))], axis, a, get(maker, axis)));
}

static void make_choice(struct maker *maker, uint16_t axis)
{
    uint32_t flag = get_flag(maker, axis);
    if (flag == NO_OPERAND) {
        make_comparison(maker, axis);
        flag = get_flag(maker, axis);
    }
    uint32_t a = get(maker, axis);
    put(maker, maker->numbers, axis, operation(maker, OP_SELECT, axis, 0, flag, a, get(maker, axis)));
}

static void make_step(struct maker *maker, uint16_t axis)
{
    uint16_t table = (uint16_t)maker->table;
    uint32_t key = operation(maker, OP_STEP_KEY, axis, table, get(maker, axis), 0, NO_OPERAND);
    uint32_t cell = operation(maker, OP_CELL, axis, table, key, NO_OPERAND, NO_OPERAND);
    put(maker, maker->numbers, axis, one(maker, OP_COLUMN, axis, cell));
}

/* ---- between axes ---- */

static void make_spread(struct maker *maker, uint16_t axis)
{
    const struct prog_axis *shape = &maker->b->program.axes[axis];
    bool is_visited = shape->kind == AXIS_PAIR && random_chance(maker->random, 50);
    uint16_t from = is_visited ? (uint16_t)shape->list : shape->parent;
    uint32_t a = axis == AXIS_ID_PRODUCT ? NO_OPERAND : get(maker, from);
    if (a != NO_OPERAND && maker->b->program.code[a].axis != AXIS_ID_CONSTANT) {
        put(maker, maker->numbers, axis, one(maker, is_visited ? OP_SPREAD2 : OP_SPREAD, axis, a));
    }
}

static uint32_t present(struct maker *maker, uint16_t axis, uint32_t optional)
{
    return two(maker, OP_ELSE, axis, optional, constant(maker));
}

static void make_aggregate(struct maker *maker, uint16_t over)
{
    static const enum opcode ops[] = {OP_SUM, OP_SUM, OP_SUM, OP_LEAST, OP_GREATEST};
    if (over == AXIS_ID_PRODUCT) {
        return;
    }
    uint16_t axis = maker->b->program.axes[over].parent;
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    uint32_t a = get(maker, over);
    uint32_t gathered = operation(maker, op, axis, over, a, maybe_flag(maker, over), NO_OPERAND);
    put(maker, maker->numbers, axis, op == OP_SUM ? gathered : present(maker, axis, gathered));
}

static void make_row(struct maker *maker, uint16_t over)
{
    const struct prog_axis *shape = &maker->b->program.axes[over];
    uint32_t taken = shape->kind == AXIS_LIST ? get(maker, over) : NO_OPERAND;
    if (taken == NO_OPERAND || maker->b->program.code[taken].axis == AXIS_ID_CONSTANT) {
        return;
    }
    uint32_t a = get(maker, over);
    uint32_t row = operation(maker, random_chance(maker->random, 50) ? OP_ARGMAX : OP_ARGMIN, shape->parent, over, a,
                             maybe_flag(maker, over), random_below(maker->random, TIE_COUNT));
    put(maker, maker->numbers, shape->parent,
        present(maker, shape->parent, two(maker, OP_TAKE, shape->parent, row, taken)));
}

/* Few, so that many bounds are those of one instruction, or many; a kind of them more often than others. */
static void make_instructions(struct maker *maker)
{
    static make_function *const makers[] = {
        make_sum,        make_difference, make_product,    make_quotient,  make_limit,       make_sign,
        make_power,      make_nothing,    make_nothing,    make_root,      make_exponential, make_logarithm,
        make_real_power, make_conversion, make_conversion, make_rounded,   make_comparison,  make_choice,
        make_step,       make_spread,     make_aggregate,  make_aggregate, make_row,         make_guarded};
    make_function *favourite = makers[random_below(maker->random, countof(makers))];
    uint32_t count =
        random_chance(maker->random, 50) ? 2 + random_below(maker->random, 5) : 8 + random_below(maker->random, 16);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t axis = (uint16_t)(1 + random_below(maker->random, (uint32_t)maker->axis_count - 1));
        make_function *make =
            random_chance(maker->random, 40) ? favourite : makers[random_below(maker->random, countof(makers))];
        make(maker, axis);
    }
}

/* ---- roots ---- */

static void find_used(const struct program *program, bool *is_used)
{
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        const struct opcode_info *info = opcode_info(at->op);
        const uint32_t operands[] = {at->a, at->b, at->c};
        for (int k = 0; k < 3; k++) {
            if (operand_is_instruction(info->operand[k]) && operands[k] != NO_OPERAND) {
                is_used[operands[k]] = true;
            }
        }
    }
}

static struct prog_round some_rounding(struct maker *maker)
{
    static const uint8_t others[] = {PROG_ROUND_DECIMALS, PROG_ROUND_HALVES, PROG_ROUND_FIFTHS};
    bool is_significant = random_chance(maker->random, 70);
    return (struct prog_round){
        .how = is_significant ? PROG_ROUND_SIGNIFICANT : others[random_below(maker->random, countof(others))],
        .is_marked = random_chance(maker->random, 30),
        .mode = (uint8_t)(random_chance(maker->random, 50) ? 0 : random_below(maker->random, ROUNDING_COUNT)),
        .digits = (int16_t)(is_significant ? (int)some_digits(maker) : (int)random_below(maker->random, 20) - 4)};
}

static void add_root(struct maker *maker, uint16_t axis, uint32_t value, bool is_flag)
{
    struct builder *b = maker->b;
    if (axis != AXIS_ID_PRODUCT) {
        uint32_t flag = is_flag ? value : two(maker, OP_LE, axis, value, number(maker, "1000000"));
        uint32_t root = builder_require(b, axis, flag, "small");
        b->program.code[root].op = OP_WARN;
        return;
    }
    uint32_t shown =
        is_flag ? operation(maker, OP_SELECT, axis, 0, value, number(maker, "1"), number(maker, "0")) : value;
    if (!is_flag && random_chance(maker->random, 30)) {
        uint32_t amount = builder_two(b, OP_MUL, axis, b->co2e, value, builder_number(b, "1", b->co2e));
        builder_emit(b, maker->stage, str_format(&b->arena, "f%u", (unsigned)b->program.flow_count).at, amount);
    } else {
        builder_report(b, str_format(&b->arena, "r%u", (unsigned)b->program.output_count).at, 0, shown);
        b->program.outputs[b->program.output_count - 1].round = some_rounding(maker);
    }
}

static void add_point_roots(struct maker *maker)
{
    struct builder *b = maker->b;
    uint32_t hot =
        two(maker, OP_LT, AXIS_ID_PRODUCT, maker->points[1], builder_number(b, "212", builder_unit_id(b, "℉")));
    uint32_t warm =
        two(maker, OP_LT, AXIS_ID_PRODUCT, maker->points[2], builder_number(b, "21", builder_unit_id(b, "℃")));
    add_root(maker, AXIS_ID_PRODUCT, hot, true);
    add_root(maker, AXIS_ID_PRODUCT, warm, true);
}

/* What the figures are divided by. */
static void add_reference(struct maker *maker)
{
    static const char *const declared[] = {"1", "1", "1000", "1/3", "7/10"};
    if (random_chance(maker->random, 60)) {
        uint32_t size = two(maker, OP_ABS, AXIS_ID_PRODUCT, get(maker, AXIS_ID_PRODUCT), NO_OPERAND);
        uint32_t covered = two(maker, OP_ADD, AXIS_ID_PRODUCT, size, number(maker, "1/1000"));
        builder_reference(maker->b, declared[random_below(maker->random, countof(declared))], 0, maker->b->co2e,
                          covered);
    }
}

/* Everything that nothing else uses. */
static void add_roots(struct maker *maker)
{
    struct builder *b = maker->b;
    bool *is_used = arena_array(&b->arena, bool, b->program.code_count + 1);
    find_used(&b->program, is_used);
    maker->stage = builder_stage(b, "making");
    add_reference(maker);
    for (uint16_t axis = AXIS_ID_PRODUCT; axis < maker->axis_count; axis++) {
        for (uint32_t i = maker->numbers[axis].leaves; i < maker->numbers[axis].count; i++) {
            if (!is_used[maker->numbers[axis].items[i]]) {
                add_root(maker, axis, maker->numbers[axis].items[i], false);
            }
        }
        for (uint32_t i = 0; i < maker->flags[axis].count; i++) {
            if (!is_used[maker->flags[axis].items[i]]) {
                add_root(maker, axis, maker->flags[axis].items[i], true);
            }
        }
    }
}

/* The number of rows of every axis, so that none is without use. */
static void count_rows(struct maker *maker)
{
    for (uint16_t i = AXIS_ID_PRODUCT + 1; i < maker->axis_count; i++) {
        uint16_t axis = maker->b->program.axes[i].parent;
        uint32_t rows = operation(maker, OP_COUNT, axis, i, NO_OPERAND, NO_OPERAND, NO_OPERAND);
        while (axis != AXIS_ID_PRODUCT) {
            uint16_t outer = maker->b->program.axes[axis].parent;
            rows = operation(maker, OP_SUM, outer, axis, rows, NO_OPERAND, NO_OPERAND);
            axis = outer;
        }
        add_root(maker, AXIS_ID_PRODUCT, rows, false);
    }
}

bool random_numbers(struct run *run, struct random *random)
{
    struct maker maker = {.run = run, .b = &run->b, .random = random, .has_units = random_chance(random, 25)};
    add_data(&maker);
    add_table(&maker);
    add_loops(&maker);
    make_instructions(&maker);
    count_rows(&maker);
    add_roots(&maker);
    if (maker.has_units) {
        add_point_roots(&maker);
    }
    builder_sweep(&run->b);
    return maker.has_units;
}
