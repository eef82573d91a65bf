#include "compiler/lifecycle.h"
#include "compiler/profile_judge.h"
#include "grammar/keywords.h"

static judge *const judges[] = {
#define DEMAND(id, word, zh, takes, doc) judge_##word,
#include "compiler/demands.def"
#undef DEMAND
};

struct checklist *profile_judge(const struct checked *checked, const struct decl *profile)
{
    struct checklist *list = arena_new(checked->perm, struct checklist);
    struct judging judging = {.checked = checked, .rule = checked->rule, .arena = checked->perm};
    size_t cap = 0;
    list->profile = profile;
    for (const struct decl *demand = profile->as.profile.demands; demand != NULL; demand = demand->next) {
        enum demand which = demand->kind == DECL_DEMAND ? demand_lookup(demand->as.demand.word.text) : DEMAND_COUNT;
        if (which == DEMAND_COUNT) {
            continue;
        }
        judging.demand = demand;
        (void)arena_grow(checked->perm, list->findings, list->count, cap);
        struct finding *finding = &list->findings[list->count++];
        *finding = (struct finding){.demand = demand};
        judges[which](&judging, finding);
    }
    return list;
}

const struct decl *profile_find(const struct checked *checked, const struct module *here, struct str name)
{
    return structure_find(checked, here, DECL_PROFILE, name);
}

static void add_name(void *context, struct decl *profile)
{
    struct buf *out = context;
    buf_add(out, out->len == 0 ? STR("") : STR(", "));
    buf_add(out, profile->name.text);
}

struct str profile_names(struct arena *arena, const struct checked *checked)
{
    struct buf names = buf_in(arena);
    structure_each(checked, checked->rule->module, DECL_PROFILE, add_name, &names);
    return buf_str(&names);
}

static bool is_published(const struct decl *rule)
{
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_HEADER && item->as.header.kind == HEADER_STATUS && item->as.header.names != NULL) {
            return str_eq(item->as.header.names->name.text, STR("published"));
        }
    }
    return false;
}

struct str profile_text(struct arena *arena, const struct decl *decl)
{
    struct str en = decl->texts.text[LANG_EN];
    struct str zh = decl->texts.text[LANG_ZH];
    return diag_both(arena, en.len > 0 ? en : zh, zh.len > 0 ? zh : en);
}

/* What a draft still lacks it may lack; a published rule may not. What a standard only advises is a lint. */
static enum diag_code code_of(const struct checked *checked, const struct decl *demand)
{
    bool is_must = str_eq(demand->as.demand.strength.text, STR("must"));
    return !is_must ? D_DEMAND_ADVISED : is_published(checked->rule) ? D_DEMAND_UNMET : D_DEMAND_OPEN;
}

/* Several demands that one place does not meet are one message with notes. */
static void report_unmet(const struct checked *checked, const struct checklist *list, const struct finding *finding,
                         struct span said, struct diags *out)
{
    const struct decl *demand = finding->demand;
    struct str detail = diag_both(checked->perm, diag_text(checked->perm, finding->detail, LANG_EN),
                                  diag_text(checked->perm, finding->detail, LANG_ZH));
    struct str text = profile_text(checked->perm, demand);
    size_t told = out->errors + out->warnings;
    struct diag *diag = diag_add(out, code_of(checked, demand), finding->at,
                                 DIAG_ARGS(list->profile->name.text, text, detail));
    bool is_new = out->errors + out->warnings > told;
    if (!is_new) {
        diag_note(out, diag, T_DEMANDED_TOO, DIAG_ARGS(text, detail, list->profile->name.text));
    } else if (said.len > 0) {
        diag_label(out, diag, said, T_CONFORMS_HERE, NULL, 0);
    }
    if (demand->attributes.clause.len > 0) {
        diag_note(out, diag, T_DEMAND_CLAUSE, DIAG_ARGS(demand->attributes.clause));
    }
}

/* Is it among the profiles to which the rule says that it conforms? */
static bool is_conformed_to(const struct checked *checked, const struct decl *profile)
{
    for (const struct decl *item = checked->rule->as.rule.items; item != NULL; item = item->next) {
        bool conforms = item->kind == DECL_HEADER && item->as.header.kind == HEADER_CONFORMS;
        for (const struct name_list *name = conforms ? item->as.header.names : NULL; name != NULL; name = name->next) {
            if (profile_find(checked, item->module, name->name.text) == profile) {
                return true;
            }
        }
    }
    return false;
}

void profile_report(const struct checked *checked, const struct checklist *list, struct span said, struct diags *out)
{
    bool is_told = is_conformed_to(checked, list->profile);
    for (size_t i = 0; i < list->count; i++) {
        bool is_advice = code_of(checked, list->findings[i].demand) == D_DEMAND_ADVISED;
        bool is_wanted = said.len == 0 ? is_advice || !is_told : !is_advice;
        if (list->findings[i].kind == FINDING_UNMET && is_wanted) {
            report_unmet(checked, list, &list->findings[i], said, out);
        }
    }
}

void profiles_check(struct checked *checked, struct diags *out)
{
    const struct decl *rule = checked->rule;
    for (const struct decl *item = rule == NULL ? NULL : rule->as.rule.items; item != NULL; item = item->next) {
        bool conforms = item->kind == DECL_HEADER && item->as.header.kind == HEADER_CONFORMS;
        for (const struct name_list *name = conforms ? item->as.header.names : NULL; name != NULL; name = name->next) {
            const struct decl *profile = profile_find(checked, item->module, name->name.text);
            if (profile != NULL) {
                profile_report(checked, profile_judge(checked, profile), name->name.at, out);
            }
        }
    }
}

struct str profile_strength(struct arena *arena, const struct decl *demand)
{
    return word_both(arena, WORDS_STRENGTH, demand->as.demand.strength.text);
}
