/* Demands on what a rule counts, and on its data, sources and examples. */
#include "compiler/constant.h"
#include "compiler/lifecycle.h"
#include "compiler/profile_judge.h"
#include "grammar/keywords.h"
#include "compiler/walk.h"

/* ---- categories, removals, credits ------------------------------------------------------------------------------- */

static bool is_allocation(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_ALLOCATE;
}

/* Without a reason it does not compile. */
void judge_allocations_reasoned(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_allocation), NULL, finding, T_PLAIN);
}

static bool is_emission_factor(const struct judging *judging, const struct decl *decl)
{
    struct unit kgco2e;
    if (decl->kind != DECL_FACTOR || decl->type.kind != TYPE_NUMBER ||
        unit_parse(judging->checked->units, STR("kgCO2e"), &kgco2e).error != UNIT_OK) {
        return false;
    }
    const struct kind *kind = &decl->type.unit.kind;
    for (uint16_t i = 0; i < kind->count; i++) {
        if (kind->factors[i].generator == kgco2e.kind.factors[0].generator) {
            return true;
        }
    }
    return false;
}

static bool is_whole_factor(const struct judging *judging, const struct decl *decl)
{
    return is_emission_factor(judging, decl) && decl->as.factor.split == NULL;
}

void judge_factors_split(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_emission_factor), profile_first(judging, is_whole_factor), finding, T_FACTOR_WHOLE);
}

static bool is_named_apart(const struct judging *judging, struct str word)
{
    for (const struct decl *item = judging->rule->as.rule.items; item != NULL; item = item->next) {
        bool is_line = item->kind == DECL_HEADER && item->as.header.kind == HEADER_APART;
        for (const struct name_list *name = is_line ? item->as.header.names : NULL; name != NULL; name = name->next) {
            if (str_eq(name->name.text, word)) {
                return true;
            }
        }
    }
    return false;
}

void judge_categories_apart(const struct judging *judging, struct finding *finding)
{
    const struct decl *header = profile_header(judging, HEADER_APART);
    for (const struct name_list *item = judging->demand->as.demand.names; item != NULL; item = item->next) {
        if (!is_named_apart(judging, item->name.text)) {
            profile_unmet(finding, header == NULL ? judging->rule->name.at : header->at, T_CATEGORY_SUMMED, item->name.text);
            return;
        }
    }
    profile_met(finding, header->at);
}

static const struct decl *stage_of(const struct decl *decl)
{
    while (decl != NULL && decl->kind != DECL_STAGE) {
        decl = decl->parent;
    }
    return decl;
}

/* In a phase that is shown and not summed. */
static bool is_in_phase_apart(const struct judging *judging, const struct decl *flow)
{
    const struct decl *stage = stage_of(flow);
    const struct decl *lifecycle = judging->checked->lifecycle;
    if (stage == NULL || lifecycle == NULL) {
        return false;
    }
    const struct decl *phase = structure_find_in(judging->checked, lifecycle->as.lifecycle.items, DECL_PHASE,
                                                 stage->as.stage.phase.text);
    return phase != NULL && phase->as.phase.is_apart;
}

static bool is_removal(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_EMIT && decl->as.emit.kind == EMIT_REMOVAL;
}

static bool is_summed_removal(const struct judging *judging, const struct decl *decl)
{
    if (!is_removal(judging, decl) || is_named_apart(judging, decl->as.emit.category)) {
        return false;
    }
    for (size_t i = 0; i < decl->as.emit.member_count; i++) {
        const struct decl *member = decl->as.emit.members[i];
        if (member->as.breakdown_member.is_apart || is_named_apart(judging, member->name.text)) {
            return false;
        }
    }
    return !is_in_phase_apart(judging, decl);
}

void judge_removals_apart(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_removal), profile_first(judging, is_summed_removal), finding, T_REMOVAL_SUMMED);
}

static bool is_credit(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_EMIT && decl->as.emit.kind == EMIT_CREDIT;
}

static bool is_summed_credit(const struct judging *judging, const struct decl *decl)
{
    return is_credit(judging, decl) && !is_in_phase_apart(judging, decl);
}

void judge_credits_beyond(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_credit), profile_first(judging, is_summed_credit), finding, T_CREDIT_SUMMED);
}

/* ---- data and sources -------------------------------------------------------------------------------------------- */

static bool is_quantity(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_FIELD && decl->type.kind == TYPE_NUMBER;
}

static bool is_of_unsaid_origin(const struct judging *judging, const struct decl *decl)
{
    return is_quantity(judging, decl) && decl->attributes.origin == ORIGIN_UNSAID;
}

void judge_origins_stated(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_quantity), profile_first(judging, is_of_unsaid_origin), finding, T_ORIGIN_UNSAID);
}

static bool is_primary(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_FIELD && decl->attributes.origin == ORIGIN_PRIMARY;
}

