#include "vm/factors.h"

#include <check.h>

#include "tests/unit/program_builder.h"

Suite *factors_suite(void);

static struct builder builder;
static struct arena arena;
static struct diags messages;
static struct zuji_factors *factors;
static const struct program *program;
static uint32_t steam, electricity, material, transport;

static void add_key(uint32_t factor, uint32_t key, enum prog_factor_key type, const char *name, uint32_t choice)
{
    struct prog_factor *declared = &builder.program.factors[factor];
    declared->keys[key].type = (uint8_t)type;
    declared->keys[key].name = builder_text(&builder, name);
    declared->keys[key].choice = choice;
    declared->key_count = key + 1;
}

static void setup(void)
{
    static const char *const modes[] = {"truck", "rail"};
    builder_start(&builder);
    uint16_t per_mj = builder_unit(&builder, "kgCO2e/MJ", "1/1000000", "CO2e kg^-1 m^-2 s^2");
    uint16_t per_kwh = builder_unit(&builder, "kgCO2e/kWh", "1/3600000", "CO2e kg^-1 m^-2 s^2");
    uint16_t per_kg = builder_unit(&builder, "kgCO2e/kg", "1", "CO2e kg^-1");
    uint16_t per_tkm = builder_unit(&builder, "kgCO2e/(t·km)", "1/1000000", "CO2e kg^-1 m^-1");
    steam = builder_factor(&builder, "steam", per_mj);
    builder.program.factors[steam].fallback = builder_rational(&builder, "1/10");
    electricity = builder_factor(&builder, "electricity", per_kwh);
    add_key(electricity, 0, FACTOR_KEY_REGION, "country", NO_INDEX);
    add_key(electricity, 1, FACTOR_KEY_YEAR, "when", NO_INDEX);
    material = builder_factor(&builder, "material", per_kg);
    add_key(material, 0, FACTOR_KEY_TEXT, "name", NO_INDEX);
    uint32_t mode = builder_choice(&builder, "Mode", modes, countof(modes));
    builder.program.choices[mode].members[0].code = builder_text(&builder, "lorry");
    transport = builder_factor(&builder, "transport", per_tkm);
    add_key(transport, 0, FACTOR_KEY_MEMBER, "mode", mode);
    program = builder_finish(&builder);
    messages = diags_in(&arena);
    factors = factors_new(NULL);
}

static void teardown(void)
{
    factors_free(factors);
    arena_free(&arena);
    builder_free(&builder);
}

#define HEADER "factor,name,mode,region,year,value,unit,source,parent,note\n"
#define NEEDED                                                                                                         \
    "electricity,,,GLO,2000,0.5,kgCO2e/kWh,,,\nmaterial,steel,,,,2,kgCO2e/kg,,,\n"                                     \
    "transport,,rail,,,0.02,kgCO2e/(t·km),,,\n"

static bool add(const char *text)
{
    return factors_add(factors, str_of(text), STR("factors.csv"), &messages);
}

static struct factor_binding *bind(void)
{
    return factor_bind(&arena, program, factors, &messages);
}

