/* Literate files: which headings are clauses and how they are marked, which fences are program, and that what is
   blanked keeps its lines. */
#include <check.h>
#include <string.h>

#include "compiler/literate.h"

Suite *literate_suite(void);

static struct arena arena;

static void set_up(void)
{
    arena = (struct arena){0};
}

static void tear_down(void)
{
    arena_free(&arena);
}

static const struct {
    const char *line, *clause; /* clause NULL: no heading */
    enum heading_mark mark;
    const char *reason;
} HEADINGS[] = {
    {"# 6 Rules",                                   "6",               HEADING_NORMATIVE,   ""              },
    {"## 6.2.1 Raw materials",                      "6.2.1",           HEADING_NORMATIVE,   ""              },
    {"   ###### 6.2.1.",                            "6.2.1",           HEADING_NORMATIVE,   ""              },
    {"## 6.2.1原材料",                           "6.2.1",           HEADING_NORMATIVE,   ""              },
    {"## 6.2.1　原材料 ##",                     "6.2.1",           HEADING_NORMATIVE,   ""              },
    {"## 第6章 核算",                           "第6章",         HEADING_NORMATIVE,   ""              },
    {"## 第二十一条",                          "第二十一条", HEADING_NORMATIVE,   ""              },
    {"## 第一",                                   "",                HEADING_NORMATIVE,   ""              },
    {"## 附录 A（资料性） 说明",           "附录 A",        HEADING_INFORMATIVE, ""              },
    {"## 附录A.1",                                "附录A.1",       HEADING_NORMATIVE,   ""              },
    {"## 附录说明",                             "",                HEADING_NORMATIVE,   ""              },
    {"## Annex B (informative)",                    "Annex B",         HEADING_INFORMATIVE, ""              },
    {"## Annex Baker",                              "",                HEADING_NORMATIVE,   ""              },
    {"## A.1.2 General",                            "A.1.2",           HEADING_NORMATIVE,   ""              },
    {"## A. General",                               "",                HEADING_NORMATIVE,   ""              },
    {"## 3D printing",                              "",                HEADING_NORMATIVE,   ""              },
    {"## 50 % rule",                                "50",              HEADING_NORMATIVE,   ""              },
    {"## 2-stroke engines",                         "",                HEADING_NORMATIVE,   ""              },
    {"## Terms (see 3.2)",                          "",                HEADING_NORMATIVE,   ""              },
    {"## 4 Terms (of ISO) (waived: see: clause 3)", "4",               HEADING_WAIVED,      "see: clause 3" },
    {"## 4 术语（豁免：见 GB/T 24040）",    "4",               HEADING_WAIVED,      "见 GB/T 24040"},
    {"## 4 Terms (waived)",                         "4",               HEADING_WAIVED,      ""              },
    {"## annex a (informative)",                    "annex a",         HEADING_INFORMATIVE, ""              },
    {"## APPENDIX 2",                               "APPENDIX 2",      HEADING_NORMATIVE,   ""              },
    {"## annexes",                                  "",                HEADING_NORMATIVE,   ""              },
    {"## 附录a",                                  "附录a",         HEADING_NORMATIVE,   ""              },
    {"## a.1 general",                              "a.1",             HEADING_NORMATIVE,   ""              },
    {"## e.g. this",                                "",                HEADING_NORMATIVE,   ""              },
    {"6.2 Stages\n===",                             "6.2",             HEADING_NORMATIVE,   ""              },
    {"6.2 Stages\n----  ",                          "6.2",             HEADING_NORMATIVE,   ""              },
    {"  6.2 Stages\n  -",                           "6.2",             HEADING_NORMATIVE,   ""              },
    {"6.2 Stages of\r\n    life (waived: no)\r\n===\r\n", "6.2",        HEADING_WAIVED,      "no"            },
    {"***\n附录 B（资料性）\n---\ntext",       "附录 B",        HEADING_INFORMATIVE, ""              },
    {"6.2 Stages\n\n---",                           NULL,              HEADING_NORMATIVE,   ""              },
    {"6.2 Stages\n- - -",                           NULL,              HEADING_NORMATIVE,   ""              },
    {"6.2 Stages\n    ---",                         NULL,              HEADING_NORMATIVE,   ""              },
    {"6.2 Stages\n--- ---",                         NULL,              HEADING_NORMATIVE,   ""              },
    {"    6.2 Stages\n---",                         NULL,              HEADING_NORMATIVE,   ""              },
    {"- 6.2 Stages\n---",                           NULL,              HEADING_NORMATIVE,   ""              },
    {"6. Stages\n6.2 more\n---",                    NULL,              HEADING_NORMATIVE,   ""              },
    {"> 6.2 Stages\n---",                           NULL,              HEADING_NORMATIVE,   ""              },
    {"6.2 Stages\n```\n```\n---",                   NULL,              HEADING_NORMATIVE,   ""              },
    {"---\n---",                                    NULL,              HEADING_NORMATIVE,   ""              },
    {"===",                                         NULL,              HEADING_NORMATIVE,   ""              },
    {"#hashtag",                                    NULL,              HEADING_NORMATIVE,   ""              },
    {"####### 7 deep",                              NULL,              HEADING_NORMATIVE,   ""              },
    {"    # 7 code",                                NULL,              HEADING_NORMATIVE,   ""              },
    {"text # 7",                                    NULL,              HEADING_NORMATIVE,   ""              },
};

