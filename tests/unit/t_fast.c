/* The fast engine: what it decides itself, what it leaves to the exact engine, and work in blocks. That its values are
   those of the exact engine is checked by the fixture (run_data) for every program here. */
#include <check.h>
#include <string.h>

#include "tests/unit/engines_agree.h"
#include "vm/fast_run.h"
#include "vm/prepare.h"

Suite *fast_suite(void);

static struct run run;

static void setup(void)
{
    run_start(&run);
}

static void teardown(void)
{
    run_free(&run);
}

static uint32_t number(const char *value)
{
    return builder_number(&run.b, value, 0);
}

static uint32_t field(uint32_t list, const char *name)
{
    return builder_load(&run.b, builder_field(&run.b, list, name, 0));
}

static uint32_t on_product(enum opcode op, uint32_t a, uint32_t b)
{
    return builder_two(&run.b, op, AXIS_ID_PRODUCT, 0, a, b);
}

static uint32_t sum(uint16_t axis, uint32_t a)
{
    return builder_reduce(&run.b, OP_SUM, axis, 0, a, NO_OPERAND);
}

static uint32_t operation(enum opcode op, uint16_t axis, uint16_t imm, uint32_t a, uint32_t b, uint32_t c)
{
    return builder_op(
        &run.b,
        (struct instruction){.op = (uint16_t)op, .axis = axis, .imm = imm, .a = a, .b = b, .c = c, .mask = NO_OPERAND});
}

/* Which products the fast engine left, as "01": one character each; in the fixture's arena. */
static const char *marks(void)
{
    struct outcome *found = NULL;
    struct buf text = buf_in(&run.arena);
    engines_agree(run.fast, &run.batch, run.outcomes, "marks", &found);
    for (uint32_t p = 0; p < run.batch.product_count; p++) {
        buf_char(&text, found[p].is_marked ? '1' : '0');
    }
    return str_copy(&run.arena, buf_str(&text)).at;
}

/* ---- decisions ---- */

START_TEST(decides_raw_data)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t y = field(NO_INDEX, "y");
    run_report_bool(&run, "less", on_product(OP_LT, x, number("1/2")));
    run_report_bool(&run, "same", on_product(OP_EQ, x, y));
    run_report_bool(&run, "none", on_product(OP_EQ, x, number("0")));
    run_data(&run, "[{\"x\": 0.5, \"y\": 0.5}, {\"x\": 0.1, \"y\": 0.10}, {\"x\": 0, \"y\": 1e-30}, {\"x\": 0.7, "
                   "\"y\": 0.7000000000000001}]");
    ck_assert_str_eq(marks(), "0000");
    run_expect(&run, 0, "less", "0");
    run_expect(&run, 1, "same", "1");
    run_expect(&run, 2, "none", "1");
    run_expect(&run, 3, "same", "0");
}
END_TEST

START_TEST(leaves_data_longer_than_doubles)
{
    run_report_bool(&run, "same", on_product(OP_EQ, field(NO_INDEX, "x"), number("1/10")));
    run_data(&run, "[{\"x\": 0.1}, {\"x\": 0.1000000000000000000001}, {\"x\": 0.2}]");
    ck_assert_str_eq(marks(), "010"); /* the chunk holds a datum that its double does not give back */
    run_expect(&run, 0, "same", "1");
    run_expect(&run, 1, "same", "0");
}
END_TEST

/* The square of the square root, which is x, is no value on a grid. */
static uint32_t square_of_root(uint32_t x)
{
    uint32_t root = on_product(OP_SQRT, x, NO_OPERAND);
    return on_product(OP_MUL, root, root);
}

START_TEST(leaves_what_is_too_near_to_decide)
{
    uint32_t square = square_of_root(field(NO_INDEX, "x"));
    run_report_bool(&run, "two", on_product(OP_EQ, square, number("2")));
    run_report(&run, "tenths", 0,
               operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_EVEN, square, number("1/10"), NO_OPERAND));
    run_data(&run, "[{\"x\": 2}, {\"x\": 2.01}, {\"x\": 0.15}]");
    ck_assert_str_eq(marks(), "101");
    run_expect(&run, 0, "two", "1");
    run_expect(&run, 2, "tenths", "1/5");
}
END_TEST

START_TEST(finds_quotients_at_limits)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t y = field(NO_INDEX, "y");
    uint32_t quotient = on_product(OP_DIV, x, y);
    uint32_t sum = on_product(OP_ADD, quotient, on_product(OP_DIV, y, x));
    run_report_bool(&run, "third", on_product(OP_LE, quotient, number("1/3")));
    run_report_bool(&run, "both", on_product(OP_LT, sum, number("10/3")));
    run_report(&run, "tenths", 0,
               operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_EVEN, quotient, number("1/10"), NO_OPERAND));
    run_data(&run,
             "[{\"x\": 0.1, \"y\": 0.3}, {\"x\": 0.1, \"y\": 0.31}, {\"x\": 0.3, \"y\": 1.2}, {\"x\": 0.7, \"y\": "
             "2.1}, {\"x\": 1.05, \"y\": 7}]");
    ck_assert_str_eq(marks(), "00000");
    run_expect(&run, 0, "third", "1");
    run_expect(&run, 0, "both", "0");
    run_expect(&run, 1, "both", "0");
    run_expect(&run, 2, "tenths", "1/5");
    run_expect(&run, 3, "third", "1");
    run_expect(&run, 4, "tenths", "1/5");
}
END_TEST