static void assert_str(struct str s, const char *expected)
{
    ck_assert_msg(str_eq(s, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(s), expected);
}

static void assert_value(const struct factor_value *value, const char *exact)
{
    struct rat expected;
    ck_assert_ptr_nonnull(value);
    ck_assert(value->is_found);
    ck_assert(rat_parse(&arena, str_of(exact), &expected));
    struct str text = rat_text(&arena, value->exact);
    ck_assert_msg(rat_eq(value->exact, expected), "%.*s is not %s", STR_FMT(text), exact);
}

static const struct factor_value *electricity_of(struct factor_binding *binding, const char *region, int32_t year)
{
    struct factor_key keys[] = {
        {.text = str_of(region)},
        { .text = STR(""),          .year = year}
    };
    return factor_resolve(binding, electricity, keys, DAYS_UNKNOWN);
}

START_TEST(values_are_converted_exactly)
{
    ck_assert(add(HEADER NEEDED "material,wood,,CN,2020,\"0.3\",kgCO2e/t,\"GB, 2021\",,x\n"
                                "transport,,truck,,,1,gCO2e/(t·km),,,\n"));
    struct factor_binding *binding = bind();
    ck_assert_ptr_nonnull(binding);
    struct factor_key wood[] = {{.text = STR("wood")}};
    const struct factor_value *value = factor_resolve(binding, material, wood, DAYS_UNKNOWN);
    assert_value(value, "3/10000");
    ck_assert_double_eq(value->value, 0.0003);
    assert_str(value->source, "GB, 2021");
    assert_str(value->region, "CN");
    assert_str(value->year, "2020");
    ck_assert_uint_eq(value->line, 5);
    ck_assert(!value->is_default);
    struct factor_key lorry[] = {{.text = STR("lorry")}}; /* the code of the member truck */
    assert_value(factor_resolve(binding, transport, lorry, DAYS_UNKNOWN), "1/1000");
    struct factor_key glass[] = {{.text = STR("glass")}};
    ck_assert(!factor_resolve(binding, material, glass, DAYS_UNKNOWN)->is_found);
    ck_assert_ptr_eq(factor_resolve(binding, material, wood, DAYS_UNKNOWN), value);
}
END_TEST

START_TEST(descriptions_are_kept)
{
    ck_assert(add(HEADER NEEDED));
    ck_assert(add("factor,name,value,unit,quality,primary,licence,uncertainty\n"
                  "material,wood,3,kgCO2e/t,2.5,yes,CC BY 4.0,± 10 %\nmaterial,clay,3,kgCO2e/t,,no,,\n"));
    ck_assert(add("factor,name,value,unit,license\nmaterial,sand,1,kgCO2e/t,of the house\n"));
    struct factor_binding *binding = bind();
    ck_assert_ptr_nonnull(binding);
    struct factor_key key[] = {{.text = STR("wood")}};
    const struct factor_value *value = factor_resolve(binding, material, key, DAYS_UNKNOWN);
    ck_assert_uint_eq(value->quality, 2500);
    ck_assert_int_eq(value->origin, PROG_ORIGIN_PRIMARY);
    assert_str(value->licence, "CC BY 4.0");
    assert_str(value->uncertainty, "± 10 %");
    key[0].text = STR("clay");
    value = factor_resolve(binding, material, key, DAYS_UNKNOWN);
    ck_assert_uint_eq(value->quality, 0);
    ck_assert_int_eq(value->origin, PROG_ORIGIN_SECONDARY);
    key[0].text = STR("sand");
    assert_str(factor_resolve(binding, material, key, DAYS_UNKNOWN)->licence, "of the house");
}
END_TEST

/* Of one file its own, as sha256sum gives it; of two that of their hashes one behind the other. */
START_TEST(a_set_has_a_hash)
{
    ck_assert_str_eq(factors->hash, "");
    ck_assert(add("factor,value,unit\nsteam,1,kgCO2e/MWh\n"));
    ck_assert_str_eq(factors->hash, "a13a884e6747e7ff0694d21bb5d7635e55bc37ecc364420054b1f94ba42caa36");
    ck_assert(add("factor,name,value,unit\nmaterial,clay,1,kgCO2e/t\n"));
    ck_assert_str_eq(factors->hash, "eeb0701d0dc861d69e747301752e6c85d0ca063969471a24ea1ad5128ebfbd6d");
}
END_TEST

START_TEST(descriptions_are_checked)
{
    ck_assert(add("factor,name,value,unit,quality,primary\nmaterial,wood,3,kgCO2e/t,6,yes\n"
                  "material,clay,3,kgCO2e/t,1,maybe\nsteam,,1,kgCO2e/MWh,,\n"));
    ck_assert_ptr_null(bind());
    ck_assert_int_eq(messages.first->code, D_DATA_QUALITY);
    ck_assert_uint_eq(messages.first->place.column, 26);
    ck_assert_int_eq(messages.first->next->code, D_DATA_BOOL_EXPECTED);
}
END_TEST

START_TEST(defaults)
{
    ck_assert(add(HEADER NEEDED));
    struct factor_binding *binding = bind();
    const struct factor_value *value = factor_resolve(binding, steam, NULL, DAYS_UNKNOWN);
    assert_value(value, "1/10");
    ck_assert(value->is_default);
    ck_assert_uint_eq(value->line, 0);
    ck_assert(add("factor,value,unit\nsteam,360,kgCO2e/MWh\n"));
    value = factor_resolve(bind(), steam, NULL, DAYS_UNKNOWN);
    assert_value(value, "1/10"); /* 360 kg per 3600 MJ */
    ck_assert(!value->is_default);
}
END_TEST

static const struct {
    const char *region;
    int32_t year;
    const char *expected; /* NULL: not found */
} cases[] = {
    {"CN-SD", 2024, "11/10"},
    {"CN-SD", 2030, "11/10"},
    {"CN-SD", 2023, "1/1"  }, /* province from 2024, then its grid */
    {"CN-SD", 2021, "9/10" },
    {"CN-HE", 2023, "1/1"  },
    {"CN-GD", 2023, "7/10" }, /* not declared: the country */
    {"CN-GD", 2022, "6/10" },
    {"CN-GD", 2010, "1/5"  },
    {"CN",    2022, "6/10" },
    {"FR",    2024, "3/100"},
    {"FR",    1900, "3/100"}, /* a row without year */
    {"DE",    2024, "1/5"  },
    {"",      2024, "1/5"  },
    {"WORLD", 2024, "1/5"  },
    {"GLO",   2000, "1/5"  },
    {"world", 2000, "1/5"  },
    {"世界",  2000, "1/5"  },
    {"DE",    1999, NULL   },
    {"CN-SD", 1999, NULL   },
    {"A",     2024, "1/2"  },
    {"B",     2024, "1/2"  },
};

START_TEST(regions_and_years_fall_back)
{
    ck_assert(add("factor,name,mode,region,year,value,unit,parent\n"
                  "electricity,,,CN,2022,0.6,kgCO2e/kWh,\n"
                  "electricity,,,CN,2023,0.7,kgCO2e/kWh,\n"
                  "electricity,,,north,2021,0.9,kgCO2e/kWh,\n"
                  "electricity,,,north,2022,1,kgCO2e/kWh,CN\n"
                  "electricity,,,CN-SD,2024,1.1,kgCO2e/kWh,north\n"
                  "electricity,,,FR,,0.03,kgCO2e/kWh,\n"
                  "electricity,,,GLO,2000,0.2,kgCO2e/kWh,\n"
                  "electricity,,,B,2000,0.5,kgCO2e/kWh,A\n"
                  "material,steel,,,,2,kgCO2e/kg,\n"
                  "transport,,rail,,,0.02,kgCO2e/(t·km),\n"));
    ck_assert(add("region,parent\nCN-HE,north\nA,B\n")); /* a circle ends */
    struct factor_binding *binding = bind();
    ck_assert_ptr_nonnull(binding);
    for (int round = 0; round < 2; round++) { /* the second comes from the memo */
        const struct factor_value *value = electricity_of(binding, cases[_i].region, cases[_i].year);
        if (cases[_i].expected == NULL) {
            ck_assert(!value->is_found);
        } else {
            assert_value(value, cases[_i].expected);
        }
    }
}
END_TEST

START_TEST(columns_of_the_keys_own_names)
{
    ck_assert(
        add("factor,country,when,value,unit\nelectricity,FR,2020,1,kgCO2e/kWh\nelectricity,FR,2021,2,kgCO2e/kWh\n"));
    ck_assert(add(HEADER NEEDED));
    struct factor_binding *binding = bind();
    ck_assert_ptr_nonnull(binding);
    assert_value(electricity_of(binding, "FR", 2020), "1");
    assert_value(electricity_of(binding, "FR", 2022), "2");
}
END_TEST

START_TEST(the_memo_is_bounded)
{
    ck_assert(add(HEADER NEEDED));
    struct factor_binding *binding = bind();
    size_t total = 0;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        struct factor_key key[] = {{.text = i % 7 == 0 ? STR("steel") : str_format(&arena, "material %d", i)}};
        const struct factor_value *value = factor_resolve(binding, material, key, DAYS_UNKNOWN);
        ck_assert_int_eq(value->is_found, i % 7 == 0);
        if (i > 0) {
            arena_reset(&arena, mark); /* the first one makes the memo */
            total = i == 1 ? arena.total : total;
        }
    }
    ck_assert_uint_eq(arena.total, total);
    char text[200];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 'x';
    }
    struct factor_key key[] = {{.text = {text, sizeof text}}};
    ck_assert(!factor_resolve(binding, material, key, DAYS_UNKNOWN)->is_found);
}
END_TEST

