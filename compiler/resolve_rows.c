/* What goes over rows: `for each` of the reference and of stages, allocations, and emitted(…). */
#include "compiler/lifecycle.h"
#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

/* ---- for each --------------------------------------------------------------------------------------------------- */

struct local resolve_rows(struct resolver *resolver, struct decl *decl)
{
    struct expr *rows = decl->attributes.rows;
    resolve_source(resolver, rows->as.comprehension.source);
    return (struct local){.kind = LOCAL_BINDER,
                          .name = rows->as.comprehension.binder,
                          .binder = rows,
                          .decl = decl,
                          .outer = resolver->locals};
}

/* ---- stages and processes by name ------------------------------------------------------------------------------- */

static struct decl *find_process(const struct decl *stage, struct str name)
{
    struct decl *item = stage->as.stage.items;
    while (item != NULL && (item->kind != DECL_PROCESS || !str_eq(item->name.text, name))) {
        item = item->next;
    }
    return item;
}

static void report_unknown_group(struct resolver *resolver, struct name name)
{
    const struct symbols *stages = &resolver->stages;
    if (lost_name(resolver->checked, &resolver->known, name.text)) {
        return;
    }
    struct str *names = arena_array(resolver->arena, struct str, stages->count + 1);
    for (size_t i = 0; i < stages->count; i++) {
        names[i] = stages->index.entries[i].key;
    }
    struct diag *diag = diag_add(resolver->out, D_UNKNOWN_STAGE, name.at, DIAG_ARGS(name.text));
    suggest_nearest(resolver, diag, name, names, stages->count);
}

static void report_unknown_process(struct resolver *resolver, const struct decl *stage, struct name name)
{
    struct str names[64];
    size_t count = 0;
    for (const struct decl *item = stage->as.stage.items; item != NULL && count < countof(names); item = item->next) {
        if (item->kind == DECL_PROCESS) {
            names[count++] = item->name.text;
        }
    }
    if (!lost_name(resolver->checked, &resolver->known, name.text)) {
        struct diag *diag = diag_add(resolver->out, D_UNKNOWN_PROCESS, name.at, DIAG_ARGS(stage->name.text, name.text));
        diag_label(resolver->out, diag, stage->name.at, T_FIRST_HERE, NULL, 0);
        suggest_nearest(resolver, diag, name, names, count);
    }
}

/* ---- allocations ------------------------------------------------------------------------------------------------ */

static void resolve_target(struct resolver *resolver, struct target *target)
{
    struct decl *stage = symbols_find(&resolver->stages, target->stage.text);
    if (stage == NULL) {
        report_unknown_group(resolver, target->stage);
        return;
    }
    target->group = target->process.text.len == 0 ? stage : find_process(stage, target->process.text);
    if (target->group == NULL) {
        report_unknown_process(resolver, stage, target->process);
    }
}

static bool is_group(const struct decl *decl)
{
    return decl != NULL && (decl->kind == DECL_STAGE || decl->kind == DECL_PROCESS);
}

/* Inside a stage or process an allocation is about that; else it names what it is about. */
static void resolve_targets(struct resolver *resolver, struct decl *allocate)
{
    struct target *first = allocate->as.allocate.targets;
    if (is_group(allocate->parent)) {
        if (first != NULL) {
            diag_add(resolver->out, D_ALLOCATE_TARGET_INSIDE, first->stage.at, DIAG_ARGS(allocate->parent->name.text));
        }
        first = allocate->as.allocate.targets = arena_new(resolver->arena, struct target);
        first->group = allocate->parent;
        return;
    }
    if (first == NULL) {
        diag_add(resolver->out, D_ALLOCATE_NO_TARGET, allocate->at, NULL, 0);
    }
    for (; first != NULL; first = first->next) {
        resolve_target(resolver, first);
    }
}

/* `p` of the reference may be the row variable of an allocation over the same list: they mean the same rows. */
static bool is_row_of_reference(const struct resolver *resolver, const struct expr *rows)
{
    const struct decl *reference = rule_reference_rows(resolver->checked->rule);
    const struct expr *whole = reference == NULL ? NULL : reference->attributes.rows;
    const struct expr *source = rows->as.comprehension.source;
    return whole != NULL && source->ref.kind == REF_DECL &&
           source->ref.kind == whole->as.comprehension.source->ref.kind &&
           source->ref.decl == whole->as.comprehension.source->ref.decl &&
           str_eq(rows->as.comprehension.binder.text, whole->as.comprehension.binder.text);
}

