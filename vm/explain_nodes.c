/* The nodes of an explanation, each made once for what it is: an item, a row of a sum, a datum, a factor, a cell. */
#include <string.h>

#include "base/decimal.h"
#include "vm/explain.h"
#include "vm/opcodes.h"
#include "vm/value_text.h"

/* ---- values ---- */

struct zuji_value explain_number(struct explaining *explaining, struct explain_unit in, struct rat number)
{
    struct teller *teller = &explaining->teller;
    struct arena *arena = teller->run->arena;
    struct str figure = explain_number_text(arena, rat_mul(arena, number, in.shown));
    bool is_plain = str_eq(in.text, STR("1"));
    struct str text = is_plain ? figure : str_format(arena, "%.*s %.*s", STR_FMT(figure), STR_FMT(in.text));
    bool is_hundredths = !rat_eq(in.by, in.shown);
    return (struct zuji_value){.is_number = 1,
                               .number = rat_to_double(rat_mul(arena, number, in.by)),
                               .unit = is_plain || is_hundredths ? "1" : tell_text(teller, in.text),
                               .text = tell_text(teller, text)};
}

struct zuji_value explain_tell(struct explaining *explaining, uint32_t instruction, uint32_t row)
{
    const struct exact_run *run = explaining->teller.run;
    const struct value_shape *shape = &run->shapes[instruction];
    struct exact_value value = exact_get(run, instruction, row);
    if (value.state == STATE_GIVEN && shape->type == VALUE_NUMBER) {
        return explain_number(explaining, explaining->units[instruction], value.number);
    }
    struct zuji_value told = tell_value(&explaining->teller, instruction, row);
    bool has_number = shape->type == VALUE_BOOL || shape->type == VALUE_YEAR || shape->type == VALUE_DATE;
    told.number = value.state == STATE_GIVEN && has_number ? (double)value.code : 0;
    return told;
}

enum zuji_origin explain_origin(const struct explaining *explaining, uint32_t instruction, uint32_t row)
{
    uint8_t origins = trace_basis(explaining->teller.trace, instruction, row).origins;
    bool has_primary = (origins & (BASIS_PRIMARY_DATUM | BASIS_PRIMARY_FACTOR)) != 0;
    bool has_other = (origins & (BASIS_OTHER_DATUM | BASIS_OTHER_FACTOR)) != 0;
    return has_primary ? (has_other ? ZUJI_ORIGIN_MIXED : ZUJI_ORIGIN_PRIMARY)
                       : (has_other ? ZUJI_ORIGIN_SECONDARY : ZUJI_ORIGIN_NONE);
}

/* ---- making ---- */

struct explain_node *explain_new(struct explaining *explaining, struct str identity, bool *is_new)
{
    struct arena *arena = explaining->teller.arena;
    uint32_t number = 0;
    *is_new = !map_get(&explaining->known, identity, &number);
    if (!*is_new) {
        return explaining->nodes[number];
    }
    struct explain_node *node = arena_new(arena, struct explain_node);
    node->told = (struct zuji_explanation){
        .name = "",
        .title = {"",         ""        },
        .process = "",
        .process_title = {"",         ""        },
        .doc = "",
        .clause = "",
        .cite = "",
        .file = "",
        .written = "",
        .figures = "",
        .value = {.unit = "", .text = ""},
        .category = "",
        .gas = "",
        .because = {"",         ""        }
    };
    node->instruction = NO_OPERAND;
    node->knows = NO_INDEX;
    map_add(&explaining->known, str_copy(explaining->teller.run->arena, identity), (uint32_t)explaining->count);
    arena_grow(explaining->teller.run->arena, explaining->nodes, explaining->count, explaining->cap);
    explaining->nodes[explaining->count++] = node;
    return node;
}

/* The place and the text of the expression that made the instruction. */
static void take_site(struct explaining *explaining, struct explain_node *node)
{
    const struct prog_site *site = &explaining->program->sites[node->instruction];
    bool is_unwritten = node->knows != NO_INDEX && explaining->program->items[node->knows].kind == ITEM_AMOUNT;
    node->told.written = is_unwritten ? "" : tell_label(&explaining->teller, site->text);
    node->told.clause = tell_label(&explaining->teller, site->clause);
    node->told.file = tell_label(&explaining->teller, site->file);
    node->told.line = site->line;
}

