/* Renderers of diagnostics: terminal text with carets, JSON, and SARIF. Only these word a message.
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
/* SARIF 2.1.0: one run. Messages, rules with the texts of their pages, related places, fixes; in one language. */
struct sarif_tool {
    const char *version;
    enum lang lang;
    /* What a page says of a code in the language; empty where there is none. */
    struct str (*help)(struct arena *arena, enum diag_code code, enum lang lang);
};
struct str render_sarif(struct arena *arena, const struct sources *sources, const struct diags *diags,
                        struct sarif_tool tool);
/* A JSON string literal with its quotes. */
void json_quote(struct buf *out, struct str s);

#endif
