#include "cli/sheet.h"

/* ---- values ---- */

bool sheet_is_computed(const struct zuji_explanation *node)
{
    bool is_stated = node->kind == ZUJI_NODE_PICKED || node->kind == ZUJI_NODE_EXTERNAL;
    if (is_stated || node->formula == NULL) {
        return false;
    }
    enum zuji_operation operation = node->formula->operation;
    return operation != ZUJI_OP_NUMBER && operation != ZUJI_OP_COUNT && operation != ZUJI_OP_GIVEN &&
           operation != ZUJI_OP_CALL;
}

static bool is_input(const struct zuji_explanation *node)
{
    return node->kind == ZUJI_NODE_DATUM || node->kind == ZUJI_NODE_FACTOR || node->kind == ZUJI_NODE_CELL ||
           node->kind == ZUJI_NODE_CONSTANT || (node->formula != NULL && node->formula->operation == ZUJI_OP_NUMBER);
}

const struct zuji_explanation *sheet_condition(const struct zuji_explanation *node)
{
    const struct zuji_explanation *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < node->part_count; i++) {
        const struct zuji_explanation *part = node->parts[i];
        if (part->kind == ZUJI_NODE_CONDITION || part->item == ZUJI_ITEM_WHEN) {
            found = part;
            count++;
        }
    }
    bool is_figure = node->kind == ZUJI_NODE_STAGE || node->kind == ZUJI_NODE_FLOW;
    return is_figure && count == 1 ? found : NULL;
}

/* Inputs may be fractions; what Zuji found is told as a number. */
static struct sheet_cell cell_of(const struct sheet *sheet, const struct zuji_value *value, enum sheet_entry entry)
{
    double number;
    if (value->text[0] == '\0') {
        return (struct sheet_cell){SHEET_EMPTY, STR(""), false};
    }
    if (sheet_number(value, &number)) {
        return (struct sheet_cell){entry, sheet_plain(sheet->arena, number, entry == SHEET_INPUT), false};
    }
    return (struct sheet_cell){entry, str_of(value->text), true};
}

struct sheet_cell sheet_value(const struct sheet *sheet, size_t at)
{
    const struct sheet_line *line = &sheet->lines[at];
    const struct zuji_explanation *node = line->node;
    if (line->role == SHEET_CONSTANT) {
        return cell_of(sheet, line->formula->value, SHEET_INPUT);
    }
    if (line->role == SHEET_COUNT || line->role == SHEET_GIVEN) {
        return cell_of(sheet, line->formula->value, SHEET_STATED);
    }
    bool is_absent = node->value.text[0] == '\0';
    bool is_computed = is_absent ? sheet_condition(node) != NULL : sheet_is_computed(node);
    if (line->role != SHEET_NODE || line->input_behind > 0 || is_computed) {
        return (struct sheet_cell){SHEET_FORMULA, sheet_formula(sheet, at), false};
    }
    return cell_of(sheet, &node->value, is_input(node) ? SHEET_INPUT : SHEET_STATED);
}

struct sheet_cell sheet_told(const struct sheet *sheet, size_t at)
{
    const struct sheet_line *line = &sheet->lines[at];
    switch (line->role) {
    case SHEET_NODE:
        return cell_of(sheet, &line->node->value, SHEET_STATED);
    case SHEET_CONSTANT:
    case SHEET_COUNT:
    case SHEET_GIVEN:
        return cell_of(sheet, line->formula->value, SHEET_STATED);
    case SHEET_INTERVAL:
    case SHEET_QUOTIENT:
    case SHEET_PART:
        break;
    }
    return (struct sheet_cell){SHEET_EMPTY, STR(""), false};
}

/* ---- how far doubles may be off ---- */

static double size_of(const struct zuji_value *value)
{
    return value->number < 0 ? -value->number : value->number;
}

/* Of the amounts that are added up: where they cancel, what is left is as uncertain as they are. */
static double scale_of(const struct zuji_formula *formula)
{
    const struct zuji_formula *operands = formula->operands;
    double scale = 0;
    switch (formula->operation) {
    case ZUJI_OP_ADD:
    case ZUJI_OP_SUBTRACT:
    case ZUJI_OP_SUM:
        for (size_t i = 0; i < formula->operand_count; i++) {
            scale += scale_of(&operands[i]);
        }
        break;
    case ZUJI_OP_MULTIPLY:
        scale = scale_of(&operands[0]) * scale_of(&operands[1]);
        break;
    case ZUJI_OP_DIVIDE:
        scale = scale_of(&operands[0]) / size_of(operands[1].value);
        scale *= scale_of(&operands[1]) / size_of(operands[1].value);
        break;
    case ZUJI_OP_NEGATE:
    case ZUJI_OP_ABSOLUTE:
        scale = scale_of(&operands[0]);
        break;
    case ZUJI_OP_CONVERT:
    case ZUJI_OP_SHIFT:
        scale = scale_of(&operands[0]) * (formula->by < 0 ? -formula->by : formula->by) +
                (formula->plus < 0 ? -formula->plus : formula->plus);
        break;
    case ZUJI_OP_IF:
        scale = scale_of(&operands[1]);
        break;
    case ZUJI_OP_NUMBER:
    case ZUJI_OP_NODE:
    case ZUJI_OP_SQRT:
    case ZUJI_OP_EXP:
    case ZUJI_OP_LN:
    case ZUJI_OP_POWER:
    case ZUJI_OP_MIN:
    case ZUJI_OP_MAX:
    case ZUJI_OP_ROUND:
    case ZUJI_OP_ROUND_SIGNIFICANT:
    case ZUJI_OP_LESS:
    case ZUJI_OP_LESS_EQUAL:
    case ZUJI_OP_EQUAL:
    case ZUJI_OP_AND:
    case ZUJI_OP_OR:
    case ZUJI_OP_NOT:
    case ZUJI_OP_GIVEN:
    case ZUJI_OP_LEAST:
    case ZUJI_OP_GREATEST:
    case ZUJI_OP_ANY:
    case ZUJI_OP_COUNT:
    case ZUJI_OP_CALL:
        break;
    }
    double size = size_of(formula->value);
    return scale > size ? scale : size;
}

bool sheet_tolerance(const struct sheet *sheet, size_t at, int *power)
{
    enum { DIGITS = 9 };
    const struct sheet_line *line = &sheet->lines[at];
    bool is_computed = line->role == SHEET_NODE && sheet_is_computed(line->node);
    double amount = is_computed ? scale_of(line->node->formula) : size_of(&line->node->value);
    struct sheet_decimal scale = sheet_decimal(amount);
    *power = scale.exponent + (int)scale.count - 1 - DIGITS;
    return scale.count > 0;
}
