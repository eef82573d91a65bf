/* The external functions of the standard library, for hosts that run rules which import std.geo or std.steam: link
   libzujistd beside libzuji. Owns no memory; the functions are listed in natives.def.
   Must not know of libzuji more than its public header. */
#ifndef ZUJI_STDLIB_NATIVES_H
#define ZUJI_STDLIB_NATIVES_H

#include <stdbool.h>
#include <stddef.h>

#include "vm/zuji.h"

/* Allows rules to call all of them, each under its name, but those whose names the set has already: what the host has
   allowed itself goes first. ZUJI_OK, or ZUJI_NO_MEMORY. */
ZUJI_API enum zuji_status zuji_std_allow(struct zuji_natives *natives);
/* Is there one of this name? */
ZUJI_API bool zuji_std_offers(const char *name);

#define ZUJI_STD_COLUMNS_ONE const double *
#define ZUJI_STD_COLUMNS_TWO const double *, const double *
#define ZUJI_STD_COLUMNS_THREE const double *, const double *, const double *
#define NATIVE(name, function, count, signature)                                                                       \
    ZUJI_API int function(void *user, size_t rows, ZUJI_STD_COLUMNS_##count, double *result);                          \
    ZUJI_API extern const char function##_signature[];
#include "stdlib/natives.def"
#undef NATIVE

#endif
