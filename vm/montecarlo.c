#include "vm/montecarlo.h"

#include <math.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "vm/sensitivity.h"
#include "vm/statistics.h"

static const double LEVELS[ZUJI_QUANTILES] = {0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975};

struct telling { /* of one row */
    const struct zuji_result *result;
    struct sampled *sampled;
    struct arena *arena; /* of what is told */
    struct arena *scratch_arena;
    uint32_t *good; /* samples that have not failed */
    uint32_t good_count;
    double *total_ranks;    /* of these */
    double *column, *ranks; /* room for one number for each sample */
    struct ranked *scratch;
    struct zuji_contribution *contributions; /* by drawn */
    struct zuji_uncertainty *made;
    bool is_ok;
};

static const double *values_of(const struct telling *telling, uint32_t figure)
{
    const struct sampled *sampled = telling->sampled;
    uint32_t row = telling->result->row_number > 0 ? telling->result->row_number - 1 : 0;
    return sampled->values + ((size_t)(row - sampled->first_row) * sampled->figures + figure) * sampled->wanted.samples;
}

/* ---- figures ---- */

static struct zuji_spread spread_of(struct telling *telling, uint32_t number, const struct zuji_figure *figure)
{
    const double *values = values_of(telling, number);
    struct zuji_spread spread = {.figure = figure};
    for (uint32_t i = 0; i < telling->good_count; i++) {
        double value = values[telling->good[i]];
        if (!isnan(value)) {
            telling->column[spread.samples++] = value;
        }
    }
    if (spread.samples == 0) {
        return spread;
    }
    spread.mean = statistics_mean(telling->column, spread.samples);
    spread.deviation = sqrt(statistics_variance(telling->column, spread.samples));
    spread.geometric_deviation = statistics_geometric_deviation(telling->column, spread.samples);
    statistics_sort(telling->column, spread.samples);
    for (int q = 0; q < ZUJI_QUANTILES; q++) {
        spread.quantiles[q] = statistics_quantile(telling->column, spread.samples, LEVELS[q]);
    }
    return spread;
}

static void tell_stages(struct telling *telling)
{
    const struct result_figures *list = &telling->result->stages;
    const struct zuji_figure *figures = result_list(telling->result, list);
    struct zuji_spread *stages = arena_array(telling->arena, struct zuji_spread, list->count);
    for (uint32_t s = 0; s < list->count; s++) {
        stages[s] = spread_of(telling, s + 1, &figures[s]);
    }
    telling->made->stages = stages;
    telling->made->stage_count = list->count;
}

/* ---- what contributes ---- */

static void draw_again(const struct telling *telling, const struct drawn *drawn)
{
    for (uint32_t i = 0; i < telling->good_count; i++) {
        telling->column[i] = uncertainty_draw(drawn->uncertainty, telling->sampled->wanted.seed, drawn->identity,
                                              telling->good[i], drawn->low, drawn->high);
    }
}

/* Where a draw of a factor failed that the sample did not need, it takes no part. */
static void settle_failed_draws(const struct telling *telling, const struct drawn *drawn)
{
    for (uint32_t i = 0; i < telling->good_count; i++) {
        telling->column[i] = isnan(telling->column[i]) ? drawn->uncertainty->value : telling->column[i];
    }
}

static void correlate(struct telling *telling)
{
    for (size_t k = 0; k < telling->sampled->drawn_count; k++) {
        struct zuji_contribution *told = &telling->contributions[k];
        const struct drawn *drawn = &telling->sampled->drawn[k];
        draw_again(telling, drawn);
        settle_failed_draws(telling, drawn);
        told->deviation = sqrt(statistics_variance(telling->column, telling->good_count));
        statistics_rank(telling->column, telling->good_count, telling->scratch, telling->ranks);
        told->correlation = statistics_correlation(telling->ranks, telling->total_ranks, telling->good_count);
    }
}

/* What tells drawn numbers apart: the place of a datum, or the identity of a row of factors. */
struct drawn_place {
    uint64_t of, row;
};

static struct drawn_place place_of_drawn(const struct drawn *drawn)
{
    return drawn->datum == NULL ? (struct drawn_place){drawn->identity, UINT64_MAX}
                                : (struct drawn_place){drawn->datum->field, drawn->datum->row};
}

/* False where the ground is no number that could be drawn. */
static bool place_of_ground(const struct ground *ground, struct drawn_place *place)
{
    bool is_datum = ground->kind == GROUND_DATUM;
    bool is_row = ground->kind == GROUND_FACTOR && ground->value->draw != NULL;
    *place = is_datum ? (struct drawn_place){ground->field, ground->field_row}
                      : (struct drawn_place){is_row ? ground->value->draw->identity : 0, UINT64_MAX};
    return is_datum || is_row;
}

