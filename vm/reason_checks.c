/* What was required, with both sides, and what was cut off. */
#include "base/decimal.h"
#include "vm/reasons.h"

/* Is the row of the axis one of the rule's row? */
static bool is_of_row(const struct exact_run *run, uint16_t axis, uint32_t at, uint32_t row)
{
    uint16_t row_axis = run->program->rule.row_axis;
    for (uint16_t outer = axis; row_axis != AXIS_ID_PRODUCT && outer != AXIS_ID_CONSTANT;
         outer = run->program->axes[outer].parent) {
        if (outer == row_axis) {
            return exact_row_outside(run, axis, at, row_axis) == row;
        }
    }
    return true;
}

/* ---- conditions joined by `and` ---- */

enum { CONJUNCTS_MAX = 64 }; /* of one check; more are told as one */

struct conjuncts {
    uint32_t items[CONJUNCTS_MAX];
    size_t count;
};

static uint32_t through_spreads(const struct program *program, uint32_t instruction)
{
    while (program->code[instruction].op == OP_SPREAD) {
        instruction = program->code[instruction].a;
    }
    return instruction;
}

static struct conjuncts conjuncts_of(const struct program *program, uint32_t condition)
{
    struct conjuncts all = {.count = 0};
    uint32_t pending[CONJUNCTS_MAX];
    size_t depth = 0;
    pending[depth++] = condition;
    while (depth > 0) {
        uint32_t next = through_spreads(program, pending[--depth]);
        const struct instruction *at = &program->code[next];
        bool has_room = all.count + depth + 2 <= CONJUNCTS_MAX;
        if (at->op == OP_AND && has_room) {
            pending[depth++] = at->b;
            pending[depth++] = at->a;
        } else {
            all.items[all.count++] = next;
        }
    }
    return all;
}

struct sides { /* of a comparison */
    const char *sign;
    uint32_t left, right, within; /* NO_OPERAND: none */
    bool is_limit;                /* there is a distance from right to left, below zero where it does not hold */
    bool is_reversed;             /* … from left to right */
};

static struct sides sides_of(const struct program *program, uint32_t conjunct)
{
    const struct instruction *at = &program->code[conjunct];
    bool is_negated = at->op == OP_NOT;
    if (is_negated) {
        at = &program->code[at->a];
    }
    struct sides sides = {.sign = "", .left = at->a, .right = at->b, .within = NO_OPERAND, .is_reversed = is_negated};
    const struct instruction *left = at->a == NO_OPERAND ? at : &program->code[at->a];
    switch (at->op) {
    case OP_LT:
        sides.sign = is_negated ? ">=" : "<";
        break;
    case OP_LE:
        sides.sign = is_negated ? ">" : "<=";
        if (!is_negated && left->op == OP_ABS && program->code[left->a].op == OP_SUB) { /* a == b within t */
            sides.sign = "within";
            sides.within = at->b;
            sides.left = program->code[left->a].a;
            sides.right = program->code[left->a].b;
        }
        break;
    case OP_EQ:
    case OP_SAME:
        sides.sign = is_negated ? "!=" : "==";
        return sides;
    default:
        return sides;
    }
    sides.is_limit = true;
    return sides;
}

/* How far the value is on the good side of the limit; false where there is no such distance. */
static bool distance(struct exact_run *run, const struct sides *sides, uint32_t row, struct rat *left)
{
    struct exact_value a = exact_get(run, sides->left, row);
    struct exact_value b = exact_get(run, sides->right, row);
    if (!sides->is_limit || run->shapes[sides->left].type != VALUE_NUMBER || a.state != STATE_GIVEN ||
        b.state != STATE_GIVEN) {
        return false;
    }
    *left = rat_sub(run->arena, sides->is_reversed ? a.number : b.number, sides->is_reversed ? b.number : a.number);
    if (sides->within != NO_OPERAND) {
        struct exact_value within = exact_get(run, sides->within, row);
        *left = rat_sub(run->arena, within.number, rat_abs(run->arena, *left));
        return within.state == STATE_GIVEN;
    }
    return true;
}

struct judging { /* a condition on the rows of its check */
    struct exact_run *run;
    uint32_t instruction; /* REQUIRE, WARN */
    uint32_t row;         /* of the rule */
};

/* Is the check wanted on this row? */
static bool is_judged(const struct judging *judging, uint32_t at_row)
{
    const struct instruction *at = &judging->run->program->code[judging->instruction];
    if (!is_of_row(judging->run, at->axis, at_row, judging->row)) {
        return false;
    }
    struct exact_value mask = at->mask == NO_OPERAND ? exact_of_code(1) : exact_get(judging->run, at->mask, at_row);
    return mask.state != STATE_GIVEN || mask.code != 0;
}

