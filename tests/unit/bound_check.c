#include "tests/unit/bound_check.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "vm/exact_run.h"
#include "vm/fast_run.h"
#include "vm/inspect.h"
#include "vm/opcodes.h"
#include "vm/result_amounts.h"
#include "vm/round.h"

struct seen { /* a value of the fast engine */
    uint32_t instruction;
    uint32_t product; /* EVERY_PRODUCT: one value for all rows */
    double value, bound;
    uint32_t code; /* FLAG */
    uint8_t grade;
    bool is_given;
};
#define EVERY_PRODUCT UINT32_MAX

struct checking {
    struct run *run;
    struct bound_tally *tally;
    const char *title;
    const struct prepared *prepared;
    struct arena *arena;
    struct seen *seen; /* in the order of rows for each instruction and product */
    size_t count, cap;
    uint32_t product;
    uint32_t *next_row; /* by instruction */
    int *rows;          /* by instruction: where it is counted */
};

/* ---- the fast engine ---- */

static void see(struct checking *checking, struct seen seen)
{
    arena_grow(checking->arena, checking->seen, checking->count, checking->cap);
    checking->seen[checking->count++] = seen;
}

static void see_row(struct checking *checking, struct fast_run *run, uint32_t instruction, uint32_t row)
{
    const struct fact *fact = &run->facts[instruction];
    const struct fast_register *from = &run->registers[instruction];
    uint32_t product =
        fact->is_single ? EVERY_PRODUCT : fast_product_of(run, run->program->code[instruction].axis, row);
    if (product != EVERY_PRODUCT && run->is_left[product]) { /* of such not all is computed */
        return;
    }
    struct seen seen = {.instruction = instruction, .product = product, .grade = from->grade};
    seen.is_given = fast_is_given(from, row);
    if (fact->form == FORM_NUMBER) {
        seen.value = from->as.number[(size_t)row * from->step];
        seen.bound = fast_bound(from, row);
    } else {
        seen.code = from->as.flag[(size_t)row * from->step];
    }
    see(checking, seen);
}

struct operands {
    const struct prepared *prepared;
    bool has_absolute;
};

static void look(void *context, uint32_t operand)
{
    struct operands *operands = context;
    operands->has_absolute = operands->has_absolute || operands->prepared->facts[operand].has_bounds;
}

static int row_of(const struct prepared *prepared, uint32_t instruction)
{
    struct operands operands = {prepared, false};
    prepare_visit_operands(prepared->program, instruction, look, &operands);
    return bound_row_of(prepared->program->code[instruction].op, operands.has_absolute,
                        prepared->facts[instruction].has_bounds);
}

/* The rows that the step has just computed: of an aggregate in a loop those of the block. */
static void watch(void *context, struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    const struct fact *fact = &run->facts[step->instruction];
    bool is_value = fact->form == FORM_NUMBER || fact->form == FORM_FLAG;
    struct checking *checking = context;
    checking->prepared = run->prepared;
    checking->rows[step->instruction] = row_of(run->prepared, step->instruction);
    if (step->is_again || !is_value || opcode_info(at->op)->mask == MASK_ROOT) {
        return;
    }
    uint32_t from = step->is_result ? run->axes[at->imm].from : 0;
    uint32_t to = step->is_result ? from + run->axes[at->imm].parents : fact->is_single ? 1 : run->axes[at->axis].rows;
    for (uint32_t row = from; row < to; row++) {
        see_row(checking, run, step->instruction, row);
    }
}

/* ---- against the exact engine ---- */

static void refuse(const struct checking *checking, const struct seen *seen, uint32_t row, const char *what,
                   struct rat wanted)
{
    struct str listing = inspect_listing(checking->arena, checking->run->verified);
    fprintf(stderr, "%.*s\n", STR_FMT(listing)); /* longer than a message of a test may be */
    ck_abort_msg("%s, product %u, %%%u, row %u: %s: %.17g with bound %.6g, exactly %.17g", checking->title,
                 checking->product, seen->instruction, row, what, seen->value, seen->bound, rat_to_double(wanted));
}

/* What is known of the number before there are data. */
static const char *broken_fact(const struct checking *checking, const struct seen *seen, struct rat wanted)
{
    const struct fact *fact = &checking->prepared->facts[seen->instruction];
    double nearest = rat_to_double(wanted);
    double size = fabs(nearest);
    int sign = rat_sign(wanted);
    if (fact->sign * sign < 0) {
        return "sign";
    }
    bool has_sign = !rat_is_enclosure(wanted) || sign != 0; /* what encloses 0 may be anything */
    if (!fact->has_bounds && has_sign && ((seen->value > 0) - (seen->value < 0)) != sign) {
        return "sign of a value with relative error";
    }
    if (fact->is_whole && !(nearest == seen->value && rat_is_int(wanted) && size <= fact->largest)) {
        return "whole number";
    }
    if (sign != 0 && !fact->is_checked && !(size <= ldexp(1, fact->high + 1))) {
        return "largest size";
    }
    if (sign != 0 && fact->low >= -900 && !fact->is_checked && !(size >= ldexp(1, fact->low - 1))) {
        return "smallest size";
    }
    if (seen->value != 0 && !fact->has_bounds && !(fabs(seen->value) >= 1e-251 && fabs(seen->value) <= 1e251)) {
        return "range of trust";
    }
    return NULL;
}

