/* The units of a compiled rule in a unit system of their own: the predefined ones, the rule's bases and tags, the units
   that its modules declare. Everything lives in the arena given.
   Must not know of data or of the verifier. */
#ifndef ZUJI_VM_PROGRAM_UNITS_H
#define ZUJI_VM_PROGRAM_UNITS_H

#include "vm/program.h"

struct program_units {
    struct unit_system *system;
    struct unit *units;   /* by the program's unit */
    uint16_t *generators; /* of the system, by the program's generator */
    size_t predefined;    /* generators of the system below this are those of units.def */
};

/* Of a program that verify_program accepts; of others that program_check accepts, something within bounds. */
struct program_units program_units_new(struct arena *arena, const struct program *program);

#endif
