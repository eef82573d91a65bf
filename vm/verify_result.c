/* Verifier: what a rule gives: stages, flows, parts, reports, its header. Runs after the code, whose shapes it needs.
 */
#include "vm/verify_parts.h"

bool round_is_valid(const struct prog_round *round)
{
    int low = round->how == PROG_ROUND_SIGNIFICANT ? 1 : -15;
    return round->how <= PROG_ROUND_DECIMALS && round->mode < ROUNDING_COUNT && round->digits >= low &&
           round->digits <= 15;
}

/* A given value of the type, one for each product. */
static bool is_of_product(const struct verifier *verifier, uint32_t instruction, enum value_type type)
{
    const struct program *program = verifier->program;
    const struct value_shape *shape = &verifier->shapes[instruction];
    return program->code[instruction].axis <= AXIS_ID_PRODUCT && shape->type == type && !shape->is_optional &&
           opcode_info(program->code[instruction].op)->mask != MASK_ROOT;
}

static bool check_stages(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < program->stage_count; i++) {
        uint32_t when = program->stages[i].when;
        if (!verify_name_is_new(verifier, program->stages[i].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "stages", i, "name");
        }
        if (when != NO_OPERAND && !is_of_product(verifier, when, VALUE_BOOL)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "stages", i, "when");
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

/* Every part and every report has one instruction that gives it, every requirement at least one that asks for it. */
static bool check_roots(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint8_t *emitted = arena_array(verifier->arena, uint8_t, program->part_count);
    uint8_t *reported = arena_array(verifier->arena, uint8_t, program->output_count);
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
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        if (!required[i]) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "requirements", i, "text");
        }
    }
    return true;
}

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

static bool check_rule(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    const struct prog_rule *rule = &program->rule;
    const struct prog_const *declared = &program->constants[rule->declared];
    if (declared->type != VALUE_NUMBER || rat_sign(declared->number) <= 0) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "declared");
    }
    if (!is_of_product(verifier, rule->reference, VALUE_NUMBER) ||
        verifier->shapes[rule->reference].unit != rule->declared_unit) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "reference");
    }
    if (program->units[rule->declared_unit].is_point || !is_total_unit(verifier, rule)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "total_unit");
    }
    return round_is_valid(&rule->round) || verify_refuse(verifier, D_PROGRAM_VALUE, "rule", 0, "round");
}

bool verify_result(struct verifier *verifier)
{
    return check_stages(verifier) && check_flows(verifier) && check_parts(verifier) && check_outputs(verifier) &&
           check_roots(verifier) && check_rule(verifier);
}
