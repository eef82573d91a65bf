/* `zuji test`: the examples of rules, compared with what they expect. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/decimal.h"
#include "cli/example.h"
#include "cli/files.h"
#include "grammar/keywords.h"

/* The one product of an example, with what is compared; figures live only while the callback runs, so it compares
   there. */
struct trial {
    struct cli *cli;
    const struct compiled *compiled;
    const struct example *example;
    struct diags *diags;
    bool use_exact;
    bool was_seen;
};

static int test_file(struct cli *cli, struct str path, bool is_named, size_t *tested);
static bool run_trial(struct cli *cli, struct zuji_rule *rule, struct trial *trial);
static int compare_result(void *user, const struct zuji_result *result);
static void compare_figure(struct trial *trial, const struct expectation *expected, const struct zuji_result *result);

int command_test(struct cli *cli)
{
    static const char *here[] = {"."};
    const char **paths = cli->argument_count > 0 ? cli->arguments : here;
    size_t count = cli->argument_count > 0 ? cli->argument_count : 1;
    int code = EXIT_OK;
    for (size_t i = 0; i < count; i++) {
        struct path_list found = {0};
        struct stat info;
        if (stat(paths[i], &info) != 0 || !find_sources(cli->arena, str_of(paths[i]), &found)) {
            code = io_error(cli, str_of(paths[i]), errno);
            continue;
        }
        size_t tested = 0;
        for (size_t k = 0; k < found.count; k++) {
            int result = test_file(cli, found.items[k], !S_ISDIR(info.st_mode), &tested);
            code = result > code ? result : code;
        }
        if (tested == 0 && code == EXIT_OK) {
            usage_error(cli, D_NO_RULE_FILES, str_of(paths[i]), STR(""));
            code = EXIT_FINDINGS;
        }
    }
    return code;
}

/* A base rule in a folder: it is tested through its variants, which have examples of their own. */
static void report_base(struct cli *cli, struct str path, const struct checked *checked)
{
    size_t examples = 0;
    for (const struct decl *item = checked->rule->as.rule.items; item != NULL; item = item->next) {
        examples += item->kind == DECL_EXAMPLE;
    }
    struct str count = str_format(cli->arena, "%zu", examples);
    struct diag_text text = {
        examples == 0 ? T_BASE_NOT_TESTED : T_BASE_WITH_EXAMPLES, {path, compile_open(checked), count}
    };
    printf("%.*s\n", STR_FMT(diag_text(cli->arena, text, cli->lang)));
}

/* Those of the rule, once; each of the module's with a program of its own, by both engines. The number that passed. */
static size_t run_examples(struct cli *cli, const struct compiled *compiled, struct diags *diags, bool *is_loaded)
{
    struct zuji_rule *rule = example_rule(cli, compiled, diags);
    size_t passed = 0;
    *is_loaded = rule != NULL || compiled->program == NULL;
    for (size_t i = 0; rule != NULL && i < compiled->example_count; i++) {
        struct trial trial = {cli, compiled, &compiled->examples[i], diags, false, false};
        passed += run_trial(cli, rule, &trial);
    }
    zuji_rule_free(rule);
    for (size_t i = 0; i < compiled->of_module_count; i++) {
        const struct compiled *own = compiled->of_module[i];
        rule = example_rule(cli, own, diags);
        struct trial fast = {cli, own, own->examples, diags, false, false};
        struct trial exact = {cli, own, own->examples, diags, true, false};
        passed += rule != NULL && run_trial(cli, rule, &fast) && run_trial(cli, rule, &exact);
        *is_loaded = *is_loaded && rule != NULL;
        zuji_rule_free(rule);
    }
    return passed;
}

