/* The library as its users see it: rules as bytes, data as streams, files and records. */
#include <check.h>
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/program_builder.h"
#include "vm/limits.h"
#include "vm/zuji.h"

Suite *api_suite(void);

static struct zuji_rule *rule;

/* One flow: x / y kgCO2e for 1 plain unit; needs y > 0 to be computed. */
static struct str division_bytes(struct arena *arena, struct builder *b)
{
    builder_start(b);
    uint32_t x = builder_load(b, builder_field(b, NO_INDEX, "x", b->co2e));
    uint32_t y = builder_load(b, builder_field(b, NO_INDEX, "y", 0));
    uint32_t quotient = builder_two(b, OP_DIV, AXIS_ID_PRODUCT, b->co2e, x, y);
    builder_emit(b, builder_stage(b, "making"), "heat", quotient);
    b->program.rule.titles.label[LANG_ZH] = builder_label(b, "试验");
    b->program.rule.declared_titles.label[LANG_EN] = builder_label(b, "piece");
    struct str bytes;
    struct diags diags = diags_in(arena);
    ck_assert(image_write(arena, builder_finish(b), &bytes, &diags));
    return bytes;
}

static void load_rule(void)
{
    struct arena arena = {.limit = 0};
    struct builder b;
    struct zuji_messages *messages = NULL;
    struct str bytes = division_bytes(&arena, &b);
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, &messages), ZUJI_OK);
    ck_assert_ptr_null(messages);
    builder_free(&b);
    arena_free(&arena);
}

static void free_rule(void)
{
    zuji_rule_free(rule);
}

static struct zuji_run *new_run(const struct zuji_options *options)
{
    struct zuji_run *run = NULL;
    ck_assert_int_eq(zuji_run_new(rule, NULL, options, &run, NULL), ZUJI_OK);
    return run;
}

START_TEST(tells_about_a_rule)
{
    unsigned abi = 0;
    ck_assert_str_eq(zuji_version(&abi), "0.1.0");
    ck_assert_uint_eq(abi, 1);
    ck_assert_str_eq(zuji_rule_name(rule), "test");
    const struct zuji_validity *valid = zuji_rule_validity(rule);
    ck_assert(valid->from[0] == '\0' && valid->to[0] == '\0' && valid->by[0] == '\0');
    ck_assert_str_eq(zuji_rule_version(rule), "");
    ck_assert_uint_eq(strlen(zuji_rule_hash(rule)), 64);
    ck_assert_uint_eq(strlen(zuji_rule_file_hash(rule)), 64);
    ck_assert_str_ne(zuji_rule_file_hash(rule), zuji_rule_hash(rule));
    ck_assert_str_eq(zuji_rule_title(rule, ZUJI_EN), "试验");
    ck_assert_str_eq(zuji_rule_declared(rule, ZUJI_ZH), "1 piece");
    ck_assert_str_eq(zuji_rule_cost(rule), "5");
    char *listing = zuji_rule_listing(rule);
    ck_assert_ptr_nonnull(strstr(listing, "DIV"));
    zuji_text_free(listing);
    char number[32];
    zuji_number_text(0.1, number);
    ck_assert_str_eq(number, "0.1");
}
END_TEST

START_TEST(refuses_altered_bytes)
{
    struct arena arena = {.limit = 0};
    struct builder b;
    struct str bytes = division_bytes(&arena, &b);
    struct zuji_rule *other = rule;
    struct zuji_messages *messages = NULL;
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len - 1, &other, &messages), ZUJI_FINDINGS);
    ck_assert_ptr_null(other);
    ck_assert_uint_ge(zuji_messages_count(messages), 1);
    ck_assert_int_eq(zuji_messages_get(messages, 0)->severity, 0);
    ck_assert_ptr_null(zuji_messages_get(messages, zuji_messages_count(messages)));
    zuji_messages_free(messages);
    ck_assert_int_eq(zuji_load("no rule", 7, &other, NULL), ZUJI_FINDINGS);
    ck_assert_int_eq(zuji_load(NULL, 0, &other, NULL), ZUJI_FINDINGS);
    ck_assert_int_eq(zuji_load(NULL, 3, &other, NULL), ZUJI_USAGE);
    builder_free(&b);
    arena_free(&arena);
}
END_TEST

START_TEST(frees_nothing_gladly)
{
    zuji_rule_free(NULL);
    zuji_run_free(NULL);
    zuji_factors_free(NULL);
    zuji_messages_free(NULL);
    zuji_text_free(NULL);
    ck_assert_uint_eq(zuji_messages_count(NULL), 0);
}
END_TEST

