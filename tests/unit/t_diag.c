#include "base/diag.h"

#include <check.h>
#include <errno.h>
#include <string.h>

#include "base/render.h"
#include "base/system_error.h"

Suite *diag_suite(void);

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

static const struct span NOWHERE = {0, 0, 0};

/* The place of a word in a file. */
static struct span find(uint32_t file, const char *word)
{
    const char *text = sources_get(&sources, file)->text.at;
    const char *at = strstr(text, word);
    ck_assert_ptr_nonnull(at);
    return (struct span){file, (uint32_t)(at - text), (uint32_t)strlen(word)};
}

static struct diag *cannot_open(struct span at, const char *what)
{
    return diag_add(&diags, D_CANNOT_OPEN, at, DIAG_ARGS(str_of(what), STR("why")));
}

static void label(struct diag *diag, struct span at, const char *text)
{
    diag_label(&diags, diag, at, T_PLAIN, DIAG_ARGS(str_of(text)));
}

static void assert_text(struct render_options options, const char *expected)
{
    struct str text = render_text(&arena, &sources, &diags, options);
    ck_assert_msg(str_eq(text, str_of(expected)), "rendered:\n%.*s\nexpected:\n%s", STR_FMT(text), expected);
}

static const struct render_options ENGLISH = {LANG_EN, false, 0};
static const struct render_options CHINESE = {LANG_ZH, false, 0};

/* --- messages as data --- */

START_TEST(every_row_is_complete)
{
    for (unsigned i = 1; i < DIAG_CODE_COUNT; i++) {
        const struct diag_info *info = diag_info((enum diag_code)i);
        ck_assert_msg(info->text[LANG_EN][0] != '\0' && info->text[LANG_ZH][0] != '\0', "row %u has no text", i);
        if (info->code == NULL) {
            continue;
        }
        ck_assert_uint_eq(strlen(info->code), 5);
        ck_assert_uint_eq(strspn(info->code + 1, "0123456789"), 4);
        static const char letters[] = {
            [SEVERITY_ERROR] = 'E', [SEVERITY_WARNING] = 'W', [SEVERITY_LINT] = 'L', [SEVERITY_NOTE] = 'N'};
        ck_assert_int_eq(info->code[0], letters[info->severity]);
        ck_assert_uint_eq(strspn(info->slug, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(info->slug));
        ck_assert_msg(diag_by_code(str_of(info->code)) == i, "%s stands twice", info->code);
    }
}
END_TEST

START_TEST(codes_are_found_in_any_case)
{
    ck_assert_int_eq(diag_by_code(STR("E0901")), D_CANNOT_OPEN);
    ck_assert_int_eq(diag_by_code(STR("e0901")), D_CANNOT_OPEN);
    ck_assert_int_eq(diag_by_code(STR("W0901")), DIAG_NONE);
    ck_assert_int_eq(diag_by_code(STR("E090")), DIAG_NONE);
    ck_assert_int_eq(diag_by_code(STR("E09011")), DIAG_NONE);
    ck_assert_int_eq(diag_by_code(STR("")), DIAG_NONE);
    ck_assert_str_eq(diag_info(D_CANNOT_OPEN)->slug, "cannot-open");
}
END_TEST

START_TEST(arguments_are_copied_and_filled_in_once)
{
    char name[] = "{1}.pcr";
    struct diag *diag = cannot_open(NOWHERE, name);
    name[0] = 'X';
    ck_assert(str_eq(diag_message(&arena, diag, LANG_EN), STR("cannot open {1}.pcr: why")));
    ck_assert(str_eq(diag_message(&arena, diag, LANG_ZH), STR("无法打开 {1}.pcr：why")));
    struct diag *bare = diag_add(&diags, D_CANNOT_OPEN, NOWHERE, NULL, 0);
    ck_assert(str_eq(diag_message(&arena, bare, LANG_EN), STR("cannot open : ")));
}
END_TEST

/* The name of a type, say: one argument, two texts; with no space around Chinese words in Chinese. */
START_TEST(arguments_may_be_in_both_languages)
{
    struct str both = diag_both(&arena, STR("mass"), STR("质量"));
    struct str list = str_format(&arena, "%.*s, %.*s!", STR_FMT(both), STR_FMT(diag_term(&arena, T_TYPE_YEAR)));
    struct diag_text text = {.text = T_SIDE_IS, .args = {list}};
    ck_assert_str_eq(diag_text(&arena, text, LANG_EN).at, "this is mass, year!");
    ck_assert_str_eq(diag_text(&arena, text, LANG_ZH).at, "此处为质量, 年份!");
    text.args[0] = diag_both(&arena, STR("kg"), STR("kg"));
    ck_assert_str_eq(diag_text(&arena, text, LANG_ZH).at, "此处为 kg");
    const char *odd[] = {"\x1c", "\x1c\x1d", "\x1e\x1d\x1c", ("a\x1c" "b"), "\x1d\x1e"};
    for (size_t i = 0; i < countof(odd); i++) { /* bytes of a user's text stay what they are */
        text = (struct diag_text){.text = T_PLAIN, .args = {str_of(odd[i])}};
        ck_assert_str_eq(diag_text(&arena, text, LANG_ZH).at, odd[i]);
    }
}
END_TEST

START_TEST(the_same_message_is_kept_once)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("let x = 1\n"));
    struct diag *first = cannot_open(find(file, "x"), "a");
    ck_assert_ptr_eq(cannot_open(find(file, "x"), "b"), first);
    ck_assert_ptr_ne(cannot_open(find(file, "let"), "a"), first);
    ck_assert_uint_eq(diags.errors, 2);
    /* Without a place the arguments tell messages apart. */
    struct diag *nowhere = cannot_open(NOWHERE, "a");
    ck_assert_ptr_ne(cannot_open(NOWHERE, "b"), nowhere);
    ck_assert_ptr_eq(cannot_open(NOWHERE, "a"), nowhere);
    ck_assert_uint_eq(diags.errors, 4);
    ck_assert_uint_eq(diags.warnings, 0);
}
END_TEST

