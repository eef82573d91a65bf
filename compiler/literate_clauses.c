/* The numbered headings of a literate rule as clauses of its declarations, and whether each is implemented. */
#include "compiler/literate.h"

#include "compiler/walk.h"

enum { LEVEL_MAX = 6 };

/* The numbered heading that the offset stands beneath; NULL where there is none. A heading without a number ends what
   is above it of its level and deeper. */
static const struct heading *heading_at(const struct literate *literate, uint32_t off)
{
    const struct heading *above[LEVEL_MAX + 1] = {NULL};
    for (size_t i = 0; i < literate->heading_count && literate->headings[i].off < off; i++) {
        const struct heading *heading = &literate->headings[i];
        for (uint32_t level = heading->level; level <= LEVEL_MAX; level++) {
            above[level] = NULL;
        }
        above[heading->level] = heading->clause.len > 0 ? heading : NULL;
    }
    for (uint32_t level = LEVEL_MAX; level > 0; level--) {
        if (above[level] != NULL) {
            return above[level];
        }
    }
    return NULL;
}

static void set_clauses(const struct literate *literate, struct decl *first, const struct heading *said_beneath)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        const struct heading *heading = heading_at(literate, decl->at.off);
        bool is_said = decl->attributes.clause.len > 0;
        bool is_said_around = said_beneath != NULL && said_beneath == heading;
        if (!is_said && !is_said_around && heading != NULL) {
            decl->attributes.clause = heading->clause;
        }
        const struct heading *inner = is_said && decl->kind != DECL_RULE ? heading : said_beneath;
        set_clauses(literate, decl_inner(decl), inner);
        set_clauses(literate, decl_columns(decl), inner);
    }
}

void literate_set_clauses(struct module *module)
{
    set_clauses(module->literate, module->items, NULL);
}

void literate_check(const struct module *module, struct diags *out)
{
    const struct literate *literate = module->literate;
    for (size_t i = 0; i < literate->fence_count; i++) {
        const struct fence *fence = &literate->fences[i];
        if (!fence->is_closed) {
            diag_add(out, D_FENCE_UNCLOSED, (struct span){module->file, fence->line_off, fence->line_len}, NULL, 0);
        }
    }
    if (literate->fence_count == 0) {
        diag_add(out, D_NO_FENCE, (struct span){module->file, 0, 0}, DIAG_ARGS(module->name));
    }
}

/* ---- coverage --------------------------------------------------------------------------------------------------- */

/* Does a declaration of this file have the clause? A rule or a block of data alone implements nothing. */
static bool is_implemented(const struct module *module, const struct decl *first, struct str clause)
{
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        bool is_frame = decl->kind == DECL_RULE || decl->kind == DECL_DATA || decl->kind == DECL_IMPORT;
        if (!is_frame && decl->module == module && str_eq(decl->attributes.clause, clause)) {
            return true;
        }
        if (is_implemented(module, decl_inner(decl), clause)) {
            return true;
        }
    }
    return false;
}

/* A heading with numbered headings beneath it is judged by them. */
static bool has_parts(const struct literate *literate, size_t number)
{
    for (size_t i = number + 1; i < literate->heading_count; i++) {
        if (literate->headings[i].level <= literate->headings[number].level) {
            return false;
        }
        if (literate->headings[i].clause.len > 0) {
            return true;
        }
    }
    return false;
}

/* The mark of the heading, or of one that it stands beneath. */
static const struct heading *marked(const struct literate *literate, size_t number)
{
    uint32_t level = literate->headings[number].level + 1;
    for (size_t i = number + 1; i-- > 0 && level > 1;) {
        const struct heading *heading = &literate->headings[i];
        if (heading->level >= level) {
            continue;
        }
        if (heading->mark != HEADING_NORMATIVE) {
            return heading;
        }
        level = heading->level;
    }
    return NULL;
}

void literate_check_coverage(const struct module *module, const struct decl *rule, struct diags *out)
{
    const struct literate *literate = module->literate;
    for (size_t i = 0; i < literate->heading_count; i++) {
        const struct heading *heading = &literate->headings[i];
        struct span at = {module->file, heading->off, heading->len};
        const struct heading *mark = marked(literate, i);
        if (heading->mark == HEADING_WAIVED && heading->reason.len == 0) {
            diag_add(out, D_WAIVER_NO_REASON, at, NULL, 0);
        }
        bool is_judged = heading->clause.len > 0 && mark == NULL && !has_parts(literate, i);
        if (is_judged && !is_implemented(module, module->items, heading->clause) &&
            !(rule != NULL && is_implemented(module, rule->as.rule.items, heading->clause))) {
            diag_add(out, D_CLAUSE_UNIMPLEMENTED, at, DIAG_ARGS(heading->clause));
        }
    }
}
