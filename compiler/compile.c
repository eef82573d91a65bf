#include "compiler/compile.h"

struct compiled *compile_file(struct arena *perm, struct sources *sources, struct str path, struct diags *out)
{
    struct compiled *compiled = arena_new(perm, struct compiled);
    size_t errors = out->errors;
    compiled->checked = module_load(perm, sources, path, out);
    if (compiled->checked == NULL) {
        return compiled;
    }
    resolve(compiled->checked, out);
    types_check(compiled->checked, out);
    tables_check(compiled->checked, out);
    if (out->errors == errors && compiled->checked->rule != NULL) {
        compiled->program = lower(compiled->checked, compiled, out);
    }
    return compiled;
}
