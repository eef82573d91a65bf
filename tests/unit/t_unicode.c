#include "base/unicode.h"

#include <check.h>

Suite *unicode_suite(void);

START_TEST(identifiers)
{
    static const uint32_t starts[] = {'a', 'Z', '_', 0x94A2 /* 钢 */, 0x3007 /* 〇 */, 0x3042, 0xE9, 0x20000};
    static const uint32_t not_starts[] = {'1', '-', '$', ' ', 0xB7, 0x0301, 0x3001, 0xFF08, 0x2082, 0x1F600, 0xD7};
    for (size_t i = 0; i < countof(starts); i++) {
        ck_assert_msg(unicode_is_identifier_start(starts[i]), "U+%04X", (unsigned)starts[i]);
        ck_assert_msg(unicode_is_identifier_continue(starts[i]), "U+%04X", (unsigned)starts[i]);
    }
    for (size_t i = 0; i < countof(not_starts); i++) {
        ck_assert_msg(!unicode_is_identifier_start(not_starts[i]), "U+%04X", (unsigned)not_starts[i]);
    }
    ck_assert(unicode_is_identifier_continue('1'));
    ck_assert(unicode_is_identifier_continue(0x0301));
    ck_assert(!unicode_is_identifier_continue(0xB7));
    ck_assert(!unicode_is_identifier_continue(0x387));
    ck_assert(!unicode_is_identifier_continue('-'));
    ck_assert(!unicode_is_identifier_continue(0x2212));
    ck_assert(!unicode_is_identifier_continue(0xFFFFFFFF));
}
END_TEST

START_TEST(widths)
{
    static const struct {
        uint32_t c;
        int width;
    } rows[] = {
        {'a',     1},
        {0xE9,    1},
        {0x94A2,  2},
        {0xFF08,  2},
        {0x3000,  2},
        {0x3042,  2},
        {0x20000, 2},
        {0x1F600, 2},
        {0x0301,  0},
        {0x200B,  0},
        {'\n',    0},
        {0x1B,    0},
        {0xD7,    1},
        {0x2212,  1},
        {0xFFFD,  1},
        {0xAC00,  2},
    };
    for (size_t i = 0; i < countof(rows); i++) {
        ck_assert_msg(unicode_width(rows[i].c) == rows[i].width, "U+%04X: %d", (unsigned)rows[i].c,
                      unicode_width(rows[i].c));
    }
}
END_TEST

START_TEST(normal_form)
{
    struct arena arena = {0};
    ck_assert(unicode_is_nfc(STR("mass")));
    ck_assert(unicode_is_nfc(STR("")));
    ck_assert(unicode_is_nfc(STR("钢材 caf\u00E9")));
    ck_assert(!unicode_is_nfc(STR("cafe\u0301")));
    ck_assert(!unicode_is_nfc(STR("\u2126")));
    ck_assert(!unicode_is_nfc(STR("\uF900")));
    ck_assert(str_eq(unicode_nfc(&arena, STR("cafe\u0301")), STR("caf\u00E9")));
    ck_assert(str_eq(unicode_nfc(&arena, STR("\u2126\u212B")), STR("\u03A9\u00C5")));
    ck_assert(str_eq(unicode_nfc(&arena, STR("\uF900")), STR("\u8C48")));
    /* The text that grows most: a musical symbol of 4 bytes becomes three of them. */
    ck_assert(str_eq(unicode_nfc(&arena, STR("\U0001D160")), STR("\U0001D158\U0001D165\U0001D16E")));
    /* Combining marks are put in order: U+0323 below goes before U+0307 above. */
    ck_assert(str_eq(unicode_nfc(&arena, STR("q\u0307\u0323")), STR("q\u0323\u0307")));
    ck_assert(str_eq(unicode_nfc(&arena, STR("\xFF\u0301")), STR("\xFF\u0301")));
    ck_assert(unicode_is_nfc(STR("e\xFF\u0301")));
    arena_free(&arena);
}
END_TEST

