/* `extend choice` and `extend table`: what a variant adds to the choices and tables of its bases becomes part of them,
   behind what they have; formulas of the bases see them so, and are checked with them. */
#include "compiler/module.h"
#include "compiler/resolve.h"

bool compose_is_extension(const struct decl *item)
{
    return (item->kind == DECL_CHOICE && item->as.choice.is_extension) ||
           (item->kind == DECL_TABLE && item->as.table.is_extension);
}

/* ---- what is extended ---- */

static struct decl *find_among(struct decl *items, const struct decl *item)
{
    while (items != NULL && (items->kind != item->kind || !str_eq(items->name.text, item->name.text))) {
        items = items->next;
    }
    return items;
}

static struct decl *find_in_bases(const struct decl *base, const struct decl *item)
{
    struct decl *found = NULL;
    for (; base != NULL && found == NULL; base = base->base) {
        found = find_among(base->module->items, item);
    }
    return found;
}

/* ---- what it gets ---- */

static void add_members(struct decl *choice, struct decl *members)
{
    struct decl **end = &choice->as.choice.members;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = members;
    for (; members != NULL; members = members->next) {
        members->parent = choice;
    }
    decls_number(choice->as.choice.members);
}

/* The source of the whole table is both. */
static void add_cite(struct arena *arena, struct attributes *attributes, struct str cite)
{
    if (cite.len == 0 || str_eq(cite, attributes->cite)) {
        return;
    }
    attributes->cite = attributes->cite.len == 0
                           ? cite
                           : str_join(arena, (const struct str[]){attributes->cite, cite}, 2, STR("; "));
}

static void add_rows(struct resolver *resolver, struct decl *table, const struct decl *item)
{
    struct table_row **end = &table->as.table.rows;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = item->as.table.rows;
    if (item->as.table.matrix != NULL) {
        diag_add(resolver->out, D_MATRIX_LINE, item->as.table.matrix->at, NULL, 0);
    }
    add_cite(resolver->arena, &table->attributes, item->attributes.cite);
}

bool compose_extend(struct resolver *resolver, const struct decl *base, struct decl *own, struct decl *item)
{
    bool is_own = own != NULL && own->kind == item->kind && own->module != item->module;
    struct decl *extended = is_own ? own : find_in_bases(base, item);
    if (extended == NULL) {
        return false;
    }
    extended->is_broken = extended->is_broken || item->is_broken;
    if (item->kind == DECL_CHOICE) {
        add_members(extended, item->as.choice.members);
    } else {
        add_rows(resolver, extended, item);
    }
    return true;
}

/* ---- what is left ---- */

void compose_refuse_left(struct resolver *resolver, struct decl *rule, const struct decl *base)
{
    bool is_base_lost = base == NULL && rule->as.rule.base.text.len > 0;
    for (struct decl **link = &rule->as.rule.items; *link != NULL;) {
        struct decl *item = *link;
        if (!compose_is_extension(item)) {
            link = &item->next;
            continue;
        }
        *link = item->next;
        if (!is_base_lost) {
            resolve_refuse_extension(resolver, D_EXTEND_NOTHING, item->name, base,
                                     decl_kind_text(resolver->arena, item));
        }
    }
}
