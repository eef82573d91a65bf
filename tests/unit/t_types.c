#include "tests/unit/sema_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types and units of formulas. */
static const struct sema_case cases[] = {
    {"sums and products",
     SEMA_RULE("",
               "let a = out + spare_part\n"
               "let spare_part = 3 kWh\n"
               "let b = out * spare_part / 2 h\n"
               "let c = out - 3 kg + 2 g\n"
               "let d = 2 kWh + 3 MJ + 0"),
     "E0301 +\n"},
    {"sum of energy as a flow",
     SEMA_RULE("",
               "stage s : production { emit f = 3 kWh }"),
     "E0347 3 kWh\n"},
    {"missing factor is named",
     SEMA_RULE("",
               "let grid = 0.5 kgCO2e/kWh\n"
               "stage s : production { emit f = 3 kWh emit g = 3 kgCO2e + 2 kWh }"),
     "E0347 3 kWh\n"
     "E0301 +\n"},
    {"gas without gwp",
     SEMA_RULE("import std.gases\n",
               "gwp ar6\n"
               "stage s : production { emit f = 3 kg{CH4} emit g = 3 kg{CH4} * gwp(CH4_fossil) + 3 "
               "kg{CH4} emit h = 3 kg emit i = 3 kg{CF4} * gwp(CO2) }"),
     "E0348 3 kg{CH4}\n"
     "E0301 +\n"
     "E0347 3 kg\n"
     "E0347 3 kg{CF4} * gwp(CO2)\n"},
    {"gas of the data",
     SEMA_RULE("import std.gases\n"
               "choice Cold { HFC134a, HFC32 }\n",
               "gwp ar6\n"
               "data { leaks: list of { gas: Gas, kind: Cold, other: Colour, m: kg } }\n"
               "stage s : production { emit a = sum(l in leaks: l.m * gwp(l.gas)) emit b = sum(l in "
               "leaks: l.m * gwp(l.kind)) emit c = sum(l in leaks: l.m * gwp(l.other)) emit d = "
               "gwp(who) * 1 kg emit e = gwp(Gas.CF4) * 1 kg{CF4} }"),
     "E0346 l.other\n"
     "E0345 who\n"},
    {"gwp set not named",
     SEMA_RULE("import std.gases\n",
               "stage s : production { emit a = 1 kg{CF4} * gwp(CF4) emit b = 1 kg{CF4} * gwp(CF4) }"),
     "E0343 gwp(CF4)\n"},
    {"gwp set unknown",
     SEMA_RULE("import std.gases\n",
               "gwp ar7\n"
               "stage s : production { emit a = 1 kg{CF4} * gwp(CF4) }"),
     "E0247 ar7\n"},
    {"gas absent from the set",
     SEMA_RULE("import std.gases\n",
               "gwp sar\n"
               "stage s : production { emit a = 1 kg{NF3} * gwp(NF3) emit b = 1 kg{SF6} * gwp(SF6) }"),
     "E0344 gwp(NF3)\n"},
    {"tolerances",
     SEMA_RULE("",
               "let a = if out == 3 kg within 3 % then 1 else 2\n"
               "let b = if out == 3 kg within 2 kWh then 1 else 2\n"
               "let c = if n == 3 within 2 kg then 1 else 2\n"
               "let d = if temp == 3 ℃ within 3 % then 1 else 2\n"
               "function near(x, y) = x == y within 3 %\n"
               "let e = if near(out, 3 kg) then 1 else 2\n"
               "report f : kgCO2e/t = total\n"
               "example \"e\" { data \"d.json\" expect total = 3 kgCO2e/t within 3 %,\n"
               " expect f = 3 kgCO2e/t within 2 kg }"),
     "E0301 2 kWh\n"
     "E0301 2 kg\n"
     "E0303 3 %\n"
     "E0301 out\n"
     "E0301 3 kg\n"
     "E0301 2 kg\n"},
    {"the total is a result",
     SEMA_RULE("",
               "report a : kgCO2e = total * out\n"
               "report b : kgCO2e = total\n"
               "report c : kgCO2e = a\n"
               "function f(x) = x + total\n"
               "let g = total\n"
               "require total < 1 kgCO2e/t else \"x\"\n"
               "warn total < 1 kgCO2e/t when total > 0 else \"x\"\n"
               "stage s : production { emit e = total * out warn total * 2 < 1 kgCO2e/t else \"x\" }\n"
               "example \"e\" { data \"d.json\" expect total = total }"),
     "E0301 total\n"
     "E0210 a\n"
     "E0232 total\n"
     "E0232 total\n"
     "E0232 total\n"
     "E0232 total\n"
     "E0232 total\n"},
    {"tags",
     SEMA_RULE("",
               "let a = 3 kg{clinker} + 2 kg\n"
               "let b = plain(3 kg{clinker}) + 2 kg\n"
               "let c = 1 - 3 kg{clinker} / 2 kg{cement}\n"
               "function f(x) = plain(x)"),
     "E0301 +\n"
     "E0301 -\n"
     "E0342 x\n"},
    {"optional",
     SEMA_RULE("",
               "let a = spare * 2\n"
               "let b = spare default 3 kWh\n"
               "let c = if spare is given then spare else 0 kWh\n"
               "let d = if not (spare is given) then 1 kWh else spare\n"
               "let e = spare is given and spare > 2 kWh\n"
               "let f = not (spare is given) or spare > 2 kWh\n"
               "let g = spare is given or spare > 2 kWh\n"
               "let h = spare default 3 kg"),
     "E0313 spare\n"
     "E0313 spare\n"
     "E0301 3 kg\n"},
    {"optional passes through",
     SEMA_RULE("",
               "let a = spare\n"
               "let b = a default 1 kWh\n"
               "let c = a + 1 kWh\n"
               "function f(p: parts) = p.extra\n"
               "let d = sum(p in parts: f(p) default 0 kg)\n"
               "let e = sum(p in parts: f(p))\n"
               "let g = if n > 3 then spare else 2 kWh\n"
               "let h = g * 2"),
     "E0313 a\n"
     "E0313 f(p)\n"
     "E0313 g\n"},
    {"optional in rows and conditions",
     SEMA_RULE("",
               "let a = sum(p in parts where p.extra is given: p.extra)\n"
               "let b = sum(p in parts: p.extra)\n"
               "stage s : production { emit f when spare is given = spare * 1 kgCO2e/kWh emit g = spare "
               "* 1 kgCO2e/kWh }\n"
               "stage u : production when spare is given { emit f = spare * 1 kgCO2e/kWh }\n"
               "require spare > 0 kWh when spare is given else \"x\""),
     "E0313 p.extra\n"
     "E0313 spare\n"},
    {"never missing",
     SEMA_RULE("table people(name: text) -> { age: number } { \"ann\" => 1 }\n",
               "let a = out default 3 t\n"
               "let b = n is given\n"
               "let c = largest(p in parts: p.mass) is given\n"
               "let d = (largest(p in parts: p.mass)).mass default 3 kg\n"
               "let e = min(p in parts: p.mass) default 1 kg\n"
               "let f = people(who).age default 3"),
     "W0314 out\n"
     "W0314 n\n"},
    {"choices",
     SEMA_RULE("choice Mode { truck }\n",
               "let a = hue == red\n"
               "let b = red == hue\n"
               "let c = red\n"
               "let d = who == red\n"
               "let e = if n > 2 then blue else hue\n"
               "let g = hue == truck\n"
               "let h = if n > 2 then hue else blue"),
     "E0322 red\n"
     "E0323 red\n"
     "E0234 truck\n"},
    {"value and member of one name",
     SEMA_RULE("",
               "let red = 3\n"
               "let a = hue == red\n"
               "let green = hue\n"
               "let b = hue == green\n"
               "let c = red + 2"),
     "E0324 green\n"},
    {"match",
     SEMA_RULE("",
               "let a = match hue { red => 1, green => 2 }\n"
               "let b = match hue { red, green => 1, blue => 2 }\n"
               "let c = match hue { red => 1, red => 2, otherwise => 3 }\n"
               "let d = match hue { red, green, blue => 1, otherwise => 2 }\n"
               "let e = match who { \"a\" => 1 }\n"
               "let f = match who { \"a\" => 1, \"a\" => 2, otherwise => 3 }\n"
               "let g = match since { 2019 .. 2021 => 1, 2020 => 2, otherwise => 3 }\n"
               "let h = match n { 1 => 1, otherwise => 2 }\n"
               "let i = match hue { red => 1 kg, otherwise => 2 kWh }\n"
               "let j = match hue { \"red\" => 1, otherwise => 2 }\n"
               "let k = match hue { rad => 1, otherwise => 2 }\n"
               "let l = match since { 2021 .. 2019 => 1, otherwise => 2 }"),
     "E0334 match hue { red => 1, gr\n"
     "E0335 red\n"
     "E0335 otherwise\n"
     "E0334 match who { \"a\" => 1 }\n"
     "E0335 \"a\"\n"
     "E0335 2020\n"
     "E0333 n\n"
     "E0301 2 kWh\n"
     "E0336 \"red\"\n"
     "E0234 rad\n"
     "E0337 2021 .. 2019\n"},
    {"equality",
     SEMA_RULE("",
               "let a = out == 3 t\n"
               "let b = out == 3 t within 0.1 t\n"
               "let c = n == 3\n"
               "let d = count(p in parts) == 2\n"
               "let e = n * 2 == 3\n"
               "let f = who == \"x\"\n"
               "let g = hue != red\n"
               "let h = since == 2024\n"
               "let i = out == 3 t within 1 kWh\n"
               "let j = who == \"x\" within 1\n"
               "let k = rounded(n * 3.7) == 4\n"
               "let l = true == false\n"
               "let m = who == 3"),
     "E0331 ==\n"
     "E0331 ==\n"
     "E0301 1 kWh\n"
     "E0332 1\n"
     "E0302 3\n"},
    {"order",
     SEMA_RULE("",
               "let a = who < \"b\"\n"
               "let b = hue > red\n"
               "let c = since >= 2020\n"
               "let d = out < 3 kWh\n"
               "let e = 1 < n and n < 3\n"
               "let f = out and n > 2"),
     "E0330 who < \"b\"\n"
     "E0330 hue > red\n"
     "E0301 3 kWh\n"
     "E0307 out\n"},
    {"years",
     SEMA_RULE("",
               "let a = since - 2020\n"
               "let b = since - 1\n"
               "let c = since + 1\n"
               "let d = since * 2\n"
               "let e = since + since\n"
               "let f = since + 2 kg\n"
               "let g = 2030 - since"),
     "E0325 since - 1\n"
     "E0306 since\n"
     "E0325 since + since\n"
     "E0325 since + 2 kg\n"},
    {"temperatures",
     SEMA_RULE("",
               "let a = temp - 20 ℃\n"
               "let b = temp + 3 K\n"
               "let c = temp * 2\n"
               "let d = temp > 20 ℃\n"
               "let e = temp > 0\n"
               "let f = temp + temp\n"
               "let g = 3 K - temp\n"
               "function h(x) = x\n"
               "let i = h(temp)\n"
               "let j = max(temp, 20 ℃) - temp\n"
               "let k = temp == 3 ℃ within 1 K"),
     "E0305 temp\n"
     "E0303 0\n"
     "E0304 temp + temp\n"
     "E0304 3 K - temp\n"
     "E0321 temp\n"},
    {"powers",
     SEMA_RULE("",
               "let a = out ^ 2 + 3 kg ^ 2\n"
               "let b = out ^ 0.75\n"
               "let c = (out / 1 t) ^ 0.75\n"
               "let d = 2 ^ n\n"
               "let e = out ^ 13\n"
               "let f = 2 ^ out\n"
               "let g = (out ^ 12) ^ 12\n"
               "let h = out ^ -2 * out ^ 2\n"
               "let i = 2 ^ 13 + (out / 1 kg) ^ n + 1\n"
               "let j = out ^ n"),
     "E0327 out\n"
     "E0328 13\n"
     "E0329 out\n"
     "E0326 (out ^ 12) ^ 12\n"
     "E0327 out\n"},
    {"roots, exponentials, logarithms",
     SEMA_RULE("",
               "function side(area) = sqrt(area)\n"
               "let a = sqrt(3 m2) + 1 m\n"
               "let b = side(4 ha) + 1 kg\n"
               "let c = sqrt(out)\n"
               "let d = sqrt(out * out / n) + out\n"
               "let e = exp(out) + ln(n)\n"
               "let f = exp(n / 2) + 1 kg\n"
               "let g = ln(5 %) * sqrt(n, 2)\n"
               "let h = side(out)"),
     "E0301 +\n"
     "E0370 out\n"
     "E0371 out\n"
     "E0301 +\n"
     "E0316 sqrt(n, 2)\n"
     "E0301 out\n"},
    {"generic functions",
     SEMA_RULE("",
               "function f(x, y) = x * y + y * x\n"
               "function g(u, v) = u + v\n"
               "function h(x) = x ^ 2 + 4 m2\n"
               "let a = f(2 kg, 3 kWh) + 1 kg·kWh\n"
               "let b = g(2 kg, 3 kWh)\n"
               "let c = g(2 kg, 3 t) + out\n"
               "let d = h(3 m) + 1 m2\n"
               "let e = h(3 kg)\n"
               "let i = g(0, 3 kWh) + 1 kWh\n"
               "function k(x) = g(x, 2 kg)\n"
               "let j = k(3 kWh)"),
     "E0301 3 kWh\n"
     "E0301 3 kg\n"
     "E0301 3 kWh\n"},
    {"arguments",
     SEMA_RULE("",
               "function g(u, v) = u + v\n"
               "let a = g(v = 2 kg, u = 3 kg)\n"
               "let b = g(1 kg)\n"
               "let c = g(1 kg, z = 3 kg)\n"
               "let d = g(1, 2, 3)\n"
               "let e = g(1 kg, u = 2 kg)\n"
               "let f = g(u = 1 kg, 2 kg)\n"
               "let h = g(hue, who)\n"
               "let i = g\n"
               "let j = max(1)\n"
               "let k = floor(1, 2)\n"
               "let l = max(x = 1, y = 2)"),
     "E0319 g(1 kg)\n"
     "E0317 z\n"
     "E0316 3\n"
     "E0318 u\n"
     "E0320 2 kg\n"
     "E0321 hue\n"
     "E0321 who\n"
     "E0315 g\n"
     "E0316 max(1)\n"
     "E0316 floor(1, 2)\n"
     "E0317 x\n"},
    {"rows",
     SEMA_RULE("",
               "function w(p: parts) = p.mass * 2\n"
               "let a = sum(p in parts: w(p))\n"
               "let b = largest(p in parts: p.mass).hue == red\n"
               "let c = sum(q in largest(p in parts: p.mass).sub: q.x)\n"
               "let d = parts\n"
               "let e = parts.mass\n"
               "let f = sum(p in out: 1)\n"
               "let g = sum(p in parts: p)\n"
               "let h = sum(p in parts: p.mas)\n"
               "let i = w(parts)\n"
               "let j = out.mass\n"
               "let k = sum(y in 1 .. n: y)\n"
               "let l = largest(y in 1 .. 3: y)\n"
               "let m = sum(y in 1 kg .. 3 kg: 1)\n"
               "let o = any(p in parts: p.mass)\n"
               "let q = all(p in parts: p.mass > 2 kg) and count(p in parts where p.hue == red) > 1"),
     "E0212 q\n"
     "E0308 parts\n"
     "E0308 parts\n"
     "E0310 out\n"
     "E0306 p\n"
     "E0312 mas\n"
     "E0308 parts\n"
     "E0311 out\n"
     "E0340 1 .. 3\n"
     "E0338 1 kg\n"
     "E0338 3 kg\n"
     "E0307 p.mass\n"},
    {"tables as functions",
     SEMA_RULE("table price(c: Colour, from_year: year) -> kgCO2e/kg { red, 2020 => 1 }\n",
               "let a = price(hue, 2020) * out + 1 kgCO2e\n"
               "let b = price(red, since)\n"
               "let c = price(who, since)\n"
               "let d = price(hue)\n"
               "let e = price\n"
               "let f = sum(p in price: p)"),
     "E0302 who\n"
     "E0319 price(hue)\n"
     "E0315 price\n"},
    {"factors",
     SEMA_RULE("",
               "factor gas(name: text): kgCO2e/kg\n"
               "factor steam: kgCO2e/MJ = 0.1 kgCO2e/kWh\n"
               "factor bad: kgCO2e/MJ = 0.1 kgCO2e/kg\n"
               "factor data_default: kg = out\n"
               "let a = gas(\"x\") * out + steam * 3 kWh\n"
               "let b = gas(hue)\n"
               "let c = gas"),
     "E0301 0.1 kgCO2e/kg\n"
     "E0353 out\n"
     "E0302 hue\n"
     "E0315 gas\n"},
    {"rounded and others",
     SEMA_RULE("",
               "let a = rounded(out)\n"
               "let b = rounded(out, 1 kg)\n"
               "let c = rounded(n, half_up)\n"
               "let d = rounded(n, mode = sideways)\n"
               "let e = floor(out)\n"
               "let f = rounded(out, 1 kWh)\n"
               "let g = min(out, 3 kWh)\n"
               "let h = max(out, 3 kg, 0)\n"
               "let i = rounded(n, mode = half_up, step = 3)\n"
               "let j = abs(who)\n"
               "let k = min(who, \"x\")\n"
               "let l = rounded(n, 1, 2, 3)\n"
               "let m = rounded(n, half_up, up)"),
     "E0341 out\n"
     "E0210 sideways\n"
     "E0341 out\n"
     "E0301 1 kWh\n"
     "E0301 3 kWh\n"
     "E0306 who\n"
     "E0306 who\n"
     "E0316 rounded(n, 1, 2, 3)\n"
     "E0318 up\n"},
    {"declarations",
     SEMA_RULE("",
               "let a : kg = 3 kWh\n"
               "let b : kg = out\n"
               "let c = 0.5 range 0 .. 1\n"
               "let d = 0.5 range 0 .. 1 kg\n"
               "let e = 0.5 range 0 .. n\n"
               "let f = who range 0 .. 1\n"
               "data { g: kg = 3 kWh, h: kg = out, i: kg range 0 .. 5 t, j: % = 3 %, k: kg range 0 kWh "
               ".. 3 kg, l: year = 2020 range 2000 .. 2100, m: Colour = red, o: text = red }\n"
               "report z : kWh/t = out"),
     "E0301 3 kWh\n"
     "E0301 1 kg\n"
     "E0353 n\n"
     "E0339 0\n"
     "E0301 3 kWh\n"
     "E0301 0 kWh\n"
     "E0323 red\n"
     "E0301 out\n"},
    {"conditions",
     SEMA_RULE("",
               "let a = if n then 1 else 2\n"
               "let b = not n\n"
               "require out else \"x\"\n"
               "warn n > 3 when out else \"y\"\n"
               "let c = if n > 2 then 1 kg else 2 kWh\n"
               "let d = if n > 2 then 1 kg else 0"),
     "E0307 n\n"
     "E0307 n\n"
     "E0307 out\n"
     "E0307 out\n"
     "E0301 2 kWh\n"},
    {"reference and amounts",
     "rule r \"R\" { declared 0 t reference 3 kg }\n",
     "E0352 0 t\n"},
    {"amount without unit",
     "rule r \"R\" { declared 3 reference 3 kg }\n",
     "E0352 3\n"},
    {"reference of another kind",
     "rule r \"R\" { declared 1 t reference out data { out: kWh } }\n",
     "E0301 out\n"},
    {"cut-off",
     SEMA_RULE("",
               "cutoff p in parts by p.mass each 1 %, together 5 %\n"
               "cutoff q in more by q.hue each 1 kg together n\n"
               "data { more: list of { hue: Colour } }"),
     "E0306 q.hue\n"
     "E0349 1 kg\n"
     "E0353 n\n"},
    {"rounding digits",
     SEMA_RULE("",
               "round total to 20 significant\n"
               "report z : kg = 0\n"
               "round z to 0 decimals\n"
               "report y : kg = 0\n"
               "round y to -1 decimals\n"
               "report x : kg = 0\n"
               "round x to 0 significant"),
     "E0350 20\n"
     "E0350 -1\n"
     "E0350 0\n"},
    {"expectations",
     SEMA_RULE("",
               "report z : kg = 0\n"
               "example \"e\" { data \"d\" expect total = 3 kgCO2e/kg within 1 kgCO2e/t expect total = "
               "3 kWh expect z = 3 kWh expect total = 3 kgCO2e within 3 kg expect z = out }"),
     "E0351 3 kWh\n"
     "E0301 3 kWh\n"
     "E0301 3 kg\n"
     "E0353 out\n"},
    {"emit in words",
     SEMA_RULE("",
               "stage s : production { emit f = who emit g = hue emit h = 0 }"),
     "E0347 who\n"
     "E0347 hue\n"},
    {"one mistake, one message",
     SEMA_RULE("",
               "let a = out + 3 kWh\n"
               "let b = a * 2 + out\n"
               "let c = b + a\n"
               "let d = sum(p in parts: p.nothing * 3 kg + 2 kWh)\n"
               "let e = unknown + 3 kWh - 2 kg"),
     "E0301 +\n"
     "E0312 nothing\n"
     "E0210 unknown\n"},
};

