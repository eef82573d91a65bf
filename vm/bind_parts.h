/* The inside of binding, shared by bind.c (records and columns), bind_schema.c (what the program's fields are) and
   bind_value.c (single data). Everything lives in the binder's arena, or in the batch's while a chunk is filled.
   Must not be included by others. */
#ifndef ZUJI_VM_BIND_PARTS_H
#define ZUJI_VM_BIND_PARTS_H

#include "vm/bind.h"
#include "vm/data_unit.h"

struct bound { /* an end of a range */
    bool is_there;
    struct rat exact;
    double value; /* its nearest double: where it differs from a datum's, it decides (rounding is monotone) */
};

struct level { /* the fields of the product, or of the rows of one list */
    uint32_t *fields;
    uint32_t count;
    struct map names;    /* names and aliases, to fields */
    uint32_t rows, cap;  /* of the chunk so far: of its axis; room in the columns */
    uint32_t hint;       /* rows of the chunk before */
    uint32_t saved_rows; /* before the current product */
};

struct field_schema {
    struct level *level; /* of a list: that of its rows; NULL otherwise */
    struct bound low, high;
    bool is_percent;      /* data of at most 1 look like shares, not like percents */
    struct column column; /* of a list: `given` only */
    uint32_t *first;      /* of a list: for each row of its parent */
};

struct bind_keys { /* the keys of the rows bound so far inside one parent row, of a list that has a key */
    struct map rows; /* to the number of the row, from 0 */
};

struct bound_row {
    uint32_t row;       /* of the batch */
    uint32_t number;    /* inside its parent row, from 0 */
    uint32_t node;      /* of the record */
    size_t first_exact; /* exact values that were kept before it */
};

struct step { /* of a path: a row of a list */
    uint32_t list, row;
};

struct binder {
    struct arena *arena;
    const struct program *program;
    struct data_units *units;
    struct level root;
    struct field_schema *fields; /* by field */
    struct map *codes;           /* by choice: names, codes and aliases, to members */
    struct map program_texts;    /* to their numbers */
    uint32_t id_field;           /* the product's field that is its id too; NO_INDEX */
    uint32_t *found;             /* by field: node of its datum in the row being bound, 0: absent */
    struct str only;
    uint64_t failed; /* products refused so far in the run */

    struct batch *batch; /* of the chunk */
    size_t product_cap, exact_count, exact_cap, about_count, about_cap, text_count, text_cap;
    struct map texts; /* those the program does not have, to their numbers */

    const struct record *record; /* of the record */
    struct product product;
    struct step path[LIMIT_LIST_DEPTH];
    uint32_t depth;
    uint32_t dropped; /* messages beyond the limit */
};

/* A datum as it stands in the data: the node with the value itself, and those of the keys that stand beside it. */
struct datum {
    uint32_t field, row;
    uint32_t node;                  /* of the value */
    uint32_t keys[DATUM_KEY_COUNT]; /* 0: not there; of a datum that is no object all are 0 */
};

/* ---- bind_schema.c ---- */
void schema_build(struct binder *binder);
struct level *schema_level(struct binder *binder, uint32_t list);
struct str schema_text(const struct program *program, uint32_t text);
struct str schema_nearest(struct arena *arena, const struct map *names, struct str name);

/* ---- bind.c ---- */
/* A message about a node, on the field's path (NO_INDEX: the row's); beyond the limit it is only counted. */
void bind_report(struct binder *binder, enum diag_code code, uint32_t node, uint32_t field, const struct str *args,
                 size_t count);
/* "farms[2].cows[3]": the row that is being bound. */
struct str bind_row_path(struct binder *binder);
const struct json_node *bind_node(const struct binder *binder, uint32_t node);
uint32_t bind_intern(struct binder *binder, struct str text);

/* ---- bind_value.c ---- */
/* Puts the datum at the node into the column's row. What it says itself is absent (null) is left as not given: true is
   returned where the field has a datum, be it wrong. */
bool bind_value(struct binder *binder, uint32_t field, uint32_t row, uint32_t node);
/* ---- bind_about.c ---- */
/* Keeps what is said of the datum besides value and unit, checked. */
void bind_about(struct binder *binder, const struct datum *datum);

/* ---- bind_keys.c ---- */
struct bind_keys bind_keys_new(struct binder *binder);
/* The row must not have the key of an earlier one. */
void bind_key(struct binder *binder, struct bind_keys *keys, uint32_t list, const struct bound_row *row);

/* A node as it was written, for messages. */
struct str bind_written(struct binder *binder, uint32_t node);

#endif
