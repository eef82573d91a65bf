/* Samples: sums of normals and products of lognormals against what is known of them, at fixed seeds and with tolerances
   of five standard errors; identities, chunks, ranges, and programs whose factors differ from sample to sample. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "tests/unit/random_program.h"
#include "vm/functions.h"
#include "vm/montecarlo.h"
#include "vm/random.h"
#include "vm/sample_program.h"
#include "vm/statistics.h"

Suite *montecarlo_suite(void);

static struct zuji_rule *rule;
static struct zuji_factors *factors;
static struct zuji_run *run;
static const struct zuji_result *result;
static const struct zuji_uncertainty *told;

static void teardown(void)
{
    zuji_run_free(run);
    zuji_factors_free(factors);
    zuji_rule_free(rule);
    run = NULL;
    factors = NULL;
    rule = NULL;
    lower_teardown();
}

static void add_factors(const char *csv)
{
    char path[] = "/tmp/zuji_samples_XXXXXX";
    int file = mkstemp(path);
    FILE *stream = fdopen(file, "wb");
    ck_assert_ptr_nonnull(stream);
    fputs(csv, stream);
    ck_assert_int_eq(fclose(stream), 0);
    ck_assert_int_eq(zuji_factors_add(factors, path, NULL), ZUJI_OK);
    remove(path);
}

static void prepare(const char *text, const char *csv)
{
    struct str bytes;
    lower_compile_text(text);
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_new(&factors), ZUJI_OK);
    if (csv != NULL) {
        add_factors(csv);
    }
    ck_assert_int_eq(zuji_run_new(rule, factors, NULL, &run, NULL), ZUJI_OK);
}

static enum zuji_status sample(const char *record, uint32_t samples, uint64_t seed, uint32_t chunk,
                               struct zuji_messages **messages)
{
    const struct zuji_monte_carlo wanted = {.samples = samples, .seed = seed, .chunk = chunk};
    ck_assert_int_eq(zuji_run_record(run, record, strlen(record), &result), ZUJI_OK);
    return zuji_result_uncertainty(result, &wanted, &told, messages);
}

static void sampled(const char *record, uint32_t samples, uint64_t seed)
{
    ck_assert_int_eq(sample(record, samples, seed, 0, NULL), ZUJI_OK);
}

static const struct zuji_contribution *contribution_of(const char *name)
{
    for (size_t k = 0; k < told->contribution_count; k++) {
        const struct zuji_ground *ground = &told->contributions[k].ground;
        if (strcmp(ground->path, name) == 0 || (ground->path[0] == '\0' && strcmp(ground->name, name) == 0)) {
            return &told->contributions[k];
        }
    }
    ck_abort_msg("%s does not contribute", name);
    return NULL;
}

#define HEAD "declared 1 kg \"x\"\nboundary gate_to_gate\n"
#define PLAIN(formula)                                                                                                 \
    "rule r {\n" HEAD "data { made : kg\n x : kg\n y : kg\n z : kg optional }\nreference made\n"                       \
    "stage s : production { emit e = (" formula ") * 1 kgCO2e/kg } }"

/* ---- against what is known ---- */

enum { MANY = 40000 };
static const double Z[] = {-1.959963984540054,  -1.6448536269514722, -0.67448975019608171, 0,
                           0.67448975019608171, 1.6448536269514722,  1.959963984540054};
static const double P[] = {0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975};

static double density(double z)
{
    return exp(-z * z / 2) / sqrt(2 * 3.14159265358979323846);
}

/* Standard errors: mean sd/√n, sd sd/√(2n), a quantile √(p (1 - p)/n) / density. */
static void expect_normal(const struct zuji_spread *spread, double mean, double deviation, double (*as)(double))
{
    double root = sqrt(spread->samples);
    for (int q = 0; q < ZUJI_QUANTILES; q++) {
        double error = 5 * sqrt(P[q] * (1 - P[q])) / root / density(Z[q]) * deviation;
        ck_assert_double_eq_tol(as(spread->quantiles[q]), mean + Z[q] * deviation, error);
    }
}