static int test_file(struct cli *cli, struct str path, bool is_named, size_t *tested)
{
    struct sources sources = sources_in(cli->arena);
    struct diags diags = diags_in(cli->arena);
    struct compiled *compiled = compile_file(cli->arena, &sources, path, &diags);
    bool is_module = compiled->checked != NULL && compiled->program == NULL && diags.errors == 0;
    bool is_base = is_module && compiled->checked->rule != NULL;
    bool is_loaded = false;
    if (is_base && !is_named) {
        report_base(cli, path, compiled->checked);
        (*tested)++;
    }
    if (is_module && !is_named && compiled->of_module_count == 0) {
        return EXIT_OK; /* of tables or functions without examples: tested through the rules that use it */
    }
    if (compiled->of_module_count == 0) {
        compile_report_unbuilt(compiled, path, &diags);
    }
    (*tested)++;
    size_t passed = diags.errors > 0 ? 0 : run_examples(cli, compiled, &diags, &is_loaded);
    size_t all = compiled->example_count + compiled->of_module_count;
    print_diags(cli, &sources, &diags);
    struct diag_text text = {
        T_EXAMPLES_PASSED, {path, str_format(cli->arena, "%zu", passed), str_format(cli->arena, "%zu", all)}
    };
    printf("%.*s\n", STR_FMT(diag_text(cli->arena, text, cli->lang)));
    bool is_good = is_loaded && diags.errors == 0 && passed == all;
    return compiled->checked == NULL ? EXIT_IO : is_good ? EXIT_OK : EXIT_FINDINGS;
}

static bool run_trial(struct cli *cli, struct zuji_rule *rule, struct trial *trial)
{
    const struct example *example = trial->example;
    size_t errors = trial->diags->errors;
    enum zuji_status status = example_run(cli, rule, trial->compiled, example, trial->use_exact, compare_result, trial);
    if (status == ZUJI_OK && !trial->was_seen) {
        diag_add(trial->diags, D_EXAMPLE_WITHOUT_PRODUCT, example->at, DIAG_ARGS(example->title, example->key));
    }
    return status == ZUJI_OK && trial->was_seen && trial->diags->errors == errors;
}

static int compare_result(void *user, const struct zuji_result *result)
{
    struct trial *trial = user;
    trial->was_seen = true;
    if (!zuji_result_is_ok(result)) {
        print_messages(trial->cli, zuji_result_messages(result));
        struct str id = str_of(zuji_result_id(result));
        diag_add(trial->diags, D_EXAMPLE_FAILED, trial->example->at, DIAG_ARGS(trial->example->title, id));
        return 0;
    }
    print_messages(trial->cli, zuji_result_problems(result)); /* what the example's data are warned of */
    bool has_row = false;
    for (size_t r = 0; r < zuji_result_row_count(result); r++) {
        const struct zuji_result *row = zuji_result_row(result, r);
        bool is_meant = trial->example->row.len == 0 || str_eq(str_of(zuji_result_row_name(row)), trial->example->row);
        for (size_t i = 0; is_meant && i < trial->example->expect_count; i++) {
            compare_figure(trial, &trial->example->expects[i], row);
        }
        has_row = has_row || is_meant;
    }
    if (!has_row) {
        diag_add(trial->diags, D_EXAMPLE_WITHOUT_ROW, trial->example->at,
                 DIAG_ARGS(trial->example->title, str_of(zuji_result_id(result)), trial->example->row));
    }
    return 0;
}

static const struct zuji_figure *find_figure(const struct expectation *expected, const struct zuji_result *result)
{
    size_t count = 0;
    const struct zuji_figure *figures = NULL;
    switch (expected->kind) {
    case EXPECT_TOTAL:
        return zuji_result_total(result);
    case EXPECT_STAGE:
        figures = zuji_result_stages(result, &count);
        break;
    case EXPECT_FLOW:
        figures = zuji_result_flows(result, &count);
        break;
    case EXPECT_REPORT:
        figures = zuji_result_reports(result, &count);
        break;
    }
    struct str name = expected->kind == EXPECT_STAGE ? expected->stage : expected->name;
    for (size_t i = 0; i < count; i++) {
        bool is_stage = expected->kind != EXPECT_FLOW || str_eq(str_of(figures[i].stage), expected->stage);
        if (is_stage && str_eq(str_of(figures[i].name), name)) {
            return &figures[i];
        }
    }
    return NULL;
}

