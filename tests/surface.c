/* surface FOLDER: what the keyboard and copying from printed texts do to a rule. For every *.pcr with a *.cases of its
   name:

       CODE | FROM | TO      in the rule, with FROM replaced by TO, there is one error, this one, and its fix that needs
                             no asking gives a rule without any
       ok | FROM | TO        it is accepted

   \u{202E} is that character. */
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "base/utf8.h"
#include "compiler/compile.h"
#include "tests/runner.h"

struct attempt {
    struct sources sources;
    struct diags diags;
};

static void check_case(struct runner *runner, struct str rule, struct str text, struct str line, struct str where);

void mode_surface(struct runner *runner, char **arguments, size_t count)
{
    size_t files;
    struct str *found =
        files_in(runner, count > 0 ? str_of(arguments[0]) : STR("tests/surface"), STR(".cases"), &files);
    for (size_t i = 0; i < files; i++) {
        struct str text, cases, line;
        struct str rule = str_format(runner->arena, "%.*s.pcr", STR_FMT(path_stem(found[i])));
        if (!file_read(runner->arena, rule, &text) || !file_read(runner->arena, found[i], &cases)) {
            runner_fail(runner, "%.*s: cannot be read", STR_FMT(rule));
            continue;
        }
        uint32_t number = 0;
        for (size_t at = 0; next_line(cases, &at, &line);) {
            number++;
            if (line.len > 0 && line.at[0] != '#') {
                struct str where = str_format(runner->arena, "%.*s:%u", STR_FMT(found[i]), (unsigned)number);
                check_case(runner, rule, text, line, where);
            }
        }
    }
}

static struct str unescaped(struct runner *runner, struct str text)
{
    struct buf out = buf_in(runner->arena);
    for (size_t at = 0; at < text.len; at++) {
        if (str_starts(str_slice(text, at, text.len), STR("\\u{"))) {
            char bytes[4];
            char *end;
            uint32_t c = (uint32_t)strtoul(text.at + at + 3, &end, 16);
            buf_add(&out, (struct str){bytes, utf8_encode(c, bytes)});
            at = (size_t)(end - text.at);
        } else {
            buf_char(&out, text.at[at]);
        }
    }
    return buf_str(&out);
}

/* The next part of the line, to the bar. */
static struct str next_part(struct str *line)
{
    size_t end = 0;
    while (end < line->len && line->at[end] != '|') {
        end++;
    }
    struct str part = str_trim(str_slice(*line, 0, end));
    *line = str_slice(*line, end + 1, line->len);
    return part;
}

static struct attempt compile_text(struct runner *runner, struct str path, struct str text)
{
    struct attempt attempt = {.sources = sources_in(runner->arena), .diags = diags_in(runner->arena)};
    struct overlay *overlay = arena_new(runner->arena, struct overlay);
    *overlay = (struct overlay){path, str_copy(runner->arena, text), NULL};
    attempt.sources.overlays = overlay;
    compile_file(runner->arena, &attempt.sources, path, &attempt.diags);
    return attempt;
}

static const struct diag *first_error(const struct diags *diags)
{
    const struct diag *diag = diags->first;
    while (diag != NULL && diag_info(diag->code)->severity != SEVERITY_ERROR) {
        diag = diag->next;
    }
    return diag;
}

/* The text with every fix that needs no asking. */
static struct str fixed_text(struct runner *runner, const struct attempt *attempt, const struct diag *error)
{
    struct fixes fixes = fixes_of(runner->arena, &attempt->diags, error->at.file);
    return fixes_put(runner->arena, sources_get(&attempt->sources, error->at.file)->text, fixes);
}

static struct str replaced(struct runner *runner, struct str text, struct str from, struct str to)
{
    for (size_t at = 0; from.len > 0 && at + from.len <= text.len; at++) {
        if (str_starts(str_slice(text, at, text.len), from)) {
            struct str parts[3] = {str_slice(text, 0, at), to, str_slice(text, at + from.len, text.len)};
            return str_join(runner->arena, parts, 3, STR(""));
        }
    }
    return STR("");
}

static bool is_mended(struct runner *runner, struct str rule, struct str text)
{
    struct attempt attempt = compile_text(runner, rule, text);
    return first_error(&attempt.diags) == NULL;
}

static void check_case(struct runner *runner, struct str rule, struct str text, struct str line, struct str where)
{
    struct str code = next_part(&line);
    struct str from = unescaped(runner, next_part(&line));
    struct str to = unescaped(runner, next_part(&line));
    struct str changed = replaced(runner, text, from, to);
    struct attempt attempt = compile_text(runner, rule, changed);
    const struct diag *error = first_error(&attempt.diags);
    bool is_ok = str_eq(code, STR("ok"));
    struct str found = error == NULL ? STR("ok") : str_of(diag_info(error->code)->code);
    if (changed.len == 0) {
        runner_fail(runner, "%.*s: the rule has no `%.*s`", STR_FMT(where), STR_FMT(from));
    } else if (!str_eq(found, code) || attempt.diags.errors != (is_ok ? 0U : 1U)) {
        struct str said = error == NULL ? STR("") : diag_message(runner->arena, error, LANG_EN);
        runner_fail(runner, "%.*s: `%.*s` gives %zu errors, %.*s %.*s; expected is %.*s", STR_FMT(where), STR_FMT(to),
                    attempt.diags.errors, STR_FMT(found), STR_FMT(said), STR_FMT(code));
    } else if (!is_ok && !is_mended(runner, rule, fixed_text(runner, &attempt, error))) {
        runner_fail(runner, "%.*s: `%.*s` is not mended by its fix", STR_FMT(where), STR_FMT(to));
    } else {
        runner_pass(runner);
    }
}
