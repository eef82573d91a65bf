/* From the checked tree to the program: data, then items, then masks and order. */
#include "compiler/lower.h"

#include <string.h>

struct program *lower(struct checked *checked, struct compiled *examples_into, struct diags *out)
{
    struct lowering lowering = {.arena = checked->perm, .checked = checked, .out = out};
    size_t errors = out->errors;
    struct map map = map_in(checked->perm);
    lowering.field_ids.map = lowering.choice_ids.map = lowering.table_ids.map = map;
    lowering.native_ids.map = lowering.factor_ids.map = lowering.let_ids.map = lowering.flow_ids.map = map;
    lowering.breakdown_ids.map = map;
    lowering.labels = lowering.formula_keys = map;
    lowering.ir = ir_new(checked->perm, checked->units, out);
    lowering.program = arena_new(checked->perm, struct program);
    struct unit kgco2e;
    if (unit_parse(checked->units, STR("kgCO2e"), &kgco2e).error != UNIT_OK) {
        lower_fail(&lowering, checked->rule->at, D_INTERNAL, DIAG_ARGS(STR("there is no kgCO2e")));
        return NULL;
    }
    lowering.kgco2e = ir_unit(lowering.ir, kgco2e);
    if (!lower_sizes(&lowering)) {
        return NULL;
    }
    lower_fields(&lowering);
    lower_reference_rows(&lowering);
    lower_items(&lowering);
    lower_header(&lowering);
    lower_examples(&lowering, examples_into);
    lower_check_unused_defaults(&lowering);
    if (out->errors > errors || lowering.has_error) {
        return NULL;
    }
    struct program *program = emit_program(&lowering);
    lower_divisors(&lowering, examples_into); /* with the masks that emitting gave */
    return program;
}

/* ---- numbers of declarations ---- */

bool decl_map_get(const struct decl_map *map, const void *key, uint32_t *value)
{
    return map_get(&map->map, (struct str){(const char *)&key, sizeof key}, value);
}

void decl_map_add(struct lowering *lowering, struct decl_map *map, const void *key, uint32_t value)
{
    const void **kept = arena_array(lowering->arena, const void *, 1);
    *kept = key;
    map_add(&map->map, (struct str){(const char *)kept, sizeof *kept}, value);
}

/* ---- messages and labels ---- */

uint32_t lower_fail(struct lowering *lowering, struct span at, enum diag_code code, const struct str *args,
                    size_t count)
{
    diag_add(lowering->out, code, at, args, count);
    lowering->has_error = true;
    return IR_ERROR;
}

uint32_t lower_label(struct lowering *lowering, struct str text)
{
    return text.len == 0 ? NO_INDEX : intern(&lowering->labels, text);
}

struct prog_titles lower_titles(struct lowering *lowering, const struct texts *texts)
{
    struct prog_titles titles = {
        {lower_label(lowering, texts->text[LANG_EN]), NO_INDEX}
    };
    titles.label[LANG_ZH] = lower_label(lowering, texts->text[LANG_ZH]);
    return titles;
}

struct prog_aliases lower_aliases(struct lowering *lowering, struct str name)
{
    const struct checked *checked = lowering->checked;
    struct prog_aliases aliases = {0};
    for (size_t pass = 0; pass < 2; pass++) {
        aliases.count = 0;
        for (size_t i = 0; i < checked->aliases.count; i++) {
            const struct map_entry *entry = &checked->aliases.entries[i];
            if (str_eq(checked->alias_first[entry->value], name)) {
                if (pass == 1) {
                    aliases.labels[aliases.count] = lower_label(lowering, entry->key);
                }
                aliases.count++;
            }
        }
        if (pass == 0) {
            aliases.labels = arena_array(lowering->arena, uint32_t, aliases.count);
        }
    }
    return aliases;
}

static struct str clause_of(const struct decl *decl)
{
    for (; decl != NULL; decl = decl->parent) {
        if (decl->attributes.clause.len > 0) {
            return decl->attributes.clause;
        }
    }
    return STR("");
}

struct ir_site lower_enter(struct lowering *lowering, struct str path, const struct decl *decl)
{
    struct ir_site before = lowering->ir->site;
    lowering->ir->site = (struct ir_site){decl->at, path, clause_of(decl), decl->attributes.cite};
    return before;
}
