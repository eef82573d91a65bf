/* The formulas of cells. */
#include <string.h>

#include "cli/sheet.h"

/* A sign binds tighter than ^ in spreadsheets, and is put in brackets wherever it stands. */

struct writer {
    const struct sheet *sheet;
    size_t line; /* whose formula it is */
    struct buf *out;
};

static void add(const struct writer *writer, const struct zuji_formula *formula, enum sheet_binding around);

/* ---- cells ---- */

static void add_cell(const struct writer *writer, size_t line)
{
    buf_format(writer->out, "%c%zu", SHEET_COLUMN, line + SHEET_FIRST_ROW);
}

static void add_lines(const struct writer *writer, size_t first, size_t last)
{
    add_cell(writer, first);
    if (last != first) {
        buf_char(writer->out, ':');
        add_cell(writer, last);
    }
}

/* The line of this role that the formula needs. */
static bool add_need(const struct writer *writer, const struct zuji_formula *formula, enum sheet_role role)
{
    size_t last;
    size_t first = sheet_need(writer->sheet, writer->line, formula, role, &last);
    if (first > 0) {
        add_lines(writer, first, last);
    }
    return first > 0;
}

/* ---- operations ---- */

const char *sheet_aggregate(const struct zuji_formula *formula)
{
    return formula->operation == ZUJI_OP_SUM        ? "SUM"
           : formula->operation == ZUJI_OP_LEAST    ? "MIN"
           : formula->operation == ZUJI_OP_GREATEST ? "MAX"
           : formula->operation == ZUJI_OP_ANY      ? "OR"
                                                    : NULL;
}

static void add_operands(const struct writer *writer, const struct zuji_formula *formula, size_t from, size_t to)
{
    for (size_t at = from; at < to;) {
        size_t first;
        size_t last;
        const struct zuji_formula *operand = &formula->operands[at];
        buf_add(writer->out, at > from ? STR(";") : STR(""));
        if (sheet_range(writer->sheet, formula, &at, &first, &last)) {
            add_lines(writer, first, last);
        } else {
            add(writer, operand, BINDS_NOTHING);
        }
    }
}

static void add_aggregate(const struct writer *writer, const struct zuji_formula *formula, enum sheet_binding around)
{
    if (formula->operand_count == 0) {
        buf_char(writer->out, '0'); /* a sum of nothing; on no row */
        return;
    }
    if (formula->operand_count == 1) {
        add(writer, &formula->operands[0], around);
        return;
    }
    buf_format(writer->out, "%s(", sheet_aggregate(formula));
    if (!add_need(writer, formula, SHEET_PART)) {
        add_operands(writer, formula, 0, formula->operand_count);
    }
    buf_char(writer->out, ')');
}

/* By mode, of the number of steps @; ~ is how near to a tie or a whole number is on it. */
static const struct {
    const char *mode, *formula;
} roundings[] = {
    {"half_even", "IF(ABS(ABS(@-INT(@))-1/2)<~;2*ROUND(@/2;0);ROUND(@;0))"},
    {"half_up",   "INT(@+1/2+~)"                                          },
    {"half_down", "-INT(1/2-@+~)"                                         },
    {"half_away", "SIGN(@)*INT(ABS(@)+1/2+~)"                             },
    {"floor",     "INT(@+~)"                                              },
    {"ceil",      "-INT(~-@)"                                             },
    {"truncate",  "SIGN(@)*INT(ABS(@)+~)"                                 },
    {"away",      "-SIGN(@)*INT(~-ABS(@))"                                },
};

static void add_rounding(const struct writer *writer, const struct zuji_formula *formula)
{
    for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++) {
        if (strcmp(roundings[i].mode, formula->mode) != 0) {
            continue;
        }
        buf_char(writer->out, '(');
        for (const char *at = roundings[i].formula; *at != '\0'; at++) {
            if (*at == '@') {
                add_need(writer, formula, SHEET_QUOTIENT);
            } else if (*at == '~') {
                buf_add(writer->out, STR("(1+ABS("));
                add_need(writer, formula, SHEET_QUOTIENT);
                buf_add(writer->out, STR("))/10^12"));
            } else {
                buf_char(writer->out, *at);
            }
        }
        buf_char(writer->out, ')');
    }
    if (formula->operation == ZUJI_OP_ROUND) {
        sheet_add_times(writer->out, formula->by);
    } else {
        buf_char(writer->out, '*');
        add_need(writer, formula, SHEET_INTERVAL);
    }
}

