/* Mappings: how a table of factors with headers of its own reads as a table of ours. A mapping is a JSON text (SPEC.md,
   "Mappings"): an object with a member for each column of ours, or a list of such objects, each of which makes rows of
   its own. A member is a text, the same in all rows; or {"column": "header"}, the cell as it is; or with "values"
   {"cell": "text"}, each cell in other words; null leaves the row out. Must not know what the columns mean. */
#ifndef ZUJI_VM_FACTOR_MAPPING_H
#define ZUJI_VM_FACTOR_MAPPING_H

#include "vm/factors.h"

/* Replaces the rows of the table by those that the mapping makes of them; cells keep their places in the text, so that
   messages name the cell as it was written. False with messages, in the mapping or in the table. */
bool mapping_apply(struct arena *arena, const struct source *mapping, struct factor_table *table, struct diags *out);

#endif
