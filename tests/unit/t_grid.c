/* The decimal grid: its arithmetic, and decisions of random sums and products of short decimals that sit on limits and
   ties. */
#include <check.h>
#include <math.h>
#include <stdio.h>

#include "tests/unit/engines_agree.h"
#include "tests/unit/random_program.h"
#include "vm/grid.h"

Suite *grid_suite(void);

/* ---- arithmetic ---- */

static struct grid of(const char *number)
{
    struct arena arena = {.limit = 0};
    struct rat rat = RAT_ZERO;
    ck_assert(rat_parse(&arena, str_of(number), &rat));
    struct grid grid = grid_of_rat(rat);
    arena_free(&arena);
    return grid;
}

static void is(struct grid grid, int places, uint32_t divisor)
{
    ck_assert_int_eq(grid.places, places);
    ck_assert_uint_eq(grid.divisor, divisor);
}

START_TEST(knows_constants)
{
    is(of("0"), -GRID_PLACES_MAX, 1);
    is(of("7"), 0, 1);
    is(of("1200"), -2, 1);
    is(of("1/4"), 2, 1);
    is(of("-29/1000"), 3, 1);
    is(of("44/12"), 0, 3);
    is(of("100/3"), -2, 3);
    is(of("1/70"), 1, 7);
    is(of("1/340282366920938463463374607431768211457"), 0, 0);
    is(grid_of_inverse(rat_int(8)), 3, 1);
    is(grid_of_inverse(rat_int(-30)), 1, 3);
    is(grid_of_inverse(RAT_ZERO), 0, 0);
}
END_TEST

START_TEST(knows_data)
{
    is(grid_of_datum(0), -GRID_PLACES_MAX, 1);
    is(grid_of_datum(3), 0, 1);
    is(grid_of_datum(-0.1), 1, 1);
    is(grid_of_datum(1.25), 2, 1);
    is(grid_of_datum(0.145), 3, 1);
    is(grid_of_datum(1e-7), 7, 1);
    is(grid_of_datum(0.1 + 0.2), 17, 1); /* 0.30000000000000004 */
    is(grid_of_datum(123456789.123456789), 8, 1);
    is(grid_of_datum(1e22), -22, 1);
    is(grid_of_datum(1e-60), 60, 1);
}
END_TEST

START_TEST(combines)
{
    is(grid_join(of("1/4"), of("1/3")), 2, 3);
    is(grid_join(of("1/6"), of("1/9")), 1, 9);
    is(grid_join(of("1/4"), GRID_UNKNOWN), 0, 0);
    is(grid_join(of("1/4294967291"), of("1/4294967279")), 0, 0); /* two primes */
    is(grid_product(of("1/3"), of("5/100")), 2, 3);
    is(grid_product(GRID_ZERO, GRID_ZERO), -GRID_PLACES_MAX, 1);
    is(grid_power(of("3/10"), 3), 3, 1);
    is(grid_power(of("1/70"), 0), 0, 1);
    is(grid_power(grid_of_datum(1e-200), 2), 0, 0);
}
END_TEST

START_TEST(measures)
{
    ck_assert(grid_is_wider(of("1/1000"), 0.00099));
    ck_assert(!grid_is_wider(of("1/1000"), 0.001));
    ck_assert(grid_is_wider(of("1/3"), 0.33));
    ck_assert(!grid_is_wider(of("1/3"), 1 / 3.0));
    ck_assert(grid_is_wider(of("100"), 99));
    ck_assert(!grid_is_wider(of("100"), 100));
    ck_assert(!grid_is_wider(GRID_UNKNOWN, 0));
    ck_assert(!grid_is_wider(of("1"), NAN));
    ck_assert(grid_is_wider(grid_of_datum(1e-300), 0.9e-300));
    ck_assert(!grid_is_wider(grid_of_datum(1e-300), 1e-300));
}
END_TEST

/* ---- decisions ---- */

enum { PRODUCTS = 24, PROGRAMS = 40, BLOCKS = 4, FIELDS = 4 };

struct making {
    struct run *run;
    struct random *random;
    uint32_t fields[FIELDS];
    uint32_t list_field;
    uint16_t axis;
};

static uint32_t two(const struct making *making, enum opcode op, uint32_t a, uint32_t b)
{
    return builder_two(&making->run->b, op, AXIS_ID_PRODUCT, 0, a, b);
}

static uint32_t leaf(const struct making *making)
{
    static const char *const constants[] = {"3/2", "29/100", "1/3", "11/3", "1/8", "20"};
    if (random_chance(making->random, 20)) {
        return builder_number(&making->run->b, constants[random_below(making->random, 6)], 0);
    }
    return making->fields[random_below(making->random, FIELDS)];
}

