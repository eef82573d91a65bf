/* The verifier: a program with every instruction is accepted; with one thing wrong it is refused, for that reason. */
#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/program_sample.h"
#include "vm/inspect.h"
#include "vm/opcodes.h"

Suite *verify_suite(void);

static struct sample sample;
static struct arena arena;

static void set_up(void)
{
    memset(&sample, 0, sizeof sample);
    sample_start(&sample);
}

static void tear_down(void)
{
    sample_free(&sample);
    arena_free(&arena);
}

/* The code of the message with which the program is refused; DIAG_NONE where it is accepted. */
static enum diag_code refusal(const struct program *program)
{
    struct diags out = diags_in(&arena);
    struct verified *verified = verify_program(&arena, program, &out);
    ck_assert((verified == NULL) == (out.errors > 0));
    ck_assert_uint_le(out.errors, 1);
    return out.first == NULL ? DIAG_NONE : out.first->code;
}

static void assert_refused(const struct program *program, enum diag_code code, const char *what)
{
    enum diag_code found = refusal(program);
    ck_assert_msg(found == code, "%s: %s instead of %s", what, found == DIAG_NONE ? "accepted" : diag_info(found)->slug,
                  diag_info(code)->slug);
}

START_TEST(sample_is_accepted)
{
    struct diags out = diags_in(&arena);
    struct verified *verified = verify_program(&arena, sample.program, &out);
    ck_assert_ptr_nonnull(verified);
    ck_assert_uint_eq(out.errors, 0);
    const struct value_shape *mass = &verified->shapes[sample.m_mass];
    ck_assert(mass->type == VALUE_NUMBER && mass->is_optional);
    ck_assert_uint_eq(mass->unit, builder_unit_id(&sample.builder, "t"));
    const struct value_shape *row = &verified->shapes[sample.m_row];
    ck_assert(row->type == VALUE_ROW && row->is_optional && row->of == sample.on_materials);
}
END_TEST

START_TEST(sample_has_every_instruction)
{
    for (unsigned op = 0; op < OPCODE_END; op++) {
        const struct opcode_info *info = opcode_info(op);
        ck_assert_msg(info == NULL || sample_find(&sample, op) != NULL, "%s", info == NULL ? "" : info->name);
    }
}
END_TEST

/* ---- one wrong operand for each instruction ---- */

/* What is put where. Values are numbers of instructions in the sample, by the offset of their member, or literals. */
struct mutation {
    enum opcode op;
    char member; /* a, b, c, mask, imm, x: axis, u: unit */
    int value;   /* offset in struct sample, or with the literal flag the number itself */
    bool is_literal;
    enum diag_code code;
};
#define VALUE(op, member, name, code)                                                                                  \
    {                                                                                                                  \
        op, member, (int)offsetof(struct sample, name), false, code                                                    \
    }
#define LITERAL(op, member, number, code)                                                                              \
    {                                                                                                                  \
        op, member, number, true, code                                                                                 \
    }
#define NONE (-1) /* NO_OPERAND */

