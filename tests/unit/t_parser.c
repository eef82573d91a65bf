/* The parser: trees of whole rules in both spellings, shapes of expressions, messages, recovery, and that no broken
   text makes it crash or hang. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/ast_dump.h"
#include "compiler/parse.h"
#include "grammar/lexer.h"
#include "parser.h"

Suite *parser_suite(void);

static struct arena arena;
static struct sources sources;
static struct diags diags;

static void set_up(void)
{
    arena = (struct arena){0};
    sources = sources_in(&arena);
    diags = diags_in(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

static struct module *parse(struct str text)
{
    struct str copy = str_copy(&arena, text);
    return parse_module(&arena, &sources, sources_add(&sources, STR("t.pcr"), copy), &diags);
}

static struct module *parse_clean(const char *text)
{
    struct module *module = parse(str_of(text));
    ck_assert_msg(diags.first == NULL, "%s in \"%s\"",
                  diags.first == NULL ? "" : diag_message(&arena, diags.first, LANG_EN).at, text);
    ck_assert(!module->has_errors);
    return module;
}

/* DESIGN.md section 2, with what the first surface lacks left out and some of everything else put in. */
static const char ENGLISH[] =
    "import std.gases\n"
    "import std.transport\n"
    "choice Cell { centre_worked, side_worked = \"side\" \"Side-worked\" zh \"边部加料\", soderberg }\n"
    "/// PFC per minute of anode effect.\n"
    "table pfc(cell: Cell) -> { slope: kg{CF4}/(t·min/d), c2f6: kg{C2F6}/kg{CF4} optional } cite \"IPCC 2006\" {\n"
    "    centre_worked => 0.143, 0.121\n"
    "    side_worked   => 0.272, _\n"
    "    soderberg     => 0.092, (0.05 + 0.003)\n"
    "}\n"
    "table mcf(system: Manure, climate: Climate) -> number cite \"table\" {\n"
    "            => cool, warm\n"
    "    lagoon  => 0.66, 0.79\n"
    "    pasture => -0.01, 0.02\n"
    "}\n"
    "table share(road: km) -> % { up to 500 km => 100 % ; below 1000 km => 90 % ; otherwise => 0 % }\n"
    "table grid(from: region column \"from\", when: year) -> kgCO2e/kWh column \"ef\" symmetric from \"grid.csv\"\n"
    "unit bag = 226.8 kg\n"
    "function fpcm(f: farms, rate) = f.milk * (0.1226 * f.fat / 1 % + rate ^ 2)\n"
    "rule primary_aluminium \"Primary aluminium\" zh \"原铝\" {\n"
    "    version \"0.1.0\"; status draft, conforms gb_t_24067_2024, iso_14067, gwp ar6\n"
    "    judge full_value\n"
    "    lifecycle iso_14067\n"
    "    declared 1 t \"of liquid aluminium\" zh \"原铝液\"\n"
    "    boundary cradle_to_gate\n"
    "    exclude distribution, use, end_of_life because \"it leaves\" zh \"出厂\"\n"
    "    zero b6 because \"none\"\n"
    "    data {\n"
    "        period        : year\n"
    "        aluminium     : t     primary                     \"Liquid aluminium\" zh \"原铝液\"\n"
    "        anode_effect  : min/d primary range 0 .. 60 min/d clause \"5.1\"\n"
    "        sulphur       : % = 2 % range 0 % .. 10 %\n"
    "        lives         : 1/a secondary\n"
    "        power         : list of { source: Power, amount: kWh primary } optional\n"
    "    }\n"
    "    reference aluminium // what the data covers\n"
    "    /// Cradle to gate.\n"
    "    factor material(name: text): kgCO2e/kg = 2.2 kgCO2e/kg cite \"draft\"\n"
    "    stage electrolysis : production \"Electrolysis\" clause \"6.2.3\" when aluminium > 0 t {\n"
    "        let cf4 = pfc(cell).slope * anode_effect * aluminium\n"
    "        process pots \"Pots\" {\n"
    "            emit anode as biogenic, scope_1 \"Anode\" = anode * (1 - sulphur) * 44 kg{CO2} / 12 kg * gwp(CO2)\n"
    "            emit pfc when cell is given = cf4 * gwp(CF4)\n"
    "            emit land = match cell { centre_worked, soderberg => 1 kgCO2e, otherwise => 2 kgCO2e } when not idle\n"
    "        }\n"
    "        emit electricity = sum(p in power where p.amount > 0: p.amount * electricity(p.source, year = period))\n"
    "    }\n"
    "    reference for each p in products: p.mass // a second one: the parser does not mind\n"
    "    stage farm : raw_material for each f in farms scaled by f.delivered / f.sold {\n"
    "        allocate to q in f.outputs by q.mass take q.kind == milk because \"mass\"\n"
    "        process herd { allocate { milk = 1 - 6.04 * bmr(f), use = rest } take milk because \"IDF\" }\n"
    "    }\n"
    "    allocate farm, use.data to p in products by if p.x then 1 else 2 because \"solids\" clause \"7\"\n"
    "    stage lost : use { emit lost = emitted(farm.herd) * 1 % }\n"
    "    cutoff m in materials where not m.water by m.mass each 1 %, together 5 %\n"
    "    require aluminium > 0 t else \"no aluminium\" zh \"没有产量\"\n"
    "    warn a == b within 1 % or count(p in power where p.amount > 0) <= 3 else \"odd\"\n"
    "    report intensity \"Power\" : kWh/t = if x then largest(p in power: p.amount, last).amount else y default -5 "
    "kWh\n"
    "    round total to 3 significant\n"
    "    names { aluminium 原铝液, anode 阳极净耗 }\n"
    "    example \"a smelter\" { data \"coal.json\", key \"id\" factor \"f.csv\" expect total = 17.2 tCO2e/t within "
    "0.1 tCO2e/t }\n"
    "}\n";

