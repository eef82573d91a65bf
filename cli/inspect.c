#include "cli/cli.h"

int command_inspect(struct cli *cli)
{
    if (cli->argument_count != 1) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("RULE"), STR("inspect"));
    }
    int code = EXIT_OK;
    struct zuji_rule *rule = load_rule(cli, cli->arguments[0], NULL, &code);
    if (rule == NULL) {
        return code;
    }
    char *listing = zuji_rule_listing(rule);
    if (listing == NULL) {
        code = EXIT_INTERNAL;
    } else {
        fputs(listing, stdout);
    }
    zuji_text_free(listing);
    zuji_rule_free(rule);
    return code;
}
