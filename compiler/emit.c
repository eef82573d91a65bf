/* The finished program: live instructions in their order, everything they refer to numbered as it is met. The pools are
   sorted when the image is written (vm/canonical.c). */
#include "compiler/lower.h"

#include <string.h>

struct emitter {
    struct lowering *lowering;
    struct ir *ir;
    struct program *program;
    uint32_t *nodes, *axes; /* number in the builder -> in the program; NO_INDEX: not in it */
    uint32_t *texts, *units, *constants, *choices, *tables, *natives, *factors, *generators;
    const struct str *spellings; /* of units, by number in the builder */
    size_t spelling_count;
    size_t generator_cap, unit_cap, constant_cap, choice_cap, table_cap, native_cap, factor_cap;
    size_t text_cap, axis_cap, name_cap;
};

/* ---- numbering ---- */

static uint32_t *no_numbers(struct emitter *emitter, size_t count)
{
    uint32_t *numbers = arena_array(emitter->lowering->arena, uint32_t, count + 1);
    memset(numbers, 0xFF, count * sizeof *numbers);
    return numbers;
}

static uint32_t emit_text(struct emitter *emitter, uint32_t text)
{
    struct program *program = emitter->program;
    if (text == NO_INDEX) {
        return NO_INDEX;
    }
    if (emitter->texts[text] == NO_INDEX) {
        size_t count = program->text_count;
        arena_grow(emitter->lowering->arena, program->texts, count, emitter->text_cap);
        program->texts[count] = ir_text_of(emitter->ir, text);
        emitter->texts[text] = program->text_count++;
    }
    return emitter->texts[text];
}

/* A text that the builder does not have. */
static uint32_t emit_new_text(struct emitter *emitter, struct str text)
{
    struct program *program = emitter->program;
    size_t count = program->text_count;
    arena_grow(emitter->lowering->arena, program->texts, count, emitter->text_cap);
    program->texts[count] = text;
    return program->text_count++;
}

static uint16_t emit_generator(struct emitter *emitter, uint16_t generator)
{
    struct program *program = emitter->program;
    const struct generator *from = &emitter->lowering->checked->units->generators[generator];
    if (emitter->generators[generator] == NO_INDEX) {
        size_t count = program->generator_count;
        arena_grow(emitter->lowering->arena, program->generators, count, emitter->generator_cap);
        program->generators[count].name = emit_new_text(emitter, from->name);
        program->generators[count].is_tag = from->type == GENERATOR_TAG;
        emitter->generators[generator] = program->generator_count++;
    }
    return (uint16_t)emitter->generators[generator];
}

static struct kind emit_kind(struct emitter *emitter, struct kind kind)
{
    for (uint16_t i = 0; i < kind.count; i++) {
        kind.factors[i].generator = emit_generator(emitter, kind.factors[i].generator);
    }
    for (uint16_t i = 1; i < kind.count; i++) { /* sorted by the new numbers */
        for (uint16_t k = i; k > 0 && kind.factors[k - 1].generator > kind.factors[k].generator; k--) {
            uint16_t generator = kind.factors[k].generator;
            int16_t exponent = kind.factors[k].exponent;
            kind.factors[k] = kind.factors[k - 1];
            kind.factors[k - 1].generator = generator;
            kind.factors[k - 1].exponent = exponent;
        }
    }
    return kind;
}

/* As its author wrote it; of units that come from calculating, a canonical text. */
static struct str text_of_unit(struct emitter *emitter, uint32_t unit)
{
    struct lowering *lowering = emitter->lowering;
    if (unit < emitter->spelling_count && emitter->spellings[unit].len > 0) {
        return emitter->spellings[unit];
    }
    struct str text = unit_text(lowering->arena, lowering->checked->units, emitter->ir->unit_items[unit]);
    if (text.len > LIMIT_UNIT_TEXT) {
        lower_fail(lowering, lowering->checked->rule->name.at, D_UNIT_TOO_LARGE, DIAG_ARGS(text));
    }
    return text;
}

