/* The file of a compiled rule: one form, read back the same; every damage is refused or harmless. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "tests/unit/program_sample.h"
#include "vm/image.h"
#include "vm/inspect.h"

Suite *image_suite(void);

enum { CHECKSUM = SHA256_HEX - 1 };

static struct sample sample;
static struct arena arena;
static struct str image; /* of the sample */

static void set_up(void)
{
    memset(&sample, 0, sizeof sample);
    sample_start(&sample);
    struct diags out = diags_in(&arena);
    ck_assert(image_write(&arena, sample.program, &image, &out));
}

static void tear_down(void)
{
    sample_free(&sample);
    arena_free(&arena);
}

static enum diag_code read_code(struct arena *memory, struct str bytes)
{
    struct diags out = diags_in(memory);
    struct program *program = image_read(memory, bytes, &out);
    ck_assert((program == NULL) == (out.errors > 0));
    return out.first == NULL ? DIAG_NONE : out.first->code;
}

/* ---- round trip ---- */

START_TEST(written_is_read_and_written_the_same)
{
    struct diags out = diags_in(&arena);
    struct program *program = image_read(&arena, image, &out);
    ck_assert_ptr_nonnull(program);
    ck_assert_str_eq(program->hash, sample.program->hash);
    struct str again;
    ck_assert(image_write(&arena, program, &again, &out));
    ck_assert(str_eq(image, again));
    struct verified *before = verify_program(&arena, sample.program, &out);
    struct verified *after = verify_program(&arena, program, &out);
    ck_assert(str_eq(inspect_listing(&arena, before), inspect_listing(&arena, after)));
}
END_TEST

START_TEST(read_copies_what_it_keeps)
{
    char *bytes = arena_copy(&arena, image.at, image.len);
    struct diags out = diags_in(&arena);
    struct program *program = image_read(&arena, (struct str){bytes, image.len}, &out);
    memset(bytes, 0xA5, image.len);
    ck_assert(str_eq(program->texts[program->rule.name], STR("test")));
    struct str again;
    ck_assert(image_write(&arena, program, &again, &out));
    ck_assert(str_eq(image, again));
}
END_TEST

static struct str written(struct builder *builder)
{
    struct diags out = diags_in(&arena);
    struct str bytes;
    ck_assert(image_write(&arena, builder_finish(builder), &bytes, &out));
    return str_copy(&arena, bytes);
}

/* mass and price, two constants, made in one order or the other. */
static void make_twin(struct builder *b, bool is_reverse, const char *title)
{
    builder_start(b);
    const char *first = is_reverse ? "3" : "2";
    const char *second = is_reverse ? "2" : "3";
    builder_rational(b, first);
    builder_rational(b, second);
    builder_text(b, is_reverse ? "never used" : "nor is this");
    builder_unit(b, is_reverse ? "kg" : "t", is_reverse ? "1" : "1000", "kg");
    uint16_t t = builder_unit(b, "t", "1000", "kg");
    uint16_t kg = builder_unit(b, "kg", "1", "kg");
    uint32_t two = builder_number(b, "2", t);
    uint32_t three = builder_number(b, "3", kg);
    uint32_t mass = builder_load(b, builder_field(b, NO_INDEX, "mass", t));
    builder_the_field(b, 0)->titles.label[LANG_EN] = builder_label(b, title);
    builder_report(b, "more", t, builder_two(b, OP_ADD, AXIS_ID_PRODUCT, t, mass, two));
    builder_report(b, "less", kg, builder_two(b, OP_ADD, AXIS_ID_CONSTANT, kg, three, three));
}

START_TEST(order_of_pools_does_not_matter)
{
    struct builder a;
    struct builder b;
    make_twin(&a, false, "Mass");
    make_twin(&b, true, "Mass");
    ck_assert(str_eq(written(&a), written(&b)));
    builder_free(&a);
    builder_free(&b);
}
END_TEST

START_TEST(unused_members_of_axes_are_settled)
{
    struct diags out = diags_in(&arena);
    struct prog_axis *axes = sample.program->axes;
    axes[AXIS_ID_CONSTANT].list = 0;
    axes[AXIS_ID_PRODUCT].first = 0;
    axes[sample.on_materials].last = 7;
    axes[sample.on_pair].max = 9;
    struct str bytes;
    ck_assert(image_write(&arena, sample.program, &bytes, &out));
    ck_assert(str_eq(image, bytes));
}
END_TEST