static struct explain_node *value_node(struct explaining *explaining, enum zuji_node_kind kind, uint32_t instruction,
                                       uint32_t row, uint32_t knows, uint32_t of, bool *is_new)
{
    const uint32_t identity[5] = {(uint32_t)kind, instruction, row, knows, of};
    struct explain_node *node = explain_new(explaining, (struct str){(const char *)identity, sizeof identity}, is_new);
    if (*is_new) {
        node->told.kind = kind;
        node->instruction = instruction;
        node->unit = explaining->units[instruction];
        node->row = row;
        node->knows = knows;
        node->of = of;
        node->told.value = explain_tell(explaining, instruction, row);
        node->told.origin = explain_origin(explaining, instruction, row);
    }
    return node;
}

/* ---- items ---- */

static const enum zuji_item_kind item_kinds[ITEM_KIND_COUNT] = {
    [ITEM_AMOUNT] = ZUJI_ITEM_FLOW,   [ITEM_FLOW] = ZUJI_ITEM_FLOW,           [ITEM_LET] = ZUJI_ITEM_LET,
    [ITEM_REPORT] = ZUJI_ITEM_REPORT, [ITEM_FUNCTION] = ZUJI_ITEM_FUNCTION,   [ITEM_ARGUMENT] = ZUJI_ITEM_ARGUMENT,
    [ITEM_WHEN] = ZUJI_ITEM_WHEN,     [ITEM_REFERENCE] = ZUJI_ITEM_REFERENCE, [ITEM_SCALE] = ZUJI_ITEM_SCALE,
    [ITEM_SHARE] = ZUJI_ITEM_SHARE,
};

void explain_take_item(struct explaining *explaining, struct explain_node *node, uint32_t number)
{
    struct teller *teller = &explaining->teller;
    const struct prog_item *item = &explaining->program->items[number];
    bool is_written = item->kind != ITEM_AMOUNT; /* nobody wrote those */
    node->knows = number;
    node->told.item = item_kinds[item->kind];
    node->told.written = is_written ? tell_label(teller, item->text) : "";
    node->told.doc = is_written ? tell_label(teller, item->doc) : "";
    node->told.cite = is_written ? tell_label(teller, item->cite) : "";
    node->told.clause = tell_label(teller, item->clause);
    node->told.file = tell_label(teller, item->file);
    node->told.line = item->line;
}

/* As it is reported. */
static void take_report(struct explaining *explaining, struct explain_node *node, const struct prog_item *item)
{
    const struct program *program = explaining->program;
    for (uint32_t i = 0; node->told.item == ZUJI_ITEM_REPORT && i < program->output_count; i++) {
        if (str_eq(program->texts[program->outputs[i].name], program->labels[item->name])) {
            node->told.figure = &result_list(explaining->result, &explaining->result->reports)[i];
        }
    }
}

/* Why a share is what it is stands in the record of the allocation. */
static void take_reason(struct explaining *explaining, struct explain_node *node)
{
    const struct program *program = explaining->program;
    for (uint32_t i = 0; node->told.item == ZUJI_ITEM_SHARE && i < program->allocation_count; i++) {
        const struct prog_allocation *allocation = &program->allocations[i];
        if (allocation->share == node->instruction) {
            tell_titles(&explaining->teller, &allocation->because, node->told.because);
        }
    }
}

const struct zuji_explanation *explain_item(struct explaining *explaining, uint32_t number, uint32_t value,
                                            uint32_t row)
{
    struct teller *teller = &explaining->teller;
    const struct prog_item *item = &explaining->program->items[number];
    const struct prog_item_value *of = &item->values[value];
    bool is_new;
    struct explain_node *node = value_node(explaining, ZUJI_NODE_ITEM, of->instruction, row, number, value, &is_new);
    if (is_new) {
        explain_take_item(explaining, node, number);
        node->told.name = tell_label(teller, item->name);
        tell_titles(teller, &item->titles, node->told.title);
        node->told.category = tell_label(teller, of->category);
        node->told.gas = tell_label(teller, of->gas);
        take_reason(explaining, node);
        take_report(explaining, node, item);
    }
    return &node->told;
}

