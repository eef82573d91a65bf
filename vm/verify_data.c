/* Verifier: what the data of a rule are: choices, fields, tables, factors. */
#include "base/map.h"
#include "vm/verify_parts.h"

/* A datum's type with what belongs to it and nothing else. */
static bool is_datum(uint8_t type, uint32_t choice, uint16_t unit)
{
    return type <= VALUE_DATE && (choice != NO_INDEX) == (type == VALUE_MEMBER) && (unit == 0 || type == VALUE_NUMBER);
}

/* Is the constant a value of this type? */
static bool is_value(const struct program *program, uint32_t constant, uint8_t type, uint32_t choice)
{
    const struct prog_const *value = &program->constants[constant];
    return value->type == type && value->of == choice;
}

static bool check_choice(struct verifier *verifier, uint32_t number)
{
    const struct prog_choice *choice = &verifier->program->choices[number];
    if (choice->member_count == 0) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "choices", number, "members");
    }
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < choice->member_count; i++) {
        if (!verify_name_is_new(verifier, choice->members[i].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "choices", number, "members.name");
        }
    }
    verify_names_begin(verifier);
    for (uint32_t i = 0; i < choice->member_count; i++) {
        if (!verify_name_is_new(verifier, choice->members[i].code)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "choices", number, "members.code");
        }
    }
    return true;
}

/* ---- fields ---- */

/* A datum that is always there and may be compared for equality. */
static bool is_key_of(const struct program *program, uint32_t list, uint32_t key)
{
    const struct prog_field *field = &program->fields[key];
    bool is_plain = field->type != VALUE_NUMBER || (program->units[field->unit].kind.count == 0 &&
                                                    !program->units[field->unit].is_point);
    return field->parent == list && field->is_list == 0 && field->is_optional == 0 && field->type != VALUE_BOOL &&
           is_plain;
}

static bool check_list(struct verifier *verifier, uint32_t number)
{
    const struct prog_field *field = &verifier->program->fields[number];
    bool is_plain = field->type == 0 && field->choice == NO_INDEX && field->unit == 0 && field->low == NO_INDEX &&
                    field->high == NO_INDEX && field->has_default == 0 && field->has_cut <= 1;
    bool has_key = field->key == NO_INDEX || is_key_of(verifier->program, number, field->key);
    return (is_plain && has_key) ||
           verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, has_key ? "is_list" : "key");
}

static bool check_bound(struct verifier *verifier, uint32_t number, uint32_t constant)
{
    const struct prog_field *field = &verifier->program->fields[number];
    bool has_order = field->type == VALUE_NUMBER || field->type == VALUE_YEAR || field->type == VALUE_DATE;
    return constant == NO_INDEX || (has_order && is_value(verifier->program, constant, field->type, NO_INDEX));
}

static bool check_scalar(struct verifier *verifier, uint32_t number)
{
    const struct prog_field *field = &verifier->program->fields[number];
    if (!is_datum(field->type, field->choice, field->unit)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, "type");
    }
    bool is_default_optional = field->has_default <= 1 && field->has_default <= field->is_optional;
    if (!is_default_optional || field->has_cut != 0 || field->key != NO_INDEX) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, "has_default");
    }
    /* Constants of one type are sorted by value, so their numbers compare as they do. */
    bool is_range = field->low == NO_INDEX || field->high == NO_INDEX || field->low <= field->high;
    if (!check_bound(verifier, number, field->low) || !check_bound(verifier, number, field->high) || !is_range) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, "range");
    }
    return true;
}

static bool check_parent(struct verifier *verifier, uint32_t number, uint8_t *depths)
{
    const struct program *program = verifier->program;
    const struct prog_field *field = &program->fields[number];
    if (field->is_list > 1 || field->is_optional > 1 || field->origin > PROG_ORIGIN_SECONDARY) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, "type");
    }
    if (field->parent != NO_INDEX && (field->parent >= number || program->fields[field->parent].is_list == 0)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, "parent");
    }
    uint8_t outer = field->parent == NO_INDEX ? 0 : depths[field->parent];
    depths[number] = (uint8_t)(outer + field->is_list);
    return depths[number] <= LIMIT_LIST_DEPTH || verify_refuse(verifier, D_PROGRAM_VALUE, "fields", number, "parent");
}