START_TEST(messages)
{
    sema_check(&cases[_i]);
}
END_TEST

/* ---- what later phases read in the tree ---- */

static const struct expr *value_of(const struct sema *sema, const char *let)
{
    const struct decl *decl = sema_find(sema, let);
    ck_assert_ptr_nonnull(decl);
    return decl->as.let.value;
}

START_TEST(members_by_expected_type)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("", "let a = hue == blue\nlet b = Colour.green == hue\nlet c = match hue { blue => 1, "
                                   "otherwise => 2 }"));
    ck_assert_uint_eq(sema.diags.errors, 0);
    const struct expr *a = value_of(&sema, "a");
    ck_assert_int_eq(a->type.kind, TYPE_BOOL);
    ck_assert_int_eq(a->as.binary.right->ref.kind, REF_MEMBER);
    ck_assert_uint_eq(a->as.binary.right->ref.index, 2);
    ck_assert_uint_eq(value_of(&sema, "b")->as.binary.left->ref.index, 1);
    ck_assert_uint_eq(value_of(&sema, "c")->as.match.arms->patterns->member, 2);
    sema_close(&sema);
}
END_TEST

START_TEST(whole_numbers)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("", "let a = count(p in parts) + 2\nlet b = n + 2\nlet c = floor(n) * 3\nlet d = 2.0\n"
                                   "let e = since - 2000\nlet f = rounded(n, 0.1)\nlet g = sum(y in 1 .. 3: y)"));
    ck_assert_uint_eq(sema.diags.errors, 0);
    ck_assert(value_of(&sema, "a")->type.is_whole);
    ck_assert(!value_of(&sema, "b")->type.is_whole);
    ck_assert(value_of(&sema, "c")->type.is_whole);
    ck_assert(!value_of(&sema, "d")->type.is_whole);
    ck_assert(value_of(&sema, "e")->type.is_whole);
    ck_assert(!value_of(&sema, "f")->type.is_whole);
    ck_assert(value_of(&sema, "g")->type.is_whole);
    sema_close(&sema);
}
END_TEST

