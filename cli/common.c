/* What several commands do: report, load a rule, open the output. */
#include "cli/cli.h"

#include <errno.h>
#include <string.h>

#include "base/render.h"
#include "base/system_error.h"
#include "compiler/compile.h"

static void print_str(FILE *file, struct str s)
{
    fwrite(s.at, 1, s.len, file);
}

int usage_error(struct cli *cli, enum diag_code code, struct str a, struct str b)
{
    return usage_error_near(cli, code, a, b, STR(""));
}

int usage_error_near(struct cli *cli, enum diag_code code, struct str a, struct str b, struct str nearest)
{
    struct diags diags = diags_in(cli->arena);
    struct diag *diag = diag_add(&diags, code, (struct span){0}, DIAG_ARGS(a, b));
    if (nearest.len > 0) {
        diag_note(&diags, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    }
    print_diags(cli, NULL, &diags);
    return EXIT_USAGE;
}

int io_error(struct cli *cli, struct str path, int error)
{
    struct diags diags = diags_in(cli->arena);
    diag_add(&diags, D_CANNOT_OPEN, (struct span){0}, DIAG_ARGS(path, system_error_text(cli->arena, error)));
    print_diags(cli, NULL, &diags);
    return EXIT_IO;
}

int write_error(struct cli *cli, struct str path, int error)
{
    struct diags diags = diags_in(cli->arena);
    struct str name = path.len > 0 ? path : diag_term(cli->arena, T_STANDARD_OUTPUT);
    diag_add(&diags, D_CANNOT_WRITE, (struct span){0}, DIAG_ARGS(name, system_error_text(cli->arena, error)));
    print_diags(cli, NULL, &diags);
    return EXIT_IO;
}

void print_diags(struct cli *cli, const struct sources *sources, const struct diags *diags)
{
    struct sources none = sources_in(cli->arena);
    struct render_options options = {.lang = cli->lang, .use_color = cli->use_color};
    print_str(stderr, render_text(cli->arena, sources != NULL ? sources : &none, diags, options));
}

static struct str text_in(const struct cli *cli, enum diag_code text, const char *argument)
{
    return diag_text(cli->arena, (struct diag_text){.text = text, .args = {str_of(argument)}}, cli->lang);
}

static void print_message(const struct cli *cli, const struct zuji_message *m)
{
    static const enum diag_code words[] = {T_SEVERITY_ERROR, T_SEVERITY_WARNING, T_SEVERITY_LINT, T_SEVERITY_NOTE};
    if (m->file[0] != '\0' && m->line == 0) { /* a folder, or a file as a whole */
        fprintf(stderr, "%s: ", m->file);
    } else if (m->file[0] != '\0') {
        fprintf(stderr, "%s:%u:%u: ", m->file, (unsigned)m->line, (unsigned)m->column);
    }
    if (m->product[0] != '\0') {
        fprintf(stderr, "[%s] ", m->product);
    }
    print_str(stderr, text_in(cli, words[m->severity & 3], ""));
    fprintf(stderr, "[%s]", m->code);
    print_str(stderr, text_in(cli, T_COLON, ""));
    fputs(m->text[cli->lang], stderr);
    if (m->path[0] != '\0') {
        fprintf(stderr, " (%s)", m->path);
    }
    if (m->clause[0] != '\0') {
        print_str(stderr, text_in(cli, T_COMMA, ""));
        print_str(stderr, text_in(cli, T_CONTEXT_CLAUSE, m->clause));
    }
    fputc('\n', stderr);
}

void print_messages(struct cli *cli, const struct zuji_messages *messages)
{
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        if (message->severity != SEVERITY_NOTE) {
            print_message(cli, message);
        }
    }
}

int exit_of(enum zuji_status status)
{
    switch (status) {
    case ZUJI_OK:
        return EXIT_OK;
    case ZUJI_FINDINGS:
    case ZUJI_CANCELLED:
        return EXIT_FINDINGS;
    case ZUJI_USAGE:
        return EXIT_USAGE;
    case ZUJI_IO:
        return EXIT_IO;
    case ZUJI_NO_MEMORY:
        return EXIT_INTERNAL;
    }
    return EXIT_INTERNAL;
}

/* The bytes of the compiled rule: of the file itself where it is one, else of the source, compiled. */
static bool rule_bytes(struct cli *cli, const char *path, struct compiled **compiled, struct str *bytes, int *exit_code)
{
    if (!file_read(cli->arena, str_of(path), bytes)) {
        *exit_code = io_error(cli, str_of(path), errno);
        return false;
    }
    /* No text begins like a compiled rule: whatever its name, such a file is one. */
    bool is_compiled = bytes->len > 0 && (unsigned char)bytes->at[0] == 0x89;
    if (is_compiled || str_ends(str_of(path), STR(".pcrc"))) {
        return true;
    }
    struct sources *sources = arena_new(cli->arena, struct sources);
    struct diags diags = diags_in(cli->arena);
    *sources = sources_in(cli->arena);
    struct compiled *made = compile_file(cli->arena, sources, str_of(path), &diags);
    bool is_written = made->program != NULL && image_write(cli->arena, made->program, bytes, &diags);
    compile_report_unbuilt(made, str_of(path), &diags);
    print_diags(cli, sources, &diags);
    *exit_code = made->checked == NULL ? EXIT_IO : EXIT_FINDINGS;
    if (compiled != NULL) {
        *compiled = made;
    }
    return is_written && diags.errors == 0;
}

struct zuji_rule *load_rule(struct cli *cli, const char *path, struct compiled **compiled, int *exit_code)
{
    struct str bytes;
    if (compiled != NULL) {
        *compiled = NULL;
    }
    if (!rule_bytes(cli, path, compiled, &bytes, exit_code)) {
        return NULL;
    }
    struct zuji_rule *rule = NULL;
    struct zuji_messages *messages = NULL;
    *exit_code = exit_of(zuji_load(bytes.at, bytes.len, &rule, &messages));
    print_messages(cli, messages);
    zuji_messages_free(messages);
    return rule;
}

FILE *open_output(struct cli *cli)
{
    const char *path = cli->option[OPTION_OUTPUT];
    if (path == NULL) {
        return stdout;
    }
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        io_error(cli, str_of(path), errno);
    }
    return file;
}

bool close_output(struct cli *cli, FILE *file)
{
    bool failed = fflush(file) != 0 || ferror(file);
    if (file != stdout) {
        failed = fclose(file) != 0 || failed;
    }
    if (failed) {
        const char *path = cli->option[OPTION_OUTPUT];
        write_error(cli, path != NULL ? str_of(path) : STR(""), errno);
    }
    return !failed;
}

void print_csv_cell(FILE *file, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', file);
        }
        fputc(*text, file);
    }
    fputc('"', file);
}
