#include "cli/sankey.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

Suite *sankey_suite(void);

static void ck_box_in(struct sankey_box box, const struct sankey *sankey)
{
    ck_assert_int_ge(box.y, 0);
    ck_assert_int_le(box.y + box.height, sankey->height);
}

/* Bands fill the boxes at both ends without gap or overlap, boxes of a column do not overlap, nothing gets lost. */
static void ck_conserved(const struct sankey *sankey)
{
    long added = 0;
    long taken = 0;
    for (size_t i = 0; i < sankey->input_count; i++) {
        long y = sankey->inputs[i].box.y;
        for (size_t b = 0; b < sankey->band_count; b++) {
            if (sankey->bands[b].input == i) {
                ck_assert_int_eq(sankey->bands[b].input_y, y);
                ck_assert_int_ge(sankey->bands[b].height, SANKEY_BAND_MIN);
                y += sankey->bands[b].height;
            }
        }
        ck_assert_int_eq(y, sankey->inputs[i].box.y + sankey->inputs[i].box.height);
        ck_assert(!sankey->inputs[i].is_merged);
        ck_box_in(sankey->inputs[i].box, sankey);
        if (i > 0) {
            ck_assert_int_ge(sankey->inputs[i].box.y, sankey->inputs[i - 1].box.y + sankey->inputs[i - 1].box.height);
        }
    }
    long end = 0;
    for (size_t s = 0; s < sankey->stage_count; s++) {
        const struct sankey_stage *stage = &sankey->stages[s];
        long y[2] = {stage->box.y, stage->box.y + stage->added_height};
        for (size_t b = 0; b < sankey->band_count; b++) {
            const struct sankey_band *band = &sankey->bands[b];
            if (band->stage == s) {
                ck_assert_int_eq(band->stage_y, y[band->is_negative]);
                y[band->is_negative] += band->height;
            }
        }
        ck_assert_int_eq(y[0], stage->box.y + stage->added_height);
        ck_assert_int_eq(y[1], stage->box.y + stage->box.height);
        ck_assert_int_eq(stage->added_y, sankey->added.y + added);
        ck_assert_int_eq(stage->taken_y, sankey->taken.y + taken);
        added += stage->added_height;
        taken += stage->taken_height;
        if (stage->box.height > 0) {
            ck_box_in(stage->box, sankey);
            ck_assert_int_ge(stage->box.y, end);
            end = stage->box.y + stage->box.height;
        }
    }
    ck_assert_int_eq(sankey->added.height, added);
    ck_assert_int_eq(sankey->taken.height, taken);
    ck_assert_int_eq(sankey->net, added - taken);
}

START_TEST(nothing_is_drawn_of_nothing)
{
    struct arena arena = {0};
    struct sankey sankey = sankey_new(&arena, 1);
    sankey_add(&sankey, STR("a"), STR("a"), 0, 0);
    sankey_add(&sankey, STR("b"), STR("b"), 0, (double)NAN);
    sankey_add(&sankey, STR("c"), STR("c"), 0, (double)INFINITY);
    ck_assert(!sankey_lay_out(&sankey));
    sankey_add(&sankey, STR("d"), STR("d"), 0, 1e308);
    sankey_add(&sankey, STR("e"), STR("e"), 0, 1.7e308); /* together beyond all doubles */
    ck_assert(!sankey_lay_out(&sankey));
    arena_free(&arena);
}
END_TEST

START_TEST(widths_are_amounts)
{
    struct arena arena = {0};
    struct sankey sankey = sankey_new(&arena, 2);
    sankey_add(&sankey, STR("steel"), STR("Steel"), 0, 30);
    sankey_add(&sankey, STR("steel"), STR("Steel"), 0, 20);
    sankey_add(&sankey, STR("steel"), STR("Steel"), 1, -10);
    sankey_add(&sankey, STR("power"), STR("Power"), 1, 40);
    ck_assert(sankey_lay_out(&sankey));
    ck_conserved(&sankey);
    ck_assert_uint_eq(sankey.input_count, 2);
    ck_assert_uint_eq(sankey.band_count, 3);
    ck_assert(sankey.size == 100);
    ck_assert(sankey.inputs[0].size == 60 && sankey.inputs[0].taken == 10);
    /* 360 pixels for 100 */
    ck_assert_int_eq(sankey.bands[0].height, 1800);
    ck_assert_int_eq(sankey.bands[1].height, 360);
    ck_assert(sankey.bands[1].is_negative);
    ck_assert_int_eq(sankey.bands[2].height, 1440);
    ck_assert_int_eq(sankey.net, 3240 - 360);
    arena_free(&arena);
}
END_TEST