START_TEST(missing_values)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("table t(w: text) -> { v: kg optional } {\n \"a\" => 1\n}\n",
                               "let a = spare\nlet b = if spare is given then spare else 1 kWh\n"
                               "let c = largest(p in parts: p.mass)\nlet d = t(who)\nlet e = min(p in parts: p.mass)\n"
                               "let f = c.extra default 1 kg"));
    ck_assert_uint_eq(sema.diags.errors, 0);
    ck_assert(value_of(&sema, "a")->type.is_optional);
    ck_assert(!value_of(&sema, "b")->type.is_optional);
    ck_assert(!value_of(&sema, "b")->as.conditional.then->type.is_optional);
    ck_assert(value_of(&sema, "c")->type.can_be_missing);
    ck_assert_int_eq(value_of(&sema, "c")->type.kind, TYPE_ROW);
    ck_assert_ptr_eq(value_of(&sema, "c")->type.decl, sema_find(&sema, "parts"));
    ck_assert(value_of(&sema, "d")->type.can_be_missing);
    ck_assert(value_of(&sema, "e")->type.can_be_missing);
    const struct expr *extra = value_of(&sema, "f")->as.defaulted.value;
    ck_assert(extra->type.is_optional && extra->type.can_be_missing);
    ck_assert_int_eq(extra->ref.kind, REF_FIELD);
    sema_close(&sema);
}
END_TEST