/* The same tokens in Chinese keywords and full-width signs; names and the texts' languages stay. */
static const char CHINESE[] =
    "引入 std.gases\n"
    "引入 std.transport\n"
    "选项 Cell ｛ centre_worked、side_worked ＝ \"side\" en \"Side-worked\" zh \"边部加料\"，soderberg ｝\n"
    "/// PFC per minute of anode effect.\n"
    "表 pfc（cell：Cell） -> ｛ slope：kg{CF4}／（t·min／d），c2f6：kg{C2F6}/kg{CF4} 选填 ｝ 出处 \"IPCC 2006\" ｛\n"
    "    centre_worked => 0.143，0.121\n"
    "    side_worked   => 0.272，_\n"
    "    soderberg     => 0.092，（0.05 ＋ 0.003）\n"
    "｝\n"
    "表 mcf（system：Manure，climate：Climate） －＞ number 出处 \"table\" {\n"
    "            ＝＞ cool，warm\n"
    "    lagoon  => 0.66、0.79\n"
    "    pasture => −0.01，0.02\n"
    "}\n"
    "表 share（road：km） -> ％ { 不大于 500 km => 100 ％；小于 1000 km => 90 % ；其他 => 0 % }\n"
    "表 grid（from：region 列 \"from\"，when：year） -> kgCO2e/kWh 列 \"ef\" 对称 取自 \"grid.csv\"\n"
    "单位 bag = 226.8 kg\n"
    "函数 fpcm（f：farms，rate） = f.milk × （0.1226 × f.fat ÷ 1 % ＋ rate ^ 2）\n"
    "规则 primary_aluminium en \"Primary aluminium\" zh \"原铝\" {\n"
    "    版本 \"0.1.0\"；状态 draft，依据 gb_t_24067_2024、iso_14067，GWP ar6\n"
    "    判定 full_value\n"
    "    生命周期 iso_14067\n"
    "    声明单位 1 t en \"of liquid aluminium\" \"原铝液\"\n"
    "    系统边界 cradle_to_gate\n"
    "    不含 distribution、use、end_of_life 理由 en \"it leaves\" \"出厂\"\n"
    "    计零 b6 理由 en \"none\"\n"
    "    数据 {\n"
    "        period：year\n"
    "        aluminium：t 初级 en \"Liquid aluminium\" \"原铝液\"\n"
    "        anode_effect：min／d 初级 范围 0 ～ 60 min/d 条款 \"5.1\"\n"
    "        sulphur：% = 2 % 范围 0 % ～ 10 %\n"
    "        lives：1/a 次级\n"
    "        power：明细 { source：Power，amount：kWh 初级 } 选填\n"
    "    }\n"
    "    基准 aluminium // what the data covers\n"
    "    /// Cradle to gate.\n"
    "    因子 material（name：text）：kgCO2e/kg = 2.2 kgCO2e/kg 出处 \"draft\"\n"
    "    阶段 electrolysis：production en \"Electrolysis\" 条款 \"6.2.3\" 仅当 aluminium ＞ 0 t {\n"
    "        设 cf4 ＝ pfc（cell）.slope × anode_effect × aluminium\n"
    "        单元过程 pots en \"Pots\" {\n"
    "            排放 anode 计入 biogenic、scope_1 en \"Anode\" = anode × （1 － sulphur） × 44 kg{CO2} ／ 12 kg × "
    "gwp（CO2）\n"
    "            排放 pfc 仅当 cell 已填报 = cf4 × gwp（CF4）\n"
    "            排放 land = 分情形 cell { centre_worked、soderberg => 1 kgCO2e，其他 => 2 kgCO2e } 仅当 非 idle\n"
    "        }\n"
    "        排放 electricity = sum（p ∈ power 其中 p.amount ＞ 0：p.amount × electricity（p.source，year ＝ "
    "period））\n"
    "    }\n"
    "    基准 逐个 p ∈ products：p.mass\n"
    "    阶段 farm：raw_material 折算比 f.delivered ／ f.sold 逐个 f 属于 farms {\n"
    "        分配 至 q ∈ f.outputs 按 q.mass 取 q.kind ＝＝ milk 理由 en \"mass\"\n"
    "        单元过程 herd { 分配 { milk ＝ 1 － 6.04 × bmr（f）；use ＝ rest } 取 milk 理由 en \"IDF\" }\n"
    "    }\n"
    "    分配 farm、use.data 至 p ∈ products 按 若 p.x 则 1 否则 2 条款 \"7\" 理由 en \"solids\"\n"
    "    阶段 lost：use { 排放 lost = emitted（farm.herd） × 1 % }\n"
    "    取舍 m 属于 materials 其中 非 m.water 按 m.mass 单项 1 %，合计 5 %\n"
    "    要求 aluminium > 0 t 否则 en \"no aluminium\" \"没有产量\"\n"
    "    提示 a ＝＝ b 允差 1 % 或 count（p 于 power 其中 p.amount > 0） ≤ 3 否则 en \"odd\"\n"
    "    另报 intensity en \"Power\"：kWh/t = 若 x 则 largest（p ∈ power：p.amount，last）.amount 否则 y 缺省 −5 kWh\n"
    "    修约 total 至 3 位有效数字\n"
    "    译名 { aluminium 原铝液，anode 阳极净耗 }\n"
    "    算例 en \"a smelter\" { 数据 \"coal.json\"，键 \"id\" 因子 \"f.csv\" 应得 total = 17.2 tCO2e/t 允差 0.1 "
    "tCO2e/t "
    "}\n"
    "}\n";