/* An item whose value is a constant, which became a part of others. */
const struct zuji_explanation *explain_constant(struct explaining *explaining, uint32_t number)
{
    struct teller *teller = &explaining->teller;
    const struct prog_item *item = &explaining->program->items[number];
    const uint32_t identity[2] = {ZUJI_NODE_ITEM, number};
    bool is_new;
    struct explain_node *node = explain_new(explaining, (struct str){(const char *)identity, sizeof identity}, &is_new);
    if (is_new) {
        struct str constant = exact_label(teller->run, item->constant);
        size_t space = 0;
        while (space < constant.len && constant.at[space] != ' ') {
            space++;
        }
        struct rat number_of;
        explain_take_item(explaining, node, number);
        node->told.kind = ZUJI_NODE_ITEM;
        node->told.name = tell_label(teller, item->name);
        tell_titles(teller, &item->titles, node->told.title);
        node->told.value = (struct zuji_value){.unit = "", .text = tell_text(teller, constant)};
        if (rat_parse(teller->run->arena, str_slice(constant, 0, space), &number_of)) {
            struct str text = explain_number_text(teller->run->arena, number_of);
            struct str unit = str_slice(constant, space, constant.len);
            node->told.value.is_number = 1;
            node->told.value.number = rat_to_double(number_of);
            node->told.value.unit = unit.len == 0 ? "1" : tell_text(teller, str_trim(unit));
            text = str_format(teller->run->arena, "%.*s%.*s", STR_FMT(text), STR_FMT(unit));
            node->told.value.text = tell_text(teller, text);
        }
    }
    return &node->told;
}

/* ---- rows ---- */

/* The field that tells rows of a list apart: its key, else the first text of it that every row has, else the first such
   choice, else what some rows have; NO_INDEX: none. */
static uint32_t naming_field(const struct program *program, uint32_t list)
{
    uint32_t found = program->fields[list].key;
    int best = 0;
    for (uint32_t f = list + 1; f < program->field_count && program->fields[list].key == NO_INDEX; f++) {
        const struct prog_field *field = &program->fields[f];
        bool is_text = field->type == VALUE_TEXT;
        bool is_name = !field->is_list && (is_text || field->type == VALUE_MEMBER);
        int rank = field->is_optional ? 1 : is_text ? 3 : 2;
        if (field->parent == list && is_name && rank > best && !str_eq(program->texts[field->name], STR("cut"))) {
            found = f;
            best = rank;
        }
    }
    return found;
}

static void name_by_member(struct teller *teller, const struct prog_member *member, const char *title[2])
{
    const struct program *program = teller->run->program;
    tell_titles(teller, &member->titles, title);
    for (int lang = 0; lang < 2; lang++) {
        if (title[lang][0] == '\0') {
            title[lang] = tell_text(teller, value_member_spelling(program, member, lang == ZUJI_EN));
        }
    }
}

static void name_by_datum(struct explaining *explaining, uint32_t field, uint32_t at, const char *title[2])
{
    struct teller *teller = &explaining->teller;
    const struct program *program = explaining->program;
    const struct batch *batch = teller->run->batch;
    const struct column *column = &batch->columns[field];
    if (!column->given[at]) {
        return;
    }
    if (program->fields[field].type == VALUE_TEXT) {
        title[ZUJI_EN] = title[ZUJI_ZH] = tell_text(teller, batch->texts[column->as.code[at]]);
    } else if (program->fields[field].type == VALUE_MEMBER) {
        name_by_member(teller, &program->choices[program->fields[field].choice].members[column->as.code[at]], title);
    }
}

/* A row of a table with one key, or a member of a choice. */
static void name_by_key(struct explaining *explaining, uint32_t table, uint32_t row, const char *title[2])
{
    const struct program *program = explaining->program;
    const struct prog_dimension *keys = &program->tables[table].dimensions[0];
    uint32_t codes[LIMIT_TABLE_DIMENSIONS];
    if (program->tables[table].dimension_count != 1 || !program_row_codes(program, table, row, codes)) {
        return;
    }
    if (keys->type == VALUE_MEMBER && codes[0] < program->choices[keys->choice].member_count) {
        name_by_member(&explaining->teller, &program->choices[keys->choice].members[codes[0]], title);
    } else if (keys->type == VALUE_TEXT && codes[0] < keys->key_count) {
        struct str key = program->texts[program->constants[keys->keys[codes[0]]].text];
        title[ZUJI_EN] = title[ZUJI_ZH] = tell_text(&explaining->teller, key);
    }
}

/* What a reader of the data calls the row. */
static void name_row(struct explaining *explaining, uint32_t axis, uint32_t row, const char *title[2])
{
    const struct exact_run *run = explaining->teller.run;
    const struct program *program = explaining->program;
    if (program->axes[axis].kind == AXIS_PAIR) {
        row = run->axes[axis].other[row];
        axis = program->axes[axis].list;
    }
    if (program->axes[axis].kind == AXIS_LIST) {
        uint32_t field = naming_field(program, program->axes[axis].list);
        if (field != NO_INDEX) {
            name_by_datum(explaining, field, run->axes[axis].base + row, title);
        }
    } else if (program->axes[axis].kind == AXIS_RANGE && program->axes[axis].list != NO_INDEX) {
        const struct exact_axis *rows = &run->axes[axis];
        uint32_t parent = rows->parent[row];
        uint32_t number = (uint32_t)(rows->low[parent] + (row - rows->first[parent]));
        name_by_key(explaining, program->axes[axis].list, number - 1, title);
    }
}

