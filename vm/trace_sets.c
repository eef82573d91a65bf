/* Sets of grounds, each distinct one once: most values of a rule rest on one of a few. */
#include <stdlib.h>
#include <string.h>

#include "vm/trace.h"

static uint32_t intern_set(struct ground_sets *sets, const uint32_t *grounds, uint32_t count)
{
    struct str key = {(const char *)grounds, count * sizeof *grounds};
    uint32_t number = 0;
    if (map_get(&sets->sets, key, &number)) {
        return number;
    }
    uint32_t *own = arena_array(sets->arena, uint32_t, count);
    if (count > 0) {
        memcpy(own, grounds, key.len);
    }
    arena_grow(sets->arena, sets->items, sets->count, sets->cap);
    sets->items[sets->count] = (struct ground_set){own, count};
    map_add(&sets->sets, (struct str){(const char *)own, key.len}, (uint32_t)sets->count);
    return (uint32_t)sets->count++;
}

struct ground_sets ground_sets_in(struct arena *arena)
{
    struct ground_sets sets = {.arena = arena, .sets = map_in(arena), .unions = map_in(arena)};
    intern_set(&sets, NULL, 0); /* number 0 */
    return sets;
}

uint32_t ground_sets_one(struct ground_sets *sets, uint32_t ground)
{
    return intern_set(sets, &ground, 1);
}

static uint32_t merge(struct ground_sets *sets, const struct ground_set *a, const struct ground_set *b)
{
    uint32_t *both = arena_array(sets->arena, uint32_t, (size_t)a->count + b->count);
    uint32_t count = 0;
    uint32_t i = 0;
    uint32_t k = 0;
    while (i < a->count || k < b->count) {
        bool takes_a = k == b->count || (i < a->count && a->grounds[i] <= b->grounds[k]);
        bool takes_b = i == a->count || (k < b->count && b->grounds[k] <= a->grounds[i]);
        both[count++] = takes_a ? a->grounds[i] : b->grounds[k];
        i += takes_a;
        k += takes_b;
    }
    return intern_set(sets, both, count);
}

uint32_t ground_sets_union(struct ground_sets *sets, uint32_t a, uint32_t b)
{
    if (a == b || b == 0) {
        return a;
    }
    if (a == 0) {
        return b;
    }
    const uint32_t pair[2] = {a < b ? a : b, a < b ? b : a};
    struct str key = {(const char *)pair, sizeof pair};
    uint32_t number = 0;
    if (!map_get(&sets->unions, key, &number)) {
        number = merge(sets, &sets->items[a], &sets->items[b]);
        map_add(&sets->unions, (struct str){arena_copy(sets->arena, key.at, key.len), key.len}, number);
    }
    return number;
}

void ground_sets_add(struct ground_sets *sets, uint32_t set)
{
    bool is_repeated = sets->pending_count > 0 && sets->pending[sets->pending_count - 1] == set;
    if (set != 0 && !is_repeated) {
        arena_grow(sets->arena, sets->pending, sets->pending_count, sets->pending_cap);
        sets->pending[sets->pending_count++] = set;
    }
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Ascending, each once. */
static size_t sort_unique(uint32_t *numbers, size_t count)
{
    size_t kept = 0;
    if (count > 0) {
        qsort(numbers, count, sizeof *numbers, compare_numbers);
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || numbers[i] != numbers[i - 1]) {
            numbers[kept++] = numbers[i];
        }
    }
    return kept;
}

uint32_t ground_sets_gather(struct ground_sets *sets)
{
    size_t count = sort_unique(sets->pending, sets->pending_count);
    sets->pending_count = 0;
    if (count <= 1) {
        return count == 0 ? 0 : sets->pending[0];
    }
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += sets->items[sets->pending[i]].count;
    }
    struct arena_mark start = arena_mark(sets->arena);
    uint32_t *all = arena_array(sets->arena, uint32_t, total);
    total = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ground_set *set = &sets->items[sets->pending[i]];
        memcpy(all + total, set->grounds, set->count * sizeof *all);
        total += set->count;
    }
    total = sort_unique(all, total);
    size_t before = sets->count;
    uint32_t number = intern_set(sets, all, (uint32_t)total);
    if (sets->count == before) {
        arena_reset(sets->arena, start); /* it was known: nothing of this stays */
    }
    return number;
}
