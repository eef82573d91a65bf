#include "cli/cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/render.h"

enum run_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NDJSON, FORMAT_CSV };

struct output {
    struct cli *cli;
    const struct zuji_rule *rule;
    const struct zuji_run *run;
    FILE *file;
    enum run_format format;
    enum zuji_detail detail;
    uint64_t products, failed;
    uint64_t entries; /* one for each product, or for each row of its results */
    bool shows_progress;
};

static struct zuji_run *running; /* for the signal handler only */

static bool read_format(struct cli *cli, enum run_format *format);
static int run_all(struct cli *cli, struct zuji_run *run, struct output *output);
static int print_result(void *user, const struct zuji_result *result);
static void print_csv(struct output *output, const struct zuji_result *result);
static void print_head(struct output *output);
static void print_tail(struct output *output);

static void interrupt(int signal_number)
{
    (void)signal_number;
    zuji_run_cancel(running);
}

int command_run(struct cli *cli)
{
    struct output output = {.cli = cli};
    if (cli->argument_count < 2) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("RULE DATA…"), STR("run"));
    }
    if (cli->option[OPTION_MONTE_CARLO] != NULL) {
        return run_monte_carlo(cli);
    }
    if (cli->option[OPTION_SEED] != NULL) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("--monte-carlo N"), STR("run --seed"));
    }
    if (!read_format(cli, &output.format)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--format"), STR("text|json|ndjson|csv"));
    }
    const char *detail = cli->option[OPTION_DETAIL];
    output.detail = detail == NULL     ? (output.format == FORMAT_NDJSON ? ZUJI_TOTALS : ZUJI_FULL)
                    : detail[0] == 't' ? ZUJI_TOTALS
                    : detail[0] == 's' ? ZUJI_STAGES
                                       : ZUJI_FULL;
    struct zuji_options options = {.use_exact = cli->option[OPTION_EXACT] != NULL,
                                   .only_product = cli->option[OPTION_PRODUCT]};
    struct session session;
    int code = open_session(cli, options, &session);
    output.rule = session.rule;
    if (session.run != NULL) {
        code = run_all(cli, session.run, &output);
    }
    close_session(&session);
    return code;
}

static bool read_format(struct cli *cli, enum run_format *format)
{
    static const char *const names[] = {"text", "json", "ndjson", "csv"};
    const char *name = cli->option[OPTION_FORMAT] != NULL ? cli->option[OPTION_FORMAT] : "text";
    for (size_t i = 0; i < countof(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum run_format)i;
            return true;
        }
    }
    return false;
}

static int run_all(struct cli *cli, struct zuji_run *run, struct output *output)
{
    output->file = open_output(cli);
    if (output->file == NULL) {
        return EXIT_IO;
    }
    output->shows_progress = isatty(STDERR_FILENO) && !isatty(fileno(output->file));
    running = run;
    output->run = run;
    signal(SIGINT, interrupt);
    print_head(output);
    int code = EXIT_OK;
    for (size_t i = 1; i < cli->argument_count; i++) {
        struct zuji_messages *messages = NULL;
        enum zuji_status status = zuji_run_path(run, cli->arguments[i], print_result, output, &messages);
        print_messages(cli, messages);
        zuji_messages_free(messages);
        code = exit_of(status) > code ? exit_of(status) : code;
        if (status == ZUJI_CANCELLED || ferror(output->file)) {
            break;
        }
    }
    print_tail(output);
    if (cli->option[OPTION_STATS] != NULL) {
        fflush(output->file);
        print_stats(cli, run, output->format == FORMAT_JSON || output->format == FORMAT_NDJSON);
    }
    signal(SIGINT, SIG_DFL);
    if (!close_output(cli, output->file)) {
        return EXIT_IO;
    }
    if (cli->option[OPTION_PRODUCT] != NULL && output->products == 0 && code == EXIT_OK) {
        usage_error(cli, D_NO_SUCH_PRODUCT, str_of(cli->option[OPTION_PRODUCT]), STR(""));
        return EXIT_FINDINGS;
    }
    return code;
}

static void print_head(struct output *output)
{
    if (output->format == FORMAT_CSV) {
        fprintf(output->file, "id,number,%s%sstatus", zuji_rule_has_rows(output->rule) ? "row," : "",
                zuji_rule_has_headlines(output->rule) ? "headline," : "");
        fprintf(output->file, ",kind,stage,%sname,value,reported,%sunit,share\n",
                zuji_rule_has_processes(output->rule) ? "process," : "",
                zuji_rule_has_marks(output->rule) ? "mark," : "");
    } else if (output->format == FORMAT_JSON) {
        fprintf(output->file, "{\"rule\":%s,\"products\":[", zuji_run_json(output->run, NULL));
    }
}

static void print_tail(struct output *output)
{
    if (output->format == FORMAT_JSON) {
        fputs(output->products > 0 ? "\n]}\n" : "]}\n", output->file);
    }
    if (output->shows_progress && output->products >= 10000) {
        fprintf(stderr, "\r%40s\r", "");
    }
    if (output->failed > 0) {
        fflush(output->file);
        struct diag_text text = {
            T_FAILED_PRODUCTS,
            {str_format(output->cli->arena, "%llu", (unsigned long long)output->failed),
              str_format(output->cli->arena, "%llu", (unsigned long long)output->products)}
        };
        struct str line = diag_text(output->cli->arena, text, output->cli->lang);
        fprintf(stderr, "%.*s\n", STR_FMT(line));
    }
}

