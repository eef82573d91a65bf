/* The binding of factors from inside: factors.c (sets of files), factor_bind.c (families and files) and factor_rows.c
   (one row). Must not be included by others. */
#ifndef ZUJI_VM_FACTOR_BIND_H
#define ZUJI_VM_FACTOR_BIND_H

#include "vm/bind.h"
#include "vm/data_unit.h"
#include "vm/factor_parts.h"

/* The columns of every file; keys of families have columns of their own names. */
enum standard_column {
    COLUMN_FACTOR,
    COLUMN_REGION,
    COLUMN_YEAR,
    COLUMN_VALUE,
    COLUMN_UNIT,
    COLUMN_SOURCE,
    COLUMN_PARENT,
    COLUMN_QUALITY,
    COLUMN_PRIMARY,
    COLUMN_UNCERTAINTY,
    COLUMN_LICENCE,
    COLUMN_LICENSE, /* another spelling */
    COLUMN_VALID_FROM,
    COLUMN_VALID_TO,
    COLUMN_NOTE,    /* for people: passed over */
    COLUMN_FOSSIL,  /* parts of the value, which families that are split read; passed over by others */
    COLUMN_BIOGENIC,
    COLUMN_LAND_USE_CHANGE,
    COLUMN_AIRCRAFT,
    STANDARD_COLUMN_COUNT
};
extern const char *const factor_columns[STANDARD_COLUMN_COUNT]; /* their names */

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
    const struct zuji_factors *factors;
    const struct factor_file *file; /* being read */
    const struct source *source;
    uint32_t standard[STANDARD_COLUMN_COUNT];
};

/* ---- factors.c ---- */
void factor_report_at(struct diags *out, enum diag_code code, const struct source *source, uint32_t off,
                      const struct str *args, size_t count);

/* ---- factor_rows.c ---- */
/* A row is for all parts of a family that is split; `first` is the first of them, or the one of a family that is not. */
void factor_bind_row(struct bind *bind, uint32_t first, const struct csv_row *row);
struct str factor_text(const struct program *program, uint32_t text); /* empty: none */
const struct csv_cell *factor_cell(const struct csv_row *row, uint32_t column); /* NULL: no such column */
struct str factor_cell_text(const struct csv_row *row, uint32_t column);
void factor_report(struct bind *bind, enum diag_code code, const struct csv_cell *cell, const struct str *args,
                   size_t count);

#endif
