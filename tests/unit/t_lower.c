/* Lowering, from source to figures: small rules are compiled, written, loaded (so the verifier has to accept them) and
   run on one record by both engines. Expected values are worked out by hand. */
#include <check.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"

Suite *lower_suite(void);

/* One report of an expression. */
static void value_of(const char *declarations, const char *fields, const char *type, const char *expression,
                     const char *record, double expected)
{
    lower_setup();
    lower_compile(declarations, fields, str_format(&lower_arena, "report x : %s = %s", type, expression).at);
    lower_run(record);
    lower_assert_report("x", expected);
    lower_teardown();
}

static const char ROWS[] =
    "rows : list of { mass: kg, share: %, tag: text, extra: kg optional }\n others : list of { mass: kg }";
static const char ROWS_DATA[] =
    "{\"rows\": [{\"mass\": 2, \"share\": 25, \"tag\": \"a\"}, {\"mass\": 3, \"share\": 50, \"tag\": \"b\", \"extra\": "
    "7},"
    " {\"mass\": 5, \"share\": 25, \"tag\": \"c\"}], \"others\": [{\"mass\": 10}, {\"mass\": 20}]}";

/* ---- units ---- */

/* clang-format off */
static const struct {
    const char *fields, *type, *expression, *record;
    double expected;
} scalars[] = {
    {"a: kg, b: t", "kg", "a + b", "{\"a\": 1, \"b\": 2}", 2001 },
    {"a: kg, b: t", "t", "a + b", "{\"a\": 1, \"b\": 2}", 2.001 },
    {"a: kg, b: t", "number", "if a < b then 1 else 2", "{\"a\": 1999, \"b\": 2}", 1 },
    {"a: kg, b: t", "kg", "min(a, b)", "{\"a\": 5000, \"b\": 2}", 2000 },
    {"a: %", "number", "1 - a", "{\"a\": 40}", 0.6 },
    {"a: %", "kg", "50 kg * a", "{\"a\": 40}", 20 },
    {"a: kWh", "kgCO2e", "a * 0.5 kgCO2e/kWh", "{\"a\": 1000}", 500 },
    {"a: kWh, b: MJ", "MJ", "a + b", "{\"a\": 1, \"b\": 1}", 4.6 },
    {"a: t, b: km", "kgCO2e", "a * b * 0.074 kgCO2e/(t·km)", "{\"a\": 2, \"b\": 500}", 74 },
    {"a: t", "number", "(a / 1 kg)^2", "{\"a\": 2}", 4000000},
    {"a: number", "number", "floor(a) + ceil(a) * 10", "{\"a\": 2.5}", 32 },
    {"a: number", "number", "rounded(a)", "{\"a\": 2.5}", 2 },
    {"a: number", "number", "rounded(a, half_up)", "{\"a\": 2.5}", 3 },
    {"a: %", "%", "rounded(a, 1 %, half_up)", "{\"a\": 33.5}", 34 },
    {"a: %", "number", "rounded(a * 10)", "{\"a\": 33}", 3 },
    {"a: kg", "kg", "rounded(a, 0.5 t)", "{\"a\": 700}", 500 },
    {"a: year", "number", "a - 2000", "{\"a\": 2024}", 24 },
    {"a: ℃ range -50 ℃ .. 50 ℃", "K", "a - 20 ℃", "{\"a\": 25.5}", 5.5 },
    {"a: kg, b: kg", "number", "if a == b within 10 kg then 1 else 0", "{\"a\": 110, \"b\": 100}", 1 },
    {"a: kg, b: kg", "number", "if a == b within 10 kg then 1 else 0", "{\"a\": 111, \"b\": 100}", 0 },
    {"a: kg, b: kg", "number", "if a == b within 20 kg then 1 else 0", "{\"a\": 111, \"b\": 100}", 1 },
    {"a: number, b: number", "number", "if a == b within 10 % then 1 else 0", "{\"a\": 2.1, \"b\": 2}", 1 },
    {"a: number, b: number", "number", "if a == b within 10 % then 1 else 0", "{\"a\": 22, \"b\": 20}", 0 },
    /* a share of the right side where there are units */
    {"a: kg, b: t", "number", "if a == b within 3 % then 1 else 0", "{\"a\": 103, \"b\": 0.1}", 1 },
    {"a: kg, b: t", "number", "if a == b within 3 % then 1 else 0", "{\"a\": 104, \"b\": 0.1}", 0 },
    {"a: kg, b: kg", "number", "if a == b within 3 % then 1 else 0", "{\"a\": 97, \"b\": 100}", 1 },
    {"a: kg, b: kg", "number", "if a == b within 3 % then 1 else 0", "{\"a\": 100, \"b\": 97}", 0 },
    {"a: kg", "number", "if 0 == a within 3 % then 1 else 0", "{\"a\": 1}", 0 },
    {"a: kg", "number", "if 0 == a within 0 then 1 else 0", "{\"a\": 0}", 1 },
    {"y: year", "number", "max(y, 2020) - min(2019, y)", "{\"y\": 2017}", 3 },
    {"d: date", "number", "if min(d, 2024-02-29) < 2024-02-29 then 1 else 0", "{\"d\": \"2024-02-28\"}", 1 },
    {"b: year range 2000 .. 2010", "number", "sum(n in 0 .. b - 2000: n)", "{\"b\": 2005}", 15 },
    {"a: kg{x}, b: kg{y}", "number", "1 - plain(a / b)", "{\"a\": 1, \"b\": 4}", 0.75 },
    {"a: kg", "kg", "if a > 1 kg then a else 0", "{\"a\": 1}", 0 },
    {"a: kg", "kg", "abs(a - 3 kg)", "{\"a\": 1}", 2 },
    {"a: m2", "m", "sqrt(a)", "{\"a\": 2.25}", 1.5 },
    {"a: ha", "m", "sqrt(a)", "{\"a\": 4}", 200 },
    {"a: %", "number", "a ^ 0.5 + sqrt(a)", "{\"a\": 25}", 1 },
    {"a: kg", "number", "(a / 1 g) ^ (2 / 3)", "{\"a\": 1}", 100 },
    {"a: number", "number", "2 ^ a + a ^ a", "{\"a\": 3}", 35 },
    {"a: number range -3 .. 3", "number", "a ^ 13 + a ^ a", "{\"a\": -1}", -2 },
    {"a: number", "number", "sum(i in 1 .. 3: (1 + a) ^ i)", "{\"a\": 0.5}", 1.5 + 2.25 + 3.375 },
    {"a: number", "number", "sum(i in 1 .. 3: 1.05 ^ i * a)", "{\"a\": 2}", 6.62025 },
    {"a: number", "number", "sum(i in 1 .. 4: i ^ a)", "{\"a\": 0.5}", 6.146264369941973 },
    {"a: number", "number", "if a > 0 then ln(a) else exp(a)", "{\"a\": 0}", 1 },
    {"a: number", "number", "ln(a) + 3", "{\"a\": 1}", 3 },
    {"a: number", "number", "rounded(exp(ln(a)), 0.001)", "{\"a\": 7.3}", 7.3 },
};
/* clang-format on */

