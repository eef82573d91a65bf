/* `zuji check --fix`: the fixes that need no asking, in rounds, as one may uncover the next. All in memory: a file is
   written once, at the end, and only where it has no more errors than before. */
#include <errno.h>

#include "base/fix.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "compiler/compile.h"

enum { ROUNDS_MAX = 20 };

struct fixing {
    struct cli *cli;
    struct str path;
    struct overlay *overlays; /* what the files would be; latest first */
    size_t applied;
};

/* One compilation with what was fixed so far, and the fixes that it has. */
struct round {
    struct sources sources;
    struct diags diags;
};

static struct round compile_round(struct fixing *fixing)
{
    struct arena *arena = fixing->cli->arena;
    struct round round = {.sources = sources_in(arena), .diags = diags_in(arena)};
    round.sources.overlays = fixing->overlays;
    struct compiled *compiled = compile_file(arena, &round.sources, fixing->path, &round.diags);
    if (compiled->checked != NULL && round.diags.errors == 0) {
        struct example_facts facts = {0};
        lint(compiled, &facts, &round.diags);
    }
    return round;
}

/* The overlays of the next round; how many fixes that makes. */
static size_t add_overlays(struct fixing *fixing, const struct round *round)
{
    struct arena *arena = fixing->cli->arena;
    size_t applied = 0;
    for (uint32_t file = 1; file < round->sources.count; file++) {
        struct fixes fixes = fixes_of(arena, &round->diags, file);
        if (fixes.count > 0) {
            const struct source *source = sources_get(&round->sources, file);
            struct overlay *overlay = arena_new(arena, struct overlay);
            *overlay = (struct overlay){source->path, fixes_put(arena, source->text, fixes), fixing->overlays};
            fixing->overlays = overlay;
            applied += fixes.count;
        }
    }
    return applied;
}

static void fix_in_memory(struct fixing *fixing)
{
    struct round round = compile_round(fixing);
    for (int i = 0; i < ROUNDS_MAX; i++) {
        struct overlay *before = fixing->overlays;
        size_t applied = add_overlays(fixing, &round);
        struct round next = applied > 0 ? compile_round(fixing) : round;
        if (applied == 0 || next.diags.errors > round.diags.errors) {
            fixing->overlays = before;
            return;
        }
        fixing->applied += applied;
        round = next;
    }
}

static bool is_latest(const struct fixing *fixing, const struct overlay *overlay)
{
    for (const struct overlay *later = fixing->overlays; later != overlay; later = later->next) {
        if (str_eq(later->path, overlay->path)) {
            return false;
        }
    }
    return true;
}

int apply_fixes(struct cli *cli, struct str path)
{
    struct fixing fixing = {.cli = cli, .path = path};
    fix_in_memory(&fixing);
    for (const struct overlay *overlay = fixing.overlays; overlay != NULL; overlay = overlay->next) {
        if (is_latest(&fixing, overlay) && !replace_file(cli->arena, overlay->path, overlay->text)) {
            return write_error(cli, overlay->path, errno);
        }
    }
    struct diag_text text = {
        fixing.applied == 1 ? T_FIXED_ONE : T_FIXED, {path, str_format(cli->arena, "%zu", fixing.applied)}
    };
    fprintf(stderr, "%.*s\n", STR_FMT(diag_text(cli->arena, text, cli->lang)));
    return EXIT_OK;
}
