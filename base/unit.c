#include "base/unit.h"

#include <assert.h>
#include <string.h>

const struct unit UNIT_ONE = {
    .scale = {1, 1, NULL}
};

struct kind kind_one(void)
{
    return (struct kind){0};
}

bool kind_eq(struct kind a, struct kind b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool kind_append(struct kind *kind, uint16_t generator, int exponent)
{
    if (exponent == 0) {
        return true;
    }
    if (kind->count == UNIT_FACTORS_MAX || exponent > UNIT_EXPONENT_MAX || exponent < -UNIT_EXPONENT_MAX) {
        return false;
    }
    kind->factors[kind->count].generator = generator;
    kind->factors[kind->count].exponent = (int16_t)exponent;
    kind->count++;
    return true;
}

/* Exponents are at most UNIT_EXPONENT_MAX, so with a power of that size too nothing overflows an int. */
static bool is_power_small(int power)
{
    return power <= UNIT_EXPONENT_MAX && power >= -UNIT_EXPONENT_MAX;
}

bool kind_mul(struct kind a, struct kind b, int power, struct kind *out)
{
    struct kind product = kind_one();
    if (!is_power_small(power)) {
        return false;
    }
    uint16_t i = 0;
    uint16_t k = 0;
    while (i < a.count || k < b.count) {
        bool takes_a = k == b.count || (i < a.count && a.factors[i].generator <= b.factors[k].generator);
        bool takes_b = i == a.count || (k < b.count && b.factors[k].generator <= a.factors[i].generator);
        uint16_t generator = takes_a ? a.factors[i].generator : b.factors[k].generator;
        int exponent = (takes_a ? a.factors[i].exponent : 0) + (takes_b ? b.factors[k].exponent * power : 0);
        if (!kind_append(&product, generator, exponent)) {
            return false;
        }
        i = (uint16_t)(i + takes_a);
        k = (uint16_t)(k + takes_b);
    }
    *out = product;
    return true;
}

bool kind_pow(struct kind a, int power, struct kind *out)
{
    return kind_mul(kind_one(), a, power, out);
}

struct kind kind_without_tags(const struct unit_system *system, struct kind kind)
{
    struct kind result = kind_one();
    for (uint16_t i = 0; i < kind.count; i++) {
        if (system->generators[kind.factors[i].generator].type == GENERATOR_BASE) {
            result.factors[result.count++] = kind.factors[i];
        }
    }
    return result;
}

bool unit_eq(struct unit a, struct unit b)
{
    return kind_eq(a.kind, b.kind) && rat_eq(a.scale, b.scale) && a.is_point == b.is_point &&
           (!a.is_point || rat_eq(a.offset, b.offset));
}

/* False where `key` is taken, or there are too many. */
static bool add_generator(struct unit_system *system, struct str name, struct str key, enum generator_type type)
{
    if (system->generator_count > UINT16_MAX || map_get(&system->generator_index, key, NULL)) {
        return false;
    }
    arena_grow(system->arena, system->generators, system->generator_count, system->generator_cap);
    map_add(&system->generator_index, key, (uint32_t)system->generator_count);
    system->generators[system->generator_count++] = (struct generator){name, type};
    return true;
}

/* A name that is printed as `spelling`: itself, or what it is an alias of. */
static bool add_name(struct unit_system *system, struct str name, struct unit unit, struct str spelling)
{
    if (name.len == 0 || !map_add(&system->name_index, name, (uint32_t)system->name_count)) {
        return false;
    }
    arena_grow(system->arena, system->names, system->name_count, system->name_cap);
    system->names[system->name_count++] = (struct unit_name){name, unit, spelling, !str_eq(name, spelling)};
    return true;
}

/* A new base with the coherent unit `symbol`. */
static bool add_base(struct unit_system *system, struct str generator, struct str symbol)
{
    struct unit unit = UNIT_ONE;
    if (map_get(&system->name_index, symbol, NULL) || !add_generator(system, generator, generator, GENERATOR_BASE)) {
        return false;
    }
    kind_append(&unit.kind, (uint16_t)(system->generator_count - 1), 1);
    return add_name(system, symbol, unit, symbol);
}

bool unit_declare(struct unit_system *system, struct str name, const struct unit *unit)
{
    struct str copy = str_copy(system->arena, name);
    return unit == NULL ? add_base(system, copy, copy) : add_name(system, copy, *unit, copy);
}

bool unit_alias(struct unit_system *system, struct str name, struct str alias)
{
    uint32_t index;
    return map_get(&system->name_index, name, &index) &&
           add_name(system, str_copy(system->arena, alias), system->names[index].unit, system->names[index].spelling);
}

uint16_t unit_tag(struct unit_system *system, struct str tag)
{
    struct str key = str_format(system->arena, "{%.*s}", STR_FMT(tag));
    uint32_t index;
    if (map_get(&system->generator_index, key, &index)) {
        return (uint16_t)index;
    }
    bool is_added = add_generator(system, str_slice(key, 1, key.len - 1), key, GENERATOR_TAG);
    assert(is_added);
    (void)is_added;
    return (uint16_t)(system->generator_count - 1);
}

static struct unit definition(struct unit_system *system, struct str text)
{
    struct unit unit;
    struct unit_parse parsed = unit_parse(system, text, &unit);
    assert(parsed.error == UNIT_OK);
    (void)parsed;
    return unit;
}

static void must(bool is_added)
{
    assert(is_added);
    (void)is_added;
}

static void define_base(struct unit_system *system, struct str generator, struct str symbol, struct str chinese)
{
    must(add_base(system, generator, symbol));
    must(add_name(system, chinese, definition(system, symbol), symbol));
}

static void define(struct unit_system *system, struct str symbol, struct str chinese, struct unit unit)
{
    must(add_name(system, symbol, unit, symbol));
    must(chinese.len == 0 || add_name(system, chinese, unit, symbol));
}

static void define_multiple(struct unit_system *system, struct str symbol, struct str chinese, struct str of,
                            struct rat factor)
{
    struct unit unit = definition(system, of);
    unit.scale = rat_mul(system->arena, unit.scale, factor);
    define(system, symbol, chinese, unit);
}

static void define_point(struct unit_system *system, struct str symbol, struct str chinese, struct str of,
                         struct rat zero)
{
    struct unit unit = definition(system, of);
    unit.is_point = true;
    unit.offset = rat_mul(system->arena, unit.scale, zero);
    define(system, symbol, chinese, unit);
}

struct unit_system *unit_system_new(struct arena *arena)
{
    struct unit_system *system = arena_new(arena, struct unit_system);
    system->arena = arena;
    system->generator_index = map_in(arena);
    system->name_index = map_in(arena);
#define UNIT_BASE(generator, symbol, chinese) define_base(system, STR(generator), STR(symbol), STR(chinese));
#define UNIT(symbol, chinese, of, num, den)                                                                            \
    define_multiple(system, STR(symbol), STR(chinese), STR(of), rat_of(arena, num, den));
#define UNIT_POINT(symbol, chinese, of, num, den)                                                                      \
    define_point(system, STR(symbol), STR(chinese), STR(of), rat_of(arena, num, den));
#define UNIT_ALIAS(spelling, of) must(add_name(system, STR(spelling), definition(system, STR(of)), STR(of)));
#include "base/units.def"
#undef UNIT_BASE
#undef UNIT
#undef UNIT_POINT
#undef UNIT_ALIAS
    return system;
}

struct str unit_nearest(const struct unit_system *system, struct str word)
{
    struct arena_mark mark = arena_mark(system->arena);
    struct str *names = arena_array(system->arena, struct str, system->name_count);
    for (size_t i = 0; i < system->name_count; i++) {
        names[i] = system->names[i].name;
    }
    struct str nearest = str_nearest(word, names, system->name_count);
    arena_reset(system->arena, mark);
    return nearest;
}
