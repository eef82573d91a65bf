#include "base/decimal.h"

#include <check.h>
#include <float.h>
#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *decimal_suite(void);

static uint64_t random_state = 1181783497276652981u;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * 2685821657736338717u;
}

static void assert_text(struct arena *arena, struct rat a, const char *expected)
{
    struct str text = rat_text(arena, a);
    ck_assert_msg(str_eq(text, str_of(expected)), "%.*s is not %s", STR_FMT(text), expected);
}

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double read(const char *text)
{
    double x = -1;
    if (!decimal_to_double(str_of(text), &x)) {
        ck_abort_msg("%s", text);
    }
    return x;
}

static const char *print(double x)
{
    static char text[DECIMAL_TEXT_MAX + 1];
    text[decimal_print(x, text)] = '\0';
    return text;
}

static int digit_count(uint64_t digits)
{
    int count = 1;
    while (digits >= 10) {
        digits /= 10;
        count++;
    }
    return count;
}

/* Digits and exponent of a %e text, as an integer times a power of ten. */
static struct decimal of_libc(const char *text)
{
    struct decimal decimal = {*text == '-', 0, 0};
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            decimal.digits = decimal.digits * 10 + (uint64_t)(*at - '0');
        }
    }
    decimal.exponent = (int)strtol(at + 1, NULL, 10) - (digit_count(decimal.digits) - 1);
    return decimal;
}

/* libc is the oracle: our text reads back as x, there as here, and %.{n}e with one digit less does not. Of the texts
   with as many digits libc's is the nearest to x; ours is another only where libc's does not read back.
   NULL, or what is wrong. (Check writes to a pipe at each assertion, so there is none in here.) */
static const char *shortest_problem(double x)
{
    struct decimal ours = decimal_shortest(x);
    char text[64];
    double back;
    snprintf(text, sizeof text, "%s%llue%d", ours.is_negative ? "-" : "", (unsigned long long)ours.digits,
             ours.exponent);
    if (bits_of(strtod(text, NULL)) != bits_of(x)) {
        return "does not read back";
    }
    if (!decimal_to_double(str_of(text), &back) || bits_of(back) != bits_of(x)) {
        return "is not read by us";
    }
    int digits = digit_count(ours.digits);
    if (digits > 17 || ours.digits % 10 == 0) {
        return "has zeros or too many digits";
    }
    snprintf(text, sizeof text, "%.*e", digits > 1 ? digits - 2 : 0, x);
    if (digits > 1 && strtod(text, NULL) == x) {
        return "is not the shortest";
    }
    snprintf(text, sizeof text, "%.*e", digits - 1, x);
    struct decimal nearest = of_libc(text);
    bool is_same = nearest.digits == ours.digits && nearest.exponent == ours.exponent;
    return strtod(text, NULL) == x && !is_same ? "is not the nearest" : NULL;
}

static void check_shortest(double x)
{
    const char *problem = shortest_problem(x);
    if (problem != NULL) {
        ck_abort_msg("%a is printed as %s, which %s", x, print(x), problem);
    }
}

START_TEST(shortest_of_random_doubles)
{
    for (int i = 0; i < 100000; i++) {
        double x = of_bits(random_bits());
        if (isfinite(x) && x != 0) {
            check_shortest(x);
        }
    }
}
END_TEST

/* A million, by our own reader only (checked against libc's in the others): what is printed reads back. */
START_TEST(random_doubles_read_back)
{
    char text[DECIMAL_TEXT_MAX];
    for (int i = 0; i < 1000000; i++) {
        uint64_t bits = random_bits();
        double x = of_bits(bits);
        double back = 0;
        if (!isfinite(x)) {
            continue;
        }
        size_t len = decimal_print(x, text);
        if (!decimal_to_double((struct str){text, len}, &back) || bits_of(back) != bits) {
            ck_abort_msg("%a: %.*s", x, (int)len, text);
        }
    }
}
END_TEST

START_TEST(shortest_of_special_doubles)
{
    for (int e = -1074; e <= 1023; e++) {
        double x = ldexp(1.0, e);
        check_shortest(x);
        check_shortest(nextafter(x, INFINITY));
        if (e > -1074) {
            check_shortest(nextafter(x, 0));
        }
    }
    for (int e = -323; e <= 308; e++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", e);
        double x = strtod(text, NULL);
        check_shortest(x);
        check_shortest(nextafter(x, INFINITY));
        if (x > 0x1p-1074) {
            check_shortest(nextafter(x, 0));
        }
    }
    for (uint64_t bits = 1; bits < 3000; bits++) {
        check_shortest(of_bits(bits));
    }
    check_shortest(DBL_MAX);
    check_shortest(-DBL_MIN);
}
END_TEST

