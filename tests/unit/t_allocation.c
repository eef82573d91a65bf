/* Rows of results, stages over lists, allocations and emitted(…): from source to figures by both engines. Expected
   values are worked out by hand. */
#include <check.h>
#include <string.h>

#include "tests/unit/lower_fixture.h"
#include "vm/zuji.h"

Suite *allocation_suite(void);

static void compile_rule(const char *declarations, const char *fields, const char *items)
{
    struct str text =
        str_format(&lower_arena,
                   "import std.gases\n%s\nrule sample {\n declared 1 kg\n gwp ar6\n boundary gate_to_gate\n"
                   " data { %s }\n%s\n}\n",
                   declarations, fields, items);
    lower_compile_text(text.at);
}

/* ---- allocation to one product ---- */

/* Kloepffer and Grahl, Life Cycle Assessment, figures 3.10 and 3.11 (DOMAIN): 4 kg of waste of the first step, shared
   by 7 kg of the intermediate and 2 kg of a co-product, then 2 kg of the second, shared by 3 kg and 3 kg: (4 * 7/9 + 2)
   / 2. Waste takes no share. */
START_TEST(allocation_acts_on_each_process)
{
    compile_rule(
        "choice Kind { main, other, waste }",
        "outputs: list of { kind: Kind, mass: kg }, products: list of { kind: Kind, mass: kg }, "
        "waste1: kg, waste2: kg",
        "reference sum(q in products where q.kind == main: q.mass)\n"
        "stage one : production {\n"
        " allocate to q in outputs by if q.kind == waste then 0 kg else q.mass take q.kind == main because \"m\"\n"
        " emit waste1 = waste1 * 1 kgCO2e/kg\n}\n"
        "stage two : production { emit waste2 = waste2 * 1 kgCO2e/kg }\n"
        "allocate one, two to q in products by q.mass take q.kind == main because \"mass\"\n"
        "report whole : kgCO2e = emitted(one) + emitted(two)\n"
        "report waste : kgCO2e = total * 3 kg");
    lower_run("{\"outputs\": [{\"kind\": \"main\", \"mass\": 7}, {\"kind\": \"other\", \"mass\": 2},"
              " {\"kind\": \"waste\", \"mass\": 2}], \"products\": [{\"kind\": \"main\", \"mass\": 3},"
              " {\"kind\": \"other\", \"mass\": 3}], \"waste1\": 4, \"waste2\": 2}");
    lower_assert_report("waste", 23.0 / 9); /* 2.5556 kg */
    lower_assert_report("whole", 6);
    lower_assert_flow(0, "waste1", 4.0 * 7 / 9 / 2 / 3);
    lower_assert_flow(0, "waste2", 1.0 / 3);
}
END_TEST

/* One inventory, 1000 kgCO2e of a farm, under four allocations. */
static const struct {
    const char *allocation;
    double share;
} one_inventory[] = {
    {"allocate farm to q in outputs by q.mass take q.kind == milk because \"mass\"",                 9000.0 / 9200  },
    {"allocate farm to q in outputs by q.mass * q.energy take q.kind == milk because \"energy\"",    27000.0 / 28400},
    {"allocate farm to q in outputs by q.mass * q.price take q.kind == milk because \"price\"",      3600.0 / 4000  },
    {"allocate farm { milk = 1 - 6.04 * bmr, live_animals = rest } take milk because \"IDF\"",       0.85504        },
    {"allocate farm { milk = 1 - 6.04 * bmr, live_animals = 6.04 * bmr } take milk because \"IDF\"", 0.85504        },
    {"allocate farm { milk = 1 - 6.04 * bmr, live_animals = rest } take live_animals because \"I\"", 0.14496        },
    {"allocate farm to q in outputs by 1 take q.kind == milk because \"count\"",                     0.5            },
    {"allocate farm to q in outputs by q.mass take true because \"all\"",                            1              },
};

START_TEST(one_inventory_under_several_allocations)
{
    lower_setup();
    struct str items =
        str_format(&lower_arena, "reference 1 kg\nstage farm : production { emit all = 1000 kgCO2e }\n%s",
                   one_inventory[_i].allocation);
    compile_rule("choice Kind { milk, meat }",
                 "bmr: number, outputs: list of { kind: Kind, mass: kg, energy: MJ/kg, price: CNY/kg }", items.at);
    lower_run("{\"bmr\": 0.024, \"outputs\": [{\"kind\": \"milk\", \"mass\": 9000, \"energy\": 3, \"price\": 0.4},"
              " {\"kind\": \"meat\", \"mass\": 200, \"energy\": 7, \"price\": 2}]}");
    lower_assert_flow(0, "all", 1000 * one_inventory[_i].share);
    lower_teardown();
}
END_TEST

