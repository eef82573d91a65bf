#include "compiler/resolve.h"

#include "grammar/keywords.h"

enum attribute {
    ATTRIBUTE_CITE = 1,
    ATTRIBUTE_CLAUSE = 2,
    ATTRIBUTE_COLUMN = 4,
    ATTRIBUTE_FROM = 8,
    ATTRIBUTE_BECAUSE = 16,
    ATTRIBUTE_INITIAL = 32,
    ATTRIBUTE_RANGE = 64,
    ATTRIBUTE_WHEN = 128,
    ATTRIBUTE_ORIGIN = 256,
    ATTRIBUTE_OPTIONAL = 512,
    ATTRIBUTE_SYMMETRIC = 1024,
    ATTRIBUTE_ROWS = 2048,
    ATTRIBUTE_SCALE = 4096,
    ATTRIBUTE_VALID = 8192,
    ATTRIBUTE_KEY = 16384
};

/* By enum decl_kind: the keyword, if one begins it, and the attributes that it may have. */
/* clang-format off */
static const struct {
    const char *keyword;
    unsigned allowed;
} rows[] = {
    [DECL_ERROR] = {"", ~0u},
    [DECL_IMPORT] = {"import", 0},
    [DECL_LIFECYCLE] = {"lifecycle", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_PHASE] = {"phase", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_BOUNDARY] = {"boundary", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_BREAKDOWN] = {"breakdown", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_BREAKDOWN_MEMBER] = {"", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_PROFILE] = {"profile", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_DEMAND] = {"demand", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_CHOICE] = {"choice", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_ROW] = {"row", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_CHOICE_MEMBER] = {"", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_TABLE] = {"table", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_COLUMN | ATTRIBUTE_FROM |
                                 ATTRIBUTE_SYMMETRIC | ATTRIBUTE_VALID},
    [DECL_COLUMN] = {"column", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_COLUMN | ATTRIBUTE_OPTIONAL},
    [DECL_PARAM] = {"", ATTRIBUTE_COLUMN | ATTRIBUTE_RANGE},
    [DECL_FUNCTION] = {"function", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_UNIT] = {"unit", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_EXTERNAL] = {"external function", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_FACTOR] = {"factor", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_INITIAL | ATTRIBUTE_VALID},
    [DECL_NAMES] = {"names", 0},
    [DECL_RULE] = {"rule", ATTRIBUTE_CLAUSE},
    [DECL_HEADER] = {"", ATTRIBUTE_CLAUSE | ATTRIBUTE_BECAUSE},
    [DECL_DATA] = {"data", ATTRIBUTE_CLAUSE},
    [DECL_FIELD] = {"", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_INITIAL | ATTRIBUTE_RANGE |
                                 ATTRIBUTE_ORIGIN | ATTRIBUTE_OPTIONAL | ATTRIBUTE_KEY},
    [DECL_LET] = {"let", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_RANGE | ATTRIBUTE_VALID},
    [DECL_REFERENCE] = {"reference", ATTRIBUTE_CLAUSE | ATTRIBUTE_ROWS},
    [DECL_STAGE] = {"stage", ATTRIBUTE_CLAUSE | ATTRIBUTE_WHEN | ATTRIBUTE_ROWS | ATTRIBUTE_SCALE},
    [DECL_ALLOCATE] = {"allocate", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_BECAUSE | ATTRIBUTE_ROWS},
    [DECL_SHARE] = {"", 0},
    [DECL_PROCESS] = {"process", ATTRIBUTE_CLAUSE | ATTRIBUTE_WHEN},
    [DECL_EMIT] = {"emit", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_WHEN | ATTRIBUTE_BECAUSE},
    [DECL_REQUIRE] = {"require", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_WHEN},
    [DECL_WARN] = {"warn", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_WHEN},
    [DECL_CUTOFF] = {"cutoff", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_ROUND] = {"round", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_REPORT] = {"report", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE | ATTRIBUTE_WHEN},
    [DECL_GRADE] = {"grade", ATTRIBUTE_CITE | ATTRIBUTE_CLAUSE},
    [DECL_CLASS] = {"grade", 0},
    [DECL_EXAMPLE] = {"example", 0},
    [DECL_EXPECT] = {"expect", 0},
};
/* clang-format on */

