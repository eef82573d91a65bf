/* What stands outside the rule: choices, tables, units, functions. */
#include "tests/random/maker.h"

static void add(struct maker *m, struct node *node)
{
    node_add(&m->tree, m->module, node);
}

/* ---- choices ---- */

static void draw_choice(struct maker *m)
{
    static const char *const colours[][2] = {
        {"red",   "红"},
        {"green", "绿"},
        {"blue",  "蓝"},
        {"grey",  "灰"},
        {"black", "黑"}
    };
    struct choice *choice = &m->choices[m->choice_count++];
    choice->name = maker_name(m, "Colour", "颜色");
    choice->count = 2 + maker_below(m, 4);
    struct node *members = node_sequence(&m->tree, STR(", "));
    struct node *whole = node_sequence(&m->tree, STR(", ")); /* with what a variant adds */
    struct node *added = NULL;
    for (uint32_t i = 0; i < choice->count; i++) {
        choice->members[i] = maker_name(m, colours[i][0], colours[i][1]);
        struct node *member = choice->members[i].node;
        if (maker_chance(m, 20)) {
            choice->spelt[i] = str_format(m->arena, "code-%u", m->name_count);
            member = node_compose(&m->tree, LEVEL_ATOM, "$ = \"$\"", member, node_text(&m->tree, choice->spelt[i]));
            maker_count(m, HAS_SPELLING);
        }
        added = m->variant != NULL && i > 0 && i + 1 == choice->count && maker_chance(m, 40) ? member : NULL;
        node_add(&m->tree, whole, member);
        if (added == NULL) {
            node_add(&m->tree, members, member);
        }
    }
    maker_count(m, HAS_CHOICE);
    struct node *declared = node_compose(&m->tree, LEVEL_ATOM, "choice $ { $ }", choice->name.node, members);
    add(m, declared);
    if (added != NULL) {
        declared->as[FORM_WHOLE] = node_compose(&m->tree, LEVEL_ATOM, "choice $ { $ }", choice->name.node, whole);
        node_add(&m->tree, m->variant,
                 node_compose(&m->tree, LEVEL_ATOM, "extend choice $ { $ }", choice->name.node, added));
        maker_count(m, HAS_EXTEND_CHOICE);
    }
}

/* Gases that data may name: members are those of the table of warming potentials. */
static void draw_gas_choice(struct maker *m)
{
    static const char *const gases[] = {"HFC134a", "HFC32", "SF6"};
    struct choice *choice = arena_new(m->arena, struct choice);
    choice->name = maker_name(m, "Refrigerant", "制冷剂");
    choice->count = countof(gases);
    choice->is_of_gases = true;
    for (uint32_t i = 0; i < countof(gases); i++) {
        choice->members[i].first = str_of(gases[i]);
        choice->members[i].node = node_text(&m->tree, str_of(gases[i]));
    }
    m->gases = choice;
    add(m, node_compose(&m->tree, LEVEL_ATOM, "choice $ { HFC134a, HFC32, SF6 }", choice->name.node));
}

/* ---- tables ---- */

static struct node *cell(struct maker *m, const struct type *column)
{
    if (column->is_optional && maker_chance(m, 40)) {
        maker_count(m, HAS_TABLE_OPTIONAL);
        return node_text(&m->tree, STR("_"));
    }
    struct node *plain = node_text(&m->tree, decimal_drawn(m->arena, &m->random));
    if (maker_chance(m, 8)) {
        maker_count(m, HAS_TABLE_FORMULA);
        struct node *formula =
            node_format(&m->tree, LEVEL_ATOM, "(%u / %u)", 1 + maker_below(m, 20), 1 + maker_below(m, 9));
        if (powers_is_plain(column->kind)) {
            return formula;
        }
    }
    return plain;
}

static struct node *cells(struct maker *m, const struct table *table)
{
    struct node *list = node_text(&m->tree, STR(""));
    for (uint32_t i = 0; i < table->column_count; i++) {
        struct node *one = cell(m, &table->columns[i]);
        list = i == 0 ? one : node_compose(&m->tree, LEVEL_ATOM, "$, $", list, one);
    }
    return list;
}

