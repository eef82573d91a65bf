#include "vm/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "vm/functions.h"

double statistics_mean(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += x[i];
    }
    double mean = sum / (double)count;
    double left = 0; /* what rounding made of the sum */
    for (size_t i = 0; i < count; i++) {
        left += x[i] - mean;
    }
    return mean + left / (double)count;
}

double statistics_variance(const double *x, size_t count)
{
    if (count < 2) {
        return 0;
    }
    double mean = statistics_mean(x, count);
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    return squares / (double)(count - 1);
}

double statistics_geometric_deviation(const double *x, size_t count)
{
    double mean = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) { /* one walk (Welford): the logarithms are kept nowhere */
        if (!(x[i] > 0)) {
            return 0;
        }
        double ln = function_ln(x[i]);
        double apart = ln - mean;
        mean += apart / (double)(i + 1);
        squares += apart * (ln - mean);
    }
    double deviation = count < 2 ? 0 : sqrt(squares / (double)(count - 1));
    const double largest = 700;
    return deviation > largest ? 0 : function_exp(deviation);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void statistics_sort(double *x, size_t count)
{
    if (count > 1) {
        qsort(x, count, sizeof *x, compare_doubles);
    }
}

double statistics_quantile(const double *sorted, size_t count, double p)
{
    double place = (double)(count - 1) * p;
    size_t below = (size_t)place;
    if (below + 1 >= count) {
        return sorted[count - 1];
    }
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

static int compare_ranked(const void *a, const void *b)
{
    return compare_doubles(&((const struct ranked *)a)->value, &((const struct ranked *)b)->value);
}

void statistics_rank(const double *x, size_t count, struct ranked *scratch, double *ranks)
{
    for (size_t i = 0; i < count; i++) {
        scratch[i] = (struct ranked){x[i], (uint32_t)i};
    }
    if (count > 1) {
        qsort(scratch, count, sizeof *scratch, compare_ranked);
    }
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && !(scratch[to].value > scratch[from].value)) {
            to++;
        }
        for (size_t i = from; i < to; i++) {
            ranks[scratch[i].number] = (double)(from + 1 + to) / 2;
        }
    }
}

double statistics_correlation(const double *x, const double *y, size_t count)
{
    double mean_x = statistics_mean(x, count);
    double mean_y = statistics_mean(y, count);
    double both = 0;
    double squares_x = 0;
    double squares_y = 0;
    for (size_t i = 0; i < count; i++) {
        both += (x[i] - mean_x) * (y[i] - mean_y);
        squares_x += (x[i] - mean_x) * (x[i] - mean_x);
        squares_y += (y[i] - mean_y) * (y[i] - mean_y);
    }
    double scale = sqrt(squares_x) * sqrt(squares_y);
    return scale > 0 ? both / scale : 0;
}
