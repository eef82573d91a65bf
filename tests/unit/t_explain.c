/* How figures came about: nodes, formulas and words, on small rules worked out by hand. */
#include <check.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "vm/zuji.h"

Suite *explain_suite(void);

static struct zuji_rule *rule;
static struct zuji_run *run;
static const struct zuji_result *result;
static const struct zuji_explanation *explanation;

static enum zuji_status explain(const char *item, uint32_t rows)
{
    return zuji_result_explain(result, &(struct zuji_explain){.item = item, .rows = rows}, &explanation);
}

static void compute(const char *text, const char *record)
{
    struct str bytes;
    lower_compile_text(text);
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
    ck_assert_int_eq(zuji_run_new(rule, NULL, NULL, &run, NULL), ZUJI_OK);
    zuji_run_record(run, record, strlen(record), &result);
}

static void teardown(void)
{
    zuji_run_free(run);
    zuji_rule_free(rule);
    run = NULL;
    rule = NULL;
    lower_teardown();
}

/* The first node of that kind and name; "" is any name. */
static const struct zuji_explanation *need(enum zuji_node_kind kind, const char *name)
{
    for (size_t i = 0; i < explanation->all_count; i++) {
        const struct zuji_explanation *node = explanation->all[i];
        if (node->kind == kind && (name[0] == '\0' || strcmp(node->name, name) == 0)) {
            return node;
        }
    }
    ck_abort_msg("there is no node %s", name);
}

static void assert_node(enum zuji_node_kind kind, const char *name, const char *written, const char *figures,
                        const char *value)
{
    const struct zuji_explanation *node = need(kind, name);
    ck_assert_str_eq(node->written, written);
    ck_assert_str_eq(node->figures, figures);
    ck_assert_str_eq(node->value.text, value);
}

#define HEAD "rule r \"r\" {\nversion \"1\"\ndeclared 1 kg \"x\"\nboundary gate_to_gate\n"

static const char workshop[] =
    HEAD "data { made : kg primary\n  loss : % = 2 % range 0 % .. 50 %\n power : MJ primary\n"
         "  mats : list of { name : text, mass : kg primary } }\n"
         "reference made\n"
         "names { gross 毛重 }\n"
         "/// Before losses.\nfunction gross(x) = x / (1 - loss) cite \"a book\"\n"
         "let used = gross(sum(m in mats: m.mass))\n"
         "let rate = 2.5 kgCO2e/kg cite \"a table\"\n"
         "stage s : production {\n"
         "  emit mats = used * rate // by mass\n    * 1\n"
         "  emit power when power > 0 MJ = power * (if power > 100 MJ then 0.5 kgCO2e/kWh else 0.6 kgCO2e/kWh)\n"
         "}\n"
         "report twice : kg = 2 * used\n"
         "round total to 3 significant }\n";
static const char record[] =
    "{\"made\": 10, \"power\": 72, \"mats\": ["
    "{\"name\": \"a\", \"mass\": 1}, {\"name\": \"b\", \"mass\": 40}, {\"name\": \"c\", \"mass\": 2},"
    "{\"name\": \"d\", \"mass\": 6}]}";

/* ---- nodes ---- */

START_TEST(total_is_made_of_stages_and_flows)
{
    compute(workshop, record);
    ck_assert_int_eq(explain(NULL, 0), ZUJI_OK);
    ck_assert_int_eq(explanation->kind, ZUJI_NODE_TOTAL);
    ck_assert_ptr_eq(explanation->figure, zuji_result_total(result));
    ck_assert_int_eq(explanation->formula->operation, ZUJI_OP_SUM);
    /* 49 kg / 0.98 = 50 kg; 50 * 2.5 / 10 = 12.5; 72 MJ = 20 kWh, 20 * 0.6 / 10 = 1.2 */
    assert_node(ZUJI_NODE_STAGE, "s", "", "12.5 kgCO2e/kg + 1.2 kgCO2e/kg", "13.7 kgCO2e/kg");
    assert_node(ZUJI_NODE_FLOW, "s.mats", "", "125 kgCO2e ÷ 10 kg", "12.5 kgCO2e/kg");
    assert_node(ZUJI_NODE_AMOUNT, "s.mats", "used * rate * 1", "50 kg × 2.5 kgCO2e/kg", "125 kgCO2e");
    ck_assert_str_eq(need(ZUJI_NODE_AMOUNT, "s.mats")->category, "fossil");
    ck_assert_int_eq(need(ZUJI_NODE_AMOUNT, "s.mats")->origin, ZUJI_ORIGIN_MIXED);
}
END_TEST

