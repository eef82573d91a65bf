/* The attributes that may follow a declaration, gathered in any order; resolve refuses the misplaced. */
#include "compiler/ast_make.h"

struct attrs *make_attrs(struct parser *p)
{
    return arena_new(p->perm, struct attrs);
}

static bool is_said(struct span at)
{
    return at.len > 0;
}

/* Sets one attribute; said twice, the first one stays and the second place is noted for resolve. */
static bool say(struct attrs *attrs, struct span *place, struct span at)
{
    attrs->open = NULL;
    if (is_said(*place)) {
        attrs->attributes.repeated = at;
        return false;
    }
    *place = at;
    return true;
}

static struct attrs *say_text(struct attrs *attrs, struct str *text, struct span *place, struct str value,
                              struct span at)
{
    if (say(attrs, place, at)) {
        *text = value;
    }
    return attrs;
}

struct wording make_wording(struct span at, struct str text, enum lang lang)
{
    return (struct wording){text, at, lang};
}

/* Adds a text to those of one thing; false where there is one in its language. */
static bool add_text(struct parser *p, struct texts *texts, const struct wording *text)
{
    bool is_first = !is_said(texts->at);
    if (texts->text[text->lang].at != NULL) {
        return false;
    }
    texts->text[text->lang] = text->text;
    texts->at = is_first ? text->at : span_join(texts->at, text->at);
    if (p->roles != NULL) {
        parser_note(p, ROLE_TEXT, text->at);
        p->roles->items[p->roles->count - 1].group = texts->at.off;
    }
    return true;
}

struct attrs *attrs_text(struct parser *p, struct attrs *attrs, const struct wording *text)
{
    bool is_more = attrs->open != NULL && attrs->open->text[text->lang].at == NULL;
    struct texts *texts = is_more ? attrs->open : &attrs->texts;
    attrs->open = texts;
    if (!add_text(p, texts, text)) {
        attrs->attributes.repeated = text->at;
        attrs->attributes.is_text_repeated = true;
    }
    return attrs;
}

struct attrs *attrs_cite(struct parser *p, struct attrs *attrs, struct span at, struct str text)
{
    (void)p;
    return say_text(attrs, &attrs->attributes.cite, &attrs->attributes.cite_at, text, at);
}

struct attrs *attrs_clause(struct parser *p, struct attrs *attrs, struct span at, struct str text)
{
    (void)p;
    return say_text(attrs, &attrs->attributes.clause, &attrs->attributes.clause_at, text, at);
}

struct attrs *attrs_column(struct parser *p, struct attrs *attrs, struct span at, struct str text)
{
    (void)p;
    return say_text(attrs, &attrs->attributes.column, &attrs->attributes.column_at, text, at);
}

struct attrs *attrs_from(struct parser *p, struct attrs *attrs, struct span at, struct str text)
{
    (void)p;
    return say_text(attrs, &attrs->attributes.from, &attrs->attributes.from_at, text, at);
}

struct attrs *attrs_because(struct parser *p, struct attrs *attrs, struct span at, const struct wording *text)
{
    if (say(attrs, &attrs->attributes.because_at, at)) {
        add_text(p, &attrs->attributes.because, text);
        attrs->open = &attrs->attributes.because;
    }
    return attrs;
}

struct attrs *attrs_when(struct parser *p, struct attrs *attrs, struct span at, struct expr *condition)
{
    (void)p;
    attrs->open = NULL;
    if (attrs->attributes.when != NULL) {
        attrs->attributes.repeated = at;
        return attrs;
    }
    attrs->attributes.when = condition;
    return attrs;
}

struct attrs *attrs_rows(struct parser *p, struct attrs *attrs, struct span at, struct name binder, struct expr *source)
{
    if (say(attrs, &attrs->attributes.rows_at, at)) {
        attrs->attributes.rows = make_comprehension(p, at, (struct name){{0}, at}, binder, source, NULL, NULL, NULL);
    }
    return attrs;
}

struct attrs *attrs_scale(struct parser *p, struct attrs *attrs, struct span at, struct expr *scale)
{
    (void)p;
    if (say(attrs, &attrs->attributes.scale_at, at)) {
        attrs->attributes.scale = scale;
    }
    return attrs;
}

struct attrs *attrs_range(struct parser *p, struct attrs *attrs, struct span at, struct expr *first, struct expr *last)
{
    (void)p;
    attrs->open = NULL;
    if (attrs->attributes.range_first != NULL) {
        attrs->attributes.repeated = at;
        return attrs;
    }
    attrs->attributes.range_first = first;
    attrs->attributes.range_last = last;
    return attrs;
}

