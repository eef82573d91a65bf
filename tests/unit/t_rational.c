#include "base/rational.h"

#include <check.h>
#include <gmp.h>
#include <stdlib.h>

Suite *rational_suite(void);

static uint64_t random_state = 88172645463325252u;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* A whole number of at most `bits` bits, often near a power of two. */
static void random_mpz(mpz_t out, unsigned bits)
{
    mpz_set_ui(out, 0);
    for (unsigned i = 0; i < bits; i += 64) {
        mpz_mul_2exp(out, out, 64);
        mpz_add_ui(out, out, random_bits());
    }
    mpz_fdiv_r_2exp(out, out, bits);
    if (random_bits() % 8 == 0) {
        mpz_set_ui(out, 1);
        mpz_mul_2exp(out, out, bits);
        mpz_sub_ui(out, out, random_bits() % 3);
    }
    if (random_bits() % 2 == 0) {
        mpz_neg(out, out);
    }
}

static void random_mpq(mpq_t out)
{
    static const unsigned sizes[] = {1, 4, 8, 16, 31, 32, 50, 62, 63, 64, 65, 90, 100, 126, 127, 128, 130, 200, 700};
    random_mpz(mpq_numref(out), sizes[random_bits() % countof(sizes)]);
    do {
        random_mpz(mpq_denref(out), sizes[random_bits() % countof(sizes)]);
    } while (mpz_sgn(mpq_denref(out)) == 0);
    if (random_bits() % 4 == 0) {
        mpz_ui_pow_ui(mpq_denref(out), 10, random_bits() % 40);
    }
    mpq_canonicalize(out);
}

static struct rat parse(struct arena *arena, const char *text)
{
    struct rat a;
    if (!rat_parse(arena, str_of(text), &a)) {
        ck_abort_msg("%s", text);
    }
    return a;
}

static struct rat rat_of_mpq(struct arena *arena, const mpq_t q)
{
    char *text = mpq_get_str(NULL, 10, q);
    struct rat a = parse(arena, text);
    free(text);
    return a;
}

static void assert_text(struct arena *arena, struct rat a, const char *expected)
{
    struct str text = rat_text(arena, a);
    if (!str_eq(text, str_of(expected))) { /* Check writes to a pipe at each assertion */
        ck_abort_msg("%.*s is not %s", STR_FMT(text), expected);
    }
}

/* The value and its form: reduced, and large only where 127 bits do not suffice. */
static void assert_is(struct arena *arena, struct rat a, const mpq_t q)
{
    char *text = mpq_get_str(NULL, 10, q);
    assert_text(arena, a, text);
    bool fits = mpz_sizeinbase(mpq_numref(q), 2) <= 127 && mpz_sizeinbase(mpq_denref(q), 2) <= 127;
    size_t num_bits = mpq_sgn(q) == 0 ? 0 : mpz_sizeinbase(mpq_numref(q), 2);
    bool is_int = mpz_cmp_ui(mpq_denref(q), 1) == 0;
    if ((a.big == NULL) != fits || a.den <= 0 || rat_sign(a) != mpq_sgn(q) || rat_is_int(a) != is_int ||
        rat_bits(a) != num_bits + mpz_sizeinbase(mpq_denref(q), 2)) {
        ck_abort_msg("%s is not in its canonical form", text);
    }
    free(text);
}

START_TEST(operations_agree_with_gmp)
{
    struct arena arena = {0};
    mpq_t x;
    mpq_t y;
    mpq_t z;
    mpq_inits(x, y, z, NULL);
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        random_mpq(x);
        random_mpq(y);
        if (random_bits() % 8 == 0) { /* the same denominator */
            mpz_set(mpq_denref(y), mpq_denref(x));
            mpq_canonicalize(y);
        }
        struct rat a = rat_of_mpq(&arena, x);
        struct rat b = rat_of_mpq(&arena, y);
        assert_is(&arena, a, x);
        mpq_add(z, x, y);
        assert_is(&arena, rat_add(&arena, a, b), z);
        mpq_sub(z, x, y);
        assert_is(&arena, rat_sub(&arena, a, b), z);
        mpq_mul(z, x, y);
        assert_is(&arena, rat_mul(&arena, a, b), z);
        if (mpq_sgn(y) != 0) {
            mpq_div(z, x, y);
            assert_is(&arena, rat_div(&arena, a, b), z);
        }
        mpq_neg(z, x);
        assert_is(&arena, rat_neg(&arena, a), z);
        mpq_abs(z, x);
        assert_is(&arena, rat_abs(&arena, a), z);
        int order = mpq_cmp(x, y);
        ck_assert(rat_cmp(&arena, a, b) == (order > 0) - (order < 0) && rat_eq(a, b) == (order == 0));
        ck_assert(rat_eq(a, a) && rat_cmp(&arena, a, a) == 0);
        arena_reset(&arena, mark);
    }
    mpq_clears(x, y, z, NULL);
    arena_free(&arena);
}
END_TEST

