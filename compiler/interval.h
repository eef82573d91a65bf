/* Between which numbers a value lies, from what is declared: ranges of data, cells of tables, constants. Works on the
   nodes of a program that is being built and on the instructions of a finished one. Must not know of sources. */
#ifndef ZUJI_COMPILER_INTERVAL_H
#define ZUJI_COMPILER_INTERVAL_H

#include "vm/program.h"

struct ir;

struct interval {           /* in the unit of the value */
    bool is_known;          /* both ends; of data: only where the rule says both */
    bool has_low, has_high; /* each by itself; of data that are never negative the low one is known though nobody says it */
    struct rat low, high;
};

struct intervals { /* finds each interval once */
    struct arena *arena;
    const struct ir *ir; /* one of the two */
    const struct program *program;
    struct interval *found;
    uint8_t *state;
};

struct intervals intervals_of_ir(const struct ir *ir);
struct intervals intervals_of_program(struct arena *arena, const struct program *program);
struct interval interval_of(struct intervals *intervals, uint32_t value);
/* May the value be zero by what is declared? Of a product that is so where it is of one factor, whatever the others. */
bool interval_may_vanish(struct intervals *intervals, uint32_t value);

#endif
