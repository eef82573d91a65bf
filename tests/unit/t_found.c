/* What drawn rules (tests/random) have found, made small: each was refused, failed to load or gave two results.
   Expected values are worked out by hand. */
#include <check.h>

#include "tests/unit/lower_fixture.h"

Suite *found_suite(void);

static void compile_rule(const char *declarations, const char *fields, const char *items)
{
    struct str text =
        str_format(&lower_arena, "%s\nrule sample {\n declared 1 kg\n boundary gate_to_gate\n data { %s }\n%s\n}\n",
                   declarations, fields, items);
    lower_compile_text(text.at);
}

/* ---- a zero without a unit has the kind that its place gives it ---- */

/* clang-format off */
static const struct {
    const char *declarations, *type, *expression;
    double expected;
} zeros[] = {
    {"", "1/kg", "if 1 > 2 then a * 1 1/kg2 else 0", 0},
    {"", "number", "(if 1 > 2 then a else 0) / a", 0},
    {"", "number", "(if 1 < 2 then 0 else a) / a + 0 / a", 0},
    {"", "kg2", "(if a > 1 kg then rounded(1 kg, 1 t) else 0) * a", 0},
    {"", "kg2", "max(0, if a > 1 t then a else 0) * (a + 0)", 0},
    {"function f(x) = x * 2 km/kg", "km", "f(0) + f(abs(0)) + f(a)", 6},
    {"function g(x: kg) = x * 2 km/kg", "km", "g(0) + g(a)", 6},
    {"function half(x) = x / 2\nfunction f(x) = x * 2 km/kg", "km", "f(half(0)) + sum(i in 1 .. 2: f(0))", 0},
    {"", "kg", "(if 1 > 2 then a else 0) + (o default 0)", 0},
};
/* clang-format on */

START_TEST(zeros_have_the_kind_of_their_place)
{
    lower_setup();
    compile_rule(zeros[_i].declarations, "a: kg, o: kg optional",
                 str_format(&lower_arena,
                            "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\nreport x : %s = %s",
                            zeros[_i].type, zeros[_i].expression)
                     .at);
    lower_run("{\"a\": 3}");
    lower_assert_report("x", zeros[_i].expected);
    lower_teardown();
}
END_TEST

START_TEST(emitted_of_what_is_never_carried_out)
{
    compile_rule("", "a: kg, l: list of { n: kg }",
                 "reference 1 kg\nstage s : production for each r in l when 1 > 2 { emit e = r.n * 1 kgCO2e/kg }\n"
                 "stage t : production { emit f = emitted(s.e) / 2 + s.e + 3 kgCO2e }");
    lower_run("{\"a\": 3, \"l\": [{\"n\": 4}]}");
    lower_assert_total(0, 3);
}
END_TEST

/* A condition that mentions the rows leaves a sum over no rows, though what else it says is known beforehand. */
START_TEST(carried_out_for_no_row)
{
    compile_rule("", "a: kg, l: list of { n: kg }",
                 "reference 1 kg\n"
                 "stage s : production for each r in l when not (1 < 2 or r.n > a) { emit e = 1 kgCO2e }\n"
                 "stage t : production for each r in l { emit f when 1 > 2 and a > 1 kg = 1 kgCO2e }");
    lower_run("{\"a\": 3, \"l\": [{\"n\": 4}]}");
    ck_assert(lower_outcome.flows[0].is_given);
    ck_assert(!lower_outcome.flows[1].is_given);
    lower_assert_flow(0, "e", 0);
}
END_TEST

/* ---- ranges ---- */

/* clang-format off */
static const struct {
    const char *range;
    double expected; /* sum of the numbers in it */
} ranges[] = {
    {"1 .. min(n, 5)",             6}, /* n is 3.5 */
    {"max(n, 1) .. 7",            22}, /* 4 + 5 + 6 + 7 */
    {"0 .. floor(min(life / 1 a, 4)) * 2", 36},
    {"1 .. 10 - s",               45}, /* s is 50 % */
    {"-2 .. -1 - n",               0},
    {"1 .. min(2 * n, 100 - n)",  28},
    {"count(r in l) .. 3",         5},
};
/* clang-format on */

