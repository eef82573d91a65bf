/* The exact engine on lists, lists in lists, pairs and ranges; tables and factors. */
#include <check.h>
#include <string.h>

#include "tests/unit/run_fixture.h"

Suite *exact_rows_suite(void);

static uint32_t number(struct run *run, const char *value)
{
    return builder_number(&run->b, value, 0);
}

static uint32_t spread(struct run *run, enum opcode op, uint16_t axis, uint32_t a)
{
    return builder_one(&run->b, op, axis, 0, a);
}

static uint32_t less(struct run *run, uint16_t axis, uint32_t a, uint32_t b)
{
    return builder_two(&run->b, OP_LT, axis, 0, a, b);
}

static uint32_t sum(struct run *run, uint16_t axis, uint32_t a, uint32_t where)
{
    return builder_reduce(&run->b, OP_SUM, axis, 0, a, where);
}

static uint32_t or_else(struct run *run, uint32_t value, const char *otherwise)
{
    return builder_two(&run->b, OP_ELSE, AXIS_ID_PRODUCT, 0, value, number(run, otherwise));
}

/* A list with the number fields x and y. */
struct list {
    uint32_t id;
    uint16_t axis;
    uint32_t x, y;
};

static struct list list_xy(struct run *run, uint32_t parent, const char *name)
{
    struct list list = {.id = builder_list(&run->b, parent, name)};
    list.axis = run->b.list_axis[list.id];
    list.x = builder_load(&run->b, builder_field(&run->b, list.id, "x", 0));
    list.y = builder_load(&run->b, builder_field(&run->b, list.id, "y", 0));
    return list;
}

#define ROWS "[{\"x\": 3, \"y\": 1}, {\"x\": 5, \"y\": 2}, {\"x\": 5, \"y\": 3}, {\"x\": 1, \"y\": 4}]"

START_TEST(aggregates_rows)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint32_t is_early = less(&run, m.axis, m.y, number(&run, "3"));
    uint32_t is_large = less(&run, m.axis, number(&run, "4"), m.x);
    run_report(&run, "sum", 0, sum(&run, m.axis, m.x, NO_OPERAND));
    run_report(&run, "sum_where", 0, sum(&run, m.axis, m.x, is_early));
    run_report(&run, "ones", 0, sum(&run, m.axis, number(&run, "1"), NO_OPERAND));
    run_report(&run, "count", 0, builder_reduce(&run.b, OP_COUNT, m.axis, 0, NO_OPERAND, is_large));
    run_report(&run, "least", 0, or_else(&run, builder_reduce(&run.b, OP_LEAST, m.axis, 0, m.x, NO_OPERAND), "-1"));
    run_report(&run, "greatest", 0, or_else(&run, builder_reduce(&run.b, OP_GREATEST, m.axis, 0, m.x, is_early), "-1"));
    run_report_bool(&run, "any", builder_reduce(&run.b, OP_ANY, m.axis, 0, is_large, is_early));
    run_data(&run, "[{\"ms\": " ROWS "}, {\"ms\": []}, {\"ms\": [{\"x\": 9, \"y\": 9}]}]");
    run_expect(&run, 0, "sum", "14");
    run_expect(&run, 0, "sum_where", "8");
    run_expect(&run, 0, "ones", "4");
    run_expect(&run, 0, "count", "2");
    run_expect(&run, 0, "least", "1");
    run_expect(&run, 0, "greatest", "5");
    run_expect(&run, 0, "any", "1");
    run_expect(&run, 1, "sum", "0");
    run_expect(&run, 1, "ones", "0");
    run_expect(&run, 1, "count", "0");
    run_expect(&run, 1, "least", "-1");
    run_expect(&run, 1, "any", "0");
    run_expect(&run, 2, "sum_where", "0");
    run_expect(&run, 2, "greatest", "-1");
    run_expect(&run, 2, "any", "0");
    run_free(&run);
}
END_TEST

