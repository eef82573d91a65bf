/* The diagram from inputs through stages to the total, as inline SVG. */
#include <math.h>
#include <string.h>

#include "cli/explain_words.h"
#include "cli/html.h"

/* In tenths of a pixel, from the left. */
enum {
    WIDTH = 10000,
    INPUT_X = 2450,
    STAGE_X = 5300,
    TOTAL_X = 8350,
    BOX = 130,
    LABEL_GAP = 70,
    HEAD = 360, /* the line of headings */
    LINE = 150,
    COLOURS = 8
};
enum { INPUT_CELLS = 36, STAGE_CELLS = 36, TOTAL_CELLS = 19, TOTAL_FIGURE_CELLS = 17 };

struct chart {
    const struct html *page;
    const struct sankey *sankey;
    const struct explain_parts *parts;
};

static struct str percent(const struct chart *chart, double size)
{
    double share = size / chart->sankey->size;
    struct arena *arena = chart->page->cli->arena;
    int permille = (int)lround(share * 1000);
    return permille == 0 ? STR("< 0.1 %") : str_format(arena, "%d.%d %%", permille / 10, permille % 10);
}

static struct str label_of(const struct chart *chart, const struct sankey_input *input)
{
    struct arena *arena = chart->page->cli->arena;
    return input->others == 0
               ? input->label
               : html_worded(chart->page, T_PAGE_OTHERS, str_format(arena, "%zu", input->others), STR(""));
}

static struct str part_label(const struct chart *chart, size_t part)
{
    const struct zuji_explanation *node = chart->parts->at[part];
    if (node == NULL) {
        struct str count = str_format(chart->page->cli->arena, "%zu", chart->parts->others);
        return html_worded(chart->page, T_PAGE_OTHERS, count, STR(""));
    }
    struct str title = text_either(node->title, chart->page->cli->lang);
    return title.len > 0 ? words_in_process(chart->page->cli, node, title) : words_title(chart->page->cli, node);
}

static void add_title(const struct chart *chart, struct str from, struct str to, struct str size)
{
    fputs("<title>", chart->page->out);
    html_text(chart->page, from);
    if (to.len > 0) {
        fputs(" → ", chart->page->out);
        html_text(chart->page, to);
    }
    fputs(": ", chart->page->out);
    html_text(chart->page, size);
    fputs("</title>", chart->page->out);
}

/* ---- shapes ---- */

static void add_box(const struct chart *chart, const char *class, long x, long y, long height)
{
    char at[3][24];
    if (height > 0) {
        fprintf(chart->page->out, "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"13\" height=\"%s\"/>\n", class,
                html_length(at[0], x), html_length(at[1], y + HEAD), html_length(at[2], height));
    }
}

/* What takes off is hatched, in boxes and in bands. */
static void add_minus_box(const struct chart *chart, long x, long y, long height)
{
    add_box(chart, "minus", x, y, height);
    add_box(chart, "hatched", x, y, height);
}

static void add_curve(const struct chart *chart, const char *class, long x, long y, long to_x, long to_y, long height)
{
    char at[8][24];
    FILE *out = chart->page->out;
    html_length(at[0], x);
    html_length(at[1], y + HEAD);
    html_length(at[2], (x + to_x) / 2);
    html_length(at[3], to_y + HEAD);
    html_length(at[4], to_x);
    html_length(at[5], to_y + HEAD + height);
    html_length(at[6], y + HEAD + height);
    fprintf(out, "<path class=\"%s\" d=\"M%s %sC%s %s %s %s %s %sV%sC%s %s %s %s %s %sZ\"", class, at[0], at[1], at[2],
            at[1], at[2], at[3], at[4], at[3], at[5], at[2], at[5], at[2], at[6], at[0], at[6]);
}

struct band {
    long x, y, to_x, to_y, height;
    bool is_negative;
    size_t stage;
    struct str from, to, size;
};

static void add_band(const struct chart *chart, struct band band)
{
    char class[32];
    if (band.height == 0) {
        return;
    }
    snprintf(class, sizeof class, "band c%zu", band.stage % COLOURS);
    add_curve(chart, band.is_negative ? "band minus" : class, band.x, band.y, band.to_x, band.to_y, band.height);
    fputs(">", chart->page->out);
    add_title(chart, band.from, band.to, band.size);
    fputs("</path>\n", chart->page->out);
    if (band.is_negative) {
        add_curve(chart, "hatched", band.x, band.y, band.to_x, band.to_y, band.height);
        fputs("/>\n", chart->page->out);
    }
}

