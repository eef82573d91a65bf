/* Entries on one line are separated, once: `a : kg, b : kg`. The grammar lets separators be, for a new line is one too.
 */
#include "compiler/ast_make.h"

static const struct str SIGNS[] = {
    {",",   1},
    {";",   1},
    {"，", 3},
    {"；", 3},
    {"、", 3}
};
static const struct str OPENINGS[] = {
    {"{",   1},
    {"｛", 3}
};

static bool ends_with_one_of(struct str text, const struct str *signs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_ends(text, signs[i])) {
            return true;
        }
    }
    return false;
}

/* What stands on the line before the place, without the blanks; empty at the beginning of the line. */
static struct str line_before(const struct parser *p, struct span at)
{
    static const struct str BLANKS[] = {
        {" ",   1},
        {"\t",  1},
        {"\r",  1},
        {"　", 3}
    };
    struct str text = str_slice(sources_get(p->sources, at.file)->text, 0, at.off);
    for (size_t i = 0; i < countof(BLANKS); i++) {
        if (str_ends(text, BLANKS[i])) {
            text.len -= BLANKS[i].len;
            i = (size_t)-1;
        }
    }
    return str_ends(text, STR("\n")) ? STR("") : text;
}

/* The lexer has said so already where a number stands before it, or another sign for the comma. */
static bool is_reported(const struct parser *p, struct span entry, size_t gap)
{
    const struct diag *last = p->out->last;
    if (last == NULL || last->at.file != entry.file) {
        return false;
    }
    return (last->code == D_MISSING_COMMA && last->at.off == entry.off) ||
           (last->code == D_ODD_SIGN && last->at.off + last->at.len == gap);
}

struct str sign_in(enum lang lang, struct str sign)
{
    static const char *const SIGNS_ZH[][2] = {
        {",", "，"},
        {";", "；"},
        {":", "："},
        {"(", "（"},
        {")", "）"}
    };
    for (size_t i = 0; lang == LANG_ZH && i < countof(SIGNS_ZH); i++) {
        if (str_eq(sign, str_of(SIGNS_ZH[i][0]))) {
            return str_of(SIGNS_ZH[i][1]);
        }
    }
    return sign;
}

void check_separated(struct parser *p, struct span entry, const char *sign)
{
    struct str before = line_before(p, entry);
    bool is_first = before.len == 0 || ends_with_one_of(before, OPENINGS, countof(OPENINGS));
    if (is_first || ends_with_one_of(before, SIGNS, countof(SIGNS)) || entry.off == p->resumed_at ||
        is_reported(p, entry, before.len)) {
        return;
    }
    struct str text = sign_in(p->lang, str_of(sign));
    struct span gap = {entry.file, (uint32_t)before.len, 0};
    struct diag *diag = diag_add(p->out, D_MISSING_SEPARATOR, (struct span){entry.file, gap.off, 1}, &text, 1);
    if (str_ends(before, span_text(p->sources, entry))) { /* the same word twice: nobody wants both */
        gap.len = entry.off + entry.len - gap.off;
        diag_fix(p->out, diag, gap, STR(""), DIAG_NONE, NULL, 0)->is_applicable = true;
        return;
    }
    diag_fix(p->out, diag, gap, text, T_INSERT_SIGN, &text, 1)->is_applicable = true;
}

void check_separator(struct parser *p, struct span at)
{
    struct str before = line_before(p, at);
    if (!ends_with_one_of(before, OPENINGS, countof(OPENINGS)) && !ends_with_one_of(before, SIGNS, countof(SIGNS))) {
        return;
    }
    struct str text = span_text(p->sources, at);
    p->module->has_lost_name = true;
    struct diag *diag = diag_add(p->out, D_EMPTY_ENTRY, at, &text, 1);
    diag_fix(p->out, diag, at, STR(""), DIAG_NONE, NULL, 0)->is_applicable = true;
}
