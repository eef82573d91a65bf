/* Writing units: a name where one fits, else a product of a few units that people use, else a scale and coherent units.
 */
#include <string.h>

#include "base/decimal.h"
#include "base/unit.h"

/* A factor of a text: a unit in the numerator or the denominator, with the tag it carries. */
struct term {
    struct str name;
    struct str tag;
    bool is_below;
    bool is_mass; /* a tag is put there first */
};

struct terms {
    struct arena *arena;
    struct term *items;
    size_t count, cap;
};

static void add_term(struct terms *terms, struct str name, bool is_below, bool is_mass)
{
    arena_grow(terms->arena, terms->items, terms->count, terms->cap);
    terms->items[terms->count++] = (struct term){name, STR(""), is_below, is_mass};
}

static void write_side(struct buf *text, const struct terms *terms, bool is_below)
{
    bool is_first = true;
    for (size_t i = 0; i < terms->count; i++) {
        const struct term *term = &terms->items[i];
        if (term->is_below != is_below) {
            continue;
        }
        if (!is_first) {
            buf_add(text, STR("\u00B7"));
        }
        is_first = false;
        buf_add(text, term->name);
        if (term->tag.len != 0) {
            buf_format(text, "{%.*s}", STR_FMT(term->tag));
        }
    }
}

static size_t count_side(const struct terms *terms, bool is_below)
{
    size_t count = 0;
    for (size_t i = 0; i < terms->count; i++) {
        count += terms->items[i].is_below == is_below;
    }
    return count;
}

static void write_terms(struct buf *text, const struct terms *terms)
{
    size_t below = count_side(terms, true);
    if (count_side(terms, false) == 0) {
        buf_char(text, '1');
    }
    write_side(text, terms, false);
    if (below == 0) {
        return;
    }
    buf_add(text, below > 1 ? STR("/(") : STR("/"));
    write_side(text, terms, true);
    if (below > 1) {
        buf_char(text, ')');
    }
}

/* The name that is printed for a unit; empty where there is none. */
static struct str name_of(const struct unit_system *system, const struct unit *unit)
{
    for (size_t i = 0; i < system->name_count; i++) {
        if (!system->names[i].is_alias && unit_eq(system->names[i].unit, *unit)) {
            return system->names[i].name;
        }
    }
    return STR("");
}

static struct kind kind_of_generator(uint16_t generator)
{
    struct kind kind = kind_one();
    kind.factors[0].generator = generator;
    kind.factors[0].exponent = 1;
    kind.count = 1;
    return kind;
}

static struct unit coherent_unit(struct kind kind)
{
    struct unit unit = UNIT_ONE;
    unit.kind = kind;
    return unit;
}

static struct str coherent_name(const struct unit_system *system, uint16_t generator)
{
    struct unit unit = coherent_unit(kind_of_generator(generator));
    return name_of(system, &unit);
}

static bool is_mass(const struct unit_system *system, struct kind kind)
{
    return kind.count == 1 && kind.factors[0].exponent == 1 &&
           str_eq(system->generators[kind.factors[0].generator].name, STR("kg"));
}

/* base^exponent as one term, or, where "m" "3" together would be read as another name, as several. */
static void add_power(struct terms *terms, const struct unit_system *system, uint16_t generator, int exponent)
{
    struct str name = coherent_name(system, generator);
    int size = exponent < 0 ? -exponent : exponent;
    bool is_mass_term = size == 1 && is_mass(system, kind_of_generator(generator));
    struct str power = str_format(terms->arena, "%.*s%d", STR_FMT(name), size);
    char last = name.len > 0 ? name.at[name.len - 1] : '0';
    if (size == 1 || (last >= '0' && last <= '9') || map_get(&system->name_index, power, NULL)) {
        for (int i = 0; i < size; i++) {
            add_term(terms, name, exponent < 0, is_mass_term);
        }
    } else {
        add_term(terms, power, exponent < 0, false);
    }
}

static void add_coherent(struct terms *terms, const struct unit_system *system, struct kind kind)
{
    for (uint16_t i = 0; i < kind.count; i++) {
        add_power(terms, system, kind.factors[i].generator, kind.factors[i].exponent);
    }
}

