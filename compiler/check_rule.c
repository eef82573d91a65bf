#include "compiler/check.h"

#include "compiler/walk.h"
#include "grammar/keywords.h"

static void check_required(struct checker *checker, const struct decl *rule);
static void check_item(struct checker *checker, const struct decl *item);
static void check_cutoffs(struct checker *checker, const struct decl *rule);
static void check_grades(struct checker *checker, const struct decl *rule);
static void check_period(struct checker *checker, const struct decl *rule);

void check_rule(struct checker *checker, const struct decl *rule)
{
    if (!checker->is_broken) {
        check_required(checker, rule);
    }
    check_boundary(checker, rule);
    check_cutoffs(checker, rule);
    check_grades(checker, rule);
    check_rows(checker, checker->checked->rule);
    check_period(checker, rule);
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        check_item(checker, item);
    }
}

static const struct decl *find_header(const struct decl *rule, enum header_kind kind)
{
    const struct decl *item = rule->as.rule.items;
    while (item != NULL && (item->kind != DECL_HEADER || item->as.header.kind != kind)) {
        item = item->next;
    }
    return item;
}

static const struct decl *find_item(const struct decl *rule, enum decl_kind kind)
{
    const struct decl *item = rule->as.rule.items;
    while (item != NULL && item->kind != kind) {
        item = item->next;
    }
    return item;
}

static void check_required(struct checker *checker, const struct decl *rule)
{
    if (find_header(rule, HEADER_DECLARED) == NULL && find_header(rule, HEADER_FUNCTIONAL) == NULL) {
        diag_add(checker->out, D_RULE_NO_DECLARED, rule->name.at, DIAG_ARGS(rule->name.text));
    }
    if (find_item(rule, DECL_REFERENCE) == NULL && !decl_is_open(find_header(rule, HEADER_DECLARED))) {
        diag_add(checker->out, D_RULE_NO_REFERENCE, rule->name.at, DIAG_ARGS(rule->name.text));
    }
}

/* The period that a validity is compared with is one that every product reports. */
static void check_period(struct checker *checker, const struct decl *rule)
{
    const struct decl *header = find_header(rule, HEADER_VALID);
    const struct decl *field = header == NULL ? NULL : header->as.header.field;
    if (field == NULL || field->type.kind == TYPE_ERROR) {
        return;
    }
    bool is_time = field->type.kind == TYPE_YEAR || field->type.kind == TYPE_DATE;
    if (!is_time || field->type.is_optional || field->attributes.initial != NULL) {
        struct name by = header->as.header.by;
        struct diag *diag = diag_add(checker->out, D_VALIDITY_FIELD, by.at, DIAG_ARGS(by.text));
        diag_label(checker->out, diag, field->name.at, T_HERE, NULL, 0);
    }
}

/* ---- the other items -------------------------------------------------------------------------------------------- */

static bool has_text(const struct decl *decl)
{
    return decl->texts.text[LANG_EN].len > 0 || decl->texts.text[LANG_ZH].len > 0;
}

static void check_item(struct checker *checker, const struct decl *item)
{
    if (item->kind == DECL_EXAMPLE && item->as.example.data.len == 0) {
        diag_add(checker->out, D_EXAMPLE_NO_DATA, item->at, NULL, 0);
    } else if (item->kind == DECL_EXAMPLE) {
        check_example(checker, item);
    } else if ((item->kind == DECL_REQUIRE || item->kind == DECL_WARN) && !has_text(item)) {
        diag_add(checker->out, D_REQUIRE_NO_TEXT, item->at, NULL, 0);
    } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
        for (const struct decl *inner = item->as.stage.items; inner != NULL; inner = inner->next) {
            check_item(checker, inner);
        }
    }
}

static void refuse_part(struct checker *checker, const struct decl *example, const char *word, struct str said)
{
    if (said.len > 0) {
        struct str of =
            diag_term(checker->arena, example_is_of_module(example) ? T_EXAMPLE_OF_MODULE : T_EXAMPLE_OF_RULE);
        diag_add(checker->out, D_EXAMPLE_PART, example->at, DIAG_ARGS(keyword_both(checker->arena, str_of(word)), of));
    }
}

void check_example(struct checker *checker, const struct decl *example)
{
    if (!example_is_of_module(example)) {
        refuse_part(checker, example, "gwp", example->as.example.gwp.text); /* the rule names its set */
        return;
    }
    refuse_part(checker, example, "data", example->as.example.data);
    refuse_part(checker, example, "key", example->as.example.key);
    refuse_part(checker, example, "reference", example->as.example.row);
    if (example->as.example.expects == NULL && !checker->is_broken) {
        diag_add(checker->out, D_EXAMPLE_EMPTY, example->at, NULL, 0);
    }
}

/* The list that a cut-off is about. */
static const struct decl *list_of_cutoff(const struct decl *item)
{
    const struct expr *sum = item->kind == DECL_CUTOFF ? item->as.cutoff.comprehension : NULL;
    const struct expr *source = sum == NULL ? NULL : sum->as.comprehension.source;
    return source != NULL && source->type.kind == TYPE_LIST ? source->type.decl : NULL;
}

static void check_cutoffs(struct checker *checker, const struct decl *rule)
{
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        const struct decl *list = list_of_cutoff(item);
        if (list == NULL) {
            continue;
        }
        for (const struct decl *first = rule->as.rule.items; first != item; first = first->next) {
            if (list_of_cutoff(first) == list) {
                struct diag *diag = diag_add(checker->out, D_CUTOFF_TWICE, item->at, DIAG_ARGS(list->name.text));
                diag_label(checker->out, diag, first->at, T_FIRST_HERE, NULL, 0);
            }
        }
    }
}

/* ---- classes ---------------------------------------------------------------------------------------------------- */

static struct str class_name(const struct decl *class)
{
    struct str en = class->texts.text[LANG_EN];
    return en.len > 0 ? en : class->texts.text[LANG_ZH];
}

static const struct decl *find_class(const struct decl *rule, const struct decl *class)
{
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        const struct decl *other = item->kind == DECL_GRADE ? item->as.grade.classes : NULL;
        for (; other != NULL && other != class; other = other->next) {
            if (str_eq(class_name(other), class_name(class))) {
                return other;
            }
        }
        if (other == class && other != NULL) {
            return NULL;
        }
    }
    return NULL;
}

/* Classes of all `grade` of the rule make one scale. */
static void check_grades(struct checker *checker, const struct decl *rule)
{
    const struct decl *otherwise = NULL;
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        const struct decl *class = item->kind == DECL_GRADE ? item->as.grade.classes : NULL;
        for (; class != NULL; class = class->next) {
            const struct decl *first = find_class(rule, class);
            if (first != NULL) {
                struct diag *diag = diag_add(checker->out, D_GRADE_TWICE, class->at, DIAG_ARGS(class_name(class)));
                diag_label(checker->out, diag, first->at, T_FIRST_HERE, NULL, 0);
            } else if (otherwise != NULL) {
                struct diag *diag = diag_add(checker->out, D_GRADE_OTHERWISE, class->at, NULL, 0);
                diag_label(checker->out, diag, otherwise->at, T_HERE, NULL, 0);
            }
            otherwise = class->as.class.limit == NULL ? class : otherwise;
        }
    }
}