START_TEST(numbers_are_in_the_order_of_reading)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("", 0), ZUJI_OK);
    for (size_t i = 0; i < explanation->all_count; i++) {
        ck_assert_uint_eq(explanation->all[i]->number, i + 1);
    }
    ck_assert_ptr_eq(explanation->all[0], explanation);
    ck_assert_uint_eq(explanation->parts[0]->number, 2);
    ck_assert_uint_eq(explanation->parts[0]->all_count, 0);
}
END_TEST

START_TEST(items_are_named_where_they_are_mentioned)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("s.mats", 0), ZUJI_OK);
    assert_node(ZUJI_NODE_ITEM, "used", "gross(sum(m in mats: m.mass))", "50 kg", "50 kg");
    assert_node(ZUJI_NODE_ITEM, "gross", "x / (1 - loss)", "49 kg ÷ (100 % − 2 %)", "50 kg");
    assert_node(ZUJI_NODE_ITEM, "x", "sum(m in mats: m.mass)", "1 kg + 40 kg + 2 kg + 6 kg", "49 kg");
    const struct zuji_explanation *gross = need(ZUJI_NODE_ITEM, "gross");
    ck_assert_int_eq(gross->item, ZUJI_ITEM_FUNCTION);
    ck_assert_str_eq(gross->doc, "Before losses.");
    ck_assert_str_eq(gross->cite, "a book");
    ck_assert_str_eq(gross->title[ZUJI_ZH], "毛重");
    ck_assert_uint_gt(gross->line, 0);
    ck_assert_int_eq(need(ZUJI_NODE_ITEM, "x")->item, ZUJI_ITEM_ARGUMENT);
    ck_assert_int_eq(need(ZUJI_NODE_ITEM, "reference")->item, ZUJI_ITEM_REFERENCE);
    ck_assert_str_eq(need(ZUJI_NODE_ITEM, "rate")->cite, "a table");
}
END_TEST

START_TEST(data_say_where_they_are_from)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("used", 0), ZUJI_OK);
    const struct zuji_explanation *loss = need(ZUJI_NODE_DATUM, "loss");
    ck_assert_int_eq(loss->ground->kind, ZUJI_DEFAULT);
    ck_assert_str_eq(loss->value.text, "2 %");
    ck_assert_str_eq(loss->value.unit, "1");
    ck_assert_double_eq(loss->value.number, 0.02);
    const struct zuji_explanation *mass = need(ZUJI_NODE_DATUM, "mats[2].mass");
    ck_assert_int_eq(mass->ground->kind, ZUJI_DATUM);
    ck_assert_int_eq(mass->ground->is_primary, 1);
}
END_TEST

START_TEST(the_largest_rows_are_shown)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("used", 2), ZUJI_OK);
    const struct zuji_explanation *x = need(ZUJI_NODE_ITEM, "x");
    ck_assert_uint_eq(x->part_count, 3);
    ck_assert_uint_eq(x->formula->rows, 4);
    ck_assert_str_eq(x->parts[0]->title[ZUJI_EN], "b");
    ck_assert_str_eq(x->parts[1]->name, "mats[4]");
    ck_assert_int_eq(x->parts[2]->kind, ZUJI_NODE_REST);
    ck_assert_uint_eq(x->parts[2]->rows, 2);
    ck_assert_str_eq(x->parts[2]->value.text, "3 kg");
    ck_assert_double_eq_tol(x->parts[0]->share, 40.0 / 49, 1e-15);
    ck_assert_int_eq(explain("used", 3), ZUJI_OK); /* one row left is no rest */
    ck_assert_uint_eq(need(ZUJI_NODE_ITEM, "x")->part_count, 4);
}
END_TEST

