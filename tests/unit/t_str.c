#include "base/str.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sha256.h"

Suite *str_suite(void);

static void assert_str(struct str s, const char *expected)
{
    ck_assert_msg(str_eq(s, str_of(expected)), "\"%.*s\" is not \"%s\"", STR_FMT(s), expected);
}

START_TEST(comparison)
{
    ck_assert(str_eq(STR("a\0b"), ((struct str){"a\0b", 3})));
    ck_assert(!str_eq(STR("a\0b"), STR("a\0c")));
    ck_assert(str_eq(STR(""), str_of(NULL)));
    ck_assert_int_eq(str_cmp(STR("ab"), STR("abc")), -1);
    ck_assert_int_eq(str_cmp(STR("abc"), STR("ab")), 1);
    ck_assert_int_eq(str_cmp(STR("b"), STR("abc")), 1);
    ck_assert_int_eq(str_cmp(STR("钢"), STR("钢")), 0);
    /* Bytes count as unsigned: Han after Latin. */
    ck_assert_int_eq(str_cmp(STR("z"), STR("钢")), -1);
}
END_TEST

START_TEST(slices_and_ends)
{
    ck_assert(str_starts(STR("kgCO2e"), STR("kg")));
    ck_assert(!str_starts(STR("k"), STR("kg")));
    ck_assert(str_starts(STR(""), STR("")));
    ck_assert(str_ends(STR("rule.pcr"), STR(".pcr")));
    ck_assert(!str_ends(STR("pcr"), STR(".pcr")));
    assert_str(str_slice(STR("abcdef"), 2, 4), "cd");
    assert_str(str_slice(STR("abc"), 2, 99), "c");
    assert_str(str_slice(STR("abc"), 99, 99), "");
    assert_str(str_slice(STR("abc"), 2, 1), "");
    assert_str(str_slice((struct str){NULL, 0}, 0, 5), "");
    assert_str(str_trim(STR(" \t\r\n a b \f\v")), "a b");
    assert_str(str_trim(STR(" \n ")), "");
    assert_str(str_trim(STR("\u3000a")), "\u3000a");
}
END_TEST

START_TEST(building)
{
    struct arena arena = {0};
    struct str parts[] = {STR("a"), STR(""), STR("钢")};
    assert_str(str_join(&arena, parts, 3, STR(", ")), "a, , 钢");
    assert_str(str_join(&arena, parts, 0, STR(", ")), "");
    assert_str(str_format(&arena, "%d-%.*s", -7, STR_FMT(parts[2])), "-7-钢");
    assert_str(str_format(&arena, "%s", ""), "");
    struct buf buf = buf_in(&arena);
    assert_str(buf_str(&buf), "");
    for (int i = 0; i < 1000; i++) {
        buf_char(&buf, (char)('a' + i % 26));
        buf_format(&buf, "%d,", i);
    }
    struct str all = buf_str(&buf);
    ck_assert_uint_eq(all.len, 1000 * 2 + 10 + 90 * 2 + 900 * 3);
    ck_assert(str_starts(all, STR("a0,b1,")) && str_ends(all, STR("k998,l999,")));
    /* A buffer may be added to itself. */
    buf_add(&buf, all);
    ck_assert_uint_eq(buf.len, all.len * 2);
    ck_assert(str_eq(str_slice(buf_str(&buf), all.len, buf.len), all));
    struct str copy = str_copy(&arena, str_slice(all, 0, 3));
    ck_assert_str_eq(copy.at, "a0,");
    arena_free(&arena);
}
END_TEST

START_TEST(hash_is_fixed_and_spreads)
{
    ck_assert(str_hash(STR("a")) != str_hash(STR("b")));
    ck_assert(str_hash(STR("")) == str_hash(str_of(NULL)));
    ck_assert(str_hash(STR("ab")) != str_hash(STR("ba")));
    bool seen[256] = {false};
    size_t distinct = 0;
    for (char c = 'a'; c <= 'z'; c++) {
        for (char d = 'a'; d <= 'z'; d++) {
            char text[] = {c, d};
            uint8_t slot = (uint8_t)(str_hash((struct str){text, 2}) & 0xFF);
            distinct += !seen[slot];
            seen[slot] = true;
        }
    }
    /* 676 throws into 256 boxes leave about 18 empty. */
    ck_assert_uint_gt(distinct, 215);
}
END_TEST

