/* The rows of an inner axis gathered into the row that they lie in; sums in the order of the rows. */
#include <math.h>

#include "vm/fast_run.h"

/* Longer sums carry their rounding errors along, so that a thousand rows are as good as two. */
enum { PLAIN_SUM_ROWS = 512 };

struct gathering {
    struct fast_run *run;
    uint32_t instruction;
    const struct instruction *at;
    const struct fact *fact;
    const struct fast_axis *inner;
    const struct fast_register *a;     /* NULL: COUNT, ONLY */
    const struct fast_register *where; /* NULL: every row counts */
    bool is_again;                     /* notes were taken before */
    struct fast_register *out;
    uint32_t next, end; /* rows inside the outer row at hand */
    size_t row;         /* of the result */
    bool is_poisoned;   /* it is not known which rows count */
};

/* The next row that counts; false at the end. */
static bool next_row(struct gathering *on, uint32_t *row)
{
    while (on->next < on->end) {
        *row = on->next++;
        uint8_t flag = on->where == NULL ? 1 : on->where->as.flag[(size_t)*row * on->where->step];
        if (flag == 1) {
            return true;
        }
        on->is_poisoned = on->is_poisoned || flag == POISON_FLAG;
    }
    return false;
}

static double number_at(const struct gathering *on, uint32_t row)
{
    return on->a->as.number[(size_t)row * on->a->step];
}

/* ---- sums ---- */

struct total {
    double sum, carry; /* what the sum lost by rounding */
    double bound;
    double sizes; /* of the terms */
};

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

/* The sum of a bound for each row is rounded some three times a row, and may be too small by that. */
static double upwards(double rows)
{
    return 1 + 4 * (rows + 1) * ROUNDOFF;
}

static void add_plain(struct gathering *on, struct total *total)
{
    uint32_t row;
    double rows = on->end - on->next;
    while (next_row(on, &row)) {
        total->sum += number_at(on, row);
        if (on->out->bounds != NULL) {
            total->bound += fast_bound(on->a, row) + ROUNDOFF * size_of(total->sum);
        }
    }
    total->bound *= upwards(rows);
}

/* Knuth's two-sum: sum + lost is exactly the sum before plus the term. */
static void add_carefully(struct gathering *on, struct total *total)
{
    uint32_t row;
    double rows = 0;
    while (next_row(on, &row)) {
        double term = number_at(on, row);
        double sum = total->sum + term;
        double back = sum - total->sum;
        double lost = (total->sum - (sum - back)) + (term - back);
        total->sum = sum;
        total->carry += lost;
        rows++;
        if (on->out->bounds != NULL) {
            total->bound += fast_bound(on->a, row);
            total->sizes += size_of(term);
        }
    }
    total->sum += total->carry;
    double second_order = 2 * (rows * ROUNDOFF) * (rows * ROUNDOFF);
    total->bound += ROUNDOFF * size_of(total->sum) + second_order * total->sizes;
    total->bound *= upwards(rows);
}

static void sum_rows(struct gathering *on)
{
    struct total total = {0, 0, 0, 0};
    if (on->end - on->next <= PLAIN_SUM_ROWS) {
        add_plain(on, &total);
    } else {
        add_carefully(on, &total);
    }
    bool is_known = !on->is_poisoned && (!on->fact->is_checked || size_of(total.sum) <= 1e250);
    on->out->as.number[on->row] = is_known ? total.sum : NAN;
    if (on->out->bounds != NULL) {
        on->out->bounds[on->row] = total.bound;
    }
}

/* ---- others ---- */

static void count_rows(struct gathering *on)
{
    double rows = 0;
    uint32_t row;
    while (next_row(on, &row)) {
        rows++;
    }
    on->out->as.number[on->row] = on->is_poisoned ? NAN : rows;
}

static void find_any(struct gathering *on)
{
    uint8_t found = 0;
    uint32_t row;
    while (next_row(on, &row)) {
        uint8_t flag = on->a->as.flag[(size_t)row * on->a->step];
        on->is_poisoned = on->is_poisoned || flag == POISON_FLAG;
        found |= flag == 1;
    }
    on->out->as.flag[on->row] = on->is_poisoned ? POISON_FLAG : found;
}

