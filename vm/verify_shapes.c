/* Verifier: the type rule of each instruction, which finds the shape of its result. The classes of its operands have
   been checked. */
#include "vm/verify_parts.h"

static bool refuse_unit(const struct verify_at *at, const char *member, uint16_t unit)
{
    return verify_refuse_unit(at->verifier, D_CODE_OPERAND_UNIT, at->number, member, unit);
}

static bool refuse_result(const struct verify_at *at)
{
    return verify_refuse_unit(at->verifier, D_CODE_UNIT, at->number, "unit", at->code->unit);
}

static const struct value_shape *shape_of(const struct verify_at *at, uint32_t number)
{
    return &at->verifier->shapes[number];
}

static const struct prog_unit *unit_of(const struct verify_at *at, uint16_t unit)
{
    return &at->program->units[unit];
}

static bool gives(struct verify_at *at, enum value_type type)
{
    at->shape.type = (uint8_t)type;
    return true;
}

static bool gives_number(struct verify_at *at, uint16_t unit)
{
    at->shape.unit = unit;
    return gives(at, VALUE_NUMBER);
}

/* The result is like the operand, but for absence. */
static bool gives_like(struct verify_at *at, uint32_t number)
{
    at->shape = *shape_of(at, number);
    at->shape.is_optional = 0;
    return true;
}

static bool is_absent_if(const struct verify_at *at, uint32_t number)
{
    return number != NO_OPERAND && shape_of(at, number)->is_optional;
}

static bool is_like(const struct verify_at *at, uint32_t left, uint32_t right)
{
    const struct value_shape *a = shape_of(at, left);
    const struct value_shape *b = shape_of(at, right);
    return a->type == b->type && a->unit == b->unit && a->of == b->of;
}

/* Two operands of one type and unit; points are allowed. */
static bool check_alike(const struct verify_at *at, uint32_t left, uint32_t right, const char *member)
{
    const struct value_shape *a = shape_of(at, left);
    const struct value_shape *b = shape_of(at, right);
    if (a->type != b->type || a->of != b->of) {
        return verify_at_refuse(at, D_CODE_TYPE, member);
    }
    return a->unit == b->unit || refuse_unit(at, member, b->unit);
}

static bool check_no_point(const struct verify_at *at, uint32_t number, const char *member)
{
    uint16_t unit = shape_of(at, number)->unit;
    return !unit_of(at, unit)->is_point || refuse_unit(at, member, unit);
}

static bool give_constant(struct verify_at *at)
{
    const struct prog_const *constant = &at->program->constants[at->code->a];
    if (at->code->axis != AXIS_ID_CONSTANT) {
        return verify_at_refuse(at, D_CODE_AXIS, "axis");
    }
    at->shape.of = constant->type == VALUE_MEMBER ? constant->of : 0;
    return constant->type == VALUE_NUMBER ? gives_number(at, at->code->unit)
                                          : gives(at, (enum value_type)constant->type);
}

static bool give_field(struct verify_at *at)
{
    const struct prog_field *field = &at->program->fields[at->code->a];
    const struct prog_axis *axis = &at->program->axes[at->code->axis];
    bool is_its_axis = field->parent == NO_INDEX ? at->code->axis == AXIS_ID_PRODUCT
                                                 : axis->kind == AXIS_LIST && axis->list == field->parent;
    if (field->is_list) {
        return verify_at_refuse(at, D_CODE_TYPE, "a");
    }
    at->shape.is_optional = field->is_optional;
    at->shape.unit = field->unit;
    at->shape.of = field->type == VALUE_MEMBER ? field->choice : 0;
    return is_its_axis ? gives(at, (enum value_type)field->type) : verify_at_refuse(at, D_CODE_AXIS, "axis");
}

static bool give_else(struct verify_at *at)
{
    if (!check_alike(at, at->code->a, at->code->b, "b")) {
        return false;
    }
    gives_like(at, at->code->b);
    at->shape.is_optional = is_absent_if(at, at->code->b);
    return true;
}

static bool give_spread(struct verify_at *at, bool is_visited)
{
    const struct prog_axis *axis = &at->program->axes[at->code->axis];
    if (is_visited && (axis->kind != AXIS_PAIR || at->program->code[at->code->a].axis != axis->list)) {
        return verify_at_refuse(at, D_CODE_AXIS, "a");
    }
    at->shape = *shape_of(at, at->code->a);
    return true;
}

