/* Source texts and places in them. A span is bytes of one file; lines and columns are computed only for messages.
   Texts live in the arena of `sources` until it is freed. Knows nothing of the language. */
#ifndef ZUJI_BASE_SOURCE_H
#define ZUJI_BASE_SOURCE_H

#include "base/str.h"

struct span {
    uint32_t file; /* index into sources; 0 is "no place" */
    uint32_t off, len;
};

struct source {
    struct str path;      /* as it is shown */
    struct str text;      /* NUL one past the end */
    uint32_t *line_start; /* offset of each line */
    uint32_t line_count;
};

/* A text in the place of a file's: of an editor that has not saved it, of a fix on trial. NUL one past the end. */
struct overlay {
    struct str path, text;
    const struct overlay *next;
};

struct sources {
    struct arena *arena;
    const struct overlay *overlays;
    struct source *items; /* items[0] is the empty file of "no place" */
    size_t count, cap;
};

struct sources sources_in(struct arena *arena);
/* The text of the file, or what overlays it; not added yet. False: errno says why. */
bool sources_read(const struct sources *sources, struct arena *arena, struct str path, struct str *text);
/* Adds a text (at most 1 GiB; NUL one past the end) and returns its file number. The text is not copied. */
uint32_t sources_add(struct sources *sources, struct str path, struct str text);
const struct source *sources_get(const struct sources *sources, uint32_t file);
struct str span_text(const struct sources *sources, struct span span);
struct span span_join(struct span first, struct span last); /* from the start of first to the end of last */

struct place {
    uint32_t line;   /* from 1 */
    uint32_t column; /* code points from 1 */
};
uint32_t source_line(const struct source *source, uint32_t off); /* from 1; without counting columns */
struct place source_place(const struct source *source, uint32_t off);

/* Finds places that are asked for in order: the next one is often further on in the same line, which in data files may
   have many megabytes. */
struct place_finder {
    const struct sources *sources;
    struct span known;
    struct place place; /* of known */
};
struct place place_find(struct place_finder *finder, uint32_t file, uint32_t off);

#endif
