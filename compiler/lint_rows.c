/* Rows: flows of a stage over a list that are the same for each of its rows, allocation by price, tables of scenarios
   whose shares do not add up, emissions shared by all rows that end up in each. */
#include "compiler/lint.h"

#include "base/decimal.h"
#include "compiler/mentions.h"
#include "compiler/walk.h"

/* ---- stages over lists ---------------------------------------------------------------------------------------------
 */

/* Such a flow is counted once for each row. */
static void lint_stage_flows(struct linter *linter, const struct decl *stage, const struct decl *items)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_PROCESS) {
            lint_stage_flows(linter, stage, item->as.stage.items);
        } else if (item->kind == DECL_EMIT && (item->mentions & MENTIONS_STAGE) == 0) {
            struct diag *diag =
                lint_add(linter, D_LINT_ROW_UNUSED, item, item->name.at, DIAG_ARGS(item->name.text, stage->name.text));
            if (diag != NULL) {
                diag_label(linter->out, diag, stage->attributes.rows_at, T_HERE, NULL, 0);
            }
        }
    }
}

/* ---- allocation by price -------------------------------------------------------------------------------------------
 */

struct prices {
    const struct unit_system *units;
    bool has_price;
};

static bool is_currency(const struct generator *generator)
{
    bool is_code = generator->type == GENERATOR_BASE && generator->name.len == 3;
    for (size_t i = 0; is_code && i < 3; i++) {
        is_code = generator->name.at[i] >= 'A' && generator->name.at[i] <= 'Z';
    }
    return is_code;
}

static void find_price(void *context, struct expr *expr)
{
    struct prices *prices = context;
    const struct decl *decl = expr->ref.kind == REF_DECL || expr->ref.kind == REF_FIELD ? expr->ref.decl : NULL;
    if (decl != NULL && decl->kind == DECL_LET) {
        expr_walk(decl->as.let.value, find_price, context); /* names are no cycles here: the file has no errors */
    }
    if (decl == NULL || decl->kind != DECL_FIELD || decl->type.kind != TYPE_NUMBER) {
        return;
    }
    const struct kind *kind = &decl->type.unit.kind;
    for (uint32_t i = 0; i < kind->count; i++) {
        prices->has_price = prices->has_price || is_currency(&prices->units->generators[kind->factors[i].generator]);
    }
}

static const struct decl *reference_of(const struct linter *linter)
{
    for (const struct decl *item = linter->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_REFERENCE) {
            return item;
        }
    }
    return NULL;
}

/* The table whose rows are the results: alternatives side by side. */
static const struct decl *scenarios_of(const struct linter *linter)
{
    const struct decl *reference = reference_of(linter);
    const struct expr *rows = reference == NULL ? NULL : reference->attributes.rows;
    const struct expr *source = rows == NULL ? NULL : rows->as.comprehension.source;
    bool is_table = source != NULL && source->ref.kind == REF_DECL && source->ref.decl->kind == DECL_TABLE;
    return is_table ? source->ref.decl : NULL;
}

static void lint_allocation(struct linter *linter, const struct decl *allocate)
{
    struct prices prices = {linter->checked->units, false};
    expr_walk(allocate->as.allocate.key, find_price, &prices);
    for (const struct decl *share = allocate->as.allocate.shares; share != NULL; share = share->next) {
        expr_walk(share->as.share.value, find_price, &prices);
    }
    if (prices.has_price && scenarios_of(linter) == NULL) {
        lint_add(linter, D_LINT_PRICE, allocate, allocate->at, NULL, 0);
    }
}

/* ---- scenarios -----------------------------------------------------------------------------------------------------
 */

static bool is_share(const struct decl *column)
{
    return column->type.kind == TYPE_NUMBER && column->type.unit.kind.count == 0;
}

