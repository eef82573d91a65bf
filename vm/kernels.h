/* Loops over columns: the only place where the fast engine touches every number. Each is total: any values may come,
   nothing traps, and what cannot be computed becomes NaN (or POISON_FLAG). Results never overlap with operands. A step
   of 0 repeats the first value. Written so that compilers turn them into vector instructions (-O3 -fno-trapping-math).
   Must not know of instructions, registers or batches. */
#ifndef ZUJI_VM_KERNELS_H
#define ZUJI_VM_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- numbers: r[i] = a[i] op b[i] ---- */
typedef void kernel_binary(double *r, const double *a, size_t a_step, const double *b, size_t b_step, uint32_t n);
kernel_binary kernel_add, kernel_subtract, kernel_multiply, kernel_divide, kernel_smaller, kernel_larger;
void kernel_negate(double *r, const double *a, uint32_t n);
void kernel_absolute(double *r, const double *a, uint32_t n);
void kernel_scale(double *r, const double *a, double factor, uint32_t n);
void kernel_divide_by(double *r, const double *a, double divisor, uint32_t n);
void kernel_shift(double *r, const double *a, double factor, double offset, uint32_t n);
void kernel_power(double *r, const double *a, int exponent, uint32_t n); /* a^0 = 1; 0 to a negative power is NaN */
/* NaN for what is beyond 1e250 in size; for products also for what got lost below 1e-250. */
void kernel_check_size(double *r, uint32_t n);
void kernel_check_product(double *r, const double *a, size_t a_step, const double *b, size_t b_step, uint32_t n);
void kernel_check_quotient(double *r, const double *a, size_t a_step, uint32_t n);

/* The sizes of what is neither zero nor NaN, as exponents: 2^low <= |a[i]| < 2^(high + 1); both 0 where there is
 * nothing. */
void kernel_exponents(const double *a, uint32_t n, int *low, int *high);

/* ---- bounds of errors; columns throughout ---- */
/* The largest (a_error |a[i]| + b_error |b[i]|) / |r[i]|, NaN left out; 0 / 0 is 0. Where the numbers are what equal
   doubles say are equal numbers, r[i] = 0 is exact (is_equal_certain). */
double kernel_largest_ratio(const double *r, const double *a, size_t a_step, double a_error, const double *b,
                            size_t b_step, double b_error, bool is_equal_certain, uint32_t n);
/* The largest e[i] / |r[i]|, likewise. */
double kernel_largest_share(const double *r, const double *e, uint32_t n);
void kernel_bounds_of_sum(double *e, const double *r, const double *a_bound, const double *b_bound, uint32_t n);
void kernel_bounds_of_product(double *e, const double *r, const double *a, const double *b, const double *a_bound,
                              const double *b_bound, uint32_t n);
/* Where the divisor is not known to two to one, the quotient becomes NaN. */
void kernel_bounds_of_quotient(double *e, double *r, const double *b, const double *a_bound, const double *b_bound,
                               uint32_t n);
void kernel_bounds_of_either(double *e, const double *a_bound, const double *b_bound, uint32_t n);
void kernel_bounds_of_scaled(double *e, const double *r, const double *a_bound, double factor, uint32_t n);
void kernel_bounds_of_shifted(double *e, const double *r, const double *a, const double *a_bound, double factor,
                              double offset, uint32_t n);
/* Where the base is not known well, the power becomes NaN. */
void kernel_bounds_of_power(double *e, double *r, const double *a, const double *a_bound, int exponent, uint32_t n);

/* ---- comparisons: 0, 1, or POISON_FLAG where the doubles do not decide ---- */
enum comparison { COMPARE_LESS, COMPARE_LESS_OR_EQUAL, COMPARE_EQUAL };
/* Doubles that are the nearest of their numbers. */
void kernel_compare_nearest(enum comparison how, bool is_equal_certain, uint8_t *r, const double *a, size_t a_step,
                            const double *b, size_t b_step, uint32_t n);
/* Relative errors of at most a_error and b_error. */
void kernel_compare_relative(enum comparison how, uint8_t *r, const double *a, size_t a_step, double a_error,
                             const double *b, size_t b_step, double b_error, uint32_t n);
void kernel_compare_bounded(enum comparison how, uint8_t *r, const double *a, const double *a_bound, const double *b,
                            const double *b_bound, uint32_t n);
void kernel_compare_whole(enum comparison how, uint8_t *r, const int32_t *a, size_t a_step, const int32_t *b,
                          size_t b_step, uint32_t n);
void kernel_same_code(uint8_t *r, const uint32_t *a, size_t a_step, const uint32_t *b, size_t b_step, uint32_t n);
void kernel_same_flag(uint8_t *r, const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step, uint32_t n);

/* ---- flags ---- */
void kernel_and(uint8_t *r, const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step, uint32_t n);
void kernel_or(uint8_t *r, const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step, uint32_t n);
void kernel_not(uint8_t *r, const uint8_t *a, uint32_t n);

/* ---- choices and moves ---- */
/* r[i] = c[i] ? a[i] : b[i], and `poison` where the flag is poison. */
void kernel_select_8(double *r, const uint8_t *c, size_t c_step, const double *a, size_t a_step, const double *b,
                     size_t b_step, double poison, uint32_t n);
void kernel_select_4(uint32_t *r, const uint8_t *c, size_t c_step, const uint32_t *a, size_t a_step, const uint32_t *b,
                     size_t b_step, uint32_t poison, uint32_t n);
void kernel_select_1(uint8_t *r, const uint8_t *c, size_t c_step, const uint8_t *a, size_t a_step, const uint8_t *b,
                     size_t b_step, uint8_t poison, uint32_t n);
void kernel_gather_8(double *r, const double *a, const uint32_t *rows, uint32_t n);
void kernel_gather_4(uint32_t *r, const uint32_t *a, const uint32_t *rows, uint32_t n);
void kernel_gather_1(uint8_t *r, const uint8_t *a, const uint32_t *rows, uint32_t n);

#endif
