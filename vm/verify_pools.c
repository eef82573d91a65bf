/* Verifier: order of the pools, units, constants. Units and constants are compared by index everywhere else, so no two
   may be equal. */
#include <stdlib.h>

#include "base/map.h"
#include "vm/image.h"
#include "vm/program_units.h"
#include "vm/verify_parts.h"

static bool check_order(struct verifier *verifier, enum pool pool, const char *owner)
{
    uint32_t count = pool_count(verifier->program, pool);
    for (uint32_t i = 1; i < count; i++) {
        if (pool_compare(verifier->arena, verifier->program, pool, i - 1, i) >= 0) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, owner, i, "value");
        }
    }
    return true;
}

static bool check_kind(struct verifier *verifier, uint32_t number)
{
    const struct kind *kind = &verifier->program->units[number].kind;
    for (uint16_t i = 0; i < kind->count; i++) {
        int exponent = kind->factors[i].exponent;
        if (exponent == 0 || abs(exponent) > UNIT_EXPONENT_MAX) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "units", number, "kind");
        }
        if (i > 0 && kind->factors[i - 1].generator >= kind->factors[i].generator) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "units", number, "kind");
        }
    }
    return true;
}

static bool fits_64_bits(struct rat a)
{
    return a.big == NULL && a.num <= (int128)UINT64_MAX && a.num >= -(int128)UINT64_MAX && a.den <= (int128)UINT64_MAX;
}

static bool check_unit(struct verifier *verifier, uint32_t number)
{
    const struct program *program = verifier->program;
    const struct prog_unit *unit = &program->units[number];
    if (!check_kind(verifier, number)) {
        return false;
    }
    if (rat_sign(unit->scale) <= 0 || !fits_64_bits(unit->scale)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "units", number, "scale");
    }
    bool is_temperature = unit_is_base(program, (uint16_t)number, STR("K"));
    if (unit->is_point ? !is_temperature || !fits_64_bits(unit->offset) : rat_sign(unit->offset) != 0) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "units", number, "offset");
    }
    return true;
}

/* Bytes that are equal where the units mean the same. */
static struct str unit_value(struct arena *arena, const struct prog_unit *unit)
{
    struct str parts[] = {
        {(const char *)unit->kind.factors, unit->kind.count * sizeof unit->kind.factors[0]},
        rat_text(arena, unit->scale),
        unit->is_point ? rat_text(arena, unit->offset) : STR("-"),
    };
    return str_join(arena, parts, countof(parts), STR(" "));
}

static bool check_units(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct map values = map_in(verifier->arena);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        if (!check_unit(verifier, i)) {
            return false;
        }
        if (!map_add(&values, unit_value(verifier->arena, &program->units[i]), i)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "units", i, "value");
        }
    }
    /* The text of the plain number may stand anywhere in the order, so it must be compared with all. */
    for (uint32_t i = 1; i < program->unit_count; i++) {
        if (program->units[i].text == program->units[0].text ||
            (i > 1 && program->units[i].text <= program->units[i - 1].text)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "units", i, "text");
        }
    }
    const struct prog_unit *plain = &program->units[0];
    if (plain->kind.count != 0 || plain->is_point || !rat_eq(plain->scale, RAT_ONE)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "units", 0, "value");
    }
    for (uint32_t i = 1; i < program->unit_name_count; i++) {
        if (program->unit_names[i - 1].name >= program->unit_names[i].name) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "unit_names", i, "name");
        }
    }
    return true;
}

/* ---- what units are called ---- */

/* Is the text read as just this unit? Numbers made on the way are dropped again. */
static bool is_read_as(struct verifier *verifier, const struct program_units *units, struct str text, struct unit unit)
{
    struct arena_mark mark = arena_mark(verifier->arena);
    struct unit read;
    bool is_read = text.len <= LIMIT_UNIT_TEXT && unit_parse_known(units->system, text, &read).error == UNIT_OK;
    bool is_same = is_read && unit_eq(read, unit);
    arena_reset(verifier->arena, mark);
    return is_same;
}

