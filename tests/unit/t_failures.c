/* Failures of random programs on random data, half of them bad: whatever goes wrong is said, in both languages, with
   every cause; and both engines say the same. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/unit/random_program.h"
#include "vm/exact_run.h"

Suite *failures_suite(void);

enum { PROGRAMS = 10, BLOCKS = 6, PRODUCTS = 12 };

/* ---- bad data ---- */

static const char *const BAD[] = {
    "null",
    "-1",
    "0",
    "1e-300",
    "1e300",
    "1e999",
    "-0.0",
    "\"x\"",
    "\"\"",
    "{}",
    "[]",
    "[{}]",
    "true",
    "1e-61",
    "0.5.5",
    "\"\\ud800\"",
    "{\"value\": 3, \"unit\": \"furlong\"}",
    "{\"value\": 1e59, \"unit\": \"t\"}",
    "\"\xE9\x92\xA2\"",
    "[[[[1]]]]",
    "9007199254740993",
    "123456789012345678901234567890e20",
    "nan",
    "\"2024-02-30\"",
};

/* Where the value that begins at `from` ends. */
static size_t value_end(struct str text, size_t from)
{
    int depth = 0;
    bool is_text = false;
    for (size_t at = from; at < text.len; at++) {
        char c = text.at[at];
        is_text = (c == '"') != is_text;
        if (is_text) {
            continue;
        }
        if (depth == 0 && at > from && (c == ',' || c == '}' || c == ']')) {
            return at;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
    return text.len;
}

/* One value of the record becomes a bad one, or goes with its name. */
static struct str spoilt(struct arena *arena, struct random *random, struct str record)
{
    size_t values[256];
    size_t count = 0;
    for (size_t i = 1; i + 1 < record.len && count < countof(values); i++) {
        if (record.at[i - 1] == ':' && record.at[i] == ' ') {
            values[count++] = i + 1;
        }
    }
    size_t from = values[random_below(random, (uint32_t)count)];
    size_t to = value_end(record, from);
    struct str bad = str_of(BAD[random_below(random, countof(BAD))]);
    const struct str parts[] = {str_slice(record, 0, from), bad, str_slice(record, to, record.len)};
    return str_join(arena, parts, countof(parts), STR(""));
}

static struct str random_records(struct arena *arena, struct random *random)
{
    struct str records[PRODUCTS];
    for (uint32_t p = 0; p < PRODUCTS; p++) {
        records[p] = random_record(arena, random, p);
        for (uint32_t k = random_below(random, 4); k > 0 && p % 2 == 0; k--) {
            records[p] = spoilt(arena, random, records[p]);
        }
    }
    return str_join(arena, records, PRODUCTS, STR("\n"));
}

/* ---- wording ---- */

static void check_text(const char *title, const char *code, const char *text)
{
    ck_assert_msg(text[0] != '\0', "%s: %s says nothing", title, code);
    ck_assert_msg(utf8_validate(str_of(text)) == strlen(text), "%s: %s is ill-formed: '%s'", title, code, text);
    for (const char *at = text; *at != '\0'; at++) {
        bool is_left_open = at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}';
        bool is_control = (unsigned char)*at < ' ' && *at != '\n';
        ck_assert_msg(!is_left_open && !is_control, "%s: %s: '%s'", title, code, text);
    }
}

static void check_wording(struct run *run, uint32_t product, const char *title)
{
    struct zuji_messages *all = messages_in(&run->arena, &run->batch.products[product].messages);
    size_t errors = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct zuji_message *message = &all->items[i];
        errors += message->severity == 0;
        check_text(title, message->code, message->text[ZUJI_EN]);
        check_text(title, message->code, message->text[ZUJI_ZH]);
    }
    ck_assert_msg((errors > 0) == run->outcomes[product].is_failed, "%s: product %u %s", title, product,
                  errors > 0 ? "has an error and has not failed" : "failed without a word");
    ck_assert_uint_le(errors, LIMIT_PRODUCT_MESSAGES + 1);
    (void)result_json(&run->arena, run_result(run, product), ZUJI_FULL);
}

/* ---- causes ---- */

