/* Results hold together. What allocations part is kept, and adds up: in exact numbers, of every form and on all rows: a
   rule is run once for each of its shares; what they get makes what there was. What is equal is told as equal. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "vm/reasons.h"

Suite *conservation_suite(void);

#define HEAD "rule r \"r\" {\nversion \"1\"\ndeclared 1 kg \"x\"\nboundary gate_to_gate\n"
#define PRODUCTS "products: list of { id: text, mass: kg, own: kg, part: number, is_big: bool } key id, "
#define FARMS "farms: list of { mass: kg, outs: list of { m: kg, main: bool } }"
#define OF_PRODUCTS                                                                                                    \
    "\"products\": [{\"id\": \"m\", \"mass\": 1, \"own\": 5, \"part\": 0.25, \"is_big\": true}, {\"id\": \"n\", "       \
    "\"mass\": 6, \"own\": 0, \"part\": 0.75, \"is_big\": false}]"
#define OF_FARMS                                                                                                       \
    "\"farms\": [{\"mass\": 100, \"outs\": [{\"m\": 3, \"main\": true}, {\"m\": 4, \"main\": false}]}, {\"mass\": 10, " \
    "\"outs\": [{\"m\": 1, \"main\": false}, {\"m\": 2, \"main\": true}, {\"m\": 8, \"main\": false}]}]"

enum { MOST = 3 };
static const struct form {
    const char *text; /* @ stands for what is taken */
    const char *record;
    const char *taken[MOST]; /* all there is; none: the rows of the rule are */
    double whole[MOST];      /* in kgCO2e, of the first allocation: by row */
    size_t share_count;      /* of that allocation, in a row */
} forms[] = {
    {HEAD "data { a: kg, b: kg, c: kg, out: kg }\nreference 1 kg\n"
          "stage s : production { emit y = out * 7 kgCO2e/kg\nremove z = out * 2 kgCO2e/kg\n"
          "allocate { a = a / (a + b + c), b = b / (a + b + c), c = rest } take @ because \"z\" } }",
     "{\"a\": 1, \"b\": 2, \"c\": 4, \"out\": 3}",
     {"a", "b", "c"},
     {15},
     3},
    {"choice Kd { x, y }\ntable tt(k: Kd) -> { v: number } { x => 1; y => 3 }\n" HEAD
     "data { out: kg }\nreference for each t in tt: out\n"
     "stage s : production { emit y = out * t.v * 1 kgCO2e/kg\nemit z = out * 2 kgCO2e/kg\n"
     "allocate { a = 0.2, b = rest } take @ because \"z\" } }",
     "{\"out\": 3}",
     {"a", "b"},
     {9, 15},
     2},
    {"choice Kd { x, y }\ntable tt(k: Kd) -> { v: number } { x => 1; y => 3 }\n" HEAD "data { " FARMS " }\n"
     "reference for each t in tt: 1 kg\n"
     "stage s : production for each f in farms { emit y = f.mass * 1 kgCO2e/kg\n"
     "allocate to q in f.outs by q.m * t.v take @ because \"z\" } }",
     "{" OF_FARMS "}",
     {"q.main", "not q.main"},
     {110, 110},
     5},
    {HEAD "data { a: kg, " PRODUCTS "}\nreference for each p in products: p.mass\n"
          "stage s : production { emit y = a * 1 kgCO2e/kg\nemit own = p.own * 3 kgCO2e/kg }\n"
          "allocate s to q in products by q.mass because \"mass\" }",
     "{\"a\": 60, " OF_PRODUCTS "}",
     {NULL},
     {60, 60},
     2},
    {HEAD "data { a: kg, " PRODUCTS "}\nreference for each p in products: p.mass\n"
          "stage s : production { emit y = a * 1 kgCO2e/kg\nemit own = p.own * 3 kgCO2e/kg\n"
          "allocate { ours = p.part, others = rest } take @ because \"part\" } }",
     "{\"a\": 60, " OF_PRODUCTS "}",
     {"ours", "others"},
     {75, 60},
     2},
    {HEAD "data { a: kg, " PRODUCTS "}\nreference for each p in products: p.mass\n"
          "stage s : production { emit y = a * 1 kgCO2e/kg }\n"
          "allocate s to q in products by q.mass take @ because \"mass\" }",
     "{\"a\": 60, " OF_PRODUCTS "}",
     {"q.id == p.id", "q.id != p.id"},
     {60, 60},
     2},
    {HEAD "data { " PRODUCTS FARMS " }\nreference for each p in products: p.mass\n"
          "stage s : production for each f in farms scaled by 0.5 { emit y = f.mass * 1 kgCO2e/kg\n"
          "allocate to q in f.outs by q.m * p.mass take @ because \"mass\" } }",
     "{" OF_PRODUCTS ", " OF_FARMS "}",
     {"q.main", "not q.main"},
     {55, 55},
     5},
    {HEAD "data { " PRODUCTS FARMS " }\nreference for each p in products: p.mass\n"
          "stage s : production for each f in farms { process x { emit y = f.mass * 1 kgCO2e/kg\n"
          "allocate { ours = p.part * f.mass / (f.mass + 7 kg), others = rest } take @ because \"part\" } } }",
     "{" OF_PRODUCTS ", " OF_FARMS "}",
     {"ours", "others"},
     {110, 110},
     4},
    {HEAD "data { " PRODUCTS "cc: list of { m: kg, ours: bool } }\ncutoff c in cc by c.m each 10 %, together 20 %\n"
          "reference for each p in products: p.mass\n"
          "stage s : production when p.is_big { emit y = 10 kgCO2e\n"
          "allocate to c in cc by c.m take @ because \"mass\" } }",
     "{" OF_PRODUCTS ", \"cc\": [{\"m\": 100, \"ours\": true}, {\"m\": 5, \"ours\": true, \"cut\": \"small\"}, {\"m\": "
     "70, \"ours\": false}]}",
     {"c.ours", "not c.ours"},
     {10, 0},
     2},
    {HEAD "data { years: number range 1 .. 9, outs: list of { m: number, main: bool } }\nreference 1 kg\n"
          "stage s : production for each k in 1 .. years { emit y = k * 1 kgCO2e\n"
          "allocate to q in outs by q.m + k take @ because \"mass\" } }",
     "{\"years\": 3, \"outs\": [{\"m\": 1, \"main\": true}, {\"m\": 5, \"main\": false}]}",
     {"q.main", "not q.main"},
     {6},
     6},
};