/* A list with a cut-off has an optional text field "cut". */
static bool check_cuts(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint8_t *found = arena_array(verifier->arena, uint8_t, program->field_count);
    for (uint32_t i = 0; i < program->field_count; i++) {
        const struct prog_field *field = &program->fields[i];
        bool is_cut = str_eq(program->texts[field->name], STR("cut")) && field->type == VALUE_TEXT;
        if (field->parent != NO_INDEX && field->is_list == 0 && field->is_optional == 1 && is_cut) {
            found[field->parent] = 1;
        }
    }
    for (uint32_t i = 0; i < program->field_count; i++) {
        if (program->fields[i].has_cut > found[i]) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "fields", i, "has_cut");
        }
    }
    return true;
}

static bool check_fields(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint8_t *depths = arena_array(verifier->arena, uint8_t, program->field_count);
    uint32_t(*names)[2] = arena_alloc(verifier->arena, program->field_count, sizeof *names);
    struct map seen = map_in(verifier->arena);
    for (uint32_t i = 0; i < program->field_count; i++) {
        const struct prog_field *field = &program->fields[i];
        bool is_well_formed = check_parent(verifier, i, depths) &&
                              (field->is_list == 1 ? check_list(verifier, i) : check_scalar(verifier, i));
        if (!is_well_formed) {
            return false;
        }
        names[i][0] = field->parent;
        names[i][1] = field->name;
        if (!map_add(&seen, (struct str){(const char *)names[i], sizeof names[i]}, i)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "fields", i, "name");
        }
    }
    return check_cuts(verifier);
}

/* ---- tables ---- */

static bool has_named_keys(uint8_t type)
{
    return type == VALUE_TEXT || type == VALUE_YEAR || type == VALUE_NUMBER;
}

/* Number of its key codes, 0 where the dimension is refused. */
static uint32_t check_dimension(struct verifier *verifier, uint32_t table, const struct prog_dimension *dimension)
{
    const struct program *program = verifier->program;
    bool is_member = dimension->type == VALUE_MEMBER;
    bool is_well_formed = (is_member || has_named_keys(dimension->type)) &&
                          is_datum(dimension->type, dimension->choice, dimension->unit) &&
                          !(is_member && (dimension->key_count > 0 || dimension->has_otherwise));
    if (!is_well_formed) {
        verify_refuse(verifier, D_PROGRAM_VALUE, "tables", table, "dimensions");
        return 0;
    }
    if (is_member) {
        return program->choices[dimension->choice].member_count;
    }
    for (uint32_t i = 0; i < dimension->key_count; i++) {
        if (!is_value(program, dimension->keys[i], dimension->type, NO_INDEX) ||
            (dimension->type == VALUE_NUMBER && dimension->is_below[i] > 1)) {
            verify_refuse(verifier, D_PROGRAM_VALUE, "tables", table, "dimensions.keys");
            return 0;
        }
        if (i > 0 && dimension->keys[i - 1] >= dimension->keys[i]) {
            verify_refuse(verifier, D_PROGRAM_ORDER, "tables", table, "dimensions.keys");
            return 0;
        }
    }
    uint32_t codes = dimension->key_count + dimension->has_otherwise;
    if (codes == 0) {
        verify_refuse(verifier, D_PROGRAM_VALUE, "tables", table, "dimensions.keys");
    }
    return codes;
}

static bool check_rows(struct verifier *verifier, uint32_t number)
{
    const struct prog_table *table = &verifier->program->tables[number];
    struct arena_mark mark = arena_mark(verifier->arena);
    uint8_t *is_used = arena_array(verifier->arena, uint8_t, table->row_count);
    uint32_t used = 0;
    for (uint32_t i = 0; i < table->row_slots; i++) {
        if (table->rows[i] == NO_INDEX) {
            verifier->has_holes[number] = 1;
        } else if (!is_used[table->rows[i]]) {
            is_used[table->rows[i]] = 1;
            used++;
        }
    }
    arena_reset(verifier->arena, mark);
    return used == table->row_count || verify_refuse(verifier, D_PROGRAM_UNUSED, "tables", number, "rows");
}

