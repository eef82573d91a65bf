/* What units are called in compiled rules: the author's spelling, the same in every language; and the verifier refuses
   texts that mean another unit. */
#include <check.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "tests/unit/program_builder.h"
#include "vm/verify.h"

Suite *unit_texts_suite(void);

/* ---- in compiled rules ---- */

static const char *unit_text_of(uint32_t unit)
{
    const struct program *program = lower_compiled->program;
    return str_copy(&lower_arena, program->texts[program->units[unit].text]).at;
}

/* The text of a field's unit and the semantic hash. */
static const char *field_text(const char *declarations, const char *fields, const char *items, uint32_t field,
                              char hash[65])
{
    lower_compile(declarations, fields, items);
    lower_assert_compiled();
    struct str bytes;
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    memcpy(hash, lower_compiled->program->hash, 65);
    return unit_text_of(lower_compiled->program->fields[field].unit);
}

static const struct {
    const char *declarations, *written, *text;
} FIELDS[] = {
    {"",                                               "m/g",              "m/g"           },
    {"",                                               "km/kg",            "km/kg"         },
    {"",                                               "米/克",          "m/g"           },
    {"",                                               "千瓦时",        "kWh"           },
    {"",                                               "度",              "kWh"           },
    {"",                                               "kW·h",            "kW·h"         },
    {"",                                               "吨/公顷",       "t/ha"          },
    {"",                                               "kgCO2e/吨公里", "kgCO2e/(t·km)"},
    {"",                                               "m²·年",         "m2·a"         },
    {"",                                               "万吨",           "万吨"        },
    {"names { n 熟料 }",                             "kWh/kg{熟料}",   "kWh/kg{n}"     },
    {"unit bale unit sack = 50 kg names { sack 袋 }", "袋/bale",         "sack/bale"     },
    {"unit bag = 50 kg unit sack = 50 kg",             "sack",             "sack"          },
};

START_TEST(fields_show_the_unit_as_written)
{
    const char *declarations = FIELDS[_i].declarations;
    char written[65];
    char canonical[65];
    const char *item = "report x : number = n";
    struct str fields = str_format(&lower_arena, "n: number, a: %s", FIELDS[_i].written);
    ck_assert_str_eq(field_text(declarations, fields.at, item, 1, written), FIELDS[_i].text);
    fields = str_format(&lower_arena, "n: number, a: %s", FIELDS[_i].text);
    ck_assert_str_eq(field_text(declarations, fields.at, item, 1, canonical), FIELDS[_i].text);
    ck_assert_str_eq(written, canonical);
}
END_TEST

static const struct {
    const char *fields, *declarations, *items, *text; /* of the second field's unit */
} FIRST[] = {
    {"n: number, a: m/g, b: km/kg", "",                                                                          "report x : number = n", "m/g"  },
    {"n: number, a: km/kg, b: m/g", "",                                                                          "report x : number = n", "km/kg"},
    {"n: number, a: m/g",           "table t(k: number) -> km/kg { up to 1 => 2 km/kg\n otherwise => 3 km/kg }",
     "report x : number = (t(n) + a) / (1 km/kg)",                                                                                        "m/g"  },
};

START_TEST(the_first_spelling_counts)
{
    char hash[65];
    ck_assert_str_eq(field_text(FIRST[_i].declarations, FIRST[_i].fields, FIRST[_i].items, 1, hash), FIRST[_i].text);
}
END_TEST

START_TEST(reports_come_first)
{
    char hash[65];
    field_text("table t(k: number) -> m/g { up to 1 => 2 m/g\n otherwise => 3 m/g }", "n: number",
               "factor f : km/kg = 2 km/kg cite \"c\" report x : number = plain(f / t(n))", 0, hash);
    ck_assert_str_eq(unit_text_of(lower_compiled->program->factors[0].unit), "m/g");
    field_text("", "n: number, d: kN, c: kg{C}/kg", "report x : MJ/km = d * n report y : t{C}/t = c", 1, hash);
    ck_assert_str_eq(unit_text_of(lower_compiled->program->outputs[0].unit), "MJ/km");
    ck_assert_str_eq(unit_text_of(lower_compiled->program->outputs[1].unit), "t{C}/t");
    field_text("", "n: number", "factor f : km/kg = 2 km/kg cite \"c\" report x : m/g = f", 0, hash);
    ck_assert_str_eq(unit_text_of(lower_compiled->program->outputs[0].unit), "m/g");
}
END_TEST

