#include "vm/reader.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/program_builder.h"

Suite *reader_suite(void);

static struct builder builder;
static struct arena arena;
static struct batch batch;
static struct binder *binder;
static struct diags messages;
static struct reader *reader;
static uint32_t mass, farms, farm_area, cattle, heads, cows;

static void setup(void)
{
    builder_start(&builder);
    mass = builder_field(&builder, NO_INDEX, "mass", builder_unit(&builder, "kg", "1", "kg"));
    farms = builder_list(&builder, NO_INDEX, "farms");
    builder_the_field(&builder, farms)->is_optional = 1;
    struct prog_aliases *aliases = &builder_the_field(&builder, farms)->aliases;
    aliases->labels = arena_array(&builder.arena, uint32_t, 1);
    aliases->labels[0] = builder_label(&builder, "牧场");
    aliases->count = 1;
    farm_area = builder_field(&builder, farms, "area", builder_unit(&builder, "ha", "10000", "m^2"));
    cattle = builder_list(&builder, farms, "cattle");
    builder_the_field(&builder, cattle)->is_optional = 1;
    heads = builder_field(&builder, cattle, "heads", builder_unit(&builder, "item", "1", "item"));
    cows = builder_field_of(&builder, cattle, "product", VALUE_TEXT, NO_INDEX);
    builder_the_field(&builder, cows)->is_optional = 1;
    binder = binder_new(&arena, builder_finish(&builder));
    messages = diags_in(&arena);
}

static void teardown(void)
{
    reader_free(reader);
    reader = NULL;
    batch_free(&batch);
    arena_free(&arena);
    builder_free(&builder);
}

/* --- streams --- */

struct input {
    const char *at;
    size_t left, step;
    bool has_error;
};
static struct input input;

static long read_input(void *user, char *buffer, size_t capacity)
{
    struct input *from = user;
    size_t count = from->left < from->step ? from->left : from->step;
    count = count < capacity ? count : capacity;
    if (count == 0 && from->has_error) {
        return -1;
    }
    memcpy(buffer, from->at, count);
    from->at += count;
    from->left -= count;
    return (long)count;
}

static void open_stream(struct str text, size_t step)
{
    reader_free(reader);
    input = (struct input){text.at, text.len, step, false};
    reader = reader_stream(binder, &messages, STR("data.json"), read_input, &input);
}

static void assert_str(struct str s, const char *expected)
{
    ck_assert_msg(str_eq(s, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(s), expected);
}

static void assert_place(const struct diag *diag, enum diag_code code, const char *file, uint32_t line, uint32_t column)
{
    ck_assert_ptr_nonnull(diag);
    struct str text = diag_message(&arena, diag, LANG_EN);
    ck_assert_msg(diag->code == code, "%s: %.*s", diag_info(diag->code)->slug, STR_FMT(text));
    struct str found = diag->place.file;
    ck_assert_msg(str_ends(found, str_of(file)), "%.*s", STR_FMT(found));
    ck_assert_msg(diag->place.line == line && diag->place.column == column, "%u:%u", diag->place.line,
                  diag->place.column);
}

static const char *const layouts[] = {
    "{\"mass\": 1}\n{\"mass\": 2}\n{\"mass\": 3}\n",
    "{\"mass\":1}\r\n\r\n  {\"mass\":2}\n\n{\"mass\":3}",
    "[{\"mass\": 1}, {\"mass\": 2}, {\"mass\": 3}]",
    "\xEF\xBB\xBF\n[\n {\n \"mass\": 1 }\n,\n{\"mass\": 2, \"farms\": [{\"area\": 1}]},{\"mass\": 3}]\n\n",
};
static const size_t steps[] = {1, 2, 7, 100000};

START_TEST(layouts_are_told_apart)
{
    open_stream(str_of(layouts[_i / 4]), steps[_i % 4]);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert(batch.products[i].is_bound);
        ck_assert_uint_eq(batch.products[i].number, i + 1);
        ck_assert_double_eq(batch.columns[mass].as.number[i], i + 1);
    }
    ck_assert(!reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 0);
    ck_assert(!reader_failed(reader));
    ck_assert_uint_eq(messages.errors, 0);
}
END_TEST

