#include "base/arena.h"

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

Suite *arena_suite(void);

START_TEST(memory_is_zeroed_aligned_and_distinct)
{
    struct arena arena = {0};
    for (size_t size = 0; size < 300; size++) {
        unsigned char *at = arena_alloc(&arena, size, 1);
        ck_assert_uint_eq((uintptr_t)at % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            ck_assert_uint_eq(at[i], 0);
        }
        memset(at, 0xAA, size);
    }
    arena_free(&arena);
    ck_assert_uint_eq(arena.total, 0);
}
END_TEST

START_TEST(large_requests_get_their_own_block)
{
    struct arena arena = {0};
    char *small = arena_copy(&arena, "small", 5);
    char *large = arena_alloc(&arena, 10, 1 << 20);
    large[(10 << 20) - 1] = 'x';
    ck_assert_str_eq(small, "small");
    ck_assert_uint_ge(arena.total, 10 << 20);
    arena_free(&arena);
}
END_TEST

START_TEST(copy_adds_a_terminator)
{
    struct arena arena = {0};
    const char *copy = arena_copy(&arena, "abcdef", 3);
    ck_assert_str_eq(copy, "abc");
    ck_assert_str_eq(arena_copy(&arena, NULL, 0), "");
    arena_free(&arena);
}
END_TEST

START_TEST(reset_drops_what_came_after_the_mark)
{
    struct arena arena = {0};
    char *kept = arena_copy(&arena, "kept", 4);
    struct arena_mark mark = arena_mark(&arena);
    size_t total = arena.total;
    char *first = arena_alloc(&arena, 100, 1);
    memset(first, 'x', 100);
    arena_alloc(&arena, 100, 10000);
    ck_assert_uint_gt(arena.total, total);
    arena_reset(&arena, mark);
    ck_assert_uint_eq(arena.total, total);
    char *again = arena_alloc(&arena, 100, 1);
    ck_assert_ptr_eq(first, again);
    for (size_t i = 0; i < 100; i++) {
        ck_assert_int_eq(again[i], 0);
    }
    ck_assert_str_eq(kept, "kept");
    arena_free(&arena);
}
END_TEST

START_TEST(reset_to_an_empty_arena_frees_all)
{
    struct arena arena = {0};
    struct arena_mark mark = arena_mark(&arena);
    arena_alloc(&arena, 5000, 100);
    arena_reset(&arena, mark);
    ck_assert_uint_eq(arena.total, 0);
    ck_assert_ptr_null(arena.head);
}
END_TEST

START_TEST(keeps_blocks_for_what_comes_next)
{
    struct arena arena = {0};
    char *first = arena_copy(&arena, "first", 5);
    struct arena_mark mark = arena_mark(&arena);
    char *second = arena_alloc(&arena, 1, 6000);
    char *third = arena_alloc(&arena, 1, 20000);
    size_t total = arena.total;
    memset(second, 'x', 6000);
    arena_reset(&arena, mark);
    ck_assert_uint_eq(arena.total + arena.kept, total);
    ck_assert_ptr_eq(arena_alloc(&arena, 1, 20000), third); /* the first block with room */
    char *again = arena_alloc(&arena, 1, 6000);
    ck_assert_ptr_eq(again, second);
    ck_assert_int_eq(again[5999], 0);
    ck_assert_uint_eq(arena.total, total);
    arena_clear(&arena);
    ck_assert_uint_eq(arena.total, 0);
    ck_assert_uint_eq(arena.kept, total);
    ck_assert_ptr_eq(arena_alloc(&arena, 1, 1), first);
    arena_free(&arena);
    ck_assert_uint_eq(arena.total + arena.kept, 0);
}
END_TEST

START_TEST(keeps_only_so_much)
{
    struct arena arena = {0};
    for (int i = 0; i < 64; i++) {
        arena_alloc(&arena, 1, 1 << 20);
    }
    arena_clear(&arena);
    ck_assert_uint_gt(arena.kept, 1 << 20);
    ck_assert_uint_lt(arena.kept, 32 << 20);
    arena_free(&arena);
}
END_TEST

/* Whether the request comes back, with the arena's limits as they are. */
static bool succeeds(struct arena *arena, size_t count, size_t size)
{
    jmp_buf way_out;
    arena->on_exhausted = &way_out;
    if (setjmp(way_out) != 0) {
        return false;
    }
    arena_alloc(arena, count, size);
    return true;
}

START_TEST(overflow_is_exhaustion)
{
    struct arena arena = {0};
    ck_assert(!succeeds(&arena, SIZE_MAX / 2 + 1, 2));
    ck_assert(!succeeds(&arena, SIZE_MAX, 1));
    ck_assert(!succeeds(&arena, SIZE_MAX / 4, 5));
    ck_assert(succeeds(&arena, 3, 7));
    arena_free(&arena);
}
END_TEST

START_TEST(limit_holds)
{
    struct arena arena = {.limit = 10000};
    ck_assert(!succeeds(&arena, 10001, 1));
    ck_assert(succeeds(&arena, 5000, 1));
    ck_assert(succeeds(&arena, 2000, 1));
    ck_assert(!succeeds(&arena, 4000, 1));
    ck_assert_uint_le(arena.total, 10000);
    arena_free(&arena);
    ck_assert(succeeds(&arena, 9000, 1));
    arena_free(&arena);
}
END_TEST

START_TEST(spare_blocks_do_not_count_against_the_limit)
{
    struct arena arena = {.limit = 10000};
    arena_alloc(&arena, 1, 1000);
    arena_alloc(&arena, 1, 5000);
    arena_clear(&arena);
    ck_assert(succeeds(&arena, 9000, 1));
    ck_assert_uint_le(arena.total + arena.kept, 10000);
    ck_assert(!succeeds(&arena, 9000, 1));
    arena_free(&arena);
}
END_TEST

START_TEST(nth_request_fails_once)
{
    struct arena arena = {.fail_at = 3};
    ck_assert(succeeds(&arena, 1, 1));
    ck_assert(succeeds(&arena, 1, 1));
    ck_assert(!succeeds(&arena, 1, 1));
    ck_assert(succeeds(&arena, 1, 1));
    arena_free(&arena);
}
END_TEST

START_TEST(arrays_grow_and_keep_their_items)
{
    struct arena arena = {0};
    int *items = NULL;
    size_t count = 0;
    size_t cap = 0;
    for (int i = 0; i < 1000; i++) {
        arena_grow(&arena, items, count, cap);
        items[count++] = i;
        ck_assert_uint_le(count, cap);
    }
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(items[i], i);
    }
    arena_free(&arena);
}
END_TEST

Suite *arena_suite(void)
{
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("arena");
    tcase_add_test(tests, memory_is_zeroed_aligned_and_distinct);
    tcase_add_test(tests, large_requests_get_their_own_block);
    tcase_add_test(tests, copy_adds_a_terminator);
    tcase_add_test(tests, reset_drops_what_came_after_the_mark);
    tcase_add_test(tests, reset_to_an_empty_arena_frees_all);
    tcase_add_test(tests, keeps_blocks_for_what_comes_next);
    tcase_add_test(tests, keeps_only_so_much);
    tcase_add_test(tests, spare_blocks_do_not_count_against_the_limit);
    tcase_add_test(tests, overflow_is_exhaustion);
    tcase_add_test(tests, limit_holds);
    tcase_add_test(tests, nth_request_fails_once);
    tcase_add_test(tests, arrays_grow_and_keep_their_items);
    suite_add_tcase(suite, tests);
    return suite;
}