/* "total", "making", "making.heat", "intensity"; of a module the expression */
static struct str result_path(struct arena *arena, const struct expectation *expected)
{
    if (expected->written.len > 0) {
        return expected->written;
    }
    switch (expected->kind) {
    case EXPECT_TOTAL:
        return STR("total");
    case EXPECT_STAGE:
        return expected->stage;
    case EXPECT_FLOW:
        return str_format(arena, "%.*s.%.*s", STR_FMT(expected->stage), STR_FMT(expected->name));
    case EXPECT_REPORT:
        break;
    }
    return expected->name;
}

/* A plain number has no unit to be told. */
static struct str in_unit(struct arena *arena, struct str number, struct str unit)
{
    return str_eq(unit, STR("1")) ? number : str_format(arena, "%.*s %.*s", STR_FMT(number), STR_FMT(unit));
}

/* A number in its unit, true or false, a member. */
static struct str value_text(struct arena *arena, const struct expectation *expected, struct rat value, struct str unit)
{
    if (expected->is_bool) {
        return predefined_both(arena, rat_sign(value) == 0 ? PREDEFINED_FALSE : PREDEFINED_TRUE);
    }
    if (expected->choice != NULL) {
        const struct decl *member = expected->choice->as.choice.members;
        int64_t number = 0;
        (void)rat_to_i64(value, &number);
        while (member->next != NULL && member->index != (uint32_t)number) {
            member = member->next;
        }
        return member->name.text;
    }
    return in_unit(arena, rat_decimal(arena, value, 15), unit);
}

/* Without `within` the figure must agree to a relative 1e-12, which is what a double can promise. */
static void compare_figure(struct trial *trial, const struct expectation *expected, const struct zuji_result *result)
{
    struct arena *arena = trial->cli->arena;
    const struct zuji_figure *figure = find_figure(expected, result);
    struct str what = result_path(arena, expected);
    struct str unit = figure == NULL ? expected->unit_text : str_of(figure->unit);
    struct str should = value_text(arena, expected, expected->value, unit);
    if (figure == NULL || !figure->is_given) {
        diag_add(trial->diags, D_EXAMPLE_ABSENT, expected->at, DIAG_ARGS(what, should));
        return;
    }
    struct rat tolerance = expected->within;
    if (rat_sign(tolerance) == 0) {
        tolerance = rat_div(arena, rat_abs(arena, expected->value), rat_int(1000000000000));
    }
    struct rat value = rat_of_double(arena, figure->value);
    struct rat difference = rat_sub(arena, value, expected->value);
    if (rat_cmp(arena, rat_abs(arena, difference), tolerance) <= 0) {
        return;
    }
    if (expected->is_bool || expected->choice != NULL) {
        diag_add(trial->diags, D_EXAMPLE_OTHER, expected->at,
                 DIAG_ARGS(what, should, value_text(arena, expected, value, unit)));
        return;
    }
    char number[32];
    zuji_number_text(figure->value, number);
    struct diag *diag = diag_add(trial->diags, D_EXAMPLE_DIFFERS, expected->at,
                                 DIAG_ARGS(what, should, in_unit(arena, str_of(number), unit)));
    enum diag_code note = rat_sign(expected->within) == 0 ? T_EXAMPLE_DIFFERENCE : T_EXAMPLE_BEYOND;
    struct rat shown = rat_round_significant(arena, difference, 6, ROUND_HALF_EVEN);
    diag_note(trial->diags, diag, note,
              DIAG_ARGS(in_unit(arena, rat_decimal(arena, shown, 15), unit),
                        in_unit(arena, rat_decimal(arena, expected->within, 15), unit)));
}
