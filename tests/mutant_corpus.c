/* The files that are mutated, their tokens, and the texts of mutants. */
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"
#include "grammar/lexer.h"
#include "parser.h"
#include "tests/mutant.h"

/* Modules of the standard library are in the binary; here they are files, so that they can be changed: `std.` is taken
   away from their imports and those of the witnesses, the rules of tests/mutants that use all of a module. */
static const char COPY[] =
    "mkdir '%.*s/std' && cp -R rules '%.*s/rules' && cp stdlib/*.pcr tests/mutants/*.pcr '%.*s/std'"
    " && sed -i 's/^import std\\./import /' '%.*s'/std/*.pcr";

static void add_files(struct runner *runner, struct corpus *corpus, struct str folder, struct str shown);
static void add_mains(struct runner *runner, struct corpus *corpus, struct str path);

struct corpus corpus_read(struct runner *runner)
{
    struct corpus corpus = {.tree = scratch_folder(runner)};
    struct str t = corpus.tree;
    struct outcome copied =
        run_shell(runner, STR("."), str_format(runner->arena, COPY, STR_FMT(t), STR_FMT(t), STR_FMT(t), STR_FMT(t)));
    if (copied.exit_code != 0) {
        runner_fail(runner, "the corpus cannot be copied: %.*s", STR_FMT(copied.err));
        return corpus;
    }
    struct outcome folders = run_shell(runner, t, STR("find rules -type d | LC_ALL=C sort"));
    struct str line;
    for (size_t at = 0; next_line(folders.out, &at, &line);) {
        add_files(runner, &corpus, path_in(runner, t, line), line);
    }
    add_files(runner, &corpus, path_in(runner, t, STR("std")), STR("stdlib"));
    for (size_t i = 0; i < corpus.count; i++) {
        add_mains(runner, &corpus, corpus.files[i].path);
    }
    return corpus;
}

/* ---- tokens ---- */

static void add_piece(struct arena *arena, struct mutant_file *file, size_t *cap, struct piece piece)
{
    arena_grow(arena, file->pieces, file->count, *cap);
    file->pieces[file->count++] = piece;
}

static void read_pieces(struct arena *arena, struct mutant_file *file)
{
    struct sources sources = sources_in(arena);
    struct diags ignored = diags_in(arena);
    struct lexer lexer = lexer_open(arena, &sources, sources_add(&sources, file->path, file->text), &ignored);
    size_t cap = 0;
    for (struct token token = lexer_next(&lexer); token.kind != TOK_YYEOF; token = lexer_next(&lexer)) {
        bool has_unit = token.kind == TOK_NUMBER && token.unit_at.len > 0;
        uint32_t end = has_unit ? token.unit_at.off : token.at.off + token.at.len;
        while (file->text.at[end - 1] == ' ') {
            end--;
        }
        add_piece(arena, file, &cap, (struct piece){token.at.off, end - token.at.off, token.kind});
        if (has_unit) {
            add_piece(arena, file, &cap, (struct piece){token.unit_at.off, token.unit_at.len, PIECE_UNIT});
        }
    }
}

static bool is_witness(struct runner *runner, struct str name)
{
    return file_is_there(path_in(runner, STR("tests/mutants"), name));
}

static void add_files(struct runner *runner, struct corpus *corpus, struct str folder, struct str shown)
{
    size_t count;
    struct str *found = files_in(runner, folder, STR(".pcr"), &count);
    for (size_t i = 0; i < count; i++) {
        struct mutant_file file = {.path = found[i], .shown = path_in(runner, shown, path_base(found[i]))};
        if (!file_read(runner->arena, file.path, &file.text)) {
            runner_fail(runner, "%.*s: cannot be read", STR_FMT(file.path));
            continue;
        }
        if (!is_witness(runner, path_base(found[i]))) {
            read_pieces(runner->arena, &file); /* a witness has none: it is not mutated itself */
        }
        arena_grow(runner->arena, corpus->files, corpus->count, corpus->cap);
        corpus->files[corpus->count++] = file;
    }
}

