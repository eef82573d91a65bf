/* Single data: from a node to a cell of a column. */
#include "base/calendar.h"
#include "base/decimal.h"
#include "vm/bind_parts.h"
#include "vm/value_text.h"

static bool read_value_object(struct binder *binder, struct datum *datum);
static void store(struct binder *binder, const struct datum *datum);

static const struct prog_field *declared(const struct binder *binder, uint32_t field)
{
    return &binder->program->fields[field];
}

static struct column *column_of(struct binder *binder, const struct datum *datum)
{
    return &binder->fields[datum->field].column;
}

bool bind_value(struct binder *binder, uint32_t field, uint32_t row, uint32_t node)
{
    struct datum datum = {.field = field, .row = row, .node = node};
    if (bind_node(binder, node)->type == JSON_OBJECT && !read_value_object(binder, &datum)) {
        return true;
    }
    if (bind_node(binder, datum.node)->type == JSON_NULL) {
        return false;
    }
    store(binder, &datum);
    if (datum.keys[DATUM_VALUE] != 0) {
        bind_about(binder, &datum);
    }
    return true;
}

struct str bind_written(struct binder *binder, uint32_t node)
{
    const struct json_node *at = bind_node(binder, node);
    switch (at->type) {
    case JSON_NULL:
        return STR("null");
    case JSON_FALSE:
        return STR("false");
    case JSON_TRUE:
        return STR("true");
    case JSON_ARRAY:
        return STR("[\u2026]");
    case JSON_OBJECT:
        return STR("{\u2026}");
    case JSON_NUMBER:
    case JSON_CELL:
        return excerpt_of(&binder->batch->arena, at->text);
    case JSON_STRING:
        break;
    }
    struct str parts[] = {STR("\""), excerpt_of(&binder->batch->arena, at->text), STR("\"")};
    return str_join(&binder->batch->arena, parts, countof(parts), STR(""));
}

/* A message about the datum with the value as it was written as its first argument. */
static void refuse(struct binder *binder, enum diag_code code, const struct datum *datum)
{
    bind_report(binder, code, datum->node, datum->field, DIAG_ARGS(bind_written(binder, datum->node)));
}

/* --- {"value": 1.2, "unit": "MWh", "origin": "primary"} --- */

static void report_unknown_key(struct binder *binder, const struct datum *datum, uint32_t key)
{
    struct str name = excerpt_of(&binder->batch->arena, bind_node(binder, key)->text);
    struct str nearest = datum_key_nearest(name);
    if (nearest.len != 0) {
        bind_report(binder, D_DATA_UNKNOWN_FIELD_NEAR, key, datum->field, DIAG_ARGS(name, nearest));
    } else {
        bind_report(binder, D_DATA_UNKNOWN_FIELD, key, datum->field, DIAG_ARGS(name));
    }
}

/* False where a message was given. */
static bool read_value_object(struct binder *binder, struct datum *datum)
{
    uint32_t object = datum->node;
    uint32_t end = bind_node(binder, object)->next;
    for (uint32_t key = object + 1; key < end; key = bind_node(binder, key + 1)->next) {
        struct str name = bind_node(binder, key)->text;
        enum datum_key which;
        if (!datum_key_read(name, &which)) {
            report_unknown_key(binder, datum, key);
        } else if (datum->keys[which] != 0) {
            bind_report(binder, D_DATA_TWICE, key, datum->field, DIAG_ARGS(name));
        } else {
            datum->keys[which] = key + 1;
        }
    }
    if (datum->keys[DATUM_VALUE] == 0) {
        bind_report(binder, D_DATA_VALUE_MISSING, object, datum->field, NULL, 0);
        return false;
    }
    datum->node = datum->keys[DATUM_VALUE];
    for (int key = 0; key < DATUM_KEY_COUNT; key++) { /* null is the same as missing */
        if (datum->keys[key] != 0 && bind_node(binder, datum->keys[key])->type == JSON_NULL) {
            datum->keys[key] = 0;
        }
    }
    return true;
}

/* --- numbers --- */