static uint32_t sum_of(const struct making *making, uint32_t value)
{
    return builder_reduce(&making->run->b, OP_SUM, making->axis, 0, value, NO_OPERAND);
}

/* Two numbers that are equal, computed in different ways. */
static void make_pair(const struct making *making, uint32_t sides[2])
{
    struct builder *b = &making->run->b;
    uint32_t x = leaf(making);
    uint32_t y = leaf(making);
    uint32_t z = leaf(making);
    switch (random_below(making->random, 9)) {
    case 0: /* x (y + z) */
        sides[0] = two(making, OP_MUL, x, two(making, OP_ADD, y, z));
        sides[1] = two(making, OP_ADD, two(making, OP_MUL, x, y), two(making, OP_MUL, x, z));
        break;
    case 1: /* (x - y) + y */
        sides[0] = two(making, OP_ADD, two(making, OP_SUB, x, y), y);
        sides[1] = x;
        break;
    case 2: /* the sum of x over the rows, times a field */
        sides[0] = two(making, OP_MUL, sum_of(making, making->list_field), making->fields[0]);
        sides[1] = builder_one(b, OP_SPREAD, making->axis, 0, making->fields[0]);
        sides[1] = sum_of(making, builder_two(b, OP_MUL, making->axis, 0, making->list_field, sides[1]));
        break;
    case 3: /* x y / 7, and x / 7 * y */
        sides[0] = two(making, OP_DIV, two(making, OP_MUL, x, y), builder_number(b, "7", 0));
        sides[1] = two(making, OP_MUL, two(making, OP_DIV, x, builder_number(b, "7", 0)), y);
        break;
    case 4: /* (x + y) / d, and x / d + y / d */
        sides[0] = two(making, OP_DIV, two(making, OP_ADD, x, y), making->fields[1]);
        sides[1] =
            two(making, OP_ADD, two(making, OP_DIV, x, making->fields[1]), two(making, OP_DIV, y, making->fields[1]));
        break;
    case 5: /* x / (y / z), and x z / y */
        sides[0] = two(making, OP_DIV, x, two(making, OP_DIV, y, z));
        sides[1] = two(making, OP_DIV, two(making, OP_MUL, x, z), y);
        break;
    case 6: /* 1 - x / (x + z), and z / (x + z) */
        sides[1] = two(making, OP_ADD, x, z);
        sides[0] = two(making, OP_SUB, builder_number(b, "1", 0), two(making, OP_DIV, x, sides[1]));
        sides[1] = two(making, OP_DIV, z, sides[1]);
        break;
    case 7: /* the sum of x / d over the rows, and the sum over d */
        sides[0] = builder_one(b, OP_SPREAD, making->axis, 0, making->fields[2]);
        sides[0] = sum_of(making, builder_two(b, OP_DIV, making->axis, 0, making->list_field, sides[0]));
        sides[1] = two(making, OP_DIV, sum_of(making, making->list_field), making->fields[2]);
        break;
    default: /* (x + y)^2 - (x - y)^2, and 4 x y */
        sides[0] = two(making, OP_SUB, two(making, OP_MUL, two(making, OP_ADD, x, y), two(making, OP_ADD, x, y)),
                       two(making, OP_MUL, two(making, OP_SUB, x, y), two(making, OP_SUB, x, y)));
        sides[1] = two(making, OP_MUL, two(making, OP_MUL, builder_number(b, "4", 0), x), y);
        break;
    }
}

static uint32_t rounded(const struct making *making, uint32_t value, uint32_t mode)
{
    static const char *const steps[] = {"1/10", "1/100", "1/2", "1/5", "1", "10", "1/3"};
    bool is_significant = random_chance(making->random, 30);
    struct instruction round = {.op = is_significant ? OP_ROUNDSIG : OP_ROUND,
                                .axis = AXIS_ID_PRODUCT,
                                .imm = (uint16_t)mode,
                                .a = value,
                                .c = NO_OPERAND,
                                .mask = NO_OPERAND};
    round.b = is_significant ? 1 + random_below(making->random, 4)
                             : builder_number(&making->run->b, steps[random_below(making->random, 7)], 0);
    return builder_op(&making->run->b, round);
}

