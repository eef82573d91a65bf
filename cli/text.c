/* One result as a page for people: total, stages with their flows, categories, gases, reports; shares as small bars. */
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "cli/cli.h"

enum { NAME_CELLS = 34, NUMBER_CELLS = 14, BAR_CELLS = 20 };

static size_t cells_of(struct str s)
{
    size_t cells = 0;
    for (size_t off = 0; off < s.len;) {
        cells += (size_t)unicode_width(utf8_next(s, &off));
    }
    return cells;
}

static void print_spaces(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

/* The text in at least `cells` display cells: filled on the right, or on the left for numbers. */
static void print_cells(FILE *out, struct str s, size_t cells, bool is_number)
{
    size_t used = cells_of(s);
    size_t fill = used < cells ? cells - used : 0;
    if (is_number) {
        print_spaces(out, fill);
    }
    fwrite(s.at, 1, s.len, out);
    if (!is_number) {
        print_spaces(out, fill);
    }
}

/* A bar of eighths of a cell: a share of 1 fills it. */
static void print_bar(FILE *out, double share)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    double clamped = share < 0 ? 0 : share > 1 ? 1 : share;
    int units = (int)(clamped * BAR_CELLS * 8 + 0.5);
    for (int i = 0; i < units / 8; i++) {
        fputs("█", out);
    }
    fputs(eighths[units % 8], out);
}

static struct str title_of(const struct zuji_figure *figure, enum lang lang)
{
    const char *title = figure->title[lang][0] != '\0' ? figure->title[lang] : figure->title[1 - lang];
    return str_of(title[0] != '\0' ? title : figure->name);
}

static void print_figure(FILE *out, const struct cli *cli, const struct zuji_figure *figure, size_t indent)
{
    print_spaces(out, indent);
    print_cells(out, title_of(figure, cli->lang), NAME_CELLS - indent, false);
    fputc(' ', out);
    if (!figure->is_given) {
        print_cells(out, STR("–"), NUMBER_CELLS, true);
        fputc('\n', out);
        return;
    }
    print_cells(out, str_of(figure->reported), NUMBER_CELLS, true);
    int permille = (int)(figure->share * 1000 + (figure->share < 0 ? -0.5 : 0.5));
    fprintf(out, " %4s%d.%d %% ", permille < 0 ? "-" : "", (permille < 0 ? -permille : permille) / 10, (permille < 0 ? -permille : permille) % 10);
    print_bar(out, figure->share);
    fputc('\n', out);
}

static void print_heading(FILE *out, const struct cli *cli, enum diag_code text)
{
    struct str heading = diag_text(cli->arena, (struct diag_text){.text = text}, cli->lang);
    fprintf(out, "  %.*s\n", STR_FMT(heading));
}

static void print_stages(FILE *out, const struct cli *cli, const struct zuji_result *result, enum zuji_detail detail)
{
    size_t stage_count, flow_count;
    const struct zuji_figure *stages = zuji_result_stages(result, &stage_count);
    const struct zuji_figure *flows = zuji_result_flows(result, &flow_count);
    print_heading(out, cli, T_HEAD_STAGES);
    for (size_t i = 0; i < stage_count; i++) {
        print_figure(out, cli, &stages[i], 4);
        for (size_t k = 0; detail == ZUJI_FULL && k < flow_count; k++) {
            if (strcmp(flows[k].stage, stages[i].name) == 0 && stages[i].is_given) {
                print_figure(out, cli, &flows[k], 6);
            }
        }
    }
}

static void print_list(FILE *out, const struct cli *cli, enum diag_code heading, const struct zuji_figure *figures, size_t count)
{
    if (count == 0) {
        return;
    }
    print_heading(out, cli, heading);
    for (size_t i = 0; i < count; i++) {
        print_figure(out, cli, &figures[i], 4);
    }
}

static void print_reports(FILE *out, const struct cli *cli, const struct zuji_result *result)
{
    size_t count;
    const struct zuji_figure *reports = zuji_result_reports(result, &count);
    if (count > 0) {
        print_heading(out, cli, T_HEAD_REPORTS);
    }
    for (size_t i = 0; i < count; i++) {
        print_spaces(out, 4);
        print_cells(out, title_of(&reports[i], cli->lang), NAME_CELLS - 4, false);
        fputc(' ', out);
        print_cells(out, str_of(reports[i].is_given ? reports[i].reported : "–"), NUMBER_CELLS, true);
        fprintf(out, " %s\n", reports[i].unit);
    }
}

void print_result_text(FILE *out, const struct cli *cli, const struct zuji_rule *rule, const struct zuji_result *result, enum zuji_detail detail)
{
    enum zuji_lang lang = cli->lang == LANG_ZH ? ZUJI_ZH : ZUJI_EN;
    fprintf(out, "%s: %s\n", zuji_rule_title(rule, lang), zuji_result_id(result));
    if (!zuji_result_is_ok(result)) {
        print_heading(out, cli, T_HEAD_ERROR);
        fputc('\n', out);
        return;
    }
    const struct zuji_figure *total = zuji_result_total(result);
    struct diag_text head = {T_HEAD_TOTAL, {str_of(total->reported), str_of("kgCO2e"), str_of(zuji_rule_declared(rule, lang))}};
    struct str line = diag_text(cli->arena, head, cli->lang);
    fprintf(out, "  %.*s\n", STR_FMT(line));
    if (detail >= ZUJI_STAGES) {
        print_stages(out, cli, result, detail);
    }
    if (detail == ZUJI_FULL) {
        size_t count;
        const struct zuji_figure *figures = zuji_result_categories(result, &count);
        print_list(out, cli, T_HEAD_CATEGORIES, figures, count);
        figures = zuji_result_gases(result, &count);
        print_list(out, cli, T_HEAD_GASES, figures, count);
        print_reports(out, cli, result);
    }
    fputc('\n', out);
}
