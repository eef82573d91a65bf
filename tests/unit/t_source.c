#include "base/source.h"

#include <check.h>

Suite *source_suite(void);

static void assert_place(struct place place, uint32_t line, uint32_t column)
{
    ck_assert_uint_eq(place.line, line);
    ck_assert_uint_eq(place.column, column);
}

START_TEST(file_zero_is_no_place)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    ck_assert_uint_eq(sources.count, 1);
    ck_assert_uint_eq(sources_get(&sources, 0)->text.len, 0);
    ck_assert_uint_eq(span_text(&sources, (struct span){0, 5, 5}).len, 0);
    ck_assert_uint_eq(sources_add(&sources, STR("a"), STR("x")), 1);
    ck_assert_uint_eq(sources_add(&sources, STR("b"), STR("y")), 2);
    ck_assert(str_eq(sources_get(&sources, 1)->path, STR("a")));
    arena_free(&arena);
}
END_TEST

START_TEST(places_count_lines_and_code_points)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    /* Offsets: 产 0, 品 3, tab 6, emoji 7, newline 11, b 12, CR 13, newline 14, newline 15, end 16. */
    uint32_t file = sources_add(&sources, STR("t"), STR("产品\t😀\nb\r\n\n"));
    const struct source *source = sources_get(&sources, file);
    ck_assert_uint_eq(source->line_count, 4);
    assert_place(source_place(source, 0), 1, 1);
    assert_place(source_place(source, 3), 1, 2);
    assert_place(source_place(source, 6), 1, 3);
    assert_place(source_place(source, 7), 1, 4);
    assert_place(source_place(source, 11), 1, 5);
    assert_place(source_place(source, 12), 2, 1);
    assert_place(source_place(source, 14), 2, 3);
    assert_place(source_place(source, 15), 3, 1);
    assert_place(source_place(source, 16), 4, 1);
    assert_place(source_place(source, 1000), 4, 1);
    ck_assert_uint_eq(source_line(source, 11), 1);
    ck_assert_uint_eq(source_line(source, 12), 2);
    ck_assert_uint_eq(source_line(source, 1000), 4);
    arena_free(&arena);
}
END_TEST

START_TEST(byte_order_mark_is_no_column)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    uint32_t file = sources_add(&sources, STR("t"), STR("\uFEFFab\n\uFEFFc"));
    const struct source *source = sources_get(&sources, file);
    assert_place(source_place(source, 3), 1, 1);
    assert_place(source_place(source, 4), 1, 2);
    assert_place(source_place(source, 9), 2, 2);
    arena_free(&arena);
}
END_TEST

START_TEST(spans)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    uint32_t file = sources_add(&sources, STR("t"), STR("let x = 1"));
    struct span let = {file, 0, 3};
    struct span one = {file, 8, 1};
    ck_assert(str_eq(span_text(&sources, let), STR("let")));
    ck_assert(str_eq(span_text(&sources, span_join(let, one)), STR("let x = 1")));
    ck_assert(str_eq(span_text(&sources, (struct span){file, 8, UINT32_MAX}), STR("1")));
    ck_assert_uint_eq(span_join((struct span){0, 0, 0}, one).off, 8);
    struct span joined = span_join(let, (struct span){0, 0, 0});
    ck_assert_uint_eq(joined.file, file);
    ck_assert_uint_eq(joined.len, 3);
    arena_free(&arena);
}
END_TEST

Suite *source_suite(void)
{
    Suite *suite = suite_create("source");
    TCase *tests = tcase_create("source");
    tcase_add_test(tests, file_zero_is_no_place);
    tcase_add_test(tests, places_count_lines_and_code_points);
    tcase_add_test(tests, byte_order_mark_is_no_column);
    tcase_add_test(tests, spans);
    suite_add_tcase(suite, tests);
    return suite;
}