START_TEST(close_numbers_compare_exactly)
{
    struct arena arena = {0};
    /* n/(n+1) < (n+1)/(n+2) for n = 2^126 - 3: they differ by 1 / (2^252 or so). */
    struct rat a = parse(&arena, "85070591730234615865843651857942052861/85070591730234615865843651857942052862");
    struct rat b = parse(&arena, "85070591730234615865843651857942052862/85070591730234615865843651857942052863");
    ck_assert(a.big == NULL && b.big == NULL);
    ck_assert_int_eq(rat_cmp(&arena, a, b), -1);
    ck_assert_int_eq(rat_cmp(&arena, rat_neg(&arena, a), rat_neg(&arena, b)), 1);
    arena_free(&arena);
}
END_TEST

START_TEST(the_border_of_128_bits)
{
    struct arena arena = {0};
    const char *largest = "170141183460469231731687303715884105727"; /* 2^127 - 1 */
    struct rat a = parse(&arena, largest);
    ck_assert(a.big == NULL);
    struct rat beyond = rat_add(&arena, a, RAT_ONE);
    ck_assert(beyond.big != NULL);
    assert_text(&arena, beyond, "170141183460469231731687303715884105728");
    struct rat back = rat_sub(&arena, beyond, RAT_ONE);
    ck_assert(back.big == NULL && rat_eq(back, a));
    int128 lowest = -a.num - 1;
    assert_text(&arena, rat_of(&arena, lowest, 1), "-170141183460469231731687303715884105728");
    assert_text(&arena, rat_of(&arena, 3, lowest), "-3/170141183460469231731687303715884105728");
    assert_text(&arena, rat_of(&arena, lowest, lowest), "1");
    assert_text(&arena, rat_of(&arena, lowest, -4), "42535295865117307932921825928971026432");
    assert_text(&arena, rat_of(&arena, 0, -7), "0");
    assert_text(&arena, rat_of(&arena, 44, 12), "11/3");
    arena_free(&arena);
}
END_TEST

START_TEST(powers_agree_with_gmp)
{
    struct arena arena = {0};
    mpq_t x;
    mpq_t z;
    mpq_inits(x, z, NULL);
    for (int i = 0; i < 300; i++) {
        random_mpq(x);
        unsigned exponent = (unsigned)(random_bits() % 30);
        mpz_pow_ui(mpq_numref(z), mpq_numref(x), exponent);
        mpz_pow_ui(mpq_denref(z), mpq_denref(x), exponent);
        struct rat a = rat_of_mpq(&arena, x);
        assert_is(&arena, rat_pow(&arena, a, (int)exponent), z);
        if (mpq_sgn(x) != 0) {
            mpq_inv(z, z);
            assert_is(&arena, rat_pow(&arena, a, -(int)exponent), z);
        }
    }
    assert_text(&arena, rat_pow(&arena, RAT_ZERO, 0), "1");
    ck_assert_uint_eq(rat_bits(rat_pow(&arena, rat_int(2), 10000)), 10002);
    ck_assert_uint_eq(rat_bits(rat_pow(&arena, rat_int(2), -10000)), 10002);
    mpq_clears(x, z, NULL);
    arena_free(&arena);
}
END_TEST

/* Ties and others to two decimals, whole numbers, intervals of 0.5 (GB/T 8170, 3.4), worked out by hand; in the order
   of enum rounding. */
