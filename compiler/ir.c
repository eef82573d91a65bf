/* The builder's pools, axes and sharing. */
#include "compiler/ir.h"

#include <assert.h>
#include <string.h>

uint32_t ir_fail(struct ir *ir, enum diag_code code, const struct str *args, size_t count)
{
    diag_add(ir->out, code, ir->site.at, args, count);
    return IR_ERROR;
}

/* ---- pools ---- */

uint32_t ir_text(struct ir *ir, struct str text)
{
    return intern(&ir->texts, text);
}

struct str ir_text_of(const struct ir *ir, uint32_t text)
{
    return ir->texts.entries[text].key;
}

/* The bytes by which units are told apart; zeroed before it is filled, so padding compares equal. */
struct unit_key {
    struct kind kind;
    int64_t scale[2], offset[2];
    uint32_t is_point;
};

static bool fits(struct rat a)
{
    return a.big == NULL && a.num <= INT64_MAX && a.num >= -INT64_MAX && a.den <= INT64_MAX;
}

bool ir_scale_fits(struct rat scale)
{
    return fits(scale);
}

uint32_t ir_unit(struct ir *ir, struct unit unit)
{
    if (!fits(unit.scale) || (unit.is_point && !fits(unit.offset))) {
        return ir_fail(ir, D_UNIT_SCALE, DIAG_ARGS(kind_text(ir->arena, ir->units, unit.kind)));
    }
    struct unit_key key;
    memset(&key, 0, sizeof key);
    key.kind = unit.kind;
    key.scale[0] = (int64_t)unit.scale.num;
    key.scale[1] = (int64_t)unit.scale.den;
    if (unit.is_point) {
        key.is_point = 1;
        key.offset[0] = (int64_t)unit.offset.num;
        key.offset[1] = (int64_t)unit.offset.den;
    }
    uint32_t index = intern(&ir->unit_index, (struct str){(const char *)&key, sizeof key});
    if (index >= LIMIT_UNITS) {
        return ir_fail(ir, D_TOO_MANY,
                       DIAG_ARGS(diag_term(ir->arena, T_COUNT_UNITS), str_format(ir->arena, "%d", (int)LIMIT_UNITS)));
    }
    arena_grow(ir->arena, ir->unit_items, index, ir->unit_cap);
    ir->unit_items[index] = unit;
    return index;
}

struct unit ir_unit_of(const struct ir *ir, uint32_t node)
{
    return ir->unit_items[ir->nodes[node].in.unit];
}

/* Large numbers are told apart by their text, small ones by their bytes. */
static struct str constant_key(struct ir *ir, const struct prog_const *constant)
{
    struct buf key = buf_in(ir->arena);
    buf_format(&key, "%u %u %u ", (unsigned)constant->type, (unsigned)constant->of, (unsigned)constant->text);
    buf_add(&key, rat_text(ir->arena, constant->number));
    return buf_str(&key);
}

uint32_t ir_pool(struct ir *ir, struct prog_const constant)
{
    struct arena_mark mark = arena_mark(ir->arena);
    struct str key = constant_key(ir, &constant);
    uint32_t index = 0;
    if (map_get(&ir->constant_index, key, &index)) {
        arena_reset(ir->arena, mark);
        return index;
    }
    index = intern(&ir->constant_index, key);
    arena_grow(ir->arena, ir->constants, index, ir->constant_cap);
    ir->constants[index] = constant;
    return index;
}

