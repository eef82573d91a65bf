#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

static void resolve_decl(struct resolver *resolver, struct decl *decl);
static void resolve_kind(struct resolver *resolver, struct decl *decl);

void resolve(struct checked *checked, struct diags *out)
{
    struct resolver resolver = {.checked = checked, .arena = checked->perm, .out = out};
    resolver.known = map_in(checked->perm);
    resolver.doubtful = map_in(checked->perm);
    for (size_t i = 0; i < checked->module_count; i++) {
        resolver.is_broken |= checked->modules[i]->has_errors;
    }
    resolve_spellings(&resolver);
    resolve_imports_of_bases(&resolver);
    resolve_row_types(&resolver);
    resolve_bases(&resolver);
    resolve_unit_decls(&resolver);
    scope_declare_all(&resolver);
    for (size_t i = 0; i < checked->module_count; i++) {
        resolver.module = &resolver.modules[i];
        resolve_decls(&resolver, checked->modules[i]->items);
    }
}

void resolve_decls(struct resolver *resolver, struct decl *first)
{
    const struct module_scope *before = resolver->module;
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        resolver->module = scope_of(resolver, decl->module); /* of a composed rule: the file it was written in */
        resolve_decl(resolver, decl);
    }
    resolver->module = before;
}

/* The module in whose file a part of a declaration stands: an override has its type from the base, a field that is said
   anew perhaps its default. Parts that are in no module's file (CSV) belong to where the declaration is. */
static const struct module_scope *module_at(const struct resolver *resolver, struct span at)
{
    for (size_t i = 0; i < resolver->checked->module_count; i++) {
        if (resolver->checked->modules[i]->file == at.file) {
            return &resolver->modules[i];
        }
    }
    return resolver->module;
}

static void resolve_part(struct resolver *resolver, struct expr *expr)
{
    const struct module_scope *before = resolver->module;
    resolver->module = expr == NULL ? before : module_at(resolver, expr->at);
    resolve_expr(resolver, expr);
    resolver->module = before;
}

/* ---- types of declarations -------------------------------------------------------------------------------------- */

enum { /* sets of enum type_kind */
       NUMBERS = 1 << TYPE_NUMBER,
       KEYS_OF_FACTOR = 1 << TYPE_TEXT | 1 << TYPE_CHOICE | 1 << TYPE_YEAR | 1 << TYPE_REGION,
       KEYS_OF_TABLE = KEYS_OF_FACTOR | 1 << TYPE_NUMBER,
       DATA = KEYS_OF_TABLE | 1 << TYPE_BOOL | 1 << TYPE_DATE,
       ANY = DATA | 1 << TYPE_ROW
};

/* The type as written becomes the type of the declaration, where it is one of those that may stand there. */
static void set_type(struct resolver *resolver, struct decl *decl, struct type_ref *ref, unsigned allowed)
{
    if (ref == NULL) {
        return;
    }
    const struct module_scope *before = resolver->module;
    resolver->module = module_at(resolver, ref->at);
    resolve_type_ref(resolver, ref);
    decl->type = ref->type;
    if (ref->kind == TYPE_REF_LIST && ref->row.text.len > 0) {
        resolve_row_type(resolver, ref);
    }
    if (ref->kind == TYPE_REF_LIST && decl->kind == DECL_FIELD) {
        decl->type.kind = TYPE_LIST;
        decl->type.decl = decl;
        ref->type = decl->type;
    } else if (ref->type.kind != TYPE_ERROR && (1u << ref->type.kind & allowed) == 0) {
        struct str about = str_format(resolver->arena, "%d %.*s", (int)decl->kind, STR_FMT(ref->text));
        struct diag *diag = diag_add_about(resolver->out, D_TYPE_MISPLACED, about, ref->at,
                                           DIAG_ARGS(ref->text, decl_kind_text(resolver->arena, decl)));
        if (diag != NULL && decl->kind == DECL_FIELD && ref->type.kind == TYPE_ROW &&
            ref->type.decl->kind == DECL_ROW) {
            diag_note(resolver->out, diag, T_WRITE_LIST_OF, DIAG_ARGS(ref->text));
        }
        decl->type.kind = TYPE_ERROR;
    } else if (ref->kind == TYPE_REF_LIST) {
        struct diag *diag =
            diag_add(resolver->out, D_TYPE_MISPLACED, ref->at,
                     DIAG_ARGS(keyword_both(resolver->arena, STR("list of")), decl_kind_text(resolver->arena, decl)));
        if (decl->kind == DECL_PARAM && ref->row.text.len > 0) {
            diag_note(resolver->out, diag, T_ONE_ROW, DIAG_ARGS(ref->row.text));
        }
    }
    resolver->module = before;
    decl->type.is_optional = decl->attributes.is_optional && decl->type.kind != TYPE_LIST;
}