static const struct {
    const char *number, *step;
    const char *rounded[ROUNDING_COUNT];
} ROUNDINGS[] = {
  /*                        half even   half up    half away   half down  floor       ceil       truncate    away */
    {"145/1000",      "1/100", {"7/50", "3/20", "3/20", "7/50", "7/50", "3/20", "7/50", "3/20"}                },
    {"285/1000",      "1/100", {"7/25", "29/100", "29/100", "7/25", "7/25", "29/100", "7/25", "29/100"}        },
    {"565/1000",      "1/100", {"14/25", "57/100", "57/100", "14/25", "14/25", "57/100", "14/25", "57/100"}    },
    {"575/1000",      "1/100", {"29/50", "29/50", "29/50", "57/100", "57/100", "29/50", "57/100", "29/50"}     },
    {"-145/1000",     "1/100", {"-7/50", "-7/50", "-3/20", "-3/20", "-3/20", "-7/50", "-7/50", "-3/20"}        },
    {"-285/1000",     "1/100", {"-7/25", "-7/25", "-29/100", "-29/100", "-29/100", "-7/25", "-7/25", "-29/100"}},
    {"154546/10000",  "1",     {"15", "15", "15", "15", "15", "16", "15", "16"}                                },
    {"-154546/10000", "1",     {"-15", "-15", "-15", "-15", "-16", "-15", "-15", "-16"}                        },
    {"5/2",           "1",     {"2", "3", "3", "2", "2", "3", "2", "3"}                                        },
    {"-5/2",          "1",     {"-2", "-2", "-3", "-3", "-3", "-2", "-2", "-3"}                                },
    {"1/3",           "1",     {"0", "0", "0", "0", "0", "1", "0", "1"}                                        },
    {"-1/3",          "1",     {"0", "0", "0", "0", "-1", "0", "0", "-1"}                                      },
    {"-2/3",          "1",     {"-1", "-1", "-1", "-1", "-1", "0", "0", "-1"}                                  },
    {"7",             "1",     {"7", "7", "7", "7", "7", "7", "7", "7"}                                        },
    {"0",             "1/100", {"0", "0", "0", "0", "0", "0", "0", "0"}                                        },
    {"603/10",        "1/2",   {"121/2", "121/2", "121/2", "121/2", "60", "121/2", "60", "121/2"}              },
    {"6025/100",      "1/2",   {"60", "121/2", "121/2", "60", "60", "121/2", "60", "121/2"}                    },
    {"-6075/100",     "1/2",   {"-61", "-121/2", "-61", "-61", "-61", "-121/2", "-121/2", "-61"}               },
    {"950",           "100",   {"1000", "1000", "1000", "900", "900", "1000", "900", "1000"}                   },
};

