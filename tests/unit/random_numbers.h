/* Random programs that are all arithmetic, and data that are hard on doubles: for the bounds of the fast engine. The
   same for the same seed on every machine. Everything lives in the run. Must not use the compiler. */
#ifndef ZUJI_TESTS_UNIT_RANDOM_NUMBERS_H
#define ZUJI_TESTS_UNIT_RANDOM_NUMBERS_H

#include "tests/unit/random_program.h"

/* Builds a program in a started run. True where its data have a temperature. */
bool random_numbers(struct run *run, struct random *random);
/* A record for it; now and then with a list that is long. */
struct str random_numbers_record(struct arena *arena, struct random *random, bool has_temperature);

#endif
