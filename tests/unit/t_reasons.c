/* What results rest on, and what was checked: small rules, with figures computed by hand. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/lower_fixture.h"
#include "vm/zuji.h"

Suite *reasons_suite(void);

/* ---- one product ---- */

static struct zuji_rule *rule;
static struct zuji_factors *factors;
static struct zuji_run *run;
static const struct zuji_result *result;
static const struct zuji_reasons *reasons;

static void add_factors(const char *csv)
{
    char path[] = "/tmp/zuji-reasons-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, csv, strlen(csv)), (ssize_t)strlen(csv));
    close(file);
    ck_assert_int_eq(zuji_factors_new(&factors), ZUJI_OK);
    ck_assert_int_eq(zuji_factors_add(factors, path, NULL), ZUJI_OK);
    unlink(path);
}

/* Loads what was compiled, and runs it; csv may be NULL. */
static void run_compiled(const char *csv, const char *record)
{
    struct str bytes;
    struct zuji_messages *messages = NULL;
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
    if (csv != NULL) {
        add_factors(csv);
    }
    zuji_run_new(rule, factors, NULL, &run, &messages);
    ck_assert_msg(run != NULL, "%s", run == NULL ? zuji_messages_get(messages, 0)->text[0] : "");
    zuji_run_record(run, record, strlen(record), &result);
    reasons = zuji_result_reasons(result);
    ck_assert_ptr_nonnull(reasons);
}

