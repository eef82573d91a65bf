#include "compiler/types.h"
#include "compiler/walk.h"

#include <assert.h>

static void type_name(struct typer *typer, struct expr *expr, const struct type *expected);
static void type_number(struct typer *typer, struct expr *expr, const struct type *expected);
static void type_default(struct typer *typer, struct expr *expr, const struct type *expected);
static void type_given(struct typer *typer, struct expr *expr);

/* ---- small things ----------------------------------------------------------------------------------------------- */

struct type *type_error(struct expr *expr)
{
    expr->type = (struct type){.kind = TYPE_ERROR, .unit = UNIT_ONE};
    return &expr->type;
}

bool is_error(const struct expr *expr)
{
    return expr->type.kind == TYPE_ERROR;
}

void set_number(struct expr *expr, uint32_t kind_id)
{
    expr->type = (struct type){.kind = TYPE_NUMBER, .unit = UNIT_ONE, .kind_id = kind_id};
}

struct type number_type(struct typer *typer, struct kind kind)
{
    return (struct type){.kind = TYPE_NUMBER, .unit = UNIT_ONE, .kind_id = kinds_constant(&typer->kinds, kind)};
}

static bool is_textual(const struct type *type)
{
    return type->kind == TYPE_TEXT || type->kind == TYPE_REGION;
}

bool types_agree(struct typer *typer, const struct type *a, const struct type *b)
{
    if (a->kind == TYPE_ERROR || b->kind == TYPE_ERROR || (is_textual(a) && is_textual(b))) {
        return true;
    }
    if (a->kind != b->kind || a->decl != b->decl) {
        return false;
    }
    return a->kind != TYPE_NUMBER ||
           (a->unit.is_point == b->unit.is_point && kinds_unify(&typer->kinds, a->kind_id, b->kind_id));
}

bool type_is_row_of(const struct type *row, const struct type *wanted)
{
    if (row->kind != TYPE_ROW || wanted->kind != TYPE_ROW) {
        return false;
    }
    const struct decl *list = row->decl;
    while (list != NULL && list != wanted->decl) {
        const struct type_ref *type = list->kind == DECL_FIELD ? list->as.field.type : NULL;
        bool is_unknown = type != NULL && type->row_type == NULL && type->row.text.len > 0; /* that was reported */
        bool is_of_it = type != NULL && type->row_type == wanted->decl;
        list = is_of_it || is_unknown ? wanted->decl : list->pattern;
    }
    return list != NULL;
}

/* ---- positions -------------------------------------------------------------------------------------------------- */

struct type *type_expr(struct typer *typer, struct expr *expr, const struct type *expected)
{
    expr->type = (struct type){.kind = TYPE_ERROR, .unit = UNIT_ONE};
    switch (expr->kind) {
    case EXPR_ERROR:
        break;
    case EXPR_NUMBER:
        type_number(typer, expr, expected);
        break;
    case EXPR_TEXT:
        expr->type.kind = expected != NULL && expected->kind == TYPE_REGION ? TYPE_REGION : TYPE_TEXT;
        break;
    case EXPR_DATE:
        expr->type.kind = TYPE_DATE;
        break;
    case EXPR_NAME:
        type_name(typer, expr, expected);
        break;
    case EXPR_MEMBER:
        type_member(typer, expr);
        break;
    case EXPR_CALL:
        type_call(typer, expr);
        break;
    case EXPR_COMPREHENSION:
        type_comprehension(typer, expr);
        break;
    case EXPR_NOT:
        if (type_as_bool(typer, expr->as.operand)) {
            expr->type.kind = TYPE_BOOL;
        }
        break;
    case EXPR_BINARY:
        type_binary(typer, expr, expected);
        break;
    case EXPR_IF:
        type_if(typer, expr, expected);
        break;
    case EXPR_MATCH:
        type_match(typer, expr, expected);
        break;
    case EXPR_DEFAULT:
        type_default(typer, expr, expected);
        break;
    case EXPR_GIVEN:
        type_given(typer, expr);
        break;
    case EXPR_RANGE: /* only as the source of a comprehension, which does not come here */
        break;
    }
    return &expr->type;
}

