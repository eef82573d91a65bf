/* Strings that carry their length, and a buffer that grows.
   A str never owns its bytes; whoever made them does. A buf lives in the arena it was given.
   Knows nothing of encodings (utf8.h does). */
#ifndef ZUJI_BASE_STR_H
#define ZUJI_BASE_STR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct str {
    const char *at; /* UTF-8, not NUL-terminated in general */
    size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_FMT(s) (int)(s).len, (s).at /* for "%.*s" */

struct str str_of(const char *terminated); /* NULL gives the empty string */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes; shorter first where one begins the other */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_slice(struct str s, size_t from, size_t to); /* clamped to s */
struct str str_trim(struct str s);                          /* without ASCII white space at both ends */
struct str str_copy(struct arena *arena, struct str s);     /* NUL-terminated copy */
struct str str_join(struct arena *arena, const struct str *parts, size_t count, struct str between);
struct str str_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t str_hash(struct str s); /* the same on every machine */
/* Edit distance (insert, delete, replace, swap neighbours) by code points, at most `limit` + 1. */
size_t str_distance(struct str a, struct str b, size_t limit);
/* The nearest of the candidates, for "did you mean"; empty where none is near enough. */
struct str str_nearest(struct str name, const struct str *candidates, size_t count);

struct buf {
    struct arena *arena;
    char *at;
    size_t len, cap;
};

struct buf buf_in(struct arena *arena);
void buf_add(struct buf *buf, struct str s);
void buf_char(struct buf *buf, char c);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str buf_str(const struct buf *buf); /* what is in it so far; valid until the next addition */

/* Bytes of a file, NUL-terminated one past the end, in the arena. False: errno says why. "-" reads standard input. */
bool file_read(struct arena *arena, struct str path, struct str *text);

#endif