/* The share of the process and that of its stage; the other process has only the latter. */
START_TEST(allocations_multiply)
{
    compile_rule("", "outputs: list of { mass: kg, ours: bool }",
                 "reference 1 kg\n"
                 "stage plant : production {\n"
                 " allocate { product = 0.5, other = rest } take product because \"agreed\"\n"
                 " allocate { product = 80 %, other = 20 % } take product because \"agreed too\"\n"
                 " process drying { allocate to q in outputs by q.mass take q.ours because \"mass\"\n"
                 "  emit heat = 100 kgCO2e }\n"
                 " process packing { emit foil = 10 kgCO2e }\n}\n"
                 "allocate plant.packing { product = 0.25, other = rest } take product because \"agreed\"\n"
                 "report drying : kgCO2e = emitted(plant.drying)\n"
                 "report heat : kgCO2e = plant.heat\n"
                 "report plant : kgCO2e = emitted(plant)\n"
                 "report our_heat : kgCO2e = counted(plant.heat)\n"
                 "report our_packing : kgCO2e = counted(plant.packing)\n"
                 "report ours : kgCO2e = counted(plant)\n"
                 "report our_fossil : kgCO2e = counted(fossil)");
    lower_run("{\"outputs\": [{\"mass\": 3, \"ours\": true}, {\"mass\": 1, \"ours\": false}]}");
    lower_assert_flow(0, "heat", 100 * 0.4 * 0.75);
    lower_assert_flow(0, "foil", 10 * 0.4 * 0.25);
    lower_assert_report("drying", 100);
    lower_assert_report("heat", 100);
    lower_assert_report("plant", 110);
    lower_assert_report("our_heat", 30);
    lower_assert_report("our_packing", 1);
    lower_assert_report("ours", 31);
    lower_assert_report("our_fossil", 31);
}
END_TEST

/* Each row has its own share. */
START_TEST(rows_count_what_they_bear)
{
    compile_rule("", "products: list of { name: text, mass: kg }, heat: kgCO2e",
                 "reference for each p in products: p.mass\n"
                 "stage plant : production { emit heat = heat\n emit label = p.mass * 0.1 kgCO2e/kg }\n"
                 "allocate plant to p in products by p.mass because \"mass\"\n"
                 "report ours : kgCO2e = counted(plant)\nreport shared : kgCO2e = counted(plant.heat)\n"
                 "report whole : kgCO2e = plant.heat");
    lower_run("{\"heat\": 40, \"products\": [{\"name\": \"a\", \"mass\": 3}, {\"name\": \"b\", \"mass\": 1}]}");
    lower_assert_report("shared", 30);
    lower_assert_report("ours", 30.3);
    lower_assert_report("whole", 40);
}
END_TEST

/* ---- stages over lists ---- */

static const char farms[] = "farms: list of { name: text, sold: kg, delivered: kg, bmr: number, methane: kg{CH4}, "
                            "diesel: L optional, cattle: list of { heads: number, feed: kg } }";
static const char two_farms[] =
    "{\"farms\": [{\"name\": \"a\", \"sold\": 1000, \"delivered\": 500, \"bmr\": 0.024, \"methane\": 100, \"diesel\": "
    "40,"
    " \"cattle\": [{\"heads\": 10, \"feed\": 100}, {\"heads\": 2, \"feed\": 50}]},"
    " {\"name\": \"b\", \"sold\": 800, \"delivered\": 800, \"bmr\": 0.02, \"methane\": 50, \"cattle\": []}]}";

/* a: 500/1000 of its year, 0.85504 of it milk; b: all of it, 0.8792 milk. */
START_TEST(stages_run_over_lists)
{
    compile_rule("", farms,
                 "reference 1 kg\n"
                 "function idf(f: farms) = 1 - 6.04 * f.bmr\n"
                 "stage farm : production for each f in farms scaled by f.delivered / f.sold {\n"
                 " allocate { milk = idf(f), live_animals = rest } take milk because \"IDF\"\n"
                 " let feed = sum(c in f.cattle: c.heads * c.feed)\n"
                 " emit enteric = f.methane * gwp(CH4_biogenic)\n"
                 " emit feed = feed * 0.5 kgCO2e/kg\n"
                 " emit diesel when f.diesel is given = f.diesel * 3 kgCO2e/L\n"
                 " emit losses = farm.feed * 0.1\n"
                 " emit fixed = 1 kgCO2e\n}\n"
                 "report farm : kgCO2e = emitted(farm)\n"
                 "report feed : kgCO2e = farm.feed\n"
                 "report diesel : kgCO2e = farm.diesel");
    lower_run(two_farms);
    lower_assert_flow(0, "enteric", 100 * 27 * 0.5 * 0.85504 + 50 * 27 * 0.8792);
    lower_assert_flow(0, "feed", 1100 * 0.5 * 0.5 * 0.85504);
    lower_assert_flow(0, "diesel", 40 * 3 * 0.5 * 0.85504);
    lower_assert_flow(0, "losses", 1100 * 0.5 * 0.1 * 0.5 * 0.85504); /* of the row, not scaled twice */
    lower_assert_flow(0, "fixed", 0.5 * 0.85504 + 0.8792);
    lower_assert_report("feed", 275);
    lower_assert_report("diesel", 60);
    lower_assert_report("farm", 2700 + 275 + 60 + 27.5 + 1.5);
    ck_assert_uint_eq(lower_outcome.gas_count, 2);
    ck_assert_str_eq(lower_outcome.gases[0].name, "CH4_biogenic");
}
END_TEST

