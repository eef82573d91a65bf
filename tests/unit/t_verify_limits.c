/* The bounds of limits.h that are cheap to reach: accepted at the limit, refused one past it. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/program_sample.h"
#include "vm/image.h"
#include "vm/verify.h"

Suite *verify_limits_suite(void);

static struct sample sample;
static struct arena arena;

static void set_up(void)
{
    memset(&sample, 0, sizeof sample);
    sample_start(&sample);
}

static void tear_down(void)
{
    sample_free(&sample);
    arena_free(&arena);
}

/* The code of the message with which the program is refused; DIAG_NONE where it is accepted. */
static enum diag_code refusal(const struct program *program)
{
    struct diags out = diags_in(&arena);
    struct verified *verified = verify_program(&arena, program, &out);
    ck_assert((verified == NULL) == (out.errors > 0));
    return out.first == NULL ? DIAG_NONE : out.first->code;
}

/* mass + mass + ..., `count` instructions in all: CONST 1 (the reference), FIELD, additions, OUTPUT. */
static enum diag_code long_program(uint32_t count)
{
    struct builder b;
    builder_start(&b);
    uint32_t one = builder_number(&b, "1", 0);
    uint32_t mass = builder_load(&b, builder_field(&b, NO_INDEX, "mass", 0));
    builder_reference(&b, "1", 0, b.co2e, one);
    builder_report(&b, "all", 0, mass);
    struct instruction output = b.program.code[2];
    struct instruction *code = arena_array(&b.arena, struct instruction, count);
    struct prog_site *sites = arena_array(&b.arena, struct prog_site, count);
    memcpy(code, b.program.code, 2 * sizeof *code);
    for (uint32_t i = 0; i < count; i++) {
        sites[i] = b.program.sites[0];
    }
    for (uint32_t i = 2; i < count - 1; i++) {
        code[i] = (struct instruction){OP_ADD, AXIS_ID_PRODUCT, 0, 0, i - 1, mass, NO_OPERAND, NO_OPERAND};
    }
    output.a = count - 2;
    code[count - 1] = output;
    b.program.code = code;
    b.program.sites = sites;
    b.program.code_count = count;
    enum diag_code code_of = refusal(builder_finish(&b));
    builder_free(&b);
    return code_of;
}

START_TEST(limit_of_instructions)
{
    ck_assert_int_eq(long_program(LIMIT_INSTRUCTIONS), DIAG_NONE);
    ck_assert_int_eq(long_program(LIMIT_INSTRUCTIONS + 1), D_PROGRAM_LIMIT);
}
END_TEST

/* `count` axes: ranges of different lengths, each counted. */
static enum diag_code many_axes(uint32_t count)
{
    struct builder b;
    builder_start(&b);
    uint32_t one = builder_number(&b, "1", 0);
    uint32_t last = builder_load(&b, builder_field(&b, NO_INDEX, "n", 0));
    uint32_t sum = one;
    while (b.program.axis_count < count) {
        uint16_t axis = builder_range(&b, AXIS_ID_PRODUCT, one, last, b.program.axis_count);
        uint32_t rows = builder_reduce(&b, OP_COUNT, axis, 0, NO_OPERAND, NO_OPERAND);
        sum = builder_two(&b, OP_ADD, AXIS_ID_PRODUCT, 0, sum, rows);
    }
    builder_report(&b, "all", 0, sum);
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limit_of_axes)
{
    ck_assert_int_eq(many_axes(LIMIT_AXES), DIAG_NONE);
    ck_assert_int_eq(many_axes(LIMIT_AXES + 1), D_PROGRAM_LIMIT);
}
END_TEST

/* Ranges in ranges; the product is the first level. */
static enum diag_code deep_axes(int depth)
{
    struct builder b;
    builder_start(&b);
    uint32_t one = builder_number(&b, "1", 0);
    uint32_t two = builder_number(&b, "2", 0);
    uint16_t axes[8] = {AXIS_ID_PRODUCT};
    for (int i = 1; i < depth; i++) {
        axes[i] = builder_range(&b, axes[i - 1], one, two, 2);
    }
    uint32_t sum = builder_one(&b, OP_INDEX, axes[depth - 1], 0, NO_OPERAND);
    for (int i = depth - 1; i > 0; i--) {
        sum = builder_reduce(&b, OP_SUM, axes[i], 0, sum, NO_OPERAND);
    }
    builder_report(&b, "all", 0, sum);
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limit_of_axis_depth)
{
    ck_assert_int_eq(deep_axes(LIMIT_AXIS_DEPTH), DIAG_NONE);
    ck_assert_int_eq(deep_axes(LIMIT_AXIS_DEPTH + 1), D_PROGRAM_VALUE);
}
END_TEST

