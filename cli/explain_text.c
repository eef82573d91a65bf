/* The tree of an explanation for people: a line for each node with its value, below it the formula as written and with
   values, then where it comes from; a node that was shown before is named and not repeated. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/map.h"
#include "cli/explain_words.h"
#include "cli/text.h"

enum { COLUMNS_USUAL = 100, COLUMNS_MIN = 40, TEXT_CELLS_MIN = 24 };

struct tree {
    struct page page;
    size_t columns;
    uint8_t *is_shown; /* by number of the node */
    struct map docs;   /* what was said of a declaration is not said again */
};

struct spot { /* a node still to be printed */
    const struct zuji_explanation *node;
    struct str around; /* what is printed before its lines: the branches that go past it */
    bool is_root, is_last;
    bool is_alike;      /* a row with the formula of the row before it */
    const char *clause; /* of what it is a part of */
};

static size_t columns_of(FILE *out)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    long number = columns == NULL ? 0 : strtol(columns, NULL, 10);
    if (number == 0 && isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0) {
        number = size.ws_col;
    }
    return number < COLUMNS_MIN ? (number <= 0 ? COLUMNS_USUAL : COLUMNS_MIN) : (size_t)number;
}

static struct str worded(const struct tree *tree, enum diag_code text, struct str a, struct str b)
{
    struct diag_text line = {
        text, {a, b}
    };
    return diag_text(tree->page.cli->arena, line, tree->page.cli->lang);
}

/* ---- lines ---- */

/* `first` before the first line, as many blanks before the others. */
static void print_wrapped(const struct tree *tree, struct str around, struct str first, struct str text)
{
    size_t indent = text_width(around) + text_width(first);
    size_t cells = tree->columns > indent + TEXT_CELLS_MIN ? tree->columns - indent : TEXT_CELLS_MIN;
    bool is_first = true;
    do {
        size_t len = text_fit(text, cells);
        fprintf(tree->page.out, "%.*s", STR_FMT(around));
        if (is_first) {
            fprintf(tree->page.out, "%.*s", STR_FMT(first));
        } else {
            text_spaces(tree->page.out, text_width(first));
        }
        fprintf(tree->page.out, "%.*s\n", STR_FMT(str_slice(text, 0, len)));
        text = str_slice(text, len, text.len);
        while (text.len > 0 && text.at[0] == ' ') {
            text = str_slice(text, 1, text.len);
        }
        is_first = false;
    } while (text.len > 0);
}

/* ---- what stands in them ---- */

static struct str heading_of(const struct tree *tree, const struct zuji_explanation *node, bool is_repeated)
{
    const struct cli *cli = tree->page.cli;
    struct buf line = buf_in(cli->arena);
    struct str value = words_value(cli, node);
    struct str share = words_share(cli, node);
    struct str heading = words_heading(cli, tree->page.result, node);
    buf_add(&line, heading);
    if (value.len > 0) {
        buf_format(&line, "%s%.*s%.*s", str_ends(heading, STR("：")) ? "" : " ", STR_FMT(value),
                   STR_FMT(words_reported(cli, node)));
    }
    if (share.len > 0) {
        buf_format(&line, "  %.*s", STR_FMT(share));
    }
    return is_repeated ? worded(tree, T_EXPLAIN_ABOVE, buf_str(&line), STR("")) : buf_str(&line);
}

static void print_formulas(const struct tree *tree, const struct spot *spot, struct str around)
{
    const struct zuji_explanation *node = spot->node;
    if (words_has_written(node) && !spot->is_alike) {
        print_wrapped(tree, around, node->item == ZUJI_ITEM_SHARE ? STR("") : STR("= "), str_of(node->written));
    }
    if (words_has_figures(node)) {
        print_wrapped(tree, around, words_is_condition(node) ? STR("") : STR("= "), str_of(node->figures));
    }
}

/* ---- the tree ---- */

static struct str joined(struct arena *arena, struct str a, struct str b)
{
    return str_join(arena, (const struct str[]){a, b}, 2, STR(""));
}