static double itself(double x)
{
    return x;
}

START_TEST(a_sum_of_normals_is_normal)
{
    prepare(PLAIN("2 * x + 3 * y"), NULL);
    sampled("{\"made\": 2, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 0.4 kg)\"}, "
            "\"y\": {\"value\": 20, \"uncertainty\": \"normal(sd 2 %)\"}}",
            MANY, 42);
    double deviation = sqrt(0.4 * 0.4 + 0.6 * 0.6); /* of (2 x + 3 y) / 2 */
    double root = sqrt(MANY);
    ck_assert_uint_eq(told->total.samples, MANY);
    ck_assert_double_eq_tol(told->total.figure->value, 40, 1e-12);
    ck_assert_double_eq_tol(told->total.mean, 40, 5 * deviation / root);
    ck_assert_double_eq_tol(told->total.deviation, deviation, 5 * deviation / root / sqrt(2));
    expect_normal(&told->total, 40, deviation, itself);
    ck_assert_double_eq_tol(told->stages[0].mean, told->total.mean, 1e-12);
    /* Shares of variance 0.16 and 0.36; linear. The error of rho^2 is below 5 * 2 rho (1 - rho^2) / √n. */
    ck_assert_double_eq_tol(contribution_of("y")->by_slope, 0.36 / 0.52, 0.02);
    ck_assert_double_eq_tol(contribution_of("y")->by_rank, 0.36 / 0.52, 0.03);
    ck_assert_double_eq_tol(contribution_of("x")->by_rank + contribution_of("y")->by_rank, 1, 1e-12);
    ck_assert_str_eq(told->contributions[0].ground.path, "y"); /* the largest first */
    ck_assert_double_eq_tol(contribution_of("x")->derivative, 1, 1e-14);
    ck_assert_double_eq_tol(contribution_of("x")->deviation, 0.4, 5 * 0.4 / root / sqrt(2));
    ck_assert_double_eq_tol(told->linear, 1, 0.05);
    ck_assert_str_eq(contribution_of("x")->ground.uncertainty, "normal(sd 0.4 kg)");
}
END_TEST

START_TEST(a_product_of_lognormals_is_lognormal)
{
    prepare(PLAIN("x * y / 1 kg"), NULL);
    sampled("{\"made\": 1, \"x\": {\"value\": 10, \"uncertainty\": \"lognormal(gsd 1.2)\"}, "
            "\"y\": {\"value\": 4, \"uncertainty\": \"lognormal(gsd 1.5)\"}}",
            MANY, 7);
    double deviation = sqrt(log(1.2) * log(1.2) + log(1.5) * log(1.5));
    double root = sqrt(MANY);
    double spread = sqrt(exp(deviation * deviation) - 1);
    ck_assert_double_eq_tol(log(told->total.geometric_deviation), deviation, 5 * deviation / root / sqrt(2));
    ck_assert_double_eq_tol(told->total.mean, 40 * exp(deviation * deviation / 2), 5 * 45 * spread / root);
    expect_normal(&told->total, log(40), deviation, log);
    ck_assert_double_eq_tol(told->total.deviation, 40 * exp(deviation * deviation / 2) * spread, 1);
    double of_y = log(1.5) * log(1.5) / deviation / deviation;
    ck_assert_double_eq_tol(contribution_of("y")->by_rank, of_y, 0.03);
}
END_TEST

