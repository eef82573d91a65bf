/* `extends` and `valid` as the parser takes them, in both languages. What they mean: tests/bad, tests/cli/extends.t. */
#include <check.h>
#include <string.h>

#include "compiler/ast_dump.h"
#include "compiler/parse.h"

Suite *extends_suite(void);

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

static struct module *parse(const char *text)
{
    struct str copy = str_copy(&arena, str_of(text));
    struct module *module = parse_module(&arena, &sources, sources_add(&sources, STR("t.pcr"), copy), &diags);
    ck_assert_msg(diags.first == NULL, "%s in \"%s\"",
                  diags.first == NULL ? "" : diag_message(&arena, diags.first, LANG_EN).at, text);
    return module;
}

static const char ENGLISH[] = "rule v extends extend zh \"v\" {\n"
                              "    version \"1\" zh \"x\"\n"
                              "    open declared\n"
                              "    valid 2025-05-01 .. 2030-04-30 by period\n"
                              "    open let x : kg zh \"x\", open let y : 1/a range 1 1/a .. 2 1/a = 5 1/a\n"
                              "    override let z zh \"z\" = x cite \"c\"\n"
                              "    override open let r \"r\" = 1\n"
                              "    extend stage open { emit valid = 1, extend process extend { override let a = 2 } }\n"
                              "    extend choice Works { mill \"Mill\", press = \"P\" }\n"
                              "    extend table loss cite \"c\" { mill => 3; press => (1 + 1) }\n"
                              "    let w = 5 kg\n        valid 2025-01-01 ..\n"
                              "    table t(k: year) -> number\n        valid .. 2025-12-31\n"
                              "    { 2025 => 1 }\n"
                              "    valid 2026-01-01 ..\n"
                              "}\n";
static const char CHINESE[] = "规则 v 基于 extend zh \"v\" {\n"
                              "    版本 \"1\" zh \"x\"\n"
                              "    待定 声明单位\n"
                              "    有效期 2025-05-01 ～ 2030-04-30 按 period\n"
                              "    待定 设 x：kg zh \"x\"，待定 设 y：1/a 范围 1 1/a ～ 2 1/a = 5 1/a\n"
                              "    改写 设 z zh \"z\" = x 出处 \"c\"\n"
                              "    改写 待定 设 r en \"r\" = 1\n"
                              "    补充 阶段 open { 排放 valid = 1，补充 单元过程 extend { 改写 设 a = 2 } }\n"
                              "    补充 选项 Works { mill en \"Mill\"，press = \"P\" }\n"
                              "    补充 表 loss 出处 \"c\" { mill => 3；press =>（1 + 1） }\n"
                              "    设 w = 5 kg\n        有效期 2025-01-01 ..\n"
                              "    表 t（k：year）-> number\n        有效期 .. 2025-12-31\n"
                              "    { 2025 => 1 }\n"
                              "    有效期 2026-01-01 ..\n"
                              "}\n";

START_TEST(both_languages_give_one_tree)
{
    struct str english = ast_dump(&arena, parse(ENGLISH));
    struct str chinese = ast_dump(&arena, parse(CHINESE));
    ck_assert_str_eq(str_copy(&arena, english).at, str_copy(&arena, chinese).at);
}
END_TEST

static const struct decl *item(const struct decl *rule, size_t number)
{
    const struct decl *decl = rule->as.rule.items;
    for (; number > 0; number--) {
        decl = decl->next;
    }
    return decl;
}

START_TEST(tree_has_what_was_written)
{
    const struct decl *rule = parse(ENGLISH)->items;
    ck_assert(str_eq(rule->as.rule.base.text, STR("extend")));
    ck_assert_int_eq((int)item(rule, 1)->as.header.kind, HEADER_DECLARED);
    ck_assert_ptr_null(item(rule, 1)->as.header.amount);
    const struct decl *valid = item(rule, 2);
    ck_assert_int_eq((int)valid->as.header.kind, HEADER_VALID);
    ck_assert(str_eq(valid->as.header.valid.text[1], STR("2030-04-30")));
    ck_assert(str_eq(valid->as.header.by.text, STR("period")));
    ck_assert_int_eq((int)item(rule, 3)->as.let.role, LET_OPEN);
    ck_assert_ptr_null(item(rule, 3)->as.let.value);
    ck_assert_ptr_nonnull(item(rule, 4)->as.let.value);
    ck_assert_int_eq((int)item(rule, 5)->as.let.role, LET_OVERRIDE);
    ck_assert_int_eq((int)item(rule, 6)->as.let.role, LET_OVERRIDE_OPEN);
    const struct decl *stage = item(rule, 7);
    ck_assert(stage->as.stage.is_extension);
    ck_assert(stage->as.stage.items->next->as.stage.is_extension);
    ck_assert(item(rule, 8)->kind == DECL_CHOICE && item(rule, 8)->as.choice.is_extension);
    ck_assert(str_eq(item(rule, 8)->as.choice.members->next->as.member.code, STR("P")));
    ck_assert(item(rule, 9)->kind == DECL_TABLE && item(rule, 9)->as.table.is_extension);
    ck_assert(str_eq(item(rule, 9)->attributes.cite, STR("c")));
    ck_assert_ptr_nonnull(item(rule, 9)->as.table.rows->next);
    ck_assert(str_eq(item(rule, 10)->attributes.valid.text[0], STR("2025-01-01")));
    ck_assert_uint_eq(item(rule, 10)->attributes.valid.text[1].len, 0);
    ck_assert(str_eq(item(rule, 11)->attributes.valid.text[1], STR("2025-12-31")));
    const struct decl *last = item(rule, 12);
    ck_assert_int_eq((int)last->as.header.kind, HEADER_VALID);
    ck_assert_uint_eq(last->as.header.by.text.len, 0);
    ck_assert_ptr_null(last->next);
}
END_TEST

Suite *extends_suite(void)
{
    Suite *suite = suite_create("extends");
    TCase *trees = tcase_create("trees");
    tcase_add_checked_fixture(trees, set_up, tear_down);
    tcase_add_test(trees, both_languages_give_one_tree);
    tcase_add_test(trees, tree_has_what_was_written);
    suite_add_tcase(suite, trees);
    return suite;
}
