/* Enthalpy of water and steam after the industrial formulation of 1997 (IAPWS R7-97(2012)): regions 1 and 2 and the
   saturation line, region 4. Beyond them (above 623.15 K at high pressure, region 3; above 1073.15 K, region 5) there
   is no value. Only sums, products, quotients and square roots: the same bits on every machine. Must not know of rules.
 */
#include <math.h>

#include "stdlib/natives.h"

static const double R = 0.461526;                                                 /* kJ/(kg·K) */
static const double COLDEST = 273.15, SATURATED_MOST = 623.15, HOTTEST = 1073.15; /* K */
static const double PRESSURE_MOST = 100;                                          /* MPa */

struct term { /* n · a^i · b^j */
    int i, j;
    double n;
};

/* clang-format off */
/* Table 2: region 1. */
static const struct term WATER[] = {
    {0, -2, 1.4632971213167e-1}, {0, -1, -8.4548187169114e-1}, {0, 0, -3.7563603672040e0}, {0, 1, 3.3855169168385e0},
    {0, 2, -9.5791963387872e-1}, {0, 3, 1.5772038513228e-1}, {0, 4, -1.6616417199501e-2}, {0, 5, 8.1214629983568e-4},
    {1, -9, 2.8319080123804e-4}, {1, -7, -6.0706301565874e-4}, {1, -1, -1.8990068218419e-2},
    {1, 0, -3.2529748770505e-2}, {1, 1, -2.1841717175414e-2}, {1, 3, -5.2838357969930e-5},
    {2, -3, -4.7184321073267e-4}, {2, 0, -3.0001780793026e-4}, {2, 1, 4.7661393906987e-5},
    {2, 3, -4.4141845330846e-6}, {2, 17, -7.2694996297594e-16}, {3, -4, -3.1679644845054e-5},
    {3, 0, -2.8270797985312e-6}, {3, 6, -8.5205128120103e-10}, {4, -5, -2.2425281908000e-6},
    {4, -2, -6.5171222895601e-7}, {4, 10, -1.4341729937924e-13}, {5, -8, -4.0516996860117e-7},
    {8, -11, -1.2734301741641e-9}, {8, -6, -1.7424871230634e-10}, {21, -29, -6.8762131295531e-19},
    {23, -31, 1.4478307828521e-20}, {29, -38, 2.6335781662795e-23}, {30, -39, -1.1947622640071e-23},
    {31, -40, 1.8228094581404e-24}, {32, -41, -9.3537087292458e-26}
};

/* Tables 10 and 11: region 2, the ideal part (of j only) and the residual part. */
static const struct term IDEAL[] = {
    {0, 0, -9.6927686500217e0}, {0, 1, 1.0086655968018e1}, {0, -5, -5.6087911283020e-3}, {0, -4, 7.1452738081455e-2},
    {0, -3, -4.0710498223928e-1}, {0, -2, 1.4240819171444e0}, {0, -1, -4.3839511319450e0},
    {0, 2, -2.8408632460772e-1}, {0, 3, 2.1268463753307e-2}
};
static const struct term RESIDUAL[] = {
    {1, 0, -1.7731742473213e-3}, {1, 1, -1.7834862292358e-2}, {1, 2, -4.5996013696365e-2},
    {1, 3, -5.7581259083432e-2}, {1, 6, -5.0325278727930e-2}, {2, 1, -3.3032641670203e-5},
    {2, 2, -1.8948987516315e-4}, {2, 4, -3.9392777243355e-3}, {2, 7, -4.3797295650573e-2},
    {2, 36, -2.6674547914087e-5}, {3, 0, 2.0481737692309e-8}, {3, 1, 4.3870667284435e-7}, {3, 3, -3.2277677238570e-5},
    {3, 6, -1.5033924542148e-3}, {3, 35, -4.0668253562649e-2}, {4, 1, -7.8847309559367e-10},
    {4, 2, 1.2790717852285e-8}, {4, 3, 4.8225372718507e-7}, {5, 7, 2.2922076337661e-6}, {6, 3, -1.6714766451061e-11},
    {6, 16, -2.1171472321355e-3}, {6, 35, -2.3895741934104e1}, {7, 0, -5.9059564324270e-18},
    {7, 11, -1.2621808899101e-6}, {7, 25, -3.8946842435739e-2}, {8, 8, 1.1256211360459e-11},
    {8, 36, -8.2311340897998e0}, {9, 13, 1.9809712802088e-8}, {10, 4, 1.0406965210174e-19},
    {10, 10, -1.0234747095929e-13}, {10, 14, -1.0018179379511e-9}, {16, 29, -8.0882908646985e-11},
    {16, 50, 1.0693031879409e-1}, {18, 57, -3.3662250574171e-1}, {20, 20, 8.9185845355421e-25},
    {20, 35, 3.0629316876232e-13}, {20, 48, -4.2002467698208e-6}, {21, 21, -5.9056029685639e-26},
    {22, 53, 3.7826947613457e-6}, {23, 39, -1.2768608934681e-15}, {24, 26, 7.3087610595061e-29},
    {24, 40, 5.5414715350778e-17}, {24, 58, -9.4369707241210e-7}
};