static const struct mutation mutations[] = {
    LITERAL(OP_CONST, 'a', 9999, D_PROGRAM_RANGE),
    LITERAL(OP_CONST, 'x', 1, D_CODE_AXIS),
    LITERAL(OP_CONST, 'b', 0, D_CODE_VALUE),
    LITERAL(OP_FIELD, 'a', 7, D_CODE_TYPE), /* the list of materials */
    LITERAL(OP_FIELD, 'x', 2, D_CODE_AXIS),
    LITERAL(OP_FIELD, 'x', 0, D_CODE_AXIS),
    LITERAL(OP_FIELD, 'x', 99, D_CODE_AXIS),
    LITERAL(OP_FIELD, 'u', 0, D_CODE_UNIT),
    LITERAL(OP_FIELD, 'i', 1, D_CODE_VALUE),
    LITERAL(OP_INDEX, 'x', 1, D_CODE_AXIS),
    LITERAL(OP_INDEX, 'a', 0, D_CODE_VALUE),
    VALUE(OP_GIVEN, 'a', tonnes, D_CODE_AXIS),
    LITERAL(OP_GIVEN, 'u', 1, D_CODE_UNIT),
    VALUE(OP_GIVEN, 'm', flag, D_CODE_VALUE),
    VALUE(OP_NEED, 'a', emit, D_CODE_EARLIER),
    VALUE(OP_NEED, 'm', m_mass, D_CODE_TYPE),
    VALUE(OP_NEED, 'm', flag, D_CODE_AXIS),
    VALUE(OP_NEED, 'm', emit, D_CODE_EARLIER),
    VALUE(OP_WITHIN, 'b', m_mass_given, D_CODE_TYPE),
    VALUE(OP_WITHIN, 'a', m_mass, D_CODE_OPTIONAL),
    VALUE(OP_WITHIN, 'm', m_mass_given, D_CODE_TYPE),
    LITERAL(OP_WITHIN, 'c', 1, D_CODE_VALUE),
    VALUE(OP_ELSE, 'b', m_name, D_CODE_TYPE),
    LITERAL(OP_ELSE, 'i', 2, D_CODE_VALUE),
    LITERAL(OP_ELSE, 'b', NONE, D_CODE_EARLIER),
    VALUE(OP_SPREAD, 'a', m_mass, D_CODE_AXIS),  /* its own axis */
    VALUE(OP_SPREAD, 'a', p_price, D_CODE_AXIS), /* beside it */
    LITERAL(OP_SPREAD, 'x', 1, D_CODE_AXIS),
    VALUE(OP_SPREAD2, 'a', m_mass, D_CODE_AXIS),
    VALUE(OP_SPREAD2, 'a', tonnes, D_CODE_AXIS),
    LITERAL(OP_SPREAD2, 'x', 2, D_CODE_AXIS),
    VALUE(OP_TAKE, 'a', tonnes, D_CODE_TYPE),
    VALUE(OP_TAKE, 'b', p_price, D_CODE_AXIS),
    VALUE(OP_TAKE, 'a', m_mass, D_CODE_AXIS),
    VALUE(OP_ADD, 'a', flag, D_CODE_TYPE),
    VALUE(OP_ADD, 'b', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_ADD, 'b', year, D_CODE_TYPE), /* year + year */
    VALUE(OP_ADD, 'b', m_mass_given, D_CODE_AXIS),
    VALUE(OP_ADD, 'm', flag, D_CODE_VALUE),
    VALUE(OP_SUB, 'b', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_SUB, 'a', text, D_CODE_TYPE),
    LITERAL(OP_SUB, 'u', 1, D_CODE_UNIT),
    VALUE(OP_MUL, 'a', celsius, D_CODE_UNIT),
    VALUE(OP_MUL, 'b', number, D_CODE_UNIT),
    LITERAL(OP_MUL, 'u', 0, D_CODE_UNIT),
    VALUE(OP_MUL, 'a', year, D_CODE_TYPE),
    VALUE(OP_DIV, 'b', number, D_CODE_UNIT),
    VALUE(OP_DIV, 'b', two_kg, D_CODE_UNIT), /* t / kg is no plain number of scale 1 */
    VALUE(OP_DIV, 'b', m_mass, D_CODE_AXIS),
    VALUE(OP_DIV, 'm', number, D_CODE_TYPE),
    VALUE(OP_NEG, 'a', celsius, D_CODE_OPERAND_UNIT),
    VALUE(OP_NEG, 'a', year, D_CODE_TYPE),
    VALUE(OP_ABS, 'a', celsius, D_CODE_OPERAND_UNIT),
    VALUE(OP_ABS, 'a', flag, D_CODE_TYPE),
    VALUE(OP_MIN, 'b', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_MIN, 'b', year, D_CODE_TYPE),
    VALUE(OP_MAX, 'b', two_kg, D_CODE_OPERAND_UNIT),
    VALUE(OP_MAX, 'a', text, D_CODE_TYPE),
    LITERAL(OP_POWI, 'b', 13, D_CODE_VALUE),
    LITERAL(OP_POWI, 'b', -13, D_CODE_VALUE),
    VALUE(OP_POWI, 'a', tonnes, D_CODE_UNIT),
    VALUE(OP_SQRT, 'a', tonnes, D_CODE_UNIT), /* no square */
    VALUE(OP_SQRT, 'a', celsius, D_CODE_UNIT),
    VALUE(OP_SQRT, 'a', year, D_CODE_TYPE),
    LITERAL(OP_SQRT, 'u', 1, D_CODE_UNIT),
    VALUE(OP_POW, 'a', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_POW, 'b', tonnes, D_CODE_OPERAND_UNIT),
    LITERAL(OP_POW, 'u', 1, D_CODE_UNIT),
    VALUE(OP_EXP, 'a', tonnes, D_CODE_OPERAND_UNIT),
    LITERAL(OP_EXP, 'b', 0, D_CODE_VALUE),
    VALUE(OP_LN, 'a', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_LN, 'm', number, D_CODE_TYPE),
    VALUE(OP_CONVERT, 'a', m_name, D_CODE_TYPE),
    LITERAL(OP_CONVERT, 'b', 0, D_CODE_FACTOR),
    LITERAL(OP_CONVERT, 'u', 0, D_CODE_UNIT),
    VALUE(OP_CONVERT, 'a', two_kg, D_CODE_UNIT), /* kg to kg */
    LITERAL(OP_SHIFT, 'b', 0, D_CODE_FACTOR),
    LITERAL(OP_SHIFT, 'c', 0, D_CODE_FACTOR),
    VALUE(OP_SHIFT, 'a', number, D_CODE_UNIT),
    VALUE(OP_RETAG, 'a', tonnes, D_CODE_UNIT),  /* another scale */
    VALUE(OP_RETAG, 'a', number, D_CODE_UNIT),  /* another dimension */
    VALUE(OP_ROUND, 'b', number, D_CODE_VALUE), /* not constant */
    VALUE(OP_ROUND, 'b', two_kg, D_CODE_OPERAND_UNIT),
    LITERAL(OP_ROUND, 'i', ROUNDING_COUNT, D_CODE_VALUE),
    VALUE(OP_ROUND, 'm', flag, D_CODE_VALUE),
    LITERAL(OP_ROUNDSIG, 'b', 0, D_CODE_VALUE),
    LITERAL(OP_ROUNDSIG, 'b', 16, D_CODE_VALUE),
    VALUE(OP_ROUNDSIG, 'a', celsius, D_CODE_OPERAND_UNIT),
    VALUE(OP_LT, 'b', flag, D_CODE_AXIS),
    VALUE(OP_LE, 'a', tonnes, D_CODE_AXIS),
    VALUE(OP_LE, 'a', step_key, D_CODE_EARLIER), /* comes later */
    VALUE(OP_EQ, 'a', m_mass_given, D_CODE_AXIS),
    VALUE(OP_SAME, 'b', flag, D_CODE_TYPE),
    VALUE(OP_SAME, 'a', number, D_CODE_TYPE),
    VALUE(OP_AND, 'a', number, D_CODE_TYPE),
    VALUE(OP_AND, 'b', m_is_heavy, D_CODE_AXIS),
    VALUE(OP_OR, 'b', text, D_CODE_TYPE),
    VALUE(OP_NOT, 'a', year, D_CODE_TYPE),
    VALUE(OP_NOT, 'a', m_is_heavy, D_CODE_AXIS),
    VALUE(OP_SELECT, 'a', number, D_CODE_TYPE),
    VALUE(OP_SELECT, 'b', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_SELECT, 'c', text, D_CODE_TYPE),
    VALUE(OP_SUM, 'a', tonnes, D_CODE_AXIS),
    VALUE(OP_SUM, 'a', m_mass, D_CODE_OPTIONAL),
    VALUE(OP_SUM, 'a', m_is_heavy, D_CODE_TYPE),
    VALUE(OP_SUM, 'b', flag, D_CODE_AXIS),
    VALUE(OP_SUM, 'b', m_name, D_CODE_TYPE),
    LITERAL(OP_SUM, 'i', 3, D_CODE_AXIS),
    LITERAL(OP_SUM, 'i', 4, D_CODE_VALUE), /* pairs lie in materials, not in the product */
    LITERAL(OP_SUM, 'i', 1, D_CODE_VALUE),
    LITERAL(OP_SUM, 'i', 99, D_CODE_VALUE),
    LITERAL(OP_SUM, 'x', 2, D_CODE_VALUE),
    VALUE(OP_COUNT, 'b', flag, D_CODE_AXIS),
    VALUE(OP_COUNT, 'a', number, D_CODE_VALUE),
    LITERAL(OP_COUNT, 'u', 1, D_CODE_UNIT),
    VALUE(OP_LEAST, 'a', year, D_CODE_AXIS),
    LITERAL(OP_LEAST, 'a', NONE, D_CODE_EARLIER),
    VALUE(OP_GREATEST, 'a', tonnes, D_CODE_AXIS),
    VALUE(OP_GREATEST, 'b', number, D_CODE_AXIS),
    VALUE(OP_ANY, 'a', m_mass_given, D_CODE_TYPE),
    VALUE(OP_ANY, 'a', flag, D_CODE_AXIS),
    LITERAL(OP_ARGMAX, 'c', 3, D_CODE_VALUE),
    VALUE(OP_ARGMAX, 'a', m_mass, D_CODE_OPTIONAL),
    VALUE(OP_ARGMIN, 'a', m_name, D_CODE_TYPE),
    LITERAL(OP_ARGMIN, 'u', 1, D_CODE_UNIT),
    VALUE(OP_ONLY, 'b', m_is_heavy, D_CODE_AXIS),
    VALUE(OP_ONLY, 'm', m_mass_given, D_CODE_TYPE),
    VALUE(OP_MATCH, 'a', m_name, D_CODE_TYPE),
    VALUE(OP_MATCH, 'a', m_mass, D_CODE_OPTIONAL),
    VALUE(OP_MATCH, 'a', p_price, D_CODE_AXIS),
    VALUE(OP_MATCH, 'b', m_mass, D_CODE_OPTIONAL),
    VALUE(OP_MATCH, 'b', tonnes, D_CODE_AXIS), /* on no list */
    LITERAL(OP_MATCH, 'c', 0, D_CODE_VALUE),
    VALUE(OP_MATCH, 'm', flag, D_CODE_AXIS),
    VALUE(OP_CALL, 'a', tonnes, D_CODE_OPERAND_UNIT),
    VALUE(OP_CALL, 'a', number, D_CODE_VALUE), /* not rounded */
    LITERAL(OP_CALL, 'b', NONE, D_CODE_VALUE),
    VALUE(OP_CALL, 'c', one, D_CODE_VALUE),
    LITERAL(OP_CALL, 'i', 1, D_PROGRAM_RANGE),
    LITERAL(OP_CALL, 'u', 1, D_CODE_UNIT),
    VALUE(OP_CALL, 'm', number, D_CODE_TYPE),
    VALUE(OP_KEY, 'a', text, D_CODE_TYPE),
    LITERAL(OP_KEY, 'b', 1, D_CODE_TYPE), /* steps are not for KEY */
    LITERAL(OP_KEY, 'b', 2, D_CODE_VALUE),
    LITERAL(OP_KEY, 'i', 1, D_PROGRAM_RANGE),
    VALUE(OP_STEP_KEY, 'a', number, D_CODE_OPERAND_UNIT),
    LITERAL(OP_STEP_KEY, 'b', 0, D_CODE_TYPE),
    VALUE(OP_CELL, 'a', step_key, D_CODE_TYPE),
    VALUE(OP_CELL, 'a', number, D_CODE_TYPE),
    LITERAL(OP_CELL, 'b', NONE, D_CODE_VALUE),
    VALUE(OP_CELL, 'c', key, D_CODE_VALUE),
    LITERAL(OP_COLUMN, 'i', 1, D_CODE_VALUE),
    VALUE(OP_COLUMN, 'a', m_row, D_CODE_TYPE),
    VALUE(OP_FACTOR, 'a', member, D_CODE_TYPE),
    VALUE(OP_FACTOR, 'b', text, D_CODE_TYPE),
    LITERAL(OP_FACTOR, 'b', NONE, D_CODE_VALUE),
    VALUE(OP_FACTOR, 'c', text, D_CODE_VALUE),
    VALUE(OP_FACTOR, 'm', text, D_CODE_TYPE),
    LITERAL(OP_FACTOR, 'i', 7, D_PROGRAM_RANGE),
    VALUE(OP_REQUIRE, 'a', number, D_CODE_TYPE),
    LITERAL(OP_REQUIRE, 'b', 7, D_PROGRAM_RANGE),
    VALUE(OP_ELSE, 'm', m_mass, D_CODE_TYPE),
    VALUE(OP_WARN, 'a', flag, D_CODE_AXIS),
    VALUE(OP_EMIT, 'a', number, D_CODE_OPERAND_UNIT),
    VALUE(OP_EMIT, 'a', two_kg, D_CODE_OPERAND_UNIT),
    LITERAL(OP_EMIT, 'x', 2, D_CODE_AXIS),
    LITERAL(OP_EMIT, 'b', 1, D_PROGRAM_RANGE),
    VALUE(OP_EMIT, 'm', m_is_heavy, D_CODE_AXIS),
    VALUE(OP_OUTPUT, 'a', tonnes, D_CODE_OPERAND_UNIT),
    LITERAL(OP_OUTPUT, 'x', 2, D_CODE_AXIS),
    VALUE(OP_OUTPUT, 'a', text, D_CODE_TYPE),
    VALUE(OP_ROW, 'x', on_years, D_CODE_AXIS),
    LITERAL(OP_ROW, 'x', AXIS_ID_PRODUCT, D_CODE_AXIS),
    LITERAL(OP_ROW, 'i', 1, D_PROGRAM_RANGE),
    VALUE(OP_INVENTORY, 'a', number, D_CODE_OPERAND_UNIT),
    VALUE(OP_INVENTORY, 'x', on_materials, D_CODE_AXIS),
    LITERAL(OP_INVENTORY, 'b', 1, D_PROGRAM_RANGE),
    VALUE(OP_JUDGE, 'a', number, D_CODE_TYPE),
    VALUE(OP_JUDGE, 'b', grade_without_limit, D_CODE_VALUE),
    LITERAL(OP_JUDGE, 'b', 2, D_PROGRAM_RANGE),
    LITERAL(OP_JUDGE, 'i', 2, D_CODE_VALUE),
    VALUE(OP_JUDGE, 'x', on_materials, D_CODE_AXIS),
};

