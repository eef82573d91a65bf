#include "compiler/walk.h"

#include <string.h>

static void visit_given(struct expr *expr, expr_visitor *visit, void *context)
{
    if (expr != NULL) {
        visit(context, expr);
    }
}

static void each_pattern(struct pattern *patterns, expr_visitor *visit, void *context)
{
    for (struct pattern *pattern = patterns; pattern != NULL; pattern = pattern->next) {
        visit_given(pattern->value, visit, context);
        visit_given(pattern->last, visit, context);
    }
}

void expr_each_child(struct expr *expr, expr_visitor *visit, void *context)
{
    switch (expr->kind) {
    case EXPR_ERROR:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_DATE:
    case EXPR_NAME:
        return;
    case EXPR_MEMBER:
        visit_given(expr->as.member.operand, visit, context);
        return;
    case EXPR_CALL:
        for (struct arg *arg = expr->as.call.args; arg != NULL; arg = arg->next) {
            visit_given(arg->value, visit, context);
        }
        return;
    case EXPR_COMPREHENSION:
        visit_given(expr->as.comprehension.source, visit, context);
        visit_given(expr->as.comprehension.where, visit, context);
        visit_given(expr->as.comprehension.body, visit, context);
        return;
    case EXPR_NOT:
    case EXPR_GIVEN:
        visit_given(expr->as.operand, visit, context);
        return;
    case EXPR_BINARY:
        visit_given(expr->as.binary.left, visit, context);
        visit_given(expr->as.binary.right, visit, context);
        visit_given(expr->as.binary.within, visit, context);
        return;
    case EXPR_IF:
        visit_given(expr->as.conditional.condition, visit, context);
        visit_given(expr->as.conditional.then, visit, context);
        visit_given(expr->as.conditional.otherwise, visit, context);
        return;
    case EXPR_MATCH:
        visit_given(expr->as.match.subject, visit, context);
        for (struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
            each_pattern(arm->patterns, visit, context);
            visit_given(arm->value, visit, context);
        }
        return;
    case EXPR_DEFAULT:
        visit_given(expr->as.defaulted.value, visit, context);
        visit_given(expr->as.defaulted.fallback, visit, context);
        return;
    case EXPR_RANGE:
        visit_given(expr->as.range.first, visit, context);
        visit_given(expr->as.range.last, visit, context);
        return;
    }
}

struct walk {
    expr_visitor *visit;
    void *context;
};

static void walk_below(void *context, struct expr *expr)
{
    const struct walk *walk = context;
    walk->visit(walk->context, expr);
    expr_each_child(expr, walk_below, context);
}

void expr_walk(struct expr *expr, expr_visitor *visit, void *context)
{
    if (expr != NULL) {
        struct walk walk = {visit, context};
        walk_below(&walk, expr);
    }
}

static void each_of_table(struct decl *table, expr_visitor *visit, void *context)
{
    each_pattern(table->as.table.matrix, visit, context);
    for (struct table_row *row = table->as.table.rows; row != NULL; row = row->next) {
        each_pattern(row->patterns, visit, context);
        for (struct cell *cell = row->cells; cell != NULL; cell = cell->next) {
            visit_given(cell->value, visit, context);
        }
    }
}