START_TEST(messages_of_different_products_are_kept)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("let x = 1\n"));
    struct span x = find(file, "x");
    struct diag *a = diag_add_data(&diags, D_CANNOT_OPEN, x, NULL, 0, STR("A"), STR("mass"));
    struct diag *b = diag_add_data(&diags, D_CANNOT_OPEN, x, NULL, 0, STR("B"), STR("mass"));
    struct diag *other = diag_add_data(&diags, D_CANNOT_OPEN, x, NULL, 0, STR("A"), STR("share"));
    ck_assert_ptr_ne(a, b);
    ck_assert_ptr_ne(a, other);
    ck_assert_ptr_eq(diag_add_data(&diags, D_CANNOT_OPEN, x, NULL, 0, STR("A"), STR("mass")), a);
    /* The product may also be given afterwards. */
    struct diag *first = diag_add(&diags, D_CANNOT_OPEN, x, NULL, 0);
    first->product = STR("C");
    struct diag *second = diag_add(&diags, D_CANNOT_OPEN, x, NULL, 0);
    ck_assert_ptr_ne(first, second);
    ck_assert_uint_eq(diags.errors, 5);
}
END_TEST

START_TEST(parts_stay_in_order)
{
    struct diag *diag = cannot_open(NOWHERE, "a");
    diag_note(&diags, diag, T_PLAIN, DIAG_ARGS(STR("one")));
    diag_note(&diags, diag, T_PLAIN, DIAG_ARGS(STR("two")));
    struct diag_fix *fix = diag_fix(&diags, diag, NOWHERE, STR(""), DIAG_NONE, NULL, 0);
    ck_assert(str_eq(diag->notes->text.args[0], STR("one")));
    ck_assert(str_eq(diag->notes->next->text.args[0], STR("two")));
    ck_assert_ptr_null(diag->notes->next->next);
    ck_assert_ptr_eq(diag->fixes, fix);
    ck_assert_int_eq(fix->title.text, T_FIX_REMOVE);
    ck_assert(!fix->is_applicable);
}
END_TEST

/* --- for people --- */

START_TEST(a_message_without_place)
{
    struct diag *diag = cannot_open(NOWHERE, "a.pcr");
    diag_note(&diags, diag, T_PLAIN, DIAG_ARGS(STR("it is a folder")));
    assert_text(ENGLISH, "error[E0901]: cannot open a.pcr: why\n"
                         "   = note: it is a folder\n"
                         "\n");
    assert_text(CHINESE, "错误[E0901]：无法打开 a.pcr：why\n"
                         "   = 说明：it is a folder\n"
                         "\n");
}
END_TEST

