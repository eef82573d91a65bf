/* Verifier: what a rule gives: stages, flows, parts, reports, its header. Runs after the code, whose shapes it needs.
 */
#include "vm/verify_parts.h"

bool round_is_valid(const struct prog_round *round)
{
    int low = round->how == PROG_ROUND_SIGNIFICANT ? 1 : -ROUND_DIGITS_MAX;
    return round->how < PROG_ROUND_COUNT && round->mode < ROUNDING_COUNT && round->digits >= low &&
           round->digits <= ROUND_DIGITS_MAX;
}

static bool is_value(const struct verifier *verifier, uint32_t instruction, enum value_type type)
{
    const struct value_shape *shape = &verifier->shapes[instruction];
    return shape->type == type && !shape->is_optional &&
           opcode_info(verifier->program->code[instruction].op)->mask != MASK_ROOT;
}

/* A given value of the type, one for each product or for each of the rule's rows. */
static bool is_of_rows(const struct verifier *verifier, uint32_t instruction, enum value_type type)
{
    return axis_is_of_rows(verifier->program, verifier->program->code[instruction].axis) &&
           is_value(verifier, instruction, type);
}

/* A given value of the type on the axis, or constant. */
static bool is_on(const struct verifier *verifier, uint32_t instruction, uint16_t axis, enum value_type type)
{
    uint16_t own = verifier->program->code[instruction].axis;
    return (own == axis || own == AXIS_ID_CONSTANT) && is_value(verifier, instruction, type);
}

/* ---- phases, categories, breakdowns ---- */

/* Declared is what has a stage. */
static bool check_phases(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint8_t *has_stage = arena_array(verifier->arena, uint8_t, program->phase_count);
    for (uint32_t i = 0; i < program->stage_count; i++) {
        if (program->stages[i].phase != NO_INDEX) {
            has_stage[program->stages[i].phase] = 1;
        }
    }
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < program->phase_count; i++) {
        const struct prog_phase *phase = &program->phases[i];
        if (!verify_name_is_new(verifier, phase->name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "phases", i, "name");
        }
        if (phase->state > PHASE_EXCLUDED || (phase->state == PHASE_DECLARED) != (has_stage[i] != 0)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "phases", i, "state");
        }
    }
    return true;
}

static bool check_categories(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint8_t *is_used = arena_array(verifier->arena, uint8_t, program->category_count);
    for (uint32_t i = 0; i < program->part_count; i++) {
        is_used[program->parts[i].category] = 1;
    }
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < program->category_count; i++) {
        if (!verify_name_is_new(verifier, program->categories[i].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "categories", i, "name");
        }
        if (!is_used[i]) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "categories", i, "name");
        }
    }
    return true;
}

static bool check_breakdowns(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        const struct prog_breakdown *breakdown = &program->breakdowns[i];
        for (uint32_t k = 0; k < i; k++) {
            if (program->breakdowns[k].name == breakdown->name) {
                return verify_refuse(verifier, D_PROGRAM_ORDER, "breakdowns", i, "name");
            }
        }
        verify_names_begin(verifier);
        for (uint32_t k = 0; k < breakdown->member_count; k++) {
            if (!verify_name_is_new(verifier, breakdown->members[k].name)) {
                return verify_refuse(verifier, D_PROGRAM_ORDER, "breakdowns", i, "members.name");
            }
        }
    }
    return true;
}

/* ---- stages and flows ---- */

static bool check_stages(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < program->stage_count; i++) {
        uint32_t when = program->stages[i].when;
        if (!verify_name_is_new(verifier, program->stages[i].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "stages", i, "name");
        }
        if (when != NO_OPERAND && !is_of_rows(verifier, when, VALUE_BOOL)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "stages", i, "when");
        }
    }
    return true;
}