/* Moments: uniform (a + b)/2, (b - a)²/12; triangular (a + m + b)/3, (a² + m² + b² - am - ab - mb)/18. */
START_TEST(uniform_and_triangular_moments)
{
    double root = sqrt(MANY);
    prepare(PLAIN("x"), NULL);
    sampled("{\"made\": 1, \"x\": {\"value\": 10, \"uncertainty\": \"uniform(-10 %, +20 %)\"}, \"y\": 0}", MANY, 3);
    ck_assert_double_eq_tol(told->total.mean, 10.5, 5 * sqrt(0.75) / root);
    ck_assert_double_eq_tol(told->total.deviation, sqrt(0.75), 5 * sqrt(0.75) / root);
    ck_assert_double_eq_tol(told->total.quantiles[0], 9 + 3 * 0.025, 5 * 3 * sqrt(0.025 * 0.975) / root);
    ck_assert_double_eq_tol(told->total.quantiles[5], 9 + 3 * 0.95, 5 * 3 * sqrt(0.05 * 0.95) / root);
    sampled("{\"made\": 1, \"x\": {\"value\": 9, \"uncertainty\": \"triangular(7000 g, 16 kg)\"}, \"y\": 0}", MANY, 3);
    double variance = (49 + 81 + 256 - 63 - 112 - 144) / 18.0;
    ck_assert_double_eq_tol(told->total.mean, 32 / 3.0, 5 * sqrt(variance) / root);
    ck_assert_double_eq_tol(told->total.deviation, sqrt(variance), 5 * sqrt(variance) / root);
    double median = 16 - sqrt(9 * 7 / 2.0);
    ck_assert_double_eq_tol(told->total.quantiles[3], median, 5 * 0.5 / root / (2 * (16 - median) / 63));
}
END_TEST

/* ---- the same samples ---- */

#define TWO                                                                                                            \
    "{\"id\": \"p\", \"made\": 2, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 4 %)\"}, "                       \
    "\"y\": {\"value\": 20, \"uncertainty\": \"lognormal(gsd 1.3)\"}}"

START_TEST(chunks_do_not_matter)
{
    static const uint32_t sizes[] = {0, 1, 7, 1024};
    char first[8192] = "";
    prepare(PLAIN("if x > 10 kg then x * y / 1 kg else max(x, y)"), NULL);
    for (size_t i = 0; i < countof(sizes); i++) {
        ck_assert_int_eq(sample(TWO, 1500, 9, sizes[i], NULL), ZUJI_OK);
        const char *json = zuji_uncertainty_json(result, told, NULL);
        ck_assert_uint_lt(strlen(json), sizeof first);
        ck_assert(i == 0 || strcmp(json, first) == 0);
        strcpy(first, json);
    }
    ck_assert_int_eq(sample(TWO, 1500, 10, 0, NULL), ZUJI_OK);
    ck_assert_str_ne(zuji_uncertainty_json(result, told, NULL), first);
}
END_TEST

/* Nor where which factors are met, and when, hangs on what is drawn. */
START_TEST(chunks_do_not_matter_to_factors)
{
    static const uint32_t sizes[] = {1024, 1, 7};
    char first[8192] = "";
    prepare("factor heat(kind: text) : kgCO2e/kg\n"
            "rule r {\n" HEAD "data { made : kg\n x : kg\n y : kg }\nreference made\n"
            "stage s : production { emit e = if x > 11 kg then y * heat(\"a\") else if x > 10 kg then y * heat(\"b\") "
            "else if x > 9 kg then y * heat(\"c\") * heat(\"b\") / heat(\"d\") else y * heat(\"d\") } }",
            "factor,kind,value,unit,uncertainty\nheat,a,1,kgCO2e/kg,normal(sd 5 %)\nheat,b,3,kgCO2e/kg,lognormal(gsd 1.3)\n"
            "heat,c,5,kgCO2e/kg,uniform(4，6)\nheat,d,7,kgCO2e/kg,\"triangular(-10 %, 20 %)\"\n");
    for (size_t i = 0; i < countof(sizes); i++) {
        ck_assert_int_eq(sample("{\"made\": 2, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 10 %)\"}, \"y\": 4}", 1100, 9,
                                sizes[i], NULL),
                         ZUJI_OK);
        ck_assert_uint_eq(told->contribution_count, 5);
        const char *json = zuji_uncertainty_json(result, told, NULL);
        ck_assert_uint_lt(strlen(json), sizeof first);
        ck_assert(i == 0 || strcmp(json, first) == 0);
        strcpy(first, json);
    }
}
END_TEST

