#include "vm/sensitivity.h"

#include "base/decimal.h"
#include "vm/opcodes.h"
#include "vm/result_amounts.h"

/* ---- slopes ---- */

static struct slope *slope_of(struct sensing *sensing, uint32_t instruction, uint32_t row)
{
    const struct exact_run *run = sensing->run;
    const struct exact_register *of = &run->registers[instruction];
    if (sensing->slopes[instruction] == NULL) {
        uint32_t count = of->step == 0 ? 1 : run->axes[run->program->code[instruction].axis].rows;
        sensing->slopes[instruction] = arena_array(sensing->arena, struct slope, count);
        for (uint32_t i = 0; i < count; i++) {
            sensing->slopes[instruction][i].by = RAT_ZERO;
        }
    }
    return &sensing->slopes[instruction][(size_t)row * of->step];
}

void sensing_mark(struct sensing *sensing, uint32_t operand, uint32_t row, uint8_t marks, struct rat by)
{
    if (exact_get(sensing->run, operand, row).state != STATE_GIVEN) {
        return;
    }
    struct slope *slope = slope_of(sensing, operand, row);
    slope->by = exact_told(sensing->run, rat_add(sensing->arena, slope->by, by));
    slope->marks |= marks;
}

void sensing_pass(struct sensing *sensing, const struct spot *spot, uint32_t operand, uint32_t row, struct rat by)
{
    bool is_followed = sensing->run->shapes[operand].type != VALUE_NUMBER || rat_sign(by) != 0;
    if (is_followed) {
        struct rat product = exact_told(sensing->run, rat_mul(sensing->arena, spot->slope.by, by));
        sensing_mark(sensing, operand, row, spot->slope.marks, product);
    }
}

static void start(struct sensing *sensing, uint32_t instruction, uint32_t row, struct rat by)
{
    sensing_mark(sensing, instruction, row, SLOPE_REACHED, by);
}

/* A number decides by being compared: that is where its say is looked at. */
void sensing_decide(struct sensing *sensing, uint32_t instruction, uint32_t row)
{
    if (sensing->run->shapes[instruction].type != VALUE_NUMBER) {
        sensing_mark(sensing, instruction, row, SLOPE_REACHED, RAT_ZERO);
    }
}

void sensing_add_kink(struct sensing *sensing, enum zuji_kink_kind kind, uint32_t instruction, uint32_t row)
{
    uint32_t known = sensing->kink_of[instruction];
    if (known > 0) {
        struct kink *kink = &sensing->kinks[known - 1];
        kink->rows += kink->last_row != row;
        kink->last_row = row;
        return;
    }
    arena_grow(sensing->arena, sensing->kinks, sensing->kink_count, sensing->kink_cap);
    sensing->kinks[sensing->kink_count++] =
        (struct kink){.kind = kind, .instruction = instruction, .row = row, .last_row = row, .rows = 1};
    sensing->kink_of[instruction] = (uint32_t)sensing->kink_count;
}

/* Operands are earlier instructions: when one's turn comes all that use it have passed theirs on. */
static void walk(struct sensing *sensing)
{
    const struct exact_run *run = sensing->run;
    for (uint32_t i = run->program->code_count; i-- > 0;) {
        uint32_t count = run->registers[i].step == 0 ? 1 : run->axes[run->program->code[i].axis].rows;
        for (uint32_t row = 0; sensing->slopes[i] != NULL && row < count; row++) {
            struct spot spot = {i, row, sensing->slopes[i][row]};
            if (spot.slope.marks != 0) {
                sensing_step(sensing, &spot);
            }
        }
    }
}

/* ---- where it begins ---- */

static uint32_t row_of(const struct program *program, uint32_t instruction, uint32_t row)
{
    return program->code[instruction].axis == program->rule.row_axis ? row : 0;
}

static void start_condition(struct sensing *sensing, uint32_t condition, uint32_t row)
{
    if (condition != NO_OPERAND) {
        sensing_decide(sensing, condition, row_of(sensing->run->program, condition, row));
    }
}

