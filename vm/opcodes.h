/* What is known of each instruction: the rows of opcodes.def as a table. Static data, owned by nobody.
   Consumers: the verifier, the listing, the walk over references, the compiler's emitter.
   Must not know what instructions compute. */
#ifndef ZUJI_VM_OPCODES_H
#define ZUJI_VM_OPCODES_H

#include <stdbool.h>
#include <stdint.h>

enum operand_class { /* meanings: head of opcodes.def */
    OPERAND_NONE,
    OPERAND_NUM,
    OPERAND_ORD,
    OPERAND_BOOL,
    OPERAND_VAL,
    OPERAND_OPT,
    OPERAND_ROW,
    OPERAND_OUTER,
    OPERAND_INNER,
    OPERAND_INNERB,
    OPERAND_WHERE,
    OPERAND_OTHER,
    OPERAND_KEYCODE,
    OPERAND_KEYVAL,
    OPERAND_ARG,
    /* from here on no instructions */
    OPERAND_CONSTANT,
    OPERAND_FIELD_ID,
    OPERAND_PART,
    OPERAND_OUTPUT_ID,
    OPERAND_GRADE_ID,
    OPERAND_LABEL,
    OPERAND_INTEGER,
    OPERAND_FLAG
};
enum imm_class { IMM_NONE, IMM_AXIS, IMM_TABLE, IMM_COLUMN, IMM_FACTOR_ID, IMM_NATIVE, IMM_MODE, IMM_FLAG };
enum mask_class { MASK_PURE, MASK_CAN_FAIL, MASK_NOTES, MASK_DECIDES, MASK_ROOT };

struct opcode_info {
    const char *name;
    enum operand_class operand[3]; /* of a, b, c */
    enum imm_class imm;
    enum mask_class mask;
    const char *doc;
};
/* NULL where there is no such instruction. */
const struct opcode_info *opcode_info(unsigned op);
/* Does an operand of this class name an instruction? */
bool operand_is_instruction(enum operand_class operand);

#endif
