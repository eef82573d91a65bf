#include "tests/unit/random_program.h"

#include <string.h>

#include "vm/opcodes.h"

enum value_kind { NUMBERS, OPTIONAL_NUMBERS, FLAGS, ROWS, YEARS, TEXTS, MEMBERS, KIND_COUNT };
enum { AXES_MAX = 12, POOL_MAX = 128 };

struct pool {
    uint32_t items[POOL_MAX];
    uint32_t count;
};

struct maker {
    struct run *run;
    struct builder *b;
    struct random *random;
    struct pool pools[AXES_MAX][KIND_COUNT];
    uint16_t axis_count; /* axes in use: 1 .. axis_count - 1 */
    uint16_t on_materials;
    uint16_t row_axis; /* of the results */
    uint32_t choice, steps_table, text_table, factor, native;
    uint16_t percent;
};

/* SplitMix64. */
uint32_t random_below(struct random *random, uint32_t limit)
{
    random->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 16) % limit;
}

bool random_chance(struct random *random, uint32_t percent)
{
    return random_below(random, 100) < percent;
}

/* ---- values ---- */

static void put(struct maker *maker, uint16_t axis, enum value_kind kind, uint32_t instruction)
{
    struct pool *pool = &maker->pools[axis][kind];
    if (pool->count < POOL_MAX) {
        pool->items[pool->count++] = instruction;
    }
}

static uint32_t constant(struct maker *maker)
{
    static const char *const values[] = {"0", "1", "2", "1/2", "1/3", "5", "1/10", "-1", "44/12", "100", "3/1000"};
    return builder_number(maker->b, values[random_below(maker->random, countof(values))], 0);
}

/* A value of the kind on the axis; NO_OPERAND where there is none. */
static uint32_t get(struct maker *maker, uint16_t axis, enum value_kind kind)
{
    struct pool *pool = &maker->pools[axis][kind];
    if (kind == NUMBERS && (pool->count == 0 || random_chance(maker->random, 15))) {
        return constant(maker);
    }
    return pool->count == 0 ? NO_OPERAND : pool->items[random_below(maker->random, pool->count)];
}

static uint32_t maybe_flag(struct maker *maker, uint16_t axis)
{
    return random_chance(maker->random, 50) ? get(maker, axis, FLAGS) : NO_OPERAND;
}

static uint32_t operation(struct maker *maker, enum opcode op, uint16_t axis, uint16_t imm, uint32_t a, uint32_t b,
                          uint32_t c, uint32_t mask)
{
    return builder_op(
        maker->b,
        (struct instruction){.op = (uint16_t)op, .axis = axis, .imm = imm, .a = a, .b = b, .c = c, .mask = mask});
}

static uint32_t simple(struct maker *maker, enum opcode op, uint16_t axis, uint32_t a, uint32_t b)
{
    return operation(maker, op, axis, 0, a, b, NO_OPERAND, NO_OPERAND);
}

/* ---- data, axes, tables ---- */

static void add_field(struct maker *maker, uint32_t list, const char *name, enum value_kind kind)
{
    static const enum value_type types[KIND_COUNT] = {VALUE_NUMBER, VALUE_NUMBER, VALUE_BOOL,  VALUE_ROW,
                                                      VALUE_YEAR,   VALUE_TEXT,   VALUE_MEMBER};
    uint16_t axis = list == NO_INDEX ? AXIS_ID_PRODUCT : maker->b->list_axis[list];
    bool is_number = types[kind] == VALUE_NUMBER;
    uint32_t field =
        is_number ? builder_field(maker->b, list, name, 0)
                  : builder_field_of(maker->b, list, name, types[kind], kind == MEMBERS ? maker->choice : NO_INDEX);
    struct prog_field *the_field = builder_the_field(maker->b, field);
    the_field->is_optional = kind == OPTIONAL_NUMBERS;
    if (strcmp(name, "d") == 0) { /* a difference may have either sign */
        the_field->low = NO_INDEX;
    }
    put(maker, axis, kind, builder_load(maker->b, field));
}

/* A field in per cent, as a plain number. */
static void add_percent(struct maker *maker, uint32_t list, const char *name)
{
    uint16_t axis = list == NO_INDEX ? AXIS_ID_PRODUCT : maker->b->list_axis[list];
    uint32_t datum = builder_load(maker->b, builder_field(maker->b, list, name, maker->percent));
    put(maker, axis, NUMBERS, simple(maker, OP_CONVERT, axis, datum, builder_rational(maker->b, "1/100")));
}

static uint32_t add_list(struct maker *maker, uint32_t parent, const char *name)
{
    uint32_t list = builder_list(maker->b, parent, name);
    add_field(maker, list, "x", NUMBERS);
    add_field(maker, list, "d", NUMBERS);
    add_field(maker, list, "o", OPTIONAL_NUMBERS);
    add_field(maker, list, "n", TEXTS);
    return list;
}

