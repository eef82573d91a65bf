/* What a sum comes from. An amount is followed through what scales it (products, quotients, changes of the unit,
   named formulas) to the first sum over rows, and shared out by the size of the rows; where there is none, or its
   rows cancel each other, it stays one input under the name of its flow. */
#include <math.h>
#include <string.h>

#include "cli/html.h"

enum { DEPTH = 200 }; /* of formulas below one another; what is deeper is not looked for */
enum { PARTS_MAX = 20 }; /* drawn */
enum { UNKNOWN = 0, WHOLE = 1, DIVIDED = 2 };

struct gathering {
    const struct cli *cli;
    struct sankey *sankey;
    uint8_t *states; /* by number of the node: are there rows below? */
    size_t stage;
    const struct zuji_explanation *flow; /* the last figure on the way */
};

static bool is_figure(const struct zuji_explanation *node)
{
    return node->kind == ZUJI_NODE_STAGE || node->kind == ZUJI_NODE_FLOW || node->kind == ZUJI_NODE_AMOUNT;
}

static bool is_followed(const struct zuji_explanation *node)
{
    return node->formula != NULL && (is_figure(node) || node->kind == ZUJI_NODE_ITEM || node->kind == ZUJI_NODE_STEP ||
                                     node->kind == ZUJI_NODE_ROW);
}

/* Rows that are shares of the sum: none is against the others. */
static bool has_shares(const struct zuji_formula *sum)
{
    size_t added = 0;
    size_t taken = 0;
    for (size_t i = 0; i < sum->operand_count; i++) {
        double value = sum->operands[i].value->number;
        added += value > 0;
        taken += value < 0;
    }
    return added + taken > 0 && (added == 0 || taken == 0);
}

static bool is_of_figures(const struct zuji_formula *sum)
{
    return sum->operand_count > 0 && sum->operands[0].node != NULL && is_figure(sum->operands[0].node);
}

static const struct zuji_formula *divided_operand(const struct gathering *gathering, const struct zuji_formula *formula,
                                                  int depth);

/* Does a sum of several rows lie below, which may be shared out? */
static bool is_divided(const struct gathering *gathering, const struct zuji_formula *formula, int depth)
{
    if (depth > DEPTH) {
        return false;
    }
    if (formula->operation == ZUJI_OP_NODE) {
        const struct zuji_explanation *node = formula->node;
        uint8_t *state = &gathering->states[node->number];
        if (*state == UNKNOWN) {
            bool is_it = is_followed(node) && is_divided(gathering, node->formula, depth + 1);
            *state = is_it ? DIVIDED : WHOLE;
        }
        return *state == DIVIDED;
    }
    if (formula->operation == ZUJI_OP_SUM && formula->operand_count != 1) {
        return has_shares(formula);
    }
    return divided_operand(gathering, formula, depth) != NULL;
}

/* The operand to which the value is proportional and below which there are rows; NULL: none. */
static const struct zuji_formula *divided_operand(const struct gathering *gathering, const struct zuji_formula *formula,
                                                  int depth)
{
    size_t first = 0;
    size_t end = 1;
    switch (formula->operation) {
    case ZUJI_OP_MULTIPLY:
        end = 2;
        break;
    case ZUJI_OP_IF:
        first = 1;
        end = 2;
        break;
    case ZUJI_OP_DIVIDE:
    case ZUJI_OP_NEGATE:
    case ZUJI_OP_CONVERT:
    case ZUJI_OP_SUM: /* of one row */
        break;
    case ZUJI_OP_NUMBER:
    case ZUJI_OP_NODE:
    case ZUJI_OP_ADD:
    case ZUJI_OP_SUBTRACT:
    case ZUJI_OP_ABSOLUTE:
    case ZUJI_OP_SQRT:
    case ZUJI_OP_EXP:
    case ZUJI_OP_LN:
    case ZUJI_OP_POWER:
    case ZUJI_OP_MIN:
    case ZUJI_OP_MAX:
    case ZUJI_OP_SHIFT:
    case ZUJI_OP_ROUND:
    case ZUJI_OP_ROUND_SIGNIFICANT:
    case ZUJI_OP_LESS:
    case ZUJI_OP_LESS_EQUAL:
    case ZUJI_OP_EQUAL:
    case ZUJI_OP_AND:
    case ZUJI_OP_OR:
    case ZUJI_OP_NOT:
    case ZUJI_OP_GIVEN:
    case ZUJI_OP_LEAST:
    case ZUJI_OP_GREATEST:
    case ZUJI_OP_ANY:
    case ZUJI_OP_COUNT:
    case ZUJI_OP_CALL:
        return NULL;
    }
    for (size_t i = first; i < end && i < formula->operand_count; i++) {
        if (is_divided(gathering, &formula->operands[i], depth + 1)) {
            return &formula->operands[i];
        }
    }
    return NULL;
}

static struct str title_of(const struct gathering *gathering, const struct zuji_explanation *node)
{
    struct str title = text_either(node->title, gathering->cli->lang);
    return title.len > 0 ? title : str_of(node->name);
}