/* A name for this unit, which changes the meaning of no other text. */
static bool is_name_of(struct verifier *verifier, const struct program_units *units, struct str name, struct unit unit)
{
    return !unit_name_is_power(units->system, name) && is_read_as(verifier, units, name, unit);
}

/* The same, or a text with a scale in front, which is not read as a unit. */
static bool is_text_of(struct verifier *verifier, const struct program_units *units, struct str text, struct unit unit)
{
    struct arena_mark mark = arena_mark(verifier->arena);
    bool is_text = text.len <= LIMIT_UNIT_TEXT && unit_is_spelt(verifier->arena, units->system, text, unit);
    arena_reset(verifier->arena, mark);
    return is_text;
}

/* A base of the program's own is a unit of its name; a tag can be written behind a unit. */
static bool check_generator_name(struct verifier *verifier, const struct program_units *units, uint32_t number)
{
    const struct prog_generator *generator = &verifier->program->generators[number];
    struct str name = verifier->program->texts[generator->name];
    const struct generator *found = &units->system->generators[units->generators[number]];
    bool is_tag = found->type == GENERATOR_TAG;
    struct unit unit = UNIT_ONE;
    unit.kind.count = 1;
    unit.kind.factors[0].generator = units->generators[number];
    unit.kind.factors[0].exponent = 1;
    struct arena_mark mark = arena_mark(verifier->arena);
    struct str text = is_tag ? str_format(verifier->arena, "K{%.*s}/K", STR_FMT(name)) : name;
    bool is_unit = is_read_as(verifier, units, text, unit);
    arena_reset(verifier->arena, mark);
    bool is_predefined = !is_tag && units->generators[number] < units->predefined;
    return (is_tag == generator->is_tag && str_eq(found->name, name) && (is_predefined || is_unit)) ||
           verify_refuse(verifier, D_PROGRAM_VALUE, "generators", number, "name");
}

/* A text that means another unit would be a lie in every message and result. Where a text is a name that the rule
   declares, the name is checked too: it must not be that of another unit. */
static bool check_unit_texts(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct program_units units = program_units_new(verifier->arena, program);
    for (uint32_t i = 0; i < program->generator_count; i++) {
        if (!check_generator_name(verifier, &units, i)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < program->unit_name_count; i++) {
        const struct prog_unit_name *name = &program->unit_names[i];
        if (!is_name_of(verifier, &units, program->texts[name->name], units.units[name->unit])) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "unit_names", i, "name");
        }
        for (uint32_t k = 0; k < name->aliases.count; k++) {
            if (!is_name_of(verifier, &units, program->labels[name->aliases.labels[k]], units.units[name->unit])) {
                return verify_refuse(verifier, D_PROGRAM_VALUE, "unit_names", i, "aliases");
            }
        }
    }
    for (uint32_t i = 0; i < program->unit_count; i++) {
        struct str text = program->texts[program->units[i].text];
        if (!is_text_of(verifier, &units, text, units.units[i])) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "units", i, "text");
        }
    }
    return true;
}

static bool check_constant(struct verifier *verifier, uint32_t number)
{
    const struct prog_const *constant = &verifier->program->constants[number];
    int64_t low = INT32_MIN;
    int64_t high = INT32_MAX;
    switch ((enum value_type)constant->type) {
    case VALUE_NUMBER:
    case VALUE_TEXT:
        return true;
    case VALUE_BOOL:
        low = 0;
        high = 1;
        break;
    case VALUE_MEMBER:
        low = 0;
        high = (int64_t)verifier->program->choices[constant->of].member_count - 1;
        break;
    case VALUE_YEAR:
    case VALUE_DATE:
        break;
    case VALUE_ROW:
    case VALUE_KEY:
        return verify_refuse(verifier, D_PROGRAM_VALUE, "constants", number, "type");
    }
    int64_t value;
    if (!rat_to_i64(constant->number, &value) || value < low || value > high) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "constants", number, "number");
    }
    return true;
}

