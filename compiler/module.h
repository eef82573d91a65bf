/* What module.c and module_tables.c share: loading the files of one compilation.
   Everything lives in the permanent arena of the compilation. Must not know of names or types. */
#ifndef ZUJI_COMPILER_MODULE_H
#define ZUJI_COMPILER_MODULE_H

#include "compiler/compile.h"

struct loader {
    struct checked *checked;
    struct diags *out;
    size_t module_cap;
    const struct loading *loading; /* the chain of imports that led here, innermost first */
};

/* Path of a file named in `module`, relative to its folder. */
struct str module_path(struct arena *arena, const struct module *module, struct str relative);
/* Position of each declaration among its siblings of the same kind; one counter for each kind. */
void decls_number(struct decl *first);
/* module_tables.c: reads the CSV file of every table of the module that says `from`, and makes rows of it. */
void module_read_tables(struct loader *loader, struct module *module);

#endif
