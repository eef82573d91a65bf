/* Words in name spaces of their own: life cycles with their phases and boundaries, breakdowns with their members,
   profiles. What a rule names is looked up in its own module, in those that it imports, and in the prelude. */
#include "compiler/lifecycle.h"
#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "grammar/keywords.h"

/* ---- words that are not known ----------------------------------------------------------------------------------- */

enum { KNOWN_MAX = 64 };
struct known {
    struct arena *arena;
    struct str names[KNOWN_MAX]; /* in both spellings, for "did you mean" */
    size_t count;
    struct buf list;
};

static void add_known_word(struct known *known, struct str word, struct str shown)
{
    if (known->count < KNOWN_MAX) {
        buf_add(&known->list, known->count == 0 ? STR("") : diag_both(known->arena, STR(", "), STR("、")));
        buf_add(&known->list, shown);
        known->names[known->count++] = word;
    }
}

static void add_known(void *context, struct decl *decl)
{
    struct known *known = context;
    add_known_word(known, decl->name.text, structure_name(known->arena, decl));
    struct str other = structure_other_name(decl);
    if (other.len > 0 && known->count < KNOWN_MAX) {
        known->names[known->count++] = other; /* found, but not listed twice */
    }
}

static struct diag *report_unknown_word(struct resolver *resolver, const struct name *name, struct str what,
                                        const struct known *known)
{
    struct diag *diag =
        diag_add(resolver->out, D_UNKNOWN_WORD, name->at, DIAG_ARGS(name->text, what, buf_str(&known->list)));
    suggest_nearest(resolver, diag, *name, known->names, known->count);
    return diag;
}

static struct known known_in(struct resolver *resolver)
{
    return (struct known){.arena = resolver->arena, .list = buf_in(resolver->arena)};
}

static struct str what_is(struct resolver *resolver, enum decl_kind kind)
{
    const struct decl decl = {.kind = kind};
    return decl_kind_text(resolver->arena, &decl);
}

/* A lifecycle, breakdown or profile; the word becomes its first spelling. NULL: reported. */
static struct decl *take_structure(struct resolver *resolver, struct name *name, enum decl_kind kind)
{
    struct decl *found = structure_find(resolver->checked, resolver->module->module, kind, name->text);
    if (found != NULL) {
        name->text = found->name.text;
    } else if (!lost_name(resolver->checked, &resolver->known, name->text)) {
        struct known known = known_in(resolver);
        structure_each(resolver->checked, resolver->module->module, kind, add_known, &known);
        report_unknown_word(resolver, name, what_is(resolver, kind), &known);
    }
    return found;
}

struct other { /* is there a life cycle with this item? */
    const struct checked *checked;
    enum decl_kind kind;
    struct str name;
    bool is_found;
};

static void look_in(void *context, struct decl *lifecycle)
{
    struct other *other = context;
    other->is_found = other->is_found || structure_find_in(other->checked, lifecycle->as.lifecycle.items, other->kind,
                                                           other->name) != NULL;
}

/* In a file with a slip the rule may have named another life cycle, or the item may be what was lost of this one. */
static bool is_of_lost_lifecycle(struct resolver *resolver, const struct name *name, enum decl_kind kind)
{
    struct other other = {resolver->checked, kind, name->text, false};
    structure_each(resolver->checked, resolver->module->module, DECL_LIFECYCLE, look_in, &other);
    return resolver->is_broken && (other.is_found || lost_name(resolver->checked, &resolver->known, name->text));
}

