/* From outcomes to figures, notes and JSON. */
#include <check.h>
#include <string.h>

#include "base/json.h"
#include "tests/unit/run_fixture.h"

Suite *result_suite(void);

/* 2 t of product: fuel 0.145 kgCO2e, process a (fossil, no gas) b (biogenic, CH4); distribution switched by `on`;
   declared 1 t; figures to two decimals. */
struct plant {
    struct run run;
    uint16_t t;
    uint32_t field_a, field_b;
};

static void add_part(struct run *run, const char *category, const char *gas, uint32_t amount)
{
    struct builder *b = &run->b;
    struct program *program = &b->program;
    uint32_t stage = builder_stage(b, "scratch");
    builder_emit(b, stage, "scratch", amount);
    program->stage_count--; /* the part is one more of the flow before */
    program->flow_count--;
    struct prog_part *part = &program->parts[program->part_count - 1];
    part->flow = program->flow_count - 1;
    part->category = builder_category(b, category);
    part->gas = gas == NULL ? NO_INDEX : builder_text(b, gas);
}

static void plant_start(struct plant *plant)
{
    struct run *run = &plant->run;
    run_start(run);
    struct builder *b = &run->b;
    plant->t = builder_unit(b, "t", "1000", "kg");
    uint16_t per_t = builder_unit(b, "kgCO2e/t", "1/1000", "CO2e kg^-1");
    plant->field_a = builder_field(b, NO_INDEX, "a", b->co2e);
    plant->field_b = builder_field(b, NO_INDEX, "b", b->co2e);
    builder_the_field(b, plant->field_b)->low = NO_INDEX;
    uint32_t mass = builder_load(b, builder_field(b, NO_INDEX, "mass", plant->t));
    uint32_t is_on = builder_load(b, builder_field_of(b, NO_INDEX, "on", VALUE_BOOL, NO_INDEX));
    uint32_t stage = builder_stage(b, "production");
    builder_emit(b, stage, "fuel", builder_number(b, "29/100", b->co2e));
    builder_emit(b, stage, "process", builder_load(b, plant->field_a));
    add_part(run, "biogenic", "CH4", builder_load(b, plant->field_b));
    uint32_t use = builder_stage(b, "use");
    b->program.stages[use].when = is_on;
    builder_mask(b, builder_emit(b, use, "heat", builder_load(b, plant->field_a)), is_on);
    builder_reference(b, "1", plant->t, per_t, mass);
    builder_report(b, "intensity", plant->t, mass);
    b->program.rule.round = (struct prog_round){PROG_ROUND_DECIMALS, ROUND_HALF_EVEN, 2, false};
    b->program.rule.stage_round = b->program.rule.round;
    b->program.rule.flow_round = b->program.rule.round;
}

static const struct zuji_figure *find(const struct result_figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->count; i++) {
        if (strcmp(figures->items[i].name, name) == 0) {
            return &figures->items[i];
        }
    }
    ck_abort_msg("no figure %s", name);
    return NULL;
}

#define check_figure(figure, expected_value, expected_text, expected_share)                                            \
    do {                                                                                                               \
        const struct zuji_figure *it = (figure);                                                                       \
        ck_assert_int_eq(it->is_given, 1);                                                                             \
        ck_assert_double_eq_tol(it->value, (expected_value), 1e-15);                                                   \
        ck_assert_str_eq(it->reported, (expected_text));                                                               \
        ck_assert_double_eq_tol(it->share, (expected_share), 1e-15);                                                   \
    } while (0)

