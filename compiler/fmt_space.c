/* The blanks between the pieces of a line: none or one, before any columns are made of them. */
#include "compiler/fmt_parts.h"
#include "parser.h"

/* `mass : kg` where a field has its line to itself, in a block that begins on a new line; elsewhere `name: text`. */
static void choose_field_colon(struct fmt *fmt, const struct line *line, const bool *begins_line)
{
    struct piece *colon = NULL;
    if (line->block == 0 || !begins_line[line->block]) { /* the first piece in the block */
        return;
    }
    for (size_t i = line->first; i < line->first + line->count; i++) {
        struct piece *piece = &fmt->pieces[i];
        if (piece->kind != TOK_COLON || piece->block != line->block) {
            continue;
        }
        if (colon != NULL || i != line->first + 1) {
            return;
        }
        colon = piece;
    }
    if (colon != NULL) {
        colon->is_tight = false;
    }
}

/* A colon is a sign between two words in declarations; in brackets, and where a binder was introduced, it belongs to
   the word before. */
static void choose_colons(struct fmt *fmt)
{
    size_t binder_block = SIZE_MAX; /* the block of the last `in` */
    for (size_t i = 0; i < fmt->piece_count; i++) {
        struct piece *piece = &fmt->pieces[i];
        if (piece->is_item) {
            binder_block = SIZE_MAX;
        }
        if (piece->kind == TOK_IN) {
            binder_block = piece->block;
        }
        if (piece->kind == TOK_COLON) {
            piece->is_tight =
                piece->frame == FRAME_PAREN || piece->frame == FRAME_FIELDS || binder_block == piece->block;
        }
    }
    bool *begins_line = arena_array(fmt->arena, bool, fmt->piece_count + 1);
    for (size_t i = 0; i < fmt->line_count; i++) {
        begins_line[fmt->lines[i].first] = true;
    }
    for (size_t i = 0; i < fmt->line_count; i++) {
        const struct line *line = &fmt->lines[i];
        if (line->is_entry && fmt->pieces[line->first].frame == FRAME_FIELDS) {
            choose_field_colon(fmt, line, begins_line);
        }
    }
}

/* Does an operand end with it? Then a minus behind it subtracts. */
static bool ends_operand(int kind)
{
    return kind == TOK_NAME || kind == TOK_NUMBER || kind == TOK_TEXT || kind == TOK_DATE || kind == TOK_TAG ||
           kind == TOK_UNIT_SIGN || kind == TOK_SUPERSCRIPT || kind == TOK_RIGHT_PAREN || kind == TOK_RIGHT_BRACE;
}

static void find_signs(struct fmt *fmt)
{
    for (size_t i = 1; i < fmt->piece_count; i++) {
        fmt->pieces[i].is_sign = fmt->pieces[i].kind == TOK_MINUS && !ends_operand(fmt->pieces[i - 1].kind);
    }
}

/* A plain number and a word with one blank between them would be a number with its unit. */
static bool would_be_unit(const struct piece *number, const struct piece *next)
{
    bool is_plain = number->kind == TOK_NUMBER;
    for (size_t i = 0; i < number->text.len; i++) {
        is_plain = is_plain && number->text.at[i] != ' ';
    }
    return is_plain && (next->kind == TOK_NAME || next->kind == TOK_UNIT_SIGN || next->kind == TOK_NUMBER);
}

static bool is_glued(const struct piece *before, const struct piece *piece)
{
    if (piece->is_in_unit || before->is_sign || before->kind == TOK_DOT || before->kind == TOK_CARET) {
        return true;
    }
    switch (piece->kind) {
    case TOK_DOT:
    case TOK_CARET:
    case TOK_TAG:
    case TOK_SUPERSCRIPT:
    case TOK_COMMA:
    case TOK_SEMICOLON:
    case TOK_RIGHT_PAREN:
        return true;
    case TOK_COLON:
        return piece->is_tight || piece->is_wide;
    case TOK_LEFT_PAREN:
        return before->kind == TOK_NAME || before->kind == TOK_LEFT_PAREN || before->is_wide || piece->is_wide;
    case TOK_RIGHT_BRACE:
        return before->kind == TOK_LEFT_BRACE;
    default:
        break;
    }
    bool is_block =
        piece->kind == TOK_LEFT_BRACE || piece->kind == TOK_TEXT || piece->kind == TOK_ZH || piece->kind == TOK_EN;
    return before->kind == TOK_LEFT_PAREN || (before->is_wide && !(before->kind == TOK_RIGHT_PAREN && is_block));
}

void fmt_space(struct fmt *fmt)
{
    choose_colons(fmt);
    find_signs(fmt);
    for (size_t i = 0; i < fmt->line_count; i++) {
        const struct line *line = &fmt->lines[i];
        for (size_t at = line->first + 1; at < line->first + line->count; at++) {
            const struct piece *before = &fmt->pieces[at - 1];
            struct piece *piece = &fmt->pieces[at];
            piece->gap = is_glued(before, piece) ? 0 : would_be_unit(before, piece) ? 2 : 1;
        }
    }
}
