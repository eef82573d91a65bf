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

static bool is_of(const struct program *program, const struct prog_allocation *allocation, uint32_t part)
{
    const struct prog_flow *flow = &program->flows[program->parts[part].flow];
    return flow->stage == allocation->stage &&
           (allocation->process == NO_INDEX || flow->process == allocation->process);
}

/* ---- amounts ---- */

/* The amount of an EMIT or INVENTORY for the rule's row; 0 where it is not wanted. */
static struct rat amount_of(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct program *program = run->program;
    const struct instruction *at = &program->code[instruction];
    uint32_t conditions[2] = {at->mask, program->stages[program->flows[program->parts[at->b].flow].stage].when};
    for (int k = 0; k < 2; k++) {
        if (conditions[k] != NO_OPERAND) {
            bool is_of_row = program->code[conditions[k]].axis == program->rule.row_axis;
            struct exact_value condition = exact_get(run, conditions[k], is_of_row ? row : 0);
            if (condition.state != STATE_GIVEN || condition.code == 0) {
                return RAT_ZERO;
            }
        }
    }
    bool is_own = at->axis == program->rule.row_axis;
    struct exact_value value = exact_get(run, at->a, is_own ? row : 0);
    return value.state == STATE_GIVEN ? value.number : RAT_ZERO;
}

/* What the stage or process emits before (a part that is not allocated has no INVENTORY) and after allocation. */
static void sum_amounts(struct exact_run *run, const struct prog_allocation *allocation, uint32_t row,
                        struct rat *whole, struct rat *ours)
{
    const struct program *program = run->program;
    bool *has_inventory = arena_array(run->arena, bool, program->part_count);
    *whole = *ours = RAT_ZERO;
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        if (at->op == OP_INVENTORY && is_of(program, allocation, at->b)) {
            has_inventory[at->b] = true;
            *whole = rat_add(run->arena, *whole, amount_of(run, i, row));
        }
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        if (at->op == OP_EMIT && is_of(program, allocation, at->b)) {
            struct rat amount = amount_of(run, i, row);
            *ours = rat_add(run->arena, *ours, amount);
            *whole = has_inventory[at->b] ? *whole : rat_add(run->arena, *whole, amount);
        }
    }
}

/* ---- shares ---- */

static void add_share(struct sharing *sharing, struct zuji_share share, uint32_t at_row)
{
    struct exact_run *run = sharing->teller->run;
    share.path = tell_text(sharing->teller, exact_row_path(run, sharing->allocation->axis, at_row));
    sharing->shares[sharing->count++] = share;
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
        struct exact_value key = exact_get(run, allocation->key, r);
        whole = key.state == STATE_GIVEN ? rat_add(run->arena, whole, key.number) : whole;
    }
    for (uint32_t r = first; r < end && rat_sign(whole) > 0; r++) {
        struct exact_value key = exact_get(run, allocation->key, r);
        struct rat share = key.state == STATE_GIVEN ? rat_div(run->arena, key.number, whole) : RAT_ZERO;
        struct exact_value own = exact_get(run, allocation->share, r);
        taken = is_ours(sharing, r) ? rat_add(run->arena, taken, share) : taken;
        all = rat_add(run->arena, all, is_own && own.state == STATE_GIVEN ? own.number : share);
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
        all = rat_add(run->arena, all, share.number);
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
            share_by_formulas(sharing, r);
        }
        return;
    }
    uint32_t parents = run->axes[run->program->axes[allocation->axis].parent].rows;
    for (uint32_t p = 0; p < parents; p++) {
        share_by_key(sharing, p, axis->first[p], axis->first[p + 1]);
    }
}

static struct zuji_allocation tell_allocation(struct teller *teller, const struct prog_allocation *allocation,
                                              uint32_t row)
{
    struct exact_run *run = teller->run;
    const struct program *program = run->program;
    struct sharing sharing = {.teller = teller, .allocation = allocation, .row = row, .missing = RAT_ZERO};
    struct rat whole;
    struct rat ours;
    share_out(&sharing);
    sum_amounts(run, allocation, row, &whole, &ours);
    struct zuji_allocation told = {
        .stage = tell_text(teller, program->texts[program->stages[allocation->stage].name]),
        .process = allocation->process == NO_INDEX ? "" : tell_text(teller, program->texts[allocation->process]),
        .by = allocation->key == NO_OPERAND ? "" : tell_expression(teller, allocation->key),
        .clause = tell_label(teller, allocation->clause),
        .whole = rat_to_double(whole),
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
