/* The one order of the pools: every pool sorted, without repetition and without entries that nothing refers to. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "vm/image.h"

/* Numbers of entries before -> after. */
struct renumbering {
    enum pool pool;
    const struct program *program;
    struct arena *arena; /* for comparing large numbers */
    uint32_t *to;        /* new number of each entry; NO_INDEX: not used (yet) */
    uint32_t *from;      /* old number of each entry that stays, in the new order */
    uint32_t count;      /* entries that stay */
};

static uint32_t index_of(const struct reference *reference)
{
    return reference->narrow != NULL ? *reference->narrow : *reference->wide;
}

static void mark_used(void *context, const struct reference *reference)
{
    struct renumbering *renumbering = context;
    if (reference->pool != renumbering->pool) {
        return;
    }
    uint32_t index = index_of(reference);
    if (index != NO_INDEX) {
        renumbering->to[index] = 0;
    }
}

static void renumber(void *context, const struct reference *reference)
{
    struct renumbering *renumbering = context;
    if (reference->pool != renumbering->pool) {
        return;
    }
    uint32_t index = index_of(reference);
    if (index == NO_INDEX) {
        return;
    }
    if (reference->narrow != NULL) {
        *reference->narrow = (uint16_t)renumbering->to[index];
    } else {
        *reference->wide = renumbering->to[index];
    }
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_texts(const struct program *program, uint32_t a, uint32_t b)
{
    return str_cmp(program->texts[a], program->texts[b]);
}

static int compare_rats(struct arena *arena, struct rat a, struct rat b)
{
    struct arena_mark mark = arena_mark(arena);
    int order = rat_cmp(arena, a, b);
    arena_reset(arena, mark);
    return order;
}

/* NO_INDEX, which both have or none has where the types are equal. */
static int compare_constants(struct arena *arena, const struct program *program, uint32_t a, uint32_t b)
{
    const struct prog_const *left = &program->constants[a];
    const struct prog_const *right = &program->constants[b];
    if (left->type != right->type) {
        return compare_numbers(left->type, right->type);
    }
    if (left->type == VALUE_TEXT) {
        return compare_texts(program, left->text, right->text);
    }
    if (left->of != right->of) {
        return compare_numbers(left->of, right->of);
    }
    return compare_rats(arena, left->number, right->number);
}

static int compare_kinds(const struct kind *a, const struct kind *b)
{
    for (uint16_t i = 0; i < a->count && i < b->count; i++) {
        if (a->factors[i].generator != b->factors[i].generator) {
            return compare_numbers(a->factors[i].generator, b->factors[i].generator);
        }
        if (a->factors[i].exponent != b->factors[i].exponent) {
            return a->factors[i].exponent < b->factors[i].exponent ? -1 : 1;
        }
    }
    return compare_numbers(a->count, b->count);
}

/* Entry 0 is the plain number and stays first; the others by text. Equal texts of unequal units are for the verifier.
 */
static int compare_units(struct arena *arena, const struct program *program, uint32_t a, uint32_t b)
{
    const struct prog_unit *left = &program->units[a];
    const struct prog_unit *right = &program->units[b];
    if (a == 0 || b == 0) {
        return compare_numbers(a, b);
    }
    int order = compare_texts(program, left->text, right->text);
    if (order == 0) {
        order = compare_kinds(&left->kind, &right->kind);
    }
    if (order == 0) {
        order = compare_rats(arena, left->scale, right->scale);
    }
    if (order == 0) {
        order = compare_numbers(left->is_point, right->is_point);
    }
    return order == 0 ? compare_rats(arena, left->offset, right->offset) : order;
}

static int compare_generators(const struct program *program, uint32_t a, uint32_t b)
{
    const struct prog_generator *left = &program->generators[a];
    const struct prog_generator *right = &program->generators[b];
    if (left->is_tag != right->is_tag) {
        return left->is_tag ? 1 : -1;
    }
    return compare_texts(program, left->name, right->name);
}

int pool_compare(struct arena *arena, const struct program *program, enum pool pool, uint32_t a, uint32_t b)
{
    switch (pool) {
    case POOL_TEXTS:
        return compare_texts(program, a, b);
    case POOL_LABELS:
        return str_cmp(program->labels[a], program->labels[b]);
    case POOL_GENERATORS:
        return compare_generators(program, a, b);
    case POOL_UNITS:
        return compare_units(arena, program, a, b);
    case POOL_CONSTANTS:
        return compare_constants(arena, program, a, b);
    case POOL_CHOICES:
    case POOL_FIELDS:
    case POOL_TABLES:
    case POOL_FACTORS:
    case POOL_NATIVES:
    case POOL_CODE:
    case POOL_PHASES:
    case POOL_CATEGORIES:
    case POOL_STAGES:
    case POOL_FLOWS:
    case POOL_PARTS:
    case POOL_OUTPUTS:
    case POOL_GRADES:
    case POOL_REQUIREMENTS:
    case POOL_COUNT:
        break;
    }
    assert(false && "a pool whose order has a meaning");
    return 0;
}

static int compare_entries(const struct renumbering *renumbering, uint32_t a, uint32_t b)
{
    return pool_compare(renumbering->arena, renumbering->program, renumbering->pool, a, b);
}

/* Merges two sorted runs of `items` into `out`; of equal entries the earlier first. */
static void merge_runs(const struct renumbering *renumbering, const uint32_t *items, uint32_t middle, uint32_t end,
                       uint32_t *out)
{
    uint32_t left = 0;
    uint32_t right = middle;
    for (uint32_t k = 0; k < end; k++) {
        bool is_left = left < middle && (right >= end || compare_entries(renumbering, items[left], items[right]) <= 0);
        out[k] = is_left ? items[left++] : items[right++];
    }
}

static void sort_entries(struct renumbering *renumbering, uint32_t *scratch)
{
    uint32_t count = renumbering->count;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t start = 0; start < count; start += 2 * width) {
            uint32_t rest = count - start;
            merge_runs(renumbering, renumbering->from + start, width < rest ? width : rest,
                       2 * width < rest ? 2 * width : rest, scratch + start);
        }
        uint32_t *sorted = scratch;
        scratch = renumbering->from;
        renumbering->from = sorted;
    }
}

