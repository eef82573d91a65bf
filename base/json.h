/* Reading JSON: tokens with their places, and the tree of one value. Numbers stay as they were written.
   Texts are slices of the input or, where they hold escapes, copies in the arena given; the tree keeps its own array.
   Knows nothing of activity data or of files. The lexer is generated from json.re. */
#ifndef ZUJI_BASE_JSON_H
#define ZUJI_BASE_JSON_H

#include "base/diag.h"

enum { JSON_DEPTH_MAX = 64 }; /* brackets inside brackets; activity data need about eight */

struct json_error {
    enum diag_code code; /* DIAG_NONE: no error. Takes one argument: the text at fault */
    uint32_t off, len;   /* in the text that was read */
};

/* ---- tokens ---- */
enum json_token_type {
    JSON_TOKEN_END,
    JSON_TOKEN_ERROR, /* the lexer's error says which; it does not go on */
    JSON_TOKEN_LEFT_BRACE,
    JSON_TOKEN_RIGHT_BRACE,
    JSON_TOKEN_LEFT_BRACKET,
    JSON_TOKEN_RIGHT_BRACKET,
    JSON_TOKEN_COLON,
    JSON_TOKEN_COMMA,
    JSON_TOKEN_STRING,
    JSON_TOKEN_NUMBER,
    JSON_TOKEN_TRUE,
    JSON_TOKEN_FALSE,
    JSON_TOKEN_NULL
};
struct json_token {
    enum json_token_type type;
    uint32_t off, len; /* as written, with quotes */
    struct str text;   /* STRING: decoded; NUMBER: as written */
};
struct json_lexer {
    struct str text; /* at most 1 GiB, NUL one past the end */
    size_t at;
    struct arena *arena; /* for decoded texts */
    struct json_error error;
};
struct json_token json_next(struct json_lexer *lexer);

/* ---- trees ---- */
enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_CELL /* never read from JSON: a cell of a table, whose type is whatever its reader expects */
};
/* A tree is one array in the order of the text:   {"a": [1, 2], "b": 3}   is
   OBJECT(2 members, next 7) STRING a, ARRAY(2 elements, next 5) NUMBER 1, NUMBER 2, STRING b, NUMBER 3. */
struct json_node {
    enum json_type type;
    uint32_t file;     /* 0; table readers: the file of the cell */
    uint32_t off, len; /* in the text: scalars as written, brackets the opening one */
    uint32_t next;     /* index of the node behind this one and all inside it */
    uint32_t count;    /* members of an object (each a key and a value), elements of an array */
    struct str text;   /* STRING: decoded; NUMBER, CELL: as written */
};
struct json_tree {
    struct arena *arena; /* of the nodes; kept from one reading to the next, so that it grows only with the largest */
    struct json_node *nodes;
    size_t count, cap;
};
struct json_tree json_tree_in(struct arena *arena);
/* Replaces the tree by that of the text (at most 1 GiB, NUL one past the end). False: *error says where and why, and
   the tree is not to be used. */
bool json_read(struct json_tree *tree, struct arena *texts, struct str text, struct json_error *error);
/* Adds a node behind the others and returns its index; for readers of tables. */
uint32_t json_add(struct json_tree *tree, struct json_node node);

#endif
