/* What a company reports: fields and lists. */
#include "tests/random/maker.h"

static struct node *amount_text(struct maker *m, const char *decimal, struct measure unit)
{
    return measure_is_one(unit) ? node_text(&m->tree, str_of(decimal))
                                : node_format(&m->tree, LEVEL_ATOM, "%s %.*s", decimal, STR_FMT(unit.text));
}

static struct str type_text(const struct field *field)
{
    switch (field->type.sort) {
    case SORT_NUMBER:
        return measure_is_one(field->unit) ? STR("number") : field->unit.text;
    case SORT_POINT:
        return STR("℃");
    case SORT_FLAG:
        return STR("bool");
    case SORT_MEMBER:
        return field->type.choice->name.first;
    case SORT_TEXT:
        return field->is_region ? STR("region") : STR("text");
    case SORT_YEAR:
        return STR("year");
    case SORT_DATE:
        return STR("date");
    }
    return STR("");
}

/* Attributes of a number or a temperature: a range, a default, optional, where it comes from. */
static struct node *number_attributes(struct maker *m, struct field *field)
{
    static const char *const ranges[][2] = {
        {"0",     "1000"   },
        {"-100",  "100"    },
        {"0.1",   "100000" },
        {"-1000", "1000000"}
    };
    bool is_point = field->type.sort == SORT_POINT;
    struct node *all = node_sequence(&m->tree, STR(""));
    if (is_point) {
        field->is_signed = true;
        field->low = STR("-40"), field->high = STR("60");
        struct node *range = node_text(&m->tree, STR(" range -40 ℃ .. 60 ℃"));
        range->is_kept = true;
        node_add(&m->tree, all, range);
        maker_count(m, HAS_FIELD_POINT);
    } else if (!field->is_amount && !field->is_key && maker_chance(m, 25)) {
        const char *const *range = ranges[maker_below(m, countof(ranges))];
        field->low = str_of(range[0]), field->high = str_of(range[1]);
        field->is_signed = range[0][0] == '-';
        struct node *node = node_compose(&m->tree, LEVEL_ATOM, " range $ .. $", amount_text(m, range[0], field->unit),
                                         amount_text(m, range[1], field->unit));
        node->is_kept = true; /* the data were drawn to lie inside */
        node_add(&m->tree, all, node);
        maker_count(m, HAS_FIELD_RANGE);
    }
    uint32_t which = maker_below(m, 10);
    if (which < 2 && !is_point && !field->is_key && !field->is_amount) {
        field->has_default = true;
        struct node *value = node_compose(&m->tree, LEVEL_ATOM, " = $", amount_text(m, "12.5", field->unit));
        value->is_kept = true;
        node_add(&m->tree, all, value);
        maker_count(m, HAS_FIELD_DEFAULT);
    } else if (which < 4 && !field->is_key && !field->is_amount) {
        field->type.is_optional = true;
        struct node *optional = node_text(&m->tree, STR(" optional"));
        optional->is_kept = true;
        node_add(&m->tree, all, optional);
        maker_count(m, HAS_FIELD_OPTIONAL);
    }
    if (maker_chance(m, 25)) {
        node_add(&m->tree, all, node_text(&m->tree, maker_chance(m, 70) ? STR(" primary") : STR(" secondary")));
        maker_count(m, HAS_FIELD_PRIMARY);
    }
    return all;
}

/* A new field behind the others; written into the block. */
static struct field *add_field(struct maker *m, struct node *block, struct field **fields, struct field wanted,
                               const char *name, const char *other)
{
    struct field *field = arena_new(m->arena, struct field);
    *field = wanted;
    field->name = maker_name(m, name, other);
    bool is_number = field->type.sort == SORT_NUMBER || field->type.sort == SORT_POINT;
    if (field->type.sort == SORT_NUMBER && field->unit.text.len == 0) {
        field->unit = measure_drawn(m->arena, &m->random, field->type.kind);
    }
    struct node *attributes = is_number ? number_attributes(m, field) : node_text(&m->tree, STR(""));
    maker_count(m, field->type.sort == SORT_DATE   ? HAS_FIELD_DATE
                   : field->type.sort == SORT_YEAR ? HAS_FIELD_YEAR
                                                   : HAS_FIELD_PRIMARY);
    field->declaration = node_compose(&m->tree, LEVEL_ATOM, "$ : $$", field->name.node,
                                      node_text(&m->tree, type_text(field)), attributes);
    node_add(&m->tree, block, field->declaration);
    struct field **end = fields;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = field;
    return field;
}

