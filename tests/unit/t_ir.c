/* The builder: sharing, folding, units, axes. Expected numbers are worked out by hand. */
#include "compiler/ir.h"

#include <check.h>

Suite *ir_suite(void);

static struct arena arena;
static struct diags messages;
static struct unit_system *units;
static struct ir *ir;

static void setup(void)
{
    arena = (struct arena){0};
    messages = diags_in(&arena);
    units = unit_system_new(&arena);
    ir = ir_new(&arena, units, &messages);
}

static void teardown(void)
{
    arena_free(&arena);
}

static struct unit unit(const char *text)
{
    struct unit made;
    ck_assert_int_eq(unit_parse(units, str_of(text), &made).error, UNIT_OK);
    return made;
}

static uint32_t number(const char *value, const char *unit_of)
{
    struct rat rat;
    ck_assert(rat_parse(&arena, str_of(value), &rat));
    return ir_number(ir, rat, *unit_of == '\0' ? UNIT_ONE : unit(unit_of));
}

/* A datum of the product, of one row of list axis `axis` where that is not the product's. */
static uint32_t datum(const char *unit_of, bool is_optional, uint16_t axis)
{
    struct prog_field field = {
        .type = VALUE_NUMBER, .choice = NO_INDEX, .low = NO_INDEX, .high = NO_INDEX, .key = NO_INDEX};
    field.parent = axis == AXIS_ID_PRODUCT ? NO_INDEX : ir->axes[axis].list;
    field.is_optional = is_optional;
    field.unit = (uint16_t)ir_unit(ir, *unit_of == '\0' ? UNIT_ONE : unit(unit_of));
    arena_grow(&arena, ir->fields, ir->field_count, ir->field_cap);
    ir->fields[ir->field_count++] = field;
    return ir_field(ir, (uint32_t)ir->field_count - 1, axis);
}

static uint16_t list_axis(uint16_t parent)
{
    struct prog_field field = {
        .is_list = 1, .parent = NO_INDEX, .choice = NO_INDEX, .low = NO_INDEX, .high = NO_INDEX, .key = NO_INDEX};
    arena_grow(&arena, ir->fields, ir->field_count, ir->field_cap);
    ir->fields[ir->field_count++] = field;
    return (uint16_t)ir_axis_list(ir, parent, (uint32_t)ir->field_count - 1);
}

#define assert_constant(node, value, unit_of) assert_constant_at((node), (value), (unit_of))
static void assert_constant_at(uint32_t node, const char *value, const char *unit_of)
{
    ck_assert_uint_ne(node, IR_ERROR);
    ck_assert(ir_is_constant(ir, node));
    struct str text = rat_text(&arena, ir_constant(ir, node)->number);
    ck_assert_msg(str_eq(text, str_of(value)), "%.*s instead of %s", STR_FMT(text), value);
    ck_assert(unit_eq(ir_unit_of(ir, node), *unit_of == '\0' ? UNIT_ONE : unit(unit_of)));
}

static void assert_op(uint32_t node, enum opcode op, const char *unit_of)
{
    ck_assert_uint_ne(node, IR_ERROR);
    ck_assert_uint_eq(ir->nodes[node].in.op, op);
    ck_assert(unit_eq(ir_unit_of(ir, node), *unit_of == '\0' ? UNIT_ONE : unit(unit_of)));
}

static void assert_refused(uint32_t node, enum diag_code code)
{
    ck_assert_uint_eq(node, IR_ERROR);
    ck_assert_ptr_nonnull(messages.last);
    ck_assert_int_eq(messages.last->code, code);
}

