#include "tests/unit/program_builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "vm/image.h"

/* One more entry at the end of an array of the program; arrays are small, so each time a new one. */
#define APPEND(builder, items, count, type)                                                                            \
    ((items) = appended(&(builder)->arena, (items), (count), sizeof(type)), &(items)[(count)++])

static void *appended(struct arena *arena, const void *items, uint32_t count, size_t size)
{
    char *larger = arena_alloc(arena, (size_t)count + 1, size);
    if (count > 0) {
        memcpy(larger, items, count * size);
    }
    return larger;
}

static const struct prog_titles no_titles = {
    {NO_INDEX, NO_INDEX}
};

uint32_t builder_text(struct builder *builder, const char *text)
{
    uint32_t id = intern(&builder->texts, str_of(text));
    if (id == builder->program.text_count) {
        *APPEND(builder, builder->program.texts, builder->program.text_count, struct str) =
            builder->texts.entries[id].key;
    }
    return id;
}

uint32_t builder_label(struct builder *builder, const char *label)
{
    uint32_t id = intern(&builder->labels, str_of(label));
    if (id == builder->program.label_count) {
        *APPEND(builder, builder->program.labels, builder->program.label_count, struct str) =
            builder->labels.entries[id].key;
    }
    return id;
}

static uint16_t generator(struct builder *builder, struct str word)
{
    struct program *program = &builder->program;
    bool is_tag = str_starts(word, STR("{"));
    struct str name = is_tag ? str_slice(word, 1, word.len - 1) : word;
    uint32_t text = builder_text(builder, str_copy(&builder->arena, name).at);
    for (uint32_t i = 0; i < program->generator_count; i++) {
        if (program->generators[i].name == text && program->generators[i].is_tag == is_tag) {
            return (uint16_t)i;
        }
    }
    struct prog_generator *made = APPEND(builder, program->generators, program->generator_count, struct prog_generator);
    *made = (struct prog_generator){.name = text, .is_tag = is_tag};
    return (uint16_t)(program->generator_count - 1);
}

static void add_factor(struct builder *builder, struct kind *kind, struct str word)
{
    const char *caret = memchr(word.at, '^', word.len);
    int exponent = caret == NULL ? 1 : atoi(caret + 1);
    size_t len = caret == NULL ? word.len : (size_t)(caret - word.at);
    assert(kind->count < UNIT_FACTORS_MAX);
    uint16_t number = generator(builder, (struct str){word.at, len});
    uint16_t at = kind->count++;
    for (; at > 0 && kind->factors[at - 1].generator > number; at--) {
        kind->factors[at] = kind->factors[at - 1];
    }
    kind->factors[at].generator = number;
    kind->factors[at].exponent = (int16_t)exponent;
}

static struct rat rational(struct builder *builder, const char *text)
{
    struct rat value;
    bool is_read = rat_parse(&builder->arena, str_of(text), &value);
    assert(is_read);
    (void)is_read;
    return value;
}

uint16_t builder_unit(struct builder *builder, const char *text, const char *scale, const char *kind)
{
    struct program *program = &builder->program;
    for (uint32_t i = 0; i < program->unit_count; i++) {
        if (str_eq(program->texts[program->units[i].text], str_of(text))) {
            return (uint16_t)i;
        }
    }
    struct prog_unit unit = {
        .text = builder_text(builder, text), .scale = rational(builder, scale), .offset = RAT_ZERO};
    for (const char *at = kind; *at != '\0';) {
        size_t len = strcspn(at, " ");
        add_factor(builder, &unit.kind, (struct str){at, len});
        at += len + strspn(at + len, " ");
    }
    *APPEND(builder, program->units, program->unit_count, struct prog_unit) = unit;
    return (uint16_t)(program->unit_count - 1);
}

uint16_t builder_point(struct builder *builder, const char *text, const char *scale, const char *kind,
                       const char *offset)
{
    uint16_t unit = builder_unit(builder, text, scale, kind);
    builder->program.units[unit].is_point = true;
    builder->program.units[unit].offset = rational(builder, offset);
    return unit;
}

void builder_declare_unit(struct builder *builder, uint16_t unit)
{
    struct program *program = &builder->program;
    struct prog_unit_name *made = APPEND(builder, program->unit_names, program->unit_name_count, struct prog_unit_name);
    *made = (struct prog_unit_name){.name = program->units[unit].text, .unit = unit};
}