/* A number as it is written: digits, and the unit's text with the node to blame; an empty unit is none. */
struct amount {
    struct str digits, unit;
    uint32_t unit_node;
};

static bool is_text(enum json_type type)
{
    return type == JSON_STRING || type == JSON_CELL;
}

/* Behind the digits goes on what no unit begins with: "1/2 kg", "16-Jan", "5~6", "10±1", "1:2". */
static bool is_other_writing(struct str unit)
{
    static const struct str signs[] = {
        {"/", 1}, {"-", 1}, {"+", 1}, {"~", 1}, {":", 1}, {"*", 1}, {"=", 1}, {"±", 2}, {"–", 3}, {"—", 3}, {"～", 3}, {"：", 3}};
    for (size_t i = 0; i < countof(signs); i++) {
        if (str_starts(unit, signs[i])) {
            return true;
        }
    }
    return false;
}

/* False with a message where it is no number. */
static bool split_amount(struct binder *binder, const struct datum *datum, struct amount *amount)
{
    const struct json_node *node = bind_node(binder, datum->node);
    *amount = (struct amount){.unit_node = datum->keys[DATUM_UNIT]};
    if (datum->keys[DATUM_UNIT] != 0) {
        if (!is_text(bind_node(binder, datum->keys[DATUM_UNIT])->type)) {
            struct str written = bind_written(binder, datum->keys[DATUM_UNIT]);
            bind_report(binder, D_DATA_BAD_UNIT, datum->keys[DATUM_UNIT], datum->field, DIAG_ARGS(written));
            return false;
        }
        amount->unit = str_trim(bind_node(binder, datum->keys[DATUM_UNIT])->text);
    }
    if (node->type == JSON_NUMBER) {
        amount->digits = node->text;
        return true;
    }
    struct str text = str_trim(node->text);
    size_t len = is_text(node->type) ? number_length(text) : 0;
    if (len == 0) {
        refuse(binder, D_DATA_NUMBER_EXPECTED, datum);
        return false;
    }
    struct str meant;
    if (number_is_grouped(&binder->batch->arena, text, &meant)) {
        struct str args[] = {bind_written(binder, datum->node), meant};
        enum diag_code code = meant.len > 0 ? D_DATA_GROUPED_NEAR : D_DATA_GROUPED;
        bind_report(binder, code, datum->node, datum->field, args, countof(args));
        return false;
    }
    amount->digits = str_slice(text, 0, len);
    struct str unit = str_trim(str_slice(text, len, text.len));
    if (is_other_writing(unit)) {
        refuse(binder, D_DATA_NUMBER_EXPECTED, datum);
        return false;
    }
    if (unit.len != 0 && amount->unit.len != 0 && !str_eq(unit, amount->unit)) {
        bind_report(
            binder, D_DATA_TWO_UNITS, datum->node, datum->field,
            DIAG_ARGS(excerpt_of(&binder->batch->arena, unit), excerpt_of(&binder->batch->arena, amount->unit)));
        return false;
    }
    if (unit.len != 0) {
        amount->unit = unit;
        amount->unit_node = datum->node;
    }
    return true;
}

static void report_unit(struct binder *binder, const struct datum *datum, const struct amount *amount,
                        struct unit_parse parse)
{
    struct arena *arena = &binder->batch->arena;
    struct str word = excerpt_of(arena, parse.word.len == 0 ? amount->unit : parse.word);
    if (parse.error != UNIT_UNKNOWN) {
        bind_report(binder, D_DATA_BAD_UNIT, amount->unit_node, datum->field,
                    DIAG_ARGS(excerpt_of(arena, amount->unit)));
        return;
    }
    struct str nearest = data_unit_nearest(binder->units, word);
    if (nearest.len != 0) {
        bind_report(binder, D_DATA_UNKNOWN_UNIT_NEAR, amount->unit_node, datum->field, DIAG_ARGS(word, nearest));
    } else {
        bind_report(binder, D_DATA_UNKNOWN_UNIT, amount->unit_node, datum->field, DIAG_ARGS(word));
    }
}

