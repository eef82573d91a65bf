/* The page of an explanation: what the figure is, two charts, and the derivation as a tree of folds. It is well-formed
   XML, too. A node that was shown before is a link to it. */
#include <stdlib.h>
#include <string.h>

#include "cli/explain_words.h"
#include "cli/html.h"

/* Browsers do not nest deeper than 512 elements; what is deeper stands below the tree and is linked to. */
enum { DEPTH = 150 };

enum moment { OPENING, CLOSING };
struct spot { /* on the way through the tree */
    const struct zuji_explanation *node;
    size_t depth;
    enum moment moment;
    bool is_alike; /* a row with the formula of the row before it */
};

struct tree {
    const struct html *page;
    uint8_t *is_shown; /* by number of the node */
    const struct zuji_explanation **later;
    size_t later_count, later_cap;
    struct spot *stack;
    size_t count, cap;
};

static void add_element(const struct html *page, const char *tag, const char *class, struct str text)
{
    if (text.len > 0) {
        fprintf(page->out, "<%s class=\"%s\">", tag, class);
        html_text(page, text);
        fprintf(page->out, "</%s>", tag);
    }
}

static void add_heading(const struct html *page, enum diag_code text)
{
    fputs("<h2>", page->out);
    html_text(page, html_worded(page, text, STR(""), STR("")));
    fputs("</h2>\n", page->out);
}

/* ---- nodes ---- */

static struct str heading_of(const struct html *page, const struct zuji_explanation *node)
{
    return words_heading(page->cli, page->result, node);
}

static void add_share(const struct html *page, const struct zuji_explanation *node)
{
    struct str share = words_share(page->cli, node);
    if (share.len == 0) {
        return;
    }
    int permille = (int)(node->share * 1000 + (node->share < 0 ? -0.5 : 0.5));
    int size = abs(permille) > 1000 ? 1000 : abs(permille);
    add_element(page, "span", "share", share);
    fprintf(page->out, "<span class=\"bar%s\"><i style=\"width:%d.%d%%\"></i></span>", permille < 0 ? " less" : "",
            size / 10, size % 10);
}

static void add_values(const struct html *page, const struct zuji_explanation *node)
{
    fputs(" ", page->out);
    add_element(page, "span", "value", words_value(page->cli, node));
    add_element(page, "span", "reported", words_reported(page->cli, node));
    add_share(page, node);
}

static void add_details(const struct html *page, const struct zuji_explanation *node, bool is_alike)
{
    struct str remarks = words_remarks(page->cli, node, "");
    struct arena *arena = page->cli->arena;
    bool has_written = words_has_written(node) && !is_alike;
    bool has_figures = words_has_figures(node);
    if (!has_written && !has_figures && remarks.len == 0 && node->doc[0] == '\0') {
        return;
    }
    fputs("<div class=\"lines\">", page->out);
    add_element(page, "p", "doc", words_doc(page->cli, node));
    if (has_written) {
        add_element(page, "p", "formula written",
                    str_format(arena, "%s%s", node->item == ZUJI_ITEM_SHARE ? "" : "= ", node->written));
    }
    if (has_figures) {
        add_element(page, "p", "formula",
                    str_format(arena, "%s%s", words_is_condition(node) ? "" : "= ", node->figures));
    }
    add_element(page, "p", "remarks", remarks);
    fputs("</div>", page->out);
}

static void add_link(const struct html *page, const struct zuji_explanation *node, bool is_later)
{
    fprintf(page->out, "<div class=\"node again\"><a href=\"#n%lu\">%s", (unsigned long)node->number,
            is_later ? "↓ " : "↑ ");
    html_text(page, heading_of(page, node));
    fputs("</a>", page->out);
    add_values(page, node);
    fputs("</div>\n", page->out);
}

static void push(struct tree *tree, struct spot spot)
{
    arena_grow(tree->page->cli->arena, tree->stack, tree->count, tree->cap);
    tree->stack[tree->count++] = spot;
}

static void open_node(struct tree *tree, const struct spot *spot)
{
    const struct html *page = tree->page;
    const struct zuji_explanation *node = spot->node;
    bool has_more = node->part_count > 0 || node->formula != NULL;
    if (node->item == ZUJI_ITEM_REFERENCE && tree->is_shown[node->number]) {
        return; /* what the data cover is said once: its amount stands in the formula of each flow */
    }
    if (has_more && tree->is_shown[node->number]) {
        add_link(page, node, false);
        return;
    }
    if (spot->depth >= DEPTH && node->part_count > 0) {
        arena_grow(page->cli->arena, tree->later, tree->later_count, tree->later_cap);
        tree->later[tree->later_count++] = node;
        add_link(page, node, true);
        return;
    }
    bool is_fold = node->part_count > 0;
    bool is_open = spot->depth == 0 || node->kind == ZUJI_NODE_STAGE;
    if (tree->is_shown[node->number]) {
        fputs("<div class=\"node\">", page->out); /* a leaf stands wherever it is used */
    } else {
        fprintf(page->out, "<%s class=\"node\" id=\"n%lu\"%s>", is_fold ? "details" : "div",
                (unsigned long)node->number, is_fold && is_open ? " open=\"open\"" : "");
    }
    tree->is_shown[node->number] = 1;
    fputs(is_fold ? "<summary>" : "<div>", page->out);
    add_element(page, "span", "name", heading_of(page, node));
    add_values(page, node);
    fputs(is_fold ? "</summary>" : "</div>", page->out);
    add_details(page, node, spot->is_alike);
    fputs(is_fold ? "\n" : "</div>\n", page->out);
    if (is_fold) {
        push(tree, (struct spot){.node = node, .moment = CLOSING});
    }
    for (size_t i = node->part_count; i-- > 0;) {
        push(tree, (struct spot){node->parts[i], spot->depth + 1, OPENING, words_is_alike(node, i)});
    }
}