static void add_data(struct maker *maker)
{
    static const char *const members[] = {"red", "green", "blue"};
    maker->choice = builder_choice(maker->b, "Colour", members, countof(members));
    maker->percent = builder_unit(maker->b, "%", "1/100", "");
    add_field(maker, NO_INDEX, "x", NUMBERS);
    add_field(maker, NO_INDEX, "y", NUMBERS);
    add_field(maker, NO_INDEX, "d", NUMBERS);
    add_field(maker, NO_INDEX, "n", TEXTS);
    add_field(maker, NO_INDEX, "o", OPTIONAL_NUMBERS);
    add_field(maker, NO_INDEX, "f", FLAGS);
    add_field(maker, NO_INDEX, "t", YEARS);
    add_field(maker, NO_INDEX, "m", MEMBERS);
    add_percent(maker, NO_INDEX, "p");
    uint32_t materials = add_list(maker, NO_INDEX, "ms");
    maker->on_materials = maker->b->list_axis[materials];
    add_field(maker, materials, "f", FLAGS);
    add_field(maker, materials, "m", MEMBERS);
    add_percent(maker, materials, "p");
    (void)add_list(maker, materials, "ss");
    (void)add_list(maker, NO_INDEX, "qs");
    maker->axis_count = (uint16_t)maker->b->program.axis_count;
}

static void add_range(struct maker *maker, uint16_t parent)
{
    uint32_t first = builder_number(maker->b, random_chance(maker->random, 50) ? "1" : "0", 0);
    uint32_t last = parent == maker->on_materials ? operation(maker, OP_COUNT, parent, (uint16_t)(parent + 1),
                                                              NO_OPERAND, NO_OPERAND, NO_OPERAND, NO_OPERAND)
                                                  : builder_number(maker->b, "3", 0);
    if (parent == AXIS_ID_PRODUCT) {
        last = maker->pools[parent][NUMBERS].items[random_below(maker->random, 2)]; /* not always whole */
        last = random_chance(maker->random, 70) ? operation(maker, OP_ROUND, parent, ROUND_FLOOR, last,
                                                            builder_number(maker->b, "1", 0), NO_OPERAND, NO_OPERAND)
                                                : last;
    }
    uint16_t axis = builder_range(maker->b, parent, first, last, 6);
    put(maker, axis, NUMBERS, simple(maker, OP_INDEX, axis, NO_OPERAND, NO_OPERAND));
    maker->axis_count = (uint16_t)(axis + 1);
}

/* A few of: pairs of lists, ranges, and each inside the other. */
static void add_axes(struct maker *maker)
{
    uint16_t materials = maker->on_materials;
    uint16_t inner = (uint16_t)(materials + 1);
    uint16_t others = (uint16_t)(materials + 2);
    const uint16_t pairs[5][2] = {
        {materials, others   },
        {materials, materials},
        {inner,     materials},
        {inner,     inner    },
        {others,    materials}
    };
    uint16_t pair = 0;
    if (random_chance(maker->random, 70)) {
        uint32_t which = random_below(maker->random, 5);
        pair = builder_pair(maker->b, pairs[which][0], pairs[which][1]);
        maker->axis_count = (uint16_t)(pair + 1);
        if (which == 4) { /* and the list inside the row that is visited */
            maker->axis_count = (uint16_t)(builder_pair(maker->b, pair, inner) + 1);
        } else if (which < 2 && random_chance(maker->random, 30)) {
            add_range(maker, pair);
        }
    }
    if (random_chance(maker->random, 50)) {
        add_range(maker, random_chance(maker->random, 50) ? AXIS_ID_PRODUCT : materials);
        if (random_chance(maker->random, 30)) {
            maker->axis_count = (uint16_t)(builder_pair(maker->b, (uint16_t)(maker->axis_count - 1), others) + 1);
        }
    }
}

/* By colour and by steps of a number, one column, one cell of which may be missing. */
static void add_steps_table(struct maker *maker)
{
    static const uint32_t rows[] = {0, 1, 2, 3, 0, 1, 2, 2, 3};
    struct builder *b = maker->b;
    maker->steps_table = builder_table(b, "rate", 1, 4);
    struct prog_dimension *colours = builder_dimension(b, maker->steps_table, VALUE_MEMBER);
    colours->choice = maker->choice;
    struct prog_dimension *steps = builder_dimension(b, maker->steps_table, VALUE_NUMBER);
    steps->key_count = 2;
    steps->keys = arena_array(&b->arena, uint32_t, 2);
    steps->keys[0] = builder_rational(b, "1/2");
    steps->keys[1] = builder_rational(b, "3");
    steps->is_below = arena_array(&b->arena, uint8_t, 2);
    steps->is_below[random_below(maker->random, 2)] = 1;
    steps->has_otherwise = true;
    builder_rows(b, maker->steps_table, rows, countof(rows));
    const uint32_t cells[] = {builder_rational(b, "1/10"), builder_rational(b, "2"), builder_rational(b, "7/3"),
                              builder_rational(b, "0")};
    builder_column(b, maker->steps_table, 0, "", VALUE_NUMBER, 0, cells);
}