START_TEST(both_languages_give_one_tree)
{
    struct module *english = parse_clean(ENGLISH);
    struct module *chinese = parse_clean(CHINESE);
    ck_assert_int_eq((int)english->lang, LANG_EN);
    ck_assert_int_eq((int)chinese->lang, LANG_ZH);
    struct str first = ast_dump(&arena, english);
    struct str second = ast_dump(&arena, chinese);
    ck_assert_msg(str_eq(first, second), "%.*s\n%.*s", STR_FMT(first), STR_FMT(second));
}
END_TEST

/* Life cycles, breakdowns, profiles, and what a rule says of them. */
static const char CUTS[] =
    "lifecycle own \"Own\" zh \"自有\" cite \"x\" {\n"
    "    phase make \"Making\" zh \"制造\"\n"
    "    phase next apart zh \"再生\"\n"
    "    boundary gate \"Gate\" zh \"大门\" = make, next\n"
    "}\n"
    "breakdown scope { scope1 \"Own\" zh \"自有\", scope3 apart }\n"
    "profile house {\n"
    "    demand must cutoff_within each 1 %, together 5 % \"small\" zh \"小\" clause \"4\"\n"
    "    demand should gwp_among in ar5, ar6 \"late\" zh \"新\"\n"
    "}\n"
    "rule r {\n"
    "    lifecycle own boundary gate apart scope3, biogenic_removal\n"
    "    factor f(k: text) : kgCO2e/kg split fossil, biogenic cite \"x\"\n"
    "    factor g : kgCO2e/kg split fossil = 2 kgCO2e/kg\n"
    "    stage s : make {\n"
    "        emit a as scope1, fossil \"A\" zh \"甲\" = f(\"x\").total\n"
    "        remove b = 1 kgCO2e\n"
    "        avoid c because \"it\" zh \"它\" = 1 kgCO2e\n"
    "    }\n"
    "}\n";
static const char CUTS_ZH[] =
    "生命周期 own en \"Own\" zh \"自有\" 出处 \"x\" {\n"
    "    环节 make en \"Making\" zh \"制造\"\n"
    "    环节 next 单列 zh \"再生\"\n"
    "    系统边界 gate en \"Gate\" zh \"大门\" = make、next\n"
    "}\n"
    "口径 scope ｛ scope1 en \"Own\" zh \"自有\"，scope3 单列 ｝\n"
    "准则 house {\n"
    "    规定 must cutoff_within 单项 1 %，合计 5 % en \"small\" zh \"小\" 条款 \"4\"\n"
    "    规定 should gwp_among ∈ ar5、ar6 en \"late\" zh \"新\"\n"
    "}\n"
    "规则 r {\n"
    "    生命周期 own 系统边界 gate 单列 scope3、biogenic_removal\n"
    "    因子 f（k：text）：kgCO2e/kg 分列 fossil、biogenic 出处 \"x\"\n"
    "    因子 g：kgCO2e/kg 分列 fossil = 2 kgCO2e/kg\n"
    "    阶段 s：make {\n"
    "        排放 a 计入 scope1、fossil en \"A\" zh \"甲\" = f（\"x\"）.total\n"
    "        清除 b = 1 kgCO2e\n"
    "        抵扣 c 理由 en \"it\" zh \"它\" = 1 kgCO2e\n"
    "    }\n"
    "}\n";

static const char ROUNDS[] = "rule r {\n"
                             "    round total to multiples of 0.5 kgCO2e/t half_up marked\n"
                             "    round stage to multiples of 1e3 kgCO2e\n"
                             "    round emit to 2 decimals marked\n"
                             "    round heat to 3 significant up\n"
                             "    round part to multiples of 10 half_down marked\n"
                             "}\n";
static const char ROUNDS_ZH[] = "规则 r {\n"
                                "    修约 总量 至 修约间隔 0.5 kgCO2e/t 四舍五入 标明舍进\n"
                                "    修约 阶段 至 修约间隔 1e3 kgCO2e\n"
                                "    修约 排放 至 2 位小数 标明舍进\n"
                                "    修约 heat 至 3 位有效数字 舍入向上\n"
                                "    修约 part 至 修约间隔 10 五舍六入 标明舍进\n"
                                "}\n";

