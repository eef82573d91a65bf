#include "tests/expect.h"

#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

struct expects expects_of(struct runner *runner, struct str file)
{
    return (struct expects){.runner = runner, .file = file};
}

static uint32_t cells_of(struct str s)
{
    uint32_t cells = 0;
    for (size_t off = 0; off < s.len;) {
        uint32_t c = utf8_next(s, &off);
        cells += c == UTF8_INVALID ? 1 : (uint32_t)unicode_width(c);
    }
    return cells;
}

/* The column that a line's n-th character (from 1) has on a terminal, from 1. */
static uint32_t cell_column(struct str line, uint32_t column)
{
    size_t off = 0;
    for (uint32_t i = 1; i < column && off < line.len; i++) {
        utf8_next(line, &off);
    }
    return cells_of(str_slice(line, 0, off)) + 1;
}

static bool is_code(struct str s)
{
    return s.len == 5 && strchr("EWLN", s.at[0]) != NULL && strspn(s.at + 1, "0123456789") >= 4;
}

/* One sign, or a row of carets below the whole span. */
static bool is_mark(struct str s)
{
    return s.len > 0 && (s.len == 1 ? strchr("^<$!", s.at[0]) != NULL : strspn(s.at, "^") >= s.len);
}

static uint32_t first_column(struct str line)
{
    size_t blanks = 0;
    while (blanks < line.len && line.at[blanks] == ' ') {
        blanks++;
    }
    return (uint32_t)blanks + 1;
}

bool expects_read(struct expects *list, struct str text, struct str mark, struct str above, uint32_t line,
                  uint32_t written_at)
{
    struct str rest = str_trim(text);
    if (!str_starts(rest, mark)) {
        return false;
    }
    rest = str_skip(rest, mark.len);
    struct str probe = rest;
    if (!is_mark(next_word(&probe)) || !is_code(next_word(&probe))) {
        return false;
    }
    for (struct str word = next_word(&rest); is_mark(word);) {
        struct expected item = {.line = line, .written_at = written_at, .code = next_word(&rest)};
        size_t at = (size_t)(word.at - text.at);
        item.place = word.at[0] == '^'   ? EXPECT_HERE
                     : word.at[0] == '<' ? EXPECT_LINE_START
                     : word.at[0] == '$' ? EXPECT_END
                                         : EXPECT_ELSEWHERE;
        item.column = item.place == EXPECT_HERE ? cells_of(str_slice(text, 0, at)) + 1 : first_column(above);
        word = next_word(&rest);
        for (item.path = str_slice(word, 0, 0); word.len > 0 && !is_mark(word); word = next_word(&rest)) {
            item.path.len = (size_t)(word.at + word.len - item.path.at); /* a path may have blanks: "report x" */
        }
        arena_grow(list->runner->arena, list->items, list->count, list->cap);
        list->items[list->count++] = item;
    }
    return true;
}

static struct str line_of(struct str text, uint32_t number)
{
    struct str line = STR("");
    size_t at = 0;
    for (uint32_t i = 0; i < number && next_line(text, &at, &line); i++) {
    }
    return line;
}

static bool is_end_of(struct str text, uint32_t line, uint32_t column)
{
    struct str ignored;
    size_t at = 0;
    uint32_t lines = 0;
    while (next_line(text, &at, &ignored)) {
        lines++;
    }
    return line > lines || (line == lines && column > utf8_length(line_of(text, line)));
}

static bool is_match(const struct expected *item, struct str text, uint32_t line, uint32_t column)
{
    switch (item->place) {
    case EXPECT_HERE:
    case EXPECT_LINE_START:
        return line == item->line && cell_column(line_of(text, line), column) == item->column;
    case EXPECT_END:
        return line > 0 && is_end_of(text, line, column);
    case EXPECT_ELSEWHERE:
        return line == 0;
    }
    return false;
}

void expects_meet(struct expects *list, struct str code, struct str path, struct str text, uint32_t line,
                  uint32_t column, struct str message)
{
    for (size_t i = 0; i < list->count; i++) {
        struct expected *item = &list->items[i];
        bool is_path = item->path.len == 0 || str_eq(item->path, path);
        if (!item->is_met && is_path && str_eq(item->code, code) && is_match(item, text, line, column)) {
            item->is_met = true;
            return;
        }
    }
    runner_fail(list->runner, "%.*s: not expected: line %u, cell %u: %.*s%s%.*s: %.*s", STR_FMT(list->file),
                (unsigned)line, (unsigned)cell_column(line_of(text, line), column), STR_FMT(code),
                path.len > 0 ? " " : "", STR_FMT(path), STR_FMT(message));
    list->has_failed = true;
}

void expects_finish(struct expects *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct expected *item = &list->items[i];
        if (!item->is_met) {
            runner_fail(list->runner, "%.*s:%u: %.*s %.*s was expected and did not come", STR_FMT(list->file),
                        (unsigned)item->written_at, STR_FMT(item->code), STR_FMT(item->path));
            list->has_failed = true;
        }
    }
    if (!list->has_failed) {
        runner_pass(list->runner);
    }
}
