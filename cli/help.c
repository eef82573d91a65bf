/* Help and the manual page, and finding a command or option by its name: all from commands.def. */
#include <string.h>

#include "cli/cli.h"

static void print_text(const struct cli *cli, enum diag_code text)
{
    struct str line = diag_text(cli->arena, (struct diag_text){.text = text}, cli->lang);
    printf("%.*s\n", STR_FMT(line));
}

static void print_options(const struct cli *cli, const char *command)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *option = &option_table[i];
        if (command == NULL || takes_option(command, option)) {
            const char *space = option->value[0] != '\0' ? " " : "";
            printf("  --%s%s%s\n      %s\n", option->name, space, option->value, option->text[cli->lang]);
        }
    }
}

static void print_help(const struct cli *cli, const char *command)
{
    if (command == NULL) {
        print_text(cli, T_HEAD_USAGE);
        print_text(cli, T_HEAD_COMMANDS);
    }
    for (size_t i = 0; i < command_count; i++) {
        if (command == NULL || strcmp(command, command_table[i].name) == 0) {
            const struct command_info *info = &command_table[i];
            printf("  zuji %s %s\n      %s\n", info->name, info->arguments, info->text[cli->lang]);
        }
    }
    print_text(cli, T_HEAD_OPTIONS);
    print_options(cli, command);
    if (command == NULL) {
        print_text(cli, T_HEAD_EXIT);
    }
}

/* In roff a line that begins with a control character, and every backslash and hyphen, is to be escaped. */
static void print_roff(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\' || *text == '-') {
            putchar('\\');
        }
        putchar(*text);
    }
}

static void print_manual(void)
{
    printf(".TH ZUJI 1 \"\" \"zuji %s\" \"\"\n", ZUJI_VERSION);
    printf(".SH NAME\nzuji \\- check, compile and run product category rules for carbon footprints\n");
    printf(".SH SYNOPSIS\n.B zuji\n.I COMMAND\n[OPTIONS] ...\n.SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        printf(".TP\n.B ");
        print_roff(command_table[i].name);
        putchar(' ');
        print_roff(command_table[i].arguments);
        putchar('\n');
        print_roff(command_table[i].text[LANG_EN]);
        putchar('\n');
    }
    printf(".SH OPTIONS\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        printf(".TP\n.B \\-\\-");
        print_roff(option_table[i].name);
        putchar(' ');
        print_roff(option_table[i].value);
        printf("\n(");
        print_roff(option_table[i].commands + 1);
        printf(")\n");
        print_roff(option_table[i].text[LANG_EN]);
        putchar('\n');
    }
    printf(".SH EXIT STATUS\n0 ok; 1 findings, or a product in error; 2 usage; 3 input or output; 4 internal.\n");
    printf(".SH ENVIRONMENT\n.TP\n.B LC_ALL, LC_MESSAGES, LANG\n");
    printf("the first that is set decides the language of messages: Chinese where it begins with zh.\n");
    printf(".TP\n.B NO_COLOR\nno colour in messages.\n");
}

const struct command_info *find_command(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].name, name) == 0) {
            return &command_table[i];
        }
    }
    return NULL;
}

bool takes_option(const char *command, const struct option_info *option)
{
    size_t len = strlen(command);
    for (const char *at = strstr(option->commands, command); at != NULL; at = strstr(at + 1, command)) {
        if (at[-1] == ' ' && at[len] == ' ') {
            return true;
        }
    }
    return false;
}

int unknown_command(struct cli *cli, const char *name)
{
    struct str *names = arena_array(cli->arena, struct str, command_count);
    for (size_t i = 0; i < command_count; i++) {
        names[i] = str_of(command_table[i].name);
    }
    struct str nearest = str_nearest(str_of(name), names, command_count);
    return usage_error_near(cli, D_UNKNOWN_COMMAND, str_of(name), STR(""), nearest);
}

int command_help(struct cli *cli)
{
    if (cli->option[OPTION_MAN] != NULL) {
        print_manual();
        return EXIT_OK;
    }
    const char *command = cli->argument_count > 0 ? cli->arguments[0] : NULL;
    if (command != NULL && find_command(command) == NULL) {
        return unknown_command(cli, command);
    }
    print_help(cli, command);
    return EXIT_OK;
}