START_TEST(roundings_in_both_languages)
{
    struct str first = ast_dump(&arena, parse_clean(ROUNDS));
    struct str second = ast_dump(&arena, parse_clean(ROUNDS_ZH));
    ck_assert_msg(str_eq(first, second), "%.*s\n%.*s", STR_FMT(first), STR_FMT(second));
    const struct decl *round = parse_clean(ROUNDS)->items->as.rule.items;
    ck_assert_int_eq((int)round->as.round.form, ROUND_MULTIPLES);
    ck_assert(round->as.round.is_marked && !round->next->as.round.is_marked);
    ck_assert(str_eq(round->as.round.mode.text, STR("half_up")));
    ck_assert_int_eq((int)round->next->next->as.round.form, ROUND_DECIMALS);
}
END_TEST

START_TEST(cuts_of_the_total_in_both_languages)
{
    struct str first = ast_dump(&arena, parse_clean(CUTS));
    struct str second = ast_dump(&arena, parse_clean(CUTS_ZH));
    ck_assert_msg(str_eq(first, second), "%.*s\n%.*s", STR_FMT(first), STR_FMT(second));
    const struct decl *lifecycle = parse_clean(CUTS)->items;
    const struct decl *next = lifecycle->as.lifecycle.items->next;
    ck_assert_int_eq((int)next->kind, DECL_PHASE);
    ck_assert(next->as.phase.is_apart && !lifecycle->as.lifecycle.items->as.phase.is_apart);
    ck_assert(str_eq(next->next->as.boundary.phases->next->name.text, STR("next")));
}
END_TEST

START_TEST(example_has_what_was_written)
{
    struct str dump = ast_dump(&arena, parse_clean(ENGLISH));
    static const char *const LINES[] = {
        "\n  import std gases\n",
        "\n    member side_worked en \"Side-worked\" zh \"边部加料\" code \"side\"\n",
        "\n  table pfc doc \"PFC per minute of anode effect.\" cite \"IPCC 2006\"\n    param cell : Cell\n",
        "\n    column slope : unit kg{CF4}/(t·min/d)\n    column c2f6 optional : unit kg{C2F6}/kg{CF4}\n",
        "\n    row side_worked => 0.272 _\n",
        "\n    => cool warm\n    row lagoon => 0.66 0.79\n    row pasture => -0.01 0.02\n",
        "\n    row up-to 500[km] => 100[%]\n    row below 1000[km] => 90[%]\n    row otherwise => 0[%]\n",
        "\n    param from column \"from\" : region\n    param when : year\n    column : unit kgCO2e/kWh\n",
        "\n    header conforms gb_t_24067_2024 iso_14067\n    header gwp ar6\n",
        "\n    header en \"of liquid aluminium\" zh \"原铝液\" declared 1[t]\n",
        "\n    header because en \"it leaves\" because zh \"出厂\" exclude distribution use end_of_life\n",
        "\n      field lives secondary : unit 1/a\n      field power optional : list\n        field source : Power\n",
        "\n    factor material doc \"Cradle to gate.\" cite \"draft\" = 2.2[kgCO2e/kg] : unit kgCO2e/kg\n",
        "\n        emit pfc when (given cell) = (* cf4 (call gwp CF4))\n",
        "\n      emit electricity = (sum p in power where (> p.amount 0) : (* p.amount "
        "(call electricity p.source year=period)))\n",
        "\n    reference for each ( p in products) p.mass\n"
        "    stage farm for each ( f in farms) scaled by (/ f.delivered f.sold) raw_material\n",
        "\n      allocate because en \"mass\" for each ( q in f.outputs) by q.mass take (== q.kind milk)\n",
        "\n        allocate because en \"IDF\" take \"milk\"\n          share milk = (- 1 (* 6.04 (call bmr f)))\n"
        "          share use = rest\n",
        "\n    allocate clause \"7\" because en \"solids\" for each ( p in products) farm use.data by (if p.x then 1 "
        "else 2)\n",
        "\n    cutoff (sum m in materials where (not m.water) : m.mass) each 1[%] together 5[%]\n",
        "\n    report intensity en \"Power\" : unit kWh/t = (if x then (largest p in power : p.amount last).amount "
        "else (default y -5[kWh]))\n",
        "\n    names aluminium=原铝液 anode=阳极净耗\n",
        "\n    example en \"a smelter\" data \"coal.json\" key \"id\" factor \"f.csv\"\n"
        "      expect total = 17.2[tCO2e/t] within 0.1[tCO2e/t]\n",
    };
    for (size_t i = 0; i < countof(LINES); i++) {
        ck_assert_msg(strstr(dump.at, LINES[i]) != NULL, "no %s in %.*s", LINES[i], STR_FMT(dump));
    }
}
END_TEST

static struct expr *parse_let(const char *text)
{
    struct module *module = parse_clean(str_format(&arena, "let x = %s", text).at);
    ck_assert_ptr_nonnull(module->items);
    ck_assert_ptr_null(module->items->next);
    ck_assert_int_eq((int)module->items->kind, DECL_LET);
    return module->items->as.let.value;
}

