/* The exact engine: every instruction with values worked out by hand. */
#include <check.h>
#include <string.h>

#include "tests/unit/run_fixture.h"

Suite *exact_suite(void);

/* ---- arithmetic and comparison of two numbers x and y ---- */

struct arithmetic {
    enum opcode op;
    const char *x, *y, *result; /* y NULL: one operand; result NULL: division by zero */
    uint32_t imm;               /* POWI, ROUNDSIG: the integer b; ROUND: imm */
    bool is_bool;
};
static const struct arithmetic arithmetics[] = {
    {OP_ADD,      "0.1",        "0.2",       "3/10",       0,            false},
    {OP_SUB,      "0.3",        "0.1",       "1/5",        0,            false},
    {OP_SUB,      "1",          "4",         "-3",         0,            false},
    {OP_MUL,      "1000",       "0.5",       "500",        0,            false},
    {OP_MUL,      "0.1",        "3",         "3/10",       0,            false},
    {OP_DIV,      "44",         "12",        "11/3",       0,            false},
    {OP_DIV,      "0",          "12",        "0",          0,            false},
    {OP_DIV,      "1",          "0",         NULL,         0,            false},
    {OP_NEG,      "2.5",        NULL,        "-5/2",       0,            false},
    {OP_ABS,      "2.5",        NULL,        "5/2",        0,            false},
    {OP_MIN,      "0.3",        "0.4",       "3/10",       0,            false},
    {OP_MIN,      "7",          "4",         "4",          0,            false},
    {OP_MAX,      "0.3",        "0.4",       "2/5",        0,            false},
    {OP_MAX,      "7",          "4",         "7",          0,            false},
    {OP_POWI,     "1.5",        NULL,        "9/4",        2,            false},
    {OP_POWI,     "2",          NULL,        "1/8",        (uint32_t)-3, false},
    {OP_POWI,     "0",          NULL,        "1",          0,            false},
    {OP_POWI,     "0",          NULL,        NULL,         (uint32_t)-1, false},
    {OP_SQRT,     "2.25",       NULL,        "3/2",        NO_OPERAND,   false},
    {OP_EXP,      "0",          NULL,        "1",          NO_OPERAND,   false},
    {OP_LN,       "1",          NULL,        "0",          NO_OPERAND,   false},
    {OP_POW,      "0.5",        "3",         "1/8",        0,            false},
    {OP_POW,      "16",         "0.75",      "8",          0,            false},
    {OP_POW,      "0",          "0",         "1",          0,            false},
    {OP_LT,       "1",          "2",         "1",          0,            true },
    {OP_LT,       "2",          "2",         "0",          0,            true },
    {OP_LE,       "2",          "2",         "1",          0,            true },
    {OP_LE,       "3",          "2",         "0",          0,            true },
    {OP_EQ,       "0.5",        "0.50",      "1",          0,            true },
    {OP_EQ,       "0.5",        "0.5000001", "0",          0,            true },
    {OP_ROUNDSIG, "0.00123456", NULL,        "123/100000", 3,            false},
    {OP_ROUNDSIG, "1235",       NULL,        "1240",       3,            false},
    {OP_ROUNDSIG, "1225",       NULL,        "1220",       3,            false},
    {OP_ROUNDSIG, "0",          NULL,        "0",          3,            false},
};

static uint32_t arithmetic_of(struct run *run, const struct arithmetic *row)
{
    uint32_t x = builder_load(&run->b, builder_field(&run->b, NO_INDEX, "x", 0));
    struct instruction at = {.op = (uint16_t)row->op, .axis = AXIS_ID_PRODUCT, .a = x, .b = row->imm, .c = NO_OPERAND};
    at.mask = NO_OPERAND;
    if (row->y != NULL) {
        at.b = builder_load(&run->b, builder_field(&run->b, NO_INDEX, "y", 0));
    } else if (row->op == OP_NEG || row->op == OP_ABS) {
        at.b = NO_OPERAND;
    }
    return builder_op(&run->b, at);
}