static void compute(const char *text, const char *csv, const char *record)
{
    lower_compile_text(text);
    run_compiled(csv, record);
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

static void assert_near(double found, double expected)
{
    ck_assert_double_eq_tol(found, expected, 1e-12);
}

static const struct zuji_ground *find(enum zuji_ground_kind kind, const char *name, size_t number)
{
    for (size_t g = 0; g < reasons->ground_count; g++) {
        const struct zuji_ground *ground = &reasons->grounds[g];
        if (ground->kind == kind && strcmp(ground->name, name) == 0 && number-- == 0) {
            return ground;
        }
    }
    return NULL;
}

static const struct zuji_ground *need(enum zuji_ground_kind kind, const char *name)
{
    const struct zuji_ground *ground = find(kind, name, 0);
    ck_assert_msg(ground != NULL, "nothing called %s", name);
    return ground;
}

static void assert_share(enum zuji_ground_kind kind, const char *name, double share)
{
    const struct zuji_ground *ground = need(kind, name);
    ck_assert_msg(ground->share > share - 1e-12 && ground->share < share + 1e-12, "%s: %.17g instead of %.17g", name,
                  ground->share, share);
}

/* ---- primary data, quality, defaults, factors ---- */

#define HEAD "rule r \"r\" {\nversion \"1\"\ndeclared 1 kg \"x\"\nboundary gate_to_gate\n"

static const char workshop[] = HEAD
    "data { made : kg primary\npower : kWh primary\n"
    "  mats : list of { name : text, mass : kg primary \"Mass\" zh \"质量\" clause \"7.1\", own : kgCO2e/kg primary optional }\n"
    "  extra : list of { m : kg } optional }\n"
    "reference made\n"
    "factor material(name: text) : kgCO2e/kg\n"
    "stage s : production {\n"
    "  emit power = power * 0.5 kgCO2e/kWh clause \"8\"\n"
    "  emit mats = sum(m in mats: m.mass * (m.own default material(m.name)))\n"
    "  emit extra = sum(e in extra: e.m) * 3 kgCO2e/kg\n"
    "  emit fixed = 10 kgCO2e } }";

/* Terms: power 20, a 20, b 20, c 10, extra 0, fixed 10: 80 together. */
static void compute_workshop(void)
{
    compute(workshop,
            "factor,name,value,unit,quality,primary,licence,uncertainty,source\n"
            "material,a,2,kgCO2e/kg,3,no,CC BY,± 5 %,a book\nmaterial,c,1,kgCO2e/kg,5,yes,,,\n",
            "{\"made\": 2, \"power\": {\"value\": 40, \"quality\": 2}, \"mats\": ["
            "{\"name\": \"a\", \"mass\": 10},"
            "{\"name\": \"b\", \"mass\": {\"value\": 5, \"quality\": 1}, \"own\": {\"value\": 4, \"quality\": 4, "
            "\"source\": \"the supplier\", \"period\": 2024}},"
            "{\"name\": \"c\", \"mass\": {\"value\": 10, \"estimated\": true, \"source\": \"a guess\"}}]}");
}

START_TEST(primary_shares)
{
    compute_workshop();
    ck_assert_int_eq(reasons->has_terms, 1);
    assert_near(reasons->primary, 20.0 / 80);         /* b: mass and supplier's value */
    assert_near(reasons->primary_data, 60.0 / 80);    /* power, a, b; c is estimated, fixed has none */
    assert_near(reasons->primary_factors, 30.0 / 80); /* b, c */
}
END_TEST

START_TEST(quality_is_weighted)
{
    compute_workshop();
    assert_near(reasons->quality.data, (20 * 2 + 20 * 1) / 40.0);
    assert_near(reasons->quality.factors, (20 * 3 + 20 * 4 + 10 * 5) / 50.0);
    assert_near(reasons->quality.value, (20 * 2 + 20 * 3 + 20 * 4 + 10 * 5) / 70.0); /* the worse of the two */
    assert_near(reasons->quality.covered, 70.0 / 80);
}
END_TEST

START_TEST(factors_with_their_shares)
{
    compute_workshop();
    const struct zuji_ground *a = find(ZUJI_FACTOR, "material", 0);
    const struct zuji_ground *c = find(ZUJI_FACTOR, "material", 1);
    ck_assert(a != NULL && c != NULL && find(ZUJI_FACTOR, "material", 2) == NULL);
    assert_near(a->share, 20.0 / 80);
    assert_near(c->share, 10.0 / 80);
    ck_assert_uint_eq(a->key_count, 1);
    ck_assert_str_eq(a->keys[0], "a");
    ck_assert_double_eq(a->value.number, 2);
    ck_assert_str_eq(a->value.unit, "kgCO2e/kg");
    ck_assert_str_eq(a->source, "a book");
    ck_assert_str_eq(a->licence, "CC BY");
    ck_assert_str_eq(a->uncertainty, "± 5 %");
    ck_assert_double_eq(a->quality, 3);
    ck_assert_int_eq(a->is_primary, 0);
    ck_assert_int_eq(c->is_primary, 1);
    const struct zuji_ground *own = need(ZUJI_SUPPLIER, "mats.own");
    ck_assert_str_eq(own->path, "mats[2].own");
    ck_assert_str_eq(own->replaces, "material");
    ck_assert_str_eq(own->source, "the supplier");
    ck_assert_str_eq(own->period, "2024");
    ck_assert_double_eq(own->value.number, 4);
    ck_assert_int_eq(own->is_primary, 1);
    assert_near(own->share, 20.0 / 80);
    const struct zuji_ground *constant = need(ZUJI_CONSTANT, "s.power");
    ck_assert_str_eq(constant->clause, "8");
    assert_near(constant->share, 20.0 / 80);
    assert_share(ZUJI_CONSTANT, "s.fixed", 10.0 / 80);
    assert_share(ZUJI_CONSTANT, "s.extra", 0);
}
END_TEST

START_TEST(what_was_not_given)
{
    compute_workshop();
    ck_assert_ptr_null(find(ZUJI_DEFAULT, "mats.own", 0)); /* the factor is taken, and says so itself */
    ck_assert_ptr_null(strstr(zuji_result_json(result, ZUJI_FULL, NULL), "own is not given"));
    assert_share(ZUJI_LIST_ABSENT, "extra", 0);
    const struct zuji_ground *guess = need(ZUJI_ESTIMATE, "mats.mass");
    ck_assert_str_eq(guess->path, "mats[3].mass");
    ck_assert_str_eq(guess->title[ZUJI_ZH], "质量");
    ck_assert_str_eq(guess->clause, "7.1");
    ck_assert_str_eq(guess->source, "a guess");
    ck_assert_str_eq(guess->value.text, "10 kg");
    assert_near(guess->share, 10.0 / 80);
}
END_TEST

/* A factor, what is computed of one, an emission of a table, a datum as it stands: sources. All else is an assumption. */
START_TEST(a_default_is_no_source)
{
    static const char rule_text[] =
        "choice Kind { iron, wood }\n"
        "table legs(kind: Kind) -> { e : kgCO2e/kg, way : km } \"Legs\" cite \"a book\" { iron => 2, 100; wood => 1, 50 }\n" HEAD
        "data { made : kg primary\nmoist : % primary\nkind : Kind\n"
        " rows : list of { m : kg primary, own : kgCO2e/kg optional, of_factor : kgCO2e/kg optional, of_table : kgCO2e/kg optional,"
        " said : kgCO2e/kg optional, way : km optional, wet : % optional, half : % optional, c : number = 0.5 } }\nreference made\n"
        "factor material(name: text) : kgCO2e/kg\n"
        "stage s : production {\n"
        " emit own = sum(r in rows: r.m * (r.own default material(\"a\")))\n"
        " emit of_factor = sum(r in rows: r.m * (r.of_factor default (1.1 * material(\"a\"))))\n"
        " emit of_table = sum(r in rows: r.m * (r.of_table default legs(kind).e))\n"
        " emit said = sum(r in rows: r.m * (r.said default 3 kgCO2e/kg))\n"
        " emit way = sum(r in rows: r.m * (r.way default legs(kind).way)) * 1 kgCO2e/(kg·km)\n"
        " emit wet = sum(r in rows: r.m * (r.wet default moist)) * 1 kgCO2e/kg\n"
        " emit half = sum(r in rows: r.m * (r.half default (moist / 2))) * 1 kgCO2e/kg\n"
        " emit c = sum(r in rows: r.m * r.c) * 1 kgCO2e/kg } }";
    compute(rule_text, "factor,name,value,unit\nmaterial,a,2,kgCO2e/kg\n",
            "{\"made\": 1, \"moist\": \"10 %\", \"kind\": \"iron\", \"rows\": [{\"m\": 1}, {\"m\": 2}]}");
    static const char *const noted[] = {"rows.said", "rows.way", "rows.half", "rows.c"};
    static const char *const sourced[] = {"rows.own", "rows.of_factor", "rows.of_table", "rows.wet"};
    for (size_t i = 0; i < countof(noted); i++) {
        ck_assert_uint_eq(need(ZUJI_DEFAULT, noted[i])->rows, 2);
        ck_assert_msg(find(ZUJI_DEFAULT, sourced[i], 0) == NULL, "%s is noted", sourced[i]);
    }
    /* own 6, of_factor 6.6, of_table 6, said 9, way 300, wet 0.3, half 0.15, c 1.5 */
    const double all = 6 + 6.6 + 6 + 9 + 300 + 0.3 + 0.15 + 1.5;
    assert_share(ZUJI_FACTOR, "material", (6 + 6.6) / all);
    assert_share(ZUJI_CELL, "legs.e", 6 / all);
    assert_share(ZUJI_DEFAULT, "rows.said", 9 / all);
    assert_near(reasons->primary_data, 1 - (300 + 0.15 + 1.5) / all); /* wet: mass and moisture, both primary */
    assert_near(reasons->primary_factors, 0); /* constants, cells, the factor of a file that says nothing */
}
END_TEST

/* Rows that add nothing have no part in a sum, and what is times zero none in a product; of zero sums all have. */
START_TEST(rows_that_add_nothing)
{
    static const char rule_text[] = HEAD
        "data { made : kg\nout : kg\nrows : list of { m : kg, c : number = 0, bio : % = 0 % } }\nreference made\n"
        "let inside = sum(r in rows: r.m * r.c)\n"
        "let share = if inside > 0 kg then sum(r in rows: r.m * r.c * r.bio) / inside else 0\n"
        "stage s : production { emit e = (inside - out) * (1 - share) * 1 kgCO2e/kg } }";
    compute(rule_text, NULL, "{\"made\": 1, \"out\": 1, \"rows\": [{\"m\": 10, \"c\": 0.8}, {\"m\": 5}]}");
    assert_share(ZUJI_DEFAULT, "rows.c", 0);
    assert_share(ZUJI_DEFAULT, "rows.bio", 1);
    static const char none[] = "{\"made\": 1, \"out\": 1, \"rows\": [{\"m\": 10}]}";
    zuji_run_record(run, none, strlen(none), &result);
    reasons = zuji_result_reasons(result);
    assert_share(ZUJI_DEFAULT, "rows.c", 1);
}
END_TEST

/* Nobody wants what is not carried out, nor rows that do not count; what is wanted elsewhere is taken. */
START_TEST(defaults_that_are_not_taken)
{
    static const char wanted[] = HEAD
        "data { a : kg optional\nb : kg optional\non : bool\n"
        " rows : list of { m : kg, t : kg optional, e : kgCO2e/kg optional } }\nreference 1 kg\n"
        "factor f : kgCO2e/kg split fossil, biogenic\n"
        "stage s : production { emit x when a is given = (a default 7 kg) * 1 kgCO2e/kg }\n"
        "stage t : production when on { emit y = (b default 3 kg) * 1 kgCO2e/kg }\n"
        "stage u : production { emit z = sum(r in rows where r.m > 1 kg: (r.t default 2 kg) * 1 kgCO2e/kg)\n"
        " emit w = sum(r in rows where r.m > 2 kg: r.m * (r.e default f)) } }";
    compute(wanted, "factor,value,unit,fossil,biogenic,source\nf,2,kgCO2e/kg,1.5,0.5,a book\n", "{\"on\": false, \"rows\": [{\"m\": 1}, {\"m\": 2, \"t\": 3}, {\"m\": 3}]}");
    ck_assert_ptr_null(find(ZUJI_DEFAULT, "a", 0));
    ck_assert_ptr_null(find(ZUJI_DEFAULT, "b", 0));
    const struct zuji_ground *row = need(ZUJI_DEFAULT, "rows.t");
    ck_assert_uint_eq(row->rows, 1);
    ck_assert_str_eq(row->path, "rows[3].t");
    ck_assert_ptr_null(find(ZUJI_DEFAULT, "rows.e", 0));
    const char *json = zuji_result_json(result, ZUJI_FULL, NULL);
    ck_assert_ptr_null(strstr(json, "\"a is not given"));
    ck_assert_ptr_null(strstr(json, "\"b is not given"));
    ck_assert_ptr_null(strstr(json, "more of its rows"));
    ck_assert_ptr_nonnull(strstr(json, "rows[3].t is not given: 2 kg is taken"));
    ck_assert_ptr_null(strstr(json, "rows[3].e"));
    static const char record[] = "{\"on\": true, \"rows\": [{\"m\": 1}, {\"m\": 2}]}";
    zuji_run_record(run, record, strlen(record), &result);
    json = zuji_result_json(result, ZUJI_FULL, NULL);
    ck_assert_ptr_nonnull(strstr(json, "\"b is not given: 3 kg is taken"));
    ck_assert_ptr_nonnull(strstr(json, "rows[2].t is not given: 2 kg is taken"));
    ck_assert_ptr_null(strstr(json, "rows[2].e"));
}
END_TEST

/* ---- how emissions are divided ---- */

START_TEST(differences_and_coefficients)
{
    /* terms: 10 kg · 2 · 0.5 = 10, 20 kg · 2 · 0.5 = 20, -8 kg · 1 · 0.5 = -4: sizes 34 */
    compute(HEAD "data { made : kg\nshare : number = 0.5\nback : kg primary\nmats : list of { mass : kg, own : number = 2 } }\n"
                 "reference made\nstage s : production {\n"
                 " emit e = (sum(m in mats: m.mass * m.own * 1 kgCO2e/kg) - back * 1 kgCO2e/kg) * share } }",
            NULL, "{\"made\": 1, \"back\": 8, \"mats\": [{\"mass\": 10, \"own\": 2}, {\"mass\": 20}]}");
    assert_share(ZUJI_DEFAULT, "share", 1);
    assert_share(ZUJI_DEFAULT, "mats.own", 20.0 / 34);
    assert_near(reasons->primary_data, 0); /* the default is in each */
}
END_TEST

START_TEST(sums_of_amounts_are_divided_by_rows)
{
    /* 30 MWh · 100 kg/MWh and 10 · 100: a sum of amounts under a factor */
    compute(HEAD "data { made : kg\npower : list of { amount : MWh primary, note : text optional } }\n"
                 "reference made\nstage s : production { emit e = sum(p in power: p.amount) * 100 kgCO2e/MWh } }",
            NULL,
            "{\"made\": 1, \"power\": [{\"amount\": {\"value\": 30, \"origin\": \"secondary\"}}, {\"amount\": 10}]}");
    assert_near(reasons->primary_data, 0.25);
}
END_TEST

START_TEST(choices_go_through_what_was_taken)
{
    /* 6 through the branch that was taken (and the key by default), 4 = max(4, 3), 0 · x is in no branch */
    compute("choice Way { road, rail }\n"
            "table per(w: Way) -> kgCO2e/km { road => 3 \n rail => 1 }\n" HEAD
            "data { made : kg\nhot : bool = true\nway : Way = road\na : km primary\nb : km\nlow : km\ndry : number = 1 }\n"
            "reference made\nstage s : production {\n"
            " emit branch = if hot then a * per(way) else b * dry * 1 kgCO2e/km\n"
            " emit most = max(b * 1 kgCO2e/km, low * 1 kgCO2e/km) } }",
            NULL, "{\"made\": 1, \"a\": 2, \"b\": 4, \"low\": 3}");
    assert_share(ZUJI_DEFAULT, "hot", 0.6);
    assert_share(ZUJI_DEFAULT, "way", 0.6);
    ck_assert_ptr_null(find(ZUJI_DEFAULT, "dry", 0)); /* in the branch that was not taken */
    assert_share(ZUJI_CELL, "per", 0.6);
    ck_assert_str_eq(need(ZUJI_CELL, "per")->keys[0], "road");
    assert_near(reasons->primary_data, 0.6);
    ck_assert_ptr_null(find(ZUJI_CELL, "per", 1));
}
END_TEST

START_TEST(potentials_are_no_factors)
{
    compute("import std.gases\nrule r \"r\" {\nversion \"1\"\ndeclared 1 kg \"x\"\nboundary gate_to_gate\ngwp ar6\n"
            "data { made : kg\nleak : kg primary }\n"
            "reference made\nstage s : production { emit e = leak * 1 kg{CH4}/kg * gwp(CH4_fossil) } }",
            NULL, "{\"made\": 1, \"leak\": 3}");
    assert_near(reasons->primary, 1);
    ck_assert_uint_eq(reasons->ground_count, 0);
}
END_TEST

START_TEST(potentials_of_gases_that_the_data_name)
{
    /* 2 kg of N2O at 273 (AR6), and 54 kgCO2e by a factor: 600 */
    compute("import std.gases\nchoice Leak { CH4_fossil, N2O, SF6 }\nrule r \"r\" {\nversion \"1\"\ndeclared 1 kg \"x\"\n"
            "boundary gate_to_gate\ngwp ar6\ndata { made : kg\nleak : kg primary\nof : Leak\nheat : kWh primary }\n"
            "reference made\nstage s : production {\nemit e = leak * gwp(of)\nemit h = heat * 0.54 kgCO2e/kWh } }",
            NULL, "{\"made\": 1, \"leak\": 2, \"of\": \"N2O\", \"heat\": 100}");
    assert_near(reasons->primary, 546.0 / 600);
    assert_near(reasons->primary_data, 1);
    ck_assert_uint_eq(reasons->ground_count, 1);
    assert_share(ZUJI_CONSTANT, "s.h", 54.0 / 600);
}
END_TEST

START_TEST(rows_that_do_not_count)
{
    compute(HEAD "data { made : kg\nmats : list of { mass : kg primary, used : bool = true, loss : number = 1 } }\n"
                 "reference made\nstage s : production {\n"
                 " emit e = sum(m in mats where m.used: m.mass * m.loss * 1 kgCO2e/kg)\n"
                 " emit most = largest(m in mats: m.mass).loss * 1 kgCO2e } }",
            NULL,
            "{\"made\": 1, \"mats\": [{\"mass\": 6, \"used\": true, \"loss\": 1}, {\"mass\": 3},"
            "{\"mass\": 9, \"used\": false}]}");
    assert_share(ZUJI_DEFAULT, "mats.used", 3.0 / 10);
    assert_share(ZUJI_DEFAULT, "mats.loss", 4.0 / 10); /* row 2 in the sum, row 3 as the largest */
}
END_TEST

/* ---- checks ---- */

static const struct zuji_check *check_of(const char *text)
{
    for (size_t c = 0; c < reasons->check_count; c++) {
        if (strcmp(reasons->checks[c].text[ZUJI_EN], text) == 0) {
            return &reasons->checks[c];
        }
    }
    ck_abort_msg("no check %s", text);
    return NULL;
}

static const char guarded[] = HEAD
    "data { made : kg\na : kg\nb : number\nflag : bool\nrows : list of { m : kg, w : number } }\n"
    "reference made\nstage s : production { emit e = a * 1 kgCO2e/kg\n"
    "  require a < 1000 kg else \"in the stage\" }\n"
    "stage t : production when flag { emit f = a * 1 kgCO2e/kg\nrequire b > 5 else \"only with the flag\" }\n"
    "require a > 0 kg and b <= 10 else \"both\" zh \"两者\" clause \"4.2\"\n"
    "require sum(r in rows: r.w) == 1 within 0.02 else \"shares\"\n"
    "require all(r in rows: r.m <= 100 kg) else \"rows\"\n"
    "warn a > 500 kg or b == 3 within 0.1 else \"a warning\"\n"
    "warn not (b > 7) else \"negated\" }";

START_TEST(checks_with_both_sides)
{
    compute(guarded, NULL,
            "{\"made\": 1, \"a\": 20, \"b\": 8, \"flag\": false, \"rows\": [{\"m\": 1, \"w\": 0.5}, {\"m\": 2, \"w\": 0.49}]}");
    ck_assert_uint_eq(reasons->check_count, 7);
    const struct zuji_check *both = check_of("both");
    ck_assert_int_eq(both->verdict, ZUJI_PASSED);
    ck_assert_int_eq(both->kind, ZUJI_REQUIRE);
    ck_assert_str_eq(both->text[ZUJI_ZH], "两者");
    ck_assert_str_eq(both->clause, "4.2");
    ck_assert_uint_eq(both->part_count, 2);
    ck_assert_str_eq(both->parts[0].expression, "a > 0 kg");
    ck_assert_str_eq(both->parts[0].sign, "<");
    ck_assert_str_eq(both->parts[0].left.text, "0 kg");
    ck_assert_double_eq(both->parts[0].right.number, 20);
    ck_assert_str_eq(both->parts[1].sign, "<=");
    ck_assert_double_eq(both->parts[1].right.number, 10);
    const struct zuji_check *shares = check_of("shares");
    ck_assert_uint_eq(shares->part_count, 1);
    ck_assert_str_eq(shares->parts[0].sign, "within");
    assert_near(shares->parts[0].left.number, 0.99);
    ck_assert_double_eq(shares->parts[0].right.number, 1);
    ck_assert_double_eq(shares->parts[0].within.number, 0.02);
    ck_assert_int_eq(shares->parts[0].holds, 1);
    ck_assert_int_eq(check_of("only with the flag")->verdict, ZUJI_NOT_APPLICABLE);
    ck_assert_int_eq(check_of("in the stage")->verdict, ZUJI_PASSED);
    const struct zuji_check *warning = check_of("a warning");
    ck_assert_int_eq(warning->kind, ZUJI_WARN);
    ck_assert_int_eq(warning->verdict, ZUJI_FAILED);
    ck_assert_str_eq(warning->parts[0].sign, ""); /* alternatives have no two sides */
    const struct zuji_check *negated = check_of("negated");
    ck_assert_int_eq(negated->verdict, ZUJI_FAILED);
    ck_assert_int_eq(negated->parts[0].holds, 0);
}
END_TEST

START_TEST(checks_of_a_product_in_error)
{
    compute(guarded, NULL,
            "{\"made\": 1, \"a\": 20, \"b\": 11, \"flag\": true, \"rows\": [{\"m\": 1, \"w\": 1}]}");
    ck_assert_int_eq(zuji_result_is_ok(result), 0);
    ck_assert_int_eq(reasons->has_terms, 0);
    ck_assert_uint_eq(reasons->ground_count, 0);
    const struct zuji_check *both = check_of("both");
    ck_assert_int_eq(both->verdict, ZUJI_FAILED);
    ck_assert_int_eq(both->parts[0].holds, 1);
    ck_assert_int_eq(both->parts[1].holds, 0);
    ck_assert_double_eq(both->parts[1].left.number, 11);
    ck_assert_int_eq(check_of("only with the flag")->verdict, ZUJI_PASSED);
}
END_TEST

/* ---- cut-offs ---- */

static const char cut[] = HEAD
    "data { made : kg\nmats : list of { mass : kg, ef : kgCO2e/kg } }\n"
    "reference made\nstage s : production { emit e = sum(m in mats: m.mass * m.ef) }\n"
    "cutoff m in mats by m.mass each 2 %, together 5 % }";

START_TEST(rows_that_are_cut_off)
{
    compute(cut, NULL,
            "{\"made\": 1, \"mats\": [{\"mass\": 97, \"ef\": 1}, {\"mass\": 1, \"ef\": 9, \"cut\": \"tiny\"},"
            "{\"mass\": 2, \"ef\": 9, \"cut\": \"small\"}]}");
    ck_assert_uint_eq(reasons->cutoff_count, 1);
    const struct zuji_cutoff *off = &reasons->cutoffs[0];
    ck_assert_str_eq(off->list, "mats");
    ck_assert_str_eq(off->by, "m.mass");
    ck_assert_double_eq(off->limit_each, 0.02);
    ck_assert_double_eq(off->limit_together, 0.05);
    ck_assert_str_eq(off->whole.text, "100 kg");
    ck_assert_str_eq(off->cut.text, "3 kg");
    assert_near(off->share, 0.03);
    ck_assert_uint_eq(off->row_count, 2);
    ck_assert_str_eq(off->rows[1].path, "mats[3]");
    ck_assert_str_eq(off->rows[1].reason, "small");
    assert_near(off->rows[1].share, 0.02);
    /* of the rows that are cut the one nearest to the limit is shown */
    ck_assert_int_eq(reasons->checks[0].kind, ZUJI_CUT_EACH);
    ck_assert_uint_eq(reasons->checks[0].rows, 2);
    ck_assert_str_eq(reasons->checks[0].parts[0].path, "mats[3]");
    ck_assert_int_eq(reasons->checks[1].kind, ZUJI_CUT_TOGETHER);
    /* the factor of a row that was cut off carries nothing */
    ck_assert_uint_eq(reasons->ground_count, 1);
}
END_TEST

/* Of 1100 kg 1000 kg are water, which may not be left out and is in no sum: 2 of 100 kg. */
START_TEST(cut_offs_about_some_rows)
{
    static const char dry[] = HEAD
        "data { made : kg\nmats : list of { mass : kg, water : bool, ef : kgCO2e/kg } }\n"
        "reference made\nstage s : production { emit e = sum(m in mats: m.mass * m.ef) }\n"
        "cutoff m in mats where not m.water by m.mass each 2 %, together 3 % }";
    compute(dry, NULL,
            "{\"made\": 1, \"mats\": [{\"mass\": 98, \"ef\": 1, \"water\": false}, "
            "{\"mass\": 2, \"ef\": 9, \"water\": false, \"cut\": \"tiny\"}, {\"mass\": 1000, \"ef\": 0, \"water\": true}]}");
    const struct zuji_cutoff *off = &reasons->cutoffs[0];
    ck_assert_uint_eq(reasons->cutoff_count, 1);
    ck_assert_str_eq(off->whole.text, "100 kg");
    ck_assert_double_eq(off->limit_each, 0.02);
    ck_assert_double_eq(off->limit_together, 0.03);
    assert_near(off->share, 0.02);
    ck_assert_uint_eq(reasons->check_count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(reasons->checks[i].verdict, ZUJI_PASSED);
    }
    static const char more[] =
        "{\"made\": 1, \"mats\": [{\"mass\": 97, \"ef\": 1, \"water\": false}, "
        "{\"mass\": 3, \"ef\": 9, \"water\": false, \"cut\": \"tiny\"}, "
        "{\"mass\": 1, \"ef\": 0, \"water\": true, \"cut\": \"wet\"}]}";
    zuji_run_record(run, more, strlen(more), &result);
    reasons = zuji_result_reasons(result);
    ck_assert_int_eq(reasons->checks[0].verdict, ZUJI_FAILED); /* water is cut off */
    ck_assert_int_eq(reasons->checks[1].verdict, ZUJI_FAILED); /* 3 % in one row */
    ck_assert_uint_eq(reasons->checks[1].rows, 1);
    ck_assert_int_eq(reasons->checks[2].verdict, ZUJI_PASSED); /* 3 % together */
}
END_TEST

START_TEST(nothing_is_cut_off)
{
    compute(cut, NULL, "{\"made\": 1, \"mats\": []}");
    ck_assert_uint_eq(reasons->cutoffs[0].row_count, 0);
    ck_assert_double_eq(reasons->cutoffs[0].limit_each, 0.02);
    ck_assert_int_eq(reasons->has_terms, 0);
    ck_assert_int_eq(reasons->checks[0].verdict, ZUJI_NOT_APPLICABLE);
}
END_TEST

/* ---- allocation ---- */

static const char dairy[] =
    "rule dairy \"d\" {\nversion \"1\"\ndeclared 1 kg \"x\"\nboundary gate_to_gate\n"
    "data { power : kWh primary\n"
    " farms : list of { delivered : kg, feed : kg, outputs : list of { name : text, mass : kg, is_main : bool } }\n"
    " products : list of { name : text, mass : kg, worth : number = 1 } }\n"
    "reference for each p in products: p.mass\n"
    "stage farm : production for each f in farms scaled by f.delivered / sum(q in f.outputs: q.mass) {\n"
    " allocate to q in f.outputs by q.mass take q.is_main because \"by mass\" zh \"按质量\" clause \"6.3\"\n"
    " emit feed = f.feed * 0.5 kgCO2e/kg }\n"
    "stage plant : production {\n"
    " process boiler { allocate { heat = 0.25, steam = rest } take steam because \"by energy\"\n"
    "  emit gas = power * 0.2 kgCO2e/kWh }\n"
    " emit pack = power * 0.1 kgCO2e/kWh }\n"
    "allocate farm, plant to p in products by p.mass * p.worth because \"by worth\" }";

/* Farm: 200 kg of feed are 100 kgCO2e, scaled by 90 / 100: 90; taken 90 %: 81; of that cream has 20 · 3 of 80 + 60. */
static void compute_dairy(void)
{
    compute(dairy, NULL,
            "{\"power\": 100, \"farms\": [{\"delivered\": 90, \"feed\": 200, \"outputs\": ["
            "{\"name\": \"milk\", \"mass\": 90, \"is_main\": true}, {\"name\": \"calves\", \"mass\": 10, \"is_main\": false}]}],"
            "\"products\": [{\"name\": \"milk\", \"mass\": 80}, {\"name\": \"cream\", \"mass\": 20, \"worth\": 3}]}");
}

static const struct zuji_allocation *allocation_of(const char *stage, const char *process, const char *by)
{
    for (size_t a = 0; a < reasons->allocation_count; a++) {
        const struct zuji_allocation *allocation = &reasons->allocations[a];
        if (strcmp(allocation->stage, stage) == 0 && strcmp(allocation->process, process) == 0 &&
            strcmp(allocation->by, by) == 0) {
            return allocation;
        }
    }
    ck_abort_msg("no allocation of %s.%s by %s", stage, process, by);
    return NULL;
}

START_TEST(allocations_with_keys_and_others)
{
    compute_dairy();
    reasons = zuji_result_reasons(zuji_result_row(result, 1));
    ck_assert_uint_eq(reasons->allocation_count, 4);
    const struct zuji_allocation *farm = allocation_of("farm", "", "q.mass");
    ck_assert_str_eq(farm->because[ZUJI_EN], "by mass");
    ck_assert_str_eq(farm->because[ZUJI_ZH], "按质量");
    ck_assert_str_eq(farm->clause, "6.3");
    assert_near(farm->whole, 90);
    assert_near(farm->ours, 81 * 60.0 / 140);
    assert_near(farm->others, 90 - 81 * 60.0 / 140);
    ck_assert(farm->residual <= 0 && farm->residual >= 0);
    ck_assert_uint_eq(farm->share_count, 2);
    ck_assert_str_eq(farm->shares[0].path, "farms[1].outputs[1]");
    ck_assert_str_eq(farm->shares[0].key.text, "90 kg");
    assert_near(farm->shares[0].share, 0.9);
    ck_assert_int_eq(farm->shares[0].is_ours, 1);
    ck_assert_int_eq(farm->shares[1].is_ours, 0);
    const struct zuji_allocation *products = allocation_of("farm", "", "p.mass * p.worth");
    assert_near(products->ours, farm->ours);
    ck_assert_int_eq(products->shares[0].is_ours, 0);
    ck_assert_int_eq(products->shares[1].is_ours, 1);
    assert_near(products->shares[1].share, 60.0 / 140);
    ck_assert_str_eq(products->shares[1].path, "products[2]");
}
END_TEST

START_TEST(allocation_of_a_process_by_formulas)
{
    compute_dairy();
    const struct zuji_allocation *boiler = allocation_of("plant", "boiler", "");
    assert_near(boiler->whole, 20);
    assert_near(boiler->ours, 20 * 0.75 * 80 / 140);
    ck_assert_uint_eq(boiler->share_count, 2);
    ck_assert_str_eq(boiler->shares[0].name, "heat");
    assert_near(boiler->shares[1].share, 0.75);
    ck_assert_int_eq(boiler->shares[1].is_ours, 1);
    const struct zuji_allocation *plant = allocation_of("plant", "", "p.mass * p.worth");
    assert_near(plant->whole, 30);
    assert_near(plant->ours, (15 + 10) * 80.0 / 140);
}
END_TEST

START_TEST(rows_have_their_own_reasons)
{
    compute_dairy();
    /* the default of worth is in the key of both products */
    assert_share(ZUJI_DEFAULT, "products.worth", 1);
    double milk = reasons->grounds[0].share;
    const struct zuji_reasons *cream = zuji_result_reasons(zuji_result_row(result, 1));
    ck_assert(cream != NULL && cream != reasons);
    assert_near(cream->grounds[0].share, milk);
    ck_assert_uint_eq(zuji_result_row_count(result), 2);
}
END_TEST

/* p.own and the farms are of one row each, worth is in the sum of the keys; m.t is met once a product and farm. */
START_TEST(rows_of_a_result_are_counted)
{
    compute(HEAD "data { a : kg\nproducts : list of { id : text, mass : kg, own : kg = 3 kg, worth : number = 1 } key id\n"
                 " farms : list of { mass : kg, t : number = 2 } }\nreference for each p in products: p.mass\n"
                 "stage s : production { emit all = a * 1 kgCO2e/kg\nemit own = p.own * 1 kgCO2e/kg }\n"
                 "allocate s to q in products by q.mass * q.worth because \"worth\"\n"
                 "stage u : production for each f in farms { emit z = f.mass * f.t * p.mass * 1 kgCO2e/kg2 } }",
            NULL,
            "{\"a\": 10, \"products\": [{\"id\": \"m\", \"mass\": 1}, {\"id\": \"n\", \"mass\": 2}, {\"id\": \"o\", \"mass\": 3,"
            " \"own\": 2}], \"farms\": [{\"mass\": 4, \"t\": 1}, {\"mass\": 5}, {\"mass\": 6}]}");
    static const char *const paths[] = {"products[1].own", "products[2].own"};
    for (uint32_t row = 0; row < 3; row++) {
        reasons = zuji_result_reasons(zuji_result_row(result, row));
        const struct zuji_ground *own = find(ZUJI_DEFAULT, "products.own", 0);
        ck_assert_uint_eq(need(ZUJI_DEFAULT, "products.worth")->rows, 3);
        ck_assert_uint_eq(need(ZUJI_DEFAULT, "farms.t")->rows, 2);
        ck_assert_str_eq(need(ZUJI_DEFAULT, "farms.t")->path, "farms[2].t");
        ck_assert(row == 2 ? own == NULL : own != NULL && own->rows == 1 && strcmp(own->path, paths[row]) == 0);
    }
}
END_TEST

/* ---- rules of the project ---- */

static struct str read_text(const char *path)
{
    struct str text;
    ck_assert_msg(file_read(&lower_arena, str_of(path), &text), "%s", path);
    return text;
}

static double share_of_flow(const char *name)
{
    size_t count;
    const struct zuji_figure *flows = zuji_result_flows(result, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(flows[i].name, name) == 0) {
            return flows[i].share;
        }
    }
    ck_abort_msg("no flow %s", name);
    return 0;
}

