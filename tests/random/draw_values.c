/* Values that are no numbers, choices between values, and conditions. */
#include "tests/random/maker.h"

static struct node *settled(struct maker *m, struct type type, struct node *node)
{
    return node_settle(&m->tree, node, type_mark(type));
}

static struct node *named(struct maker *m, struct type type)
{
    const struct entry *entry = maker_find(m, type);
    return entry == NULL ? NULL : settled(m, type, node_compose(&m->tree, LEVEL_ATOM, "$", entry->node));
}

/* ---- choices between values of any type ---- */

static struct node *draw_if(struct maker *m, struct type type, int depth)
{
    maker_count(m, HAS_IF);
    struct node *condition = draw_flag(m, depth - 1);
    struct node *a = draw_value(m, type, depth - 1), *b = draw_value(m, type, depth - 1);
    return node_compose(&m->tree, LEVEL_IF, "if $ then $1 else $", condition, a, b);
}

static struct node *draw_if_given(struct maker *m, struct type type, int depth)
{
    struct type optional = type;
    optional.is_optional = true;
    const struct entry *entry = maker_find(m, optional);
    if (entry == NULL) {
        return NULL;
    }
    struct node *other = draw_value(m, type, depth - 1);
    struct node *given = settled(m, type, node_compose(&m->tree, LEVEL_ATOM, "$", entry->node));
    if (maker_chance(m, 70)) {
        maker_count(m, HAS_DEFAULT);
        return node_compose(&m->tree, LEVEL_DEFAULT, "$A default $9", entry->node, other);
    }
    maker_count(m, HAS_IS_GIVEN);
    return maker_chance(m, 50)
               ? node_compose(&m->tree, LEVEL_IF, "if $A is given then $ else $", entry->node, given, other)
               : node_compose(&m->tree, LEVEL_IF, "if not $A is given then $1 else $", entry->node, other, given);
}

static struct node *draw_match_member(struct maker *m, struct type type, int depth)
{
    if (m->choice_count == 0) {
        return NULL;
    }
    const struct choice *choice = &m->choices[maker_below(m, m->choice_count)];
    const struct entry *entry = maker_find(m, (struct type){.sort = SORT_MEMBER, .choice = choice});
    if (entry == NULL) {
        return NULL;
    }
    maker_count(m, HAS_MATCH_CHOICE);
    struct node *arms = node_sequence(&m->tree, STR(", "));
    uint32_t first = 1 + maker_below(m, choice->count - 1);
    struct node *members = node_sequence(&m->tree, STR(", "));
    for (uint32_t i = 0; i < first; i++) {
        node_add(&m->tree, members, choice->members[i].node);
    }
    node_add(&m->tree, arms, node_compose(&m->tree, LEVEL_ATOM, "$ => $", members, draw_value(m, type, depth - 1)));
    if (maker_chance(m, 50)) {
        node_add(&m->tree, arms, node_compose(&m->tree, LEVEL_ATOM, "otherwise => $", draw_value(m, type, depth - 1)));
    } else {
        for (uint32_t i = first; i < choice->count; i++) {
            node_add(
                &m->tree, arms,
                node_compose(&m->tree, LEVEL_ATOM, "$ => $", choice->members[i].node, draw_value(m, type, depth - 2)));
        }
    }
    return node_compose(&m->tree, LEVEL_ATOM, "match $6 { $ }", entry->node, arms);
}

static struct node *draw_match_other(struct maker *m, struct type type, int depth)
{
    bool is_year = maker_chance(m, 50);
    const struct entry *entry = maker_find(m, type_of(is_year ? SORT_YEAR : SORT_TEXT));
    if (entry == NULL) {
        return NULL;
    }
    maker_count(m, is_year ? HAS_MATCH_YEAR : HAS_MATCH_TEXT);
    struct node *a = draw_value(m, type, depth - 1), *b = draw_value(m, type, depth - 2);
    struct node *c = draw_value(m, type, depth - 2);
    const char *pattern = is_year ? "match $6 { 2019 .. 2021 => $, 2022 => $, otherwise => $ }"
                                  : "match $6 { \"steel\", \"tin\" => $, \"lead\" => $, otherwise => $ }";
    return node_compose(&m->tree, LEVEL_ATOM, pattern, entry->node, a, b, c);
}

static struct node *draw_plain_value(struct maker *m, struct type type, int depth)
{
    switch (type.sort) {
    case SORT_NUMBER:
        return draw_number(m, type.kind, depth);
    case SORT_POINT:
        return draw_point(m, depth);
    case SORT_FLAG:
        return draw_flag(m, depth);
    case SORT_MEMBER:
        return draw_member(m, type.choice, depth);
    case SORT_TEXT:
        return draw_text(m, depth);
    case SORT_YEAR:
        return draw_year(m, depth);
    case SORT_DATE:
        break;
    }
    struct node *date = named(m, type);
    return date != NULL ? date : settled(m, type, node_text(&m->tree, STR("2023-07-01")));
}

