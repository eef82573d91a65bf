/* Need masks (MACHINE 1.2), checked against the values of the conditions: for every combination of the conditions'
   values, the mask must hold exactly where a direct evaluation of the expression asks for the division. */
#include "compiler/ir.h"

#include <check.h>

Suite *masks_suite(void);

static struct arena arena;
static struct diags messages;
static struct ir *ir;

enum { FLAGS = 4 };
static uint32_t flags[FLAGS];
static uint32_t top, bottom; /* of the division */

static uint32_t add_field(enum value_type type, uint32_t parent, bool is_list, bool is_optional)
{
    struct prog_field field = {.type = (uint8_t)type, .parent = parent, .choice = NO_INDEX, .low = NO_INDEX};
    field.high = NO_INDEX;
    field.key = NO_INDEX;
    field.is_list = is_list;
    field.is_optional = is_optional;
    arena_grow(&arena, ir->fields, ir->field_count, ir->field_cap);
    ir->fields[ir->field_count++] = field;
    return (uint32_t)ir->field_count - 1;
}

static void setup(void)
{
    arena = (struct arena){0};
    messages = diags_in(&arena);
    ir = ir_new(&arena, unit_system_new(&arena), &messages);
    for (int i = 0; i < FLAGS; i++) {
        flags[i] = ir_field(ir, add_field(VALUE_BOOL, NO_INDEX, false, false), AXIS_ID_PRODUCT);
    }
    top = ir_field(ir, add_field(VALUE_NUMBER, NO_INDEX, false, false), AXIS_ID_PRODUCT);
    bottom = ir_field(ir, add_field(VALUE_NUMBER, NO_INDEX, false, false), AXIS_ID_PRODUCT);
}

static void teardown(void)
{
    arena_free(&arena);
}

static uint32_t number(int64_t value)
{
    return ir_number(ir, rat_int(value), UNIT_ONE);
}

static void finish(uint32_t value, uint32_t mask)
{
    ir_root(ir, OP_OUTPUT, AXIS_ID_PRODUCT, value, 0, mask);
    ir_masks(ir, NULL, 0);
    size_t count = 0;
    ir_order(ir, NULL, 0, &count); /* asserts that nothing goes in a circle */
}

/* The value of a bool node on the product axis where flag i is bit i of `world`. */
static bool holds(uint32_t node, unsigned world)
{
    const struct instruction *in = &ir->nodes[node].in;
    switch ((int)in->op) {
    case OP_CONST:
        return ir_is_true(ir, node);
    case OP_FIELD:
        return world >> in->a & 1U;
    case OP_NOT:
        return !holds(in->a, world);
    case OP_AND:
        return holds(in->a, world) && holds(in->b, world);
    case OP_OR:
        return holds(in->a, world) || holds(in->b, world);
    case OP_SELECT:
        return holds(in->a, world) ? holds(in->b, world) : holds(in->c, world);
    default:
        ck_abort_msg("no condition of this test");
        return false;
    }
}

static bool mask_holds(uint32_t node, unsigned world)
{
    uint32_t mask = ir->nodes[node].in.mask;
    return mask == NO_OPERAND || holds(mask, world);
}

typedef bool expectation(const bool *flag);

static void assert_mask(uint32_t node, expectation *expected)
{
    for (unsigned world = 0; world < 1U << FLAGS; world++) {
        bool flag[FLAGS];
        for (int i = 0; i < FLAGS; i++) {
            flag[i] = world >> i & 1U;
        }
        ck_assert_msg(mask_holds(node, world) == expected(flag), "where the flags are %x", world);
    }
}

static bool everywhere(const bool *flag)
{
    (void)flag;
    return true;
}

static bool where_first(const bool *flag)
{
    return flag[0];
}

static bool where_not_first(const bool *flag)
{
    return !flag[0];
}

static bool where_first_and_second(const bool *flag)
{
    return flag[0] && flag[1];
}

static bool where_first_and_not_second(const bool *flag)
{
    return flag[0] && !flag[1];
}

START_TEST(needed_everywhere_has_no_mask)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ir_add(ir, ratio, number(1)), NO_OPERAND);
    ck_assert_uint_eq(ir->nodes[ratio].in.mask, NO_OPERAND);
}
END_TEST

START_TEST(a_branch_is_needed_where_it_is_taken)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ir_select(ir, flags[0], ratio, number(1)), NO_OPERAND);
    ck_assert_uint_eq(ir->nodes[ratio].in.mask, flags[0]);
    assert_mask(ratio, where_first);
}
END_TEST

START_TEST(the_other_branch_where_it_is_not)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ir_select(ir, flags[0], number(1), ratio), NO_OPERAND);
    assert_mask(ratio, where_not_first);
}
END_TEST