START_TEST(rounding_by_hand)
{
    struct arena arena = {0};
    struct rat number = parse(&arena, ROUNDINGS[_i].number);
    struct rat step = parse(&arena, ROUNDINGS[_i].step);
    for (int mode = 0; mode < ROUNDING_COUNT; mode++) {
        struct str text = rat_text(&arena, rat_round(&arena, number, step, (enum rounding)mode));
        ck_assert_msg(str_eq(text, str_of(ROUNDINGS[_i].rounded[mode])), "%s to %s, mode %d: %s", ROUNDINGS[_i].number,
                      ROUNDINGS[_i].step, mode, text.at);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(rounding_beyond_128_bits)
{
    struct arena arena = {0};
    struct rat tie = parse(&arena, "340282366920938463463374607431768211457/2"); /* 2^127 + 1/2 */
    struct rat lower = parse(&arena, "170141183460469231731687303715884105728");
    struct rat upper = rat_add(&arena, lower, RAT_ONE);
    static const bool goes_up[ROUNDING_COUNT] = {false, true, true, false, false, true, false, true};
    static const bool shrinks[ROUNDING_COUNT] = {true, true, false, false, false, true, true, false};
    for (int mode = 0; mode < ROUNDING_COUNT; mode++) {
        struct rat up = rat_round(&arena, tie, RAT_ONE, (enum rounding)mode);
        struct rat down = rat_round(&arena, rat_neg(&arena, tie), RAT_ONE, (enum rounding)mode);
        ck_assert_msg(rat_eq(up, goes_up[mode] ? upper : lower), "mode %d", mode);
        ck_assert_msg(rat_eq(down, rat_neg(&arena, shrinks[mode] ? lower : upper)), "mode -%d", mode);
    }
    arena_free(&arena);
}
END_TEST

/* What rounding means, tested on random numbers without dividing: |x - r| <= step/2 (or < step), r a multiple. */
START_TEST(rounding_is_nearest_multiple)
{
    struct arena arena = {0};
    mpq_t x;
    mpq_t y;
    mpq_inits(x, y, NULL);
    for (int i = 0; i < 3000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        random_mpq(x);
        random_mpq(y);
        mpq_abs(y, y);
        if (mpq_sgn(y) == 0) {
            continue;
        }
        struct rat a = rat_of_mpq(&arena, x);
        struct rat step = rat_of_mpq(&arena, y);
        for (int mode = 0; mode < ROUNDING_COUNT; mode++) {
            struct rat r = rat_round(&arena, a, step, (enum rounding)mode);
            struct rat error = rat_abs(&arena, rat_sub(&arena, a, r));
            bool is_nearest = mode <= ROUND_HALF_DOWN;
            struct rat doubled = is_nearest ? rat_add(&arena, error, error) : error;
            ck_assert(rat_is_int(rat_div(&arena, r, step)));
            ck_assert_int_le(rat_cmp(&arena, doubled, step), is_nearest ? 0 : -1);
        }
        ck_assert_int_le(rat_cmp(&arena, rat_round(&arena, a, step, ROUND_FLOOR), a), 0);
        ck_assert_int_ge(rat_cmp(&arena, rat_round(&arena, a, step, ROUND_CEIL), a), 0);
        arena_reset(&arena, mark);
    }
    mpq_clears(x, y, NULL);
    arena_free(&arena);
}
END_TEST

static const struct {
    const char *number;
    int digits;
    const char *rounded, *step;
} SIGNIFICANT[] = {
    {"123456",  3, "123000",     "1000"   },
    {"-123456", 3, "-123000",    "1000"   },
    {"996/100", 2, "10",         "1"      }, /* the carry makes the step coarser */
    {"994/100", 2, "99/10",      "1/10"   },
    {"125/100", 2, "6/5",        "1/10"   },
    {"135/100", 2, "7/5",        "1/10"   },
    {"1/3",     4, "3333/10000", "1/10000"},
    {"2/3",     1, "7/10",       "1/10"   },
    {"1",       3, "1",          "1/100"  },
    {"10",      1, "10",         "10"     },
    {"99999",   1, "100000",     "100000" },
    {"1/1000",  2, "1/1000",     "1/10000"},
    {"0",       5, "0",          "1"      },
};

START_TEST(significant_digits)
{
    struct arena arena = {0};
    struct rat number = parse(&arena, SIGNIFICANT[_i].number);
    int digits = SIGNIFICANT[_i].digits;
    assert_text(&arena, rat_round_significant(&arena, number, digits, ROUND_HALF_EVEN), SIGNIFICANT[_i].rounded);
    assert_text(&arena, rat_significant_step(&arena, number, digits, ROUND_HALF_EVEN), SIGNIFICANT[_i].step);
    arena_free(&arena);
}
END_TEST

START_TEST(significant_digits_at_powers_of_ten)
{
    struct arena arena = {0};
    for (int k = -400; k <= 400; k++) {
        struct rat power = rat_pow(&arena, rat_int(10), k);
        struct rat below = rat_sub(&arena, power, rat_pow(&arena, rat_int(10), k - 30));
        ck_assert(rat_eq(rat_significant_step(&arena, power, 1, ROUND_FLOOR), power));
        ck_assert(rat_eq(rat_significant_step(&arena, below, 1, ROUND_FLOOR), rat_pow(&arena, rat_int(10), k - 1)));
        ck_assert(rat_eq(rat_significant_step(&arena, below, 1, ROUND_HALF_EVEN), power));
    }
    /* Far beyond the exponents that rat_pow takes. */
    struct rat huge = rat_pow(&arena, rat_pow(&arena, rat_int(10), 10000), 2);
    ck_assert(rat_eq(rat_round_significant(&arena, rat_add(&arena, huge, RAT_ONE), 3, ROUND_HALF_EVEN), huge));
    arena_free(&arena);
}
END_TEST

START_TEST(texts)
{
    struct arena arena = {0};
    static const struct {
        const char *text, *canonical;
    } good[] = {
        {"0",                                              "0"    },
        {"-0",                                             "0"    },
        {"007",                                            "7"    },
        {"-44/12",                                         "-11/3"},
        {"0/5",                                            "0"    },
        {"6/0003",                                         "2"    },
        {"0/99999999999999999999999999999999999999999999", "0"    },
    };
    static const char *const bad[] = {"",     "-",   "+1", "1/0", "1/00",  "1/", "/2",
                                      "1/-2", "1.5", " 1", "1 ",  "1/2/3", "a"};
    for (size_t i = 0; i < countof(good); i++) {
        assert_text(&arena, parse(&arena, good[i].text), good[i].canonical);
    }
    assert_text(&arena, parse(&arena, "123456789012345678901234567890123456789012345678901234567890/2"),
                "61728394506172839450617283945061728394506172839450617283945");
    assert_text(&arena, parse(&arena, "-1/99999999999999999999999999999999999999999999"),
                "-1/99999999999999999999999999999999999999999999");
    for (size_t i = 0; i < countof(bad); i++) {
        struct rat a;
        ck_assert_msg(!rat_parse(&arena, str_of(bad[i]), &a), "%s", bad[i]);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(whole_numbers)
{
    struct arena arena = {0};
    int64_t n;
    ck_assert(rat_to_i64(rat_int(INT64_MIN), &n) && n == INT64_MIN);
    ck_assert(rat_to_i64(rat_int(INT64_MAX), &n) && n == INT64_MAX);
    ck_assert(!rat_to_i64(rat_add(&arena, rat_int(INT64_MAX), RAT_ONE), &n));
    ck_assert(!rat_to_i64(rat_of(&arena, 1, 2), &n));
    ck_assert(!rat_to_i64(rat_pow(&arena, rat_int(10), 60), &n));
    arena_free(&arena);
}
END_TEST

/* With memory running out at any point nothing is lost (the leak checker of MODE=asan watches). */
START_TEST(exhausted_memory)
{
    for (volatile long n = 1; n < 30; n++) { /* volatile: kept over longjmp */
        struct arena arena = {0};
        jmp_buf out;
        arena.on_exhausted = &out;
        if (setjmp(out) == 0) {
            struct rat a = parse(&arena, "123456789012345678901234567890123456789012345/7");
            arena.fail_at = n;
            struct rat b = rat_mul(&arena, a, rat_add(&arena, a, rat_int(1)));
            b = rat_round(&arena, rat_pow(&arena, b, 5), rat_of(&arena, 1, 3), ROUND_HALF_UP);
            ck_assert_uint_gt(rat_text(&arena, rat_round_significant(&arena, b, 3, ROUND_FLOOR)).len, 100);
        }
        arena_free(&arena);
    }
}
END_TEST

Suite *rational_suite(void)
{
    Suite *suite = suite_create("rational");
    TCase *values = tcase_create("values");
    tcase_add_test(values, operations_agree_with_gmp);
    tcase_add_test(values, close_numbers_compare_exactly);
    tcase_add_test(values, the_border_of_128_bits);
    tcase_add_test(values, powers_agree_with_gmp);
    tcase_add_test(values, whole_numbers);
    tcase_add_test(values, texts);
    tcase_add_test(values, exhausted_memory);
    suite_add_tcase(suite, values);
    TCase *rounding = tcase_create("rounding");
    tcase_add_loop_test(rounding, rounding_by_hand, 0, countof(ROUNDINGS));
    tcase_add_test(rounding, rounding_beyond_128_bits);
    tcase_add_test(rounding, rounding_is_nearest_multiple);
    tcase_add_loop_test(rounding, significant_digits, 0, countof(SIGNIFICANT));
    tcase_add_test(rounding, significant_digits_at_powers_of_ten);
    suite_add_tcase(suite, rounding);
    return suite;
}
