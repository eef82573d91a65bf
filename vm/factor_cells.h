/* Cells of factor files: the columns that every file may have, and what a row says without any rule. Binding
   (factor_bind.c) and checking (factor_check.c) read rows through this. Texts that are kept are copied into the
   reader's arena. Must not know of families, keys or programs. */
#ifndef ZUJI_VM_FACTOR_CELLS_H
#define ZUJI_VM_FACTOR_CELLS_H

#include "vm/data_unit.h"
#include "vm/factors.h"

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
    COLUMN_ID,
    COLUMN_STATUS,
    COLUMN_NOTE,   /* for people: passed over */
    COLUMN_FOSSIL, /* parts of the value, which families that are split read; passed over by others */
    COLUMN_BIOGENIC,
    COLUMN_LAND_USE_CHANGE,
    COLUMN_AIRCRAFT,
    STANDARD_COLUMN_COUNT
};
extern const char *const factor_columns[STANDARD_COLUMN_COUNT]; /* their names */
#define FACTOR_OTHER_SPELLING ".zh" /* behind the name of a key's column: another spelling of its texts */

struct factor_reader {
    struct arena *arena;
    struct diags *out;
    const struct factor_table *table;
    const struct csv_row *row;                /* being read */
    uint32_t told[2];                         /* messages about the table: errors, others */
    uint32_t standard[STANDARD_COLUMN_COUNT]; /* columns of the table; NO_INDEX: it has none */
};
void factor_reader_open(struct factor_reader *reader, const struct factor_table *table);
void factor_reader_close(struct factor_reader *reader); /* says how many messages were too many */

const struct csv_cell *factor_cell(const struct csv_row *row, uint32_t column); /* NULL: no such column */
struct str factor_cell_text(const struct csv_row *row, uint32_t column);
bool factor_is_standard(const struct factor_reader *reader, uint32_t column);
/* The column with another spelling of the texts in this one: "name.zh" for "name". The number of columns: none. */
uint32_t factor_other_spelling(const struct factor_table *table, struct str column);
bool factor_is_other_spelling(struct str column);

void factor_report_at(struct diags *out, enum diag_code code, const struct source *source, uint32_t off,
                      const struct str *args, size_t count);
/* Messages have the place of the cell in the text; of a row of a database the line that it had in its file. */
void factor_report(struct factor_reader *reader, enum diag_code code, const struct csv_cell *cell,
                   const struct str *args, size_t count);
void factor_report_unit(struct factor_reader *reader, const struct data_units *units, const struct csv_cell *cell,
                        struct unit_parse parse);

/* These return false with a message. */
bool factor_read_year(struct factor_reader *reader, const struct csv_cell *cell, int32_t *year);
bool factor_read_number(struct factor_reader *reader, const struct csv_cell *cell, const struct unit *from,
                        const struct unit *to, struct factor_value *value);
/* What the row says of its value. */
bool factor_read_description(struct factor_reader *reader, struct factor_value *value);
bool factor_read_validity(struct factor_reader *reader, struct calendar_days *valid);

#endif