START_TEST(both_branches_together_are_everywhere)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ir_select(ir, flags[0], ratio, ir_add(ir, ratio, number(1))), NO_OPERAND);
    ck_assert_uint_eq(ir->nodes[ratio].in.mask, NO_OPERAND);
}
END_TEST

START_TEST(branches_nest)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t inner = ir_select(ir, flags[1], ratio, number(2));
    finish(ir_select(ir, flags[0], inner, number(1)), NO_OPERAND);
    assert_mask(ratio, where_first_and_second);
}
END_TEST

START_TEST(a_root_is_wanted_under_its_mask)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ratio, ir_and(ir, flags[0], flags[1]));
    assert_mask(ratio, where_first_and_second);
}
END_TEST

START_TEST(and_asks_its_second_only_where_the_first_holds)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t large = ir_less(ir, number(5), ratio);
    finish(ir_select(ir, ir_and(ir, flags[0], large), number(1), number(2)), NO_OPERAND);
    assert_mask(ratio, where_first);
}
END_TEST

START_TEST(or_asks_its_second_only_where_the_first_does_not_hold)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t large = ir_less(ir, number(5), ratio);
    finish(ir_select(ir, ir_or(ir, flags[0], large), number(1), number(2)), NO_OPERAND);
    assert_mask(ratio, where_not_first);
}
END_TEST

START_TEST(a_use_in_the_condition_and_under_it_is_one)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t large = ir_less(ir, number(5), ratio);
    finish(ir_select(ir, large, ratio, number(5)), flags[0]);
    ck_assert_uint_eq(ir->nodes[ratio].in.mask, flags[0]);
}
END_TEST

/* if (not y and (x > 5)) ... : the condition asks for x under y only, the branch elsewhere too. */
START_TEST(masks_do_not_go_in_circles)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t large = ir_less(ir, number(5), ratio);
    uint32_t either = ir_or(ir, flags[1], large);
    finish(ir_select(ir, either, ratio, number(5)), flags[0]);
    ck_assert_uint_ne(ir->nodes[ratio].in.mask, NO_OPERAND);
    /* the condition of the branch is asked of a twin, which is needed where the first part does not decide */
    uint32_t twin = IR_ERROR;
    for (uint32_t i = 0; i < ir->count; i++) {
        if (ir->nodes[i].in.op == OP_DIV && i != ratio) {
            twin = i;
        }
    }
    ck_assert_uint_ne(twin, IR_ERROR);
    assert_mask(twin, where_first_and_not_second);
}
END_TEST

START_TEST(a_default_is_needed_where_nothing_is_given)
{
    uint32_t optional = ir_field(ir, add_field(VALUE_NUMBER, NO_INDEX, false, true), AXIS_ID_PRODUCT);
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ir_else(ir, optional, ratio, true), NO_OPERAND);
    const struct instruction *mask = &ir->nodes[ir->nodes[ratio].in.mask].in;
    ck_assert_uint_eq(mask->op, OP_NOT);
    ck_assert_uint_eq(ir->nodes[mask->a].in.op, OP_GIVEN);
    ck_assert_uint_eq(ir->nodes[mask->a].in.a, optional);
}
END_TEST

START_TEST(constant_divisors_cannot_fail)
{
    uint32_t half = ir_div(ir, top, number(2));
    finish(ir_select(ir, flags[0], half, number(1)), NO_OPERAND);
    ck_assert(!ir_can_fail(ir, half));
    ck_assert_uint_eq(ir->nodes[half].in.mask, NO_OPERAND);
    ck_assert(ir_can_fail(ir, ir_powi(ir, top, -1)));
    ck_assert(!ir_can_fail(ir, ir_powi(ir, top, 2)));
}
END_TEST

START_TEST(one_use_everywhere_outweighs_conditions)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t chosen = ir_select(ir, flags[0], ratio, number(1));
    finish(ir_add(ir, chosen, ratio), NO_OPERAND);
    assert_mask(ratio, everywhere);
    ck_assert_uint_eq(ir->nodes[ratio].in.mask, NO_OPERAND);
}
END_TEST

/* ---- rows ---- */

static uint16_t rows;
static uint32_t row_flag, row_number;

static void setup_rows(void)
{
    setup();
    uint32_t list = add_field(VALUE_NUMBER, NO_INDEX, true, false);
    rows = (uint16_t)ir_axis_list(ir, AXIS_ID_PRODUCT, list);
    row_flag = ir_field(ir, add_field(VALUE_BOOL, list, false, false), rows);
    row_number = ir_field(ir, add_field(VALUE_NUMBER, list, false, false), rows);
}

START_TEST(a_term_is_needed_where_the_condition_of_the_sum_holds)
{
    uint32_t ratio = ir_div(ir, number(1), row_number);
    finish(ir_sum(ir, rows, ratio, row_flag), NO_OPERAND);
    ck_assert_uint_eq(ir->nodes[ratio].in.mask, row_flag);
}
END_TEST

