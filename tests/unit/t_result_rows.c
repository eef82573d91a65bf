/* Results for each row of a list, or of a table: the engines, the figures, the JSON. */
#include <check.h>
#include <string.h>

#include "tests/unit/engines_agree.h"

Suite *result_rows_suite(void);

/* A dairy: milk comes in (10 kgCO2e/t), energy is shared by mass, packaging is each product's own.

       products: name, mass in t, packs          shares by mass, so that each t carries the same */
struct dairy {
    struct run run;
    uint16_t axis, t, per_t;
    uint32_t mass, name, packs, energy;
    uint32_t part_shared, part_own;
};

static void dairy_start(struct dairy *d)
{
    struct builder *b = &d->run.b;
    run_start(&d->run);
    d->t = builder_unit(b, "t", "1000", "kg");
    d->per_t = builder_unit(b, "kgCO2e/t", "1/1000", "CO2e kg^-1");
    d->energy = builder_load(b, builder_field(b, NO_INDEX, "energy", b->co2e));
    uint32_t products = builder_list(b, NO_INDEX, "products");
    d->axis = b->list_axis[products];
    d->name = builder_load(b, builder_field_of(b, products, "name", VALUE_TEXT, NO_INDEX));
    d->mass = builder_load(b, builder_field(b, products, "mass", d->t));
    d->packs = builder_load(b, builder_field(b, products, "packs", b->co2e));
    b->program.rule.row_axis = d->axis;
    b->program.rule.row_name = d->name;
    builder_reference(b, "1", d->t, d->per_t, d->mass);
}

/* The amount of a flow on the rows. */
static uint32_t emit_on(struct builder *b, uint16_t axis, uint32_t stage, const char *flow, uint32_t amount)
{
    uint32_t emit = builder_emit(b, stage, flow, amount);
    b->program.code[emit].axis = axis;
    return emit;
}

static void dairy_flows(struct dairy *d)
{
    struct builder *b = &d->run.b;
    uint32_t whole = builder_reduce(b, OP_SUM, d->axis, d->t, d->mass, NO_OPERAND);
    uint32_t share = builder_two(b, OP_DIV, d->axis, 0, d->mass, builder_one(b, OP_SPREAD, d->axis, d->t, whole));
    uint32_t energy = builder_one(b, OP_SPREAD, d->axis, b->co2e, d->energy);
    uint32_t stage = builder_stage(b, "dairy");
    emit_on(b, d->axis, stage, "energy", builder_two(b, OP_MUL, d->axis, b->co2e, energy, share));
    emit_on(b, d->axis, stage, "packaging", d->packs);
}

static const struct zuji_figure *flow(const struct zuji_result *row, size_t number)
{
    return &row->flows.items[number];
}

static const char two_products[] =
    "{\"id\": \"d\", \"energy\": 120, \"products\": [{\"name\": \"milk\", \"mass\": 3, \"packs\": 6}, "
    "{\"name\": \"cream\", \"mass\": 1, \"packs\": 4}]}";

START_TEST(list_gives_a_result_for_each_row)
{
    struct dairy d;
    dairy_start(&d);
    dairy_flows(&d);
    run_data(&d.run, two_products);
    const struct zuji_result *result = run_result(&d.run, 0);
    ck_assert_uint_eq(result->row_count, 2);
    const struct zuji_result *milk = &result->rows[0];
    const struct zuji_result *cream = &result->rows[1];
    result_complete(cream);
    /* energy 120 / 4 t = 30 for each t; packs 6 / 3 t and 4 / 1 t */
    ck_assert_str_eq(milk->row_name, "milk");
    ck_assert_str_eq(milk->total.reported, "32.0000");
    ck_assert_str_eq(flow(milk, 0)->reported, "30.0000");
    ck_assert_str_eq(flow(milk, 1)->reported, "2.00000");
    ck_assert_str_eq(cream->row_name, "cream");
    ck_assert_uint_eq(cream->row_number, 2);
    ck_assert_str_eq(cream->total.reported, "34.0000");
    ck_assert_double_eq(cream->total.value, 34);
    run_free(&d.run);
}
END_TEST

START_TEST(rows_are_entries_of_their_own)
{
    struct dairy d;
    dairy_start(&d);
    dairy_flows(&d);
    run_data(&d.run, two_products);
    const struct zuji_result *result = run_result(&d.run, 0);
    ck_assert_str_eq(result_json(&d.run.arena, &result->rows[1], ZUJI_TOTALS).at,
                     "{\"id\":\"d\",\"row\":\"cream\",\"row_number\":2,\"status\":\"ok\",\"total\":{\"value\":34,"
                     "\"unit\":\"kgCO2e/t\",\"reported\":\"34.0000\"},\"notes\":[]}");
    run_free(&d.run);
}
END_TEST

