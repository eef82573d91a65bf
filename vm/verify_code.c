/* Verifier: one instruction. What the operand classes of opcodes.def say is checked here, from the table; what only one
   instruction knows (its unit, its axis, tables and factors) is in verify_shapes.c. */
#include "vm/verify_parts.h"

const char *const VERIFY_OPERAND_NAMES[3] = {"a", "b", "c"};

bool verify_at_refuse(const struct verify_at *at, enum diag_code code, const char *member)
{
    return verify_refuse_code(at->verifier, code, at->number, member);
}

uint32_t verify_at_operand(const struct verify_at *at, int k)
{
    return k == 0 ? at->code->a : k == 1 ? at->code->b : at->code->c;
}

static bool is_root(const struct program *program, uint32_t number)
{
    return opcode_info(program->code[number].op)->mask == MASK_ROOT;
}

static bool may_be_left_out(enum operand_class operand)
{
    return operand == OPERAND_WHERE || operand == OPERAND_KEYCODE || operand == OPERAND_KEYVAL ||
           operand == OPERAND_ARG;
}

static bool is_on_axis(const struct verify_at *at, enum operand_class class, uint16_t axis)
{
    switch (class) {
    case OPERAND_OTHER: /* the rule of the instruction knows */
        return true;
    case OPERAND_OUTER:
        return axis != AXIS_ID_CONSTANT && axis != at->code->axis && axis_is_around(at->program, axis, at->code->axis);
    case OPERAND_INNER:
    case OPERAND_INNERB:
    case OPERAND_WHERE:
        return axis == at->code->imm || axis == AXIS_ID_CONSTANT;
    case OPERAND_NUM:
    case OPERAND_ORD:
    case OPERAND_BOOL:
    case OPERAND_VAL:
    case OPERAND_OPT:
    case OPERAND_ROW:
    case OPERAND_KEYCODE:
    case OPERAND_KEYVAL:
    case OPERAND_ARG:
        return axis == at->code->axis || axis == AXIS_ID_CONSTANT;
    case OPERAND_NONE:
    case OPERAND_CONSTANT:
    case OPERAND_FIELD_ID:
    case OPERAND_PART:
    case OPERAND_OUTPUT_ID:
    case OPERAND_GRADE_ID:
    case OPERAND_LABEL:
    case OPERAND_INTEGER:
    case OPERAND_FLAG:
        break;
    }
    return false;
}

static bool has_type(enum operand_class class, uint8_t type)
{
    switch (class) {
    case OPERAND_NUM:
    case OPERAND_ARG:
    case OPERAND_INNER:
        return type == VALUE_NUMBER;
    case OPERAND_ORD:
        return type == VALUE_NUMBER || type == VALUE_YEAR || type == VALUE_DATE;
    case OPERAND_BOOL:
    case OPERAND_INNERB:
    case OPERAND_WHERE:
        return type == VALUE_BOOL;
    case OPERAND_ROW:
        return type == VALUE_ROW;
    case OPERAND_KEYCODE:
        return type == VALUE_KEY;
    case OPERAND_KEYVAL:
        return type == VALUE_TEXT || type == VALUE_MEMBER || type == VALUE_YEAR;
    case OPERAND_VAL:
    case OPERAND_OPT:
    case OPERAND_OUTER:
    case OPERAND_OTHER:
        return true;
    case OPERAND_NONE:
    case OPERAND_CONSTANT:
    case OPERAND_FIELD_ID:
    case OPERAND_PART:
    case OPERAND_OUTPUT_ID:
    case OPERAND_GRADE_ID:
    case OPERAND_LABEL:
    case OPERAND_INTEGER:
    case OPERAND_FLAG:
        break;
    }
    return false;
}

static bool may_be_absent(enum operand_class class)
{
    return class == OPERAND_OPT || class == OPERAND_ROW || class == OPERAND_KEYCODE || class == OPERAND_OUTER ||
           class == OPERAND_OTHER;
}