START_TEST(scalar_expressions)
{
    value_of("", scalars[_i].fields, scalars[_i].type, scalars[_i].expression, scalars[_i].record,
             scalars[_i].expected);
}
END_TEST

/* ---- rows ---- */

/* clang-format off */
static const struct {
    const char *type, *expression;
    double expected;
} over_rows[] = {
    {"kg", "sum(r in rows: r.mass * r.share)", 0.5 + 1.5 + 1.25 },
    {"number", "count(r in rows)", 3 },
    {"number", "count(r in rows where r.mass > 2 kg)", 2 },
    {"kg", "sum(r in rows where r.tag != \"b\": r.mass)", 7 },
    {"kg", "mean(r in rows: r.mass)", 10.0 / 3 },
    {"kg", "(min(r in rows: r.mass) default 0 kg) + (max(r in rows: r.mass) default 0 kg)", 7 },
    {"number", "if any(r in rows: r.mass > 4 kg) then 1 else 0", 1 },
    {"number", "if all(r in rows: r.mass > 2 kg) then 1 else 0", 0 },
    {"kg", "largest(r in rows: r.share).mass", 3 },
    {"kg", "smallest(r in rows: r.share).mass", 2 },
    {"kg", "smallest(r in rows: r.share, last).mass", 5 },
    {"kg", "the(r in rows where r.tag == \"c\").mass", 5 },
    {"kg", "the(r in rows where r.tag == \"z\").mass default 9 kg", 9 },
    {"kg", "sum(r in rows: r.extra default 1 kg)", 9 },
    {"kg", "sum(r in rows where r.extra is given: r.extra)", 7 },
    {"number", "sum(r in rows: 1)", 3 },
    /* outside the comprehension that it mentions: once a row of its own */
    {"kg", "sum(r in rows: r.share * sum(o in others: o.mass))", 30 },
    {"kg", "sum(r in rows: sum(o in others where o.mass > r.mass * 4: o.mass))", 30 + 20 },
    {"kg2", "sum(r in rows: sum(o in others: r.mass * o.mass))", 300 },
    {"kg2", "sum(a in rows: sum(b in rows where b.mass > a.mass: a.mass * b.mass))", 2 * 3 + 2 * 5 + 3 * 5},
    {"kg",
     "sum(a in rows: max(0 kg, a.mass - (largest(b in rows where b.mass < a.mass: b.mass).mass default a.mass)))",
     3 },
    {"number", "sum(y in 1 .. 4: y * y)", 30 },
    {"number", "sum(r in rows: sum(y in 1 .. 3: y * r.mass / 1 kg))", 60 },
    {"kg", "sum(r in rows: if r.extra is given then r.extra else r.mass)", 14 },
    {"kg", "double(sum(r in rows: r.mass))", 20 },
    {"kg2", "sum(r in rows: product(r.mass, sum(o in others: o.mass)))", 300 },
    {"kg", "sum(r in rows: weighted(r, times = 2))", 6.5 },
};
/* clang-format on */

START_TEST(expressions_over_rows)
{
    lower_setup();
    lower_compile("", ROWS,
                  str_format(&lower_arena,
                             "function double(x) = 2 * x\n function product(x, y) = x * y\n"
                             "function weighted(r: rows, times) = r.mass * r.share * times\n report x : %s = %s",
                             over_rows[_i].type, over_rows[_i].expression)
                      .at);
    lower_run(ROWS_DATA);
    lower_assert_report("x", over_rows[_i].expected);
    lower_teardown();
}
END_TEST

START_TEST(picked_rows_are_values)
{
    lower_compile("", "on: bool, rows : list of { mass: kg, n: number range 0 .. 5, to: text = \"x\" }",
                  "let best = largest(r in rows: r.mass)\n let least = smallest(r in rows: r.mass)\n"
                  "function heavy(r: rows) = r.mass * r.n\n"
                  "report a : kg = best.mass - least.mass\n"
                  "report b : kg = (if on then best else least).mass\n"
                  "report c : kg = heavy(best)\n"
                  "report d : number = sum(r in rows: sum(y in 1 .. r.n: y))\n"
                  "report e : number = count(r in rows where r.to == best.to)");
    lower_run(
        "{\"on\": false, \"rows\": [{\"mass\": 3, \"n\": 2}, {\"mass\": 7, \"n\": 3, \"to\": \"y\"}, {\"mass\": 1, "
        "\"n\": 0}]}");
    lower_assert_report("a", 6);
    lower_assert_report("b", 1);
    lower_assert_report("c", 21);
    lower_assert_report("d", 3 + 6);
    lower_assert_report("e", 1);
}
END_TEST

