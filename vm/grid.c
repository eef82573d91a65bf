#include "vm/grid.h"

#include "base/decimal.h"

static struct grid grid_at(long places, uint64_t divisor)
{
    if (divisor == 0 || divisor > UINT32_MAX || places > GRID_PLACES_MAX) {
        return GRID_UNKNOWN;
    }
    return (struct grid){(int16_t)(places < -GRID_PLACES_MAX ? -GRID_PLACES_MAX : places), (uint32_t)divisor};
}

/* How often the factor goes into the number, which is divided by it as often. */
static int strip(uint128 *number, uint128 factor)
{
    int count = 0;
    while (*number % factor == 0) {
        *number /= factor;
        count++;
    }
    return count;
}

/* Of num / den > 0. */
static struct grid grid_of_ratio(uint128 num, uint128 den)
{
    int twos = strip(&den, 2);
    int fives = strip(&den, 5);
    int places = twos > fives ? twos : fives;
    places = places > 0 ? places : -strip(&num, 10);
    return den > UINT32_MAX ? GRID_UNKNOWN : grid_at(places, (uint64_t)den);
}

struct grid grid_of_rat(struct rat number)
{
    if (number.big != NULL) {
        return GRID_UNKNOWN;
    }
    uint128 num = number.num < 0 ? -(uint128)number.num : (uint128)number.num;
    return num == 0 ? GRID_ZERO : grid_of_ratio(num, (uint128)number.den);
}

struct grid grid_of_inverse(struct rat number)
{
    if (number.big != NULL || number.num == 0) {
        return GRID_UNKNOWN;
    }
    return grid_of_ratio((uint128)number.den, number.num < 0 ? -(uint128)number.num : (uint128)number.num);
}

/* A decimal of at most 15 digits that reads as a double is its shortest one: most data are found by trying. */
enum { TRIED = 7 };
static const double tried_powers[TRIED] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

static inline bool has_places(double size, int places)
{
    double digits = size * tried_powers[places];
    return digits < 1e15 && (double)(int64_t)digits == digits && digits / tried_powers[places] == size;
}

struct grid grid_of_datum(double datum)
{
    double size = datum < 0 ? -datum : datum;
    if (datum == 0) {
        return GRID_ZERO;
    }
    for (int places = 0; places < TRIED; places++) {
        if (has_places(size, places)) {
            return grid_at(places, 1);
        }
    }
    if (!(size <= 1e300)) {
        return GRID_UNKNOWN;
    }
    return grid_at(-decimal_shortest(datum).exponent, 1);
}

struct grid grid_of_data(const double *data, size_t count, double *most)
{
    struct grid grid = GRID_ZERO;
    *most = 0;
    for (size_t i = 0; i < count && grid.divisor != 0; i++) {
        double size = data[i] < 0 ? -data[i] : data[i];
        *most = size > *most ? size : *most;
        bool is_on_grid = size == 0 || (grid.places >= 0 && grid.places < TRIED && has_places(size, grid.places));
        if (!is_on_grid) {
            grid = grid_join(grid, grid_of_datum(size));
        }
    }
    return grid;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

struct grid grid_join(struct grid a, struct grid b)
{
    if (a.divisor == 0 || b.divisor == 0) {
        return GRID_UNKNOWN;
    }
    uint64_t multiple =
        a.divisor == b.divisor ? a.divisor : (uint64_t)a.divisor / common_divisor(a.divisor, b.divisor) * b.divisor;
    return grid_at(a.places > b.places ? a.places : b.places, multiple);
}

struct grid grid_product(struct grid a, struct grid b)
{
    return grid_at((long)a.places + b.places, (uint64_t)a.divisor * b.divisor);
}

struct grid grid_power(struct grid a, int exponent)
{
    struct grid power = GRID_WHOLE;
    for (; exponent > 0; exponent--) {
        power = grid_product(power, a);
    }
    return power;
}

static double power_of_ten(int exponent) /* >= 0; to a relative 2^-47 */
{
    enum { EXACT = 22 };
    static const double powers[EXACT + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                             1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double power = 1;
    for (; exponent > EXACT; exponent -= EXACT) {
        power *= powers[EXACT];
    }
    return power * powers[exponent];
}

double grid_unit(struct grid grid)
{
    double power = power_of_ten(grid.places < 0 ? -grid.places : grid.places);
    double unit = grid.places < 0 ? power : 1 / power;
    return grid.divisor == 0 ? 0 : unit / grid.divisor * (1 - 0x1p-40);
}

bool grid_is_wider(struct grid grid, double apart)
{
    const double safety = 1 + 0x1p-40; /* for the roundings here */
    if (grid.divisor == 0) {
        return false;
    }
    double units = apart * grid.divisor * safety; /* unit = 10^-places / divisor */
    return grid.places >= 0 ? units * power_of_ten(grid.places) < 1 : units < power_of_ten(-grid.places);
}
