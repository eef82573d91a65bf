/* Scripts of commands with what they print (the .t files of tests/cli, and fences of documents):

       # a comment
       $ zuji check plant.pcr
       plant.pcr: no errors, 0 warnings     a line of standard output
       ! error[E0901]: …                    a line of standard error (in *.t only)
       ...                                  any number of lines
       ? 1                                  exit code, where it is not 0

   Blank lines at the end of an output do not count. --bless writes the outputs anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/runner.h"

struct command {
    struct str text;
    uint32_t line;
    struct buf out, err;
    int code;
    unsigned blank_lines; /* at its end */
};

static void check_script_file(struct runner *runner, struct str path);
static void run_command(struct runner *runner, struct str path, const struct command *command, struct str folder,
                        bool is_merged, struct buf *blessed);

/* [FOLDER]: its *.t; each runs in a copy of the folder `fixture` in it. */
void mode_cli(struct runner *runner, char **arguments, size_t count)
{
    size_t files;
    struct str *found = files_in(runner, count > 0 ? str_of(arguments[0]) : STR("tests/cli"), STR(".t"), &files);
    for (size_t i = 0; i < files; i++) {
        check_script_file(runner, found[i]);
    }
}

static void check_script_file(struct runner *runner, struct str path)
{
    struct str text, fixture = path_in(runner, path_folder(path), STR("fixture"));
    struct str folder = scratch_folder(runner);
    if (!file_read(runner->arena, path, &text)) {
        runner_fail(runner, "%.*s: cannot be read", STR_FMT(path));
        return;
    }
    if (file_is_there(fixture)) {
        struct str copy = str_format(runner->arena, "cp -R '%.*s/.' '%.*s'", STR_FMT(fixture), STR_FMT(folder));
        run_shell(runner, STR("."), copy);
    }
    char root[4096];
    setenv("ROOT", getcwd(root, sizeof root) != NULL ? root : ".", 1);
    check_script(runner, path, text, 1, folder, false);
}

static void add_expected(struct command *command, struct str line, bool is_merged)
{
    if (!is_merged && str_starts(line, STR("! "))) {
        buf_format(&command->err, "%.*s\n", STR_FMT(str_skip(line, 2)));
    } else {
        buf_format(&command->out, "%.*s\n", STR_FMT(line));
    }
}

void check_script(struct runner *runner, struct str path, struct str text, uint32_t first_line, struct str folder,
                  bool is_merged)
{
    struct command command = {0};
    struct str line;
    size_t at = 0;
    struct buf blessed = buf_in(runner->arena);
    for (uint32_t number = first_line; next_line(text, &at, &line); number++) {
        bool is_comment = str_starts(line, STR("#")) && !is_merged;
        if (str_starts(line, STR("$ ")) || is_comment) {
            if (command.text.len > 0) {
                run_command(runner, path, &command, folder, is_merged, &blessed);
            }
            command = (struct command){.line = number, .out = buf_in(runner->arena), .err = buf_in(runner->arena)};
            command.text = is_comment ? STR("") : str_skip(line, 2);
            if (is_comment) {
                buf_format(&blessed, "%.*s\n", STR_FMT(line));
            }
        } else if (command.text.len > 0 && str_starts(line, STR("? ")) && !is_merged) {
            command.code = atoi(str_copy(runner->arena, str_skip(line, 2)).at);
        } else if (command.text.len > 0) {
            add_expected(&command, line, is_merged);
        } else if (line.len == 0) {
            buf_char(&blessed, '\n');
        }
        command.blank_lines = line.len == 0 ? command.blank_lines + 1 : 0;
    }
    if (command.text.len > 0) {
        run_command(runner, path, &command, folder, is_merged, &blessed);
    }
    if (runner->is_blessing && !is_merged) {
        file_write(runner, path, buf_str(&blessed));
    }
}