/* The parts of a split factor move with the whole, each by its part. */
static void tell_slopes(const struct telling *telling, const struct sensing *sensing)
{
    struct map numbers = map_in(telling->scratch_arena);
    for (size_t k = 0; k < telling->sampled->drawn_count; k++) {
        struct drawn_place place = place_of_drawn(&telling->sampled->drawn[k]);
        map_add(&numbers, str_copy(telling->scratch_arena, (struct str){(const char *)&place, sizeof place}),
                (uint32_t)k);
    }
    for (size_t i = 0; i < sensing->influence_count; i++) {
        const struct influence *influence = &sensing->influences[i];
        struct drawn_place place;
        uint32_t number = 0;
        if (place_of_ground(&influence->ground, &place) &&
            map_get(&numbers, (struct str){(const char *)&place, sizeof place}, &number)) {
            double part = influence->ground.kind == GROUND_FACTOR ? influence->ground.value->draw->part : 1;
            telling->contributions[number].derivative += part * rat_to_double(influence->slope.by);
        }
    }
}

static uint32_t reader_of(const struct program *program, uint32_t field)
{
    uint32_t number = 0;
    while (program->code[number].op != OP_FIELD || program->code[number].a != field) {
        number++; /* there is one: sample_uncertain_data */
    }
    return number;
}

static struct zuji_ground tell_drawn(struct teller *teller, const struct drawn *drawn)
{
    if (drawn->datum == NULL) {
        return tell_factor_row(teller, drawn->slot->factor, drawn->slot);
    }
    const struct program *program = teller->run->program;
    uint32_t reader = reader_of(program, drawn->datum->field);
    const struct ground ground = {.kind = GROUND_DATUM,
                                  .instruction = reader,
                                  .row = drawn->datum->row - teller->run->axes[program->code[reader].axis].base,
                                  .field = drawn->datum->field,
                                  .field_row = drawn->datum->row,
                                  .factor = NO_INDEX};
    return tell_ground(teller, &ground, 1);
}

static void look(void *context, struct exact_run *run, bool is_ok)
{
    struct telling *telling = context;
    const struct zuji_result *result = telling->result;
    struct rat total;
    telling->is_ok = is_ok;
    if (!is_ok) {
        return;
    }
    struct sensing *sensing =
        sensing_new(run, result->plan, result->row_number > 0 ? result->row_number - 1 : 0, &total);
    struct teller teller = {.arena = telling->arena, .run = run, .trace = sensing->trace};
    tell_slopes(telling, sensing);
    for (size_t k = 0; k < telling->sampled->drawn_count; k++) {
        telling->contributions[k].ground = tell_drawn(&teller, &telling->sampled->drawn[k]);
    }
}

/* Equal ones stay in the order in which they were met. */
static int compare_contributions(const void *a, const void *b)
{
    const struct zuji_contribution *left = *(const struct zuji_contribution *const *)a;
    const struct zuji_contribution *right = *(const struct zuji_contribution *const *)b;
    if (left->by_rank < right->by_rank || left->by_rank > right->by_rank) {
        return left->by_rank > right->by_rank ? -1 : 1;
    }
    return (left > right) - (left < right);
}

static void share_out(struct telling *telling)
{
    size_t count = telling->sampled->drawn_count;
    double ranks = 0;
    double slopes = 0;
    const struct zuji_contribution **order =
        arena_array(telling->scratch_arena, const struct zuji_contribution *, count);
    struct zuji_contribution *sorted = arena_array(telling->arena, struct zuji_contribution, count);
    for (size_t k = 0; k < count; k++) {
        struct zuji_contribution *told = &telling->contributions[k];
        told->by_rank = told->correlation * told->correlation;
        told->by_slope = told->derivative * told->deviation * (told->derivative * told->deviation);
        ranks += told->by_rank;
        slopes += told->by_slope;
        order[k] = told;
    }
    double variance = telling->made->total.deviation * telling->made->total.deviation;
    telling->made->linear = variance > 0 ? slopes / variance : 0;
    for (size_t k = 0; k < count; k++) {
        telling->contributions[k].by_rank /= ranks > 0 ? ranks : 1;
        telling->contributions[k].by_slope /= slopes > 0 ? slopes : 1;
    }
    qsort(order, count, sizeof *order, compare_contributions);
    for (size_t k = 0; k < count; k++) {
        sorted[k] = *order[k];
    }
    telling->made->contributions = sorted;
    telling->made->contribution_count = count;
}