/* In a branch that is not always taken, where nobody knows that the divisor is not 0. */
START_TEST(finds_quotients_of_branches_at_limits)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t flag = on_product(OP_LT, x, number("1"));
    struct instruction over = {.op = OP_DIV, .axis = AXIS_ID_PRODUCT, .a = x, .c = NO_OPERAND, .mask = flag};
    over.b = on_product(OP_SUB, number("1"), field(NO_INDEX, "y"));
    uint32_t quotient = operation(OP_SELECT, AXIS_ID_PRODUCT, 0, flag, builder_op(&run.b, over), x);
    run_report_bool(&run, "third", on_product(OP_LE, quotient, number("1/3")));
    run_report_bool(&run, "much", on_product(OP_LE, on_product(OP_MUL, quotient, number("11/10")), number("33/25")));
    run_data(&run, "[{\"x\": 0.3, \"y\": 0.1}, {\"x\": 0.31, \"y\": 0.07}, {\"x\": 1.2, \"y\": 0.1}]");
    ck_assert_str_eq(marks(), "000");
    run_expect(&run, 0, "third", "1");
    run_expect(&run, 1, "third", "1");
    run_expect(&run, 2, "much", "1");
}
END_TEST

START_TEST(finds_sums_at_limits)
{
    uint32_t total = on_product(OP_ADD, field(NO_INDEX, "x"), field(NO_INDEX, "y"));
    run_report_bool(&run, "whole", on_product(OP_EQ, total, number("3/10")));
    run_report_bool(&run, "more", on_product(OP_LT, number("3/10"), total));
    run_data(&run, "[{\"x\": 0.1, \"y\": 0.2}, {\"x\": 0.1, \"y\": 0.21}, {\"x\": 0, \"y\": 0}, {\"x\": 0.1, \"y\": "
                   "0.2000000000001}]");
    ck_assert_str_eq(marks(), "0000");
    run_expect(&run, 0, "whole", "1");
    run_expect(&run, 0, "more", "0");
    run_expect(&run, 3, "more", "1");
}
END_TEST

START_TEST(accepts_shares_within_a_tolerance)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint32_t total = sum(run.b.list_axis[list], field(list, "share"));
    uint32_t off = on_product(OP_ABS, on_product(OP_SUB, total, number("1")), NO_OPERAND);
    builder_require(&run.b, AXIS_ID_PRODUCT, on_product(OP_LE, off, number("1/100")), "the shares are not 1");
    run_data(&run, "[{\"ms\": [{\"share\": 0.1}, {\"share\": 0.2}, {\"share\": 0.7}]}, {\"ms\": [{\"share\": 0.33}, "
                   "{\"share\": 0.33}, {\"share\": 0.335}]},"
                   " {\"ms\": [{\"share\": 0.5}, {\"share\": 0.4}]}, {\"ms\": [{\"share\": 0.5}, {\"share\": 0.51}]}]");
    ck_assert_str_eq(marks(), "0010"); /* broken */
    run_expect_failure(&run, 2, 0, "E0709", "the shares are not 1");
    ck_assert(!run.outcomes[3].is_failed);
}
END_TEST

START_TEST(forgets_decisions_that_nobody_needs)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t y = field(NO_INDEX, "y");
    uint32_t is_same = on_product(OP_EQ, square_of_root(x), y);
    uint32_t is_late = on_product(OP_LT, number("5"), field(NO_INDEX, "z"));
    run_report_bool(&run, "both", on_product(OP_AND, is_late, is_same));
    run_data(&run, "[{\"x\": 0.3, \"y\": 0.3, \"z\": 1}, {\"x\": 0.3, \"y\": 0.3, \"z\": 6}]");
    ck_assert_str_eq(marks(), "01");
}
END_TEST

START_TEST(rounds_ties_of_data_itself)
{
    uint32_t x = field(NO_INDEX, "x");
    run_report(&run, "even", 0, operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_EVEN, x, number("1/100"), NO_OPERAND));
    run_report(&run, "up", 0, operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_UP, x, number("1/2"), NO_OPERAND));
    run_report(&run, "floor", 0, operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_FLOOR, x, number("1"), NO_OPERAND));
    run_report(&run, "three", 0, operation(OP_ROUNDSIG, AXIS_ID_PRODUCT, ROUND_HALF_EVEN, x, 3, NO_OPERAND));
    run_data(&run, "[{\"x\": 0.145}, {\"x\": 0.285}, {\"x\": 3}, {\"x\": 0.25}, {\"x\": 99950}, {\"x\": 1e-30}, "
                   "{\"x\": 123456.5}]");
    ck_assert_str_eq(marks(), "0000000");
    run_expect(&run, 0, "even", "7/50");
    run_expect(&run, 1, "even", "7/25");
    run_expect(&run, 2, "floor", "3");
    run_expect(&run, 3, "up", "1/2");
    run_expect(&run, 4, "three", "100000");
    run_expect(&run, 6, "three", "123000");
}
END_TEST

