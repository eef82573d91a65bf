/* Why values are poison, and the messages of a product that failed: all independent causes under its roots,
 * requirements first. */
#include <assert.h>

#include "vm/exact_run.h"

enum {
    CAUSES_OF_ONE_INSTRUCTION = 64, /* three times what one product may say */
    NODES_MAX = 1 << 20             /* beyond, a value that depends on two failures names one of them */
};

static uint32_t add_node(struct exact_run *run, uint32_t left, uint32_t right)
{
    arena_grow(run->arena, run->nodes, run->node_count, run->node_cap);
    run->nodes[run->node_count] = (struct exact_node){left, right};
    return STATE_POISON + (uint32_t)run->node_count++;
}

static uint32_t add_cause(struct exact_run *run, const struct exact_cause *cause)
{
    arena_grow(run->arena, run->causes, run->cause_count, run->cause_cap);
    run->causes[run->cause_count] = *cause;
    uint32_t state = add_node(run, (uint32_t)run->cause_count, EXACT_LEAF);
    run->causes[run->cause_count++].state = state;
    return state;
}

bool exact_has_room(const struct exact_run *run, uint32_t instruction)
{
    return run->tallies[instruction].causes < CAUSES_OF_ONE_INSTRUCTION;
}

uint32_t exact_fail(struct exact_run *run, uint32_t instruction, uint32_t row, enum diag_code code,
                    const struct str *args, size_t count)
{
    struct exact_tally *tally = &run->tallies[instruction];
    if (!exact_has_room(run, instruction)) {
        return tally->last_state;
    }
    struct exact_cause cause = {
        .code = code, .arg_count = count, .instruction = instruction, .row = row, .is_worded = true};
    for (size_t i = 0; i < count && i < countof(cause.args); i++) {
        cause.args[i] = args[i];
    }
    tally->causes++;
    tally->last_state = add_cause(run, &cause);
    return tally->last_state;
}

static struct exact_cause *cause_of(const struct exact_run *run, uint32_t state)
{
    return &run->causes[run->nodes[state - STATE_POISON].left];
}

void exact_add_note(struct exact_run *run, uint32_t state, struct diag_text note)
{
    struct exact_cause *cause = cause_of(run, state);
    assert(cause->note_count < countof(cause->notes));
    cause->notes[cause->note_count++] = note;
}

uint32_t exact_find_same(const struct exact_run *run, uint32_t instruction, struct str arg)
{
    /* The causes of the instruction at work are the latest. */
    for (size_t i = run->cause_count; i-- > 0 && run->causes[i].instruction == instruction;) {
        if (run->causes[i].is_worded && str_eq(run->causes[i].args[0], arg)) {
            return run->causes[i].state;
        }
    }
    return 0;
}

uint32_t exact_fail_unneeded(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    struct exact_tally *tally = &run->tallies[instruction];
    if (tally->unneeded == 0) {
        struct exact_cause cause = {.code = D_MASK_TOO_NARROW, .instruction = instruction, .row = row};
        tally->unneeded = add_cause(run, &cause);
    }
    return tally->unneeded;
}

uint32_t exact_join(struct exact_run *run, uint32_t a, uint32_t b)
{
    if (!is_poison(a) || a == b) {
        return is_poison(b) ? b : a;
    }
    if (!is_poison(b) || run->node_count >= NODES_MAX) {
        return a;
    }
    return add_node(run, a, b);
}

/* Marks the causes under a state. The graph has no cycles; `seen` keeps the walk linear. */
static void reach(struct exact_run *run, uint32_t state, bool *is_reached)
{
    if (!is_poison(state)) {
        return;
    }
    bool *seen = arena_array(run->arena, bool, run->node_count);
    uint32_t *stack = arena_array(run->arena, uint32_t, run->node_count);
    size_t depth = 0;
    stack[depth++] = state;
    seen[state - STATE_POISON] = true;
    while (depth > 0) {
        struct exact_node node = run->nodes[stack[--depth] - STATE_POISON];
        if (node.right == EXACT_LEAF) {
            is_reached[node.left] = true;
            continue;
        }
        const uint32_t next[2] = {node.left, node.right};
        for (int k = 0; k < 2; k++) {
            if (!seen[next[k] - STATE_POISON]) {
                seen[next[k] - STATE_POISON] = true;
                stack[depth++] = next[k];
            }
        }
    }
}

/* ---- messages ---- */

static const struct prog_site *site_of(const struct exact_run *run, const struct exact_cause *cause)
{
    bool is_reference = cause->code == D_REFERENCE_NOT_POSITIVE;
    return is_reference ? &run->program->rule.reference_site : &run->program->sites[cause->instruction];
}

