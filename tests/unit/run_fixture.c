#include "tests/unit/run_fixture.h"

#include "tests/unit/engines_agree.h"

#include <check.h>
#include <string.h>

void run_start(struct run *run)
{
    memset(run, 0, sizeof *run);
    builder_start(&run->b);
    run->diags = diags_in(&run->arena);
}

static const char *all_messages(struct run *run, const struct diags *diags)
{
    struct buf text = buf_in(&run->arena);
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        buf_add(&text, diag_message(&run->arena, diag, LANG_EN));
        buf_char(&text, '\n');
    }
    return str_copy(&run->arena, buf_str(&text)).at;
}

void run_factors(struct run *run, const char *csv)
{
    run->factors = factors_new(NULL);
    bool is_added = factors_add(run->factors, str_of(csv), STR("factors.csv"), &run->diags);
    ck_assert_msg(is_added, "%s", all_messages(run, &run->diags));
}

/* twist(x, y) = 0.7 x - y / 3, which has no value where x is above 250 and gives up where y is below -1e9. */
static int twist(void *user, size_t rows, const double *x, const double *y, double *result)
{
    size_t *calls = user;
    ++*calls;
    for (size_t i = 0; i < rows; i++) {
        if (y[i] < -1e9) {
            return 7;
        }
        result[i] = x[i] > 250 ? 0.0 / 0.0 : x[i] * 0.7 - y[i] / 3;
    }
    return 0;
}

static void bind_natives(struct run *run)
{
    struct zuji_natives *natives = NULL;
    zuji_natives_new(&natives);
    zuji_natives_add(natives, "twist", "(x: number, y: number): number", (zuji_native_fn)twist, &run->native_calls);
    run->natives = native_bind(&run->arena, run->program, natives, &run->diags);
    zuji_natives_free(natives);
    ck_assert_msg(run->natives != NULL, "%s", all_messages(run, &run->diags));
}

void run_prepare(struct run *run)
{
    run->program = builder_finish(&run->b);
    run->verified = verify_program(&run->arena, run->program, &run->diags);
    ck_assert_msg(run->verified != NULL, "%s", all_messages(run, &run->diags));
    run->plan = result_plan_new(&run->arena, run->program);
    struct factor_binding *factors = factor_bind(&run->arena, run->program, run->factors, &run->diags);
    ck_assert_msg(factors != NULL, "%s", all_messages(run, &run->diags));
    bind_natives(run);
    struct engine_options options = {.use_exact = true, .cost_limit = run->cost_limit, .natives = run->natives};
    run->engine = engine_new(&run->arena, run->verified, run->plan, factors, options);
    run->fast = fast_new(&run->arena, run->verified, factors, run->natives, run->cost_limit);
    run->binding = factors;
}

static long read_text(void *user, char *buffer, size_t capacity)
{
    struct str *left = user;
    size_t count = left->len < capacity ? left->len : capacity;
    memcpy(buffer, left->at, count);
    *left = str_slice(*left, count, left->len);
    return (long)count;
}

void run_data(struct run *run, const char *json)
{
    struct str text = str_of(json);
    if (run->program == NULL) {
        run_prepare(run);
    }
    struct binder *binder = binder_new(&run->arena, run->program);
    struct reader *reader = reader_stream(binder, &run->diags, STR("data.json"), read_text, &text);
    ck_assert_msg(reader_next(reader, &run->batch), "%s", all_messages(run, &run->diags));
    reader_free(reader);
    run->outcomes = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    engine_run_batch(run->engine, &run->batch, run->outcomes);
    engines_agree(run->fast, &run->batch, run->outcomes, "run_data", NULL);
}

void run_free(struct run *run)
{
    engine_free(run->engine);
    fast_free(run->fast);
    factors_free(run->factors);
    arena_free(&run->batch.arena);
    arena_free(&run->arena);
    builder_free(&run->b);
}

void run_report(struct run *run, const char *name, uint16_t unit, uint32_t value)
{
    builder_report(&run->b, name, unit, value);
}

void run_report_bool(struct run *run, const char *name, uint32_t value)
{
    struct instruction select = {.op = OP_SELECT,
                                 .axis = AXIS_ID_PRODUCT,
                                 .a = value,
                                 .b = builder_number(&run->b, "1", 0),
                                 .c = builder_number(&run->b, "0", 0),
                                 .mask = NO_OPERAND};
    builder_report(&run->b, name, 0, builder_op(&run->b, select));
}

static uint32_t find_report(const struct run *run, const char *name)
{
    for (uint32_t r = 0; r < run->program->output_count; r++) {
        if (str_eq(run->program->texts[run->program->outputs[r].name], str_of(name))) {
            return r;
        }
    }
    ck_abort_msg("no report %s", name);
    return 0;
}

void run_expect(const struct run *run, uint32_t product, const char *report, const char *value)
{
    struct arena arena = {.limit = 0};
    struct rat wanted = RAT_ZERO;
    const struct outcome *outcome = &run->outcomes[product];
    struct arena *texts = (struct arena *)&run->arena;
    ck_assert_msg(!outcome->is_failed, "%s: %s", report,
                  outcome->is_failed ? diag_message(texts, run->batch.products[product].messages.first, LANG_EN).at
                                     : "");
    ck_assert(rat_parse(&arena, str_of(value), &wanted));
    struct rat found = outcome->rows[0].output[find_report(run, report)];
    ck_assert_msg(rat_eq(found, wanted), "%s is %s, not %s", report, rat_text(&arena, found).at, value);
    arena_free(&arena);
}

size_t run_message_count(const struct run *run, uint32_t product)
{
    size_t count = 0;
    for (const struct diag *diag = run->batch.products[product].messages.first; diag != NULL; diag = diag->next) {
        count++;
    }
    return count;
}

void run_expect_failure(struct run *run, uint32_t product, size_t n, const char *code, const char *text)
{
    const struct diag *diag = run->batch.products[product].messages.first;
    ck_assert(run->outcomes[product].is_failed);
    for (size_t i = 0; i < n && diag != NULL; i++) {
        diag = diag->next;
    }
    ck_assert_msg(diag != NULL, "there is no message %zu", n);
    struct zuji_messages *all = messages_in(&run->arena, &run->batch.products[product].messages);
    const struct zuji_message *message = &all->items[n];
    ck_assert_msg(strcmp(message->code, code) == 0, "%s: %s", message->code, message->text[ZUJI_EN]);
    ck_assert_msg(strstr(message->text[ZUJI_EN], text) != NULL, "'%s' lacks '%s'", message->text[ZUJI_EN], text);
}

struct zuji_result *run_result(struct run *run, uint32_t product)
{
    struct zuji_result *result =
        result_new(&run->arena, run->plan, &run->batch.products[product], &run->outcomes[product]);
    result_complete(result);
    return result;
}
