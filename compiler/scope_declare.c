/* Names of modules, of the rule and of its parts: who may introduce which, and that none hides another. */
#include <string.h>

#include "compiler/resolve.h"

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
        const struct decl *other = scope_module_value(resolver, scope_of(resolver, rule->module), decl->name);
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