void judge_primary_data(const struct judging *judging, struct finding *finding)
{
    const struct decl *field = profile_first(judging, is_primary);
    if (field != NULL) {
        profile_met(finding, field->name.at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_NO_PRIMARY_FIELD, STR(""));
    }
}

static bool is_time(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_FIELD && (decl->type.kind == TYPE_YEAR || decl->type.kind == TYPE_DATE);
}

void judge_period_stated(const struct judging *judging, struct finding *finding)
{
    const struct decl *field = profile_first(judging, is_time);
    if (field != NULL) {
        profile_met(finding, field->name.at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_NO_PERIOD_FIELD, STR(""));
    }
}

/* A constant of the method, in a formula or by itself, or a table: a value that somebody found somewhere. */
static bool is_constant(const struct judging *judging, const struct decl *decl)
{
    struct expr *formula = stated_formula(decl);
    bool is_stated = formula != NULL && find_world_constant(judging->checked, formula) != NULL;
    bool has_default = decl->kind == DECL_FACTOR && decl->attributes.initial != NULL;
    return decl->kind == DECL_TABLE || is_stated || has_default;
}

static bool has_source(const struct decl *decl)
{
    if (decl->kind == DECL_TABLE && table_has_source(decl)) {
        return true;
    }
    for (; decl != NULL; decl = decl->parent) {
        if (decl->attributes.cite.len > 0) {
            return true;
        }
    }
    return false;
}

static bool is_constant_without_source(const struct judging *judging, const struct decl *decl)
{
    return is_constant(judging, decl) && !has_source(decl);
}

void judge_constants_cited(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_constant), profile_first(judging, is_constant_without_source), finding,
               T_CONSTANT_WITHOUT_SOURCE);
}

static bool is_sourced(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->attributes.cite.len > 0;
}

static bool is_draft(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return is_draft_source(decl->attributes.cite);
}

static void take_draft(void *context, const struct decl *inside, const struct expr *use, const struct decl *draft)
{
    struct finding *finding = context;
    (void)inside;
    if (finding->kind != FINDING_UNMET) {
        profile_unmet(finding, use->at, T_SOURCE_DRAFT, draft->name.text);
    }
}

void judge_sources_final(const struct judging *judging, struct finding *finding)
{
    const struct decl *status = profile_header(judging, HEADER_STATUS);
    bool is_published = status != NULL && status->as.header.names != NULL &&
                        str_eq(status->as.header.names->name.text, STR("published"));
    profile_decide_each(is_published ? profile_first(judging, is_sourced) : NULL, is_published ? profile_first(judging, is_draft) : NULL,
               finding, T_SOURCE_DRAFT);
    if (is_published) {
        each_draft_used(judging->checked, judging->checked->rule->as.rule.items, take_draft, finding);
    }
}

/* ---- examples, clauses, checks, reports --------------------------------------------------------------------------- */

static bool is_example(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_EXAMPLE && decl->as.example.expects != NULL;
}

void judge_examples_given(const struct judging *judging, struct finding *finding)
{
    const struct decl *example = profile_first(judging, is_example);
    if (example != NULL) {
        profile_met(finding, example->at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, STR("example")));
    }
}

static bool is_stage(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_STAGE;
}

static bool is_stage_without_clause(const struct judging *judging, const struct decl *decl)
{
    return is_stage(judging, decl) && decl->attributes.clause.len == 0;
}

void judge_clauses_given(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_stage), profile_first(judging, is_stage_without_clause), finding,
               T_STAGE_WITHOUT_CLAUSE);
}

static bool is_requirement(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_REQUIRE;
}

void judge_checks_given(const struct judging *judging, struct finding *finding)
{
    const struct decl *check = profile_first(judging, is_requirement);
    if (check != NULL) {
        profile_met(finding, check->at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, STR("require")));
    }
}

void judge_reports_given(const struct judging *judging, struct finding *finding)
{
    for (const struct name_list *item = judging->demand->as.demand.names; item != NULL; item = item->next) {
        const struct decl *report = judging->rule->as.rule.items;
        while (report != NULL && (report->kind != DECL_REPORT || !str_eq(report->name.text, item->name.text))) {
            report = report->next;
        }
        if (report == NULL) {
            profile_unmet(finding, judging->rule->name.at, T_REPORT_LACKING, item->name.text);
            return;
        }
        profile_met(finding, report->name.at);
    }
}

static bool rounds_total(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_ROUND && str_eq(decl->as.round.target.text, STR("total"));
}

void judge_rounding_stated(const struct judging *judging, struct finding *finding)
{
    const struct decl *round = profile_first(judging, rounds_total);
    if (round != NULL) {
        profile_met(finding, round->at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, STR("round")));
    }
}

void judge_in_result(const struct judging *judging, struct finding *finding)
{
    (void)judging;
    profile_met(finding, (struct span){0});
    finding->detail = (struct diag_text){T_IN_EVERY_RESULT, {STR("")}};
}

void judge_by_hand(const struct judging *judging, struct finding *finding)
{
    (void)judging;
    finding->kind = FINDING_BY_HAND;
}