static bool is_text(const struct zuji_formula *formula)
{
    double number;
    return formula->value->text[0] != '\0' && !sheet_number(formula->value, &number);
}

static void add_call(const struct writer *writer, const char *name, const struct zuji_formula *formula)
{
    buf_format(writer->out, "%s(", name);
    for (size_t i = 0; i < formula->operand_count; i++) {
        buf_add(writer->out, i > 0 ? STR(";") : STR(""));
        add(writer, &formula->operands[i], BINDS_NOTHING);
    }
    buf_char(writer->out, ')');
}

static void add_two(const struct writer *writer, const char *sign, enum sheet_binding left, enum sheet_binding right,
                    const struct zuji_formula *formula)
{
    add(writer, &formula->operands[0], left);
    buf_add(writer->out, str_of(sign));
    add(writer, &formula->operands[1], right);
}

static bool is_logical(const struct zuji_formula *formula)
{
    enum zuji_operation operation = formula->operation;
    return operation == ZUJI_OP_LESS || operation == ZUJI_OP_LESS_EQUAL || operation == ZUJI_OP_EQUAL ||
           operation == ZUJI_OP_NOT || operation == ZUJI_OP_AND || operation == ZUJI_OP_OR || operation == ZUJI_OP_ANY;
}

/* A condition where one is wanted: true or false, or 1 or 0. */
static void add_condition(const struct writer *writer, const struct zuji_formula *formula)
{
    bool decides = formula->operand_count == 1; /* what would be next was not computed */
    if (!is_logical(formula)) {
        add(writer, formula, BINDS_NOTHING);
    } else if (formula->operation == ZUJI_OP_ANY) {
        add_aggregate(writer, formula, BINDS_NOTHING);
    } else if (formula->operation == ZUJI_OP_LESS) {
        add_two(writer, "<", BINDS_SUM, BINDS_SUM, formula);
    } else if (formula->operation == ZUJI_OP_LESS_EQUAL) {
        add_two(writer, "<=", BINDS_SUM, BINDS_SUM, formula);
    } else if (formula->operation == ZUJI_OP_EQUAL && is_text(&formula->operands[0])) {
        add_call(writer, "EXACT", formula);
    } else if (formula->operation == ZUJI_OP_EQUAL) {
        add_two(writer, "=", BINDS_SUM, BINDS_SUM, formula);
    } else {
        bool is_not = formula->operation == ZUJI_OP_NOT;
        bool is_and = formula->operation == ZUJI_OP_AND;
        buf_add(writer->out, is_not ? STR("NOT(") : decides ? STR("IF(") : is_and ? STR("AND(") : STR("OR("));
        add_condition(writer, &formula->operands[0]);
        if (!decides) {
            buf_char(writer->out, ';');
            add_condition(writer, &formula->operands[1]);
        } else if (!is_not) {
            buf_add(writer->out, is_and ? STR(";NA();0") : STR(";1;NA()"));
        }
        buf_char(writer->out, ')');
    }
}

/* What was not taken was not computed. */
static void add_choice(const struct writer *writer, const struct zuji_formula *formula)
{
    double holds = 0;
    (void)sheet_number(formula->operands[0].value, &holds);
    buf_add(writer->out, STR("IF("));
    add_condition(writer, &formula->operands[0]);
    buf_add(writer->out, holds > 0 ? STR(";") : STR(";NA();"));
    add(writer, &formula->operands[1], BINDS_NOTHING);
    buf_add(writer->out, holds > 0 ? STR(";NA())") : STR(")"));
}