START_TEST(hazards)
{
    static const struct {
        uint32_t c;
        enum hazard_kind kind;
        uint32_t replacement;
    } rows[] = {
        {0xFF21,  HAZARD_FULL_WIDTH,    'A'   },
        {0xFF5A,  HAZARD_FULL_WIDTH,    'z'   },
        {0xFF11,  HAZARD_FULL_WIDTH,    '1'   },
        {0xFF3F,  HAZARD_FULL_WIDTH,    '_'   },
        {0xFF08,  HAZARD_FULL_WIDTH,    '('   },
        {0x2F26,  HAZARD_RADICAL,       0x5B50}, /* ⼦ for 子 */
        {0x2F00,  HAZARD_RADICAL,       0x4E00},
        {0x2E9F,  HAZARD_RADICAL,       0x6BCD}, /* ⺟ for 母 */
        {0x2E81,  HAZARD_RADICAL,       0     },
        {0xF900,  HAZARD_COMPATIBILITY, 0x8C48},
        {0x2F800, HAZARD_COMPATIBILITY, 0x4E3D},
        {0xFF71,  HAZARD_COMPATIBILITY, 0x30A2}, /* half-width kana A */
        {0x2082,  HAZARD_COMPATIBILITY, '2'   }, /* as in CO₂ */
        {0x1D400, HAZARD_COMPATIBILITY, 'A'   },
        {0x2010,  HAZARD_DASH,          '-'   },
        {0x2013,  HAZARD_DASH,          '-'   },
        {0x2014,  HAZARD_DASH,          '-'   },
        {0xFE63,  HAZARD_DASH,          '-'   },
        {0x00A0,  HAZARD_SPACE,         ' '   },
        {0x3000,  HAZARD_SPACE,         ' '   },
        {0x202E,  HAZARD_BIDI,          0     },
        {0x2066,  HAZARD_BIDI,          0     },
        {0x200F,  HAZARD_BIDI,          0     },
        {0x200B,  HAZARD_INVISIBLE,     0     },
        {0x00AD,  HAZARD_INVISIBLE,     0     },
        {0xFEFF,  HAZARD_INVISIBLE,     0     },
        {0xFE0F,  HAZARD_INVISIBLE,     0     },
        {0xE0100, HAZARD_INVISIBLE,     0     },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        struct hazard hazard = unicode_hazard(rows[i].c);
        ck_assert_msg(hazard.kind == rows[i].kind, "U+%04X: kind %d", (unsigned)rows[i].c, (int)hazard.kind);
        ck_assert_msg(hazard.replacement == rows[i].replacement, "U+%04X: U+%04X", (unsigned)rows[i].c,
                      (unsigned)hazard.replacement);
    }
}
END_TEST

START_TEST(harmless_characters)
{
    /* U+FA0E is a unified ideograph in spite of its block; the micro sign is on keyboards. */
    static const uint32_t harmless[] = {'a',  '-',  ' ',  '\t', 0x2212, 0x94A2, 0x4E00, 0x30FC, 0x3007, 0xFA0E,
                                        0xB5, 0xB7, 0xD7, 0xE9, 0x3001, 0x3042, 0x2103, 0xAC00, 0x20000};
    for (size_t i = 0; i < countof(harmless); i++) {
        ck_assert_msg(unicode_hazard(harmless[i]).kind == HAZARD_NONE, "U+%04X", (unsigned)harmless[i]);
    }
    ck_assert_int_eq(unicode_hazard(0xFFFFFFFF).kind, HAZARD_NONE);
    ck_assert(unicode_is_dash_letter(0x4E00));
    ck_assert(unicode_is_dash_letter(0x30FC));
    ck_assert(!unicode_is_dash_letter(0x4E8C));
    ck_assert(!unicode_is_dash_letter('-'));
}
END_TEST

Suite *unicode_suite(void)
{
    Suite *suite = suite_create("unicode");
    TCase *tests = tcase_create("unicode");
    tcase_add_test(tests, identifiers);
    tcase_add_test(tests, widths);
    tcase_add_test(tests, normal_form);
    tcase_add_test(tests, hazards);
    tcase_add_test(tests, harmless_characters);
    suite_add_tcase(suite, tests);
    return suite;
}
