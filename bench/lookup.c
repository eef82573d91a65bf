/* What looking factors up costs: 20,000 rows of the family that a rule has and as many of ten others, as CSV and as a
   database; reading the file, binding the rule, and 10,000 distinct keys, each looked up once. CPU time, medians of
   rounds. Use: lookup RULE.pcr */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compiler/compile.h"
#include "vm/factor_database.h"

enum { ROUNDS = 15, ROWS = 20000, KEYS = 10000, OTHERS = 10 };

_Noreturn static void fail(const char *what)
{
    fprintf(stderr, "lookup: %s\n", what);
    exit(1);
}

static double cpu_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static struct str csv_of(struct arena *arena)
{
    struct buf text = buf_in(arena);
    buf_add(&text, STR("factor,code,value,unit,source,licence\n"));
    for (unsigned i = 0; i < ROWS; i++) {
        buf_format(&text, "supply,%u,%u.25,kgCO2e/t,a source of some length,CC BY 4.0\n", i * 7919u, i);
        buf_format(&text, "other%u,%u,%u.25,kgCO2e/t,a source of some length,CC BY 4.0\n", i % OTHERS, i * 7919u, i);
    }
    return buf_str(&text);
}

struct times {
    double read, bind, look_up;
};

static void look_up(struct factor_binding *binding)
{
    for (unsigned i = 0; i < KEYS; i++) {
        char code[16];
        int len = snprintf(code, sizeof code, "%u", i * 2 * 7919u);
        struct factor_key key = {
            .text = {code, (size_t)len}
        };
        const struct factor_value *value = factor_resolve(binding, 0, &key, DAYS_UNKNOWN);
        if (!value->is_found || value->line == 0) {
            fail("a key is not found");
        }
    }
}

static struct times measure(const struct program *program, struct str bytes)
{
    struct arena arena = {0};
    struct diags diags = diags_in(&arena);
    double start = cpu_milliseconds();
    struct zuji_factors *factors = factors_new(NULL);
    if (!factors_add(factors, bytes, STR("rows"), &diags)) {
        fail("the rows cannot be read");
    }
    double read = cpu_milliseconds();
    struct factor_binding *binding = factor_bind(&arena, program, factors, &diags);
    if (binding == NULL) {
        fail("the rule cannot be bound");
    }
    double bound = cpu_milliseconds();
    look_up(binding);
    double end = cpu_milliseconds();
    factors_free(factors);
    arena_free(&arena);
    return (struct times){read - start, bound - read, end - bound};
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *list)
{
    qsort(list, ROUNDS, sizeof *list, compare);
    return list[ROUNDS / 2];
}

static void report(const char *title, const struct program *program, struct str bytes)
{
    double reads[ROUNDS], binds[ROUNDS], looks[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        struct times times = measure(program, bytes);
        reads[round] = times.read;
        binds[round] = times.bind;
        looks[round] = times.look_up;
    }
    printf("  %-34s %8.2f ms %8.2f ms %8.2f ms\n", title, median(reads), median(binds), median(looks));
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    struct diags diags = diags_in(&arena);
    struct sources sources = sources_in(&arena);
    if (argc != 2) {
        fail("RULE.pcr");
    }
    struct compiled *compiled = compile_file(&arena, &sources, str_of(argv[1]), &diags);
    struct zuji_factors *factors = factors_new(NULL);
    struct str text = csv_of(&arena);
    size_t len = 0;
    if (compiled->program == NULL || !factors_add(factors, text, STR("rows.csv"), &diags)) {
        fail("the rule or its rows cannot be read");
    }
    char *bytes = database_make(&arena, factors, &len, &diags);
    if (bytes == NULL) {
        fail("no database");
    }
    printf("%-36s %11s %11s %11s\n", "20,000 of 40,000 factors", "read", "bind", "10,000 keys");
    report("CSV", compiled->program, text);
    report("database", compiled->program, (struct str){bytes, len});
    free(bytes);
    factors_free(factors);
    arena_free(&arena);
    return 0;
}
