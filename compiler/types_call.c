#include "compiler/types.h"

struct matching {         /* the arguments of a call, by parameter */
    struct expr **values; /* NULL where missing */
    size_t count;
};

static bool match_arguments(struct typer *typer, struct expr *call, const struct decl *params,
                            struct matching *matching);

static void type_all_arguments(struct typer *typer, struct expr *call)
{
    for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        if (arg->value->kind != EXPR_NAME || arg->value->ref.kind != REF_NONE) {
            type_expr(typer, arg->value, NULL);
        }
    }
}

/* ---- functions -------------------------------------------------------------------------------------------------- */

/* A parameter without a type is a number: says so where something else is given. */
static bool refuse_untyped(struct typer *typer, struct expr *arg, const struct decl *param)
{
    if (param->as.param.type != NULL || arg->kind == EXPR_ERROR) {
        return false;
    }
    type_value(typer, arg, NULL);
    if (is_error(arg)) {
        return true;
    }
    bool is_point = arg->type.kind == TYPE_NUMBER && arg->type.unit.is_point;
    if (arg->type.kind == TYPE_NUMBER && !is_point) {
        return false;
    }
    struct diag *diag =
        diag_add(typer->out, D_ARGUMENT_NOT_NUMBER, arg->at, DIAG_ARGS(param->name.text, type_text(typer, &arg->type)));
    diag_label(typer->out, diag, param->name.at, T_PARAM_HERE, DIAG_ARGS(param->name.text));
    type_error(arg);
    return true;
}

static void type_function_call(struct typer *typer, struct expr *call, const struct decl *function)
{
    struct matching matching;
    if (function->is_cyclic || function->is_broken ||
        !match_arguments(typer, call, function->as.function.params, &matching)) {
        type_all_arguments(typer, call);
        return;
    }
    struct kind_renaming renaming = {.count = 0};
    bool are_right = true;
    size_t i = 0;
    for (const struct decl *param = function->as.function.params; param != NULL; param = param->next) {
        struct expr *value = matching.values[i++];
        struct type wanted = type_instance(typer, &param->type, &renaming);
        are_right &= !refuse_untyped(typer, value, param) && type_as(typer, value, &wanted, param);
    }
    struct type result = type_instance(typer, &function->type, &renaming);
    if (are_right) {
        call->type = result;
    }
}

/* ---- tables and factors ----------------------------------------------------------------------------------------- */

bool type_keys(struct typer *typer, struct expr *call, const struct decl *keys)
{
    struct matching matching;
    if (call->ref.decl->is_broken || !match_arguments(typer, call, keys, &matching)) {
        type_all_arguments(typer, call);
        return false;
    }
    bool are_right = true;
    size_t i = 0;
    for (const struct decl *key = keys; key != NULL; key = key->next) {
        are_right &= type_as(typer, matching.values[i++], &key->type, key) && key->type.kind != TYPE_ERROR;
    }
    return are_right;
}

/* A choice's members are all in the table; a text, a year or a large number may not be. */
static bool may_lack_key(const struct decl *table)
{
    for (const struct decl *key = table->as.table.keys; key != NULL; key = key->next) {
        if (key->type.kind != TYPE_CHOICE) {
            return true;
        }
    }
    return table->attributes.is_symmetric;
}

static void type_table_call(struct typer *typer, struct expr *call, struct decl *table)
{
    const struct decl *column = table->as.table.columns;
    if (!type_keys(typer, call, table->as.table.keys) || column == NULL) {
        return;
    }
    if (column->next == NULL && column->name.text.len == 0) {
        call->type = column->type;
    } else {
        call->type.kind = TYPE_ROW;
        call->type.decl = table;
    }
    call->type.can_be_missing = may_lack_key(table);
    if (facts_hold(typer, call)) {
        call->type.is_optional = false;
        call->type.can_be_missing = false;
    }
}

void type_call(struct typer *typer, struct expr *call)
{
    if (call->ref.kind == REF_PREDEFINED) {
        type_predefined(typer, call);
        return;
    }
    struct decl *decl = call->ref.decl;
    if (decl == NULL) {
        return;
    }
    if (decl->kind == DECL_FUNCTION) {
        type_function_call(typer, call, decl);
    } else if (decl->kind == DECL_TABLE) {
        type_table_call(typer, call, decl);
    } else if (decl->kind == DECL_FIELD) {
        type_row_lookup(typer, call, decl);
    } else if (decl->kind == DECL_EXTERNAL) {
        if (type_keys(typer, call, decl->as.external.params)) {
            call->type = decl->type;
        }
    } else if (decl->kind == DECL_FACTOR && type_keys(typer, call, decl->as.factor.keys)) {
        call->type = decl->type;
    }
}

/* ---- arguments to parameters ------------------------------------------------------------------------------------ */

static void report_argument(struct typer *typer, enum diag_code code, struct span at, const struct expr *call,
                            struct str name)
{
    const struct decl *decl = call->ref.decl;
    struct diag *diag =
        diag_add_about(typer->out, code, decl_key(typer->arena, decl), at, DIAG_ARGS(call->as.call.callee.text, name));
    if (diag != NULL) {
        diag_label(typer->out, diag, decl->name.at, T_FIRST_HERE, NULL, 0);
    }
}

bool call_is_torn(const struct expr *call)
{
    for (const struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        if (arg->value->kind == EXPR_ERROR) {
            return true;
        }
    }
    return false;
}

static size_t param_number(const struct decl *params, struct str name)
{
    size_t i = 0;
    for (; params != NULL && !str_eq(params->name.text, name); params = params->next) {
        i++;
    }
    return i;
}

static bool place_argument(struct typer *typer, const struct expr *call, const struct decl *params,
                           const struct arg *arg, size_t position, struct matching *matching)
{
    bool is_named = arg->name.text.len > 0;
    size_t at = is_named ? param_number(params, arg->name.text) : position;
    if (at >= matching->count) {
        struct str count = str_format(typer->arena, "%zu", matching->count);
        if (is_named) {
            report_argument(typer, D_ARGUMENT_UNKNOWN, arg->name.at, call, arg->name.text);
        } else if (!call_is_torn(call)) {
            report_argument(typer, D_ARGUMENT_COUNT, arg->value->at, call, count);
        }
        return false;
    }
    if (matching->values[at] != NULL) {
        report_argument(typer, D_ARGUMENT_TWICE, is_named ? arg->name.at : arg->value->at, call,
                        is_named ? arg->name.text : STR(""));
        return false;
    }
    matching->values[at] = arg->value;
    return true;
}

static bool match_arguments(struct typer *typer, struct expr *call, const struct decl *params,
                            struct matching *matching)
{
    matching->count = 0;
    for (const struct decl *param = params; param != NULL; param = param->next) {
        matching->count++;
    }
    matching->values = arena_array(typer->arena, struct expr *, matching->count + 1);
    size_t position = 0;
    bool has_named = false;
    for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        if (arg->name.text.len == 0 && has_named) {
            report_argument(typer, D_ARGUMENT_ORDER, arg->value->at, call, STR(""));
            return false;
        }
        has_named |= arg->name.text.len > 0;
        if (!place_argument(typer, call, params, arg, position++, matching)) {
            return false;
        }
    }
    size_t number = 0; /* not found by name: a name may be there twice, which was reported */
    for (const struct decl *param = params; param != NULL; param = param->next) {
        if (matching->values[number++] == NULL) {
            if (call_is_torn(call)) {
                return false;
            }
            report_argument(typer, D_ARGUMENT_MISSING, call->at, call, param->name.text);
            return false;
        }
    }
    return true;
}