/* The largest (sign 1) or smallest value: continuous, so nothing is decided. */
static void find_limit(struct gathering *on, int sign)
{
    bool is_found = false;
    double best = 0;
    double bound = 0;
    uint32_t row;
    while (next_row(on, &row)) {
        double value = number_at(on, row);
        double value_bound = on->out->bounds == NULL ? 0 : fast_bound(on->a, row);
        best = !is_found || value != value || (sign > 0 ? value > best : value < best) ? value : best;
        on->is_poisoned = on->is_poisoned || value != value;
        bound = value_bound != value_bound || value_bound > bound ? value_bound : bound;
        is_found = true;
    }
    on->out->as.number[on->row] = on->is_poisoned ? NAN : best;
    on->out->given[on->row] = is_found || on->is_poisoned;
    if (on->out->bounds != NULL) {
        on->out->bounds[on->row] = bound;
    }
}

/* ---- rows ---- */

static void put_row(struct gathering *on, bool is_found, uint32_t row)
{
    if (on->is_poisoned) {
        fast_put_poison(on->out, FORM_CODE, on->row);
        return;
    }
    bool is_pair = on->run->program->axes[on->at->imm].kind == AXIS_PAIR;
    on->out->as.code[on->row] = !is_found ? 0 : is_pair ? on->inner->visited[0][row] : row;
    on->out->given[on->row] = is_found;
}

enum standing { STANDS_BEHIND, STANDS_EQUAL, STANDS_OPEN };

/* Where a row stands against the best, than which it is not larger (or smaller) as the doubles say. */
static enum standing standing_of(const struct gathering *on, uint32_t row, uint32_t best)
{
    double value = number_at(on, row);
    double best_value = number_at(on, best);
    double apart = size_of(best_value - value);
    double bound = (fast_bound(on->a, row) + fast_bound(on->a, best)) * WIDER;
    if (value == best_value && (on->a->grade & (GRADE_EXACT | GRADE_DATUM))) {
        return STANDS_EQUAL;
    }
    if (apart > bound || (value != best_value && (on->a->grade & GRADE_NEAREST))) {
        return STANDS_BEHIND;
    }
    if (value == best_value && (bound == 0 || on->run->engine->is_plain)) {
        return STANDS_EQUAL;
    }
    uint32_t product = fast_product_for(on->run, on->instruction, (uint32_t)on->row);
    bool is_equal = fast_is_equal_in_rows(on->run->engine, product, on->at->a, (apart + bound) * WIDER);
    fast_doubt_row(on->run, on->instruction, (uint32_t)on->row, ZUJI_DOUBT_ROW,
                   is_equal ? ZUJI_BY_GRID : ZUJI_BY_PRODUCT);
    return is_equal ? STANDS_EQUAL : STANDS_OPEN;
}

/* Notes that the best row has equals. Where that is not known, the product is left to the exact engine. */
static void note_tie(struct gathering *on, uint32_t best, uint32_t equal)
{
    if (on->is_again || on->at->c != TIE_FIRST_NOTED) {
        return;
    }
    if (on->is_poisoned) {
        fast_mark_row(on->run, on->at->axis, (uint32_t)on->row);
    } else if (best != equal) {
        fast_note_tie(on->run, on->instruction, (uint32_t)on->row, best, equal);
    }
}

/* The best row as the doubles have it. */
static bool find_candidate(struct gathering *on, int sign, uint32_t *best)
{
    bool is_found = false;
    uint32_t row;
    while (next_row(on, &row)) {
        double value = number_at(on, row);
        on->is_poisoned = on->is_poisoned || value != value;
        if (!is_found || sign * (value - number_at(on, *best)) > 0) {
            *best = row;
        }
        is_found = true;
    }
    return is_found;
}