START_TEST(other_types_of_data)
{
    lower_compile("unit box = 12.5 kg\nunit crate", "made: date, flag: bool, place: region, boxes: box, crates: crate",
                  "report a : number = if made < 2024-03-01 then 1 else 2\n"
                  "report b : number = if flag and place == \"CN\" then 1 else 2\n"
                  "report c : kg = boxes + 1 box\n report d : crate = crates * 2");
    lower_run("{\"made\": \"2024-02-29\", \"flag\": true, \"place\": \"CN\", \"boxes\": 3, \"crates\": 4}");
    lower_assert_report("a", 1);
    lower_assert_report("b", 1);
    lower_assert_report("c", 50);
    lower_assert_report("d", 8);
    lower_run("{\"made\": \"2024-03-01\", \"flag\": false, \"place\": \"CN\", \"boxes\": 3, \"crates\": 4}");
    lower_assert_report("a", 2);
    lower_assert_report("b", 2);
}
END_TEST

START_TEST(processes_and_conditions_nest)
{
    lower_compile("", "a: kg, b: kg optional, on: bool, deep: bool",
                  "stage outer : production \"o\" when on {\n data { c: kg }\n let twice = 2 * c\n"
                  "process inner \"i\" when deep {\n"
                  "emit one \"1\" = twice * 1 kgCO2e/kg\n"
                  "emit two \"2\" when b is given = b / a * 1 kgCO2e }\n"
                  "require twice > 0 kg when deep else \"no c\" }\n"
                  "report x : kgCO2e = outer.two + outer.one");
    lower_run("{\"a\": 4, \"b\": 2, \"on\": true, \"deep\": true, \"c\": 5}");
    lower_assert_report("x", 10.5);
    lower_run("{\"a\": 0, \"on\": true, \"deep\": true, \"c\": 5}");
    lower_assert_report("x", 10);
    lower_run("{\"a\": 0, \"b\": 2, \"on\": true, \"deep\": false, \"c\": 0}");
    lower_assert_report("x", 0);
    lower_run("{\"a\": 0, \"b\": 2, \"on\": false, \"deep\": true, \"c\": 0}");
    lower_assert_report("x", 0);
    lower_assert_fails("{\"a\": 0, \"b\": 2, \"on\": true, \"deep\": true, \"c\": 5}", "E0701");
    lower_run("{\"a\": 1, \"b\": 2, \"on\": true, \"deep\": true, \"c\": 0}");
    ck_assert_ptr_nonnull(strstr(lower_outcome.error_text, "no c"));
}
END_TEST

START_TEST(lists_in_lists)
{
    lower_compile(
        "", "farms : list of { name: text, cows : list of { milk: kg }, weight: number }",
        "report milk : kg = sum(f in farms: f.weight * sum(c in f.cows: c.milk))\n"
        "report above : number = sum(f in farms: count(c in f.cows where c.milk > mean(d in f.cows: d.milk)))\n"
        "report pairs : number = sum(f in farms: count(g in farms where g.weight < f.weight))");
    lower_run(
        "{\"farms\": [{\"name\": \"a\", \"weight\": 2, \"cows\": [{\"milk\": 1}, {\"milk\": 3}, {\"milk\": 8}]},"
        " {\"name\": \"b\", \"weight\": 10, \"cows\": [{\"milk\": 5}]}, {\"name\": \"c\", \"weight\": 1, \"cows\": "
        "[]}]}");
    lower_assert_report("milk", 2 * 12 + 10 * 5);
    lower_assert_report("above", 1); /* nobody asks for the mean of no cows */
    lower_assert_report("pairs", 3);
}
END_TEST

/* A list may be visited from inside another, and so may the lists in its rows. */
START_TEST(lists_in_visited_rows)
{
    lower_compile("",
                  "farms : list of { cows : list of { milk: kg, days: number } }, years : list of { share: number }",
                  "report milk : kg = sum(y in years: sum(f in farms: sum(c in f.cows: c.milk * y.share)))\n"
                  "report best : kg = sum(y in years: sum(f in farms where any(c in f.cows: c.milk > 1 kg): "
                  "largest(c in f.cows: c.days).milk * y.share))");
    lower_run("{\"farms\": [{\"cows\": [{\"milk\": 1, \"days\": 9}, {\"milk\": 3, \"days\": 8}]}, {\"cows\": []},"
              " {\"cows\": [{\"milk\": 5, \"days\": 1}]}], \"years\": [{\"share\": 2}, {\"share\": 30}]}");
    lower_assert_report("milk", 9 * 32);
    lower_assert_report("best", 6 * 32);
}
END_TEST

/* ---- tables ---- */

static const char TABLES[] =
    "choice Fuel { coal, gas = \"natural gas\", wood }\n"
    "table heat(fuel: Fuel) -> MJ/kg {\n coal => 25\n gas => 50\n wood => ( 3 * 5 )\n}\n"
    "table rate(year: year) -> number {\n 2019 .. 2021 => 1\n 2022 => 2\n otherwise => 3\n}\n"
    "table grid(fuel: Fuel, year: year) -> kgCO2e/kWh {\n => 2022, 2023\n coal => 1, 0.9\n gas => 0.5, 0.4\n"
    "wood => 0.1, 0.2\n}\n"
    "table share(distance: km) -> { road: number, rail: number optional } {\n up to 500 km => 1, 0.5\n"
    "below 1000 km => 0.9, _\n otherwise => 0, 1\n}\n"
    "table far(from: text, to: text) -> km symmetric {\n \"DE\", \"FR\" => 800\n \"DE\", \"CN\" => 8000\n}\n"
    "table kind(fuel: Fuel) -> { clean: bool, like: Fuel } {\n coal => false, wood\n otherwise => true, gas\n}\n";