START_TEST(ranges_are_bounded_on_the_side_that_counts)
{
    lower_setup();
    compile_rule("", "n: number, s: %, life: a, l: list of { n: kg }",
                 str_format(&lower_arena,
                            "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\n"
                            "report x : number = sum(y in %s: y)",
                            ranges[_i].range)
                     .at);
    lower_run("{\"n\": 3.5, \"s\": 50, \"life\": 7, \"l\": [{\"n\": 1}, {\"n\": 1}]}");
    lower_assert_report("x", ranges[_i].expected);
    lower_teardown();
}
END_TEST

static const char *const unbounded[] = {"1 .. n", "-1 * n .. 5", "1 .. max(n, 5)", "1 .. 5 + n", "1 .. count(r in l)"};

START_TEST(ranges_that_are_not_bounded)
{
    lower_setup();
    compile_rule("", "n: number, l: list of { n: kg }",
                 str_format(&lower_arena,
                            "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\n"
                            "report x : number = sum(y in %s: y)",
                            unbounded[_i])
                     .at);
    lower_assert_refused(D_RANGE_UNBOUNDED);
    lower_teardown();
}
END_TEST

/* Files hold no ends of that size, not even of ranges that are short or empty. */
START_TEST(ends_that_are_too_large)
{
    const char *const large[] = {"1 .. min(1 t/g * 1 kg / 1 g - 5000000000, 4)", "3000000000 .. 3000000001"};
    lower_setup();
    compile_rule("", "a: kg",
                 str_format(&lower_arena,
                            "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\n"
                            "report x : number = sum(y in %s: y)",
                            large[_i])
                     .at);
    lower_assert_refused(D_CONSTANT_TOO_LARGE);
    lower_teardown();
}
END_TEST

/* Where the default is wanted hangs on the rows of the range, these on a quotient, and where that is wanted on a
   condition about the same datum. */
START_TEST(defaults_inside_ranges_that_hang_on_them)
{
    compile_rule("", "n: number, a: kg = 4 kg, l: list of { mass: kg, on: bool }",
                 "reference for each p in l: p.mass\nlet m = if p.on then n else n\n"
                 "stage s : production { emit e when a < 2 * a + 1 kg = sum(i in 1 .. floor(min(10 / m, 4.5)): a) * 1 "
                 "kgCO2e/kg }\n"
                 "report x : kg = p.mass");
    lower_run("{\"n\": 5, \"l\": [{\"mass\": 1, \"on\": true}]}");
    lower_assert_total(0, 8);
    ck_assert_str_ne(lower_outcome.notes[0], "");
    lower_assert_fails("{\"n\": 0, \"a\": 1, \"l\": [{\"mass\": 1, \"on\": true}]}", "E0701");
}
END_TEST

/* ---- what is needed fails, though the result is known without it (SPEC 7.3) ---- */

static const char *const needed[] = {"if 1 kg / a > 2 then 3 else 3",
                                     "sum(i in 1 .. floor(min(1 kg / a, 3)): 0)",
                                     "count(i in 1 .. floor(min(1 kg / a, 3)) where 1 > 2)",
                                     "(1 kg / a) ^ 0",
                                     "if any(i in 1 .. floor(min(1 kg / a, 3)): 1 > 2) then 1 else 2",
                                     "sum(r in l where 1 kg / a > 2: 0)"};

START_TEST(what_is_needed_fails)
{
    lower_setup();
    compile_rule("", "a: kg, l: list of { n: kg }",
                 str_format(&lower_arena,
                            "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\nreport x : number = %s",
                            needed[_i])
                     .at);
    lower_assert_fails("{\"a\": 0, \"l\": [{\"n\": 1}]}", "E0701");
    lower_run("{\"a\": 1, \"l\": [{\"n\": 1}]}");
    ck_assert(lower_outcome.is_ok);
    lower_teardown();
}
END_TEST

/* ---- rows of results ---- */

