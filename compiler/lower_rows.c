/* Rows: fields of data, comprehensions, ranges. The axis of a comprehension lies inside that of the innermost one
   outside it whose row it mentions; a list that does not belong to that row is visited there row by row (pairs). */
#include "compiler/lower.h"

#include "compiler/interval.h"
#include "compiler/mentions.h"
#include "compiler/walk.h"

/* ---- scopes ---- */

const struct scope *lower_find_binder(const struct scope *scope, const struct expr *binder)
{
    while (scope != NULL && !(scope->kind == SCOPE_BINDER && scope->binder == binder)) {
        scope = scope->outer;
    }
    return scope;
}

struct closure *lower_find_param(const struct scope *scope, const struct ref *ref)
{
    while (scope != NULL && !(scope->kind == SCOPE_PARAMS && scope->decl == ref->decl)) {
        scope = scope->outer;
    }
    return scope == NULL ? NULL : &scope->args[ref->index];
}

/* The scope of the row whose fields are visible by their bare names. */
static const struct scope *find_row(const struct scope *scope, const struct decl *list)
{
    while (scope != NULL && !(scope->kind == SCOPE_ROW && scope->decl == list)) {
        scope = scope->outer;
    }
    return scope;
}

static const struct decl *list_of(const struct lowering *lowering, const struct decl *field)
{
    uint32_t id = 0;
    if (!decl_map_get(&lowering->field_ids, field, &id) || lowering->ir->fields[id].parent == NO_INDEX) {
        return NULL;
    }
    return lowering->field_decls[lowering->ir->fields[id].parent];
}

/* ---- what an expression mentions ---- */

struct mention {
    const struct lowering *lowering;
    const struct scope *scope;
    uint16_t axis;
};

static void mention_axis(struct mention *mention, uint16_t axis)
{
    const struct ir *ir = mention->lowering->ir;
    if (ir_axis_depth(ir, axis) > ir_axis_depth(ir, mention->axis)) {
        mention->axis = axis;
    }
}

/* Of the rows of reference and stage, those that a name stands for something about. */
static void mention_roots(struct mention *mention, const struct expr *expr)
{
    const struct scope *stage = lower_stage_root(mention->scope);
    unsigned found = expr_mentions(expr, stage == NULL ? NULL : stage->decl);
    for (const struct scope *root = found == 0 ? NULL : lower_roots(mention->scope); root != NULL; root = root->outer) {
        if ((found & (root == stage ? MENTIONS_STAGE : MENTIONS_ROW)) != 0) {
            mention_axis(mention, root->row.axis);
        }
    }
}

static void mention_expr(void *context, struct expr *expr)
{
    struct mention *mention = context;
    mention_roots(mention, expr);
    if (expr->ref.kind == REF_BINDER) {
        const struct scope *binder = lower_find_binder(mention->scope, expr->ref.binder);
        if (binder != NULL) { /* else a comprehension inside the expression */
            mention_axis(mention, binder->row.axis);
        }
    } else if (expr->ref.kind == REF_PARAM) {
        struct closure *closure = lower_find_param(mention->scope, &expr->ref);
        if (closure != NULL && !closure->is_searched) {
            closure->is_searched = true;
            closure->mention = lower_mention(mention->lowering, closure->expr, closure->scope);
        }
        if (closure != NULL) {
            mention_axis(mention, closure->mention);
        }
    } else if (expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_FIELD) {
        const struct scope *row = find_row(mention->scope, list_of(mention->lowering, expr->ref.decl));
        if (row != NULL) {
            mention_axis(mention, row->row.axis);
        }
    }
}

uint16_t lower_mention(const struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    struct mention mention = {lowering, scope, AXIS_ID_PRODUCT};
    if (expr != NULL && scope != NULL) {
        expr_walk(expr, mention_expr, &mention);
    }
    return mention.axis;
}

/* ---- fields ---- */

static uint32_t field_id(const struct lowering *lowering, const struct decl *field)
{
    uint32_t id = 0;
    decl_map_get(&lowering->field_ids, field, &id);
    return id;
}

static uint32_t with_default(struct lowering *lowering, uint32_t value, const struct decl *field,
                             const struct scope *scope)
{
    if (field->attributes.initial == NULL || value == IR_ERROR) {
        return value;
    }
    uint32_t fallback = lower_value(lowering, field->attributes.initial, scope);
    lower_check_default(lowering, field_id(lowering, field), fallback);
    return ir_else(lowering->ir, value, fallback, true);
}