START_TEST(years_and_cells)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("table t(c: Colour) -> { a: kg, b: % } {\n red => 1, ( 2 * 3 )\n green => 2 t, 3 %\n"
                               " blue => 1, 2\n}\n",
                               "let a = since >= 2020"));
    ck_assert_uint_eq(sema.diags.errors, 0);
    ck_assert_int_eq(value_of(&sema, "a")->as.binary.right->type.kind, TYPE_YEAR);
    const struct table_row *row = sema_find(&sema, "t")->as.table.rows;
    ck_assert(row->cells->takes_unit && row->cells->next->takes_unit);
    ck_assert(!row->next->cells->takes_unit && !row->next->cells->next->takes_unit);
    sema_close(&sema);
}
END_TEST

START_TEST(cells_of_a_file)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("table w(c: Colour) -> { m: kg optional, next: Colour, y: year } from \"w.csv\"\n", "")
                     "=== w.csv\nc,m,next,y\nred,1.5,b,2020\ngreen,,red,2021\nb,3,green,2022\n");
    ck_assert_uint_eq(sema.diags.errors, 0);
    const struct table_row *row = sema_find(&sema, "w")->as.table.rows;
    ck_assert_int_eq(row->patterns->kind, PATTERN_NAME);
    ck_assert_int_eq(row->cells->value->kind, EXPR_NUMBER);
    ck_assert(row->cells->takes_unit);
    ck_assert_uint_eq(row->cells->next->value->ref.index, 2);
    ck_assert_int_eq(row->cells->next->next->value->type.kind, TYPE_YEAR);
    ck_assert_ptr_null(row->next->cells->value);
    ck_assert_uint_eq(row->next->next->patterns->member, 2);
    sema_close(&sema);
}
END_TEST