static uint16_t emit_unit(struct emitter *emitter, uint32_t unit)
{
    struct program *program = emitter->program;
    struct unit from = emitter->ir->unit_items[unit];
    if (emitter->units[unit] == NO_INDEX) {
        struct prog_unit made = {.kind = emit_kind(emitter, from.kind), .scale = from.scale, .offset = RAT_ZERO};
        made.is_point = from.is_point;
        if (from.is_point) {
            made.offset = from.offset;
        }
        made.text = emit_new_text(emitter, text_of_unit(emitter, unit));
        size_t count = program->unit_count;
        arena_grow(emitter->lowering->arena, program->units, count, emitter->unit_cap);
        program->units[count] = made;
        emitter->units[unit] = program->unit_count++;
    }
    return (uint16_t)emitter->units[unit];
}

static uint32_t emit_choice(struct emitter *emitter, uint32_t choice)
{
    struct program *program = emitter->program;
    if (choice == NO_INDEX) {
        return NO_INDEX;
    }
    if (emitter->choices[choice] == NO_INDEX) {
        struct prog_choice made = emitter->ir->choices[choice];
        made.name = emit_text(emitter, made.name);
        for (uint32_t i = 0; i < made.member_count; i++) {
            made.members[i].name = emit_text(emitter, made.members[i].name);
            made.members[i].code = emit_text(emitter, made.members[i].code);
        }
        size_t count = program->choice_count;
        arena_grow(emitter->lowering->arena, program->choices, count, emitter->choice_cap);
        program->choices[count] = made;
        emitter->choices[choice] = program->choice_count++;
    }
    return emitter->choices[choice];
}

static uint32_t emit_constant(struct emitter *emitter, uint32_t constant)
{
    struct program *program = emitter->program;
    if (constant == NO_INDEX) {
        return NO_INDEX;
    }
    if (emitter->constants[constant] == NO_INDEX) {
        struct prog_const made = emitter->ir->constants[constant];
        made.text = emit_text(emitter, made.text);
        made.of = made.type == VALUE_MEMBER ? emit_choice(emitter, made.of) : NO_INDEX;
        size_t count = program->constant_count;
        arena_grow(emitter->lowering->arena, program->constants, count, emitter->constant_cap);
        program->constants[count] = made;
        emitter->constants[constant] = program->constant_count++;
    }
    return emitter->constants[constant];
}

/* ---- data, tables, factors ---- */

static void emit_fields(struct emitter *emitter)
{
    struct program *program = emitter->program;
    program->fields = emitter->ir->fields;
    program->field_count = (uint32_t)emitter->ir->field_count;
    for (uint32_t i = 0; i < program->field_count; i++) {
        struct prog_field *field = &program->fields[i];
        field->name = emit_text(emitter, field->name);
        field->choice = emit_choice(emitter, field->choice);
        field->unit = emit_unit(emitter, field->unit);
        field->low = emit_constant(emitter, field->low);
        field->high = emit_constant(emitter, field->high);
    }
}

static void emit_dimension(struct emitter *emitter, struct prog_dimension *dimension)
{
    dimension->choice = emit_choice(emitter, dimension->choice);
    dimension->unit = emit_unit(emitter, dimension->unit);
    for (uint32_t k = 0; k < dimension->key_count; k++) {
        dimension->keys[k] = emit_constant(emitter, dimension->keys[k]);
    }
}

static void emit_column(struct emitter *emitter, struct prog_column *column, uint32_t rows)
{
    column->name = emit_text(emitter, column->name);
    column->choice = emit_choice(emitter, column->choice);
    column->unit = emit_unit(emitter, column->unit);
    for (uint32_t r = 0; r < rows; r++) {
        column->cells[r] = emit_constant(emitter, column->cells[r]);
    }
}

static uint32_t emit_table(struct emitter *emitter, uint32_t table)
{
    struct program *program = emitter->program;
    if (emitter->tables[table] == NO_INDEX) {
        struct prog_table made = emitter->ir->tables[table];
        made.name = emit_text(emitter, made.name);
        for (uint32_t i = 0; i < made.dimension_count; i++) {
            emit_dimension(emitter, &made.dimensions[i]);
        }
        for (uint32_t c = 0; c < made.column_count; c++) {
            emit_column(emitter, &made.columns[c], made.row_count);
        }
        size_t count = program->table_count;
        arena_grow(emitter->lowering->arena, program->tables, count, emitter->table_cap);
        program->tables[count] = made;
        emitter->tables[table] = program->table_count++;
    }
    return emitter->tables[table];
}

