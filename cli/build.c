#include "cli/cli.h"

#include "compiler/compile.h"

int command_build(struct cli *cli)
{
    if (cli->argument_count != 1) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("FILE -o RULE.pcrc"), STR("build"));
    }
    if (cli->option[OPTION_OUTPUT] == NULL) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("-o RULE.pcrc"), STR("build"));
    }
    struct sources sources = sources_in(cli->arena);
    struct diags diags = diags_in(cli->arena);
    struct str path = str_of(cli->arguments[0]);
    struct compiled *compiled = compile_file(cli->arena, &sources, path, &diags);
    struct str bytes;
    bool is_made = compiled->program != NULL && image_write(cli->arena, compiled->program, &bytes, &diags);
    compile_report_unbuilt(compiled, path, &diags);
    print_diags(cli, &sources, &diags);
    if (compiled->checked == NULL) {
        return EXIT_IO;
    }
    if (!is_made || diags.errors > 0 || (cli->option[OPTION_DENY] != NULL && diags.warnings > 0)) {
        return EXIT_FINDINGS;
    }
    FILE *file = open_output(cli);
    if (file == NULL) {
        return EXIT_IO;
    }
    fwrite(bytes.at, 1, bytes.len, file);
    return close_output(cli, file) ? EXIT_OK : EXIT_IO;
}
