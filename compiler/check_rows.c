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
    if (shares > 0 && allocate->as.allocate.taken.text.len == 0 && !checker->is_broken) {
        diag_add(checker->out, D_ALLOCATE_NO_TAKE, allocate->at, NULL, 0);
    }
    bool wants_take = list != NULL && allocate->as.allocate.take == NULL;
    if (wants_take && !allocates_to_rows(allocate, reference)) {
        diag_add(checker->out, D_ALLOCATE_NO_TAKE, allocate->attributes.rows_at, NULL, 0);
    } else if (wants_take && (allocate->mentions & MENTIONS_ROW) != 0) {
        struct str row = reference->attributes.rows->as.comprehension.binder.text;
        struct str own = allocate->attributes.rows->as.comprehension.binder.text;
        diag_add(checker->out, D_ALLOCATE_OTHER_ROW, allocate->as.allocate.key->at, DIAG_ARGS(own, row));
    }
}

/* ---- flows ---- */

struct rows_check {
    struct checker *checker;
    struct decl *rule;
    const struct decl *reference, *list;
    const struct decl *stage; /* whose flow was reported last */
    struct diag *reported;
};

struct flow_check { /* of one flow */
    const struct rows_check *check;
    const struct decl *emit;
    const struct decl *found; /* the allocation that brings it to the rows */
    unsigned mentions;        /* of its own and of its shares: a formula may use the row, too */
};

static void check_allocated(void *context, struct decl *allocate)
{
    struct flow_check *flow = context;
    const struct rows_check *check = flow->check;
    flow->mentions |= allocate->mentions;
    if (!allocates_to_rows(allocate, check->reference)) {
        return;
    }
    if (flow->found != NULL) {
        struct str path = decl_path(check->checker->arena, flow->emit);
        struct diag *diag =
            diag_add(check->checker->out, D_ALLOCATED_TWICE, allocate->at, DIAG_ARGS(path, check->list->name.text));
        diag_label(check->checker->out, diag, flow->found->at, T_FIRST_HERE, NULL, 0);
    }
    flow->found = allocate;
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
    struct flow_check flow = {.check = check, .emit = emit, .mentions = emit->mentions};
    flow_each_allocation(check->rule, emit, check_allocated, &flow);
    bool is_poisoned = emit->as.emit.value == NULL || emit->as.emit.value->type.kind == TYPE_ERROR;
    if (flow.found == NULL && !is_poisoned && (flow.mentions & MENTIONS_ROW) == 0) {
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
void check_rows(struct checker *checker, struct decl *rule)
{
    struct rows_check check = {.checker = checker, .rule = rule, .reference = rule_reference_rows(rule)};
    check.list = check.reference == NULL ? NULL : decl_rows_list(check.reference);
    check_items(&check, rule->as.rule.items);
}
