/* The exact engine on numbers that are not known as rationals: what is decided of them, and the limits of long ones. */
#include <check.h>
#include <string.h>

#include "tests/unit/run_fixture.h"

Suite *exact_reals_suite(void);

static uint32_t function(struct run *run, enum opcode op, uint32_t a)
{
    struct instruction at = {.op = (uint16_t)op,
                             .axis = run->b.program.code[a].axis,
                             .a = a,
                             .b = NO_OPERAND,
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    return builder_op(&run->b, at);
}

static uint32_t two(struct run *run, enum opcode op, uint32_t a, uint32_t b)
{
    return builder_two(&run->b, op, run->b.program.code[a].axis, 0, a, b);
}

static uint32_t rounded(struct run *run, enum rounding mode, uint32_t a, const char *step)
{
    struct instruction at = {.op = OP_ROUND,
                             .axis = AXIS_ID_PRODUCT,
                             .imm = (uint16_t)mode,
                             .a = a,
                             .b = builder_number(&run->b, step, 0),
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    return builder_op(&run->b, at);
}

static uint32_t field(struct run *run, const char *name)
{
    return builder_load(&run->b, builder_field(&run->b, NO_INDEX, name, 0));
}

/* sqrt(x) * (sqrt(4 x) / 2): x, by two enclosures. */
static uint32_t same_as(struct run *run, uint32_t x)
{
    uint32_t four = two(run, OP_MUL, x, builder_number(&run->b, "4", 0));
    uint32_t half = two(run, OP_DIV, function(run, OP_SQRT, four), builder_number(&run->b, "2", 0));
    return two(run, OP_MUL, function(run, OP_SQRT, x), half);
}

/* exp(ln(x)): so is this. */
static uint32_t also_same_as(struct run *run, uint32_t x)
{
    return function(run, OP_EXP, function(run, OP_LN, x));
}

START_TEST(compares_what_is_equal)
{
    struct run run;
    run_start(&run);
    uint32_t x = field(&run, "x");
    uint32_t y = field(&run, "y");
    uint32_t root = same_as(&run, x);
    uint32_t power = also_same_as(&run, y);
    run_report_bool(&run, "at most", two(&run, OP_LE, root, x));
    run_report_bool(&run, "below", two(&run, OP_LT, root, x));
    run_report_bool(&run, "equal", two(&run, OP_EQ, root, x));
    run_report_bool(&run, "roots below", two(&run, OP_LT, root, power));
    run_report_bool(&run, "roots equal", two(&run, OP_EQ, root, power));
    run_data(&run, "[{\"x\": 2, \"y\": 2}, {\"x\": 3, \"y\": 3.00000000000001}, {\"x\": 5, \"y\": 4.99}]");
    for (uint32_t p = 0; p < 3; p++) {
        run_expect(&run, p, "at most", "1");
        run_expect(&run, p, "below", "0");
        run_expect(&run, p, "equal", "1");
        run_expect(&run, p, "roots below", p == 1 ? "1" : "0");
        run_expect(&run, p, "roots equal", p == 0 ? "1" : "0");
    }
    run_free(&run);
}
END_TEST

/* Numbers that differ by a relative 10^-70, 10^-200 and 10^-320: it takes 512 and 1280 bits to tell; the last, beyond
   2^-1024, is none. */
START_TEST(takes_as_many_bits_as_it_needs)
{
    struct run run;
    run_start(&run);
    uint32_t x = field(&run, "x");
    static const char *const names[] = {"first", "second", "third"};
    static const int exponents[] = {70, 200, 320};
    for (size_t i = 0; i < countof(names); i++) {
        struct rat less = rat_sub(&run.arena, RAT_ONE, rat_pow(&run.arena, rat_int(10), -exponents[i]));
        uint32_t factor = builder_number(&run.b, rat_text(&run.arena, less).at, 0);
        run_report_bool(&run, names[i], two(&run, OP_LT, two(&run, OP_MUL, same_as(&run, x), factor), x));
    }
    run_data(&run, "[{\"x\": 7}]");
    run_expect(&run, 0, "first", "1");
    run_expect(&run, 0, "second", "1");
    run_expect(&run, 0, "third", "0");
    run_free(&run);
}
END_TEST

START_TEST(rounds_and_looks_up_what_is_on_the_edge)
{
    struct run run;
    run_start(&run);
    struct builder *b = &run.b;
    uint32_t x = field(&run, "x");
    uint32_t same = same_as(&run, x);
    run_report(&run, "floor", 0, rounded(&run, ROUND_FLOOR, same, "1"));
    run_report(&run, "ceil", 0, rounded(&run, ROUND_CEIL, same, "1"));
    run_report(&run, "even", 0, rounded(&run, ROUND_HALF_EVEN, same, "2"));
    struct instruction digits = {
        .op = OP_ROUNDSIG, .axis = AXIS_ID_PRODUCT, .a = same, .b = 1, .c = NO_OPERAND, .mask = NO_OPERAND};
    run_report(&run, "digit", 0, builder_op(b, digits));
    run_report(&run, "most", 0, rounded(&run, ROUND_FLOOR, two(&run, OP_MAX, same, also_same_as(&run, x)), "1"));
    const uint32_t rows[] = {0, 1, 2};
    uint32_t table = builder_table(b, "rate", 1, 3);
    struct prog_dimension *steps = builder_dimension(b, table, VALUE_NUMBER);
    steps->key_count = 2; /* up to 3, below 5, otherwise */
    steps->keys = arena_array(&b->arena, uint32_t, 2);
    steps->keys[0] = builder_rational(b, "3");
    steps->keys[1] = builder_rational(b, "5");
    steps->is_below = arena_array(&b->arena, uint8_t, 2);
    steps->is_below[1] = 1;
    steps->has_otherwise = true;
    builder_rows(b, table, rows, 3);
    const uint32_t cells[] = {builder_rational(b, "10"), builder_rational(b, "20"), builder_rational(b, "30")};
    builder_column(b, table, 0, "", VALUE_NUMBER, 0, cells);
    struct instruction at = {.op = OP_STEP_KEY,
                             .axis = AXIS_ID_PRODUCT,
                             .imm = (uint16_t)table,
                             .a = same,
                             .b = 0,
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    at.a = builder_op(b, at);
    at.op = OP_CELL;
    at.b = NO_OPERAND;
    at.a = builder_op(b, at);
    at.op = OP_COLUMN;
    at.imm = 0;
    run_report(&run, "step", 0, builder_op(b, at));
    run_data(&run, "[{\"x\": 3}, {\"x\": 5}, {\"x\": 45}]");
    static const char *const wanted[3][6] = {
        {"3",  "3",  "4",  "3",  "3",  "10"},
        {"5",  "5",  "4",  "5",  "5",  "30"},
        {"45", "45", "44", "40", "45", "30"}
    };
    for (uint32_t p = 0; p < 3; p++) {
        run_expect(&run, p, "floor", wanted[p][0]);
        run_expect(&run, p, "ceil", wanted[p][1]);
        run_expect(&run, p, "even", wanted[p][2]);
        run_expect(&run, p, "digit", wanted[p][3]);
        run_expect(&run, p, "most", wanted[p][4]);
        run_expect(&run, p, "step", wanted[p][5]);
    }
    run_free(&run);
}
END_TEST

/* Rows whose values are equal, if by other ways: a tie, and a note. */
START_TEST(notes_rows_that_are_equal)
{
    struct run run;
    run_start(&run);
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t x = builder_load(&run.b, builder_field(&run.b, list, "x", 0));
    uint32_t share = builder_load(&run.b, builder_field(&run.b, list, "share", 0));
    struct instruction largest = {.op = OP_ARGMAX,
                                  .axis = AXIS_ID_PRODUCT,
                                  .imm = axis,
                                  .a = two(&run, OP_MUL, share, same_as(&run, x)),
                                  .b = NO_OPERAND,
                                  .c = TIE_FIRST_NOTED,
                                  .mask = NO_OPERAND};
    struct instruction take = {.op = OP_TAKE,
                               .axis = AXIS_ID_PRODUCT,
                               .a = builder_op(&run.b, largest),
                               .b = x,
                               .c = NO_OPERAND,
                               .mask = NO_OPERAND};
    struct instruction need = {.op = OP_NEED,
                               .axis = AXIS_ID_PRODUCT,
                               .a = builder_op(&run.b, take),
                               .b = NO_OPERAND,
                               .c = NO_OPERAND,
                               .mask = NO_OPERAND};
    run_report(&run, "r", 0, builder_op(&run.b, need));
    run_data(&run,
             "[{\"ms\": [{\"x\": 5, \"share\": 2}, {\"x\": 3, \"share\": 7}, {\"x\": 7, \"share\": 3}]},"
             " {\"ms\": [{\"x\": 5, \"share\": 2}, {\"x\": 3, \"share\": 6.9999999999}, {\"x\": 7, \"share\": 3}]}]");
    run_expect(&run, 0, "r", "3");
    ck_assert_ptr_nonnull(run.outcomes[0].notes);
    ck_assert_int_eq(run.outcomes[0].notes->kind, NOTE_TIE);
    run_expect(&run, 1, "r", "7");
    ck_assert_ptr_null(run.outcomes[1].notes);
    run_free(&run);
}
END_TEST

START_TEST(divides_by_nothing)
{
    struct run run;
    run_start(&run);
    uint32_t x = field(&run, "x");
    uint32_t nothing = two(&run, OP_SUB, same_as(&run, x), field(&run, "y"));
    run_report(&run, "r", 0, two(&run, OP_DIV, x, nothing));
    run_report(&run, "root", 0, rounded(&run, ROUND_HALF_EVEN, function(&run, OP_SQRT, nothing), "1"));
    run_data(&run, "[{\"x\": 2, \"y\": 2}, {\"x\": 3, \"y\": 2}, {\"x\": 3, \"y\": 4}]");
    run_expect_failure(&run, 0, 0, "E0701", "");
    ck_assert_uint_eq(run_message_count(&run, 0), 1); /* the root of 0 is 0 */
    run_expect(&run, 1, "root", "1");
    run_expect(&run, 1, "r", "3");
    run_expect_failure(&run, 2, 0, "E0790", "is negative");
    run_free(&run);
}
END_TEST

/* ---- figures ---- */

START_TEST(reports_what_is_on_a_tie)
{
    struct run run;
    run_start(&run);
    uint32_t same = same_as(&run, field(&run, "x"));
    run_report(&run, "r", 0, same);
    struct builder *b = &run.b;
    uint32_t stage = builder_stage(b, "works");
    builder_emit(b, stage, "heat",
                 builder_two(b, OP_MUL, AXIS_ID_PRODUCT, b->co2e, same, builder_number(b, "1", b->co2e)));
    run_data(&run, "[{\"x\": 1.000005}, {\"x\": 1.000015}, {\"x\": 2}, {\"x\": 1e-9}]");
    static const char *const wanted[] = {"1.00000", "1.00002", "2.00000", "0.00000000100000"};
    for (uint32_t p = 0; p < 4; p++) {
        const struct zuji_result *result = run_result(&run, p);
        ck_assert_str_eq(result->reports.items[0].reported, wanted[p]);
        ck_assert_str_eq(result->total.reported, wanted[p]);
        ck_assert_int_eq(run.outcomes[p].bits, p == 2 || p == 3 ? ENCLOSURE_BITS_FIRST : ENCLOSURE_BITS_LAST);
    }
    run_free(&run);
}
END_TEST

/* ---- long numbers ---- */

static uint32_t square(struct run *run, uint32_t x, int times)
{
    for (int i = 0; i < times; i++) {
        x = two(run, OP_MUL, x, x);
    }
    return x;
}

/* 0.99 to the power 2^14 has 100^(2^14) below it, of 108,851 bits; what can be told of it can be told still. */
START_TEST(goes_on_with_numbers_that_are_too_long)
{
    struct run run;
    run_start(&run);
    uint32_t x = field(&run, "x");
    uint32_t y = field(&run, "y");
    uint32_t power = square(&run, x, 14);
    uint32_t other = two(&run, OP_DIV, square(&run, two(&run, OP_MUL, x, y), 14), square(&run, y, 14));
    run_report(&run, "power", 0, power);
    run_report_bool(&run, "equal", two(&run, OP_EQ, power, other));
    run_report_bool(&run, "below", two(&run, OP_LT, power, other));
    run_data(&run, "[{\"x\": 0.99, \"y\": 0.98}, {\"x\": 0.7, \"y\": 0.98}, {\"x\": 1, \"y\": 1.01}]");
    run_expect(&run, 0, "equal", "1");
    run_expect(&run, 0, "below", "0");
    const struct zuji_result *result = run_result(&run, 0);
    ck_assert_str_eq(result->reports.items[0].reported, /* Python: Decimal("0.99") ** 16384 to six digits */
                     "0.00000000000000000000000000000000000000000000000000000000000000000000000306922");
    run_expect_failure(&run, 1, 0, "E0793", "10^-1000 to 10^1000");
    run_expect(&run, 2, "power", "1");
    run_expect(&run, 2, "equal", "1");
    run_free(&run);
}
END_TEST

START_TEST(bounds_the_work_on_long_numbers)
{
    struct run run;
    run_start(&run);
    run.cost_limit = 1000;
    run_report(&run, "r", 0, square(&run, field(&run, "x"), 12));
    run_data(&run, "[{\"x\": 0.999}, {\"x\": 1}]");
    run_expect_failure(&run, 0, 0, "E0721", "beyond 100000 steps on long numbers");
    ck_assert_uint_eq(run_message_count(&run, 0), 1);
    run_expect(&run, 1, "r", "1");
    run_free(&run);
}
END_TEST

Suite *exact_reals_suite(void)
{
    Suite *suite = suite_create("exact_reals");
    TCase *reals = tcase_create("reals");
    tcase_add_test(reals, compares_what_is_equal);
    tcase_add_test(reals, takes_as_many_bits_as_it_needs);
    tcase_add_test(reals, rounds_and_looks_up_what_is_on_the_edge);
    tcase_add_test(reals, notes_rows_that_are_equal);
    tcase_add_test(reals, divides_by_nothing);
    tcase_add_test(reals, reports_what_is_on_a_tie);
    tcase_add_test(reals, goes_on_with_numbers_that_are_too_long);
    tcase_add_test(reals, bounds_the_work_on_long_numbers);
    suite_add_tcase(suite, reals);
    return suite;
}
