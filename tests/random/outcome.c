/* Runs a rule through libzuji and writes down what comes out. */
#include "tests/random/outcome.h"

#include <math.h>
#include <string.h>

#include "tests/random/slopes.h"

/* ---- external functions that generated rules may call ---- */

static int twist(void *user, size_t rows, const double *a, const double *b, double *result)
{
    (void)user;
    for (size_t i = 0; i < rows; i++) {
        result[i] = a[i] * 0.75 + b[i] / 3;
    }
    return 0;
}

/* MJ of kg; none for more than 5 t. */
static int warmth(void *user, size_t rows, const double *mass, double *result)
{
    (void)user;
    for (size_t i = 0; i < rows; i++) {
        result[i] = mass[i] > 5000 ? (double)NAN : mass[i] * 1.1 + 2;
    }
    return 0;
}

static struct zuji_natives *natives_new(void)
{
    struct zuji_natives *natives = NULL;
    zuji_natives_new(&natives);
    zuji_natives_add(natives, "twist", "(number, number): number", (zuji_native_fn)twist, NULL);
    zuji_natives_add(natives, "warmth", "(kg): MJ", (zuji_native_fn)warmth, NULL);
    return natives;
}

/* ---- writing down ---- */

struct recording {
    struct arena *arena;
    struct outcomes *outcomes;
    struct buf figures, messages;
    size_t value_cap;
    bool in_full;
};

static void add_value(struct recording *it, struct said *said, double value)
{
    arena_grow(it->arena, said->values, said->value_count, it->value_cap);
    said->values[said->value_count++] = value;
}

static void add_figure(struct recording *it, struct said *said, const char *kind, const struct zuji_figure *figure)
{
    buf_format(&it->figures, "%s %s.%s.%s = %s%s\n", kind, figure->stage, figure->name, figure->gas,
               figure->is_given ? figure->reported : "absent", figure->mark);
    buf_format(&it->messages, "%s\n", figure->unit);
    if (figure->is_given) {
        add_value(it, said, figure->value);
        add_value(it, said, figure->share);
    }
}

typedef const struct zuji_figure *list_fn(const struct zuji_result *result, size_t *count);

static void add_list(struct recording *it, struct said *said, const char *kind, list_fn *list,
                     const struct zuji_result *result)
{
    size_t count = 0;
    const struct zuji_figure *figures = list(result, &count);
    for (size_t i = 0; i < count; i++) {
        add_figure(it, said, kind, &figures[i]);
    }
}

/* Of what is summed: the difference between a sum and its parts, by their size. */
static double sum_error(const struct zuji_result *result)
{
    size_t stage_count = 0, flow_count = 0;
    const struct zuji_figure *stages = zuji_result_stages(result, &stage_count);
    const struct zuji_figure *flows = zuji_result_flows(result, &flow_count);
    double rest = zuji_result_total(result)->value, size = fabs(rest), worst = 0;
    for (size_t i = 0; i < stage_count; i++) {
        double inner = stages[i].value, inner_size = fabs(inner);
        rest -= stages[i].is_given && !stages[i].is_apart ? stages[i].value : 0;
        size += fabs(stages[i].value);
        bool has_apart = stages[i].is_apart;
        for (size_t k = 0; k < flow_count; k++) {
            if (strcmp(flows[k].stage, stages[i].name) == 0 && flows[k].is_given) {
                has_apart = has_apart || flows[k].is_apart;
                inner -= flows[k].value;
                inner_size += fabs(flows[k].value);
            }
        }
        if (stages[i].is_given && !has_apart && inner_size > 0) {
            worst = fmax(worst, fabs(inner) / inner_size);
        }
    }
    return size > 0 ? fmax(worst, fabs(rest) / size) : worst;
}

static void add_row(struct recording *it, struct said *said, const struct zuji_result *row)
{
    buf_format(&it->figures, "row %zu %s\n", zuji_result_row_number(row), zuji_result_row_name(row));
    const struct zuji_figure *total = zuji_result_total(row);
    if (total == NULL) {
        return;
    }
    add_figure(it, said, "total", total);
    const struct zuji_grade *grade = zuji_result_grade(row);
    if (grade != NULL) {
        buf_format(&it->figures, "class %s by %s, %s by %s; limit %s\n", grade->class_name, grade->method,
                   grade->other_class, grade->other_method, grade->limit);
    }
    add_list(it, said, "stage", zuji_result_stages, row);
    add_list(it, said, "flow", zuji_result_flows, row);
    add_list(it, said, "category", zuji_result_categories, row);
    add_list(it, said, "gas", zuji_result_gases, row);
    add_list(it, said, "report", zuji_result_reports, row);
    said->sum_error = fmax(said->sum_error, sum_error(row));
}