START_TEST(carets_stand_under_wide_characters_after_a_tab)
{
    uint32_t file = sources_add(&sources, STR("铝.pcr"), STR("规则 {\n\t排放 阳极 = 净耗 × 😀\n}\n"));
    cannot_open(find(file, "净耗"), "a");
    assert_text(ENGLISH, "error[E0901]: cannot open a: why\n"
                         "  --> 铝.pcr:2:10\n"
                         "   |\n"
                         " 2 |     排放 阳极 = 净耗 × 😀\n"
                         "   |                 ^^^^\n"
                         "\n");
}
END_TEST

START_TEST(labels_beside_and_below_the_line)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("let total = 质量 + energy + cost\n"));
    struct diag *diag = cannot_open(find(file, "energy"), "a");
    label(diag, find(file, "cost"), "CNY");
    label(diag, find(file, "total"), "the sum");
    label(diag, find(file, "质量"), "kg");
    assert_text(ENGLISH, "error[E0901]: cannot open a: why\n"
                         "  --> a.pcr:1:18\n"
                         "   |\n"
                         " 1 | let total = 质量 + energy + cost\n"
                         "   |     -----   ----   ^^^^^^   ---- CNY\n"
                         "   |     |       |\n"
                         "   |     |       kg\n"
                         "   |     the sum\n"
                         "\n");
}
END_TEST

START_TEST(labels_that_enclose_the_span_or_begin_with_it)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("a + bcd\n"));
    struct diag *diag = cannot_open(find(file, "+"), "a");
    label(diag, find(file, "a + bcd"), "all");
    label(diag, find(file, "a"), "one");
    assert_text(ENGLISH, "error[E0901]: cannot open a: why\n"
                         "  --> a.pcr:1:3\n"
                         "   |\n"
                         " 1 | a + bcd\n"
                         "   | --^----\n"
                         "   | |\n"
                         "   | one\n"
                         "   | all\n"
                         "\n");
}
END_TEST

START_TEST(labels_on_other_lines_and_in_other_files)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("one\ntwo\nthree\nfour\nfive\nsix\nseven\n"));
    uint32_t other = sources_add(&sources, STR("b.pcr"), STR("\n\n\n\n\n\n\n\n\n\tlast"));
    struct diag *diag = cannot_open(find(file, "three"), "a");
    label(diag, find(file, "one"), "first");
    label(diag, find(file, "seven"), "end");
    label(diag, find(other, "last"), "there");
    label(diag, NOWHERE, "predefined");
    diag->clause = STR("6.2");
    assert_text(ENGLISH, "error[E0901]: cannot open a: why\n"
                         "   --> a.pcr:3:1\n"
                         "    |\n"
                         "  1 | one\n"
                         "    | --- first\n"
                         "  2 | two\n"
                         "  3 | three\n"
                         "    | ^^^^^\n"
                         "...\n"
                         "  7 | seven\n"
                         "    | ----- end\n"
                         "   ::: b.pcr:10:2\n"
                         "    |\n"
                         " 10 |     last\n"
                         "    |     ---- there\n"
                         "    |\n"
                         "    = clause: 6.2\n"
                         "    = note: predefined\n"
                         "\n");
}
END_TEST

START_TEST(spans_over_lines_and_at_ends)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("sum(\r\n  x\r\n)\n"));
    cannot_open((struct span){file, 0, 12}, "lines");
    cannot_open((struct span){file, 4, 1}, "line end");
    cannot_open((struct span){file, 13, 0}, "end");
    assert_text(ENGLISH, "error[E0901]: cannot open lines: why\n"
                         "  --> a.pcr:1:1\n"
                         "   |\n"
                         " 1 | sum(\n"
                         "   | ^^^^\n"
                         " 2 |   x\n"
                         " 3 | )\n"
                         "   | ^\n"
                         "\n"
                         "error[E0901]: cannot open line end: why\n"
                         "  --> a.pcr:1:5\n"
                         "   |\n"
                         " 1 | sum(\n"
                         "   |     ^\n"
                         "\n"
                         "error[E0901]: cannot open end: why\n"
                         "  --> a.pcr:4:1\n"
                         "   |\n"
                         " 4 |\n"
                         "   | ^\n"
                         "\n");
}
END_TEST

