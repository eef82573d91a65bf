#include "compiler/types.h"
#include "compiler/mentions.h"
#include "compiler/order.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

static void find_member_names(struct typer *typer);
static void declare_kinds(struct typer *typer, struct decl *first);
static void find_declared(struct typer *typer);
static void find_gwp_set(struct typer *typer);

static struct kind kind_of(struct typer *typer, const char *text)
{
    struct unit unit = UNIT_ONE;
    unit_parse(typer->checked->units, str_of(text), &unit);
    return unit.kind;
}

/* The kind that a zero without a unit turned out to have; it stays plain where it could have any. */
static void settle_zero(void *context, struct expr *expr)
{
    const struct typer *typer = context;
    bool is_zero = expr->kind == EXPR_NUMBER && expr->as.number.unit_text.len == 0 && number_is_zero(expr);
    if (is_zero && expr->type.kind == TYPE_NUMBER) {
        expr->as.number.unit = UNIT_ONE;
        (void)kinds_is_known(&typer->kinds, expr->type.kind_id, &expr->as.number.unit.kind);
    }
}

static void settle_below(void *context, struct expr *expr)
{
    expr_walk(expr, settle_zero, context);
}

/* Zeros, and what is expected of the functions of a module: its kind is that of the call, which may be generic. */
static void settle(void *context, struct decl *decl)
{
    const struct typer *typer = context;
    decl_each_expr(decl, settle_below, context);
    if (decl->kind == DECL_EXPECT && decl->type.kind == TYPE_NUMBER && !decl->type.unit.is_point) {
        decl->type.unit = UNIT_ONE;
        (void)kinds_is_known(&typer->kinds, decl->type.kind_id, &decl->type.unit.kind);
    }
}

void types_check(struct checked *checked, struct diags *out)
{
    struct typer typer = {.checked = checked, .arena = checked->perm, .out = out};
    typer.kinds = kinds_in(checked->perm);
    typer.member_names = map_in(checked->perm);
    typer.co2e = kind_of(&typer, "kgCO2e");
    typer.mass = kind_of(&typer, "kg");
    for (size_t i = 0; i < checked->module_count; i++) {
        typer.is_broken |= checked->modules[i]->has_errors;
        declare_kinds(&typer, checked->modules[i]->items);
    }
    find_member_names(&typer);
    find_declared(&typer);
    find_gwp_set(&typer);
    struct decl_order order = order_declarations(checked, out);
    for (size_t i = 0; i < order.count; i++) {
        type_decl(&typer, order.items[i]);
    }
    for (size_t i = 0; i < checked->module_count; i++) {
        decls_walk(checked->modules[i]->items, settle, &typer);
    }
    mentions_find(&order);
}

/* Bare words that may be members, so that their type waits for what is expected. */
static void find_member_names(struct typer *typer)
{
    for (size_t i = 0; i < typer->checked->module_count; i++) {
        for (const struct decl *item = typer->checked->modules[i]->items; item != NULL; item = item->next) {
            const struct decl *member = item->kind == DECL_CHOICE ? item->as.choice.members : NULL;
            for (; member != NULL; member = member->next) {
                map_add(&typer->member_names, member->name.text, 0);
            }
        }
    }
}

/* Declared units become constants of the inference; parameters without a type become variables. */
static void declare_kinds(struct typer *typer, struct decl *first)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        bool is_open = decl->kind == DECL_PARAM && decl->parent->kind == DECL_FUNCTION && decl->as.param.type == NULL;
        if (is_open) {
            decl->type.unit = UNIT_ONE;
            decl->type.kind_id = kinds_variable(&typer->kinds);
        } else if (decl->type.kind == TYPE_NUMBER) {
            decl->type.kind_id = kinds_constant(&typer->kinds, decl->type.unit.kind);
        }
        declare_kinds(typer, decl->kind == DECL_FIELD ? decl->base : NULL);
        declare_kinds(typer, decl_inner(decl));
        declare_kinds(typer, decl_columns(decl));
    }
}