/* Sum of the plain numbers of a row; false where one is not written as a number. */
static bool sum_of_row(struct linter *linter, const struct decl *table, const struct table_row *row, struct rat *sum)
{
    struct arena *arena = linter->arena;
    const struct cell *cell = row->cells;
    *sum = RAT_ZERO;
    for (const struct decl *column = table->as.table.columns; column != NULL && cell != NULL;
         column = column->next, cell = cell->next) {
        struct rat number;
        if (!is_share(column)) {
            continue;
        }
        if (cell->value == NULL || cell->value->kind != EXPR_NUMBER ||
            !decimal_to_rat(arena, cell->value->as.number.digits, &number)) {
            return false;
        }
        bool has_unit = cell->value->as.number.unit_text.len > 0;
        struct unit unit = has_unit ? cell->value->as.number.unit : column->type.unit;
        *sum = rat_add(arena, *sum, rat_mul(arena, number, unit.scale));
    }
    return true;
}

static void lint_scenarios(struct linter *linter, const struct decl *table)
{
    const struct table_row *whole = NULL;
    size_t shares = 0;
    for (const struct decl *column = table->as.table.columns; column != NULL; column = column->next) {
        shares += is_share(column);
    }
    if (shares < 2 || table->as.table.matrix != NULL) {
        return;
    }
    struct rat sum;
    for (const struct table_row *row = table->as.table.rows; row != NULL && whole == NULL; row = row->next) {
        whole = sum_of_row(linter, table, row, &sum) && rat_eq(sum, RAT_ONE) ? row : NULL;
    }
    for (const struct table_row *row = table->as.table.rows; row != NULL && whole != NULL; row = row->next) {
        if (sum_of_row(linter, table, row, &sum) && !rat_eq(sum, RAT_ONE)) {
            lint_add(linter, D_LINT_SCENARIO, table, row->at, DIAG_ARGS(rat_decimal(linter->arena, sum, 6)));
        }
    }
}

/* ---- shared emissions ----------------------------------------------------------------------------------------------
 */

struct inside { /* of a stage or process */
    const struct decl *own,
        *shared; /* flows: the first that is about the row of the reference, and the first that is not */
};

static void find_inside(struct inside *inside, const struct decl *group)
{
    for (const struct decl *item = group->as.stage.items; item != NULL; item = item->next) {
        if (item->kind == DECL_PROCESS) {
            find_inside(inside, item);
        } else if (item->kind == DECL_EMIT) {
            const struct decl **found = (item->mentions & MENTIONS_ROW) != 0 ? &inside->own : &inside->shared;
            *found = *found == NULL ? item : *found;
        }
    }
}

struct whole {
    struct linter *linter;
    const struct decl *emit; /* whose formula it is */
};

/* Where a group has flows of both kinds, `emitted` of it is about the row, and no allocation touches what is made of
 * it. */
static void find_whole(void *context, struct expr *expr)
{
    struct whole *whole = context;
    struct linter *linter = whole->linter;
    if (expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_LET) {
        expr_walk(expr->ref.decl->as.let.value, find_whole, context); /* no cycles: the file has no errors */
    }
    bool is_emitted =
        expr->kind == EXPR_CALL && expr->ref.kind == REF_PREDEFINED && expr->ref.index == PREDEFINED_EMITTED;
    const struct decl *group = is_emitted ? expr->as.call.args->value->ref.decl : NULL;
    if (group == NULL || (group->kind != DECL_STAGE && group->kind != DECL_PROCESS)) {
        return;
    }
    struct inside inside = {NULL, NULL};
    find_inside(&inside, group);
    if (inside.own == NULL || inside.shared == NULL) {
        return;
    }
    struct str text = span_text(linter->checked->sources, expr->at);
    struct diag *diag = lint_add(linter, D_LINT_SHARED_WHOLE, whole->emit, expr->at,
                                 DIAG_ARGS(decl_path(linter->arena, whole->emit), text));
    if (diag != NULL) {
        diag_label(linter->out, diag, inside.shared->name.at, T_LINT_SHARED_HERE, NULL, 0);
        diag_label(linter->out, diag, inside.own->name.at, T_LINT_OWN_HERE, NULL, 0);
        diag_note(linter->out, diag, T_LINT_SHARED_NOTE, NULL, 0);
    }
}

