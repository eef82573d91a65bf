#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

/* ---- collecting `names` ----------------------------------------------------------------------------------------- */

static void add_alias(struct resolver *resolver, const struct alias *alias)
{
    struct checked *checked = resolver->checked;
    if (predefined_lookup(alias->other.text) != PREDEFINED_NONE || type_is_predefined(alias->other.text)) {
        diag_add(resolver->out, D_PREDEFINED_NAME, alias->other.at, DIAG_ARGS(alias->other.text));
        return;
    }
    if (str_eq(alias->first.text, alias->other.text)) {
        diag_add(resolver->out, D_ALIAS_SAME, alias->other.at, DIAG_ARGS(alias->other.text));
        return;
    }
    uint32_t known;
    if (map_get(&checked->aliases, alias->other.text, &known)) {
        if (!str_eq(checked->alias_first[known], alias->first.text)) {
            diag_add(resolver->out, D_ALIAS_TWICE, alias->other.at,
                     DIAG_ARGS(alias->other.text, checked->alias_first[known], alias->first.text));
        }
        return;
    }
    (void)arena_grow(resolver->arena, checked->alias_first, checked->alias_count, checked->alias_cap);
    map_add(&checked->aliases, alias->other.text, (uint32_t)checked->alias_count);
    checked->alias_first[checked->alias_count++] = alias->first.text;
}

static void each_alias_in(struct resolver *resolver, const struct decl *first, alias_visitor *visit)
{
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        for (const struct alias *alias = decl->kind == DECL_NAMES ? decl->as.names.aliases : NULL; alias != NULL;
             alias = alias->next) {
            visit(resolver, alias);
        }
        if (decl->kind == DECL_RULE) {
            each_alias_in(resolver, decl->as.rule.items, visit);
        }
    }
}

void resolve_each_alias(struct resolver *resolver, alias_visitor *visit)
{
    for (size_t i = 0; i < resolver->checked->module_count; i++) {
        if (resolver->checked->modules[i]->is_prelude) {
            continue; /* its words have name spaces of their own: resolve_lifecycle.c */
        }
        each_alias_in(resolver, resolver->checked->modules[i]->items, visit);
    }
}

/* ---- putting the first spelling everywhere ---------------------------------------------------------------------- */

struct str resolve_canonical(const struct checked *checked, struct str name)
{
    uint32_t index;
    return map_get(&checked->aliases, name, &index) ? checked->alias_first[index] : name;
}

static void spell(const struct resolver *resolver, struct name *name)
{
    name->text = resolve_canonical(resolver->checked, name->text);
}

static void spell_patterns(const struct resolver *resolver, struct pattern *first)
{
    for (struct pattern *pattern = first; pattern != NULL; pattern = pattern->next) {
        spell(resolver, &pattern->name);
    }
}

static void spell_expr(void *context, struct expr *expr)
{
    const struct resolver *resolver = context;
    switch (expr->kind) {
    case EXPR_NAME:
        spell(resolver, &expr->as.name);
        return;
    case EXPR_MEMBER:
        spell(resolver, &expr->as.member.name);
        return;
    case EXPR_CALL:
        spell(resolver, &expr->as.call.callee);
        for (struct arg *arg = expr->as.call.args; arg != NULL; arg = arg->next) {
            spell(resolver, &arg->name);
        }
        return;
    case EXPR_COMPREHENSION:
        spell(resolver, &expr->as.comprehension.function);
        spell(resolver, &expr->as.comprehension.binder);
        return;
    case EXPR_MATCH:
        for (struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
            spell_patterns(resolver, arm->patterns);
        }
        return;
    case EXPR_ERROR:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_DATE:
    case EXPR_NOT:
    case EXPR_BINARY:
    case EXPR_IF:
    case EXPR_DEFAULT:
    case EXPR_GIVEN:
    case EXPR_RANGE:
        return;
    }
}

static void walk_and_spell(void *context, struct expr *expr)
{
    expr_walk(expr, spell_expr, context);
}

static void spell_list(const struct resolver *resolver, struct name_list *first)
{
    for (struct name_list *item = first; item != NULL; item = item->next) {
        spell(resolver, &item->name);
    }
}

static void spell_type(const struct resolver *resolver, struct type_ref *type)
{
    struct unit unit;
    if (type != NULL && type->kind == TYPE_REF_LIST) {
        spell(resolver, &type->row);
        return;
    }
    if (type != NULL && type->path != NULL) {
        spell_list(resolver, type->path);
        return;
    }
    bool is_unit = type != NULL && unit_parse_known(resolver->checked->units, type->text, &unit).error == UNIT_OK;
    if (type != NULL && type->kind == TYPE_REF_NAME && !is_unit) {
        type->text = resolve_canonical(resolver->checked, type->text);
    }
}

static void spell_table(const struct resolver *resolver, struct decl *table)
{
    spell_patterns(resolver, table->as.table.matrix);
    for (struct table_row *row = table->as.table.rows; row != NULL; row = row->next) {
        spell_patterns(resolver, row->patterns);
    }
}

