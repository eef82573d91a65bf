/* The sensitivity of a drawn product against central differences: the total, computed again with a datum that is a
   little more and a little less; away from ties, where it has no slope.
   Must not know how the product was drawn. */
#ifndef ZUJI_TESTS_RANDOM_SLOPES_H
#define ZUJI_TESTS_RANDOM_SLOPES_H

#include "base/arena.h"
#include "base/str.h"
#include "vm/zuji.h"

/* The first datum with which the total of the record's first row changes otherwise than is said; empty where there is
   none. The run is one of the exact engine. */
struct str slopes_fault(struct arena *arena, struct zuji_run *run, struct str record);

#endif
