/* What the operating system answers (errno), in Zuji's words and in both languages. */
#ifndef ZUJI_BASE_SYSTEM_ERROR_H
#define ZUJI_BASE_SYSTEM_ERROR_H

#include "base/str.h"

/* An argument for a message (diag_both); the system's own English words for a number that is not listed. */
struct str system_error_text(struct arena *arena, int error);

#endif
