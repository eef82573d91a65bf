/* Phases with states, categories, breakdowns and what is apart; removals and credits. */
#include <check.h>
#include <string.h>

#include "tests/unit/run_fixture.h"

Suite *result_cuts_suite(void);

/* A house: steel (fossil 100, biogenic 20), wood that stores 30, recycling beyond the boundary (module D, apart), credit.

       stage      phase  apart  flow      parts                                   scope
       making     production    steel     fossil 100, biogenic 20                 scope1
                                wood      biogenic_removal -30 (removal)
                                goods     fossil 7                                scope3 (apart)
                                slag      fossil -5 (credit)
       reuse      D      apart  scrap     fossil -50 (credit)
       use               zero;  end of life excluded */
struct house {
    struct run run;
};

static const struct prog_titles no_titles = {
    {NO_INDEX, NO_INDEX}
};

static struct prog_titles titles(struct builder *b, const char *en, const char *zh)
{
    return (struct prog_titles){
        {builder_label(b, en), builder_label(b, zh)}
    };
}

static void add_part(struct builder *b, const char *category, const char *amount)
{
    struct program *program = &b->program;
    struct prog_part *parts = arena_array(&b->arena, struct prog_part, program->part_count + 1);
    memcpy(parts, program->parts, program->part_count * sizeof *parts);
    parts[program->part_count] = (struct prog_part){program->flow_count - 1, builder_category(b, category), NO_INDEX};
    program->parts = parts;
    uint32_t value = builder_number(b, amount, b->co2e);
    builder_two(b, OP_EMIT, AXIS_ID_PRODUCT, b->co2e, value, program->part_count++);
}

static struct prog_flow *add_flow(struct builder *b, uint32_t stage, const char *name, const char *category,
                                  const char *amount)
{
    builder_emit(b, stage, name, builder_number(b, amount, b->co2e));
    b->program.parts[b->program.part_count - 1].category = builder_category(b, category);
    return &b->program.flows[b->program.flow_count - 1];
}

static void put_in(struct builder *b, struct prog_flow *flow, uint16_t member)
{
    flow->members = arena_array(&b->arena, struct prog_flow_member, 1);
    flow->members[0] = (struct prog_flow_member){0, member};
    flow->member_count = 1;
}

static void add_scopes(struct builder *b)
{
    struct program *program = &b->program;
    program->breakdowns = arena_array(&b->arena, struct prog_breakdown, 1);
    program->breakdown_count = 1;
    struct prog_breakdown_member *members = arena_array(&b->arena, struct prog_breakdown_member, 2);
    members[0] = (struct prog_breakdown_member){builder_text(b, "scope1"), false, no_titles};
    members[1] = (struct prog_breakdown_member){builder_text(b, "scope3"), true, no_titles};
    program->breakdowns[0] = (struct prog_breakdown){builder_text(b, "scope"), members, 2, no_titles};
}

static void house_start(struct house *house, bool removal_is_apart)
{
    struct builder *b = &house->run.b;
    struct program *program = &b->program;
    run_start(&house->run);
    add_scopes(b);
    uint32_t a = builder_phase(b, "production");
    uint32_t use = builder_phase(b, "use");
    uint32_t end = builder_phase(b, "end");
    uint32_t d = builder_phase(b, "D");
    program->phases[use].state = PHASE_ZERO;
    program->phases[use].because = titles(b, "no energy", "不耗能");
    program->phases[end].state = PHASE_EXCLUDED;
    program->phases[end].because = titles(b, "not known", "未知");
    program->phases[d].is_apart = true;
    uint32_t making = builder_stage(b, "making");
    program->stages[making].phase = a;
    put_in(b, add_flow(b, making, "steel", "fossil", "100"), 0);
    add_part(b, "biogenic", "20");
    add_flow(b, making, "wood", "biogenic_removal", "-30")->kind = FLOW_REMOVAL;
    put_in(b, add_flow(b, making, "goods", "fossil", "7"), 1);
    struct prog_flow *slag = add_flow(b, making, "slag", "fossil", "-5");
    slag->kind = FLOW_CREDIT;
    slag->because = titles(b, "replaces clinker", "替代熟料");
    uint32_t reuse = builder_stage(b, "reuse");
    program->stages[reuse].phase = d;
    add_flow(b, reuse, "scrap", "fossil", "-50")->kind = FLOW_CREDIT;
    for (uint32_t i = 0; i < program->category_count; i++) {
        bool is_removal = program->categories[i].name == builder_text(b, "biogenic_removal");
        program->categories[i].is_apart = is_removal && removal_is_apart;
    }
    builder_reference(b, "1", 0, b->co2e, builder_load(b, builder_field(b, NO_INDEX, "pieces", 0)));
    run_data(&house->run, "{\"id\": \"h\", \"pieces\": 2}");
}