/* --- tags ------------------------------------------------------------------------------------------------------ */

/* The term a tag goes to: on its side, without one yet, a mass before others. */
static struct term *free_term(struct terms *terms, bool is_below)
{
    struct term *found = NULL;
    for (size_t i = 0; i < terms->count; i++) {
        struct term *term = &terms->items[i];
        if (term->is_below == is_below && term->tag.len == 0 && (found == NULL || (term->is_mass && !found->is_mass))) {
            found = term;
        }
    }
    return found;
}

/* Hangs each tag on a term; where terms are wanting, kg/kg gives two more. */
static void attach_tags(struct terms *terms, const struct unit_system *system, struct kind kind)
{
    for (uint16_t i = 0; i < kind.count; i++) {
        const struct generator *generator = &system->generators[kind.factors[i].generator];
        int exponent = kind.factors[i].exponent;
        for (int n = exponent < 0 ? -exponent : exponent; n > 0 && generator->type == GENERATOR_TAG; n--) {
            struct term *term = free_term(terms, exponent < 0);
            if (term == NULL) {
                add_term(terms, STR("kg"), false, true);
                add_term(terms, STR("kg"), true, true);
                term = free_term(terms, exponent < 0);
            }
            term->tag = generator->name;
        }
    }
}

/* --- products that people use ------------------------------------------------------------------------------------ */

/* Units for products, in the order in which they stand in one; the sum of their weights chooses among equal products:
   kgCO2e/(t·km), not gCO2e/(kg·km). */
static const struct {
    const char *name;
    int weight;
} FAMILIAR[] = {
    {"kg",     0},
    {"kgCO2e", 0},
    {"t",      1},
    {"person", 0},
    {"item",   0},
    {"CNY",    0},
    {"EUR",    0},
    {"USD",    0},
    {"kWh",    0},
    {"m3",     0},
    {"Nm3",    0},
    {"km",     0},
    {"m2",     0},
    {"d",      0},
    {"a",      0},
    {"%",      1},
    {"MJ",     1},
    {"h",      1},
    {"m",      1},
    {"min",    1},
    {"L",      1},
    {"ha",     1},
    {"K",      1},
    {"kW",     1},
    {"mol",    1},
    {"GJ",     2},
    {"MWh",    2},
    {"kmol",   2},
    {"GB",     2},
    {"s",      2},
    {"TJ",     3},
    {"g",      3},
    {"kJ",     3},
    {"cm2",    3},
    {"cm3",    3},
    {"km2",    3},
    {"mm",     3},
    {"cm",     3},
    {"mL",     3},
    {"J",      3},
    {"tce",    3},
    {"MW",     3},
    {"mg",     4},
    {"gCO2e",  4},
    {"tCO2e",  4},
};

/* The candidates, and last the plain number as "no factor". */
struct candidate {
    struct str name; /* empty for "no factor" */
    struct unit unit;
    uint64_t mark;
    int weight;
};
enum { CANDIDATES_MAX = countof(FAMILIAR) + UNIT_FACTORS_MAX + 1, PARTS = 3, WEIGHT_OF_TERM = 10 };

struct search {
    struct arena *arena;
    struct unit target;
    uint64_t target_mark;
    struct candidate items[CANDIDATES_MAX];
    uint16_t by_mark[CANDIDATES_MAX]; /* numbers of the items, ordered by mark and then by number */
    size_t count;
    int best_weight; /* 0: none found */
    const struct candidate *best[PARTS];
    bool is_below[PARTS];
};