/* What the grade says of the double. */
static const char *broken_grade(const struct checking *checking, const struct seen *seen, struct rat wanted)
{
    if ((seen->grade & GRADE_NEAREST) && rat_to_double(wanted) != seen->value) {
        return "nearest double";
    }
    if ((seen->grade & GRADE_EXACT) && !rat_eq(rat_of_double(checking->arena, seen->value), wanted)) {
        return "exact double";
    }
    if ((seen->grade & GRADE_DATUM) && !rat_eq(rat_of_datum(checking->arena, seen->value), wanted)) {
        return "shortest decimal";
    }
    return NULL;
}

/* From the double to the number: where that is an enclosure, to the nearer end. */
static struct rat distance(struct arena *arena, struct rat value, struct rat wanted)
{
    struct rat low, high;
    rat_ends(arena, wanted, &low, &high);
    if (rat_cmp(arena, value, low) >= 0 && rat_cmp(arena, value, high) <= 0) {
        return RAT_ZERO;
    }
    struct rat to_low = rat_abs(arena, rat_sub(arena, value, low));
    struct rat to_high = rat_abs(arena, rat_sub(arena, value, high));
    return rat_cmp(arena, to_low, to_high) < 0 ? to_low : to_high;
}

/* The error as a share of the bound; infinite where there is an error and no bound. */
static double ratio_of(struct arena *arena, const struct seen *seen, struct rat wanted)
{
    struct rat error = distance(arena, rat_of_double(arena, seen->value), wanted);
    if (rat_sign(error) == 0) {
        return seen->bound >= 0 ? 0 : INFINITY;
    }
    if (!(seen->bound > 0)) {
        return INFINITY;
    }
    return isinf(seen->bound) ? 0 : rat_to_double(rat_div(arena, error, rat_of_double(arena, seen->bound)));
}

static void count_ratio(struct bound_row *counts, const struct seen *seen, double ratio)
{
    counts->values++;
    counts->exact += seen->bound == 0;
    if (seen->bound > 0) {
        counts->ratios[ratio < 1 ? (int)(ratio * RATIO_BINS) : RATIO_BINS]++;
    }
    counts->worst = ratio > counts->worst ? ratio : counts->worst;
}

static void check_number(struct checking *checking, const struct seen *seen, uint32_t row, struct rat wanted)
{
    struct bound_row *counts = &checking->tally->rows[checking->rows[seen->instruction]];
    if (isnan(seen->value) || isnan(seen->bound)) {
        counts->values++;
        counts->unknown++;
        return;
    }
    double ratio = ratio_of(checking->arena, seen, wanted);
    count_ratio(counts, seen, ratio);
    const char *broken = ratio <= 1 ? broken_fact(checking, seen, wanted) : "further away than its bound";
    broken = broken == NULL ? broken_grade(checking, seen, wanted) : broken;
    if (broken != NULL) {
        refuse(checking, seen, row, broken, wanted);
    }
}

static void check_flag(struct checking *checking, const struct seen *seen, uint32_t row, int64_t wanted)
{
    checking->tally->decisions++;
    checking->tally->undecided += seen->code == POISON_FLAG;
    if (seen->code != POISON_FLAG && seen->code != (uint32_t)wanted) {
        refuse(checking, seen, row, wanted ? "should hold" : "should not hold", rat_int(wanted));
    }
}

static void check_value(struct checking *checking, struct exact_run *run, const struct seen *seen, uint32_t row)
{
    bool is_number = checking->prepared->facts[seen->instruction].form == FORM_NUMBER;
    uint16_t axis = run->program->code[seen->instruction].axis;
    if (axis != AXIS_ID_CONSTANT && run->axes[axis].rows == 0) { /* one value for all rows, of which there are none */
        return;
    }
    struct exact_value wanted = exact_get(run, seen->instruction, row);
    if (wanted.state == STATE_ABSENT) {
        if (seen->is_given && !(is_number && isnan(seen->value))) {
            refuse(checking, seen, row, "should be absent", RAT_ZERO);
        }
    } else if (wanted.state == STATE_GIVEN && is_number) {
        check_number(checking, seen, row, wanted.number);
    } else if (wanted.state == STATE_GIVEN) {
        check_flag(checking, seen, row, wanted.code);
    }
}