struct node *draw_value(struct maker *m, struct type type, int depth)
{
    struct node *node = NULL;
    if (depth > 0) {
        uint32_t which = maker_below(m, 10);
        node = which < 2   ? draw_if(m, type, depth)
               : which < 5 ? draw_if_given(m, type, depth)
               : which < 6 ? draw_match_member(m, type, depth)
               : which < 7 ? draw_match_other(m, type, depth)
                           : NULL;
    }
    return node == NULL ? draw_plain_value(m, type, depth) : settled(m, type, node);
}

/* ---- sorts ---- */

struct node *member_literal(struct maker *m, const struct choice *choice)
{
    struct type type = {.sort = SORT_MEMBER, .choice = choice};
    const struct name *member = &choice->members[maker_below(m, choice->count)];
    struct node *node = maker_chance(m, 30) ? node_compose(&m->tree, LEVEL_ATOM, "$.$", choice->name.node, member->node)
                                            : node_compose(&m->tree, LEVEL_ATOM, "$", member->node);
    return settled(m, type, node);
}

struct node *draw_member(struct maker *m, const struct choice *choice, int depth)
{
    struct type type = {.sort = SORT_MEMBER, .choice = choice};
    struct node *node = maker_chance(m, 80) ? named(m, type) : NULL;
    if (depth > 0 && maker_chance(m, 25)) {
        return draw_value(m, type, depth);
    }
    return node != NULL ? node : member_literal(m, choice);
}

struct node *draw_text(struct maker *m, int depth)
{
    static const char *const texts[] = {"\"steel\"", "\"tin\"", "\"lead\"", "\"铜\""};
    struct node *node = maker_chance(m, 80) ? named(m, type_of(SORT_TEXT)) : NULL;
    if (depth > 0 && maker_chance(m, 20)) {
        return draw_value(m, type_of(SORT_TEXT), depth);
    }
    return node != NULL
               ? node
               : settled(m, type_of(SORT_TEXT), node_text(&m->tree, str_of(texts[maker_below(m, countof(texts))])));
}

/* Years have no literals: without a name that is one there is only the difference to a field. */
struct node *draw_year(struct maker *m, int depth)
{
    struct node *year = named(m, type_of(SORT_YEAR));
    if (year == NULL) {
        return node_format(&m->tree, LEVEL_ATOM, "%u", 2019 + maker_below(m, 5));
    }
    if (depth > 0 && maker_chance(m, 30)) {
        struct node *moved = node_compose(&m->tree, LEVEL_SUM, "$6 + $7", year,
                                          node_format(&m->tree, LEVEL_ATOM, "%u", 1 + maker_below(m, 3)));
        return settled(m, type_of(SORT_YEAR), moved);
    }
    if (depth > 0 && maker_chance(m, 20)) {
        return settled(m, type_of(SORT_YEAR),
                       node_compose(&m->tree, LEVEL_ATOM, maker_chance(m, 50) ? "min($, $)" : "max($, $)", year,
                                    draw_year(m, depth - 1)));
    }
    return year;
}

struct node *draw_point(struct maker *m, int depth)
{
    struct type type = type_of(SORT_POINT);
    struct node *node = maker_chance(m, 75) ? named(m, type) : NULL;
    if (node == NULL) {
        bool is_below = maker_chance(m, 30);
        node = settled(m, type,
                       node_format(&m->tree, is_below ? LEVEL_SUM : LEVEL_QUANTITY, "%s%u.%u ℃", is_below ? "-" : "",
                                   maker_below(m, 40), maker_below(m, 10)));
    }
    if (depth > 0 && maker_chance(m, 25)) {
        return settled(m, type,
                       node_compose(&m->tree, LEVEL_SUM, maker_chance(m, 50) ? "$6 + $7" : "$6 - $7", node,
                                    draw_number(m, powers_base(BASE_WARMTH), depth - 1)));
    }
    return node;
}

/* ---- conditions ---- */

typedef struct node *draw_condition(struct maker *m, int depth);

static struct node *draw_less(struct maker *m, int depth)
{
    static const char *const patterns[] = {"$6 < $6", "$6 <= $6", "$6 > $6", "$6 >= $6"};
    struct powers kind = maker_kind(m);
    maker_count(m, HAS_LESS);
    struct node *a = draw_number(m, kind, depth - 1);
    struct node *b = maker_chance(m, 15) ? node_text(&m->tree, STR("0")) : draw_number(m, kind, depth - 1);
    return node_compose(&m->tree, LEVEL_COMPARISON, patterns[maker_below(m, countof(patterns))], a, b);
}