/* Fills `to` and `from`: used entries in order, equal ones as one. */
static void number_entries(struct arena *arena, struct renumbering *renumbering, uint32_t count)
{
    renumbering->from = arena_array(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        if (renumbering->to[i] != NO_INDEX) {
            renumbering->from[renumbering->count++] = i;
        }
    }
    sort_entries(renumbering, arena_array(arena, uint32_t, count));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < renumbering->count; i++) {
        uint32_t entry = renumbering->from[i];
        if (kept == 0 || compare_entries(renumbering, renumbering->from[kept - 1], entry) != 0) {
            renumbering->from[kept++] = entry;
        }
        renumbering->to[entry] = kept - 1;
    }
    renumbering->count = kept;
}

/* How the entries of the pool are to be renumbered; renumbers all references to them. */
static struct renumbering renumber_pool(struct arena *arena, struct program *program, enum pool pool)
{
    uint32_t count = pool_count(program, pool);
    struct renumbering renumbering = {.pool = pool, .program = program, .arena = arena};
    renumbering.to = arena_array(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        renumbering.to[i] = NO_INDEX;
    }
    if (pool == POOL_UNITS && count > 0) {
        renumbering.to[0] = 0;
    }
    program_visit(program, mark_used, &renumbering);
    number_entries(arena, &renumbering, count);
    program_visit(program, renumber, &renumbering);
    return renumbering;
}

/* The entries of an array that stay, in their new order. */
static void *reordered(const struct renumbering *renumbering, const void *items, size_t size)
{
    char *made = arena_alloc(renumbering->arena, renumbering->count, size);
    for (uint32_t i = 0; i < renumbering->count; i++) {
        memcpy(made + i * size, (const char *)items + renumbering->from[i] * size, size);
    }
    return made;
}

/* After generators were renumbered the factors of a kind may be out of order; few enough for insertion. */
static void sort_kind(struct kind *kind)
{
    for (uint16_t i = 1; i < kind->count; i++) {
        for (uint16_t k = i; k > 0 && kind->factors[k - 1].generator > kind->factors[k].generator; k--) {
            uint16_t generator = kind->factors[k].generator;
            int16_t exponent = kind->factors[k].exponent;
            kind->factors[k] = kind->factors[k - 1];
            kind->factors[k - 1].generator = generator;
            kind->factors[k - 1].exponent = exponent;
        }
    }
}

static int compare_unit_names(const void *left, const void *right)
{
    const struct prog_unit_name *a = left;
    const struct prog_unit_name *b = right;
    int order = compare_numbers(a->name, b->name);
    return order == 0 ? compare_numbers(a->unit, b->unit) : order;
}

/* What an axis of this kind does not use. */
static void settle_axis(struct prog_axis *axis)
{
    if (axis->kind != AXIS_RANGE) {
        axis->first = NO_OPERAND;
        axis->last = NO_OPERAND;
        axis->max = 0;
    }
    if (axis->kind == AXIS_CONSTANT || axis->kind == AXIS_PRODUCT) {
        axis->list = NO_INDEX;
    }
}

void program_canonicalise(struct arena *arena, struct program *program)
{
    struct renumbering units = renumber_pool(arena, program, POOL_UNITS);
    program->units = reordered(&units, program->units, sizeof *program->units);
    program->unit_count = units.count;
    struct renumbering constants = renumber_pool(arena, program, POOL_CONSTANTS);
    program->constants = reordered(&constants, program->constants, sizeof *program->constants);
    program->constant_count = constants.count;
    struct renumbering generators = renumber_pool(arena, program, POOL_GENERATORS);
    program->generators = reordered(&generators, program->generators, sizeof *program->generators);
    program->generator_count = generators.count;
    for (uint32_t i = 0; i < program->unit_count; i++) {
        sort_kind(&program->units[i].kind);
    }
    struct renumbering texts = renumber_pool(arena, program, POOL_TEXTS);
    program->texts = reordered(&texts, program->texts, sizeof *program->texts);
    program->text_count = texts.count;
    struct renumbering labels = renumber_pool(arena, program, POOL_LABELS);
    program->labels = reordered(&labels, program->labels, sizeof *program->labels);
    program->label_count = labels.count;
    if (program->unit_name_count > 0) {
        qsort(program->unit_names, program->unit_name_count, sizeof *program->unit_names, compare_unit_names);
    }
    for (uint32_t i = 0; i < program->axis_count; i++) {
        settle_axis(&program->axes[i]);
    }
}