/* ---- the rules a file is part of ---- */

static struct mutant_file *find_file(struct corpus *corpus, struct str path)
{
    for (size_t i = 0; i < corpus->count; i++) {
        if (str_eq(corpus->files[i].path, path)) {
            return &corpus->files[i];
        }
    }
    return NULL;
}

static void add_mains(struct runner *runner, struct corpus *corpus, struct str path)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct compiled *compiled = compile_file(&arena, &sources, path, &diags);
    if (diags.errors > 0) {
        runner_fail(runner, "%.*s: does not compile as it is", STR_FMT(path));
    }
    bool has_examples = compiled->example_count > 0 && mutant_examples_hold(&arena, path);
    for (size_t i = 0; compiled->program != NULL && i < compiled->checked->module_count; i++) {
        struct mutant_file *file = find_file(corpus, compiled->checked->modules[i]->name);
        if (file != NULL && file->count > 0) {
            bool is_compiled;
            struct mutant_main *mains = arena_array(runner->arena, struct mutant_main, file->main_count + 1);
            if (file->main_count > 0) {
                memcpy(mains, file->mains, file->main_count * sizeof *mains);
            }
            mains[file->main_count++] =
                (struct mutant_main){path, mutant_meaning(&arena, path, &is_compiled), has_examples};
            file->mains = mains;
        }
    }
    arena_free(&arena);
}

/* ---- mutants ---- */

static struct str piece_text(const struct corpus *corpus, uint32_t file, uint32_t piece)
{
    const struct piece *at = &corpus->files[file].pieces[piece];
    return str_slice(corpus->files[file].text, at->off, at->off + at->len);
}

/* What stands in the place of the token. */
static struct str new_text(struct arena *arena, const struct corpus *corpus, struct mutant mutant)
{
    struct str old = piece_text(corpus, mutant.file, mutant.piece);
    switch (mutant.mutation) {
    case MUTATE_DELETE:
        return STR("");
    case MUTATE_DUPLICATE:
        return str_format(arena, "%.*s %.*s", STR_FMT(old), STR_FMT(old));
    case MUTATE_REPLACE:
        return piece_text(corpus, mutant.file, mutant.other);
    case MUTATE_SWAP:
        return corpus->files[mutant.file].pieces[mutant.piece].kind == TOK_STAR ? STR("/") : STR("*");
    }
    return old;
}

struct str mutant_text(struct arena *arena, const struct corpus *corpus, struct mutant mutant)
{
    const struct mutant_file *file = &corpus->files[mutant.file];
    const struct piece *piece = &file->pieces[mutant.piece];
    struct buf out = buf_in(arena);
    buf_add(&out, str_slice(file->text, 0, piece->off));
    buf_add(&out, new_text(arena, corpus, mutant));
    buf_add(&out, str_slice(file->text, piece->off + piece->len, file->text.len));
    return str_copy(arena, buf_str(&out));
}

uint32_t mutant_line(const struct corpus *corpus, struct mutant mutant)
{
    const struct mutant_file *file = &corpus->files[mutant.file];
    uint32_t line = 1;
    for (uint32_t i = 0; i < file->pieces[mutant.piece].off; i++) {
        line += file->text.at[i] == '\n';
    }
    return line;
}

struct str mutant_words(struct arena *arena, const struct corpus *corpus, struct mutant mutant)
{
    const struct mutant_file *file = &corpus->files[mutant.file];
    struct str old = piece_text(corpus, mutant.file, mutant.piece);
    struct str now = new_text(arena, corpus, mutant);
    return str_format(arena, "%.*s:%u: `%.*s` -> `%.*s`", STR_FMT(file->shown), (unsigned)mutant_line(corpus, mutant),
                      STR_FMT(old), STR_FMT(now));
}