/* What another team would draw: samples of a factor, from the definition. */
START_TEST(draws_are_as_defined)
{
    enum { FEW = 9 };
    double expected[FEW];
    prepare("factor heat(fuel: text, year: year) : kgCO2e/kg\n"
            "rule r {\n" HEAD "data { made : kg\n x : kg }\nreference made\n"
            "stage s : production { emit e = x * heat(\"coal\", 2024) } }",
            "factor,fuel,year,value,unit,uncertainty,valid_from\n"
            "heat,coal,2023,2.5,kgCO2e/kg,uniform(2 kgCO2e/kg，4000 gCO2e/kg),2020-02-01\n");
    sampled("{\"made\": 1, \"x\": 3}", FEW, 0x123456789);
    uint64_t identity = uncertainty_identity(STR("factor\nheat\ncoal\n2023\n2020-02-01\n"));
    for (uint32_t s = 0; s < FEW; s++) {
        const uint32_t counter[4] = {s, 0, (uint32_t)identity, (uint32_t)(identity >> 32)};
        expected[s] = 3 * (2 + 2 * random_uniform(counter, 0x123456789));
    }
    statistics_sort(expected, FEW);
    ck_assert_double_eq_tol(told->total.quantiles[3], expected[4], 1e-14);
    ck_assert_double_eq_tol(told->total.quantiles[2], expected[2], 1e-14);
    ck_assert_uint_eq(told->contribution_count, 1);
    ck_assert_uint_eq(told->contributions[0].ground.key_count, 2);
    ck_assert_str_eq(told->contributions[0].ground.keys[1], "2023");
    ck_assert_double_eq_tol(told->contributions[0].correlation, 1, 1e-14);
    ck_assert_double_eq_tol(told->contributions[0].derivative, 3, 1e-14);
}
END_TEST

/* The same of a datum in rows: of the second of the farms, and of the cow that is called so. */
START_TEST(draws_of_rows_are_as_defined)
{
    enum { FEW = 9 };
    double expected[FEW];
    prepare(
        "rule r {\n" HEAD
        "data { made : kg\n farms : list of { cows : list of { name : text, milk : kg } key name } }\n"
        "reference made\nstage s : production { emit e = sum(f in farms: sum(c in f.cows: c.milk)) * 1 kgCO2e/kg } }",
        NULL);
    sampled("{\"id\": \"p 1\", \"made\": 1, \"farms\": [{\"cows\": [{\"name\": \"white\", \"milk\": 1}]}, {\"cows\": "
            "[{\"name\": \"black\", \"milk\": 2}, {\"name\": \"红\", \"milk\": {\"value\": 4, "
            "\"uncertainty\": \"normal(sd 500 g)\"}}]}]}",
            FEW, 77);
    uint64_t identity = uncertainty_identity(STR("datum\np 1\nfarms\n2\ncows\n红\nmilk"));
    for (uint32_t s = 0; s < FEW; s++) {
        const uint32_t counter[4] = {s, 0, (uint32_t)identity, (uint32_t)(identity >> 32)};
        expected[s] = 3 + (4 + 0.5 * random_normal_quantile(random_uniform(counter, 77)));
    }
    statistics_sort(expected, FEW);
    ck_assert_double_eq_tol(told->total.quantiles[3], expected[4], 1e-14);
    ck_assert_double_eq_tol(told->total.quantiles[4], expected[6], 1e-14);
    ck_assert_uint_eq(told->contribution_count, 1);
    ck_assert_str_eq(told->contributions[0].ground.path, "farms[2].cows[2].milk");
}
END_TEST