const struct zuji_explanation *explain_row(struct explaining *explaining, uint32_t axis, uint32_t instruction,
                                           uint32_t row, uint32_t knows, double share)
{
    bool is_new;
    struct explain_node *node = value_node(explaining, ZUJI_NODE_ROW, instruction, row, knows, axis, &is_new);
    if (is_new) {
        struct exact_run *run = explaining->teller.run;
        take_site(explaining, node);
        node->told.name = tell_text(&explaining->teller, exact_row_path(run, axis, row));
        node->told.share = share;
        name_row(explaining, axis, row, node->told.title);
    }
    return &node->told;
}

const struct zuji_explanation *explain_rest(struct explaining *explaining, struct rat sum,
                                            const struct explain_unit *unit, uint32_t rows, double share)
{
    struct explain_node *node = NULL;
    bool is_new;
    const size_t identity[2] = {ZUJI_NODE_REST, explaining->count}; /* no two are the same */
    node = explain_new(explaining, (struct str){(const char *)identity, sizeof identity}, &is_new);
    node->told.kind = ZUJI_NODE_REST;
    node->told.rows = rows;
    node->told.share = share;
    if (unit != NULL) {
        node->unit = *unit;
        node->told.value = explain_number(explaining, *unit, sum);
    }
    return &node->told;
}

/* The row's name instead of its number. */
static void take_picked_row(struct explaining *explaining, struct explain_node *node)
{
    struct exact_run *run = explaining->teller.run;
    uint32_t axis = run->shapes[node->instruction].of;
    struct exact_value picked = exact_get(run, node->instruction, node->row);
    if (picked.state == STATE_GIVEN && run->shapes[node->instruction].type == VALUE_ROW && axis < ROW_OF_TABLE) {
        node->told.value.text = tell_text(&explaining->teller, exact_row_path(run, axis, (uint32_t)picked.code));
        name_row(explaining, axis, (uint32_t)picked.code, node->told.title);
    }
}

const struct zuji_explanation *explain_value(struct explaining *explaining, enum zuji_node_kind kind,
                                             uint32_t instruction, uint32_t row, uint32_t knows)
{
    bool is_new;
    struct explain_node *node = value_node(explaining, kind, instruction, row, knows, 0, &is_new);
    if (is_new) {
        take_site(explaining, node);
    }
    if (is_new && kind == ZUJI_NODE_PICKED) {
        take_picked_row(explaining, node);
    }
    return &node->told;
}

/* ---- leaves ---- */

static struct zuji_ground *take_ground(struct explaining *explaining, struct explain_node *node,
                                       const struct ground *ground)
{
    struct zuji_ground *told = arena_new(explaining->teller.arena, struct zuji_ground);
    *told = tell_ground(&explaining->teller, ground, 1);
    node->told.ground = told;
    node->told.clause = told->clause;
    node->told.title[ZUJI_EN] = told->title[ZUJI_EN];
    node->told.title[ZUJI_ZH] = told->title[ZUJI_ZH];
    return told;
}

static struct ground ground_at(enum ground_kind kind, const struct explain_node *node)
{
    return (struct ground){
        .kind = kind, .instruction = node->instruction, .row = node->row, .field = NO_INDEX, .factor = NO_INDEX};
}

/* factor: the one in whose place the datum stands; NO_INDEX: none. */
const struct zuji_explanation *explain_datum(struct explaining *explaining, uint32_t instruction, uint32_t row,
                                             uint32_t factor)
{
    struct exact_run *run = explaining->teller.run;
    bool is_new;
    struct explain_node *node = value_node(explaining, ZUJI_NODE_DATUM, instruction, row, NO_INDEX, factor, &is_new);
    if (is_new) {
        struct ground ground = ground_at(GROUND_DATUM, node);
        (void)trace_datum(explaining->teller.trace, instruction, row, &ground.field, &ground.field_row);
        const struct about *about = batch_about(run->batch, ground.field, ground.field_row);
        bool is_supplier = factor != NO_INDEX || (run->shapes[instruction].type == VALUE_NUMBER &&
                                                  explaining->teller.trace->is_emission[run->shapes[instruction].unit]);
        ground.kind = is_supplier                            ? GROUND_SUPPLIER
                      : about != NULL && about->is_estimated ? GROUND_ESTIMATE
                                                             : GROUND_DATUM;
        ground.factor = factor;
        node->told.name = take_ground(explaining, node, &ground)->path;
    }
    return &node->told;
}