static void add_text_table(struct maker *maker)
{
    static const uint32_t rows[] = {0, 1};
    struct builder *b = maker->b;
    maker->text_table = builder_table(b, "grid", 1, 2);
    struct prog_dimension *names = builder_dimension(b, maker->text_table, VALUE_TEXT);
    names->key_count = 2;
    names->keys = arena_array(&b->arena, uint32_t, 2);
    names->keys[0] = builder_const_text(b, "copper");
    names->keys[1] = builder_const_text(b, "steel");
    builder_rows(b, maker->text_table, rows, countof(rows));
    const uint32_t cells[] = {builder_rational(b, "13/100"), NO_INDEX};
    builder_column(b, maker->text_table, 0, "", VALUE_NUMBER, 0, cells);
    b->program.tables[maker->text_table].columns[0].is_optional = 1;
}

static void add_factor(struct maker *maker)
{
    maker->factor = builder_factor(maker->b, "material", 0);
    struct prog_factor *factor = &maker->b->program.factors[maker->factor];
    factor->key_count = 1;
    factor->keys[0].type = FACTOR_KEY_TEXT;
    factor->keys[0].name = builder_text(maker->b, "name");
    if (random_chance(maker->random, 80)) {
        factor->fallback = builder_rational(maker->b, "3/7");
    }
    run_factors(maker->run, "factor,name,year,value,unit,source\nmaterial,steel,,2.5,,S1\nmaterial,copper,,0.4,,S2\n"
                            "material,tin,,1e-3,,S2\n");
}

/* ---- instructions ---- */

static void make_arithmetic(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_ADD, OP_SUB, OP_MUL, OP_ADD, OP_MUL, OP_MIN, OP_MAX, OP_NEG, OP_ABS, OP_POWI};
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    uint32_t a = get(maker, axis, NUMBERS);
    bool is_single = op == OP_NEG || op == OP_ABS;
    uint32_t b = is_single ? NO_OPERAND : get(maker, axis, NUMBERS);
    uint32_t mask = NO_OPERAND;
    if (op == OP_POWI) {
        b = (uint32_t)((int32_t)random_below(maker->random, 4) - 1); /* -1 .. 2 */
        mask = maybe_flag(maker, axis);
    }
    put(maker, axis, NUMBERS, operation(maker, op, axis, 0, a, b, NO_OPERAND, mask));
}

/* sqrt, exp, ln and ^ of what they have a value for; sometimes without that care. */
static void make_elementary(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_SQRT, OP_EXP, OP_LN, OP_POW};
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    uint32_t a = get(maker, axis, NUMBERS);
    uint32_t b = op == OP_POW ? get(maker, axis, NUMBERS) : NO_OPERAND;
    if (random_chance(maker->random, 90)) {
        uint32_t most = builder_number(maker->b, "30", 0);
        a = simple(maker, OP_ABS, axis, a, NO_OPERAND);
        a = op == OP_LN ? simple(maker, OP_ADD, axis, a, builder_number(maker->b, "1/10", 0)) : a;
        a = op == OP_EXP ? simple(maker, OP_MIN, axis, a, most) : a;
        a = op == OP_EXP && random_chance(maker->random, 50) ? simple(maker, OP_NEG, axis, a, NO_OPERAND) : a;
        b = op == OP_POW ? simple(maker, OP_MIN, axis, simple(maker, OP_ABS, axis, b, NO_OPERAND), most) : b;
    }
    put(maker, axis, NUMBERS, operation(maker, op, axis, 0, a, b, NO_OPERAND, maybe_flag(maker, axis)));
}

/* a / b where b is not zero, else a; sometimes without that care. */
static void make_quotient(struct maker *maker, uint16_t axis)
{
    uint32_t a = get(maker, axis, NUMBERS);
    uint32_t b = get(maker, axis, NUMBERS);
    if (random_chance(maker->random, 15)) {
        put(maker, axis, NUMBERS, operation(maker, OP_DIV, axis, 0, a, b, NO_OPERAND, maybe_flag(maker, axis)));
        return;
    }
    uint32_t is_zero = simple(maker, OP_EQ, axis, b, builder_number(maker->b, "0", 0));
    uint32_t is_safe = simple(maker, OP_NOT, axis, is_zero, NO_OPERAND);
    uint32_t quotient = operation(maker, OP_DIV, axis, 0, a, b, NO_OPERAND, is_safe);
    put(maker, axis, FLAGS, is_safe);
    put(maker, axis, NUMBERS, operation(maker, OP_SELECT, axis, 0, is_safe, quotient, a, NO_OPERAND));
}