START_TEST(conditions_and_units_are_steps)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("s.power", 0), ZUJI_OK);
    assert_node(ZUJI_NODE_AMOUNT, "s.power", "power * (if power > 100 MJ then 0.5 kgCO2e/kWh else 0.6 kgCO2e/kWh)",
                "72 MJ × 0.6 kgCO2e/kWh ÷ 3.6 MJ/kWh", "12 kgCO2e");
    assert_node(ZUJI_NODE_CONDITION, "", "power > 100 MJ", "72 MJ > 100 MJ", "false");
    assert_node(ZUJI_NODE_ITEM, "s.power", "power > 0 MJ", "72 MJ > 0 MJ", "true");
    ck_assert_int_eq(need(ZUJI_NODE_ITEM, "s.power")->item, ZUJI_ITEM_WHEN);
    ck_assert_int_eq(need(ZUJI_NODE_CONSTANT, "")->ground->kind, ZUJI_CONSTANT);
}
END_TEST

START_TEST(what_is_not_carried_out_says_why)
{
    compute(workshop, "{\"made\": 10, \"power\": 0, \"mats\": []}");
    ck_assert_int_eq(explain("s.power", 0), ZUJI_OK);
    ck_assert_str_eq(explanation->value.text, "");
    ck_assert_int_eq(explanation->figure->is_given, 0);
    assert_node(ZUJI_NODE_ITEM, "s.power", "power > 0 MJ", "0 MJ > 0 MJ", "false");
}
END_TEST

START_TEST(reports_are_explained)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("twice", 0), ZUJI_OK);
    ck_assert_int_eq(explanation->item, ZUJI_ITEM_REPORT);
    ck_assert_str_eq(explanation->figures, "2 × 50 kg");
    ck_assert_str_eq(explanation->figure->reported, "100.000");
}
END_TEST

/* ---- allocation, rows of results, categories ---- */

static const char dairy[] = HEAD "data { power : kWh\n products : list of { name : text, mass : kg } }\n"
                                 "reference for each p in products: p.mass\n"
                                 "stage s : production {\n emit power as biogenic = power * 0.5 kgCO2e/kWh\n }\n"
                                 "allocate s to p in products by p.mass because \"by mass\" }\n";

START_TEST(each_row_has_its_share)
{
    compute(dairy,
            "{\"power\": 80, \"products\": [{\"name\": \"milk\", \"mass\": 30}, {\"name\": \"cream\", \"mass\": 10}]}");
    const struct zuji_result *first = result;
    result = zuji_result_row(first, 1);
    ck_assert_int_eq(explain(NULL, 0), ZUJI_OK);
    assert_node(ZUJI_NODE_AMOUNT, "s.power", "", "40 kgCO2e × 0.25", "10 kgCO2e");
    const struct zuji_explanation *share = need(ZUJI_NODE_ITEM, "s");
    ck_assert_int_eq(share->item, ZUJI_ITEM_SHARE);
    ck_assert_str_eq(share->because[ZUJI_EN], "by mass");
    ck_assert_str_eq(share->figures, "10 kg ÷ (30 kg + 10 kg)");
    assert_node(ZUJI_NODE_ITEM, "s.power", "power * 0.5 kgCO2e/kWh", "80 kWh × 0.5 kgCO2e/kWh", "40 kgCO2e");
}
END_TEST

/* ---- picks, functions, long formulas ---- */

static const char picks[] =
    HEAD "data { made : kg\n n : number\n mats : list of { name : text, mass : kg, f : kgCO2e/kg } }\n"
         "reference made\n"
         "let big = largest(m in mats: m.mass)\n"
         "stage s : production {\n"
         "  emit a = made * big.f + made * max(m in mats: m.f)\n"
         "  emit b = made * exp(ln(sqrt(n))) ^ 2 * 1 kgCO2e/kg * count(m in mats)\n"
         "  emit c = made * rounded(n / 3, 0.1) * 1 kgCO2e/kg\n"
         "} }\n";

