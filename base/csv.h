/* Reading tables of comma-separated values (RFC 4180) from a whole text: rows of cells with their places.
   Separator ',', or ';' or tab where the header has more of them; a byte order mark, CRLF, blank lines and '#' lines
   before the header are passed over. Cells are slices of the text or, with doubled quotes, copies in the arena. Knows
   no types. */
#ifndef ZUJI_BASE_CSV_H
#define ZUJI_BASE_CSV_H

#include "base/diag.h"

enum { CSV_ERRORS_MAX = 20 };

struct csv_cell {
    struct str text;   /* without the quotes; outside quotes also without white space at both ends */
    uint32_t off, len; /* in the text, as written */
};
struct csv_row {
    struct csv_cell *cells;
    uint32_t count;    /* of every row as many as of the header: rows that differ are errors and left out */
    uint32_t off, len; /* in the text, without the end of the line */
    uint32_t line;     /* from 1 */
};
struct csv_error {
    enum diag_code code; /* takes two arguments, see csv_error_args */
    uint32_t off, len;
    uint32_t cells, wanted; /* CSV_ROW_LENGTH */
};
struct csv_table {
    struct csv_row header;
    struct csv_row *rows;
    uint32_t row_count;
    char separator;
    struct csv_error errors[CSV_ERRORS_MAX]; /* the first ones */
    size_t error_count;
};

/* Reads the whole text (at most 1 GiB, NUL one past the end). False where table->error_count > 0; the rows that could
   be read are there all the same. */
bool csv_read(struct arena *arena, struct str text, struct csv_table *table);
/* Number of the column with this header, table->header.count where there is none. */
uint32_t csv_column(const struct csv_table *table, struct str name);
/* The arguments of an error's message: the numbers of cells found and wanted, as texts. */
void csv_error_args(struct arena *arena, const struct csv_error *error, struct str args[2]);

#endif
