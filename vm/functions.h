/* Exponential, logarithm and power of doubles, without a mathematical library: the same bits on every machine that adds
   and multiplies as IEEE 754 says. Errors are in units of 2^-53 of the result; how they are reached stands in the file,
   and tests/unit/t_functions.c compares a million of them with MPFR. Arguments are ordinary numbers (normal, finite).
   Must not know of columns or bounds. */
#ifndef ZUJI_VM_FUNCTIONS_H
#define ZUJI_VM_FUNCTIONS_H

/* The numbers by which the errors of the results exceed those that come from the arguments (MACHINE 2.1 has them). */
#define FUNCTION_EXP_ERROR 4 /* measured: 1.1 */
#define FUNCTION_LN_ERROR 4  /* measured: 1.0 */
#define FUNCTION_POW_ERROR 8 /* measured: 1.2 */

double function_exp(double x);           /* |x| <= 701 */
double function_ln(double x);            /* x > 0 */
double function_pow(double x, double y); /* x > 0; NaN where |y ln x| is beyond 701 */

#endif
