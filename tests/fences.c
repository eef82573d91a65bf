/* Examples in documents. In a file of Markdown

       ```zuji            is compiled and gives the messages its comments say: none where they say none
       ```zuji fragment   is part of a file: it must parse as declarations, in a rule, in a stage, or as a formula
       ```sh              its lines "$ …" are run, in a folder that holds the project's rules, and print what follows
   them

   The sh fences of one document share a folder; `no-run` behind `sh` leaves a fence alone. */
#include <string.h>

#include "compiler/parse.h"
#include "tests/runner.h"

static void check_document(struct runner *runner, struct str path);
static void check_fence(struct runner *runner, struct str path, struct str info, struct str body, uint32_t line,
                        struct str folder);
static void check_fragment(struct runner *runner, struct str path, struct str body, uint32_t line);

/* FILE… */
void mode_fences(struct runner *runner, char **arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_document(runner, str_of(arguments[i]));
    }
}

static void check_document(struct runner *runner, struct str path)
{
    struct str text, line, info = STR("");
    struct str folder = scratch_folder(runner);
    run_shell(runner, STR("."), str_format(runner->arena, "cp -R rules '%.*s'", STR_FMT(folder)));
    if (!file_read(runner->arena, path, &text)) {
        runner_fail(runner, "%.*s: cannot be read", STR_FMT(path));
        return;
    }
    struct buf body = buf_in(runner->arena);
    bool is_inside = false;
    uint32_t number = 0, first = 0;
    for (size_t at = 0; next_line(text, &at, &line);) {
        number++;
        if (!str_starts(line, STR("```"))) {
            if (is_inside) {
                buf_format(&body, "%.*s\n", STR_FMT(line));
            }
        } else if (is_inside) {
            check_fence(runner, path, info, buf_str(&body), first, folder);
            is_inside = false;
        } else {
            is_inside = true;
            info = str_trim(str_skip(line, 3));
            first = number + 1;
            body = buf_in(runner->arena);
        }
    }
    if (is_inside) {
        runner_fail(runner, "%.*s:%u: the fence is not closed", STR_FMT(path), (unsigned)first - 1);
    }
}

static void check_fence(struct runner *runner, struct str path, struct str info, struct str body, uint32_t line,
                        struct str folder)
{
    struct str kind = next_word(&info), more = str_trim(info);
    if (str_eq(kind, STR("sh")) && !str_eq(more, STR("no-run"))) {
        check_script(runner, path, body, line, folder, true);
    } else if (str_eq(kind, STR("zuji")) && str_eq(more, STR("fragment"))) {
        check_fragment(runner, path, body, line);
    } else if (str_eq(kind, STR("zuji"))) {
        /* The name of the file says where the fence is. */
        struct str name = str_format(runner->arena, "%.*s/%.*s, line %u.pcr", STR_FMT(folder), STR_FMT(path_base(path)),
                                     (unsigned)line);
        file_write(runner, name, body);
        check_source(runner, name);
    }
}

static bool parses(const char *before, struct str body, const char *after)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct str text = str_format(&arena, "%s%.*s%s", before, STR_FMT(body), after);
    parse_module(&arena, &sources, sources_add(&sources, STR("fragment"), text), &diags);
    bool is_clean = diags.errors == 0;
    arena_free(&arena);
    return is_clean;
}

static void check_fragment(struct runner *runner, struct str path, struct str body, uint32_t line)
{
    static const char *const around[][2] = {
        {"",                                  ""     },
        {"rule r {\n",                        "\n}"  },
        {"rule r { data {\n",                 "\n} }"},
        {"rule r { stage s : production {\n", "\n} }"},
        {"let x =\n",                         ""     },
        {"table t(k: text) -> number {\n",    "\n}"  },
    };
    for (size_t i = 0; i < countof(around); i++) {
        if (parses(around[i][0], body, around[i][1])) {
            runner_pass(runner);
            return;
        }
    }
    runner_fail(runner, "%.*s:%u: the fragment does not parse", STR_FMT(path), (unsigned)line);
}