START_TEST(computes_two_numbers)
{
    const struct arithmetic *row = &arithmetics[_i];
    struct run run;
    run_start(&run);
    uint32_t value = arithmetic_of(&run, row);
    if (row->is_bool) {
        run_report_bool(&run, "r", value);
    } else {
        run_report(&run, "r", 0, value);
    }
    struct str json = row->y == NULL ? str_format(&run.arena, "{\"x\": %s}", row->x)
                                     : str_format(&run.arena, "{\"x\": %s, \"y\": %s}", row->x, row->y);
    run_data(&run, json.at);
    if (row->result != NULL) {
        run_expect(&run, 0, "r", row->result);
    } else {
        run_expect_failure(&run, 0, 0, "E0701", "division by zero");
    }
    run_free(&run);
}
END_TEST

static const struct {
    const char *x, *step;
    enum rounding mode;
    const char *result;
} roundings[] = {
    {"2.5",   "1",     ROUND_HALF_EVEN, "2"    },
    {"3.5",   "1",     ROUND_HALF_EVEN, "4"    },
    {"2.5",   "1",     ROUND_HALF_UP,   "3"    },
    {"2.5",   "1",     ROUND_HALF_DOWN, "2"    },
    {"2.5",   "1",     ROUND_HALF_AWAY, "3"    },
    {"2.1",   "1",     ROUND_CEIL,      "3"    },
    {"2.9",   "1",     ROUND_FLOOR,     "2"    },
    {"2.9",   "1",     ROUND_TRUNCATE,  "2"    },
    {"2.1",   "1",     ROUND_AWAY,      "3"    },
    {"60.25", "1/2",   ROUND_HALF_EVEN, "60"   },
    {"60.38", "1/2",   ROUND_HALF_EVEN, "121/2"},
    {"0.145", "1/100", ROUND_HALF_EVEN, "7/50" },
};

START_TEST(rounds_to_a_step)
{
    struct run run;
    run_start(&run);
    uint32_t x = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", 0));
    struct instruction at = {.op = OP_ROUND,
                             .axis = AXIS_ID_PRODUCT,
                             .imm = (uint16_t)roundings[_i].mode,
                             .a = x,
                             .b = builder_number(&run.b, roundings[_i].step, 0),
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    run_report(&run, "r", 0, builder_op(&run.b, at));
    run_data(&run, str_format(&run.arena, "{\"x\": %s}", roundings[_i].x).at);
    run_expect(&run, 0, "r", roundings[_i].result);
    run_free(&run);
}
END_TEST

START_TEST(converts_units)
{
    struct run run;
    run_start(&run);
    uint16_t kwh = builder_unit(&run.b, "kWh", "3600000", "kg m^2 s^-2");
    uint16_t mj = builder_unit(&run.b, "MJ", "1000000", "kg m^2 s^-2");
    uint16_t kg_cl = builder_unit(&run.b, "kg{clinker}", "1", "kg {clinker}");
    uint16_t kg = builder_unit(&run.b, "kg", "1", "kg");
    uint16_t celsius = builder_point(&run.b, "℃", "1", "K", "5463/20");
    uint16_t fahrenheit = builder_point(&run.b, "℉", "5/9", "K", "45967/180");
    builder_declare_unit(&run.b, fahrenheit);
    uint32_t power = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "power", kwh));
    uint32_t mass = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "mass", kg_cl));
    uint32_t warmth = builder_field(&run.b, NO_INDEX, "warmth", celsius);
    builder_the_field(&run.b, warmth)->low = NO_INDEX;
    run_report(&run, "mj", mj,
               builder_two(&run.b, OP_CONVERT, AXIS_ID_PRODUCT, mj, power, builder_rational(&run.b, "18/5")));
    run_report(&run, "kg", kg, builder_one(&run.b, OP_RETAG, AXIS_ID_PRODUCT, kg, mass));
    struct instruction shift = {.op = OP_SHIFT,
                                .axis = AXIS_ID_PRODUCT,
                                .unit = fahrenheit,
                                .a = builder_load(&run.b, warmth),
                                .b = builder_rational(&run.b, "9/5"),
                                .c = builder_rational(&run.b, "32"),
                                .mask = NO_OPERAND};
    run_report(&run, "f", fahrenheit, builder_op(&run.b, shift));
    run_data(&run, "{\"power\": 1.5, \"mass\": 2, \"warmth\": 37}");
    run_expect(&run, 0, "mj", "27/5");
    run_expect(&run, 0, "kg", "2");
    run_expect(&run, 0, "f", "493/5"); /* 98.6 */
    run_free(&run);
}
END_TEST