/* Then it is looked whether it is certain that no other is better, and which are as good. */
static void find_best(struct gathering *on, int sign)
{
    uint32_t begin = on->next;
    uint32_t best = 0;
    bool is_found = find_candidate(on, sign, &best);
    uint32_t first = 0, second = 0, last = 0, row; /* of those that are equal */
    uint32_t equal = 0;
    on->next = begin;
    while (is_found && !on->is_poisoned && next_row(on, &row)) {
        enum standing standing = row == best ? STANDS_EQUAL : standing_of(on, row, best);
        on->is_poisoned = standing == STANDS_OPEN;
        if (standing == STANDS_EQUAL) {
            first = equal == 0 ? row : first;
            second = equal == 1 ? row : second;
            last = row;
            equal++;
        }
    }
    note_tie(on, first, equal > 1 ? second : first);
    put_row(on, is_found, on->at->c == TIE_LAST ? last : first);
}

static void find_only(struct gathering *on)
{
    uint32_t found = 0;
    uint32_t first = 0;
    uint32_t row;
    while (next_row(on, &row)) {
        first = found == 0 ? row : first;
        found++;
    }
    on->is_poisoned = on->is_poisoned || found > 1;
    put_row(on, found > 0, first);
}

/* ---- all outer rows ---- */

static void gather_row(struct gathering *on)
{
    switch (on->at->op) {
    case OP_SUM:
        sum_rows(on);
        break;
    case OP_COUNT:
        count_rows(on);
        break;
    case OP_LEAST:
        find_limit(on, -1);
        break;
    case OP_GREATEST:
        find_limit(on, 1);
        break;
    case OP_ANY:
        find_any(on);
        break;
    case OP_ARGMIN:
        find_best(on, -1);
        break;
    case OP_ARGMAX:
        find_best(on, 1);
        break;
    default: /* ONLY */
        find_only(on);
        break;
    }
}

static double k_of(const struct gathering *on)
{
    if (on->a == NULL || on->fact->form != FORM_NUMBER || on->fact->is_whole || on->out->bounds != NULL) {
        return 0;
    }
    uint32_t rows = on->inner->longest <= PLAIN_SUM_ROWS ? on->inner->longest : PLAIN_SUM_ROWS + 2;
    return on->a->k + (on->at->op == OP_SUM && rows > 0 ? rows - 1 : 0);
}

/* In a loop, what is known of the result is what is known after all blocks. */
static void set_quality(const struct gathering *on, bool is_result)
{
    bool is_copied = on->at->op == OP_LEAST || on->at->op == OP_GREATEST;
    uint8_t all = GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM;
    uint8_t grade = on->fact->is_whole ? all : is_copied ? on->a->grade : 0;
    double k = k_of(on);
    on->out->grade = is_result ? on->out->grade & grade : grade;
    on->out->k = is_result && on->out->k > k ? on->out->k : k;
}

/* What the rows at hand say of sizes and errors: a sum of relative terms of one sign is relative. */
static void narrow(const struct gathering *on)
{
    bool is_sum = on->at->op == OP_SUM;
    bool is_one_sign = on->run->facts[on->at->a].sign != 0;
    int rows_exponent = 1;
    for (uint32_t rows = on->inner->longest; is_sum && rows > 0; rows /= 2) {
        rows_exponent++;
    }
    if (on->a->bounds == NULL && (!is_sum || is_one_sign)) {
        on->out->bounds = NULL;
        fast_narrow(on->out, on->a->low, on->a->high + rows_exponent);
    } else {
        fast_narrow(on->out, LOW_UNKNOWN, on->a->high + rows_exponent);
    }
}

void fast_aggregate(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    struct gathering on = {.run = run, .instruction = step->instruction, .at = at, .is_again = step->is_again};
    on.fact = &run->facts[step->instruction];
    (void)fast_make(run, step);
    on.out = &run->registers[step->instruction];
    on.inner = &run->axes[at->imm];
    on.a = at->a == NO_OPERAND ? NULL : fast_register_of(run, at->a);
    on.where = at->b == NO_OPERAND ? NULL : fast_register_of(run, at->b);
    bool is_range = run->program->axes[at->imm].kind == AXIS_RANGE;
    if (!step->is_result && on.fact->form == FORM_NUMBER && on.a != NULL) {
        narrow(&on);
    }
    set_quality(&on, step->is_result);
    for (uint32_t p = 0; p < on.inner->parents; p++) {
        on.next = on.inner->first[p];
        on.end = on.inner->first[p + 1];
        on.row = on.inner->from + p;
        on.is_poisoned = is_range && on.inner->is_broken[p];
        gather_row(&on);
    }
}