START_TEST(makes_figures_per_declared_unit)
{
    struct plant plant;
    plant_start(&plant);
    run_data(&plant.run, "{\"id\": \"p\", \"mass\": 2, \"a\": 4, \"b\": 1.71, \"on\": false}");
    const struct zuji_result *result = run_result(&plant.run, 0);
    ck_assert(result->is_ok && result->is_exact);
    check_figure(&result->total, 3, "3.00", 1);
    ck_assert_str_eq(result->total.unit, "kgCO2e/t");
    check_figure(find(&result->stages, "production"), 3, "3.00", 1);
    ck_assert_int_eq(find(&result->stages, "use")->is_given, 0);
    ck_assert_int_eq(find(&result->flows, "heat")->is_given, 0);
    check_figure(find(&result->flows, "fuel"), 0.145, "0.14", 0.145 / 3); /* half to even, exactly */
    check_figure(find(&result->flows, "process"), 2.855, "2.86", 2.855 / 3);
    ck_assert_str_eq(find(&result->flows, "process")->stage, "production");
    check_figure(find(&result->categories, "fossil"), 2.145, "2.14", 2.145 / 3);
    check_figure(find(&result->categories, "biogenic"), 0.855, "0.86", 0.855 / 3);
    check_figure(find(&result->gases, "CH4"), 0.855, "0.86", 0.855 / 3);
    check_figure(find(&result->gases, "CO2e"), 2.145, "2.14", 2.145 / 3);
    ck_assert_str_eq(find(&result->reports, "intensity")->reported, "2.00000");
    ck_assert_str_eq(find(&result->reports, "intensity")->unit, "t");
    run_free(&plant.run);
}
END_TEST

START_TEST(shares_of_magnitudes_where_one_is_negative)
{
    struct plant plant;
    plant_start(&plant);
    run_data(&plant.run, "{\"mass\": 1, \"a\": 1.71, \"b\": -3.71, \"on\": true}");
    const struct zuji_result *result = run_result(&plant.run, 0);
    /* flows 0.29, -2, 1.71: magnitudes 4, total 0 */
    check_figure(&result->total, 0, "0.00", 0);
    check_figure(find(&result->flows, "process"), -2, "-2.00", -0.5);
    check_figure(find(&result->flows, "heat"), 1.71, "1.71", 0.4275);
    check_figure(find(&result->stages, "use"), 1.71, "1.71", 0.4275);
    run_free(&plant.run);
}
END_TEST

START_TEST(names_other_declared_amounts)
{
    struct run run;
    run_start(&run);
    uint16_t ml = builder_unit(&run.b, "mL", "1/1000000", "m^3");
    uint16_t per_ml = builder_unit(&run.b, "kgCO2e/mL", "1000000", "CO2e m^-3");
    uint32_t volume = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "v", ml));
    builder_emit(&run.b, builder_stage(&run.b, "s"), "f", builder_number(&run.b, "3", run.b.co2e));
    builder_reference(&run.b, "100", ml, per_ml, volume);
    run_data(&run, "{\"v\": 400}");
    const struct zuji_result *result = run_result(&run, 0);
    ck_assert_str_eq(result->total.unit, "kgCO2e/(100 mL)");
    ck_assert_double_eq(result->total.value, 0.75);
    ck_assert_str_eq(result->total.reported, "0.750000");
    run_free(&run);
}
END_TEST

/* Per one unit the total's unit is made of the declared unit's text, whatever the program calls units of that size. */
static void assert_total_unit(const char *unit, const char *scale, const char *kind, const char *per_text,
                              const char *per_scale, const char *per_kind, const char *amount, const char *expected)
{
    struct run run;
    run_start(&run);
    uint16_t declared = builder_unit(&run.b, unit, scale, kind);
    uint16_t per = builder_unit(&run.b, per_text, per_scale, per_kind);
    builder_emit(&run.b, builder_stage(&run.b, "s"), "f", builder_number(&run.b, "3", run.b.co2e));
    builder_reference(&run.b, amount, declared, per, builder_number(&run.b, amount, declared));
    run_data(&run, "{}");
    ck_assert_str_eq(run_result(&run, 0)->total.unit, expected);
    run_free(&run);
}

