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
    const char *hashes; /* of each file, one behind the other */
    char hash[65]; /* SHA-256 of the file; of several files, of their hashes one behind the other; empty: no file */
};

/* on_exhausted may be NULL; see arena.h. */
struct zuji_factors *factors_new(jmp_buf *on_exhausted);
void factors_free(struct zuji_factors *factors); /* NULL is fine */
/* Adds the rows of a CSV text, which is copied like the path. False, and nothing added, where it is no table of
   factors. Its columns:
   - factor: name of the family, or an alias; value: decimal number, not negative; unit: of the same kind as the family's;
   - one for each key, with its name; region for keys of type region, year for keys that are years;
   - parent: the region around the row's region, also on rows with nothing else;
   - source, region, year, quality (1 best .. 5), primary (yes, no), licence, uncertainty are shown with results; note
     is passed over.
   An empty region, or one of the spellings of the world (GLO, WORLD, …), is the world, an empty year any year. */
bool factors_add(struct zuji_factors *factors, struct str text, struct str path, struct diags *out);

/* "" for the spellings of the world, any other region as it is. */
struct str factor_region(struct str region);

/* Is it whole, or the first part of a family that is split? What is told of a family is told once. */
bool factor_is_first_part(const struct program *program, uint32_t factor);
/* Did the row that answered stand under another region or year than was asked for? */
bool factor_is_fallback(const struct prog_factor *factor, const struct factor_value *slot,
                        const struct factor_key *keys);

/* Binds the families of the program. factors may be NULL: none. All problems are listed at once: then NULL. */
struct factor_binding *factor_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_factors *factors, struct diags *out);

#endif
