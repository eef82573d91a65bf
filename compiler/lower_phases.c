/* How the total is cut: the phases that a rule covers or leaves out, in the order of the life cycle, the breakdowns that
   its flows are counted in, and what of these is shown and not summed. */
#include "compiler/lower.h"

static const struct prog_titles NO_TITLES = {
    {NO_INDEX, NO_INDEX}
};

/* ---- apart ------------------------------------------------------------------------------------------------------- */

bool lower_is_named_apart(const struct lowering *lowering, struct str word)
{
    const struct decl *item = lowering->checked->rule->as.rule.items;
    for (; item != NULL; item = item->next) {
        bool is_line = item->kind == DECL_HEADER && item->as.header.kind == HEADER_APART;
        for (const struct name_list *name = is_line ? item->as.header.names : NULL; name != NULL; name = name->next) {
            if (str_eq(name->name.text, word)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_member_apart(const struct lowering *lowering, const struct decl *member)
{
    return member->as.breakdown_member.is_apart || lower_is_named_apart(lowering, member->name.text);
}

bool lower_is_flow_apart(const struct lowering *lowering, const struct decl *emit)
{
    const struct decl *stage = lower_stage_of(emit);
    uint32_t phase = stage == NULL ? NO_INDEX : lower_phase_id(lowering, stage->as.stage.phase.text);
    bool is_apart = phase != NO_INDEX && lowering->program->phases[phase].is_apart;
    for (size_t i = 0; i < emit->as.emit.member_count && !is_apart; i++) {
        is_apart = is_member_apart(lowering, emit->as.emit.members[i]);
    }
    return is_apart;
}

/* ---- phases ------------------------------------------------------------------------------------------------------ */

static bool has_stage(const struct decl *rule, struct str phase)
{
    const struct decl *item = rule->as.rule.items;
    while (item != NULL && !(item->kind == DECL_STAGE && str_eq(item->as.stage.phase.text, phase))) {
        item = item->next;
    }
    return item != NULL;
}

/* The header that leaves the phase out; NULL: none does. */
static const struct decl *find_exclusion(const struct decl *rule, struct str phase)
{
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        bool excludes = item->kind == DECL_HEADER &&
                        (item->as.header.kind == HEADER_EXCLUDE || item->as.header.kind == HEADER_ZERO);
        for (const struct name_list *name = excludes ? item->as.header.names : NULL; name != NULL; name = name->next) {
            if (str_eq(name->name.text, phase)) {
                return item;
            }
        }
    }
    return NULL;
}

static bool is_in_boundary(const struct decl *boundary, struct str phase)
{
    const struct name_list *item = boundary == NULL ? NULL : boundary->as.boundary.phases;
    while (item != NULL && !str_eq(item->name.text, phase)) {
        item = item->next;
    }
    return item != NULL;
}

struct prog_titles lower_because(struct lowering *lowering, const struct decl *decl)
{
    struct texts because = decl->kind == DECL_HEADER ? decl->texts : (struct texts){0};
    for (enum lang lang = LANG_EN; lang <= LANG_ZH; lang++) {
        if (decl->attributes.because.text[lang].len > 0) {
            because.text[lang] = decl->attributes.because.text[lang];
        }
    }
    return lower_titles(lowering, &because);
}

static struct prog_phase phase_of(struct lowering *lowering, const struct decl *phase, bool is_declared,
                                  const struct decl *exclusion)
{
    struct prog_phase made = {.name = ir_text(lowering->ir, phase->name.text),
                              .state = is_declared ? PHASE_DECLARED : PHASE_EXCLUDED,
                              .is_apart = phase->as.phase.is_apart,
                              .titles = lower_titles(lowering, &phase->texts),
                              .because = NO_TITLES,
                              .clause = NO_INDEX};
    if (exclusion != NULL) {
        made.state = exclusion->as.header.kind == HEADER_ZERO ? PHASE_ZERO : PHASE_EXCLUDED;
        made.because = lower_because(lowering, exclusion);
        made.clause = lower_label(lowering, exclusion->attributes.clause);
    }
    return made;
}

/* A phase of the boundary that nothing covers, of which the author was warned, is not declared. */
void lower_phases(struct lowering *lowering)
{
    struct program *program = lowering->program;
    const struct checked *checked = lowering->checked;
    const struct decl *phase = checked->lifecycle == NULL ? NULL : checked->lifecycle->as.lifecycle.items;
    for (; phase != NULL; phase = phase->next) {
        if (phase->kind != DECL_PHASE) {
            continue;
        }
        struct str name = phase->name.text;
        bool is_declared = has_stage(checked->rule, name);
        const struct decl *exclusion = is_declared ? NULL : find_exclusion(checked->rule, name);
        if (is_declared || exclusion != NULL || is_in_boundary(checked->boundary, name)) {
            size_t count = program->phase_count;
            arena_grow(lowering->arena, program->phases, count, lowering->phase_cap);
            program->phases[program->phase_count++] = phase_of(lowering, phase, is_declared, exclusion);
        }
    }
}

uint32_t lower_phase_id(const struct lowering *lowering, struct str name)
{
    const struct program *program = lowering->program;
    for (uint32_t i = 0; i < program->phase_count; i++) {
        if (str_eq(ir_text_of(lowering->ir, program->phases[i].name), name)) {
            return i;
        }
    }
    return NO_INDEX;
}

/* ---- breakdowns --------------------------------------------------------------------------------------------------- */

static bool is_counted_in(const struct decl *items, const struct decl *breakdown)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        bool is_group = item->kind == DECL_STAGE || item->kind == DECL_PROCESS;
        if (is_group && is_counted_in(item->as.stage.items, breakdown)) {
            return true;
        }
        for (size_t i = 0; item->kind == DECL_EMIT && i < item->as.emit.member_count; i++) {
            if (item->as.emit.members[i]->parent == breakdown) {
                return true;
            }
        }
    }
    return false;
}

static void add_breakdown(struct lowering *lowering, const struct decl *decl)
{
    struct program *program = lowering->program;
    struct prog_breakdown made = {.name = ir_text(lowering->ir, decl->name.text),
                                  .titles = lower_titles(lowering, &decl->texts)};
    size_t cap = 0;
    for (const struct decl *member = decl->as.breakdown.members; member != NULL; member = member->next) {
        arena_grow(lowering->arena, made.members, (size_t)made.member_count, cap);
        made.members[made.member_count++] =
            (struct prog_breakdown_member){.name = ir_text(lowering->ir, member->name.text),
                                           .is_apart = is_member_apart(lowering, member),
                                           .titles = lower_titles(lowering, &member->texts)};
    }
    decl_map_add(lowering, &lowering->breakdown_ids, decl, program->breakdown_count);
    arena_grow(lowering->arena, program->breakdowns, (size_t)program->breakdown_count, lowering->breakdown_cap);
    program->breakdowns[program->breakdown_count++] = made;
}

void lower_breakdowns(struct lowering *lowering)
{
    const struct checked *checked = lowering->checked;
    for (size_t i = 0; i < checked->module_count; i++) {
        for (const struct decl *item = checked->modules[i]->items; item != NULL; item = item->next) {
            if (item->kind == DECL_BREAKDOWN && is_counted_in(checked->rule->as.rule.items, item)) {
                add_breakdown(lowering, item);
            }
        }
    }
}

void lower_flow_members(struct lowering *lowering, const struct decl *emit, struct prog_flow *flow)
{
    flow->members = arena_array(lowering->arena, struct prog_flow_member, emit->as.emit.member_count);
    for (size_t i = 0; i < emit->as.emit.member_count; i++) {
        uint32_t breakdown = 0;
        if (!decl_map_get(&lowering->breakdown_ids, emit->as.emit.members[i]->parent, &breakdown)) {
            continue;
        }
        uint32_t at = flow->member_count++;
        for (; at > 0 && flow->members[at - 1].breakdown > breakdown; at--) { /* ascending */
            flow->members[at] = flow->members[at - 1];
        }
        flow->members[at] =
            (struct prog_flow_member){(uint16_t)breakdown, (uint16_t)emit->as.emit.members[i]->index};
    }
}