static void draw_columns(struct maker *m, struct table *table, struct measure *units)
{
    table->column_count = maker_chance(m, 60) ? 1 : 2 + maker_below(m, 2);
    for (uint32_t i = 0; i < table->column_count; i++) {
        struct powers kind = maker_kind(m);
        units[i] = measure_drawn(m->arena, &m->random, kind);
        table->columns[i] = type_number(kind);
        if (table->column_count > 1) {
            table->column_names[i] = maker_name(m, "value", "值");
            table->columns[i].is_optional = i > 0 && maker_chance(m, 40);
        }
    }
}

static struct str type_text(struct measure unit)
{
    return measure_is_one(unit) ? STR("number") : unit.text;
}

static struct node *column_types(struct maker *m, const struct table *table, const struct measure *units)
{
    if (table->column_count == 1) {
        return node_text(&m->tree, type_text(units[0]));
    }
    struct node *list = node_text(&m->tree, STR("{ "));
    for (uint32_t i = 0; i < table->column_count; i++) {
        struct str optional = table->columns[i].is_optional ? STR(" optional") : STR("");
        list = node_compose(&m->tree, LEVEL_ATOM, i == 0 ? "$$ : $$" : "$, $ : $$", list, table->column_names[i].node,
                            node_text(&m->tree, type_text(units[i])), node_text(&m->tree, optional));
    }
    maker_count(m, HAS_TABLE_COLUMNS);
    return node_compose(&m->tree, LEVEL_ATOM, "$ }", list);
}

/* One row for each pattern of the key; "otherwise" at the end where nothing may miss. */
struct patterns {
    struct node *items[6];
    uint32_t count;
};

/* `otherwise` in both keys would leave it open which row fills a place. */
static struct patterns draw_key(struct maker *m, struct table *table, uint32_t key, struct str *type, bool is_total)
{
    struct patterns patterns = {.count = 0};
    table->key_names[key] = maker_name(m, "key", "键");
    uint32_t which = m->choice_count > 0 ? maker_below(m, 8) : 3 + maker_below(m, 5);
    if (which < 3) {
        const struct choice *choice = &m->choices[maker_below(m, m->choice_count)];
        uint32_t listed = is_total ? choice->count - 1 : choice->count;
        for (; patterns.count < listed; patterns.count++) {
            patterns.items[patterns.count] = choice->members[patterns.count].node;
        }
        table->keys[key] = (struct type){.sort = SORT_MEMBER, .choice = choice};
        *type = choice->name.first;
        maker_count(m, HAS_TABLE_CHOICE);
    } else if (which < 5) {
        static const char *const texts[] = {"\"steel\"", "\"tin\"", "\"lead\"", "\"铜\""};
        for (; patterns.count < 2 + maker_below(m, 3) && patterns.count < countof(texts); patterns.count++) {
            patterns.items[patterns.count] = node_text(&m->tree, str_of(texts[patterns.count]));
        }
        table->keys[key] = type_of(SORT_TEXT);
        table->may_miss |= !is_total;
        *type = STR("text");
        maker_count(m, HAS_TABLE_TEXT);
    } else if (which < 6) {
        static const char *const years[] = {"2019 .. 2020", "2021", "2022 .. 2023"};
        for (; patterns.count < countof(years); patterns.count++) {
            patterns.items[patterns.count] = node_text(&m->tree, str_of(years[patterns.count]));
        }
        table->keys[key] = type_of(SORT_YEAR);
        table->may_miss |= !is_total;
        *type = STR("year");
        maker_count(m, HAS_TABLE_YEAR);
    } else {
        struct powers kind = maker_kind(m);
        struct measure unit = measure_drawn(m->arena, &m->random, kind);
        static const char *const limits[] = {"0.5", "2.5", "12.5", "100"};
        for (; patterns.count < countof(limits); patterns.count++) {
            const char *word = maker_chance(m, 50) ? "up to" : "below";
            patterns.items[patterns.count] =
                measure_is_one(unit)
                    ? node_format(&m->tree, LEVEL_ATOM, "%s %s", word, limits[patterns.count])
                    : node_format(&m->tree, LEVEL_ATOM, "%s %s %.*s", word, limits[patterns.count], STR_FMT(unit.text));
        }
        table->keys[key] = type_number(kind);
        table->may_miss |= !is_total;
        *type = type_text(unit);
        maker_count(m, HAS_TABLE_STEPS);
    }
    if (is_total) {
        patterns.items[patterns.count++] = node_text(&m->tree, STR("otherwise"));
        maker_count(m, HAS_TABLE_OTHERWISE);
    }
    return patterns;
}