static uint32_t emit_factor(struct emitter *emitter, uint32_t factor)
{
    struct program *program = emitter->program;
    if (emitter->factors[factor] == NO_INDEX) {
        struct prog_factor made = emitter->ir->factors[factor];
        made.name = emit_text(emitter, made.name);
        for (uint32_t k = 0; k < made.key_count; k++) {
            made.keys[k].name = emit_text(emitter, made.keys[k].name);
            made.keys[k].choice = emit_choice(emitter, made.keys[k].choice);
        }
        made.unit = emit_unit(emitter, made.unit);
        made.component = emit_text(emitter, made.component);
        made.fallback = emit_constant(emitter, made.fallback);
        size_t count = program->factor_count;
        arena_grow(emitter->lowering->arena, program->factors, count, emitter->factor_cap);
        program->factors[count] = made;
        emitter->factors[factor] = program->factor_count++;
    }
    return emitter->factors[factor];
}

static uint32_t emit_native(struct emitter *emitter, uint32_t native)
{
    struct program *program = emitter->program;
    if (emitter->natives[native] == NO_INDEX) {
        struct prog_native made = emitter->ir->natives[native];
        made.name = emit_text(emitter, made.name);
        made.unit = emit_unit(emitter, made.unit);
        for (uint32_t k = 0; k < made.param_count; k++) {
            made.params[k] = emit_unit(emitter, made.params[k]);
        }
        size_t count = program->native_count;
        arena_grow(emitter->lowering->arena, program->natives, count, emitter->native_cap);
        program->natives[count] = made;
        emitter->natives[native] = program->native_count++;
    }
    return emitter->natives[native];
}

/* ---- code ---- */

static void renumber_operand(void *context, uint32_t *operand)
{
    const struct emitter *emitter = context;
    *operand = emitter->nodes[*operand];
}

/* What the operands that are no instructions refer to. */
static void renumber_others(struct emitter *emitter, struct instruction *in)
{
    switch ((int)in->op) {
    case OP_CONST:
        in->a = emit_constant(emitter, in->a);
        break;
    case OP_CONVERT:
        in->b = emit_constant(emitter, in->b);
        break;
    case OP_SHIFT:
        in->b = emit_constant(emitter, in->b);
        in->c = emit_constant(emitter, in->c);
        break;
    case OP_KEY:
    case OP_STEP_KEY:
    case OP_CELL:
    case OP_ROW:
        in->imm = (uint16_t)emit_table(emitter, in->imm);
        break;
    case OP_FACTOR:
        in->imm = (uint16_t)emit_factor(emitter, in->imm);
        break;
    case OP_CALL:
        in->imm = (uint16_t)emit_native(emitter, in->imm);
        break;
    default:
        break;
    }
}

static void mark_axis(struct emitter *emitter, uint32_t axis)
{
    while (emitter->axes[axis] == NO_INDEX) {
        const struct prog_axis *shape = &emitter->ir->axes[axis];
        emitter->axes[axis] = 0;
        if (shape->kind == AXIS_PAIR) {
            mark_axis(emitter, shape->list);
        }
        axis = shape->parent;
    }
}

