/* Is no value of the fast engine further from the exact one than its bound? On random programs; BOUNDS_PROGRAMS says
   how many, BOUNDS_FIRST from which on (make check-long: a million), and then what was found is printed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bound_check.h"
#include "tests/unit/engines_agree.h"
#include "tests/unit/random_numbers.h"
#include "vm/opcodes.h"

Suite *bounds_suite(void);

enum { PROGRAMS = 20000, PRODUCTS = 2 };

static long read_text(void *user, char *buffer, size_t capacity)
{
    struct str *left = user;
    size_t count = left->len < capacity ? left->len : capacity;
    memcpy(buffer, left->at, count);
    *left = str_slice(*left, count, left->len);
    return (long)count;
}

static void read_data(struct run *run, struct random *random, bool has_temperature)
{
    struct buf text = buf_in(&run->arena);
    for (int i = 0; i < PRODUCTS; i++) {
        buf_add(&text, random_numbers_record(&run->arena, random, has_temperature));
        buf_char(&text, '\n');
    }
    struct str left = buf_str(&text);
    struct binder *binder = binder_new(&run->arena, run->program);
    struct reader *reader = reader_stream(binder, &run->diags, STR("data.ndjson"), read_text, &left);
    ck_assert(reader_next(reader, &run->batch));
    ck_assert_uint_eq(run->batch.product_count, PRODUCTS);
    reader_free(reader);
}

static void check_program(uint64_t seed, struct bound_tally *tally)
{
    static const uint32_t block_rows[] = {LIMIT_CHUNK_ROWS, 1, 3};
    struct random random = {seed * UINT64_C(0x2545F4914F6CDD1D)};
    char title[32];
    snprintf(title, sizeof title, "seed %lu", (unsigned long)seed);
    struct run run;
    run_start(&run);
    bool has_temperature = random_numbers(&run, &random);
    run_prepare(&run);
    read_data(&run, &random, has_temperature);
    fast_set_block_rows(run.fast, block_rows[random_below(&random, countof(block_rows))]);
    bound_check(&run, tally, title);
    run_free(&run);
}

/* The rows of the table in SPEC 17.3, each with the share of its bound that the largest error must at least reach: a
   bound that nothing comes near is not tested. */
static const struct wanted {
    enum opcode op;
    bool from_absolute, is_absolute;
    double share;
} WANTED[] = {
    {OP_FIELD,    false, false, 0.9},
    {OP_COLUMN,   false, false, 0.5},
    {OP_ADD,      false, false, 0.8},
    {OP_ADD,      false, true,  0.8},
    {OP_ADD,      true,  true,  0.8},
    {OP_SUB,      false, false, 0.8},
    {OP_SUB,      false, true,  0.8},
    {OP_SUB,      true,  true,  0.6},
    {OP_MUL,      false, false, 0.8},
    {OP_MUL,      true,  true,  0.8},
    {OP_DIV,      false, false, 0.8},
    {OP_DIV,      true,  true,  0.5},
    {OP_MIN,      false, false, 0.8},
    {OP_MIN,      true,  true,  0.6},
    {OP_MAX,      false, false, 0.8},
    {OP_MAX,      true,  true,  0.6},
    {OP_POWI,     false, false, 0.4},
    {OP_POWI,     true,  true,  0.4},
    {OP_SQRT,     false, false, 0.5},
    {OP_SQRT,     true,  false, 0.4},
    {OP_EXP,      false, false, 0.6},
    {OP_EXP,      true,  false, 0.4},
    {OP_LN,       false, true,  0.8},
    {OP_LN,       true,  true,  0.4},
    {OP_POW,      false, false, 0.6},
    {OP_POW,      true,  false, 0.4},
    {OP_CONVERT,  false, false, 0.6},
    {OP_CONVERT,  true,  true,  0.4},
    {OP_SHIFT,    false, false, 0.4},
    {OP_ROUND,    false, false, 0.8},
    {OP_ROUND,    true,  false, 0.8},
    {OP_ROUNDSIG, false, false, 0.8},
    {OP_ROUNDSIG, true,  false, 0.8},
    {OP_SUM,      false, false, 0.8},
    {OP_SUM,      false, true,  0.6},
    {OP_SUM,      true,  true,  0.4},
    {OP_LEAST,    false, false, 0.8},
    {OP_LEAST,    true,  true,  0.2},
    {OP_GREATEST, false, false, 0.8},
    {OP_GREATEST, true,  true,  0.2},
    {OP_SELECT,   false, false, 0.8},
    {OP_SELECT,   true,  true,  0.8},
    {OP_ELSE,     true,  true,  0.8},
    {OP_TAKE,     true,  true,  0.4},
    {OP_SPREAD,   true,  true,  0.5},
};

