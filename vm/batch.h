/* A batch: the data of a chunk of products as columns, bound to a program. Made by bind.c from any reader, read by both
   engines. Everything in it lives in the batch's arena and goes with it (batch_clear).
   Must not know of instructions' meaning. */
#ifndef ZUJI_VM_BATCH_H
#define ZUJI_VM_BATCH_H

#include "base/calendar.h"
#include "base/diag.h"
#include "vm/program.h"
#include "vm/uncertainty.h"
#include "vm/zuji.h"

struct column {            /* one field; `rows` of its list's axis entries */
    uint8_t *given;        /* 1 where the datum is given; never NULL */
    union {                /* by the field's type; entries that are not given hold 0 */
        double *number;    /* NUMBER, in the unit of the field: the nearest double of the exact datum */
        int32_t *whole;    /* YEAR; DATE as days from 1970-01-01 */
        uint32_t *code;    /* MEMBER: member index; TEXT: number of the text in `texts` */
        uint8_t *flag;     /* BOOL */
    } as;
};

struct list_rows {         /* rows of a list field, all products one after the other */
    uint32_t rows;
    uint32_t *first;       /* parent_rows + 1 entries: rows of parent row p are first[p] .. first[p + 1] - 1 */
};

struct exact_cell {        /* a datum that its double does not give back (more than 17 digits, or converted): its exact value */
    uint32_t field, row;
    struct rat value;
};

/* What the data say of a datum besides its value: only of data that say something. */
struct about {
    uint32_t field, row;
    uint8_t origin;        /* enum prog_origin; unsaid: as the field declares */
    bool is_estimated;
    uint16_t quality;      /* thousandths, 1000 (best) .. 5000; 0: not said */
    int32_t from, to;      /* the period in days, both included; where none is said `from` is behind `to` */
    struct str period, source; /* as written; empty: not said */
    struct str uncertainty_text; /* likewise */
    struct uncertainty uncertainty;
};

struct product {
    struct str id;         /* "id" of the record; where it has none, its number in the input, as text */
    uint64_t number;       /* record number in the input, from 1 */
    uint32_t file, line;   /* where the record begins; file as in the batch's sources */
    bool is_bound;         /* false: the data were refused (its messages say why); its columns hold placeholders */
    struct diags messages; /* of reading and binding, and later of running */
};

struct factor_value;
/* What was drawn of a factor for each product of a batch whose products are samples (montecarlo.c): NaN where there is
   nothing. NULL: its value is the same in all of them. */
struct factor_draws {
    const double *(*of)(struct factor_draws *draws, const struct factor_value *slot);
};

struct batch {
    const struct program *program;
    struct arena arena;
    struct product *products;
    uint32_t product_count;
    struct list_rows *lists;    /* by field id; entries of fields that are no list are unused */
    struct column *columns;     /* by field id; of a list only `given`, by row of its parent: is the list given? */
    struct exact_cell *exact;   /* sorted by field, then row */
    uint32_t exact_count;
    struct about *abouts;       /* sorted by field, then row */
    uint32_t about_count;
    struct str *texts;          /* codes of TEXT columns; the first program->text_count are the program's own, in order */
    uint32_t text_count;
    struct factor_draws *draws; /* NULL: factors are as they are */
};

/* Drops everything in the batch, so that it may be filled again; memory is kept for that, and the arena's settings. */
void batch_clear(struct batch *batch);
void batch_free(struct batch *batch); /* gives the memory back too */
/* Number of rows of the field's axis: products for fields of the product. */
uint32_t batch_rows(const struct batch *batch, uint32_t field);
/* The exact datum of a NUMBER field. */
struct rat batch_datum(struct arena *arena, const struct batch *batch, uint32_t field, uint32_t row);
/* What is said of the datum; NULL: nothing. */
const struct about *batch_about(const struct batch *batch, uint32_t field, uint32_t row);
/* Is the datum primary: by its own word, else by the field's? */
bool batch_is_primary(const struct batch *batch, uint32_t field, uint32_t row);

/* ---- factors, resolved for one run ---- */
struct factor_draw {       /* how uncertain the value of a row is; its parts have it together */
    struct uncertainty uncertainty; /* of the whole value */
    double part;           /* of the whole value that this one is; 1: it is the whole */
    uint64_t identity;     /* of the row: its family, keys and validity */
    const struct str *keys; /* as in the row */
    uint32_t key_count;
};
enum factor_status { FACTOR_STATUS_NONE, FACTOR_MEASURED, FACTOR_PUBLISHED, FACTOR_DRAFT, FACTOR_STATUS_COUNT };
extern const char *const factor_statuses[FACTOR_STATUS_COUNT]; /* as files spell them; "" for none */
struct factor_value {      /* a slot: what a family gave for one combination of keys */
    bool is_found;
    struct rat exact;      /* in the unit of the factor */
    double value;          /* nearest double */
    bool is_default;       /* the rule's own default value */
    struct str source, region, year; /* of the row that answered; year as text */
    struct str id, licence, uncertainty; /* as written */
    uint32_t factor;       /* of a row: the family, or its part */
    const struct factor_draw *draw; /* of a row that says a distribution; NULL: none */
    uint16_t quality;      /* thousandths, 1000 (best) .. 5000; 0: not said */
    uint8_t origin;        /* enum prog_origin */
    uint8_t status;        /* enum factor_status */
    struct str file;       /* where the row stands: path */
    uint32_t line;         /* from 1; 0: default */
    struct calendar_days valid; /* from and to; INT32_MIN and INT32_MAX where open */
};
/* A key as the engines have it. */
struct factor_key {
    struct str text;       /* TEXT, REGION: the text; MEMBER: the code of the member */
    int32_t year;          /* YEAR */
};
struct factor_binding;     /* a program's factors with the rows of the factor files (factors.c) */
/* The value under these keys with the declared fallbacks: region: itself, parents in the file's region tree, world; year: the latest
   not after. Rows that are not valid on all the days are passed over. Memoised; the slot lives as long as the binding. Never NULL. */
