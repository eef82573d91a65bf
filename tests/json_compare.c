/* Two results as JSON: where they differ by more than doubles cannot promise. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "tests/runner.h"

/* What a double can promise of a figure. */
static const double tolerance = 1e-12;

static struct str difference_of(struct arena *arena, struct str path, const json_t *a, const json_t *b);

static bool is_near(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    return fabs(a - b) <= tolerance * size;
}

static struct str both(struct arena *arena, struct str path, const json_t *a, const json_t *b)
{
    char *left = json_dumps(a, JSON_ENCODE_ANY), *right = json_dumps(b, JSON_ENCODE_ANY);
    struct str text = str_format(arena, "%.*s: %.300s against %.300s", STR_FMT(path), left == NULL ? "" : left,
                                 right == NULL ? "" : right);
    free(left);
    free(right);
    return text;
}

/* Numbers under the keys `value` and `share` may differ by what doubles cannot promise. */
static struct str difference_of_member(struct arena *arena, struct str path, const char *key, const json_t *a,
                                       const json_t *b)
{
    struct str inner = str_format(arena, "%.*s.%s", STR_FMT(path), key);
    if (b == NULL) {
        return str_format(arena, "%.*s: is missing from the second", STR_FMT(inner));
    }
    bool is_figure = strcmp(key, "value") == 0 || strcmp(key, "share") == 0;
    if (is_figure && json_is_number(a) && json_is_number(b)) {
        return is_near(json_number_value(a), json_number_value(b)) ? STR("") : both(arena, inner, a, b);
    }
    return difference_of(arena, inner, a, b);
}

static struct str difference_of_objects(struct arena *arena, struct str path, const json_t *a, const json_t *b)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)a, key, value)
    {
        struct str found = difference_of_member(arena, path, key, value, json_object_get(b, key));
        if (found.len > 0) {
            return found;
        }
    }
    return json_object_size(a) == json_object_size(b) ? STR("") : both(arena, path, a, b);
}

static struct str difference_of(struct arena *arena, struct str path, const json_t *a, const json_t *b)
{
    if (json_typeof(a) != json_typeof(b)) {
        return both(arena, path, a, b);
    }
    if (json_is_object(a)) {
        return difference_of_objects(arena, path, a, b);
    }
    if (!json_is_array(a)) {
        return json_equal(a, b) ? STR("") : both(arena, path, a, b);
    }
    for (size_t i = 0; i < json_array_size(a) && i < json_array_size(b); i++) {
        struct str inner = str_format(arena, "%.*s[%zu]", STR_FMT(path), i + 1);
        struct str found = difference_of(arena, inner, json_array_get(a, i), json_array_get(b, i));
        if (found.len > 0) {
            return found;
        }
    }
    return json_array_size(a) == json_array_size(b) ? STR("") : both(arena, path, a, b);
}

struct str json_difference(struct arena *arena, struct str a, struct str b)
{
    json_error_t error;
    json_t *first = json_loadb(a.at, a.len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    json_t *second =
        first == NULL ? NULL : json_loadb(b.at, b.len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    struct str found =
        second == NULL ? str_format(arena, "no JSON: %s", error.text) : difference_of(arena, STR(""), first, second);
    json_decref(first);
    json_decref(second);
    return found;
}