static void make_rounded(struct maker *maker, uint16_t axis)
{
    static const char *const steps[] = {"1", "1/10", "1/100", "1/2", "5", "1/3"};
    uint16_t mode = (uint16_t)random_below(maker->random, ROUNDING_COUNT);
    uint32_t a = get(maker, axis, NUMBERS);
    bool is_step = random_chance(maker->random, 60);
    uint32_t b = is_step ? builder_number(maker->b, steps[random_below(maker->random, countof(steps))], 0)
                         : 1 + random_below(maker->random, 4);
    put(maker, axis, NUMBERS,
        operation(maker, is_step ? OP_ROUND : OP_ROUNDSIG, axis, mode, a, b, NO_OPERAND, NO_OPERAND));
}

static void make_comparison(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_LT, OP_LE, OP_EQ};
    enum value_kind kind = random_chance(maker->random, 90) ? NUMBERS : YEARS;
    uint32_t a = get(maker, axis, kind);
    uint32_t b = get(maker, axis, kind);
    if (a != NO_OPERAND && b != NO_OPERAND) {
        put(maker, axis, FLAGS, simple(maker, ops[random_below(maker->random, countof(ops))], axis, a, b));
    }
}

/* Compares expressions that are equal, whatever the data: doubles often say otherwise. */
static void make_identity(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_LT, OP_LE, OP_EQ};
    if (random_chance(maker->random, 60)) { /* most such decisions are left to the exact engine: not too many */
        return;
    }
    uint32_t a = get(maker, axis, NUMBERS);
    uint32_t b = get(maker, axis, NUMBERS);
    uint32_t other = a;
    switch (random_below(maker->random, 3)) {
    case 0: /* (a + b) - b */
        other = simple(maker, OP_SUB, axis, simple(maker, OP_ADD, axis, a, b), b);
        break;
    case 1: /* a * 3 / 3 */
        other = simple(maker, OP_DIV, axis, simple(maker, OP_MUL, axis, a, builder_number(maker->b, "3", 0)),
                       builder_number(maker->b, "3", 0));
        break;
    default: { /* a * (1 - b) + a * b */
        uint32_t rest = simple(maker, OP_SUB, axis, builder_number(maker->b, "1", 0), b);
        other = simple(maker, OP_ADD, axis, simple(maker, OP_MUL, axis, a, rest), simple(maker, OP_MUL, axis, a, b));
        break;
    }
    }
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    put(maker, axis, NUMBERS, other);
    put(maker, axis, FLAGS,
        random_chance(maker->random, 50) ? simple(maker, op, axis, a, other) : simple(maker, op, axis, other, a));
}

static void make_sameness(struct maker *maker, uint16_t axis)
{
    static const enum value_kind kinds[] = {FLAGS, TEXTS, MEMBERS};
    enum value_kind kind = kinds[random_below(maker->random, countof(kinds))];
    uint32_t a = get(maker, axis, kind);
    uint32_t b = get(maker, axis, kind);
    if (a != NO_OPERAND && kind == TEXTS && random_chance(maker->random, 50)) {
        b = builder_constant(maker->b, builder_const_text(maker->b, "steel"));
    }
    if (a != NO_OPERAND && b != NO_OPERAND) {
        put(maker, axis, FLAGS, simple(maker, OP_SAME, axis, a, b));
    }
}

static void make_logic(struct maker *maker, uint16_t axis)
{
    static const enum opcode ops[] = {OP_AND, OP_OR, OP_NOT};
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    uint32_t a = get(maker, axis, FLAGS);
    uint32_t b = op == OP_NOT ? NO_OPERAND : get(maker, axis, FLAGS);
    if (a != NO_OPERAND) {
        put(maker, axis, FLAGS, simple(maker, op, axis, a, b));
    }
}

static void make_choice(struct maker *maker, uint16_t axis)
{
    uint32_t flag = get(maker, axis, FLAGS);
    enum value_kind kind = random_chance(maker->random, 70) ? NUMBERS : OPTIONAL_NUMBERS;
    uint32_t a = get(maker, axis, kind);
    uint32_t b = get(maker, axis, NUMBERS);
    if (flag != NO_OPERAND && a != NO_OPERAND) {
        put(maker, axis, kind, operation(maker, OP_SELECT, axis, 0, flag, a, b, NO_OPERAND));
    }
}

static void make_within(struct maker *maker, uint16_t axis)
{
    uint32_t a = get(maker, axis, NUMBERS);
    uint32_t holds = get(maker, axis, FLAGS);
    uint32_t mask = random_chance(maker->random, 50) ? get(maker, axis, FLAGS) : NO_OPERAND;
    if (holds != NO_OPERAND) {
        put(maker, axis, NUMBERS, operation(maker, OP_WITHIN, axis, 0, a, holds, NO_OPERAND, mask));
    }
}

