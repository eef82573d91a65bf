/* The unit in which people are told a number. A product of operands has the product of their units, which nobody wrote:
   t·%, m2·gCO2e/ha. It is told in a unit of the rule of the same kind, or in one that people use. */
#include "base/decimal.h"
#include "vm/opcodes.h"
#include "vm/program_units.h"
#include "vm/unit_tokens.h"
#include "vm/value_text.h"

static bool is_column_of(const struct prog_table *table, uint16_t unit)
{
    for (uint32_t i = 0; i < table->dimension_count; i++) {
        if (table->dimensions[i].type == VALUE_NUMBER && table->dimensions[i].unit == unit) {
            return true;
        }
    }
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].type == VALUE_NUMBER && table->columns[i].unit == unit) {
            return true;
        }
    }
    return false;
}

/* Is it the unit of something that the rule declares? */
static bool is_written(const struct program *program, uint16_t unit)
{
    bool is_found = program->rule.declared_unit == unit;
    for (uint32_t i = 0; i < program->output_count; i++) {
        is_found = is_found || program->outputs[i].unit == unit;
    }
    for (uint32_t i = 0; i < program->field_count; i++) {
        is_found = is_found || (program->fields[i].type == VALUE_NUMBER && program->fields[i].unit == unit);
    }
    for (uint32_t i = 0; i < program->factor_count; i++) {
        is_found = is_found || program->factors[i].unit == unit;
    }
    for (uint32_t i = 0; i < program->table_count; i++) {
        is_found = is_found || is_column_of(&program->tables[i], unit);
    }
    return is_found;
}

/* Does a unit stand over one of the same dimension? */
static bool has_pair(const struct unit_system *system, const struct unit_tokens *tokens)
{
    struct unit units[UNIT_TOKENS_MAX];
    for (size_t i = 0; i < tokens->count; i++) {
        if (unit_parse_known(system, tokens->items[i].text, &units[i]).error != UNIT_OK) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            bool is_opposed = tokens->items[i].is_under != tokens->items[k].is_under;
            if (is_opposed && kind_eq(units[i].kind, units[k].kind)) {
                return true;
            }
        }
    }
    return false;
}

/* The candidates for a number, and of them the one nearest in size. */
struct choice {
    struct unit of;
    struct unit unit;
    struct str text; /* empty: none so far */
    double distance;
};

static void offer(struct choice *choice, struct unit unit, struct str text)
{
    if (!kind_eq(unit.kind, choice->of.kind) || unit.is_point) {
        return;
    }
    double ratio = rat_to_double(unit.scale) / rat_to_double(choice->of.scale);
    double distance = ratio < 1 ? 1 / ratio : ratio;
    if (choice->text.len == 0 || distance < choice->distance) {
        choice->unit = unit;
        choice->text = text;
        choice->distance = distance;
    }
}

/* Units of the rule before those that people use, and those before what is left of the text. */
static void choose(struct choice *choice, struct arena *arena, const struct program *program,
                   const struct program_units *known, const struct unit_tokens *tokens)
{
    static const char *const preferred[] = {"kg", "t", "kWh", "GJ", "kgCO2e", "km", "m2", "m3", "h"};
    struct str rest = unit_tokens_join(arena, tokens);
    bool is_paired = has_pair(known->system, tokens);
    struct unit unit;
    if (!is_paired && unit_text_is_product(rest) && unit_parse_known(known->system, rest, &unit).error == UNIT_OK) {
        offer(choice, unit, rest);
        return;
    }
    for (uint32_t i = 0; i < program->unit_count; i++) {
        struct str text = program->texts[program->units[i].text];
        if (is_written(program, (uint16_t)i)) {
            offer(choice, known->units[i], text);
        }
        if (is_written(program, (uint16_t)i) && str_eq(text, rest)) { /* of t·%: t, though kg be nearer in size */
            *choice = (struct choice){choice->of, known->units[i], rest, 0};
        }
    }
    bool is_open = choice->text.len == 0;
    for (size_t i = 0; i < countof(preferred); i++) {
        if (is_open && unit_parse_known(known->system, str_of(preferred[i]), &unit).error == UNIT_OK) {
            offer(choice, unit, str_of(preferred[i]));
        }
    }
    if (choice->text.len == 0) {
        unit = UNIT_ONE;
        unit.kind = choice->of.kind;
        offer(choice, unit, kind_text(arena, known->system, unit.kind));
    }
}

static struct value_unit chosen(struct arena *arena, const struct program *program, uint16_t unit,
                                const struct unit_tokens *tokens, bool is_whole)
{
    struct value_unit told = {program->texts[program->units[unit].text], RAT_ONE};
    struct arena scratch = {.on_exhausted = arena->on_exhausted};
    struct program_units known = program_units_new(&scratch, program);
    if (!is_whole || has_pair(known.system, tokens)) {
        struct choice choice = {.of = known.units[unit]};
        choose(&choice, &scratch, program, &known, tokens);
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
    if (!is_product || str_eq(text, STR("%")) || of->is_point || is_written(program, unit) ||
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