START_TEST(rounds_ties_of_computed_values)
{
    uint32_t x = on_product(OP_MUL, field(NO_INDEX, "x"), field(NO_INDEX, "y"));
    run_report(&run, "r", 0, operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_EVEN, x, number("1/10"), NO_OPERAND));
    run_data(&run, "[{\"x\": 0.5, \"y\": 0.3}, {\"x\": 0.5, \"y\": 0.31}, {\"x\": 0, \"y\": 3}]");
    ck_assert_str_eq(marks(), "000");
    run_expect(&run, 0, "r", "1/5");
    run_expect(&run, 1, "r", "1/5");
}
END_TEST

START_TEST(rounded_values_are_data_again)
{
    uint32_t x = on_product(OP_MUL, field(NO_INDEX, "x"), number("1/3"));
    uint32_t rounded = operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_EVEN, x, number("1/100"), NO_OPERAND);
    run_report_bool(&run, "same", on_product(OP_EQ, rounded, number("33/100")));
    run_report(&run, "again", 0,
               operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_UP, rounded, number("1/10"), NO_OPERAND));
    run_data(&run, "[{\"x\": 1}, {\"x\": 1.051}]");
    ck_assert_str_eq(marks(), "00");
    run_expect(&run, 0, "same", "1");
    run_expect(&run, 1, "again", "2/5");
}
END_TEST

START_TEST(years_move_by_whole_numbers)
{
    uint32_t year = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "t", VALUE_YEAR, NO_INDEX));
    uint32_t later = on_product(OP_ADD, year, field(NO_INDEX, "x"));
    uint32_t limit = builder_constant(&run.b, builder_const(&run.b, VALUE_YEAR, 2030, NO_INDEX));
    run_report_bool(&run, "late", on_product(OP_LE, limit, later));
    run_report(&run, "left", 0, on_product(OP_SUB, limit, later));
    run_data(&run, "[{\"t\": 2024, \"x\": 6}, {\"t\": 2024, \"x\": 5}, {\"t\": 2024, \"x\": 0.5}]");
    ck_assert_str_eq(marks(), "001");
    run_expect(&run, 0, "late", "1");
    run_expect(&run, 1, "left", "1");
    ck_assert(run.outcomes[2].is_failed);
}
END_TEST

/* Their differences have either sign. */
START_TEST(years_lie_apart_both_ways)
{
    uint32_t made = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "made", VALUE_YEAR, NO_INDEX));
    uint32_t now = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "now", VALUE_YEAR, NO_INDEX));
    uint32_t sum = on_product(OP_ADD, on_product(OP_SUB, made, now), field(NO_INDEX, "x"));
    run_report_bool(&run, "less", on_product(OP_LT, sum, number("1/10")));
    run_data(&run, "[{\"made\": 2015, \"now\": 2020, \"x\": 5.1}, {\"made\": 2021, \"now\": 2020, \"x\": 5}]");
    ck_assert_str_eq(marks(), "00"); /* 5.1 - 5 is 0.1, and 0.0999999999999996 in doubles */
    run_expect(&run, 0, "less", "0");
    run_expect(&run, 1, "less", "0");
}
END_TEST

START_TEST(ties_of_raw_rows_are_ties)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t x = field(list, "x");
    uint32_t y = field(list, "y");
    for (uint32_t last = 0; last < 2; last++) {
        uint32_t row = operation(OP_ARGMAX, AXIS_ID_PRODUCT, axis, x, NO_OPERAND, last);
        uint32_t taken = on_product(OP_TAKE, row, y);
        run_report(&run, last == 0 ? "first" : "last", 0, on_product(OP_ELSE, taken, number("0")));
    }
    uint32_t third = builder_two(&run.b, OP_DIV, axis, 0, x, number("3"));
    uint32_t row = operation(OP_ARGMIN, AXIS_ID_PRODUCT, axis, third, NO_OPERAND, 0);
    run_report(&run, "least", 0, on_product(OP_ELSE, on_product(OP_TAKE, row, y), number("0")));
    run_data(&run, "[{\"ms\": [{\"x\": 0.4, \"y\": 1}, {\"x\": 0.4, \"y\": 2}, {\"x\": 0.2, \"y\": 3}]}, {\"ms\": []},"
                   " {\"ms\": [{\"x\": 0.2, \"y\": 1}, {\"x\": 0.2, \"y\": 2}]}]");
    ck_assert_str_eq(marks(), "000");
    run_expect(&run, 0, "first", "1");
    run_expect(&run, 0, "last", "2");
    run_expect(&run, 0, "least", "3");
    run_expect(&run, 2, "least", "1");
}
END_TEST

START_TEST(notes_ties)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t row = operation(OP_ARGMAX, AXIS_ID_PRODUCT, axis, field(list, "x"), NO_OPERAND, TIE_FIRST_NOTED);
    run_report(&run, "y", 0, on_product(OP_ELSE, on_product(OP_TAKE, row, field(list, "y")), number("0")));
    run_data(&run, "[{\"ms\": [{\"x\": 0.4, \"y\": 1}, {\"x\": 0.5, \"y\": 2}, {\"x\": 0.5, \"y\": 3}]},"
                   " {\"ms\": [{\"x\": 0.5, \"y\": 1}, {\"x\": 0.4, \"y\": 2}]}]");
    ck_assert_str_eq(marks(), "00");
    struct outcome *found = NULL;
    engines_agree(run.fast, &run.batch, run.outcomes, "ties", &found);
    const struct note *note = found[0].notes;
    ck_assert(note != NULL && note->kind == NOTE_TIE && note->next == NULL);
    ck_assert(str_eq(note->path, STR("ms[2]")) && str_eq(note->detail, STR("ms[3]")));
    ck_assert(found[1].notes == NULL);
}
END_TEST

