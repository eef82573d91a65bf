/* Rounding: certain where the value is further from a tie (or, for directed modes, from a multiple) than its error.
   Near one a value that is known as a decimal is rounded exactly, and of others the grid may say that they are just
   there; what is left is poison. */
#include <math.h>

#include "base/decimal.h"
#include "vm/fast_run.h"

enum { EXACT_POWERS = 23 };
static const double powers_of_ten[EXACT_POWERS] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

struct rounding_of {
    struct fast_run *run;
    uint32_t instruction;
    const struct instruction *at;
    enum rounding mode;
    const struct fast_register *a;
    struct fast_register *out;
    struct rat step;           /* ROUND */
    double numerator, divisor; /* of the step, as exact doubles */
    double digits;             /* divisor * digits is a power of ten; 0: multiples of the step are no decimals */
};

/* ---- t to a whole number ---- */

static double choose_directed(enum rounding mode, double low, double t)
{
    bool is_up = mode == ROUND_CEIL || (mode == ROUND_TRUNCATE && t < 0) || (mode == ROUND_AWAY && t > 0);
    return is_up ? low + 1 : low;
}

static bool is_half_mode(enum rounding mode)
{
    return mode == ROUND_HALF_EVEN || mode == ROUND_HALF_UP || mode == ROUND_HALF_AWAY || mode == ROUND_HALF_DOWN;
}

/* low + 1/2 by this mode. */
static double choose_half(enum rounding mode, double low)
{
    bool is_odd = (int64_t)low % 2 != 0;
    bool is_up = mode == ROUND_HALF_UP || (mode == ROUND_HALF_EVEN && is_odd) || (mode == ROUND_HALF_AWAY && low >= 0);
    return is_up ? low + 1 : low;
}

struct whole {
    bool is_certain;
    double value; /* t rounded; where it is not certain, what it is if t is exactly at the place nearest to it where the
                     result changes: a tie, or for directed modes a whole number */
    double apart; /* how far t may be from that place */
};

/* t is wrong by at most `bound`. */
static struct whole round_whole(enum rounding mode, double t, double bound)
{
    if (!(t > -0x1p51 && t < 0x1p51)) {
        return (struct whole){.apart = NAN};
    }
    if (t == 0 && bound == 0) {
        return (struct whole){.is_certain = true};
    }
    double low = (double)(int64_t)t;
    low = low > t ? low - 1 : low;
    double fraction = t - low;
    double limit = bound * WIDER;
    if (is_half_mode(mode)) {
        double distance = fraction > 0.5 ? fraction - 0.5 : 0.5 - fraction;
        if (distance > limit) { /* no tie: all these modes agree */
            return (struct whole){.is_certain = true, .value = fraction > 0.5 ? low + 1 : low};
        }
        return (struct whole){.value = choose_half(mode, low), .apart = distance + limit};
    }
    double rest = low + 1 - t; /* not 1 - fraction: of t just below 0 that is rounded to 0 */
    if (fraction > limit && rest > limit) {
        return (struct whole){.is_certain = true, .value = choose_directed(mode, low, t)};
    }
    bool is_above = fraction > 0.5;
    return (struct whole){.value = is_above ? low + 1 : low, .apart = (is_above ? rest : fraction) + limit};
}

/* ---- the exact way ---- */

static bool is_known_exactly(const struct fast_register *from)
{
    return (from->grade & (GRADE_EXACT | GRADE_DATUM)) != 0;
}

/* The decimal or fraction that the double stands for. */
static struct rat exact_value(struct arena *arena, const struct fast_register *from, uint32_t row)
{
    double value = from->as.number[(size_t)row * from->step];
    return from->grade & GRADE_DATUM ? rat_of_datum(arena, value) : rat_of_double(arena, value);
}

