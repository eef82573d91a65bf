#include "tests/unit/sema_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names: modules, scopes, spellings, units and types as written. */
static const struct sema_case cases[] = {
    {"all is well",
     SEMA_RULE("",
               "let a = out * 2\n"
               "stage s : production { emit f = 3 kgCO2e }"),
     ""},
    {"Chinese",
     "选项 色 { 红、绿 }\n"
     "规则 甲 \"甲\" {\n"
     "声明单位 1 t\n"
     "基准 产量\n"
     "数据 { 产量：t，颜色：色，用电：明细 { 电量：千瓦时 } }\n"
     "设 总电 = 求和（p ∈ 用电：p.电量）\n"
     "设 系数 = 分情形 颜色 { 红 => 1，绿 => 2 }\n"
     "阶段 生产段：生产 { 排放 电 = 总电 × 0.5 kgCO2e/kWh × 系数 }\n"
     "}\n",
     ""},
    {"Chinese, unknown",
     "规则 甲 \"甲\" {\n"
     "声明单位 1 t\n"
     "基准 产量\n"
     "数据 { 产量：t }\n"
     "设 乙 = 产量值 × 2\n"
     "}\n",
     "E0210 产量值\n"},
    {"other spellings",
     SEMA_RULE("names { Colour 颜色, red 红 }\n",
               "names { out 产量, parts 部件, hue 色相, mass 质量 }\n"
               "let a = sum(p in 部件: p.质量) / 产量\n"
               "let b = 色相 == 红\n"
               "function f(p: 部件) = p.质量\n"
               "let c = match 色相 { 红 => 1, green, blue => 2 }"),
     ""},
    {"alias slips",
     SEMA_RULE("names { red red, green 绿, blue 绿, 绿 翠, nobody 无名, blue sum }\n",
               ""),
     "E0214 red\n"
     "E0215 绿\n"
     "E0216 绿\n"
     "E0217 nobody\n"
     "E0213 sum\n"},
    {"unknown names",
     SEMA_RULE("",
               "let a = outt * 2\n"
               "let b = x.y\n"
               "let c = f(2)\n"
               "let d = sum(p in party: 1)\n"
               "let e = hue == rad"),
     "E0210 outt\n"
     "E0210 x\n"
     "E0210 f\n"
     "E0210 party\n"
     "E0210 rad\n"},
    {"known elsewhere",
     SEMA_RULE("",
               "let a = mass\n"
               "let b = f\n"
               "let c = q\n"
               "let d = s\n"
               "stage s : production { emit f = 3 kgCO2e let q = 3 }"),
     "E0210 mass\n"
     "E0210 f\n"
     "E0210 q\n"
     "E0210 s\n"},
    {"stage.flow",
     SEMA_RULE("",
               "let a = s.f + s.g\n"
               "let b = s.h\n"
               "stage s : production { emit f = 3 kgCO2e process p { emit g = s.f } }"),
     "E0235 h\n"},
    {"stage and value of one name",
     SEMA_RULE("",
               "let a = parts.f\n"
               " stage parts : production { emit f = 3 kgCO2e }"),
     ""},
    {"duplicates",
     SEMA_RULE("choice Colour { pink }\n",
               "let a = 1\n"
               "let a = 2\n"
               "data { n: kg }\n"
               "stage s : production { emit f = 1 kgCO2e emit f = 2 kgCO2e process q { emit f = 3 "
               "kgCO2e } }\n"
               "stage s : production { process q { } process q { } }\n"
               "report z : kg = 0\n"
               "report z : kg = 0"),
     "E0211 Colour\n"
     "E0211 a\n"
     "E0211 n\n"
     "E0211 f\n"
     "E0211 s\n"
     "E0211 q\n"
     "E0211 z\n"},
    {"duplicates inside",
     SEMA_RULE("choice Two { x, x }\n"
               "table t(a: Two, a: text) -> { v: kg, v: kg } { x, \"q\" => 1, 2 }\n",
               "data { l: list of { z: kg, z: kg } }"),
     "E0211 x\n"
     "E0211 a\n"
     "E0211 v\n"
     "E0211 z\n"},
    {"shadows",
     SEMA_RULE("let one = 1\n",
               "let one = 2\n"
               "let p = 3\n"
               "let c = sum(p in parts: p.mass)\n"
               "let d = sum(q in parts: sum(q in q.sub: q.x))\n"
               "function g(n) = n * 2\n"
               "stage s : production { let out = 3 }"),
     "E0212 one\n"
     "E0212 p\n"
     "E0212 q\n"
     "E0212 n\n"
     "E0212 out\n"},
    {"predefined names",
     SEMA_RULE("unit total\n"
               "choice number { x }\n"
               "choice kWh { x }\n",
               "let sum = 2\n"
               "let a = sum(max in parts: 1)\n"
               "function f(the) = 1"),
     "E0213 total\n"
     "E0213 number\n"
     "E0219 kWh\n"
     "E0213 sum\n"
     "E0213 max\n"
     "E0213 the\n"},
    {"two imports",
     SEMA_RULE("import a\n"
               "import b\n",
               "let v = both * 2\n"
               "let w = only_a + only_b")
     "=== a.pcr\n"
     "let both = 1\n"
     "let only_a = 1\n"
     "=== b.pcr\n"
     "let both = 1\n"
     "let only_b = 1\n",
     "E0218 both\n"},
    {"import is not passed on",
     SEMA_RULE("import a\n",
               "let v = inner * 2\n"
               "let w = outer")
     "=== a.pcr\n"
     "import b\n"
     "let outer = inner\n"
     "=== b.pcr\n"
     "let inner = 1\n",
     "E0210 inner\n"},
    {"import cycle",
     "import a\n"
     "=== a.pcr\n"
     "import b\n"
     "=== b.pcr\n"
     "import a\n"
     "let x = y\n",
     "E0202 import a\n"},
    {"import missing",
     "import nowhere.at_all\n"
     "import std.gasses\n",
     "E0201 import nowhere.at_all\n"
     "E0204 import std.gasses\n"},
    {"rule in an import",
     SEMA_RULE("import a\n",
               "")
     "=== a.pcr\n"
     "rule other \"o\" { declared 1 kg reference 1 kg }\n",
     "E0205 other\n"},
    {"two rules",
     SEMA_RULE("",
               "")
     "rule second \"x\" { declared 1 kg reference 1 kg }\n",
     "E0206 second\n"},
    {"units",
     SEMA_RULE("unit keg = 30 L\n"
               "unit half_keg = 0.5 keg\n"
               "unit crate\n"
               "unit kg\n"
               "unit bad = 2 ℃\n"
               "unit worse = 1 + 2\n"
               "unit a_loop = 2 b_loop\n"
               "unit b_loop = 2 a_loop\n",
               "let a = 2 half_keg + 1 keg + 30 L\n"
               "let b = 2 crate + 1 item\n"
               "let c = 3 kegs"),
     "E0226 kg\n"
     "E0227 2 ℃\n"
     "E0227 1 + 2\n"
     "E0221 b_loop\n"
     "E0221 a_loop\n"
     "E0301 +\n"
     "E0221 kegs\n"},
    {"unit texts",
     SEMA_RULE("",
               "let a = 3 kg/℃\n"
               "let b = 3 kg13\n"
               "let c = 3 kg0\n"
               "let d = 2 kw\n"
               "data { x: kgs, y: kg/foo, z: Colur, w: numbr }"),
     "E0224 kg/℃\n"
     "E0223 kg13\n"
     "E0222 kg0\n"
     "E0221 kw\n"
     "E0228 kgs\n"
     "E0221 foo\n"
     "E0228 Colur\n"
     "E0228 numbr\n"},
    {"comma before a name",
     SEMA_RULE("table t(c: Colour) -> kgCO2e/kg {\n"
               " red => 1 green => 2\n"
               " blue => 3\n"
               "}\n",
               "data { hour: number range 0 .. 8784   amount: MJ }\n"
               "let a = 3 out"),
     "E0126 green\n"
     "E0140  \n"
     "E0225 out\n"},
    {"types misplaced",
     SEMA_RULE("table tt(a: bool, b) -> { v: tt } { true, \"x\" => 1 }\n",
               "data { p2: parts, q: list of { z: parts } }\n"
               "factor f(k: kg): kgCO2e/kg\n"
               "factor g(k): text\n"
               "report z : text = 3\n"),
     "E0230 bool\n"
     "E0231 b\n"
     "E0230 tt\n"
     "E0230 parts\n" /* of both */
     "E0230 kg\n"
     "E0231 k\n"
     "E0230 text\n"
     "E0230 text\n"},
    {"lists of one name",
     SEMA_RULE("",
               "data { k: list of { same: list of { z: kg } }, l: list of { same: list of { z: kg } } }\n"
               "function f(s: same) = s.z"),
     "E0229 same\n"},
    {"two stages, one field",
     SEMA_RULE("",
               "stage a : production { data { q: kg } let x = q }\n"
               "stage b : production { data { q: kg } }\n"
               "let z = q"),
     "E0220 q\n"
     "E0210 q\n"},
    {"function and total as value",
     SEMA_RULE("",
               "let a = count\n"
               "let b = total\n"
               "let c = true"),
     "E0233 count\n"
     "E0232 total\n"},
    {"members of choices",
     SEMA_RULE("",
               "let a = Colour.red == hue\n"
               "let b = Colour.rad == hue"),
     "E0234 rad\n"},
    {"gases",
     SEMA_RULE("import std.gases\n",
               "gwp ar6\n"
               "stage s : production { emit a = 1 kg{CH4} * gwp(CH4) emit b = 1 kg{CF4} * gwp(CF5) emit "
               "c = 1 kg{CF4} * gwp(CF4) emit d = gwp(CF4, CF4) * 1 kg }"),
     "E0236 CH4\n"
     "E0234 CF5\n"
     "E0316 gwp(CF4, CF4)\n"},
    {"gases without import",
     SEMA_RULE("",
               "stage s : production { emit a = 1 kg{CF4} * gwp(CF4) }"),
     "E0237 gwp(CF4)\n"},
    {"not callable",
     SEMA_RULE("",
               "let a = out(2)\n"
               "let b = true(2)"),
     "E0238 out\n"
     "E0238 true\n"},
    {"aggregates",
     SEMA_RULE("",
               "let a = sum(3)\n"
               "let b = sum(p in parts)\n"
               "let c = count(p in parts: p.mass)\n"
               "let d = sum(p in parts: p.mass, last)\n"
               "let e = frob(p in parts: p.mass)\n"
               "let f = largest(p in parts: p.mass, last).mass"),
     "E0239 sum\n"
     "E0240 sum\n"
     "E0241 count\n"
     "E0242 sum\n"
     "E0243 frob\n"},
    {"attributes",
     SEMA_RULE("",
               "let a = 3 primary\n"
               "let b = 2 cite \"x\" cite \"y\"\n"
               "data { c: kg = 3 kg optional, d: list of { z: kg } primary, e: kg symmetric }\n"
               "version \"1\" because \"x\"\n"
               "function f(x: kg column \"c\") = x"),
     "E0244 primary\n"
     "E0245 cite \"y\"\n"
     "E0246 optional\n"
     "E0244 primary\n"
     "E0244 symmetric\n"
     "E0244 because \"x\"\n"
     "E0244 column \"c\"\n"},
    {"words",
     SEMA_RULE("",
               "status drift\n"
               "judge full\n"
               "boundary cradle_to_gat\n"
               "exclude use, uze because \"x\"\n"
               "zero distribution\n"
               "conforms a, a\n"
               "stage s : prodction { emit f as fosil, biogenic, biogenic = 3 kgCO2e }\n"
               "gwp ar6, ar5"),
     "E0247 drift\n"
     "E0247 full\n"
     "E0247 cradle_to_gat\n"
     "E0247 uze\n"
     "E0249 zero distribution\n"
     "W0270 a\n"
     "W0270 a\n"
     "E0248 a\n"
     "E0247 prodction\n"
     "E0247 fosil\n"
     "E0255 biogenic\n"
     "E0250 ar5\n"},
    {"an unknown life cycle hides what would be in it", SEMA_RULE("",
               "lifecycle en_15804\n"
               "boundary cradle_to_gat\n"
               "exclude uze because \"x\"\n"
               "stage s : prodction { emit f = 3 kgCO2e }\n"),
     "E0247 en_15804\n"},
    {"headers twice",
     SEMA_RULE("",
               "version \"1\"\n"
               "version \"2\"\n"
               "functional 1 t\n"
               "reference out"),
     "E0251 version \"2\"\n"
     "E0251 functional 1 t\n"
     "E0251 reference out\n"},
    {"rounding and expecting",
     SEMA_RULE("",
               "report z : kg = 0\nreport w : kg = 0\n"
               "round total to 3 significant\n"
               "round z to 2 decimals half_up\n"
               "round y to 2 decimals\n"
               "round w to 1 decimals sideways\n"
               "example \"e\" { data \"d\" expect total = 3 kgCO2e expect z = 3 kg expect s = 1 kgCO2e "
               "expect s.f = 1 kgCO2e/t expect s.g = 1 kgCO2e expect n = 1 }\n"
               "stage s : production { emit f = 3 kgCO2e }"),
     "E0252 y\n"
     "E0253 sideways\n"
     "E0254 s.g\n"
     "E0254 n\n"},
    {"broken syntax hides no more",
     SEMA_RULE("",
               "let a = = 3\n"
               "let b = a + unknown\n"
               "let c = out + 3 kWh"),
     "E0116 =\n"
     "E0210 unknown\n"
     "E0301 +\n"},
    {"defaults see their row",
     SEMA_RULE("",
               "data { box: kg = 2 * out, rows: list of { a: kg, b: kg = a * 2, c: kg = b + lid range 0 "
               "kg .. 5 kg, d: list of { e: kg = a } }, lid: kg }"),
     ""},
    {"csv",
     SEMA_RULE("table w(name: text, y: year) -> { mass: kg column \"m_kg\" , rest: kg optional } from "
               "\"w.csv\"\n",
               "let a = w(who, since).mass")
     "=== w.csv\n"
     "name,y,m_kg,rest\n"
     "ann,2020,1.5,\n"
     "bob,2021,2,3\n",
     ""},
    {"csv slips",
     SEMA_RULE("table w(name: text) -> { mass: kg, colour: Colour } from \"w.csv\"\n"
               "table v(name: text) -> kg from \"none.csv\"\n"
               "table u(name: text) -> { colour: Colour } from \"w.csv\" { \"x\" => red }\n",
               "")
     "=== w.csv\n"
     "name,mas,colour\n"
     "ann,1,red\n",
     "E0208 mass\n"
     "E0207 from \"none.csv\"\n"
     "E0209 from \"w.csv\"\n"},
};

