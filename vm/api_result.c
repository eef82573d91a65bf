/* What results tell. */
#include "base/decimal.h"
#include "vm/api_parts.h"
#include "vm/explain.h"
#include "vm/montecarlo.h"
#include "vm/reasons.h"
#include "vm/sensitivity.h"

const char *zuji_result_id(const struct zuji_result *result)
{
    return result->id;
}

const char *zuji_result_period(const struct zuji_result *result)
{
    return result->period;
}

uint64_t zuji_result_number(const struct zuji_result *result)
{
    return result->number;
}

size_t zuji_result_row_count(const struct zuji_result *result)
{
    return result->row_count;
}

const struct zuji_result *zuji_result_row(const struct zuji_result *result, size_t index)
{
    return index < result->row_count ? &result->rows[index] : NULL;
}

const char *zuji_result_row_name(const struct zuji_result *result)
{
    return result->row_name;
}

int zuji_result_is_headline(const struct zuji_result *result)
{
    return result_is_headline(result);
}

size_t zuji_result_row_number(const struct zuji_result *result)
{
    return result->row_number;
}

int zuji_result_is_ok(const struct zuji_result *result)
{
    return result->is_ok;
}

int zuji_result_is_exact(const struct zuji_result *result)
{
    return result->is_exact;
}

/* ---- what is made when it is asked for ---- */

enum { MAKING_ARENAS = 3 };

struct explain_call;
struct sensitivity_call;
struct uncertainty_call;

struct making {
    const struct zuji_result *result;
    const struct result_figures *list;
    enum zuji_detail detail;
    struct explain_call *explain;
    struct sensitivity_call *sensitivity;
    struct uncertainty_call *uncertainty;
    const void *made;
};

static enum zuji_status make_total(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->made = result_total(work->result);
    return ZUJI_OK;
}

static enum zuji_status make_list(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->made = result_list(work->result, work->list);
    return ZUJI_OK;
}

static enum zuji_status make_messages(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->made = result_messages(work->result);
    return ZUJI_OK;
}

static enum zuji_status make_problems(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->made = result_problems(work->result);
    return ZUJI_OK;
}

static enum zuji_status make_reasons(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->made = result_reasons(work->result);
    return ZUJI_OK;
}

static enum zuji_status make_json(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    struct zuji_result *result = (struct zuji_result *)(uintptr_t)work->result; /* it keeps its texts */
    (void)exhausted;
    result->json[work->detail] = result_json(result->arena, result, work->detail);
    work->made = result->json[work->detail].at;
    return ZUJI_OK;
}

/* Reasons are computed in the memory of the batch and of the run. */
static struct arena *arena_of(const struct zuji_result *result, size_t number)
{
    return number == 0 ? result->arena : result->reasons != NULL ? result->reasons->arenas[number - 1] : NULL;
}

struct wanted { /* work that needs several arenas */
    api_work *work;
    struct making *making;
};

static enum zuji_status make_wanted(void *context, jmp_buf *exhausted)
{
    struct wanted *wanted = context;
    for (size_t i = 0; i < MAKING_ARENAS; i++) {
        struct arena *arena = arena_of(wanted->making->result, i);
        if (arena != NULL) {
            arena->on_exhausted = exhausted;
        }
    }
    return wanted->work(wanted->making, exhausted);
}

/* NULL where there is no memory for it. */
static const void *make(api_work *work, struct making making)
{
    jmp_buf *of_run[MAKING_ARENAS]; /* a callback may be calling: its frames are not to be left */
    struct wanted wanted = {work, &making};
    for (size_t i = 0; i < MAKING_ARENAS; i++) {
        struct arena *arena = arena_of(making.result, i);
        of_run[i] = arena == NULL ? NULL : arena->on_exhausted;
    }
    (void)api_call(make_wanted, &wanted);
    for (size_t i = 0; i < MAKING_ARENAS; i++) {
        struct arena *arena = arena_of(making.result, i);
        if (arena != NULL) {
            arena->on_exhausted = of_run[i];
        }
    }
    return making.made;
}

static enum zuji_status make_grade(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    work->result->arena->on_exhausted = exhausted;
    work->made = result_grade(work->result);
    return ZUJI_OK;
}

