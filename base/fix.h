/* Fixes of messages put into the text they are about. Results are in the arena given.
   Must not know where a text comes from or goes to. */
#ifndef ZUJI_BASE_FIX_H
#define ZUJI_BASE_FIX_H

#include "base/diag.h"

/* The fix of the message that a machine may apply without asking; NULL where it has none. */
const struct diag_fix *diag_applicable(const struct diag *diag);

struct fixes {
    const struct diag_fix **items; /* in one file, by offset, none over another */
    size_t count;
};
/* Of every message the applicable fix in this file; of two that overlap the first. */
struct fixes fixes_of(struct arena *arena, const struct diags *diags, uint32_t file);
/* The text of the file with them. */
struct str fixes_put(struct arena *arena, struct str text, struct fixes fixes);

#endif
