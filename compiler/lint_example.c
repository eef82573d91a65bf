/* What the examples of a rule show: stages and flows that none of them reaches, amounts that look like a slip. */
#include "compiler/lint.h"

static const struct example_flow *fact_of(const struct linter *linter, const struct decl *stage,
                                          const struct decl *flow, size_t *at)
{
    const struct example_facts *facts = linter->facts;
    while (*at < facts->flow_count) {
        const struct example_flow *fact = &facts->flows[(*at)++];
        if (str_eq(fact->stage, stage->name.text) && str_eq(fact->name, flow->name.text)) {
            return fact;
        }
    }
    return NULL;
}

static void lint_amount(struct linter *linter, const struct decl *flow, const struct example_flow *fact)
{
    if (fact->is_negative && flow->as.emit.kind == EMIT_EMISSION) {
        lint_add(linter, D_LINT_NEGATIVE_FLOW, flow, flow->name.at, DIAG_ARGS(flow->name.text, fact->example->title));
    } else if (fact->is_tiny) {
        lint_add(linter, D_LINT_TINY_FLOW, flow, flow->name.at, DIAG_ARGS(flow->name.text, fact->example->title));
    }
}

/* True where an example reaches a flow of these. */
static bool lint_flows(struct linter *linter, const struct decl *stage, const struct decl *items)
{
    bool is_reached = false;
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_PROCESS) {
            is_reached = lint_flows(linter, stage, item->as.stage.items) || is_reached;
        }
        if (item->kind != DECL_EMIT) {
            continue;
        }
        bool is_given = false;
        const struct example_flow *fact;
        for (size_t at = 0; (fact = fact_of(linter, stage, item, &at)) != NULL;) {
            is_given = is_given || fact->is_given;
            lint_amount(linter, item, fact);
        }
        if (!is_given && item->attributes.when != NULL) {
            lint_add(linter, D_LINT_NOT_IN_EXAMPLE, item, item->name.at, DIAG_ARGS(item->name.text));
        }
        is_reached = is_reached || is_given;
    }
    return is_reached;
}

static void lint_ties(struct linter *linter)
{
    const struct example_facts *facts = linter->facts;
    for (size_t i = 0; i < facts->tie_count; i++) {
        const struct example_tie *tie = &facts->ties[i];
        lint_add(linter, D_LINT_TIE, linter->rule, tie->example->at,
                 DIAG_ARGS(tie->example->title, diag_both(linter->arena, tie->text[LANG_EN], tie->text[LANG_ZH])));
    }
}

void lint_examples(struct linter *linter)
{
    if (linter->compiled->example_count == 0) {
        lint_add(linter, D_LINT_NO_EXAMPLE, linter->rule, linter->rule->name.at, DIAG_ARGS(linter->rule->name.text));
        return;
    }
    if (!linter->facts->have_run) {
        return;
    }
    for (const struct decl *stage = linter->rule->as.rule.items; stage != NULL; stage = stage->next) {
        if (stage->kind == DECL_STAGE && !lint_flows(linter, stage, stage->as.stage.items) &&
            stage->attributes.when != NULL) {
            lint_add(linter, D_LINT_NOT_IN_EXAMPLE, stage, stage->name.at, DIAG_ARGS(stage->name.text));
        }
    }
    lint_ties(linter);
}
