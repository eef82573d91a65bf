#include "cli/html.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "base/utf8.h"

/* Signs that XML has not, and those that turn the direction of what follows. */
static bool is_unfit(uint32_t c)
{
    bool is_control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
    bool is_direction = c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return is_control || is_direction || c == 0xFFFE || c == 0xFFFF;
}

void html_text(const struct html *page, struct str text)
{
    for (size_t off = 0; off < text.len;) {
        size_t start = off;
        uint32_t c = utf8_next(text, &off);
        if (is_unfit(c)) {
            fputs("\xEF\xBF\xBD", page->out);
        } else if (c == '&') {
            fputs("&amp;", page->out);
        } else if (c == '<') {
            fputs("&lt;", page->out);
        } else if (c == '>') {
            fputs("&gt;", page->out);
        } else if (c == '"') {
            fputs("&quot;", page->out);
        } else if (c == '\'') {
            fputs("&#39;", page->out);
        } else {
            char sign[4];
            bool is_whole = c != 0xFFFD || text.at[start] == '\xEF';
            size_t len = is_whole ? off - start : utf8_encode(c, sign);
            fwrite(is_whole ? text.at + start : sign, 1, len, page->out);
        }
    }
}

struct str html_worded(const struct html *page, enum diag_code text, struct str a, struct str b)
{
    struct diag_text line = {
        text, {a, b}
    };
    return diag_text(page->cli->arena, line, page->cli->lang);
}

struct str html_number(const struct html *page, const char *number)
{
    return number[0] == '-' ? str_format(page->cli->arena, "−%s", number + 1) : str_of(number);
}

struct str html_figure(const struct html *page, const struct zuji_figure *figure)
{
    return html_number(page, str_copy(page->cli->arena, text_reported(page->cli, figure)).at);
}

/* The longest beginning that fits; where no blank is near its end, it ends within a word. */
static size_t line_end(struct str text, size_t cells)
{
    size_t end = text_fit(text, cells);
    size_t used = 0;
    size_t filled = 0;
    for (size_t off = 0; off < text.len;) {
        size_t before = off;
        used += (size_t)unicode_width(utf8_next(text, &off));
        if (used > cells) {
            filled = before;
            break;
        }
        filled = off;
    }
    return text_width(str_slice(text, 0, end)) * 2 < cells ? filled : end;
}

size_t html_lines(const struct html *page, struct str label, size_t cells, struct str lines[2])
{
    size_t end = line_end(label, cells);
    lines[0] = str_trim(str_slice(label, 0, end));
    struct str rest = str_trim(str_slice(label, end, label.len));
    if (rest.len == 0) {
        return 1;
    }
    end = line_end(rest, cells);
    lines[1] = rest;
    if (end < rest.len) {
        end = line_end(rest, cells - 1);
        lines[1] = str_format(page->cli->arena, "%.*s…", STR_FMT(str_trim(str_slice(rest, 0, end))));
    }
    return 2;
}

const char *html_length(char text[24], long tenths)
{
    snprintf(text, 24, "%s%ld.%ld", tenths < 0 ? "-" : "", labs(tenths) / 10, labs(tenths) % 10);
    return text;
}
