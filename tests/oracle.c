/* Published and independently computed footprints: the rule must give every total, stage and mass to a relative 1e-12,
   and leave out the stages that are not carried out. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/runner.h"
#include "vm/zuji.h"

static const double tolerance = 1e-12;

/* What the published cases call the masses, and what the rule does. */
static const char *const mass_names[][2] = {
    {"m_fab_out", "fabric_needed"},
    {"m_sp_out",  "yarn_needed"  },
    {"m_mat_out", "fibre_needed" },
};

struct comparison {
    struct runner *runner;
    const char *id, *engine;
    bool has_failed;
};

static void check_file(struct runner *runner, const char *rule_path, const char *factor_path, struct str path);
static void check_all(struct runner *runner, struct zuji_run *run, const char *engine, struct str text,
                      const json_t *cases);
static void check_case(struct comparison *comparison, const json_t *expected, const struct zuji_result *result);

/* RULE CASES [FACTORS]: an array of {input, total_kgco2e, stages_kgco2e, masses_kg or reports} */
void mode_oracle(struct runner *runner, char **arguments, size_t count)
{
    if (count < 2) {
        runner_fail(runner, "oracle: RULE CASES [FACTORS] are needed");
        return;
    }
    check_file(runner, arguments[0], count > 2 ? arguments[2] : NULL, str_of(arguments[1]));
}

static void check_file(struct runner *runner, const char *rule_path, const char *factor_path, struct str path)
{
    struct str text = STR("");
    json_error_t error;
    file_read(runner->arena, path, &text);
    json_t *cases = json_loadb(text.at, text.len, 0, &error);
    struct zuji_rule *rule = load_rule(runner, str_of(rule_path));
    struct zuji_factors *factors = NULL;
    zuji_factors_new(&factors);
    if (factor_path != NULL && zuji_factors_add(factors, factor_path, NULL) != ZUJI_OK) {
        runner_fail(runner, "%s: cannot be read", factor_path);
    }
    if (!json_is_array(cases)) {
        runner_fail(runner, "%.*s: no array of cases: %s", STR_FMT(path), error.text);
    } else if (rule != NULL) {
        for (int use_exact = 0; use_exact <= 1; use_exact++) {
            struct zuji_options options = {.use_exact = use_exact};
            struct zuji_run *run = NULL;
            if (zuji_run_new(rule, factors, &options, &run, NULL) != ZUJI_OK) {
                runner_fail(runner, "%s: cannot be bound", rule_path);
                break;
            }
            check_all(runner, run, use_exact ? "exact" : "fast", text, cases);
            zuji_run_free(run);
        }
    }
    zuji_factors_free(factors);
    zuji_rule_free(rule);
    json_decref(cases);
}

/* The object behind the next `"input":`, as it is written: numbers must stay as they are. */
static struct str next_input(struct str text, size_t *at)
{
    static const char key[] = "\"input\":";
    const char *found = strstr(text.at + *at, key);
    if (found == NULL) {
        return STR("");
    }
    size_t start = (size_t)(found - text.at) + strlen(key);
    start += strcspn(text.at + start, "{");
    size_t end = start, depth = 0;
    bool is_text = false;
    do {
        char c = text.at[end];
        if (is_text && c == '\\') {
            end++;
        } else if (c == '"') {
            is_text = !is_text;
        } else if (!is_text) {
            depth += c == '{';
            depth -= c == '}';
        }
        end++;
    } while (depth > 0 && end < text.len);
    *at = end;
    return str_slice(text, start, end);
}

static void check_all(struct runner *runner, struct zuji_run *run, const char *engine, struct str text,
                      const json_t *cases)
{
    size_t at = 0;
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *expected = json_array_get(cases, i);
        struct str input = next_input(text, &at);
        const struct zuji_result *result = NULL;
        zuji_run_record(run, input.at, input.len, &result);
        const char *id = json_string_value(json_object_get(json_object_get(expected, "input"), "id"));
        struct comparison comparison = {runner, id, engine, false};
        if (result == NULL || !zuji_result_is_ok(result)) {
            const struct zuji_message *message =
                result != NULL ? zuji_messages_get(zuji_result_messages(result), 0) : NULL;
            runner_fail(runner, "%s: in error: %s", id, message != NULL ? message->text[ZUJI_EN] : "?");
            continue;
        }
        check_case(&comparison, expected, result);
        if (!comparison.has_failed) {
            runner_pass(runner);
        }
    }
}

static void compare(struct comparison *comparison, const char *what, const json_t *expected,
                    const struct zuji_figure *figure)
{
    if (expected == NULL) {
        return;
    }
    double wanted = json_number_value(expected);
    if (figure == NULL || !figure->is_given) {
        runner_fail(comparison->runner, "%s, %s: %s is absent and should be %.17g", comparison->id, comparison->engine,
                    what, wanted);
        comparison->has_failed = true;
    } else if (!(fabs(figure->value - wanted) <= tolerance * fabs(wanted))) {
        runner_fail(comparison->runner, "%s, %s: %s is %.17g and should be %.17g", comparison->id, comparison->engine,
                    what, figure->value, wanted);
        comparison->has_failed = true;
    }
}

static const struct zuji_figure *find(const struct zuji_figure *figures, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            return &figures[i];
        }
    }
    return NULL;
}

/* A stage that the case does not name is not carried out: absent, which is not zero. */
static void check_absent(struct comparison *comparison, const json_t *expected, const struct zuji_figure *stages,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (json_object_get(expected, stages[i].name) == NULL && stages[i].is_given) {
            runner_fail(comparison->runner, "%s, %s: stage %s should be absent", comparison->id, comparison->engine,
                        stages[i].name);
            comparison->has_failed = true;
        }
    }
}

static void check_case(struct comparison *comparison, const json_t *expected, const struct zuji_result *result)
{
    size_t stage_count = 0, report_count = 0;
    const struct zuji_figure *stages = zuji_result_stages(result, &stage_count);
    const struct zuji_figure *reports = zuji_result_reports(result, &report_count);
    const json_t *expected_stages = json_object_get(expected, "stages_kgco2e");
    const json_t *masses = json_object_get(expected, "masses_kg");
    const char *name;
    json_t *value;
    compare(comparison, "the total", json_object_get(expected, "total_kgco2e"), zuji_result_total(result));
    json_object_foreach((json_t *)expected_stages, name, value)
    {
        compare(comparison, name, value, find(stages, stage_count, name));
    }
    check_absent(comparison, expected_stages, stages, stage_count);
    for (size_t i = 0; i < countof(mass_names); i++) {
        compare(comparison, mass_names[i][0], json_object_get(masses, mass_names[i][0]),
                find(reports, report_count, mass_names[i][1]));
    }
    json_object_foreach(json_object_get(expected, "reports"), name, value)
    {
        compare(comparison, name, value, find(reports, report_count, name));
    }
}
