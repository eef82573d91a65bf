/* Families of factors: one in the program, or one for each category into which a family is split. */
#include "compiler/lower.h"

static enum prog_factor_key factor_key(enum type_kind kind)
{
    switch (kind) {
    case TYPE_CHOICE:
        return FACTOR_KEY_MEMBER;
    case TYPE_YEAR:
        return FACTOR_KEY_YEAR;
    case TYPE_REGION:
        return FACTOR_KEY_REGION;
    case TYPE_ERROR:
    case TYPE_NUMBER:
    case TYPE_BOOL:
    case TYPE_TEXT:
    case TYPE_DATE:
    case TYPE_ROW:
    case TYPE_LIST:
        break;
    }
    return FACTOR_KEY_TEXT;
}

static struct prog_factor family(struct lowering *lowering, struct decl *factor)
{
    struct ir *ir = lowering->ir;
    struct prog_factor made = {.name = ir_text(ir, factor->name.text), .component = NO_INDEX, .fallback = NO_INDEX};
    for (struct decl *key = factor->as.factor.keys; key != NULL && made.key_count < LIMIT_FACTOR_KEYS;
         key = key->next) {
        made.keys[made.key_count].type = (uint8_t)factor_key(key->type.kind);
        made.keys[made.key_count].choice =
            key->type.kind == TYPE_CHOICE ? lower_choice_id(lowering, key->type.decl) : NO_INDEX;
        made.keys[made.key_count].name = ir_text(ir, key->name.text);
        made.key_count++;
    }
    uint32_t unit = ir_unit(ir, factor->type.unit);
    lowering->has_error = lowering->has_error || unit == IR_ERROR;
    made.unit = unit == IR_ERROR ? 0 : (uint16_t)unit;
    made.titles = lower_titles(lowering, &factor->texts);
    made.aliases = lower_aliases(lowering, factor->name.text);
    made.cite = lower_label(lowering, factor->attributes.cite);
    made.clause = lower_label(lowering, factor->attributes.clause);
    if (factor->attributes.initial != NULL) {
        uint32_t node = lower_constant(lowering, factor->attributes.initial);
        node = node == IR_ERROR ? node : ir_convert(ir, node, factor->type.unit);
        made.fallback = node == IR_ERROR ? NO_INDEX : ir->nodes[node].in.a;
    }
    return made;
}

static void add_family(struct lowering *lowering, struct prog_factor made)
{
    struct ir *ir = lowering->ir;
    arena_grow(lowering->arena, ir->factors, ir->factor_count, ir->factor_cap);
    ir->factors[ir->factor_count++] = made;
}

/* A family of one category has one value, all of it of that category. */
static bool has_components(const struct decl *factor)
{
    return factor->as.factor.split != NULL && factor->as.factor.split->next != NULL;
}

/* The first of the family's entries in the program; those of its categories follow one another. */
static uint32_t first_entry(struct lowering *lowering, struct decl *factor)
{
    uint32_t id = 0;
    if (decl_map_get(&lowering->factor_ids, factor, &id)) {
        return id;
    }
    lower_check_validity(lowering, factor);
    struct prog_factor made = family(lowering, factor);
    id = (uint32_t)lowering->ir->factor_count;
    decl_map_add(lowering, &lowering->factor_ids, factor, id);
    if (!has_components(factor)) {
        add_family(lowering, made);
        return id;
    }
    for (const struct name_list *item = factor->as.factor.split; item != NULL; item = item->next) {
        made.component = ir_text(lowering->ir, item->name.text);
        made.aliases = lower_aliases(lowering, factor->name.text); /* its own: they are renumbered in place */
        add_family(lowering, made);
    }
    return id;
}

struct lowered lower_factor(struct lowering *lowering, struct decl *factor, const uint32_t *keys)
{
    uint32_t id = first_entry(lowering, factor);
    if (factor->as.factor.split == NULL) {
        return lower_plain(ir_factor(lowering->ir, id, keys));
    }
    struct split *split = arena_new(lowering->arena, struct split);
    for (const struct name_list *item = factor->as.factor.split; item != NULL; item = item->next) {
        struct share share = {.category = item->name.text, .gas = STR(""), .is_of_factor = true};
        share.node = ir_factor(lowering->ir, id++, keys);
        arena_grow(lowering->arena, split->shares, split->count, split->cap);
        split->shares[split->count++] = share;
    }
    return (struct lowered){.split = split};
}
