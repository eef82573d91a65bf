/* The angle between two places on a sphere. Must not know of rules or of the size of the sphere. */
#include <math.h>

#include "stdlib/natives.h"

/* By the formula of Vincenty (1975) on a sphere, which is well conditioned for places that are near, opposite, or
   anything between: the cosine alone is not for near ones, the haversine not for opposite ones. */
static double angle(double from, double to, double turn)
{
    static const double DEGREE = 0.017453292519943295;
    double from_sine = sin(from * DEGREE), from_cosine = cos(from * DEGREE);
    double to_sine = sin(to * DEGREE), to_cosine = cos(to * DEGREE);
    double turn_sine = sin(turn * DEGREE), turn_cosine = cos(turn * DEGREE);
    double across = to_cosine * turn_sine;
    double along = from_cosine * to_sine - from_sine * to_cosine * turn_cosine;
    return atan2(sqrt(across * across + along * along), from_sine * to_sine + from_cosine * to_cosine * turn_cosine);
}

int zuji_std_central_angle(void *user, size_t rows, const double *from, const double *to, const double *turn,
                           double *result)
{
    (void)user;
    for (size_t row = 0; row < rows; row++) {
        bool is_known = fabs(from[row]) <= 90 && fabs(to[row]) <= 90 && fabs(turn[row]) <= 360;
        result[row] = is_known ? angle(from[row], to[row], turn[row]) : NAN;
    }
    return 0;
}
