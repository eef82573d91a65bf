/* Sensitivity: derivatives by hand, kinks where there are some, and over the examples of all shipped rules the same
   as central differences of the exact engine. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "tests/unit/lower_fixture.h"
#include "tests/unit/random_program.h"
#include "vm/factors.h"
#include "vm/result_amounts.h"
#include "vm/sensitivity.h"

Suite *sensitivity_suite(void);

static struct zuji_rule *rule;
static struct zuji_factors *factors;
static struct zuji_run *run;

static void prepare(const char *factor_set, const char *more)
{
    struct str bytes;
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_new(&factors), ZUJI_OK);
    const char *paths[] = {factor_set, more};
    for (size_t i = 0; i < countof(paths); i++) {
        ck_assert(paths[i] == NULL || zuji_factors_add(factors, paths[i], NULL) == ZUJI_OK);
    }
    ck_assert_int_eq(zuji_run_new(rule, factors, NULL, &run, NULL), ZUJI_OK);
}

static void teardown(void)
{
    zuji_run_free(run);
    zuji_factors_free(factors);
    zuji_rule_free(rule);
    run = NULL;
    factors = NULL;
    rule = NULL;
    lower_teardown();
}

/* ---- against central differences ---- */

struct answer { /* an influence, without the numbers of the run that it came from */
    struct ground ground;
    double slope;
    uint8_t marks;
};
struct look {
    const struct result_plan *plan;
    struct engine *engine;
    struct batch *batch;
    uint32_t product, row;
    const char *title;
    struct answer *answers;
    size_t count;
    struct rat total;
    bool is_ok;
};

static void look_at_slopes(void *context, struct exact_run *exact, bool is_ok)
{
    struct look *look = context;
    struct rat total;
    ck_assert(is_ok);
    struct sensing *sensing = sensing_new(exact, look->plan, look->row, &total);
    look->count = sensing->influence_count;
    look->answers = arena_array(&lower_arena, struct answer, look->count);
    for (size_t i = 0; i < look->count; i++) {
        const struct influence *influence = &sensing->influences[i];
        look->answers[i] =
            (struct answer){influence->ground, rat_to_double(influence->slope.by), influence->slope.marks};
    }
}

/* What a rule requires may not hold any more: the figures are there all the same, but for those whose parameters have
   left their ranges. */
static void look_at_total(void *context, struct exact_run *exact, bool is_ok)
{
    struct look *look = context;
    look->is_ok = is_ok;
    struct rat total =
        amounts_new(exact->arena, look->plan, &exact->outcome->rows[look->row], true)->exact[FIGURE_TOTAL];
    look->total = rat_neg(&lower_arena, rat_neg(exact->arena, total)); /* negation stores its result anew */
}

static struct rat total_now(struct look *look)
{
    ck_assert(engine_show(look->engine, look->batch, look->product, look_at_total, look));
    return look->total;
}

/* ---- a number put in place of another one, until it is put back ---- */

struct nudged {
    struct batch *batch;
    struct prog_column *column;
    struct program *program;
    struct factor_value *factor;
    const struct ground *ground;
    struct rat was;
    struct exact_cell *cells;
    uint32_t cell_count, constant;
};

static bool find_number(const struct look *look, const struct ground *ground, struct nudged *place)
{
    struct batch *batch = look->batch;
    struct program *program = (struct program *)(uintptr_t)batch->program; /* put back before anybody looks again */
    *place = (struct nudged){.batch = batch, .ground = ground, .program = program};
    if (ground->kind == GROUND_FACTOR) {
        place->factor = (struct factor_value *)(uintptr_t)ground->value;
        place->was = place->factor->exact;
    } else if (ground->kind == GROUND_CELL) {
        place->column = &program->tables[ground->table].columns[ground->column];
        place->constant = place->column->cells[ground->table_row];
        place->was = program->constants[place->constant].number;
    } else if (ground->kind == GROUND_DATUM) {
        place->cells = batch->exact;
        place->cell_count = batch->exact_count;
        place->was = batch_datum(&lower_arena, batch, ground->field, ground->field_row);
    } else {
        return false; /* a default is a formula of the rule */
    }
    return true;
}