/* A temperature where a difference of temperatures is wanted, or the other way round: with the same reading of the
   thermometer in the unit that is wanted. */
static void report_point(struct binder *binder, const struct datum *datum, const struct amount *amount,
                         const struct unit *from, const struct unit *to)
{
    const int digits = 15;
    struct arena *arena = &binder->batch->arena;
    struct str given = excerpt_of(arena, amount->unit);
    struct str wanted = data_unit_text(binder->units, declared(binder, datum->field)->unit);
    struct str parts[] = {excerpt_of(arena, amount->digits), wanted};
    struct rat number;
    if (decimal_to_rat(arena, amount->digits, &number)) {
        struct rat coherent = rat_mul(arena, number, from->scale);
        coherent = to->is_point ? rat_sub(arena, coherent, to->offset) : coherent;
        parts[0] = rat_decimal(arena, rat_div(arena, coherent, to->scale), digits);
    }
    struct str meant = str_join(arena, parts, countof(parts), STR(" "));
    bind_report(binder, to->is_point ? D_DATA_POINT_EXPECTED : D_DATA_DIFFERENCE_EXPECTED, amount->unit_node,
                datum->field, DIAG_ARGS(given, wanted, meant));
}

/* The unit the amount is given in. False with a message where it is none, or of another kind than the field's. */
static bool read_unit(struct binder *binder, const struct datum *datum, const struct amount *amount, struct unit *unit)
{
    struct unit_parse parse = data_unit_read(binder->units, amount->unit, unit);
    if (parse.error != UNIT_OK) {
        report_unit(binder, datum, amount, parse);
        return false;
    }
    uint16_t wanted = declared(binder, datum->field)->unit;
    const struct unit *expected = data_unit_of(binder->units, wanted);
    if (data_unit_fits(unit, expected)) {
        return true;
    }
    if (kind_eq(unit->kind, expected->kind)) {
        report_point(binder, datum, amount, unit, expected);
        return false;
    }
    struct str given = excerpt_of(&binder->batch->arena, amount->unit);
    bind_report(binder, D_DATA_UNIT_MISMATCH, amount->unit_node, datum->field,
                DIAG_ARGS(given, data_unit_text(binder->units, wanted)));
    return false;
}

/* Doubles decide where they differ: rounding to the nearest one keeps the order. */
static int compare_bound(struct binder *binder, const struct data_number *number, const struct bound *bound)
{
    if (number->value != bound->value) {
        return number->value < bound->value ? -1 : 1;
    }
    struct arena *arena = &binder->batch->arena;
    return rat_cmp(arena, number_exact(arena, number), bound->exact);
}

static struct str bound_text(struct binder *binder, const struct datum *datum, const struct bound *bound)
{
    const int digits = 15;
    const struct prog_field *field = declared(binder, datum->field);
    int64_t days = 0;
    if (field->type == VALUE_DATE && rat_to_i64(bound->exact, &days)) {
        return calendar_text(&binder->batch->arena, days);
    }
    struct str unit = field->type == VALUE_NUMBER ? data_unit_text(binder->units, field->unit) : STR("1");
    struct str parts[] = {rat_decimal(&binder->batch->arena, bound->exact, digits), unit};
    return str_join(&binder->batch->arena, parts, str_eq(unit, STR("1")) ? 1 : 2, STR(" "));
}

/* A number with the unit it is given in, where it says one: a bare number is in the unit of the field. */
static struct str amount_written(struct binder *binder, const struct datum *datum)
{
    struct str written = bind_written(binder, datum->node);
    if (datum->keys[DATUM_UNIT] == 0) {
        return written;
    }
    struct arena *arena = &binder->batch->arena;
    struct str parts[] = {written, excerpt_of(arena, bind_node(binder, datum->keys[DATUM_UNIT])->text)};
    return str_join(arena, parts, countof(parts), STR(" "));
}

