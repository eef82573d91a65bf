/* Values of emissions that know where they come from: shares by category and gas, which go through everything linear.
   `e * gwp(G)` makes the first share; what is not linear sees the sum. */
#include "compiler/lower.h"

#include "grammar/keywords.h"

struct lowered lower_plain(uint32_t node)
{
    return (struct lowered){.node = node};
}

static struct split *new_split(struct lowering *lowering)
{
    return arena_new(lowering->arena, struct split);
}

static struct share *find_share(const struct split *split, struct str category, struct str gas)
{
    for (size_t i = 0; i < split->count; i++) {
        if (str_eq(split->shares[i].category, category) && str_eq(split->shares[i].gas, gas)) {
            return &split->shares[i];
        }
    }
    return NULL;
}

static void add_share(struct lowering *lowering, struct split *split, struct share share)
{
    struct share *same = find_share(split, share.category, share.gas);
    if (same != NULL) {
        same->node = ir_add(lowering->ir, same->node, share.node);
        same->is_of_factor = same->is_of_factor || share.is_of_factor;
        return;
    }
    arena_grow(lowering->arena, split->shares, split->count, split->cap);
    split->shares[split->count++] = share;
}

/* The value as shares; one of unsaid origin where it is not split. */
static const struct split *shares_of(struct lowering *lowering, struct lowered value)
{
    if (value.split != NULL) {
        return value.split;
    }
    struct split *split = new_split(lowering);
    add_share(lowering, split, (struct share){.category = STR(""), .gas = STR(""), .node = value.node});
    return split;
}

uint32_t lower_sum_of(struct lowering *lowering, struct lowered value)
{
    if (value.row != NULL) {
        return lower_fail(lowering, lowering->ir->site.at, D_ROW_AS_VALUE, NULL, 0);
    }
    if (value.split == NULL) {
        return value.node;
    }
    uint32_t sum = value.split->shares[0].node;
    for (size_t i = 1; i < value.split->count; i++) {
        uint32_t node = value.split->shares[i].node;
        sum = ir_add(lowering->ir, sum, node);
    }
    return sum;
}

static bool is_of_factor(const struct split *split)
{
    for (size_t i = 0; i < split->count; i++) {
        if (split->shares[i].is_of_factor) {
            return true;
        }
    }
    return false;
}

/* The sum may be asked for: `x.total`, in brackets where x is a formula. */
static void offer_total(struct lowering *lowering, struct diag *diag, const struct expr *expr)
{
    struct str text = span_text(lowering->checked->sources, expr->at);
    bool is_path = expr->kind == EXPR_NAME || expr->kind == EXPR_MEMBER || expr->kind == EXPR_CALL ||
                   expr->kind == EXPR_COMPREHENSION || expr->is_parenthesised;
    struct str word = predefined_text(PREDEFINED_TOTAL, lowering->checked->rule->module->lang);
    struct str fix = str_format(lowering->arena, is_path ? "%.*s.%.*s" : "(%.*s).%.*s", STR_FMT(text), STR_FMT(word));
    diag_fix(lowering->out, diag, expr->at, fix, DIAG_NONE, NULL, 0)->is_applicable = true;
}

uint32_t lower_whole(struct lowering *lowering, const struct expr *expr, struct lowered value)
{
    if (value.split == NULL || value.split->count < 2 || !is_of_factor(value.split)) {
        return lower_sum_of(lowering, value);
    }
    struct str text = span_text(lowering->checked->sources, expr->at);
    struct diag *diag = diag_add(lowering->out, D_SPLIT_LOST, expr->at, DIAG_ARGS(text));
    offer_total(lowering, diag, expr);
    lowering->has_error = true;
    return IR_ERROR;
}

struct lowered lower_each_share(struct lowering *lowering, struct lowered value, share_function *function,
                                void *context)
{
    if (value.split == NULL) {
        return lower_plain(function(lowering, lower_sum_of(lowering, value), context));
    }
    struct split *split = new_split(lowering);
    for (size_t i = 0; i < value.split->count; i++) {
        struct share share = value.split->shares[i];
        share.node = function(lowering, share.node, context);
        add_share(lowering, split, share);
    }
    return (struct lowered){.split = split};
}

