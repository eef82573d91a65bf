/* What is known of every value of a program before there are data: its form, its sign, its size, how its error is
   bounded, and whether it is one value for all rows. */
#include <math.h>

#include "vm/facts_parts.h"
#include "vm/opcodes.h"

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

int facts_exponent(double x)
{
    int exponent = 0;
    double size = facts_size(x);
    for (; size >= 2; size /= 2) {
        exponent++;
    }
    for (; size < 1; size *= 2) {
        exponent--;
    }
    return exponent;
}

/* The range of sizes of a result; what may leave the range of trust is to be looked at. */
static void set_size(struct fact *out, int low, int high)
{
    bool is_low_known = low > LOW_UNKNOWN / 2;
    out->is_checked = high > EXPONENT_MAX || (is_low_known && low < -EXPONENT_MAX);
    out->high = (int16_t)smaller(high, EXPONENT_MAX + 1);
    out->low = (int16_t)(is_low_known ? larger(low, -EXPONENT_MAX - 1) : LOW_UNKNOWN);
}

/* A product or quotient: it may get lost below the range of trust as well. */
static void set_product_size(struct fact *out, int low, int high)
{
    set_size(out, low, high);
    if (out->low == LOW_UNKNOWN) {
        out->is_checked = true;
        out->low = -EXPONENT_MAX - 1;
    }
}

static void set_whole(struct fact *out, double largest)
{
    if (largest <= LARGEST_WHOLE) {
        out->is_whole = true;
        out->largest = largest;
        out->has_bounds = false;
        set_size(out, 0, 53);
    }
}

/* ---- leaves ---- */

/* The fact of a number that is one of several constants: `out` holds that of those before. */
static void join_constant(const struct facts_of *of, uint32_t constant, bool is_first)
{
    struct fact *out = of->out;
    double value = of->prepared->constants[constant].value;
    struct rat number = of->program->constants[constant].number;
    bool is_exact = (of->prepared->constants[constant].grade & GRADE_EXACT) != 0; /* 2^53 + 1 is not */
    bool is_small_whole = is_exact && rat_is_int(number) && facts_size(value) <= LARGEST_WHOLE;
    int sign = value < 0 ? -1 : 1;
    bool is_sized = value == value && value != 0;
    int low = is_sized ? facts_exponent(value) : 0;
    int high = is_sized ? low + 1 : 0;
    out->sign = (int8_t)(is_first || out->sign == sign ? sign : 0);
    out->is_whole = is_small_whole && (is_first || out->is_whole);
    out->largest = is_first || facts_size(value) > out->largest ? facts_size(value) : out->largest;
    out->low = (int16_t)(is_first ? low : smaller(out->low, low));
    out->high = (int16_t)(is_first ? high : larger(out->high, high));
}

static void fact_of_column(const struct facts_of *of)
{
    uint32_t table = of->prepared->verified->shapes[of->at->a].of & ~ROW_OF_TABLE;
    const struct prog_column *column = &of->program->tables[table].columns[of->at->imm];
    bool is_first = true;
    for (uint32_t r = 0; column->type == VALUE_NUMBER && r < of->program->tables[table].row_count; r++) {
        if (column->cells[r] != NO_INDEX) {
            join_constant(of, column->cells[r], is_first);
            is_first = false;
        }
    }
}

static void fact_of_field(const struct facts_of *of)
{
    const struct prog_field *field = &of->program->fields[of->at->a];
    const struct prog_const *constants = of->program->constants;
    set_size(of->out, -DATUM_EXPONENT, DATUM_EXPONENT);
    if (field->type == VALUE_NUMBER && field->low != NO_INDEX && rat_sign(constants[field->low].number) >= 0) {
        of->out->sign = 1;
    } else if (field->type == VALUE_NUMBER && field->high != NO_INDEX && rat_sign(constants[field->high].number) <= 0) {
        of->out->sign = -1;
    }
}

/* ---- arithmetic ---- */

