/* What samples are made of: the generator, the normal distribution, statistics, and the texts of uncertainties. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "vm/random.h"
#include "vm/statistics.h"
#include "vm/uncertainty.h"

Suite *uncertainty_suite(void);

/* ---- the generator and the normal distribution ---- */

/* The three vectors that the authors publish (Random123, kat_vectors). */
START_TEST(philox_is_philox)
{
    static const uint32_t vectors[][10] = {
        {0,          0,          0,          0,          0,          0,          0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
         0x6d5451fd                                                                                                            },
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
         0x24126ea1                                                                                                            }
    };
    for (size_t i = 0; i < countof(vectors); i++) {
        uint32_t out[4];
        random_philox(vectors[i], vectors[i] + 4, out);
        ck_assert_mem_eq(out, vectors[i] + 6, sizeof out);
    }
}
END_TEST

/* (2 k + 1) / 2^53 with k = floor((2^32 * 0xe169c58d + 0x6627e8d5) / 2^12), by Python's fractions. */
START_TEST(uniform_numbers_are_the_middle_of_parts)
{
    const uint32_t counter[4] = {0, 0, 0, 0};
    ck_assert_double_eq(random_uniform(counter, 0), 0x1.c2d38b1acc4fdp-1);
}
END_TEST

/* By the inverse error function with 40 digits (mpmath). */
START_TEST(normal_quantiles)
{
    static const double known[][2] = {
        {0.5,                0                  },
        {0.975,              1.9599639845400539 },
        {0.025,              -1.9599639845400542},
        {0.8413447460685429, 0.99999999999999991},
        {0.1,                -1.2815515655446004},
        {1e-10,              -6.361340902404056 },
        {0x1p-53,            -8.2095361516013863}
    };
    for (size_t i = 0; i < countof(known); i++) {
        ck_assert_double_eq_tol(random_normal_quantile(known[i][0]), known[i][1], 2e-15 * (1 + fabs(known[i][1])));
    }
}
END_TEST

/* ---- statistics ---- */

START_TEST(statistics_by_hand)
{
    double x[] = {4, 1, 3, 2, 10};
    ck_assert_double_eq(statistics_mean(x, 5), 4);
    ck_assert_double_eq(statistics_variance(x, 5), 12.5);
    double geometric[] = {1, 100};
    ck_assert_double_eq_tol(statistics_geometric_deviation(geometric, 2), exp(log(100) / sqrt(2)), 1e-12);
    geometric[0] = 0;
    ck_assert_double_eq(statistics_geometric_deviation(geometric, 2), 0);
    double ranks[5];
    double others[] = {1, 0, 1, 0, 5};
    double other_ranks[5];
    struct ranked scratch[5];
    statistics_rank(x, 5, scratch, ranks);
    statistics_rank(others, 5, scratch, other_ranks);
    const double expected[] = {4, 1, 3, 2, 5};
    const double tied[] = {3.5, 1.5, 3.5, 1.5, 5};
    ck_assert_mem_eq(ranks, expected, sizeof ranks);
    ck_assert_mem_eq(other_ranks, tied, sizeof tied);
    ck_assert_double_eq_tol(statistics_correlation(ranks, other_ranks, 5), 9 / sqrt(10 * 9), 1e-15);
    statistics_sort(x, 5);
    ck_assert_double_eq(statistics_quantile(x, 5, 0.5), 3);
    ck_assert_double_eq_tol(statistics_quantile(x, 5, 0.95), 4 + 0.8 * 6, 1e-12);
    ck_assert_double_eq(statistics_quantile(x, 5, 1), 10);
    ck_assert_double_eq(statistics_variance(x, 1), 0);
}
END_TEST

/* ---- texts ---- */

struct spelling {
    const char *text;
    enum diag_code code;
    enum distribution kind;
    double a, b;
};

/* Of the number 10 in the unit of the field. */
static void check_spellings(uint32_t field, const struct spelling *spellings, size_t count)
{
    const struct program *program = lower_compiled->program;
    struct data_units *units = data_units_new(&lower_arena, program);
    uint16_t unit = program->fields[field].unit;
    for (size_t i = 0; i < count; i++) {
        const struct spelling *of = &spellings[i];
        struct uncertainty found;
        struct str args[3];
        struct uncertain ten = {rat_int(10), data_unit_of(units, unit), data_unit_text(units, unit)};
        enum diag_code code = uncertainty_read(&lower_arena, units, str_of(of->text), ten, &found, args);
        ck_assert_msg(code == of->code, "%s: %s", of->text, diag_info(code)->code);
        ck_assert_msg(found.kind == of->kind, "%s", of->text);
        if (code == DIAG_NONE) {
            ck_assert_double_eq_tol(found.a, of->a, 1e-15);
            ck_assert_double_eq_tol(found.b, of->b, 1e-15);
        } else {
            ck_assert_uint_eq(args[0].len > 0, of->text[0] != '\0');
        }
    }
}