/* ---- records ---- */

START_TEST(runs_records)
{
    struct zuji_run *run = new_run(NULL);
    const struct zuji_result *result = NULL;
    const char *json = "{\"id\": \"a\", \"x\": 3, \"y\": 4}";
    ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_OK);
    ck_assert_str_eq(zuji_result_id(result), "a");
    ck_assert_uint_eq(zuji_result_number(result), 1);
    ck_assert_double_eq(zuji_result_total(result)->value, 0.75);
    size_t count = 9;
    ck_assert_str_eq(zuji_result_stages(result, &count)[0].name, "making");
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(zuji_result_flows(result, &count)[0].stage, "making");
    ck_assert_str_eq(zuji_result_categories(result, &count)[0].name, "fossil");
    ck_assert_str_eq(zuji_result_gases(result, NULL)[0].name, "CO2e");
    zuji_result_reports(result, &count);
    ck_assert_uint_eq(count, 0);
    size_t len = 0;
    const char *text = zuji_result_json(result, ZUJI_TOTALS, &len);
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_ptr_eq(text, zuji_result_json(result, ZUJI_TOTALS, NULL)); /* made once */

    json = "{\"x\": 3, \"y\": 0}";
    ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_FINDINGS);
    ck_assert_int_eq(zuji_result_is_ok(result), 0);
    ck_assert_ptr_null(zuji_result_total(result));
    ck_assert_ptr_null(zuji_result_stages(result, &count));
    ck_assert_uint_eq(count, 0);
    ck_assert_str_eq(zuji_messages_get(zuji_result_messages(result), 0)->code, "E0701");
    zuji_run_free(run);
}
END_TEST

START_TEST(makes_results_of_what_is_no_record)
{
    static const char *const texts[] = {"", "{\"x\": 3,", "[1, 2]", "17", "{\"x\": 3, \"y\": 4} {"};
    struct zuji_run *run = new_run(NULL);
    for (size_t i = 0; i < countof(texts); i++) {
        const struct zuji_result *result = NULL;
        enum zuji_status status = zuji_run_record(run, texts[i], strlen(texts[i]), &result);
        ck_assert_msg(status == ZUJI_FINDINGS, "%s: %d", texts[i], (int)status);
        ck_assert_ptr_nonnull(result);
        ck_assert_int_eq(zuji_result_is_ok(result), 0);
        ck_assert_uint_ge(zuji_messages_count(zuji_result_messages(result)), 1);
    }
    zuji_run_free(run);
}
END_TEST

START_TEST(runs_outlive_the_callers_rule)
{
    struct zuji_run *run = new_run(NULL);
    zuji_rule_free(rule);
    rule = NULL;
    const struct zuji_result *result = NULL;
    const char *json = "{\"x\": 1, \"y\": 8}";
    ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_OK);
    ck_assert_str_eq(zuji_result_total(result)->reported, "0.125000");
    zuji_run_free(run);
}
END_TEST

START_TEST(restores_the_floating_environment)
{
    struct zuji_run *run = new_run(NULL);
    const struct zuji_result *result = NULL;
    const char *json = "{\"x\": 1, \"y\": 3}";
    ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_OK);
    double value = zuji_result_total(result)->value;
    ck_assert_int_eq(fesetround(FE_UPWARD), 0);
    enum zuji_status status = zuji_run_record(run, json, strlen(json), &result);
    int mode = fegetround();
    fesetround(FE_TONEAREST);
    ck_assert_int_eq(status, ZUJI_OK);
    ck_assert_int_eq(mode, FE_UPWARD);
    ck_assert_double_eq(zuji_result_total(result)->value, value);
    zuji_run_free(run);
}
END_TEST

/* ---- streams ---- */

struct supply {
    uint64_t made, count; /* products */
    uint64_t bad;         /* number of the one that divides by zero */
    bool is_broken;       /* the callback fails at the end */
    char line[96];
    size_t at, len;
};

static long read_products(void *user, char *buffer, size_t capacity)
{
    struct supply *source = user;
    size_t filled = 0;
    while (filled < capacity) {
        if (source->at == source->len) {
            if (source->made == source->count) {
                break;
            }
            source->made++;
            int y = source->made == source->bad ? 0 : 2;
            source->len =
                (size_t)snprintf(source->line, sizeof source->line, "{\"id\": \"p%lu\", \"x\": %lu, \"y\": %d}\n",
                                 (unsigned long)source->made, (unsigned long)source->made, y);
            source->at = 0;
        }
        buffer[filled++] = source->line[source->at++];
    }
    return filled == 0 && source->is_broken ? -1 : (long)filled;
}

