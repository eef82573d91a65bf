/* `zuji run --monte-carlo`: how uncertain totals are, and what makes them so: as a page, as JSON, or as CSV. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

enum { SPREAD_CELLS = 12, LEAST_NAME_CELLS = 24, MOST_NAME_CELLS = 72, FIRST_SEED = 1 };

enum samples_format { SAMPLES_TEXT, SAMPLES_JSON, SAMPLES_NDJSON, SAMPLES_CSV };

struct output {
    struct cli *cli;
    const struct session *session;
    enum samples_format format;
    enum zuji_detail detail;
    struct zuji_monte_carlo wanted;
    FILE *file;
    size_t products, entries;
    int code;
};

static const char *const QUANTILE_NAMES[ZUJI_QUANTILES] = {"2.5 %", "5 %", "25 %", "50 %", "75 %", "95 %", "97.5 %"};

static struct str worded(const struct cli *cli, enum diag_code text, struct str a, struct str b, struct str c)
{
    struct diag_text parts = {
        .text = text, .args = {a, b, c}
    };
    return diag_text(cli->arena, parts, cli->lang);
}

static struct str word(const struct cli *cli, enum diag_code text)
{
    return worded(cli, text, STR(""), STR(""), STR(""));
}

/* ---- as a page ---- */

static struct str spread_name(const struct cli *cli, const struct zuji_spread *spread, bool is_total)
{
    struct str title = text_either(spread->figure->title, cli->lang);
    if (is_total) {
        return word(cli, T_EXPLAIN_TOTAL);
    }
    return title.len > 0 ? title : str_of(spread->figure->name);
}

static struct str contribution_name(const struct cli *cli, const struct zuji_contribution *contribution)
{
    return text_titled(cli, &contribution->ground, text_ground(cli, &contribution->ground));
}

static size_t widest(const struct cli *cli, const struct zuji_uncertainty *told)
{
    size_t cells = LEAST_NAME_CELLS;
    for (size_t s = 0; s < told->stage_count; s++) {
        size_t width = text_width(spread_name(cli, &told->stages[s], false));
        cells = width > cells ? width : cells;
    }
    for (size_t k = 0; k < told->contribution_count; k++) {
        size_t width = text_width(contribution_name(cli, &told->contributions[k]));
        cells = width > cells ? width : cells;
    }
    return cells < MOST_NAME_CELLS ? cells : MOST_NAME_CELLS;
}

static void print_column(const struct output *output, struct str text)
{
    fputc(' ', output->file);
    text_cells(output->file, text, SPREAD_CELLS - 1, true);
}

static void print_number(const struct output *output, bool is_there, double number)
{
    print_column(output, is_there ? text_number(output->cli, number) : STR("–"));
}

static void print_name(const struct output *output, struct str name, size_t cells)
{
    text_spaces(output->file, HEAD_INDENT);
    text_cells(output->file, name, cells, false);
}

static void print_moments(const struct output *output, const struct zuji_spread *spread, struct str name, size_t cells)
{
    bool is_there = spread->samples > 0;
    print_name(output, name, cells);
    print_column(output, str_of(spread->figure->is_given ? spread->figure->reported : "–"));
    print_number(output, is_there, spread->mean);
    print_number(output, is_there, spread->deviation);
    print_number(output, spread->geometric_deviation > 0, spread->geometric_deviation);
    fputc('\n', output->file);
}

static void print_quantiles(const struct output *output, const struct zuji_spread *spread, struct str name,
                            size_t cells)
{
    print_name(output, name, cells);
    for (int q = 0; q < ZUJI_QUANTILES; q++) {
        print_number(output, spread->samples > 0, spread->quantiles[q]);
    }
    fputc('\n', output->file);
}

static void print_head(const struct output *output, enum diag_code head, size_t cells, const enum diag_code *columns,
                       size_t count)
{
    print_name(output, head == T_PLAIN ? STR("") : word(output->cli, head), cells);
    for (size_t i = 0; i < count; i++) {
        print_column(output, word(output->cli, columns[i]));
    }
    fputc('\n', output->file);
}

typedef void print_spread(const struct output *output, const struct zuji_spread *spread, struct str name, size_t cells);

