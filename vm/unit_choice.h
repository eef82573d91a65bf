/* Which unit a number is told in, where its own is one that nobody wrote: units of the rule, units that people use.
   Must not know of values or of messages. */
#ifndef ZUJI_VM_UNIT_CHOICE_H
#define ZUJI_VM_UNIT_CHOICE_H

#include "vm/program_units.h"
#include "vm/unit_tokens.h"

/* The candidates for a number, and of them the one nearest in size. */
struct unit_choice {
    struct unit of;
    struct unit unit;
    struct str text; /* empty: none so far */
    double distance;
};
void unit_offer(struct unit_choice *choice, struct unit unit, struct str text);
/* The tokens as they are where they are a plain product; else a unit of the rule, else one that people use, else that
   of the kind. Always finds one. */
void unit_choose(struct unit_choice *choice, struct arena *arena, const struct program *program,
                 const struct program_units *known, const struct unit_tokens *tokens);

/* Is it the unit of something that the rule declares? */
bool unit_is_written(const struct program *program, uint16_t unit);
/* Are two of the tokens powers of one dimension (kg beside t, m2 beside ha, mm beside m3)? */
bool unit_has_pair(const struct unit_system *system, const struct unit_tokens *tokens);

#endif
