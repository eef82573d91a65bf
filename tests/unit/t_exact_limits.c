/* The exact engine at its limits: cost, rows, memory. */
#include <check.h>
#include <string.h>

#include "tests/unit/run_fixture.h"
#include "vm/exact_run.h" /* to bound its memory, and to let it run out */

Suite *exact_limits_suite(void);

/* A list "ms" with the number fields x and y. */
struct list {
    uint32_t id;
    uint16_t axis;
    uint32_t x, y;
};

static struct list list_xy(struct run *run)
{
    struct list list = {.id = builder_list(&run->b, NO_INDEX, "ms")};
    list.axis = run->b.list_axis[list.id];
    list.x = builder_load(&run->b, builder_field(&run->b, list.id, "x", 0));
    list.y = builder_load(&run->b, builder_field(&run->b, list.id, "y", 0));
    return list;
}

static uint32_t sum(struct run *run, uint16_t axis, uint32_t a)
{
    return builder_reduce(&run->b, OP_SUM, axis, 0, a, NO_OPERAND);
}

static uint32_t spread(struct run *run, enum opcode op, uint16_t axis, uint32_t a)
{
    return builder_one(&run->b, op, axis, 0, a);
}

/* {"ms": [{"x": 1, "y": 0}, {"x": 1, "y": 1}, …]} */
static void add_record(struct buf *json, int rows)
{
    buf_add(json, STR("{\"ms\": ["));
    for (int i = 0; i < rows; i++) {
        buf_format(json, "%s{\"x\": 1, \"y\": %d}", i == 0 ? "" : ",", i);
    }
    buf_add(json, STR("]}\n"));
}

START_TEST(refuses_what_costs_too_much)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run);
    run_report(&run, "r", 0, sum(&run, m.axis, builder_two(&run.b, OP_MUL, m.axis, 0, m.x, m.y)));
    run.cost_limit = 15; /* 2 + 4·ms: FIELD x, FIELD y, MUL, SUM; OUTPUT, and a constant for free */
    struct buf json = buf_in(&run.arena);
    add_record(&json, 3);
    add_record(&json, 4);
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    run_expect(&run, 0, "r", "3");
    run_expect_failure(&run, 1, 0, "E0715", "ms 4; the cost is ");
    run_free(&run);
}
END_TEST

START_TEST(refuses_pairs_beyond_memory)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run);
    uint16_t pair = builder_pair(&run.b, m.axis, m.axis);
    uint32_t product =
        builder_two(&run.b, OP_MUL, pair, 0, spread(&run, OP_SPREAD, pair, m.x), spread(&run, OP_SPREAD2, pair, m.y));
    run_report(&run, "r", 0, sum(&run, m.axis, sum(&run, pair, product)));
    struct buf json = buf_in(&run.arena);
    add_record(&json, 1025);
    add_record(&json, 512);
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    run_expect_failure(&run, 0, 0, "E0714", "ms × ms has 1050625 rows");
    run_expect(&run, 1, "r", "66977792"); /* 512 * (0 + 1 + … + 511) */
    run_free(&run);
}
END_TEST

/* y + x + x + … over a list: one register after the other. */
static void long_line(struct run *run, int length)
{
    struct list m = list_xy(run);
    uint32_t value = m.y;
    for (int i = 0; i < length; i++) {
        value = builder_two(&run->b, OP_ADD, m.axis, 0, value, m.x);
    }
    run_report(run, "r", 0, sum(run, m.axis, value));
}

static bool run_bounded(struct run *run, struct exact *exact, uint32_t product)
{
    return exact_run_product(exact, &run->batch, product, &run->outcomes[product]);
}

START_TEST(needs_memory_for_what_is_alive_only)
{
    enum { LENGTH = 300, ROWS = 4000 }; /* 300 registers of 4000 numbers would be 58 MB */
    struct run run;
    run_start(&run);
    long_line(&run, LENGTH);
    struct buf json = buf_in(&run.arena);
    add_record(&json, ROWS);
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    struct exact *exact = exact_new(&run.arena, run.verified, NULL, NULL, 0);
    exact->arena.limit = 3 << 20;
    ck_assert(run_bounded(&run, exact, 0));
    run_expect(&run, 0, "r", "9198000"); /* 4000 * 300 + 0 + 1 + … + 3999 */
    exact_free(exact);
    run_free(&run);
}
END_TEST

START_TEST(fails_only_the_product_that_needs_too_much_memory)
{
    struct run run;
    run_start(&run);
    long_line(&run, 3);
    struct buf json = buf_in(&run.arena);
    add_record(&json, 5000);
    add_record(&json, 10);
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    struct exact *exact = exact_new(&run.arena, run.verified, NULL, NULL, 0);
    exact->arena.limit = 400000;
    ck_assert(!run_bounded(&run, exact, 0));
    run_expect_failure(&run, 0, 0, "E0718", "memory");
    ck_assert(run_bounded(&run, exact, 1));
    run_expect(&run, 1, "r", "75");
    exact_free(exact);
    run_free(&run);
}
END_TEST

/* Every single request of the engine fails once; then it works as if nothing had been. */
START_TEST(survives_running_out_of_memory_anywhere)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run);
    uint32_t quotient = builder_two(&run.b, OP_DIV, m.axis, 0, m.x, m.y);
    run_report(&run, "r", 0, sum(&run, m.axis, quotient));
    struct buf json = buf_in(&run.arena);
    add_record(&json, 3);
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    struct exact *exact = exact_new(&run.arena, run.verified, NULL, NULL, 0);
    bool is_through = false;
    for (long n = 2; !is_through; n++) { /* the first is for the block that stays */
        run.batch.products[0].messages = diags_in(&run.batch.arena);
        exact_free(exact);
        exact->arena.fail_at = n;
        ck_assert(!run_bounded(&run, exact, 0));
        is_through = exact->arena.fail_at > 0;
        exact->arena.fail_at = 0;
        run_expect_failure(&run, 0, 0, is_through ? "E0701" : "E0718", "");
        ck_assert_int_lt(n, 1000);
    }
    exact_free(exact);
    run_free(&run);
}
END_TEST

Suite *exact_limits_suite(void)
{
    Suite *suite = suite_create("exact_limits");
    TCase *limits = tcase_create("limits");
    tcase_add_test(limits, refuses_what_costs_too_much);
    tcase_add_test(limits, refuses_pairs_beyond_memory);
    tcase_add_test(limits, needs_memory_for_what_is_alive_only);
    tcase_add_test(limits, fails_only_the_product_that_needs_too_much_memory);
    tcase_add_test(limits, survives_running_out_of_memory_anywhere);
    suite_add_tcase(suite, limits);
    return suite;
}