/* Decimals of few digits are printed as they are written: what a datum is. */
START_TEST(short_decimals_are_kept)
{
    for (int i = 0; i < 200000; i++) {
        uint64_t digits = random_bits() % 1000000000000000;
        if (digits % 10 == 0) {
            continue;
        }
        int exponent = (int)(random_bits() % 60) - 40;
        char text[40];
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
        struct decimal decimal = decimal_shortest(read(text));
        if (decimal.digits != digits || decimal.exponent != exponent) {
            ck_abort_msg("%s", text);
        }
    }
}
END_TEST

static const struct {
    double x;
    const char *text;
} PRINTED[] = {
    {0,                         "0"                        },
    {-0.0,                      "0"                        },
    {1,                         "1"                        },
    {-1.5,                      "-1.5"                     },
    {0.1,                       "0.1"                      },
    {0.30000000000000004,       "0.30000000000000004"      },
    {1500,                      "1500"                     },
    {123456.789,                "123456.789"               },
    {1e20,                      "100000000000000000000"    },
    {123456789012345680000.0,   "123456789012345680000"    },
    {1e21,                      "1e+21"                    },
    {1.5e300,                   "1.5e+300"                 },
    {0.000001,                  "0.000001"                 },
    {0.0000012,                 "0.0000012"                },
    {1.5e-7,                    "1.5e-7"                   },
    {1e-7,                      "1e-7"                     },
    {5e-324,                    "5e-324"                   },
    {1e-323,                    "1e-323"                   },
    {DBL_MAX,                   "1.7976931348623157e+308"  },
    {-DBL_MIN,                  "-2.2250738585072014e-308" },
    {9007199254740993.0,        "9007199254740992"         },
    {2e-44,                     "2e-44"                    },
    {9.5367431640625e-7,        "9.5367431640625e-7"       },
    {-0.0000012345678901234567, "-0.0000012345678901234567"},
};

START_TEST(printed_as_json)
{
    ck_assert_str_eq(print(PRINTED[_i].x), PRINTED[_i].text);
}
END_TEST

/* Hard for readers: halfway points and their neighbours, many digits, the ends of the range. */
static const char *const HARD[] = {
    "0",
    "-0",
    "1",
    "0.1",
    "9007199254740993",
    "9007199254740993.0000000000000000000000000000000000000000000000000000000000000000001",
    "9007199254740992.9999999999999999999999999999999999999999999999999999999999999999999",
    "9007199254740995",
    "900719925474099.35",
    "9007199254740993e-1",
    "5404319552844595.5",
    "5404319552844596.5",
    "1e22",
    "1e23",
    "8.5e22",
    "123456789012345678e5",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692"
    "887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842"
    "914819860834936475292719074168444365510704342711559699508093042880",
    "1.79769313486231580793728971405303415079934132710037826936173778980444968292764750946649e308",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "2.47032822920623272088284396434110686182e-324",
    "2."
    "470328229206232720882843964341106861825299013071623822127928412503377536351043759326499181808179961898982823477228"
    "5"
    "886546332835517796989819938739800539093906315035659515570226392290858392449105184435931802849936536152500319370457"
    "6782"
    "492193656236698636584807570015857692699037063119282795585513329278343384093519780155312465972635795746227664652728"
    "272"
    "200563740064854999770965994704540208281662262378573934507363390079677305775067501763246736009689513405355374585166"
    "611"
    "342237666786041621596804619144672918403005300575308490487653917113865916462395249126236538818796362393732804238910"
    "186"
    "723484976682350898633885879256283027559956575244555072551893136908362547791869486679949683240497058210285131854513"
    "962"
    "13837722826145437693412532098591327667236328125e-324",
    "2."
    "225073858507201136057409796709131975934819546351645648023426109724822222021076945516529523908135087914149158913039"
    "6"
    "211068700864386945946455276572074078206217433799881410632673292535522868813721490129811224514518898490572223072852"
    "551"
    "331557550159143974763979834118019993239625482890171070818506906306666559949382757725720157630626906633326475653000"
    "092"
    "458883164330377797918696120494973903778297049050510806099407302629371289589500035837999672072543043602840788957717"
    "96"
    "15065513374219169283123142049003e-308",
    "1e-400",
    "1e400",
    "-1e400",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "0e99999999999999999999",
    "0.000000000000000000000000000000000000000000000000000001e54",
    "123456789012345678901234567890",
    "1234567890123456789012345678901234567890e-20",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999",
    "9999999999999999999e-342",
    "7.2057594037927933e16",
    "6929495644600919.5",
    "3.518437208883201171875e13",
    "1090544144181609348835077142190",
    "00012.5000e+0001",
};