struct ir *ir_new(struct arena *arena, struct unit_system *units, struct diags *out)
{
    struct ir *ir = arena_new(arena, struct ir);
    ir->arena = arena;
    ir->units = units;
    ir->out = out;
    ir->shared = map_in(arena);
    ir->unit_index = map_in(arena);
    ir->constant_index = map_in(arena);
    ir->texts = map_in(arena);
    ir->naming_keys = map_in(arena);
    ir_unit(ir, UNIT_ONE);
    arena_grow(arena, ir->axes, ir->axis_count, ir->axis_cap);
    ir->axes[ir->axis_count++] = (struct prog_axis){.kind = AXIS_CONSTANT, .list = NO_INDEX};
    arena_grow(arena, ir->axes, ir->axis_count, ir->axis_cap);
    ir->axes[ir->axis_count++] = (struct prog_axis){.kind = AXIS_PRODUCT, .list = NO_INDEX};
    for (size_t i = 0; i < ir->axis_count; i++) {
        ir->axes[i].first = NO_OPERAND;
        ir->axes[i].last = NO_OPERAND;
    }
    return ir;
}

/* ---- axes ---- */

unsigned ir_axis_depth(const struct ir *ir, uint16_t axis)
{
    unsigned depth = 0;
    while (axis != AXIS_ID_CONSTANT) {
        axis = ir->axes[axis].parent;
        depth++;
    }
    return depth;
}

bool ir_axis_encloses(const struct ir *ir, uint16_t outer, uint16_t inner)
{
    if (outer == inner) {
        return false;
    }
    while (inner != AXIS_ID_CONSTANT) {
        inner = ir->axes[inner].parent;
        if (inner == outer) {
            return true;
        }
    }
    return false;
}

bool ir_axis_reaches(const struct ir *ir, uint16_t from, uint16_t axis)
{
    bool is_visited = false;
    for (uint16_t pair = axis; pair != AXIS_ID_CONSTANT; pair = ir->axes[pair].parent) {
        is_visited = is_visited || (ir->axes[pair].kind == AXIS_PAIR && ir->axes[pair].list == from);
    }
    return from == axis || is_visited || ir_axis_encloses(ir, from, axis);
}

uint16_t ir_axis_of(const struct ir *ir, uint32_t node)
{
    return ir->nodes[node].in.axis;
}

static uint32_t axis_add(struct ir *ir, struct prog_axis axis)
{
    for (size_t i = 0; i < ir->axis_count; i++) {
        const struct prog_axis *other = &ir->axes[i];
        if (other->kind == axis.kind && other->parent == axis.parent && other->list == axis.list &&
            other->first == axis.first && other->last == axis.last) {
            return (uint32_t)i;
        }
    }
    if (ir->axis_count >= LIMIT_AXES) {
        return ir_fail(ir, D_TOO_MANY,
                       DIAG_ARGS(diag_term(ir->arena, T_COUNT_AXES), str_format(ir->arena, "%d", (int)LIMIT_AXES)));
    }
    if (ir_axis_depth(ir, axis.parent) + 1 > LIMIT_AXIS_DEPTH) {
        return ir_fail(ir, D_AXIS_TOO_DEEP, DIAG_ARGS(str_format(ir->arena, "%d", LIMIT_AXIS_DEPTH - 1)));
    }
    arena_grow(ir->arena, ir->axes, ir->axis_count, ir->axis_cap);
    ir->axes[ir->axis_count] = axis;
    return (uint32_t)ir->axis_count++;
}

uint32_t ir_axis_list(struct ir *ir, uint16_t parent, uint32_t field)
{
    return axis_add(ir, (struct prog_axis){AXIS_LIST, parent, field, NO_OPERAND, NO_OPERAND, 0});
}

uint32_t ir_axis_pair(struct ir *ir, uint16_t parent, uint16_t list)
{
    return axis_add(ir, (struct prog_axis){AXIS_PAIR, parent, list, NO_OPERAND, NO_OPERAND, 0});
}

uint32_t ir_axis_range(struct ir *ir, uint16_t parent, uint32_t first, uint32_t last, uint32_t max, uint32_t table)
{
    return axis_add(ir, (struct prog_axis){AXIS_RANGE, parent, table, first, last, max});
}

/* ---- nodes ---- */

struct failing {
    const struct ir *ir;
    bool is_found;
};

static void find_failing(void *context, uint32_t *operand)
{
    struct failing *failing = context;
    failing->is_found = failing->is_found || failing->ir->nodes[*operand].may_fail;
}