static enum diag_code deep_lists(int depth)
{
    struct builder b;
    builder_start(&b);
    uint32_t list = NO_INDEX;
    for (int i = 0; i < depth; i++) {
        list = builder_list(&b, list, "list");
    }
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limit_of_list_depth)
{
    ck_assert_int_eq(deep_lists(LIMIT_LIST_DEPTH), DIAG_NONE);
    ck_assert_int_eq(deep_lists(LIMIT_LIST_DEPTH + 1), D_PROGRAM_VALUE);
}
END_TEST

/* A constant range of `rows` rows. */
static enum diag_code constant_range(const char *last, uint32_t max)
{
    struct builder b;
    builder_start(&b);
    uint16_t axis = builder_range(&b, AXIS_ID_PRODUCT, builder_number(&b, "1", 0), builder_number(&b, last, 0), max);
    builder_report(&b, "n", 0, builder_reduce(&b, OP_COUNT, axis, 0, NO_OPERAND, NO_OPERAND));
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limits_of_ranges)
{
    ck_assert_int_eq(constant_range("10000", LIMIT_RANGE), DIAG_NONE);
    ck_assert_int_eq(constant_range("10000", LIMIT_RANGE + 1), D_PROGRAM_VALUE);
    ck_assert_int_eq(constant_range("10001", LIMIT_RANGE), D_PROGRAM_VALUE);
    ck_assert_int_eq(constant_range("7", 7), DIAG_NONE);
    ck_assert_int_eq(constant_range("8", 7), D_PROGRAM_VALUE);
    ck_assert_int_eq(constant_range("-5", 1), DIAG_NONE); /* empty */
    ck_assert_int_eq(constant_range("3/2", 7), D_PROGRAM_VALUE);
    ck_assert_int_eq(constant_range("-1000000000", 7), DIAG_NONE);
    ck_assert_int_eq(constant_range("-1000000001", 7), D_PROGRAM_VALUE);
}
END_TEST

/* The constant term and one for each of `lists` lists. */
static enum diag_code many_terms(int lists)
{
    struct builder b;
    builder_start(&b);
    uint32_t sum = builder_number(&b, "1", 0);
    for (int i = 0; i < lists; i++) {
        char name[16];
        snprintf(name, sizeof name, "list%d", i);
        uint32_t list = builder_list(&b, NO_INDEX, name);
        uint32_t rows = builder_reduce(&b, OP_COUNT, b.list_axis[list], 0, NO_OPERAND, NO_OPERAND);
        sum = builder_two(&b, OP_ADD, AXIS_ID_PRODUCT, 0, sum, rows);
    }
    builder_report(&b, "all", 0, sum);
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limit_of_cost_terms)
{
    ck_assert_int_eq(many_terms(LIMIT_COST_TERMS - 1), DIAG_NONE);
    ck_assert_int_eq(many_terms(LIMIT_COST_TERMS), D_COST_TERMS);
}
END_TEST

/* A table by two keys of years, all in one row. */
static enum diag_code large_table(uint32_t first, uint32_t second)
{
    struct builder b;
    builder_start(&b);
    uint32_t table = builder_table(&b, "large", 1, 1);
    const uint32_t counts[2] = {first, second};
    uint32_t most = first > second ? first : second;
    b.program.constants = arena_array(&b.arena, struct prog_const, most + 1);
    for (uint32_t i = 0; i < most; i++) {
        b.program.constants[i] = (struct prog_const){VALUE_YEAR, NO_INDEX, rat_int(i), NO_INDEX};
    }
    b.program.constant_count = most;
    for (int d = 0; d < 2; d++) {
        struct prog_dimension *dimension = builder_dimension(&b, table, VALUE_YEAR);
        dimension->keys = arena_array(&b.arena, uint32_t, counts[d]);
        dimension->key_count = counts[d];
        for (uint32_t i = 0; i < counts[d]; i++) {
            dimension->keys[i] = i;
        }
    }
    uint32_t *rows = arena_array(&b.arena, uint32_t, (size_t)first * second);
    builder_rows(&b, table, rows, first * second);
    const uint32_t cell = builder_rational(&b, "1");
    builder_column(&b, table, 0, "", VALUE_NUMBER, 0, &cell);
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limit_of_table_cells)
{
    ck_assert_int_eq(large_table(1024, 1024), DIAG_NONE);
    ck_assert_int_eq(large_table(1024, 1025), D_PROGRAM_LIMIT);
}
END_TEST