/* Rows of the data go by their path, and are one input wherever they are used; other rows, and rows that are told
   together, belong to their flow. */
static void add(const struct gathering *gathering, const struct zuji_explanation *node, double amount)
{
    struct arena *arena = gathering->cli->arena;
    struct str title = title_of(gathering, node);
    struct str identity = str_of(node->name);
    bool is_row = node->kind == ZUJI_NODE_ROW;
    if (node->kind == ZUJI_NODE_REST || (is_row && strchr(node->name, '[') == NULL)) {
        struct str flow = title_of(gathering, gathering->flow);
        struct str rows = str_format(arena, "%lu", (unsigned long)node->rows);
        struct diag_text text = {
            is_row ? T_PAGE_ROW : T_PAGE_REST, {flow, is_row ? title : rows}
        };
        title = diag_text(arena, text, gathering->cli->lang);
        identity = str_format(arena, "%s/%s", gathering->flow->name, node->name);
    }
    sankey_add(gathering->sankey, identity, title, gathering->stage, amount);
}

/* Flows, amounts and parts of the root below which there is one more sum of figures are taken one by one. */
static void gather(struct gathering *gathering, const struct zuji_formula *formula, double amount, int depth)
{
    const struct zuji_explanation *flow = gathering->flow;
    const struct zuji_formula *next = formula;
    while (next->operation == ZUJI_OP_NODE && is_followed(next->node)) {
        gathering->flow = next->node->kind == ZUJI_NODE_FLOW ? next->node : gathering->flow;
        next = next->node->formula;
        if (++depth > DEPTH) {
            break;
        }
    }
    bool is_figures = next->operation == ZUJI_OP_SUM && is_of_figures(next);
    if (is_figures ||
        (is_divided(gathering, next, depth) && next->operation == ZUJI_OP_SUM && next->operand_count > 1)) {
        double sum = 0;
        for (size_t i = 0; i < next->operand_count; i++) {
            sum += next->operands[i].value->number;
        }
        for (size_t i = 0; i < next->operand_count && sum != 0; i++) {
            const struct zuji_formula *operand = &next->operands[i];
            double part = amount * (operand->value->number / sum);
            if (is_figures) {
                gather(gathering, operand, part, depth + 1);
            } else {
                add(gathering, operand->node, part);
            }
        }
    } else {
        const struct zuji_formula *operand = depth > DEPTH ? NULL : divided_operand(gathering, next, depth);
        bool is_quotient = next->operation == ZUJI_OP_DIVIDE && next->operand_count > 0;
        if (operand == NULL && is_quotient && next->operands[0].operation == ZUJI_OP_SUM &&
            is_of_figures(&next->operands[0])) {
            operand = &next->operands[0]; /* amounts of a flow */
        }
        if (operand != NULL) {
            gather(gathering, operand, amount, depth + 1);
        } else {
            add(gathering, gathering->flow, amount);
        }
    }
    gathering->flow = flow;
}

/* How many operands are larger, in the sizes of their values. */
static size_t rank_of(const struct zuji_formula *sum, size_t operand)
{
    double size = fabs(sum->operands[operand].value->number);
    size_t rank = 0;
    for (size_t i = 0; i < sum->operand_count; i++) {
        double other = fabs(sum->operands[i].value->number);
        rank += other > size || (i < operand && other >= size);
    }
    return rank;
}

bool explain_terms(const struct cli *cli, const struct zuji_explanation *root, struct explain_parts *parts,
                   struct sankey *sankey)
{
    const struct zuji_formula *sum = root->formula;
    bool is_sum = (root->kind == ZUJI_NODE_TOTAL || root->kind == ZUJI_NODE_STAGE) && sum != NULL &&
                  sum->operation == ZUJI_OP_SUM && is_of_figures(sum);
    if (!is_sum) {
        return false;
    }
    size_t drawn = sum->operand_count > PARTS_MAX ? PARTS_MAX - 1 : sum->operand_count;
    size_t count = sum->operand_count > PARTS_MAX ? PARTS_MAX : sum->operand_count;
    *parts = (struct explain_parts){arena_array(cli->arena, const struct zuji_explanation *, count), count,
                                    sum->operand_count - drawn};
    *sankey = sankey_new(cli->arena, count);
    struct gathering gathering = {.cli = cli, .sankey = sankey};
    gathering.states = arena_array(cli->arena, uint8_t, root->all_count + 1);
    size_t next = 0;
    for (size_t i = 0; i < sum->operand_count; i++) {
        bool is_drawn = rank_of(sum, i) < drawn;
        gathering.stage = is_drawn ? next : drawn;
        gathering.flow = sum->operands[i].node;
        if (is_drawn) {
            parts->at[next++] = sum->operands[i].node;
        }
        gather(&gathering, &sum->operands[i], sum->operands[i].value->number, 0);
    }
    return sankey_lay_out(sankey);
}
