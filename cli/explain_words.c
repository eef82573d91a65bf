#include "cli/explain_words.h"

#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

static struct str worded(const struct cli *cli, enum diag_code text, struct str a, struct str b)
{
    struct diag_text line = {
        text, {a, b}
    };
    return diag_text(cli->arena, line, cli->lang);
}

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

bool words_is_condition(const struct zuji_explanation *node)
{
    return node->kind == ZUJI_NODE_CONDITION || node->item == ZUJI_ITEM_WHEN;
}

struct str words_in_process(const struct cli *cli, const struct zuji_explanation *flow, struct str title)
{
    struct str process = text_either(flow->process_title, cli->lang);
    process = process.len > 0 ? process : str_of(flow->process);
    bool is_said = process.len == 0 || str_eq(process, text_either(flow->title, cli->lang));
    return is_said ? title : str_join(cli->arena, (const struct str[]){process, title}, 2, STR(" ▸ "));
}

struct str words_title(const struct cli *cli, const struct zuji_explanation *node)
{
    struct arena *arena = cli->arena;
    struct str title = text_either(node->title, cli->lang);
    struct str name = str_of(node->name);
    switch (node->kind) {
    case ZUJI_NODE_TOTAL:
        return worded(cli, T_EXPLAIN_TOTAL, STR(""), STR(""));
    case ZUJI_NODE_REST:
        return worded(cli, node->value.text[0] != '\0' ? T_EXPLAIN_REST : T_EXPLAIN_MORE,
                      str_format(arena, "%lu", (unsigned long)node->rows), STR(""));
    case ZUJI_NODE_CONDITION:
        return worded(cli, T_EXPLAIN_CONDITION, str_of(node->written), STR(""));
    case ZUJI_NODE_PICKED:
        return worded(cli, T_EXPLAIN_PICKED, str_of(node->written), STR(""));
    case ZUJI_NODE_STEP:
        return str_of(node->written);
    case ZUJI_NODE_CONSTANT:
        return worded(cli, T_EXPLAIN_CONSTANT, STR(""), STR(""));
    case ZUJI_NODE_ITEM:
        if (item_texts[node->item] != DIAG_NONE) {
            return worded(cli, item_texts[node->item], node->item == ZUJI_ITEM_WHEN ? str_of(node->written) : name,
                          STR(""));
        }
        break;
    case ZUJI_NODE_AMOUNT:
        return worded(cli, T_EXPLAIN_AMOUNT, STR(""), STR(""));
    case ZUJI_NODE_ROW:
        if (name.len > 0 && name.at[0] >= '0' && name.at[0] <= '9') { /* a number of a range */
            name = str_format(arena, "[%.*s]", STR_FMT(name));
        }
        break;
    case ZUJI_NODE_STAGE:
    case ZUJI_NODE_FLOW:
    case ZUJI_NODE_DATUM:
    case ZUJI_NODE_FACTOR:
    case ZUJI_NODE_CELL:
    case ZUJI_NODE_EXTERNAL:
        break;
    }
    if (title.len == 0 || str_eq(title, name)) {
        return words_in_process(cli, node, name);
    }
    title = words_in_process(cli, node, title);
    return name.len == 0 ? title : worded(cli, T_EXPLAIN_TITLE, title, name);
}

/* Of "supplier default material(name)" the condition is the datum, of which one says that it is given. */
static bool is_whether_given(const struct zuji_explanation *node)
{
    struct str written = str_of(node->written);
    bool is_said = str_ends(written, STR("is given")) || str_ends(written, STR("已填报"));
    return words_is_condition(node) && !is_said && node->formula != NULL && node->formula->operation == ZUJI_OP_GIVEN;
}

struct str words_value(const struct cli *cli, const struct zuji_explanation *node)
{
    if (node->value.text[0] == '\0') {
        return node->figure != NULL ? worded(cli, T_EXPLAIN_ABSENT, STR(""), STR("")) : STR("");
    }
    if (is_whether_given(node)) {
        return worded(cli, node->value.number > 0 ? T_EXPLAIN_GIVEN : T_EXPLAIN_NOT_GIVEN, STR(""), STR(""));
    }
    if (words_is_condition(node)) {
        return worded(cli, node->value.number > 0 ? T_EXPLAIN_HOLDS : T_EXPLAIN_FAILS, STR(""), STR(""));
    }
    return str_format(cli->arena, "= %s", node->value.text);
}

