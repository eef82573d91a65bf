/* The fast engine: a batch through the schedule of the program. */
#include "vm/fast.h"

#include <setjmp.h>
#include <string.h>

#include "vm/fast_run.h"
#include "vm/opcodes.h"

/* Working memory beyond which the exact engine takes over, product by product. */
enum { POOL_MEBIBYTES_MAX = 1024, WORKING_MEBIBYTES_MAX = 1024 };

static uint32_t code_of_constant(const struct prog_const *constant)
{
    int64_t code = constant->text;
    if (constant->type != VALUE_TEXT) {
        (void)rat_to_i64(constant->number, &code);
    }
    return (uint32_t)code;
}

/* Registers of constants are filled once. */
static void fill_constant(struct arena *arena, struct fast *fast, uint32_t instruction)
{
    uint32_t constant = fast->program->code[instruction].a;
    struct fast_register *to = &fast->registers[instruction];
    to->as.any = arena_alloc(arena, 1, sizeof(double));
    uint32_t code = code_of_constant(&fast->program->constants[constant]);
    switch ((enum value_form)fast->prepared->facts[instruction].form) {
    case FORM_NUMBER:
        to->as.number[0] = fast->prepared->constants[constant].value;
        to->grade = fast->prepared->constants[constant].grade;
        to->k = to->grade & GRADE_EXACT ? 0 : 1;
        to->low = fast->prepared->facts[instruction].low;
        to->high = fast->prepared->facts[instruction].high;
        break;
    case FORM_WHOLE:
        to->as.whole[0] = (int32_t)code;
        break;
    case FORM_CODE:
        to->as.code[0] = code;
        break;
    case FORM_FLAG:
        to->as.flag[0] = code != 0;
        break;
    }
}

static void set_limits(struct fast *fast)
{
    fast->arena = (struct arena){.limit = (size_t)POOL_MEBIBYTES_MAX << 20};
    fast->working = (struct arena){.limit = (size_t)WORKING_MEBIBYTES_MAX << 20};
    fast->block = (struct arena){.limit = (size_t)WORKING_MEBIBYTES_MAX << 20};
}

struct fast *fast_new(struct arena *arena, const struct verified *verified, struct factor_binding *factors,
                      const struct native_binding *natives, uint64_t cost_limit)
{
    struct fast *fast = arena_new(arena, struct fast);
    const struct program *program = verified->program;
    fast->prepared = prepare_program(arena, verified);
    fast->program = program;
    fast->factors = factors;
    fast->natives = natives;
    fast->cost_limit = cost_limit == 0 ? LIMIT_COST : cost_limit;
    fast->registers = arena_array(arena, struct fast_register, program->code_count);
    fast->axes = arena_array(arena, struct fast_axis, program->axis_count);
    fast->indexes = fast_indexes_new(arena, fast->prepared);
    fast->grids = fast_grids_new(arena, fast->prepared);
    fast->memos = fast_memos_new(arena, fast->prepared);
    fast->block_rows = LIMIT_CHUNK_ROWS;
    set_limits(fast);
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (program->code[i].op == OP_CONST) {
            fill_constant(arena, fast, i);
        }
    }
    return fast;
}

void fast_set_block_rows(struct fast *fast, uint32_t rows)
{
    fast->block_rows = rows;
}

void fast_set_watch(struct fast *fast, fast_watch *watch, void *context)
{
    fast->watch = watch;
    fast->watch_context = context;
}

static void drop_bounds(struct step *steps, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        if (steps[k].kind == STEP_COMPUTE) {
            steps[k].slot[2] = NO_SLOT;
        }
    }
}

void fast_set_plain(struct fast *fast)
{
    struct prepared *prepared = fast->prepared;
    fast->is_plain = true;
    for (uint32_t i = 0; i < fast->program->code_count; i++) {
        prepared->facts[i].has_bounds = false;
        prepared->facts[i].is_checked = false;
    }
    drop_bounds(prepared->top.steps, prepared->top.count);
    for (uint32_t k = 0; k < prepared->loop_count; k++) {
        drop_bounds(prepared->loops[k].results, prepared->loops[k].result_count);
        drop_bounds(prepared->loops[k].body.steps, prepared->loops[k].body.count);
    }
}

static void drop_memory(struct fast *fast)
{
    arena_free(&fast->arena);
    arena_free(&fast->working);
    arena_free(&fast->block);
    memset(fast->axes, 0, fast->program->axis_count * sizeof *fast->axes);
    memset(fast->scratch, 0, sizeof fast->scratch);
    fast->scratch_rows = 0;
    set_limits(fast);
}

