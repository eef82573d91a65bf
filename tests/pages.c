/* The examples of the pages of messages (docs/codes/E0x.md). Below `### fails` and `### works` stand fences:

       ```zuji [NAME]    a source; the first without a name is the rule
       ```json [NAME]    data; without a name data.json
       ```csv NAME       a file: factors.csv is given to the run, data/products.csv makes data a folder
       ```sh             commands, "$ …", run in place of checking and running the rule

   The rule is checked and, where there are data, run. `fails` gives the code of its page and no other error; `works`
   gives neither it nor any error or warning. Pages without examples are listed in tests/no_examples.txt, each
   with the reason; a line there for a page that has examples is a failure. */
#include <string.h>

#include "tests/runner.h"

struct example_part {
    struct str code;
    bool is_works;
    struct str folder; /* empty before the first fence */
    struct buf commands;
    uint32_t line;
};

static void check_pages(struct runner *runner, struct str path, struct str excuses);
static bool is_excused(struct str excuses, struct str code);

/* [FOLDER [FILE]] */
void mode_pages(struct runner *runner, char **arguments, size_t count)
{
    struct str excuses = STR("");
    struct str listed = count > 1 ? str_of(arguments[1]) : STR("tests/no_examples.txt");
    if (!file_read(runner->arena, listed, &excuses)) {
        runner_fail(runner, "%.*s: cannot be read", STR_FMT(listed));
    }
    size_t files;
    struct str *found = files_in(runner, count > 0 ? str_of(arguments[0]) : STR("docs/codes"), STR(".md"), &files);
    for (size_t i = 0; i < files; i++) {
        check_pages(runner, found[i], excuses);
    }
}

/* ---- what an example prints ---- */

static bool is_code_at(struct str s, size_t at)
{
    return at + 5 <= s.len && strchr("EWLN", s.at[at]) != NULL && strspn(s.at + at + 1, "0123456789") >= 4;
}

/* The next code in what `zuji` printed: "error[E0301]", or "code":"E0301" in JSON. */
static bool next_code(struct str out, size_t *at, struct str *code)
{
    for (; *at < out.len; (*at)++) {
        struct str rest = str_skip(out, *at);
        size_t before = str_starts(rest, STR("[")) ? 1 : str_starts(rest, STR("\"code\":\"")) ? 8 : 0;
        if (before > 0 && is_code_at(out, *at + before)) {
            *code = str_slice(out, *at + before, *at + before + 5);
            *at += before + 5;
            return true;
        }
    }
    return false;
}

static void judge(struct runner *runner, struct str path, const struct example_part *part, struct outcome outcome)
{
    struct str all = str_format(runner->arena, "%.*s%.*s", STR_FMT(outcome.out), STR_FMT(outcome.err));
    struct str code, other = STR("");
    bool has_code = false;
    for (size_t at = 0; next_code(all, &at, &code);) {
        if (str_eq(code, part->code)) {
            has_code = true;
        } else if (code.at[0] == 'E' || (part->is_works && code.at[0] == 'W')) {
            other = code;
        }
    }
    const char *name = part->is_works ? "works" : "fails";
    if (has_code == part->is_works || other.len > 0) {
        runner_fail(runner, "%.*s:%u: ### %s of %.*s %s%s%.*s\n%.*s", STR_FMT(path), (unsigned)part->line, name,
                    STR_FMT(part->code), has_code ? "gives it" : "does not give it", other.len > 0 ? "; it gives " : "",
                    STR_FMT(other), STR_FMT(all));
    } else if (part->is_works && outcome.exit_code != 0) {
        runner_fail(runner, "%.*s:%u: ### works of %.*s ends with %d\n%.*s", STR_FMT(path), (unsigned)part->line,
                    STR_FMT(part->code), outcome.exit_code, STR_FMT(all));
    } else {
        runner_pass(runner);
    }
}

/* ---- running one ---- */

static const char CHECK_AND_RUN[] =
    "zuji check rule.pcr || exit; D=$(ls -d data.json data.ndjson data 2>/dev/null); F=;"
    " [ -f factors.csv ] && F='--factors factors.csv'; [ -z \"$D\" ] || zuji run rule.pcr $D $F --format json";

static void run_example(struct runner *runner, struct str path, struct example_part *part)
{
    if (part->folder.len > 0) {
        struct str command = part->commands.len > 0 ? buf_str(&part->commands) : str_of(CHECK_AND_RUN);
        struct str rule = path_in(runner, part->folder, STR("rule.pcr"));
        judge(runner, path, part, run_shell(runner, part->folder, command));
        if (file_is_there(rule)) {
            check_fixes(runner, rule);
        }
    }
    part->folder = STR("");
    part->commands = buf_in(runner->arena);
}