static bool give_take(struct verify_at *at)
{
    uint32_t of = shape_of(at, at->code->a)->of;
    if (of >= ROW_OF_TABLE) {
        return verify_at_refuse(at, D_CODE_TYPE, "a");
    }
    if (at->program->code[at->code->b].axis != of ||
        !axis_is_seen(at->program, at->program->axes[of].parent, at->code->axis)) {
        return verify_at_refuse(at, D_CODE_AXIS, "b");
    }
    gives_like(at, at->code->b);
    at->shape.is_optional = is_absent_if(at, at->code->a) || is_absent_if(at, at->code->b);
    return true;
}

/* Is `difference` the unit of differences between points of unit `point`? */
static bool is_difference(const struct verify_at *at, uint16_t point, uint16_t difference)
{
    return !unit_of(at, difference)->is_point && unit_kinds_equal(at->program, point, difference) &&
           rat_eq(unit_of(at, point)->scale, unit_of(at, difference)->scale);
}

/* The point or year and the step that is added to it or subtracted from it. */
static bool give_moved(struct verify_at *at, uint32_t from, uint32_t step, const char *step_name)
{
    const struct value_shape *start = shape_of(at, from);
    const struct value_shape *distance = shape_of(at, step);
    if (distance->type != VALUE_NUMBER || start->type == VALUE_DATE) {
        return verify_at_refuse(at, D_CODE_TYPE, step_name);
    }
    bool fits = start->type == VALUE_YEAR ? distance->unit == 0 : is_difference(at, start->unit, distance->unit);
    return fits ? gives_like(at, from) : refuse_unit(at, step_name, distance->unit);
}

static bool is_moving(const struct verify_at *at, uint32_t number)
{
    const struct value_shape *shape = shape_of(at, number);
    return shape->type != VALUE_NUMBER || unit_of(at, shape->unit)->is_point;
}

static bool give_sum(struct verify_at *at)
{
    uint32_t a = at->code->a;
    uint32_t b = at->code->b;
    if (is_moving(at, a) && is_moving(at, b)) {
        return verify_at_refuse(at, D_CODE_TYPE, "b");
    }
    if (is_moving(at, b)) {
        return give_moved(at, b, a, "a");
    }
    if (is_moving(at, a)) {
        return give_moved(at, a, b, "b");
    }
    return check_alike(at, a, b, "b") && gives_like(at, a);
}

static bool give_difference(struct verify_at *at)
{
    uint32_t a = at->code->a;
    uint32_t b = at->code->b;
    const struct value_shape *left = shape_of(at, a);
    if (is_moving(at, a) && !is_moving(at, b)) {
        return give_moved(at, a, b, "b");
    }
    if (left->type == VALUE_DATE || !check_alike(at, a, b, "b")) {
        return left->type == VALUE_DATE ? verify_at_refuse(at, D_CODE_TYPE, "a") : false;
    }
    if (left->type == VALUE_YEAR) {
        return gives_number(at, 0);
    }
    bool is_point = unit_of(at, left->unit)->is_point;
    bool fits = is_point ? is_difference(at, left->unit, at->code->unit) : true;
    return fits ? gives_number(at, is_point ? at->code->unit : left->unit) : refuse_result(at);
}

static bool give_product(struct verify_at *at, int power)
{
    uint16_t left = shape_of(at, at->code->a)->unit;
    uint16_t right = shape_of(at, at->code->b)->unit;
    if (!unit_is_product(at->verifier, left, right, power, at->code->unit)) {
        return refuse_result(at);
    }
    return gives_number(at, at->code->unit);
}

static bool give_power(struct verify_at *at)
{
    uint32_t bits = at->code->b; /* two's complement */
    int64_t power = bits < 0x80000000u ? (int64_t)bits : (int64_t)bits - INT64_C(0x100000000);
    if (power < -12 || power > 12) {
        return verify_at_refuse(at, D_CODE_VALUE, "b");
    }
    if (!unit_is_power(at->verifier, shape_of(at, at->code->a)->unit, (int)power, at->code->unit)) {
        return refuse_result(at);
    }
    return gives_number(at, at->code->unit);
}

/* The result is what gives a when it is squared. */
static bool give_root(struct verify_at *at)
{
    uint16_t from = shape_of(at, at->code->a)->unit;
    uint16_t to = at->code->unit;
    bool fits = !unit_of(at, from)->is_point && unit_is_power(at->verifier, to, 2, from);
    return fits ? gives_number(at, to) : refuse_result(at);
}