START_TEST(more_may_be_taken_off_than_added)
{
    struct arena arena = {0};
    struct sankey sankey = sankey_new(&arena, 1);
    sankey_add(&sankey, STR("a"), STR("a"), 0, 10);
    sankey_add(&sankey, STR("b"), STR("b"), 0, -30);
    ck_assert(sankey_lay_out(&sankey));
    ck_conserved(&sankey);
    ck_assert_int_eq(sankey.net, -1800);
    arena_free(&arena);
}
END_TEST

START_TEST(inputs_stand_by_stage_and_size)
{
    static const char *const order[] = {"b", "a", "minus", "d", "c"};
    struct arena arena = {0};
    struct sankey sankey = sankey_new(&arena, 2);
    sankey_add(&sankey, STR("minus"), STR("minus"), 0, -50);
    sankey_add(&sankey, STR("a"), STR("a"), 0, 10);
    sankey_add(&sankey, STR("b"), STR("b"), 0, 20);
    sankey_add(&sankey, STR("c"), STR("c"), 1, 30);
    sankey_add(&sankey, STR("d"), STR("d"), 1, 40);
    ck_assert(sankey_lay_out(&sankey));
    for (size_t i = 0; i < countof(order); i++) {
        ck_assert(str_eq(sankey.inputs[i].label, str_of(order[i])));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(small_inputs_go_together_by_stage)
{
    struct arena arena = {0};
    struct sankey sankey = sankey_new(&arena, 2);
    double sum = 1000;
    sankey_add(&sankey, STR("large"), STR("large"), 0, 1000);
    sankey_add(&sankey, STR("alone"), STR("alone"), 1, 1);
    for (int i = 0; i < 3; i++) {
        sankey_add(&sankey, str_format(&arena, "s%d", i), STR("small"), 0, 1);
    }
    ck_assert(sankey_lay_out(&sankey));
    ck_conserved(&sankey);
    ck_assert_uint_eq(sankey.input_count, 3);
    ck_assert(str_eq(sankey.inputs[0].label, STR("large")));
    ck_assert_uint_eq(sankey.inputs[1].others, 3);
    ck_assert(sankey.inputs[1].size == 3);
    ck_assert(str_eq(sankey.inputs[2].label, STR("alone")));
    ck_assert(sankey.size == sum + 4);
    arena_free(&arena);
}
END_TEST

/* As many inputs as there may be are all drawn; what is beyond goes together, a single one is drawn. */
START_TEST(number_of_inputs_is_bounded)
{
    for (size_t more = 0; more < 3; more++) {
        struct arena arena = {0};
        struct sankey sankey = sankey_new(&arena, 1);
        for (size_t i = 0; i < SANKEY_INPUTS_MAX + more; i++) {
            sankey_add(&sankey, str_format(&arena, "%zu", i), STR("x"), 0, 1);
        }
        ck_assert(sankey_lay_out(&sankey));
        ck_conserved(&sankey);
        ck_assert_uint_eq(sankey.input_count, SANKEY_INPUTS_MAX + (more > 0));
        ck_assert_uint_eq(sankey.inputs[sankey.input_count - 1].others, more == 2 ? 2 : 0);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(random_amounts_are_conserved)
{
    uint64_t state = 88172645463325252U;
    for (int round = 0; round < 300; round++) {
        struct arena arena = {0};
        size_t stages = 1 + (size_t)round % 13;
        size_t inputs = 1 + (size_t)(round * 7) % 211;
        struct sankey sankey = sankey_new(&arena, stages);
        double sum = 0;
        for (size_t i = 0; i < inputs * 2; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            double amount = ldexp((double)(state % 1000), (int)(state >> 60) - 8) * ((state >> 20) % 5 == 0 ? -1 : 1);
            sankey_add(&sankey, str_format(&arena, "%u", (unsigned)(state >> 32) % (unsigned)inputs), STR("x"),
                       (size_t)(state >> 24) % stages, amount);
            sum += fabs(amount);
        }
        ck_assert(sankey_lay_out(&sankey));
        ck_conserved(&sankey);
        ck_assert_uint_le(sankey.input_count, SANKEY_INPUTS_MAX + stages * 2);
        ck_assert_double_eq_tol(sankey.size, sum, sum * 1e-12);
        arena_free(&arena);
    }
}
END_TEST

Suite *sankey_suite(void)
{
    Suite *suite = suite_create("sankey");
    TCase *layout = tcase_create("layout");
    tcase_add_test(layout, nothing_is_drawn_of_nothing);
    tcase_add_test(layout, widths_are_amounts);
    tcase_add_test(layout, more_may_be_taken_off_than_added);
    tcase_add_test(layout, inputs_stand_by_stage_and_size);
    tcase_add_test(layout, small_inputs_go_together_by_stage);
    tcase_add_test(layout, number_of_inputs_is_bounded);
    tcase_add_test(layout, random_amounts_are_conserved);
    suite_add_tcase(suite, layout);
    return suite;
}
