/* Enclosures, of numbers that are known exactly here: whatever is computed from them, the exact result lies between the
   ends, and these are near. */
#include <check.h>

#include "base/decimal.h"
#include "base/elementary.h"

Suite *enclosure_suite(void);

static const int BITS[] = {ENCLOSURE_BITS_FIRST, ENCLOSURE_BITS_SECOND, ENCLOSURE_BITS_LAST};

static uint64_t state = 1;

static uint64_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static struct rat parse(struct arena *arena, const char *text)
{
    struct rat a;
    ck_assert(rat_parse(arena, str_of(text), &a));
    return a;
}

/* Of any size from 2^-64 to 2^64, and of either sign; 0 at times. */
static struct rat random_rational(struct arena *arena)
{
    uint64_t num = random_bits() >> random_bits() % 64;
    uint64_t den = (random_bits() >> random_bits() % 64) | 1;
    return rat_of(arena, random_bits() % 2 == 0 ? (int128)num : -(int128)num, (int128)den);
}

/* An enclosure of the number; every third one a wide one, of both signs if it is near 0. */
static struct rat random_enclosure(struct arena *arena, struct rat of, int bits)
{
    struct rat enclosure = rat_enclosed(arena, of, bits);
    if (random_bits() % 3 != 0) {
        return enclosure;
    }
    /* of + w - w for a large w: w is rounded away from what is left */
    struct rat large = rat_enclosed(arena, rat_pow(arena, rat_of(arena, 7, 3), 190 - (int)(random_bits() % 30)), bits);
    return rat_sub(arena, rat_add(arena, enclosure, large), large);
}

static bool is_inside(struct arena *arena, struct rat enclosure, struct rat exact)
{
    struct rat low;
    struct rat high;
    rat_ends(arena, enclosure, &low, &high);
    return rat_cmp(arena, low, exact) <= 0 && rat_cmp(arena, exact, high) <= 0;
}

static void check_operations(struct arena *arena, int bits)
{
    struct rat a = random_rational(arena);
    struct rat b = random_rational(arena);
    struct rat x = random_enclosure(arena, a, bits);
    struct rat y = random_bits() % 4 == 0 ? b : random_enclosure(arena, b, bits);
    int exponent = (int)(random_bits() % 7);
    ck_assert(is_inside(arena, x, a) && is_inside(arena, y, b));
    ck_assert(is_inside(arena, rat_add(arena, x, y), rat_add(arena, a, b)));
    ck_assert(is_inside(arena, rat_sub(arena, x, y), rat_sub(arena, a, b)));
    ck_assert(is_inside(arena, rat_mul(arena, x, y), rat_mul(arena, a, b)));
    ck_assert(is_inside(arena, rat_mul(arena, y, x), rat_mul(arena, a, b)));
    ck_assert(is_inside(arena, rat_neg(arena, x), rat_neg(arena, a)));
    ck_assert(is_inside(arena, rat_abs(arena, x), rat_abs(arena, a)));
    ck_assert(is_inside(arena, rat_pow(arena, x, exponent), rat_pow(arena, a, exponent)));
    if (rat_sign(b) != 0) {
        ck_assert(is_inside(arena, rat_div(arena, x, y), rat_div(arena, a, b)));
        ck_assert(rat_is_enclosure(y) ? is_inside(arena, rat_pow(arena, y, -exponent), rat_pow(arena, b, -exponent))
                                      : true);
    }
    if (rat_sign(a) != 0) {
        ck_assert(is_inside(arena, rat_div(arena, y, x), rat_div(arena, b, a)));
    }
    int order = rat_cmp(arena, x, y);
    ck_assert(order == 0 || order == rat_cmp(arena, a, b));
    ck_assert(order == -rat_cmp(arena, y, x) && rat_eq(x, y) == (order == 0));
    ck_assert(rat_sign(x) == 0 || rat_sign(x) == rat_sign(a));
}

START_TEST(hold_what_they_enclose)
{
    struct arena arena = {0};
    for (int i = 0; i < 6000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        check_operations(&arena, BITS[i % 3]);
        arena_reset(&arena, mark);
    }
    arena_free(&arena);
}
END_TEST

