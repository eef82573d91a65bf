/* Verifier: axes. Parents come before children; a range's bounds come before everything that stands on it. */
#include "vm/verify_parts.h"

bool axis_is_around(const struct program *program, uint16_t outer, uint16_t axis)
{
    while (axis > outer) { /* parents have smaller numbers */
        axis = program->axes[axis].parent;
    }
    return axis == outer;
}

bool axis_is_seen(const struct program *program, uint16_t of, uint16_t axis)
{
    return axis_is_around(program, of, axis) || program_visiting_axis(program, axis, of) != AXIS_ID_CONSTANT;
}

bool axis_is_of_rows(const struct program *program, uint16_t axis)
{
    return axis <= AXIS_ID_PRODUCT || axis == program->rule.row_axis;
}

/* The whole number of a constant bound; false where the bound is not constant. */
static bool constant_bound(const struct program *program, uint32_t bound, int64_t *value)
{
    const struct instruction *at = &program->code[bound];
    return at->op == OP_CONST && at->a < program->constant_count &&
           program->constants[at->a].type == VALUE_NUMBER && rat_to_i64(program->constants[at->a].number, value);
}

bool axis_constant_bounds(const struct program *program, const struct prog_axis *axis, int64_t *first, int64_t *last)
{
    return axis->kind == AXIS_RANGE && constant_bound(program, axis->first, first) &&
           constant_bound(program, axis->last, last);
}

static bool has_no_bounds(const struct prog_axis *axis)
{
    return axis->first == NO_OPERAND && axis->last == NO_OPERAND && axis->max == 0;
}

static bool is_list_axis(const struct program *program, const struct prog_axis *axis)
{
    if (axis->list >= program->field_count || program->fields[axis->list].is_list == 0 || !has_no_bounds(axis)) {
        return false;
    }
    uint32_t outer = program->fields[axis->list].parent;
    const struct prog_axis *parent = &program->axes[axis->parent];
    return outer == NO_INDEX ? axis->parent == AXIS_ID_PRODUCT : parent->kind == AXIS_LIST && parent->list == outer;
}

static bool is_range_axis(const struct program *program, const struct prog_axis *axis)
{
    return axis->first < program->code_count && axis->last < program->code_count &&
           axis->max >= 1 && axis->max <= LIMIT_RANGE;
}

static bool is_pair_axis(const struct program *program, const struct prog_axis *axis, uint32_t number)
{
    return axis->list < number && program->axes[axis->list].kind == AXIS_LIST && has_no_bounds(axis) &&
           axis_is_seen(program, program->axes[axis->list].parent, axis->parent);
}

static bool check_shape(struct verifier *verifier, uint32_t number)
{
    const struct program *program = verifier->program;
    const struct prog_axis *axis = &program->axes[number];
    if (axis->parent == AXIS_ID_CONSTANT || axis->parent >= number) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "axes", number, "parent");
    }
    bool is_well_formed = false;
    switch (axis->kind) {
    case AXIS_LIST:
        is_well_formed = is_list_axis(program, axis);
        break;
    case AXIS_RANGE:
        is_well_formed = is_range_axis(program, axis);
        break;
    case AXIS_PAIR:
        is_well_formed = is_pair_axis(program, axis, number);
        break;
    default: /* the constant axis and the products are there already, or no kind of axis at all */
        break;
    }
    return is_well_formed || verify_refuse(verifier, D_PROGRAM_VALUE, "axes", number, "kind");
}