struct causes { /* what the exact engine found under the roots of a product */
    struct diags told;
    uint32_t product;
    const char *title;
};

static bool is_said(const struct diags *messages, const struct exact_cause *cause)
{
    for (const struct diag *message = messages->first; message != NULL; message = message->next) {
        bool is_same = message->code == cause->code;
        for (size_t k = 0; is_same && k < cause->arg_count; k++) {
            is_same = str_eq(message->args[k], cause->args[k]);
        }
        if (is_same) {
            return true;
        }
    }
    return false;
}

static void reach(const struct exact_run *run, uint32_t state, bool *is_seen, bool *is_reached)
{
    if (!is_poison(state) || is_seen[state]) {
        return;
    }
    is_seen[state] = true;
    struct exact_node node = run->nodes[state - STATE_POISON];
    if (node.right == EXACT_LEAF) {
        is_reached[node.left] = true;
        return;
    }
    reach(run, node.left, is_seen, is_reached);
    reach(run, node.right, is_seen, is_reached);
}

static void look_for_causes(void *context, struct exact_run *run, bool is_ok)
{
    const struct causes *causes = context;
    bool *is_seen = arena_array(run->arena, bool, run->node_count + STATE_POISON);
    bool *is_reached = arena_array(run->arena, bool, run->cause_count + 1);
    uint32_t count = 0;
    reach(run, is_poison(run->require_state) ? run->require_state : run->root_state, is_seen, is_reached);
    for (size_t i = 0; i < run->cause_count; i++) {
        count += is_reached[i];
    }
    ck_assert_msg(is_ok == (count == 0), "%s, product %u: %u causes", causes->title, causes->product, count);
    for (size_t i = 0; i < run->cause_count && count <= LIMIT_PRODUCT_MESSAGES; i++) {
        ck_assert_msg(!is_reached[i] || is_said(&causes->told, &run->causes[i]),
                      "%s, product %u: cause %zu is not said", causes->title, causes->product, i);
    }
}

/* ---- the roots, each by itself ---- */

struct kept_values { /* what results read besides roots */
    uint32_t *instructions;
    size_t count;
    bool is_poison;
};

static void add_kept(void *context, uint32_t instruction)
{
    struct kept_values *kept = context;
    kept->instructions[kept->count++] = instruction;
}

static void look_at_kept(void *context, struct exact_run *run, bool is_ok)
{
    struct kept_values *kept = context;
    (void)is_ok;
    for (size_t i = 0; i < kept->count; i++) {
        uint32_t rows = run->axes[run->program->code[kept->instructions[i]].axis].rows;
        for (uint32_t row = 0; row < rows; row++) {
            kept->is_poison = kept->is_poison || is_poison(exact_get(run, kept->instructions[i], row).state);
        }
    }
}

/* Does one of them fail? */
static bool has_bad_root(struct run *run, struct exact *exact, uint32_t product)
{
    const struct program *program = run->program;
    struct outcome outcome;
    struct kept_values kept = {.instructions = arena_array(&run->arena, uint32_t, program->code_count)};
    program_visit_kept(program, KEPT_FOR_RESULTS, add_kept, &kept);
    struct exact_wanted wanted = {kept.instructions, kept.count, look_at_kept, &kept};
    if (!exact_run_roots(exact, &run->batch, product, &wanted, &outcome) || kept.is_poison) {
        return true;
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        uint32_t op = program->code[i].op;
        bool is_root = op == OP_REQUIRE || op == OP_WARN || op == OP_EMIT || op == OP_OUTPUT || op == OP_JUDGE;
        wanted = (struct exact_wanted){.instructions = &i, .count = 1};
        if (is_root && !exact_run_roots(exact, &run->batch, product, &wanted, &outcome)) {
            return true;
        }
    }
    return false;
}

/* ---- the other engine ---- */

static long read_text(void *user, char *buffer, size_t capacity)
{
    struct str *left = user;
    size_t count = left->len < capacity ? left->len : capacity;
    memcpy(buffer, left->at, count);
    *left = str_slice(*left, count, left->len);
    return (long)count;
}

