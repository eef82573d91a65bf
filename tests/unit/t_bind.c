#include "vm/bind.h"

#include <check.h>
#include <string.h>

#include "base/decimal.h"
#include "tests/unit/program_builder.h"
#include "vm/data_unit.h"

Suite *bind_suite(void);

static struct builder builder;
static struct arena arena;
static struct batch batch;
static struct binder *binder;
static struct json_tree tree;
static uint64_t number;
static const struct program *program;
static uint32_t mass, temperature, share, small_share, effect, kind, start, year, flag, note;
static uint32_t materials, material_id, material_mass, processes, energy, extras, extra;

static uint32_t optional(uint32_t field)
{
    builder_the_field(&builder, field)->is_optional = 1;
    return field;
}

static void add_alias(struct prog_aliases *aliases, const char *alias)
{
    aliases->labels = arena_array(&builder.arena, uint32_t, 1);
    aliases->labels[0] = builder_label(&builder, alias);
    aliases->count = 1;
}

static void set_range(uint32_t field, const char *low, const char *high)
{
    uint32_t low_constant = builder_rational(&builder, low);
    uint32_t high_constant = builder_rational(&builder, high);
    builder_the_field(&builder, field)->low = low_constant;
    builder_the_field(&builder, field)->high = high_constant;
}

static void build_scalars(void)
{
    static const char *const members[] = {"weaving", "knitting"};
    uint16_t percent = builder_unit(&builder, "%", "1/100", "");
    mass = builder_field(&builder, NO_INDEX, "mass", builder_unit(&builder, "t", "1000", "kg"));
    add_alias(&builder_the_field(&builder, mass)->aliases, "质量");
    builder_the_field(&builder, mass)->clause = builder_label(&builder, "6.2.1");
    uint16_t celsius = builder_point(&builder, "℃", "1", "K", "5463/20");
    temperature = optional(builder_field(&builder, NO_INDEX, "temperature", celsius));
    set_range(temperature, "-50", "100");
    share = optional(builder_field(&builder, NO_INDEX, "share", percent));
    set_range(share, "0", "100");
    small_share = optional(builder_field(&builder, NO_INDEX, "loss", percent));
    set_range(small_share, "0", "1");
    effect = optional(builder_field(&builder, NO_INDEX, "effect", builder_unit(&builder, "min/d", "1/1440", "")));
    set_range(effect, "1/2", "60");
    uint32_t choice = builder_choice(&builder, "Kind", members, countof(members));
    struct prog_member *weaving = &builder.program.choices[choice].members[0];
    weaving->code = builder_text(&builder, "tissage");
    add_alias(&weaving->aliases, "机织");
    kind = optional(builder_field_of(&builder, NO_INDEX, "kind", VALUE_MEMBER, choice));
    start = optional(builder_field_of(&builder, NO_INDEX, "start", VALUE_DATE, NO_INDEX));
    year = optional(builder_field_of(&builder, NO_INDEX, "period", VALUE_YEAR, NO_INDEX));
    set_range(year, "1", "9998");
    flag = optional(builder_field_of(&builder, NO_INDEX, "recycled", VALUE_BOOL, NO_INDEX));
    note = optional(builder_field_of(&builder, NO_INDEX, "country", VALUE_TEXT, NO_INDEX));
}

static void build_lists(void)
{
    uint16_t kilogram = builder_unit(&builder, "kg", "1", "kg");
    materials = builder_list(&builder, NO_INDEX, "materials");
    material_id = builder_field_of(&builder, materials, "id", VALUE_TEXT, NO_INDEX);
    material_mass = builder_field(&builder, materials, "mass", kilogram);
    processes = optional(builder_list(&builder, materials, "processes"));
    energy = builder_field(&builder, processes, "energy", builder_unit(&builder, "kWh", "3600000", "kg m^2 s^-2"));
    extras = optional(builder_list(&builder, NO_INDEX, "extras"));
    extra = builder_field(&builder, extras, "amount", kilogram);
}

static void setup(void)
{
    builder_start(&builder);
    build_scalars();
    build_lists();
    program = builder_finish(&builder);
    binder = binder_new(&arena, program);
    tree = json_tree_in(&arena);
    number = 0;
    binder_begin(binder, &batch);
}

static void teardown(void)
{
    batch_free(&batch);
    arena_free(&arena);
    builder_free(&builder);
}

static void add(const char *json)
{
    struct json_error error;
    ck_assert_msg(json_read(&tree, &arena, str_of(json), &error), "%s", json);
    struct record record = {
        .tree = &tree, .number = ++number, .file = STR("data.json"), .text = str_of(json), .line = 7, .column = 3};
    binder_record(binder, &record);
}