static const char *const single[] = {
    "{\"mass\": 1}",    "{\n  \"mass\": 1\n}\n", "{ \"farms\":\n[\n{\"area\": 2}],\n\"mass\": 1}",
    "{ \"mass\"\n: 1}", "[{\"mass\": 1}]",
};

START_TEST(a_single_object)
{
    open_stream(str_of(single[_i]), 3);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 1);
    ck_assert(batch.products[0].is_bound);
    ck_assert(!reader_next(reader, &batch));
    ck_assert_uint_eq(messages.errors, 0);
}
END_TEST

START_TEST(a_bad_line_refuses_its_product_only)
{
    open_stream(str_of("{\"mass\": 1}\n  {\"mass\": 钢}\n{\"mass\": \n{\"mass\": 4}\n7\n{\"mass\": 6} x"), 5);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 6);
    ck_assert(batch.products[0].is_bound && batch.products[3].is_bound);
    assert_place(batch.products[1].messages.first, D_JSON_BAD_WORD, "data.json", 2, 12);
    assert_str(batch.products[1].messages.first->args[0], "钢");
    assert_str(batch.products[1].id, "2");
    assert_place(batch.products[2].messages.first, D_JSON_CUT_OFF, "data.json", 3, 10);
    assert_place(batch.products[4].messages.first, D_DATA_PRODUCT_EXPECTED, "data.json", 5, 1);
    assert_place(batch.products[5].messages.first, D_JSON_END_EXPECTED, "data.json", 6, 13);
    ck_assert_double_eq(batch.columns[mass].as.number[3], 4);
    ck_assert_uint_eq(messages.errors, 0);
}
END_TEST

START_TEST(a_broken_first_line_does_not_hide_the_others)
{
    open_stream(str_of("{\"mass\": 1\n{\"mass\": 2}\n"), 5);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 2);
    ck_assert(!batch.products[0].is_bound && batch.products[1].is_bound);
}
END_TEST

static const struct {
    const char *text;
    uint32_t products;
    enum diag_code code;
    uint32_t line, column;
} broken[] = {
    {"[{\"mass\": 1}, {\"mass\": \"}, {\"id\": \"a\"}]",  1, D_JSON_COMMA_EXPECTED, 1, 30},
    {"[{\"mass\": 1},\n {\"mass\": 2} {\"mass\": 3}]", 2, D_JSON_COMMA_EXPECTED, 2, 14},
    {"[{\"mass\": 1},\n]",                             1, D_JSON_VALUE_EXPECTED, 2, 1 },
    {"[{\"mass\": 1}",                                 1, D_JSON_CUT_OFF,        1, 13},
    {"[{\"mass\": 1}, {\"mass\"",                      1, D_JSON_CUT_OFF,        1, 22},
    {"[{\"mass\": 1}] []",                             1, D_JSON_END_EXPECTED,   1, 15},
    {"{\n\"mass\": 1}\n}",                             1, D_JSON_END_EXPECTED,   3, 1 },
    {"{\n\"mass\": 01}\n",                             0, D_JSON_BAD_NUMBER,     2, 9 },
    {"",                                               0, D_JSON_EMPTY,          1, 1 },
    {"\n  mass",                                       0, D_JSON_BAD_WORD,       2, 3 },
};

START_TEST(a_broken_array_ends_the_stream)
{
    open_stream(str_of(broken[_i].text), 4);
    ck_assert_int_eq(reader_next(reader, &batch), broken[_i].products > 0);
    ck_assert_uint_eq(batch.product_count, broken[_i].products);
    ck_assert(!reader_next(reader, &batch));
    ck_assert_uint_eq(messages.errors, 1);
    assert_place(messages.first, broken[_i].code, "data.json", broken[_i].line, broken[_i].column);
}
END_TEST

START_TEST(a_broken_element_refuses_its_product_only)
{
    open_stream(str_of("[{\"mass\": 1},\n {\"id\": \"b\", \"mass\": 01}, {\"mass\": [,]}, x, {\"mass\": 3}]"), 4);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 5);
    ck_assert(batch.products[0].is_bound && batch.products[4].is_bound);
    ck_assert_double_eq(batch.columns[mass].as.number[4], 3);
    assert_place(batch.products[1].messages.first, D_JSON_BAD_NUMBER, "data.json", 2, 22);
    assert_str(batch.products[1].id, "b");
    assert_place(batch.products[2].messages.first, D_JSON_VALUE_EXPECTED, "data.json", 2, 37);
    assert_str(batch.products[2].id, "3");
    assert_place(batch.products[3].messages.first, D_JSON_BAD_WORD, "data.json", 2, 42);
    ck_assert(!reader_next(reader, &batch));
    ck_assert_uint_eq(messages.errors, 0);
}
END_TEST