/* A key over the outputs of each mill: 3/4 of 100 and 1/2 of 10, of which half and all is delivered. */
START_TEST(keys_may_lie_in_the_row)
{
    static const char mills[] =
        "{\"mills\": [{\"part\": 0.5, \"burnt\": 100, \"outputs\": [{\"mass\": 3, \"ours\": true}, "
        "{\"mass\": 1, \"ours\": false}]}, {\"part\": 1, \"burnt\": 10, \"outputs\": [{\"mass\": 2, "
        "\"ours\": true}, {\"mass\": 2, \"ours\": false}]}]%s}";
    compile_rule("", "mills: list of { part: number, burnt: kg, outputs: list of { mass: kg, ours: bool } }",
                 "reference 1 kg\n"
                 "stage mill : production for each m in mills scaled by m.part {\n"
                 " process saw { allocate to q in m.outputs by q.mass take q.ours because \"mass\"\n"
                 "  emit fuel = m.burnt * 1 kgCO2e/kg }\n"
                 " emit other = m.burnt * 2 kgCO2e/kg }");
    lower_run(str_format(&lower_arena, mills, "").at);
    lower_assert_flow(0, "fuel", 37.5 + 5);
    lower_assert_flow(0, "other", 100 + 20);
    lower_assert_fails("{\"mills\": [{\"part\": 1, \"burnt\": 1, \"outputs\": []}]}", "E0709");
    /* seen from each product, too */
    compile_rule("",
                 "mills: list of { part: number, burnt: kg, outputs: list of { mass: kg, ours: bool } }, "
                 "products: list of { mass: kg, rate: kgCO2e/kg }",
                 "reference for each p in products: p.mass\n"
                 "stage mill : production for each m in mills scaled by m.part {\n"
                 " allocate to q in m.outputs by q.mass take q.ours because \"mass\"\n"
                 " emit fuel = m.burnt * p.rate }");
    lower_run(
        str_format(&lower_arena, mills, ", \"products\": [{\"mass\": 1, \"rate\": 1}, {\"mass\": 2, \"rate\": 4}]").at);
    lower_assert_flow(0, "fuel", 42.5);
    lower_assert_flow(1, "fuel", 85);
}
END_TEST

START_TEST(conditions_may_use_the_row)
{
    compile_rule("", "use: bool, farms: list of { on: bool, mass: kg }",
                 "reference 1 kg\n"
                 "stage fixed : production { emit one = 1 kgCO2e }\n"
                 "stage farm : production for each f in farms when use {\n"
                 " process a when f.on { emit x = f.mass * 1 kgCO2e/kg, require f.mass > 1 kg else \"too small\" }\n"
                 " emit y = f.mass * 10 kgCO2e/kg\n}");
    lower_run("{\"use\": true, \"farms\": [{\"on\": true, \"mass\": 2}, {\"on\": false, \"mass\": 1}]}");
    lower_assert_flow(0, "x", 2); /* and the second row is not required to be larger */
    lower_assert_flow(0, "y", 30);
    lower_run("{\"use\": false, \"farms\": [{\"on\": true, \"mass\": 1}]}");
    lower_assert_total(0, 1);
    ck_assert(!lower_outcome.flows[2].is_given);
    lower_assert_fails("{\"use\": true, \"farms\": [{\"on\": true, \"mass\": 1}]}", "E0709");
}
END_TEST

START_TEST(cut_rows_take_no_part_in_stages)
{
    compile_rule("", "farms: list of { mass: kg }",
                 "reference 1 kg\n"
                 "stage farm : production for each f in farms { emit x = f.mass * 1 kgCO2e/kg }\n"
                 "cutoff f in farms by f.mass each 5 %, together 5 %");
    lower_run("{\"farms\": [{\"mass\": 99}, {\"mass\": 1, \"cut\": \"small\"}]}");
    lower_assert_flow(0, "x", 99);
}
END_TEST

START_TEST(stages_run_over_tables_and_ranges)
{
    compile_rule("table part(name: text) -> { mass: kg, rate: kgCO2e/kg } { \"a\" => 2, 3; \"b\" => 5, 7 }",
                 "years: number range 1 .. 50",
                 "reference 1 kg\n"
                 "stage parts : production for each p in part { emit made = p.mass * p.rate }\n"
                 "stage care : production for each n in 1 .. years scaled by 2 { emit yearly = n * 1 kgCO2e }");
    lower_run("{\"years\": 4}");
    lower_assert_flow(0, "made", 6 + 35);
    lower_assert_flow(0, "yearly", 20);
}
END_TEST