/* Samples are what products with those data are: of two samples mean and deviation tell both. */
START_TEST(samples_are_products)
{
    prepare("table price(mass: kg) -> kgCO2e/kg { up to 2 kg => 1 kgCO2e/kg; otherwise => 0.3 kgCO2e/kg }\n"
            "rule r {\n" HEAD "data { made : kg\n x : kg\n parts : list of { m : kg, near : bool } }\nreference made\n"
            "stage s : production { emit e = sum(p in parts where p.m > x: p.m * price(p.m) * exp(x / 1 kg)) } }",
            NULL);
    static const char record[] = "{\"id\": \"p\", \"made\": %s, \"x\": %s, \"parts\": [{\"m\": %s, \"near\": true}, "
                                 "{\"m\": 3, \"near\": false}]}";
    for (uint64_t seed = 1; seed <= 10; seed++) {
        char json[512];
        double values[2];
        snprintf(json, sizeof json, record, "{\"value\": 2, \"uncertainty\": \"lognormal(gsd 1.3)\"}",
                 "{\"value\": 1, \"uncertainty\": \"uniform(0, 3)\"}",
                 "{\"value\": 2, \"uncertainty\": \"normal(sd 1)\"}");
        sampled(json, 2, seed);
        double mean = told->total.mean;
        double apart = told->total.deviation / sqrt(2);
        for (uint32_t s = 0; s < 2; s++) {
            static const char *const names[] = {"datum\np\nmade", "datum\np\nx", "datum\np\nparts\n1\nm"};
            const struct uncertainty of[] = {
                {DISTRIBUTION_LOGNORMAL, 2, function_ln(1.3), 0},
                {DISTRIBUTION_UNIFORM,   1, 0,                3},
                {DISTRIBUTION_NORMAL,    2, 1,                0}
            };
            char texts[3][32];
            for (int k = 0; k < 3; k++) {
                uint64_t identity = uncertainty_identity(str_of(names[k]));
                zuji_number_text(uncertainty_draw(&of[k], seed, identity, s, 0, 1e60), texts[k]);
            }
            snprintf(json, sizeof json, record, texts[0], texts[1], texts[2]);
            ck_assert_int_eq(zuji_run_record(run, json, strlen(json), &result), ZUJI_OK);
            values[s] = zuji_result_total(result)->value;
        }
        ck_assert_double_eq_tol((values[0] + values[1]) / 2, mean, 1e-12 * mean);
        ck_assert_double_eq_tol(fabs(values[0] - values[1]) / 2, apart, 1e-12 * mean);
    }
}
END_TEST

/* The identity of a datum: the product, and the key of its row, not the place. */
START_TEST(rows_go_by_their_keys)
{
    prepare("rule r {\n" HEAD "data { made : kg\n parts : list of { name : text, m : kg } key name }\nreference made\n"
            "stage s : production { emit e = sum(p in parts: p.m) * 1 kgCO2e/kg } }",
            NULL);
#define ROW_A "{\"name\": \"a\", \"m\": {\"value\": 3, \"uncertainty\": \"normal(sd 10 %)\"}}"
#define ROW_B "{\"name\": \"b\", \"m\": {\"value\": 5, \"uncertainty\": \"uniform(4, 9)\"}}"
    sampled("{\"id\": \"p\", \"made\": 1, \"parts\": [" ROW_A ", " ROW_B "]}", 500, 1);
    double mean = told->total.mean;
    double median = told->total.quantiles[3];
    double correlation = contribution_of("parts[1].m")->correlation;
    sampled("{\"id\": \"p\", \"made\": 1, \"parts\": [" ROW_B ", " ROW_A "]}", 500, 1);
    ck_assert_double_eq_tol(told->total.mean, mean, 1e-13);
    ck_assert_double_eq_tol(told->total.quantiles[3], median, 1e-13);
    ck_assert_double_eq_tol(contribution_of("parts[2].m")->correlation, correlation, 1e-13);
    sampled("{\"id\": \"q\", \"made\": 1, \"parts\": [" ROW_B ", " ROW_A "]}", 500, 1);
    ck_assert(fabs(told->total.mean - mean) > 1e-6);
}
END_TEST

/* One draw wherever a factor is used: on the product, in rows, under another name of the same row; and the parts of one
   that is split. */