static double share_of_all(enum zuji_ground_kind kind, const char *name)
{
    double share = 0;
    for (size_t g = 0; g < reasons->ground_count; g++) {
        bool is_it = reasons->grounds[g].kind == kind && strcmp(reasons->grounds[g].name, name) == 0;
        share += is_it ? reasons->grounds[g].share : 0;
    }
    return share;
}

/* Each term of these flows has one factor: the shares of the factors add up to those of the flows. */
START_TEST(shares_of_aluminium_add_up)
{
    static const char *const rules[] = {"rules/metals/primary_aluminium.pcr", "rules/metals/primary_aluminium.zh.pcr"};
    lower_compiled = compile_file(&lower_arena, &lower_sources, str_of(rules[_i]), &lower_messages);
    run_compiled(read_text("rules/factors/materials.csv").at,
                 read_text("rules/metals/examples/smelter_2024.json").at);
    double pfc = share_of_flow("pfc_cf4") + share_of_flow("pfc_c2f6");
    assert_near(share_of_all(ZUJI_FACTOR, "material"), share_of_flow("purchased"));
    assert_near(share_of_all(ZUJI_CELL, "electricity"), share_of_flow("electricity"));
    assert_near(share_of_all(ZUJI_CELL, "tonne_km"), share_of_flow("inbound"));
    assert_near(share_of_all(ZUJI_CELL, "pfc.slope"), pfc);
    assert_share(ZUJI_DEFAULT, "anode_ash", share_of_flow("anode_co2"));
    /* primary masses, power and anode-effect minutes; the anode's sulphur and ash, distances and ways are not */
    assert_near(reasons->primary_data, share_of_flow("purchased") + share_of_flow("electricity") + pfc);
    assert_near(reasons->primary_factors, share_of_flow("anode_co2")); /* the only flow without a factor */
    assert_near(reasons->primary, 0);
}
END_TEST

