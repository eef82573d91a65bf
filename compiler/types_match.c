#include "compiler/types.h"

#include "compiler/lost.h"
#include "grammar/keywords.h"

static void check_arms(struct typer *typer, const struct expr *expr);

/* ---- if --------------------------------------------------------------------------------------------------------- */

/* Both branches with what the condition says; bare members take their choice from the other branch. */
static void type_branches(struct typer *typer, struct expr *expr, const struct type *expected)
{
    const struct fact *facts = typer->facts;
    struct expr *condition = expr->as.conditional.condition;
    struct expr *branches[2] = {expr->as.conditional.then, expr->as.conditional.otherwise};
    bool is_first_bare = branches[0]->kind == EXPR_NAME && branches[0]->ref.kind == REF_NONE;
    for (int i = 0; i < 2; i++) {
        int which = is_first_bare ? 1 - i : i;
        const struct expr *other = branches[1 - which];
        facts_assume(typer, condition, which == 0);
        type_flow(typer, branches[which], i == 1 && !is_error(other) ? &other->type : expected);
        typer->facts = facts;
    }
}

void type_if(struct typer *typer, struct expr *expr, const struct type *expected)
{
    const struct expr *then = expr->as.conditional.then;
    const struct expr *otherwise = expr->as.conditional.otherwise;
    bool is_condition = type_as_bool(typer, expr->as.conditional.condition);
    type_branches(typer, expr, expected);
    if (is_error(then) || is_error(otherwise) || !is_condition) {
        return;
    }
    if (!types_agree(typer, &then->type, &otherwise->type)) {
        report_disagreement(typer, otherwise->at, (struct side){.expr = then, .type = then->type},
                            (struct side){.expr = otherwise, .type = otherwise->type});
        return;
    }
    expr->type = then->type;
    expr->type.is_optional |= otherwise->type.is_optional;
    expr->type.can_be_missing |= otherwise->type.can_be_missing;
    expr->type.is_whole &= otherwise->type.is_whole;
}

/* ---- patterns --------------------------------------------------------------------------------------------------- */

static bool refuse_pattern(struct typer *typer, const struct pattern *pattern, const struct type *type)
{
    struct str key = str_format(typer->arena, "%p", (const void *)type); /* of one key or subject: one mistake */
    diag_add_about(typer->out, D_PATTERN_TYPE, key, pattern->at, DIAG_ARGS(type_text(typer, type)));
    return false;
}

static bool type_member_pattern(struct typer *typer, struct pattern *pattern, const struct type *type)
{
    for (const struct decl *member = type->decl->as.choice.members; member != NULL; member = member->next) {
        if (str_eq(member->name.text, pattern->name.text)) {
            pattern->member = member->index;
            return true;
        }
    }
    if (!lost_name(typer->checked, NULL, pattern->name.text)) {
        report_unknown_choice_member(typer, type->decl, pattern->name);
    }
    return false;
}

static bool type_step_pattern(struct typer *typer, struct pattern *pattern, const struct type *type)
{
    struct expr *value = pattern->value;
    if (value == NULL || value->kind == EXPR_ERROR) {
        return false;
    }
    return type_as(typer, value, type, NULL);
}

static bool type_year_pattern(struct typer *typer, struct pattern *pattern, const struct type *type)
{
    int32_t first;
    int32_t last;
    if (pattern->value == NULL || pattern->value->kind == EXPR_ERROR) {
        return false;
    }
    if (!literal_year(pattern->value, &first) ||
        (pattern->kind == PATTERN_RANGE && (pattern->last == NULL || !literal_year(pattern->last, &last)))) {
        return refuse_pattern(typer, pattern, type);
    }
    type_expr(typer, pattern->value, type);
    if (pattern->kind == PATTERN_RANGE) {
        type_expr(typer, pattern->last, type);
        if (last < first) {
            diag_add(typer->out, D_RANGE_BACKWARDS, pattern->at, NULL, 0);
            return false;
        }
    }
    return true;
}

