/* How each token is spelled, and on which line it stands. */
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "compiler/fmt_parts.h"
#include "grammar/keywords.h"
#include "grammar/lexer.h"
#include "parser.h"

/* What the constructors of the tree said of a token. */
struct mark {
    enum role_kind role;
    bool has_role, is_unit, is_in_unit;
    bool is_lone_unit; /* a type or unit of one word */
    int category;
    uint32_t group;
    enum lang lang; /* ROLE_TEXT */
};

uint32_t fmt_width(struct str text)
{
    uint32_t width = 0;
    for (size_t at = 0; at < text.len;) {
        unsigned char byte = (unsigned char)text.at[at];
        if (byte < 0x80) {
            width++;
            at++;
        } else {
            width += (uint32_t)unicode_width(utf8_next(text, &at));
        }
    }
    return width;
}

/* ---- roles ------------------------------------------------------------------------------------------------------ */

/* The token that begins at the offset, or behind it; count where none does. */
static size_t token_at(const struct parse_log *log, uint32_t off)
{
    size_t low = 0;
    size_t high = log->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->items[middle].at.off < off) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void mark_unit(const struct parse_log *log, struct mark *marks, const struct role *role, size_t first)
{
    uint32_t end = role->at.off + role->at.len;
    for (size_t i = first; i < log->count && log->items[i].at.off < end; i++) {
        marks[i].is_unit = true;
        marks[i].is_in_unit = i > first;
    }
    marks[first].is_lone_unit = log->items[first].at.len == role->at.len;
}

/* The language of each text: that of its label, or of the file. */
static void mark_text(const struct fmt *fmt, struct mark *mark, size_t at)
{
    int label = at > 0 ? fmt->log.items[at - 1].kind : 0;
    mark->lang = label == TOK_ZH ? LANG_ZH : label == TOK_EN ? LANG_EN : fmt->from;
}

static struct mark *make_marks(const struct fmt *fmt)
{
    const struct parse_log *log = &fmt->log;
    struct mark *marks = arena_array(fmt->arena, struct mark, log->count + 1);
    for (size_t i = 0; i < log->roles.count; i++) {
        const struct role *role = &log->roles.items[i];
        size_t at = token_at(log, role->at.off);
        if (at == log->count) {
            continue;
        }
        if (role->kind == ROLE_UNIT) {
            mark_unit(log, marks, role, at);
            continue;
        }
        marks[at].role = role->kind;
        marks[at].has_role = true;
        marks[at].category = role->category;
        marks[at].group = role->group;
        if (role->kind == ROLE_TEXT) {
            mark_text(fmt, &marks[at], at);
        }
    }
    return marks;
}

static bool is_text(const struct mark *marks, size_t at)
{
    return marks[at].has_role && marks[at].role == ROLE_TEXT;
}

static bool is_label(const struct fmt *fmt, const struct mark *marks, size_t at)
{
    int kind = fmt->log.items[at].kind;
    return (kind == TOK_ZH || kind == TOK_EN) && at + 1 < fmt->log.count && is_text(marks, at + 1);
}

/* Of the two texts of a thing that stand side by side the one in the file's language comes first. */
static void order_texts(struct fmt *fmt, struct mark *marks)
{
    struct parsed_token *items = fmt->log.items;
    for (size_t i = 0; i + 1 < fmt->log.count; i++) {
        size_t next = is_label(fmt, marks, i + 1) ? i + 2 : i + 1;
        bool is_pair = is_text(marks, i) && is_text(marks, next) && marks[i].group == marks[next].group;
        if (is_pair && marks[i].lang != fmt->to && marks[next].lang == fmt->to) {
            struct str text = items[i].text;
            items[i].text = items[next].text;
            items[next].text = text;
            marks[next].lang = marks[i].lang;
            marks[i].lang = fmt->to;
            i = next;
        }
    }
}