/* ---- linear operations ---- */

static uint32_t negated(struct lowering *lowering, uint32_t node, void *context)
{
    (void)context;
    return ir_neg(lowering->ir, node);
}

struct lowered lower_add(struct lowering *lowering, struct lowered a, struct lowered b, bool is_sub)
{
    if (a.split == NULL && b.split == NULL) {
        uint32_t left = lower_sum_of(lowering, a);
        uint32_t right = lower_sum_of(lowering, b);
        return lower_plain(is_sub ? ir_sub(lowering->ir, left, right) : ir_add(lowering->ir, left, right));
    }
    struct split *split = new_split(lowering);
    const struct split *left = shares_of(lowering, a);
    const struct split *right = shares_of(lowering, b);
    for (size_t i = 0; i < left->count; i++) {
        add_share(lowering, split, left->shares[i]);
    }
    for (size_t i = 0; i < right->count; i++) {
        struct share share = right->shares[i];
        struct share *same = find_share(split, share.category, share.gas);
        if (same != NULL && is_sub) {
            same->node = ir_sub(lowering->ir, same->node, share.node);
        } else {
            share.node = is_sub ? negated(lowering, share.node, NULL) : share.node;
            add_share(lowering, split, share);
        }
    }
    return (struct lowered){.split = split};
}

struct lowered lower_mul(struct lowering *lowering, struct lowered a, struct lowered b, bool is_div)
{
    struct ir *ir = lowering->ir;
    if (a.split == NULL && b.split != NULL && !is_div) {
        struct lowered swapped = a;
        a = b;
        b = swapped;
    }
    uint32_t right = lower_sum_of(lowering, b);
    if (a.split == NULL || b.split != NULL) {
        uint32_t left = lower_sum_of(lowering, a);
        return lower_plain(is_div ? ir_div(ir, left, right) : ir_mul(ir, left, right));
    }
    struct split *split = new_split(lowering);
    for (size_t i = 0; i < a.split->count; i++) {
        struct share share = a.split->shares[i];
        share.node = is_div ? ir_div(ir, share.node, right) : ir_mul(ir, right, share.node);
        add_share(lowering, split, share);
    }
    return (struct lowered){.split = split};
}

struct lowered lower_negated(struct lowering *lowering, struct lowered value)
{
    return lower_each_share(lowering, value, negated, NULL);
}

/* The share of a branch; a free zero where the branch has none of it. */
static uint32_t share_or_zero(struct lowering *lowering, const struct split *split, const struct share *like)
{
    const struct share *share = find_share(split, like->category, like->gas);
    return share != NULL ? share->node : ir_number(lowering->ir, RAT_ZERO, UNIT_ONE);
}

struct lowered lower_select(struct lowering *lowering, uint32_t condition, struct lowered then,
                            struct lowered otherwise)
{
    struct ir *ir = lowering->ir;
    if (then.split == NULL && otherwise.split == NULL) {
        uint32_t first = lower_sum_of(lowering, then);
        return lower_plain(ir_select(ir, condition, first, lower_sum_of(lowering, otherwise)));
    }
    const struct split *left = shares_of(lowering, then);
    const struct split *right = shares_of(lowering, otherwise);
    struct split *split = new_split(lowering);
    const struct split *both[] = {left, right};
    for (size_t side = 0; side < countof(both); side++) {
        for (size_t i = 0; i < both[side]->count; i++) {
            struct share share = both[side]->shares[i];
            if (find_share(split, share.category, share.gas) == NULL) {
                uint32_t first = share_or_zero(lowering, left, &share);
                uint32_t second = share_or_zero(lowering, right, &share);
                share.node = ir_select(ir, condition, first, second);
                add_share(lowering, split, share);
            }
        }
    }
    return (struct lowered){.split = split};
}

/* What is given counts with no category of its own; the note about a default names the sum that was taken. A factor or a
   datum that is taken says itself what it is. */
