#include "base/canvas.h"

#include "base/unicode.h"
#include "base/utf8.h"

enum { REPLACEMENT_CHARACTER = 0xFFFD };

void canvas_paint(struct canvas *canvas, enum style style, struct str text)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",           [STYLE_BOLD] = "\033[1m",
        [STYLE_ERROR] = "\033[1;31m", [STYLE_WARNING] = "\033[1;33m",
        [STYLE_LINT] = "\033[1;36m",  [STYLE_FRAME] = "\033[1;34m",
        [STYLE_FIX] = "\033[1;32m",
    };
    bool is_painted = canvas->use_color && style != STYLE_PLAIN && text.len != 0;
    if (is_painted) {
        buf_add(&canvas->out, str_of(codes[style]));
    }
    buf_add(&canvas->out, text);
    if (is_painted) {
        buf_add(&canvas->out, STR("\033[0m"));
    }
}

void canvas_spaces(struct canvas *canvas, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_char(&canvas->out, ' ');
    }
}

void canvas_newline(struct canvas *canvas)
{
    buf_char(&canvas->out, '\n');
}

uint32_t canvas_shown(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    if (c == UTF8_INVALID || is_control) {
        return REPLACEMENT_CHARACTER;
    }
    enum hazard_kind kind = unicode_hazard(c).kind;
    return kind == HAZARD_BIDI || kind == HAZARD_INVISIBLE ? REPLACEMENT_CHARACTER : c;
}

struct str canvas_clean(struct arena *arena, struct str text)
{
    struct buf out = buf_in(arena);
    for (size_t off = 0; off < text.len;) {
        char room[4];
        uint32_t c = utf8_next(text, &off);
        bool is_space = c == '\t' || c == '\n' || c == '\r';
        size_t len = utf8_encode(is_space ? ' ' : canvas_shown(c), room);
        buf_add(&out, (struct str){room, len});
    }
    return buf_str(&out);
}
