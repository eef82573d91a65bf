/* Sampling: chunk by chunk through the engine, and what is kept of each. */
#include <math.h>
#include <stdlib.h>

#include "vm/montecarlo.h"
#include "vm/record.h"
#include "vm/result_amounts.h"

struct drawn_slot { /* a value of a factor that was met */
    const struct factor_value *slot;
    const double *values; /* by sample of the chunk; NULL: not drawn yet */
};

struct sampling {
    struct factor_draws draws; /* first: what an engine asks is asked of the sampling */
    struct sampled *sampled;
    struct reason_source *source;
    const struct result_plan *plan;
    struct batch *samples; /* of the chunk */
    struct sample_wanted chunk;
    struct arena *arena;
    struct map slots; /* by address */
    struct drawn_slot *known;
    size_t known_count, known_cap;
    struct map identities; /* of factors, to `drawn` */
};

/* ---- factors, as they are met ---- */

static void add_drawn(struct sampling *sampling, struct drawn drawn)
{
    struct sampled *sampled = sampling->sampled;
    arena_grow(sampling->arena, sampled->drawn, sampled->drawn_count, sampled->drawn_cap);
    sampled->drawn[sampled->drawn_count++] = drawn;
}

static void refuse_text(struct sampling *sampling, const struct factor_value *slot)
{
    const struct program *program = sampling->plan->program;
    struct str name = program->texts[program->factors[slot->factor].name];
    struct data_place place = {.file = slot->file, .line = slot->line, .column = 1};
    place_report(&sampling->sampled->problems, D_FACTOR_UNCERTAINTY, place,
                 DIAG_ARGS(excerpt_of(sampling->arena, slot->uncertainty), name),
                 sampling->source->batch->products[sampling->source->product].id, STR(""));
}

static void meet(struct sampling *sampling, const struct factor_value *slot)
{
    struct arena *arena = sampling->arena;
    const struct factor_draw *draw = slot->draw;
    uint32_t number = 0;
    arena_grow(arena, sampling->known, sampling->known_count, sampling->known_cap);
    sampling->known[sampling->known_count++] = (struct drawn_slot){.slot = slot};
    if (draw == NULL) {
        if (slot->uncertainty.len > 0) {
            refuse_text(sampling, slot);
        }
        return;
    }
    struct str identity = {(const char *)&draw->identity, sizeof draw->identity};
    if (!map_get(&sampling->identities, identity, &number)) {
        map_add(&sampling->identities, str_copy(arena, identity), (uint32_t)sampling->sampled->drawn_count);
        add_drawn(sampling,
                  (struct drawn){
                      .slot = slot, .uncertainty = &draw->uncertainty, .identity = draw->identity, .high = HUGE_VAL});
    }
}

static const double *draw_slot(const struct sampling *sampling, const struct drawn_slot *known)
{
    const struct sample_wanted *chunk = &sampling->chunk;
    const struct factor_draw *draw = known->slot->draw;
    double *values = arena_array(&sampling->samples->arena, double, chunk->count);
    for (uint32_t s = 0; s < chunk->count; s++) {
        double drawn = uncertainty_draw(&draw->uncertainty, chunk->seed, draw->identity, chunk->first + s, 0, HUGE_VAL);
        values[s] = drawn * draw->part;
    }
    return values;
}

static const double *of_factor(struct factor_draws *draws, const struct factor_value *slot)
{
    struct sampling *sampling = (struct sampling *)draws;
    struct str address = {(const char *)&slot, sizeof slot};
    uint32_t number = (uint32_t)sampling->known_count;
    if (!map_get(&sampling->slots, address, &number)) {
        map_add(&sampling->slots, str_copy(sampling->arena, address), number);
        meet(sampling, slot);
    }
    struct drawn_slot *known = &sampling->known[number];
    if (known->values == NULL && slot->draw != NULL) {
        known->values = draw_slot(sampling, known);
    }
    return known->values;
}

