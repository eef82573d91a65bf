#include "cli/cli.h"

#include <string.h>

#include "base/render.h"
#include "compiler/compile.h"

int command_check(struct cli *cli)
{
    const char *format = cli->option[OPTION_FORMAT] != NULL ? cli->option[OPTION_FORMAT] : "text";
    bool is_json = strcmp(format, "json") == 0;
    if (!is_json && strcmp(format, "text") != 0) {
        return usage_error(cli, D_OPTION_VALUE, STR("--format"), STR("text|json"));
    }
    if (cli->argument_count == 0) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("FILE…"), STR("check"));
    }
    struct sources sources = sources_in(cli->arena);
    struct diags diags = diags_in(cli->arena);
    int code = EXIT_OK;
    for (size_t i = 0; i < cli->argument_count; i++) {
        size_t errors = diags.errors, warnings = diags.warnings;
        struct compiled *compiled = compile_file(cli->arena, &sources, str_of(cli->arguments[i]), &diags);
        if (compiled->checked != NULL && diags.errors == errors) {
            lint(compiled, &diags);
        }
        if (compiled->checked == NULL) {
            code = EXIT_IO;
        } else if (diags.errors == errors && !is_json) {
            size_t told = diags.warnings - warnings;
            struct diag_text text = {told == 1 ? T_CHECKED_ONE : T_CHECKED,
                                     {str_of(cli->arguments[i]), str_format(cli->arena, "%zu", told)}};
            printf("%.*s\n", STR_FMT(diag_text(cli->arena, text, cli->lang)));
        }
    }
    if (is_json) {
        struct str json = render_json(cli->arena, &sources, &diags);
        printf("%.*s", STR_FMT(json));
    } else {
        print_diags(cli, &sources, &diags);
    }
    bool is_refused = diags.errors > 0 || (cli->option[OPTION_DENY] != NULL && diags.warnings > 0);
    return code != EXIT_OK ? code : is_refused ? EXIT_FINDINGS : EXIT_OK;
}
