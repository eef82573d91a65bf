#include "compiler/literate.h"

#include <string.h>

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The line without the spaces that Markdown lets stand before a fence or a heading: at most three. */
static struct str unindented(struct str line)
{
    size_t spaces = 0;
    while (spaces < line.len && spaces < 4 && line.at[spaces] == ' ') {
        spaces++;
    }
    return spaces < 4 ? str_slice(line, spaces, line.len) : STR("");
}

static size_t run_of(struct str line, char c)
{
    size_t count = 0;
    while (count < line.len && line.at[count] == c) {
        count++;
    }
    return count;
}

static struct str skip(struct str s, size_t count)
{
    return str_slice(s, count, s.len);
}

/* ---- headings --------------------------------------------------------------------------------------------------- */

static size_t digits_at(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.len && s.at[end] >= '0' && s.at[end] <= '9') {
        end++;
    }
    return end - at;
}

/* ".2.1" behind what the number begins with; a dot that ends it is left over. */
static size_t dotted_end(struct str s, size_t at)
{
    while (at < s.len && s.at[at] == '.' && digits_at(s, at + 1) > 0) {
        at += 1 + digits_at(s, at + 1);
    }
    return at;
}

/* A number ends where no letter, digit or dash goes on: "6.2.1 Raw", "6.2.1原材料", "6."; not "3D", "2-stroke". */
static bool ends_number(struct str s, size_t at)
{
    char c = at < s.len ? s.at[at] : ' ';
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return !is_letter && c != '-' && c != '_' && c != '%';
}

static bool is_letter_at(struct str s, size_t at)
{
    return at < s.len && ((s.at[at] >= 'A' && s.at[at] <= 'Z') || (s.at[at] >= 'a' && s.at[at] <= 'z'));
}

static size_t number_len(struct str title)
{
    size_t end = digits_at(title, 0);
    if (end > 0) {
        end = dotted_end(title, end);
    } else if (is_letter_at(title, 0)) { /* a clause of an annex: A.1 */
        end = dotted_end(title, 1) > 1 ? dotted_end(title, 1) : 0;
    }
    return end > 0 && ends_number(title, end) ? end : 0;
}

/* 第6章, 第十二条 */
static size_t chinese_len(struct str title)
{
    static const char *const figures[] = {"零", "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百"};
    static const char *const parts[] = {"章", "节", "条", "款", "篇", "部分"};
    if (!str_starts(title, STR("第"))) {
        return 0;
    }
    size_t first = STR("第").len;
    size_t at = first + digits_at(title, first);
    for (size_t i = 0; i < countof(figures); i++) {
        if (str_starts(skip(title, at), str_of(figures[i]))) {
            at += strlen(figures[i]);
            i = SIZE_MAX; /* from the first one again */
        }
    }
    for (size_t i = 0; i < countof(parts) && at > first; i++) {
        if (str_starts(skip(title, at), str_of(parts[i]))) {
            return at + strlen(parts[i]);
        }
    }
    return 0;
}

/* Does it begin with the word, in whatever case? */
static bool starts_word(struct str s, struct str word)
{
    size_t at = 0;
    while (at < word.len && at < s.len) {
        char c = s.at[at] >= 'A' && s.at[at] <= 'Z' ? (char)(s.at[at] - 'A' + 'a') : s.at[at];
        if (c != word.at[at]) {
            return false;
        }
        at++;
    }
    return at == word.len;
}

/* 附录 A, 附录A.1, Annex B, Appendix 2, annex c */
static size_t annex_len(struct str title)
{
    static const char *const words[] = {"附录", "annex", "appendix"};
    for (size_t i = 0; i < countof(words); i++) {
        if (!starts_word(title, str_of(words[i]))) {
            continue;
        }
        size_t at = strlen(words[i]);
        bool is_apart = at < title.len && title.at[at] == ' ';
        at += is_apart;
        size_t end = dotted_end(title, is_letter_at(title, at) ? at + 1 : at + digits_at(title, at));
        if (end > at && (is_apart || i == 0) && ends_number(title, end)) {
            return end;
        }
    }
    return 0;
}

