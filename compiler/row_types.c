/* Row types: `row Metered { … }` names the fields of a row once, and `list of Metered` has copies of them, in front of
   its own. A copy stands in its list as if it were written there, so what reads lists knows nothing of row types; it
   points to the field that it is a copy of (`pattern`), by which functions that take such a row find it, and belongs to
   the module of that field, whose imports its unit, range and default mean. */
#include "compiler/module.h"
#include "compiler/resolve.h"

#include "compiler/walk.h"

struct standing { /* where a list stands, and so which row types its name may mean */
    const struct module *module;
    const struct decl *rule; /* NULL: outside */
};

struct expansion { /* row types whose fields are being put together; innermost first */
    const struct decl *row;
    const struct expansion *outer;
    unsigned depth;
};

enum { COPIES_MAX = 4 * LIMIT_FIELDS }; /* of rows in rows in rows they may be many */
struct copying {
    struct resolver *resolver;
    size_t fields; /* copied so far */
    bool is_full;  /* and that there are too many was reported */
};

static void expand_items(struct copying *copying, struct decl *items, struct standing place);
static void expand_row(struct copying *copying, struct decl *row, const struct expansion *outer);

void resolve_row_types(struct resolver *resolver)
{
    struct copying copying = {.resolver = resolver};
    for (size_t i = 0; i < resolver->checked->module_count; i++) {
        struct module *module = resolver->checked->modules[i];
        expand_items(&copying, module->items, (struct standing){module, NULL});
        decls_number(module->items);
    }
}

/* ---- which row type --------------------------------------------------------------------------------------------- */

static struct decl *row_among(struct decl *items, struct str name)
{
    while (items != NULL && (items->kind != DECL_ROW || !str_eq(items->name.text, name))) {
        items = items->next;
    }
    return items;
}

static struct decl *find_row_type(struct standing place, struct str name)
{
    struct decl *found = NULL;
    for (const struct decl *rule = place.rule; rule != NULL && found == NULL; rule = resolve_base_of(rule)) {
        found = row_among(rule->as.rule.items, name);
    }
    found = found != NULL ? found : row_among(place.module->items, name);
    for (size_t i = 0; i < place.module->import_count && found == NULL; i++) {
        found = row_among(place.module->imports[i]->items, name);
    }
    return found;
}

/* ---- copies ----------------------------------------------------------------------------------------------------- */

static struct expr *copy_expr(struct arena *arena, const struct expr *expr);

static struct pattern *copy_patterns(struct arena *arena, const struct pattern *first)
{
    struct pattern *copies = NULL, **end = &copies;
    for (; first != NULL; first = first->next, end = &(*end)->next) {
        *end = arena_new(arena, struct pattern);
        **end = *first;
        (*end)->value = copy_expr(arena, first->value);
        (*end)->last = copy_expr(arena, first->last);
    }
    return copies;
}

static struct arm *copy_arms(struct arena *arena, const struct arm *first)
{
    struct arm *copies = NULL, **end = &copies;
    for (; first != NULL; first = first->next, end = &(*end)->next) {
        *end = arena_new(arena, struct arm);
        **end = *first;
        (*end)->patterns = copy_patterns(arena, first->patterns);
        (*end)->value = copy_expr(arena, first->value);
    }
    return copies;
}

static struct arg *copy_args(struct arena *arena, const struct arg *first)
{
    struct arg *copies = NULL, **end = &copies;
    for (; first != NULL; first = first->next, end = &(*end)->next) {
        *end = arena_new(arena, struct arg);
        **end = *first;
        (*end)->value = copy_expr(arena, first->value);
    }
    return copies;
}

