/* The data that a rule asks for: every field, used or not, in the order of the rule. */
#include "compiler/lower.h"

#include "compiler/walk.h"

static void add_fields(struct lowering *lowering, struct decl *first, uint32_t parent);

static uint32_t add_entry(struct lowering *lowering, struct prog_field field, struct decl *decl)
{
    struct ir *ir = lowering->ir;
    uint32_t id = (uint32_t)ir->field_count;
    arena_grow(lowering->arena, ir->fields, ir->field_count, ir->field_cap);
    arena_grow(lowering->arena, lowering->field_decls, ir->field_count, lowering->field_decl_cap);
    arena_grow(lowering->arena, lowering->cut_fields, ir->field_count, lowering->cut_cap);
    lowering->field_decls[id] = decl;
    lowering->cut_fields[id] = NO_INDEX;
    ir->fields[ir->field_count++] = field;
    return id;
}

static const struct prog_field NO_FIELD = {.parent = NO_INDEX,
                                           .key = NO_INDEX,
                                           .choice = NO_INDEX,
                                           .low = NO_INDEX,
                                           .high = NO_INDEX,
                                           .titles = {{NO_INDEX, NO_INDEX}},
                                           .clause = NO_INDEX};

/* A bound of a field's range as a constant in its unit. */
static uint32_t bound_of(struct lowering *lowering, const struct decl *field, struct expr *bound)
{
    struct ir *ir = lowering->ir;
    uint32_t node = lower_constant(lowering, bound);
    if (node != IR_ERROR && field->type.kind == TYPE_NUMBER) {
        node = ir_convert(ir, node, field->type.unit);
    }
    if (node == IR_ERROR) {
        lowering->has_error = true;
        return NO_INDEX;
    }
    struct prog_const constant = *ir_constant(ir, node);
    if (field->type.kind == TYPE_YEAR) {
        constant.type = VALUE_YEAR;
    }
    return ir_pool(ir, constant);
}

static void set_range(struct lowering *lowering, struct prog_field *made, const struct decl *field);

static bool is_within(struct span whole, struct span part)
{
    return part.file == whole.file && part.off >= whole.off && part.off - whole.off < whole.len;
}

/* The range of a field that a variant says anew lies inside that of the base. */
static void check_narrowed(struct lowering *lowering, const struct prog_field *made, const struct decl *field)
{
    struct prog_field base = {.low = NO_INDEX, .high = NO_INDEX};
    set_range(lowering, &base, field->base);
    const struct prog_const *constants = lowering->ir->constants;
    bool is_low =
        base.low != NO_INDEX && (made->low == NO_INDEX ||
                                 rat_cmp(lowering->arena, constants[made->low].number, constants[base.low].number) < 0);
    bool is_high = base.high != NO_INDEX &&
                   (made->high == NO_INDEX ||
                    rat_cmp(lowering->arena, constants[made->high].number, constants[base.high].number) > 0);
    if (is_low || is_high) {
        struct span at = field->attributes.range_first->at;
        struct diag *diag = diag_add(lowering->out, D_RANGE_WIDENED, span_join(at, field->attributes.range_last->at),
                                     DIAG_ARGS(field->name.text));
        diag_label(lowering->out, diag, field->base->name.at, decl_says(field->base), NULL, 0);
        lowering->has_error = true;
    }
}

static void set_range(struct lowering *lowering, struct prog_field *made, const struct decl *field)
{
    bool is_amount = field->type.kind == TYPE_NUMBER && !field->type.unit.is_point;
    if (field->attributes.range_first != NULL) {
        made->low = bound_of(lowering, field, field->attributes.range_first);
    } else if (is_amount) {
        made->low = ir_pool(lowering->ir, (struct prog_const){VALUE_NUMBER, NO_INDEX, RAT_ZERO, NO_INDEX});
    }
    if (field->attributes.range_last != NULL) {
        made->high = bound_of(lowering, field, field->attributes.range_last);
    }
    const struct expr *first = field->attributes.range_first;
    if (field->base != NULL && first != NULL && is_within(field->at, first->at)) { /* else it is that of the base */
        check_narrowed(lowering, made, field);
    }
    const struct prog_const *constants = lowering->ir->constants;
    bool is_bounded = field->attributes.range_first != NULL && made->low != NO_INDEX && made->high != NO_INDEX;
    if (is_bounded && rat_cmp(lowering->arena, constants[made->low].number, constants[made->high].number) > 0) {
        struct span range = span_join(field->attributes.range_first->at, field->attributes.range_last->at);
        lower_fail(lowering, range, D_RANGE_BACKWARDS, NULL, 0);
    }
}

static uint8_t origin_of(enum origin origin)
{
    switch (origin) {
    case ORIGIN_UNSAID:
        break;
    case ORIGIN_PRIMARY:
        return PROG_ORIGIN_PRIMARY;
    case ORIGIN_SECONDARY:
        return PROG_ORIGIN_SECONDARY;
    }
    return PROG_ORIGIN_UNSAID;
}

/* Has the list a cut-off? */
static bool has_cutoff(const struct lowering *lowering, const struct decl *list)
{
    for (const struct decl *item = lowering->checked->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_CUTOFF && item->as.cutoff.source != NULL && item->as.cutoff.source->ref.decl == list) {
            return true;
        }
    }
    return false;
}

static const struct decl *find_field(const struct decl *first, struct str name)
{
    for (; first != NULL; first = first->next) {
        if (str_eq(first->name.text, name)) {
            return first;
        }
    }
    return NULL;
}

