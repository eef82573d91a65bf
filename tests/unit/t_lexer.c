/* The lexer: tokens in both languages, spans, the rule of units, look-alikes and their fixes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "grammar/keywords.h"
#include "grammar/lexer.h"
#include "parser.h"

Suite *lexer_suite(void);

static struct arena arena;
static struct sources sources;
static struct diags diags;
static struct lexer lexer;

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

static void open_bytes(const char *bytes, size_t len)
{
    struct str text = {arena_copy(&arena, bytes, len), len};
    lexer = lexer_open(&arena, &sources, sources_add(&sources, STR("t.pcr"), text), &diags);
}

static void open_text(const char *text)
{
    open_bytes(text, strlen(text));
}

static struct token expect_kind(int kind)
{
    struct token token = lexer_next(&lexer);
    ck_assert_msg(token.kind == kind, "token %d, wanted %d, at %u \"%.*s\"", token.kind, kind, token.at.off,
                  STR_FMT(token.text));
    return token;
}

static struct token expect_text(int kind, const char *text)
{
    struct token token = expect_kind(kind);
    ck_assert_msg(str_eq(token.text, str_of(text)), "\"%.*s\", wanted \"%s\"", STR_FMT(token.text), text);
    return token;
}

static struct token expect_number(const char *digits, const char *unit)
{
    struct token token = expect_text(TOK_NUMBER, digits);
    ck_assert_msg(str_eq(token.unit_text, str_of(unit)), "unit \"%.*s\", wanted \"%s\"", STR_FMT(token.unit_text),
                  unit);
    return token;
}

static void expect_end(void)
{
    expect_kind(TOK_YYEOF);
    expect_kind(TOK_YYEOF);
}

/* The only message, and what the text is after its fix. */
static void expect_fix(enum diag_code code, const char *fixed)
{
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq((int)diags.first->code, (int)code);
    const struct diag_fix *fix = diags.first->fixes;
    ck_assert_ptr_nonnull(fix);
    ck_assert(fix->is_applicable);
    const struct source *source = sources_get(&sources, fix->at.file);
    struct str parts[3] = {str_slice(source->text, 0, fix->at.off), fix->replacement,
                           str_slice(source->text, (size_t)fix->at.off + fix->at.len, source->text.len)};
    struct str text = str_join(&arena, parts, 3, STR(""));
    ck_assert_msg(str_eq(text, str_of(fixed)), "fixed to \"%.*s\", wanted \"%s\"", STR_FMT(text), fixed);
}

START_TEST(keywords_in_both_spellings)
{
    open_text("rule 规则 list of 明细 is given 已填报 up  to 不大于 GWP 全球变暖潜势 ∈ 属于 于 in");
    static const int KINDS[] = {TOK_RULE,  TOK_RULE, TOK_LIST_OF, TOK_LIST_OF, TOK_IS_GIVEN, TOK_IS_GIVEN, TOK_UP_TO,
                                TOK_UP_TO, TOK_GWP,  TOK_GWP,     TOK_IN,      TOK_IN,       TOK_IN,       TOK_IN};
    for (size_t i = 0; i < countof(KINDS); i++) {
        expect_kind(KINDS[i]);
    }
    expect_end();
    ck_assert_uint_eq(diags.errors, 0);
}
END_TEST

START_TEST(first_word_of_a_pair_alone_is_a_name)
{
    open_text("list up is\nlist\nof");
    for (int i = 0; i < 5; i++) {
        expect_kind(TOK_NAME);
    }
    expect_end();
}
END_TEST

START_TEST(language_of_a_keyword)
{
    open_text("let 设");
    ck_assert_int_eq((int)expect_kind(TOK_LET).lang, LANG_EN);
    ck_assert_int_eq((int)expect_kind(TOK_LET).lang, LANG_ZH);
}
END_TEST

