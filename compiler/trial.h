/* Fixes on trial: what a fix promises is tried before anybody reads it. The rule is compiled again with the fix; it must
   take its message away and bring no error. Nothing that a trial allocates stays.
   Must not know how messages are shown. */
#ifndef ZUJI_COMPILER_TRIAL_H
#define ZUJI_COMPILER_TRIAL_H

#include "compiler/compile.h"

/* Of the messages from `first` on: guesses that help become fixes, and a fix that does not help is not applied without
   asking. */
void fixes_try(struct arena *perm, const struct sources *sources, struct str path, struct diag *first,
               struct diags *out);

#endif
