#include "tests/unit/lower_fixture.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/zuji.h"

struct arena lower_arena;
struct sources lower_sources;
struct diags lower_messages;
struct compiled *lower_compiled;
static char path[] = "/tmp/zuji-lower-XXXXXX";

void lower_setup(void)
{
    lower_arena = (struct arena){0};
    lower_sources = sources_in(&lower_arena);
    lower_messages = diags_in(&lower_arena);
    lower_compiled = NULL;
}

void lower_teardown(void)
{
    arena_free(&lower_arena);
}

/* ---- compiling ---- */

void lower_compile_text(const char *text)
{
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    lower_compiled = compile_file(&lower_arena, &lower_sources, str_of(path), &lower_messages);
    unlink(path);
}

/* declarations, then a rule with these fields and items and an emission of 3 kgCO2e for 1 kg. */
void lower_compile(const char *declarations, const char *fields, const char *items)
{
    struct str text = str_format(
        &lower_arena,
        "%s\nrule sample \"sample\" {\n version \"1\"\n declared 1 kg \"of it\"\n gwp ar6\n boundary cradle_to_gate\n"
        " exclude distribution, use, end_of_life because \"not looked at\"\n data { %s }\n reference 1 kg\n"
        " stage raw : raw_material \"raw\" { emit none \"none\" = 0 kgCO2e }\n"
        " stage base : production \"base\" { emit fixed \"fixed\" = 3 kgCO2e }\n %s\n}\n",
        declarations, fields, items);
    lower_compile_text(text.at);
}

void lower_assert_compiled(void)
{
    if (lower_messages.errors > 0) {
        const struct diag *diag = lower_messages.first;
        while (diag_info(diag->code)->severity != SEVERITY_ERROR) {
            diag = diag->next;
        }
        struct str text = diag_message(&lower_arena, diag, LANG_EN);
        struct str at = span_text(&lower_sources, diag->at);
        ck_abort_msg("%s %.*s: `%.*s`", diag_info(diag->code)->code, STR_FMT(text), STR_FMT(at));
    }
    ck_assert_ptr_nonnull(lower_compiled->program);
}

void lower_assert_refused(enum diag_code code)
{
    ck_assert_ptr_null(lower_compiled->program);
    ck_assert_uint_ge(lower_messages.errors, 1);
    for (const struct diag *diag = lower_messages.first; diag != NULL; diag = diag->next) {
        if (diag->code == code) {
            return;
        }
    }
    struct str text = diag_message(&lower_arena, lower_messages.first, LANG_EN);
    ck_abort_msg("%s %.*s", diag_info(lower_messages.first->code)->code, STR_FMT(text));
}

/* ---- running ---- */

static size_t copy_figures(const struct zuji_figure *from, size_t count, void *to, size_t size, size_t room)
{
    ck_assert_uint_le(count, room);
    for (size_t i = 0; i < count; i++) {
        char *at = (char *)to + i * size;
        snprintf(at, 64, "%s", from[i].name);
        memcpy(at + 64, &from[i].value, sizeof(double));
        bool is_given = from[i].is_given != 0;
        memcpy(at + 64 + sizeof(double), &is_given, sizeof is_given);
    }
    return count;
}

static struct zuji_rule *load(void)
{
    struct str bytes;
    struct zuji_rule *rule = NULL;
    struct zuji_messages *refused = NULL;
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    zuji_load(bytes.at, bytes.len, &rule, &refused);
    if (rule == NULL) {
        ck_abort_msg("%s", zuji_messages_get(refused, 0)->text[0]);
    }
    return rule;
}

static void copy_row(const struct zuji_result *result, struct outcome_of *into)
{
    size_t count = 0;
    size_t size = sizeof into->reports[0];
    into->total = zuji_result_total(result)->value;
    snprintf(into->row, sizeof into->row, "%s", zuji_result_row_name(result));
    const struct zuji_grade *grade = zuji_result_grade(result);
    if (grade != NULL) {
        snprintf(into->grade, sizeof into->grade, "%s", grade->class_name);
        snprintf(into->other_class, sizeof into->other_class, "%s", grade->other_class);
        snprintf(into->limit, sizeof into->limit, "%s", grade->limit);
    }
    const struct zuji_figure *figures = zuji_result_reports(result, &count);
    into->report_count = copy_figures(figures, count, into->reports, size, countof(into->reports));
    figures = zuji_result_flows(result, &count);
    into->flow_count = copy_figures(figures, count, into->flows, size, countof(into->flows));
    figures = zuji_result_gases(result, &count);
    into->gas_count = copy_figures(figures, count, into->gases, size, countof(into->gases));
    figures = zuji_result_categories(result, &count);
    into->category_count = copy_figures(figures, count, into->categories, size, countof(into->categories));
}

