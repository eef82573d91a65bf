/* Classes: limits as numbers and formulas, both methods of judging, in both engines; and what is refused. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"

Suite *grade_suite(void);

/* A rule with these header lines and this `grade`, of which the data say how much is emitted for 1 t. */
static const char *class_of(const char *lines, const char *grade, const char *record, const char **other)
{
    static char rule[2048];
    snprintf(rule, sizeof rule,
             "rule r { declared 1 t %s data { made: t, gas: kgCO2e, limit: kgCO2e/t } reference made\n"
             "stage s : production { emit gas = gas }\n%s }",
             lines, grade);
    lower_compile_text(rule);
    lower_run(record);
    *other = lower_outcome.other_class;
    return lower_outcome.grade;
}

static void assert_classes(const char *lines, const char *grade, const char *gas, const char *full, const char *rounded)
{
    const char *other;
    char record[200];
    char judged[300];
    snprintf(record, sizeof record, "{\"made\": 2, \"gas\": %s, \"limit\": 8}", gas);
    const char *found = class_of(lines, grade, record, &other);
    ck_assert_msg(strcmp(found, full) == 0 && strcmp(other, rounded) == 0, "%s: %s and %s, not %s and %s", gas, found,
                  other, full, rounded);
    snprintf(judged, sizeof judged, "%s judge rounded", lines);
    found = class_of(judged, grade, record, &other);
    ck_assert_str_eq(found, rounded);
    ck_assert_str_eq(other, full);
}

/* Twice the limits, for the data cover 2 t. */
START_TEST(limits_are_compared_by_both_methods)
{
    const char *grade = "grade \"A\" up to 8 kgCO2e/t, \"B\" below 9.50 kgCO2e/t, \"C\" otherwise\n";
    assert_classes("", grade, "16", "A", "A");
    assert_classes("", grade, "16.6", "B", "A");   /* 8.3 is 8 */
    assert_classes("", grade, "17", "B", "A");     /* 8.5 is 8: half to even */
    assert_classes("", grade, "17.2", "B", "B");   /* 8.6 is 9 */
    assert_classes("", grade, "18.98", "B", "B");  /* 9.49 */
    assert_classes("", grade, "18.992", "B", "C"); /* 9.496 is 9.50, which is not below */
    assert_classes("", grade, "19", "C", "C");
}
END_TEST

START_TEST(places_are_those_of_the_unit_as_written)
{
    assert_classes("", "grade \"A\" up to 0.01 tCO2e/t\n", "29.8", "", "A"); /* 14.9 kg are 0.01 t */
    assert_classes("", "grade \"A\" up to 0.010 tCO2e/t\n", "20.8", "", "A");
    assert_classes("", "grade \"A\" up to 0.010 tCO2e/t\n", "21.2", "", "");
    assert_classes("", "grade \"A\" up to 1e1 kgCO2e/t\n", "29.8", "", "A");
}
END_TEST

/* A formula has no places: the total is rounded as the rule reports it. */
START_TEST(limits_may_be_formulas)
{
    assert_classes("round total to 1 decimals\n", "grade \"A\" up to limit\n", "16.08", "", "A"); /* 8.04 is 8.0 */
    assert_classes("round total to 2 significant\n", "grade \"A\" up to limit * 2\n", "32.98", "",
                   "A"); /* 16.49 is 16 */
    assert_classes("round total to 2 significant\n", "grade \"A\" up to limit * 2\n", "33.02", "", "");
}
END_TEST

START_TEST(limits_may_be_of_the_declared_amount)
{
    lower_compile_text(
        "rule r { declared 100 kg data { made: kg, gas: kgCO2e } reference made\n"
        "stage s : production { emit gas = gas }\n grade \"A\" up to 5 kgCO2e, \"B\" up to 0.06 kgCO2e/kg\n }");
    lower_run("{\"made\": 200, \"gas\": 10}");
    ck_assert_str_eq(lower_outcome.grade, "A");
    lower_compile_text(
        "rule r { declared 100 kg data { made: kg, gas: kgCO2e } reference made\n"
        "stage s : production { emit gas = gas }\n grade \"A\" up to 5 kgCO2e, \"B\" up to 0.06 kgCO2e/kg\n }");
    lower_run("{\"made\": 200, \"gas\": 11.9}");
    ck_assert_str_eq(lower_outcome.grade, "B");
}
END_TEST

Suite *grade_suite(void)
{
    Suite *suite = suite_create("grade");
    TCase *classes = tcase_create("classes");
    tcase_add_checked_fixture(classes, lower_setup, lower_teardown);
    tcase_add_test(classes, limits_are_compared_by_both_methods);
    tcase_add_test(classes, places_are_those_of_the_unit_as_written);
    tcase_add_test(classes, limits_may_be_formulas);
    tcase_add_test(classes, limits_may_be_of_the_declared_amount);
    suite_add_tcase(suite, classes);
    return suite;
}
