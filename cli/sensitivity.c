/* `zuji sensitivity`: what moves the total, the largest first: as a page, as JSON, or as CSV. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

enum { SHOWN_INFLUENCES = 20, SLOPE_CELLS = 14, ELASTICITY_CELLS = 14, NAMES_MAX = 72 };

enum sensitivity_format { SENSITIVITY_TEXT, SENSITIVITY_JSON, SENSITIVITY_CSV };

struct output {
    struct cli *cli;
    const struct session *session;
    enum sensitivity_format format;
    size_t top; /* most influences, and most groups */
    FILE *file;
    size_t products, entries;
    int code;
};

static bool read_format(const struct cli *cli, enum sensitivity_format *format)
{
    static const char *const names[] = {"text", "json", "csv"};
    const char *name = cli->option[OPTION_FORMAT] != NULL ? cli->option[OPTION_FORMAT] : "text";
    for (size_t i = 0; i < countof(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum sensitivity_format)i;
            return true;
        }
    }
    return false;
}

/* All where it is not given, but for the page. */
static bool read_top(const struct cli *cli, enum sensitivity_format format, size_t *top)
{
    const char *text = cli->option[OPTION_TOP];
    char *end;
    *top = format == SENSITIVITY_TEXT ? SHOWN_INFLUENCES : SIZE_MAX;
    if (text == NULL) {
        return true;
    }
    errno = 0;
    *top = strtoul(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-' && *top > 0;
}

/* ---- words ---- */

/* Of a group what all of it have in common. */
static struct str influence_name(const struct cli *cli, const struct zuji_influence *influence)
{
    return influence->rows > 0 ? text_ground_group(cli, &influence->ground) : text_ground(cli, &influence->ground);
}

static struct str influence_title(const struct cli *cli, const struct zuji_influence *influence)
{
    return text_titled(cli, &influence->ground, influence_name(cli, influence));
}

static struct str worded(const struct cli *cli, enum diag_code text, struct str a, struct str b)
{
    return diag_text(cli->arena,
                     (struct diag_text){
                         .text = text, .args = {a, b}
    },
                     cli->lang);
}

/* ---- as a page ---- */

static void add_remark(const struct cli *cli, struct buf *out, enum diag_code text, struct str arg)
{
    buf_add(out, str_of(out->len == 0 ? "" : cli->lang == LANG_ZH ? "；" : "; "));
    buf_add(out, worded(cli, text, arg, STR("")));
}

static struct str remarks_on(const struct cli *cli, const struct zuji_influence *influence)
{
    struct buf out = buf_in(cli->arena);
    if (influence->rows > 0) {
        add_remark(cli, &out, T_SENSITIVITY_TOGETHER, str_format(cli->arena, "%lu", (unsigned long)influence->rows));
    }
    if (influence->ground.kind == ZUJI_DEFAULT) {
        add_remark(cli, &out, T_EXPLAIN_DEFAULT, STR(""));
    }
    if (influence->is_at_kink) {
        add_remark(cli, &out, T_SENSITIVITY_AT_KINK, STR(""));
    }
    if (influence->is_rounded) {
        add_remark(cli, &out, T_SENSITIVITY_ROUNDED, STR(""));
    }
    if (influence->is_partial) {
        add_remark(cli, &out, T_SENSITIVITY_PARTIAL, STR(""));
    }
    return buf_str(&out);
}

static size_t widest(const struct cli *cli, const struct zuji_influence *influences, size_t count, size_t cells)
{
    for (size_t i = 0; i < count; i++) {
        size_t width = text_width(influence_title(cli, &influences[i]));
        cells = width > cells ? width : cells;
    }
    return cells < NAMES_MAX ? cells : NAMES_MAX;
}

static void print_influence(const struct output *output, const struct zuji_influence *influence, const char *unit,
                            size_t name_cells)
{
    const struct cli *cli = output->cli;
    struct str elasticity = influence->has_elasticity ? text_number(cli, influence->elasticity) : STR("–");
    struct str remarks = remarks_on(cli, influence);
    text_spaces(output->file, HEAD_INDENT);
    text_cells(output->file, influence_title(cli, influence), name_cells, false);
    text_cells(output->file, elasticity, ELASTICITY_CELLS, true);
    text_cells(output->file, text_number(cli, influence->derivative), SLOPE_CELLS, true);
    fprintf(output->file, " %.*s",
            STR_FMT(worded(cli, T_SENSITIVITY_PER, str_of(unit), str_of(influence->ground.value.unit))));
    if (influence->rows == 0) {
        fprintf(output->file, "  (%s)", influence->ground.value.text);
    }
    fprintf(output->file, "%s%.*s\n", remarks.len > 0 ? "  " : "", STR_FMT(remarks));
}

static void print_head(const struct output *output, struct str head, size_t name_cells)
{
    const struct cli *cli = output->cli;
    text_spaces(output->file, HEAD_INDENT);
    text_cells(output->file, head, name_cells, false);
    text_cells(output->file, worded(cli, T_SENSITIVITY_ELASTICITY, STR(""), STR("")), ELASTICITY_CELLS, true);
    text_cells(output->file, worded(cli, T_SENSITIVITY_DERIVATIVE, STR(""), STR("")), SLOPE_CELLS, true);
    fputc('\n', output->file);
}

/* Of groups those that put several together. */
static void print_influences(const struct output *output, enum diag_code heading,
                             const struct zuji_influence *influences, size_t count, const char *unit)
{
    const struct cli *cli = output->cli;
    struct str head = worded(cli, heading, STR(""), STR(""));
    size_t name_cells = widest(cli, influences, count < output->top ? count : output->top, text_width(head));
    size_t printed = 0;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (influences[i].rows == 1) {
            continue;
        }
        if (printed == output->top) {
            left++;
            continue;
        }
        if (printed++ == 0) {
            print_head(output, head, name_cells);
        }
        print_influence(output, &influences[i], unit, name_cells);
    }
    if (left > 0) {
        struct str more = str_format(cli->arena, "%zu", left);
        fprintf(output->file, "  %.*s\n", STR_FMT(worded(cli, T_REASON_MORE, more, STR(""))));
    }
}

