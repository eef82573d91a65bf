/* One product through the program, instruction by instruction. */
#include "vm/exact.h"

#include <setjmp.h>

#include "vm/exact_run.h"
#include "vm/opcodes.h"

static struct str count_text(struct exact_run *run, uint64_t count)
{
    return str_format(run->arena, "%llu", (unsigned long long)count);
}

/* "materials 5000, suppliers 3000" */
static struct str lengths_text(struct exact_run *run, const uint64_t *lengths)
{
    struct buf text = buf_in(run->arena);
    for (uint32_t f = 0; f < run->program->field_count; f++) {
        if (run->program->fields[f].is_list && lengths[f] > 0) {
            buf_add(&text, text.len > 0 ? diag_both(run->arena, STR(", "), STR("、")) : STR(""));
            buf_add(&text, run->program->texts[run->program->fields[f].name]);
            buf_format(&text, " %llu", (unsigned long long)lengths[f]);
        }
    }
    return buf_str(&text);
}

static bool is_within_budget(struct exact_run *run)
{
    const struct exact *engine = run->engine;
    uint64_t *lengths = arena_array(run->arena, uint64_t, run->program->field_count);
    for (uint32_t f = 0; f < run->program->field_count; f++) {
        lengths[f] = run->program->fields[f].is_list ? exact_list_rows(run, f) : 0;
    }
    uint64_t cost = cost_of(engine->verified, lengths);
    if (cost <= engine->cost_limit) {
        return true;
    }
    exact_refuse(run, D_COST_TOO_HIGH,
                 DIAG_ARGS(count_text(run, cost), count_text(run, engine->cost_limit), lengths_text(run, lengths)));
    struct diags *messages = &run->batch->products[run->product].messages;
    diag_note(messages, messages->last, T_RUN_COST, DIAG_ARGS(cost_text(run->arena, engine->verified)));
    return false;
}

static bool is_of_size(struct exact_run *run)
{
    uint32_t rows = outcome_row_count(run->batch, run->product);
    if (outcome_is_too_large(run->program, rows)) {
        exact_refuse(run, D_RESULT_ROWS, DIAG_ARGS(count_text(run, rows)));
        return false;
    }
    return true;
}

static void run_instruction(struct exact_run *run, uint32_t at)
{
    const struct instruction *instruction = &run->program->code[at];
    const struct opcode_info *info = opcode_info(instruction->op);
    if (!exact_axis_ready(run, instruction->axis) ||
        (info->imm == IMM_AXIS && !exact_axis_ready(run, instruction->imm))) {
        return;
    }
    if (info->mask == MASK_ROOT) {
        exact_root(run, at);
    } else if (info->imm == IMM_AXIS) {
        exact_aggregate(run, at);
    } else if (instruction->op == OP_MATCH) {
        exact_match(run, at);
    } else if (instruction->op == OP_CALL) {
        exact_call(run, at);
    } else {
        exact_elements(run, at);
    }
    exact_release(run, at);
}

static bool run_program(struct exact_run *run)
{
    if (!is_within_budget(run) || !is_of_size(run)) {
        return false;
    }
    run->registers = arena_array(run->arena, struct exact_register, run->program->code_count);
    run->axes = arena_array(run->arena, struct exact_axis, run->program->axis_count);
    run->tallies = arena_array(run->arena, struct exact_tally, run->program->code_count);
    run->slice = run->wanted == NULL ? NULL : exact_slice_of(run->arena, run->program, run->wanted);
    for (uint32_t i = 0; i < run->program->code_count && !exact_is_stopped(run); i++) {
        if (is_in_slice(run, i)) {
            run_instruction(run, i);
        }
    }
    if (exact_is_stopped(run)) {
        return false;
    }
    exact_rest(run);
    if (run->is_open) {
        return false;
    }
    if (run->is_refused || is_poison(run->require_state) || is_poison(run->root_state)) {
        exact_report(run);
        return false;
    }
    return true;
}

struct showing { /* whom values are shown to; NULL: nobody */
    exact_show *show;
    void *context;
};