void fast_free(struct fast *fast)
{
    if (fast != NULL) {
        drop_memory(fast);
    }
}

/* ---- budget ---- */

static uint32_t list_rows(const struct batch *batch, uint32_t list, uint32_t from, uint32_t to)
{
    uint32_t chain[LIMIT_AXIS_DEPTH];
    int depth = 0;
    for (uint32_t at = list; at != NO_INDEX && depth < LIMIT_AXIS_DEPTH; at = batch->program->fields[at].parent) {
        chain[depth++] = at;
    }
    while (depth-- > 0) {
        from = batch->lists[chain[depth]].first[from];
        to = batch->lists[chain[depth]].first[to];
    }
    return to - from;
}

/* Is the cost of products from .. to - 1, taken as one, within the budget? */
static bool is_within_budget(const struct fast_run *run, uint64_t *lengths, uint32_t from, uint32_t to)
{
    for (uint32_t f = 0; f < run->program->field_count; f++) {
        lengths[f] = run->program->fields[f].is_list ? list_rows(run->batch, f, from, to) : 0;
    }
    return cost_of(run->prepared->verified, lengths) <= run->engine->cost_limit;
}

static void leave_costly(struct fast_run *run)
{
    uint64_t *lengths = arena_array(run->arena, uint64_t, run->program->field_count);
    uint32_t products = run->batch->product_count;
    if (is_within_budget(run, lengths, 0, products)) {
        return;
    }
    for (uint32_t p = 0; p < products; p++) {
        if (!is_within_budget(run, lengths, p, p + 1)) {
            fast_doubt(run, p, ZUJI_DOUBT_SIZE, ZUJI_BY_PRODUCT);
            fast_mark(run, p);
        }
    }
}

/* ---- steps ---- */

static void compute_column(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    switch ((enum opcode)at->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
    case OP_ABS:
    case OP_MIN:
    case OP_MAX:
    case OP_POWI:
    case OP_CONVERT:
    case OP_SHIFT:
        fast_numbers(run, step);
        break;
    case OP_SQRT:
    case OP_POW:
    case OP_EXP:
    case OP_LN:
        fast_function(run, step);
        break;
    case OP_ROUND:
    case OP_ROUNDSIG:
        fast_round(run, step);
        break;
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_STEP_KEY:
        fast_compare(run, step);
        break;
    case OP_SUM:
    case OP_COUNT:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_ANY:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
        fast_aggregate(run, step);
        break;
    case OP_MATCH:
        fast_match(run, step);
        break;
    case OP_CALL:
        fast_call(run, step);
        break;
    case OP_KEY:
    case OP_CELL:
    case OP_COLUMN:
    case OP_FACTOR:
        fast_lookup(run, step);
        break;
    case OP_REQUIRE:
    case OP_WARN:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_JUDGE:
        fast_root(run, step);
        break;
    case OP_FIELD:
    case OP_INDEX:
    case OP_ROW:
    case OP_GIVEN:
    case OP_NEED:
    case OP_WITHIN:
    case OP_ELSE:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_TAKE:
    case OP_SAME:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_SELECT:
        fast_choose(run, step);
        break;
    case OP_CONST: /* these have no steps */
    case OP_RETAG:
    case OP_INVENTORY:
    case OPCODE_END:
        break;
    }
}

static void compute(struct fast_run *run, const struct step *step)
{
    compute_column(run, step);
    if (run->engine->watch != NULL) {
        run->engine->watch(run->engine->watch_context, run, step);
    }
}

/* Where working memory begins: in a first block that is kept from batch to batch. */
static struct arena_mark first_block(struct arena *arena)
{
    enum { FIRST_BLOCK = 1 << 17 };
    if (arena->head == NULL) {
        (void)arena_alloc(arena, 1, FIRST_BLOCK);
    }
    return (struct arena_mark){arena->head, 0};
}

static void open_inside(struct fast_run *run, uint16_t axis)
{
    fast_open_axis(run, axis, 0, run->axes[run->program->axes[axis].parent].rows);
}