static bool check_column(struct verifier *verifier, uint32_t number, const struct prog_column *column)
{
    const struct program *program = verifier->program;
    if (!is_datum(column->type, column->choice, column->unit) || column->is_optional > 1) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "tables", number, "columns.type");
    }
    for (uint32_t i = 0; i < program->tables[number].row_count; i++) {
        bool is_given = column->cells[i] != NO_INDEX;
        if (is_given ? !is_value(program, column->cells[i], column->type, column->choice) : !column->is_optional) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "tables", number, "columns.cells");
        }
    }
    return true;
}

static bool check_table(struct verifier *verifier, uint32_t number)
{
    const struct prog_table *table = &verifier->program->tables[number];
    uint64_t slots = 1; /* at most LIMIT_TABLE_CELLS before each step, so 64 bits hold the product */
    for (uint32_t d = 0; d < table->dimension_count; d++) {
        uint32_t codes = check_dimension(verifier, number, &table->dimensions[d]);
        if (codes == 0) {
            return false;
        }
        slots *= codes;
        if (slots > LIMIT_TABLE_CELLS) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "tables", number, "rows");
        }
    }
    if (table->dimension_count == 0 || slots != table->row_slots || table->row_count == 0 || table->column_count == 0) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "tables", number, "rows");
    }
    verify_names_begin(verifier);
    for (uint32_t c = 0; c < table->column_count; c++) {
        if (!check_column(verifier, number, &table->columns[c])) {
            return false;
        }
        if (!verify_name_is_new(verifier, table->columns[c].name)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "tables", number, "columns.name");
        }
    }
    return check_rows(verifier, number);
}

/* ---- factors ---- */

static bool check_factor(struct verifier *verifier, uint32_t number)
{
    const struct program *program = verifier->program;
    const struct prog_factor *factor = &program->factors[number];
    for (uint32_t k = 0; k < factor->key_count; k++) {
        bool is_member = factor->keys[k].type == FACTOR_KEY_MEMBER;
        if (factor->keys[k].type > FACTOR_KEY_REGION || is_member != (factor->keys[k].choice != NO_INDEX)) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "factors", number, "keys");
        }
    }
    if (program->units[factor->unit].is_point) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "factors", number, "unit");
    }
    if (factor->fallback != NO_INDEX && !is_value(program, factor->fallback, VALUE_NUMBER, NO_INDEX)) {
        return verify_refuse(verifier, D_PROGRAM_VALUE, "factors", number, "fallback");
    }
    return true;
}

/* Components of one family stand under its name, each once. */
static bool check_factors(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    uint32_t(*names)[2] = arena_alloc(verifier->arena, program->factor_count, sizeof *names);
    struct map seen = map_in(verifier->arena);
    for (uint32_t i = 0; i < program->factor_count; i++) {
        if (!check_factor(verifier, i)) {
            return false;
        }
        names[i][0] = program->factors[i].name;
        names[i][1] = program->factors[i].component;
        if (!map_add(&seen, (struct str){(const char *)names[i], sizeof names[i]}, i)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "factors", i, "name");
        }
    }
    return true;
}

/* ---- external functions ---- */

static bool check_natives(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct map seen = map_in(verifier->arena);
    for (uint32_t i = 0; i < program->native_count; i++) {
        const struct prog_native *native = &program->natives[i];
        bool is_point = program->units[native->unit].is_point;
        for (uint32_t k = 0; k < native->param_count; k++) {
            is_point = is_point || program->units[native->params[k]].is_point;
        }
        if (is_point || native->param_count == 0) {
            return verify_refuse(verifier, D_PROGRAM_VALUE, "natives", i, is_point ? "unit" : "params");
        }
        if (!map_add(&seen, program->texts[native->name], i)) {
            return verify_refuse(verifier, D_PROGRAM_ORDER, "natives", i, "name");
        }
    }
    return true;
}

bool verify_data(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->choice_count; i++) {
        if (!check_choice(verifier, i)) {
            return false;
        }
    }
    if (!check_fields(verifier)) {
        return false;
    }
    verifier->has_holes = arena_array(verifier->arena, uint8_t, program->table_count);
    for (uint32_t i = 0; i < program->table_count; i++) {
        if (!check_table(verifier, i)) {
            return false;
        }
    }
    return check_factors(verifier) && check_natives(verifier);
}