static void print_spreads(const struct output *output, const struct zuji_uncertainty *told, size_t cells,
                          print_spread *print)
{
    const struct cli *cli = output->cli;
    print(output, &told->total, spread_name(cli, &told->total, true), cells);
    for (size_t s = 0; s < told->stage_count; s++) {
        print(output, &told->stages[s], spread_name(cli, &told->stages[s], false), cells);
    }
}

static void print_contributions(const struct output *output, const struct zuji_uncertainty *told, size_t cells)
{
    static const enum diag_code columns[] = {T_SAMPLES_BY_RANK, T_SAMPLES_BY_SLOPE, T_SAMPLES_CORRELATION};
    print_head(output, T_SAMPLES_CONTRIBUTIONS, cells, columns, countof(columns));
    for (size_t k = 0; k < told->contribution_count; k++) {
        const struct zuji_contribution *contribution = &told->contributions[k];
        print_name(output, contribution_name(output->cli, contribution), cells);
        text_spaces(output->file, SPREAD_CELLS - 8);
        text_share(output->file, contribution->by_rank);
        text_spaces(output->file, SPREAD_CELLS - 8);
        text_share(output->file, contribution->by_slope);
        print_number(output, true, contribution->correlation);
        fprintf(output->file, "  %s, %s\n", contribution->ground.value.text, contribution->ground.uncertainty);
    }
}

static void print_remarks(const struct output *output, const struct zuji_uncertainty *told)
{
    const struct cli *cli = output->cli;
    const struct zuji_message *first = zuji_messages_get(told->failures, 0);
    if (told->failed > 0) {
        struct str line = worded(cli, T_SAMPLES_FAILED, str_format(cli->arena, "%lu", (unsigned long)told->failed),
                                 str_format(cli->arena, "%lu", (unsigned long)told->samples),
                                 str_of(first == NULL ? "" : first->text[cli->lang]));
        fprintf(output->file, "  %.*s\n", STR_FMT(line));
    }
    fprintf(output->file, "  %.*s\n", STR_FMT(word(cli, T_SAMPLES_DOUBLES)));
}

static void print_page(const struct output *output, const struct zuji_result *row, const struct zuji_uncertainty *told)
{
    static const enum diag_code moments[] = {T_SAMPLES_VALUE, T_SAMPLES_MEAN, T_SAMPLES_SD, T_SAMPLES_GSD};
    const struct cli *cli = output->cli;
    struct str name = text_row(cli, row);
    size_t cells = widest(cli, told);
    struct str samples = str_format(cli->arena, "%lu", (unsigned long)told->samples);
    struct str seed = str_format(cli->arena, "%" PRIu64, told->seed);
    struct str head =
        str_format(cli->arena, "%s%s%.*s", zuji_result_id(row), name.len > 0 ? ", " : "", STR_FMT(name));
    fprintf(output->file, "%s%.*s\n", output->entries > 0 ? "\n" : "",
            STR_FMT(worded(cli, T_SAMPLES_HEAD, head, samples, seed)));
    print_head(output, T_PLAIN, cells, moments, countof(moments));
    print_spreads(output, told, cells, print_moments);
    print_name(output, str_of(told->total.figure->unit), cells);
    for (int q = 0; q < ZUJI_QUANTILES; q++) {
        print_column(output, str_of(QUANTILE_NAMES[q]));
    }
    fputc('\n', output->file);
    print_spreads(output, told, cells, print_quantiles);
    if (told->contribution_count > 0) {
        print_contributions(output, told, cells);
    }
    print_remarks(output, told);
}

/* ---- as CSV ---- */

static void print_csv_number(FILE *file, bool is_there, double number)
{
    char text[32];
    zuji_number_text(number, text);
    fprintf(file, ",%s", is_there ? text : "");
}

static void print_csv_text(FILE *file, const char *text)
{
    fputc(',', file);
    print_csv_cell(file, text);
}