/* A phase or boundary of the life cycle, likewise. */
static struct decl *take_item(struct resolver *resolver, const struct decl *lifecycle, struct name *name,
                              enum decl_kind kind)
{
    if (lifecycle == NULL || name->text.len == 0) {
        return NULL; /* which was reported, or the stage extends another */
    }
    struct decl *found = structure_find_in(resolver->checked, lifecycle->as.lifecycle.items, kind, name->text);
    if (found != NULL) {
        name->text = found->name.text;
        return found;
    }
    if (is_of_lost_lifecycle(resolver, name, kind)) {
        return NULL;
    }
    struct known known = known_in(resolver);
    for (struct decl *item = lifecycle->as.lifecycle.items; item != NULL; item = item->next) {
        if (item->kind == kind) {
            add_known(&known, item);
        }
    }
    struct diag *diag = report_unknown_word(resolver, name, what_is(resolver, kind), &known);
    diag_note(resolver->out, diag, T_LIFECYCLE_USED, DIAG_ARGS(lifecycle->name.text));
    return NULL;
}

struct decl *resolve_phase(struct resolver *resolver, struct name *phase)
{
    return take_item(resolver, resolver->checked->lifecycle, phase, DECL_PHASE);
}

void resolve_boundary(struct resolver *resolver, struct name *boundary)
{
    resolver->checked->boundary = take_item(resolver, resolver->checked->lifecycle, boundary, DECL_BOUNDARY);
}

/* ---- the head of the rule ---------------------------------------------------------------------------------------- */

void resolve_rule_lifecycle(struct resolver *resolver, struct decl *rule)
{
    struct name *name = NULL;
    const struct module_scope *before = resolver->module;
    for (struct decl *item = rule->as.rule.items; item != NULL && name == NULL; item = item->next) {
        bool names_it = item->kind == DECL_HEADER && item->as.header.kind == HEADER_LIFECYCLE;
        name = names_it && item->as.header.names != NULL ? &item->as.header.names->name : NULL;
        resolver->module = name == NULL ? before : scope_of(resolver, item->module);
    }
    resolver->checked->lifecycle =
        name != NULL ? take_structure(resolver, name, DECL_LIFECYCLE)
                     : structure_find(resolver->checked, before->module, DECL_LIFECYCLE, STR("iso_14067"));
    resolver->module = before;
}

/* Conformity with a standard of which there is no profile cannot be checked, and the rule may still declare it. */
void resolve_conformity(struct resolver *resolver, struct name *name)
{
    const struct decl *profile = structure_find(resolver->checked, resolver->module->module, DECL_PROFILE, name->text);
    if (profile != NULL) {
        name->text = profile->name.text;
        return;
    }
    if (lost_name(resolver->checked, &resolver->known, name->text)) {
        return;
    }
    struct known known = known_in(resolver);
    structure_each(resolver->checked, resolver->module->module, DECL_PROFILE, add_known, &known);
    struct diag *diag = diag_add(resolver->out, D_NO_PROFILE, name->at, DIAG_ARGS(name->text, buf_str(&known.list)));
    suggest_nearest(resolver, diag, *name, known.names, known.count);
}

/* ---- categories and members of breakdowns ----------------------------------------------------------------------- */

static void add_known_members(void *context, struct decl *breakdown)
{
    for (struct decl *member = breakdown->as.breakdown.members; member != NULL; member = member->next) {
        add_known(context, member);
    }
}

static void add_known_categories(struct known *known)
{
    struct str words[WORDS_MAX];
    size_t count = word_list(WORDS_CATEGORY, words);
    for (size_t i = 0; i < count; i++) {
        add_known_word(known, words[i], word_both(known->arena, WORDS_CATEGORY, words[i]));
    }
}

static void report_no_cut(struct resolver *resolver, const struct name *name)
{
    struct known known = known_in(resolver);
    add_known_categories(&known);
    structure_each(resolver->checked, resolver->module->module, DECL_BREAKDOWN, add_known_members, &known);
    report_unknown_word(resolver, name, diag_term(resolver->arena, T_WORD_CATEGORY), &known);
}