START_TEST(shares_of_a_garment_are_shares)
{
    lower_compiled =
        compile_file(&lower_arena, &lower_sources, STR("rules/textiles/garment.pcr"), &lower_messages);
    struct str data = read_text("rules/textiles/examples/garments.json");
    size_t end = data.len;
    while (data.at[end - 1] != ']') {
        end--;
    }
    size_t first = 0; /* of the array the first record, whose end is the first line that closes it */
    while (data.at[first] != '{') {
        first++;
    }
    size_t depth = 0;
    size_t last = first;
    do {
        depth += data.at[last] == '{';
        depth -= data.at[last] == '}';
        last++;
    } while (depth > 0 && last < end);
    run_compiled(NULL, str_copy(&lower_arena, str_slice(data, first, last)).at);
    ck_assert_uint_gt(reasons->ground_count, 20);
    for (size_t g = 0; g < reasons->ground_count; g++) {
        const struct zuji_ground *ground = &reasons->grounds[g];
        ck_assert(ground->share >= 0 && ground->share <= 1 + 1e-12);
        bool is_next = g > 0 && ground[-1].kind == ground->kind;
        ck_assert(!is_next || ground[-1].share >= ground->share);
    }
    ck_assert(reasons->primary <= reasons->primary_data && reasons->primary <= reasons->primary_factors);
    ck_assert(reasons->primary_data > 0 && reasons->primary_data < 1);
}
END_TEST