/* a + b, or a - b where b_sign is that of -b. */
static void fact_of_sum(const struct facts_of *of, int b_sign)
{
    struct fact *out = of->out;
    const struct fact *a = of->a;
    const struct fact *b = of->b;
    bool is_relative = !a->has_bounds && !b->has_bounds && a->sign != 0 && a->sign == b_sign;
    out->sign = (int8_t)(a->sign == b_sign ? a->sign : 0);
    out->has_bounds = !is_relative;
    set_size(out, is_relative ? smaller(a->low, b->low) : LOW_UNKNOWN, larger(a->high, b->high) + 1);
    if (a->is_whole && b->is_whole) {
        set_whole(out, a->largest + b->largest);
    }
}

/* Years: a difference is a small whole number; a year that is moved is a year again. */
static void fact_of_add(const struct facts_of *of, int sign)
{
    if (of->a->form == FORM_NUMBER && of->b->form == FORM_NUMBER) {
        fact_of_sum(of, sign * of->b->sign);
    } else if (of->a->form == of->b->form) {
        of->out->sign = 0;
        set_whole(of->out, 4294967296.0);
    }
}

static int low_sum(int a, int b)
{
    return a <= LOW_UNKNOWN / 2 || b <= LOW_UNKNOWN / 2 ? LOW_UNKNOWN : a + b - 1;
}

static void fact_of_product(const struct facts_of *of)
{
    of->out->sign = (int8_t)(of->a->sign * of->b->sign);
    of->out->has_bounds = of->a->has_bounds || of->b->has_bounds;
    set_product_size(of->out, low_sum(of->a->low, of->b->low), of->a->high + of->b->high + 1);
    if (of->a->is_whole && of->b->is_whole) {
        set_whole(of->out, of->a->largest * of->b->largest);
    }
}

static void fact_of_quotient(const struct facts_of *of)
{
    int b_low = of->b->low <= LOW_UNKNOWN / 2 ? -10 * EXPONENT_MAX : of->b->low;
    of->out->sign = (int8_t)(of->a->sign * of->b->sign);
    of->out->has_bounds = of->a->has_bounds || of->b->has_bounds;
    set_product_size(of->out, low_sum(of->a->low, -of->b->high), of->a->high - b_low + 1);
}

static void fact_of_power(const struct facts_of *of)
{
    int exponent = (int)(int32_t)of->at->b;
    of->out->sign = (int8_t)(exponent % 2 == 0 ? 1 : of->a->sign);
    of->out->has_bounds = of->a->has_bounds;
    of->out->low = -EXPONENT_MAX - 1;
    of->out->high = EXPONENT_MAX + 1;
    of->out->is_checked = true;
}

/* Their errors are found row by row (fast_functions.c), and so is whether they are within the range of trust. */
static void fact_of_function(const struct facts_of *of)
{
    bool is_logarithm = of->at->op == OP_LN;
    bool is_positive = of->at->op != OP_POW || of->a->sign == 1;
    of->out->sign = (int8_t)(is_positive && !is_logarithm ? 1 : 0);
    of->out->has_bounds = is_logarithm;
    if (is_logarithm) {
        enum { LOGARITHM_EXPONENT = 10 }; /* of 1e-250 .. 1e250 */
        set_size(of->out, LOW_UNKNOWN, LOGARITHM_EXPONENT);
    } else {
        set_size(of->out, -EXPONENT_MAX - 1, EXPONENT_MAX + 1);
    }
}

static void fact_of_converted(const struct facts_of *of)
{
    double factor = of->prepared->constants[of->at->b].value;
    int exponent = factor == factor ? facts_exponent(factor) : 0;
    of->out->sign = (int8_t)(factor < 0 ? -of->a->sign : of->a->sign);
    of->out->has_bounds = of->a->has_bounds;
    set_product_size(of->out, low_sum(of->a->low, exponent), of->a->high + exponent + 2);
}

/* Of two values, one; signs and sizes of both are possible. */
static void fact_of_either(const struct facts_of *of, const struct fact *a, const struct fact *b)
{
    struct fact *out = of->out;
    out->sign = (int8_t)(a->sign == b->sign ? a->sign : 0);
    out->has_bounds = a->has_bounds || b->has_bounds;
    out->low = (int16_t)smaller(a->low, b->low);
    out->high = (int16_t)larger(a->high, b->high);
    out->is_whole = a->is_whole && b->is_whole;
    out->largest = a->largest > b->largest ? a->largest : b->largest;
}