START_TEST(moves_years)
{
    struct run run;
    run_start(&run);
    uint32_t start = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "start", VALUE_YEAR, NO_INDEX));
    uint32_t end = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "end", VALUE_YEAR, NO_INDEX));
    uint32_t n = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "n", 0));
    uint32_t later = builder_two(&run.b, OP_ADD, AXIS_ID_PRODUCT, 0, start, n);
    uint32_t earlier = builder_two(&run.b, OP_SUB, AXIS_ID_PRODUCT, 0, end, n);
    run_report(&run, "span", 0, builder_two(&run.b, OP_SUB, AXIS_ID_PRODUCT, 0, end, start));
    run_report_bool(&run, "meets", builder_two(&run.b, OP_EQ, AXIS_ID_PRODUCT, 0, later, end));
    run_report_bool(&run, "before", builder_two(&run.b, OP_LT, AXIS_ID_PRODUCT, 0, earlier, start));
    run_data(&run, "[{\"start\": 2020, \"end\": 2023, \"n\": 3}, {\"start\": 2020, \"end\": 2023, \"n\": 1.5}]");
    run_expect(&run, 0, "span", "3");
    run_expect(&run, 0, "meets", "1");
    run_expect(&run, 0, "before", "0");
    run_expect_failure(&run, 1, 0, "E0712", "1.5");
    run_free(&run);
}
END_TEST

/* ---- what is given, choices, texts ---- */

START_TEST(handles_absence)
{
    struct run run;
    run_start(&run);
    uint32_t field = builder_field(&run.b, NO_INDEX, "x", 0);
    builder_the_field(&run.b, field)->is_optional = 1;
    uint32_t x = builder_load(&run.b, field);
    uint32_t given = builder_one(&run.b, OP_GIVEN, AXIS_ID_PRODUCT, 0, x);
    struct instruction other = {.op = OP_ELSE,
                                .axis = AXIS_ID_PRODUCT,
                                .imm = 1,
                                .a = x,
                                .b = builder_number(&run.b, "7", 0),
                                .c = NO_OPERAND,
                                .mask = NO_OPERAND};
    run_report_bool(&run, "given", given);
    run_report(&run, "else", 0, builder_op(&run.b, other));
    uint32_t need = builder_one(&run.b, OP_NEED, AXIS_ID_PRODUCT, 0, x);
    builder_mask(&run.b, need, given);
    struct instruction select = {.op = OP_SELECT,
                                 .axis = AXIS_ID_PRODUCT,
                                 .a = given,
                                 .b = need,
                                 .c = builder_number(&run.b, "-1", 0),
                                 .mask = NO_OPERAND};
    run_report(&run, "need", 0, builder_op(&run.b, select));
    run_data(&run, "[{\"x\": 3}, {}]");
    run_expect(&run, 0, "given", "1");
    run_expect(&run, 0, "else", "3");
    run_expect(&run, 0, "need", "3");
    run_expect(&run, 1, "given", "0");
    run_expect(&run, 1, "else", "7");
    run_expect(&run, 1, "need", "-1");
    ck_assert_ptr_null(run.outcomes[0].notes);
    ck_assert_int_eq(run.outcomes[1].notes->kind, NOTE_DEFAULT);
    ck_assert(str_eq(run.outcomes[1].notes->path, STR("x")));
    ck_assert(str_eq(run.outcomes[1].notes->detail, STR("7")));
    run_free(&run);
}
END_TEST

