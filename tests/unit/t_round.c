/* Figures as they are printed. Expected texts after GB/T 8170-2008 and by hand. */
#include <check.h>
#include <math.h>

#include "base/decimal.h"
#include "vm/round.h"

/* The place next to a value that is a tie, or a multiple for directed modes, is that number; and its text that of it.
 */
START_TEST(finds_places)
{
    struct arena arena = {.limit = 0};
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        struct prog_round how = {(uint8_t)(i % 2), (uint8_t)(i / 2 % ROUNDING_COUNT), (int16_t)(i % 7)};
        how.digits = (int16_t)(how.how == PROG_ROUND_SIGNIFICANT ? how.digits + 1 : how.digits - 2);
        struct arena_mark start = arena_mark(&arena);
        int places = how.digits;
        int64_t count = (int64_t)(state >> 20) % 1000000;
        if (how.how == PROG_ROUND_SIGNIFICANT) {
            int64_t first = 1;
            for (int k = 1; k < how.digits; k++) {
                first *= 10;
            }
            count = first + (int64_t)(state >> 20) % (9 * first);
            places = (int)(state % 9) - 3;
        }
        bool is_half = how.mode <= ROUND_HALF_DOWN;
        struct rat number = rat_mul(&arena, rat_of(&arena, 2 * count + is_half, i % 3 == 0 ? -2 : 2),
                                    rat_pow(&arena, rat_int(10), -places));
        struct round_place place;
        ck_assert(round_find_place(rat_to_double(number), how, &place) || count == 0);
        if (count > 0) {
            ck_assert(round_place_value(&place) == rat_to_double(number));
            ck_assert_str_eq(round_place_text(&arena, &place, how).at, round_exact(&arena, number, how).at);
        }
        arena_reset(&arena, start);
    }
    arena_free(&arena);
}
END_TEST

Suite *round_suite(void);

#define SIGNIFICANT(n)                                                                                                 \
    {                                                                                                                  \
        PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, n                                                                     \
    }
#define DECIMALS(n)                                                                                                    \
    {                                                                                                                  \
        PROG_ROUND_DECIMALS, ROUND_HALF_EVEN, n                                                                        \
    }

static const struct {
    const char *value;
    struct prog_round how;
    const char *text;
} exact[] = {
    {"28.6",     SIGNIFICANT(3),                            "28.6"                      },
    {"28.6",     SIGNIFICANT(4),                            "28.60"                     },
    {"0.001234", SIGNIFICANT(3),                            "0.00123"                   },
    {"1234567",  SIGNIFICANT(3),                            "1230000"                   },
    {"9.996",    SIGNIFICANT(3),                            "10.0"                      },
    {"999.5",    SIGNIFICANT(3),                            "1000"                      },
    {"0.09996",  SIGNIFICANT(3),                            "0.100"                     },
    {"0",        SIGNIFICANT(3),                            "0"                         },
    {"-28.65",   SIGNIFICANT(3),                            "-28.6"                     },
    {"5",        SIGNIFICANT(1),                            "5"                         },
    {"0.145",    DECIMALS(2),                               "0.14"                      }, /* half to even; the double 0.145 lies above the tie */
    {"0.155",    DECIMALS(2),                               "0.16"                      },
    {"2.5",      DECIMALS(0),                               "2"                         },
    {"3.5",      DECIMALS(0),                               "4"                         },
    {"-0.001",   DECIMALS(2),                               "0.00"                      },
    {"7",        DECIMALS(2),                               "7.00"                      },
    {"1250",     DECIMALS(-2),                              "1200"                      },
    {"1350",     DECIMALS(-2),                              "1400"                      },
    {"49",       DECIMALS(-2),                              "0"                         },
    {"0.145",    {PROG_ROUND_DECIMALS, ROUND_HALF_UP, 2},   "0.15"                      },
    {"-0.145",   {PROG_ROUND_DECIMALS, ROUND_HALF_UP, 2},   "-0.14"                     },
    {"-0.145",   {PROG_ROUND_DECIMALS, ROUND_HALF_AWAY, 2}, "-0.15"                     },
    {"1.999",    {PROG_ROUND_SIGNIFICANT, ROUND_FLOOR, 2},  "1.9"                       },
    {"1.01",     {PROG_ROUND_SIGNIFICANT, ROUND_CEIL, 2},   "1.1"                       },
    {"1e25",     SIGNIFICANT(2),                            "10000000000000000000000000"},
};

