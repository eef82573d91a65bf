/* Aggregates and picked rows: everything that visits the rows of a list, a table or a range. */
#include "tests/random/maker.h"

/* ---- rows ---- */

static bool is_open(const struct maker *m, const struct list *list)
{
    for (uint32_t i = 0; i < m->row_count; i++) {
        if (m->rows[i].list == list) {
            return true;
        }
    }
    return false;
}

static void note_depth(struct maker *m)
{
    m->depth_seen = m->row_count > m->depth_seen ? m->row_count : m->depth_seen;
}

static void enter_field(struct maker *m, struct node *row, const struct field *field)
{
    struct node *path = node_compose(&m->tree, LEVEL_ATOM, "$.$", row, field->name.node);
    maker_enter(m, path, field->type, !field->has_default, 0);
}

/* A list of the product, or one inside a row that is open: its node, and the list. */
static struct node *draw_list(struct maker *m, const struct list **list)
{
    struct node *nodes[8];
    const struct list *lists[8];
    uint32_t count = 0;
    for (const struct list *at = m->has_data ? m->lists : NULL; at != NULL && count < 5; at = at->next) {
        nodes[count] = at->name.node;
        lists[count++] = at;
    }
    for (uint32_t i = 0; i < m->row_count; i++) {
        if (m->rows[i].inner != NULL) {
            nodes[count] = m->rows[i].inner;
            lists[count++] = m->rows[i].list->inner;
        }
    }
    if (count == 0) {
        return NULL;
    }
    uint32_t which = maker_below(m, count);
    *list = lists[which];
    return nodes[which];
}

struct node *enter_row(struct maker *m, const struct list *list)
{
    struct node *variable = maker_local(m, "r").node;
    bool is_again = is_open(m, list);
    if (m->row_count > 0) {
        maker_count(m, HAS_PAIR);
    }
    struct row *row = &m->rows[m->row_count++];
    *row = (struct row){.list = list, .variable = variable};
    for (const struct field *field = list->fields; field != NULL; field = field->next) {
        if (!field->is_amount) {
            enter_field(m, variable, field);
        }
    }
    if (list->inner != NULL && !is_again) {
        row->inner = node_compose(&m->tree, LEVEL_ATOM, "$.$", variable, list->inner->name.node);
    }
    note_depth(m);
    return variable;
}

void leave_row(struct maker *m, uint32_t scope)
{
    m->scope_count = scope;
    m->row_count--;
}

/* ---- numbers from rows ---- */

static struct node *where(struct maker *m, int depth)
{
    if (!maker_chance(m, 35)) {
        return node_text(&m->tree, STR(""));
    }
    maker_count(m, HAS_WHERE);
    struct node *all = node_sequence(&m->tree, STR(""));
    node_add(&m->tree, all, node_compose(&m->tree, LEVEL_ATOM, " where $", draw_flag(m, depth - 1)));
    return all;
}

static struct node *or_default(struct maker *m, struct powers kind, struct node *node, uint32_t percent)
{
    if (!maker_chance(m, percent)) {
        return node;
    }
    maker_count(m, HAS_DEFAULT);
    return node_compose(&m->tree, LEVEL_DEFAULT, "$A default $9", node, draw_literal(m, kind));
}

static const struct field *amount_of(const struct list *list)
{
    const struct field *field = list->fields;
    while (field != NULL && !field->is_amount) {
        field = field->next;
    }
    return field;
}

/* What is summed: of a linear list the amount times what does not depend on it. */
struct node *draw_term(struct maker *m, const struct list *list, struct node *row, struct powers kind, int depth)
{
    const struct field *amount = amount_of(list);
    if (amount == NULL) {
        return draw_number(m, kind, depth - 1);
    }
    struct powers rest = powers_over(kind, amount->type.kind);
    return powers_is_simple(rest) ? node_compose(&m->tree, LEVEL_PRODUCT, "$.$ * $8", row, amount->name.node,
                                                 draw_number(m, rest, depth - 1))
                                  : NULL;
}

