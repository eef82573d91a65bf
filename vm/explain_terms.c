/* Operations and how their numbers are told. A per cent is told as a hundredth wherever it stands, and what the machine
   calls the unit of a product need not be what its operands are called: so each term carries by what its number differs
   from the machine's, and where two have to be told alike the factor is a step of its own. */
#include "base/decimal.h"
#include "vm/explain_build.h"
#include "vm/opcodes.h"

/* Hundredths are plain numbers, however they are written. */
static struct str text_for_calculating(struct explain_unit in)
{
    return rat_eq(in.by, in.shown) ? in.text : STR("1");
}

static struct explain_unit unit_of(const struct building *building, uint32_t instruction)
{
    bool is_number = build_run(building)->shapes[instruction].type == VALUE_NUMBER;
    return is_number ? building->explaining->units[instruction] : (struct explain_unit){STR("1"), RAT_ONE, RAT_ONE};
}

struct term term_of(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row)
{
    struct explain_unit in = unit_of(building, instruction);
    struct zuji_value *value = arena_new(building->explaining->teller.arena, struct zuji_value);
    *value = explain_tell(building->explaining, instruction, row);
    return (struct term){
        {.operation = operation, .value = value, .by_text = "", .mode = ""},
        in.by, text_for_calculating(in)
    };
}

struct term term_node(const struct building *building, const struct zuji_explanation *part)
{
    const struct explain_node *node = (const struct explain_node *)part; /* `told` is its first member */
    explain_add_part(building->explaining, building->node, part);
    bool is_number = node->unit.text.len > 0;
    return (struct term){explain_node_formula(part), is_number ? node->unit.by : RAT_ONE,
                         is_number ? text_for_calculating(node->unit) : STR("1")};
}

struct zuji_formula *term_operands(struct building *building, struct zuji_formula *formula, size_t count)
{
    struct zuji_formula *operands = arena_array(building->explaining->teller.arena, struct zuji_formula, count);
    formula->operands = operands;
    formula->operand_count = count;
    return operands;
}

/* ---- numbers as they are told ---- */

/* The number of the instruction times `by`; its unit is said only where it is the one chosen for it. */
void term_tell(struct building *building, struct term *term, uint32_t instruction, uint32_t row, struct rat by,
               struct str unit)
{
    struct exact_value value = exact_get(build_run(building), instruction, row);
    if (!rat_eq(term->by, by) && value.state == STATE_GIVEN) {
        struct arena *arena = build_run(building)->arena;
        struct zuji_value *told = arena_new(building->explaining->teller.arena, struct zuji_value);
        *told = explain_number(building->explaining, (struct explain_unit){STR("1"), RAT_ONE, RAT_ONE},
                               rat_mul(arena, value.number, by));
        told->unit = "";
        term->formula.value = told;
        term->by = by;
        term->unit = unit;
    }
}

/* "× 1000 kg/t" or "÷ 3.6 MJ/kWh": whichever is the shorter number. */
static void word_conversion(struct building *building, struct zuji_formula *formula, struct rat by, struct str to,
                            struct str from)
{
    struct arena *arena = build_run(building)->arena;
    struct str direct = explain_number_text(arena, by);
    struct str inverse = explain_number_text(arena, rat_div(arena, RAT_ONE, by));
    bool is_divided = inverse.len < direct.len;
    bool is_known = to.len > 0 && from.len > 0;
    struct str unit = is_known ? explain_ratio(arena, is_divided ? from : to, is_divided ? to : from) : STR("1");
    struct str number = is_divided ? inverse : direct;
    const char *sign = is_divided ? "÷" : "×";
    struct str text = str_eq(unit, STR("1")) ? str_format(arena, "%s %.*s", sign, STR_FMT(number))
                                             : str_format(arena, "%s %.*s %.*s", sign, STR_FMT(number), STR_FMT(unit));
    formula->by_text = tell_text(&building->explaining->teller, text);
}

void term_retell(struct building *building, struct term *term, uint32_t instruction, uint32_t row,
                 struct explain_unit in)
{
    struct arena *arena = build_run(building)->arena;
    if (rat_eq(term->by, in.by)) {
        return;
    }
    struct rat between = rat_div(arena, in.by, term->by);
    struct term told = term_of(building, ZUJI_OP_CONVERT, instruction, row);
    struct zuji_formula *operands = term_operands(building, &told.formula, 1);
    operands[0] = term->formula;
    told.formula.by = rat_to_double(between);
    word_conversion(building, &told.formula, between, text_for_calculating(in), term->unit);
    term_tell(building, &told, instruction, row, in.by, text_for_calculating(in));
    *term = told;
}

