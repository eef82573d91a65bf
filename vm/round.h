/* Figures as they are printed: rounded as a rule says, in plain decimal notation with the zeros that belong to the
   digits. Texts live in the arena given, NUL-terminated. Must not know what a figure is of. */
#ifndef ZUJI_VM_ROUND_H
#define ZUJI_VM_ROUND_H

#include "vm/program.h"

/* 28.6 to four significant digits is "28.60", 1234567 to three "1230000", zero "0"; to two decimals 0.145 is "0.14". */
struct str round_exact(struct arena *arena, struct rat value, struct prog_round how);
/* Is that certain, or does it take more bits of an enclosure to know? */
bool round_exact_is_certain(struct arena *arena, struct rat value, struct prog_round how);
/* The same of the exact value of a finite double. False where a relative change of 2^-38 would give another text: then
   the double cannot be trusted with this figure. */
bool round_double(struct arena *arena, double value, struct prog_round how, struct str *text);
/* What round_double would answer; the arena is as it was. */
bool round_is_certain(struct arena *arena, double value, struct prog_round how);

#endif