/* ---- results for each row ---- */

static const char products[] =
    "power: kWh, products: list of { name: text, mass: kg, dry: %, packs: kg, film: list of { mass: kg } }";
static const char dairy_rule[] = "reference for each p in products: p.mass\n"
                                 "let solids = p.mass * p.dry\n"
                                 "stage plant : production { emit power = power * 0.5 kgCO2e/kWh }\n"
                                 "allocate plant to p in products by p.mass * p.dry because \"solids\"\n"
                                 "stage packing : production { emit packs = p.packs * 2 kgCO2e/kg, "
                                 " emit film = sum(f in p.film: f.mass) * share_of_film }\n"
                                 "let share_of_film = 1 kgCO2e/kg * p.mass / p.mass\n"
                                 "require p.mass > 0 kg else \"no mass\"\n"
                                 "report share : % = solids / sum(q in products: q.mass * q.dry)\n"
                                 "report whole : kgCO2e = emitted(plant)\n"
                                 "report per_kg : kgCO2e/kg = total\n"
                                 "report share_of_largest : % = solids / max(q in products: q.mass * q.dry)";
static const char two_products[] =
    "{\"power\": 1480, \"products\": [{\"name\": \"milk\", \"mass\": 900, \"dry\": 12, \"packs\": 20, \"film\": "
    "[{\"mass\": 1}, {\"mass\": 8}]},"
    " {\"name\": \"cream\", \"mass\": 100, \"dry\": 40, \"packs\": 5, \"film\": []}]}";

/* 740 kgCO2e over 108 and 40 kg of solids: 5 a kg. */
START_TEST(co_products_get_their_own_results)
{
    compile_rule("", products, dairy_rule);
    lower_run(two_products);
    ck_assert_uint_eq(lower_row_count, 2);
    ck_assert_str_eq(lower_rows[0].row, "milk");
    ck_assert_str_eq(lower_rows[1].row, "cream");
    lower_assert_flow(0, "power", 540.0 / 900);
    lower_assert_flow(1, "power", 200.0 / 100);
    lower_assert_flow(0, "packs", 40.0 / 900);
    lower_assert_flow(1, "packs", 10.0 / 100);
    lower_assert_flow(0, "film", 9.0 / 900);
    lower_assert_flow(1, "film", 0);
    lower_assert_total(0, (540.0 + 40 + 9) / 900);
    lower_assert_total(1, 2.1);
    lower_assert_near(lower_rows[0].reports[0].value, 10800.0 / 148);
    lower_assert_near(lower_rows[1].reports[0].value, 4000.0 / 148);
    for (size_t row = 0; row < 2; row++) {
        lower_assert_near(lower_rows[row].reports[1].value, 740);
        lower_assert_near(lower_rows[row].reports[2].value, lower_rows[row].total);
    }
    lower_assert_near(lower_rows[1].reports[3].value, 4000.0 / 108);
    lower_assert_fails("{\"power\": 1, \"products\": [{\"name\": \"milk\", \"mass\": 0, \"dry\": 12, \"packs\": 20, "
                       "\"film\": []}, {\"name\": \"c\", \"mass\": 1, \"dry\": 1, \"packs\": 20, \"film\": []}]}",
                       "E0709");
}
END_TEST

/* What the rows have adds up to what was parted, whatever the keys. */
START_TEST(allocation_conserves)
{
    static const int masses[][3] = {
        {1,      2,  3 },
        {7,      11, 13},
        {1,      1,  1 },
        {100000, 1,  3 },
        {9,      0,  1 }
    };
    compile_rule(
        "", "power: kWh, products: list of { name: text, mass: kg, unit: kg }",
        "reference for each p in products: p.unit\n"
        "stage plant : production { emit power = power * 0.1 kgCO2e/kWh, process x { emit fuel = 7 kgCO2e } }\n"
        "allocate plant to q in products by q.mass because \"mass\"\n"
        "allocate plant.x { ours = 1 / 3, others = rest } take ours because \"agreed\"");
    for (size_t i = 0; i < countof(masses); i++) {
        struct str record =
            str_format(&lower_arena,
                       "{\"power\": 1234.5, \"products\": [{\"name\": \"a\", \"mass\": %d, \"unit\": 1},"
                       " {\"name\": \"b\", \"mass\": %d, \"unit\": 1}, {\"name\": \"c\", \"mass\": %d, "
                       "\"unit\": 1}]}",
                       masses[i][0], masses[i][1], masses[i][2]);
        lower_run(record.at);
        lower_assert_near(lower_rows[0].total + lower_rows[1].total + lower_rows[2].total, 123.45 + 7.0 / 3);
    }
}
END_TEST