/* ---- chunks ---- */

static void forget_draws(struct sampling *sampling)
{
    for (size_t i = 0; i < sampling->known_count; i++) {
        sampling->known[i].values = NULL;
    }
}

/* The first that fails says why. */
static void note_failure(struct sampling *sampling, uint32_t sample)
{
    struct sampled *sampled = sampling->sampled;
    if (sampled->failed++ > 0) {
        return;
    }
    for (const struct diag *said = sampling->samples->products[sample].messages.first; said != NULL;
         said = said->next) {
        struct data_place place = {said->place.file, said->place.line, said->place.column};
        struct diag *kept = place_report(&sampled->failures, said->code, place, said->args, countof(said->args),
                                         said->product, said->path);
        kept->clause = str_copy(sampling->arena, said->clause);
    }
}

static bool is_in_range(const struct sampling *sampling, const struct outcome *outcome)
{
    size_t figure;
    for (uint32_t r = 0; r < outcome->row_count; r++) {
        if (amounts_find_out_of_range(outcome->rows[r].amounts, sampling->plan->figure_count, &figure)) {
            return false;
        }
    }
    return true;
}

static void keep_row(struct sampling *sampling, const struct outcome_row *row, uint32_t number, uint32_t sample)
{
    struct sampled *sampled = sampling->sampled;
    size_t samples = sampled->wanted.samples;
    double *to = sampled->values + (size_t)number * sampled->figures * samples + sample;
    to[0] = row->amounts->value[FIGURE_TOTAL];
    for (uint32_t s = 1; s < sampled->figures; s++) {
        size_t figure = sampling->plan->stages.first + s - 1;
        to[s * samples] = row->amounts->given[figure] ? row->amounts->value[figure] : NAN;
    }
}

static void keep_sample(struct sampling *sampling, const struct outcome *outcome, uint32_t number)
{
    struct sampled *sampled = sampling->sampled;
    struct diags *messages = &sampling->samples->products[number].messages;
    uint32_t sample = sampling->chunk.first + number;
    bool is_good = !outcome->is_failed;
    if (is_good && !is_in_range(sampling, outcome)) {
        place_report(messages, D_FIGURE_RANGE, (struct data_place){.file = STR("")},
                     DIAG_ARGS(str_of(sampling->plan->total.name)), STR(""), STR(""));
        is_good = false;
    }
    if (!is_good) {
        note_failure(sampling, number);
    }
    for (uint32_t r = 0; r < sampled->row_count; r++) {
        if (is_good) {
            keep_row(sampling, &outcome->rows[sampled->first_row + r], r, sample);
        } else {
            size_t samples = sampled->wanted.samples;
            for (uint32_t f = 0; f < sampled->figures; f++) {
                sampled->values[((size_t)r * sampled->figures + f) * samples + sample] = NAN;
            }
        }
    }
}

static void run_chunk(struct sampling *sampling)
{
    struct reason_source *source = sampling->source;
    struct batch *samples = &engine_samples(source->engine)->batch;
    batch_clear(samples);
    samples->arena.on_exhausted = source->batch->arena.on_exhausted;
    sampling->samples = samples;
    forget_draws(sampling);
    sample_batch(samples, source->batch, source->product, &sampling->chunk);
    samples->draws = &sampling->draws;
    struct outcome *outcomes = arena_array(&samples->arena, struct outcome, sampling->chunk.count);
    engine_run_samples(source->engine, samples, outcomes);
    for (uint32_t s = 0; s < sampling->chunk.count; s++) {
        keep_sample(sampling, &outcomes[s], s);
    }
}

/* ---- all ---- */

static uint32_t chunk_size(const struct reason_source *source, const struct zuji_monte_carlo *wanted)
{
    uint32_t most = LIMIT_CHUNK_ROWS / sample_rows(source->batch, source->product);
    most = most < 1 ? 1 : most > LIMIT_CHUNK_PRODUCTS ? LIMIT_CHUNK_PRODUCTS : most;
    return wanted->chunk == 0 ? most : wanted->chunk;
}