START_TEST(places_count_from_the_file)
{
    open_stream(str_of("[{\"mass\": 1},\n  {\"质\": 1, \"mass\": \"x\"}]"), 4);
    ck_assert(reader_next(reader, &batch));
    const struct diag *diag = batch.products[1].messages.first;
    assert_place(diag, D_DATA_UNKNOWN_FIELD, "data.json", 2, 4);
    assert_place(diag->next, D_DATA_NUMBER_EXPECTED, "data.json", 2, 20);
    ck_assert_uint_eq(batch.products[1].line, 2);
}
END_TEST

START_TEST(an_error_of_the_callback)
{
    open_stream(STR("{\"mass\": 1}\n{\"mass\""), 100);
    input.has_error = true;
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 1);
    ck_assert(!reader_next(reader, &batch));
    ck_assert(reader_failed(reader));
    ck_assert_uint_eq(messages.errors, 0);
}
END_TEST

/* 3000 lines make three chunks; one record is larger than the window. */
START_TEST(chunks_and_a_large_record)
{
    struct buf text = buf_in(&arena);
    for (int i = 1; i <= 3000; i++) {
        buf_format(&text, "{\"id\": \"p%d\", \"mass\": %d", i, i);
        if (i == 1500) {
            buf_add(&text, STR(", \"farms\": [{\"area\": 1}"));
            for (int k = 0; k < 20000; k++) {
                buf_add(&text, STR(", {\"area\": 1}"));
            }
            buf_char(&text, ']');
        }
        buf_add(&text, STR("}\n"));
    }
    open_stream(buf_str(&text), 1000);
    const uint32_t expected[] = {1024, 476, 1024, 476};
    uint64_t number = 0;
    for (size_t i = 0; i < countof(expected); i++) {
        ck_assert(reader_next(reader, &batch));
        ck_assert_uint_eq(batch.product_count, expected[i]);
        ck_assert_uint_eq(batch.products[0].number, number + 1);
        number += expected[i];
        ck_assert_double_eq(batch.columns[mass].as.number[expected[i] - 1], (double)number);
        ck_assert_uint_eq(batch.lists[farms].rows, i == 1 ? 20001 : 0);
    }
    ck_assert(!reader_next(reader, &batch));
}
END_TEST

/* --- folders --- */

static char folder[] = "/tmp/zuji-reader-XXXXXX";

static void make_folder(void)
{
    setup();
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    static const char *const names[] = {"products.csv", "test.csv",   "other.csv",       "farms.csv",
                                        "牧场.csv",     "cattle.csv", "farms.cattle.csv"};
    for (size_t i = 0; i < countof(names); i++) {
        unlink(str_format(&arena, "%s/%s", folder, names[i]).at);
    }
    ck_assert_int_eq(rmdir(folder), 0);
    teardown();
}

