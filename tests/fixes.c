/* Every fix that needs no asking, of every source with mistakes: put into the text it takes its message away, and
   brings no error. A fix that cannot promise this may not be marked so. */
#include "base/fix.h"
#include "compiler/compile.h"
#include "tests/runner.h"

struct checking { /* one compilation */
    struct sources sources;
    struct diags diags;
};

/* [FOLDER…]: their *.pcr. Those in the pages of messages are checked there. */
void mode_fixes(struct runner *runner, char **arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t files;
        struct str *found = files_in(runner, str_of(arguments[i]), STR(".pcr"), &files);
        for (size_t k = 0; k < files; k++) {
            check_fixes(runner, found[k]);
        }
    }
}

/* As `zuji check` does it, but for what examples show. */
static struct checking check_rule(struct arena *arena, struct str path, const struct overlay *overlay)
{
    struct checking checking = {.sources = sources_in(arena), .diags = diags_in(arena)};
    checking.sources.overlays = overlay;
    struct compiled *compiled = compile_file(arena, &checking.sources, path, &checking.diags);
    if (compiled->checked != NULL && checking.diags.errors == 0) {
        struct example_facts facts = {0};
        lint(compiled, &facts, &checking.diags);
    }
    return checking;
}

/* Where an offset of the text is once the fix is in it. */
static uint32_t shifted(const struct diag_fix *fix, uint32_t off)
{
    return off < fix->at.off + fix->at.len ? off : off - fix->at.len + (uint32_t)fix->replacement.len;
}

static bool is_still_there(const struct checking *after, const struct diag *diag, const struct diag_fix *fix)
{
    for (const struct diag *other = after->diags.first; other != NULL; other = other->next) {
        bool is_there = other->at.file == diag->at.file && other->at.off == shifted(fix, diag->at.off);
        if (other->code == diag->code && is_there) {
            return true;
        }
    }
    return false;
}

static void check_fix(struct runner *runner, struct str path, const struct checking *before, const struct diag *diag,
                      const struct diag_fix *fix)
{
    struct arena arena = {0};
    const struct source *source = sources_get(&before->sources, fix->at.file);
    struct overlay overlay = {source->path, fixes_put(&arena, source->text, (struct fixes){&fix, 1}), NULL};
    struct checking after = check_rule(&arena, path, &overlay);
    const struct diag_info *info = diag_info(diag->code);
    size_t allowed = before->diags.errors - (info->severity == SEVERITY_ERROR);
    if (is_still_there(&after, diag, fix) || after.diags.errors > allowed) {
        runner_fail(runner, "%.*s:%u: the fix of %s, `%.*s` for `%.*s`, leaves %zu errors of %zu", STR_FMT(path),
                    (unsigned)source_line(source, fix->at.off), info->code, STR_FMT(fix->replacement),
                    STR_FMT(span_text(&before->sources, fix->at)), after.diags.errors, before->diags.errors);
    } else {
        runner_pass(runner);
    }
    arena_free(&arena);
}

void check_fixes(struct runner *runner, struct str path)
{
    struct arena arena = {0};
    struct checking before = check_rule(&arena, path, NULL);
    for (const struct diag *diag = before.diags.first; diag != NULL; diag = diag->next) {
        for (const struct diag_fix *fix = diag->fixes; fix != NULL; fix = fix->next) {
            if (fix->is_applicable) {
                check_fix(runner, path, &before, diag, fix);
            }
        }
    }
    arena_free(&arena);
}
