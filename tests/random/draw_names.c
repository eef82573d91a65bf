/* Names and what may be named where. */
#include <string.h>

#include "tests/random/maker.h"

bool maker_chance(struct maker *m, uint32_t percent)
{
    return random_chance(&m->random, percent);
}

uint32_t maker_below(struct maker *m, uint32_t limit)
{
    return random_below(&m->random, limit);
}

void maker_count(struct maker *m, enum construct construct)
{
    m->counts[construct]++;
}

struct name maker_local(struct maker *m, const char *first)
{
    struct name name = {.first = str_format(m->arena, "%s%u", first, ++m->name_count)};
    name.node = node_text(&m->tree, name.first);
    return name;
}

struct name maker_name(struct maker *m, const char *first, const char *other)
{
    struct name name = maker_local(m, first);
    if (maker_chance(m, 60)) {
        name.other = str_format(m->arena, "%s%u", other, m->name_count);
        name.node->as[FORM_RESPELT] = node_text(&m->tree, name.other);
        node_add(&m->tree, m->names,
                 node_format(&m->tree, LEVEL_ATOM, "%.*s %.*s", STR_FMT(name.first), STR_FMT(name.other)));
        maker_count(m, HAS_NAMES);
    }
    return name;
}

struct type type_number(struct powers kind)
{
    return (struct type){.sort = SORT_NUMBER, .kind = kind};
}

struct type type_of(enum sort sort)
{
    return (struct type){.sort = sort};
}

/* Equal for types whose values may stand for each other; never 0. */
uint64_t type_mark(struct type type)
{
    uint64_t mark = (uint64_t)type.sort + 1;
    for (size_t i = 0; i < BASE_COUNT; i++) {
        mark = mark * 31 + (uint64_t)(type.kind.power[i] + 8);
    }
    return mark * 2 + (type.choice == NULL ? 0 : str_hash(type.choice->name.first) | 1);
}

static bool is_same_type(struct type a, struct type b)
{
    return a.sort == b.sort && a.choice == b.choice && a.is_optional == b.is_optional &&
           (a.sort != SORT_NUMBER || powers_eq(a.kind, b.kind));
}

void maker_enter(struct maker *m, struct node *node, struct type type, bool is_datum, uint32_t depth)
{
    if (m->scope_count < SCOPE_MAX) {
        m->scope[m->scope_count++] = (struct entry){.node = node, .type = type, .is_datum = is_datum, .depth = depth};
    }
}

/* How many more rows may be opened here. */
static uint32_t room(const struct maker *m)
{
    return ROWS_MAX - m->row_count;
}

const struct entry *maker_find(struct maker *m, struct type type)
{
    uint32_t found = 0, which = 0;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < m->scope_count; i++) {
            const struct entry *entry = &m->scope[i];
            /* What was declared last is nearest: it counts twice. */
            uint32_t weight = i + 6 >= m->scope_count ? 2 : 1;
            if (!is_same_type(entry->type, type) || entry->depth > room(m)) {
                continue;
            }
            if (pass == 1 && which < weight) {
                m->depth_seen =
                    m->row_count + entry->depth > m->depth_seen ? m->row_count + entry->depth : m->depth_seen;
                return entry;
            }
            found += pass == 0 ? weight : 0;
            which -= pass == 1 ? weight : 0;
        }
        if (found == 0) {
            return NULL;
        }
        which = pass == 0 ? maker_below(m, found) : which;
    }
    return NULL;
}

/* Kinds that rules have. */
static struct powers usual_kind(struct maker *m)
{
    static const enum base over[] = {BASE_MASS, BASE_ENERGY, BASE_LENGTH, BASE_TIME,   BASE_VOLUME, BASE_ITEMS,
                                     BASE_CO2E, BASE_MONEY,  BASE_MASS,   BASE_ENERGY, BASE_WARMTH, BASE_CO2E};
    uint32_t which = maker_below(m, 20);
    if (m->uses_pallets && which == 0) {
        return powers_base(BASE_PALLETS);
    }
    if (which < countof(over)) {
        return powers_base(over[which]);
    }
    static const enum base pairs[][2] = {
        {BASE_CO2E,   BASE_MASS  },
        {BASE_CO2E,   BASE_ENERGY},
        {BASE_ENERGY, BASE_MASS  },
        {BASE_MASS,   BASE_ITEMS },
        {BASE_MASS,   BASE_VOLUME},
        {BASE_CO2E,   BASE_ITEMS }
    };
    const enum base *pair = pairs[maker_below(m, countof(pairs))];
    return which < 18    ? powers_over(powers_base(pair[0]), powers_base(pair[1]))
           : which == 18 ? powers_tagged(maker_chance(m, 50) ? BASE_CLINKER : BASE_CEMENT)
                         : powers_over(powers_tagged(BASE_CLINKER), powers_tagged(BASE_CEMENT));
}

struct powers maker_kind(struct maker *m)
{
    if (m->scope_count > 0 && maker_chance(m, 60)) {
        const struct entry *entry = &m->scope[maker_below(m, m->scope_count)];
        if (entry->type.sort == SORT_NUMBER) {
            return entry->type.kind;
        }
    }
    return maker_chance(m, 30) ? powers_plain() : usual_kind(m);
}
