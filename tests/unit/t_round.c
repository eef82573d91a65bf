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
        struct prog_round how = {.how = (uint8_t)(i % PROG_ROUND_COUNT),
                                 .mode = (uint8_t)(i / 4 % ROUNDING_COUNT),
                                 .digits = (int16_t)(i % 7),
                                 .is_marked = i / 32 % 2};
        bool is_significant = how.how == PROG_ROUND_SIGNIFICANT;
        how.digits = (int16_t)(is_significant ? how.digits + 1 : how.digits - 2);
        struct arena_mark start = arena_mark(&arena);
        struct rat interval = is_significant ? RAT_ONE : program_round_interval(&arena, &how);
        int64_t count = (int64_t)(state >> 20) % 1000000;
        if (is_significant) {
            int64_t first = 1;
            for (int k = 1; k < how.digits; k++) {
                first *= 10;
            }
            count = first + (int64_t)(state >> 20) % (9 * first);
            interval = rat_pow(&arena, rat_int(10), 3 - (int)(state % 9));
        }
        bool is_half = how.mode <= ROUND_HALF_DOWN && !(how.is_marked && state / 16 % 2 == 0);
        struct rat number = rat_mul(&arena, rat_of(&arena, 2 * count + is_half, i % 3 == 0 ? -2 : 2), interval);
        struct round_place place;
        ck_assert(round_find_place(rat_to_double(number), how, &place) || count == 0);
        if (count > 0) {
            struct reported expected = round_exact(&arena, number, how);
            struct reported found = round_place_text(&arena, &place, how);
            ck_assert(round_place_value(&place) == rat_to_double(number));
            ck_assert_str_eq(found.text.at, expected.text.at);
            ck_assert_int_eq(found.mark, expected.mark);
            struct rat shifted = rat_mul(&arena, number, rat_pow(&arena, rat_int(10), round_place_decimals(&place)));
            ck_assert(rat_is_int(shifted));
        }
        arena_reset(&arena, start);
    }
    arena_free(&arena);
}
END_TEST

Suite *round_suite(void);

#define SIGNIFICANT(n)                                                                                                 \
    {                                                                                                                  \
        PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, n, false                                                              \
    }
#define HALVES(n)                                                                                                      \
    {                                                                                                                  \
        PROG_ROUND_HALVES, ROUND_HALF_EVEN, n, false                                                                   \
    }
#define FIFTHS(n)                                                                                                      \
    {                                                                                                                  \
        PROG_ROUND_FIFTHS, ROUND_HALF_EVEN, n, false                                                                   \
    }
#define MARKED(n)                                                                                                      \
    {                                                                                                                  \
        PROG_ROUND_DECIMALS, ROUND_HALF_EVEN, n, true                                                                  \
    }
#define DECIMALS(n)                                                                                                    \
    {                                                                                                                  \
        PROG_ROUND_DECIMALS, ROUND_HALF_EVEN, n, false                                                                 \
    }

