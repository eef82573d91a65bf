#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_ROWS = 5 };

enum explain_format { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_HTML, EXPLAIN_CSV };

struct explaining {
    struct cli *cli;
    const struct session *session;
    struct zuji_explain wanted;
    enum explain_format format;
    FILE *file;
    bool is_met; /* a product */
    int code;
};

static bool read_format(const struct cli *cli, enum explain_format *format);
static int explain_product(void *user, const struct zuji_result *result);
static int run_explain(struct explaining *explaining);

int command_explain(struct cli *cli)
{
    struct explaining explaining = {.cli = cli, .wanted = {.rows = SHOWN_ROWS}};
    if (cli->argument_count < 2 || cli->argument_count > 3) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("RULE DATA [ITEM]"), STR("explain"));
    }
    if (!read_format(cli, &explaining.format)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--format"), STR("text|json|html|csv"));
    }
    explaining.wanted.item = cli->argument_count == 3 ? cli->arguments[2] : NULL;
    bool is_whole = cli->option[OPTION_ALL] != NULL || explaining.format == EXPLAIN_CSV; /* else it does not recompute */
    explaining.wanted.rows = is_whole ? 0 : SHOWN_ROWS;
    struct session session;
    int code = open_session(cli, (struct zuji_options){.only_product = cli->option[OPTION_PRODUCT]}, &session);
    explaining.session = &session;
    if (session.run != NULL) {
        code = run_explain(&explaining);
    }
    close_session(&session);
    return code;
}

static bool read_format(const struct cli *cli, enum explain_format *format)
{
    static const char *const names[] = {"text", "json", "html", "csv"};
    const char *name = cli->option[OPTION_FORMAT] != NULL ? cli->option[OPTION_FORMAT] : "text";
    for (size_t i = 0; i < countof(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum explain_format)i;
            return true;
        }
    }
    return false;
}

/* The first product of the data, which is the only one where --product names it. */
static int run_explain(struct explaining *explaining)
{
    struct cli *cli = explaining->cli;
    explaining->file = open_output(cli);
    if (explaining->file == NULL) {
        return EXIT_IO;
    }
    struct zuji_messages *messages = NULL;
    enum zuji_status status =
        zuji_run_path(explaining->session->run, cli->arguments[1], explain_product, explaining, &messages);
    print_messages(cli, messages);
    zuji_messages_free(messages);
    if (!close_output(cli, explaining->file)) {
        return EXIT_IO;
    }
    if (!explaining->is_met && status == ZUJI_OK && cli->option[OPTION_PRODUCT] != NULL) {
        usage_error(cli, D_NO_SUCH_PRODUCT, str_of(cli->option[OPTION_PRODUCT]), STR(""));
        return EXIT_FINDINGS;
    }
    return explaining->is_met ? explaining->code : exit_of(status);
}

/* What is called nearly so. */
static int refuse_item(struct explaining *explaining)
{
    struct cli *cli = explaining->cli;
    size_t count = 0;
    while (zuji_rule_item(explaining->session->rule, count) != NULL) {
        count++;
    }
    struct str *names = arena_array(cli->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = str_of(zuji_rule_item(explaining->session->rule, i));
    }
    struct str item = str_of(explaining->wanted.item);
    struct str near = str_nearest(item, names, count);
    usage_error(cli, near.len > 0 ? D_NO_SUCH_ITEM_NEAR : D_NO_SUCH_ITEM, item, near);
    return EXIT_FINDINGS;
}

static int explain_product(void *user, const struct zuji_result *result)
{
    struct explaining *explaining = user;
    struct cli *cli = explaining->cli;
    const struct zuji_explanation *explanation = NULL;
    const struct zuji_result *row =
        cli->option[OPTION_ROW] == NULL ? result : result_row_called(cli, result, cli->option[OPTION_ROW]);
    explaining->is_met = true;
    explaining->code = EXIT_FINDINGS;
    if (row == NULL) {
        usage_error(cli, D_NO_SUCH_ROW, str_of(cli->option[OPTION_ROW]), str_of(zuji_result_id(result)));
        return 1;
    }
    enum zuji_status status = zuji_result_explain(row, &explaining->wanted, &explanation);
    if (status == ZUJI_USAGE) {
        refuse_item(explaining);
        return 1;
    }
    if (status != ZUJI_OK) {
        print_messages(cli, zuji_result_problems(result));
        explaining->code = exit_of(status);
        return 1;
    }
    explaining->code = EXIT_OK;
    switch (explaining->format) {
    case EXPLAIN_TEXT:
        print_explanation(explaining->file, cli, explaining->session->rule, row, explanation);
        break;
    case EXPLAIN_JSON: {
        const char *json = zuji_explanation_json(row, explanation, NULL);
        explaining->code = json == NULL ? EXIT_INTERNAL : EXIT_OK;
        fprintf(explaining->file, "%s\n", json == NULL ? "" : json);
        break;
    }
    case EXPLAIN_HTML:
        print_explanation_html(explaining->file, cli, explaining->session->rule, row, explanation);
        break;
    case EXPLAIN_CSV:
        print_explanation_csv(explaining->file, cli, explaining->session->rule, row, explanation);
        break;
    }
    return 1; /* the others are not asked for */
}
