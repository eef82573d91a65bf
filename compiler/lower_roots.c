/* The rows that a whole rule or a whole stage is about: `reference for each p in products`, `stage … for each f in
   farms`. Their row variables are the roots of scopes: outside of everything else that an expression may mention. Where
   both are mentioned, the rows of the stage are visited from each row of the reference. */
#include "compiler/lower.h"

#include "compiler/mentions.h"
#include "compiler/walk.h"

/* ---- scopes ---- */

static void open_root(struct lowering *lowering, struct scope *root, struct decl *decl)
{
    struct expr *rows = decl->attributes.rows;
    uint16_t outer = root->outer == NULL ? AXIS_ID_PRODUCT : root->outer->row.axis;
    struct ir_site before = lower_enter(lowering, decl->name.text, decl);
    lowering->ir->site.at = rows->as.comprehension.source->at;
    root->binder = rows;
    if (!lower_open_rows(lowering, rows->as.comprehension.source, outer, root->outer, &root->row, &root->list)) {
        root->row = (struct row){outer, outer, IR_ERROR};
        root->list = NO_INDEX;
    }
    lowering->ir->site = before;
}

void lower_reference_rows(struct lowering *lowering)
{
    struct decl *reference = rule_reference_rows(lowering->checked->rule);
    lowering->row = (struct scope){.kind = SCOPE_BINDER, .is_root = true, .list = NO_INDEX};
    lowering->row.row = (struct row){AXIS_ID_PRODUCT, AXIS_ID_PRODUCT, NO_OPERAND};
    if (reference != NULL) {
        lowering->has_rows = true;
        open_root(lowering, &lowering->row, reference);
    }
}

const struct scope *lower_home(struct lowering *lowering, struct decl *decl, unsigned mentions)
{
    struct decl *stage = decl_stage(decl);
    const struct scope *outer = lowering->has_rows && (mentions & MENTIONS_ROW) != 0 ? &lowering->row : NULL;
    if ((mentions & MENTIONS_STAGE) == 0 || stage == NULL || stage->attributes.rows == NULL) {
        return outer;
    }
    struct scope *root = arena_new(lowering->arena, struct scope);
    *root = (struct scope){.kind = SCOPE_BINDER, .is_root = true, .outer = outer, .decl = stage};
    open_root(lowering, root, stage);
    return root;
}

const struct scope *lower_roots(const struct scope *scope)
{
    while (scope != NULL && !scope->is_root) {
        scope = scope->outer;
    }
    return scope;
}

const struct scope *lower_stage_root(const struct scope *scope)
{
    scope = lower_roots(scope);
    return scope != NULL && scope->decl != NULL ? scope : NULL;
}

const struct scope *lower_restrict(struct lowering *lowering, const struct scope *scope, unsigned mentions)
{
    scope = lower_roots(scope);
    const struct scope *stage = lower_stage_root(scope);
    const struct scope *row = stage == NULL ? scope : stage->outer;
    row = (mentions & MENTIONS_ROW) != 0 ? row : NULL;
    if (stage == NULL || (mentions & MENTIONS_STAGE) == 0) {
        return row;
    }
    if (stage->outer == row) {
        return stage;
    }
    struct scope *alone = arena_new(lowering->arena, struct scope);
    *alone = *stage;
    alone->outer = NULL;
    return alone;
}

uint32_t lower_kept(struct lowering *lowering, const struct scope *rows)
{
    struct ir *ir = lowering->ir;
    if (rows == NULL || rows->list == NO_INDEX || lowering->cut_fields[rows->list] == NO_INDEX) {
        return ir_bool(ir, true);
    }
    uint32_t cut = ir_field(ir, lowering->cut_fields[rows->list], rows->row.list_axis);
    return ir_not(ir, ir_given(ir, ir_to_visited(ir, cut, rows->row.list_axis, rows->row.axis)));
}

uint16_t lower_inner_axis(const struct ir *ir, uint32_t a, uint32_t b)
{
    uint16_t axis = AXIS_ID_PRODUCT;
    uint32_t nodes[2] = {a, b};
    for (size_t i = 0; i < countof(nodes); i++) {
        bool is_node = nodes[i] != IR_ERROR && nodes[i] != NO_OPERAND;
        uint16_t own = is_node ? ir_axis_of(ir, nodes[i]) : AXIS_ID_PRODUCT;
        axis = ir_axis_depth(ir, own) > ir_axis_depth(ir, axis) ? own : axis;
    }
    return axis;
}

/* ---- what rows are called ---- */