START_TEST(names_the_declared_unit)
{
    assert_total_unit("item", "1", "item", "kgCO2e/item", "1", "CO2e item^-1", "1", "kgCO2e/item");
    assert_total_unit("t", "1000", "kg", "kgCO2e/t", "1/1000", "CO2e kg^-1", "1", "kgCO2e/t");
    assert_total_unit("kg", "1", "kg", "tCO2e/t", "1", "CO2e kg^-1", "1", "kgCO2e/kg");
    assert_total_unit("m2·a", "31536000", "m^2 s", "kgCO2e/(m2·a)", "1/31536000", "CO2e m^-2 s^-1", "1",
                      "kgCO2e/(m2·a)");
    assert_total_unit("1", "1", "", "kgCO2e", "1", "CO2e", "1", "kgCO2e");
    assert_total_unit("1", "1", "", "kgCO2e", "1", "CO2e", "1000", "kgCO2e/1000");
    assert_total_unit("item", "1", "item", "kgCO2e/item", "1", "CO2e item^-1", "5/2", "kgCO2e/(2.5 item)");
}
END_TEST

START_TEST(figures_from_doubles)
{
    struct plant plant;
    plant_start(&plant);
    run_data(&plant.run, "{\"mass\": 2, \"a\": 4, \"b\": 1.71, \"on\": false}");
    struct outcome *outcome = &plant.run.outcomes[0];
    ck_assert_int_eq(result_certainty(&plant.run.arena, plant.run.plan, outcome), RESULT_CERTAIN);
    const double parts[] = {0.30, 4, 1.72, 0};
    outcome->is_exact = false;
    memcpy(outcome->rows[0].part_double, parts, sizeof parts);
    outcome->rows[0].reference_double = 2;
    outcome->rows[0].output_double[0] = 2;
    ck_assert_int_eq(result_certainty(&plant.run.arena, plant.run.plan, outcome), RESULT_CERTAIN);
    outcome->rows[0].part_double[0] = 0.29; /* 0.145 is a tie */
    outcome->rows[0].part_bound[0] = 0x1p-53;
    ck_assert_int_eq(result_certainty(&plant.run.arena, plant.run.plan, outcome), RESULT_OPEN);
    outcome->rows[0].part_double[0] = 0.2900001;
    outcome->rows[0].output_double[0] = 2.0000050000000001; /* to six digits */
    outcome->rows[0].output_bound[0] = 0x1p-50;
    ck_assert_int_eq(result_certainty(&plant.run.arena, plant.run.plan, outcome), RESULT_OPEN);
    outcome->rows[0].output_double[0] = 2;
    outcome->rows[0].output_bound[0] = 0x1p-38; /* certain to six digits, and not as good as values are to be */
    ck_assert_int_eq(result_certainty(&plant.run.arena, plant.run.plan, outcome), RESULT_OPEN);
    outcome->rows[0].output_bound[0] = 0;
    outcome->rows[0].output_double[0] = 2;
    outcome->rows[0].amounts = NULL;
    const struct zuji_result *result = run_result(&plant.run, 0);
    ck_assert(!result->is_exact);
    check_figure(&result->total, 3.00500005, "3.01", 1);
    check_figure(find(&result->flows, "fuel"), 0.14500005, "0.15", 0.14500005 / 3.00500005);
    run_free(&plant.run);
}
END_TEST

