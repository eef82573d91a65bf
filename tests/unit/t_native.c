/* External functions through the library, as a calculator uses them: what is allowed, what is refused, what a function
   is given, and what becomes of what it gives back. */
#include <check.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "vm/native.h"

Suite *native_suite(void);

static const char DECLARED[] = "external function f(p: MPa, t: K): kJ/kg\n";
static const char FIELDS[] = "ms : list of { p : bar, t : K, m : kg } optional";
static const char REPORT[] = "report x : kJ = sum(q in ms: q.m * f(q.p, q.t))";

struct seen { /* by a function, over all of its calls */
    size_t calls, rows;
    double p, t; /* the last row's */
};

/* p + t / 4, with an odd result where asked for by t. */
static int function(void *user, size_t rows, const double *p, const double *t, double *result)
{
    struct seen *seen = user;
    int code = 0;
    seen->calls++;
    seen->rows += rows;
    for (size_t i = 0; i < rows; i++) {
        seen->p = p[i];
        seen->t = t[i];
        code = t[i] == 6 ? 42 : code;
        result[i] = t[i] == 1   ? NAN
                    : t[i] == 2 ? INFINITY
                    : t[i] == 3 ? -1e61
                    : t[i] == 4 ? 1e-61
                    : t[i] == 5 ? 0
                    : t[i] == 7 ? 2.0 / 3
                                : p[i] + t[i] / 4;
    }
    return code;
}

static struct zuji_rule *rule;
static struct zuji_natives *natives;
static struct zuji_run *run;
static struct zuji_messages *messages;
static struct seen seen;

static void setup(void)
{
    lower_setup();
    memset(&seen, 0, sizeof seen);
    rule = NULL;
    run = NULL;
    messages = NULL;
    ck_assert_int_eq(zuji_natives_new(&natives), ZUJI_OK);
}

static void teardown(void)
{
    zuji_messages_free(messages);
    zuji_run_free(run);
    zuji_natives_free(natives);
    zuji_rule_free(rule);
    lower_teardown();
}

static void load(const char *declarations, const char *items)
{
    struct str bytes;
    struct diags out = diags_in(&lower_arena);
    lower_compile(declarations, FIELDS, items);
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &out));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
}

static void allow(const char *signature)
{
    ck_assert_int_eq(zuji_natives_add(natives, "f", signature, (zuji_native_fn)function, &seen), ZUJI_OK);
}

static enum zuji_status bind(int use_exact)
{
    struct zuji_options options = {.use_exact = use_exact, .natives = natives};
    return zuji_run_new(rule, NULL, &options, &run, &messages);
}

static void assert_message(size_t index, const char *code, const char *words)
{
    const struct zuji_message *message = zuji_messages_get(messages, index);
    ck_assert_str_eq(message->code, code);
    ck_assert_msg(strstr(message->text[ZUJI_EN], words) != NULL, "%s", message->text[ZUJI_EN]);
}

/* ---- signatures ---- */

static const char *const fitting[] = {
    "(p: MPa, t: K): kJ/kg",       "(MPa, K):kJ/kg",       "( N/mm2 ,  K ) : MJ/t",
    "(x: MPa, y: kg·K/kg): kJ/kg", "(1000 kPa, K): kJ/kg",
};

START_TEST(the_same_units_fit)
{
    load(DECLARED, REPORT);
    allow(fitting[_i]);
    bool is_known = strstr(fitting[_i], "1000") == NULL; /* no unit is written so */
    ck_assert_int_eq(bind(0), is_known ? ZUJI_OK : ZUJI_FINDINGS);
}
END_TEST

