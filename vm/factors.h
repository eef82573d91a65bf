/* Emission factors: the rows of CSV files (struct zuji_factors), and a program's families bound to them (struct
   factor_binding of batch.h, where factor_resolve is). A set owns its arena; a binding lives in the arena it was given
   and keeps nothing of the set. Must not know of engines or records. */
#ifndef ZUJI_VM_FACTORS_H
#define ZUJI_VM_FACTORS_H

#include "base/csv.h"
#include "vm/batch.h"

struct factor_file {
    struct csv_table table;
    uint32_t file; /* in the sources */
};
struct zuji_factors {
    struct arena arena; /* holds the set itself */
    struct sources sources;
    struct factor_file *files;
    size_t count, cap;
};

/* on_exhausted may be NULL; see arena.h. */
struct zuji_factors *factors_new(jmp_buf *on_exhausted);
void factors_free(struct zuji_factors *factors); /* NULL is fine */
/* Adds the rows of a CSV text, which is copied like the path. False, and nothing added, where it is no table of
   factors. factor   name of the family, or an alias             value   decimal number, not negative <key>    a column
   for each key, with its name        unit    of the same kind as the family's region   for keys of type region source,
   region, year   are shown with results year     for keys that are years                     parent  the region around
   the row's region; also on rows with nothing else quality, uncertainty, note, license are passed over. An empty region
   (or GLO, WORLD) is the world, an empty year any year. */
bool factors_add(struct zuji_factors *factors, struct str text, struct str path, struct diags *out);

/* Binds the families of the program. factors may be NULL: none. All problems are listed at once: then NULL. */
struct factor_binding *factor_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_factors *factors, struct diags *out);

#endif