static struct node *draw_total(struct maker *m, struct powers kind, int depth, const struct list *list,
                               struct node *source)
{
    uint32_t scope = m->scope_count;
    struct node *row = enter_row(m, list);
    struct node *condition = where(m, depth);
    struct node *body = draw_term(m, list, row, kind, depth);
    leave_row(m, scope);
    if (body == NULL) {
        return NULL;
    }
    maker_count(m, HAS_SUM);
    return node_compose(&m->tree, LEVEL_ATOM, "sum($ in $$: $)", row, source, condition, body);
}

static struct node *draw_count(struct maker *m, int depth, const struct list *list, struct node *source)
{
    uint32_t scope = m->scope_count;
    struct node *row = enter_row(m, list);
    struct node *condition = where(m, depth);
    leave_row(m, scope);
    maker_count(m, HAS_COUNT);
    return node_compose(&m->tree, LEVEL_ATOM, "count($ in $$)", row, source, condition);
}

/* mean, min, max: of no rows they fail or are missing. */
static struct node *draw_middle(struct maker *m, struct powers kind, int depth, const struct list *list,
                                struct node *source)
{
    uint32_t scope = m->scope_count;
    bool is_mean = !list->is_linear && maker_chance(m, 35);
    struct node *row = enter_row(m, list);
    struct node *condition = is_mean ? node_text(&m->tree, STR("")) : where(m, depth);
    struct node *body = draw_number(m, kind, depth - 1);
    leave_row(m, scope);
    maker_count(m, is_mean ? HAS_MEAN : HAS_LEAST);
    if (is_mean) {
        return node_compose(&m->tree, LEVEL_ATOM, "mean($ in $: $)", row, source, body);
    }
    const char *pattern = maker_chance(m, 50) ? "min($ in $$: $)" : "max($ in $$: $)";
    return or_default(m, kind, node_compose(&m->tree, LEVEL_ATOM, pattern, row, source, condition, body), 75);
}

/* A field of a picked row. */
static struct node *draw_pick(struct maker *m, struct powers kind, int depth, const struct list *list,
                              struct node *source)
{
    const struct field *field = list->fields;
    while (field != NULL && (field->type.sort != SORT_NUMBER || field->type.is_optional ||
                             !powers_eq(field->type.kind, kind) || field->is_amount)) {
        field = field->next;
    }
    if (field == NULL || list->is_linear) {
        return NULL;
    }
    m->has_order = true;
    uint32_t scope = m->scope_count, which = maker_below(m, 10);
    struct node *row = enter_row(m, list);
    struct node *condition = which < 3 ? draw_flag(m, depth - 1) : where(m, depth);
    struct node *key = draw_number(m, maker_kind(m), depth - 1);
    leave_row(m, scope);
    struct node *picked;
    if (which < 3) {
        maker_count(m, HAS_THE);
        picked = node_compose(&m->tree, LEVEL_ATOM, "the($ in $ where $).$", row, source, condition, field->name.node);
    } else {
        static const char *const ties[] = {"", "", ", first", ", last"};
        const char *tie = ties[maker_below(m, countof(ties))];
        maker_count(m, tie[0] == '\0' ? HAS_PICK : HAS_PICK_TIE);
        const char *pattern = maker_chance(m, 50) ? "largest($ in $$: $$).$" : "smallest($ in $$: $$).$";
        picked = node_compose(&m->tree, LEVEL_ATOM, pattern, row, source, condition, key,
                              node_text(&m->tree, str_of(tie)), field->name.node);
    }
    return or_default(m, kind, picked, 75);
}

static struct node *draw_over_range(struct maker *m, struct powers kind, int depth)
{
    struct node *last = maker_chance(m, 60) ? node_format(&m->tree, LEVEL_ATOM, "%u", maker_below(m, 5))
                                            : node_compose(&m->tree, LEVEL_ATOM, "floor(min($, 4))",
                                                           draw_number(m, powers_plain(), depth - 1));
    uint32_t scope = m->scope_count;
    struct node *variable = maker_local(m, "i").node;
    m->rows[m->row_count++] = (struct row){.variable = variable};
    note_depth(m);
    maker_enter(m, variable, type_number(powers_plain()), false, 0);
    struct node *body = draw_number(m, kind, depth - 1);
    leave_row(m, scope);
    maker_count(m, HAS_RANGE);
    return node_compose(&m->tree, LEVEL_ATOM, maker_chance(m, 70) ? "sum($ in 1 .. $: $)" : "sum($ in 0 .. $: $)",
                        variable, last, body);
}