START_TEST(picked_rows_are_named)
{
    compute(picks, "{\"made\": 2, \"n\": 4, \"mats\": [{\"name\": \"a\", \"mass\": 1, \"f\": 3}, {\"name\": \"b\", "
                   "\"mass\": 5, \"f\": 2}]}");
    ck_assert_int_eq(explain("s.a", 5), ZUJI_OK);
    const struct zuji_explanation *picked = need(ZUJI_NODE_PICKED, "");
    ck_assert_str_eq(picked->value.text, "mats[2]");
    ck_assert_str_eq(picked->title[ZUJI_EN], "b");
    ck_assert_int_eq(picked->formula->operation, ZUJI_OP_GREATEST);
    assert_node(ZUJI_NODE_AMOUNT, "s.a", "made * big.f + made * max(m in mats: m.f)",
                "2 kg × 2 kgCO2e/kg + 2 kg × max(3 kgCO2e/kg)", "10 kgCO2e");
    ck_assert_int_eq(explain("s.b", 5), ZUJI_OK);
    ck_assert_str_eq(need(ZUJI_NODE_AMOUNT, "")->figures, "2 kg × exp(ln(sqrt(4))) ^ 2 × 1 kgCO2e/kg × 2");
    ck_assert_int_eq(explain("s.c", 5), ZUJI_OK);
    ck_assert_str_eq(need(ZUJI_NODE_AMOUNT, "")->figures, "2 kg × rounded(4 ÷ 3, 0.1, half_even) × 1 kgCO2e/kg");
}
END_TEST

START_TEST(long_formulas_are_divided)
{
    struct buf text = buf_in(&lower_arena);
    buf_add(&text,
            STR(HEAD "data { made : kg\n x : number }\nreference made\nstage s : production {\nemit a = made * ("));
    for (int i = 0; i < 80; i++) {
        buf_format(&text, "%s(x + %d) * x", i > 0 ? " + " : "", i + 1);
    }
    buf_add(&text, STR(") * 1 kgCO2e/kg\n} }\n"));
    buf_char(&text, '\0');
    compute(text.at, "{\"made\": 1, \"x\": 2}");
    ck_assert_int_eq(explain(NULL, 0), ZUJI_OK);
    ck_assert_str_eq(explanation->value.text, "6800 kgCO2e/kg"); /* sum of (2 + i) * 2 */
    ck_assert_str_eq(need(ZUJI_NODE_STEP, "")->name, "");
    ck_assert_uint_lt(explanation->all_count, 100);
}
END_TEST

/* ---- what there is not ---- */

START_TEST(refuses_what_it_cannot_explain)
{
    compute(workshop, record);
    ck_assert_int_eq(explain("no such thing", 0), ZUJI_USAGE);
    ck_assert_ptr_null(explanation);
    ck_assert_int_eq(zuji_result_explain(NULL, NULL, &explanation), ZUJI_USAGE);
    ck_assert_int_eq(zuji_result_explain(result, NULL, NULL), ZUJI_USAGE);
    ck_assert_int_eq(zuji_result_explain(result, NULL, &explanation), ZUJI_OK);
    ck_assert_int_eq(explanation->kind, ZUJI_NODE_TOTAL);
    size_t len = 0;
    const char *json = zuji_explanation_json(result, explanation, &len);
    ck_assert_uint_eq(strlen(json), len);
    zuji_run_record(run, "{\"made\": \"x\"}", 13, &result);
    ck_assert_int_eq(explain(NULL, 0), ZUJI_FINDINGS);
    zuji_run_record(run, "{\"made\": 0, \"power\": 1, \"mats\": []}", 36, &result);
    ck_assert_int_eq(explain(NULL, 0), ZUJI_FINDINGS);
}
END_TEST

/* ---- compiled rules of strangers ---- */

static uint32_t state;
static uint32_t below(uint32_t end) /* xorshift */
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % end;
}

