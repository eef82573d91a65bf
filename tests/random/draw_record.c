/* Data for a drawn rule: products as lines of JSON, and the file of factors. */
#include "tests/random/maker.h"

static struct str signed_decimal(struct maker *m, const struct field *field)
{
    struct str decimal = decimal_drawn(m->arena, &m->random);
    if (field->type.sort == SORT_POINT) {
        decimal = str_format(m->arena, "%u.%u", maker_below(m, 40), maker_below(m, 10));
    }
    bool is_small = field->high.len > 0 && field->high.len < 5;
    if (is_small && decimal.len > 4) {
        decimal = str_format(m->arena, "%u.%u", 1 + maker_below(m, 30), maker_below(m, 10));
    }
    if (field->low.len == 3 && str_eq(field->low, STR("0.1"))) {
        decimal = str_format(m->arena, "%u.%u", 1 + maker_below(m, 300), maker_below(m, 10));
    } else if (maker_chance(m, 4)) {
        return STR("0");
    }
    return field->is_signed && maker_chance(m, 40) ? str_format(m->arena, "-%.*s", STR_FMT(decimal)) : decimal;
}

static struct node *number_in(struct maker *m, struct str decimal, struct measure unit, bool has_unit)
{
    return has_unit ? node_format(&m->tree, LEVEL_ATOM, "\"%.*s %.*s\"", STR_FMT(decimal), STR_FMT(unit.text))
                    : node_text(&m->tree, decimal);
}

/* As it is, with its unit, or as an object; in the restated form in another unit. */
static struct node *number_datum(struct maker *m, const struct field *field, struct str decimal)
{
    struct node *node = node_text(&m->tree, decimal);
    if (field->type.sort != SORT_NUMBER) {
        return node;
    }
    struct measure other = measure_drawn(m->arena, &m->random, field->type.kind);
    if (measure_is_one(other)) { /* a share */
        other.text = STR("%");
        other.scale = rat_of(m->arena, 1, 100);
    }
    struct str restated = decimal_restated(m->arena, decimal, field->unit, other);
    uint32_t which = maker_below(m, 10);
    if (restated.len > 0) {
        node->as[FORM_RESTATED] = number_in(m, restated, other, true);
        if (which < 1) {
            struct node *turned = number_in(m, restated, other, true);
            turned->as[FORM_RESTATED] = number_in(m, decimal, field->unit, false);
            node_simplify(&m->tree, turned, node);
            maker_count(m, HAS_DATUM_UNIT);
            return turned;
        }
    }
    if (which == 2 && !field->is_key) {
        static const char *const more[] = {"\"origin\": \"primary\"", "\"quality\": 2", "\"estimated\": true",
                                           "\"source\": \"meter 7\""};
        maker_count(m, HAS_DATUM_OBJECT);
        struct node *object = node_compose(&m->tree, LEVEL_ATOM, "{\"value\": $, $}", node,
                                           node_text(&m->tree, str_of(more[maker_below(m, countof(more))])));
        node_simplify(&m->tree, object, node);
        return object;
    }
    node_simplify(&m->tree, node, node_text(&m->tree, STR("1")));
    node_simplify(&m->tree, node, node_text(&m->tree, STR("0")));
    return node;
}

static struct node *member_datum(struct maker *m, const struct choice *choice, uint32_t which)
{
    if (choice->spelt[which].len > 0) {
        return node_format(&m->tree, LEVEL_ATOM, "\"%.*s\"", STR_FMT(choice->spelt[which]));
    }
    return node_compose(&m->tree, LEVEL_ATOM, "\"$\"", choice->members[which].node);
}

/* `row`: keys differ from row to row. */
static struct node *datum(struct maker *m, const struct field *field, uint32_t row)
{
    static const char *const texts[] = {"steel", "tin", "lead", "铜", "zinc"};
    static const char *const regions[] = {"CN", "CN-SD", "FR", "BR"};
    uint32_t which = field->is_key ? row : maker_below(m, 100);
    switch (field->type.sort) {
    case SORT_NUMBER:
        return field->is_key ? node_format(&m->tree, LEVEL_ATOM, "%u.5", row)
                             : number_datum(m, field, signed_decimal(m, field));
    case SORT_POINT:
        return node_text(&m->tree, signed_decimal(m, field));
    case SORT_FLAG:
        return node_text(&m->tree, which % 2 == 0 ? STR("true") : STR("false"));
    case SORT_MEMBER:
        return member_datum(m, field->type.choice, which % field->type.choice->count);
    case SORT_TEXT:
        return field->is_region ? node_format(&m->tree, LEVEL_ATOM, "\"%s\"", regions[which % countof(regions)])
                                : node_format(&m->tree, LEVEL_ATOM, "\"%s\"", texts[which % countof(texts)]);
    case SORT_YEAR:
        return node_format(&m->tree, LEVEL_ATOM, "%u", 2019 + which % 5);
    case SORT_DATE:
        return node_format(&m->tree, LEVEL_ATOM, "\"2023-%02u-%02u\"", 1 + which % 12, 1 + which % 28);
    }
    return NULL;
}