START_TEST(rows_without_a_name_are_numbered)
{
    struct dairy d;
    dairy_start(&d);
    dairy_flows(&d);
    d.run.b.program.rule.row_name = NO_OPERAND;
    uint32_t is_named = builder_two(&d.run.b, OP_SAME, d.axis, 0, d.name, d.name);
    builder_require(&d.run.b, d.axis, is_named, "each has its own name");
    run_data(&d.run, two_products);
    const struct zuji_result *result = run_result(&d.run, 0);
    ck_assert_str_eq(result->rows[0].row_name, "1");
    ck_assert_str_eq(result->rows[1].row_name, "2");
    run_free(&d.run);
}
END_TEST

/* What belongs to the product counts whole in every row. */
START_TEST(parts_of_the_product_count_in_every_row)
{
    struct dairy d;
    dairy_start(&d);
    struct builder *b = &d.run.b;
    uint32_t stage = builder_stage(b, "dairy");
    builder_emit(b, stage, "energy", d.energy);
    emit_on(b, d.axis, stage, "packaging", d.packs);
    builder_report(b, "energy", b->co2e, d.energy);
    uint32_t report = builder_report(b, "mass", d.t, d.mass);
    b->program.code[report].axis = d.axis;
    run_data(&d.run, two_products);
    const struct zuji_result *result = run_result(&d.run, 0);
    result_complete(&result->rows[1]);
    ck_assert_str_eq(result->rows[0].total.reported, "42.0000"); /* (120 + 6) / 3 */
    ck_assert_str_eq(result->rows[1].total.reported, "124.000");
    ck_assert_str_eq(result->rows[0].reports.items[0].reported, "120.000");
    ck_assert_str_eq(result->rows[1].reports.items[1].reported, "1.00000");
    run_free(&d.run);
}
END_TEST

START_TEST(stage_is_carried_out_row_by_row)
{
    struct dairy d;
    dairy_start(&d);
    struct builder *b = &d.run.b;
    uint32_t stage = builder_stage(b, "packing");
    uint32_t is_large = builder_two(b, OP_LT, d.axis, 0, builder_number(b, "2", d.t), d.mass);
    b->program.stages[stage].when = is_large;
    builder_mask(b, emit_on(b, d.axis, stage, "packaging", d.packs), is_large);
    builder_emit(b, builder_stage(b, "dairy"), "energy", d.energy);
    run_data(&d.run, two_products);
    const struct zuji_result *result = run_result(&d.run, 0);
    result_complete(&result->rows[1]);
    ck_assert_int_eq(result->rows[0].stages.items[0].is_given, 1);
    ck_assert_int_eq(result->rows[1].stages.items[0].is_given, 0);
    ck_assert_str_eq(result->rows[1].total.reported, "120.000");
    run_free(&d.run);
}
END_TEST

START_TEST(a_row_in_error_fails_its_product)
{
    struct dairy d;
    dairy_start(&d);
    dairy_flows(&d);
    run_data(&d.run, "[{\"energy\": 1, \"products\": [{\"name\": \"a\", \"mass\": 1, \"packs\": 0}, "
                     "{\"name\": \"b\", \"mass\": 0, \"packs\": 0}]}, {\"energy\": 1, \"products\": []}]");
    run_expect_failure(&d.run, 0, 0, "E0717", "0 t");
    ck_assert_str_eq(run_result(&d.run, 0)->messages->items[0].path, "products[2]");
    run_expect_failure(&d.run, 1, 0, "E0786", "products");
    ck_assert_uint_eq(run_result(&d.run, 1)->row_count, 1);
    run_free(&d.run);
}
END_TEST

START_TEST(too_many_rows_are_refused)
{
    struct dairy d;
    dairy_start(&d);
    dairy_flows(&d);
    enum { ROWS = LIMIT_RESULT_FIGURES / 4 + 1 }; /* two parts, a stage, and one */
    struct buf json = buf_in(&d.run.arena);
    buf_add(&json, STR("{\"energy\": 1, \"products\": ["));
    for (uint32_t i = 0; i < ROWS; i++) {
        buf_add(&json, i > 0 ? STR(",") : STR(""));
        buf_add(&json, STR("{\"name\":\"a\",\"mass\":1,\"packs\":0}"));
    }
    buf_add(&json, STR("]}"));
    buf_char(&json, '\0');
    run_data(&d.run, json.at);
    run_expect_failure(&d.run, 0, 0, "E0787", "1048577");
    run_free(&d.run);
}
END_TEST