/* Items as no compiler makes them, and the verifier accepts. */
static void disarrange(struct program *program)
{
    for (uint32_t i = 0; i < program->item_count; i++) {
        struct prog_item *item = &program->items[i];
        item->kind = (uint8_t)below(ITEM_KIND_COUNT);
        item->name = below(program->label_count);
        item->constant = below(3) == 0 ? below(program->label_count) : NO_INDEX;
        for (uint32_t v = 0; v < item->value_count; v++) {
            uint32_t instruction;
            do {
                instruction = below(program->code_count);
            } while (program->code[instruction].op >= OP_REQUIRE);
            item->values[v].instruction = instruction;
        }
        uint32_t *uses = arena_array(&lower_arena, uint32_t, i + 1);
        item->use_count = 0;
        for (uint32_t u = 0; u < i; u++) {
            if (below(2) == 0) {
                uses[item->use_count++] = u;
            }
        }
        item->uses = uses;
    }
}

START_TEST(any_items_are_explained)
{
    struct str bytes;
    lower_compile_text(_i % 2 == 0 ? workshop : picks);
    lower_assert_compiled();
    state = 2654435769u * (uint32_t)(_i + 1);
    disarrange(lower_compiled->program);
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    ck_assert_int_eq(zuji_load(bytes.at, bytes.len, &rule, NULL), ZUJI_OK);
    ck_assert_int_eq(zuji_run_new(rule, NULL, NULL, &run, NULL), ZUJI_OK);
    const char *data =
        _i % 2 == 0 ? record : "{\"made\": 2, \"n\": 4, \"mats\": [{\"name\": \"a\", \"mass\": 1, \"f\": 3}]}";
    zuji_run_record(run, data, strlen(data), &result);
    ck_assert_int_eq(zuji_result_is_ok(result), 1);
    ck_assert_int_eq(explain(NULL, 2), ZUJI_OK);
    ck_assert_ptr_nonnull(zuji_explanation_json(result, explanation, NULL));
    for (size_t i = 0; zuji_rule_item(rule, i) != NULL; i++) {
        enum zuji_status status = explain(zuji_rule_item(rule, i), 1);
        ck_assert(status == ZUJI_OK || status == ZUJI_USAGE);
        ck_assert(status != ZUJI_OK || zuji_explanation_json(result, explanation, NULL) != NULL);
    }
}
END_TEST

START_TEST(lists_what_can_be_asked_for)
{
    compute(workshop, record);
    size_t count = 0;
    for (; zuji_rule_item(rule, count) != NULL; count++) {
        ck_assert_int_eq(explain(zuji_rule_item(rule, count), 3), ZUJI_OK);
        ck_assert_str_eq(explanation->name, zuji_rule_item(rule, count));
    }
    ck_assert_uint_ge(count, 7); /* s, s.mats, s.power, gross, used, rate, twice, reference */
}
END_TEST

/* A scale in the unit of the declared amount, or in one that a product of units has, goes into the number. */
START_TEST(numbers_of_scaled_units)
{
    compute("rule r \"r\" {\ndeclared 100 万元\nboundary gate_to_gate\n"
            "data { sold : CNY, l : list of { heat : kcal, price : tCO2e } }\nreference sold\n"
            "stage s : production { emit e = sum(r in l: 1 kgCO2e/kWh * r.heat + r.price) } }\n",
            "{\"sold\": 0.5, \"l\": [{\"heat\": 1000, \"price\": 2}]}");
    ck_assert_int_eq(explain(NULL, 0), ZUJI_OK);
    const double amount = 2001.163; /* 1000 kcal = 4.1868 MJ = 1.163 kWh */
    ck_assert_double_eq_tol(explanation->value.number, amount * 100 * 10000 / 0.5, 1e-3);
    const struct zuji_formula *row = need(ZUJI_NODE_ROW, "l[1]")->formula;
    ck_assert_double_eq_tol(row->value->number, amount, 1e-9);
    ck_assert_int_eq(row->operation, ZUJI_OP_ADD);
    double sum = 0;
    for (size_t i = 0; i < 2; i++) { /* each in kgCO2e: × 1000 kcal ÷ (3600/4.1868) kcal/kWh; × 1000 kgCO2e/tCO2e */
        const struct zuji_formula *term = &row->operands[i];
        ck_assert_int_eq(term->operation, ZUJI_OP_CONVERT);
        ck_assert_double_eq_tol(term->value->number, term->by * term->operands[0].value->number, 1e-9);
        sum += term->value->number;
    }
    ck_assert_double_eq_tol(sum, amount, 1e-9);
}
END_TEST

