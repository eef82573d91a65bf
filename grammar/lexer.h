/* Text to tokens. Names are slices of the source where nothing had to be repaired; decoded texts and repaired names
   live in the arena of the compilation. Look-alikes are reported with their fix and then read as what was meant. Must
   not know the grammar: which keyword is a name at its place is parse.c's business. */
#ifndef ZUJI_GRAMMAR_LEXER_H
#define ZUJI_GRAMMAR_LEXER_H

#include "base/diag.h"
#include "base/map.h"

struct token {
    int kind; /* TOK_… of the generated parser; YYerror after a character without meaning */
    struct span at;
    struct str text;      /* names and keywords: as spelled; texts: decoded; numbers: digits; tags: without braces */
    struct str unit_text; /* numbers: spaces removed, full-width signs made ASCII; empty: plain */
    struct span unit_at;
    struct str doc; /* the `///` lines before it; a blank line parts it from those above */
    enum lang lang; /* keywords: of the spelling */
    bool is_keyword;
    bool is_first_on_line;
    bool is_cut; /* a text that took the rest of its line: what it swallowed will be missed */
};

struct lexer {
    struct arena *perm;
    struct diags *out;
    uint32_t file;
    const unsigned char *start, *cursor, *marker, *limit;
    const unsigned char *token;    /* where the token being read begins */
    const unsigned char *word_end; /* end of the last name, for tags */
    struct map keywords; /* keyword_map */
    struct buf doc;
    int before; /* kind of the last token */
    const unsigned char *glued_at; /* where a keyword begins that is written together with the unit of a number */
    bool is_in_range;    /* behind `range`, before its end: a dash there is no minus */
    bool is_year_before; /* the last token is a plain number of four digits */
    bool is_line_start;
    bool is_blank; /* nothing on this line yet, not even a comment */
    bool is_invalid_reported;
    bool is_in_fields; /* set by parse.c: a word before `:` is the next field, not the unit of the number before it */
};

struct lexer lexer_open(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out);
struct token lexer_next(struct lexer *lexer); /* at the end TOK_YYEOF, as often as asked */
/* A unit as it is looked up: spaces removed, full-width signs made ASCII. */
struct str unit_text_clean(struct arena *perm, struct str text);

#endif