START_TEST(full_width_signs_are_the_ascii_tokens)
{
    open_text("（），、；：｛｝＝＋－×÷／＜＞≤≥≠～ .. － −  == ＝＝ => ＝＞ -> －＞ · ^ %");
    static const int KINDS[] = {
        TOK_LEFT_PAREN,  TOK_RIGHT_PAREN, TOK_COMMA,      TOK_COMMA,         TOK_SEMICOLON, TOK_COLON,   TOK_LEFT_BRACE,
        TOK_RIGHT_BRACE, TOK_ASSIGN,      TOK_PLUS,       TOK_MINUS,         TOK_STAR,      TOK_SLASH,   TOK_SLASH,
        TOK_LESS,        TOK_GREATER,     TOK_LESS_EQUAL, TOK_GREATER_EQUAL, TOK_NOT_EQUAL, TOK_DOT_DOT, TOK_DOT_DOT,
        TOK_MINUS,       TOK_MINUS,       TOK_EQUAL,      TOK_EQUAL,         TOK_MAPS_TO,   TOK_MAPS_TO, TOK_ARROW,
        TOK_ARROW,       TOK_MIDDLE_DOT,  TOK_CARET,      TOK_UNIT_SIGN};
    for (size_t i = 0; i < countof(KINDS); i++) {
        expect_kind(KINDS[i]);
    }
    expect_end();
    ck_assert_uint_eq(diags.errors, 0);
}
END_TEST

START_TEST(spans_are_bytes)
{
    open_text("let 铝 = 2 kg");
    ck_assert_uint_eq(expect_kind(TOK_LET).at.off, 0);
    struct token name = expect_text(TOK_NAME, "铝");
    ck_assert_uint_eq(name.at.off, 4);
    ck_assert_uint_eq(name.at.len, 3);
    ck_assert_uint_eq(expect_kind(TOK_ASSIGN).at.off, 8);
    struct token number = expect_number("2", "kg");
    ck_assert_uint_eq(number.at.off, 10);
    ck_assert_uint_eq(number.at.len, 4);
    ck_assert_uint_eq(number.unit_at.off, 12);
    ck_assert_uint_eq(number.unit_at.len, 2);
}
END_TEST

/* clang-format off */
static const struct {
    const char *text, *digits, *unit;
    int after; /* kind of the next token */
} NUMBERS[] = {
    {"2", "2", "", TOK_YYEOF},
    {"2kg", "2", "kg", TOK_YYEOF},
    {"2 kg", "2", "kg", TOK_YYEOF},
    {"2  kg", "2", "", TOK_NAME},
    {"2\nkg", "2", "", TOK_NAME},
    {"2　kg", "2", "kg", TOK_YYEOF},
    {"0.143,", "0.143", "", TOK_COMMA},
    {"1e-3 m3", "1e-3", "m3", TOK_YYEOF},
    {"2.5e3kg", "2.5e3", "kg", TOK_YYEOF},
    {"0 .. 60 min/d", "0", "", TOK_DOT_DOT},
    {"0..60", "0", "", TOK_DOT_DOT},
    {"1950 .. 2100", "1950", "", TOK_DOT_DOT},
    {"44/12", "44", "", TOK_SLASH},
    {"44 kg{CO2} / 12", "44", "kg{CO2}", TOK_SLASH},
    {"44 kg{CO2}／12 kg", "44", "kg{CO2}", TOK_SLASH},
    {"44 kg／t", "44", "kg/t", TOK_YYEOF},
    {"0.074 kgCO2e/(t·km) x", "0.074", "kgCO2e/(t·km)", TOK_NAME},
    {"0.074 kgCO2e／（t⋅km） x", "0.074", "kgCO2e/(t·km)", TOK_NAME},
    {"0.3 kg{CF4}/(t·min/d)", "0.3", "kg{CF4}/(t·min/d)", TOK_YYEOF},
    {"60 1/a", "60", "1/a", TOK_YYEOF},
    {"60 1/(t·km)", "60", "1/(t·km)", TOK_YYEOF},
    {"60 1", "60", "", TOK_NUMBER},
    {"60/a", "60", "", TOK_SLASH},
    {"2 %", "2", "%", TOK_YYEOF},
    {"2％）", "2", "%", TOK_RIGHT_PAREN},
    {"25 ℃", "25", "℃", TOK_YYEOF},
    {"25 °C", "25", "°C", TOK_YYEOF},
    {"5 m² x", "5", "m²", TOK_NAME},
    {"5 kg·m²·s⁻²", "5", "kg·m²·s⁻²", TOK_YYEOF},
    {"365 天 × 2", "365", "天", TOK_STAR},
    {"3 significant", "3", "", TOK_SIGNIFICANT},
    {"3位有效数字", "3", "", TOK_SIGNIFICANT},
    {"500 km default", "500", "km", TOK_DEFAULT},
    {"5 and", "5", "", TOK_AND},
    {"5 is given", "5", "", TOK_IS_GIVEN},
    {"5 up to", "5", "", TOK_UP_TO},
    {"5 (kg)", "5", "", TOK_LEFT_PAREN},
    {"5 kg/(t", "5", "kg", TOK_SLASH},
    {"5 kg{a b}", "5", "kg", TOK_LEFT_BRACE},
    {"5 kg {a}", "5", "kg", TOK_LEFT_BRACE},
    {"5 kg, 6", "5", "kg", TOK_COMMA},
    {"5 kg-2", "5", "kg", TOK_MINUS},
};
/* clang-format on */