START_TEST(edit_distance)
{
    ck_assert_uint_eq(str_distance(STR("mass"), STR("mass"), 3), 0);
    ck_assert_uint_eq(str_distance(STR("kitten"), STR("sitting"), 5), 3);
    ck_assert_uint_eq(str_distance(STR("mass"), STR("amss"), 3), 1);
    ck_assert_uint_eq(str_distance(STR(""), STR("abc"), 3), 3);
    ck_assert_uint_eq(str_distance(STR("abc"), STR(""), 2), 3);
    ck_assert_uint_eq(str_distance(STR("abcdef"), STR("uvwxyz"), 2), 3);
    ck_assert_uint_eq(str_distance(STR("用电量"), STR("电量"), 2), 1);
    ck_assert_uint_eq(str_distance(STR("钢材"), STR("铜材"), 2), 1);
    char longest[201];
    memset(longest, 'a', 200);
    longest[200] = '\0';
    ck_assert_uint_eq(str_distance(str_of(longest), str_of(longest), 2), 0);
    ck_assert_uint_eq(str_distance(str_of(longest), (struct str){longest, 199}, 2), 3);
}
END_TEST

START_TEST(nearest_name)
{
    struct str names[] = {STR("electricity"), STR("mass"), STR("moss"), STR("GWP"), STR("x"), STR("用电量")};
    assert_str(str_nearest(STR("electrcity"), names, countof(names)), "electricity");
    assert_str(str_nearest(STR("elektrizity"), names, countof(names)), "electricity");
    assert_str(str_nearest(STR("mas"), names, countof(names)), "mass");
    assert_str(str_nearest(STR("mess"), names, countof(names)), "mass");
    assert_str(str_nearest(STR("gwp"), names, countof(names)), "GWP");
    assert_str(str_nearest(STR("电量"), names, countof(names)), "用电量");
    assert_str(str_nearest(STR("y"), names, countof(names)), "");
    assert_str(str_nearest(STR("distance"), names, countof(names)), "");
    assert_str(str_nearest(STR("mass"), names, 0), "");
}
END_TEST

static struct str temporary_file(struct arena *arena, struct str bytes)
{
    char path[] = "/tmp/zuji_str_XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, bytes.at, bytes.len), (ssize_t)bytes.len);
    close(file);
    return str_copy(arena, str_of(path));
}

START_TEST(files_are_read_whole)
{
    struct arena arena = {0};
    size_t sizes[] = {0, 1, 4095, 4096, 4097, 100000};
    for (size_t i = 0; i < countof(sizes); i++) {
        char *bytes = arena_alloc(&arena, sizes[i], 1);
        for (size_t j = 0; j < sizes[i]; j++) {
            bytes[j] = (char)(j % 251);
        }
        struct str path = temporary_file(&arena, (struct str){bytes, sizes[i]});
        struct str text = STR("untouched");
        ck_assert(file_read(&arena, path, &text));
        unlink(path.at);
        ck_assert(str_eq(text, (struct str){bytes, sizes[i]}));
        ck_assert_int_eq(text.at[text.len], '\0');
    }
    arena_free(&arena);
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
    struct arena arena = {0};
    struct str text = STR("");
    errno = 0;
    ck_assert(!file_read(&arena, STR("/nonexistent/rule.pcr"), &text));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert(!file_read(&arena, STR("/tmp"), &text));
    ck_assert_int_eq(errno, EISDIR);
    ck_assert(!file_read(&arena, STR("a\0b"), &text));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert(!file_read(&arena, STR(""), &text));
    ck_assert_int_eq(errno, ENOENT);
    arena_free(&arena);
}
END_TEST

START_TEST(standard_input_is_a_dash)
{
    struct arena arena = {0};
    struct str path = temporary_file(&arena, STR("from a pipe"));
    ck_assert_ptr_nonnull(freopen(path.at, "rb", stdin));
    struct str text = STR("");
    ck_assert(file_read(&arena, STR("-"), &text));
    assert_str(text, "from a pipe");
    unlink(path.at);
    arena_free(&arena);
}
END_TEST

/* The examples of FIPS 180-2, appendix B, and the empty message. */
START_TEST(sha256_of_published_examples)
{
    char hex[SHA256_HEX];
    sha256_hex(STR(""), hex);
    ck_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex(STR("abc"), hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), hex);
    ck_assert_str_eq(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
END_TEST

Suite *str_suite(void)
{
    Suite *suite = suite_create("str");
    TCase *tests = tcase_create("str");
    tcase_add_test(tests, comparison);
    tcase_add_test(tests, slices_and_ends);
    tcase_add_test(tests, building);
    tcase_add_test(tests, hash_is_fixed_and_spreads);
    tcase_add_test(tests, edit_distance);
    tcase_add_test(tests, nearest_name);
    tcase_add_test(tests, files_are_read_whole);
    tcase_add_test(tests, files_that_cannot_be_read);
    tcase_add_test(tests, standard_input_is_a_dash);
    tcase_add_test(tests, sha256_of_published_examples);
    suite_add_tcase(suite, tests);
    return suite;
}
