/* From a source file to a loaded rule, through the bytes of the compiled rule as everywhere. */
#include "compiler/compile.h"
#include "tests/runner.h"
#include "vm/zuji.h"

struct zuji_rule *load_rule(struct runner *runner, struct str path)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct compiled *compiled = compile_file(&arena, &sources, path, &diags);
    struct str bytes;
    struct zuji_rule *rule = NULL;
    if (compiled->program == NULL || !image_write(&arena, compiled->program, &bytes, &diags) ||
        zuji_load(bytes.at, bytes.len, &rule, NULL) != ZUJI_OK) {
        runner_fail(runner, "%.*s: does not compile: %.*s", STR_FMT(path),
                    STR_FMT(diags.first != NULL ? diag_message(&arena, diags.first, LANG_EN) : STR("no rule")));
    }
    arena_free(&arena);
    return rule;
}
