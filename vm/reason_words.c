/* Grounds and values in words. */
#include "base/decimal.h"
#include "vm/factors.h"
#include "vm/reasons.h"
#include "vm/value_text.h"

const char *tell_text(struct teller *teller, struct str text)
{
    return text.len == 0 ? "" : str_copy(teller->arena, text).at;
}

const char *tell_label(struct teller *teller, uint32_t label)
{
    return tell_text(teller, exact_label(teller->run, label));
}

void tell_titles(struct teller *teller, const struct prog_titles *titles, const char *told[2])
{
    told[ZUJI_EN] = tell_label(teller, titles->label[LANG_EN]);
    told[ZUJI_ZH] = tell_label(teller, titles->label[LANG_ZH]);
}

const char *tell_expression(struct teller *teller, uint32_t instruction)
{
    return tell_label(teller, teller->run->program->sites[instruction].text);
}

struct zuji_value tell_number(struct teller *teller, uint16_t unit, struct rat number)
{
    struct arena *arena = teller->run->arena;
    struct value_unit in = value_unit(arena, teller->run->program, unit);
    return (struct zuji_value){.is_number = 1,
                               .number = rat_to_double(rat_mul(arena, number, in.by)),
                               .unit = in.text.len == 0 ? "1" : tell_text(teller, in.text),
                               .text = tell_text(teller, value_text_in(arena, in, number))};
}

/* Texts without the quotation marks that messages give them. */
static struct str plain_text(struct teller *teller, uint32_t instruction, uint32_t row)
{
    struct exact_run *run = teller->run;
    struct exact_value value = exact_get(run, instruction, row);
    if (value.state == STATE_GIVEN && run->shapes[instruction].type == VALUE_TEXT) {
        return run->batch->texts[value.code];
    }
    return exact_value_text(run, instruction, row);
}

struct zuji_value tell_value(struct teller *teller, uint32_t instruction, uint32_t row)
{
    struct exact_value value = exact_get(teller->run, instruction, row);
    if (value.state != STATE_GIVEN) {
        return (struct zuji_value){.unit = "", .text = ""};
    }
    if (teller->run->shapes[instruction].type == VALUE_NUMBER) {
        return tell_number(teller, teller->run->shapes[instruction].unit, value.number);
    }
    return (struct zuji_value){.unit = "", .text = tell_text(teller, plain_text(teller, instruction, row))};
}

/* ---- data ---- */

/* "materials.distance": of a field of any row. */
static struct str field_name(struct teller *teller, uint32_t field)
{
    const struct program *program = teller->run->program;
    struct str name = program->texts[program->fields[field].name];
    for (uint32_t list = program->fields[field].parent; list != NO_INDEX; list = program->fields[list].parent) {
        struct str outer = program->texts[program->fields[list].name];
        name = str_format(teller->run->arena, "%.*s.%.*s", STR_FMT(outer), STR_FMT(name));
    }
    return name;
}

/* The axis of a field's rows, where the program walks them at all; else that of the product. */
static uint32_t axis_of_field(const struct program *program, uint32_t field)
{
    for (uint32_t a = 0; a < program->axis_count; a++) {
        if (program->axes[a].kind == AXIS_LIST && program->axes[a].list == program->fields[field].parent) {
            return a;
        }
    }
    return AXIS_ID_PRODUCT;
}

static void tell_datum(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    struct exact_run *run = teller->run;
    const struct prog_field *field = &run->program->fields[ground->field];
    uint32_t axis = axis_of_field(run->program, ground->field);
    const struct about *about = batch_about(run->batch, ground->field, ground->field_row);
    told->name = tell_text(teller, field_name(teller, ground->field));
    tell_titles(teller, &field->titles, told->title);
    told->clause = tell_label(teller, field->clause);
    told->path =
        tell_text(teller, exact_field_path(run, ground->field, axis, ground->field_row - run->axes[axis].base));
    if (about != NULL) {
        told->source = tell_text(teller, about->source);
        told->period = tell_text(teller, about->period);
        told->uncertainty = tell_text(teller, about->uncertainty_text);
        told->quality = about->quality / 1000.0;
    }
    told->is_primary = ground->kind != GROUND_DEFAULT &&
                       batch_is_primary(run->batch, ground->field, ground->field_row) &&
                       !(about != NULL && about->is_estimated);
}

static void tell_default(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    struct exact_run *run = teller->run;
    const struct instruction *at = &run->program->code[ground->instruction];
    if (ground->field != NO_INDEX) {
        tell_datum(teller, ground, told);
    } else {
        told->name = tell_text(teller, exact_expression(run, ground->instruction));
        told->path = tell_text(teller, exact_row_path(run, at->axis, ground->row));
    }
    told->value = tell_value(teller, at->b, ground->row);
}

static void tell_list(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    const struct prog_field *field = &teller->run->program->fields[ground->field];
    told->name = told->path = tell_text(teller, teller->run->program->texts[field->name]);
    tell_titles(teller, &field->titles, told->title);
    told->clause = tell_label(teller, field->clause);
}