static void print_csv_spread(const struct output *output, const struct zuji_result *row,
                             const struct zuji_spread *spread, const char *scope)
{
    FILE *file = output->file;
    bool is_there = spread->samples > 0;
    print_csv_cell(file, zuji_result_id(row));
    print_csv_text(file, zuji_result_row_name(row));
    print_csv_text(file, scope);
    print_csv_text(file, strcmp(scope, "total") == 0 ? "" : spread->figure->name);
    print_csv_number(file, spread->figure->is_given, spread->figure->value);
    print_csv_text(file, spread->figure->unit);
    fprintf(file, ",%lu", (unsigned long)spread->samples);
    print_csv_number(file, is_there, spread->mean);
    print_csv_number(file, is_there, spread->deviation);
    print_csv_number(file, spread->geometric_deviation > 0, spread->geometric_deviation);
    for (int q = 0; q < ZUJI_QUANTILES; q++) {
        print_csv_number(file, is_there, spread->quantiles[q]);
    }
    fputs(",,,,,\n", file);
}

static void print_csv_contribution(const struct output *output, const struct zuji_result *row,
                                   const struct zuji_contribution *contribution)
{
    FILE *file = output->file;
    const struct zuji_ground *ground = &contribution->ground;
    print_csv_cell(file, zuji_result_id(row));
    print_csv_text(file, zuji_result_row_name(row));
    print_csv_text(file, ground->kind == ZUJI_FACTOR ? "factor" : "datum");
    print_csv_text(file, str_copy(output->cli->arena, text_ground(output->cli, ground)).at);
    print_csv_number(file, true, ground->value.number);
    print_csv_text(file, ground->value.unit);
    fputs(",,", file);
    print_csv_number(file, true, contribution->deviation);
    fputs(",,,,,,,,", file);
    print_csv_text(file, ground->uncertainty);
    print_csv_number(file, true, contribution->correlation);
    print_csv_number(file, true, contribution->by_rank);
    print_csv_number(file, true, contribution->derivative);
    print_csv_number(file, true, contribution->by_slope);
    fputc('\n', file);
}

static void print_csv(const struct output *output, const struct zuji_result *row, const struct zuji_uncertainty *told)
{
    print_csv_spread(output, row, &told->total, "total");
    for (size_t s = 0; s < told->stage_count; s++) {
        print_csv_spread(output, row, &told->stages[s], "stage");
    }
    for (size_t k = 0; k < told->contribution_count; k++) {
        print_csv_contribution(output, row, &told->contributions[k]);
    }
}

/* ---- all ---- */

static void print_entry(struct output *output, const struct zuji_result *row, const struct zuji_uncertainty *told)
{
    struct zuji_uncertainty shown = *told;
    shown.stage_count = output->detail >= ZUJI_STAGES ? shown.stage_count : 0;
    shown.contribution_count = output->detail >= ZUJI_FULL ? shown.contribution_count : 0;
    if (output->format == SAMPLES_TEXT) {
        print_page(output, row, &shown);
    } else if (output->format == SAMPLES_CSV) {
        print_csv(output, row, &shown);
    } else {
        const char *json = zuji_uncertainty_json(row, &shown, NULL);
        const char *before = output->format == SAMPLES_NDJSON ? "" : output->entries > 0 ? ",\n" : "\n";
        output->code = json == NULL ? EXIT_INTERNAL : output->code;
        fprintf(output->file, "%s%s%s", before, json == NULL ? "" : json, output->format == SAMPLES_NDJSON ? "\n" : "");
    }
    output->entries++;
}

static int print_rows(struct output *output, const struct zuji_result *result)
{
    for (size_t i = 0; i < zuji_result_row_count(result); i++) {
        const struct zuji_result *row = zuji_result_row(result, i);
        const struct zuji_uncertainty *told = NULL;
        struct zuji_messages *messages = NULL;
        enum zuji_status status = zuji_result_uncertainty(row, &output->wanted, &told, &messages);
        if (zuji_messages_count(messages) > 0) {
            fflush(output->file);
            print_messages(output->cli, messages);
        }
        zuji_messages_free(messages);
        if (status != ZUJI_OK) {
            return exit_of(status);
        }
        print_entry(output, row, told);
    }
    return EXIT_OK;
}

