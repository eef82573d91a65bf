#include "tests/unit/program_sample.h"

#include <assert.h>

enum { PRODUCT = AXIS_ID_PRODUCT };

/* The pieces of the sample that several parts use. */
struct parts {
    uint16_t kg, t, per_kg, clinker, celsius, fahrenheit, kelvin, km;
    uint32_t choice, table, factor;
    uint32_t sum; /* kgCO2e so far */
    uint32_t all; /* condition so far */
};

static void make_units(struct builder *b, struct parts *p)
{
    p->kg = builder_unit(b, "kg", "1", "kg");
    p->t = builder_unit(b, "t", "1000", "kg");
    p->per_kg = builder_unit(b, "kgCO2e/kg", "1", "CO2e kg^-1");
    p->clinker = builder_unit(b, "kg{clinker}", "1", "kg {clinker}");
    p->celsius = builder_point(b, "℃", "1", "K", "5463/20");
    p->fahrenheit = builder_point(b, "℉", "5/9", "K", "45967/180");
    builder_declare_unit(b, p->fahrenheit);
    p->kelvin = builder_unit(b, "K", "1", "K");
    p->km = builder_unit(b, "km", "1000", "m");
}

static void make_fields(struct sample *s, struct parts *p)
{
    struct builder *b = &s->builder;
    static const char *const modes[] = {"truck", "ship"};
    p->choice = builder_choice(b, "Mode", modes, 2);
    s->tonnes = builder_load(b, builder_field(b, NO_INDEX, "mass", p->t));
    uint32_t temperature = builder_field(b, NO_INDEX, "temperature", p->celsius);
    builder_the_field(b, temperature)->low = NO_INDEX;
    s->celsius = builder_load(b, temperature);
    s->number = builder_load(b, builder_field(b, NO_INDEX, "number", 0));
    s->flag = builder_load(b, builder_field_of(b, NO_INDEX, "flag", VALUE_BOOL, NO_INDEX));
    s->text = builder_load(b, builder_field_of(b, NO_INDEX, "region", VALUE_TEXT, NO_INDEX));
    s->year = builder_load(b, builder_field_of(b, NO_INDEX, "period", VALUE_YEAR, NO_INDEX));
    s->member = builder_load(b, builder_field_of(b, NO_INDEX, "mode", VALUE_MEMBER, p->choice));
    s->materials = builder_list(b, NO_INDEX, "materials");
    s->on_materials = b->list_axis[s->materials];
    uint32_t name = builder_field_of(b, s->materials, "name", VALUE_TEXT, NO_INDEX);
    s->m_name = builder_load(b, name);
    builder_the_field(b, s->materials)->key = name;
    uint32_t mass = builder_field(b, s->materials, "mass", p->t);
    builder_the_field(b, mass)->is_optional = 1;
    s->m_mass = builder_load(b, mass);
    s->prices = builder_list(b, NO_INDEX, "prices");
    s->on_prices = b->list_axis[s->prices];
    s->p_price = builder_load(b, builder_field(b, s->prices, "price", p->t));
}

