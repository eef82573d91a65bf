/* What results tell. */
#include "base/decimal.h"
#include "vm/api_parts.h"

const char *zuji_result_id(const struct zuji_result *result)
{
    return result->id;
}

uint64_t zuji_result_number(const struct zuji_result *result)
{
    return result->number;
}

int zuji_result_is_ok(const struct zuji_result *result)
{
    return result->is_ok;
}

int zuji_result_is_exact(const struct zuji_result *result)
{
    return result->is_exact;
}

const struct zuji_figure *zuji_result_total(const struct zuji_result *result)
{
    return result->is_ok ? &result->total : NULL;
}

static const struct zuji_figure *give(const struct zuji_result *result, const struct result_figures *figures,
                                      size_t *count)
{
    if (count != NULL) {
        *count = result->is_ok ? figures->count : 0;
    }
    return result->is_ok ? figures->items : NULL;
}

const struct zuji_figure *zuji_result_stages(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->stages, count);
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

const struct zuji_figure *zuji_result_reports(const struct zuji_result *result, size_t *count)
{
    return give(result, &result->reports, count);
}

const struct zuji_messages *zuji_result_messages(const struct zuji_result *result)
{
    return result->messages;
}

struct json_work {
    struct zuji_result *result;
    enum zuji_detail detail;
};

static enum zuji_status make_json(void *context, jmp_buf *exhausted)
{
    struct json_work *work = context;
    work->result->arena->on_exhausted = exhausted;
    work->result->json[work->detail] = result_json(work->result->arena, work->result, work->detail);
    return ZUJI_OK;
}

const char *zuji_result_json(const struct zuji_result *result, enum zuji_detail detail, size_t *len)
{
    struct json_work work = {(struct zuji_result *)(uintptr_t)result, /* it keeps its texts once they are made */
                             detail > ZUJI_FULL ? ZUJI_FULL : detail};
    struct str *json = &work.result->json[work.detail];
    if (json->at == NULL) {
        jmp_buf *of_run = result->arena->on_exhausted; /* a callback may be calling: its frames are not to be left */
        (void)api_call(make_json, &work);
        result->arena->on_exhausted = of_run;
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