static struct str without_end(struct str s)
{
    while (s.len > 0 && (s.at[s.len - 1] == '\n' || s.at[s.len - 1] == ' ')) {
        s.len--;
    }
    return s;
}

/* The first line that is expected and not there, or there and not expected; empty where all is as expected. Greedy:
   "..." takes lines until the one that follows it in what is expected. */
static struct str find_difference(struct str expected, struct str actual)
{
    struct str wanted, line;
    size_t a = 0, e = 0;
    bool takes_any = false;
    expected = without_end(expected);
    actual = without_end(actual);
    while (next_line(expected, &e, &wanted)) {
        if (str_eq(str_trim(wanted), STR("..."))) {
            takes_any = true;
            continue;
        }
        bool is_found = false;
        while (!is_found && next_line(actual, &a, &line)) {
            is_found = str_eq(line, wanted);
            if (!is_found && !takes_any) {
                break;
            }
        }
        if (!is_found) {
            return wanted.len > 0 ? wanted : STR("(an empty line)");
        }
        takes_any = false;
    }
    bool has_more = !takes_any && next_line(actual, &a, &line);
    return !has_more ? STR("") : line.len > 0 ? line : STR("(an empty line)");
}

static bool output_matches(struct runner *runner, struct str where, struct str expected, struct str actual)
{
    struct str difference = find_difference(expected, actual);
    if (difference.len > 0) {
        runner_fail(runner, "%.*s: expected\n%.*s\n  but it prints\n%.*s\n  which differs at\n    %.*s", STR_FMT(where),
                    STR_FMT(without_end(expected)), STR_FMT(without_end(actual)), STR_FMT(difference));
    }
    return difference.len == 0;
}

static void bless(struct buf *blessed, const struct command *command, struct str out, struct str err, int code)
{
    struct str line;
    out = without_end(out);
    err = without_end(err);
    buf_format(blessed, "$ %.*s\n", STR_FMT(command->text));
    for (size_t at = 0; next_line(out, &at, &line);) {
        buf_format(blessed, "%.*s\n", STR_FMT(line));
    }
    for (size_t at = 0; next_line(err, &at, &line);) {
        buf_format(blessed, "! %.*s\n", STR_FMT(line));
    }
    if (code != 0) {
        buf_format(blessed, "? %d\n", code);
    }
    for (unsigned i = 0; i < command->blank_lines; i++) {
        buf_char(blessed, '\n');
    }
}

/* What still holds is kept as it is written, with its "...". */
static void bless_command(struct buf *blessed, const struct command *command, const struct outcome *outcome)
{
    bool holds_out = find_difference(buf_str(&command->out), outcome->out).len == 0;
    bool holds_err = find_difference(buf_str(&command->err), outcome->err).len == 0;
    bless(blessed, command, holds_out ? buf_str(&command->out) : outcome->out,
          holds_err ? buf_str(&command->err) : outcome->err, outcome->exit_code);
}

static void run_command(struct runner *runner, struct str path, const struct command *command, struct str folder,
                        bool is_merged, struct buf *blessed)
{
    struct str text = is_merged ? str_format(runner->arena, "exec 2>&1; %.*s", STR_FMT(command->text)) : command->text;
    struct outcome outcome = run_shell(runner, folder, text);
    struct str where =
        str_format(runner->arena, "%.*s:%u: `%.*s`", STR_FMT(path), (unsigned)command->line, STR_FMT(command->text));
    if (runner->is_blessing && !is_merged) {
        bless_command(blessed, command, &outcome);
        runner_pass(runner);
        return;
    }
    bool is_good = output_matches(runner, where, buf_str(&command->out), outcome.out);
    is_good = is_good && output_matches(runner, where, buf_str(&command->err), outcome.err);
    if (is_good && !is_merged && outcome.exit_code != command->code) {
        runner_fail(runner, "%.*s: exit code %d, expected %d", STR_FMT(where), outcome.exit_code, command->code);
        is_good = false;
    }
    if (is_good) {
        runner_pass(runner);
    }
}