/* Of categories those that are 0 are one line; what cancels is something, and --all shows everything. */
START_TEST(what_is_zero_is_one_line)
{
    compute(HEAD "data { m : list of { gas: kgCO2e, wood: kgCO2e, land: kgCO2e, back: kgCO2e } }\nreference 1 kg\n"
                 "stage u : production {\n emit a = sum(x in m: x.gas)\n emit b as biogenic = sum(x in m: x.wood)\n"
                 " emit c as land_use_change = sum(x in m: x.land - x.back) }\n"
                 "stage s : production { emit e = emitted(u) }\n}\n",
            "{\"m\": [{\"gas\": 4, \"wood\": 0, \"land\": 3, \"back\": 0}, {\"gas\": 1, \"wood\": 0, \"land\": 0, "
            "\"back\": 3}]}");
    for (uint32_t rows = 0; rows < 2; rows++) {
        ck_assert_int_eq(explain("s.e", rows * 5), ZUJI_OK);
        size_t trees = 0;
        size_t lines = 0;
        for (size_t i = 0; i < explanation->all_count; i++) {
            const struct zuji_explanation *node = explanation->all[i];
            trees += node->kind == ZUJI_NODE_AMOUNT && node->part_count > 0;
            lines += node->kind == ZUJI_NODE_AMOUNT && node->part_count == 0 && node->written[0] == '\0';
        }
        ck_assert_uint_eq(trees, rows == 0 ? 3 : 2); /* +3 and −3 cancel */
        ck_assert_uint_eq(lines, rows == 0 ? 0 : 1);
    }
}
END_TEST

/* What all rows have names them, a text before a choice: not the mode of transport, which has a default. */
START_TEST(rows_are_named_by_what_tells_them_apart)
{
    compute("choice Mode { rail, truck }\n" HEAD
            "data { m : list of { mode: Mode = rail, grade: Mode, name: text, mass: kgCO2e } }\nreference 1 kg\n"
            "stage s : production { emit e = sum(x in m: if x.mode == rail and x.grade == rail then x.mass else "
            "x.mass) }\n}\n",
            "{\"m\": [{\"mode\": \"truck\", \"grade\": \"rail\", \"name\": \"lime\", \"mass\": 4}]}");
    ck_assert_int_eq(explain(NULL, 0), ZUJI_OK);
    ck_assert_str_eq(need(ZUJI_NODE_ROW, "m[1]")->title[ZUJI_EN], "lime");
}
END_TEST

static const struct {
    const char *let, *value, *figures;
} TOLD[] = {
  /* the product of the operands' units, where it is one that people use */
    {"let x = fuel * heat * loss",                       "40 GJ",                   "40 t × 20 GJ/t × 5 %"                              },
    {"let x = fuel * loss",                              "2 t",                     "40 t × 5 %"                                         },
    {"let x = power / made",                             "0.2 kWh/kg",              "200 kWh ÷ 1000 kg"                                  },
 /* its part of the kind, with what is left of the scales as a factor */
    {"let x = fuel * carbon",                            "8 t{C}",                  "40 t × 0.2 kg{C}/kg"                                },
    {"let x = fuel * carbon * 44 kg{CO2} / 12 kg{C}",    "29.3333333333… t{CO2}",
     "40 t × 0.2 kg{C}/kg × 44 kg{CO2} ÷ 12 kg{C}"                                                                                     },
    {"let x = made * far * 0.5 kgCO2e/(t·km)",          "50 kgCO2e",               "1000 kg × 100 km × 0.5 kgCO2e/(t·km) ÷ 1000 kg/t"},
    {"let x = power * 0.5 kgCO2e/GJ",                    "0.36 kgCO2e",             "200 kWh × 0.5 kgCO2e/GJ × 0.0036 GJ/kWh"           },
    {"let x = area * thick * 500 kg/m3",                 "70 kg",                   "10 m2 × 14 mm × 500 kg/m3 ÷ 1000 m2·mm/m3"       },
 /* what people use over what is left */
    {"let x = standby * hours * 3 a",                    "36 kWh/item",             "2 W/item × 6000 h/a × 3 a ÷ 1000 W·h/kWh"        },
 /* numbers, and shares as numbers where they are products */
    {"let x = 8000 * loss",                              "400",                     "8000 × 5 %"                                         },
    {"let x = made / fuel",                              "0.025",                   "1000 kg ÷ 40 t ÷ 1000 kg/t"                        },
    {"let x = 1 - loss",                                 "95 %",                    "100 % − 5 %"                                       },
 /* a type lends its unit to what is in it */
    {"let x : t{C} = fuel * carbon + made * carbon",     "8.2 t{C}",
     "40 t × 0.2 kg{C}/kg + 1000 kg × 0.2 kg{C}/kg ÷ 1000 kg{C}/t{C}"                                                                  },
    {"let x : tCO2e = power * 0.5 kgCO2e/kWh + 1 tCO2e", "1.1 tCO2e",
     "(200 kWh × 0.5 kgCO2e/kWh + 1000 kgCO2e) ÷ 1000 kgCO2e/tCO2e"                                                                     },
 /* what is rounded, by a step in its unit */
    {"let x = rounded(6000 MJ / power, 10 %)",           "29.88 MJ/kWh",            "rounded(6000 MJ ÷ 200 kWh, 0.36 MJ/kWh, half_even)" },
 /* many digits */
    {"let x = made * dose * 40000",                      "120000 kg",               "1000 kg × 3 g/kg × 40000 ÷ 1000 g/kg"             },
};

