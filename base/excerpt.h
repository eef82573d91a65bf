/* Excerpt: lines of one source with underlines and labels.
   Lives in the arena of the canvas. Knows spans and texts, but nothing of messages. */
#ifndef ZUJI_BASE_EXCERPT_H
#define ZUJI_BASE_EXCERPT_H

#include "base/canvas.h"
#include "base/source.h"

/* The part of a span that lies on one line. */
struct piece {
    uint32_t line; /* from 0 */
    size_t from;   /* cells */
    size_t to;     /* > from */
    struct str text;
    bool is_primary;
};

struct excerpt {
    struct arena *arena;
    const struct source *source;
    struct piece *pieces;
    size_t count, cap;
};

struct excerpt excerpt_make(struct arena *arena, const struct source *source);
/* The primary span is underlined with ^ and without text, others with - and with theirs (one line, clean). */
void excerpt_add(struct excerpt *excerpt, struct span span, bool is_primary, struct str text);
/* Draws all lines. `gutter` is the cells of line numbers, `primary` the colour of ^. */
void excerpt_draw(struct excerpt *excerpt, struct canvas *canvas, size_t gutter, enum style primary);

/* The start of a row: a number (or nothing) flush right in the gutter, and a bar. */
void excerpt_start_row(struct canvas *canvas, size_t gutter, struct str number, struct str bar);

#endif
