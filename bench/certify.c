/* What certainty costs: the fast engine with bounds, checks, grids and exact parts, against the same engine on doubles
   alone, on the same products; and which steps the products took. The data are read and bound before: only computing
   and summing up the figures is timed, CPU time, in turn, medians of rounds; and the same with a text made of every
   figure, which all who want figures need, however they were computed.
   Use: certify TITLE RULE.pcr DATA.ndjson|pieces:DIGITS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compiler/compile.h"
#include "vm/engine.h"
#include "vm/factors.h"
#include "vm/image.h"
#include "vm/reader.h"

enum { ROUNDS = 15, BATCHES_MAX = 256, PIECES = 20000 };

_Noreturn static void fail(const char *what)
{
    fprintf(stderr, "certify: %s\n", what);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct bench {
    struct arena arena;
    struct diags diags;
    struct program *program;
    const struct result_plan *plan;
    struct engine *plain, *certified;
    struct batch batches[BATCHES_MAX];
    size_t batch_count;
    uint64_t products;
};

/* ---- the rule ---- */

static void make_engines(struct bench *bench, const char *path)
{
    struct sources *sources = arena_new(&bench->arena, struct sources);
    struct str image;
    *sources = sources_in(&bench->arena);
    struct compiled *made = compile_file(&bench->arena, sources, str_of(path), &bench->diags);
    if (made->program == NULL || !image_write(&bench->arena, made->program, &image, &bench->diags) ||
        bench->diags.errors > 0) {
        fail("the rule has errors");
    }
    bench->program = made->program;
    struct verified *verified = verify_program(&bench->arena, bench->program, &bench->diags);
    struct factor_binding *factors = factor_bind(&bench->arena, bench->program, NULL, &bench->diags);
    if (verified == NULL || factors == NULL) {
        fail("the rule cannot be bound");
    }
    bench->plan = result_plan_new(&bench->arena, bench->program);
    struct engine_options options = {.is_plain = true};
    bench->plain = engine_new(&bench->arena, verified, bench->plan, factors, options);
    options.is_plain = false;
    bench->certified = engine_new(&bench->arena, verified, bench->plan, factors, options);
}

/* ---- the data ---- */

static long read_file(void *user, char *buffer, size_t capacity)
{
    return (long)fread(buffer, 1, capacity, user);
}

static void read_batches(struct bench *bench, reader_read read, void *user)
{
    struct binder *binder = binder_new(&bench->arena, bench->program);
    struct reader *reader = reader_stream(binder, &bench->diags, STR("data"), read, user);
    while (bench->batch_count < BATCHES_MAX && reader_next(reader, &bench->batches[bench->batch_count])) {
        bench->products += bench->batches[bench->batch_count++].product_count;
    }
    reader_free(reader);
    if (bench->products == 0) {
        fail("there are no products");
    }
}

struct pieces { /* as a stream of NDJSON */
    uint64_t state;
    int digits, made;
    char line[1024];
    size_t len, used;
};