static uint64_t number_in(const char *variable, uint64_t otherwise)
{
    const char *wanted = getenv(variable);
    return wanted == NULL ? otherwise : strtoull(wanted, NULL, 10);
}

START_TEST(errors_are_within_their_bounds)
{
    static struct bound_tally tally;
    uint64_t count = number_in("BOUNDS_PROGRAMS", PROGRAMS);
    uint64_t first = number_in("BOUNDS_FIRST", 1);
    for (uint64_t seed = first; seed < first + count; seed++) {
        check_program(seed, &tally);
    }
    if (getenv("BOUNDS_PROGRAMS") != NULL) {
        printf("%lu programs\n", (unsigned long)count);
        bound_print(&tally);
    }
    for (size_t i = 0; i < countof(WANTED) && count >= PROGRAMS; i++) {
        const struct bound_row *row =
            &tally.rows[bound_row_of(WANTED[i].op, WANTED[i].from_absolute, WANTED[i].is_absolute)];
        ck_assert_msg(row->values - row->exact - row->unknown >= count / 200 && row->worst >= WANTED[i].share,
                      "%s, %d, %d: %lu values, at most %g of a bound", opcode_info(WANTED[i].op)->name,
                      WANTED[i].from_absolute, WANTED[i].is_absolute, (unsigned long)row->values, row->worst);
    }
}
END_TEST

/* ---- places where a bound could get lost ---- */

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

static uint32_t field(const char *name)
{
    return builder_load(&run.b, builder_field(&run.b, NO_INDEX, name, 0));
}

static uint32_t of_two(enum opcode op, uint32_t a, uint32_t b)
{
    return builder_two(&run.b, op, AXIS_ID_PRODUCT, 0, a, b);
}

/* Is the product left to the exact engine? */
static bool is_left(uint32_t product)
{
    struct outcome *outcomes = arena_array(&run.batch.arena, struct outcome, run.batch.product_count);
    fast_run_batch(run.fast, &run.batch, outcomes);
    return outcomes[product].is_marked;
}

/* 2^53 + 1 is whole, and its double is another number. */
START_TEST(whole_constants_beyond_doubles)
{
    uint32_t size = of_two(OP_ABS, number("9007199254740993"), NO_OPERAND);
    run_report_bool(&run, "reached", of_two(OP_LE, size, field("x")));
    run_data(&run, "[{\"x\": 9007199254740992}, {\"x\": 9007199254740994}, {\"x\": 9007199254740996}]");
    run_expect(&run, 0, "reached", "0");
    run_expect(&run, 1, "reached", "1");
    ck_assert(!is_left(2));
}
END_TEST

/* The double of x - y is 0 and its bound is not; that of its eighth power is too small for a double. */
START_TEST(bounds_do_not_get_lost_next_to_zero)
{
    uint32_t power = of_two(OP_SUB, field("x"), field("y"));
    for (int i = 0; i < 3; i++) {
        power = of_two(OP_MUL, power, power);
    }
    run_report_bool(&run, "none", of_two(OP_EQ, power, number("0")));
    run_data(&run, "[{\"x\": 1e-60, \"y\": 1.0000000000000000000001e-60}, {\"x\": 1e-60, \"y\": 1e-60}]");
    run_expect(&run, 0, "none", "0");
    run_expect(&run, 1, "none", "1");
}
END_TEST