/* The paper rule of milk: shares by formulas in each farm, then to the products by dry matter. */
START_TEST(farms_and_products_together)
{
    struct str fields = str_format(&lower_arena, "%s, %s", farms, products);
    compile_rule("", fields.at,
                 "reference for each p in products: p.mass\n"
                 "stage farm : production for each f in farms scaled by f.delivered / f.sold {\n"
                 " allocate { milk = 1 - 6.04 * f.bmr, live_animals = rest } take milk because \"IDF\"\n"
                 " emit enteric = f.methane * gwp(CH4_biogenic)\n}\n"
                 "stage trucks : production for each f in farms { emit way = f.delivered * p.dry * 0.01 kgCO2e/kg }\n"
                 "allocate farm to p in products by p.mass * p.dry because \"solids\"\n"
                 "report power : kWh = power");
    struct str record = str_format(&lower_arena, "%.*s, %s", (int)strlen(two_farms) - 1, two_farms, two_products + 1);
    lower_run(record.at);
    double ours = 100 * 27 * 0.5 * 0.85504 + 50 * 27 * 0.8792;
    lower_assert_flow(0, "enteric", ours * 108 / 148 / 900);
    lower_assert_flow(1, "enteric", ours * 40 / 148 / 100);
    lower_assert_flow(0, "way", 13 * 0.12 / 900); /* each row with each farm */
    lower_assert_flow(1, "way", 13 * 0.4 / 100);
}
END_TEST

/* Shares that use the row are its own: nothing more has to be allocated. */
START_TEST(shares_may_use_the_row)
{
    compile_rule("", "a: kg, products: list of { name: text, id: text, mass: kg, part: % } key id",
                 "reference for each p in products: p.mass\n"
                 "stage s : production { allocate { ours = p.part, others = rest } take ours because \"metered\"\n"
                 " emit x = a * 1 kgCO2e/kg }\n"
                 "stage t : production { emit y = a * 2 kgCO2e/kg }\n"
                 "allocate t to q in products by q.mass take q.id == p.id because \"mass\"");
    lower_run("{\"a\": 60, \"products\": [{\"name\": \"x\", \"id\": \"7\", \"mass\": 1, \"part\": 25}, {\"name\": "
              "\"x\", \"id\": \"8\", \"mass\": 3, \"part\": "
              "75}]}");
    ck_assert_str_eq(lower_rows[1].row, "8");
    lower_assert_flow(0, "x", 15);
    lower_assert_flow(1, "x", 15);
    lower_assert_flow(0, "y", 120.0 / 4);
    lower_assert_flow(1, "y", 120.0 * 3 / 4 / 3);
    lower_assert_fails("{\"a\": 60, \"products\": [{\"name\": \"x\", \"id\": \"7\", \"mass\": 1, \"part\": 125}]}",
                       "E0709");
}
END_TEST

/* A share that is about a farm and a product at once: 10 % and 20 % of 100 and 1000 kg for fat milk, half of it for
 * thin. */
START_TEST(shares_may_use_both_rows)
{
    compile_rule("", "farms: list of { mass: kg, fat: % }, products: list of { mass: kg, part: number }",
                 "reference for each p in products: p.mass\n"
                 "stage s : production for each f in farms {\n"
                 " allocate { ours = f.fat * p.part, others = rest } take ours because \"metered\"\n"
                 " emit x = f.mass * 1 kgCO2e/kg }");
    lower_run("{\"farms\": [{\"mass\": 100, \"fat\": 10}, {\"mass\": 1000, \"fat\": 20}],"
              " \"products\": [{\"mass\": 1, \"part\": 1}, {\"mass\": 3, \"part\": 0.5}]}");
    lower_assert_flow(0, "x", 210);
    lower_assert_flow(1, "x", 35);
}
END_TEST

/* Scenarios side by side: what does not use the scenario counts whole in each. */
START_TEST(tables_give_alternatives)
{
    compile_rule("choice Way { road, rail, sea }\n"
                 "table scenario(way: Way) -> { distance: km, rate: kgCO2e/(t·km), lost: % } {\n"
                 " road => 100, 0.1, 1; rail => 500, 0.02, 0; sea => 2000, 0.01, 50 }",
                 "out: t, parts: list of { mass: kg, far: bool }",
                 "reference for each s in scenario: 1 kg * (1 - s.lost)\n"
                 "let way = sum(m in parts where m.far: m.mass * s.distance)\n"
                 "stage plant : production { emit made = out * 10 kgCO2e/t }\n"
                 "stage ship : production when s.distance > 100 km { emit way = way * s.rate }\n"
                 "report most : km = max(x in scenario: x.distance)\n"
                 "report all_lost : number = if all(x in scenario: x.lost < 60 %) then count(x in scenario) else 0");
    lower_run("{\"out\": 2, \"parts\": [{\"mass\": 100, \"far\": true}, {\"mass\": 50, \"far\": false},"
              " {\"mass\": 200, \"far\": true}]}");
    ck_assert_uint_eq(lower_row_count, 3);
    ck_assert_str_eq(lower_rows[0].row, "road");
    ck_assert_str_eq(lower_rows[2].row, "sea");
    lower_assert_total(0, 20 / 0.99);
    ck_assert(!lower_rows[0].flows[1].is_given);
    lower_assert_flow(1, "way", 0.3 * 500 * 0.02);
    lower_assert_total(1, 23);
    lower_assert_flow(2, "way", 0.3 * 2000 * 0.01 * 2);
    lower_assert_flow(2, "made", 40);
    lower_assert_report("most", 2000);
    lower_assert_report("all_lost", 3);
}
END_TEST