/* Nothing is computed for each of them, and their table has no name to give. */
START_TEST(rows_that_nothing_mentions)
{
    compile_rule("table case(a: text, b: text) -> kg { \"x\", \"y\" => 3; \"x\", \"z\" => 4 }", "a: kg",
                 "reference for each c in case: a\nstage s : production { emit e = 6 kgCO2e }");
    lower_run("{\"a\": 3}");
    ck_assert_uint_eq(lower_row_count, 2);
    lower_assert_total(0, 2);
    lower_assert_total(1, 2);
}
END_TEST

/* A stage that is carried out for some rows of the reference is allocated over them: its flows are those rows' own, and
   the keys of all rows must be sound where it is carried out at all. */
START_TEST(allocated_where_the_row_says_so)
{
    compile_rule("", "l: list of { mass: kg, key: number range -9 .. 9, on: bool }",
                 "reference for each p in l: p.mass\nstage s : production when p.on { emit e = 6 kgCO2e }\n"
                 "stage t : production { emit f = 4 kgCO2e }\n"
                 "allocate s, t to q in l by q.key because \"m\"");
    lower_run("{\"l\": [{\"mass\": 1, \"key\": 1, \"on\": true}, {\"mass\": 1, \"key\": 3, \"on\": false}]}");
    lower_assert_total(0, 6 + 1);
    lower_assert_total(1, 3);
    lower_assert_fails("{\"l\": [{\"mass\": 1, \"key\": 1, \"on\": true}, {\"mass\": 1, \"key\": -3, \"on\": false}]}",
                       "E0709");
}
END_TEST

/* ---- decisions ---- */

/* 1.000000000000001 * 1.1 is above 1.100000000000001 by less than doubles can tell. That a divisor is 0 where nobody
   divides by it says nothing about that. */
START_TEST(divisors_of_branches_that_are_not_taken)
{
    compile_rule("", "on: bool, a: kg, y: kg, z: kg",
                 "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\n"
                 "report x : number = if (if on then y else 1 kg2 / a) * 1.1 <= z then 1 else 2");
    lower_run("{\"on\": true, \"a\": 0, \"y\": 1.000000000000001, \"z\": 1.100000000000001}");
    lower_assert_report("x", 2);
    lower_run("{\"on\": false, \"a\": 3, \"y\": 1, \"z\": 0.3666666666666667}");
    lower_assert_report("x", 1);
}
END_TEST

/* Nor that it is not given, and not 0 where it is: its data are 0 then. */
START_TEST(divisors_that_are_not_given)
{
    compile_rule("", "a: number range 0.5 .. 1 optional, y: number, z: number",
                 "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\n"
                 "report x : number = if (if a is given then y / a else y) * 1.1 <= z then 1 else 2");
    lower_run("{\"y\": 1.000000000000001, \"z\": 1.100000000000001}");
    lower_assert_report("x", 2);
    lower_run("{\"a\": 0.6, \"y\": 0.2, \"z\": 0.3666666666666667}");
    lower_assert_report("x", 1);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test, int count)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, count == 1 ? lower_setup : NULL, count == 1 ? lower_teardown : NULL);
    tcase_add_loop_test(tests, test, 0, count);
    suite_add_tcase(suite, tests);
}

Suite *found_suite(void)
{
    Suite *suite = suite_create("found");
    add(suite, "zeros", zeros_have_the_kind_of_their_place, (int)countof(zeros));
    add(suite, "never", emitted_of_what_is_never_carried_out, 1);
    add(suite, "no row", carried_out_for_no_row, 1);
    add(suite, "ranges", ranges_are_bounded_on_the_side_that_counts, (int)countof(ranges));
    add(suite, "unbounded", ranges_that_are_not_bounded, (int)countof(unbounded));
    add(suite, "ends", ends_that_are_too_large, 2);
    add(suite, "defaults", defaults_inside_ranges_that_hang_on_them, 1);
    add(suite, "needed", what_is_needed_fails, (int)countof(needed));
    add(suite, "rows", rows_that_nothing_mentions, 1);
    add(suite, "allocated", allocated_where_the_row_says_so, 1);
    add(suite, "divisors", divisors_of_branches_that_are_not_taken, 1);
    add(suite, "not given", divisors_that_are_not_given, 1);
    return suite;
}