static uint32_t pick(struct run *run, enum opcode op, uint16_t axis, uint32_t a, uint32_t where, uint32_t last,
                     uint32_t taken)
{
    struct instruction row = {.op = (uint16_t)op,
                              .axis = run->b.program.axes[axis].parent,
                              .imm = axis,
                              .a = a,
                              .b = where,
                              .c = last,
                              .mask = NO_OPERAND};
    return builder_two(&run->b, OP_TAKE, row.axis, 0, builder_op(&run->b, row), taken);
}

START_TEST(picks_rows_first_or_last_of_equal)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint32_t is_late = less(&run, m.axis, number(&run, "3"), m.y);
    run_report(&run, "first", 0, or_else(&run, pick(&run, OP_ARGMAX, m.axis, m.x, NO_OPERAND, 0, m.y), "-1"));
    run_report(&run, "last", 0, or_else(&run, pick(&run, OP_ARGMAX, m.axis, m.x, NO_OPERAND, 1, m.y), "-1"));
    run_report(&run, "min", 0, or_else(&run, pick(&run, OP_ARGMIN, m.axis, m.x, NO_OPERAND, 0, m.y), "-1"));
    run_report(&run, "only", 0, or_else(&run, pick(&run, OP_ONLY, m.axis, NO_OPERAND, is_late, NO_OPERAND, m.x), "-1"));
    run_data(&run, "[{\"ms\": " ROWS "}, {\"ms\": []}]");
    run_expect(&run, 0, "first", "2");
    run_expect(&run, 0, "last", "3");
    run_expect(&run, 0, "min", "4");
    run_expect(&run, 0, "only", "1");
    run_expect(&run, 1, "first", "-1");
    run_expect(&run, 1, "only", "-1");
    run_free(&run);
}
END_TEST

START_TEST(refuses_two_only_rows)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint32_t is_large = less(&run, m.axis, number(&run, "4"), m.x);
    run_report(&run, "only", 0, or_else(&run, pick(&run, OP_ONLY, m.axis, NO_OPERAND, is_large, NO_OPERAND, m.y), "0"));
    run_data(&run, "{\"ms\": " ROWS "}");
    run_expect_failure(&run, 0, 0, "E0707", "ms[2] and ms[3]");
    run_free(&run);
}
END_TEST

START_TEST(explains_that_no_row_counts)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint32_t taken = pick(&run, OP_ARGMAX, m.axis, m.x, NO_OPERAND, 0, m.y);
    run_report(&run, "r", 0, builder_one(&run.b, OP_NEED, AXIS_ID_PRODUCT, 0, taken));
    run_data(&run, "[{\"ms\": []}, {\"ms\": [{\"x\": 1, \"y\": 6}]}]");
    run_expect_failure(&run, 0, 0, "E0706", "no row of ms counts");
    run_expect(&run, 1, "r", "6");
    run_free(&run);
}
END_TEST

START_TEST(skips_poison_where_nothing_is_needed)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint32_t is_on = less(&run, m.axis, number(&run, "0"), m.y);
    uint32_t inverse = builder_two(&run.b, OP_DIV, m.axis, 0, m.x, m.y);
    builder_mask(&run.b, inverse, is_on);
    run_report(&run, "r", 0, sum(&run, m.axis, inverse, is_on));
    run_report(&run, "s", 0, sum(&run, m.axis, builder_two(&run.b, OP_DIV, m.axis, 0, m.y, m.x), is_on));
    run_data(&run, "[{\"ms\": [{\"x\": 3, \"y\": 0}, {\"x\": 3, \"y\": 2}]},"
                   " {\"ms\": [{\"x\": 0, \"y\": 0}, {\"x\": 0, \"y\": 2}, {\"x\": 0, \"y\": 3}]}]");
    run_expect(&run, 0, "r", "3/2");
    ck_assert_uint_eq(run_message_count(&run, 1), 2);
    run_expect_failure(&run, 1, 0, "E0701", "2 is divided by 0");
    run_expect_failure(&run, 1, 1, "E0701", "3 is divided by 0");
    ck_assert(str_eq(run.batch.products[1].messages.first->path, STR("ms[2]")));
    run_free(&run);
}
END_TEST