static uint64_t below(struct pieces *pieces, uint64_t limit)
{
    uint64_t z = (pieces->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % limit;
}

/* A decimal of so many digits, `whole` of them before the point. */
static void add_number(struct pieces *pieces, const char *name, int whole)
{
    uint64_t limit = 1;
    for (int k = 0; k < pieces->digits; k++) {
        limit *= 10;
    }
    char text[32];
    snprintf(text, sizeof text, "%0*llu", pieces->digits,
             (unsigned long long)(limit / 10 + below(pieces, limit - limit / 10)));
    pieces->len += (size_t)snprintf(pieces->line + pieces->len, sizeof pieces->line - pieces->len, ",\"%s\":%.*s.%s",
                                    name, whole == 0 ? 1 : whole, whole == 0 ? "0" : text, text + whole);
}

static void add_parts(struct pieces *pieces)
{
    enum { PARTS = 4 };
    uint64_t left = 1000;
    for (int i = 0; i < PARTS; i++) {
        uint64_t share = i + 1 == PARTS ? left : below(pieces, left);
        left -= share;
        pieces->len +=
            (size_t)snprintf(pieces->line + pieces->len, sizeof pieces->line - pieces->len, "%s{\"share\":%d.%d",
                             i == 0 ? ",\"parts\":[" : "},", (int)(share / 10), (int)(share % 10));
        add_number(pieces, "factor", 1);
    }
    pieces->len += (size_t)snprintf(pieces->line + pieces->len, sizeof pieces->line - pieces->len, "}]}\n");
}

static void make_piece(struct pieces *pieces)
{
    pieces->made++;
    pieces->used = 0;
    pieces->len = (size_t)snprintf(pieces->line, sizeof pieces->line, "{\"pieces\":1");
    add_number(pieces, "steel", 1);
    add_number(pieces, "plastic", 0);
    add_number(pieces, "power", 1);
    add_number(pieces, "freight", 1);
    add_number(pieces, "scrap", 1);
    add_parts(pieces);
}

static long read_pieces(void *user, char *buffer, size_t capacity)
{
    struct pieces *pieces = user;
    if (pieces->used == pieces->len) {
        if (pieces->made == PIECES) {
            return 0;
        }
        make_piece(pieces);
    }
    size_t count = pieces->len - pieces->used < capacity ? pieces->len - pieces->used : capacity;
    memcpy(buffer, pieces->line + pieces->used, count);
    pieces->used += count;
    return (long)count;
}

static void read_data(struct bench *bench, const char *data)
{
    if (strncmp(data, "pieces:", strlen("pieces:")) == 0) {
        struct pieces pieces = {.state = 1, .digits = atoi(data + strlen("pieces:"))};
        read_batches(bench, read_pieces, &pieces);
        return;
    }
    FILE *file = fopen(data, "r");
    if (file == NULL) {
        fail("the data cannot be opened");
    }
    read_batches(bench, read_file, file);
    fclose(file);
}

/* ---- measuring ---- */

static void make_texts(struct bench *bench, struct batch *batch, const struct outcome *outcomes)
{
    for (uint32_t p = 0; p < batch->product_count; p++) {
        const struct zuji_result *result = result_new(&batch->arena, bench->plan, &batch->products[p], &outcomes[p]);
        const struct result_figures *lists[] = {&result->stages, &result->flows, &result->categories, &result->gases,
                                                &result->reports};
        for (size_t i = 0; i < countof(lists) && result->is_ok; i++) {
            (void)result_list(result, lists[i]);
        }
        if (result->is_ok) {
            (void)result_total(result);
        }
    }
}

static double run_once(struct bench *bench, struct engine *engine, bool has_texts)
{
    double start = cpu_seconds();
    for (size_t i = 0; i < bench->batch_count; i++) {
        struct batch *batch = &bench->batches[i];
        struct arena_mark mark = arena_mark(&batch->arena);
        struct outcome *outcomes = arena_array(&batch->arena, struct outcome, batch->product_count);
        engine_run_batch(engine, batch, outcomes);
        if (has_texts) {
            make_texts(bench, batch, outcomes);
        }
        arena_reset(&batch->arena, mark);
    }
    return cpu_seconds() - start;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

static double median(double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof values[0], by_size);
    return values[ROUNDS / 2];
}

static void print_steps(const struct zuji_stats *stats)
{
    static const char *const steps[ZUJI_SETTLED_COUNT] = {"bounds", "grid", "parts", "product"};
    static const char *const doubts[ZUJI_DOUBT_COUNT] = {"comparison", "step",      "row",     "rounding",
                                                         "figure",     "precision", "failure", "size"};
    double all = (double)(stats->products - stats->refused) / 100;
    printf("    settled by");
    for (int s = 0; s < ZUJI_SETTLED_COUNT; s++) {
        printf(" %s %.2f %%%s", steps[s], (double)stats->settled[s] / all, s + 1 < ZUJI_SETTLED_COUNT ? "," : "");
    }
    for (int d = 0; d < ZUJI_DOUBT_COUNT; d++) {
        const uint64_t *counts = stats->doubts[d];
        if (counts[ZUJI_BY_GRID] + counts[ZUJI_BY_PARTS] + counts[ZUJI_BY_PRODUCT] > 0) {
            printf("; %s %.2f/%.2f/%.2f %%", doubts[d], (double)counts[ZUJI_BY_GRID] / all,
                   (double)counts[ZUJI_BY_PARTS] / all, (double)counts[ZUJI_BY_PRODUCT] / all);
        }
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    double plain[ROUNDS], certified[ROUNDS], ratio[ROUNDS], texts[ROUNDS];
    if (argc != 4) {
        fail("use: certify TITLE RULE.pcr DATA.ndjson|pieces:DIGITS");
    }
    bench.diags = diags_in(&bench.arena);
    make_engines(&bench, argv[2]);
    read_data(&bench, argv[3]);
    (void)run_once(&bench, bench.plain, false);
    (void)run_once(&bench, bench.certified, false);
    struct zuji_stats stats = *engine_stats(bench.certified);
    for (int round = 0; round < ROUNDS; round++) {
        plain[round] = run_once(&bench, bench.plain, false);
        certified[round] = run_once(&bench, bench.certified, false);
        ratio[round] = certified[round] / plain[round];
        double plain_texts = run_once(&bench, bench.plain, true);
        texts[round] = run_once(&bench, bench.certified, true) / plain_texts;
    }
    printf("  %-34s %8.2f us %8.2f us %8.2f %12.2f\n", argv[1], median(plain) / (double)bench.products * 1e6,
           median(certified) / (double)bench.products * 1e6, median(ratio), median(texts));
    print_steps(&stats);
    engine_free(bench.plain);
    engine_free(bench.certified);
    for (size_t i = 0; i < bench.batch_count; i++) {
        batch_free(&bench.batches[i]);
    }
    arena_free(&bench.arena);
    return 0;
}