/* What stands in the first pair of brackets from `at` on; false where there is none. */
static bool next_bracket(struct str title, size_t *at, struct str *inside)
{
    for (; *at < title.len; (*at)++) {
        struct str rest = skip(title, *at);
        size_t open = rest.at[0] == '(' ? 1 : str_starts(rest, STR("（")) ? STR("（").len : 0;
        for (size_t end = open; open > 0 && end < rest.len; end++) {
            if (rest.at[end] == ')' || str_starts(skip(rest, end), STR("）"))) {
                *inside = str_trim(str_slice(rest, open, end));
                *at += end;
                return true;
            }
        }
    }
    return false;
}

static void read_mark(struct heading *heading, struct str title)
{
    static const char *const waived[] = {"waived", "豁免"};
    struct str inside;
    for (size_t at = 0; next_bracket(title, &at, &inside);) {
        if (str_eq(inside, STR("informative")) || str_starts(inside, STR("资料性"))) {
            heading->mark = HEADING_INFORMATIVE;
        }
        for (size_t i = 0; i < countof(waived); i++) {
            if (str_starts(inside, str_of(waived[i]))) {
                struct str reason = str_trim(skip(inside, strlen(waived[i])));
                size_t colon = str_starts(reason, STR(":")) ? 1 : str_starts(reason, STR("：")) ? STR("：").len : 0;
                heading->mark = HEADING_WAIVED;
                heading->reason = str_trim(skip(reason, colon));
            }
        }
    }
}

/* The title is a part of the text. */
static void add_heading(struct arena *arena, struct literate *literate, struct str text, struct str title, size_t level)
{
    struct heading heading = {
        (uint32_t)(title.at - text.at), (uint32_t)title.len, (uint32_t)level, STR(""), 0, STR("")};
    size_t len = number_len(title);
    len = len > 0 ? len : chinese_len(title);
    len = len > 0 ? len : annex_len(title);
    heading.clause = str_slice(title, 0, len);
    read_mark(&heading, title);
    arena_grow(arena, literate->headings, literate->heading_count, literate->heading_cap);
    literate->headings[literate->heading_count++] = heading;
}

/* `## 6.2 Stages ##`: its level, and the title without the signs; 0: it is none. */
static size_t marked_heading(struct str line, struct str *title)
{
    size_t level = run_of(line, '#');
    if (level == 0 || level > 6 || (level < line.len && !is_blank(line.at[level]))) {
        return 0;
    }
    *title = str_trim(skip(line, level));
    size_t end = title->len;
    while (end > 0 && title->at[end - 1] == '#') {
        end--;
    }
    *title = end == 0 || is_blank(title->at[end - 1]) ? str_trim(str_slice(*title, 0, end)) : *title;
    return level;
}

/* The line under a heading that is underlined: `===` of level 1, `---` of level 2; 0: it is none. */
static size_t underline_level(struct str line)
{
    struct str signs = str_trim(line);
    bool is_double = run_of(signs, '=') == signs.len;
    bool is_single = run_of(signs, '-') == signs.len;
    return signs.len == 0 ? 0 : is_double ? 1 : is_single ? 2 : 0;
}

/* A list, a quotation, HTML: what goes on from there is no paragraph that could be underlined. */
static bool begins_other_block(struct str line)
{
    size_t digits = digits_at(line, 0);
    size_t mark = digits > 0 && digits < line.len && (line.at[digits] == '.' || line.at[digits] == ')') ? digits + 1 : 0;
    char first = line.at[0];
    mark = first == '-' || first == '*' || first == '+' ? 1 : mark;
    bool is_item = mark > 0 && (mark == line.len || is_blank(line.at[mark]));
    return is_item || first == '>' || first == '<';
}

/* `***`, a line across the page. A line of dashes is one where it underlines nothing. */
static bool is_across(struct str line)
{
    char first = line.at[0];
    return line.len > 2 && (first == '*' || first == '_' || first == '-') && run_of(line, first) == line.len;
}

