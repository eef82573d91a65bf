#include "base/csv.h"

#include <check.h>

Suite *csv_suite(void);

static struct arena arena;
static struct csv_table table;

static void teardown(void)
{
    arena_free(&arena);
}

static bool read_text(const char *text)
{
    return csv_read(&arena, str_of(text), &table);
}

static void assert_cell(uint32_t row, uint32_t column, const char *expected)
{
    ck_assert_uint_lt(row, table.row_count);
    struct str text = table.rows[row].cells[column].text;
    ck_assert_msg(str_eq(text, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(text), expected);
}

START_TEST(rows_and_places)
{
    ck_assert(read_text("id,mass\na,1\n b , 2\nc,\n"));
    ck_assert_uint_eq(table.row_count, 3);
    ck_assert_uint_eq(table.header.count, 2);
    ck_assert_uint_eq(csv_column(&table, STR("mass")), 1);
    ck_assert_uint_eq(csv_column(&table, STR("Mass")), 2);
    assert_cell(1, 0, "b");
    assert_cell(2, 1, "");
    ck_assert_uint_eq(table.rows[1].line, 3);
    ck_assert_uint_eq(table.rows[1].off, 12);
    ck_assert_uint_eq(table.rows[1].cells[1].off, 16);
    ck_assert_uint_eq(table.rows[1].cells[1].len, 2);
}
END_TEST

START_TEST(quotes)
{
    ck_assert(read_text("a,b,c\n\"x, \"\"y\"\"\", \" z \" ,\"\"\n\"two\nlines\",2,3\nlast,2,3"));
    assert_cell(0, 0, "x, \"y\"");
    assert_cell(0, 1, " z ");
    assert_cell(0, 2, "");
    assert_cell(1, 0, "two\nlines");
    ck_assert_uint_eq(table.rows[1].line, 3);
    ck_assert_uint_eq(table.rows[2].line, 5);
}
END_TEST

static const struct {
    const char *text;
    char separator;
} layouts[] = {
    {"id,mass\na,1\n",                                                         ',' },
    {"id;mass\na;1\n",                                                         ';' },
    {"id\tmass\na\t1\n",                                                       '\t'},
    {"\xEF\xBB\xBFid,mass\r\na,1\r\n",                                         ',' },
    {"# where it comes from; when; how\n\n  # another\nid,mass\n\n a , 1\n\n", ',' },
    {"id,mass\ra,1\r",                                                         ',' },
    {"id,mass\na,1",                                                           ',' },
    {"\"id\",\"mass\"\n\"a\",\"1\"",                                           ',' },
};

START_TEST(the_same_table)
{
    ck_assert(read_text(layouts[_i].text));
    ck_assert_int_eq(table.separator, layouts[_i].separator);
    ck_assert_uint_eq(table.row_count, 1);
    ck_assert_uint_eq(csv_column(&table, STR("id")), 0);
    ck_assert_uint_eq(csv_column(&table, STR("mass")), 1);
    assert_cell(0, 0, "a");
    assert_cell(0, 1, "1");
}
END_TEST

START_TEST(other_separators_are_text)
{
    ck_assert(read_text("id;note\na;1,5\tx\n"));
    assert_cell(0, 1, "1,5\tx");
    ck_assert(read_text("id,\"a;b;c;d\"\n#a,x\n")); /* no comment behind the header */
    ck_assert_int_eq(table.separator, ',');
    assert_cell(0, 0, "#a");
}
END_TEST

static const struct {
    const char *text;
    enum diag_code code;
    uint32_t off;
    uint32_t rows; /* that could be read */
} wrong[] = {
    {"",                     D_CSV_NO_HEADER,   0, 0},
    {"# nothing\n",          D_CSV_NO_HEADER,   0, 0},
    {"a,b\n1\n2,3\n",        D_CSV_ROW_LENGTH,  4, 1},
    {"a,b\n1,2,3\n",         D_CSV_ROW_LENGTH,  4, 0},
    {"a,b\n\"1,2\n3,4\n",    D_CSV_OPEN_QUOTE,  4, 0},
    {"a,b\n\"1\"x,2\n3,4\n", D_CSV_AFTER_QUOTE, 7, 1},
    {"a,b\n1\"x\",2\n3,4\n", D_CSV_STRAY_QUOTE, 5, 1},
    {"a,b\n1,\xFF\n",        D_BAD_UTF8,        6, 0},
};

START_TEST(errors_have_places)
{
    ck_assert(!read_text(wrong[_i].text));
    ck_assert_uint_eq(table.error_count, 1);
    ck_assert_msg(table.errors[0].code == wrong[_i].code, "%s", diag_info(table.errors[0].code)->slug);
    ck_assert_uint_eq(table.errors[0].off, wrong[_i].off);
    ck_assert_uint_eq(table.row_count, wrong[_i].rows);
}
END_TEST

START_TEST(a_nul_is_an_error)
{
    ck_assert(!csv_read(&arena, (struct str){"a,b\n1,\0\n", 8}, &table));
    ck_assert_int_eq(table.errors[0].code, D_CSV_NUL);
    ck_assert_uint_eq(table.errors[0].off, 6);
}
END_TEST

START_TEST(errors_are_counted_up_to_a_limit)
{
    struct buf text = buf_in(&arena);
    buf_add(&text, STR("a,b\n"));
    for (int i = 0; i < CSV_ERRORS_MAX + 5; i++) {
        buf_add(&text, STR("1\n"));
    }
    ck_assert(!csv_read(&arena, str_copy(&arena, buf_str(&text)), &table));
    ck_assert_uint_eq(table.error_count, CSV_ERRORS_MAX);
    struct str args[2];
    csv_error_args(&arena, &table.errors[0], args);
    ck_assert(str_eq(args[0], STR("1")) && str_eq(args[1], STR("2")));
}
END_TEST

Suite *csv_suite(void)
{
    Suite *suite = suite_create("csv");
    TCase *tcase = tcase_create("csv");
    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, rows_and_places);
    tcase_add_test(tcase, quotes);
    tcase_add_loop_test(tcase, the_same_table, 0, (int)countof(layouts));
    tcase_add_test(tcase, other_separators_are_text);
    tcase_add_loop_test(tcase, errors_have_places, 0, (int)countof(wrong));
    tcase_add_test(tcase, a_nul_is_an_error);
    tcase_add_test(tcase, errors_are_counted_up_to_a_limit);
    suite_add_tcase(suite, tcase);
    return suite;
}
