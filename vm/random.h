/* Random numbers that are the same everywhere: a counter-based generator and the normal distribution.
   Must not know what is drawn. */
#ifndef ZUJI_VM_RANDOM_H
#define ZUJI_VM_RANDOM_H

#include <stdint.h>

/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC11, 2011). */
void random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
/* The middle of one of 2^52 equal parts of 0 .. 1, by the first two words of the generator: (2 k + 1) / 2^53, where k
   is the upper 52 bits of word 1 * 2^32 + word 0. Never 0 nor 1; the counter is taken in words from the lowest. */
double random_uniform(const uint32_t counter[4], uint64_t seed);
/* The quantile of the standard normal distribution, 0 < p < 1, to about 16 digits (Wichura: Algorithm AS 241, Applied
   Statistics 37, 1988: PPND16). */
double random_normal_quantile(double p);

#endif