/* Table 34: the saturation line, n1 to n10. */
static const double LINE[] = {0, 1.1670521452767e3, -7.2421316703206e5, -1.7073846940092e1, 1.2020824702470e4, -3.2325550322333e6,
    1.4915108613530e1, -4.8232657361591e3, 4.0511340542057e5, -2.3855557567849e-1, 6.5017534844798e2};
/* clang-format on */

static double power(double base, int exponent)
{
    unsigned left = exponent < 0 ? (unsigned)-exponent : (unsigned)exponent;
    double result = 1, square = base;
    for (; left > 0; left /= 2) {
        result = left % 2 == 1 ? result * square : result;
        square *= square;
    }
    return exponent < 0 ? 1 / result : result;
}

/* The derivative to b of the sum of terms. */
static double slope(const struct term *terms, size_t count, double a, double b)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        if (terms[k].j != 0) {
            sum += terms[k].n * power(a, terms[k].i) * terms[k].j * power(b, terms[k].j - 1);
        }
    }
    return sum;
}

#define TERMS(table) (table), sizeof(table) / sizeof *(table)

/* Equation 7. */
static double water_enthalpy(double p, double t)
{
    double reduced = 1386 / t;
    return R * t * reduced * slope(TERMS(WATER), 7.1 - p / 16.53, reduced - 1.222);
}

/* Equations 15 to 17. */
static double vapour_enthalpy(double p, double t)
{
    double reduced = 540 / t;
    return R * t * reduced * (slope(TERMS(IDEAL), 1, reduced) + slope(TERMS(RESIDUAL), p, reduced - 0.5));
}

/* Equation 30, from 273.15 K to the critical point. */
static double pressure_at(double t)
{
    double x = t + LINE[9] / (t - LINE[10]);
    double a = x * x + LINE[1] * x + LINE[2];
    double b = LINE[3] * x * x + LINE[4] * x + LINE[5];
    double c = LINE[6] * x * x + LINE[7] * x + LINE[8];
    return power(2 * c / (-b + sqrt(b * b - 4 * a * c)), 4);
}

/* Equation 31, its inverse. */
static double temperature_at(double p)
{
    double x = sqrt(sqrt(p));
    double e = x * x + LINE[3] * x + LINE[6];
    double f = LINE[1] * x * x + LINE[4] * x + LINE[7];
    double g = LINE[2] * x * x + LINE[5] * x + LINE[8];
    double d = 2 * g / (-f - sqrt(f * f - 4 * e * g));
    double sum = LINE[10] + d;
    return (sum - sqrt(sum * sum - 4 * (LINE[9] + LINE[10] * d))) / 2;
}

/* Equation 5: the pressure between regions 2 and 3. */
static double dense_from(double t)
{
    return 3.4805185628969e2 - 1.1671859879975 * t + 1.0192970039326e-3 * t * t;
}

static double enthalpy(double p, double t)
{
    if (!(p > 0 && p <= PRESSURE_MOST && t >= COLDEST && t <= HOTTEST)) {
        return NAN;
    }
    if (t <= SATURATED_MOST) {
        return p >= pressure_at(t) ? water_enthalpy(p, t) : vapour_enthalpy(p, t);
    }
    bool is_dense = t < 863.15 && p > dense_from(t);
    return is_dense ? NAN : vapour_enthalpy(p, t);
}

static bool is_saturated(double p)
{
    return p >= pressure_at(COLDEST) && p <= pressure_at(SATURATED_MOST);
}

int zuji_std_water_enthalpy(void *user, size_t rows, const double *pressure, const double *temperature, double *result)
{
    (void)user;
    for (size_t row = 0; row < rows; row++) {
        result[row] = enthalpy(pressure[row], temperature[row]);
    }
    return 0;
}

int zuji_std_saturated_enthalpy(void *user, size_t rows, const double *pressure, const double *dryness, double *result)
{
    (void)user;
    for (size_t row = 0; row < rows; row++) {
        bool is_known = is_saturated(pressure[row]) && dryness[row] >= 0 && dryness[row] <= 1;
        double t = is_known ? temperature_at(pressure[row]) : NAN;
        double water = is_known ? water_enthalpy(pressure[row], t) : NAN;
        result[row] = is_known ? water + dryness[row] * (vapour_enthalpy(pressure[row], t) - water) : NAN;
    }
    return 0;
}

int zuji_std_saturation_temperature(void *user, size_t rows, const double *pressure, double *result)
{
    (void)user;
    for (size_t row = 0; row < rows; row++) {
        bool is_known = pressure[row] >= pressure_at(COLDEST) && pressure[row] <= 22.064;
        result[row] = is_known ? temperature_at(pressure[row]) : NAN;
    }
    return 0;
}

int zuji_std_saturation_pressure(void *user, size_t rows, const double *temperature, double *result)
{
    (void)user;
    for (size_t row = 0; row < rows; row++) {
        bool is_known = temperature[row] >= COLDEST && temperature[row] <= 647.096;
        result[row] = is_known ? pressure_at(temperature[row]) : NAN;
    }
    return 0;
}