/* Where it may, a value is not dropped though the result is known without it: somebody needs it. */
static bool may_fail(struct ir *ir, uint32_t node)
{
    struct failing failing = {ir, ir_can_fail(ir, node)};
    ir_each_operand(&ir->nodes[node].in, find_failing, &failing);
    ir_each_bound(ir, &ir->nodes[node].in, find_failing, &failing);
    return failing.is_found;
}

struct inheriting {
    const struct ir *ir;
    uint8_t source;
};

static void inherit_factor(void *context, uint32_t *operand)
{
    struct inheriting *inheriting = context;
    const struct ir_node *from = &inheriting->ir->nodes[*operand];
    inheriting->source |= from->shape.type == VALUE_NUMBER ? from->source & SOURCE_FACTOR : 0;
}

/* Of what is computed of several values, and of a choice; keys, conditions and rows are no numbers. */
static uint8_t kind_of_source(struct ir *ir, uint32_t node)
{
    struct instruction *in = &ir->nodes[node].in;
    bool is_number = ir->nodes[node].shape.type == VALUE_NUMBER;
    struct inheriting inheriting = {ir, 0};
    if (is_number) {
        ir_each_operand(in, inherit_factor, &inheriting);
    }
    switch (in->op) {
    case OP_FACTOR:
        return SOURCE_FACTOR;
    case OP_COLUMN:
        return is_number && ir_holds_emissions(ir, ir->unit_items[in->unit]) ? SOURCE_FACTOR : 0;
    case OP_FIELD:
        return SOURCE_DATUM;
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_CONVERT:
    case OP_RETAG:
    case OP_NEED:
        return inheriting.source | ir->nodes[in->a].source;
    case OP_TAKE:
        return inheriting.source | ir->nodes[in->b].source;
    case OP_ELSE:
        return inheriting.source | ir->nodes[in->a].source | ir->nodes[in->b].source;
    case OP_SELECT:
        return inheriting.source | ir->nodes[in->b].source | ir->nodes[in->c].source;
    default:
        return inheriting.source;
    }
}

uint32_t ir_make(struct ir *ir, struct instruction in, struct value_shape shape)
{
    struct str key = {(const char *)&in, sizeof in};
    uint32_t index = 0;
    if (map_get(&ir->shared, key, &index)) {
        return index;
    }
    if (ir->count >= IR_NODES_MAX) {
        if (!ir->is_full) {
            ir->is_full = true;
            ir_fail(ir, D_PROGRAM_TOO_LARGE, DIAG_ARGS(str_format(ir->arena, "%d", (int)LIMIT_INSTRUCTIONS)));
        }
        return IR_ERROR;
    }
    index = intern(&ir->shared, key);
    assert(index == ir->count);
    arena_grow(ir->arena, ir->nodes, ir->count, ir->cap);
    ir->nodes[ir->count++] = (struct ir_node){in, shape, ir->site, false, 0, NO_OPERAND};
    ir->nodes[index].may_fail = may_fail(ir, index);
    ir->nodes[index].source = kind_of_source(ir, index);
    return index;
}

bool ir_has_error(const uint32_t *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (nodes[i] == IR_ERROR) {
            return true;
        }
    }
    return false;
}

static uint32_t spread(struct ir *ir, enum opcode op, uint32_t node, uint16_t axis)
{
    struct instruction in = {.op = (uint16_t)op, .axis = axis, .unit = ir->nodes[node].in.unit};
    in.a = node;
    in.b = in.c = in.mask = NO_OPERAND;
    return ir_make(ir, in, ir->nodes[node].shape);
}