START_TEST(roots_and_powers_fold_where_they_are_fractions)
{
    assert_constant(ir_sqrt(ir, number("9/4", "m2")), "3/2", "m");
    assert_constant(ir_sqrt(ir, number("4", "ha")), "200", "m"); /* in the coherent unit */
    assert_constant(ir_sqrt(ir, number("25", "%")), "1/2", "");
    assert_constant(ir_pow(ir, number("16", ""), number("3/4", "")), "8", "");
    assert_constant(ir_pow(ir, number("5", "%"), number("20", "")), "1/104857600000000000000000000", "");
    assert_constant(ir_pow(ir, number("2", "kg"), number("300", "%")), "8", "kg3"); /* a small whole exponent */
    assert_constant(ir_exp(ir, number("0", "%")), "1", "");
    assert_constant(ir_ln(ir, number("100", "%")), "0", "");
    assert_op(ir_sqrt(ir, number("2", "m2")), OP_SQRT, "m");
    assert_op(ir_pow(ir, number("2", ""), number("1/2", "")), OP_POW, "");
    assert_op(ir_exp(ir, number("1", "")), OP_EXP, "");
    assert_op(ir_ln(ir, number("2", "")), OP_LN, "");
    assert_refused(ir_sqrt(ir, number("-1", "m2")), D_CONSTANT_NEGATIVE);
    assert_constant(ir_within(ir, number("1", "kg"), number("1", "kg"), number("2", "t")), "1", "kg");
    assert_constant(ir_within(ir, number("2000", "kg"), number("1", "kg"), number("2", "t")), "2000", "kg");
    assert_refused(ir_within(ir, number("2001", "kg"), number("1", "kg"), number("2", "t")), D_CONSTANT_OUTSIDE);
    assert_refused(ir_ln(ir, number("0", "")), D_CONSTANT_NEGATIVE);
    assert_refused(ir_pow(ir, number("-8", ""), number("1/3", "")), D_CONSTANT_NEGATIVE);
    assert_refused(ir_pow(ir, number("0", ""), number("-1/2", "")), D_CONSTANT_DIVISION);
    assert_refused(ir_exp(ir, number("701", "")), D_CONSTANT_RANGE);
}
END_TEST

/* A constant cannot fail any more; what is computed can. */
START_TEST(functions_of_data)
{
    uint32_t a = datum("%", false, AXIS_ID_PRODUCT);
    uint32_t area = datum("ha", false, AXIS_ID_PRODUCT);
    assert_op(ir_exp(ir, a), OP_EXP, "");
    assert_op(ir->nodes[ir_ln(ir, a)].in.a, OP_CONVERT, "");
    assert_op(ir_sqrt(ir, area), OP_SQRT, "m");
    assert_op(ir_pow(ir, a, a), OP_POW, "");
    assert_op(ir_pow(ir, a, number("2", "")), OP_POWI, "");
    ck_assert(ir_can_fail(ir, ir_exp(ir, a)) && ir_can_fail(ir, ir_pow(ir, number("2", ""), a)));
    ck_assert(!ir_can_fail(ir, ir_exp(ir, number("1", ""))));
    ck_assert(!ir_can_fail(ir, ir_pow(ir, number("2", ""), number("1/2", ""))));
}
END_TEST

START_TEST(equal_instructions_are_one)
{
    uint32_t a = datum("kg", false, AXIS_ID_PRODUCT);
    uint32_t b = datum("kg", false, AXIS_ID_PRODUCT);
    ck_assert_uint_ne(a, b);
    ck_assert_uint_eq(ir_add(ir, a, b), ir_add(ir, a, b));
    ck_assert_uint_ne(ir_add(ir, a, b), ir_sub(ir, a, b));
    ck_assert_uint_eq(number("44/12", ""), number("11/3", ""));
    ck_assert_uint_ne(number("1", "kg"), number("1", "t"));
}
END_TEST

START_TEST(constants_fold_exactly)
{
    assert_constant(ir_div(ir, number("44", ""), number("12", "")), "11/3", "");
    assert_constant(ir_mul(ir, number("1/10", "t"), number("3", "")), "3/10", "t");
    assert_constant(ir_sub(ir, number("1", ""), number("459/100", "%")), "9541/100", "%");
    assert_constant(ir_powi(ir, number("2/3", ""), -2), "9/4", "");
    assert_constant(ir_round(ir, number("5/2", ""), number("1", ""), ROUND_HALF_EVEN), "2", "");
    assert_constant(ir_round(ir, number("5/2", ""), number("1", ""), ROUND_HALF_UP), "3", "");
    assert_constant(ir_abs(ir, number("-7", "kg")), "7", "kg");
    assert_constant(ir_max(ir, number("1", "t"), number("1500", "kg")), "1500", "kg");
    ck_assert(ir_is_true(ir, ir_less(ir, number("999", "kg"), number("1", "t"))));
    ck_assert(ir_is_false(ir, ir_less(ir, number("1000", "kg"), number("1", "t"))));
    ck_assert(ir_is_true(ir, ir_equal(ir, ir_string(ir, STR("a")), ir_string(ir, STR("a")))));
}
END_TEST

