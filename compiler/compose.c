/* `extends`: the rule that a rule extends becomes part of it before anything is looked up. What the base declares comes
   first, in its order, and what the variant adds behind it, so that the rule is the one that would be written whole.
   A declaration that takes the place of one of the base points to it (`base`). */
#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "compiler/lifecycle.h"
#include "compiler/module.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

enum { CHAIN_MAX = 4 }; /* rules that extend each other; more could not be read by people */

struct composing {
    struct resolver *resolver;
    struct diags *out;
    const struct decl *base; /* the rule that is extended */
};

static size_t find_chain(struct resolver *resolver, struct decl *chain[CHAIN_MAX]);
static void take_rules_out(struct resolver *resolver, struct decl *const *chain, size_t count);
static void compose(struct resolver *resolver, struct decl *base, struct decl *variant);
static void merge(struct composing *composing, struct decl **into, struct decl *items, struct decl *parent);

void resolve_bases(struct resolver *resolver)
{
    struct decl *chain[CHAIN_MAX];
    size_t count = find_chain(resolver, chain);
    take_rules_out(resolver, chain, count);
    for (size_t i = count; i-- > 1;) {
        compose(resolver, chain[i], chain[i - 1]);
    }
    if (count > 0) {
        compose_refuse_left(resolver, chain[0], count > 1 ? chain[1] : NULL);
        decls_number(chain[0]->as.rule.items);
    }
}

/* ---- which rules ------------------------------------------------------------------------------------------------ */

static struct decl *rule_of(const struct module *module, struct str name)
{
    struct decl *item = module->items;
    while (item != NULL && (item->kind != DECL_RULE || !str_eq(item->name.text, name))) {
        item = item->next;
    }
    return item;
}

struct decl *resolve_base_of(const struct decl *rule)
{
    struct decl *found = NULL;
    size_t count = rule->as.rule.base.text.len == 0 ? 0 : rule->module->import_count;
    for (size_t i = 0; i < count && found == NULL; i++) {
        found = rule_of(rule->module->imports[i], rule->as.rule.base.text);
    }
    return found;
}

static bool imports(const struct module *module, const struct module *other)
{
    for (size_t i = 0; i < module->import_count; i++) {
        if (module->imports[i] == other) {
            return true;
        }
    }
    return false;
}

/* What the file of a base imports is visible in that of its variant, too. */
static void pass_imports_on(struct resolver *resolver, const struct module *base, struct module *variant)
{
    size_t cap = variant->import_count;
    for (size_t i = 0; i < base->import_count; i++) {
        if (base->imports[i] != variant && !imports(variant, base->imports[i])) {
            (void)arena_grow(resolver->checked->perm, variant->imports, variant->import_count, cap);
            variant->imports[variant->import_count++] = base->imports[i];
        }
    }
}

void resolve_imports_of_bases(struct resolver *resolver)
{
    struct decl *chain[CHAIN_MAX];
    size_t count = 0;
    for (struct decl *rule = resolver->checked->rule; rule != NULL && count < CHAIN_MAX; rule = resolve_base_of(rule)) {
        chain[count++] = rule;
    }
    for (size_t i = count; i-- > 1;) {
        pass_imports_on(resolver, chain[i]->module, chain[i - 1]->module);
    }
}

static void report_unknown_base(struct resolver *resolver, const struct decl *rule)
{
    struct name base = rule->as.rule.base;
    struct str *names = arena_array(resolver->arena, struct str, rule->module->import_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < rule->module->import_count; i++) {
        for (const struct decl *item = rule->module->imports[i]->items; item != NULL; item = item->next) {
            if (item->kind == DECL_RULE) {
                names[count++] = item->name.text;
                break;
            }
        }
    }
    struct diag *diag = diag_add(resolver->out, D_BASE_UNKNOWN, base.at, DIAG_ARGS(base.text));
    suggest_nearest(resolver, diag, base, names, count);
    if (count == 0) {
        diag_note(resolver->out, diag, T_IMPORT_BASE, NULL, 0);
    }
}

