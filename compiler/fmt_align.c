/* Columns of neighbouring lines: what may stand in a column is a *stop* of its line, with a class; where entries of one
   block follow each other without a blank line, stops of one class get one column, class by class from left to right.
   A line that would need too much room for it, or more than the page has, stays out of a column. */
#include "compiler/fmt_parts.h"
#include "grammar/keywords.h"
#include "parser.h"

enum { STOPS_MAX = 40 };

/* Classes, in the order in which a line may have them. */
enum stop_class {
    STOP_KEYS = 0,     /* a further key of a row of a table */
    STOP_ARROW = 10,   /* => */
    STOP_VALUE,        /* what a header says */
    STOP_COLON,        /* of a field */
    STOP_TEXT,         /* title */
    STOP_LABEL,        /* title in the other language */
    STOP_RESULT_COLON, /* of a report or factor, behind the title */
    STOP_ASSIGN,       /* = */
    STOP_CITE,         /* source */
    STOP_FIELD_TEXT,   /* title of a field or member */
    STOP_FIELD_LABEL,  /* in the other language */
    STOP_CELLS         /* a further cell of a row */
};

/* How far apart the stops of one column may be. */
static uint32_t spread_max(unsigned class)
{
    return class == STOP_FIELD_TEXT ? 60 : class >= STOP_TEXT && class <= STOP_CITE ? 28 : 40;
}

struct stops {
    uint32_t count;
    struct {
        uint32_t class;
        uint32_t piece; /* a text has less than 2^32 bytes */
    } items[STOPS_MAX];
};

struct column {
    struct fmt *fmt;
    struct stops *stops; /* by line */
    size_t *members;     /* lines of the run */
    size_t count;
};

static void add_stop(struct stops *stops, unsigned class, size_t piece)
{
    bool is_in_order = stops->count == 0 || stops->items[stops->count - 1].class < class;
    if (is_in_order && stops->count < STOPS_MAX) {
        stops->items[stops->count].class = class;
        stops->items[stops->count++].piece = (uint32_t)piece;
    }
}

/* ---- the stops of a line ---------------------------------------------------------------------------------------- */

static bool has_label(const struct fmt *fmt, size_t at)
{
    return fmt->pieces[at].kind == TOK_ZH || fmt->pieces[at].kind == TOK_EN;
}

/* The titles from here on in a line; the first one counts only where it is not led by a word, as that of `else` is. */
static void add_texts(const struct fmt *fmt, const struct line *line, size_t *at, struct stops *stops, unsigned first)
{
    size_t end = line->first + line->count;
    size_t text = has_label(fmt, *at) ? *at + 1 : *at;
    if (text >= end || !fmt->pieces[text].is_text) {
        return;
    }
    add_stop(stops, first, *at);
    size_t next = text + 1;
    *at = text;
    if (next + 1 < end && has_label(fmt, next) && fmt->pieces[next + 1].is_text) {
        add_stop(stops, first + 1, next);
        *at = next + 1;
    }
}

static bool introduces_text(int kind)
{
    return kind == TOK_ELSE || kind == TOK_BECAUSE || kind == TOK_EXAMPLE || kind == TOK_CITE;
}

/* let, emit, report, factor and the like. */
static void find_declaration_stops(const struct fmt *fmt, const struct line *line, struct stops *stops)
{
    size_t end = line->first + line->count;
    bool has_assign = false;
    for (size_t at = line->first + 1; at < end; at++) {
        const struct piece *piece = &fmt->pieces[at];
        if (piece->block != line->block) {
            continue;
        }
        if (piece->kind == TOK_LEFT_BRACE) {
            stops->count = 0; /* a block on one line */
            return;
        }
        if (piece->kind == TOK_ASSIGN && !has_assign) {
            has_assign = true;
            if (at + 1 < end) { /* else the formula stands below */
                add_stop(stops, STOP_ASSIGN, at);
            }
        } else if (piece->kind == TOK_COLON && !has_assign && !piece->is_tight && !piece->is_wide) {
            add_stop(stops, STOP_RESULT_COLON, at);
        } else if (piece->kind == TOK_CITE) {
            add_stop(stops, STOP_CITE, at);
        } else if (piece->is_text || has_label(fmt, at)) {
            struct stops none = {.count = 0};
            bool is_title = !has_assign && !introduces_text(piece[-1].kind);
            add_texts(fmt, line, &at, is_title ? stops : &none, STOP_TEXT);
        }
    }
}