/* Lines of text around a height, and a last one in small figures. */
static void add_label(const struct chart *chart, const char *class, long x, long middle, struct str label, size_t cells,
                      struct str figures)
{
    struct str lines[3];
    char at[24];
    size_t count = html_lines(chart->page, label, cells, lines);
    if (figures.len > 0) {
        lines[count++] = figures;
    }
    long y = middle + HEAD - (long)count * LINE / 2 + LINE * 3 / 4;
    fprintf(chart->page->out, "<text class=\"%s\" y=\"%s\">", class, html_length(at, y));
    for (size_t i = 0; i < count; i++) {
        bool is_figure = figures.len > 0 && i + 1 == count;
        fprintf(chart->page->out, "<tspan%s x=\"%s\"", is_figure ? " class=\"figure\"" : "", html_length(at, x));
        fputs(i > 0 ? " dy=\"15\">" : ">", chart->page->out);
        html_text(chart->page, lines[i]);
        fputs("</tspan>", chart->page->out);
    }
    fputs("</text>\n", chart->page->out);
}

/* ---- columns ---- */

static void add_bands(const struct chart *chart)
{
    const struct sankey *sankey = chart->sankey;
    for (size_t i = 0; i < sankey->band_count; i++) {
        const struct sankey_band *at = &sankey->bands[i];
        add_band(chart, (struct band){INPUT_X + BOX, at->input_y, STAGE_X, at->stage_y, at->height, at->is_negative,
                                      at->stage, label_of(chart, &sankey->inputs[at->input]),
                                      part_label(chart, at->stage), percent(chart, at->size)});
    }
    for (size_t s = 0; s < sankey->stage_count; s++) {
        const struct sankey_stage *at = &sankey->stages[s];
        struct band band = {STAGE_X + BOX,
                            at->box.y,
                            TOTAL_X,
                            at->added_y,
                            at->added_height,
                            false,
                            s,
                            part_label(chart, s),
                            STR(""),
                            percent(chart, at->added)};
        add_band(chart, band);
        band.y += at->added_height;
        band.to_y = at->taken_y;
        band.height = at->taken_height;
        band.is_negative = true;
        band.size = percent(chart, at->taken);
        add_band(chart, band);
    }
}

/* The box of an input is what leaves it. */
static void add_inputs(const struct chart *chart)
{
    const struct sankey *sankey = chart->sankey;
    char class[16];
    for (size_t i = 0; i < sankey->band_count; i++) {
        const struct sankey_band *band = &sankey->bands[i];
        snprintf(class, sizeof class, "c%zu", band->stage % COLOURS);
        if (band->is_negative) {
            add_minus_box(chart, INPUT_X, band->input_y, band->height);
        } else {
            add_box(chart, class, INPUT_X, band->input_y, band->height);
        }
    }
    for (size_t i = 0; i < sankey->input_count; i++) {
        const struct sankey_input *input = &sankey->inputs[i];
        long middle = input->box.y + input->box.height / 2;
        struct str share = percent(chart, input->size);
        bool takes_off = input->taken > 0 && input->taken >= input->size;
        share = takes_off ? str_format(chart->page->cli->arena, "−%.*s", STR_FMT(share)) : share;
        add_label(chart, "end", INPUT_X - LABEL_GAP, middle, label_of(chart, input), INPUT_CELLS, STR(""));
        add_label(chart, "figure over", INPUT_X + BOX + LABEL_GAP, middle, share, INPUT_CELLS, STR(""));
    }
}

static struct str figures_of(const struct chart *chart, const struct zuji_explanation *node)
{
    bool has_share = chart->page->root->kind == ZUJI_NODE_TOTAL && node->kind == ZUJI_NODE_STAGE; /* of this total */
    struct str share = has_share ? words_share(chart->page->cli, node) : STR("");
    struct str reported = node->figure == NULL ? STR("") : html_figure(chart->page, node->figure);
    return str_format(chart->page->cli->arena, "%.*s%s%.*s", STR_FMT(reported), share.len > 0 ? " · " : "",
                      STR_FMT(share));
}