static void copy_parts(struct arena *arena, struct expr *copy)
{
    switch (copy->kind) {
    case EXPR_ERROR:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_DATE:
    case EXPR_NAME:
        return;
    case EXPR_MEMBER:
        copy->as.member.operand = copy_expr(arena, copy->as.member.operand);
        return;
    case EXPR_CALL:
        copy->as.call.args = copy_args(arena, copy->as.call.args);
        return;
    case EXPR_COMPREHENSION:
        copy->as.comprehension.source = copy_expr(arena, copy->as.comprehension.source);
        copy->as.comprehension.where = copy_expr(arena, copy->as.comprehension.where);
        copy->as.comprehension.body = copy_expr(arena, copy->as.comprehension.body);
        return;
    case EXPR_NOT:
    case EXPR_GIVEN:
        copy->as.operand = copy_expr(arena, copy->as.operand);
        return;
    case EXPR_BINARY:
        copy->as.binary.left = copy_expr(arena, copy->as.binary.left);
        copy->as.binary.right = copy_expr(arena, copy->as.binary.right);
        copy->as.binary.within = copy_expr(arena, copy->as.binary.within);
        return;
    case EXPR_IF:
        copy->as.conditional.condition = copy_expr(arena, copy->as.conditional.condition);
        copy->as.conditional.then = copy_expr(arena, copy->as.conditional.then);
        copy->as.conditional.otherwise = copy_expr(arena, copy->as.conditional.otherwise);
        return;
    case EXPR_MATCH:
        copy->as.match.subject = copy_expr(arena, copy->as.match.subject);
        copy->as.match.arms = copy_arms(arena, copy->as.match.arms);
        return;
    case EXPR_DEFAULT:
        copy->as.defaulted.value = copy_expr(arena, copy->as.defaulted.value);
        copy->as.defaulted.fallback = copy_expr(arena, copy->as.defaulted.fallback);
        return;
    case EXPR_RANGE:
        copy->as.range.first = copy_expr(arena, copy->as.range.first);
        copy->as.range.last = copy_expr(arena, copy->as.range.last);
        return;
    }
}

/* Names in it are looked up, and its type is found, for each copy anew. */
static struct expr *copy_expr(struct arena *arena, const struct expr *expr)
{
    if (expr == NULL) {
        return NULL;
    }
    struct expr *copy = arena_new(arena, struct expr);
    *copy = *expr;
    copy_parts(arena, copy);
    return copy;
}

static struct decl *copy_fields(struct copying *copying, const struct decl *first, struct decl *parent);

static struct decl *copy_field(struct copying *copying, const struct decl *field, struct decl *parent)
{
    struct arena *arena = copying->resolver->arena;
    struct decl *copy = arena_new(arena, struct decl);
    *copy = *field;
    copy->pattern = field;
    copy->base = NULL; /* of a field that its own list said anew: that was judged there */
    copy->parent = parent;
    copying->fields++;
    copy->attributes.initial = copy_expr(arena, field->attributes.initial);
    copy->attributes.range_first = copy_expr(arena, field->attributes.range_first);
    copy->attributes.range_last = copy_expr(arena, field->attributes.range_last);
    copy->attributes.when = copy->attributes.rows = copy->attributes.scale = NULL; /* misplaced: the field says so */
    if (field->kind == DECL_FIELD && field->as.field.type != NULL) {
        copy->as.field.type = arena_new(arena, struct type_ref);
        *copy->as.field.type = *field->as.field.type;
        copy->as.field.type->fields = copy_fields(copying, field->as.field.type->fields, copy);
    }
    return copy;
}