/* Members of a choice, as a result each, in a stage, in functions and in sums. By hand: 10 + 5 go into the kiln, 4
   leave it; 4 go into the mill; of 2 kgCO2e/kg the site has half or all. */
START_TEST(members_are_walked)
{
    compile_rule("choice Works { kiln, mill, outside }\n"
                 "choice Site { north, south }\n"
                 "table load(s: Site) -> % { north => 50; south => 100 }",
                 "moved: list of { mass: kg, from: Works, to: Works }",
                 "function into(w: Works) = sum(m in moved where m.to == w: m.mass)\n"
                 "function balance(w: Works) = into(w) - sum(m in moved where m.from == w: m.mass)\n"
                 "reference for each s in Site: 1 kg\n"
                 "stage s1 : production for each w in Works {\n"
                 " emit x when w != outside = balance(w) * 2 kgCO2e/kg * load(s) }\n"
                 "stage s2 : production { emit one = sum(w in Works where w == mill: into(w)) * 1 kgCO2e/kg }\n"
                 "require all(w in Works where w != outside: balance(w) >= 0 kg) else \"negative\"\n"
                 "report most : kg = max(w in Works: balance(w))\n"
                 "report mean : kg = mean(w in Works: into(w))\n"
                 "report busy : number = count(w in Works where into(w) > 0 kg)\n"
                 "report named : number = sum(w in Works: match w { mill => 10, otherwise => count(q in Site) })\n"
                 "report idle : number = if any(w in Works: into(w) == 0 kg within 0 kg) then 1 else 0");
    lower_run("{\"moved\": [{\"mass\": 10, \"from\": \"outside\", \"to\": \"kiln\"},"
              " {\"mass\": 5, \"from\": \"outside\", \"to\": \"kiln\"},"
              " {\"mass\": 4, \"from\": \"kiln\", \"to\": \"mill\"}]}");
    ck_assert_uint_eq(lower_row_count, 2);
    ck_assert_str_eq(lower_rows[1].row, "south");
    lower_assert_flow(0, "x", 15);
    lower_assert_flow(1, "x", 30);
    lower_assert_flow(1, "one", 4);
    lower_assert_report("most", 11);
    lower_assert_report("mean", 19.0 / 3);
    lower_assert_report("busy", 2);
    lower_assert_report("named", 14);
    lower_assert_report("idle", 1);
    lower_assert_fails("{\"moved\": [{\"mass\": 4, \"from\": \"kiln\", \"to\": \"mill\"}]}", "E0709");
}
END_TEST

START_TEST(rows_of_one_value_are_that_value)
{
    compile_rule("table rate(y: year) -> kg { 2020 => 3; 2021 => 4 }", "a: kg",
                 "reference for each r in rate: 1 kg\n"
                 "stage s : production { emit x = (a + r) * 1 kgCO2e/kg }\n"
                 "report sum : kg = sum(x in rate: x)");
    lower_run("{\"a\": 10}");
    ck_assert_str_eq(lower_rows[1].row, "2021");
    lower_assert_total(0, 13);
    lower_assert_total(1, 14);
    lower_assert_report("sum", 7);
}
END_TEST

/* ---- emitted ---- */

/* Losses of 10 % of a stage have its gases and categories; production is fixed at 30 kg CO2e, 27 of it methane. */
START_TEST(emitted_keeps_gases_and_categories)
{
    compile_rule("", "on: bool",
                 "reference 1 kg\n"
                 "stage made : production { emit methane = 1 kg{CH4} * gwp(CH4_biogenic), emit fuel = 3 kgCO2e,\n"
                 " process other when on { emit land as land_use_change = 5 kgCO2e } }\n"
                 "stage lost : production { emit losses = emitted(made) * 0.1, emit less = emitted(made.fuel) }\n"
                 "report land : kgCO2e = emitted(land_use_change)\n"
                 "report fossil : kgCO2e = emitted(fossil)");
    lower_run("{\"on\": true}");
    lower_assert_flow(0, "losses", 3.5);
    lower_assert_flow(0, "less", 3);
    lower_assert_report("land", 5.5);
    lower_assert_report("fossil", 3 + 0.3 + 3);
    ck_assert_uint_eq(lower_outcome.category_count, 3);
    lower_assert_near(lower_outcome.gases[0].value, 29.7);
    lower_run("{\"on\": false}");
    lower_assert_flow(0, "losses", 3);
}
END_TEST