START_TEST(context_and_fixes)
{
    uint32_t file = sources_add(&sources, STR("d.json"), STR("{\"mas\": 1}"));
    struct span place = find(file, "mas");
    struct diag *diag = diag_add_data(&diags, D_CANNOT_OPEN, place, DIAG_ARGS(STR("a"), STR("why")), STR("P-7"),
                                      STR("materials[3].mas"));
    diag->clause = STR("6.2.3");
    diag_fix(&diags, diag, place, STR("mass"), DIAG_NONE, NULL, 0);
    diag_fix(&diags, diag, place, STR("mass"), T_PLAIN, DIAG_ARGS(STR("use the nearest name")));
    diag_fix(&diags, diag, place, STR("mass"), T_PLAIN, DIAG_ARGS(STR("mass is meant")));
    diag_fix(&diags, diag, place, STR(""), T_PLAIN, DIAG_ARGS(STR("drop the field")));
    diag_fix(&diags, diag, place, STR(""), DIAG_NONE, NULL, 0);
    assert_text(ENGLISH, "error[E0901]: cannot open a: why\n"
                         "  --> d.json:1:3\n"
                         "   |\n"
                         " 1 | {\"mas\": 1}\n"
                         "   |   ^^^\n"
                         "   |\n"
                         "   = product: P-7, field: materials[3].mas, clause: 6.2.3\n"
                         "   = fix: write `mass`\n"
                         "   = fix: use the nearest name: write `mass`\n"
                         "   = fix: mass is meant\n"
                         "   = fix: drop the field\n"
                         "   = fix: remove it\n"
                         "\n");
}
END_TEST

START_TEST(nothing_in_a_text_steers_the_terminal)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("\uFEFFx\033[2J\u202Ey\xFFz\n"));
    cannot_open(find(file, "z"), "\033]0;\n\u202E");
    assert_text(ENGLISH, "error[E0901]: cannot open \uFFFD]0; \uFFFD: why\n"
                         "  --> a.pcr:1:9\n"
                         "   |\n"
                         " 1 | x\uFFFD[2J\uFFFDy\uFFFDz\n"
                         "   |         ^\n"
                         "\n");
}
END_TEST

START_TEST(long_lines_are_cut_around_the_span)
{
    struct buf line = buf_in(&arena);
    for (int i = 0; i < 100; i++) {
        buf_format(&line, "钢%03d,", i); /* six cells each */
    }
    buf_char(&line, '\0');
    struct str text = buf_str(&line);
    uint32_t file = sources_add(&sources, STR("d.json"), str_slice(text, 0, text.len - 1));
    cannot_open(find(file, "钢050"), "a");
    /* Cell 300 is the span's, so the window has the cells from 260, behind the 钢 of "钢043", to 380, behind that of
     * "钢063". */
    assert_text(ENGLISH, "error[E0901]: cannot open a: why\n"
                         "  --> d.json:1:251\n"
                         "   |\n"
                         " 1 | …043,钢044,钢045,钢046,钢047,钢048,钢049,钢050,钢051,钢052,钢053,钢054,钢055,钢056,"
                         "钢057,钢058,钢059,钢060,钢061,钢062,钢…\n"
                         "   |                                          ^^^^^\n"
                         "\n");
}
END_TEST

START_TEST(messages_go_by_place)
{
    uint32_t first = sources_add(&sources, STR("a.pcr"), STR("one two"));
    uint32_t second = sources_add(&sources, STR("b.pcr"), STR("three"));
    cannot_open(find(second, "three"), "4");
    cannot_open(find(first, "two"), "3");
    cannot_open(find(first, "one"), "2");
    cannot_open(NOWHERE, "0");
    cannot_open(NOWHERE, "1");
    size_t count = 0;
    const struct diag *const *sorted = diags_sorted(&arena, &diags, &count);
    ck_assert_uint_eq(count, 5);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(sorted[i]->args[0].at[0], (char)('0' + i));
    }
}
END_TEST

START_TEST(no_more_than_the_limit)
{
    for (int i = 0; i < 25; i++) {
        cannot_open(NOWHERE, str_format(&arena, "%c", 'a' + i).at);
    }
    assert_text((struct render_options){LANG_EN, false, 2}, "error[E0901]: cannot open a: why\n\n"
                                                            "error[E0901]: cannot open b: why\n\n"
                                                            "and 23 more\n");
    struct str usual = render_text(&arena, &sources, &diags, CHINESE);
    ck_assert(str_ends(usual, STR("无法打开 t：why\n\n另有 5 条\n")));
    struct str all = render_text(&arena, &sources, &diags, (struct render_options){LANG_EN, false, 25});
    ck_assert(str_ends(all, STR("cannot open y: why\n\n")));
}
END_TEST