START_TEST(both_origins_are_shown)
{
    struct sema sema;
    sema_open(&sema, SEMA_RULE("", "let grid = 0.5 kgCO2e/kWh\nlet a = 2 * out + (spare default 0)"));
    ck_assert_uint_eq(sema.diags.errors, 1);
    const struct diag *diag = sema.diags.first;
    size_t labels = 0;
    bool has_out = false;
    bool has_spare = false;
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        struct str text = span_text(&sema.sources, label->at);
        has_out = has_out || str_eq(text, STR("out"));
        has_spare = has_spare || str_eq(text, STR("spare"));
        labels++;
    }
    ck_assert(has_out && has_spare);
    ck_assert_uint_le(labels, 6);
    sema_close(&sema);
}
END_TEST

/* Doubling lets are one declaration each: the check must not go through all their uses. */
START_TEST(lets_that_double)
{
    char source[8192] = "rule r \"R\" { declared 1 kg reference a0 data { a0: kg }\n";
    size_t len = strlen(source);
    for (int i = 1; i <= 100; i++) {
        len += (size_t)sprintf(source + len, "let a%d = a%d + a%d\n", i, i - 1, i - 1);
    }
    strcpy(source + len, "let z = a100 + 3 kWh\n}\n");
    char *found = sema_report(source);
    ck_assert_str_eq(found, "E0301 +\n");
    free(found);
}
END_TEST