/* materials with a default, converted, summed; the heaviest; a join with prices. */
static void make_lists(struct sample *s, struct parts *p)
{
    struct builder *b = &s->builder;
    uint16_t m = s->on_materials;
    s->one = builder_number(b, "1", 0);
    s->two_kg = builder_number(b, "2", p->kg);
    uint32_t two_t = builder_number(b, "2", p->t);
    uint32_t with_default =
        builder_op(b, (struct instruction){OP_ELSE, m, p->t, 1, s->m_mass, two_t, NO_OPERAND, NO_OPERAND});
    uint32_t given = builder_one(b, OP_GIVEN, m, 0, s->m_mass);
    s->m_mass_given = builder_one(b, OP_NEED, m, p->t, s->m_mass);
    builder_mask(b, s->m_mass_given, given);
    uint32_t spread = builder_one(b, OP_SPREAD, m, p->t, s->tonnes);
    s->m_is_heavy = builder_two(b, OP_LE, m, 0, spread, with_default);
    uint32_t kept = builder_two(b, OP_WITHIN, m, p->t, s->m_mass_given, given);
    builder_mask(b, kept, given);
    uint32_t in_kg = builder_two(b, OP_CONVERT, m, p->kg, kept, builder_rational(b, "1000"));
    uint32_t total = builder_reduce(b, OP_SUM, m, p->kg, in_kg, given);
    s->m_row = builder_reduce(b, OP_ARGMAX, m, 0, with_default, NO_OPERAND);
    uint32_t lightest = builder_reduce(b, OP_ARGMIN, m, 0, with_default, NO_OPERAND);
    uint32_t largest = builder_two(b, OP_TAKE, PRODUCT, p->t, s->m_row, with_default);
    uint32_t is_large = builder_one(b, OP_GIVEN, PRODUCT, 0, largest);
    uint32_t has_light = builder_one(b, OP_GIVEN, PRODUCT, 0, lightest);
    s->on_pair = builder_pair(b, m, s->on_prices);
    uint32_t mine = builder_one(b, OP_SPREAD, s->on_pair, p->t, with_default);
    uint32_t other = builder_one(b, OP_SPREAD2, s->on_pair, p->t, s->p_price);
    uint32_t meets = builder_two(b, OP_EQ, s->on_pair, 0, mine, other);
    uint32_t only = builder_reduce(b, OP_ONLY, s->on_pair, 0, NO_OPERAND, meets);
    uint32_t price = builder_two(b, OP_TAKE, m, p->t, only, s->p_price);
    uint32_t has_price = builder_one(b, OP_GIVEN, m, 0, price);
    uint32_t match = builder_two(b, OP_MATCH, m, 0, with_default, s->p_price);
    builder_mask(b, match, has_price);
    has_price = builder_one(b, OP_GIVEN, m, 0, builder_two(b, OP_TAKE, m, p->t, match, s->p_price));
    uint32_t any = builder_reduce(b, OP_ANY, m, 0, has_price, s->m_is_heavy);
    uint32_t either = builder_two(b, OP_OR, PRODUCT, 0, any, is_large);
    p->all = builder_two(b, OP_AND, PRODUCT, 0, either, has_light);
    p->sum = builder_two(b, OP_MUL, PRODUCT, b->co2e, total, builder_number(b, "3/2", p->per_kg));
}