/* Exponentials, logarithms and powers of computed exponents: of plain numbers of scale 1, and giving one. */
static bool give_plain(struct verify_at *at, int operands)
{
    for (int k = 0; k < operands; k++) {
        uint16_t unit = shape_of(at, verify_at_operand(at, k))->unit;
        if (unit != 0) {
            return refuse_unit(at, VERIFY_OPERAND_NAMES[k], unit);
        }
    }
    return gives_number(at, 0);
}

/* a / b, exactly. */
static bool is_quotient(const struct verify_at *at, struct rat quotient, struct rat a, struct rat b)
{
    struct arena_mark mark = arena_mark(at->verifier->arena);
    bool is_equal = rat_eq(quotient, rat_div(at->verifier->arena, a, b));
    arena_reset(at->verifier->arena, mark);
    return is_equal;
}

static bool is_number_constant(const struct verify_at *at, uint32_t constant)
{
    return at->program->constants[constant].type == VALUE_NUMBER;
}

static bool give_converted(struct verify_at *at)
{
    uint16_t from = shape_of(at, at->code->a)->unit;
    uint16_t to = at->code->unit;
    const struct prog_unit *unit = unit_of(at, to);
    if (from == to || unit->is_point || unit_of(at, from)->is_point || !unit_kinds_equal(at->program, from, to)) {
        return refuse_result(at);
    }
    if (!is_number_constant(at, at->code->b) ||
        !is_quotient(at, at->program->constants[at->code->b].number, unit_of(at, from)->scale, unit->scale)) {
        return verify_at_refuse(at, D_CODE_FACTOR, "b");
    }
    return gives_number(at, to);
}

static bool give_shifted(struct verify_at *at)
{
    const struct prog_unit *from = unit_of(at, shape_of(at, at->code->a)->unit);
    const struct prog_unit *to = unit_of(at, at->code->unit);
    if (from == to || !from->is_point || !to->is_point) { /* points are temperatures: one kind */
        return refuse_result(at);
    }
    if (!is_number_constant(at, at->code->b) ||
        !is_quotient(at, at->program->constants[at->code->b].number, from->scale, to->scale)) {
        return verify_at_refuse(at, D_CODE_FACTOR, "b");
    }
    struct arena_mark mark = arena_mark(at->verifier->arena);
    bool fits = is_number_constant(at, at->code->c) &&
                is_quotient(at, at->program->constants[at->code->c].number,
                            rat_sub(at->verifier->arena, from->offset, to->offset), to->scale);
    arena_reset(at->verifier->arena, mark);
    return fits ? gives_number(at, at->code->unit) : verify_at_refuse(at, D_CODE_FACTOR, "c");
}

static bool give_retagged(struct verify_at *at)
{
    uint16_t from = shape_of(at, at->code->a)->unit;
    uint16_t to = at->code->unit;
    bool fits = from != to && !unit_of(at, from)->is_point && !unit_of(at, to)->is_point &&
                unit_kinds_equal_but_tags(at->program, from, to) &&
                rat_eq(unit_of(at, from)->scale, unit_of(at, to)->scale);
    return fits ? gives_number(at, to) : refuse_result(at);
}

/* The step is a positive constant: rounding to it cannot fail. */
static bool give_rounded(struct verify_at *at)
{
    const struct instruction *step = &at->program->code[at->code->b];
    if (!check_no_point(at, at->code->a, "a") || !check_alike(at, at->code->a, at->code->b, "b")) {
        return false;
    }
    if (step->op != OP_CONST || rat_sign(at->program->constants[step->a].number) <= 0) {
        return verify_at_refuse(at, D_CODE_VALUE, "b");
    }
    return gives_like(at, at->code->a);
}

static bool give_rounded_figures(struct verify_at *at)
{
    if (at->code->b < 1 || at->code->b > 15) {
        return verify_at_refuse(at, D_CODE_VALUE, "b");
    }
    return check_no_point(at, at->code->a, "a") && gives_like(at, at->code->a);
}

static bool give_comparison(struct verify_at *at)
{
    return check_alike(at, at->code->a, at->code->b, "b") && gives(at, VALUE_BOOL);
}