/* One row of the results of a product. */
static void print_row(struct output *output, const struct zuji_result *row)
{
    size_t len = 0;
    switch (output->format) {
    case FORMAT_TEXT:
        print_result_text(output->file, output->cli, output->rule, row, output->detail);
        break;
    case FORMAT_JSON:
        fputs(output->entries > 0 ? ",\n" : "\n", output->file);
        fputs(zuji_result_json(row, output->detail, &len), output->file);
        break;
    case FORMAT_NDJSON:
        fputs(zuji_result_json(row, output->detail, &len), output->file);
        fputc('\n', output->file);
        break;
    case FORMAT_CSV:
        print_csv(output, row);
        break;
    }
    output->entries++;
}

static int print_result(void *user, const struct zuji_result *result)
{
    struct output *output = user;
    struct arena_mark mark = arena_mark(output->cli->arena);
    output->failed += !zuji_result_is_ok(result);
    for (size_t i = 0; i < zuji_result_row_count(result); i++) {
        print_row(output, zuji_result_row(result, i));
    }
    const struct zuji_messages *problems = zuji_result_problems(result);
    if (zuji_messages_count(problems) > 0) {
        fflush(output->file); /* so that both streams into one place keep their order */
        print_messages(output->cli, problems);
    }
    output->products++;
    if (output->shows_progress && output->products % 10000 == 0) {
        fprintf(stderr, "\r%llu", (unsigned long long)output->products);
    }
    arena_reset(output->cli->arena, mark);
    return ferror(output->file) ? 1 : 0;
}

/* The columns that say what a line is about. */
static void print_csv_product(struct output *output, const struct zuji_result *result)
{
    print_csv_cell(output->file, zuji_result_id(result));
    fprintf(output->file, ",%llu", (unsigned long long)zuji_result_number(result));
    if (zuji_rule_has_rows(output->rule)) {
        fputc(',', output->file);
        print_csv_cell(output->file, zuji_result_row_name(result));
    }
    if (zuji_rule_has_headlines(output->rule)) {
        const char *headline = zuji_result_is_headline(result) ? "true" : "false";
        fprintf(output->file, ",%s", zuji_result_is_ok(result) ? headline : "");
    }
}

struct csv_kind { /* of a figure */
    const char *name;
    bool has_share; /* of the total */
    bool is_rare;   /* left out where it does not occur */
};

static void print_csv_figure(struct output *output, const struct zuji_result *result, struct csv_kind kind,
                             const struct zuji_figure *figure)
{
    char number[32];
    FILE *file = output->file;
    print_csv_product(output, result);
    fprintf(file, ",ok,%s,", kind.name);
    print_csv_cell(file, figure->stage);
    fputc(',', file);
    if (zuji_rule_has_processes(output->rule)) {
        print_csv_cell(file, figure->process);
        fputc(',', file);
    }
    print_csv_cell(file, figure->name);
    fputc(',', file);
    zuji_number_text(figure->value, number);
    fprintf(file, "%s,%s,", figure->is_given ? number : "", figure->is_given ? figure->reported : "");
    if (zuji_rule_has_marks(output->rule)) {
        fprintf(file, "%s,", figure->mark);
    }
    print_csv_cell(file, figure->unit);
    zuji_number_text(figure->share, number);
    fprintf(file, ",%s\n", figure->is_given && kind.has_share ? number : "");
}

static void print_csv(struct output *output, const struct zuji_result *result)
{
    if (!zuji_result_is_ok(result)) {
        print_csv_product(output, result);
        fprintf(output->file, ",error,,,,,,%s%s\n", zuji_rule_has_processes(output->rule) ? "," : "",
                zuji_rule_has_marks(output->rule) ? ",," : ",");
        return;
    }
    typedef const struct zuji_figure *list_fn(const struct zuji_result *, size_t *);
    static const struct {
        struct csv_kind kind;
        list_fn *list;
        enum zuji_detail detail;
    } lists[] = {
        {{"stage", true, false},    zuji_result_stages,     ZUJI_STAGES},
        {{"process", true, false},  zuji_result_processes,  ZUJI_FULL  },
        {{"flow", true, false},     zuji_result_flows,      ZUJI_FULL  },
        {{"category", true, false}, zuji_result_categories, ZUJI_FULL  },
        {{"gas", true, false},      zuji_result_gases,      ZUJI_FULL  },
        {{"phase", true, false},    zuji_result_phases,     ZUJI_FULL  },
        {{"member", true, false},   zuji_result_members,    ZUJI_FULL  },
        {{"sum", true, true},       zuji_result_sums,       ZUJI_FULL  },
        {{"report", false, false},  zuji_result_reports,    ZUJI_STAGES},
    };
    const struct zuji_result *full = output->detail == ZUJI_FULL ? zuji_result_full(result) : NULL;
    result = full != NULL ? full : result;
    print_csv_figure(output, result, (struct csv_kind){"total", true, false}, zuji_result_total(result));
    const struct zuji_grade *grade = zuji_result_grade(result);
    if (grade != NULL) {
        print_csv_product(output, result);
        fputs(zuji_rule_has_processes(output->rule) ? ",ok,grade,,," : ",ok,grade,,", output->file);
        print_csv_cell(output->file, grade->class_name);
        fprintf(output->file, ",,,%s\n", zuji_rule_has_marks(output->rule) ? ",," : ",");
    }
    for (size_t i = 0; i < countof(lists); i++) {
        size_t count = 0;
        const struct zuji_figure *figures = output->detail >= lists[i].detail ? lists[i].list(result, &count) : NULL;
        for (size_t k = 0; k < count; k++) {
            if (!lists[i].kind.is_rare || figures[k].is_given) {
                print_csv_figure(output, result, lists[i].kind, &figures[k]);
            }
        }
    }
}
