/* The families of a program bound to the rows of files: which there are, whether any has rows, which have expired. */
#include "vm/factor_bind.h"

#include "base/calendar.h"
#include "base/decimal.h"

static void bind_file(struct bind *bind, const struct factor_file *file);
static void finish_families(struct bind *bind);
static struct str files_of(struct arena *arena, const struct zuji_factors *factors);

static struct str label_of(const struct program *program, uint32_t label)
{
    return label < program->label_count ? program->labels[label] : STR("");
}

static void add_spellings(const struct program *program, struct map *map, uint32_t name,
                          const struct prog_aliases *aliases, uint32_t number)
{
    map_add(map, factor_text(program, name), number);
    for (uint32_t i = 0; i < aliases->count; i++) {
        map_add(map, label_of(program, aliases->labels[i]), number);
    }
}

static struct map members_of(struct bind *bind, const struct prog_choice *choice)
{
    struct map map = map_in(bind->arena);
    for (uint32_t i = 0; i < choice->member_count; i++) {
        map_add(&map, factor_text(bind->program, choice->members[i].code), i);
    }
    for (uint32_t i = 0; i < choice->member_count; i++) {
        add_spellings(bind->program, &map, choice->members[i].name, &choice->members[i].aliases, i);
    }
    return map;
}

/* The rule's default, or "not found". */
static struct factor_value otherwise_of(const struct program *program, const struct prog_factor *factor)
{
    struct factor_value value = {
        .is_found = false, .valid = {INT32_MIN, INT32_MAX}
    };
    if (factor->fallback < program->constant_count) {
        value.is_found = true;
        value.is_default = true;
        value.exact = program->constants[factor->fallback].number;
        value.value = rat_to_double(value.exact);
        value.source = label_of(program, factor->cite);
    }
    return value;
}

/* Hangs the factor behind the earlier parts of its family. */
static void link_part(struct bind *bind, uint32_t number)
{
    uint32_t last = 0;
    bind->next_part[number] = NO_INDEX;
    if (map_get(&bind->family_names, factor_text(bind->program, bind->program->factors[number].name), &last)) {
        while (bind->next_part[last] != NO_INDEX) {
            last = bind->next_part[last];
        }
        bind->next_part[last] = number;
    }
}

static void start_families(struct bind *bind)
{
    const struct program *program = bind->program;
    bind->family_names = map_in(bind->arena);
    bind->key_names = map_in(bind->arena);
    bind->codes = arena_array(bind->arena, struct map, program->choice_count);
    bind->binding->families = arena_array(bind->arena, struct factor_family, program->factor_count);
    bind->next_part = arena_array(bind->arena, uint32_t, program->factor_count);
    for (uint32_t i = 0; i < program->factor_count; i++) {
        const struct prog_factor *factor = &program->factors[i];
        bind->binding->families[i] =
            (struct factor_family){.index = map_in(bind->arena), .otherwise = otherwise_of(program, factor)};
        link_part(bind, i);
        add_spellings(program, &bind->family_names, factor->name, &factor->aliases, i);
        for (uint32_t k = 0; k < factor->key_count; k++) {
            map_add(&bind->key_names, factor_text(program, factor->keys[k].name), k);
            if (factor->keys[k].type == FACTOR_KEY_MEMBER && bind->codes[factor->keys[k].choice].count == 0) {
                bind->codes[factor->keys[k].choice] = members_of(bind, &program->choices[factor->keys[k].choice]);
            }
        }
    }
}

struct factor_binding *factor_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_factors *factors, struct diags *out)
{
    struct bind bind = {
        .arena = arena, .program = program, .out = out, .reader = {.arena = arena, .out = out}
    };
    size_t errors = out->errors;
    bind.binding = arena_new(arena, struct factor_binding);
    bind.binding->program = program;
    bind.binding->arena = arena;
    bind.binding->files = files_of(arena, factors);
    bind.binding->parents = map_in(arena);
    bind.units = data_units_new(arena, program);
    start_families(&bind);
    for (size_t i = 0; factors != NULL && i < factors->count; i++) {
        bind_file(&bind, &factors->files[i]);
    }
    finish_families(&bind);
    return out->errors == errors ? bind.binding : NULL;
}

/* --- regions --- */

static void add_parent(struct bind *bind, const struct csv_row *row)
{
    const struct csv_cell *cell = factor_cell(row, bind->reader.standard[COLUMN_PARENT]);
    struct str region = factor_region(factor_cell_text(row, bind->reader.standard[COLUMN_REGION]));
    if (cell == NULL || cell->text.len == 0 || region.len == 0) {
        return;
    }
    struct factor_binding *binding = bind->binding;
    struct str parent = factor_region(cell->text);
    uint32_t known = 0;
    if (map_get(&binding->parents, region, &known)) {
        if (!str_eq(binding->parent_names[known], parent)) {
            factor_report(&bind->reader, D_FACTOR_TWO_PARENTS, cell,
                          DIAG_ARGS(region, binding->parent_names[known], parent));
        }
        return;
    }
    arena_grow(bind->arena, binding->parent_names, binding->parent_count, binding->parent_cap);
    binding->parent_names[binding->parent_count] = str_copy(bind->arena, parent);
    map_add(&binding->parents, str_copy(bind->arena, region), (uint32_t)binding->parent_count);
    binding->parent_count++;
}