static void sample_all(struct sampling *sampling)
{
    struct sampled *sampled = sampling->sampled;
    uint32_t size = chunk_size(sampling->source, &sampled->wanted);
    for (uint32_t first = 0; first < sampled->wanted.samples && sampled->problems.errors == 0; first += size) {
        uint32_t left = sampled->wanted.samples - first;
        sampling->chunk.first = first;
        sampling->chunk.count = left < size ? left : size;
        run_chunk(sampling);
        if (sampled->drawn_count == 0 && sampled->problems.errors == 0) {
            place_report(&sampled->problems, D_NOTHING_UNCERTAIN, (struct data_place){.file = STR("")}, NULL, 0,
                         sampling->source->batch->products[sampling->source->product].id, STR(""));
        }
    }
}

static int compare_identities(const void *a, const void *b)
{
    uint64_t left = ((const struct drawn *)a)->identity;
    uint64_t right = ((const struct drawn *)b)->identity;
    return (left > right) - (left < right);
}

/* Which factors are met first depends on how many samples are computed at once: they get an order of their own. */
static void sort_factors(struct sampled *sampled, size_t datum_count)
{
    size_t count = sampled->drawn_count - datum_count;
    if (count > 1) {
        qsort(sampled->drawn + datum_count, count, sizeof *sampled->drawn, compare_identities);
    }
}

/* Where too few are left, that is why the first failed. */
static void check_failed(struct sampling *sampling)
{
    struct sampled *sampled = sampling->sampled;
    struct str args[] = {str_format(sampling->arena, "%lu", (unsigned long)sampled->failed),
                         str_format(sampling->arena, "%lu", (unsigned long)sampled->wanted.samples)};
    if (sampled->wanted.samples - sampled->failed < 2 && sampled->failures.first != NULL) {
        diag_note(&sampled->failures, sampled->failures.first, T_SAMPLES_TOO_FEW, args, countof(args));
    }
}

struct sampled *sample_rows_from(struct arena *arena, struct reason_source *source, const struct result_plan *plan,
                                 const struct zuji_monte_carlo *wanted, uint32_t row, uint32_t row_count)
{
    struct sampled *sampled = arena_new(arena, struct sampled);
    *sampled =
        (struct sampled){.wanted = *wanted, .first_row = row, .problems = diags_in(arena), .failures = diags_in(arena)};
    sampled->figures = 1 + (uint32_t)plan->stages.count;
    uint32_t fitting = (uint32_t)(LIMIT_SAMPLED_VALUES / ((size_t)sampled->figures * wanted->samples));
    sampled->row_count = fitting < 1 ? 1 : fitting < row_count - row ? fitting : row_count - row;
    sampled->values = arena_array(arena, double, (size_t)sampled->row_count * sampled->figures * wanted->samples);
    struct sampling sampling = {.draws = {of_factor},
                                .sampled = sampled,
                                .source = source,
                                .plan = plan,
                                .arena = arena,
                                .slots = map_in(arena),
                                .identities = map_in(arena)};
    sampling.chunk.seed = wanted->seed;
    sampling.chunk.data = sample_uncertain_data(arena, source->batch, source->product, &sampling.chunk.datum_count);
    for (size_t i = 0; i < sampling.chunk.datum_count; i++) {
        const struct uncertain_datum *datum = &sampling.chunk.data[i];
        add_drawn(&sampling, (struct drawn){.datum = datum,
                                            .uncertainty = datum->uncertainty,
                                            .identity = datum->identity,
                                            .low = datum->low,
                                            .high = datum->high});
    }
    sample_all(&sampling);
    check_failed(&sampling);
    sort_factors(sampled, sampling.chunk.datum_count);
    return sampled;
}
