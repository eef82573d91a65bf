/* Hash maps from strings, or from blocks of bytes, to 32-bit numbers; iteration is by insertion order, so nothing
   that is printed depends on hashing. Lives in the arena it was given; keys are not copied.
   Knows nothing of what the numbers mean. */
#ifndef ZUJI_BASE_MAP_H
#define ZUJI_BASE_MAP_H

#include "base/str.h"

struct map_entry {
    struct str key;
    uint32_t value;
};

struct map {
    struct arena *arena;
    struct map_entry *entries; /* in the order of their insertion */
    size_t count, cap;
    uint32_t *slots; /* open addressing: index + 1 into entries, 0 for free */
    size_t slot_count;
};

struct map map_in(struct arena *arena);
bool map_get(const struct map *map, struct str key, uint32_t *value); /* value may be NULL */
/* False, and nothing changed, where the key is there already. */
bool map_add(struct map *map, struct str key, uint32_t value);
void map_set(struct map *map, struct str key, uint32_t value);

/* Interning: every distinct string once, numbered from 0 (map value = entry index). The bytes are copied. */
uint32_t intern(struct map *map, struct str s);

#endif
