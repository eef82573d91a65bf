/* How stages and processes were shared among co-products: what there was, the keys, the shares, what went to others. */
#include "base/decimal.h"
#include "vm/reasons.h"

struct sharing { /* one allocation while it is told */
    struct teller *teller;
    const struct prog_allocation *allocation;
    uint32_t row; /* of the rule */
    struct zuji_share *shares;
    size_t count;
    struct rat missing; /* by how much shares do not add up to one, all groups together: 0 where nothing is lost */
};

/* ---- amounts ---- */

static bool is_in(const struct prog_allocation *allocation, const struct prog_flow *flow)
{
    return flow->stage == allocation->stage &&
           (allocation->process == NO_INDEX || flow->process == allocation->process);
}

/* What the flows that the allocation is about emit for the rule's row before all allocations, and after them. */
static void sum_amounts(struct exact_run *run, const struct prog_allocation *allocation, uint32_t row,
                        struct rat *whole, struct rat *ours)
{
    const struct program *program = run->program;
    const struct outcome_row *of = &run->outcome->rows[row];
    bool is_among_rows = allocation->key != NO_OPERAND && allocation->taken == NO_OPERAND;
    *whole = *ours = RAT_ZERO;
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        if (at->op != OP_INVENTORY || !is_in(allocation, &program->flows[program->parts[at->b].flow])) {
            continue;
        }
        bool is_own = at->axis > AXIS_ID_PRODUCT; /* of the row: there is nothing to be parted among the rows */
        bool is_given = of->whole_given[at->b] && of->stage_given[allocation->stage];
        if (is_given && !(is_own && is_among_rows)) {
            *whole = exact_told(run, rat_add(run->arena, *whole, of->whole[at->b]));
            *ours = exact_told(run, rat_add(run->arena, *ours, of->part[at->b]));
        }
    }
}

/* ---- shares ---- */

/* Rows that are cut off take no part, nor do those inside of them. */
static bool takes_part(const struct exact_run *run, uint16_t axis, uint32_t row)
{
    for (; axis > AXIS_ID_PRODUCT; row = run->axes[axis].parent[row], axis = run->program->axes[axis].parent) {
        const struct prog_axis *shape = &run->program->axes[axis];
        uint32_t of = axis;
        uint32_t at = row;
        if (shape->kind == AXIS_PAIR) {
            of = shape->list;
            at = run->axes[axis].other[row];
        }
        uint32_t list = shape->kind == AXIS_RANGE ? NO_INDEX : run->program->axes[of].list;
        uint32_t field = list == NO_INDEX ? NO_INDEX : reason_cut_field(run->program, list);
        if (field != NO_INDEX && run->program->fields[list].has_cut &&
            run->batch->columns[field].given[run->axes[of].base + at]) {
            return false;
        }
    }
    return true;
}

/* Where the rows of the axis belong to rows of the rule: to this one? */
static bool is_of_row(const struct sharing *sharing, uint16_t axis, uint32_t at_row)
{
    const struct exact_run *run = sharing->teller->run;
    uint16_t of = run->program->rule.row_axis;
    bool is_bound = of != AXIS_ID_PRODUCT && program_axis_sees(run->program, axis, of);
    return !is_bound || exact_row_seen(run, axis, at_row, of) == sharing->row;
}

static void add_share(struct sharing *sharing, struct zuji_share share, uint32_t at_row)
{
    struct exact_run *run = sharing->teller->run;
    share.path = tell_text(sharing->teller, exact_row_path(run, sharing->allocation->axis, at_row));
    sharing->shares[sharing->count++] = share;
}

/* 0 of a row that is cut off. */
static struct rat key_of(const struct sharing *sharing, uint32_t at_row)
{
    const struct exact_run *run = sharing->teller->run;
    struct exact_value key = exact_get(run, sharing->allocation->key, at_row);
    bool is_counted = key.state == STATE_GIVEN && takes_part(run, sharing->allocation->axis, at_row);
    return is_counted ? key.number : RAT_ZERO;
}

static void add_missing(struct sharing *sharing, struct rat whole, struct rat found)
{
    struct arena *arena = sharing->teller->run->arena;
    sharing->missing = rat_add(arena, sharing->missing, rat_abs(arena, rat_sub(arena, whole, found)));
}

static bool is_ours(const struct sharing *sharing, uint32_t at_row)
{
    struct exact_run *run = sharing->teller->run;
    if (sharing->allocation->taken == NO_OPERAND) {
        return at_row == sharing->row;
    }
    struct exact_value taken = exact_get(run, sharing->allocation->taken, at_row);
    return taken.state == STATE_GIVEN && taken.code != 0;
}