static struct decl *copy_fields(struct copying *copying, const struct decl *first, struct decl *parent)
{
    struct decl *copies = NULL, **end = &copies;
    for (; first != NULL && copying->fields <= COPIES_MAX; first = first->next) {
        *end = copy_field(copying, first, parent);
        end = &(*end)->next;
        *end = NULL;
    }
    return copies;
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

static bool is_within(const struct expansion *expansion, const struct decl *row)
{
    while (expansion != NULL && expansion->row != row) {
        expansion = expansion->outer;
    }
    return expansion != NULL;
}

/* A → B → A, where a list of A is in B. */
static void refuse_endless(struct copying *copying, const struct type_ref *type, const struct expansion *innermost,
                           const struct decl *row)
{
    struct arena *arena = copying->resolver->arena;
    struct str path = row->name.text;
    const struct expansion *step = innermost;
    for (; step->row != row; step = step->outer) {
        path = str_format(arena, "%.*s → %.*s", STR_FMT(step->row->name.text), STR_FMT(path));
    }
    path = str_format(arena, "%.*s → %.*s", STR_FMT(row->name.text), STR_FMT(path));
    diag_add(copying->resolver->out, D_ROW_IN_ITSELF, type->row.at, DIAG_ARGS(row->name.text, path));
}

/* A list of the outermost row type would hold lists too deep; so the recursion has an end. */
static void refuse_deep(struct copying *copying, const struct type_ref *type)
{
    struct str most = str_format(copying->resolver->arena, "%d", (int)LIMIT_LIST_DEPTH);
    diag_add(copying->resolver->out, D_LIST_DEPTH, type->row.at, DIAG_ARGS(most));
}

static void refuse_many(struct copying *copying, struct decl *list)
{
    struct arena *arena = copying->resolver->arena;
    list->is_broken = true;
    if (!copying->is_full) {
        diag_add(copying->resolver->out, D_PROGRAM_LIMIT, list->as.field.type->row.at,
                 DIAG_ARGS(STR("number of data fields"), str_format(arena, "%zu", copying->fields),
                           str_format(arena, "%d", (int)COPIES_MAX)));
    }
    copying->is_full = true;
}

/* The fields of the row type in front of the list's own. What is not found is reported by resolve.c, which knows all
   that the name may mean; until then the list is known to lack fields. */
static void take_fields(struct copying *copying, struct decl *list, struct standing place,
                        const struct expansion *outer)
{
    struct type_ref *type = list->as.field.type;
    struct decl *row = find_row_type(place, type->row.text);
    bool is_endless = row != NULL && is_within(outer, row);
    bool is_deep = row != NULL && outer != NULL && outer->depth >= LIMIT_LIST_DEPTH;
    if (row == NULL || is_endless || is_deep) {
        type->row_type = row;
        list->is_broken = true;
        if (is_endless) {
            refuse_endless(copying, type, outer, row);
        } else if (is_deep) {
            refuse_deep(copying, type);
        }
        return;
    }
    expand_row(copying, row, outer);
    type->row_type = row;
    list->is_broken = list->is_broken || row->is_broken;
    struct decl *copies = copy_fields(copying, row->as.field.type->fields, list);
    if (copying->fields > COPIES_MAX) {
        refuse_many(copying, list);
    }
    resolve_own_fields(copying->resolver, &copies, type->fields, list);
    type->fields = copies;
}

static void expand_fields(struct copying *copying, struct decl *fields, struct standing place,
                          const struct expansion *outer)
{
    for (struct decl *field = fields; field != NULL; field = field->next) {
        struct type_ref *type = field->kind == DECL_FIELD ? field->as.field.type : NULL;
        if (type == NULL || type->kind != TYPE_REF_LIST) {
            continue;
        }
        expand_fields(copying, type->fields, place, outer);
        if (type->row.text.len > 0) {
            take_fields(copying, field, place, outer);
        }
    }
}

static void expand_row(struct copying *copying, struct decl *row, const struct expansion *outer)
{
    struct type_ref *type = row->as.field.type;
    if (type->is_expanded) {
        return;
    }
    type->is_expanded = true;
    const struct expansion here = {row, outer, outer == NULL ? 1 : outer->depth + 1};
    expand_fields(copying, type->fields, (struct standing){row->module, row->parent}, &here);
}

static void expand_items(struct copying *copying, struct decl *items, struct standing place)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_ROW) {
            expand_row(copying, item, NULL);
        } else if (item->kind == DECL_DATA) {
            expand_fields(copying, item->as.data.fields, place, NULL);
        } else if (item->kind == DECL_RULE) {
            expand_items(copying, item->as.rule.items, (struct standing){place.module, item});
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            expand_items(copying, item->as.stage.items, place);
        }
    }
}