/* 2^(bits - 2) has bits - 1 binary digits; its denominator has one more. */
static enum diag_code long_constant(int bits)
{
    struct builder b;
    builder_start(&b);
    struct rat large = rat_int(1);
    for (int left = bits - 2; left > 0; left -= 8192) {
        large = rat_mul(&b.arena, large, rat_pow(&b.arena, rat_int(2), left < 8192 ? left : 8192));
    }
    uint32_t constant = builder_rational(&b, "3");
    uint32_t number = builder_number(&b, "3", 0);
    b.program.constants[constant].number = large;
    ck_assert_uint_eq(rat_bits(large), (size_t)bits);
    builder_report(&b, "large", 0, number);
    enum diag_code code = refusal(builder_finish(&b));
    builder_free(&b);
    return code;
}

START_TEST(limit_of_constants)
{
    ck_assert_int_eq(long_constant(LIMIT_CONSTANT_BITS), DIAG_NONE);
    ck_assert_int_eq(long_constant(LIMIT_CONSTANT_BITS + 1), D_PROGRAM_LIMIT);
}
END_TEST

/* One past the limit of every count is refused before anything is looked at. */
START_TEST(counts_are_checked_first)
{
    struct program *p = sample.program;
    struct {
        uint32_t *count;
        uint32_t limit;
    } counts[] = {
        {&p->text_count,                LIMIT_TEXTS           },
        {&p->label_count,               LIMIT_TEXTS           },
        {&p->generator_count,           LIMIT_GENERATORS      },
        {&p->unit_count,                LIMIT_UNITS           },
        {&p->unit_name_count,           LIMIT_UNITS           },
        {&p->constant_count,            LIMIT_CONSTANTS       },
        {&p->choice_count,              LIMIT_CHOICES         },
        {&p->field_count,               LIMIT_FIELDS          },
        {&p->table_count,               LIMIT_TABLES          },
        {&p->factor_count,              LIMIT_FACTORS         },
        {&p->axis_count,                LIMIT_AXES            },
        {&p->code_count,                LIMIT_INSTRUCTIONS    },
        {&p->stage_count,               LIMIT_STAGES          },
        {&p->flow_count,                LIMIT_FLOWS           },
        {&p->part_count,                LIMIT_PARTS           },
        {&p->output_count,              LIMIT_OUTPUTS         },
        {&p->choices[0].member_count,   LIMIT_MEMBERS         },
        {&p->tables[0].dimension_count, LIMIT_TABLE_DIMENSIONS},
        {&p->tables[0].column_count,    LIMIT_COLUMNS         },
        {&p->factors[0].key_count,      LIMIT_FACTOR_KEYS     },
    };
    for (size_t i = 0; i < countof(counts); i++) {
        uint32_t before = *counts[i].count;
        *counts[i].count = counts[i].limit + 1;
        /* Only the count is wrong; arrays behind it are too short, so looking at them would be caught by ASan. */
        struct diags out = diags_in(&arena);
        ck_assert_msg(!program_check(p, &out) && out.first->code == D_PROGRAM_LIMIT, "count %zu", i);
        *counts[i].count = before;
    }
    ck_assert_int_eq(refusal(p), DIAG_NONE);
}
END_TEST

Suite *verify_limits_suite(void)
{
    Suite *suite = suite_create("verify_limits");
    TCase *limits = tcase_create("limits");
    tcase_set_timeout(limits, 60);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(limits, limit_of_instructions);
    tcase_add_test(limits, limit_of_axes);
    tcase_add_test(limits, limit_of_axis_depth);
    tcase_add_test(limits, limit_of_list_depth);
    tcase_add_test(limits, limits_of_ranges);
    tcase_add_test(limits, limit_of_cost_terms);
    tcase_add_test(limits, limit_of_table_cells);
    tcase_add_test(limits, limit_of_constants);
    tcase_add_test(limits, counts_are_checked_first);
    suite_add_tcase(suite, limits);
    return suite;
}