static void find_field_stops(const struct fmt *fmt, const struct line *line, struct stops *stops)
{
    size_t end = line->first + line->count;
    size_t colons = 0;
    for (size_t at = line->first + 1; at < end; at++) {
        const struct piece *piece = &fmt->pieces[at];
        if (piece->block != line->block) {
            continue;
        }
        if (piece->kind == TOK_COLON) {
            colons++;
            if (!piece->is_tight && !piece->is_wide) {
                add_stop(stops, STOP_COLON, at);
            }
        } else if (piece->is_text || has_label(fmt, at)) {
            add_texts(fmt, line, &at, stops, STOP_FIELD_TEXT);
        }
    }
    if (colons != 1) {
        stops->count = 0;
    }
}

static void find_member_stops(const struct fmt *fmt, const struct line *line, struct stops *stops)
{
    size_t end = line->first + line->count;
    for (size_t at = line->first + 1; at < end; at++) {
        const struct piece *piece = &fmt->pieces[at];
        if (piece->block != line->block) {
            continue;
        }
        if (piece->kind == TOK_COMMA && at + 1 < end) {
            stops->count = 0; /* several members */
            return;
        }
        if (piece->kind == TOK_ASSIGN) {
            add_stop(stops, STOP_ASSIGN, at);
        } else if (piece->is_text || has_label(fmt, at)) {
            add_texts(fmt, line, &at, stops, STOP_FIELD_TEXT);
        }
    }
}

static void find_row_stops(const struct fmt *fmt, const struct line *line, struct stops *stops)
{
    size_t end = line->first + line->count;
    bool is_arms = fmt->pieces[line->first].frame == FRAME_ARMS;
    bool has_arrow = false;
    unsigned next = STOP_KEYS;
    for (size_t at = line->first; at < end; at++) {
        const struct piece *piece = &fmt->pieces[at];
        if (piece->block != line->block) {
            continue;
        }
        if (piece->kind == TOK_SEMICOLON || (piece->kind == TOK_MAPS_TO && has_arrow)) {
            stops->count = 0; /* several rows */
            return;
        }
        if (piece->kind == TOK_MAPS_TO) {
            has_arrow = true;
            next = STOP_CELLS;
            add_stop(stops, STOP_ARROW, at);
        } else if (piece->kind == TOK_COMMA && at + 1 < end && !is_arms) {
            if (has_arrow || next < STOP_ARROW) {
                add_stop(stops, next++, at + 1);
            }
        }
    }
}

/* `first other`, one pair on its line. */
static void find_name_stops(const struct fmt *fmt, const struct line *line, struct stops *stops)
{
    bool ends_with_comma = line->count == 3 && fmt->pieces[line->first + 2].kind == TOK_COMMA;
    if (line->count == 2 || ends_with_comma) {
        add_stop(stops, STOP_VALUE, line->first + 1);
    }
}

static bool is_header(int kind)
{
    static const int HEADERS[] = {TOK_VERSION,  TOK_STATUS,     TOK_CONFORMS, TOK_GWP,     TOK_JUDGE, TOK_LIFECYCLE,
                                  TOK_DECLARED, TOK_FUNCTIONAL, TOK_BOUNDARY, TOK_EXCLUDE, TOK_ZERO,  TOK_VALID,
                                  TOK_APART};
    for (size_t i = 0; i < countof(HEADERS); i++) {
        if (HEADERS[i] == kind) {
            return true;
        }
    }
    return false;
}