static void check_range(struct binder *binder, const struct datum *datum, const struct data_number *number)
{
    const struct field_schema *schema = &binder->fields[datum->field];
    bool is_amount = declared(binder, datum->field)->type == VALUE_NUMBER;
    if (schema->low.is_there && compare_bound(binder, number, &schema->low) < 0) {
        if (is_amount && rat_sign(schema->low.exact) == 0) {
            refuse(binder, D_DATA_NEGATIVE, datum);
            return;
        }
        bind_report(binder, D_DATA_TOO_SMALL, datum->node, datum->field,
                    DIAG_ARGS(amount_written(binder, datum), bound_text(binder, datum, &schema->low)));
    }
    if (schema->high.is_there && compare_bound(binder, number, &schema->high) > 0) {
        bind_report(binder, D_DATA_TOO_LARGE, datum->node, datum->field,
                    DIAG_ARGS(amount_written(binder, datum), bound_text(binder, datum, &schema->high)));
    }
}

/* 0.5 in a field of percents may be meant as a half. */
static void warn_of_share(struct binder *binder, const struct datum *datum, double value)
{
    if (!binder->fields[datum->field].is_percent || value == 0 || value > 1 || value < -1) {
        return;
    }
    struct arena *arena = &binder->batch->arena;
    struct rat hundredfold = rat_mul(arena, rat_of_datum(arena, value), rat_int(100));
    struct str digits = excerpt_of(arena, str_trim(bind_node(binder, datum->node)->text));
    bind_report(binder, D_DATA_SHARE, datum->node, datum->field,
                DIAG_ARGS(digits, rat_decimal(arena, hundredfold, 15)));
}

static void keep_exact(struct binder *binder, const struct datum *datum, const struct data_number *number)
{
    struct batch *batch = binder->batch;
    arena_grow(&batch->arena, batch->exact, binder->exact_count, binder->exact_cap);
    batch->exact[binder->exact_count++] = (struct exact_cell){datum->field, datum->row, number->exact};
}

static void store_number(struct binder *binder, const struct datum *datum)
{
    struct amount amount;
    struct unit unit;
    struct data_number number;
    if (!split_amount(binder, datum, &amount)) {
        return;
    }
    bool has_unit = amount.unit.len != 0;
    if (has_unit && !read_unit(binder, datum, &amount, &unit)) {
        return;
    }
    const struct unit *wanted = data_unit_of(binder->units, declared(binder, datum->field)->unit);
    enum diag_code problem =
        number_read(&binder->batch->arena, amount.digits, has_unit ? &unit : NULL, wanted, &number);
    if (problem != DIAG_NONE) {
        refuse(binder, problem, datum);
        return;
    }
    check_range(binder, datum, &number);
    if (!has_unit) {
        warn_of_share(binder, datum, number.value);
    }
    if (number.is_aside) {
        keep_exact(binder, datum, &number);
    }
    struct column *column = column_of(binder, datum);
    column->given[datum->row] = 1;
    column->as.number[datum->row] = number.value;
}

/* --- other types --- */

static void store_text(struct binder *binder, const struct datum *datum)
{
    const struct json_node *node = bind_node(binder, datum->node);
    bool is_number_id = node->type == JSON_NUMBER && datum->field == binder->id_field;
    if (!is_text(node->type) && !is_number_id) {
        refuse(binder, D_DATA_TEXT_EXPECTED, datum);
        return;
    }
    if (node->text.len > LIMIT_TEXT) {
        refuse(binder, D_DATA_LONG_TEXT, datum);
        return;
    }
    struct column *column = column_of(binder, datum);
    column->given[datum->row] = 1;
    column->as.code[datum->row] = bind_intern(binder, node->text);
}

static void store_bool(struct binder *binder, const struct datum *datum)
{
    const struct json_node *node = bind_node(binder, datum->node);
    bool value = node->type == JSON_TRUE;
    bool is_bool =
        value || node->type == JSON_FALSE || (node->type == JSON_CELL && truth_read(str_trim(node->text), &value));
    if (!is_bool) {
        refuse(binder, D_DATA_BOOL_EXPECTED, datum);
        return;
    }
    struct column *column = column_of(binder, datum);
    column->given[datum->row] = 1;
    column->as.flag[datum->row] = value;
}