START_TEST(emitted_of_itself_is_a_cycle)
{
    compile_rule("", "a: kg",
                 "reference 1 kg\n"
                 "stage s : production { emit x = a * 1 kgCO2e/kg, emit y = emitted(s) * 0.1 }");
    lower_assert_refused(D_CYCLE);
    lower_compile_text("rule r { declared 1 kg\n boundary gate_to_gate\n data { a: kg }\n reference a\n"
                       "stage s : production { emit x = a * 1 kgCO2e/kg + emitted(t) }\n"
                       "stage t : production { emit z = emitted(s) } }");
    lower_assert_refused(D_CYCLE);
}
END_TEST

/* ---- what must hold ---- */

static const struct {
    const char *allocation, *record, *text[2];
} unsound[] = {
    {"allocate s to q in outputs by q.mass - 2 kg take q.ours because \"m\"",
     "{\"x\": 1, \"outputs\": [{\"mass\": 1, \"ours\": true}, {\"mass\": 9, \"ours\": false}]}", {"a key of the allocation of s to outputs is negative", "s 分配至 outputs 的键为负值"}                              },
    {"allocate s to q in outputs by q.mass take q.ours because \"m\"",
     "{\"x\": 1, \"outputs\": [{\"mass\": 0, \"ours\": true}, {\"mass\": 0, \"ours\": false}]}", {"the sum of the keys by which s is allocated to outputs is not above zero", "s 分配至 outputs 的键之和不大于零"}},
    {"allocate s to q in outputs by q.mass take q.ours because \"m\"",
     "{\"x\": 1, \"outputs\": []}",                                                              {"s cannot be allocated to outputs, which has no rows", "s 无法分配至 outputs：outputs 没有行"}                    },
    {"allocate s to q in outputs by q.mass take q.ours because \"m\"",
     "{\"x\": 1, \"outputs\": [{\"mass\": 1, \"ours\": false}]}",                                {"no row of outputs is taken", "outputs 中没有任何一行被取用"}                                                    },
    {"allocate s { a = x, b = rest } take a because \"m\"",
     "{\"x\": 1.5, \"outputs\": []}",                                                            {"the share a of the allocation of s is not between 0 and 1", "s 的分配中，份额 a 不在 0 与 1 之间"}            },
    {"allocate s { a = x, b = x, c = rest } take a because \"m\"",
     "{\"x\": 0.6, \"outputs\": []}",                                                            {"the shares of the allocation of s make more than 1, so that c would be negative", "各份额之和大于 1"}              },
    {"allocate s.p { a = x, b = 0.3 } take a because \"m\"",
     "{\"x\": 0.69, \"outputs\": []}",                                                           {"the shares of the allocation of s.p do not make 100 %", "s.p 的分配中，各份额之和不是 100 %"}                 },
};

START_TEST(unsound_shares_fail_with_names)
{
    lower_setup();
    struct str items = str_format(&lower_arena,
                                  "reference 1 kg\nstage s : production { emit e = 1 kgCO2e, process p { emit f = 1 "
                                  "kgCO2e } }\n%s\nreport x : number = x",
                                  unsound[_i].allocation);
    compile_rule("", "x: number, outputs: list of { mass: kg, ours: bool }", items.at);
    lower_assert_fails(unsound[_i].record, "E0709");
    for (size_t lang = 0; lang < 2; lang++) {
        ck_assert_msg(strstr(lower_outcome.notes[lang], unsound[_i].text[lang]) != NULL, "%s",
                      lower_outcome.notes[lang]);
    }
    lower_teardown();
}
END_TEST

START_TEST(a_sound_share_at_its_limit)
{
    compile_rule("", "x: number",
                 "reference 1 kg\nstage s : production { emit e = 1 kgCO2e }\n"
                 "allocate s { a = x, b = 1 - x } take a because \"m\"");
    lower_run("{\"x\": 1}");
    lower_assert_total(0, 1);
    lower_run("{\"x\": 0}");
    lower_assert_total(0, 0);
}
END_TEST

/* Where the stage is not carried out nobody asks for sound shares. */
START_TEST(conditions_hold_for_shares)
{
    compile_rule("", "on: bool, outputs: list of { mass: kg, ours: bool }",
                 "reference 1 kg\nstage t : production { emit e = 1 kgCO2e }\n"
                 "stage s : production when on { emit f = 1 kgCO2e }\n"
                 "allocate s to q in outputs by q.mass take q.ours because \"m\"");
    lower_run("{\"on\": false, \"outputs\": []}");
    lower_assert_total(0, 1);
    lower_assert_fails("{\"on\": true, \"outputs\": []}", "E0709");
}
END_TEST

/* ---- either language ---- */

static void hash_of(const char *text, char hash[65])
{
    struct str bytes;
    lower_compile_text(text);
    lower_assert_compiled();
    ck_assert(image_write(&lower_arena, lower_compiled->program, &bytes, &lower_messages));
    memcpy(hash, lower_compiled->program->hash, 65);
}

