/* Emissions divided into terms: a linear way down from the value, with the coefficient that has gathered. */
#include "vm/trace.h"

static bool is_emission(const struct trace *trace, uint32_t instruction)
{
    return trace->run->shapes[instruction].type == VALUE_NUMBER &&
           trace->is_emission[trace->run->shapes[instruction].unit];
}

void trace_find_openings(struct trace *trace)
{
    const struct program *program = trace->run->program;
    bool *opens = arena_array(trace->arena, bool, program->code_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        switch (at->op) {
        case OP_SUM:
            opens[i] = true;
            break;
        case OP_ADD:
        case OP_SUB:
            opens[i] = is_emission(trace, i);
            break;
        case OP_NEG:
        case OP_CONVERT:
        case OP_RETAG:
        case OP_NEED:
        case OP_WITHIN:
        case OP_SPREAD:
        case OP_SPREAD2:
        case OP_LEAST:
        case OP_GREATEST:
        case OP_DIV:
            opens[i] = opens[at->a];
            break;
        case OP_TAKE:
            opens[i] = opens[at->b];
            break;
        case OP_MIN:
        case OP_MAX:
        case OP_MUL:
            opens[i] = opens[at->a] || opens[at->b];
            break;
        case OP_SELECT:
            opens[i] = opens[at->b] || opens[at->c];
            break;
        default:
            break; /* a term, whatever is inside */
        }
    }
    trace->opens = opens;
}

/* ---- the walk ---- */

struct stand { /* a value on its way down */
    uint32_t instruction, row;
    struct rat coefficient;
    struct basis around; /* what it was multiplied with, and what decided about it */
};
struct walk {
    struct trace *trace;
    struct stand *stack;
    size_t count, cap;
    trace_take_term *take;
    void *context;
};

static void push(struct walk *walk, struct stand place)
{
    arena_grow(walk->trace->arena, walk->stack, walk->count, walk->cap);
    walk->stack[walk->count++] = place;
}

static void push_at(struct walk *walk, const struct stand *from, uint32_t instruction, uint32_t row)
{
    struct stand place = *from;
    place.instruction = instruction;
    place.row = row;
    push(walk, place);
}

static void take_term(struct walk *walk, const struct stand *place)
{
    struct trace *trace = walk->trace;
    struct exact_value value = exact_get(trace->run, place->instruction, place->row);
    struct trace_term term = {
        .instruction = place->instruction,
        .row = place->row,
        .coefficient = place->coefficient,
        .amount = rat_mul(trace->arena, place->coefficient, value.state == STATE_GIVEN ? value.number : RAT_ZERO),
        .basis = basis_joined(trace, place->around, trace_basis(trace, place->instruction, place->row))};
    walk->take(walk->context, &term);
}

/* The last row first: the stack turns them round. */
static void open_rows(struct walk *walk, struct stand *place)
{
    struct trace *trace = walk->trace;
    const struct instruction *at = &trace->run->program->code[place->instruction];
    const struct exact_axis *axis = &trace->run->axes[at->imm];
    struct basis around = place->around;
    bool is_empty = true;
    for (uint32_t r = axis->first[place->row + 1]; r-- > axis->first[place->row];) {
        if (trace_counts(trace, place->instruction, r)) {
            place->around = at->b == NO_OPERAND ? around : basis_decided(trace, around, trace_basis(trace, at->b, r));
            push_at(walk, place, at->a, r);
            is_empty = false;
        }
    }
    place->around = around;
    if (is_empty) {
        take_term(walk, place); /* nothing, which may rest on a list that is absent */
    }
}

static void open_both(struct walk *walk, struct stand *place, int sign)
{
    const struct instruction *at = &walk->trace->run->program->code[place->instruction];
    struct stand second = *place;
    second.coefficient = sign > 0 ? second.coefficient : rat_neg(walk->trace->arena, second.coefficient);
    push_at(walk, &second, at->b, place->row);
    push_at(walk, place, at->a, place->row);
}