static const char *emit_word(enum emit_kind kind)
{
    static const char *const words[] = {
        [EMIT_EMISSION] = "emit", [EMIT_REMOVAL] = "remove", [EMIT_CREDIT] = "avoid"};
    return words[kind];
}

struct str decl_kind_text(struct arena *arena, const struct decl *decl)
{
    switch ((int)decl->kind) { /* those that no keyword begins */
    case DECL_CHOICE_MEMBER:
        return diag_term(arena, T_KIND_MEMBER);
    case DECL_PARAM:
        return diag_term(arena, T_KIND_PARAMETER);
    case DECL_BREAKDOWN_MEMBER:
        return diag_term(arena, T_KIND_BREAKDOWN_MEMBER);
    case DECL_EMIT:
        return keyword_both(arena, str_of(emit_word(decl->as.emit.kind)));
    case DECL_HEADER:
        return diag_term(arena, T_KIND_HEADER);
    case DECL_FIELD:
        return diag_term(arena, T_KIND_FIELD);
    default:
        return keyword_both(arena, str_of(rows[decl->kind].keyword));
    }
}

static bool is_list(const struct decl *decl)
{
    return decl->kind == DECL_FIELD && decl->as.field.type != NULL && decl->as.field.type->kind == TYPE_REF_LIST;
}

static unsigned allowed_for(const struct decl *decl)
{
    unsigned allowed = rows[decl->kind].allowed;
    if (is_list(decl)) {
        allowed &= ~(unsigned)(ATTRIBUTE_INITIAL | ATTRIBUTE_RANGE | ATTRIBUTE_ORIGIN);
    } else {
        allowed &= ~(unsigned)ATTRIBUTE_KEY;
    }
    if (decl->kind == DECL_HEADER && decl->as.header.kind != HEADER_EXCLUDE && decl->as.header.kind != HEADER_ZERO) {
        allowed &= ~(unsigned)ATTRIBUTE_BECAUSE;
    }
    if (decl->kind == DECL_EMIT && decl->as.emit.kind == EMIT_EMISSION) {
        allowed &= ~(unsigned)ATTRIBUTE_BECAUSE;
    }
    const struct span each = decl->attributes.rows_at; /* of a reference they stand before its amount */
    bool is_behind = decl->kind == DECL_REFERENCE && each.off > decl->as.reference.value->at.off;
    if (is_behind || (decl->kind == DECL_ALLOCATE && decl->as.allocate.key == NULL)) {
        allowed &= ~(unsigned)ATTRIBUTE_ROWS;
    }
    if (decl->kind == DECL_PARAM && decl->parent != NULL && decl->parent->kind != DECL_TABLE) {
        allowed &= ~(unsigned)ATTRIBUTE_COLUMN;
    }
    bool is_called =
        decl->parent != NULL && (decl->parent->kind == DECL_FUNCTION || decl->parent->kind == DECL_EXTERNAL);
    if (decl->kind == DECL_PARAM && !is_called) {
        allowed &= ~(unsigned)ATTRIBUTE_RANGE;
    }
    return allowed;
}

static void refuse(struct resolver *resolver, const struct decl *decl, enum attribute which, struct span at,
                   const char *word)
{
    if (at.len > 0 && (allowed_for(decl) & which) == 0) {
        diag_add(resolver->out, D_ATTRIBUTE_MISPLACED, at,
                 DIAG_ARGS(keyword_both(resolver->arena, str_of(word)), decl_kind_text(resolver->arena, decl)));
    }
}

static struct span expr_place(const struct expr *expr)
{
    return expr == NULL ? (struct span){0} : expr->at;
}