static bool is_summed(const struct result_plan *plan, const struct outcome_row *row, uint32_t part)
{
    const struct part_figures *to = &plan->parts[part];
    return row->part_given[part] && row->stage_given[to->stage] && to->is_in_flow &&
           !plan->flow_is_apart[plan->program->parts[part].flow] && !plan->stage_is_apart[to->stage];
}

/* total = declared amount × sum of the parts ÷ reference */
static void start_total(struct sensing *sensing, const struct result_plan *plan, uint32_t row, struct rat total)
{
    const struct program *program = sensing->run->program;
    const struct outcome_row *outcome = &sensing->run->outcome->rows[row];
    struct rat each = rat_div(sensing->arena, plan->declared, outcome->reference);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        if (at->op == OP_EMIT && is_summed(plan, outcome, at->b)) {
            start(sensing, at->a, row_of(program, i, row), each);
        }
        if (at->op == OP_EMIT) {
            start_condition(sensing, at->mask, row);
        }
    }
    for (uint32_t s = 0; s < program->stage_count; s++) {
        start_condition(sensing, program->stages[s].when, row);
    }
    uint32_t reference = program->rule.reference;
    start(sensing, reference, row_of(program, reference, row),
          rat_neg(sensing->arena, rat_div(sensing->arena, total, outcome->reference)));
}

struct sensing *sensing_new(struct exact_run *run, const struct result_plan *plan, uint32_t row, struct rat *total)
{
    struct sensing *sensing = arena_new(run->arena, struct sensing);
    *sensing = (struct sensing){.run = run, .arena = run->arena, .trace = trace_new(run), .known = map_in(run->arena)};
    sensing->slopes = arena_array(run->arena, struct slope *, run->program->code_count);
    sensing->kink_of = arena_array(run->arena, uint32_t, run->program->code_count);
    *total = amounts_new(run->arena, plan, &run->outcome->rows[row], true)->exact[FIGURE_TOTAL];
    start_total(sensing, plan, row, *total);
    walk(sensing);
    return sensing;
}

/* ---- what is told ---- */

static const struct zuji_kink *tell_kinks(struct sensing *sensing, struct teller *teller)
{
    struct zuji_kink *told = arena_array(teller->arena, struct zuji_kink, sensing->kink_count);
    for (size_t i = 0; i < sensing->kink_count; i++) {
        const struct kink *kink = &sensing->kinks[sensing->kink_count - 1 - i]; /* in the order of the program */
        const struct instruction *at = &teller->run->program->code[kink->instruction];
        told[i] = (struct zuji_kink){.kind = kink->kind,
                                     .expression = tell_expression(teller, kink->instruction),
                                     .item = tell_label(teller, teller->run->program->sites[kink->instruction].path),
                                     .path = tell_text(teller, exact_row_path(teller->run, at->axis, kink->row)),
                                     .rows = kink->rows};
    }
    return told;
}

struct work {
    const struct zuji_result *result;
    struct zuji_sensitivity *made;
    bool is_ok;
};

static void look(void *context, struct exact_run *run, bool is_ok)
{
    struct work *work = context;
    const struct zuji_result *result = work->result;
    work->is_ok = is_ok;
    if (!is_ok) {
        return;
    }
    struct rat total;
    uint32_t row = result->row_number > 0 ? result->row_number - 1 : 0;
    struct sensing *sensing = sensing_new(run, result->plan, row, &total);
    struct teller teller = {.arena = &run->batch->arena, .run = run, .trace = sensing->trace};
    struct zuji_sensitivity *made = arena_new(teller.arena, struct zuji_sensitivity);
    made->total = result_total(result);
    sensing_tell_influences(sensing, &teller, total, made);
    made->kinks = tell_kinks(sensing, &teller);
    made->kink_count = sensing->kink_count;
    work->made = made;
}

enum zuji_status result_sensitivity(const struct zuji_result *result, const struct zuji_sensitivity **sensitivity)
{
    struct work work = {.result = result};
    *sensitivity = NULL;
    if (!result->is_ok || result->reasons == NULL ||
        !engine_show(result->reasons->engine, result->reasons->batch, result->reasons->product, look, &work) ||
        !work.is_ok) {
        return ZUJI_FINDINGS;
    }
    *sensitivity = work.made;
    return ZUJI_OK;
}