struct type *type_flow(struct typer *typer, struct expr *expr, const struct type *expected)
{
    type_expr(typer, expr, expected);
    if (expr->type.kind == TYPE_LIST) {
        diag_add(typer->out, D_LIST_AS_VALUE, expr->at, DIAG_ARGS(expr->type.decl->name.text));
        type_error(expr);
    }
    return &expr->type;
}

static void label_declaration(struct typer *typer, struct diag *diag, const struct expr *expr)
{
    const struct decl *decl = expr->ref.decl;
    if (decl != NULL && (expr->kind == EXPR_NAME || expr->kind == EXPR_MEMBER) &&
        decl->attributes.optional_at.len > 0) {
        diag_label(typer->out, diag, decl->attributes.optional_at, T_DECLARED_OPTIONAL, NULL, 0);
    }
}

struct type *type_value(struct typer *typer, struct expr *expr, const struct type *expected)
{
    type_flow(typer, expr, expected);
    if (expr->type.is_optional) {
        struct str text = span_text(typer->checked->sources, expr->at);
        struct diag *diag = diag_add(typer->out, D_OPTIONAL_UNHANDLED, expr->at, DIAG_ARGS(text));
        label_declaration(typer, diag, expr);
        diag_note(typer->out, diag, T_OPTIONAL_HINT, DIAG_ARGS(text));
        type_error(expr);
    }
    return &expr->type;
}

bool type_as(struct typer *typer, struct expr *expr, const struct type *wanted, const struct decl *declared)
{
    type_value(typer, expr, wanted);
    if (is_error(expr) || type_is_row_of(&expr->type, wanted) || types_agree(typer, &expr->type, wanted)) {
        return !is_error(expr);
    }
    report_disagreement(typer, expr->at, (struct side){.expr = expr, .type = expr->type},
                        (struct side){.decl = declared, .type = *wanted});
    type_error(expr);
    return false;
}

bool type_as_bool(struct typer *typer, struct expr *expr)
{
    type_value(typer, expr, NULL);
    if (!is_error(expr) && expr->type.kind != TYPE_BOOL) {
        diag_add(typer->out, D_NOT_A_CONDITION, expr->at, DIAG_ARGS(type_text(typer, &expr->type)));
        type_error(expr);
    }
    return !is_error(expr);
}

bool type_as_number(struct typer *typer, struct expr *expr)
{
    type_value(typer, expr, NULL);
    if (is_error(expr)) {
        return false;
    }
    if (expr->type.kind != TYPE_NUMBER) {
        report_not_a_number(typer, expr);
    } else if (expr->type.unit.is_point) {
        diag_add(typer->out, D_POINT_IN_FORMULA, expr->at, NULL, 0);
    } else {
        return true;
    }
    type_error(expr);
    return false;
}

bool type_as_plain(struct typer *typer, struct expr *expr, enum diag_code otherwise)
{
    if (!type_as_number(typer, expr)) {
        return false;
    }
    struct type plain = number_type(typer, kind_one());
    if (kinds_unify(&typer->kinds, expr->type.kind_id, plain.kind_id)) {
        return true;
    }
    struct diag *diag = diag_add(typer->out, otherwise, expr->at, DIAG_ARGS(expr_type_text(typer, expr)));
    int left = 4;
    label_leaves(typer, diag, expr, kinds_known_part(&typer->kinds, expr->type.kind_id), &left);
    type_error(expr);
    return false;
}

/* ---- values of one type ----------------------------------------------------------------------------------------- */

/* Its type may depend on what is expected: a bare word that may be a member, a whole number that may be a year. */
static bool is_flexible(const struct typer *typer, const struct expr *expr)
{
    if (expr->kind == EXPR_NAME) {
        return map_get(&typer->member_names, expr->as.name.text, NULL);
    }
    return expr->kind == EXPR_NUMBER && number_is_whole(expr);
}

