/* Uses of what is declared: tables, factors, keyed lists, functions. */
#include "tests/random/maker.h"

static struct node *defaulted(struct maker *m, struct powers kind, struct node *node, uint32_t percent)
{
    if (!maker_chance(m, percent)) {
        return node;
    }
    maker_count(m, HAS_DEFAULT);
    return node_compose(&m->tree, LEVEL_DEFAULT, "$A default $9", node, draw_literal(m, kind));
}

/* By position, or by name. */
static struct node *arguments(struct maker *m, const struct type *types, const struct name *names, uint32_t count,
                              int depth)
{
    bool is_named = maker_chance(m, 20);
    if (is_named) {
        maker_count(m, HAS_ARGUMENT_NAMED);
    }
    struct node *list = node_text(&m->tree, STR(""));
    for (uint32_t i = 0; i < count; i++) {
        struct node *value = draw_value(m, types[i], depth - 1);
        if (is_named) {
            value = node_compose(&m->tree, LEVEL_ATOM, "$ = $", names[i].node, value);
        }
        list = i == 0 ? value : node_compose(&m->tree, LEVEL_ATOM, "$, $", list, value);
    }
    return list;
}

static struct node *use_table(struct maker *m, const struct table *table, struct powers kind, int depth)
{
    uint32_t column = 0;
    while (column < table->column_count &&
           !(table->columns[column].sort == SORT_NUMBER && powers_eq(table->columns[column].kind, kind))) {
        column++;
    }
    if (column == table->column_count) {
        return NULL;
    }
    struct node *row = node_compose(&m->tree, LEVEL_ATOM, "$($)", table->name.node,
                                    arguments(m, table->keys, table->key_names, table->key_count, depth));
    if (table->column_count > 1) {
        row = node_compose(&m->tree, LEVEL_ATOM, "$.$", row, table->column_names[column].node);
    }
    return defaulted(m, kind, row, table->columns[column].is_optional ? 100 : table->may_miss ? 70 : 0);
}

static struct node *use_factor(struct maker *m, const struct factor *factor, struct powers kind, int depth)
{
    if (!powers_eq(factor->unit.kind, kind)) {
        return NULL;
    }
    struct node *value = factor->key_count == 0
                             ? factor->name.node
                             : node_compose(&m->tree, LEVEL_ATOM, "$($)", factor->name.node,
                                            arguments(m, factor->keys, factor->key_names, factor->key_count, depth));
    return factor->is_split ? node_compose(&m->tree, LEVEL_ATOM, "$.total", value) : value;
}

static struct node *use_keyed(struct maker *m, const struct list *list, struct powers kind, int depth)
{
    const struct field *field = list->key == NULL || list->is_linear ? NULL : list->fields;
    while (field != NULL &&
           (field->type.sort != SORT_NUMBER || !powers_eq(field->type.kind, kind) || field->is_amount)) {
        field = field->next;
    }
    if (field == NULL) {
        return NULL;
    }
    maker_count(m, HAS_LOOK_UP);
    struct node *key = draw_value(m, list->key->type, depth - 1);
    if (maker_chance(m, 30)) {
        key = node_compose(&m->tree, LEVEL_ATOM, "$ = $", list->key->name.node, key);
    }
    struct node *row = node_compose(&m->tree, LEVEL_ATOM, "$($).$", list->name.node, key, field->name.node);
    return defaulted(m, kind, row, field->type.is_optional ? 100 : 75);
}

struct node *draw_look_up(struct maker *m, struct powers kind, int depth)
{
    for (const struct table *table = m->tables; table != NULL; table = table->next) {
        struct node *node = maker_chance(m, 60) ? use_table(m, table, kind, depth) : NULL;
        if (node != NULL) {
            return node;
        }
    }
    for (const struct factor *factor = m->has_data ? m->factors : NULL; factor != NULL; factor = factor->next) {
        struct node *node = maker_chance(m, 60) ? use_factor(m, factor, kind, depth) : NULL;
        if (node != NULL) {
            return node;
        }
    }
    for (const struct list *list = m->has_data ? m->lists : NULL; list != NULL; list = list->next) {
        struct node *node = maker_chance(m, 60) ? use_keyed(m, list, kind, depth) : NULL;
        if (node != NULL) {
            return node;
        }
    }
    return NULL;
}

/* The variable of an open row of the list; NULL where there is none. */
static struct node *open_row_of(const struct maker *m, const struct list *list)
{
    for (uint32_t i = 0; i < m->row_count; i++) {
        if (m->rows[i].list == list) {
            return m->rows[i].variable;
        }
    }
    return NULL;
}

static struct node *use_function(struct maker *m, const struct function *function, int depth)
{
    struct node *row = function->row == NULL ? NULL : open_row_of(m, function->row);
    if ((function->row != NULL && row == NULL) || m->row_count + function->depth > ROWS_MAX) {
        return NULL;
    }
    struct type types[2];
    for (uint32_t i = 0; i < function->param_count; i++) {
        types[i] = type_number(function->params[i]);
    }
    uint32_t depth_inside = m->row_count + function->depth;
    m->depth_seen = depth_inside > m->depth_seen ? depth_inside : m->depth_seen;
    if (row != NULL) {
        return node_compose(&m->tree, LEVEL_ATOM, "$($)", function->name.node, row);
    }
    return node_compose(&m->tree, LEVEL_ATOM, "$($)", function->name.node,
                        arguments(m, types, function->param_names, function->param_count, depth));
}

struct node *draw_call(struct maker *m, struct powers kind, int depth)
{
    for (const struct function *function = m->functions; function != NULL; function = function->next) {
        struct node *node =
            powers_eq(function->result, kind) && maker_chance(m, 50) ? use_function(m, function, depth) : NULL;
        if (node != NULL) {
            return node;
        }
    }
    return NULL;
}
