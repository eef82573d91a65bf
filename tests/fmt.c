/* fmt FOLDER…: every *.pcr and *.pcr.md below that has no syntax errors is formatted, and

   - the tree is the same before and after, and in the other language;
   - formatting again changes nothing, nor does it matter how the lines were indented;
   - in the other language's keywords and back it is the same to the byte, and formatted on the way;
   - the folder as a whole, in the other language, gives every rule that compiles the same semantic hash. */
#include <string.h>

#include "compiler/ast_dump.h"
#include "compiler/compile.h"
#include "compiler/fmt.h"
#include "compiler/parse.h"
#include "compiler/prelude.h"
#include "tests/runner.h"
#include "vm/zuji.h"

struct formatted {
    enum fmt_status status;
    struct str text, tree;
    enum fmt_language language; /* of the text that was formatted */
};

static void check_folder(struct runner *runner, struct str folder);
static void check_file(struct runner *runner, struct str path);
static void check_hashes(struct runner *runner, struct str folder);

void mode_fmt(struct runner *runner, char **arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_folder(runner, str_of(arguments[i]));
    }
}

static void check_folder(struct runner *runner, struct str folder)
{
    struct str path, found = run_shell(runner, folder, STR("find . -name '*.pcr' -o -name '*.pcr.md' | sort")).out;
    for (size_t at = 0; next_line(found, &at, &path);) {
        check_file(runner, path_in(runner, folder, str_skip(path, 2)));
    }
    check_hashes(runner, folder);
}

/* The tree with the phases of life cycles in English. */
static struct str dump(struct runner *runner, const struct module *module)
{
    struct prelude_words words = prelude_words_of(runner->arena, module);
    struct str tree = ast_dump(runner->arena, module);
    struct buf out = buf_in(runner->arena);
    for (size_t at = 0; at < tree.len;) {
        size_t end = at;
        while (end < tree.len && tree.at[end] != ' ' && tree.at[end] != '\n') {
            end++;
        }
        buf_add(&out, prelude_word_in(&words, str_slice(tree, at, end), LANG_EN));
        buf_add(&out, str_slice(tree, end, end + 1));
        at = end + 1;
    }
    return buf_str(&out);
}

static struct formatted format(struct runner *runner, struct str path, struct str text, enum fmt_language language)
{
    struct sources sources = sources_in(runner->arena);
    struct diags diags = diags_in(runner->arena);
    struct formatted made = {.text = STR("")};
    uint32_t file = sources_add(&sources, path, str_copy(runner->arena, text));
    made.status = fmt_source(runner->arena, &sources, file, language, &diags, &made.text);
    struct module *module = parse_module(runner->arena, &sources, file, &diags);
    made.tree = dump(runner, module);
    made.language = module->lang == LANG_ZH ? FMT_ZH : FMT_EN;
    return made;
}

static struct str without_indent(struct runner *runner, struct str text)
{
    struct buf out = buf_in(runner->arena);
    struct str line;
    for (size_t at = 0; next_line(text, &at, &line);) {
        buf_format(&out, "\t%.*s  \r\n", STR_FMT(str_trim(line)));
    }
    return buf_str(&out);
}

/* Is it the text that was to come out? */
static bool gives(struct runner *runner, struct str path, const char *what, struct str expected,
                  const struct formatted *actual)
{
    struct str where = str_format(runner->arena, "%.*s: %s", STR_FMT(path), what);
    if (actual->status != FMT_OK) {
        runner_fail(runner, "%.*s: cannot be formatted", STR_FMT(where));
        return false;
    }
    return same_text(runner, where, expected, actual->text);
}

static void check_file(struct runner *runner, struct str path)
{
    struct str text;
    if (!file_read(runner->arena, path, &text)) {
        runner_fail(runner, "%.*s: cannot be read", STR_FMT(path));
        return;
    }
    struct formatted first = format(runner, path, text, FMT_AS_WRITTEN);
    if (first.status == FMT_ERRORS) {
        return;
    }
    struct formatted again = format(runner, path, first.text, FMT_AS_WRITTEN);
    bool is_literate = str_ends(path, STR(".md"));
    struct str moved = is_literate ? first.text : without_indent(runner, first.text);
    struct formatted flat = format(runner, path, moved, FMT_AS_WRITTEN);
    enum fmt_language other = first.language == FMT_ZH ? FMT_EN : FMT_ZH;
    struct formatted there = format(runner, path, first.text, other);
    struct formatted kept = format(runner, path, there.text, FMT_AS_WRITTEN);
    struct formatted back = format(runner, path, there.text, first.language);
    bool is_good = gives(runner, path, "formatted twice", first.text, &again) &&
                   gives(runner, path, "indented otherwise", first.text, &flat) &&
                   gives(runner, path, "in the other language", there.text, &kept) &&
                   gives(runner, path, "and back", first.text, &back) &&
                   same_text(runner, path, first.tree, again.tree) && same_text(runner, path, first.tree, there.tree);
    if (is_good) {
        runner_pass(runner);
    }
}

/* ---- semantic hashes -------------------------------------------------------------------------------------------- */

/* Empty where the file is no rule, or does not compile. */
static struct str hash_of(struct runner *runner, struct str path)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct compiled *compiled = compile_file(&arena, &sources, path, &diags);
    struct str bytes, hash = STR("");
    struct zuji_rule *rule = NULL;
    if (compiled->program != NULL && diags.errors == 0 && image_write(&arena, compiled->program, &bytes, &diags) &&
        zuji_load(bytes.at, bytes.len, &rule, NULL) == ZUJI_OK) {
        hash = str_copy(runner->arena, str_of(zuji_rule_hash(rule)));
    }
    zuji_rule_free(rule);
    arena_free(&arena);
    return hash;
}

/* Every source of the copy in the language that it is not in. */
static void convert(struct runner *runner, struct str copy, struct str found)
{
    struct str path, text;
    for (size_t at = 0; next_line(found, &at, &path);) {
        struct str file = path_in(runner, copy, str_skip(path, 2));
        if (!file_read(runner->arena, file, &text)) {
            continue;
        }
        struct formatted made = format(runner, path, text, FMT_AS_WRITTEN);
        made = format(runner, path, text, made.language == FMT_ZH ? FMT_EN : FMT_ZH);
        if (made.status == FMT_OK) {
            file_write(runner, file, made.text);
        }
    }
}

static void check_hashes(struct runner *runner, struct str folder)
{
    struct str path, copy = scratch_folder(runner);
    struct str found = run_shell(runner, folder, STR("find . -name '*.pcr' -o -name '*.pcr.md' | sort")).out;
    run_shell(runner, folder, str_format(runner->arena, "cp -R . '%.*s'", STR_FMT(copy)));
    convert(runner, copy, found);
    for (size_t at = 0; next_line(found, &at, &path);) {
        struct str first = hash_of(runner, path_in(runner, folder, str_skip(path, 2)));
        struct str other = hash_of(runner, path_in(runner, copy, str_skip(path, 2)));
        if (!str_eq(first, other)) {
            runner_fail(runner, "%.*s: `%.*s` has the hash %.*s, in the other language %.*s", STR_FMT(folder),
                        STR_FMT(path), STR_FMT(first), STR_FMT(other));
        } else if (first.len > 0) {
            runner_pass(runner);
        }
    }
}
