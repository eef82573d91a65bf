/* Every value of the fast engine against the exact one: is it as near as its bound says, and is it what `prepare` says
   of it? Counts by kind of instruction. Everything lives in the arena of the check. */
#ifndef ZUJI_TESTS_UNIT_BOUND_CHECK_H
#define ZUJI_TESTS_UNIT_BOUND_CHECK_H

#include "tests/unit/run_fixture.h"

enum { RATIO_BINS = 1000 };
struct bound_row {                   /* of one opcode, by how its operands and its values are bounded */
    uint64_t values, exact, unknown; /* all; those whose bound is 0; those that are poison */
    uint64_t ratios[RATIO_BINS + 1]; /* of error and bound, by thousandths; the last: beyond 1 */
    double worst;
};
enum { BOUND_ROWS = 4 * 256 }; /* by bound_row_of */
static inline int bound_row_of(unsigned op, bool from_absolute, bool is_absolute)
{
    return (int)(4 * op) + 2 * from_absolute + is_absolute;
}
struct bound_tally {
    struct bound_row rows[BOUND_ROWS];
    uint64_t decisions, undecided; /* comparisons, and those left to the exact engine */
    struct bound_row figures;
    uint64_t programs;
    uint64_t certain; /* products whose figures are reported from doubles */
};

/* Runs the products of the batch of a prepared run in both engines and adds what is found to the tally. The title says
   what the program is. Fails the test at the first value that is not as it should be. */
void bound_check(struct run *run, struct bound_tally *tally, const char *title);
/* The median of error over bound, of values with a bound; in thousandths. */
double bound_median(const struct bound_row *row);
void bound_print(const struct bound_tally *tally);

#endif
