#include "compiler/trial.h"

#include <string.h>

#include "base/fix.h"
#include "compiler/parse.h"

/* Of one compilation: what does not get its turn is neither shown nor promised. */
enum { PARSES_MAX = 80, COMPILATIONS_MAX = 40 };

struct tally {
    uint32_t of[DIAG_CODE_COUNT];
};

struct trial {
    struct arena *perm;
    const struct sources *sources;
    struct str path; /* of the file that was compiled */
    struct tally before;
    int parses, compilations; /* left */
};

static void verify_claims(struct trial *trial, struct diag *first, struct diags *out);
static void try_guesses(struct trial *trial, struct diag *diag, struct diags *out);

void fixes_try(struct arena *perm, const struct sources *sources, struct str path, struct diag *first,
               struct diags *out)
{
    struct trial trial = {perm, sources, path, .parses = PARSES_MAX, .compilations = COMPILATIONS_MAX};
    bool has_any = false;
    for (const struct diag *diag = first; diag != NULL; diag = diag->next) {
        trial.before.of[diag->code]++;
        has_any = has_any || diag->guesses != NULL || diag_applicable(diag) != NULL;
    }
    if (!has_any) {
        return;
    }
    verify_claims(&trial, first, out);
    for (struct diag *diag = first; diag != NULL; diag = diag->next) {
        try_guesses(&trial, diag, out);
    }
}

/* ---- one trial -------------------------------------------------------------------------------------------------- */

/* The sources of the compilation with these fixes in one file. */
static struct sources fixed_sources(struct trial *trial, struct fixes fixes, struct overlay *overlay)
{
    const struct source *source = sources_get(trial->sources, fixes.items[0]->at.file);
    *overlay = (struct overlay){source->path, fixes_put(trial->perm, source->text, fixes), trial->sources->overlays};
    struct sources sources = sources_in(trial->perm);
    sources.overlays = overlay;
    return sources;
}

static void count(struct tally *tally, const struct diags *diags)
{
    memset(tally, 0, sizeof *tally);
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        tally->of[diag->code]++;
    }
}

static struct tally compile_with(struct trial *trial, struct fixes fixes)
{
    struct tally after;
    struct overlay overlay;
    struct arena_mark mark = arena_mark(trial->perm);
    struct sources sources = fixed_sources(trial, fixes, &overlay);
    struct diags diags = diags_in(trial->perm);
    compile_phases(trial->perm, &sources, trial->path, &diags);
    count(&after, &diags);
    arena_reset(trial->perm, mark);
    trial->compilations--;
    return after;
}

static uint32_t line_of(const struct sources *sources, struct span at)
{
    return at.file == 0 ? 0 : source_line(sources_get(sources, at.file), at.off);
}

/* Much cheaper: of the file alone, whether it is better grammar. On the line of the guess no mistake may remain. */
static bool parses_better(struct trial *trial, const struct diag_fix *guess)
{
    struct overlay overlay;
    struct arena_mark mark = arena_mark(trial->perm);
    struct sources sources = fixed_sources(trial, (struct fixes){&guess, 1}, &overlay);
    struct diags diags = diags_in(trial->perm);
    uint32_t file = sources_add(&sources, overlay.path, overlay.text);
    parse_module(trial->perm, &sources, file, &diags);
    struct tally after;
    count(&after, &diags);
    bool is_better = true;
    for (unsigned code = 1; code < DIAG_CODE_COUNT; code++) {
        is_better = is_better && after.of[code] <= trial->before.of[code];
    }
    uint32_t line = line_of(&sources, (struct span){file, guess->at.off, 0});
    for (const struct diag *diag = diags.first; diag != NULL; diag = diag->next) {
        is_better = is_better && line_of(&sources, diag->at) != line;
    }
    arena_reset(trial->perm, mark);
    trial->parses--;
    return is_better;
}

/* As many messages of each code fewer as there are fixes for them, and of none more. */
static bool is_better(const struct trial *trial, const struct tally *fixed, const struct tally *after)
{
    for (unsigned code = 1; code < DIAG_CODE_COUNT; code++) {
        bool is_error = diag_info((enum diag_code)code)->code != NULL &&
                        diag_info((enum diag_code)code)->severity == SEVERITY_ERROR;
        uint32_t allowed = trial->before.of[code] - fixed->of[code];
        if (after->of[code] > allowed && (is_error || fixed->of[code] > 0)) {
            return false;
        }
    }
    return true;
}

static bool helps(struct trial *trial, const struct diag *diag, const struct diag_fix *fix)
{
    struct tally fixed = {{0}};
    fixed.of[diag->code] = 1;
    if (trial->compilations <= 0) {
        return false;
    }
    struct tally after = compile_with(trial, (struct fixes){&fix, 1});
    return is_better(trial, &fixed, &after);
}

/* ---- fixes that promise to help ---------------------------------------------------------------------------------- */

/* All at once, which is the usual case and one compilation. */
static bool all_help(struct trial *trial, const struct diag *first, const struct diags *out)
{
    struct tally fixed = {{0}};
    struct diags own = *out;
    own.first = (struct diag *)first;
    uint32_t file = 0;
    size_t claims = 0;
    for (const struct diag *diag = first; diag != NULL; diag = diag->next) {
        const struct diag_fix *fix = diag_applicable(diag);
        if (fix != NULL) {
            if (file != 0 && fix->at.file != file) {
                return false; /* in several files: one by one */
            }
            file = fix->at.file;
            fixed.of[diag->code]++;
            claims++;
        }
    }
    struct arena_mark mark = arena_mark(trial->perm);
    struct fixes fixes = fixes_of(trial->perm, &own, file);
    bool are_all = fixes.count == claims && claims > 0;
    if (are_all) {
        struct tally after = compile_with(trial, fixes);
        are_all = is_better(trial, &fixed, &after);
    }
    arena_reset(trial->perm, mark);
    return are_all;
}

static void verify_claims(struct trial *trial, struct diag *first, struct diags *out)
{
    if (all_help(trial, first, out)) {
        return;
    }
    for (struct diag *diag = first; diag != NULL; diag = diag->next) {
        for (struct diag_fix *fix = diag->fixes; fix != NULL; fix = fix->next) {
            fix->is_applicable = fix->is_applicable && helps(trial, diag, fix);
        }
    }
}

/* ---- guesses ----------------------------------------------------------------------------------------------------- */

/* Where several would do, the author must say which. */
static void try_guesses(struct trial *trial, struct diag *diag, struct diags *out)
{
    struct diag_fix *kept[3];
    size_t count = 0;
    for (struct diag_fix *guess = diag->guesses; guess != NULL && count < countof(kept); guess = guess->next) {
        bool may_help = trial->parses > 0 && parses_better(trial, guess);
        if (may_help && helps(trial, diag, guess)) {
            kept[count++] = guess;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct str title[1] = {kept[i]->title.args[0]};
        struct diag_fix *fix = diag_fix(out, diag, kept[i]->at, kept[i]->replacement, kept[i]->title.text, title, 1);
        fix->is_applicable = kept[i]->is_applicable && count == 1;
    }
    diag->guesses = NULL;
}
