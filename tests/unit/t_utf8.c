#include "base/utf8.h"

#include <check.h>

Suite *utf8_suite(void);

static const struct {
    struct str bytes;
    uint32_t c;
} characters[] = {
    {{"\0", 1},               0       },
    {{"\x7F", 1},             0x7F    },
    {{"\xC2\x80", 2},         0x80    },
    {{"\xDF\xBF", 2},         0x7FF   },
    {{"\xE0\xA0\x80", 3},     0x800   },
    {{"\xE9\x92\xA2", 3},     0x94A2  }, /* 钢 */
    {{"\xED\x9F\xBF", 3},     0xD7FF  },
    {{"\xEE\x80\x80", 3},     0xE000  },
    {{"\xEF\xBF\xBF", 3},     0xFFFF  },
    {{"\xF0\x90\x80\x80", 4}, 0x10000 },
    {{"\xF0\x9F\x98\x80", 4}, 0x1F600 },
    {{"\xF4\x8F\xBF\xBF", 4}, 0x10FFFF},
};

START_TEST(well_formed_characters_decode_and_encode)
{
    for (size_t i = 0; i < countof(characters); i++) {
        size_t off = 0;
        ck_assert_uint_eq(utf8_next(characters[i].bytes, &off), characters[i].c);
        ck_assert_uint_eq(off, characters[i].bytes.len);
        char out[4];
        size_t len = utf8_encode(characters[i].c, out);
        ck_assert(str_eq((struct str){out, len}, characters[i].bytes));
    }
}
END_TEST

/* Each is wrong at its first byte. */
static const struct str ill_formed[] = {
    {"\x80",             1}, /* continuation without a lead */
    {"\xBF",             1},
    {"\xC0\x80",         2}, /* overlong */
    {"\xC1\xBF",         2},
    {"\xE0\x9F\xBF",     3},
    {"\xF0\x8F\xBF\xBF", 4},
    {"\xED\xA0\x80",     3}, /* surrogates */
    {"\xED\xBF\xBF",     3},
    {"\xF4\x90\x80\x80", 4}, /* beyond U+10FFFF */
    {"\xF5\x80\x80\x80", 4},
    {"\xFF",             1},
    {"\xC2",             1}, /* cut short */
    {"\xE9\x92",         2},
    {"\xF0\x9F\x98",     3},
    {"\xE9\x92z",        3}, /* interrupted */
    {"\xC2\xC2\x80",     3},
};

START_TEST(ill_formed_bytes_are_taken_one_by_one)
{
    for (size_t i = 0; i < countof(ill_formed); i++) {
        size_t off = 0;
        ck_assert_uint_eq(utf8_next(ill_formed[i], &off), UTF8_INVALID);
        ck_assert_uint_eq(off, 1);
        ck_assert_uint_eq(utf8_validate(ill_formed[i]), 0);
    }
}
END_TEST

START_TEST(decoding_never_reads_past_the_length)
{
    /* The string ends inside a character whose last byte is there, but not part of the string. */
    size_t off = 0;
    ck_assert_uint_eq(utf8_next((struct str){"\xE9\x92\xA2", 2}, &off), UTF8_INVALID);
}
END_TEST

START_TEST(lengths)
{
    ck_assert_uint_eq(utf8_length(STR("")), 0);
    ck_assert_uint_eq(utf8_length(STR("产品\t😀e\u0301")), 6);
    ck_assert_uint_eq(utf8_length(STR("a\xFF\xE9\x92z")), 5);
}
END_TEST

START_TEST(validation_finds_the_first_bad_byte)
{
    ck_assert_uint_eq(utf8_validate(STR("产品")), 6);
    ck_assert_uint_eq(utf8_validate(STR("产\xFF品")), 3);
    ck_assert_uint_eq(utf8_validate(STR("产品\xE9\x92")), 6);
    ck_assert_uint_eq(utf8_validate(STR("")), 0);
}
END_TEST

Suite *utf8_suite(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tests = tcase_create("utf8");
    tcase_add_test(tests, well_formed_characters_decode_and_encode);
    tcase_add_test(tests, ill_formed_bytes_are_taken_one_by_one);
    tcase_add_test(tests, decoding_never_reads_past_the_length);
    tcase_add_test(tests, lengths);
    tcase_add_test(tests, validation_finds_the_first_bad_byte);
    suite_add_tcase(suite, tests);
    return suite;
}
