/* Single decisions that neither bounds nor the grid settle: the exact engine computes what they rest on, for the one
   product, and the rows in doubt take its values. */
#include "vm/fast_run.h"

#include "base/decimal.h"
#include "vm/exact_run.h"

enum { PARTS_MAX = 4 }; /* decisions of one product: with more of them it is left as a whole */

void fast_set_exact(struct fast *fast, fast_exact *exactly, void *context)
{
    fast->exactly = exactly;
    fast->exact_context = context;
}

void fast_leave(struct fast_run *run, uint32_t row)
{
    if (run->left_count == run->left_room) {
        enum { FIRST_ROOM = 64 };
        uint32_t room = run->left_room == 0 ? FIRST_ROOM : 2 * run->left_room;
        uint32_t *rows = arena_array(run->arena, uint32_t, room);
        for (uint32_t i = 0; i < run->left_count; i++) {
            rows[i] = run->left_rows[i];
        }
        run->left_rows = rows;
        run->left_room = room;
    }
    run->left_rows[run->left_count++] = row;
}

/* The rows of one product that are in doubt. */
struct parts {
    struct fast_run *run;
    const struct step *step;
    enum zuji_doubt doubt;
    uint32_t product;
    const uint32_t *rows;
    uint32_t count;
};

/* A rounded number is a datum again, as all of its column are, and where these are whole its double is the number; what
   is none is left. */
static void put_number(const struct parts *parts, uint32_t row, struct rat number)
{
    struct arena *arena = parts->run->arena;
    const struct fact *fact = &parts->run->facts[parts->step->instruction];
    struct arena_mark mark = arena_mark(arena);
    double nearest = rat_to_double(number);
    double size = nearest < 0 ? -nearest : nearest;
    bool is_in_range = size == 0 || (size >= 1e-250 && size <= (fact->is_whole ? fact->largest : 1e250));
    if (is_in_range && rat_eq(rat_of_datum(arena, nearest), number)) {
        parts->run->registers[parts->step->instruction].as.number[row] = nearest + 0.0;
    }
    arena_reset(arena, mark);
}

/* Of the rows of the product, in the order of the batch. */
static void take_values(void *context, struct exact_run *exact, bool is_ok)
{
    const struct parts *parts = context;
    uint32_t instruction = parts->step->instruction;
    const struct exact_axis *axis = &exact->axes[parts->run->program->code[instruction].axis];
    struct fast_register *to = &parts->run->registers[instruction];
    enum value_form form = (enum value_form)parts->run->facts[instruction].form;
    for (uint32_t i = 0; i < parts->count && is_ok; i++) {
        uint32_t row = parts->rows[i];
        struct exact_value value = exact_get(exact, instruction, row - axis->base);
        if (is_poison(value.state)) {
            continue;
        }
        if (to->given != NULL) {
            to->given[row] = value.state == STATE_GIVEN;
        }
        if (form == FORM_NUMBER) {
            put_number(parts, row, value.number);
        } else if (form == FORM_FLAG) {
            to->as.flag[row] = value.code != 0;
        } else {
            to->as.code[row] = value.state == STATE_GIVEN ? (uint32_t)value.code : 0;
        }
    }
}

/* Is it worth while? In loops rows have other numbers; one value for all products is rare. */
static bool is_possible(const struct parts *parts)
{
    const struct fast_run *run = parts->run;
    uint16_t axis = run->program->code[parts->step->instruction].axis;
    return run->engine->exactly != NULL && axis != AXIS_ID_CONSTANT && run->prepared->axes[axis].root == 0 &&
           !run->facts[parts->step->instruction].is_single && !run->is_left[parts->product] &&
           run->parts_counts[parts->product] < PARTS_MAX;
}

static void settle_product(const struct parts *parts)
{
    struct fast_run *run = parts->run;
    uint32_t instruction = parts->step->instruction;
    if (is_possible(parts)) {
        struct exact_wanted wanted = {
            .instructions = &instruction, .count = 1, .show = take_values, .context = (void *)(uintptr_t)parts};
        run->parts_counts[parts->product]++;
        (void)run->engine->exactly(run->engine->exact_context, run->batch, parts->product, &wanted);
    }
    enum value_form form = (enum value_form)run->facts[instruction].form;
    for (uint32_t i = 0; i < parts->count; i++) {
        bool is_open = fast_is_poison(&run->registers[instruction], form, parts->rows[i]);
        fast_doubt_row(run, instruction, parts->rows[i], parts->doubt, is_open ? ZUJI_BY_PRODUCT : ZUJI_BY_PARTS);
    }
}

void fast_settle_left(struct fast_run *run, const struct step *step, enum zuji_doubt doubt)
{
    uint32_t from = 0;
    for (uint32_t to = 1; from < run->left_count; to++) {
        uint32_t product = fast_product_for(run, step->instruction, run->left_rows[from]);
        if (to == run->left_count || fast_product_for(run, step->instruction, run->left_rows[to]) != product) {
            settle_product(&(struct parts){.run = run,
                                           .step = step,
                                           .doubt = doubt,
                                           .product = product,
                                           .rows = run->left_rows + from,
                                           .count = to - from});
            from = to;
        }
    }
    run->left_count = 0;
}