START_TEST(a_unit_stands_on_its_numbers_line)
{
    open_text(NUMBERS[_i].text);
    expect_number(NUMBERS[_i].digits, NUMBERS[_i].unit);
    expect_kind(NUMBERS[_i].after);
    ck_assert_uint_eq(diags.errors, 0);
}
END_TEST

START_TEST(in_fields_a_word_before_a_colon_is_no_unit)
{
    open_text("8784 amount: MJ");
    lexer.is_in_fields = true;
    expect_number("8784", "");
    expect_text(TOK_NAME, "amount");
    expect_fix(D_MISSING_COMMA, "8784, amount: MJ");
}
END_TEST

START_TEST(tags_are_glued_closed_and_one_word)
{
    open_text("kg{clinker} kg {a} kg{a b} kg{");
    expect_text(TOK_NAME, "kg");
    expect_text(TOK_TAG, "clinker");
    expect_text(TOK_NAME, "kg");
    expect_kind(TOK_LEFT_BRACE);
    expect_kind(TOK_NAME);
    expect_kind(TOK_RIGHT_BRACE);
    expect_text(TOK_NAME, "kg");
    expect_kind(TOK_LEFT_BRACE);
}
END_TEST

START_TEST(dates)
{
    open_text("2024-05-01 2024-5");
    expect_text(TOK_DATE, "2024-05-01");
    expect_number("2024", "");
    expect_kind(TOK_MINUS);
    expect_number("5", "");
    expect_end();
}
END_TEST

START_TEST(texts)
{
    open_text("\"a\\\"b\\\\c\\nd\" \"产品 // x\" \"\"");
    expect_text(TOK_TEXT, "a\"b\\c\nd");
    expect_text(TOK_TEXT, "产品 // x");
    expect_text(TOK_TEXT, "");
    expect_end();
    ck_assert_uint_eq(diags.errors, 0);
}
END_TEST

START_TEST(text_ends_on_its_line)
{
    open_text("\"abc\nx");
    expect_text(TOK_TEXT, "abc");
    expect_text(TOK_NAME, "x");
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq((int)diags.first->code, D_UNTERMINATED_TEXT);
}
END_TEST

START_TEST(unknown_escape)
{
    open_text("\"a\\tb\"");
    expect_text(TOK_TEXT, "atb");
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq((int)diags.first->code, D_UNKNOWN_ESCAPE);
    ck_assert_uint_eq(diags.first->at.off, 2);
    ck_assert_uint_eq(diags.first->at.len, 2);
}
END_TEST

START_TEST(comments_and_docs)
{
    open_text("// one\n/// two\n/// three\n//// four\nlet a // five");
    ck_assert(str_eq(expect_kind(TOK_LET).doc, STR("two\nthree")));
    ck_assert(str_eq(expect_kind(TOK_NAME).doc, STR("")));
    expect_end();
}
END_TEST