/* ---- all ---- */

static void find_good(struct telling *telling)
{
    const double *totals = values_of(telling, 0);
    uint32_t samples = telling->sampled->wanted.samples;
    telling->good = arena_array(telling->scratch_arena, uint32_t, samples);
    for (uint32_t s = 0; s < samples; s++) {
        if (!isnan(totals[s])) {
            telling->good[telling->good_count++] = s;
        }
    }
}

static void rank_totals(struct telling *telling)
{
    const double *totals = values_of(telling, 0);
    for (uint32_t i = 0; i < telling->good_count; i++) {
        telling->column[i] = totals[telling->good[i]];
    }
    statistics_rank(telling->column, telling->good_count, telling->scratch, telling->total_ranks);
}

static enum zuji_status tell(struct telling *telling, const struct zuji_uncertainty **made)
{
    const struct sampled *sampled = telling->sampled;
    uint32_t count = telling->good_count;
    struct reason_source *source = telling->result->reasons;
    struct arena *scratch = telling->scratch_arena;
    telling->column = arena_array(scratch, double, count);
    telling->ranks = arena_array(scratch, double, count);
    telling->total_ranks = arena_array(scratch, double, count);
    telling->scratch = arena_array(scratch, struct ranked, count);
    telling->contributions = arena_array(scratch, struct zuji_contribution, sampled->drawn_count);
    telling->made = arena_new(telling->arena, struct zuji_uncertainty);
    *telling->made = (struct zuji_uncertainty){
        .samples = sampled->wanted.samples, .failed = sampled->failed, .seed = sampled->wanted.seed, .failures = NULL};
    if (sampled->failed > 0) {
        telling->made->failures = messages_in(telling->arena, &sampled->failures);
    }
    telling->made->total = spread_of(telling, 0, result_total(telling->result));
    tell_stages(telling);
    rank_totals(telling);
    correlate(telling);
    if (!engine_show(source->engine, source->batch, source->product, look, telling) || !telling->is_ok) {
        return ZUJI_FINDINGS;
    }
    share_out(telling);
    *made = telling->made;
    return ZUJI_OK;
}

static bool is_sampled(const struct engine_samples *samples, const struct reason_source *source,
                       const struct zuji_monte_carlo *wanted, uint32_t row)
{
    const struct sampled *sampled = samples->sampled;
    return samples->of == source && source->is_sampled && sampled->wanted.samples == wanted->samples &&
           sampled->wanted.seed == wanted->seed && row >= sampled->first_row &&
           row - sampled->first_row < sampled->row_count;
}

/* Samples the row and those behind it, where that was not done with an earlier one. */
static struct sampled *sampled_row(const struct zuji_result *result, const struct zuji_monte_carlo *wanted)
{
    struct reason_source *source = result->reasons;
    struct engine_samples *samples = engine_samples(source->engine);
    uint32_t row = result->row_number > 0 ? result->row_number - 1 : 0;
    samples->arena.on_exhausted = source->batch->arena.on_exhausted;
    if (!is_sampled(samples, source, wanted, row)) {
        samples->of = NULL; /* until all are there */
        arena_clear(&samples->arena);
        samples->sampled = sample_rows_from(&samples->arena, source, result->plan, wanted, row, result->row_count);
        samples->of = source;
        source->is_sampled = true;
    }
    return samples->sampled;
}

static void give(struct zuji_messages **messages, const struct diags *diags)
{
    if (messages != NULL) {
        *messages = messages_new(diags);
    }
}

enum zuji_status result_uncertainty(const struct zuji_result *result, const struct zuji_monte_carlo *wanted,
                                    const struct zuji_uncertainty **made, struct zuji_messages **messages)
{
    struct reason_source *source = result->reasons;
    if (!result->is_ok || source == NULL) {
        return ZUJI_FINDINGS;
    }
    struct telling telling = {.result = result, .sampled = sampled_row(result, wanted), .arena = &source->batch->arena};
    if (telling.sampled->problems.errors > 0) {
        give(messages, &telling.sampled->problems);
        return ZUJI_FINDINGS;
    }
    telling.scratch_arena = &engine_samples(source->engine)->arena;
    struct arena_mark mark = arena_mark(telling.scratch_arena);
    enum zuji_status status = ZUJI_FINDINGS;
    find_good(&telling);
    if (telling.good_count < 2) {
        give(messages, &telling.sampled->failures);
    } else {
        status = tell(&telling, made);
    }
    arena_reset(telling.scratch_arena, mark);
    return status;
}