static void bind_table(struct bind *bind, const struct factor_table *table)
{
    factor_reader_open(&bind->reader, table);
    for (uint32_t i = 0; i < table->rows.row_count; i++) {
        const struct csv_row *row = &table->rows.rows[i];
        struct str family = factor_cell_text(row, bind->reader.standard[COLUMN_FACTOR]);
        uint32_t number = 0;
        bind->reader.row = row;
        add_parent(bind, row);
        if (family.len == 0 && factor_cell_text(row, bind->reader.standard[COLUMN_VALUE]).len != 0) {
            factor_report(&bind->reader, D_FACTOR_NO_NAME, &row->cells[0], NULL, 0);
        } else if (map_get(&bind->family_names, family, &number)) {
            factor_bind_row(bind, number, row);
        }
    }
    factor_reader_close(&bind->reader);
}

static void bind_file(struct bind *bind, const struct factor_file *file)
{
    const struct map *names = &bind->family_names;
    struct str *families = arena_array(bind->arena, struct str, names->count);
    const struct factor_table *tables;
    size_t count;
    for (size_t i = 0; i < names->count; i++) {
        families[i] = names->entries[i].key;
    }
    if (factor_tables(bind->arena, file, families, names->count, &tables, &count, bind->out)) {
        for (size_t i = 0; i < count; i++) {
            bind_table(bind, &tables[i]);
        }
    }
}

/* Where every row of a family has expired, or is not yet valid, on all days on which the rule is valid: lists them. */
static void check_expired(struct bind *bind, uint32_t number)
{
    enum { LISTED_MAX = 8 };
    const struct prog_rule *rule = &bind->program->rule;
    const struct factor_family *family = &bind->binding->families[number];
    struct buf list = buf_in(bind->arena);
    size_t count = 0;
    for (size_t g = 0; g < family->count; g++) {
        for (size_t i = 0; i < family->groups[g].count; i++) {
            const struct factor_slot *slot = family->groups[g].slots[i];
            struct calendar_days valid = slot->value.valid;
            if (valid.first <= rule->valid_to && valid.last >= rule->valid_from) {
                return;
            }
            if (count++ < LISTED_MAX) {
                struct str days = calendar_period_text(bind->arena, valid.first, valid.last);
                buf_format(&list, "%s%.*s:%lu (%.*s)", count == 1 ? "" : ", ", STR_FMT(slot->value.file),
                           (unsigned long)slot->value.line, STR_FMT(days));
            }
        }
    }
    if (count > LISTED_MAX) {
        buf_add(&list, STR(" …"));
    }
    struct str name = factor_text(bind->program, bind->program->factors[number].name);
    struct str days = calendar_period_text(bind->arena, rule->valid_from, rule->valid_to);
    if (count > 0) {
        diag_add(bind->out, D_FACTOR_EXPIRED, (struct span){0, 0, 0}, DIAG_ARGS(name, days, buf_str(&list)));
    }
}

/* What was given, a folder by its own name; of more than a few the first. */
static struct str files_of(struct arena *arena, const struct zuji_factors *factors)
{
    enum { LISTED_MAX = 6 };
    struct buf list = buf_in(arena);
    size_t count = factors == NULL ? 0 : factors->count;
    size_t listed = 0;
    for (size_t i = 0; i < count; i++) {
        struct str given = factors->files[i].given;
        if (i > 0 && given.at == factors->files[i - 1].given.at) {
            continue; /* of the same folder */
        }
        if (listed++ == LISTED_MAX) {
            buf_add(&list, STR(", …"));
            break;
        }
        buf_format(&list, "%s%.*s", i == 0 ? "" : ", ", STR_FMT(given));
    }
    return buf_str(&list);
}

/* Files of which no row is one of the rule's are the wrong files, most likely. */
static void check_served(struct bind *bind)
{
    const struct program *program = bind->program;
    struct str *names = arena_array(bind->arena, struct str, program->factor_count);
    size_t count = 0;
    for (uint32_t i = 0; i < program->factor_count; i++) {
        if (bind->binding->families[i].has_rows) {
            return;
        }
        if (factor_is_first_part(program, i)) {
            names[count++] = factor_text(program, program->factors[i].name);
        }
    }
    if (count > 0 && bind->binding->files.len > 0) {
        struct str list = str_join(bind->arena, names, count, diag_both(bind->arena, STR(", "), STR("、")));
        diag_add(bind->out, D_FACTOR_OTHER_FILES, (struct span){0, 0, 0}, DIAG_ARGS(bind->binding->files, list));
    }
}

static void finish_families(struct bind *bind)
{
    check_served(bind);
    for (uint32_t i = 0; i < bind->program->factor_count; i++) {
        const struct factor_family *family = &bind->binding->families[i];
        if (family->has_validity && !family->otherwise.is_found) {
            check_expired(bind, i);
        }
    }
}