START_TEST(hard_decimals_are_read_as_by_libc)
{
    double expected = strtod(HARD[_i], NULL);
    ck_assert_msg(bits_of(read(HARD[_i])) == bits_of(expected), "%s", HARD[_i]);
}
END_TEST

START_TEST(random_decimals_are_read_as_by_libc)
{
    for (int i = 0; i < 100000; i++) {
        char text[80];
        int digits = 1 + (int)(random_bits() % 40);
        size_t len = 0;
        for (int k = 0; k < digits; k++) {
            if (k > 0 && random_bits() % 16 == 0 && memchr(text, '.', len) == NULL) {
                text[len++] = '.';
            }
            text[len++] = (char)('0' + random_bits() % 10);
        }
        int exponent = i % 2 == 0 ? (int)(random_bits() % 40) - 20 : (int)(random_bits() % 700) - 360;
        snprintf(text + len, sizeof text - len, "e%d", exponent);
        if (bits_of(read(text)) != bits_of(strtod(text, NULL))) {
            ck_abort_msg("%s", text);
        }
    }
}
END_TEST

/* The point exactly between two doubles, all digits, and with one more digit behind: to even, and up. */
START_TEST(halfway_points)
{
    mpz_t whole;
    mpz_init(whole);
    for (int i = 0; i < 2000; i++) {
        uint64_t odd = (random_bits() >> 10 | (uint64_t)1 << 53) | 1; /* 54 bits: 53 and a half */
        int power = (int)(random_bits() % 1100);
        bool is_fraction = i % 2 == 0;
        char text[2200];
        mpz_set_ui(whole, odd);
        if (is_fraction) { /* odd / 2^power = odd * 5^power / 10^power */
            mpz_t five;
            mpz_init(five);
            mpz_ui_pow_ui(five, 5, (unsigned long)power);
            mpz_mul(whole, whole, five);
            mpz_clear(five);
        } else {
            power %= 900;
            mpz_mul_2exp(whole, whole, (mp_bitcnt_t)power);
        }
        mpz_get_str(text, 10, whole);
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "e%d", is_fraction ? -power : 0);
        ck_assert_msg(bits_of(read(text)) == bits_of(strtod(text, NULL)), "%s", text);
        double down = ldexp((double)(odd >> 1), is_fraction ? 1 - power : 1 + power);
        double up = nextafter(down, INFINITY);
        if (down >= DBL_MIN) {
            ck_assert(bits_of(read(text)) == bits_of((odd >> 1 & 1) != 0 ? up : down));
            snprintf(text + len, sizeof text - len, ".00000000000000000000001e%d", is_fraction ? -power : 0);
            ck_assert(bits_of(read(text)) == bits_of(up));
        }
    }
    mpz_clear(whole);
}
END_TEST

START_TEST(a_nonzero_digit_behind_many_zeros_counts)
{
    char text[3000];
    strcpy(text, "9007199254740993.");
    memset(text + 17, '0', 2000);
    strcpy(text + 2017, "0");
    ck_assert(read(text) == 9007199254740992.0);
    strcpy(text + 2017, "1");
    ck_assert(read(text) == 9007199254740994.0);
}
END_TEST

static const char *const MALFORMED[] = {"",    "-",   "+",    ".5",   "5.",  "1e",   "1e+", "e5",      "1.e5", "1..2",
                                        "1,5", "0x1", "1e5.", " 1",   "1 ",  "--1",  "inf", "nan",     "1e5e", "1\0",
                                        "١",   "1_0", "1.-5", "1e 5", "-.5", "1.5.", "+-1", "Infinity"};

