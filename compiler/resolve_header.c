#include "compiler/resolve.h"

#include "base/calendar.h"
#include "grammar/keywords.h"

/* The words that a header may name, in their first spelling; those of life cycles are in resolve_lifecycle.c. */
static const char *const statuses[] = {"draft", "published", NULL};
static const char *const judgements[] = {"full_value", "rounded", NULL};

static bool is_among(const char *const *words, struct str word)
{
    for (; *words != NULL; words++) {
        if (str_eq(str_of(*words), word)) {
            return true;
        }
    }
    return false;
}

/* Replaces the word by its first spelling, or reports it. */
static bool take_word(struct resolver *resolver, struct name *name, enum word_category category,
                      const char *const *words, struct str what)
{
    struct str word = word_canonical(category, name->text);
    if (is_among(words, word)) {
        name->text = word;
        return true;
    }
    struct str candidates[8];
    size_t count = 0;
    struct buf list = buf_in(resolver->arena);
    for (; words[count] != NULL && count < countof(candidates); count++) {
        candidates[count] = str_of(words[count]);
        buf_add(&list, count == 0 ? STR("") : diag_both(resolver->arena, STR(", "), STR("、")));
        buf_add(&list, word_both(resolver->arena, category, candidates[count]));
    }
    struct diag *diag = diag_add(resolver->out, D_UNKNOWN_WORD, name->at, DIAG_ARGS(name->text, what, buf_str(&list)));
    suggest_nearest(resolver, diag, *name, candidates, count);
    return false;
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static void resolve_exclusion(struct resolver *resolver, struct decl *header)
{
    for (struct name_list *item = header->as.header.names; item != NULL; item = item->next) {
        resolve_phase(resolver, &item->name);
        refuse_repeated(resolver, header->as.header.names, item);
    }
    bool has_reason = header->attributes.because_at.len > 0 || header->texts.text[LANG_EN].len > 0 ||
                      header->texts.text[LANG_ZH].len > 0;
    if (!has_reason) {
        diag_add(resolver->out, D_EXCLUSION_NO_REASON, header->at, NULL, 0);
    }
}

static void resolve_apart(struct resolver *resolver, struct decl *header)
{
    for (struct name_list *item = header->as.header.names; item != NULL; item = item->next) {
        bool is_category = false;
        resolve_cut(resolver, &item->name, &is_category);
        refuse_repeated(resolver, header->as.header.names, item);
    }
}

/* A header that names one word. */
static void resolve_single(struct resolver *resolver, struct decl *header, enum word_category category,
                           const char *const *words, const char *what)
{
    struct name_list *names = header->as.header.names;
    struct str called = keyword_both(resolver->arena, str_of(what));
    if (names != NULL && names->next != NULL) {
        diag_add(resolver->out, D_HEADER_ONE_WORD, names->next->name.at, DIAG_ARGS(called));
    }
    if (names != NULL && words != NULL) {
        take_word(resolver, &names->name, category, words, called);
    }
}

static int32_t read_day(struct resolver *resolver, struct span at, struct str text, int32_t open)
{
    int32_t day = open;
    if (text.len > 0 && !calendar_read(text, &day)) {
        diag_add(resolver->out, D_NO_SUCH_DAY, at, DIAG_ARGS(text));
        return open;
    }
    return day;
}

void resolve_validity(struct resolver *resolver, struct validity *valid)
{
    valid->first_day = read_day(resolver, valid->at, valid->text[0], INT32_MIN);
    valid->last_day = read_day(resolver, valid->at, valid->text[1], INT32_MAX);
    if (valid->first_day > valid->last_day) {
        diag_add(resolver->out, D_VALIDITY_BACKWARDS, valid->at, NULL, 0);
    }
}

/* `by FIELD`: whether it is a year or a date is seen when its type is known (check_rule.c). */
static void resolve_period(struct resolver *resolver, struct decl *header)
{
    struct name by = header->as.header.by;
    if (by.text.len == 0) {
        return;
    }
    struct decl *value = symbols_find(&resolver->rule_values, by.text);
    if (value == NULL) {
        report_unknown_name(resolver, by);
    } else if (value->kind != DECL_FIELD) {
        diag_add(resolver->out, D_VALIDITY_FIELD, by.at, DIAG_ARGS(by.text));
    } else {
        header->as.header.field = value;
    }
}

static void resolve_header(struct resolver *resolver, struct decl *header)
{
    switch (header->as.header.kind) {
    case HEADER_VERSION:
        return;
    case HEADER_CONFORMS:
        for (struct name_list *item = header->as.header.names; item != NULL; item = item->next) {
            resolve_conformity(resolver, &item->name);
            refuse_repeated(resolver, header->as.header.names, item);
        }
        return;
    case HEADER_STATUS:
        resolve_single(resolver, header, WORDS_STATUS, statuses, "status");
        return;
    case HEADER_GWP: /* types.c knows the columns of the table */
        resolve_single(resolver, header, WORDS_STATUS, NULL, "gwp");
        return;
    case HEADER_JUDGE:
        resolve_single(resolver, header, WORDS_JUDGE, judgements, "judge");
        return;
    case HEADER_LIFECYCLE:
        resolve_single(resolver, header, WORDS_STATUS, NULL, "lifecycle");
        return;
    case HEADER_BOUNDARY:
        resolve_single(resolver, header, WORDS_STATUS, NULL, "boundary");
        if (header->as.header.names != NULL) {
            resolve_boundary(resolver, &header->as.header.names->name);
        }
        return;
    case HEADER_VALID:
        resolve_validity(resolver, &header->as.header.valid);
        resolve_period(resolver, header);
        return;
    case HEADER_EXCLUDE:
    case HEADER_ZERO:
        resolve_exclusion(resolver, header);
        return;
    case HEADER_APART:
        resolve_apart(resolver, header);
        return;
    case HEADER_DECLARED:
    case HEADER_FUNCTIONAL:
        return; /* the amount is resolved with the other expressions */
    }
}

static bool may_repeat(enum header_kind kind)
{
    return kind == HEADER_EXCLUDE || kind == HEADER_ZERO || kind == HEADER_CONFORMS || kind == HEADER_APART;
}

enum header_kind header_slot(const struct decl *header)
{
    return header->as.header.kind == HEADER_FUNCTIONAL ? HEADER_DECLARED : header->as.header.kind;
}

/* Beside `total` results have one spelling: those of `names` are the first by now. */
bool round_is_of_same(const struct decl *round, const struct decl *other)
{
    struct str target = round->as.round.target.text;
    struct str others = other->as.round.target.text;
    bool is_total = predefined_lookup(target) == PREDEFINED_TOTAL && predefined_lookup(others) == PREDEFINED_TOTAL;
    return is_total || str_eq(target, others);
}

static void refuse_second_rounding(struct resolver *resolver, const struct decl *rule, const struct decl *round)
{
    for (const struct decl *item = rule->as.rule.items; item != round; item = item->next) {
        if (item->kind == DECL_ROUND && round_is_of_same(item, round)) {
            struct diag *diag = diag_add(resolver->out, D_HEADER_REPEATED, round->at, NULL, 0);
            diag_label(resolver->out, diag, item->at, T_FIRST_HERE, NULL, 0);
            return;
        }
    }
}

void resolve_headers(struct resolver *resolver, struct decl *rule)
{
    struct decl *seen[HEADER_APART + 1] = {NULL};
    struct decl *reference = NULL;
    const struct module_scope *module = resolver->module;
    resolve_rule_lifecycle(resolver, rule);
    for (struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        struct decl **first = item->kind == DECL_HEADER ? &seen[header_slot(item)] : &reference;
        if (item->kind == DECL_ROUND) {
            refuse_second_rounding(resolver, rule, item);
        }
        if (item->kind != DECL_HEADER && item->kind != DECL_REFERENCE) {
            continue;
        }
        resolver->module = scope_of(resolver, item->module); /* of a composed rule: the file it was written in */
        if (*first != NULL && (item->kind == DECL_REFERENCE || !may_repeat(item->as.header.kind))) {
            struct diag *diag = diag_add(resolver->out, D_HEADER_REPEATED, item->at, NULL, 0);
            diag_label(resolver->out, diag, (*first)->at, T_FIRST_HERE, NULL, 0);
        }
        *first = *first == NULL ? item : *first;
        if (item->kind == DECL_HEADER) {
            resolve_header(resolver, item);
        }
    }
    resolver->module = module;
}
