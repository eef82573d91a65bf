#include "compiler/types.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"
#include "parser.h"

static void type_sum(struct typer *typer, struct expr *expr);
static void type_product(struct typer *typer, struct expr *expr);
static void type_power(struct typer *typer, struct expr *expr);
static void type_order(struct typer *typer, struct expr *expr);
static void type_equality(struct typer *typer, struct expr *expr);
static void type_logic(struct typer *typer, struct expr *expr);

void type_binary(struct typer *typer, struct expr *expr, const struct type *expected)
{
    (void)expected;
    switch (expr->as.binary.op) {
    case BINARY_ADD:
    case BINARY_SUB:
        type_sum(typer, expr);
        return;
    case BINARY_MUL:
    case BINARY_DIV:
        type_product(typer, expr);
        return;
    case BINARY_POW:
        type_power(typer, expr);
        return;
    case BINARY_LT:
    case BINARY_LE:
    case BINARY_GT:
    case BINARY_GE:
        type_order(typer, expr);
        return;
    case BINARY_EQ:
    case BINARY_NE:
        type_equality(typer, expr);
        return;
    case BINARY_AND:
    case BINARY_OR:
        type_logic(typer, expr);
        return;
    }
}

static struct side side_of(const struct expr *expr)
{
    return (struct side){.expr = expr, .type = expr->type};
}

/* ---- sums ------------------------------------------------------------------------------------------------------- */

/* year - year is a number of years, year + number a year; nothing else. */
static void type_year_sum(struct typer *typer, struct expr *expr)
{
    struct expr *left = expr->as.binary.left;
    struct expr *right = expr->as.binary.right;
    int32_t year;
    bool is_sum = expr->as.binary.op == BINARY_ADD;
    struct expr *other = left->type.kind == TYPE_YEAR ? right : left;
    if (!is_sum && other->kind == EXPR_NUMBER && literal_year(other, &year)) {
        other->type = (struct type){.kind = TYPE_YEAR, .unit = UNIT_ONE};
    }
    if (!is_sum && left->type.kind == TYPE_YEAR && right->type.kind == TYPE_YEAR) {
        set_number(expr, kinds_constant(&typer->kinds, kind_one()));
        expr->type.is_whole = true;
        return;
    }
    struct expr *number = left->type.kind == TYPE_NUMBER ? left : right;
    struct type plain = number_type(typer, kind_one());
    if (is_sum && number->type.kind == TYPE_NUMBER && types_agree(typer, &number->type, &plain)) {
        expr->type.kind = TYPE_YEAR;
        return;
    }
    struct diag *diag = diag_add(typer->out, D_YEAR_ARITHMETIC, expr->at, NULL, 0);
    diag_note(typer->out, diag, T_YEAR_HINT, NULL, 0);
}

static void type_point_sum(struct typer *typer, struct expr *expr)
{
    const struct type *left = &expr->as.binary.left->type;
    const struct type *right = &expr->as.binary.right->type;
    bool is_sum = expr->as.binary.op == BINARY_ADD;
    bool is_known = is_sum ? left->unit.is_point != right->unit.is_point : left->unit.is_point;
    if (!is_known || !kinds_unify(&typer->kinds, left->kind_id, right->kind_id)) {
        diag_add(typer->out, D_POINT_SUM, expr->at, NULL, 0);
        return;
    }
    set_number(expr, left->kind_id);
    expr->type.unit.is_point = is_sum || !right->unit.is_point;
}

static bool is_year_sum(const struct expr *left, const struct expr *right)
{
    return left->type.kind == TYPE_YEAR || right->type.kind == TYPE_YEAR;
}

static bool both_numbers(struct typer *typer, const struct expr *expr)
{
    const struct expr *sides[2] = {expr->as.binary.left, expr->as.binary.right};
    bool are_numbers = true;
    for (int i = 0; i < 2; i++) {
        if (sides[i]->type.kind != TYPE_NUMBER) {
            struct diag *diag = report_not_a_number(typer, sides[i]);
            struct span sign = expr->as.binary.op_at;
            if (diag != NULL) {
                diag_label(typer->out, diag, sign, T_OPERATOR_NEEDS_NUMBERS,
                           DIAG_ARGS(span_text(typer->checked->sources, sign)));
            }
            are_numbers = false;
        }
    }
    return are_numbers;
}