START_TEST(what_fails_with_constants_is_reported)
{
    uint32_t a = datum("kg", false, AXIS_ID_PRODUCT);
    assert_refused(ir_div(ir, number("1", ""), number("0", "")), D_CONSTANT_DIVISION);
    assert_refused(ir_div(ir, a, ir_sub(ir, number("1", "kg"), number("1/1000", "t"))), D_CONSTANT_DIVISION);
    assert_refused(ir_powi(ir, number("0", ""), -1), D_CONSTANT_DIVISION);
    assert_refused(ir_round(ir, a, number("0", "kg"), ROUND_FLOOR), D_ROUND_STEP);
    assert_refused(ir_round(ir, a, a, ROUND_FLOOR), D_ROUND_STEP);
    assert_refused(ir_powi(ir, a, 13), D_POWER_EXPONENT);
}
END_TEST

START_TEST(towers_of_powers_end)
{
    uint32_t tower = number("3/7", "");
    for (int i = 0; i < 5 && tower != IR_ERROR; i++) {
        tower = ir_powi(ir, tower, 12);
    }
    assert_refused(tower, D_CONSTANT_TOO_LARGE);
}
END_TEST

START_TEST(sums_take_the_finer_unit)
{
    uint32_t kg = datum("kg", false, AXIS_ID_PRODUCT);
    uint32_t t = datum("t", false, AXIS_ID_PRODUCT);
    uint32_t sum = ir_add(ir, t, kg);
    assert_op(sum, OP_ADD, "kg");
    uint32_t converted = ir->nodes[sum].in.a;
    assert_op(converted, OP_CONVERT, "kg");
    ck_assert(rat_eq(ir->constants[ir->nodes[converted].in.b].number, rat_int(1000)));
    ck_assert_uint_eq(ir->nodes[sum].in.b, kg);
    uint32_t less = ir_less(ir, t, kg);
    ck_assert_uint_eq(ir->nodes[less].in.a, converted);
}
END_TEST

START_TEST(beside_data_the_constant_is_converted)
{
    uint32_t t = datum("t", false, AXIS_ID_PRODUCT);
    uint32_t less = ir_less(ir, t, number("500", "kg"));
    ck_assert_uint_eq(ir->nodes[less].in.a, t);
    assert_constant(ir->nodes[less].in.b, "1/2", "t");
    uint32_t rest = ir_sub(ir, number("1", ""), datum("%", false, AXIS_ID_PRODUCT));
    assert_op(rest, OP_SUB, "%");
    assert_constant(ir->nodes[rest].in.a, "100", "%");
}
END_TEST

START_TEST(products_compose_units)
{
    uint32_t mass = datum("t", false, AXIS_ID_PRODUCT);
    uint32_t distance = datum("km", false, AXIS_ID_PRODUCT);
    uint32_t freight = ir_mul(ir, mass, distance);
    assert_op(freight, OP_MUL, "t·km");
    assert_op(ir_mul(ir, freight, number("74/1000", "kgCO2e/(t·km)")), OP_MUL, "kgCO2e");
    assert_op(ir_div(ir, mass, number("1", "kg")), OP_DIV, "t/kg");
    uint32_t plain = ir_plain(ir, ir_div(ir, mass, number("1", "kg")));
    assert_op(plain, OP_CONVERT, "");
    ck_assert(rat_eq(ir->constants[ir->nodes[plain].in.b].number, rat_int(1000)));
}
END_TEST

START_TEST(scales_beyond_64_bits_become_coherent)
{
    uint32_t product = datum("TJ", false, AXIS_ID_PRODUCT); /* 10^12 */
    for (int i = 0; i < 3; i++) {
        product = ir_mul(ir, product, datum("TJ", false, AXIS_ID_PRODUCT));
        ck_assert_uint_ne(product, IR_ERROR);
        ck_assert(ir_scale_fits(ir_unit_of(ir, product).scale));
    }
    struct unit unit_of = ir_unit_of(ir, product);
    struct kind wanted;
    ck_assert(kind_pow(unit("J").kind, 4, &wanted));
    ck_assert(kind_eq(unit_of.kind, wanted));
    /* 10^12 times itself is too much already: J2 first, and then each TJ in J */
    ck_assert(rat_eq(unit_of.scale, RAT_ONE));
}
END_TEST

START_TEST(powers_want_plain_numbers_of_scale_one)
{
    uint32_t share = datum("%", false, AXIS_ID_PRODUCT);
    uint32_t square = ir_powi(ir, share, 2);
    assert_op(square, OP_POWI, "");
    assert_op(ir->nodes[square].in.a, OP_CONVERT, "");
    uint32_t length = datum("km", false, AXIS_ID_PRODUCT);
    assert_op(ir_powi(ir, length, 2), OP_POWI, "km2");
    ck_assert_uint_eq(ir_powi(ir, length, 1), length);
    assert_constant(ir_powi(ir, length, 0), "1", "");
}
END_TEST