START_TEST(no_messages_give_no_text)
{
    assert_text(ENGLISH, "");
    ck_assert(str_eq(render_json(&arena, &sources, &diags), STR("[]\n")));
}
END_TEST

START_TEST(colours_are_only_added)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("x"));
    cannot_open(find(file, "x"), "a");
    assert_text((struct render_options){LANG_EN, true, 0},
                "\033[1;31merror[E0901]\033[0m: \033[1mcannot open a: why\033[0m\n"
                "  \033[1;34m-->\033[0m a.pcr:1:1\n"
                "   \033[1;34m|\033[0m\n"
                " \033[1;34m1\033[0m \033[1;34m|\033[0m x\n"
                "   \033[1;34m|\033[0m \033[1;31m^\033[0m\n"
                "\n");
}
END_TEST

/* Renders a message in an arena whose n-th request fails; false where memory was exhausted. */
static bool survives(long fail_at)
{
    jmp_buf way_out;
    set_up();
    arena.on_exhausted = &way_out;
    arena.fail_at = fail_at;
    bool is_done = false;
    if (setjmp(way_out) == 0) {
        sources = sources_in(&arena);
        diags = diags_in(&arena);
        uint32_t file = sources_add(&sources, STR("a.pcr"), STR("let 质量 = 1"));
        struct diag *diag = cannot_open((struct span){file, 4, 6}, "a");
        label(diag, (struct span){file, 0, 3}, "here");
        diag_fix(&diags, diag, diag->at, STR("mass"), DIAG_NONE, NULL, 0);
        struct str text = render_text(&arena, &sources, &diags, CHINESE);
        struct str json = render_json(&arena, &sources, &diags);
        is_done = text.len != 0 && json.len != 0 && arena.fail_at != 0;
    }
    tear_down();
    return is_done;
}

START_TEST(memory_may_run_out_anywhere)
{
    tear_down();
    long requests = 1;
    while (!survives(requests)) {
        requests++;
        ck_assert_int_lt(requests, 10000);
    }
    ck_assert_int_gt(requests, 50);
    set_up();
}
END_TEST

/* --- for programs --- */

START_TEST(json_strings)
{
    struct buf out = buf_in(&arena);
    json_quote(&out, STR("a\"\\\n\r\t\x01\x7F钢😀\xFF"));
    ck_assert(str_eq(buf_str(&out), STR("\"a\\\"\\\\\\n\\r\\t\\u0001\\u007f钢😀\uFFFD\"")));
}
END_TEST

START_TEST(json_of_a_message)
{
    uint32_t file = sources_add(&sources, STR("铝.pcr"), STR("钢 = 1\n铁\n"));
    struct diag *diag = cannot_open((struct span){file, 0, 3}, "a");
    label(diag, find(file, "铁"), "here");
    diag_note(&diags, diag, T_COMMA, NULL, 0);
    diag_fix(&diags, diag, find(file, "1"), STR("2"), T_HERE, NULL, 0)->is_applicable = true;
    diag->product = STR("P\"1");
    ck_assert(str_eq(
        render_json(&arena, &sources, &diags),
        STR("[\n{\"code\":\"E0901\",\"slug\":\"cannot-open\",\"severity\":\"error\","
            "\"message\":{\"en\":\"cannot open a: why\",\"zh\":\"无法打开 a：why\"},"
            "\"file\":\"铝.pcr\",\"line\":1,\"column\":1,\"end_line\":1,\"end_column\":2,\"offset\":0,\"length\":3,"
            "\"labels\":[{\"file\":\"铝.pcr\",\"line\":2,\"column\":1,\"end_line\":2,\"end_column\":2,\"offset\":8,"
            "\"length\":3,\"message\":{\"en\":\"here\",\"zh\":\"here\"}}],"
            "\"notes\":[{\"message\":{\"en\":\", \",\"zh\":\"，\"}}],"
            "\"fixes\":[{\"file\":\"铝.pcr\",\"line\":1,\"column\":5,\"end_line\":1,\"end_column\":6,\"offset\":6,"
            "\"length\":1,\"title\":{\"en\":\"here\",\"zh\":\"在此处\"},\"replacement\":\"2\",\"applicable\":true}],"
            "\"product\":\"P\\\"1\",\"path\":null,\"clause\":null}\n]\n")));
}
END_TEST