static void make_substitute(struct maker *maker, uint16_t axis)
{
    uint32_t a = get(maker, axis, OPTIONAL_NUMBERS);
    if (a == NO_OPERAND) {
        return;
    }
    uint32_t is_given = simple(maker, OP_GIVEN, axis, a, NO_OPERAND);
    put(maker, axis, FLAGS, is_given);
    if (random_chance(maker->random, 25)) {
        put(maker, axis, NUMBERS,
            operation(maker, OP_NEED, axis, 0, a, NO_OPERAND, NO_OPERAND,
                      random_chance(maker->random, 70) ? is_given : NO_OPERAND));
        return;
    }
    uint32_t b = random_chance(maker->random, 50) ? constant(maker) : get(maker, axis, NUMBERS);
    uint16_t is_noted = (uint16_t)random_below(maker->random, 2);
    uint32_t mask = is_noted && random_chance(maker->random, 50) ? get(maker, axis, FLAGS) : NO_OPERAND;
    put(maker, axis, NUMBERS, operation(maker, OP_ELSE, axis, is_noted, a, b, NO_OPERAND, mask));
}

static void make_spread(struct maker *maker, uint16_t axis)
{
    const struct prog_axis *shape = &maker->b->program.axes[axis];
    enum value_kind kind = (enum value_kind)random_below(maker->random, KIND_COUNT);
    bool is_visited = shape->kind == AXIS_PAIR && random_chance(maker->random, 50);
    uint16_t from = is_visited ? (uint16_t)shape->list : shape->parent;
    while (!is_visited && from > AXIS_ID_PRODUCT && random_chance(maker->random, 30)) {
        from = maker->b->program.axes[from].parent;
    }
    uint32_t a = maker->pools[from][kind].count == 0 ? NO_OPERAND : get(maker, from, kind);
    if (axis == AXIS_ID_PRODUCT || a == NO_OPERAND || maker->b->program.code[a].axis == AXIS_ID_CONSTANT ||
        kind == ROWS) {
        return;
    }
    put(maker, axis, kind, simple(maker, is_visited ? OP_SPREAD2 : OP_SPREAD, axis, a, NO_OPERAND));
}

static void make_aggregate(struct maker *maker, uint16_t over)
{
    static const enum opcode ops[] = {OP_SUM, OP_SUM, OP_COUNT, OP_LEAST, OP_GREATEST, OP_ANY};
    if (over == AXIS_ID_PRODUCT) {
        return;
    }
    uint16_t axis = maker->b->program.axes[over].parent;
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    uint32_t where = maybe_flag(maker, over);
    uint32_t a = op == OP_COUNT ? NO_OPERAND : get(maker, over, op == OP_ANY ? FLAGS : NUMBERS);
    if (op == OP_ANY && a == NO_OPERAND) {
        return;
    }
    enum value_kind kind = op == OP_ANY ? FLAGS : op == OP_LEAST || op == OP_GREATEST ? OPTIONAL_NUMBERS : NUMBERS;
    put(maker, axis, kind, operation(maker, op, axis, over, a, where, NO_OPERAND, NO_OPERAND));
}

/* A row that stands out, and a value of it. */
static void make_row(struct maker *maker, uint16_t over)
{
    static const enum opcode ops[] = {OP_ARGMAX, OP_ARGMIN, OP_ONLY};
    const struct prog_axis *shape = &maker->b->program.axes[over];
    uint16_t list = shape->kind == AXIS_PAIR ? (uint16_t)shape->list : over;
    if (shape->kind != AXIS_LIST && shape->kind != AXIS_PAIR) {
        return;
    }
    enum opcode op = ops[random_below(maker->random, countof(ops))];
    uint32_t where = op == OP_ONLY ? get(maker, over, FLAGS) : maybe_flag(maker, over);
    uint32_t a = op == OP_ONLY ? NO_OPERAND : get(maker, over, NUMBERS);
    uint32_t c = op == OP_ONLY ? NO_OPERAND : random_below(maker->random, TIE_COUNT);
    uint32_t row = operation(maker, op, shape->parent, over, a, where, c, NO_OPERAND);
    uint32_t taken = get(maker, list, random_chance(maker->random, 70) ? NUMBERS : OPTIONAL_NUMBERS);
    uint16_t outer = maker->b->program.axes[list].parent;
    const struct prog_axis *parent = &maker->b->program.axes[shape->parent];
    bool is_visited = parent->kind == AXIS_PAIR && parent->list == outer;
    bool is_reachable = outer == AXIS_ID_PRODUCT || outer == shape->parent || parent->parent == outer || is_visited;
    bool is_constant = taken != NO_OPERAND && maker->b->program.code[taken].axis == AXIS_ID_CONSTANT;
    if (taken != NO_OPERAND && !is_constant && is_reachable) {
        put(maker, shape->parent, OPTIONAL_NUMBERS, simple(maker, OP_TAKE, shape->parent, row, taken));
    }
}

