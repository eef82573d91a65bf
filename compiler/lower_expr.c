/* Expressions: a name is lowered to what it means, a call to the body of its function. */
#include "compiler/lower.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "compiler/walk.h"

static struct lowered lower_kind(struct lowering *lowering, struct expr *expr, const struct scope *scope);

struct lowered lower_expr(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    if (lowering->depth >= LOWER_DEPTH_MAX) {
        return lower_plain(lower_fail(lowering, expr->at, D_NESTING, NULL, 0));
    }
    struct span before = lowering->ir->site.at;
    lowering->ir->site.at = expr->at;
    lowering->depth++;
    struct lowered value = lower_kind(lowering, expr, scope);
    lowering->depth--;
    lowering->ir->site.at = before;
    return value;
}

uint32_t lower_value(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    return lower_sum_of(lowering, lower_expr(lowering, expr, scope));
}

uint32_t lower_constant(struct lowering *lowering, struct expr *expr)
{
    uint32_t node = lower_value(lowering, expr, NULL);
    if (node != IR_ERROR && !ir_is_constant(lowering->ir, node)) {
        return lower_fail(lowering, expr->at, D_NOT_CONSTANT, NULL, 0);
    }
    return node;
}

/* ---- literals ---- */

static uint32_t lower_number(struct lowering *lowering, const struct expr *expr)
{
    struct rat number = RAT_ZERO;
    int64_t year = 0;
    if (!decimal_to_rat(lowering->arena, expr->as.number.digits, &number)) {
        return lower_fail(lowering, expr->at, D_CONSTANT_TOO_LARGE, NULL, 0);
    }
    if (expr->type.kind == TYPE_YEAR && rat_to_i64(number, &year)) {
        return ir_year(lowering->ir, year);
    }
    bool has_unit =
        expr->as.number.unit_text.len > 0 || number_is_zero(expr); /* a zero has that which was found for it */
    return ir_number(lowering->ir, number, has_unit ? expr->as.number.unit : UNIT_ONE);
}

/* Days from 1970-01-01; that there is such a day was seen before. */
static int64_t day_of(struct str date)
{
    int32_t day = 0;
    calendar_read(date, &day);
    return day;
}

/* ---- names ---- */

/* A let with a type has the unit that is written there. */
static struct lowered in_unit_of(struct lowering *lowering, struct lowered value, const struct decl *let)
{
    bool has_unit = let->as.let.type != NULL && let->type.kind == TYPE_NUMBER && value.split == NULL;
    if (has_unit && value.node != IR_ERROR && !lowering->ir->nodes[value.node].shape.is_optional) {
        value.node = ir_convert(lowering->ir, value.node, let->type.unit);
    }
    return value;
}

static struct named_value *find_named(struct lowering *lowering, const struct decl *decl, uint16_t axis)
{
    uint32_t id = NO_INDEX;
    decl_map_get(&lowering->let_ids, decl, &id);
    while (id != NO_INDEX && lowering->named[id].axis != axis) {
        id = lowering->named[id].next;
    }
    return id == NO_INDEX ? NULL : &lowering->named[id];
}

static void keep_named(struct lowering *lowering, const struct decl *decl, uint16_t axis, struct lowered value,
                       uint32_t formula)
{
    uint32_t first = NO_INDEX;
    arena_grow(lowering->arena, lowering->named, lowering->named_count, lowering->named_cap);
    struct named_value *kept = &lowering->named[lowering->named_count];
    *kept = (struct named_value){axis, value, formula, NO_INDEX};
    if (decl_map_get(&lowering->let_ids, decl, &first)) {
        kept->next = lowering->named[first].next;
        lowering->named[first].next = (uint32_t)lowering->named_count;
    } else {
        decl_map_add(lowering, &lowering->let_ids, decl, (uint32_t)lowering->named_count);
    }
    lowering->named_count++;
}