/* The live axes in the order in which they were made: parents come first. */
static void emit_axes(struct emitter *emitter, const uint32_t *order, size_t count)
{
    struct ir *ir = emitter->ir;
    struct program *program = emitter->program;
    mark_axis(emitter, AXIS_ID_CONSTANT);
    mark_axis(emitter, AXIS_ID_PRODUCT);
    mark_axis(emitter, program->rule.row_axis);
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        mark_axis(emitter, program->allocations[i].axis);
    }
    for (size_t i = 0; i < count; i++) {
        const struct instruction *in = &ir->nodes[order[i]].in;
        mark_axis(emitter, in->axis);
        if (ir_is_over_axis(in->op)) {
            mark_axis(emitter, in->imm);
        } else if (in->op == OP_TAKE) {
            mark_axis(emitter, ir->nodes[in->a].shape.of);
        }
    }
    program->axes = arena_array(emitter->lowering->arena, struct prog_axis, ir->axis_count);
    for (uint32_t i = 0; i < ir->axis_count; i++) {
        if (emitter->axes[i] != NO_INDEX) {
            emitter->axes[i] = program->axis_count;
            program->axes[program->axis_count++] = ir->axes[i];
        }
    }
    for (uint32_t i = 0; i < program->axis_count; i++) {
        struct prog_axis *axis = &program->axes[i];
        axis->parent = (uint16_t)emitter->axes[axis->parent];
        if (axis->kind == AXIS_PAIR) {
            axis->list = emitter->axes[axis->list];
        } else if (axis->kind == AXIS_RANGE) {
            axis->list = axis->list == NO_INDEX ? NO_INDEX : emit_table(emitter, axis->list);
            axis->first = emitter->nodes[axis->first];
            axis->last = emitter->nodes[axis->last];
        }
    }
}

static void emit_code(struct emitter *emitter, const uint32_t *order, size_t count)
{
    struct ir *ir = emitter->ir;
    struct program *program = emitter->program;
    program->code = arena_array(emitter->lowering->arena, struct instruction, count);
    program->code_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct instruction in = ir->nodes[order[i]].in;
        ir_each_operand(&in, renumber_operand, emitter);
        renumber_others(emitter, &in);
        in.axis = (uint16_t)emitter->axes[in.axis];
        in.unit = emit_unit(emitter, in.unit);
        if (ir_is_over_axis(in.op)) {
            in.imm = (uint16_t)emitter->axes[in.imm];
        }
        program->code[i] = in;
    }
}

/* ---- the rest of the program ---- */

static uint32_t emit_node(const struct emitter *emitter, uint32_t node)
{
    return node == NO_OPERAND ? NO_OPERAND : emitter->nodes[node];
}

static void emit_cuts(struct emitter *emitter)
{
    struct program *program = emitter->program;
    for (uint32_t i = 0; i < program->phase_count; i++) {
        program->phases[i].name = emit_text(emitter, program->phases[i].name);
    }
    for (uint32_t i = 0; i < program->category_count; i++) {
        program->categories[i].name = emit_text(emitter, program->categories[i].name);
    }
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        struct prog_breakdown *breakdown = &program->breakdowns[i];
        breakdown->name = emit_text(emitter, breakdown->name);
        for (uint32_t k = 0; k < breakdown->member_count; k++) {
            breakdown->members[k].name = emit_text(emitter, breakdown->members[k].name);
        }
    }
}

static void emit_allocations(struct emitter *emitter)
{
    struct program *program = emitter->program;
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        struct prog_allocation *allocation = &program->allocations[i];
        bool is_by_key = allocation->key != NO_OPERAND;
        allocation->process = emit_text(emitter, allocation->process);
        allocation->axis = (uint16_t)emitter->axes[allocation->axis];
        allocation->key = emit_node(emitter, allocation->key);
        allocation->taken = is_by_key ? emit_node(emitter, allocation->taken) : allocation->taken;
        allocation->share = emit_node(emitter, allocation->share);
        for (uint32_t k = 0; k < allocation->share_count; k++) {
            allocation->shares[k].name = emit_text(emitter, allocation->shares[k].name);
            allocation->shares[k].value = emit_node(emitter, allocation->shares[k].value);
        }
    }
}