uint16_t builder_unit_id(const struct builder *builder, const char *text)
{
    const struct program *program = &builder->program;
    for (uint32_t i = 0; i < program->unit_count; i++) {
        if (str_eq(program->texts[program->units[i].text], str_of(text))) {
            return (uint16_t)i;
        }
    }
    assert(false && "no such unit");
    return 0;
}

uint32_t builder_choice(struct builder *builder, const char *name, const char *const *members, uint32_t count)
{
    struct program *program = &builder->program;
    struct prog_choice choice = {.name = builder_text(builder, name), .member_count = count};
    choice.members = arena_array(&builder->arena, struct prog_member, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t text = builder_text(builder, members[i]);
        choice.members[i] = (struct prog_member){.name = text, .code = text, .titles = no_titles};
    }
    *APPEND(builder, program->choices, program->choice_count, struct prog_choice) = choice;
    return program->choice_count - 1;
}

static uint32_t add_field(struct builder *builder, struct prog_field field)
{
    struct program *program = &builder->program;
    field.titles = no_titles;
    field.clause = NO_INDEX;
    assert(program->field_count < countof(builder->loaded));
    builder->loaded[program->field_count] = NO_OPERAND;
    *APPEND(builder, program->fields, program->field_count, struct prog_field) = field;
    return program->field_count - 1;
}

static uint16_t add_axis(struct builder *builder, struct prog_axis axis)
{
    struct program *program = &builder->program;
    *APPEND(builder, program->axes, program->axis_count, struct prog_axis) = axis;
    return (uint16_t)(program->axis_count - 1);
}

static uint16_t axis_of(const struct builder *builder, uint32_t parent)
{
    return parent == NO_INDEX ? AXIS_ID_PRODUCT : builder->list_axis[parent];
}

uint32_t builder_list(struct builder *builder, uint32_t parent, const char *name)
{
    struct prog_field field = {.name = builder_text(builder, name),
                               .parent = parent,
                               .is_list = 1,
                               .choice = NO_INDEX,
                               .low = NO_INDEX,
                               .high = NO_INDEX,
                               .key = NO_INDEX};
    uint32_t list = add_field(builder, field);
    struct prog_axis axis = {
        .kind = AXIS_LIST, .parent = axis_of(builder, parent), .list = list, .first = NO_OPERAND, .last = NO_OPERAND};
    builder->list_axis[list] = add_axis(builder, axis);
    return list;
}

uint32_t builder_field(struct builder *builder, uint32_t parent, const char *name, uint16_t unit)
{
    struct prog_field field = {.name = builder_text(builder, name),
                               .parent = parent,
                               .type = VALUE_NUMBER,
                               .choice = NO_INDEX,
                               .unit = unit,
                               .low = builder_rational(builder, "0"),
                               .high = NO_INDEX,
                               .key = NO_INDEX};
    return add_field(builder, field);
}

uint32_t builder_field_of(struct builder *builder, uint32_t parent, const char *name, enum value_type type,
                          uint32_t choice)
{
    struct prog_field field = {.name = builder_text(builder, name),
                               .parent = parent,
                               .type = (uint8_t)type,
                               .choice = choice,
                               .low = NO_INDEX,
                               .high = NO_INDEX,
                               .key = NO_INDEX};
    return add_field(builder, field);
}

struct prog_field *builder_the_field(struct builder *builder, uint32_t field)
{
    return &builder->program.fields[field];
}

uint32_t builder_native(struct builder *builder, const char *name, uint16_t unit, const uint16_t *params, uint32_t count)
{
    struct program *program = &builder->program;
    struct prog_native *native = APPEND(builder, program->natives, program->native_count, struct prog_native);
    *native = (struct prog_native){.name = builder_text(builder, name), .unit = unit, .param_count = count, .titles = no_titles, .cite = NO_INDEX, .clause = NO_INDEX};
    for (uint32_t k = 0; k < count; k++) {
        native->params[k] = params[k];
    }
    return program->native_count - 1;
}

