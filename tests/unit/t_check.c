#include "tests/unit/sema_fixture.h"

#include <check.h>
#include <string.h>

/* Tables, cycles, headers, phases. */
static const struct sema_case cases[] = {
    {"cycles",
     SEMA_RULE("",
               "let a = b + 1 kg\n"
               "let b = c\n"
               "let c = a * 2\n"
               "let d = d\n"
               "function f(x) = g(x)\n"
               "function g(y) = f(y)\n"
               "data { u: kg = v, v: kg = u }\n"
               "stage s : production { emit p = s.q emit q = s.p * 1 }"),
     "E0401 a\n"
     "E0401 d\n"
     "E0401 f\n"
     "E0401 u\n"
     "E0401 p\n"},
    {"rows and their names",
     SEMA_RULE("",
               "reference for each p in parts: out\n"
               "data { own: kg = p.mass }\n"
               "let f = 2\n"
               "table t(c: Colour) -> kg { otherwise => (p.mass) }\n"
               "stage s : production for each g in parts { emit x = sum(p in parts: p.mass) * 1 kgCO2e/kg }\n"
               "stage u : production for each f in p.sub { emit y = g.mass * 1 kgCO2e/kg, let q = p.mass }\n"
               "allocate s to p in parts by p.mass because \"mass\"\n"
               "allocate s to p in p.sub by p.x take true because \"mass\"\n"
               "function h(p) = p"),
     "E0251 reference for each p in \n" /* data and tables do not see the row */
     "E0210 p\n"
     "E0212 p\n"
     "E0212 f\n"
     "E0210 g\n"}, /* of another stage */
    {"rows hide nothing",
     "rule r {\ndeclared 1 kg\nboundary gate_to_gate\ndata { parts: list of { mass: kg } }\n"
     "reference for each p in parts: p.mass\nlet p = 1 kg\n"
     "stage s : production for each f in parts { let p = 2, let f = 1, emit x = 1 kgCO2e }\n"
     "allocate s to f in parts by f.mass because \"m\"\n}",
     "E0212 p\nE0212 f\n"},
    {"table gap",
     SEMA_RULE("choice Two { x, y }\n"
               "table t(c: Colour, d: Two) -> kg {\n"
               " red, x => 1\n"
               " red, y => 2\n"
               " green, x => 3\n"
               " green, y => 4\n"
               " blue, x => 5\n"
               "}\n",
               ""),
     "E0411 t\n"},
    {"table gap, matrix",
     SEMA_RULE("choice Two { x, y }\n"
               "table t(c: Colour, d: Two) -> kg {\n"
               " => x, y\n"
               " red => 1, 2\n"
               " green => 3, 4\n"
               "}\n",
               ""),
     "E0411 t\n"},
    {"table overlap",
     SEMA_RULE("table t(c: Colour) -> kg {\n"
               " red => 1\n"
               " green => 2\n"
               " blue => 3\n"
               " red => 4\n"
               "}\n"
               "table u(y: year) -> kg {\n"
               " 2019 .. 2022 => 1\n"
               " 2022 => 2\n"
               "}\n"
               "table v(w: text) -> kg {\n"
               " \"a\" => 1\n"
               " \"a\" => 2\n"
               " otherwise => 3\n"
               "}\n",
               ""),
     "E0412 red => 4\n"
     "E0412 2022 => 2\n"
     "E0412 \"a\" => 2\n"},
    {"table otherwise",
     SEMA_RULE("table t(c: Colour) -> kg {\n"
               " red => 1\n"
               " otherwise => 2\n"
               "}\n"
               "table u(c: Colour, d: Colour) -> kg {\n"
               " red, otherwise => 1\n"
               " otherwise, red => 2\n"
               " otherwise, green => 3\n"
               " otherwise, blue => 4\n"
               "}\n",
               ""),
     "E0412 otherwise, red => 2\n"
     "E0412 otherwise, green => 3\n"
     "E0412 otherwise, blue => 4\n"},
    {"table with text and otherwise",
     SEMA_RULE("table u(w: text, c: Colour) -> kg {\n"
               " \"a\", red => 1\n"
               " \"a\", green => 1\n"
               " \"a\", blue => 1\n"
               " otherwise, red => 1\n"
               " otherwise, green => 2\n"
               "}\n",
               ""),
     "E0411 u\n"},
    {"open tables have no gaps",
     SEMA_RULE("table u(c: Colour, y: year) -> kg {\n"
               " red, 2020 => 1\n"
               " green, 2021 => 1\n"
               "}\n",
               ""),
     ""},
    {"steps",
     SEMA_RULE("table t(d: km) -> number {\n"
               " up to 500 km => 1\n"
               " below 1000 km => 0.9\n"
               " otherwise => 0\n"
               "}\n"
               "table u(d: km) -> number {\n"
               " up to 500 km => 1\n"
               " up to 0.1 km => 2\n"
               "}\n"
               "table v(d: km) -> number {\n"
               " otherwise => 1\n"
               " up to 500 km => 2\n"
               "}\n"
               "table w(d: km) -> number {\n"
               " up to 5 kg => 1\n"
               " up to 600 => 2\n"
               "}\n",
               ""),
     "E0414 up to 0.1 km => 2\n"
     "E0414 up to 500 km => 2\n"
     "E0301 5 kg\n"
     "E0301 600\n"},
    {"steps by another key",
     SEMA_RULE("table t(c: Colour, d: km) -> number {\n"
               " red, up to 500 km => 1\n"
               " red, otherwise => 2\n"
               " green, up to 500 km => 1\n"
               " green, otherwise => 2\n"
               " blue, up to 500 km => 1\n"
               " blue, otherwise => 2\n"
               "}\n"
               "table u(c: Colour, d: km) -> number {\n"
               " red, up to 500 km => 1\n"
               " green, below 500 km => 1\n"
               " blue, up to 500 km => 1\n"
               "}\n"
               "table v(c: Colour, d: km) -> number {\n"
               " red, up to 500 km => 1\n"
               " red, up to 700 km => 1\n"
               " green, up to 500 km => 1\n"
               " blue, up to 500 km => 1\n"
               "}\n",
               ""),
     "E0415 below 500 km\n"
     "E0416 green, up to 500 km => 1\n"},
    {"symmetric",
     SEMA_RULE("table t(a: text, b: text) -> km symmetric {\n"
               " \"x\", \"y\" => 1\n"
               " \"y\", \"z\" => 2\n"
               " \"y\", \"x\" => 1\n"
               " \"z\", \"y\" => 3\n"
               "}\n"
               "table u(a: text, b: Colour) -> km symmetric { \"x\", red => 1 }\n"
               "table v(a: text) -> km symmetric { \"x\" => 1 }\n",
               ""),
     "E0413 \"z\", \"y\" => 3\n"
     "E0405 symmetric\n"
     "E0405 symmetric\n"},
    {"cells",
     SEMA_RULE("table t(c: Colour) -> { a: kg, b: kg optional, d: Colour, e: text, f: %, g: kgCO2e/kg } "
               "{\n"
               " red => 1, _, red, \"x\", 5, ( 2 * 3 )\n"
               " green => _, 2, rad, red, 5 %, 3 kg\n"
               " blue => 1 t, 2 kWh, \"blue\", 3, ( out ), 1\n"
               "}\n",
               ""),
     "E0408 _\n"
     "E0234 rad\n"
     "E0323 red\n"
     "E0301 3 kg\n"
     "E0301 2 kWh\n"
     "E0302 \"blue\"\n"
     "E0302 3\n"
     "E0210 out\n"},
    {"shape of rows",
     SEMA_RULE("choice Two { x, y }\n"
               "table t(c: Colour, d: Two) -> kg {\n"
               " => x, y\n"
               " red => 1, 2, 3\n"
               " green, x => 3, 4\n"
               " blue => 1, 2\n"
               "}\n"
               "table u() -> kg { }\n"
               "table v(a: text, b: text, c: text, d: text) -> kg { \"a\", \"b\", \"c\", \"d\" => 1 }\n"
               "table w(c: Colour) -> { a: kg, b: kg } {\n"
               " => red, green, blue\n"
               "}\n"
               "table z(a: text) -> kg\n",
               ""),
     "E0407 red => 1, 2, 3\n"
     "E0406 green, x => 3, 4\n"
     "E0402 u\n"
     "E0403 u\n"
     "E0402 v\n"
     "E0403 w\n"
     "E0404 red\n"
     "E0403 z\n"},
    {"keys",
     SEMA_RULE("table t(c: Colour) -> kg {\n"
               " rad => 1\n"
               " \"red\" => 2\n"
               " 2020 => 3\n"
               " up to 3 kg => 4\n"
               "}\n"
               "table u(y: year) -> kg {\n"
               " 3.5 => 1\n"
               " red => 2\n"
               " 20 => 3\n"
               "}\n",
               ""),
     "E0234 rad\n"
     "E0336 \"red\"\n"
     "E0336 3.5\n"},
    {"csv cells",
     SEMA_RULE("table w(name: text, c: Colour) -> { y: year, m: kg optional, d: Colour, k: bool } from "
               "\"w.csv\"\n"
               "table v(n: number) -> { m: text } from \"v.csv\"\n",
               "")
     "=== w.csv\n"
     "name,c,y,m,d,k\n"
     "ann,red,2020,1,b,true\n"
     "bob,pink,20,,green,false\n"
     "cid,b,2020,1.5x,mauve,maybe\n"
     ",green,,1,red,true\n"
     "=== v.csv\n"
     "n,m\n"
     "1,x\n",
     "E0234 pink\n"
     "E0409 20\n"
     "E0409 1.5x\n"
     "E0234 mauve\n"
     "E0409 maybe\n"
     "E0408 ,green,,1,red,true\n"
     "E0410 1\n"},
    {"choices",
     SEMA_RULE("choice Empty { }\n"
               "choice Codes { a = \"x\", b = \"x\", c, d = \"c\" }\n",
               ""),
     "E0417 Empty\n"
     "E0418 b\n"
     "E0418 d\n"},
    {"required headers",
     "rule r \"R\" { version \"1\" }\n",
     "E0419 r\n"
     "E0420 r\n"},
    {"phases",
     SEMA_RULE("",
               "boundary cradle_to_gate\n"
               "exclude use, raw_material because \"x\"\n"
               "zero raw_material because \"y\"\n"
               "stage a : raw_material { }\n"
               "stage b : distribution { }"),
     "W0423 cradle_to_gate\n"
     "E0248 raw_material\n"
     "E0421 raw_material\n"
     "E0422 distribution\n"},
    {"uncovered phase",
     SEMA_RULE("",
               "boundary cradle_to_grave\n"
               "exclude use, distribution because \"x\"\n"
               "stage a : raw_material { }\n"
               "stage b : production { }"),
     "W0423 cradle_to_grave\n"},
    {"examples and checks",
     SEMA_RULE("",
               "example \"e\" { expect total = 3 kgCO2e }\n"
               "require n > 3 else\n"
               "warn n > 3 else zh \"中\""),
     "E0424 example \"e\" { expect tot\n"
     "E0425 require n > 3 else\n"},
    {"cut-offs",
     SEMA_RULE("",
               "cutoff p in parts by p.mass each 1 % together 5 %\n"
               "cutoff q in parts by q.mass each 1 % together 5 %"),
     "E0426 cutoff q in parts by q.m\n"},
};

