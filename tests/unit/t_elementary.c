/* Expected digits: Python's decimal module with 130 digits, rounded to 105. */
#include "base/elementary.h"

#include <check.h>

#include "base/decimal.h"

Suite *elementary_suite(void);

enum function { EXP, LN, SQRT, POW };

static const struct near {
    enum function function;
    const char *a, *b;
    const char *digits;
} NEAR[] = {
    {EXP,  "1",                       NULL,
     "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759457138217852516642742747"     },
    {EXP,  "-37/200",                 NULL,
     "0.831104283852125659078586306226108304080407665013410168420166567771534664537572477447043382060164433965495"    },
    {EXP,  "-700",                    NULL,
     "9.85967654375977085670537294784946510511560018140094171058646676779318679659463721054135591074293093208518e-305"},
    {EXP,  "700",                     NULL,
     "1.01423205473500450945532959523126761520467957224307334878053628124935170250752368304548160316182971369539e304" },
    {EXP,  "1/1000000000000",         NULL,
     "1.00000000000100000000000050000000000016666666666670833333333334166666666666805555555555575396825396827877"     },
    {LN,   "2",                       NULL,
     "0.693147180559945309417232121458176568075500134360255254120680009493393621969694715605863326996418687542001"    },
    {LN,   "10000000001/10000000000", NULL,
     "9.99999999950000000003333333333083333333353333333331666666666809523809511309523810634920634820634920644012e-11" },
    {LN,   "3/1000000",               NULL,
     "-12.7168982692961644127127034911836595409591183739498884044652730721679413648455059145423674757238577012638"    },
    {SQRT, "2",                       NULL,
     "1.41421356237309504880168872420969807856967187537694807317667973799073247846210703885038753432764157273501"     },
    {SQRT, "1/3",                     NULL,
     "0.577350269189625764509148780501957455647601751270126876018602326483977672302933345693715395585749525225209"    },
    {POW,  "2",                       "1/2",
     "1.41421356237309504880168872420969807856967187537694807317667973799073247846210703885038753432764157273501"     },
    {POW,  "70",                      "3/4",
     "24.2004549249358716179116683609252848688086473464023213144350174271425043715687517586856896017104831870269"     },
    {POW,  "1234567/1000",            "1097/1000",
     "2462.58702269271071220547284036342157161683706620506123906273627274475776562205253382589686530985053344864"     },
    {POW,  "21/20",                   "10000",
     "7.81611065842881037880539077588551887126643160472873121793786510283294743080532757544921221355024506868211e211" },
    {POW,  "-21/20",                  "10001",
     "-8.20691619135025089774566031467979481482975318496516777883475835797459480234559395422167282422775732211621e211"},
    {POW,  "1/7",                     "-5/3",
     "25.6151399701608006206665131708358578444097256819032682322504552690844462961628098616555069554976220742605"     },
};

static struct rat parse(struct arena *arena, const char *text)
{
    struct rat a;
    ck_assert(rat_parse(arena, str_of(text), &a));
    return a;
}

static struct elementary apply(struct arena *arena, enum function function, struct rat a, struct rat b, int bits)
{
    switch (function) {
    case EXP:
        return elementary_exp(arena, a, bits);
    case LN:
        return elementary_ln(arena, a, bits);
    case SQRT:
        return elementary_sqrt(arena, a, bits);
    case POW:
        break;
    }
    return elementary_pow(arena, a, b, bits);
}

static struct elementary compute(struct arena *arena, enum function function, const char *a, const char *b, int bits)
{
    return apply(arena, function, parse(arena, a), b == NULL ? RAT_ZERO : parse(arena, b), bits);
}

static const int BITS[] = {ENCLOSURE_BITS_FIRST, ENCLOSURE_BITS_SECOND, ENCLOSURE_BITS_LAST};

/* The expected digits lie in the enclosure (or within their own last place of it), which is narrow: an exponent of 700
   takes ten bits. */