struct attrs *attrs_origin(struct parser *p, struct attrs *attrs, struct span at, enum origin origin)
{
    (void)p;
    if (say(attrs, &attrs->attributes.origin_at, at)) {
        attrs->attributes.origin = origin;
    }
    return attrs;
}

struct attrs *attrs_key(struct parser *p, struct attrs *attrs, struct span at, struct name key)
{
    (void)p;
    if (say(attrs, &attrs->attributes.key_at, at)) {
        attrs->attributes.key = key;
    }
    return attrs;
}

struct attrs *attrs_optional(struct parser *p, struct attrs *attrs, struct span at)
{
    (void)p;
    attrs->attributes.is_optional = true;
    say(attrs, &attrs->attributes.optional_at, at);
    return attrs;
}

struct attrs *attrs_symmetric(struct parser *p, struct attrs *attrs, struct span at)
{
    (void)p;
    attrs->attributes.is_symmetric = true;
    say(attrs, &attrs->attributes.symmetric_at, at);
    return attrs;
}

struct attrs *attrs_allow(struct parser *p, struct attrs *attrs, struct name lint, const struct wording *reason)
{
    struct allowance *allowance = arena_new(p->perm, struct allowance);
    *allowance = (struct allowance){.lint = lint, .next = attrs->attributes.allows};
    attrs->attributes.allows = allowance;
    add_text(p, &allowance->reason, reason);
    attrs->open = &allowance->reason;
    return attrs;
}

struct attrs *attrs_validity(struct parser *p, struct attrs *attrs, struct span at, struct validity valid)
{
    (void)p;
    struct span *place = &attrs->attributes.valid.at;
    say(attrs, place, at);
    valid.at = *place;
    attrs->attributes.valid = valid;
    return attrs;
}

static void merge_allowances(struct parser *p, struct attributes *into, const struct allowance *more)
{
    for (; more != NULL; more = more->next) {
        struct allowance *allowance = arena_new(p->perm, struct allowance);
        *allowance = (struct allowance){.lint = more->lint, .reason = more->reason, .next = into->allows};
        into->allows = allowance;
    }
}

struct attrs *merge_attrs(struct parser *p, struct attrs *before, struct attrs *after)
{
    const struct attributes *more = &after->attributes;
    before->open = NULL;
    for (enum lang lang = LANG_EN; lang <= LANG_ZH; lang++) {
        if (after->texts.text[lang].at == NULL) {
            continue;
        }
        if (before->texts.text[lang].at != NULL) {
            before->attributes.repeated = after->texts.at;
            before->attributes.is_text_repeated = true;
            continue;
        }
        bool is_first = !is_said(before->texts.at);
        before->texts.text[lang] = after->texts.text[lang];
        before->texts.at = is_first ? after->texts.at : span_join(before->texts.at, after->texts.at);
    }
    if (is_said(more->cite_at)) {
        attrs_cite(p, before, more->cite_at, more->cite);
    }
    if (is_said(more->clause_at)) {
        attrs_clause(p, before, more->clause_at, more->clause);
    }
    if (is_said(more->column_at)) {
        attrs_column(p, before, more->column_at, more->column);
    }
    if (is_said(more->from_at)) {
        attrs_from(p, before, more->from_at, more->from);
    }
    if (is_said(more->because_at) && say(before, &before->attributes.because_at, more->because_at)) {
        before->attributes.because = more->because;
    }
    if (more->when != NULL) {
        attrs_when(p, before, more->when->at, more->when);
    }
    merge_allowances(p, &before->attributes, more->allows);
    if (more->range_first != NULL) {
        attrs_range(p, before, more->range_first->at, more->range_first, more->range_last);
    }
    if (is_said(more->rows_at)) {
        if (say(before, &before->attributes.rows_at, more->rows_at)) {
            before->attributes.rows = more->rows;
        }
    }
    if (is_said(more->scale_at)) {
        attrs_scale(p, before, more->scale_at, more->scale);
    }
    if (is_said(more->origin_at)) {
        attrs_origin(p, before, more->origin_at, more->origin);
    }
    if (is_said(more->key_at)) {
        attrs_key(p, before, more->key_at, more->key);
    }
    if (more->is_optional) {
        attrs_optional(p, before, more->optional_at);
    }
    if (more->is_symmetric) {
        attrs_symmetric(p, before, more->symmetric_at);
    }
    if (is_said(more->valid.at)) {
        attrs_validity(p, before, more->valid.at, more->valid);
    }
    if (is_said(more->repeated)) {
        before->attributes.repeated = more->repeated;
        before->attributes.is_text_repeated = more->is_text_repeated;
    }
    return before;
}