bool type_pattern(struct typer *typer, struct pattern *pattern, const struct type *type, bool is_step_allowed)
{
    if (pattern->kind == PATTERN_ERROR || type->kind == TYPE_ERROR) {
        return false;
    }
    switch (pattern->kind) {
    case PATTERN_ERROR:
        return false;
    case PATTERN_OTHERWISE:
        return true;
    case PATTERN_NAME:
        return type->kind == TYPE_CHOICE ? type_member_pattern(typer, pattern, type)
                                         : refuse_pattern(typer, pattern, type);
    case PATTERN_TEXT:
        return type->kind == TYPE_TEXT || type->kind == TYPE_REGION || refuse_pattern(typer, pattern, type);
    case PATTERN_NUMBER:
    case PATTERN_RANGE:
        return type->kind == TYPE_YEAR ? type_year_pattern(typer, pattern, type) : refuse_pattern(typer, pattern, type);
    case PATTERN_UP_TO:
    case PATTERN_BELOW:
        return type->kind == TYPE_NUMBER && is_step_allowed ? type_step_pattern(typer, pattern, type)
                                                            : refuse_pattern(typer, pattern, type);
    }
    return false;
}

/* ---- match ------------------------------------------------------------------------------------------------------ */

static void type_arm_values(struct typer *typer, struct expr *expr, const struct type *expected)
{
    size_t count = 0;
    for (const struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        count++;
    }
    struct expr **values = arena_array(typer->arena, struct expr *, count + 1);
    count = 0;
    for (struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        values[count++] = arm->value;
    }
    type_alike(typer, values, count, expected, true);
    expr->type = count > 0 ? values[0]->type : expr->type;
    for (size_t i = 1; i < count && !is_error(expr); i++) {
        struct type merged = expr->type;
        merged.is_optional |= values[i]->type.is_optional;
        merged.can_be_missing |= values[i]->type.can_be_missing;
        merged.is_whole &= values[i]->type.is_whole;
        expr->type = is_error(values[i]) ? values[i]->type : merged;
    }
}

void type_match(struct typer *typer, struct expr *expr, const struct type *expected)
{
    struct expr *subject = expr->as.match.subject;
    type_value(typer, subject, NULL);
    enum type_kind kind = subject->type.kind;
    if (kind != TYPE_ERROR && kind != TYPE_CHOICE && kind != TYPE_TEXT && kind != TYPE_REGION && kind != TYPE_YEAR) {
        diag_add(typer->out, D_MATCH_SUBJECT, subject->at, DIAG_ARGS(type_text(typer, &subject->type)));
        type_error(subject);
    }
    bool are_patterns = !is_error(subject);
    for (struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        for (struct pattern *pattern = arm->patterns; pattern != NULL; pattern = pattern->next) {
            are_patterns &= type_pattern(typer, pattern, &subject->type, false);
        }
    }
    if (are_patterns) {
        check_arms(typer, expr);
    }
    type_arm_values(typer, expr, expected);
    if (is_error(subject)) {
        type_error(expr);
    }
}

/* ---- every case, and each once ---------------------------------------------------------------------------------- */

static bool is_covered_by(const struct pattern *later, const struct pattern *earlier)
{
    int32_t a[2];
    int32_t b[2];
    switch (later->kind) {
    case PATTERN_NAME:
        return earlier->kind == PATTERN_NAME && earlier->member == later->member;
    case PATTERN_TEXT:
        return earlier->kind == PATTERN_TEXT && str_eq(earlier->text, later->text);
    case PATTERN_NUMBER:
    case PATTERN_RANGE:
        if (earlier->kind != PATTERN_NUMBER && earlier->kind != PATTERN_RANGE) {
            return false;
        }
        literal_year(later->value, &a[0]);
        literal_year(later->last != NULL ? later->last : later->value, &a[1]);
        literal_year(earlier->value, &b[0]);
        literal_year(earlier->last != NULL ? earlier->last : earlier->value, &b[1]);
        return a[0] <= b[1] && b[0] <= a[1];
    case PATTERN_OTHERWISE:
        return earlier->kind == PATTERN_OTHERWISE;
    case PATTERN_ERROR:
    case PATTERN_UP_TO:
    case PATTERN_BELOW:
        return false;
    }
    return false;
}

