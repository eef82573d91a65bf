/* The inside of result pages: text.c (figures), text_cuts.c (other cuts of the total) and text_reasons.c (what they
   rest on). Nothing is kept.
   Must not be included by others. */
#ifndef ZUJI_CLI_TEXT_H
#define ZUJI_CLI_TEXT_H

#include "cli/cli.h"

/* Where a page is printed to, and how wide its column of names is. */
struct page {
    FILE *out;
    const struct cli *cli;
    const struct zuji_result *result;
    size_t name_cells;
};

enum { NUMBER_CELLS = 12, HEAD_INDENT = 2, STAGE_INDENT = 4 };

/* ---- text.c ---- */
void text_spaces(FILE *out, size_t count);
size_t text_width(struct str s); /* in cells of the display */
/* How many bytes of the text fit the cells, up to where a line may end. */
size_t text_fit(struct str text, size_t cells);
/* The text in at least `cells` display cells: filled on the right, or on the left for numbers. */
void text_cells(FILE *out, struct str s, size_t cells, bool is_number);
void text_heading(const struct page *page, enum diag_code text);
/* As reported; where the rule marks it and its last digit but zeros is a 5, with + or - behind it in brackets (GB/T
   8170-2008, 3.3.2.1). "–" where it is absent. */
/* What the row of the result is called, with a mark where it is no headline; empty without rows. */
struct str text_row(const struct cli *cli, const struct zuji_result *result);
struct str text_reported(const struct cli *cli, const struct zuji_figure *figure);
void text_share(FILE *out, double share); /* "  86.9 %" */

struct str text_either(const char *const texts[2], enum lang lang); /* the text in the language, else in the other */
struct str text_worded(const struct page *page, enum diag_code text, struct str arg);
/* Its title, or its name; with a mark where it is shown and not summed. */
struct str text_title(const struct page *page, const struct zuji_figure *figure);
void text_named_number(const struct page *page, const struct zuji_figure *figure, size_t indent); /* no end of line */
void text_figure(const struct page *page, const struct zuji_figure *figure, size_t indent);       /* with its share */
void text_list(const struct page *page, enum diag_code heading, const struct zuji_figure *figures, size_t count);

/* A number with at most 5 digits, and a mark where digits are left out. */
struct str text_number(const struct cli *cli, double number);
/* "material(steel, 2024)", "grid(coal)", "materials[3].mass" */
struct str text_ground(const struct cli *cli, const struct zuji_ground *ground);
/* This name of it behind its title in the user's language, where it has one. */
struct str text_titled(const struct cli *cli, const struct zuji_ground *ground, struct str name);
/* "material", "grid", "materials.mass": of all keys or rows */
struct str text_ground_group(const struct cli *cli, const struct zuji_ground *ground);

/* ---- text_cuts.c ---- */
void text_cuts(const struct page *page);
/* The cell of a stage and category for all gases; NULL where they do not meet. */
const struct zuji_figure *text_cell(const struct zuji_figure *cells, size_t count, const char *stage,
                                    const char *category);

/* ---- text_reasons.c ---- */
void text_reasons(const struct page *page);

#endif
