/* Canvas: text for a terminal, with colours where they are asked for.
   Lives in the arena it was given. Knows nothing of messages or sources. */
#ifndef ZUJI_BASE_CANVAS_H
#define ZUJI_BASE_CANVAS_H

#include "base/str.h"

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_ERROR, STYLE_WARNING, STYLE_LINT, STYLE_FRAME, STYLE_FIX };

struct canvas {
    struct arena *arena;
    struct buf out;
    bool use_color;
};

void canvas_paint(struct canvas *canvas, enum style style, struct str text);
void canvas_spaces(struct canvas *canvas, size_t count);
void canvas_newline(struct canvas *canvas);

/* What is shown for a character: those that would steer the terminal or hide text become U+FFFD. */
uint32_t canvas_shown(uint32_t c);
/* A text of any origin in one line, with every character as it is shown. */
struct str canvas_clean(struct arena *arena, struct str text);

#endif