static bool is_copy_of(const struct decl *field, const struct decl *pattern)
{
    while (field != NULL && field != pattern) {
        field = field->pattern;
    }
    return field != NULL;
}

/* The field of the list whose row this is, or of one around it, where `field` is that of its row type. */
static const struct decl *own_field(const struct lowering *lowering, const struct row *row, const struct decl *field)
{
    const struct decl *list = decl_map_get(&lowering->field_ids, field, NULL)
                                  ? NULL
                                  : lowering->field_decls[lowering->ir->axes[row->list_axis].list];
    for (; list != NULL && list->kind == DECL_FIELD; list = list->parent) {
        for (const struct decl *own = decl_inner(list); own != NULL; own = own->next) {
            if (is_copy_of(own, field)) {
                return own;
            }
        }
    }
    return field;
}

/* The axis of the list that holds the field, seen from the axis of an inner list. */
static uint16_t axis_of_list(const struct ir *ir, uint16_t axis, uint32_t list)
{
    while (axis != AXIS_ID_CONSTANT && !(ir->axes[axis].kind == AXIS_LIST && ir->axes[axis].list == list)) {
        axis = ir->axes[axis].parent;
    }
    return axis;
}

uint32_t lower_field_of(struct lowering *lowering, const struct row *row, const struct decl *field, bool is_raw)
{
    struct ir *ir = lowering->ir;
    field = own_field(lowering, row, field);
    uint32_t id = field_id(lowering, field);
    uint16_t own = axis_of_list(ir, row->list_axis, ir->fields[id].parent);
    if (own == AXIS_ID_CONSTANT) {
        return lower_fail(lowering, ir->site.at, D_INTERNAL, DIAG_ARGS(STR("a field of another list")));
    }
    uint32_t datum = ir_to_axis(ir, ir_field(ir, id, own), row->list_axis);
    bool is_picked = row->node != NO_OPERAND;
    uint32_t value = is_picked ? ir_take(ir, row->node, datum) : ir_to_visited(ir, datum, row->list_axis, row->axis);
    if (is_raw || field->attributes.initial == NULL) {
        return value;
    }
    struct scope scope = {.kind = SCOPE_ROW, .decl = list_of(lowering, field), .row = *row};
    uint32_t completed = with_default(lowering, value, field, &scope);
    if (is_picked && completed != IR_ERROR && ir->nodes[row->node].shape.is_optional) {
        /* no row is no reason to take the default */
        return ir_select(ir, ir_given(ir, row->node), completed, value);
    }
    return completed;
}

uint32_t lower_product_field(struct lowering *lowering, const struct decl *field, const struct scope *scope,
                             bool is_raw)
{
    const struct decl *list = list_of(lowering, field);
    if (list != NULL) {
        const struct scope *row = find_row(scope, list);
        if (row == NULL) { /* of an outer list, in the default of a field of an inner one */
            for (row = scope; row != NULL && row->kind != SCOPE_ROW; row = row->outer) {
            }
        }
        return row == NULL ? lower_fail(lowering, lowering->ir->site.at, D_INTERNAL,
                                        DIAG_ARGS(STR("a field of a list without its row")))
                           : lower_field_of(lowering, &row->row, field, is_raw);
    }
    uint32_t value = ir_field(lowering->ir, field_id(lowering, field), AXIS_ID_PRODUCT);
    return is_raw ? value : with_default(lowering, value, field, NULL);
}

struct row lower_picked_row(const struct lowering *lowering, uint32_t node)
{
    const struct ir *ir = lowering->ir;
    return (struct row){ir_axis_of(ir, node), (uint16_t)ir->nodes[node].shape.of, node};
}

/* ---- ranges ---- */

static bool is_whole(const struct ir *ir, uint32_t node)
{
    const struct instruction *in = &ir->nodes[node].in;
    return (in->op == OP_CONST && rat_is_int(ir_constant(ir, node)->number)) || in->op == OP_COUNT ||
           (in->op == OP_ROUND && rat_is_int(ir_constant(ir, in->b)->number));
}