START_TEST(messages)
{
    sema_check(&cases[_i]);
}
END_TEST

static bool says(const struct sema *sema, const char *text)
{
    for (const struct diag *diag = sema->diags.first; diag != NULL; diag = diag->next) {
        struct arena arena = {0};
        struct str message = diag_message(&arena, diag, LANG_EN);
        char *copy = arena_copy(&arena, message.at, message.len);
        bool is_there = strstr(copy, text) != NULL;
        arena_free(&arena);
        if (is_there) {
            return true;
        }
    }
    return false;
}

START_TEST(a_cycle_shows_its_path)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("", "let a = b + 1 kg\nlet b = c\nlet c = a * 2"));
    ck_assert_uint_eq(sema.diags.errors, 1);
    ck_assert(says(&sema, "a → b → c → a"));
    sema_close(&sema);
}
END_TEST

START_TEST(a_gap_names_what_is_missing)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("choice Two { x, y }\ntable t(c: Colour, d: Two) -> kg {\n red, x => 1\n red, y => 2\n"
                               " green, x => 3\n green, y => 4\n blue, x => 5\n}\n",
                               ""));
    ck_assert_uint_eq(sema.diags.errors, 1);
    ck_assert(says(&sema, "blue, y"));
    sema_close(&sema);
}
END_TEST

Suite *check_suite(void);
Suite *check_suite(void)
{
    Suite *suite = suite_create("check");
    TCase *tcase = tcase_create("messages");
    tcase_add_loop_test(tcase, messages, 0, (int)countof(cases));
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("texts");
    tcase_add_test(tcase, a_cycle_shows_its_path);
    tcase_add_test(tcase, a_gap_names_what_is_missing);
    suite_add_tcase(suite, tcase);
    return suite;
}