/* The larger of two is positive where one of them is. */
static void fact_of_limit(const struct facts_of *of, int sign)
{
    fact_of_either(of, of->a, of->b);
    if (of->a->sign == sign || of->b->sign == sign) {
        of->out->sign = (int8_t)sign;
    }
}

static void fact_of_copy(const struct facts_of *of, const struct fact *from)
{
    fact_of_either(of, from, from);
}

static void fact_of_rounded(const struct facts_of *of)
{
    bool is_step = of->at->op == OP_ROUND;
    const struct fact *step = is_step ? of->b : of->a;
    of->out->sign = of->a->sign;
    set_size(of->out, is_step ? step->low : low_sum(of->a->low, 0), larger(of->a->high, step->high) + 1);
    if (is_step && step->is_whole) {
        set_whole(of->out, LARGEST_WHOLE);
    }
}

static void fact_of_aggregate(const struct facts_of *of)
{
    enum { ROWS_EXPONENT = 32 };
    switch (of->at->op) {
    case OP_COUNT:
        of->out->sign = 1;
        set_whole(of->out, 4294967296.0);
        break;
    case OP_SUM:
        fact_of_copy(of, of->a);
        of->out->has_bounds = of->a->has_bounds || of->a->sign == 0;
        of->out->is_whole = false;
        set_size(of->out, of->out->has_bounds ? LOW_UNKNOWN : of->a->low, of->a->high + ROWS_EXPONENT);
        if (of->a->is_whole) {
            set_whole(of->out, of->a->largest * 4294967296.0);
        }
        break;
    default: /* LEAST, GREATEST */
        fact_of_copy(of, of->a);
        break;
    }
}

static void fact_of_index(const struct facts_of *of)
{
    const struct prog_axis *axis = &of->program->axes[of->at->axis];
    const struct fact *first = &of->prepared->facts[axis->first];
    const struct fact *last = &of->prepared->facts[axis->last];
    double largest = first->largest > last->largest ? first->largest : last->largest;
    of->out->sign = first->sign == 1 ? 1 : 0;
    set_whole(of->out, first->is_whole && last->is_whole ? largest : LARGEST_WHOLE);
}

static void number_fact(const struct facts_of *of)
{
    switch ((enum opcode)of->at->op) {
    case OP_CONST:
        join_constant(of, of->at->a, true);
        break;
    case OP_FIELD:
        fact_of_field(of);
        break;
    case OP_INDEX:
        fact_of_index(of);
        break;
    case OP_ADD:
        fact_of_add(of, 1);
        break;
    case OP_SUB:
        fact_of_add(of, -1);
        break;
    case OP_MUL:
        fact_of_product(of);
        break;
    case OP_DIV:
        fact_of_quotient(of);
        break;
    case OP_NEG:
        fact_of_copy(of, of->a);
        of->out->sign = (int8_t)-of->a->sign;
        break;
    case OP_ABS:
        fact_of_copy(of, of->a);
        of->out->sign = 1;
        break;
    case OP_MIN:
    case OP_MAX:
        fact_of_limit(of, of->at->op == OP_MIN ? -1 : 1);
        break;
    case OP_ELSE:
        fact_of_either(of, of->a, of->b);
        break;
    case OP_SELECT:
        fact_of_either(of, of->b, &of->prepared->facts[of->at->c]);
        break;
    case OP_POWI:
        fact_of_power(of);
        break;
    case OP_SQRT:
    case OP_POW:
    case OP_EXP:
    case OP_LN:
        fact_of_function(of);
        break;
    case OP_CONVERT:
        fact_of_converted(of);
        break;
    case OP_SHIFT:
        of->out->has_bounds = true;
        set_size(of->out, LOW_UNKNOWN, 2 * EXPONENT_MAX);
        break;
    case OP_ROUND:
    case OP_ROUNDSIG:
        fact_of_rounded(of);
        break;
    case OP_SUM:
    case OP_COUNT:
    case OP_LEAST:
    case OP_GREATEST:
        fact_of_aggregate(of);
        break;
    case OP_COLUMN:
        fact_of_column(of);
        break;
    case OP_CALL: /* others than of a reasonable size are not taken: fast_call.c */
        set_size(of->out, -DATUM_EXPONENT, DATUM_EXPONENT);
        break;
    case OP_FACTOR: /* others than positive ones of a reasonable size are not taken: fast_lookup.c */
        of->out->sign = 1;
        set_size(of->out, -DATUM_EXPONENT, DATUM_EXPONENT);
        break;
    case OP_TAKE:
        fact_of_copy(of, of->b);
        break;
    case OP_NEED:
    case OP_WITHIN:
    case OP_RETAG:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_INVENTORY:
        fact_of_copy(of, of->a);
        break;
    case OP_GIVEN:
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_SAME:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_ANY:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
    case OP_MATCH:
    case OP_KEY:
    case OP_STEP_KEY:
    case OP_CELL:
    case OP_REQUIRE:
    case OP_ROW:
    case OP_WARN:
    case OP_JUDGE:
    case OPCODE_END:
        break;
    }
}

