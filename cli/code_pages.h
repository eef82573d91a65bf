/* The pages of docs/codes, compiled into the binary by tools/embed.c (build/gen/code_pages.c). Static, nobody's to
   free. Must not know of commands. */
#ifndef ZUJI_CLI_CODE_PAGES_H
#define ZUJI_CLI_CODE_PAGES_H

#include "base/diag.h"

struct code_page {
    const char *name; /* "E03": a file has the pages of one hundred, each under a heading "## E0301" */
    const char *text;
    size_t len;
};
extern const struct code_page code_pages[];
extern const size_t code_page_count;

/* What stands below the heading "## E0301", up to the next heading; empty where there is none. */
struct str code_page_find(struct arena *arena, const char *code);
/* Of a page in two languages the part after "### en" or "### zh". */
struct str code_page_text(struct arena *arena, struct str page, enum lang lang);

#endif
