#include "vm/explain.h"

#include <string.h>

#include "vm/opcodes.h"
#include "vm/result_amounts.h"

/* ---- what is asked for ---- */

static bool is_called(const struct program *program, const char *wanted, struct str name,
                      const struct prog_titles *titles)
{
    struct str text = str_of(wanted);
    for (int lang = 0; lang < 2; lang++) {
        uint32_t label = titles->label[lang];
        if (label != NO_INDEX && str_eq(program->labels[label], text)) {
            return true;
        }
    }
    return str_eq(name, text);
}

static const struct zuji_explanation *find_figure(struct explaining *explaining, const char *wanted)
{
    const struct program *program = explaining->program;
    struct arena *arena = explaining->teller.run->arena;
    for (uint32_t s = 0; s < program->stage_count; s++) {
        if (is_called(program, wanted, program->texts[program->stages[s].name], &program->stages[s].titles)) {
            return explain_stage(explaining, s);
        }
    }
    for (uint32_t f = 0; f < program->flow_count; f++) {
        const struct prog_flow *flow = &program->flows[f];
        struct str stage = program->texts[program->stages[flow->stage].name];
        struct str name = str_format(arena, "%.*s.%.*s", STR_FMT(stage), STR_FMT(program->texts[flow->name]));
        if (is_called(program, wanted, name, &flow->titles)) {
            return explain_flow(explaining, f);
        }
    }
    return NULL;
}

/* One node with a part for each row, where the item has rows; its values, where it has several; or the item itself. */
static const struct zuji_explanation *gather(struct explaining *explaining, uint32_t number)
{
    const struct prog_item *item = &explaining->program->items[number];
    const uint32_t identity[2] = {UINT32_MAX, number};
    bool is_new;
    struct explain_node *node = explain_new(explaining, (struct str){(const char *)identity, sizeof identity}, &is_new);
    node->told.kind = ZUJI_NODE_ITEM;
    node->told.name = tell_label(&explaining->teller, item->name);
    tell_titles(&explaining->teller, &item->titles, node->told.title);
    explain_take_item(explaining, node, number);
    for (uint32_t v = 0; v < item->value_count; v++) {
        uint32_t axis = explaining->program->code[item->values[v].instruction].axis;
        uint32_t rows = explaining->teller.run->axes[axis].rows;
        uint32_t shown = explaining->shown > 0 && rows > explaining->shown + 1 ? explaining->shown : rows;
        for (uint32_t row = 0; row < shown; row++) {
            explain_add_part(explaining, node, explain_item(explaining, number, v, row));
        }
        if (shown < rows) {
            explain_add_part(explaining, node, explain_rest(explaining, RAT_ZERO, NULL, rows - shown, 0));
        }
    }
    return &node->told;
}

static const struct zuji_explanation *find_item(struct explaining *explaining, const char *wanted)
{
    const struct program *program = explaining->program;
    for (uint32_t i = program->item_count; i-- > 0;) {
        const struct prog_item *item = &program->items[i];
        if (item->kind == ITEM_AMOUNT || !is_called(program, wanted, program->labels[item->name], &item->titles)) {
            continue;
        }
        if (item->value_count == 0) {
            return explain_constant(explaining, i);
        }
        uint32_t axis = program->code[item->values[0].instruction].axis;
        bool is_of_row = axis == program->rule.row_axis;
        bool is_single = item->value_count == 1 && (is_of_row || axis <= AXIS_ID_PRODUCT);
        return is_single ? explain_item(explaining, i, 0, is_of_row ? explaining->row : 0) : gather(explaining, i);
    }
    return NULL;
}

static const struct zuji_explanation *find(struct explaining *explaining, const char *wanted)
{
    if (wanted == NULL || wanted[0] == '\0') {
        return explain_total(explaining);
    }
    const struct zuji_explanation *found = find_figure(explaining, wanted);
    return found != NULL ? found : find_item(explaining, wanted);
}

/* ---- all nodes below ---- */