static bool give_same(struct verify_at *at)
{
    uint8_t type = shape_of(at, at->code->a)->type;
    if (type != VALUE_BOOL && type != VALUE_MEMBER && type != VALUE_TEXT && type != VALUE_ROW) {
        return verify_at_refuse(at, D_CODE_TYPE, "a");
    }
    return is_like(at, at->code->a, at->code->b) ? gives(at, VALUE_BOOL) : verify_at_refuse(at, D_CODE_TYPE, "b");
}

static bool give_selected(struct verify_at *at)
{
    if (!check_alike(at, at->code->b, at->code->c, "c")) {
        return false;
    }
    gives_like(at, at->code->b);
    at->shape.is_optional = is_absent_if(at, at->code->b) || is_absent_if(at, at->code->c);
    return true;
}

static bool give_picked_row(struct verify_at *at)
{
    const struct prog_axis *axis = &at->program->axes[at->code->imm];
    if (axis->kind == AXIS_RANGE) { /* its rows are numbers: there is nothing to take from them */
        return verify_at_refuse(at, D_CODE_AXIS, "imm");
    }
    at->shape.is_optional = 1;
    at->shape.of = axis->kind == AXIS_PAIR ? axis->list : at->code->imm;
    return gives(at, VALUE_ROW);
}

/* The row of a list around whose parent the instruction stands. */
static bool give_matched_row(struct verify_at *at)
{
    uint16_t list = at->program->code[at->code->b].axis;
    const struct prog_axis *axis = &at->program->axes[list];
    if (axis->kind != AXIS_LIST || !axis_is_around(at->program, axis->parent, at->code->axis)) {
        return verify_at_refuse(at, D_CODE_AXIS, "b");
    }
    if (is_absent_if(at, at->code->b)) {
        return verify_at_refuse(at, D_CODE_OPTIONAL, "b");
    }
    uint8_t type = shape_of(at, at->code->a)->type;
    if (type == VALUE_ROW || type == VALUE_KEY) {
        return verify_at_refuse(at, D_CODE_TYPE, "a");
    }
    at->shape.is_optional = 1;
    at->shape.of = list;
    return check_alike(at, at->code->a, at->code->b, "b") && gives(at, VALUE_ROW);
}

/* ---- tables and factors ---- */

/* Every number that the range gives is that of a row. */
static bool give_walked_row(struct verify_at *at)
{
    int64_t first;
    int64_t last;
    if (!axis_constant_bounds(at->program, &at->program->axes[at->code->axis], &first, &last) || first < 1 ||
        last > (int64_t)at->program->tables[at->code->imm].row_count) {
        return verify_at_refuse(at, D_CODE_AXIS, "axis");
    }
    at->shape.of = ROW_OF_TABLE + at->code->imm;
    return gives(at, VALUE_ROW);
}

static bool give_key(struct verify_at *at)
{
    const struct prog_table *table = &at->program->tables[at->code->imm];
    if (at->code->b >= table->dimension_count) {
        return verify_at_refuse(at, D_CODE_VALUE, "b");
    }
    const struct prog_dimension *dimension = &table->dimensions[at->code->b];
    const struct value_shape *value = shape_of(at, at->code->a);
    bool is_step = at->code->op == OP_STEP_KEY;
    if (value->type != dimension->type || is_step != (dimension->type == VALUE_NUMBER) ||
        (dimension->type == VALUE_MEMBER && value->of != dimension->choice)) {
        return verify_at_refuse(at, D_CODE_TYPE, "a");
    }
    if (is_step && value->unit != dimension->unit) {
        return refuse_unit(at, "a", value->unit);
    }
    at->shape.of = (uint32_t)at->code->imm * 4 + at->code->b;
    at->shape.is_optional = dimension->type != VALUE_MEMBER && !dimension->has_otherwise;
    return gives(at, VALUE_KEY);
}

static bool give_cell(struct verify_at *at)
{
    const struct prog_table *table = &at->program->tables[at->code->imm];
    for (int k = 0; k < LIMIT_TABLE_DIMENSIONS; k++) {
        bool is_given = verify_at_operand(at, k) != NO_OPERAND;
        if (is_given != ((uint32_t)k < table->dimension_count)) {
            return verify_at_refuse(at, D_CODE_VALUE, VERIFY_OPERAND_NAMES[k]);
        }
        if (is_given && shape_of(at, verify_at_operand(at, k))->of != (uint32_t)at->code->imm * 4 + (uint32_t)k) {
            return verify_at_refuse(at, D_CODE_TYPE, VERIFY_OPERAND_NAMES[k]);
        }
        at->shape.is_optional = at->shape.is_optional || is_absent_if(at, verify_at_operand(at, k));
    }
    at->shape.is_optional = at->shape.is_optional || at->verifier->has_holes[at->code->imm];
    at->shape.of = ROW_OF_TABLE + at->code->imm;
    return gives(at, VALUE_ROW);
}

