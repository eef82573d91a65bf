/* What values rest on: on random programs, the terms of every figure add up to it. */
#include <check.h>
#include <stdio.h>

#include "base/decimal.h"
#include "tests/unit/random_program.h"
#include "vm/trace.h"

Suite *trace_suite(void);

enum { PROGRAMS = 60, PRODUCTS = 6 };

struct sum {
    struct trace *trace;
    struct rat total;
    size_t terms, grounds, wrong; /* there are millions of terms: assertions come behind them */
};

static void add_term(void *context, const struct trace_term *term)
{
    struct sum *sum = context;
    struct exact_value value = exact_get(sum->trace->run, term->instruction, term->row);
    struct rat number = value.state == STATE_GIVEN ? value.number : RAT_ZERO;
    sum->wrong += !rat_eq(term->amount, rat_mul(sum->trace->arena, term->coefficient, number));
    sum->total = rat_add(sum->trace->arena, sum->total, term->amount);
    sum->terms++;
    struct ground_set set = trace_grounds(sum->trace, term->basis);
    for (uint32_t g = 0; g < set.count; g++) {
        sum->wrong += set.grounds[g] >= sum->trace->ground_count;
        sum->wrong += g > 0 && set.grounds[g - 1] >= set.grounds[g];
    }
    sum->grounds += set.count;
}

struct seen {
    size_t products, divided, grounds, failed;
    const char *title;
};

static void check_sum(const struct sum *sum, uint32_t instruction, struct rat value, const char *title)
{
    ck_assert_msg(rat_eq(sum->total, value), "%s: %%%u is %s, its terms %s", title, instruction,
                  rat_decimal(sum->trace->arena, value, 20).at, rat_decimal(sum->trace->arena, sum->total, 20).at);
}

static void check_terms(void *context, struct exact_run *run, bool is_ok)
{
    struct seen *seen = context;
    seen->failed += !is_ok;
    struct trace *trace = trace_new(run);
    for (uint32_t i = 0; is_ok && i < run->program->code_count; i++) {
        const struct instruction *at = &run->program->code[i];
        if (at->op != OP_OUTPUT && at->op != OP_EMIT) {
            continue;
        }
        struct exact_value value = exact_get(run, at->a, 0);
        if (value.state == STATE_GIVEN) {
            struct sum sum = {.trace = trace, .total = RAT_ZERO};
            trace_terms(trace, at->a, 0, add_term, &sum);
            ck_assert_uint_eq(sum.wrong, 0);
            check_sum(&sum, at->a, value.number, seen->title);
            seen->divided += sum.terms > 1;
            seen->grounds += sum.grounds;
        }
    }
    seen->products++;
}

static size_t message_count(const struct diags *diags)
{
    size_t count = 0;
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        count++;
    }
    return count;
}

static void check_program(uint64_t seed, struct seen *seen)
{
    struct random random = {seed * UINT64_C(0x2545F4914F6CDD1D)};
    char title[32];
    snprintf(title, sizeof title, "seed %lu", (unsigned long)seed);
    struct run run;
    run_start(&run);
    random_program(&run, &random);
    struct str records[PRODUCTS];
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        records[p] = random_record(&run.arena, &random, p);
    }
    struct str list = str_join(&run.arena, records, PRODUCTS, STR(", "));
    run_data(&run, str_format(&run.arena, "[%.*s]", STR_FMT(list)).at);
    seen->title = title;
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        if (run.batch.products[p].is_bound) {
            size_t told = message_count(&run.batch.products[p].messages);
            (void)engine_show(run.engine, &run.batch, p, check_terms, seen);
            ck_assert_uint_eq(message_count(&run.batch.products[p].messages), told); /* nothing is told twice */
        }
    }
    run_free(&run);
}

START_TEST(terms_add_up)
{
    struct seen seen = {0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_program(seed, &seen);
    }
    /* the test means something only where values are divided, rest on something, and some products fail */
    ck_assert_uint_gt(seen.products, PROGRAMS * PRODUCTS / 2);
    ck_assert_uint_gt(seen.divided, PROGRAMS);
    ck_assert_uint_gt(seen.grounds, PROGRAMS);
    ck_assert_uint_gt(seen.failed, 0);
}
END_TEST

START_TEST(sets_are_kept_once)
{
    struct arena arena = {.limit = 0};
    struct ground_sets sets = ground_sets_in(&arena);
    uint32_t one = ground_sets_one(&sets, 7);
    uint32_t two = ground_sets_one(&sets, 3);
    uint32_t both = ground_sets_union(&sets, one, two);
    ck_assert_uint_eq(ground_sets_union(&sets, two, one), both);
    ck_assert_uint_eq(ground_sets_union(&sets, both, one), both);
    ck_assert_uint_eq(ground_sets_union(&sets, both, 0), both);
    ck_assert_uint_eq(ground_sets_union(&sets, 0, 0), 0);
    ck_assert_uint_eq(sets.items[both].count, 2);
    ck_assert_uint_eq(sets.items[both].grounds[0], 3);
    ground_sets_add(&sets, one);
    ground_sets_add(&sets, two);
    ground_sets_add(&sets, both);
    ground_sets_add(&sets, 0);
    ck_assert_uint_eq(ground_sets_gather(&sets), both);
    ground_sets_add(&sets, two);
    ck_assert_uint_eq(ground_sets_gather(&sets), two);
    ck_assert_uint_eq(ground_sets_gather(&sets), 0);
    arena_free(&arena);
}
END_TEST

/* x + x, and that + itself, sixty times: 2^60 ways lead to x. */
START_TEST(shared_sums_are_bounded)
{
    struct run run;
    run_start(&run);
    run.b.is_sharing = false;
    uint32_t value = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", run.b.co2e));
    for (int i = 0; i < 60; i++) {
        value = builder_two(&run.b, OP_ADD, AXIS_ID_PRODUCT, run.b.co2e, value, value);
    }
    builder_emit(&run.b, builder_stage(&run.b, "s"), "f", value);
    run_data(&run, "{\"x\": 1}");
    struct seen seen = {.title = "doubling"};
    ck_assert(engine_show(run.engine, &run.batch, 0, check_terms, &seen));
    ck_assert_uint_eq(seen.divided, 1);
    run_free(&run);
}
END_TEST

Suite *trace_suite(void)
{
    Suite *suite = suite_create("trace");
    TCase *tcase = tcase_create("trace");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, terms_add_up);
    tcase_add_test(tcase, sets_are_kept_once);
    tcase_add_test(tcase, shared_sums_are_bounded);
    suite_add_tcase(suite, tcase);
    return suite;
}
