/* Random well-typed programs over lists, lists in lists, pairs and ranges, and random data for them: the same for the
   same seed on every machine. Must not use the compiler. */
#ifndef ZUJI_TESTS_UNIT_RANDOM_PROGRAM_H
#define ZUJI_TESTS_UNIT_RANDOM_PROGRAM_H

#include "tests/unit/run_fixture.h"

struct random {
    uint64_t state;
};
uint32_t random_below(struct random *random, uint32_t limit); /* limit > 0 */
bool random_chance(struct random *random, uint32_t percent);

/* Builds a program in a started run, with factors where it needs them. */
void random_program(struct run *run, struct random *random);
/* A record with the number in the input as id. */
struct str random_record(struct arena *arena, struct random *random, uint32_t number);

#endif