const struct zuji_grade *zuji_result_grade(const struct zuji_result *result)
{
    return result->is_ok ? make(make_grade, (struct making){.result = result}) : NULL;
}

static enum zuji_status make_full(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->made = result_full(work->result);
    return ZUJI_OK;
}

const struct zuji_result *zuji_result_full(const struct zuji_result *result)
{
    return result->is_ok ? make(make_full, (struct making){.result = result}) : result;
}

const struct zuji_figure *zuji_result_total(const struct zuji_result *result)
{
    if (!result->is_ok) {
        return NULL;
    }
    return result->has_total ? &result->total : make(make_total, (struct making){.result = result});
}

static const struct zuji_figure *give(const struct zuji_result *result, const struct result_figures *list,
                                      size_t *count)
{
    const struct zuji_figure *figures = NULL;
    if (result->is_ok && list->is_filled) {
        figures = list->items;
    } else if (result->is_ok && list->count > 0) {
        figures = make(make_list, (struct making){.result = result, .list = list});
    }
    if (count != NULL) {
        *count = figures != NULL ? list->count : 0;
    }
    return figures;
}

const struct zuji_figure *zuji_result_stages(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->stages, count);
}

const struct zuji_figure *zuji_result_processes(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->processes, count);
}

const struct zuji_figure *zuji_result_flows(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->flows, count);
}

const struct zuji_figure *zuji_result_categories(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->categories, count);
}

const struct zuji_figure *zuji_result_gases(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->gases, count);
}

const struct zuji_figure *zuji_result_phases(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->phases, count);
}

const struct zuji_figure *zuji_result_members(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->members, count);
}

const struct zuji_figure *zuji_result_matrix(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->cells, count);
}

const struct zuji_figure *zuji_result_sums(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->sums, count);
}

const struct zuji_figure *zuji_result_reports(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->reports, count);
}

const struct zuji_messages *zuji_result_messages(const struct zuji_result *result)
{
    return result->messages != NULL ? result->messages : make(make_messages, (struct making){.result = result});
}

const struct zuji_messages *zuji_result_problems(const struct zuji_result *result)
{
    return result->problems != NULL ? result->problems : make(make_problems, (struct making){.result = result});
}

const struct zuji_reasons *zuji_result_reasons(const struct zuji_result *result)
{
    return result->reasons == NULL ? NULL : make(make_reasons, (struct making){.result = result});
}

struct explain_call {
    const struct zuji_explain *wanted;
    const struct zuji_explanation *explanation;
    enum zuji_status status;
};

static enum zuji_status make_explanation(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->explain->status = result_explain(work->result, work->explain->wanted, &work->explain->explanation);
    work->made = work->explain;
    return ZUJI_OK;
}

enum zuji_status zuji_result_explain(const struct zuji_result *result, const struct zuji_explain *wanted,
                                     const struct zuji_explanation **explanation)
{
    const struct zuji_explain total = {.item = NULL};
    if (result == NULL || explanation == NULL) {
        return ZUJI_USAGE;
    }
    struct explain_call call = {.wanted = wanted == NULL ? &total : wanted};
    *explanation = NULL;
    if (make(make_explanation, (struct making){.result = result, .explain = &call}) == NULL) {
        return ZUJI_NO_MEMORY;
    }
    *explanation = call.explanation;
    return call.status;
}

static enum zuji_status make_explanation_json(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    struct str *json = arena_new(work->result->arena, struct str);
    (void)exhausted;
    *json = explanation_json(work->result->arena, work->explain->explanation);
    work->made = json;
    return ZUJI_OK;
}

const char *zuji_explanation_json(const struct zuji_result *result, const struct zuji_explanation *explanation,
                                  size_t *len)
{
    struct explain_call call = {.explanation = explanation};
    const struct str *json = make(make_explanation_json, (struct making){.result = result, .explain = &call});
    if (len != NULL) {
        *len = json == NULL ? 0 : json->len;
    }
    return json == NULL ? NULL : json->at;
}

struct sensitivity_call {
    const struct zuji_sensitivity *sensitivity;
    enum zuji_status status;
};