/* The place in the rule as written, which is not loaded as text: so no span. */
static void add_place(struct exact_run *run, struct diags *messages, struct diag *message, const struct prog_site *site)
{
    struct str item = exact_label(run, site->path);
    if (message->clause.len == 0) {
        message->clause = str_copy(messages->arena, exact_label(run, site->clause));
    }
    message->place.file = str_copy(messages->arena, exact_label(run, site->file));
    message->place.line = site->line;
    message->place.column = site->column;
    if (item.len > 0 && !str_eq(item, message->path)) {
        diag_note(messages, message, T_RUN_ITEM, DIAG_ARGS(item));
    }
}

static void add_message(struct exact_run *run, const struct exact_cause *cause)
{
    struct product *product = &run->batch->products[run->product];
    const struct instruction *instruction = &run->program->code[cause->instruction];
    struct str path = exact_row_path(run, instruction->axis, cause->row);
    if (path.len == 0) {
        path = exact_label(run, site_of(run, cause)->path);
    }
    struct str own[] = {exact_expression(run, cause->instruction)};
    const struct str *args = cause->is_worded ? cause->args : own;
    size_t count = cause->is_worded ? cause->arg_count : countof(own);
    struct diag *message =
        diag_add_data(&product->messages, cause->code, (struct span){0, 0, 0}, args, count, product->id, path);
    if (message->notes != NULL || message->place.line != 0) {
        return; /* the same was said of another copy of the formula */
    }
    if (cause->code == D_REQUIREMENT) {
        uint32_t clause = run->program->requirements[instruction->b].clause;
        message->clause = str_copy(product->messages.arena, exact_label(run, clause));
    }
    for (size_t i = 0; i < cause->note_count; i++) {
        diag_note(&product->messages, message, cause->notes[i].text, cause->notes[i].args,
                  countof(cause->notes[i].args));
    }
    add_place(run, &product->messages, message, site_of(run, cause));
}

enum pass { PASS_REQUIREMENTS, PASS_OTHERS };

static bool is_in_pass(const struct exact_cause *cause, enum pass pass)
{
    return (cause->code == D_REQUIREMENT) == (pass == PASS_REQUIREMENTS);
}

static bool is_of_factor(enum diag_code code)
{
    return code == D_NO_FACTOR || code == D_FACTOR_MISSING || code == D_FACTOR_NO_FILE || code == D_FACTOR_NOT_VALID;
}

void exact_report(struct exact_run *run)
{
    bool *is_reached = arena_array(run->arena, bool, run->cause_count);
    reach(run, is_poison(run->require_state) ? run->require_state : run->root_state, is_reached);
    if (is_poison(run->require_state) && !run->has_broken_requirement) {
        /* Requirements that cannot be judged say nothing of their own; missing factors come all at once. */
        bool *is_missing = arena_array(run->arena, bool, run->cause_count);
        reach(run, run->root_state, is_missing);
        for (size_t i = 0; i < run->cause_count; i++) {
            is_reached[i] = is_reached[i] || (is_missing[i] && is_of_factor(run->causes[i].code));
        }
    }
    size_t listed = 0;
    size_t left = 0;
    for (enum pass pass = PASS_REQUIREMENTS; pass <= PASS_OTHERS; pass++) {
        for (size_t i = 0; i < run->cause_count; i++) {
            if (!is_reached[i] || !is_in_pass(&run->causes[i], pass)) {
                continue;
            }
            if (listed < LIMIT_PRODUCT_MESSAGES) {
                add_message(run, &run->causes[i]);
                listed++;
            } else {
                left++;
            }
        }
    }
    if (left > 0) {
        struct product *product = &run->batch->products[run->product];
        diag_add_data(&product->messages, D_MORE_FAILURES, (struct span){0, 0, 0},
                      DIAG_ARGS(str_format(run->arena, "%d", (int)LIMIT_PRODUCT_MESSAGES)), product->id, STR(""));
    }
}

void exact_refuse_at(struct exact_run *run, uint32_t instruction, enum diag_code code, const struct str *args,
                     size_t count)
{
    struct product *product = &run->batch->products[run->product];
    const struct prog_site *site = &run->program->sites[instruction];
    run->is_refused = true;
    struct diag *message = diag_add_data(&product->messages, code, (struct span){0, 0, 0}, args, count, product->id,
                                         exact_label(run, site->path));
    add_place(run, &product->messages, message, site);
}

void exact_refuse(struct exact_run *run, enum diag_code code, const struct str *args, size_t count)
{
    struct product *product = &run->batch->products[run->product];
    run->is_refused = true;
    diag_add_data(&product->messages, code, (struct span){0, 0, 0}, args, count, product->id, STR(""));
}
