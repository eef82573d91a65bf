/* Where entries begin, and how far each line is indented: by the brackets that are open, those of one line counting
   once, and once more where a line goes on with what the one before began. */
#include "compiler/fmt_parts.h"
#include "parser.h"

struct block {
    size_t id; /* as piece.block */
    bool is_paren;
    uint32_t content; /* indent of the lines in it */
    uint32_t close;   /* of the line that its closing bracket begins */
    size_t opened_on; /* line */
    size_t entry;     /* the line where the last entry in it began; NO_LINE: none */
    bool is_branch;   /* the last line began with if, then or else: what goes on with it is indented further */
};

struct layout {
    struct fmt *fmt;
    struct block *blocks;
    size_t depth; /* blocks[depth] is the innermost */
};

bool fmt_is_operator(int kind)
{
    switch (kind) {
    case TOK_PLUS:
    case TOK_MINUS:
    case TOK_STAR:
    case TOK_SLASH:
    case TOK_CARET:
    case TOK_EQUAL:
    case TOK_NOT_EQUAL:
    case TOK_LESS:
    case TOK_LESS_EQUAL:
    case TOK_GREATER:
    case TOK_GREATER_EQUAL:
    case TOK_AND:
    case TOK_OR:
    case TOK_DEFAULT:
    case TOK_WITHIN:
    case TOK_IN:
    case TOK_DOT_DOT:
        return true;
    default:
        return false;
    }
}

static bool is_opening(int kind)
{
    return kind == TOK_LEFT_PAREN || kind == TOK_LEFT_BRACE;
}

static bool is_closing(int kind)
{
    return kind == TOK_RIGHT_PAREN || kind == TOK_RIGHT_BRACE;
}

/* Nothing ends behind it: what follows on the next line goes on with it. */
static bool wants_more(int kind)
{
    return fmt_is_operator(kind) || kind == TOK_ASSIGN || kind == TOK_MAPS_TO || kind == TOK_COLON ||
           kind == TOK_ARROW || kind == TOK_DOT || kind == TOK_IF || kind == TOK_THEN || kind == TOK_ELSE ||
           kind == TOK_NOT;
}

static bool is_item_frame(enum frame_kind frame)
{
    return frame == FRAME_MODULE || frame == FRAME_LIFECYCLE || frame == FRAME_PROFILE || frame == FRAME_RULE ||
           frame == FRAME_STAGE || frame == FRAME_PROCESS || frame == FRAME_EXAMPLE;
}

/* May an entry of a list (of fields, members, rows) begin with it? */
static bool starts_row(const struct fmt *fmt, const struct piece *piece, int previous)
{
    bool is_last = piece + 1 == fmt->pieces + fmt->piece_count;
    int next = is_last ? TOK_YYEOF : piece[1].kind;
    switch (piece->frame) {
    case FRAME_FIELDS:
    case FRAME_SHARES:
        return piece->kind == TOK_NAME && (next == TOK_COLON || next == TOK_ASSIGN);
    case FRAME_CHOICE:
    case FRAME_NAMES:
        return piece->kind == TOK_NAME;
    case FRAME_ROWS:
    case FRAME_ARMS:
        return previous != TOK_COMMA && piece->kind != TOK_MAPS_TO && !fmt_is_operator(piece->kind) &&
               piece->kind != TOK_THEN && piece->kind != TOK_ELSE && piece->kind != TOK_DOT;
    case FRAME_MODULE:
    case FRAME_LIFECYCLE:
    case FRAME_PROFILE:
    case FRAME_RULE:
    case FRAME_STAGE:
    case FRAME_PROCESS:
    case FRAME_EXAMPLE:
    case FRAME_PAREN:
        break;
    }
    return false;
}

static bool is_entry(const struct fmt *fmt, const struct line *line)
{
    const struct piece *piece = &fmt->pieces[line->first];
    int previous = line->first == 0 ? TOK_SEMICOLON : piece[-1].kind;
    if (piece->is_item || previous == TOK_SEMICOLON || previous == TOK_LEFT_BRACE) {
        return true;
    }
    bool is_behind_comma = previous == TOK_COMMA && !is_item_frame(piece->frame) && piece->frame != FRAME_ROWS;
    return is_behind_comma || (!wants_more(previous) && starts_row(fmt, piece, previous));
}

