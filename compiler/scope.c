#include <string.h>

#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

static void declare_module(struct resolver *resolver, struct module_scope *scope);
static void declare_rule(struct resolver *resolver, struct decl *rule);

void scope_declare_all(struct resolver *resolver)
{
    struct checked *checked = resolver->checked;
    resolver->modules = arena_array(resolver->arena, struct module_scope, checked->module_count);
    for (size_t i = 0; i < checked->module_count; i++) {
        resolver->modules[i].module = checked->modules[i];
        resolver->modules[i].values = symbols_in(resolver->arena);
        resolver->modules[i].types = symbols_in(resolver->arena);
        declare_module(resolver, &resolver->modules[i]);
    }
    if (checked->rule != NULL) {
        resolver->is_in_rule = true;
        declare_rule(resolver, checked->rule);
        resolver->is_in_rule = false;
    }
}

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

/* The value that the name means in a module, outside its rule. */
static struct decl *module_value(struct resolver *resolver, const struct module_scope *scope, struct name name)
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
    return decl != NULL ? decl : module_value(resolver, resolver->module, name);
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

/* ---- introducing names ------------------------------------------------------------------------------------------ */

bool scope_is_doubtful(const struct resolver *resolver, struct str name)
{
    return map_get(&resolver->doubtful, name, NULL);
}

/* The declaration is refused for its name. What was to be called otherwise may be missing under its own name. */
static void doubt(struct resolver *resolver, struct str name)
{
    map_add(&resolver->doubtful, name, 0);
}

static void report_taken(struct resolver *resolver, enum diag_code code, struct name name, const struct decl *first)
{
    struct str about = str_format(resolver->arena, "%p", (const void *)first);
    struct diag *diag = diag_add_about(resolver->out, code, about, name.at, DIAG_ARGS(name.text));
    if (diag != NULL) {
        diag_label(resolver->out, diag, first->name.at, T_FIRST_HERE, NULL, 0);
    }
}

/* The same of a value, type or stage, which others name. */
static void refuse_taken(struct resolver *resolver, enum diag_code code, struct name name, const struct decl *first)
{
    report_taken(resolver, code, name, first);
    doubt(resolver, name.text);
}

static bool is_predefined(struct resolver *resolver, struct name name)
{
    if (predefined_lookup(name.text) == PREDEFINED_NONE) {
        return false;
    }
    diag_add(resolver->out, D_PREDEFINED_NAME, name.at, DIAG_ARGS(name.text));
    doubt(resolver, name.text);
    return true;
}

/* A formula of a base cannot mean what the file of a variant declares. */
static bool is_of_variant(const struct resolver *resolver, struct name declared, struct name name)
{
    bool is_below = false; /* of the rule that declares it */
    for (const struct decl *rule = resolver->checked->rule; rule != NULL; rule = rule->base) {
        if (is_below && rule->at.file == name.at.file) {
            return true;
        }
        is_below = is_below || rule->at.file == declared.at.file;
    }
    return false;
}

bool scope_may_introduce(struct resolver *resolver, struct name name)
{
    if (name.text.len == 0 || is_predefined(resolver, name)) {
        return false;
    }
    uint32_t index;
    struct decl *field;
    const struct local *local = scope_local(resolver, name.text, &index, &field);
    if (local != NULL && local->kind == LOCAL_BINDER && is_of_variant(resolver, local->name, name)) {
        return true;
    }
    if (local != NULL) {
        struct span at = local->kind == LOCAL_BINDER ? local->name.at
                         : field != NULL             ? field->name.at
                                                     : local->decl->name.at;
        struct str about = str_format(resolver->arena, "%u:%u", (unsigned)at.file, (unsigned)at.off);
        struct diag *diag = diag_add_about(resolver->out, D_SHADOWS, about, name.at, DIAG_ARGS(name.text));
        if (diag != NULL) {
            diag_label(resolver->out, diag, at, T_FIRST_HERE, NULL, 0);
        }
        return false;
    }
    struct decl *visible = scope_value(resolver, name);
    const struct decl *first = visible;
    while (first != NULL && first->base != NULL) { /* said anew by a variant, and first by a base */
        first = first->base;
    }
    if (visible != NULL && !is_of_variant(resolver, first->name, name)) {
        report_taken(resolver, D_SHADOWS, name, visible); /* inside, the name means the inner one */
        return false;
    }
    return true;
}

