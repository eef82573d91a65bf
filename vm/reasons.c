/* The shares of the total that rest on each ground, by the size of the terms it is made of. */
#include "vm/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

struct shares { /* sums of sizes of terms */
    double all, primary, primary_data, primary_factors;
    double quality, quality_of, data_quality, data_quality_of, factor_quality, factor_quality_of;
    double *resting; /* by slot: of the terms that rest on the ground, under this name */
    uint8_t *is_met; /* by slot: does a term rest on it, if nothing? */
};

struct adding {
    struct teller *teller;
    struct shares *shares;
    uint32_t flow, row;
    struct basis under; /* what decided that the emission counts at all */
};

static void add_quality(struct shares *shares, const struct basis *basis, double size)
{
    const double thousandth = 1000;
    uint16_t worst = basis->datum_quality > basis->factor_quality ? basis->datum_quality : basis->factor_quality;
    shares->quality += size * (worst / thousandth);
    shares->quality_of += worst > 0 ? size : 0;
    shares->data_quality += size * (basis->datum_quality / thousandth);
    shares->data_quality_of += basis->datum_quality > 0 ? size : 0;
    shares->factor_quality += size * (basis->factor_quality / thousandth);
    shares->factor_quality_of += basis->factor_quality > 0 ? size : 0;
}

static void add_term(void *context, const struct trace_term *term)
{
    struct adding *adding = context;
    struct shares *shares = adding->shares;
    struct trace *trace = adding->teller->trace;
    double size = rat_to_double(rat_abs(trace->arena, term->amount));
    uint8_t origins = term->basis.origins;
    bool has_primary = (origins & (BASIS_PRIMARY_DATUM | BASIS_PRIMARY_FACTOR)) != 0;
    bool are_data = has_primary && (origins & BASIS_OTHER_DATUM) == 0;
    bool are_factors = has_primary && (origins & BASIS_OTHER_FACTOR) == 0;
    shares->all += size;
    shares->primary_data += are_data ? size : 0;
    shares->primary_factors += are_factors ? size : 0;
    shares->primary += are_data && are_factors ? size : 0;
    add_quality(shares, &term->basis, size);
    struct ground_set grounds = trace_grounds(trace, basis_decided(trace, term->basis, adding->under));
    for (uint32_t g = 0; g < grounds.count; g++) {
        uint32_t slot = reason_slot(adding->teller, grounds.grounds[g], adding->flow, adding->row);
        shares->resting[slot] += size;
        shares->is_met[slot] = 1;
    }
}

/* ---- the emissions of a row ---- */

/* Parts that are shown apart are no part of the total. */
static bool is_apart(const struct program *program, const struct prog_part *part)
{
    const struct prog_flow *flow = &program->flows[part->flow];
    uint32_t phase = program->stages[flow->stage].phase;
    bool is_apart =
        program->categories[part->category].is_apart || (phase != NO_INDEX && program->phases[phase].is_apart);
    for (uint32_t m = 0; m < flow->member_count; m++) {
        const struct prog_flow_member *of = &flow->members[m];
        is_apart = is_apart || program->breakdowns[of->breakdown].members[of->member].is_apart;
    }
    return is_apart;
}

/* Is the condition, on a row axis, met on the rule's row? It decides about what is under it. */
static bool holds(struct teller *teller, uint32_t condition, uint32_t row, struct basis *under)
{
    if (condition == NO_OPERAND) {
        return true;
    }
    bool is_of_row = teller->run->program->code[condition].axis == teller->run->program->rule.row_axis;
    struct exact_value value = exact_get(teller->run, condition, is_of_row ? row : 0);
    *under = basis_decided(teller->trace, *under, trace_basis(teller->trace, condition, is_of_row ? row : 0));
    return value.state == STATE_GIVEN && value.code != 0;
}

static void add_emission(struct teller *teller, uint32_t instruction, uint32_t row, struct shares *shares)
{
    const struct program *program = teller->run->program;
    const struct instruction *at = &program->code[instruction];
    const struct prog_part *part = &program->parts[at->b];
    struct adding adding = {teller, shares, part->flow, row, {.set = 0}};
    uint32_t when = program->stages[program->flows[part->flow].stage].when;
    if (!is_apart(program, part) && holds(teller, when, row, &adding.under) &&
        holds(teller, at->mask, row, &adding.under)) {
        bool is_of_row = at->axis == program->rule.row_axis;
        trace_terms(teller->trace, at->a, is_of_row ? row : 0, add_term, &adding);
    }
}

/* An emission of the product counts whole in each row; so does its stage's condition where that is one of the product.
 */
static bool is_of_each_row(const struct program *program, const struct instruction *emission)
{
    uint32_t when = program->stages[program->flows[program->parts[emission->b].flow].stage].when;
    uint16_t row_axis = program->rule.row_axis;
    return row_axis != AXIS_ID_PRODUCT &&
           (emission->axis == row_axis || (when != NO_OPERAND && program->code[when].axis == row_axis));
}

static void add_emissions(struct teller *teller, bool of_each_row, uint32_t row, struct shares *shares)
{
    const struct program *program = teller->run->program;
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (program->code[i].op == OP_EMIT && is_of_each_row(program, &program->code[i]) == of_each_row) {
            add_emission(teller, i, row, shares);
        }
    }
}

static struct shares shares_in(struct arena *arena, size_t slots, const struct shares *from)
{
    struct shares shares = from == NULL ? (struct shares){.all = 0} : *from;
    shares.resting = arena_array(arena, double, slots);
    shares.is_met = arena_array(arena, uint8_t, slots);
    if (from != NULL && slots > 0) {
        memcpy(shares.resting, from->resting, slots * sizeof *shares.resting);
        memcpy(shares.is_met, from->is_met, slots);
    }
    return shares;
}