/* The field that every row has and that comes first: the key of the list, a text, a choice. */
static const struct decl *naming_field(const struct decl *list)
{
    static const enum type_kind kinds[] = {TYPE_TEXT, TYPE_CHOICE};
    const struct decl *best = NULL;
    size_t best_rank = SIZE_MAX;
    for (const struct decl *field = list->as.field.type->fields; field != NULL; field = field->next) {
        if (field->kind != DECL_FIELD || field->type.is_optional || field->attributes.initial != NULL) {
            continue;
        }
        bool is_key = str_eq(field->name.text, list->attributes.key.text) && field->type.kind != TYPE_DATE;
        size_t rank = is_key ? 0 : SIZE_MAX;
        for (size_t i = 0; i < countof(kinds) && rank == SIZE_MAX; i++) {
            rank = field->type.kind == kinds[i] ? i + 1 : rank;
        }
        if (rank < best_rank) {
            best_rank = rank;
            best = field;
        }
    }
    return best;
}

/* The value of a key of a table by its code; IR_ERROR of steps, which have no name. */
static uint32_t key_value(struct ir *ir, const struct prog_dimension *keys, uint32_t code)
{
    if (keys->type == VALUE_MEMBER) {
        return ir_member(ir, keys->choice, code);
    }
    if (keys->type == VALUE_NUMBER || code >= keys->key_count) {
        return IR_ERROR;
    }
    return ir_pooled(ir, ir->constants[keys->keys[code]], UNIT_ONE);
}

/* Of a table with one key: the first key of its row. */
static uint32_t key_of_row(struct ir *ir, const struct prog_table *table, uint32_t row)
{
    for (uint32_t code = 0; code < table->row_slots; code++) {
        if (table->rows[code] == row) {
            return key_value(ir, &table->dimensions[0], code);
        }
    }
    return IR_ERROR;
}

static uint32_t table_row_name(struct lowering *lowering, uint32_t table)
{
    struct ir *ir = lowering->ir;
    const struct prog_table *made = &ir->tables[table];
    if (made->dimension_count != 1) {
        return NO_OPERAND;
    }
    uint32_t number = ir_index(ir, lowering->row.row.axis);
    uint32_t name = key_of_row(ir, made, made->row_count - 1);
    for (uint32_t row = made->row_count - 1; row-- > 0 && name != IR_ERROR;) {
        uint32_t is_row = ir_equal(ir, number, ir_number(ir, rat_int((int64_t)row + 1), UNIT_ONE));
        uint32_t key = key_of_row(ir, made, row);
        name = key == IR_ERROR ? IR_ERROR : ir_select(ir, is_row, key, name);
    }
    return name == IR_ERROR ? NO_OPERAND : name;
}

uint32_t lower_row_name(struct lowering *lowering)
{
    const struct decl *reference = rule_reference_rows(lowering->checked->rule);
    const struct decl *list = reference == NULL ? NULL : decl_rows_list(reference);
    if (list == NULL || lowering->row.row.node == IR_ERROR) {
        return NO_OPERAND;
    }
    if (list->kind != DECL_FIELD) {
        return table_row_name(lowering,
                              lower_walked_id(lowering, reference->attributes.rows->as.comprehension.source->ref.decl));
    }
    const struct decl *field = naming_field(list);
    return field == NULL ? NO_OPERAND : lower_field_of(lowering, &lowering->row.row, field, false);
}

uint32_t lower_headline(struct lowering *lowering)
{
    struct ir *ir = lowering->ir;
    const struct decl *reference = rule_reference_rows(lowering->checked->rule);
    if (reference == NULL || reference->as.reference.headline == NULL) {
        return NO_OPERAND;
    }
    struct ir_site before = lower_enter(lowering, STR("reference"), reference);
    uint16_t axis = lowering->row.row.axis;
    uint32_t headline = ir_to_axis(ir, lower_value(lowering, reference->as.reference.headline, &lowering->row), axis);
    uint32_t is_there = headline == IR_ERROR ? IR_ERROR : ir_any(ir, axis, headline, NO_OPERAND);
    if (is_there != IR_ERROR && !ir_is_true(ir, is_there)) {
        struct prog_titles wording = lower_composed(lowering, T_REQUIREMENT_HEADLINE, NULL, 0);
        uint32_t requirement = lower_add_requirement(lowering, wording);
        ir_root(ir, OP_REQUIRE, lower_inner_axis(ir, is_there, NO_OPERAND), is_there, requirement, NO_OPERAND);
    }
    ir->site = before;
    return headline == IR_ERROR ? NO_OPERAND : headline;
}