/* A bound as a whole plain number on the axis: `1 .. 3.5` ends with 3. */
static uint32_t lower_bound(struct lowering *lowering, struct expr *expr, uint16_t axis, const struct scope *scope,
                            enum rounding mode)
{
    struct ir *ir = lowering->ir;
    uint32_t node = ir_plain(ir, lower_value(lowering, expr, scope));
    if (node != IR_ERROR && !is_whole(ir, node)) {
        node = ir_round(ir, node, ir_number(ir, RAT_ONE, UNIT_ONE), mode);
    }
    int64_t end = 0;
    if (node != IR_ERROR && ir_is_constant(ir, node) &&
        (!rat_to_i64(rat_abs(ir->arena, ir_constant(ir, node)->number), &end) || end > LIMIT_RANGE_BOUND)) {
        return lower_fail(lowering, expr->at, D_CONSTANT_TOO_LARGE, NULL, 0);
    }
    return ir_to_axis(ir, node, axis);
}

static bool open_range(struct lowering *lowering, struct expr *range, uint16_t outer, const struct scope *scope,
                       struct row *row)
{
    struct ir *ir = lowering->ir;
    uint32_t first = lower_bound(lowering, range->as.range.first, outer, scope, ROUND_CEIL);
    uint32_t last = lower_bound(lowering, range->as.range.last, outer, scope, ROUND_FLOOR);
    if (first == IR_ERROR || last == IR_ERROR) {
        return false;
    }
    struct intervals intervals = intervals_of_ir(ir);
    struct interval from = interval_of(&intervals, first);
    struct interval to = interval_of(&intervals, last);
    if (!from.has_low || !to.has_high) {
        struct diag *diag = diag_add(lowering->out, D_RANGE_UNBOUNDED, range->at, NULL, 0);
        diag_note(lowering->out, diag, T_RANGE_UNBOUNDED_NOTE, NULL, 0);
        return false;
    }
    struct rat length = rat_add(ir->arena, rat_sub(ir->arena, to.high, from.low), RAT_ONE);
    int64_t max = 0;
    if (!rat_to_i64(rat_round(ir->arena, length, RAT_ONE, ROUND_FLOOR), &max) || max > LIMIT_RANGE) {
        lower_fail(lowering, range->at, D_RANGE_LENGTH,
                   DIAG_ARGS(rat_text(ir->arena, length), str_format(ir->arena, "%d", (int)LIMIT_RANGE)));
        return false;
    }
    uint32_t axis = ir_axis_range(ir, outer, first, last, max < 1 ? 1 : (uint32_t)max, NO_INDEX);
    *row = (struct row){(uint16_t)axis, (uint16_t)axis, NO_OPERAND};
    return axis != IR_ERROR;
}

/* ---- tables ---- */

/* The rows of a table are those of a range of its row numbers. */
static bool open_table(struct lowering *lowering, struct decl *table, uint16_t outer, struct row *row)
{
    struct ir *ir = lowering->ir;
    uint32_t id = lower_walked_id(lowering, table);
    if (id == IR_ERROR) {
        return false;
    }
    uint32_t count = ir->tables[id].row_count;
    if (count > LIMIT_RANGE) {
        lower_fail(
            lowering, lowering->ir->site.at, D_RANGE_LENGTH,
            DIAG_ARGS(str_format(ir->arena, "%u", (unsigned)count), str_format(ir->arena, "%d", (int)LIMIT_RANGE)));
        return false;
    }
    uint32_t last = ir_number(ir, rat_int((int64_t)count), UNIT_ONE);
    uint32_t axis = ir_axis_range(ir, outer, ir_number(ir, RAT_ONE, UNIT_ONE), last, count, id);
    if (axis == IR_ERROR) {
        return false;
    }
    *row = (struct row){(uint16_t)axis, (uint16_t)axis, ir_table_row(ir, (uint16_t)axis, id)};
    return true;
}

/* ---- lists ---- */

/* The list that the source of a comprehension names, and the row it belongs to (NULL: of the product). */
struct list_source {
    const struct decl *list;
    const struct row *row;
};

