/* The total by stage and category: a bar for each stage, what takes off to the left of zero, and the same as a table.
 */
#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "cli/html.h"

enum {
    WIDTH = 10000,
    LABEL_X = 2380,
    PLOT_X = 2480,
    PLOT_END = 8900,
    ROW = 360,
    BAR = 220,
    LABEL_CELLS = 35,
    COLOURS = 6,
    DIGIT = 85, /* its width, at most */
    TICKS_MOST = 7
};

struct bars {
    const struct html *page;
    const struct zuji_figure *stages, *categories, *cells;
    size_t stage_count, category_count, cell_count;
    double least, most; /* of what is drawn; 0 is between them */
    long bottom;
};

static double cell_value(const struct bars *bars, size_t stage, size_t category)
{
    const struct zuji_figure *cell =
        text_cell(bars->cells, bars->cell_count, bars->stages[stage].name, bars->categories[category].name);
    return cell != NULL && cell->is_given && isfinite(cell->value) ? cell->value : 0;
}

static void measure(struct bars *bars)
{
    for (size_t s = 0; s < bars->stage_count; s++) {
        double added = 0;
        double taken = 0;
        for (size_t k = 0; k < bars->category_count; k++) {
            double value = cell_value(bars, s, k);
            *(value < 0 ? &taken : &added) += value;
        }
        bars->least = fmin(bars->least, taken);
        bars->most = fmax(bars->most, added);
    }
    bars->bottom = (long)bars->stage_count * ROW + 60;
}

static long place(const struct bars *bars, double value)
{
    return PLOT_X + lround((value - bars->least) / (bars->most - bars->least) * (PLOT_END - PLOT_X));
}

static struct str title_of(const struct html *page, const struct zuji_figure *figure)
{
    const struct page text = {.cli = page->cli, .result = page->result};
    return text_title(&text, figure);
}

/* ---- the axis ---- */

/* 1, 2 or 5 times a power of ten. */
static double tick_at(int number, int digit, int power)
{
    double scale = 1;
    for (int i = 0; i < (power < 0 ? -power : power); i++) {
        scale *= 10;
    }
    return power < 0 ? number * digit / scale : number * digit * scale;
}

static void add_tick(const struct bars *bars, double value)
{
    char at[2][24];
    char number[DECIMAL_TEXT_MAX];
    struct str text = {number, decimal_print(value, number)};
    html_length(at[0], place(bars, value));
    html_length(at[1], bars->bottom);
    fprintf(bars->page->out, "<path class=\"%s\" d=\"M%s 0V%s\"/>", value == 0 ? "zero" : "grid", at[0], at[1]);
    fprintf(bars->page->out, "<text class=\"figure middle\" x=\"%s\" y=\"%s\">", at[0],
            html_length(at[1], bars->bottom + 150));
    html_text(bars->page, html_number(bars->page, str_copy(bars->page->cli->arena, text).at));
    fputs("</text>\n", bars->page->out);
}

static void add_axis(const struct bars *bars)
{
    static const int digits[] = {1, 2, 5};
    double range = bars->most - bars->least;
    int power = (int)floor(log10(range)) - 1;
    size_t digit = 0;
    while (range / tick_at(1, digits[digit], power) > TICKS_MOST) {
        power += digit == 2;
        digit = (digit + 1) % 3;
    }
    double step = tick_at(1, digits[digit], power);
    for (int i = (int)ceil(bars->least / step - 1e-9); i <= (int)floor(bars->most / step + 1e-9); i++) {
        add_tick(bars, tick_at(i, digits[digit], power));
    }
}

/* ---- bars ---- */

static void add_segment(const struct bars *bars, const char *class, size_t colour, long x, long end, long y)
{
    char at[4][24];
    if (end > x) {
        fprintf(bars->page->out, "<rect class=\"%s k%zu\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"", class,
                colour % COLOURS, html_length(at[0], x), html_length(at[1], y), html_length(at[2], end - x),
                html_length(at[3], BAR));
        fputs(">", bars->page->out);
    }
}

static void add_bar(const struct bars *bars, size_t stage)
{
    const struct html *page = bars->page;
    double ends[2] = {0, 0}; /* of what is taken off, of what is added */
    long y = (long)stage * ROW + (ROW - BAR) / 2;
    for (size_t k = 0; k < bars->category_count; k++) {
        double value = cell_value(bars, stage, k);
        double *end = &ends[value > 0];
        long from = place(bars, value < 0 ? *end + value : *end);
        long to = place(bars, value < 0 ? *end : *end + value);
        *end += value;
        if (value != 0 && to > from) {
            const struct zuji_figure *cell =
                text_cell(bars->cells, bars->cell_count, bars->stages[stage].name, bars->categories[k].name);
            add_segment(bars, "part", k, from, to, y);
            fputs("<title>", page->out);
            html_text(page, title_of(page, &bars->categories[k]));
            fputs(": ", page->out);
            html_text(page, html_figure(page, cell));
            fputs("</title></rect>", page->out);
        }
        if (value < 0 && to > from) {
            add_segment(bars, "hatched", k, from, to, y);
            fputs("</rect>", page->out);
        }
    }
    char at[2][24];
    struct str lines[2];
    size_t count = html_lines(page, title_of(page, &bars->stages[stage]), LABEL_CELLS, lines);
    long middle = (long)stage * ROW + ROW / 2;
    html_length(at[0], LABEL_X);
    fprintf(page->out, "<text class=\"end\" y=\"%s\">", html_length(at[1], middle - (long)count * 75 + 115));
    for (size_t i = 0; i < count; i++) {
        fprintf(page->out, "<tspan x=\"%s\"%s>", at[0], i > 0 ? " dy=\"15\"" : "");
        html_text(page, lines[i]);
        fputs("</tspan>", page->out);
    }
    struct str number = html_figure(page, &bars->stages[stage]);
    long x = place(bars, ends[1]) + 60;
    bool fits = x + (long)text_width(number) * DIGIT <= WIDTH; /* else it stands on its bar, whole */
    fprintf(page->out, "</text><text class=\"strong over%s\" x=\"%s\" y=\"%s\">", fits ? "" : " end",
            html_length(at[0], fits ? x : WIDTH - 20), html_length(at[1], middle + 45));
    html_text(page, number);
    fputs("</text>\n", page->out);
}

