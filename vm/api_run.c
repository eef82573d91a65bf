/* Running a rule on data: chunk by chunk, results in the order of the input, memory bounded by the chunk. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/system_error.h"
#include "vm/api_parts.h"
#include "vm/engine.h"
#include "vm/factors.h"
#include "vm/native.h"
#include "vm/reader.h"
#include "vm/reasons.h"

struct zuji_run {
    struct zuji_rule *rule;
    struct arena arena; /* what lives as long as the run */
    struct binder *binder;
    struct engine *engine;
    bool has_only; /* a single product is wanted */
    atomic_bool is_cancelled;
    uint64_t failed; /* products in error so far */
    struct batch batch;
    struct arena results;  /* of the result at hand */
    struct arena messages; /* of the input as a whole */
    struct diags diags;
    struct reader *reader; /* of the call that is running */
    FILE *file;
    const struct zuji_result *last; /* of zuji_run_record */
    struct str identity;            /* zuji_run_json */
};

/* ---- making ---- */

struct make_run {
    struct zuji_run *run;
    const struct zuji_factors *factors;
    struct zuji_options options;
};

static enum zuji_status make_run(void *context, jmp_buf *exhausted)
{
    struct make_run *work = context;
    struct zuji_run *run = work->run;
    const struct zuji_rule *rule = run->rule;
    run->arena.on_exhausted = exhausted;
    run->messages.on_exhausted = exhausted;
    struct factor_binding *factors = factor_bind(&run->arena, rule->program, work->factors, &run->diags);
    struct native_binding *natives = native_bind(&run->arena, rule->program, work->options.natives, &run->diags);
    if (factors == NULL || natives == NULL) {
        return ZUJI_FINDINGS;
    }
    run->binder = binder_new(&run->arena, rule->program);
    if (work->options.only_product != NULL) {
        run->has_only = true;
        binder_only(run->binder, str_of(work->options.only_product));
    }
    struct engine_options options = {.use_exact = work->options.use_exact != 0,
                                     .cost_limit = work->options.cost_limit,
                                     .natives = natives};
    run->engine = engine_new(&run->arena, rule->verified, rule->plan, factors, options);
    run->identity = rule_identity(&run->arena, rule, work->factors == NULL ? "" : work->factors->hash);
    return ZUJI_OK;
}

enum zuji_status zuji_run_new(const struct zuji_rule *rule, const struct zuji_factors *factors,
                              const struct zuji_options *options, struct zuji_run **run,
                              struct zuji_messages **messages)
{
    if (rule == NULL || run == NULL) {
        return ZUJI_USAGE;
    }
    *run = NULL;
    struct zuji_run *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return ZUJI_NO_MEMORY;
    }
    made->rule = rule_keep(rule);
    made->diags = diags_in(&made->messages);
    atomic_init(&made->is_cancelled, false);
    struct make_run work = {.run = made, .factors = factors};
    if (options != NULL) {
        work.options = *options;
    }
    enum zuji_status status = api_call(make_run, &work);
    api_give_messages(messages, &made->diags);
    if (status != ZUJI_OK) {
        zuji_run_free(made);
        return status;
    }
    *run = made;
    return ZUJI_OK;
}

void zuji_run_free(struct zuji_run *run)
{
    if (run != NULL) {
        engine_free(run->engine);
        batch_free(&run->batch);
        arena_free(&run->results);
        arena_free(&run->messages);
        arena_free(&run->arena);
        zuji_rule_free(run->rule);
        free(run);
    }
}

const char *zuji_run_json(const struct zuji_run *run, size_t *len)
{
    if (len != NULL) {
        *len = run->identity.len;
    }
    return run->identity.at;
}

void zuji_run_stats(const struct zuji_run *run, struct zuji_stats *stats)
{
    *stats = *engine_stats(run->engine);
}

void zuji_run_cancel(struct zuji_run *run)
{
    atomic_store(&run->is_cancelled, true);
}

/* ---- chunks ---- */

struct sink {
    zuji_result_fn result;
    void *user;
    bool is_stopped;
};

/* After many failed products only the first cause of each is told: the messages of a hostile stream are bounded. */
static void limit_messages(struct zuji_run *run, struct product *product)
{
    struct diag *first = product->messages.first;
    if (run->failed > LIMIT_RUN_MESSAGES && first != NULL) {
        first->next = NULL;
        product->messages.last = first;
    }
}

/* The year or date that the data are of, where the rule says which field that is; else empty. */
static const char *period_of(struct zuji_run *run, uint32_t product)
{
    uint32_t field = run->rule->program->rule.period_field;
    const struct batch *batch = &run->batch;
    if (field == NO_INDEX || !batch->products[product].is_bound || !batch->columns[field].given[product]) {
        return "";
    }
    int32_t whole = batch->columns[field].as.whole[product];
    bool is_year = run->rule->program->fields[field].type == VALUE_YEAR;
    return is_year ? str_format(&run->results, "%ld", (long)whole).at
                   : str_copy(&run->results, calendar_text(&run->results, whole)).at;
}

