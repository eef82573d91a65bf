/* Allocations and rows of the reference: every flow belongs to a row or is allocated to them, once. */
#include "compiler/check.h"

#include "compiler/mentions.h"
#include "compiler/walk.h"

/* ---- one allocation ---- */

static bool has_reason(const struct decl *decl)
{
    return decl->attributes.because.text[LANG_EN].len > 0 || decl->attributes.because.text[LANG_ZH].len > 0;
}

static void check_allocation(struct checker *checker, const struct decl *allocate)
{
    const struct decl *reference = rule_reference_rows(checker->checked->rule);
    const struct decl *list = decl_rows_list(allocate);
    if (!has_reason(allocate) && !checker->is_broken) {
        diag_add(checker->out, D_ALLOCATE_NO_REASON, allocate->at, NULL, 0);
    }
    size_t shares = 0;
    for (const struct decl *share = allocate->as.allocate.shares; share != NULL; share = share->next) {
        shares++;
    }
    if (list == NULL && allocate->attributes.rows == NULL && shares < 2 && !checker->is_broken) {
        diag_add(checker->out, D_SHARES_FEW, allocate->at, NULL, 0);
    }
    bool wants_take = list != NULL && allocate->as.allocate.take == NULL;
    if (wants_take && !allocates_to_rows(allocate, reference)) {
        diag_add(checker->out, D_ALLOCATE_NO_TAKE, allocate->attributes.rows_at, DIAG_ARGS(list->name.text));
    } else if (wants_take && (allocate->mentions & MENTIONS_ROW) != 0) {
        struct str row = reference->attributes.rows->as.comprehension.binder.text;
        struct str own = allocate->attributes.rows->as.comprehension.binder.text;
        diag_add(checker->out, D_ALLOCATE_OTHER_ROW, allocate->as.allocate.key->at, DIAG_ARGS(own, row));
    }
}

/* ---- flows ---- */

struct rows_check {
    struct checker *checker;
    const struct decl *rule, *reference, *list;
    const struct decl *stage; /* whose flow was reported last */
    struct diag *reported;
};

static bool is_target(const struct decl *allocate, const struct decl *emit)
{
    for (const struct target *target = allocate->as.allocate.targets; target != NULL; target = target->next) {
        for (const struct decl *group = emit->parent; group != NULL; group = group->parent) {
            if (target->group == group) {
                return true;
            }
        }
    }
    return false;
}

/* The allocations of these items, and of the stages and processes in them, that bring the flow to the rows. */
static const struct decl *find_allocation(const struct rows_check *check, const struct decl *items,
                                          const struct decl *emit, const struct decl *found)
{
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            found = find_allocation(check, item->as.stage.items, emit, found);
        }
        if (item->kind != DECL_ALLOCATE || !allocates_to_rows(item, check->reference) || !is_target(item, emit)) {
            continue;
        }
        if (found != NULL) {
            struct diag *diag = diag_add(check->checker->out, D_ALLOCATED_TWICE, item->at,
                                         DIAG_ARGS(decl_path(check->checker->arena, emit), check->list->name.text));
            diag_label(check->checker->out, diag, found->at, T_FIRST_HERE, NULL, 0);
        }
        found = item;
    }
    return found;
}

/* Of a stage one flow is reported, the others are pointed at: it is the stage that was forgotten. */
static void report_flow(struct rows_check *check, struct decl *emit)
{
    const struct decl *stage = decl_stage(emit);
    struct diags *out = check->checker->out;
    struct str path = decl_path(check->checker->arena, emit);
    if (check->stage == stage) {
        diag_label(out, check->reported, emit->name.at, T_FLOW_TOO, &path, 1);
        return;
    }
    struct str row = check->reference->attributes.rows->as.comprehension.binder.text;
    check->stage = stage;
    check->reported = diag_add(out, D_FLOW_NOT_ALLOCATED, emit->name.at, DIAG_ARGS(path, check->list->name.text));
    diag_label(out, check->reported, check->reference->attributes.rows_at, T_ROWS_HERE, NULL, 0);
    diag_note(out, check->reported, T_HINT_ALLOCATE, DIAG_ARGS(stage->name.text, row, check->list->name.text));
}

static void check_flow(struct rows_check *check, struct decl *emit)
{
    const struct decl *found = find_allocation(check, check->rule->as.rule.items, emit, NULL);
    bool is_poisoned = emit->as.emit.value == NULL || emit->as.emit.value->type.kind == TYPE_ERROR;
    if (found == NULL && !is_poisoned && (emit->mentions & MENTIONS_ROW) == 0) {
        report_flow(check, emit);
    }
}

static void check_items(struct rows_check *check, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        bool is_list = check->list != NULL && check->list->kind == DECL_FIELD;
        if (item->kind == DECL_ALLOCATE) {
            check_allocation(check->checker, item);
        } else if (item->kind == DECL_EMIT && is_list && !check->checker->is_broken) {
            check_flow(check, item);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            check_items(check, item->as.stage.items);
        }
    }
}

/* Rows of a table are alternatives, each with everything; rows of a list share the data. */
void check_rows(struct checker *checker, const struct decl *rule)
{
    struct rows_check check = {.checker = checker, .rule = rule, .reference = rule_reference_rows(rule)};
    check.list = check.reference == NULL ? NULL : decl_rows_list(check.reference);
    check_items(&check, rule->as.rule.items);
}