/* External functions take what is rounded to ten digits, most likely to fewer. */
static void make_call(struct maker *maker, uint16_t axis)
{
    uint32_t args[2];
    for (int k = 0; k < 2; k++) {
        uint32_t a = get(maker, axis, NUMBERS);
        bool is_constant = maker->b->program.code[a].axis == AXIS_ID_CONSTANT;
        args[k] = is_constant ? builder_number(maker->b, "3/4", 0)
                              : operation(maker, OP_ROUNDSIG, axis, ROUND_HALF_EVEN, a,
                                          1 + random_below(maker->random, NATIVE_DIGITS), NO_OPERAND, NO_OPERAND);
    }
    put(maker, axis, NUMBERS,
        operation(maker, OP_CALL, axis, (uint16_t)maker->native, args[0], args[1], NO_OPERAND,
                  maybe_flag(maker, axis)));
}

static bool is_around(const struct maker *maker, uint16_t outer, uint16_t axis)
{
    while (axis != outer && axis != AXIS_ID_CONSTANT) {
        axis = maker->b->program.axes[axis].parent;
    }
    return axis == outer;
}

/* The row of a list with an equal value, and a value of it. */
static void make_match(struct maker *maker, uint16_t axis)
{
    static const enum value_kind kinds[] = {TEXTS, TEXTS, MEMBERS, NUMBERS, YEARS, FLAGS};
    enum value_kind kind = kinds[random_below(maker->random, countof(kinds))];
    uint16_t list = (uint16_t)(maker->on_materials + random_below(maker->random, 3));
    uint32_t value = get(maker, axis, kind);
    uint32_t datum = get(maker, list, kind);
    uint32_t taken = get(maker, list, random_chance(maker->random, 70) ? NUMBERS : OPTIONAL_NUMBERS);
    const struct prog_axis *axes = maker->b->program.axes;
    if (value == NO_OPERAND || datum == NO_OPERAND || taken == NO_OPERAND ||
        maker->b->program.code[datum].axis != list || maker->b->program.code[taken].axis != list ||
        !is_around(maker, axes[list].parent, axis)) {
        return;
    }
    uint32_t row = operation(maker, OP_MATCH, axis, 0, value, datum, NO_OPERAND, maybe_flag(maker, axis));
    put(maker, axis, OPTIONAL_NUMBERS, simple(maker, OP_TAKE, axis, row, taken));
}

static void make_steps_lookup(struct maker *maker, uint16_t axis)
{
    uint32_t colour = get(maker, axis, MEMBERS);
    if (colour == NO_OPERAND) {
        return;
    }
    uint16_t table = (uint16_t)maker->steps_table;
    uint32_t first = operation(maker, OP_KEY, axis, table, colour, 0, NO_OPERAND, NO_OPERAND);
    uint32_t second = operation(maker, OP_STEP_KEY, axis, table, get(maker, axis, NUMBERS), 1, NO_OPERAND, NO_OPERAND);
    uint32_t cell = operation(maker, OP_CELL, axis, table, first, second, NO_OPERAND, NO_OPERAND);
    put(maker, axis, NUMBERS, operation(maker, OP_COLUMN, axis, 0, cell, NO_OPERAND, NO_OPERAND, NO_OPERAND));
}

static void make_text_lookup(struct maker *maker, uint16_t axis)
{
    uint32_t text = get(maker, axis, TEXTS);
    if (text == NO_OPERAND) {
        return;
    }
    if (random_chance(maker->random, 50)) {
        put(maker, axis, NUMBERS,
            operation(maker, OP_FACTOR, axis, (uint16_t)maker->factor, text, NO_OPERAND, NO_OPERAND,
                      maybe_flag(maker, axis)));
        return;
    }
    uint16_t table = (uint16_t)maker->text_table;
    uint32_t key = operation(maker, OP_KEY, axis, table, text, 0, NO_OPERAND, NO_OPERAND);
    uint32_t cell = operation(maker, OP_CELL, axis, table, key, NO_OPERAND, NO_OPERAND, NO_OPERAND);
    put(maker, axis, OPTIONAL_NUMBERS, operation(maker, OP_COLUMN, axis, 0, cell, NO_OPERAND, NO_OPERAND, NO_OPERAND));
}

static void make_year(struct maker *maker, uint16_t axis)
{
    uint32_t year = get(maker, axis, YEARS);
    if (year == NO_OPERAND) {
        return;
    }
    if (random_chance(maker->random, 50)) {
        uint32_t start = builder_constant(maker->b, builder_const(maker->b, VALUE_YEAR, 2020, NO_INDEX));
        put(maker, axis, NUMBERS, simple(maker, OP_SUB, axis, year, start));
    } else {
        put(maker, axis, YEARS, simple(maker, OP_ADD, axis, year, get(maker, axis, NUMBERS)));
    }
}

typedef void make_function(struct maker *maker, uint16_t axis);

