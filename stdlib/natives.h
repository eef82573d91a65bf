/* The external functions of the standard library, each as C calls it: those of natives.def.
   Own no memory. Must not know of libzuji more than its public header. */
#ifndef ZUJI_STDLIB_NATIVES_H
#define ZUJI_STDLIB_NATIVES_H

#include <stdbool.h>
#include <stddef.h>

#include "vm/zuji.h"

#include "stdlib/zujistd.h"

#define ZUJI_STD_COLUMNS_ONE const double *
#define ZUJI_STD_COLUMNS_TWO const double *, const double *
#define ZUJI_STD_COLUMNS_THREE const double *, const double *, const double *
#define NATIVE(name, function, count, signature)                                                                       \
    ZUJI_API int function(void *user, size_t rows, ZUJI_STD_COLUMNS_##count, double *result);                          \
    ZUJI_API extern const char function##_signature[];
#include "stdlib/natives.def"
#undef NATIVE

#endif