static void print_kinks(const struct output *output, const struct zuji_sensitivity *sensitivity)
{
    static const enum diag_code texts[] = {
        [ZUJI_KINK_CONDITION] = T_KINK_CONDITION, [ZUJI_KINK_STEP] = T_KINK_STEP,
        [ZUJI_KINK_CHOICE] = T_KINK_CHOICE,       [ZUJI_KINK_ROW] = T_KINK_ROW,
        [ZUJI_KINK_ZERO] = T_KINK_ZERO,           [ZUJI_KINK_COUNT] = T_KINK_COUNT,
        [ZUJI_KINK_ROUNDING] = T_KINK_ROUNDING,   [ZUJI_KINK_EXTERNAL] = T_KINK_EXTERNAL};
    const struct cli *cli = output->cli;
    for (size_t i = 0; i < sensitivity->kink_count; i++) {
        const struct zuji_kink *kink = &sensitivity->kinks[i];
        const char *expression = kink->expression[0] != '\0' ? kink->expression : kink->item;
        struct str where = str_of(kink->path[0] != '\0' ? kink->path : kink->item);
        struct str line = worded(cli, texts[kink->kind], str_of(expression), STR(""));
        fprintf(output->file, "  %.*s%s%.*s%s\n", STR_FMT(line), where.len > 0 ? " (" : "", STR_FMT(where),
                where.len > 0 ? ")" : "");
    }
}

static void print_page(const struct output *output, const struct zuji_result *row,
                       const struct zuji_sensitivity *sensitivity)
{
    const struct cli *cli = output->cli;
    struct str name = text_row(cli, row);
    struct str total =
        str_format(cli->arena, "%.*s %s", STR_FMT(text_reported(cli, sensitivity->total)), sensitivity->total->unit);
    struct str head =
        str_format(cli->arena, "%s%s%.*s", zuji_result_id(row), name.len > 0 ? ", " : "", STR_FMT(name));
    fprintf(output->file, "%s%.*s\n", output->entries > 0 ? "\n" : "",
            STR_FMT(worded(cli, T_EXPLAIN_HEAD, head, total)));
    print_influences(output, T_SENSITIVITY_INPUTS, sensitivity->influences, sensitivity->influence_count,
                     sensitivity->total->unit);
    print_influences(output, T_SENSITIVITY_GROUPS, sensitivity->groups, sensitivity->group_count,
                     sensitivity->total->unit);
    print_kinks(output, sensitivity);
}

/* ---- as CSV ---- */

static void print_csv_number(FILE *file, double number)
{
    char text[32];
    zuji_number_text(number, text);
    fprintf(file, ",%s", text);
}

static void print_csv_text(FILE *file, struct str text)
{
    fputc(',', file);
    print_csv_cell(file, text.at == NULL ? "" : text.at);
}

static void print_csv(const struct output *output, const struct zuji_result *row,
                      const struct zuji_influence *influences, size_t count, const char *unit)
{
    static const char *const kinds[] = {
        [ZUJI_DEFAULT] = "default", [ZUJI_FACTOR] = "factor", [ZUJI_CELL] = "table", [ZUJI_DATUM] = "datum"};
    struct arena *arena = output->cli->arena;
    for (size_t i = 0; i < count && i < output->top; i++) {
        const struct zuji_influence *influence = &influences[i];
        FILE *file = output->file;
        print_csv_cell(file, zuji_result_id(row));
        print_csv_text(file, str_of(zuji_result_row_name(row)));
        print_csv_text(file, str_of(influence->rows > 0 ? "group" : "single"));
        print_csv_text(file, str_of(kinds[influence->ground.kind]));
        print_csv_text(file, str_copy(arena, influence_name(output->cli, influence)));
        fprintf(file, ",%lu", (unsigned long)(influence->rows > 0 ? influence->rows : 1));
        if (influence->rows > 0) {
            fputc(',', file);
        } else {
            print_csv_number(file, influence->ground.value.number);
        }
        print_csv_text(file, str_of(influence->ground.value.unit));
        print_csv_number(file, influence->derivative);
        print_csv_text(file, str_of(unit));
        if (influence->has_elasticity) {
            print_csv_number(file, influence->elasticity);
        } else {
            fputc(',', file);
        }
        fprintf(file, ",%d,%d,%d\n", influence->is_at_kink, influence->is_rounded, influence->is_partial);
    }
}

