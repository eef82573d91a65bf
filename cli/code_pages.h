/* The pages of docs/codes, compiled into the binary by tools/embed.c (build/gen/code_pages.c). Static, nobody's to free.
   Must not know of commands. */
#ifndef ZUJI_CLI_CODE_PAGES_H
#define ZUJI_CLI_CODE_PAGES_H

#include <stddef.h>

struct code_page {
    const char *name; /* "E03": a file has the pages of one hundred, each under a heading "## E0301" */
    const char *text;
    size_t len;
};
extern const struct code_page code_pages[];
extern const size_t code_page_count;

#endif