START_TEST(labels_are_not_in_the_hash)
{
    struct builder a;
    struct builder b;
    make_twin(&a, false, "Mass");
    make_twin(&b, false, "质量");
    ck_assert(!str_eq(written(&a), written(&b)));
    ck_assert_str_eq(a.program.hash, b.program.hash);
    ck_assert_uint_eq(strlen(a.program.hash), CHECKSUM);
    builder_the_field(&b, 0)->is_optional = 1;
    written(&b);
    ck_assert_str_ne(a.program.hash, b.program.hash);
    builder_free(&a);
    builder_free(&b);
}
END_TEST

START_TEST(large_and_negative_numbers_survive)
{
    struct builder b;
    builder_start(&b);
    builder_report(&b, "a", 0, builder_number(&b, "-123456789012345678901234567890123456789012345678901/7", 0));
    builder_report(&b, "b", 0, builder_number(&b, "170141183460469231731687303715884105727", 0));
    builder_report(&b, "c", 0, builder_number(&b, "-1/170141183460469231731687303715884105728", 0));
    struct str bytes = written(&b);
    struct diags out = diags_in(&arena);
    struct program *program = image_read(&arena, bytes, &out);
    ck_assert_ptr_nonnull(program);
    ck_assert_uint_eq(program->constant_count, b.program.constant_count);
    for (uint32_t i = 0; i < program->constant_count; i++) {
        ck_assert(rat_eq(program->constants[i].number, b.program.constants[i].number));
    }
    ck_assert(str_eq(rat_text(&arena, program->constants[0].number),
                     STR("-123456789012345678901234567890123456789012345678901/7")));
    builder_free(&b);
}
END_TEST

START_TEST(writing_refuses_what_is_out_of_range)
{
    struct diags out = diags_in(&arena);
    struct str bytes;
    sample.program->fields[0].unit = 999;
    ck_assert(!image_write(&arena, sample.program, &bytes, &out));
    ck_assert_int_eq(out.first->code, D_PROGRAM_RANGE);
}
END_TEST

/* A text of `len` bytes as the name of the rule. */
static bool can_name(size_t len)
{
    struct builder b;
    builder_start(&b);
    char *name = arena_alloc(&arena, len + 1, 1);
    memset(name, 'n', len);
    b.program.rule.name = builder_text(&b, name);
    struct diags out = diags_in(&arena);
    struct str bytes;
    bool is_written = image_write(&arena, builder_finish(&b), &bytes, &out);
    ck_assert(!is_written || read_code(&arena, bytes) == DIAG_NONE);
    ck_assert(is_written || out.first->code == D_PROGRAM_LIMIT);
    builder_free(&b);
    return is_written;
}

START_TEST(limit_of_text)
{
    ck_assert(can_name(LIMIT_TEXT));
    ck_assert(!can_name(LIMIT_TEXT + 1));
}
END_TEST

/* ---- damage ---- */

START_TEST(other_files_are_no_rules)
{
    ck_assert_int_eq(read_code(&arena, STR("")), D_IMAGE_NOT);
    ck_assert_int_eq(read_code(&arena, STR("\x89ZUJ")), D_IMAGE_NOT);
    ck_assert_int_eq(read_code(&arena, STR("rule primary_aluminium {}")), D_IMAGE_NOT);
    ck_assert_int_eq(read_code(&arena, STR("\x89ZUJI\n\x1a and newlines were converted")), D_IMAGE_NOT);
}
END_TEST

START_TEST(other_version_is_refused)
{
    char *bytes = arena_copy(&arena, image.at, image.len);
    bytes[8] = 1;
    struct diags out = diags_in(&arena);
    ck_assert_ptr_null(image_read(&arena, (struct str){bytes, image.len}, &out));
    ck_assert_int_eq(out.first->code, D_IMAGE_VERSION);
    ck_assert(str_eq(out.first->args[0], STR("1")));
    ck_assert(str_eq(out.first->args[1], STR("5")));
}
END_TEST

START_TEST(truncation_is_refused)
{
    for (size_t len = 8; len < image.len; len++) {
        struct arena_mark mark = arena_mark(&arena);
        char *bytes = arena_copy(&arena, image.at, len); /* exactly as long: ASan sees reads behind it */
        ck_assert_int_eq(read_code(&arena, (struct str){bytes, len}), D_IMAGE_TRUNCATED);
        arena_reset(&arena, mark);
    }
}
END_TEST