/* A relative error that is too large to be reckoned with, times a value next to zero, has no bound at all. */
START_TEST(unknown_bounds_stay_unknown)
{
    uint32_t power = field("x");
    for (int i = 0; i < 9; i++) {
        power = of_two(OP_POWI, power, 12);
    }
    uint32_t y = field("y");
    uint32_t nothing = of_two(OP_SUB, of_two(OP_MUL, y, number("1/3")), field("z"));
    uint32_t unknown = of_two(OP_MUL, nothing, power);
    uint32_t larger = of_two(OP_MAX, unknown, of_two(OP_SUB, y, number("9")));
    run_report_bool(&run, "small", of_two(OP_LE, larger, number("1/2")));
    run_data(&run, "[{\"x\": 1, \"y\": 3, \"z\": 1}]");
    ck_assert(is_left(0));
}
END_TEST

/* Two divisors of 1e-180 together are less than a double holds; */
START_TEST(grids_of_small_divisors)
{
    uint32_t divisor = of_two(OP_POWI, field("x"), 12);
    uint32_t dividend = of_two(OP_MUL, of_two(OP_POWI, field("y"), 12), field("z"));
    uint32_t quotient = of_two(OP_DIV, of_two(OP_DIV, dividend, divisor), divisor);
    uint32_t limit = of_two(OP_POWI, number("100000000000000"), 12);
    run_report_bool(&run, "kept", of_two(OP_LE, quotient, limit));
    run_data(&run, "[{\"x\": 1e-15, \"y\": 1e-16, \"z\": 1.000000000000001}, {\"x\": 1e-15, \"y\": 1e-16, \"z\": 1}]");
    run_expect(&run, 0, "kept", "0");
    run_expect(&run, 1, "kept", "1");
}
END_TEST

/* What is reported by both engines together is what the exact one does, for these data. */
static void report_alike(const char *json)
{
    run_data(&run, json);
    engines_report_alike(&run, run.binding, "bounds");
}

static uint32_t choose(uint32_t condition, uint32_t a, uint32_t b)
{
    return builder_op(
        &run.b, (struct instruction){
                    .op = OP_SELECT, .axis = AXIS_ID_PRODUCT, .a = condition, .b = a, .c = b, .mask = NO_OPERAND});
}

/* x y is above w by less than doubles tell, and the divisor that the other side of the choice has is 0. */
static const char beside_divisors[] = "[{\"x\": 1.00000001, \"w\": 1.00000002, \"d\": 0},"
                                      " {\"x\": 1.00000001, \"w\": 1.00000002000001, \"d\": 0}]";

START_TEST(choices_without_their_divisors)
{
    uint32_t d = field("d");
    uint32_t x = field("x");
    uint32_t quotient = of_two(OP_DIV, x, d);
    uint32_t choice = choose(of_two(OP_LE, d, number("0")), of_two(OP_MUL, x, x), quotient);
    run_report_bool(&run, "kept", of_two(OP_LE, choice, field("w")));
    run_data(&run, beside_divisors);
    run_expect(&run, 0, "kept", "0");
    run_expect(&run, 1, "kept", "1");
}
END_TEST

START_TEST(defaults_without_their_divisors)
{
    uint32_t x = field("x");
    uint32_t given = builder_field(&run.b, NO_INDEX, "given", 0);
    builder_the_field(&run.b, given)->is_optional = true;
    uint32_t quotient = of_two(OP_DIV, x, field("d"));
    uint32_t value = of_two(OP_ELSE, builder_load(&run.b, given), quotient);
    run_report_bool(&run, "kept", of_two(OP_LE, of_two(OP_MUL, value, x), field("w")));
    run_data(&run, "[{\"x\": 1.00000001, \"w\": 1.00000002, \"d\": 0, \"given\": 1.00000001},"
                   " {\"x\": 1.00000001, \"w\": 1.00000002000001, \"d\": 0, \"given\": 1}]");
    run_expect(&run, 0, "kept", "0");
    run_expect(&run, 1, "kept", "1");
}
END_TEST

