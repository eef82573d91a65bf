/* Stages with their processes, flows and allocations. */
#include "tests/random/maker.h"

struct stage {
    struct name name;
    struct node *items;
    bool is_allocated; /* over the rows of the reference */
    bool is_ours;      /* has an allocation of its own */
};

static void add(struct maker *m, struct stage *stage, struct node *node)
{
    node_add(&m->tree, stage->items, node);
}

static struct node *nothing(struct maker *m)
{
    return node_text(&m->tree, STR(""));
}

static const struct field *number_field(const struct list *list)
{
    for (const struct field *field = list->fields; field != NULL; field = field->next) {
        if (field->type.sort == SORT_NUMBER && !field->type.is_optional && !field->is_signed && !field->is_amount) {
            return field;
        }
    }
    return NULL;
}

static const struct field *member_field(const struct list *list)
{
    for (const struct field *field = list->fields; field != NULL; field = field->next) {
        if (field->type.sort == SORT_MEMBER && !field->type.choice->is_of_gases) {
            return field;
        }
    }
    return NULL;
}

/* ---- allocations ---- */

/* By key over a list that is not that of the results: the rows of one member are ours. */
static struct node *allocation_by_key(struct maker *m)
{
    for (const struct list *list = m->lists; list != NULL; list = list->next) {
        const struct field *key = number_field(list), *member = member_field(list);
        if (list->is_linear || list == m->reference_list || key == NULL || member == NULL || list->has_cut) {
            continue;
        }
        struct node *row = maker_local(m, "q").node;
        maker_count(m, HAS_ALLOCATE_KEY);
        return node_compose(&m->tree, LEVEL_ATOM, "allocate to $ in $ by $.$ take $.$ != $ because \"measured\"", row,
                            list->name.node, row, key->name.node, row, member->name.node,
                            member_literal(m, member->type.choice));
    }
    return NULL;
}

static struct node *allocation_by_shares(struct maker *m)
{
    maker_count(m, HAS_ALLOCATE_SHARES);
    struct node *ours = maker_local(m, "ours").node, *others = maker_local(m, "others").node;
    struct node *share = maker_chance(m, 50) ? node_text(&m->tree, STR("0.35"))
                                             : node_compose(&m->tree, LEVEL_ATOM, "max(min($, 1), 0)",
                                                            draw_number(m, powers_plain(), 2));
    return node_compose(&m->tree, LEVEL_ATOM, "allocate { $ = $, $ = rest } take $ because \"agreed\"", ours, share,
                        others, maker_chance(m, 50) ? ours : others);
}

static void allocate_over_rows(struct maker *m, const struct stage *stages, uint32_t count)
{
    const struct list *list = m->reference_list;
    const struct field *key = list == NULL ? NULL : number_field(list);
    struct node *targets = nothing(m);
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (stages[i].is_allocated) {
            targets = node_compose(&m->tree, LEVEL_ATOM, found++ == 0 ? "$$" : "$, $", targets, stages[i].name.node);
        }
    }
    if (found > 0 && key != NULL) {
        struct node *row = maker_local(m, "q").node;
        maker_count(m, HAS_ALLOCATE_ROWS);
        struct node *text = node_compose(&m->tree, LEVEL_ATOM, "allocate $ to $ in $ by $.$ because \"measured\"",
                                         targets, row, list->name.node, row, key->name.node);
        node_add(&m->tree, m->rule, text);
    }
}

/* ---- flows ---- */

static struct node *attributes(struct maker *m, const char *word)
{
    static const char *const categories[] = {"biogenic", "land_use_change", "aircraft", "fossil"};
    struct node *all = node_sequence(&m->tree, STR(""));
    bool is_emission = word[0] == 'e';
    if (is_emission && maker_chance(m, 25)) {
        node_add(&m->tree, all,
                 node_format(&m->tree, LEVEL_ATOM, " as %s", categories[maker_below(m, countof(categories))]));
        maker_count(m, HAS_EMIT_AS);
    } else if (m->has_breakdown && maker_chance(m, 50)) {
        node_add(&m->tree, all,
                 node_format(&m->tree, LEVEL_ATOM, " as %s", maker_chance(m, 50) ? "own_part" : "other_part"));
        maker_count(m, HAS_BREAKDOWN);
    }
    if (word[0] == 'a') {
        struct node *because = node_text(&m->tree, STR(" because \"it replaces another\" zh \"替代\""));
        because->is_kept = true;
        node_add(&m->tree, all, because);
    }
    if (maker_chance(m, 15)) {
        node_add(&m->tree, all, node_compose(&m->tree, LEVEL_ATOM, " when $", draw_flag(m, 2)));
        maker_count(m, HAS_EMIT_WHEN);
    }
    return all;
}