static bool find_list(struct lowering *lowering, struct expr *source, const struct scope *scope,
                      struct list_source *found)
{
    if (source->ref.kind == REF_PARAM) {
        const struct closure *closure = lower_find_param(scope, &source->ref);
        return closure != NULL && find_list(lowering, closure->expr, closure->scope, found);
    }
    if (source->ref.kind == REF_FIELD) {
        struct lowered operand = lower_expr(lowering, source->as.member.operand, scope);
        const struct decl *list = source->ref.decl;
        *found = (struct list_source){operand.row == NULL ? list : own_field(lowering, operand.row, list), operand.row};
        if (operand.row == NULL && operand.node != IR_ERROR) {
            lower_fail(lowering, source->at, D_LIST_OF_PICKED_ROW, NULL, 0);
        }
        return operand.row != NULL;
    }
    if (source->ref.kind != REF_DECL || source->ref.decl->kind != DECL_FIELD) {
        lower_fail(lowering, source->at, D_INTERNAL, DIAG_ARGS(STR("this is no list")));
        return false;
    }
    const struct scope *row = find_row(scope, list_of(lowering, source->ref.decl));
    *found = (struct list_source){source->ref.decl, row == NULL ? NULL : &row->row};
    return true;
}

/* Not those that are picked, nor those of a list that is visited from inside itself: which of its two rows would be
   meant? */
static bool may_have_rows(const struct ir *ir, const struct row *row)
{
    return row->node == NO_OPERAND && !ir_axis_encloses(ir, row->list_axis, row->axis);
}

static bool open_list(struct lowering *lowering, struct expr *source, uint16_t outer, const struct scope *scope,
                      struct row *row, uint32_t *list)
{
    struct ir *ir = lowering->ir;
    struct list_source found = {NULL, NULL};
    if (!find_list(lowering, source, scope, &found)) {
        return false;
    }
    *list = field_id(lowering, found.list);
    uint16_t parent = found.row == NULL ? AXIS_ID_PRODUCT : found.row->axis;
    bool is_visited = found.row != NULL && found.row->axis != found.row->list_axis;
    if (found.row != NULL && !may_have_rows(ir, found.row)) {
        lower_fail(lowering, source->at, D_LIST_OF_PICKED_ROW, NULL, 0);
        return false;
    }
    uint32_t axis = ir_axis_list(ir, is_visited ? found.row->list_axis : parent, *list);
    row->list_axis = (uint16_t)axis;
    if (axis != IR_ERROR && (is_visited || parent != outer)) {
        axis = ir_axis_pair(ir, outer, (uint16_t)axis);
    }
    row->axis = (uint16_t)axis;
    row->node = NO_OPERAND;
    return axis != IR_ERROR;
}

bool lower_open_rows(struct lowering *lowering, struct expr *source, uint16_t outer, const struct scope *scope,
                     struct row *row, uint32_t *list)
{
    *list = NO_INDEX;
    size_t errors = lowering->out->errors;
    bool is_table = source->ref.kind == REF_DECL && source->ref.decl->kind != DECL_FIELD;
    bool is_open = source->kind == EXPR_RANGE ? open_range(lowering, source, outer, scope, row)
                   : is_table                 ? open_table(lowering, source->ref.decl, outer, row)
                                              : open_list(lowering, source, outer, scope, row, list);
    lowering->has_error = lowering->has_error || lowering->out->errors > errors;
    return is_open;
}

/* ---- comprehensions ---- */

struct aggregate {
    struct ir *ir;
    uint16_t axis;
    uint32_t where;
};

static uint32_t sum_share(struct lowering *lowering, uint32_t node, void *context)
{
    const struct aggregate *over = context;
    (void)lowering;
    return ir_sum(over->ir, over->axis, node, over->where);
}

static uint32_t mean_share(struct lowering *lowering, uint32_t node, void *context)
{
    const struct aggregate *over = context;
    return ir_div(over->ir, sum_share(lowering, node, context), ir_count(over->ir, over->axis, over->where));
}

/* Readings of a thermometer have no sum: the mean of their differences from an origin, counted from there. */
static struct lowered mean_of(struct lowering *lowering, struct lowered body, struct aggregate *over)
{
    struct ir *ir = over->ir;
    bool is_point = body.split == NULL && body.node != IR_ERROR && ir_unit_of(ir, body.node).is_point;
    if (!is_point) {
        return lower_each_share(lowering, body, mean_share, over);
    }
    uint32_t origin = ir_number(ir, RAT_ZERO, ir_unit_of(ir, body.node));
    uint32_t mean = mean_share(lowering, ir_sub(ir, body.node, origin), over);
    return lower_plain(ir_add(ir, origin, mean));
}