static const char *const unfitting[] = {
    "",
    "MPa, K: kJ/kg",
    "(MPa): kJ/kg",
    "(MPa, K, K): kJ/kg",
    "(bar, K): kJ/kg",
    "(MPa, ℃): kJ/kg",
    "(MPa, K)",
    "(MPa, K) kJ/kg",
    "(MPa, K): kJ/kg more",
    "(MPa, K): kJ",
    "(K, MPa): kJ/kg",
    "(MPa, number): kJ/kg",
    "(",
    "()",
    "(MPa, K):",
    "(MPa,, K): kJ/kg",
};

START_TEST(other_signatures_are_refused)
{
    load(DECLARED, REPORT);
    allow(unfitting[_i]);
    ck_assert_int_eq(bind(0), ZUJI_FINDINGS);
    ck_assert_ptr_null(run);
    assert_message(0, "E0931", "`f` is `(MPa, K): kJ/kg` in the rule");
}
END_TEST

START_TEST(plain_numbers_and_brackets)
{
    load("external function f(x: number, y: kJ/(kg·K)): %\n",
         "report x : % = sum(q in ms: f(q.m / 1 kg, 2 kJ/(kg·K)))");
    const char *signature = NULL;
    ck_assert_str_eq(zuji_rule_native(rule, 0, &signature), "f");
    ck_assert_str_eq(signature, "(number, kJ/(kg·K)): %");
    ck_assert_ptr_null(zuji_rule_native(rule, 1, &signature));
    allow("(x: number, y: kJ/(kg·K)): %");
    ck_assert_int_eq(bind(0), ZUJI_OK);
}
END_TEST

START_TEST(nothing_is_allowed_by_itself)
{
    load(DECLARED, REPORT);
    ck_assert_int_eq(bind(0), ZUJI_FINDINGS);
    assert_message(0, "E0930", "--allow-native f=LIBRARY:SYMBOL");
    zuji_messages_free(messages);
    ck_assert_int_eq(zuji_run_new(rule, NULL, NULL, &run, &messages), ZUJI_FINDINGS);
    assert_message(0, "E0930", "`f`");
}
END_TEST