static void tell_supplier(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    const struct program *program = teller->run->program;
    tell_datum(teller, ground, told);
    told->value = tell_value(teller, ground->instruction, ground->row);
    if (ground->factor != NO_INDEX) {
        told->replaces = tell_text(teller, program->texts[program->factors[ground->factor].name]);
    }
}

/* ---- factors ---- */

/* What a row says of its value. */
static void describe_row(struct teller *teller, const struct prog_factor *factor, const struct factor_value *value,
                         struct zuji_ground *told)
{
    told->name = tell_text(teller, teller->run->program->texts[factor->name]);
    tell_titles(teller, &factor->titles, told->title);
    told->year = tell_text(teller, value->year);
    told->source = tell_text(teller, value->source);
    told->clause = tell_label(teller, factor->clause);
    told->licence = tell_text(teller, value->licence);
    told->status = factor_statuses[value->status];
    told->id = tell_text(teller, value->id);
    told->uncertainty = tell_text(teller, value->uncertainty);
    told->quality = value->quality / 1000.0;
    told->is_primary = value->origin == PROG_ORIGIN_PRIMARY;
}

static void tell_factor(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    struct exact_run *run = teller->run;
    const struct prog_factor *factor = &run->program->factors[ground->factor];
    const struct instruction *at = &run->program->code[ground->instruction];
    const struct factor_value *value = ground->value;
    const uint32_t operands[LIMIT_FACTOR_KEYS] = {at->a, at->b, at->c};
    const char **keys = arena_array(teller->arena, const char *, LIMIT_FACTOR_KEYS);
    describe_row(teller, factor, value, told);
    told->component = factor->component == NO_INDEX ? "" : tell_text(teller, run->program->texts[factor->component]);
    for (uint32_t k = 0; k < factor->key_count && k < LIMIT_FACTOR_KEYS; k++) {
        keys[k] = tell_text(teller, plain_text(teller, operands[k], ground->row));
        if (factor->keys[k].type == FACTOR_KEY_REGION) {
            struct str found = factor_region(value->region);
            told->region_asked = keys[k];
            told->region = value->is_default ? "" : found.len == 0 ? "GLO" : tell_text(teller, found);
        } else if (factor->keys[k].type == FACTOR_KEY_YEAR) {
            told->year_asked = keys[k];
        }
    }
    told->keys = keys;
    told->key_count = factor->key_count;
    told->path = tell_text(teller, exact_row_path(run, at->axis, ground->row));
    told->value = tell_number(teller, factor->unit, value->exact);
}

/* ---- cells ---- */

/* The key of a dimension by its code, as it stands in the table. */
static const char *tell_key(struct teller *teller, const struct prog_dimension *dimension, uint32_t code)
{
    const struct program *program = teller->run->program;
    if (dimension->type == VALUE_MEMBER && code < program->choices[dimension->choice].member_count) {
        return tell_text(teller, program->texts[program->choices[dimension->choice].members[code].name]);
    }
    if (dimension->type == VALUE_MEMBER || code >= dimension->key_count) {
        return "otherwise";
    }
    const struct prog_const *key = &program->constants[dimension->keys[code]];
    if (dimension->type == VALUE_TEXT) {
        return tell_text(teller, program->texts[key->text]);
    }
    struct str number = value_number_text(teller->run->arena, program, dimension->unit, key->number);
    if (dimension->type == VALUE_NUMBER) {
        number = str_format(teller->run->arena, "%s %.*s", dimension->is_below[code] ? "<" : "<=", STR_FMT(number));
    }
    return tell_text(teller, number);
}

/* The codes of the keys under which the row was looked up; where it was not (it was picked), of the first that lead to
 * it. */
static void find_codes(struct teller *teller, const struct prog_table *table, const struct ground *ground,
                       uint32_t codes[LIMIT_TABLE_DIMENSIONS])
{
    const struct program *program = teller->run->program;
    const struct instruction *cell = &program->code[program->code[ground->instruction].a];
    const uint32_t operands[LIMIT_TABLE_DIMENSIONS] = {cell->a, cell->b, cell->c};
    uint32_t slot = 0;
    while (slot < table->row_slots && table->rows[slot] != ground->table_row) {
        slot++;
    }
    for (uint32_t d = table->dimension_count; d-- > 0;) {
        const struct prog_dimension *dimension = &table->dimensions[d];
        uint32_t count =
            dimension->has_otherwise +
            (dimension->type == VALUE_MEMBER ? program->choices[dimension->choice].member_count : dimension->key_count);
        codes[d] = cell->op == OP_CELL ? (uint32_t)exact_get(teller->run, operands[d], ground->row).code : slot % count;
        slot /= count;
    }
}

static void tell_keys(struct teller *teller, const struct prog_table *table, const struct ground *ground,
                      struct zuji_ground *told)
{
    const char **keys = arena_array(teller->arena, const char *, LIMIT_TABLE_DIMENSIONS);
    uint32_t codes[LIMIT_TABLE_DIMENSIONS];
    find_codes(teller, table, ground, codes);
    for (uint32_t d = 0; d < table->dimension_count; d++) {
        keys[d] = tell_key(teller, &table->dimensions[d], codes[d]);
    }
    told->keys = keys;
    told->key_count = table->dimension_count;
}

