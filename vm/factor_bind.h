/* The binding of factors from inside: factor_bind.c (families and files) and factor_rows.c (one row). Must not be
   included by others. */
#ifndef ZUJI_VM_FACTOR_BIND_H
#define ZUJI_VM_FACTOR_BIND_H

#include "vm/factor_cells.h"
#include "vm/factor_parts.h"

struct bind {
    struct factor_binding *binding;
    struct arena *arena;
    const struct program *program;
    struct data_units *units;
    struct map family_names; /* names and aliases, to factors: the first of the parts of one that is split */
    uint32_t *next_part;     /* by factor: the next part of the same family; NO_INDEX: the last */
    struct map key_names;    /* of all families */
    struct map *codes;       /* by choice: names, codes, aliases, to members; made where a key needs it */
    struct diags *out;
    struct factor_reader reader; /* of the table being read */
};

/* ---- factor_rows.c ---- */
/* A row is for all parts of a family that is split; `first` is the first of them, or the one of a family that is not.
 */
void factor_bind_row(struct bind *bind, uint32_t first, const struct csv_row *row);
struct str factor_text(const struct program *program, uint32_t text); /* empty: none */

#endif