/* One product alone, with what it needs besides. */
static void add_with(const char *members)
{
    struct str json = str_format(&arena, "{\"mass\": 1, \"materials\": [], %s}", members);
    add(json.at);
    binder_finish(binder);
}

static void assert_str(struct str s, const char *expected)
{
    ck_assert_msg(str_eq(s, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(s), expected);
}

static void assert_message(const struct diag *diag, enum diag_code code, const char *path, uint32_t column)
{
    ck_assert_ptr_nonnull(diag);
    struct str text = diag_message(&arena, diag, LANG_EN);
    ck_assert_msg(diag->code == code, "%s: %.*s", diag_info(diag->code)->slug, STR_FMT(text));
    assert_str(diag->path, path);
    assert_str(diag->place.file, "data.json");
    ck_assert_uint_eq(diag->place.column, column);
}

static void assert_datum(uint32_t field, uint32_t row, double value, const char *exact)
{
    struct rat expected;
    ck_assert(rat_parse(&arena, str_of(exact), &expected));
    ck_assert_uint_eq(batch.columns[field].given[row], 1);
    ck_assert_double_eq(batch.columns[field].as.number[row], value);
    struct str text = rat_text(&arena, batch_datum(&arena, &batch, field, row));
    ck_assert_msg(rat_eq(batch_datum(&arena, &batch, field, row), expected), "%.*s is not %s", STR_FMT(text), exact);
}

START_TEST(columns_and_lists)
{
    add("{\"id\": \"a\", \"mass\": 2.5, \"materials\": [{\"id\": \"steel\", \"mass\": 1, \"processes\": [{\"energy\": "
        "5}, "
        "{\"energy\": 6}]}, {\"id\": \"wood\", \"mass\": 2}]}");
    add("{\"质量\": 3, \"materials\": [], \"extras\": [{\"amount\": 9}]}");
    add("{\"id\": 17, \"mass\": 4, \"materials\": [{\"id\": \"steel\", \"mass\": 3, \"processes\": [{\"energy\": "
        "7}]}]}");
    binder_finish(binder);
    ck_assert_uint_eq(batch.product_count, 3);
    assert_str(batch.products[0].id, "a");
    assert_str(batch.products[1].id, "2");
    assert_str(batch.products[2].id, "17");
    ck_assert(batch.products[0].is_bound && batch.products[1].is_bound && batch.products[2].is_bound);
    ck_assert_uint_eq(batch.products[0].line, 7);
    assert_datum(mass, 0, 2.5, "5/2");
    assert_datum(mass, 1, 3, "3");
    const uint32_t material_first[] = {0, 2, 2, 3};
    const uint32_t process_first[] = {0, 2, 2, 3};
    const uint32_t extra_first[] = {0, 0, 1, 1};
    ck_assert_uint_eq(batch.lists[materials].rows, 3);
    ck_assert_mem_eq(batch.lists[materials].first, material_first, sizeof material_first);
    ck_assert_uint_eq(batch.lists[processes].rows, 3);
    ck_assert_mem_eq(batch.lists[processes].first, process_first, sizeof process_first);
    ck_assert_mem_eq(batch.lists[extras].first, extra_first, sizeof extra_first);
    ck_assert_uint_eq(batch_rows(&batch, energy), 3);
    ck_assert_uint_eq(batch_rows(&batch, mass), 3);
    assert_datum(energy, 2, 7, "7");
    assert_datum(extra, 0, 9, "9");
    ck_assert_uint_eq(batch.columns[material_id].as.code[0], batch.columns[material_id].as.code[2]);
    assert_str(batch.texts[batch.columns[material_id].as.code[1]], "wood");
    ck_assert_uint_eq(batch.columns[extras].given[0], 0);
    ck_assert_uint_eq(batch.columns[extras].given[1], 1);
    ck_assert_uint_eq(batch.columns[processes].given[1], 0);
}
END_TEST

static const struct {
    const char *json; /* of the mass, in t */
    double value;
    const char *exact;
    bool is_aside;
} amounts[] = {
    {"0.1",                                                               0.1,                "1/10",                                                          false},
    {"1e-3",                                                              0.001,              "1/1000",                                                        false},
    {"-0.0",                                                              0,                  "0",                                                             false},
    {"\"1.2\"",                                                           1.2,                "6/5",                                                           false},
    {"\"1200 kg\"",                                                       1.2,                "6/5",                                                           false},
    {"\"1200kg\"",                                                        1.2,                "6/5",                                                           false},
    {"\" 1.2 吨 \"",                                                     1.2,                "6/5",                                                           false},
    {"{\"value\": 1.2}",                                                  1.2,                "6/5",                                                           false},
    {"{\"value\": 1200, \"unit\": \"kg\", \"origin\": \"primary\", \"period\": 2024, \"quality\": null, "
     "\"estimated\": false, \"source\": \"meter\", \"note\": \"\"}", 1.2,                "6/5",                                                           false},
    {"{\"value\": \"1200\", \"unit\": \"kg\"}",                           1.2,                "6/5",                                                           false},
    {"{\"value\": \"1200 kg\", \"unit\": \"kg\"}",                        1.2,                "6/5",                                                           false},
    {"0.1234567890123456",                                                0.1234567890123456, "1234567890123456/10000000000000000",                            false},
    {"0.10000000000000000000000000001",                                   0.1,                "10000000000000000000000000001/100000000000000000000000000000",  true },
    {"9007199254740993",                                                  9007199254740992,   "9007199254740993",                                              true },
    {"1000000000000000000000",                                            1e21,               "1000000000000000000000",                                        false},
    {"1e60",                                                              1e60,               "1000000000000000000000000000000000000000000000000000000000000", false},
};

START_TEST(amounts_are_exact)
{
    struct str json = str_format(&arena, "{\"mass\": %s, \"materials\": []}", amounts[_i].json);
    add(json.at);
    binder_finish(binder);
    ck_assert_msg(batch.products[0].is_bound, "%s", amounts[_i].json);
    assert_datum(mass, 0, amounts[_i].value, amounts[_i].exact);
    ck_assert_uint_eq(batch.exact_count, amounts[_i].is_aside);
}
END_TEST

START_TEST(what_no_double_gives_back_is_kept_aside)
{
    add("{\"mass\": 1, \"materials\": [{\"id\": \"x\", \"mass\": \"10000000000000000000000.1\"}], \"temperature\": "
        "20.5}");
    add("{\"mass\": 9007199254740993, \"materials\": [{\"id\": \"y\", \"mass\": 2}, {\"id\": \"z\", \"mass\": "
        "9007199254740993}]}");
    binder_finish(binder);
    ck_assert_uint_eq(batch.exact_count, 3);
    ck_assert_uint_eq(batch.exact[0].field, mass);
    ck_assert_uint_eq(batch.exact[0].row, 1);
    ck_assert_uint_eq(batch.exact[1].field, material_mass);
    ck_assert_uint_eq(batch.exact[1].row, 0);
    ck_assert_uint_eq(batch.exact[2].row, 2);
    assert_datum(material_mass, 0, 1e22, "100000000000000000000001/10");
    assert_datum(material_mass, 1, 2, "2");
    assert_datum(temperature, 0, 20.5, "41/2");
}
END_TEST

START_TEST(converted_data_may_be_no_decimals)
{
    add_with("\"effect\": \"1 h/wk\""); /* 60 min in 7 d */
    assert_datum(effect, 0, 60.0 / 7.0, "60/7");
    ck_assert_uint_eq(batch.exact_count, 1);
    teardown();
    setup();
    add_with("\"effect\": {\"value\": 7, \"unit\": \"h/wk\"}");
    assert_datum(effect, 0, 60, "60");
    ck_assert_uint_eq(batch.exact_count, 0);
    teardown();
    setup();
    add_with("\"effect\": \"7.00000000000000000001 h/wk\""); /* the limit is 60 */
    ck_assert_int_eq(batch.products[0].messages.first->code, D_DATA_TOO_LARGE);
}
END_TEST

START_TEST(other_types)
{
    add_with(
        "\"kind\": \"tissage\", \"start\": \"2024-02-29\", \"period\": 2024, \"recycled\": true, \"country\": \"FR\"");
    ck_assert(batch.products[0].is_bound);
    ck_assert_uint_eq(batch.columns[kind].as.code[0], 0);
    ck_assert_int_eq(batch.columns[start].as.whole[0], 19782); /* date -d 2024-02-29 +%s / 86400 */
    ck_assert_int_eq(batch.columns[year].as.whole[0], 2024);
    ck_assert_uint_eq(batch.columns[flag].as.flag[0], 1);
    assert_str(batch.texts[batch.columns[note].as.code[0]], "FR");
}
END_TEST

static const struct {
    const char *members;
    uint32_t *field;
    int32_t expected;
} wholes[] = {
    {"\"start\": \"1970-01-01\"",                     &start, 0      },
    {"\"start\": \"1969-12-31\"",                     &start, -1     },
    {"\"start\": \"0001-01-01\"",                     &start, -719162},
    {"\"start\": \"2000-03-01\"",                     &start, 11017  },
    {"\"start\": \"9999-12-31\"",                     &start, 2932896},
    {"\"period\": \"2023\"",                          &year,  2023   },
    {"\"period\": {\"value\": 1, \"source\": \"x\"}", &year,  1      },
    {"\"kind\": \"weaving\"",                         &kind,  0      },
    {"\"kind\": \"机织\"",                          &kind,  0      },
    {"\"kind\": \"knitting\"",                        &kind,  1      },
};

START_TEST(spellings)
{
    add_with(wholes[_i].members);
    ck_assert_msg(batch.products[0].is_bound, "%s", wholes[_i].members);
    const struct column *column = &batch.columns[*wholes[_i].field];
    ck_assert_uint_eq(column->given[0], 1);
    int32_t found = wholes[_i].field == &kind ? (int32_t)column->as.code[0] : column->as.whole[0];
    ck_assert_int_eq(found, wholes[_i].expected);
}
END_TEST

static void assert_period(uint32_t row, int32_t from, int32_t to)
{
    const struct about *about = batch_about(&batch, material_mass, row);
    ck_assert_ptr_nonnull(about);
    ck_assert_int_eq(about->from, from);
    ck_assert_int_eq(about->to, to);
}

/* Days: date -d DAY +%s / 86400. */
START_TEST(what_is_said_of_data_is_kept)
{
    builder_the_field(&builder, material_mass)->origin = PROG_ORIGIN_PRIMARY;
    add("{\"mass\": \"bad\", \"materials\": [{\"id\": \"x\", \"mass\": {\"value\": 1, \"quality\": 4}}]}");
    add("{\"mass\": 1, \"materials\": [{\"id\": \"a\", \"mass\": 1}, {\"id\": \"b\", \"mass\": {\"value\": 2, "
        "\"origin\": \"secondary\", \"quality\": 1.25, \"period\": \"2024-02\", \"source\": \" a study \"}},"
        "{\"id\": \"c\", \"mass\": {\"数值\": 3, \"数据类型\": \"初级数据\", \"估算\": true, \"数据期间\": 2023}},"
        "{\"id\": \"d\", \"mass\": {\"value\": 3, \"note\": \"n\", \"quality\": null}},"
        "{\"id\": \"e\", \"mass\": {\"value\": 3, \"quality\": \"5.0\", \"period\": \"2023-12-31 .. 2024\"}}]}");
    binder_finish(binder);
    ck_assert(!batch.products[0].is_bound && batch.products[1].is_bound);
    ck_assert_uint_eq(batch.about_count, 3);
    ck_assert_ptr_null(batch_about(&batch, material_mass, 0));
    ck_assert_ptr_null(batch_about(&batch, material_mass, 3));
    const struct about *study = batch_about(&batch, material_mass, 1);
    ck_assert_int_eq(study->origin, PROG_ORIGIN_SECONDARY);
    ck_assert_uint_eq(study->quality, 1250);
    ck_assert(!study->is_estimated);
    assert_str(study->source, "a study");
    assert_str(study->period, "2024-02");
    assert_period(1, 19754, 19782);
    ck_assert(batch_about(&batch, material_mass, 2)->is_estimated);
    assert_period(2, 19358, 19722);
    assert_period(4, 19722, 20088);
    ck_assert_uint_eq(batch_about(&batch, material_mass, 4)->quality, 5000);
    /* the datum's own word goes before the field's */
    ck_assert(batch_is_primary(&batch, material_mass, 0));
    ck_assert(!batch_is_primary(&batch, material_mass, 1));
    ck_assert(batch_is_primary(&batch, material_mass, 2));
    ck_assert(!batch_is_primary(&batch, mass, 1));
    const struct diag *told = batch.products[1].messages.first;
    ck_assert_int_eq(told->code, D_DATA_SECONDARY);
    assert_str(told->path, "materials[2].mass");
    ck_assert_ptr_null(told->next);
}
END_TEST

static const struct {
    const char *period, *datum;
    bool is_other;
} periods[] = {
    {"2024",                        "2024",                    false},
    {"2024",                        "2023-12-31/2024-01-01",   false},
    {"2024",                        "2023",                    true },
    {"\"2024\"",                    "2025-01",                 true },
    {"{\"source\": \"x\", \"value\": 2024}", "2022/2023",      true },
    {"{\"source\": \"x\", \"value\": 2024}", "2022/2024-02",   false},
    {"null",                        "1999",                    false},
};

START_TEST(periods_are_compared_with_the_products)
{
    builder.program.rule.period_field = year;
    struct str text = str_format(&arena, "\"share\": {\"value\": 5, \"period\": \"%s\"}, \"period\": %s",
                                 periods[_i].datum, periods[_i].period);
    add_with(text.at);
    ck_assert(batch.products[0].is_bound);
    const struct diag *told = batch.products[0].messages.first;
    ck_assert_msg((told != NULL) == periods[_i].is_other, "%s", text.at);
    if (told != NULL) {
        ck_assert_int_eq(told->code, D_DATA_OTHER_PERIOD);
        assert_str(told->path, "share");
    }
}
END_TEST

/* In {"mass": 1, "materials": [], MEMBERS} the members begin at column 3 + 29. */
static const struct {
    const char *members;
    enum diag_code code;
    const char *path;
    uint32_t column;
} wrong[] = {
    {"\"colour\": 1",                                      D_DATA_UNKNOWN_FIELD,       "",                 32},
    {"\"effekt\": 1",                                      D_DATA_UNKNOWN_FIELD_NEAR,  "",                 32},
    {"\"mass\": 2",                                        D_DATA_TWICE,               "mass",             32},
    {"\"质量\": 2",                                      D_DATA_TWICE,               "mass",             32},
    {"\"share\": \"many\"",                                D_DATA_NUMBER_EXPECTED,     "share",            41},
    {"\"share\": true",                                    D_DATA_NUMBER_EXPECTED,     "share",            41},
    {"\"share\": [5]",                                     D_DATA_NUMBER_EXPECTED,     "share",            41},
    {"\"share\": \"\"",                                    D_DATA_NUMBER_EXPECTED,     "share",            41},
    {"\"share\": -5",                                      D_DATA_NEGATIVE,            "share",            41},
    {"\"share\": 100.0000000000000000000001",              D_DATA_TOO_LARGE,           "share",            41},
    {"\"share\": \"1001 ‰\"",                            D_DATA_TOO_LARGE,           "share",            41},
    {"\"effect\": 0.499999",                               D_DATA_TOO_SMALL,           "effect",           42},
    {"\"temperature\": -50.1",                             D_DATA_TOO_SMALL,           "temperature",      47},
    {"\"share\": \"5 kg\"",                                D_DATA_UNIT_MISMATCH,       "share",            41},
    {"\"temperature\": \"300 K\"",                         D_DATA_POINT_EXPECTED,      "temperature",      47},
    {"\"share\": {\"value\": 5, \"unit\": \"kg\"}",        D_DATA_UNIT_MISMATCH,       "share",            62},
    {"\"share\": \"5 qqqqqqq\"",                           D_DATA_UNKNOWN_UNIT,        "share",            41},
    {"\"share\": \"5 kg{dust}\"",                          D_DATA_UNKNOWN_UNIT,        "share",            41},
    {"\"share\": \"5 kg/\"",                               D_DATA_BAD_UNIT,            "share",            41},
    {"\"share\": {\"value\": 5, \"unit\": 7}",             D_DATA_BAD_UNIT,            "share",            62},
    {"\"share\": {\"value\": \"5 ‰\", \"unit\": \"%\"}", D_DATA_TWO_UNITS,           "share",            51},
    {"\"share\": {\"unit\": \"%\"}",                       D_DATA_VALUE_MISSING,       "share",            41},
    {"\"share\": {\"value\": 5, \"units\": \"%\"}",        D_DATA_UNKNOWN_FIELD_NEAR,  "share",            54},
    {"\"share\": {\"value\": 5, \"value\": 5}",            D_DATA_TWICE,               "share",            54},
    {"\"period\": {\"value\": 2024, \"unit\": \"a\"}",     D_DATA_UNIT_UNWANTED,       "period",           66},
    {"\"effect\": 1e61",                                   D_DATA_MAGNITUDE,           "effect",           42},
    {"\"effect\": 1e-61",                                  D_DATA_MAGNITUDE,           "effect",           42},
    {"\"effect\": 1e99999",                                D_DATA_MAGNITUDE,           "effect",           42},
    {"\"effect\": 1e-99999",                               D_DATA_MAGNITUDE,           "effect",           42},
    {"\"kind\": \"knittin\"",                              D_DATA_UNKNOWN_MEMBER_NEAR, "kind",             40},
    {"\"kind\": \"x\"",                                    D_DATA_UNKNOWN_MEMBER,      "kind",             40},
    {"\"kind\": false",                                    D_DATA_TEXT_EXPECTED,       "kind",             40},
    {"\"country\": 5",                                     D_DATA_TEXT_EXPECTED,       "country",          43},
    {"\"recycled\": 1",                                    D_DATA_BOOL_EXPECTED,       "recycled",         44},
    {"\"recycled\": \"true\"",                             D_DATA_BOOL_EXPECTED,       "recycled",         44},
    {"\"period\": 0",                                      D_DATA_YEAR_EXPECTED,       "period",           42},
    {"\"period\": 10000",                                  D_DATA_YEAR_EXPECTED,       "period",           42},
    {"\"period\": 2024.5",                                 D_DATA_YEAR_EXPECTED,       "period",           42},
    {"\"period\": 9999",                                   D_DATA_TOO_LARGE,           "period",           42},
    {"\"share\": {\"value\": 5, \"origin\": \"site\"}", D_DATA_ORIGIN,              "share",            64},
    {"\"share\": {\"value\": 5, \"origin\": true}",     D_DATA_ORIGIN,              "share",            64},
    {"\"share\": {\"value\": 5, \"quality\": 0.9}",     D_DATA_QUALITY,             "share",            65},
    {"\"share\": {\"value\": 5, \"quality\": 5.001}",   D_DATA_QUALITY,             "share",            65},
    {"\"share\": {\"value\": 5, \"quality\": 1.0005}",  D_DATA_QUALITY,             "share",            65},
    {"\"share\": {\"value\": 5, \"quality\": \"2,5\"}", D_DATA_QUALITY,           "share",            65},
    {"\"share\": {\"value\": 5, \"estimated\": 1}",     D_DATA_BOOL_EXPECTED,       "share",            67},
    {"\"share\": {\"value\": 5, \"period\": \"2024-02-30\"}", D_DATA_PERIOD,     "share",            64},
    {"\"share\": {\"value\": 5, \"period\": \"2024-13\"}", D_DATA_PERIOD,        "share",            64},
    {"\"share\": {\"value\": 5, \"period\": \"2025/2024\"}", D_DATA_PERIOD,      "share",            64},
    {"\"share\": {\"value\": 5, \"period\": \"2024/\"}", D_DATA_PERIOD,          "share",            64},
    {"\"share\": {\"value\": 5, \"period\": 24}",       D_DATA_PERIOD,              "share",            64},
    {"\"start\": \"2023-02-29\"",                          D_DATA_DATE_EXPECTED,       "start",            41},
    {"\"start\": \"1900-02-29\"",                          D_DATA_DATE_EXPECTED,       "start",            41},
    {"\"start\": \"2024-13-01\"",                          D_DATA_DATE_EXPECTED,       "start",            41},
    {"\"start\": \"2024-04-31\"",                          D_DATA_DATE_EXPECTED,       "start",            41},
    {"\"start\": \"2024-1-1\"",                            D_DATA_DATE_EXPECTED,       "start",            41},
    {"\"start\": 20240101",                                D_DATA_DATE_EXPECTED,       "start",            41},
    {"\"extras\": {}",                                     D_DATA_LIST_EXPECTED,       "extras",           42},
    {"\"extras\": [7]",                                    D_DATA_ROW_EXPECTED,        "extras[1]",        43},
    {"\"extras\": [{\"amount\": 1}, {}]",                  D_DATA_MISSING,             "extras[2].amount", 58},
    {"\"extras\": [{\"amount\": null}]",                   D_DATA_MISSING,             "extras[1].amount", 43},
    {"\"id\": [1]",                                        D_DATA_ID_EXPECTED,         "",                 38},
};

START_TEST(one_mistake_one_message)
{
    add_with(wrong[_i].members);
    const struct product *product = &batch.products[0];
    ck_assert_msg(!product->is_bound, "%s", wrong[_i].members);
    ck_assert_msg(product->messages.errors == 1, "%s", wrong[_i].members);
    assert_message(product->messages.first, wrong[_i].code, wrong[_i].path, wrong[_i].column);
    ck_assert_uint_eq(product->messages.first->place.line, 7);
    ck_assert_uint_eq(batch.columns[mass].given[0], 0);
    ck_assert_uint_eq(batch.exact_count, 0);
}
END_TEST

START_TEST(missing_fields_are_all_named)
{
    add("{\n \"materials\": [{\"id\": \"a\", \"mass\": 1,\n   \"processes\": [{\"energy\": 1}, {}]}, {\"id\": null}]}");
    add("{}");
    add("[]");
    binder_finish(binder);
    const struct diag *diag = batch.products[0].messages.first;
    assert_message(diag, D_DATA_MISSING, "mass", 3);
    assert_str(diag->clause, "6.2.1");
    assert_str(diag->product, "1");
    assert_message(diag->next, D_DATA_MISSING, "materials[1].processes[2].energy", 33);
    ck_assert_uint_eq(diag->next->place.line, 9);
    assert_message(diag->next->next, D_DATA_MISSING, "materials[2].id", 39);
    assert_message(diag->next->next->next, D_DATA_MISSING, "materials[2].mass", 39);
    ck_assert_uint_eq(batch.products[0].messages.errors, 4);
    ck_assert_uint_eq(batch.products[1].messages.errors, 2);
    assert_message(batch.products[2].messages.first, D_DATA_PRODUCT_EXPECTED, "", 3);
}
END_TEST

START_TEST(a_refused_product_leaves_no_rows)
{
    add("{\"mass\": 1, \"materials\": [{\"id\": \"a\", \"mass\": 1, \"processes\": [{\"energy\": 1}]}]}");
    add("{\"mass\": 0.10000000000000000000000000001, \"materials\": [{\"id\": \"b\", \"mass\": 2, \"processes\": "
        "[{\"energy\": -1}]}]}");
    add("{\"mass\": 3, \"materials\": [{\"id\": \"c\", \"mass\": 3}]}");
    binder_finish(binder);
    const uint32_t material_first[] = {0, 1, 1, 2};
    const uint32_t process_first[] = {0, 1, 1};
    ck_assert(batch.products[0].is_bound && !batch.products[1].is_bound && batch.products[2].is_bound);
    ck_assert_mem_eq(batch.lists[materials].first, material_first, sizeof material_first);
    ck_assert_mem_eq(batch.lists[processes].first, process_first, sizeof process_first);
    ck_assert_uint_eq(batch.exact_count, 0);
    ck_assert_double_eq(batch.columns[mass].as.number[1], 0);
    assert_datum(mass, 2, 3, "3");
    assert_datum(material_mass, 1, 3, "3");
}
END_TEST

START_TEST(small_percents_are_warned_of)
{
    add_with("\"share\": 0.5, \"loss\": 0.5");
    ck_assert(batch.products[0].is_bound);
    ck_assert_uint_eq(batch.products[0].messages.warnings, 1);
    const struct diag *diag = batch.products[0].messages.first;
    assert_message(diag, D_DATA_SHARE, "share", 41);
    assert_str(diag->args[1], "50");
    assert_datum(share, 0, 0.5, "1/2");
    teardown();
    setup();
    add_with("\"share\": \"0.5 %\"");
    ck_assert_uint_eq(batch.products[0].messages.warnings, 0);
    teardown();
    setup();
    add_with("\"share\": 0");
    ck_assert_uint_eq(batch.products[0].messages.warnings, 0);
}
END_TEST

START_TEST(messages_have_a_limit)
{
    struct buf json = buf_in(&arena);
    buf_add(&json, STR("{\"mass\": 1, \"materials\": ["));
    for (int i = 0; i < LIMIT_PRODUCT_MESSAGES + 3; i++) {
        buf_add(&json, i == 0 ? STR("1") : STR(",1"));
    }
    buf_add(&json, STR("]}"));
    add(str_copy(&arena, buf_str(&json)).at);
    binder_finish(binder);
    ck_assert_uint_eq(batch.products[0].messages.errors, LIMIT_PRODUCT_MESSAGES);
    ck_assert_int_eq(batch.products[0].messages.last->code, D_DATA_MORE);
    assert_str(batch.products[0].messages.last->args[0], "3");
}
END_TEST

START_TEST(a_hopeless_run_says_less)
{
    for (int i = 0; i <= LIMIT_RUN_MESSAGES; i++) {
        if (binder_is_full(binder)) {
            batch_clear(&batch);
            binder_begin(binder, &batch);
        }
        add("{}");
        size_t errors = batch.products[batch.product_count - 1].messages.errors;
        ck_assert_uint_eq(errors, i < LIMIT_RUN_MESSAGES ? 2 : 1);
        ck_assert(!batch.products[batch.product_count - 1].is_bound);
    }
}
END_TEST

START_TEST(long_numbers_are_refused)
{
    char digits[NUMBER_TEXT_MAX + 2] = {0};
    memset(digits, '1', sizeof digits - 1);
    struct str json = str_format(&arena, "{\"mass\": %s, \"materials\": []}", digits);
    add(json.at);
    binder_finish(binder);
    assert_message(batch.products[0].messages.first, D_DATA_LONG_NUMBER, "mass", 12);
}
END_TEST

START_TEST(chunks_close)
{
    for (int i = 0; i < LIMIT_CHUNK_PRODUCTS; i++) {
        ck_assert(!binder_is_full(binder));
        add("{\"mass\": 1, \"materials\": []}");
    }
    ck_assert(binder_is_full(binder));
    ck_assert_uint_eq(binder_count(binder), LIMIT_CHUNK_PRODUCTS);
    binder_finish(binder);
    batch_clear(&batch);
    binder_begin(binder, &batch);
    struct buf json = buf_in(&arena);
    buf_add(&json, STR("{\"mass\": 2, \"materials\": [{\"id\": \"a\", \"mass\": 0}"));
    for (int i = 1; i < LIMIT_CHUNK_ROWS; i++) {
        buf_add(&json, STR(",{\"id\":\"a\",\"mass\":1}"));
    }
    buf_add(&json, STR("]}"));
    add(str_copy(&arena, buf_str(&json)).at);
    ck_assert(binder_is_full(binder));
    binder_finish(binder);
    ck_assert_uint_eq(batch.product_count, 1);
    ck_assert_uint_eq(batch.lists[materials].rows, LIMIT_CHUNK_ROWS);
    assert_datum(mass, 0, 2, "2");
    assert_datum(material_mass, 0, 0, "0");
    assert_datum(material_mass, LIMIT_CHUNK_ROWS - 1, 1, "1");
}
END_TEST

START_TEST(an_empty_chunk_has_arrays)
{
    add("{\"mass\": 1, \"materials\": []}");
    binder_finish(binder);
    ck_assert_ptr_nonnull(batch.columns[energy].given);
    ck_assert_uint_eq(batch.lists[processes].rows, 0);
    ck_assert_uint_eq(batch.lists[processes].first[0], 0);
    ck_assert_uint_eq(batch.text_count, program->text_count);
}
END_TEST

START_TEST(only_one_product)
{
    binder_only(binder, STR("b"));
    add("{\"id\": \"a\"}");
    add("{\"id\": \"b\", \"mass\": 1, \"materials\": []}");
    add("{}");
    binder_finish(binder);
    ck_assert_uint_eq(batch.product_count, 1);
    ck_assert(batch.products[0].is_bound);
    ck_assert_uint_eq(batch.products[0].number, 2);
}
END_TEST

START_TEST(memory_may_run_out)
{
    jmp_buf exhausted;
    for (volatile long n = 1;; n++) {
        teardown();
        setup();
        batch.arena.on_exhausted = &exhausted;
        if (setjmp(exhausted) == 0) {
            batch.arena.fail_at = n;
            add("{\"mass\": \"5 kg\", \"materials\": [{\"id\": \"new\", \"mass\": 0.10000000000000000000001}], \"x\": "
                "1}");
            binder_finish(binder);
            batch.arena.fail_at = 0;
            break;
        }
    }
    ck_assert_uint_eq(batch.product_count, 1);
}
END_TEST

Suite *bind_suite(void)
{
    Suite *suite = suite_create("bind");
    TCase *tcase = tcase_create("bind");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, columns_and_lists);
    tcase_add_loop_test(tcase, amounts_are_exact, 0, (int)countof(amounts));
    tcase_add_test(tcase, what_no_double_gives_back_is_kept_aside);
    tcase_add_test(tcase, converted_data_may_be_no_decimals);
    tcase_add_test(tcase, other_types);
    tcase_add_loop_test(tcase, spellings, 0, (int)countof(wholes));
    tcase_add_test(tcase, what_is_said_of_data_is_kept);
    tcase_add_loop_test(tcase, periods_are_compared_with_the_products, 0, (int)countof(periods));
    tcase_add_loop_test(tcase, one_mistake_one_message, 0, (int)countof(wrong));
    tcase_add_test(tcase, missing_fields_are_all_named);
    tcase_add_test(tcase, a_refused_product_leaves_no_rows);
    tcase_add_test(tcase, small_percents_are_warned_of);
    tcase_add_test(tcase, messages_have_a_limit);
    tcase_add_test(tcase, a_hopeless_run_says_less);
    tcase_add_test(tcase, long_numbers_are_refused);
    tcase_add_test(tcase, chunks_close);
    tcase_add_test(tcase, an_empty_chunk_has_arrays);
    tcase_add_test(tcase, only_one_product);
    tcase_add_test(tcase, memory_may_run_out);
    suite_add_tcase(suite, tcase);
    return suite;
}
