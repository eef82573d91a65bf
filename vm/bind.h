/* Binding: records of data become the columns of a batch, checked against the fields of a program.
   The binder owns its schema (in the arena given) and nothing of the batches it fills; a batch may be cleared and
   filled again. Must not know of files, factors or instructions. */
#ifndef ZUJI_VM_BIND_H
#define ZUJI_VM_BIND_H

#include "vm/batch.h"
#include "vm/record.h"

struct binder;

/* The arena and the program must outlive the binder. */
struct binder *binder_new(struct arena *arena, const struct program *program);
/* Only the record with this id is bound, others are passed over; the empty text: all. The text is not copied. */
void binder_only(struct binder *binder, struct str id);

/* A chunk:  batch_clear(&batch); binder_begin(binder, &batch);
             while (!binder_is_full(binder) && there is a record) { binder_record(binder, &record); }
             binder_finish(binder);                                          now the batch's arrays may be read */
void binder_begin(struct binder *binder, struct batch *batch); /* the batch: zeroed, or cleared; its arena is used */
/* Adds the product of the record: bound, or with messages and placeholders. */
void binder_record(struct binder *binder, const struct record *record);
/* Adds a product whose record could not be read; the id may be empty. Takes what record.h's place_report takes. */
/* The id of a record that could not be read to its end, where it came before the mistake; "" where not. */
struct str binder_known_id(const struct binder *binder, const struct json_tree *tree);
void binder_refuse(struct binder *binder, uint64_t number, struct str id, enum diag_code code, struct data_place place,
                   const struct str *args, size_t count);
bool binder_is_full(
    const struct binder *binder); /* LIMIT_CHUNK_PRODUCTS products, or LIMIT_CHUNK_ROWS rows of a list */
uint32_t binder_count(const struct binder *binder); /* products in the chunk so far */
void binder_finish(struct binder *binder);

/* The field with this name or alias in a list (NO_INDEX: in the product); NO_INDEX where there is none. */
uint32_t binder_field(const struct binder *binder, uint32_t list, struct str name);
/* The nearest name of a field there, for suggestions; empty where none is near. */
struct str binder_nearest(const struct binder *binder, uint32_t list, struct str name);
const struct program *binder_program(const struct binder *binder);

/* The keys of a datum that is written as an object, {"value": 1.2, "unit": "MWh", "origin": "primary"}; in a table
   those of the column "mass.origin". Each in either language. */
enum datum_key {
    DATUM_VALUE,
    DATUM_UNIT,
    DATUM_ORIGIN,
    DATUM_PERIOD,
    DATUM_QUALITY,
    DATUM_ESTIMATED,
    DATUM_SOURCE,
    DATUM_UNCERTAINTY,
    DATUM_NOTE, /* for people: passed over */
    DATUM_KEY_COUNT
};
bool datum_key_read(struct str name, enum datum_key *key);
struct str datum_key_name(enum datum_key key); /* the English one */
/* The nearest key, for suggestions; empty where none is near. */
struct str datum_key_nearest(struct str name);
/* A quality from 1 (best) to 5 in thousandths, which it must be a whole number of; false where it is none. */
bool quality_read(struct str text, uint16_t *thousandths);
/* The words for a logical value, as spreadsheets show it: true, FALSE, yes, 是 … False where it is none. */
bool truth_read(struct str word, bool *value);

#endif
