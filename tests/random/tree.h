/* Generated text as a tree. One tree can be written in several forms that must mean the same (a mass in tonnes in place
   of kilograms, a literal in place of a field), and parts of it can be left out or put more simply: that is how a pair
   of rule and data that shows a mistake is made small.
   Nodes live in the arena of the tree. Must not know of rules or data. */
#ifndef ZUJI_TESTS_RANDOM_TREE_H
#define ZUJI_TESTS_RANDOM_TREE_H

#include "base/str.h"

enum form {
    FORM_PLAIN,
    FORM_LIFTED,   /* literals of formulas are fields of the data */
    FORM_RESTATED, /* numbers of the data in other units */
    FORM_REVERSED, /* rows of lists in reverse order */
    FORM_SPLIT,    /* a row is two rows that share its amount */
    FORM_RESPELT,  /* other spellings of names, in rule and data */
    FORM_WHOLE,    /* a variant and its base as one rule */
    FORM_COUNT
};

/* How tightly an expression holds together; brackets come where it stands beside something tighter. */
enum level {
    LEVEL_IF,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARISON,
    LEVEL_DEFAULT,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_POWER,
    LEVEL_QUANTITY, /* a number with its unit */
    LEVEL_ATOM
};

struct node {
    struct str text; /* of a leaf */
    struct part {
        struct str before; /* text in front of the node */
        struct node *node; /* NULL: only text */
        enum level level;  /* what is looser gets brackets */
    } * parts;
    size_t part_count, part_cap;
    struct node *as[FORM_COUNT]; /* what is written in that form; NULL: the node itself */
    struct node **simpler;       /* each may stand in its place */
    size_t simpler_count, simpler_cap;
    struct node *taken; /* the simpler one that does */
    struct str between; /* of a sequence, whose parts may be dropped */
    enum level level;
    uint64_t type;             /* equal for what may stand for each other; 0: not known */
    bool is_sequence, is_kept; /* kept: never dropped */
    int drops;                 /* how often it is left out */
    const struct node *with;   /* left out where this one is */
    bool is_turned;            /* a sequence that FORM_REVERSED turns round */
    uint32_t visit;            /* number of the last walk that met it */
};

struct tree {
    struct arena *arena;
};

struct node *node_text(struct tree *tree, struct str text);
struct node *node_format(struct tree *tree, enum level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "$" in the pattern is a node of any level, "$6" one of at least LEVEL_SUM ("$A": LEVEL_ATOM). */
struct node *node_compose(struct tree *tree, enum level level, const char *pattern, ...);
struct node *node_sequence(struct tree *tree, struct str between);
void node_add(struct tree *tree, struct node *sequence, struct node *part);
/* Only where it is written in that form. */
struct node *node_only_in(struct tree *tree, enum form form, struct node *node);
void node_simplify(struct tree *tree, struct node *node, struct node *simpler);
/* Its type; parts of the same type may stand in its place. Returns the node. */
struct node *node_settle(struct tree *tree, struct node *node, uint64_t type);
void node_write(struct buf *out, const struct node *node, enum form form);
bool node_is_empty(const struct node *node, enum form form);
size_t node_size(const struct node *node); /* bytes as written */

/* Everything that could be made smaller, the largest first: to leave out `count` parts of a sequence from `from` on, or
   to put something simpler in the place of a node. */
struct change {
    struct node *node, *simpler; /* simpler NULL: parts of a sequence are dropped */
    size_t from, count, size;
};
struct change *node_changes(struct tree *tree, struct node *const *roots, size_t root_count, size_t *count);
void change_make(const struct change *change);
void change_undo(const struct change *change);

#endif