uint32_t builder_factor(struct builder *builder, const char *name, uint16_t unit)
{
    struct program *program = &builder->program;
    struct prog_factor *factor = APPEND(builder, program->factors, program->factor_count, struct prog_factor);
    *factor = (struct prog_factor){
        .name = builder_text(builder, name), .unit = unit, .component = NO_INDEX, .fallback = NO_INDEX, .titles = no_titles, .cite = NO_INDEX, .clause = NO_INDEX};
    for (uint32_t k = 0; k < LIMIT_FACTOR_KEYS; k++) {
        factor->keys[k].choice = NO_INDEX;
    }
    return program->factor_count - 1;
}

static uint32_t add_constant(struct builder *builder, struct prog_const constant)
{
    struct program *program = &builder->program;
    for (uint32_t i = 0; i < program->constant_count; i++) {
        const struct prog_const *other = &program->constants[i];
        if (other->type == constant.type && other->of == constant.of && other->text == constant.text &&
            rat_eq(other->number, constant.number)) {
            return i;
        }
    }
    *APPEND(builder, program->constants, program->constant_count, struct prog_const) = constant;
    return program->constant_count - 1;
}

uint32_t builder_rational(struct builder *builder, const char *text)
{
    return add_constant(
        builder,
        (struct prog_const){.type = VALUE_NUMBER, .of = NO_INDEX, .number = rational(builder, text), .text = NO_INDEX});
}

uint32_t builder_const(struct builder *builder, enum value_type type, int64_t value, uint32_t choice)
{
    return add_constant(
        builder, (struct prog_const){.type = (uint8_t)type, .of = choice, .number = rat_int(value), .text = NO_INDEX});
}

uint32_t builder_const_text(struct builder *builder, const char *text)
{
    return add_constant(
        builder, (struct prog_const){
                     .type = VALUE_TEXT, .of = NO_INDEX, .number = RAT_ZERO, .text = builder_text(builder, text)});
}

uint32_t builder_table(struct builder *builder, const char *name, uint32_t columns, uint32_t row_count)
{
    struct program *program = &builder->program;
    struct prog_table *table = APPEND(builder, program->tables, program->table_count, struct prog_table);
    *table = (struct prog_table){
        .name = builder_text(builder, name), .row_count = row_count, .column_count = columns, .titles = no_titles, .cite = NO_INDEX, .clause = NO_INDEX};
    table->columns = arena_array(&builder->arena, struct prog_column, columns);
    return program->table_count - 1;
}

struct prog_dimension *builder_dimension(struct builder *builder, uint32_t table, enum value_type type)
{
    struct prog_table *the_table = &builder->program.tables[table];
    assert(the_table->dimension_count < LIMIT_TABLE_DIMENSIONS);
    struct prog_dimension *dimension = &the_table->dimensions[the_table->dimension_count++];
    dimension->type = (uint8_t)type;
    dimension->choice = NO_INDEX;
    return dimension;
}

void builder_rows(struct builder *builder, uint32_t table, const uint32_t *rows, uint32_t slots)
{
    struct prog_table *the_table = &builder->program.tables[table];
    the_table->row_slots = slots;
    the_table->rows = arena_array(&builder->arena, uint32_t, slots);
    memcpy(the_table->rows, rows, slots * sizeof *rows);
}

void builder_column(struct builder *builder, uint32_t table, uint32_t column, const char *name, enum value_type type,
                    uint16_t unit, const uint32_t *cells)
{
    struct prog_table *the_table = &builder->program.tables[table];
    struct prog_column *the_column = &the_table->columns[column];
    *the_column = (struct prog_column){
        .name = builder_text(builder, name), .type = (uint8_t)type, .choice = NO_INDEX, .unit = unit};
    the_column->cells = arena_array(&builder->arena, uint32_t, the_table->row_count);
    memcpy(the_column->cells, cells, the_table->row_count * sizeof *cells);
}

uint16_t builder_range(struct builder *builder, uint16_t parent, uint32_t first, uint32_t last, uint32_t max)
{
    return add_axis(
        builder, (struct prog_axis){
                     .kind = AXIS_RANGE, .parent = parent, .list = NO_INDEX, .first = first, .last = last, .max = max});
}

uint16_t builder_pair(struct builder *builder, uint16_t parent, uint16_t list_axis)
{
    return add_axis(
        builder, (struct prog_axis){
                     .kind = AXIS_PAIR, .parent = parent, .list = list_axis, .first = NO_OPERAND, .last = NO_OPERAND});
}