uint32_t ir_to_axis(struct ir *ir, uint32_t node, uint16_t axis)
{
    if (node == IR_ERROR || ir_axis_of(ir, node) == axis || ir_axis_of(ir, node) == AXIS_ID_CONSTANT) {
        return node; /* constants are operands on any axis */
    }
    if (ir->nodes[node].in.op == OP_SPREAD) {
        return ir_to_axis(ir, ir->nodes[node].in.a, axis);
    }
    uint16_t from = ir_axis_of(ir, node);
    if (ir_axis_encloses(ir, from, axis)) {
        return spread(ir, OP_SPREAD, node, axis);
    }
    for (uint16_t pair = axis; pair != AXIS_ID_CONSTANT; pair = ir->axes[pair].parent) {
        if (ir->axes[pair].kind == AXIS_PAIR && ir->axes[pair].list == from) {
            uint32_t visited = spread(ir, OP_SPREAD2, node, pair);
            return pair == axis || visited == IR_ERROR ? visited : spread(ir, OP_SPREAD, visited, axis);
        }
    }
    return ir_fail(ir, D_INTERNAL, DIAG_ARGS(STR("values of unrelated axes meet")));
}

uint32_t ir_to_visited(struct ir *ir, uint32_t node, uint16_t list, uint16_t axis)
{
    if (node == IR_ERROR || ir->axes[axis].kind != AXIS_PAIR || ir->axes[axis].list != list) {
        return ir_to_axis(ir, node, axis);
    }
    node = ir_to_axis(ir, node, list);
    return node == IR_ERROR || ir_is_constant(ir, node) ? node : spread(ir, OP_SPREAD2, node, axis);
}

bool ir_join_axes(struct ir *ir, uint32_t *nodes, size_t count, uint16_t *axis)
{
    if (ir_has_error(nodes, count)) {
        return false;
    }
    *axis = AXIS_ID_PRODUCT;
    for (size_t i = 0; i < count; i++) {
        uint16_t own = ir_axis_of(ir, nodes[i]);
        if (ir_axis_depth(ir, own) > ir_axis_depth(ir, *axis)) {
            *axis = own;
        }
    }
    for (size_t i = 0; i < count; i++) {
        nodes[i] = ir_to_axis(ir, nodes[i], *axis);
    }
    return !ir_has_error(nodes, count);
}

/* ---- constants ---- */

bool ir_is_constant(const struct ir *ir, uint32_t node)
{
    return node != IR_ERROR && ir->nodes[node].in.op == OP_CONST;
}

const struct prog_const *ir_constant(const struct ir *ir, uint32_t node)
{
    assert(ir_is_constant(ir, node));
    return &ir->constants[ir->nodes[node].in.a];
}

static bool is_bool(const struct ir *ir, uint32_t node, bool value)
{
    return ir_is_constant(ir, node) && ir_constant(ir, node)->type == VALUE_BOOL &&
           rat_sign(ir_constant(ir, node)->number) == value;
}

bool ir_is_true(const struct ir *ir, uint32_t node)
{
    return is_bool(ir, node, true);
}

bool ir_is_false(const struct ir *ir, uint32_t node)
{
    return is_bool(ir, node, false);
}

bool ir_holds_emissions(const struct ir *ir, struct unit unit)
{
    for (uint16_t k = 0; k < unit.kind.count; k++) {
        const struct generator *generator = &ir->units->generators[unit.kind.factors[k].generator];
        if (generator->type == GENERATOR_BASE && str_eq(generator->name, STR("CO2e"))) {
            return true;
        }
    }
    return false;
}

/* Here a constant is said that holds CO2e, or is made of such. */
static void name_constant(struct ir *ir, uint32_t node)
{
    struct str key = str_format(ir->arena, "%lu %.*s", (unsigned long)node, STR_FMT(ir->site.path));
    uint32_t known = 0;
    if (map_get(&ir->naming_keys, key, &known)) {
        struct str *cite = &ir->namings[known].cite;
        *cite = cite->len > 0 ? *cite : ir->site.cite;
        return;
    }
    map_add(&ir->naming_keys, key, (uint32_t)ir->naming_count);
    arena_grow(ir->arena, ir->namings, ir->naming_count, ir->naming_cap);
    ir->namings[ir->naming_count++] = (struct ir_naming){ir->site.path, ir->site.clause, ir->site.cite, node};
}