START_TEST(malformed_texts_are_refused)
{
    struct arena arena = {0};
    double x;
    struct rat a;
    struct str text = str_of(MALFORMED[_i]);
    if (strcmp(MALFORMED[_i], "1") == 0) {
        text.len = 2; /* with its NUL */
    }
    ck_assert_msg(!decimal_to_double(text, &x), "%s", text.at);
    ck_assert(!decimal_to_rat(&arena, text, &a));
    arena_free(&arena);
}
END_TEST

static const struct {
    const char *decimal, *fraction;
} EXACT[] = {
    {"0",                                                         "0"                                         },
    {"-0.000",                                                    "0"                                         },
    {"0e999999999",                                               "0"                                         },
    {"0.1",                                                       "1/10"                                      },
    {"-12.50",                                                    "-25/2"                                     },
    {"+3",                                                        "3"                                         },
    {"1e3",                                                       "1000"                                      },
    {"12.5E-1",                                                   "5/4"                                       },
    {"1200e-2",                                                   "12"                                        },
    {"0.0001200",                                                 "3/25000"                                   },
    {"100.0",                                                     "100"                                       },
    {"123456789.987654321",                                       "123456789987654321/1000000000"             },
    {"12345678901234567890.5",                                    "24691357802469135781/2"                    },
    {"1e18",                                                      "1000000000000000000"                       },
    {"1e19",                                                      "10000000000000000000"                      },
    {"9999999999999999999e18",                                    "9999999999999999999000000000000000000"     },
    {"9999999999999999999e19",                                    "99999999999999999990000000000000000000"    },
    {"1e-37",                                                     "1/10000000000000000000000000000000000000"  },
    {"1e-38",                                                     "1/100000000000000000000000000000000000000" },
    {"1e-39",                                                     "1/1000000000000000000000000000000000000000"},
    {"0.1000000000000000055511151231257827021181583404541015625", "3602879701896397/36028797018963968"        },
};

START_TEST(decimals_as_fractions)
{
    struct arena arena = {0};
    struct rat a;
    ck_assert(decimal_to_rat(&arena, str_of(EXACT[_i].decimal), &a));
    assert_text(&arena, a, EXACT[_i].fraction);
    arena_free(&arena);
}
END_TEST

START_TEST(exponents_have_a_bound)
{
    struct arena arena = {0};
    struct rat a;
    ck_assert(decimal_to_rat(&arena, STR("1e10000"), &a));
    ck_assert(decimal_to_rat(&arena, STR("9.99e10000"), &a));
    ck_assert(!decimal_to_rat(&arena, STR("1e10001"), &a));
    ck_assert(!decimal_to_rat(&arena, STR("10e10000"), &a));
    ck_assert(decimal_to_rat(&arena, STR("1e-10000"), &a));
    ck_assert(!decimal_to_rat(&arena, STR("0.9e-10000"), &a));
    ck_assert(!decimal_to_rat(&arena, STR("1e999999999999999999999999"), &a));
    ck_assert(decimal_to_rat(&arena, STR("0.0001e10004"), &a));
    arena_free(&arena);
}
END_TEST

START_TEST(data_are_their_shortest_decimals)
{
    struct arena arena = {0};
    static const struct {
        double x;
        const char *fraction;
    } data[] = {
        {0,                   "0"                                 },
        {0.1,                 "1/10"                              },
        {-0.145,              "-29/200"                           },
        {3,                   "3"                                 },
        {1e22,                "10000000000000000000000"           },
        {1e-7,                "1/10000000"                        },
        {0.1 + 0.2,           "7500000000000001/25000000000000000"},
        {9007199254740991.0,  "9007199254740991"                  },
        {-9007199254740992.0, "-9007199254740992"                 },
        {123456.5,            "246913/2"                          }
    };
    for (size_t i = 0; i < countof(data); i++) {
        assert_text(&arena, rat_of_datum(&arena, data[i].x), data[i].fraction);
    }
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        double x = of_bits(random_bits());
        char text[DECIMAL_TEXT_MAX];
        struct rat expected;
        if (isfinite(x)) {
            size_t len = decimal_print(x, text);
            ck_assert(decimal_to_rat(&arena, (struct str){text, len}, &expected));
            ck_assert(rat_eq(rat_of_datum(&arena, x), expected));
        }
        arena_reset(&arena, mark);
    }
    arena_free(&arena);
}
END_TEST

static struct rat parse(struct arena *arena, const char *text)
{
    struct rat a;
    ck_assert(rat_parse(arena, str_of(text), &a));
    return a;
}