static uint32_t own_row(const struct judging *judging, uint32_t conjunct, uint32_t at_row)
{
    const struct program *program = judging->run->program;
    return exact_row_outside(judging->run, program->code[judging->instruction].axis, at_row,
                             program->code[conjunct].axis);
}

/* The first row on which the condition does not hold, else the nearest to its limit, else the first; false: no row. */
static bool find_row(const struct judging *judging, uint32_t conjunct, const struct sides *sides, uint32_t *found)
{
    struct exact_run *run = judging->run;
    uint32_t rows = run->axes[run->program->code[judging->instruction].axis].rows;
    struct rat nearest = RAT_ZERO;
    bool has_found = false;
    for (uint32_t r = 0; r < rows; r++) {
        if (!is_judged(judging, r)) {
            continue;
        }
        uint32_t row = own_row(judging, conjunct, r);
        struct exact_value value = exact_get(run, conjunct, row);
        if (value.state == STATE_GIVEN && value.code == 0) {
            *found = r;
            return true;
        }
        struct rat left = RAT_ZERO;
        bool is_nearer = sides->sign[0] != '\0' && distance(run, sides, row, &left) &&
                         (!has_found || rat_cmp(run->arena, left, nearest) < 0);
        if (!has_found || is_nearer) {
            *found = r;
            nearest = left;
            has_found = true;
        }
    }
    return has_found;
}

static struct zuji_comparison tell_comparison(struct teller *teller, const struct judging *judging, uint32_t conjunct)
{
    struct zuji_value none = {.unit = "", .text = ""};
    struct sides sides = sides_of(teller->run->program, conjunct);
    struct zuji_comparison told = {.expression = tell_expression(teller, conjunct),
                                   .path = "",
                                   .sign = "",
                                   .left = none,
                                   .right = none,
                                   .within = none};
    uint32_t at_row;
    if (!find_row(judging, conjunct, &sides, &at_row)) {
        return told;
    }
    uint32_t row = own_row(judging, conjunct, at_row);
    struct exact_value value = exact_get(teller->run, conjunct, row);
    told.path = tell_text(teller, exact_row_path(teller->run, teller->run->program->code[conjunct].axis, row));
    told.holds = value.state == STATE_GIVEN && value.code != 0;
    told.sign = sides.sign;
    if (sides.sign[0] != '\0') {
        told.left = tell_value(teller, sides.left, row);
        told.right = tell_value(teller, sides.right, row);
        told.within = sides.within == NO_OPERAND ? none : tell_value(teller, sides.within, row);
    }
    return told;
}

/* ---- checks ---- */

static enum zuji_verdict count_verdicts(const struct judging *judging, struct zuji_check *check)
{
    const struct instruction *at = &judging->run->program->code[judging->instruction];
    bool is_undecided = false;
    for (uint32_t r = 0; r < judging->run->axes[at->axis].rows; r++) {
        if (is_judged(judging, r)) {
            struct exact_value value = exact_get(judging->run, at->a, r);
            is_undecided = is_undecided || value.state != STATE_GIVEN;
            check->rows++;
            check->failed += value.state == STATE_GIVEN && value.code == 0;
        }
    }
    return check->failed > 0 ? ZUJI_FAILED
           : is_undecided    ? ZUJI_UNDECIDED
           : check->rows > 0 ? ZUJI_PASSED
                             : ZUJI_NOT_APPLICABLE;
}

static enum zuji_check_kind kind_of(const struct instruction *at, const struct prog_requirement *requirement)
{
    switch ((enum prog_requirement_kind)requirement->kind) {
    case REQUIREMENT_CUT_EACH:
        return ZUJI_CUT_EACH;
    case REQUIREMENT_CUT_TOGETHER:
        return ZUJI_CUT_TOGETHER;
    case REQUIREMENT_SAID:
        break;
    }
    return at->op == OP_REQUIRE ? ZUJI_REQUIRE : ZUJI_WARN;
}