const struct factor_value *factor_resolve(struct factor_binding *binding, uint32_t factor, const struct factor_key *keys,
                                          struct calendar_days days);
/* The days that the data of a product are of: the period that the rule's validity is compared with. */
struct calendar_days batch_days(const struct batch *batch, uint32_t product);
/* Not known: of a rule that names no period. A row is then compared with the year that its family is asked for, if any. */
#define DAYS_UNKNOWN ((struct calendar_days){INT32_MAX, INT32_MIN})
/* Whatever the validity of rows. */
#define DAYS_ANY ((struct calendar_days){1, 0})
/* The days that a row under these keys must be valid on. */
struct calendar_days factor_days(const struct prog_factor *factor, const struct factor_key *keys, struct calendar_days days);
/* Has the family a row at all? */
bool factor_has_rows(const struct factor_binding *binding, uint32_t factor);
/* The key of the family that is spelt nearly so, where it has one text for a key; empty: none. */
struct str factor_nearest(struct arena *scratch, const struct factor_binding *binding, uint32_t factor,
                          const struct factor_key *keys);
/* The files that were bound, as messages name them: "eu.csv, own.csv"; empty: none was given. */
struct str factor_files(const struct factor_binding *binding);
/* Has a row of the family a validity? */
bool factor_has_validity(const struct factor_binding *binding, uint32_t factor);

/* ---- what an engine finds out about one product; result.c makes figures of it ---- */
enum note_kind { NOTE_WARNING, NOTE_DEFAULT, NOTE_FACTOR, NOTE_LIST_ABSENT, NOTE_TIE };
struct note {
    enum note_kind kind;
    uint32_t instruction;  /* WARN, ELSE, FACTOR, ARGMAX, ARGMIN */
    uint32_t field;        /* NOTE_LIST_ABSENT, NOTE_DEFAULT of a field */
    const struct factor_value *factor;
    struct str path;       /* where, of several rows the first: "materials[3].distance"; empty: the product */
    uint32_t rows;         /* how many rows it stands for */
    struct str detail;     /* DEFAULT: the value taken; FACTOR: what was asked for: "electricity(wind, 2025)"; TIE: the row that equals that of `path` */
    struct note *next;
};
struct amounts;            /* result_amounts.h */
struct outcome_row {       /* one row of the rule's row axis; of a rule without rows the product itself */
    struct str name;       /* what the rule calls it; empty: its number */
    bool is_sensitivity; /* no headline, where the rule says which rows are */
    struct rat *part;      /* by part: kgCO2e for the whole data set */
    double *part_double;
    double *part_bound;    /* on the error of part_double */
    uint8_t *part_given;   /* 0: the flow is absent */
    struct rat *whole;     /* by part: before allocation; NULL: not asked for */
    uint8_t *whole_given;  /* 0: the flow is absent, or nothing of it is allocated */
    uint8_t *stage_given;  /* by stage: carried out? */
    struct rat *output;    /* by report, in its unit */
    double *output_double;
    double *output_bound;
    uint8_t *output_given; /* 0: the report is absent */
    struct rat *limit;     /* by class with a limit, in the unit of the total */
    double *limit_double;
    uint8_t *is_kept[2];   /* is the limit kept? [0] by the full value, [1] by the rounded one */
    int bits;              /* as in the outcome */
    struct rat reference;  /* in the declared unit */
    double reference_double;
    double reference_bound;
    struct amounts *amounts; /* once result_certainty has made them; NULL before */
};
struct outcome {
    bool is_failed;        /* messages are in the product's diags (exact engine); the fast engine leaves wording to it */
    bool is_marked;        /* fast engine only: not certain; the exact engine is to decide */
    bool is_exact;         /* rats hold; else doubles */
    uint16_t doubts[ZUJI_SETTLED_COUNT]; /* bits by enum zuji_doubt: what was settled by that step; [BY_PRODUCT]: what is open */
    int bits;              /* is_exact: of those that are enclosures */
    struct outcome_row *rows;
    uint32_t row_count;
    struct note *notes;
};
/* The rows of results that the data of the product ask for. */
uint32_t outcome_row_count(const struct batch *batch, uint32_t product);
/* Are there so many that no room is made for them? */
bool outcome_is_too_large(const struct program *program, uint32_t row_count);
/* Room for what is found out about products first .. first + count - 1; none for those that are too large. */
void outcomes_init(struct arena *arena, const struct batch *batch, uint32_t first, uint32_t count, bool is_exact,
                   struct outcome *outcomes);
void outcome_add_wholes(struct arena *arena, const struct program *program, struct outcome *outcome); /* room */

#endif
