#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Blocks start small, because many arenas hold little, and double up to a size where malloc maps whole pages. */
enum { FIRST_BLOCK = 4096, LARGEST_USUAL_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *older;
    size_t used, cap;
    _Alignas(max_align_t) char bytes[];
};

_Noreturn static void exhausted(struct arena *arena)
{
    if (arena->on_exhausted != NULL) {
        longjmp(*arena->on_exhausted, 1);
    }
    abort();
}

static bool fits_limit(const struct arena *arena, size_t cap)
{
    if (cap > SIZE_MAX - sizeof(struct arena_block) - arena->total) {
        return false;
    }
    return arena->limit == 0 || arena->total + sizeof(struct arena_block) + cap <= arena->limit;
}

/* NULL where memory or the limit is exhausted. */
static struct arena_block *new_block(struct arena *arena, size_t need)
{
    size_t cap = FIRST_BLOCK;
    if (arena->head != NULL) {
        cap = arena->head->cap < LARGEST_USUAL_BLOCK / 2 ? arena->head->cap * 2 : LARGEST_USUAL_BLOCK;
    }
    if (cap < need || !fits_limit(arena, cap)) {
        cap = need;
    }
    if (!fits_limit(arena, cap)) {
        return NULL;
    }
    struct arena_block *block = malloc(sizeof(struct arena_block) + cap);
    if (block == NULL) {
        return NULL;
    }
    block->older = arena->head;
    block->used = 0;
    block->cap = cap;
    arena->head = block;
    arena->total += sizeof(struct arena_block) + cap;
    return block;
}

static bool must_fail(struct arena *arena)
{
    if (arena->fail_at <= 0) {
        return false;
    }
    arena->fail_at -= 1;
    return arena->fail_at == 0;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    if (must_fail(arena) || (size != 0 && count > (SIZE_MAX - align) / size)) {
        exhausted(arena);
    }
    size_t bytes = count * size;
    size_t need = (bytes + align - 1) / align * align;
    struct arena_block *block = arena->head;
    if (block == NULL || need > block->cap - block->used) {
        block = new_block(arena, need);
        if (block == NULL) {
            exhausted(arena);
        }
    }
    void *at = block->bytes + block->used;
    block->used += need;
    memset(at, 0, bytes);
    return at;
}

char *arena_copy(struct arena *arena, const char *at, size_t len)
{
    if (len == SIZE_MAX) {
        exhausted(arena);
    }
    char *copy = arena_alloc(arena, len + 1, 1);
    if (len != 0) {
        memcpy(copy, at, len);
    }
    return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->head, arena->head == NULL ? 0 : arena->head->used};
}

void arena_reset(struct arena *arena, struct arena_mark mark)
{
    while (arena->head != mark.head) {
        struct arena_block *block = arena->head;
        assert(block != NULL && "the mark is of another arena, or older than a reset");
        arena->head = block->older;
        arena->total -= sizeof(struct arena_block) + block->cap;
        free(block);
    }
    if (arena->head != NULL) {
        assert(mark.used <= arena->head->used);
        arena->head->used = mark.used;
    }
}

void arena_free(struct arena *arena)
{
    arena_reset(arena, (struct arena_mark){NULL, 0});
}

void *arena_grown(struct arena *arena, const void *items, size_t count, size_t *cap, size_t size)
{
    const size_t smallest = 8;
    if (*cap > SIZE_MAX / 2) {
        exhausted(arena);
    }
    size_t grown = *cap < smallest ? smallest : *cap * 2;
    char *copy = arena_alloc(arena, grown, size);
    if (count != 0) {
        memcpy(copy, items, count * size);
    }
    *cap = grown;
    return copy;
}