static void find_stops(const struct fmt *fmt, const struct line *line, struct stops *stops)
{
    stops->count = 0;
    if (!line->is_entry || line->count < 2) {
        return;
    }
    const struct piece *first = &fmt->pieces[line->first];
    switch (first->frame) {
    case FRAME_FIELDS:
        find_field_stops(fmt, line, stops);
        return;
    case FRAME_CHOICE:
    case FRAME_SHARES:
        find_member_stops(fmt, line, stops);
        return;
    case FRAME_NAMES:
        find_name_stops(fmt, line, stops);
        return;
    case FRAME_ROWS:
    case FRAME_ARMS:
        find_row_stops(fmt, line, stops);
        return;
    case FRAME_LIFECYCLE:
        find_declaration_stops(fmt, line, stops);
        return;
    case FRAME_PROFILE: /* sentences */
        return;
    case FRAME_MODULE:
    case FRAME_RULE:
    case FRAME_STAGE:
    case FRAME_PROCESS:
    case FRAME_EXAMPLE:
        if (is_header(first->kind)) {
            add_stop(stops, STOP_VALUE, line->first + 1);
        } else if (first->kind != TOK_STAGE && first->kind != TOK_FUNCTION) {
            find_declaration_stops(fmt, line, stops);
        }
        return;
    case FRAME_PAREN:
        return;
    }
}

/* ---- columns ---------------------------------------------------------------------------------------------------- */

static size_t stop_of(const struct stops *stops, unsigned class)
{
    for (size_t i = 0; i < stops->count; i++) {
        if (stops->items[i].class == class) {
            return stops->items[i].piece;
        }
    }
    return SIZE_MAX;
}

/* Cells from the margin to the piece; SIZE_MAX: to the end of the line. */
static uint32_t column_of(const struct fmt *fmt, const struct line *line, size_t piece)
{
    uint32_t column = line->indent;
    for (size_t i = line->first; i < line->first + line->count; i++) {
        column += fmt->pieces[i].gap;
        if (i == piece) {
            break;
        }
        column += fmt->pieces[i].width;
    }
    return column;
}

/* Leaves out the lines of the run that would need too much room, or more than the page has; of the columns further
   right too. */
static void drop_outliers(struct column *run, unsigned class, uint32_t least, uint32_t widest)
{
    const struct fmt *fmt = run->fmt;
    size_t kept = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct line *line = &fmt->lines[run->members[i]];
        uint32_t column = column_of(fmt, line, stop_of(&run->stops[run->members[i]], class));
        uint32_t width = column_of(fmt, line, SIZE_MAX);
        bool is_near = column - least <= spread_max(class);
        bool fits = width > FMT_WIDTH || width + widest - column <= FMT_WIDTH;
        if (is_near && fits) {
            run->members[kept++] = run->members[i];
        } else {
            run->stops[run->members[i]].count = 0;
        }
    }
    run->count = kept;
}

static uint32_t widest_of(const struct column *run, unsigned class, uint32_t *least)
{
    uint32_t widest = 0;
    *least = UINT32_MAX;
    for (size_t i = 0; i < run->count; i++) {
        size_t piece = stop_of(&run->stops[run->members[i]], class);
        uint32_t column = column_of(run->fmt, &run->fmt->lines[run->members[i]], piece);
        widest = column > widest ? column : widest;
        *least = column < *least ? column : *least;
    }
    return widest;
}

/* Moves the stops of a class to one column. */
static void align_class(struct column *run, const size_t *chain, size_t count, unsigned class)
{
    struct fmt *fmt = run->fmt;
    uint32_t least;
    run->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (stop_of(&run->stops[chain[i]], class) != SIZE_MAX) {
            run->members[run->count++] = chain[i];
        }
    }
    uint32_t widest = widest_of(run, class, &least);
    widest = widest - least > spread_max(class) ? least + spread_max(class) : widest;
    drop_outliers(run, class, least, widest);
    widest = widest_of(run, class, &least);
    for (size_t i = 0; i < run->count; i++) {
        size_t piece = stop_of(&run->stops[run->members[i]], class);
        fmt->pieces[piece].gap += widest - column_of(fmt, &fmt->lines[run->members[i]], piece);
    }
}