/* Numbers of one product. */
static void make_numbers(struct sample *s, struct parts *p)
{
    struct builder *b = &s->builder;
    uint32_t ratio = builder_two(b, OP_DIV, PRODUCT, 0, s->tonnes, builder_number(b, "7", p->t));
    builder_mask(b, ratio, s->flag);
    uint32_t power = builder_two(b, OP_POWI, PRODUCT, 0, ratio, (uint32_t)-2);
    uint32_t positive = builder_one(b, OP_ABS, PRODUCT, 0, builder_one(b, OP_NEG, PRODUCT, 0, power));
    uint32_t root = builder_one(b, OP_SQRT, PRODUCT, 0, positive);
    uint32_t exponential = builder_one(b, OP_EXP, PRODUCT, 0, builder_one(b, OP_NEG, PRODUCT, 0, root));
    uint32_t logarithm = builder_one(b, OP_LN, PRODUCT, 0, exponential);
    builder_mask(b, logarithm, s->flag);
    positive = builder_two(b, OP_POW, PRODUCT, 0, builder_one(b, OP_ABS, PRODUCT, 0, logarithm), s->number);
    const uint16_t params[2] = {0, 0};
    uint16_t twist = (uint16_t)builder_native(b, "twist", 0, params, 2);
    uint32_t short_one =
        builder_op(b, (struct instruction){OP_ROUNDSIG, PRODUCT, 0, 0, positive, NATIVE_DIGITS, NO_OPERAND, NO_OPERAND});
    positive = builder_op(b, (struct instruction){OP_CALL, PRODUCT, 0, twist, short_one, s->one, NO_OPERAND, NO_OPERAND});
    uint32_t low = builder_two(b, OP_MIN, PRODUCT, 0, positive, s->number);
    uint32_t high = builder_two(b, OP_MAX, PRODUCT, 0, low, s->one);
    uint32_t step = builder_number(b, "1/100", 0);
    uint32_t rounded =
        builder_op(b, (struct instruction){OP_ROUND, PRODUCT, 0, ROUND_HALF_UP, high, step, NO_OPERAND, NO_OPERAND});
    uint32_t figures =
        builder_op(b, (struct instruction){OP_ROUNDSIG, PRODUCT, 0, 0, rounded, 3, NO_OPERAND, NO_OPERAND});
    uint32_t later = builder_two(b, OP_ADD, PRODUCT, 0, s->year, s->one);
    uint32_t years = builder_two(b, OP_SUB, PRODUCT, 0, later, s->year);
    s->on_years = builder_range(b, PRODUCT, s->one, years, 100);
    uint32_t index = builder_one(b, OP_INDEX, s->on_years, 0, NO_OPERAND);
    uint32_t is_late = builder_two(b, OP_LT, s->on_years, 0, builder_number(b, "3", 0), index);
    uint32_t count = builder_reduce(b, OP_COUNT, s->on_years, 0, NO_OPERAND, is_late);
    uint32_t least = builder_reduce(b, OP_LEAST, s->on_years, 0, index, NO_OPERAND);
    uint32_t greatest = builder_reduce(b, OP_GREATEST, s->on_years, 0, index, is_late);
    uint32_t some = builder_two(b, OP_ELSE, PRODUCT, 0, least, builder_two(b, OP_ELSE, PRODUCT, 0, greatest, count));
    uint32_t plain = builder_two(b, OP_ADD, PRODUCT, 0, figures, some);
    uint32_t tagged = builder_one(b, OP_RETAG, PRODUCT, p->clinker, s->two_kg);
    uint32_t untagged = builder_two(b, OP_DIV, PRODUCT, 0, tagged, builder_number(b, "5", p->clinker));
    uint32_t warm =
        builder_op(b, (struct instruction){OP_SHIFT, PRODUCT, p->fahrenheit, 0, s->celsius, builder_rational(b, "9/5"),
                                           builder_rational(b, "32"), NO_OPERAND});
    uint32_t is_warm = builder_two(b, OP_LT, PRODUCT, 0, builder_number(b, "90", p->fahrenheit), warm);
    uint32_t rise = builder_two(b, OP_SUB, PRODUCT, p->kelvin, s->celsius, builder_number(b, "20", p->celsius));
    uint32_t warmer = builder_two(b, OP_ADD, PRODUCT, p->celsius, s->celsius, rise);
    uint32_t is_warmer = builder_two(b, OP_EQ, PRODUCT, 0, warmer, s->celsius);
    uint32_t chosen =
        builder_op(b, (struct instruction){OP_SELECT, PRODUCT, 0, 0, is_warm, plain, untagged, NO_OPERAND});
    builder_report(b, "intensity", 0, chosen);
    p->all = builder_two(b, OP_AND, PRODUCT, 0, p->all, is_warmer);
}

/* A table over mode and distance, and a factor family. */
static void make_lookups(struct sample *s, struct parts *p)
{
    struct builder *b = &s->builder;
    p->table = builder_table(b, "distances", 1, 3);
    builder_dimension(b, p->table, VALUE_MEMBER)->choice = p->choice;
    struct prog_dimension *steps = builder_dimension(b, p->table, VALUE_NUMBER);
    steps->unit = p->km;
    steps->key_count = 1;
    steps->has_otherwise = true;
    steps->keys = arena_array(&b->arena, uint32_t, 1);
    steps->keys[0] = builder_rational(b, "500");
    steps->is_below = arena_array(&b->arena, uint8_t, 1);
    const uint32_t rows[] = {0, 1, 2, NO_INDEX};
    builder_rows(b, p->table, rows, 4);
    const uint32_t cells[] = {builder_rational(b, "1/2"), builder_rational(b, "1/4"), builder_rational(b, "1/8")};
    builder_column(b, p->table, 0, "", VALUE_NUMBER, p->per_kg, cells);
    uint16_t table = (uint16_t)p->table;
    s->key = builder_op(b, (struct instruction){OP_KEY, PRODUCT, 0, table, s->member, 0, NO_OPERAND, NO_OPERAND});
    uint32_t distance = builder_number(b, "700", p->km);
    s->step_key =
        builder_op(b, (struct instruction){OP_STEP_KEY, PRODUCT, 0, table, distance, 1, NO_OPERAND, NO_OPERAND});
    uint32_t row =
        builder_op(b, (struct instruction){OP_CELL, PRODUCT, 0, table, s->key, s->step_key, NO_OPERAND, NO_OPERAND});
    uint32_t cell = builder_one(b, OP_NEED, PRODUCT, p->per_kg, builder_one(b, OP_COLUMN, PRODUCT, p->per_kg, row));
    p->factor = builder_factor(b, "electricity", p->per_kg);
    struct prog_factor *factor = &b->program.factors[p->factor];
    factor->key_count = 2;
    factor->keys[0].type = FACTOR_KEY_REGION;
    factor->keys[0].name = builder_text(b, "region");
    factor->keys[1].type = FACTOR_KEY_YEAR;
    factor->keys[1].name = builder_text(b, "year");
    factor->fallback = builder_rational(b, "6205/10000");
    uint32_t looked_up = builder_op(b, (struct instruction){OP_FACTOR, PRODUCT, p->per_kg, (uint16_t)p->factor, s->text,
                                                            s->year, NO_OPERAND, s->flag});
    uint32_t both = builder_two(b, OP_ADD, PRODUCT, p->per_kg, cell, looked_up);
    uint32_t more = builder_two(b, OP_MUL, PRODUCT, b->co2e, both, s->two_kg);
    p->sum = builder_two(b, OP_ADD, PRODUCT, b->co2e, p->sum, more);
}

