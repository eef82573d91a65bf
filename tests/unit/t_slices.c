/* Slices of random programs: what is computed for a few wanted instructions is what the whole product gives. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "tests/unit/engines_agree.h"
#include "tests/unit/random_program.h"
#include "vm/exact_run.h"

Suite *slices_suite(void);

enum { PROGRAMS = 12, BLOCKS = 4, PRODUCTS = 10, WANTED = 6 };

static bool is_outcome_root(uint32_t op)
{
    return op == OP_EMIT || op == OP_OUTPUT || op == OP_JUDGE;
}

static bool has_value(uint32_t op)
{
    return !is_outcome_root(op) && op != OP_REQUIRE && op != OP_WARN && op != OP_INVENTORY;
}

/* ---- the values of the wanted instructions ---- */

struct sample {
    struct arena *arena;
    const struct exact_wanted *wanted;
    struct buf text;
    uint32_t computed; /* instructions that have values */
};

static void write_value(struct sample *sample, const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    struct exact_value value = exact_get(run, instruction, row);
    if (is_poison(value.state)) {
        buf_add(&sample->text, STR(" failed"));
    } else if (value.state == STATE_ABSENT) {
        buf_add(&sample->text, STR(" absent"));
    } else if (run->shapes[instruction].type == VALUE_NUMBER) {
        buf_char(&sample->text, ' ');
        buf_add(&sample->text, rat_is_enclosure(value.number) ? rat_decimal(sample->arena, value.number, 20)
                                                              : rat_text(sample->arena, value.number));
    } else {
        buf_format(&sample->text, " %lld", (long long)value.code);
    }
}

static void take_sample(void *context, struct exact_run *run, bool is_ok)
{
    struct sample *sample = context;
    (void)is_ok;
    for (size_t i = 0; i < sample->wanted->count; i++) {
        uint32_t instruction = sample->wanted->instructions[i];
        const struct instruction *at = &run->program->code[instruction];
        for (uint32_t row = 0; has_value(at->op) && row < run->axes[at->axis].rows; row++) {
            write_value(sample, run, instruction, row);
        }
        buf_char(&sample->text, '\n');
    }
    for (uint32_t i = 0; i < run->program->code_count; i++) {
        sample->computed += run->registers[i].number != NULL || run->registers[i].code != NULL;
    }
}

/* ---- the outcomes ---- */

static void same_root(const struct run *run, uint32_t instruction, const struct outcome *slice,
                      const struct outcome *whole, const char *title)
{
    const struct instruction *at = &run->program->code[instruction];
    for (uint32_t r = 0; r < whole->row_count; r++) {
        const struct outcome_row *found = &slice->rows[r];
        const struct outcome_row *wanted = &whole->rows[r];
        if (at->op == OP_EMIT) {
            ck_assert_msg(found->part_given[at->b] == wanted->part_given[at->b] &&
                              rat_eq(found->part[at->b], wanted->part[at->b]),
                          "%s: part %u", title, at->b);
        } else if (at->op == OP_OUTPUT) {
            ck_assert_msg(found->output_given[at->b] == wanted->output_given[at->b] &&
                              rat_eq(found->output[at->b], wanted->output[at->b]),
                          "%s: report %u", title, at->b);
        } else if (at->op == OP_JUDGE) {
            ck_assert_msg(found->is_kept[at->imm][at->b] == wanted->is_kept[at->imm][at->b], "%s: class %u", title,
                          at->b);
        }
    }
}

struct tally {
    uint32_t slices, computed, of_all;
};

static void check_slice(struct run *run, struct exact *exact, uint32_t product, struct random *random,
                        const char *title, struct tally *tally)
{
    uint32_t instructions[WANTED];
    struct exact_wanted wanted = {.instructions = instructions, .count = 1 + random_below(random, WANTED)};
    for (size_t i = 0; i < wanted.count; i++) {
        instructions[i] = random_below(random, run->program->code_count);
    }
    struct sample slice = {&run->arena, &wanted, buf_in(&run->arena), 0};
    struct sample whole = {&run->arena, &wanted, buf_in(&run->arena), 0};
    wanted.show = take_sample;
    wanted.context = &slice;
    struct outcome outcome;
    const struct outcome *expected = &run->outcomes[product];
    const struct diag *last = run->batch.products[product].messages.last;
    bool is_ok = exact_run_roots(exact, &run->batch, product, &wanted, &outcome);
    ck_assert_msg(run->batch.products[product].messages.last == last, "%s: a slice says nothing", title);
    ck_assert_ptr_null(outcome.notes);
    ck_assert_msg(is_ok || expected->is_failed, "%s: the slice fails, the product does not", title);
    if (!exact_show_product(exact, &run->batch, product, take_sample, &whole)) {
        return;
    }
    ck_assert_msg(str_eq(buf_str(&slice.text), buf_str(&whole.text)), "%s, product %u:\n%.*s\nnot\n%.*s", title,
                  product, STR_FMT(buf_str(&slice.text)), STR_FMT(buf_str(&whole.text)));
    for (size_t i = 0; i < wanted.count && !expected->is_failed; i++) {
        same_root(run, instructions[i], &outcome, expected, title);
    }
    tally->slices++;
    tally->computed += slice.computed;
    tally->of_all += whole.computed;
}

