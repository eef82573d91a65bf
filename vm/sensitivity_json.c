/* A sensitivity as JSON; keys in the order of SPEC.md, "Sensitivity". */
#include "vm/json_write.h"
#include "vm/sensitivity.h"

static const char *kind_of(enum zuji_ground_kind kind)
{
    return kind == ZUJI_FACTOR ? "factor" : kind == ZUJI_CELL ? "table" : kind == ZUJI_DEFAULT ? "default" : "datum";
}

static void add_keys(struct buf *out, const struct zuji_ground *ground)
{
    if (ground->key_count == 0) {
        return;
    }
    json_key(out, "keys");
    json_open(out, '[');
    for (size_t k = 0; k < ground->key_count; k++) {
        buf_add(out, k > 0 ? STR(",") : STR(""));
        json_text(out, ground->keys[k]);
    }
    buf_char(out, ']');
}

static void add_flags(struct buf *out, const struct zuji_influence *influence)
{
    if (influence->is_at_kink) {
        json_member_bool(out, "at_kink", true);
    }
    if (influence->is_rounded) {
        json_member_bool(out, "rounded", true);
    }
    if (influence->is_partial) {
        json_member_bool(out, "partial", true);
    }
}

static void add_elasticity(struct buf *out, const struct zuji_influence *influence)
{
    json_key(out, "elasticity");
    if (influence->has_elasticity) {
        json_double(out, influence->elasticity);
    } else {
        buf_add(out, STR("null"));
    }
}

static void add_influence(struct buf *out, const struct zuji_influence *influence, const char *unit)
{
    const struct zuji_ground *ground = &influence->ground;
    bool is_group = influence->rows > 0;
    json_open(out, '{');
    json_member(out, "kind", kind_of(ground->kind));
    json_member(out, "name", ground->name);
    json_member_unless_empty(out, "component", ground->component);
    if (is_group) {
        json_member_count(out, "rows", influence->rows);
    } else {
        add_keys(out, ground);
        json_member_unless_empty(out, "path", ground->path);
        json_member_double(out, "value", ground->value.number);
    }
    json_member_double(out, "derivative", influence->derivative);
    json_member(out, "unit", unit);
    json_member(out, "per", ground->value.unit);
    add_elasticity(out, influence);
    add_flags(out, influence);
    if (!is_group) {
        json_member_unless_empty(out, "source", ground->source);
        json_member_unless_empty(out, "uncertainty", ground->uncertainty);
    }
    buf_char(out, '}');
}

static void add_influences(struct buf *out, const char *key, const struct zuji_influence *influences, size_t count,
                           const char *unit)
{
    json_key(out, key);
    json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        add_influence(out, &influences[i], unit);
    }
    buf_char(out, ']');
}

static void add_kink(struct buf *out, const struct zuji_kink *kink)
{
    static const char *const kinds[] = {[ZUJI_KINK_CONDITION] = "condition", [ZUJI_KINK_STEP] = "step",
                                        [ZUJI_KINK_CHOICE] = "choice",       [ZUJI_KINK_ROW] = "row",
                                        [ZUJI_KINK_ZERO] = "zero",           [ZUJI_KINK_COUNT] = "count",
                                        [ZUJI_KINK_ROUNDING] = "rounding",   [ZUJI_KINK_EXTERNAL] = "external"};
    json_open(out, '{');
    json_member(out, "kind", kinds[kink->kind]);
    json_member_unless_empty(out, "expression", kink->expression);
    json_member_unless_empty(out, "item", kink->item);
    json_member_unless_empty(out, "path", kink->path);
    json_member_count(out, "rows", kink->rows);
    buf_char(out, '}');
}

struct str sensitivity_json(struct arena *arena, const struct zuji_result *result,
                            const struct zuji_sensitivity *sensitivity)
{
    struct buf out = buf_in(arena);
    const char *unit = sensitivity->total->unit;
    json_open(&out, '{');
    json_member(&out, "id", result->id);
    json_member_unless_empty(&out, "row", result->row_name);
    json_key(&out, "total");
    json_open(&out, '{');
    json_member_double(&out, "value", sensitivity->total->value);
    json_member(&out, "unit", unit);
    json_member(&out, "reported", sensitivity->total->reported);
    json_member_unless_empty(&out, "mark", sensitivity->total->mark);
    buf_char(&out, '}');
    add_influences(&out, "influences", sensitivity->influences, sensitivity->influence_count, unit);
    add_influences(&out, "groups", sensitivity->groups, sensitivity->group_count, unit);
    json_key(&out, "kinks");
    json_open(&out, '[');
    for (size_t i = 0; i < sensitivity->kink_count; i++) {
        add_kink(&out, &sensitivity->kinks[i]);
    }
    buf_add(&out, STR("]}"));
    return str_copy(arena, buf_str(&out));
}