uint32_t builder_op(struct builder *builder, struct instruction instruction)
{
    struct program *program = &builder->program;
    for (uint32_t i = 0; builder->is_sharing && i < program->code_count; i++) {
        if (memcmp(&program->code[i], &instruction, sizeof instruction) == 0) {
            return i;
        }
    }
    uint32_t site_count = program->code_count;
    struct prog_site *site = APPEND(builder, program->sites, site_count, struct prog_site);
    *site = (struct prog_site){.file = builder_label(builder, "test.pcr"),
                               .line = program->code_count + 1,
                               .column = 1,
                               .path = NO_INDEX,
                               .clause = NO_INDEX,
                               .text = NO_INDEX};
    *APPEND(builder, program->code, program->code_count, struct instruction) = instruction;
    return program->code_count - 1;
}

uint32_t builder_one(struct builder *builder, enum opcode op, uint16_t axis, uint16_t unit, uint32_t a)
{
    return builder_two(builder, op, axis, unit, a, NO_OPERAND);
}

uint32_t builder_two(struct builder *builder, enum opcode op, uint16_t axis, uint16_t unit, uint32_t a, uint32_t b)
{
    return builder_op(
        builder,
        (struct instruction){
            .op = (uint16_t)op, .axis = axis, .unit = unit, .a = a, .b = b, .c = NO_OPERAND, .mask = NO_OPERAND});
}

uint32_t builder_number(struct builder *builder, const char *value, uint16_t unit)
{
    return builder_one(builder, OP_CONST, AXIS_ID_CONSTANT, unit, builder_rational(builder, value));
}

uint32_t builder_constant(struct builder *builder, uint32_t constant)
{
    return builder_one(builder, OP_CONST, AXIS_ID_CONSTANT, 0, constant);
}

uint32_t builder_load(struct builder *builder, uint32_t field)
{
    if (builder->loaded[field] == NO_OPERAND) {
        const struct prog_field *the_field = &builder->program.fields[field];
        builder->loaded[field] =
            builder_one(builder, OP_FIELD, axis_of(builder, the_field->parent), the_field->unit, field);
    }
    return builder->loaded[field];
}

uint32_t builder_reduce(struct builder *builder, enum opcode op, uint16_t over, uint16_t unit, uint32_t a,
                        uint32_t where)
{
    uint32_t c = op == OP_ARGMAX || op == OP_ARGMIN ? 0 : NO_OPERAND;
    return builder_op(builder, (struct instruction){.op = (uint16_t)op,
                                                    .axis = builder->program.axes[over].parent,
                                                    .unit = unit,
                                                    .imm = over,
                                                    .a = a,
                                                    .b = where,
                                                    .c = c,
                                                    .mask = NO_OPERAND});
}

void builder_mask(struct builder *builder, uint32_t instruction, uint32_t mask)
{
    builder->program.code[instruction].mask = mask;
}

uint32_t builder_phase(struct builder *builder, const char *name)
{
    struct program *program = &builder->program;
    uint32_t text = builder_text(builder, name);
    for (uint32_t i = 0; i < program->phase_count; i++) {
        if (program->phases[i].name == text) {
            return i;
        }
    }
    *APPEND(builder, program->phases, program->phase_count, struct prog_phase) = (struct prog_phase){
        .name = text, .state = PHASE_DECLARED, .titles = no_titles, .because = no_titles, .clause = NO_INDEX};
    return program->phase_count - 1;
}

uint32_t builder_category(struct builder *builder, const char *name)
{
    struct program *program = &builder->program;
    uint32_t text = builder_text(builder, name);
    for (uint32_t i = 0; i < program->category_count; i++) {
        if (program->categories[i].name == text) {
            return i;
        }
    }
    *APPEND(builder, program->categories, program->category_count, struct prog_category) =
        (struct prog_category){.name = text};
    return program->category_count - 1;
}

uint32_t builder_grade(struct builder *builder, const char *name, uint32_t limit)
{
    struct program *program = &builder->program;
    *APPEND(builder, program->grades, program->grade_count, struct prog_grade) = (struct prog_grade){
        .name = builder_text(builder, name), .limit = limit, .titles = no_titles, .clause = NO_INDEX};
    return program->grade_count - 1;
}

uint32_t builder_stage(struct builder *builder, const char *name)
{
    struct program *program = &builder->program;
    *APPEND(builder, program->stages, program->stage_count, struct prog_stage) =
        (struct prog_stage){.name = builder_text(builder, name),
                            .phase = builder_phase(builder, "production"),
                            .when = NO_OPERAND,
                            .titles = no_titles,
                            .clause = NO_INDEX};
    return program->stage_count - 1;
}

