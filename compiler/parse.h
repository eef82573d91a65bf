/* From text to tree: runs the lexer and feeds the push parser. The tree is in `perm`. Parsing cannot fail: a broken
   text gives a tree with error nodes, and messages. Must not know of other modules. */
#ifndef ZUJI_COMPILER_PARSE_H
#define ZUJI_COMPILER_PARSE_H

#include "compiler/ast_make.h"

/* What an open bracket holds: which words are names in it, and where parsing can go on after an error. */
enum frame_kind {
    FRAME_MODULE,
    FRAME_LIFECYCLE,
    FRAME_PROFILE,
    FRAME_RULE,
    FRAME_STAGE,
    FRAME_PROCESS,
    FRAME_EXAMPLE,
    FRAME_FIELDS, /* data, list of, columns */
    FRAME_CHOICE,
    FRAME_SHARES, /* of an allocation */
    FRAME_NAMES,
    FRAME_ROWS,
    FRAME_ARMS,
    FRAME_PAREN
};

/* The tokens as the parser took them, for fmt. */
struct parsed_token {
    int kind; /* TOK_…: a keyword that is a name here is one, a comma between declarations a semicolon */
    int read; /* as the lexer read it */
    struct span at;
    struct str text, unit_text; /* as in struct token */
    enum frame_kind frame;      /* of the innermost bracket that is open before it */
    bool is_item;               /* begins a declaration */
};
struct parse_log {
    struct parsed_token *items;
    size_t count, cap;
    struct roles roles;
};

struct module *parse_module(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out);
/* The same; the tokens and their roles are added to the log, in its arena (roles.arena). */
struct module *parse_module_logged(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out,
                                   struct parse_log *log);
/* Does the token (TOK_…) begin a declaration, at least in some block? */
bool parse_is_item(int token);

#endif
