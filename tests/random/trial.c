/* Runs a pair in all the ways that must agree. */
#include "tests/random/trial.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compiler/compile.h"
#include "compiler/fmt.h"
#include "tests/random/outcome.h"
#include "tests/runner.h"

enum { MANY = 1100 }; /* more than one chunk */

struct trial {
    struct arena *arena;
    const struct pair *pair;
    struct str folder;
    struct verdict *verdict;
};

static bool is_right(const struct trial *trial)
{
    return trial->verdict->what[0] == '\0';
}

static void fail(struct trial *trial, const char *what, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fail(struct trial *trial, const char *what, const char *format, ...)
{
    if (!is_right(trial)) {
        return;
    }
    va_list args;
    va_start(args, format);
    snprintf(trial->verdict->what, sizeof trial->verdict->what, "%s", what);
    vsnprintf(trial->verdict->detail, sizeof trial->verdict->detail, format, args);
    va_end(args);
}

/* ---- files ---- */

static struct str path_of(struct trial *trial, const char *name)
{
    return str_format(trial->arena, "%.*s/%s", STR_FMT(trial->folder), name);
}

static void write_file(struct str path, struct str text)
{
    FILE *file = fopen(path.at, "wb");
    if (file == NULL || fwrite(text.at, 1, text.len, file) != text.len || fclose(file) != 0) {
        perror(path.at);
        exit(2);
    }
}

static struct str written(struct arena *arena, const struct node *node, enum form form)
{
    struct buf text = buf_in(arena);
    node_write(&text, node, form);
    return str_copy(arena, buf_str(&text)); /* ends with a NUL, as sources do */
}

void trial_write(const struct pair *pair, struct arena *arena, struct str folder, enum form form)
{
    const struct {
        const char *name;
        const struct node *node;
    } files[] = {
        {"rule.pcr",    pair->rule   },
        {"base.pcr",    pair->base   },
        {"factors.csv", pair->factors},
        {"data.ndjson", pair->records}
    };
    for (size_t i = 0; i < countof(files); i++) {
        if (files[i].node != NULL) {
            write_file(str_format(arena, "%.*s/%s", STR_FMT(folder), files[i].name),
                       written(arena, files[i].node, form));
        }
    }
}

/* ---- compiling ---- */

struct compilation {
    struct sources sources;
    struct diags diags;
    struct compiled *compiled;
    struct str bytes;
    struct zuji_rule *rule; /* to be freed */
};

static const struct diag *first_error(const struct diags *diags)
{
    const struct diag *diag = diags->first;
    while (diag != NULL && diag_info(diag->code)->severity != SEVERITY_ERROR) {
        diag = diag->next;
    }
    return diag;
}

/* What the compiler finds out of constants that were drawn: nobody's mistake. */
static bool is_by_chance(enum diag_code code)
{
    static const enum diag_code codes[] = {D_CONSTANT_DIVISION, D_CONSTANT_TOO_LARGE, D_CONSTANT_NEGATIVE,
                                           D_CONSTANT_RANGE,    D_UNIT_SCALE,         D_UNIT_PRODUCT,
                                           D_ALWAYS_MISSING,    D_OPTIONAL_UNITS,     D_GRADE_ORDER};
    for (size_t i = 0; i < countof(codes); i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* A generated rule is right: whatever the compiler has against it is a mistake of its own, or of the generator. */
static void fail_refused(struct trial *trial, struct compilation *it, const char *as)
{
    const struct diag *error = first_error(&it->diags);
    const char *code = error == NULL ? "" : diag_info(error->code)->code;
    uint32_t line = 0;
    struct str text = STR("no message"), line_text = STR("");
    if (error != NULL) {
        text = diag_message(trial->arena, error, LANG_EN);
    }
    if (error != NULL && error->at.file != 0) {
        const struct source *source = sources_get(&it->sources, error->at.file);
        line = source_line(source, error->at.off);
        line_text = str_slice(source->text, error->at.off, error->at.off + (error->at.len < 60 ? error->at.len : 60));
    }
    if (error != NULL && is_by_chance(error->code)) {
        trial->verdict->is_refused = 1;
        snprintf(trial->verdict->detail, sizeof trial->verdict->detail, "%s", code);
        return;
    }
    char what[48];
    snprintf(what, sizeof what, "refused%s %s", as, code);
    fail(trial, what, "line %u: %.*s [%.*s]", line, STR_FMT(text), STR_FMT(line_text));
}

static struct compilation compile(struct trial *trial, struct str path, const char *as)
{
    struct compilation it = {.sources = sources_in(trial->arena), .diags = diags_in(trial->arena)};
    it.compiled = compile_phases(trial->arena, &it.sources, path, &it.diags);
    struct zuji_messages *messages = NULL;
    if (it.compiled->program == NULL || it.diags.errors > 0 ||
        !image_write(trial->arena, it.compiled->program, &it.bytes, &it.diags)) {
        fail_refused(trial, &it, as);
    } else if (zuji_load(it.bytes.at, it.bytes.len, &it.rule, &messages) != ZUJI_OK) {
        const struct zuji_message *message = zuji_messages_get(messages, 0);
        fail(trial, "not loaded", "%s: %s", message == NULL ? "" : message->code,
             message == NULL ? "" : message->text[0]);
    }
    zuji_messages_free(messages);
    return it;
}

/* Read and written again it is the same, byte for byte. */
static void check_file(struct trial *trial, const struct compilation *it)
{
    struct diags diags = diags_in(trial->arena);
    struct program *program = image_read(trial->arena, it->bytes, &diags);
    struct str again = {0};
    if (program == NULL || !image_write(trial->arena, program, &again, &diags)) {
        fail(trial, "not read again", "%.*s",
             STR_FMT(diags.first == NULL ? STR("") : diag_message(trial->arena, diags.first, LANG_EN)));
    } else if (!str_eq(again, it->bytes)) {
        fail(trial, "other bytes", "%zu bytes, %zu when read and written again", it->bytes.len, again.len);
    }
    trial->verdict->checks[CHECK_FILE]++;
}

/* In the other language's keywords it is the same rule, and so it is in the one style. */
static void check_language(struct trial *trial, const struct compilation *it, struct str source,
                           enum fmt_language language)
{
    struct sources sources = sources_in(trial->arena);
    struct diags diags = diags_in(trial->arena);
    struct str text;
    uint32_t file = sources_add(&sources, STR("rule.pcr"), source);
    if (fmt_source(trial->arena, &sources, file, language, &diags, &text) != FMT_OK) {
        fail(trial, "not formatted", "%.*s",
             STR_FMT(diags.first == NULL ? STR("") : diag_message(trial->arena, diags.first, LANG_EN)));
        return;
    }
    struct str path = path_of(trial, "formatted.pcr");
    write_file(path, text);
    struct compilation other = compile(trial, path, " as formatted");
    if (other.rule != NULL && strcmp(zuji_rule_hash(it->rule), zuji_rule_hash(other.rule)) != 0) {
        fail(trial, "another rule as formatted", "%s", language == FMT_ZH ? "in Chinese" : "in English");
    }
    zuji_rule_free(other.rule);
    trial->verdict->checks[CHECK_LANGUAGE]++;
}

/* ---- comparing ---- */

static bool is_near(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    return a == b || fabs(a - b) <= 1e-12 * size;
}

/* The first place where two texts part, with what is around it. */
static void fail_text(struct trial *trial, const char *what, size_t product, struct str a, struct str b)
{
    size_t at = 0;
    while (at < a.len && at < b.len && a.at[at] == b.at[at]) {
        at++;
    }
    while (at > 0 && a.at[at - 1] != '\n') {
        at--;
    }
    fail(trial, what, "product %zu: %.*s | %.*s", product + 1, STR_FMT(str_slice(a, at, at + 150)),
         STR_FMT(str_slice(b, at, at + 150)));
}

/* `what` is prefixed by the way that is compared: "fast: figures". */
static void compare(struct trial *trial, const char *way, const struct said *found, const struct said *wanted,
                    size_t product, bool with_messages)
{
    char what[48];
    if (!str_eq(found->figures, wanted->figures)) {
        snprintf(what, sizeof what, "%s: figures", way);
        if (found->is_ok != wanted->is_ok) {
            fail(trial, what, "product %zu: only one is right; %.*s%.*s", product + 1,
                 STR_FMT(found->is_ok ? STR("") : found->messages),
                 STR_FMT(wanted->is_ok ? STR("") : wanted->messages));
        }
        fail_text(trial, what, product, found->figures, wanted->figures);
    } else if (with_messages && !str_eq(found->messages, wanted->messages)) {
        snprintf(what, sizeof what, "%s: messages", way);
        fail_text(trial, what, product, found->messages, wanted->messages);
    }
    snprintf(what, sizeof what, "%s: values", way);
    for (size_t i = 0; i < found->value_count && i < wanted->value_count && is_right(trial); i++) {
        if (!is_near(found->values[i], wanted->values[i])) {
            fail(trial, what, "product %zu: value %zu is %.17g, not %.17g; %.*s", product + 1, i, found->values[i],
                 wanted->values[i], STR_FMT(str_slice(found->figures, 0, 200)));
        }
    }
}

static struct str closed(struct trial *trial, struct str rows)
{
    return str_format(trial->arena, "%.*s]", STR_FMT(rows));
}

/* Full results, as JSON, with their reasons. */
static void check_json(struct trial *trial, const struct outcomes *found, const struct outcomes *wanted)
{
    for (size_t i = 0; i < found->count && i < wanted->count && is_right(trial); i++) {
        struct str difference =
            json_difference(trial->arena, closed(trial, found->items[i].json), closed(trial, wanted->items[i].json));
        if (difference.len > 0) {
            fail(trial, "full results", "product %zu: %.*s", i + 1, STR_FMT(difference));
        }
    }
    trial->verdict->checks[CHECK_JSON]++;
}

/* Every formula of every explanation gives its value. */
static void check_explanations(struct trial *trial, const struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count && is_right(trial); i++) {
        const struct said *said = &outcomes->items[i];
        struct str fault = !said->is_ok                ? STR("")
                           : said->explanation.len > 0 ? explanation_fault(trial->arena, said->explanation)
                                                       : STR("there is none");
        if (fault.len > 0) {
            fail(trial, "explanation", "product %zu: %.*s", i + 1, STR_FMT(fault));
        }
    }
    trial->verdict->checks[CHECK_EXPLANATIONS]++;
}

static void check_slopes(struct trial *trial, const struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count && is_right(trial); i++) {
        if (outcomes->items[i].slope_fault.len > 0) {
            fail(trial, "sensitivity", "product %zu: %.*s", i + 1, STR_FMT(outcomes->items[i].slope_fault));
        }
    }
    trial->verdict->checks[CHECK_SLOPES]++;
}

static void compare_all(struct trial *trial, const char *way, const struct outcomes *found,
                        const struct outcomes *wanted, bool with_messages)
{
    char what[48];
    snprintf(what, sizeof what, "%s: products", way);
    if (found->count != wanted->count) {
        fail(trial, what, "%zu products, not %zu%s", found->count, wanted->count, found->message);
    }
    for (size_t i = 0; i < found->count && is_right(trial); i++) {
        compare(trial, way, &found->items[i], &wanted->items[i], i, with_messages);
    }
}

/* ---- runs ---- */

static struct outcomes run_texts(struct trial *trial, const struct zuji_rule *rule, const struct str *data,
                                 size_t count, bool use_exact, bool in_full)
{
    struct str factors = trial->pair->factors == NULL ? STR("") : path_of(trial, "factors.csv");
    return outcomes_of(trial->arena, rule, factors, data, count, use_exact, in_full);
}

static struct outcomes run(struct trial *trial, const struct zuji_rule *rule, struct str data)
{
    return run_texts(trial, rule, &data, 1, false, false);
}

/* The same products in chunks of that size. */
static void check_chunks(struct trial *trial, const struct zuji_rule *rule, const struct outcomes *whole, size_t size)
{
    const struct node *records = trial->pair->records;
    struct str *texts = arena_array(trial->arena, struct str, records->part_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < records->part_count;) {
        struct buf data = buf_in(trial->arena);
        size_t in_chunk = 0;
        for (; i < records->part_count && in_chunk < size; i++) {
            if (!node_is_empty(records->parts[i].node, FORM_PLAIN)) {
                node_write(&data, records->parts[i].node, FORM_PLAIN);
                buf_char(&data, '\n');
                in_chunk++;
            }
        }
        texts[count++] = buf_str(&data);
    }
    struct outcomes found = run_texts(trial, rule, texts, count, false, false);
    compare_all(trial, size == 1 ? "alone" : "by seven", &found, whole, true);
    trial->verdict->checks[CHECK_CHUNKS]++;
}

/* The products again and again: more than one chunk. */
static void check_large_chunk(struct trial *trial, const struct zuji_rule *rule, struct str data,
                              const struct outcomes *whole)
{
    struct buf many = buf_in(trial->arena);
    for (size_t i = 0; i < MANY && whole->count > 0; i += whole->count) {
        buf_add(&many, data);
        buf_char(&many, '\n');
    }
    struct outcomes found = run(trial, rule, buf_str(&many));
    for (size_t i = 0; i < found.count && is_right(trial); i++) {
        compare(trial, "many", &found.items[i], &whole->items[i % whole->count], i, false);
    }
    if (found.count < MANY && whole->count > 0) {
        fail(trial, "many: products", "%zu", found.count);
    }
    trial->verdict->checks[CHECK_LARGE_CHUNK]++;
}

/* ---- forms ---- */

/* Writes the form and compiles it: NULL where its rule is the plain one. False where it is refused. */
static bool rule_in_form(struct trial *trial, enum form form, const char *way, struct zuji_rule **rule)
{
    const struct node *files[] = {trial->pair->rule, trial->pair->base};
    bool is_other = false;
    for (size_t i = 0; i < countof(files); i++) {
        is_other = is_other || (files[i] != NULL && !str_eq(written(trial->arena, files[i], FORM_PLAIN),
                                                            written(trial->arena, files[i], form)));
    }
    if (!is_other) {
        return true;
    }
    struct str folder = path_of(trial, "form");
    mkdir(folder.at, 0777);
    trial_write(trial->pair, trial->arena, folder, form);
    *rule = compile(trial, str_format(trial->arena, "%.*s/rule.pcr", STR_FMT(folder)), way).rule;
    return *rule != NULL;
}

static void check_form(struct trial *trial, const struct outcomes *plain, const struct zuji_rule *rule, enum form form,
                       const char *way, enum check check)
{
    struct zuji_rule *other = NULL;
    if (!is_right(trial) || !rule_in_form(trial, form, way, &other)) {
        return;
    }
    struct str data = written(trial->arena, trial->pair->records, form);
    bool is_other = other != NULL || !str_eq(data, written(trial->arena, trial->pair->records, FORM_PLAIN));
    if (is_right(trial) && is_other) {
        struct outcomes found = run(trial, other != NULL ? other : rule, data);
        compare_all(trial, way, &found, plain, false);
        trial->verdict->checks[check]++;
    }
    if (form == FORM_WHOLE && other != NULL && strcmp(zuji_rule_hash(other), zuji_rule_hash(rule)) != 0) {
        fail(trial, "another rule as a whole", "%s", zuji_rule_hash(other));
    }
    zuji_rule_free(other);
}

static void check_forms(struct trial *trial, const struct outcomes *plain, const struct zuji_rule *rule)
{
    check_form(trial, plain, rule, FORM_LIFTED, " lifted", CHECK_LIFTED);
    check_form(trial, plain, rule, FORM_RESTATED, " restated", CHECK_RESTATED);
    if (!trial->pair->has_order) {
        check_form(trial, plain, rule, FORM_REVERSED, " reversed", CHECK_REVERSED);
    }
    check_form(trial, plain, rule, FORM_SPLIT, " split", CHECK_SPLIT);
    check_form(trial, plain, rule, FORM_RESPELT, " respelt", CHECK_RESPELT);
    if (trial->pair->base != NULL) {
        check_form(trial, plain, rule, FORM_WHOLE, " whole", CHECK_WHOLE);
    }
}

static void count_products(struct verdict *verdict, const struct outcomes *outcomes)
{
    verdict->products = (uint32_t)outcomes->count;
    for (size_t i = 0; i < outcomes->count; i++) {
        verdict->failed += !outcomes->items[i].is_ok;
        verdict->exact += outcomes->items[i].is_ok && outcomes->items[i].is_exact;
    }
}

void trial_run(const struct pair *pair, struct str folder, bool is_thorough, struct verdict *verdict)
{
    struct arena arena = {0};
    struct trial trial = {.arena = &arena, .pair = pair, .folder = folder, .verdict = verdict};
    trial_write(pair, &arena, folder, FORM_PLAIN);
    struct compilation it = compile(&trial, path_of(&trial, "rule.pcr"), "");
    if (it.rule != NULL) {
        struct str rule_text = written(&arena, pair->rule, FORM_PLAIN);
        struct str data = written(&arena, pair->records, FORM_PLAIN);
        struct outcomes fast = run_texts(&trial, it.rule, &data, 1, false, is_thorough);
        struct outcomes exact = run_texts(&trial, it.rule, &data, 1, true, is_thorough);
        count_products(verdict, &fast);
        if (fast.count == 0) {
            fail(&trial, "not run", "no products%s", fast.message);
        }
        check_file(&trial, &it);
        compare_all(&trial, "fast", &fast, &exact, true);
        verdict->checks[CHECK_ENGINES]++;
        for (size_t i = 0; i < exact.count; i++) {
            if (is_right(&trial) && exact.items[i].sum_error > 1e-12) {
                fail(&trial, "sums", "product %zu: %.3g", i + 1, exact.items[i].sum_error);
            }
        }
        verdict->checks[CHECK_SUMS]++;
        check_chunks(&trial, it.rule, &fast, 1);
        check_chunks(&trial, it.rule, &fast, 7);
        if (is_thorough) {
            check_json(&trial, &fast, &exact);
            check_explanations(&trial, &fast);
            check_slopes(&trial, &exact);
            check_large_chunk(&trial, it.rule, data, &fast);
        }
        check_language(&trial, &it, rule_text, FMT_ZH);
        check_language(&trial, &it, rule_text, FMT_EN);
        check_forms(&trial, &fast, it.rule);
    }
    zuji_rule_free(it.rule);
    arena_free(&arena);
}
