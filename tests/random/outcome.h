/* What a rule says of products, as text that can be compared: figures as they are reported, classes, messages; and the
   values, which may differ by what doubles cannot promise.
   Lives in the arena given. Must not know of pairs. */
#ifndef ZUJI_TESTS_RANDOM_OUTCOME_H
#define ZUJI_TESTS_RANDOM_OUTCOME_H

#include "base/str.h"
#include "vm/zuji.h"

struct said {
    struct str figures;     /* a line for each: status, total, …, as reported; of all rows */
    struct str messages;    /* units of the figures; then a line for each message, with its place */
    struct str json;        /* in full detail, where it was asked for: an array of the rows, without its end */
    struct str explanation; /* of the total of the first row, likewise */
    struct str slope_fault; /* where the total changes otherwise than its sensitivity says, likewise; empty: nowhere */
    double *values;
    size_t value_count;
    double sum_error; /* how far stages are from the total, and flows from stages, relative to their sizes */
    bool is_ok, is_exact;
};
struct outcomes {
    struct said *items;
    size_t count, cap;
    const char *message; /* where the run itself ended with one: begins with ": " */
};

/* data: so many texts in NDJSON, one run of the engine after the other, each in chunks of its own. factors: a path, or
   empty. in_full: with JSON and an explanation, and by the exact engine, its sensitivity is tried (then of one text). */
struct outcomes outcomes_of(struct arena *arena, const struct zuji_rule *rule, struct str factors,
                            const struct str *data, size_t data_count, bool use_exact, bool in_full);

#endif
