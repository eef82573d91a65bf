/* Profiles: the words of their demands and what goes with each. */
#include "compiler/demands.h"
#include "compiler/resolve.h"
#include "grammar/keywords.h"

static void take_strength(struct resolver *resolver, struct name *strength)
{
    struct str word = word_canonical(WORDS_STRENGTH, strength->text);
    if (word_is_known(WORDS_STRENGTH, word)) {
        strength->text = word;
        return;
    }
    struct str words[WORDS_MAX];
    size_t count = word_list(WORDS_STRENGTH, words);
    struct buf list = buf_in(resolver->arena);
    for (size_t i = 0; i < count; i++) {
        buf_add(&list, i == 0 ? STR("") : diag_both(resolver->arena, STR(", "), STR("、")));
        buf_add(&list, word_both(resolver->arena, WORDS_STRENGTH, words[i]));
    }
    struct diag *diag =
        diag_add(resolver->out, D_UNKNOWN_WORD, strength->at,
                 DIAG_ARGS(strength->text, keyword_both(resolver->arena, STR("demand")), buf_str(&list)));
    suggest_nearest(resolver, diag, *strength, words, count);
}

static void report_unknown_demand(struct resolver *resolver, const struct name *word)
{
    struct str words[2 * DEMAND_COUNT];
    for (size_t i = 0; i < DEMAND_COUNT; i++) {
        words[2 * i] = demand_word((enum demand)i, LANG_EN);
        words[2 * i + 1] = demand_word((enum demand)i, LANG_ZH);
    }
    struct diag *diag = diag_add(resolver->out, D_UNKNOWN_DEMAND, word->at, DIAG_ARGS(word->text));
    suggest_nearest(resolver, diag, *word, words, countof(words));
}

static void check_arguments(struct resolver *resolver, const struct decl *demand, enum demand which)
{
    static const enum diag_code wanted[] = {[DEMAND_TAKES_NOTHING] = T_DEMAND_NOTHING,
                                            [DEMAND_TAKES_NAMES] = T_DEMAND_NAMES,
                                            [DEMAND_TAKES_LIMITS] = T_DEMAND_LIMITS};
    bool has_names = demand->as.demand.names != NULL;
    bool has_limits = demand->as.demand.each != NULL || demand->as.demand.together != NULL;
    enum demand_takes takes = demand_takes(which);
    if (has_names != (takes == DEMAND_TAKES_NAMES) || has_limits != (takes == DEMAND_TAKES_LIMITS)) {
        diag_add(resolver->out, D_DEMAND_TAKES, demand->as.demand.word.at,
                 DIAG_ARGS(demand->as.demand.word.text, diag_term(resolver->arena, wanted[takes])));
    }
}

static void resolve_demand(struct resolver *resolver, struct decl *demand)
{
    resolve_attributes(resolver, demand);
    take_strength(resolver, &demand->as.demand.strength);
    enum demand which = demand_lookup(demand->as.demand.word.text);
    if (which == DEMAND_COUNT) {
        report_unknown_demand(resolver, &demand->as.demand.word);
        return;
    }
    demand->as.demand.word.text = demand_word(which, LANG_EN);
    check_arguments(resolver, demand, which);
    if (demand->texts.text[LANG_EN].len == 0 && demand->texts.text[LANG_ZH].len == 0) {
        diag_add(resolver->out, D_DEMAND_NO_TEXT, demand->as.demand.word.at, NULL, 0);
    }
    for (struct name_list *item = demand->as.demand.names; item != NULL; item = item->next) {
        refuse_repeated(resolver, demand->as.demand.names, item);
    }
    resolve_expr(resolver, demand->as.demand.each);
    resolve_expr(resolver, demand->as.demand.together);
}

void resolve_profile(struct resolver *resolver, struct decl *profile)
{
    refuse_second(resolver, profile);
    for (struct decl *demand = profile->as.profile.demands; demand != NULL; demand = demand->next) {
        if (demand->kind == DECL_DEMAND) {
            resolve_demand(resolver, demand);
        }
    }
}
