/* Values as text for people, the same words from either engine. Texts live in the arena given.
   Must not know how an engine keeps its values. */
#ifndef ZUJI_VM_VALUE_TEXT_H
#define ZUJI_VM_VALUE_TEXT_H

#include "vm/program.h"

/* How people are told a number of a unit: times `by`, with the text (empty: a plain number). A declared unit is as
   written; of what nobody wrote (t·%, m2·gCO2e/ha) it is one of the rule's units of the kind, or one that people use.
 */
struct value_unit {
    struct str text;
    struct rat by;
};
struct value_unit value_unit(struct arena *arena, const struct program *program, uint16_t unit);
/* The same for the value of an instruction: a product is no share, though its unit be a per cent (3 × 55 % is 1.65). */
struct value_unit value_unit_of_number(struct arena *arena, const struct program *program, uint32_t instruction,
                                       uint16_t unit);
struct str value_text_in(struct arena *arena, struct value_unit in,
                         struct rat number); /* number: of the program's unit */
/* "0.145", "500 km": at most 6 significant digits where the number is no short decimal; a plain number has no unit. */
struct str value_number_text(struct arena *arena, const struct program *program, uint16_t unit, struct rat number);

/* As data spell it: the first spelling that is English, or is not; else the one that comes first. */
struct str value_member_spelling(const struct program *program, const struct prog_member *member, bool is_english);
/* A member of a choice as data may spell it, an argument of messages: "truck" and, where it has a spelling in Chinese,
   "货车（truck）"; and the first members: "truck, rail, …", "货车（truck）、铁路（rail）、…". */
struct str value_member_text(struct arena *arena, const struct program *program, uint32_t choice, uint32_t member);
struct str value_members_text(struct arena *arena, const struct program *program, uint32_t choice);

#endif
