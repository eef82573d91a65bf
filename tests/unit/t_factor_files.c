/* Files of factors without and with a program: databases, other spellings, mappings, checks. */
#include "vm/factor_database.h"

#include <check.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/program_builder.h"
#include "vm/factor_cells.h"
#include "vm/limits.h"

Suite *factor_files_suite(void);

static struct builder builder;
static struct arena arena;
static struct diags messages;
static struct zuji_factors *factors;
static const struct program *program;
static uint32_t material, grid;

static void add_key(uint32_t factor, uint32_t key, enum prog_factor_key type, const char *name)
{
    struct prog_factor *declared = &builder.program.factors[factor];
    declared->keys[key].type = (uint8_t)type;
    declared->keys[key].name = builder_text(&builder, name);
    declared->keys[key].choice = NO_INDEX;
    declared->key_count = key + 1;
}

static void setup(void)
{
    builder_start(&builder);
    uint16_t per_kg = builder_unit(&builder, "kgCO2e/kg", "1", "CO2e kg^-1");
    uint16_t per_kwh = builder_unit(&builder, "kgCO2e/kWh", "1/3600000", "CO2e kg^-1 m^-2 s^2");
    material = builder_factor(&builder, "material", per_kg);
    add_key(material, 0, FACTOR_KEY_TEXT, "name");
    add_key(material, 1, FACTOR_KEY_TEXT, "grade");
    grid = builder_factor(&builder, "grid", per_kwh);
    add_key(grid, 0, FACTOR_KEY_REGION, "region");
    add_key(grid, 1, FACTOR_KEY_YEAR, "year");
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

#define HEADER                                                                                                         \
    "id,factor,name,name.zh,grade,grade.zh,region,year,value,unit,parent,status,licence,source,valid_from,valid_to\n"
#define ROWS                                                                                                           \
    "a,material,steel,钢,best,优,CN,2023,2100,kgCO2e/t,,published,CC BY 4.0,\"steel, world\",,\n"                    \
    "b,material,steel,钢,plain,,CN,,0.1,kgCO2e/kg,,draft,,,,\n"                                                       \
    "c,grid,,,,,CN,2023,0.62,kgCO2e/kWh,,,,,,2023-12-31\n"                                                             \
    "d,grid,,,,,CN-SD,2023,700,kgCO2e/MWh,north,,,,,\n"                                                                \
    "e,grid,,,,,north,2020,0.5,kgCO2e/kWh,,,,,,\n"                                                                     \
    "f,other,,,,,,,1,kg,,,,,,\n"

static bool add(const char *text)
{
    return factors_add(factors, str_of(text), STR("rows.csv"), &messages);
}

/* The set as a database, in a set of its own. */
static struct zuji_factors *through_database(const struct zuji_factors *set)
{
    size_t len = 0;
    char *bytes = database_make(&arena, set, &len, &messages);
    ck_assert_ptr_nonnull(bytes);
    struct zuji_factors *read = factors_new(NULL);
    ck_assert(database_is((struct str){bytes, len}));
    ck_assert(factors_add(read, (struct str){bytes, len}, STR("rows.db"), &messages));
    free(bytes);
    return read;
}

static void assert_str(struct str s, const char *expected)
{
    ck_assert_msg(str_eq(s, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(s), expected);
}

static void assert_value(struct factor_binding *binding, uint32_t factor, const char *first, const char *second,
                         int32_t year, const char *exact)
{
    struct factor_key keys[] = {
        {.text = str_of(first)},
        { .text = str_of(second),         .year = year}
    };
    struct rat expected;
    const struct factor_value *value = factor_resolve(binding, factor, keys, DAYS_UNKNOWN);
    if (exact == NULL) {
        ck_assert_msg(!value->is_found, "%s, %s is found", first, second);
        return;
    }
    ck_assert_msg(value->is_found, "%s, %s is not found", first, second);
    ck_assert(rat_parse(&arena, str_of(exact), &expected));
    ck_assert(rat_eq(value->exact, expected));
}

static void assert_rows(const struct zuji_factors *set)
{
    struct factor_binding *binding = factor_bind(&arena, program, set, &messages);
    ck_assert_ptr_nonnull(binding);
    assert_value(binding, material, "steel", "best", 0, "21/10");
    assert_value(binding, material, "钢", "best", 0, "21/10");
    assert_value(binding, material, "steel", "优", 0, "21/10");
    assert_value(binding, material, "钢", "优", 0, "21/10");
    assert_value(binding, material, "钢", "plain", 0, "1/10");
    assert_value(binding, material, "铁", "plain", 0, NULL);
    assert_value(binding, grid, "CN-SD", "", 2023, "7/10");
    assert_value(binding, grid, "CN-SD", "", 2021, "1/2"); /* of the parent, which the tree names */
    assert_value(binding, grid, "CN", "", 2023, "31/50");
    struct factor_key keys[] = {{.text = STR("steel")}, {.text = STR("best")}};
    const struct factor_value *value = factor_resolve(binding, material, keys, DAYS_UNKNOWN);
    assert_str(value->id, "a");
    assert_str(value->licence, "CC BY 4.0");
    assert_str(value->source, "steel, world");
    ck_assert_int_eq(value->status, FACTOR_PUBLISHED);
    ck_assert_uint_eq(value->line, 2);
}

START_TEST(a_row_is_the_same_from_either)
{
    ck_assert(add(HEADER ROWS));
    struct zuji_factors *read = through_database(factors);
    assert_rows(factors);
    assert_rows(read);
    struct zuji_factors *again = through_database(read);
    assert_rows(again);
    factors_free(read);
    factors_free(again);
}
END_TEST

START_TEST(the_same_rows_give_the_same_bytes)
{
    size_t len[2];
    char *bytes[2];
    ck_assert(add(HEADER ROWS));
    struct zuji_factors *read = through_database(factors);
    bytes[0] = database_make(&arena, factors, &len[0], &messages);
    bytes[1] = database_make(&arena, read, &len[1], &messages);
    ck_assert_uint_eq(len[0], len[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], len[0]);
    free(bytes[0]);
    free(bytes[1]);
    factors_free(read);
}
END_TEST

START_TEST(only_families_that_are_asked_for_are_read)
{
    ck_assert(add(HEADER ROWS));
    struct zuji_factors *read = through_database(factors);
    struct str families[] = {STR("grid"), STR("nothing"), STR("other' OR 1 = 1")};
    const struct factor_table *tables;
    size_t count;
    ck_assert(factor_tables(&arena, &read->files[0], families, countof(families), &tables, &count, &messages));
    ck_assert_uint_eq(count, 1);
    assert_str(tables[0].path, "rows.db:rows.csv");
    assert_str(tables[0].origin, "rows.csv");
    ck_assert_uint_eq(tables[0].rows.row_count, 4); /* three of the family and one of a region */
    ck_assert(factor_tables(&arena, &read->files[0], NULL, 0, &tables, &count, &messages));
    ck_assert_uint_eq(tables[0].rows.row_count, 7);
    factors_free(read);
}
END_TEST

/* SQLite opens the bytes, and finds the rows of a family by the index, in order, without sorting. */
START_TEST(rows_of_a_family_are_searched)
{
    size_t len;
    sqlite3 *sqlite = NULL;
    sqlite3_stmt *statement = NULL;
    ck_assert(add(HEADER ROWS));
    char *bytes = database_make(&arena, factors, &len, &messages);
    ck_assert_int_eq(sqlite3_open(":memory:", &sqlite), SQLITE_OK);
    ck_assert_int_eq(sqlite3_deserialize(sqlite, "main", (unsigned char *)bytes, (sqlite3_int64)len, (sqlite3_int64)len,
                                         SQLITE_DESERIALIZE_READONLY),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(sqlite, "EXPLAIN QUERY PLAN " DATABASE_ROWS_OF_FAMILY, -1, &statement, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    ck_assert_str_eq((const char *)sqlite3_column_text(statement, 3),
                     "SEARCH factor USING INDEX factor_rows (factor=?)");
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    sqlite3_close(sqlite);
    free(bytes);
}
END_TEST

START_TEST(messages_name_the_line_of_the_file)
{
    ck_assert(add(HEADER ROWS "g,material,iron,,x,,,,2,kgCO2e/kWh,,,,,,\n"));
    struct zuji_factors *read = through_database(factors);
    ck_assert_ptr_null(factor_bind(&arena, program, read, &messages));
    ck_assert_int_eq(messages.first->code, D_FACTOR_UNIT_MISMATCH);
    assert_str(messages.first->place.file, "rows.db:rows.csv");
    ck_assert_uint_eq(messages.first->place.line, 8);
    factors_free(read);
}
END_TEST

/* ---- other spellings ---- */

static const struct {
    const char *rows;
    enum diag_code code;
} spellings[] = {
    {"a,material,steel,钢,best,,,,1,kgCO2e/kg,,,,,,\nb,material,iron,钢,best,,,,1,kgCO2e/kg,,,,,,\n",
     D_FACTOR_TWO_NAMES                                                                                                     },
    {"a,material,steel,钢,best,,,,1,kgCO2e/kg,,,,,,\nb,material,钢,,best,,,,1,kgCO2e/kg,,,,,,\n",       D_FACTOR_TWICE    },
    {"a,material,钢,,best,,,,1,kgCO2e/kg,,,,,,\nb,material,steel,钢,best,,,,1,kgCO2e/kg,,,,,,\n",       D_FACTOR_TWO_NAMES},
    {"a,material,steel,钢,best,,,,1,kgCO2e/kg,,,,,,\nb,material,steel,钢,plain,,,,1,kgCO2e/kg,,,,,,\n", DIAG_NONE         },
    {"a,material,steel,steel,best,,,,1,kgCO2e/kg,,,,,,\n",                                                DIAG_NONE         },
};

START_TEST(a_spelling_is_of_one_text)
{
    ck_assert(add("factor,region,year,value,unit\ngrid,CN,2023,1,kgCO2e/kWh\n"));
    ck_assert(add(str_format(&arena, "%s%s", HEADER, spellings[_i].rows).at));
    enum diag_code code = spellings[_i].code;
    ck_assert_int_eq(factor_bind(&arena, program, factors, &messages) == NULL, code != DIAG_NONE);
    ck_assert_int_eq(messages.first == NULL ? DIAG_NONE : messages.first->code, code);
}
END_TEST

/* ---- checks without a program ---- */

static const struct {
    const char *row; /* behind ROWS, in line 8 */
    enum diag_code code;
    uint32_t column;
} checks[] = {
    {"g,material,steel,,best,,CN,2023,1,kgCO2e/kg,,,,,,",         D_FACTOR_TWICE,         1 },
    {"g,material,steel,,best,,CN,2022,1,kgCO2e/kg,,,,,,",         DIAG_NONE,              0 },
    {"g,material,steel,,best,,,2023,1,kgCO2e/kg,,,,,,",           DIAG_NONE,              0 },
    {"g,grid,,,,,CN,2023,1,kgCO2e/kWh,,,,,2024-01-01,",           DIAG_NONE,              0 },
    {"g,grid,,,,,CN,2023,1,kgCO2e/kWh,,,,,2023-12-31,",           D_FACTOR_TWICE,         1 },
    {"g,grid,,,,,CN,2023,1,kgCO2e/kWh,,,,,2023-12,",              D_DATA_DATE_EXPECTED,   37},
    {"g,grid,,,,,CN,2023,1,kgCO2e/kWh,,,,,2024-02-01,2024-01-01", D_FACTOR_VALIDITY,      48},
    {"a,material,iron,,,,,,1,kgCO2e/kg,,,,,,",                    D_FACTOR_SAME_ID,       1 },
    {"g,material,iron,钢,,,,,1,kgCO2e/kg,,,,,,",                 D_FACTOR_TWO_NAMES,     17},
    {"g,material,iron,,,,,,1,kgCO2e/kg,,estimated,,,,",           D_FACTOR_STATUS,        35},
    {"g,material,iron,,,,,,-1,kgCO2e/kg,,,,,,",                   D_DATA_NEGATIVE,        22},
    {"g,material,iron,,,,,,1 kg,kgCO2e/kg,,,,,,",                 D_DATA_NUMBER_EXPECTED, 22},
    {"g,material,iron,,,,,,,kgCO2e/kg,,,,,,",                     D_DATA_NUMBER_EXPECTED, 22},
    {"g,material,iron,,,,,,1,kgCO2e/wafer,,,,,,",                 D_FACTOR_UNKNOWN_UNIT,  24},
    {"g,material,iron,,,,,,1,kgCO2e//kg,,,,,,",                   D_DATA_BAD_UNIT,        24},
    {"g,material,iron,,,,,20,1,,,,,,,",                           DIAG_NONE,              0 },
    {"g,material,iron,,,,,20x,1,,,,,,,",                          D_DATA_YEAR_EXPECTED,   21},
    {"g,grid,,,,,CN-SD,2020,1,kgCO2e/kWh,east,,,,,",              D_FACTOR_TWO_PARENTS,   36},
    {"g,,,,,,,,1,kgCO2e/kWh,,,,,,",                               D_FACTOR_NO_NAME,       1 },
    {"g,,,,,,CN-HE,,,,north,,,,,",                                DIAG_NONE,              0 },
};

START_TEST(rows_are_checked_without_a_program)
{
    ck_assert(add(str_format(&arena, "%s%s%s\n", HEADER, ROWS, checks[_i].row).at));
    bool is_good = factors_check(&arena, factors, &messages);
    enum diag_code code = messages.first == NULL ? DIAG_NONE : messages.first->code;
    ck_assert_msg(code == checks[_i].code, "%s", code == DIAG_NONE ? "nothing" : diag_info(code)->slug);
    ck_assert_int_eq(is_good, code == DIAG_NONE || code == D_FACTOR_UNKNOWN_UNIT);
    if (code != DIAG_NONE) {
        ck_assert_uint_eq(messages.first->place.line, 8);
        ck_assert_uint_eq(messages.first->place.column, checks[_i].column);
        ck_assert_uint_eq(messages.errors + messages.warnings, 1);
    }
}
END_TEST

START_TEST(distributions_are_checked)
{
    ck_assert(add("factor,name,value,unit,uncertainty\nmaterial,a,2,kgCO2e/kg,normal(sd 100 gCO2e/kg)\n"
                  "material,b,2,kgCO2e/kg,± 10 %\nmaterial,c,2,kgCO2e/kg,normal(sd 1 kWh)\n"
                  "material,d,2,kgCO2e/kg,\"uniform(3, 4)\"\n"));
    ck_assert(!factors_check(&arena, factors, &messages));
    ck_assert_uint_eq(messages.errors, 2);
    ck_assert_int_eq(messages.first->code, D_UNCERTAINTY_UNIT);
    ck_assert_uint_eq(messages.first->place.line, 4);
    ck_assert_int_eq(messages.first->next->code, D_UNCERTAINTY_LIMITS);
}
END_TEST

/* Errors are told as errors, however many warnings stand before them. */
START_TEST(messages_have_an_end)
{
    struct buf text = buf_in(&arena);
    buf_add(&text, STR("factor,name,value,unit\n"));
    for (int i = 0; i < 1000; i++) {
        buf_format(&text, "material,a%d,%s\n", i, i < 500 ? "1,kgCO2e/wafer" : "-1,kgCO2e/kg");
    }
    ck_assert(factors_add(factors, buf_str(&text), STR("rows.csv"), &messages));
    ck_assert(!factors_check(&arena, factors, &messages));
    ck_assert_uint_eq(messages.errors, LIMIT_FACTOR_MESSAGES);
    ck_assert_uint_eq(messages.warnings, LIMIT_FACTOR_MESSAGES + 1);
    ck_assert_int_eq(messages.last->code, D_FACTOR_MORE);
    assert_str(messages.last->args[0], "800");
}
END_TEST

START_TEST(parts_add_up)
{
    ck_assert(add("factor,name,value,unit,fossil,biogenic\nmaterial,a,0.3,kgCO2e/kg,0.1,0.2\n"
                  "material,b,0.3,kgCO2e/kg,,\nmaterial,c,0.3,kgCO2e/kg,0.3,\nmaterial,d,0.3,kgCO2e/kg,0.1,0.1\n"));
    ck_assert(!factors_check(&arena, factors, &messages));
    ck_assert_uint_eq(messages.errors, 1);
    ck_assert_int_eq(messages.first->code, D_FACTOR_PARTS);
    ck_assert_uint_eq(messages.first->place.line, 5);
}
END_TEST

/* ---- mappings ---- */

#define TABLE "Product,Unit,2023,2024\nSteel,kg/kg,2.1,2.0\nIron,kg/kg,1.9,1.8\n"
#define UNIT_OF "\"unit\": {\"column\": \"Unit\", \"values\": {\"kg/kg\": \"kgCO2e/kg\"}}"

static bool add_mapped(const char *mapping)
{
    return factors_add_mapped(factors, STR(TABLE), STR("table.csv"), str_of(mapping), STR("map.json"), &messages);
}

/* A table with a column for each year makes a row for each. */
START_TEST(a_mapping_makes_rows)
{
    ck_assert(
        add_mapped("[{\"factor\": \"grid\", \"region\": {\"column\": \"Product\"}, \"year\": \"2023\","
                   " \"value\": {\"column\": \"2023\"}, \"unit\": \"kgCO2e/kWh\"},"
                   "{\"factor\": \"material\", \"name\": {\"column\": \"Product\", \"values\": {\"Steel\": \"steel\","
                   " \"Iron\": null}}, \"grade\": \"best\", \"value\": {\"column\": \"2024\"}, " UNIT_OF "}]"));
    const struct factor_table *table = &factors->files[0].table;
    ck_assert_uint_eq(table->rows.row_count, 3);
    ck_assert_uint_eq(table->rows.header.count, 7);
    ck_assert(factors_check(&arena, factors, &messages));
    struct factor_binding *binding = factor_bind(&arena, program, factors, &messages);
    ck_assert_ptr_nonnull(binding);
    assert_value(binding, grid, "Steel", "", 2023, "21/10");
    assert_value(binding, grid, "Iron", "", 2023, "19/10");
    assert_value(binding, material, "steel", "best", 0, "2");
    assert_value(binding, material, "Iron", "best", 0, NULL);
}
END_TEST

static const struct {
    const char *mapping;
    enum diag_code code;
    const char *file;
    uint32_t line, column;
} mappings[] = {
    {"",                                                                  D_JSON_CUT_OFF,        "map.json",  1, 1 },
    {"{\"factor\": \"a\",\n \"value\"}",                                  D_JSON_COLON_EXPECTED, "map.json",  2, 9 },
    {"[\n 1]",                                                            D_MAPPING_FORM,        "map.json",  2, 2 },
    {"\"factor\"",                                                        D_MAPPING_FORM,        "map.json",  1, 1 },
    {"{\"value\": 1}",                                                    D_MAPPING_FORM,        "map.json",  1, 11},
    {"{\"value\": {\"values\": {}}}",                                     D_MAPPING_FORM,        "map.json",  1, 11},
    {"{\"value\": {\"column\": \"2023\", \"other\": {}}}",                D_MAPPING_FORM,        "map.json",  1, 30},
    {"{\"value\": {\"column\": \"2023\", \"values\": {\"2.1\": 3}}}",     D_MAPPING_FORM,        "map.json",  1, 48},
    {"{\"value\": {\"column\": \"2023\", \"values\": []}}",               D_MAPPING_FORM,        "map.json",  1, 40},
    {"{\"value\": {\"column\": \"2022\"}}",                               D_FOLDER_NO_COLUMN,    "map.json",  1, 22},
    {"{\"value\": \"1\", \"value\": \"2\"}",                              D_DATA_TWICE,          "map.json",  1, 16},
    {"{\"value\": {\"column\": \"2023\", \"values\": {\"2.1\": \"2\"}}}", D_MAPPING_VALUE,       "table.csv", 3, 12},
    {"{\"value\": {\"column\": \"2023\"}}",                               D_FOLDER_NO_COLUMN,    "table.csv", 1, 1 },
    {"{}",                                                                D_FOLDER_NO_COLUMN,    "table.csv", 1, 1 },
};

START_TEST(mappings_are_checked)
{
    ck_assert(!add_mapped(mappings[_i].mapping));
    const struct diag *diag = messages.first;
    ck_assert_ptr_nonnull(diag);
    ck_assert_msg(diag->code == mappings[_i].code, "%s", diag_info(diag->code)->slug);
    assert_str(diag->place.file, mappings[_i].file);
    ck_assert_uint_eq(diag->place.line, mappings[_i].line);
    ck_assert_uint_eq(diag->place.column, mappings[_i].column);
    ck_assert_uint_eq(factors->count, 0);
}
END_TEST

/* What is wrong with a row is told where the table has it. */
START_TEST(mapped_cells_keep_their_places)
{
    ck_assert(add_mapped("{\"factor\": \"material\", \"name\": {\"column\": \"Product\"}, \"grade\": \"x\","
                         " \"value\": {\"column\": \"Product\"}, \"unit\": \"kgCO2e/kg\"}"));
    ck_assert(!factors_check(&arena, factors, &messages));
    ck_assert_uint_eq(messages.errors, 2);
    ck_assert_int_eq(messages.first->code, D_DATA_NUMBER_EXPECTED);
    ck_assert_uint_eq(messages.first->place.line, 2);
    ck_assert_uint_eq(messages.first->place.column, 1);
}
END_TEST

/* ---- files of strangers ---- */

static bool reads(struct str bytes)
{
    struct arena own = {0};
    struct diags told = diags_in(&own);
    struct zuji_factors *set = factors_new(NULL);
    bool is_good = factors_add(set, bytes, STR("x.db"), &told);
    is_good = is_good && factors_check(&own, set, &told);
    ck_assert(is_good || told.errors > 0);
    (void)factor_bind(&own, program, set, &told);
    factors_free(set);
    arena_free(&own);
    return is_good;
}

/* Any bytes are refused with a message, or read. */
START_TEST(damaged_databases_do_no_harm)
{
    size_t len;
    ck_assert(add(HEADER ROWS));
    char *bytes = database_make(&arena, factors, &len, &messages);
    ck_assert(reads((struct str){bytes, len}));
    size_t refused = 0;
    for (size_t at = 0; at < len; at += at < 100 || (at & 4095) < 16 ? 1 : 131) {
        char kept = bytes[at];
        bytes[at] = (char)(kept ^ (1 << (at % 8)));
        refused += !reads((struct str){bytes, len});
        bytes[at] = kept;
    }
    ck_assert_uint_gt(refused, 20);
    for (size_t cut = 16; cut < len; cut += 1021) {
        ck_assert(!reads((struct str){bytes, cut}) || cut > len / 2);
    }
    free(bytes);
}
END_TEST

/* Databases with the right names and another form. */
static const char *const foreign[] = {
    "CREATE TABLE factor (a)",
    "PRAGMA application_id = 1515538761; PRAGMA user_version = 2;"
    "CREATE TABLE file (_file, path, sha256); CREATE TABLE region (_file, _line, region, parent);"
    "CREATE TABLE factor (_file, _line, factor, region, value)",
    "PRAGMA application_id = 1515538761; PRAGMA user_version = 1;"
    "CREATE TABLE file (_file, path, sha256); CREATE TABLE region (_file, _line, region, parent);"
    "CREATE TABLE rows (_file, _line, factor, region, value); CREATE VIEW factor AS SELECT * FROM rows",
    "PRAGMA application_id = 1515538761; PRAGMA user_version = 1;"
    "CREATE TABLE file (_file, path, sha256); CREATE TABLE region (_file, _line, region, parent);"
    "CREATE VIRTUAL TABLE factor USING rtree (_file, _line, factor, region, value)",
    "PRAGMA application_id = 1515538761; PRAGMA user_version = 1;"
    "CREATE TABLE file (_file, path, sha256); CREATE TABLE region (_file, _line, region, parent);"
    "CREATE TABLE factor (_file, _line, factor, region)",
    "PRAGMA application_id = 1515538761; PRAGMA user_version = 1;"
    "CREATE TABLE file (_file, path, sha256); CREATE TABLE region (_file, _line, region, parent);"
    "CREATE TABLE factor (_file, _line, factor, region, value); INSERT INTO file VALUES (2, 'a', 'b')",
    "PRAGMA application_id = 1515538761; PRAGMA user_version = 1;"
    "CREATE TABLE file (_file, path, sha256); CREATE TABLE region (_file, _line, region, parent);"
    "CREATE TABLE factor (_file, _line, factor, region, value); INSERT INTO factor VALUES (1, 1, 'grid', '', '1')",
};

START_TEST(other_databases_are_refused)
{
    sqlite3 *sqlite = NULL;
    sqlite3_int64 len = 0;
    ck_assert_int_eq(sqlite3_open(":memory:", &sqlite), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(sqlite, foreign[_i], NULL, NULL, NULL), SQLITE_OK);
    unsigned char *bytes = sqlite3_serialize(sqlite, "main", &len, 0);
    ck_assert(!reads((struct str){(const char *)bytes, (size_t)len}));
    sqlite3_free(bytes);
    sqlite3_close(sqlite);
}
END_TEST

/* Wherever memory ends, nothing is lost but the call. */
START_TEST(memory_may_end_while_a_database_is_read)
{
    size_t len;
    ck_assert(add(HEADER ROWS));
    char *bytes = database_make(&arena, factors, &len, &messages);
    struct arena own = {0};
    volatile bool is_done = false;
    for (volatile long n = 1; !is_done; n++) {
        jmp_buf exhausted;
        struct zuji_factors *set = factors_new(NULL);
        struct diags told = diags_in(&own);
        set->arena.on_exhausted = &exhausted;
        set->arena.fail_at = n;
        if (setjmp(exhausted) == 0) {
            ck_assert(factors_add(set, (struct str){bytes, len}, STR("x.db"), &told));
            is_done = true;
        }
        factors_free(set);
    }
    arena_free(&own);
    free(bytes);
}
END_TEST

Suite *factor_files_suite(void)
{
    Suite *suite = suite_create("factor_files");
    TCase *tcase = tcase_create("factor_files");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_row_is_the_same_from_either);
    tcase_add_test(tcase, the_same_rows_give_the_same_bytes);
    tcase_add_test(tcase, only_families_that_are_asked_for_are_read);
    tcase_add_test(tcase, rows_of_a_family_are_searched);
    tcase_add_test(tcase, messages_name_the_line_of_the_file);
    tcase_add_loop_test(tcase, a_spelling_is_of_one_text, 0, (int)countof(spellings));
    tcase_add_loop_test(tcase, rows_are_checked_without_a_program, 0, (int)countof(checks));
    tcase_add_test(tcase, distributions_are_checked);
    tcase_add_test(tcase, messages_have_an_end);
    tcase_add_test(tcase, parts_add_up);
    tcase_add_test(tcase, a_mapping_makes_rows);
    tcase_add_loop_test(tcase, mappings_are_checked, 0, (int)countof(mappings));
    tcase_add_test(tcase, mapped_cells_keep_their_places);
    tcase_add_test(tcase, damaged_databases_do_no_harm);
    tcase_add_loop_test(tcase, other_databases_are_refused, 0, (int)countof(foreign));
    tcase_add_test(tcase, memory_may_end_while_a_database_is_read);
    suite_add_tcase(suite, tcase);
    return suite;
}
