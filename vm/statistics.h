/* What samples say of a figure. Pure arithmetic on arrays; scratch memory comes from the caller.
   Must not know what the numbers are of. */
#ifndef ZUJI_VM_STATISTICS_H
#define ZUJI_VM_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

struct ranked {
    double value;
    uint32_t number;
};
double statistics_mean(const double *x, size_t count); /* count > 0 */
/* Of a sample: divided by count - 1; 0 where there are fewer than two. */
double statistics_variance(const double *x, size_t count);
/* exp of the standard deviation of the logarithms; 0 where a number is not above zero. */
double statistics_geometric_deviation(const double *x, size_t count);
void statistics_sort(double *x, size_t count);
/* Of sorted numbers: between the two at (count - 1) p (type 7 of Hyndman and Fan, Sample quantiles in statistical
   packages, 1996). */
double statistics_quantile(const double *sorted, size_t count, double p);
/* The rank of each from 1, of equal ones the mean of theirs; scratch of `count`. */
void statistics_rank(const double *x, size_t count, struct ranked *scratch, double *ranks);
/* Pearson's; of ranks Spearman's. 0 where one of the two does not vary. */
double statistics_correlation(const double *x, const double *y, size_t count);

#endif