static void type_one(struct typer *typer, struct expr *expr, const struct type *expected, bool allows_optional)
{
    if (allows_optional) {
        type_flow(typer, expr, expected);
    } else {
        type_value(typer, expr, expected);
    }
}

void type_alike(struct typer *typer, struct expr **exprs, size_t count, const struct type *expected,
                bool allows_optional)
{
    static const struct type POISON = {.kind = TYPE_ERROR};
    struct expr *first = NULL;
    bool is_poisoned = false;                 /* what the others would be like is not known */
    for (int round = 0; round < 2; round++) { /* those whose type is sure, then the flexible */
        for (size_t i = 0; i < count; i++) {
            if (is_flexible(typer, exprs[i]) != (round == 1)) {
                continue;
            }
            const struct type *context = first != NULL ? &first->type : is_poisoned ? &POISON : expected;
            type_one(typer, exprs[i], context, allows_optional);
            if (is_error(exprs[i])) {
                is_poisoned = true;
                continue;
            }
            if (first == NULL) {
                first = exprs[i];
            } else if (!types_agree(typer, &first->type, &exprs[i]->type)) {
                bool is_behind = first->at.off < exprs[i]->at.off;
                struct side sides[2] = {
                    {.expr = first,    .type = first->type   },
                    {.expr = exprs[i], .type = exprs[i]->type}
                };
                report_disagreement(typer, exprs[i]->at, sides[!is_behind], sides[is_behind]);
                type_error(exprs[i]);
            }
        }
    }
}

/* ---- literals --------------------------------------------------------------------------------------------------- */

bool literal_year(const struct expr *literal, int32_t *year)
{
    struct str digits = literal->as.number.digits;
    if (literal->kind != EXPR_NUMBER || !number_is_whole(literal) || digits.len > 4) {
        return false;
    }
    *year = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9') {
            return false;
        }
        *year = *year * 10 + (digits.at[i] - '0');
    }
    return *year >= 1000;
}