/* A unit of its own (MJ/km, not kN) that no field, factor or report has; a let without a use adds no unit. */
START_TEST(lets_with_a_type_keep_its_unit)
{
    lower_compile("unit bale", "e: MJ, d: km",
                  "let force : MJ/km = e / d let idle : bale/km = 3 bale / d "
                  "report x : number = plain(force / 1 N)");
    lower_assert_compiled();
    const struct program *program = lower_compiled->program;
    bool is_found = false;
    for (uint16_t i = 0; i < program->unit_count; i++) {
        is_found = is_found || strcmp(unit_text_of(i), "MJ/km") == 0;
        ck_assert_str_ne(unit_text_of(i), "kN");
        ck_assert_str_ne(unit_text_of(i), "bale/km");
    }
    ck_assert(is_found);
}
END_TEST

/* Nobody wrote zz·aa/24; its text has a scale, and the rule's bases are known in another order when it is loaded. */
START_TEST(units_between_are_accepted)
{
    lower_compile("unit zz unit aa", "a: zz{q}/d, b: aa{p}·h, c: zz·aa{p}", "report x : number = plain(a * b / c)");
    lower_assert_compiled();
    lower_run("{\"a\": 48, \"b\": 3, \"c\": 2}");
    lower_assert_report("x", 3);
}
END_TEST

/* ---- values that nobody wrote a unit for ---- */

static const struct {
    const char *requirement, *told;
} SIDES[] = {
    {"m * s <= out * 40 %",         "the two sides are 6.6 t and 4 t"              },
    {"m * s + m * q <= out * 40 %", "the two sides are 9 t and 4 t"                },
    {"w / s <= w / q * 10 %",       "the two sides are 1818.18… g and 500 g"     },
    {"e * l / d <= 2 kWh",          "the two sides are 100000 kWh and 2 kWh"       },
    {"ef * area <= 3 kgCO2e",       "the two sides are 15000 kgCO2e and 3 kgCO2e"  },
    {"ef * s <= 1 gCO2e/m2",        "the two sides are 275 gCO2e/m2 and 1 gCO2e/m2"},
    {"n * s <= 1",                  "the two sides are 1.65 and 1"                 },
    {"s * q <= 1 %",                "the two sides are 0.11 and 0.01"              },
    {"s <= q",                      "the two sides are 55 % and 20 %"              },
    {"s + q <= 60 %",               "the two sides are 75 % and 60 %"              },
    {"w / m <= 0.01 g/kg",          "the two sides are 83.3333… ppm and 10 ppm"  },
    {"w * s <= 0 g",                "the value is 550 g"                           },
};

START_TEST(sides_are_told_in_units_that_people_use)
{
    const char *fields = "e: kWh, l: cm, d: km, m: t, s: % range 1 % .. 100 %, q: % range 1 % .. 100 %, n: number, "
                         "w: g, area: ha, ef: gCO2e/m2, out: t";
    lower_compile("", fields,
                  str_format(&lower_arena, "report x : number = n require %s else \"no\"", SIDES[_i].requirement).at);
    lower_assert_compiled();
    lower_run("{\"e\": 5000, \"l\": 40000, \"d\": 0.02, \"m\": 12, \"s\": 55, \"q\": 20, \"n\": 3, "
              "\"w\": 1000, \"area\": 3, \"ef\": 500, \"out\": 10}");
    ck_assert_msg(strstr(lower_outcome.error_text, SIDES[_i].told) != NULL, "%s", lower_outcome.error_text);
}
END_TEST

/* ---- hostile ---- */

static struct builder b;

static enum diag_code refusal(void)
{
    builder_report(&b, "r", 0, builder_number(&b, "1", 0));
    struct diags out = diags_in(&b.arena);
    struct verified *verified = verify_program(&b.arena, builder_finish(&b), &out);
    ck_assert((verified == NULL) == (out.errors > 0));
    return out.first == NULL ? DIAG_NONE : out.first->code;
}