/* Do the columns of the two lines belong together? Of declarations only those of one kind do. */
static bool are_alike(const struct fmt *fmt, const struct line *a, const struct line *b)
{
    const struct piece *first = &fmt->pieces[a->first];
    const struct piece *second = &fmt->pieces[b->first];
    bool is_declaration = first->is_item || second->is_item;
    return !is_declaration || first->kind == second->kind || (is_header(first->kind) && is_header(second->kind));
}

static void align_chain(struct column *run, const size_t *chain, size_t count)
{
    unsigned last = STOP_CELLS;
    for (size_t i = 0; i < count; i++) {
        const struct stops *stops = &run->stops[chain[i]];
        unsigned class = stops->count == 0 ? 0 : stops->items[stops->count - 1].class;
        last = class > last ? class : last;
    }
    for (unsigned class = 0; class <= last; class ++) {
        align_class(run, chain, count, class);
    }
}

/* Entries that follow each other; their lines need not, for a field may hold a block. */
static void align_entries(struct fmt *fmt, struct stops *stops)
{
    size_t *next = arena_array(fmt->arena, size_t, fmt->line_count);
    bool *is_linked = arena_array(fmt->arena, bool, fmt->line_count);
    size_t *chain = arena_array(fmt->arena, size_t, fmt->line_count);
    struct column run = {.fmt = fmt, .stops = stops};
    run.members = arena_array(fmt->arena, size_t, fmt->line_count);
    for (size_t i = 0; i < fmt->line_count; i++) {
        next[i] = NO_LINE;
        size_t before = fmt->lines[i].before;
        if (before != NO_LINE && are_alike(fmt, &fmt->lines[before], &fmt->lines[i])) {
            next[before] = i;
            is_linked[i] = true;
        }
    }
    for (size_t i = 0; i < fmt->line_count; i++) {
        size_t count = 0;
        for (size_t at = i; !is_linked[i] && at != NO_LINE; at = next[at]) {
            chain[count++] = at;
        }
        if (count > 1) {
            align_chain(&run, chain, count);
        }
    }
}

/* ---- comments behind lines -------------------------------------------------------------------------------------- */

static void align_comment_run(struct fmt *fmt, size_t from, size_t to)
{
    uint32_t widest = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t width = column_of(fmt, &fmt->lines[i], SIZE_MAX);
        widest = width > widest ? width : widest;
    }
    for (size_t i = from; i < to; i++) {
        fmt->lines[i].comment_gap = 1 + widest - column_of(fmt, &fmt->lines[i], SIZE_MAX);
    }
}

/* Those of lines that follow each other and are indented alike. */
static void align_comments(struct fmt *fmt)
{
    for (size_t from = 0; from < fmt->line_count;) {
        size_t to = from;
        uint32_t least = UINT32_MAX;
        uint32_t most = 0;
        for (; to < fmt->line_count; to++) {
            const struct line *line = &fmt->lines[to];
            if (line->count == 0 || line->comment.len == 0) {
                break;
            }
            uint32_t width = column_of(fmt, line, SIZE_MAX);
            least = width < least ? width : least;
            most = width > most ? width : most;
            bool is_near = most - least <= 40;
            if (to > from && (line->has_blank_before || line->indent != fmt->lines[from].indent || !is_near)) {
                break;
            }
        }
        align_comment_run(fmt, from, to);
        from = to == from ? from + 1 : to;
    }
}

void fmt_align(struct fmt *fmt)
{
    struct stops *stops = arena_array(fmt->arena, struct stops, fmt->line_count);
    for (size_t i = 0; i < fmt->line_count; i++) {
        find_stops(fmt, &fmt->lines[i], &stops[i]);
    }
    align_entries(fmt, stops);
    align_comments(fmt);
}
