/* Renderers of diagnostics: terminal text with carets, and JSON. Only these word a message.
   Results are in the arena given. Needs display widths, so it is linked into the command line only, not into
   libzuji. */
#ifndef ZUJI_BASE_RENDER_H
#define ZUJI_BASE_RENDER_H

#include "base/diag.h"

struct render_options {
    enum lang lang;
    bool use_color;
    size_t limit; /* messages shown in full, then "and N more"; 0 means 20 */
};

/* All messages by file and offset (stable), each with source line, carets, labels, notes, fixes. */
struct str render_text(struct arena *arena, const struct sources *sources, const struct diags *diags,
                       struct render_options options);
/* A JSON array of objects {code, slug, severity, message{en,zh}, file, line, column, end_line, end_column, offset,
   length, labels[], notes[], fixes[], product, path, clause}. */
struct str render_json(struct arena *arena, const struct sources *sources, const struct diags *diags);
/* A JSON string literal with its quotes. */
void json_quote(struct buf *out, struct str s);

#endif