static double round_exactly(const struct rounding_of *of, uint32_t row)
{
    struct arena *arena = of->run->arena;
    struct arena_mark mark = arena_mark(arena);
    struct rat value = exact_value(arena, of->a, row);
    struct rat rounded = of->at->op == OP_ROUND ? rat_round(arena, value, of->step, of->mode)
                                                : rat_round_significant(arena, value, (int)of->at->b, of->mode);
    double nearest = rat_to_double(rounded);
    arena_reset(arena, mark);
    return nearest;
}

/* Is the number, which is so near to a multiple of half the step, that multiple? `step` is the grid of the steps. */
static bool is_at_place(const struct rounding_of *of, uint32_t row, struct grid step, double apart)
{
    struct grid half = grid_product(step, grid_of_inverse(rat_int(2)));
    if (of->a->grade & GRADE_DATUM) {
        double datum = of->a->as.number[(size_t)row * of->a->step];
        return grid_is_wider(grid_join(grid_of_datum(datum), half), apart);
    }
    uint32_t product = fast_product_for(of->run, of->instruction, row);
    bool is_there = fast_is_at(of->run->engine, product, of->at->a, half, apart);
    if (is_there && !is_known_exactly(of->a)) {
        fast_doubt_row(of->run, of->instruction, row, ZUJI_DOUBT_ROUNDING, ZUJI_BY_GRID);
    }
    return is_there;
}

/* ---- ROUND ---- */

/* What a rounded value must keep to: to be the nearest double, and the shortest decimal of it. */
static bool is_in_range(const struct rounding_of *of, double units)
{
    double size = units < 0 ? -units : units;
    return size < (of->digits > 0 ? 1e15 / of->digits : 0x1p53);
}

static double round_to_step(const struct rounding_of *of, uint32_t row)
{
    double value = of->a->as.number[(size_t)row * of->a->step];
    double t = value * of->divisor / of->numerator;
    double size = t < 0 ? -t : t;
    double bound = fast_bound(of->a, row) * of->divisor / of->numerator;
    bound = size == 0 && bound == 0 ? 0 : bound + 3 * ROUNDOFF * size;
    struct whole whole = round_whole(of->mode, t, bound);
    whole.is_certain = whole.is_certain || of->run->engine->is_plain;
    double apart = whole.apart * of->numerator / of->divisor * WIDER;
    if (whole.is_certain || (size < 0x1p51 && is_at_place(of, row, grid_of_rat(of->step), apart))) {
        double units = whole.value * of->numerator;
        return is_in_range(of, units) ? units / of->divisor + 0.0 : NAN;
    }
    double rounded = is_known_exactly(of->a) && size < 0x1p51 ? round_exactly(of, row) : NAN;
    return is_in_range(of, rounded * of->divisor) ? rounded : NAN;
}

/* How many times the divisor goes into the smallest power of ten that it divides; 0: it divides none of a reasonable
 * size. */
static double digits_of(double divisor)
{
    uint64_t left = (uint64_t)divisor;
    int twos = 0;
    int fives = 0;
    for (; left % 2 == 0; left /= 2) {
        twos++;
    }
    for (; left % 5 == 0; left /= 5) {
        fives++;
    }
    int power = twos > fives ? twos : fives;
    if (left != 1 || power >= EXACT_POWERS) {
        return 0;
    }
    return powers_of_ten[power] / divisor; /* a power of two or of five below 2^53: exact */
}

static bool exact_double(int128 value, double *to)
{
    if (value > ((int128)1 << 53) || value < 1) {
        return false;
    }
    *to = (double)(int64_t)value;
    return true;
}

/* Reads the step; false where it is not a fraction of small numbers: then nothing is rounded here. */
static bool read_step(struct rounding_of *of)
{
    const struct instruction *step = &of->run->program->code[of->run->facts[of->at->b].same];
    if (step->op != OP_CONST) {
        return false;
    }
    of->step = of->run->program->constants[step->a].number;
    if (of->step.big != NULL || !exact_double(of->step.num, &of->numerator) ||
        !exact_double(of->step.den, &of->divisor)) {
        return false;
    }
    of->digits = digits_of(of->divisor);
    return true;
}