/* Only numbers cross the border, each in a unit that is said. */
static void set_external_type(struct resolver *resolver, struct decl *decl, struct type_ref *ref)
{
    set_type(resolver, decl, ref, ANY);
    bool is_broken = ref != NULL && decl->type.kind == TYPE_ERROR;
    if (!is_broken && (ref == NULL || decl->type.kind != TYPE_NUMBER || decl->type.unit.is_point)) {
        diag_add(resolver->out, D_EXTERNAL_TYPE, decl->name.at, DIAG_ARGS(decl->name.text));
        decl->type.kind = TYPE_ERROR;
    }
}

static void resolve_attribute_exprs(struct resolver *resolver, struct decl *decl);

static void resolve_external(struct resolver *resolver, struct decl *external)
{
    size_t count = 0;
    for (struct decl *param = external->as.external.params; param != NULL; param = param->next) {
        resolve_attributes(resolver, param);
        set_external_type(resolver, param, param->as.param.type);
        resolve_attribute_exprs(resolver, param);
        count++;
    }
    if (count < 1 || count > LIMIT_NATIVE_PARAMS) {
        struct str most = str_format(resolver->arena, "%d", (int)LIMIT_NATIVE_PARAMS);
        diag_add(resolver->out, D_EXTERNAL_PARAMS, external->name.at, DIAG_ARGS(most));
    }
    set_external_type(resolver, external, external->as.external.type);
}

static void set_key_types(struct resolver *resolver, struct decl *first, unsigned allowed)
{
    for (struct decl *key = first; key != NULL; key = key->next) {
        resolve_attributes(resolver, key);
        if (key->as.param.type == NULL) {
            key->type.kind = TYPE_ERROR;
            diag_add(resolver->out, D_KEY_NO_TYPE, key->at, DIAG_ARGS(key->name.text));
        }
        set_type(resolver, key, key->as.param.type, allowed);
    }
}

/* ---- declarations ----------------------------------------------------------------------------------------------- */

static void resolve_attribute_exprs(struct resolver *resolver, struct decl *decl)
{
    resolve_part(resolver, decl->attributes.initial);
    resolve_part(resolver, decl->attributes.range_first);
    resolve_part(resolver, decl->attributes.range_last);
    resolve_expr(resolver, decl->attributes.when);
    resolve_expr(resolver, decl->attributes.scale);
}

static void resolve_table(struct resolver *resolver, struct decl *table)
{
    set_key_types(resolver, table->as.table.keys, KEYS_OF_TABLE);
    for (struct decl *column = table->as.table.columns; column != NULL; column = column->next) {
        resolve_attributes(resolver, column);
        set_type(resolver, column, column->as.column.type, DATA & ~(1u << TYPE_REGION));
    }
    const struct module_scope *before = resolver->module;
    for (struct table_row *row = table->as.table.rows; row != NULL; row = row->next) {
        resolver->module = module_at(resolver, row->at); /* a variant may have added it */
        for (struct pattern *pattern = row->patterns; pattern != NULL; pattern = pattern->next) {
            resolve_expr(resolver, pattern->value);
            resolve_expr(resolver, pattern->last);
        }
        const struct decl *column = table->as.table.columns;
        for (struct cell *cell = row->cells; cell != NULL; cell = cell->next) {
            bool is_member = column != NULL && column->type.kind == TYPE_CHOICE;
            if (cell->value == NULL || cell->value->kind != EXPR_NAME || !is_member) {
                resolve_expr(resolver, cell->value);
            }
            column = column == NULL || table->as.table.matrix != NULL ? column : column->next;
        }
    }
    resolver->module = before;
    for (struct pattern *pattern = table->as.table.matrix; pattern != NULL; pattern = pattern->next) {
        resolve_expr(resolver, pattern->value);
        resolve_expr(resolver, pattern->last);
    }
}

