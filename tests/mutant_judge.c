/* What the compiler says of one mutant. */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/fix.h"
#include "compiler/compile.h"
#include "compiler/walk.h"
#include "tests/mutant.h"

struct attempt { /* one compilation */
    struct sources sources;
    struct diags diags;
    struct compiled *compiled;
    struct meaning meaning;
    bool is_compiled;
};

/* ---- what a rule is ---- */

static void add_expectation(struct buf *out, struct arena *arena, const struct expectation *expected)
{
    buf_format(out, "%d %.*s.%.*s %.*s %.*s %.*s\n", (int)expected->kind, STR_FMT(expected->stage),
               STR_FMT(expected->name), STR_FMT(rat_decimal(arena, expected->value, 15)),
               STR_FMT(rat_decimal(arena, expected->within, 15)), STR_FMT(expected->unit_text));
}

static uint64_t examples_of(struct arena *arena, const struct compiled *compiled)
{
    struct buf out = buf_in(arena);
    for (size_t i = 0; i < compiled->example_count; i++) {
        const struct example *example = &compiled->examples[i];
        struct str files = str_join(arena, example->factors, example->factor_count, STR("|"));
        buf_format(&out, "%.*s|%.*s|%.*s|%.*s|%.*s\n", STR_FMT(example->title), STR_FMT(example->data),
                   STR_FMT(example->key), STR_FMT(example->row), STR_FMT(files));
        for (size_t k = 0; k < example->expect_count; k++) {
            add_expectation(&out, arena, &example->expects[k]);
        }
    }
    return str_hash(buf_str(&out));
}

/* Titles, sources, reasons, messages and other spellings: what people read, in results or in documents. */
static void add_texts(struct buf *out, const struct decl *decl)
{
    for (; decl != NULL; decl = decl->next) {
        const struct attributes *a = &decl->attributes;
        struct str texts[] = {decl->texts.text[0], decl->texts.text[1], a->cite, a->clause, a->column, a->from,
                              a->because.text[0],  a->because.text[1]};
        for (size_t i = 0; i < countof(texts); i++) {
            buf_format(out, "%zu %.*s\n", i, STR_FMT(texts[i]));
        }
        for (const struct alias *alias = decl->kind == DECL_NAMES ? decl->as.names.aliases : NULL; alias != NULL;
             alias = alias->next) {
            buf_format(out, "%.*s %.*s\n", STR_FMT(alias->first.text), STR_FMT(alias->other.text));
        }
        add_texts(out, decl_inner(decl));
        add_texts(out, decl_columns(decl));
    }
}

static uint64_t texts_of(struct arena *arena, const struct checked *checked)
{
    struct buf out = buf_in(arena);
    for (size_t i = 0; i < checked->module_count; i++) {
        add_texts(&out, checked->modules[i]->items);
    }
    return str_hash(buf_str(&out));
}

static struct attempt attempt(struct arena *arena, struct str path)
{
    struct attempt made = {.sources = sources_in(arena), .diags = diags_in(arena)};
    made.compiled = compile_file(arena, &made.sources, path, &made.diags);
    struct str bytes;
    made.is_compiled = made.compiled->program != NULL &&
                       image_write(arena, made.compiled->program, &bytes, &made.diags) && made.diags.errors == 0;
    if (made.is_compiled) {
        lint(made.compiled, &(struct example_facts){.have_run = false}, &made.diags);
        memcpy(made.meaning.hash, made.compiled->program->hash, sizeof made.meaning.hash);
        made.meaning.examples = examples_of(arena, made.compiled);
        made.meaning.texts = texts_of(arena, made.compiled->checked);
    }
    made.meaning.warnings = made.diags.warnings;
    return made;
}

bool mutant_examples_hold(struct arena *arena, struct str path)
{
    const char *zuji = getenv("ZUJI");
    struct str command =
        str_format(arena, "'%s' test '%.*s' > /dev/null 2>&1%c", zuji == NULL ? "zuji" : zuji, STR_FMT(path), '\0');
    return system(command.at) == 0;
}

struct meaning mutant_meaning(struct arena *arena, struct str path, bool *is_compiled)
{
    struct attempt made = attempt(arena, path);
    *is_compiled = made.is_compiled;
    return made.meaning;
}

