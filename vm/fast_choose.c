/* Values moved and chosen: data, rows of other axes, conditions. */
#include <math.h>

#include "vm/fast_run.h"
#include "vm/kernels.h"

struct choosing {
    struct fast_run *run;
    const struct step *step;
    const struct instruction *at;
    enum value_form form; /* of the result */
    struct fast_register *out;
    uint32_t rows;
};

/* ---- data ---- */

/* Data are seldom as large or small as they may be. */
static void measure(struct fast_run *run, const struct step *step, struct fast_register *out)
{
    const struct fact *fact = &run->facts[step->instruction];
    int low = 0;
    int high = 0;
    out->low = fact->low;
    out->high = fact->high;
    kernel_exponents(out->as.number, fast_axis_of(run, step->instruction)->rows, &low, &high);
    fast_narrow(out, low, high + 1);
}

static void read_field(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    const struct column *column = &run->batch->columns[at->a];
    struct fast_register *out = &run->registers[step->instruction];
    enum value_form form = (enum value_form)run->facts[step->instruction].form;
    *out = (struct fast_register){.step = 1};
    switch (form) {
    case FORM_NUMBER:
        out->as.number = column->as.number;
        out->k = 1;
        measure(run, step, out);
        out->grade = run->has_exact_cells[at->a] ? GRADE_NEAREST : GRADE_NEAREST | GRADE_DATUM;
        break;
    case FORM_WHOLE:
        out->as.whole = column->as.whole;
        break;
    case FORM_CODE:
        out->as.code = column->as.code;
        break;
    case FORM_FLAG:
        out->as.flag = column->as.flag;
        break;
    }
    out->given = run->facts[step->instruction].is_optional ? column->given : NULL;
}

static void number_rows(const struct choosing *on)
{
    const struct fast_axis *axis = fast_axis_of(on->run, on->step->instruction);
    for (uint32_t p = 0; p < axis->parents; p++) {
        for (uint32_t r = axis->first[p]; r < axis->first[p + 1]; r++) {
            on->out->as.number[r] = axis->low[p] + (double)(r - axis->first[p]);
        }
    }
    on->out->grade = GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM;
}

/* Rows of tables count from 0, the numbers of the range from 1. */
static void walk_table(const struct choosing *on)
{
    const struct fast_axis *axis = fast_axis_of(on->run, on->step->instruction);
    for (uint32_t p = 0; p < axis->parents; p++) {
        for (uint32_t r = axis->first[p]; r < axis->first[p + 1]; r++) {
            on->out->as.code[r] = (uint32_t)axis->low[p] + (r - axis->first[p]) - 1;
        }
    }
}

/* ---- moves ---- */

/* What the result takes over from operands, one of whose values it is. */
static void inherit(const struct choosing *on, const struct fast_register *a, const struct fast_register *b)
{
    double a_k = a->bounds == NULL ? a->k : 0;
    double b_k = b->bounds == NULL ? b->k : 0;
    on->out->k = a_k > b_k ? a_k : b_k;
    on->out->grade = a->grade & b->grade;
    if (on->form == FORM_NUMBER) {
        fast_narrow(on->out, a->low < b->low ? a->low : b->low, a->high > b->high ? a->high : b->high);
        on->out->bounds = a->bounds == NULL && b->bounds == NULL ? NULL : on->out->bounds;
    }
}

static void gather(const struct choosing *on, const struct fast_register *from, const uint32_t *rows)
{
    struct fast_register *out = on->out;
    inherit(on, from, from);
    switch (on->form) {
    case FORM_NUMBER:
        kernel_gather_8(out->as.number, from->as.number, rows, on->rows);
        break;
    case FORM_WHOLE:
    case FORM_CODE:
        kernel_gather_4(out->as.code, from->as.code, rows, on->rows);
        break;
    case FORM_FLAG:
        kernel_gather_1(out->as.flag, from->as.flag, rows, on->rows);
        break;
    }
    if (out->given != NULL) {
        kernel_gather_1(out->given, from->given, rows, on->rows);
    }
    if (out->bounds != NULL) {
        kernel_gather_8(out->bounds, from->bounds, rows, on->rows);
    }
}