static uint32_t mutated_value(const struct mutation *mutation)
{
    if (mutation->is_literal) {
        return (uint32_t)mutation->value; /* NONE is NO_OPERAND */
    }
    uint32_t number;
    memcpy(&number, (const char *)&sample + mutation->value, sizeof number);
    return number;
}

static void mutate(struct instruction *code, char member, uint32_t value)
{
    switch (member) {
    case 'a':
        code->a = value;
        return;
    case 'b':
        code->b = value;
        return;
    case 'c':
        code->c = value;
        return;
    case 'm':
        code->mask = value;
        return;
    case 'i':
        code->imm = (uint16_t)value;
        return;
    case 'x':
        code->axis = (uint16_t)value;
        return;
    case 'u':
        code->unit = (uint16_t)(value == 0 && code->unit == 0 ? 1 : value);
        return;
    default:
        ck_abort();
    }
}

START_TEST(wrong_operand_is_refused)
{
    const struct mutation *mutation = &mutations[_i];
    struct instruction *code = sample_find(&sample, mutation->op);
    mutate(code, mutation->member, mutated_value(mutation));
    char what[80];
    snprintf(what, sizeof what, "%d: %s with another %c", _i, opcode_info(mutation->op)->name, mutation->member);
    assert_refused(sample.program, mutation->code, what);
}
END_TEST

