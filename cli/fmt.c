/* `zuji fmt`: sources in the one style. */
#include "compiler/fmt.h"

#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/files.h"

struct job {
    struct cli *cli;
    enum fmt_language language;
    bool only_checks;
};

static int format_file(const struct job *job, struct str path);
static int keep_result(const struct job *job, struct str path, struct str text, struct str result);

int command_fmt(struct cli *cli)
{
    static const char *standard_input[] = {"-"};
    const char *keywords = cli->option[OPTION_KEYWORDS];
    struct job job = {.cli = cli, .only_checks = cli->option[OPTION_CHECK] != NULL};
    if (keywords != NULL) {
        job.language = strcmp(keywords, "zh") == 0 ? FMT_ZH : FMT_EN;
        if (job.language == FMT_EN && strcmp(keywords, "en") != 0) {
            return usage_error(cli, D_OPTION_VALUE, STR("--keywords"), STR("en|zh"));
        }
    }
    const char **paths = cli->argument_count > 0 ? cli->arguments : standard_input;
    size_t count = cli->argument_count > 0 ? cli->argument_count : 1;
    int code = EXIT_OK;
    for (size_t i = 0; i < count; i++) {
        struct path_list found = {0};
        bool is_input = strcmp(paths[i], "-") == 0;
        int result = EXIT_OK;
        if (is_input) {
            result = format_file(&job, STR("-"));
        } else if (!find_sources(cli->arena, str_of(paths[i]), &found)) {
            result = io_error(cli, str_of(paths[i]), errno);
        }
        code = result > code ? result : code;
        for (size_t k = 0; k < found.count; k++) {
            result = format_file(&job, found.items[k]);
            code = result > code ? result : code;
        }
    }
    return code;
}

static int format_file(const struct job *job, struct str path)
{
    struct cli *cli = job->cli;
    struct sources sources = sources_in(cli->arena);
    struct diags diags = diags_in(cli->arena);
    struct str text, result;
    if (!file_read(cli->arena, path, &text)) {
        return io_error(cli, path, errno);
    }
    uint32_t file = sources_add(&sources, path, text);
    switch (fmt_source(cli->arena, &sources, file, job->language, &diags, &result)) {
    case FMT_OK:
        return keep_result(job, path, text, result);
    case FMT_ERRORS:
        print_diags(cli, &sources, &diags);
        return EXIT_FINDINGS;
    case FMT_UNSAFE:
        usage_error(cli, D_FMT_UNSAFE, path, STR(""));
        return EXIT_INTERNAL;
    }
    return EXIT_INTERNAL;
}

static int keep_result(const struct job *job, struct str path, struct str text, struct str result)
{
    struct cli *cli = job->cli;
    bool is_input = str_eq(path, STR("-"));
    bool is_same = str_eq(text, result);
    if (job->only_checks) {
        if (!is_same) {
            printf("%.*s\n", STR_FMT(path));
        }
        return is_same ? EXIT_OK : EXIT_FINDINGS;
    }
    if (is_input) {
        fwrite(result.at, 1, result.len, stdout);
    } else if (!is_same && !replace_file(cli->arena, path, result)) {
        return write_error(cli, path, errno);
    }
    return EXIT_OK;
}
