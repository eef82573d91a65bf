#include "base/utf8.h"

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the character that begins with this byte; 0 where none does. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        return 4;
    }
    return 0;
}

uint32_t utf8_next(struct str s, size_t *off)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *at = (const unsigned char *)s.at + *off;
    size_t left = s.len - *off;
    *off += 1;
    if (at[0] < 0x80) {
        return at[0];
    }
    size_t len = sequence_length(at[0]);
    if (len == 0 || len > left) {
        return UTF8_INVALID;
    }
    uint32_t c = at[0] & lead_mask[len];
    for (size_t i = 1; i < len; i++) {
        if (!is_continuation(at[i])) {
            return UTF8_INVALID;
        }
        c = c << 6 | (at[i] & 0x3Fu);
    }
    bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (c < smallest[len] || c > 0x10FFFF || is_surrogate) {
        return UTF8_INVALID;
    }
    *off += len - 1;
    return c;
}

size_t utf8_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t utf8_length(struct str s)
{
    size_t count = 0;
    for (size_t off = 0; off < s.len;) {
        utf8_next(s, &off);
        count++;
    }
    return count;
}

size_t utf8_validate(struct str s)
{
    for (size_t off = 0; off < s.len;) {
        size_t start = off;
        if (utf8_next(s, &off) == UTF8_INVALID) {
            return start;
        }
    }
    return s.len;
}
