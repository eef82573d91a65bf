/* The inside of factors: what binding (factor_bind.c) makes and resolving (factor_resolve.c) reads. Everything lives in
   the arena of the binding. Must not be included by others. */
#ifndef ZUJI_VM_FACTOR_PARTS_H
#define ZUJI_VM_FACTOR_PARTS_H

#include "vm/factors.h"

enum { FACTOR_ANY_YEAR = INT32_MIN }; /* of a row without year: older than all others */

struct factor_slot { /* a row of a file */
    int32_t year;
    struct factor_value value;
};
struct factor_group { /* rows that differ in their years and validity only, ascending by year, then by validity */
    struct factor_slot **slots;
    size_t count, cap;
};
struct factor_family {
    struct map index; /* keys without the year (factor_add_key), to groups */
    struct factor_group *groups;
    size_t count, cap;
    bool has_validity;             /* a row is valid from or to a day */
    bool has_rows;                 /* good or refused */
    struct factor_value otherwise; /* the rule's default, or nothing found */
};

enum { FACTOR_MEMO_SIZE = 4096, FACTOR_MEMO_KEY = 104 }; /* a power of two; longer keys are resolved each time */
struct factor_memo {
    const struct factor_value *value; /* NULL: free */
    uint32_t factor, len;
    char key[FACTOR_MEMO_KEY];
};

struct factor_binding {
    const struct program *program;
    struct arena *arena;
    struct str files; /* as messages name them */
    struct factor_family *families; /* by factor */
    struct map parents;             /* regions to indexes of parent_names */
    struct str *parent_names;
    size_t parent_count, parent_cap;
    struct factor_memo *memo; /* one place for each hash: a newcomer takes it; made with the first key */
};

/* Index of the key that is the year of a row; NO_INDEX: the family has none. Others of type year are compared as they
 * are. */
uint32_t factor_year_key(const struct prog_factor *factor);
/* Adds the bytes by which a key is told from others. */
void factor_add_key(struct buf *out, enum prog_factor_key type, const struct factor_key *key);

#endif