START_TEST(nothing_is_done_to_ones_and_zeros)
{
    uint32_t a = datum("kg", false, AXIS_ID_PRODUCT);
    ck_assert_uint_eq(ir_mul(ir, a, number("1", "")), a);
    ck_assert_uint_eq(ir_mul(ir, number("1", ""), a), a);
    ck_assert_uint_eq(ir_div(ir, a, number("1", "")), a);
    ck_assert_uint_eq(ir_add(ir, a, number("0", "")), a);
    ck_assert_uint_eq(ir_add(ir, number("0", "t"), a), a);
    assert_op(ir_sub(ir, number("0", ""), a), OP_NEG, "kg");
    uint32_t share = ir_mul(ir, a, number("1", "%"));
    assert_op(share, OP_MUL, "kg");
    assert_constant(ir->nodes[share].in.b, "1/100", "");
    ck_assert_uint_eq(ir_mul(ir, a, number("100", "%")), a);
    assert_op(ir_mul(ir, a, datum("%", false, AXIS_ID_PRODUCT)), OP_MUL, "kg·%");
    assert_op(ir_mul(ir, a, number("0", "")), OP_MUL, "kg"); /* a might fail */
}
END_TEST

START_TEST(conversions_of_conversions_are_one)
{
    uint32_t a = datum("t", false, AXIS_ID_PRODUCT);
    uint32_t back = ir_convert(ir, ir_convert(ir, a, unit("kg")), unit("t"));
    ck_assert_uint_eq(back, a);
    uint32_t grams = ir_convert(ir, ir_convert(ir, a, unit("kg")), unit("g"));
    ck_assert_uint_eq(ir->nodes[grams].in.a, a);
}
END_TEST

START_TEST(points_shift)
{
    uint32_t warm = datum("℃", false, AXIS_ID_PRODUCT);
    uint32_t difference = ir_sub(ir, warm, number("20", "℃"));
    assert_op(difference, OP_SUB, "K");
    uint32_t kelvin_later = ir_add(ir, warm, number("5", "K"));
    ck_assert(ir_unit_of(ir, kelvin_later).is_point);
    ck_assert(ir_is_true(ir, ir_less(ir, number("-5", "℃"), number("3", "℃"))));
}
END_TEST

START_TEST(years_move_by_plain_numbers)
{
    uint32_t later = ir_add(ir, ir_year(ir, 2020), number("4", ""));
    ck_assert_int_eq(ir->nodes[later].shape.type, VALUE_YEAR);
    ck_assert(rat_eq(ir_constant(ir, later)->number, rat_int(2024)));
    assert_constant(ir_sub(ir, later, ir_year(ir, 2000)), "24", "");
    ck_assert(ir_is_true(ir, ir_less_equal(ir, number("2020", ""), ir_year(ir, 2020))));
}
END_TEST

START_TEST(tags_are_dropped_by_plain)
{
    uint32_t clinker = datum("kg{clinker}", false, AXIS_ID_PRODUCT);
    uint32_t ratio = ir_div(ir, clinker, datum("kg{cement}", false, AXIS_ID_PRODUCT));
    assert_op(ir_untag(ir, ratio), OP_RETAG, "");
    uint32_t mass = datum("kg", false, AXIS_ID_PRODUCT);
    ck_assert_uint_eq(ir_untag(ir, mass), mass);
}
END_TEST

START_TEST(optional_values_are_needed_or_replaced)
{
    uint32_t a = datum("kg", true, AXIS_ID_PRODUCT);
    uint32_t sum = ir_add(ir, a, number("1", "kg"));
    assert_op(ir->nodes[sum].in.a, OP_NEED, "kg");
    uint32_t replaced = ir_else(ir, a, number("1/2", "t"), true);
    assert_op(replaced, OP_ELSE, "kg");
    assert_constant(ir->nodes[replaced].in.b, "500", "kg");
    ck_assert_uint_eq(ir->nodes[replaced].in.imm, 1);
    ck_assert(!ir->nodes[replaced].shape.is_optional);
    uint32_t given = datum("kg", false, AXIS_ID_PRODUCT);
    ck_assert(ir_is_true(ir, ir_given(ir, given)));
    ck_assert_uint_eq(ir_else(ir, given, number("1", "kg"), true), given);
    uint32_t chosen = ir_select(ir, ir_given(ir, a), a, number("1", "t"));
    ck_assert(ir->nodes[chosen].shape.is_optional);
    assert_constant(ir->nodes[chosen].in.c, "1000", "kg");
}
END_TEST