static enum sheet_binding binding_of(const struct zuji_formula *formula)
{
    switch (formula->operation) {
    case ZUJI_OP_ADD:
    case ZUJI_OP_SUBTRACT:
    case ZUJI_OP_SHIFT:
        return BINDS_SUM;
    case ZUJI_OP_MULTIPLY:
    case ZUJI_OP_DIVIDE:
    case ZUJI_OP_CONVERT:
    case ZUJI_OP_ROUND:
    case ZUJI_OP_ROUND_SIGNIFICANT:
        return BINDS_PRODUCT;
    case ZUJI_OP_POWER:
        return BINDS_POWER;
    case ZUJI_OP_NEGATE:
        return BINDS_NOTHING;
    case ZUJI_OP_NUMBER: /* see to that themselves */
    case ZUJI_OP_SUM:
    case ZUJI_OP_LEAST:
    case ZUJI_OP_GREATEST:
    case ZUJI_OP_ANY:
    case ZUJI_OP_NODE:
    case ZUJI_OP_ABSOLUTE:
    case ZUJI_OP_SQRT:
    case ZUJI_OP_EXP:
    case ZUJI_OP_LN:
    case ZUJI_OP_MIN:
    case ZUJI_OP_MAX:
    case ZUJI_OP_LESS:
    case ZUJI_OP_LESS_EQUAL:
    case ZUJI_OP_EQUAL:
    case ZUJI_OP_AND:
    case ZUJI_OP_OR:
    case ZUJI_OP_NOT:
    case ZUJI_OP_GIVEN:
    case ZUJI_OP_IF:
    case ZUJI_OP_COUNT:
    case ZUJI_OP_CALL:
        break;
    }
    return BINDS_ALL;
}

static void add_constant(const struct writer *writer, const struct zuji_formula *formula, enum sheet_binding around)
{
    double number;
    if (sheet_number(formula->value, &number)) {
        sheet_add_number(writer->out, number, around);
    } else if (!add_need(writer, formula, SHEET_CONSTANT)) {
        buf_add(writer->out, STR("NA()")); /* nobody needed it */
    }
}

static void add_operation(const struct writer *writer, const struct zuji_formula *formula, enum sheet_binding around)
{
    struct buf *out = writer->out;
    const struct zuji_formula *operands = formula->operands;
    switch (formula->operation) {
    case ZUJI_OP_NUMBER:
        add_constant(writer, formula, around);
        break;
    case ZUJI_OP_NODE:
        add_cell(writer, sheet_line_of(writer->sheet, formula->node));
        break;
    case ZUJI_OP_ADD:
        add_two(writer, "+", BINDS_SUM, BINDS_SUM, formula);
        break;
    case ZUJI_OP_SUBTRACT:
        add_two(writer, "-", BINDS_SUM, BINDS_PRODUCT, formula);
        break;
    case ZUJI_OP_MULTIPLY:
        add_two(writer, "*", BINDS_PRODUCT, BINDS_PRODUCT, formula);
        break;
    case ZUJI_OP_DIVIDE:
        add_two(writer, "/", BINDS_PRODUCT, BINDS_POWER, formula);
        break;
    case ZUJI_OP_POWER:
        add_two(writer, "^", BINDS_ALL, BINDS_ALL, formula);
        break;
    case ZUJI_OP_NEGATE:
        buf_char(out, '-');
        add(writer, &operands[0], BINDS_ALL);
        break;
    case ZUJI_OP_ABSOLUTE:
        add_call(writer, "ABS", formula);
        break;
    case ZUJI_OP_SQRT:
        add_call(writer, "SQRT", formula);
        break;
    case ZUJI_OP_EXP:
        add_call(writer, "EXP", formula);
        break;
    case ZUJI_OP_LN:
        add_call(writer, "LN", formula);
        break;
    case ZUJI_OP_MIN:
        add_call(writer, "MIN", formula);
        break;
    case ZUJI_OP_MAX:
        add_call(writer, "MAX", formula);
        break;
    case ZUJI_OP_CONVERT:
        add(writer, &operands[0], BINDS_PRODUCT);
        sheet_add_times(out, formula->by);
        break;
    case ZUJI_OP_SHIFT:
        add(writer, &operands[0], BINDS_PRODUCT);
        sheet_add_times(out, formula->by);
        buf_char(out, '+');
        sheet_add_number(out, formula->plus, BINDS_SUM);
        break;
    case ZUJI_OP_ROUND:
    case ZUJI_OP_ROUND_SIGNIFICANT:
        add_rounding(writer, formula);
        break;
    case ZUJI_OP_LESS:
    case ZUJI_OP_LESS_EQUAL:
    case ZUJI_OP_EQUAL:
    case ZUJI_OP_AND:
    case ZUJI_OP_OR:
    case ZUJI_OP_NOT:
    case ZUJI_OP_ANY:
        buf_add(out, STR("IF("));
        add_condition(writer, formula);
        buf_add(out, STR(";1;0)"));
        break;
    case ZUJI_OP_IF:
        add_choice(writer, formula);
        break;
    case ZUJI_OP_SUM:
    case ZUJI_OP_LEAST:
    case ZUJI_OP_GREATEST:
        add_aggregate(writer, formula, around);
        break;
    case ZUJI_OP_COUNT:
        add_need(writer, formula, SHEET_COUNT);
        break;
    case ZUJI_OP_GIVEN:
        add_need(writer, formula, SHEET_GIVEN);
        break;
    case ZUJI_OP_CALL: /* a node of its own, which is stated */
        break;
    }
}