struct str words_reported(const struct cli *cli, const struct zuji_explanation *node)
{
    bool has_both = node->figure != NULL && node->value.text[0] != '\0';
    return has_both ? worded(cli, T_EXPLAIN_REPORTED, text_reported(cli, node->figure), STR("")) : STR("");
}

struct str words_share(const struct cli *cli, const struct zuji_explanation *node)
{
    bool has_share = node->kind == ZUJI_NODE_STAGE || node->kind == ZUJI_NODE_FLOW || node->kind == ZUJI_NODE_ROW ||
                     node->kind == ZUJI_NODE_REST;
    if (!has_share || !node->value.is_number) {
        return STR("");
    }
    int permille = (int)(node->share * 1000 + (node->share < 0 ? -0.5 : 0.5));
    return str_format(cli->arena, "%s%d.%d %%", permille < 0 ? "-" : "", abs(permille) / 10, abs(permille) % 10);
}

const char *words_category(const struct cli *cli, const struct zuji_result *result, const char *name)
{
    size_t count;
    const struct zuji_figure *categories = zuji_result_categories(result, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(categories[i].name, name) == 0) {
            return text_either(categories[i].title, cli->lang).at;
        }
    }
    return name;
}

struct str words_doc(const struct cli *cli, const struct zuji_explanation *node)
{
    struct str doc = str_of(node->doc);
    size_t end = 0;
    while (end < doc.len && doc.at[end] != '\n') {
        end++;
    }
    return end == doc.len ? doc : cli->lang == LANG_EN ? str_slice(doc, 0, end) : str_slice(doc, end + 1, doc.len);
}

struct str words_heading(const struct cli *cli, const struct zuji_result *result, const struct zuji_explanation *node)
{
    struct str title = words_title(cli, node);
    if (node->is_apart) {
        title = worded(cli, T_APART, title, STR(""));
    }
    if (node->category[0] != '\0' && node->kind != ZUJI_NODE_FACTOR) {
        const char *category = words_category(cli, result, node->category);
        struct str kind = str_format(cli->arena, node->gas[0] != '\0' ? "%s, %s" : "%s", category, node->gas);
        title = worded(cli, T_EXPLAIN_REMARKED, title, kind);
    }
    return title;
}

/* ---- formulas ---- */

bool words_has_written(const struct zuji_explanation *node)
{
    bool is_in_heading = words_is_condition(node) || node->kind == ZUJI_NODE_PICKED || node->kind == ZUJI_NODE_STEP ||
                         node->kind == ZUJI_NODE_FACTOR || node->kind == ZUJI_NODE_CELL;
    return node->written[0] != '\0' && !is_in_heading && strcmp(node->written, node->name) != 0 &&
           strcmp(node->written, node->value.text) != 0;
}

bool words_has_figures(const struct zuji_explanation *node)
{
    return node->figures[0] != '\0' && strcmp(node->figures, node->value.text) != 0;
}

bool words_is_alike(const struct zuji_explanation *whole, size_t part)
{
    const struct zuji_explanation *node = whole->parts[part];
    return part > 0 && node->kind == ZUJI_NODE_ROW && whole->parts[part - 1]->kind == ZUJI_NODE_ROW &&
           strcmp(node->written, whole->parts[part - 1]->written) == 0;
}

/* ---- where it comes from ---- */

static void add_remark(const struct cli *cli, struct buf *out, enum diag_code text, const char *arg)
{
    buf_add(out, str_of(out->len == 0 ? "" : cli->lang == LANG_ZH ? "；" : "; "));
    buf_add(out, worded(cli, text, str_of(arg), STR("")));
}

