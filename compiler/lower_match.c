/* Rows found by the value of a field: `list(value)` of a list with a key, and `the(x in list where x.field == value)`
   where visiting every row from inside every other one would cost the product of their numbers. */
#include "compiler/lower.h"

#include "compiler/walk.h"

/* The datum of the field on the axis of its list, a list of the product. */
static uint32_t datum_of(struct lowering *lowering, const struct decl *list, const struct decl *field)
{
    uint32_t list_id = 0;
    uint32_t field_id = 0;
    bool is_known =
        decl_map_get(&lowering->field_ids, list, &list_id) && decl_map_get(&lowering->field_ids, field, &field_id);
    uint32_t axis = is_known ? ir_axis_list(lowering->ir, AXIS_ID_PRODUCT, list_id) : IR_ERROR;
    return axis == IR_ERROR ? IR_ERROR : ir_field(lowering->ir, field_id, (uint16_t)axis);
}

static bool is_list_of_product(const struct lowering *lowering, const struct decl *list)
{
    uint32_t id = 0;
    return decl_map_get(&lowering->field_ids, list, &id) && lowering->ir->fields[id].parent == NO_INDEX;
}

struct lowered lower_row_lookup(struct lowering *lowering, struct expr *call, const struct scope *scope)
{
    const struct decl *list = call->ref.decl;
    const struct decl *key = list->as.field.type->fields;
    while (key != NULL && !str_eq(key->name.text, list->attributes.key.text)) {
        key = key->next;
    }
    if (key == NULL || !is_list_of_product(lowering, list)) {
        return lower_plain(lower_fail(lowering, call->at, D_LIST_OF_PICKED_ROW, NULL, 0));
    }
    uint32_t value = lower_value(lowering, call->as.call.args->value, scope);
    return lower_plain(ir_match(lowering->ir, value, datum_of(lowering, list, key)));
}

/* ---- the(x in list where x.field == value) ---- */

struct search {
    const struct expr *binder;
    bool is_found;
};

static void search_binder(void *context, struct expr *expr)
{
    struct search *search = context;
    search->is_found = search->is_found || (expr->ref.kind == REF_BINDER && expr->ref.binder == search->binder);
}

static bool mentions(struct expr *expr, const struct expr *binder)
{
    struct search search = {binder, false};
    expr_walk(expr, search_binder, &search);
    return search.is_found;
}

/* Is it x.field, a datum that is always given? */
static bool is_own_datum(const struct expr *expr, const struct expr *binder)
{
    const struct expr *operand = expr->kind == EXPR_MEMBER ? expr->as.member.operand : NULL;
    return operand != NULL && expr->ref.kind == REF_FIELD && operand->ref.kind == REF_BINDER &&
           operand->ref.binder == binder && expr->ref.decl->type.kind != TYPE_LIST &&
           !expr->ref.decl->attributes.is_optional && expr->ref.decl->attributes.initial == NULL;
}

bool lower_the_as_match(struct lowering *lowering, struct expr *expr, const struct scope *scope, uint32_t *row)
{
    const struct expr *source = expr->as.comprehension.source;
    struct expr *where = expr->as.comprehension.where;
    bool is_equality = expr->ref.index == PREDEFINED_THE && where != NULL && where->kind == EXPR_BINARY &&
                       where->as.binary.op == BINARY_EQ && where->as.binary.within == NULL;
    bool is_list = source->kind == EXPR_NAME && source->ref.kind == REF_DECL && source->ref.decl->kind == DECL_FIELD &&
                   is_list_of_product(lowering, source->ref.decl);
    if (!is_equality || !is_list) {
        return false;
    }
    uint32_t list = 0;
    bool is_left = is_own_datum(where->as.binary.left, expr);
    struct expr *own = is_left ? where->as.binary.left : where->as.binary.right;
    struct expr *value = is_left ? where->as.binary.right : where->as.binary.left;
    decl_map_get(&lowering->field_ids, source->ref.decl, &list);
    if (!is_own_datum(own, expr) || mentions(value, expr) || lowering->cut_fields[list] != NO_INDEX) {
        return false;
    }
    *row = ir_match(lowering->ir, lower_value(lowering, value, scope),
                    datum_of(lowering, source->ref.decl, own->ref.decl));
    return true;
}