static void resolve_function(struct resolver *resolver, struct decl *function)
{
    for (struct decl *param = function->as.function.params; param != NULL; param = param->next) {
        resolve_attributes(resolver, param);
        scope_may_introduce(resolver, param->name);
        param->type.kind = TYPE_NUMBER;
        set_type(resolver, param, param->as.param.type, ANY);
        if (param->as.param.type != NULL && !resolve_param_type(resolver, param->as.param.type)) {
            param->type.kind = TYPE_ERROR;
        }
        resolve_attribute_exprs(resolver, param);
    }
    struct local local = {.kind = LOCAL_PARAMS, .decl = function, .outer = resolver->locals};
    resolver->locals = &local;
    resolve_expr(resolver, function->as.function.body);
    resolver->locals = local.outer;
}

void resolve_refuse_extension(struct resolver *resolver, enum diag_code code, struct name name, const struct decl *base,
                              struct str kind)
{
    if (lost_name(resolver->checked, &resolver->known, name.text)) {
        return;
    }
    if (base == NULL) {
        diag_add(resolver->out, D_NOTHING_EXTENDED, name.at, DIAG_ARGS(resolver->checked->rule->name.text));
        return;
    }
    struct diag *diag = diag_add(resolver->out, code, name.at, DIAG_ARGS(name.text, base->name.text, kind));
    diag_label(resolver->out, diag, base->name.at, T_BASE_HERE, NULL, 0);
}

static void check_let(struct resolver *resolver, const struct decl *let)
{
    if (let->as.let.role != LET_PLAIN && !resolver->is_in_rule) {
        diag_add(resolver->out, D_OPEN_MISPLACED, let->name.at, NULL, 0);
    } else if (let_overrides(let) && let->base == NULL) {
        resolve_refuse_extension(resolver, D_OVERRIDE_NOTHING, let->name, resolver->checked->rule->base, STR(""));
    }
}

static void resolve_let(struct resolver *resolver, struct decl *let)
{
    check_let(resolver, let);
    set_type(resolver, let, let->as.let.type, ANY);
    resolve_expr(resolver, let->as.let.value);
    resolve_attribute_exprs(resolver, let);
}

/* The fields of a list or row type, which its defaults and ranges see. */
static void resolve_row_fields(struct resolver *resolver, struct decl *row)
{
    struct local local = {.kind = LOCAL_ROW, .decl = row, .outer = resolver->locals};
    resolver->locals = &local;
    resolve_decls(resolver, row->as.field.type->fields);
    resolver->locals = local.outer;
}

/* Does the field come from a row type outside of all rules? It sees nothing of the rule that its list is in. */
static bool is_of_module(const struct decl *field)
{
    const struct decl *row = field->pattern;
    while (row != NULL && row->parent != NULL) {
        row = row->parent;
    }
    return row != NULL && row->kind == DECL_ROW;
}

/* The base's field as well, with which the one that takes its place is compared. */
static void resolve_field(struct resolver *resolver, struct decl *field)
{
    struct type_ref *type = field->as.field.type;
    bool is_in_rule = resolver->is_in_rule;
    resolver->is_in_rule = is_in_rule && !is_of_module(field);
    if (field->base != NULL) {
        resolve_field(resolver, field->base);
    }
    set_type(resolver, field, type, DATA);
    resolve_attribute_exprs(resolver, field);
    if (type != NULL && type->kind == TYPE_REF_LIST) {
        resolve_row_fields(resolver, field);
    }
    resolver->is_in_rule = is_in_rule;
}

