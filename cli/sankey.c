#include "cli/sankey.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

/* All bands of one column together, and the share below which inputs go together. */
enum { HEIGHT = 3600 };
static const double small_share = 0.004;

struct sankey sankey_new(struct arena *arena, size_t stage_count)
{
    return (struct sankey){.arena = arena,
                           .input_numbers = map_in(arena),
                           .band_numbers = map_in(arena),
                           .stages = arena_array(arena, struct sankey_stage, stage_count),
                           .stage_count = stage_count};
}

static size_t add_input(struct sankey *sankey, struct str identity, struct str label)
{
    uint32_t number;
    if (map_get(&sankey->input_numbers, identity, &number)) {
        return number;
    }
    arena_grow(sankey->arena, sankey->inputs, sankey->input_count, sankey->input_cap);
    map_add(&sankey->input_numbers, str_copy(sankey->arena, identity), (uint32_t)sankey->input_count);
    sankey->inputs[sankey->input_count] = (struct sankey_input){.label = label};
    return sankey->input_count++;
}

static void add_band(struct sankey *sankey, size_t input, size_t stage, bool is_negative, double size)
{
    const size_t identity[3] = {input, stage, is_negative};
    struct str key = {(const char *)identity, sizeof identity};
    uint32_t number;
    if (map_get(&sankey->band_numbers, key, &number)) {
        sankey->bands[number].size += size;
        return;
    }
    arena_grow(sankey->arena, sankey->bands, sankey->band_count, sankey->band_cap);
    map_add(&sankey->band_numbers, str_copy(sankey->arena, key), (uint32_t)sankey->band_count);
    sankey->bands[sankey->band_count++] =
        (struct sankey_band){.input = input, .stage = stage, .is_negative = is_negative, .size = size};
}

void sankey_add(struct sankey *sankey, struct str identity, struct str label, size_t stage, double amount)
{
    if (amount == 0 || !isfinite(amount)) {
        return;
    }
    add_band(sankey, add_input(sankey, identity, label), stage, amount < 0, fabs(amount));
}

/* ---- inputs ---- */