static const struct {
    const char *value;
    struct prog_round how;
    const char *text;
} exact[] = {
    {"28.6",     SIGNIFICANT(3),                                     "28.6"                      },
    {"28.6",     SIGNIFICANT(4),                                     "28.60"                     },
    {"0.001234", SIGNIFICANT(3),                                     "0.00123"                   },
    {"1234567",  SIGNIFICANT(3),                                     "1230000"                   },
    {"9.996",    SIGNIFICANT(3),                                     "10.0"                      },
    {"999.5",    SIGNIFICANT(3),                                     "1000"                      },
    {"0.09996",  SIGNIFICANT(3),                                     "0.100"                     },
    {"0",        SIGNIFICANT(3),                                     "0"                         },
    {"-28.65",   SIGNIFICANT(3),                                     "-28.6"                     },
    {"5",        SIGNIFICANT(1),                                     "5"                         },
    {"0.145",    DECIMALS(2),                                        "0.14"                      }, /* half to even; the double 0.145 lies above the tie */
    {"0.155",    DECIMALS(2),                                        "0.16"                      },
    {"2.5",      DECIMALS(0),                                        "2"                         },
    {"3.5",      DECIMALS(0),                                        "4"                         },
    {"-0.001",   DECIMALS(2),                                        "0.00"                      },
    {"7",        DECIMALS(2),                                        "7.00"                      },
    {"1250",     DECIMALS(-2),                                       "1200"                      },
    {"1350",     DECIMALS(-2),                                       "1400"                      },
    {"49",       DECIMALS(-2),                                       "0"                         },
    {"0.145",    {PROG_ROUND_DECIMALS, ROUND_HALF_UP, 2, false},     "0.15"                      },
    {"-0.145",   {PROG_ROUND_DECIMALS, ROUND_HALF_UP, 2, false},     "-0.14"                     },
    {"-0.145",   {PROG_ROUND_DECIMALS, ROUND_HALF_AWAY, 2, false},   "-0.15"                     },
    {"1.999",    {PROG_ROUND_SIGNIFICANT, ROUND_FLOOR, 2, false},    "1.9"                       },
    {"1.01",     {PROG_ROUND_SIGNIFICANT, ROUND_CEIL, 2, false},     "1.1"                       },
    {"1e25",     SIGNIFICANT(2),                                     "10000000000000000000000000"},
 /* GB/T 8170-2008, 3.2 and 3.3.1 */
    {"12.1498",  DECIMALS(1),                                        "12.1"                      },
    {"12.1498",  DECIMALS(0),                                        "12"                        },
    {"1268",     DECIMALS(-2),                                       "1300"                      },
    {"10.5002",  DECIMALS(0),                                        "11"                        },
    {"1.050",    DECIMALS(1),                                        "1.0"                       },
    {"0.35",     DECIMALS(1),                                        "0.4"                       },
    {"2500",     DECIMALS(-3),                                       "2000"                      },
    {"3500",     DECIMALS(-3),                                       "4000"                      },
    {"-355",     DECIMALS(-1),                                       "-360"                      },
    {"-325",     DECIMALS(-1),                                       "-320"                      },
    {"-365",     SIGNIFICANT(2),                                     "-360"                      },
    {"-0.0365",  DECIMALS(3),                                        "-0.036"                    },
    {"97.46",    DECIMALS(0),                                        "97"                        },
    {"15.4546",  DECIMALS(0),                                        "15"                        },
 /* 3.4.2: halves of one; 3.4.3: fifths of a hundred */
    {"60.25",    HALVES(0),                                          "60.0"                      },
    {"60.38",    HALVES(0),                                          "60.5"                      },
    {"60.28",    HALVES(0),                                          "60.5"                      },
    {"-60.75",   HALVES(0),                                          "-61.0"                     },
    {"830",      FIFTHS(-2),                                         "840"                       },
    {"842",      FIFTHS(-2),                                         "840"                       },
    {"832",      FIFTHS(-2),                                         "840"                       },
    {"-930",     FIFTHS(-2),                                         "-920"                      },
    {"0.0125",   HALVES(2),                                          "0.010"                     },
    {"0.0126",   HALVES(2),                                          "0.015"                     },
    {"12.5",     HALVES(-1),                                         "10"                        },
    {"17.5",     HALVES(-1),                                         "20"                        },
    {"7500",     HALVES(-3),                                         "7500"                      },
    {"0.03",     FIFTHS(1),                                          "0.04"                      },
    {"0.01",     FIFTHS(1),                                          "0.00"                      },
    {"0",        HALVES(1),                                          "0.00"                      },
    {"-0.2",     HALVES(0),                                          "0.0"                       },
    {"60.25",    {PROG_ROUND_HALVES, ROUND_HALF_UP, 0, false},       "60.5"                      },
    {"-60.25",   {PROG_ROUND_HALVES, ROUND_HALF_UP, 0, false},       "-60.0"                     },
    {"-60.25",   {PROG_ROUND_HALVES, ROUND_HALF_AWAY, 0, false},     "-60.5"                     },
    {"-60.25",   {PROG_ROUND_HALVES, ROUND_HALF_DOWN, 0, false},     "-60.5"                     },
    {"60.25",    {PROG_ROUND_HALVES, ROUND_HALF_DOWN, 0, false},     "60.0"                      },
    {"-60.4",    {PROG_ROUND_HALVES, ROUND_TRUNCATE, 0, false},      "-60.0"                     },
    {"-60.1",    {PROG_ROUND_HALVES, ROUND_AWAY, 0, false},          "-60.5"                     },
    {"-60.1",    {PROG_ROUND_HALVES, ROUND_FLOOR, 0, false},         "-60.5"                     },
    {"-60.4",    {PROG_ROUND_HALVES, ROUND_CEIL, 0, false},          "-60.0"                     },
    {"60.4",     {PROG_ROUND_FIFTHS, ROUND_FLOOR, 0, false},         "60.4"                      },
    {"60.41",    {PROG_ROUND_FIFTHS, ROUND_CEIL, 0, false},          "60.6"                      },
 /* 3.3.2: figures that are passed on */
    {"16.5003",  MARKED(2),                                          "16.50+"                    },
    {"16.4998",  MARKED(2),                                          "16.50-"                    },
    {"15.4546",  MARKED(1),                                          "15.5-"                     },
    {"-15.4546", MARKED(1),                                          "-15.5-"                    },
    {"16.5203",  MARKED(1),                                          "16.5+"                     },
    {"-16.5203", MARKED(1),                                          "-16.5+"                    },
    {"17.5000",  MARKED(1),                                          "17.5="                     },
    {"0.25",     MARKED(1),                                          "0.2+"                      },
    {"0.35",     MARKED(1),                                          "0.4-"                      },
    {"0.04",     MARKED(1),                                          "0.0+"                      },
    {"-0.04",    MARKED(1),                                          "0.0+"                      },
    {"0",        MARKED(1),                                          "0.0="                      },
    {"99.96",    {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 3, true}, "100-"                      },
    {"60.28",    {PROG_ROUND_HALVES, ROUND_HALF_EVEN, 0, true},      "60.5-"                     },
    {"60.5",     {PROG_ROUND_HALVES, ROUND_HALF_EVEN, 0, true},      "60.5="                     },
    {"5.01",     {PROG_ROUND_FIFTHS, ROUND_HALF_EVEN, 0, true},      "5.0+"                      },
    {"-2.3",     {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0, true},        "-3-"                       },
    {"-2.3",     {PROG_ROUND_DECIMALS, ROUND_CEIL, 0, true},         "-2+"                       },
};

