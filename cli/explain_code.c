#include <string.h>

#include "cli/cli.h"
#include "cli/code_pages.h"

/* The page of a code: what stands below its heading "## E0301", up to the next heading; empty where there is none. */
static struct str find_page(struct arena *arena, const char *code)
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

/* Of a page in two languages the part after "### en" or "### zh". */
static struct str part_of(struct arena *arena, struct str page, enum lang lang)
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

/* The message with "…" for what it names. */
static struct str general_text(struct arena *arena, enum diag_code code, enum lang lang)
{
    struct diag message = {.code = code};
    for (size_t i = 0; i < countof(message.args); i++) {
        message.args[i] = STR("…");
    }
    return diag_message(arena, &message, lang);
}

int command_explain_code(struct cli *cli)
{
    if (cli->argument_count != 1) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("CODE"), STR("explain-code"));
    }
    enum diag_code code = diag_by_code(str_of(cli->arguments[0]));
    if (code == DIAG_NONE) {
        usage_error(cli, D_UNKNOWN_CODE, str_of(cli->arguments[0]), STR(""));
        return EXIT_FINDINGS;
    }
    const struct diag_info *info = diag_info(code);
    printf("%s %s: %.*s\n", info->code, info->slug, STR_FMT(general_text(cli->arena, code, cli->lang)));
    struct str page = part_of(cli->arena, find_page(cli->arena, info->code), cli->lang);
    if (page.len > 0) {
        printf("\n%.*s\n", STR_FMT(page));
    }
    return EXIT_OK;
}