START_TEST(files_that_serve_nothing_are_warned_of)
{
    ck_assert(add("factor,value,unit\nother,1,kg\n"));
    ck_assert_ptr_nonnull(bind());
    ck_assert_uint_eq(messages.errors, 0);
    const struct diag *diag = messages.first;
    ck_assert_int_eq(diag->code, D_FACTOR_OTHER_FILES);
    assert_str(diag->args[0], "factors.csv");
    ck_assert_ptr_null(diag->next);
    messages = diags_in(&arena);
    ck_assert_ptr_nonnull(factor_bind(&arena, program, NULL, &messages)); /* no files are not the wrong ones */
    ck_assert_ptr_null(messages.first);
}
END_TEST

START_TEST(a_family_may_have_no_row)
{
    ck_assert(add("factor,name,value,unit\nmaterial,steel,1,kgCO2e/kg\n"));
    ck_assert(add("factor,value,unit\nother,1,kg\n"));
    struct factor_binding *binding = bind();
    ck_assert_ptr_nonnull(binding);
    ck_assert_ptr_null(messages.first);
    assert_str(factor_files(binding), "factors.csv, factors.csv");
    struct factor_key keys[3] = {0};
    ck_assert(factor_has_rows(binding, material));
    ck_assert(!factor_has_rows(binding, electricity));
    ck_assert(!factor_resolve(binding, electricity, keys, DAYS_UNKNOWN)->is_found);
}
END_TEST

