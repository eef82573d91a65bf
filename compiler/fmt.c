#include "compiler/fmt.h"

#include "compiler/fmt_parts.h"
#include "grammar/lexer.h"
#include "parser.h"

enum { TOKEN_LENGTH = 5 }; /* bytes of a token with what is before it, in a text without many comments */

static void print_line(const struct fmt *fmt, const struct line *line, struct buf *out)
{
    static const char BLANKS[] = "                                                                                ";
    for (uint32_t left = line->indent; left > 0;) {
        uint32_t some = left < sizeof BLANKS - 1 ? left : (uint32_t)sizeof BLANKS - 1;
        buf_add(out, (struct str){BLANKS, some});
        left -= some;
    }
    for (size_t i = line->first; i < line->first + line->count; i++) {
        for (uint32_t left = fmt->pieces[i].gap; left > 0; left--) {
            buf_char(out, ' ');
        }
        buf_add(out, fmt->pieces[i].text);
    }
    for (uint32_t left = line->comment_gap; left > 0; left--) {
        buf_char(out, ' ');
    }
    buf_add(out, line->comment);
    buf_char(out, '\n');
}

/* The lines that begin before `end`, from *at on. */
static void print_lines(const struct fmt *fmt, size_t *at, uint32_t end, struct buf *out)
{
    bool is_first = true;
    for (; *at < fmt->line_count && fmt->lines[*at].off < end; ++*at) {
        if (fmt->lines[*at].has_blank_before && !is_first) {
            buf_char(out, '\n');
        }
        print_line(fmt, &fmt->lines[*at], out);
        is_first = false;
    }
}

/* Of a literate file everything but the fences stays as it is. */
static void print_literate(const struct fmt *fmt, struct str text, struct buf *out)
{
    size_t line = 0;
    size_t done = 0;
    for (size_t i = 0; i < fmt->literate->fence_count; i++) {
        const struct fence *fence = &fmt->literate->fences[i];
        buf_add(out, str_slice(text, done, fence->off));
        done = fence->off + fence->len;
        print_lines(fmt, &line, (uint32_t)done, out);
    }
    buf_add(out, str_slice(text, done, text.len));
}

static struct str print(const struct fmt *fmt, struct str text)
{
    struct buf out = buf_in(fmt->arena);
    size_t line = 0;
    if (fmt->literate != NULL) {
        print_literate(fmt, text, &out);
    } else {
        print_lines(fmt, &line, UINT32_MAX, &out);
    }
    buf_char(&out, '\0'); /* sources end with one */
    return str_slice(buf_str(&out), 0, out.len - 1);
}

/* Does the piece begin its line? */
static bool is_first(const struct fmt *fmt, size_t piece, size_t *line)
{
    while (fmt->lines[*line].first + fmt->lines[*line].count <= piece) {
        ++*line;
    }
    return fmt->lines[*line].first == piece;
}

/* Is the result read as the very tokens that were meant to be printed, on the same lines? What the parser makes of a
   token depends on nothing else. */
static bool is_safe(const struct fmt *fmt, struct sources *sources, struct str result)
{
    struct diags diags = diags_in(fmt->arena);
    uint32_t file = sources_add(sources, STR(""), result);
    struct lexer lexer = lexer_open(fmt->arena, sources, file, &diags);
    size_t line = 0;
    if (fmt->literate != NULL) {
        struct str program = literate_program(fmt->arena, literate_read(fmt->arena, result), result);
        lexer.start = lexer.cursor = (const unsigned char *)program.at;
        lexer.limit = lexer.start + program.len;
    }
    for (size_t i = 0; i < fmt->piece_count; i++) {
        const struct piece *piece = &fmt->pieces[i];
        struct token token = lexer_next(&lexer);
        if (token.kind != piece->read || !str_eq(span_text(sources, token.at), piece->text) ||
            token.is_first_on_line != is_first(fmt, i, &line)) {
            return false;
        }
    }
    return lexer_next(&lexer).kind == TOK_YYEOF && diags.errors == 0;
}

enum fmt_status fmt_source(struct arena *arena, struct sources *sources, uint32_t file, enum fmt_language language,
                           struct diags *out, struct str *result)
{
    struct str text = sources_get(sources, file)->text;
    struct fmt fmt = {.arena = arena, .sources = sources, .text = text};
    fmt.log.roles.arena = arena;
    fmt.log.cap = text.len / TOKEN_LENGTH + 1;
    fmt.log.items = arena_array(arena, struct parsed_token, fmt.log.cap);
    size_t errors = out->errors;
    const struct module *module = parse_module_logged(arena, sources, file, out, &fmt.log);
    if (out->errors > errors) {
        return FMT_ERRORS;
    }
    fmt.from = module->lang;
    fmt.to = language == FMT_AS_WRITTEN ? fmt.from : language == FMT_ZH ? LANG_ZH : LANG_EN;
    fmt.literate = module->literate;
    if (fmt.literate != NULL) {
        fmt.text = literate_program(arena, fmt.literate, text);
    }
    if (fmt.from != fmt.to) {
        fmt.phases = prelude_words_of(arena, module);
    }
    fmt_make_pieces(&fmt);
    fmt_indent(&fmt);
    fmt_space(&fmt);
    fmt_align(&fmt);
    *result = print(&fmt, text);
    return is_safe(&fmt, sources, *result) ? FMT_OK : FMT_UNSAFE;
}