START_TEST(writes_json)
{
    struct plant plant;
    plant_start(&plant);
    run_data(&plant.run, "{\"id\": \"a\\\"b\", \"mass\": 2, \"a\": 4, \"b\": 2, \"on\": false}");
    const struct zuji_result *result = run_result(&plant.run, 0);
    ck_assert_str_eq(result_json(&plant.run.arena, result, ZUJI_TOTALS).at,
                     "{\"id\":\"a\\\"b\",\"status\":\"ok\",\"total\":{\"value\":3.145,\"unit\":\"kgCO2e/t\","
                     "\"reported\":\"3.14\"},\"notes\":[]}");
    struct str full = result_json(&plant.run.arena, result, ZUJI_FULL);
    static const char *const pieces[] = {
        "\"reported\":\"3.14\",\"decimal\":\"3.145\"}",
        ("{\"name\":\"production\",\"phase\":\"production\",\"value\":3.145,\"reported\":\"3.14\",\"share\":1,"
         "\"categories\":{\"fossil\":{\"value\":2.145,\"reported\":\"2.14\",\"gases\":{\"CO2e\":{"),
        "{\"name\":\"use\",\"phase\":\"production\",\"value\":null,\"reported\":null,\"share\":null,",
        "\"phases\":[{\"name\":\"production\",\"state\":\"declared\",\"value\":3.145,",
        "\"breakdowns\":{},\"sums\":{},\"summed\":[\"fossil\",\"biogenic\"],\"apart\":[],",
        "{\"stage\":\"use\",\"name\":\"heat\",\"value\":null,\"reported\":null,\"share\":null}]",
        "\"gases\":{\"CO2e\":{\"value\":2.145,",
        "\"primary_data_share\":null,\"quality\":null,\"reports\":",
        "\"reports\":{\"intensity\":{\"value\":2,\"unit\":\"t\",\"reported\":\"2.00000\"}}",
    };
    for (size_t i = 0; i < countof(pieces); i++) {
        ck_assert_msg(strstr(full.at, pieces[i]) != NULL, "%s lacks %s", full.at, pieces[i]);
    }
    struct json_tree tree = json_tree_in(&plant.run.arena);
    struct json_error error;
    ck_assert(json_read(&tree, &plant.run.arena, full, &error));
    run_free(&plant.run);
}
END_TEST

START_TEST(keeps_failed_products_with_their_messages)
{
    struct plant plant;
    plant_start(&plant);
    run_data(&plant.run, "{\"id\": \"p\", \"mass\": 0, \"a\": 4, \"b\": 2, \"on\": false}");
    const struct zuji_result *result = run_result(&plant.run, 0);
    ck_assert(!result->is_ok);
    ck_assert_uint_eq(result->messages->count, 1);
    ck_assert_uint_eq(result->problems->count, 1);
    ck_assert_str_eq(result->messages->items[0].code, "E0717");
    ck_assert_str_eq(result->messages->items[0].product, "p");
    ck_assert_str_eq(result->messages->items[0].file, "test.pcr");
    const char *json = result_json(&plant.run.arena, result, ZUJI_TOTALS).at;
    ck_assert_msg(
        strncmp(json, "{\"id\":\"p\",\"status\":\"error\",\"total\":null,\"notes\":[{\"code\":\"E0717\",", 60) == 0,
        "%s", json);
    run_free(&plant.run);
}
END_TEST

START_TEST(notes_defaults_lists_and_warnings)
{
    struct run run;
    run_start(&run);
    uint32_t list = builder_list(&run.b, NO_INDEX, "ms");
    builder_the_field(&run.b, list)->is_optional = 1;
    uint16_t axis = run.b.list_axis[list];
    uint32_t field = builder_field(&run.b, list, "km", 0);
    builder_the_field(&run.b, field)->is_optional = 1;
    builder_the_field(&run.b, field)->has_default = 1;
    struct instruction other = {.op = OP_ELSE,
                                .axis = axis,
                                .imm = 1,
                                .a = builder_load(&run.b, field),
                                .b = builder_number(&run.b, "500", 0),
                                .c = NO_OPERAND,
                                .mask = NO_OPERAND};
    uint32_t km = builder_op(&run.b, other);
    run_report(&run, "r", 0, builder_reduce(&run.b, OP_SUM, axis, 0, km, NO_OPERAND));
    uint32_t is_near = builder_two(&run.b, OP_LT, axis, 0, km, builder_number(&run.b, "1000", 0));
    uint32_t warn = builder_require(&run.b, axis, is_near, "far away");
    run.b.program.code[warn].op = OP_WARN;
    run_data(&run, "[{\"ms\": [{\"km\": 1}, {}, {\"km\": 2000}, {}]}, {}]");
    run_expect(&run, 0, "r", "3001");
    const struct zuji_messages *messages = run_result(&run, 0)->messages;
    const struct zuji_messages *problems = run_result(&run, 0)->problems;
    ck_assert_uint_eq(problems->count, 1);
    ck_assert_str_eq(problems->items[0].code, "W0750");
    ck_assert_str_eq(problems->items[0].path, "ms[3]");
    ck_assert_uint_eq(messages->count, 2);
    ck_assert_str_eq(messages->items[0].code, "N0761");
    ck_assert_int_eq(messages->items[0].severity, SEVERITY_NOTE);
    ck_assert_str_eq(messages->items[0].text[ZUJI_EN],
                     "ms[2].km is not given, nor in 1 more of its rows: the default is taken, 500 in the first");
    ck_assert_str_eq(messages->items[1].code, "W0750");
    ck_assert_str_eq(messages->items[1].text[ZUJI_ZH], "far away");
    ck_assert_str_eq(messages->items[1].path, "ms[3]");
    messages = run_result(&run, 1)->messages;
    ck_assert_uint_eq(messages->count, 1);
    ck_assert_str_eq(messages->items[0].code, "N0762");
    ck_assert_uint_eq(run_result(&run, 1)->problems->count, 0);
    run_free(&run);
}
END_TEST

