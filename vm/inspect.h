/* A compiled rule as text for people: header, data, choices, tables, factors, axes, instructions, results, cost.
   The text lives in the arena given. Must not know of files or engines. */
#ifndef ZUJI_VM_INSPECT_H
#define ZUJI_VM_INSPECT_H

#include "vm/verify.h"

/* Instructions look like
       %12 = DIV %3, %5 : kgCO2e [materials] mask %9  ; electrolysis.anode_co2  rule.pcr:41
   : type or unit, `?` where it may be absent; [axis], none for constants and the product. */
struct str inspect_listing(struct arena *arena, const struct verified *verified);

#endif
