/* The state of the reading of a module, which parse.c (tokens, brackets, recovery) and parse_words.c (what a token is by
   its place) share. Must not be included by others. */
#ifndef ZUJI_COMPILER_PARSE_DRIVER_H
#define ZUJI_COMPILER_PARSE_DRIVER_H

#include "compiler/parse.h"
#include "compiler/syntax_error.h"
#include "grammar/lexer.h"
#include "parser.h"

struct frame {
    enum frame_kind kind;
    struct span open;
    enum frame_kind next_block; /* what the next brace opens, by the last keyword that wants one */
    bool is_match, is_list;     /* a `match` or `list of` still waits for its brace */
    int item;                   /* the declaration that is being read: the token that began it; 0: none, or it ended */
    struct span item_at;        /* that token */
    bool has_validity;          /* the rule has said its own */
};

enum { FRAMES_MAX = AST_DEPTH_MAX };

struct driver {
    struct parser parser;
    struct lexer lexer;
    zuji_yypstate *state;
    struct token token, next;
    struct frame frames[FRAMES_MAX];
    size_t depth;          /* frames[depth] is the innermost */
    size_t skip_depth;     /* brackets opened in what is being skipped */
    struct parse_log *log; /* NULL: not wanted */
    bool is_recovering;
    bool is_done;
    bool has_lang;
    uint32_t failed_at; /* offset of the last token that was refused */
    uint32_t lost_from; /* where what is being skipped began */
};

/* ---- parse_words.c ---- */
struct frame *parse_innermost(struct driver *driver);
bool parse_is_item_of(const struct frame *frame, int token); /* may the declaration that it begins stand there? */
bool parse_is_name(struct driver *driver);      /* the current token, a keyword elsewhere */
bool parse_is_attribute(struct driver *driver); /* `valid`, the current token: no line of the rule */

#endif