struct lowered lower_else(struct lowering *lowering, uint32_t value, struct lowered fallback, bool is_noted)
{
    struct ir *ir = lowering->ir;
    uint32_t taken = lower_sum_of(lowering, fallback);
    bool is_sourced = taken != IR_ERROR && ir->nodes[taken].source != 0;
    uint32_t chosen = ir_else(ir, value, taken, is_noted && !is_sourced);
    if (fallback.split == NULL || chosen == IR_ERROR || !ir->nodes[value].shape.is_optional) {
        return lower_plain(chosen);
    }
    uint32_t is_given = ir_given(ir, value);
    uint32_t none = ir_number(ir, RAT_ZERO, UNIT_ONE);
    struct split *split = new_split(lowering);
    add_share(lowering, split,
              (struct share){.category = STR(""), .gas = STR(""), .node = ir_select(ir, is_given, chosen, none)});
    for (size_t i = 0; i < fallback.split->count; i++) {
        struct share share = fallback.split->shares[i];
        share.node = ir_select(ir, is_given, none, share.node);
        if (share.node != IR_ERROR && !ir_is_constant(ir, share.node)) {
            ir->nodes[share.node].noted = chosen;
        }
        add_share(lowering, split, share);
    }
    return (struct lowered){.split = split};
}

/* ---- gwp ---- */

/* A rule that says none was refused; an example of a module need not say it. */
static struct str gwp_set(const struct checked *checked)
{
    for (const struct decl *item = checked->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_HEADER && item->as.header.kind == HEADER_GWP && item->as.header.names != NULL) {
            return item->as.header.names->name.text;
        }
    }
    return STR("");
}

/* The potential of a gas of std.gases in the rule's set; `key` is the gas, or what the data name: then a gas that the
   set lacks fails the product that has it. */
static uint32_t potential_of(struct lowering *lowering, uint32_t key)
{
    struct decl *gases = lowering->checked->gases;
    struct str set = gwp_set(lowering->checked);
    uint32_t table = lower_table_id(lowering, gases);
    if (table == IR_ERROR) {
        return IR_ERROR;
    }
    uint32_t column = 0;
    for (const struct decl *at = gases->as.table.columns; at != NULL && !str_eq(at->name.text, set); at = at->next) {
        column++;
    }
    if (column >= lowering->ir->tables[table].column_count) {
        return IR_ERROR;
    }
    key = ir_key(lowering->ir, table, 0, key);
    return ir_column(lowering->ir, ir_cell(lowering->ir, table, &key), table, column);
}

static struct share gas_share(struct str gas, uint32_t node)
{
    return (struct share){
        .category = str_ends(gas, STR("_biogenic")) ? STR("biogenic") : STR("fossil"), .gas = gas, .node = node};
}

static const struct decl *member_at(const struct decl *choice, uint32_t index)
{
    const struct decl *member = choice->as.choice.members;
    while (index-- > 0) {
        member = member->next;
    }
    return member;
}

static bool find_gas(const struct decl *gases, struct str name, uint32_t *index)
{
    *index = 0;
    for (const struct decl *gas = gases->as.choice.members; gas != NULL; gas = gas->next) {
        if (str_eq(gas->name.text, name)) {
            return true;
        }
        ++*index;
    }
    return false;
}

/* A named gas wants its own kilograms: kgCO2e/kg{CH4} for CH4 and CH4_biogenic. */
static uint32_t tagged(struct lowering *lowering, uint32_t potential, struct str gas)
{
    struct ir *ir = lowering->ir;
    if (potential == IR_ERROR) {
        return potential;
    }
    size_t len = 0;
    while (len < gas.len && gas.at[len] != '_') {
        len++;
    }
    struct kind tag = kind_one();
    tag.count = 1;
    tag.factors[0].generator = unit_tag(ir->units, str_slice(gas, 0, len));
    tag.factors[0].exponent = 1;
    struct unit unit = ir_unit_of(ir, potential);
    if (!kind_mul(unit.kind, tag, -1, &unit.kind)) {
        return ir_fail(ir, D_UNIT_PRODUCT, NULL, 0);
    }
    return ir_number(ir, ir_constant(ir, potential)->number, unit);
}

