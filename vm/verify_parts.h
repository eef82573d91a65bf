/* Internal to the verifier: its state and its parts. Everything lives in the arena of verify_program.
   Must not be included outside vm/verify*.c and vm/cost.c. */
#ifndef ZUJI_VM_VERIFY_PARTS_H
#define ZUJI_VM_VERIFY_PARTS_H

#include "vm/opcodes.h"
#include "vm/verify.h"

struct verifier {
    struct arena *arena;
    const struct program *program; /* has passed program_check: references are in range */
    struct diags *out;
    struct value_shape *shapes; /* of the instructions up to the one at hand */
    uint32_t *axis_ready;       /* by axis: the first instruction that may use it (bounds of ranges come before) */
    uint8_t *has_holes;         /* by table: do some keys meet no row? */
    uint32_t *stamps;           /* by text: in which set of names it was seen last */
    uint32_t stamp;
};

/* Parts return false after reporting. owner[number].member is the place in the program. */
bool verify_refuse(struct verifier *verifier, enum diag_code code, const char *owner, uint32_t number,
                   const char *member);
/* The same about an instruction: member is "a", "b", "c", "mask", "imm" or "axis". */
bool verify_refuse_code(struct verifier *verifier, enum diag_code code, uint32_t instruction, const char *member);
/* For the codes whose message also names a unit. */
bool verify_refuse_unit(struct verifier *verifier, enum diag_code code, uint32_t instruction, const char *member,
                        uint16_t unit);

bool verify_pools(struct verifier *verifier);  /* order of the pools; units, constants: verify_pools.c */
bool verify_data(struct verifier *verifier);   /* choices, fields, tables, factors: verify_data.c */
bool verify_result(struct verifier *verifier); /* stages, flows, parts, reports, the rule's header: verify_result.c */
bool verify_axes(struct verifier *verifier);   /* verify_axes.c */
bool verify_bounds(struct verifier *verifier); /* of range axes, once the shapes are known */
bool verify_instruction(struct verifier *verifier, uint32_t instruction); /* sets its shape: verify_code.c */
bool verify_cost(struct verifier *verifier, struct verified *verified);   /* cost.c */

/* The instruction at hand. */
struct verify_at {
    struct verifier *verifier;
    const struct program *program;
    const struct instruction *code;
    const struct opcode_info *info;
    uint32_t number;
    struct value_shape shape; /* of the result; set by verify_at_shape */
};
extern const char *const VERIFY_OPERAND_NAMES[3];
bool verify_at_refuse(const struct verify_at *at, enum diag_code code, const char *member);
uint32_t verify_at_operand(const struct verify_at *at, int k); /* a, b or c */
bool verify_at_shape(struct verify_at *at);                    /* verify_shapes.c */

/* Names that must differ: a new set, and whether the text is new in it. */
void verify_names_begin(struct verifier *verifier);
bool verify_name_is_new(struct verifier *verifier, uint32_t text);

/* Is it the product axis, the axis of the rule's rows, or the constant axis? */
bool axis_is_of_rows(const struct program *program, uint16_t axis);
/* The bounds of a range axis where both are constant; false where they are not. */
bool axis_constant_bounds(const struct program *program, const struct prog_axis *axis, int64_t *first, int64_t *last);
/* Is `outer` the axis itself or one of those around it? */
bool axis_is_around(const struct program *program, uint16_t outer, uint16_t axis);
/* Likewise, or a list whose row is visited there (program_visiting_axis): does each row of `axis` lie in one row of `of`? */
bool axis_is_seen(const struct program *program, uint16_t of, uint16_t axis);
/* Result unit = a * b^power, exactly; without points. */
bool unit_is_product(struct verifier *verifier, uint16_t a, uint16_t b, int power, uint16_t result);
bool unit_is_power(struct verifier *verifier, uint16_t a, int power, uint16_t result);
bool unit_kinds_equal(const struct program *program, uint16_t a, uint16_t b);
bool unit_kinds_equal_but_tags(const struct program *program, uint16_t a, uint16_t b);
/* Is the unit `name` to the first power (not a point), and nothing else? */
bool unit_is_base(const struct program *program, uint16_t unit, struct str name);
bool round_is_valid(const struct prog_round *round);

#endif