START_TEST(blank_lines_part_docs)
{
    open_text("/// the file\r\n/// 文件\r\n \t\r\n/// one\n// two\n/// three\nlet\n/// lost\n\na\n/// four\n//\nb");
    ck_assert(str_eq(expect_kind(TOK_LET).doc, STR("one\nthree")));
    ck_assert(str_eq(expect_kind(TOK_NAME).doc, STR("")));
    ck_assert(str_eq(expect_kind(TOK_NAME).doc, STR("four")));
    expect_end();
}
END_TEST

START_TEST(byte_order_mark_is_dropped)
{
    open_text("\xEF\xBB\xBFlet");
    ck_assert_uint_eq(expect_kind(TOK_LET).at.off, 3);
    expect_end();
    ck_assert_uint_eq(diags.errors, 0);
}
END_TEST

/* clang-format off */
static const struct {
    const char *text;
    enum diag_code code;
    const char *fixed;
    int kind;
    const char *read_as; /* NULL: not looked at */
} HAZARDS[] = {
    {"ｐower", D_FULL_WIDTH, "power", TOK_NAME, "power"},
    {"a＿b", D_FULL_WIDTH, "a_b", TOK_NAME, "a_b"},
    {"a１", D_FULL_WIDTH, "a1", TOK_NAME, "a1"},
    {"１２．５", D_FULL_WIDTH, "12.5", TOK_NUMBER, "12.5"},
    {"⽤电", D_RADICAL, "用电", TOK_NAME, "用电"   }, /* U+2F64 */
    {"CO₂", D_LOOK_ALIKE, "CO2", TOK_NAME, "CO2"},
    {"—", D_DASH, "-", TOK_MINUS, NULL},
    {"–", D_DASH, "-", TOK_MINUS, NULL},
    {"一", D_DASH, "-", TOK_MINUS, NULL},
    {"ー", D_DASH, "-", TOK_MINUS, NULL},
    {"\xC2\xA0x", D_ODD_SPACE, " x", TOK_NAME, "x"},
    {"a\xE2\x80\x8B"
     "b", D_INVISIBLE, "ab", TOK_NAME, "ab"       },
    {"\xE2\x80\xAEx", D_BIDI, "x", TOK_NAME, "x"},
    {"“文本”", D_QUOTES, "\"文本\"", TOK_TEXT, "文本"},
    {"「文本」", D_QUOTES, "\"文本\"", TOK_TEXT, "文本"},
    {"＂a＂", D_QUOTES, "\"a\"", TOK_TEXT, "a"},
    {"'a'", D_QUOTES, "\"a\"", TOK_TEXT, "a"},
    {"e\xCC\x81t", D_NOT_NFC, "\xC3\xA9t", TOK_NAME, "\xC3\xA9t"},
    {"\"a\xE2\x80\xAE"
     "b\"", D_BIDI, "\"ab\"", TOK_TEXT, NULL       },
    {"x // \xE2\x80\xAE", D_BIDI, "x // ", TOK_NAME, "x"},
    {"1 ｋｇ", D_FULL_WIDTH, "1 kg", TOK_NUMBER, "1"},
};
/* clang-format on */

START_TEST(look_alikes_have_fixes_and_are_read_as_meant)
{
    open_text(HAZARDS[_i].text);
    struct token token = expect_kind(HAZARDS[_i].kind);
    if (HAZARDS[_i].read_as != NULL) {
        ck_assert(str_eq(token.text, str_of(HAZARDS[_i].read_as)));
    }
    while (lexer_next(&lexer).kind != TOK_YYEOF) {
    }
    expect_fix(HAZARDS[_i].code, HAZARDS[_i].fixed);
}
END_TEST

START_TEST(han_one_inside_a_name_is_a_letter)
{
    open_text("第一阶段");
    expect_text(TOK_NAME, "第一阶段");
    ck_assert_uint_eq(diags.errors, 0);
}
END_TEST

START_TEST(invalid_bytes_are_reported_once)
{
    open_bytes("let \xFF\xFE a \xC3( \xE4\xB8", 13);
    expect_kind(TOK_LET);
    expect_kind(TOK_NAME);
    expect_kind(TOK_LEFT_PAREN);
    expect_end();
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq((int)diags.first->code, D_INVALID_UTF8);
    ck_assert_uint_eq(diags.first->at.off, 4);
}
END_TEST