/* Nothing is made before it is asked for, and nothing twice. */
START_TEST(makes_what_is_asked_for)
{
    struct plant plant;
    plant_start(&plant);
    run_data(&plant.run, "{\"id\": \"p\", \"mass\": 2, \"a\": 4, \"b\": 1.71, \"on\": false}");
    struct arena arena = {.limit = 0};
    const struct zuji_result *result =
        result_new(&arena, plant.run.plan, &plant.run.batch.products[0], &plant.run.outcomes[0]);
    ck_assert(!result->has_total && !result->flows.is_filled && result->messages == NULL);
    ck_assert_ptr_nonnull(result_json(&arena, result, ZUJI_TOTALS).at);
    ck_assert(result->has_total && !result->stages.is_filled && result->messages == NULL);
    ck_assert_ptr_nonnull(result_json(&arena, result, ZUJI_STAGES).at);
    ck_assert(result->stages.is_filled && !result->flows.is_filled && result->messages == NULL);
    const struct zuji_figure *flows = result_list(result, &result->flows);
    ck_assert_ptr_eq(result_list(result, &result->flows), flows);
    check_figure(find(&result->flows, "fuel"), 0.145, "0.14", 0.145 / 3);
    arena_free(&arena);
    run_free(&plant.run);
}
END_TEST

START_TEST(refuses_figures_beyond_doubles)
{
    struct run run;
    run_start(&run);
    uint32_t x = builder_load(&run.b, builder_field(&run.b, NO_INDEX, "x", 0));
    struct instruction power = {
        .op = OP_POWI, .axis = AXIS_ID_PRODUCT, .a = x, .b = 12, .c = NO_OPERAND, .mask = NO_OPERAND};
    run_report(&run, "r", 0, builder_op(&run.b, power));
    run_data(&run, "[{\"x\": 1e30}, {\"x\": 1e24}]");
    const struct zuji_result *result = run_result(&run, 0);
    ck_assert(!result->is_ok);
    ck_assert_str_eq(result->messages->items[0].code, "E0720");
    ck_assert(run_result(&run, 1)->is_ok);
    run_free(&run);
}
END_TEST

Suite *result_suite(void)
{
    Suite *suite = suite_create("result");
    TCase *figures = tcase_create("figures");
    tcase_add_test(figures, makes_figures_per_declared_unit);
    tcase_add_test(figures, shares_of_magnitudes_where_one_is_negative);
    tcase_add_test(figures, names_other_declared_amounts);
    tcase_add_test(figures, names_the_declared_unit);
    tcase_add_test(figures, figures_from_doubles);
    tcase_add_test(figures, refuses_figures_beyond_doubles);
    tcase_add_test(figures, makes_what_is_asked_for);
    suite_add_tcase(suite, figures);
    TCase *texts = tcase_create("texts");
    tcase_add_test(texts, writes_json);
    tcase_add_test(texts, keeps_failed_products_with_their_messages);
    tcase_add_test(texts, notes_defaults_lists_and_warnings);
    suite_add_tcase(suite, texts);
    return suite;
}