/* What they bring together, and where most of it goes. */
static void measure_inputs(struct sankey *sankey)
{
    double *widest = arena_array(sankey->arena, double, sankey->input_count);
    for (size_t i = 0; i < sankey->band_count; i++) {
        const struct sankey_band *band = &sankey->bands[i];
        struct sankey_input *input = &sankey->inputs[band->input];
        input->size += band->size;
        input->taken += band->is_negative ? band->size : 0;
        sankey->size += band->size;
        if (band->size > widest[band->input]) {
            widest[band->input] = band->size;
            input->stage = band->stage;
            input->is_negative = band->is_negative;
        }
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x > y ? -1 : x < y;
}

struct ranked {
    double size;
    size_t number;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    int order = by_size(&x->size, &y->size);
    return order != 0 ? order : x->number < y->number ? -1 : 1;
}

/* Inputs that are too thin, or too many, to be drawn by themselves. */
static const bool *find_small(const struct sankey *sankey)
{
    struct ranked *ranked = arena_array(sankey->arena, struct ranked, sankey->input_count);
    bool *is_small = arena_array(sankey->arena, bool, sankey->input_count);
    for (size_t i = 0; i < sankey->input_count; i++) {
        ranked[i] = (struct ranked){sankey->inputs[i].size, i};
    }
    qsort(ranked, sankey->input_count, sizeof *ranked, by_rank);
    for (size_t i = 0; i < sankey->input_count; i++) {
        is_small[ranked[i].number] = i >= SANKEY_INPUTS_MAX || ranked[i].size < sankey->size * small_share;
    }
    return is_small;
}

/* Small inputs of a stage become one; an input that is the only small one of its stage stays. */
static void merge_inputs(struct sankey *sankey)
{
    const bool *is_small = find_small(sankey);
    size_t *small = arena_array(sankey->arena, size_t, sankey->stage_count);
    for (size_t i = 0; i < sankey->input_count; i++) {
        small[sankey->inputs[i].stage] += is_small[i];
    }
    size_t *others = arena_array(sankey->arena, size_t, sankey->stage_count);
    size_t count = sankey->input_count;
    for (size_t s = 0; s < sankey->stage_count; s++) {
        if (small[s] > 1) {
            arena_grow(sankey->arena, sankey->inputs, sankey->input_count, sankey->input_cap);
            others[s] = sankey->input_count;
            sankey->inputs[sankey->input_count++] = (struct sankey_input){.others = small[s]};
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct sankey_input *input = &sankey->inputs[i];
        input->is_merged = is_small[i] && small[input->stage] > 1;
    }
    const struct sankey_band *bands = sankey->bands;
    size_t band_count = sankey->band_count;
    sankey->bands = NULL;
    sankey->band_count = sankey->band_cap = 0;
    sankey->band_numbers = map_in(sankey->arena);
    for (size_t i = 0; i < band_count; i++) {
        const struct sankey_input *input = &sankey->inputs[bands[i].input];
        add_band(sankey, input->is_merged ? others[input->stage] : bands[i].input, bands[i].stage, bands[i].is_negative,
                 bands[i].size);
    }
    for (size_t i = 0; i < sankey->input_count; i++) {
        sankey->inputs[i].size = sankey->inputs[i].taken = 0;
    }
    sankey->size = 0;
    measure_inputs(sankey);
}

struct place { /* of an input */
    const struct sankey_input *input;
    size_t number;
};

/* By stage, those that add first, what stands for others last, the largest first. */
static int by_place(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->input->stage != y->input->stage) {
        return x->input->stage < y->input->stage ? -1 : 1;
    }
    if (x->input->is_negative != y->input->is_negative) {
        return x->input->is_negative ? 1 : -1;
    }
    if ((x->input->others > 0) != (y->input->others > 0)) {
        return x->input->others > 0 ? 1 : -1;
    }
    int order = by_size(&x->input->size, &y->input->size);
    return order != 0 ? order : x->number < y->number ? -1 : 1;
}

static void order_inputs(struct sankey *sankey)
{
    struct place *places = arena_array(sankey->arena, struct place, sankey->input_count);
    size_t *to = arena_array(sankey->arena, size_t, sankey->input_count);
    size_t count = 0;
    for (size_t i = 0; i < sankey->input_count; i++) {
        if (!sankey->inputs[i].is_merged) {
            places[count++] = (struct place){&sankey->inputs[i], i};
        }
    }
    qsort(places, count, sizeof *places, by_place);
    struct sankey_input *inputs = arena_array(sankey->arena, struct sankey_input, count);
    for (size_t i = 0; i < count; i++) {
        inputs[i] = *places[i].input;
        to[places[i].number] = i;
    }
    for (size_t i = 0; i < sankey->band_count; i++) {
        sankey->bands[i].input = to[sankey->bands[i].input];
    }
    sankey->inputs = inputs;
    sankey->input_count = count;
}

/* ---- places ---- */

static int by_input(const void *a, const void *b)
{
    const struct sankey_band *x = a;
    const struct sankey_band *y = b;
    if (x->input != y->input) {
        return x->input < y->input ? -1 : 1;
    }
    if (x->stage != y->stage) {
        return x->stage < y->stage ? -1 : 1;
    }
    return (int)x->is_negative - (int)y->is_negative;
}

static long slot_of(struct sankey_box box, long least)
{
    return box.height > 0 && box.height < least ? least : box.height;
}

/* The boxes of a column from the top, each in the middle of its slot, with the same gap between them. */
static void place_column(struct sankey_box *const *boxes, size_t count, long least, long height)
{
    long used = 0;
    long drawn = 0;
    for (size_t i = 0; i < count; i++) {
        used += slot_of(*boxes[i], least);
        drawn += boxes[i]->height > 0;
    }
    long gap = drawn > 1 ? (height - used) / (drawn - 1) : 0;
    gap = gap > 4 * SANKEY_GAP ? 4 * SANKEY_GAP : gap;
    long y = (height - used - gap * (drawn - 1)) / 2;
    for (size_t i = 0; i < count; i++) {
        long slot = slot_of(*boxes[i], least);
        boxes[i]->y = y + (slot - boxes[i]->height) / 2;
        y += boxes[i]->height > 0 ? slot + gap : 0;
    }
}

static long column_height(struct sankey_box *const *boxes, size_t count, long least)
{
    long height = -SANKEY_GAP;
    for (size_t i = 0; i < count; i++) {
        height += boxes[i]->height > 0 ? slot_of(*boxes[i], least) + SANKEY_GAP : 0;
    }
    return height;
}

static void measure_boxes(struct sankey *sankey)
{
    for (size_t i = 0; i < sankey->band_count; i++) {
        struct sankey_band *band = &sankey->bands[i];
        struct sankey_stage *stage = &sankey->stages[band->stage];
        band->height = lround(band->size / sankey->size * HEIGHT);
        band->height = band->height < SANKEY_BAND_MIN ? SANKEY_BAND_MIN : band->height;
        sankey->inputs[band->input].box.height += band->height;
        stage->box.height += band->height;
        *(band->is_negative ? &stage->taken : &stage->added) += band->size;
        *(band->is_negative ? &stage->taken_height : &stage->added_height) += band->height;
        *(band->is_negative ? &sankey->taken.height : &sankey->added.height) += band->height;
    }
}

static void place_boxes(struct sankey *sankey)
{
    struct sankey_box **inputs = arena_array(sankey->arena, struct sankey_box *, sankey->input_count);
    struct sankey_box **stages = arena_array(sankey->arena, struct sankey_box *, sankey->stage_count);
    struct sankey_box *total[2] = {&sankey->added, &sankey->taken};
    for (size_t i = 0; i < sankey->input_count; i++) {
        inputs[i] = &sankey->inputs[i].box;
    }
    for (size_t s = 0; s < sankey->stage_count; s++) {
        stages[s] = &sankey->stages[s].box;
    }
    long left = column_height(inputs, sankey->input_count, SANKEY_INPUT_SLOT);
    long middle = column_height(stages, sankey->stage_count, SANKEY_STAGE_SLOT);
    long right = column_height(total, 2, SANKEY_STAGE_SLOT);
    sankey->height = left > middle ? left : middle;
    sankey->height = right > sankey->height ? right : sankey->height;
    place_column(inputs, sankey->input_count, SANKEY_INPUT_SLOT, sankey->height);
    place_column(stages, sankey->stage_count, SANKEY_STAGE_SLOT, sankey->height);
    place_column(total, 2, SANKEY_STAGE_SLOT, sankey->height);
}

/* Bands leave an input by stage, and come to a stage by input, those that take off below the others. */
static void place_bands(struct sankey *sankey)
{
    long *input_used = arena_array(sankey->arena, long, sankey->input_count);
    long *added_used = arena_array(sankey->arena, long, sankey->stage_count);
    long *taken_used = arena_array(sankey->arena, long, sankey->stage_count);
    qsort(sankey->bands, sankey->band_count, sizeof *sankey->bands, by_input);
    for (size_t i = 0; i < sankey->band_count; i++) {
        struct sankey_band *band = &sankey->bands[i];
        const struct sankey_stage *stage = &sankey->stages[band->stage];
        long *used = band->is_negative ? &taken_used[band->stage] : &added_used[band->stage];
        band->input_y = sankey->inputs[band->input].box.y + input_used[band->input];
        band->stage_y = stage->box.y + (band->is_negative ? stage->added_height : 0) + *used;
        input_used[band->input] += band->height;
        *used += band->height;
    }
    long added = sankey->added.y;
    long taken = sankey->taken.y;
    for (size_t s = 0; s < sankey->stage_count; s++) {
        struct sankey_stage *stage = &sankey->stages[s];
        stage->added_y = added;
        stage->taken_y = taken;
        added += stage->added_height;
        taken += stage->taken_height;
    }
}

bool sankey_lay_out(struct sankey *sankey)
{
    if (sankey->band_count == 0) {
        return false;
    }
    measure_inputs(sankey);
    if (!isfinite(sankey->size)) {
        return false;
    }
    merge_inputs(sankey);
    order_inputs(sankey);
    measure_boxes(sankey);
    place_boxes(sankey);
    place_bands(sankey);
    sankey->net = sankey->added.height - sankey->taken.height;
    return true;
}