START_TEST(every_instruction_is_refused_somewhere)
{
    for (unsigned op = 0; op < OPCODE_END; op++) {
        bool is_found = opcode_info(op) == NULL;
        for (size_t i = 0; i < countof(mutations) && !is_found; i++) {
            is_found = (unsigned)mutations[i].op == op;
        }
        ck_assert_msg(is_found, "no mutation of 0x%02x", op);
    }
}
END_TEST

START_TEST(unknown_instruction_is_refused)
{
    sample.program->code[3].op = 0x0A;
    assert_refused(sample.program, D_CODE_OPCODE, "0x0A");
    sample.program->code[3].op = 0xFFFF;
    assert_refused(sample.program, D_CODE_OPCODE, "0xFFFF");
}
END_TEST

/* Optional operands where a given value is wanted. */
START_TEST(absence_must_be_handled)
{
    sample_find(&sample, OP_LE)->b = sample.m_mass;
    assert_refused(sample.program, D_CODE_OPTIONAL, "LE");
}
END_TEST

/* ---- one wrong thing elsewhere ---- */

struct fault {
    const char *what;
    void (*make)(struct program *program);
    enum diag_code code;
};

#define FAULT(name, ...)                                                                                               \
    static void name(struct program *program)                                                                          \
    {                                                                                                                  \
        __VA_ARGS__;                                                                                                   \
    }

FAULT(first_axis, program->axes[0].kind = AXIS_PRODUCT)
FAULT(second_axis, program->axes[1].max = 1)
FAULT(axis_kind, program->axes[2].kind = 9)
FAULT(axis_parent_later, program->axes[2].parent = 3)
FAULT(axis_parent_constant, program->axes[2].parent = 0)
FAULT(axis_of_scalar, program->axes[2].list = 0)
FAULT(axis_of_nothing, program->axes[2].list = 999)
FAULT(axis_twice, program->axes[3] = program->axes[2])
FAULT(pair_of_pair, program->axes[4].list = 4)
FAULT(pair_bounds, program->axes[4].first = 0)
FAULT(range_max_zero, program->axes[5].max = 0)
FAULT(range_max_large, program->axes[5].max = LIMIT_RANGE + 1)
FAULT(range_bound_out, program->axes[5].last = 9999)
FAULT(range_bound_later, program->axes[5].last = program->code_count - 1)
FAULT(range_of_rows, program->axes[5].list = 0)
FAULT(range_bound_unit, program->axes[5].first = 0)
FAULT(range_bound_optional, program->axes[5].first = 20)
FAULT(text_bytes, program->texts[1].at = "\xff\xfe"; program->texts[1].len = 2)
FAULT(text_nul, program->texts[1].at = "a\0b"; program->texts[1].len = 3)
FAULT(text_order, struct str text = program->texts[0]; program->texts[0] = program->texts[1]; program->texts[1] = text)
FAULT(label_twice, program->labels[1] = program->labels[0])
FAULT(unit_twice, program->units[2].kind = program->units[1].kind; program->units[2].scale = program->units[1].scale;
      program->units[2].is_point = program->units[1].is_point; program->units[2].offset = program->units[1].offset)
FAULT(unit_text_twice, program->units[2].text = program->units[1].text)
static uint32_t some_constant(const struct program *program, bool is_last)
{
    uint32_t at = is_last ? program->code_count - 1 : 0;
    while (program->code[at].op != OP_CONST) {
        at = is_last ? at - 1 : at + 1;
    }
    return at;
}

/* Two places of constants. */
static void name_instructions(struct program *program, uint32_t first, uint32_t second)
{
    static struct prog_naming namings[2];
    for (int i = 0; i < 2; i++) {
        namings[i] = (struct prog_naming){i == 0 ? first : second, NO_INDEX, NO_INDEX, NO_INDEX};
    }
    program->namings = namings;
    program->naming_count = 2;
}
FAULT(naming_order, name_instructions(program, some_constant(program, true), some_constant(program, false)))
FAULT(naming_no_constant, name_instructions(program, some_constant(program, false), program->code_count - 1))
FAULT(naming_out, name_instructions(program, some_constant(program, false), program->code_count))
/* Two named formulas: of `second` the value, kind and mention. */
static void name_formulas(struct program *program, uint32_t instruction, uint8_t kind, uint32_t mentioned)
{
    static struct prog_item items[2];
    static struct prog_item_value values[2];
    static uint32_t uses[1];
    for (int i = 0; i < 2; i++) {
        values[i] = (struct prog_item_value){i == 0 ? 0 : instruction, NO_INDEX, NO_INDEX};
        items[i] = (struct prog_item){.values = &values[i], .value_count = 1};
        items[i].titles = program->rule.titles;
        items[i].constant = items[i].text = items[i].doc = items[i].cite = items[i].clause = items[i].file = NO_INDEX;
    }
    uses[0] = mentioned;
    items[1].kind = kind;
    items[1].uses = uses;
    items[1].use_count = 1;
    program->items = items;
    program->item_count = 2;
}
FAULT(item_of_root, name_formulas(program, program->code_count - 1, ITEM_LET, 0))
FAULT(item_out, name_formulas(program, program->code_count, ITEM_LET, 0))
FAULT(item_kind, name_formulas(program, 0, ITEM_KIND_COUNT, 0))
FAULT(item_of_itself, name_formulas(program, 0, ITEM_LET, 1))
FAULT(item_behind, name_formulas(program, 0, ITEM_LET, 7))
FAULT(unit_not_plain, program->units[0].scale = rat_int(2))
FAULT(unit_scale_zero, program->units[1].scale = RAT_ZERO)
FAULT(unit_exponent_zero, program->units[1].kind.factors[0].exponent = 0)
FAULT(unit_exponent_large, program->units[1].kind.factors[0].exponent = 13)
FAULT(unit_generator, program->units[1].kind.factors[0].generator = 99)
FAULT(unit_factors, program->units[1].kind.count = UNIT_FACTORS_MAX + 1)
FAULT(unit_point_of_mass, program->units[program->rule.declared_unit].is_point = true)
FAULT(generator_order, struct prog_generator first = program->generators[0];
      program->generators[0] = program->generators[1]; program->generators[1] = first)