uint32_t ir_pooled(struct ir *ir, struct prog_const constant, struct unit unit)
{
    uint32_t unit_id = ir_unit(ir, unit);
    if (unit_id == IR_ERROR) {
        return IR_ERROR;
    }
    struct instruction in = {.op = OP_CONST, .axis = AXIS_ID_CONSTANT, .unit = (uint16_t)unit_id};
    in.a = ir_pool(ir, constant);
    in.b = in.c = in.mask = NO_OPERAND;
    struct value_shape shape = {.type = constant.type, .unit = (uint16_t)unit_id, .of = constant.of};
    uint32_t node = ir_make(ir, in, shape);
    if (node != IR_ERROR && constant.type == VALUE_NUMBER && ir_holds_emissions(ir, unit)) {
        name_constant(ir, node);
    }
    return node;
}

/* The same amount in another unit is still what was said where `from` was. */
uint32_t ir_restated(struct ir *ir, uint32_t from, struct rat number, struct unit unit)
{
    struct ir_site before = ir->site;
    uint32_t node = NO_OPERAND;
    size_t count = ir_holds_emissions(ir, unit) ? ir->naming_count : 0; /* those that are made here come behind */
    for (size_t i = 0; i < count; i++) {
        if (ir->namings[i].node == from) {
            ir->site.path = ir->namings[i].path;
            ir->site.clause = ir->namings[i].clause;
            ir->site.cite = ir->namings[i].cite;
            node = ir_number(ir, number, unit);
        }
    }
    ir->site = before;
    return node == NO_OPERAND ? ir_number(ir, number, unit) : node;
}

static struct str source_of(const struct ir *ir, uint32_t node)
{
    for (size_t i = 0; i < ir->naming_count; i++) {
        if (ir->namings[i].node == node && ir->namings[i].cite.len > 0) {
            return ir->namings[i].cite;
        }
    }
    return STR("");
}

uint32_t ir_folded(struct ir *ir, uint32_t a, uint32_t b, struct rat number, struct unit unit)
{
    struct str before = ir->site.cite;
    if (!ir_holds_emissions(ir, unit)) {
        return ir_number(ir, number, unit);
    }
    ir->site.cite = before.len > 0 ? before : source_of(ir, a);
    ir->site.cite = ir->site.cite.len > 0 ? ir->site.cite : source_of(ir, b);
    uint32_t node = ir_number(ir, number, unit);
    ir->site.cite = before;
    return node;
}

uint32_t ir_number(struct ir *ir, struct rat number, struct unit unit)
{
    return ir_pooled(ir, (struct prog_const){VALUE_NUMBER, NO_INDEX, number, NO_INDEX}, unit);
}

static uint32_t plain_constant(struct ir *ir, enum value_type type, uint32_t of, struct rat number, uint32_t text)
{
    return ir_pooled(ir, (struct prog_const){(uint8_t)type, of, number, text}, UNIT_ONE);
}

uint32_t ir_bool(struct ir *ir, bool value)
{
    return plain_constant(ir, VALUE_BOOL, NO_INDEX, rat_int(value), NO_INDEX);
}

uint32_t ir_member(struct ir *ir, uint32_t choice, uint32_t member)
{
    return plain_constant(ir, VALUE_MEMBER, choice, rat_int((int64_t)member), NO_INDEX);
}

uint32_t ir_string(struct ir *ir, struct str text)
{
    return plain_constant(ir, VALUE_TEXT, NO_INDEX, RAT_ZERO, ir_text(ir, text));
}

uint32_t ir_year(struct ir *ir, int64_t year)
{
    return plain_constant(ir, VALUE_YEAR, NO_INDEX, rat_int(year), NO_INDEX);
}

uint32_t ir_date(struct ir *ir, int64_t day)
{
    return plain_constant(ir, VALUE_DATE, NO_INDEX, rat_int(day), NO_INDEX);
}