static struct node *draw_emission(struct maker *m, struct stage *stage, struct name *name)
{
    static const char *const words[] = {"emit", "emit", "emit", "emit", "emit", "emit", "remove", "avoid"};
    const char *word = words[maker_below(m, countof(words))];
    maker_count(m, word[0] == 'r' ? HAS_REMOVE : word[0] == 'a' ? HAS_AVOID : HAS_EMIT_AS);
    *name = maker_name(m, "flow", "流");
    struct node *with = attributes(m, word);
    struct node *value = draw_flow(m, 4);
    if (m->reference_list != NULL && !stage->is_allocated) { /* the row's own */
        const struct field *own = number_field(m->reference_list);
        struct node *share = node_compose(&m->tree, LEVEL_PRODUCT, "($.$ / 1 $)", m->rows[0].variable, own->name.node,
                                          node_text(&m->tree, measure_is_one(own->unit) ? STR("") : own->unit.text));
        value = node_compose(&m->tree, LEVEL_PRODUCT, "$ * $8", share, value);
    }
    return node_compose(&m->tree, LEVEL_ATOM, "$ $$ = $", node_text(&m->tree, str_of(word)), name->node, with, value);
}

/* Flows of the stage that formulas behind it may name. */
struct made_flows {
    struct node *names[8];
    uint32_t count;
};

static void add_flow(struct maker *m, struct stage *stage, struct node *block, struct made_flows *made)
{
    struct name name;
    struct node *flow = draw_emission(m, stage, &name);
    node_add(&m->tree, block, flow);
    if (made->count < countof(made->names)) {
        made->names[made->count++] = node_compose(&m->tree, LEVEL_ATOM, "$.$", stage->name.node, name.node);
    }
}

static void add_process(struct maker *m, struct stage *stage, struct made_flows *made)
{
    struct node *block = node_sequence(&m->tree, STR("\n            "));
    struct name name = maker_name(m, "step", "工序");
    maker_count(m, HAS_PROCESS);
    for (uint32_t i = 1 + maker_below(m, 2); i > 0; i--) {
        add_flow(m, stage, block, made);
    }
    if (maker_chance(m, 25) && !stage->is_allocated) {
        node_add(&m->tree, block, allocation_by_shares(m));
    }
    struct node *when = node_sequence(&m->tree, STR(""));
    if (maker_chance(m, 15)) {
        node_add(&m->tree, when, node_compose(&m->tree, LEVEL_ATOM, " when $", draw_flag(m, 2)));
    }
    add(m, stage, node_compose(&m->tree, LEVEL_ATOM, "process $$ {\n            $\n        }", name.node, when, block));
}

/* ---- stages ---- */