static void type_sum(struct typer *typer, struct expr *expr)
{
    struct expr *left = expr->as.binary.left;
    struct expr *right = expr->as.binary.right;
    type_value(typer, left, NULL);
    type_value(typer, right, NULL);
    if (is_error(left) || is_error(right)) {
        return;
    }
    if (is_year_sum(left, right)) {
        type_year_sum(typer, expr);
        return;
    }
    if (!both_numbers(typer, expr)) {
        return;
    }
    if (left->type.unit.is_point || right->type.unit.is_point) {
        type_point_sum(typer, expr);
        return;
    }
    if (!kinds_unify(&typer->kinds, left->type.kind_id, right->type.kind_id)) {
        report_disagreement(typer, expr->as.binary.op_at, side_of(left), side_of(right));
        return;
    }
    set_number(expr, left->type.kind_id);
    expr->type.is_whole = left->type.is_whole && right->type.is_whole;
}

/* ---- products --------------------------------------------------------------------------------------------------- */

static void type_product(struct typer *typer, struct expr *expr)
{
    struct expr *left = expr->as.binary.left;
    struct expr *right = expr->as.binary.right;
    bool is_left = type_as_number(typer, left);
    bool is_right = type_as_number(typer, right);
    if (!is_left || !is_right) {
        return;
    }
    bool is_product = expr->as.binary.op == BINARY_MUL;
    uint32_t kind = kinds_multiply(&typer->kinds, left->type.kind_id, right->type.kind_id, is_product ? 1 : -1);
    if (kind == KIND_TOO_LARGE) {
        diag_add(typer->out, D_KIND_TOO_LARGE, expr->at, NULL, 0);
        return;
    }
    set_number(expr, kind);
    expr->type.is_whole = is_product && left->type.is_whole && right->type.is_whole;
}

/* ---- powers ----------------------------------------------------------------------------------------------------- */

static bool small_whole(const struct expr *literal, int *value)
{
    struct str digits = literal->as.number.digits;
    bool is_negative = digits.len > 0 && digits.at[0] == '-';
    if (literal->kind != EXPR_NUMBER || !number_is_whole(literal) || digits.len > 3) {
        return false;
    }
    *value = 0;
    for (size_t i = is_negative || digits.at[0] == '+' ? 1 : 0; i < digits.len; i++) {
        *value = *value * 10 + (digits.at[i] - '0');
    }
    *value = is_negative ? -*value : *value;
    return *value >= -UNIT_EXPONENT_MAX && *value <= UNIT_EXPONENT_MAX;
}

/* Any exponent: of a plain number. */
static void type_computed_power(struct typer *typer, struct expr *expr)
{
    struct expr *base = expr->as.binary.left;
    struct expr *exponent = expr->as.binary.right;
    struct type plain = number_type(typer, kind_one());
    if (types_agree(typer, &base->type, &plain)) {
        set_number(expr, plain.kind_id);
    } else if (exponent->kind == EXPR_NUMBER && number_is_whole(exponent)) {
        diag_add(typer->out, D_POWER_EXPONENT_KIND, exponent->at, NULL, 0);
    } else {
        report_not_plain(typer, D_POWER_NOT_PLAIN, base);
    }
}