static void field_in(uint16_t unit)
{
    builder_the_field(&b, builder_field(&b, NO_INDEX, "x", unit))->low = NO_INDEX;
}

static const struct {
    const char *text, *scale, *kind;
    enum diag_code expected;
} TEXTS[] = {
    {"kWh",                "3600000", "kg m^2 s^-2",          DIAG_NONE      },
    {"kW·h",              "3600000", "kg m^2 s^-2",          DIAG_NONE      },
    {"1.44 kg{CF4}/kg",    "36/25",   "{CF4}",                DIAG_NONE      },
    {"1/7 kg3/mol2",       "1/7",     "kg^3 mol^-2",          DIAG_NONE      },
    {"7",                  "7",       "",                     DIAG_NONE      },
    {"%",                  "1/100",   "",                     DIAG_NONE      },
    {"bale",               "1",       "bale",                 DIAG_NONE      },
    {"kg{clinker}/bale",   "1",       "kg {clinker} bale^-1", DIAG_NONE      },
    {"kgCO2e/t",           "1",       "CO2e kg^-1",           D_PROGRAM_VALUE}, /* kgCO2e/kg */
    {"kgCO2e/t",           "1/1000",  "CO2e m^-1",            D_PROGRAM_VALUE},
    {"gCO2e",              "1/1000",  "kg",                   D_PROGRAM_VALUE},
    {"t",                  "1",       "kg",                   D_PROGRAM_VALUE},
    {"kg",                 "1",       "kg {clinker}",         D_PROGRAM_VALUE},
    {"kg{clinker}",        "1",       "kg",                   D_PROGRAM_VALUE},
    {"kg{cement}",         "1",       "kg {clinker}",         D_PROGRAM_VALUE},
    {"%",                  "1/1000",  "",                     D_PROGRAM_VALUE},
    {"",                   "1",       "kg",                   D_PROGRAM_VALUE},
    {"mass",               "1",       "kg",                   D_PROGRAM_VALUE},
    {"kg ",                "1",       "kg",                   D_PROGRAM_VALUE},
    {" kg",                "1",       "kg",                   D_PROGRAM_VALUE},
    {"1 kg",               "1",       "kg",                   D_PROGRAM_VALUE},
    {"1.440 kg{CF4}/kg",   "36/25",   "{CF4}",                D_PROGRAM_VALUE},
    {"1.45 kg{CF4}/kg",    "36/25",   "{CF4}",                D_PROGRAM_VALUE},
    {"1.44 kg{CF4}/kg kg", "36/25",   "{CF4}",                D_PROGRAM_VALUE},
    {"7 1",                "7",       "",                     D_PROGRAM_VALUE},
    {"8",                  "7",       "",                     D_PROGRAM_VALUE},
    {"crate",              "1",       "bale",                 D_PROGRAM_VALUE},
    {"℃",                "1",       "K",                    D_PROGRAM_VALUE}, /* no point */
    {"t",                  "1",       "t",                    D_PROGRAM_VALUE}, /* a base of a unit's name */
    {"gCO2e",              "1",       "gCO2e",                D_PROGRAM_VALUE},
    {"a/b",                "1",       "a/b",                  D_PROGRAM_VALUE},
    {"kg{x}/kg",           "1",       "{x}/kg}",              D_PROGRAM_VALUE}, /* a tag that cannot be written */
    {"kg{}/kg",            "1",       "{}",                   D_PROGRAM_VALUE},
};

START_TEST(texts_mean_their_unit)
{
    builder_start(&b);
    field_in(builder_unit(&b, TEXTS[_i].text, TEXTS[_i].scale, TEXTS[_i].kind));
    enum diag_code found = refusal();
    ck_assert_msg(found == TEXTS[_i].expected, "%s: %s", TEXTS[_i].text,
                  found == DIAG_NONE ? "accepted" : diag_info(found)->slug);
    builder_free(&b);
}
END_TEST

