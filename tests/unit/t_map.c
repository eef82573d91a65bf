#include "base/map.h"

#include <check.h>

Suite *map_suite(void);

START_TEST(empty_map_finds_nothing)
{
    struct arena arena = {0};
    struct map map = map_in(&arena);
    ck_assert(!map_get(&map, STR("a"), NULL));
    ck_assert_uint_eq(map.count, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(added_is_found_and_not_added_twice)
{
    struct arena arena = {0};
    struct map map = map_in(&arena);
    uint32_t value = 99;
    ck_assert(map_add(&map, STR("a"), 1));
    ck_assert(map_add(&map, STR(""), 2));
    ck_assert(map_add(&map, STR("a\0b"), 3));
    ck_assert(!map_add(&map, STR("a"), 4));
    ck_assert(map_get(&map, STR("a"), &value));
    ck_assert_uint_eq(value, 1);
    ck_assert(map_get(&map, STR(""), &value));
    ck_assert_uint_eq(value, 2);
    ck_assert(map_get(&map, STR("a\0b"), &value));
    ck_assert_uint_eq(value, 3);
    value = 99;
    ck_assert(!map_get(&map, STR("b"), &value));
    ck_assert_uint_eq(value, 99);
    arena_free(&arena);
}
END_TEST

START_TEST(set_replaces_in_place)
{
    struct arena arena = {0};
    struct map map = map_in(&arena);
    map_set(&map, STR("a"), 1);
    map_set(&map, STR("b"), 2);
    map_set(&map, STR("a"), 3);
    ck_assert_uint_eq(map.count, 2);
    ck_assert(str_eq(map.entries[0].key, STR("a")));
    ck_assert_uint_eq(map.entries[0].value, 3);
    ck_assert_uint_eq(map.entries[1].value, 2);
    arena_free(&arena);
}
END_TEST

START_TEST(many_keys_stay_in_the_order_of_insertion)
{
    enum { COUNT = 20000 };
    struct arena arena = {0};
    struct map map = map_in(&arena);
    for (uint32_t i = 0; i < COUNT; i++) {
        ck_assert(map_add(&map, str_format(&arena, "key %u", (unsigned)(i * 7919 % COUNT)), i));
    }
    ck_assert_uint_eq(map.count, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        ck_assert_uint_eq(map.entries[i].value, i);
        uint32_t value = 0;
        ck_assert(map_get(&map, str_format(&arena, "key %u", (unsigned)(i * 7919 % COUNT)), &value));
        ck_assert_uint_eq(value, i);
    }
    ck_assert(!map_get(&map, STR("key 20000"), NULL));
    arena_free(&arena);
}
END_TEST

START_TEST(interning_copies_and_numbers)
{
    struct arena arena = {0};
    struct map map = map_in(&arena);
    char name[] = "钢材";
    uint32_t first = intern(&map, str_of(name));
    uint32_t second = intern(&map, STR("b"));
    name[0] = 'x';
    ck_assert_uint_eq(first, 0);
    ck_assert_uint_eq(second, 1);
    ck_assert_uint_eq(intern(&map, STR("钢材")), first);
    ck_assert_uint_eq(intern(&map, STR("c")), 2);
    ck_assert(str_eq(map.entries[first].key, STR("钢材")));
    arena_free(&arena);
}
END_TEST

Suite *map_suite(void)
{
    Suite *suite = suite_create("map");
    TCase *tests = tcase_create("map");
    tcase_add_test(tests, empty_map_finds_nothing);
    tcase_add_test(tests, added_is_found_and_not_added_twice);
    tcase_add_test(tests, set_replaces_in_place);
    tcase_add_test(tests, many_keys_stay_in_the_order_of_insertion);
    tcase_add_test(tests, interning_copies_and_numbers);
    suite_add_tcase(suite, tests);
    return suite;
}