static struct zuji_check tell_check(struct teller *teller, uint32_t instruction, uint32_t row)
{
    const struct program *program = teller->run->program;
    const struct instruction *at = &program->code[instruction];
    const struct prog_requirement *requirement = &program->requirements[at->b];
    struct judging judging = {teller->run, instruction, row};
    struct zuji_check told = {.kind = kind_of(at, requirement), .clause = tell_label(teller, requirement->clause)};
    struct conjuncts conjuncts = conjuncts_of(program, at->a);
    tell_titles(teller, &requirement->text, told.text);
    told.verdict = count_verdicts(&judging, &told);
    struct zuji_comparison *parts = arena_array(teller->arena, struct zuji_comparison, conjuncts.count);
    for (size_t c = 0; c < conjuncts.count && told.rows > 0; c++) {
        parts[told.part_count++] = tell_comparison(teller, &judging, conjuncts.items[c]);
    }
    told.parts = parts;
    return told;
}

/* In the order of the rule, which is that of the requirements; instructions may stand in another. */
void tell_checks(struct teller *teller, uint32_t row, struct zuji_reasons *reasons)
{
    const struct program *program = teller->run->program;
    uint32_t *next = arena_array(teller->run->arena, uint32_t, program->code_count);
    uint32_t *first = arena_array(teller->run->arena, uint32_t, program->requirement_count);
    size_t count = 0;
    for (uint32_t i = program->code_count; i-- > 0;) { /* lists of the instructions of each, linked by number + 1 */
        const struct instruction *at = &program->code[i];
        if (at->op == OP_REQUIRE || at->op == OP_WARN) {
            next[i] = first[at->b];
            first[at->b] = i + 1;
            count++;
        }
    }
    struct zuji_check *checks = arena_array(teller->arena, struct zuji_check, count);
    for (uint32_t r = 0; r < program->requirement_count; r++) {
        for (uint32_t i = first[r]; i != 0; i = next[i - 1]) {
            checks[reasons->check_count++] = tell_check(teller, i - 1, row);
        }
    }
    reasons->checks = checks;
}

/* ---- cut-offs ---- */

struct cut { /* the two requirements of one cut-off */
    uint32_t list, axis;
    uint32_t key;            /* what rows are measured by */
    uint32_t each, together; /* the limits; NO_OPERAND: none */
};

/* `each`: on the rows of the list, key ≤ limit. `together`: for the product, sum of keys ≤ limit. The compiler
   writes them so; a file that says the same otherwise has no cut-off to tell of. */
static bool find_cut(const struct program *program, const struct instruction *at, struct cut *cut)
{
    const struct prog_requirement *requirement = &program->requirements[at->b];
    const struct instruction *limit = &program->code[at->a];
    if (at->op != OP_REQUIRE || requirement->kind == REQUIREMENT_SAID || limit->op != OP_LE) {
        return false;
    }
    bool is_each = requirement->kind == REQUIREMENT_CUT_EACH;
    const struct instruction *sum = &program->code[limit->a];
    *cut = (struct cut){.axis = at->axis, .key = limit->a, .each = NO_OPERAND, .together = NO_OPERAND};
    if (is_each) {
        cut->each = limit->b;
    } else {
        cut->together = limit->b;
        cut->axis = sum->imm;
        cut->key = sum->a;
    }
    if ((!is_each && sum->op != OP_SUM) || program->axes[cut->axis].kind != AXIS_LIST) {
        return false;
    }
    cut->list = program->axes[cut->axis].list;
    return program->fields[cut->list].has_cut != 0;
}

uint32_t reason_cut_field(const struct program *program, uint32_t list)
{
    for (uint32_t f = list + 1; f < program->field_count; f++) {
        const struct prog_field *field = &program->fields[f];
        if (field->parent == list && !field->is_list && field->type == VALUE_TEXT &&
            str_eq(program->texts[field->name], STR("cut"))) {
            return f;
        }
    }
    return NO_INDEX;
}

static double ratio(struct exact_run *run, struct rat part, struct rat whole)
{
    return rat_sign(whole) == 0 ? 0 : rat_to_double(rat_div(run->arena, part, whole));
}

/* The limit is a constant share of the whole; of nothing it could not be told from the product. */
static double limit_ratio(struct exact_run *run, uint32_t limit, struct rat whole)
{
    if (limit == NO_OPERAND) {
        return -1;
    }
    const struct instruction *at = &run->program->code[through_spreads(run->program, limit)];
    const uint32_t operands[2] = {at->a, at->b};
    for (int k = 0; at->op == OP_MUL && k < 2; k++) {
        if (run->program->code[operands[k]].op == OP_CONST) {
            return rat_to_double(exact_get(run, operands[k], 0).number);
        }
    }
    struct exact_value value = exact_get(run, limit, 0);
    return value.state == STATE_GIVEN ? ratio(run, value.number, whole) : -1;
}