START_TEST(bounds_the_messages_of_a_product)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    run_report(&run, "r", 0, sum(&run, m.axis, builder_two(&run.b, OP_DIV, m.axis, 0, m.x, m.y), NO_OPERAND));
    struct buf json = buf_in(&run.arena);
    buf_add(&json, STR("{\"ms\": ["));
    for (int i = 0; i < 300; i++) {
        buf_format(&json, "%s{\"x\": %d, \"y\": 0}", i == 0 ? "" : ", ", i);
    }
    buf_add(&json, STR("]}"));
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    ck_assert_uint_eq(run_message_count(&run, 0), LIMIT_PRODUCT_MESSAGES + 1);
    run_expect_failure(&run, 0, LIMIT_PRODUCT_MESSAGES, "E0719", "the first 20 are listed");
    run_free(&run);
}
END_TEST

START_TEST(nests_lists)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    struct list s = list_xy(&run, m.id, "ss");
    uint32_t outer = spread(&run, OP_SPREAD, s.axis, m.x);
    uint32_t inner = sum(&run, s.axis, builder_two(&run.b, OP_MUL, s.axis, 0, outer, s.x), NO_OPERAND);
    run_report(&run, "r", 0, sum(&run, m.axis, builder_two(&run.b, OP_MUL, m.axis, 0, inner, m.y), NO_OPERAND));
    uint32_t need = builder_two(&run.b, OP_DIV, s.axis, 0, s.x, s.y);
    run_report(&run, "q", 0, sum(&run, m.axis, sum(&run, s.axis, need, NO_OPERAND), NO_OPERAND));
    run_data(&run,
             "[{\"ms\": [{\"x\": 7, \"y\": 7, \"ss\": []}]},"
             " {\"ms\": [{\"x\": 2, \"y\": 10, \"ss\": [{\"x\": 1, \"y\": 1}, {\"x\": 4, \"y\": 2}]},"
             " {\"x\": 3, \"y\": 1, \"ss\": []}, {\"x\": 5, \"y\": 100, \"ss\": [{\"x\": 6, \"y\": 3}]}]},"
             " {\"ms\": [{\"x\": 1, \"y\": 1, \"ss\": []}, {\"x\": 1, \"y\": 1, \"ss\": [{\"x\": 1, \"y\": 0}]}]}]");
    run_expect(&run, 0, "r", "0");
    run_expect(&run, 1, "r", "3100"); /* 2*(1+4)*10 + 0 + 5*6*100 */
    run_expect(&run, 1, "q", "5");    /* 1 + 2 + 2 */
    run_expect_failure(&run, 2, 0, "E0701", "division by zero");
    ck_assert(str_eq(run.batch.products[2].messages.first->path, STR("ms[2].ss[1]")));
    run_free(&run);
}
END_TEST