static void put_datum(struct nudged *place, struct rat value)
{
    struct batch *batch = place->batch;
    struct exact_cell *cells = arena_array(&lower_arena, struct exact_cell, place->cell_count + 1);
    uint32_t count = 0;
    bool is_put = false;
    struct exact_cell cell = {place->ground->field, place->ground->field_row, value};
    for (uint32_t i = 0; i < place->cell_count; i++) {
        const struct exact_cell *at = &place->cells[i];
        bool is_it = at->field == cell.field && at->row == cell.row;
        bool is_behind = at->field > cell.field || (at->field == cell.field && at->row >= cell.row);
        if (is_behind && !is_put) {
            cells[count++] = cell;
            is_put = true;
        }
        if (!is_it) {
            cells[count++] = *at;
        }
    }
    if (!is_put) {
        cells[count++] = cell;
    }
    batch->exact = cells;
    batch->exact_count = count;
}

static void put(struct nudged *place, struct rat value)
{
    if (place->factor != NULL) {
        place->factor->exact = value;
    } else if (place->column != NULL) {
        struct prog_const *constants =
            arena_array(&lower_arena, struct prog_const, (size_t)place->program->constant_count + 1);
        memcpy(constants, place->program->constants, place->program->constant_count * sizeof *constants);
        constants[place->program->constant_count] = constants[place->constant];
        constants[place->program->constant_count].number = value;
        place->program->constants = constants;
        place->column->cells[place->ground->table_row] = place->program->constant_count;
    } else {
        put_datum(place, value);
    }
}

static void put_back(struct nudged *place)
{
    if (place->factor != NULL) {
        place->factor->exact = place->was;
    } else if (place->column != NULL) {
        place->column->cells[place->ground->table_row] = place->constant;
    } else {
        place->batch->exact = place->cells;
        place->batch->exact_count = place->cell_count;
    }
}

static size_t compared[GROUND_KIND_COUNT], sloping, passed_over;

static void check_answer(struct look *look, const struct answer *answer)
{
    struct nudged place;
    if (!find_number(look, &answer->ground, &place)) {
        return;
    }
    if ((answer->marks & (SLOPE_KINK | SLOPE_ROUNDED | SLOPE_CALLED)) != 0) {
        passed_over++;
        return;
    }
    struct arena *arena = &lower_arena;
    struct rat billionth = rat_of(arena, 1, 1000000000);
    struct rat step = rat_sign(place.was) == 0 ? billionth : rat_mul(arena, rat_abs(arena, place.was), billionth);
    struct rat total = total_now(look);
    put(&place, rat_add(arena, place.was, step));
    struct rat above = total_now(look);
    bool is_above = look->is_ok;
    put(&place, rat_sub(arena, place.was, step));
    struct rat below = total_now(look);
    bool is_below = look->is_ok;
    put_back(&place);
    /* At the end of a range the side within it alone is looked at: less exact by the curve over a step. */
    bool is_end = is_above != is_below;
    struct rat rise = rat_sub(arena, is_end && !is_above ? total : above, is_end && !is_below ? total : below);
    double slope = rat_to_double(rat_div(arena, rise, is_end ? step : rat_add(arena, step, step)));
    double scale = fabs(slope) + fabs(rat_to_double(total)) / (fabs(rat_to_double(place.was)) + 1e-300);
    double tolerance = is_end ? 4e-9 : 1e-9;
    ck_assert_msg(fabs(slope - answer->slope) <= tolerance * (rat_sign(place.was) == 0 ? fabs(slope) : scale),
                  "%s, row %u, kind %d, field %u, factor %u, table %u: %.17g instead of %.17g", look->title, look->row,
                  (int)answer->ground.kind, answer->ground.field, answer->ground.factor, answer->ground.table,
                  answer->slope, slope);
    compared[answer->ground.kind]++;
    sloping += fabs(slope) > 0;
}

static void check_row(struct look *look)
{
    ck_assert(engine_show(look->engine, look->batch, look->product, look_at_slopes, look));
    for (size_t i = 0; i < look->count; i++) {
        check_answer(look, &look->answers[i]);
    }
}

static int check_product(void *user, const struct zuji_result *result)
{
    (void)user;
    ck_assert(zuji_result_is_ok(result));
    for (uint32_t r = 0; r < zuji_result_row_count(result); r++) {
        const struct reason_source *source = result->reasons;
        struct look look = {result->plan, source->engine, source->batch, source->product, r, result->id, NULL, 0,
                            RAT_ZERO, true};
        check_row(&look);
        ck_assert_uint_gt(look.count, 0);
    }
    return 0;
}

