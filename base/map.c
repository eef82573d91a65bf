#include "base/map.h"

#include <assert.h>

enum { SMALLEST_SLOT_COUNT = 16 }; /* a power of two, so that a mask picks the slot */

struct map map_in(struct arena *arena)
{
    return (struct map){.arena = arena};
}

/* The slot that holds the key, or the free one where it would go. At most half of the slots are taken, so the
   search ends. */
static uint32_t *find_slot(const struct map *map, struct str key)
{
    size_t mask = map->slot_count - 1;
    size_t slot = (size_t)str_hash(key) & mask;
    while (map->slots[slot] != 0 && !str_eq(map->entries[map->slots[slot] - 1].key, key)) {
        slot = (slot + 1) & mask;
    }
    return &map->slots[slot];
}

static void grow_slots(struct map *map)
{
    map->slot_count = map->slot_count == 0 ? SMALLEST_SLOT_COUNT : map->slot_count * 2;
    map->slots = arena_array(map->arena, uint32_t, map->slot_count);
    for (size_t i = 0; i < map->count; i++) {
        *find_slot(map, map->entries[i].key) = (uint32_t)i + 1;
    }
}

bool map_get(const struct map *map, struct str key, uint32_t *value)
{
    if (map->count == 0) {
        return false;
    }
    uint32_t slot = *find_slot(map, key);
    if (slot == 0) {
        return false;
    }
    if (value != NULL) {
        *value = map->entries[slot - 1].value;
    }
    return true;
}

bool map_add(struct map *map, struct str key, uint32_t value)
{
    if (map_get(map, key, NULL)) {
        return false;
    }
    assert(map->count < UINT32_MAX - 1);
    if ((map->count + 1) * 2 > map->slot_count) {
        grow_slots(map);
    }
    arena_grow(map->arena, map->entries, map->count, map->cap);
    map->entries[map->count] = (struct map_entry){key, value};
    map->count++;
    *find_slot(map, key) = (uint32_t)map->count;
    return true;
}

void map_set(struct map *map, struct str key, uint32_t value)
{
    if (!map_add(map, key, value)) {
        map->entries[*find_slot(map, key) - 1].value = value;
    }
}

uint32_t intern(struct map *map, struct str s)
{
    uint32_t number = 0;
    if (map_get(map, s, &number)) {
        return number;
    }
    number = (uint32_t)map->count;
    map_add(map, str_copy(map->arena, s), number);
    return number;
}