/* One member at most of each breakdown. */
static bool check_members(struct verifier *verifier, uint32_t number)
{
    const struct program *program = verifier->program;
    const struct prog_flow *flow = &program->flows[number];
    for (uint32_t k = 0; k < flow->member_count; k++) {
        const struct prog_flow_member *member = &flow->members[k];
        if (member->breakdown >= program->breakdown_count ||
            member->member >= program->breakdowns[member->breakdown].member_count) {
            return verify_refuse(verifier, D_PROGRAM_RANGE, "flows", number, "members");
        }
        if (k > 0 && flow->members[k - 1].breakdown >= member->breakdown) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "flows", number, "members");
        }
    }
    return true;
}

/* Flows stand in the order of their stages, parts in the order of their flows; every flow has a part. */
static bool check_flows(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint32_t part = 0;
    for (uint32_t i = 0; i < program->flow_count; i++) {
        const struct prog_flow *flow = &program->flows[i];
        bool is_first = i == 0 || program->flows[i - 1].stage != flow->stage;
        if (i > 0 && flow->stage < program->flows[i - 1].stage) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "flows", i, "stage");
        }
        if (is_first) {
            verify_names_begin(verifier);
        }
        if (!verify_name_is_new(verifier, flow->name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "flows", i, "name");
        }
        if (flow->kind > FLOW_CREDIT) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "flows", i, "kind");
        }
        if (!check_members(verifier, i)) {
            return false;
        }
        uint32_t first = part;
        while (part < program->part_count && program->parts[part].flow == i) {
            part++;
        }
        if (part == first) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "flows", i, "parts");
        }
    }
    return part == program->part_count || verify_refuse(verifier, D_PROGRAM_ORDER, "parts", part, "flow");
}

/* No two parts of a flow have the same category and gas; a flow has few. */
static bool check_parts(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->part_count; i++) {
        const struct prog_part *part = &program->parts[i];
        for (uint32_t k = i; k > 0 && program->parts[k - 1].flow == part->flow; k--) {
            if (i - k >= LIMIT_FLOW_PARTS) {
                return verify_refuse(verifier, D_PROGRAM_VALUE, "parts", i, "flow");
            }
            if (program->parts[k - 1].category == part->category && program->parts[k - 1].gas == part->gas) {
                return verify_refuse(verifier, D_PROGRAM_ORDER, "parts", i, "category");
            }
        }
    }
    return true;
}

/* Every part and every report has one instruction that gives it, every limit two that judge it, every requirement at
   least one that asks for it. */
static bool check_roots(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint8_t *emitted = arena_array(verifier->arena, uint8_t, program->part_count);
    uint8_t *reported = arena_array(verifier->arena, uint8_t, program->output_count);
    uint8_t *whole = arena_array(verifier->arena, uint8_t, program->part_count);
    uint8_t *judged[2] = {arena_array(verifier->arena, uint8_t, program->grade_count),
                          arena_array(verifier->arena, uint8_t, program->grade_count)};
    uint8_t *required = arena_array(verifier->arena, uint8_t, program->requirement_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *code = &program->code[i];
        bool is_first = true;
        if (code->op == OP_EMIT) {
            is_first = emitted[code->b] == 0;
            emitted[code->b] = 1;
        } else if (code->op == OP_OUTPUT) {
            is_first = reported[code->b] == 0;
            reported[code->b] = 1;
        } else if (code->op == OP_INVENTORY) {
            is_first = whole[code->b] == 0;
            whole[code->b] = 1;
        } else if (code->op == OP_JUDGE) {
            is_first = judged[code->imm][code->b] == 0;
            judged[code->imm][code->b] = 1;
        } else if (code->op == OP_REQUIRE || code->op == OP_WARN) {
            required[code->b] = 1;
        }
        if (!is_first) {
            return verify_refuse_code(verifier, D_CODE_VALUE, i, "b");
        }
    }
    for (uint32_t i = 0; i < program->part_count; i++) {
        if (!emitted[i]) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "parts", i, "flow");
        }
    }
    for (uint32_t i = 0; i < program->output_count; i++) {
        if (!reported[i]) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "outputs", i, "name");
        }
    }
    for (uint32_t i = 0; i < program->grade_count; i++) {
        if (program->grades[i].limit != NO_OPERAND && !(judged[0][i] && judged[1][i])) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "grades", i, "limit");
        }
    }
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        if (!required[i]) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "requirements", i, "text");
        }
        if (program->requirements[i].kind > REQUIREMENT_CUT_TOGETHER) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "requirements", i, "kind");
        }
    }
    return true;
}