START_TEST(messages)
{
    sema_check(&cases[_i]);
}
END_TEST

/* A chain of imports longer than any sensible one ends with a message, not with the stack. */
START_TEST(imports_nest_finitely)
{
    enum { DEEP = 70 };
    char *source = malloc(DEEP * 64);
    ck_assert_ptr_nonnull(source);
    size_t len = (size_t)sprintf(source, "import m0\n");
    for (int i = 0; i < DEEP; i++) {
        len += (size_t)sprintf(source + len, "=== m%d.pcr\nimport m%d\n", i, i + 1);
    }
    char *found = sema_report(source);
    ck_assert_str_eq(found, "E0203 import m63\n");
    free(found);
    free(source);
}
END_TEST

START_TEST(names_lead_to_declarations)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("names { out 产量 }\n", "let a = 产量 * 2\nlet b = s.f\n"
                                                     "stage s : 生产 { emit f as 生物成因 = 3 kgCO2e }"));
    ck_assert_uint_eq(sema.diags.errors, 0);
    const struct decl *a = sema_find(&sema, "a");
    const struct expr *left = a->as.let.value->as.binary.left;
    ck_assert_int_eq(left->ref.kind, REF_DECL);
    ck_assert_ptr_eq(left->ref.decl, sema_find(&sema, "out"));
    ck_assert(str_eq(left->as.name.text, STR("out")));
    const struct decl *b = sema_find(&sema, "b");
    ck_assert_int_eq(b->as.let.value->ref.kind, REF_FLOW);
    const struct decl *flow = sema_find(&sema, "f");
    ck_assert_ptr_eq(b->as.let.value->ref.decl, flow);
    ck_assert(str_eq(flow->parent->as.stage.phase.text, STR("production")));
    ck_assert(str_eq(flow->as.emit.as->name.text, STR("biogenic")));
    uint32_t alias;
    ck_assert(map_get(&sema.checked->aliases, STR("产量"), &alias));
    ck_assert(str_eq(sema.checked->alias_first[alias], STR("out")));
    sema_close(&sema);
}
END_TEST