static enum outcome_of_mutant compare(const struct meaning *was, const struct attempt *made)
{
    if (!made->is_compiled) {
        return MUTANT_REFUSED;
    }
    return strcmp(was->hash, made->meaning.hash) != 0 ? MUTANT_HASH
           : was->examples != made->meaning.examples  ? MUTANT_EXAMPLE
           : was->texts != made->meaning.texts        ? MUTANT_TEXT
           : was->warnings < made->meaning.warnings   ? MUTANT_WARNED
                                                      : MUTANT_SAME;
}

/* ---- the errors ---- */

static const struct diag *first_error(struct arena *arena, const struct diags *diags)
{
    size_t count;
    const struct diag *const *sorted = diags_sorted(arena, diags, &count);
    for (size_t i = 0; i < count; i++) {
        if (diag_info(sorted[i]->code)->severity == SEVERITY_ERROR) {
            return sorted[i];
        }
    }
    return NULL;
}

static uint32_t distance_of(const struct attempt *made, struct str path, const struct diag *error, uint32_t line)
{
    if (error == NULL || error->at.file == 0) {
        return DISTANCE_ELSEWHERE;
    }
    const struct source *source = sources_get(&made->sources, error->at.file);
    if (!str_eq(source->path, path)) {
        return DISTANCE_ELSEWHERE;
    }
    uint32_t at = source_line(source, error->at.off);
    return at > line ? at - line : line - at;
}

static void read_errors(struct arena *arena, const struct attempt *made, struct str path, uint32_t line,
                        struct verdict *verdict)
{
    verdict->errors = (uint16_t)made->diags.errors;
    verdict->distance = distance_of(made, path, first_error(arena, &made->diags), line);
    size_t count, codes = 0;
    const struct diag *const *sorted = diags_sorted(arena, &made->diags, &count);
    for (size_t i = 0; i < count && codes < countof(verdict->codes); i++) {
        if (diag_info(sorted[i]->code)->severity == SEVERITY_ERROR) {
            verdict->codes[codes++] = (uint16_t)sorted[i]->code;
        }
    }
}

/* Does the rule compile with the fixes that need no asking? */
static void try_fixes(struct runner *runner, struct arena *arena, const struct attempt *made, struct str path,
                      struct str main, struct verdict *verdict)
{
    uint32_t file = 0;
    for (uint32_t i = 1; i < made->sources.count; i++) {
        file = str_eq(sources_get(&made->sources, i)->path, path) ? i : file;
    }
    struct fixes fixes = fixes_of(arena, &made->diags, file);
    if (file == 0 || fixes.count == 0) {
        return;
    }
    verdict->has_fix = 1;
    file_write(runner, path, fixes_put(arena, sources_get(&made->sources, file)->text, fixes));
    bool is_compiled;
    mutant_meaning(arena, main, &is_compiled);
    verdict->is_restored = is_compiled;
}

struct verdict mutant_judge(struct runner *runner, const struct corpus *corpus, struct mutant mutant)
{
    const struct mutant_file *file = &corpus->files[mutant.file];
    struct arena arena = {0};
    struct verdict verdict = {.is_begun = 1, .outcome = MUTANT_SAME};
    file_write(runner, file->path, mutant_text(&arena, corpus, mutant));
    for (size_t i = 0; i < file->main_count && verdict.outcome != MUTANT_REFUSED; i++) {
        struct attempt made = attempt(&arena, file->mains[i].path);
        enum outcome_of_mutant outcome = compare(&file->mains[i].meaning, &made);
        verdict.outcome = outcome < verdict.outcome ? (uint8_t)outcome : verdict.outcome;
        verdict.is_warned |= made.is_compiled && made.meaning.warnings > file->mains[i].meaning.warnings;
        if (outcome == MUTANT_REFUSED) {
            read_errors(&arena, &made, file->path, mutant_line(corpus, mutant), &verdict);
            try_fixes(runner, &arena, &made, file->path, file->mains[i].path, &verdict);
        }
    }
    for (size_t i = 0; i < file->main_count && mutant.mutation == MUTATE_SWAP && verdict.outcome != MUTANT_REFUSED;
         i++) {
        const struct mutant_main *main = &file->mains[i];
        verdict.is_caught |= main->has_examples && !mutant_examples_hold(&arena, main->path);
    }
    file_write(runner, file->path, file->text);
    arena_free(&arena);
    verdict.is_done = 1;
    return verdict;
}