/* A hash of the kind with hash(a * b) = hash(a) + hash(b): products are tried by adding numbers, not kinds. */
static uint64_t kind_mark(struct kind kind)
{
    uint64_t mark = 0;
    for (uint16_t i = 0; i < kind.count; i++) {
        uint64_t weight = (kind.factors[i].generator + UINT64_C(1)) * UINT64_C(0x9E3779B97F4A7C15);
        weight = (weight ^ weight >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
        mark += (weight ^ weight >> 32) * (uint64_t)(int64_t)kind.factors[i].exponent;
    }
    return mark;
}

static void add_candidate(struct search *search, struct str name, struct unit unit, int weight)
{
    search->items[search->count++] = (struct candidate){name, unit, kind_mark(unit.kind), weight};
}

static bool is_candidate(const struct search *search, struct str name)
{
    for (size_t i = 0; i < search->count; i++) {
        if (str_eq(search->items[i].name, name)) {
            return true;
        }
    }
    return false;
}

static void order_candidates(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        size_t at = i;
        for (; at > 0 && search->items[search->by_mark[at - 1]].mark > search->items[i].mark; at--) {
            search->by_mark[at] = search->by_mark[at - 1];
        }
        search->by_mark[at] = (uint16_t)i;
    }
}

/* Place in by_mark of the first item with the mark, or where it would stand. */
static size_t first_with_mark(const struct search *search, uint64_t mark)
{
    size_t low = 0;
    size_t high = search->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (search->items[search->by_mark[middle]].mark < mark) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* unit_parse adds names only for tags, and there are none here: so the system is not changed. */
static void collect_candidates(struct search *search, struct unit_system *system)
{
    for (size_t i = 0; i < countof(FAMILIAR); i++) {
        struct unit unit;
        struct str name = str_of(FAMILIAR[i].name);
        if (unit_parse(system, name, &unit).error == UNIT_OK) {
            add_candidate(search, name, unit, WEIGHT_OF_TERM + FAMILIAR[i].weight);
        }
    }
    for (uint16_t i = 0; i < search->target.kind.count; i++) {
        uint16_t generator = search->target.kind.factors[i].generator;
        struct str name = coherent_name(system, generator);
        if (name.len != 0 && !is_candidate(search, name)) {
            add_candidate(search, name, coherent_unit(kind_of_generator(generator)), WEIGHT_OF_TERM + 1);
        }
    }
    add_candidate(search, STR(""), UNIT_ONE, 0);
    order_candidates(search);
}

/* a * b or a / b; false where the kind is beyond the bounds. */
static bool combine(struct arena *arena, struct unit a, struct unit b, bool divides, struct unit *out)
{
    *out = UNIT_ONE;
    out->scale = divides ? rat_div(arena, a.scale, b.scale) : rat_mul(arena, a.scale, b.scale);
    return kind_mul(a.kind, b.kind, divides ? -1 : 1, &out->kind);
}

static bool is_target(const struct search *search, const struct candidate *const parts[PARTS], bool is_second_below)
{
    struct unit pair;
    struct unit product;
    return combine(search->arena, parts[0]->unit, parts[1]->unit, is_second_below, &pair) &&
           combine(search->arena, pair, parts[2]->unit, true, &product) && unit_eq(product, search->target);
}

/* Keeps the z with which first * second / z, or first / (second * z), is the target, if it is lighter than what was
   found so far. */
static void search_third(struct search *search, const struct candidate *first, const struct candidate *second,
                         bool is_second_below)
{
    int weight = 1 + first->weight + second->weight;
    uint64_t pair_mark = is_second_below ? first->mark - second->mark : first->mark + second->mark;
    uint64_t wanted = pair_mark - search->target_mark;
    for (size_t i = first_with_mark(search, wanted); i < search->count; i++) {
        const struct candidate *third = &search->items[search->by_mark[i]];
        const struct candidate *parts[PARTS] = {first, second, third};
        if (third->mark != wanted) {
            return;
        }
        bool is_lighter = search->best_weight == 0 || weight + third->weight < search->best_weight;
        if (is_lighter && is_target(search, parts, is_second_below)) {
            search->best_weight = weight + third->weight;
            memcpy(search->best, parts, sizeof search->best);
            search->is_below[1] = is_second_below;
            search->is_below[2] = true;
        }
    }
}

/* Of x, x·y, x/y, x·y/z, x/(y·z), 1/x, 1/(x·y) the lightest that is the target. */
static bool search_products(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        for (size_t k = 0; k < search->count; k++) {
            int weight = search->items[i].weight + search->items[k].weight;
            if (search->best_weight == 0 || weight < search->best_weight) {
                search_third(search, &search->items[i], &search->items[k], true);
                search_third(search, &search->items[i], &search->items[k], false);
            }
        }
    }
    return search->best_weight != 0;
}