static void copy_value(const struct choosing *on, const struct fast_register *from, size_t from_row, size_t row)
{
    struct fast_register *out = on->out;
    size_t at = from_row * from->step;
    switch (on->form) {
    case FORM_NUMBER:
        out->as.number[row] = from->as.number[at];
        if (out->bounds != NULL) {
            out->bounds[row] = fast_bound(from, from_row);
        }
        break;
    case FORM_WHOLE:
        out->as.whole[row] = from->as.whole[at];
        break;
    case FORM_CODE:
        out->as.code[row] = from->as.code[at];
        break;
    case FORM_FLAG:
        out->as.flag[row] = from->as.flag[at];
        break;
    }
    if (out->given != NULL) {
        out->given[row] = fast_is_given(from, from_row);
    }
}

static void put_absent(const struct choosing *on, size_t row)
{
    double zero = 0;
    uint8_t flag = 0;
    uint32_t code = 0;
    struct fast_register nothing = {.as = {.number = &zero}, .given = &flag};
    if (on->form == FORM_FLAG) {
        nothing.as.flag = &flag;
    } else if (on->form != FORM_NUMBER) {
        nothing.as.code = &code;
    }
    copy_value(on, &nothing, 0, row);
}

static void take(const struct choosing *on)
{
    const struct fast_register *rows = fast_register_of(on->run, on->at->a);
    const struct fast_register *from = fast_register_of(on->run, on->at->b);
    inherit(on, from, from);
    for (uint32_t row = 0; row < on->rows; row++) {
        if (!fast_is_given(rows, row)) {
            put_absent(on, row);
        } else if (fast_is_poison(rows, FORM_CODE, row)) {
            fast_put_poison(on->out, on->form, row);
        } else {
            copy_value(on, from, rows->as.code[(size_t)row * rows->step], row);
        }
    }
}

/* ---- choices ---- */

static void choose_given(const struct choosing *on, const uint8_t *flags, size_t step, const struct fast_register *a,
                         const struct fast_register *b)
{
    for (uint32_t row = 0; row < on->rows; row++) {
        uint8_t flag = flags == NULL ? 1 : flags[row * step];
        on->out->given[row] = flag == POISON_FLAG ? 1 : fast_is_given(flag == 1 ? a : b, row);
    }
}

/* a where the flag holds, else b; flags NULL: a throughout. */
static void choose(const struct choosing *on, const uint8_t *flags, size_t step, const struct fast_register *a,
                   const struct fast_register *b)
{
    static const uint8_t always = 1;
    const uint8_t *c = flags == NULL ? &always : flags;
    size_t c_step = flags == NULL ? 0 : step;
    struct fast_register *out = on->out;
    uint32_t n = on->rows;
    switch (on->form) {
    case FORM_NUMBER:
        kernel_select_8(out->as.number, c, c_step, a->as.number, a->step, b->as.number, b->step, NAN, n);
        break;
    case FORM_WHOLE:
        kernel_select_4(out->as.code, c, c_step, a->as.code, a->step, b->as.code, b->step, (uint32_t)POISON_WHOLE, n);
        break;
    case FORM_CODE:
        kernel_select_4(out->as.code, c, c_step, a->as.code, a->step, b->as.code, b->step, POISON_CODE, n);
        break;
    case FORM_FLAG:
        kernel_select_1(out->as.flag, c, c_step, a->as.flag, a->step, b->as.flag, b->step, POISON_FLAG, n);
        break;
    }
    if (out->given != NULL) {
        choose_given(on, flags, step, a, b);
    }
    inherit(on, a, b);
    if (on->form == FORM_NUMBER && out->bounds != NULL) {
        kernel_select_8(out->bounds, c, c_step, fast_bounds(on->run, a, n, 0), 1, fast_bounds(on->run, b, n, 1), 1, NAN,
                        n);
    }
}

/* Notes every row whose value is wanted and was substituted, by a value that there is. Where it is not known whether
 * one was, the product is left to the exact engine. */
static void note_defaults(const struct choosing *on, const struct fast_register *a)
{
    const struct fast_register *b = fast_register_of(on->run, on->at->b);
    const struct fast_register *mask = on->at->mask == NO_OPERAND ? NULL : fast_register_of(on->run, on->at->mask);
    uint32_t rows = on->run->axes[on->at->axis].rows;
    for (uint32_t row = 0; row < rows; row++) {
        uint8_t is_wanted = mask == NULL ? 1 : mask->as.flag[(size_t)row * mask->step];
        if (!fast_is_given(a, row)) {
            if (is_wanted == POISON_FLAG) {
                fast_mark_row(on->run, on->at->axis, row);
            } else if (is_wanted != 0 && fast_is_given(b, row)) {
                fast_note_default(on->run, on->step->instruction, row);
            }
        } else if (fast_is_poison(a, on->form, row)) {
            fast_mark_row(on->run, on->at->axis, row);
        }
    }
}

