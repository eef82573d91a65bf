/* Operations and how their numbers are told. A per cent is told as a hundredth wherever it stands, and what the machine
   calls the unit of a product need not be what its operands are called: so each term carries by what its number differs
   from the machine's, and where two have to be told alike the factor is a step of its own. */
#include "base/decimal.h"
#include "vm/explain_build.h"
#include "vm/opcodes.h"

struct term term_of(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct value_shape *shape = &build_run(building)->shapes[instruction];
    struct zuji_value *value = arena_new(explaining->teller.arena, struct zuji_value);
    *value = explain_tell(explaining, instruction, row);
    bool is_number = shape->type == VALUE_NUMBER;
    return (struct term){
        {.operation = operation, .value = value, .by_text = "", .mode = ""},
        is_number ? explain_unit(build_run(building)->arena, explaining->program, shape->unit).by : RAT_ONE
    };
}

struct term term_node(struct building *building, const struct zuji_explanation *part, uint32_t instruction)
{
    const struct value_shape *shape = &build_run(building)->shapes[instruction];
    explain_add_part(building->explaining, building->node, part);
    bool is_number = shape->type == VALUE_NUMBER;
    return (struct term){
        explain_node_formula(part),
        is_number ? explain_unit(build_run(building)->arena, building->explaining->program, shape->unit).by : RAT_ONE};
}

struct zuji_formula *term_operands(struct building *building, struct zuji_formula *formula, size_t count)
{
    struct zuji_formula *operands = arena_array(building->explaining->teller.arena, struct zuji_formula, count);
    formula->operands = operands;
    formula->operand_count = count;
    return operands;
}

/* ---- numbers as they are told ---- */

/* The number of the instruction times `by`; its unit is that of the machine only where it is told so there, too. */
static void tell_product(struct building *building, struct term *term, uint32_t instruction, uint32_t row,
                         struct rat by)
{
    struct exact_value value = exact_get(build_run(building), instruction, row);
    if (!rat_eq(term->by, by) && value.state == STATE_GIVEN) {
        struct arena *arena = build_run(building)->arena;
        struct rat number = rat_mul(arena, value.number, by);
        struct zuji_value *told = arena_new(building->explaining->teller.arena, struct zuji_value);
        *told = explain_number(building->explaining, 0, number);
        told->unit = "";
        term->formula.value = told;
        term->by = by;
    }
}

void term_retell(struct building *building, struct term *term, uint32_t instruction, uint32_t row, struct rat by)
{
    struct arena *arena = build_run(building)->arena;
    if (rat_eq(term->by, by)) {
        return;
    }
    struct rat between = rat_div(arena, by, term->by);
    struct term told = term_of(building, ZUJI_OP_CONVERT, instruction, row);
    struct zuji_formula *operands = term_operands(building, &told.formula, 1);
    operands[0] = term->formula;
    told.formula.by = rat_to_double(between);
    told.formula.by_text = tell_text(&building->explaining->teller,
                                     str_format(arena, "× %.*s", STR_FMT(explain_number_text(arena, between))));
    tell_product(building, &told, instruction, row, by);
    *term = told;
}

struct term term_alike(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row,
                       size_t count)
{
    const struct instruction *at = build_code(building, instruction);
    const uint32_t from[2] = {at->a, at->b};
    struct term term = term_of(building, operation, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, count);
    struct rat by = RAT_ONE;
    for (size_t k = 0; k < count; k++) {
        struct term operand = build_term(building, from[k], row);
        by = k == 0 ? operand.by : by;
        term_retell(building, &operand, from[k], row, by);
        operands[k] = operand.formula;
    }
    if (build_run(building)->shapes[instruction].type == VALUE_NUMBER) {
        tell_product(building, &term, instruction, row, by);
    }
    return term;
}

struct term term_product(struct building *building, uint32_t instruction, uint32_t row)
{
    struct arena *arena = build_run(building)->arena;
    const struct instruction *at = build_code(building, instruction);
    bool is_product = at->op == OP_MUL;
    struct term term = term_of(building, is_product ? ZUJI_OP_MULTIPLY : ZUJI_OP_DIVIDE, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, 2);
    struct term first = build_term(building, at->a, row);
    struct term second = build_term(building, at->b, row);
    operands[0] = first.formula;
    operands[1] = second.formula;
    tell_product(building, &term, instruction, row,
                 is_product ? rat_mul(arena, first.by, second.by) : rat_div(arena, first.by, second.by));
    return term;
}