static struct node *key_params(struct maker *m, const struct table *table, const struct str *types)
{
    struct node *list = node_text(&m->tree, STR(""));
    for (uint32_t i = 0; i < table->key_count; i++) {
        list = node_compose(&m->tree, LEVEL_ATOM, i == 0 ? "$$: $" : "$, $: $", list, table->key_names[i].node,
                            node_text(&m->tree, types[i]));
    }
    return list;
}

static struct node *table_rows(struct maker *m, const struct table *table, const struct patterns *keys, bool is_matrix)
{
    struct node *rows = node_sequence(&m->tree, STR("\n    "));
    if (is_matrix) {
        struct node *line = node_text(&m->tree, STR("=> "));
        for (uint32_t i = 0; i < keys[1].count; i++) {
            line = node_compose(&m->tree, LEVEL_ATOM, i == 0 ? "$$" : "$, $", line, keys[1].items[i]);
        }
        node_add(&m->tree, rows, line);
    }
    for (uint32_t i = 0; i < keys[0].count; i++) {
        struct node *row = node_compose(&m->tree, LEVEL_ATOM, "$ => ", keys[0].items[i]);
        for (uint32_t k = 0; k < keys[1].count || (k == 0 && table->key_count == 1); k++) {
            if (is_matrix) {
                row = node_compose(&m->tree, LEVEL_ATOM, k == 0 ? "$$" : "$, $", row, cells(m, table));
            } else if (table->key_count == 2 && !(table->is_symmetric && k < i)) {
                node_add(&m->tree, rows,
                         node_compose(&m->tree, LEVEL_ATOM, "$, $ => $", keys[0].items[i], keys[1].items[k],
                                      cells(m, table)));
            } else if (table->key_count == 1) {
                node_add(&m->tree, rows, node_compose(&m->tree, LEVEL_ATOM, "$$", row, cells(m, table)));
            }
        }
        if (is_matrix) {
            node_add(&m->tree, rows, row);
        }
    }
    return rows;
}

/* Each pair of the first key's patterns once. */
static void make_symmetric(struct maker *m, struct table *table, struct patterns *keys, struct str *types)
{
    table->is_symmetric = true;
    table->keys[1] = table->keys[0];
    table->key_names[1] = maker_name(m, "key", "键");
    keys[1] = keys[0];
    types[1] = types[0];
    maker_count(m, HAS_TABLE_SYMMETRIC);
}

static void draw_table(struct maker *m)
{
    struct table *table = arena_new(m->arena, struct table);
    struct measure units[COLUMNS_MAX];
    struct str types[KEYS_MAX];
    struct patterns keys[KEYS_MAX] = {{.count = 0}, {.count = 0}};
    table->name = maker_name(m, "table_of", "表");
    table->key_count = maker_chance(m, 65) ? 1 : 2;
    uint32_t total_key = maker_below(m, 2 * table->key_count);
    for (uint32_t i = 0; i < table->key_count; i++) {
        bool is_alike = i == 1 && total_key > 1 &&
                        (table->keys[0].sort == SORT_MEMBER || table->keys[0].sort == SORT_TEXT) && maker_chance(m, 50);
        if (is_alike) {
            make_symmetric(m, table, keys, types);
        } else {
            keys[i] = draw_key(m, table, i, &types[i], i == total_key);
        }
    }
    draw_columns(m, table, units);
    bool is_matrix = table->key_count == 2 && table->column_count == 1 && !table->is_symmetric && maker_chance(m, 50);
    maker_count(m, table->key_count == 2 ? is_matrix ? HAS_TABLE_MATRIX : HAS_TABLE_TWO : HAS_TABLE_CHOICE);
    struct node *params = key_params(m, table, types);
    add(m, node_compose(&m->tree, LEVEL_ATOM, "table $($) -> $$ {\n    $\n}", table->name.node, params,
                        column_types(m, table, units),
                        node_text(&m->tree, table->is_symmetric ? STR(" symmetric") : STR("")), table_rows(m, table, keys, is_matrix)));
    table->next = m->tables;
    m->tables = table;
}