static void write_file(const char *name, const char *text)
{
    FILE *stream = fopen(str_copy(&arena, str_format(&arena, "%s/%s", folder, name)).at, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_ge(fputs(text, stream), 0);
    ck_assert_int_eq(fclose(stream), 0);
}

static void open_folder(void)
{
    reader = reader_folder(binder, &messages, str_of(folder));
}

START_TEST(a_folder)
{
    write_file("products.csv", "id,mass [t]\na,1\nb,2\nc,\"3 kg\"\n");
    write_file("farms.csv", "product,area (km2)\nb,1\na,2\nb,3\n");
    write_file("farms.cattle.csv", "product_id;row;heads;product\nb;2;20;milk\nb;1;10;\na;1;30;\nb;2;21;\n");
    open_folder();
    ck_assert_uint_eq(messages.errors, 0);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 3);
    ck_assert_double_eq(batch.columns[mass].as.number[0], 1000);
    assert_str(batch.products[1].id, "b");
    ck_assert_uint_eq(batch.products[1].line, 3);
    const uint32_t farm_first[] = {0, 1, 3, 3};
    const uint32_t cattle_first[] = {0, 1, 2, 4};
    const double areas[] = {200, 100, 300};
    const double counts[] = {30, 10, 20, 21};
    ck_assert_mem_eq(batch.lists[farms].first, farm_first, sizeof farm_first);
    ck_assert_mem_eq(batch.lists[cattle].first, cattle_first, sizeof cattle_first);
    ck_assert_mem_eq(batch.columns[farm_area].as.number, areas, sizeof areas);
    ck_assert_mem_eq(batch.columns[heads].as.number, counts, sizeof counts);
    ck_assert_uint_eq(batch.columns[cows].given[1], 0);
    ck_assert_uint_eq(batch.columns[cows].given[2], 1);
    /* "3 kg" under a header in t */
    ck_assert(!batch.products[2].is_bound);
    assert_place(batch.products[2].messages.first, D_DATA_TWO_UNITS, "/products.csv", 4, 3);
    ck_assert(!reader_next(reader, &batch));
}
END_TEST

START_TEST(columns_about_data)
{
    write_file("products.csv", "id,mass [t],mass.quality,mass.估算,mass.source\na,1,2.5,是,\nb,2,,,the scales\nc,3,,,\nd,4,,no,\n");
    write_file("farms.csv", "product,area,area.unit,area.origin\na,1,km2,primary\na,2,ha,次级\nd,1,ha,here\n");
    open_folder();
    ck_assert_uint_eq(messages.errors, 0);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.about_count, 4);
    ck_assert_double_eq(batch.columns[mass].as.number[0], 1000);
    ck_assert_uint_eq(batch_about(&batch, mass, 0)->quality, 2500);
    ck_assert(batch_about(&batch, mass, 0)->is_estimated);
    assert_str(batch_about(&batch, mass, 1)->source, "the scales");
    ck_assert_ptr_null(batch_about(&batch, mass, 2));
    ck_assert_int_eq(batch_about(&batch, farm_area, 0)->origin, PROG_ORIGIN_PRIMARY);
    ck_assert_double_eq(batch.columns[farm_area].as.number[0], 100);
    ck_assert_int_eq(batch_about(&batch, farm_area, 1)->origin, PROG_ORIGIN_SECONDARY);
    ck_assert(!batch.products[3].is_bound);
    assert_place(batch.products[3].messages.first, D_DATA_ORIGIN, "/farms.csv", 4, 8);
}
END_TEST

START_TEST(names_of_files)
{
    write_file("test.csv", "id,mass\na,1\n"); /* the rule's name */
    write_file("牧场.csv", "product,area\na,2\n");
    write_file("cattle.csv", "product_id,row,heads\na,1,5\n");
    write_file("other.csv", "x\n1\n");
    open_folder();
    ck_assert_uint_eq(messages.errors, 0);
    assert_place(messages.first, D_FOLDER_UNKNOWN_FILE, "/other.csv", 0, 0);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.lists[cattle].rows, 1);
}
END_TEST

START_TEST(the_only_other_file)
{
    write_file("other.csv", "id,mass\na,1\n");
    open_folder();
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 1);
    ck_assert_uint_eq(batch.columns[farms].given[0], 0); /* no file, no list */
}
END_TEST

START_TEST(bad_tables_are_refused_as_a_whole)
{
    write_file("products.csv", "id,mas,mass\na,1,1\n");
    write_file("farms.csv", "area,area,x\n1\n");
    write_file("cattle.csv", "product_id,heads\na,1\n");
    open_folder();
    ck_assert(!reader_next(reader, &batch));
    ck_assert(!reader_failed(reader));
    const struct diag *diag = messages.first;
    assert_place(diag, D_FOLDER_NO_COLUMN, "/cattle.csv", 1, 1);
    assert_place(diag->next, D_CSV_ROW_LENGTH, "/farms.csv", 2, 1);
    assert_place(diag->next->next, D_FOLDER_UNKNOWN_COLUMN_NEAR, "/products.csv", 1, 4);
    ck_assert_uint_eq(messages.errors, 3);
}
END_TEST

