/* A rule bound to what the command line names: factor files, external functions, the budget of a product. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static struct zuji_factors *load_factors(struct cli *cli, int *exit_code)
{
    struct zuji_factors *factors = NULL;
    *exit_code = exit_of(zuji_factors_new(&factors));
    for (size_t i = 0; factors != NULL && i < cli->factor_count; i++) {
        struct zuji_messages *messages = NULL;
        int code = exit_of(zuji_factors_add(factors, cli->factors[i], &messages));
        print_messages(cli, messages);
        zuji_messages_free(messages);
        *exit_code = code > *exit_code ? code : *exit_code;
    }
    if (*exit_code != EXIT_OK) {
        zuji_factors_free(factors);
        return NULL;
    }
    return factors;
}

/* False where it is no number. */
static bool read_limit(const struct cli *cli, uint64_t *limit)
{
    const char *text = cli->option[OPTION_COST_LIMIT];
    char *end;
    if (text == NULL) {
        return true;
    }
    errno = 0;
    *limit = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-' && *limit != 0;
}

int open_session(struct cli *cli, struct zuji_options options, struct session *session)
{
    int code = EXIT_OK;
    *session = (struct session){.rule = NULL};
    if (!read_limit(cli, &options.cost_limit)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--cost-limit"), STR("1, 2, …"));
    }
    session->rule = load_rule(cli, cli->arguments[0], NULL, &code);
    session->factors = session->rule != NULL ? load_factors(cli, &code) : NULL;
    session->natives = session->factors != NULL ? load_natives(cli, &code) : NULL;
    if (session->natives == NULL) {
        return code;
    }
    struct zuji_messages *messages = NULL;
    options.natives = session->natives;
    code = exit_of(zuji_run_new(session->rule, session->factors, &options, &session->run, &messages));
    print_messages(cli, messages);
    zuji_messages_free(messages);
    return code;
}

void close_session(struct session *session)
{
    zuji_run_free(session->run);
    zuji_natives_free(session->natives);
    zuji_factors_free(session->factors);
    zuji_rule_free(session->rule);
}

const struct zuji_result *result_row_called(struct cli *cli, const struct zuji_result *result, const char *wanted)
{
    for (size_t i = 0; i < zuji_result_row_count(result); i++) {
        const struct zuji_result *row = zuji_result_row(result, i);
        struct str number = str_format(cli->arena, "%zu", i + 1);
        if (strcmp(zuji_result_row_name(row), wanted) == 0 || str_eq(number, str_of(wanted))) {
            return row;
        }
    }
    return NULL;
}
