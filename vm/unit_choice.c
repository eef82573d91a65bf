#include "vm/unit_choice.h"

#include "base/decimal.h"

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

bool unit_is_written(const struct program *program, uint16_t unit)
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

static bool is_power_of_other(struct kind a, struct kind b)
{
    bool is_alike = a.count == b.count && a.count > 0;
    for (int i = 0; is_alike && i < a.count; i++) {
        is_alike = a.factors[i].generator == b.factors[i].generator &&
                   a.factors[i].exponent * b.factors[0].exponent == b.factors[i].exponent * a.factors[0].exponent;
    }
    return is_alike;
}

bool unit_has_pair(const struct unit_system *system, const struct unit_tokens *tokens)
{
    struct unit units[UNIT_TOKENS_MAX];
    for (size_t i = 0; i < tokens->count; i++) {
        if (unit_parse_known(system, tokens->items[i].text, &units[i]).error != UNIT_OK) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (is_power_of_other(units[i].kind, units[k].kind)) {
                return true;
            }
        }
    }
    return false;
}

void unit_offer(struct unit_choice *choice, struct unit unit, struct str text)
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
void unit_choose(struct unit_choice *choice, struct arena *arena, const struct program *program,
                 const struct program_units *known, const struct unit_tokens *tokens)
{
    static const char *const preferred[] = {"kg", "t", "kWh", "GJ", "kgCO2e", "km", "m2", "m3", "h"};
    struct str rest = unit_tokens_join(arena, tokens);
    bool is_paired = unit_has_pair(known->system, tokens);
    struct unit unit;
    if (!is_paired && unit_text_is_product(rest) && unit_parse_known(known->system, rest, &unit).error == UNIT_OK) {
        unit_offer(choice, unit, rest);
        return;
    }
    for (uint32_t i = 0; i < program->unit_count; i++) {
        struct str text = program->texts[program->units[i].text];
        if (unit_is_written(program, (uint16_t)i)) {
            unit_offer(choice, known->units[i], text);
        }
        if (unit_is_written(program, (uint16_t)i) && str_eq(text, rest)) { /* of t·%: t, though kg be nearer in size */
            *choice = (struct unit_choice){choice->of, known->units[i], rest, 0};
        }
    }
    bool is_open = choice->text.len == 0;
    for (size_t i = 0; i < countof(preferred); i++) {
        if (is_open && unit_parse_known(known->system, str_of(preferred[i]), &unit).error == UNIT_OK) {
            unit_offer(choice, unit, str_of(preferred[i]));
        }
    }
    if (choice->text.len == 0) {
        unit = UNIT_ONE;
        unit.kind = choice->of.kind;
        unit_offer(choice, unit, kind_text(arena, known->system, unit.kind));
    }
}