START_TEST(a_shared_factor_is_one_draw)
{
    prepare("factor heat : kgCO2e/kg\nfactor power(year: year) : kgCO2e/kg split fossil, biogenic\n"
            "rule r {\n" HEAD "data { made : kg\n x : kg\n year : year\n parts : list of { m : kg } }\nreference made\n"
            "let rows = sum(p in parts: p.m * heat)\n"
            "stage s : production { emit e = x * heat / rows * 1 kgCO2e } \n"
            "stage t : production { emit e = x * power(year) } }",
            "factor,year,value,unit,uncertainty,fossil,biogenic\n"
            "heat,,2.5,kgCO2e/kg,lognormal(gsd 1.5),,\n"
            "power,2020,4,kgCO2e/kg,normal(sd 0.5 kgCO2e/kg),3,1\n");
    sampled("{\"made\": 1, \"x\": 3, \"year\": 2024, \"parts\": [{\"m\": 1}, {\"m\": 2}]}", 400, 5);
    ck_assert_double_eq_tol(told->stages[0].deviation, 0, 1e-15);
    ck_assert_double_eq_tol(told->stages[0].mean, 1, 1e-15);
    ck_assert_double_eq_tol(told->stages[1].deviation, 1.5,
                            0.25); /* of 3 * (3/4 + 1/4) of one draw: not √(10)/4 of that */
    ck_assert_uint_eq(told->contribution_count, 2);
    ck_assert_double_eq_tol(contribution_of("power")->derivative, 3, 1e-14);
    ck_assert_double_eq_tol(contribution_of("power")->correlation, 1, 1e-14);
    ck_assert_double_eq(contribution_of("power")->ground.value.number, 4);
    ck_assert_double_eq_tol(contribution_of("power")->by_slope, 1, 1e-14);
}
END_TEST

/* ---- ranges and failures ---- */

START_TEST(ranges_hold)
{
    prepare("rule r {\n" HEAD "data { made : kg\n x : kg range 9 kg .. 11 kg }\nreference made\n"
            "stage s : production { emit e = x * 1 kgCO2e/kg } }",
            NULL);
    sampled("{\"made\": 1, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 2)\"}}", 2000, 1);
    ck_assert_uint_eq(told->failed, 0);
    ck_assert_double_ge(told->total.quantiles[0], 9);
    ck_assert_double_le(told->total.quantiles[6], 11);
    ck_assert_double_eq_tol(told->total.deviation, 2 / sqrt(12), 0.05); /* nearly uniform */
}
END_TEST

/* A draw lies in a millionth of its range with 1 in 10,000: most samples are in error, some are not. */
START_TEST(draws_may_fail)
{
    struct zuji_messages *messages = NULL;
    prepare("rule r {\n" HEAD "data { made : kg\n x : kg range 10 kg .. 10.01 kg }\nreference made\n"
            "stage s : production { emit e = x * 1 kgCO2e/kg } }",
            NULL);
    sampled("{\"made\": 1, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 2)\"}}", 2000, 1);
    double expected = pow(1 - 0.01 / 2 * density(0), 100);
    ck_assert_double_eq_tol(told->failed / 2000.0, expected, 5 * sqrt(expected * (1 - expected) / 2000));
    ck_assert_uint_eq(told->total.samples, 2000 - told->failed);
    ck_assert_str_eq(zuji_messages_get(told->failures, 0)->code, "E0724");
    ck_assert_int_eq(
        sample("{\"made\": 1, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 1e30)\"}}", 10, 1, 0, &messages),
        ZUJI_FINDINGS);
    ck_assert_str_eq(zuji_messages_get(messages, 0)->code, "E0724");
    ck_assert_ptr_nonnull(strstr(zuji_messages_get(messages, 0)->text[ZUJI_ZH], "10 个样本中有 10 个出错"));
    zuji_messages_free(messages);
}
END_TEST