/* ---- in both languages ---- */

static void assert_wording(const char *source, const char *en, const char *zh)
{
    struct sema sema;
    sema_open(&sema, source);
    size_t count = 0;
    const struct diag *diag = diags_sorted(&sema.arena, &sema.diags, &count)[0];
    ck_assert_uint_eq(count, 1);
    struct str texts[2] = {diag_message(&sema.arena, diag, LANG_EN), diag_message(&sema.arena, diag, LANG_ZH)};
    ck_assert_msg(str_eq(texts[0], str_of(en)), "%.*s", STR_FMT(texts[0]));
    ck_assert_msg(str_eq(texts[1], str_of(zh)), "%.*s", STR_FMT(texts[1]));
    sema_close(&sema);
}

START_TEST(types_are_called_by_their_names)
{
    assert_wording(SEMA_RULE("", "let a = 2 * who"), "a number is needed here, not text", "此处需要数值，而不是文本");
    assert_wording(SEMA_RULE("", "let a : kg = since"), "types do not agree: year and kg", "类型不一致：年份与 kg");
    assert_wording(SEMA_RULE("", "let a = if parts then 1 else 2"),
                   "`parts` is a list, not a value; sum or count it, or pick a row",
                   "“parts”是明细，不是值；请求和、计数或选取一行");
    assert_wording(SEMA_RULE("", "let a = largest(p in parts: p.hue == red).mass"),
                   "`largest` compares numbers or years, not bool", "“最大者”比较数值或年份，不比较“是否”值");
    assert_wording(SEMA_RULE("", "let a = sum(k in 2015 .. since: k)"),
                   "the ends of a range are plain numbers, not year", "区间两端须为无量纲数，而不是年份");
    assert_wording(SEMA_RULE("", "let a = 3 primary"), "`primary` does not go with let", "“初级”不能用于设");
    assert_wording(SEMA_RULE("", "boundary cradle"),
                   "`cradle` is no boundary; known are cradle_to_gate, cradle_to_grave, gate_to_gate",
                   "“cradle”不能用于系统边界；可用的有从摇篮到大门、从摇篮到坟墓、从大门到大门");
}
END_TEST

Suite *types_suite(void);
Suite *types_suite(void)
{
    Suite *suite = suite_create("types");
    TCase *tcase = tcase_create("messages");
    tcase_add_loop_test(tcase, messages, 0, (int)countof(cases));
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("tree");
    tcase_add_test(tcase, members_by_expected_type);
    tcase_add_test(tcase, whole_numbers);
    tcase_add_test(tcase, missing_values);
    tcase_add_test(tcase, years_and_cells);
    tcase_add_test(tcase, cells_of_a_file);
    tcase_add_test(tcase, both_origins_are_shown);
    tcase_add_test(tcase, lets_that_double);
    tcase_add_test(tcase, types_are_called_by_their_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
