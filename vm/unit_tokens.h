/* The parts of a unit's text, without its per cents: of kg{CO2}·%/t the parts kg{CO2} over and t under.
   Must not know what the parts mean. */
#ifndef ZUJI_VM_UNIT_TOKENS_H
#define ZUJI_VM_UNIT_TOKENS_H

#include "base/rational.h"

enum { UNIT_TOKENS_MAX = 32 };

struct unit_token { /* "kg{CO2}", "m2" */
    struct str text;
    bool is_under;
};
struct unit_tokens {
    struct unit_token items[UNIT_TOKENS_MAX];
    size_t count;
    int per_cent; /* what was taken out: its power */
};

/* Adds the parts of a·b/c or a/(b·c); false for other forms, which are left as they are. */
bool unit_tokens_read(struct str text, struct unit_tokens *tokens);
struct str unit_tokens_join(struct arena *arena, const struct unit_tokens *tokens); /* "1" of none */
/* "1000 kg": the scale in front of a unit that has no name of its own, and the rest of the text. */
struct str unit_take_scale(struct arena *arena, struct str text, struct rat *scale);

#endif