/* The row of a stage's `for each` is known in its attributes and in all that it holds. */
static void resolve_group(struct resolver *resolver, struct decl *group)
{
    struct local local = {.outer = resolver->locals};
    struct symbols values = symbols_in(resolver->arena);
    struct symbols **slot = group->kind == DECL_STAGE ? &resolver->stage_values : &resolver->process_values;
    if (group->as.stage.is_extension) {
        resolve_refuse_extension(resolver, D_EXTEND_NOTHING, group->name, resolver->checked->rule->base,
                                 decl_kind_text(resolver->arena, group));
    }
    if (group->kind == DECL_STAGE) {
        if (resolve_phase(resolver, &group->as.stage.phase) == NULL) {
            group->as.stage.phase.text = STR("");
        }
    }
    *slot = &values;
    scope_declare_group(resolver, &values, group->as.stage.items);
    if (group->attributes.rows != NULL) {
        local = resolve_rows(resolver, group);
        scope_may_introduce(resolver, local.name);
        resolver->locals = &local;
    }
    resolve_attribute_exprs(resolver, group);
    resolve_decls(resolver, group->as.stage.items);
    resolver->locals = local.outer;
    *slot = NULL;
}

/* The row variable of a cut-off needs a comprehension to belong to: sum(m in materials: m.mass). */
static void resolve_cutoff(struct resolver *resolver, struct decl *cutoff)
{
    struct expr *sum = arena_new(resolver->arena, struct expr);
    sum->kind = EXPR_COMPREHENSION;
    sum->at = cutoff->at;
    sum->as.comprehension.function = (struct name){predefined_text(PREDEFINED_SUM, LANG_EN), cutoff->at};
    sum->as.comprehension.binder = cutoff->as.cutoff.binder;
    sum->as.comprehension.source = cutoff->as.cutoff.source;
    sum->as.comprehension.where = cutoff->as.cutoff.where;
    sum->as.comprehension.body = cutoff->as.cutoff.key;
    cutoff->as.cutoff.comprehension = sum;
    resolve_expr(resolver, sum);
    resolve_expr(resolver, cutoff->as.cutoff.each);
    resolve_expr(resolver, cutoff->as.cutoff.together);
}

static void refuse_round_target(struct resolver *resolver, struct name target)
{
    const struct symbols *results = &resolver->results;
    struct str *names = arena_array(resolver->arena, struct str, results->count + 2);
    for (size_t i = 0; i < results->count; i++) {
        names[i] = results->index.entries[i].key;
    }
    names[results->count] = predefined_text(PREDEFINED_TOTAL, LANG_EN);
    names[results->count + 1] = predefined_text(PREDEFINED_TOTAL, LANG_ZH);
    struct diag *diag = diag_add(resolver->out, D_ROUND_TARGET, target.at, DIAG_ARGS(target.text));
    suggest_nearest(resolver, diag, target, names, results->count + 2);
}

/* Of all stages, or all flows: the keywords of those. */
static bool is_round_of_all(struct str target)
{
    return str_eq(target, STR("stage")) || str_eq(target, STR("emit"));
}

static void resolve_round(struct resolver *resolver, struct decl *round)
{
    struct name *target = &round->as.round.target;
    enum rounding mode;
    round->as.round.report = symbols_find(&resolver->results, target->text);
    if (predefined_lookup(target->text) == PREDEFINED_TOTAL) {
        target->text = predefined_text(PREDEFINED_TOTAL, LANG_EN);
    } else if (!is_round_of_all(target->text) && round->as.round.report == NULL) {
        round->as.round.is_lost = true;
        if (!lost_name(resolver->checked, &resolver->known, target->text)) {
            refuse_round_target(resolver, *target);
        }
    }
    if (round->as.round.mode.text.len > 0 && !rounding_lookup(round->as.round.mode.text, &mode)) {
        const struct name *word = &round->as.round.mode;
        struct str known[ROUNDING_WORDS_MAX + 2];
        struct diag *diag = diag_add(resolver->out, D_ROUND_MODE, word->at, DIAG_ARGS(word->text));
        size_t count = rounding_words(known);
        known[count++] = word_in(WORDS_MARK, STR("marked"), LANG_EN);
        known[count++] = word_in(WORDS_MARK, STR("marked"), LANG_ZH);
        suggest_nearest(resolver, diag, *word, known, count);
    }
    resolve_expr(resolver, round->as.round.to);
}

