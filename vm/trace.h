/* What a product's values rest on: beside the exact engine's values of all instructions, for each of them the data,
   defaults, factors, cells and constants that it was computed from, and the emissions divided into terms.
   Lives in the working memory of the exact engine while it shows a run (exact_show_product), and goes with it.
   Must not know of figures, of JSON, or of how results are told. */
#ifndef ZUJI_VM_TRACE_H
#define ZUJI_VM_TRACE_H

#include "vm/exact_run.h"

/* A ground: something that values rest on and that a reader of the result wants to hear of. */
enum ground_kind {
    GROUND_DEFAULT,     /* an `x default e` that was used */
    GROUND_LIST_ABSENT, /* a list that was not given, taken as empty */
    GROUND_ESTIMATE,    /* data that call themselves estimated */
    GROUND_FACTOR,      /* a factor under one combination of keys */
    GROUND_SUPPLIER,    /* a datum that stands in place of a factor */
    GROUND_CELL,        /* a cell of a table */
    GROUND_CONSTANT,    /* an amount of CO2e that the rule names */
    GROUND_NATIVE,      /* values that an external function gave */
    GROUND_DATUM,       /* any datum; told of where a derivation comes to it, and in no set */
    GROUND_KIND_COUNT
};
struct ground_place { /* where a ground was met: row on the instruction's axis */
    uint32_t instruction, row;
    uint32_t field_row;        /* as of the ground */
};
struct ground {
    enum ground_kind kind;
    uint32_t instruction, row; /* of the first place */
    struct ground_place *places;
    size_t place_count, place_cap;
    uint32_t field;            /* DEFAULT (NO_INDEX: of no single field), LIST_ABSENT, ESTIMATE, SUPPLIER, DATUM */
    uint32_t field_row;        /* row of the batch; ESTIMATE, SUPPLIER, DATUM */
    uint32_t table, column, table_row; /* CELL */
    uint32_t native;           /* NATIVE */
    uint32_t factor;           /* FACTOR; SUPPLIER: the one that it stands for, NO_INDEX: none */
    const struct factor_value *value; /* FACTOR */
};

/* What one value rests on. The origins are those of numbers that enter it by arithmetic; the set holds also what
   decided about it: keys, conditions, the row that was picked. */
enum {
    BASIS_PRIMARY_DATUM = 1,
    BASIS_OTHER_DATUM = 2,
    BASIS_PRIMARY_FACTOR = 4,
    BASIS_OTHER_FACTOR = 8
};
struct basis {
    uint32_t set;                             /* 0: empty */
    uint16_t datum_quality, factor_quality;   /* the worst that is said, in thousandths; 0: nothing is said */
    uint8_t origins;
};
struct ground_set { /* ascending */
    const uint32_t *grounds;
    uint32_t count;
};

struct ground_sets { /* each distinct set once; trace_sets.c */
    struct arena *arena;
    struct map sets, unions;
    struct ground_set *items;
    size_t count, cap;
    uint32_t *pending; /* of a union of many */
    size_t pending_count, pending_cap;
};
struct ground_sets ground_sets_in(struct arena *arena);
uint32_t ground_sets_one(struct ground_sets *sets, uint32_t ground);
uint32_t ground_sets_union(struct ground_sets *sets, uint32_t a, uint32_t b);
/* The union of many sets: sets are added, then gathered. */
void ground_sets_add(struct ground_sets *sets, uint32_t set);
uint32_t ground_sets_gather(struct ground_sets *sets);

struct trace {
    struct exact_run *run;
    struct arena *arena;
    struct basis **basis; /* by instruction, then by row or one for all, like its register */
    struct ground *grounds;
    size_t ground_count, ground_cap;
    struct map ground_keys;
    struct ground_sets sets;
    bool *is_emission;         /* by unit: does it hold CO2e? */
    bool *is_potential;        /* by instruction: is its value the potential of a gas, or an amount of one? */
    uint32_t *factor_behind;   /* by instruction: the factor that its value is, converted at most; NO_INDEX */
    bool *is_shared;           /* by instruction: is its value on the rule's rows read by other rows than its own? */
    bool *opens;               /* by instruction: does dividing it lead to several terms? trace_terms.c */
    size_t step_count;
};

/* For a run whose values are all there. */
struct trace *trace_new(struct exact_run *run);
/* The ground as it was met for a row of the rule: its first place there, and how many rows it stands for; 0: it was not. */
uint32_t trace_ground_of_row(const struct trace *trace, uint32_t row, struct ground *ground);
struct basis trace_basis(const struct trace *trace, uint32_t instruction, uint32_t row);
struct ground_set trace_grounds(const struct trace *trace, struct basis basis);

/* A part of an emission that is not divided further. The terms of a value add up to it exactly. */
struct trace_term {
    uint32_t instruction, row; /* what it is made of */
    struct rat coefficient;    /* by which that value is multiplied on its way into the emission */
    struct rat amount;         /* coefficient × value, in the unit of the emission */
    struct basis basis;        /* of the value and of all that it was multiplied with */
};
/* Values looked at on the way down, for one product: a shared sum can be met on 2^n ways; beyond, none is divided. */
enum { TRACE_STEPS_MAX = 1 << 22 };
typedef void trace_take_term(void *context, const struct trace_term *term);
/* Divides the value into terms, in the order of the rule and of the rows. What is opened: sums over rows; sums and
   differences of emissions; and through the operand that was taken of a choice, and through one side of a product. */
void trace_terms(struct trace *trace, uint32_t instruction, uint32_t row, trace_take_term *take, void *context);

/* The datum that a value is, converted at most, perhaps of a row that was picked: its field and row of the batch; false
   where it is none. */
bool trace_datum(const struct trace *trace, uint32_t instruction, uint32_t row, uint32_t *field, uint32_t *at_row);

/* ---- inside (trace*.c) ---- */
struct basis basis_joined(struct trace *trace, struct basis a, struct basis b);
struct basis basis_decided(struct trace *trace, struct basis a, struct basis decider); /* only the decider's set */
/* Which operand gave the value of a SELECT, ELSE, MIN, MAX, AND or OR. */
uint32_t trace_taken(const struct trace *trace, uint32_t instruction, uint32_t row);
/* Does the row count in the aggregate? */
bool trace_counts(const struct trace *trace, uint32_t instruction, uint32_t row);
/* The row of the axis it reduces that LEAST, GREATEST, ARGMIN, ARGMAX or ONLY took; false where it took none. */
bool trace_picked(const struct trace *trace, uint32_t instruction, uint32_t row, uint32_t *picked);
void trace_find_openings(struct trace *trace); /* trace_terms.c */
/* The ground with this identity, new or known. */
uint32_t trace_ground(struct trace *trace, const struct ground *ground, struct str identity); /* trace_grounds.c */
struct basis trace_own_basis(struct trace *trace, uint32_t instruction, uint32_t row);          /* trace_grounds.c */

#endif