/* A factor of which nothing can be drawn matters only where it is looked up. */
START_TEST(requirements_hold_in_samples)
{
    prepare("factor heat : kgCO2e/kg\n"
            "rule r {\n" HEAD "data { made : kg\n x : kg\n y : kg }\nreference made\n"
            "require x <= 10 kg else \"too much\"\n"
            "stage s : production when y > 1 kg { emit e = x * heat } \n"
            "stage t : production { emit e = x * 1 kgCO2e/kg } }",
            "factor,value,unit,uncertainty\nheat,0,kgCO2e/kg,normal(sd 0 %)\n");
    sampled("{\"made\": 1, \"x\": {\"value\": 10, \"uncertainty\": \"normal(sd 1)\"}, "
            "\"y\": {\"value\": 1.5, \"uncertainty\": \"uniform(0.5, 1.5)\"}}",
            2000, 1);
    ck_assert_double_eq_tol(told->failed, 1000, 5 * sqrt(500)); /* above the median */
    ck_assert_str_eq(zuji_messages_get(told->failures, 0)->code, "E0709");
    ck_assert_double_le(told->total.quantiles[6], 10);
    ck_assert_double_eq_tol(told->stages[0].samples, told->total.samples / 2.0, 5 * sqrt(told->total.samples) / 2);
    ck_assert_uint_eq(told->stages[1].samples, told->total.samples);
}
END_TEST

static void expect_refused(const char *record, const char *code)
{
    struct zuji_messages *messages = NULL;
    ck_assert_int_eq(sample(record, 10, 1, 0, &messages), ZUJI_FINDINGS);
    ck_assert_ptr_null(told);
    ck_assert_uint_eq(zuji_messages_count(messages), 1);
    ck_assert_str_eq(zuji_messages_get(messages, 0)->code, code);
    zuji_messages_free(messages);
}

START_TEST(what_cannot_be_sampled)
{
    const struct zuji_monte_carlo wrong[] = {
        {.samples = 1},
        {   .samples = ZUJI_SAMPLES_MAX + 1},
        { 10,                           1, 1025}
    };
    prepare("factor heat : kgCO2e/kg\nrule r {\n" HEAD "data { made : kg\n x : kg\n y : kg }\nreference made\n"
            "stage s : production { emit e = x * 1 kgCO2e/kg } \n stage t : production when x > 5 kg { emit e = x * "
            "heat } }",
            "factor,value,unit,uncertainty\nheat,1,kgCO2e/kg,± 5 %\n");
    expect_refused("{\"made\": 1, \"x\": 2, \"y\": 3}", "E0722");
    expect_refused("{\"made\": 1, \"x\": 2, \"y\": {\"value\": 3, \"uncertainty\": \"normal(sd 1)\"}}", "E0722");
    expect_refused("{\"made\": 1, \"x\": {\"value\": 9, \"uncertainty\": \"normal(sd 1)\"}, \"y\": 3}", "E0723");
    for (size_t i = 0; i < countof(wrong); i++) {
        ck_assert_int_eq(zuji_result_uncertainty(result, &wrong[i], &told, NULL), ZUJI_USAGE);
    }
    const char *bad = "{\"made\": 1, \"x\": \"no\", \"y\": 3}";
    ck_assert_int_eq(zuji_run_record(run, bad, strlen(bad), &result), ZUJI_FINDINGS);
    ck_assert_int_eq(zuji_result_uncertainty(result, &(struct zuji_monte_carlo){10, 1, 0}, &told, NULL), ZUJI_FINDINGS);
}
END_TEST

/* A rule with rows: each has its own figures, of the same samples. */
START_TEST(rows_share_samples)
{
    prepare("factor heat : kgCO2e/kg\n"
            "rule r {\n" HEAD "data { parts : list of { name : text, out : kg, m : kg } }\n"
            "reference for each p in parts: p.out\n"
            "stage s : production { emit e = p.m * heat } }",
            "factor,value,unit,uncertainty\nheat,2,kgCO2e/kg,normal(sd 10 %)\n");
    sampled("{\"parts\": [{\"name\": \"a\", \"out\": 1, \"m\": 1}, {\"name\": \"b\", \"out\": 2, \"m\": 10}]}", 300, 1);
    double mean = told->total.mean;
    const struct zuji_result *second = zuji_result_row(result, 1);
    ck_assert_int_eq(zuji_result_uncertainty(second, &(struct zuji_monte_carlo){300, 1, 0}, &told, NULL), ZUJI_OK);
    ck_assert_double_eq_tol(told->total.mean, 5 * mean, 1e-12);
    ck_assert_double_eq_tol(told->contributions[0].derivative, 5, 1e-12);
}
END_TEST