static void substitute(const struct choosing *on)
{
    const struct fast_register *a = fast_register_of(on->run, on->at->a);
    choose(on, a->given, a->step, a, fast_register_of(on->run, on->at->b));
    if (on->at->imm != 0 && !on->step->is_again) {
        note_defaults(on, a);
    }
}

/* An absent value that is needed is poison. */
static void need(const struct choosing *on)
{
    const struct fast_register *a = fast_register_of(on->run, on->at->a);
    choose(on, NULL, 0, a, a);
    for (uint32_t row = 0; a->given != NULL && row < on->rows; row++) {
        if (!fast_is_given(a, row)) {
            fast_put_poison(on->out, on->form, row);
        }
    }
}

/* A number where the condition holds. */
static void keep_within(const struct choosing *on)
{
    const struct fast_register *a = fast_register_of(on->run, on->at->a);
    const struct fast_register *holds = fast_register_of(on->run, on->at->b);
    choose(on, NULL, 0, a, a);
    for (uint32_t row = 0; row < on->rows; row++) {
        if (holds->as.flag[(size_t)row * holds->step] != 1) {
            fast_put_poison(on->out, on->form, row);
        }
    }
}

static void is_given(const struct choosing *on)
{
    const struct fast_register *a = fast_register_of(on->run, on->at->a);
    enum value_form form = (enum value_form)on->run->facts[on->at->a].form;
    for (uint32_t row = 0; row < on->rows; row++) {
        bool is_poison = fast_is_poison(a, form, row);
        on->out->as.flag[row] = is_poison ? POISON_FLAG : fast_is_given(a, row);
    }
}

static void same(const struct choosing *on)
{
    const struct fast_register *a = fast_register_of(on->run, on->at->a);
    const struct fast_register *b = fast_register_of(on->run, on->at->b);
    if (on->run->facts[on->at->a].form == FORM_FLAG) {
        kernel_same_flag(on->out->as.flag, a->as.flag, a->step, b->as.flag, b->step, on->rows);
    } else {
        kernel_same_code(on->out->as.flag, a->as.code, a->step, b->as.code, b->step, on->rows);
    }
}

static void combine(const struct choosing *on)
{
    const struct fast_register *a = fast_register_of(on->run, on->at->a);
    if (on->at->op == OP_NOT) {
        kernel_not(on->out->as.flag, a->as.flag, on->rows);
        return;
    }
    const struct fast_register *b = fast_register_of(on->run, on->at->b);
    if (on->at->op == OP_AND) {
        kernel_and(on->out->as.flag, a->as.flag, a->step, b->as.flag, b->step, on->rows);
    } else {
        kernel_or(on->out->as.flag, a->as.flag, a->step, b->as.flag, b->step, on->rows);
    }
}

static void select_value(const struct choosing *on)
{
    const struct fast_register *c = fast_register_of(on->run, on->at->a);
    choose(on, c->as.flag, c->step, fast_register_of(on->run, on->at->b), fast_register_of(on->run, on->at->c));
}

void fast_choose(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    if (at->op == OP_FIELD) {
        read_field(run, step);
        return;
    }
    struct choosing on = {.run = run, .step = step, .at = at};
    on.form = (enum value_form)run->facts[step->instruction].form;
    on.rows = fast_make(run, step);
    on.out = &run->registers[step->instruction];
    switch (at->op) {
    case OP_INDEX:
        number_rows(&on);
        break;
    case OP_ROW:
        walk_table(&on);
        break;
    case OP_SPREAD:
        gather(&on, fast_register_of(run, at->a), fast_rows_up(run, at->axis, run->program->code[at->a].axis));
        break;
    case OP_SPREAD2:
        gather(&on, fast_register_of(run, at->a), fast_rows_visited(run, at->axis, run->program->code[at->a].axis));
        break;
    case OP_TAKE:
        take(&on);
        break;
    case OP_GIVEN:
        is_given(&on);
        break;
    case OP_NEED:
        need(&on);
        break;
    case OP_WITHIN:
        keep_within(&on);
        break;
    case OP_ELSE:
        substitute(&on);
        break;
    case OP_SELECT:
        select_value(&on);
        break;
    case OP_SAME:
        same(&on);
        break;
    default: /* AND, OR, NOT */
        combine(&on);
        break;
    }
}