/* ---- spelling --------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define SIGN(token, en, zh, brings_space) [TOK_##token] = {{{en, sizeof(en) - 1}, {zh, sizeof(zh) - 1}}, brings_space}
static const struct sign {
    struct str text[2]; /* by enum lang */
    bool brings_space;  /* the Chinese one */
} SIGNS[] = {
    SIGN(LEFT_PAREN, "(", "（", true),
    SIGN(RIGHT_PAREN, ")", "）", true),
    SIGN(LEFT_BRACE, "{", "{", false),
    SIGN(RIGHT_BRACE, "}", "}", false),
    SIGN(COMMA, ",", "，", true),
    SIGN(SEMICOLON, ";", "；", true),
    SIGN(COLON, ":", "：", true),
    SIGN(DOT, ".", ".", false),
    SIGN(DOT_DOT, "..", "～", false),
    SIGN(ASSIGN, "=", "=", false),
    SIGN(MAPS_TO, "=>", "=>", false),
    SIGN(ARROW, "->", "->", false),
    SIGN(MIDDLE_DOT, "·", "·", false),
    SIGN(PLUS, "+", "＋", false),
    SIGN(MINUS, "-", "−", false),
    SIGN(STAR, "*", "×", false),
    SIGN(SLASH, "/", "／", false),
    SIGN(CARET, "^", "^", false),
    SIGN(EQUAL, "==", "==", false),
    SIGN(NOT_EQUAL, "!=", "≠", false),
    SIGN(LESS, "<", "<", false),
    SIGN(LESS_EQUAL, "<=", "≤", false),
    SIGN(GREATER, ">", ">", false),
    SIGN(GREATER_EQUAL, ">=", "≥", false),
};
#undef SIGN
/* clang-format on */

/* NULL where the token is no sign. */
static const struct sign *sign_of(int token)
{
    bool is_sign = token >= 0 && (size_t)token < countof(SIGNS) && SIGNS[token].text[LANG_EN].len > 0;
    return is_sign ? &SIGNS[token] : NULL;
}

static struct str raw_text(const struct fmt *fmt, const struct parsed_token *token)
{
    return span_text(fmt->sources, token->at);
}

/* Does the file use the word as a name of its own? */
static bool is_declared(const struct fmt *fmt, struct str name)
{
    for (size_t i = 1; i + 1 < fmt->log.count; i++) {
        const struct parsed_token *item = &fmt->log.items[i];
        bool is_name = item->kind == TOK_NAME && str_eq(item->text, name);
        if (is_name && (item[-1].kind == TOK_LET || item[1].kind == TOK_COLON || item[1].kind == TOK_ASSIGN)) {
            return true;
        }
    }
    return false;
}

static struct str name_text(const struct fmt *fmt, const struct parsed_token *token, const struct mark *mark)
{
    struct str name = raw_text(fmt, token);
    enum predefined id;
    enum rounding mode;
    if (mark->is_lone_unit) {
        return word_in(WORDS_TYPE, name, fmt->to);
    }
    if (!mark->has_role) {
        return name;
    }
    switch (mark->role) {
    case ROLE_WORD:
        return word_in((enum word_category)mark->category, name, fmt->to);
    case ROLE_PHASE:
        return prelude_word_in(&fmt->phases, name, fmt->to);
    case ROLE_VALUE: /* a report may be called as a function is */
        id = predefined_lookup(name);
        return predefined_is_value(id) ? predefined_text(id, fmt->to) : name;
    case ROLE_CALLEE:
        id = predefined_lookup(name);
        return id == PREDEFINED_NONE ? name : predefined_text(id, fmt->to);
    case ROLE_ROUNDING:
        return !is_declared(fmt, name) && rounding_lookup(name, &mode) ? rounding_text(mode, fmt->to) : name;
    case ROLE_TEXT:
    case ROLE_UNIT:
    case ROLE_NAME:
        break;
    }
    return name;
}

static struct str number_text(const struct fmt *fmt, const struct parsed_token *token)
{
    if (token->unit_text.len == 0) {
        return token->text;
    }
    struct str parts[2] = {token->text, token->unit_text};
    return str_join(fmt->arena, parts, 2, STR(" "));
}