/* ---- running ---- */

static struct zuji_rule *rule;
static struct zuji_run *run;
static const struct zuji_result *result;

static void run_form(const struct form *form, const char *taken)
{
    struct buf text = buf_in(&lower_arena);
    const char *at = strchr(form->text, '@');
    size_t before = at == NULL ? strlen(form->text) : (size_t)(at - form->text);
    buf_add(&text, (struct str){form->text, before});
    buf_format(&text, "%s%s", taken == NULL ? "" : taken, at == NULL ? "" : at + 1);
    lower_compile_text(str_copy(&lower_arena, buf_str(&text)).at);
    lower_assert_compiled();
    struct str bytes;
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
    zuji_run_new(rule, NULL, NULL, &run, NULL);
    ck_assert_ptr_nonnull(run);
    zuji_run_record(run, form->record, strlen(form->record), &result);
    ck_assert_msg(zuji_result_is_ok(result), "%s", zuji_result_json(result, ZUJI_FULL, NULL));
    ck_assert_ptr_nonnull(zuji_result_reasons(result));
}

static void end_form(void)
{
    zuji_run_free(run);
    zuji_rule_free(rule);
    lower_teardown();
}

static const struct outcome *outcome(void)
{
    return &result->reasons->exactly;
}

/* ---- adding up ---- */

enum { ROWS = 2, PARTS = 3 };
struct sums { /* of all that is allocated, by row and part */
    struct rat whole[ROWS][PARTS], got[ROWS][PARTS];
    bool is_met[ROWS][PARTS];
};

static void add_run(struct arena *arena, struct sums *sums)
{
    uint32_t parts = lower_compiled->program->part_count;
    ck_assert_uint_le(parts, PARTS);
    for (uint32_t row = 0; row < outcome()->row_count; row++) {
        const struct outcome_row *of = &outcome()->rows[row];
        for (uint32_t p = 0; p < parts; p++) {
            if (!of->whole_given[p]) {
                continue;
            }
            bool is_first = !sums->is_met[row][p];
            struct rat whole = rat_neg(arena, of->whole[p]); /* anew, behind the run */
            ck_assert(is_first || rat_eq(sums->whole[row][p], whole));
            sums->whole[row][p] = whole;
            sums->got[row][p] = rat_sub(arena, is_first ? RAT_ZERO : sums->got[row][p], of->part[p]);
            sums->is_met[row][p] = true;
        }
    }
}