struct decl *resolve_cut(struct resolver *resolver, struct name *name, bool *is_category)
{
    struct str category = word_canonical(WORDS_CATEGORY, name->text);
    *is_category = word_is_known(WORDS_CATEGORY, category);
    if (*is_category) {
        name->text = category;
        return NULL;
    }
    struct found_members members =
        structure_find_member(resolver->checked, resolver->module->module, name->text);
    if (members.second != NULL) {
        struct diag *diag =
            diag_add(resolver->out, D_MEMBER_OF_TWO, name->at,
                     DIAG_ARGS(name->text, members.first->parent->name.text, members.second->parent->name.text));
        diag_label(resolver->out, diag, members.first->name.at, T_HERE, NULL, 0);
        diag_label(resolver->out, diag, members.second->name.at, T_HERE, NULL, 0);
    } else if (members.first != NULL) {
        name->text = members.first->name.text;
    } else if (!lost_name(resolver->checked, &resolver->known, name->text)) {
        report_no_cut(resolver, name);
    }
    return members.first;
}

/* What a flow is counted as: one category, and one member of any number of breakdowns. */
static void take_category(struct resolver *resolver, struct decl *emit, const struct name *name)
{
    if (emit->as.emit.category.len > 0) {
        diag_add(resolver->out, D_ONE_CATEGORY, name->at, DIAG_ARGS(emit->as.emit.category, name->text));
        return;
    }
    emit->as.emit.category = name->text;
    if (emit->as.emit.kind == EMIT_EMISSION && str_eq(name->text, STR("biogenic_removal"))) {
        struct diag *diag = diag_add(resolver->out, D_REMOVAL_EMITTED, name->at, NULL, 0);
        diag_note(resolver->out, diag, T_WRITE_REMOVE, DIAG_ARGS(emit->name.text));
    }
}

static void take_member(struct resolver *resolver, struct decl *emit, const struct name *name, struct decl *member,
                        size_t cap)
{
    for (size_t i = 0; i < emit->as.emit.member_count; i++) {
        if (emit->as.emit.members[i]->parent == member->parent) {
            diag_add(resolver->out, D_ONE_MEMBER, name->at,
                     DIAG_ARGS(emit->as.emit.members[i]->name.text, name->text, member->parent->name.text));
            return;
        }
    }
    if (emit->as.emit.members == NULL) {
        emit->as.emit.members = arena_array(resolver->arena, struct decl *, cap);
    }
    emit->as.emit.members[emit->as.emit.member_count++] = member;
}

void resolve_flow(struct resolver *resolver, struct decl *emit)
{
    size_t count = 0;
    for (struct name_list *item = emit->as.emit.as; item != NULL; item = item->next) {
        count++;
    }
    for (struct name_list *item = emit->as.emit.as; item != NULL; item = item->next) {
        bool is_category = false;
        struct decl *member = resolve_cut(resolver, &item->name, &is_category);
        if (is_category) {
            take_category(resolver, emit, &item->name);
        } else if (member != NULL) {
            take_member(resolver, emit, &item->name, member, count);
        }
    }
    bool is_credit = emit->as.emit.kind == EMIT_CREDIT;
    if (is_credit && emit->attributes.because_at.len == 0) {
        diag_add(resolver->out, D_CREDIT_NO_REASON, emit->name.at, DIAG_ARGS(emit->name.text));
    }
    if (emit->as.emit.kind == EMIT_REMOVAL && emit->as.emit.category.len == 0) {
        emit->as.emit.category = STR("biogenic_removal");
    }
}

void resolve_split(struct resolver *resolver, struct decl *factor)
{
    struct name_list *split = factor->as.factor.split;
    for (struct name_list *item = split; item != NULL; item = item->next) {
        item->name.text = word_canonical(WORDS_CATEGORY, item->name.text);
        refuse_repeated(resolver, split, item);
        if (str_eq(item->name.text, STR("biogenic_removal"))) {
            diag_add(resolver->out, D_SPLIT_REMOVAL, item->name.at, NULL, 0);
        } else if (!word_is_known(WORDS_CATEGORY, item->name.text)) {
            struct known known = known_in(resolver);
            add_known_categories(&known);
            report_unknown_word(resolver, &item->name, diag_term(resolver->arena, T_WORD_CATEGORY), &known);
        }
    }
    if (factor->attributes.initial != NULL && split != NULL && split->next != NULL) {
        diag_add(resolver->out, D_SPLIT_DEFAULT, factor->attributes.initial->at, DIAG_ARGS(split->name.text));
    }
}

