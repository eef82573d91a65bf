/* Formulas with the values in the place of names, as one writes them by hand. */
#include <string.h>

#include "base/decimal.h"
#include "vm/explain.h"

struct str explain_number_text(struct arena *arena, struct rat number)
{
    enum { EXACT_DIGITS = 15, SHOWN_DIGITS = 12 };
    bool is_rational = !rat_is_enclosure(number);
    if (!is_rational) { /* which is never known to the last digit */
        struct rat high;
        rat_ends(arena, number, &number, &high);
    }
    if (is_rational && rat_eq(rat_round_significant(arena, number, EXACT_DIGITS, ROUND_TRUNCATE), number)) {
        return rat_decimal(arena, number, EXACT_DIGITS);
    }
    struct rat shown = rat_round_significant(arena, number, SHOWN_DIGITS, ROUND_TRUNCATE);
    if (is_rational && rat_is_int(shown)) { /* no digit before the point becomes 0 */
        shown = rat_round(arena, number, RAT_ONE, ROUND_TRUNCATE);
    }
    struct str digits = rat_decimal(arena, shown, SHOWN_DIGITS);
    return str_format(arena, "%.*s…", STR_FMT(digits));
}

/* How tightly an operation binds; operands that bind less are put in brackets. */
enum binding { BINDS_OR, BINDS_AND, BINDS_COMPARISON, BINDS_SUM, BINDS_PRODUCT, BINDS_SIGN, BINDS_POWER, BINDS_ALL };

static const struct {
    const char *sign; /* between two operands, or NULL: the name of a function */
    const char *name;
    enum binding binding;
} operations[] = {
    [ZUJI_OP_NUMBER] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_NODE] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_ADD] = {" + ",   NULL,      BINDS_SUM       },
    [ZUJI_OP_SUBTRACT] = {" − ", NULL,      BINDS_SUM       },
    [ZUJI_OP_MULTIPLY] = {" × ",  NULL,      BINDS_PRODUCT   },
    [ZUJI_OP_DIVIDE] = {" ÷ ",  NULL,      BINDS_PRODUCT   },
    [ZUJI_OP_NEGATE] = {NULL,    "−",     BINDS_SIGN      },
    [ZUJI_OP_ABSOLUTE] = {NULL,    "abs",     BINDS_ALL       },
    [ZUJI_OP_SQRT] = {NULL,    "sqrt",    BINDS_ALL       },
    [ZUJI_OP_EXP] = {NULL,    "exp",     BINDS_ALL       },
    [ZUJI_OP_LN] = {NULL,    "ln",      BINDS_ALL       },
    [ZUJI_OP_POWER] = {" ^ ",   NULL,      BINDS_POWER     },
    [ZUJI_OP_MIN] = {NULL,    "min",     BINDS_ALL       },
    [ZUJI_OP_MAX] = {NULL,    "max",     BINDS_ALL       },
    [ZUJI_OP_CONVERT] = {NULL,    NULL,      BINDS_PRODUCT   },
    [ZUJI_OP_SHIFT] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_ROUND] = {NULL,    "rounded", BINDS_ALL       },
    [ZUJI_OP_ROUND_SIGNIFICANT] = {NULL,    "rounded", BINDS_ALL       },
    [ZUJI_OP_LESS] = {" < ",   NULL,      BINDS_COMPARISON},
    [ZUJI_OP_LESS_EQUAL] = {" ≤ ", NULL,      BINDS_COMPARISON},
    [ZUJI_OP_EQUAL] = {" = ",   NULL,      BINDS_COMPARISON},
    [ZUJI_OP_AND] = {" ∧ ", NULL,      BINDS_AND       },
    [ZUJI_OP_OR] = {" ∨ ", NULL,      BINDS_OR        },
    [ZUJI_OP_NOT] = {NULL,    "¬",      BINDS_SIGN      },
    [ZUJI_OP_GIVEN] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_IF] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_SUM] = {" + ",   NULL,      BINDS_SUM       },
    [ZUJI_OP_LEAST] = {NULL,    "min",     BINDS_ALL       },
    [ZUJI_OP_GREATEST] = {NULL,    "max",     BINDS_ALL       },
    [ZUJI_OP_ANY] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_COUNT] = {NULL,    NULL,      BINDS_ALL       },
    [ZUJI_OP_CALL] = {NULL,    NULL,      BINDS_ALL       },
};

/* Of lists that are long, the first and the last. */
enum { SHOWN_OPERANDS = 6 };

static void add_formula(struct buf *out, const struct zuji_formula *formula, enum binding around);

static void add_value(struct buf *out, const struct zuji_value *value, enum binding around)
{
    const char *text = value->text[0] == '\0' ? "—" : value->text;
    bool is_bracketed = text[0] == '-' && around > BINDS_SUM;
    if (text[0] == '-') {
        buf_format(out, is_bracketed ? "(−%s)" : "−%s", text + 1);
    } else {
        buf_add(out, str_of(text));
    }
}