static void emit_results(struct emitter *emitter)
{
    struct program *program = emitter->program;
    emit_cuts(emitter);
    emit_allocations(emitter);
    for (uint32_t i = 0; i < program->grade_count; i++) {
        program->grades[i].name = emit_text(emitter, program->grades[i].name);
        program->grades[i].limit = emit_node(emitter, program->grades[i].limit);
    }
    for (uint32_t i = 0; i < program->stage_count; i++) {
        struct prog_stage *stage = &program->stages[i];
        stage->name = emit_text(emitter, stage->name);
        stage->when = emit_node(emitter, stage->when);
    }
    for (uint32_t i = 0; i < program->flow_count; i++) {
        program->flows[i].name = emit_text(emitter, program->flows[i].name);
        program->flows[i].process = emit_text(emitter, program->flows[i].process);
    }
    for (uint32_t i = 0; i < program->part_count; i++) {
        program->parts[i].gas = emit_text(emitter, program->parts[i].gas);
    }
    for (uint32_t i = 0; i < program->output_count; i++) {
        program->outputs[i].name = emit_text(emitter, program->outputs[i].name);
        program->outputs[i].unit = emit_unit(emitter, program->outputs[i].unit);
    }
}

static void emit_rule(struct emitter *emitter)
{
    struct prog_rule *rule = &emitter->program->rule;
    uint32_t *words[] = {&rule->name,  &rule->version,   &rule->status,  &rule->gwp,
                         &rule->judge, &rule->lifecycle, &rule->boundary};
    for (size_t i = 0; i < countof(words); i++) {
        *words[i] = emit_text(emitter, *words[i]);
    }
    for (uint32_t i = 0; i < rule->conforms_count; i++) {
        rule->conforms[i] = emit_text(emitter, rule->conforms[i]);
    }
    rule->declared = emit_constant(emitter, rule->declared);
    rule->declared_unit = emit_unit(emitter, rule->declared_unit);
    rule->total_unit = emit_unit(emitter, rule->total_unit);
    rule->row_axis = (uint16_t)emitter->axes[rule->row_axis];
    rule->row_name = emit_node(emitter, rule->row_name);
    rule->headline = emit_node(emitter, rule->headline);
    rule->reference = emitter->nodes[rule->reference];
    rule->reference_site = emit_site(emitter->lowering, &emitter->lowering->reference_site);
}

/* Units that the modules declare may be used in data. */
static void emit_unit_names(struct emitter *emitter)
{
    struct checked *checked = emitter->lowering->checked;
    struct program *program = emitter->program;
    for (size_t i = 0; i < checked->module_count; i++) {
        for (const struct decl *item = checked->modules[i]->items; item != NULL; item = item->next) {
            struct unit unit;
            if (item->kind != DECL_UNIT || unit_parse(checked->units, item->name.text, &unit).error != UNIT_OK) {
                continue;
            }
            uint32_t id = ir_unit(emitter->ir, unit);
            if (id == IR_ERROR) {
                continue;
            }
            size_t count = program->unit_name_count;
            arena_grow(emitter->lowering->arena, program->unit_names, count, emitter->name_cap);
            program->unit_names[count].name = emit_new_text(emitter, item->name.text);
            program->unit_names[count].unit = emit_unit(emitter, id);
            program->unit_names[count].aliases = lower_aliases(emitter->lowering, item->name.text);
            program->unit_name_count++;
        }
    }
}

struct node_list {
    struct arena *arena;
    uint32_t *nodes;
    size_t count, cap;
};

static void add_node(void *context, uint32_t node)
{
    struct node_list *list = context;
    arena_grow(list->arena, list->nodes, list->count, list->cap);
    list->nodes[list->count++] = node;
}

static void number_nodes(struct emitter *emitter, const uint32_t *order, size_t count)
{
    emitter->nodes = no_numbers(emitter, emitter->ir->count);
    for (size_t i = 0; i < count; i++) {
        emitter->nodes[order[i]] = (uint32_t)i;
    }
}

static void begin(struct emitter *emitter)
{
    const struct ir *ir = emitter->ir;
    emitter->spelling_count = ir->unit_index.count;
    emitter->spellings = lower_unit_spellings(emitter->lowering, emitter->spelling_count);
    size_t units = ir->unit_index.count + emitter->lowering->checked->units->name_count;
    emitter->axes = no_numbers(emitter, ir->axis_count);
    emitter->texts = no_numbers(emitter, ir->texts.count);
    emitter->units = no_numbers(emitter, units); /* those of declared units may still be added */
    emitter->constants = no_numbers(emitter, ir->constant_index.count);
    emitter->choices = no_numbers(emitter, ir->choice_count);
    emitter->tables = no_numbers(emitter, ir->table_count);
    emitter->factors = no_numbers(emitter, ir->factor_count);
    emitter->natives = no_numbers(emitter, ir->native_count);
    emitter->generators = no_numbers(emitter, emitter->lowering->checked->units->generator_count);
    emit_unit(emitter, 0); /* the plain number is the first */
}

