/* The unit in which people are told a number. A product of operands has the product of their units, which nobody wrote:
   t·%, m2·gCO2e/ha. It is told in a unit of the rule of the same kind, or in one that people use. */
#include "vm/opcodes.h"
#include "vm/unit_choice.h"
#include "vm/value_text.h"

static struct value_unit chosen(struct arena *arena, const struct program *program, uint16_t unit,
                                const struct unit_tokens *tokens, bool is_whole)
{
    struct value_unit told = {program->texts[program->units[unit].text], RAT_ONE};
    struct arena scratch = {.on_exhausted = arena->on_exhausted};
    struct program_units known = program_units_new(&scratch, program);
    if (!is_whole || unit_has_pair(known.system, tokens)) {
        struct unit_choice choice = {.of = known.units[unit]};
        unit_choose(&choice, &scratch, program, &known, tokens);
        told.text = str_copy(arena, choice.text);
        told.by = rat_div(arena, program->units[unit].scale, choice.unit.scale);
    }
    arena_free(&scratch);
    return told;
}

struct value_unit value_unit(struct arena *arena, const struct program *program, uint16_t unit)
{
    const struct prog_unit *of = &program->units[unit];
    struct str text = program->texts[of->text];
    struct value_unit told = {unit == 0 ? STR("") : text, RAT_ONE};
    struct unit_tokens tokens = {.count = 0};
    struct rat scale;
    struct str rest = unit_take_scale(arena, text, &scale);
    bool is_product = unit_text_is_product(rest) || !rat_eq(scale, RAT_ONE) || str_starts(rest, STR("%"));
    if (!is_product || str_eq(text, STR("%")) || of->is_point || unit_is_written(program, unit) ||
        !unit_tokens_read(rest, &tokens)) {
        return told;
    }
    bool is_whole = tokens.per_cent == 0 && rat_eq(scale, RAT_ONE);
    if (of->kind.count == 0) {
        return (struct value_unit){STR(""), of->scale};
    }
    return chosen(arena, program, unit, &tokens, is_whole);
}

struct value_unit value_unit_of_number(struct arena *arena, const struct program *program, uint32_t instruction,
                                       uint16_t unit)
{
    const struct instruction *at = &program->code[instruction];
    while (at->op == OP_ADD || at->op == OP_SUB || at->op == OP_NEG || at->op == OP_ABS || at->op == OP_SUM ||
           at->op == OP_CONVERT) {
        at = &program->code[at->a];
    }
    const struct prog_unit *of = &program->units[unit];
    bool is_share = str_eq(program->texts[of->text], STR("%"));
    bool is_product = at->op == OP_MUL || at->op == OP_DIV;
    return is_share && is_product ? (struct value_unit){STR(""), of->scale} : value_unit(arena, program, unit);
}