/* ---- the program of samples ---- */

enum { PROGRAMS = 60, PRODUCTS = 6 };

static size_t moved; /* instructions, in all programs */

/* What constants give moves to the products, and all stays as it was, to the last bit. */
static void check_program(uint64_t seed)
{
    struct random random = {seed * UINT64_C(0xD6E8FEB86659FD93)};
    struct run made;
    run_start(&made);
    random_program(&made, &random);
    struct str records[PRODUCTS];
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        records[p] = random_record(&made.arena, &random, p);
    }
    run_data(&made, str_format(&made.arena, "[%.*s]", STR_FMT(str_join(&made.arena, records, PRODUCTS, STR(", ")))).at);
    const struct verified *program = sample_program(&made.arena, made.verified);
    struct fast *fast = fast_new(&made.arena, program, made.binding, made.natives, made.cost_limit);
    struct outcome wanted[PRODUCTS];
    struct outcome found[PRODUCTS];
    fast_run_batch(made.fast, &made.batch, wanted);
    fast_run_batch(fast, &made.batch, found);
    for (uint32_t i = 0; i < program->program->code_count; i++) {
        moved += program->program->code[i].op == OP_FACTOR && program->program->code[i].axis == AXIS_ID_PRODUCT;
    }
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        ck_assert_msg(found[p].is_failed == wanted[p].is_failed, "seed %lu, product %u", (unsigned long)seed, p);
        ck_assert_msg(!found[p].is_marked || wanted[p].is_marked, "seed %lu, product %u", (unsigned long)seed, p);
        bool is_there = !found[p].is_marked && !wanted[p].is_marked && !wanted[p].is_failed;
        for (uint32_t r = 0; is_there && r < wanted[p].row_count; r++) {
            const struct outcome_row *one = &wanted[p].rows[r];
            const struct outcome_row *other = &found[p].rows[r];
            ck_assert_mem_eq(other->part_double, one->part_double, made.program->part_count * sizeof(double));
            ck_assert_mem_eq(other->output_double, one->output_double, made.program->output_count * sizeof(double));
            ck_assert_mem_eq(other->part_given, one->part_given, made.program->part_count);
            ck_assert_mem_eq(other->stage_given, one->stage_given, made.program->stage_count);
            ck_assert_double_eq(other->reference_double, one->reference_double);
        }
    }
    fast_free(fast);
    run_free(&made);
}

START_TEST(moved_programs_are_the_same)
{
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_program((uint64_t)_i * 1000 + seed);
    }
    ck_assert_uint_gt(moved, PROGRAMS / 40);
}
END_TEST

Suite *montecarlo_suite(void)
{
    Suite *suite = suite_create("montecarlo");
    TCase *programs = tcase_create("programs");
    tcase_set_timeout(programs, 30);
    tcase_add_loop_test(programs, moved_programs_are_the_same, 0, 3);
    suite_add_tcase(suite, programs);
    TCase *tcase = tcase_create("samples");
    tcase_add_checked_fixture(tcase, lower_setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, a_sum_of_normals_is_normal);
    tcase_add_test(tcase, a_product_of_lognormals_is_lognormal);
    tcase_add_test(tcase, uniform_and_triangular_moments);
    tcase_add_test(tcase, chunks_do_not_matter);
    tcase_add_test(tcase, chunks_do_not_matter_to_factors);
    tcase_add_test(tcase, draws_are_as_defined);
    tcase_add_test(tcase, draws_of_rows_are_as_defined);
    tcase_add_test(tcase, samples_are_products);
    tcase_add_test(tcase, rows_go_by_their_keys);
    tcase_add_test(tcase, a_shared_factor_is_one_draw);
    tcase_add_test(tcase, ranges_hold);
    tcase_add_test(tcase, draws_may_fail);
    tcase_add_test(tcase, requirements_hold_in_samples);
    tcase_add_test(tcase, what_cannot_be_sampled);
    tcase_add_test(tcase, rows_share_samples);
    suite_add_tcase(suite, tcase);
    return suite;
}