/* The condition of the sum of which the limit is a share; NO_OPERAND: all rows. */
static uint32_t rows_of_whole(const struct program *program, const struct cut *cut)
{
    uint32_t limit = through_spreads(program, cut->each != NO_OPERAND ? cut->each : cut->together);
    const struct instruction *at = &program->code[limit];
    const uint32_t parts[3] = {limit, at->a, at->b};
    for (size_t k = 0; k < (at->op == OP_MUL ? countof(parts) : 1); k++) {
        const struct instruction *sum = &program->code[parts[k]];
        if (sum->op == OP_SUM && sum->imm == cut->axis) {
            return sum->b;
        }
    }
    return NO_OPERAND;
}

static bool counts_to(struct exact_run *run, uint32_t where, uint32_t axis, uint32_t row)
{
    if (where == NO_OPERAND) {
        return true;
    }
    row = exact_row_outside(run, axis, row, run->program->code[where].axis);
    struct exact_value counts = exact_get(run, where, row);
    return counts.state == STATE_GIVEN && counts.code != 0;
}

static struct rat whole_of(struct exact_run *run, const struct cut *cut)
{
    struct rat whole = RAT_ZERO;
    uint32_t where = rows_of_whole(run->program, cut);
    for (uint32_t r = 0; r < run->axes[cut->axis].rows; r++) {
        struct exact_value key = exact_get(run, cut->key, r);
        if (key.state == STATE_GIVEN && counts_to(run, where, cut->axis, r)) {
            whole = exact_told(run, rat_add(run->arena, whole, key.number));
        }
    }
    return whole;
}

static struct zuji_cutoff tell_cut(struct teller *teller, const struct cut *cut)
{
    struct exact_run *run = teller->run;
    const struct exact_axis *axis = &run->axes[cut->axis];
    uint16_t unit = run->shapes[cut->key].unit;
    uint32_t field = reason_cut_field(run->program, cut->list);
    struct rat whole = whole_of(run, cut);
    struct rat away = RAT_ZERO;
    struct zuji_cut_row *rows = arena_array(teller->arena, struct zuji_cut_row, axis->rows);
    struct zuji_cutoff told = {.list = tell_text(teller, run->program->texts[run->program->fields[cut->list].name]),
                               .by = tell_expression(teller, cut->key),
                               .whole = tell_number(teller, unit, whole),
                               .limit_each = limit_ratio(run, cut->each, whole),
                               .limit_together = limit_ratio(run, cut->together, whole),
                               .rows = rows};
    for (uint32_t r = 0; field != NO_INDEX && r < axis->rows; r++) {
        struct exact_value key = exact_get(run, cut->key, r);
        const struct column *reasons = &run->batch->columns[field];
        if (reasons->given[axis->base + r] && key.state == STATE_GIVEN) {
            away = exact_told(run, rat_add(run->arena, away, key.number));
            rows[told.row_count++] =
                (struct zuji_cut_row){.path = tell_text(teller, exact_row_path(run, cut->axis, r)),
                                      .reason = tell_text(teller, run->batch->texts[reasons->as.code[axis->base + r]]),
                                      .amount = tell_number(teller, unit, key.number),
                                      .share = ratio(run, key.number, whole)};
        }
    }
    told.cut = tell_number(teller, unit, away);
    told.share = ratio(run, away, whole);
    return told;
}

void tell_cutoffs(struct teller *teller, struct zuji_reasons *reasons)
{
    const struct program *program = teller->run->program;
    struct cut *cuts = arena_array(teller->run->arena, struct cut, program->requirement_count);
    size_t count = 0;
    for (uint32_t i = 0; i < program->code_count; i++) {
        struct cut cut;
        bool is_root = program->code[i].op == OP_REQUIRE;
        if (!is_root || !find_cut(program, &program->code[i], &cut)) {
            continue;
        }
        size_t known = 0;
        while (known < count && cuts[known].list != cut.list) {
            known++;
        }
        if (known == count && count < program->requirement_count) {
            cuts[count++] = cut;
        } else if (known < count) {
            cuts[known].each = cut.each != NO_OPERAND ? cut.each : cuts[known].each;
            cuts[known].together = cut.together != NO_OPERAND ? cut.together : cuts[known].together;
        }
    }
    struct zuji_cutoff *told = arena_array(teller->arena, struct zuji_cutoff, count);
    for (size_t c = 0; c < count; c++) {
        told[c] = tell_cut(teller, &cuts[c]);
    }
    reasons->cutoffs = told;
    reasons->cutoff_count = count;
}