/* clang-format off */
static const struct {
    const char *type, *expression, *record;
    double expected;
} lookups[] = {
    {"MJ/kg", "heat(f)", "{\"f\": \"natural gas\", \"y\": 2020, \"d\": 1, \"t\": \"a\"}", 50 },
    {"MJ/kg", "heat(wood)", "{\"f\": \"coal\", \"y\": 2020, \"d\": 1, \"t\": \"a\"}", 15 },
    {"number", "rate(y)", "{\"f\": \"coal\", \"y\": 2021, \"d\": 1, \"t\": \"a\"}", 1 },
    {"number", "rate(y)", "{\"f\": \"coal\", \"y\": 1999, \"d\": 1, \"t\": \"a\"}", 3 },
    {"kgCO2e/kWh", "grid(f, y)", "{\"f\": \"wood\", \"y\": 2023, \"d\": 1, \"t\": \"a\"}", 0.2 },
    {"kgCO2e/kWh", "grid(f, y) default 7 kgCO2e/kWh", "{\"f\": \"wood\", \"y\": 2030, \"d\": 1, \"t\": \"a\"}", 7 },
    {"number", "share(d).road", "{\"f\": \"coal\", \"y\": 2021, \"d\": 500, \"t\": \"a\"}", 1 },
    {"number", "share(d).road", "{\"f\": \"coal\", \"y\": 2021, \"d\": 999.5, \"t\": \"a\"}", 0.9 },
    {"number", "share(d).road", "{\"f\": \"coal\", \"y\": 2021, \"d\": 1000, \"t\": \"a\"}", 0 },
    {"number", "share(d).rail default 4", "{\"f\": \"coal\", \"y\": 2021, \"d\": 700, \"t\": \"a\"}", 4 },
    {"number", "share(400 km).road", "{\"f\": \"coal\", \"y\": 2021, \"d\": 700, \"t\": \"a\"}", 1 },
    {"km", "far(\"FR\", t) default 1 km", "{\"f\": \"coal\", \"y\": 2021, \"d\": 700, \"t\": \"DE\"}", 800 },
    {"km", "far(t, \"CN\") default 1 km", "{\"f\": \"coal\", \"y\": 2021, \"d\": 700, \"t\": \"DE\"}", 8000},
    {"km", "far(t, \"CN\") default 1 km", "{\"f\": \"coal\", \"y\": 2021, \"d\": 700, \"t\": \"XX\"}", 1 },
    {"MJ/kg", "heat(kind(f).like)", "{\"f\": \"coal\", \"y\": 2021, \"d\": 700, \"t\": \"XX\"}", 15 },
    {"number", "if kind(f).clean then 1 else 0", "{\"f\": \"wood\", \"y\": 2021, \"d\": 7, \"t\": \"XX\"}", 1 },
    {"number", "match f {coal => 1, gas, wood => 2 }", "{\"f\": \"wood\", \"y\": 2021, \"d\": 7, \"t\": \"XX\"}", 2 },
    {"number", "match y {2019 .. 2021 => 5, 2022 => 6, otherwise => 7 }",
     "{\"f\": \"wood\", \"y\": 2020, \"d\": 7, \"t\": \"X\"}", 5 },
    {"number", "match y {2019 .. 2021 => 5, 2022 => 6, otherwise => 7 }",
     "{\"f\": \"wood\", \"y\": 2025, \"d\": 7, \"t\": \"X\"}", 7 },
    {"number", "match t {\"X\", \"Y\" => 1, otherwise => 0 }",
     "{\"f\": \"wood\", \"y\": 2025, \"d\": 7, \"t\": \"Y\"}", 1 },
};
/* clang-format on */

START_TEST(lookups_and_cases)
{
    value_of(TABLES, "f: Fuel, y: year, d: km, t: text", lookups[_i].type, lookups[_i].expression, lookups[_i].record,
             lookups[_i].expected);
}
END_TEST

/* ---- missing values and where they matter ---- */

START_TEST(defaults_may_use_other_fields)
{
    lower_compile(
        "", "a: kg, b: kg = 2 * a, rows : list of { x: kg, y: kg = x + a }",
        "report x : kg = b\n report y : kg = sum(r in rows: r.y)\n report z : kg = largest(r in rows: r.x).y");
    lower_run("{\"a\": 3, \"rows\": [{\"x\": 1}, {\"x\": 2, \"y\": 50}]}");
    lower_assert_report("x", 6);
    lower_assert_report("y", 54);
    lower_assert_report("z", 50);
    lower_run("{\"a\": 3, \"b\": 1, \"rows\": [{\"x\": 9}]}");
    lower_assert_report("x", 1);
    lower_assert_report("z", 12);
}
END_TEST

START_TEST(what_nobody_needs_does_not_fail)
{
    lower_compile("", "a: kg, b: kg, on: bool, rows: list of { m: kg }",
                  "let ratio = a / b\n"
                  "report guarded : number = if b > 0 kg then ratio else 1\n"
                  "report unneeded : kg = sum(r in rows: r.m * ratio)\n"
                  "warn on and ratio > 2 else \"ratio\"");
    lower_run("{\"a\": 1, \"b\": 0, \"on\": false, \"rows\": []}");
    lower_assert_report("guarded", 1);
    lower_assert_report("unneeded", 0);
    lower_assert_fails("{\"a\": 1, \"b\": 0, \"on\": true, \"rows\": []}", "E0701");
    lower_assert_fails("{\"a\": 1, \"b\": 0, \"on\": false, \"rows\": [{\"m\": 1}]}", "E0701");
    lower_run("{\"a\": 1, \"b\": 4, \"on\": true, \"rows\": [{\"m\": 8}]}");
    lower_assert_report("guarded", 0.25);
    lower_assert_report("unneeded", 2);
}
END_TEST

