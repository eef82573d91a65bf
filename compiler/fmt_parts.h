/* The parts of fmt: pieces (tokens as they will be printed) in lines. Filled step by step: fmt_words.c says how each
   token is spelled, fmt_lines.c where lines begin and how far they are indented, fmt_space.c the blanks between, and
   fmt_align.c the columns. Everything lives in the arena of the fmt. */
#ifndef ZUJI_COMPILER_FMT_PARTS_H
#define ZUJI_COMPILER_FMT_PARTS_H

#include "compiler/literate.h"
#include "compiler/parse.h"
#include "compiler/prelude.h"

enum { FMT_INDENT = 4, FMT_WIDTH = 140 };
#define NO_LINE SIZE_MAX

struct piece {
    int kind; /* TOK_… */
    int read; /* as the lexer reads it */
    struct str text;
    uint32_t width; /* cells of a terminal */
    uint32_t gap;   /* blanks before it */
    enum frame_kind frame;
    size_t block;    /* of the innermost bracket that is open before it: the number of its piece + 1; 0: none */
    bool is_item;    /* begins a declaration */
    bool is_text;    /* a text for people, without its label */
    bool is_in_unit; /* part of a type or unit, and not its first piece */
    bool is_tight;   /* a colon without a blank before it */
    bool is_wide;    /* a full-width sign, which brings its own space */
    bool is_sign;    /* a minus before a number */
};

struct line {
    uint32_t off;        /* where it begins in the source */
    size_t first, count; /* pieces; count 0: only a comment */
    struct str comment;  /* with its slashes */
    uint32_t comment_gap;
    uint32_t indent;
    size_t block;  /* in which its first piece stands */
    size_t before; /* the line where the entry before this one of its block begins, without a blank line between;
                      NO_LINE where there is none, or where this line does not begin an entry */
    bool is_entry;
    bool has_blank_before;
};

struct fmt {
    struct arena *arena;
    const struct sources *sources;
    struct str text;                 /* of a literate file the program only, at its places */
    const struct literate *literate; /* NULL: the file is the program */
    enum lang from, to;
    struct parse_log log;
    struct prelude_words phases; /* to be spelt in the other language */
    struct piece *pieces;
    size_t piece_count, piece_cap;
    struct line *lines;
    size_t line_count, line_cap;
};

uint32_t fmt_width(struct str text);
/* The pieces and the lines they stand on. */
void fmt_make_pieces(struct fmt *fmt);
void fmt_indent(struct fmt *fmt);
void fmt_space(struct fmt *fmt);
void fmt_align(struct fmt *fmt);

bool fmt_is_operator(int kind); /* one with an operand on both sides */

#endif