static void take_labels(struct emitter *emitter)
{
    const struct map *labels = &emitter->lowering->labels;
    struct program *program = emitter->program;
    program->labels = arena_array(emitter->lowering->arena, struct str, labels->count);
    program->label_count = (uint32_t)labels->count;
    for (uint32_t i = 0; i < program->label_count; i++) {
        program->labels[i] = labels->entries[i].key;
    }
}

/* The results' rows count even where nothing is computed for each of them. */
static void keep_rows(struct node_list *kept, const struct ir *ir, uint16_t row_axis)
{
    if (ir->axes[row_axis].kind == AXIS_RANGE) {
        add_node(kept, ir->axes[row_axis].first);
        add_node(kept, ir->axes[row_axis].last);
    }
}

/* Of the constants that are still there; in the order in which they were found. */
static void emit_namings(struct emitter *emitter, size_t node_count)
{
    const struct ir *ir = emitter->ir;
    struct program *program = emitter->program;
    uint32_t *next = arena_array(emitter->lowering->arena, uint32_t, node_count + 1);
    for (size_t i = 0; i < ir->naming_count; i++) {
        uint32_t number = emitter->nodes[ir->namings[i].node];
        program->naming_count += number != NO_INDEX;
        next[number == NO_INDEX ? 0 : number + 1]++;
    }
    next[0] = 0;
    for (size_t i = 1; i <= node_count; i++) {
        next[i] += next[i - 1];
    }
    program->namings = arena_array(emitter->lowering->arena, struct prog_naming, program->naming_count);
    for (size_t i = 0; i < ir->naming_count; i++) {
        const struct ir_naming *naming = &ir->namings[i];
        uint32_t number = emitter->nodes[naming->node];
        if (number != NO_INDEX) {
            program->namings[next[number]++] =
                (struct prog_naming){number, lower_label(emitter->lowering, naming->path),
                                     lower_label(emitter->lowering, naming->clause),
                                     lower_label(emitter->lowering, naming->cite)};
        }
    }
}

struct program *emit_program(struct lowering *lowering)
{
    struct ir *ir = lowering->ir;
    struct emitter emitter = {.lowering = lowering, .ir = ir, .program = lowering->program};
    struct node_list kept = {.arena = lowering->arena};
    size_t count = 0;
    program_visit_kept(lowering->program, KEPT_FOR_RESULTS, add_node, &kept);
    keep_rows(&kept, ir, lowering->program->rule.row_axis);
    ir_masks(ir, kept.nodes, kept.count);
    program_visit_kept(lowering->program, KEPT_FOR_DETAIL, add_node, &kept); /* needed only as far as the flows need them */
    const uint32_t *order = ir_order(ir, kept.nodes, kept.count, &count);
    if (ir->is_full || count > LIMIT_INSTRUCTIONS) {
        lower_fail(lowering, lowering->checked->rule->name.at, D_PROGRAM_TOO_LARGE,
                   DIAG_ARGS(str_format(lowering->arena, "%d", (int)LIMIT_INSTRUCTIONS)));
        return NULL;
    }
    number_nodes(&emitter, order, count);
    begin(&emitter);
    emit_fields(&emitter);
    emit_axes(&emitter, order, count);
    emit_code(&emitter, order, count);
    emit_results(&emitter);
    emit_rule(&emitter);
    emit_unit_names(&emitter);
    emitter.program->sites = arena_array(lowering->arena, struct prog_site, count);
    for (size_t i = 0; i < count; i++) {
        emitter.program->sites[i] = emit_site(lowering, &ir->nodes[order[i]].site);
    }
    emit_namings(&emitter, count);
    emit_items(lowering, emitter.nodes);
    take_labels(&emitter);
    return lowering->has_error ? NULL : emitter.program;
}