START_TEST(misuse_is_refused)
{
    allow("(MPa, K): kJ/kg");
    ck_assert_int_eq(zuji_natives_add(natives, "f", "", (zuji_native_fn)function, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_natives_add(natives, NULL, "", (zuji_native_fn)function, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_natives_add(natives, "g", "", NULL, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_natives_new(NULL), ZUJI_USAGE);
    zuji_natives_free(NULL);
}
END_TEST

/* ---- calls ---- */

static const struct zuji_result *record(const char *json)
{
    const struct zuji_result *result = NULL;
    zuji_run_record(run, json, strlen(json), &result);
    ck_assert_ptr_nonnull(result);
    return result;
}

static double figure(const struct zuji_result *result)
{
    size_t count = 0;
    ck_assert(zuji_result_is_ok(result));
    return zuji_result_reports(result, &count)[0].value;
}

START_TEST(arguments_come_in_their_units_and_with_ten_digits)
{
    load(DECLARED, REPORT);
    allow("(MPa, K): kJ/kg");
    ck_assert_int_eq(bind(_i), ZUJI_OK);
    double value = figure(record("{\"ms\": [{\"p\": 123.45678901234, \"t\": 300, \"m\": 2}]}"));
    ck_assert_uint_eq(seen.calls, 1);
    ck_assert(seen.p == 12.34567890 && seen.t == 300);
    ck_assert_double_eq_tol(value, 2 * (12.3456789 + 75), 1e-12);
    value = figure(record("{\"ms\": [{\"p\": 0, \"t\": 7, \"m\": 3}]}"));
    ck_assert_double_eq_tol(value, 3 * 0.6666666667, 1e-15); /* ten digits of two thirds */
}
END_TEST

START_TEST(one_call_for_all_rows)
{
    load(DECLARED, REPORT);
    allow("(MPa, K): kJ/kg");
    ck_assert_int_eq(bind(_i), ZUJI_OK);
    figure(record("{\"ms\": [{\"p\": 1, \"t\": 8, \"m\": 1}, {\"p\": 2, \"t\": 8, \"m\": 1}, {\"p\": 3, "
                  "\"t\": 8, \"m\": 1}]}"));
    ck_assert_uint_eq(seen.calls, 1);
    ck_assert_uint_eq(seen.rows, 3);
    figure(record("{}")); /* and none for none */
    ck_assert_uint_eq(seen.calls, 1);
}
END_TEST

/* A function is not called for rows where its value is not needed. */
START_TEST(only_what_is_needed_is_asked_for)
{
    load(DECLARED, "report x : kJ = sum(q in ms: if q.t > 10 K then q.m * f(q.p, q.t) else 0 kJ)");
    allow("(MPa, K): kJ/kg");
    ck_assert_int_eq(bind(_i), ZUJI_OK);
    double value = figure(record("{\"ms\": [{\"p\": 0, \"t\": 1, \"m\": 1}, {\"p\": 0, \"t\": 20, \"m\": 1}]}"));
    ck_assert_double_eq(value, 5);
    ck_assert_uint_eq(seen.rows, 1);
}
END_TEST

static const struct {
    const char *t, *words;
} failures[] = {
    {"1", "`f(0.1 MPa, 1 K)` has no value: the external function gave NaN"},
    {"2", "the external function gave inf"                                },
    {"3", "the external function gave -1e+61"                              },
    {"4", "the external function gave 1e-61"                              },
    {"6", "the external function gave error 42"                           },
};

struct collected {
    size_t ok, failed;
    char text[256];
};

static int collect(void *user, const struct zuji_result *result)
{
    struct collected *collected = user;
    collected->ok += zuji_result_is_ok(result) != 0;
    collected->failed += zuji_result_is_ok(result) == 0;
    const struct zuji_messages *problems = zuji_result_problems(result);
    if (zuji_messages_count(problems) > 0) {
        ck_assert_str_eq(zuji_messages_get(problems, 0)->code, "E0796");
        snprintf(collected->text, sizeof collected->text, "%s", zuji_messages_get(problems, 0)->text[ZUJI_EN]);
    }
    return 0;
}

static long read_text(void *user, char *buffer, size_t capacity)
{
    struct str *left = user;
    size_t count = left->len < capacity ? left->len : capacity;
    memcpy(buffer, left->at, count);
    *left = str_slice(*left, count, left->len);
    return (long)count;
}

/* Of three products in one batch only the one that the function has no value for fails. */
START_TEST(a_failure_is_that_of_its_product)
{
    for (int use_exact = 0; use_exact <= 1; use_exact++) {
        load(DECLARED, REPORT);
        zuji_natives_free(natives);
        zuji_natives_new(&natives);
        allow("(MPa, K): kJ/kg");
        ck_assert_int_eq(bind(use_exact), ZUJI_OK);
        struct str text = str_format(&lower_arena,
                                     "{\"ms\": [{\"p\": 1, \"t\": 5, \"m\": 1}]}\n"
                                     "{\"ms\": [{\"p\": 1, \"t\": 9, \"m\": 1}, {\"p\": 1, \"t\": %s, \"m\": 1}]}\n"
                                     "{\"ms\": [{\"p\": 1, \"t\": 10, \"m\": 1}]}\n",
                                     failures[_i].t);
        struct collected collected = {.ok = 0};
        zuji_run_stream(run, "data", read_text, &text, collect, &collected, NULL);
        ck_assert_uint_eq(collected.ok, 2);
        ck_assert_uint_eq(collected.failed, 1);
        ck_assert_msg(strstr(collected.text, failures[_i].words) != NULL, "%s", collected.text);
        zuji_run_free(run);
        zuji_rule_free(rule);
        run = NULL;
        rule = NULL;
    }
}
END_TEST

/* ---- a function that leaves another rounding mode behind ---- */

static int careless(void *user, size_t rows, const double *p, const double *t, double *result)
{
    (void)user;
    for (size_t i = 0; i < rows; i++) {
        result[i] = p[i] + t[i];
    }
    return fesetround(FE_UPWARD);
}

START_TEST(the_rounding_mode_is_restored)
{
    load(DECLARED, REPORT);
    ck_assert_int_eq(zuji_natives_add(natives, "f", "(MPa, K): kJ/kg", (zuji_native_fn)careless, NULL), ZUJI_OK);
    ck_assert_int_eq(bind(0), ZUJI_OK);
    double value = figure(record("{\"ms\": [{\"p\": 0, \"t\": 0.3, \"m\": 0.1}, {\"p\": 0, \"t\": 0.1, \"m\": 0.2}]}"));
    ck_assert_int_eq(fegetround(), FE_TONEAREST);
    ck_assert(value == 0.1 * 0.3 + 0.2 * 0.1);
}
END_TEST

/* ---- the compiler ---- */

START_TEST(declarations_that_are_refused)
{
    static const struct {
        const char *declaration;
        enum diag_code code;
    } rows[] = {
        {"external function f(p): kJ\n",                      D_EXTERNAL_TYPE      },
        {"external function f(p: text): kJ\n",                D_EXTERNAL_TYPE      },
        {"external function f(p: ℃): kJ\n",                 D_EXTERNAL_TYPE      },
        {"external function f(p: K): ℃\n",                  D_EXTERNAL_TYPE      },
        {"external function f(): kJ\n",                       D_EXTERNAL_PARAMS    },
        {"external function f(a: K, b: K, c: K, d: K): kJ\n", D_EXTERNAL_PARAMS    },
        {"external function f(a: K): kJ from \"x\"\n",        D_ATTRIBUTE_MISPLACED},
    };
    lower_compile(rows[_i].declaration, "", "");
    lower_assert_refused(rows[_i].code);
}
END_TEST

START_TEST(arguments_are_checked)
{
    static const struct {
        const char *expression;
        enum diag_code code;
    } rows[] = {
        {"f(1 kg, 2 K)",          D_UNIT_MISMATCH   },
        {"f(1 MPa)",              D_ARGUMENT_MISSING},
        {"f(1 MPa, 2 K, 3 K)",    D_ARGUMENT_COUNT  },
        {"f(q = 1 MPa, t = 2 K)", D_ARGUMENT_UNKNOWN},
        {"f",                     D_NEEDS_ARGUMENTS },
        {"f(1 MPa, 2 K) + 1 kg",  D_UNIT_MISMATCH   },
    };
    lower_compile(DECLARED, "", str_format(&lower_arena, "report x : kJ/kg = %s", rows[_i].expression).at);
    lower_assert_refused(rows[_i].code);
}
END_TEST

Suite *native_suite(void)
{
    Suite *suite = suite_create("native");
    TCase *cases = tcase_create("native");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, the_same_units_fit, 0, (int)countof(fitting));
    tcase_add_loop_test(cases, other_signatures_are_refused, 0, (int)countof(unfitting));
    tcase_add_test(cases, plain_numbers_and_brackets);
    tcase_add_test(cases, nothing_is_allowed_by_itself);
    tcase_add_test(cases, misuse_is_refused);
    tcase_add_loop_test(cases, arguments_come_in_their_units_and_with_ten_digits, 0, 2);
    tcase_add_loop_test(cases, one_call_for_all_rows, 0, 2);
    tcase_add_loop_test(cases, only_what_is_needed_is_asked_for, 0, 2);
    tcase_add_loop_test(cases, a_failure_is_that_of_its_product, 0, (int)countof(failures));
    tcase_add_test(cases, the_rounding_mode_is_restored);
    tcase_add_loop_test(cases, declarations_that_are_refused, 0, 7);
    tcase_add_loop_test(cases, arguments_are_checked, 0, 6);
    suite_add_tcase(suite, cases);
    return suite;
}
