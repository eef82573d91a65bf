#include "compiler/lifecycle.h"

#include "compiler/resolve.h"

/* Another spelling that the module of the declaration gives it; the prelude's are not names of all modules. */
static bool has_alias(const struct decl *decl, struct str word)
{
    for (const struct decl *item = decl->module->items; item != NULL; item = item->next) {
        const struct alias *alias = item->kind == DECL_NAMES ? item->as.names.aliases : NULL;
        for (; alias != NULL; alias = alias->next) {
            if (str_eq(alias->other.text, word) && str_eq(alias->first.text, decl->name.text)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_called(const struct checked *checked, const struct decl *decl, struct str word)
{
    return str_eq(decl->name.text, word) || has_alias(decl, word) ||
           str_eq(decl->name.text, resolve_canonical(checked, word));
}

struct decl *structure_find_in(const struct checked *checked, struct decl *first, enum decl_kind kind, struct str word)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        if (decl->kind == kind && is_called(checked, decl, word)) {
            return decl;
        }
    }
    return NULL;
}

static void each_in_module(const struct module *module, enum decl_kind kind, structure_visitor *visit, void *context)
{
    for (struct decl *decl = module->items; decl != NULL; decl = decl->next) {
        if (decl->kind == kind) {
            visit(context, decl);
        }
    }
}

void structure_each(const struct checked *checked, const struct module *here, enum decl_kind kind,
                    structure_visitor *visit, void *context)
{
    each_in_module(here, kind, visit, context);
    for (size_t i = 0; i < here->import_count; i++) {
        if (!here->imports[i]->is_prelude) {
            each_in_module(here->imports[i], kind, visit, context);
        }
    }
    for (size_t i = 0; i < checked->module_count; i++) {
        if (checked->modules[i]->is_prelude && checked->modules[i] != here) {
            each_in_module(checked->modules[i], kind, visit, context);
        }
    }
}

struct search { /* for the first declaration of the name */
    const struct checked *checked;
    struct str word;
    struct decl *found;
};

static void search_in(void *context, struct decl *decl)
{
    struct search *search = context;
    if (search->found == NULL && is_called(search->checked, decl, search->word)) {
        search->found = decl;
    }
}

struct decl *structure_find(const struct checked *checked, const struct module *here, enum decl_kind kind,
                            struct str word)
{
    struct search search = {checked, word, NULL};
    structure_each(checked, here, kind, search_in, &search);
    return search.found;
}

struct members_search {
    const struct checked *checked;
    struct str word;
    struct found_members found;
};

static void search_members(void *context, struct decl *breakdown)
{
    struct members_search *search = context;
    struct decl *found = structure_find_in(search->checked, breakdown->as.breakdown.members, DECL_BREAKDOWN_MEMBER,
                                           search->word);
    if (search->found.first == NULL) {
        search->found.first = found;
    } else if (search->found.second == NULL) {
        search->found.second = found;
    }
}

struct found_members structure_find_member(const struct checked *checked, const struct module *here, struct str word)
{
    struct members_search search = {checked, word, {NULL, NULL}};
    structure_each(checked, here, DECL_BREAKDOWN, search_members, &search);
    return search.found;
}

struct str structure_canonical(const struct checked *checked, struct str word)
{
    for (size_t i = 0; i < checked->module_count; i++) {
        for (const struct decl *item = checked->modules[i]->items; item != NULL; item = item->next) {
            const struct alias *alias = item->kind == DECL_NAMES ? item->as.names.aliases : NULL;
            for (; alias != NULL; alias = alias->next) {
                if (str_eq(alias->other.text, word)) {
                    return alias->first.text;
                }
            }
        }
    }
    return word;
}

/* ---- as messages call it ---------------------------------------------------------------------------------------- */

struct str structure_other_name(const struct decl *decl)
{
    for (const struct decl *item = decl->module->items; item != NULL; item = item->next) {
        const struct alias *alias = item->kind == DECL_NAMES ? item->as.names.aliases : NULL;
        for (; alias != NULL; alias = alias->next) {
            if (str_eq(alias->first.text, decl->name.text)) {
                return alias->other.text;
            }
        }
    }
    return STR("");
}

struct str structure_name(struct arena *arena, const struct decl *decl)
{
    struct str other = structure_other_name(decl);
    return other.len == 0 ? decl->name.text : diag_both(arena, decl->name.text, other);
}