/* clang-format off */
static const struct {
    const char *text, *dump;
} EXPRESSIONS[] = {
    {"a + b * c", "(+ a (* b c))"},
    {"a - b - c", "(- (- a b) c)"},
    {"a / b * c", "(* (/ a b) c)"},
    {"a * b ^ 2", "(* a (^ b 2))"},
    {"a ^ -1", "(^ a -1)"},
    {"(a + b) * c", "(* (+ a b) c)"},
    {"a - -5 ℃", "(- a -5[℃])"},
    {"44 kg{CO2} / 12 kg", "(/ 44[kg{CO2}] 12[kg])"},
    {"44/12", "(/ 44 12)"},
    {"44 / (12 kg)", "(/ 44 12[kg])"},
    {"a * 44 / 12 kg", "(/ (* a 44) 12[kg])"},
    {"not a and b", "(and (not a) b)"},
    {"(a and b) or c", "(or (and a b) c)"},
    {"a or (b and c)", "(or a (and b c))"},
    {"a < b and b <= c", "(and (< a b) (<= b c))"},
    {"a == b within 1 %", "(== a b within 1[%])"},
    {"not x is given", "(not (given x))"},
    {"m.x is given and y", "(and (given m.x) y)"},
    {"a default b default 3", "(default a (default b 3))"},
    {"(a default b) * c", "(* (default a b) c)"},
    {"a default 3 > 2", "(> (default a 3) 2)"},
    {"if a then b else if c then d else e", "(if a then b else (if c then d else e))"},
    {"match x { a, \"b\" => 1, 2019 .. 2022 => 2\n 2023 => 3; up to -5 ℃ => 4, otherwise => 5 }",
     "(match x [ a \"b\" => 1] [ 2019 .. 2022 => 2] [ 2023 => 3] [ up-to -5[℃] => 4] [ otherwise => 5])"                                     },
    {"f()", "(call f)"},
    {"f(a, rate = b)", "(call f a rate=b)"},
    {"f(a, from = b)", "(call f a from=b)"},
    {"f(a).b.c", "(call f a).b.c"},
    {"m.source + m.process.use", "(+ m.source m.process.use)"},
    {"sum(i in 1 .. n: i)", "(sum i in (.. 1 n) : i)"},
    {"count(x in a.b where x.c)", "(count x in a.b where x.c)"},
    {"the(x in l where x.a == \"b\").c", "(the x in l where (== x.a \"b\")).c"},
    {"smallest(x in l: x.a, 末位)", "(smallest x in l : x.a last)"},
    {"max(a, b, 3 kg)", "(call max a b 3[kg])"},
    {"any(x in l where x.a is given: x.a > 1)", "(any x in l where (given x.a) : (> x.a 1))"},
    {"2024-05-01 < d", "(< 2024-05-01 d)"},
    {"Cell.soderberg", "Cell.soderberg"},
    {"求和(x ∈ 甲：x.乙 × 2)", "(sum x in 甲 : (* x.乙 2))"},
    {"GWP（CO2）", "(call gwp CO2)"},
    {"全球变暖潜势（CO2）", "(call gwp CO2)"},
};
/* clang-format on */

START_TEST(shapes_of_expressions)
{
    struct str dump = ast_dump_expr(&arena, parse_let(EXPRESSIONS[_i].text));
    ck_assert_msg(str_eq(dump, str_of(EXPRESSIONS[_i].dump)), "%s gives %.*s, wanted %s", EXPRESSIONS[_i].text,
                  STR_FMT(dump), EXPRESSIONS[_i].dump);
}
END_TEST

static const char *const KEYWORDS_AS_NAMES[] = {
    "rule r { data { source: text, process: kg, use: t, data: t\n zh: kg, unit: text; table: year } }",
    "rule r { data { l: list of { from: text, to: text } } stage use : use { emit process = a.emit } }",
    "function f(from: kg, rule: farms) = 1",
    "choice C { use, process, table = \"t\" zh \"zhōng\"\n unit \"Unit\", data }",
    "names { source 来源, data 数据, process 单元过程 }",
    "table t(k: K) -> number { use => 1\n data => 2 }",
    "rule r { exclude data because \"x\" status rule }",
    "table t(from: region) -> { from: kg, to: t optional }",
    "import data.table",
    "lifecycle phase { phase use\n phase stage apart\n boundary rule = use }",
    "breakdown apart { emit, remove apart }",
};

START_TEST(keywords_are_names_where_only_names_stand)
{
    parse_clean(KEYWORDS_AS_NAMES[_i]);
}
END_TEST

START_TEST(spans_of_declarations_and_expressions)
{
    struct module *module = parse_clean("/// doc\nlet a = 1\nlet b = (a + 22) * 3 kg");
    const struct decl *b = module->items->next;
    ck_assert_uint_eq(module->items->at.off, 8);
    ck_assert_uint_eq(module->items->at.len, 9);
    ck_assert(str_eq(module->items->doc, STR("doc")));
    ck_assert_uint_eq(b->name.at.off, 22);
    ck_assert_uint_eq(b->doc.len, 0);
    const struct expr *product = b->as.let.value;
    ck_assert_uint_eq(product->at.off, 26);
    ck_assert_uint_eq(product->at.len, 15);
    ck_assert_uint_eq(product->as.binary.op_at.off, 35);
    ck_assert(product->as.binary.left->is_parenthesised);
    ck_assert_uint_eq(product->as.binary.left->at.len, 8);
    ck_assert_uint_eq(product->depth, 3);
}
END_TEST