static void type_number(struct typer *typer, struct expr *expr, const struct type *expected)
{
    int32_t year;
    if (expected != NULL && expected->kind == TYPE_YEAR && literal_year(expr, &year)) {
        expr->type.kind = TYPE_YEAR;
        return;
    }
    if (expr->as.number.unit_text.len == 0 && number_is_zero(expr)) {
        set_number(expr, kinds_variable(&typer->kinds)); /* 0 has every unit */
        expr->type.is_whole = true;
        return;
    }
    set_number(expr, kinds_constant(&typer->kinds, expr->as.number.unit.kind));
    expr->type.unit = expr->as.number.unit;
    expr->type.unit_spelled = expr->as.number.unit_text;
    expr->type.is_whole = number_is_whole(expr);
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

struct type type_instance(struct typer *typer, const struct type *generic, struct kind_renaming *renaming)
{
    struct type type = *generic;
    if (type.kind == TYPE_NUMBER && !kinds_is_known(&typer->kinds, type.kind_id, NULL)) {
        type.kind_id = kinds_instantiate(&typer->kinds, renaming, type.kind_id);
        if (type.kind_id == KIND_TOO_LARGE) {
            type.kind = TYPE_ERROR; /* more variables than any readable function has */
        }
    }
    return type;
}

struct type decl_value_type(struct typer *typer, const struct decl *decl)
{
    struct kind_renaming renaming = {.count = 0};
    return type_instance(typer, &decl->type, &renaming);
}

static void use_declaration(struct typer *typer, struct expr *expr)
{
    const struct decl *decl = expr->ref.decl;
    bool wants_arguments = decl->kind == DECL_FUNCTION || decl->kind == DECL_TABLE ||
                           decl->kind == DECL_EXTERNAL || (decl->kind == DECL_FACTOR && decl->as.factor.keys != NULL);
    if (wants_arguments) {
        struct diag *diag = diag_add(typer->out, D_NEEDS_ARGUMENTS, expr->at, DIAG_ARGS(decl->name.text));
        diag_label(typer->out, diag, decl->name.at, T_FIRST_HERE, NULL, 0);
        return;
    }
    if (decl->is_cyclic && decl->kind == DECL_LET) {
        return;
    }
    expr->type = decl_value_type(typer, decl);
    if (decl->kind == DECL_FACTOR || decl->kind == DECL_FIELD) {
        expr->type.is_whole = false;
    }
}

void report_unknown_choice_member(struct typer *typer, const struct decl *choice, struct name name)
{
    struct str args[] = {choice->name.text, name.text};
    struct diag *diag =
        choice->is_broken ? NULL : diag_add_unknown(typer->out, D_UNKNOWN_MEMBER, name.text, name.at, args, 2);
    if (diag == NULL) {
        return;
    }
    diag_label(typer->out, diag, choice->name.at, T_FIRST_HERE, NULL, 0);
    size_t count = 0;
    for (const struct decl *member = choice->as.choice.members; member != NULL; member = member->next) {
        count++;
    }
    struct str *names = arena_array(typer->arena, struct str, count + 1);
    count = 0;
    for (const struct decl *member = choice->as.choice.members; member != NULL; member = member->next) {
        names[count++] = member->name.text;
    }
    struct str nearest = str_nearest(name.text, names, count);
    if (nearest.len > 0) {
        diag_fix(typer->out, diag, name.at, nearest, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    }
}

static struct decl *member_named(const struct decl *choice, struct str name)
{
    struct decl *member = choice->as.choice.members;
    while (member != NULL && !str_eq(member->name.text, name)) {
        member = member->next;
    }
    return member;
}

/* A bare word of some choice where no choice is expected: offers Choice.member for each choice that has it. */
static void report_bare_member(struct typer *typer, struct expr *expr, const struct type *expected)
{
    struct name name = expr->as.name;
    if (expected != NULL && expected->kind == TYPE_ERROR) {
        return; /* what is expected was reported */
    }
    struct diag *diag = expected != NULL ? diag_add(typer->out, D_MEMBER_UNEXPECTED, name.at,
                                                    DIAG_ARGS(name.text, type_text(typer, expected)))
                                         : diag_add(typer->out, D_MEMBER_BARE, name.at, DIAG_ARGS(name.text));
    for (size_t i = 0; i < typer->checked->module_count; i++) {
        for (const struct decl *item = typer->checked->modules[i]->items; item != NULL; item = item->next) {
            if (item->kind == DECL_CHOICE && member_named(item, name.text) != NULL) {
                struct str fixed = str_format(typer->arena, "%.*s.%.*s", STR_FMT(item->name.text), STR_FMT(name.text));
                diag_fix(typer->out, diag, name.at, fixed, T_FIX_REPLACE, DIAG_ARGS(fixed));
            }
        }
    }
}

/* Where a choice is expected, a bare word that is one of its members is that member. */
static bool type_as_member(struct typer *typer, struct expr *expr, const struct type *expected)
{
    struct decl *choice = expected != NULL && expected->kind == TYPE_CHOICE ? expected->decl : NULL;
    const struct decl *member = choice == NULL ? NULL : member_named(choice, expr->as.name.text);
    if (member != NULL && expr->type.kind == TYPE_CHOICE && expr->type.decl == choice) {
        struct str fixed =
            str_format(typer->arena, "%.*s.%.*s", STR_FMT(choice->name.text), STR_FMT(expr->as.name.text));
        struct diag *diag =
            diag_add(typer->out, D_MEMBER_AMBIGUOUS, expr->at, DIAG_ARGS(expr->as.name.text, choice->name.text));
        diag_fix(typer->out, diag, expr->at, fixed, T_FIX_REPLACE, DIAG_ARGS(fixed));
        type_error(expr);
        return true;
    }
    if (member != NULL) {
        expr->ref = (struct ref){.kind = REF_MEMBER, .decl = choice, .index = member->index};
        expr->type = (struct type){.kind = TYPE_CHOICE, .unit = UNIT_ONE, .decl = choice};
        return true;
    }
    if (expr->ref.kind != REF_NONE) {
        return false;
    }
    if (choice != NULL) {
        report_unknown_choice_member(typer, choice, expr->as.name);
    } else {
        report_bare_member(typer, expr, expected);
    }
    return true;
}

/* A value with its own declaration may not be needed where a member of the same name is meant. */
static bool is_value_of_choice(const struct expr *expr, const struct type *expected)
{
    return expected != NULL && expected->kind == TYPE_CHOICE && expr->ref.kind == REF_DECL &&
           member_named(expected->decl, expr->as.name.text) != NULL &&
           (expr->ref.decl->type.kind != TYPE_CHOICE || expr->ref.decl->type.decl != expected->decl);
}

/* true, false, total; resolve refused the others. The total is per declared unit. */
static void type_named(struct typer *typer, struct expr *expr)
{
    struct kind per_unit;
    if (expr->ref.index != PREDEFINED_TOTAL) {
        expr->type.kind = TYPE_BOOL;
    } else if (typer->declared_by != NULL && kind_mul(typer->co2e, typer->declared, -1, &per_unit)) {
        set_number(expr, kinds_constant(&typer->kinds, per_unit));
    }
}

static void type_name(struct typer *typer, struct expr *expr, const struct type *expected)
{
    switch (expr->ref.kind) {
    case REF_DECL:
        if (!is_value_of_choice(expr, expected)) {
            use_declaration(typer, expr);
        }
        break;
    case REF_BINDER:
        if (expr->ref.decl != NULL) {
            type_rows(typer, expr->ref.decl);
        }
        expr->type = binder_type(typer, expr->ref.binder);
        break;
    case REF_PARAM: {
        const struct decl *param = expr->ref.decl->as.function.params;
        for (uint32_t i = 0; i < expr->ref.index; i++) {
            param = param->next;
        }
        expr->type = param->type;
        break;
    }
    case REF_PREDEFINED:
        type_named(typer, expr);
        break;
    case REF_GAS:
    case REF_MEMBER:
        expr->type.kind = TYPE_CHOICE;
        expr->type.decl = expr->ref.decl;
        return;
    case REF_NONE:
        break;
    case REF_ROUNDING:
    case REF_WHOLE:
    case REF_FIELD:
    case REF_COLUMN:
    case REF_FLOW:
    case REF_CATEGORY:
        return;
    }
    if (expr->ref.kind == REF_NONE || map_get(&typer->member_names, expr->as.name.text, NULL)) {
        type_as_member(typer, expr, expected);
    }
    if (expr->type.is_optional && facts_hold(typer, expr)) {
        expr->type.is_optional = false;
    }
}

/* ---- missing values --------------------------------------------------------------------------------------------- */

static void type_default(struct typer *typer, struct expr *expr, const struct type *expected)
{
    struct expr *value = expr->as.defaulted.value;
    struct expr *fallback = expr->as.defaulted.fallback;
    type_flow(typer, value, expected);
    type_flow(typer, fallback, is_error(value) ? expected : &value->type);
    if (is_error(value) || is_error(fallback)) {
        return;
    }
    if (!value->type.is_optional && !value->type.can_be_missing) {
        diag_add(typer->out, D_NEVER_MISSING, value->at, DIAG_ARGS(span_text(typer->checked->sources, value->at)));
    }
    if (!types_agree(typer, &value->type, &fallback->type)) {
        report_disagreement(typer, fallback->at, (struct side){.expr = value, .type = value->type},
                            (struct side){.expr = fallback, .type = fallback->type});
        return;
    }
    expr->type = value->type;
    expr->type.is_optional = fallback->type.is_optional;
    expr->type.can_be_missing = fallback->type.can_be_missing;
    expr->type.is_whole = value->type.is_whole && fallback->type.is_whole;
}

static void type_given(struct typer *typer, struct expr *expr)
{
    struct expr *operand = expr->as.operand;
    type_flow(typer, operand, NULL);
    if (!is_error(operand) && !operand->type.is_optional && !operand->type.can_be_missing) {
        diag_add(typer->out, D_NEVER_MISSING, operand->at, DIAG_ARGS(span_text(typer->checked->sources, operand->at)));
    }
    expr->type.kind = is_error(operand) ? TYPE_ERROR : TYPE_BOOL;
}