static void make_instructions(struct maker *maker)
{
    static make_function *const makers[] = {
        make_arithmetic, make_arithmetic, make_arithmetic,  make_quotient,  make_rounded,  make_comparison,
        make_comparison, make_sameness,   make_logic,       make_choice,    make_spread,   make_spread,
        make_substitute, make_aggregate,  make_aggregate,   make_aggregate, make_row,      make_steps_lookup,
        make_substitute, make_spread,     make_text_lookup, make_year,      make_identity, make_elementary,
        make_match,      make_call,       make_within};
    uint32_t count = 20 + random_below(maker->random, 60);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t axis = (uint16_t)(1 + random_below(maker->random, (uint32_t)maker->axis_count - 1));
        makers[random_below(maker->random, countof(makers))](maker, axis);
    }
}

/* ---- roots ---- */

/* One of the later values, which depend on more. */
static uint32_t late(struct maker *maker, uint16_t axis, enum value_kind kind)
{
    const struct pool *pool = &maker->pools[axis][kind];
    return pool->count == 0 ? NO_OPERAND
                            : pool->items[pool->count - 1 - random_below(maker->random, pool->count / 2 + 1)];
}

static void add_warnings(struct maker *maker)
{
    for (uint32_t i = 0; i < 2; i++) {
        uint16_t axis = (uint16_t)(1 + random_below(maker->random, (uint32_t)maker->axis_count - 1));
        uint32_t condition = late(maker, axis, FLAGS);
        if (condition != NO_OPERAND) {
            uint32_t root = builder_require(maker->b, axis, condition, i == 0 ? "one" : "two");
            bool is_warning = random_chance(maker->random, 85);
            maker->b->program.code[root].op = is_warning ? OP_WARN : OP_REQUIRE;
            maker->b->program.code[root].mask = maybe_flag(maker, axis);
        }
    }
}

/* The number of rows of every axis, so that none is without use. */
static void count_rows(struct maker *maker)
{
    static const char *const names[AXES_MAX] = {"c0", "c1", "c2", "c3", "c4",  "c5",
                                                "c6", "c7", "c8", "c9", "c10", "c11"};
    for (uint16_t i = AXIS_ID_PRODUCT + 1; i < maker->axis_count; i++) {
        uint16_t axis = maker->b->program.axes[i].parent;
        uint32_t rows = operation(maker, OP_COUNT, axis, i, NO_OPERAND, NO_OPERAND, NO_OPERAND, NO_OPERAND);
        while (axis != AXIS_ID_PRODUCT) {
            uint16_t outer = maker->b->program.axes[axis].parent;
            rows = operation(maker, OP_SUM, outer, axis, rows, NO_OPERAND, NO_OPERAND, NO_OPERAND);
            axis = outer;
        }
        builder_report(maker->b, names[i], 0, rows);
    }
}

/* Results for each row of a list or of the text table, or one. */
static uint16_t choose_row_axis(struct maker *maker)
{
    struct builder *b = maker->b;
    uint32_t which = random_below(maker->random, 4);
    if (which == 0) {
        return maker->on_materials;
    }
    if (which > 1 || maker->axis_count == AXES_MAX) {
        return AXIS_ID_PRODUCT;
    }
    uint16_t axis = builder_range(b, AXIS_ID_PRODUCT, builder_number(b, "1", 0), builder_number(b, "2", 0), 2);
    uint32_t row =
        operation(maker, OP_ROW, axis, (uint16_t)maker->text_table, NO_OPERAND, NO_OPERAND, NO_OPERAND, NO_OPERAND);
    uint32_t cell = operation(maker, OP_COLUMN, axis, 0, row, NO_OPERAND, NO_OPERAND, NO_OPERAND);
    maker->axis_count = (uint16_t)(axis + 1);
    put(maker, axis, NUMBERS, simple(maker, OP_INDEX, axis, NO_OPERAND, NO_OPERAND));
    put(maker, axis, NUMBERS, simple(maker, OP_ELSE, axis, cell, constant(maker)));
    for (uint32_t i = 0; i < 12; i++) {
        make_function *const some[] = {make_arithmetic, make_quotient, make_comparison, make_spread, make_choice};
        some[random_below(maker->random, countof(some))](maker, axis);
    }
    return axis;
}

/* The product's axis or that of the rows. */
static uint16_t either_axis(struct maker *maker)
{
    return random_chance(maker->random, 50) ? maker->row_axis : (uint16_t)AXIS_ID_PRODUCT;
}

static uint32_t late_number(struct maker *maker, uint16_t axis)
{
    uint32_t found = late(maker, axis, NUMBERS);
    return found == NO_OPERAND ? constant(maker) : found;
}