struct lowered lower_named(struct lowering *lowering, struct decl *decl, struct expr *expr, const struct scope *scope)
{
    const struct scope *roots = lower_restrict(lowering, scope, decl->mentions);
    uint16_t axis = roots == NULL ? AXIS_ID_PRODUCT : roots->row.axis;
    const struct named_value *known = find_named(lowering, decl, axis);
    if (known != NULL) {
        lower_formula_mention(lowering, known->formula);
        return known->value;
    }
    struct str path = decl->kind == DECL_LET ? str_format(lowering->arena, "let %.*s", STR_FMT(decl->name.text))
                                             : lower_path_of(lowering, decl);
    struct ir_site before = lower_enter(lowering, path, decl);
    struct open_formula open;
    lower_formula_open(lowering, &open);
    struct lowered value = lower_expr(lowering, expr, roots);
    if (decl->kind == DECL_LET) {
        lower_check_validity(lowering, decl);
        value = in_unit_of(lowering, value, decl);
    }
    uint32_t formula = lower_formula_close(lowering, &open,
                                           (struct named_formula){.kind = decl->kind == DECL_LET ? ITEM_LET : ITEM_FLOW,
                                                                  .decl = decl,
                                                                  .name = lower_path_of(lowering, decl),
                                                                  .at = expr->at,
                                                                  .value = value});
    lowering->ir->site = before;
    keep_named(lowering, decl, axis, value, formula);
    return value;
}

struct lowered lower_let(struct lowering *lowering, struct decl *let, const struct scope *scope)
{
    return lower_named(lowering, let, let->as.let.value, scope);
}

uint32_t lower_report_value(struct lowering *lowering, struct decl *report, const struct scope *scope)
{
    struct expr *expr = report->as.report.value;
    struct open_formula open;
    lower_formula_open(lowering, &open);
    uint32_t value = ir_convert(lowering->ir, lower_value(lowering, expr, scope), report->type.unit);
    lower_formula_close(lowering, &open,
                        (struct named_formula){.kind = ITEM_REPORT,
                                               .decl = report,
                                               .name = report->name.text,
                                               .at = expr->at,
                                               .value = lower_plain(value)});
    return value;
}

static struct lowered lower_decl(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    struct decl *decl = expr->ref.decl;
    switch ((int)decl->kind) {
    case DECL_FIELD:
        return lower_plain(lower_product_field(lowering, decl, scope, false));
    case DECL_LET:
        return lower_let(lowering, decl, scope);
    case DECL_FACTOR:
        return lower_factor(lowering, decl, NULL);
    case DECL_EMIT:
        return lower_plain(lower_flow(lowering, decl, scope));
    case DECL_REPORT:
        return lower_plain(lower_report_value(lowering, decl, lower_restrict(lowering, scope, decl->mentions)));
    default:
        return lower_plain(lower_fail(lowering, expr->at, D_INTERNAL, DIAG_ARGS(STR("this name has no value"))));
    }
}

/* A row of a table; of one with a single value without a name, that value, and of a choice the member. */
static uint32_t table_row(struct lowering *lowering, const struct scope *binder)
{
    uint32_t row = binder->row.node;
    struct decl *table = binder->binder->as.comprehension.source->ref.decl;
    if (row == IR_ERROR || (table->kind == DECL_TABLE && decl_only_value(table) == NULL)) {
        return row;
    }
    return ir_column(lowering->ir, row, lower_walked_id(lowering, table), 0);
}

static struct lowered lower_binder(struct lowering *lowering, const struct expr *expr, const struct scope *scope)
{
    const struct scope *binder = lower_find_binder(scope, expr->ref.binder);
    if (binder == NULL) {
        return lower_plain(lower_fail(lowering, expr->at, D_INTERNAL, DIAG_ARGS(STR("a row out of its reach"))));
    }
    if (binder->row.node != NO_OPERAND) {
        return lower_plain(table_row(lowering, binder));
    }
    if (lowering->ir->axes[binder->row.axis].kind == AXIS_RANGE) {
        return lower_plain(ir_index(lowering->ir, binder->row.axis));
    }
    return (struct lowered){.node = NO_OPERAND, .row = &binder->row};
}