START_TEST(doubles_are_exact_fractions)
{
    struct arena arena = {0};
    mpq_t q;
    mpq_init(q);
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        double x =
            i < 200 ? of_bits((uint64_t)i * 37 + (uint64_t)(i % 2) * ((uint64_t)1 << 63)) : of_bits(random_bits());
        if (i % 3 == 0) {
            x = ldexp((double)(int64_t)random_bits(), (int)(random_bits() % 300) - 150);
        }
        if (isfinite(x)) {
            mpq_set_d(q, x);
            char *text = mpq_get_str(NULL, 10, q);
            struct rat a = rat_of_double(&arena, x);
            assert_text(&arena, a, text);
            ck_assert(rat_to_double(a) == x);
            free(text);
        }
        arena_reset(&arena, mark);
    }
    mpq_clear(q);
    arena_free(&arena);
}
END_TEST

/* Independent of the code under test: the neighbours of the result are farther, and ties are even. */
static void check_nearest(struct arena *arena, struct rat a, double x)
{
    struct rat value = rat_of_double(arena, x);
    struct rat error = rat_abs(arena, rat_sub(arena, a, value));
    double neighbours[] = {nextafter(x, -INFINITY), nextafter(x, INFINITY)};
    for (size_t i = 0; i < 2; i++) {
        if (!isfinite(neighbours[i])) {
            continue;
        }
        struct rat other = rat_abs(arena, rat_sub(arena, a, rat_of_double(arena, neighbours[i])));
        int order = rat_cmp(arena, error, other);
        ck_assert_int_le(order, 0);
        ck_assert(order != 0 || (bits_of(x) & 1) == 0);
    }
}