/* The rows of the table, one after the other; classes; what was emitted before allocation. */
static void make_results(struct sample *s, struct parts *p)
{
    struct builder *b = &s->builder;
    s->table = p->table;
    s->on_rows = builder_range(b, PRODUCT, s->one, builder_number(b, "3", 0), 3);
    uint32_t row = builder_op(b, (struct instruction){OP_ROW, s->on_rows, 0, (uint16_t)p->table, NO_OPERAND, NO_OPERAND,
                                                      NO_OPERAND, NO_OPERAND});
    uint32_t cell = builder_one(b, OP_COLUMN, s->on_rows, p->per_kg, row);
    uint32_t average = builder_reduce(b, OP_SUM, s->on_rows, p->per_kg, cell, NO_OPERAND);
    uint32_t whole = builder_two(b, OP_MUL, PRODUCT, b->co2e, average, s->two_kg);
    builder_two(b, OP_INVENTORY, PRODUCT, b->co2e, whole, 0);
    uint16_t per_t = builder_unit(b, "kgCO2e/t", "1/1000", "CO2e kg^-1");
    uint32_t limit = builder_number(b, "800", per_t);
    uint32_t grade = builder_grade(b, "A", limit);
    s->grade_without_limit = builder_grade(b, "B", NO_OPERAND);
    uint32_t is_small =
        builder_two(b, OP_LE, PRODUCT, 0, builder_two(b, OP_MUL, PRODUCT, per_t, limit, s->number), limit);
    for (uint16_t is_rounded = 0; is_rounded <= 1; is_rounded++) {
        builder_op(b, (struct instruction){OP_JUDGE, PRODUCT, 0, is_rounded, is_small, grade, NO_OPERAND, NO_OPERAND});
    }
}

void sample_start(struct sample *s)
{
    struct builder *b = &s->builder;
    struct parts parts;
    builder_start(b);
    make_units(b, &parts);
    make_fields(s, &parts);
    make_lists(s, &parts);
    make_numbers(s, &parts);
    make_lookups(s, &parts);
    uint32_t is_here = builder_two(b, OP_SAME, PRODUCT, 0, s->text, builder_constant(b, builder_const_text(b, "CN")));
    uint32_t stage = builder_stage(b, "production");
    b->program.stages[stage].when = builder_one(b, OP_NOT, PRODUCT, 0, is_here);
    s->emit = builder_emit(b, stage, "melting", parts.sum);
    builder_mask(b, s->emit, s->flag);
    builder_require(b, PRODUCT, parts.all, "all of it");
    uint32_t steel = builder_constant(b, builder_const_text(b, "steel"));
    uint32_t is_steel = builder_two(b, OP_SAME, s->on_materials, 0, s->m_name, steel);
    builder_require(b, s->on_materials, builder_two(b, OP_OR, s->on_materials, 0, s->m_is_heavy, is_steel), "heavy");
    b->program.code[b->program.code_count - 1].op = OP_WARN;
    make_results(s, &parts);
    builder_reference(b, "1", parts.t, builder_unit_id(b, "kgCO2e/t"), s->tonnes);
    s->program = builder_finish(b);
}

void sample_free(struct sample *sample)
{
    builder_free(&sample->builder);
}

struct instruction *sample_find(struct sample *sample, unsigned op)
{
    for (uint32_t i = 0; i < sample->program->code_count; i++) {
        if (sample->program->code[i].op == op) {
            return &sample->program->code[i];
        }
    }
    return NULL;
}