/* Over the rows of the rule, where they share. */
static void assert_rows_add_up(struct arena *arena, const struct sums *sums)
{
    struct rat got = RAT_ZERO;
    for (uint32_t row = 0; row < ROWS; row++) {
        got = rat_add(arena, got, sums->got[row][0]);
        ck_assert(sums->is_met[row][0] && !sums->is_met[row][1]); /* what is a row's own is not parted */
    }
    ck_assert(rat_eq(got, sums->whole[0][0]));
}

static void assert_shares_add_up(const struct sums *sums)
{
    bool is_any = false;
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t p = 0; p < PARTS; p++) {
            is_any = is_any || sums->is_met[row][p];
            ck_assert(!sums->is_met[row][p] || rat_eq(sums->whole[row][p], sums->got[row][p]));
        }
    }
    ck_assert(is_any);
}

/* What is told of it: whole = ours + others, and of the shares those that are ours. */
static void assert_told(const struct form *form)
{
    for (uint32_t row = 0; row < zuji_result_row_count(result); row++) {
        const struct zuji_reasons *reasons = zuji_result_reasons(zuji_result_row(result, row));
        ck_assert_uint_eq(reasons->allocation_count, 1);
        const struct zuji_allocation *told = &reasons->allocations[0];
        double ours = 0;
        double all = 0;
        lower_assert_near(told->whole, form->whole[row]);
        lower_assert_near(told->ours + told->others, form->whole[row]);
        ck_assert(told->residual <= 0 && told->residual >= 0);
        ck_assert_uint_eq(told->share_count, form->share_count);
        for (size_t s = 0; s < told->share_count; s++) {
            ours += told->shares[s].is_ours ? told->shares[s].share : 0;
            all += told->shares[s].share;
        }
        ck_assert(ours > 0 && ours < all);
        if (all < 1.5) { /* there is one group of shares */
            lower_assert_near(all, 1);
            lower_assert_near(told->ours, ours * form->whole[row]);
        }
    }
}

START_TEST(nothing_is_lost_or_made)
{
    const struct form *form = &forms[_i];
    struct arena arena = {0};
    struct sums sums = {.is_met = {{false}}};
    bool is_among_rows = form->taken[0] == NULL;
    for (size_t t = 0; t < MOST && (form->taken[t] != NULL || (is_among_rows && t == 0)); t++) {
        lower_setup();
        run_form(form, form->taken[t]);
        assert_told(form);
        add_run(&arena, &sums);
        end_form();
    }
    if (is_among_rows) {
        assert_rows_add_up(&arena, &sums);
    } else {
        assert_shares_add_up(&sums);
    }
    arena_free(&arena);
}
END_TEST

/* One stage, one phase, one category, one gas: all of it is the total, to the last bit. In the doubles of the fast engine
   they are summed in other orders than in the exact one. */
START_TEST(what_is_equal_is_equal_to_the_last_bit)
{
    static const struct form form = {
        HEAD "lifecycle iso_14067\ndata { a: kg, b: kg }\nreference b\nstage s : production {\n"
             "emit x = a * 0.1 kgCO2e/kg\nemit y = a / 7 * 0.3 kgCO2e/kg\nprocess p { emit z = a / 3 * 1.1 kgCO2e/kg } } }",
        "{\"a\": 1, \"b\": 3}",
        {NULL},
        {0},
        0};
    bool is_any_different = false;
    lower_setup();
    run_form(&form, NULL);
    for (int a = 1; a <= 50; a++) {
        char record[64];
        snprintf(record, sizeof record, "{\"a\": %d.7, \"b\": %d.3}", a, 7 * a + 1);
        zuji_run_record(run, record, strlen(record), &result);
        double quick = zuji_result_stages(result, NULL)[0].value;
        const struct zuji_result *full = zuji_result_full(result);
        double total = zuji_result_total(full)->value;
        const struct zuji_figure *all[] = {zuji_result_stages(full, NULL), zuji_result_phases(full, NULL),
                                           zuji_result_categories(full, NULL), zuji_result_gases(full, NULL)};
        for (size_t i = 0; i < countof(all); i++) {
            ck_assert(memcmp(&all[i]->value, &total, sizeof total) == 0);
        }
        is_any_different = is_any_different || memcmp(&quick, &total, sizeof total) != 0;
        ck_assert_str_eq(zuji_result_total(full)->reported, zuji_result_total(result)->reported);
        const char *json = zuji_result_json(result, ZUJI_FULL, NULL);
        char told[3][64];
        char number[32];
        zuji_number_text(total, number);
        snprintf(told[0], sizeof told[0], "\"total\":{\"value\":%s,", number);
        snprintf(told[1], sizeof told[1], "\"phase\":\"production\",\"value\":%s,", number);
        snprintf(told[2], sizeof told[2], "\"state\":\"declared\",\"value\":%s,", number);
        for (size_t i = 0; i < countof(told); i++) {
            ck_assert_msg(strstr(json, told[i]) != NULL, "%s is not in %s", told[i], json);
        }
    }
    ck_assert(is_any_different);
    end_form();
}
END_TEST