static const struct shipped {
    const char *rule, *data, *set, *own; /* set, own: factors */
} shipped[] = {
    {"rules/metals/primary_aluminium.pcr",        "rules/metals/examples/smelter_2024.json",             "rules/factors",               NULL},
    {"rules/metals/primary_aluminium.pcr",        "rules/metals/examples/thousand_tonnes.json",          "rules/factors",               NULL},
    {"rules/metals/crude_steel.pcr",              "rules/metals/examples/works.json",                    "rules/factors",
     "rules/metals/examples/steel_factors.csv"                                                                                              },
    {"rules/batteries/ev_battery.pcr",            "rules/batteries/examples/batteries.json",             "rules/factors",               NULL},
    {"rules/batteries/industrial_battery.pcr",    "rules/batteries/examples/racks.json",                 "rules/factors",               NULL},
    {"rules/construction/wall_panel.pcr",         "rules/construction/examples/panel.json",              "rules/factors/materials.csv",
     "rules/construction/examples/panel_factors.csv"                                                                                        },
    {"rules/food/dairy_products.pcr",             "rules/food/examples/milk.json",                       "rules/factors",               NULL},
    {"rules/textiles/garment.pcr",                "rules/textiles/examples/garments.json",               NULL,                          NULL},
    {"rules/waste/landfill.pcr",                  "rules/waste/examples/landfill.json",                  NULL,                          NULL},
    {"rules/batteries/storage_battery.pcr",       "rules/batteries/examples/storage_batteries.json",     "rules/factors",
     "rules/batteries/examples/lithium_factors.csv"                                                                                         },
    {"rules/chemicals/ammonia.pcr",               "rules/chemicals/examples/ammonia.json",               "rules/factors",               NULL},
    {"rules/chemicals/hydrogen.pcr",              "rules/chemicals/examples/hydrogen.json",              "rules/factors",               NULL},
    {"rules/electrical/photovoltaic_module.pcr",  "rules/electrical/examples/photovoltaic_modules.json", "rules/factors",
     NULL                                                                                                                                   },
    {"rules/electrical/room_air_conditioner.pcr", "rules/electrical/examples/air_conditioners.json",     "rules/factors",
     "rules/electrical/examples/air_conditioner_factors.csv"                                                                                },
    {"rules/food/rice.pcr",                       "rules/food/examples/rice.json",                       "rules/factors",               NULL},
    {"rules/furniture/furniture.pcr",             "rules/furniture/examples/furniture.json",             "rules/factors",
     "rules/furniture/examples/furniture_factors.csv"                                                                                       },
    {"rules/minerals/cement.pcr",                 "rules/minerals/examples/cements.json",                "rules/factors",
     "rules/minerals/examples/cement_factors.csv"                                                                                           },
    {"rules/rubber/tyre.pcr",                     "rules/rubber/examples/tyres.json",                    "rules/factors",
     "rules/rubber/examples/tyre_factors.csv"                                                                                               },
    {"rules/wood/wood_flooring.pcr",              "rules/wood/examples/floors.json",                     "rules/factors",               NULL},
};

START_TEST(agrees_with_central_differences)
{
    const struct shipped *of = &shipped[_i];
    lower_compiled = compile_file(&lower_arena, &lower_sources, str_of(of->rule), &lower_messages);
    prepare(of->set, of->own);
    ck_assert_int_eq(zuji_run_path(run, of->data, check_product, NULL, NULL), ZUJI_OK);
    size_t all = compared[GROUND_DATUM] + compared[GROUND_FACTOR] + compared[GROUND_CELL];
    ck_assert_uint_gt(compared[GROUND_DATUM], 0);
    ck_assert_msg(all > 10 && all > passed_over, "%s: %zu compared, %zu not", of->rule, all, passed_over);
}
END_TEST

/* ---- random programs: all instructions, on all kinds of axes ---- */

enum { PROGRAMS = 25, PRODUCTS = 6 };

static void check_program(uint64_t seed)
{
    struct random random = {seed * UINT64_C(0x9E3779B97F4A7C15)};
    struct run made;
    run_start(&made);
    random_program(&made, &random);
    struct str records[PRODUCTS];
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        records[p] = random_record(&made.arena, &random, p);
    }
    run_data(&made, str_format(&made.arena, "[%.*s]", STR_FMT(str_join(&made.arena, records, PRODUCTS, STR(", ")))).at);
    char title[32];
    snprintf(title, sizeof title, "seed %lu", (unsigned long)seed);
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        const struct outcome *outcome = &made.outcomes[p];
        for (uint32_t r = 0; made.batch.products[p].is_bound && !outcome->is_failed && r < outcome->row_count; r++) {
            struct look look = {made.plan, made.engine, &made.batch, p, r, title, NULL, 0, RAT_ZERO, true};
            check_row(&look);
        }
    }
    run_free(&made);
}