/* Rows of factors that are valid for some of the products only, on the product and in a list. */
START_TEST(looks_factors_up_by_period)
{
    uint32_t year = builder_field_of(&run.b, NO_INDEX, "t", VALUE_YEAR, NO_INDEX);
    run.b.program.rule.period_field = year;
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t name = builder_load(&run.b, builder_field_of(&run.b, list, "name", VALUE_TEXT, NO_INDEX));
    uint32_t grid = builder_factor(&run.b, "grid", 0);
    uint32_t bought = builder_factor(&run.b, "bought", 0);
    run.b.program.factors[bought].key_count = 1;
    run.b.program.factors[bought].keys[0].type = FACTOR_KEY_TEXT;
    run.b.program.factors[bought].keys[0].name = builder_text(&run.b, "name");
    uint32_t own = operation(OP_FACTOR, AXIS_ID_PRODUCT, (uint16_t)grid, NO_OPERAND, NO_OPERAND, NO_OPERAND);
    uint32_t of_row = operation(OP_FACTOR, axis, (uint16_t)bought, name, NO_OPERAND, NO_OPERAND);
    uint32_t both = on_product(OP_ADD, own, sum(axis, of_row));
    run_report(&run, "r", 0, both);
    run_factors(&run, "factor,name,value,unit,valid_from,valid_to\n"
                      "grid,,0.5,1,2020-01-01,2021-12-31\ngrid,,0.25,1,2022-01-01,2023-12-31\n"
                      "bought,x,1,1,2020-01-01,2022-12-31\nbought,x,2,1,2023-01-01,\nbought,y,4,1,,\n");
    run_data(&run, "[{\"t\": 2020, \"ms\": [{\"name\": \"x\"}, {\"name\": \"y\"}]},"
                   " {\"t\": 2022, \"ms\": [{\"name\": \"y\"}, {\"name\": \"x\"}, {\"name\": \"x\"}]},"
                   " {\"t\": 2023, \"ms\": [{\"name\": \"x\"}]}, {\"t\": 2023, \"ms\": []},"
                   " {\"t\": 2024, \"ms\": [{\"name\": \"y\"}]}]");
    ck_assert_str_eq(marks(), "00001");
    run_expect(&run, 0, "r", "11/2");
    run_expect(&run, 1, "r", "25/4");
    run_expect(&run, 2, "r", "9/4");
    run_expect(&run, 3, "r", "1/4");
    ck_assert(run.outcomes[4].is_failed); /* no row of the grid is valid in 2024 */
}
END_TEST

/* ---- figures ---- */

START_TEST(bounds_figures_that_cancel)
{
    uint32_t total = on_product(OP_ADD, field(NO_INDEX, "x"), field(NO_INDEX, "y"));
    run_report(&run, "rest", 0, on_product(OP_SUB, total, field(NO_INDEX, "z")));
    run_data(&run, "[{\"x\": 0.1, \"y\": 0.2, \"z\": 0.3}, {\"x\": 0.1, \"y\": 0.2, \"z\": 0.1}, {\"x\": 1e9, \"y\": "
                   "0.2, \"z\": 1e9}]");
    ck_assert_str_eq(marks(), "000"); /* the error is within the bound; what is done with such figures: t_slices.c */
    run_expect(&run, 0, "rest", "0");
    run_expect(&run, 2, "rest", "1/5");
}
END_TEST

/* A negative zero that is all that is left of a number has a bound, as any other. */
START_TEST(bounds_negative_zeros)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t y = field(NO_INDEX, "y");
    uint32_t rest = on_product(OP_MUL, x, on_product(OP_SUB, number("1"), y));
    uint32_t sum = on_product(OP_ADD, rest, on_product(OP_MUL, x, y)); /* x */
    uint32_t negative = on_product(OP_SUB, on_product(OP_DIV, sum, number("-1")), field(NO_INDEX, "z"));
    run_report_bool(&run, "less", on_product(OP_LT, negative, number("-1")));
    run_report(&run, "root", 0, on_product(OP_SQRT, on_product(OP_ADD, negative, number("10")), NO_OPERAND));
    run_data(&run, "[{\"x\": 3.07, \"y\": 1e17, \"z\": 0}, {\"x\": 3, \"y\": 0.5, \"z\": 0}]");
    ck_assert_str_eq(marks(), "10");
    run_expect(&run, 0, "less", "1");
    run_expect(&run, 1, "less", "1");
}
END_TEST

