/* A page that explains a figure, as one HTML file that needs no network and no script: what its parts share.
   html.c (texts), explain_html.c (the document and the tree), html_sankey.c and html_bars.c (charts). Nothing is kept.
   Must not know how figures are computed. */
#ifndef ZUJI_CLI_HTML_H
#define ZUJI_CLI_HTML_H

#include "cli/sankey.h"
#include "cli/text.h"

struct html {
    FILE *out;
    const struct cli *cli;
    const struct zuji_rule *rule;
    const struct zuji_result *result;
    const struct zuji_explanation *root;
};

extern const char *const html_style[]; /* html_style.c; NULL at the end */

/* Escaped, in content and in values of attributes; signs that no page may have are replaced. */
void html_text(const struct html *page, struct str text);
struct str html_worded(const struct html *page, enum diag_code text, struct str a, struct str b);
/* A reported figure with a proper minus. */
struct str html_number(const struct html *page, const char *number);
struct str html_figure(const struct html *page, const struct zuji_figure *figure); /* as reported */
/* Lines of a label in a drawing, at most two, the last cut with "…"; the whole as a tooltip is for the caller. Returns
   how many. */
size_t html_lines(const struct html *page, struct str label, size_t cells, struct str lines[2]);
/* "12.5": tenths of a pixel. */
const char *html_length(char text[24], long tenths);

void html_sankey(const struct html *page); /* nothing where the figure is no sum */
void html_bars(const struct html *page);   /* of the total only */

/* ---- explain_terms.c ---- */
/* What the parts of the root come from: the rows of the sums below them, else their flows. Parts are the stages of the
   diagram, in the order of the formula; many of them are the largest, and as the last the others together. False: the
   root is no sum of parts, or nothing is to be drawn. */
struct explain_parts {
    const struct zuji_explanation **at; /* NULL: the others */
    size_t count, others;
};
bool explain_terms(const struct cli *cli, const struct zuji_explanation *root, struct explain_parts *parts,
                   struct sankey *sankey);

#endif