static struct lowered lower_reference(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    switch (expr->ref.kind) {
    case REF_DECL:
        return lower_decl(lowering, expr, scope);
    case REF_BINDER:
        return lower_binder(lowering, expr, scope);
    case REF_PARAM: {
        struct closure *closure = lower_find_param(scope, &expr->ref);
        return closure == NULL ? lower_plain(IR_ERROR) : lower_closure(lowering, closure);
    }
    case REF_MEMBER:
        return lower_plain(ir_member(lowering->ir, lower_choice_id(lowering, expr->ref.decl), expr->ref.index));
    case REF_FLOW:
        return lower_plain(lower_flow(lowering, expr->ref.decl, scope));
    case REF_PREDEFINED:
        return lower_plain(expr->ref.index == PREDEFINED_TOTAL
                               ? lower_total(lowering)
                               : ir_bool(lowering->ir, expr->ref.index == PREDEFINED_TRUE));
    case REF_WHOLE:
    case REF_NONE:
    case REF_FIELD:
    case REF_COLUMN:
    case REF_ROUNDING:
    case REF_CATEGORY:
    case REF_GAS:
        break;
    }
    return lower_plain(lower_fail(lowering, expr->at, D_INTERNAL, DIAG_ARGS(STR("a name without a meaning"))));
}

/* a.b: a field of the current row or of a picked one, a column of a table's row. */
static struct lowered lower_member(struct lowering *lowering, struct expr *expr, const struct scope *scope, bool is_raw)
{
    if (expr->ref.kind == REF_WHOLE) {
        return lower_plain(lower_value(lowering, expr->as.member.operand, scope));
    }
    if (expr->ref.kind != REF_FIELD && expr->ref.kind != REF_COLUMN) {
        return lower_reference(lowering, expr, scope);
    }
    struct lowered operand = lower_expr(lowering, expr->as.member.operand, scope);
    if (expr->ref.kind == REF_COLUMN) {
        uint32_t table = lower_table_id(lowering, expr->ref.decl);
        return lower_plain(table == IR_ERROR ? IR_ERROR
                                             : ir_column(lowering->ir, operand.node, table, expr->ref.index));
    }
    if (operand.row != NULL) {
        return lower_plain(lower_field_of(lowering, operand.row, expr->ref.decl, is_raw));
    }
    if (operand.node == IR_ERROR || operand.split != NULL) {
        return lower_plain(IR_ERROR);
    }
    struct row row = lower_picked_row(lowering, operand.node);
    return lower_plain(lower_field_of(lowering, &row, expr->ref.decl, is_raw));
}

/* ---- operators ---- */

static bool has_unit(const struct ir *ir, uint32_t node)
{
    return node != IR_ERROR && ir_unit_of(ir, node).kind.count > 0;
}

/* a == b within t: t is absolute, or a share of |b| where a and b have a unit and t has none (0 has every unit). */
static uint32_t lower_equality(struct lowering *lowering, const struct expr *expr, const struct scope *scope)
{
    struct ir *ir = lowering->ir;
    uint32_t left = lower_value(lowering, expr->as.binary.left, scope);
    uint32_t right = lower_value(lowering, expr->as.binary.right, scope);
    if (expr->as.binary.within == NULL) {
        return ir_equal(ir, left, right);
    }
    uint32_t within = ir_need(ir, lower_value(lowering, expr->as.binary.within, scope));
    left = ir_need(ir, left);
    right = ir_need(ir, right);
    if (left == IR_ERROR || right == IR_ERROR || within == IR_ERROR) {
        return IR_ERROR;
    }
    if (!has_unit(ir, within) && (has_unit(ir, left) || has_unit(ir, right))) {
        within = ir_mul(ir, within, ir_abs(ir, right));
    }
    return ir_less_equal(ir, ir_abs(ir, ir_sub(ir, left, right)), within);
}

