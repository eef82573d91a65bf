#include "vm/image_stream.h"

#include <assert.h>
#include <string.h>

struct stream stream_to(struct arena *arena)
{
    return (struct stream){.arena = arena, .out = buf_in(arena)};
}

struct stream stream_from(struct arena *arena, struct str bytes)
{
    return (struct stream){.arena = arena, .is_reading = true, .in = bytes};
}

void stream_bytes(struct stream *stream, char *bytes, size_t len)
{
    if (!stream->is_reading) {
        buf_add(&stream->out, (struct str){bytes, len});
        return;
    }
    if (stream->is_failed || stream->in.len - stream->at < len) {
        stream->is_failed = true;
        memset(bytes, 0, len);
        return;
    }
    memcpy(bytes, stream->in.at + stream->at, len);
    stream->at += len;
}

/* The low `len` bytes of a number, least significant first. */
static uint32_t number(struct stream *stream, uint32_t value, size_t len)
{
    char bytes[4];
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)(unsigned char)(value >> (8 * i) & 0xFFu);
    }
    stream_bytes(stream, bytes, len);
    uint32_t result = 0;
    for (size_t i = 0; i < len; i++) {
        result |= (uint32_t)(unsigned char)bytes[i] << (8 * i);
    }
    return result;
}

void stream_u8(struct stream *stream, uint8_t *value)
{
    *value = (uint8_t)number(stream, *value, 1);
}

void stream_u16(struct stream *stream, uint16_t *value)
{
    *value = (uint16_t)number(stream, *value, 2);
}

void stream_i16(struct stream *stream, int16_t *value)
{
    uint16_t bits = (uint16_t)number(stream, (uint16_t)*value, 2);
    *value = (int16_t)(bits < 0x8000u ? (int)bits : (int)bits - 0x10000);
}

void stream_u32(struct stream *stream, uint32_t *value)
{
    *value = number(stream, *value, 4);
}

void stream_i32(struct stream *stream, int32_t *value)
{
    uint32_t bits = number(stream, (uint32_t)*value, 4);
    memcpy(value, &bits, sizeof bits); /* two's complement in both */
}

void stream_small(struct stream *stream, uint32_t *value, uint32_t last)
{
    assert(last <= UINT8_MAX);
    *value = number(stream, *value, 1);
    if (*value > last) {
        stream->is_failed = true;
        *value = 0;
    }
}

void stream_bool(struct stream *stream, bool *value)
{
    uint32_t bit = *value;
    stream_small(stream, &bit, 1);
    *value = bit != 0;
}

void stream_text(struct stream *stream, struct str *text)
{
    assert(stream->is_reading || text->len <= LIMIT_TEXT);
    size_t len = number(stream, (uint32_t)text->len, 2);
    if (!stream->is_reading) {
        buf_add(&stream->out, *text);
        return;
    }
    if (stream->is_failed || stream->in.len - stream->at < len) {
        stream->is_failed = true;
        len = 0;
    }
    text->at = arena_copy(stream->arena, stream->in.at + stream->at, len);
    text->len = len;
    stream->at += len;
}

void stream_rat(struct stream *stream, struct rat *value)
{
    struct str text = stream->is_reading ? STR("") : rat_text(stream->arena, *value);
    stream_text(stream, &text);
    if (stream->is_reading && (stream->is_failed || !rat_parse(stream->arena, text, value))) {
        stream->is_failed = true;
        *value = RAT_ZERO;
    }
}

void *stream_array(struct stream *stream, void *items, uint32_t *count, uint32_t limit, size_t size, size_t least)
{
    stream_u32(stream, count);
    if (!stream->is_reading) {
        return items;
    }
    if (stream->is_failed || *count > limit || *count > (stream->in.len - stream->at) / least) {
        stream->is_failed = true;
        *count = 0;
    }
    return *count == 0 ? NULL : arena_alloc(stream->arena, *count, size);
}
