/* What a product costs: the weights of the instructions on each axis times the rows of that axis, as a polynomial in
   the lengths of the lists. A pair has at most rows times rows, a range at most its `max` in each row. */
#include <assert.h>

#include "vm/verify_parts.h"

static uint64_t saturated_product(uint64_t a, uint64_t b)
{
    return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

static uint64_t saturated_sum(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Rows of an axis: weight * product of lengths. */
static struct cost_term times_list(struct cost_term rows, uint32_t list)
{
    for (int k = 0; k < 3; k++) { /* sorted; NO_INDEX is the largest */
        if (list < rows.lists[k]) {
            uint32_t next = rows.lists[k];
            rows.lists[k] = list;
            list = next;
        }
    }
    assert(list == NO_INDEX); /* product, and at most three levels of lists, ranges and pairs */
    return rows;
}

static void find_rows(const struct program *program, struct cost_term *rows)
{
    const struct cost_term one = {
        1, {NO_INDEX, NO_INDEX, NO_INDEX}
    };
    rows[AXIS_ID_CONSTANT] = (struct cost_term){
        0, {NO_INDEX, NO_INDEX, NO_INDEX}
    };
    rows[AXIS_ID_PRODUCT] = one;
    for (uint32_t i = AXIS_ID_PRODUCT + 1; i < program->axis_count; i++) {
        const struct prog_axis *axis = &program->axes[i];
        rows[i] = rows[axis->parent];
        if (axis->kind == AXIS_LIST) {
            rows[i] = times_list(one, axis->list); /* lengths are totals over the product */
        } else if (axis->kind == AXIS_RANGE) {
            rows[i].weight = saturated_product(rows[i].weight, axis->max);
        } else {
            rows[i] = times_list(rows[i], program->axes[axis->list].list);
        }
    }
}

/* Relative to an addition, for the slower engine's sake: what may search, divide or look up. */
static uint64_t weight_of(enum opcode op)
{
    switch (op) {
    case OP_DIV:
    case OP_ROUND:
    case OP_CELL:
        return 2;
    case OP_POWI:
    case OP_ROUNDSIG:
    case OP_KEY:
    case OP_STEP_KEY:
    case OP_MATCH:
        return 4;
    case OP_FACTOR:
    case OP_SQRT:
        return 16;
    case OP_POW: /* hundreds of digits in the exact engine */
    case OP_EXP:
    case OP_LN:
    case OP_CALL: /* nobody knows */
        return 64;
    case OP_CONST:
    case OP_FIELD:
    case OP_INDEX:
    case OP_GIVEN:
    case OP_NEED:
    case OP_WITHIN:
    case OP_ELSE:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_TAKE:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_NEG:
    case OP_ABS:
    case OP_MIN:
    case OP_MAX:
    case OP_CONVERT:
    case OP_SHIFT:
    case OP_RETAG:
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_SAME:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_SELECT:
    case OP_SUM:
    case OP_COUNT:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_ANY:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ONLY:
    case OP_COLUMN:
    case OP_ROW:
    case OP_REQUIRE:
    case OP_WARN:
    case OP_EMIT:
    case OP_OUTPUT:
    case OP_INVENTORY:
    case OP_JUDGE:
    case OPCODE_END:
        break;
    }
    return 1;
}

static int compare_lists(const struct cost_term *a, const struct cost_term *b)
{
    for (int k = 2; k >= 0; k--) { /* from the end: fewer lists first */
        if ((a->lists[k] == NO_INDEX) != (b->lists[k] == NO_INDEX)) {
            return a->lists[k] == NO_INDEX ? -1 : 1;
        }
    }
    for (int k = 0; k < 3; k++) {
        if (a->lists[k] != b->lists[k]) {
            return a->lists[k] < b->lists[k] ? -1 : 1;
        }
    }
    return 0;
}

/* Adds a term, keeping them in order; false where there are too many. */
static bool add_term(struct verified *verified, const struct cost_term *term)
{
    uint32_t at = 0;
    while (at < verified->cost_count && compare_lists(&verified->cost[at], term) < 0) {
        at++;
    }
    if (at < verified->cost_count && compare_lists(&verified->cost[at], term) == 0) {
        verified->cost[at].weight = saturated_sum(verified->cost[at].weight, term->weight);
        return true;
    }
    if (verified->cost_count == LIMIT_COST_TERMS) {
        return false;
    }
    for (uint32_t k = verified->cost_count++; k > at; k--) {
        verified->cost[k] = verified->cost[k - 1];
    }
    verified->cost[at] = *term;
    return true;
}

bool verify_cost(struct verifier *verifier, struct verified *verified)
{
    const struct program *program = verifier->program;
    struct cost_term *rows = arena_array(verifier->arena, struct cost_term, program->axis_count);
    uint64_t *weights = arena_array(verifier->arena, uint64_t, program->axis_count);
    find_rows(program, rows);
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *code = &program->code[i];
        /* A reduction looks at every row of the axis that it reduces. */
        uint16_t axis = opcode_info(code->op)->imm == IMM_AXIS ? code->imm : code->axis;
        weights[axis] += weight_of((enum opcode)code->op);
        if (code->op == OP_MATCH) { /* puts every row of the list where it is found */
            weights[program->code[code->b].axis] += weight_of(OP_MATCH);
        }
    }
    verified->cost = arena_array(verifier->arena, struct cost_term, LIMIT_COST_TERMS);
    verified->cost[0] = (struct cost_term){
        0, {NO_INDEX, NO_INDEX, NO_INDEX}
    };
    verified->cost_count = 1;
    for (uint32_t i = AXIS_ID_PRODUCT; i < program->axis_count; i++) {
        struct cost_term term = rows[i];
        term.weight = saturated_product(term.weight, weights[i]);
        if (weights[i] > 0 && !add_term(verified, &term)) {
            struct str limit = str_format(verifier->arena, "%d", (int)LIMIT_COST_TERMS);
            diag_add(verifier->out, D_COST_TERMS, (struct span){0, 0, 0}, DIAG_ARGS(limit));
            return false;
        }
    }
    return true;
}

/* "materials", or "power.meters" of a list in a list. */
static void add_list_name(struct buf *text, const struct program *program, uint32_t list)
{
    uint32_t chain[LIMIT_LIST_DEPTH];
    int depth = 0;
    for (uint32_t at = list; at != NO_INDEX && depth < LIMIT_LIST_DEPTH; at = program->fields[at].parent) {
        chain[depth++] = at;
    }
    while (depth-- > 0) {
        buf_add(text, program->texts[program->fields[chain[depth]].name]);
        buf_add(text, depth > 0 ? STR(".") : STR(""));
    }
}

struct str cost_text(struct arena *arena, const struct verified *verified)
{
    struct buf text = buf_in(arena);
    for (uint32_t i = 0; i < verified->cost_count; i++) {
        const struct cost_term *term = &verified->cost[i];
        buf_format(&text, "%s%llu", i == 0 ? "" : " + ", (unsigned long long)term->weight);
        for (int k = 0; k < 3 && term->lists[k] != NO_INDEX; k++) {
            buf_add(&text, STR("·"));
            add_list_name(&text, verified->program, term->lists[k]);
        }
    }
    return buf_str(&text);
}

uint64_t cost_of(const struct verified *verified, const uint64_t *list_lengths)
{
    uint64_t cost = 0;
    for (uint32_t i = 0; i < verified->cost_count; i++) {
        uint64_t term = verified->cost[i].weight;
        for (int k = 0; k < 3 && verified->cost[i].lists[k] != NO_INDEX; k++) {
            term = saturated_product(term, list_lengths[verified->cost[i].lists[k]]);
        }
        cost = saturated_sum(cost, term);
    }
    return cost;
}
