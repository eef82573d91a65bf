/* The terminal's form of messages. render_json.c has the other one.

   error[E0301]: the message                      header
     --> file:line:column                         location of the span
      |
    7 | source line                               excerpt: a line, its underlines (^ the span, - the labels),
      | ^^^^  -- label                            and the labels that found no room beside them,
      | |                                         each under the place it speaks of
      | another label
      |
      = note: the note                            context, notes, fixes */
#include "base/render.h"

#include "base/excerpt.h"

enum { USUAL_LIMIT = 20 };

struct writer {
    struct canvas canvas;
    const struct sources *sources;
    enum lang lang;
    size_t gutter; /* cells of the line numbers in this message */
    enum style primary;
};

static struct str words(struct writer *w, enum diag_code code, struct str argument)
{
    return diag_text(w->canvas.arena, (struct diag_text){.text = code, .args = {argument}}, w->lang);
}

static struct str wording(struct writer *w, struct diag_text text)
{
    return canvas_clean(w->canvas.arena, diag_text(w->canvas.arena, text, w->lang));
}

/* All of the message that is in this file. */
static void add_excerpt(struct writer *w, const struct diag *diag, uint32_t file)
{
    struct excerpt excerpt = excerpt_make(w->canvas.arena, sources_get(w->sources, file));
    if (diag->at.file == file) {
        excerpt_add(&excerpt, diag->at, true, STR(""));
    }
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        if (label->at.file == file) {
            excerpt_add(&excerpt, label->at, false, wording(w, label->text));
        }
    }
    excerpt_draw(&excerpt, &w->canvas, w->gutter, w->primary);
}

static void add_location(struct writer *w, struct str arrow, struct span at)
{
    const struct source *source = sources_get(w->sources, at.file);
    struct place place = source_place(source, at.off);
    canvas_spaces(&w->canvas, w->gutter);
    canvas_paint(&w->canvas, STYLE_FRAME, arrow);
    canvas_spaces(&w->canvas, 1);
    buf_add(&w->canvas.out, canvas_clean(w->canvas.arena, source->path));
    buf_format(&w->canvas.out, ":%lu:%lu\n", (unsigned long)place.line, (unsigned long)place.column);
}

static bool is_seen_before(const struct diag *diag, const struct diag_label *until)
{
    if (until->at.file == 0 || until->at.file == diag->at.file) {
        return true;
    }
    for (const struct diag_label *label = diag->labels; label != until; label = label->next) {
        if (label->at.file == until->at.file) {
            return true;
        }
    }
    return false;
}

static void add_excerpts(struct writer *w, const struct diag *diag)
{
    if (diag->at.file != 0) {
        add_location(w, STR("-->"), diag->at);
        add_excerpt(w, diag, diag->at.file);
    }
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        if (!is_seen_before(diag, label)) {
            add_location(w, STR(":::"), label->at);
            add_excerpt(w, diag, label->at.file);
        }
    }
}

static void add_remark(struct writer *w, enum style style, enum diag_code title, struct str text)
{
    excerpt_start_row(&w->canvas, w->gutter, STR(""), STR("="));
    canvas_spaces(&w->canvas, 1);
    if (title != DIAG_NONE) {
        canvas_paint(&w->canvas, style, words(w, title, STR("")));
        buf_add(&w->canvas.out, words(w, T_COLON, STR("")));
    }
    buf_add(&w->canvas.out, text);
    canvas_newline(&w->canvas);
}

static void add_context(struct writer *w, const struct diag *diag)
{
    struct str parts[3];
    size_t count = 0;
    if (diag->product.len != 0) {
        parts[count++] = words(w, T_CONTEXT_PRODUCT, diag->product);
    }
    if (diag->path.len != 0) {
        parts[count++] = words(w, T_CONTEXT_FIELD, diag->path);
    }
    if (diag->clause.len != 0) {
        parts[count++] = words(w, T_CONTEXT_CLAUSE, diag->clause);
    }
    if (count != 0) {
        struct str all = str_join(w->canvas.arena, parts, count, words(w, T_COMMA, STR("")));
        add_remark(w, STYLE_PLAIN, DIAG_NONE, canvas_clean(w->canvas.arena, all));
    }
}

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (str_eq(str_slice(text, i, i + part.len), part)) {
            return true;
        }
    }
    return false;
}

/* A title that does not spell the replacement out is followed by it. */
static void add_fix(struct writer *w, const struct diag_fix *fix)
{
    struct arena *arena = w->canvas.arena;
    struct str title = diag_text(arena, fix->title, w->lang);
    if (!contains(title, str_trim(fix->replacement))) {
        struct str both[] = {title, words(w, T_FIX_REPLACE, str_trim(fix->replacement))};
        title = str_join(arena, both, countof(both), words(w, T_COLON, STR("")));
    }
    add_remark(w, STYLE_FIX, T_SEVERITY_FIX, canvas_clean(arena, title));
}