START_TEST(axes_are_joined_by_spreads)
{
    uint16_t rows = list_axis(AXIS_ID_PRODUCT);
    uint32_t outer = datum("kg", false, AXIS_ID_PRODUCT);
    uint32_t inner = datum("", false, rows);
    uint32_t product = ir_mul(ir, inner, outer);
    ck_assert_uint_eq(ir_axis_of(ir, product), rows);
    ck_assert_uint_eq(ir->nodes[ir->nodes[product].in.b].in.op, OP_SPREAD);
    uint32_t sum = ir_sum(ir, rows, product, NO_OPERAND);
    ck_assert_uint_eq(ir_axis_of(ir, sum), AXIS_ID_PRODUCT);
    uint32_t constant = ir_sum(ir, rows, number("1", "kg"), NO_OPERAND); /* once for each row */
    assert_op(constant, OP_SUM, "kg");
    ck_assert(ir_is_constant(ir, ir->nodes[constant].in.a));
    assert_constant(ir_sum(ir, rows, number("0", "kg"), NO_OPERAND), "0", "kg");
    assert_constant(ir_sum(ir, rows, product, ir_bool(ir, false)), "0", "kg");
    ck_assert_uint_eq(ir_sum(ir, rows, product, ir_bool(ir, true)), sum);
}
END_TEST

START_TEST(siblings_meet_in_pairs)
{
    uint16_t first = list_axis(AXIS_ID_PRODUCT);
    uint16_t second = list_axis(AXIS_ID_PRODUCT);
    uint16_t pairs = (uint16_t)ir_axis_pair(ir, first, second);
    ck_assert_uint_eq(ir_axis_pair(ir, first, second), pairs);
    uint32_t a = ir_to_axis(ir, datum("kg", false, first), pairs);
    uint32_t b = ir_to_axis(ir, datum("kg", false, second), pairs);
    ck_assert_uint_eq(ir->nodes[a].in.op, OP_SPREAD);
    ck_assert_uint_eq(ir->nodes[b].in.op, OP_SPREAD2);
    uint32_t sum = ir_sum(ir, pairs, ir_mul(ir, a, b), NO_OPERAND);
    ck_assert_uint_eq(ir_axis_of(ir, sum), first);
    ck_assert_uint_eq(ir_axis_depth(ir, pairs), 3);
    assert_refused(ir_to_axis(ir, datum("kg", false, second), first), D_INTERNAL);
    uint16_t self = (uint16_t)ir_axis_pair(ir, first, first); /* a list visited from inside itself has two rows */
    uint32_t mass = datum("kg", false, first);
    uint32_t outer = ir_to_axis(ir, mass, self);
    uint32_t visited = ir_to_visited(ir, mass, first, self);
    ck_assert_uint_eq(ir->nodes[outer].in.op, OP_SPREAD);
    ck_assert_uint_eq(ir->nodes[visited].in.op, OP_SPREAD2);
}
END_TEST

START_TEST(axes_nest_four_deep)
{
    uint16_t axis = AXIS_ID_PRODUCT;
    for (int depth = 2; depth <= LIMIT_AXIS_DEPTH; depth++) {
        axis = list_axis(axis);
        ck_assert_uint_eq(ir_axis_depth(ir, axis), (unsigned)depth);
    }
    assert_refused(ir_axis_list(ir, axis, 0), D_AXIS_TOO_DEEP);
}
END_TEST

START_TEST(connectives_simplify)
{
    uint32_t c = ir_less(ir, datum("kg", false, AXIS_ID_PRODUCT), number("1", "kg"));
    ck_assert_uint_eq(ir_and(ir, ir_bool(ir, true), c), c);
    ck_assert_uint_eq(ir_and(ir, c, ir_bool(ir, true)), c);
    ck_assert(ir_is_false(ir, ir_and(ir, ir_bool(ir, false), c)));
    ck_assert_uint_eq(ir_or(ir, ir_bool(ir, false), c), c);
    ck_assert_uint_eq(ir_not(ir, ir_not(ir, c)), c);
    ck_assert_uint_eq(ir_select(ir, ir_bool(ir, true), number("1", ""), number("2", "")), number("1", ""));
    /* c is asked first and may fail: the result is not known before */
    uint32_t both = ir_and(ir, c, ir_bool(ir, false));
    ck_assert_uint_eq(ir->nodes[both].in.op, OP_AND);
}
END_TEST

