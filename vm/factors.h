/* Emission factors: the rows of CSV files and databases (struct zuji_factors), and a program's families bound to them
   (struct factor_binding of batch.h, where factor_resolve is). A set owns its arena; a binding lives in the arena it
   was given and keeps nothing of the set. Must not know of engines or records. */
#ifndef ZUJI_VM_FACTORS_H
#define ZUJI_VM_FACTORS_H

#include "base/csv.h"
#include "vm/batch.h"

struct factor_database; /* factor_database.h */

/* Rows with their columns, wherever they come from: all that binding and checking see of files. */
struct factor_table {
    struct csv_table rows; /* of a database: cells have no places in a text */
    struct str path;       /* as it is shown; of a database with the file that the rows came from: "eu.db:steel.csv" */
    struct str origin;     /* that file */
    const struct sources *sources; /* where the text is; NULL: a database */
    uint32_t file;                 /* in the sources */
    struct str hash;               /* of the text: 64 hexadecimal digits */
};
struct factor_file {
    struct factor_table table;
    struct str given; /* the path by which it came: its own, or that of its folder */
    struct factor_database *database; /* NULL: the table is it; else of the table only path and hash are used */
};
struct zuji_factors {
    struct arena arena; /* holds the set itself */
    struct sources sources;
    struct factor_file *files;
    size_t count, cap;
    struct factor_database *databases; /* all that were ever opened */
    struct str hashes;                 /* of each file and mapping, one behind the other */
    char hash[65]; /* SHA-256 of the file; of several files, of their hashes one behind the other; empty: no file */
};

/* on_exhausted may be NULL; see arena.h. */
struct zuji_factors *factors_new(jmp_buf *on_exhausted);
void factors_free(struct zuji_factors *factors); /* NULL is fine */
/* Adds the rows of a CSV text or of a database (factor_database.h), which is copied like the path. False, and nothing
   added, where it is neither. Columns of a table:
   - factor: name of the family, or an alias; value: decimal number, not negative; unit: of the same kind as the
   family's;
   - one for each key, with its name; region for keys of type region, year for keys that are years;
   - KEY.zh: another spelling of the text in the column KEY;
   - parent: the region around the row's region, also on rows with nothing else;
   - id, status (measured, published, draft), source, region, year, quality (1 best .. 5), primary (yes, no), licence,
     uncertainty are shown with results; note is passed over.
   An empty region, or one of the spellings of the world (GLO, WORLD, …), is the world, an empty year any year. */
bool factors_add(struct zuji_factors *factors, struct str text, struct str path, struct diags *out);
/* Adds the rows of a CSV text with headers of its own, as the mapping, a JSON text, says (factor_mapping.c). */
bool factors_add_mapped(struct zuji_factors *factors, struct str text, struct str path, struct str mapping,
                        struct str mapping_path, struct diags *out);
/* The tables of a file: of a CSV text one; of a database one for each file that it was made of, with the rows of the
   families of these names and those that declare regions. families NULL: all rows. False with a message. */
bool factor_tables(struct arena *arena, const struct factor_file *file, const struct str *families, size_t count,
                   const struct factor_table **tables, size_t *table_count, struct diags *out);
/* What can be said of the rows without any rule: numbers, units, years, descriptions, parts that do not add up, rows of
   the same keys, regions with two parents. False where there is an error. */
bool factors_check(struct arena *arena, const struct zuji_factors *factors, struct diags *out);

/* "" for the spellings of the world, any other region as it is. */
struct str factor_region(struct str region);

/* Is it whole, or the first part of a family that is split? What is told of a family is told once. */
bool factor_is_first_part(const struct program *program, uint32_t factor);
/* Did the row that answered stand under another region or year than was asked for? */
bool factor_is_fallback(const struct prog_factor *factor, const struct factor_value *slot,
                        const struct factor_key *keys);

/* Binds the families of the program. factors may be NULL: none. All problems are listed at once: then NULL. That a
   family has no row is no problem until it is asked for a value; that none has one, of all files given, is warned of. */
struct factor_binding *factor_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_factors *factors, struct diags *out);

#endif
