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
    double size; /* of the total, and of what it is the sum of */
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
    product->size = fabs(zuji_result_total(row)->value);
    for (size_t i = 0; i < flow_count; i++) {
        product->size += flows[i].is_given ? fabs(flows[i].value) : 0;
    }
    if (zuji_result_sensitivity(row, &sensitivity) != ZUJI_OK) {
        return;
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

/* Data are drawn to lie on ties and limits; between them there are slopes. */
static void move(struct product *product)
{
    for (size_t i = 0; i < product->count; i++) {
        struct str name;
        json_t *object = find(product->record, product->data[i].path, &name);
        double datum = json_number_value(json_object_getn(object, name.at, name.len));
        json_object_setn_new(object, name.at, name.len, json_real(datum * (1 + 1.7e-5 * (double)(i + 1))));
    }
}

static struct str fault_of(const struct product *product, const struct influence *of)
{
    double expected = of->derivative * of->value; /* for the double of the datum */
    double found = NAN;
    for (size_t i = 0; i < countof(steps); i++) {
        double rise = total_with(product, of, 1 + steps[i]) - total_with(product, of, 1 - steps[i]);
        double slope = rise / (2 * steps[i]);
        double noise = 4e-16 * product->size / steps[i];
        if (fabs(slope - expected) <= 1e-3 * fabs(expected) + noise) {
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
        move(&product);
        row = run(&product);
        product.count = 0;
    }
    if (row != NULL) {
        take_influences(&product, row);
    }
    for (size_t i = 0; i < product.count && fault.len == 0; i++) {
        fault = fault_of(&product, &product.data[i]);
    }
    json_decref(product.record);
    return fault;
}