/* ---- rows of a table ---- */

/* Scenarios of a table: how far, and how much is left. */
START_TEST(table_gives_a_result_for_each_row)
{
    struct run run;
    run_start(&run);
    struct builder *b = &run.b;
    static const uint32_t rows[] = {0, 1, 2};
    static const char *const names[] = {"landfill", "mixed", "recycling"};
    uint32_t table = builder_table(b, "scenario", 2, 3);
    struct prog_dimension *keys = builder_dimension(b, table, VALUE_TEXT);
    keys->key_count = 3;
    keys->keys = arena_array(&b->arena, uint32_t, 3);
    uint32_t texts[3];
    for (uint32_t i = 0; i < 3; i++) {
        keys->keys[i] = texts[i] = builder_const_text(b, names[i]);
    }
    builder_rows(b, table, rows, 3);
    const uint32_t cells[] = {builder_rational(b, "1"), builder_rational(b, "1/2"), builder_rational(b, "1/4")};
    builder_column(b, table, 0, "left", VALUE_NUMBER, 0, cells);
    builder_column(b, table, 1, "name", VALUE_TEXT, 0, texts);
    uint16_t axis = builder_range(b, AXIS_ID_PRODUCT, builder_number(b, "1", 0), builder_number(b, "3", 0), 3);
    uint32_t row = builder_op(
        b, (struct instruction){OP_ROW, axis, 0, (uint16_t)table, NO_OPERAND, NO_OPERAND, NO_OPERAND, NO_OPERAND});
    uint32_t left = builder_one(b, OP_COLUMN, axis, 0, row);
    uint32_t name = builder_op(b, (struct instruction){OP_COLUMN, axis, 0, 1, row, NO_OPERAND, NO_OPERAND, NO_OPERAND});
    uint32_t waste = builder_load(b, builder_field(b, NO_INDEX, "waste", b->co2e));
    uint32_t pieces = builder_load(b, builder_field(b, NO_INDEX, "pieces", 0));
    uint32_t disposed = builder_two(b, OP_MUL, axis, b->co2e, builder_one(b, OP_SPREAD, axis, b->co2e, waste), left);
    uint32_t stage = builder_stage(b, "end");
    emit_on(b, axis, stage, "disposal", disposed);
    builder_emit(b, builder_stage(b, "making"), "waste", waste);
    b->program.rule.row_axis = axis;
    b->program.rule.row_name = name;
    uint32_t reference = builder_two(b, OP_ADD, axis, 0, builder_one(b, OP_SPREAD, axis, 0, pieces), left);
    builder_reference(b, "1", 0, b->co2e, reference);
    run_data(&run, "[{\"waste\": 8, \"pieces\": 0}, {\"waste\": 1, \"pieces\": 1}]");
    const struct zuji_result *result = run_result(&run, 0);
    static const char *const totals[] = {"16.0000", "24.0000", "40.0000"}; /* (8 + 8 left) / left */
    ck_assert_uint_eq(result->row_count, 3);
    for (size_t r = 0; r < 3; r++) {
        result_complete(&result->rows[r]);
        ck_assert_str_eq(result->rows[r].row_name, names[r]);
        ck_assert_str_eq(result->rows[r].total.reported, totals[r]);
    }
    ck_assert_str_eq(run_result(&run, 1)->total.reported, "1.00000"); /* 2 / 2 */
    engines_report_alike(&run, run.binding, "scenarios");
    run_free(&run);
}
END_TEST

Suite *result_rows_suite(void)
{
    Suite *suite = suite_create("result_rows");
    TCase *lists = tcase_create("lists");
    tcase_add_test(lists, list_gives_a_result_for_each_row);
    tcase_add_test(lists, rows_are_entries_of_their_own);
    tcase_add_test(lists, rows_without_a_name_are_numbered);
    tcase_add_test(lists, parts_of_the_product_count_in_every_row);
    tcase_add_test(lists, stage_is_carried_out_row_by_row);
    tcase_add_test(lists, a_row_in_error_fails_its_product);
    tcase_add_test(lists, too_many_rows_are_refused);
    tcase_set_timeout(lists, 60);
    suite_add_tcase(suite, lists);
    TCase *tables = tcase_create("tables");
    tcase_add_test(tables, table_gives_a_result_for_each_row);
    suite_add_tcase(suite, tables);
    return suite;
}
