/* Factors in a SQLite database: made from a set, and read as the tables that it was made of. SQLite is named only in
   factor_database.c and factor_make.c. A database belongs to its set, reads the bytes that the set holds, and may be
   read by several threads. Its form (SPEC.md, "Factor databases") is normative. Must not know of families or programs.
 */
#ifndef ZUJI_VM_FACTOR_DATABASE_H
#define ZUJI_VM_FACTOR_DATABASE_H

#include "vm/factors.h"

enum {
    DATABASE_APPLICATION = 0x5A554A49, /* "ZUJI", its application_id */
    DATABASE_VERSION = 1               /* its user_version */
};
/* The rows of one family; the index that makes this a search is tested. */
#define DATABASE_ROWS_OF_FAMILY "SELECT * FROM factor WHERE factor = ?1 ORDER BY _file, _line"

/* Does the text begin as every file of SQLite does? */
bool database_is(struct str text);
/* A database that is not open yet, in front of others: to be closed with them, also where opening failed. */
struct factor_database *database_new(struct arena *arena, struct factor_database *next);
/* The text must live as long as the database. False with a message where these are no factors in this version of the
 * form. */
bool database_open(struct factor_database *database, struct arena *arena, struct str text, struct str path,
                   struct diags *out);
void databases_close(struct factor_database *first); /* it and those behind it */
/* As factor_tables. */
bool database_tables(struct arena *arena, const struct factor_database *database, const struct str *families,
                     size_t count, const struct factor_table **tables, size_t *table_count, struct diags *out);
/* A database with all rows of the set, to be given to free(); the same set gives the same bytes. NULL with a message.
 */
char *database_make(struct arena *arena, const struct zuji_factors *factors, size_t *len, struct diags *out);

#endif
