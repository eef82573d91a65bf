/* The program as samples run it: a product of the batch is a sample of one and the same product, so what factors give,
   and all that is made of it, differs from product to product even where it is constant otherwise. Such instructions
   are moved from the constant axis to that of products. Results are the same; figures and roots keep their numbers,
   instructions do not. In the arena given; the pools remain those of the program. Must not know of draws. */
#ifndef ZUJI_VM_SAMPLE_PROGRAM_H
#define ZUJI_VM_SAMPLE_PROGRAM_H

#include "vm/verify.h"

const struct verified *sample_program(struct arena *arena, const struct verified *verified);

#endif
