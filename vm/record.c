#include "vm/record.h"

#include "base/utf8.h"

struct data_place place_behind(struct data_place start, struct str text, size_t off)
{
    struct str before = str_slice(text, 0, off);
    for (size_t i = 0; i < before.len; i++) {
        bool is_first_byte = ((unsigned char)before.at[i] & 0xC0) != 0x80; /* of a character */
        start.column += is_first_byte;
        if (before.at[i] == '\n') {
            start.line++;
            start.column = 1;
        }
    }
    return start;
}

struct data_place record_place(const struct record *record, const struct json_node *node)
{
    if (record->sources == NULL) {
        return place_behind((struct data_place){record->file, record->line, record->column}, record->text, node->off);
    }
    const struct source *source = sources_get(record->sources, node->file);
    struct place place = source_place(source, node->off);
    return (struct data_place){source->path, place.line, place.column};
}

struct diag *place_report(struct diags *diags, enum diag_code code, struct data_place place, const struct str *args,
                          size_t count, struct str product, struct str path)
{
    struct span at = {0, place.line, place.column};
    struct diag *diag = diag_add_data(diags, code, at, args, count, product, path);
    diag->place.file = str_copy(diags->arena, place.file);
    diag->place.line = place.line;
    diag->place.column = place.column;
    return diag;
}

struct str excerpt_of(struct arena *arena, struct str text)
{
    const size_t characters_max = 40;
    struct buf out = buf_in(arena);
    size_t characters = 0;
    for (size_t off = 0; off < text.len; characters++) {
        if (characters == characters_max) {
            buf_add(&out, STR("\u2026"));
            break;
        }
        size_t from = off;
        uint32_t c = utf8_next(text, &off);
        if (c == UTF8_INVALID) {
            buf_add(&out, STR("\xEF\xBF\xBD"));
        } else if (c >= 0x20 && c != 0x7F) {
            buf_add(&out, str_slice(text, from, off));
        }
    }
    return buf_str(&out);
}