static void show(void *context, struct exact_run *run, bool is_ok)
{
    struct checking *checking = context;
    memset(checking->next_row, 0, run->program->code_count * sizeof *checking->next_row);
    for (size_t i = 0; i < checking->count; i++) {
        const struct seen *seen = &checking->seen[i];
        if (seen->product == EVERY_PRODUCT || seen->product == checking->product) {
            struct arena_mark mark = arena_mark(checking->arena);
            check_value(checking, run, seen, checking->next_row[seen->instruction]++);
            arena_reset(checking->arena, mark);
        }
    }
    (void)is_ok;
}

/* ---- figures ---- */

enum { FIGURES_OF = 3 }; /* of every third program: the exact engine computes it once more for them */

static void check_figure(struct checking *checking, const struct amounts *found, const struct amounts *wanted, size_t f,
                         bool is_certain)
{
    struct seen seen = {.value = found->value[f], .bound = found->bound[f] * AMOUNT_WIDER};
    struct prog_round how = checking->run->plan->rounds[f];
    double ratio = ratio_of(checking->arena, &seen, wanted->exact[f]);
    count_ratio(&checking->tally->figures, &seen, ratio);
    ck_assert_msg(ratio <= 1, "%s, product %u, figure %zu: %.17g with bound %g, exactly %.17g", checking->title,
                  checking->product, f, seen.value, seen.bound, wanted->value[f]);
    if (is_certain) {
        struct reported text = round_double(checking->arena, seen.value, how);
        struct reported exact = round_exact(checking->arena, wanted->exact[f], how);
        ck_assert_msg(reported_eq(&text, &exact), "%s, product %u, figure %zu: %s, not %s", checking->title,
                      checking->product, f, text.text.at, exact.text.at);
    }
}

/* The figures of what is not marked: as near as their bounds say, and certain only where the text is right. */
static void check_figures(struct checking *checking, struct outcome *found, struct outcome *wanted)
{
    const struct result_plan *plan = checking->run->plan;
    if (found->is_failed || found->is_marked || wanted->is_failed) {
        return;
    }
    enum result_certainty certainty = result_certainty(checking->arena, plan, found);
    if (certainty == RESULT_BEYOND) {
        return;
    }
    checking->tally->certain += certainty == RESULT_CERTAIN;
    const struct amounts *exact = amounts_new(checking->arena, plan, &wanted->rows[0], true);
    for (size_t f = 0; f < plan->figure_count; f++) {
        if (exact->given[f]) {
            check_figure(checking, found->rows[0].amounts, exact, f, certainty == RESULT_CERTAIN);
        }
    }
}

void bound_check(struct run *run, struct bound_tally *tally, const char *title)
{
    struct checking checking = {.run = run, .tally = tally, .title = title, .arena = &run->arena};
    struct outcome *outcomes = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    checking.next_row = arena_array(&run->arena, uint32_t, run->program->code_count);
    checking.rows = arena_array(&run->arena, int, run->program->code_count);
    fast_set_watch(run->fast, watch, &checking);
    fast_run_batch(run->fast, &run->batch, outcomes);
    fast_set_watch(run->fast, NULL, NULL);
    for (checking.product = 0; checking.product < run->batch.product_count; checking.product++) {
        (void)engine_show(run->engine, &run->batch, checking.product, show, &checking);
    }
    if (tally->programs++ % FIGURES_OF != 0) {
        return;
    }
    struct outcome *exact = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    engine_run_batch(run->engine, &run->batch, exact);
    for (checking.product = 0; checking.product < run->batch.product_count; checking.product++) {
        check_figures(&checking, &outcomes[checking.product], &exact[checking.product]);
    }
}

/* ---- sums ---- */

double bound_median(const struct bound_row *row)
{
    uint64_t all = 0;
    for (int i = 0; i <= RATIO_BINS; i++) {
        all += row->ratios[i];
    }
    uint64_t below = 0;
    for (int i = 0; i <= RATIO_BINS; i++) {
        below += row->ratios[i];
        if (2 * below >= all) {
            return (i + 0.5) / RATIO_BINS;
        }
    }
    return 0;
}

static void print_row(const char *name, const char *kind, const struct bound_row *row)
{
    printf("%-10s %-20s %12lu %12lu %10lu %8.3f %8.3f\n", name, kind, (unsigned long)row->values,
           (unsigned long)row->exact, (unsigned long)row->unknown, bound_median(row), row->worst);
}

void bound_print(const struct bound_tally *tally)
{
    static const char *const kinds[] = {"relative", "relative, absolute", "absolute, relative", "absolute"};
    printf("%-10s %-20s %12s %12s %10s %8s %8s\n", "", "operands, result", "values", "exact", "unknown", "median",
           "largest");
    for (int i = 0; i < BOUND_ROWS; i++) {
        if (tally->rows[i].values > 0) { /* many numbers are no opcodes */
            print_row(opcode_info((uint16_t)(i / 4))->name, kinds[i % 4], &tally->rows[i]);
        }
    }
    print_row("figures", "", &tally->figures);
    printf("%lu decisions, %lu of them left; %lu products certain\n", (unsigned long)tally->decisions,
           (unsigned long)tally->undecided, (unsigned long)tally->certain);
}