static const struct {
    const char *row; /* line 5, behind those that are needed */
    enum diag_code code;
    uint32_t column;
} wrong[] = {
    {"steam,,,,,1,kgCO2e/kg,,,",                 D_FACTOR_UNIT_MISMATCH,     13},
    {"steam,,,,,1,,,,",                          D_FACTOR_NO_UNIT,           13},
    {"steam,,,,,1,kgCO2/MJ,,,",                  D_DATA_UNKNOWN_UNIT_NEAR,   13},
    {"steam,,,,,1,kgCO2e//MJ,,,",                D_DATA_BAD_UNIT,            13},
    {"steam,,,,,one,kgCO2e/MJ,,,",               D_DATA_NUMBER_EXPECTED,     11},
    {"steam,,,,,,kgCO2e/MJ,,,",                  D_DATA_NUMBER_EXPECTED,     11},
    {"steam,,,,,1 000,kgCO2e/MJ,,,",             D_DATA_NUMBER_EXPECTED,     11},
    {"steam,,,,,-1,kgCO2e/MJ,,,",                D_DATA_NEGATIVE,            11},
    {"steam,,,,,1e99,kgCO2e/MJ,,,",              D_DATA_MAGNITUDE,           11},
    {"steam,x,,,,1,kgCO2e/MJ,,,",                D_FACTOR_OTHER_KEY,         7 },
    {"material,steel,,CN,2020,3,kgCO2e/kg,,,",   D_FACTOR_TWICE,             1 },
    {"material,,,,,3,kgCO2e/kg,,,",              D_FACTOR_NO_KEY,            10},
    {"transport,,barges,,,3,kgCO2e/(t·km),,,",  D_DATA_UNKNOWN_MEMBER,      12},
    {"transport,,rial,,,3,kgCO2e/(t·km),,,",    D_DATA_UNKNOWN_MEMBER_NEAR, 12},
    {"electricity,,,FR,20x,3,kgCO2e/kWh,,,",     D_DATA_YEAR_EXPECTED,       18},
    {"electricity,,,WORLD,2000,3,kgCO2e/kWh,,,", D_FACTOR_TWICE,             1 },
    {",,,FR,2020,3,kgCO2e/kWh,,,",               D_FACTOR_NO_NAME,           1 },
};

