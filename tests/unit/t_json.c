#include "base/json.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *json_suite(void);

static struct arena arena;
static struct json_tree tree;
static struct json_error error;

static void setup(void)
{
    tree = json_tree_in(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

static bool read_text(const char *text)
{
    return json_read(&tree, &arena, str_of(text), &error);
}

static void assert_str(struct str s, const char *expected)
{
    ck_assert_msg(str_eq(s, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(s), expected);
}

START_TEST(the_tree_is_in_the_order_of_the_text)
{
    ck_assert(read_text(" {\"a\": [1, 2.50], \"b\" :{} , \"c\":null}\n"));
    const struct json_node *nodes = tree.nodes;
    ck_assert_uint_eq(tree.count, 9);
    ck_assert_int_eq(nodes[0].type, JSON_OBJECT);
    ck_assert_uint_eq(nodes[0].count, 3);
    ck_assert_uint_eq(nodes[0].next, 9);
    ck_assert_uint_eq(nodes[0].off, 1);
    assert_str(nodes[1].text, "a");
    ck_assert_int_eq(nodes[2].type, JSON_ARRAY);
    ck_assert_uint_eq(nodes[2].count, 2);
    ck_assert_uint_eq(nodes[2].next, 5);
    assert_str(nodes[3].text, "1");
    assert_str(nodes[4].text, "2.50"); /* as written: the zero stays */
    ck_assert_uint_eq(nodes[4].off, 11);
    ck_assert_uint_eq(nodes[4].len, 4);
    ck_assert_uint_eq(nodes[5].next, 6);
    ck_assert_int_eq(nodes[6].type, JSON_OBJECT);
    ck_assert_uint_eq(nodes[6].count, 0);
    ck_assert_int_eq(nodes[8].type, JSON_NULL);
}
END_TEST

START_TEST(texts_are_decoded)
{
    ck_assert(
        read_text("[\"plain 钢\", \"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u94a2\\u00E9\", \"\\ud83d\\ude00!\", \"\"]"));
    assert_str(tree.nodes[1].text, "plain 钢");
    assert_str(tree.nodes[2].text, "\"\\/\b\f\n\r\t");
    assert_str(tree.nodes[3].text, "钢é");
    assert_str(tree.nodes[4].text, "\xF0\x9F\x98\x80!");
    assert_str(tree.nodes[5].text, "");
}
END_TEST

static const struct {
    const char *text;
    enum diag_code code;
    uint32_t off, len;
} wrong[] = {
    {"",                       D_JSON_CUT_OFF,        0, 0},
    {"{\"a\": 1",              D_JSON_CUT_OFF,        7, 0},
    {"[1,",                    D_JSON_CUT_OFF,        3, 0},
    {"{\"a\": }",              D_JSON_VALUE_EXPECTED, 6, 1},
    {"[1,]",                   D_JSON_VALUE_EXPECTED, 3, 1},
    {"{\"a\": 1,}",            D_JSON_KEY_EXPECTED,   8, 1},
    {"{1: 2}",                 D_JSON_KEY_EXPECTED,   1, 1},
    {"{\"a\" 1}",              D_JSON_COLON_EXPECTED, 5, 1},
    {"{\"a\": 1 \"b\": 2}",    D_JSON_COMMA_EXPECTED, 8, 3},
    {"[1}",                    D_JSON_COMMA_EXPECTED, 2, 1},
    {"{} {}",                  D_JSON_END_EXPECTED,   3, 1},
    {"[01]",                   D_JSON_BAD_NUMBER,     1, 2},
    {"[1.]",                   D_JSON_BAD_NUMBER,     1, 2},
    {"[.5]",                   D_JSON_BAD_NUMBER,     1, 2},
    {"[+1]",                   D_JSON_BAD_NUMBER,     1, 2},
    {"[1e]",                   D_JSON_BAD_NUMBER,     1, 2},
    {"[-]",                    D_JSON_BAD_NUMBER,     1, 1},
    {"[12kWh]",                D_JSON_BAD_NUMBER,     1, 5},
    {"[NaN]",                  D_JSON_BAD_WORD,       1, 3},
    {"[True]",                 D_JSON_BAD_WORD,       1, 4},
    {"[nulls]",                D_JSON_BAD_WORD,       1, 5},
    {"['a']",                  D_JSON_QUOTES,         1, 1},
    {"[1 /* x */]",            D_JSON_CHARACTER,      3, 1},
    {"[\xE2\x80\x9C"
     "a\xE2\x80\x9D]",    D_JSON_QUOTES,         1, 3},
    {"[\"abc",                 D_JSON_OPEN_TEXT,      1, 1},
    {"[\"abc\n\"]",            D_JSON_OPEN_TEXT,      1, 1},
    {"[\"a\\x\"]",             D_JSON_BAD_ESCAPE,     3, 2},
    {"[\"a\\u12G4\"]",         D_JSON_BAD_ESCAPE,     3, 2},
    {"[\"a\tb\"]",             D_JSON_CONTROL,        3, 1},
    {"[\"\\u0000\"]",          D_JSON_NUL,            2, 6},
    {"[\"a\\ud83d\"]",         D_JSON_LONE_SURROGATE, 3, 6},
    {"[\"\\ud83d\\ud83d\"]",   D_JSON_LONE_SURROGATE, 2, 6},
    {"[\"\\ude00\"]",          D_JSON_LONE_SURROGATE, 2, 6},
    {"[\"a\xFF\"]",            D_BAD_UTF8,            3, 1},
    {"[\"\xC0\xAF\"]",         D_BAD_UTF8,            2, 1}, /* overlong */
    {"[\"\xED\xA0\x80\"]",     D_BAD_UTF8,            2, 1}, /* an encoded surrogate */
    {"[\"\xF4\x90\x80\x80\"]", D_BAD_UTF8,            2, 1}, /* beyond U+10FFFF */
    {"[\xE9]",                 D_BAD_UTF8,            1, 1},
};

START_TEST(errors_have_places)
{
    ck_assert(!read_text(wrong[_i].text));
    ck_assert_msg(error.code == wrong[_i].code, "%s: %s", wrong[_i].text, diag_info(error.code)->slug);
    ck_assert_msg(error.off == wrong[_i].off && error.len == wrong[_i].len, "%s: %u, %u", wrong[_i].text, error.off,
                  error.len);
}
END_TEST

START_TEST(a_nul_is_no_end)
{
    struct str text = {"[1\0]", 4};
    ck_assert(!json_read(&tree, &arena, text, &error));
    ck_assert_int_eq(error.code, D_JSON_CHARACTER);
    ck_assert_uint_eq(error.off, 2);
}
END_TEST

static const char *const numbers[] = {"0",   "-0",  "1",    "-12",      "0.5",
                                      "1.0", "1e5", "1E-5", "-0.0e+10", "123456789012345678901234567890.123456789"};

START_TEST(numbers_stay_as_written)
{
    ck_assert(read_text(numbers[_i]));
    ck_assert_int_eq(tree.nodes[0].type, JSON_NUMBER);
    assert_str(tree.nodes[0].text, numbers[_i]);
}
END_TEST

static bool read_nested(size_t depth)
{
    struct buf text = buf_in(&arena);
    for (size_t i = 0; i < depth; i++) {
        buf_char(&text, '[');
    }
    for (size_t i = 0; i < depth; i++) {
        buf_char(&text, ']');
    }
    return json_read(&tree, &arena, str_copy(&arena, buf_str(&text)), &error);
}

START_TEST(depth_has_a_limit)
{
    ck_assert(read_nested(JSON_DEPTH_MAX));
    ck_assert(!read_nested(JSON_DEPTH_MAX + 1));
    ck_assert_int_eq(error.code, D_JSON_TOO_DEEP);
    ck_assert_uint_eq(error.off, JSON_DEPTH_MAX);
}
END_TEST

START_TEST(a_tree_is_used_again)
{
    ck_assert(read_text("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"));
    const struct json_node *nodes = tree.nodes;
    ck_assert(read_text("{\"a\": 1}"));
    ck_assert_ptr_eq(nodes, tree.nodes);
    ck_assert_uint_eq(tree.count, 3);
}
END_TEST

START_TEST(the_published_cases)
{
    const char *shared = getenv("ZUJI_SHARED");
    if (shared == NULL) {
        printf("json: ZUJI_SHARED is not set, the published cases are skipped\n");
        return;
    }
    struct str text;
    struct str path = str_format(&arena, "%s/cases/textile/cases.json", shared);
    ck_assert(file_read(&arena, path, &text));
    ck_assert(json_read(&tree, &arena, text, &error));
    ck_assert_int_eq(tree.nodes[0].type, JSON_ARRAY);
    ck_assert_uint_eq(tree.nodes[0].count, 8);
    ck_assert_uint_eq(tree.nodes[0].next, tree.count);
}
END_TEST

Suite *json_suite(void)
{
    Suite *suite = suite_create("json");
    TCase *tcase = tcase_create("json");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_tree_is_in_the_order_of_the_text);
    tcase_add_test(tcase, texts_are_decoded);
    tcase_add_loop_test(tcase, errors_have_places, 0, (int)countof(wrong));
    tcase_add_test(tcase, a_nul_is_no_end);
    tcase_add_loop_test(tcase, numbers_stay_as_written, 0, (int)countof(numbers));
    tcase_add_test(tcase, depth_has_a_limit);
    tcase_add_test(tcase, a_tree_is_used_again);
    tcase_add_test(tcase, the_published_cases);
    suite_add_tcase(suite, tcase);
    return suite;
}