static const struct zuji_figure *find(const struct result_figures *list, const char *stage, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].name, name) == 0 && strcmp(list->items[i].stage, stage) == 0 &&
            list->items[i].gas[0] == '\0') {
            return &list->items[i];
        }
    }
    ck_abort_msg("no figure %s", name);
    return NULL;
}

static void assert_value(const struct result_figures *list, const char *stage, const char *name, const char *reported)
{
    const struct zuji_figure *figure = find(list, stage, name);
    ck_assert_msg(figure->is_given && strcmp(figure->reported, reported) == 0, "%s %s is %s, not %s", stage, name,
                  figure->is_given ? figure->reported : "absent", reported);
}

/* Two pieces, so all figures are halves. */
START_TEST(apart_is_shown_and_never_summed)
{
    struct house house;
    house_start(&house, false);
    const struct zuji_result *result = run_result(&house.run, 0);
    ck_assert_str_eq(result->total.reported, "42.5000"); /* (100 + 20 - 30 - 5) / 2 */
    assert_value(&result->stages, "", "making", "42.5000");
    assert_value(&result->stages, "", "reuse", "-25.0000");
    ck_assert(find(&result->stages, "", "reuse")->is_apart);
    assert_value(&result->flows, "making", "goods", "3.50000");
    ck_assert(find(&result->flows, "making", "goods")->is_apart);
    ck_assert(find(&result->flows, "reuse", "scrap")->is_apart);
    ck_assert(!find(&result->flows, "making", "steel")->is_apart);
    assert_value(&result->categories, "", "fossil", "47.5000"); /* without scope 3 and module D */
    assert_value(&result->categories, "", "biogenic_removal", "-15.0000");
    ck_assert_str_eq(result->gases.items[0].reported, "42.5000");
    assert_value(&result->members, "", "scope1", "60.0000");
    assert_value(&result->members, "", "scope3", "3.50000");
    assert_value(&result->cells, "making", "fossil", "47.5000");
    assert_value(&result->cells, "reuse", "fossil", "-25.0000");
    run_free(&house.run);
}
END_TEST

