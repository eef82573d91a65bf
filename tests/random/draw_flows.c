/* Emissions: amounts of CO2e whose gases and categories are kept through sums, choices and multiplication by plain
   numbers. */
#include "tests/random/maker.h"

static struct type flow_type(void)
{
    struct type type = type_number(powers_base(BASE_CO2E));
    type.is_optional = true; /* so that no plain number takes its place where parts must be kept */
    return type;
}

static struct node *settled(struct maker *m, struct node *node)
{
    return node_settle(&m->tree, node, type_mark(flow_type()) + 1);
}

static const char *const gas_names[][2] = {
    {"CO2",          "CO2"},
    {"CH4_fossil",   "CH4"},
    {"CH4_biogenic", "CH4"},
    {"N2O",          "N2O"},
    {"CF4",          "CF4"}
};
static const enum base gas_tags[] = {BASE_CO2, BASE_CH4, BASE_CH4, BASE_N2O, BASE_CF4};

/* What of the kind that is missing to CO2e: kgCO2e/kg for an amount in kg; per thing `below`. */
static struct node *potential(struct maker *m, struct powers below, int depth)
{
    uint32_t which = maker_below(m, countof(gas_tags));
    struct powers kind = powers_over(powers_tagged(gas_tags[which]), below);
    if (!powers_is_simple(kind)) {
        return NULL;
    }
    maker_count(m, HAS_GWP);
    return node_compose(&m->tree, LEVEL_PRODUCT, "$7 * $", draw_number(m, kind, depth - 1),
                        node_format(&m->tree, LEVEL_ATOM, "gwp(%s)", gas_names[which][0]));
}

/* A call of a split factor, whole with its parts; NULL where there is none of the kind. */
static struct node *split_factor(struct maker *m, struct powers kind, int depth)
{
    for (const struct factor *factor = m->factors; factor != NULL; factor = factor->next) {
        if (!factor->is_split || !powers_eq(factor->unit.kind, kind) || !maker_chance(m, 70)) {
            continue;
        }
        struct node *keys = node_text(&m->tree, STR(""));
        for (uint32_t i = 0; i < factor->key_count; i++) {
            keys = node_compose(&m->tree, LEVEL_ATOM, i == 0 ? "$$" : "$, $", keys,
                                draw_value(m, factor->keys[i], depth - 1));
        }
        return factor->key_count == 0 ? factor->name.node
                                      : node_compose(&m->tree, LEVEL_ATOM, "$($)", factor->name.node, keys);
    }
    return NULL;
}

/* So much CO2e for one of `below`. */
static struct node *intensity(struct maker *m, struct powers below, int depth)
{
    struct powers kind = powers_over(powers_base(BASE_CO2E), below);
    struct node *node = maker_chance(m, 50) ? split_factor(m, kind, depth) : NULL;
    if (node == NULL && m->uses_gases && maker_chance(m, 50)) {
        node = potential(m, below, depth);
    }
    return node != NULL ? node : draw_number(m, kind, depth - 1);
}

static const struct field *gas_of(const struct list *list, const struct choice *gases, const char *name)
{
    for (const struct field *field = list->fields; field != NULL; field = field->next) {
        bool is_gas = field->type.sort == SORT_MEMBER && gases != NULL && field->type.choice == gases;
        if (name == NULL ? is_gas
                         : str_starts(field->name.first, str_of(name)) && field->type.sort == SORT_NUMBER &&
                               !field->type.is_optional) {
            return field;
        }
    }
    return NULL;
}

static struct node *over_rows(struct maker *m, int depth)
{
    uint32_t count = 0;
    for (const struct list *list = m->lists; list != NULL; list = list->next) {
        count++;
    }
    if (m->row_count >= ROWS_MAX || count == 0) {
        return NULL;
    }
    const struct list *list = m->lists;
    for (uint32_t skip = maker_below(m, count); skip > 0; skip--) {
        list = list->next;
    }
    const struct field *gas = gas_of(list, m->gases, NULL), *leaked = gas_of(list, m->gases, "leaked");
    uint32_t scope = m->scope_count;
    struct node *row = enter_row(m, list);
    struct node *body;
    const struct field *amount = list->fields;
    while (amount != NULL && !amount->is_amount) {
        amount = amount->next;
    }
    if (amount != NULL) {
        body = node_compose(&m->tree, LEVEL_PRODUCT, "$.$ * $8", row, amount->name.node,
                            intensity(m, amount->type.kind, depth));
    } else if (gas != NULL && leaked != NULL && maker_chance(m, 60)) {
        maker_count(m, HAS_GWP_DATA);
        body = node_compose(&m->tree, LEVEL_PRODUCT, "$.$ * gwp($.$)", row, leaked->name.node, row, gas->name.node);
    } else {
        body = draw_flow(m, depth - 1);
    }
    struct node *condition = node_sequence(&m->tree, STR(""));
    if (maker_chance(m, 30)) {
        node_add(&m->tree, condition, node_compose(&m->tree, LEVEL_ATOM, " where $", draw_flag(m, depth - 2)));
        maker_count(m, HAS_WHERE);
    }
    leave_row(m, scope);
    maker_count(m, HAS_SUM);
    return node_compose(&m->tree, LEVEL_ATOM, "sum($ in $$: $)", row, list->name.node, condition, body);
}

static struct node *combined(struct maker *m, int depth)
{
    struct node *a = draw_flow(m, depth - 1);
    switch (maker_below(m, 5)) {
    case 0:
        maker_count(m, HAS_ADD);
        return node_compose(&m->tree, LEVEL_SUM, "$6 + $7", a, draw_flow(m, depth - 1));
    case 1:
        maker_count(m, HAS_SUBTRACT);
        return node_compose(&m->tree, LEVEL_SUM, "$6 - $7", a, draw_flow(m, depth - 1));
    case 2:
        maker_count(m, HAS_MULTIPLY);
        return node_compose(&m->tree, LEVEL_PRODUCT, "$8 * $8", draw_number(m, powers_plain(), depth - 1), a);
    case 3:
        maker_count(m, HAS_DIVIDE);
        return node_compose(&m->tree, LEVEL_PRODUCT, "$7 / $A", a, draw_positive(m, powers_plain(), depth - 1));
    default:
        maker_count(m, HAS_IF);
        return node_compose(&m->tree, LEVEL_IF, "if $ then $1 else $", draw_flag(m, depth - 1), a,
                            draw_flow(m, depth - 1));
    }
}

struct node *draw_flow(struct maker *m, int depth)
{
    struct node *node = NULL;
    uint32_t which = maker_below(m, 12);
    if (depth > 0 && which < 4) {
        node = over_rows(m, depth);
    } else if (depth > 0 && which < 6) {
        node = combined(m, depth);
    } else if (which < 9) {
        struct powers below = powers_base(maker_chance(m, 60) ? BASE_MASS : BASE_ENERGY);
        node = node_compose(&m->tree, LEVEL_PRODUCT, "$7 * $8", draw_number(m, below, depth - 1),
                            intensity(m, below, depth - 1));
    } else if (which < 10 && m->group_count > 0) {
        maker_count(m, HAS_EMITTED);
        node = node_compose(&m->tree, LEVEL_ATOM, "emitted($)", m->groups[maker_below(m, m->group_count)]);
    }
    node =
        node != NULL ? node : node_compose(&m->tree, LEVEL_IF, "$", draw_number(m, powers_base(BASE_CO2E), depth - 1));
    settled(m, node);
    node_simplify(&m->tree, node, node_text(&m->tree, STR("1 kgCO2e")));
    return node;
}
