#include "vm/json_write.h"

#include "base/decimal.h"

/* Bytes that stand for themselves in a text. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void add_escaped(struct buf *out, unsigned char c)
{
    if (c == '\n') {
        buf_add(out, STR("\\n"));
    } else if (c < 0x20) {
        buf_format(out, "\\u%04x", c);
    } else {
        buf_char(out, '\\');
        buf_char(out, (char)c);
    }
}

void json_text(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (const char *at = text; *at != '\0';) {
        const char *end = at;
        while (is_plain((unsigned char)*end)) { /* the NUL is not */
            end++;
        }
        buf_add(out, (struct str){at, (size_t)(end - at)});
        at = end;
        if (*at != '\0') {
            add_escaped(out, (unsigned char)*at++);
        }
    }
    buf_char(out, '"');
}

void json_double(struct buf *out, double value)
{
    char text[DECIMAL_TEXT_MAX];
    buf_add(out, (struct str){text, decimal_print(value, text)});
}

/* Between what stands before and what comes: after an opening bracket or a colon there is nothing. */
static void separate(struct buf *out)
{
    char before = out->len == 0 ? '[' : out->at[out->len - 1];
    if (before != '{' && before != '[' && before != ':') {
        buf_char(out, ',');
    }
}

void json_key(struct buf *out, const char *key)
{
    separate(out);
    json_text(out, key);
    buf_char(out, ':');
}

void json_member(struct buf *out, const char *key, const char *text)
{
    json_key(out, key);
    json_text(out, text);
}

void json_member_unless_empty(struct buf *out, const char *key, const char *text)
{
    if (text[0] != '\0') {
        json_member(out, key, text);
    }
}

void json_member_double(struct buf *out, const char *key, double value)
{
    json_key(out, key);
    json_double(out, value);
}

void json_member_bool(struct buf *out, const char *key, bool value)
{
    json_key(out, key);
    buf_add(out, value ? STR("true") : STR("false"));
}

void json_member_count(struct buf *out, const char *key, size_t count)
{
    json_key(out, key);
    buf_format(out, "%zu", count);
}

void json_open(struct buf *out, char bracket)
{
    separate(out);
    buf_char(out, bracket);
}