START_TEST(headings_are_clauses)
{
    struct literate *literate = literate_read(&arena, str_of(HEADINGS[_i].line));
    ck_assert_uint_eq(literate->heading_count, HEADINGS[_i].clause != NULL);
    if (HEADINGS[_i].clause != NULL) {
        const struct heading *heading = &literate->headings[0];
        ck_assert_msg(str_eq(heading->clause, str_of(HEADINGS[_i].clause)), "%s: \"%.*s\"", HEADINGS[_i].line,
                      STR_FMT(heading->clause));
        ck_assert_int_eq((int)heading->mark, (int)HEADINGS[_i].mark);
        ck_assert(str_eq(heading->reason, str_of(HEADINGS[_i].reason)));
    }
}
END_TEST

/* A heading that is underlined ends those above it as one of its level does. */
START_TEST(underlined_headings_have_levels)
{
    struct str text = STR("6 Rules\n===\ntext\n\n6.1 First\nand more\n---\n### 6.1.1 Deeper\n6.2 Next\n-\n# 7 End\n---");
    static const struct {
        const char *title;
        uint32_t level;
    } wanted[] = {
        {"6 Rules", 1}, {"6.1 First\nand more", 2}, {"6.1.1 Deeper", 3}, {"6.2 Next", 2}, {"7 End", 1}
    };
    struct literate *literate = literate_read(&arena, text);
    ck_assert_uint_eq(literate->heading_count, countof(wanted));
    for (size_t i = 0; i < countof(wanted); i++) {
        const struct heading *heading = &literate->headings[i];
        ck_assert(str_eq(str_slice(text, heading->off, heading->off + heading->len), str_of(wanted[i].title)));
        ck_assert_uint_eq(heading->level, wanted[i].level);
    }
}
END_TEST

/* In each the lines of program are those that hold a `!`. */
static const char *const TEXTS[] = {
    "a\n```zuji\n!\n!\n```\nb\n```\nnot\n```\n",
    "~~~ zuji\n```\n!\n~~~~\nb",
    "```` zuji  \r\n! ``` ````x\n```\n!\n````  \n# 1 b\n",
    "```zuji x\nnot\n```\n   ```zuji\n!\n   ```\n    ```zuji\nnot\n",
    "```text\n```zuji\n# 2 no heading\n```\n``` `zuji` is code\n```zuji\n!\n```",
    "```zuji\n```\n```zuji\nnobody knows where it ends\n",
};

START_TEST(fences_are_program)
{
    struct str text = str_of(TEXTS[_i]);
    struct literate *literate = literate_read(&arena, text);
    struct str program = literate_program(&arena, literate, text);
    ck_assert_uint_eq(program.len, text.len);
    for (size_t i = 0; i < text.len; i++) {
        size_t end = i;
        while (end < text.len && text.at[end] != '\n') {
            end++;
        }
        struct str line = str_slice(text, i, end);
        bool is_program = memchr(line.at, '!', line.len) != NULL || str_eq(line, STR("```\n"));
        struct str is = str_trim(str_slice(program, i, end));
        bool is_inner_fence = str_trim(line).len == 3 && is.len == 3; /* ``` in a longer or another fence */
        ck_assert_msg(is_inner_fence || is.len == (is_program ? str_trim(line).len : 0), "\"%.*s\" in \"%s\"",
                      STR_FMT(line), TEXTS[_i]);
        ck_assert(end == text.len || program.at[end] == '\n');
        i = end;
    }
}
END_TEST

START_TEST(fence_without_end_is_said)
{
    struct literate *literate = literate_read(&arena, STR("# 1 a\n```zuji\nx\n"));
    ck_assert_uint_eq(literate->fence_count, 1);
    ck_assert(!literate->fences[0].is_closed);
    ck_assert_uint_eq(literate->fences[0].line_off, 6);
    ck_assert_uint_eq(literate->fences[0].line_len, 7);
    ck_assert_uint_eq(literate->heading_count, 1);
}
END_TEST

Suite *literate_suite(void)
{
    Suite *suite = suite_create("literate");
    TCase *reading = tcase_create("reading");
    tcase_add_checked_fixture(reading, set_up, tear_down);
    tcase_add_loop_test(reading, headings_are_clauses, 0, (int)countof(HEADINGS));
    tcase_add_test(reading, underlined_headings_have_levels);
    tcase_add_loop_test(reading, fences_are_program, 0, (int)countof(TEXTS));
    tcase_add_test(reading, fence_without_end_is_said);
    suite_add_tcase(suite, reading);
    return suite;
}