START_TEST(nul_is_no_end)
{
    open_bytes("a\0b", 3);
    expect_kind(TOK_NAME);
    expect_text(TOK_NAME, "b");
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq((int)diags.first->code, D_NUL);
}
END_TEST

START_TEST(character_without_meaning_is_an_error_token)
{
    open_text("a @ 【");
    expect_kind(TOK_NAME);
    expect_kind(TOK_ZUJI_YYerror);
    expect_kind(TOK_ZUJI_YYerror);
    ck_assert_uint_eq(diags.errors, 2);
    ck_assert_int_eq((int)diags.first->code, D_UNKNOWN_CHARACTER);
}
END_TEST

/* What is plain to see is read as what was meant, after its message. */
START_TEST(signs_that_look_like_others_are_read_as_these)
{
    static const struct {
        const char *text;
        int kinds[3];
        enum diag_code code;
    } CASES[] = {
        {"a ≦ b",      {TOK_NAME, TOK_LESS_EQUAL, TOK_NAME},  D_ODD_SIGN     },
        {"a 。",        {TOK_NAME, TOK_SEMICOLON, TOK_YYEOF},  D_ODD_SIGN     },
        {"1 ~ 2",        {TOK_NUMBER, TOK_DOT_DOT, TOK_NUMBER}, D_ODD_SIGN     },
        {"1 …… 2",   {TOK_NUMBER, TOK_DOT_DOT, TOK_NUMBER}, D_ODD_SIGN     },
        {"a —— b",   {TOK_NAME, TOK_MINUS, TOK_NAME},       D_DASH         },
        {"2019–2022",  {TOK_NUMBER, TOK_DOT_DOT, TOK_NUMBER}, D_RANGE_DASH   },
        {"2019 – 202", {TOK_NUMBER, TOK_MINUS, TOK_NUMBER},   D_DASH         },
        {"1一硫分",   {TOK_NUMBER, TOK_MINUS, TOK_NAME},     D_DASH         },
        {"3 t•km",     {TOK_NUMBER, TOK_YYEOF, TOK_YYEOF},    D_ODD_SIGN     },
        {"5 ㎡",        {TOK_NUMBER, TOK_YYEOF, TOK_YYEOF},    D_LOOK_ALIKE   },
        {"0 t否则",    {TOK_NUMBER, TOK_ELSE, TOK_YYEOF},     D_KEYWORD_GLUED},
        {"\"a” b",     {TOK_TEXT, TOK_NAME, TOK_YYEOF},       D_QUOTES       },
    };
    for (size_t i = 0; i < countof(CASES); i++) {
        diags = diags_in(&arena);
        open_text(CASES[i].text);
        for (size_t k = 0; k < countof(CASES[i].kinds); k++) {
            ck_assert_int_eq(lexer_next(&lexer).kind, CASES[i].kinds[k]);
        }
        ck_assert_msg(diags.errors == 1 && diags.first->code == CASES[i].code, "%s", CASES[i].text);
        ck_assert(diags.first->fixes != NULL && diags.first->fixes->is_applicable);
    }
}
END_TEST

START_TEST(units_mean_what_their_signs_stand_for)
{
    open_text("3 t•km 5 ㎡ 7 ㎏/㎞");
    static const char *const UNITS[] = {"t·km", "m2", "kg/km"};
    for (size_t i = 0; i < countof(UNITS); i++) {
        struct token token = lexer_next(&lexer);
        ck_assert_msg(str_eq(token.unit_text, str_of(UNITS[i])), "%.*s", STR_FMT(token.unit_text));
    }
}
END_TEST

