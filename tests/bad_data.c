/* Data with mistakes. A file *.case begins with `rule PATH` (relative to it) and holds sections:

       === what is wrong
       +++ factors.csv          what follows is a factor file
       --- materials.csv        what follows is a file of a folder of CSV files
       {"id": "p", "mass": "x"}
                           ^ E0639 mass
       ! E0709                  see expect.h
       = ok error               optional: status of each product, in order

   A section without --- is one text of JSON or NDJSON. Every section is run with both engines. */
#include <stdlib.h>
#include <string.h>

#include "tests/expect.h"
#include "vm/zuji.h"

struct part { /* a file of a section, without its expectations */
    struct str name;
    struct buf text;
    bool is_factors;
    uint32_t lines;
    struct str last;
};
struct section {
    struct str title;
    uint32_t line;
    struct part parts[8];
    size_t part_count;
    struct expects expects[8]; /* of each part */
    struct str statuses;
    bool has_statuses;
};
struct feed { /* a text as a stream */
    struct str text;
    size_t at;
};
struct outcome_of_run {
    struct runner *runner;
    struct section *section;
    struct buf statuses;
    struct str where;
};

static void check_case(struct runner *runner, struct str path);
static bool read_section(struct runner *runner, struct str path, struct str text, size_t *at, uint32_t *line,
                         struct section *section);
static void run_section(struct runner *runner, const struct zuji_rule *rule, struct str path, struct section section,
                        bool use_exact);
static void meet_messages(struct section *section, const struct zuji_messages *messages);

/* [FOLDER] */
void mode_data(struct runner *runner, char **arguments, size_t count)
{
    size_t files;
    struct str *found =
        files_in(runner, count > 0 ? str_of(arguments[0]) : STR("tests/bad/data"), STR(".case"), &files);
    for (size_t i = 0; i < files; i++) {
        check_case(runner, found[i]);
    }
}

static void check_case(struct runner *runner, struct str path)
{
    struct str text, line = STR("");
    size_t at = 0;
    uint32_t number = 1;
    if (!file_read(runner->arena, path, &text) || !next_line(text, &at, &line) || !str_starts(line, STR("rule "))) {
        runner_fail(runner, "%.*s: does not begin with `rule PATH`", STR_FMT(path));
        return;
    }
    struct zuji_rule *rule =
        load_rule(runner, path_in(runner, path_folder(path), str_trim(str_skip(line, strlen("rule ")))));
    struct section *section = arena_new(runner->arena, struct section);
    while (rule != NULL && read_section(runner, path, text, &at, &number, section)) {
        /* Expectations are marked where they are met: each engine gets its own. */
        struct section copy = *section;
        for (size_t i = 0; i < copy.part_count; i++) {
            copy.expects[i].items = arena_array(runner->arena, struct expected, copy.expects[i].count + 1);
            if (copy.expects[i].count > 0) {
                memcpy(copy.expects[i].items, section->expects[i].items,
                       copy.expects[i].count * sizeof(struct expected));
            }
        }
        run_section(runner, rule, path, *section, true);
        run_section(runner, rule, path, copy, false);
    }
    zuji_rule_free(rule);
}

static struct part *add_part(struct runner *runner, struct str path, struct section *section, struct str name,
                             bool is_factors)
{
    if (section->part_count == countof(section->parts)) {
        runner_fail(runner, "%.*s:%u: too many files", STR_FMT(path), (unsigned)section->line);
        exit(2);
    }
    struct str where =
        str_format(runner->arena, "%.*s (%.*s), %.*s", STR_FMT(path), STR_FMT(section->title), STR_FMT(name));
    section->expects[section->part_count] = expects_of(runner, where);
    section->parts[section->part_count] =
        (struct part){.name = name, .text = buf_in(runner->arena), .is_factors = is_factors};
    return &section->parts[section->part_count++];
}

/* From behind one "===" to before the next. */
static bool read_section(struct runner *runner, struct str path, struct str text, size_t *at, uint32_t *line,
                         struct section *section)
{
    struct str s;
    *section = (struct section){0};
    while (next_line(text, at, &s)) {
        (*line)++;
        if (str_starts(s, STR("=== "))) {
            section->title = str_skip(s, strlen("=== "));
            section->line = *line;
            break;
        }
    }
    if (section->title.len == 0) {
        return false;
    }
    while (next_line(text, at, &s) && !str_starts(s, STR("=== "))) {
        (*line)++;
        if (str_starts(s, STR("--- ")) || str_starts(s, STR("+++ "))) {
            add_part(runner, path, section, str_trim(str_skip(s, 4)), s.at[0] == '+');
            continue;
        }
        if (str_starts(s, STR("= "))) {
            section->statuses = str_trim(str_skip(s, 2));
            section->has_statuses = true;
            continue;
        }
        struct part *part = section->part_count > 0 ? &section->parts[section->part_count - 1] : NULL;
        if (part == NULL || (part->is_factors && str_starts(s, STR("{")))) {
            part = add_part(runner, path, section, STR("data.json"), false);
        }
        if (!expects_read(&section->expects[section->part_count - 1], s, STR(""), part->last, part->lines, *line)) {
            part->lines++;
            part->last = s;
            buf_add(&part->text, s);
            buf_char(&part->text, '\n');
        }
    }
    struct part *end = section->part_count > 0 ? &section->parts[section->part_count - 1] : NULL;
    if (end != NULL && end->lines > 1 && end->last.len == 0) { /* the blank line before the next section */
        end->text.len--;
    }
    /* The title of the next section is read again. */
    if (str_starts(s, STR("=== "))) {
        *at = (size_t)(s.at - text.at);
    }
    return true;
}