static struct zuji_result *result_of(struct zuji_run *run, uint32_t product, const struct outcome *outcome)
{
    struct batch *batch = &run->batch;
    struct zuji_result *result = result_new(&run->results, run->rule->plan, &batch->products[product], outcome);
    struct reason_source *source = NULL;
    if (batch->products[product].is_bound) {
        source = arena_new(&batch->arena, struct reason_source);
        *source = (struct reason_source){
            .engine = run->engine, .batch = batch, .product = product, .arenas = {&batch->arena, &run->arena}
        };
    }
    for (uint32_t r = 0; r < result->row_count; r++) {
        result->rows[r].reasons = source;
        result->rows[r].period = period_of(run, product);
    }
    return result;
}

static void run_chunk(struct zuji_run *run, struct sink *sink)
{
    struct batch *batch = &run->batch;
    struct outcome *outcomes = arena_array(&batch->arena, struct outcome, batch->product_count);
    engine_run_batch(run->engine, batch, outcomes);
    for (uint32_t p = 0; p < batch->product_count && !sink->is_stopped; p++) {
        if (outcomes[p].is_failed) {
            limit_messages(run, &batch->products[p]);
        }
        const struct zuji_result *result = result_of(run, p, &outcomes[p]);
        run->failed += !result->is_ok;
        sink->is_stopped = sink->result(sink->user, result) != 0;
        api_take_back();
        arena_clear(&run->results);
    }
}

static enum zuji_status run_reader(struct zuji_run *run, struct sink *sink)
{
    bool is_cancelled = false;
    while (!sink->is_stopped && !is_cancelled && reader_next(run->reader, &run->batch)) {
        run_chunk(run, sink);
        is_cancelled = atomic_exchange(&run->is_cancelled, false);
    }
    if (is_cancelled) {
        return ZUJI_CANCELLED;
    }
    if (sink->is_stopped || reader_failed(run->reader)) {
        return ZUJI_IO;
    }
    return run->diags.errors > 0 || run->failed > 0 ? ZUJI_FINDINGS : ZUJI_OK;
}

/* ---- calls ---- */

/* Memory of the call before may be used again; a result of zuji_run_record lives until here. */
static void begin(struct zuji_run *run, jmp_buf *exhausted)
{
    struct arena *arenas[] = {&run->arena, &run->batch.arena, &run->results, &run->messages};
    batch_clear(&run->batch);
    arena_clear(&run->results);
    arena_clear(&run->messages);
    for (size_t i = 0; i < countof(arenas); i++) {
        arenas[i]->on_exhausted = exhausted;
    }
    run->diags = diags_in(&run->messages);
    run->failed = 0;
    run->last = NULL;
}

/* Also after a call that ran out of memory. */
static void end(struct zuji_run *run)
{
    reader_free(run->reader);
    run->reader = NULL;
    if (run->file != NULL && run->file != stdin) {
        fclose(run->file);
    }
    run->file = NULL;
}

struct stream {
    struct zuji_run *run;
    struct str name;
    zuji_read_fn read;
    void *read_user;
    struct sink sink;
};

static enum zuji_status run_input(struct stream *work)
{
    enum zuji_status status = run_reader(work->run, &work->sink);
    if (status == ZUJI_IO && !work->sink.is_stopped) {
        diag_add(&work->run->diags, D_READ_FAILED, (struct span){0, 0, 0}, DIAG_ARGS(work->name));
    }
    return status;
}

static long read_host(void *user, char *buffer, size_t capacity)
{
    struct stream *work = user;
    long count = work->read(work->read_user, buffer, capacity);
    api_take_back();
    return count;
}

static enum zuji_status run_stream(void *context, jmp_buf *exhausted)
{
    struct stream *work = context;
    struct zuji_run *run = work->run;
    begin(run, exhausted);
    run->reader = reader_stream(run->binder, &run->diags, work->name, read_host, work);
    return run_input(work);
}

static enum zuji_status finish(struct stream *work, enum zuji_status status, struct zuji_messages **messages)
{
    end(work->run);
    api_give_messages(messages, &work->run->diags);
    return status;
}

enum zuji_status zuji_run_stream(struct zuji_run *run, const char *name, zuji_read_fn read, void *read_user,
                                 zuji_result_fn result, void *result_user, struct zuji_messages **messages)
{
    if (run == NULL || read == NULL || result == NULL) {
        return ZUJI_USAGE;
    }
    struct stream work = {
        .run = run,
        .name = str_of(name),
        .read = read,
        .read_user = read_user,
        .sink = {.result = result, .user = result_user}
    };
    return finish(&work, api_call(run_stream, &work), messages);
}