static void add_legend(const struct bars *bars)
{
    fputs("<p class=\"legend\">", bars->page->out);
    for (size_t k = 0; k < bars->category_count; k++) {
        fprintf(bars->page->out, "<span><i class=\"k%zu\"></i>", k % COLOURS);
        html_text(bars->page, title_of(bars->page, &bars->categories[k]));
        fputs("</span> ", bars->page->out);
    }
    fputs("</p>\n", bars->page->out);
}

/* Cells are sums: what a stage takes off is not seen there beside what it adds in the same category. */
static bool is_set_off(const struct bars *bars)
{
    size_t count;
    const struct zuji_figure *flows = zuji_result_flows(bars->page->result, &count);
    for (size_t i = 0; i < count; i++) {
        if (flows[i].is_given && flows[i].value < 0) {
            return true;
        }
    }
    return false;
}

static void add_caption(const struct bars *bars)
{
    fputs("<figcaption>", bars->page->out);
    html_text(bars->page, html_worded(bars->page, T_PAGE_SET_OFF, STR(""), STR("")));
    fputs("</figcaption>", bars->page->out);
}

/* ---- the table ---- */

static void add_number(const struct bars *bars, const char *tag, const struct zuji_figure *figure)
{
    fprintf(bars->page->out, "<%s class=\"number\">", tag);
    html_text(bars->page, figure == NULL ? STR("–") : html_figure(bars->page, figure));
    fprintf(bars->page->out, "</%s>", tag);
}

static void add_line(const struct bars *bars, const char *class, struct str title)
{
    fprintf(bars->page->out, "<tr%s><th scope=\"row\">", class);
    html_text(bars->page, title);
    fputs("</th>", bars->page->out);
}

static void add_table(const struct bars *bars)
{
    const struct html *page = bars->page;
    const struct zuji_figure *total = zuji_result_total(page->result);
    fputs("<div class=\"wide\"><table><thead><tr><th>", page->out);
    html_text(page, str_of(total->unit));
    fputs("</th>", page->out);
    for (size_t k = 0; k < bars->category_count; k++) {
        fputs("<th class=\"number\" scope=\"col\">", page->out);
        html_text(page, title_of(page, &bars->categories[k]));
        fputs("</th>", page->out);
    }
    fputs("<th class=\"number\" scope=\"col\">", page->out);
    html_text(page, html_worded(page, T_PAGE_TOTAL, STR(""), STR("")));
    fputs("</th></tr></thead>\n<tbody>", page->out);
    for (size_t s = 0; s < bars->stage_count; s++) {
        add_line(bars, "", title_of(page, &bars->stages[s]));
        for (size_t k = 0; k < bars->category_count; k++) {
            add_number(bars, "td",
                       text_cell(bars->cells, bars->cell_count, bars->stages[s].name, bars->categories[k].name));
        }
        add_number(bars, "td", &bars->stages[s]);
        fputs("</tr>\n", page->out);
    }
    add_line(bars, " class=\"total\"", html_worded(page, T_PAGE_TOTAL, STR(""), STR("")));
    for (size_t k = 0; k < bars->category_count; k++) {
        add_number(bars, "td", &bars->categories[k]);
    }
    add_number(bars, "td", total);
    fputs("</tr></tbody></table></div>\n", page->out);
}

void html_bars(const struct html *page)
{
    char height[24];
    struct bars bars = {.page = page};
    bars.stages = zuji_result_stages(page->result, &bars.stage_count);
    bars.categories = zuji_result_categories(page->result, &bars.category_count);
    bars.cells = zuji_result_matrix(page->result, &bars.cell_count);
    measure(&bars);
    bool is_drawn = bars.most - bars.least > 0 && isfinite(bars.most - bars.least) && bars.stage_count > 1;
    if (page->root->kind != ZUJI_NODE_TOTAL || bars.category_count == 0) {
        return;
    }
    fputs("<section><h2>", page->out);
    html_text(page, html_worded(page, T_HEAD_MATRIX, STR(""), STR("")));
    fputs("</h2>\n", page->out);
    if (is_drawn) {
        fprintf(
            page->out,
            "<figure class=\"chart\"><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 -6 %d %s\">\n",
            WIDTH / 10, html_length(height, bars.bottom + 260));
        add_axis(&bars);
        for (size_t s = 0; s < bars.stage_count; s++) {
            add_bar(&bars, s);
        }
        fputs("</svg>", page->out);
        add_legend(&bars);
        if (is_set_off(&bars)) {
            add_caption(&bars);
        }
        fputs("</figure>\n", page->out);
    }
    add_table(&bars);
    fputs("</section>\n", page->out);
}