START_TEST(phases_have_states)
{
    struct house house;
    house_start(&house, false);
    const struct zuji_result *result = run_result(&house.run, 0);
    assert_value(&result->phases, "", "production", "42.5000");
    assert_value(&result->phases, "", "D", "-25.0000");
    assert_value(&result->phases, "", "use", "0");
    ck_assert_str_eq(find(&result->phases, "", "use")->because[ZUJI_ZH], "不耗能");
    ck_assert_int_eq(find(&result->phases, "", "end")->is_given, 0);
    ck_assert_int_eq(find(&result->phases, "", "end")->state, ZUJI_EXCLUDED);
    struct str json = result_json(&house.run.arena, result, ZUJI_FULL);
    static const char *const pieces[] = {
        ("{\"name\":\"use\",\"state\":\"zero\",\"value\":0,\"reported\":\"0\",\"share\":0,"
        "\"because\":{\"en\":\"no energy\",\"zh\":\"不耗能\"}}"),
        "{\"name\":\"end\",\"state\":\"excluded\",\"value\":null,\"reported\":null,\"share\":null,\"because\":",
        "{\"name\":\"D\",\"state\":\"declared\",\"value\":-25,",
        "\"kind\":\"credit\",\"value\":-2.5,",
        "\"because\":{\"en\":\"replaces clinker\",\"zh\":\"替代熟料\"}}",
        "\"breakdowns\":{\"scope\":{\"scope1\":{\"value\":60,",
        "\"summed\":[\"fossil\",\"biogenic\",\"biogenic_removal\"],\"apart\":[\"D\",\"scope3\"]",
    };
    for (size_t i = 0; i < countof(pieces); i++) {
        ck_assert_msg(strstr(json.at, pieces[i]) != NULL, "%s lacks %s", json.at, pieces[i]);
    }
    run_free(&house.run);
}
END_TEST

START_TEST(totals_with_and_without_removals)
{
    struct house house;
    house_start(&house, false);
    const struct zuji_result *result = run_result(&house.run, 0);
    assert_value(&result->sums, "", "with_biogenic_removals", "42.5000");
    assert_value(&result->sums, "", "without_biogenic_removals", "57.5000");
    assert_value(&result->sums, "", "removals", "-15.0000");
    assert_value(&result->sums, "", "credits", "-27.5000");
    run_free(&house.run);
}
END_TEST

START_TEST(removals_may_be_apart)
{
    struct house house;
    house_start(&house, true);
    const struct zuji_result *result = run_result(&house.run, 0);
    ck_assert_str_eq(result->total.reported, "57.5000");
    assert_value(&result->categories, "", "biogenic_removal", "-15.0000");
    assert_value(&result->stages, "", "making", "57.5000");
    assert_value(&result->sums, "", "with_biogenic_removals", "42.5000");
    assert_value(&result->sums, "", "without_biogenic_removals", "57.5000");
    run_free(&house.run);
}
END_TEST

START_TEST(stages_that_do_not_add_up_are_noted)
{
    struct run run;
    run_start(&run);
    run.b.program.rule.round = (struct prog_round){PROG_ROUND_DECIMALS, ROUND_HALF_EVEN, 1, false};
    run.b.program.rule.stage_round = (struct prog_round){PROG_ROUND_DECIMALS, ROUND_HALF_EVEN, 0, false};
    builder_emit(&run.b, builder_stage(&run.b, "a"), "f", builder_number(&run.b, "7/5", run.b.co2e));
    builder_emit(&run.b, builder_stage(&run.b, "b"), "f", builder_number(&run.b, "13/10", run.b.co2e));
    run_data(&run, "{}");
    const struct zuji_result *result = run_result(&run, 0);
    ck_assert_str_eq(result->total.reported, "2.7");
    ck_assert_str_eq(result->stages.items[0].reported, "1");
    ck_assert_uint_eq(result->messages->count, 1);
    ck_assert_str_eq(result->messages->items[0].code, "N0788");
    ck_assert_ptr_nonnull(strstr(result->messages->items[0].text[ZUJI_EN], "add up to 2, and the total as reported is 2.7"));
    ck_assert_uint_eq(result->problems->count, 0);
    run_free(&run);
}
END_TEST

Suite *result_cuts_suite(void)
{
    Suite *suite = suite_create("result_cuts");
    TCase *cuts = tcase_create("cuts");
    tcase_add_test(cuts, apart_is_shown_and_never_summed);
    tcase_add_test(cuts, phases_have_states);
    tcase_add_test(cuts, totals_with_and_without_removals);
    tcase_add_test(cuts, removals_may_be_apart);
    tcase_add_test(cuts, stages_that_do_not_add_up_are_noted);
    suite_add_tcase(suite, cuts);
    return suite;
}