/* The condition that keeps rows out that the data mark as cut off, before the condition that is written. */
static uint32_t whole_condition(struct lowering *lowering, struct expr *where, const struct scope *scope, uint32_t list)
{
    struct ir *ir = lowering->ir;
    uint32_t written = where == NULL ? ir_bool(ir, true) : lower_value(lowering, where, scope);
    if (list == NO_INDEX || lowering->cut_fields[list] == NO_INDEX) {
        return written;
    }
    uint32_t cut = ir_field(ir, lowering->cut_fields[list], scope->row.list_axis);
    cut = ir_to_visited(ir, cut, scope->row.list_axis, scope->row.axis);
    return ir_and(ir, ir_not(ir, ir_given(ir, cut)), written);
}

/* What largest and smallest compare is a number; of a year, the years since one of them. */
static uint32_t key_of(struct lowering *lowering, struct lowered body)
{
    enum { SOME_YEAR = 2000 };
    struct ir *ir = lowering->ir;
    uint32_t key = lower_sum_of(lowering, body);
    bool is_year = key != IR_ERROR && ir->nodes[key].shape.type == VALUE_YEAR;
    return is_year ? ir_sub(ir, key, ir_year(ir, SOME_YEAR)) : key;
}

static struct lowered aggregate_of(struct lowering *lowering, const struct expr *expr, struct aggregate over,
                                   struct lowered body)
{
    struct ir *ir = lowering->ir;
    enum tie tie = expr->as.comprehension.tie.text.len == 0 ? TIE_FIRST_NOTED
                   : expr->as.comprehension.is_last         ? TIE_LAST
                                                            : TIE_FIRST;
    switch ((enum predefined)expr->ref.index) {
    case PREDEFINED_SUM:
        return lower_each_share(lowering, body, sum_share, &over);
    case PREDEFINED_MEAN:
        return mean_of(lowering, body, &over);
    case PREDEFINED_COUNT:
        return lower_plain(ir_count(ir, over.axis, over.where));
    case PREDEFINED_MIN:
        return lower_plain(ir_extreme(ir, OP_LEAST, over.axis, lower_whole(lowering, expr->as.comprehension.body, body), over.where));
    case PREDEFINED_MAX:
        return lower_plain(ir_extreme(ir, OP_GREATEST, over.axis, lower_whole(lowering, expr->as.comprehension.body, body), over.where));
    case PREDEFINED_ANY:
        return lower_plain(ir_any(ir, over.axis, body.node, over.where));
    case PREDEFINED_ALL:
        return lower_plain(ir_not(ir, ir_any(ir, over.axis, ir_not(ir, body.node), over.where)));
    case PREDEFINED_LARGEST:
        return lower_plain(ir_extreme_row(ir, OP_ARGMAX, over.axis, key_of(lowering, body), over.where, tie));
    case PREDEFINED_SMALLEST:
        return lower_plain(ir_extreme_row(ir, OP_ARGMIN, over.axis, key_of(lowering, body), over.where, tie));
    case PREDEFINED_THE:
        return lower_plain(ir_only(ir, over.axis, over.where));
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
        break;
    }
    return lower_plain(lower_fail(lowering, expr->at, D_INTERNAL, DIAG_ARGS(STR("this is no aggregate"))));
}

static bool picks_row(enum predefined id)
{
    return id == PREDEFINED_LARGEST || id == PREDEFINED_SMALLEST || id == PREDEFINED_THE;
}

struct lowered lower_comprehension(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    uint16_t outer = lower_mention(lowering, expr, scope);
    uint32_t row = IR_ERROR;
    if (outer != AXIS_ID_PRODUCT && lower_the_as_match(lowering, expr, scope, &row)) {
        return lower_plain(row);
    }
    struct scope *inner = arena_new(lowering->arena, struct scope);
    *inner = (struct scope){.kind = SCOPE_BINDER, .outer = scope, .binder = expr};
    uint32_t list = NO_INDEX;
    if (!lower_open_rows(lowering, expr->as.comprehension.source, outer, scope, &inner->row, &list)) {
        return lower_plain(IR_ERROR);
    }
    if (list == NO_INDEX && picks_row((enum predefined)expr->ref.index)) {
        return lower_plain(lower_fail(lowering, expr->at, D_ROW_AS_VALUE, NULL, 0));
    }
    uint32_t where = whole_condition(lowering, expr->as.comprehension.where, inner, list);
    struct lowered body = lower_plain(NO_OPERAND);
    if (expr->as.comprehension.body != NULL) {
        body = lower_expr(lowering, expr->as.comprehension.body, inner);
    }
    struct aggregate over = {lowering->ir, inner->row.axis, where};
    return aggregate_of(lowering, expr, over, body);
}