FAULT(constant_type, program->constants[0].type = VALUE_ROW)
FAULT(constant_order, struct prog_const first = program->constants[0]; program->constants[0] = program->constants[1];
      program->constants[1] = first)
FAULT(constant_choice, program->constants[0].of = 0)
FAULT(field_type, program->fields[0].type = VALUE_ROW)
FAULT(field_choice, program->fields[0].choice = 0)
FAULT(field_parent, program->fields[0].parent = 3)
FAULT(field_name_twice, program->fields[1].name = program->fields[0].name)
FAULT(field_range, program->fields[0].low = program->constant_count - 1)
FAULT(field_range_of_text, program->fields[4].low = 0)
FAULT(field_default, program->fields[0].has_default = 1)
FAULT(field_cut, program->fields[7].has_cut = 1)
FAULT(field_key, program->fields[0].key = 1)
FAULT(list_key_elsewhere, program->fields[7].key = 0)
FAULT(list_key_optional, program->fields[7].key = 9)
FAULT(native_params, program->natives[0].param_count = 0)
FAULT(native_point, program->natives[0].unit = builder_unit_id(&sample.builder, "℃"))
FAULT(list_unit, program->fields[7].unit = 1)
FAULT(choice_empty, program->choices[0].member_count = 0)
FAULT(choice_twice, program->choices[0].members[1] = program->choices[0].members[0])
FAULT(table_row, program->tables[0].rows[0] = 3)
FAULT(table_row_unused, program->tables[0].rows[0] = 1)
FAULT(table_slots, program->tables[0].row_slots = 3)
FAULT(table_dimension, program->tables[0].dimensions[0].type = VALUE_BOOL)
FAULT(table_otherwise, program->tables[0].dimensions[1].has_otherwise = false)
FAULT(table_key, program->tables[0].dimensions[1].keys[0] = program->constant_count - 1)
FAULT(table_below, program->tables[0].dimensions[1].is_below[0] = 2)
FAULT(table_cell, program->tables[0].columns[0].cells[0] = NO_INDEX)
FAULT(table_cell_type, program->tables[0].columns[0].cells[0] = program->constant_count - 1)
FAULT(factor_key, program->factors[0].keys[0].type = 9)
FAULT(factor_choice, program->factors[0].keys[0].choice = 0)
FAULT(factor_fallback, program->factors[0].fallback = program->constant_count - 1)
FAULT(stage_when, program->stages[0].when = 0)
FAULT(flow_stage, program->flows[0].stage = 1)
FAULT(part_missing, program->part_count = 0)
FAULT(output_round, program->outputs[0].round.digits = 16)
FAULT(output_mode, program->outputs[0].round.mode = ROUNDING_COUNT)
FAULT(requirement_unused, program->requirement_count = 3; static struct prog_requirement three[3];
      memcpy(three, program->requirements, 2 * sizeof three[0]); three[2] = three[1]; program->requirements = three)
FAULT(requirement_kind, program->requirements[0].kind = 3)
FAULT(rule_declared, program->rule.declared = program->constant_count - 1)
FAULT(rule_reference, program->rule.reference = 2)
FAULT(rule_total, program->rule.total_unit = program->rule.declared_unit)
FAULT(rule_round, program->rule.round.how = PROG_ROUND_COUNT)
FAULT(phase_state, program->phases[0].state = PHASE_ZERO)
FAULT(phase_unknown, program->phases[0].state = 3)
FAULT(category_unused, static struct prog_category two[2]; two[0] = program->categories[0];
      two[1].name = program->rule.name; program->categories = two; program->category_count = 2)
FAULT(category_twice, static struct prog_category two[2]; two[0] = two[1] = program->categories[0];
      program->categories = two; program->category_count = 2)
static struct prog_breakdown_member scopes[2] = {
    {0, false, {{NO_INDEX, NO_INDEX}}},
    {1, false, {{NO_INDEX, NO_INDEX}}}
};
static struct prog_breakdown scope = {
    0, scopes, 2, {{NO_INDEX, NO_INDEX}}
};
static struct prog_flow_member in_scope[2];
FAULT(breakdown_member_twice, static struct prog_breakdown_member same[2]; same[0] = same[1] = scopes[0];
      static struct prog_breakdown bad; bad = scope; bad.members = same; program->breakdowns = &bad;
      program->breakdown_count = 1)
FAULT(member_unknown, program->breakdowns = &scope; program->breakdown_count = 1;
      in_scope[0] = (struct prog_flow_member){0, 2}; program->flows[0].members = in_scope;
      program->flows[0].member_count = 1)
FAULT(members_of_one, program->breakdowns = &scope; program->breakdown_count = 1;
      in_scope[0] = in_scope[1] = (struct prog_flow_member){0, 1}; program->flows[0].members = in_scope;
      program->flows[0].member_count = 2)
FAULT(flow_kind, program->flows[0].kind = 3)
FAULT(stage_phase, program->stages[0].phase = 1)
FAULT(row_axis, program->rule.row_axis = 4)
FAULT(row_name, program->rule.row_name = 0)
FAULT(headline, program->rule.headline = 0)
FAULT(validity, program->rule.valid_from = 2; program->rule.valid_to = 1)
FAULT(period_of_mass, program->rule.period_field = 0)
FAULT(grade_otherwise_below, program->grades[1].is_below = true)
FAULT(grade_limit_unit, program->grades[0].limit = program->grades[0].limit - 1)
FAULT(grade_twice, program->grades[1].name = program->grades[0].name)
FAULT(dead_code, program->stages[0].when = NO_OPERAND)