/* Equal constants are one instruction: each is told by the flow that has it, with the source that it has there. */
START_TEST(constants_go_by_their_own_names)
{
    static const struct form form = {
        HEAD "data { a: kg }\nreference 1 kg\nlet rate cite \"a book\" = 1500 gCO2e/kg\n"
             "let folded cite \"a paper\" = 2 kgCO2e/kg * 1.5\n"
             "stage gone : production when a > 100 kg { emit w = a * 0.75 kgCO2e/kg }\n"
             "stage s : production { emit x = a * 0.75 kgCO2e/kg\nemit y = a * 2 * 0.75 kgCO2e/kg\n"
             "emit z = a * rate\nemit v = a * folded\nemit u = a * (folded * 3) } }",
        "{\"a\": 10}",
        {NULL},
        {0},
        0};
    static const struct {
        const char *name, *source;
        double value, share; /* of 7.5 + 15 + 15 + 30 + 90 */
    } told[] = {
        {"s.u",        "a paper", 9,    90 / 157.5 },
        {"let folded", "a paper", 3,    30 / 157.5 },
        {"s.y",        "",        0.75, 15 / 157.5 },
        {"let rate",   "a book",  1500, 15 / 157.5 },
        {"s.x",        "",        0.75, 7.5 / 157.5},
    };
    lower_setup();
    run_form(&form, NULL);
    const struct zuji_reasons *reasons = zuji_result_reasons(result);
    ck_assert_uint_eq(reasons->ground_count, countof(told));
    for (size_t i = 0; i < countof(told); i++) {
        const struct zuji_ground *ground = NULL;
        for (size_t g = 0; g < reasons->ground_count; g++) {
            ground = strcmp(reasons->grounds[g].name, told[i].name) == 0 ? &reasons->grounds[g] : ground;
        }
        ck_assert_msg(ground != NULL, "%s", told[i].name);
        ck_assert_str_eq(ground->source, told[i].source);
        lower_assert_near(ground->value.number, told[i].value);
        lower_assert_near(ground->share, told[i].share);
    }
    end_form();
}
END_TEST

/* Requirements about other rows than those on which the stage is carried out or not. */
START_TEST(keys_are_judged_where_the_stage_is)
{
    static const char record[] = "{\"products\": [{\"big\": %s, \"mass\": 1}], \"cc\": [{\"m\": -1}, {\"m\": 5}]}";
    static const char text[] =
        HEAD "data { products: list of { big: bool, mass: kg }, cc: list of { m: kg range -9 kg .. 9 kg } }\n"
             "reference for each p in products: p.mass\nstage t : production { emit x = p.mass * 1 kgCO2e/kg }\n"
             "stage s : production when p.big { emit y = p.mass * 10 kgCO2e/kg\n"
             "allocate to c in cc by c.m take c.m > 0 kg because \"mass\" } }";
    lower_setup();
    lower_compile_text(text);
    lower_assert_compiled();
    lower_run(str_format(&lower_arena, record, "false").at);
    ck_assert(lower_outcome.is_ok);
    lower_assert_fails(str_format(&lower_arena, record, "true").at, "E0709");
    lower_teardown();
}
END_TEST

Suite *conservation_suite(void)
{
    Suite *suite = suite_create("conservation");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, nothing_is_lost_or_made, 0, (int)(sizeof forms / sizeof *forms));
    tcase_add_test(all, what_is_equal_is_equal_to_the_last_bit);
    tcase_add_test(all, constants_go_by_their_own_names);
    tcase_add_test(all, keys_are_judged_where_the_stage_is);
    suite_add_tcase(suite, all);
    return suite;
}