/* The kind of the declared unit, which reference and total are measured in. */
static void find_declared(struct typer *typer)
{
    const struct decl *rule = typer->checked->rule;
    for (struct decl *item = rule == NULL ? NULL : rule->as.rule.items; item != NULL; item = item->next) {
        struct expr *amount = item->kind == DECL_HEADER ? item->as.header.amount : NULL;
        if (amount == NULL) {
            continue;
        }
        type_expr(typer, amount, NULL);
        if (amount->kind != EXPR_NUMBER) {
            continue;
        }
        if (number_is_zero(amount) || amount->as.number.digits.at[0] == '-' || amount->as.number.unit.is_point ||
            amount->as.number.unit_text.len == 0) {
            diag_add(typer->out, D_DECLARED_AMOUNT, amount->at, NULL, 0);
            continue;
        }
        typer->declared = amount->as.number.unit.kind;
        typer->declared_by = item;
    }
}

static void report_unknown_set(struct typer *typer, struct name name)
{
    struct buf known = buf_in(typer->arena);
    struct str names[16];
    size_t count = 0;
    for (const struct decl *column = typer->checked->gases->as.table.columns; column != NULL && count < 16;
         column = column->next) {
        buf_add(&known, count == 0 ? STR("") : diag_both(typer->arena, STR(", "), STR("、")));
        buf_add(&known, column->name.text);
        names[count++] = column->name.text;
    }
    struct diag *diag = diag_add(typer->out, D_UNKNOWN_WORD, name.at,
                                 DIAG_ARGS(name.text, predefined_both(typer->arena, PREDEFINED_GWP), buf_str(&known)));
    struct str nearest = str_nearest(name.text, names, count);
    if (nearest.len > 0) {
        diag_note(typer->out, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
        diag_fix(typer->out, diag, name.at, nearest, T_FIX_REPLACE, DIAG_ARGS(nearest));
    }
    typer->has_gwp_error = true;
}

/* gwp(G) reads it, so it has one key, the gases, and columns in kgCO2e/kg. */
static void check_gases(struct typer *typer, const struct decl *gases)
{
    struct kind potential;
    const struct decl *key = gases->as.table.keys;
    bool is_right = key != NULL && key->next == NULL && key->type.kind == TYPE_CHOICE &&
                    kind_mul(typer->co2e, typer->mass, -1, &potential);
    for (const struct decl *column = gases->as.table.columns; is_right && column != NULL; column = column->next) {
        is_right = column->type.kind == TYPE_NUMBER && kind_eq(column->type.unit.kind, potential);
    }
    if (!is_right && !typer->is_broken) {
        diag_add(typer->out, D_GWP_TABLE, gases->name.at, NULL, 0);
    }
    typer->checked->gases = is_right ? typer->checked->gases : NULL;
}

/* `gwp ar6`: the column of the table of potentials. */
static void find_gwp_set(struct typer *typer)
{
    const struct decl *rule = typer->checked->rule;
    if (typer->checked->gases != NULL) {
        check_gases(typer, typer->checked->gases);
    }
    for (const struct decl *item = rule == NULL ? NULL : rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind != DECL_HEADER || item->as.header.kind != HEADER_GWP || item->as.header.names == NULL ||
            typer->checked->gases == NULL) {
            continue;
        }
        typer->gwp_column = type_gwp_set(typer, item->as.header.names->name);
    }
}

const struct decl *type_gwp_set(struct typer *typer, struct name name)
{
    const struct decl *gases = typer->checked->gases;
    const struct decl *column = gases == NULL ? NULL : gases->as.table.columns;
    while (column != NULL && !str_eq(column->name.text, name.text)) {
        column = column->next;
    }
    if (column == NULL && gases != NULL) {
        report_unknown_set(typer, name);
    }
    return column;
}
