#include "compiler/profile_judge.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

/* ---- findings ---------------------------------------------------------------------------------------------------- */

void profile_met(struct finding *finding, struct span at)
{
    finding->kind = FINDING_MET;
    finding->at = at;
}

void profile_unmet(struct finding *finding, struct span at, enum diag_code text, struct str arg)
{
    finding->kind = FINDING_UNMET;
    finding->at = at;
    finding->detail = (struct diag_text){text, {arg}};
}

void profile_not_concerned(struct finding *finding)
{
    finding->kind = FINDING_NOT_CONCERNED;
}

/* ---- the rule's items -------------------------------------------------------------------------------------------- */

const struct decl *profile_header(const struct judging *judging, enum header_kind kind)
{
    const struct decl *item = judging->rule->as.rule.items;
    while (item != NULL && (item->kind != DECL_HEADER || item->as.header.kind != kind)) {
        item = item->next;
    }
    return item;
}

static const struct decl *first_in(const struct judging *judging, const struct decl *first, decl_test *test)
{
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        const struct decl *found = test(judging, decl) ? decl : first_in(judging, decl_inner(decl), test);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

const struct decl *profile_first(const struct judging *judging, decl_test *test)
{
    const struct decl *found = NULL;
    for (size_t i = 0; found == NULL && i < judging->checked->module_count; i++) {
        const struct module *module = judging->checked->modules[i];
        found = module->is_std ? NULL : first_in(judging, module->items, test);
    }
    return found;
}

bool profile_has_text(const struct decl *decl)
{
    return decl->texts.text[LANG_EN].len > 0 || decl->texts.text[LANG_ZH].len > 0;
}

static struct span place_of(const struct decl *decl)
{
    return decl->name.at.len > 0 ? decl->name.at : decl->at;
}

void profile_decide_header(const struct judging *judging, struct finding *finding, enum header_kind kind,
                         const char *keyword)
{
    const struct decl *header = profile_header(judging, kind);
    if (header != NULL) {
        profile_met(finding, header->at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, str_of(keyword)));
    }
}

void profile_decide_among(const struct judging *judging, struct finding *finding, struct str word, struct span at,
                        const char *keyword)
{
    struct buf list = buf_in(judging->arena);
    for (const struct name_list *item = judging->demand->as.demand.names; item != NULL; item = item->next) {
        if (str_eq(item->name.text, word)) {
            profile_met(finding, at);
            return;
        }
        buf_add(&list, list.len == 0 ? STR("") : diag_both(judging->arena, STR(", "), STR("、")));
        buf_add(&list, item->name.text);
    }
    if (word.len == 0) {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, str_of(keyword)));
    } else {
        profile_unmet(finding, at, T_NOT_AMONG, word);
        finding->detail.args[1] = buf_str(&list);
    }
}

void profile_decide_each(const struct decl *exists, const struct decl *failing, struct finding *finding,
                       enum diag_code text)
{
    if (failing != NULL) {
        profile_unmet(finding, place_of(failing), text, failing->name.text);
    } else if (exists != NULL) {
        profile_met(finding, place_of(exists));
    } else {
        profile_not_concerned(finding);
    }
}