START_TEST(conditions_may_ask_for_what_they_guard)
{
    lower_compile("", "a: number, b: number, q: bool",
                  "let ratio = a / b\n"
                  "report x : number = if q or ratio > 2 then ratio else 1\n"
                  "report y : number = if (if q then 9 else ratio) > 5 then ratio else 0");
    lower_run("{\"a\": 6, \"b\": 2, \"q\": false}");
    lower_assert_report("x", 3);
    lower_assert_report("y", 0);
    lower_run("{\"a\": 6, \"b\": 2, \"q\": true}");
    lower_assert_report("x", 3);
    lower_assert_report("y", 3);
    lower_assert_fails("{\"a\": 6, \"b\": 0, \"q\": true}", "E0701");
}
END_TEST

START_TEST(a_missing_lookup_fails_where_it_is_needed)
{
    lower_compile("table t(k: text) -> number {\n \"a\" => 1\n}", "k: text, on: bool",
                  "report x : number = if on then t(k) else 0");
    lower_run("{\"k\": \"z\", \"on\": false}");
    lower_assert_report("x", 0);
    lower_run("{\"k\": \"a\", \"on\": true}");
    lower_assert_report("x", 1);
    lower_run("{\"k\": \"z\", \"on\": true}");
    ck_assert(!lower_outcome.is_ok);
}
END_TEST

START_TEST(requirements_come_first)
{
    lower_compile("", "a: kg, b: kg", "require b > 0 kg else \"no b\"\n report x : number = a / b");
    lower_run("{\"a\": 1, \"b\": 0}");
    ck_assert(!lower_outcome.is_ok);
    ck_assert_ptr_nonnull(strstr(lower_outcome.error_text, "no b"));
    lower_run("{\"a\": 1, \"b\": 2}");
    lower_assert_report("x", 0.5);
}
END_TEST

START_TEST(lets_with_ranges_are_required)
{
    lower_compile("", "a: number", "let left = 1 - a range 0 .. 1\n report x : number = left");
    lower_run("{\"a\": 0.25}");
    lower_assert_report("x", 0.75);
    lower_run("{\"a\": 1.25}");
    ck_assert(!lower_outcome.is_ok);
    ck_assert_ptr_nonnull(strstr(lower_outcome.error_text, "left"));
}
END_TEST

START_TEST(a_cut_row_takes_no_part)
{
    const char *fields = "rows : list of { mass: kg }";
    lower_compile("", fields,
                  "cutoff r in rows by r.mass each 10 %, together 15 %\n report x : kg = sum(r in rows: r.mass)\n"
                  "report n : number = count(r in rows)");
    lower_run("{\"rows\": [{\"mass\": 92}, {\"mass\": 8, \"cut\": \"small\"}]}");
    lower_assert_report("x", 92);
    lower_assert_report("n", 1);
    lower_run("{\"rows\": [{\"mass\": 88}, {\"mass\": 12, \"cut\": \"small\"}]}");
    ck_assert(!lower_outcome.is_ok);
    lower_run("{\"rows\": [{\"mass\": 82}, {\"mass\": 9, \"cut\": \"small\"}, {\"mass\": 9, \"cut\": \"small\"}]}");
    ck_assert(!lower_outcome.is_ok);
}
END_TEST

/* However many fields there are before `cut`, which comes behind those of its list. */
START_TEST(a_cut_row_takes_no_part_in_long_records)
{
    struct str fields = STR("first: number = 1");
    for (int i = 0; i < _i; i++) {
        fields = str_format(&lower_arena, "%.*s, f%d: number = 1", STR_FMT(fields), i);
    }
    fields = str_format(&lower_arena, "%.*s, rows: list of { mass: kg }", STR_FMT(fields));
    lower_compile("", fields.at,
                  "cutoff r in rows by r.mass each 10 %, together 15 %\n report x : kg = sum(r in rows: r.mass)\n");
    lower_run("{\"rows\": [{\"mass\": 92}, {\"mass\": 8, \"cut\": \"small\"}]}");
    lower_assert_report("x", 92);
}
END_TEST

/* ---- emissions ---- */

static double figure(const char *name)
{
    for (size_t i = 0; i < lower_outcome.flow_count; i++) {
        if (strcmp(lower_outcome.flows[i].name, name) == 0) {
            return lower_outcome.flows[i].is_given ? lower_outcome.flows[i].value : -1;
        }
    }
    for (size_t i = 0; i < lower_outcome.gas_count; i++) {
        if (strcmp(lower_outcome.gases[i].name, name) == 0) {
            return lower_outcome.gases[i].value;
        }
    }
    for (size_t i = 0; i < lower_outcome.category_count; i++) {
        if (strcmp(lower_outcome.categories[i].name, name) == 0) {
            return lower_outcome.categories[i].value;
        }
    }
    return -2;
}