static void add(const struct writer *writer, const struct zuji_formula *formula, enum sheet_binding around)
{
    bool is_bracketed = binding_of(formula) < around;
    buf_add(writer->out, is_bracketed ? STR("(") : STR(""));
    add_operation(writer, formula, is_bracketed ? BINDS_NOTHING : around);
    buf_add(writer->out, is_bracketed ? STR(")") : STR(""));
}

static void add_whole(const struct writer *writer, const struct sheet_line *line)
{
    const struct zuji_explanation *condition = sheet_condition(line->node);
    if (line->input_behind > 0) {
        add_cell(writer, line->input_behind - 1);
        return;
    }
    if (condition != NULL) { /* what is not carried out adds nothing */
        buf_add(writer->out, STR("IF("));
        add_cell(writer, sheet_line_of(writer->sheet, condition));
        buf_char(writer->out, ';');
    }
    if (line->node->value.text[0] == '\0') {
        buf_add(writer->out, STR("NA()"));
    } else {
        add(writer, line->node->formula, BINDS_NOTHING);
    }
    buf_add(writer->out, condition != NULL ? STR(";0)") : STR(""));
}

struct str sheet_formula(const struct sheet *sheet, size_t at)
{
    struct buf out = buf_in(sheet->arena);
    const struct writer writer = {sheet, at, &out};
    const struct sheet_line *line = &sheet->lines[at];
    buf_char(&out, '=');
    switch (line->role) {
    case SHEET_NODE:
        add_whole(&writer, line);
        break;
    case SHEET_INTERVAL: /* of 1234 to three digits 10 */
        buf_add(&out, STR("IF("));
        add(&writer, &line->formula->operands[0], BINDS_SUM);
        buf_add(&out, STR("=0;1;10^(INT(LOG10(ABS("));
        add(&writer, &line->formula->operands[0], BINDS_NOTHING);
        buf_format(&out, "))+1/10^12)+1-%d))", (int)line->formula->by);
        break;
    case SHEET_QUOTIENT:
        add(&writer, &line->formula->operands[0], BINDS_PRODUCT);
        if (line->formula->operation == ZUJI_OP_ROUND) {
            sheet_add_times(&out, 1 / line->formula->by);
        } else {
            buf_char(&out, '/');
            add_need(&writer, line->formula, SHEET_INTERVAL);
        }
        break;
    case SHEET_PART:
        buf_format(&out, "%s(", sheet_aggregate(line->formula));
        add_operands(&writer, line->formula, line->from, line->to);
        buf_char(&out, ')');
        break;
    case SHEET_CONSTANT:
    case SHEET_COUNT:
    case SHEET_GIVEN:
        break;
    }
    return buf_str(&out);
}