static void add_status(const struct cli *cli, struct buf *out, const char *status)
{
    static const struct {
        const char *status;
        enum diag_code text;
    } texts[] = {
        {"measured",  T_EXPLAIN_MEASURED },
        {"published", T_EXPLAIN_PUBLISHED},
        {"draft",     T_EXPLAIN_DRAFT    }
    };
    for (size_t i = 0; i < countof(texts); i++) {
        if (strcmp(status, texts[i].status) == 0) {
            add_remark(cli, out, texts[i].text, "");
        }
    }
}

static void add_ground(const struct cli *cli, struct buf *out, const struct zuji_ground *ground)
{
    if (ground->kind == ZUJI_DEFAULT) {
        add_remark(cli, out, T_EXPLAIN_DEFAULT, "");
    } else if (ground->kind == ZUJI_SUPPLIER && ground->replaces[0] != '\0') {
        add_remark(cli, out, T_EXPLAIN_SUPPLIER, ground->replaces);
    } else if (ground->kind == ZUJI_ESTIMATE) {
        add_remark(cli, out, T_EXPLAIN_ESTIMATE, "");
    } else if (ground->kind == ZUJI_EXTERNAL) {
        add_remark(cli, out, T_EXPLAIN_EXTERNAL, "");
    }
    bool has_origin = ground->kind == ZUJI_FACTOR || ground->kind == ZUJI_SUPPLIER || ground->kind == ZUJI_DATUM ||
                      ground->kind == ZUJI_ESTIMATE;
    if (has_origin) {
        add_remark(cli, out, ground->is_primary ? T_EXPLAIN_PRIMARY : T_EXPLAIN_SECONDARY, "");
    }
    if (ground->source[0] != '\0') {
        add_remark(cli, out, T_EXPLAIN_SOURCE, ground->source);
    }
    if (ground->licence[0] != '\0') {
        add_remark(cli, out, T_EXPLAIN_LICENCE, ground->licence);
    }
    add_status(cli, out, ground->status);
    if (ground->region_asked[0] != '\0' && strcmp(ground->region_asked, ground->region) != 0) {
        add_remark(cli, out, T_EXPLAIN_REGION, ground->region);
    }
    if (ground->year[0] != '\0' && strcmp(ground->year_asked, ground->year) != 0) {
        add_remark(cli, out, T_EXPLAIN_YEAR, ground->year);
    }
    if (ground->period[0] != '\0') {
        add_remark(cli, out, T_EXPLAIN_PERIOD, ground->period);
    }
}

struct str words_remarks(const struct cli *cli, const struct zuji_explanation *node, const char *around)
{
    struct buf out = buf_in(cli->arena);
    struct str because = text_either(node->because, cli->lang);
    bool has_clause = node->kind == ZUJI_NODE_STAGE || node->kind == ZUJI_NODE_FLOW || node->kind == ZUJI_NODE_ITEM ||
                      node->ground != NULL;
    if (node->ground != NULL) {
        add_ground(cli, &out, node->ground);
    }
    if (node->cite[0] != '\0' && (node->ground == NULL || strcmp(node->ground->source, node->cite) != 0)) {
        add_remark(cli, &out, T_EXPLAIN_SOURCE, node->cite);
    }
    if (node->clause[0] != '\0' && has_clause && strcmp(node->clause, around) != 0) {
        add_remark(cli, &out, T_EXPLAIN_CLAUSE, node->clause);
    }
    if (because.len > 0) {
        add_remark(cli, &out, T_EXPLAIN_BECAUSE, str_copy(cli->arena, because).at);
    }
    return buf_str(&out);
}

const char *words_clause(const struct zuji_explanation *node, const char *around)
{
    return node->clause[0] != '\0' ? node->clause : around;
}

const struct zuji_explanation *words_datum(const struct zuji_explanation *node)
{
    bool is_one = node->kind == ZUJI_NODE_ROW && node->part_count == 1 && node->formula != NULL &&
                  node->formula->operation == ZUJI_OP_NODE && node->formula->node->kind == ZUJI_NODE_DATUM;
    return is_one && node->formula->node->part_count == 0 ? node->formula->node : NULL;
}
