/* Sources with mistakes: the messages of the compiler are compared with the comments below the lines they are about.
   Each is compiled in a process of its own, so that a crash is one failure. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/render.h"
#include "compiler/compile.h"
#include "tests/expect.h"

static void compare_messages(struct runner *runner, struct str path);
static struct expects read_expects(struct runner *runner, struct str path, struct str text);
static void meet(struct expects *expects, const struct sources *sources, struct str path, const struct diag *diag);
static bool is_worded(struct runner *runner, struct str path, const struct diag *diag);

/* [FOLDER]: every *.pcr in it (not in folders below: those hold what the sources import) */
void mode_bad(struct runner *runner, char **arguments, size_t count)
{
    size_t files;
    struct str *found = files_in(runner, count > 0 ? str_of(arguments[0]) : STR("tests/bad"), STR(".pcr"), &files);
    for (size_t i = 0; i < files; i++) {
        check_source(runner, found[i]);
    }
}

void check_source(struct runner *runner, struct str path)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        runner->failed = 0;
        compare_messages(runner, path);
        fflush(NULL);
        _exit(runner->failed > 0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(2);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        runner_pass(runner);
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
        runner->failed++; /* said by the child */
    } else {
        runner_fail(runner, "%.*s: the compiler ended with signal %d", STR_FMT(path),
                    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
}

static void compare_messages(struct runner *runner, struct str path)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct compiled *compiled = compile_file(&arena, &sources, path, &diags);
    struct str text, bytes;
    if (compiled->program != NULL) {
        image_write(&arena, compiled->program, &bytes, &diags);
    }
    if (!file_read(runner->arena, path, &text)) {
        runner_fail(runner, "%.*s: cannot be read", STR_FMT(path));
        arena_free(&arena);
        return;
    }
    struct expects expects = read_expects(runner, path, text);
    size_t count;
    const struct diag *const *sorted = diags_sorted(&arena, &diags, &count);
    for (size_t i = 0; i < count; i++) {
        meet(&expects, &sources, path, sorted[i]);
        expects.has_failed = !is_worded(runner, path, sorted[i]) || expects.has_failed;
    }
    struct render_options options = {.lang = LANG_ZH, .use_color = true};
    render_text(&arena, &sources, &diags, options);
    render_json(&arena, &sources, &diags);
    expects_finish(&expects);
    arena_free(&arena);
}

static struct expects read_expects(struct runner *runner, struct str path, struct str text)
{
    struct expects expects = expects_of(runner, path);
    struct str line, above = STR("");
    size_t at = 0;
    uint32_t number = 0, above_number = 0;
    while (next_line(text, &at, &line)) {
        number++;
        if (!expects_read(&expects, line, STR("//"), above, above_number, number)) {
            above = line;
            above_number = number;
        }
    }
    return expects;
}

static void meet(struct expects *expects, const struct sources *sources, struct str path, const struct diag *diag)
{
    const struct source *source = sources_get(sources, diag->at.file);
    struct str message = diag_message(expects->runner->arena, diag, LANG_EN);
    struct place place = {0, 0};
    if (diag->at.file != 0 && str_eq(source->path, path)) {
        place = source_place(source, diag->at.off);
    }
    expects_meet(expects, str_of(diag_info(diag->code)->code), diag->path, source->text, place.line, place.column,
                 message);
}

/* In both languages, with all arguments. */
static bool is_worded(struct runner *runner, struct str path, const struct diag *diag)
{
    for (enum lang lang = LANG_EN; lang <= LANG_ZH; lang++) {
        struct str text = diag_message(runner->arena, diag, lang);
        bool is_good = text.len > 0;
        for (size_t i = 0; i + 2 < text.len; i++) {
            is_good = is_good &&
                      !(text.at[i] == '{' && text.at[i + 1] >= '0' && text.at[i + 1] <= '9' && text.at[i + 2] == '}');
        }
        if (!is_good) {
            runner_fail(runner, "%.*s: a message without its arguments: %.*s", STR_FMT(path), STR_FMT(text));
            return false;
        }
    }
    return true;
}