static void set_rows(struct maker *maker)
{
    struct prog_rule *rule = &maker->b->program.rule;
    rule->row_axis = maker->row_axis;
    if (maker->row_axis == AXIS_ID_PRODUCT) {
        return;
    }
    uint32_t texts = get(maker, maker->row_axis, TEXTS);
    rule->row_name = random_chance(maker->random, 30) ? NO_OPERAND
                     : texts != NO_OPERAND            ? texts
                                                      : get(maker, maker->row_axis, NUMBERS);
    rule->headline = random_chance(maker->random, 60) ? NO_OPERAND : get(maker, maker->row_axis, FLAGS);
    if (random_chance(maker->random, 50)) {
        uint32_t size = simple(maker, OP_ABS, maker->row_axis, get(maker, maker->row_axis, NUMBERS), NO_OPERAND);
        uint32_t positive = simple(maker, OP_ADD, maker->row_axis, size, builder_number(maker->b, "1", 0));
        builder_reference(maker->b, "1", 0, maker->b->co2e, positive);
    }
}

static void add_grades(struct maker *maker)
{
    static const char *const names[] = {"A", "B"};
    for (uint32_t i = 0; i < countof(names) && random_chance(maker->random, 40); i++) {
        uint16_t axis = either_axis(maker);
        uint32_t one = builder_number(maker->b, "1", maker->b->co2e);
        uint32_t limit = builder_two(maker->b, OP_MUL, axis, maker->b->co2e, late_number(maker, axis), one);
        uint32_t grade = builder_grade(maker->b, names[i], limit);
        for (uint16_t is_rounded = 0; is_rounded <= 1; is_rounded++) {
            uint32_t flag = late(maker, axis, FLAGS);
            flag = flag != NO_OPERAND ? flag : simple(maker, OP_LT, axis, get(maker, axis, NUMBERS), constant(maker));
            (void)operation(maker, OP_JUDGE, axis, is_rounded, flag, grade, NO_OPERAND, NO_OPERAND);
        }
    }
}

static void add_emission(struct maker *maker, uint32_t stage, const char *flow)
{
    uint16_t axis = either_axis(maker);
    uint32_t one = builder_number(maker->b, "1", maker->b->co2e);
    uint32_t size = simple(maker, OP_ABS, axis, get(maker, axis, NUMBERS), NO_OPERAND);
    uint32_t amount = builder_two(maker->b, OP_MUL, axis, maker->b->co2e, size, one);
    uint32_t emit = builder_emit(maker->b, stage, flow, amount);
    maker->b->program.code[emit].axis = axis;
    if (random_chance(maker->random, 50)) {
        uint32_t twice = builder_two(maker->b, OP_ADD, axis, maker->b->co2e, amount, amount);
        (void)builder_two(maker->b, OP_INVENTORY, axis, maker->b->co2e, twice, maker->b->program.part_count - 1);
    }
}

static void add_roots(struct maker *maker)
{
    count_rows(maker);
    static const char *const names[] = {"r1", "r2", "r3", "r4", "r5"};
    uint32_t stage = builder_stage(maker->b, "making");
    maker->row_axis = choose_row_axis(maker);
    if (random_chance(maker->random, 30)) {
        maker->b->program.stages[stage].when = get(maker, either_axis(maker), FLAGS);
    }
    add_warnings(maker);
    for (size_t i = 0; i < countof(names); i++) {
        uint16_t axis = either_axis(maker);
        uint32_t report = builder_report(maker->b, names[i], 0, late_number(maker, axis));
        maker->b->program.code[report].axis = axis;
        builder_mask(maker->b, report, random_chance(maker->random, 20) ? get(maker, axis, FLAGS) : NO_OPERAND);
    }
    add_emission(maker, stage, "all");
    add_emission(maker, stage, "more");
    add_grades(maker);
    set_rows(maker);
}

static struct prog_round some_rounding(struct maker *maker)
{
    struct prog_round round = PROG_ROUND_UNSAID;
    if (random_chance(maker->random, 50)) {
        round.how = (uint8_t)random_below(maker->random, PROG_ROUND_COUNT);
        round.mode = (uint8_t)random_below(maker->random, ROUNDING_COUNT);
        round.digits = (int16_t)(1 + (int)random_below(maker->random, 5));
        round.digits = (int16_t)(round.how == PROG_ROUND_SIGNIFICANT ? round.digits : round.digits - 3);
    }
    round.is_marked = random_chance(maker->random, 30);
    return round;
}

static void set_rounds(struct maker *maker)
{
    struct program *program = &maker->b->program;
    program->rule.round = some_rounding(maker);
    program->rule.stage_round = some_rounding(maker);
    program->rule.flow_round = some_rounding(maker);
    for (uint32_t i = 0; i < program->output_count; i++) {
        program->outputs[i].round = some_rounding(maker);
    }
}

void random_program(struct run *run, struct random *random)
{
    struct maker maker = {.run = run, .b = &run->b, .random = random};
    add_data(&maker);
    add_steps_table(&maker);
    add_text_table(&maker);
    add_factor(&maker);
    maker.native = builder_native(maker.b, "twist", 0, (const uint16_t[]){0, 0}, 2);
    add_axes(&maker);
    make_instructions(&maker);
    add_roots(&maker);
    set_rounds(&maker);
    builder_sweep(&run->b);
}