START_TEST(bad_headers)
{
    write_file("products.csv", "mass\n1\n");
    write_file("farms.csv", "area,area,x\n1,2,3\n");
    open_folder();
    const struct diag *diag = messages.first;
    assert_place(diag, D_FOLDER_TWO_COLUMNS, "/farms.csv", 1, 6);
    assert_place(diag->next, D_FOLDER_UNKNOWN_COLUMN, "/farms.csv", 1, 11);
    assert_place(diag->next->next, D_FOLDER_NO_COLUMN, "/farms.csv", 1, 1);
    assert_place(diag->next->next->next, D_FOLDER_NO_COLUMN, "/products.csv", 1, 1);
}
END_TEST

START_TEST(uncertain_products_are_refused)
{
    write_file("products.csv", "id,mass\na,1\nb,2\na,3\n,4\nc,5\nd,6\n");
    write_file("farms.csv", "product,area\nc,1\nzz,1\nd,1\n");
    write_file("cattle.csv", "product_id,row,heads\nc,2,1\nd,1,1\n");
    open_folder();
    ck_assert_uint_eq(messages.errors, 1);
    assert_place(messages.first, D_FOLDER_UNKNOWN_PRODUCT, "/farms.csv", 3, 1);
    ck_assert(reader_next(reader, &batch));
    ck_assert_uint_eq(batch.product_count, 6);
    assert_place(batch.products[0].messages.first, D_FOLDER_SAME_PRODUCT, "/products.csv", 4, 1);
    ck_assert(batch.products[1].is_bound);
    assert_place(batch.products[2].messages.first, D_FOLDER_SAME_PRODUCT, "/products.csv", 4, 1);
    assert_str(batch.products[2].id, "a");
    assert_place(batch.products[3].messages.first, D_FOLDER_NO_ID, "/products.csv", 5, 1);
    assert_place(batch.products[4].messages.first, D_FOLDER_BAD_ROW, "/cattle.csv", 2, 3);
    ck_assert(batch.products[5].is_bound);
    ck_assert_uint_eq(batch.lists[cattle].rows, 1);
}
END_TEST

START_TEST(no_folder)
{
    reader = reader_folder(binder, &messages, STR("/tmp/zuji-no-such-folder"));
    ck_assert(reader_failed(reader));
    ck_assert_int_eq(messages.first->code, D_CANNOT_OPEN);
    ck_assert(!reader_next(reader, &batch));
}
END_TEST

START_TEST(an_empty_folder)
{
    open_folder();
    ck_assert(!reader_failed(reader));
    ck_assert_int_eq(messages.first->code, D_FOLDER_NO_PRODUCTS);
    ck_assert(!reader_next(reader, &batch));
}
END_TEST

Suite *reader_suite(void)
{
    Suite *suite = suite_create("reader");
    TCase *streams = tcase_create("streams");
    tcase_add_checked_fixture(streams, setup, teardown);
    tcase_add_loop_test(streams, layouts_are_told_apart, 0, (int)(countof(layouts) * countof(steps)));
    tcase_add_loop_test(streams, a_single_object, 0, (int)countof(single));
    tcase_add_test(streams, a_bad_line_refuses_its_product_only);
    tcase_add_test(streams, a_broken_first_line_does_not_hide_the_others);
    tcase_add_loop_test(streams, a_broken_array_ends_the_stream, 0, (int)countof(broken));
    tcase_add_test(streams, a_broken_element_refuses_its_product_only);
    tcase_add_test(streams, places_count_from_the_file);
    tcase_add_test(streams, an_error_of_the_callback);
    tcase_add_test(streams, chunks_and_a_large_record);
    tcase_add_test(streams, no_folder);
    suite_add_tcase(suite, streams);
    TCase *folders = tcase_create("folders");
    tcase_add_checked_fixture(folders, make_folder, remove_folder);
    tcase_add_test(folders, a_folder);
    tcase_add_test(folders, columns_about_data);
    tcase_add_test(folders, names_of_files);
    tcase_add_test(folders, the_only_other_file);
    tcase_add_test(folders, bad_tables_are_refused_as_a_whole);
    tcase_add_test(folders, bad_headers);
    tcase_add_test(folders, uncertain_products_are_refused);
    tcase_add_test(folders, an_empty_folder);
    suite_add_tcase(suite, folders);
    return suite;
}