/* ---- functions ---- */

static void draw_function(struct maker *m)
{
    struct function *function = arena_new(m->arena, struct function);
    function->name = maker_name(m, "formula", "公式");
    function->param_count = 1 + maker_below(m, 2);
    struct node *params = node_text(&m->tree, STR(""));
    uint32_t scope = m->scope_count;
    bool is_typed = false;
    for (uint32_t i = 0; i < function->param_count; i++) {
        function->params[i] = maker_kind(m);
        function->param_names[i] = maker_name(m, "x", "参数");
        struct measure unit = measure_drawn(m->arena, &m->random, function->params[i]);
        bool has_type = maker_chance(m, 50);
        is_typed |= has_type;
        struct node *type = has_type ? node_format(&m->tree, LEVEL_ATOM, ": %.*s", STR_FMT(type_text(unit)))
                                     : node_text(&m->tree, STR(""));
        struct node *range = node_text(&m->tree, STR(""));
        if (has_type && maker_chance(m, 30)) {
            struct str of = measure_is_one(unit) ? STR("") : unit.text;
            const char *least = maker_chance(m, 50) ? "0" : "-1e9";
            range = node_format(&m->tree, LEVEL_ATOM, " range %s %.*s .. 1e9 %.*s", least, STR_FMT(of), STR_FMT(of));
            maker_count(m, HAS_FUNCTION_RANGE);
        }
        params = node_compose(&m->tree, LEVEL_ATOM, i == 0 ? "$$$$" : "$, $$$", params, function->param_names[i].node,
                              type, range);
    }
    for (uint32_t i = 0; i < function->param_count; i++) {
        maker_enter(m, function->param_names[i].node, type_number(function->params[i]), false, 0);
    }
    function->result = maker_kind(m);
    m->depth_seen = m->row_count;
    struct node *body = draw_number(m, function->result, 3);
    function->depth = m->depth_seen - m->row_count;
    m->scope_count = scope;
    maker_count(m, is_typed ? HAS_FUNCTION_TYPED : HAS_FUNCTION);
    add(m, node_compose(&m->tree, LEVEL_ATOM, "function $($) = $", function->name.node, params, body));
    function->next = m->functions;
    m->functions = function;
}

/* The test's host has these two. */
static void draw_natives(struct maker *m)
{
    struct function *twist = arena_new(m->arena, struct function), *warmth = arena_new(m->arena, struct function);
    twist->name = (struct name){.first = STR("twist"), .node = node_text(&m->tree, STR("twist"))};
    twist->param_names[0] = (struct name){.first = STR("a"), .node = node_text(&m->tree, STR("first_one"))};
    twist->param_names[1] = (struct name){.first = STR("b"), .node = node_text(&m->tree, STR("second_one"))};
    twist->param_count = 2;
    *warmth = *twist;
    warmth->name = (struct name){.first = STR("warmth"), .node = node_text(&m->tree, STR("warmth"))};
    warmth->param_count = 1;
    warmth->params[0] = powers_base(BASE_MASS);
    warmth->result = powers_base(BASE_ENERGY);
    twist->next = warmth;
    warmth->next = m->functions;
    m->functions = twist;
    maker_count(m, HAS_NATIVE);
    add(m, node_text(&m->tree, STR("external function twist(first_one: number, second_one: number): number")));
    add(m, node_text(&m->tree, STR("external function warmth(first_one: kg): MJ")));
}

void draw_module(struct maker *m)
{
    if (m->uses_pallets) {
        maker_count(m, HAS_UNIT);
        add(m, node_text(&m->tree, STR("unit pallet\nunit lorry = 32.5 pallet")));
    }
    for (uint32_t i = 1 + maker_below(m, 2); i > 0; i--) {
        draw_choice(m);
    }
    if (m->uses_gases && maker_chance(m, 50)) {
        draw_gas_choice(m);
    }
    for (uint32_t i = maker_below(m, 4); i > 0; i--) {
        draw_table(m);
    }
    if (maker_chance(m, 10)) {
        draw_natives(m);
    }
    for (uint32_t i = maker_below(m, 3); i > 0; i--) {
        draw_function(m);
    }
}
