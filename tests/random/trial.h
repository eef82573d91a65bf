/* A pair, run in all the ways that must agree: exact against fast, in chunks of any size, the compiled rule read and
   written again, the other language, and all forms of rule and data that mean the same.
   Memory: an arena for each trial. Must not know how the pair was drawn. */
#ifndef ZUJI_TESTS_RANDOM_TRIAL_H
#define ZUJI_TESTS_RANDOM_TRIAL_H

#include "tests/random/pair.h"

enum check { /* what was compared, for the sum at the end */
             CHECK_ENGINES,
             CHECK_CHUNKS,
             CHECK_LARGE_CHUNK,
             CHECK_JSON,
             CHECK_EXPLANATIONS,
             CHECK_SLOPES,
             CHECK_FILE,
             CHECK_LANGUAGE,
             CHECK_LIFTED,
             CHECK_RESTATED,
             CHECK_REVERSED,
             CHECK_SPLIT,
             CHECK_RESPELT,
             CHECK_WHOLE,
             CHECK_SUMS,
             CHECK_COUNT
};

struct verdict {
    char
        what[48]; /* empty: all agree; else what does not, the same for the same mistake: "refused E0301", "reported" */
    char detail[464]; /* where, and both sides */
    uint32_t checks[CHECK_COUNT];
    uint32_t products, failed, exact; /* of the run with the fast engine */
    uint32_t is_refused;              /* by chance a constant fails, or is too large: nothing to compare */
};

/* Files are written to the folder. `is_thorough`: the checks that cost most, too. */
void trial_run(const struct pair *pair, struct str folder, bool is_thorough, struct verdict *verdict);
/* The pair as files in the folder: rule.pcr, data.ndjson, and base.pcr and factors.csv where it has them. */
void trial_write(const struct pair *pair, struct arena *arena, struct str folder, enum form form);

#endif
