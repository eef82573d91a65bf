/* Arena: memory that is given out piece by piece and dropped as a whole.
   The owner of the arena owns everything allocated from it; nothing in it is freed singly.
   Knows nothing of what it holds. */
#ifndef ZUJI_BASE_ARENA_H
#define ZUJI_BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

struct arena_block;

struct arena {
    struct arena_block *head;  /* newest block; blocks are a list towards the oldest */
    struct arena_block *spare; /* blocks that a reset kept for the next requests */
    size_t total;              /* bytes of the blocks in use */
    size_t kept;               /* bytes of the spare ones; malloc gave total + kept */
    size_t limit;              /* largest total + kept allowed; 0: no limit */
    long fail_at;              /* test hook: the n-th request from now fails; 0: off */
    jmp_buf *on_exhausted;     /* where to go when memory is out; NULL: abort() */
};

/* Memory of count * size bytes, zeroed and aligned for any object. Never returns NULL: when memory or
   the limit is exhausted (or the product overflows) control goes to on_exhausted. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
/* Copies len bytes and adds a NUL behind them. */
char *arena_copy(struct arena *arena, const char *at, size_t len);

/* A place to return to: arena_reset drops all that was allocated since the mark was taken. Blocks are kept, some MiB of
   them, for what comes next; those of an arena that was empty at the mark are given back. */
struct arena_mark {
    struct arena_block *head;
    size_t used;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_reset(struct arena *arena, struct arena_mark mark);
void arena_clear(struct arena *arena); /* drops everything but keeps blocks as arena_reset does */
void arena_free(struct arena *arena);  /* drops everything and gives it back; the arena may be used again */

#define arena_new(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* Grows an arena array by doubling: `items` (struct type *) with `count` used and `cap` allocated gets
   room for one more. The old array stays in the arena. */
#define arena_grow(arena, items, count, cap)                                                                           \
    ((count) < (cap) ? (items) : ((items) = arena_grown((arena), (items), (count), &(cap), sizeof *(items))))
void *arena_grown(struct arena *arena, const void *items, size_t count, size_t *cap, size_t size);

#endif
