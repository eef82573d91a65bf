#include "tests/random/slopes.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_MAX = 6 };                            /* data of one product that are changed */
static const double steps[] = {1e-4, 1e-6, 1e-8}; /* relative; a jump may lie within the first */

struct influence {
    struct str path;
    double derivative, value;
};
struct product {
    struct arena *arena;
    struct zuji_run *run;
    json_t *record;
    double total;
    double size;       /* of the total, and of what it is the sum of */
    bool has_rounding; /* a number may lie just where it is rounded otherwise */
    struct influence data[DATA_MAX];
    size_t count;
};

/* ---- the record ---- */

/* The member that is named by "items[2].mass", and the object that holds it; NULL where it is not there as a number. */
static json_t *find(json_t *record, struct str path, struct str *name)
{
    json_t *object = record;
    size_t from = 0;
    for (size_t i = 0; i <= path.len && object != NULL; i++) {
        bool is_end = i == path.len;
        if (!is_end && path.at[i] != '.' && path.at[i] != '[') {
            continue;
        }
        *name = str_slice(path, from, i);
        if (is_end) {
            break;
        }
        json_t *member = json_object_getn(object, name->at, name->len);
        if (path.at[i] == '[') {
            member = json_array_get(member, strtoul(path.at + i + 1, NULL, 10) - 1);
            while (path.at[i] != '.') {
                i++;
            }
        }
        object = member;
        from = i + 1;
    }
    json_t *found = object == NULL ? NULL : json_object_getn(object, name->at, name->len);
    if (json_is_object(found)) { /* with its origin, or the like */
        object = found;
        *name = STR("value");
    }
    return json_is_number(json_object_getn(object, name->at, name->len)) ? object : NULL;
}

/* ---- totals ---- */

static const struct zuji_result *run(const struct product *product)
{
    const struct zuji_result *result = NULL;
    char *text = json_dumps(product->record, JSON_COMPACT | JSON_REAL_PRECISION(17));
    zuji_run_record(product->run, text, strlen(text), &result);
    free(text);
    return result != NULL && zuji_result_is_ok(result) ? zuji_result_row(result, 0) : NULL;
}

/* With the datum times `by`; NaN where the product fails. */
static double total_with(const struct product *product, const struct influence *of, double by)
{
    struct str name;
    json_t *object = find(product->record, of->path, &name);
    json_t *before = json_incref(json_object_getn(object, name.at, name.len));
    json_object_setn_new(object, name.at, name.len, json_real(json_number_value(before) * by));
    const struct zuji_result *row = run(product);
    double total = row == NULL ? NAN : zuji_result_total(row)->value;
    json_object_setn(object, name.at, name.len, before);
    json_decref(before);
    return total;
}

/* ---- influences ---- */

static void take_influences(struct product *product, const struct zuji_result *row)
{
    const struct zuji_sensitivity *sensitivity = NULL;
    size_t flow_count = 0;
    const struct zuji_figure *flows = zuji_result_flows(row, &flow_count);
    product->total = zuji_result_total(row)->value;
    product->size = fabs(product->total);
    for (size_t i = 0; i < flow_count; i++) {
        product->size += flows[i].is_given ? fabs(flows[i].value) : 0;
    }
    if (zuji_result_sensitivity(row, &sensitivity) != ZUJI_OK) {
        return;
    }
    for (size_t i = 0; i < sensitivity->kink_count; i++) {
        product->has_rounding = product->has_rounding || sensitivity->kinks[i].kind == ZUJI_KINK_ROUNDING;
    }
    for (size_t i = 0; i < sensitivity->influence_count && product->count < DATA_MAX; i++) {
        const struct zuji_influence *it = &sensitivity->influences[i];
        struct str name;
        struct str path = str_copy(product->arena, str_of(it->ground.path));
        bool is_smooth = it->has_elasticity && !it->is_at_kink && !it->is_rounded && !it->is_partial;
        if (is_smooth && it->ground.kind == ZUJI_DATUM && find(product->record, path, &name) != NULL) {
            product->data[product->count++] = (struct influence){path, it->derivative, it->ground.value.number};
        }
    }
}

static bool is_near(const struct product *product, double slope, double expected, double step)
{
    double noise = 4e-16 * product->size / step;
    return fabs(slope - expected) <= 1e-3 * fabs(expected) + noise;
}

static struct str fault_of(const struct product *product, const struct influence *of)
{
    double expected = of->derivative * of->value; /* for the double of the datum */
    double found = NAN;
    for (size_t i = 0; i < countof(steps); i++) {
        double step = steps[i], more = total_with(product, of, 1 + step), less = total_with(product, of, 1 - step);
        double slope = (more - less) / (2 * step);
        bool is_one_sided =
            product->has_rounding && (is_near(product, (more - product->total) / step, expected, step) ||
                                      is_near(product, (product->total - less) / step, expected, step));
        if (is_one_sided || is_near(product, slope, expected, step)) {
            return STR("");
        }
        found = isnan(slope) ? found : slope;
    }
    return isnan(found) ? STR("")
                        : str_format(product->arena, "%.*s: the total rises by %g with it, and not by %g",
                                     STR_FMT(of->path), found, expected);
}

struct str slopes_fault(struct arena *arena, struct zuji_run *with, struct str record)
{
    struct product product = {.arena = arena, .run = with};
    product.record = json_loadb(record.at, record.len, 0, NULL);
    const struct zuji_result *row = product.record == NULL ? NULL : run(&product);
    struct str fault = STR("");
    if (row != NULL) {
        take_influences(&product, row);
    }
    for (size_t i = 0; i < product.count && fault.len == 0; i++) {
        fault = fault_of(&product, &product.data[i]);
    }
    json_decref(product.record);
    return fault;
}