static void read_records(struct run *run, struct str records, struct batch *batch, struct outcome **outcomes,
                         struct engine *engine)
{
    struct binder *binder = binder_new(&run->arena, run->program);
    struct reader *reader = reader_stream(binder, &run->diags, STR("data.json"), read_text, &records);
    bool is_there = reader_next(reader, batch);
    ck_assert(is_there);
    reader_free(reader);
    *outcomes = arena_array(&batch->arena, struct outcome, batch->product_count);
    engine_run_batch(engine, batch, *outcomes);
}

static void same_messages(struct run *run, const struct batch *batch, uint32_t product, const char *title)
{
    const struct diag *found = batch->products[product].messages.first;
    const struct diag *wanted = run->batch.products[product].messages.first;
    for (; found != NULL && wanted != NULL; found = found->next, wanted = wanted->next) {
        struct str texts[] = {diag_message(&run->arena, found, LANG_ZH), diag_message(&run->arena, wanted, LANG_ZH)};
        ck_assert_msg(found->code == wanted->code && str_eq(texts[0], texts[1]), "%s, product %u: '%.*s', not '%.*s'",
                      title, product, STR_FMT(texts[0]), STR_FMT(texts[1]));
    }
    ck_assert_msg(found == NULL && wanted == NULL, "%s, product %u: other messages", title, product);
}

/* ---- all ---- */

struct tally {
    uint32_t products, unbound, failed;
};

static void check_product(struct run *run, struct exact *exact, uint32_t product, const char *title,
                          struct tally *tally)
{
    tally->products++;
    check_wording(run, product, title);
    if (!run->batch.products[product].is_bound) {
        tally->unbound++;
        return;
    }
    bool is_failed = run->outcomes[product].is_failed;
    tally->failed += is_failed;
    struct causes causes = {run->batch.products[product].messages, product, title};
    (void)exact_show_product(exact, &run->batch, product, look_for_causes, &causes);
    bool has_rows = outcome_row_count(&run->batch, product) > 0; /* or it is refused, whatever its roots say */
    ck_assert_msg(!has_rows || has_bad_root(run, exact, product) == is_failed,
                  "%s, product %u: its roots and it do not agree", title, product);
}

static void check_program(uint64_t seed, struct tally *tally)
{
    struct random random = {seed * UINT64_C(0xD1342543DE82EF95)};
    char title[32];
    snprintf(title, sizeof title, "seed %lu", (unsigned long)seed);
    struct run run;
    run_start(&run);
    random_program(&run, &random);
    run_prepare(&run);
    struct str records = random_records(&run.arena, &random);
    read_records(&run, records, &run.batch, &run.outcomes, run.engine);
    struct exact *exact = exact_new(&run.arena, run.verified, run.binding, run.natives, 0);
    for (uint32_t p = 0; p < run.batch.product_count; p++) {
        check_product(&run, exact, p, title, tally);
    }
    struct engine_options options = {.use_exact = false, .natives = run.natives};
    struct engine *engine = engine_new(&run.arena, run.verified, run.plan, run.binding, options);
    struct batch batch = {.arena = {.limit = 0}};
    struct outcome *outcomes;
    read_records(&run, records, &batch, &outcomes, engine);
    ck_assert_uint_eq(batch.product_count, run.batch.product_count);
    for (uint32_t p = 0; p < batch.product_count; p++) {
        ck_assert_int_eq(outcomes[p].is_failed, run.outcomes[p].is_failed);
        same_messages(&run, &batch, p, title);
    }
    engine_free(engine);
    exact_free(exact);
    arena_free(&batch.arena);
    run_free(&run);
}

START_TEST(are_said_with_every_cause)
{
    struct tally tally = {0, 0, 0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_program((uint64_t)_i * 1000 + seed, &tally);
    }
    ck_assert_uint_gt(tally.unbound, tally.products / 10);
    ck_assert_uint_gt(tally.failed, 0);
    ck_assert_uint_gt(tally.products - tally.unbound - tally.failed, 0);
}
END_TEST

Suite *failures_suite(void)
{
    Suite *suite = suite_create("failures");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 30);
    tcase_add_loop_test(all, are_said_with_every_cause, 0, BLOCKS);
    suite_add_tcase(suite, all);
    return suite;
}
