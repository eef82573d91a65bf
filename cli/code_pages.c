#include "cli/code_pages.h"

#include <string.h>

struct str code_page_find(struct arena *arena, const char *code)
{
    struct str heading = str_format(arena, "\n## %s\n", code);
    for (size_t i = 0; i < code_page_count; i++) {
        const char *at = strstr(code_pages[i].text, heading.at);
        if (at != NULL) {
            at += heading.len;
            const char *end = strstr(at, "\n## ");
            return (struct str){at, end != NULL ? (size_t)(end - at) : strlen(at)};
        }
    }
    return STR("");
}

struct str code_page_text(struct arena *arena, struct str page, enum lang lang)
{
    struct str copy = str_copy(arena, page);
    const char *at = strstr(copy.at, lang == LANG_ZH ? "### zh\n" : "### en\n");
    if (at == NULL) {
        return str_trim(page);
    }
    at += strlen("### en\n");
    const char *end = strstr(at, "\n### ");
    return str_trim((struct str){at, end != NULL ? (size_t)(end - at) : strlen(at)});
}