/* Two texts in one language: of those that do not say it, in that of the file. */
static void refuse_text(struct resolver *resolver, struct span at)
{
    bool is_chinese = resolver->module->module->lang == LANG_ZH;
    struct str about = str_format(resolver->arena, "texts of %u", (unsigned)at.file);
    struct diag *diag = diag_add_about(resolver->out, D_ATTRIBUTE_REPEATED, about, at, NULL, 0);
    if (diag != NULL) {
        struct str file = diag_both(resolver->arena, is_chinese ? STR("Chinese") : STR("English"),
                                    is_chinese ? STR("中文") : STR("英文"));
        diag_note(resolver->out, diag, T_LANGUAGE_OF_TEXTS, DIAG_ARGS(file, is_chinese ? STR("en") : STR("zh")));
    }
}

/* A title that only says once more what `cite` or another attribute says: one of the two words before it was lost, or
   the text was pasted twice. */
static bool is_title_said(const struct decl *decl)
{
    const struct attributes *a = &decl->attributes;
    const struct str said[] = {
        a->cite, a->clause, a->column, a->from, a->because.text[LANG_EN], a->because.text[LANG_ZH]};
    for (size_t i = 0; i < countof(said); i++) {
        for (enum lang lang = LANG_EN; lang <= LANG_ZH; lang++) {
            if (said[i].len > 0 && str_eq(said[i], decl->texts.text[lang])) {
                return true;
            }
        }
    }
    return false;
}

void resolve_attributes(struct resolver *resolver, struct decl *decl)
{
    const struct attributes *attributes = &decl->attributes;
    refuse(resolver, decl, ATTRIBUTE_CITE, attributes->cite_at, "cite");
    refuse(resolver, decl, ATTRIBUTE_CLAUSE, attributes->clause_at, "clause");
    refuse(resolver, decl, ATTRIBUTE_COLUMN, attributes->column_at, "column");
    refuse(resolver, decl, ATTRIBUTE_FROM, attributes->from_at, "from");
    refuse(resolver, decl, ATTRIBUTE_BECAUSE, attributes->because_at, "because");
    refuse(resolver, decl, ATTRIBUTE_INITIAL, expr_place(attributes->initial), "=");
    refuse(resolver, decl, ATTRIBUTE_RANGE, expr_place(attributes->range_first), "range");
    refuse(resolver, decl, ATTRIBUTE_WHEN, expr_place(attributes->when), "when");
    refuse(resolver, decl, ATTRIBUTE_ROWS, attributes->rows_at, "for each");
    refuse(resolver, decl, ATTRIBUTE_SCALE, attributes->scale_at, "scaled by");
    refuse(resolver, decl, ATTRIBUTE_ORIGIN, attributes->origin_at,
           attributes->origin == ORIGIN_PRIMARY ? "primary" : "secondary");
    refuse(resolver, decl, ATTRIBUTE_OPTIONAL, attributes->optional_at, "optional");
    refuse(resolver, decl, ATTRIBUTE_KEY, attributes->key_at, "key");
    refuse(resolver, decl, ATTRIBUTE_SYMMETRIC, attributes->symmetric_at, "symmetric");
    refuse(resolver, decl, ATTRIBUTE_VALID, attributes->valid.at, "valid");
    if (attributes->repeated.len > 0 && attributes->is_text_repeated) {
        refuse_text(resolver, attributes->repeated);
    } else if (attributes->repeated.len > 0) {
        diag_add(resolver->out, D_ATTRIBUTE_REPEATED, attributes->repeated, NULL, 0);
    }
    if (is_title_said(decl)) {
        diag_add(resolver->out, D_ATTRIBUTE_REPEATED, decl->texts.at, NULL, 0);
    }
    if (decl->kind == DECL_FIELD && attributes->is_optional && attributes->initial != NULL) {
        diag_add(resolver->out, D_OPTIONAL_DEFAULT, attributes->optional_at, DIAG_ARGS(decl->name.text));
        decl->attributes.is_optional = false; /* what uses it is not wrong */
    }
}
