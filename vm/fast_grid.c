/* The grids on which the values of one product lie, found from its data when a decision is in doubt. */
#include <string.h>

#include "vm/fast_quotients.h"

enum { FEW = 8 }; /* questions in a batch from which on they are put to all of its products at once first */

struct fast_grids {
    const struct batch *batch;
    uint32_t asked;
    struct store one, all;
};

static void make_store(struct arena *arena, size_t count, struct store *store)
{
    store->stamps = arena_array(arena, uint32_t, count);
    store->quotients = arena_array(arena, struct quotient, count);
    store->stack = arena_array(arena, uint32_t, 2 * count + 2);
}

struct fast_grids *fast_grids_new(struct arena *arena, const struct prepared *prepared)
{
    struct fast_grids *grids = arena_new(arena, struct fast_grids);
    make_store(arena, prepared->program->code_count, &grids->one);
    make_store(arena, prepared->program->code_count, &grids->all);
    return grids;
}

void fast_grids_forget(struct fast *engine)
{
    engine->grids->one.is_open = false;
    engine->grids->all.is_open = false;
}

void fast_grids_open(struct fast *engine, const struct batch *batch)
{
    fast_grids_forget(engine);
    engine->grids->batch = batch;
    engine->grids->asked = 0;
}

static struct asking ask(const struct fast *engine, struct store *store, uint32_t product)
{
    if (!store->is_open || store->product != product) {
        store->is_open = true;
        store->product = product;
        store->stamp++;
        if (store->stamp == 0) { /* all have been used */
            memset(store->stamps, 0, engine->program->code_count * sizeof *store->stamps);
            store->stamp = 1;
        }
    }
    return (struct asking){engine, engine->grids->batch, store};
}

/* Finds the instruction on top of the stack, or puts the operands there that must be found first. */
static void find_top(const struct asking *asking, size_t *depth)
{
    struct store *store = asking->store;
    uint32_t top = store->stack[*depth - 1];
    uint32_t operands[2];
    int count = quotient_operands(asking, &asking->engine->program->code[top], operands);
    size_t before = *depth;
    for (int k = 0; k < count; k++) {
        if (store->stamps[operands[k]] != store->stamp) {
            store->stack[(*depth)++] = operands[k];
        }
    }
    if (*depth == before) {
        const struct quotient *a = count > 0 ? &store->quotients[operands[0]] : NULL;
        const struct quotient *b = count > 1 ? &store->quotients[operands[1]] : NULL;
        struct quotient found = count == 0 ? quotient_of_leaf(asking, top) : quotient_of(asking, top, a, b);
        found.most = quotient_size(found.most);
        found.numerator = quotient_size(found.most * quotient_most_of_divisors(asking, &found) * WIDER);
        store->quotients[top] = found;
        store->stamps[top] = store->stamp;
        (*depth)--;
    }
}

static const struct quotient *find(const struct asking *asking, uint32_t instruction)
{
    struct store *store = asking->store;
    size_t depth = 0;
    if (store->stamps[instruction] != store->stamp) {
        store->stack[depth++] = instruction;
    }
    while (depth > 0) { /* operands are earlier instructions: at most two for each lie on the stack */
        find_top(asking, &depth);
    }
    return &store->quotients[instruction];
}

/* ---- questions ---- */

/* Is a difference 0 that lies on the grid, over the divisors, and is not larger than `apart`? */
static bool is_zero(const struct asking *asking, const struct quotient *difference, double apart)
{
    double most = quotient_most_of_divisors(asking, difference);
    return grid_is_wider(difference->grid, quotient_size(apart * most * WIDER));
}

struct question {
    enum { EQUAL, EQUAL_IN_ROWS, AT, EXACTLY } kind;
    uint32_t a, b;              /* instructions */
    struct grid grid;           /* AT, EXACTLY: of the other number */
    const struct grid_sum *sum; /* EXACTLY */
    double apart;
};

static struct quotient sum_terms(const struct asking *asking, const struct grid_sum *sum)
{
    struct quotient all = {.grid = GRID_ZERO};
    for (size_t i = 0; i < sum->count; i++) {
        all = quotient_join(asking, &all, find(asking, sum->terms[i]), 0);
    }
    all = quotient_times(&all, sum->times);
    if (sum->over != NO_OPERAND) {
        (void)find(asking, sum->over);
        all = quotient_over(asking, &all, quotient_source(asking, sum->over));
    }
    return all;
}

static bool answer(const struct asking *asking, const struct question *question)
{
    struct quotient left;
    struct quotient right = {.grid = question->grid};
    switch (question->kind) {
    case EQUAL:
        left = *find(asking, question->a);
        right = *find(asking, question->b);
        break;
    case EQUAL_IN_ROWS:
        left = quotient_in_any_row(asking, find(asking, question->a));
        right = left;
        break;
    case AT:
        left = *find(asking, question->a);
        break;
    case EXACTLY:
    default:
        left = sum_terms(asking, question->sum);
        break;
    }
    struct quotient difference = quotient_join(asking, &left, &right, 0);
    return is_zero(asking, &difference, question->apart);
}

/* What holds of all products together holds of each: where there are many questions, that is asked first. */
static bool settle(struct fast *engine, uint32_t product, const struct question *question)
{
    struct fast_grids *grids = engine->grids;
    struct asking asking;
    if (grids->asked >= FEW) {
        asking = ask(engine, &grids->all, ALL_PRODUCTS);
        if (answer(&asking, question)) {
            return true;
        }
    }
    grids->asked++;
    asking = ask(engine, &grids->one, product);
    return answer(&asking, question);
}

bool fast_is_equal(struct fast *engine, uint32_t product, uint32_t a, uint32_t b, double apart)
{
    return settle(engine, product, &(struct question){.kind = EQUAL, .a = a, .b = b, .apart = apart});
}

bool fast_is_equal_in_rows(struct fast *engine, uint32_t product, uint32_t a, double apart)
{
    return settle(engine, product, &(struct question){.kind = EQUAL_IN_ROWS, .a = a, .apart = apart});
}

bool fast_is_at(struct fast *engine, uint32_t product, uint32_t instruction, struct grid grid, double apart)
{
    return settle(engine, product, &(struct question){.kind = AT, .a = instruction, .grid = grid, .apart = apart});
}

bool fast_is_exactly(struct fast *fast, uint32_t product, const struct grid_sum *sum, struct grid number, double apart)
{
    return settle(fast, product, &(struct question){.kind = EXACTLY, .sum = sum, .grid = number, .apart = apart});
}

uint32_t fast_product_for(const struct fast_run *run, uint32_t instruction, uint32_t row)
{
    return run->facts[instruction].is_single ? 0 : fast_product_of(run, run->program->code[instruction].axis, row);
}
