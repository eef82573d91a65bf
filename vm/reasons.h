/* The reasons of results: what the total rests on, in words and shares, and what was checked; made from a trace.
   They live in the arena of the batch and serve all results of a product (one for each row of the rule).
   Must not know of JSON. */
#ifndef ZUJI_VM_REASONS_H
#define ZUJI_VM_REASONS_H

#include "vm/engine.h"
#include "vm/result.h"
#include "vm/trace.h"

struct reason_source { /* where the results of one product have their reasons from; lives as long as they do */
    struct engine *engine;
    struct batch *batch;
    uint32_t product;
    struct arena *arenas[2]; /* of the batch and of the run: in whose memory the engines work */
    bool is_made;
    bool is_sampled;                 /* once: as another source was in the same place before */
    const struct zuji_reasons *rows; /* by row of the rule; NULL: there are none */
    uint32_t row_count;
    struct outcome exactly;          /* of that computation, with what there was before allocation; no rows where it failed */
};
/* Of a row of the rule; NULL where there are none. */
const struct zuji_reasons *reasons_of_row(struct reason_source *source, uint32_t row);

/* ---- inside (reason*.c) ---- */
struct reason_names { /* of constants; shares are kept for each, a slot of its own */
    uint32_t *flows;         /* by naming: the flow whose path it has; NO_INDEX: none */
    uint32_t *first, *count; /* by ground: its namings */
    uint32_t *slots;         /* by ground: the first of its slots, one or as many as it has names; at the end their number */
};
struct teller {
    struct arena *arena; /* of what is told */
    struct exact_run *run;
    struct trace *trace; /* NULL where the product is in error */
    struct reason_names names;
};
void reason_names_find(struct teller *teller);
/* The slot of a ground for a term of the flow. */
uint32_t reason_slot(const struct teller *teller, uint32_t ground, uint32_t flow, uint32_t row);
const struct prog_naming *reason_naming(const struct teller *teller, uint32_t ground, uint32_t slot); /* NULL: none */
const char *tell_text(struct teller *teller, struct str text);
const char *tell_label(struct teller *teller, uint32_t label);
void tell_titles(struct teller *teller, const struct prog_titles *titles, const char *told[2]);
const char *tell_expression(struct teller *teller, uint32_t instruction); /* as written; "" */
struct zuji_value tell_value(struct teller *teller, uint32_t instruction, uint32_t row);
struct zuji_value tell_number(struct teller *teller, uint16_t unit, struct rat number);
/* Without share. */
struct zuji_ground tell_ground(struct teller *teller, const struct ground *ground, uint32_t rows);
/* The row of a factor file, under its own keys. */
struct zuji_ground tell_factor_row(struct teller *teller, uint32_t factor, const struct factor_value *value);
void tell_naming(struct teller *teller, const struct prog_naming *naming, struct zuji_ground *told);
/* The datum of a list that says why a row is cut off; NO_INDEX: none. */
uint32_t reason_cut_field(const struct program *program, uint32_t list);
void tell_checks(struct teller *teller, uint32_t row, struct zuji_reasons *reasons);
void tell_allocations(struct teller *teller, uint32_t row, struct zuji_reasons *reasons);
void tell_cutoffs(struct teller *teller, struct zuji_reasons *reasons);

#endif