static const struct fault faults[] = {
    {"first axis",                              first_axis,           D_PROGRAM_VALUE },
    {"second axis",                             second_axis,          D_PROGRAM_VALUE },
    {"kind of axis",                            axis_kind,            D_PROGRAM_VALUE },
    {"parent after its axis",                   axis_parent_later,    D_PROGRAM_VALUE },
    {"list in constants",                       axis_parent_constant, D_PROGRAM_VALUE },
    {"rows of a scalar",                        axis_of_scalar,       D_PROGRAM_VALUE },
    {"rows of nothing",                         axis_of_nothing,      D_PROGRAM_VALUE },
    {"axis twice",                              axis_twice,           D_PROGRAM_ORDER },
    {"pair of a pair",                          pair_of_pair,         D_PROGRAM_VALUE },
    {"pair with bounds",                        pair_bounds,          D_PROGRAM_VALUE },
    {"range without rows",                      range_max_zero,       D_PROGRAM_VALUE },
    {"range past the limit",                    range_max_large,      D_PROGRAM_VALUE },
    {"bound out of range",                      range_bound_out,      D_PROGRAM_VALUE },
    {"bound after its use",                     range_bound_later,    D_CODE_AXIS     },
    {"ends of rows that vary",                  range_of_rows,        D_PROGRAM_VALUE },
    {"bound in tonnes",                         range_bound_unit,     D_PROGRAM_VALUE },
    {"bound that may be absent",                range_bound_optional, D_PROGRAM_VALUE },
    {"text not UTF-8",                          text_bytes,           D_PROGRAM_TEXT  },
    {"text with NUL",                           text_nul,             D_PROGRAM_TEXT  },
    {"texts out of order",                      text_order,           D_PROGRAM_ORDER },
    {"label twice",                             label_twice,          D_PROGRAM_ORDER },
    {"unit twice",                              unit_twice,           D_PROGRAM_ORDER },
    {"places of constants out of order",        naming_order,         D_PROGRAM_ORDER },
    {"place of no constant",                    naming_no_constant,   D_PROGRAM_VALUE },
    {"named formula of a root",                  item_of_root,         D_PROGRAM_VALUE },
    {"named formula out of range",               item_out,             D_PROGRAM_RANGE },
    {"named formula of no kind",                 item_kind,            D_PROGRAM_VALUE },
    {"named formula that mentions itself",       item_of_itself,       D_PROGRAM_ORDER },
    {"named formula that mentions a later one",  item_behind,          D_PROGRAM_ORDER },
    {"place out of range",                      naming_out,           D_PROGRAM_RANGE },
    {"text of a unit twice",                    unit_text_twice,      D_PROGRAM_ORDER },
    {"unit 0 not plain",                        unit_not_plain,       D_PROGRAM_VALUE },
    {"scale 0",                                 unit_scale_zero,      D_PROGRAM_VALUE },
    {"exponent 0",                              unit_exponent_zero,   D_PROGRAM_VALUE },
    {"exponent 13",                             unit_exponent_large,  D_PROGRAM_VALUE },
    {"unit of an unknown generator",            unit_generator,       D_PROGRAM_RANGE },
    {"unit with too many factors",              unit_factors,         D_PROGRAM_LIMIT },
    {"point of mass",                           unit_point_of_mass,   D_PROGRAM_VALUE },
    {"generators out of order",                 generator_order,      D_PROGRAM_ORDER },
    {"constant row",                            constant_type,        D_PROGRAM_VALUE },
    {"constants out of order",                  constant_order,       D_PROGRAM_ORDER },
    {"number of a choice",                      constant_choice,      D_PROGRAM_VALUE },
    {"field of rows",                           field_type,           D_PROGRAM_VALUE },
    {"number field with a choice",              field_choice,         D_PROGRAM_VALUE },
    {"field in a scalar",                       field_parent,         D_PROGRAM_VALUE },
    {"field twice",                             field_name_twice,     D_PROGRAM_ORDER },
    {"text as lower bound",                     field_range,          D_PROGRAM_VALUE },
    {"text with a range",                       field_range_of_text,  D_PROGRAM_VALUE },
    {"default without option",                  field_default,        D_PROGRAM_VALUE },
    {"key of what is no list",                  field_key,            D_PROGRAM_VALUE },
    {"key that is no field of the list",        list_key_elsewhere,   D_PROGRAM_VALUE },
    {"key that may be absent",                  list_key_optional,    D_PROGRAM_VALUE },
    {"external function without parameters",    native_params,        D_PROGRAM_VALUE },
    {"external function that gives a point",    native_point,         D_PROGRAM_VALUE },
    {"cutoff without reason",                   field_cut,            D_PROGRAM_VALUE },
    {"list in kg",                              list_unit,            D_PROGRAM_VALUE },
    {"choice of nothing",                       choice_empty,         D_PROGRAM_VALUE },
    {"member twice",                            choice_twice,         D_PROGRAM_ORDER },
    {"row out of range",                        table_row,            D_PROGRAM_RANGE },
    {"row that no key meets",                   table_row_unused,     D_PROGRAM_UNUSED},
    {"too few rows for the keys",               table_slots,          D_PROGRAM_VALUE },
    {"key by bool",                             table_dimension,      D_PROGRAM_VALUE },
    {"rows for an otherwise that is not there", table_otherwise,      D_PROGRAM_VALUE },
    {"step of text",                            table_key,            D_PROGRAM_VALUE },
    {"step neither below nor up to",            table_below,          D_PROGRAM_VALUE },
    {"cell missing",                            table_cell,           D_PROGRAM_VALUE },
    {"text cell in a column of numbers",        table_cell_type,      D_PROGRAM_VALUE },
    {"kind of key",                             factor_key,           D_PROGRAM_VALUE },
    {"region of a choice",                      factor_choice,        D_PROGRAM_VALUE },
    {"text as default",                         factor_fallback,      D_PROGRAM_VALUE },
    {"stage when a mass",                       stage_when,           D_PROGRAM_VALUE },
    {"flow of no stage",                        flow_stage,           D_PROGRAM_RANGE },
    {"flow without part",                       part_missing,         D_PROGRAM_RANGE },
    {"16 digits",                               output_round,         D_PROGRAM_VALUE },
    {"unknown rounding",                        output_mode,          D_PROGRAM_VALUE },
    {"requirement that nothing asks for",       requirement_unused,   D_PROGRAM_UNUSED},
    {"text as declared amount",                 rule_declared,        D_PROGRAM_VALUE },
    {"reference in another unit",               rule_reference,       D_PROGRAM_VALUE },
    {"total not in CO2e",                       rule_total,           D_PROGRAM_VALUE },
    {"unknown kind of rounding",                rule_round,           D_PROGRAM_VALUE },
    {"declared phase said to be zero",          phase_state,          D_PROGRAM_VALUE },
    {"unknown kind of requirement",             requirement_kind,     D_PROGRAM_VALUE },
    {"unknown state of a phase",                phase_unknown,        D_PROGRAM_VALUE },
    {"category without emissions",              category_unused,      D_PROGRAM_UNUSED},
    {"category twice",                          category_twice,       D_PROGRAM_ORDER },
    {"member of a breakdown twice",             breakdown_member_twice, D_PROGRAM_ORDER},
    {"flow in no member",                       member_unknown,       D_PROGRAM_RANGE },
    {"flow in two members of one breakdown",    members_of_one,       D_PROGRAM_ORDER },
    {"kind of flow",                            flow_kind,            D_PROGRAM_VALUE },
    {"stage of no phase",                       stage_phase,          D_PROGRAM_RANGE },
    {"results by pairs",                        row_axis,             D_PROGRAM_VALUE },
    {"name of rows that are not there",         row_name,             D_PROGRAM_VALUE },
    {"headline of rows that are not there",     headline,             D_PROGRAM_VALUE },
    {"end before the beginning",                validity,             D_PROGRAM_VALUE },
    {"mass as period",                          period_of_mass,       D_PROGRAM_VALUE },
    {"otherwise with a limit",                  grade_otherwise_below, D_PROGRAM_VALUE},
    {"limit of another unit",                   grade_limit_unit,     D_PROGRAM_VALUE },
    {"class twice",                             grade_twice,          D_PROGRAM_ORDER },
    {"condition that no stage uses",            dead_code,            D_CODE_DEAD     },
};