START_TEST(emissions_keep_gas_and_category)
{
    lower_compile("import std.gases\nchoice Cold { HFC134a, HFC32 }",
                  "m: kg{CO2}, methane: kg{CH4}, leaks: list of { gas: Cold, leaked: kg }, on: bool",
                  "stage more : production \"more\" when on {\n"
                  "emit plain \"p\" = 2 * (m * gwp(CO2) + 1 kgCO2e) / 4\n"
                  "emit barn \"b\" = methane * gwp(CH4_biogenic)\n"
                  "emit land as land_use_change \"l\" = m * gwp(CO2)\n"
                  "emit cold \"c\" = sum(l in leaks: l.leaked * gwp(l.gas))\n"
                  "emit copy \"k\" = 10 % * base.fixed }");
    lower_run("{\"m\": 4, \"methane\": 2, \"on\": true, \"leaks\": [{\"gas\": \"HFC32\", \"leaked\": 2}, {\"gas\": "
              "\"HFC134a\", \"leaked\": 1},"
              " {\"gas\": \"HFC32\", \"leaked\": 1}]}");
    ck_assert_msg(lower_outcome.is_ok, "%s %s", lower_outcome.code, lower_outcome.error_text);
    lower_assert_near(figure("plain"), 2.5);
    lower_assert_near(figure("barn"), 54);
    lower_assert_near(figure("cold"), 3 * 771 + 1530);
    lower_assert_near(figure("copy"), 0.3);
    lower_assert_near(figure("HFC32"), 3 * 771);
    lower_assert_near(figure("HFC134a"), 1530);
    lower_assert_near(figure("CO2"), 2 + 4);
    lower_assert_near(figure("biogenic"), 54);
    lower_assert_near(figure("land_use_change"), 4);
    lower_assert_near(figure("fossil"), 3 + 2.5 + 3 * 771 + 1530 + 0.3);
    lower_assert_near(lower_outcome.total, 3 + 2.5 + 54 + 4 + 3 * 771 + 1530 + 0.3);
    lower_run("{\"m\": 4, \"methane\": 2, \"on\": false, \"leaks\": []}");
    ck_assert(figure("barn") == -1);
    lower_assert_near(lower_outcome.total, 3);
}
END_TEST

START_TEST(the_reference_scales_the_total)
{
    lower_compile_text(
        "rule r \"r\" { version \"1\" declared 100 mL \"of it\" boundary cradle_to_gate\n"
        "exclude raw_material, distribution, use, end_of_life because \"x\"\n data { v: L, e: kWh }\n reference v\n"
        "stage s : production \"s\" { emit e \"e\" = e * 0.5 kgCO2e/kWh }\n}");
    lower_run("{\"v\": 50, \"e\": 1000}");
    ck_assert_msg(lower_outcome.is_ok, "%s", lower_outcome.error_text);
    lower_assert_near(lower_outcome.total, 1.0); /* 500 kg for 50 L: 1 kg for 100 mL */
}
END_TEST

/* What is not there is no division by zero: the report is absent, and what its condition guards is not asked for. */
START_TEST(reports_may_depend_on_a_condition)
{
    lower_compile("", "gas: kg, extra: kg optional, rows: list of { kind: text, mass: kg }",
                  "report by_gas when gas > 0 kg : number = 6 kg / gas\n"
                  "report doubled : kg = extra * 2 when extra is given\n"
                  "report large when total > 5 kgCO2e/kg : kgCO2e/kg = total\n"
                  "report first when any(r in rows: r.kind == \"a\") : kg = the(r in rows where r.kind == \"a\").mass");
    lower_run("{\"gas\": 0, \"rows\": []}");
    ck_assert(lower_outcome.is_ok);
    ck_assert_uint_eq(lower_outcome.report_count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert(!lower_outcome.reports[i].is_given);
    }
    lower_run("{\"gas\": 3, \"extra\": 2, \"rows\": [{\"kind\": \"a\", \"mass\": 5}]}");
    lower_assert_report("by_gas", 2);
    lower_assert_report("doubled", 4);
    lower_assert_report("first", 5);
    ck_assert(!lower_outcome.reports[2].is_given);
}
END_TEST

START_TEST(the_total_may_be_reported_and_warned_of)
{
    lower_compile_text(
        "rule r \"r\" { version \"1\" declared 1 t \"of it\" boundary gate_to_gate data { m: kg, on: bool }\n"
        "reference m\n stage s : production \"s\" { emit a \"a\" = m * 2 kgCO2e/kg emit b \"b\" when on = 1 tCO2e\n"
        "  process p { emit c \"c\" = 3 kgCO2e } }\n"
        "report absolute : kgCO2e = total * m\n report per : kgCO2e/kg = total\n"
        "warn total <= 3 kgCO2e/kg else \"too high\" zh \"过高\" }");
    lower_run("{\"m\": 500, \"on\": true}");
    lower_assert_near(lower_outcome.total, 4006); /* 1000 + 1000 + 3 kg for half a ton */
    lower_assert_report("absolute", 2003);
    lower_assert_report("per", 4.006);
    ck_assert_str_eq(lower_outcome.notes[0], "W0750 too high\n");
    ck_assert_str_eq(lower_outcome.notes[1], "W0750 过高\n");
    lower_run("{\"m\": 500, \"on\": false}"); /* a flow that is not carried out counts as 0 */
    lower_assert_report("absolute", 1003);
    ck_assert_str_eq(lower_outcome.notes[0], "");
    lower_run("{\"m\": 0, \"on\": true}"); /* said once, of the reference */
    ck_assert_ptr_nonnull(strstr(lower_outcome.notes[0], "E0717"));
    ck_assert_ptr_null(strstr(lower_outcome.notes[0], "E0701"));
}
END_TEST

START_TEST(the_total_in_chinese)
{
    lower_compile_text("规则 r \"样\" {\n 版本 \"1\"\n 声明单位 1 kg \"份\"\n 系统边界 从大门到大门\n"
                       "数据 { 质量：kg }\n 基准 质量\n 阶段 甲：生产 { 排放 乙 = 质量 × 3 kgCO2e/kg }\n"
                       "另报 全部：kgCO2e = 总量 × 质量\n 提示 总量 == 2 kgCO2e/kg 允差 3 % 否则 \"不符\"\n}\n");
    lower_run("{\"质量\": 5}");
    lower_assert_report("全部", 15);
    ck_assert_str_eq(lower_outcome.notes[1], "W0750 不符\n");
}
END_TEST

