/* An explanation as JSON: the nodes in the order of their numbers, so that node n is element n - 1; keys in the order
   of SPEC.md, "Explanations". */
#include "vm/explain.h"
#include "vm/json_write.h"

static void add_value(struct buf *out, const struct zuji_value *value)
{
    if (value->is_number) {
        json_member_double(out, "value", value->number);
        json_member(out, "unit", value->unit);
    }
    json_member_unless_empty(out, "text", value->text);
}

static void add_both(struct buf *out, const char *key, const char *const texts[2])
{
    if (texts[ZUJI_EN][0] != '\0' || texts[ZUJI_ZH][0] != '\0') {
        json_key(out, key);
        json_open(out, '{');
        json_member_unless_empty(out, "en", texts[ZUJI_EN]);
        json_member_unless_empty(out, "zh", texts[ZUJI_ZH]);
        buf_char(out, '}');
    }
}

/* ---- formulas ---- */

static const char *const operations[] = {
    [ZUJI_OP_NUMBER] = "number",
    [ZUJI_OP_NODE] = "node",
    [ZUJI_OP_ADD] = "add",
    [ZUJI_OP_SUBTRACT] = "subtract",
    [ZUJI_OP_MULTIPLY] = "multiply",
    [ZUJI_OP_DIVIDE] = "divide",
    [ZUJI_OP_NEGATE] = "negate",
    [ZUJI_OP_ABSOLUTE] = "absolute",
    [ZUJI_OP_SQRT] = "sqrt",
    [ZUJI_OP_EXP] = "exp",
    [ZUJI_OP_LN] = "ln",
    [ZUJI_OP_POWER] = "power",
    [ZUJI_OP_MIN] = "min",
    [ZUJI_OP_MAX] = "max",
    [ZUJI_OP_CONVERT] = "convert",
    [ZUJI_OP_SHIFT] = "shift",
    [ZUJI_OP_ROUND] = "round",
    [ZUJI_OP_ROUND_SIGNIFICANT] = "round_significant",
    [ZUJI_OP_LESS] = "less",
    [ZUJI_OP_LESS_EQUAL] = "less_equal",
    [ZUJI_OP_EQUAL] = "equal",
    [ZUJI_OP_AND] = "and",
    [ZUJI_OP_OR] = "or",
    [ZUJI_OP_NOT] = "not",
    [ZUJI_OP_GIVEN] = "given",
    [ZUJI_OP_IF] = "if",
    [ZUJI_OP_SUM] = "sum",
    [ZUJI_OP_LEAST] = "least",
    [ZUJI_OP_GREATEST] = "greatest",
    [ZUJI_OP_ANY] = "any",
    [ZUJI_OP_COUNT] = "count",
    [ZUJI_OP_CALL] = "call",
};

static bool has_rows(enum zuji_operation operation)
{
    return operation == ZUJI_OP_SUM || operation == ZUJI_OP_LEAST || operation == ZUJI_OP_GREATEST ||
           operation == ZUJI_OP_ANY || operation == ZUJI_OP_COUNT;
}

/* Formulas are not deep: see FORMULA_DEPTH in explain_formula.c. */
static void add_formula(struct buf *out, const struct zuji_formula *formula)
{
    json_open(out, '{');
    if (formula->operation == ZUJI_OP_NODE) {
        json_member_count(out, "node", formula->node->number);
        buf_char(out, '}');
        return;
    }
    json_member(out, "op", operations[formula->operation]);
    if (formula->operation == ZUJI_OP_CONVERT || formula->operation == ZUJI_OP_SHIFT ||
        formula->operation == ZUJI_OP_ROUND || formula->operation == ZUJI_OP_ROUND_SIGNIFICANT) {
        json_member_double(out, "by", formula->by);
    }
    if (formula->operation == ZUJI_OP_SHIFT) {
        json_member_double(out, "plus", formula->plus);
    }
    json_member_unless_empty(out, "mode", formula->mode);
    if (has_rows(formula->operation)) {
        json_member_count(out, "rows", formula->rows);
    }
    add_value(out, formula->value);
    if (formula->operand_count > 0) {
        json_key(out, "operands");
        json_open(out, '[');
        for (size_t i = 0; i < formula->operand_count; i++) {
            add_formula(out, &formula->operands[i]);
        }
        buf_char(out, ']');
    }
    buf_char(out, '}');
}

/* ---- nodes ---- */

