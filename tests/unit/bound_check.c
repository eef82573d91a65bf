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
    int kind;         /* where it is counted */
    uint32_t product; /* EVERY_PRODUCT: one value for all rows */
    double value, bound;
    uint32_t code; /* FLAG */
    int16_t low, high;
    uint8_t grade;
    bool is_relative; /* has no bound of its own in this batch */
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
};

/* ---- the fast engine ---- */

static void see(struct checking *checking, struct seen seen)
{
    arena_grow(checking->arena, checking->seen, checking->count, checking->cap);
    checking->seen[checking->count++] = seen;
}

static void see_row(struct checking *checking, struct fast_run *run, uint32_t instruction, uint32_t row, int kind)
{
    const struct fact *fact = &run->facts[instruction];
    const struct fast_register *from = &run->registers[instruction];
    uint32_t product =
        fact->is_single ? EVERY_PRODUCT : fast_product_of(run, run->program->code[instruction].axis, row);
    if (product != EVERY_PRODUCT && run->is_left[product]) { /* of such not all is computed */
        return;
    }
    struct seen seen = {.instruction = instruction, .kind = kind, .product = product, .grade = from->grade};
    seen.is_given = fast_is_given(from, row);
    if (fact->form == FORM_NUMBER) {
        seen.value = from->as.number[(size_t)row * from->step];
        seen.bound = fast_bound(from, row);
        seen.low = from->low;
        seen.high = from->high;
        seen.is_relative = from->bounds == NULL;
    } else {
        seen.code = from->as.flag[(size_t)row * from->step];
    }
    see(checking, seen);
}

struct operands {
    const struct fast_run *run;
    bool has_absolute;
};

static void look(void *context, uint32_t operand)
{
    struct operands *operands = context;
    operands->has_absolute = operands->has_absolute || fast_register_of(operands->run, operand)->bounds != NULL;
}

/* With the errors that it has in this batch. */
static int kind_of(const struct fast_run *run, uint32_t instruction)
{
    struct operands operands = {run, false};
    prepare_visit_operands(run->program, instruction, look, &operands);
    return bound_row_of(run->program->code[instruction].op, operands.has_absolute,
                        run->registers[instruction].bounds != NULL);
}