START_TEST(json_places_do_not_depend_on_their_neighbours)
{
    uint32_t file = sources_add(&sources, STR("a.pcr"), STR("钢钢钢 x\ny 铁铁 z\n"));
    static const char *const words[] = {"x", "y", "铁铁", "z"};
    static const char *const places[] = {
        "\"line\":1,\"column\":5,\"end_line\":1,\"end_column\":6,",
        "\"line\":2,\"column\":1,\"end_line\":2,\"end_column\":2,",
        "\"line\":2,\"column\":3,\"end_line\":2,\"end_column\":5,",
        "\"line\":2,\"column\":6,\"end_line\":2,\"end_column\":7,",
    };
    for (size_t i = 0; i < countof(words); i++) {
        cannot_open(find(file, words[i]), words[i]);
    }
    const char *json = str_copy(&arena, render_json(&arena, &sources, &diags)).at;
    for (size_t i = 0; i < countof(places); i++) {
        json = strstr(json, places[i]);
        ck_assert_msg(json != NULL, "no %s", places[i]);
    }
}
END_TEST

START_TEST(json_without_place)
{
    cannot_open(NOWHERE, "a");
    struct str json = render_json(&arena, &sources, &diags);
    ck_assert_ptr_nonnull(strstr(str_copy(&arena, json).at, "\"file\":null,\"line\":null,\"column\":null,"
                                                            "\"end_line\":null,\"end_column\":null,"
                                                            "\"offset\":null,\"length\":null,\"labels\":[]"));
}
END_TEST

static struct str answer(int error, enum lang lang)
{
    struct str args[] = {STR("a"), system_error_text(&arena, error)};
    return diag_text(&arena, (struct diag_text){D_CANNOT_OPEN, {args[0], args[1]}}, lang);
}

START_TEST(answers_of_the_system)
{
    static const int usual[] = {ENOENT, EACCES, EISDIR, ENOTDIR, ENOSPC, EMFILE, ENOMEM,
                                EIO,    EPIPE,  ELOOP,  EROFS,   EPERM,  EINVAL, ENAMETOOLONG};
    for (size_t i = 0; i < countof(usual); i++) {
        struct str chinese = answer(usual[i], LANG_ZH);
        ck_assert(!str_ends(chinese, str_of(strerror(usual[i]))));
        ck_assert((unsigned char)chinese.at[chinese.len - 1] >= 0x80);
        ck_assert(!str_eq(chinese, answer(usual[i], LANG_EN)));
    }
    ck_assert_str_eq(answer(EACCES, LANG_EN).at, "cannot open a: this is not permitted");
    ck_assert(str_ends(answer(EXDEV, LANG_ZH), str_of(strerror(EXDEV))));
}
END_TEST

Suite *diag_suite(void)
{
    Suite *suite = suite_create("diag");
    TCase *tests = tcase_create("diag");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_row_is_complete);
    tcase_add_test(tests, codes_are_found_in_any_case);
    tcase_add_test(tests, arguments_are_copied_and_filled_in_once);
    tcase_add_test(tests, arguments_may_be_in_both_languages);
    tcase_add_test(tests, the_same_message_is_kept_once);
    tcase_add_test(tests, messages_of_different_products_are_kept);
    tcase_add_test(tests, parts_stay_in_order);
    tcase_add_test(tests, a_message_without_place);
    tcase_add_test(tests, carets_stand_under_wide_characters_after_a_tab);
    tcase_add_test(tests, labels_beside_and_below_the_line);
    tcase_add_test(tests, labels_that_enclose_the_span_or_begin_with_it);
    tcase_add_test(tests, labels_on_other_lines_and_in_other_files);
    tcase_add_test(tests, spans_over_lines_and_at_ends);
    tcase_add_test(tests, context_and_fixes);
    tcase_add_test(tests, nothing_in_a_text_steers_the_terminal);
    tcase_add_test(tests, long_lines_are_cut_around_the_span);
    tcase_add_test(tests, messages_go_by_place);
    tcase_add_test(tests, no_more_than_the_limit);
    tcase_add_test(tests, no_messages_give_no_text);
    tcase_add_test(tests, colours_are_only_added);
    tcase_add_test(tests, memory_may_run_out_anywhere);
    tcase_add_test(tests, json_strings);
    tcase_add_test(tests, json_of_a_message);
    tcase_add_test(tests, json_places_do_not_depend_on_their_neighbours);
    tcase_add_test(tests, json_without_place);
    tcase_add_test(tests, answers_of_the_system);
    suite_add_tcase(suite, tests);
    return suite;
}