/* ---- all ---- */

static void print_row(struct output *output, const struct zuji_result *row, const struct zuji_sensitivity *sensitivity)
{
    struct zuji_sensitivity shown = *sensitivity;
    const char *unit = sensitivity->total->unit;
    const char *json;
    switch (output->format) {
    case SENSITIVITY_TEXT:
        print_page(output, row, sensitivity);
        break;
    case SENSITIVITY_JSON:
        shown.influence_count = shown.influence_count < output->top ? shown.influence_count : output->top;
        shown.group_count = shown.group_count < output->top ? shown.group_count : output->top;
        json = zuji_sensitivity_json(row, &shown, NULL);
        output->code = json == NULL ? EXIT_INTERNAL : output->code;
        fprintf(output->file, "%s\n%s", output->entries > 0 ? "," : "", json == NULL ? "" : json);
        break;
    case SENSITIVITY_CSV:
        print_csv(output, row, sensitivity->influences, sensitivity->influence_count, unit);
        print_csv(output, row, sensitivity->groups, sensitivity->group_count, unit);
        break;
    }
    output->entries++;
}

/* The rows of a product, or the one that --row names. */
static int print_rows(struct output *output, const struct zuji_result *result)
{
    struct cli *cli = output->cli;
    const char *wanted = cli->option[OPTION_ROW];
    const struct zuji_result *only = wanted == NULL ? NULL : result_row_called(cli, result, wanted);
    if (wanted != NULL && only == NULL) {
        usage_error(cli, D_NO_SUCH_ROW, str_of(wanted), str_of(zuji_result_id(result)));
        return EXIT_FINDINGS;
    }
    for (size_t i = 0; i < zuji_result_row_count(result); i++) {
        const struct zuji_result *row = zuji_result_row(result, i);
        const struct zuji_sensitivity *sensitivity = NULL;
        if (only != NULL && row != only) {
            continue;
        }
        enum zuji_status status = zuji_result_sensitivity(row, &sensitivity);
        if (status != ZUJI_OK) {
            return exit_of(status);
        }
        print_row(output, row, sensitivity);
    }
    return EXIT_OK;
}

static int look_at_product(void *user, const struct zuji_result *result)
{
    struct output *output = user;
    struct cli *cli = output->cli;
    struct arena_mark mark = arena_mark(cli->arena);
    output->products++;
    if (zuji_result_is_ok(result)) {
        int code = print_rows(output, result);
        output->code = code == EXIT_OK ? output->code : code;
    } else {
        fflush(output->file); /* so that both streams into one place keep their order */
        print_messages(cli, zuji_result_problems(result));
        output->code = EXIT_FINDINGS;
    }
    arena_reset(cli->arena, mark);
    return ferror(output->file) ? 1 : 0;
}

static int run_sensitivity(struct output *output)
{
    struct cli *cli = output->cli;
    struct zuji_messages *messages = NULL;
    output->file = open_output(cli);
    if (output->file == NULL) {
        return EXIT_IO;
    }
    if (output->format == SENSITIVITY_JSON) {
        fprintf(output->file, "{\"rule\":%s,\"products\":[", zuji_run_json(output->session->run, NULL));
    } else if (output->format == SENSITIVITY_CSV) {
        fputs("id,row,scope,kind,name,rows,value,per,derivative,unit,elasticity,at_kink,rounded,partial\n",
              output->file);
    }
    enum zuji_status status =
        zuji_run_path(output->session->run, cli->arguments[1], look_at_product, output, &messages);
    print_messages(cli, messages);
    zuji_messages_free(messages);
    if (output->format == SENSITIVITY_JSON) {
        fputs(output->entries > 0 ? "\n]}\n" : "]}\n", output->file);
    }
    if (!close_output(cli, output->file)) {
        return EXIT_IO;
    }
    if (output->products == 0 && status == ZUJI_OK && cli->option[OPTION_PRODUCT] != NULL) {
        usage_error(cli, D_NO_SUCH_PRODUCT, str_of(cli->option[OPTION_PRODUCT]), STR(""));
        return EXIT_FINDINGS;
    }
    return output->code != EXIT_OK ? output->code : exit_of(status);
}

int command_sensitivity(struct cli *cli)
{
    struct output output = {.cli = cli};
    if (cli->argument_count != 2) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("RULE DATA"), STR("sensitivity"));
    }
    if (!read_format(cli, &output.format)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--format"), STR("text|json|csv"));
    }
    if (!read_top(cli, output.format, &output.top)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--top"), STR("1, 2, …"));
    }
    struct session session;
    int code = open_session(cli, (struct zuji_options){.only_product = cli->option[OPTION_PRODUCT]}, &session);
    output.session = &session;
    if (session.run != NULL) {
        code = run_sensitivity(&output);
    }
    close_session(&session);
    return code;
}