/* A base is missing, and what it declares is not known: nothing is said about what is not there. */
static void break_off(struct resolver *resolver)
{
    resolver->is_broken = true;
    resolver->checked->rule->module->has_errors = resolver->checked->rule->module->has_lost_all = true;
}

/* The rule, the one it extends, and so on; how many. Imports have no cycles, so neither has the chain. */
static size_t find_chain(struct resolver *resolver, struct decl *chain[CHAIN_MAX])
{
    size_t count = 0;
    for (struct decl *rule = resolver->checked->rule; rule != NULL;) {
        if (count == CHAIN_MAX) {
            struct str most = str_format(resolver->arena, "%d", (int)CHAIN_MAX);
            struct diag *diag = diag_add(resolver->out, D_EXTENDS_TOO_LONG, chain[0]->as.rule.base.at, DIAG_ARGS(most));
            diag_label(resolver->out, diag, chain[count - 1]->as.rule.base.at, T_HERE, NULL, 0);
            break_off(resolver);
            return count;
        }
        chain[count++] = rule;
        if (rule->as.rule.base.text.len == 0) {
            return count;
        }
        struct decl *base = resolve_base_of(rule);
        if (base == NULL && !lost_name(resolver->checked, &resolver->known, rule->as.rule.base.text)) {
            report_unknown_base(resolver, rule);
        }
        if (base == NULL) {
            break_off(resolver);
        }
        rule = base;
    }
    return count;
}

static bool is_in_chain(struct decl *const *chain, size_t count, const struct decl *rule)
{
    for (size_t i = 0; i < count; i++) {
        if (chain[i] == rule) {
            return true;
        }
    }
    return false;
}

/* One rule is compiled. A base becomes part of it; nothing else is said about a rule that no other extends. */
static void take_rules_out(struct resolver *resolver, struct decl *const *chain, size_t count)
{
    const struct checked *checked = resolver->checked;
    for (size_t i = 0; i + 1 < checked->module_count; i++) {
        struct decl **link = &checked->modules[i]->items;
        for (struct decl *item = *link; item != NULL; item = item->next) {
            if (item->kind != DECL_RULE) {
                link = &item->next;
                continue;
            }
            *link = item->next;
            if (!is_in_chain(chain, count, item) && !resolver->is_broken) {
                diag_add(resolver->out, D_IMPORTED_RULE, item->name.at, DIAG_ARGS(item->name.text));
            }
        }
    }
}

/* ---- lists of declarations -------------------------------------------------------------------------------------- */

static void append(struct decl **into, struct decl *item, struct decl *parent)
{
    while (*into != NULL) {
        into = &(*into)->next;
    }
    *into = item;
    item->next = NULL;
    item->parent = parent;
}

/* `item` takes the place of *link. */
static void replace(struct decl **link, struct decl *item)
{
    item->base = *link;
    item->parent = (*link)->parent;
    item->next = (*link)->next;
    *link = item;
}

static bool is_value(enum decl_kind kind)
{
    return kind == DECL_LET || kind == DECL_TABLE || kind == DECL_FUNCTION || kind == DECL_FACTOR;
}