START_TEST(sums_without_their_divisors)
{
    uint32_t x = field("x");
    uint32_t d = field("d");
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t a = builder_load(&run.b, builder_field(&run.b, list, "a", 0));
    uint32_t divisor = builder_two(&run.b, OP_SPREAD, axis, 0, d, NO_OPERAND);
    uint32_t share = builder_two(&run.b, OP_DIV, axis, 0, a, divisor);
    uint32_t sum = builder_reduce(&run.b, OP_SUM, axis, 0, share, NO_OPERAND);
    run_report_bool(&run, "kept", of_two(OP_LE, of_two(OP_ADD, sum, of_two(OP_MUL, x, x)), field("w")));
    run_data(&run, "[{\"x\": 1.00000001, \"w\": 1.00000002, \"d\": 0, \"ms\": []},"
                   " {\"x\": 1, \"w\": 2, \"d\": 7, \"ms\": [{\"a\": 3}, {\"a\": 4}]}]");
    run_expect(&run, 0, "kept", "0");
    run_expect(&run, 1, "kept", "1");
    ck_assert(!is_left(1));
}
END_TEST

/* (1 - 5e-17)^12 is computed as 1, of which the bound tells that 15 digits may end in 9. */
static const char below_a_power[] = "[{\"x\": 0.99999999999999995}, {\"x\": 9.9999999999999995}, {\"x\": 1}]";

START_TEST(figures_next_to_powers_of_ten)
{
    run_report(&run, "power", 0, of_two(OP_POWI, field("x"), 12));
    run.b.program.outputs[0].round.digits = 15;
    report_alike(below_a_power);
}
END_TEST

START_TEST(rounded_next_to_powers_of_ten)
{
    uint32_t rounded = builder_op(&run.b, (struct instruction){.op = OP_ROUNDSIG,
                                                               .axis = AXIS_ID_PRODUCT,
                                                               .a = of_two(OP_POWI, field("x"), 12),
                                                               .b = 15,
                                                               .c = NO_OPERAND,
                                                               .mask = NO_OPERAND});
    run_report(&run, "power", 0, rounded);
    run_report_bool(&run, "is_below", of_two(OP_LT, rounded, number("1")));
    report_alike(below_a_power);
    run_expect(&run, 0, "is_below", "1");
    run_expect(&run, 1, "is_below", "0");
    run_expect(&run, 2, "is_below", "0");
}
END_TEST

static uint32_t rounded_to(const char *step, uint32_t a, enum rounding mode)
{
    return builder_op(&run.b, (struct instruction){.op = OP_ROUND,
                                                   .axis = AXIS_ID_PRODUCT,
                                                   .imm = (uint16_t)mode,
                                                   .a = a,
                                                   .b = number(step),
                                                   .c = NO_OPERAND,
                                                   .mask = NO_OPERAND});
}

/* 2 - x of x up to 1.55 has a relative error, three times that of x and more. */
START_TEST(differences_that_ranges_keep_from_zero)
{
    uint32_t share = builder_field(&run.b, NO_INDEX, "x", 0);
    builder_the_field(&run.b, share)->high = builder_rational(&run.b, "31/20");
    run_report(&run, "rest", 0, of_two(OP_SUB, number("2"), builder_load(&run.b, share)));
    run_data(&run, "[{\"x\": 1.54879}]");
    static struct bound_tally tally;
    bound_check(&run, &tally, "2 - x");
    const struct bound_row *rest = &tally.rows[bound_row_of(OP_SUB, false, false)];
    ck_assert_msg(rest->values == 1 && rest->worst > 0.4, "at most %g", rest->worst);
}
END_TEST

/* (y + 1 - 1) / -1 is -0 in doubles and has a bound: a share of it is infinite, and not minus infinity. */
START_TEST(bounds_of_minus_zero)
{
    uint32_t rest = of_two(OP_SUB, of_two(OP_ADD, field("y"), number("1")), number("1"));
    uint32_t opposite = of_two(OP_DIV, rest, number("-1"));
    run_report_bool(&run, "below", of_two(OP_LT, of_two(OP_ADD, opposite, opposite), number("0")));
    run_data(&run, "[{\"y\": 1e-20}]");
    run_expect(&run, 0, "below", "1");
}
END_TEST

/* A rounded value that the exact engine found: 1e23 is whole, and no double. */
START_TEST(whole_numbers_beyond_doubles)
{
    uint32_t whole = rounded_to("1", field("x"), ROUND_HALF_EVEN);
    run_report_bool(&run, "kept", of_two(OP_LE, whole, number("99999999999999991611392")));
    report_alike("[{\"x\": 1e23}, {\"x\": 1e22}]");
    run_expect(&run, 0, "kept", "0");
    run_expect(&run, 1, "kept", "1");
}
END_TEST

