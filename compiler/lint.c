#include "compiler/lint.h"

#include "compiler/literate.h"
#include "compiler/walk.h"

/* ---- allow ------------------------------------------------------------------------------------------------------ */

/* `unused_input` is the lint "unused-input". */
static bool is_slug(struct str name, const char *slug)
{
    size_t i = 0;
    while (i < name.len && slug[i] != '\0' && (name.at[i] == slug[i] || (name.at[i] == '_' && slug[i] == '-'))) {
        i++;
    }
    return i == name.len && slug[i] == '\0';
}

struct diag *lint_add(struct linter *linter, enum diag_code code, const struct decl *inside, struct span at,
                      const struct str *args, size_t count)
{
    bool is_of_base = inside != NULL && inside->module != linter->module; /* said where that is checked */
    return is_of_base ? NULL : lint_add_composed(linter, code, inside, at, args, count);
}

struct diag *lint_add_composed(struct linter *linter, enum diag_code code, const struct decl *inside, struct span at,
                               const struct str *args, size_t count)
{
    for (const struct decl *decl = inside; decl != NULL; decl = decl->parent) {
        for (struct allowance *allow = decl->attributes.allows; allow != NULL; allow = allow->next) {
            if (is_slug(allow->lint.text, diag_info(code)->slug)) {
                allow->is_needed = true;
                return NULL;
            }
        }
    }
    return diag_add(linter->out, code, at, args, count);
}

bool lint_is_published(const struct linter *linter)
{
    const struct decl *items = linter->rule == NULL ? NULL : linter->rule->as.rule.items;
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_HEADER && item->as.header.kind == HEADER_STATUS && item->as.header.names != NULL) {
            return str_eq(item->as.header.names->name.text, STR("published"));
        }
    }
    return false;
}

static enum diag_code find_lint(struct str name)
{
    for (enum diag_code code = DIAG_NONE + 1; code < DIAG_CODE_COUNT; code++) {
        const struct diag_info *info = diag_info(code);
        if (info->code != NULL && info->severity == SEVERITY_LINT && is_slug(name, info->slug)) {
            return code;
        }
    }
    return DIAG_NONE;
}

static void suggest_lint(struct linter *linter, struct diag *diag, struct name name)
{
    struct str *slugs = arena_array(linter->arena, struct str, DIAG_CODE_COUNT);
    size_t count = 0;
    for (enum diag_code code = DIAG_NONE + 1; code < DIAG_CODE_COUNT; code++) {
        const struct diag_info *info = diag_info(code);
        if (info->code != NULL && info->severity == SEVERITY_LINT) {
            char *slug = arena_array(linter->arena, char, str_of(info->slug).len + 1);
            for (size_t i = 0; info->slug[i] != '\0'; i++) {
                slug[i] = (char)(info->slug[i] == '-' ? '_' : info->slug[i]);
            }
            slugs[count++] = str_of(slug);
        }
    }
    struct str nearest = str_nearest(name.text, slugs, count);
    if (nearest.len > 0) {
        diag_note(linter->out, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
        diag_fix(linter->out, diag, name.at, nearest, T_FIX_REPLACE, DIAG_ARGS(nearest));
    }
}

/* After all lints: what was allowed must be a lint, have a reason, and occur. */
static void check_allowances(void *context, struct decl *decl)
{
    struct linter *linter = context;
    for (struct allowance *allow = decl->attributes.allows; allow != NULL; allow = allow->next) {
        if (find_lint(allow->lint.text) == DIAG_NONE) {
            struct diag *diag = diag_add(linter->out, D_UNKNOWN_LINT, allow->lint.at, DIAG_ARGS(allow->lint.text));
            suggest_lint(linter, diag, allow->lint);
        } else if (str_trim(allow->reason.text[LANG_EN]).len == 0 && str_trim(allow->reason.text[LANG_ZH]).len == 0) {
            diag_add(linter->out, D_ALLOW_NO_REASON, allow->reason.at, DIAG_ARGS(allow->lint.text));
        } else if (!allow->is_needed && linter->facts->have_run) {
            lint_add(linter, D_LINT_ALLOW_UNNEEDED, decl, allow->lint.at, DIAG_ARGS(allow->lint.text));
        }
    }
}

/* ---- all lints -------------------------------------------------------------------------------------------------- */

void lint(struct compiled *compiled, const struct example_facts *facts, struct diags *out)
{
    struct checked *checked = compiled->checked;
    struct linter linter = {
        .compiled = compiled,
        .facts = facts,
        .checked = checked,
        .module = checked->modules[checked->module_count - 1],
        .rule = checked->rule,
        .arena = checked->perm,
        .out = out,
    };
    lint_use(&linter);
    lint_formulas(&linter);
    lint_rounds(&linter);
    lint_signs(&linter);
    lint_rows(&linter);
    lint_sources(&linter);
    lint_texts(&linter);
    if (compiled->program != NULL) {
        lint_counts(&linter);
        lint_divisors(&linter);
        lint_examples(&linter);
    }
    if (linter.module->literate != NULL) {
        literate_check_coverage(linter.module, linter.rule, out);
    }
    decls_walk(linter.module->items, check_allowances, &linter);
}
