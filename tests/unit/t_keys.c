/* Lists with a key, from source to figures, by both engines; expected values are worked out by hand. */
#include <check.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"

Suite *keys_suite(void);

static const char CHOICES[] = "choice Fuel { coal, gas = \"natural gas\", wood }\n";
static const char FIELDS[] = "use : list of { hour : number, fuel : Fuel, name : text, amount : kWh }\n"
                             "green : list of { hour : number, share : % optional, loss : % = 4 % } key hour optional\n"
                             "rate : list of { fuel : Fuel, f : kgCO2e/kWh } key fuel\n"
                             "caught : list of { when : year, mass : kg } key when\n"
                             "bought : list of { name : text, day : date, mass : kg } key name\n"
                             "start : year\n f : Fuel\n t : text\n n : number";
static const char DATA[] =
    "{\"use\": [{\"hour\": 1, \"fuel\": \"coal\", \"name\": \"b\", \"amount\": 10},"
    " {\"hour\": 2.5, \"fuel\": \"natural gas\", \"name\": \"a\", \"amount\": 20},"
    " {\"hour\": 3, \"fuel\": \"coal\", \"name\": \"b\", \"amount\": 40}],"
    " \"green\": [{\"hour\": \"2.50\", \"share\": 50}, {\"hour\": 3}, {\"hour\": 0, \"share\": 1, \"loss\": 2}],"
    " \"rate\": [{\"fuel\": \"natural gas\", \"f\": 0.2}, {\"fuel\": \"coal\", \"f\": 1}],"
    " \"caught\": [{\"when\": 2022, \"mass\": 3}, {\"when\": 2020, \"mass\": 5}, {\"when\": 2030, \"mass\": 100}],"
    " \"bought\": [{\"name\": \"a\", \"day\": \"2024-05-01\", \"mass\": 7}, {\"name\": \"b\", \"day\": \"2024-05-02\","
    " \"mass\": 9}], \"start\": 2019, \"f\": \"natural gas\", \"t\": \"b\", \"n\": 1.5}";

/* clang-format off */
static const struct {
    const char *type, *expression;
    double expected;
} lookups[] = {
    {"kgCO2e/kWh", "rate(f).f", 0.2 },
    {"kgCO2e/kWh", "rate(fuel = coal).f", 1 },
    {"kgCO2e/kWh", "rate(wood).f default 3 kgCO2e/kWh", 3 },
    {"number", "if rate(wood) is given then 1 else 0", 0 },
    {"number", "if rate(f) is given and rate(f).f < 1 kgCO2e/kWh then 1 else 0", 1 },
    {"kg", "bought(t).mass + bought(\"a\").mass", 16 },
    {"kg", "sum(y in 0 .. 4: caught(start + y).mass default 0 kg)", 8 },
    {"kg", "caught(2030).mass", 100 },
    {"kgCO2e", "sum(u in use: u.amount * rate(u.fuel).f)", 10 + 4 + 40 },
    {"number", "sum(u in use: green(u.hour).share default 0 %)", 0.5 },
    {"number", "sum(u in use: green(u.hour).loss default 1 %)", 0.01 + 0.04 + 0.04 },
    {"number", "green(n + 1).share default 0 %", 0.5 },
    {"number", "green(0).loss + green(3 * n - 4.5).loss", 0.04 },
    {"kg", "sum(u in use: the(b in bought where b.name == u.name).mass)", 9 + 7 + 9 },
    {"kg", "sum(u in use: the(b in bought where u.name == b.name).mass)", 9 + 7 + 9 },
    {"kg", "sum(u in use: the(b in bought where b.name == u.name and b.mass > 8 kg).mass default 0 kg)", 18 },
    {"kWh", "sum(b in bought: sum(u in use where u.name == b.name: u.amount))", 70 },
    {"kgCO2e/kWh", "rate_of(f)", 0.2 },
    {"kg", "sum(u in use: heavy(u))", 18 },
};
/* clang-format on */

START_TEST(rows_are_found_by_their_key)
{
    lower_setup();
    lower_compile(CHOICES, FIELDS,
                  str_format(&lower_arena,
                             "function rate_of(x: Fuel) = rate(x).f\n"
                             "function heavy(u: use) = if bought(u.name).mass > 8 kg then bought(u.name).mass else 0\n"
                             "report x : %s = %s",
                             lookups[_i].type, lookups[_i].expression)
                      .at);
    lower_run(DATA);
    lower_assert_report("x", lookups[_i].expected);
    lower_teardown();
}
END_TEST

static size_t count_op(enum opcode op)
{
    size_t count = 0;
    for (uint32_t i = 0; i < lower_compiled->program->code_count; i++) {
        count += lower_compiled->program->code[i].op == op;
    }
    return count;
}

/* Where every row of one list would be held against every row of the other, the row is looked up instead. */
START_TEST(a_join_by_one_field_is_a_lookup)
{
    lower_setup();
    lower_compile(CHOICES, FIELDS, "report x : kg = sum(u in use: the(b in bought where b.name == u.name).mass)");
    ck_assert_uint_eq(count_op(OP_MATCH), 1);
    ck_assert_uint_eq(count_op(OP_ONLY), 0);
    lower_teardown();
    lower_setup();
    lower_compile(CHOICES, FIELDS, "report x : kg = the(b in bought where b.name == t).mass");
    ck_assert_uint_eq(count_op(OP_MATCH), 0);
    lower_teardown();
}
END_TEST

START_TEST(a_missing_row_fails_where_it_is_needed)
{
    lower_setup();
    lower_compile("", "l : list of { k : text, m : kg } key k\n t : text\n on : bool",
                  "report x : kg = if on then l(t).m else 0");
    lower_run("{\"l\": [{\"k\": \"a\", \"m\": 2}], \"t\": \"b\", \"on\": false}");
    lower_assert_report("x", 0);
    lower_run("{\"l\": [{\"k\": \"a\", \"m\": 2}], \"t\": \"a\", \"on\": true}");
    lower_assert_report("x", 2);
    lower_run("{\"l\": [{\"k\": \"a\", \"m\": 2}], \"t\": \"b\", \"on\": true}");
    ck_assert(!lower_outcome.is_ok);
    lower_teardown();
}
END_TEST

/* Without a key the rows may repeat: that fails where the row is asked for. */
START_TEST(two_rows_are_ambiguous)
{
    lower_setup();
    lower_compile("", "l : list of { k : text, m : kg }\n q : list of { k : text }",
                  "report x : kg = sum(r in q: the(s in l where s.k == r.k).m default 1 kg)");
    lower_run("{\"l\": [{\"k\": \"a\", \"m\": 2}, {\"k\": \"b\", \"m\": 3}, {\"k\": \"a\", \"m\": 4}], \"q\": [{\"k\": "
              "\"b\"}, "
              "{\"k\": \"c\"}]}");
    lower_assert_report("x", 4);
    lower_run("{\"l\": [{\"k\": \"a\", \"m\": 2}, {\"k\": \"a\", \"m\": 4}], \"q\": [{\"k\": \"a\"}]}");
    ck_assert(!lower_outcome.is_ok);
    lower_teardown();
}
END_TEST

Suite *keys_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *cases = tcase_create("keys");
    tcase_add_loop_test(cases, rows_are_found_by_their_key, 0, (int)countof(lookups));
    tcase_add_test(cases, a_join_by_one_field_is_a_lookup);
    tcase_add_test(cases, a_missing_row_fails_where_it_is_needed);
    tcase_add_test(cases, two_rows_are_ambiguous);
    suite_add_tcase(suite, cases);
    return suite;
}