static void check_program(uint64_t seed, struct tally *tally)
{
    struct random random = {seed * UINT64_C(0x9E3779B97F4A7C15)};
    char title[32];
    snprintf(title, sizeof title, "seed %lu", (unsigned long)seed);
    struct run run;
    run_start(&run);
    random_program(&run, &random);
    struct str records[PRODUCTS];
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        records[p] = random_record(&run.arena, &random, p);
    }
    run_data(&run, str_format(&run.arena, "[%.*s]", STR_FMT(str_join(&run.arena, records, PRODUCTS, STR(", ")))).at);
    struct exact *exact = exact_new(&run.arena, run.verified, run.binding, run.natives, 0);
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        if (run.batch.products[p].is_bound) {
            check_slice(&run, exact, p, &random, title, tally);
        }
    }
    exact_free(exact);
    run_free(&run);
}

START_TEST(give_what_the_whole_product_gives)
{
    struct tally tally = {0, 0, 0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_program((uint64_t)_i * 1000 + seed, &tally);
    }
    ck_assert_uint_gt(tally.slices, PROGRAMS * PRODUCTS / 4);
    ck_assert_uint_lt(tally.computed, tally.of_all * 3 / 4); /* or there would be no point in slices */
}
END_TEST

/* ---- figures of the fast engine that slices settle ---- */

/* Figures that are ties, or that cancel: on the grid, and from the exact values of what they are made of. */
START_TEST(settle_single_figures)
{
    struct run run;
    run_start(&run);
    uint32_t x = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", 0));
    uint32_t y = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "y", 0));
    uint32_t tiny =
        builder_two(&run.b, OP_MUL, AXIS_ID_PRODUCT, 0, y, builder_number(&run.b, "1/100000000000000000", 0));
    uint32_t moved = builder_two(&run.b, OP_ADD, AXIS_ID_PRODUCT, 0, x, tiny); /* the grid is finer than doubles */
    uint32_t sum = builder_two(&run.b, OP_ADD, AXIS_ID_PRODUCT, 0, x, y);
    run_report(&run, "quotient", 0, builder_two(&run.b, OP_DIV, AXIS_ID_PRODUCT, 0, x, y));
    run_report(&run, "product", 0, builder_two(&run.b, OP_MUL, AXIS_ID_PRODUCT, 0, x, y));
    run_report(&run, "x", 0, builder_two(&run.b, OP_SUB, AXIS_ID_PRODUCT, 0, moved, tiny));
    run_report(&run, "rest", 0,
               builder_two(&run.b, OP_SUB, AXIS_ID_PRODUCT, 0, sum, builder_number(&run.b, "3/10", 0)));
    run_data(&run,
             "[{\"x\": 1.000005, \"y\": 1}, {\"x\": 0.1234565, \"y\": 7}, {\"x\": 3, \"y\": 7}, {\"x\": 0.1, \"y\": "
             "0.2}, {\"x\": 0.29999999999, \"y\": 1e-11}]");
    struct engine_options options = {.use_exact = false};
    struct engine *engine = engine_new(&run.arena, run.verified, run.plan, run.binding, options);
    struct outcome outcomes[5];
    engine_run_batch(engine, &run.batch, outcomes);
    static const struct {
        const char *figures[4];
        uint32_t by_grid, by_parts; /* doubts */
    } wanted[5] = {
        {{"1.00000", "1.00000", "1.00000", "1.70000"},            1 << ZUJI_DOUBT_FIGURE,    1 << ZUJI_DOUBT_FIGURE},
        {{"0.0176366", "0.864196", "0.123456", "6.82346"},        1 << ZUJI_DOUBT_FIGURE,    1 << ZUJI_DOUBT_FIGURE},
        {{"0.428571", "21.0000", "3.00000", "9.70000"},           0,                         0                     },
        {{"0.500000", "0.0200000", "0.100000", "0"},              1 << ZUJI_DOUBT_PRECISION, 0                     },
        {{"30000000000", "0.00000000000300000", "0.300000", "0"}, 1 << ZUJI_DOUBT_PRECISION, 0                     },
    };
    for (uint32_t p = 0; p < 5; p++) {
        ck_assert(!outcomes[p].is_exact); /* the product was not computed anew */
        struct zuji_result *result = result_new(&run.arena, run.plan, &run.batch.products[p], &outcomes[p]);
        const struct zuji_figure *reports = result_list(result, &result->reports);
        for (int f = 0; f < 4; f++) {
            ck_assert_str_eq(reports[f].reported, wanted[p].figures[f]);
        }
        ck_assert_uint_eq(outcomes[p].doubts[ZUJI_BY_GRID], wanted[p].by_grid);
        ck_assert_uint_eq(outcomes[p].doubts[ZUJI_BY_PARTS], wanted[p].by_parts);
    }
    ck_assert_uint_eq(engine_stats(engine)->settled[ZUJI_BY_BOUNDS], 1);
    ck_assert_uint_eq(engine_stats(engine)->settled[ZUJI_BY_GRID], 2);
    ck_assert_uint_eq(engine_stats(engine)->settled[ZUJI_BY_PARTS], 2);
    engine_free(engine);
    run_free(&run);
}
END_TEST