/* A rule that extends another is one scope with it, yet each file sees its own imports: what one of them declares in
   the rule must not mean something else to a formula of the other. */
static void check_bases(struct resolver *resolver, const struct decl *decl)
{
    bool is_variant = false; /* the file of `decl` extends the one that is looked at */
    for (const struct decl *rule = resolver->checked->rule; rule != NULL; rule = rule->base) {
        if (rule->module == decl->module) {
            is_variant = true;
            continue;
        }
        const struct decl *other = module_value(resolver, scope_of(resolver, rule->module), decl->name);
        if (other == NULL || other == decl) {
            continue;
        }
        if (is_variant) {
            refuse_taken(resolver, D_SHADOWS, decl->name, other);
        } else if (other->module == rule->module) {
            refuse_taken(resolver, D_SHADOWS, other->name, decl);
        } else { /* what the variant imports */
            refuse_taken(resolver, D_SHADOWS, (struct name){decl->name.text, rule->as.rule.base.at}, decl);
        }
    }
}

/* A value of a module or of the rule: outer names are imports, or the module's. */
static void declare_value(struct resolver *resolver, struct symbols *values, struct decl *decl)
{
    if (decl->name.text.len == 0) {
        return;
    }
    struct decl *same = symbols_find(values, decl->name.text);
    bool is_gwp_table = decl == resolver->checked->gases; /* the function gwp reads it */
    if (same != NULL) {
        refuse_taken(resolver, D_DUPLICATE, decl->name, same);
    } else if (is_gwp_table || !is_predefined(resolver, decl->name)) {
        struct decl *outer = scope_value(resolver, decl->name);
        if (outer != NULL) {
            refuse_taken(resolver, D_SHADOWS, decl->name, outer);
        } else if (resolver->is_in_rule) {
            check_bases(resolver, decl);
        }
        symbols_add(values, decl->name.text, decl);
    }
}

/* A choice or a row type is nothing but a type; tables and lists are values, whose rows are types too. */
static bool is_only_type(const struct decl *decl)
{
    return decl->kind == DECL_CHOICE || decl->kind == DECL_ROW;
}

static void declare_type(struct resolver *resolver, struct symbols *types, struct decl *decl)
{
    struct name name = decl->name;
    struct unit unit;
    struct decl *same = scope_type(resolver, name.text);
    if (same == NULL) {
        same = symbols_find(types, name.text);
    }
    if (name.text.len == 0) {
        return;
    }
    if (type_is_predefined(name.text)) {
        diag_add(resolver->out, D_PREDEFINED_NAME, name.at, DIAG_ARGS(name.text));
        doubt(resolver, name.text);
    } else if (same != NULL && (is_only_type(same) || is_only_type(decl))) {
        refuse_taken(resolver, D_DUPLICATE, name, same); /* of values it was reported already */
    } else if (unit_parse(resolver->checked->units, name.text, &unit).error == UNIT_OK) {
        if (is_only_type(decl)) { /* tables and lists may be called so; their rows are then no type by name */
            diag_add(resolver->out, D_TYPE_IS_UNIT, name.at,
                     DIAG_ARGS(name.text, decl_kind_text(resolver->arena, decl)));
            doubt(resolver, name.text);
        } else if (decl->kind == DECL_FIELD) {
            symbols_add(&resolver->unit_lists, name.text, decl);
        }
    } else {
        symbols_add(types, name.text, decl);
    }
}

/* `wood wood`: that no comma stands between them was said. */
static bool is_doubled(const struct resolver *resolver, const struct decl *first, const struct decl *second)
{
    struct span a = first->name.at, b = second->name.at;
    uint32_t gap = a.off + a.len;
    struct str text = sources_get(resolver->checked->sources, a.file)->text;
    while (a.file == b.file && gap < b.off && (text.at[gap] == ' ' || text.at[gap] == '\t')) {
        gap++;
    }
    return a.file == b.file && gap == b.off;
}