START_TEST(one_mistake_one_message)
{
    struct str parts[] = {STR(HEADER), STR(NEEDED), str_of(wrong[_i].row)};
    ck_assert(add(str_join(&arena, parts, 3, STR("")).at));
    ck_assert_ptr_null(bind());
    const struct diag *diag = messages.first;
    struct str text = diag_message(&arena, diag, LANG_EN);
    ck_assert_msg(diag->code == wrong[_i].code, "%s: %.*s", diag_info(diag->code)->slug, STR_FMT(text));
    ck_assert_uint_eq(messages.errors, 1);
    assert_str(diag->place.file, "factors.csv");
    ck_assert_uint_eq(diag->place.line, 5);
    ck_assert_uint_eq(diag->place.column, wrong[_i].column);
}
END_TEST

START_TEST(unknown_columns)
{
    ck_assert(add("factor,nme,value,unit,extra\nmaterial,steel,1,kgCO2e/kg,\nother,a,1,kg,b\n"));
    ck_assert_ptr_null(bind());
    ck_assert_int_eq(messages.first->code, D_FOLDER_UNKNOWN_COLUMN_NEAR); /* `extra` is of a family nobody asks for */
    assert_str(messages.first->args[1], "name");
    ck_assert_int_eq(messages.first->next->code, D_FACTOR_NO_KEY);
}
END_TEST

START_TEST(parents_must_agree)
{
    ck_assert(add(HEADER NEEDED "electricity,,,X,2000,1,kgCO2e/kWh,,A,\nelectricity,,,X,2001,1,kgCO2e/kWh,,B,\n"));
    ck_assert_ptr_null(bind());
    ck_assert_int_eq(messages.first->code, D_FACTOR_TWO_PARENTS);
}
END_TEST

static const struct {
    const char *region;
    int32_t year;               /* the key */
    struct calendar_days days;  /* what the data are of */
    const char *expected;       /* NULL: not found */
} of_days[] = {
    {"CN", 2024, {19723, 20088}, "1/10"},  /* 2024-01-01 .. 2024-12-31 */
    {"CN", 2024, {20089, 20453}, "2/10"},  /* all of 2025 */
    {"CN", 2024, {20089, 20089}, "2/10"},  /* its first day */
    {"CN", 2024, {20088, 20089}, "9/10"},  /* no row of the country holds on both days: the world's */
    {"CN", 2024, {20454, 20454}, "9/10"},
    {"CN", 2024, {19000, 19000}, "9/10"},
    {"CN", 2024, {INT32_MAX, INT32_MIN}, "1/10"},  /* the year of the key is what counts */
    {"CN", 2025, {INT32_MAX, INT32_MIN}, "2/10"},
    {"CN", 2025, {1, 0}, "2/10"},  /* the latest */
    {"CN", 2026, {20454, 20454}, "3/10"},  /* a row of 2026, valid whenever */
    {"DE", 2024, {20000, 20000}, "9/10"},
    {"FR", 2024, {19723, 20088}, "4/10"},  /* until the last day */
    {"FR", 2024, {19724, 20089}, "9/10"},
};

/* Days were counted apart from the code: 2024-01-01 is 54 years of which 13 had a leap day, 19,723. */
START_TEST(rows_are_taken_while_they_are_valid)
{
    ck_assert(add(HEADER NEEDED));
    ck_assert(add("factor,region,year,value,unit,valid_from,valid_to\n"
                  "electricity,CN,2024,0.2,kgCO2e/kWh,2025-01-01,2025-12-31\n"
                  "electricity,CN,2024,0.1,kgCO2e/kWh,2024-01-01,2024-12-31\n"
                  "electricity,CN,2026,0.3,kgCO2e/kWh,,\n"
                  "electricity,FR,2024,0.4,kgCO2e/kWh,,2024-12-31\n"
                  "electricity,,2001,0.9,kgCO2e/kWh,,\n"));
    struct factor_binding *binding = bind();
    ck_assert_ptr_nonnull(binding);
    ck_assert(factor_has_validity(binding, electricity) && !factor_has_validity(binding, material));
    struct factor_key keys[] = {
        {.text = str_of(of_days[_i].region)},
        {.text = STR(""), .year = of_days[_i].year}
    };
    for (int again = 0; again < 2; again++) { /* from the memo too */
        const struct factor_value *value = factor_resolve(binding, electricity, keys, of_days[_i].days);
        assert_value(value, of_days[_i].expected);
    }
}
END_TEST