START_TEST(values_are_in_units_that_people_use)
{
    struct str text =
        str_format(&lower_arena,
                   HEAD "data { made: kg, fuel: t, heat: GJ/t, loss: %%, power: kWh, carbon: kg{C}/kg, far: km,\n"
                        "dose: g/kg, area: m2, thick: mm, standby: W/item, hours: h/a }\nreference made\n%s\n"
                        "stage s : production { emit e = if x > 0 * x then 1 kgCO2e else 2 kgCO2e } }\n",
                   TOLD[_i].let);
    compute(text.at, "{\"made\": 1000, \"fuel\": 40, \"heat\": 20, \"loss\": 5, \"power\": 200, \"carbon\": 0.2,"
                     " \"far\": 100, \"dose\": 3, \"area\": 10, \"thick\": 14, \"standby\": 2, \"hours\": 6000}");
    ck_assert_int_eq(explain("x", 0), ZUJI_OK);
    ck_assert_str_eq(explanation->value.text, TOLD[_i].value);
    ck_assert_str_eq(explanation->figures, TOLD[_i].figures);
}
END_TEST

Suite *explain_suite(void)
{
    Suite *suite = suite_create("explain");
    TCase *nodes = tcase_create("explain");
    tcase_add_checked_fixture(nodes, lower_setup, teardown);
    tcase_add_test(nodes, total_is_made_of_stages_and_flows);
    tcase_add_test(nodes, numbers_are_in_the_order_of_reading);
    tcase_add_test(nodes, items_are_named_where_they_are_mentioned);
    tcase_add_test(nodes, data_say_where_they_are_from);
    tcase_add_test(nodes, the_largest_rows_are_shown);
    tcase_add_test(nodes, conditions_and_units_are_steps);
    tcase_add_test(nodes, what_is_not_carried_out_says_why);
    tcase_add_test(nodes, numbers_of_scaled_units);
    tcase_add_test(nodes, what_is_zero_is_one_line);
    tcase_add_test(nodes, rows_are_named_by_what_tells_them_apart);
    tcase_add_loop_test(nodes, values_are_in_units_that_people_use, 0, (int)(sizeof TOLD / sizeof *TOLD));
    tcase_add_test(nodes, reports_are_explained);
    tcase_add_test(nodes, each_row_has_its_share);
    tcase_add_test(nodes, picked_rows_are_named);
    tcase_add_test(nodes, long_formulas_are_divided);
    tcase_add_test(nodes, refuses_what_it_cannot_explain);
    tcase_add_test(nodes, lists_what_can_be_asked_for);
    tcase_add_loop_test(nodes, any_items_are_explained, 0, 60);
    suite_add_tcase(suite, nodes);
    return suite;
}