/* The first pattern before `later` that takes its cases. */
static const struct pattern *taken_by(const struct expr *expr, const struct pattern *later)
{
    for (const struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        for (const struct pattern *pattern = arm->patterns; pattern != NULL; pattern = pattern->next) {
            if (pattern == later) {
                return NULL;
            }
            if (is_covered_by(later, pattern)) {
                return pattern;
            }
        }
    }
    return NULL;
}

struct coverage {
    const struct pattern *otherwise;
    bool *has_member;
    size_t covered;
};

static bool count_patterns(struct typer *typer, const struct expr *expr, struct coverage *coverage)
{
    bool is_clean = true;
    for (const struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        for (const struct pattern *pattern = arm->patterns; pattern != NULL; pattern = pattern->next) {
            const struct pattern *earlier = taken_by(expr, pattern);
            if (earlier != NULL) {
                struct diag *diag = diag_add(typer->out, D_ARM_UNREACHABLE, pattern->at, NULL, 0);
                diag_label(typer->out, diag, earlier->at, T_FIRST_HERE, NULL, 0);
                is_clean = false;
            } else if (pattern->kind == PATTERN_OTHERWISE) {
                coverage->otherwise = pattern;
            } else if (pattern->kind == PATTERN_NAME) {
                coverage->has_member[pattern->member] = true;
                coverage->covered++;
            }
        }
    }
    return is_clean;
}

static void report_missing(struct typer *typer, const struct expr *expr, const struct coverage *coverage)
{
    struct buf missing = buf_in(typer->arena);
    const struct decl *member = expr->as.match.subject->type.decl->as.choice.members;
    for (; member != NULL; member = member->next) {
        if (!coverage->has_member[member->index]) {
            buf_add(&missing, missing.len == 0 ? STR("") : diag_both(typer->arena, STR(", "), STR("、")));
            buf_add(&missing, member->name.text);
        }
    }
    struct diag *diag = diag_add(typer->out, D_MATCH_MISSING, expr->at, DIAG_ARGS(buf_str(&missing)));
    const struct decl *choice = expr->as.match.subject->type.decl;
    diag_label(typer->out, diag, choice->name.at, T_MEMBERS_HERE, NULL, 0);
}

static void check_arms(struct typer *typer, const struct expr *expr)
{
    const struct type *subject = &expr->as.match.subject->type;
    size_t members = 0;
    for (const struct decl *member = subject->kind == TYPE_CHOICE ? subject->decl->as.choice.members : NULL;
         member != NULL; member = member->next) {
        members++;
    }
    struct coverage coverage = {.has_member = arena_array(typer->arena, bool, members + 1)};
    if (!count_patterns(typer, expr, &coverage)) {
        return;
    }
    if (subject->kind == TYPE_CHOICE && coverage.covered == members && coverage.otherwise != NULL) {
        diag_add(typer->out, D_ARM_UNREACHABLE, coverage.otherwise->at, NULL, 0);
    } else if (subject->kind == TYPE_CHOICE && coverage.covered < members && coverage.otherwise == NULL) {
        if (!typer->is_broken) {
            report_missing(typer, expr, &coverage);
        }
    } else if (subject->kind != TYPE_CHOICE && coverage.otherwise == NULL && !typer->is_broken) {
        diag_add(typer->out, D_MATCH_MISSING, expr->at, DIAG_ARGS(keyword_both(typer->arena, STR("otherwise"))));
    }
}