static void add_parts(const struct chart *chart)
{
    char class[16];
    for (size_t s = 0; s < chart->sankey->stage_count; s++) {
        const struct sankey_stage *stage = &chart->sankey->stages[s];
        snprintf(class, sizeof class, "c%zu", s % COLOURS);
        add_box(chart, class, STAGE_X, stage->box.y, stage->added_height);
        add_minus_box(chart, STAGE_X, stage->box.y + stage->added_height, stage->taken_height);
        if (stage->box.height > 0) {
            add_label(chart, "over", STAGE_X + BOX + LABEL_GAP, stage->box.y + stage->box.height / 2,
                      part_label(chart, s), STAGE_CELLS,
                      chart->parts->at[s] == NULL ? STR("") : figures_of(chart, chart->parts->at[s]));
        }
    }
}

/* What is taken off is hatched in what it is taken off from: the rest is the figure. */
static void add_total(const struct chart *chart)
{
    const struct sankey *sankey = chart->sankey;
    const struct html *page = chart->page;
    long x = TOTAL_X + BOX + LABEL_GAP;
    bool is_net_negative = sankey->net < 0;
    const struct sankey_box *box = is_net_negative ? &sankey->taken : &sankey->added;
    const struct sankey_box *other = is_net_negative ? &sankey->added : &sankey->taken;
    long net = is_net_negative ? -sankey->net : sankey->net;
    struct str title = page->root->kind == ZUJI_NODE_TOTAL ? html_worded(page, T_PAGE_TOTAL, STR(""), STR(""))
                                                           : text_either(page->root->title, page->cli->lang);
    title = title.len > 0 ? title : str_of(page->root->name);
    add_box(chart, is_net_negative ? "minus" : "net", TOTAL_X, box->y, net);
    add_minus_box(chart, TOTAL_X, box->y + net, box->height - net);
    struct str figures = figures_of(chart, page->root);
    figures = text_width(figures) <= TOTAL_FIGURE_CELLS ? figures : STR(""); /* never cut: it stands above, too */
    add_label(chart, "strong", x, box->y + (net > 0 ? net : box->height) / 2, title, TOTAL_CELLS, figures);
    if (other->height > 0) {
        double added = 0;
        double taken = 0;
        for (size_t s = 0; s < sankey->stage_count; s++) {
            added += sankey->stages[s].added;
            taken += sankey->stages[s].taken;
        }
        enum diag_code text = is_net_negative ? T_PAGE_ADDED : T_PAGE_TAKEN_OFF;
        if (is_net_negative) {
            add_box(chart, "net", TOTAL_X, other->y, other->height);
            add_box(chart, "hatched", TOTAL_X, other->y, other->height);
        } else {
            add_minus_box(chart, TOTAL_X, other->y, other->height);
        }
        add_label(chart, "", x, other->y + other->height / 2, html_worded(page, text, STR(""), STR("")), TOTAL_CELLS,
                  percent(chart, is_net_negative ? added : taken));
    }
}

static void add_heading(const struct chart *chart, const char *class, long x, enum diag_code text)
{
    char at[24];
    fprintf(chart->page->out, "<text class=\"head %s\" x=\"%s\" y=\"14\">", class, html_length(at, x));
    html_text(chart->page, html_worded(chart->page, text, STR(""), STR("")));
    fputs("</text>\n", chart->page->out);
}

void html_sankey(const struct html *page)
{
    char height[24];
    struct explain_parts parts;
    struct sankey sankey;
    if (!explain_terms(page->cli, page->root, &parts, &sankey)) {
        return;
    }
    struct chart chart = {page, &sankey, &parts};
    bool is_total = page->root->kind == ZUJI_NODE_TOTAL;
    fputs("<section><h2>", page->out);
    html_text(page, html_worded(page, T_PAGE_FLOWS, STR(""), STR("")));
    fputs("</h2>\n<figure class=\"chart\">", page->out);
    fprintf(page->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %d %s\">\n", WIDTH / 10,
            html_length(height, sankey.height + HEAD + 100));
    add_heading(&chart, "end", INPUT_X + BOX, T_PAGE_INPUTS);
    add_heading(&chart, "", STAGE_X, is_total ? T_HEAD_STAGES : T_PAGE_PARTS);
    add_heading(&chart, "", TOTAL_X, is_total ? T_EXPLAIN_TOTAL : T_PAGE_STAGE);
    add_bands(&chart);
    add_inputs(&chart);
    add_parts(&chart);
    add_total(&chart);
    fputs("</svg><figcaption>", page->out);
    html_text(page,
              html_worded(page, sankey.taken.height > 0 ? T_PAGE_FLOWS_SIGNED : T_PAGE_FLOWS_NOTE, STR(""), STR("")));
    fputs("</figcaption></figure></section>\n", page->out);
}