/* ---- allocations ---- */

static bool check_by_key(struct verifier *verifier, uint32_t number)
{
    const struct program *program = verifier->program;
    const struct prog_allocation *allocation = &program->allocations[number];
    const struct prog_axis *axis = &program->axes[allocation->axis];
    bool is_own = allocation->taken == NO_OPERAND;
    bool is_of_rows = is_own ? axis->kind == AXIS_LIST && allocation->axis == program->rule.row_axis
                             : allocation->axis > AXIS_ID_PRODUCT;
    if (!is_of_rows) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "allocations", number, "axis");
    }
    if (allocation->share_count > 0 || !is_on(verifier, allocation->key, allocation->axis, VALUE_NUMBER)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "allocations", number, "key");
    }
    if (!is_own && !is_on(verifier, allocation->taken, allocation->axis, VALUE_BOOL)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "allocations", number, "taken");
    }
    return true;
}

static bool check_by_formulas(struct verifier *verifier, uint32_t number)
{
    const struct prog_allocation *allocation = &verifier->program->allocations[number];
    if (allocation->share_count < 2 || allocation->taken >= allocation->share_count) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "allocations", number, "taken");
    }
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < allocation->share_count; i++) {
        if (!verify_name_is_new(verifier, allocation->shares[i].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "allocations", number, "shares.name");
        }
        if (!is_on(verifier, allocation->shares[i].value, allocation->axis, VALUE_NUMBER) ||
            verifier->shapes[allocation->shares[i].value].unit != 0) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "allocations", number, "shares.value");
        }
    }
    return true;
}

static bool check_allocations(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        const struct prog_allocation *allocation = &program->allocations[i];
        bool is_by_key = allocation->key != NO_OPERAND;
        if (allocation->axis >= program->axis_count || allocation->axis == AXIS_ID_CONSTANT) {
            return verify_refuse(verifier, D_PROGRAM_RANGE, "allocations", i, "axis");
        }
        if (!(is_by_key ? check_by_key(verifier, i) : check_by_formulas(verifier, i))) {
            return false;
        }
        bool is_of_parent = is_by_key && allocation->taken != NO_OPERAND;
        uint16_t axis = is_of_parent ? program->axes[allocation->axis].parent : allocation->axis;
        if (!is_on(verifier, allocation->share, axis, VALUE_NUMBER) || verifier->shapes[allocation->share].unit != 0) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "allocations", i, "share");
        }
    }
    return true;
}

/* ---- classes ---- */

/* Only the last has no limit. */
static bool check_grades(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < program->grade_count; i++) {
        const struct prog_grade *grade = &program->grades[i];
        if (!verify_name_is_new(verifier, grade->name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "grades", i, "name");
        }
        bool is_limit = grade->limit == NO_OPERAND
                            ? i == program->grade_count - 1 && !grade->is_below
                            : is_of_rows(verifier, grade->limit, VALUE_NUMBER) &&
                                  verifier->shapes[grade->limit].unit == program->rule.total_unit;
        if (!is_limit) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "grades", i, "limit");
        }
    }
    return true;
}

/* ---- roots and the header ---- */

static bool check_outputs(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < program->output_count; i++) {
        if (!verify_name_is_new(verifier, program->outputs[i].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "outputs", i, "name");
        }
        if (!round_is_valid(&program->outputs[i].round)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "outputs", i, "round");
        }
    }
    return true;
}

/* kgCO2e per declared unit. */
static bool is_total_unit(struct verifier *verifier, const struct prog_rule *rule)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const struct prog_unit *unit = &program->units[i];
        if (!unit->is_point && unit_is_base(program, (uint16_t)i, STR("CO2e")) && rat_eq(unit->scale, RAT_ONE)) {
            return unit_is_product(verifier, (uint16_t)i, rule->declared_unit, -1, rule->total_unit);
        }
    }
    return false;
}

