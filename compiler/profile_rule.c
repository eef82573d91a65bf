/* Demands on the head of a rule: its unit, edition, life cycle, warming potentials and cut-offs. */
#include "base/decimal.h"
#include "compiler/lifecycle.h"
#include "compiler/profile_judge.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

/* ---- the unit, edition and life cycle ---------------------------------------------------------------------------- */

void judge_unit_stated(const struct judging *judging, struct finding *finding)
{
    const struct decl *header = profile_header(judging, HEADER_DECLARED);
    header = header != NULL ? header : profile_header(judging, HEADER_FUNCTIONAL);
    if (header == NULL) {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, STR("declared")));
    } else if (!profile_has_text(header) && !decl_is_open(header)) {
        profile_unmet(finding, header->at, T_UNIT_WITHOUT_TEXT, STR(""));
    } else {
        profile_met(finding, header->at);
    }
}

void judge_functional_unit(const struct judging *judging, struct finding *finding)
{
    const struct decl *declared = profile_header(judging, HEADER_DECLARED);
    if (declared != NULL && !decl_is_open(declared)) {
        profile_unmet(finding, declared->at, T_UNIT_IS_DECLARED, STR(""));
    } else if (declared != NULL) {
        profile_met(finding, declared->at);
    } else {
        profile_decide_header(judging, finding, HEADER_FUNCTIONAL, "functional");
    }
}

void judge_version_stated(const struct judging *judging, struct finding *finding)
{
    profile_decide_header(judging, finding, HEADER_VERSION, "version");
}

void judge_status_stated(const struct judging *judging, struct finding *finding)
{
    profile_decide_header(judging, finding, HEADER_STATUS, "status");
}

void judge_validity_stated(const struct judging *judging, struct finding *finding)
{
    profile_decide_header(judging, finding, HEADER_VALID, "valid");
}

void judge_lifecycle_among(const struct judging *judging, struct finding *finding)
{
    const struct decl *header = profile_header(judging, HEADER_LIFECYCLE);
    const struct decl *lifecycle = judging->checked->lifecycle;
    profile_decide_among(judging, finding, lifecycle == NULL ? STR("") : lifecycle->name.text,
                header == NULL ? judging->rule->name.at : header->at, "lifecycle");
}

void judge_boundary_stated(const struct judging *judging, struct finding *finding)
{
    profile_decide_header(judging, finding, HEADER_BOUNDARY, "boundary");
}

void judge_boundary_among(const struct judging *judging, struct finding *finding)
{
    const struct decl *header = profile_header(judging, HEADER_BOUNDARY);
    bool is_said = header != NULL && header->as.header.names != NULL;
    profile_decide_among(judging, finding, is_said ? header->as.header.names->name.text : STR(""),
                is_said ? header->at : judging->rule->name.at, "boundary");
}

/* The stage of the phase, or the header that says something else of it; NULL: neither. */
static const struct decl *place_of_phase(const struct judging *judging, struct str phase, bool may_be_excluded)
{
    for (const struct decl *item = judging->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE && str_eq(item->as.stage.phase.text, phase)) {
            return item;
        }
        bool says_so = item->kind == DECL_HEADER && (item->as.header.kind == HEADER_ZERO ||
                                                     (may_be_excluded && item->as.header.kind == HEADER_EXCLUDE));
        for (const struct name_list *name = says_so ? item->as.header.names : NULL; name != NULL; name = name->next) {
            if (str_eq(name->name.text, phase)) {
                return item;
            }
        }
    }
    return NULL;
}

static void judge_phases(const struct judging *judging, struct finding *finding, const struct name_list *phases,
                         struct span said, bool may_be_excluded)
{
    for (const struct name_list *phase = phases; phase != NULL; phase = phase->next) {
        if (place_of_phase(judging, phase->name.text, may_be_excluded) == NULL) {
            profile_unmet(finding, said, may_be_excluded ? T_PHASE_LACKING : T_PHASE_UNDECLARED, phase->name.text);
            return;
        }
    }
    profile_met(finding, said);
}

void judge_phases_covered(const struct judging *judging, struct finding *finding)
{
    const struct decl *header = profile_header(judging, HEADER_BOUNDARY);
    const struct decl *boundary = judging->checked->boundary;
    if (header == NULL || boundary == NULL) {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, STR("boundary")));
        return;
    }
    judge_phases(judging, finding, boundary->as.boundary.phases, header->at, true);
}

