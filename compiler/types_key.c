/* Lists with a key: `renewable : list of { hour : number, share : % } key hour` is looked up like a table,
   `renewable(u.hour)`, and gives a row that may be missing. */
#include "compiler/types.h"

#include "compiler/lost.h"

static struct decl *key_of(const struct decl *list)
{
    struct decl *field = list->as.field.type->fields;
    while (field != NULL && !str_eq(field->name.text, list->attributes.key.text)) {
        field = field->next;
    }
    return field;
}

/* What can be compared for equality without a tolerance. */
static bool may_be_key(const struct typer *typer, const struct decl *field)
{
    (void)typer;
    switch (field->type.kind) {
    case TYPE_NUMBER:
        return field->type.unit.kind.count == 0 && !field->type.unit.is_point;
    case TYPE_TEXT:
    case TYPE_REGION:
    case TYPE_CHOICE:
    case TYPE_YEAR:
    case TYPE_DATE:
        return true;
    case TYPE_ERROR:
    case TYPE_BOOL:
    case TYPE_ROW:
    case TYPE_LIST:
        break;
    }
    return false;
}

static void report_unknown(struct typer *typer, const struct decl *list)
{
    struct name key = list->attributes.key;
    size_t count = 0;
    for (const struct decl *field = list->as.field.type->fields; field != NULL; field = field->next) {
        count++;
    }
    struct str *names = arena_array(typer->arena, struct str, count + 1);
    count = 0;
    for (const struct decl *field = list->as.field.type->fields; field != NULL; field = field->next) {
        names[count++] = field->name.text;
    }
    struct diag *diag = diag_add(typer->out, D_UNKNOWN_FIELD, key.at, DIAG_ARGS(list->name.text, key.text));
    struct str nearest = str_nearest(key.text, names, count);
    if (nearest.len > 0) {
        diag_note(typer->out, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
        diag_fix(typer->out, diag, key.at, nearest, T_FIX_REPLACE, DIAG_ARGS(nearest));
    }
}

void type_list_key(struct typer *typer, struct decl *list)
{
    if (list->type.kind != TYPE_LIST || list->attributes.key.text.len == 0) {
        return;
    }
    const struct decl *key = key_of(list);
    if (key == NULL) {
        if (!lost_name(typer->checked, NULL, list->attributes.key.text)) {
            report_unknown(typer, list);
        }
        return;
    }
    bool is_there = !key->attributes.is_optional && key->attributes.initial == NULL;
    if (key->type.kind != TYPE_ERROR && (!is_there || !may_be_key(typer, key))) {
        struct diag *diag = diag_add(typer->out, D_KEY_FIELD, list->attributes.key.at, DIAG_ARGS(key->name.text));
        diag_label(typer->out, diag, key->name.at, T_FIRST_HERE, NULL, 0);
    }
}

void type_row_lookup(struct typer *typer, struct expr *call, struct decl *list)
{
    const struct decl *field = list->attributes.key.text.len > 0 ? key_of(list) : NULL;
    if (field == NULL) {
        for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
            type_expr(typer, arg->value, NULL);
        }
        if (list->attributes.key.text.len == 0) {
            struct diag *diag =
                diag_add(typer->out, D_LIST_WITHOUT_KEY, call->as.call.callee.at, DIAG_ARGS(list->name.text));
            diag_label(typer->out, diag, list->name.at, T_FIRST_HERE, NULL, 0);
        }
        return;
    }
    struct decl *key = arena_new(typer->arena, struct decl);
    *key = *field;
    key->next = NULL; /* the only parameter */
    key->type = decl_value_type(typer, field);
    if (!type_keys(typer, call, key)) {
        return;
    }
    bool is_there = facts_hold(typer, call);
    call->type = (struct type){.kind = TYPE_ROW, .unit = UNIT_ONE, .decl = list, .can_be_missing = !is_there};
}
