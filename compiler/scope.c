/* Which declaration a name means, by where it stands. */
#include <string.h>

#include "compiler/resolve.h"

/* ---- one scope -------------------------------------------------------------------------------------------------- */

struct symbols symbols_in(struct arena *arena)
{
    return (struct symbols){.index = map_in(arena)};
}

bool symbols_add(struct symbols *symbols, struct str name, struct decl *decl)
{
    if (name.len == 0 || !map_add(&symbols->index, name, (uint32_t)symbols->count)) {
        return name.len == 0;
    }
    (void)arena_grow(symbols->index.arena, symbols->decls, symbols->count, symbols->cap);
    symbols->decls[symbols->count++] = decl;
    return true;
}

struct decl *symbols_find(const struct symbols *symbols, struct str name)
{
    uint32_t at;
    return map_get(&symbols->index, name, &at) ? symbols->decls[at] : NULL;
}

/* ---- lookup ----------------------------------------------------------------------------------------------------- */

const struct module_scope *scope_of(const struct resolver *resolver, const struct module *module)
{
    size_t i = 0;
    while (resolver->modules[i].module != module) {
        i++;
    }
    return &resolver->modules[i];
}

static struct decl *imported_value(struct resolver *resolver, const struct module *module, struct name name)
{
    struct decl *found = NULL;
    for (size_t i = 0; i < module->import_count; i++) {
        struct decl *decl = symbols_find(&scope_of(resolver, module->imports[i])->values, name.text);
        if (decl != NULL && found != NULL && decl != found) {
            struct diag *diag = diag_add(resolver->out, D_IMPORTS_AMBIGUOUS, name.at,
                                         DIAG_ARGS(name.text, found->module->name, decl->module->name));
            diag_label(resolver->out, diag, found->name.at, T_FIRST_HERE, NULL, 0);
        }
        found = found == NULL ? decl : found;
    }
    return found;
}

struct decl *scope_module_value(struct resolver *resolver, const struct module_scope *scope, struct name name)
{
    struct decl *decl = symbols_find(&scope->values, name.text);
    return decl != NULL ? decl : imported_value(resolver, scope->module, name);
}

struct decl *scope_value(struct resolver *resolver, struct name name)
{
    struct decl *decl = NULL;
    if (resolver->process_values != NULL) {
        decl = symbols_find(resolver->process_values, name.text);
    }
    if (decl == NULL && resolver->stage_values != NULL) {
        decl = symbols_find(resolver->stage_values, name.text);
    }
    if (decl == NULL && resolver->is_in_rule) {
        decl = symbols_find(&resolver->rule_values, name.text);
    }
    return decl != NULL ? decl : scope_module_value(resolver, resolver->module, name);
}

struct decl *scope_type(struct resolver *resolver, struct str name)
{
    struct decl *decl = resolver->is_in_rule ? symbols_find(&resolver->rule_types, name) : NULL;
    if (decl == NULL) {
        decl = symbols_find(&resolver->module->types, name);
    }
    const struct module *module = resolver->module->module;
    for (size_t i = 0; decl == NULL && i < module->import_count; i++) {
        decl = symbols_find(&scope_of(resolver, module->imports[i])->types, name);
    }
    return decl;
}

static struct decl *find_in(struct decl *first, struct str name, uint32_t *index)
{
    *index = 0;
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        if (str_eq(decl->name.text, name)) {
            return decl;
        }
        ++*index;
    }
    return NULL;
}

const struct local *scope_local(const struct resolver *resolver, struct str name, uint32_t *index, struct decl **field)
{
    *field = NULL;
    *index = 0;
    for (const struct local *local = resolver->locals; local != NULL; local = local->outer) {
        switch (local->kind) {
        case LOCAL_BINDER:
            if (str_eq(local->name.text, name)) {
                return local;
            }
            break;
        case LOCAL_PARAMS:
            if (find_in(local->decl->as.function.params, name, index) != NULL) {
                return local;
            }
            break;
        case LOCAL_ROW:
            *field = find_in(local->decl->as.field.type->fields, name, index);
            if (*field != NULL) {
                return local;
            }
            break;
        }
    }
    return NULL;
}

struct decl *scope_stage(const struct resolver *resolver, struct str name)
{
    return resolver->is_in_rule ? symbols_find(&resolver->stages, name) : NULL;
}

struct decl *stage_find_flow(const struct decl *stage, struct str name)
{
    for (struct decl *item = stage->as.stage.items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT && str_eq(item->name.text, name)) {
            return item;
        }
        struct decl *inner = item->kind == DECL_PROCESS ? stage_find_flow(item, name) : NULL;
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

struct decl *choice_find_member(const struct decl *choice, struct str name)
{
    for (struct decl *member = choice->as.choice.members; member != NULL; member = member->next) {
        if (str_eq(member->name.text, name)) {
            return member;
        }
    }
    return NULL;
}

struct decl *scope_any_member(const struct resolver *resolver, struct str name)
{
    for (size_t i = 0; i < resolver->checked->module_count; i++) {
        for (struct decl *item = resolver->checked->modules[i]->items; item != NULL; item = item->next) {
            struct decl *member = item->kind == DECL_CHOICE ? choice_find_member(item, name) : NULL;
            if (member != NULL) {
                return member;
            }
        }
    }
    return NULL;
}