/* `into`: a row for each row of the result. */
static size_t run_engine(const struct zuji_rule *rule, const char *record, int use_exact, struct outcome_of *into)
{
    struct zuji_options options = {.use_exact = use_exact};
    struct zuji_run *run = NULL;
    const struct zuji_result *result = NULL;
    memset(into, 0, sizeof lower_rows);
    ck_assert_int_eq(zuji_run_new(rule, NULL, &options, &run, NULL), ZUJI_OK);
    zuji_run_record(run, record, strlen(record), &result);
    ck_assert_ptr_nonnull(result);
    into->is_ok = zuji_result_is_ok(result);
    const struct zuji_messages *notes = zuji_result_messages(result);
    for (size_t i = 0; i < zuji_messages_count(notes); i++) {
        for (int lang = 0; lang < 2; lang++) {
            size_t len = strlen(into->notes[lang]);
            const struct zuji_message *note = zuji_messages_get(notes, i);
            snprintf(into->notes[lang] + len, sizeof into->notes[lang] - len, "%s %s\n", note->code, note->text[lang]);
        }
    }
    for (size_t i = 0; i < zuji_messages_count(notes) && into->code[0] == '\0'; i++) {
        if (zuji_messages_get(notes, i)->severity == 0) {
            snprintf(into->code, sizeof into->code, "%s", zuji_messages_get(notes, i)->code);
            snprintf(into->error_text, sizeof into->error_text, "%s", zuji_messages_get(notes, i)->text[0]);
        }
    }
    size_t rows = zuji_result_row_count(result);
    ck_assert_uint_le(rows, countof(lower_rows));
    for (size_t i = 0; into->is_ok && i < rows; i++) {
        into[i].is_ok = true;
        copy_row(zuji_result_row(result, i), &into[i]);
    }
    zuji_run_free(run);
    return rows;
}

struct outcome_of lower_outcome;
struct outcome_of lower_rows[8];
size_t lower_row_count;

static void compare_rows(const struct outcome_of *exact, const struct outcome_of *fast)
{
    ck_assert_str_eq(exact->row, fast->row);
    ck_assert_str_eq(exact->grade, fast->grade);
    ck_assert_str_eq(exact->other_class, fast->other_class);
    ck_assert_str_eq(exact->limit, fast->limit);
    ck_assert_double_le(fabs(exact->total - fast->total), 1e-12 * fabs(exact->total));
    for (size_t i = 0; i < exact->report_count; i++) {
        double difference = fabs(exact->reports[i].value - fast->reports[i].value);
        ck_assert_double_le(difference, 1e-12 * fabs(exact->reports[i].value));
    }
}

void lower_run(const char *record)
{
    static struct outcome_of fast[countof(lower_rows)];
    struct zuji_rule *rule = load();
    lower_row_count = run_engine(rule, record, 1, lower_rows);
    ck_assert_uint_eq(run_engine(rule, record, 0, fast), lower_row_count);
    zuji_rule_free(rule);
    lower_outcome = lower_rows[0];
    ck_assert_int_eq(lower_outcome.is_ok, fast[0].is_ok);
    ck_assert_str_eq(lower_outcome.code, fast[0].code);
    ck_assert_str_eq(lower_outcome.notes[0], fast[0].notes[0]);
    for (size_t i = 0; lower_outcome.is_ok && i < lower_row_count; i++) {
        compare_rows(&lower_rows[i], &fast[i]);
    }
}

void lower_assert_near(double value, double expected)
{
    ck_assert_msg(fabs(value - expected) <= 1e-12 * fabs(expected), "%.17g instead of %.17g", value, expected);
}

void lower_assert_report(const char *name, double expected)
{
    ck_assert_msg(lower_outcome.is_ok, "%s %s", lower_outcome.code, lower_outcome.error_text);
    for (size_t i = 0; i < lower_outcome.report_count; i++) {
        if (strcmp(lower_outcome.reports[i].name, name) == 0) {
            lower_assert_near(lower_outcome.reports[i].value, expected);
            return;
        }
    }
    ck_abort_msg("no report %s", name);
}

static void assert_ok(size_t row)
{
    ck_assert_msg(lower_outcome.is_ok, "%s %s", lower_outcome.code, lower_outcome.error_text);
    ck_assert_uint_lt(row, lower_row_count);
}

void lower_assert_flow(size_t row, const char *name, double expected)
{
    assert_ok(row);
    for (size_t i = 0; i < lower_rows[row].flow_count; i++) {
        if (strcmp(lower_rows[row].flows[i].name, name) == 0) {
            lower_assert_near(lower_rows[row].flows[i].value, expected);
            return;
        }
    }
    ck_abort_msg("no flow %s", name);
}

void lower_assert_total(size_t row, double expected)
{
    assert_ok(row);
    lower_assert_near(lower_rows[row].total, expected);
}

void lower_assert_fails(const char *record, const char *code)
{
    lower_run(record);
    ck_assert(!lower_outcome.is_ok);
    ck_assert_msg(strcmp(lower_outcome.code, code) == 0, "%s %s", lower_outcome.code, lower_outcome.error_text);
}
