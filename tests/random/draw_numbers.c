/* Formulas of a kind: one function for each way to come by a number. */
#include <string.h>

#include "tests/random/maker.h"

static struct node *settled(struct maker *m, struct powers kind, struct node *node)
{
    return node_settle(&m->tree, node, type_mark(type_number(kind)));
}

/* ---- literals ---- */

static struct node *quantity(struct maker *m, struct str decimal, struct measure unit)
{
    if (measure_is_one(unit)) {
        return node_text(&m->tree, decimal);
    }
    return node_format(&m->tree, LEVEL_QUANTITY, "%.*s %.*s", STR_FMT(decimal), STR_FMT(unit.text));
}

static struct node *simple_literal(struct maker *m, struct powers kind)
{
    /* The unit is drawn from a copy: what is simpler must not change what is drawn next. */
    struct random copy = m->random;
    struct node *node = settled(m, kind, quantity(m, STR("1"), measure_drawn(m->arena, &copy, kind)));
    return node;
}

struct node *draw_constant(struct maker *m, struct powers kind)
{
    maker_count(m, HAS_LITERAL);
    struct measure unit = measure_drawn(m->arena, &m->random, kind);
    struct node *node = settled(m, kind, quantity(m, decimal_drawn(m->arena, &m->random), unit));
    node_simplify(&m->tree, node, simple_literal(m, kind));
    return node;
}

/* In the lifted form a field of the data that has this value. */
struct node *draw_literal(struct maker *m, struct powers kind)
{
    maker_count(m, HAS_LITERAL);
    struct measure unit = measure_drawn(m->arena, &m->random, kind);
    struct str decimal = decimal_drawn(m->arena, &m->random);
    struct node *node = settled(m, kind, quantity(m, decimal, unit));
    if (m->has_data && maker_chance(m, 70)) {
        struct str name = str_format(m->arena, "lifted%u", ++m->lift_count);
        struct str type = measure_is_one(unit) ? STR("number") : unit.text;
        node->as[FORM_LIFTED] = node_text(&m->tree, name);
        struct node *field = node_format(&m->tree, LEVEL_ATOM, "\n        %.*s : %.*s", STR_FMT(name), STR_FMT(type));
        struct node *datum = node_format(&m->tree, LEVEL_ATOM, ", \"%.*s\": %.*s", STR_FMT(name), STR_FMT(decimal));
        field = node_only_in(&m->tree, FORM_LIFTED, field);
        datum = node_only_in(&m->tree, FORM_LIFTED, datum);
        datum->with = field;
        node_add(&m->tree, m->lifted, field);
        node_add(&m->tree, m->lifted_data, datum);
    }
    node_simplify(&m->tree, node, simple_literal(m, kind));
    return node;
}

static struct node *draw_named(struct maker *m, struct powers kind)
{
    const struct entry *entry = maker_find(m, type_number(kind));
    return entry == NULL ? NULL : settled(m, kind, node_compose(&m->tree, LEVEL_ATOM, "$", entry->node));
}

struct node *draw_leaf(struct maker *m, struct powers kind)
{
    struct node *node = maker_chance(m, 85) ? draw_named(m, kind) : NULL;
    return node != NULL ? node : draw_literal(m, kind);
}

struct node *draw_positive(struct maker *m, struct powers kind, int depth)
{
    switch (maker_below(m, 4)) {
    case 0:
        return draw_literal(m, kind);
    case 1:
        return settled(
            m, kind,
            node_compose(&m->tree, LEVEL_SUM, "abs($) + $7", draw_number(m, kind, depth - 1), draw_literal(m, kind)));
    case 2:
        return settled(
            m, kind,
            node_compose(&m->tree, LEVEL_ATOM, "max($, $)", draw_number(m, kind, depth - 1), draw_literal(m, kind)));
    default:
        return draw_leaf(m, kind);
    }
}

/* ---- arithmetic ---- */

typedef struct node *draw_function(struct maker *m, struct powers kind, int depth);

static struct node *draw_sum(struct maker *m, struct powers kind, int depth)
{
    maker_count(m, HAS_ADD);
    struct node *a = draw_number(m, kind, depth - 1), *b = draw_number(m, kind, depth - 1);
    return node_compose(&m->tree, LEVEL_SUM, "$6 + $7", a, b);
}

static struct node *draw_difference(struct maker *m, struct powers kind, int depth)
{
    maker_count(m, HAS_SUBTRACT);
    struct node *a = draw_number(m, kind, depth - 1), *b = draw_number(m, kind, depth - 1);
    return node_compose(&m->tree, LEVEL_SUM, "$6 - $7", a, b);
}

