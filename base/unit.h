/* Units of measurement: kinds (integer exponents over generators), exact scales, and the reading of unit texts.
   DESIGN 3, MACHINE 4. The predefined ones are rows of units.def; a unit_system adds those a rule declares, and tags.
   A unit_system lives in its arena. Knows nothing of expressions or inference. */
#ifndef ZUJI_BASE_UNIT_H
#define ZUJI_BASE_UNIT_H

#include "base/rational.h"
#include "base/map.h"

enum { UNIT_FACTORS_MAX = 16, UNIT_EXPONENT_MAX = 12 };

/* A kind: generator^exponent ..., sorted by generator, no zero exponents. Unused entries are zero, so memcmp compares. */
struct kind {
    struct {
        uint16_t generator;
        int16_t exponent;
    } factors[UNIT_FACTORS_MAX];
    uint16_t count;
};

/* One unit: 1 of it is `scale` coherent units of its kind (kg, m, s, K, ..., kgCO2e, item, CNY).
   A point (℃) is a reading of a scale with an origin: value in coherent unit = x * scale + offset. */
struct unit {
    struct kind kind;
    struct rat scale;  /* > 0 */
    bool is_point;
    struct rat offset; /* only for points */
};

enum generator_type { GENERATOR_BASE, GENERATOR_TAG };

struct generator {
    struct str name; /* "kg", "CO2e", "item", "CNY", or a tag's name */
    enum generator_type type;
};

struct unit_name {
    struct str name;
    struct unit unit;
    struct str spelling; /* how it is printed: the name itself; of an alias what it stands for ("kWh", "t·km") */
    bool is_alias;       /* another spelling: read, never printed */
};

struct unit_system {
    struct arena *arena;
    struct generator *generators;
    size_t generator_count, generator_cap;
    struct map generator_index; /* base names, and tags as "{name}" */
    struct unit_name *names;
    size_t name_count, name_cap;
    struct map name_index;
};

/* With all rows of units.def. */
struct unit_system *unit_system_new(struct arena *arena);
/* A new base (unit == NULL) or a multiple of a known unit. False where the name is taken. */
bool unit_declare(struct unit_system *system, struct str name, const struct unit *unit);
/* Another spelling of a known unit. False where it is taken. */
bool unit_alias(struct unit_system *system, struct str name, struct str alias);
uint16_t unit_tag(struct unit_system *system, struct str tag); /* generator of {tag}, made where new */

enum unit_error { UNIT_OK, UNIT_UNKNOWN, UNIT_SYNTAX, UNIT_TOO_LARGE, UNIT_POINT };
struct unit_parse {
    enum unit_error error;
    struct str word; /* the part at fault; a slice of the text */
};
/* Reads "kgCO2e/(t·km)", "kg{clinker}", "m3", "min/d", "1/a", "%", "千瓦时". Grammar: unit = term { ("·" | "*" | "/") term };
   term = symbol [exponent] ["{" tag "}"] | "(" unit ")" | "1"; exponent = ["-"] digits, or superscripts.
   A symbol with trailing digits that is not itself a name is a symbol with an exponent (m3, but Nm3 where it is a name).
   New tags are added to the system. No white space. */
struct unit_parse unit_parse(struct unit_system *system, struct str text, struct unit *out);
/* The same for texts of strangers: adds nothing to the system; "{tag}" with a tag that it does not have is unknown. */
struct unit_parse unit_parse_known(const struct unit_system *system, struct str text, struct unit *out);
/* Would the name be read as a power of a known unit (m3), if it were no name of its own? */
bool unit_name_is_power(const struct unit_system *system, struct str name);
/* A unit text as its author wrote it, with the names of the table: "吨/公顷" is "t/ha", "m²*年" is "m2·a". The same in
   every language, and unit_parse reads it as the same unit. Empty where the text is none that is known. */
struct str unit_spelling(struct arena *arena, const struct unit_system *system, struct str written);
/* Is this a text of just that unit: one that unit_parse reads as it, or one with its scale in front, as unit_text writes
   units without a name ("1.44 kg{CF4}/kg")? */
bool unit_is_spelt(struct arena *arena, const struct unit_system *system, struct str text, struct unit unit);
/* The nearest known unit name, for suggestions; empty where none is near. */
struct str unit_nearest(const struct unit_system *system, struct str word);

extern const struct unit UNIT_ONE; /* plain number, scale 1 */
struct kind kind_one(void);
bool kind_eq(struct kind a, struct kind b);
/* a * b^power. False where an exponent or the number of factors goes beyond the bounds. */
bool kind_mul(struct kind a, struct kind b, int power, struct kind *out);
bool kind_pow(struct kind a, int power, struct kind *out);
struct kind kind_without_tags(const struct unit_system *system, struct kind kind);
bool unit_eq(struct unit a, struct unit b);
/* Text for people and for the image, in a canonical form that unit_parse reads back to the same unit: prefers the given
   name where one unit of the table is equal ("kWh"), else a product of bases with its scale ("1000 kg·m2/s2" is possible
   only with a scale that is no named unit). `spelled` (may be empty) is preferred where it means the same unit. */
struct str unit_text(struct arena *arena, const struct unit_system *system, struct unit unit);
struct str kind_text(struct arena *arena, const struct unit_system *system, struct kind kind); /* "kg·m2/s2" */
/* Must a unit of this text be put into brackets below a line? */
bool unit_text_is_product(struct str text);

#endif