/* The width of (a b + a) / (a + 1), relative to it, is a few units of the last bit. */
START_TEST(are_narrow)
{
    struct arena arena = {0};
    for (int i = 0; i < 300; i++) {
        int bits = BITS[i % 2]; /* of the last ones the ends are shown with fewer bits */
        struct rat low;
        struct rat high;
        struct rat a = rat_enclosed(&arena, rat_abs(&arena, random_rational(&arena)), bits);
        struct rat b = rat_enclosed(&arena, parse(&arena, "1/3"), bits);
        struct rat c = rat_add(&arena, rat_mul(&arena, a, b), a);
        c = rat_div(&arena, c, rat_add(&arena, a, RAT_ONE));
        rat_ends(&arena, c, &low, &high);
        struct rat width = rat_sub(&arena, high, low);
        struct rat most = rat_mul(&arena, high, rat_pow(&arena, rat_int(2), 5 - bits));
        ck_assert_int_le(rat_cmp(&arena, width, most), 0);
    }
    arena_free(&arena);
}
END_TEST

/* ---- decisions ---- */

/* a + 2^-n, and a: separated by that? */
static bool are_ordered(struct arena *arena, int n, int bits, int *order)
{
    struct rat third = parse(arena, "1/3");
    struct rat more = rat_add(arena, third, rat_pow(arena, rat_int(2), -n));
    return rat_order(rat_enclosed(arena, third, bits), rat_enclosed(arena, more, bits), order);
}

START_TEST(what_is_not_separated_is_equal_in_the_end)
{
    struct arena arena = {0};
    int order;
    ck_assert(are_ordered(&arena, 180, ENCLOSURE_BITS_FIRST, &order) && order == -1);
    ck_assert(!are_ordered(&arena, 200, ENCLOSURE_BITS_FIRST, &order));
    ck_assert(are_ordered(&arena, 200, ENCLOSURE_BITS_SECOND, &order) && order == -1);
    ck_assert(!are_ordered(&arena, 1000, ENCLOSURE_BITS_SECOND, &order));
    ck_assert(are_ordered(&arena, 1000, ENCLOSURE_BITS_LAST, &order) && order == -1);
    ck_assert(are_ordered(&arena, 1100, ENCLOSURE_BITS_LAST, &order) && order == 0); /* though it could be told */
    struct rat third = rat_enclosed(&arena, parse(&arena, "1/3"), ENCLOSURE_BITS_FIRST);
    ck_assert(rat_order(third, third, &order) && order == 0);   /* the same value, computed once */
    ck_assert(!rat_order(third, parse(&arena, "1/3"), &order)); /* which it might be, or not */
    ck_assert(rat_order(parse(&arena, "1/3"), parse(&arena, "1/3"), &order) && order == 0);
    ck_assert(!rat_is_final(third) && rat_is_final(parse(&arena, "1/3")));
    ck_assert_int_eq(rat_more_bits(ENCLOSURE_BITS_FIRST), ENCLOSURE_BITS_SECOND);
    ck_assert_int_eq(rat_more_bits(ENCLOSURE_BITS_SECOND), ENCLOSURE_BITS_LAST);
    arena_free(&arena);
}
END_TEST

static const struct rounded {
    const char *number, *step; /* step NULL: to three significant digits */
    enum rounding mode;
    const char *result;
    bool is_tie; /* or a multiple where the mode changes its mind: open but for the last bits */
} ROUNDED[] = {
    {"1/3",       "1/100", ROUND_HALF_EVEN, "33/100", false},
    {"2/3",       "1",     ROUND_FLOOR,     "0",      false},
    {"-2/3",      "1",     ROUND_FLOOR,     "-1",     false},
    {"5/2",       "1",     ROUND_HALF_EVEN, "2",      true },
    {"7/2",       "1",     ROUND_HALF_EVEN, "4",      true },
    {"-5/2",      "1",     ROUND_HALF_UP,   "-2",     true },
    {"-5/2",      "1",     ROUND_HALF_AWAY, "-3",     true },
    {"29/200",    "1/100", ROUND_HALF_EVEN, "7/50",   true },
    {"3",         "1",     ROUND_HALF_EVEN, "3",      false},
    {"3",         "1",     ROUND_FLOOR,     "3",      true },
    {"3",         "1",     ROUND_CEIL,      "3",      true },
    {"-3",        "1",     ROUND_TRUNCATE,  "-3",     true },
    {"0",         "1",     ROUND_AWAY,      "0",      true },
    {"0",         "1",     ROUND_HALF_EVEN, "0",      false},
    {"22/7",      NULL,    ROUND_HALF_EVEN, "157/50", false},
    {"1225",      NULL,    ROUND_HALF_EVEN, "1220",   true },
    {"9995/1000", NULL,    ROUND_HALF_EVEN, "10",     true },
    {"9985/1000", NULL,    ROUND_HALF_EVEN, "499/50", true },
    {"1000",      NULL,    ROUND_HALF_EVEN, "1000",   false},
    {"1000",      NULL,    ROUND_FLOOR,     "1000",   true },
    {"0",         NULL,    ROUND_HALF_EVEN, "0",      true },
};