/* Memory is the product's to fail for: the others of the batch go on. */
static bool run_in_bounds(struct exact_run *run, struct arena_mark start, const struct showing *showing)
{
    jmp_buf exhausted;
    jmp_buf *outer = run->batch->arena.on_exhausted;
    if (setjmp(exhausted) != 0) {
        run->arena->on_exhausted = outer;
        arena_reset(run->arena, start);
        run->is_open = false;
        exact_refuse(run, D_PRODUCT_MEMORY, DIAG_ARGS(str_format(run->arena, "%d", (int)EXACT_MEBIBYTES_MAX)));
        return false;
    }
    run->arena->on_exhausted = &exhausted;
    bool is_ok = run_program(run);
    if (showing != NULL && !exact_is_stopped(run)) {
        showing->show(showing->context, run, is_ok);
    }
    run->arena->on_exhausted = outer;
    return is_ok;
}

/* Where the working memory of a product begins: behind nothing, in a first block that is kept from product to product.
 */
static struct arena_mark first_block(struct exact *exact, const struct batch *batch)
{
    enum { FIRST_BLOCK = 1 << 18 };
    if (exact->arena.head == NULL) {
        exact->arena.on_exhausted = batch->arena.on_exhausted;
        (void)arena_alloc(&exact->arena, 1, FIRST_BLOCK);
    }
    return (struct arena_mark){exact->arena.head, 0};
}

static struct exact_run run_of(struct exact *exact, struct batch *batch, uint32_t product, int bits,
                               struct outcome *outcome)
{
    if (outcome != NULL) {
        outcomes_init(&batch->arena, batch, product, 1, true, outcome);
        outcome->bits = bits;
        for (uint32_t r = 0; r < outcome->row_count; r++) {
            outcome->rows[r].bits = bits;
        }
    }
    return (struct exact_run){.engine = exact,
                              .program = exact->program,
                              .shapes = exact->verified->shapes,
                              .arena = &exact->arena,
                              .batch = batch,
                              .product = product,
                              .bits = bits,
                              .outcome = outcome};
}

static bool run_until_certain(struct exact *exact, struct batch *batch, uint32_t product, int bits,
                              struct outcome *outcome)
{
    struct arena_mark start = first_block(exact, batch);
    for (;; bits = rat_more_bits(bits)) {
        struct exact_run run = run_of(exact, batch, product, bits, outcome);
        bool is_ok = run_in_bounds(&run, start, NULL);
        arena_reset(run.arena, start);
        if (!run.is_open) {
            outcome->is_failed = !is_ok;
            return is_ok;
        }
    }
}

bool exact_run_product(struct exact *exact, struct batch *batch, uint32_t product, struct outcome *outcome)
{
    return run_until_certain(exact, batch, product, ENCLOSURE_BITS_FIRST, outcome);
}

bool exact_refine_product(struct exact *exact, struct batch *batch, uint32_t product, struct outcome *outcome)
{
    return run_until_certain(exact, batch, product, rat_more_bits(outcome->bits), outcome);
}

/* What it says is dropped. */
static bool run_silently(struct exact_run *run, struct arena_mark start, const struct showing *showing)
{
    struct diags *messages = &run->batch->products[run->product].messages;
    struct diags told = *messages;
    *messages = diags_in(&run->batch->arena);
    bool is_ok = run_in_bounds(run, start, showing);
    *messages = told;
    arena_reset(run->arena, start);
    return is_ok;
}

bool exact_show_product(struct exact *exact, struct batch *batch, uint32_t product, exact_show *show, void *context)
{
    struct arena_mark start = first_block(exact, batch);
    struct showing showing = {show, context};
    struct outcome outcome;
    struct exact_run run =
        run_of(exact, batch, product, ENCLOSURE_BITS_LAST, &outcome); /* figures are made of it too */
    run.keeps_values = true;
    outcome_add_wholes(&batch->arena, batch->program, &outcome);
    (void)run_silently(&run, start, &showing);
    return !run.is_refused;
}

bool exact_run_roots(struct exact *exact, struct batch *batch, uint32_t product, const struct exact_wanted *wanted,
                     struct outcome *outcome)
{
    struct arena_mark start = first_block(exact, batch);
    struct showing showing = {wanted->show, wanted->context};
    struct outcome nothing = {.is_exact = true};
    for (int bits = ENCLOSURE_BITS_FIRST;; bits = rat_more_bits(bits)) {
        struct exact_run run = run_of(exact, batch, product, bits, outcome);
        run.outcome = outcome == NULL ? &nothing : outcome;
        run.keeps_values = wanted->show != NULL;
        run.wanted = wanted;
        bool is_ok = run_silently(&run, start, wanted->show == NULL ? NULL : &showing);
        if (!run.is_open) {
            return is_ok;
        }
    }
}
