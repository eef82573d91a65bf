/* One product's data as a tree, with the way back from a node to its place in a file, and messages about such places.
   Made by readers, bound by bind.c; everything it points to is its reader's and lives until the next record.
   Must not know of programs. */
#ifndef ZUJI_VM_RECORD_H
#define ZUJI_VM_RECORD_H

#include "base/json.h"

struct record {
    const struct json_tree *tree;  /* node 0 is the product */
    uint64_t number;               /* in the input, from 1 */
    struct str file;               /* JSON: name of the file as it is shown */
    struct str text;               /* JSON: the bytes the nodes' offsets count in */
    uint32_t line, column;         /* JSON: place of the first of them */
    const struct sources *sources; /* tables: the nodes' files and offsets are of these; NULL: JSON */
};

struct data_place {
    struct str file;
    uint32_t line, column; /* from 1 */
};
struct data_place record_place(const struct record *record, const struct json_node *node);
/* The place `off` bytes behind another one, with the text between them. */
struct data_place place_behind(struct data_place start, struct str text, size_t off);

/* Adds a message about a place; product and path may be empty. */
struct diag *place_report(struct diags *diags, enum diag_code code, struct data_place place, const struct str *args,
                          size_t count, struct str product, struct str path);
/* The beginning of a text for a message: 40 characters, the rest as "…"; control characters are left out. */
struct str excerpt_of(struct arena *arena, struct str text);

#endif
