#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMAND(name, function, arguments, en, zh) {name, function, arguments, {en, zh}},
const struct command_info command_table[] = {
#include "cli/commands.def"
};
const size_t command_count = countof(command_table);

#define OPTION(id, name, value, commands, en, zh) [id] = {name, value, commands, {en, zh}},
const struct option_info option_table[OPTION_COUNT] = {
#include "cli/commands.def"
};

static int run_command(struct cli *cli, int argc, char **argv);
static enum lang lang_of_environment(void);
static void read_lang(struct cli *cli, int argc, char **argv);
static int read_options(struct cli *cli, int argc, char **argv);
static int read_option(struct cli *cli, char **argv, int argc, int *at);
static bool is_one_of(const char *value, const char *words);
static int unknown_option(struct cli *cli, const char *argument);
static int apply_options(struct cli *cli);

int main(int argc, char **argv)
{
    jmp_buf exhausted;
    struct arena arena = {0};
    struct cli cli = {.arena = &arena, .lang = lang_of_environment()};
    arena.on_exhausted = &exhausted;
    if (setjmp(exhausted) != 0) {
        fputs("zuji: out of memory / 内存不足\n", stderr);
        return EXIT_INTERNAL;
    }
    int code = run_command(&cli, argc, argv);
    if (code != EXIT_IO && !close_output(&cli, stdout)) {
        code = EXIT_IO;
    }
    arena_free(&arena);
    return code;
}

static int run_command(struct cli *cli, int argc, char **argv)
{
    if (argc < 2) {
        cli->command = "help";
        command_help(cli);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("zuji %s\n", zuji_version(NULL));
        return EXIT_OK;
    }
    bool wants_help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    cli->command = wants_help ? "help" : argv[1];
    read_lang(cli, argc, argv);
    const struct command_info *command = find_command(cli->command);
    if (command == NULL) {
        return unknown_command(cli, argv[1]);
    }
    int code = read_options(cli, argc, argv);
    return code == EXIT_OK ? command->function(cli) : code;
}

static enum lang lang_of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < countof(names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return strncmp(value, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
        }
    }
    return LANG_EN;
}

/* --lang counts from the start: what is wrong with the options before it is said in its language too. */
static void read_lang(struct cli *cli, int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        size_t len = strlen("--lang");
        const char *value = strncmp(argv[i], "--lang", len) != 0 ? ""
                            : argv[i][len] == '='                ? argv[i] + len + 1
                            : argv[i][len] == '\0' && i + 1 < argc ? argv[i + 1]
                                                                   : "";
        if (is_one_of(value, option_table[OPTION_LANG].value)) {
            cli->lang = strcmp(value, "zh") == 0 ? LANG_ZH : LANG_EN;
        }
    }
}

static int read_options(struct cli *cli, int argc, char **argv)
{
    cli->arguments = arena_array(cli->arena, const char *, (size_t)argc);
    cli->factors = arena_array(cli->arena, const char *, (size_t)argc);
    cli->natives = arena_array(cli->arena, const char *, (size_t)argc);
    bool only_arguments = false;
    for (int i = 2; i < argc; i++) {
        if (only_arguments || argv[i][0] != '-' || argv[i][1] == '\0') {
            cli->arguments[cli->argument_count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            cli->arguments[0] = cli->command;
            cli->argument_count = 1;
            exit(command_help(cli));
        } else {
            int code = read_option(cli, argv, argc, &i);
            if (code != EXIT_OK) {
                return code;
            }
        }
    }
    return apply_options(cli);
}

/* What follows the two dashes; the one short form is -o. "" where it is no option. */
static const char *option_name(const char *argument)
{
    if (strcmp(argument, "-o") == 0) {
        return "output";
    }
    return strncmp(argument, "--", 2) == 0 && argument[2] != '-' ? argument + 2 : "";
}

static int read_option(struct cli *cli, char **argv, int argc, int *at)
{
    const char *name = option_name(argv[*at]);
    size_t len = strcspn(name, "=");
    for (size_t id = 0; id < OPTION_COUNT; id++) {
        const struct option_info *option = &option_table[id];
        bool is_it = strlen(option->name) == len && memcmp(option->name, name, len) == 0;
        if (!is_it || !takes_option(cli->command, option)) {
            continue;
        }
        const char *value = name[len] == '=' ? name + len + 1 : "";
        if (option->value[0] != '\0' && name[len] != '=') {
            if (*at + 1 >= argc) {
                return usage_error(cli, D_OPTION_WITHOUT_VALUE, str_of(argv[*at]), str_of(option->value));
            }
            value = argv[++*at];
        }
        cli->option[id] = value;
        if (id == OPTION_FACTORS) {
            cli->factors[cli->factor_count++] = value;
        } else if (id == OPTION_ALLOW_NATIVE) {
            cli->natives[cli->native_count++] = value;
        }
        return EXIT_OK;
    }
    return unknown_option(cli, argv[*at]);
}

/* With the option of this command that it may have been meant to be. */
static int unknown_option(struct cli *cli, const char *argument)
{
    struct str written = str_slice(str_of(argument), 0, strcspn(argument, "="));
    struct str names[OPTION_COUNT];
    size_t count = 0;
    for (size_t id = 0; id < OPTION_COUNT; id++) {
        if (takes_option(cli->command, &option_table[id])) {
            names[count++] = str_format(cli->arena, "--%s", option_table[id].name);
        }
    }
    return usage_error_near(cli, D_UNKNOWN_OPTION, written, str_of(cli->command), str_nearest(written, names, count));
}

/* One of the words of the option's value "a|b|c"; false where it is another. */
static bool is_one_of(const char *value, const char *words)
{
    size_t len = strlen(value);
    for (const char *at = words; len > 0; at++) {
        size_t word = strcspn(at, "|");
        if (word == len && memcmp(at, value, len) == 0) {
            return true;
        }
        at += word;
        if (*at == '\0') {
            return false;
        }
    }
    return false;
}

static int apply_options(struct cli *cli)
{
    static const enum option_id with_words[] = {OPTION_LANG, OPTION_COLOR, OPTION_DENY, OPTION_DETAIL};
    for (size_t i = 0; i < countof(with_words); i++) {
        const char *value = cli->option[with_words[i]];
        if (value != NULL && !is_one_of(value, option_table[with_words[i]].value)) {
            struct str name = str_format(cli->arena, "--%s", option_table[with_words[i]].name);
            return usage_error(cli, D_OPTION_VALUE, name, str_of(option_table[with_words[i]].value));
        }
    }
    const char *color = cli->option[OPTION_COLOR] != NULL ? cli->option[OPTION_COLOR] : "auto";
    const char *no_color = getenv("NO_COLOR");
    bool is_plain = (no_color != NULL && no_color[0] != '\0') || !isatty(STDERR_FILENO);
    cli->use_color = strcmp(color, "always") == 0 || (strcmp(color, "auto") == 0 && !is_plain);
    return EXIT_OK;
}