static void each_of_kind(struct decl *decl, expr_visitor *visit, void *context)
{
    switch (decl->kind) {
    case DECL_TABLE:
        each_of_table(decl, visit, context);
        return;
    case DECL_FUNCTION:
        visit_given(decl->as.function.body, visit, context);
        return;
    case DECL_UNIT:
        visit_given(decl->as.unit.value, visit, context);
        return;
    case DECL_HEADER:
        visit_given(decl->as.header.amount, visit, context);
        return;
    case DECL_LET:
        visit_given(decl->as.let.value, visit, context);
        return;
    case DECL_REFERENCE:
        visit_given(decl->as.reference.headline, visit, context);
        visit_given(decl->as.reference.value, visit, context);
        return;
    case DECL_EMIT:
        visit_given(decl->as.emit.value, visit, context);
        return;
    case DECL_ALLOCATE:
        visit_given(decl->as.allocate.key, visit, context);
        visit_given(decl->as.allocate.take, visit, context);
        return;
    case DECL_SHARE:
        visit_given(decl->as.share.value, visit, context);
        return;
    case DECL_REQUIRE:
    case DECL_WARN:
        visit_given(decl->as.require.condition, visit, context);
        return;
    case DECL_CUTOFF:
        if (decl->as.cutoff.comprehension != NULL) {
            visit_given(decl->as.cutoff.comprehension, visit, context);
        } else {
            visit_given(decl->as.cutoff.source, visit, context);
            visit_given(decl->as.cutoff.where, visit, context);
            visit_given(decl->as.cutoff.key, visit, context);
        }
        visit_given(decl->as.cutoff.each, visit, context);
        visit_given(decl->as.cutoff.together, visit, context);
        return;
    case DECL_ROUND:
        visit_given(decl->as.round.to, visit, context);
        return;
    case DECL_REPORT:
        visit_given(decl->as.report.value, visit, context);
        return;
    case DECL_DEMAND:
        visit_given(decl->as.demand.each, visit, context);
        visit_given(decl->as.demand.together, visit, context);
        return;
    case DECL_CLASS:
        visit_given(decl->as.class.limit, visit, context);
        return;
    case DECL_EXPECT:
        visit_given(decl->as.expect.path, visit, context);
        visit_given(decl->as.expect.value, visit, context);
        visit_given(decl->as.expect.within, visit, context);
        return;
    case DECL_ERROR:
    case DECL_IMPORT:
    case DECL_LIFECYCLE:
    case DECL_PHASE:
    case DECL_BOUNDARY:
    case DECL_BREAKDOWN:
    case DECL_BREAKDOWN_MEMBER:
    case DECL_PROFILE:
    case DECL_CHOICE:
    case DECL_CHOICE_MEMBER:
    case DECL_ROW:
    case DECL_COLUMN:
    case DECL_PARAM:
    case DECL_EXTERNAL:
    case DECL_FACTOR:
    case DECL_NAMES:
    case DECL_RULE:
    case DECL_DATA:
    case DECL_FIELD:
    case DECL_STAGE:
    case DECL_PROCESS:
    case DECL_GRADE:
    case DECL_EXAMPLE:
        return;
    }
}

void decl_each_expr(struct decl *decl, expr_visitor *visit, void *context)
{
    each_of_kind(decl, visit, context);
    visit_given(decl->attributes.initial, visit, context);
    visit_given(decl->attributes.range_first, visit, context);
    visit_given(decl->attributes.range_last, visit, context);
    visit_given(decl->attributes.rows, visit, context);
    visit_given(decl->attributes.scale, visit, context);
    visit_given(decl->attributes.when, visit, context);
}

struct decl *decl_inner(const struct decl *decl)
{
    switch (decl->kind) {
    case DECL_LIFECYCLE:
        return decl->as.lifecycle.items;
    case DECL_BREAKDOWN:
        return decl->as.breakdown.members;
    case DECL_PROFILE:
        return decl->as.profile.demands;
    case DECL_CHOICE:
        return decl->as.choice.members;
    case DECL_TABLE:
        return decl->as.table.keys;
    case DECL_FUNCTION:
        return decl->as.function.params;
    case DECL_EXTERNAL:
        return decl->as.external.params;
    case DECL_FACTOR:
        return decl->as.factor.keys;
    case DECL_RULE:
        return decl->as.rule.items;
    case DECL_DATA:
        return decl->as.data.fields;
    case DECL_ROW:
    case DECL_FIELD: {
        const struct type_ref *type = decl->as.field.type;
        return type != NULL && type->kind == TYPE_REF_LIST ? type->fields : NULL;
    }
    case DECL_STAGE:
    case DECL_PROCESS:
        return decl->as.stage.items;
    case DECL_ALLOCATE:
        return decl->as.allocate.shares;
    case DECL_GRADE:
        return decl->as.grade.classes;
    case DECL_EXAMPLE:
        return decl->as.example.expects;
    case DECL_ERROR:
    case DECL_IMPORT:
    case DECL_PHASE:
    case DECL_BOUNDARY:
    case DECL_BREAKDOWN_MEMBER:
    case DECL_DEMAND:
    case DECL_CHOICE_MEMBER:
    case DECL_COLUMN:
    case DECL_PARAM:
    case DECL_UNIT:
    case DECL_NAMES:
    case DECL_HEADER:
    case DECL_LET:
    case DECL_REFERENCE:
    case DECL_EMIT:
    case DECL_SHARE:
    case DECL_REQUIRE:
    case DECL_WARN:
    case DECL_CUTOFF:
    case DECL_ROUND:
    case DECL_REPORT:
    case DECL_CLASS:
    case DECL_EXPECT:
        return NULL;
    }
    return NULL;
}

enum diag_code decl_says(const struct decl *base)
{
    return base->pattern != NULL ? T_ROW_TYPE_SAYS : T_BASE_SAYS;
}

struct decl *decl_columns(const struct decl *decl)
{
    return decl->kind == DECL_TABLE ? decl->as.table.columns : NULL;
}

void decls_walk(struct decl *first, decl_visitor *visit, void *context)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        visit(context, decl);
        decls_walk(decl_inner(decl), visit, context);
        decls_walk(decl_columns(decl), visit, context);
    }
}

