/* One rule, all the ways to run it: the exact engine and the fast one give the same statuses, messages and reported
   figures and values within 1e-12; source and compiled rule give the same bytes. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "tests/runner.h"

/* What a double can promise of a figure. */
static const double tolerance = 1e-12;

static bool json_agrees(struct runner *runner, struct str path, const json_t *a, const json_t *b);
static bool json_member_agrees(struct runner *runner, struct str path, const char *key, const json_t *a,
                               const json_t *b);
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
    json_error_t error;
    json_t *first = json_loadb(a.out.at, a.out.len, JSON_REJECT_DUPLICATES, &error);
    json_t *second = json_loadb(b.out.at, b.out.len, JSON_REJECT_DUPLICATES, &error);
    struct str compiled = str_format(arena, "%.*s/rule.pcrc", STR_FMT(runner->scratch));
    struct str build = str_format(arena, "zuji build '%.*s' -o %.*s", STR_FMT(rule), STR_FMT(compiled));
    struct outcome built = run_shell(runner, STR("."), build);
    if (first == NULL || second == NULL) {
        runner_fail(runner, "%.*s on %.*s: the output is no JSON: %s\n%.*s", STR_FMT(rule), STR_FMT(data), error.text,
                    STR_FMT(a.err));
    } else if (a.exit_code != b.exit_code || !str_eq(a.err, b.err)) {
        runner_fail(runner, "%.*s on %.*s: the engines say different things\n%.*s\n%.*s", STR_FMT(rule), STR_FMT(data),
                    STR_FMT(a.err), STR_FMT(b.err));
    } else if (!json_agrees(runner, rule, first, second)) {
        /* said where it was found */
    } else if (built.exit_code != 0) {
        runner_fail(runner, "%.*s: cannot be built\n%.*s", STR_FMT(rule), STR_FMT(built.err));
    } else if (same_run(runner, rule.at, compiled.at, arguments.at)) {
        runner_pass(runner);
    }
    json_decref(first);
    json_decref(second);
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

static bool is_near(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    return fabs(a - b) <= tolerance * size;
}

static bool differs(struct runner *runner, struct str path, const json_t *a, const json_t *b)
{
    char *left = json_dumps(a, JSON_ENCODE_ANY), *right = json_dumps(b, JSON_ENCODE_ANY);
    runner_fail(runner, "%.*s: %s with the fast engine, %s with the exact one", STR_FMT(path), left, right);
    return false;
}

/* Equal but for numbers under the keys `value` and `share`, which may differ by what doubles cannot promise. */
static bool json_agrees(struct runner *runner, struct str path, const json_t *a, const json_t *b)
{
    if (json_typeof(a) != json_typeof(b)) {
        return differs(runner, path, a, b);
    }
    if (json_is_object(a)) {
        const char *key;
        json_t *value;
        if (json_object_size(a) != json_object_size(b)) {
            return differs(runner, path, a, b);
        }
        json_object_foreach((json_t *)a, key, value)
        {
            if (!json_member_agrees(runner, path, key, value, json_object_get(b, key))) {
                return false;
            }
        }
        return true;
    }
    if (json_is_array(a)) {
        if (json_array_size(a) != json_array_size(b)) {
            return differs(runner, path, a, b);
        }
        for (size_t i = 0; i < json_array_size(a); i++) {
            struct str inner = str_format(runner->arena, "%.*s[%zu]", STR_FMT(path), i + 1);
            if (!json_agrees(runner, inner, json_array_get(a, i), json_array_get(b, i))) {
                return false;
            }
        }
        return true;
    }
    return json_equal(a, b) || differs(runner, path, a, b);
}

static bool json_member_agrees(struct runner *runner, struct str path, const char *key, const json_t *a,
                               const json_t *b)
{
    struct str inner = str_format(runner->arena, "%.*s.%s", STR_FMT(path), key);
    if (b == NULL) {
        runner_fail(runner, "%.*s is missing from the exact engine's result", STR_FMT(inner));
        return false;
    }
    bool is_figure = strcmp(key, "value") == 0 || strcmp(key, "share") == 0;
    if (is_figure && json_is_number(a) && json_is_number(b)) {
        return is_near(json_number_value(a), json_number_value(b)) || differs(runner, inner, a, b);
    }
    return json_agrees(runner, inner, a, b);
}
