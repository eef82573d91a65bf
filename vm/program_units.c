#include "vm/program_units.h"

static struct str program_text(const struct program *program, uint32_t text)
{
    return text < program->text_count ? program->texts[text] : STR("");
}

/* The system's generators of the program's generators; bases that only the program has are declared. */
static uint16_t *map_generators(struct unit_system *system, const struct program *program)
{
    uint16_t *mapped = arena_array(system->arena, uint16_t, program->generator_count);
    for (uint32_t i = 0; i < program->generator_count; i++) {
        struct str name = program_text(program, program->generators[i].name);
        if (program->generators[i].is_tag) {
            mapped[i] = unit_tag(system, name);
            continue;
        }
        uint32_t found = 0;
        if (!map_get(&system->generator_index, name, &found)) {
            unit_declare(system, name, NULL);
            map_get(&system->generator_index, name, &found);
        }
        mapped[i] = (uint16_t)found;
    }
    return mapped;
}

static struct kind map_kind(const uint16_t *generators, struct kind kind)
{
    struct kind mapped = kind_one();
    for (uint16_t i = 0; i < kind.count; i++) {
        struct kind one = {.count = 1};
        one.factors[0].generator = generators[kind.factors[i].generator];
        one.factors[0].exponent = 1;
        kind_mul(mapped, one, kind.factors[i].exponent, &mapped);
    }
    return mapped;
}

/* Units that the rule's modules declare; those that are bases have their names by now. */
static void declare_names(struct program_units *units, const struct program *program)
{
    for (uint32_t i = 0; i < program->unit_name_count; i++) {
        struct str name = program_text(program, program->unit_names[i].name);
        unit_declare(units->system, name, &units->units[program->unit_names[i].unit]);
    }
    for (uint32_t i = 0; i < program->unit_name_count; i++) { /* where they meet, the name wins */
        const struct prog_aliases *aliases = &program->unit_names[i].aliases;
        for (uint32_t k = 0; k < aliases->count; k++) {
            unit_alias(units->system, program_text(program, program->unit_names[i].name),
                       program->labels[aliases->labels[k]]);
        }
    }
}

struct program_units program_units_new(struct arena *arena, const struct program *program)
{
    struct program_units units = {.system = unit_system_new(arena)};
    units.predefined = units.system->generator_count;
    units.generators = map_generators(units.system, program);
    units.units = arena_array(arena, struct unit, program->unit_count);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const struct prog_unit *unit = &program->units[i];
        struct kind kind = map_kind(units.generators, unit->kind);
        units.units[i] = (struct unit){kind, unit->scale, unit->is_point, unit->offset};
    }
    declare_names(&units, program);
    return units;
}