struct term term_function(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row,
                          size_t count)
{
    const struct instruction *at = build_code(building, instruction);
    const uint32_t from[3] = {at->a, at->b, at->c};
    struct term term = term_of(building, operation, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, count);
    for (size_t k = 0; k < count; k++) {
        struct term operand = build_term(building, from[k], row);
        term_retell(building, &operand, from[k], row, RAT_ONE);
        operands[k] = operand.formula;
    }
    tell_product(building, &term, instruction, row, RAT_ONE);
    return term;
}

/* "× 1000 kg/t" or "÷ 3.6 MJ/kWh": whichever is the shorter number. */
static void word_conversion(struct building *building, struct zuji_formula *formula, struct rat by, struct str to,
                            struct str from)
{
    struct arena *arena = build_run(building)->arena;
    struct str direct = explain_number_text(arena, by);
    struct str inverse = explain_number_text(arena, rat_div(arena, RAT_ONE, by));
    bool is_divided = inverse.len < direct.len;
    struct str unit = explain_ratio(arena, is_divided ? from : to, is_divided ? to : from);
    struct str number = is_divided ? inverse : direct;
    const char *sign = is_divided ? "÷" : "×";
    struct str text = str_eq(unit, STR("1")) ? str_format(arena, "%s %.*s", sign, STR_FMT(number))
                                             : str_format(arena, "%s %.*s %.*s", sign, STR_FMT(number), STR_FMT(unit));
    formula->by_text = tell_text(&building->explaining->teller, text);
}

struct term term_conversion(struct building *building, uint32_t instruction, uint32_t row)
{
    struct arena *arena = build_run(building)->arena;
    const struct program *program = building->explaining->program;
    const struct instruction *at = build_code(building, instruction);
    bool is_shift = at->op == OP_SHIFT;
    struct term term = term_of(building, is_shift ? ZUJI_OP_SHIFT : ZUJI_OP_CONVERT, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, 1);
    struct term operand = build_term(building, at->a, row);
    struct explain_unit from = explain_unit(arena, program, build_code(building, at->a)->unit);
    struct explain_unit to = explain_unit(arena, program, at->unit);
    struct rat by = rat_div(arena, rat_mul(arena, program->constants[at->b].number, to.by), operand.by);
    bool is_from = rat_eq(operand.by, from.by);
    operands[0] = operand.formula;
    term.formula.by = rat_to_double(by);
    term.formula.plus = is_shift ? rat_to_double(program->constants[at->c].number) : 0;
    if (!is_shift && !rat_eq(by, RAT_ONE)) {
        word_conversion(building, &term.formula, by, to.text, is_from ? from.text : STR("1"));
    }
    return term;
}

struct term term_rounding(struct building *building, uint32_t instruction, uint32_t row)
{
    static const char *const modes[ROUNDING_COUNT] = {
        [ROUND_HALF_EVEN] = "half_even", [ROUND_HALF_UP] = "half_up", [ROUND_HALF_AWAY] = "half_away",
        [ROUND_HALF_DOWN] = "half_down", [ROUND_FLOOR] = "floor",     [ROUND_CEIL] = "ceil",
        [ROUND_TRUNCATE] = "truncate",   [ROUND_AWAY] = "away"};
    const struct instruction *at = build_code(building, instruction);
    bool is_step = at->op == OP_ROUND;
    struct term term = term_of(building, is_step ? ZUJI_OP_ROUND : ZUJI_OP_ROUND_SIGNIFICANT, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, 1);
    struct term operand = build_term(building, at->a, row);
    term_retell(building, &operand, at->a, row, term.by);
    operands[0] = operand.formula;
    term.formula.mode = modes[at->imm];
    term.formula.by = at->b;
    if (is_step) {
        struct zuji_value step = explain_tell(building->explaining, at->b, 0);
        term.formula.by = step.number;
        term.formula.by_text = step.text;
    }
    return term;
}

struct term term_power(struct building *building, uint32_t instruction, uint32_t row)
{
    struct explaining *explaining = building->explaining;
    const struct instruction *at = build_code(building, instruction);
    if (at->op == OP_POW) {
        return term_function(building, ZUJI_OP_POWER, instruction, row, 2);
    }
    int exponent = (int)(int32_t)at->b;
    struct term term = term_of(building, ZUJI_OP_POWER, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, 2);
    struct term base = build_term(building, at->a, row);
    struct zuji_value *written = arena_new(explaining->teller.arena, struct zuji_value);
    *written = explain_number(explaining, 0, rat_int(exponent));
    operands[0] = base.formula;
    operands[1] = (struct zuji_formula){.operation = ZUJI_OP_NUMBER, .value = written, .by_text = "", .mode = ""};
    tell_product(building, &term, instruction, row, rat_pow(build_run(building)->arena, base.by, exponent));
    return term;
}