START_TEST(more_bytes_are_refused)
{
    struct str parts[] = {image, STR("x")};
    ck_assert_int_eq(read_code(&arena, str_join(&arena, parts, 2, STR(""))), D_IMAGE_ALTERED);
}
END_TEST

START_TEST(every_changed_byte_is_refused)
{
    char *bytes = arena_copy(&arena, image.at, image.len);
    for (size_t i = 0; i < image.len; i++) {
        struct arena_mark mark = arena_mark(&arena);
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
        enum diag_code code = read_code(&arena, (struct str){bytes, image.len});
        ck_assert_msg(code != DIAG_NONE, "byte %zu", i);
        ck_assert_msg(i < 16 || code == D_IMAGE_ALTERED, "byte %zu: %s", i, diag_info(code)->slug);
        bytes[i] = image.at[i];
        arena_reset(&arena, mark);
    }
}
END_TEST

/* A pseudo-random sequence; the same on every machine. */
static uint32_t random_state = 1;
static uint32_t next_random(uint32_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)random_state * below) >> 32);
}

static void seal(char *bytes, size_t len)
{
    char checksum[SHA256_HEX];
    sha256_hex((struct str){bytes, len - CHECKSUM}, checksum);
    memcpy(bytes + len - CHECKSUM, checksum, CHECKSUM);
}

/* What is accepted in spite of a change is a sound program: it has one form, and can be listed and written. */
static bool is_accepted(struct arena *memory, struct str bytes)
{
    struct diags out = diags_in(memory);
    struct program *program = image_read(memory, bytes, &out);
    struct verified *verified = program == NULL ? NULL : verify_program(memory, program, &out);
    ck_assert((verified == NULL) == (out.errors > 0));
    if (verified == NULL) {
        return false;
    }
    ck_assert_uint_gt(inspect_listing(memory, verified).len, 0);
    struct str again;
    ck_assert(image_write(memory, program, &again, &out));
    ck_assert(str_eq(again, bytes));
    return true;
}

START_TEST(forged_bytes_are_refused_or_sound)
{
    char *bytes = arena_copy(&arena, image.at, image.len);
    int accepted = 0;
    for (size_t i = 0; i < image.len - CHECKSUM; i++) {
        struct arena_mark mark = arena_mark(&arena);
        bytes[i] = (char)(bytes[i] ^ (1 << next_random(8)));
        seal(bytes, image.len);
        accepted += is_accepted(&arena, (struct str){bytes, image.len});
        bytes[i] = image.at[i];
        arena_reset(&arena, mark);
    }
    ck_assert_int_gt(accepted, 0); /* another letter in a title, another bound: that is a rule too */
    ck_assert_int_lt(accepted, (int)image.len / 4);
}
END_TEST

START_TEST(forged_tables_of_sections_are_refused)
{
    for (int round = 0; round < 500; round++) {
        struct arena_mark mark = arena_mark(&arena);
        char *bytes = arena_copy(&arena, image.at, image.len);
        for (uint32_t k = 0; k <= next_random(3); k++) {
            bytes[16 + next_random(18 * 8)] = (char)next_random(256);
        }
        bool is_same = memcmp(bytes, image.at, image.len - CHECKSUM) == 0;
        seal(bytes, image.len);
        ck_assert(is_same || read_code(&arena, (struct str){bytes, image.len}) == D_IMAGE_DAMAGED);
        arena_reset(&arena, mark);
    }
}
END_TEST

/* ---- programs changed in memory ---- */

struct chosen {
    uint32_t countdown; /* this reference is changed */
    uint32_t value;
};

static void change_reference(void *context, const struct reference *reference)
{
    struct chosen *chosen = context;
    if (chosen->countdown-- != 0) {
        return;
    }
    if (reference->narrow != NULL) {
        *reference->narrow = (uint16_t)chosen->value;
    } else {
        *reference->wide = chosen->value;
    }
}

static void count_reference(void *context, const struct reference *reference)
{
    (void)reference;
    ++*(uint32_t *)context;
}

static uint32_t any_number(void)
{
    static const uint32_t special[] = {0, 1, 2, 7, 255, 0x7fff, 0x8000, 0xffff, 0x10000, 0x80000000u, NO_INDEX};
    return next_random(2) == 0 ? next_random(100) : special[next_random(countof(special))];
}