/* The rows that the step has just computed: of an aggregate in a loop those of the block. */
static void watch(void *context, struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    const struct fact *fact = &run->facts[step->instruction];
    bool is_value = fact->form == FORM_NUMBER || fact->form == FORM_FLAG;
    struct checking *checking = context;
    checking->prepared = run->prepared;
    if (step->is_again || !is_value || opcode_info(at->op)->mask == MASK_ROOT) {
        return;
    }
    uint32_t from = step->is_result ? run->axes[at->imm].from : 0;
    uint32_t to = step->is_result ? from + run->axes[at->imm].parents : fact->is_single ? 1 : run->axes[at->axis].rows;
    int kind = kind_of(run, step->instruction);
    for (uint32_t row = from; row < to; row++) {
        see_row(checking, run, step->instruction, row, kind);
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
    if (!(nearest >= fact->least && nearest <= fact->most)) { /* so is the number itself, as rounding is monotone */
        return "range";
    }
    bool has_sign = !rat_is_enclosure(wanted) || sign != 0; /* what encloses 0 may be anything */
    if (seen->is_relative && has_sign && ((seen->value > 0) - (seen->value < 0)) != sign) {
        return "sign of a value with relative error";
    }
    if (fact->is_whole && !(nearest == seen->value && rat_is_int(wanted) && size <= fact->largest)) {
        return "whole number";
    }
    if (sign != 0 && !(size <= ldexp(1, seen->high + 1))) {
        return "largest size";
    }
    if (sign != 0 && seen->low >= -900 && !(size >= ldexp(1, seen->low - 1))) {
        return "smallest size";
    }
    if (seen->value != 0 && seen->is_relative && !(fabs(seen->value) >= 1e-251 && fabs(seen->value) <= 1e251)) {
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
    struct bound_row *counts = &checking->tally->rows[seen->kind];
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

/* The figures of what the fast engine does not leave: as near as their bounds say. */
static void check_bounds(struct checking *checking, struct outcome *found, const struct amounts *exact)
{
    const struct result_plan *plan = checking->run->plan;
    enum result_certainty certainty = result_certainty(checking->arena, plan, found);
    checking->tally->certain += certainty == RESULT_CERTAIN;
    for (size_t f = 0; f < plan->figure_count && certainty != RESULT_BEYOND; f++) {
        const struct amounts *amounts = found->rows[0].amounts;
        struct seen seen = {.value = amounts->value[f], .bound = amounts->bound[f] * AMOUNT_WIDER};
        double ratio = exact->given[f] ? ratio_of(checking->arena, &seen, exact->exact[f]) : 0;
        if (exact->given[f]) {
            count_ratio(&checking->tally->figures, &seen, ratio);
        }
        ck_assert_msg(ratio <= 1, "%s, product %u, figure %zu: %.17g with bound %g, exactly %.17g", checking->title,
                      checking->product, f, seen.value, seen.bound, exact->value[f]);
    }
}

static struct reported report(struct arena *arena, const struct amounts *amounts, size_t f, struct prog_round how)
{
    bool is_settled = amounts->settled != NULL && amounts->settled[f].text.len > 0;
    return is_settled          ? amounts->settled[f]
           : amounts->is_exact ? round_exact(arena, amounts->exact[f], how)
                               : round_double(arena, amounts->value[f], how);
}

/* What both engines together report is what the exact one does. */
static void check_reports(struct checking *checking, const struct amounts *found, const struct amounts *exact)
{
    const struct result_plan *plan = checking->run->plan;
    for (size_t f = 0; f < plan->figure_count; f++) {
        ck_assert_int_eq(found->given[f], exact->given[f]);
        struct reported reported = report(checking->arena, found, f, plan->rounds[f]);
        struct reported wanted = round_exact(checking->arena, exact->exact[f], plan->rounds[f]);
        ck_assert_msg(!exact->given[f] || reported_eq(&reported, &wanted), "%s, product %u, figure %zu: %s%c, not %s%c",
                      checking->title, checking->product, f, reported.text.at, reported.mark, wanted.text.at,
                      wanted.mark);
    }
}

static void check_figures(struct checking *checking, struct outcome *outcomes)
{
    struct run *run = checking->run;
    struct engine_options options = {.cost_limit = run->cost_limit, .natives = run->natives};
    struct engine *both = engine_new(&run->arena, run->verified, run->plan, run->binding, options);
    struct outcome *exact = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    struct outcome *found = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    engine_run_batch(run->engine, &run->batch, exact);
    engine_run_batch(both, &run->batch, found);
    engine_free(both);
    for (uint32_t p = checking->product = 0; p < run->batch.product_count; checking->product = ++p) {
        ck_assert_int_eq(found[p].is_failed, exact[p].is_failed);
        if (exact[p].is_failed) {
            continue;
        }
        const struct amounts *wanted = amounts_new(checking->arena, run->plan, &exact[p].rows[0], true);
        if (!outcomes[p].is_failed && !outcomes[p].is_marked) {
            check_bounds(checking, &outcomes[p], wanted);
        }
        if (found[p].rows[0].amounts != NULL) { /* else a figure is beyond what is reported */
            check_reports(checking, found[p].rows[0].amounts, wanted);
        }
    }
}

/* Every other time single decisions are found exactly. */
static bool find_exactly(void *context, struct batch *batch, uint32_t product, const struct exact_wanted *wanted)
{
    return exact_run_roots(context, batch, product, wanted, NULL);
}

static void run_fast(struct checking *checking, struct outcome *outcomes)
{
    struct run *run = checking->run;
    struct exact *exact = exact_new(&run->arena, run->verified, run->binding, run->natives, run->cost_limit);
    if (checking->tally->programs % 2 != 0) {
        fast_set_exact(run->fast, find_exactly, exact);
    }
    fast_set_watch(run->fast, watch, checking);
    fast_run_batch(run->fast, &run->batch, outcomes);
    fast_set_watch(run->fast, NULL, NULL);
    fast_set_exact(run->fast, NULL, NULL);
    exact_free(exact);
}

void bound_check(struct run *run, struct bound_tally *tally, const char *title)
{
    struct checking checking = {.run = run, .tally = tally, .title = title, .arena = &run->arena};
    struct outcome *outcomes = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    checking.next_row = arena_array(&run->arena, uint32_t, run->program->code_count);
    run_fast(&checking, outcomes);
    for (checking.product = 0; checking.product < run->batch.product_count; checking.product++) {
        (void)engine_show(run->engine, &run->batch, checking.product, show, &checking);
    }
    if (tally->programs++ % FIGURES_OF == 0) {
        check_figures(&checking, outcomes);
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
