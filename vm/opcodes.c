#include "vm/opcodes.h"

#include "vm/program.h"

/* clang-format off */
#define OP(name, code, a, b, c, imm, mask, doc) \
    [code] = {#name, {OPERAND_##a, OPERAND_##b, OPERAND_##c}, IMM_##imm, MASK_##mask, doc},
static const struct opcode_info table[OPCODE_END] = {
#include "vm/opcodes.def"
};
#undef OP
/* clang-format on */

const struct opcode_info *opcode_info(unsigned op)
{
    return op < OPCODE_END && table[op].name != NULL ? &table[op] : NULL;
}

bool operand_is_instruction(enum operand_class operand)
{
    return operand != OPERAND_NONE && operand < OPERAND_CONSTANT;
}
