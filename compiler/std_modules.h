/* The modules compiled into the binary, for `import std.x`. The array is generated at build time into
   build/gen/std_modules.c from stdlib/; everything is static.
   Must not know of files. */
#ifndef ZUJI_COMPILER_STD_MODULES_H
#define ZUJI_COMPILER_STD_MODULES_H

#include <stddef.h>

struct std_module {
    const char *name; /* "std.gases" */
    const char *text; /* NUL one past the end */
    size_t len;
};

extern const struct std_module std_modules[];
extern const size_t std_module_count;

#endif
