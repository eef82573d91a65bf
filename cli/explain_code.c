#include <string.h>

#include "cli/cli.h"
#include "cli/code_pages.h"

/* A line of an example: fences are not shown, but the name of a file beside the rule is. */
static void print_example_line(struct str line, bool *is_inside, bool *is_first)
{
    if (!str_starts(line, STR("```"))) {
        printf(*is_inside && line.len > 0 ? "    %.*s\n" : "\n", STR_FMT(line));
        return;
    }
    *is_inside = !*is_inside;
    if (!*is_inside) {
        return;
    }
    struct str info = str_trim(str_slice(line, 3, line.len));
    bool is_data = str_eq(info, STR("json")) || str_eq(info, STR("ndjson"));
    size_t blank = 0;
    while (blank < info.len && info.at[blank] != ' ') {
        blank++;
    }
    struct str name = str_trim(str_slice(info, blank, info.len));
    if (is_data) {
        printf("\n  data.%.*s:\n\n", STR_FMT(info));
    } else if (name.len > 0) {
        printf("\n  %.*s:\n\n", STR_FMT(name));
    } else if (!*is_first) {
        printf("\n");
    }
    *is_first = false;
}

/* The part of the page below the heading, which tests have shown to be what the title says. */
static void print_example(const struct cli *cli, struct str page, const char *heading, enum diag_code title)
{
    const char *at = strstr(str_copy(cli->arena, page).at, heading);
    if (at == NULL) {
        return;
    }
    printf("\n%.*s\n\n", STR_FMT(diag_text(cli->arena, (struct diag_text){.text = title}, cli->lang)));
    at += strlen(heading);
    bool is_inside = false, is_first = true;
    while (*at != '\0' && (is_inside || strncmp(at, "#", 1) != 0)) {
        struct str line = {at, strcspn(at, "\n")};
        if (is_inside || line.len > 0) {
            print_example_line(line, &is_inside, &is_first);
        }
        at += line.len + (at[line.len] == '\n');
    }
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
    struct str page = code_page_find(cli->arena, info->code);
    struct str text = code_page_text(cli->arena, page, cli->lang);
    if (text.len > 0) {
        printf("\n%.*s\n", STR_FMT(text));
    }
    print_example(cli, page, "\n### fails\n", T_EXAMPLE_FAILS);
    print_example(cli, page, "\n### works\n", T_EXAMPLE_WORKS);
    return EXIT_OK;
}
