/* What leaves the fast engine: requirements, warnings, emissions, reports, the stages carried out, the reference. */
#include "vm/fast_run.h"

/* Figures are tested for ties with a margin of 2^-40 (result.h); half of it is left to what is done with them there. */
#define FIGURE_ERROR 0x1p-41

struct root {
    struct fast_run *run;
    const struct instruction *at;
    const struct fast_register *a;
    const struct fast_register *mask; /* NULL: wanted everywhere */
};

/* 1, 0, or POISON_FLAG. */
static uint8_t is_wanted(const struct root *root, uint32_t row)
{
    return root->mask == NULL ? 1 : root->mask->as.flag[(size_t)row * root->mask->step];
}

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

/* A value that may be shown. Poison is not. */
static bool is_good(const struct fast_register *from, uint32_t row)
{
    double value = from->as.number[(size_t)row * from->step];
    double bound = fast_bound(from, row) * WIDER;
    return size_of(value) <= 1e250 && bound <= FIGURE_ERROR * size_of(value);
}

/* The wanted value for a product; 0 where there is none. */
static double figure(const struct root *root, uint32_t product, uint8_t *is_given)
{
    uint8_t wanted = is_wanted(root, product);
    if (wanted == 0) {
        return 0;
    }
    if (wanted == POISON_FLAG || !is_good(root->a, product)) {
        fast_mark(root->run, product);
        return 0;
    }
    *is_given = 1;
    return root->a->as.number[(size_t)product * root->a->step] + 0.0; /* never -0 */
}

/* Registers on the constant axis have one value for all products, so products number the rows of both axes. */
static void show_figures(const struct root *root)
{
    uint32_t b = root->at->b;
    for (uint32_t p = 0; p < root->run->batch->product_count; p++) {
        struct outcome *outcome = &root->run->outcomes[p];
        if (root->run->is_left[p]) {
            continue;
        }
        if (root->at->op == OP_EMIT) {
            outcome->part_double[b] = figure(root, p, &outcome->part_given[b]);
        } else {
            outcome->output_double[b] = figure(root, p, &outcome->output_given[b]);
        }
    }
}

/* Are the limits of classes kept? */
static void show_judgements(const struct root *root)
{
    for (uint32_t p = 0; p < root->run->batch->product_count; p++) {
        uint8_t is_kept = root->a->as.flag[(size_t)p * root->a->step];
        uint8_t wanted = is_wanted(root, p);
        if (root->run->is_left[p]) {
            continue;
        }
        if (wanted == POISON_FLAG || (wanted == 1 && is_kept == POISON_FLAG)) {
            fast_mark(root->run, p);
        }
        root->run->outcomes[p].is_kept[root->at->imm][root->at->b] = wanted == 1 && is_kept == 1;
    }
}

static void judge_row(const struct root *root, const struct step *step, uint32_t row)
{
    uint8_t wanted = is_wanted(root, row);
    uint8_t holds = root->a->as.flag[(size_t)row * root->a->step];
    if (wanted == 0 || (holds == 1 && wanted == 1)) {
        return;
    }
    if (wanted == 1 && holds == 0 && root->at->op == OP_WARN) {
        fast_note_warning(root->run, step->instruction, row);
        return;
    }
    fast_mark_row(root->run, root->at->axis, row);
}

void fast_root(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    struct root root = {.run = run, .at = at, .a = fast_register_of(run, at->a)};
    root.mask = at->mask == NO_OPERAND ? NULL : fast_register_of(run, at->mask);
    if (at->op == OP_EMIT || at->op == OP_OUTPUT) {
        show_figures(&root);
        return;
    }
    if (at->op == OP_JUDGE) {
        show_judgements(&root);
        return;
    }
    uint32_t rows = fast_axis_of(run, step->instruction)->rows;
    for (uint32_t row = 0; row < rows; row++) {
        judge_row(&root, step, row);
    }
}

/* ---- at the end ---- */

static void take_stage(struct fast_run *run, uint32_t stage)
{
    uint32_t when = run->program->stages[stage].when;
    const struct fast_register *from = when == NO_OPERAND ? NULL : fast_register_of(run, when);
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        uint8_t is_carried_out = from == NULL ? 1 : from->as.flag[(size_t)p * from->step];
        if (is_carried_out == POISON_FLAG) {
            fast_mark(run, p);
        }
        run->outcomes[p].stage_given[stage] = is_carried_out == 1;
    }
}

static void take_reference(struct fast_run *run)
{
    const struct fast_register *from = fast_register_of(run, run->program->rule.reference);
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        double value = from->as.number[(size_t)p * from->step];
        if (!(value > 0) || !is_good(from, p)) {
            fast_mark(run, p);
        }
        run->outcomes[p].reference_double = value;
    }
}

/* Sums of amounts of both signs are not as good as their terms. */
static bool has_both_signs(const struct fast_run *run, const struct outcome *outcome)
{
    bool has_negative = false;
    bool has_positive = false;
    for (uint32_t i = 0; i < run->program->part_count; i++) {
        has_negative = has_negative || outcome->part_double[i] < 0;
        has_positive = has_positive || outcome->part_double[i] > 0;
    }
    return has_negative && has_positive;
}

void fast_finish(struct fast_run *run)
{
    for (uint32_t s = 0; s < run->program->stage_count; s++) {
        take_stage(run, s);
    }
    take_reference(run);
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        if (!run->is_left[p] && has_both_signs(run, &run->outcomes[p])) {
            fast_mark(run, p);
        }
    }
    fast_note_absent_lists(run);
    fast_sort_notes(run);
}
