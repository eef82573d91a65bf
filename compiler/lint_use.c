/* What is declared, or collected, and not used: by reference from any formula of the file. */
#include "compiler/lint.h"

#include "compiler/walk.h"

/* ---- use -------------------------------------------------------------------------------------------------------- */

static void use_walked(void *context, struct expr *expr);

/* A function of another file may take rows of this one: what it reads of them is used. */
static void use_called(struct linter *linter, struct decl *function)
{
    if (function->kind == DECL_FUNCTION && function->module != linter->module && !function->is_used) {
        function->is_used = true;
        use_walked(linter, function->as.function.body);
    }
}

static void use(struct linter *linter, struct decl *decl)
{
    use_called(linter, decl);
    for (; decl != NULL && !decl->is_used; decl = decl->kind == DECL_FIELD ? decl->parent : NULL) {
        decl->is_used = decl->kind != DECL_DATA;
    }
}

static void use_named(void *context, struct expr *expr)
{
    switch (expr->ref.kind) {
    case REF_DECL:
    case REF_FIELD:
    case REF_FLOW:
        use(context, expr->ref.decl);
        return;
    case REF_COLUMN:
    case REF_MEMBER:
        use(context, expr->ref.decl);
        return;
    case REF_NONE:
    case REF_WHOLE:
    case REF_BINDER:
    case REF_PARAM:
    case REF_PREDEFINED:
    case REF_ROUNDING:
    case REF_CATEGORY:
    case REF_GAS:
        return;
    }
}

/* A choice, a row type or a table is used as a type, too. */
static void use_type(const struct type_ref *type)
{
    if (type != NULL && type->row_type != NULL) {
        type->row_type->is_used = true;
    } else if (type != NULL && type->kind != TYPE_REF_LIST && type->type.decl != NULL) {
        type->type.decl->is_used = true;
    }
}

static void use_types(struct decl *decl)
{
    switch ((int)decl->kind) {
    case DECL_PARAM:
        use_type(decl->as.param.type);
        return;
    case DECL_COLUMN:
        use_type(decl->as.column.type);
        return;
    case DECL_FIELD:
        use_type(decl->as.field.type);
        return;
    case DECL_LET:
        use_type(decl->as.let.type);
        return;
    default:
        return;
    }
}

static void use_walked(void *context, struct expr *expr)
{
    expr_walk(expr, use_named, context);
}

static void use_of_decl(void *context, struct decl *decl)
{
    use_types(decl);
    decl_each_expr(decl, use_walked, context);
}

/* ---- inputs ----------------------------------------------------------------------------------------------------- */

static bool is_list(const struct decl *field)
{
    return field->as.field.type != NULL && field->as.field.type->kind == TYPE_REF_LIST;
}

/* A text says which row it is; nobody computes with it. A year or date is the period of the data. */
static bool is_label(const struct decl *field)
{
    return !is_list(field) && (field->type.kind == TYPE_TEXT || field->type.kind == TYPE_YEAR ||
                               field->type.kind == TYPE_DATE || field->type.kind == TYPE_ERROR);
}

/* The key of a list tells its rows apart, and looks them up without being named. */
static bool is_key(const struct decl *field)
{
    const struct decl *list = field->parent;
    return list != NULL && list->kind == DECL_FIELD && str_eq(list->attributes.key.text, field->name.text);
}

/* A field of a row type may be used by functions that take such rows. */
static bool is_used(const struct decl *field)
{
    while (field != NULL && !field->is_used) {
        field = field->pattern;
    }
    return field != NULL;
}

/* Where the field is asked for: a copy of a row type's by the list that is of this type. */
static void report_unused(struct linter *linter, const struct decl *field)
{
    const struct decl *asked = field;
    while (asked->pattern != NULL) {
        asked = asked->parent;
    }
    struct span at = asked == field ? field->name.at : asked->as.field.type->row.at;
    const struct decl *inside = field->module == asked->module ? field : asked; /* else the type is another file's */
    lint_add(linter, D_LINT_UNUSED_INPUT, inside, at, DIAG_ARGS(field->name.text));
}

static void lint_fields(struct linter *linter, struct decl *fields)
{
    for (struct decl *field = fields; field != NULL; field = field->next) {
        if (field->kind != DECL_FIELD) {
            continue;
        }
        if (!is_used(field) && !is_label(field) && !is_key(field)) {
            report_unused(linter, field);
        } else if (is_list(field)) {
            lint_fields(linter, field->as.field.type->fields);
        }
    }
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

/* A let with a range checks something, and needs no other use. */
static bool is_check(const struct decl *decl)
{
    return decl->kind == DECL_LET && decl->attributes.range_first != NULL;
}

static void lint_unused(struct linter *linter, const struct decl *decl)
{
    bool is_value = decl->kind == DECL_LET || decl->kind == DECL_FUNCTION || decl->kind == DECL_FACTOR ||
                    decl->kind == DECL_EXTERNAL || decl->kind == DECL_TABLE || decl->kind == DECL_CHOICE ||
                    decl->kind == DECL_ROW;
    if (is_value && !decl->is_used && !is_check(decl)) {
        enum diag_code term = decl->kind == DECL_LET        ? T_LINT_LET
                              : decl->kind == DECL_FUNCTION ? T_LINT_FUNCTION
                              : decl->kind == DECL_EXTERNAL ? T_LINT_FUNCTION
                              : decl->kind == DECL_FACTOR   ? T_LINT_FACTOR
                              : decl->kind == DECL_TABLE    ? T_LINT_TABLE
                              : decl->kind == DECL_ROW      ? T_LINT_ROW
                                                            : T_LINT_CHOICE;
        lint_add(linter, D_LINT_UNUSED, decl, decl->name.at,
                 DIAG_ARGS(diag_term(linter->arena, term), decl->name.text));
    }
}

static bool has_flow(const struct decl *items)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT || (item->kind == DECL_PROCESS && has_flow(item->as.stage.items))) {
            return true;
        }
    }
    return false;
}

static void lint_unused_in(void *context, struct decl *decl)
{
    struct linter *linter = context;
    lint_unused(linter, decl);
    if (decl->kind == DECL_DATA) {
        lint_fields(linter, decl->as.data.fields);
    } else if ((decl->kind == DECL_STAGE || decl->kind == DECL_PROCESS) && !has_flow(decl->as.stage.items)) {
        lint_add(linter, D_LINT_EMPTY_STAGE, decl, decl->name.at, DIAG_ARGS(decl->name.text));
    }
}

/* The rows of this file in a table of a base. */
static void use_of_added_rows(void *context, struct decl *decl)
{
    const struct linter *linter = context;
    const struct table_row *row = decl->kind == DECL_TABLE ? decl->as.table.rows : NULL;
    for (; row != NULL; row = row->next) {
        for (const struct cell *cell = row->cells; row->at.file == linter->module->file && cell != NULL;
             cell = cell->next) {
            use_walked(context, cell->value);
        }
    }
}

/* In a module without a rule everything is there for others. */
void lint_use(struct linter *linter)
{
    if (linter->rule == NULL) {
        return;
    }
    decls_walk(linter->module->items, use_of_decl, linter);
    for (size_t i = 0; i < linter->checked->module_count; i++) {
        decls_walk(linter->checked->modules[i]->items, use_of_added_rows, linter);
    }
    decls_walk(linter->module->items, lint_unused_in, linter);
}