void scope_check_siblings(struct resolver *resolver, struct decl *first)
{
    struct symbols seen = symbols_in(resolver->arena);
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        if (!symbols_add(&seen, decl->name.text, decl)) {
            const struct decl *same = symbols_find(&seen, decl->name.text);
            if (!resolver->is_broken || !is_doubled(resolver, same, decl)) {
                report_taken(resolver, D_DUPLICATE, decl->name, same);
            }
            if (decl->parent != NULL) {
                decl->parent->is_broken = true; /* what was to be called otherwise is missing */
            }
        }
    }
}

static bool is_value(const struct decl *decl)
{
    return decl->kind == DECL_TABLE || decl->kind == DECL_FUNCTION || decl->kind == DECL_LET ||
           decl->kind == DECL_EXTERNAL || decl->kind == DECL_FACTOR;
}

/* Members, keys, columns and parameters: each name once. */
static void check_parts(struct resolver *resolver, const struct decl *decl)
{
    if (decl->kind == DECL_CHOICE || decl->kind == DECL_TABLE || decl->kind == DECL_FUNCTION ||
        decl->kind == DECL_FACTOR) {
        scope_check_siblings(resolver, decl_inner(decl));
        scope_check_siblings(resolver, decl_columns(decl));
    }
}

/* Of a row type, and of the lists in it. */
static void check_fields(struct resolver *resolver, struct decl *row)
{
    struct decl *fields = decl_inner(row);
    scope_check_siblings(resolver, fields);
    for (struct decl *field = fields; field != NULL; field = field->next) {
        check_fields(resolver, field);
    }
}

static void declare_module(struct resolver *resolver, struct module_scope *scope)
{
    resolver->module = scope;
    for (struct decl *decl = scope->module->items; decl != NULL; decl = decl->next) {
        if (is_value(decl)) {
            declare_value(resolver, &scope->values, decl);
        }
        if (is_only_type(decl) || decl->kind == DECL_TABLE) {
            declare_type(resolver, &scope->types, decl);
        }
        if (decl->kind == DECL_ROW) {
            check_fields(resolver, decl);
        }
        check_parts(resolver, decl);
    }
}

/* ---- the rule --------------------------------------------------------------------------------------------------- */

/* Lists inside lists are row types too, where their name is the only one. */
static void declare_inner_lists(struct resolver *resolver, struct decl *fields)
{
    for (struct decl *field = fields; field != NULL; field = field->next) {
        if (field->kind != DECL_FIELD || field->as.field.type == NULL || field->as.field.type->kind != TYPE_REF_LIST) {
            continue;
        }
        struct decl *same = symbols_find(&resolver->rule_types, field->name.text);
        struct unit unit;
        if (unit_parse(resolver->checked->units, field->name.text, &unit).error == UNIT_OK) {
            symbols_add(&resolver->unit_lists, field->name.text, field); /* a unit: not a type of row */
        } else if (same == NULL) {
            symbols_add(&resolver->rule_types, field->name.text, field);
        } else if (same->parent->kind == DECL_FIELD) {
            symbols_add(&resolver->ambiguous_types, field->name.text, field);
        }
        scope_check_siblings(resolver, field->as.field.type->fields);
        declare_inner_lists(resolver, field->as.field.type->fields);
    }
}

/* Two stages (or processes) whose data have a name in common: the record of a product could not hold both. */
static bool is_of_other_group(const struct decl *first, const struct decl *field)
{
    const struct decl *group = first->parent->parent;
    return group != field->parent->parent && group != NULL && group->kind != DECL_RULE;
}

static void declare_fields(struct resolver *resolver, struct symbols *values, struct decl *fields)
{
    for (struct decl *field = fields; field != NULL; field = field->next) {
        if (field->kind != DECL_FIELD) {
            continue;
        }
        declare_value(resolver, values, field);
        struct decl *same = symbols_find(&resolver->data_fields, field->name.text);
        if (!symbols_add(&resolver->data_fields, field->name.text, field) && is_of_other_group(same, field)) {
            report_taken(resolver, D_DUPLICATE_FIELD, field->name, same);
        }
    }
}