static struct node *draw_walk(struct maker *m, struct powers kind, int depth)
{
    for (const struct table *table = m->tables; table != NULL; table = table->next) {
        for (uint32_t i = 0; i < table->column_count; i++) {
            const struct type *column = &table->columns[i];
            bool is_wanted = column->sort == SORT_NUMBER && !column->is_optional && powers_eq(column->kind, kind);
            if (!is_wanted || !maker_chance(m, 50)) {
                continue;
            }
            maker_count(m, HAS_WALK);
            struct node *row = maker_local(m, "w").node;
            struct node *cell = table->column_count == 1
                                    ? row
                                    : node_compose(&m->tree, LEVEL_ATOM, "$.$", row, table->column_names[i].node);
            uint32_t scope = m->scope_count;
            m->rows[m->row_count++] = (struct row){.variable = row};
            note_depth(m);
            maker_enter(m, cell, *column, false, 0);
            struct node *body = draw_number(m, kind, depth - 2);
            leave_row(m, scope);
            return node_compose(&m->tree, LEVEL_ATOM, "sum($ in $: $6 + $7)", row, table->name.node, cell, body);
        }
    }
    return NULL;
}

static struct node *draw_walk_of_choice(struct maker *m, struct powers kind, int depth)
{
    if (m->choice_count == 0) {
        return NULL;
    }
    const struct choice *choice = &m->choices[maker_below(m, m->choice_count)];
    struct node *variable = maker_local(m, "c").node;
    uint32_t scope = m->scope_count;
    struct type type = type_of(SORT_MEMBER);
    type.choice = choice;
    m->rows[m->row_count++] = (struct row){.variable = variable};
    note_depth(m);
    maker_enter(m, variable, type, false, 0);
    struct node *condition = where(m, depth);
    struct node *body = draw_number(m, kind, depth - 1);
    leave_row(m, scope);
    maker_count(m, HAS_WALK_OF_CHOICE);
    return node_compose(&m->tree, LEVEL_ATOM, "sum($ in $$: $)", variable, choice->name.node, condition, body);
}

struct node *draw_aggregate(struct maker *m, struct powers kind, int depth)
{
    if (m->row_count >= ROWS_MAX) {
        return NULL;
    }
    uint32_t which = maker_below(m, 20);
    if (which < 2) {
        return draw_over_range(m, kind, depth);
    }
    if (which < 4) {
        return draw_walk(m, kind, depth);
    }
    if (which == 19) {
        return draw_walk_of_choice(m, kind, depth);
    }
    const struct list *list = NULL;
    struct node *source = draw_list(m, &list);
    if (source == NULL) {
        return NULL;
    }
    if (which < 6 && powers_is_plain(kind) && !list->is_linear) {
        return draw_count(m, depth, list, source);
    }
    if (which < 9) {
        return draw_middle(m, kind, depth, list, source);
    }
    if (which < 13) {
        struct node *picked = draw_pick(m, kind, depth, list, source);
        if (picked != NULL) {
            return picked;
        }
    }
    return draw_total(m, kind, depth, list, source);
}

struct node *draw_any(struct maker *m, int depth)
{
    const struct list *list = NULL;
    struct node *source = m->row_count < ROWS_MAX ? draw_list(m, &list) : NULL;
    if (source == NULL) {
        return NULL;
    }
    uint32_t scope = m->scope_count;
    struct node *row = enter_row(m, list);
    struct node *condition = where(m, depth), *body = draw_flag(m, depth - 1);
    leave_row(m, scope);
    maker_count(m, HAS_ANY_ALL);
    return node_compose(&m->tree, LEVEL_ATOM, maker_chance(m, 50) ? "any($ in $$: $)" : "all($ in $$: $)", row, source,
                        condition, body);
}