static void add_tree(const struct html *page)
{
    struct tree tree = {.page = page};
    tree.is_shown = arena_array(page->cli->arena, uint8_t, page->root->all_count + 1);
    add_heading(page, T_PAGE_TREE);
    fputs("<div class=\"tree\">\n", page->out);
    push(&tree, (struct spot){.node = page->root, .moment = OPENING});
    for (size_t next = 0; tree.count > 0; next++) {
        while (tree.count > 0) {
            struct spot spot = tree.stack[--tree.count];
            if (spot.moment == CLOSING) {
                fputs("</details>\n", page->out);
            } else {
                open_node(&tree, &spot);
            }
        }
        while (next < tree.later_count && tree.is_shown[tree.later[next]->number]) {
            next++; /* it was met in another place, less deep */
        }
        if (next < tree.later_count) {
            push(&tree, (struct spot){.node = tree.later[next], .moment = OPENING});
        }
    }
    fputs("</div>\n", page->out);
}

/* ---- the page ---- */

static void add_top(const struct html *page)
{
    const struct cli *cli = page->cli;
    enum zuji_lang lang = (enum zuji_lang)cli->lang;
    struct str title = str_of(zuji_rule_title(page->rule, lang));
    struct str row = text_row(cli, page->result);
    struct str id = str_of(zuji_result_id(page->result));
    id = row.len > 0 ? str_format(cli->arena, "%.*s, %.*s", STR_FMT(id), STR_FMT(row)) : id;
    const struct zuji_figure *figure = page->root->figure;
    fprintf(page->out, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%s\">\n<head>\n",
            cli->lang == LANG_ZH ? "zh-CN" : "en");
    fputs("<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n", page->out);
    fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n",
          page->out);
    fputs("<title>", page->out);
    html_text(page, html_worded(page, T_EXPLAIN_HEAD, title, id));
    fputs("</title>\n<style>\n", page->out);
    for (size_t i = 0; html_style[i] != NULL; i++) {
        fputs(html_style[i], page->out);
    }
    fputs("</style>\n</head>\n<body>\n<header><h1>", page->out);
    html_text(page, title);
    fputs("</h1>", page->out);
    add_element(page, "p", "of", id);
    fputs("<p class=\"is\">", page->out);
    if (page->root->kind == ZUJI_NODE_TOTAL) {
        fputs("<b>", page->out);
        html_text(page, html_figure(page, figure));
        fputs("</b>", page->out);
        html_text(page, html_worded(page, T_PAGE_PER, STR("kgCO2e"), str_of(zuji_rule_declared(page->rule, lang))));
    } else {
        bool is_figure = figure != NULL && figure->is_given;
        html_text(page, heading_of(page, page->root));
        fputs(" <b>", page->out);
        html_text(page, is_figure ? html_figure(page, figure) : html_number(page, page->root->value.text));
        fputs("</b> ", page->out);
        html_text(page, str_of(is_figure ? figure->unit : ""));
    }
    fputs("</p>", page->out);
    add_element(
        page, "p", "rule",
        html_worded(page, T_PAGE_RULE, str_of(zuji_rule_name(page->rule)), str_of(zuji_rule_version(page->rule))));
    fputs("</header>\n", page->out);
}

/* What the charts share: the pattern of what is taken off. */
static void add_patterns(const struct html *page)
{
    fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\" style=\"position:absolute\" "
          "aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
          "patternTransform=\"rotate(45)\"><path d=\"M0 0V6\" style=\"stroke:var(--hatch);stroke-width:5\"/></pattern>"
          "</defs></svg>\n",
          page->out);
}

static void add_notes(const struct html *page)
{
    const struct zuji_messages *messages = zuji_result_messages(page->result);
    bool has_heading = false;
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        if (!has_heading) {
            add_heading(page, T_HEAD_NOTES);
            fputs("<ul class=\"notes\">\n", page->out);
            has_heading = true;
        }
        fputs("<li>", page->out);
        html_text(page, str_of(message->text[page->cli->lang]));
        fputs("</li>\n", page->out);
    }
    fputs(has_heading ? "</ul>\n" : "", page->out);
}

void print_explanation_html(FILE *out, const struct cli *cli, const struct zuji_rule *rule,
                            const struct zuji_result *result, const struct zuji_explanation *explanation)
{
    const struct html page = {out, cli, rule, result, explanation};
    add_top(&page);
    add_patterns(&page);
    html_sankey(&page);
    html_bars(&page);
    add_tree(&page);
    add_notes(&page);
    add_element(&page, "footer", "rule",
                html_worded(&page, T_PAGE_HASH, str_of(zuji_rule_hash(rule)), str_of(zuji_version(NULL))));
    fputs("\n</body>\n</html>\n", out);
}