/* One line where it fits, with what is to be remarked behind the value; else wrapped. */
static void print_heading(const struct tree *tree, const struct spot *spot, struct str branch, struct str around,
                          struct str heading, struct str *remarks)
{
    struct arena *arena = tree->page.cli->arena;
    size_t indent = text_width(spot->around) + text_width(branch);
    size_t cells = tree->columns > indent + TEXT_CELLS_MIN ? tree->columns - indent : TEXT_CELLS_MIN;
    struct str line = remarks->len == 0 ? heading : worded(tree, T_EXPLAIN_REMARKED, heading, *remarks);
    if (text_width(line) <= cells) {
        heading = line;
        *remarks = STR("");
    }
    struct str head = str_trim(str_slice(heading, 0, text_fit(heading, cells)));
    fprintf(tree->page.out, "%.*s%.*s%.*s\n", STR_FMT(spot->around), STR_FMT(branch), STR_FMT(head));
    struct str rest = str_trim(str_slice(heading, head.len, heading.len));
    if (rest.len > 0) {
        print_wrapped(tree, around, STR(""), str_copy(arena, rest));
    }
}

/* True where its parts are to follow. */
static bool print_node(struct tree *tree, const struct spot *spot)
{
    struct arena *arena = tree->page.cli->arena;
    const struct zuji_explanation *node = spot->node;
    const struct zuji_explanation *datum = words_datum(node);
    bool is_repeated = tree->is_shown[node->number] != 0 && node->part_count > 0;
    struct str branch = spot->is_root ? STR("") : spot->is_last ? STR("└─ ") : STR("├─ ");
    struct str past = spot->is_root ? STR("") : spot->is_last ? STR("   ") : STR("│  ");
    bool has_parts = node->part_count > 0 && datum == NULL && !is_repeated;
    struct str around = joined(arena, joined(arena, spot->around, past), has_parts ? STR("│    ") : STR("     "));
    struct str remarks =
        is_repeated ? STR("") : words_remarks(tree->page.cli, datum != NULL ? datum : node, spot->clause);
    print_heading(tree, spot, branch, around, heading_of(tree, node, is_repeated), &remarks);
    tree->is_shown[node->number] = 1;
    if (!is_repeated) {
        print_formulas(tree, spot, around);
    }
    struct str doc = words_doc(tree->page.cli, node);
    if (!is_repeated && doc.len > 0 && map_add(&tree->docs, doc, 0)) {
        print_wrapped(tree, around, STR(""), doc);
    }
    if (remarks.len > 0) {
        print_wrapped(tree, around, STR(""), remarks);
    }
    return has_parts;
}

/* What the data cover is said once: its amount stands in the formula of each flow. */
static bool is_left_out(const struct tree *tree, const struct zuji_explanation *node)
{
    return node->item == ZUJI_ITEM_REFERENCE && tree->is_shown[node->number] != 0;
}

static void print_tree(struct tree *tree, const struct zuji_explanation *root)
{
    struct arena *arena = tree->page.cli->arena;
    struct spot *stack = NULL;
    size_t count = 0;
    size_t cap = 0;
    arena_grow(arena, stack, count, cap);
    stack[count++] = (struct spot){.node = root, .around = STR(""), .is_root = true, .clause = ""};
    while (count > 0) {
        struct spot spot = stack[--count];
        if (!print_node(tree, &spot)) {
            continue;
        }
        struct str past = spot.is_root ? STR("") : spot.is_last ? STR("   ") : STR("│  ");
        struct str around = joined(arena, spot.around, past);
        bool is_last = true;
        for (size_t i = spot.node->part_count; i-- > 0;) {
            if (!is_left_out(tree, spot.node->parts[i])) {
                arena_grow(arena, stack, count, cap);
                stack[count++] = (struct spot){.node = spot.node->parts[i],
                                               .around = around,
                                               .is_last = is_last,
                                               .is_alike = words_is_alike(spot.node, i),
                                               .clause = words_clause(spot.node, spot.clause)};
                is_last = false;
            }
        }
    }
}

void print_explanation(FILE *out, const struct cli *cli, const struct zuji_rule *rule, const struct zuji_result *result,
                       const struct zuji_explanation *explanation)
{
    struct tree tree = {
        .page = {.out = out, .cli = cli, .result = result},
          .columns = columns_of(out), .docs = map_in(cli->arena)
    };
    tree.is_shown = arena_array(cli->arena, uint8_t, explanation->all_count + 1);
    struct str row = text_row(cli, result);
    struct str id = str_of(zuji_result_id(result));
    id = row.len > 0 ? str_format(cli->arena, "%.*s, %.*s", STR_FMT(id), STR_FMT(row)) : id;
    struct str title = str_of(zuji_rule_title(rule, (enum zuji_lang)cli->lang));
    fprintf(out, "%.*s\n", STR_FMT(worded(&tree, T_EXPLAIN_HEAD, title, id)));
    print_tree(&tree, explanation);
}