/* Where the declaration is that has the name of this one and its name space; NULL where it is new. */
static struct decl **find_same(struct decl **first, const struct decl *item)
{
    bool has_space = is_value(item->kind) || item->kind == DECL_STAGE || item->kind == DECL_PROCESS ||
                     item->kind == DECL_EMIT || item->kind == DECL_REPORT || item->kind == DECL_FIELD ||
                     item->kind == DECL_ROW;
    for (struct decl **link = first; has_space && *link != NULL; link = &(*link)->next) {
        bool is_same_space = (*link)->kind == item->kind || (is_value((*link)->kind) && is_value(item->kind));
        if (is_same_space && str_eq((*link)->name.text, item->name.text)) {
            return link;
        }
    }
    return NULL;
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static bool is_exclusion(const struct decl *header)
{
    return header->as.header.kind == HEADER_EXCLUDE || header->as.header.kind == HEADER_ZERO;
}

static bool names_phase(const struct checked *checked, const struct name_list *names, struct str word)
{
    struct str phase = structure_canonical(checked, word);
    while (names != NULL && !str_eq(structure_canonical(checked, names->name.text), phase)) {
        names = names->next;
    }
    return names != NULL;
}

/* Is the phase the variant's own to speak of: excluded, counted as zero, or given a stage? */
static bool speaks_of_phase(const struct checked *checked, const struct decl *item, struct str phase)
{
    if (item->kind == DECL_STAGE) {
        return str_eq(structure_canonical(checked, item->as.stage.phase.text), structure_canonical(checked, phase));
    }
    return item->kind == DECL_HEADER && is_exclusion(item) && names_phase(checked, item->as.header.names, phase);
}

/* The phases of which the variant does not speak stay excluded or zero. False where none is left. */
static bool keep_other_phases(const struct checked *checked, struct decl *header, const struct decl *variant)
{
    struct name_list **link = &header->as.header.names;
    while (*link != NULL) {
        bool is_said = false;
        for (const struct decl *item = variant->as.rule.items; item != NULL && !is_said; item = item->next) {
            is_said = speaks_of_phase(checked, item, (*link)->name.text);
        }
        if (is_said) {
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
    return header->as.header.names != NULL;
}

/* Does the variant say what this line of the base says? */
static bool is_said_anew(const struct checked *checked, struct decl *header, const struct decl *variant)
{
    if (is_exclusion(header)) {
        return !keep_other_phases(checked, header, variant);
    }
    for (const struct decl *item = variant->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_HEADER && header_slot(item) == header_slot(header)) {
            return true;
        }
    }
    return false;
}

static bool is_rounded_anew(const struct decl *round, const struct decl *variant)
{
    for (const struct decl *item = variant->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_ROUND && round_is_of_same(item, round)) {
            return true;
        }
    }
    return false;
}

/* ---- data ------------------------------------------------------------------------------------------------------- */

static bool is_list(const struct decl *field)
{
    return field->as.field.type != NULL && field->as.field.type->kind == TYPE_REF_LIST;
}

static void refuse_restated(struct composing *composing, const struct decl *field, struct span at,
                            const struct decl *base)
{
    struct diag *diag = diag_add(composing->out, D_FIELD_RESTATED, at, DIAG_ARGS(field->name.text));
    diag_label(composing->out, diag, base->name.at, decl_says(base), NULL, 0);
}

static void inherit_texts(struct decl *item, const struct decl *base)
{
    struct attributes *own = &item->attributes;
    if (item->texts.text[LANG_EN].len == 0 && item->texts.text[LANG_ZH].len == 0) {
        item->texts = base->texts;
    }
    if (own->clause.len == 0) {
        own->clause = base->attributes.clause;
    }
    if (own->cite.len == 0) {
        own->cite = base->attributes.cite;
    }
    item->doc = item->doc.len > 0 ? item->doc : base->doc;
}

/* Range and default may be said anew; types_decl.c and lower_data.c compare type and range with those of the base, to
   which is left only what was not taken over. */
static void inherit_field(struct composing *composing, struct decl *field, struct decl *base)
{
    struct attributes *own = &field->attributes;
    struct attributes *before = &base->attributes;
    if (own->is_optional && !before->is_optional) {
        refuse_restated(composing, field, own->optional_at, base);
    }
    if (own->origin != ORIGIN_UNSAID && own->origin != before->origin) {
        refuse_restated(composing, field, own->origin_at, base);
    }
    if (own->initial != NULL && before->initial == NULL) {
        struct diag *diag = diag_add(composing->out, D_DEFAULT_ADDED, own->initial->at, DIAG_ARGS(field->name.text));
        diag_label(composing->out, diag, base->name.at, decl_says(base), NULL, 0);
    }
    field->pattern = base->pattern;
    own->is_optional = before->is_optional;
    own->origin = before->origin;
    own->initial = own->initial != NULL ? own->initial : before->initial;
    before->initial = NULL;
    if (own->range_first == NULL) {
        own->range_first = before->range_first;
        own->range_last = before->range_last;
        before->range_first = before->range_last = NULL;
    }
    inherit_texts(field, base);
}

/* What is said of a list: the list itself stays that of the base. */
static void take_texts(struct decl *base, struct decl *list)
{
    inherit_texts(list, base);
    base->texts = list->texts;
    base->attributes.clause = list->attributes.clause;
    base->attributes.cite = list->attributes.cite;
    base->doc = list->doc;
}

static void merge_fields(struct composing *composing, struct decl **into, struct decl *fields, struct decl *parent);

/* Without what a list has of its row type, which the base's list has already, or may not get. What the list says anew
   of that (it has a `base`) is its own. */
static struct decl *without_copies(struct decl *fields)
{
    struct decl *own = NULL, **end = &own;
    for (struct decl *field = fields; field != NULL; field = field->next) {
        if (field->pattern == NULL || field->base != NULL) {
            *end = field;
            end = &field->next;
        }
    }
    *end = NULL;
    return own;
}

/* The row type of a list stays that of the base: it may be named again. */
static void check_row_type(struct composing *composing, const struct decl *list, const struct decl *base)
{
    const struct type_ref *type = list->as.field.type;
    const struct type_ref *before = base->as.field.type;
    bool is_same = type->row_type == before->row_type ||
                   (type->row_type == NULL && str_eq(type->row.text, before->row.text)); /* the base's file sees it */
    if (type->row.text.len > 0 && !is_same && !base->is_broken) {
        refuse_restated(composing, list, type->row.at, base);
    }
}

static void restate_field(struct composing *composing, struct decl **link, struct decl *field)
{
    struct decl *base = *link;
    if (is_list(base) && is_list(field)) {
        struct name key = field->attributes.key;
        if (field->attributes.is_optional && !base->attributes.is_optional) {
            refuse_restated(composing, field, field->attributes.optional_at, base);
        }
        if (key.text.len > 0 && !str_eq(key.text, base->attributes.key.text)) {
            refuse_restated(composing, field, field->attributes.key_at, base);
        }
        check_row_type(composing, field, base);
        take_texts(base, field);
        merge_fields(composing, &base->as.field.type->fields, without_copies(field->as.field.type->fields), base);
    } else if (is_list(base) || is_list(field)) {
        refuse_restated(composing, field, field->as.field.type == NULL ? field->at : field->as.field.type->at, base);
    } else {
        replace(link, field);
        inherit_field(composing, field, base);
        base->next = NULL;
    }
}

/* A field of a base, or what a list has of its row type and says anew for the first time. */
static bool may_restate(const struct decl *base, const struct decl *field)
{
    return base->module != field->module || (base->pattern != NULL && base->base == NULL);
}

void resolve_own_fields(struct resolver *resolver, struct decl **copies, struct decl *own, struct decl *list)
{
    struct composing composing = {resolver, resolver->out, NULL};
    merge_fields(&composing, copies, own, list);
}

static void merge_fields(struct composing *composing, struct decl **into, struct decl *fields, struct decl *parent)
{
    for (struct decl *field = fields, *next; field != NULL; field = next) {
        next = field->next;
        struct decl **link = find_same(into, field);
        if (link != NULL && may_restate(*link, field)) {
            restate_field(composing, link, field);
        } else {
            append(into, field, parent); /* two of one name in the variant itself: scope.c says so */
        }
    }
}

/* New fields follow those of the base's first `data`; a field said anew may be in any. */
static void merge_data(struct composing *composing, struct decl **into, struct decl *data, struct decl *parent)
{
    struct decl *first = NULL;
    for (struct decl *item = *into; item != NULL; item = item->next) {
        first = first == NULL && item->kind == DECL_DATA ? item : first;
    }
    if (first == NULL) {
        append(into, data, parent);
        return;
    }
    for (struct decl *field = data->as.data.fields, *next; field != NULL; field = next) {
        next = field->next;
        field->next = NULL;
        struct decl *holder = first;
        for (struct decl *item = first; item != NULL; item = item->next) {
            holder = item->kind == DECL_DATA && find_same(&item->as.data.fields, field) != NULL ? item : holder;
        }
        merge_fields(composing, &holder->as.data.fields, field, holder);
    }
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

static void override_let(struct composing *composing, struct decl **link, struct decl *let)
{
    const struct decl *base = *link;
    bool is_open = base->kind == DECL_LET && (base->as.let.role == LET_OPEN || base->as.let.role == LET_OVERRIDE_OPEN);
    if (!is_open) {
        struct diag *diag = diag_add(composing->out, D_OVERRIDE_CLOSED, let->name.at,
                                     DIAG_ARGS(let->name.text, composing->base->name.text));
        diag_label(composing->out, diag, base->name.at, T_BASE_SAYS, NULL, 0);
        diag_note(composing->out, diag, T_OPEN_IT, NULL, 0);
        return;
    }
    if (let->attributes.range_first != NULL) {
        struct arena *arena = composing->resolver->arena;
        diag_add(composing->out, D_ATTRIBUTE_MISPLACED, let->attributes.range_first->at,
                 DIAG_ARGS(keyword_both(arena, STR("range")), keyword_both(arena, STR("override"))));
    }
    let->as.let.type = base->as.let.type;
    let->attributes.range_first = base->attributes.range_first;
    let->attributes.range_last = base->attributes.range_last;
    inherit_texts(let, base);
    replace(link, let);
}

static void refuse_redeclared(struct composing *composing, const struct decl *item, const struct decl *base)
{
    struct diag *diag = diag_add(composing->out, D_BASE_REDECLARED, item->name.at,
                                 DIAG_ARGS(item->name.text, composing->base->name.text));
    diag_label(composing->out, diag, base->name.at, T_BASE_SAYS, NULL, 0);
    diag_note(composing->out, diag, T_ONLY_OPEN_LETS, NULL, 0);
}

static void merge_item(struct composing *composing, struct decl **into, struct decl *item, struct decl *parent)
{
    struct decl **same = item->kind == DECL_DATA ? NULL : find_same(into, item);
    bool is_override = item->kind == DECL_LET && let_overrides(item);
    bool is_group = item->kind == DECL_STAGE || item->kind == DECL_PROCESS;
    if (item->kind == DECL_DATA) {
        merge_data(composing, into, item, parent);
    } else if (compose_is_extension(item)) {
        if (!compose_extend(composing->resolver, composing->base, same == NULL ? NULL : *same, item)) {
            append(into, item, parent); /* nobody takes it: reported at the end */
        }
    } else if (same == NULL && is_override) {
        resolve_refuse_extension(composing->resolver, D_OVERRIDE_NOTHING, item->name, composing->base, STR(""));
    } else if (same == NULL || (*same)->module == item->module) {
        append(into, item, parent); /* an extension of nothing too: resolve.c says so */
    } else if (is_override) {
        override_let(composing, same, item);
    } else {
        if (!is_group || !item->as.stage.is_extension) {
            refuse_redeclared(composing, item, *same);
        }
        if (is_group) {
            merge(composing, &(*same)->as.stage.items, item->as.stage.items, *same);
        }
    }
}

static void merge(struct composing *composing, struct decl **into, struct decl *items, struct decl *parent)
{
    for (struct decl *item = items, *next; item != NULL; item = next) {
        next = item->next;
        merge_item(composing, into, item, parent);
    }
}

/* ---- one step of the chain -------------------------------------------------------------------------------------- */

static void compose(struct resolver *resolver, struct decl *base, struct decl *variant)
{
    struct composing composing = {resolver, resolver->out, base};
    struct decl *items = NULL;
    for (struct decl *item = base->as.rule.items, *next; item != NULL; item = next) {
        next = item->next;
        bool is_left = item->kind == DECL_EXAMPLE ||
                       (item->kind == DECL_HEADER && is_said_anew(resolver->checked, item, variant)) ||
                       (item->kind == DECL_ROUND && is_rounded_anew(item, variant));
        if (!is_left) {
            append(&items, item, variant);
        }
    }
    merge(&composing, &items, variant->as.rule.items, variant);
    variant->as.rule.items = items;
    inherit_texts(variant, base);
    variant->base = base;
}