/* The field in which a row says why it is cut off: the rule's own, or one that is added. */
static void add_cut(struct lowering *lowering, uint32_t list, const struct decl *decl)
{
    const struct decl *own = find_field(decl->as.field.type->fields, STR("cut"));
    lowering->ir->fields[list].has_cut = 1;
    if (own == NULL) {
        struct prog_field cut = NO_FIELD;
        cut.name = ir_text(lowering->ir, STR("cut"));
        cut.parent = list;
        cut.type = VALUE_TEXT;
        cut.is_optional = 1;
        uint32_t added = add_entry(lowering, cut, NULL); /* may move the array */
        lowering->cut_fields[list] = added;
        return;
    }
    if (own->type.kind != TYPE_TEXT || !own->attributes.is_optional) {
        lower_fail(lowering, own->name.at, D_CUT_FIELD, NULL, 0);
    }
    uint32_t id = 0;
    decl_map_get(&lowering->field_ids, own, &id);
    lowering->cut_fields[list] = id;
}

/* Lists that a list in `parent` would lie in, and itself. */
static uint32_t list_depth(const struct lowering *lowering, uint32_t parent)
{
    uint32_t depth = 1;
    for (; parent != NO_INDEX; parent = lowering->ir->fields[parent].parent) {
        depth++;
    }
    return depth;
}

static void add_field(struct lowering *lowering, struct decl *field, uint32_t parent)
{
    struct ir *ir = lowering->ir;
    bool is_list = field->type.kind == TYPE_LIST;
    struct prog_field made = NO_FIELD;
    made.name = ir_text(ir, field->name.text);
    made.parent = parent;
    made.is_list = is_list;
    made.has_default = field->attributes.initial != NULL;
    made.is_optional = field->attributes.is_optional || made.has_default;
    made.origin = origin_of(field->attributes.origin);
    made.titles = lower_titles(lowering, &field->texts);
    made.aliases = lower_aliases(lowering, field->name.text);
    made.clause = lower_label(lowering, field->attributes.clause);
    if (!is_list) {
        uint32_t unit = field->type.kind == TYPE_NUMBER ? ir_unit(ir, field->type.unit) : 0;
        made.type = (uint8_t)lower_value_type(field->type.kind);
        made.unit = unit == IR_ERROR ? 0 : (uint16_t)unit;
        made.choice = field->type.kind == TYPE_CHOICE ? lower_choice_id(lowering, field->type.decl) : NO_INDEX;
        set_range(lowering, &made, field);
    }
    uint32_t id = add_entry(lowering, made, field);
    decl_map_add(lowering, &lowering->field_ids, field, id);
    if (is_list && list_depth(lowering, parent) > LIMIT_LIST_DEPTH) {
        struct str most = str_format(lowering->arena, "%d", (int)LIMIT_LIST_DEPTH);
        lower_fail(lowering, field->name.at, D_LIST_DEPTH, DIAG_ARGS(most));
    } else if (is_list) {
        add_fields(lowering, field->as.field.type->fields, id);
        const struct decl *key = find_field(field->as.field.type->fields, field->attributes.key.text);
        if (key != NULL) {
            decl_map_get(&lowering->field_ids, key, &ir->fields[id].key);
        }
        if (has_cutoff(lowering, field)) {
            add_cut(lowering, id, field);
        }
    }
}

static void add_fields(struct lowering *lowering, struct decl *first, uint32_t parent)
{
    for (struct decl *field = first; field != NULL; field = field->next) {
        if (field->kind == DECL_FIELD) {
            add_field(lowering, field, parent);
        }
    }
}

static void add_data(struct lowering *lowering, struct decl *items)
{
    for (struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_DATA) {
            add_fields(lowering, item->as.data.fields, NO_INDEX);
        } else if (item->kind == DECL_STAGE || item->kind == DECL_PROCESS) {
            add_data(lowering, item->as.stage.items);
        }
    }
}

void lower_fields(struct lowering *lowering)
{
    add_data(lowering, lowering->checked->rule->as.rule.items);
}

void lower_check_default(struct lowering *lowering, uint32_t id, uint32_t value)
{
    struct ir *ir = lowering->ir;
    const struct decl *decl = lowering->field_decls[id];
    if (value == IR_ERROR || !ir_is_constant(ir, value)) {
        return;
    }
    value = decl->type.kind == TYPE_NUMBER ? ir_convert(ir, value, decl->type.unit) : value;
    if (value == IR_ERROR) {
        return;
    }
    const struct prog_field *field = &ir->fields[id];
    struct rat number = ir_constant(ir, value)->number;
    bool is_low = field->low != NO_INDEX && rat_cmp(lowering->arena, number, ir->constants[field->low].number) < 0;
    bool is_high = field->high != NO_INDEX && rat_cmp(lowering->arena, number, ir->constants[field->high].number) > 0;
    if (is_low || is_high) {
        lower_fail(lowering, decl->attributes.initial->at, D_DEFAULT_OUTSIDE, DIAG_ARGS(decl->name.text));
    }
}

void lower_check_unused_defaults(struct lowering *lowering)
{
    for (uint32_t id = 0; id < lowering->ir->field_count; id++) {
        const struct decl *decl = lowering->field_decls[id];
        struct expr *initial = decl == NULL ? NULL : decl->attributes.initial;
        if (initial != NULL && initial->kind == EXPR_NUMBER) {
            lower_check_default(lowering, id, lower_constant(lowering, initial));
        }
    }
}