uint32_t builder_emit(struct builder *builder, uint32_t stage, const char *flow, uint32_t amount)
{
    struct program *program = &builder->program;
    *APPEND(builder, program->flows, program->flow_count, struct prog_flow) =
        (struct prog_flow){.stage = stage,
                           .name = builder_text(builder, flow),
                           .process = NO_INDEX,
                           .titles = no_titles,
                           .because = no_titles,
                           .clause = NO_INDEX};
    *APPEND(builder, program->parts, program->part_count, struct prog_part) = (struct prog_part){
        .flow = program->flow_count - 1, .category = builder_category(builder, "fossil"), .gas = NO_INDEX};
    return builder_two(builder, OP_EMIT, AXIS_ID_PRODUCT, builder->co2e, amount, program->part_count - 1);
}

uint32_t builder_report(struct builder *builder, const char *name, uint16_t unit, uint32_t value)
{
    struct program *program = &builder->program;
    *APPEND(builder, program->outputs, program->output_count, struct prog_output) = (struct prog_output){
        .name = builder_text(builder, name),
        .unit = unit,
        .round = {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 6, false},
        .titles = no_titles,
        .clause = NO_INDEX
    };
    return builder_two(builder, OP_OUTPUT, AXIS_ID_PRODUCT, unit, value, program->output_count - 1);
}

uint32_t builder_require(struct builder *builder, uint16_t axis, uint32_t condition, const char *message)
{
    struct program *program = &builder->program;
    struct prog_requirement requirement = {.text = no_titles, .clause = NO_INDEX};
    requirement.text.label[LANG_EN] = builder_label(builder, message);
    *APPEND(builder, program->requirements, program->requirement_count, struct prog_requirement) = requirement;
    return builder_two(builder, OP_REQUIRE, axis, 0, condition, program->requirement_count - 1);
}

void builder_reference(struct builder *builder, const char *amount, uint16_t unit, uint16_t total, uint32_t reference)
{
    struct prog_rule *rule = &builder->program.rule;
    rule->declared = builder_rational(builder, amount);
    rule->declared_unit = unit;
    rule->total_unit = total;
    rule->reference = reference;
    rule->reference_site = builder->program.sites[reference];
}

void builder_start(struct builder *builder)
{
    memset(builder, 0, sizeof *builder);
    builder->is_sharing = true;
    builder->texts = map_in(&builder->arena);
    builder->labels = map_in(&builder->arena);
    builder_unit(builder, "1", "1", "");
    builder->co2e = builder_unit(builder, "kgCO2e", "1", "CO2e");
    add_axis(builder,
             (struct prog_axis){.kind = AXIS_CONSTANT, .list = NO_INDEX, .first = NO_OPERAND, .last = NO_OPERAND});
    add_axis(builder,
             (struct prog_axis){.kind = AXIS_PRODUCT, .list = NO_INDEX, .first = NO_OPERAND, .last = NO_OPERAND});
    builder->program.rule = (struct prog_rule){
        .name = builder_text(builder, "test"),
        .version = NO_INDEX,
        .status = NO_INDEX,
        .gwp = NO_INDEX,
        .judge = NO_INDEX,
        .lifecycle = NO_INDEX,
        .boundary = NO_INDEX,
        .titles = no_titles,
        .declared_titles = no_titles,
        .row_axis = AXIS_ID_PRODUCT,
        .row_name = NO_OPERAND,
        .headline = NO_OPERAND,
        .valid_from = INT32_MIN,
        .valid_to = INT32_MAX,
        .period_field = NO_INDEX,
        .reference = NO_OPERAND,
        .round = {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 6, false},
        .stage_round = {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 6, false},
        .flow_round = {PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 6, false}
    };
}

struct program *builder_finish(struct builder *builder)
{
    if (builder->program.rule.reference == NO_OPERAND) {
        builder_reference(builder, "1", 0, builder->co2e, builder_number(builder, "1", 0));
    }
    program_canonicalise(&builder->arena, &builder->program);
    builder->co2e = builder_unit_id(builder, "kgCO2e");
    return &builder->program;
}

void builder_free(struct builder *builder)
{
    arena_free(&builder->arena);
}
