/* Row types: what their names may mean, whose rows a function may take, and the trees of both languages. That a list of
   a row type is the list written out: tests/cli/row_types.t. */
#include "tests/unit/sema_fixture.h"

#include <check.h>
#include <string.h>

#include "compiler/ast_dump.h"
#include "compiler/parse.h"

Suite *row_types_suite(void);

static const struct sema_case cases[] = {
    {"in a rule, a file and a module",
     SEMA_RULE("import a\n"
               "row Own { x: kg }\n",
               "row Inner { y: kg, colour: Colour }\n"
               "data { ls: list of Own, ms: list of Inner { z: kg }, ns: list of Other { own: kg } }\n"
               "function f(p: Own) = p.x\n"
               "function g(p: Inner) = p.y\n"
               "let a = sum(p in ls: f(p)) + sum(p in ms: g(p) + p.z) + sum(p in ns: of_other(p) + p.own) + 1 kWh")
     "=== a.pcr\n"
     "row Other { v: kg, w: % = share }\n"
     "let share = 50 %\n"
     "function of_other(p: Other) = p.v * p.w\n",
     "E0301 +\n"},
    {"a default means what it means in its module",
     SEMA_RULE("import a\n",
               "data { ns: list of Outer }\n"
               "let share = 2 kg\n"
               "let a = sum(p in ns: sum(q in p.inner: q.w)) + 1 kg")
     "=== a.pcr\n"
     "import b\n"
     "row Outer { inner: list of Other }\n"
     "=== b.pcr\n"
     "row Other { w: % = share }\n"
     "let share = 50 %\n",
     "E0301 +\n"},
    {"rows of other lists",
     SEMA_RULE("row Own { x: kg }\n"
               "row Same { x: kg }\n",
               "data { ls: list of Own, ms: list of Same, ns: list of { x: kg } }\n"
               "function f(p: Own) = p.x\n"
               "function g(p: ls) = f(p)\n"
               "function h(p: Own) = g(p)\n"
               "let a = sum(p in ms: f(p)) + sum(p in ns: f(p))\n"
               "let b : Own = largest(p in ls: p.x)\n"
               "let c : Own = largest(p in ms: p.x)\n"
               "let d = f(b) + f(2 kg)"),
     "E0302 p\n"
     "E0302 p\n" /* the others with it */
     "E0302 largest(p in ms: p.x)\n"},
    {"lists in rows, by path",
     SEMA_RULE("row Part { k: kg }\n"
               "row Own { pieces: list of Part, raw: list of { k: kg } }\n",
               "data { ls: list of Own, ms: list of { pieces: list of Part { more: kg } } }\n"
               "function f(p: Part) = p.k\n"
               "function g(p: Own.raw) = p.k\n"
               "function h(p: ms.pieces) = f(p) + p.more\n"
               "function i(p: Own) = sum(q in p.pieces: f(q)) + sum(q in p.raw: g(q))\n"
               "let a = sum(p in ls: i(p) + sum(q in p.raw: g(q))) + sum(p in ms: sum(q in p.pieces: h(q) + g(q)))\n"
               "function j(p: Own.nothing) = 1\n"
               "function k(p: ls.raw.k) = 1\n"
               "function o(p: pieces) = 1"),
     "E0302 q\n"
     "E0228 Own.nothing\n"
     "E0228 ls.raw.k\n"
     "E0229 pieces\n"},
    {"row is a name where no row type begins",
     SEMA_RULE("row Row { row: kg }\n",
               "data { ls: list of Row }\n"
               "function f(row: Row) = row.row\n"
               "let a = sum(row in ls: f(row)) + 1 kWh"),
     "E0301 +\n"},
    {"spellings",
     SEMA_RULE("明细行 计量 { 电量: kWh }\n"
               "names { 计量 Metered, 电量 amount }\n",
               "data { ls: list of Metered { more: kWh } }\n"
               "函数 f（p：Metered）= p.amount ＋ 1 kg\n"
               "let a = sum(p in ls: f(p) + p.电量)"),
     "E0301 ＋\n"},
    {"a broken row type",
     SEMA_RULE("row Own { x: kg, y: , z: kg }\n",
               "data { ls: list of Own }\n"
               "let a = sum(p in ls: p.x + p.y)"),
     "E0116 ,\n"},
};

START_TEST(messages)
{
    sema_check(&cases[_i]);
}
END_TEST

static const char ENGLISH[] = "row Metered \"Meter\" zh \"电表\" cite \"c\" {\n"
                              "    amount : kWh primary = 1 kWh, parts : list of Part optional\n"
                              "}\n"
                              "rule r {\n"
                              "    row Part { mass: kg }\n"
                              "    data { l : list of Metered { more: kg } key more, m : list of Part \"m\" zh \"m\" }\n"
                              "    function f(p: Metered.parts, q: Metered) = p.mass\n"
                              "}\n";
static const char CHINESE[] = "明细行 Metered en \"Meter\" zh \"电表\" 出处 \"c\" {\n"
                              "    amount：kWh 初级 = 1 kWh，parts：明细 Part 选填\n"
                              "}\n"
                              "规则 r {\n"
                              "    明细行 Part { mass：kg }\n"
                              "    数据 { l：明细 Metered { more：kg } 键 more，m：明细 Part en \"m\" zh \"m\" }\n"
                              "    函数 f（p：Metered.parts，q：Metered）= p.mass\n"
                              "}\n";

static struct str dump(struct arena *arena, const char *text)
{
    struct sources sources = sources_in(arena);
    struct diags diags = diags_in(arena);
    uint32_t file = sources_add(&sources, STR("t.pcr"), str_copy(arena, str_of(text)));
    const struct module *module = parse_module(arena, &sources, file, &diags);
    ck_assert_msg(diags.first == NULL, "%s",
                  diags.first == NULL ? "" : diag_message(arena, diags.first, LANG_EN).at);
    return str_copy(arena, ast_dump(arena, module));
}

START_TEST(both_languages_give_one_tree)
{
    struct arena arena = {0};
    struct str english = dump(&arena, ENGLISH);
    ck_assert_str_eq(english.at, dump(&arena, CHINESE).at);
    ck_assert_ptr_nonnull(strstr(english.at, "list Metered"));
    arena_free(&arena);
}
END_TEST

Suite *row_types_suite(void)
{
    Suite *suite = suite_create("row_types");
    TCase *names = tcase_create("names");
    tcase_add_loop_test(names, messages, 0, sizeof(cases) / sizeof(cases[0]));
    suite_add_tcase(suite, names);
    TCase *trees = tcase_create("trees");
    tcase_add_test(trees, both_languages_give_one_tree);
    suite_add_tcase(suite, trees);
    return suite;
}