static enum zuji_status make_sensitivity(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    (void)exhausted;
    work->sensitivity->status = result_sensitivity(work->result, &work->sensitivity->sensitivity);
    work->made = work->sensitivity;
    return ZUJI_OK;
}

enum zuji_status zuji_result_sensitivity(const struct zuji_result *result, const struct zuji_sensitivity **sensitivity)
{
    struct sensitivity_call call = {.status = ZUJI_OK};
    if (result == NULL || sensitivity == NULL) {
        return ZUJI_USAGE;
    }
    *sensitivity = NULL;
    if (make(make_sensitivity, (struct making){.result = result, .sensitivity = &call}) == NULL) {
        return ZUJI_NO_MEMORY;
    }
    *sensitivity = call.sensitivity;
    return call.status;
}

static enum zuji_status make_sensitivity_json(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    struct str *json = arena_new(work->result->arena, struct str);
    (void)exhausted;
    *json = sensitivity_json(work->result->arena, work->result, work->sensitivity->sensitivity);
    work->made = json;
    return ZUJI_OK;
}

const char *zuji_sensitivity_json(const struct zuji_result *result, const struct zuji_sensitivity *sensitivity,
                                  size_t *len)
{
    struct sensitivity_call call = {.sensitivity = sensitivity};
    const struct str *json = make(make_sensitivity_json, (struct making){.result = result, .sensitivity = &call});
    if (len != NULL) {
        *len = json == NULL ? 0 : json->len;
    }
    return json == NULL ? NULL : json->at;
}

struct uncertainty_call {
    const struct zuji_monte_carlo *wanted;
    const struct zuji_uncertainty *uncertainty;
    struct zuji_messages **messages;
    enum zuji_status status;
};

static enum zuji_status make_uncertainty(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    struct uncertainty_call *call = work->uncertainty;
    (void)exhausted;
    call->status = result_uncertainty(work->result, call->wanted, &call->uncertainty, call->messages);
    work->made = call;
    return ZUJI_OK;
}

enum zuji_status zuji_result_uncertainty(const struct zuji_result *result, const struct zuji_monte_carlo *wanted,
                                         const struct zuji_uncertainty **uncertainty, struct zuji_messages **messages)
{
    struct uncertainty_call call = {.wanted = wanted, .messages = messages};
    if (messages != NULL) {
        *messages = NULL;
    }
    if (result == NULL || wanted == NULL || uncertainty == NULL || wanted->samples < 2 ||
        wanted->samples > ZUJI_SAMPLES_MAX || wanted->chunk > LIMIT_CHUNK_PRODUCTS) {
        return ZUJI_USAGE;
    }
    *uncertainty = NULL;
    if (make(make_uncertainty, (struct making){.result = result, .uncertainty = &call}) == NULL) {
        return ZUJI_NO_MEMORY;
    }
    *uncertainty = call.uncertainty;
    return call.status;
}

static enum zuji_status make_uncertainty_json(void *context, jmp_buf *exhausted)
{
    struct making *work = context;
    struct str *json = arena_new(work->result->arena, struct str);
    (void)exhausted;
    *json = uncertainty_json(work->result->arena, work->result, work->uncertainty->uncertainty);
    work->made = json;
    return ZUJI_OK;
}

const char *zuji_uncertainty_json(const struct zuji_result *result, const struct zuji_uncertainty *uncertainty,
                                  size_t *len)
{
    struct uncertainty_call call = {.uncertainty = uncertainty};
    const struct str *json = make(make_uncertainty_json, (struct making){.result = result, .uncertainty = &call});
    if (len != NULL) {
        *len = json == NULL ? 0 : json->len;
    }
    return json == NULL ? NULL : json->at;
}

const char *zuji_result_json(const struct zuji_result *result, enum zuji_detail detail, size_t *len)
{
    enum zuji_detail known = detail > ZUJI_FULL ? ZUJI_FULL : detail;
    const struct str *json = &result->json[known];
    if (json->at == NULL) {
        (void)make(make_json, (struct making){.result = result, .detail = known});
    }
    if (len != NULL) {
        *len = json->len;
    }
    return json->at;
}

void zuji_number_text(double value, char text[32])
{
    _Static_assert(DECIMAL_TEXT_MAX <= 32, "room for the longest");
    text[decimal_print(value, text)] = '\0';
}