START_TEST(gases_are_found)
{
    struct sema sema;
    sema_open(&sema, "import std.gases\n" SEMA_RULE("", "gwp ar6\nlet a = gwp(CF4) let b = gwp(CH4_生物)"));
    ck_assert_uint_eq(sema.diags.errors, 0);
    ck_assert_ptr_nonnull(sema.checked->gases);
    const struct expr *call = sema_find(&sema, "b")->as.let.value;
    ck_assert_int_eq(call->ref.kind, REF_PREDEFINED);
    const struct expr *gas = call->as.call.args->value;
    ck_assert_int_eq(gas->ref.kind, REF_GAS);
    ck_assert(str_eq(gas->as.name.text, STR("CH4_biogenic")));
    ck_assert_uint_eq(gas->ref.index, 2);
    sema_close(&sema);
}
END_TEST

/* Every prefix of a rule is a broken rule: none may crash. */
START_TEST(broken_texts_do_no_harm)
{
    const char *source = "import std.gases\n" SEMA_RULE(
        "table t(c: Colour) -> { v: kg optional } { red => 1; green => _; blue => ( 2 / 3 ) }\n",
        "let a = match hue { red => sum(p in parts where p.extra is given: p.extra), otherwise => 3 kg }\n"
        "stage s : production { process p { emit f as fossil when n > 3 = a * gwp(CO2) / 1 } }\n"
        "cutoff p in parts by p.mass each 1 %, together 5 %\nround total to 3 significant\n"
        "names { out 产量 } example \"e\" { data \"x\" expect total = 1 kgCO2e within 1 kgCO2e }");
    size_t len = strlen(source);
    char *copy = malloc(len + 1);
    ck_assert_ptr_nonnull(copy);
    for (size_t cut = (size_t)_i; cut < len; cut += 16) {
        memcpy(copy, source, cut);
        copy[cut] = '\0';
        free(sema_report(copy));
        memcpy(copy, source, cut); /* and with one byte lost */
        memcpy(copy + cut, source + cut + 1, len - cut);
        free(sema_report(copy));
    }
    free(copy);
}
END_TEST