static bool give_column(struct verify_at *at)
{
    uint32_t of = shape_of(at, at->code->a)->of;
    if (of < ROW_OF_TABLE) {
        return verify_at_refuse(at, D_CODE_TYPE, "a");
    }
    const struct prog_table *table = &at->program->tables[of - ROW_OF_TABLE];
    if (at->code->imm >= table->column_count) {
        return verify_at_refuse(at, D_CODE_VALUE, "imm");
    }
    const struct prog_column *column = &table->columns[at->code->imm];
    at->shape.is_optional = column->is_optional || is_absent_if(at, at->code->a);
    at->shape.unit = column->unit;
    at->shape.of = column->type == VALUE_MEMBER ? column->choice : 0;
    return gives(at, (enum value_type)column->type);
}

static enum value_type factor_key_type(uint8_t key)
{
    switch ((enum prog_factor_key)key) {
    case FACTOR_KEY_MEMBER:
        return VALUE_MEMBER;
    case FACTOR_KEY_YEAR:
        return VALUE_YEAR;
    case FACTOR_KEY_TEXT:
    case FACTOR_KEY_REGION:
        break;
    }
    return VALUE_TEXT;
}

static bool give_factor(struct verify_at *at)
{
    const struct prog_factor *factor = &at->program->factors[at->code->imm];
    for (int k = 0; k < LIMIT_FACTOR_KEYS; k++) {
        bool is_given = verify_at_operand(at, k) != NO_OPERAND;
        if (is_given != ((uint32_t)k < factor->key_count)) {
            return verify_at_refuse(at, D_CODE_VALUE, VERIFY_OPERAND_NAMES[k]);
        }
        if (!is_given) {
            continue;
        }
        const struct value_shape *key = shape_of(at, verify_at_operand(at, k));
        bool is_its_type = key->type == factor_key_type(factor->keys[k].type) &&
                           (key->type != VALUE_MEMBER || key->of == factor->keys[k].choice);
        if (!is_its_type) {
            return verify_at_refuse(at, D_CODE_TYPE, VERIFY_OPERAND_NAMES[k]);
        }
    }
    return gives_number(at, factor->unit);
}

/* A number of at most NATIVE_DIGITS digits: a constant, or what was rounded just so. */
static bool is_rounded(const struct verify_at *at, uint32_t number)
{
    const struct instruction *from = &at->program->code[number];
    if (from->op != OP_CONST) {
        return from->op == OP_ROUNDSIG && from->b <= NATIVE_DIGITS && from->imm == ROUND_HALF_EVEN;
    }
    struct arena_mark mark = arena_mark(at->verifier->arena);
    struct rat value = at->program->constants[from->a].number;
    bool is_short =
        rat_eq(value, rat_round_significant(at->verifier->arena, value, NATIVE_DIGITS, ROUND_HALF_EVEN));
    arena_reset(at->verifier->arena, mark);
    return is_short;
}

static bool give_called(struct verify_at *at)
{
    const struct prog_native *native = &at->program->natives[at->code->imm];
    for (int k = 0; k < LIMIT_NATIVE_PARAMS; k++) {
        uint32_t number = verify_at_operand(at, k);
        bool is_given = number != NO_OPERAND;
        if (is_given != ((uint32_t)k < native->param_count)) {
            return verify_at_refuse(at, D_CODE_VALUE, VERIFY_OPERAND_NAMES[k]);
        }
        if (is_given && shape_of(at, number)->unit != native->params[k]) {
            return refuse_unit(at, VERIFY_OPERAND_NAMES[k], shape_of(at, number)->unit);
        }
        if (is_given && !is_rounded(at, number)) {
            return verify_at_refuse(at, D_CODE_VALUE, VERIFY_OPERAND_NAMES[k]);
        }
    }
    return gives_number(at, native->unit);
}

/* ---- roots ---- */