START_TEST(leaves_what_gets_too_large_or_too_small)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t power = operation(OP_POWI, AXIS_ID_PRODUCT, 0, x, 12, NO_OPERAND);
    uint32_t fraction = on_product(OP_DIV, number("1"), power);
    run_report(&run, "r", 0, on_product(OP_MUL, fraction, power));
    run_data(&run, "[{\"x\": 2}, {\"x\": 1e40}, {\"x\": 1e-40}]");
    ck_assert_str_eq(marks(), "011");
    run_expect(&run, 1, "r", "1");
    run_expect(&run, 2, "r", "1");
}
END_TEST

START_TEST(converts_points)
{
    uint16_t celsius = builder_point(&run.b, "℃", "1", "K", "5463/20");
    uint16_t fahrenheit = builder_point(&run.b, "℉", "5/9", "K", "45967/180");
    builder_declare_unit(&run.b, fahrenheit);
    uint32_t at = builder_field(&run.b, NO_INDEX, "t", celsius);
    builder_the_field(&run.b, at)->low = NO_INDEX;
    uint32_t shifted = builder_op(&run.b, (struct instruction){.op = OP_SHIFT,
                                                               .axis = AXIS_ID_PRODUCT,
                                                               .unit = fahrenheit,
                                                               .a = builder_load(&run.b, at),
                                                               .b = builder_rational(&run.b, "9/5"),
                                                               .c = builder_rational(&run.b, "32"),
                                                               .mask = NO_OPERAND});
    run_report(&run, "r", fahrenheit, shifted);
    run_report_bool(&run, "hot",
                    builder_two(&run.b, OP_LT, AXIS_ID_PRODUCT, 0, builder_number(&run.b, "212", fahrenheit), shifted));
    run_data(&run, "[{\"t\": 100.1}, {\"t\": -40}, {\"t\": 36.6}, {\"t\": 100}]");
    ck_assert_str_eq(marks(), "0000");
    run_expect(&run, 0, "hot", "1");
    run_expect(&run, 1, "r", "-40");
    run_expect(&run, 2, "r", "2447/25");
    run_expect(&run, 3, "hot", "0");
}
END_TEST

/* ---- failures and notes ---- */

START_TEST(leaves_failures)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t is_some = on_product(OP_LT, number("0"), x);
    uint32_t quotient = on_product(OP_DIV, number("6"), x);
    builder_mask(&run.b, quotient, is_some);
    run_report(&run, "safe", 0, operation(OP_SELECT, AXIS_ID_PRODUCT, 0, is_some, quotient, number("0")));
    run_report(&run, "raw", 0, on_product(OP_DIV, number("6"), field(NO_INDEX, "y")));
    run_data(&run, "[{\"x\": 2, \"y\": 1}, {\"x\": 0, \"y\": 1}, {\"x\": 2, \"y\": 0}, {\"x\": \"many\", \"y\": 1}]");
    ck_assert_str_eq(marks(), "0010");
    run_expect(&run, 1, "safe", "0");
    run_expect_failure(&run, 2, 0, "E0701", "6 is divided by 0");
    ck_assert(run.outcomes[3].is_failed);
}
END_TEST

START_TEST(notes_defaults_and_warnings)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    builder_the_field(&run.b, list)->is_optional = 1;
    uint32_t distance = builder_field(&run.b, list, "distance", 0);
    builder_the_field(&run.b, distance)->is_optional = 1;
    uint32_t taken = operation(OP_ELSE, axis, 1, builder_load(&run.b, distance), number("1/8"), NO_OPERAND);
    run_report(&run, "r", 0, sum(axis, taken));
    uint32_t warning = builder_require(&run.b, axis, builder_two(&run.b, OP_LT, axis, 0, taken, number("100")), "far");
    run.b.program.code[warning].op = OP_WARN;
    run_data(&run, "[{\"ms\": [{\"distance\": 3}, {}, {\"distance\": 200}, {}]}, {}]");
    ck_assert_str_eq(marks(), "00");
    struct outcome *found = NULL;
    engines_agree(run.fast, &run.batch, run.outcomes, "notes", &found);
    const struct note *note = found[0].notes;
    ck_assert(note != NULL && note->kind == NOTE_DEFAULT && note->rows == 2);
    ck_assert_msg(str_eq(note->path, STR("ms[2].distance")) && str_eq(note->detail, STR("0.125")), "%.*s",
                  STR_FMT(note->path));
    note = note->next;
    ck_assert(note != NULL && note->kind == NOTE_WARNING && str_eq(note->path, STR("ms[3]")) && note->next == NULL);
    ck_assert(found[1].notes != NULL && found[1].notes->kind == NOTE_LIST_ABSENT);
}
END_TEST

START_TEST(leaves_products_over_budget)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint32_t x = field(list, "x");
    uint16_t axis = run.b.list_axis[list];
    run_report(&run, "r", 0, sum(axis, builder_two(&run.b, OP_MUL, axis, 0, x, x)));
    run.cost_limit = 30;
    run_data(&run, "[{\"ms\": [{\"x\": 1}, {\"x\": 2}]}, {\"ms\": [{\"x\": 1}, {\"x\": 1}, {\"x\": 1}, {\"x\": 1}, "
                   "{\"x\": 1}, {\"x\": 1},"
                   " {\"x\": 1}, {\"x\": 1}, {\"x\": 1}, {\"x\": 1}, {\"x\": 1}, {\"x\": 1}]}]");
    ck_assert_str_eq(marks(), "01");
    ck_assert(run.outcomes[1].is_failed);
}
END_TEST