static enum diag_code refusal_of_point(const char *text, const char *scale, const char *offset)
{
    builder_start(&b);
    field_in(builder_point(&b, text, scale, "K", offset));
    enum diag_code found = refusal();
    builder_free(&b);
    return found;
}

START_TEST(points_are_called_by_their_name)
{
    ck_assert_int_eq(refusal_of_point("℃", "1", "5463/20"), DIAG_NONE);
    ck_assert_int_eq(refusal_of_point("℃", "1", "273"), D_PROGRAM_VALUE);
    ck_assert_int_eq(refusal_of_point("℃", "2", "5463/20"), D_PROGRAM_VALUE);
    ck_assert_int_eq(refusal_of_point("K", "1", "5463/20"), D_PROGRAM_VALUE);
    ck_assert_int_eq(refusal_of_point("5/9 K", "5/9", "5463/20"), D_PROGRAM_VALUE);
}
END_TEST

/* A declared unit of this name and meaning. */
static enum diag_code refusal_of_name(const char *text, const char *scale, const char *kind)
{
    builder_start(&b);
    uint16_t unit = builder_unit(&b, text, scale, kind);
    builder_declare_unit(&b, unit);
    field_in(unit);
    enum diag_code found = refusal();
    builder_free(&b);
    return found;
}

START_TEST(declared_names_are_not_those_of_other_units)
{
    ck_assert_int_eq(refusal_of_name("bag", "50", "kg"), DIAG_NONE);
    ck_assert_int_eq(refusal_of_name("bale", "1", "bale"), DIAG_NONE);
    ck_assert_int_eq(refusal_of_name("t", "50", "kg"), D_PROGRAM_VALUE);
    ck_assert_int_eq(refusal_of_name("千瓦时", "50", "kg"), D_PROGRAM_VALUE);
    ck_assert_int_eq(refusal_of_name("kgCO2e/t", "1", "CO2e kg^-1"), D_PROGRAM_VALUE);
    ck_assert_int_eq(refusal_of_name("1.44 kg", "36/25", "kg"), D_PROGRAM_VALUE);
}
END_TEST

static enum diag_code refusal_of_long(const char *first)
{
    builder_start(&b);
    struct buf text = buf_in(&b.arena);
    buf_add(&text, str_of(first));
    for (int i = 0; i < LIMIT_UNIT_TEXT / 4 - 1; i++) {
        buf_add(&text, STR("*m/m"));
    }
    field_in(builder_unit(&b, str_copy(&b.arena, buf_str(&text)).at, "1", "kg"));
    enum diag_code found = refusal();
    builder_free(&b);
    return found;
}

START_TEST(long_texts_are_refused)
{
    ck_assert_int_eq(refusal_of_long("(kg)"), DIAG_NONE); /* LIMIT_UNIT_TEXT bytes */
    ck_assert_int_eq(refusal_of_long("((kg))"), D_PROGRAM_VALUE);
}
END_TEST

Suite *unit_texts_suite(void)
{
    Suite *suite = suite_create("unit_texts");
    TCase *compiled = tcase_create("compiled");
    tcase_add_checked_fixture(compiled, lower_setup, lower_teardown);
    tcase_add_loop_test(compiled, fields_show_the_unit_as_written, 0, (int)countof(FIELDS));
    tcase_add_loop_test(compiled, the_first_spelling_counts, 0, (int)countof(FIRST));
    tcase_add_test(compiled, reports_come_first);
    tcase_add_test(compiled, lets_with_a_type_keep_its_unit);
    tcase_add_loop_test(compiled, sides_are_told_in_units_that_people_use, 0, (int)countof(SIDES));
    tcase_add_test(compiled, units_between_are_accepted);
    suite_add_tcase(suite, compiled);
    TCase *hostile = tcase_create("hostile");
    tcase_add_loop_test(hostile, texts_mean_their_unit, 0, (int)countof(TEXTS));
    tcase_add_test(hostile, points_are_called_by_their_name);
    tcase_add_test(hostile, declared_names_are_not_those_of_other_units);
    tcase_add_test(hostile, long_texts_are_refused);
    suite_add_tcase(suite, hostile);
    return suite;
}