/* What the lines above the one that is read are. */
struct paragraph {
    struct str text; /* of a paragraph, from its first line on; empty: there is none */
    bool is_other;   /* another block, which a blank line ends */
};

static void read_line(struct arena *arena, struct literate *literate, struct str text, struct str line,
                      struct paragraph *above)
{
    struct str words = str_trim(line);
    struct str inner = unindented(line);
    struct str title;
    size_t level = marked_heading(inner, &title);
    size_t underlined = above->text.len > 0 ? underline_level(inner) : 0;
    if (level > 0 || underlined > 0) {
        add_heading(arena, literate, text, level > 0 ? title : above->text, level > 0 ? level : underlined);
        *above = (struct paragraph){0};
    } else if (words.len == 0 || (inner.len > 0 && is_across(words))) {
        *above = (struct paragraph){0};
    } else if (above->is_other || (inner.len > 0 && begins_other_block(words))) {
        *above = (struct paragraph){.is_other = true};
    } else if (above->text.len > 0) { /* it goes on */
        above->text.len = (size_t)(words.at + words.len - above->text.at);
    } else if (inner.len > 0) { /* else code, by its indentation */
        above->text = words;
    }
}

/* ---- fences ----------------------------------------------------------------------------------------------------- */

/* The fence that is open while the lines are read; length 0: none. */
struct open_fence {
    char sign;
    size_t length;
    bool is_program;
};

static bool opens_fence(struct str line, struct open_fence *open)
{
    char sign = line.len > 0 ? line.at[0] : ' ';
    size_t length = sign == '`' || sign == '~' ? run_of(line, sign) : 0;
    struct str info = str_trim(skip(line, length));
    bool is_code = sign == '`' && memchr(info.at, '`', info.len) != NULL; /* `` `a` ``: code in a line */
    if (length < 3 || is_code) {
        return false;
    }
    *open = (struct open_fence){sign, length, str_eq(info, STR("zuji"))};
    return true;
}

static bool closes_fence(struct str line, const struct open_fence *open)
{
    size_t length = run_of(line, open->sign);
    return length >= open->length && str_trim(skip(line, length)).len == 0;
}

bool literate_is(struct str path)
{
    return str_ends(path, STR(".pcr.md"));
}

struct literate *literate_read(struct arena *arena, struct str text)
{
    struct literate *literate = arena_new(arena, struct literate);
    struct open_fence open = {0};
    struct paragraph above = {0};
    for (size_t at = 0; at < text.len;) {
        const char *newline = memchr(text.at + at, '\n', text.len - at);
        size_t end = newline == NULL ? text.len : (size_t)(newline - text.at);
        struct str whole = str_slice(text, at, end);
        struct str line = unindented(whole);
        size_t next = end + (newline != NULL);
        struct fence *fence = open.is_program ? &literate->fences[literate->fence_count - 1] : NULL;
        if (open.length > 0 && closes_fence(line, &open)) {
            open = (struct open_fence){0};
            if (fence != NULL) {
                fence->is_closed = true;
            }
        } else if (fence != NULL) {
            fence->len = (uint32_t)(next - fence->off);
        } else if (open.length == 0 && opens_fence(line, &open) && open.is_program) {
            arena_grow(arena, literate->fences, literate->fence_count, literate->fence_cap);
            literate->fences[literate->fence_count++] =
                (struct fence){(uint32_t)next, 0, (uint32_t)(line.at - text.at), (uint32_t)str_trim(line).len, false};
        } else if (open.length == 0) {
            read_line(arena, literate, text, whole, &above);
        }
        above = open.length > 0 ? (struct paragraph){0} : above;
        at = next;
    }
    return literate;
}

struct str literate_program(struct arena *arena, const struct literate *literate, struct str text)
{
    char *program = arena_array(arena, char, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        program[i] = text.at[i] == '\n' ? '\n' : ' ';
    }
    for (size_t i = 0; i < literate->fence_count; i++) {
        const struct fence *fence = &literate->fences[i];
        if (fence->is_closed) {
            memcpy(program + fence->off, text.at + fence->off, fence->len);
        }
    }
    return (struct str){program, text.len};
}
