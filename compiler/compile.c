#include "compiler/compile.h"

#include "compiler/trial.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

typedef void open_visitor(void *context, const struct decl *open);
static void each_open(const struct decl *group, open_visitor *visit, void *context);
static void count_open(void *context, const struct decl *open);
static void warn_of_examples(const struct checked *checked, struct diags *out);

struct compiled *compile_phases(struct arena *perm, struct sources *sources, struct str path, struct diags *out)
{
    struct compiled *compiled = arena_new(perm, struct compiled);
    size_t errors = out->errors;
    compiled->checked = module_load(perm, sources, path, out);
    if (compiled->checked == NULL) {
        return compiled;
    }
    resolve(compiled->checked, out);
    types_check(compiled->checked, out);
    tables_check(compiled->checked, out);
    size_t open = 0;
    each_open(compiled->checked->rule, count_open, &open);
    if (out->errors == errors) {
        profiles_check(compiled->checked, out);
    }
    if (open > 0) {
        warn_of_examples(compiled->checked, out);
    }
    if (out->errors == errors && compiled->checked->rule != NULL && open == 0) {
        compiled->program = lower(compiled->checked, compiled, out);
    }
    if (out->errors == errors) {
        lower_module_examples(compiled, out);
    }
    return compiled;
}

struct compiled *compile_file(struct arena *perm, struct sources *sources, struct str path, struct diags *out)
{
    struct diag *last = out->last;
    struct compiled *compiled = compile_phases(perm, sources, path, out);
    struct diag *first = last == NULL ? out->first : last->next;
    fixes_try(perm, sources, path, first, out);
    return compiled;
}

/* ---- a rule that is a base only --------------------------------------------------------------------------------- */

/* What is open in a rule, its stages and processes. */
static void each_open(const struct decl *group, open_visitor *visit, void *context)
{
    for (const struct decl *item = group == NULL ? NULL : decl_inner(group); item != NULL; item = item->next) {
        if (decl_is_open(item)) {
            visit(context, item);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            each_open(item, visit, context);
        }
    }
}

static void count_open(void *context, const struct decl *open)
{
    (void)open;
    ++*(size_t *)context;
}

struct open_names {
    struct arena *arena;
    struct buf names;
};

static void name_open(void *context, const struct decl *open)
{
    struct open_names *into = context;
    struct str between = into->names.len == 0 ? STR("") : diag_both(into->arena, STR(", "), STR("、"));
    struct str name = open->kind == DECL_HEADER ? keyword_both(into->arena, STR("declared")) : open->name.text;
    buf_add(&into->names, between);
    buf_format(&into->names, "`%.*s`", STR_FMT(name));
}

struct str compile_open(const struct checked *checked)
{
    struct open_names open = {checked->perm, buf_in(checked->perm)};
    each_open(checked->rule, name_open, &open);
    return buf_str(&open.names);
}

/* What is not built is not run, and the examples of a base are not those of its variants. */
static void warn_of_examples(const struct checked *checked, struct diags *out)
{
    for (const struct decl *item = checked->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_EXAMPLE) {
            diag_add(out, D_EXAMPLE_OF_BASE, item->at, DIAG_ARGS(compile_open(checked)));
        }
    }
}

struct open_report {
    struct diags *out;
    struct diag *diag;
};

static void label_open(void *context, const struct decl *open)
{
    struct open_report *report = context;
    struct span at = open->kind == DECL_HEADER ? open->at : open->name.at;
    diag_label(report->out, report->diag, at, T_OPEN_HERE, NULL, 0);
}

void compile_report_unbuilt(const struct compiled *compiled, struct str path, struct diags *out)
{
    if (compiled->checked == NULL || compiled->program != NULL || out->errors > 0) {
        return;
    }
    const struct decl *rule = compiled->checked->rule;
    if (rule == NULL) {
        diag_add(out, D_NO_RULE, (struct span){0}, DIAG_ARGS(path));
        return;
    }
    struct open_report report = {out, NULL};
    report.diag = diag_add(out, D_RULE_OPEN, rule->name.at,
                           DIAG_ARGS(rule->name.text, compile_open(compiled->checked)));
    each_open(rule, label_open, &report);
}