static struct lowered lower_binary(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    struct ir *ir = lowering->ir;
    enum binary_op op = expr->as.binary.op;
    if (op == BINARY_POW) {
        uint32_t base = lower_value(lowering, expr->as.binary.left, scope);
        return lower_plain(ir_pow(ir, base, lower_value(lowering, expr->as.binary.right, scope)));
    }
    if (op == BINARY_EQ || op == BINARY_NE) {
        uint32_t equal = lower_equality(lowering, expr, scope);
        return lower_plain(op == BINARY_EQ ? equal : ir_not(ir, equal));
    }
    struct lowered a = lower_expr(lowering, expr->as.binary.left, scope);
    struct lowered b = lower_expr(lowering, expr->as.binary.right, scope);
    if (op == BINARY_ADD || op == BINARY_SUB) {
        return lower_add(lowering, a, b, op == BINARY_SUB);
    }
    bool has_two = b.split != NULL && (op == BINARY_DIV || a.split != NULL);
    if ((op == BINARY_MUL || op == BINARY_DIV) && has_two) {
        b = lower_plain(lower_whole(lowering, expr->as.binary.right, b));
    }
    if (op == BINARY_MUL || op == BINARY_DIV) {
        return lower_mul(lowering, a, b, op == BINARY_DIV);
    }
    uint32_t left = lower_sum_of(lowering, a);
    uint32_t right = lower_sum_of(lowering, b);
    switch ((int)op) {
    case BINARY_LT:
        return lower_plain(ir_less(ir, left, right));
    case BINARY_LE:
        return lower_plain(ir_less_equal(ir, left, right));
    case BINARY_GT:
        return lower_plain(ir_less(ir, right, left));
    case BINARY_GE:
        return lower_plain(ir_less_equal(ir, right, left));
    case BINARY_AND:
        return lower_plain(ir_and(ir, left, right));
    default:
        return lower_plain(ir_or(ir, left, right));
    }
}

/* ---- choices between expressions ---- */

static struct lowered lower_if(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    uint32_t condition = lower_value(lowering, expr->as.conditional.condition, scope);
    struct lowered then = lower_expr(lowering, expr->as.conditional.then, scope);
    struct lowered otherwise = lower_expr(lowering, expr->as.conditional.otherwise, scope);
    return lower_select(lowering, condition, then, otherwise);
}

static uint32_t pattern_holds(struct lowering *lowering, uint32_t subject, const struct pattern *pattern)
{
    struct ir *ir = lowering->ir;
    switch (pattern->kind) {
    case PATTERN_NAME:
        return ir_equal(ir, subject, ir_member(ir, ir->nodes[subject].shape.of, pattern->member));
    case PATTERN_TEXT:
        return ir_equal(ir, subject, ir_string(ir, pattern->text));
    case PATTERN_NUMBER:
        return ir_equal(ir, subject, lower_constant(lowering, pattern->value));
    case PATTERN_RANGE:
        return ir_and(ir, ir_less_equal(ir, lower_constant(lowering, pattern->value), subject),
                      ir_less_equal(ir, subject, lower_constant(lowering, pattern->last)));
    case PATTERN_UP_TO:
        return ir_less_equal(ir, subject, lower_constant(lowering, pattern->value));
    case PATTERN_BELOW:
        return ir_less(ir, subject, lower_constant(lowering, pattern->value));
    case PATTERN_OTHERWISE:
        return ir_bool(ir, true);
    case PATTERN_ERROR:
        break;
    }
    return IR_ERROR;
}

static uint32_t arm_holds(struct lowering *lowering, uint32_t subject, const struct arm *arm)
{
    uint32_t holds = ir_bool(lowering->ir, false);
    for (const struct pattern *pattern = arm->patterns; pattern != NULL; pattern = pattern->next) {
        holds = ir_or(lowering->ir, holds, pattern_holds(lowering, subject, pattern));
    }
    return holds;
}

/* A chain of choices, built from its end; the cases are complete, so the last arm is what is left (`otherwise` may
   stand anywhere). */