static void check_near(struct arena *arena, struct rat found, struct rat expected, int bits)
{
    struct rat low;
    struct rat high;
    rat_ends(arena, found, &low, &high);
    struct rat own = rat_mul(arena, rat_abs(arena, expected), rat_pow(arena, rat_int(10), -104));
    ck_assert_int_le(rat_cmp(arena, rat_sub(arena, low, own), expected), 0);
    ck_assert_int_ge(rat_cmp(arena, rat_add(arena, high, own), expected), 0);
    int wanted = bits > ENCLOSURE_BITS_DECIDING ? ENCLOSURE_BITS_DECIDING : bits;
    struct rat width = rat_abs(arena, rat_div(arena, rat_sub(arena, high, low), low));
    ck_assert_int_le(rat_cmp(arena, width, rat_pow(arena, rat_int(2), 14 - wanted)), 0);
    ck_assert_int_gt(rat_sign(width), 0); /* none of these is a binary fraction */
}

START_TEST(digits)
{
    struct arena arena = {0};
    const struct near *row = &NEAR[_i];
    struct rat expected;
    ck_assert(decimal_to_rat(&arena, str_of(row->digits), &expected));
    for (size_t i = 0; i < countof(BITS); i++) {
        struct elementary result = compute(&arena, row->function, row->a, row->b, BITS[i]);
        ck_assert(result.state == ELEMENTARY_GIVEN && !result.is_exact && rat_is_enclosure(result.value));
        check_near(&arena, result.value, expected, BITS[i]);
        /* The same of arguments that are known by enclosures only. */
        bool is_whole_power_of_negative = row->a[0] == '-' && row->function == POW;
        if (!is_whole_power_of_negative) {
            struct rat a = rat_enclosed(&arena, parse(&arena, row->a), ENCLOSURE_BITS_LAST);
            struct rat b = row->b == NULL ? RAT_ZERO : rat_enclosed(&arena, parse(&arena, row->b), ENCLOSURE_BITS_LAST);
            result = apply(&arena, row->function, a, b, ENCLOSURE_BITS_LAST);
            ck_assert(result.state == ELEMENTARY_GIVEN);
            check_near(&arena, result.value, expected, ENCLOSURE_BITS_SECOND); /* ln of what is next to 1 loses some */
        }
    }
    elementary_release();
    arena_free(&arena);
}
END_TEST

static const struct exact {
    enum function function;
    const char *a, *b;
    const char *result;
} EXACT[] = {
    {EXP,  "0",                                                                            NULL,          "1"    },
    {LN,   "1",                                                                            NULL,          "0"    },
    {SQRT, "0",                                                                            NULL,          "0"    },
    {SQRT, "9/4",                                                                          NULL,          "3/2"  },
    {SQRT, "7237005577332262213973186563042994240829374041602535252466099000494570602496", NULL,
     "85070591730234615865843651857942052864"                                                                    }, /* 2^252, 2^126 */
    {POW,  "2",                                                                            "10",          "1024" },
    {POW,  "-2/3",                                                                         "3",           "-8/27"},
    {POW,  "-2/3",                                                                         "-2",          "9/4"  },
    {POW,  "16",                                                                           "3/4",         "8"    },
    {POW,  "27/8",                                                                         "-2/3",        "4/9"  },
    {POW,  "7",                                                                            "0",           "1"    },
    {POW,  "0",                                                                            "0",           "1"    },
    {POW,  "0",                                                                            "1/3",         "0"    },
    {POW,  "1",                                                                            "1/3",         "1"    },
    {POW,  "1",                                                                            "-1000000000", "1"    },
    {POW,  "-1",                                                                           "1000000001",  "-1"   },
};

START_TEST(fractions)
{
    struct arena arena = {0};
    const struct exact *row = &EXACT[_i];
    struct elementary result = compute(&arena, row->function, row->a, row->b, ENCLOSURE_BITS_FIRST);
    ck_assert(result.state == ELEMENTARY_GIVEN && result.is_exact);
    ck_assert(rat_eq(result.value, parse(&arena, row->result)));
    elementary_release();
    arena_free(&arena);
}
END_TEST