struct collected {
    struct zuji_run *run;
    uint64_t results, failed;
    uint64_t stop_at, cancel_at;
};

static int collect(void *user, const struct zuji_result *result)
{
    struct collected *collected = user;
    collected->results++;
    ck_assert_uint_eq(zuji_result_number(result), collected->results);
    if (zuji_result_is_ok(result)) {
        ck_assert_double_eq(zuji_result_total(result)->value, (double)collected->results / 2);
    } else {
        collected->failed++;
        ck_assert_str_eq(zuji_messages_get(zuji_result_messages(result), 0)->product, zuji_result_id(result));
    }
    if (collected->results == collected->cancel_at) {
        zuji_run_cancel(collected->run);
    }
    return collected->results == collected->stop_at;
}

START_TEST(streams_products_in_order)
{
    struct supply source = {.count = 5000, .bad = 3456};
    struct collected collected = {.run = new_run(NULL)};
    struct zuji_messages *messages = NULL;
    enum zuji_status status =
        zuji_run_stream(collected.run, "data", read_products, &source, collect, &collected, &messages);
    ck_assert_int_eq(status, ZUJI_FINDINGS);
    ck_assert_ptr_null(messages);
    ck_assert_uint_eq(collected.results, 5000);
    ck_assert_uint_eq(collected.failed, 1);
    source = (struct supply){.count = 10};
    collected.results = 0; /* the run may be used again */
    status = zuji_run_stream(collected.run, "data", read_products, &source, collect, &collected, NULL);
    ck_assert_int_eq(status, ZUJI_OK);
    zuji_run_free(collected.run);
}
END_TEST

START_TEST(stops_when_told)
{
    struct supply source = {.count = 9000};
    struct collected collected = {.run = new_run(NULL), .stop_at = 7};
    ck_assert_int_eq(zuji_run_stream(collected.run, "d", read_products, &source, collect, &collected, NULL), ZUJI_IO);
    ck_assert_uint_eq(collected.results, 7);
    source = (struct supply){.count = 9000};
    collected.results = collected.stop_at = 0;
    collected.cancel_at = 1500;
    ck_assert_int_eq(zuji_run_stream(collected.run, "d", read_products, &source, collect, &collected, NULL),
                     ZUJI_CANCELLED);
    ck_assert_uint_eq(collected.results, 2 * LIMIT_CHUNK_PRODUCTS);
    zuji_run_free(collected.run);
}
END_TEST

START_TEST(tells_reading_errors_from_the_end)
{
    struct supply source = {.count = 3, .is_broken = true};
    struct collected collected = {.run = new_run(NULL)};
    struct zuji_messages *messages = NULL;
    ck_assert_int_eq(zuji_run_stream(collected.run, "pipe", read_products, &source, collect, &collected, &messages),
                     ZUJI_IO);
    ck_assert_str_eq(zuji_messages_get(messages, 0)->code, "E0780");
    zuji_messages_free(messages);
    zuji_run_free(collected.run);
}
END_TEST

START_TEST(runs_only_the_wanted_product)
{
    struct zuji_options options = {.use_exact = 1, .only_product = "p42"};
    struct supply source = {.count = 100};
    struct zuji_run *run = NULL;
    const struct zuji_result *result = NULL;
    ck_assert_int_eq(zuji_run_new(rule, NULL, &options, &run, NULL), ZUJI_OK);
    const char *json = "[{\"id\": \"p1\", \"x\": 1, \"y\": 1}, {\"id\": \"p42\", \"x\": 6, \"y\": 1}]";
    ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_OK);
    ck_assert_str_eq(zuji_result_id(result), "p42");
    ck_assert_double_eq(zuji_result_total(result)->value, 6);
    (void)source;
    zuji_run_free(run);
}
END_TEST

START_TEST(runs_files)
{
    char path[] = "/tmp/zuji_api_XXXXXX";
    int file = mkstemp(path);
    const char text[] = "[{\"x\": 1, \"y\": 2},\n {\"x\": 2, \"y\": 2}]";
    ck_assert_int_eq(write(file, text, sizeof text - 1), (long)sizeof text - 1);
    close(file);
    struct collected collected = {.run = new_run(NULL)};
    struct zuji_messages *messages = NULL;
    ck_assert_int_eq(zuji_run_path(collected.run, path, collect, &collected, &messages), ZUJI_OK);
    ck_assert_uint_eq(collected.results, 2);
    remove(path);
    ck_assert_int_eq(zuji_run_path(collected.run, path, collect, &collected, &messages), ZUJI_IO);
    ck_assert_str_eq(zuji_messages_get(messages, 0)->code, "E0901");
    zuji_messages_free(messages);
    zuji_run_free(collected.run);
}
END_TEST