START_TEST(agrees_in_random_programs)
{
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_program((uint64_t)_i * 1000 + seed);
    }
    ck_assert_uint_gt(compared[GROUND_DATUM], PROGRAMS);
    ck_assert_uint_gt(sloping, 10);
}
END_TEST

/* ---- by hand ---- */

#define HEAD "rule r \"r\" {\nversion \"1\"\ndeclared 1 kg \"x\"\nboundary gate_to_gate\n"
#define DATA "data { made : kg\n x : kg\n y : kg\n t : ℃\n rows : list of { m : kg, near : bool } }\nreference made\n"

static const struct zuji_sensitivity *sensitivity;
static const struct zuji_result *result;

static void compute(const char *declarations, const char *formula, const char *record)
{
    struct str text =
        str_format(&lower_arena, "%s" HEAD DATA "stage s : production { emit e = %s } }", declarations, formula);
    lower_compile_text(str_copy(&lower_arena, text).at);
    prepare(NULL, NULL);
    ck_assert_int_eq(zuji_run_record(run, record, strlen(record), &result), ZUJI_OK);
    ck_assert_int_eq(zuji_result_sensitivity(result, &sensitivity), ZUJI_OK);
}

static const struct zuji_influence *influence_at(const char *path)
{
    for (size_t i = 0; i < sensitivity->influence_count; i++) {
        if (strcmp(sensitivity->influences[i].ground.path, path) == 0) {
            return &sensitivity->influences[i];
        }
    }
    ck_abort_msg("no influence of %s", path);
    return NULL;
}

static void expect(const char *path, double derivative, double elasticity, bool is_at_kink)
{
    const struct zuji_influence *found = influence_at(path);
    ck_assert_double_eq_tol(found->derivative, derivative, 1e-14);
    ck_assert_double_eq_tol(found->elasticity, elasticity, 1e-14);
    ck_assert_msg(found->is_at_kink == is_at_kink, "%s", path);
}

static void expect_kink(enum zuji_kink_kind kind, size_t count, const char *expression)
{
    ck_assert_uint_eq(sensitivity->kink_count, count);
    ck_assert_int_eq(sensitivity->kinks[0].kind, kind);
    ck_assert_str_eq(sensitivity->kinks[0].expression, expression);
}

#define RECORD                                                                                                         \
    "{\"made\": 2, \"x\": 10, \"y\": 4, \"t\": 20, \"rows\": [{\"m\": 3, \"near\": true}, {\"m\": 5, \"near\": "       \
    "false}]}"

/* total = 3 (x + y²/kg) / made = 39 */
START_TEST(of_a_polynomial)
{
    compute("", "(x + y * y / 1 kg) * 3 kgCO2e/kg", RECORD);
    expect("x", 1.5, 1.5 * 10 / 39, false);
    expect("y", 12, 12.0 * 4 / 39, false);
    expect("made", -19.5, -1, false);
    ck_assert_uint_eq(sensitivity->influence_count, 3);
    ck_assert_str_eq(sensitivity->influences[0].ground.path, "y"); /* the largest first, whatever its sign */
    ck_assert_str_eq(sensitivity->influences[1].ground.path, "made");
    ck_assert_uint_eq(sensitivity->kink_count, 0);
}
END_TEST

/* Rows one by one, and together. */
START_TEST(of_rows)
{
    compute("", "sum(r in rows where r.near: r.m) * 4 kgCO2e/kg + sum(r in rows: r.m) * 1 kgCO2e/kg", RECORD);
    expect("rows[1].m", 2.5, 7.5 / 10, false);
    expect("rows[2].m", 0.5, 2.5 / 10, false);
    ck_assert_uint_eq(sensitivity->group_count, 2);
    const struct zuji_influence *group = &sensitivity->groups[1];
    group = strcmp(group->ground.name, "rows.m") == 0 ? group : &sensitivity->groups[0];
    ck_assert_str_eq(group->ground.name, "rows.m");
    ck_assert_uint_eq(group->rows, 2);
    ck_assert_double_eq_tol(group->derivative, 3, 1e-14);
    ck_assert_double_eq_tol(group->elasticity, 1, 1e-14);
}
END_TEST