START_TEST(chinese_means_the_same)
{
    char english[65];
    char chinese[65];
    hash_of("import std.gases\nrule dairy { declared 1 kg\n gwp ar6\n boundary gate_to_gate\n"
            "data { farms: list of { sold: kg, delivered: kg, bmr: number, methane: kg{CH4} }, "
            "products: list of { name: text, mass: kg }, power: kWh }\n"
            "reference for each p in products: p.mass\n"
            "stage farm : production for each f in farms scaled by f.delivered / f.sold {\n"
            " allocate { milk = 1 - 6.04 * f.bmr, live_animals = rest } take milk because \"IDF\"\n"
            " emit enteric = f.methane * gwp(CH4_biogenic) }\n"
            "stage plant : production { process drying { emit power = power * 0.5 kgCO2e/kWh } }\n"
            "allocate farm, plant.drying to p in products by p.mass because \"mass\"\n"
            "stage lost : production { emit lost = emitted(plant) * 0.1 * p.mass / 1000 kg }\n"
            "report biogenic : kgCO2e = emitted(biogenic) }",
            english);
    hash_of(
        "引入 std.gases\n规则 dairy {\n声明单位 1 kg\n GWP ar6\n 系统边界 从大门到大门\n"
        "数据 { 牧场：明细 { 售出：kg、交付：kg、肉乳比：数值、甲烷：kg{CH4} }、产品：明细 { 名称：文本、质量：kg }、"
        "用电：kWh }\n"
        "基准 逐个 p ∈ 产品：p.质量\n"
        "阶段 养殖：生产 逐个 f ∈ 牧场 折算比 f.交付 ／ f.售出 {\n"
        " 分配 { 乳 = 1 − 6.04 × f.肉乳比，活畜 = 其余 } 取 乳 理由 \"IDF\"\n"
        " 排放 肠道发酵 = f.甲烷 × GWP（CH4_生物） }\n"
        "阶段 加工：生产 { 单元过程 干燥 { 排放 用电 = 用电 × 0.5 kgCO2e/kWh } }\n"
        "分配 养殖、加工.干燥 至 p ∈ 产品 按 p.质量 理由 \"质量\"\n"
        "阶段 损耗：生产 { 排放 损耗 = 排放量（加工） × 0.1 × p.质量 ／ 1000 kg }\n"
        "另报 生物：kgCO2e = 排放量（生物成因）\n"
        "译名 { farms 牧场、sold 售出、delivered 交付、bmr 肉乳比、methane 甲烷、products 产品、name 名称、mass 质量、"
        "power 用电、farm 养殖、milk 乳、live_animals 活畜、enteric 肠道发酵、plant 加工、drying 干燥、lost 损耗、"
        "biogenic 生物 } }",
        chinese);
    ck_assert_str_eq(english, chinese);
}
END_TEST

Suite *allocation_suite(void)
{
    Suite *suite = suite_create("allocation");
    TCase *tables = tcase_create("tables"); /* tests over tables set up for themselves */
    tcase_set_timeout(tables, 30);
    tcase_add_loop_test(tables, one_inventory_under_several_allocations, 0, (int)countof(one_inventory));
    tcase_add_loop_test(tables, unsound_shares_fail_with_names, 0, (int)countof(unsound));
    suite_add_tcase(suite, tables);
    TCase *rules = tcase_create("rules");
    tcase_set_timeout(rules, 30);
    tcase_add_checked_fixture(rules, lower_setup, lower_teardown);
    tcase_add_test(rules, allocation_acts_on_each_process);
    tcase_add_test(rules, allocations_multiply);
    tcase_add_test(rules, rows_count_what_they_bear);
    tcase_add_test(rules, stages_run_over_lists);
    tcase_add_test(rules, keys_may_lie_in_the_row);
    tcase_add_test(rules, conditions_may_use_the_row);
    tcase_add_test(rules, cut_rows_take_no_part_in_stages);
    tcase_add_test(rules, stages_run_over_tables_and_ranges);
    tcase_add_test(rules, co_products_get_their_own_results);
    tcase_add_test(rules, allocation_conserves);
    tcase_add_test(rules, farms_and_products_together);
    tcase_add_test(rules, shares_may_use_the_row);
    tcase_add_test(rules, shares_may_use_both_rows);
    tcase_add_test(rules, tables_give_alternatives);
    tcase_add_test(rules, members_are_walked);
    tcase_add_test(rules, rows_of_one_value_are_that_value);
    tcase_add_test(rules, emitted_keeps_gases_and_categories);
    tcase_add_test(rules, emitted_of_itself_is_a_cycle);
    tcase_add_test(rules, a_sound_share_at_its_limit);
    tcase_add_test(rules, conditions_hold_for_shares);
    tcase_add_test(rules, chinese_means_the_same);
    suite_add_tcase(suite, rules);
    return suite;
}