static struct node *draw_product(struct maker *m, struct powers kind, int depth)
{
    struct powers one = maker_kind(m);
    struct powers other = powers_over(kind, one);
    if (!powers_is_simple(other)) {
        return NULL;
    }
    maker_count(m, HAS_MULTIPLY);
    struct node *a = draw_number(m, one, depth - 1), *b = draw_number(m, other, depth - 1);
    return node_compose(&m->tree, LEVEL_PRODUCT, "$7 * $8", a, b);
}

static struct node *draw_quotient(struct maker *m, struct powers kind, int depth)
{
    struct powers below = maker_kind(m);
    struct powers above = powers_times(kind, below);
    if (!powers_is_simple(above)) {
        return NULL;
    }
    maker_count(m, HAS_DIVIDE);
    struct node *a = draw_number(m, above, depth - 1);
    struct node *b = maker_chance(m, 70) ? draw_positive(m, below, depth - 1) : draw_number(m, below, depth - 1);
    return node_compose(&m->tree, LEVEL_PRODUCT, "$7 / $A", a, b);
}

static struct node *draw_power(struct maker *m, struct powers kind, int depth)
{
    static const char *const exponents[] = {"0.5", "0.75", "1.5", "-0.5", "2.5", "0.097"};
    if (powers_is_plain(kind) && maker_chance(m, 40)) {
        maker_count(m, HAS_POWER);
        if (maker_chance(m, 30)) {
            struct node *exponent = node_compose(&m->tree, LEVEL_ATOM, "min($, 3)", draw_number(m, kind, depth - 1));
            return node_compose(&m->tree, LEVEL_POWER, "$A ^ $A", draw_positive(m, kind, depth - 1), exponent);
        }
        struct node *exponent = node_text(&m->tree, str_of(exponents[maker_below(m, countof(exponents))]));
        return node_compose(&m->tree, LEVEL_POWER, "$A ^ $", draw_positive(m, kind, depth - 1), exponent);
    }
    struct powers root = kind;
    int exponent = 2;
    for (size_t i = 0; i < BASE_COUNT; i++) {
        exponent = kind.power[i] % 2 != 0 ? 1 : exponent;
    }
    for (size_t i = 0; i < BASE_COUNT; i++) {
        root.power[i] = (signed char)(kind.power[i] / exponent);
    }
    if (powers_is_plain(kind)) {
        exponent = (int)maker_below(m, 6) - 2;
    }
    maker_count(m, HAS_POWER_WHOLE);
    struct node *base = exponent < 0 ? draw_positive(m, root, depth - 1) : draw_number(m, root, depth - 1);
    return node_compose(&m->tree, LEVEL_POWER, "$A ^ $", base, node_format(&m->tree, LEVEL_ATOM, "%d", exponent));
}

static struct node *draw_root(struct maker *m, struct powers kind, int depth)
{
    struct powers square = powers_times(kind, kind);
    if (!powers_is_simple(square)) {
        return NULL;
    }
    maker_count(m, HAS_SQRT);
    if (maker_chance(m, 30)) { /* a perfect one */
        struct node *side = draw_number(m, kind, depth - 1);
        return node_compose(&m->tree, LEVEL_ATOM, "sqrt($8 * $8)", side, side);
    }
    return node_compose(&m->tree, LEVEL_ATOM, "sqrt($)", draw_positive(m, square, depth - 1));
}

static struct node *draw_exponential(struct maker *m, struct powers kind, int depth)
{
    if (!powers_is_plain(kind)) {
        return NULL;
    }
    if (maker_chance(m, 50)) {
        maker_count(m, HAS_LN);
        return node_compose(&m->tree, LEVEL_ATOM, "ln($)", draw_positive(m, kind, depth - 1));
    }
    maker_count(m, HAS_EXP);
    return node_compose(&m->tree, LEVEL_ATOM, "exp(min($, 5))", draw_number(m, kind, depth - 1));
}

static struct node *draw_absolute(struct maker *m, struct powers kind, int depth)
{
    maker_count(m, HAS_ABS);
    return node_compose(&m->tree, LEVEL_ATOM, "abs($)", draw_number(m, kind, depth - 1));
}

static struct node *draw_extreme(struct maker *m, struct powers kind, int depth)
{
    maker_count(m, HAS_MIN_MAX);
    struct node *a = draw_number(m, kind, depth - 1), *b = draw_number(m, kind, depth - 1);
    const char *pattern = maker_chance(m, 50) ? "min($, $)" : "max($, $)";
    if (maker_chance(m, 20)) {
        pattern = maker_chance(m, 50) ? "min($, $, $)" : "max($, $, $)";
    }
    return node_compose(&m->tree, LEVEL_ATOM, pattern, a, b, draw_leaf(m, kind));
}

