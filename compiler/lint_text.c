/* Texts and names for people: translations that are missing, names that cannot be told apart, units in headers. */
#include "compiler/lint.h"

#include "base/utf8.h"
#include "compiler/walk.h"

/* ---- translations ------------------------------------------------------------------------------------------------ */

struct languages {
    struct linter *linter;
    bool is_used[2];
};

static void find_languages(void *context, struct decl *decl)
{
    struct languages *languages = context;
    for (enum lang lang = LANG_EN; lang <= LANG_ZH; lang++) {
        bool has_text = decl->texts.text[lang].len > 0 || decl->attributes.because.text[lang].len > 0;
        languages->is_used[lang] = languages->is_used[lang] || has_text;
    }
}

static void lint_translation_of(struct linter *linter, const struct decl *decl, const struct texts *texts)
{
    bool has_en = texts->text[LANG_EN].len > 0;
    if (has_en != (texts->text[LANG_ZH].len > 0)) {
        enum diag_code missing = has_en ? T_LANGUAGE_ZH : T_LANGUAGE_EN;
        lint_add(linter, D_LINT_TRANSLATION, decl, texts->at,
                 DIAG_ARGS(texts->text[has_en ? LANG_EN : LANG_ZH], diag_term(linter->arena, missing)));
    }
}

/* "A+" is the same in every language. */
static bool is_letter_grade(const struct decl *decl)
{
    enum { CODE_MAX = 3 };
    struct str text = decl->texts.text[decl->texts.text[LANG_EN].len > 0 ? LANG_EN : LANG_ZH];
    return decl->kind == DECL_CLASS && text.len <= CODE_MAX && utf8_length(text) == text.len;
}

static void lint_translation(void *context, struct decl *decl)
{
    if (!is_letter_grade(decl)) {
        lint_translation_of(context, decl, &decl->texts);
    }
    lint_translation_of(context, decl, &decl->attributes.because);
}

/* A published rule that speaks one language hears of it once; a draft may well begin with one. */
static void lint_translations(struct linter *linter)
{
    struct languages languages = {.linter = linter};
    decls_walk(linter->module->items, find_languages, &languages);
    if (languages.is_used[LANG_EN] && languages.is_used[LANG_ZH]) {
        decls_walk(linter->module->items, lint_translation, linter);
    } else if (lint_is_published(linter) && (languages.is_used[LANG_EN] || languages.is_used[LANG_ZH])) {
        enum diag_code missing = languages.is_used[LANG_EN] ? T_LANGUAGE_ZH : T_LANGUAGE_EN;
        lint_add(linter, D_LINT_ONE_LANGUAGE, linter->rule, linter->rule->name.at,
                 DIAG_ARGS(linter->rule->name.text, diag_term(linter->arena, missing)));
    }
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* Letters that people take for one another stand for the first of their group. Latin, Greek and Cyrillic letters of one
   shape; digits; Han characters that differ by the length or the meeting of a stroke. */
static const char *const alike[] = {
    "oO0οоОΟ", "lI1ІӀ|", "aаα",   "eе",  "pрρ",  "cсС",  "xхΧХ", "yуγ", "iіι",  "sѕ", "jј",   "vν",  "nп", "kκк", "mм",
    "己已巳",  "未末",    "土士", "日曰", "人入八", "干千于", "天夭",   "大太犬", "刀力", "戊戌戍", "贝见", "午牛", "治冶", "侯候", "账帐",
};

static uint32_t look_of(uint32_t c)
{
    for (size_t group = 0; group < countof(alike); group++) {
        struct str letters = str_of(alike[group]);
        uint32_t first = 0;
        for (size_t at = 0; at < letters.len;) {
            uint32_t letter = utf8_next(letters, &at);
            first = first == 0 ? letter : first;
            if (letter == c) {
                return first;
            }
        }
    }
    return c;
}

/* The name as people see it: letters by their look, without underscores. */
static struct str look(struct arena *arena, struct str name)
{
    struct buf buf = buf_in(arena);
    for (size_t at = 0; at < name.len;) {
        char bytes[4];
        uint32_t c = utf8_next(name, &at);
        if (c != '_') {
            buf_add(&buf, (struct str){bytes, utf8_encode(look_of(c), bytes)});
        }
    }
    return buf_str(&buf);
}

struct looks {
    struct linter *linter;
    struct map index; /* look -> index into decls */
    struct decl **decls;
    size_t count, cap;
};

static void lint_look(void *context, struct decl *decl)
{
    struct looks *looks = context;
    struct linter *linter = looks->linter;
    if (decl->name.text.len == 0 || decl->kind == DECL_COLUMN || decl->kind == DECL_PARAM) {
        return;
    }
    uint32_t at;
    struct str key = look(linter->arena, decl->name.text);
    if (!map_get(&looks->index, key, &at)) {
        map_add(&looks->index, key, (uint32_t)looks->count);
        (void)arena_grow(linter->arena, looks->decls, looks->count, looks->cap);
        looks->decls[looks->count++] = decl;
    } else if (!str_eq(looks->decls[at]->name.text, decl->name.text)) {
        struct diag *diag = lint_add(linter, D_LINT_CONFUSABLE, decl, decl->name.at,
                                     DIAG_ARGS(decl->name.text, looks->decls[at]->name.text));
        if (diag != NULL) {
            diag_label(linter->out, diag, looks->decls[at]->name.at, T_FIRST_HERE, NULL, 0);
        }
    }
}

/* ---- headers of files -------------------------------------------------------------------------------------------- */

static bool starts_bracket(struct str text, size_t at)
{
    return text.at[at] == '(' || text.at[at] == '[' || str_starts(str_slice(text, at, text.len), STR("（"));
}

/* What stands in the last brackets of a header: "Mass (kg)", "质量（kg）". */
static struct str bracketed(struct str header)
{
    size_t from = 0, len = header.len;
    bool is_closed = str_ends(header, STR(")")) || str_ends(header, STR("]")) || str_ends(header, STR("）"));
    for (size_t at = 0; is_closed && at < len; at++) {
        if (starts_bracket(header, at)) {
            from = at + (header.at[at] == '(' || header.at[at] == '[' ? 1 : STR("（").len);
        }
    }
    size_t closing = str_ends(header, STR("）")) ? STR("）").len : 1;
    return from == 0 ? STR("") : str_slice(header, from, len - closing);
}

/* A column whose header names another unit than the table. */
static void lint_column(void *context, struct decl *decl)
{
    struct linter *linter = context;
    struct unit unit;
    bool is_number = (decl->kind == DECL_COLUMN || decl->kind == DECL_FIELD) && decl->type.kind == TYPE_NUMBER;
    struct str said = is_number ? bracketed(decl->attributes.column) : STR("");
    bool is_unit = said.len > 0 && unit_parse_known(linter->checked->units, said, &unit).error == UNIT_OK;
    if (is_unit && !unit_eq(unit, decl->type.unit)) {
        lint_add(linter, D_LINT_COLUMN_UNIT, decl, decl->attributes.column_at,
                 DIAG_ARGS(said, unit_text(linter->arena, linter->checked->units, decl->type.unit)));
    }
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

void lint_texts(struct linter *linter)
{
    lint_translations(linter);
    struct looks looks = {.linter = linter, .index = map_in(linter->arena)};
    decls_walk(linter->module->items, lint_look, &looks);
    decls_walk(linter->module->items, lint_column, linter);
}