/* Through one side of a product: the one that is an emission where both lead on. */
static void open_product(struct walk *walk, struct stand *place)
{
    struct trace *trace = walk->trace;
    const struct instruction *at = &trace->run->program->code[place->instruction];
    bool takes_second = at->op == OP_MUL && trace->opens[at->b] && (!trace->opens[at->a] || is_emission(trace, at->b));
    uint32_t other = takes_second ? at->a : at->b;
    struct rat by = exact_get(trace->run, other, place->row).number;
    struct rat coefficient = at->op == OP_MUL ? rat_mul(trace->arena, place->coefficient, by)
                                              : rat_div(trace->arena, place->coefficient, by);
    place->coefficient = exact_told(trace->run, coefficient);
    place->around = basis_joined(trace, place->around, trace_basis(trace, other, place->row));
    push_at(walk, place, takes_second ? at->b : at->a, place->row);
}

/* What the condition, or the other one of MIN and MAX, has decided stays with the value. */
static void open_choice(struct walk *walk, struct stand *place)
{
    struct trace *trace = walk->trace;
    const struct instruction *at = &trace->run->program->code[place->instruction];
    uint32_t taken = trace_taken(trace, place->instruction, place->row);
    uint32_t decider = at->op != OP_SELECT && taken == at->a ? at->b : at->a;
    place->around = basis_decided(trace, place->around, trace_basis(trace, decider, place->row));
    push_at(walk, place, taken, place->row);
}

static void open_picked(struct walk *walk, struct stand *place)
{
    struct trace *trace = walk->trace;
    const struct instruction *at = &trace->run->program->code[place->instruction];
    uint32_t picked;
    if (!trace_picked(trace, place->instruction, place->row, &picked)) {
        take_term(walk, place);
        return;
    }
    if (at->b != NO_OPERAND) {
        place->around = basis_decided(trace, place->around, trace_basis(trace, at->b, picked));
    }
    push_at(walk, place, at->a, picked);
}

static void open_taken_row(struct walk *walk, struct stand *place)
{
    struct trace *trace = walk->trace;
    const struct instruction *at = &trace->run->program->code[place->instruction];
    place->around = basis_decided(trace, place->around, trace_basis(trace, at->a, place->row));
    push_at(walk, place, at->b, (uint32_t)exact_get(trace->run, at->a, place->row).code);
}

/* Is it divided here? */
static bool is_opened(const struct trace *trace, const struct stand *place)
{
    bool is_given = exact_get(trace->run, place->instruction, place->row).state == STATE_GIVEN;
    return is_given && trace->opens[place->instruction] && trace->step_count < TRACE_STEPS_MAX;
}

static void open_place(struct walk *walk, struct stand *place)
{
    struct exact_run *run = walk->trace->run;
    const struct instruction *at = &run->program->code[place->instruction];
    switch (at->op) {
    case OP_SUM:
        open_rows(walk, place);
        break;
    case OP_ADD:
        open_both(walk, place, 1);
        break;
    case OP_SUB:
        open_both(walk, place, -1);
        break;
    case OP_MUL:
    case OP_DIV:
        open_product(walk, place);
        break;
    case OP_NEG:
        place->coefficient = rat_neg(walk->trace->arena, place->coefficient);
        push_at(walk, place, at->a, place->row);
        break;
    case OP_CONVERT:
        place->coefficient = rat_mul(walk->trace->arena, place->coefficient, run->program->constants[at->b].number);
        push_at(walk, place, at->a, place->row);
        break;
    case OP_RETAG:
    case OP_NEED:
    case OP_WITHIN:
        push_at(walk, place, at->a, place->row);
        break;
    case OP_SPREAD:
        push_at(walk, place, at->a, exact_row_outside(run, at->axis, place->row, run->program->code[at->a].axis));
        break;
    case OP_SPREAD2:
        push_at(walk, place, at->a, exact_row_visited(run, at->axis, place->row, run->program->code[at->a].axis));
        break;
    case OP_TAKE:
        open_taken_row(walk, place);
        break;
    case OP_LEAST:
    case OP_GREATEST:
        open_picked(walk, place);
        break;
    default: /* SELECT, MIN, MAX */
        open_choice(walk, place);
        break;
    }
}

void trace_terms(struct trace *trace, uint32_t instruction, uint32_t row, trace_take_term *take, void *context)
{
    struct walk walk = {.trace = trace, .take = take, .context = context};
    push(&walk, (struct stand){.instruction = instruction, .row = row, .coefficient = RAT_ONE});
    while (walk.count > 0) {
        struct stand place = walk.stack[--walk.count];
        trace->step_count++;
        if (is_opened(trace, &place)) {
            open_place(&walk, &place);
        } else {
            take_term(&walk, &place);
        }
    }
}