/* ---- telling ---- */

struct ranked { /* a ground on its way to its place */
    struct zuji_ground told;
    size_t number; /* in the order of their meeting */
};

static int compare_ranks(const void *a, const void *b)
{
    const struct ranked *left = a;
    const struct ranked *right = b;
    if (left->told.kind != right->told.kind) {
        return left->told.kind < right->told.kind ? -1 : 1;
    }
    if (left->told.share < right->told.share || left->told.share > right->told.share) {
        return left->told.share > right->told.share ? -1 : 1;
    }
    return (left->number > right->number) - (left->number < right->number);
}

/* Though no term rests on it. Factors that only reports or checks look at are no reasons of the total; what was not
   given is told in any case. */
static bool is_told(const struct ground *ground)
{
    return ground->kind == GROUND_DEFAULT || ground->kind == GROUND_LIST_ABSENT || ground->kind == GROUND_ESTIMATE;
}

static double part_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void take_grounds(struct teller *teller, const struct shares *shares, uint32_t row, struct zuji_reasons *reasons)
{
    struct trace *trace = teller->trace;
    const uint32_t *slots = teller->names.slots;
    struct ranked *ranked = arena_array(trace->arena, struct ranked, slots[trace->ground_count]);
    size_t count = 0;
    for (size_t g = 0; g < trace->ground_count; g++) {
        struct ground ground = trace->grounds[g];
        uint32_t rows = trace_ground_of_row(trace, row, &ground);
        for (uint32_t slot = slots[g]; slot < slots[g + 1]; slot++) {
            if (shares->is_met[slot] || (rows > 0 && is_told(&ground))) {
                ranked[count] = (struct ranked){tell_ground(teller, &ground, rows), count};
                tell_naming(teller, reason_naming(teller, (uint32_t)g, slot), &ranked[count].told);
                ranked[count++].told.share = part_of(shares->resting[slot], shares->all);
            }
        }
    }
    if (count > 1) {
        qsort(ranked, count, sizeof *ranked, compare_ranks);
    }
    struct zuji_ground *grounds = arena_array(teller->arena, struct zuji_ground, count);
    for (size_t g = 0; g < count; g++) {
        grounds[g] = ranked[g].told;
    }
    reasons->grounds = grounds;
    reasons->ground_count = count;
}

static void take_shares(const struct shares *shares, struct zuji_reasons *reasons)
{
    reasons->has_terms = shares->all > 0;
    reasons->primary = part_of(shares->primary, shares->all);
    reasons->primary_data = part_of(shares->primary_data, shares->all);
    reasons->primary_factors = part_of(shares->primary_factors, shares->all);
    reasons->quality.value = part_of(shares->quality, shares->quality_of);
    reasons->quality.data = part_of(shares->data_quality, shares->data_quality_of);
    reasons->quality.factors = part_of(shares->factor_quality, shares->factor_quality_of);
    reasons->quality.covered = part_of(shares->quality_of, shares->all);
}

static void tell_product(struct teller *teller, struct zuji_reasons *rows, uint32_t row_count)
{
    struct trace *trace = trace_new(teller->run);
    teller->trace = trace;
    reason_names_find(teller);
    size_t slots = teller->names.slots[trace->ground_count];
    struct shares of_product = shares_in(trace->arena, slots, NULL);
    add_emissions(teller, false, 0, &of_product);
    for (uint32_t row = 0; row < row_count; row++) {
        struct shares shares = shares_in(trace->arena, slots, &of_product);
        add_emissions(teller, true, row, &shares);
        take_shares(&shares, &rows[row]);
        tell_allocations(teller, row, &rows[row]);
        take_grounds(teller, &shares, row, &rows[row]);
    }
}

static void make(void *context, struct exact_run *run, bool is_ok)
{
    struct reason_source *source = context;
    struct teller teller = {.arena = &source->batch->arena, .run = run};
    uint16_t axis = run->program->rule.row_axis;
    uint32_t row_count = axis == AXIS_ID_PRODUCT ? 1 : run->axes[axis].rows;
    struct zuji_reasons *rows = arena_array(teller.arena, struct zuji_reasons, row_count);
    if (is_ok) {
        source->exactly = *run->outcome;
        tell_product(&teller, rows, row_count);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        tell_checks(&teller, row, &rows[row]);
        tell_cutoffs(&teller, &rows[row]);
    }
    source->rows = rows;
    source->row_count = row_count;
}

const struct zuji_reasons *reasons_of_row(struct reason_source *source, uint32_t row)
{
    if (!source->is_made) {
        source->is_made = true;
        (void)engine_show(source->engine, source->batch, source->product, make, source);
    }
    return row < source->row_count ? &source->rows[row] : NULL;
}

const struct zuji_reasons *result_reasons(const struct zuji_result *result)
{
    uint32_t row = result->row_number > 0 ? result->row_number - 1 : 0;
    return result->reasons == NULL ? NULL : reasons_of_row(result->reasons, row);
}

const struct outcome_row *result_exact_row(const struct zuji_result *result)
{
    if (result->is_exact || result->reasons == NULL) {
        return result->row;
    }
    (void)result_reasons(result);
    const struct outcome *exactly = &result->reasons->exactly;
    size_t number = (size_t)(result - result->rows);
    return number < exactly->row_count ? &exactly->rows[number] : result->row;
}