/* A table of two years and otherwise, with a hole in its second column. */
static uint32_t sample_table(void)
{
    static uint32_t keys[2];
    static uint32_t rows[3] = {0, 1, 2};
    static uint32_t values[3];
    static uint32_t holes[3];
    static struct prog_column columns[2];
    uint32_t years[2] = {ir_year(ir, 2023), ir_year(ir, 2024)};
    keys[0] = ir->nodes[years[0]].in.a;
    keys[1] = ir->nodes[years[1]].in.a;
    const char *numbers[3] = {"6205/10000", "5777/10000", "1/2"};
    for (int i = 0; i < 3; i++) {
        uint32_t node = number(numbers[i], "kgCO2e/kWh");
        values[i] = ir->nodes[node].in.a;
        holes[i] = i == 1 ? NO_INDEX : values[i];
    }
    for (int i = 0; i < 2; i++) {
        columns[i] = (struct prog_column){.type = VALUE_NUMBER, .choice = NO_INDEX, .is_optional = i == 1};
        columns[i].unit = (uint16_t)ir_unit(ir, unit("kgCO2e/kWh"));
        columns[i].cells = i == 0 ? values : holes;
    }
    struct prog_table table = {.dimension_count = 1, .rows = rows, .row_slots = 3, .row_count = 3, .column_count = 2};
    table.columns = columns;
    table.dimensions[0] = (struct prog_dimension){.type = VALUE_YEAR, .choice = NO_INDEX, .keys = keys, .key_count = 2};
    table.dimensions[0].has_otherwise = true;
    arena_grow(&arena, ir->tables, ir->table_count, ir->table_cap);
    ir->tables[ir->table_count++] = table;
    return (uint32_t)ir->table_count - 1;
}

static uint32_t look_up(uint32_t table, int year, uint32_t column)
{
    uint32_t key = ir_key(ir, table, 0, ir_year(ir, year));
    return ir_column(ir, ir_cell(ir, table, &key), table, column);
}

START_TEST(constant_lookups_fold)
{
    uint32_t table = sample_table();
    assert_constant(look_up(table, 2023, 0), "1241/2000", "kgCO2e/kWh");
    assert_constant(look_up(table, 2024, 0), "5777/10000", "kgCO2e/kWh");
    assert_constant(look_up(table, 1999, 0), "1/2", "kgCO2e/kWh");
    uint32_t absent = look_up(table, 2024, 1);
    ck_assert(!ir_is_constant(ir, absent));
    ck_assert(ir_is_false(ir, ir_given(ir, absent)));
    assert_constant(ir_else(ir, absent, number("1", "kgCO2e/kWh"), false), "1", "kgCO2e/kWh");
    assert_refused(ir_need(ir, absent), D_ALWAYS_MISSING);
}
END_TEST

Suite *ir_suite(void)
{
    Suite *suite = suite_create("ir");
    TCase *cases = tcase_create("builder");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, equal_instructions_are_one);
    tcase_add_test(cases, constants_fold_exactly);
    tcase_add_test(cases, roots_and_powers_fold_where_they_are_fractions);
    tcase_add_test(cases, functions_of_data);
    tcase_add_test(cases, what_fails_with_constants_is_reported);
    tcase_add_test(cases, towers_of_powers_end);
    tcase_add_test(cases, sums_take_the_finer_unit);
    tcase_add_test(cases, beside_data_the_constant_is_converted);
    tcase_add_test(cases, products_compose_units);
    tcase_add_test(cases, scales_beyond_64_bits_become_coherent);
    tcase_add_test(cases, powers_want_plain_numbers_of_scale_one);
    tcase_add_test(cases, nothing_is_done_to_ones_and_zeros);
    tcase_add_test(cases, conversions_of_conversions_are_one);
    tcase_add_test(cases, points_shift);
    tcase_add_test(cases, years_move_by_plain_numbers);
    tcase_add_test(cases, tags_are_dropped_by_plain);
    tcase_add_test(cases, optional_values_are_needed_or_replaced);
    tcase_add_test(cases, axes_are_joined_by_spreads);
    tcase_add_test(cases, siblings_meet_in_pairs);
    tcase_add_test(cases, axes_nest_four_deep);
    tcase_add_test(cases, connectives_simplify);
    tcase_add_test(cases, constant_lookups_fold);
    suite_add_tcase(suite, cases);
    return suite;
}
