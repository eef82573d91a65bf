#include "compiler/kinds.h"

#include <check.h>

/* Terms over kg (0), m (1), s (2) and variables. */

static struct kind base(uint16_t generator, int16_t exponent)
{
    struct kind kind = kind_one();
    kind.factors[0].generator = generator;
    kind.factors[0].exponent = exponent;
    kind.count = 1;
    return kind;
}

static uint32_t constant(struct kinds *kinds, uint16_t generator, int16_t exponent)
{
    return kinds_constant(kinds, base(generator, exponent));
}

static void assert_is(const struct kinds *kinds, uint32_t id, struct kind wanted)
{
    struct kind found;
    ck_assert(kinds_is_known(kinds, id, &found));
    ck_assert(kind_eq(found, wanted));
}

START_TEST(constants)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t kg = constant(&kinds, 0, 1);
    uint32_t m = constant(&kinds, 1, 1);
    ck_assert(kinds_unify(&kinds, kg, constant(&kinds, 0, 1)));
    ck_assert(!kinds_unify(&kinds, kg, m));
    ck_assert(!kinds_unify(&kinds, kg, kinds_constant(&kinds, kind_one())));
    uint32_t ratio = kinds_multiply(&kinds, kinds_multiply(&kinds, kg, m, 1), kg, -1);
    assert_is(&kinds, ratio, base(1, 1));
    assert_is(&kinds, kinds_power(&kinds, m, -3), base(1, -3));
    ck_assert_uint_eq(kinds_power(&kinds, kinds_power(&kinds, m, 12), 2), KIND_TOO_LARGE);
    arena_free(&arena);
}
END_TEST

START_TEST(one_variable)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t x = kinds_variable(&kinds);
    ck_assert(!kinds_is_known(&kinds, x, NULL));
    ck_assert(kinds_unify(&kinds, kinds_power(&kinds, x, 2), constant(&kinds, 1, 2))); /* x2 = m2 */
    assert_is(&kinds, x, base(1, 1));
    uint32_t y = kinds_variable(&kinds);
    ck_assert(!kinds_unify(&kinds, kinds_power(&kinds, y, 2), constant(&kinds, 1, 3))); /* y2 = m3: no integer */
    ck_assert(!kinds_is_known(&kinds, y, NULL));
    ck_assert(kinds_unify(&kinds, kinds_power(&kinds, y, -1), constant(&kinds, 2, 2)));
    assert_is(&kinds, y, base(2, -2));
    arena_free(&arena);
}
END_TEST

START_TEST(two_variables)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t x = kinds_variable(&kinds);
    uint32_t y = kinds_variable(&kinds);
    /* x2 y3 = kg2 m6, so x = kg t-3 and y = m2 t2 for some t; with y = m2 t must be 1 */
    uint32_t left = kinds_multiply(&kinds, kinds_power(&kinds, x, 2), y, 3);
    uint32_t right = kinds_multiply(&kinds, constant(&kinds, 0, 2), constant(&kinds, 1, 6), 1);
    ck_assert(kinds_unify(&kinds, left, right));
    ck_assert(!kinds_is_known(&kinds, x, NULL));
    ck_assert(kinds_is_known(&kinds, left, NULL));
    ck_assert(kinds_unify(&kinds, y, constant(&kinds, 1, 2)));
    assert_is(&kinds, x, base(0, 1));
    /* y2 would have to be kg: nothing changes */
    ck_assert(!kinds_unify(&kinds, kinds_power(&kinds, y, 1), constant(&kinds, 0, 1)));
    arena_free(&arena);
}
END_TEST

START_TEST(exponents_without_common_divisor)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t x = kinds_variable(&kinds);
    uint32_t y = kinds_variable(&kinds);
    /* x6 y10 = m2 has solutions, for gcd(6, 10) divides 2; x6 y10 = m3 has none */
    uint32_t left = kinds_multiply(&kinds, kinds_power(&kinds, x, 6), y, 10);
    ck_assert(!kinds_unify(&kinds, left, constant(&kinds, 1, 3)));
    uint32_t u = kinds_variable(&kinds);
    uint32_t v = kinds_variable(&kinds);
    left = kinds_multiply(&kinds, kinds_power(&kinds, u, 6), v, 10);
    ck_assert(kinds_unify(&kinds, left, constant(&kinds, 1, 2)));
    assert_is(&kinds, left, base(1, 2));
    arena_free(&arena);
}
END_TEST

