#include "compiler/types.h"

#include "compiler/lost.h"
#include "compiler/walk.h"

#include "grammar/keywords.h"

static void type_list_source(struct typer *typer, struct expr *expr);
static void type_body(struct typer *typer, struct expr *expr, enum predefined function);

/* ---- row.field -------------------------------------------------------------------------------------------------- */

static struct decl *find_named(struct decl *first, struct str name)
{
    while (first != NULL && !str_eq(first->name.text, name)) {
        first = first->next;
    }
    return first;
}

static void report_unknown_field(struct typer *typer, const struct expr *expr, const struct decl *of,
                                 const struct decl *fields)
{
    struct name name = expr->as.member.name;
    if (of->is_broken || lost_name(typer->checked, NULL, name.text)) {
        return;
    }
    struct str names[LIMIT_COLUMNS];
    size_t count = 0;
    for (; fields != NULL && count < countof(names); fields = fields->next) {
        names[count++] = fields->name.text;
    }
    struct str args[] = {of->name.text, name.text};
    struct str about = str_join(typer->arena, args, 2, STR("."));
    struct diag *diag = diag_add_about(typer->out, D_UNKNOWN_FIELD, about, name.at, args, 2);
    if (diag == NULL) {
        return;
    }
    diag_label(typer->out, diag, of->name.at, T_FIRST_HERE, NULL, 0);
    struct str nearest = str_nearest(name.text, names, count);
    if (nearest.len > 0) {
        diag_fix(typer->out, diag, name.at, nearest, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    }
}

static void read_field(struct typer *typer, struct expr *expr, const struct type *row)
{
    struct decl *list = row->decl;
    bool is_table = list->kind == DECL_TABLE;
    struct decl *fields = is_table ? list->as.table.columns : list->as.field.type->fields;
    struct decl *field = find_named(fields, expr->as.member.name.text);
    if (field == NULL) {
        report_unknown_field(typer, expr, list, fields);
        return;
    }
    if (is_table) {
        expr->ref = (struct ref){.kind = REF_COLUMN, .decl = list, .index = field->index};
    } else {
        expr->ref = (struct ref){.kind = REF_FIELD, .decl = field};
    }
    expr->type = field->type;
    expr->type.is_optional |= row->is_optional;
    expr->type.can_be_missing |= row->can_be_missing;
    if (facts_hold(typer, expr)) {
        expr->type.is_optional = false;
        expr->type.can_be_missing = false;
    }
}

/* Of a parameter without a type the calls with rows are no second mistake. */
static void report_no_fields(struct typer *typer, const struct expr *operand)
{
    struct str text = span_text(typer->checked->sources, operand->at);
    struct str about = operand->ref.kind == REF_DECL ? decl_key(typer->arena, operand->ref.decl)
                                                     : str_format(typer->arena, "%p", (const void *)operand);
    struct diag *diag = diag_add_about(typer->out, D_NO_FIELDS, about, operand->at,
                                       DIAG_ARGS(text, type_text(typer, &operand->type)));
    struct decl *function = operand->ref.kind == REF_PARAM ? operand->ref.decl : NULL;
    const struct decl *param = function == NULL ? NULL : function->as.function.params;
    for (uint32_t i = 0; param != NULL && i < operand->ref.index; i++) {
        param = param->next;
    }
    if (diag != NULL && param != NULL && param->as.param.type == NULL) {
        diag_label(typer->out, diag, param->name.at, T_PARAM_HERE, DIAG_ARGS(param->name.text));
        function->is_broken = true;
    }
}

void type_member(struct typer *typer, struct expr *expr)
{
    if (expr->ref.kind == REF_FLOW) {
        set_number(expr, kinds_constant(&typer->kinds, typer->co2e));
        return;
    }
    if (expr->ref.kind == REF_MEMBER) {
        expr->type.kind = TYPE_CHOICE;
        expr->type.decl = expr->ref.decl;
        return;
    }
    struct expr *operand = expr->as.member.operand;
    type_flow(typer, operand, NULL);
    if (is_error(operand)) {
        return;
    }
    bool is_whole = predefined_lookup(expr->as.member.name.text) == PREDEFINED_TOTAL;
    if (operand->type.kind == TYPE_NUMBER && is_whole) {
        expr->ref.kind = REF_WHOLE;
        expr->type = operand->type;
        return;
    }
    if (operand->type.kind != TYPE_ROW) {
        report_no_fields(typer, operand);
        return;
    }
    read_field(typer, expr, &operand->type);
}

/* ---- aggregates and row pickers --------------------------------------------------------------------------------- */

struct type binder_type(struct typer *typer, const struct expr *comprehension)
{
    const struct expr *source = comprehension->as.comprehension.source;
    struct type type = {.kind = TYPE_ERROR, .unit = UNIT_ONE};
    if (source->kind == EXPR_RANGE) {
        type = number_type(typer, kind_one());
        type.is_whole = true;
    } else if (source->type.kind == TYPE_LIST) {
        type.decl = source->type.decl;
        type.kind = type.decl->kind == DECL_CHOICE ? TYPE_CHOICE : TYPE_ROW;
        const struct decl *value = decl_only_value(type.decl);
        type = value == NULL ? type : value->type;
    }
    return type;
}

void type_rows(struct typer *typer, struct decl *decl)
{
    struct expr *rows = decl->attributes.rows;
    if (rows != NULL && !rows->as.comprehension.is_typed) {
        rows->as.comprehension.is_typed = true;
        type_list_source(typer, rows->as.comprehension.source);
    }
}

void type_comprehension(struct typer *typer, struct expr *expr)
{
    const struct fact *facts = typer->facts;
    enum predefined function = (enum predefined)expr->ref.index;
    struct expr *where = expr->as.comprehension.where;
    type_list_source(typer, expr->as.comprehension.source);
    if (where != NULL) {
        type_as_bool(typer, where);
        facts_assume(typer, where, true);
    }
    type_body(typer, expr, function);
    typer->facts = facts;
}

static void report_no_list(struct typer *typer, const struct expr *source)
{
    struct str text = span_text(typer->checked->sources, source->at);
    diag_add(typer->out, D_NOT_A_LIST, source->at, DIAG_ARGS(text));
}

/* Years are counted from one of them: `n in 0 .. last - first`. */
static void type_bound(struct typer *typer, struct expr *bound)
{
    if (bound->kind != EXPR_NUMBER && type_value(typer, bound, NULL)->kind == TYPE_YEAR) {
        struct diag *diag = diag_add(typer->out, D_RANGE_BOUND, bound->at, DIAG_ARGS(type_text(typer, &bound->type)));
        diag_note(typer->out, diag, T_YEAR_RANGE_HINT, NULL, 0);
        return;
    }
    if (bound->kind == EXPR_NUMBER || !is_error(bound)) {
        type_as_plain(typer, bound, D_RANGE_BOUND);
    }
}

static void type_range_source(struct typer *typer, struct expr *range)
{
    type_bound(typer, range->as.range.first);
    type_bound(typer, range->as.range.last);
    set_number(range, kinds_constant(&typer->kinds, kind_one()));
}

static bool is_table_or_choice(const struct expr *source)
{
    const struct decl *decl = source->kind == EXPR_NAME && source->ref.kind == REF_DECL ? source->ref.decl : NULL;
    return decl != NULL && (decl->kind == DECL_TABLE || decl->kind == DECL_CHOICE);
}

/* A list, the rows of a table, the members of a choice, or a range. */
static void type_list_source(struct typer *typer, struct expr *source)
{
    if (source->kind == EXPR_RANGE) {
        type_range_source(typer, source);
        return;
    }
    if (is_table_or_choice(source)) {
        source->type = (struct type){.kind = TYPE_LIST, .unit = UNIT_ONE, .decl = source->ref.decl};
        return;
    }
    type_expr(typer, source, NULL);
    if (!is_error(source) && source->type.kind != TYPE_LIST) {
        report_no_list(typer, source);
        type_error(source);
    }
}

static void type_number_body(struct typer *typer, struct expr *expr, bool are_points_allowed)
{
    struct expr *body = expr->as.comprehension.body;
    type_value(typer, body, NULL);
    if (is_error(body)) {
        return;
    }
    if (body->type.kind != TYPE_NUMBER) {
        struct diag *diag = diag_add(typer->out, D_NOT_A_NUMBER, body->at, DIAG_ARGS(type_text(typer, &body->type)));
        bool is_limit = expr->ref.index == PREDEFINED_MIN || expr->ref.index == PREDEFINED_MAX;
        if (body->type.kind == TYPE_YEAR && is_limit) {
            diag_note(typer->out, diag, T_YEAR_ROW_HINT, NULL, 0);
        }
    } else if (body->type.unit.is_point && !are_points_allowed) {
        diag_add(typer->out, D_POINT_IN_FORMULA, body->at, NULL, 0);
    } else {
        set_number(expr, body->type.kind_id);
        expr->type.unit.is_point = body->type.unit.is_point;
        expr->type.is_whole = body->type.is_whole;
    }
}

/* What largest and smallest compare: numbers or years. */
static bool type_key_body(struct typer *typer, struct expr *expr)
{
    struct expr *body = expr->as.comprehension.body;
    if (type_value(typer, body, NULL)->kind == TYPE_YEAR) {
        return true;
    }
    if (!is_error(body) && body->type.kind != TYPE_NUMBER) {
        diag_add(
            typer->out, D_KEY_NO_ORDER, body->at,
            DIAG_ARGS(predefined_both(typer->arena, (enum predefined)expr->ref.index), type_text(typer, &body->type)));
        type_error(body);
    }
    return !is_error(body);
}

/* largest, smallest, the: a row, which may not be there. */
static void set_row(struct typer *typer, struct expr *expr)
{
    struct type row = binder_type(typer, expr);
    bool is_of_list = row.kind == TYPE_ROW && row.decl->kind != DECL_TABLE;
    if (row.kind != TYPE_ERROR && !is_of_list) {
        diag_add(typer->out, D_PICKER_RANGE, expr->as.comprehension.source->at, NULL, 0);
        type_error(expr);
        return;
    }
    expr->type = row;
    expr->type.can_be_missing = true;
}

static void type_body(struct typer *typer, struct expr *expr, enum predefined function)
{
    bool is_source = !is_error(expr->as.comprehension.source);
    switch (function) {
    case PREDEFINED_SUM:
        type_number_body(typer, expr, false);
        break;
    case PREDEFINED_MIN:
    case PREDEFINED_MAX:
        type_number_body(typer, expr, true);
        expr->type.can_be_missing = !is_error(expr);
        break;
    case PREDEFINED_MEAN:
        type_number_body(typer, expr, true);
        expr->type.is_whole = false;
        break;
    case PREDEFINED_COUNT:
        set_number(expr, kinds_constant(&typer->kinds, kind_one()));
        expr->type.is_whole = true;
        break;
    case PREDEFINED_ANY:
    case PREDEFINED_ALL:
        expr->type.kind = type_as_bool(typer, expr->as.comprehension.body) ? TYPE_BOOL : TYPE_ERROR;
        break;
    case PREDEFINED_LARGEST:
    case PREDEFINED_SMALLEST:
        if (type_key_body(typer, expr)) {
            set_row(typer, expr);
        }
        break;
    case PREDEFINED_THE:
        set_row(typer, expr);
        break;
    case PREDEFINED_NONE:
    case PREDEFINED_ROUNDED:
    case PREDEFINED_FLOOR:
    case PREDEFINED_CEIL:
    case PREDEFINED_ABS:
    case PREDEFINED_EXP:
    case PREDEFINED_LN:
    case PREDEFINED_SQRT:
    case PREDEFINED_PLAIN:
    case PREDEFINED_GWP:
    case PREDEFINED_EMITTED:
    case PREDEFINED_COUNTED:
    case PREDEFINED_REST:
    case PREDEFINED_TRUE:
    case PREDEFINED_FALSE:
    case PREDEFINED_TOTAL:
    case PREDEFINED_COUNT_OF:
        break; /* resolve made these an error */
    }
    if (!is_source) {
        type_error(expr);
    }
}