START_TEST(wrong_structure_is_refused)
{
    faults[_i].make(sample.program);
    assert_refused(sample.program, faults[_i].code, faults[_i].what);
}
END_TEST

/* A table of three rows, walked from `first` to `last`. */
/* ROW of a table of three rows on a range; where the axis says of what table its numbers are, or NO_INDEX. */
static void walk(const char *first, const char *last, uint32_t walked, enum diag_code expected)
{
    struct builder b;
    builder_start(&b);
    uint32_t table = builder_table(&b, "t", 1, 3);
    struct prog_dimension *keys = builder_dimension(&b, table, VALUE_YEAR);
    keys->key_count = 3;
    keys->keys = arena_array(&b.arena, uint32_t, 3);
    uint32_t cells[3];
    const uint32_t rows[3] = {0, 1, 2};
    for (uint32_t i = 0; i < 3; i++) {
        keys->keys[i] = builder_const(&b, VALUE_YEAR, 2020 + i, NO_INDEX);
        cells[i] = builder_rational(&b, "7");
    }
    builder_rows(&b, table, rows, 3);
    builder_column(&b, table, 0, "", VALUE_NUMBER, 0, cells);
    uint16_t axis =
        builder_range(&b, AXIS_ID_PRODUCT, builder_number(&b, first, 0), builder_number(&b, last, 0), 10);
    b.program.axes[axis].list = walked;
    uint32_t row = builder_op(
        &b, (struct instruction){OP_ROW, axis, 0, (uint16_t)table, NO_OPERAND, NO_OPERAND, NO_OPERAND, NO_OPERAND});
    uint32_t cell = builder_one(&b, OP_COLUMN, axis, 0, row);
    builder_report(&b, "r", 0, builder_reduce(&b, OP_SUM, axis, 0, cell, NO_OPERAND));
    ck_assert_int_eq(refusal(builder_finish(&b)), expected);
    builder_free(&b);
}

START_TEST(walk_stays_in_the_table)
{
    walk("1", "3", NO_INDEX, DIAG_NONE);
    walk("2", "2", NO_INDEX, DIAG_NONE);
    walk("1", "4", NO_INDEX, D_CODE_AXIS);
    walk("0", "3", NO_INDEX, D_CODE_AXIS);
    walk("1/2", "3", NO_INDEX, D_CODE_AXIS);
}
END_TEST

START_TEST(an_axis_numbers_rows_of_its_table)
{
    walk("1", "3", 0, DIAG_NONE);
    walk("2", "2", 0, DIAG_NONE);
    walk("1", "3", 1, D_PROGRAM_RANGE);
    walk("1", "4", 0, D_CODE_AXIS);
}
END_TEST

START_TEST(repetition_is_refused)
{
    struct builder b;
    builder_start(&b);
    uint32_t mass = builder_load(&b, builder_field(&b, NO_INDEX, "mass", 0));
    b.is_sharing = false;
    uint32_t one = builder_one(&b, OP_NEG, AXIS_ID_PRODUCT, 0, mass);
    uint32_t two = builder_one(&b, OP_NEG, AXIS_ID_PRODUCT, 0, mass);
    builder_report(&b, "r", 0, builder_two(&b, OP_ADD, AXIS_ID_PRODUCT, 0, one, two));
    assert_refused(builder_finish(&b), D_CODE_TWICE, "NEG twice");
    builder_free(&b);
}
END_TEST

START_TEST(emission_may_not_come_twice)
{
    struct instruction *emit = sample_find(&sample, OP_EMIT);
    *sample_find(&sample, OP_OUTPUT) = *emit;
    sample_find(&sample, OP_EMIT)->a = sample.builder.program.code[emit->a].a;
    ck_assert(refusal(sample.program) != DIAG_NONE);
}
END_TEST

START_TEST(message_names_instruction_and_place)
{
    sample_find(&sample, OP_NEG)->a = sample.celsius;
    struct diags out = diags_in(&arena);
    ck_assert_ptr_null(verify_program(&arena, sample.program, &out));
    struct str message = diag_message(&arena, out.first, LANG_EN);
    ck_assert_ptr_nonnull(strstr(str_copy(&arena, message).at, "NEG"));
    ck_assert_ptr_nonnull(strstr(str_copy(&arena, message).at, "℃"));
    ck_assert_ptr_nonnull(out.first->notes);
    struct str note = diag_text(&arena, out.first->notes->text, LANG_EN);
    ck_assert_ptr_nonnull(strstr(str_copy(&arena, note).at, "test.pcr:"));
}
END_TEST

/* ---- units ---- */

static uint16_t units_kwh, units_mj, units_price;