START_TEST(spellings)
{
    static const struct spelling of_kg[] = {
        {"normal(sd 5 %)",                    DIAG_NONE,               DISTRIBUTION_NORMAL,     0.5,                0   },
        {" normal ( rsd 5% ) ",               DIAG_NONE,               DISTRIBUTION_NORMAL,     0.5,                0   },
        {"normal(sd 0.2)",                    DIAG_NONE,               DISTRIBUTION_NORMAL,     0.2,                0   },
        {"normal(sd 200 g)",                  DIAG_NONE,               DISTRIBUTION_NORMAL,     0.2,                0   },
        {"normal(sd 0)",                      DIAG_NONE,               DISTRIBUTION_NORMAL,     0,                  0   },
        {"正态（标准差 5 ％）",       DIAG_NONE,               DISTRIBUTION_NORMAL,     0.5,                0   },
        {"正态分布(相对标准差 5 %)", DIAG_NONE,               DISTRIBUTION_NORMAL,     0.5,                0   },
        {"lognormal(gsd 1)",                  DIAG_NONE,               DISTRIBUTION_LOGNORMAL,  0,                  0   },
        {"对数正态(几何标准差 2)",   DIAG_NONE,               DISTRIBUTION_LOGNORMAL,  0.6931471805599453, 0   },
        {"triangular(9, 0.012 t)",            DIAG_NONE,               DISTRIBUTION_TRIANGULAR, 9,                  12  },
        {"三角（9 kg，12 kg）",          DIAG_NONE,               DISTRIBUTION_TRIANGULAR, 9,                  12  },
        {"uniform(-10 %, +20 %)",             DIAG_NONE,               DISTRIBUTION_UNIFORM,    9,                  12  },
        {"均匀(0 %, 1 %)",                  DIAG_NONE,               DISTRIBUTION_UNIFORM,    10,                 10.1},
        {"",                                  D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"± 5 %",                            D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"gauss(sd 5 %)",                     D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal",                            D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal()",                          D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal(5 %)",                       D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd 5 %",                     D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd 5 %, 3)",                 D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal(rsd 5)",                     D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal(gsd 1.2)",                   D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"lognormal(sd 5 %)",                 D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"lognormal(gsd 1.2 kg)",             D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"lognormal(gsd 120 %)",              D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(9)",                        D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(9, 10, 12)",                D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(9,)",                       D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(-10 %, 12)",                D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(9, 12) kg",                 D_UNCERTAINTY_SYNTAX,    DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd 5 kWh)",                  D_UNCERTAINTY_UNIT,      DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd 5 kgs)",                  D_UNCERTAINTY_UNIT,      DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(9 kg, 12 m)",               D_UNCERTAINTY_UNIT,      DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd -1 kg)",                  D_UNCERTAINTY_PARAMETER, DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd -1 %)",                   D_UNCERTAINTY_PARAMETER, DISTRIBUTION_NONE,       0,                  0   },
        {"normal(sd 1e61)",                   D_UNCERTAINTY_PARAMETER, DISTRIBUTION_NONE,       0,                  0   },
        {"lognormal(gsd 0.9)",                D_UNCERTAINTY_PARAMETER, DISTRIBUTION_NONE,       0,                  0   },
        {"lognormal(gsd 1001)",               D_UNCERTAINTY_PARAMETER, DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(11, 12)",                   D_UNCERTAINTY_LIMITS,    DISTRIBUTION_NONE,       0,                  0   },
        {"uniform(90 %, 110 %)",              D_UNCERTAINTY_LIMITS,    DISTRIBUTION_NONE,       0,                  0   },
        {"triangular(12, 9)",                 D_UNCERTAINTY_LIMITS,    DISTRIBUTION_NONE,       0,                  0   },
        {"triangular(10, 10)",                D_UNCERTAINTY_LIMITS,    DISTRIBUTION_NONE,       0,                  0   },
    };
    static const struct spelling of_share[] = {
        {"normal(rsd 5 %)",      DIAG_NONE,             DISTRIBUTION_NORMAL,  0.5, 0 },
        {"normal(sd 2)",         DIAG_NONE,             DISTRIBUTION_NORMAL,  2,   0 },
        {"uniform(8 %, 0.12 1)", DIAG_NONE,             DISTRIBUTION_UNIFORM, 8,   12},
        {"uniform(8 %, 12)",     DIAG_NONE,             DISTRIBUTION_UNIFORM, 8,   12},
        {"normal(sd 2 %)",       D_UNCERTAINTY_PERCENT, DISTRIBUTION_NONE,    0,   0 },
    };
    static const struct spelling of_celsius[] = {
        {"normal(sd 2 K)",     DIAG_NONE,          DISTRIBUTION_NORMAL,  2, 0 },
        {"normal(sd 2)",       DIAG_NONE,          DISTRIBUTION_NORMAL,  2, 0 },
        {"uniform(0, 20 ℃)", DIAG_NONE,          DISTRIBUTION_UNIFORM, 0, 20},
        {"normal(sd 2 %)",     D_UNCERTAINTY_UNIT, DISTRIBUTION_NONE,    0, 0 },
        {"uniform(-5 %, 5 %)", D_UNCERTAINTY_UNIT, DISTRIBUTION_NONE,    0, 0 },
    };
    lower_compile_text("rule r {\ndeclared 1 kg \"x\"\nboundary gate_to_gate\ndata { made : kg\n p : %\n t : ℃ }\nreference made\n"
                       "stage s : production { emit e = made * p * (if t > 0 ℃ then 1 else 2) * 1 kgCO2e/kg } }");
    lower_assert_compiled();
    check_spellings(0, of_kg, countof(of_kg));
    check_spellings(1, of_share, countof(of_share));
    check_spellings(2, of_celsius, countof(of_celsius));
}
END_TEST

Suite *uncertainty_suite(void)
{
    Suite *suite = suite_create("uncertainty");
    TCase *parts = tcase_create("parts");
    tcase_add_test(parts, philox_is_philox);
    tcase_add_test(parts, uniform_numbers_are_the_middle_of_parts);
    tcase_add_test(parts, normal_quantiles);
    tcase_add_test(parts, statistics_by_hand);
    suite_add_tcase(suite, parts);
    TCase *texts = tcase_create("texts");
    tcase_add_checked_fixture(texts, lower_setup, lower_teardown);
    tcase_add_test(texts, spellings);
    suite_add_tcase(suite, texts);
    return suite;
}