static void run_loop(struct fast_run *run, const struct loop *loop)
{
    uint32_t rows = run->axes[run->program->axes[loop->axis].parent].rows;
    for (uint32_t k = 0; k < loop->result_count; k++) {
        (void)fast_make(run, &loop->results[k]);
        run->registers[loop->results[k].instruction].grade = GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM;
    }
    fast_begin_loop(run, loop->axis);
    struct arena_mark mark = first_block(run->block_arena);
    arena_reset(run->block_arena, mark);
    for (uint32_t from = 0; from < rows;) {
        uint32_t to = fast_block_end(run, loop->axis, from);
        fast_open_axis(run, loop->axis, from, to);
        fast_grids_forget(run->engine);
        for (uint32_t k = 0; k < loop->body.count; k++) {
            const struct step *step = &loop->body.steps[k];
            if (step->kind == STEP_OPEN) {
                open_inside(run, step->axis);
            } else if (step->kind == STEP_KEEP) {
                fast_keep(run, step->instruction);
            } else {
                compute(run, step);
            }
        }
        arena_reset(run->block_arena, mark);
        from = to;
    }
}

static void run_steps(struct fast_run *run)
{
    const struct block *top = &run->prepared->top;
    for (uint32_t k = 0; k < top->count; k++) {
        if (top->steps[k].kind == STEP_LOOP) {
            run_loop(run, &run->prepared->loops[top->steps[k].loop]);
        } else {
            compute(run, &top->steps[k]);
        }
    }
}

/* ---- a batch ---- */

/* Factors with a validity are looked up by the period of each product where these differ. */
static void find_period(struct fast_run *run)
{
    const struct batch *batch = run->batch;
    uint32_t first = 0;
    while (first < batch->product_count && !batch->products[first].is_bound) {
        first++;
    }
    run->has_one_period = true;
    run->days = first < batch->product_count ? batch_days(batch, first) : DAYS_UNKNOWN;
    for (uint32_t p = first; p < batch->product_count && batch->program->rule.period_field != NO_INDEX; p++) {
        struct calendar_days days = batch->products[p].is_bound ? batch_days(batch, p) : run->days;
        run->has_one_period = run->has_one_period && days.first == run->days.first && days.last == run->days.last;
    }
}

static void start(struct fast_run *run)
{
    struct batch *batch = run->batch;
    find_period(run);
    run->last_notes = arena_array(run->arena, struct note *, batch->product_count);
    run->note_counts = arena_array(run->arena, uint32_t, batch->product_count);
    run->parts_counts = arena_array(run->arena, uint8_t, batch->product_count);
    run->has_exact_cells = arena_array(run->arena, bool, run->program->field_count);
    for (uint32_t i = 0; i < batch->exact_count; i++) {
        run->has_exact_cells[batch->exact[i].field] = true;
    }
    fast_memos_clear(run->engine);
    fast_grids_open(run->engine, run->batch);
    fast_indexes_clear(run->engine);
    leave_costly(run);
    fast_open_batch(run);
}

/* False where memory was exhausted. */
static bool run_in_bounds(struct fast_run *run)
{
    jmp_buf exhausted;
    struct fast *engine = run->engine;
    if (setjmp(exhausted) != 0) {
        return false;
    }
    engine->arena.on_exhausted = &exhausted;
    engine->working.on_exhausted = &exhausted;
    engine->block.on_exhausted = &exhausted;
    struct arena_mark mark = first_block(run->arena);
    arena_reset(run->arena, mark);
    start(run);
    run_steps(run);
    fast_finish(run);
    arena_reset(run->arena, mark);
    return true;
}

void fast_run_batch(struct fast *fast, struct batch *batch, struct outcome *outcomes)
{
    struct fast_run run = {.engine = fast,
                           .prepared = fast->prepared,
                           .program = fast->program,
                           .shapes = fast->prepared->verified->shapes,
                           .facts = fast->prepared->facts,
                           .registers = fast->registers,
                           .axes = fast->axes,
                           .arena = &fast->working,
                           .block_arena = &fast->block,
                           .batch = batch,
                           .outcomes = outcomes};
    outcomes_init(&batch->arena, batch, 0, batch->product_count, false, outcomes);
    run.is_left = arena_array(&batch->arena, bool, batch->product_count);
    for (uint32_t p = 0; p < batch->product_count; p++) {
        outcomes[p].is_failed = !batch->products[p].is_bound;
        outcomes[p].is_marked = outcomes[p].row_count == 0; /* why, the other engine says */
        run.is_left[p] = outcomes[p].is_failed || outcomes[p].is_marked;
    }
    bool is_done = batch->product_count == 0 || (fast->prepared->is_supported && run_in_bounds(&run));
    if (!is_done) {
        drop_memory(fast);
    }
    for (uint32_t p = 0; p < batch->product_count; p++) {
        outcomes[p].is_marked = !outcomes[p].is_failed && (!is_done || outcomes[p].is_marked);
        if (!is_done) {
            fast_doubt(&run, p, ZUJI_DOUBT_SIZE, ZUJI_BY_PRODUCT);
        }
    }
}
