#include "base/excerpt.h"

#include "base/unicode.h"
#include "base/utf8.h"

enum {
    TAB_CELLS = 4,
    /* Longer lines, as those of data files, are cut to a window around the first underline. */
    LINE_CELLS = 160,
    WINDOW_CELLS = 120,
    WINDOW_LEAD = 40
};

struct excerpt excerpt_make(struct arena *arena, const struct source *source)
{
    return (struct excerpt){.arena = arena, .source = source};
}

/* --- places in lines --- */

static uint32_t clamped(const struct source *source, uint32_t off)
{
    return off < source->text.len ? off : (uint32_t)source->text.len;
}

static uint32_t line_of(const struct source *source, uint32_t off)
{
    return source_line(source, off) - 1;
}

/* A line without its end and without a byte order mark. */
static struct str line_text(const struct source *source, uint32_t line)
{
    size_t from = source->line_start[line];
    size_t to = line + 1 < source->line_count ? source->line_start[line + 1] - 1u : source->text.len;
    struct str text = str_slice(source->text, from, to);
    if (str_ends(text, STR("\r"))) {
        text = str_slice(text, 0, text.len - 1);
    }
    return line == 0 && str_starts(text, STR("\xEF\xBB\xBF")) ? str_slice(text, 3, text.len) : text;
}

static size_t cell_after(size_t cell, uint32_t c)
{
    if (c == '\t') {
        return (cell / TAB_CELLS + 1) * TAB_CELLS;
    }
    /* Data files may be one line of many megabytes, nearly all ASCII. */
    if (c >= ' ' && c <= '~') {
        return cell + 1;
    }
    return cell + (size_t)unicode_width(canvas_shown(c));
}

/* Cells before the place; places in the end of the line count as its end. */
static size_t cell_of(const struct source *source, uint32_t line, uint32_t off)
{
    struct str text = line_text(source, line);
    const char *place = source->text.at + off;
    size_t cell = 0;
    for (size_t at = 0; at < text.len && text.at + at < place;) {
        cell = cell_after(cell, utf8_next(text, &at));
    }
    return cell;
}

/* --- from spans to pieces --- */

static void add_piece(struct excerpt *excerpt, uint32_t line, uint32_t off, uint32_t end, bool is_primary,
                      struct str text)
{
    size_t from = cell_of(excerpt->source, line, off);
    size_t to = end > off ? cell_of(excerpt->source, line, end) : from;
    arena_grow(excerpt->arena, excerpt->pieces, excerpt->count, excerpt->cap);
    excerpt->pieces[excerpt->count++] = (struct piece){
        .line = line, .from = from, .to = to > from ? to : from + 1, .text = text, .is_primary = is_primary};
}

static uint32_t first_black(const struct source *source, uint32_t line)
{
    struct str text = line_text(source, line);
    size_t blanks = 0;
    while (blanks < text.len && (text.at[blanks] == ' ' || text.at[blanks] == '\t')) {
        blanks++;
    }
    return (uint32_t)(text.at - source->text.at) + (uint32_t)blanks;
}

/* Of a span over several lines the first and the last are underlined. */
void excerpt_add(struct excerpt *excerpt, struct span span, bool is_primary, struct str text)
{
    const struct source *source = excerpt->source;
    uint32_t off = clamped(source, span.off);
    uint32_t end = clamped(source, span.len > UINT32_MAX - off ? UINT32_MAX : off + span.len);
    uint32_t first = line_of(source, off);
    uint32_t last = end > off ? line_of(source, end - 1) : first;
    if (first == last) {
        add_piece(excerpt, first, off, end, is_primary, text);
        return;
    }
    add_piece(excerpt, first, off, end, is_primary, STR(""));
    add_piece(excerpt, last, first_black(source, last), end, is_primary, text);
}

static void sort_pieces(struct excerpt *excerpt)
{
    for (size_t i = 1; i < excerpt->count; i++) {
        struct piece piece = excerpt->pieces[i];
        size_t j = i;
        for (; j > 0; j--) {
            const struct piece *before = &excerpt->pieces[j - 1];
            bool is_in_order = before->line < piece.line || (before->line == piece.line && before->from <= piece.from);
            if (is_in_order) {
                break;
            }
            excerpt->pieces[j] = *before;
        }
        excerpt->pieces[j] = piece;
    }
}

