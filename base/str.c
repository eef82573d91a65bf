#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/utf8.h"

struct str str_of(const char *terminated)
{
    return terminated == NULL ? STR("") : (struct str){terminated, strlen(terminated)};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.at, b.at, common);
    if (order == 0) {
        order = (a.len > b.len) - (a.len < b.len);
    }
    return (order > 0) - (order < 0);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    size_t end = to < s.len ? to : s.len;
    size_t start = from < end ? from : end;
    return end == start ? (struct str){s.len == 0 ? "" : s.at + start, 0} : (struct str){s.at + start, end - start};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && is_space(s.at[from])) {
        from++;
    }
    while (to > from && is_space(s.at[to - 1])) {
        to--;
    }
    return str_slice(s, from, to);
}

struct str str_copy(struct arena *arena, struct str s)
{
    return (struct str){arena_copy(arena, s.at, s.len), s.len};
}

struct str str_join(struct arena *arena, const struct str *parts, size_t count, struct str between)
{
    struct buf buf = buf_in(arena);
    for (size_t i = 0; i < count; i++) {
        if (i != 0) {
            buf_add(&buf, between);
        }
        buf_add(&buf, parts[i]);
    }
    return buf_str(&buf);
}

static void buf_format_list(struct buf *buf, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len <= 0) {
        return;
    }
    char *text = arena_alloc(buf->arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, format, list);
    buf_add(buf, (struct str){text, (size_t)len});
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    struct buf buf = buf_in(arena);
    va_list list;
    va_start(list, format);
    buf_format_list(&buf, format, list);
    va_end(list);
    return buf_str(&buf);
}

uint64_t str_hash(struct str s)
{
    /* FNV-1a; the final mix spreads it to the low bits, which pick the slot. */
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (unsigned char)s.at[i]) * 0x100000001B3u;
    }
    hash = (hash ^ hash >> 32) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

/* --- edit distance --- */

enum { DISTANCE_MAX = 128 }; /* code points; no name that is compared is longer */

static size_t decode(struct str s, uint32_t out[DISTANCE_MAX])
{
    size_t count = 0;
    for (size_t off = 0; off < s.len && count < DISTANCE_MAX;) {
        out[count++] = utf8_next(s, &off);
    }
    return count;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the table of optimal string alignment: the current one and the two above it. */
struct distance_rows {
    size_t current[DISTANCE_MAX + 1], above[DISTANCE_MAX + 1], above_that[DISTANCE_MAX + 1];
};

static void fill_row(struct distance_rows *rows, const uint32_t *a, size_t i, const uint32_t *b, size_t b_len)
{
    rows->current[0] = i;
    for (size_t j = 1; j <= b_len; j++) {
        size_t best = rows->above[j - 1] + (a[i - 1] != b[j - 1]);
        best = smaller(best, rows->above[j] + 1);
        best = smaller(best, rows->current[j - 1] + 1);
        bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        if (is_swap) {
            best = smaller(best, rows->above_that[j - 2] + 1);
        }
        rows->current[j] = best;
    }
}

size_t str_distance(struct str a, struct str b, size_t limit)
{
    size_t a_len = utf8_length(a);
    size_t b_len = utf8_length(b);
    size_t difference = a_len > b_len ? a_len - b_len : b_len - a_len;
    if (difference > limit || a_len > DISTANCE_MAX || b_len > DISTANCE_MAX) {
        return str_eq(a, b) ? 0 : limit + 1;
    }
    uint32_t a_points[DISTANCE_MAX];
    uint32_t b_points[DISTANCE_MAX];
    decode(a, a_points);
    decode(b, b_points);
    struct distance_rows rows = {.current = {0}};
    for (size_t j = 0; j <= b_len; j++) {
        rows.current[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        memcpy(rows.above_that, rows.above, sizeof rows.above);
        memcpy(rows.above, rows.current, sizeof rows.current);
        fill_row(&rows, a_points, i, b_points, b_len);
    }
    return smaller(rows.current[b_len], limit + 1);
}

static char lower_case(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool differs_in_case_only(struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower_case(a.at[i]) != lower_case(b.at[i])) {
            return false;
        }
    }
    return true;
}

struct str str_nearest(struct str name, const struct str *candidates, size_t count)
{
    size_t len = utf8_length(name);
    /* A third of the name may be wrong, but never all of it. */
    size_t limit = len < 2 ? 0 : len < 6 ? 1 : len / 3;
    struct str nearest = STR("");
    for (size_t i = 0; i < count; i++) {
        if (differs_in_case_only(name, candidates[i])) {
            return candidates[i];
        }
        size_t distance = str_distance(name, candidates[i], limit);
        bool is_nearer = distance <= limit && (nearest.len == 0 || distance < limit);
        if (is_nearer) {
            nearest = candidates[i];
            limit = distance;
        }
    }
    return nearest;
}

/* --- buffers --- */

struct buf buf_in(struct arena *arena)
{
    return (struct buf){.arena = arena};
}

void buf_add(struct buf *buf, struct str s)
{
    if (s.len == 0) {
        return;
    }
    if (s.len > buf->cap - buf->len) {
        size_t need = buf->len + s.len;
        buf->cap = buf->cap < need ? need : buf->cap; /* arena_grown doubles it */
        buf->at = arena_grown(buf->arena, buf->at, buf->len, &buf->cap, 1);
    }
    memcpy(buf->at + buf->len, s.at, s.len);
    buf->len += s.len;
}

void buf_char(struct buf *buf, char c)
{
    if (buf->len == buf->cap) {
        buf_add(buf, (struct str){&c, 1});
    } else {
        buf->at[buf->len++] = c;
    }
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    buf_format_list(buf, format, list);
    va_end(list);
}

struct str buf_str(const struct buf *buf)
{
    return buf->len == 0 ? STR("") : (struct str){buf->at, buf->len};
}

/* --- files --- */

/* Reads to the end; `expected` bytes make a single allocation where the file keeps to it. */
static bool read_stream(struct arena *arena, FILE *stream, size_t expected, struct str *text)
{
    size_t cap = expected + 1;
    char *at = arena_alloc(arena, cap, 1);
    size_t len = 0;
    for (;;) {
        len += fread(at + len, 1, cap - len, stream);
        if (len < cap) {
            break;
        }
        at = arena_grown(arena, at, len, &cap, 1);
    }
    if (ferror(stream)) {
        return false;
    }
    at[len] = '\0';
    *text = (struct str){at, len};
    return true;
}

static size_t expected_size(FILE *stream)
{
    const size_t usual = 4096;
    struct stat status;
    bool is_known = fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    return is_known ? (size_t)status.st_size : usual;
}

bool file_read(struct arena *arena, struct str path, struct str *text)
{
    if (path.len != 0 && memchr(path.at, '\0', path.len) != NULL) {
        errno = EINVAL;
        return false;
    }
    if (str_eq(path, STR("-"))) {
        return read_stream(arena, stdin, expected_size(stdin), text);
    }
    FILE *stream = fopen(str_copy(arena, path).at, "rb");
    if (stream == NULL) {
        return false;
    }
    bool is_read = read_stream(arena, stream, expected_size(stream), text);
    int cause = errno;
    fclose(stream);
    errno = cause;
    return is_read;
}