/* The rows first .. end - 1 share what belongs to one row of the parent axis. */
static void share_by_key(struct sharing *sharing, uint32_t parent, uint32_t first, uint32_t end)
{
    struct exact_run *run = sharing->teller->run;
    const struct prog_allocation *allocation = sharing->allocation;
    bool is_own = allocation->taken == NO_OPERAND;
    struct rat whole = RAT_ZERO;
    struct rat taken = RAT_ZERO;
    struct rat all = RAT_ZERO;
    for (uint32_t r = first; r < end; r++) {
        whole = exact_told(run, rat_add(run->arena, whole, key_of(sharing, r)));
    }
    for (uint32_t r = first; r < end && rat_sign(whole) > 0; r++) {
        if (!takes_part(run, allocation->axis, r)) {
            continue;
        }
        struct rat share = rat_div(run->arena, key_of(sharing, r), whole);
        struct exact_value own = exact_get(run, allocation->share, r);
        taken = is_ours(sharing, r) ? exact_told(run, rat_add(run->arena, taken, share)) : taken;
        all = exact_told(run, rat_add(run->arena, all, is_own && own.state == STATE_GIVEN ? own.number : share));
        add_share(sharing,
                  (struct zuji_share){.name = "",
                                      .key = tell_value(sharing->teller, allocation->key, r),
                                      .share = rat_to_double(share),
                                      .is_ours = is_ours(sharing, r)},
                  r);
    }
    struct exact_value used = exact_get(run, allocation->share, parent);
    if (rat_sign(whole) > 0) {
        add_missing(sharing, RAT_ONE, all);
        add_missing(sharing, is_own || used.state != STATE_GIVEN ? taken : used.number, taken);
    }
}

static void share_by_formulas(struct sharing *sharing, uint32_t at_row)
{
    struct exact_run *run = sharing->teller->run;
    const struct prog_allocation *allocation = sharing->allocation;
    struct rat all = RAT_ZERO;
    for (uint32_t s = 0; s < allocation->share_count; s++) {
        struct exact_value share = exact_get(run, allocation->shares[s].value, at_row);
        if (share.state != STATE_GIVEN) {
            return; /* the stage is not carried out */
        }
        all = exact_told(run, rat_add(run->arena, all, share.number));
        add_share(sharing,
                  (struct zuji_share){
                      .name = tell_text(sharing->teller, run->program->texts[allocation->shares[s].name]),
                      .key = {.unit = "", .text = ""},
                      .share = rat_to_double(share.number),
                      .is_ours = s == allocation->taken
        },
                  at_row);
    }
    add_missing(sharing, RAT_ONE, all);
}

static void share_out(struct sharing *sharing)
{
    struct exact_run *run = sharing->teller->run;
    const struct prog_allocation *allocation = sharing->allocation;
    const struct exact_axis *axis = &run->axes[allocation->axis];
    bool is_by_key = allocation->key != NO_OPERAND;
    size_t room = (size_t)axis->rows * (is_by_key ? 1 : allocation->share_count);
    sharing->shares = arena_array(sharing->teller->arena, struct zuji_share, room);
    if (!is_by_key) {
        for (uint32_t r = 0; r < axis->rows; r++) {
            if (is_of_row(sharing, allocation->axis, r) && takes_part(run, allocation->axis, r)) {
                share_by_formulas(sharing, r);
            }
        }
        return;
    }
    uint16_t parent = run->program->axes[allocation->axis].parent;
    for (uint32_t p = 0; p < run->axes[parent].rows; p++) {
        if (is_of_row(sharing, parent, p) && takes_part(run, parent, p)) {
            share_by_key(sharing, p, axis->first[p], axis->first[p + 1]);
        }
    }
}

static struct str whole_text(struct exact_run *run, struct rat whole)
{
    enum { DIGITS = 6 };
    return str_format(run->arena, "%.*s kgCO2e", STR_FMT(rat_decimal(run->arena, whole, DIGITS)));
}

static struct zuji_allocation tell_allocation(struct teller *teller, const struct prog_allocation *allocation,
                                              uint32_t row)
{
    struct exact_run *run = teller->run;
    const struct program *program = run->program;
    struct sharing sharing = {.teller = teller, .allocation = allocation, .row = row, .missing = RAT_ZERO};
    struct rat whole;
    struct rat ours;
    if (exact_axis_ready(run, allocation->axis)) {
        share_out(&sharing);
    }
    sum_amounts(run, allocation, row, &whole, &ours);
    struct zuji_allocation told = {
        .stage = tell_text(teller, program->texts[program->stages[allocation->stage].name]),
        .process = allocation->process == NO_INDEX ? "" : tell_text(teller, program->texts[allocation->process]),
        .by = allocation->key == NO_OPERAND ? "" : tell_expression(teller, allocation->key),
        .clause = tell_label(teller, allocation->clause),
        .whole = rat_to_double(whole),
        .whole_text = tell_text(teller, whole_text(run, whole)),
        .ours = rat_to_double(ours),
        .others = rat_to_double(rat_sub(run->arena, whole, ours)),
        .residual = rat_to_double(rat_mul(run->arena, sharing.missing, whole)),
        .shares = sharing.shares,
        .share_count = sharing.count};
    tell_titles(teller, &allocation->because, told.because);
    return told;
}

void tell_allocations(struct teller *teller, uint32_t row, struct zuji_reasons *reasons)
{
    const struct program *program = teller->run->program;
    struct zuji_allocation *told = arena_array(teller->arena, struct zuji_allocation, program->allocation_count);
    for (uint32_t a = 0; a < program->allocation_count; a++) {
        told[a] = tell_allocation(teller, &program->allocations[a], row);
    }
    reasons->allocations = told;
    reasons->allocation_count = program->allocation_count;
}
