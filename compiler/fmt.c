#include "compiler/fmt.h"

#include "compiler/fmt_parts.h"
#include "grammar/lexer.h"
#include "parser.h"

enum { TOKEN_LENGTH = 5 }; /* bytes of a token with what is before it, in a text without many comments */

static void print_line(const struct fmt *fmt, const struct line *line, struct buf *out)
{
    static const char BLANKS[] = "                                                                                ";
    if (line->has_blank_before) {
        buf_char(out, '\n');
    }
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

static struct str print(const struct fmt *fmt)
{
    struct buf out = buf_in(fmt->arena);
    for (size_t i = 0; i < fmt->line_count; i++) {
        print_line(fmt, &fmt->lines[i], &out);
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
    struct fmt fmt = {.arena = arena, .sources = sources, .file = file};
    fmt.log.roles.arena = arena;
    fmt.log.cap = sources_get(sources, file)->text.len / TOKEN_LENGTH + 1;
    fmt.log.items = arena_array(arena, struct parsed_token, fmt.log.cap);
    size_t errors = out->errors;
    const struct module *module = parse_module_logged(arena, sources, file, out, &fmt.log);
    if (out->errors > errors) {
        return FMT_ERRORS;
    }
    fmt.from = module->lang;
    fmt.to = language == FMT_AS_WRITTEN ? fmt.from : language == FMT_ZH ? LANG_ZH : LANG_EN;
    fmt_make_pieces(&fmt);
    fmt_indent(&fmt);
    fmt_space(&fmt);
    fmt_align(&fmt);
    *result = print(&fmt);
    return is_safe(&fmt, sources, *result) ? FMT_OK : FMT_UNSAFE;
}