static long feed_read(void *user, char *buffer, size_t capacity)
{
    struct feed *feed = user;
    size_t len = feed->text.len - feed->at < capacity ? feed->text.len - feed->at : capacity;
    memcpy(buffer, feed->text.at + feed->at, len);
    feed->at += len;
    return (long)len;
}

static int take_result(void *user, const struct zuji_result *result)
{
    struct outcome_of_run *run = user;
    const struct zuji_messages *messages = zuji_result_messages(result);
    bool has_errors = false;
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        has_errors = has_errors || zuji_messages_get(messages, i)->severity == SEVERITY_ERROR;
    }
    if (has_errors == (zuji_result_is_ok(result) != 0)) {
        runner_fail(run->runner, "%.*s: product %s is %s", STR_FMT(run->where), zuji_result_id(result),
                    has_errors ? "ok, with errors" : "in error, without a message");
    }
    buf_format(&run->statuses, "%s%s", run->statuses.len > 0 ? " " : "", zuji_result_is_ok(result) ? "ok" : "error");
    meet_messages(run->section, messages);
    return 0;
}

/* The files are written to a folder of their own; true where the data are a folder of CSV files. */
static bool write_parts(struct runner *runner, struct section *section, struct str folder)
{
    bool is_folder = false;
    for (size_t i = 0; i < section->part_count; i++) {
        const struct part *part = &section->parts[i];
        is_folder = is_folder || (!part->is_factors && str_ends(part->name, STR(".csv")));
        struct str kind = part->is_factors ? STR("factors") : STR("data");
        struct str name = str_format(runner->arena, "%.*s/%.*s", STR_FMT(kind), STR_FMT(part->name));
        file_write(runner, path_in(runner, folder, name), buf_str(&part->text));
    }
    return is_folder;
}

static void run_section(struct runner *runner, const struct zuji_rule *rule, struct str path, struct section section,
                        bool use_exact)
{
    struct str folder = scratch_folder(runner);
    run_shell(runner, folder, STR("mkdir data factors"));
    bool is_folder = write_parts(runner, &section, folder);
    struct outcome_of_run run = {
        runner, &section, buf_in(runner->arena),
        str_format(runner->arena, "%.*s:%u, %s", STR_FMT(path), (unsigned)section.line, use_exact ? "exact" : "fast")};
    struct zuji_messages *messages = NULL;
    struct zuji_factors *factors = NULL;
    struct zuji_run *machine = NULL;
    struct zuji_options options = {.use_exact = use_exact};
    bool is_read = zuji_factors_new(&factors) == ZUJI_OK;
    for (size_t i = 0; i < section.part_count; i++) {
        if (section.parts[i].is_factors) {
            struct str name =
                str_format(runner->arena, "%.*s/factors/%.*s", STR_FMT(folder), STR_FMT(section.parts[i].name));
            is_read = zuji_factors_add(factors, name.at, &messages) == ZUJI_OK && is_read;
            meet_messages(&section, messages);
            zuji_messages_free(messages);
            messages = NULL;
        }
    }
    if (is_read) {
        zuji_run_new(rule, factors, &options, &machine, &messages);
    }
    meet_messages(&section, messages);
    zuji_messages_free(messages);
    messages = NULL;
    if (machine != NULL && is_folder) {
        zuji_run_path(machine, path_in(runner, folder, STR("data")).at, take_result, &run, &messages);
    } else if (machine != NULL) {
        struct part *last = &section.parts[section.part_count - 1];
        struct feed feed = {buf_str(&last->text), 0};
        zuji_run_stream(machine, "data.json", feed_read, &feed, take_result, &run, &messages);
    }
    meet_messages(&section, messages);
    zuji_messages_free(messages);
    zuji_run_free(machine);
    zuji_factors_free(factors);
    bool is_same = !section.has_statuses || str_eq(section.statuses, buf_str(&run.statuses));
    if (!is_same) {
        runner_fail(runner, "%.*s: expected `%.*s`, and it is `%.*s`", STR_FMT(run.where), STR_FMT(section.statuses),
                    STR_FMT(buf_str(&run.statuses)));
    }
    for (size_t i = 0; i < section.part_count; i++) {
        expects_finish(&section.expects[i]);
    }
}

/* Errors and warnings; notes tell of what was taken by default. */
static void meet_messages(struct section *section, const struct zuji_messages *messages)
{
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *m = zuji_messages_get(messages, i);
        if (m->severity == SEVERITY_NOTE) {
            continue;
        }
        size_t at = 0;
        bool is_here = false;
        for (size_t k = 0; k < section->part_count; k++) {
            if (str_eq(path_base(str_of(m->file)), section->parts[k].name)) {
                at = k;
                is_here = true;
            }
        }
        if (!is_here) {
            at = section->part_count - 1;
        }
        expects_meet(&section->expects[at], str_of(m->code), str_of(m->path), buf_str(&section->parts[at].text),
                     is_here ? m->line : 0, m->column, str_of(m->text[ZUJI_EN]));
    }
}