static bool is_equal_axis(const struct prog_axis *a, const struct prog_axis *b)
{
    return a->kind == b->kind && a->parent == b->parent && a->list == b->list && a->first == b->first &&
           a->last == b->last && a->max == b->max;
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static bool check_first_axes(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    const struct prog_axis constant = {AXIS_CONSTANT, 0, NO_INDEX, NO_OPERAND, NO_OPERAND, 0};
    const struct prog_axis product = {AXIS_PRODUCT, 0, NO_INDEX, NO_OPERAND, NO_OPERAND, 0};
    bool are_there = program->axis_count >= 2 && is_equal_axis(&program->axes[AXIS_ID_CONSTANT], &constant) &&
                     is_equal_axis(&program->axes[AXIS_ID_PRODUCT], &product);
    return are_there || verify_refuse(verifier, D_PROGRAM_VALUE, "axes", 0, "kind");
}

/* There is a result for each row, so their number must be known without computing. */
static bool check_row_axis(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint16_t row_axis = program->rule.row_axis;
    int64_t first;
    int64_t last;
    if (row_axis == AXIS_ID_PRODUCT) {
        return true;
    }
    if (row_axis <= AXIS_ID_PRODUCT || row_axis >= program->axis_count ||
        program->axes[row_axis].parent != AXIS_ID_PRODUCT) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "row_axis");
    }
    const struct prog_axis *axis = &program->axes[row_axis];
    bool is_fixed = axis_constant_bounds(program, axis, &first, &last) && first <= last && last - first < LIMIT_RANGE;
    return axis->kind == AXIS_LIST || is_fixed || verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "row_axis");
}

bool verify_axes(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    if (!check_first_axes(verifier)) {
        return false;
    }
    uint8_t *depths = arena_array(verifier->arena, uint8_t, program->axis_count);
    verifier->axis_ready = arena_array(verifier->arena, uint32_t, program->axis_count);
    depths[AXIS_ID_PRODUCT] = 1;
    for (uint32_t i = AXIS_ID_PRODUCT + 1; i < program->axis_count; i++) {
        const struct prog_axis *axis = &program->axes[i];
        if (!check_shape(verifier, i)) {
            return false;
        }
        depths[i] = (uint8_t)(depths[axis->parent] + 1);
        if (depths[i] > LIMIT_AXIS_DEPTH) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "axes", i, "parent");
        }
        for (uint32_t k = AXIS_ID_PRODUCT + 1; k < i; k++) {
            if (is_equal_axis(axis, &program->axes[k])) {
                return verify_refuse(verifier, D_PROGRAM_ORDER, "axes", i, "kind");
            }
        }
        verifier->axis_ready[i] = verifier->axis_ready[axis->parent];
        if (axis->kind == AXIS_RANGE) {
            verifier->axis_ready[i] = later(verifier->axis_ready[i], later(axis->first, axis->last) + 1);
        }
    }
    return check_row_axis(verifier);
}

/* ---- bounds ---- */

/* A plain number on the parent axis or constant; a constant one is whole and of reasonable size. */
static bool is_bound(const struct verifier *verifier, const struct prog_axis *axis, uint32_t bound)
{
    const struct program *program = verifier->program;
    const struct instruction *at = &program->code[bound];
    const struct value_shape *shape = &verifier->shapes[bound];
    if (opcode_info(at->op)->mask == MASK_ROOT || shape->type != VALUE_NUMBER || shape->is_optional ||
        shape->unit != 0 || (at->axis != axis->parent && at->axis != AXIS_ID_CONSTANT)) {
        return false;
    }
    int64_t value = 0;
    return at->op != OP_CONST || (constant_bound(program, bound, &value) && value <= LIMIT_RANGE_BOUND &&
                                  value >= -(int64_t)LIMIT_RANGE_BOUND);
}

bool verify_bounds(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->axis_count; i++) {
        const struct prog_axis *axis = &program->axes[i];
        if (axis->kind != AXIS_RANGE) {
            continue;
        }
        if (!is_bound(verifier, axis, axis->first)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "axes", i, "first");
        }
        if (!is_bound(verifier, axis, axis->last)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "axes", i, "last");
        }
        int64_t first;
        int64_t last;
        bool is_constant = axis_constant_bounds(program, axis, &first, &last);
        if (is_constant && last - first >= (int64_t)axis->max) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "axes", i, "max");
        }
        if (axis->list != NO_INDEX &&
            !(is_constant && first >= 1 && last <= (int64_t)program->tables[axis->list].row_count)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "axes", i, "list");
        }
    }
    return true;
}