START_TEST(fails_where_a_needed_value_is_absent)
{
    struct run run;
    run_start(&run);
    uint32_t list = builder_list(&run.b, NO_INDEX, "materials");
    uint16_t axis = run.b.list_axis[list];
    uint32_t field = builder_field(&run.b, list, "distance", 0);
    builder_the_field(&run.b, field)->is_optional = 1;
    uint32_t need = builder_one(&run.b, OP_NEED, axis, 0, builder_load(&run.b, field));
    run_report(&run, "sum", 0, builder_reduce(&run.b, OP_SUM, axis, 0, need, NO_OPERAND));
    run_prepare(&run);
    run_data(&run, "[{\"materials\": [{\"distance\": 1}, {}, {\"distance\": 2}, {}]}, {\"materials\": []}]");
    ck_assert_uint_eq(run_message_count(&run, 0), 2);
    run_expect_failure(&run, 0, 0, "E0702", "materials[2].distance is not given");
    run_expect_failure(&run, 0, 1, "E0702", "materials[4].distance is not given");
    ck_assert(str_eq(run.batch.products[0].messages.first->path, STR("materials[2]")));
    ck_assert(str_eq(run.batch.products[0].messages.first->place.file, STR("test.pcr")));
    run_expect(&run, 1, "sum", "0");
    run_free(&run);
}
END_TEST

START_TEST(compares_texts_members_and_rows)
{
    static const char *const cells[] = {"prebake", "soderberg"};
    struct run run;
    run_start(&run);
    uint32_t choice = builder_choice(&run.b, "Cell", cells, 2);
    uint32_t cell = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "cell", VALUE_MEMBER, choice));
    uint32_t name = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "name", VALUE_TEXT, NO_INDEX));
    uint32_t flag = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "flag", VALUE_BOOL, NO_INDEX));
    uint32_t soderberg = builder_constant(&run.b, builder_const(&run.b, VALUE_MEMBER, 1, choice));
    uint32_t steel = builder_constant(&run.b, builder_const_text(&run.b, "steel"));
    run_report_bool(&run, "member", builder_two(&run.b, OP_SAME, AXIS_ID_PRODUCT, 0, cell, soderberg));
    run_report_bool(&run, "text", builder_two(&run.b, OP_SAME, AXIS_ID_PRODUCT, 0, name, steel));
    run_report_bool(&run, "not", builder_one(&run.b, OP_NOT, AXIS_ID_PRODUCT, 0, flag));
    run_data(&run, "[{\"cell\": \"soderberg\", \"name\": \"steel\", \"flag\": true},"
                   " {\"cell\": \"prebake\", \"name\": \"Steel\", \"flag\": false}]");
    run_expect(&run, 0, "member", "1");
    run_expect(&run, 0, "text", "1");
    run_expect(&run, 0, "not", "0");
    run_expect(&run, 1, "member", "0");
    run_expect(&run, 1, "text", "0");
    run_expect(&run, 1, "not", "1");
    run_free(&run);
}
END_TEST

/* ---- failure under conditions ---- */

/* x / y: alone, with the condition 0 < y, or under that condition as its mask. */
enum quotient_form { QUOTIENT_ALONE, QUOTIENT_CONDITION, QUOTIENT_MASKED };
struct quotient {
    uint32_t x, y, zero, is_positive, value;
};