START_TEST(children_know_their_parents)
{
    struct module *module = parse_clean(ENGLISH);
    const struct decl *choice = module->items->next->next;
    const struct decl *second = choice->as.choice.members->next;
    ck_assert_ptr_eq(second->parent, choice);
    ck_assert_uint_eq(second->index, 1);
    ck_assert_ptr_eq(second->module, module);
    const struct decl *rule = module->items;
    while (rule->kind != DECL_RULE) {
        rule = rule->next;
    }
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        ck_assert_ptr_eq(item->parent, rule);
    }
}
END_TEST

/* --- messages ----------------------------------------------------------------------------------------------------- */

enum { CODES_MAX = 4 };
/* clang-format off */
static const struct {
    const char *text;
    enum diag_code codes[CODES_MAX];
    uint32_t offset; /* of the first message */
} MISTAKES[] = {
    {"let a = 1 +\nlet b = 2", {D_UNEXPECTED}, 11},
    {"let a = (1 + 2\nlet b = 2", {D_UNEXPECTED}, 14},
    {"let a = f(1, (2 + 3)\nlet b = f((2)", {D_UNEXPECTED, D_UNEXPECTED_END}, 20},
    {"let a = * 2\nlet b = 3 3\nlet c = 4 )\nlet d = 5", {D_UNEXPECTED, D_UNEXPECTED, D_UNEXPECTED}, 8},
    {"let a = f(b c, d(e), g)\nlet b = 1", {D_UNEXPECTED}, 12},
    {"let a =", {D_UNEXPECTED_END}, 7},
    {"rule r {\n  let a = 1\n", {D_UNCLOSED}, 21},
    {"rule r { stage s : p { emit a = 1\n  stage t : p { }\n}", {D_UNEXPECTED}, 33},
    {"rule r { stage s : p { emit a = + 1\n  stage t : p { }\n}", {D_UNEXPECTED, D_UNCLOSED}, 32},
    {"rule r { stage s p { emit a = 1 let b = 2 } let c = 3 }", {D_UNEXPECTED}, 17},
    {"rule r { data { a kg\n b: t\n c: } }", {D_UNEXPECTED, D_UNEXPECTED}, 18},
    {"rule r { data { a: kg\n  reference a\n}", {D_UNEXPECTED}, 21},
    {"table t(k: K) -> number {\n a => 1\n b 2\n c => 3\n}", {D_UNEXPECTED}, 37},
    {"table t(k: K) -> number {\n a => 1\n => b, c\n}", {D_MATRIX_LINE}, 35},
    {"let a = match x { p => 1, q 2, r => 3 }\nlet b = 1", {D_UNEXPECTED}, 28},
    {"let a = 44/12 kg{CO2}/kg{C}", {D_LITERAL_QUOTIENT}, 8},
    {"let a = 1 / 2 kg", {D_LITERAL_QUOTIENT}, 8},
    {"let a = x * 44/12 kg", {D_LITERAL_QUOTIENT}, 12},
    {"let a = b and c or d", {D_AND_OR}, 8},
    {"let a = b or c and d", {D_AND_OR}, 13},
    {"let a = -b", {D_NO_UNARY_MINUS}, 8},
    {"let a = 3 * (-b)", {D_NO_UNARY_MINUS}, 13},
    {"let a = b default c * d", {D_UNEXPECTED}, 20},
    {"let a = b * c default d", {D_UNEXPECTED}, 14},
    {"let a = b < c < d", {D_UNEXPECTED}, 14},
    {"let a = -5 ^ 2", {D_UNEXPECTED}, 11},
    {"设a = 1\n设 b = 2", {D_KEYWORD_GLUED}, 0},
    {"规则 r {\n 阶段原材料：p { 排放 a = 1 }\n 设 b = 2\n}", {D_KEYWORD_GLUED}, 12},
    {"let a = largest(x in l: x.a, second)", {D_UNKNOWN_TIE}, 29},
    {"let a = 1 @ 2\nlet b = * 3", {D_UNKNOWN_CHARACTER, D_UNEXPECTED}, 10},
    {"rule r { data { a: kg range 0 .. 8 b: kg } }", {D_MISSING_COMMA}, 35},
    {"choice K { a, b\nrule r { let a = 1 }", {D_UNEXPECTED}, 15},
    {"stage s : p { }\nlet a = 1", {D_UNEXPECTED}, 0},
    {"}\nlet a = 1", {D_UNEXPECTED}, 0},
    {"rule r \"R {\n version \"1\"\n}", {D_UNTERMINATED_TEXT}, 7},
    {"rule r {\n version \"1\n status draft draft\n}", {D_UNTERMINATED_TEXT, D_UNEXPECTED}, 18},
    {"\xd1\xa1\xcf\xee \xd6\xd6\xc0\xe0 { \xc8\xe2 }", {D_INVALID_UTF8}, 2}, /* 选项 种类 { 肉 } in GBK */
};
/* clang-format on */