START_TEST(rounds_exactly)
{
    struct arena arena = {.limit = 0};
    struct rat value;
    ck_assert(decimal_to_rat(&arena, str_of(exact[_i].value), &value));
    ck_assert_str_eq(round_exact(&arena, value, exact[_i].how).at, exact[_i].text);
    arena_free(&arena);
}
END_TEST

static const struct {
    double value;
    struct prog_round how;
    const char *text;
    bool is_certain;
} doubles[] = {
    {28.6,      SIGNIFICANT(3),                                "28.6",                              true },
    {28.6,      SIGNIFICANT(6),                                "28.6000",                           true },
    {0.001234,  SIGNIFICANT(3),                                "0.00123",                           true },
    {1234567,   SIGNIFICANT(3),                                "1230000",                           true },
    {9.996,     SIGNIFICANT(3),                                "10.0",                              true },
    {-28.64,    SIGNIFICANT(3),                                "-28.6",                             true },
    {0,         SIGNIFICANT(3),                                "0",                                 true },
    {0,         DECIMALS(2),                                   "0.00",                              true },
    {-0.001,    DECIMALS(2),                                   "0.00",                              true },
    {-7.126,    DECIMALS(2),                                   "-7.13",                             true },
    {1e-30,     SIGNIFICANT(2),                                "0.0000000000000000000000000000010", true },
    {3e22,      SIGNIFICANT(2),                                "30000000000000000000000",           true },
    {0.145,     DECIMALS(2),                                   "0.14",                              false}, /* the double is 0.14499…: near a tie */
    {2.5,       DECIMALS(0),                                   "2",                                 false},
    {28.65,     SIGNIFICANT(3),                                "28.6",                              false},
    {28.650001, SIGNIFICANT(3),                                "28.7",                              true },
    {1.25e15,   {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 15}, "1250000000000000",                  false},
    {5,         {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0},         "5",                                 false},
    {5.5,       {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0},         "5",                                 true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0},         "-6",                                true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_CEIL, 0},          "-5",                                true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_AWAY, 0},          "-6",                                true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_TRUNCATE, 0},      "-5",                                true },
};

#define QUICK 0x1p-40 /* the error of figures that is promised */

/* Is it passed over as one of many? */
static bool is_passed(struct arena *arena, double value, double bound, struct prog_round how)
{
    struct arena_mark start = arena_mark(arena);
    const struct round_test *test = round_tests_new(arena, &how, 1);
    bool is_passed = round_next_doubt(&value, &bound, test, QUICK, 0, 1) == 1;
    arena_reset(arena, start);
    return is_passed;
}

START_TEST(rounds_doubles)
{
    struct arena arena = {.limit = 0};
    arena_alloc(&arena, 1, 1);
    double value = doubles[_i].value;
    struct str text = round_double(&arena, value, doubles[_i].how);
    ck_assert_str_eq(text.at, doubles[_i].text);
    struct arena_mark start = arena_mark(&arena);
    double bound = (value < 0 ? -value : value) * 0x1p-40;
    ck_assert_int_eq(round_is_certain(&arena, value, bound, doubles[_i].how), doubles[_i].is_certain);
    struct arena_mark end = arena_mark(&arena);
    ck_assert(start.head == end.head && start.used == end.used);
    bool is_usual = value == 0 || (bound > 1e-22 * QUICK && bound < 1e22 * QUICK);
    ck_assert_int_eq(is_passed(&arena, value, bound, doubles[_i].how), doubles[_i].is_certain && is_usual);
    ck_assert(!is_passed(&arena, value, bound * 1.01 + 1e-300, doubles[_i].how));
    arena_free(&arena);
}
END_TEST

