/* golden MODE [--bless] ARGUMENTS: the end-to-end tests (see runner.h for the modes). Run in the project's folder with
   ZUJI naming the built command line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/runner.h"

static void prepare_environment(struct runner *runner);
static void remove_scratch(struct runner *runner);
static void check_view(struct runner *runner, struct str folder, struct str name, size_t view);

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        mode_fn *run;
    } modes[] = {
        {"golden",   mode_golden  },
        {"engines",  mode_engines },
        {"explain",  mode_explain },
        {"bad",      mode_bad     },
        {"data",     mode_data    },
        {"bytecode", mode_bytecode},
        {"cli",      mode_cli     },
        {"surface",  mode_surface},
        {"fmt",      mode_fmt     },
        {"fences",   mode_fences  },
        {"pages",    mode_pages   },
        {"fixes",    mode_fixes   },
        {"inputs",   mode_inputs  },
        {"oracle",   mode_oracle  },
        {"limit",    mode_limit   },
        {"generate", mode_generate},
        {"memory",   mode_memory  },
        {"mutants",  mode_mutants },
        {"random",   mode_random  },
        {"draw",     mode_draw    },
    };
    struct arena arena = {0};
    struct runner runner = {.arena = &arena};
    int first = 2;
    if (argc > 2 && strcmp(argv[2], "--bless") == 0) {
        runner.is_blessing = true;
        first = 3;
    }
    for (size_t i = 0; argc > 1 && i < countof(modes); i++) {
        if (strcmp(argv[1], modes[i].name) != 0) {
            continue;
        }
        prepare_environment(&runner);
        modes[i].run(&runner, argv + first, (size_t)(argc - first));
        remove_scratch(&runner);
        if (modes[i].run != mode_generate) {
            printf("%zu passed, %zu failed\n", runner.passed, runner.failed);
        }
        arena_free(&arena);
        return runner.failed > 0;
    }
    fprintf(stderr, "usage: golden MODE [--bless] ARGUMENTS\n");
    return 2;
}

void runner_pass(struct runner *runner)
{
    runner->passed++;
}

void runner_fail(struct runner *runner, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("FAILED ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
    runner->failed++;
}

void runner_skip(const char *what)
{
    printf("SKIPPED %s\n", what);
}

/* A scratch folder, `zuji` on the path, English and without colour whatever the user has set. */
static void prepare_environment(struct runner *runner)
{
    const char *parent = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    char template[4096];
    snprintf(template, sizeof template, "%s/zuji-tests-XXXXXX", parent);
    if (mkdtemp(template) == NULL) {
        perror(template);
        exit(2);
    }
    runner->scratch = str_copy(runner->arena, str_of(template));
    struct str bin = scratch_folder(runner);
    const char *zuji = getenv("ZUJI");
    if (zuji != NULL && symlink(zuji, path_in(runner, bin, STR("zuji")).at) != 0) {
        perror(zuji);
        exit(2);
    }
    const char *path = getenv("PATH");
    setenv("PATH", str_format(runner->arena, "%.*s:%s", STR_FMT(bin), path != NULL ? path : "/usr/bin:/bin").at, 1);
    setenv("LC_ALL", "C", 1);
    setenv("NO_COLOR", "1", 1);
    unsetenv("ZUJI_LANG");
}

static void remove_scratch(struct runner *runner)
{
    struct str command = str_format(runner->arena, "rm -rf '%.*s'", STR_FMT(runner->scratch));
    if (system(command.at) != 0) {
        perror(runner->scratch.at);
    }
}

/* ---- golden: what the renderers print, as a whole ---- */

/* Hashes have tests of their own; here they would only change with every other change. */
#define WITHOUT_HASH " | sed 's/[0-9a-f]\\{64\\}/(hash)/g'"

/* In the folder of the case, whose name is in $N; what a run takes as data is in $D, its factor files in $F; $T is
   a file to write to. */
static const struct {
    const char *area, *command, *ending;
} views[] = {
    {"run",     "zuji run $N.pcr $D $F 2>$T; cat $T",                                ".en.txt"     },
    {"run",     "zuji run $N.pcr $D $F --lang zh 2>$T; cat $T",                      ".zh.txt"     },
    {"run",     "zuji run $N.pcr $D $F --format json 2>/dev/null" WITHOUT_HASH,      ".result.json"},
    {"run",     "zuji run $N.pcr $D $F --format csv 2>/dev/null",                    ".csv.txt"    },
    {"run",     "zuji run $N.pcr $D $F --format ndjson --detail stages 2>/dev/null", ".ndjson.txt" },
    {"render",  "zuji check $N.pcr 2>&1",                                            ".en.txt"     },
    {"render",  "zuji check $N.pcr --lang zh 2>&1",                                  ".zh.txt"     },
    {"render",  "zuji check $N.pcr --format json 2>/dev/null",                       ".diag.json"  },
    {"inspect", "zuji inspect $N.pcr 2>&1" WITHOUT_HASH,                             ".txt"        },
};

void mode_golden(struct runner *runner, char **arguments, size_t count)
{
    struct str root = count > 0 ? str_of(arguments[0]) : STR("tests/golden");
    for (size_t view = 0; view < countof(views); view++) {
        struct str folder = path_in(runner, root, str_of(views[view].area));
        size_t rules;
        struct str *found = files_in(runner, folder, STR(".pcr"), &rules);
        for (size_t i = 0; i < rules; i++) {
            check_view(runner, folder, path_base(path_stem(found[i])), view);
        }
    }
}

static void check_view(struct runner *runner, struct str folder, struct str name, size_t view)
{
    struct str command = str_format(runner->arena,
                                    "N='%.*s'; T='%.*s/messages'; D=$(ls -d $N.json $N.ndjson $N.data 2>/dev/null);"
                                    " F=; [ -f $N.factors.csv ] && F=\"--factors $N.factors.csv\"; %s; true",
                                    STR_FMT(name), STR_FMT(runner->scratch), views[view].command);
    struct outcome outcome = run_shell(runner, folder, command);
    struct str expected,
        path = str_format(runner->arena, "%.*s/%.*s%s", STR_FMT(folder), STR_FMT(name), views[view].ending);
    if (outcome.exit_code != 0 || outcome.out.len == 0) {
        runner_fail(runner, "%.*s: `%s` printed nothing (exit code %d)", STR_FMT(path), views[view].command,
                    outcome.exit_code);
    } else if (runner->is_blessing) {
        file_write(runner, path, outcome.out);
        runner_pass(runner);
    } else if (!file_read(runner->arena, path, &expected)) {
        runner_fail(runner, "%.*s is not there; `make bless` writes it", STR_FMT(path));
    } else if (same_text(runner, path, expected, outcome.out)) {
        runner_pass(runner);
    }
}
