/* The tree of an explanation for people: a line for each node with its value, below it the formula as written and with
   values, then where it comes from; a node that was shown before is named and not repeated. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "cli/text.h"

enum { COLUMNS_USUAL = 100, COLUMNS_MIN = 40, TEXT_CELLS_MIN = 24 };

struct tree {
    struct page page;
    size_t columns;
    uint8_t *is_shown; /* by number of the node */
};

struct spot { /* a node still to be printed */
    const struct zuji_explanation *node;
    struct str around; /* what is printed before its lines: the branches that go past it */
    bool is_root, is_last;
    bool is_alike; /* a row with the formula of the row before it */
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

static bool is_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || c == 0x2026; /* … */
}

/* Signs that do not begin a line. */
static bool is_closing(uint32_t c)
{
    static const uint32_t signs[] = {0x3001, 0x3002, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF09, 0xFF3D, 0x201D, 0x300D, 0xFF01};
    for (size_t i = 0; i < countof(signs); i++) {
        if (signs[i] == c) {
            return true;
        }
    }
    return false;
}

/* May a line end before the character at `off`? At a blank that is not between a number and its unit, and on either
   side of characters that are two cells wide. */
static bool is_break(struct str text, size_t off, uint32_t before, uint32_t c)
{
    if (c == ' ') {
        size_t next = off + 1;
        uint32_t after = next < text.len ? utf8_next(text, &next) : ' ';
        bool is_unit = (after >= 'A' && after <= 'z') || after == '%' || after == '{' || is_digit(after);
        return !(is_digit(before) && is_unit);
    }
    return !is_closing(c) && (unicode_width(c) == 2 || unicode_width(before) == 2);
}

/* How many bytes of the text fit the cells. */
static size_t fitting(struct str text, size_t cells)
{
    size_t used = 0;
    size_t end = 0;
    uint32_t before = 'a';
    for (size_t off = 0; off < text.len;) {
        size_t at = off;
        uint32_t c = utf8_next(text, &off);
        end = at > 0 && is_break(text, at, before, c) ? at : end;
        used += (size_t)unicode_width(c);
        if (used > cells) {
            return end > 0 ? end : at;
        }
        before = c;
    }
    return text.len;
}