/* One 16-bit piece of an array. */
static void change_array(void *items, size_t count, size_t size)
{
    if (count > 0) {
        uint16_t piece = (uint16_t)any_number();
        memcpy((char *)items + 2 * next_random((uint32_t)(count * size / 2)), &piece, sizeof piece);
    }
}

static void change_program(struct program *program, uint32_t references)
{
    struct chosen chosen = {.countdown = next_random(references), .value = any_number()};
    switch (next_random(4)) {
    case 0:
        change_array(program->code, program->code_count, sizeof *program->code);
        return;
    case 1:
        change_array(program->axes, program->axis_count, sizeof *program->axes);
        return;
    case 2:
        program->fields[next_random(program->field_count)].type = (uint8_t)next_random(9);
        return;
    default:
        program_visit(program, change_reference, &chosen);
        return;
    }
}

/* The verifier has to cope with any program whose counts fit its arrays. */
START_TEST(changed_programs_are_refused_or_sound)
{
    uint32_t references = 0;
    program_visit(sample.program, count_reference, &references);
    int accepted = 0;
    for (int round = 0; round < 6000; round++) {
        struct arena_mark mark = arena_mark(&arena);
        struct diags out = diags_in(&arena);
        struct program *program = image_read(&arena, image, &out);
        for (uint32_t k = 0; k <= next_random(2); k++) {
            change_program(program, references);
        }
        if (verify_program(&arena, program, &out) != NULL) {
            struct str bytes;
            ck_assert(image_write(&arena, program, &bytes, &out));
            ck_assert(is_accepted(&arena, bytes));
            accepted++;
        } else {
            ck_assert_uint_eq(out.errors, 1);
        }
        arena_reset(&arena, mark);
    }
    ck_assert_int_gt(accepted, 0);
}
END_TEST

/* ---- memory ---- */

/* Every allocation fails once: control leaves, nothing else happens (leaks are ASan's to find). */
START_TEST(exhausted_memory_leaves_by_the_exit)
{
    volatile long allowed = 0;
    for (;;) {
        struct arena small = {0};
        jmp_buf exit;
        small.on_exhausted = &exit;
        small.fail_at = ++allowed;
        if (setjmp(exit) == 0) {
            struct diags out = diags_in(&small);
            struct program *program = image_read(&small, image, &out);
            bool is_done = program != NULL && verify_program(&small, program, &out) != NULL;
            arena_free(&small);
            ck_assert(is_done);
            break;
        }
        arena_free(&small);
        allowed += allowed / 16; /* not every one of them: there are thousands */
    }
    ck_assert_int_gt((int)allowed, 10);
}
END_TEST

Suite *image_suite(void)
{
    Suite *suite = suite_create("image");
    TCase *form = tcase_create("form");
    tcase_add_checked_fixture(form, set_up, tear_down);
    tcase_add_test(form, written_is_read_and_written_the_same);
    tcase_add_test(form, read_copies_what_it_keeps);
    tcase_add_test(form, order_of_pools_does_not_matter);
    tcase_add_test(form, unused_members_of_axes_are_settled);
    tcase_add_test(form, labels_are_not_in_the_hash);
    tcase_add_test(form, large_and_negative_numbers_survive);
    tcase_add_test(form, writing_refuses_what_is_out_of_range);
    tcase_add_test(form, limit_of_text);
    suite_add_tcase(suite, form);
    TCase *damage = tcase_create("damage");
    tcase_set_timeout(damage, 120);
    tcase_add_checked_fixture(damage, set_up, tear_down);
    tcase_add_test(damage, other_files_are_no_rules);
    tcase_add_test(damage, other_version_is_refused);
    tcase_add_test(damage, truncation_is_refused);
    tcase_add_test(damage, more_bytes_are_refused);
    tcase_add_test(damage, every_changed_byte_is_refused);
    tcase_add_test(damage, forged_bytes_are_refused_or_sound);
    tcase_add_test(damage, forged_tables_of_sections_are_refused);
    tcase_add_test(damage, changed_programs_are_refused_or_sound);
    tcase_add_test(damage, exhausted_memory_leaves_by_the_exit);
    suite_add_tcase(suite, damage);
    return suite;
}
