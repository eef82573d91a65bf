/* An external function for rules, in a library of its own: the pressure of water vapour in air, by the formula of Magnus with the
   constants of the WMO (CIMO guide, 2008), good from -45 to 60 °C.
   Build: cc -shared -fPIC -o vapour.so vapour.c -lm
   Use:   zuji run drying.pcr data.json --allow-native vapour_pressure=./vapour.so:vapour_pressure
   A rule declares it as: external function vapour_pressure(t: K, humidity: number): Pa */
#include <math.h>
#include <stddef.h>

/* The command line compares it with what the rule declares. */
const char vapour_pressure_signature[] = "(t: K, humidity: number): Pa";

/* A column for each parameter, one for the result; NaN where there is no value. 0: all went well. */
int vapour_pressure(void *user, size_t rows, const double *t, const double *humidity, double *result)
{
    (void)user;
    for (size_t row = 0; row < rows; row++) {
        double celsius = t[row] - 273.15;
        int is_known = celsius >= -45 && celsius <= 60 && humidity[row] >= 0 && humidity[row] <= 1;
        result[row] = is_known ? humidity[row] * 611.2 * exp(17.62 * celsius / (243.12 + celsius)) : NAN;
    }
    return 0;
}