static bool add_familiar(struct terms *terms, struct unit_system *system, struct unit target)
{
    struct search search = {.arena = terms->arena, .target = target, .target_mark = kind_mark(target.kind)};
    collect_candidates(&search, system);
    if (!search_products(&search)) {
        return false;
    }
    for (size_t i = 0; i < PARTS; i++) {
        const struct candidate *part = search.best[i];
        if (part->name.len != 0) {
            add_term(terms, part->name, search.is_below[i], is_mass(system, part->unit.kind));
        }
    }
    return true;
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static struct str scale_text(struct arena *arena, struct rat scale)
{
    struct str decimal = rat_decimal(arena, scale, 1);
    return str_ends(decimal, STR("\u2026")) ? rat_text(arena, scale) : decimal;
}

/* The terms of a unit without its tags; the scale that they leave out is returned. */
static struct rat add_untagged(struct terms *terms, const struct unit_system *system, struct unit unit, bool is_tagged)
{
    struct unit_system *readable = (struct unit_system *)system; /* see collect_candidates */
    struct str name = is_tagged && unit.kind.count == 0 ? STR("") : name_of(system, &unit);
    if (name.len != 0) {
        add_term(terms, name, false, is_mass(system, unit.kind));
        return RAT_ONE;
    }
    bool is_one = unit.kind.count == 0 && rat_eq(unit.scale, RAT_ONE);
    if (is_one || add_familiar(terms, readable, unit)) {
        return RAT_ONE;
    }
    add_coherent(terms, system, unit.kind);
    return unit.scale;
}

struct str unit_text(struct arena *arena, const struct unit_system *system, struct unit unit)
{
    struct terms terms = {.arena = arena};
    struct buf text = buf_in(arena);
    struct unit plain = unit;
    plain.kind = kind_without_tags(system, unit.kind);
    struct rat scale = add_untagged(&terms, system, plain, plain.kind.count != unit.kind.count);
    attach_tags(&terms, system, unit.kind);
    if (!rat_eq(scale, RAT_ONE)) {
        buf_add(&text, scale_text(arena, scale));
        if (terms.count == 0) {
            return buf_str(&text);
        }
        buf_char(&text, ' ');
    }
    write_terms(&text, &terms);
    return buf_str(&text);
}

struct str kind_text(struct arena *arena, const struct unit_system *system, struct kind kind)
{
    struct terms terms = {.arena = arena};
    struct buf text = buf_in(arena);
    add_coherent(&terms, system, kind_without_tags(system, kind));
    attach_tags(&terms, system, kind);
    write_terms(&text, &terms);
    return buf_str(&text);
}

bool unit_text_is_product(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        struct str rest = str_slice(text, i, text.len);
        if (str_starts(rest, STR("/")) || str_starts(rest, STR("\u00B7"))) {
            return true;
        }
    }
    return false;
}

bool unit_is_spelt(struct arena *arena, const struct unit_system *system, struct str text, struct unit unit)
{
    struct unit read;
    if (unit_parse_known(system, text, &read).error == UNIT_OK) {
        return unit_eq(read, unit);
    }
    size_t space = 0;
    while (space < text.len && text.at[space] != ' ') {
        space++;
    }
    struct str rest = str_slice(text, space < text.len ? space + 1 : space, text.len);
    bool is_bare = space == text.len; /* a scale of the plain number */
    read = UNIT_ONE;
    if (unit.is_point || (!is_bare && unit_parse_known(system, rest, &read).error != UNIT_OK) || read.is_point ||
        !kind_eq(read.kind, unit.kind)) {
        return false;
    }
    /* The number is not read but written again: one form only, and before nothing but a unit. */
    struct rat scale = rat_div(arena, unit.scale, read.scale);
    bool is_needed = !rat_eq(scale, RAT_ONE) && (is_bare || !unit_eq(read, UNIT_ONE));
    return is_needed && str_eq(str_slice(text, 0, space), scale_text(arena, scale));
}