static struct node *draw_within(struct maker *m, int depth)
{
    struct powers kind = maker_kind(m);
    maker_count(m, HAS_WITHIN);
    struct node *a = draw_number(m, kind, depth - 1), *b = draw_number(m, kind, depth - 1);
    struct node *tolerance = m->has_data && maker_chance(m, 50) && !powers_is_plain(kind)
                                 ? node_text(&m->tree, STR("5 %"))
                                 : draw_constant(m, kind);
    return node_compose(&m->tree, LEVEL_COMPARISON, maker_chance(m, 70) ? "$6 == $6 within $A" : "$6 != $6 within $A",
                        a, b, tolerance);
}

static struct node *draw_whole(struct maker *m, int depth)
{
    maker_count(m, HAS_WHOLE);
    struct node *a = draw_number(m, powers_plain(), depth - 1), *b = draw_number(m, powers_plain(), depth - 2);
    const char *pattern = maker_chance(m, 50) ? "floor($) == ceil($)" : "rounded($) != rounded($, half_up)";
    return node_compose(&m->tree, LEVEL_COMPARISON, pattern, a, b);
}

static struct node *draw_same(struct maker *m, int depth)
{
    bool is_member = m->choice_count > 0 && maker_chance(m, 60);
    const struct choice *choice = is_member ? &m->choices[maker_below(m, m->choice_count)] : NULL;
    struct node *a =
        is_member ? named(m, (struct type){.sort = SORT_MEMBER, .choice = choice}) : named(m, type_of(SORT_TEXT));
    if (a == NULL) {
        return NULL;
    }
    maker_count(m, is_member ? HAS_SAME_MEMBER : HAS_SAME_TEXT);
    struct node *b = is_member ? draw_member(m, choice, depth - 1) : draw_text(m, depth - 1);
    return node_compose(&m->tree, LEVEL_COMPARISON, maker_chance(m, 70) ? "$6 == $6" : "$6 != $6", a, b);
}

static struct node *draw_before(struct maker *m, int depth)
{
    struct node *date = named(m, type_of(SORT_DATE));
    if (date != NULL && maker_chance(m, 50)) {
        maker_count(m, HAS_BEFORE);
        return node_compose(&m->tree, LEVEL_COMPARISON, maker_chance(m, 50) ? "$6 < 2023-06-30" : "$6 >= 2023-01-01",
                            date);
    }
    if (maker_find(m, type_of(SORT_YEAR)) == NULL) {
        return NULL;
    }
    maker_count(m, HAS_BEFORE);
    struct node *a = draw_year(m, depth - 1), *b = draw_year(m, depth - 1);
    return node_compose(&m->tree, LEVEL_COMPARISON, maker_chance(m, 50) ? "$6 < $6" : "$6 >= $6", a, b);
}

static struct node *draw_given(struct maker *m, int depth)
{
    (void)depth;
    struct type type = {.sort = SORT_NUMBER, .kind = maker_kind(m), .is_optional = true};
    const struct entry *entry = maker_find(m, type);
    if (entry == NULL) {
        return NULL;
    }
    maker_count(m, HAS_IS_GIVEN);
    if (maker_chance(m, 50)) {
        struct type given = type;
        given.is_optional = false;
        struct node *value = settled(m, given, node_compose(&m->tree, LEVEL_ATOM, "$", entry->node));
        return node_compose(&m->tree, LEVEL_AND, "$A is given and $6 > $6", entry->node, value,
                            draw_leaf(m, type.kind));
    }
    return node_compose(&m->tree, LEVEL_COMPARISON, "$A is given", entry->node);
}

static struct node *draw_joined(struct maker *m, int depth)
{
    maker_count(m, HAS_AND_OR);
    struct node *a = draw_flag(m, depth - 1), *b = draw_flag(m, depth - 1);
    return maker_chance(m, 50) ? node_compose(&m->tree, LEVEL_AND, "$3 and $3", a, b)
                               : node_compose(&m->tree, LEVEL_OR, "$3 or $3", a, b);
}

static struct node *draw_not(struct maker *m, int depth)
{
    maker_count(m, HAS_NOT);
    return node_compose(&m->tree, LEVEL_NOT, "not $4", draw_flag(m, depth - 1));
}

struct node *draw_flag(struct maker *m, int depth)
{
    static draw_condition *const makers[] = {draw_less, draw_less,   draw_less,  draw_within, draw_whole, draw_same,
                                             draw_same, draw_before, draw_given, draw_joined, draw_not,   draw_any};
    struct node *node = maker_chance(m, 15) || depth <= 0 ? named(m, type_of(SORT_FLAG)) : NULL;
    for (int attempt = 0; node == NULL && attempt < 4; attempt++) {
        node = makers[maker_below(m, depth > 0 ? countof(makers) : 9)](m, depth);
    }
    node = node != NULL ? node : draw_less(m, 0);
    settled(m, type_of(SORT_FLAG), node);
    node_simplify(&m->tree, node, node_text(&m->tree, STR("true")));
    return node;
}
