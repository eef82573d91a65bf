/* Decimal text and doubles, exact and independent of the locale, of libc's strtod and printf.
   What a datum is (MACHINE 2.3): the shortest decimal that reads as its nearest double.
   Knows nothing of JSON or of units. */
#ifndef ZUJI_BASE_DECIMAL_H
#define ZUJI_BASE_DECIMAL_H

#include "base/rational.h"

/* Reads [+-]digits[.digits][(e|E)[+-]digits] (digits may also lead with '.' never). False where the text is not of
   that form or the decimal exponent of its value is beyond +-10000. */
bool decimal_to_rat(struct arena *arena, struct str text, struct rat *out);
/* The double nearest to the decimal (ties to even); overflow gives +-infinity, underflow 0 or a denormal. */
bool decimal_to_double(struct str text, double *out);
/* The shortest decimal that reads as x (finite), nearest to x among the shortest: digits without leading or trailing
   zeros ("0" for zero) as an integer of at most 17 digits, and the power of ten: x = digits * 10^exponent. */
struct decimal {
    bool is_negative;
    uint64_t digits;
    int exponent;
};
struct decimal decimal_shortest(double x);
/* The same as text of a JSON number: "0.1", "1500", "1.5e-7", "1e+21" (plain between 1e-7 and 1e21, as in ECMAScript). */
#define DECIMAL_TEXT_MAX 32
size_t decimal_print(double x, char out[DECIMAL_TEXT_MAX]); /* length, without NUL */
/* The exact value of a double as a datum (its shortest decimal), or as the binary fraction it is. */
struct rat rat_of_datum(struct arena *arena, double x);
struct rat rat_of_double(struct arena *arena, double x);
/* The double nearest to a (ties to even); of an enclosure, to its middle. */
double rat_to_double(struct rat a);
/* a, which must be an integer multiple of 10^-places, in plain decimal notation with exactly `places` decimals. */
struct str rat_fixed(struct arena *arena, struct rat a, int places);
/* a in plain decimal notation, exact where its denominator has only factors 2 and 5, else its first `digits` significant
   digits, and all before the point, followed by the character U+2026; of an enclosure its middle is shown so, rounded. NUL-terminated. */
struct str rat_decimal(struct arena *arena, struct rat a, int digits);

#endif