/* What cancels has no influence; what does not reach the total is not there. */
START_TEST(of_what_cancels)
{
    compute("", "(x - x + y) * 1 kgCO2e/kg", RECORD);
    expect("y", 0.5, 1, false);
    for (size_t i = 0; i < sensitivity->influence_count; i++) {
        const struct zuji_influence *influence = &sensitivity->influences[i];
        ck_assert(strcmp(influence->ground.path, "x") != 0 || fabs(influence->derivative) <= 0);
        ck_assert_str_ne(influence->ground.path, "rows[1].m");
    }
}
END_TEST

#define Y_IS_TEN "{\"made\": 2, \"x\": 10, \"y\": 10, \"t\": 20, \"rows\": []}"

START_TEST(at_a_condition)
{
    compute("", "(if x <= y then x else 3 * y) * 2 kgCO2e/kg", Y_IS_TEN);
    expect("x", 1, 1, true);
    expect("y", 0, 0, true);
    expect("made", -5, -1, false);
    expect_kink(ZUJI_KINK_CONDITION, 1, "x <= y");
}
END_TEST

START_TEST(next_to_a_condition)
{
    compute("", "(if x <= y then x else 3 * y) * 2 kgCO2e/kg", RECORD);
    expect("y", 3, 1, false);
    ck_assert_uint_eq(sensitivity->influence_count, 2);
    ck_assert_uint_eq(sensitivity->kink_count, 0);
}
END_TEST

START_TEST(at_a_choice)
{
    compute("", "min(x, y) * 2 kgCO2e/kg", Y_IS_TEN);
    expect("x", 1, 1, true);
    expect("y", 0, 0, true);
    expect_kink(ZUJI_KINK_CHOICE, 1, "min(x, y)");
}
END_TEST

START_TEST(through_a_rounding)
{
    compute("", "rounded(x / 3, 1 kg, half_even) * 6 kgCO2e/kg", RECORD);
    ck_assert_double_eq_tol(influence_at("x")->derivative, 1, 1e-14);
    ck_assert_int_eq(influence_at("x")->is_rounded, 1);
    ck_assert_int_eq(influence_at("made")->is_rounded, 0);
    expect_kink(ZUJI_KINK_ROUNDING, 1, "rounded(x / 3, 1 kg, half_even)");
}
END_TEST

/* A temperature has no percentage: it stands behind those that have one. */
START_TEST(of_a_temperature)
{
    compute("", "x * (t - 0 ℃) * 1 kgCO2e/(kg·K)", RECORD);
    const struct zuji_influence *last = &sensitivity->influences[sensitivity->influence_count - 1];
    ck_assert_str_eq(last->ground.path, "t");
    ck_assert_int_eq(last->has_elasticity, 0);
    ck_assert_double_eq_tol(last->derivative, 5, 1e-14);
}
END_TEST

START_TEST(has_one_reading_in_json)
{
    compute("", "x * 3 kgCO2e/kg", RECORD);
    size_t len = 0;
    const char *json = zuji_sensitivity_json(result, sensitivity, &len);
    ck_assert_uint_eq(strlen(json), len);
    ck_assert_ptr_nonnull(strstr(json, "{\"kind\":\"datum\",\"name\":\"x\",\"path\":\"x\",\"value\":10,"
                                       "\"derivative\":1.5,\"unit\":\"kgCO2e/kg\",\"per\":\"kg\",\"elasticity\":1}"));
    ck_assert_int_eq(zuji_result_sensitivity(NULL, &sensitivity), ZUJI_USAGE);
    zuji_run_record(run, "{\"made\": 1}", 11, &result);
    ck_assert_int_eq(zuji_result_sensitivity(result, &sensitivity), ZUJI_FINDINGS);
    ck_assert_ptr_null(sensitivity);
}
END_TEST

Suite *sensitivity_suite(void)
{
    Suite *suite = suite_create("sensitivity");
    TCase *tcase = tcase_create("differences");
    tcase_add_checked_fixture(tcase, lower_setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, agrees_with_central_differences, 0, (int)countof(shipped));
    tcase_add_loop_test(tcase, agrees_in_random_programs, 0, 4);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("by hand");
    tcase_add_checked_fixture(tcase, lower_setup, teardown);
    tcase_add_test(tcase, of_a_polynomial);
    tcase_add_test(tcase, of_rows);
    tcase_add_test(tcase, of_what_cancels);
    tcase_add_test(tcase, at_a_condition);
    tcase_add_test(tcase, next_to_a_condition);
    tcase_add_test(tcase, at_a_choice);
    tcase_add_test(tcase, through_a_rounding);
    tcase_add_test(tcase, of_a_temperature);
    tcase_add_test(tcase, has_one_reading_in_json);
    suite_add_tcase(suite, tcase);
    return suite;
}
