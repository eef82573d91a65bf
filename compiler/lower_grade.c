/* Classes and their limits. Each limit is judged twice: against the full value of the total, and against the total
   rounded to the places of the limit (GB/T 8170, 全数值比较法 and 修约值比较法). */
#include "compiler/lower.h"

/* Its English text, else the Chinese one, whatever the language of the file: the name belongs to the meaning. */
static struct str class_name(const struct decl *class)
{
    struct str english = class->texts.text[LANG_EN];
    return english.len > 0 ? english : class->texts.text[LANG_ZH];
}

/* A limit of the declared amount (8 kgCO2e for 100 mL) as one of the declared unit. */
static uint32_t per_unit(struct lowering *lowering, uint32_t limit, struct unit unit)
{
    struct ir *ir = lowering->ir;
    const struct prog_rule *rule = &lowering->program->rule;
    if (limit != IR_ERROR && !kind_eq(ir_unit_of(ir, limit).kind, unit.kind) && rule->declared_unit != 0) {
        uint32_t amount = ir_number(ir, ir->constants[rule->declared].number, ir->unit_items[rule->declared_unit]);
        limit = ir_div(ir, limit, amount);
    }
    return ir_convert(ir, limit, unit);
}

/* Places behind the point of a number as written: 2 of "8.50", -3 of "8e3". */
static int places_of(struct str digits)
{
    int places = 0;
    bool is_behind = false;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.at[i];
        if (c == 'e' || c == 'E') {
            int exponent = 0;
            bool is_negative = i + 1 < digits.len && digits.at[i + 1] == '-';
            for (size_t k = i + 1; k < digits.len; k++) {
                bool is_digit = digits.at[k] >= '0' && digits.at[k] <= '9';
                exponent = is_digit && exponent < 1000 ? exponent * 10 + (digits.at[k] - '0') : exponent;
            }
            return is_negative ? places + exponent : places - exponent;
        }
        places += is_behind && c >= '0' && c <= '9';
        is_behind = is_behind || c == '.';
    }
    return places;
}

static struct rat power_of_ten(struct arena *arena, int exponent)
{
    return rat_pow(arena, rat_int(10), exponent);
}

/* Of a limit that is written as a number: one of its last place. */
static uint32_t step_of_literal(struct lowering *lowering, const struct expr *limit, struct unit unit)
{
    struct ir *ir = lowering->ir;
    struct rat step = power_of_ten(lowering->arena, -places_of(limit->as.number.digits));
    return per_unit(lowering, ir_number(ir, step, limit->as.number.unit), unit);
}

/* The rule rounds the figure for the declared amount in kgCO2e; the total here is for the declared unit. */
static uint32_t as_reported(struct lowering *lowering, uint32_t total)
{
    struct ir *ir = lowering->ir;
    const struct prog_rule *rule = &lowering->program->rule;
    struct unit plain = ir_unit_of(ir, total);
    uint32_t amount = ir_number(ir, ir->constants[rule->declared].number, UNIT_ONE);
    enum rounding mode = (enum rounding)rule->round.mode;
    if (rule->round.how == PROG_ROUND_SIGNIFICANT) {
        uint32_t figure = ir_round_significant(ir, ir_mul(ir, total, amount), rule->round.digits, mode);
        return ir_div(ir, figure, amount);
    }
    struct rat interval = program_round_interval(lowering->arena, &rule->round);
    return ir_round(ir, total, ir_div(ir, ir_number(ir, interval, plain), amount), mode);
}

static uint32_t rounded_total(struct lowering *lowering, const struct expr *limit, uint32_t total, struct unit unit)
{
    if (total == IR_ERROR) {
        return IR_ERROR;
    }
    if (limit->kind != EXPR_NUMBER) {
        return as_reported(lowering, total);
    }
    uint32_t step = step_of_literal(lowering, limit, unit);
    return ir_round(lowering->ir, total, step, ROUND_HALF_EVEN);
}

static void judge(struct lowering *lowering, uint32_t total, uint32_t limit, bool is_below, bool is_rounded)
{
    struct ir *ir = lowering->ir;
    uint32_t is_kept = is_below ? ir_less(ir, total, limit) : ir_less_equal(ir, total, limit);
    if (is_kept != IR_ERROR) {
        ir_judge(ir, lower_inner_axis(ir, is_kept, NO_OPERAND), is_kept, lowering->program->grade_count, is_rounded);
    }
}

/* Constant limits must rise; of others the data decide. */
static void check_order(struct lowering *lowering, const struct decl *class, const struct decl *before, uint32_t limit)
{
    struct ir *ir = lowering->ir;
    const struct program *program = lowering->program;
    uint32_t lower = before == NULL ? IR_ERROR : program->grades[program->grade_count - 1].limit;
    if (lower == IR_ERROR || limit == IR_ERROR || !ir_is_constant(ir, lower) || !ir_is_constant(ir, limit)) {
        return;
    }
    int order = rat_cmp(lowering->arena, ir_constant(ir, lower)->number, ir_constant(ir, limit)->number);
    bool is_more = order == 0 && before->as.class.is_below && !class->as.class.is_below;
    if (order >= 0 && !is_more) {
        lower_fail(lowering, class->at, D_GRADE_ORDER, DIAG_ARGS(class_name(before), class_name(class)));
    }
}

static void lower_class(struct lowering *lowering, const struct decl *class, const struct decl *before)
{
    struct program *program = lowering->program;
    struct ir *ir = lowering->ir;
    struct str name = class_name(class);
    struct unit unit = ir->unit_items[program->rule.total_unit];
    struct prog_grade grade = {.name = ir_text(ir, name),
                               .limit = NO_OPERAND,
                               .is_below = class->as.class.is_below,
                               .titles = lower_titles(lowering, &class->texts),
                               .clause = lower_label(lowering, class->parent->attributes.clause)};
    struct ir_site before_site =
        lower_enter(lowering, str_format(lowering->arena, "grade %.*s", STR_FMT(name)), class->parent);
    struct expr *written = class->as.class.limit;
    if (written != NULL) {
        const struct scope *scope = lowering->has_rows ? &lowering->row : NULL;
        uint32_t limit = ir_need(ir, per_unit(lowering, lower_value(lowering, written, scope), unit));
        uint32_t total = ir_convert(ir, lower_total(lowering), unit);
        check_order(lowering, class, before, limit);
        judge(lowering, total, limit, grade.is_below, false);
        judge(lowering, rounded_total(lowering, written, total, unit), limit, grade.is_below, true);
        grade.limit = limit;
        lowering->has_error = lowering->has_error || limit == IR_ERROR || total == IR_ERROR;
    }
    size_t count = program->grade_count;
    arena_grow(lowering->arena, program->grades, count, lowering->grade_cap);
    program->grades[program->grade_count++] = grade;
    ir->site = before_site;
}

void lower_grades(struct lowering *lowering)
{
    const struct decl *before = NULL;
    for (const struct decl *item = lowering->checked->rule->as.rule.items; item != NULL; item = item->next) {
        for (const struct decl *class = item->kind == DECL_GRADE ? item->as.grade.classes : NULL; class != NULL;
             class = class->next) {
            lower_class(lowering, class, before);
            before = class;
        }
    }
}
