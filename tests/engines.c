/* One rule, all the ways to run it: the exact engine and the fast one give the same statuses, messages and reported
   figures and values within 1e-12; source and compiled rule give the same bytes. */
#include "tests/runner.h"

static bool same_run(struct runner *runner, const char *rule, const char *other_rule, const char *arguments);

/* RULE DATA [FACTORS] */
void mode_engines(struct runner *runner, char **arguments, size_t count)
{
    if (count < 2) {
        runner_fail(runner, "engines: RULE DATA [FACTORS] are needed");
        return;
    }
    check_engines(runner, str_of(arguments[0]), str_of(arguments[1]), count > 2 ? str_of(arguments[2]) : STR(""));
}

void check_engines(struct runner *runner, struct str rule, struct str data, struct str factors)
{
    struct arena *arena = runner->arena;
    struct str factor_option = factors.len > 0 ? str_format(arena, "--factors '%.*s'", STR_FMT(factors)) : STR("");
    struct str arguments = str_format(arena, "'%.*s' %.*s", STR_FMT(data), STR_FMT(factor_option));
    struct str fast = str_format(arena, "zuji run '%.*s' %.*s --format json", STR_FMT(rule), STR_FMT(arguments));
    struct str exact = str_format(arena, "%.*s --exact", STR_FMT(fast));
    struct outcome a = run_shell(runner, STR("."), fast), b = run_shell(runner, STR("."), exact);
    struct str difference = json_difference(arena, a.out, b.out);
    struct str compiled = str_format(arena, "%.*s/rule.pcrc", STR_FMT(runner->scratch));
    struct str build = str_format(arena, "zuji build '%.*s' -o %.*s", STR_FMT(rule), STR_FMT(compiled));
    struct outcome built = run_shell(runner, STR("."), build);
    if (a.exit_code != b.exit_code || !str_eq(a.err, b.err)) {
        runner_fail(runner, "%.*s on %.*s: the engines say different things\n%.*s\n%.*s", STR_FMT(rule), STR_FMT(data),
                    STR_FMT(a.err), STR_FMT(b.err));
    } else if (difference.len > 0) {
        runner_fail(runner, "%.*s on %.*s: the fast engine against the exact one%.*s\n%.*s", STR_FMT(rule),
                    STR_FMT(data), STR_FMT(difference), STR_FMT(a.err));
    } else if (built.exit_code != 0) {
        runner_fail(runner, "%.*s: cannot be built\n%.*s", STR_FMT(rule), STR_FMT(built.err));
    } else if (same_run(runner, rule.at, compiled.at, arguments.at)) {
        runner_pass(runner);
    }
}

/* Every format, from the source and from the compiled rule. */
static bool same_run(struct runner *runner, const char *rule, const char *other_rule, const char *arguments)
{
    static const char *const formats[] = {"text", "json", "ndjson", "csv"};
    for (size_t i = 0; i < countof(formats); i++) {
        struct str command =
            str_format(runner->arena, "zuji run '%s' %s --format %s 2>&1", rule, arguments, formats[i]);
        struct str other =
            str_format(runner->arena, "zuji run '%s' %s --format %s 2>&1", other_rule, arguments, formats[i]);
        struct outcome a = run_shell(runner, STR("."), command), b = run_shell(runner, STR("."), other);
        if (a.exit_code != b.exit_code) {
            runner_fail(runner, "%s: exit code %d from the source, %d compiled", rule, a.exit_code, b.exit_code);
            return false;
        }
        struct str where = str_format(runner->arena, "%s, compiled, as %s", rule, formats[i]);
        if (!same_text(runner, where, a.out, b.out)) {
            return false;
        }
    }
    return true;
}