/* --- drawing --- */

void excerpt_start_row(struct canvas *canvas, size_t gutter, struct str number, struct str bar)
{
    canvas_spaces(canvas, gutter - number.len);
    canvas_paint(canvas, STYLE_FRAME, number);
    canvas_spaces(canvas, 1);
    canvas_paint(canvas, STYLE_FRAME, bar);
}

/* Where and how an excerpt is drawn. */
struct pen {
    struct canvas *canvas;
    size_t gutter;
    enum style primary;
};

/* The cells of a line that are shown. */
struct window {
    size_t from, to;
};

static struct window choose_window(struct str text, size_t focus)
{
    size_t cell = 0;
    for (size_t at = 0; at < text.len && cell <= LINE_CELLS;) {
        cell = cell_after(cell, utf8_next(text, &at));
    }
    if (cell <= LINE_CELLS) {
        return (struct window){0, LINE_CELLS + 1};
    }
    size_t from = focus > WINDOW_LEAD ? focus - WINDOW_LEAD : 0;
    return (struct window){from, from + WINDOW_CELLS};
}

/* Where a cell of the line comes to stand: an ellipsis takes the first cell of a window inside a line. */
static size_t column_of(struct window window, size_t cell)
{
    size_t inside = cell < window.from ? window.from : cell > window.to ? window.to : cell;
    return inside - window.from + (window.from > 0);
}

static struct str encoded(uint32_t c, char room[4])
{
    return (struct str){room, utf8_encode(c, room)};
}

static void add_source(struct pen *pen, struct str text, struct window window)
{
    size_t cell = 0;
    if (window.from > 0) {
        buf_add(&pen->canvas->out, STR("…"));
    }
    for (size_t at = 0; at < text.len;) {
        char room[4];
        uint32_t c = utf8_next(text, &at);
        size_t after = cell_after(cell, c);
        if (after > window.to) {
            buf_add(&pen->canvas->out, STR("…"));
            break;
        }
        bool is_whole = cell >= window.from && c != '\t';
        size_t start = cell < window.from ? window.from : cell;
        if (is_whole) {
            buf_add(&pen->canvas->out, encoded(canvas_shown(c), room));
        } else if (after > start) {
            canvas_spaces(pen->canvas, after - start);
        }
        cell = after;
    }
}

/* One row of marks under a line; blank cells are NUL. */
struct marks {
    char *at;
    size_t len;
};

static struct marks marks_new(struct arena *arena)
{
    return (struct marks){arena_array(arena, char, LINE_CELLS + 3), 0};
}

static void set_marks(struct marks *marks, size_t from, size_t to, char mark)
{
    for (size_t i = from; i < to; i++) {
        marks->at[i] = mark;
    }
    marks->len = to > marks->len ? to : marks->len;
}

static void add_marks(struct pen *pen, const struct marks *marks)
{
    for (size_t i = 0; i < marks->len;) {
        size_t from = i;
        char mark = marks->at[i];
        while (i < marks->len && marks->at[i] == mark) {
            i++;
        }
        if (mark == '\0') {
            canvas_spaces(pen->canvas, i - from);
        } else {
            canvas_paint(pen->canvas, mark == '^' ? pen->primary : STYLE_FRAME,
                         (struct str){marks->at + from, i - from});
        }
    }
}

static void start_marks_row(struct pen *pen)
{
    excerpt_start_row(pen->canvas, pen->gutter, STR(""), STR("|"));
    canvas_spaces(pen->canvas, 1);
}

/* Text beside the underlines is only that of a piece with nothing to its right. */
static size_t piece_with_room(const struct piece *pieces, size_t count)
{
    size_t furthest = count - 1;
    for (size_t i = 0; i < count; i++) {
        if (i != furthest && pieces[i].to > pieces[furthest].to) {
            return count;
        }
    }
    return furthest;
}