/* With its mark, if any, behind it. */
static const char *told(struct arena *arena, struct reported reported)
{
    struct str parts[2] = {
        reported.text, {&reported.mark, reported.mark != 0}
    };
    return str_join(arena, parts, 2, STR("")).at;
}

START_TEST(rounds_exactly)
{
    struct arena arena = {.limit = 0};
    struct rat value;
    ck_assert(decimal_to_rat(&arena, str_of(exact[_i].value), &value));
    ck_assert_str_eq(told(&arena, round_exact(&arena, value, exact[_i].how)), exact[_i].text);
    arena_free(&arena);
}
END_TEST

static const struct {
    double value;
    struct prog_round how;
    const char *text;
    bool is_certain;
} doubles[] = {
    {28.6,      SIGNIFICANT(3),                                       "28.6",                              true },
    {28.6,      SIGNIFICANT(6),                                       "28.6000",                           true },
    {0.001234,  SIGNIFICANT(3),                                       "0.00123",                           true },
    {1234567,   SIGNIFICANT(3),                                       "1230000",                           true },
    {9.996,     SIGNIFICANT(3),                                       "10.0",                              true },
    {-28.64,    SIGNIFICANT(3),                                       "-28.6",                             true },
    {0,         SIGNIFICANT(3),                                       "0",                                 true },
    {0,         DECIMALS(2),                                          "0.00",                              true },
    {-0.001,    DECIMALS(2),                                          "0.00",                              true },
    {-7.126,    DECIMALS(2),                                          "-7.13",                             true },
    {1e-30,     SIGNIFICANT(2),                                       "0.0000000000000000000000000000010", true },
    {3e22,      SIGNIFICANT(2),                                       "30000000000000000000000",           true },
    {0.145,     DECIMALS(2),                                          "0.14",                              false}, /* the double is 0.14499…: near a tie */
    {2.5,       DECIMALS(0),                                          "2",                                 false},
    {28.65,     SIGNIFICANT(3),                                       "28.6",                              false},
    {28.650001, SIGNIFICANT(3),                                       "28.7",                              true },
    {1.25e15,   {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 15, false}, "1250000000000000",                  false},
    {5,         {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0, false},         "5",                                 false},
    {5.5,       {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0, false},         "5",                                 true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_FLOOR, 0, false},         "-6",                                true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_CEIL, 0, false},          "-5",                                true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_AWAY, 0, false},          "-6",                                true },
    {-5.5,      {PROG_ROUND_DECIMALS, ROUND_TRUNCATE, 0, false},      "-5",                                true },
    {60.28,     HALVES(0),                                            "60.5",                              true },
    {60.25,     HALVES(0),                                            "60.0",                              false},
    {-60.76,    HALVES(0),                                            "-61.0",                             true },
    {842,       FIFTHS(-2),                                           "840",                               true },
    {830,       FIFTHS(-2),                                           "840",                               false},
    {0.3,       FIFTHS(0),                                            "0.2",                               false}, /* the double lies below the tie */
    {0,         HALVES(2),                                            "0.000",                             true },
    {7500,      HALVES(-3),                                           "7500",                              true },
    {16.52,     MARKED(1),                                            "16.5+",                             true },
    {-15.46,    MARKED(1),                                            "-15.5-",                            true },
    {16.5,      MARKED(1),                                            "16.5=",                             false}, /* it may be a little less */
    {16.45,     MARKED(1),                                            "16.4+",                             false},
    {0,         MARKED(1),                                            "0.0=",                              true },
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
    ck_assert_str_eq(told(&arena, round_double(&arena, value, doubles[_i].how)), doubles[_i].text);
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
        DECIMALS(2),     SIGNIFICANT(3), {PROG_ROUND_DECIMALS, ROUND_FLOOR, 2, false},
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
        struct prog_round how = {.how = (uint8_t)(i % PROG_ROUND_COUNT),
                                 .mode = (uint8_t)(i / 4 % ROUNDING_COUNT),
                                 .digits = (int16_t)(1 + i % 9),
                                 .is_marked = i / 32 % 2};
        struct arena_mark start = arena_mark(&arena);
        double bound = (value < 0 ? -value : value) * 0x1p-44;
        struct reported found = round_double(&arena, value, how);
        struct reported expected = round_exact(&arena, rat_of_double(&arena, value), how);
        ck_assert(reported_eq(&found, &expected));
        bool is_certain = round_is_certain(&arena, value, bound, how);
        if (is_certain) {
            struct reported above = round_exact(&arena, rat_of_double(&arena, value + bound), how);
            struct reported below = round_exact(&arena, rat_of_double(&arena, value - bound), how);
            ck_assert(reported_eq(&found, &above));
            ck_assert(reported_eq(&found, &below));
        }
        bool is_one_of_many_certain = is_passed(&arena, value, bound, how);
        ck_assert_msg(is_certain || !is_one_of_many_certain, "%.17g: %s", value, found.text.at);
        passed += is_one_of_many_certain;
        arena_reset(&arena, start);
    }
    ck_assert_int_gt(passed, 14000);
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
                struct reported text = round_double(&arena, value, how);
                ck_assert(round_is_certain(&arena, value, value * 0x1p-44, how));
                ck_assert(is_passed(&arena, value, value * 0x1p-44, how) || value < 1e-13); /* powers reach to 10^22 */
                ck_assert_str_eq(text.text.at, round_exact(&arena, rat_of_double(&arena, value), how).text.at);
            }
            arena_reset(&arena, start);
        }
    }
    arena_free(&arena);
}
END_TEST

