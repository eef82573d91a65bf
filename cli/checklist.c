#include "cli/checklist.h"

#include "base/render.h"

static const struct {
    const char *sign, *name; /* of the text and of JSON */
} VERDICTS[] = {
    [FINDING_MET] = {"[x]", "met"},
    [FINDING_UNMET] = {"[ ]", "unmet"},
    [FINDING_NOT_CONCERNED] = {"[-]", "not_concerned"},
    [FINDING_BY_HAND] = {"[?]", "by_hand"},
};

static const struct source *source_of(const struct checked *checked, const struct finding *finding)
{
    return finding->at.file == 0 ? NULL : sources_get(checked->sources, finding->at.file);
}

/* A text that reads differently in the two languages, in one of them. */
static struct str in_language(struct arena *arena, struct str both, enum lang lang)
{
    return diag_text(arena, (struct diag_text){T_PLAIN, {both}}, lang);
}

static struct str demand_text(struct arena *arena, const struct finding *finding, enum lang lang)
{
    return in_language(arena, profile_text(arena, finding->demand), lang);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void add_place(struct buf *out, const struct checked *checked, const struct finding *finding)
{
    const struct source *source = source_of(checked, finding);
    if (source != NULL) {
        struct place place = source_place(source, finding->at.off);
        buf_format(out, "%.*s:%lu:%lu", STR_FMT(source->path), (unsigned long)place.line,
                   (unsigned long)place.column);
    }
}

static void add_finding(struct buf *out, struct arena *arena, const struct checked *checked,
                        const struct finding *finding, enum lang lang)
{
    const struct decl *demand = finding->demand;
    struct str strength =
        in_language(arena, profile_strength(arena, demand), lang);
    buf_format(out, "  %s %.*s", VERDICTS[finding->kind].sign, STR_FMT(strength));
    buf_char(out, ' ');
    buf_add(out, demand_text(arena, finding, lang));
    if (demand->attributes.clause.len > 0) {
        struct diag_text clause = {T_DEMAND_CLAUSE_IN_LIST, {demand->attributes.clause}};
        buf_add(out, diag_text(arena, clause, lang));
    }
    buf_char(out, '\n');
    bool has_detail = finding->detail.text != DIAG_NONE;
    if (has_detail || finding->at.file != 0) {
        buf_add(out, STR("        "));
        add_place(out, checked, finding);
        buf_add(out, has_detail && finding->at.file != 0 ? STR("  ") : STR(""));
        buf_add(out, has_detail ? diag_text(arena, finding->detail, lang) : STR(""));
        buf_char(out, '\n');
    }
}

struct str checklist_text(struct arena *arena, const struct checked *checked, const struct checklist *list,
                          enum lang lang)
{
    struct buf out = buf_in(arena);
    size_t counts[countof(VERDICTS)] = {0};
    struct str title = in_language(arena, profile_text(arena, list->profile), lang);
    struct diag_text head = {T_CHECKLIST_OF, {list->profile->name.text, title, checked->rule->name.text}};
    buf_add(&out, diag_text(arena, head, lang));
    buf_char(&out, '\n');
    for (size_t i = 0; i < list->count; i++) {
        counts[list->findings[i].kind]++;
        add_finding(&out, arena, checked, &list->findings[i], lang);
    }
    struct diag_text sums = {T_CHECKLIST_SUMS, {STR("")}};
    static const enum finding_kind order[] = {FINDING_MET, FINDING_UNMET, FINDING_NOT_CONCERNED, FINDING_BY_HAND};
    for (size_t i = 0; i < countof(order); i++) {
        sums.args[i] = str_format(arena, "%zu", counts[order[i]]);
    }
    buf_add(&out, diag_text(arena, sums, lang));
    buf_char(&out, '\n');
    return buf_str(&out);
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void add_both(struct buf *out, const char *key, struct str en, struct str zh)
{
    buf_format(out, "\"%s\":{\"en\":", key);
    json_quote(out, en);
    buf_add(out, STR(",\"zh\":"));
    json_quote(out, zh);
    buf_add(out, STR("},"));
}

static void add_demand(struct buf *out, struct arena *arena, const struct checked *checked,
                       const struct finding *finding)
{
    const struct decl *demand = finding->demand;
    const struct source *source = source_of(checked, finding);
    buf_add(out, STR("{\"word\":"));
    json_quote(out, demand->as.demand.word.text);
    buf_add(out, STR(",\"strength\":"));
    json_quote(out, demand->as.demand.strength.text);
    buf_add(out, STR(",\"clause\":"));
    if (demand->attributes.clause.len > 0) {
        json_quote(out, demand->attributes.clause);
    } else {
        buf_add(out, STR("null"));
    }
    buf_char(out, ',');
    add_both(out, "text", demand_text(arena, finding, LANG_EN), demand_text(arena, finding, LANG_ZH));
    buf_format(out, "\"verdict\":\"%s\",", VERDICTS[finding->kind].name);
    if (finding->detail.text != DIAG_NONE) {
        add_both(out, "detail", diag_text(arena, finding->detail, LANG_EN),
                 diag_text(arena, finding->detail, LANG_ZH));
    }
    if (source == NULL) {
        buf_add(out, STR("\"file\":null,\"line\":null,\"column\":null}"));
        return;
    }
    struct place place = source_place(source, finding->at.off);
    buf_add(out, STR("\"file\":"));
    json_quote(out, source->path);
    buf_format(out, ",\"line\":%lu,\"column\":%lu}", (unsigned long)place.line, (unsigned long)place.column);
}

struct str checklist_json(struct arena *arena, const struct checked *checked, const struct checklist *list)
{
    struct buf out = buf_in(arena);
    struct str title = profile_text(arena, list->profile);
    buf_add(&out, STR("{\"profile\":"));
    json_quote(&out, list->profile->name.text);
    buf_char(&out, ',');
    add_both(&out, "title", in_language(arena, title, LANG_EN), in_language(arena, title, LANG_ZH));
    buf_add(&out, STR("\"rule\":"));
    json_quote(&out, checked->rule->name.text);
    buf_add(&out, STR(",\"demands\":["));
    for (size_t i = 0; i < list->count; i++) {
        buf_add(&out, i == 0 ? STR("\n") : STR(",\n"));
        add_demand(&out, arena, checked, &list->findings[i]);
    }
    buf_add(&out, STR("]}"));
    return buf_str(&out);
}