START_TEST(outer_work_is_needed_where_a_row_needs_it)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t term = ir_select(ir, row_flag, ir_mul(ir, row_number, ratio), number(0));
    finish(ir_sum(ir, rows, term, NO_OPERAND), NO_OPERAND);
    const struct instruction *mask = &ir->nodes[ir->nodes[ratio].in.mask].in;
    ck_assert_uint_eq(mask->op, OP_ANY);
    ck_assert_uint_eq(mask->axis, AXIS_ID_PRODUCT);
    ck_assert_uint_eq(mask->a, row_flag);
}
END_TEST

START_TEST(outer_work_is_not_needed_without_rows)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    finish(ir_sum(ir, rows, ir_mul(ir, row_number, ratio), NO_OPERAND), NO_OPERAND);
    const struct instruction *mask = &ir->nodes[ir->nodes[ratio].in.mask].in;
    ck_assert_uint_eq(mask->op, OP_ANY);
    ck_assert(ir_is_true(ir, mask->a));
}
END_TEST

START_TEST(conditions_from_outside_stay_outside)
{
    uint32_t ratio = ir_div(ir, top, bottom);
    uint32_t sum = ir_sum(ir, rows, ir_mul(ir, row_number, ratio), row_flag);
    finish(ir_select(ir, flags[0], sum, number(0)), NO_OPERAND);
    const struct instruction *mask = &ir->nodes[ir->nodes[ratio].in.mask].in;
    ck_assert_uint_eq(mask->op, OP_AND);
    ck_assert_uint_eq(mask->a, flags[0]);
    ck_assert_uint_eq(ir->nodes[mask->b].in.op, OP_ANY);
    ck_assert_uint_eq(ir->nodes[mask->b].in.a, row_flag);
}
END_TEST

START_TEST(inner_work_is_needed_where_the_sum_is)
{
    uint32_t ratio = ir_div(ir, number(1), row_number);
    uint32_t sum = ir_sum(ir, rows, ratio, NO_OPERAND);
    finish(ir_select(ir, flags[0], sum, number(0)), NO_OPERAND);
    const struct instruction *mask = &ir->nodes[ir->nodes[ratio].in.mask].in;
    ck_assert_uint_eq(mask->op, OP_SPREAD);
    ck_assert_uint_eq(mask->a, flags[0]);
}
END_TEST

START_TEST(dead_code_goes_and_operands_come_first)
{
    uint32_t unused = ir_mul(ir, top, top);
    uint32_t sum = ir_sum(ir, rows, row_number, NO_OPERAND);
    ir_root(ir, OP_OUTPUT, AXIS_ID_PRODUCT, ir_add(ir, sum, top), 0, NO_OPERAND);
    size_t count = 0;
    const uint32_t *order = ir_order(ir, NULL, 0, &count);
    ck_assert_uint_eq(count, 5);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_ne(order[i], unused);
        if (order[i] == sum) {
            ck_assert_uint_gt(i, 0);
        }
    }
    ck_assert_uint_eq(ir->nodes[order[count - 1]].in.op, OP_OUTPUT);
}
END_TEST

Suite *masks_suite(void)
{
    Suite *suite = suite_create("masks");
    TCase *product = tcase_create("one axis");
    tcase_add_checked_fixture(product, setup, teardown);
    tcase_add_test(product, needed_everywhere_has_no_mask);
    tcase_add_test(product, a_branch_is_needed_where_it_is_taken);
    tcase_add_test(product, the_other_branch_where_it_is_not);
    tcase_add_test(product, both_branches_together_are_everywhere);
    tcase_add_test(product, branches_nest);
    tcase_add_test(product, a_root_is_wanted_under_its_mask);
    tcase_add_test(product, and_asks_its_second_only_where_the_first_holds);
    tcase_add_test(product, or_asks_its_second_only_where_the_first_does_not_hold);
    tcase_add_test(product, a_use_in_the_condition_and_under_it_is_one);
    tcase_add_test(product, masks_do_not_go_in_circles);
    tcase_add_test(product, a_default_is_needed_where_nothing_is_given);
    tcase_add_test(product, constant_divisors_cannot_fail);
    tcase_add_test(product, one_use_everywhere_outweighs_conditions);
    suite_add_tcase(suite, product);
    TCase *lists = tcase_create("rows");
    tcase_add_checked_fixture(lists, setup_rows, teardown);
    tcase_add_test(lists, a_term_is_needed_where_the_condition_of_the_sum_holds);
    tcase_add_test(lists, outer_work_is_needed_where_a_row_needs_it);
    tcase_add_test(lists, outer_work_is_not_needed_without_rows);
    tcase_add_test(lists, conditions_from_outside_stay_outside);
    tcase_add_test(lists, inner_work_is_needed_where_the_sum_is);
    tcase_add_test(lists, dead_code_goes_and_operands_come_first);
    suite_add_tcase(suite, lists);
    return suite;
}