/* ---- long lists ---- */

/* {"ms": [{"x": 1}, {"x": 2}, ...]} with x counting from 1 to `period` again and again. */
static const char *long_list(uint32_t rows, uint32_t period)
{
    struct buf text = buf_in(&run.arena);
    buf_add(&text, STR("[{\"ms\": ["));
    for (uint32_t i = 0; i < rows; i++) {
        buf_format(&text, "%s{\"x\": %u}", i > 0 ? "," : "", i % period + 1);
    }
    buf_add(&text, STR("]}, {\"ms\": [{\"x\": 5}, {\"x\": 5}]}, {\"ms\": []}]"));
    return str_copy(&run.arena, buf_str(&text)).at;
}

START_TEST(sums_long_lists_well)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t tenths = builder_two(&run.b, OP_DIV, axis, 0, field(list, "x"), number("10"));
    uint32_t around = builder_two(&run.b, OP_SUB, axis, 0, tenths, number("1/3"));
    run_report(&run, "sum", 0, sum(axis, tenths));
    run_report(&run, "around", 0, sum(axis, around));
    run_data(&run, long_list(20000, 9));
    ck_assert_str_eq(marks(), "0");         /* longer than a chunk: the next products are in another */
    run_expect(&run, 0, "sum", "99993/10"); /* 2222 times 45, and 1 + 2, as tenths */
}
END_TEST

/* Pairs of all rows: 22,500 of them, three blocks; the sum over the pairs of a row goes back into them. */
START_TEST(works_through_pairs_in_blocks)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t x = field(list, "x");
    uint16_t pair = builder_pair(&run.b, axis, axis);
    uint32_t mine = builder_one(&run.b, OP_SPREAD, pair, 0, x);
    uint32_t other = builder_one(&run.b, OP_SPREAD2, pair, 0, x);
    uint32_t product = builder_two(&run.b, OP_MUL, pair, 0, mine, other);
    uint32_t of_row = builder_reduce(&run.b, OP_SUM, pair, 0, product, NO_OPERAND);
    uint32_t back = builder_one(&run.b, OP_SPREAD, pair, 0, of_row);
    uint32_t share = builder_two(&run.b, OP_DIV, pair, 0, product, back);
    uint32_t is_small = builder_two(&run.b, OP_LT, pair, 0, mine, other);
    uint32_t shares = builder_reduce(&run.b, OP_SUM, pair, 0, share, is_small);
    run_report(&run, "all", 0, sum(axis, of_row));
    run_report(&run, "shares", 0, sum(axis, shares));
    run_data(&run, long_list(150, 5));
    ck_assert_str_eq(marks(), "000");
    run_expect(&run, 0, "all", "202500"); /* (30 * 15)^2 */
    run_expect(&run, 0, "shares", "80");  /* 30 rows each of 14/15, 12/15, 9/15, 5/15 and 0 */
    run_expect(&run, 1, "all", "100");
    run_expect(&run, 2, "all", "0");
}
END_TEST

START_TEST(works_through_ranges_in_blocks)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t x = field(list, "x");
    uint16_t range = builder_range(&run.b, axis, number("1"), x, 400);
    uint32_t index = builder_one(&run.b, OP_INDEX, range, 0, NO_OPERAND);
    uint16_t inside = builder_range(&run.b, range, number("1"), number("2"), 2);
    uint32_t counted = builder_reduce(&run.b, OP_COUNT, inside, 0, NO_OPERAND, NO_OPERAND);
    uint32_t twice = builder_two(&run.b, OP_MUL, range, 0, index, counted);
    run_report(&run, "r", 0, sum(axis, builder_reduce(&run.b, OP_SUM, range, 0, twice, NO_OPERAND)));
    run_data(&run, long_list(200, 200));
    ck_assert_str_eq(marks(), "000");
    run_expect(&run, 0, "r", "2706800"); /* sum of n (n + 1) up to 200 */
    run_expect(&run, 1, "r", "60");
}
END_TEST

START_TEST(leaves_ranges_that_are_none)
{
    uint16_t range = builder_range(&run.b, AXIS_ID_PRODUCT, number("1"), field(NO_INDEX, "n"), 5);
    run_report(&run, "r", 0, sum(range, builder_one(&run.b, OP_INDEX, range, 0, NO_OPERAND)));
    run_data(&run, "[{\"n\": 5}, {\"n\": 6}, {\"n\": 2.5}, {\"n\": 0}]");
    ck_assert_str_eq(marks(), "0110");
    run_expect(&run, 0, "r", "15");
    run_expect(&run, 3, "r", "0");
    ck_assert(run.outcomes[1].is_failed && run.outcomes[2].is_failed);
}
END_TEST

START_TEST(leaves_too_many_pairs)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t x = field(list, "x");
    uint16_t pair = builder_pair(&run.b, axis, axis);
    uint32_t other = builder_one(&run.b, OP_SPREAD2, pair, 0, x);
    run_report(&run, "r", 0, sum(axis, builder_reduce(&run.b, OP_SUM, pair, 0, other, NO_OPERAND)));
    run_data(&run, long_list(1100, 10));
    ck_assert_str_eq(marks(), "100");
    ck_assert(run.outcomes[0].is_failed);
    run_expect(&run, 1, "r", "20");
}
END_TEST