/* ---- all values ---- */

static enum value_form form_of(enum value_type type)
{
    switch (type) {
    case VALUE_NUMBER:
        return FORM_NUMBER;
    case VALUE_BOOL:
        return FORM_FLAG;
    case VALUE_YEAR:
    case VALUE_DATE:
        return FORM_WHOLE;
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_ROW:
    case VALUE_KEY:
        break;
    }
    return FORM_CODE;
}

struct single {
    const struct prepared *prepared;
    bool is_single;
};

static void visit_single(void *context, uint32_t operand)
{
    struct single *single = context;
    single->is_single = single->is_single && single->prepared->facts[operand].is_single;
}

/* Everything on the constant axis, and what is made of nothing but such values. Notes are taken row by row, and what
   reads rows or counts them differs from row to row. */
static bool is_single(const struct facts_of *of)
{
    const struct instruction *at = of->at;
    if (at->axis == AXIS_ID_CONSTANT) {
        return true;
    }
    const struct opcode_info *info = opcode_info(at->op);
    if (info->mask == MASK_ROOT || info->imm == IMM_AXIS || at->op == OP_FIELD || at->op == OP_INDEX ||
        at->op == OP_ROW || at->op == OP_FACTOR || at->op == OP_TAKE || at->op == OP_MATCH ||
        (at->op == OP_ELSE && at->imm != 0)) {
        return false;
    }
    struct single single = {of->prepared, true};
    prepare_visit_operands(of->program, of->number, visit_single, &single);
    return single.is_single;
}

/* Values that need no work: they are found under another name. */
static uint32_t same_as(const struct facts_of *of)
{
    const struct instruction *at = of->at;
    bool is_member_key = at->op == OP_KEY && of->program->tables[at->imm].dimensions[at->b].type == VALUE_MEMBER;
    if (at->op == OP_RETAG || is_member_key || ((at->op == OP_SPREAD || at->op == OP_SPREAD2) && of->out->is_single)) {
        return of->prepared->facts[at->a].same;
    }
    return of->number;
}

void prepare_facts(struct prepared *prepared)
{
    static const struct fact nothing = {.form = FORM_NUMBER, .least = -INFINITY, .most = INFINITY};
    const struct program *program = prepared->program;
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        const struct opcode_info *info = opcode_info(at->op);
        const struct value_shape *shape = &prepared->verified->shapes[i];
        struct facts_of of = {
            .prepared = prepared, .program = program, .at = at, .number = i, .a = &nothing, .b = &nothing};
        of.out = &prepared->facts[i];
        *of.out = nothing; /* years, too, lie anywhere */
        of.out->form = (uint8_t)form_of((enum value_type)shape->type);
        of.out->is_optional = shape->is_optional;
        if (operand_is_instruction(info->operand[0]) && at->a != NO_OPERAND) {
            of.a = &prepared->facts[at->a];
        }
        if (operand_is_instruction(info->operand[1]) && at->b != NO_OPERAND) {
            of.b = &prepared->facts[at->b];
        }
        if (of.out->form == FORM_NUMBER) {
            number_fact(&of);
            facts_use_range(&of);
        }
        of.out->is_single = is_single(&of);
        of.out->same = same_as(&of);
    }
}
