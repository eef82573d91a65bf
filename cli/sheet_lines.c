#include "cli/sheet.h"

/* Arguments of one function, beyond which they are taken together in lines of their own: spreadsheets allow 255. */
enum { ARGUMENTS_MAX = 60 };

static void place(struct sheet *sheet, const struct zuji_explanation *node, size_t whole);
static void add_needs(struct sheet *sheet, size_t line);

/* Parts of a node stand in one block, and below it the blocks of the parts, so that most sums are ranges. */
struct sheet sheet_of(struct arena *arena, const struct zuji_explanation *root)
{
    struct sheet sheet = {.arena = arena, .inputs = map_in(arena)};
    sheet.line_behind = arena_array(arena, size_t, root->all_count + 1);
    size_t *stack = NULL;
    size_t count = 0;
    size_t cap = 0;
    place(&sheet, root, 0);
    arena_grow(arena, stack, count, cap);
    stack[count++] = 0;
    while (count > 0) {
        size_t line = stack[--count];
        const struct zuji_explanation *node = sheet.lines[line].node;
        size_t first = sheet.count;
        for (size_t i = 0; i < node->part_count; i++) {
            place(&sheet, node->parts[i], line);
        }
        for (size_t below = sheet.count; below-- > first;) {
            arena_grow(arena, stack, count, cap);
            stack[count++] = below;
        }
        add_needs(&sheet, line);
    }
    return sheet;
}

/* ---- nodes ---- */

static size_t add_line(struct sheet *sheet, struct sheet_line line)
{
    arena_grow(sheet->arena, sheet->lines, sheet->count, sheet->cap);
    sheet->lines[sheet->count] = line;
    return sheet->count++;
}

/* A datum, factor or cell that several nodes are is one input: who changes it changes it everywhere. Defaults that are
   computed have formulas of their own. */
static bool is_shared(const struct zuji_explanation *node)
{
    bool is_input = node->kind == ZUJI_NODE_DATUM || node->kind == ZUJI_NODE_FACTOR || node->kind == ZUJI_NODE_CELL;
    return is_input && !sheet_is_computed(node);
}

/* False: none is known, and this one is from now on. */
static bool find_input(struct sheet *sheet, const struct zuji_explanation *node, uint32_t *line)
{
    struct str identity = str_format(sheet->arena, "%d\n%s\n%s\n%s\n%s", (int)node->kind, node->name, node->category,
                                     node->value.unit, node->value.text);
    return !map_add(&sheet->inputs, identity, (uint32_t)sheet->count) && map_get(&sheet->inputs, identity, line);
}

static void place(struct sheet *sheet, const struct zuji_explanation *node, size_t whole)
{
    uint32_t input;
    struct sheet_line line = {.node = node, .whole = whole};
    if (sheet->line_behind[node->number] != 0) {
        return;
    }
    if (is_shared(node) && find_input(sheet, node, &input)) {
        line.input_behind = (size_t)input + 1;
    }
    bool has_line = line.input_behind == 0 || node->part_count > 0; /* its parts are of its own */
    sheet->line_behind[node->number] = has_line ? add_line(sheet, line) + 1 : line.input_behind;
}

size_t sheet_line_of(const struct sheet *sheet, const struct zuji_explanation *node)
{
    return sheet->line_behind[node->number] - 1;
}

/* ---- what formulas need ---- */

bool sheet_range(const struct sheet *sheet, const struct zuji_formula *formula, size_t *at, size_t *first, size_t *last)
{
    const struct zuji_formula *operand = &formula->operands[(*at)++];
    if (operand->operation != ZUJI_OP_NODE) {
        return false;
    }
    *first = *last = sheet_line_of(sheet, operand->node);
    while (*at < formula->operand_count) {
        operand = &formula->operands[*at];
        if (operand->operation != ZUJI_OP_NODE || sheet_line_of(sheet, operand->node) != *last + 1) {
            break;
        }
        ++*last;
        ++*at;
    }
    return true;
}

static void add_need(struct sheet *sheet, size_t line, struct sheet_line need)
{
    need.node = sheet->lines[line].node;
    need.whole = line;
    add_line(sheet, need);
    sheet->lines[line].need_count++;
}

/* Where the arguments are too many: lines for so many of them each. */
static void add_parts(struct sheet *sheet, size_t line, const struct zuji_formula *formula)
{
    size_t first;
    size_t last;
    size_t arguments = 0;
    for (size_t at = 0; at < formula->operand_count; arguments++) {
        (void)sheet_range(sheet, formula, &at, &first, &last);
    }
    size_t at = 0;
    while (arguments > ARGUMENTS_MAX && at < formula->operand_count) {
        struct sheet_line part = {.role = SHEET_PART, .formula = formula, .from = at};
        for (size_t k = 0; k < ARGUMENTS_MAX && at < formula->operand_count; k++) {
            (void)sheet_range(sheet, formula, &at, &first, &last);
        }
        part.to = at;
        add_need(sheet, line, part);
    }
}

/* Formulas are not deep (vm/explain_formula.c divides them). */
static void plan(struct sheet *sheet, size_t line, const struct zuji_formula *formula)
{
    static const enum sheet_role roles[] = {[ZUJI_OP_COUNT] = SHEET_COUNT,
                                            [ZUJI_OP_GIVEN] = SHEET_GIVEN,
                                            [ZUJI_OP_ROUND] = SHEET_QUOTIENT,
                                            [ZUJI_OP_ROUND_SIGNIFICANT] = SHEET_QUOTIENT,
                                            [ZUJI_OP_CALL] = SHEET_NODE};
    for (size_t i = 0; i < formula->operand_count; i++) {
        plan(sheet, line, &formula->operands[i]);
    }
    enum sheet_role role = roles[formula->operation];
    double number;
    bool is_text = formula->value->text[0] != '\0' && !sheet_number(formula->value, &number);
    if (formula->operation == ZUJI_OP_NUMBER && is_text) {
        role = SHEET_CONSTANT;
    }
    if (formula->operation == ZUJI_OP_ROUND_SIGNIFICANT) {
        add_need(sheet, line, (struct sheet_line){.role = SHEET_INTERVAL, .formula = formula});
    }
    if (role != SHEET_NODE) {
        add_need(sheet, line, (struct sheet_line){.role = role, .formula = formula});
    }
    if (sheet_aggregate(formula) != NULL) {
        add_parts(sheet, line, formula);
    }
}

static void add_needs(struct sheet *sheet, size_t line)
{
    const struct zuji_explanation *node = sheet->lines[line].node;
    sheet->lines[line].needs = sheet->count;
    if (node->formula != NULL && sheet_is_computed(node)) {
        plan(sheet, line, node->formula);
    }
}

size_t sheet_need(const struct sheet *sheet, size_t line, const struct zuji_formula *formula, enum sheet_role role,
                  size_t *last)
{
    const struct sheet_line *of = &sheet->lines[line];
    of = of->role == SHEET_NODE ? of : &sheet->lines[of->whole];
    size_t found = 0;
    for (size_t i = of->needs + of->need_count; i-- > of->needs;) {
        const struct sheet_line *need = &sheet->lines[i];
        if (need->formula == formula && need->role == role) {
            *last = found == 0 ? i : *last;
            found = i;
        }
    }
    return found;
}