static void add_remarks(struct writer *w, const struct diag *diag)
{
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        if (label->at.file == 0) {
            add_remark(w, STYLE_BOLD, T_SEVERITY_NOTE, wording(w, label->text));
        }
    }
    for (const struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        add_remark(w, STYLE_BOLD, T_SEVERITY_NOTE, wording(w, note->text));
    }
    for (const struct diag_fix *fix = diag->fixes; fix != NULL; fix = fix->next) {
        add_fix(w, fix);
    }
}

static size_t last_line(const struct writer *w, struct span span)
{
    const struct source *source = sources_get(w->sources, span.file);
    uint32_t room = UINT32_MAX - span.off;
    return source_line(source, span.off + (span.len < room ? span.len : room));
}

/* Cells of the greatest line number that the message shows. */
static size_t gutter_of(const struct writer *w, const struct diag *diag)
{
    size_t greatest = diag->at.file == 0 ? 1 : last_line(w, diag->at);
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        size_t line = label->at.file == 0 ? 1 : last_line(w, label->at);
        greatest = line > greatest ? line : greatest;
    }
    size_t digits = 1;
    for (; greatest >= 10; greatest /= 10) {
        digits++;
    }
    return digits + 1;
}

static void add_header(struct writer *w, const struct diag *diag)
{
    static const struct {
        enum diag_code word;
        enum style style;
    } severities[] = {
        [SEVERITY_ERROR] = {T_SEVERITY_ERROR,   STYLE_ERROR  },
        [SEVERITY_WARNING] = {T_SEVERITY_WARNING, STYLE_WARNING},
        [SEVERITY_LINT] = {T_SEVERITY_LINT,    STYLE_LINT   },
        [SEVERITY_NOTE] = {T_SEVERITY_NOTE,    STYLE_BOLD   },
    };
    const struct diag_info *info = diag_info(diag->code);
    w->primary = severities[info->severity].style;
    struct str word = words(w, severities[info->severity].word, STR(""));
    canvas_paint(&w->canvas, w->primary, str_format(w->canvas.arena, "%.*s[%s]", STR_FMT(word), info->code));
    struct str message = canvas_clean(w->canvas.arena, diag_message(w->canvas.arena, diag, w->lang));
    buf_add(&w->canvas.out, words(w, T_COLON, STR("")));
    canvas_paint(&w->canvas, STYLE_BOLD, message);
    canvas_newline(&w->canvas);
}

static void add_message(struct writer *w, const struct diag *diag)
{
    w->gutter = gutter_of(w, diag);
    add_header(w, diag);
    size_t before = w->canvas.out.len;
    add_excerpts(w, diag);
    bool has_excerpt = w->canvas.out.len > before;
    bool has_context = diag->product.len + diag->path.len + diag->clause.len != 0;
    bool has_remarks = has_context || diag->notes != NULL || diag->fixes != NULL;
    if (has_excerpt && has_remarks) {
        excerpt_start_row(&w->canvas, w->gutter, STR(""), STR("|"));
        canvas_newline(&w->canvas);
    }
    add_context(w, diag);
    add_remarks(w, diag);
    canvas_newline(&w->canvas);
}

/* Which messages are shown: where not all can be, no warning takes the place of an error. */
struct quota {
    size_t errors, others;
};

static bool take(struct quota *quota, const struct diag *diag)
{
    bool is_error = diag_info(diag->code)->severity == SEVERITY_ERROR;
    size_t *left = is_error ? &quota->errors : &quota->others;
    if (*left == 0) {
        return false;
    }
    *left -= 1;
    return true;
}

struct str render_text(struct arena *arena, const struct sources *sources, const struct diags *diags,
                       struct render_options options)
{
    struct canvas canvas = {arena, buf_in(arena), options.use_color};
    struct writer w = {.canvas = canvas, .sources = sources, .lang = options.lang};
    size_t limit = options.limit == 0 ? USUAL_LIMIT : options.limit;
    size_t errors = diags->errors < limit ? diags->errors : limit;
    struct quota quota = {errors, limit - errors};
    size_t count = 0;
    const struct diag *const *sorted = diags_sorted(arena, diags, &count);
    size_t hidden = 0;
    for (size_t i = 0; i < count; i++) {
        if (take(&quota, sorted[i])) {
            add_message(&w, sorted[i]);
        } else {
            hidden++;
        }
    }
    if (hidden != 0) {
        buf_add(&w.canvas.out, words(&w, T_AND_MORE, str_format(arena, "%zu", hidden)));
        canvas_newline(&w.canvas);
    }
    return buf_str(&w.canvas.out);
}