static void resolve_shares(struct resolver *resolver, struct decl *allocate)
{
    bool is_known = false;
    size_t count = 0;
    struct str names[64];
    const struct decl *rest = NULL;
    for (struct decl *share = allocate->as.allocate.shares; share != NULL; share = share->next) {
        struct expr *value = share->as.share.value;
        bool is_rest = value->kind == EXPR_NAME && predefined_lookup(value->as.name.text) == PREDEFINED_REST;
        is_known = is_known || str_eq(share->name.text, allocate->as.allocate.taken.text);
        if (count < countof(names)) {
            names[count++] = share->name.text;
        }
        if (!is_rest) {
            resolve_expr(resolver, value);
            continue;
        }
        value->ref = (struct ref){.kind = REF_PREDEFINED, .index = PREDEFINED_REST};
        if (rest != NULL) {
            struct diag *diag = diag_add(resolver->out, D_REST_TWICE, value->at, NULL, 0);
            diag_label(resolver->out, diag, rest->as.share.value->at, T_FIRST_HERE, NULL, 0);
        }
        rest = share;
    }
    struct name taken = allocate->as.allocate.taken;
    if (!is_known && taken.text.len > 0 && !allocate->is_broken && !lost_name(resolver->checked, &resolver->known, taken.text)) {
        struct diag *diag = diag_add(resolver->out, D_SHARE_UNKNOWN, taken.at, DIAG_ARGS(taken.text));
        suggest_nearest(resolver, diag, taken, names, count);
    }
}

void resolve_allocation(struct resolver *resolver, struct decl *allocate)
{
    struct expr *rows = allocate->attributes.rows;
    resolve_targets(resolver, allocate);
    if (rows == NULL) {
        scope_check_siblings(resolver, allocate->as.allocate.shares);
        resolve_shares(resolver, allocate);
        return;
    }
    struct local local = resolve_rows(resolver, allocate);
    if (!is_row_of_reference(resolver, rows)) {
        scope_may_introduce(resolver, local.name);
    }
    resolver->locals = &local;
    resolve_expr(resolver, allocate->as.allocate.key);
    resolve_expr(resolver, allocate->as.allocate.take);
    resolver->locals = local.outer;
}

/* ---- emitted ---------------------------------------------------------------------------------------------------- */

/* A category, or the member of a breakdown. */
static bool is_cut(const struct resolver *resolver, struct str word)
{
    const struct module *here = resolver->module->module;
    return word_is_known(WORDS_CATEGORY, word) || structure_find_member(resolver->checked, here, word).first != NULL;
}

/* These are results: only what belongs to the results may name them. */
static void refer_to_cut(struct resolver *resolver, struct expr *arg)
{
    if (!resolver->may_name_results) {
        diag_add(resolver->out, D_CATEGORY_IN_FORMULA, arg->at, NULL, 0);
        return;
    }
    bool is_category = false;
    resolve_cut(resolver, &arg->as.name, &is_category);
    arg->ref = (struct ref){.kind = REF_CATEGORY, .decl = resolver->checked->rule};
}

static void refer_to_group(struct resolver *resolver, struct expr *arg)
{
    struct decl *stage = symbols_find(&resolver->stages, arg->as.name.text);
    if (stage != NULL) {
        arg->ref = (struct ref){.kind = REF_DECL, .decl = stage};
    } else if (is_cut(resolver, arg->as.name.text)) {
        refer_to_cut(resolver, arg);
    } else {
        report_unknown_group(resolver, arg->as.name);
    }
}

static void refer_to_part(struct resolver *resolver, struct expr *arg)
{
    struct name name = arg->as.member.name;
    struct decl *stage = symbols_find(&resolver->stages, arg->as.member.operand->as.name.text);
    if (stage == NULL) {
        report_unknown_group(resolver, arg->as.member.operand->as.name);
        return;
    }
    struct decl *part = find_process(stage, name.text);
    part = part != NULL ? part : stage_find_flow(stage, name.text);
    if (part == NULL) {
        report_unknown_process(resolver, stage, name);
    } else {
        arg->ref = (struct ref){.kind = REF_DECL, .decl = part};
    }
}

bool resolve_emitted(struct resolver *resolver, struct expr *call, enum predefined id)
{
    struct arg *arg = call->as.call.args;
    if (arg == NULL || arg->next != NULL || arg->name.text.len > 0) {
        diag_add(resolver->out, D_ARGUMENT_COUNT, call->at,
                 DIAG_ARGS(predefined_both(resolver->arena, id), STR("1")));
        return false;
    }
    if (id == PREDEFINED_COUNTED && !resolver->may_name_results) {
        diag_add(resolver->out, D_COUNTED_IN_FORMULA, call->at, NULL, 0);
        return false;
    }
    struct expr *value = arg->value;
    if (value->kind == EXPR_NAME) {
        refer_to_group(resolver, value);
    } else if (value->kind == EXPR_MEMBER && value->as.member.operand->kind == EXPR_NAME) {
        refer_to_part(resolver, value);
    } else if (value->kind != EXPR_ERROR) {
        diag_add(resolver->out, D_EMITTED_OF_WHAT, value->at, NULL, 0);
    }
    return value->ref.kind != REF_NONE;
}