static struct node *draw_rounded(struct maker *m, struct powers kind, int depth)
{
    static const char *const modes[] = {"",       "",     ", half_up",  ", half_even", ", half_away", ", half_down",
                                        ", down", ", up", ", truncate", ", away"};
    static const char *const steps[] = {"0.01", "0.1", "1", "0.5", "0.2", "0.05", "10", "0.3", "0.001"};
    struct node *inner = draw_number(m, kind, depth - 1);
    struct node *mode = node_text(&m->tree, str_of(modes[maker_below(m, countof(modes))]));
    node_simplify(&m->tree, mode, node_text(&m->tree, STR("")));
    if (powers_is_plain(kind) && maker_chance(m, 40)) {
        maker_count(m, HAS_FLOOR);
        return maker_chance(m, 50)
                   ? node_compose(&m->tree, LEVEL_ATOM, "rounded($$)", inner, mode)
                   : node_compose(&m->tree, LEVEL_ATOM, maker_chance(m, 50) ? "floor($)" : "ceil($)", inner);
    }
    maker_count(m, HAS_ROUNDED);
    struct measure unit = measure_drawn(m->arena, &m->random, kind);
    struct node *step = quantity(m, str_of(steps[maker_below(m, countof(steps))]), unit);
    return node_compose(&m->tree, LEVEL_ATOM, maker_chance(m, 20) ? "rounded($, step = $$)" : "rounded($, $$)", inner,
                        step, mode);
}

static struct node *draw_plain(struct maker *m, struct powers kind, int depth)
{
    struct powers tagged = powers_times(kind, powers_base(maker_chance(m, 50) ? BASE_CLINKER : BASE_CEMENT));
    if (!m->has_data || powers_has_tags(kind) || !powers_is_simple(tagged)) { /* a parameter has no tags to be found */
        return NULL;
    }
    maker_count(m, HAS_PLAIN);
    return node_compose(&m->tree, LEVEL_ATOM, "plain($)", draw_number(m, tagged, depth - 1));
}

static struct node *draw_warmth(struct maker *m, struct powers kind, int depth)
{
    if (!powers_eq(kind, powers_base(BASE_WARMTH))) {
        return NULL;
    }
    struct node *a = draw_point(m, depth - 1), *b = draw_point(m, depth - 1);
    maker_count(m, HAS_POINTS);
    return node_compose(&m->tree, LEVEL_SUM, "$6 - $7", a, b);
}

static struct node *draw_years(struct maker *m, struct powers kind, int depth)
{
    if (!powers_is_plain(kind)) {
        return NULL;
    }
    maker_count(m, HAS_YEARS);
    return node_compose(&m->tree, LEVEL_SUM, "$6 - $7", draw_year(m, depth - 1), draw_year(m, 0));
}

static struct node *draw_choice(struct maker *m, struct powers kind, int depth)
{
    return draw_value(m, type_number(kind), depth);
}

static struct node *draw_flow_amount(struct maker *m, struct powers kind, int depth)
{
    (void)depth;
    if (!powers_eq(kind, powers_base(BASE_CO2E)) || m->flow_count == 0 || !m->has_data) {
        return NULL;
    }
    maker_count(m, HAS_FLOW);
    return node_compose(&m->tree, LEVEL_ATOM, "$", m->flows[maker_below(m, m->flow_count)]);
}

struct node *draw_number(struct maker *m, struct powers kind, int depth)
{
    static const struct {
        uint32_t weight;
        draw_function *make;
    } ways[] = {
        {14, draw_sum        },
        {10, draw_difference },
        {22, draw_product    },
        {12, draw_quotient   },
        {4,  draw_power      },
        {2,  draw_root       },
        {2,  draw_exponential},
        {3,  draw_absolute   },
        {6,  draw_extreme    },
        {5,  draw_rounded    },
        {3,  draw_plain      },
        {6,  draw_warmth     },
        {3,  draw_years      },
        {14, draw_choice     },
        {22, draw_aggregate  },
        {14, draw_look_up    },
        {8,  draw_call       },
        {3,  draw_flow_amount}
    };
    uint32_t sum = 0;
    for (size_t i = 0; i < countof(ways); i++) {
        sum += ways[i].weight;
    }
    for (int attempt = 0; depth > 0 && attempt < 4; attempt++) {
        uint32_t which = maker_below(m, sum);
        size_t i = 0;
        for (; which >= ways[i].weight; i++) {
            which -= ways[i].weight;
        }
        struct node *node = ways[i].make(m, kind, depth);
        if (node != NULL) {
            settled(m, kind, node);
            node_simplify(&m->tree, node, simple_literal(m, kind));
            return node;
        }
    }
    return draw_leaf(m, kind);
}