static void add_number(struct maker *m, struct node *block, struct field **fields)
{
    static const char *const names[][2] = {
        {"mass",  "质量"},
        {"power", "电量"},
        {"size",  "规模"},
        {"price", "价格"},
        {"share", "份额"},
        {"way",   "运距"}
    };
    uint32_t which = maker_below(m, countof(names));
    struct field field = {.type = type_number(maker_kind(m))};
    (void)add_field(m, block, fields, field, names[which][0], names[which][1]);
}

static void add_of(struct maker *m, struct node *block, struct field **fields, enum sort sort, const char *name,
                   const char *other)
{
    struct field field = {.type = type_of(sort)};
    if (sort == SORT_MEMBER) {
        field.type.choice = &m->choices[maker_below(m, m->choice_count)];
    }
    (void)add_field(m, block, fields, field, name, other);
}

/* ---- lists ---- */

static void add_key(struct maker *m, struct list *list, struct node *block)
{
    static const enum sort sorts[] = {SORT_TEXT, SORT_YEAR, SORT_NUMBER, SORT_MEMBER};
    struct field field = {.type = type_of(sorts[maker_below(m, countof(sorts))]), .is_key = true};
    if (field.type.sort == SORT_MEMBER) {
        field.type.choice = &m->choices[maker_below(m, m->choice_count)];
        list->rows_max = field.type.choice->count < list->rows_max ? field.type.choice->count : list->rows_max;
    }
    field.unit = (struct measure){.text = STR("1"), .scale = RAT_ONE};
    list->key = add_field(m, block, &list->fields, field, "hour", "时");
    maker_count(m, HAS_LIST_KEYED);
}

/* The fields stand in a row type of the module: its name. */
static struct node *draw_row_type(struct maker *m, struct node *block)
{
    struct node *name = maker_name(m, "Row", "行型").node;
    struct node *row = node_compose(&m->tree, LEVEL_ATOM, "row $ {\n    $\n}", name, block);
    row->is_kept = true;
    node_add(&m->tree, m->module, row);
    maker_count(m, HAS_ROW_TYPE);
    return name;
}

/* row: NULL, or the row type of the list; block: its own fields, empty where it has none. */
static struct node *list_text(struct maker *m, struct list *list, struct node *row, struct node *block)
{
    struct node *attributes = node_text(&m->tree, STR(""));
    if (list->key != NULL) {
        attributes = node_compose(&m->tree, LEVEL_ATOM, " key $", list->key->name.node);
    } else if (list->is_optional) {
        attributes = node_text(&m->tree, STR(" optional"));
    }
    bool is_bare = row != NULL && list->inner == NULL;
    struct node *before = row == NULL ? node_text(&m->tree, STR("")) : node_compose(&m->tree, LEVEL_ATOM, "$ ", row);
    struct node *fields =
        is_bare ? block : node_compose(&m->tree, LEVEL_ATOM, "{\n            $\n        }", block);
    list->declaration =
        node_compose(&m->tree, LEVEL_ATOM, "$ : list of $$$", list->name.node, before, fields, attributes);
    return list->declaration;
}