START_TEST(predefined_words_by_both_names)
{
    static const char *const SUMS[] = {"sum", "求和", "Σ", "∑"};
    for (size_t i = 0; i < countof(SUMS); i++) {
        open_text(SUMS[i]);
        ck_assert_int_eq((int)predefined_lookup(expect_kind(TOK_NAME).text), PREDEFINED_SUM);
    }
    ck_assert_int_eq((int)predefined_lookup(STR("均")), PREDEFINED_ALL);
    ck_assert_int_eq((int)predefined_lookup(STR("power")), PREDEFINED_NONE);
    enum rounding mode;
    ck_assert(rounding_lookup(STR("四舍五入"), &mode) && mode == ROUND_HALF_UP);
    ck_assert(rounding_lookup(STR("floor"), &mode) && mode == ROUND_FLOOR);
    ck_assert(!rounding_lookup(STR("sideways"), &mode));
}
END_TEST

START_TEST(canonical_words)
{
    ck_assert(str_eq(word_canonical(WORDS_CATEGORY, STR("航空")), STR("aircraft")));
    ck_assert(str_eq(word_canonical(WORDS_CATEGORY, STR("aircraft")), STR("aircraft")));
    ck_assert(str_eq(word_canonical(WORDS_TYPE, STR("无量纲")), STR("number")));
    ck_assert(str_eq(word_canonical(WORDS_TYPE, STR("铝")), STR("铝")));
    ck_assert(!word_is_known(WORDS_CATEGORY, STR("生产")));
}
END_TEST

START_TEST(every_keyword_lexes_in_both_spellings)
{
/* clang-format off */
#define KEYWORD(token, en, zh) {TOK_##token, {en, zh}},
#define KEYWORD_ALIAS(token, spelling) {TOK_##token, {spelling, spelling}},
#define PREDEFINED(id, en, zh)
#define PREDEFINED_ALIAS(id, spelling)
#define ROUNDING(id, en, zh)
#define ROUNDING_ALIAS(id, spelling)
#define WORD(category, en, zh)
#define WORD_ALIAS(category, en, spelling)
#define TOKEN(token, en, zh)
    static const struct {
        int token;
        const char *text[2];
    } ROWS[] = {
#include "grammar/keywords.def"
    };
    /* clang-format on */
    for (size_t i = 0; i < countof(ROWS); i++) {
        for (size_t lang = 0; lang < 2; lang++) {
            open_text(ROWS[i].text[lang]);
            expect_kind(ROWS[i].token);
            expect_end();
        }
    }
}
END_TEST

Suite *lexer_suite(void)
{
    Suite *suite = suite_create("lexer");
    TCase *tests = tcase_create("lexer");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, keywords_in_both_spellings);
    tcase_add_test(tests, first_word_of_a_pair_alone_is_a_name);
    tcase_add_test(tests, language_of_a_keyword);
    tcase_add_test(tests, full_width_signs_are_the_ascii_tokens);
    tcase_add_test(tests, spans_are_bytes);
    tcase_add_loop_test(tests, a_unit_stands_on_its_numbers_line, 0, (int)countof(NUMBERS));
    tcase_add_test(tests, in_fields_a_word_before_a_colon_is_no_unit);
    tcase_add_test(tests, tags_are_glued_closed_and_one_word);
    tcase_add_test(tests, dates);
    tcase_add_test(tests, texts);
    tcase_add_test(tests, text_ends_on_its_line);
    tcase_add_test(tests, unknown_escape);
    tcase_add_test(tests, comments_and_docs);
    tcase_add_test(tests, blank_lines_part_docs);
    tcase_add_test(tests, byte_order_mark_is_dropped);
    tcase_add_loop_test(tests, look_alikes_have_fixes_and_are_read_as_meant, 0, (int)countof(HAZARDS));
    tcase_add_test(tests, han_one_inside_a_name_is_a_letter);
    tcase_add_test(tests, invalid_bytes_are_reported_once);
    tcase_add_test(tests, nul_is_no_end);
    tcase_add_test(tests, character_without_meaning_is_an_error_token);
    tcase_add_test(tests, signs_that_look_like_others_are_read_as_these);
    tcase_add_test(tests, units_mean_what_their_signs_stand_for);
    tcase_add_test(tests, predefined_words_by_both_names);
    tcase_add_test(tests, canonical_words);
    tcase_add_test(tests, every_keyword_lexes_in_both_spellings);
    suite_add_tcase(suite, tests);
    return suite;
}