static struct lowered lower_match(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    uint32_t subject = ir_need(lowering->ir, lower_value(lowering, expr->as.match.subject, scope));
    size_t count = 0;
    for (const struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        count++;
    }
    if (subject == IR_ERROR || count == 0) {
        return lower_plain(IR_ERROR);
    }
    struct arm **arms = arena_array(lowering->arena, struct arm *, count);
    size_t filled = 0;
    for (struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        arms[filled++] = arm;
    }
    for (size_t i = 0; i + 1 < count; i++) { /* `otherwise` goes last */
        if (arms[i]->patterns != NULL && arms[i]->patterns->kind == PATTERN_OTHERWISE) {
            struct arm *last = arms[i];
            arms[i] = arms[i + 1];
            arms[i + 1] = last;
        }
    }
    struct lowered value = lower_expr(lowering, arms[count - 1]->value, scope);
    for (size_t i = count - 1; i-- > 0;) {
        struct lowered then = lower_expr(lowering, arms[i]->value, scope);
        value = lower_select(lowering, arm_holds(lowering, subject, arms[i]), then, value);
    }
    return value;
}

/* Is the node a datum, seen from wherever? Substitutions of data are noted. */
static bool is_datum(const struct ir *ir, uint32_t node)
{
    while (node != IR_ERROR) {
        const struct instruction *in = &ir->nodes[node].in;
        if (in->op == OP_FIELD) {
            return true;
        }
        if (in->op != OP_SPREAD && in->op != OP_SPREAD2 && in->op != OP_TAKE) {
            return false;
        }
        node = in->op == OP_TAKE ? in->b : in->a;
    }
    return false;
}

static struct lowered lower_default(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    uint32_t value = lower_value(lowering, expr->as.defaulted.value, scope);
    struct lowered fallback = lower_expr(lowering, expr->as.defaulted.fallback, scope);
    struct span before = lowering->ir->site.at;
    lowering->ir->site.at = expr->as.defaulted.value->at; /* what the note about a default taken names */
    struct lowered chosen = lower_else(lowering, value, fallback, is_datum(lowering->ir, value));
    lowering->ir->site.at = before;
    return chosen;
}

/* Of a field with a default: was it in the data? */
static struct lowered lower_given(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    struct expr *operand = expr->as.operand;
    if (operand->type.kind == TYPE_LIST) {
        return lower_plain(lower_fail(lowering, expr->at, D_LIST_IS_GIVEN, NULL, 0));
    }
    uint32_t value = IR_ERROR;
    if (operand->kind == EXPR_MEMBER) {
        value = lower_sum_of(lowering, lower_member(lowering, operand, scope, true));
    } else if (operand->kind == EXPR_NAME && operand->ref.kind == REF_DECL && operand->ref.decl->kind == DECL_FIELD) {
        value = lower_product_field(lowering, operand->ref.decl, scope, true);
    } else {
        value = lower_value(lowering, operand, scope);
    }
    return lower_plain(ir_given(lowering->ir, value));
}

static struct lowered lower_kind(struct lowering *lowering, struct expr *expr, const struct scope *scope)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
        return lower_plain(lower_number(lowering, expr));
    case EXPR_TEXT:
        return lower_plain(ir_string(lowering->ir, expr->as.text));
    case EXPR_DATE:
        return lower_plain(ir_date(lowering->ir, day_of(expr->as.text)));
    case EXPR_NAME:
        return lower_reference(lowering, expr, scope);
    case EXPR_MEMBER:
        return lower_member(lowering, expr, scope, false);
    case EXPR_CALL:
        return lower_call(lowering, expr, scope);
    case EXPR_COMPREHENSION:
        return lower_comprehension(lowering, expr, scope);
    case EXPR_NOT:
        return lower_plain(ir_not(lowering->ir, lower_value(lowering, expr->as.operand, scope)));
    case EXPR_BINARY:
        return lower_binary(lowering, expr, scope);
    case EXPR_IF:
        return lower_if(lowering, expr, scope);
    case EXPR_MATCH:
        return lower_match(lowering, expr, scope);
    case EXPR_DEFAULT:
        return lower_default(lowering, expr, scope);
    case EXPR_GIVEN:
        return lower_given(lowering, expr, scope);
    case EXPR_ERROR:
    case EXPR_RANGE:
        break;
    }
    return lower_plain(lower_fail(lowering, expr->at, D_INTERNAL, DIAG_ARGS(STR("this is no expression"))));
}
