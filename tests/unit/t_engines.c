/* Both engines on random programs and data: whatever the fast one does not leave to the exact one must be the same, in
   chunks of any size, and all that is reported must be. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/engines_agree.h"
#include "tests/unit/random_program.h"

Suite *engines_suite(void);

enum { PROGRAMS = 24, BLOCKS = 8, PRODUCTS = 40 };

static struct str join_records(struct arena *arena, const struct str *records, uint32_t from, uint32_t to)
{
    struct str list = str_join(arena, records + from, to - from, STR(", "));
    return str_format(arena, "[%.*s]", STR_FMT(list));
}

/* Doubles of a product must not depend on what else is in the chunk. */
static void same_bits(const struct program *program, const struct outcome *a, const struct outcome *b,
                      const char *title)
{
    if (a->is_failed || a->is_marked || b->is_failed || b->is_marked) {
        return;
    }
    ck_assert_uint_eq(a->row_count, b->row_count);
    for (uint32_t r = 0; r < a->row_count && program->output_count > 0; r++) {
        ck_assert_msg(memcmp(a->rows[r].output_double, b->rows[r].output_double,
                             program->output_count * sizeof(double)) == 0,
                      "%s: other bits in another chunk", title);
    }
}

/* The records in chunks of `size`, against the outcomes of all in one. */
static void check_chunks(struct run *run, const struct str *records, uint32_t size, const struct outcome *whole,
                         const char *title)
{
    struct batch all = run->batch;
    struct outcome *all_outcomes = run->outcomes;
    for (uint32_t from = 0; from < PRODUCTS; from += size) {
        uint32_t to = from + size < PRODUCTS ? from + size : PRODUCTS;
        struct outcome *found = NULL;
        memset(&run->batch, 0, sizeof run->batch);
        run_data(run, join_records(&run->arena, records, from, to).at);
        engines_agree(run->fast, &run->batch, run->outcomes, title, &found);
        for (uint32_t p = from; p < to; p++) {
            same_bits(run->program, &found[p - from], &whole[p], title);
        }
        arena_free(&run->batch.arena);
    }
    run->batch = all;
    run->outcomes = all_outcomes;
}

static struct agreement check_program(uint64_t seed)
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
    run_data(&run, join_records(&run.arena, records, 0, PRODUCTS).at);
    struct outcome *whole = NULL;
    static const uint32_t block_rows[] = {LIMIT_CHUNK_ROWS, 1, 5, 17};
    fast_set_block_rows(run.fast, block_rows[random_below(&random, countof(block_rows))]);
    struct agreement agreement = engines_agree(run.fast, &run.batch, run.outcomes, title, &whole);
    engines_report_alike(&run, run.binding, title);
    fast_set_block_rows(run.fast, block_rows[random_below(&random, countof(block_rows))]);
    check_chunks(&run, records, 7, whole, title);
    check_chunks(&run, records, 1, whole, title);
    run_free(&run);
    return agreement;
}

START_TEST(engines_agree_on_random_programs)
{
    struct agreement sum = {0, 0, 0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct agreement one = check_program((uint64_t)_i * 1000 + seed);
        sum.products += one.products;
        sum.failed += one.failed;
        sum.marked += one.marked;
    }
    /* The comparison must not be about failures and marks only. */
    ck_assert_msg(sum.failed < sum.products * 7 / 10, "%u of %u failed", sum.failed, sum.products);
    ck_assert_msg(sum.marked < (sum.products - sum.failed) * 2 / 3, "%u of %u marked", sum.marked,
                  sum.products - sum.failed);
}
END_TEST

Suite *engines_suite(void)
{
    Suite *suite = suite_create("engines");
    TCase *agree = tcase_create("agree");
    tcase_set_timeout(agree, 30);
    tcase_add_loop_test(agree, engines_agree_on_random_programs, 0, BLOCKS);
    suite_add_tcase(suite, agree);
    return suite;
}