static void tell_cell(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    struct exact_run *run = teller->run;
    const struct prog_table *table = &run->program->tables[ground->table];
    struct str name = run->program->texts[table->name];
    struct str column = run->program->texts[table->columns[ground->column].name];
    if (column.len > 0) {
        name = str_format(run->arena, "%.*s.%.*s", STR_FMT(name), STR_FMT(column));
    }
    told->name = tell_text(teller, name);
    tell_keys(teller, table, ground, told);
    told->path = tell_text(teller, exact_row_path(run, run->program->code[ground->instruction].axis, ground->row));
    told->value = tell_value(teller, ground->instruction, ground->row);
    tell_titles(teller, &table->titles, told->title);
    told->source = tell_label(teller, table->cite);
    told->clause = tell_label(teller, table->clause);
}

static void tell_constant(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    const struct prog_site *site = &teller->run->program->sites[ground->instruction];
    told->name = tell_label(teller, site->path);
    told->clause = tell_label(teller, site->clause);
    told->value = tell_value(teller, ground->instruction, 0);
}

void tell_naming(struct teller *teller, const struct prog_naming *naming, struct zuji_ground *told)
{
    if (naming != NULL) {
        told->name = tell_label(teller, naming->path);
        told->clause = tell_label(teller, naming->clause);
        told->source = tell_label(teller, naming->cite);
    }
}

static void tell_native(struct teller *teller, const struct ground *ground, struct zuji_ground *told)
{
    struct exact_run *run = teller->run;
    const struct prog_native *native = &run->program->natives[ground->native];
    told->name = tell_text(teller, run->program->texts[native->name]);
    told->path = tell_text(teller, exact_row_path(run, run->program->code[ground->instruction].axis, ground->row));
    told->value = tell_value(teller, ground->instruction, ground->row);
    tell_titles(teller, &native->titles, told->title);
    told->source = tell_label(teller, native->cite);
    told->clause = tell_label(teller, native->clause);
}

/* ---- all ---- */

static struct zuji_ground nothing(uint32_t rows)
{
    return (struct zuji_ground){
        .name = "",
        .component = "",
        .title = {"",         ""        },
        .path = "",
        .rows = rows,
        .value = {.unit = "", .text = ""},
        .source = "",
        .licence = "",
        .status = "",
        .id = "",
        .uncertainty = "",
        .clause = "",
        .period = "",
        .region = "",
        .region_asked = "",
        .year = "",
        .year_asked = "",
        .replaces = ""
    };
}

struct zuji_ground tell_ground(struct teller *teller, const struct ground *ground, uint32_t rows)
{
    struct zuji_ground told = nothing(rows);
    switch (ground->kind) {
    case GROUND_DEFAULT:
        told.kind = ZUJI_DEFAULT;
        tell_default(teller, ground, &told);
        break;
    case GROUND_LIST_ABSENT:
        told.kind = ZUJI_LIST_ABSENT;
        tell_list(teller, ground, &told);
        break;
    case GROUND_ESTIMATE:
        told.kind = ZUJI_ESTIMATE;
        tell_datum(teller, ground, &told);
        told.value = tell_value(teller, ground->instruction, ground->row);
        break;
    case GROUND_FACTOR:
        told.kind = ZUJI_FACTOR;
        tell_factor(teller, ground, &told);
        break;
    case GROUND_SUPPLIER:
        told.kind = ZUJI_SUPPLIER;
        tell_supplier(teller, ground, &told);
        break;
    case GROUND_CELL:
        told.kind = ZUJI_CELL;
        tell_cell(teller, ground, &told);
        break;
    case GROUND_DATUM:
        told.kind = ZUJI_DATUM;
        tell_datum(teller, ground, &told);
        told.value = tell_value(teller, ground->instruction, ground->row);
        break;
    case GROUND_NATIVE:
        told.kind = ZUJI_EXTERNAL;
        tell_native(teller, ground, &told);
        break;
    case GROUND_CONSTANT:
    case GROUND_KIND_COUNT:
        told.kind = ZUJI_CONSTANT;
        tell_constant(teller, ground, &told);
        break;
    }
    return told;
}

struct zuji_ground tell_factor_row(struct teller *teller, uint32_t factor, const struct factor_value *value)
{
    const struct prog_factor *declared = &teller->run->program->factors[factor];
    const struct factor_draw *draw = value->draw;
    struct zuji_ground told = nothing(1);
    const char **keys = arena_array(teller->arena, const char *, LIMIT_FACTOR_KEYS);
    told.kind = ZUJI_FACTOR;
    describe_row(teller, declared, value, &told);
    for (uint32_t k = 0; k < draw->key_count; k++) {
        bool is_world = declared->keys[k].type == FACTOR_KEY_REGION && draw->keys[k].len == 0;
        keys[k] = is_world ? "GLO" : tell_text(teller, draw->keys[k]);
    }
    told.keys = keys;
    told.key_count = draw->key_count;
    told.value = tell_number(teller, declared->unit, rat_of_datum(teller->run->arena, draw->uncertainty.value));
    return told;
}