const struct zuji_explanation *explain_default(struct explaining *explaining, uint32_t instruction, uint32_t row,
                                               uint32_t knows)
{
    bool is_new;
    struct explain_node *node = value_node(explaining, ZUJI_NODE_DATUM, instruction, row, knows, NO_INDEX, &is_new);
    if (is_new) {
        const struct instruction *at = &explaining->program->code[instruction];
        struct ground ground = ground_at(GROUND_DEFAULT, node);
        (void)trace_datum(explaining->teller.trace, at->a, row, &ground.field, &ground.field_row);
        take_site(explaining, node);
        const struct zuji_ground *told = take_ground(explaining, node, &ground);
        node->told.name = told->path[0] != '\0' ? told->path : told->name;
        node->told.written = tell_expression(&explaining->teller, at->b);
        node->instruction = at->b; /* of which the formula is; the value is the same */
    }
    return &node->told;
}

/* electricity(grid, 2024); pfc.slope(soderberg) */
static const char *keyed_name(struct explaining *explaining, const struct zuji_ground *ground)
{
    struct buf name = buf_in(explaining->teller.run->arena);
    buf_add(&name, str_of(ground->name));
    for (size_t k = 0; k < ground->key_count; k++) {
        buf_format(&name, "%s%s", k == 0 ? "(" : ", ", ground->keys[k]);
    }
    buf_add(&name, ground->key_count > 0 ? STR(")") : STR(""));
    return tell_text(&explaining->teller, buf_str(&name));
}

/* Equal constants are one instruction: of the places where it is said, the one in the item that is being explained. */
static void name_constant(struct explaining *explaining, struct explain_node *node, struct zuji_ground *told)
{
    const struct program *program = explaining->program;
    const struct prog_naming *best = NULL;
    for (uint32_t n = 0; n < program->naming_count; n++) {
        const struct prog_naming *naming = &program->namings[n];
        if (naming->instruction != node->instruction) {
            continue;
        }
        struct str path = exact_label(explaining->teller.run, naming->path);
        struct str item = node->knows == NO_INDEX ? STR("") : program->labels[program->items[node->knows].name];
        bool is_own = item.len > 0 && str_ends(path, item); /* "let grid" of the item "grid" */
        best = best == NULL || is_own ? naming : best;
    }
    if (best != NULL) {
        tell_naming(&explaining->teller, best, told);
        node->told.clause = told->clause;
    }
}

const struct zuji_explanation *explain_keyed(struct explaining *explaining, uint32_t instruction, uint32_t row,
                                             uint32_t knows)
{
    struct exact_run *run = explaining->teller.run;
    const struct instruction *at = &explaining->program->code[instruction];
    enum zuji_node_kind kind = at->op == OP_FACTOR   ? ZUJI_NODE_FACTOR
                               : at->op == OP_COLUMN ? ZUJI_NODE_CELL
                               : at->op == OP_CALL   ? ZUJI_NODE_EXTERNAL
                                                     : ZUJI_NODE_CONSTANT;
    bool is_new;
    struct explain_node *node = value_node(explaining, kind, instruction, row, knows, 0, &is_new);
    if (!is_new) {
        return &node->told;
    }
    struct ground ground = ground_at(GROUND_CONSTANT, node);
    take_site(explaining, node);
    if (kind == ZUJI_NODE_FACTOR) {
        struct factor_key keys[LIMIT_FACTOR_KEYS];
        ground.kind = GROUND_FACTOR;
        ground.factor = at->imm;
        ground.value = exact_factor(run, instruction, row, keys);
    } else if (kind == ZUJI_NODE_CELL) {
        ground.kind = GROUND_CELL;
        ground.table = run->shapes[at->a].of & ~ROW_OF_TABLE;
        ground.column = at->imm;
        ground.table_row = (uint32_t)exact_get(run, at->a, row).code;
    } else if (kind == ZUJI_NODE_EXTERNAL) {
        ground.kind = GROUND_NATIVE;
        ground.native = at->imm;
    }
    struct zuji_ground *told = take_ground(explaining, node, &ground);
    if (kind == ZUJI_NODE_CONSTANT) {
        name_constant(explaining, node, told);
    }
    node->told.name = kind == ZUJI_NODE_CONSTANT ? node->told.value.text : keyed_name(explaining, told);
    node->told.written = kind == ZUJI_NODE_CONSTANT ? "" : node->told.written;
    node->told.category = kind == ZUJI_NODE_FACTOR ? told->component : "";
    node->told.cite = kind == ZUJI_NODE_FACTOR ? "" : told->source;
    return &node->told;
}
