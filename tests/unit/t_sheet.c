#include "cli/sheet.h"

#include <check.h>
#include <string.h>

#include "base/arena.h"

Suite *sheet_suite(void);

static void ck_str(struct str made, const char *expected)
{
    ck_assert_msg(str_eq(made, str_of(expected)), "%.*s, and not %s", STR_FMT(made), expected);
}

/* ---- numbers ---- */

START_TEST(plain_numbers)
{
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0,                   "0"                         },
        {0.945,               "0.945"                     },
        {-12.5,               "-12.5"                     },
        {11.0 / 3,            "=11/3"                     },
        {-1.0 / 3,            "=-1/3"                     },
        {1234567.0 / 7,       "=1234567/7"                },
        {1.25e-9,             "0.00000000125"             },
        {-1.25e23,            "-125000000000000000000000" },
        {1e-60,               "1e-60"                     },
        {3.14159265358979312, "3.141592653589793"         }, /* no fraction of small numbers */
        {1e-7 / 3,            "0.000000033333333333333334"}
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_str(sheet_plain(&arena, cases[i].number, true), cases[i].text);
    }
    ck_str(sheet_plain(&arena, 0.5 / 3, false), "0.16666666666666666");
    arena_free(&arena);
}
END_TEST

START_TEST(numbers_in_formulas)
{
    static const struct {
        double number;
        enum sheet_binding around;
        const char *text;
    } cases[] = {
        {0,         BINDS_ALL,     "0"         },
        {1000000,   BINDS_ALL,     "1000000"   },
        {0.945,     BINDS_PRODUCT, "945/1000"  },
        {0.945,     BINDS_POWER,   "(945/1000)"},
        {-2,        BINDS_NOTHING, "-2"        },
        {-2,        BINDS_SUM,     "(-2)"      },
        {-0.5,      BINDS_SUM,     "(-5/10)"   },
        {1.25e-9,   BINDS_SUM,     "125/10^11" },
        {1.5e20,    BINDS_ALL,     "(15*10^19)"},
        {11.0 / 3,  BINDS_PRODUCT, "11/3"      },
        {-11.0 / 3, BINDS_SUM,     "(-11/3)"   },
        {11.0 / 3,  BINDS_ALL,     "(11/3)"    }
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = buf_in(&arena);
        sheet_add_number(&out, cases[i].number, cases[i].around);
        ck_str(buf_str(&out), cases[i].text);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(changes_of_unit)
{
    static const struct {
        double by;
        const char *text;
    } cases[] = {
        {1000,       "*1000"  },
        {0.001,      "*1/1000"},
        {1 / 3.6,    "*5/18"  },
        {44.0 / 12,  "*11/3"  },
        {1.0 / 3600, "/3600"  }
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = buf_in(&arena);
        sheet_add_times(&out, cases[i].by);
        ck_str(buf_str(&out), cases[i].text);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(values_that_are_no_numbers)
{
    double number;
    ck_assert(sheet_number(&(struct zuji_value){.text = "true", .number = 1}, &number) && number == 1);
    ck_assert(sheet_number(&(struct zuji_value){.text = "false"}, &number) && number == 0);
    ck_assert(sheet_number(&(struct zuji_value){.text = "2024", .number = 2024}, &number) && number == 2024);
    /* 2000-01-01 is day 36526 of spreadsheets, and day 10957 from 1970-01-01 */
    ck_assert(sheet_number(&(struct zuji_value){.text = "2000-01-01", .number = 10957}, &number) && number == 36526);
    ck_assert(!sheet_number(&(struct zuji_value){.text = "2024"}, &number)); /* a text that looks like a year */
    ck_assert(!sheet_number(&(struct zuji_value){.text = "steel"}, &number));
    ck_assert(!sheet_number(&(struct zuji_value){.text = ""}, &number));
}
END_TEST

/* ---- lines ---- */

enum { MANY = 150 };
struct many { /* a root over nodes that have numbers */
    struct zuji_explanation nodes[MANY + 1];
    struct zuji_formula operands[MANY];
    const struct zuji_explanation *parts[MANY], *all[MANY + 1];
    struct zuji_formula formula;
};

static struct many *many_of(struct arena *arena, enum zuji_operation operation, size_t count)
{
    struct many *many = arena_new(arena, struct many);
    static const struct zuji_value one = {.is_number = 1, .number = 1, .unit = "1", .text = "1"};
    for (size_t i = 0; i <= count; i++) {
        many->nodes[i] = (struct zuji_explanation){.number = (uint32_t)i + 1,
                                                   .kind = i == 0 ? ZUJI_NODE_STEP : ZUJI_NODE_CONSTANT,
                                                   .name = "",
                                                   .category = "",
                                                   .written = "",
                                                   .value = one};
        many->all[i] = &many->nodes[i];
    }
    for (size_t i = 0; i < count; i++) {
        many->parts[i] = &many->nodes[i + 1];
        many->operands[i] = (struct zuji_formula){
            .operation = ZUJI_OP_NODE, .node = &many->nodes[i + 1], .value = &many->nodes[i + 1].value};
    }
    many->formula = (struct zuji_formula){
        .operation = operation, .operands = many->operands, .operand_count = count, .value = &one, .mode = "half_up"};
    many->nodes[0].formula = &many->formula;
    many->nodes[0].parts = many->parts;
    many->nodes[0].part_count = count;
    many->nodes[0].all_count = count + 1;
    many->nodes[0].all = many->all;
    return many;
}

START_TEST(neighbours_are_ranges)
{
    struct arena arena = {0};
    struct many *many = many_of(&arena, ZUJI_OP_SUM, MANY);
    struct sheet sheet = sheet_of(&arena, &many->nodes[0]);
    ck_assert_uint_eq(sheet.count, MANY + 1);
    ck_str(sheet_formula(&sheet, 0), "=SUM(F5:F154)");
    struct zuji_formula last = many->operands[MANY - 1];
    memmove(many->operands + 1, many->operands, (MANY - 1) * sizeof *many->operands);
    many->operands[0] = last;
    ck_str(sheet_formula(&sheet, 0), "=SUM(F154;F5:F153)");
    arena_free(&arena);
}
END_TEST

/* Every other operand is out of its turn: too many arguments for one function. */
START_TEST(many_arguments_are_divided)
{
    struct arena arena = {0};
    struct many *many = many_of(&arena, ZUJI_OP_GREATEST, MANY);
    for (size_t i = 0; i < MANY / 2; i++) {
        struct zuji_formula other = many->operands[i];
        many->operands[i] = many->operands[MANY - 1 - i];
        many->operands[MANY - 1 - i] = other;
    }
    struct sheet sheet = sheet_of(&arena, &many->nodes[0]);
    ck_assert_uint_eq(sheet.count, MANY + 1 + 3);
    ck_str(sheet_formula(&sheet, 0), "=MAX(F155:F157)");
    struct str part = sheet_formula(&sheet, MANY + 3);
    ck_str(part, "=MAX(F34;F33;F32;F31;F30;F29;F28;F27;F26;F25;F24;F23;F22;F21;F20;F19;F18;F17;F16;F15;F14;F13;F12;"
                 "F11;F10;F9;F8;F7;F6;F5)");
    arena_free(&arena);
}
END_TEST

START_TEST(significant_digits)
{
    struct arena arena = {0};
    struct many *many = many_of(&arena, ZUJI_OP_ROUND_SIGNIFICANT, 1);
    many->formula.by = 3;
    struct sheet sheet = sheet_of(&arena, &many->nodes[0]);
    ck_assert_uint_eq(sheet.count, 4);
    ck_str(sheet_formula(&sheet, 0), "=(INT(F7+1/2+(1+ABS(F7))/10^12))*F6");
    ck_str(sheet_formula(&sheet, 2), "=IF(F5=0;1;10^(INT(LOG10(ABS(F5))+1/10^12)+1-3))");
    ck_str(sheet_formula(&sheet, 3), "=F5/F6");
    arena_free(&arena);
}
END_TEST

/* The same datum in two formulas is one cell. */
START_TEST(inputs_are_once)
{
    struct arena arena = {0};
    struct many *many = many_of(&arena, ZUJI_OP_MULTIPLY, 2);
    many->nodes[1].kind = many->nodes[2].kind = ZUJI_NODE_FACTOR;
    struct sheet sheet = sheet_of(&arena, &many->nodes[0]);
    ck_str(sheet_formula(&sheet, 0), "=F5*F5");
    many->nodes[2].category = "biogenic";
    sheet = sheet_of(&arena, &many->nodes[0]);
    ck_str(sheet_formula(&sheet, 0), "=F5*F6");
    arena_free(&arena);
}
END_TEST

Suite *sheet_suite(void)
{
    Suite *suite = suite_create("sheet");
    TCase *numbers = tcase_create("numbers");
    tcase_add_test(numbers, plain_numbers);
    tcase_add_test(numbers, numbers_in_formulas);
    tcase_add_test(numbers, changes_of_unit);
    tcase_add_test(numbers, values_that_are_no_numbers);
    suite_add_tcase(suite, numbers);
    TCase *lines = tcase_create("lines");
    tcase_add_test(lines, neighbours_are_ranges);
    tcase_add_test(lines, many_arguments_are_divided);
    tcase_add_test(lines, significant_digits);
    tcase_add_test(lines, inputs_are_once);
    suite_add_tcase(suite, lines);
    return suite;
}