/* ---- equal rows ---- */

static const char EQUAL_ROWS[] = "{\"rows\": [{\"m\": 1, \"y\": 2001}, {\"m\": 3, \"y\": 2009},"
                                 " {\"m\": 2, \"y\": 2009}, {\"m\": 3, \"y\": 2005}]}";

START_TEST(equal_rows_are_noted_where_nobody_says_which)
{
    lower_compile(
        "", "rows : list of { m: kg, y: year }",
        "report a : kg = largest(r in rows: r.m).m\n report b : number = largest(r in rows: r.m, last).y - 2000\n"
        "report c : number = largest(r in rows: r.m, first).y - 2000\n"
        "report d : kg = largest(r in rows: r.y, last).m\n report e : kg = smallest(r in rows: r.y).m");
    lower_run(EQUAL_ROWS);
    lower_assert_report("a", 3);
    lower_assert_report("b", 5);
    lower_assert_report("c", 9);
    lower_assert_report("d", 2);
    lower_assert_report("e", 1);
    ck_assert_str_eq(lower_outcome.notes[0],
                     "N0765 rows[2] and rows[4] are equal in `largest(r in rows: r.m)`: the first is taken\n");
    ck_assert_str_eq(lower_outcome.notes[1], "N0765 rows[2] 与 rows[4] 在“largest(r in rows: r.m)”中相等，取前者\n");
}
END_TEST

START_TEST(equal_rows_are_noted_once)
{
    lower_compile("", "rows : list of { m: kg, y: year }",
                  "report a : kg = sum(r in rows: smallest(q in rows where q.m >= r.m: q.m / 3).m)");
    lower_run(EQUAL_ROWS); /* 1, 3, 2, 3; rows 2 and 4 are equal from the second and from the fourth */
    lower_assert_report("a", 9);
    ck_assert_ptr_nonnull(strstr(lower_outcome.notes[0], "N0766 "));
    ck_assert_ptr_nonnull(strstr(lower_outcome.notes[0], "likewise 1 more times"));
}
END_TEST

START_TEST(ties_in_chinese)
{
    lower_compile_text("规则 r \"样\" {\n 版本 \"1\"\n 声明单位 1 kg \"份\"\n 系统边界 从大门到大门\n"
                       "数据 { 行：明细 { 质量：kg，年：年份 } }\n 基准 1 kg\n 阶段 甲：生产 { 排放 乙 = 3 kgCO2e }\n"
                       "另报 a：数值 = 最大者（x ∈ 行：x.质量，首位）.年 − 2000\n"
                       "另报 b：数值 = 最大者（x ∈ 行：x.质量，末位）.年 − 2000\n"
                       "另报 c：kg = 最大者（x ∈ 行：x.年）.质量\n}\n");
    lower_run("{\"行\": [{\"质量\": 3, \"年\": 2001}, {\"质量\": 3, \"年\": 2001}]}");
    lower_assert_report("a", 1);
    lower_assert_report("b", 1);
    lower_assert_report("c", 3);
    ck_assert_str_eq(lower_outcome.notes[1], "N0765 行[1] 与 行[2] 在“最大者（x ∈ 行：x.年）”中相等，取前者\n");
}
END_TEST

/* ---- potentials of another module ---- */

START_TEST(a_module_may_bring_its_own_potentials)
{
    lower_compile_text("choice Air { X, Y }\n table gwp(gas: Air) -> { own: kgCO2e/kg } { X => 2\n Y => 3 }\n"
                       "rule r \"r\" { version \"1\" declared 1 kg \"of it\" gwp own boundary gate_to_gate\n"
                       "reference 1 kg stage s : production \"s\" { emit x \"x\" = 2 kg{Y} * gwp(Y) } }");
    lower_run("{}");
    lower_assert_near(lower_outcome.total, 6);
}
END_TEST

/* ---- what is refused ---- */

/* clang-format off */
static const struct {
    const char *fields, *items;
    enum diag_code code;
} refused[] = {
    {"a: kg", "report x : number = if a > 1 kg then 1 else 1 / 0", D_CONSTANT_DIVISION},
    {"a: kg", "report x : kg = a / (1 - 1)", D_CONSTANT_DIVISION},
    {"a: number", "report x : number = sum(y in 1 .. a: y)", D_RANGE_UNBOUNDED },
    {"a: number range 1 .. 20000", "report x : number = sum(y in 1 .. a: y)", D_RANGE_LENGTH },
    {"a: kg", "report x : kg = rounded(a, a)", D_NOT_CONSTANT },
    {"l: list of {cut: text, m: kg }", "cutoff r in l by r.m each 1 %, together 5 %", D_CUT_FIELD },
    {"l: list of {m: kg, k: list of {n: kg } }", "report x : kg = sum(c in largest(r in l: r.m).k: c.n)",
     D_LIST_OF_PICKED_ROW },
};
/* clang-format on */

START_TEST(static_errors)
{
    lower_setup();
    lower_compile("", refused[_i].fields, refused[_i].items);
    lower_assert_refused(refused[_i].code);
    lower_teardown();
}
END_TEST

START_TEST(ranges_are_bounded_by_fields_and_parameters)
{
    value_of("", "n: number range 0 .. 100", "number", "sum(y in 1 .. n: y)", "{\"n\": 100}", 5050);
    value_of("", "n: number range 0 .. 100", "number", "sum(y in 1 .. n: y)", "{\"n\": 0}", 0);
    value_of("function up(n: number range 1 .. 40) = sum(y in 1 .. n: y)\n", "n: number", "number", "up(n)",
             "{\"n\": 40}", 820);
}
END_TEST

