/* The phases that a rule covers or leaves out, in the order of the life cycle. */
#include "compiler/lower.h"
#include "compiler/resolve.h"

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

static struct prog_phase phase_of(struct lowering *lowering, struct str name, const struct decl *exclusion)
{
    struct prog_phase phase = {.name = ir_text(lowering->ir, name), .state = PHASE_DECLARED, .clause = NO_INDEX};
    phase.titles = (struct prog_titles){
        {NO_INDEX, NO_INDEX}
    };
    phase.because = phase.titles;
    if (exclusion != NULL) {
        struct texts because = exclusion->texts;
        for (enum lang lang = LANG_EN; lang <= LANG_ZH; lang++) {
            if (exclusion->attributes.because.text[lang].len > 0) {
                because.text[lang] = exclusion->attributes.because.text[lang];
            }
        }
        phase.state = exclusion->as.header.kind == HEADER_ZERO ? PHASE_ZERO : PHASE_EXCLUDED;
        phase.because = lower_titles(lowering, &because);
        phase.clause = lower_label(lowering, exclusion->attributes.clause);
    }
    return phase;
}

void lower_phases(struct lowering *lowering)
{
    struct program *program = lowering->program;
    const struct decl *rule = lowering->checked->rule;
    for (size_t i = 0; PHASE_WORDS[i] != NULL; i++) {
        struct str name = str_of(PHASE_WORDS[i]);
        bool is_declared = has_stage(rule, name);
        const struct decl *exclusion = is_declared ? NULL : find_exclusion(rule, name);
        if (is_declared || exclusion != NULL) {
            size_t count = program->phase_count;
            arena_grow(lowering->arena, program->phases, count, lowering->phase_cap);
            program->phases[program->phase_count++] = phase_of(lowering, name, exclusion);
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