const struct decl *decl_only_value(const struct decl *table)
{
    const struct decl *column = table->kind == DECL_TABLE ? table->as.table.columns : NULL;
    return column != NULL && column->next == NULL && column->name.text.len == 0 ? column : NULL;
}

bool let_overrides(const struct decl *let)
{
    return let->as.let.role == LET_OVERRIDE || let->as.let.role == LET_OVERRIDE_OPEN;
}

bool decl_is_open(const struct decl *decl)
{
    if (decl != NULL && decl->kind == DECL_LET) {
        return decl->as.let.role == LET_OPEN && decl->as.let.value == NULL;
    }
    return decl != NULL && decl->kind == DECL_HEADER && decl->as.header.kind == HEADER_DECLARED &&
           decl->as.header.amount == NULL;
}

struct decl *rule_reference_rows(const struct decl *rule)
{
    struct decl *item = rule == NULL ? NULL : rule->as.rule.items;
    while (item != NULL && (item->kind != DECL_REFERENCE || item->attributes.rows == NULL)) {
        item = item->next;
    }
    return item;
}

bool example_is_of_module(const struct decl *example)
{
    return example->parent == NULL;
}

const struct decl *decl_rows_list(const struct decl *decl)
{
    const struct expr *rows = decl->attributes.rows;
    const struct type *type = rows == NULL ? NULL : &rows->as.comprehension.source->type;
    return type != NULL && type->kind == TYPE_LIST ? type->decl : NULL;
}

bool allocates_to_rows(const struct decl *allocate, const struct decl *reference)
{
    const struct decl *list = decl_rows_list(allocate);
    return list != NULL && allocate->as.allocate.take == NULL && reference != NULL && list == decl_rows_list(reference);
}

static bool is_allocated_by(const struct decl *emit, const struct decl *allocate)
{
    for (const struct target *target = allocate->as.allocate.targets; target != NULL; target = target->next) {
        for (const struct decl *group = emit->parent; group != NULL; group = group->parent) {
            if (target->group == group) {
                return true;
            }
        }
    }
    return false;
}

static void each_allocation(struct decl *items, const struct decl *emit, decl_visitor *visit, void *context)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_ALLOCATE && is_allocated_by(emit, item)) {
            visit(context, item);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            each_allocation(item->as.stage.items, emit, visit, context);
        }
    }
}

void flow_each_allocation(struct decl *rule, const struct decl *emit, decl_visitor *visit, void *context)
{
    each_allocation(rule->as.rule.items, emit, visit, context);
}

struct decl *decl_stage(struct decl *decl)
{
    while (decl != NULL && decl->kind != DECL_STAGE) {
        decl = decl->parent;
    }
    return decl;
}

static bool same_ref(const struct ref *a, const struct ref *b)
{
    return a->kind != REF_NONE && a->kind == b->kind && a->decl == b->decl && a->binder == b->binder &&
           a->index == b->index;
}

static bool same_args(const struct arg *a, const struct arg *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        if (!str_eq(a->name.text, b->name.text) || !expr_same_path(a->value, b->value)) {
            return false;
        }
    }
    return a == NULL && b == NULL;
}

bool expr_same_path(const struct expr *a, const struct expr *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == EXPR_TEXT) {
        return str_eq(a->as.text, b->as.text);
    }
    if (a->kind == EXPR_MEMBER) {
        return same_ref(&a->ref, &b->ref) && (a->ref.kind == REF_FLOW || a->ref.kind == REF_MEMBER ||
                                              expr_same_path(a->as.member.operand, b->as.member.operand));
    }
    if (a->kind == EXPR_CALL) {
        return same_ref(&a->ref, &b->ref) && same_args(a->as.call.args, b->as.call.args);
    }
    return a->kind == EXPR_NAME && same_ref(&a->ref, &b->ref);
}

bool number_is_zero(const struct expr *literal)
{
    struct str digits = literal->as.number.digits;
    for (size_t i = 0; i < digits.len && digits.at[i] != 'e' && digits.at[i] != 'E'; i++) {
        if (digits.at[i] >= '1' && digits.at[i] <= '9') {
            return false;
        }
    }
    return true;
}

bool number_is_whole(const struct expr *literal)
{
    struct str digits = literal->as.number.digits;
    for (size_t i = 0; i < digits.len; i++) {
        bool is_sign = i == 0 && (digits.at[i] == '-' || digits.at[i] == '+');
        if (!is_sign && (digits.at[i] < '0' || digits.at[i] > '9')) {
            return false;
        }
    }
    return literal->as.number.unit_text.len == 0 && digits.len > 0;
}