static void product_of(const char *kind, const char *scale, enum diag_code expected)
{
    struct builder b;
    builder_start(&b);
    units_kwh = builder_unit(&b, "kWh", "3600000", "kg m^2 s^-2");
    units_mj = builder_unit(&b, "MJ", "1000000", "kg m^2 s^-2");
    units_price = builder_unit(&b, "CNY/kWh", "1/3600000", "CNY kg^-1 m^-2 s^2");
    uint16_t result = builder_unit(&b, "result", scale, kind);
    builder_declare_unit(&b, result);
    uint32_t energy = builder_load(&b, builder_field(&b, NO_INDEX, "energy", units_kwh));
    uint32_t price = builder_load(&b, builder_field(&b, NO_INDEX, "price", units_price));
    builder_report(&b, "cost", result, builder_two(&b, OP_MUL, AXIS_ID_PRODUCT, result, energy, price));
    assert_refused(builder_finish(&b), expected, kind);
    builder_free(&b);
}

START_TEST(units_multiply_exactly)
{
    struct builder b;
    builder_start(&b);
    uint16_t kwh = builder_unit(&b, "kWh", "3600000", "kg m^2 s^-2");
    uint16_t price = builder_unit(&b, "CNY/kWh", "1/3600000", "CNY kg^-1 m^-2 s^2");
    uint16_t cny = builder_unit(&b, "CNY", "1", "CNY");
    uint32_t energy = builder_load(&b, builder_field(&b, NO_INDEX, "energy", kwh));
    uint32_t unit_price = builder_load(&b, builder_field(&b, NO_INDEX, "price", price));
    builder_report(&b, "cost", cny, builder_two(&b, OP_MUL, AXIS_ID_PRODUCT, cny, energy, unit_price));
    ck_assert_int_eq(refusal(builder_finish(&b)), DIAG_NONE);
    builder_free(&b);
    product_of("CNY", "1000001/1000000", D_CODE_UNIT); /* nearly */
    product_of("CNY^2", "1", D_CODE_UNIT);
    product_of("CNY kg", "1", D_CODE_UNIT);
    product_of("CNY {tag}", "1", D_CODE_UNIT);
}
END_TEST

/* ---- cost ---- */

START_TEST(cost_counts_rows)
{
    struct diags out = diags_in(&arena);
    struct verified *verified = verify_program(&arena, sample.program, &out);
    ck_assert_ptr_nonnull(verified);
    struct str text = cost_text(&arena, verified);
    ck_assert_ptr_nonnull(strstr(str_copy(&arena, text).at, "·materials·prices"));
    uint64_t lengths[32] = {0};
    uint64_t none = cost_of(verified, lengths);
    lengths[sample.materials] = 10;
    uint64_t ten = cost_of(verified, lengths);
    lengths[sample.prices] = 100;
    uint64_t both = cost_of(verified, lengths);
    /* By hand: on materials 20: name, mass, ELSE, GIVEN, NEED, WITHIN, SPREAD, LE, CONVERT, TAKE and GIVEN twice, SAME,
       OR, WARN, and SUM, ARGMAX, ARGMIN, ANY over them; on pairs SPREAD, SPREAD2, EQ, and ONLY over them; one price. MATCH is 4 on
       materials and 4 on prices. */
    ck_assert_uint_eq(ten - none, 200 + 40);
    ck_assert_uint_eq(both - ten, 100 + 400 + 4 * 1000);
    lengths[sample.materials] = UINT64_MAX / 2;
    lengths[sample.prices] = UINT64_MAX / 2;
    ck_assert_uint_eq(cost_of(verified, lengths), UINT64_MAX);
}
END_TEST

/* One sum of each list, two levels deep in one of them. */
START_TEST(cost_of_nested_lists_is_by_their_total)
{
    struct builder b;
    builder_start(&b);
    uint32_t plants = builder_list(&b, NO_INDEX, "plants");
    uint32_t meters = builder_list(&b, plants, "meters");
    uint32_t read = builder_load(&b, builder_field(&b, meters, "read", 0));
    uint32_t of_plant = builder_reduce(&b, OP_SUM, b.list_axis[meters], 0, read, NO_OPERAND);
    uint32_t all = builder_reduce(&b, OP_SUM, b.list_axis[plants], 0, of_plant, NO_OPERAND);
    builder_report(&b, "all", 0, all);
    struct diags out = diags_in(&arena);
    struct verified *verified = verify_program(&arena, builder_finish(&b), &out);
    ck_assert_ptr_nonnull(verified);
    struct str text = cost_text(&arena, verified);
    ck_assert_str_eq(str_copy(&arena, text).at, "1 + 1·plants + 2·plants.meters");
    builder_free(&b);
}
END_TEST

START_TEST(listing_shows_every_instruction)
{
    struct diags out = diags_in(&arena);
    struct verified *verified = verify_program(&arena, sample.program, &out);
    struct str listing = inspect_listing(&arena, verified);
    const char *text = str_copy(&arena, listing).at;
    ck_assert_ptr_nonnull(strstr(text, "%41 = DIV %0, %40 : 1 mask %3"));
    ck_assert_ptr_nonnull(strstr(text, "= ONLY where %28 over [materials × prices] : row of prices? [materials]"));
    for (unsigned op = 0; op < OPCODE_END; op++) {
        const struct opcode_info *info = opcode_info(op);
        ck_assert(info == NULL || strstr(text, info->name) != NULL);
    }
}
END_TEST

Suite *verify_suite(void)
{
    Suite *suite = suite_create("verify");
    TCase *accepted = tcase_create("accepted");
    tcase_add_checked_fixture(accepted, set_up, tear_down);
    tcase_add_test(accepted, sample_is_accepted);
    tcase_add_test(accepted, sample_has_every_instruction);
    tcase_add_test(accepted, units_multiply_exactly);
    tcase_add_test(accepted, cost_counts_rows);
    tcase_add_test(accepted, cost_of_nested_lists_is_by_their_total);
    tcase_add_test(accepted, listing_shows_every_instruction);
    suite_add_tcase(suite, accepted);
    TCase *refused = tcase_create("refused");
    tcase_add_checked_fixture(refused, set_up, tear_down);
    tcase_add_loop_test(refused, wrong_operand_is_refused, 0, (int)countof(mutations));
    tcase_add_test(refused, every_instruction_is_refused_somewhere);
    tcase_add_test(refused, unknown_instruction_is_refused);
    tcase_add_test(refused, absence_must_be_handled);
    tcase_add_loop_test(refused, wrong_structure_is_refused, 0, (int)countof(faults));
    tcase_add_test(refused, repetition_is_refused);
    tcase_add_test(refused, walk_stays_in_the_table);
    tcase_add_test(refused, an_axis_numbers_rows_of_its_table);
    tcase_add_test(refused, emission_may_not_come_twice);
    tcase_add_test(refused, message_names_instruction_and_place);
    suite_add_tcase(suite, refused);
    return suite;
}