static bool refer_to_result(struct resolver *resolver, struct expr *path)
{
    if (path->kind == EXPR_NAME) {
        struct str name = path->as.name.text;
        struct decl *decl = scope_stage(resolver, name);
        decl = decl != NULL ? decl : symbols_find(&resolver->results, name);
        if (predefined_lookup(name) == PREDEFINED_TOTAL) {
            path->ref = (struct ref){.kind = REF_PREDEFINED, .index = PREDEFINED_TOTAL};
        } else if (decl != NULL) {
            path->ref = (struct ref){.kind = REF_DECL, .decl = decl};
        }
    } else if (path->kind == EXPR_MEMBER && path->as.member.operand->kind == EXPR_NAME) {
        struct decl *stage = scope_stage(resolver, path->as.member.operand->as.name.text);
        struct decl *flow = stage == NULL ? NULL : stage_find_flow(stage, path->as.member.name.text);
        if (flow != NULL) {
            path->ref = (struct ref){.kind = REF_FLOW, .decl = flow};
        }
    }
    return path->ref.kind != REF_NONE;
}

static bool may_be_lost_result(const struct resolver *resolver, const struct expr *path)
{
    bool is_member = path->kind == EXPR_MEMBER && path->as.member.operand->kind == EXPR_NAME;
    const struct expr *first = is_member ? path->as.member.operand : path;
    return resolver->is_broken &&
           (first->kind != EXPR_NAME || lost_name(resolver->checked, &resolver->known, first->as.name.text) ||
            (is_member && lost_name(resolver->checked, &resolver->known, path->as.member.name.text)));
}

static void resolve_expect(struct resolver *resolver, struct decl *expect)
{
    struct expr *path = expect->as.expect.path;
    if (example_is_of_module(expect->parent)) {
        resolve_expr(resolver, path);
    } else if (path != NULL && path->kind != EXPR_ERROR && !refer_to_result(resolver, path)) {
        if (!may_be_lost_result(resolver, path)) {
            diag_add(resolver->out, D_EXPECT_PATH, path->at, NULL, 0);
        }
        path->kind = EXPR_ERROR;
    }
    resolve_expr(resolver, expect->as.expect.value);
    resolve_expr(resolver, expect->as.expect.within);
}

static void resolve_rule(struct resolver *resolver, struct decl *rule)
{
    if (rule != resolver->checked->rule) {
        return; /* a second rule, or one of an imported module: reported */
    }
    struct decl *reference = rule_reference_rows(rule);
    struct local local = {0};
    resolver->is_in_rule = true;
    resolve_headers(resolver, rule);
    if (reference != NULL) {
        local = resolve_rows(resolver, reference);
        scope_may_introduce(resolver, local.name);
        resolver->locals = &local;
    }
    resolve_decls(resolver, rule->as.rule.items);
    resolver->locals = NULL;
    resolver->is_in_rule = false;
}

/* Data, tables and factors are the same for every row of the reference, so its row is not known in them. */
static bool sees_rows(const struct decl *decl)
{
    return decl->kind != DECL_DATA && decl->kind != DECL_ROW && decl->kind != DECL_TABLE && decl->kind != DECL_FACTOR;
}

static void resolve_decl(struct resolver *resolver, struct decl *decl)
{
    const struct local *locals = resolver->locals;
    resolver->locals = sees_rows(decl) ? locals : NULL;
    resolve_attributes(resolver, decl);
    if (decl->attributes.valid.at.len > 0) {
        resolve_validity(resolver, &decl->attributes.valid);
    }
    resolve_kind(resolver, decl);
    resolver->locals = locals;
}