static void store_whole(struct binder *binder, const struct datum *datum, int32_t value)
{
    check_range(binder, datum, &(struct data_number){.value = value});
    struct column *column = column_of(binder, datum);
    column->given[datum->row] = 1;
    column->as.whole[datum->row] = value;
}

static void store_year(struct binder *binder, const struct datum *datum)
{
    const struct json_node *node = bind_node(binder, datum->node);
    int32_t year = 0;
    bool is_written = is_text(node->type) || node->type == JSON_NUMBER;
    if (!is_written || !calendar_read_digits(str_trim(node->text), &year) || year == 0) {
        refuse(binder, D_DATA_YEAR_EXPECTED, datum);
        return;
    }
    store_whole(binder, datum, year);
}

static void store_date(struct binder *binder, const struct datum *datum)
{
    const struct json_node *node = bind_node(binder, datum->node);
    int32_t days = 0;
    if (!is_text(node->type) || !calendar_read(str_trim(node->text), &days)) {
        refuse(binder, D_DATA_DATE_EXPECTED, datum);
        return;
    }
    store_whole(binder, datum, days);
}

/* The choice by its name; in Chinese the field by its title, where it has one. */
static struct str choice_text(struct binder *binder, const struct prog_field *field)
{
    struct str name = schema_text(binder->program, binder->program->choices[field->choice].name);
    uint32_t title = field->titles.label[LANG_ZH];
    return title == NO_INDEX ? name : diag_both(&binder->batch->arena, name, binder->program->labels[title]);
}

static void report_unknown_member(struct binder *binder, const struct datum *datum, struct str text)
{
    struct arena *arena = &binder->batch->arena;
    uint32_t choice = declared(binder, datum->field)->choice;
    struct str name = choice_text(binder, declared(binder, datum->field));
    struct str nearest = schema_nearest(arena, &binder->codes[choice], text);
    struct str written = bind_written(binder, datum->node);
    struct str known = nearest.len != 0 ? nearest : value_members_text(arena, binder->program, choice);
    bind_report(binder, nearest.len != 0 ? D_DATA_UNKNOWN_MEMBER_NEAR : D_DATA_UNKNOWN_MEMBER, datum->node,
                datum->field, DIAG_ARGS(written, name, known));
}

static void store_member(struct binder *binder, const struct datum *datum)
{
    const struct json_node *node = bind_node(binder, datum->node);
    struct str text = str_trim(node->text); /* a code may look like a number */
    uint32_t member = 0;
    bool is_written = is_text(node->type) || node->type == JSON_NUMBER;
    if (!is_written) {
        refuse(binder, D_DATA_TEXT_EXPECTED, datum);
        return;
    }
    if (!map_get(&binder->codes[declared(binder, datum->field)->choice], text, &member)) {
        report_unknown_member(binder, datum, text);
        return;
    }
    struct column *column = column_of(binder, datum);
    column->given[datum->row] = 1;
    column->as.code[datum->row] = member;
}

static void store(struct binder *binder, const struct datum *datum)
{
    enum value_type type = (enum value_type)declared(binder, datum->field)->type;
    if (type != VALUE_NUMBER && datum->keys[DATUM_UNIT] != 0) {
        bind_report(binder, D_DATA_UNIT_UNWANTED, datum->keys[DATUM_UNIT], datum->field, NULL, 0);
        return;
    }
    switch (type) {
    case VALUE_NUMBER:
        store_number(binder, datum);
        break;
    case VALUE_BOOL:
        store_bool(binder, datum);
        break;
    case VALUE_MEMBER:
        store_member(binder, datum);
        break;
    case VALUE_TEXT:
        store_text(binder, datum);
        break;
    case VALUE_YEAR:
        store_year(binder, datum);
        break;
    case VALUE_DATE:
        store_date(binder, datum);
        break;
    case VALUE_ROW: /* no types of data: the verifier lets no such field pass */
    case VALUE_KEY:
        break;
    }
}
