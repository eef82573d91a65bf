/* The inside of reading folders: folder.c (files and headers) and folder_rows.c (rows and records). Everything lives in
   the reader's arena. Must not be included by others. */
#ifndef ZUJI_VM_FOLDER_PARTS_H
#define ZUJI_VM_FOLDER_PARTS_H

#include "base/csv.h"
#include "vm/reader_parts.h"

enum column_role { COLUMN_FIELD, COLUMN_ABOUT, COLUMN_ID, COLUMN_PRODUCT, COLUMN_ROW };

struct table_column {
    enum column_role role;
    enum datum_key key; /* ABOUT: "mass.origin" */
    uint32_t field;     /* FIELD, ABOUT */
    struct csv_cell unit; /* of the header; empty: none */
    bool has_abouts;      /* FIELD: other columns say something of its data */
};

struct entry {        /* a row of a list's file */
    uint32_t product; /* number of the product's row */
    uint32_t parent;  /* number of the parent's row among the product's, from 1; 0: the product itself */
    uint32_t row;     /* of the file */
    uint32_t ordinal; /* own number among the product's rows, from 1 */
};

struct table_file {
    struct str name; /* "materials.csv" */
    struct str path;
    bool is_ambiguous; /* its name is that of several lists */
    uint32_t list; /* NO_INDEX: the products */
    uint32_t file; /* in the sources */
    struct csv_table table;
    struct table_column *columns;
    uint32_t id_column; /* column with the product's id, parent's row; NO_INDEX: none */
    uint32_t row_column;
    struct entry *entries; /* of a list: by product, then parent, then row */
    uint32_t entry_count;
    uint32_t *rows_of; /* of a list: number of rows of each product */
};

struct refusal { /* why a product cannot be bound: not all of its rows are known for certain */
    enum diag_code code;
    struct data_place place;
    struct str args[3];
};

struct folder {
    struct reader reader;
    const struct program *program;
    struct sources sources;
    struct table_file *files;
    size_t file_count, file_cap;
    struct str *others; /* names of files that are no CSV */
    size_t other_count, other_cap;
    struct table_file **of_list; /* by field; NULL: no file */
    struct table_file *products;
    struct map product_ids;    /* to rows of the products' file */
    struct refusal **refusals; /* by row of the products' file; NULL: it may be bound */
    uint32_t next;             /* row of the products' file */
};

/* ---- folder.c ---- */
/* A message about the folder as a whole, at an offset of a file; product may be empty. */
void folder_report(struct folder *folder, enum diag_code code, const struct table_file *file, uint32_t off,
                   const struct str *args, size_t count, struct str product);
struct str folder_field_name(const struct folder *folder, uint32_t field);

/* ---- folder_rows.c ---- */
/* Says which rows belong to which product; parents are indexed before the lists in them. */
void folder_index(struct folder *folder);
bool folder_next(struct reader *reader); /* gives the next product to the binder */

#endif