START_TEST(functions_must_not_grow_without_bound)
{
    struct buf text = buf_in(&lower_arena);
    buf_add(&text, STR("function f0(x) = x + x\n"));
    for (int i = 1; i < 40; i++) {
        buf_format(&text, "function f%d(x) = f%d(x) + f%d(x + 1)\n", i, i - 1, i - 1);
    }
    buf_add(&text, STR("report x : number = f39(a)"));
    lower_compile("", "a: number", str_copy(&lower_arena, buf_str(&text)).at);
    lower_assert_refused(D_INLINE_SIZE);
}
END_TEST

START_TEST(either_language_gives_the_same_hash)
{
    lower_compile("", "a: kg \"mass\"", "report x : kg = 2 * a\n names { a 质量 }");
    struct str bytes;
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    char hash[65];
    memcpy(hash, lower_compiled->program->hash, sizeof hash);
    lower_compile_text("规则 sample \"样\" {\n 版本 \"1\"\n 声明单位 1 kg \"份\"\n GWP ar6\n 系统边界 从摇篮到大门\n"
                       "不含 分销、使用、生命末期 理由 \"不看\"\n 数据 { 质量：kg }\n 基准 1 kg\n"
                       "阶段 raw：原材料获取 { 排放 none = 0 kgCO2e }\n 阶段 base：生产 { 排放 fixed = 3 kgCO2e }\n"
                       "另报 x：kg = 2 × 质量\n 译名 { a 质量 }\n}\n");
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_str_eq(lower_compiled->program->hash, hash);
}
END_TEST

START_TEST(examples_expect_amounts)
{
    lower_compile("", "a: kg",
                  "report x : t = a\n example \"one\" { data \"d.json\" key \"k\" expect total = 0.003 tCO2e/kg within "
                  "0.03 kgCO2e/kg\n"
                  "expect base = 3 kgCO2e\n expect base.fixed = 3 kgCO2e/kg within 1 gCO2e/kg\n expect x = 500 kg "
                  "within 0.5 t }");
    lower_assert_compiled();
    ck_assert_uint_eq(lower_compiled->example_count, 1);
    const struct expectation *expects = lower_compiled->examples[0].expects;
    ck_assert_uint_eq(lower_compiled->examples[0].expect_count, 4);
    ck_assert(str_eq(lower_compiled->examples[0].key, STR("k")));
    ck_assert_int_eq(expects[0].kind, EXPECT_TOTAL);
    ck_assert(str_eq(rat_text(&lower_arena, expects[0].value), STR("3")));
    ck_assert(str_eq(rat_text(&lower_arena, expects[0].within), STR("3/100")));
    ck_assert_int_eq(expects[1].kind, EXPECT_STAGE);
    ck_assert_int_eq(expects[2].kind, EXPECT_FLOW);
    ck_assert(str_eq(rat_text(&lower_arena, expects[2].within), STR("1/1000")));
    ck_assert_int_eq(expects[3].kind, EXPECT_REPORT);
    ck_assert(str_eq(rat_text(&lower_arena, expects[3].value), STR("1/2")));
    ck_assert(str_eq(expects[3].unit_text, STR("t")));
}
END_TEST

Suite *lower_suite(void)
{
    Suite *suite = suite_create("lower");
    TCase *tables = tcase_create("values"); /* tests over tables set up for themselves */
    tcase_set_timeout(tables, 30);
    tcase_add_loop_test(tables, scalar_expressions, 0, (int)countof(scalars));
    tcase_add_loop_test(tables, expressions_over_rows, 0, (int)countof(over_rows));
    tcase_add_loop_test(tables, lookups_and_cases, 0, (int)countof(lookups));
    tcase_add_loop_test(tables, static_errors, 0, (int)countof(refused));
    tcase_add_test(tables, ranges_are_bounded_by_fields_and_parameters);
    suite_add_tcase(suite, tables);
    TCase *rules = tcase_create("rules");
    tcase_set_timeout(rules, 30);
    tcase_add_checked_fixture(rules, lower_setup, lower_teardown);
    tcase_add_test(rules, picked_rows_are_values);
    tcase_add_test(rules, other_types_of_data);
    tcase_add_test(rules, processes_and_conditions_nest);
    tcase_add_test(rules, lists_in_lists);
    tcase_add_test(rules, lists_in_visited_rows);
    tcase_add_test(rules, defaults_may_use_other_fields);
    tcase_add_test(rules, what_nobody_needs_does_not_fail);
    tcase_add_test(rules, conditions_may_ask_for_what_they_guard);
    tcase_add_test(rules, a_missing_lookup_fails_where_it_is_needed);
    tcase_add_test(rules, requirements_come_first);
    tcase_add_test(rules, lets_with_ranges_are_required);
    tcase_add_test(rules, a_cut_row_takes_no_part);
    tcase_add_loop_test(rules, a_cut_row_takes_no_part_in_long_records, 0, 33);
    tcase_add_test(rules, emissions_keep_gas_and_category);
    tcase_add_test(rules, the_reference_scales_the_total);
    tcase_add_test(rules, reports_may_depend_on_a_condition);
    tcase_add_test(rules, the_total_may_be_reported_and_warned_of);
    tcase_add_test(rules, the_total_in_chinese);
    tcase_add_test(rules, equal_rows_are_noted_where_nobody_says_which);
    tcase_add_test(rules, equal_rows_are_noted_once);
    tcase_add_test(rules, ties_in_chinese);
    tcase_add_test(rules, a_module_may_bring_its_own_potentials);
    tcase_add_test(rules, functions_must_not_grow_without_bound);
    tcase_add_test(rules, either_language_gives_the_same_hash);
    tcase_add_test(rules, examples_expect_amounts);
    suite_add_tcase(suite, rules);
    return suite;
}