static const struct {
    const char *rows;
    enum diag_code code;
} wrong_validity[] = {
    {"material,wood,1,kgCO2e/kg,2025-01-01,2024-01-01\n", D_FACTOR_VALIDITY},
    {"material,wood,1,kgCO2e/kg,2025-02-30,\n", D_DATA_DATE_EXPECTED},
    {"material,wood,1,kgCO2e/kg,,2024\n", D_DATA_DATE_EXPECTED},
    {"material,wood,1,kgCO2e/kg,,2024-06-30\nmaterial,wood,1,kgCO2e/kg,2024-06-30,\n", D_FACTOR_TWICE},
    {"material,wood,1,kgCO2e/kg,2024-06-30,\nmaterial,wood,1,kgCO2e/kg,,2024-06-30\n", D_FACTOR_TWICE},
    {"material,wood,1,kgCO2e/kg,2024-06-30,2024-07-01\nmaterial,wood,1,kgCO2e/kg,,\n", D_FACTOR_TWICE},
    {"material,wood,1,kgCO2e/kg,,2024-01-01\nmaterial,wood,1,kgCO2e/kg,2025-01-01,\n"
     "material,wood,1,kgCO2e/kg,2024-01-02,2024-12-31\n", DIAG_NONE},
};

START_TEST(validity_is_checked)
{
    ck_assert(add(HEADER NEEDED));
    ck_assert(add(str_format(&arena, "factor,name,value,unit,valid_from,valid_to\n%s", wrong_validity[_i].rows).at));
    ck_assert_int_eq(bind() == NULL, wrong_validity[_i].code != DIAG_NONE);
    ck_assert_int_eq(messages.first == NULL ? DIAG_NONE : messages.first->code, wrong_validity[_i].code);
}
END_TEST

static const char *const not_tables[] = {
    "", "name,value\nsteel,1\n", "factor,unit\nsteel,kg\n", "factor,value,value\nsteel,1,2\n", "factor,value\nsteel\n",
};

START_TEST(not_a_factor_file)
{
    ck_assert(!add(not_tables[_i]));
    ck_assert_uint_eq(messages.errors, 1);
    ck_assert_uint_eq(factors->count, 0);
}
END_TEST

Suite *factors_suite(void)
{
    Suite *suite = suite_create("factors");
    TCase *tcase = tcase_create("factors");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, values_are_converted_exactly);
    tcase_add_test(tcase, descriptions_are_kept);
    tcase_add_test(tcase, a_set_has_a_hash);
    tcase_add_test(tcase, descriptions_are_checked);
    tcase_add_test(tcase, defaults);
    tcase_add_loop_test(tcase, regions_and_years_fall_back, 0, (int)countof(cases));
    tcase_add_test(tcase, columns_of_the_keys_own_names);
    tcase_add_test(tcase, the_memo_is_bounded);
    tcase_add_test(tcase, files_that_serve_nothing_are_warned_of);
    tcase_add_test(tcase, a_family_may_have_no_row);
    tcase_add_loop_test(tcase, one_mistake_one_message, 0, (int)countof(wrong));
    tcase_add_test(tcase, unknown_columns);
    tcase_add_test(tcase, parents_must_agree);
    tcase_add_loop_test(tcase, rows_are_taken_while_they_are_valid, 0, (int)countof(of_days));
    tcase_add_loop_test(tcase, validity_is_checked, 0, (int)countof(wrong_validity));
    tcase_add_loop_test(tcase, not_a_factor_file, 0, (int)countof(not_tables));
    suite_add_tcase(suite, tcase);
    return suite;
}