static struct str token_text(const struct fmt *fmt, const struct parsed_token *token, const struct mark *mark)
{
    const struct sign *sign = sign_of(token->read);
    if (sign != NULL) {
        return sign->text[mark->is_unit ? LANG_EN : fmt->to];
    }
    switch (token->kind) {
    case TOK_NAME:
        return name_text(fmt, token, mark);
    case TOK_NUMBER:
        return number_text(fmt, token);
    case TOK_TAG:
        return str_format(fmt->arena, "{%.*s}", STR_FMT(token->text));
    case TOK_UNIT_SIGN:
        return unit_text_clean(fmt->arena, raw_text(fmt, token));
    case TOK_TEXT:
        return token->text; /* as written: see spell_texts */
    default: {
        struct str keyword = keyword_text(token->read, fmt->to);
        return keyword.len > 0 ? keyword : raw_text(fmt, token);
    }
    }
}

/* Texts are printed as they are written, with their escapes. */
static void spell_texts(struct fmt *fmt)
{
    for (size_t i = 0; i < fmt->log.count; i++) {
        struct parsed_token *token = &fmt->log.items[i];
        if (token->kind == TOK_TEXT) {
            token->text = raw_text(fmt, token);
        }
    }
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static struct line *add_line(struct fmt *fmt, size_t off, bool has_blank_before)
{
    arena_grow(fmt->arena, fmt->lines, fmt->line_count, fmt->line_cap);
    struct line *line = &fmt->lines[fmt->line_count++];
    *line = (struct line){.off = (uint32_t)off, .first = fmt->piece_count, .before = NO_LINE};
    line->has_blank_before = has_blank_before && fmt->line_count > 1;
    return line;
}

static struct str without_trailing_blanks(struct str text)
{
    while (text.len > 0 && strchr(" \t\r", text.at[text.len - 1]) != NULL) {
        text.len--;
    }
    return text;
}

/* Reads what stands between two tokens: gives the number of line ends before the second one, and keeps the comments. */
static size_t read_gap(struct fmt *fmt, size_t off, struct str gap)
{
    size_t ends = 0;
    for (size_t at = 0; at < gap.len; at++) {
        if (gap.at[at] == '\n') {
            ends++;
        } else if (gap.at[at] == '/') {
            const char *end = memchr(gap.at + at, '\n', gap.len - at);
            size_t stop = end == NULL ? gap.len : (size_t)(end - gap.at);
            struct str comment = without_trailing_blanks(str_slice(gap, at, stop));
            struct line *last = fmt->line_count == 0 ? NULL : &fmt->lines[fmt->line_count - 1];
            if (ends == 0 && last != NULL && last->comment.len == 0) {
                last->comment = comment;
            } else {
                add_line(fmt, off + at, ends > 1)->comment = comment;
            }
            ends = 0;
            at = stop - 1;
        }
    }
    return ends;
}

static void add_piece(struct fmt *fmt, const struct parsed_token *from, const struct mark *mark, int kind,
                      struct str text)
{
    const struct sign *sign = sign_of(kind);
    arena_grow(fmt->arena, fmt->pieces, fmt->piece_count, fmt->piece_cap);
    fmt->pieces[fmt->piece_count++] = (struct piece){
        .kind = kind,
        .read = kind == TOK_ZH || kind == TOK_EN ? kind : from->read,
        .text = text,
        .frame = from->frame,
        .is_item = from->is_item,
        .is_text = kind == TOK_TEXT && mark->has_role && mark->role == ROLE_TEXT,
        .is_in_unit = mark->is_in_unit,
        .is_wide = sign != NULL && sign->brings_space && fmt->to == LANG_ZH && !mark->is_unit,
    };
    fmt->lines[fmt->line_count - 1].count++;
}

static void add_token(struct fmt *fmt, const struct mark *marks, size_t at)
{
    const struct parsed_token *item = &fmt->log.items[at];
    const struct mark *mark = &marks[at];
    if (is_label(fmt, marks, at)) {
        return; /* the text brings its own, where it needs one */
    }
    if (is_text(marks, at) && mark->lang != fmt->to) {
        int label = mark->lang == LANG_ZH ? TOK_ZH : TOK_EN;
        add_piece(fmt, item, mark, label, keyword_text(label, fmt->to));
    }
    int kind = item->read == TOK_COMMA ? TOK_COMMA : item->kind; /* between declarations both mean the same */
    add_piece(fmt, item, mark, kind, token_text(fmt, item, mark));
}

static int kind_at(const struct fmt *fmt, size_t at)
{
    return at < fmt->piece_count ? fmt->pieces[at].kind : TOK_YYEOF;
}

/* Is the comma one of a list of bare names? */
static bool is_between_names(const struct fmt *fmt, size_t at)
{
    switch (fmt->pieces[at].frame) {
    case FRAME_PAREN:
    case FRAME_ROWS:
    case FRAME_ARMS:
    case FRAME_NAMES:
    case FRAME_CHOICE:
        return false;
    case FRAME_MODULE:
    case FRAME_LIFECYCLE:
    case FRAME_PROFILE:
    case FRAME_RULE:
    case FRAME_STAGE:
    case FRAME_PROCESS:
    case FRAME_EXAMPLE:
    case FRAME_FIELDS:
    case FRAME_SHARES:
        break;
    }
    bool is_named = kind_at(fmt, at + 2) == TOK_COLON || kind_at(fmt, at + 2) == TOK_ASSIGN;
    return at > 0 && kind_at(fmt, at - 1) == TOK_NAME && kind_at(fmt, at + 1) == TOK_NAME && !is_named;
}

/* Where the members of a choice end that begin here, if they are bare names only; else `first`. */
static size_t bare_members_end(const struct fmt *fmt, size_t first)
{
    size_t at = first;
    while (kind_at(fmt, at) == TOK_NAME || kind_at(fmt, at) == TOK_COMMA) {
        at++;
    }
    return kind_at(fmt, at) == TOK_RIGHT_BRACE ? at : first;
}

/* Chinese enumerates names with 、 and everything else with ，. */
static void choose_commas(struct fmt *fmt)
{
    size_t bare_end = 0;
    for (size_t i = 0; i < fmt->piece_count; i++) {
        struct piece *piece = &fmt->pieces[i];
        if (piece->kind == TOK_LEFT_BRACE && i + 1 < fmt->piece_count && fmt->pieces[i + 1].frame == FRAME_CHOICE) {
            bare_end = bare_members_end(fmt, i + 1);
        }
        if (piece->kind == TOK_COMMA && (i < bare_end || is_between_names(fmt, i))) {
            piece->text = STR("、");
        }
    }
}

void fmt_make_pieces(struct fmt *fmt)
{
    struct mark *marks = make_marks(fmt);
    spell_texts(fmt);
    order_texts(fmt, marks);
    struct str text = fmt->text;
    fmt->piece_cap = fmt->log.count + fmt->log.count / 16 + 1; /* some texts get a label */
    fmt->pieces = arena_array(fmt->arena, struct piece, fmt->piece_cap);
    size_t end = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    size_t ends = 0;
    for (size_t i = 0; i < fmt->log.count; i++) {
        struct span at = fmt->log.items[i].at;
        ends += read_gap(fmt, end, str_slice(text, end, at.off));
        end = at.off + at.len;
        if (is_label(fmt, marks, i)) {
            continue;
        }
        bool is_behind_comment = fmt->line_count > 0 && fmt->lines[fmt->line_count - 1].comment.len > 0;
        if (fmt->line_count == 0 || ends > 0 || is_behind_comment) {
            add_line(fmt, at.off, ends > 1);
        }
        ends = 0;
        add_token(fmt, marks, i);
    }
    read_gap(fmt, end, str_slice(text, end, text.len));
    if (fmt->to == LANG_ZH) {
        choose_commas(fmt);
    }
    for (size_t i = 0; i < fmt->piece_count; i++) {
        fmt->pieces[i].width = fmt_width(fmt->pieces[i].text);
    }
}
