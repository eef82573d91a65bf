/* The formulas that the rule names, for explanations: each with the values it has, how it is written, and which others
   it mentions. They are noted on the way: what is lowered while a formula is open is mentioned by it. */
#include "compiler/lower.h"

void lower_formula_open(struct lowering *lowering, struct open_formula *open)
{
    *open = (struct open_formula){.outer = lowering->open_formula};
    lowering->open_formula = open;
}

void lower_formula_mention(struct lowering *lowering, uint32_t formula)
{
    struct open_formula *open = lowering->open_formula;
    if (open == NULL || formula == NO_INDEX) {
        return;
    }
    for (size_t i = 0; i < open->use_count; i++) {
        if (open->uses[i] == formula) {
            return;
        }
    }
    arena_grow(lowering->arena, open->uses, open->use_count, open->use_cap);
    open->uses[open->use_count++] = formula;
}

static bool has_nodes(const struct lowered *value)
{
    return value->split != NULL || (value->row == NULL && value->node != NO_OPERAND && value->node != IR_ERROR);
}

/* The same formula lowered to the same values is one. */
static struct str identity_of(struct lowering *lowering, const struct named_formula *formula)
{
    struct buf key = buf_in(lowering->arena);
    const struct split *split = formula->value.split;
    buf_format(&key, "%d %p %lu %.*s", (int)formula->kind, (const void *)formula->decl,
               split == NULL ? (unsigned long)formula->value.node : 0, STR_FMT(formula->name));
    for (size_t i = 0; split != NULL && i < split->count; i++) {
        buf_format(&key, " %lu", (unsigned long)split->shares[i].node);
    }
    return buf_str(&key);
}

uint32_t lower_formula_close(struct lowering *lowering, struct open_formula *open, struct named_formula formula)
{
    uint32_t number = NO_INDEX;
    lowering->open_formula = open->outer;
    if (!has_nodes(&formula.value) || lowering->formula_count >= LIMIT_ITEMS) {
        return NO_INDEX;
    }
    struct str identity = identity_of(lowering, &formula);
    if (!map_get(&lowering->formula_keys, identity, &number)) {
        number = (uint32_t)lowering->formula_count;
        formula.clause = lowering->ir->site.clause;
        formula.uses = open->uses;
        formula.use_count = open->use_count;
        map_add(&lowering->formula_keys, identity, number);
        arena_grow(lowering->arena, lowering->formulas, lowering->formula_count, lowering->formula_cap);
        lowering->formulas[lowering->formula_count++] = formula;
    }
    lower_formula_mention(lowering, number);
    return number;
}