/* As they are told where that is alike, else in the unit of what they make, of comparisons in that of the first. */
static struct explain_unit common_unit(struct building *building, uint32_t instruction, const struct term *terms,
                                       size_t count)
{
    bool is_alike = true;
    for (size_t k = 1; k < count; k++) {
        is_alike = is_alike && rat_eq(terms[k].by, terms[0].by);
    }
    const struct value_shape *shapes = build_run(building)->shapes;
    uint32_t made = shapes[instruction].type == VALUE_NUMBER ? instruction : build_code(building, instruction)->a;
    return is_alike ? (struct explain_unit){terms[0].unit, terms[0].by, terms[0].by} : unit_of(building, made);
}

struct term term_alike(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row,
                       size_t count)
{
    const struct instruction *at = build_code(building, instruction);
    const uint32_t from[2] = {at->a, at->b};
    struct term term = term_of(building, operation, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, count);
    struct term terms[2];
    for (size_t k = 0; k < count; k++) {
        terms[k] = build_term(building, from[k], row);
    }
    struct explain_unit in = common_unit(building, instruction, terms, count);
    for (size_t k = 0; k < count; k++) {
        term_retell(building, &terms[k], from[k], row, in);
        operands[k] = terms[k].formula;
    }
    if (build_run(building)->shapes[instruction].type == VALUE_NUMBER) {
        term_tell(building, &term, instruction, row, in.by, text_for_calculating(in));
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
    bool is_known = first.unit.len > 0 && second.unit.len > 0;
    operands[0] = first.formula;
    operands[1] = second.formula;
    term_tell(building, &term, instruction, row,
              is_product ? rat_mul(arena, first.by, second.by) : rat_div(arena, first.by, second.by),
              is_product || !is_known ? explain_product(arena, first.unit, second.unit)
                                      : explain_ratio(arena, first.unit, second.unit));
    return term;
}

struct term term_function(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row,
                          size_t count)
{
    struct arena *arena = build_run(building)->arena;
    const struct instruction *at = build_code(building, instruction);
    const struct program *program = building->explaining->program;
    const uint32_t from[3] = {at->a, at->b, at->c};
    struct term term = term_of(building, operation, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, count);
    for (size_t k = 0; k < count; k++) {
        struct term operand = build_term(building, from[k], row);
        struct str unit = program->texts[program->units[build_run(building)->shapes[from[k]].unit].text];
        term_retell(building, &operand, from[k], row, (struct explain_unit){unit, RAT_ONE, RAT_ONE});
        operands[k] = operand.formula;
    }
    term_tell(building, &term, instruction, row, RAT_ONE,
              explain_unit(arena, program, build_run(building)->shapes[instruction].unit).text);
    return term;
}

/* As its operand, in whose number the change of the unit is only another factor. */
struct term term_converted(struct building *building, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = build_code(building, instruction);
    struct term term = build_term(building, at->a, row);
    struct rat constant = building->explaining->program->constants[at->b].number;
    term.by = rat_div(build_run(building)->arena, term.by, constant);
    return term;
}

struct term term_shift(struct building *building, uint32_t instruction, uint32_t row)
{
    struct arena *arena = build_run(building)->arena;
    const struct program *program = building->explaining->program;
    const struct instruction *at = build_code(building, instruction);
    struct term term = term_of(building, ZUJI_OP_SHIFT, instruction, row);
    struct zuji_formula *operands = term_operands(building, &term.formula, 1);
    struct term operand = build_term(building, at->a, row);
    struct rat by = rat_div(arena, rat_mul(arena, program->constants[at->b].number, term.by), operand.by);
    operands[0] = operand.formula;
    term.formula.by = rat_to_double(by);
    term.formula.plus = rat_to_double(program->constants[at->c].number);
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
    term_retell(building, &operand, at->a, row, unit_of(building, instruction));
    operands[0] = operand.formula;
    term.formula.mode = modes[at->imm];
    term.formula.by = at->b;
    if (is_step) {
        struct zuji_value step = explain_number(building->explaining, unit_of(building, instruction),
                                                exact_get(build_run(building), at->b, 0).number);
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
    *written = explain_number(explaining, (struct explain_unit){STR("1"), RAT_ONE, RAT_ONE}, rat_int(exponent));
    operands[0] = base.formula;
    operands[1] = (struct zuji_formula){.operation = ZUJI_OP_NUMBER, .value = written, .by_text = "", .mode = ""};
    term_tell(building, &term, instruction, row, rat_pow(build_run(building)->arena, base.by, exponent), STR(""));
    return term;
}