static struct list *draw_list(struct maker *m, uint32_t level, struct node **text)
{
    struct list *list = arena_new(m->arena, struct list);
    struct node *block = node_sequence(&m->tree, STR("\n            "));
    struct node *row = NULL;
    list->name = level == 0 ? maker_name(m, "items", "明细表") : maker_name(m, "subs", "子表");
    list->rows_max = level == 0 ? 5 : 3;
    list->is_linear = maker_chance(m, 30);
    if (list->is_linear) {
        struct field amount = {.type = type_number(powers_base(maker_chance(m, 60) ? BASE_MASS : BASE_ENERGY)),
                               .is_amount = true};
        (void)add_field(m, block, &list->fields, amount, "amount", "数量");
    } else if (level == 0 && maker_chance(m, 30)) {
        add_key(m, list, block);
    }
    for (uint32_t i = 1 + maker_below(m, 3); i > 0; i--) {
        add_number(m, block, &list->fields);
    }
    if (m->gases != NULL && level == 0 && maker_chance(m, 40)) {
        struct field gas = {
            .type = {.sort = SORT_MEMBER, .choice = m->gases}
        };
        (void)add_field(m, block, &list->fields, gas, "gas", "气体");
        struct field leaked = {.type = type_number(powers_base(BASE_MASS))};
        (void)add_field(m, block, &list->fields, leaked, "leaked", "泄漏");
    }
    if (maker_chance(m, 60)) {
        add_of(m, block, &list->fields, SORT_TEXT, "label", "标签");
    }
    if (maker_chance(m, 50)) {
        add_of(m, block, &list->fields, SORT_MEMBER, "colour", "色");
    }
    if (maker_chance(m, 30)) {
        add_of(m, block, &list->fields, SORT_FLAG, "is_on", "启用");
    }
    if (maker_chance(m, 20)) {
        add_of(m, block, &list->fields, SORT_POINT, "warm", "温度");
    }
    maker_count(m, level == 0 ? HAS_LIST : HAS_LIST_NESTED);
    if (level == 0 && !list->is_linear && maker_chance(m, 40)) {
        struct node *inner_text = NULL;
        list->inner = draw_list(m, 1, &inner_text);
        row = maker_chance(m, 35) ? draw_row_type(m, block) : NULL;
        block = row == NULL ? block : node_sequence(&m->tree, STR("\n            "));
        node_add(&m->tree, block, inner_text);
    } else if (maker_chance(m, 35)) {
        row = draw_row_type(m, block);
        block = node_text(&m->tree, STR(""));
    }
    list->is_optional = list->key == NULL && maker_chance(m, 15);
    if (list->is_optional) {
        maker_count(m, HAS_LIST_OPTIONAL);
    }
    *text = list_text(m, list, row, block);
    return list;
}

void draw_data(struct maker *m)
{
    static const enum base sizes[] = {BASE_MASS, BASE_VOLUME, BASE_ITEMS, BASE_ENERGY};
    struct field output = {.type = type_number(powers_base(sizes[maker_below(m, countof(sizes))])), .is_amount = true};
    m->output = add_field(m, m->data, &m->fields, output, "output", "产量");
    m->output->declaration->is_kept = true;
    for (uint32_t i = 4 + maker_below(m, 4); i > 0; i--) {
        add_number(m, m->data, &m->fields);
    }
    add_of(m, m->data, &m->fields, SORT_YEAR, "period", "报告年");
    if (maker_chance(m, 60)) {
        add_of(m, m->data, &m->fields, SORT_FLAG, "is_big", "是否大");
    }
    add_of(m, m->data, &m->fields, SORT_MEMBER, "kind", "类型");
    if (maker_chance(m, 50)) {
        add_of(m, m->data, &m->fields, SORT_TEXT, "place", "产地");
    }
    if (maker_chance(m, 40)) {
        add_of(m, m->data, &m->fields, SORT_DATE, "day", "日期");
    }
    if (maker_chance(m, 50)) {
        add_of(m, m->data, &m->fields, SORT_POINT, "warm", "温度");
    }
    struct list **end = &m->lists;
    for (uint32_t i = 1 + maker_below(m, 3); i > 0; i--) {
        struct node *text = NULL;
        *end = draw_list(m, 0, &text);
        node_add(&m->tree, m->data, text);
        end = &(*end)->next;
    }
}

struct node *draw_stage_data(struct maker *m)
{
    struct node *block = node_sequence(&m->tree, STR(" "));
    struct field field = {.type = type_number(maker_kind(m))};
    const struct field *made = add_field(m, block, &m->fields, field, "extra", "补");
    maker_enter(m, made->name.node, made->type, !made->has_default, 0);
    maker_count(m, HAS_DATA_IN_STAGE);
    return node_compose(&m->tree, LEVEL_ATOM, "data { $ }", block);
}

void enter_data(struct maker *m)
{
    m->has_data = true;
    for (const struct field *field = m->fields; field != NULL; field = field->next) {
        maker_enter(m, field->name.node, field->type, !field->has_default, 0);
    }
}