/* The share of one gas, by its name in whatever choice. `named` is what the data name; NO_OPERAND: the rule names it. */
static struct share share_of_gas(struct lowering *lowering, const struct expr *call, struct str name, uint32_t named)
{
    struct decl *gases = lowering->checked->gases->as.table.keys->type.decl;
    struct ir *ir = lowering->ir;
    uint32_t index = 0;
    uint32_t value = IR_ERROR;
    if (find_gas(gases, name, &index)) {
        uint32_t choice = lower_choice_id(lowering, gases);
        value = potential_of(lowering, ir_member(ir, choice, index));
        bool is_open = named != NO_OPERAND && !ir_is_constant(ir, named) && ir->nodes[named].shape.of == choice;
        if (!ir_is_constant(ir, value) && is_open) {
            return gas_share(name, ir_need(ir, potential_of(lowering, named)));
        }
    }
    if (!ir_is_constant(ir, value)) {
        value = lower_fail(lowering, call->at, D_GAS_WITHOUT_GWP, DIAG_ARGS(name, gwp_set(lowering->checked)));
    }
    return gas_share(name, value);
}

/* A gas that the data name: one share for each that may be meant. */
static void add_gases_of_data(struct lowering *lowering, const struct expr *call, uint32_t gas, struct split *split)
{
    struct ir *ir = lowering->ir;
    uint32_t choice = ir->nodes[gas].shape.of;
    for (uint32_t i = 0; i < ir->choices[choice].member_count; i++) {
        uint32_t is_meant = ir_equal(ir, gas, ir_member(ir, choice, i));
        if (ir_is_false(ir, is_meant)) {
            continue;
        }
        struct share share = share_of_gas(lowering, call, ir_text_of(ir, ir->choices[choice].members[i].name), gas);
        if (ir_is_true(ir, is_meant)) {
            split->count = 0;
        }
        share.node = ir_select(ir, is_meant, share.node, ir_number(ir, RAT_ZERO, UNIT_ONE));
        add_share(lowering, split, share);
    }
}

/* In a rule the types say it first, but of what stands in the modules that it imports. Once is enough. */
static uint32_t refuse_set(struct lowering *lowering, const struct expr *call)
{
    const struct checked *checked = lowering->checked;
    if (lowering->has_error) {
        return IR_ERROR;
    }
    lowering->has_error = true;
    if (checked->example != NULL) {
        diag_add(lowering->out, D_EXAMPLE_GWP, checked->example->at, NULL, 0);
        return IR_ERROR;
    }
    struct diag *diag = diag_add(lowering->out, D_GWP_NO_SET, call->at, NULL, 0);
    diag_label(lowering->out, diag, checked->rule->name.at, T_RULE_HERE, NULL, 0);
    return IR_ERROR;
}

struct lowered lower_gwp(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    struct expr *arg = call->as.call.args->value;
    struct split *split = new_split(lowering);
    if (gwp_set(lowering->checked).len == 0) {
        return lower_plain(refuse_set(lowering, call));
    }
    if (arg->ref.kind == REF_GAS) {
        struct str name = member_at(arg->ref.decl, arg->ref.index)->name.text;
        struct share share = share_of_gas(lowering, call, name, NO_OPERAND);
        share.node = tagged(lowering, share.node, name);
        add_share(lowering, split, share);
        return (struct lowered){.split = split};
    }
    uint32_t gas = ir_need(lowering->ir, lower_value(lowering, arg, scope));
    if (gas == IR_ERROR || lowering->ir->nodes[gas].shape.type != VALUE_MEMBER) {
        return lower_plain(IR_ERROR);
    }
    add_gases_of_data(lowering, call, gas, split);
    return (struct lowered){.split = split};
}

/* ---- emissions ---- */

struct split *lower_emission(struct lowering *lowering, struct lowered value, struct str category)
{
    if (value.row != NULL) {
        value = lower_plain(lower_sum_of(lowering, value));
    }
    const struct split *shares = shares_of(lowering, value);
    struct split *split = new_split(lowering);
    for (size_t i = 0; i < shares->count; i++) {
        struct share share = shares->shares[i];
        share.node = ir_convert(lowering->ir, share.node, lowering->ir->unit_items[lowering->kgco2e]);
        share.category = category.len > 0 ? category : share.category.len > 0 ? share.category : STR("fossil");
        add_share(lowering, split, share);
    }
    return split;
}