static struct quotient quotient(struct run *run, enum quotient_form form)
{
    struct quotient q;
    q.x = builder_load(&run->b, builder_field(&run->b, NO_INDEX, "x", 0));
    q.y = builder_load(&run->b, builder_field(&run->b, NO_INDEX, "y", 0));
    q.zero = form == QUOTIENT_ALONE ? NO_OPERAND : builder_number(&run->b, "0", 0);
    q.is_positive = NO_OPERAND;
    if (form != QUOTIENT_ALONE) {
        q.is_positive = builder_two(&run->b, OP_LT, AXIS_ID_PRODUCT, 0, q.zero, q.y);
    }
    q.value = builder_two(&run->b, OP_DIV, AXIS_ID_PRODUCT, 0, q.x, q.y);
    if (form == QUOTIENT_MASKED) {
        builder_mask(&run->b, q.value, q.is_positive);
    }
    return q;
}

static uint32_t select_of(struct run *run, uint32_t condition, uint32_t yes, uint32_t no)
{
    return builder_op(
        &run->b, (struct instruction){
                     .op = OP_SELECT, .axis = AXIS_ID_PRODUCT, .a = condition, .b = yes, .c = no, .mask = NO_OPERAND});
}

START_TEST(does_not_fail_where_masked_off)
{
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_MASKED);
    run_report(&run, "r", 0, select_of(&run, q.is_positive, q.value, q.zero));
    run_data(&run, "[{\"x\": 6, \"y\": 4}, {\"x\": 6, \"y\": 0}]");
    run_expect(&run, 0, "r", "3/2");
    run_expect(&run, 1, "r", "0");
    run_free(&run);
}
END_TEST

START_TEST(refuses_a_value_that_its_mask_leaves_out)
{
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_MASKED);
    run_report(&run, "r", 0, q.value);
    run_data(&run, "{\"x\": 6, \"y\": 0}");
    run_expect_failure(&run, 0, 0, "E0716", "broken");
    run_free(&run);
}
END_TEST

START_TEST(short_circuits)
{
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_MASKED);
    uint32_t is_large = builder_two(&run.b, OP_LT, AXIS_ID_PRODUCT, 0, builder_number(&run.b, "1", 0), q.value);
    uint32_t is_zero = builder_one(&run.b, OP_NOT, AXIS_ID_PRODUCT, 0, q.is_positive);
    run_report_bool(&run, "and", builder_two(&run.b, OP_AND, AXIS_ID_PRODUCT, 0, q.is_positive, is_large));
    run_report_bool(&run, "or", builder_two(&run.b, OP_OR, AXIS_ID_PRODUCT, 0, is_zero, is_large));
    run_data(&run, "[{\"x\": 6, \"y\": 0}, {\"x\": 6, \"y\": 4}, {\"x\": 1, \"y\": 4}]");
    run_expect(&run, 0, "and", "0");
    run_expect(&run, 0, "or", "1");
    run_expect(&run, 1, "and", "1");
    run_expect(&run, 1, "or", "1");
    run_expect(&run, 2, "and", "0");
    run_expect(&run, 2, "or", "0");
    run_free(&run);
}
END_TEST

START_TEST(lists_independent_causes_once)
{
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_ALONE);
    uint32_t back = builder_two(&run.b, OP_DIV, AXIS_ID_PRODUCT, 0, q.y, q.x);
    uint32_t sum = builder_two(&run.b, OP_ADD, AXIS_ID_PRODUCT, 0, q.value, back);
    run_report(&run, "a", 0, sum);
    run_report(&run, "b", 0, builder_two(&run.b, OP_MUL, AXIS_ID_PRODUCT, 0, sum, q.value));
    run_data(&run, "[{\"x\": 0, \"y\": 0}, {\"x\": 2, \"y\": 0}]");
    ck_assert_uint_eq(run_message_count(&run, 0), 2);
    run_expect_failure(&run, 0, 0, "E0701", "0 is divided by 0");
    ck_assert_uint_eq(run_message_count(&run, 1), 1);
    run_expect_failure(&run, 1, 0, "E0701", "2 is divided by 0");
    run_free(&run);
}
END_TEST