static void resolve_kind(struct resolver *resolver, struct decl *decl)
{
    switch (decl->kind) {
    case DECL_ERROR:
    case DECL_IMPORT:
    case DECL_COLUMN:
    case DECL_PARAM:
    case DECL_CHOICE_MEMBER:
    case DECL_UNIT:
    case DECL_NAMES:
    case DECL_SHARE: /* with its allocation */
    case DECL_PHASE: /* these are resolved with what they are in */
    case DECL_BOUNDARY:
    case DECL_BREAKDOWN_MEMBER:
    case DECL_DEMAND:
        return;
    case DECL_LIFECYCLE:
        resolve_lifecycle(resolver, decl);
        return;
    case DECL_BREAKDOWN:
        resolve_breakdown(resolver, decl);
        return;
    case DECL_PROFILE:
        resolve_profile(resolver, decl);
        return;
    case DECL_CHOICE:
        resolve_decls(resolver, decl->as.choice.members);
        return;
    case DECL_ROW:
        resolve_row_fields(resolver, decl);
        return;
    case DECL_TABLE:
        resolve_table(resolver, decl);
        return;
    case DECL_FUNCTION:
        resolve_function(resolver, decl);
        return;
    case DECL_EXTERNAL:
        resolve_external(resolver, decl);
        return;
    case DECL_FACTOR:
        set_key_types(resolver, decl->as.factor.keys, KEYS_OF_FACTOR);
        set_type(resolver, decl, decl->as.factor.type, NUMBERS);
        resolve_split(resolver, decl);
        resolve_attribute_exprs(resolver, decl);
        return;
    case DECL_RULE:
        resolve_rule(resolver, decl);
        return;
    case DECL_HEADER:
        resolve_expr(resolver, decl->as.header.amount);
        return;
    case DECL_DATA:
        resolve_decls(resolver, decl->as.data.fields);
        return;
    case DECL_FIELD:
        resolve_field(resolver, decl);
        return;
    case DECL_LET:
        resolve_let(resolver, decl);
        return;
    case DECL_REFERENCE:
        resolve_expr(resolver, decl->as.reference.headline);
        resolve_expr(resolver, decl->as.reference.value);
        return;
    case DECL_STAGE:
    case DECL_PROCESS:
        resolve_group(resolver, decl);
        return;
    case DECL_EMIT:
        resolve_flow(resolver, decl);
        resolve_expr(resolver, decl->as.emit.value);
        resolve_attribute_exprs(resolver, decl);
        return;
    case DECL_ALLOCATE:
        resolve_allocation(resolver, decl);
        return;
    case DECL_REQUIRE:
    case DECL_WARN:
        resolver->may_name_results = decl->kind == DECL_WARN;
        resolve_expr(resolver, decl->as.require.condition);
        resolve_attribute_exprs(resolver, decl);
        resolver->may_name_results = false;
        return;
    case DECL_CUTOFF:
        resolve_cutoff(resolver, decl);
        return;
    case DECL_ROUND:
        resolve_round(resolver, decl);
        return;
    case DECL_REPORT:
        set_type(resolver, decl, decl->as.report.type, NUMBERS);
        resolver->may_name_results = true;
        resolve_attribute_exprs(resolver, decl);
        resolve_expr(resolver, decl->as.report.value);
        resolver->may_name_results = false;
        return;
    case DECL_GRADE:
        resolve_decls(resolver, decl->as.grade.classes);
        return;
    case DECL_CLASS:
        resolver->may_name_results = true;
        resolve_expr(resolver, decl->as.class.limit);
        resolver->may_name_results = false;
        return;
    case DECL_EXAMPLE:
        resolve_decls(resolver, decl->as.example.expects);
        return;
    case DECL_EXPECT:
        resolve_expect(resolver, decl);
        return;
    }
}
