/* What binding knows of a program's fields before the first record. */
#include "base/decimal.h"
#include "vm/bind_parts.h"

struct str schema_text(const struct program *program, uint32_t text)
{
    return text < program->text_count ? program->texts[text] : STR("");
}

static struct str label_of(const struct program *program, uint32_t label)
{
    return label < program->label_count ? program->labels[label] : STR("");
}

struct level *schema_level(struct binder *binder, uint32_t list)
{
    return list == NO_INDEX ? &binder->root : binder->fields[list].level;
}

static void add_names(const struct program *program, struct map *map, const struct prog_aliases *aliases,
                      uint32_t number)
{
    for (uint32_t i = 0; i < aliases->count; i++) {
        map_add(map, label_of(program, aliases->labels[i]), number);
    }
}

static uint32_t count_fields(const struct program *program, uint32_t list)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->field_count; i++) {
        count += program->fields[i].parent == list;
    }
    return count;
}

/* First spellings go in before aliases: where they meet, the name wins. */
static void build_level(struct binder *binder, struct level *level, uint32_t list)
{
    const struct program *program = binder->program;
    level->names = map_in(binder->arena);
    level->fields = arena_array(binder->arena, uint32_t, count_fields(program, list));
    for (uint32_t i = 0; i < program->field_count; i++) {
        if (program->fields[i].parent == list) {
            level->fields[level->count++] = i;
            map_add(&level->names, schema_text(program, program->fields[i].name), i);
        }
    }
    for (uint32_t i = 0; i < level->count; i++) {
        add_names(program, &level->names, &program->fields[level->fields[i]].aliases, level->fields[i]);
    }
}

static void build_bound(struct bound *bound, const struct program *program, uint32_t constant)
{
    if (constant < program->constant_count) {
        bound->is_there = true;
        bound->exact = program->constants[constant].number;
        bound->value = rat_to_double(bound->exact);
    }
}

/* Percents, unless the field's range says that they are small. */
static bool is_percent(const struct binder *binder, const struct prog_field *field, const struct field_schema *schema)
{
    if (field->type != VALUE_NUMBER || field->is_list || binder->program->units[field->unit].kind.count != 0) {
        return false;
    }
    struct rat scale = binder->program->units[field->unit].scale;
    bool is_small = schema->high.is_there && schema->high.value <= 1;
    return scale.big == NULL && scale.num == 1 && scale.den == 100 && !is_small;
}

static void build_choices(struct binder *binder)
{
    const struct program *program = binder->program;
    binder->codes = arena_array(binder->arena, struct map, program->choice_count);
    for (uint32_t i = 0; i < program->choice_count; i++) {
        const struct prog_choice *choice = &program->choices[i];
        struct map *map = &binder->codes[i];
        *map = map_in(binder->arena);
        for (uint32_t k = 0; k < choice->member_count; k++) {
            map_add(map, schema_text(program, choice->members[k].code), k);
        }
        for (uint32_t k = 0; k < choice->member_count; k++) {
            map_add(map, schema_text(program, choice->members[k].name), k);
            add_names(program, map, &choice->members[k].aliases, k);
        }
    }
}

void schema_build(struct binder *binder)
{
    const struct program *program = binder->program;
    binder->fields = arena_array(binder->arena, struct field_schema, program->field_count);
    binder->found = arena_array(binder->arena, uint32_t, program->field_count);
    build_level(binder, &binder->root, NO_INDEX);
    for (uint32_t i = 0; i < program->field_count; i++) {
        const struct prog_field *field = &program->fields[i];
        struct field_schema *schema = &binder->fields[i];
        if (field->is_list) {
            schema->level = arena_new(binder->arena, struct level);
            build_level(binder, schema->level, i);
            continue;
        }
        build_bound(&schema->low, program, field->low);
        build_bound(&schema->high, program, field->high);
        schema->is_percent = is_percent(binder, field, schema);
    }
    build_choices(binder);
    binder->program_texts = map_in(binder->arena);
    for (uint32_t i = 0; i < program->text_count; i++) {
        map_add(&binder->program_texts, program->texts[i], i);
    }
    binder->id_field = NO_INDEX;
    map_get(&binder->root.names, STR("id"), &binder->id_field);
}

struct str schema_nearest(struct arena *arena, const struct map *names, struct str name)
{
    const size_t longest = 200; /* bytes; a text that is longer is no misspelt name, and comparing has its price */
    if (name.len > longest) {
        return STR("");
    }
    struct str *candidates = arena_array(arena, struct str, names->count);
    for (size_t i = 0; i < names->count; i++) {
        candidates[i] = names->entries[i].key;
    }
    return str_nearest(name, candidates, names->count);
}