static void add_messages(struct recording *it, struct said *said, const struct zuji_result *result)
{
    const struct zuji_messages *messages = zuji_result_messages(result);
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        buf_format(&it->messages, "%s %s: %s | %s (%s)\n", message->code, message->path, message->text[0],
                   message->text[1], message->clause);
    }
    said->messages = buf_str(&it->messages);
}

/* Full detail of all rows, and how the first total came about. */
static void add_full(struct recording *it, struct said *said, const struct zuji_result *result)
{
    size_t len = 0;
    for (size_t i = 0; i < zuji_result_row_count(result); i++) {
        const char *json = zuji_result_json(zuji_result_row(result, i), ZUJI_FULL, &len);
        said->json = str_format(it->arena, "%.*s%s%.*s", STR_FMT(said->json), i == 0 ? "[" : ",", (int)len, json);
    }
    const struct zuji_explanation *explanation = NULL;
    const struct zuji_explain all = {.item = NULL, .rows = 0};
    if (said->is_ok && zuji_result_explain(zuji_result_row(result, 0), &all, &explanation) == ZUJI_OK) {
        const char *json = zuji_explanation_json(result, explanation, &len);
        said->explanation = str_copy(it->arena, (struct str){json, len});
    }
}

static int record(void *user, const struct zuji_result *result)
{
    struct recording *it = user;
    struct outcomes *outcomes = it->outcomes;
    arena_grow(it->arena, outcomes->items, outcomes->count, outcomes->cap);
    struct said *said = &outcomes->items[outcomes->count++];
    memset(said, 0, sizeof *said);
    it->figures = buf_in(it->arena);
    it->messages = buf_in(it->arena);
    it->value_cap = 0;
    said->is_ok = zuji_result_is_ok(result) != 0;
    said->is_exact = zuji_result_is_exact(result) != 0;
    buf_format(&it->figures, "%s %s\n", zuji_result_id(result), said->is_ok ? "ok" : "error");
    for (size_t i = 0; i < zuji_result_row_count(result); i++) {
        add_row(it, said, zuji_result_row(result, i));
    }
    said->figures = buf_str(&it->figures);
    add_messages(it, said, result);
    if (it->in_full) {
        add_full(it, said, result);
    }
    return 0;
}

struct reading {
    struct str data;
    size_t at;
};

static long read_data(void *user, char *buffer, size_t capacity)
{
    struct reading *it = user;
    size_t len = it->data.len - it->at < capacity ? it->data.len - it->at : capacity;
    memcpy(buffer, it->data.at + it->at, len);
    it->at += len;
    return (long)len;
}

/* Of each product that has figures. */
static void check_slopes(struct recording *it, struct zuji_run *run, struct str data)
{
    struct outcomes *outcomes = it->outcomes;
    size_t product = 0;
    for (size_t from = 0, i = 0; i <= data.len && product < outcomes->count; i++) {
        if (i < data.len && data.at[i] != '\n') {
            continue;
        }
        struct str line = str_trim(str_slice(data, from, i));
        from = i + 1;
        if (line.len > 0 && outcomes->items[product++].is_ok) {
            outcomes->items[product - 1].slope_fault = slopes_fault(it->arena, run, line);
        }
    }
}

struct outcomes outcomes_of(struct arena *arena, const struct zuji_rule *rule, struct str factors,
                            const struct str *data, size_t data_count, bool use_exact, bool in_full)
{
    struct outcomes outcomes = {.message = ""};
    struct zuji_natives *natives = natives_new();
    struct zuji_factors *set = NULL;
    struct zuji_run *run = NULL;
    struct zuji_messages *messages = NULL;
    struct zuji_options options = {.use_exact = use_exact, .natives = natives};
    struct recording it = {.arena = arena, .outcomes = &outcomes, .in_full = in_full};
    enum zuji_status status = factors.len == 0 ? ZUJI_OK : zuji_factors_new(&set);
    if (status == ZUJI_OK && set != NULL) {
        status = zuji_factors_add(set, factors.at, &messages);
    }
    if (status == ZUJI_OK) {
        zuji_messages_free(messages);
        messages = NULL;
        status = zuji_run_new(rule, set, &options, &run, &messages);
    }
    for (size_t i = 0; status == ZUJI_OK && i < data_count; i++) {
        struct reading reading = {.data = data[i]};
        zuji_messages_free(messages);
        messages = NULL;
        zuji_run_stream(run, "data", read_data, &reading, record, &it, &messages);
    }
    if (status == ZUJI_OK && in_full && use_exact) {
        check_slopes(&it, run, data[0]);
    }
    const struct zuji_message *message = zuji_messages_get(messages, 0);
    if (message != NULL) {
        outcomes.message = str_format(arena, ": %s %s", message->code, message->text[0]).at;
    }
    zuji_messages_free(messages);
    zuji_run_free(run);
    zuji_factors_free(set);
    zuji_natives_free(natives);
    return outcomes;
}