START_TEST(judges_requirements_first)
{
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_CONDITION);
    run_report(&run, "r", 0, q.value);
    builder_require(&run.b, AXIS_ID_PRODUCT, q.is_positive, "there is no y");
    run_data(&run, "[{\"x\": 1, \"y\": 0}, {\"x\": 1, \"y\": 2}]");
    ck_assert_uint_eq(run_message_count(&run, 0), 1);
    run_expect_failure(&run, 0, 0, "E0709", "there is no y; the value is 0");
    run_expect(&run, 1, "r", "1/2");
    run_free(&run);
}
END_TEST

START_TEST(reports_a_requirement_that_cannot_be_judged)
{
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_ALONE);
    uint32_t zero = builder_number(&run.b, "0", 0);
    uint32_t square = builder_two(&run.b, OP_MUL, AXIS_ID_PRODUCT, 0, q.value, q.value);
    uint32_t inverse = builder_two(&run.b, OP_DIV, AXIS_ID_PRODUCT, 0, q.x, zero);
    builder_require(&run.b, AXIS_ID_PRODUCT, builder_two(&run.b, OP_LE, AXIS_ID_PRODUCT, 0, zero, square), "no");
    run_report(&run, "r", 0, inverse);
    run_data(&run, "{\"x\": 5, \"y\": 0}");
    ck_assert_uint_eq(run_message_count(&run, 0), 1);
    run_expect_failure(&run, 0, 0, "E0701", "5 is divided by 0");
    run_free(&run);
}
END_TEST

START_TEST(checks_requirements_on_rows_under_their_mask)
{
    struct run run;
    run_start(&run);
    uint32_t list = builder_list(&run.b, NO_INDEX, "parts");
    uint16_t axis = run.b.list_axis[list];
    uint32_t share = builder_load(&run.b, builder_field(&run.b, list, "share", 0));
    uint32_t is_checked = builder_load(&run.b, builder_field_of(&run.b, list, "checked", VALUE_BOOL, NO_INDEX));
    uint32_t is_small = builder_two(&run.b, OP_LE, axis, 0, share, builder_number(&run.b, "1", 0));
    builder_mask(&run.b, builder_require(&run.b, axis, is_small, "share too large"), is_checked);
    run_data(&run, "[{\"parts\": [{\"share\": 2, \"checked\": false}, {\"share\": 3, \"checked\": true}]},"
                   " {\"parts\": [{\"share\": 2, \"checked\": false}]}]");
    ck_assert_uint_eq(run_message_count(&run, 0), 1);
    run_expect_failure(&run, 0, 0, "E0709", "share too large; the two sides are 3 and 1");
    ck_assert(str_eq(run.batch.products[0].messages.first->path, STR("parts[2]")));
    ck_assert(!run.outcomes[1].is_failed);
    run_free(&run);
}
END_TEST

START_TEST(fails_one_product_of_a_thousand)
{
    enum { PRODUCTS = 1000, BAD = 617 };
    struct run run;
    run_start(&run);
    struct quotient q = quotient(&run, QUOTIENT_ALONE);
    run_report(&run, "r", 0, q.value);
    struct buf json = buf_in(&run.arena);
    for (int i = 0; i < PRODUCTS; i++) {
        buf_format(&json, "{\"id\": \"p%d\", \"x\": %d, \"y\": %d}\n", i, 2 * i, i == BAD ? 0 : 4);
    }
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    ck_assert_uint_eq(run.batch.product_count, PRODUCTS);
    for (uint32_t i = 0; i < PRODUCTS; i++) {
        if (i == BAD) {
            run_expect_failure(&run, i, 0, "E0701", "1234 is divided by 0");
            ck_assert(str_eq(run.batch.products[i].messages.first->product, STR("p617")));
        } else {
            run_expect(&run, i, "r", str_format(&run.arena, "%u/2", i).at);
        }
    }
    run_free(&run);
}
END_TEST

