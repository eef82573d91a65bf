/* What the units of a rule are called: as its author wrote them, in the names of the table. Of several spellings of one
   unit the first counts, in an order that is the same in every language: the declared amount and the reports, which are
   the results, before the data, and what the rule names before what it only uses. */
#include "compiler/lower.h"
#include "compiler/resolve.h"

#include <string.h>

struct spellings {
    struct lowering *lowering;
    struct str *texts; /* by unit of the builder */
    size_t count;
};

static void add_spelling(struct spellings *spellings, struct unit unit, struct str written)
{
    const struct lowering *lowering = spellings->lowering;
    uint32_t id = ir_unit(lowering->ir, unit);
    if (id == IR_ERROR || id == 0 || id >= spellings->count || spellings->texts[id].len > 0 || written.len == 0) {
        return;
    }
    struct str text =
        unit_spelling(lowering->arena, lowering->checked->units, resolve_tags(lowering->checked, written));
    if (text.len <= LIMIT_UNIT_TEXT) {
        spellings->texts[id] = text;
    }
}

static void add_types(struct spellings *spellings, const struct decl *first)
{
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        if (decl->type.kind == TYPE_NUMBER) {
            add_spelling(spellings, decl->type.unit, decl->type.unit_spelled);
        }
    }
}

static const struct decl *decl_of(const struct map_entry *entry)
{
    const struct decl *decl = NULL;
    memcpy(&decl, entry->key.at, sizeof decl);
    return decl;
}

static void add_fields(struct spellings *spellings)
{
    const struct lowering *lowering = spellings->lowering;
    for (size_t i = 0; i < lowering->ir->field_count; i++) {
        const struct decl *field = lowering->field_decls[i];
        if (field != NULL && field->type.kind == TYPE_NUMBER) {
            add_spelling(spellings, field->type.unit, field->type.unit_spelled);
        }
    }
}

/* Only tables, factors and external functions that the rule uses are in these maps, in the order of their first use. */
static void add_tables(struct spellings *spellings)
{
    const struct map *tables = &spellings->lowering->table_ids.map;
    for (size_t i = 0; i < tables->count; i++) {
        const struct decl *table = decl_of(&tables->entries[i]);
        add_types(spellings, table->as.table.keys);
        add_types(spellings, table->as.table.columns);
    }
}

static void add_natives(struct spellings *spellings)
{
    const struct map *natives = &spellings->lowering->native_ids.map;
    for (size_t i = 0; i < natives->count; i++) {
        const struct decl *native = decl_of(&natives->entries[i]);
        add_types(spellings, native->as.external.params);
        add_spelling(spellings, native->type.unit, native->type.unit_spelled);
    }
}

static void add_factors(struct spellings *spellings)
{
    const struct map *factors = &spellings->lowering->factor_ids.map;
    for (size_t i = 0; i < factors->count; i++) {
        const struct decl *factor = decl_of(&factors->entries[i]);
        add_spelling(spellings, factor->type.unit, factor->type.unit_spelled);
    }
}

static void add_reports(struct spellings *spellings)
{
    for (const struct decl *item = spellings->lowering->checked->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_REPORT && item->type.kind == TYPE_NUMBER) {
            add_spelling(spellings, item->type.unit, item->type.unit_spelled);
        }
    }
}

/* Of lets that have a type, those of stages after those of the rule. */
static void add_lets(struct spellings *spellings, const struct decl *items)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_LET && item->as.let.type != NULL && item->type.kind == TYPE_NUMBER) {
            add_spelling(spellings, item->type.unit, item->type.unit_spelled);
        }
    }
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            add_lets(spellings, item->as.stage.items);
        }
    }
}

static void add_declared(struct spellings *spellings)
{
    for (const struct decl *item = spellings->lowering->checked->rule->as.rule.items; item != NULL; item = item->next) {
        bool is_declared = item->kind == DECL_HEADER && item->as.header.amount != NULL;
        if (is_declared && item->as.header.amount->kind == EXPR_NUMBER) {
            add_spelling(spellings, item->as.header.amount->as.number.unit,
                         item->as.header.amount->as.number.unit_text);
        }
    }
}

const struct str *lower_unit_spellings(struct lowering *lowering, size_t count)
{
    struct spellings spellings = {lowering, arena_array(lowering->arena, struct str, count), count};
    add_declared(&spellings);
    add_reports(&spellings);
    add_fields(&spellings);
    add_lets(&spellings, lowering->checked->rule->as.rule.items);
    add_tables(&spellings);
    add_factors(&spellings);
    add_natives(&spellings);
    return spellings.texts;
}