/* An import does not pass on what it imports itself, which the message says. */
START_TEST(names_behind_an_import)
{
    struct sema sema;
    sema_open(&sema, "import middle\nlet a = deep\nlet b : Kind = one\n"
                     "=== middle.pcr\nimport far\nlet c = deep\n"
                     "=== far.pcr\nlet deep = 3 kg\nchoice Kind { one }\n");
    size_t count = 0;
    const struct diag *const *diags = diags_sorted(&sema.arena, &sema.diags, &count);
    static const enum diag_code codes[] = {D_UNKNOWN_NAME, D_UNKNOWN_TYPE};
    ck_assert_uint_eq(count, countof(codes));
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(diags[i]->code, codes[i]);
        const struct diag_note *note = diags[i]->notes;
        ck_assert_ptr_nonnull(note);
        ck_assert_int_eq(note->text.text, T_NAME_IN_MODULE);
        ck_assert_ptr_nonnull(note->next);
        ck_assert_int_eq(note->next->text.text, T_IMPORT_NOT_PASSED_ON);
        ck_assert(str_ends(note->next->text.args[0], STR("middle.pcr")));
        ck_assert(str_ends(note->next->text.args[1], STR("far.pcr")));
    }
    sema_close(&sema);
}
END_TEST

Suite *resolve_suite(void);
Suite *resolve_suite(void)
{
    Suite *suite = suite_create("resolve");
    TCase *tcase = tcase_create("messages");
    tcase_add_loop_test(tcase, messages, 0, (int)countof(cases));
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("tree");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, imports_nest_finitely);
    tcase_add_test(tcase, names_lead_to_declarations);
    tcase_add_test(tcase, gases_are_found);
    tcase_add_test(tcase, names_behind_an_import);
    tcase_add_loop_test(tcase, broken_texts_do_no_harm, 0, 16);
    suite_add_tcase(suite, tcase);
    return suite;
}