START_TEST(joins_lists_by_pairs)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    struct list p = list_xy(&run, NO_INDEX, "ps");
    uint16_t pair = builder_pair(&run.b, m.axis, p.axis);
    uint32_t m_x = spread(&run, OP_SPREAD, pair, m.x);
    uint32_t p_x = spread(&run, OP_SPREAD2, pair, p.x);
    uint32_t is_same = builder_two(&run.b, OP_EQ, pair, 0, m_x, p_x);
    struct instruction only = {
        .op = OP_ONLY, .axis = m.axis, .imm = pair, .a = NO_OPERAND, .b = is_same, .c = NO_OPERAND, .mask = NO_OPERAND};
    uint32_t price = builder_two(&run.b, OP_TAKE, m.axis, 0, builder_op(&run.b, only), p.y);
    uint32_t cost = builder_two(&run.b, OP_MUL, m.axis, 0, m.y, builder_one(&run.b, OP_NEED, m.axis, 0, price));
    run_report(&run, "cost", 0, sum(&run, m.axis, cost, NO_OPERAND));
    run_data(&run, "[{\"ms\": [{\"x\": 1, \"y\": 10}, {\"x\": 3, \"y\": 20}, {\"x\": 1, \"y\": 30}],"
                   "  \"ps\": [{\"x\": 3, \"y\": 5}, {\"x\": 1, \"y\": 7}, {\"x\": 9, \"y\": 0}]},"
                   " {\"ms\": [{\"x\": 4, \"y\": 1}], \"ps\": [{\"x\": 3, \"y\": 5}]},"
                   " {\"ms\": [{\"x\": 3, \"y\": 1}], \"ps\": [{\"x\": 3, \"y\": 5}, {\"x\": 3, \"y\": 6}]},"
                   " {\"ms\": [], \"ps\": [{\"x\": 3, \"y\": 5}]}]");
    run_expect(&run, 0, "cost", "380"); /* 70 + 100 + 210 */
    run_expect_failure(&run, 1, 0, "E0706", "no row of ms × ps counts");
    run_expect_failure(&run, 2, 0, "E0707", "ms[1], ps[1] and ms[1], ps[2]");
    run_expect(&run, 3, "cost", "0");
    run_free(&run);
}
END_TEST

START_TEST(counts_through_ranges)
{
    struct run run;
    run_start(&run);
    uint32_t n = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "n", 0));
    uint16_t years = builder_range(&run.b, AXIS_ID_PRODUCT, number(&run, "2"), n, 10);
    uint32_t index = builder_one(&run.b, OP_INDEX, years, 0, NO_OPERAND);
    uint32_t inverse = builder_two(&run.b, OP_DIV, years, 0, number(&run, "1"), index);
    run_report(&run, "r", 0, sum(&run, years, inverse, NO_OPERAND));
    run_data(&run, "[{\"n\": 4}, {\"n\": 2}, {\"n\": 1}, {\"n\": 0}, {\"n\": 11}, {\"n\": 12}, {\"n\": 2.5}]");
    run_expect(&run, 0, "r", "13/12");
    run_expect(&run, 1, "r", "1/2");
    run_expect(&run, 2, "r", "0");
    run_expect(&run, 3, "r", "0");
    run_expect(&run, 4, "r", "55991/27720"); /* H(11) - 1 */
    run_expect_failure(&run, 5, 0, "E0711", "2 .. 12 has more than 10");
    run_expect_failure(&run, 6, 0, "E0710", "2.5");
    run_free(&run);
}
END_TEST

START_TEST(ranges_inside_rows)
{
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint16_t range = builder_range(&run.b, m.axis, number(&run, "1"), m.x, 100);
    uint32_t index = builder_one(&run.b, OP_INDEX, range, 0, NO_OPERAND);
    uint32_t scaled = builder_two(&run.b, OP_MUL, range, 0, index, spread(&run, OP_SPREAD, range, m.y));
    run_report(&run, "r", 0, sum(&run, m.axis, sum(&run, range, scaled, NO_OPERAND), NO_OPERAND));
    run_data(&run, "{\"ms\": [{\"x\": 3, \"y\": 10}, {\"x\": 0, \"y\": 5}, {\"x\": 4, \"y\": 1}]}");
    run_expect(&run, 0, "r", "70");
    run_free(&run);
}
END_TEST