static void add_fence(struct runner *runner, struct example_part *part, struct str info, struct str body, uint32_t line)
{
    struct str kind = next_word(&info), name = str_trim(info);
    if (part->folder.len == 0) {
        part->folder = scratch_folder(runner);
        part->line = line;
    }
    if (str_eq(kind, STR("sh"))) {
        struct str command;
        for (size_t at = 0; next_line(body, &at, &command);) {
            buf_format(&part->commands, "%.*s\n",
                       STR_FMT(str_starts(command, STR("$ ")) ? str_skip(command, 2) : STR("")));
        }
        return;
    }
    if (name.len == 0) {
        name = str_eq(kind, STR("zuji")) ? STR("rule.pcr") : str_format(runner->arena, "data.%.*s", STR_FMT(kind));
    }
    struct str file = path_in(runner, part->folder, name);
    run_shell(runner, STR("."), str_format(runner->arena, "mkdir -p '%.*s'", STR_FMT(path_folder(file))));
    file_write(runner, file, body);
}

/* ---- reading the pages ---- */

static void finish_page(struct runner *runner, struct str path, struct str code, unsigned examples, struct str excuses)
{
    bool has_both = examples == 3;
    if (code.len == 0) {
        return;
    }
    if (!has_both && !is_excused(excuses, code)) {
        runner_fail(runner, "%.*s: %.*s has no example: ### fails and ### works with a fence each", STR_FMT(path),
                    STR_FMT(code));
    } else if (has_both && is_excused(excuses, code)) {
        runner_fail(runner, "%.*s has examples: its line in the list of those without is out of date", STR_FMT(code));
    }
}

static bool is_excused(struct str excuses, struct str code)
{
    struct str line;
    for (size_t at = 0; next_line(excuses, &at, &line);) {
        struct str rest = line;
        if (str_eq(next_word(&rest), code) && str_trim(rest).len > 0) {
            return true;
        }
    }
    return false;
}

/* Where reading stands: in which page, below which heading, in which fence. */
struct reading {
    struct str code, info;
    struct example_part part;
    struct buf body;
    unsigned examples; /* bit 0: fails, bit 1: works */
    bool is_example, is_inside;
    uint32_t first;
};

static void read_heading(struct runner *runner, struct str path, struct reading *reading, struct str line,
                         struct str excuses)
{
    run_example(runner, path, &reading->part);
    if (str_starts(line, STR("## "))) {
        finish_page(runner, path, reading->code, reading->examples, excuses);
        reading->code = str_trim(str_skip(line, 3));
        reading->examples = 0;
    }
    bool is_works = str_eq(line, STR("### works"));
    reading->is_example = is_works || str_eq(line, STR("### fails"));
    reading->part =
        (struct example_part){.code = reading->code, .is_works = is_works, .commands = buf_in(runner->arena)};
}

static void read_fence(struct runner *runner, struct reading *reading, struct str line, uint32_t number)
{
    if (!reading->is_inside) {
        reading->info = str_trim(str_skip(line, 3));
        reading->body = buf_in(runner->arena);
        reading->first = number + 1;
    } else if (reading->is_example) {
        add_fence(runner, &reading->part, reading->info, buf_str(&reading->body), reading->first);
        reading->examples |= reading->part.is_works ? 2U : 1U;
    }
    reading->is_inside = !reading->is_inside;
}

static void check_pages(struct runner *runner, struct str path, struct str excuses)
{
    struct str text, line;
    if (!file_read(runner->arena, path, &text)) {
        runner_fail(runner, "%.*s: cannot be read", STR_FMT(path));
        return;
    }
    struct reading reading = {.code = STR("")};
    uint32_t number = 0;
    for (size_t at = 0; next_line(text, &at, &line);) {
        number++;
        if (str_starts(line, STR("```"))) {
            read_fence(runner, &reading, line, number);
        } else if (reading.is_inside) {
            buf_format(&reading.body, "%.*s\n", STR_FMT(line));
        } else if (str_starts(line, STR("## ")) || str_starts(line, STR("### "))) {
            read_heading(runner, path, &reading, line, excuses);
        }
    }
    run_example(runner, path, &reading.part);
    finish_page(runner, path, reading.code, reading.examples, excuses);
    if (reading.is_inside) {
        runner_fail(runner, "%.*s:%u: the fence is not closed", STR_FMT(path), (unsigned)reading.first - 1);
    }
}