/* Back and forth between a list and its pairs: more loops than are worth while. */
START_TEST(leaves_programs_that_are_too_tangled)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint16_t pair = builder_pair(&run.b, axis, axis);
    uint32_t value = field(list, "x");
    for (int i = 0; i < 70; i++) {
        uint32_t spread = builder_one(&run.b, OP_SPREAD, pair, 0, value);
        uint32_t least = builder_reduce(&run.b, OP_LEAST, pair, 0, spread, NO_OPERAND);
        value = builder_two(&run.b, OP_ELSE, axis, 0, least, number("0"));
    }
    run_report(&run, "r", 0, sum(axis, value));
    run_data(&run, "[{\"ms\": [{\"x\": 1}, {\"x\": 2}]}]");
    ck_assert_str_eq(marks(), "1");
    run_expect(&run, 0, "r", "3");
    engines_report_alike(&run, run.binding, "tangled");
}
END_TEST

/* ---- preparation ---- */

START_TEST(reuses_registers)
{
    uint32_t value = field(NO_INDEX, "x");
    for (int i = 0; i < 40; i++) {
        value = on_product(OP_ADD, on_product(OP_MUL, value, number("2")), number("1"));
    }
    run_report(&run, "r", 0, value);
    run_prepare(&run);
    struct prepared *prepared = prepare_program(&run.arena, run.verified);
    ck_assert(prepared->is_supported);
    ck_assert_uint_eq(prepared->axes[AXIS_ID_PRODUCT].slots[WIDTH_8], 2);
    ck_assert(!prepared->facts[value].has_bounds && prepared->facts[value].sign == 1);
    run_data(&run, "[{\"x\": 1}]");
    run_expect(&run, 0, "r", "2199023255551"); /* 2^40 + 2^40 - 1 */
}
END_TEST

START_TEST(knows_signs)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t difference = on_product(OP_SUB, number("1"), x);
    uint32_t square = on_product(OP_MUL, x, x);
    uint32_t limited = on_product(OP_MAX, difference, number("0"));
    uint32_t result = on_product(OP_ADD, square, limited);
    run_report(&run, "r", 0, result);
    run_prepare(&run);
    const struct fact *facts = prepare_program(&run.arena, run.verified)->facts;
    ck_assert(facts[difference].has_bounds && facts[difference].sign == 0);
    ck_assert(!facts[square].has_bounds && facts[square].sign == 1);
    ck_assert(facts[limited].has_bounds && facts[limited].sign == 1);
    ck_assert(facts[result].has_bounds);
    ck_assert(facts[number("1")].is_single && facts[number("1")].is_whole);
    run_data(&run, "[{\"x\": 3}]");
    run_expect(&run, 0, "r", "9");
}
END_TEST

static const struct fact *fact_of(const struct prepared *prepared, uint32_t instruction)
{
    return &prepared->facts[instruction];
}

START_TEST(knows_ranges)
{
    uint32_t share = builder_field(&run.b, NO_INDEX, "share", 0);
    uint32_t loss = builder_field(&run.b, NO_INDEX, "loss", 0);
    builder_the_field(&run.b, share)->high = builder_rational(&run.b, "1");
    builder_the_field(&run.b, loss)->high = builder_rational(&run.b, "1/2");
    uint32_t x = builder_load(&run.b, share);
    uint32_t y = builder_load(&run.b, loss);
    uint32_t rest = on_product(OP_SUB, number("1"), x);
    uint32_t kept = on_product(OP_SUB, number("1"), y);
    uint32_t rounded = operation(OP_ROUND, AXIS_ID_PRODUCT, ROUND_HALF_UP, y, number("1/10"), NO_OPERAND);
    uint32_t product = on_product(OP_MUL, rest, kept);
    uint32_t far = on_product(OP_SUB, number("3"), on_product(OP_MUL, number("4"), rounded));
    run_report(&run, "r", 0, on_product(OP_ADD, product, far));
    run_prepare(&run);
    const struct prepared *prepared = prepare_program(&run.arena, run.verified);
    ck_assert(fact_of(prepared, rest)->least == 0 && fact_of(prepared, rest)->most == 1);
    ck_assert(fact_of(prepared, rest)->sign == 1 && fact_of(prepared, rest)->has_bounds);
    ck_assert(fact_of(prepared, kept)->least == 0.5 && !fact_of(prepared, kept)->has_bounds);
    ck_assert(fact_of(prepared, kept)->spread[0] == 2 && fact_of(prepared, kept)->spread[1] == 1);
    ck_assert(fact_of(prepared, product)->least == 0 && fact_of(prepared, product)->most == 1);
    ck_assert(!fact_of(prepared, product)->is_checked || fact_of(prepared, product)->high <= 1);
    ck_assert(fact_of(prepared, far)->least > 0.999 && fact_of(prepared, far)->least <= 1);
    run_data(&run,
             "[{\"share\": 1, \"loss\": 0.5}, {\"share\": 0, \"loss\": 0.25}, {\"share\": 0.999999999, \"loss\": 0}]");
    ck_assert_str_eq(marks(), "000");
    run_expect(&run, 0, "r", "1");
    run_expect(&run, 1, "r", "51/20");
}
END_TEST