/* `first` before the first line, as many blanks before the others. */
static void print_wrapped(const struct tree *tree, struct str around, struct str first, struct str text)
{
    size_t indent = text_width(around) + text_width(first);
    size_t cells = tree->columns > indent + TEXT_CELLS_MIN ? tree->columns - indent : TEXT_CELLS_MIN;
    bool is_first = true;
    do {
        size_t len = fitting(text, cells);
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

/* What items are called that have no name of their own. */
static const enum diag_code item_texts[] = {[ZUJI_ITEM_NONE] = DIAG_NONE,
                                            [ZUJI_ITEM_FLOW] = DIAG_NONE,
                                            [ZUJI_ITEM_LET] = DIAG_NONE,
                                            [ZUJI_ITEM_REPORT] = DIAG_NONE,
                                            [ZUJI_ITEM_FUNCTION] = DIAG_NONE,
                                            [ZUJI_ITEM_ARGUMENT] = DIAG_NONE,
                                            [ZUJI_ITEM_WHEN] = T_EXPLAIN_CONDITION,
                                            [ZUJI_ITEM_REFERENCE] = T_EXPLAIN_REFERENCE,
                                            [ZUJI_ITEM_SCALE] = T_EXPLAIN_SCALE,
                                            [ZUJI_ITEM_SHARE] = T_EXPLAIN_SHARE};

static bool is_condition(const struct zuji_explanation *node)
{
    return node->kind == ZUJI_NODE_CONDITION || node->item == ZUJI_ITEM_WHEN;
}

static struct str title_of(const struct tree *tree, const struct zuji_explanation *node)
{
    struct arena *arena = tree->page.cli->arena;
    struct str title = text_either(node->title, tree->page.cli->lang);
    struct str name = str_of(node->name);
    switch (node->kind) {
    case ZUJI_NODE_TOTAL:
        return worded(tree, T_EXPLAIN_TOTAL, STR(""), STR(""));
    case ZUJI_NODE_REST:
        return worded(tree, T_EXPLAIN_REST, str_format(arena, "%lu", (unsigned long)node->rows), STR(""));
    case ZUJI_NODE_CONDITION:
        return worded(tree, T_EXPLAIN_CONDITION, str_of(node->written), STR(""));
    case ZUJI_NODE_PICKED:
        return worded(tree, T_EXPLAIN_PICKED, str_of(node->written), STR(""));
    case ZUJI_NODE_STEP:
        return str_of(node->written);
    case ZUJI_NODE_CONSTANT:
        return worded(tree, T_EXPLAIN_CONSTANT, STR(""), STR(""));
    case ZUJI_NODE_ITEM:
        if (item_texts[node->item] != DIAG_NONE) {
            return worded(tree, item_texts[node->item], node->item == ZUJI_ITEM_WHEN ? str_of(node->written) : name,
                          STR(""));
        }
        break;
    case ZUJI_NODE_AMOUNT:
        return worded(tree, T_EXPLAIN_AMOUNT, STR(""), STR(""));
    case ZUJI_NODE_STAGE:
    case ZUJI_NODE_FLOW:
    case ZUJI_NODE_ROW:
    case ZUJI_NODE_DATUM:
    case ZUJI_NODE_FACTOR:
    case ZUJI_NODE_CELL:
    case ZUJI_NODE_EXTERNAL:
        break;
    }
    if (title.len == 0 || str_eq(title, name)) {
        return name;
    }
    return name.len == 0 ? title : worded(tree, T_EXPLAIN_TITLE, title, name);
}

static struct str value_of(const struct tree *tree, const struct zuji_explanation *node)
{
    struct arena *arena = tree->page.cli->arena;
    struct buf text = buf_in(arena);
    bool has_figure = node->figure != NULL;
    if (node->value.text[0] == '\0') {
        return has_figure ? worded(tree, T_EXPLAIN_ABSENT, STR(""), STR("")) : STR("");
    }
    if (is_condition(node)) {
        return worded(tree, node->value.number > 0 ? T_EXPLAIN_HOLDS : T_EXPLAIN_FAILS, STR(""), STR(""));
    }
    buf_format(&text, "= %s", node->value.text);
    if (has_figure) {
        buf_add(&text, worded(tree, T_EXPLAIN_REPORTED, str_of(node->figure->reported), STR("")));
    }
    bool has_share = node->kind == ZUJI_NODE_STAGE || node->kind == ZUJI_NODE_FLOW || node->kind == ZUJI_NODE_ROW ||
                     node->kind == ZUJI_NODE_REST;
    if (has_share && node->value.is_number) {
        int permille = (int)(node->share * 1000 + (node->share < 0 ? -0.5 : 0.5));
        buf_format(&text, "  %s%d.%d %%", permille < 0 ? "−" : "", abs(permille) / 10, abs(permille) % 10);
    }
    return buf_str(&text);
}

static const char *category_title(const struct tree *tree, const char *name)
{
    size_t count;
    const struct zuji_figure *categories = zuji_result_categories(tree->page.result, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(categories[i].name, name) == 0) {
            return text_either(categories[i].title, tree->page.cli->lang).at;
        }
    }
    return name;
}

static struct str heading_of(const struct tree *tree, const struct zuji_explanation *node, bool is_repeated)
{
    struct arena *arena = tree->page.cli->arena;
    struct str title = title_of(tree, node);
    if (node->is_apart) {
        title = worded(tree, T_APART, title, STR(""));
    }
    if (node->category[0] != '\0' && node->kind != ZUJI_NODE_FACTOR) {
        const char *category = category_title(tree, node->category);
        struct str kind = str_format(arena, node->gas[0] != '\0' ? "%s, %s" : "%s", category, node->gas);
        title = worded(tree, T_EXPLAIN_REMARKED, title, kind);
    }
    struct str value = value_of(tree, node);
    struct str line = str_format(arena, "%.*s%s%.*s", STR_FMT(title), value.len > 0 ? " " : "", STR_FMT(value));
    return is_repeated ? worded(tree, T_EXPLAIN_ABOVE, line, STR("")) : line;
}

/* ---- details ---- */

static void print_formulas(const struct tree *tree, const struct spot *spot, struct str around)
{
    const struct zuji_explanation *node = spot->node;
    bool is_in_heading = is_condition(node) || node->kind == ZUJI_NODE_PICKED || node->kind == ZUJI_NODE_STEP ||
                         node->kind == ZUJI_NODE_FACTOR || node->kind == ZUJI_NODE_CELL;
    bool is_news = node->written[0] != '\0' && strcmp(node->written, node->name) != 0 &&
                   strcmp(node->written, node->value.text) != 0;
    if (is_news && !is_in_heading && !spot->is_alike) {
        print_wrapped(tree, around, node->item == ZUJI_ITEM_SHARE ? STR("") : STR("= "), str_of(node->written));
    }
    if (node->figures[0] != '\0' && strcmp(node->figures, node->value.text) != 0) {
        print_wrapped(tree, around, is_condition(node) ? STR("") : STR("= "), str_of(node->figures));
    }
}

static void add_remark(const struct tree *tree, struct buf *out, enum diag_code text, const char *arg)
{
    buf_add(out, str_of(out->len == 0 ? "" : tree->page.cli->lang == LANG_ZH ? "；" : "; "));
    buf_add(out, worded(tree, text, str_of(arg), STR("")));
}

static void add_ground(const struct tree *tree, struct buf *out, const struct zuji_ground *ground)
{
    if (ground->kind == ZUJI_DEFAULT) {
        add_remark(tree, out, T_EXPLAIN_DEFAULT, "");
    } else if (ground->kind == ZUJI_SUPPLIER && ground->replaces[0] != '\0') {
        add_remark(tree, out, T_EXPLAIN_SUPPLIER, ground->replaces);
    } else if (ground->kind == ZUJI_ESTIMATE) {
        add_remark(tree, out, T_EXPLAIN_ESTIMATE, "");
    } else if (ground->kind == ZUJI_EXTERNAL) {
        add_remark(tree, out, T_EXPLAIN_EXTERNAL, "");
    }
    bool has_origin = ground->kind == ZUJI_FACTOR || ground->kind == ZUJI_SUPPLIER || ground->kind == ZUJI_DATUM ||
                      ground->kind == ZUJI_ESTIMATE;
    if (has_origin) {
        add_remark(tree, out, ground->is_primary ? T_EXPLAIN_PRIMARY : T_EXPLAIN_SECONDARY, "");
    }
    if (ground->source[0] != '\0') {
        add_remark(tree, out, T_EXPLAIN_SOURCE, ground->source);
    }
    if (ground->region_asked[0] != '\0' && strcmp(ground->region_asked, ground->region) != 0) {
        add_remark(tree, out, T_EXPLAIN_REGION, ground->region);
    }
    if (ground->year[0] != '\0' && strcmp(ground->year_asked, ground->year) != 0) {
        add_remark(tree, out, T_EXPLAIN_YEAR, ground->year);
    }
    if (ground->period[0] != '\0') {
        add_remark(tree, out, T_EXPLAIN_PERIOD, ground->period);
    }
}

static struct str remarks_of(const struct tree *tree, const struct zuji_explanation *node)
{
    struct buf out = buf_in(tree->page.cli->arena);
    struct str because = text_either(node->because, tree->page.cli->lang);
    bool has_clause = node->kind == ZUJI_NODE_STAGE || node->kind == ZUJI_NODE_FLOW || node->kind == ZUJI_NODE_ITEM ||
                      node->ground != NULL;
    if (node->ground != NULL) {
        add_ground(tree, &out, node->ground);
    }
    if (node->cite[0] != '\0' && (node->ground == NULL || strcmp(node->ground->source, node->cite) != 0)) {
        add_remark(tree, &out, T_EXPLAIN_SOURCE, node->cite);
    }
    if (node->clause[0] != '\0' && has_clause) {
        add_remark(tree, &out, T_EXPLAIN_CLAUSE, node->clause);
    }
    if (because.len > 0) {
        add_remark(tree, &out, T_EXPLAIN_BECAUSE, str_copy(tree->page.cli->arena, because).at);
    }
    return buf_str(&out);
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
    struct str head = str_slice(heading, 0, fitting(heading, cells));
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
    bool is_repeated = tree->is_shown[node->number] != 0 && (node->part_count > 0 || node->formula != NULL);
    struct str branch = spot->is_root ? STR("") : spot->is_last ? STR("└─ ") : STR("├─ ");
    struct str past = spot->is_root ? STR("") : spot->is_last ? STR("   ") : STR("│  ");
    bool has_parts = node->part_count > 0 && !is_repeated;
    struct str around = joined(arena, joined(arena, spot->around, past), has_parts ? STR("│    ") : STR("     "));
    struct str remarks = is_repeated ? STR("") : remarks_of(tree, node);
    print_heading(tree, spot, branch, around, heading_of(tree, node, is_repeated), &remarks);
    tree->is_shown[node->number] = 1;
    if (!is_repeated) {
        print_formulas(tree, spot, around);
    }
    if (!is_repeated && node->doc[0] != '\0') {
        print_wrapped(tree, around, STR(""), str_of(node->doc));
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

static bool is_alike(const struct zuji_explanation *whole, size_t part)
{
    const struct zuji_explanation *node = whole->parts[part];
    return part > 0 && node->kind == ZUJI_NODE_ROW && whole->parts[part - 1]->kind == ZUJI_NODE_ROW &&
           strcmp(node->written, whole->parts[part - 1]->written) == 0;
}

static void print_tree(struct tree *tree, const struct zuji_explanation *root)
{
    struct arena *arena = tree->page.cli->arena;
    struct spot *stack = NULL;
    size_t count = 0;
    size_t cap = 0;
    arena_grow(arena, stack, count, cap);
    stack[count++] = (struct spot){.node = root, .around = STR(""), .is_root = true};
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
                                               .is_alike = is_alike(spot.node, i)};
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
          .columns = columns_of(out)
    };
    tree.is_shown = arena_array(cli->arena, uint8_t, explanation->all_count + 1);
    struct str row = str_of(zuji_result_row_name(result));
    struct str id = str_of(zuji_result_id(result));
    id = row.len > 0 ? str_format(cli->arena, "%.*s, %.*s", STR_FMT(id), STR_FMT(row)) : id;
    struct str title = str_of(zuji_rule_title(rule, (enum zuji_lang)cli->lang));
    fprintf(out, "%.*s\n", STR_FMT(worded(&tree, T_EXPLAIN_HEAD, title, id)));
    print_tree(&tree, explanation);
}
