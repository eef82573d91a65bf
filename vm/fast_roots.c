/* What leaves the fast engine: requirements, warnings, emissions, reports, the stages carried out, the reference. */
#include "vm/fast_run.h"

/* What the values of figures promise is 2^-40 (result.h): half of it is for what they are divided by and compared with.
 */
#define FIGURE_ERROR 0x1p-41

struct root {
    struct fast_run *run;
    const struct instruction *at; /* of a root */
    uint32_t number;              /* what it is the value of: part, report, class, stage */
    bool has_rows;                /* a value for each row of the results; else one for each product */
    const struct fast_axis *axis; /* has_rows: its axis */
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

/* Marks the product where the value is poison, or no more than noise. */
static bool mark_unless_known(const struct root *root, uint32_t product, uint32_t row)
{
    double value = root->a->as.number[(size_t)row * root->a->step];
    if (size_of(value) <= 1e250 && fast_bound(root->a, row) <= 1e250) {
        return true;
    }
    if (value == value) {
        fast_doubt(root->run, product, ZUJI_DOUBT_PRECISION, ZUJI_BY_PRODUCT);
    }
    fast_mark(root->run, product);
    return false;
}

/* Marks it too where the value is not good enough to be shown as it is. */
static bool mark_unless_good(const struct root *root, uint32_t product, uint32_t row)
{
    double value = root->a->as.number[(size_t)row * root->a->step];
    if (!mark_unless_known(root, product, row)) {
        return false;
    }
    if (fast_bound(root->a, row) * WIDER <= FIGURE_ERROR * size_of(value)) {
        return true;
    }
    fast_doubt(root->run, product, ZUJI_DOUBT_PRECISION, ZUJI_BY_PRODUCT);
    fast_mark(root->run, product);
    return false;
}

/* ---- rows of results ---- */

/* What is done with the value on row `at` for one row of the results. */
typedef void row_visitor(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at);

/* For every row of the results of every product whose rows are there. */
static void each_row(const struct root *root, row_visitor *visit)
{
    struct fast_run *run = root->run;
    uint32_t from = root->has_rows ? root->axis->from : 0;
    uint32_t to = root->has_rows ? from + root->axis->parents : run->batch->product_count;
    for (uint32_t p = from; p < to; p++) {
        struct outcome *outcome = &run->outcomes[p];
        uint32_t first = root->has_rows ? root->axis->first[p - from] : p;
        for (uint32_t r = 0; r < outcome->row_count && !run->is_left[p]; r++) {
            visit(root, p, &outcome->rows[r], root->has_rows ? first + r : p);
        }
    }
}

/* The wanted value for a row with the bound on its error; 0 where there is none. */
static void put_figure(const struct root *root, uint32_t product, uint32_t at, uint8_t *is_given, double *value,
                       double *bound)
{
    uint8_t wanted = is_wanted(root, at);
    if (wanted == 0) {
        return;
    }
    if (wanted == POISON_FLAG) {
        fast_mark(root->run, product);
        return;
    }
    if (mark_unless_known(root, product, at)) {
        *is_given = 1;
        *value = root->a->as.number[(size_t)at * root->a->step] + 0.0; /* never -0 */
        *bound = fast_bound(root->a, at);
    }
}

static void put_part(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    uint32_t b = root->number;
    put_figure(root, product, at, &to->part_given[b], &to->part_double[b], &to->part_bound[b]);
}

static void put_output(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    uint32_t b = root->number;
    put_figure(root, product, at, &to->output_given[b], &to->output_double[b], &to->output_bound[b]);
}

/* Is the limit of a class kept? */
static void put_judgement(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    uint8_t wanted = is_wanted(root, at);
    uint8_t is_kept = root->a->as.flag[(size_t)at * root->a->step];
    if (wanted == POISON_FLAG || (wanted == 1 && is_kept == POISON_FLAG)) {
        fast_mark(root->run, product);
    }
    to->is_kept[root->at->imm][root->number] = wanted == 1 && is_kept == 1;
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
    struct root root = {.run = run, .at = at, .number = at->b, .a = fast_register_of(run, at->a)};
    root.has_rows = at->axis > AXIS_ID_PRODUCT;
    root.axis = &run->axes[at->axis];
    root.mask = at->mask == NO_OPERAND ? NULL : fast_register_of(run, at->mask);
    if (at->op == OP_EMIT || at->op == OP_OUTPUT || at->op == OP_JUDGE) {
        each_row(&root, at->op == OP_EMIT ? put_part : at->op == OP_OUTPUT ? put_output : put_judgement);
        return;
    }
    uint32_t rows = fast_axis_of(run, step->instruction)->rows;
    for (uint32_t row = 0; row < rows; row++) {
        judge_row(&root, step, row);
    }
}

/* ---- what results read that is no root ---- */

static void put_reference(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    double value = root->a->as.number[(size_t)at * root->a->step];
    if (mark_unless_good(root, product, at) && !(value > 0)) {
        fast_mark(root->run, product);
    }
    to->reference_double = value;
    to->reference_bound = fast_bound(root->a, at);
}

static void put_name(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    uint32_t name = root->run->program->rule.row_name;
    struct str text;
    if (!fast_is_given(root->a, at) || !fast_name(root->run, name, at, &text)) {
        fast_mark(root->run, product);
        return;
    }
    to->name = str_copy(&root->run->batch->arena, text);
}

static void put_headline(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    uint8_t is_headline = root->a->as.flag[(size_t)at * root->a->step];
    if (is_headline == POISON_FLAG) {
        fast_mark(root->run, product);
    }
    to->is_sensitivity = is_headline != 1;
}

static void put_stage(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    uint8_t is_carried_out = root->a->as.flag[(size_t)at * root->a->step];
    if (is_carried_out == POISON_FLAG) {
        fast_mark(root->run, product);
    }
    to->stage_given[root->number] = is_carried_out == 1;
}

static void put_limit(const struct root *root, uint32_t product, struct outcome_row *to, uint32_t at)
{
    (void)mark_unless_good(root, product, at);
    to->limit_double[root->number] = root->a->as.number[(size_t)at * root->a->step];
}

struct keeping {
    struct fast_run *run;
    uint32_t same;    /* the value at hand ... */
    bool is_anything; /* ... or all that lie outside of loops */
};

static void keep(const struct keeping *keeping, uint32_t instruction, row_visitor *visit, uint32_t number)
{
    struct fast_run *run = keeping->run;
    uint32_t same = instruction == NO_OPERAND ? NO_OPERAND : run->facts[instruction].same;
    if (same == NO_OPERAND ||
        (keeping->is_anything ? prepare_is_in_loop(run->prepared, same) : same != keeping->same)) {
        return;
    }
    struct root root = {.run = run, .number = number, .a = &run->registers[same]};
    root.has_rows = run->program->code[same].axis > AXIS_ID_PRODUCT && !run->facts[same].is_single;
    root.axis = &run->axes[run->program->code[same].axis];
    each_row(&root, visit);
}

static void keep_all(const struct keeping *keeping)
{
    const struct program *program = keeping->run->program;
    for (uint32_t s = 0; s < program->stage_count; s++) {
        keep(keeping, program->stages[s].when, put_stage, s);
    }
    for (uint32_t g = 0; g < program->grade_count; g++) {
        keep(keeping, program->grades[g].limit, put_limit, g);
    }
    keep(keeping, program->rule.row_name, put_name, 0);
    keep(keeping, program->rule.headline, put_headline, 0);
    keep(keeping, program->rule.reference, put_reference, 0);
}

void fast_keep(struct fast_run *run, uint32_t instruction)
{
    keep_all(&(struct keeping){.run = run, .same = instruction});
}

/* ---- at the end ---- */

static void finish_row(const struct fast_run *run, struct outcome_row *row)
{
    for (uint32_t s = 0; s < run->program->stage_count; s++) {
        if (run->program->stages[s].when == NO_OPERAND) {
            row->stage_given[s] = 1;
        }
    }
}

void fast_finish(struct fast_run *run)
{
    keep_all(&(struct keeping){.run = run, .is_anything = true});
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        for (uint32_t r = 0; r < run->outcomes[p].row_count && !run->is_left[p]; r++) {
            finish_row(run, &run->outcomes[p].rows[r]);
        }
    }
    fast_note_absent_lists(run);
    fast_sort_notes(run);
}