static uint32_t between(const char *name, const char *low, const char *high)
{
    uint32_t added = builder_field(&run.b, NO_INDEX, name, 0);
    builder_the_field(&run.b, added)->low = builder_rational(&run.b, low);
    builder_the_field(&run.b, added)->high = builder_rational(&run.b, high);
    return builder_load(&run.b, added);
}

/* Of two ends that are equal as doubles one may be less: 7 times this double next to -5/7 is less than -5. */
START_TEST(ranges_go_to_the_furthest_end)
{
    uint32_t x = between("x", "-5", "7");
    uint32_t y = between("y", "-6433713753386423/9007199254740992", "1");
    uint32_t product = on_product(OP_MUL, x, y);
    run_report(&run, "r", 0, product);
    run_prepare(&run);
    const struct prepared *prepared = prepare_program(&run.arena, run.verified);
    ck_assert(fact_of(prepared, product)->least < -5 && fact_of(prepared, product)->least > -5.0001);
    ck_assert(fact_of(prepared, product)->most == 7);
}
END_TEST

/* Differences have bounds only where data are next to each other. */
START_TEST(drops_bounds_that_data_do_not_need)
{
    uint32_t x = field(NO_INDEX, "x");
    uint32_t rest = on_product(OP_SUB, number("1"), x);
    run_report(&run, "r", 0, on_product(OP_MUL, rest, x));
    run_data(&run, "[{\"x\": 0.1}, {\"x\": 1}, {\"x\": 2.5}]");
    const struct fast *fast = run.fast;
    ck_assert_ptr_null(fast->registers[rest].bounds);
    ck_assert(fast->registers[rest].k >= 1 && fast->registers[rest].k < 8);
    run_expect(&run, 1, "r", "0");
    run_expect(&run, 2, "r", "-15/4");
    arena_free(&run.batch.arena);
    memset(&run.batch, 0, sizeof run.batch);
    run_data(&run, "[{\"x\": 0.1}, {\"x\": 0.9999999}]");
    ck_assert_ptr_nonnull(fast->registers[rest].bounds);
}
END_TEST

Suite *fast_suite(void)
{
    Suite *suite = suite_create("fast");
    TCase *decisions = tcase_create("decisions");
    tcase_add_checked_fixture(decisions, setup, teardown);
    tcase_add_test(decisions, decides_raw_data);
    tcase_add_test(decisions, leaves_data_longer_than_doubles);
    tcase_add_test(decisions, leaves_what_is_too_near_to_decide);
    tcase_add_test(decisions, finds_quotients_of_branches_at_limits);
    tcase_add_test(decisions, finds_sums_at_limits);
    tcase_add_test(decisions, finds_quotients_at_limits);
    tcase_add_test(decisions, accepts_shares_within_a_tolerance);
    tcase_add_test(decisions, forgets_decisions_that_nobody_needs);
    tcase_add_test(decisions, rounds_ties_of_data_itself);
    tcase_add_test(decisions, rounds_ties_of_computed_values);
    tcase_add_test(decisions, rounded_values_are_data_again);
    tcase_add_test(decisions, years_move_by_whole_numbers);
    tcase_add_test(decisions, years_lie_apart_both_ways);
    tcase_add_test(decisions, ties_of_raw_rows_are_ties);
    tcase_add_test(decisions, notes_ties);
    tcase_add_test(decisions, looks_factors_up_by_period);
    suite_add_tcase(suite, decisions);
    TCase *figures = tcase_create("figures");
    tcase_add_checked_fixture(figures, setup, teardown);
    tcase_add_test(figures, bounds_figures_that_cancel);
    tcase_add_test(figures, bounds_negative_zeros);
    tcase_add_test(figures, leaves_what_gets_too_large_or_too_small);
    tcase_add_test(figures, converts_points);
    tcase_add_test(figures, leaves_failures);
    tcase_add_test(figures, notes_defaults_and_warnings);
    tcase_add_test(figures, leaves_products_over_budget);
    suite_add_tcase(suite, figures);
    TCase *rows = tcase_create("rows");
    tcase_set_timeout(rows, 20);
    tcase_add_checked_fixture(rows, setup, teardown);
    tcase_add_test(rows, sums_long_lists_well);
    tcase_add_test(rows, works_through_pairs_in_blocks);
    tcase_add_test(rows, works_through_ranges_in_blocks);
    tcase_add_test(rows, leaves_ranges_that_are_none);
    tcase_add_test(rows, leaves_too_many_pairs);
    tcase_add_test(rows, leaves_programs_that_are_too_tangled);
    suite_add_tcase(suite, rows);
    TCase *preparation = tcase_create("preparation");
    tcase_add_checked_fixture(preparation, setup, teardown);
    tcase_add_test(preparation, reuses_registers);
    tcase_add_test(preparation, knows_signs);
    tcase_add_test(preparation, knows_ranges);
    tcase_add_test(preparation, ranges_go_to_the_furthest_end);
    tcase_add_test(preparation, drops_bounds_that_data_do_not_need);
    suite_add_tcase(suite, preparation);
    return suite;
}