bool verify_pools(struct verifier *verifier)
{
    if (!check_order(verifier, POOL_TEXTS, "texts") || !check_order(verifier, POOL_LABELS, "labels") ||
        !check_order(verifier, POOL_GENERATORS, "generators") || !check_order(verifier, POOL_CONSTANTS, "constants") ||
        !check_units(verifier) || !check_unit_texts(verifier)) {
        return false;
    }
    for (uint32_t i = 0; i < verifier->program->constant_count; i++) {
        if (!check_constant(verifier, i)) {
            return false;
        }
    }
    return true;
}

/* ---- arithmetic of units ---- */

static bool is_tag(const struct program *program, uint16_t generator)
{
    return program->generators[generator].is_tag;
}

/* exponent(a) + power * exponent(b) = exponent(result) for each generator (but tags, where they do not count)? Walks
   the three sorted lists of factors at once. */
static bool kinds_add_up(const struct program *program, const struct kind *a, const struct kind *b, int power,
                         const struct kind *result, bool with_tags)
{
    const struct kind *kinds[3] = {a, b, result};
    const int weights[3] = {1, power, -1};
    uint16_t at[3] = {0, 0, 0};
    for (;;) {
        uint32_t generator = UINT32_MAX;
        for (int k = 0; k < 3; k++) {
            if (at[k] < kinds[k]->count && kinds[k]->factors[at[k]].generator < generator) {
                generator = kinds[k]->factors[at[k]].generator;
            }
        }
        if (generator == UINT32_MAX) {
            return true;
        }
        int sum = 0;
        for (int k = 0; k < 3; k++) {
            if (at[k] < kinds[k]->count && kinds[k]->factors[at[k]].generator == generator) {
                sum += weights[k] * kinds[k]->factors[at[k]++].exponent;
            }
        }
        if (sum != 0 && (with_tags || !is_tag(program, (uint16_t)generator))) {
            return false;
        }
    }
}

static const struct kind no_kind;

bool unit_is_product(struct verifier *verifier, uint16_t a, uint16_t b, int power, uint16_t result)
{
    const struct program *program = verifier->program;
    const struct prog_unit *units = program->units;
    if (units[a].is_point || units[b].is_point || units[result].is_point ||
        !kinds_add_up(program, &units[a].kind, &units[b].kind, power, &units[result].kind, true)) {
        return false;
    }
    struct arena_mark mark = arena_mark(verifier->arena);
    struct rat factor = rat_pow(verifier->arena, units[b].scale, power);
    bool is_exact = rat_eq(rat_mul(verifier->arena, units[a].scale, factor), units[result].scale);
    arena_reset(verifier->arena, mark);
    return is_exact;
}

bool unit_is_power(struct verifier *verifier, uint16_t a, int power, uint16_t result)
{
    return unit_is_product(verifier, 0, a, power, result);
}

bool unit_kinds_equal(const struct program *program, uint16_t a, uint16_t b)
{
    return kinds_add_up(program, &program->units[a].kind, &no_kind, 0, &program->units[b].kind, true);
}

bool unit_kinds_equal_but_tags(const struct program *program, uint16_t a, uint16_t b)
{
    return kinds_add_up(program, &program->units[a].kind, &no_kind, 0, &program->units[b].kind, false);
}

bool unit_is_base(const struct program *program, uint16_t unit, struct str name)
{
    const struct kind *kind = &program->units[unit].kind;
    if (kind->count != 1 || kind->factors[0].exponent != 1) {
        return false;
    }
    const struct prog_generator *generator = &program->generators[kind->factors[0].generator];
    return !generator->is_tag && str_eq(program->texts[generator->name], name);
}
