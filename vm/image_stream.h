/* A stream of bytes that is either written or read: each value of a program is described once (image_sections.c), for both.
   Little-endian, by bytes. What is read lives in the arena of the stream; it copies what it keeps.
   Must not know of sections or checksums. */
#ifndef ZUJI_VM_IMAGE_STREAM_H
#define ZUJI_VM_IMAGE_STREAM_H

#include "vm/program.h"

struct stream {
    struct arena *arena;
    bool is_reading;
    bool is_failed;   /* reading: something did not fit; from then on all reads give zeros and empty arrays */
    struct buf out;   /* writing */
    struct str in;    /* reading: what is left is in.at[at] .. */
    size_t at;
};

struct stream stream_to(struct arena *arena);
struct stream stream_from(struct arena *arena, struct str bytes);

void stream_bytes(struct stream *stream, char *bytes, size_t len);
void stream_u8(struct stream *stream, uint8_t *value);
void stream_u16(struct stream *stream, uint16_t *value);
void stream_i16(struct stream *stream, int16_t *value);
void stream_u32(struct stream *stream, uint32_t *value);
void stream_i32(struct stream *stream, int32_t *value);
void stream_bool(struct stream *stream, bool *value);
void stream_text(struct stream *stream, struct str *text); /* at most LIMIT_TEXT bytes */
void stream_rat(struct stream *stream, struct rat *value); /* its text; at most LIMIT_TEXT digits */
/* A number from 0 to `last` in one byte: counts of small arrays, enumerations. */
void stream_small(struct stream *stream, uint32_t *value, uint32_t last);

/* The count of an array and, when reading, room for its items: at most `limit` of them, of which each takes at least
   `least` bytes that must still be there. Returns the items. */
void *stream_array(struct stream *stream, void *items, uint32_t *count, uint32_t limit, size_t size, size_t least);
#define STREAM_ARRAY(stream, items, count, limit, least)                                                               \
    ((items) = stream_array((stream), (items), &(count), (limit), sizeof *(items), (least)))

#endif