/* ---- when they are made ---- */

START_TEST(they_are_kept_and_told_in_json)
{
    compute_workshop();
    ck_assert_ptr_eq(zuji_result_reasons(result), reasons);
    size_t len = 0;
    const char *json = zuji_result_json(result, ZUJI_FULL, &len);
    ck_assert_ptr_nonnull(strstr(json, "\"primary_data_share\":{\"both\":0.25,\"data\":0.75,\"factors\":0.375}"));
    ck_assert_ptr_nonnull(strstr(json, "\"quality\":{\"value\":3.2857142857142856,\"data\":1.5,\"factors\":3.8,\"covered\":0.875}"));
    ck_assert_ptr_nonnull(strstr(json, "{\"kind\":\"supplier\",\"name\":\"mats.own\",\"path\":\"mats[2].own\",\"rows\":1,"
                                       "\"value\":{\"value\":4,\"unit\":\"kgCO2e/kg\"},\"replaces\":\"material\","
                                       "\"source\":\"the supplier\",\"period\":\"2024\",\"quality\":4,\"primary\":true,"
                                       "\"share\":0.25}"));
    json = zuji_result_json(result, ZUJI_STAGES, &len);
    ck_assert_ptr_null(strstr(json, "primary_data_share"));
    ck_assert_ptr_null(strstr(json, "checks"));
}
END_TEST

