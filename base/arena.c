#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Blocks start small, because many arenas hold little, and double up to a size where malloc maps whole pages. */
enum { FIRST_BLOCK = 4096, LARGEST_USUAL_BLOCK = 1 << 20 };
/* Spare blocks of one arena: what chunks of ordinary products take turn by turn, and not what one huge product took. */
enum { KEPT_MAX = 16 << 20 };

/* The address sanitizer is told what is not given out: blocks that are kept must not hide a use after a reset. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED
#endif
#ifdef IS_SANITIZED
#include <sanitizer/asan_interface.h>
#define CLOSE_MEMORY(at, len) ASAN_POISON_MEMORY_REGION((at), (len))
#define OPEN_MEMORY(at, len) ASAN_UNPOISON_MEMORY_REGION((at), (len))
#else
#define CLOSE_MEMORY(at, len) ((void)(at), (void)(len))
#define OPEN_MEMORY(at, len) ((void)(at), (void)(len))
#endif

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

static size_t size_of(const struct arena_block *block)
{
    return sizeof *block + block->cap;
}

static void give_back(struct arena_block *block)
{
    OPEN_MEMORY(block->bytes, block->cap);
    free(block);
}

static void give_back_spare(struct arena *arena)
{
    while (arena->spare != NULL) {
        struct arena_block *block = arena->spare;
        arena->spare = block->older;
        give_back(block);
    }
    arena->kept = 0;
}

/* The newest block becomes spare, or goes back where there are enough. */
static void drop_head(struct arena *arena)
{
    struct arena_block *block = arena->head;
    arena->head = block->older;
    arena->total -= size_of(block);
    if (size_of(block) > (size_t)KEPT_MAX - arena->kept) {
        give_back(block);
        return;
    }
    CLOSE_MEMORY(block->bytes, block->cap);
    block->used = 0;
    block->older = arena->spare;
    arena->spare = block;
    arena->kept += size_of(block);
}

/* The first spare block with room, or NULL. They lie in the order in which they were used. */
static struct arena_block *take_spare(struct arena *arena, size_t need)
{
    for (struct arena_block **at = &arena->spare; *at != NULL; at = &(*at)->older) {
        struct arena_block *block = *at;
        if (block->cap >= need) {
            *at = block->older;
            arena->kept -= size_of(block);
            return block;
        }
    }
    return NULL;
}

/* NULL where memory or the limit is exhausted; spare blocks, which are too small, do not count for either. */
static struct arena_block *make_block(struct arena *arena, size_t need)
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
    if (arena->limit != 0 && arena->kept > arena->limit - arena->total - sizeof(struct arena_block) - cap) {
        give_back_spare(arena);
    }
    struct arena_block *block = malloc(sizeof(struct arena_block) + cap);
    if (block == NULL && arena->kept > 0) {
        give_back_spare(arena);
        block = malloc(sizeof(struct arena_block) + cap);
    }
    if (block != NULL) {
        block->cap = cap;
        CLOSE_MEMORY(block->bytes, cap);
    }
    return block;
}

static struct arena_block *new_block(struct arena *arena, size_t need)
{
    struct arena_block *block = take_spare(arena, need);
    if (block == NULL) {
        block = make_block(arena, need);
    }
    if (block != NULL) {
        block->older = arena->head;
        block->used = 0;
        arena->head = block;
        arena->total += size_of(block);
    }
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
    OPEN_MEMORY(at, bytes);
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
    if (mark.head == NULL) {
        arena_free(arena);
        return;
    }
    while (arena->head != mark.head) {
        assert(arena->head != NULL && "the mark is of another arena, or older than a reset");
        drop_head(arena);
    }
    assert(mark.used <= arena->head->used);
    CLOSE_MEMORY(arena->head->bytes + mark.used, arena->head->used - mark.used);
    arena->head->used = mark.used;
}

void arena_clear(struct arena *arena)
{
    while (arena->head != NULL) {
        drop_head(arena);
    }
}

void arena_free(struct arena *arena)
{
    while (arena->head != NULL) {
        struct arena_block *block = arena->head;
        arena->head = block->older;
        arena->total -= size_of(block);
        give_back(block);
    }
    give_back_spare(arena);
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