static int look_at_product(void *user, const struct zuji_result *result)
{
    struct output *output = user;
    struct cli *cli = output->cli;
    struct arena_mark mark = arena_mark(cli->arena);
    int code = EXIT_FINDINGS;
    output->products++;
    if (zuji_result_is_ok(result)) {
        code = print_rows(output, result);
    } else {
        fflush(output->file); /* so that both streams into one place keep their order */
        print_messages(cli, zuji_result_problems(result));
    }
    output->code = code > output->code ? code : output->code;
    arena_reset(cli->arena, mark);
    return ferror(output->file) ? 1 : 0;
}

static int run_samples(struct output *output)
{
    struct cli *cli = output->cli;
    struct zuji_run *run = output->session->run;
    output->file = open_output(cli);
    if (output->file == NULL) {
        return EXIT_IO;
    }
    if (output->format == SAMPLES_JSON) {
        fprintf(output->file, "{\"rule\":%s,\"products\":[", zuji_run_json(run, NULL));
    } else if (output->format == SAMPLES_CSV) {
        fputs("id,row,scope,name,value,unit,samples,mean,sd,gsd,q2_5,q5,q25,q50,q75,q95,q97_5,uncertainty,correlation,"
              "by_rank,derivative,by_slope\n",
              output->file);
    }
    for (size_t i = 1; i < cli->argument_count && !ferror(output->file); i++) {
        struct zuji_messages *messages = NULL;
        int code = exit_of(zuji_run_path(run, cli->arguments[i], look_at_product, output, &messages));
        print_messages(cli, messages);
        zuji_messages_free(messages);
        output->code = code > output->code ? code : output->code;
    }
    if (output->format == SAMPLES_JSON) {
        fputs(output->entries > 0 ? "\n]}\n" : "]}\n", output->file);
    }
    if (cli->option[OPTION_STATS] != NULL) {
        fflush(output->file);
        print_stats(cli, run, output->format == SAMPLES_JSON || output->format == SAMPLES_NDJSON);
    }
    if (!close_output(cli, output->file)) {
        return EXIT_IO;
    }
    if (cli->option[OPTION_PRODUCT] != NULL && output->products == 0 && output->code == EXIT_OK) {
        usage_error(cli, D_NO_SUCH_PRODUCT, str_of(cli->option[OPTION_PRODUCT]), STR(""));
        return EXIT_FINDINGS;
    }
    return output->code;
}

/* A whole number from least to most. */
static bool read_whole(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *number >= least && *number <= most;
}

static bool read_format(const struct cli *cli, enum samples_format *format)
{
    static const char *const names[] = {"text", "json", "ndjson", "csv"};
    const char *name = cli->option[OPTION_FORMAT] != NULL ? cli->option[OPTION_FORMAT] : "text";
    for (size_t i = 0; i < countof(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum samples_format)i;
            return true;
        }
    }
    return false;
}

int run_monte_carlo(struct cli *cli)
{
    struct output output = {.cli = cli};
    uint64_t samples = 0;
    const char *seed = cli->option[OPTION_SEED];
    const char *detail = cli->option[OPTION_DETAIL];
    if (!read_format(cli, &output.format)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--format"), STR("text|json|ndjson|csv"));
    }
    if (!read_whole(cli->option[OPTION_MONTE_CARLO], 2, ZUJI_SAMPLES_MAX, &samples)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--monte-carlo"), STR("2 … 1000000"));
    }
    output.wanted = (struct zuji_monte_carlo){.samples = (uint32_t)samples, .seed = FIRST_SEED};
    if (seed != NULL && !read_whole(seed, 0, UINT64_MAX, &output.wanted.seed)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--seed"), STR("0 … 18446744073709551615"));
    }
    output.detail = detail == NULL || detail[0] == 'f' ? ZUJI_FULL : detail[0] == 's' ? ZUJI_STAGES : ZUJI_TOTALS;
    struct zuji_options options = {.use_exact = cli->option[OPTION_EXACT] != NULL,
                                   .only_product = cli->option[OPTION_PRODUCT]};
    struct session session;
    int code = open_session(cli, options, &session);
    output.session = &session;
    if (session.run != NULL) {
        code = run_samples(&output);
    }
    close_session(&session);
    return code;
}
