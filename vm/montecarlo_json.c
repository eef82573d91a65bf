/* What samples say, as JSON; keys in the order of SPEC.md, "Samples". */
#include "vm/json_write.h"
#include "vm/montecarlo.h"

static void add_spread(struct buf *out, const struct zuji_spread *spread, const char *name)
{
    static const char *const names[ZUJI_QUANTILES] = {"2.5", "5", "25", "50", "75", "95", "97.5"};
    json_open(out, '{');
    json_member_unless_empty(out, "name", name);
    if (spread->figure->is_given) {
        json_member_double(out, "value", spread->figure->value);
    }
    json_member(out, "unit", spread->figure->unit);
    json_member_count(out, "samples", spread->samples);
    if (spread->samples > 0) {
        json_member_double(out, "mean", spread->mean);
        json_member_double(out, "sd", spread->deviation);
        if (spread->geometric_deviation > 0) {
            json_member_double(out, "gsd", spread->geometric_deviation);
        }
        json_key(out, "quantiles");
        json_open(out, '{');
        for (int q = 0; q < ZUJI_QUANTILES; q++) {
            json_member_double(out, names[q], spread->quantiles[q]);
        }
        buf_char(out, '}');
    }
    buf_char(out, '}');
}

static void add_contribution(struct buf *out, const struct zuji_contribution *contribution, const char *unit)
{
    const struct zuji_ground *ground = &contribution->ground;
    json_open(out, '{');
    json_member(out, "kind", ground->kind == ZUJI_FACTOR ? "factor" : "datum");
    json_member(out, "name", ground->name);
    if (ground->key_count > 0) {
        json_key(out, "keys");
        json_open(out, '[');
        for (size_t k = 0; k < ground->key_count; k++) {
            buf_add(out, k > 0 ? STR(",") : STR(""));
            json_text(out, ground->keys[k]);
        }
        buf_char(out, ']');
    }
    json_member_unless_empty(out, "path", ground->path);
    json_member_double(out, "value", ground->value.number);
    json_member(out, "value_unit", ground->value.unit);
    json_member(out, "uncertainty", ground->uncertainty);
    json_member_double(out, "sd", contribution->deviation);
    json_member_double(out, "correlation", contribution->correlation);
    json_member_double(out, "by_rank", contribution->by_rank);
    json_member_double(out, "derivative", contribution->derivative);
    json_member(out, "unit", unit);
    json_member(out, "per", ground->value.unit);
    json_member_double(out, "by_slope", contribution->by_slope);
    json_member_unless_empty(out, "source", ground->source);
    buf_char(out, '}');
}

struct str uncertainty_json(struct arena *arena, const struct zuji_result *result,
                            const struct zuji_uncertainty *uncertainty)
{
    struct buf out = buf_in(arena);
    json_open(&out, '{');
    json_member(&out, "id", result->id);
    json_member_unless_empty(&out, "row", result->row_name);
    json_member_count(&out, "samples", uncertainty->samples);
    json_key(&out, "seed");
    buf_format(&out, "%llu", (unsigned long long)uncertainty->seed);
    json_member(&out, "arithmetic", "doubles");
    json_member_count(&out, "failed", uncertainty->failed);
    json_key(&out, "total");
    add_spread(&out, &uncertainty->total, "");
    json_key(&out, "stages");
    json_open(&out, '[');
    for (size_t s = 0; s < uncertainty->stage_count; s++) {
        add_spread(&out, &uncertainty->stages[s], uncertainty->stages[s].figure->name);
    }
    buf_char(&out, ']');
    json_key(&out, "contributions");
    json_open(&out, '[');
    for (size_t k = 0; k < uncertainty->contribution_count; k++) {
        add_contribution(&out, &uncertainty->contributions[k], uncertainty->total.figure->unit);
    }
    buf_char(&out, ']');
    json_member_double(&out, "linear", uncertainty->linear);
    buf_char(&out, '}');
    return str_copy(arena, buf_str(&out));
}