/* `for each`, `scaled by`, `when`; opens the row. */
static struct node *stage_attributes(struct maker *m, struct stage *stage)
{
    struct node *all = node_sequence(&m->tree, STR(""));
    uint32_t which = m->row_count + 1 < ROWS_MAX ? maker_below(m, 20) : 20;
    const struct list *list = m->lists;
    while (list != NULL && list->is_linear) {
        list = list->next;
    }
    if (which < 3 && list != NULL) {
        struct node *row = enter_row(m, list);
        struct node *each = node_compose(&m->tree, LEVEL_ATOM, " for each $ in $", row, list->name.node);
        each->is_kept = true;
        node_add(&m->tree, all, each);
        maker_count(m, HAS_STAGE_LIST);
    } else if (which < 5) {
        bool is_table = m->tables != NULL && maker_chance(m, 50);
        struct node *row = maker_local(m, "y").node;
        m->rows[m->row_count++] = (struct row){.variable = row};
        struct node *each = is_table ? node_compose(&m->tree, LEVEL_ATOM, " for each $ in $", row, m->tables->name.node)
                                     : node_compose(&m->tree, LEVEL_ATOM, " for each $ in 1 .. 3", row);
        each->is_kept = true;
        node_add(&m->tree, all, each);
        if (!is_table) {
            maker_enter(m, row, type_number(powers_plain()), false, 0);
        } else if (m->tables->column_count > 1) {
            maker_enter(m, node_compose(&m->tree, LEVEL_ATOM, "$.$", row, m->tables->column_names[0].node),
                        m->tables->columns[0], false, 0);
        } else {
            maker_enter(m, row, m->tables->columns[0], false, 0);
        }
        maker_count(m, is_table ? HAS_STAGE_TABLE : HAS_STAGE_RANGE);
    }
    if (which < 5 && maker_chance(m, 50)) {
        node_add(&m->tree, all, node_compose(&m->tree, LEVEL_ATOM, " scaled by $6", draw_number(m, powers_plain(), 2)));
        maker_count(m, HAS_SCALED);
    }
    if (maker_chance(m, 15)) {
        node_add(&m->tree, all, node_compose(&m->tree, LEVEL_ATOM, " when $", draw_flag(m, 2)));
        maker_count(m, HAS_STAGE_WHEN);
    }
    (void)stage;
    return all;
}

static void fill_stage(struct maker *m, struct stage *stage)
{
    struct made_flows made = {.count = 0};
    uint32_t flows = m->flow_count;
    if (maker_chance(m, 12)) {
        add(m, stage, draw_stage_data(m));
    }
    if (maker_chance(m, 30)) {
        maker_count(m, HAS_LET_STAGE);
        add(m, stage, draw_let(m, 2));
    }
    for (uint32_t i = 1 + maker_below(m, 2); i > 0; i--) {
        add_flow(m, stage, stage->items, &made);
    }
    if (maker_chance(m, 30)) {
        add_process(m, stage, &made);
    }
    if (!stage->is_allocated && maker_chance(m, 25)) {
        struct node *allocation = maker_chance(m, 50) ? allocation_by_key(m) : NULL;
        add(m, stage, allocation != NULL ? allocation : allocation_by_shares(m));
    }
    if (m->variant != NULL && maker_chance(m, 30)) {
        struct node *more = node_sequence(&m->tree, STR(" "));
        add_flow(m, stage, more, &made);
        add(m, stage, node_only_in(&m->tree, FORM_WHOLE, more));
        made.count--; /* only the variant could name it */
        node_add(&m->tree, m->variant,
                 node_compose(&m->tree, LEVEL_ATOM, "extend stage $ { $ }", stage->name.node, more));
    }
    m->flow_count = flows;
    for (uint32_t i = 0; i < made.count && m->flow_count < countof(m->flows); i++) {
        m->flows[m->flow_count++] = made.names[i];
    }
    if (m->group_count + 1 < countof(m->groups)) {
        m->groups[m->group_count++] = stage->name.node;
        m->groups[m->group_count++] = made.names[0];
    }
}

static void draw_stage(struct maker *m, struct stage *stage)
{
    static const char *const phases[] = {"raw_material", "production", "distribution"};
    static const char *const own_phases[] = {"making", "selling", "beyond"};
    uint32_t phase = maker_below(m, 3), scope = m->scope_count, rows = m->row_count;
    stage->name = maker_name(m, "stage_of", "环");
    stage->items = node_sequence(&m->tree, STR("\n        "));
    stage->is_allocated = m->reference_list != NULL && maker_chance(m, 50);
    struct node *with = stage_attributes(m, stage);
    fill_stage(m, stage);
    m->scope_count = scope;
    m->row_count = rows;
    node_add(&m->tree, m->rule,
             node_compose(&m->tree, LEVEL_ATOM, "stage $ : $$ {\n        $\n    }", stage->name.node,
                          node_text(&m->tree, str_of(m->has_lifecycle ? own_phases[phase] : phases[phase])), with,
                          stage->items));
}

void draw_stages(struct maker *m)
{
    struct stage stages[3];
    uint32_t count = 1 + maker_below(m, 3);
    for (uint32_t i = 0; i < count; i++) {
        stages[i] = (struct stage){.items = NULL};
        draw_stage(m, &stages[i]);
    }
    allocate_over_rows(m, stages, count);
}