/* ---- ROUNDSIG ---- */

/* floor(log10(size)), or one off where the size is within two roundings of a power of ten: both steps give the same
 * there, or are uncertain. */
static bool decimal_exponent(double size, int *exponent)
{
    if (!(size < 1e22 && size >= 1e-22)) {
        return false;
    }
    int found = 0;
    for (; size >= 10; size /= 10) {
        found++;
    }
    for (; size < 1; size *= 10) {
        found--;
    }
    *exponent = found;
    return true;
}

/* May the number, t to the nearest step, have fewer digits before the point of t than these? Then its steps are finer:
   tenths, of which this is the nearest only if it is within a twentieth. */
static bool is_of_finer_steps(const struct rounding_of *of, double t, double t_bound)
{
    const double reach = 0x1.8p-5; /* a little less */
    double size = t < 0 ? -t : t;
    return is_half_mode(of->mode) && size - t_bound * WIDER < powers_of_ten[of->at->b - 1] - reach;
}

static double round_significant(const struct rounding_of *of, uint32_t row)
{
    double value = of->a->as.number[(size_t)row * of->a->step];
    double bound = fast_bound(of->a, row);
    int exponent = 0;
    if (value != value || (value == 0 && bound == 0)) {
        return value;
    }
    double size = value < 0 ? -value : value;
    if (size <= bound * WIDER) { /* has it digits at all? */
        return is_at_place(of, row, GRID_ZERO, (size + bound) * WIDER) ? 0 : NAN;
    }
    bool is_sized = decimal_exponent(size, &exponent);
    int places = (int)of->at->b - 1 - exponent; /* of the step: 10^-places */
    if (!is_sized || places <= -EXACT_POWERS || places >= EXACT_POWERS) {
        return is_known_exactly(of->a) ? round_exactly(of, row) : NAN;
    }
    double scale = powers_of_ten[places < 0 ? -places : places];
    double t = places < 0 ? value / scale : value * scale;
    double t_bound = (places < 0 ? bound / scale : bound * scale) + 2 * ROUNDOFF * (t < 0 ? -t : t);
    struct whole whole = round_whole(of->mode, t, t_bound);
    if (is_of_finer_steps(of, t, t_bound)) {
        whole = (struct whole){.value = whole.value, .apart = NAN};
    }
    whole.is_certain = whole.is_certain || of->run->engine->is_plain;
    double apart = (places < 0 ? whole.apart * scale : whole.apart / scale) * WIDER;
    if (whole.is_certain || is_at_place(of, row, (struct grid){(int16_t)places, 1}, apart)) {
        return places < 0 ? whole.value * scale : whole.value / scale;
    }
    return is_known_exactly(of->a) ? round_exactly(of, row) : NAN;
}

/* ---- both ---- */

void fast_round(struct fast_run *run, const struct step *step)
{
    const struct instruction *at = &run->program->code[step->instruction];
    uint32_t rows = fast_make(run, step);
    struct rounding_of of = {.run = run, .instruction = step->instruction, .at = at, .mode = (enum rounding)at->imm};
    of.a = fast_register_of(run, at->a);
    of.out = &run->registers[step->instruction];
    bool is_step = at->op == OP_ROUND;
    bool is_possible = !is_step || read_step(&of);
    for (uint32_t row = 0; row < rows; row++) {
        of.out->as.number[row] = !is_possible ? NAN : is_step ? round_to_step(&of, row) : round_significant(&of, row);
        if (fast_is_poison(of.out, FORM_NUMBER, row) && !fast_is_poison(of.a, FORM_NUMBER, row)) {
            fast_leave(run, row);
        }
    }
    fast_settle_left(run, step, ZUJI_DOUBT_ROUNDING);
    of.out->k = run->facts[step->instruction].is_whole ? 0 : 1;
    if (of.out->grade == 0) {
        of.out->grade = GRADE_NEAREST | (!is_step || of.digits > 0 ? GRADE_DATUM : 0);
    }
}