static bool check_row_name(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint32_t name = program->rule.row_name;
    if (name == NO_OPERAND) {
        return true;
    }
    static const enum value_type types[] = {VALUE_TEXT, VALUE_NUMBER, VALUE_MEMBER, VALUE_YEAR};
    for (size_t i = 0; i < countof(types); i++) {
        if (program->rule.row_axis != AXIS_ID_PRODUCT && is_on(verifier, name, program->rule.row_axis, types[i])) {
            return true;
        }
    }
    return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "row_name");
}

static bool check_headline(struct verifier *verifier)
{
    const struct prog_rule *rule = &verifier->program->rule;
    bool is_fine = rule->headline == NO_OPERAND ||
                   (rule->row_axis != AXIS_ID_PRODUCT && is_on(verifier, rule->headline, rule->row_axis, VALUE_BOOL));
    return is_fine || verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "headline");
}

static bool check_validity(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    const struct prog_rule *rule = &program->rule;
    if (rule->valid_from > rule->valid_to) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "valid_from");
    }
    if (rule->period_field == NO_INDEX) {
        return true;
    }
    const struct prog_field *field = &program->fields[rule->period_field];
    bool is_time =
        field->parent == NO_INDEX && !field->is_list && (field->type == VALUE_YEAR || field->type == VALUE_DATE);
    return is_time || verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "period_field");
}

static bool check_rule(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    const struct prog_rule *rule = &program->rule;
    const struct prog_const *declared = &program->constants[rule->declared];
    if (declared->type != VALUE_NUMBER || rat_sign(declared->number) <= 0) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "declared");
    }
    if (!is_of_rows(verifier, rule->reference, VALUE_NUMBER) ||
        verifier->shapes[rule->reference].unit != rule->declared_unit) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "reference");
    }
    if (program->units[rule->declared_unit].is_point || !is_total_unit(verifier, rule)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "total_unit");
    }
    if (!round_is_valid(&rule->round) || !round_is_valid(&rule->stage_round) || !round_is_valid(&rule->flow_round)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "round");
    }
    return check_row_name(verifier) && check_headline(verifier) && check_validity(verifier);
}

/* They are looked up by their instruction. */
static bool check_namings(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->naming_count; i++) {
        uint32_t instruction = program->namings[i].instruction;
        if (program->code[instruction].op != OP_CONST) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "namings", i, "instruction");
        }
        if (i > 0 && program->namings[i - 1].instruction > instruction) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "namings", i, "instruction");
        }
    }
    return true;
}

/* Explanations go from an item to those that it uses, which come before it: so they end. */
static bool check_items(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->item_count; i++) {
        const struct prog_item *item = &program->items[i];
        if (item->kind >= ITEM_KIND_COUNT) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "items", i, "kind");
        }
        for (uint32_t v = 0; v < item->value_count; v++) {
            if (opcode_info(program->code[item->values[v].instruction].op)->mask == MASK_ROOT) {
                return verify_refuse(verifier, D_PROGRAM_VALUE, "items", i, "values.instruction");
            }
        }
        for (uint32_t u = 0; u < item->use_count; u++) {
            if (item->uses[u] >= i || (u > 0 && item->uses[u - 1] >= item->uses[u])) {
                return verify_refuse(verifier, D_PROGRAM_ORDER, "items", i, "uses");
            }
        }
    }
    return true;
}

bool verify_result(struct verifier *verifier)
{
    return check_phases(verifier) && check_categories(verifier) && check_breakdowns(verifier) &&
           check_stages(verifier) && check_flows(verifier) && check_parts(verifier) && check_allocations(verifier) &&
           check_outputs(verifier) && check_grades(verifier) && check_roots(verifier) && check_rule(verifier) &&
           check_namings(verifier) && check_items(verifier);
}