/* A text rounded by its digits as whoever receives it does, to one decimal less (GB/T 8170-2008, 3.3.2.2): where just a
   5 is dropped, + rounds it up and - drops it. The last digit in units of 10^-(decimals - 1). */
static int64_t rounded_again(const char *text, char mark)
{
    bool is_negative = text[0] == '-';
    int64_t count = 0;
    int last = 0;
    for (const char *at = text + is_negative; *at != '\0'; at++) {
        if (*at != '.') {
            count = 10 * count + last;
            last = *at - '0';
        }
    }
    bool is_up = last > 5 || (last == 5 && (mark == '+' || (mark == '=' && count % 2 != 0)));
    count += is_up;
    return is_negative ? -count : count;
}

/* What marks are for: a figure rounded twice by its receivers is the value rounded once. */
START_TEST(marks_keep_rounding_once)
{
    struct arena arena = {.limit = 0};
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        struct arena_mark start = arena_mark(&arena);
        int64_t digits = (int64_t)(state >> 20) % 200000 - 100000; /* of ten thousandths, many of them near ties */
        digits = i % 2 == 0 ? digits : digits / 1000 * 1000 + digits % 1000 / 500 * 500 + i % 7 - 3;
        struct rat value = rat_of(&arena, digits, 10000);
        struct reported passed = round_exact(&arena, value, (struct prog_round)MARKED(2));
        struct rat once = rat_round(&arena, value, rat_of(&arena, 1, 10), ROUND_HALF_EVEN);
        struct rat again = rat_of(&arena, rounded_again(passed.text.at, passed.mark), 10);
        ck_assert_msg(rat_eq(once, again), "%ld: %s%c", (long)digits, passed.text.at, passed.mark);
        arena_reset(&arena, start);
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
    tcase_add_test(figures, marks_keep_rounding_once);
    suite_add_tcase(suite, figures);
    return suite;
}