static void add_underlines(struct pen *pen, struct window window, const struct piece *pieces, size_t count)
{
    struct marks marks = marks_new(pen->canvas->arena);
    for (int pass = 0; pass < 2; pass++) {
        /* The span itself is drawn last, over the labels. */
        for (size_t i = 0; i < count; i++) {
            if (pieces[i].is_primary == (pass == 1)) {
                size_t from = column_of(window, pieces[i].from);
                size_t to = column_of(window, pieces[i].to);
                set_marks(&marks, from, to > from ? to : from + 1, pieces[i].is_primary ? '^' : '-');
            }
        }
    }
    start_marks_row(pen);
    add_marks(pen, &marks);
    size_t beside = piece_with_room(pieces, count);
    if (beside < count && pieces[beside].text.len != 0) {
        canvas_spaces(pen->canvas, 1);
        canvas_paint(pen->canvas, STYLE_FRAME, pieces[beside].text);
    }
    canvas_newline(pen->canvas);
}

/* The strokes down from the pieces that still wait for their text, left of a column. */
static struct marks strokes(struct pen *pen, struct window window, const struct piece *pieces, size_t count,
                            size_t before)
{
    struct marks marks = marks_new(pen->canvas->arena);
    for (size_t i = 0; i < count; i++) {
        size_t column = column_of(window, pieces[i].from);
        if (pieces[i].text.len != 0 && column < before) {
            set_marks(&marks, column, column + 1, '|');
        }
    }
    return marks;
}

/* Labels without room beside the underlines hang below them, the rightmost first. */
static void add_hanging(struct pen *pen, struct window window, const struct piece *pieces, size_t count)
{
    size_t beside = piece_with_room(pieces, count);
    bool is_first = true;
    for (size_t i = count; i-- > 0;) {
        if (i == beside || pieces[i].text.len == 0) {
            continue;
        }
        size_t column = column_of(window, pieces[i].from);
        if (is_first) {
            struct marks all = strokes(pen, window, pieces, i + 1, SIZE_MAX);
            start_marks_row(pen);
            add_marks(pen, &all);
            canvas_newline(pen->canvas);
            is_first = false;
        }
        struct marks left = strokes(pen, window, pieces, i, column);
        start_marks_row(pen);
        add_marks(pen, &left);
        canvas_spaces(pen->canvas, column - left.len);
        canvas_paint(pen->canvas, STYLE_FRAME, pieces[i].text);
        canvas_newline(pen->canvas);
    }
}

static void add_line(struct pen *pen, const struct source *source, uint32_t line, struct window window)
{
    struct str text = line_text(source, line);
    excerpt_start_row(pen->canvas, pen->gutter, str_format(pen->canvas->arena, "%lu", (unsigned long)line + 1),
                      STR("|"));
    if (text.len != 0) {
        canvas_spaces(pen->canvas, 1);
        add_source(pen, text, window);
    }
    canvas_newline(pen->canvas);
}

/* Between two lines that are shown: nothing, the one line in between, or a sign that some are left out. */
static void add_gap(struct pen *pen, const struct source *source, uint32_t above, uint32_t below)
{
    if (below - above == 2) {
        add_line(pen, source, above + 1, choose_window(line_text(source, above + 1), 0));
    } else if (below - above > 2) {
        canvas_paint(pen->canvas, STYLE_FRAME, STR("..."));
        canvas_newline(pen->canvas);
    }
}

/* Of a long line that part is shown where the primary span is, or else the first label. */
static size_t focus_of(const struct piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].is_primary) {
            return pieces[i].from;
        }
    }
    return pieces[0].from;
}

static void add_marked_line(struct pen *pen, const struct source *source, const struct piece *pieces, size_t count)
{
    uint32_t line = pieces[0].line;
    struct window window = choose_window(line_text(source, line), focus_of(pieces, count));
    add_line(pen, source, line, window);
    add_underlines(pen, window, pieces, count);
    add_hanging(pen, window, pieces, count);
}

void excerpt_draw(struct excerpt *excerpt, struct canvas *canvas, size_t gutter, enum style primary)
{
    struct pen pen = {canvas, gutter, primary};
    sort_pieces(excerpt);
    excerpt_start_row(canvas, gutter, STR(""), STR("|"));
    canvas_newline(canvas);
    for (size_t i = 0; i < excerpt->count;) {
        const struct piece *pieces = &excerpt->pieces[i];
        size_t count = 0;
        while (i + count < excerpt->count && pieces[count].line == pieces->line) {
            count++;
        }
        if (i > 0) {
            add_gap(&pen, excerpt->source, excerpt->pieces[i - 1].line, pieces->line);
        }
        add_marked_line(&pen, excerpt->source, pieces, count);
        i += count;
    }
}
