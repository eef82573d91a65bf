/* Units in data: the unit system in which units of data and of factor files are read, with the units a program
   declares. Lives in the arena given. Bounded: the texts of strangers add nothing to the system but a limited memo.
   Must not know of fields or records. */
#ifndef ZUJI_VM_DATA_UNIT_H
#define ZUJI_VM_DATA_UNIT_H

#include "vm/program.h"

struct data_units;

struct data_units *data_units_new(struct arena *arena, const struct program *program);
/* The program's unit, as a unit of the system; lives as long as the units. */
const struct unit *data_unit_of(const struct data_units *units, uint16_t unit);
struct str data_unit_text(const struct data_units *units,
                          uint16_t unit); /* as the program spells it; "1" for a plain number */
/* Reads a unit text. Tags that the program does not know are unknown words. */
struct unit_parse data_unit_read(struct data_units *units, struct str text, struct unit *out);
struct str data_unit_nearest(const struct data_units *units, struct str word);
/* Whether amounts in one can be given in the other: equal kinds, and both or neither with an origin of its own. */
bool data_unit_fits(const struct unit *from, const struct unit *to);
struct rat data_unit_convert(struct arena *arena, struct rat amount, const struct unit *from, const struct unit *to);

/* ---- numbers ---- */
enum { NUMBER_TEXT_MAX = 1000 }; /* bytes: no measurement has as many digits, and exact arithmetic has its price */

struct data_number {
    double value;     /* the nearest double, 0 or 1e-60 .. 1e60 in size, never -0 */
    bool is_aside;    /* the shortest decimal of `value` is not the number: `exact` holds it */
    struct rat exact; /* only where is_aside */
};
/* Is the text a number as people of some country write it, "1.234,5", "12 345 kg", "1,200"? *meant is the number where only
   one can be meant, else empty. */
bool number_is_grouped(struct arena *arena, struct str text, struct str *meant);
/* Length of the number at the beginning of the text: [+-]digits[.digits][e[+-]digits]; 0 where there is none. */
size_t number_length(struct str text);
/* Reads a whole number text, given in `from` (NULL: in `to` already) and wanted in `to`, which fits. DIAG_NONE, or what
   is wrong with it: D_DATA_LONG_NUMBER, D_DATA_MAGNITUDE or D_DATA_NUMBER_EXPECTED. */
enum diag_code number_read(struct arena *arena, struct str text, const struct unit *from, const struct unit *to,
                           struct data_number *out);
struct rat number_exact(struct arena *arena, const struct data_number *number);

#endif