static void open_block(struct layout *layout, size_t piece, size_t at)
{
    const struct line *line = &layout->fmt->lines[at];
    const struct block *outer = &layout->blocks[layout->depth];
    bool is_paren = layout->fmt->pieces[piece].kind == TOK_LEFT_PAREN;
    bool is_arms = piece + 1 < layout->fmt->piece_count && layout->fmt->pieces[piece + 1].frame == FRAME_ARMS;
    struct block block = {.id = piece + 1, .is_paren = is_paren, .opened_on = at, .entry = NO_LINE};
    /* A block belongs to its declaration, wherever that breaks its lines; brackets and `match` to their line. */
    uint32_t base = is_paren || is_arms || outer->is_paren ? line->indent : outer->content;
    block.content = base + FMT_INDENT;
    block.close = base;
    if (outer->opened_on == at && !is_paren) {
        block.content = outer->content;
        block.close = outer->close;
    }
    layout->blocks[++layout->depth] = block;
}

static uint32_t indent_of(struct layout *layout, struct line *line)
{
    const struct piece *piece = &layout->fmt->pieces[line->first];
    struct block *block = &layout->blocks[layout->depth];
    bool goes_on = fmt_is_operator(piece->kind) && block->is_branch;
    if (is_closing(piece->kind)) {
        return block->close;
    }
    if (!block->is_paren && (line->is_entry || piece->kind == TOK_LEFT_BRACE)) {
        block->is_branch = false;
        return block->content;
    }
    if (!fmt_is_operator(piece->kind)) {
        block->is_branch = piece->kind == TOK_IF || piece->kind == TOK_THEN || piece->kind == TOK_ELSE;
    }
    return block->content + (block->is_paren ? 0 : FMT_INDENT) + (goes_on ? FMT_INDENT : 0);
}

static void indent_line(struct layout *layout, size_t at, bool is_parted)
{
    struct fmt *fmt = layout->fmt;
    struct line *line = &fmt->lines[at];
    struct block *block = &layout->blocks[layout->depth];
    bool is_closer = is_closing(fmt->pieces[line->first].kind);
    line->block = block->id;
    line->is_entry = !block->is_paren && !is_closer && is_entry(fmt, line);
    if (line->is_entry) {
        line->before = is_parted ? NO_LINE : block->entry;
        block->entry = at;
    }
    line->indent = indent_of(layout, line);
    for (size_t i = line->first; i < line->first + line->count; i++) {
        struct piece *piece = &fmt->pieces[i];
        if (is_closing(piece->kind) && layout->depth > 0) {
            layout->depth--;
        }
        piece->block = layout->blocks[layout->depth].id;
        if (is_opening(piece->kind)) {
            open_block(layout, i, at);
        }
    }
}

/* Comments stand where the line below them does; before a closing bracket, with what is in it. */
static void indent_comments(struct layout *layout, size_t from, size_t to, size_t closed_depth)
{
    struct fmt *fmt = layout->fmt;
    bool is_end = to == fmt->line_count;
    bool is_closer = !is_end && is_closing(fmt->pieces[fmt->lines[to].first].kind);
    uint32_t indent = is_end ? 0 : is_closer ? layout->blocks[closed_depth].content : fmt->lines[to].indent;
    for (size_t i = from; i < to; i++) {
        fmt->lines[i].indent = indent;
    }
}

void fmt_indent(struct fmt *fmt)
{
    struct layout layout = {.fmt = fmt};
    layout.blocks = arena_array(fmt->arena, struct block, AST_DEPTH_MAX + 2);
    layout.blocks[0] = (struct block){.opened_on = NO_LINE, .entry = NO_LINE};
    size_t comments = 0;
    bool is_parted = false;
    for (size_t at = 0; at < fmt->line_count; at++) {
        is_parted = is_parted || fmt->lines[at].has_blank_before;
        if (fmt->lines[at].count == 0) {
            continue;
        }
        size_t depth = layout.depth;
        indent_line(&layout, at, is_parted);
        indent_comments(&layout, comments, at, depth);
        comments = at + 1;
        is_parted = false;
    }
    indent_comments(&layout, comments, fmt->line_count, 0);
}
