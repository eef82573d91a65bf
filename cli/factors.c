/* `zuji factors`: checks files of factors, and makes a database of them. */
#include "cli/cli.h"

#include <string.h>

static int tell(struct cli *cli, enum zuji_status status, struct zuji_messages *messages)
{
    print_messages(cli, messages);
    zuji_messages_free(messages);
    return exit_of(status);
}

/* The files behind the first argument, each through the mapping where there is one. */
static int add_files(struct cli *cli, struct zuji_factors *factors)
{
    const char *mapping = cli->option[OPTION_MAPPING];
    int code = EXIT_OK;
    for (size_t i = 1; i < cli->argument_count; i++) {
        struct zuji_messages *messages = NULL;
        const char *path = cli->arguments[i];
        enum zuji_status status = mapping == NULL ? zuji_factors_add(factors, path, &messages)
                                                  : zuji_factors_add_mapped(factors, path, mapping, &messages);
        int added = tell(cli, status, messages);
        code = added > code ? added : code;
    }
    return code;
}

static int check(struct cli *cli, const struct zuji_factors *factors)
{
    struct zuji_messages *messages = NULL;
    enum zuji_status status = zuji_factors_check(factors, &messages);
    return tell(cli, status, messages);
}

static int write_database(struct cli *cli, const struct zuji_factors *factors)
{
    struct zuji_messages *messages = NULL;
    char *bytes = NULL;
    size_t len = 0;
    enum zuji_status status = zuji_factors_database(factors, &bytes, &len, &messages);
    int code = tell(cli, status, messages);
    FILE *file = code == EXIT_OK ? open_output(cli) : NULL;
    if (code == EXIT_OK && file == NULL) {
        code = EXIT_IO;
    }
    if (file != NULL) {
        fwrite(bytes, 1, len, file);
        code = close_output(cli, file) ? EXIT_OK : EXIT_IO;
    }
    zuji_text_free(bytes);
    return code;
}

int command_factors(struct cli *cli)
{
    const char *what = cli->argument_count > 0 ? cli->arguments[0] : "";
    bool is_import = strcmp(what, "import") == 0;
    if (!is_import && strcmp(what, "check") != 0) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("import FILE… -o DB | check FILE…"), STR("factors"));
    }
    if (cli->argument_count < 2) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("FILE"), STR("factors"));
    }
    if (is_import && cli->option[OPTION_OUTPUT] == NULL) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("-o DB"), STR("factors"));
    }
    struct zuji_factors *factors = NULL;
    int code = exit_of(zuji_factors_new(&factors));
    code = code == EXIT_OK ? add_files(cli, factors) : code;
    code = code == EXIT_OK ? check(cli, factors) : code;
    code = code == EXIT_OK && is_import ? write_database(cli, factors) : code;
    zuji_factors_free(factors);
    return code;
}