/* ---- files ---- */

static long read_file(void *user, char *buffer, size_t capacity)
{
    FILE *file = user;
    size_t count = fread(buffer, 1, capacity, file);
    return count == 0 && ferror(file) ? -1 : (long)count;
}

/* One that is no JSON, whatever is in it. */
static bool is_table_file(struct str name)
{
    static const char *const endings[] = {".csv", ".tsv", ".xlsx", ".xls", ".ods"};
    for (size_t i = 0; i < countof(endings); i++) {
        size_t len = strlen(endings[i]);
        if (name.len > len && strcasecmp(name.at + name.len - len, endings[i]) == 0 && access(name.at, F_OK) == 0) {
            return true;
        }
    }
    return false;
}

static enum zuji_status run_path(void *context, jmp_buf *exhausted)
{
    struct stream *work = context;
    struct zuji_run *run = work->run;
    struct stat about;
    begin(run, exhausted);
    bool is_stdin = str_eq(work->name, STR("-"));
    if (!is_stdin && stat(work->name.at, &about) == 0 && S_ISDIR(about.st_mode)) {
        run->reader = reader_folder(run->binder, &run->diags, work->name);
        return run->reader == NULL ? ZUJI_IO : run_input(work);
    }
    if (is_table_file(work->name)) {
        diag_add(&run->diags, D_DATA_TABLE_FILE, (struct span){0, 0, 0}, DIAG_ARGS(work->name));
        return ZUJI_FINDINGS;
    }
    run->file = is_stdin ? stdin : fopen(work->name.at, "rb");
    if (run->file == NULL) {
        struct str reason = system_error_text(run->diags.arena, errno);
        diag_add(&run->diags, D_CANNOT_OPEN, (struct span){0, 0, 0}, DIAG_ARGS(work->name, reason));
        return ZUJI_IO;
    }
    run->reader = reader_stream(run->binder, &run->diags, work->name, read_file, run->file);
    return run_input(work);
}

enum zuji_status zuji_run_path(struct zuji_run *run, const char *path, zuji_result_fn result, void *result_user,
                               struct zuji_messages **messages)
{
    if (run == NULL || path == NULL || result == NULL) {
        return ZUJI_USAGE;
    }
    struct stream work = {
        .run = run, .name = str_of(path), .sink = {.result = result, .user = result_user}
    };
    return finish(&work, api_call(run_path, &work), messages);
}

/* ---- one record ---- */

struct memory { /* a text as a stream */
    const char *at;
    size_t left;
};

static long read_memory(void *user, char *buffer, size_t capacity)
{
    struct memory *memory = user;
    size_t count = memory->left < capacity ? memory->left : capacity;
    if (count > 0) {
        memcpy(buffer, memory->at, count);
    }
    memory->at += count;
    memory->left -= count;
    return (long)count;
}

/* What cannot be read as a record is a product in error too. */
static const struct zuji_result *unreadable(struct zuji_run *run)
{
    struct product product = {.id = STR("1"), .number = 1, .messages = run->diags};
    struct outcome failed = {.is_failed = true};
    if (product.messages.errors == 0) {
        diag_add(&product.messages, run->has_only ? D_PRODUCT_NOT_FOUND : D_READ_FAILED, (struct span){0, 0, 0},
                 DIAG_ARGS(STR("JSON")));
    }
    return result_new(&run->results, run->rule->plan, &product, &failed);
}

static enum zuji_status run_record(void *context, jmp_buf *exhausted)
{
    struct stream *work = context;
    struct zuji_run *run = work->run;
    begin(run, exhausted);
    run->reader = reader_stream(run->binder, &run->diags, work->name, work->read, work->read_user);
    if (reader_next(run->reader, &run->batch) && run->diags.errors == 0) {
        struct outcome *outcomes = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
        engine_run_batch(run->engine, &run->batch, outcomes);
        run->last = result_of(run, 0, &outcomes[0]);
    } else {
        run->last = unreadable(run);
    }
    return run->last->is_ok ? ZUJI_OK : ZUJI_FINDINGS;
}

enum zuji_status zuji_run_record(struct zuji_run *run, const char *json, size_t len, const struct zuji_result **result)
{
    if (run == NULL || result == NULL || (json == NULL && len > 0)) {
        return ZUJI_USAGE;
    }
    struct memory memory = {json, len};
    struct stream work = {.run = run, .name = STR(""), .read = read_memory, .read_user = &memory};
    enum zuji_status status = api_call(run_record, &work);
    end(run);
    *result = status == ZUJI_NO_MEMORY ? NULL : run->last;
    return status;
}