/* ---- factors, limits ---- */

START_TEST(reads_factor_files)
{
    struct zuji_factors *factors = NULL;
    struct zuji_messages *messages = NULL;
    ck_assert_int_eq(zuji_factors_new(&factors), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_add(factors, "/tmp/zuji-there-is-no-such-file.csv", &messages), ZUJI_IO);
    ck_assert_str_eq(zuji_messages_get(messages, 0)->code, "E0901");
    zuji_messages_free(messages);
    struct zuji_run *run = NULL;
    ck_assert_int_eq(zuji_run_new(rule, factors, NULL, &run, NULL), ZUJI_OK);
    size_t len = 0;
    const char *identity = zuji_run_json(run, &len);
    ck_assert_uint_eq(strlen(identity), len);
    ck_assert_ptr_nonnull(strstr(identity, zuji_rule_hash(rule)));
    ck_assert_ptr_nonnull(strstr(identity, "\"declared\":{\"amount\":\"1\","));
    ck_assert_ptr_nonnull(strstr(identity, "\"factors\":null}"));
    zuji_factors_free(factors);
    zuji_run_free(run);
}
END_TEST

/* The default set, checked and made into a database by a host. */
START_TEST(makes_databases_of_factors)
{
    struct zuji_factors *factors = NULL;
    struct zuji_messages *messages = NULL;
    char *bytes = NULL;
    size_t len = 0;
    ck_assert_int_eq(zuji_factors_new(&factors), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_add(factors, "rules/factors", &messages), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_check(factors, &messages), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_database(factors, &bytes, &len, &messages), ZUJI_OK);
    ck_assert_uint_eq(zuji_messages_count(messages), 0);
    ck_assert_mem_eq(bytes, "SQLite format 3", 16);
    zuji_text_free(bytes);
    ck_assert_int_eq(zuji_factors_add_mapped(factors, "rules/factors", "rules/factors/none.json", NULL), ZUJI_IO);
    ck_assert_int_eq(zuji_factors_add_mapped(factors, "rules/factors", NULL, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_factors_database(factors, NULL, &len, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_factors_check(NULL, NULL), ZUJI_USAGE);
    zuji_factors_free(factors);
}
END_TEST

START_TEST(keeps_to_the_cost_limit)
{
    struct zuji_options options = {.use_exact = 1, .cost_limit = 4};
    struct zuji_run *run = new_run(&options);
    const struct zuji_result *result = NULL;
    const char *json = "{\"x\": 3, \"y\": 4}";
    ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_FINDINGS);
    ck_assert_str_eq(zuji_messages_get(zuji_result_messages(result), 0)->code, "E0715");
    zuji_run_free(run);
}
END_TEST

START_TEST(checks_arguments)
{
    struct zuji_run *run = NULL;
    ck_assert_int_eq(zuji_run_new(NULL, NULL, NULL, &run, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_run_new(rule, NULL, NULL, NULL, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_factors_new(NULL), ZUJI_USAGE);
    run = new_run(NULL);
    ck_assert_int_eq(zuji_run_record(run, NULL, 1, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_run_path(run, NULL, collect, NULL, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_run_stream(run, "x", NULL, NULL, collect, NULL, NULL), ZUJI_USAGE);
    zuji_run_free(run);
}
END_TEST

Suite *api_suite(void)
{
    Suite *suite = suite_create("api");
    TCase *calls = tcase_create("calls");
    tcase_add_checked_fixture(calls, load_rule, free_rule);
    tcase_add_test(calls, tells_about_a_rule);
    tcase_add_test(calls, refuses_altered_bytes);
    tcase_add_test(calls, frees_nothing_gladly);
    tcase_add_test(calls, runs_records);
    tcase_add_test(calls, makes_results_of_what_is_no_record);
    tcase_add_test(calls, runs_outlive_the_callers_rule);
    tcase_add_test(calls, restores_the_floating_environment);
    tcase_add_test(calls, streams_products_in_order);
    tcase_add_test(calls, stops_when_told);
    tcase_add_test(calls, tells_reading_errors_from_the_end);
    tcase_add_test(calls, runs_only_the_wanted_product);
    tcase_add_test(calls, runs_files);
    tcase_add_test(calls, reads_factor_files);
    tcase_add_test(calls, makes_databases_of_factors);
    tcase_add_test(calls, keeps_to_the_cost_limit);
    tcase_add_test(calls, checks_arguments);
    suite_add_tcase(suite, calls);
    return suite;
}