/* Of EMIT, and of INVENTORY, what was emitted before allocation. */
static bool give_emission(struct verify_at *at)
{
    uint16_t unit = shape_of(at, at->code->a)->unit;
    const struct prog_unit *emitted = unit_of(at, unit);
    if (!axis_is_of_rows(at->program, at->code->axis)) {
        return verify_at_refuse(at, D_CODE_AXIS, "axis");
    }
    if (emitted->is_point || !rat_eq(emitted->scale, RAT_ONE) || !unit_is_base(at->program, unit, STR("CO2e"))) {
        return refuse_unit(at, "a", unit);
    }
    return gives_number(at, unit);
}

static bool give_output(struct verify_at *at)
{
    uint16_t unit = shape_of(at, at->code->a)->unit;
    if (!axis_is_of_rows(at->program, at->code->axis)) {
        return verify_at_refuse(at, D_CODE_AXIS, "axis");
    }
    return unit == at->program->outputs[at->code->b].unit ? gives_number(at, unit) : refuse_unit(at, "a", unit);
}

/* Of classes with a limit. */
static bool give_judgement(struct verify_at *at)
{
    if (!axis_is_of_rows(at->program, at->code->axis)) {
        return verify_at_refuse(at, D_CODE_AXIS, "axis");
    }
    bool has_limit = at->program->grades[at->code->b].limit != NO_OPERAND;
    return has_limit ? gives(at, VALUE_BOOL) : verify_at_refuse(at, D_CODE_VALUE, "b");
}

/* The type rule of the instruction: sets at->shape. */
bool verify_at_shape(struct verify_at *at)
{
    switch ((enum opcode)at->code->op) {
    case OP_CONST:
        return give_constant(at);
    case OP_FIELD:
        return give_field(at);
    case OP_INDEX:
        return at->program->axes[at->code->axis].kind == AXIS_RANGE ? gives_number(at, 0)
                                                                    : verify_at_refuse(at, D_CODE_AXIS, "axis");
    case OP_ELSE:
        return give_else(at);
    case OP_SPREAD:
        return give_spread(at, false);
    case OP_SPREAD2:
        return give_spread(at, true);
    case OP_TAKE:
        return give_take(at);
    case OP_ADD:
        return give_sum(at);
    case OP_SUB:
        return give_difference(at);
    case OP_MUL:
        return give_product(at, 1);
    case OP_DIV:
        return give_product(at, -1);
    case OP_NEG:
    case OP_ABS:
    case OP_SUM:
        return check_no_point(at, at->code->a, "a") && gives_like(at, at->code->a);
    case OP_MIN:
    case OP_MAX:
        return check_alike(at, at->code->a, at->code->b, "b") && gives_like(at, at->code->a);
    case OP_POWI:
        return give_power(at);
    case OP_SQRT:
        return give_root(at);
    case OP_POW:
        return give_plain(at, 2);
    case OP_EXP:
    case OP_LN:
        return give_plain(at, 1);
    case OP_CONVERT:
        return give_converted(at);
    case OP_SHIFT:
        return give_shifted(at);
    case OP_RETAG:
        return give_retagged(at);
    case OP_ROUND:
        return give_rounded(at);
    case OP_ROUNDSIG:
        return give_rounded_figures(at);
    case OP_LT:
    case OP_LE:
    case OP_EQ:
        return give_comparison(at);
    case OP_SAME:
        return give_same(at);
    case OP_GIVEN:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_ANY:
    case OP_REQUIRE:
    case OP_WARN:
        return gives(at, VALUE_BOOL);
    case OP_SELECT:
        return give_selected(at);
    case OP_COUNT:
        return gives_number(at, 0);
    case OP_LEAST:
    case OP_GREATEST:
        gives_like(at, at->code->a);
        at->shape.is_optional = 1;
        return true;
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
        return give_picked_row(at);
    case OP_MATCH:
        return give_matched_row(at);
    case OP_KEY:
    case OP_STEP_KEY:
        return give_key(at);
    case OP_CELL:
        return give_cell(at);
    case OP_COLUMN:
        return give_column(at);
    case OP_ROW:
        return give_walked_row(at);
    case OP_FACTOR:
        return give_factor(at);
    case OP_CALL:
        return give_called(at);
    case OP_NEED:
    case OP_WITHIN:
        return gives_like(at, at->code->a);
    case OP_EMIT:
    case OP_INVENTORY:
        return give_emission(at);
    case OP_JUDGE:
        return give_judgement(at);
    case OP_OUTPUT:
        return give_output(at);
    case OPCODE_END:
        break;
    }
    return verify_at_refuse(at, D_CODE_VALUE, "a");
}
