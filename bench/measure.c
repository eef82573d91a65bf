/* What `make bench` measures inside one process: getting a rule ready, and one record at a time. CPU time, the ways
   taken in turn, medians of rounds; the ratio is to the first line and of the same round.
   Use: measure RULE.pcr GARMENTS.ndjson */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compiler/compile.h"
#include "vm/image.h"
#include "vm/zuji.h"

enum { ROUNDS = 15, REPEATS = 10, RECORDS = 1000, LINE_MAX_BYTES = 65536 };

_Noreturn static void fail(const char *what)
{
    fprintf(stderr, "measure: %s\n", what);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct bench {
    const char *path;
    struct arena arena;
    struct str image;
    struct zuji_rule *rule;
    struct zuji_run *run, *exact_run;
    struct str records[RECORDS];
    size_t record_count;
};

/* ---- the ways ---- */

static struct str compile(const char *path, struct arena *arena)
{
    struct sources *sources = arena_new(arena, struct sources);
    struct diags diags = diags_in(arena);
    struct str image;
    *sources = sources_in(arena);
    struct compiled *made = compile_file(arena, sources, str_of(path), &diags);
    if (made->program == NULL || !image_write(arena, made->program, &image, &diags) || diags.errors > 0) {
        fail("the rule has errors");
    }
    return image;
}

static void load_once(struct bench *bench)
{
    struct zuji_rule *rule;
    if (zuji_load(bench->image.at, bench->image.len, &rule, NULL) != ZUJI_OK) {
        fail("the compiled rule is refused");
    }
    zuji_rule_free(rule);
}

static void compile_once(struct bench *bench)
{
    struct arena arena = {.limit = 0};
    compile(bench->path, &arena);
    arena_free(&arena);
}

static struct zuji_run *new_run(const struct bench *bench, int use_exact)
{
    struct zuji_options options = {.use_exact = use_exact};
    struct zuji_run *run;
    if (zuji_run_new(bench->rule, NULL, &options, &run, NULL) != ZUJI_OK) {
        fail("the rule cannot be bound");
    }
    return run;
}

static void bind_once(struct bench *bench)
{
    zuji_run_free(new_run(bench, 0));
}

static void run_records(struct bench *bench, struct zuji_run *run, enum zuji_detail detail)
{
    const struct zuji_result *result;
    for (size_t i = 0; i < bench->record_count; i++) {
        zuji_run_record(run, bench->records[i].at, bench->records[i].len, &result);
        if (result == NULL || zuji_result_json(result, detail, NULL) == NULL) {
            fail("a record has no result");
        }
    }
}

static void run_totals(struct bench *bench)
{
    run_records(bench, bench->run, ZUJI_TOTALS);
}

static void run_full(struct bench *bench)
{
    run_records(bench, bench->run, ZUJI_FULL);
}

static void run_exact(struct bench *bench)
{
    run_records(bench, bench->exact_run, ZUJI_TOTALS);
}

/* ---- measuring ---- */

struct way {
    const char *title;
    void (*once)(struct bench *bench);
    int repeats; /* in one round */
    double seconds[ROUNDS], ratios[ROUNDS];
};

static int by_size(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

static double median(const double values[ROUNDS])
{
    double sorted[ROUNDS];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof sorted[0], by_size);
    return sorted[ROUNDS / 2];
}

static void measure(struct bench *bench, struct way *ways, size_t count, double per)
{
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            double start = cpu_seconds();
            for (int k = 0; k < ways[i].repeats; k++) {
                ways[i].once(bench);
            }
            ways[i].seconds[round] = (cpu_seconds() - start) / ways[i].repeats;
            ways[i].ratios[round] = ways[i].seconds[round] / ways[0].seconds[round];
        }
    }
    for (size_t i = 0; i < count; i++) {
        printf("  %-44s %10.1f us %9.2f\n", ways[i].title, median(ways[i].seconds) / per * 1e6, median(ways[i].ratios));
    }
}

/* ---- records ---- */

static void read_records(struct bench *bench, const char *path)
{
    static char line[LINE_MAX_BYTES];
    FILE *file = fopen(path, "r");
    while (file != NULL && bench->record_count < RECORDS && fgets(line, sizeof line, file) != NULL) {
        bench->records[bench->record_count++] = str_copy(&bench->arena, str_of(line));
    }
    if (bench->record_count == 0) {
        fail("there are no records");
    }
    fclose(file);
}

/* How many records the fast engine left to the exact one. */
static size_t count_exact(struct bench *bench)
{
    const struct zuji_result *result;
    size_t count = 0;
    for (size_t i = 0; i < bench->record_count; i++) {
        zuji_run_record(bench->run, bench->records[i].at, bench->records[i].len, &result);
        count += result != NULL && zuji_result_is_exact(result);
    }
    return count;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    if (argc != 3) {
        fail("use: measure RULE.pcr GARMENTS.ndjson");
    }
    bench.path = argv[1];
    bench.image = compile(bench.path, &bench.arena);
    read_records(&bench, argv[2]);
    if (zuji_load(bench.image.at, bench.image.len, &bench.rule, NULL) != ZUJI_OK) {
        fail("the compiled rule is refused");
    }
    bench.run = new_run(&bench, 0);
    bench.exact_run = new_run(&bench, 1);
    struct way readying[] = {
        {.title = "load and verify the compiled rule", .once = load_once, .repeats = REPEATS},
        {.title = "prepare it to run", .once = bind_once, .repeats = REPEATS},
        {.title = "compile it from source", .once = compile_once, .repeats = 1},
    };
    struct way running[] = {
        {.title = "one record, totals", .once = run_totals, .repeats = 1},
        {.title = "one record, in full", .once = run_full, .repeats = 1},
        {.title = "one record, totals, --exact", .once = run_exact, .repeats = 1},
    };
    printf("getting the rule ready (%zu bytes)\n", bench.image.len);
    measure(&bench, readying, countof(readying), 1);
    printf("one record at a time\n");
    measure(&bench, running, countof(running), (double)bench.record_count);
    printf("  the fast engine left %zu of %zu records to the exact one\n", count_exact(&bench), bench.record_count);
    zuji_run_free(bench.run);
    zuji_run_free(bench.exact_run);
    zuji_rule_free(bench.rule);
    arena_free(&bench.arena);
    return 0;
}