static void find_emissions(struct explaining *explaining)
{
    const struct program *program = explaining->program;
    struct arena *arena = explaining->teller.run->arena;
    explaining->emissions = arena_array(arena, uint32_t, program->part_count);
    explaining->first_part = arena_array(arena, uint32_t, (size_t)program->flow_count + 1);
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (program->code[i].op == OP_EMIT) {
            explaining->emissions[program->code[i].b] = i;
        }
    }
    for (uint32_t p = 0; p < program->part_count; p++) {
        explaining->first_part[program->parts[p].flow + 1] = p + 1; /* next to each other, and every flow has one */
    }
}

/* Once the values of all nodes are known. */
static void finish(struct explaining *explaining)
{
    for (size_t i = 0; i < explaining->count; i++) {
        struct explain_node *node = explaining->nodes[i];
        node->told.parts = node->parts;
        node->told.part_count = node->part_count;
        if (node->told.formula != NULL) {
            node->told.figures = explain_figures(explaining->teller.arena, node->told.formula);
        }
    }
}

/* Numbers in the order of reading: a node, then its parts, the first of them with all of its own. */
static void number_nodes(struct explaining *explaining, const struct zuji_explanation *root)
{
    struct arena *arena = explaining->teller.run->arena;
    struct explain_node **stack = NULL;
    size_t count = 0;
    size_t cap = 0;
    struct explain_node *first = (struct explain_node *)(uintptr_t)root;
    const struct zuji_explanation **all =
        arena_array(explaining->teller.arena, const struct zuji_explanation *, explaining->count);
    arena_grow(arena, stack, count, cap);
    stack[count++] = first;
    while (count > 0) {
        struct explain_node *node = stack[--count];
        if (node->told.number > 0) {
            continue;
        }
        all[first->told.all_count] = &node->told;
        node->told.number = (uint32_t)++first->told.all_count;
        for (size_t i = node->part_count; i-- > 0;) {
            arena_grow(arena, stack, count, cap);
            stack[count++] = (struct explain_node *)(uintptr_t)node->parts[i];
        }
    }
    first->told.all = all;
}

struct work {
    const struct zuji_result *result;
    const struct zuji_explain *wanted;
    const struct zuji_explanation *found;
    bool is_ok;
};

static void explain(void *context, struct exact_run *run, bool is_ok)
{
    struct work *work = context;
    const struct zuji_result *result = work->result;
    work->is_ok = is_ok;
    if (!is_ok) {
        return;
    }
    struct explaining explaining = {
        .teller = {.arena = &run->batch->arena, .run = run},
        .program = run->program,
        .result = result,
        .row = result->row_number > 0 ? result->row_number - 1 : 0,
        .shown = work->wanted->rows,
        .known = map_in(run->arena)
    };
    explaining.teller.trace = trace_new(run);
    explaining.amounts = amounts_new(run->arena, result->plan, &run->outcome->rows[explaining.row], true);
    explaining.units = explain_choose_units(run);
    find_emissions(&explaining);
    work->found = find(&explaining, work->wanted->item);
    for (size_t i = 0; i < explaining.count; i++) {
        struct explain_node *node = explaining.nodes[i];
        if (i < EXPLAIN_NODES_MAX && node->part_count == 0) {
            explain_figure(&explaining, node);
            explain_formula(&explaining, node);
        }
    }
    finish(&explaining);
    if (work->found != NULL) {
        number_nodes(&explaining, work->found);
    }
}

enum zuji_status result_explain(const struct zuji_result *result, const struct zuji_explain *wanted,
                                const struct zuji_explanation **explanation)
{
    struct work work = {.result = result, .wanted = wanted};
    *explanation = NULL;
    if (!result->is_ok || result->reasons == NULL ||
        !engine_show(result->reasons->engine, result->reasons->batch, result->reasons->product, explain, &work) ||
        !work.is_ok) {
        return ZUJI_FINDINGS;
    }
    *explanation = work.found;
    return work.found == NULL ? ZUJI_USAGE : ZUJI_OK;
}