START_TEST(fractions_as_nearest_doubles)
{
    struct arena arena = {0};
    for (int i = 0; i < 5000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        int128 num = (int128)(random_bits() >> random_bits() % 64) << random_bits() % 60;
        int128 den = (int128)(random_bits() >> random_bits() % 63) << random_bits() % 60;
        struct rat a = rat_of(&arena, i % 2 == 0 ? num : -num, den == 0 ? 1 : den);
        a = rat_mul(&arena, a, rat_pow(&arena, rat_int(i % 3 == 0 ? 2 : 10), (int)(random_bits() % 400) - 200));
        check_nearest(&arena, a, rat_to_double(a));
        arena_reset(&arena, mark);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(fractions_at_the_ends_of_the_range)
{
    struct arena arena = {0};
    struct rat tiny = rat_pow(&arena, rat_int(2), -1075); /* half the smallest double */
    ck_assert(bits_of(rat_to_double(tiny)) == 0);
    struct rat more = rat_mul(&arena, tiny, parse(&arena, "1000000000000000000000001/1000000000000000000000000"));
    ck_assert(rat_to_double(more) == 0x1p-1074);
    ck_assert(rat_to_double(rat_mul(&arena, tiny, rat_int(3))) == 0x1p-1073);
    ck_assert(rat_to_double(rat_pow(&arena, rat_int(10), -2000)) == 0);
    ck_assert(rat_to_double(rat_pow(&arena, rat_int(10), 2000)) == INFINITY);
    ck_assert(rat_to_double(rat_neg(&arena, rat_pow(&arena, rat_int(10), 400))) == -INFINITY);
    struct rat limit = rat_of_double(&arena, DBL_MAX);
    struct rat half = rat_pow(&arena, rat_int(2), 970); /* half the distance to 2^1024 */
    ck_assert(rat_to_double(rat_sub(&arena, rat_add(&arena, limit, half), RAT_ONE)) == DBL_MAX);
    ck_assert(rat_to_double(rat_add(&arena, limit, half)) == INFINITY);
    ck_assert(rat_to_double(rat_of(&arena, 1, 3)) == 1.0 / 3.0);
    ck_assert(rat_to_double(parse(&arena, "-9007199254740993")) == -9007199254740992.0);
    ck_assert(rat_to_double(parse(&arena, "18014398509481985/2")) == 9007199254740992.0);
    arena_free(&arena);
}
END_TEST

START_TEST(fixed_notation)
{
    struct arena arena = {0};
    static const struct {
        const char *number;
        int places;
        const char *text;
    } cases[] = {
        {"0",                                               0, "0"                                           },
        {"0",                                               3, "0.000"                                       },
        {"-1/4",                                            2, "-0.25"                                       },
        {"-1/4",                                            4, "-0.2500"                                     },
        {"1/1000",                                          3, "0.001"                                       },
        {"-1/1000",                                         3, "-0.001"                                      },
        {"12345",                                           0, "12345"                                       },
        {"12345",                                           2, "12345.00"                                    },
        {"1234567890123456789012345678901234567890",        1, "1234567890123456789012345678901234567890.0"  },
        {"1234567890123456789012345678901234567890123/100", 2, "12345678901234567890123456789012345678901.23"},
        {"172/10",                                          1, "17.2"                                        }
    };
    for (size_t i = 0; i < countof(cases); i++) {
        struct str text = rat_fixed(&arena, parse(&arena, cases[i].number), cases[i].places);
        ck_assert_msg(str_eq(text, str_of(cases[i].text)), "%s: %.*s", cases[i].text, STR_FMT(text));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(decimal_notation)
{
    struct arena arena = {0};
    static const struct {
        const char *number;
        int digits;
        const char *text;
    } cases[] = {
        {"1/3",                                       4, "0.3333…"     },
        {"2/3",                                       4, "0.6666…"     },
        {"-2/3",                                      1, "-0.6…"       },
        {"11/3",                                      6, "3.66666…"    },
        {"1/8",                                       1, "0.125"         },
        {"7",                                         1, "7"             },
        {"0",                                         3, "0"             },
        {"1200",                                      2, "1200"          },
        {"-1/1024",                                   2, "-0.0009765625" },
        {"1000000/7",                                 2, "142857…"     },
        {"1/3000000",                                 3, "0.000000333…"},
        {"299999/30000",                              3, "9.99…"       },
        {"1/170141183460469231731687303715884105728", 2,
         "0.000000000000000000000000000000000000005877471754111437539843682686111228389093327783860437607543758"
         "531392086297273635864257812500"                                }
    };
    for (size_t i = 0; i + 1 < countof(cases); i++) {
        struct str text = rat_decimal(&arena, parse(&arena, cases[i].number), cases[i].digits);
        ck_assert_msg(str_eq(text, str_of(cases[i].text)), "%s: %.*s", cases[i].text, STR_FMT(text));
    }
    /* 2^-127 exactly: 127 decimals, the last of them a 5. */
    struct str text = rat_decimal(&arena, parse(&arena, cases[countof(cases) - 1].number), 2);
    ck_assert_uint_eq(text.len, 2 + 127);
    struct rat back;
    ck_assert(decimal_to_rat(&arena, text, &back));
    ck_assert(rat_eq(back, rat_pow(&arena, rat_int(2), -127)));
    arena_free(&arena);
}
END_TEST

Suite *decimal_suite(void)
{
    Suite *suite = suite_create("decimal");
    TCase *printing = tcase_create("printing");
    tcase_add_test(printing, shortest_of_random_doubles);
    tcase_add_test(printing, random_doubles_read_back);
    tcase_add_test(printing, shortest_of_special_doubles);
    tcase_add_test(printing, short_decimals_are_kept);
    tcase_add_loop_test(printing, printed_as_json, 0, countof(PRINTED));
    tcase_add_test(printing, fixed_notation);
    tcase_add_test(printing, decimal_notation);
    suite_add_tcase(suite, printing);
    TCase *reading = tcase_create("reading");
    tcase_add_loop_test(reading, hard_decimals_are_read_as_by_libc, 0, countof(HARD));
    tcase_add_test(reading, random_decimals_are_read_as_by_libc);
    tcase_add_test(reading, halfway_points);
    tcase_add_test(reading, a_nonzero_digit_behind_many_zeros_counts);
    tcase_add_loop_test(reading, malformed_texts_are_refused, 0, countof(MALFORMED));
    tcase_add_loop_test(reading, decimals_as_fractions, 0, countof(EXACT));
    tcase_add_test(reading, exponents_have_a_bound);
    suite_add_tcase(suite, reading);
    TCase *doubles = tcase_create("doubles");
    tcase_add_test(doubles, data_are_their_shortest_decimals);
    tcase_add_test(doubles, doubles_are_exact_fractions);
    tcase_add_test(doubles, fractions_as_nearest_doubles);
    tcase_add_test(doubles, fractions_at_the_ends_of_the_range);
    suite_add_tcase(suite, doubles);
    return suite;
}