/* ---- the declarations themselves --------------------------------------------------------------------------------- */

struct same_name { /* another declaration of the name, visible here too; of one module the earlier one */
    const struct decl *decl, *first;
};

static void search_same_name(void *context, struct decl *decl)
{
    struct same_name *same = context;
    bool is_before = decl->module != same->decl->module || decl->at.off < same->decl->at.off;
    if (same->first == NULL && is_before && str_eq(decl->name.text, same->decl->name.text)) {
        same->first = decl;
    }
}

void refuse_second(struct resolver *resolver, const struct decl *decl)
{
    struct same_name same = {decl, NULL};
    structure_each(resolver->checked, resolver->module->module, decl->kind, search_same_name, &same);
    if (same.first != NULL) {
        struct diag *diag = diag_add(resolver->out, D_DUPLICATE, decl->name.at, DIAG_ARGS(decl->name.text));
        diag_label(resolver->out, diag, same.first->name.at, T_FIRST_HERE, NULL, 0);
    }
}

static void refuse_same_names(struct resolver *resolver, const struct decl *first)
{
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        for (const struct decl *other = first; other != decl; other = other->next) {
            if (decl->kind == other->kind && decl->kind != DECL_ERROR && str_eq(decl->name.text, other->name.text)) {
                struct diag *diag = diag_add(resolver->out, D_DUPLICATE, decl->name.at, DIAG_ARGS(decl->name.text));
                diag_label(resolver->out, diag, other->name.at, T_FIRST_HERE, NULL, 0);
                break;
            }
        }
    }
}

void refuse_repeated(struct resolver *resolver, const struct name_list *first, const struct name_list *item)
{
    for (const struct name_list *other = first; other != item; other = other->next) {
        if (str_eq(other->name.text, item->name.text)) {
            struct diag *diag = diag_add(resolver->out, D_WORD_REPEATED, item->name.at, DIAG_ARGS(item->name.text));
            diag_label(resolver->out, diag, other->name.at, T_FIRST_HERE, NULL, 0);
        }
    }
}

void resolve_lifecycle(struct resolver *resolver, struct decl *lifecycle)
{
    bool has_phase = false;
    refuse_second(resolver, lifecycle);
    refuse_same_names(resolver, lifecycle->as.lifecycle.items);
    for (struct decl *item = lifecycle->as.lifecycle.items; item != NULL; item = item->next) {
        resolve_attributes(resolver, item);
        has_phase = has_phase || item->kind != DECL_BOUNDARY;
        struct name_list *phases = item->kind == DECL_BOUNDARY ? item->as.boundary.phases : NULL;
        for (struct name_list *phase = phases; phase != NULL; phase = phase->next) {
            take_item(resolver, lifecycle, &phase->name, DECL_PHASE);
            refuse_repeated(resolver, phases, phase);
        }
    }
    if (!has_phase && !resolver->is_broken) {
        diag_add(resolver->out, D_LIFECYCLE_EMPTY, lifecycle->name.at, DIAG_ARGS(lifecycle->name.text));
    }
}

void resolve_breakdown(struct resolver *resolver, struct decl *breakdown)
{
    refuse_second(resolver, breakdown);
    refuse_same_names(resolver, breakdown->as.breakdown.members);
    for (struct decl *member = breakdown->as.breakdown.members; member != NULL; member = member->next) {
        resolve_attributes(resolver, member);
        if (word_is_known(WORDS_CATEGORY, word_canonical(WORDS_CATEGORY, member->name.text))) {
            diag_add(resolver->out, D_MEMBER_IS_CATEGORY, member->name.at, DIAG_ARGS(member->name.text));
        }
    }
    if (breakdown->as.breakdown.members == NULL && !resolver->is_broken) {
        diag_add(resolver->out, D_BREAKDOWN_EMPTY, breakdown->name.at, DIAG_ARGS(breakdown->name.text));
    }
}