START_TEST(data_that_were_refused_have_none)
{
    compute(cut, NULL, "{\"made\": 1, \"mats\": []}");
    const char record[] = "{\"made\": \"much\"}";
    zuji_run_record(run, record, strlen(record), &result);
    ck_assert_int_eq(zuji_result_is_ok(result), 0);
    ck_assert_ptr_null(zuji_result_reasons(result));
    ck_assert_ptr_null(strstr(zuji_result_json(result, ZUJI_FULL, NULL), "checks"));
}
END_TEST

Suite *reasons_suite(void)
{
    Suite *suite = suite_create("reasons");
    TCase *tcase = tcase_create("reasons");
    tcase_add_checked_fixture(tcase, lower_setup, teardown);
    tcase_add_test(tcase, primary_shares);
    tcase_add_test(tcase, quality_is_weighted);
    tcase_add_test(tcase, factors_with_their_shares);
    tcase_add_test(tcase, what_was_not_given);
    tcase_add_test(tcase, a_default_is_no_source);
    tcase_add_test(tcase, rows_that_add_nothing);
    tcase_add_test(tcase, defaults_that_are_not_taken);
    tcase_add_test(tcase, differences_and_coefficients);
    tcase_add_test(tcase, sums_of_amounts_are_divided_by_rows);
    tcase_add_test(tcase, choices_go_through_what_was_taken);
    tcase_add_test(tcase, potentials_are_no_factors);
    tcase_add_test(tcase, potentials_of_gases_that_the_data_name);
    tcase_add_test(tcase, rows_that_do_not_count);
    tcase_add_test(tcase, checks_with_both_sides);
    tcase_add_test(tcase, checks_of_a_product_in_error);
    tcase_add_test(tcase, rows_that_are_cut_off);
    tcase_add_test(tcase, cut_offs_about_some_rows);
    tcase_add_test(tcase, nothing_is_cut_off);
    tcase_add_test(tcase, allocations_with_keys_and_others);
    tcase_add_test(tcase, allocation_of_a_process_by_formulas);
    tcase_add_test(tcase, rows_have_their_own_reasons);
    tcase_add_test(tcase, rows_of_a_result_are_counted);
    tcase_add_loop_test(tcase, shares_of_aluminium_add_up, 0, 2);
    tcase_add_test(tcase, shares_of_a_garment_are_shares);
    tcase_add_test(tcase, they_are_kept_and_told_in_json);
    tcase_add_test(tcase, data_that_were_refused_have_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