/* Decisions on rows that no grid settles: of the square of a square root. The products have different numbers of rows.
 */
START_TEST(settle_single_decisions)
{
    struct run run;
    run_start(&run);
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t x = builder_load(&run.b, builder_field(&run.b, list, "x", 0));
    uint32_t root = builder_one(&run.b, OP_SQRT, axis, 0, x);
    uint32_t square = builder_two(&run.b, OP_MUL, axis, 0, root, root);
    uint32_t is_same = builder_two(&run.b, OP_EQ, axis, 0, square, x);
    uint32_t is_less = builder_two(&run.b, OP_LT, axis, 0, square, x);
    struct instruction round = {.op = OP_ROUND,
                                .axis = axis,
                                .imm = ROUND_HALF_UP,
                                .a = square,
                                .b = builder_number(&run.b, "1/10", 0),
                                .c = NO_OPERAND,
                                .mask = NO_OPERAND};
    uint32_t rounded = builder_op(&run.b, round);
    run_report(&run, "same", 0, builder_reduce(&run.b, OP_COUNT, axis, 0, NO_OPERAND, is_same));
    run_report(&run, "less", 0, builder_reduce(&run.b, OP_COUNT, axis, 0, NO_OPERAND, is_less));
    run_report(&run, "rounded", 0, builder_reduce(&run.b, OP_SUM, axis, 0, rounded, NO_OPERAND));
    run_data(&run, "[{\"ms\": [{\"x\": 4}]}, {\"ms\": [{\"x\": 1}, {\"x\": 2}, {\"x\": 3.001}]},"
                   " {\"ms\": []}, {\"ms\": [{\"x\": 0.15}, {\"x\": 9}, {\"x\": 0.35}]}]");
    run_expect(&run, 1, "same", "3");
    run_expect(&run, 3, "rounded", "48/5");
    struct engine_options options = {.use_exact = false};
    struct engine *engine = engine_new(&run.arena, run.verified, run.plan, run.binding, options);
    struct outcome outcomes[4];
    engine_run_batch(engine, &run.batch, outcomes);
    for (uint32_t p = 0; p < 4; p++) {
        ck_assert(!outcomes[p].is_exact);
        bool has_rows = p != 2;
        ck_assert_int_eq((outcomes[p].doubts[ZUJI_BY_PARTS] >> ZUJI_DOUBT_COMPARISON & 1) != 0, has_rows);
        ck_assert_int_eq(outcomes[p].doubts[ZUJI_BY_PARTS] >> ZUJI_DOUBT_ROUNDING & 1, p == 3);
    }
    ck_assert_uint_eq(engine_stats(engine)->settled[ZUJI_BY_PRODUCT], 0);
    engine_free(engine);
    engines_report_alike(&run, run.binding, "decisions");
    run_free(&run);
}
END_TEST

Suite *slices_suite(void)
{
    Suite *suite = suite_create("slices");
    TCase *slices = tcase_create("slices");
    tcase_set_timeout(slices, 30);
    tcase_add_loop_test(slices, give_what_the_whole_product_gives, 0, BLOCKS);
    tcase_add_test(slices, settle_single_figures);
    tcase_add_test(slices, settle_single_decisions);
    suite_add_tcase(suite, slices);
    return suite;
}