static void add_names(struct buf *out, const struct zuji_explanation *node)
{
    static const char *const kinds[] = {
        [ZUJI_NODE_TOTAL] = "total",   [ZUJI_NODE_STAGE] = "stage",       [ZUJI_NODE_FLOW] = "flow",
        [ZUJI_NODE_AMOUNT] = "amount", [ZUJI_NODE_ITEM] = "item",         [ZUJI_NODE_STEP] = "step",
        [ZUJI_NODE_ROW] = "row",       [ZUJI_NODE_REST] = "rest",         [ZUJI_NODE_CONDITION] = "condition",
        [ZUJI_NODE_PICKED] = "picked", [ZUJI_NODE_DATUM] = "datum",       [ZUJI_NODE_FACTOR] = "factor",
        [ZUJI_NODE_CELL] = "cell",     [ZUJI_NODE_CONSTANT] = "constant", [ZUJI_NODE_EXTERNAL] = "external"};
    static const char *const items[] = {
        [ZUJI_ITEM_NONE] = "",         [ZUJI_ITEM_FLOW] = "flow",           [ZUJI_ITEM_LET] = "let",
        [ZUJI_ITEM_REPORT] = "report", [ZUJI_ITEM_FUNCTION] = "function",   [ZUJI_ITEM_ARGUMENT] = "argument",
        [ZUJI_ITEM_WHEN] = "when",     [ZUJI_ITEM_REFERENCE] = "reference", [ZUJI_ITEM_SCALE] = "scale",
        [ZUJI_ITEM_SHARE] = "share"};
    json_member_count(out, "number", node->number);
    json_member(out, "kind", kinds[node->kind]);
    json_member_unless_empty(out, "item", items[node->item]);
    json_member_unless_empty(out, "name", node->name);
    json_member_unless_empty(out, "process", node->process);
    json_member_unless_empty(out, "category", node->category);
    json_member_unless_empty(out, "gas", node->gas);
    add_both(out, "title", node->title);
    json_member_unless_empty(out, "doc", node->doc);
    json_member_unless_empty(out, "clause", node->clause);
    json_member_unless_empty(out, "cite", node->cite);
    add_both(out, "because", node->because);
    json_member_unless_empty(out, "file", node->file);
    if (node->line > 0) {
        json_member_count(out, "line", node->line);
    }
}

static void add_ground(struct buf *out, const struct zuji_ground *ground)
{
    static const char *const kinds[] = {
        [ZUJI_DEFAULT] = "default",   [ZUJI_LIST_ABSENT] = "list_absent", [ZUJI_ESTIMATE] = "estimate",
        [ZUJI_FACTOR] = "factor",     [ZUJI_SUPPLIER] = "supplier",       [ZUJI_CELL] = "table",
        [ZUJI_CONSTANT] = "constant", [ZUJI_EXTERNAL] = "external",       [ZUJI_DATUM] = "datum"};
    json_key(out, "ground");
    json_open(out, '{');
    json_member(out, "kind", kinds[ground->kind]);
    json_member_unless_empty(out, "name", ground->name);
    json_member_unless_empty(out, "path", ground->path);
    json_member_unless_empty(out, "replaces", ground->replaces);
    json_member_unless_empty(out, "source", ground->source);
    json_member_unless_empty(out, "region_asked", ground->region_asked);
    json_member_unless_empty(out, "region", ground->region);
    json_member_unless_empty(out, "year_asked", ground->year_asked);
    json_member_unless_empty(out, "year", ground->year);
    json_member_unless_empty(out, "period", ground->period);
    if (ground->quality > 0) {
        json_member_double(out, "quality", ground->quality);
    }
    if (ground->kind == ZUJI_FACTOR || ground->kind == ZUJI_SUPPLIER || ground->kind == ZUJI_DATUM ||
        ground->kind == ZUJI_ESTIMATE) {
        json_member_bool(out, "primary", ground->is_primary);
    }
    json_member_unless_empty(out, "licence", ground->licence);
    json_member_unless_empty(out, "status", ground->status);
    json_member_unless_empty(out, "id", ground->id);
    json_member_unless_empty(out, "uncertainty", ground->uncertainty);
    buf_char(out, '}');
}

static void add_result(struct buf *out, const struct zuji_explanation *node)
{
    static const char *const origins[] = {[ZUJI_ORIGIN_NONE] = "",
                                          [ZUJI_ORIGIN_PRIMARY] = "primary",
                                          [ZUJI_ORIGIN_SECONDARY] = "secondary",
                                          [ZUJI_ORIGIN_MIXED] = "mixed"};
    bool has_share = node->kind == ZUJI_NODE_ROW || node->kind == ZUJI_NODE_REST || node->kind == ZUJI_NODE_STAGE ||
                     node->kind == ZUJI_NODE_FLOW;
    add_value(out, &node->value);
    if (node->figure != NULL && node->figure->is_given) {
        json_member(out, "reported", node->figure->reported);
        json_member_unless_empty(out, "mark", node->figure->mark);
    }
    if (has_share && node->value.is_number) {
        json_member_double(out, "share", node->share);
    }
    if (node->rows > 0) {
        json_member_count(out, "rows", node->rows);
    }
    if (node->is_apart) {
        json_member_bool(out, "apart", true);
    }
    json_member_unless_empty(out, "origin", origins[node->origin]);
}

static void add_node(struct buf *out, const struct zuji_explanation *node)
{
    json_open(out, '{');
    add_names(out, node);
    json_member_unless_empty(out, "written", node->written);
    json_member_unless_empty(out, "figures", node->figures);
    add_result(out, node);
    if (node->ground != NULL) {
        add_ground(out, node->ground);
    }
    if (node->formula != NULL) {
        json_key(out, "formula");
        add_formula(out, node->formula);
    }
    json_key(out, "parts");
    json_open(out, '[');
    for (size_t i = 0; i < node->part_count; i++) {
        buf_format(out, "%s%lu", i > 0 ? "," : "", (unsigned long)node->parts[i]->number);
    }
    buf_add(out, STR("]}"));
}

struct str explanation_json(struct arena *arena, const struct zuji_explanation *explanation)
{
    struct buf out = buf_in(arena);
    buf_add(&out, STR("{\"nodes\":["));
    for (size_t i = 0; i < explanation->all_count; i++) {
        add_node(&out, explanation->all[i]);
    }
    buf_add(&out, STR("]}"));
    return str_copy(arena, buf_str(&out));
}