static struct node *rows_of(struct maker *m, const struct list *list);

static struct node *member(struct maker *m, const struct field *field, struct node *value)
{
    struct node *node = node_compose(&m->tree, LEVEL_ATOM, "\"$\": $", field->name.node, value);
    node->with = field->declaration;
    return node;
}

static struct node *list_member(struct maker *m, const struct list *list)
{
    struct node *node = node_compose(&m->tree, LEVEL_ATOM, "\"$\": [$]", list->name.node, rows_of(m, list));
    node->with = list->declaration;
    return node;
}

static bool is_missing(struct maker *m, const struct field *field)
{
    if (field->is_key || !(field->has_default || field->type.is_optional)) {
        return false;
    }
    bool is_left_out = maker_chance(m, 45);
    m->counts[HAS_DATUM_MISSING] += is_left_out;
    return is_left_out;
}

/* Of a linear list the row can be cut in two: the amount is divided, the rest is the same. */
struct row_text {
    struct node *whole, *halves[2];
};

static void add_everywhere(struct maker *m, struct row_text *row, struct node *node)
{
    node_add(&m->tree, row->whole, node);
    node_add(&m->tree, row->halves[0], node);
    node_add(&m->tree, row->halves[1], node);
}

static void add_amount(struct maker *m, struct row_text *row, const struct field *field)
{
    uint32_t first = maker_below(m, 900), second = 1 + maker_below(m, 900);
    struct node *whole =
        number_datum(m, field, str_format(m->arena, "%u.%u", (first + second) / 10, (first + second) % 10));
    struct node *part[2] = {node_format(&m->tree, LEVEL_ATOM, "%u.%u", first / 10, first % 10),
                            node_format(&m->tree, LEVEL_ATOM, "%u.%u", second / 10, second % 10)};
    node_add(&m->tree, row->whole, member(m, field, whole));
    node_add(&m->tree, row->halves[0], member(m, field, part[0]));
    node_add(&m->tree, row->halves[1], member(m, field, part[1]));
}

static struct node *row_of(struct maker *m, const struct list *list, uint32_t number)
{
    struct row_text row = {
        node_sequence(&m->tree, STR(", ")), {node_sequence(&m->tree, STR(", ")), node_sequence(&m->tree, STR(", "))}
    };
    for (const struct field *field = list->fields; field != NULL; field = field->next) {
        if (field->is_amount) {
            add_amount(m, &row, field);
        } else if (!is_missing(m, field)) {
            add_everywhere(m, &row, member(m, field, datum(m, field, number)));
        }
    }
    if (list->inner != NULL && !(list->inner->is_optional && maker_chance(m, 30))) {
        add_everywhere(m, &row, list_member(m, list->inner));
    }
    if (list->has_cut && maker_chance(m, 15)) {
        add_everywhere(m, &row, node_text(&m->tree, STR("\"cut\": \"little\"")));
    }
    struct node *whole = node_compose(&m->tree, LEVEL_ATOM, "{$}", row.whole);
    if (list->is_linear) {
        whole->as[FORM_SPLIT] = node_compose(&m->tree, LEVEL_ATOM, "{$}, {$}", row.halves[0], row.halves[1]);
    }
    return whole;
}

static struct node *rows_of(struct maker *m, const struct list *list)
{
    struct node *rows = node_sequence(&m->tree, STR(", "));
    rows->is_turned = true;
    uint32_t count = maker_chance(m, 5) ? 0 : 1 + maker_below(m, list->rows_max);
    for (uint32_t i = 0; i < count; i++) {
        node_add(&m->tree, rows, row_of(m, list, i));
    }
    return rows;
}

struct node *draw_record(struct maker *m, uint32_t number)
{
    struct node *members = node_sequence(&m->tree, STR(", "));
    struct node *id = node_format(&m->tree, LEVEL_ATOM, "\"id\": \"p%u\"", number);
    node_add(&m->tree, members, id);
    for (const struct field *field = m->fields; field != NULL; field = field->next) {
        if (!is_missing(m, field)) {
            node_add(&m->tree, members, member(m, field, datum(m, field, 0)));
        }
    }
    for (const struct list *list = m->lists; list != NULL; list = list->next) {
        if (!(list->is_optional && maker_chance(m, 30))) {
            node_add(&m->tree, members, list_member(m, list));
        }
    }
    return node_compose(&m->tree, LEVEL_ATOM, "{$$}", members, m->lifted_data);
}