/* Lists are row types wherever in the rule they are collected. */
static void declare_lists(struct resolver *resolver, struct decl *fields)
{
    for (struct decl *field = fields; field != NULL; field = field->next) {
        const struct type_ref *type = field->kind == DECL_FIELD ? field->as.field.type : NULL;
        if (type != NULL && type->kind == TYPE_REF_LIST) {
            declare_type(resolver, &resolver->rule_types, field);
            scope_check_siblings(resolver, type->fields);
        }
    }
    for (struct decl *field = fields; field != NULL; field = field->next) {
        const struct type_ref *type = field->kind == DECL_FIELD ? field->as.field.type : NULL;
        if (type != NULL && type->kind == TYPE_REF_LIST) {
            declare_inner_lists(resolver, type->fields);
        }
    }
}

/* Flows of a stage are one name space, whatever process they are in. */
static void check_flows(struct resolver *resolver, struct symbols *flows, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EMIT && !symbols_add(flows, item->name.text, item)) {
            report_taken(resolver, D_DUPLICATE, item->name, symbols_find(flows, item->name.text));
        } else if (item->kind == DECL_PROCESS) {
            check_flows(resolver, flows, item->as.stage.items);
        }
    }
}

static void declare_group_lists(struct resolver *resolver, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_DATA) {
            declare_lists(resolver, item->as.data.fields);
        } else if (item->kind == DECL_PROCESS) {
            declare_group_lists(resolver, item->as.stage.items);
        }
    }
}

static void declare_stage(struct resolver *resolver, struct decl *stage)
{
    declare_group_lists(resolver, stage->as.stage.items);
    if (!symbols_add(&resolver->stages, stage->name.text, stage)) {
        refuse_taken(resolver, D_DUPLICATE, stage->name, symbols_find(&resolver->stages, stage->name.text));
    }
    struct symbols flows = symbols_in(resolver->arena);
    check_flows(resolver, &flows, stage->as.stage.items);
    struct symbols processes = symbols_in(resolver->arena);
    for (struct decl *item = stage->as.stage.items; item != NULL; item = item->next) {
        if (item->kind == DECL_PROCESS && !symbols_add(&processes, item->name.text, item)) {
            report_taken(resolver, D_DUPLICATE, item->name, symbols_find(&processes, item->name.text));
        }
    }
}

static void declare_rule(struct resolver *resolver, struct decl *rule)
{
    resolver->module = scope_of(resolver, rule->module);
    resolver->rule_values = symbols_in(resolver->arena);
    resolver->rule_types = symbols_in(resolver->arena);
    resolver->ambiguous_types = symbols_in(resolver->arena);
    resolver->unit_lists = symbols_in(resolver->arena);
    resolver->stages = symbols_in(resolver->arena);
    resolver->results = symbols_in(resolver->arena);
    resolver->data_fields = symbols_in(resolver->arena);
    for (struct decl *decl = rule->as.rule.items; decl != NULL; decl = decl->next) {
        resolver->module = scope_of(resolver, decl->module);
        if (is_value(decl)) {
            declare_value(resolver, &resolver->rule_values, decl);
            check_parts(resolver, decl);
        }
        if (decl->kind == DECL_TABLE) {
            declare_type(resolver, &resolver->rule_types, decl);
        } else if (decl->kind == DECL_ROW) {
            declare_type(resolver, &resolver->rule_types, decl);
            check_fields(resolver, decl);
        } else if (decl->kind == DECL_DATA) {
            declare_fields(resolver, &resolver->rule_values, decl->as.data.fields);
            declare_lists(resolver, decl->as.data.fields);
        } else if (decl->kind == DECL_STAGE) {
            declare_stage(resolver, decl);
        } else if (decl->kind == DECL_REPORT && !symbols_add(&resolver->results, decl->name.text, decl)) {
            report_taken(resolver, D_DUPLICATE, decl->name, symbols_find(&resolver->results, decl->name.text));
        }
    }
}

void scope_declare_group(struct resolver *resolver, struct symbols *values, struct decl *items)
{
    const struct module_scope *module = resolver->module;
    for (struct decl *decl = items; decl != NULL; decl = decl->next) {
        resolver->module = scope_of(resolver, decl->module);
        if (decl->kind == DECL_LET) {
            declare_value(resolver, values, decl);
        } else if (decl->kind == DECL_DATA) {
            declare_fields(resolver, values, decl->as.data.fields);
        }
    }
    resolver->module = module;
}

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
