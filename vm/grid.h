/* The decimal grid: what is made of decimals by + - * lies on the multiples of a power of ten. Two numbers on a grid that
   are nearer to each other than its unit are equal, whatever the errors of their doubles: so equalities, limits and ties
   are settled that no bound can settle (the separation bounds of exact geometric computation).
   Knows of numbers only, not of programs or data. */
#ifndef ZUJI_VM_GRID_H
#define ZUJI_VM_GRID_H

#include "base/rational.h"

struct grid { /* the multiples of 1 / (divisor * 10^places) */
    int16_t places;   /* of data: decimals after the point; negative: zeros before it */
    uint32_t divisor; /* of constants such as 1/3; 0: nothing is known */
};
#define GRID_UNKNOWN ((struct grid){0, 0})
#define GRID_WHOLE ((struct grid){0, 1})
enum { GRID_PLACES_MAX = 300 };
#define GRID_ZERO ((struct grid){-GRID_PLACES_MAX, 1}) /* of 0, which is a multiple of anything */

/* Of the values that instructions have in a product: the sum of the terms * times / over. */
struct grid_sum {
    const uint32_t *terms;
    size_t count;
    struct rat times;
    uint32_t over; /* NO_OPERAND: 1 */
};

struct grid grid_of_rat(struct rat number);
struct grid grid_of_inverse(struct rat number); /* 1 / number, which is not 0 */
struct grid grid_of_datum(double datum);        /* the shortest decimal that reads as it */
/* Of all of them, and the largest size. */
struct grid grid_of_data(const double *data, size_t count, double *most);
/* Of one of two numbers, or their sum: a grid that both lie on. */
struct grid grid_join(struct grid a, struct grid b);
struct grid grid_product(struct grid a, struct grid b);
struct grid grid_power(struct grid a, int exponent); /* exponent >= 0 */
double grid_unit(struct grid grid); /* the nearest to 0 of the others, or a little less; 0 where nothing is known */
/* Are numbers on the grid, `apart` from each other by at most so much, equal? */
bool grid_is_wider(struct grid grid, double apart);

#endif
