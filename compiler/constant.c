#include "compiler/constant.h"

#include "compiler/walk.h"

static bool is_among(struct str digits, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(digits, str_of(list[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_time(const struct checked *checked, const struct kind *kind)
{
    struct unit second;
    (void)unit_parse(checked->units, STR("s"), &second);
    return kind->count == 1 && kind->factors[0].generator == second.kind.factors[0].generator;
}

/* Numbers that need no source: nothing, one, powers of ten, the molar masses of chemistry, the lengths of years and
 * days. */
static bool is_common(const struct checked *checked, const struct expr *number)
{
    static const char *const common[] = {"1",  "2",  "10", "100", "1000", "1000000", "12",  "14",
                                         "16", "18", "28", "32",  "44",   "56",      "100", "1e6"};
    struct str digits = number->as.number.digits;
    return number_is_zero(number) || is_among(digits, common, countof(common)) ||
           is_time(checked, &number->as.number.unit.kind);
}

struct search {
    const struct checked *checked;
    const struct expr *found;
};

static void find_constant(void *context, struct expr *expr);

static void find_below(void *context, struct expr *expr)
{
    expr_each_child(expr, find_constant, context);
}

static bool is_rounding(const struct expr *expr)
{
    return expr->ref.kind == REF_PREDEFINED && expr->ref.index == PREDEFINED_ROUNDED;
}

/* Steps of rounding, exponents, bounds of ranges and tolerances are part of the formula, not values of the world. */
static void find_constant(void *context, struct expr *expr)
{
    struct search *search = context;
    if (search->found != NULL || expr->kind == EXPR_RANGE) {
        return;
    }
    if (expr->kind == EXPR_NUMBER) {
        search->found = is_common(search->checked, expr) ? NULL : expr;
    } else if (expr->kind == EXPR_CALL && is_rounding(expr)) {
        find_constant(context, expr->as.call.args->value);
    } else if (expr->kind == EXPR_BINARY && expr->as.binary.op == BINARY_POW) {
        find_constant(context, expr->as.binary.left);
    } else if (expr->kind == EXPR_BINARY) {
        find_constant(context, expr->as.binary.left);
        find_constant(context, expr->as.binary.right);
    } else {
        find_below(context, expr);
    }
}

const struct expr *find_world_constant(const struct checked *checked, struct expr *value)
{
    struct search search = {checked, NULL};
    find_constant(&search, value);
    return search.found;
}

struct expr *stated_formula(const struct decl *decl)
{
    switch ((int)decl->kind) {
    case DECL_LET:
        return decl->as.let.value;
    case DECL_EMIT:
        return decl->as.emit.value;
    case DECL_FUNCTION:
        return decl->as.function.body;
    default:
        return NULL;
    }
}

bool table_has_source(const struct decl *table)
{
    bool has_source = true;
    for (const struct decl *column = table->as.table.columns; column != NULL; column = column->next) {
        has_source = has_source && (column->type.kind != TYPE_NUMBER || column->attributes.cite.len > 0);
    }
    return has_source || table->attributes.cite.len > 0;
}

bool is_draft_source(struct str cite)
{
    static const char *const words[] = {"draft", "草案"};
    for (size_t i = 0; i < countof(words); i++) {
        struct str word = str_of(words[i]);
        struct str rest = str_starts(cite, word) ? str_slice(cite, word.len, cite.len) : STR("-");
        if (rest.len == 0 || str_starts(rest, STR(":")) || str_starts(rest, STR("："))) {
            return true;
        }
    }
    return false;
}

/* ---- drafts of the standard library ------------------------------------------------------------------------------ */

struct drafts {
    const struct checked *checked;
    struct map seen; /* by address: what was looked at, from the inside */
    const struct decl *inside;
    const struct expr *use;
    draft_visitor *visit;
    void *context;
};

static void look_behind(struct drafts *drafts, struct decl *decl);

static void look_at_name(void *context, struct expr *expr)
{
    if (expr->ref.kind == REF_DECL && expr->ref.decl->module->is_std) {
        look_behind(context, expr->ref.decl);
    }
}

static void look_below(void *context, struct expr *expr)
{
    expr_walk(expr, look_at_name, context);
}

/* What it needs: functions and lets have formulas, tables and external functions none. */
static void look_behind(struct drafts *drafts, struct decl *decl)
{
    struct str address = str_format(drafts->checked->perm, "%p", (const void *)decl);
    if (!map_add(&drafts->seen, address, 0)) {
        return;
    }
    if (is_draft_source(decl->attributes.cite)) {
        drafts->visit(drafts->context, drafts->inside, drafts->use, decl);
    }
    decl_each_expr(decl, look_below, drafts);
}

static void look_at_use(void *context, struct expr *expr)
{
    struct drafts *drafts = context;
    drafts->use = expr;
    look_at_name(context, expr);
}

static void look_at_uses(void *context, struct expr *expr)
{
    expr_walk(expr, look_at_use, context);
}

static void look_in(void *context, struct decl *decl)
{
    struct drafts *drafts = context;
    drafts->inside = decl;
    if (decl->kind != DECL_EXPECT) {
        decl_each_expr(decl, look_at_uses, context);
    }
}

void each_draft_used(const struct checked *checked, struct decl *first, draft_visitor *visit, void *context)
{
    struct drafts drafts = {.checked = checked, .seen = map_in(checked->perm), .visit = visit, .context = context};
    decls_walk(first, look_in, &drafts);
}