static const struct failure {
    enum function function;
    const char *a, *b;
    enum elementary_state state;
} FAILURES[] = {
    {SQRT, "-1/1000000", NULL,                                          ELEMENTARY_NEGATIVE},
    {LN,   "0",          NULL,                                          ELEMENTARY_NEGATIVE},
    {LN,   "-1",         NULL,                                          ELEMENTARY_NEGATIVE},
    {POW,  "-8",         "1/3",                                         ELEMENTARY_NEGATIVE},
    {POW,  "0",          "-1",                                          ELEMENTARY_ZERO    },
    {EXP,  "7001/10",    NULL,                                          ELEMENTARY_RANGE   },
    {EXP,  "-7001/10",   NULL,                                          ELEMENTARY_RANGE   },
    {POW,  "2",          "1010",                                        ELEMENTARY_RANGE   }, /* 1010 ln 2 is 700.08 */
    {POW,  "1/2",        "1010",                                        ELEMENTARY_RANGE   },
    {POW,  "10",         "1000000000000000000000000000000000000000000", ELEMENTARY_RANGE   },
};

START_TEST(failures)
{
    struct arena arena = {0};
    const struct failure *row = &FAILURES[_i];
    for (size_t i = 0; i < countof(BITS); i++) {
        ck_assert_int_eq(compute(&arena, row->function, row->a, row->b, BITS[i]).state, row->state);
    }
    elementary_release();
    arena_free(&arena);
}
END_TEST

/* The last power of 2 within range is a fraction still. */
START_TEST(ends_of_the_range)
{
    struct arena arena = {0};
    ck_assert(compute(&arena, POW, "2", "1009", ENCLOSURE_BITS_FIRST).is_exact);
    ck_assert(compute(&arena, POW, "2", "-1009", ENCLOSURE_BITS_FIRST).is_exact);
    ck_assert(compute(&arena, EXP, "700", NULL, ENCLOSURE_BITS_FIRST).state == ELEMENTARY_GIVEN);
    elementary_release();
    arena_free(&arena);
}
END_TEST

/* sqrt(2) * sqrt(2) - 2: an enclosure of 0. */
static struct rat hidden_zero(struct arena *arena, int bits)
{
    struct rat root = elementary_sqrt(arena, rat_int(2), bits).value;
    return rat_sub(arena, rat_mul(arena, root, elementary_sqrt(arena, rat_int(2), bits).value), rat_int(2));
}

/* What depends on the sign of an enclosure of 0 is open until the last bits, which take it for 0. */
START_TEST(of_what_may_be_zero)
{
    struct arena arena = {0};
    for (size_t i = 0; i < countof(BITS); i++) {
        int bits = BITS[i];
        bool is_last = bits == ENCLOSURE_BITS_LAST;
        struct rat zero = hidden_zero(&arena, bits);
        ck_assert(rat_is_enclosure(zero) && rat_sign(zero) == 0);
        struct elementary root = elementary_sqrt(&arena, zero, bits);
        ck_assert_int_eq(root.state, is_last ? ELEMENTARY_GIVEN : ELEMENTARY_OPEN);
        ck_assert(!is_last || (root.is_exact && rat_sign(root.value) == 0));
        ck_assert_int_eq(elementary_ln(&arena, zero, bits).state, is_last ? ELEMENTARY_NEGATIVE : ELEMENTARY_OPEN);
        ck_assert_int_eq(elementary_pow(&arena, zero, rat_int(-1), bits).state,
                         is_last ? ELEMENTARY_ZERO : ELEMENTARY_OPEN);
        ck_assert_int_eq(elementary_pow(&arena, zero, RAT_ZERO, bits).state, ELEMENTARY_GIVEN);
        ck_assert_int_eq(elementary_exp(&arena, zero, bits).state, ELEMENTARY_GIVEN);
        struct rat edge = rat_add(&arena, rat_int(700), zero);
        ck_assert_int_eq(elementary_exp(&arena, edge, bits).state, is_last ? ELEMENTARY_GIVEN : ELEMENTARY_OPEN);
    }
    elementary_release();
    arena_free(&arena);
}
END_TEST

Suite *elementary_suite(void)
{
    Suite *suite = suite_create("elementary");
    TCase *values = tcase_create("values");
    tcase_add_loop_test(values, digits, 0, countof(NEAR));
    tcase_add_loop_test(values, fractions, 0, countof(EXACT));
    tcase_add_loop_test(values, failures, 0, countof(FAILURES));
    tcase_add_test(values, ends_of_the_range);
    tcase_add_test(values, of_what_may_be_zero);
    suite_add_tcase(suite, values);
    return suite;
}