START_TEST(emits_and_leaves_out)
{
    struct run run;
    run_start(&run);
    uint32_t is_on = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "on", VALUE_BOOL, NO_INDEX));
    uint32_t x = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", run.b.co2e));
    uint32_t stage = builder_stage(&run.b, "use");
    run.b.program.stages[stage].when = is_on;
    builder_mask(&run.b, builder_emit(&run.b, stage, "heat", x), is_on);
    run_data(&run, "[{\"on\": true, \"x\": 0}, {\"on\": false, \"x\": 5}]");
    ck_assert(run.outcomes[0].rows[0].part_given[0] && run.outcomes[0].rows[0].stage_given[0]);
    ck_assert(rat_eq(run.outcomes[0].rows[0].part[0], RAT_ZERO));
    ck_assert(!run.outcomes[1].rows[0].part_given[0] && !run.outcomes[1].rows[0].stage_given[0]);
    ck_assert(!run.outcomes[1].is_failed);
    run_free(&run);
}
END_TEST

START_TEST(needs_a_positive_reference)
{
    struct run run;
    run_start(&run);
    uint32_t x = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", 0));
    builder_reference(&run.b, "1", 0, run.b.co2e, x);
    run_data(&run, "[{\"x\": 0}, {\"x\": 2}]");
    run_expect_failure(&run, 0, 0, "E0717", "the reference amount is 0");
    ck_assert(rat_eq(run.outcomes[1].rows[0].reference, rat_int(2)));
    run_free(&run);
}
END_TEST

START_TEST(keeps_large_numbers_of_outcomes)
{
    struct run run;
    run_start(&run);
    uint32_t x = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", 0));
    struct instruction power = {
        .op = OP_POWI, .axis = AXIS_ID_PRODUCT, .a = x, .b = 12, .c = NO_OPERAND, .mask = NO_OPERAND};
    uint32_t high = builder_op(&run.b, power);
    power.a = high;
    power.b = 2;
    run_report(&run, "r", 0, builder_op(&run.b, power));
    run_data(&run, "[{\"x\": 0.01}, {\"x\": 1000}]");
    run_expect(&run, 0, "r", "1/1000000000000000000000000000000000000000000000000");
    run_expect(&run, 1, "r", "1000000000000000000000000000000000000000000000000000000000000000000000000");
    run_free(&run);
}
END_TEST

Suite *exact_suite(void)
{
    Suite *suite = suite_create("exact");
    TCase *elements = tcase_create("elements");
    tcase_add_loop_test(elements, computes_two_numbers, 0, (int)countof(arithmetics));
    tcase_add_loop_test(elements, rounds_to_a_step, 0, (int)countof(roundings));
    tcase_add_test(elements, converts_units);
    tcase_add_test(elements, moves_years);
    tcase_add_test(elements, handles_absence);
    tcase_add_test(elements, fails_where_a_needed_value_is_absent);
    tcase_add_test(elements, compares_texts_members_and_rows);
    suite_add_tcase(suite, elements);
    TCase *failures = tcase_create("failures");
    tcase_add_test(failures, does_not_fail_where_masked_off);
    tcase_add_test(failures, refuses_a_value_that_its_mask_leaves_out);
    tcase_add_test(failures, short_circuits);
    tcase_add_test(failures, lists_independent_causes_once);
    tcase_add_test(failures, judges_requirements_first);
    tcase_add_test(failures, reports_a_requirement_that_cannot_be_judged);
    tcase_add_test(failures, checks_requirements_on_rows_under_their_mask);
    tcase_add_test(failures, fails_one_product_of_a_thousand);
    tcase_add_test(failures, emits_and_leaves_out);
    tcase_add_test(failures, needs_a_positive_reference);
    tcase_add_test(failures, keeps_large_numbers_of_outcomes);
    suite_add_tcase(suite, failures);
    return suite;
}