void judge_phases_declared(const struct judging *judging, struct finding *finding)
{
    const struct decl *header = profile_header(judging, HEADER_BOUNDARY);
    judge_phases(judging, finding, judging->demand->as.demand.names,
                 header == NULL ? judging->rule->name.at : header->at, false);
}

static bool is_exclusion(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_HEADER && (decl->as.header.kind == HEADER_EXCLUDE || decl->as.header.kind == HEADER_ZERO);
}

/* Without a reason it does not compile. */
void judge_exclusions_reasoned(const struct judging *judging, struct finding *finding)
{
    profile_decide_each(profile_first(judging, is_exclusion), NULL, finding, T_PLAIN);
}

/* ---- warming potentials, cut-off --------------------------------------------------------------------------------- */

static void find_gwp(void *context, struct expr *expr)
{
    *(bool *)context |= expr->kind == EXPR_CALL && expr->ref.kind == REF_PREDEFINED && expr->ref.index == PREDEFINED_GWP;
}

static void walk_for_gwp(void *context, struct expr *expr)
{
    expr_walk(expr, find_gwp, context);
}

static bool weighs_gas(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    struct decl *visited = (struct decl *)(uintptr_t)decl; /* the walk changes nothing */
    bool is_found = false;
    decl_each_expr(visited, walk_for_gwp, &is_found);
    return is_found;
}

/* A rule that multiplies no gas by a potential need not name a set. */
static bool is_weighing(const struct judging *judging)
{
    return profile_header(judging, HEADER_GWP) != NULL || profile_first(judging, weighs_gas) != NULL;
}

void judge_gwp_stated(const struct judging *judging, struct finding *finding)
{
    if (!is_weighing(judging)) {
        profile_not_concerned(finding);
        return;
    }
    profile_decide_header(judging, finding, HEADER_GWP, "gwp");
}

void judge_gwp_among(const struct judging *judging, struct finding *finding)
{
    if (!is_weighing(judging)) {
        profile_not_concerned(finding);
        return;
    }
    const struct decl *header = profile_header(judging, HEADER_GWP);
    bool is_said = header != NULL && header->as.header.names != NULL;
    profile_decide_among(judging, finding, is_said ? header->as.header.names->name.text : STR(""),
                is_said ? header->at : judging->rule->name.at, "gwp");
}

static bool is_cutoff(const struct judging *judging, const struct decl *decl)
{
    (void)judging;
    return decl->kind == DECL_CUTOFF;
}

void judge_cutoff_stated(const struct judging *judging, struct finding *finding)
{
    const struct decl *cutoff = profile_first(judging, is_cutoff);
    if (cutoff != NULL) {
        profile_met(finding, cutoff->at);
    } else {
        profile_unmet(finding, judging->rule->name.at, T_LACKS_HEADER, keyword_both(judging->arena, STR("cutoff")));
    }
}

/* A limit written as a number, as a share; false where it is computed. */
static bool share_of(const struct judging *judging, const struct expr *limit, struct rat *share)
{
    if (limit->kind != EXPR_NUMBER || !decimal_to_rat(judging->arena, limit->as.number.digits, share)) {
        return false;
    }
    *share = rat_mul(judging->arena, *share, limit->as.number.unit.scale);
    return true;
}

/* Sets the finding where the limit is not within the one demanded; false then. */
static bool is_within(const struct judging *judging, const struct decl *cutoff, const struct expr *limit,
                      const struct expr *demanded, struct finding *finding)
{
    struct rat is, may;
    if (demanded == NULL || limit == NULL) {
        return true;
    }
    if (!share_of(judging, limit, &is) || !share_of(judging, demanded, &may)) {
        finding->kind = FINDING_BY_HAND;
        finding->at = cutoff->at;
        finding->detail = (struct diag_text){T_LIMIT_COMPUTED, {STR("")}};
        return false;
    }
    if (rat_cmp(judging->arena, is, may) > 0) {
        profile_unmet(finding, limit->at, T_LIMIT_TOO_HIGH, span_text(judging->checked->sources, limit->at));
        finding->detail.args[1] = span_text(judging->checked->sources, demanded->at);
        return false;
    }
    return true;
}

void judge_cutoff_within(const struct judging *judging, struct finding *finding)
{
    profile_not_concerned(finding);
    for (const struct decl *item = judging->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind != DECL_CUTOFF) {
            continue;
        }
        const struct decl *demand = judging->demand;
        if (!is_within(judging, item, item->as.cutoff.each, demand->as.demand.each, finding) ||
            !is_within(judging, item, item->as.cutoff.together, demand->as.demand.together, finding)) {
            return;
        }
        profile_met(finding, item->at);
    }
}