static void make_program(struct run *run, struct random *random)
{
    static const char *const names[FIELDS] = {"a", "b", "c", "d"};
    struct making making = {.run = run, .random = random};
    for (int i = 0; i < FIELDS; i++) {
        making.fields[i] = builder_load(&run->b, builder_field(&run->b, NO_INDEX, names[i], 0));
    }
    uint32_t list = builder_list(&run->b, NO_INDEX, "ms");
    making.axis = run->b.list_axis[list];
    making.list_field = builder_load(&run->b, builder_field(&run->b, list, "x", 0));
    uint32_t sides[2];
    make_pair(&making, sides);
    run_report(run, "fields", 0,
               two(&making, OP_ADD, making.fields[0], two(&making, OP_ADD, making.fields[1], making.fields[2])));
    run_report(run, "rows", 0, sum_of(&making, making.list_field));
    run_report_bool(run, "less", two(&making, OP_LT, sides[0], sides[1]));
    run_report_bool(run, "at most", two(&making, OP_LE, sides[0], sides[1]));
    run_report_bool(run, "equal", two(&making, OP_EQ, sides[0], sides[1]));
    run_report_bool(run, "near", two(&making, OP_LT, sides[0], two(&making, OP_ADD, sides[1], making.fields[3])));
    for (uint32_t mode = 0; mode < ROUNDING_COUNT; mode++) {
        char name[16];
        snprintf(name, sizeof name, "mode %u", mode);
        run_report(run, name, 0, rounded(&making, sides[mode % 2], mode));
    }
    run_report(run, "left", 0, sides[0]);
    run_report(run, "right", 0, sides[1]);
    builder_sweep(&run->b);
}

/* Of one to three digits, with up to three places. */
static struct str short_decimal(struct arena *arena, struct random *random)
{
    static const uint32_t scales[] = {1, 10, 100, 1000};
    uint32_t places = random_below(random, 4);
    uint32_t digits = random_below(random, random_chance(random, 50) ? 100 : 1000);
    if (places == 0) {
        return str_format(arena, "%u", digits);
    }
    return str_format(arena, "%u.%0*u", digits / scales[places], (int)places, digits % scales[places]);
}

static struct str tied_record(struct arena *arena, struct random *random)
{
    struct buf text = buf_in(arena);
    buf_add(&text, STR("{"));
    for (char name = 'a'; name < 'a' + FIELDS; name++) {
        buf_format(&text, "\"%c\": %.*s, ", name, STR_FMT(short_decimal(arena, random)));
    }
    buf_add(&text, STR("\"ms\": ["));
    for (uint32_t rows = random_below(random, 12), i = 0; i < rows; i++) {
        buf_format(&text, "%s{\"x\": %.*s}", i == 0 ? "" : ", ", STR_FMT(short_decimal(arena, random)));
    }
    buf_add(&text, STR("]}"));
    return buf_str(&text);
}

struct tally {
    uint32_t products, marked, by_grid;
};

static void check_ties(uint64_t seed, struct tally *tally)
{
    struct random random = {seed * UINT64_C(0x9E3779B97F4A7C15)};
    char title[32];
    snprintf(title, sizeof title, "seed %lu", (unsigned long)seed);
    struct run run;
    run_start(&run);
    make_program(&run, &random);
    struct str records[PRODUCTS];
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        records[p] = tied_record(&run.arena, &random);
    }
    run_data(&run, str_format(&run.arena, "[%.*s]", STR_FMT(str_join(&run.arena, records, PRODUCTS, STR(", ")))).at);
    struct outcome *found;
    struct agreement agreement = engines_agree(run.fast, &run.batch, run.outcomes, title, &found);
    tally->marked += agreement.marked;
    engines_report_alike(&run, run.binding, title);
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        tally->products++;
        tally->by_grid += found[p].doubts[ZUJI_BY_GRID] != 0;
    }
    run_free(&run);
}

START_TEST(settles_ties_of_short_decimals)
{
    struct tally tally = {0, 0, 0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_ties((uint64_t)_i * PROGRAMS + seed, &tally);
    }
    ck_assert_uint_gt(tally.by_grid, tally.products / 3);
    ck_assert_uint_eq(tally.marked, 0);
}
END_TEST

Suite *grid_suite(void)
{
    Suite *suite = suite_create("grid");
    TCase *arithmetic = tcase_create("arithmetic");
    tcase_add_test(arithmetic, knows_constants);
    tcase_add_test(arithmetic, knows_data);
    tcase_add_test(arithmetic, combines);
    tcase_add_test(arithmetic, measures);
    suite_add_tcase(suite, arithmetic);
    TCase *decisions = tcase_create("decisions");
    tcase_set_timeout(decisions, 30);
    tcase_add_loop_test(decisions, settles_ties_of_short_decimals, 0, BLOCKS);
    suite_add_tcase(suite, decisions);
    return suite;
}