START_TEST(one_mistake_gives_one_message)
{
    struct module *module = parse(str_of(MISTAKES[_i].text));
    const struct diag *diag = diags.first;
    ck_assert(module->has_errors);
    ck_assert_ptr_nonnull(diag);
    ck_assert_uint_eq(diag->at.off, MISTAKES[_i].offset);
    for (size_t i = 0; i < CODES_MAX; i++) {
        int wanted = (int)MISTAKES[_i].codes[i];
        int code = diag == NULL ? DIAG_NONE : (int)diag->code;
        ck_assert_msg(code == wanted, "message %zu is %d, wanted %d: %s\n%s", i, code, wanted, MISTAKES[_i].text,
                      diag == NULL ? "" : diag_message(&arena, diag, LANG_EN).at);
        diag = diag == NULL ? NULL : diag->next;
    }
}
END_TEST

START_TEST(what_is_around_a_mistake_stays_in_the_tree)
{
    struct module *module =
        parse(STR("let a = 1\nlet b = 2 +\nrule r { let c = f(3 3)\n let d = ) let e = 4\n let g = 5 }"));
    struct str dump = ast_dump(&arena, module);
    ck_assert_str_eq(dump.at,
                     "module\n  let a = 1\n  error\n  rule r\n    let c = <error>\n    error\n    let g = 5\n");
}
END_TEST

START_TEST(message_names_what_was_found_and_expected)
{
    parse(STR("let a = f(b, 1 2)"));
    ck_assert_str_eq(diag_message(&arena, diags.first, LANG_EN).at, "unexpected `2`; expected `)`, `,` or an operator");
    ck_assert_str_eq(diag_message(&arena, diags.first, LANG_ZH).at, "此处不应出现“2”；应为“）”、“，”或运算符");
}
END_TEST

START_TEST(misspelt_keyword_is_suggested)
{
    parse(STR("lett a = 1\nrule r { stage s : p { emt b = 1 } }"));
    ck_assert(str_eq(diags.first->fixes->replacement, STR("let")));
    ck_assert(str_eq(diags.first->next->fixes->replacement, STR("emit")));
}
END_TEST

START_TEST(keyword_is_no_name)
{
    parse(STR("let stage = 3"));
    ck_assert_int_eq((int)diags.first->notes->text.text, T_WORD_OF_LANGUAGE);
}
END_TEST

START_TEST(fix_of_a_literal_quotient)
{
    parse(STR("let a = 44/12 kg{CO2}/kg{C}\nlet b = 1/2 kg"));
    ck_assert(str_eq(diags.first->fixes->replacement, STR("44 kg{CO2} / 12 kg{C}")));
    ck_assert(str_eq(diags.first->next->fixes->replacement, STR("1 kg / 2")));
}
END_TEST

START_TEST(what_is_said_twice_is_noted)
{
    struct module *module =
        parse_clean("let a = 1 cite \"x\" cite \"y\"\nlet b cite \"x\" = 1 cite \"y\"\nlet c \"x\" = 1 en \"y\"");
    for (const struct decl *item = module->items; item != NULL; item = item->next) {
        ck_assert_uint_gt(item->attributes.repeated.len, 0);
    }
}
END_TEST

/* --- limits and robustness ------------------------------------------------------------------------------------------
 */

static struct str repeated(const char *head, const char *part, int count, const char *tail)
{
    struct buf text = buf_in(&arena);
    buf_add(&text, str_of(head));
    for (int i = 0; i < count; i++) {
        buf_add(&text, str_of(part));
    }
    buf_add(&text, str_of(tail));
    return buf_str(&text);
}

/* clang-format off */
static const struct {
    const char *head, *part, *tail;
    int allowed, refused;
} DEPTHS[] = {
    {"let a = ", "1 + ", "1", AST_DEPTH_MAX - 1, AST_DEPTH_MAX},
    {"let a = ", "if x then 1 else ", "1", AST_DEPTH_MAX - 1, 20000},
    {"let a = x", ".y", "", AST_DEPTH_MAX - 1, AST_DEPTH_MAX},
    {"let a = ", "f(", "1", 0, 20000},
    {"let a = ", "(", "1", 0, 20000},
    {"rule r { data { a: ", "list of { a: ", "kg", 0, 20000},
    {"let a = ", "match x { a => ", "1", 0, 20000},
};
/* clang-format on */

START_TEST(nesting_is_bounded)
{
    if (DEPTHS[_i].allowed > 0) {
        parse(repeated(DEPTHS[_i].head, DEPTHS[_i].part, DEPTHS[_i].allowed, DEPTHS[_i].tail));
        ck_assert_uint_eq(diags.errors, 0);
    }
    parse(repeated(DEPTHS[_i].head, DEPTHS[_i].part, DEPTHS[_i].refused, DEPTHS[_i].tail));
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq((int)diags.first->code, D_TOO_DEEP);
}
END_TEST

static const char *const WHOLE[] = {ENGLISH, CHINESE};