static bool check_result_of(const struct verify_at *at, enum operand_class class, uint32_t number, const char *member)
{
    if (number >= at->number || is_root(at->program, number)) {
        return verify_at_refuse(at, D_CODE_EARLIER, member);
    }
    if (!is_on_axis(at, class, at->program->code[number].axis)) {
        return verify_at_refuse(at, D_CODE_AXIS, member);
    }
    if (!has_type(class, at->verifier->shapes[number].type)) {
        return verify_at_refuse(at, D_CODE_TYPE, member);
    }
    if (at->verifier->shapes[number].is_optional && !may_be_absent(class)) {
        return verify_at_refuse(at, D_CODE_OPTIONAL, member);
    }
    return true;
}

static bool check_operand(const struct verify_at *at, int k)
{
    enum operand_class class = at->info->operand[k];
    uint32_t number = verify_at_operand(at, k);
    if (operand_is_instruction(class)) {
        bool is_left_out = number == NO_OPERAND && may_be_left_out(class);
        return is_left_out || check_result_of(at, class, number, VERIFY_OPERAND_NAMES[k]);
    }
    if ((class == OPERAND_NONE && number != NO_OPERAND) || (class == OPERAND_FLAG && number >= TIE_COUNT)) {
        return verify_at_refuse(at, D_CODE_VALUE, VERIFY_OPERAND_NAMES[k]);
    }
    return true; /* references are in range, and integers are for the rule of the instruction */
}

/* Reduced axes are those whose rows lie in rows of the instruction's axis. */
static bool is_reducible(const struct verify_at *at)
{
    uint16_t axis = at->code->imm;
    return axis > AXIS_ID_PRODUCT && axis < at->program->axis_count &&
           at->program->axes[axis].parent == at->code->axis && at->number >= at->verifier->axis_ready[axis];
}

static bool check_imm(const struct verify_at *at)
{
    uint16_t imm = at->code->imm;
    bool is_well_formed = false;
    switch (at->info->imm) {
    case IMM_NONE:
        is_well_formed = imm == 0;
        break;
    case IMM_AXIS:
        is_well_formed = is_reducible(at);
        break;
    case IMM_MODE:
        is_well_formed = imm < ROUNDING_COUNT;
        break;
    case IMM_FLAG:
        is_well_formed = imm <= 1;
        break;
    case IMM_TABLE: /* in range: program_check */
    case IMM_FACTOR_ID:
    case IMM_NATIVE:
    case IMM_COLUMN: /* of the operand's table */
        is_well_formed = true;
        break;
    }
    return is_well_formed || verify_at_refuse(at, D_CODE_VALUE, "imm");
}

static bool check_mask(const struct verify_at *at)
{
    uint32_t mask = at->code->mask;
    if (mask == NO_OPERAND) {
        return true;
    }
    bool notes_nothing = at->info->mask == MASK_NOTES && at->code->imm == 0;
    if (at->info->mask == MASK_PURE || at->info->mask == MASK_DECIDES || notes_nothing) {
        return verify_at_refuse(at, D_CODE_VALUE, "mask");
    }
    return check_result_of(at, OPERAND_BOOL, mask, "mask");
}

bool verify_instruction(struct verifier *verifier, uint32_t instruction)
{
    const struct instruction *code = &verifier->program->code[instruction];
    struct verify_at at = {.verifier = verifier,
                           .program = verifier->program,
                           .code = code,
                           .info = opcode_info(code->op),
                           .number = instruction};
    if (at.info == NULL) {
        return verify_at_refuse(&at, D_CODE_OPCODE, "op");
    }
    if (code->axis >= at.program->axis_count || instruction < verifier->axis_ready[code->axis]) {
        return verify_at_refuse(&at, D_CODE_AXIS, "axis");
    }
    bool is_well_formed = check_imm(&at) && check_operand(&at, 0) && check_operand(&at, 1) && check_operand(&at, 2) &&
                          check_mask(&at) && verify_at_shape(&at);
    if (!is_well_formed) {
        return false;
    }
    if (code->unit != (at.shape.type == VALUE_NUMBER ? at.shape.unit : 0)) {
        return verify_refuse_unit(verifier, D_CODE_UNIT, instruction, "unit", code->unit);
    }
    verifier->shapes[instruction] = at.shape;
    return true;
}
