/* Phases of the life cycle: each of the boundary is covered by a stage, or excluded, or counted as zero with a reason. */
#include "compiler/check.h"

#include "compiler/lifecycle.h"

struct phase_state {
    const struct decl *phase;
    const struct decl *stage;    /* the first one */
    const struct name *excluded; /* or counted as zero */
};

struct phases { /* of the rule's life cycle, in its order */
    struct phase_state *states;
    size_t count;
    bool is_complete; /* every word was understood: what is not covered is missing */
};

static struct phase_state *state_of(struct phases *phases, struct str name)
{
    for (size_t i = 0; i < phases->count; i++) {
        if (str_eq(phases->states[i].phase->name.text, name)) {
            return &phases->states[i];
        }
    }
    phases->is_complete = false;
    return NULL;
}

static void note_stage(struct phases *phases, const struct decl *stage)
{
    struct phase_state *state = state_of(phases, stage->as.stage.phase.text);
    if (state != NULL && state->stage == NULL) {
        state->stage = stage;
    }
}

static void note_exclusions(struct checker *checker, struct phases *phases, const struct decl *header)
{
    for (const struct name_list *item = header->as.header.names; item != NULL; item = item->next) {
        struct phase_state *state = state_of(phases, item->name.text);
        if (state != NULL && state->excluded != NULL) {
            struct diag *diag = diag_add(checker->out, D_WORD_REPEATED, item->name.at, DIAG_ARGS(item->name.text));
            diag_label(checker->out, diag, state->excluded->at, T_FIRST_HERE, NULL, 0);
        } else if (state != NULL) {
            state->excluded = &item->name;
        }
    }
}

static struct phases phases_of(struct checker *checker, const struct decl *rule)
{
    const struct decl *lifecycle = checker->checked->lifecycle;
    struct phases phases = {.is_complete = !checker->is_broken};
    size_t cap = 0;
    for (const struct decl *item = lifecycle->as.lifecycle.items; item != NULL; item = item->next) {
        if (item->kind == DECL_PHASE) {
            (void)arena_grow(checker->arena, phases.states, phases.count, cap);
            phases.states[phases.count++] = (struct phase_state){.phase = item};
        }
    }
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE) {
            note_stage(&phases, item);
        } else if (item->kind == DECL_HEADER &&
                   (item->as.header.kind == HEADER_EXCLUDE || item->as.header.kind == HEADER_ZERO)) {
            note_exclusions(checker, &phases, item);
        }
    }
    return phases;
}

static bool is_inside(const struct decl *boundary, const struct decl *phase)
{
    for (const struct name_list *item = boundary->as.boundary.phases; item != NULL; item = item->next) {
        if (str_eq(item->name.text, phase->name.text)) {
            return true;
        }
    }
    return false;
}

static void check_state(struct checker *checker, const struct phases *phases, const struct phase_state *state,
                        const struct name *said)
{
    const struct decl *boundary = checker->checked->boundary;
    struct str args[] = {structure_name(checker->arena, state->phase), structure_name(checker->arena, boundary)};
    bool is_within = is_inside(boundary, state->phase);
    if (!is_within && state->stage != NULL && !state->phase->as.phase.is_apart) {
        struct diag *diag =
            diag_add(checker->out, D_PHASE_OUTSIDE, state->stage->as.stage.phase.at, args, countof(args));
        diag_label(checker->out, diag, said->at, T_HERE, NULL, 0);
    } else if (is_within && state->stage == NULL && state->excluded == NULL && phases->is_complete) {
        diag_add(checker->out, D_PHASE_UNCOVERED, said->at, args, countof(args));
    }
}

/* The word of the header `boundary`. */
static const struct name *boundary_said(const struct decl *rule)
{
    const struct name *said = NULL;
    for (const struct decl *item = rule->as.rule.items; item != NULL && said == NULL; item = item->next) {
        bool says_it = item->kind == DECL_HEADER && item->as.header.kind == HEADER_BOUNDARY;
        said = says_it && item->as.header.names != NULL ? &item->as.header.names->name : NULL;
    }
    return said;
}

void check_boundary(struct checker *checker, const struct decl *rule)
{
    const struct checked *checked = checker->checked;
    if (checked->lifecycle == NULL) {
        return;
    }
    struct phases phases = phases_of(checker, rule);
    const struct name *said = boundary_said(rule);
    for (size_t i = 0; i < phases.count; i++) {
        const struct phase_state *state = &phases.states[i];
        if (state->stage != NULL && state->excluded != NULL) {
            struct diag *diag = diag_add(checker->out, D_PHASE_EXCLUDED, state->stage->as.stage.phase.at,
                                         DIAG_ARGS(structure_name(checker->arena, state->phase)));
            diag_label(checker->out, diag, state->excluded->at, T_HERE, NULL, 0);
        }
        if (checked->boundary != NULL && said != NULL) {
            check_state(checker, &phases, state, said);
        }
    }
}