/* The operand that gives the value, where the others only decided. */
static const struct zuji_formula *giving(const struct zuji_formula *formula)
{
    bool is_plain = formula->operation == ZUJI_OP_CONVERT && formula->by_text[0] == '\0';
    while (formula->operation == ZUJI_OP_IF || (is_plain && formula->operand_count == 1)) {
        formula = &formula->operands[formula->operation == ZUJI_OP_IF ? 1 : 0];
        is_plain = formula->operation == ZUJI_OP_CONVERT && formula->by_text[0] == '\0';
    }
    return formula;
}

/* a − 5 rather than a + −5. */
static bool is_negative(const struct zuji_formula *operand)
{
    const struct zuji_formula *gives = giving(operand);
    const struct zuji_value *value = gives->node != NULL ? &gives->node->value : gives->value;
    return gives->operand_count == 0 && value->text[0] == '-';
}

static void add_negative(struct buf *out, const struct zuji_formula *operand)
{
    const struct zuji_formula *gives = giving(operand);
    const struct zuji_value *value = gives->node != NULL ? &gives->node->value : gives->value;
    buf_format(out, " − %s", value->text + 1);
}

static void add_operands(struct buf *out, const struct zuji_formula *formula, const char *between, enum binding binding)
{
    size_t count = formula->operand_count;
    bool is_sum = formula->operation == ZUJI_OP_ADD || formula->operation == ZUJI_OP_SUM;
    for (size_t i = 0; i < count; i++) {
        /* a − (b − c), a ÷ (b × c): what stands behind the sign binds more than the sign */
        bool is_behind = i > 0 && (formula->operation == ZUJI_OP_SUBTRACT || formula->operation == ZUJI_OP_DIVIDE);
        bool is_base = i == 0 && formula->operation == ZUJI_OP_POWER;
        if (count > SHOWN_OPERANDS && i == SHOWN_OPERANDS - 2) {
            buf_format(out, "%s…", between);
            i = count - 2;
        } else if (is_sum && i > 0 && is_negative(&formula->operands[i])) {
            add_negative(out, &formula->operands[i]);
        } else {
            buf_add(out, str_of(i > 0 ? between : ""));
            add_formula(out, &formula->operands[i], is_behind || is_base ? binding + 1 : binding);
        }
    }
}

/* a < b where a is a constant was written b > a. */
static bool is_turned(const struct zuji_formula *formula)
{
    return (formula->operation == ZUJI_OP_LESS || formula->operation == ZUJI_OP_LESS_EQUAL) &&
           formula->operands[0].operation == ZUJI_OP_NUMBER && formula->operands[1].operation != ZUJI_OP_NUMBER;
}

static void add_turned(struct buf *out, const struct zuji_formula *formula)
{
    add_formula(out, &formula->operands[1], BINDS_SUM);
    buf_add(out, formula->operation == ZUJI_OP_LESS ? STR(" > ") : STR(" ≥ "));
    add_formula(out, &formula->operands[0], BINDS_SUM);
}

static void add_function(struct buf *out, const struct zuji_formula *formula, const char *name)
{
    buf_format(out, "%s(", name);
    add_operands(out, formula, ", ", BINDS_OR);
    if (formula->operation == ZUJI_OP_ROUND) {
        buf_format(out, ", %s, %s", formula->by_text, formula->mode);
    } else if (formula->operation == ZUJI_OP_ROUND_SIGNIFICANT) {
        buf_format(out, ", %d digits, %s", (int)formula->by, formula->mode);
    }
    buf_char(out, ')');
}

static void add_formula(struct buf *out, const struct zuji_formula *formula, enum binding around)
{
    formula = giving(formula);
    enum binding binding = operations[formula->operation].binding;
    const char *name = operations[formula->operation].name;
    const char *sign = operations[formula->operation].sign;
    bool is_list = formula->operand_count > 1 || formula->operation == ZUJI_OP_CONVERT || name != NULL;
    bool is_bracketed = is_list && binding < around;
    if (is_bracketed) {
        buf_char(out, '(');
    }
    if (formula->operation == ZUJI_OP_CONVERT) {
        add_formula(out, &formula->operands[0], BINDS_PRODUCT);
        buf_format(out, " %s", formula->by_text);
    } else if (formula->operand_count == 0 || formula->operation == ZUJI_OP_CALL ||
               formula->operation == ZUJI_OP_SHIFT || formula->operation == ZUJI_OP_ANY) {
        const struct zuji_value *value = formula->node != NULL ? &formula->node->value : formula->value;
        add_value(out, value, around);
    } else if (is_turned(formula)) {
        add_turned(out, formula);
    } else if (name != NULL && binding == BINDS_SIGN) {
        buf_add(out, str_of(name));
        add_formula(out, &formula->operands[0], BINDS_POWER);
    } else if (name != NULL) {
        add_function(out, formula, name);
    } else {
        add_operands(out, formula, sign, binding);
    }
    if (is_bracketed) {
        buf_char(out, ')');
    }
}

const char *explain_figures(struct arena *arena, const struct zuji_formula *formula)
{
    const struct zuji_formula *gives = giving(formula);
    if (gives->operation == ZUJI_OP_NUMBER || gives->operation == ZUJI_OP_COUNT || gives->operation == ZUJI_OP_GIVEN) {
        return "";
    }
    struct buf out = buf_in(arena);
    add_formula(&out, formula, BINDS_OR);
    return str_copy(arena, buf_str(&out)).at;
}