/* A wide enclosure of the number: an end on each side of it. */
static struct rat around(struct arena *arena, struct rat number, int bits)
{
    struct rat third = rat_enclosed(arena, parse(arena, "1/3"), bits);
    return rat_sub(arena, rat_add(arena, rat_enclosed(arena, number, bits), third), third);
}

START_TEST(are_rounded)
{
    struct arena arena = {0};
    const struct rounded *row = &ROUNDED[_i];
    for (size_t i = 0; i < countof(BITS); i++) {
        struct rat number = around(&arena, parse(&arena, row->number), BITS[i]);
        struct rat rounded;
        bool is_certain = row->step == NULL
                              ? rat_try_round_significant(&arena, number, 3, row->mode, &rounded)
                              : rat_try_round(&arena, number, parse(&arena, row->step), row->mode, &rounded);
        ck_assert(is_certain == (!row->is_tie || BITS[i] == ENCLOSURE_BITS_LAST));
        ck_assert_msg(!is_certain || rat_eq(rounded, parse(&arena, row->result)), "%s", rat_text(&arena, rounded).at);
        ck_assert(!rat_is_enclosure(rounded));
    }
    arena_free(&arena);
}
END_TEST

/* ---- what is at the edge ---- */

START_TEST(of_very_large_and_small_numbers)
{
    struct arena arena = {0};
    int order;
    struct rat tiny = rat_enclosed(&arena, rat_pow(&arena, rat_int(10), -300), ENCLOSURE_BITS_FIRST);
    for (int i = 0; i < 40; i++) { /* 10^-300 to the power 2^40 */
        tiny = rat_mul(&arena, tiny, tiny);
    }
    ck_assert(!rat_order(tiny, RAT_ZERO, &order)); /* between 0 and 2^-65536 */
    ck_assert(rat_order(tiny, rat_pow(&arena, rat_int(10), -300), &order) && order == -1);
    struct rat all = rat_div(&arena, RAT_ONE, tiny); /* nobody knows */
    ck_assert(!rat_order(all, RAT_ZERO, &order) && !rat_order(all, rat_int(-7), &order));
    struct rat nothing = rat_sub(&arena, all, all);
    ck_assert(!rat_order(rat_mul(&arena, nothing, tiny), RAT_ONE, &order));
    struct rat rounded;
    ck_assert(!rat_try_round(&arena, all, RAT_ONE, ROUND_HALF_EVEN, &rounded));
    ck_assert(rat_eq(rat_mul(&arena, all, RAT_ZERO), RAT_ZERO) && !rat_is_enclosure(rat_mul(&arena, all, RAT_ZERO)));
    arena_free(&arena);
}
END_TEST

START_TEST(are_told)
{
    struct arena arena = {0};
    struct rat root = elementary_sqrt(&arena, rat_int(2), ENCLOSURE_BITS_FIRST).value;
    ck_assert_str_eq(rat_decimal(&arena, root, 15).at, "1.41421356237310\u2026");
    ck_assert(rat_to_double(root) == 0x1.6a09e667f3bcdp+0); /* the nearest double of the square root of 2 */
    ck_assert(rat_to_double(rat_neg(&arena, root)) == -0x1.6a09e667f3bcdp+0);
    ck_assert(!rat_is_int(root) && rat_bits(root) == ENCLOSURE_BITS_FIRST);
    int64_t whole;
    ck_assert(!rat_to_i64(rat_enclosed(&arena, rat_int(3), ENCLOSURE_BITS_FIRST), &whole));
    struct rat large = rat_pow(&arena, parse(&arena, "7/3"), 200);
    ck_assert(!rat_is_enclosure(rat_bounded(&arena, large, rat_bits(large), ENCLOSURE_BITS_FIRST)));
    ck_assert(rat_is_enclosure(rat_bounded(&arena, large, rat_bits(large) - 1, ENCLOSURE_BITS_FIRST)));
    elementary_release();
    arena_free(&arena);
}
END_TEST

Suite *enclosure_suite(void)
{
    Suite *suite = suite_create("enclosure");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 20);
    tcase_add_test(all, hold_what_they_enclose);
    tcase_add_test(all, are_narrow);
    tcase_add_test(all, what_is_not_separated_is_equal_in_the_end);
    tcase_add_loop_test(all, are_rounded, 0, countof(ROUNDED));
    tcase_add_test(all, of_very_large_and_small_numbers);
    tcase_add_test(all, are_told);
    suite_add_tcase(suite, all);
    return suite;
}