/* Spans of the tokens of a text. */
static size_t tokens_of(struct str text, struct span *spans, size_t most)
{
    struct lexer lexer = lexer_open(&arena, &sources, sources_add(&sources, STR("t.pcr"), text), &diags);
    size_t count = 0;
    for (;;) {
        struct token token = lexer_next(&lexer);
        if (token.kind == TOK_YYEOF || count == most) {
            return count;
        }
        spans[count++] = token.at;
    }
}

/* Parses with a fresh arena, so that hundreds of texts need the memory of one. */
static void parse_and_forget(struct str text, size_t errors_at_most)
{
    struct arena own = {0};
    struct sources own_sources = sources_in(&own);
    struct diags own_diags = diags_in(&own);
    uint32_t file = sources_add(&own_sources, STR("t.pcr"), str_copy(&own, text));
    struct module *module = parse_module(&own, &own_sources, file, &own_diags);
    ast_dump(&own, module);
    ck_assert_msg(own_diags.errors <= errors_at_most, "%zu errors: %.*s", own_diags.errors, STR_FMT(text));
    arena_free(&own);
}

enum { TOKENS_MAX = 2000 };

static struct str without(struct str text, struct span gap, struct str instead)
{
    struct str parts[3] = {str_slice(text, 0, gap.off), instead, str_slice(text, (size_t)gap.off + gap.len, text.len)};
    return str_join(&arena, parts, 3, STR(""));
}

START_TEST(every_token_may_be_missing_or_another)
{
    static const char *const INSTEAD[] = {" ", " ) ", " } ", " ( { ", "\nlet "};
    static struct span spans[TOKENS_MAX];
    struct str text = str_of(WHOLE[_i]);
    size_t count = tokens_of(text, spans, TOKENS_MAX);
    ck_assert_uint_gt(count, 300);
    ck_assert_uint_lt(count, TOKENS_MAX);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < countof(INSTEAD); j++) {
            struct arena_mark mark = arena_mark(&arena);
            parse_and_forget(without(text, spans[i], str_of(INSTEAD[j])), 8);
            arena_reset(&arena, mark);
        }
    }
}
END_TEST

START_TEST(every_text_may_end_early)
{
    struct str text = str_of(WHOLE[_i]);
    for (size_t len = 0; len < text.len; len += 3) { /* also inside characters */
        parse_and_forget(str_slice(text, 0, len), 4);
    }
}
END_TEST

START_TEST(any_bytes_end)
{
    static const char *const PIECES[] = {"{",      "}",        "(",     ")",      "let ", "stage ",  "\n",
                                         "a",      "1 kg",     ":",     "=",      "=>",   ",",       ";",
                                         "match ", "list of ", "\"x\"", "-",      "\xFF", "choice ", "table ",
                                         "->",     "data ",    "rule ", "names ", "if ",  ".."};
    uint32_t state = (uint32_t)_i * 2654435761U + 1;
    struct buf text = buf_in(&arena);
    for (int i = 0; i < 400; i++) {
        state = state * 1664525U + 1013904223U;
        buf_add(&text, str_of(PIECES[(state >> 8) % countof(PIECES)]));
    }
    parse_and_forget(buf_str(&text), SIZE_MAX);
}
END_TEST

Suite *parser_suite(void)
{
    Suite *suite = suite_create("parser");
    TCase *trees = tcase_create("trees");
    tcase_add_checked_fixture(trees, set_up, tear_down);
    tcase_add_test(trees, both_languages_give_one_tree);
    tcase_add_test(trees, cuts_of_the_total_in_both_languages);
    tcase_add_test(trees, roundings_in_both_languages);
    tcase_add_test(trees, example_has_what_was_written);
    tcase_add_loop_test(trees, shapes_of_expressions, 0, (int)countof(EXPRESSIONS));
    tcase_add_loop_test(trees, keywords_are_names_where_only_names_stand, 0, (int)countof(KEYWORDS_AS_NAMES));
    tcase_add_test(trees, spans_of_declarations_and_expressions);
    tcase_add_test(trees, children_know_their_parents);
    suite_add_tcase(suite, trees);

    TCase *messages = tcase_create("messages");
    tcase_add_checked_fixture(messages, set_up, tear_down);
    tcase_add_loop_test(messages, one_mistake_gives_one_message, 0, (int)countof(MISTAKES));
    tcase_add_test(messages, what_is_around_a_mistake_stays_in_the_tree);
    tcase_add_test(messages, message_names_what_was_found_and_expected);
    tcase_add_test(messages, misspelt_keyword_is_suggested);
    tcase_add_test(messages, keyword_is_no_name);
    tcase_add_test(messages, fix_of_a_literal_quotient);
    tcase_add_test(messages, what_is_said_twice_is_noted);
    suite_add_tcase(suite, messages);

    TCase *limits = tcase_create("limits");
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_set_timeout(limits, 60);
    tcase_add_loop_test(limits, nesting_is_bounded, 0, (int)countof(DEPTHS));
    tcase_add_loop_test(limits, every_token_may_be_missing_or_another, 0, (int)countof(WHOLE));
    tcase_add_loop_test(limits, every_text_may_end_early, 0, (int)countof(WHOLE));
    tcase_add_loop_test(limits, any_bytes_end, 0, 50);
    suite_add_tcase(suite, limits);
    return suite;
}
