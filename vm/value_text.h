/* Values as text for people, the same words from either engine. Texts live in the arena given.
   Must not know how an engine keeps its values. */
#ifndef ZUJI_VM_VALUE_TEXT_H
#define ZUJI_VM_VALUE_TEXT_H

#include "vm/program.h"

/* "0.145", "500 km": at most 6 significant digits where the number is no short decimal; a plain number has no unit. */
struct str value_number_text(struct arena *arena, const struct program *program, uint16_t unit, struct rat number);

#endif