/* The names that stand in the declaration itself, beside its own. */
static void spell_parts(const struct resolver *resolver, struct decl *decl)
{
    switch (decl->kind) {
    case DECL_TABLE:
        spell_table(resolver, decl);
        return;
    case DECL_COLUMN:
    case DECL_PARAM:
        spell_type(resolver, decl->as.param.type);
        return;
    case DECL_EXTERNAL:
        spell_type(resolver, decl->as.external.type);
        return;
    case DECL_FACTOR:
        spell_type(resolver, decl->as.factor.type);
        return;
    case DECL_FIELD:
        spell_type(resolver, decl->as.field.type);
        spell(resolver, &decl->attributes.key);
        return;
    case DECL_LET:
        spell_type(resolver, decl->as.let.type);
        return;
    case DECL_REPORT:
        spell_type(resolver, decl->as.report.type);
        return;
    case DECL_RULE:
        spell(resolver, &decl->as.rule.base);
        return;
    case DECL_HEADER: /* the others name things in name spaces of their own: resolve_lifecycle.c */
        if (decl->as.header.kind == HEADER_GWP) {
            spell_list(resolver, decl->as.header.names);
        }
        spell(resolver, &decl->as.header.by);
        return;
    case DECL_ALLOCATE:
        for (struct target *target = decl->as.allocate.targets; target != NULL; target = target->next) {
            spell(resolver, &target->stage);
            spell(resolver, &target->process);
        }
        spell(resolver, &decl->as.allocate.taken);
        return;
    case DECL_CUTOFF:
        spell(resolver, &decl->as.cutoff.binder);
        return;
    case DECL_ROUND:
        spell(resolver, &decl->as.round.target);
        return;
    case DECL_ERROR:
    case DECL_IMPORT:
    case DECL_LIFECYCLE:
    case DECL_PHASE:
    case DECL_BOUNDARY:
    case DECL_BREAKDOWN:
    case DECL_BREAKDOWN_MEMBER:
    case DECL_PROFILE:
    case DECL_DEMAND:
    case DECL_STAGE:
    case DECL_EMIT:
    case DECL_CHOICE:
    case DECL_CHOICE_MEMBER:
    case DECL_ROW:
    case DECL_FUNCTION:
    case DECL_UNIT:
    case DECL_NAMES:
    case DECL_DATA:
    case DECL_REFERENCE:
    case DECL_PROCESS:
    case DECL_SHARE:
    case DECL_REQUIRE:
    case DECL_WARN:
    case DECL_GRADE:
    case DECL_CLASS:
    case DECL_EXAMPLE:
    case DECL_EXPECT:
        return;
    }
}

static void note_known(struct resolver *resolver, struct decl *decl)
{
    uint32_t at = (uint32_t)resolver->known.count;
    if (decl->name.text.len > 0 && map_add(&resolver->known, decl->name.text, at)) {
        (void)arena_grow(resolver->arena, resolver->known_decls, at, resolver->known_cap);
        resolver->known_decls[at] = decl;
    }
}

static void spell_decls(struct resolver *resolver, struct decl *first)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        spell(resolver, &decl->name);
        note_known(resolver, decl);
        spell_parts(resolver, decl);
        decl_each_expr(decl, walk_and_spell, resolver);
        spell_decls(resolver, decl_inner(decl));
        spell_decls(resolver, decl_columns(decl));
    }
}

/* Names of the prelude may get other spellings, but keep their own. */
static void note_all_known(struct resolver *resolver, struct decl *first)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        note_known(resolver, decl);
        note_all_known(resolver, decl_inner(decl));
    }
}

/* The first spelling must be one that something has, be it under the other in this file. */
static void check_first(struct resolver *resolver, const struct alias *alias)
{
    uint32_t chained;
    if (map_get(&resolver->checked->aliases, alias->first.text, &chained)) {
        diag_add(resolver->out, D_ALIAS_CHAIN, alias->first.at,
                 DIAG_ARGS(alias->first.text, resolver->checked->alias_first[chained]));
        return;
    }
    if (map_get(&resolver->known, alias->first.text, NULL) ||
        lost_name(resolver->checked, &resolver->known, alias->first.text)) {
        return;
    }
    struct str word = alias->first.text;
    struct diag *diag = diag_add_unknown(resolver->out, D_ALIAS_UNKNOWN, word, alias->first.at, DIAG_ARGS(word));
    if (diag == NULL) {
        return;
    }
    struct str *candidates = arena_array(resolver->arena, struct str, resolver->known.count + 1);
    for (size_t i = 0; i < resolver->known.count; i++) {
        candidates[i] = resolver->known.entries[i].key;
    }
    suggest_nearest(resolver, diag, alias->first, candidates, resolver->known.count);
}

void resolve_spellings(struct resolver *resolver)
{
    resolve_each_alias(resolver, add_alias);
    struct checked *checked = resolver->checked;
    for (size_t i = 0; i < checked->module_count; i++) {
        if (!checked->modules[i]->is_prelude) {
            spell_decls(resolver, checked->modules[i]->items);
        }
    }
    for (size_t i = 0; i < checked->module_count; i++) {
        if (checked->modules[i]->is_prelude) {
            note_all_known(resolver, checked->modules[i]->items);
        }
    }
    resolve_each_alias(resolver, check_first);
}
