/* A filled checklist of a profile, as text in the user's language or as JSON in both. Lives in the arena of the
   command. Must not decide anything. */
#ifndef ZUJI_CLI_CHECKLIST_H
#define ZUJI_CLI_CHECKLIST_H

#include "cli/cli.h"
#include "compiler/compile.h"

struct str checklist_text(struct arena *arena, const struct checked *checked, const struct checklist *list,
                          enum lang lang);
/* One object, without a line end. */
struct str checklist_json(struct arena *arena, const struct checked *checked, const struct checklist *list);

#endif