START_TEST(sums_exactly_over_many_rows)
{
    enum { COUNT = 5000 };
    struct run run;
    run_start(&run);
    struct list m = list_xy(&run, NO_INDEX, "ms");
    uint32_t quotient = builder_two(&run.b, OP_DIV, m.axis, 0, m.x, m.y);
    run_report(&run, "r", 0, sum(&run, m.axis, quotient, NO_OPERAND));
    struct buf json = buf_in(&run.arena);
    buf_add(&json, STR("{\"ms\": ["));
    for (int i = 1; i <= COUNT; i++) { /* 1/(i(i+1)) telescopes */
        buf_format(&json, "%s{\"x\": 1, \"y\": %d}", i == 1 ? "" : ",", i * (i + 1));
    }
    buf_add(&json, STR("]}"));
    run_data(&run, str_copy(&run.arena, buf_str(&json)).at);
    run_expect(&run, 0, "r", "5000/5001");
    run_free(&run);
}
END_TEST

/* ---- tables ---- */

static void text_table(struct run *run, uint32_t *code)
{
    struct builder *b = &run->b;
    const uint32_t rows[] = {0, 1, NO_INDEX, 2}; /* (CN, 2020) (CN, 2021) (IN, 2020): a hole (IN, 2021) */
    uint32_t table = builder_table(b, "country", 2, 3);
    struct prog_dimension *names = builder_dimension(b, table, VALUE_TEXT);
    names->key_count = 2;
    names->keys = arena_array(&b->arena, uint32_t, 2);
    names->keys[0] = builder_const_text(b, "CN");
    names->keys[1] = builder_const_text(b, "IN");
    struct prog_dimension *years = builder_dimension(b, table, VALUE_YEAR);
    years->key_count = 2;
    years->keys = arena_array(&b->arena, uint32_t, 2);
    years->keys[0] = builder_const(b, VALUE_YEAR, 2020, NO_INDEX);
    years->keys[1] = builder_const(b, VALUE_YEAR, 2021, NO_INDEX);
    builder_rows(b, table, rows, 4);
    const uint32_t grid[] = {builder_rational(b, "3/5"), builder_rational(b, "1/2"), builder_rational(b, "9/10")};
    const uint32_t loss[] = {builder_rational(b, "3"), NO_INDEX, builder_rational(b, "5")};
    builder_column(b, table, 0, "grid", VALUE_NUMBER, 0, grid);
    builder_column(b, table, 1, "loss", VALUE_NUMBER, 0, loss);
    b->program.tables[table].columns[1].is_optional = 1;
    uint32_t name = builder_load(b, builder_field_of(b, NO_INDEX, "name", VALUE_TEXT, NO_INDEX));
    uint32_t year = builder_load(b, builder_field_of(b, NO_INDEX, "year", VALUE_YEAR, NO_INDEX));
    struct instruction key = {.op = OP_KEY,
                              .axis = AXIS_ID_PRODUCT,
                              .imm = (uint16_t)table,
                              .a = name,
                              .b = 0,
                              .c = NO_OPERAND,
                              .mask = NO_OPERAND};
    uint32_t name_key = builder_op(b, key);
    key.a = year;
    key.b = 1;
    struct instruction cell = key;
    cell.op = OP_CELL;
    cell.a = name_key;
    cell.b = builder_op(b, key);
    *code = builder_op(b, cell);
}

