/* Names that nothing has: what may have been meant. */
#include <string.h>

#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "grammar/keywords.h"

/* ---- unknown names ---------------------------------------------------------------------------------------------- */

void suggest_nearest(struct resolver *resolver, struct diag *diag, struct name name, const struct str *candidates,
                     size_t count)
{
    struct str nearest = str_nearest(name.text, candidates, count);
    if (nearest.len > 0 && !str_eq(nearest, name.text)) {
        diag_fix(resolver->out, diag, name.at, nearest, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    }
}

struct candidates {
    struct arena *arena;
    struct str *items;
    size_t count, cap;
};

static void add_candidate(struct candidates *candidates, struct str name)
{
    (void)arena_grow(candidates->arena, candidates->items, candidates->count, candidates->cap);
    candidates->items[candidates->count++] = name;
}

static void add_symbols(struct candidates *candidates, const struct symbols *symbols)
{
    for (size_t i = 0; symbols != NULL && i < symbols->count; i++) {
        add_candidate(candidates, symbols->index.entries[i].key);
    }
}

static struct candidates visible_names(const struct resolver *resolver)
{
    struct candidates candidates = {.arena = resolver->arena};
    for (const struct local *local = resolver->locals; local != NULL; local = local->outer) {
        const struct decl *first = NULL;
        switch (local->kind) {
        case LOCAL_BINDER:
            add_candidate(&candidates, local->name.text);
            break;
        case LOCAL_PARAMS:
            first = local->decl->as.function.params;
            break;
        case LOCAL_ROW:
            first = local->decl->as.field.type->fields;
            break;
        }
        for (; first != NULL; first = first->next) {
            add_candidate(&candidates, first->name.text);
        }
    }
    add_symbols(&candidates, resolver->process_values);
    add_symbols(&candidates, resolver->stage_values);
    add_symbols(&candidates, resolver->is_in_rule ? &resolver->rule_values : NULL);
    add_symbols(&candidates, &resolver->module->values);
    const struct module *module = resolver->module->module;
    for (size_t i = 0; i < module->import_count; i++) {
        add_symbols(&candidates, &scope_of(resolver, module->imports[i])->values);
    }
    for (size_t i = 0; i < resolver->known.count; i++) {
        if (resolver->known_decls[i]->kind == DECL_CHOICE_MEMBER) {
            add_candidate(&candidates, resolver->known.entries[i].key);
        }
    }
    for (int id = PREDEFINED_NONE + 1; id < PREDEFINED_COUNT_OF; id++) {
        add_candidate(&candidates, predefined_text((enum predefined)id, LANG_EN));
    }
    return candidates;
}

/* What an imported module imports itself is not visible here: says through which one the module came. */
void note_module(struct resolver *resolver, struct diag *diag, struct str name, const struct module *module)
{
    const struct module *here = resolver->module->module;
    diag_note(resolver->out, diag, T_NAME_IN_MODULE, DIAG_ARGS(name, module->name));
    for (size_t i = 0; i < here->import_count; i++) {
        const struct module *between = here->imports[i];
        for (size_t k = 0; k < between->import_count; k++) {
            if (between->imports[k] == module) {
                diag_note(resolver->out, diag, T_IMPORT_NOT_PASSED_ON, DIAG_ARGS(between->name, module->name));
                return;
            }
        }
    }
}

/* The name exists, but not as a value that is visible here: says where and how it is written. */
static bool note_elsewhere(struct resolver *resolver, struct diag *diag, struct name name)
{
    uint32_t at;
    if (!map_get(&resolver->known, name.text, &at)) {
        return false;
    }
    const struct decl *decl = resolver->known_decls[at];
    const struct decl *parent = decl->parent;
    diag_label(resolver->out, diag, decl->name.at, T_HERE, NULL, 0);
    if (decl->kind == DECL_FIELD && parent != NULL && parent->kind == DECL_FIELD) {
        diag_note(resolver->out, diag, T_NAME_IS_LIST_FIELD, DIAG_ARGS(name.text, parent->name.text));
    } else if (decl->kind == DECL_EMIT) {
        while (parent != NULL && parent->kind == DECL_PROCESS) {
            parent = parent->parent;
        }
        struct str stage = parent == NULL ? STR("") : parent->name.text;
        diag_note(resolver->out, diag, T_NAME_IS_FLOW, DIAG_ARGS(name.text, stage));
    } else if ((decl->kind == DECL_LET || decl->kind == DECL_FIELD) && parent != NULL && parent->kind != DECL_RULE &&
               parent->name.text.len > 0) {
        diag_note(resolver->out, diag, T_NAME_IS_LOCAL, DIAG_ARGS(name.text, parent->name.text));
    } else if (decl->module != resolver->module->module) {
        note_module(resolver, diag, name.text, decl->module);
    } else {
        diag_note(resolver->out, diag, T_NAME_IS_OTHER, DIAG_ARGS(name.text, decl_kind_text(resolver->arena, decl)));
    }
    return true;
}

/* `1 kg / h`: the blanks part the unit. The fix takes them away. */
static void note_unit(struct resolver *resolver, struct diag *diag, struct name name)
{
    diag_note(resolver->out, diag, T_NAME_IS_UNIT, DIAG_ARGS(name.text));
    struct str text = sources_get(resolver->checked->sources, name.at.file)->text;
    uint32_t after = name.at.off, from;
    while (after > 0 && text.at[after - 1] == ' ') {
        after--;
    }
    for (from = after > 0 ? after - 1 : 0; from > 0 && text.at[from - 1] == ' ';) {
        from--;
    }
    uint32_t word = from;
    while (word > 0 && strchr(" \n(,", text.at[word - 1]) == NULL) {
        word--;
    }
    if (after > 0 && text.at[after - 1] == '/' && name.at.off - from > 1 && word < from) {
        struct span unit = {name.at.file, word, name.at.off + name.at.len - word};
        struct str joined = str_format(resolver->arena, "%.*s/%.*s", STR_FMT(str_slice(text, word, from)),
                                       STR_FMT(span_text(resolver->checked->sources, name.at)));
        diag_fix(resolver->out, diag, unit, joined, DIAG_NONE, NULL, 0);
    }
}

void report_unknown_name(struct resolver *resolver, struct name name)
{
    if (lost_word(resolver->checked, &resolver->known, name.text)) {
        return;
    }
    struct candidates candidates = visible_names(resolver);
    bool is_near = str_nearest(name.text, candidates.items, candidates.count).len > 0;
    bool is_other_refused = resolver->doubtful.count > 0 && scope_any_member(resolver, name.text) == NULL;
    if (!is_near && (is_other_refused || lost_some_name(resolver->checked))) {
        return; /* perhaps that one */
    }
    struct diag *diag = diag_add_unknown(resolver->out, D_UNKNOWN_NAME, name.text, name.at, DIAG_ARGS(name.text));
    struct unit unit;
    if (diag == NULL) {
        return;
    }
    if (unit_parse_known(resolver->checked->units, name.text, &unit).error == UNIT_OK) {
        note_unit(resolver, diag, name);
    } else if (!note_elsewhere(resolver, diag, name)) {
        suggest_nearest(resolver, diag, name, candidates.items, candidates.count);
    }
}