/* The end of the range is above a multiple of the step by less than the step is known; then 59/100 - ceil(x, 1/10) may
   be negative. */
START_TEST(ranges_of_rounded_values)
{
    uint32_t share = builder_field(&run.b, NO_INDEX, "x", 0);
    builder_the_field(&run.b, share)->high =
        builder_rational(&run.b, "17592186044417/35184372088832"); /* 1/2 + 2^-45 */
    uint32_t rounded = rounded_to("1/10", builder_load(&run.b, share), ROUND_CEIL);
    uint32_t rest = of_two(OP_ADD, of_two(OP_SUB, number("59/100"), rounded), field("y"));
    run_report_bool(&run, "kept", of_two(OP_LE, number("0"), rest));
    run_data(&run, "[{\"x\": 0.500000000000028, \"y\": 0.01}, {\"x\": 0.5, \"y\": 0}]");
    run_expect(&run, 0, "kept", "1");
    run_expect(&run, 1, "kept", "1");
}
END_TEST

/* Sums of more rows than are simply added, of numbers that doubles hold exactly, so that all of the error is the sum's.
 */
START_TEST(long_sums)
{
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t is_small =
        builder_two(&run.b, OP_LT, axis, 0, builder_load(&run.b, builder_field(&run.b, list, "x", 0)), number("3"));
    uint32_t choice = builder_op(&run.b, (struct instruction){.op = OP_SELECT,
                                                              .axis = axis,
                                                              .a = is_small,
                                                              .b = number("4503599627370497/4503599627370496"),
                                                              .c = number("-9007199254740991/16777216"),
                                                              .mask = NO_OPERAND});
    run_report(&run, "sum", 0, builder_reduce(&run.b, OP_SUM, axis, 0, choice, NO_OPERAND));
    struct random random = {1};
    struct buf text = buf_in(&run.arena);
    for (int p = 0; p < 12; p++) {
        buf_add(&text, p == 0 ? STR("[{\"ms\": [{\"x\": 1}") : STR(", {\"ms\": [{\"x\": 1}"));
        for (int row = 0; row < 550 + 3 * p; row++) {
            buf_format(&text, ", {\"x\": %u}", random_below(&random, 5));
        }
        buf_add(&text, STR("]}"));
    }
    buf_add(&text, STR("]"));
    run_data(&run, str_copy(&run.arena, buf_str(&text)).at);
    static struct bound_tally tally;
    bound_check(&run, &tally, "long sums");
    const struct bound_row *sums = &tally.rows[bound_row_of(OP_SUM, false, true)];
    ck_assert_msg(sums->values == 12 && sums->exact == 0 && sums->worst > 0.1, "%lu values, %lu exact, at most %g",
                  (unsigned long)sums->values, (unsigned long)sums->exact, sums->worst);
}
END_TEST

Suite *bounds_suite(void)
{
    Suite *suite = suite_create("bounds");
    TCase *places = tcase_create("places");
    tcase_add_checked_fixture(places, setup, teardown);
    tcase_add_test(places, whole_constants_beyond_doubles);
    tcase_add_test(places, bounds_do_not_get_lost_next_to_zero);
    tcase_add_test(places, unknown_bounds_stay_unknown);
    tcase_add_test(places, grids_of_small_divisors);
    tcase_add_test(places, choices_without_their_divisors);
    tcase_add_test(places, defaults_without_their_divisors);
    tcase_add_test(places, sums_without_their_divisors);
    tcase_add_test(places, figures_next_to_powers_of_ten);
    tcase_add_test(places, rounded_next_to_powers_of_ten);
    tcase_add_test(places, differences_that_ranges_keep_from_zero);
    tcase_add_test(places, bounds_of_minus_zero);
    tcase_add_test(places, whole_numbers_beyond_doubles);
    tcase_add_test(places, ranges_of_rounded_values);
    tcase_add_test(places, long_sums);
    suite_add_tcase(suite, places);
    TCase *errors = tcase_create("errors");
    tcase_set_timeout(errors, 0);
    tcase_add_test(errors, errors_are_within_their_bounds);
    suite_add_tcase(suite, errors);
    return suite;
}