static void type_power(struct typer *typer, struct expr *expr)
{
    struct expr *base = expr->as.binary.left;
    struct expr *exponent = expr->as.binary.right;
    int power;
    bool is_base = type_as_number(typer, base);
    if (exponent->kind != EXPR_NUMBER || !small_whole(exponent, &power)) {
        bool is_exponent = type_as_plain(typer, exponent, D_EXPONENT_UNIT);
        if (is_base && is_exponent) {
            type_computed_power(typer, expr);
        }
        return;
    }
    type_expr(typer, exponent, NULL);
    if (!is_base) {
        return;
    }
    uint32_t kind = kinds_power(&typer->kinds, base->type.kind_id, power);
    if (kind == KIND_TOO_LARGE) {
        diag_add(typer->out, D_KIND_TOO_LARGE, expr->at, NULL, 0);
        return;
    }
    set_number(expr, kind);
    expr->type.is_whole = base->type.is_whole && power >= 0;
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

static bool type_sides(struct typer *typer, struct expr *expr)
{
    struct expr *sides[2] = {expr->as.binary.left, expr->as.binary.right};
    type_alike(typer, sides, 2, NULL, false);
    return !is_error(sides[0]) && !is_error(sides[1]);
}

static void type_order(struct typer *typer, struct expr *expr)
{
    if (!type_sides(typer, expr)) {
        return;
    }
    const struct type *type = &expr->as.binary.left->type;
    if (type->kind != TYPE_NUMBER && type->kind != TYPE_YEAR && type->kind != TYPE_DATE) {
        diag_add(typer->out, D_NO_ORDER, expr->at, DIAG_ARGS(type_text(typer, type)));
        return;
    }
    expr->type.kind = TYPE_BOOL;
}

/* A plain number just as the data, a table or the rule give it: comparing it with a whole number is no trap. */
static bool is_raw(const struct expr *expr)
{
    return expr->ref.kind == REF_FIELD || expr->ref.kind == REF_COLUMN ||
           (expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_FIELD);
}

/* Equality of computed numbers is decided by rounding somewhere else: it wants a tolerance. */
static bool may_be_equal(struct typer *typer, const struct expr *left, const struct expr *right)
{
    struct type plain = number_type(typer, kind_one());
    bool is_left = left->type.is_whole || is_raw(left);
    bool is_right = right->type.is_whole || is_raw(right);
    return is_left && is_right && (left->type.is_whole || right->type.is_whole) &&
           types_agree(typer, &left->type, &plain);
}

/* A plain number other than 0, for values that have a unit: a share of them. */
static bool is_share_of(struct typer *typer, const struct expr *within, const struct expr *value)
{
    struct kind share, whole;
    return within->type.kind == TYPE_NUMBER && !value->type.unit.is_point &&
           kinds_is_known(&typer->kinds, within->type.kind_id, &share) && kind_eq(share, kind_one()) &&
           kinds_is_known(&typer->kinds, value->type.kind_id, &whole) && !kind_eq(whole, kind_one());
}

bool type_tolerance(struct typer *typer, struct expr *within, const struct expr *value)
{
    struct type wanted = value->type;
    wanted.unit.is_point = false;
    type_value(typer, within, &wanted);
    if (is_error(within)) {
        return false;
    }
    if (!is_share_of(typer, within, value) && !types_agree(typer, &within->type, &wanted)) {
        report_disagreement(typer, within->at, side_of(value), side_of(within));
        return false;
    }
    return true;
}

static void type_within(struct typer *typer, struct expr *expr)
{
    const struct expr *left = expr->as.binary.left;
    struct expr *within = expr->as.binary.within;
    if (left->type.kind != TYPE_NUMBER) {
        diag_add(typer->out, D_WITHIN_NOT_NUMBER, within->at, DIAG_ARGS(type_text(typer, &left->type)));
        return;
    }
    if (type_tolerance(typer, within, left)) {
        expr->type.kind = TYPE_BOOL;
    }
}

/* A keyword as the author of the text would write it. */
static struct str keyword_there(const struct typer *typer, int token, struct span at)
{
    enum lang lang = LANG_EN;
    for (size_t i = 0; i < typer->checked->module_count; i++) {
        const struct module *module = typer->checked->modules[i];
        lang = module->file == at.file ? module->lang : lang;
    }
    return keyword_text(token, lang);
}

static void report_exact_equality(struct typer *typer, const struct expr *expr)
{
    const struct expr *left = expr->as.binary.left;
    struct diag *diag = diag_add(typer->out, D_EQUALITY_NUMBERS, expr->as.binary.op_at, NULL, 0);
    struct span behind = {expr->at.file, expr->as.binary.right->at.off + expr->as.binary.right->at.len, 0};
    struct str unit = expr_type_text(typer, left);
    bool is_plain = kind_eq(kinds_known_part(&typer->kinds, left->type.kind_id), kind_one()) && unit.at[0] != '%';
    struct str fixed =
        str_format(typer->arena, " %.*s 0.001%s%.*s", STR_FMT(keyword_there(typer, TOK_WITHIN, expr->at)),
                   is_plain ? "" : " ", is_plain ? 0 : (int)unit.len, unit.at);
    struct diag_fix *fix = diag_fix(typer->out, diag, behind, fixed, T_FIX_WITHIN, NULL, 0);
    fix->is_applicable = false; /* how near is near enough is the author's to say */
}

static void type_equality(struct typer *typer, struct expr *expr)
{
    if (!type_sides(typer, expr)) {
        if (expr->as.binary.within != NULL) {
            type_expr(typer, expr->as.binary.within, NULL);
        }
        return;
    }
    if (expr->as.binary.within != NULL) {
        type_within(typer, expr);
        return;
    }
    if (expr->as.binary.left->type.kind == TYPE_NUMBER &&
        !may_be_equal(typer, expr->as.binary.left, expr->as.binary.right)) {
        report_exact_equality(typer, expr);
        return;
    }
    expr->type.kind = TYPE_BOOL;
}

/* ---- logic ------------------------------------------------------------------------------------------------------ */

static void type_logic(struct typer *typer, struct expr *expr)
{
    const struct fact *facts = typer->facts;
    bool is_left = type_as_bool(typer, expr->as.binary.left);
    facts_assume(typer, expr->as.binary.left, expr->as.binary.op == BINARY_AND);
    bool is_right = type_as_bool(typer, expr->as.binary.right);
    typer->facts = facts;
    if (is_left && is_right) {
        expr->type.kind = TYPE_BOOL;
    }
}