/* ---- before allocation in reports ------------------------------------------------------------------------------- */

static bool is_target(const struct decl *allocate, const struct decl *group)
{
    for (const struct target *at = allocate->as.allocate.targets; at != NULL; at = at->next) {
        if (at->group == group) {
            return true;
        }
    }
    return false;
}

static bool is_allocated_in(const struct decl *items, const struct decl *group)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        bool is_group = item->kind == DECL_STAGE || item->kind == DECL_PROCESS;
        if ((item->kind == DECL_ALLOCATE && is_target(item, group)) ||
            (is_group && is_allocated_in(item->as.stage.items, group))) {
            return true;
        }
    }
    return false;
}

/* The group around it or inside it that an allocation is about; NULL: none. */
static const struct decl *allocated_inside(const struct linter *linter, const struct decl *of)
{
    const struct decl *rule_items = linter->rule->as.rule.items;
    for (const struct decl *group = of; group != NULL; group = group->parent) {
        if ((group->kind == DECL_STAGE || group->kind == DECL_PROCESS) && is_allocated_in(rule_items, group)) {
            return group;
        }
    }
    bool is_group = of->kind == DECL_RULE || of->kind == DECL_STAGE;
    const struct decl *found = NULL;
    for (const struct decl *item = is_group ? decl_inner(of) : NULL; item != NULL && found == NULL; item = item->next) {
        bool is_inner = item->kind == DECL_STAGE || item->kind == DECL_PROCESS;
        found = is_inner && is_allocated_in(rule_items, item) ? item : NULL;
        found = found == NULL && item->kind == DECL_STAGE ? allocated_inside(linter, item) : found;
    }
    return found;
}

struct report {
    struct linter *linter;
    const struct decl *decl;
};

static void find_unallocated(void *context, struct expr *expr)
{
    struct report *report = context;
    struct linter *linter = report->linter;
    if (expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_LET) {
        expr_walk(expr->ref.decl->as.let.value, find_unallocated, context);
    }
    bool is_emitted =
        expr->kind == EXPR_CALL && expr->ref.kind == REF_PREDEFINED && expr->ref.index == PREDEFINED_EMITTED;
    const struct decl *of = is_emitted ? expr->as.call.args->value->ref.decl : NULL;
    const struct decl *group = of == NULL ? NULL : allocated_inside(linter, of);
    if (group == NULL) {
        return;
    }
    struct str text = span_text(linter->checked->sources, expr->at);
    struct diag *diag = lint_add(linter, D_LINT_UNALLOCATED, report->decl, expr->at, DIAG_ARGS(text, group->name.text));
    if (diag != NULL) {
        diag_note(linter->out, diag, T_LINT_UNALLOCATED_NOTE, NULL, 0);
    }
}

static bool has_rows_of_list(const struct linter *linter)
{
    const struct decl *reference = reference_of(linter);
    return reference != NULL && reference->attributes.rows != NULL && scenarios_of(linter) == NULL;
}

/* ---- all -----------------------------------------------------------------------------------------------------------
 */

static void lint_decl(void *context, struct decl *decl)
{
    struct linter *linter = context;
    if (decl->kind == DECL_STAGE && decl->attributes.rows != NULL) {
        lint_stage_flows(linter, decl, decl->as.stage.items);
    } else if (decl->kind == DECL_ALLOCATE) {
        lint_allocation(linter, decl);
    } else if (decl->kind == DECL_REPORT) {
        expr_walk(decl->as.report.value, find_unallocated, &(struct report){linter, decl});
    } else if (decl->kind == DECL_EMIT && has_rows_of_list(linter)) {
        expr_walk(decl->as.emit.value, find_whole, &(struct whole){linter, decl});
    }
}

void lint_rows(struct linter *linter)
{
    if (linter->rule == NULL) {
        return;
    }
    decls_walk(linter->rule->as.rule.items, lint_decl, linter);
    if (scenarios_of(linter) != NULL) {
        lint_scenarios(linter, scenarios_of(linter));
    }
}