/* Of many values each is asked its own rounding, and doubt is found wherever it is. */
START_TEST(finds_doubts_among_many)
{
    struct arena arena = {.limit = 0};
    const struct prog_round hows[] = {
        DECIMALS(2),     SIGNIFICANT(3), {PROG_ROUND_DECIMALS, ROUND_FLOOR, 2},
              DECIMALS(2), SIGNIFICANT(3),
        SIGNIFICANT(12), DECIMALS(1)
    };
    const double values[] = {0.145, 0.145, 0.145, 7, NAN, 1e11, INFINITY};
    const double bounds[] = {0, 0, 0, 1e-9, 0, 0.09, 0}; /* 99999999999.91 is rounded to 99999999999.9 */
    const size_t expected[] = {0, 3, 4, 5, 6};
    const struct round_test *tests = round_tests_new(&arena, hows, countof(hows));
    size_t next = 0;
    for (size_t i = 0; i < countof(expected); i++) {
        next = round_next_doubt(values, bounds, tests, QUICK, next, countof(hows));
        ck_assert_uint_eq(next++, expected[i]);
    }
    ck_assert_uint_eq(round_next_doubt(values, bounds, tests, QUICK, next, countof(hows)), countof(hows));
    arena_free(&arena);
}
END_TEST

/* Where a double is trusted, its exact value gives the same text. */
START_TEST(agrees_with_exact_rounding)
{
    struct arena arena = {.limit = 0};
    int passed = 0;
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        double value = (double)(state >> 12) * (i % 2 == 0 ? 1e-15 : 1e-9) * (i % 3 == 0 ? -1 : 1);
        struct prog_round how = {(uint8_t)(i % 2), (uint8_t)(i % ROUNDING_COUNT), (int16_t)(1 + i % 9)};
        struct arena_mark start = arena_mark(&arena);
        double bound = (value < 0 ? -value : value) * 0x1p-44;
        struct str text = round_double(&arena, value, how);
        ck_assert_str_eq(text.at, round_exact(&arena, rat_of_double(&arena, value), how).at);
        bool is_certain = round_is_certain(&arena, value, bound, how);
        if (is_certain) {
            ck_assert_str_eq(text.at, round_exact(&arena, rat_of_double(&arena, value + bound), how).at);
            ck_assert_str_eq(text.at, round_exact(&arena, rat_of_double(&arena, value - bound), how).at);
        }
        bool is_one_of_many_certain = is_passed(&arena, value, bound, how);
        ck_assert(is_certain || !is_one_of_many_certain);
        passed += is_one_of_many_certain;
        arena_reset(&arena, start);
    }
    ck_assert_int_gt(passed, 15000);
    arena_free(&arena);
}
END_TEST

/* Next to powers of ten the number of digits before the point changes. */
START_TEST(finds_the_first_digit)
{
    struct arena arena = {.limit = 0};
    const int64_t factors[] = {999999999999999, 1000000000000000, 1000000000000001};
    arena_alloc(&arena, 1, 1);
    for (int exponent = -37; exponent <= 6; exponent++) {
        for (size_t i = 0; i < countof(factors); i++) {
            struct arena_mark start = arena_mark(&arena);
            struct rat power = rat_pow(&arena, rat_int(10), exponent);
            double value = rat_to_double(rat_mul(&arena, rat_int(factors[i]), power));
            for (int16_t digits = 1; digits <= 9; digits++) {
                struct prog_round how = SIGNIFICANT(digits);
                struct str text = round_double(&arena, value, how);
                ck_assert(round_is_certain(&arena, value, value * 0x1p-44, how));
                ck_assert(is_passed(&arena, value, value * 0x1p-44, how) || value < 1e-13); /* powers reach to 10^22 */
                ck_assert_str_eq(text.at, round_exact(&arena, rat_of_double(&arena, value), how).at);
            }
            arena_reset(&arena, start);
        }
    }
    arena_free(&arena);
}
END_TEST

Suite *round_suite(void)
{
    Suite *suite = suite_create("round");
    TCase *figures = tcase_create("figures");
    tcase_add_loop_test(figures, rounds_exactly, 0, (int)countof(exact));
    tcase_add_loop_test(figures, rounds_doubles, 0, (int)countof(doubles));
    tcase_add_test(figures, agrees_with_exact_rounding);
    tcase_add_test(figures, finds_doubts_among_many);
    tcase_add_test(figures, finds_the_first_digit);
    tcase_add_test(figures, finds_places);
    suite_add_tcase(suite, figures);
    return suite;
}