START_TEST(generic_terms_are_copied)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t x = kinds_variable(&kinds);
    uint32_t y = kinds_variable(&kinds);
    uint32_t product = kinds_multiply(&kinds, x, y, 1);
    struct kind_renaming first = {.count = 0};
    uint32_t a = kinds_instantiate(&kinds, &first, x);
    uint32_t b = kinds_instantiate(&kinds, &first, y);
    uint32_t ab = kinds_instantiate(&kinds, &first, product);
    ck_assert(kinds_unify(&kinds, a, constant(&kinds, 0, 1)));
    ck_assert(kinds_unify(&kinds, b, constant(&kinds, 0, -1)));
    assert_is(&kinds, ab, kind_one());
    ck_assert(!kinds_is_known(&kinds, x, NULL)); /* the generic one stays open */
    struct kind_renaming second = {.count = 0};
    uint32_t c = kinds_instantiate(&kinds, &second, x);
    ck_assert(kinds_unify(&kinds, c, constant(&kinds, 2, 4)));
    assert_is(&kinds, a, base(0, 1));
    arena_free(&arena);
}
END_TEST

START_TEST(known_part_of_an_open_term)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t term = kinds_multiply(&kinds, kinds_variable(&kinds), constant(&kinds, 1, 2), 1);
    ck_assert(kind_eq(kinds_known_part(&kinds, term), base(1, 2)));
    arena_free(&arena);
}
END_TEST

START_TEST(too_many_variables)
{
    struct arena arena = {0};
    struct kinds kinds = kinds_in(&arena);
    uint32_t product = kinds_variable(&kinds);
    for (int i = 1; i < KIND_VARIABLES_MAX; i++) {
        product = kinds_multiply(&kinds, product, kinds_variable(&kinds), 1);
        ck_assert_uint_ne(product, KIND_TOO_LARGE);
    }
    ck_assert_uint_eq(kinds_multiply(&kinds, product, kinds_variable(&kinds), 1), KIND_TOO_LARGE);
    uint32_t power = kinds_power(&kinds, kinds_variable(&kinds), KIND_VARIABLE_EXPONENT_MAX);
    ck_assert_uint_ne(power, KIND_TOO_LARGE);
    ck_assert_uint_eq(kinds_power(&kinds, power, 2), KIND_TOO_LARGE);
    arena_free(&arena);
}
END_TEST

/* All small equations x^a y^b = m^c: solvable just where gcd(a, b) divides c. */
START_TEST(all_small_equations)
{
    for (int a = -4; a <= 4; a++) {
        for (int b = -4; b <= 4; b++) {
            for (int c = -4; c <= 4; c++) {
                struct arena arena = {0};
                struct kinds kinds = kinds_in(&arena);
                uint32_t x = kinds_variable(&kinds);
                uint32_t y = kinds_variable(&kinds);
                uint32_t left = kinds_multiply(&kinds, kinds_power(&kinds, x, a), y, b);
                int p = a < 0 ? -a : a;
                int q = b < 0 ? -b : b;
                while (q != 0) {
                    int rest = p % q;
                    p = q;
                    q = rest;
                }
                bool is_solvable = p == 0 ? c == 0 : c % p == 0;
                uint32_t right = c == 0 ? kinds_constant(&kinds, kind_one()) : constant(&kinds, 1, (int16_t)c);
                ck_assert_int_eq(kinds_unify(&kinds, left, right), is_solvable);
                if (is_solvable) {
                    assert_is(&kinds, left, c == 0 ? kind_one() : base(1, (int16_t)c));
                }
                arena_free(&arena);
            }
        }
    }
}
END_TEST

Suite *kinds_suite(void);
Suite *kinds_suite(void)
{
    Suite *suite = suite_create("kinds");
    TCase *tcase = tcase_create("unification");
    tcase_add_test(tcase, constants);
    tcase_add_test(tcase, one_variable);
    tcase_add_test(tcase, two_variables);
    tcase_add_test(tcase, exponents_without_common_divisor);
    tcase_add_test(tcase, generic_terms_are_copied);
    tcase_add_test(tcase, known_part_of_an_open_term);
    tcase_add_test(tcase, too_many_variables);
    tcase_add_test(tcase, all_small_equations);
    suite_add_tcase(suite, tcase);
    return suite;
}