static uint32_t column(struct run *run, uint32_t row, uint16_t number_of_column)
{
    struct instruction at = {.op = OP_COLUMN,
                             .axis = AXIS_ID_PRODUCT,
                             .imm = number_of_column,
                             .a = row,
                             .b = NO_OPERAND,
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    return builder_one(&run->b, OP_NEED, AXIS_ID_PRODUCT, 0, builder_op(&run->b, at));
}

START_TEST(looks_up_tables)
{
    struct run run;
    uint32_t row;
    run_start(&run);
    text_table(&run, &row);
    run_report(&run, "grid", 0, column(&run, row, 0));
    run_report(&run, "loss", 0, column(&run, row, 1));
    run_data(&run, "[{\"name\": \"CN\", \"year\": 2020}, {\"name\": \"IN\", \"year\": 2021},"
                   " {\"name\": \"XX\", \"year\": 2020}, {\"name\": \"CN\", \"year\": 1999},"
                   " {\"name\": \"IN\", \"year\": 2020}, {\"name\": \"CN\", \"year\": 2021}]");
    run_expect(&run, 0, "grid", "3/5");
    run_expect(&run, 0, "loss", "3");
    run_expect(&run, 1, "grid", "9/10");
    run_expect_failure(&run, 2, 0, "E0704", "no row \"XX\" in table country");
    run_expect_failure(&run, 3, 0, "E0704", "no row 1999 in table country");
    run_expect_failure(&run, 4, 0, "E0704", "no row \"IN\", 2020 in table country");
    run_expect_failure(&run, 5, 0, "E0705", "table country.loss gives no value for \"CN\", 2021");
    run_free(&run);
}
END_TEST

START_TEST(finds_steps)
{
    struct run run;
    run_start(&run);
    struct builder *b = &run.b;
    const uint32_t rows[] = {0, 1, 2};
    uint32_t table = builder_table(b, "rate", 1, 3);
    struct prog_dimension *steps = builder_dimension(b, table, VALUE_NUMBER);
    steps->key_count = 2; /* up to 500, below 1000, otherwise */
    steps->keys = arena_array(&b->arena, uint32_t, 2);
    steps->keys[0] = builder_rational(b, "500");
    steps->keys[1] = builder_rational(b, "1000");
    steps->is_below = arena_array(&b->arena, uint8_t, 2);
    steps->is_below[1] = 1;
    steps->has_otherwise = true;
    builder_rows(b, table, rows, 3);
    const uint32_t cells[] = {builder_rational(b, "10"), builder_rational(b, "20"), builder_rational(b, "30")};
    builder_column(b, table, 0, "", VALUE_NUMBER, 0, cells);
    uint32_t x = builder_load(b, builder_field(b, NO_INDEX, "x", 0));
    struct instruction at = {.op = OP_STEP_KEY,
                             .axis = AXIS_ID_PRODUCT,
                             .imm = (uint16_t)table,
                             .a = x,
                             .b = 0,
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    at.a = builder_op(b, at);
    at.op = OP_CELL;
    at.b = NO_OPERAND;
    at.a = builder_op(b, at);
    at.op = OP_COLUMN;
    at.imm = 0;
    run_report(&run, "r", 0, builder_op(b, at));
    run_data(&run, "[{\"x\": 0}, {\"x\": 500}, {\"x\": 500.001}, {\"x\": 999.9}, {\"x\": 1000}, {\"x\": 5000}]");
    run_expect(&run, 0, "r", "10");
    run_expect(&run, 1, "r", "10");
    run_expect(&run, 2, "r", "20");
    run_expect(&run, 3, "r", "20");
    run_expect(&run, 4, "r", "30");
    run_expect(&run, 5, "r", "30");
    run_free(&run);
}
END_TEST

/* ---- factors ---- */

static const char factor_csv[] = "factor,name,year,value,unit,source\n"
                                 "material,steel,,2.5,,S1\n"
                                 "material,copper,,4,,S2\n"
                                 "grid,,2020,0.6,,S3\n"
                                 "grid,,2023,0.5,,S3\n";

START_TEST(lists_all_missing_factors)
{
    struct run run;
    run_start(&run);
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    uint16_t axis = run.b.list_axis[list];
    uint32_t name = builder_load(&run.b, builder_field_of(&run.b, list, "name", VALUE_TEXT, NO_INDEX));
    uint32_t mass = builder_load(&run.b, builder_field(&run.b, list, "mass", 0));
    uint32_t factor = builder_factor(&run.b, "material", 0);
    run.b.program.factors[factor].key_count = 1;
    run.b.program.factors[factor].keys[0].type = FACTOR_KEY_TEXT;
    run.b.program.factors[factor].keys[0].name = builder_text(&run.b, "name");
    struct instruction at = {.op = OP_FACTOR,
                             .axis = axis,
                             .imm = (uint16_t)factor,
                             .a = name,
                             .b = NO_OPERAND,
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    uint32_t amount = builder_two(&run.b, OP_MUL, axis, 0, mass, builder_op(&run.b, at));
    run_report(&run, "r", 0, sum(&run, axis, amount, NO_OPERAND));
    run_factors(&run, factor_csv);
    run_data(&run, "[{\"ms\": [{\"name\": \"steel\", \"mass\": 2}, {\"name\": \"copper\", \"mass\": 1}]},"
                   " {\"ms\": [{\"name\": \"tin\", \"mass\": 2}, {\"name\": \"steel\", \"mass\": 1},"
                   " {\"name\": \"lead\", \"mass\": 1}, {\"name\": \"tin\", \"mass\": 1}]}]");
    run_expect(&run, 0, "r", "9");
    ck_assert_uint_eq(run_message_count(&run, 1), 2);
    run_expect_failure(&run, 1, 0, "E0708", "material(\"tin\")");
    run_expect_failure(&run, 1, 1, "E0708", "material(\"lead\")");
    run_free(&run);
}
END_TEST

START_TEST(notes_factors_of_earlier_years)
{
    struct run run;
    run_start(&run);
    uint32_t year = builder_load(&run.b, builder_field_of(&run.b, NO_INDEX, "y", VALUE_YEAR, NO_INDEX));
    uint32_t factor = builder_factor(&run.b, "grid", 0);
    run.b.program.factors[factor].key_count = 1;
    run.b.program.factors[factor].keys[0].type = FACTOR_KEY_YEAR;
    run.b.program.factors[factor].keys[0].name = builder_text(&run.b, "year");
    struct instruction at = {.op = OP_FACTOR,
                             .axis = AXIS_ID_PRODUCT,
                             .imm = (uint16_t)factor,
                             .a = year,
                             .b = NO_OPERAND,
                             .c = NO_OPERAND,
                             .mask = NO_OPERAND};
    run_report(&run, "r", 0, builder_op(&run.b, at));
    run_factors(&run, factor_csv);
    run_data(&run, "[{\"y\": 2023}, {\"y\": 2022}, {\"y\": 2019}]");
    run_expect(&run, 0, "r", "1/2");
    ck_assert_ptr_null(run.outcomes[0].notes);
    run_expect(&run, 1, "r", "3/5");
    ck_assert_int_eq(run.outcomes[1].notes->kind, NOTE_FACTOR);
    ck_assert(str_eq(run.outcomes[1].notes->detail, STR("grid(2022)")));
    run_expect_failure(&run, 2, 0, "E0708", "grid(2019)");
    run_free(&run);
}
END_TEST

Suite *exact_rows_suite(void)
{
    Suite *suite = suite_create("exact_rows");
    TCase *rows = tcase_create("rows");
    tcase_add_test(rows, aggregates_rows);
    tcase_add_test(rows, picks_rows_first_or_last_of_equal);
    tcase_add_test(rows, refuses_two_only_rows);
    tcase_add_test(rows, explains_that_no_row_counts);
    tcase_add_test(rows, skips_poison_where_nothing_is_needed);
    tcase_add_test(rows, bounds_the_messages_of_a_product);
    tcase_add_test(rows, nests_lists);
    tcase_add_test(rows, joins_lists_by_pairs);
    tcase_add_test(rows, counts_through_ranges);
    tcase_add_test(rows, ranges_inside_rows);
    tcase_add_test(rows, sums_exactly_over_many_rows);
    suite_add_tcase(suite, rows);
    TCase *tables = tcase_create("tables");
    tcase_add_test(tables, looks_up_tables);
    tcase_add_test(tables, finds_steps);
    tcase_add_test(tables, lists_all_missing_factors);
    tcase_add_test(tables, notes_factors_of_earlier_years);
    suite_add_tcase(suite, tables);
    return suite;
}
