/* Running a program made by hand on data written as JSON: builder -> verifier -> reader -> engine -> results.
   Everything lives in the fixture until run_free. Must not use the compiler. */
#ifndef ZUJI_TESTS_UNIT_RUN_FIXTURE_H
#define ZUJI_TESTS_UNIT_RUN_FIXTURE_H

#include "tests/unit/program_builder.h"
#include "vm/engine.h"
#include "vm/factors.h"
#include "vm/native.h"
#include "vm/fast.h"
#include "vm/reader.h"

struct run {
    struct builder b;
    struct arena arena;
    struct diags diags;
    struct program *program;
    struct verified *verified;
    struct result_plan *plan;
    struct zuji_factors *factors;
    uint64_t cost_limit;
    const struct native_binding *natives;
    size_t native_calls; /* of `twist`, which programs may call: run_fixture.c */
    struct factor_binding *binding;
    struct engine *engine;
    struct fast *fast; /* on the same data: what it does not leave to the exact engine must agree */
    struct batch batch;
    struct outcome *outcomes;
};

void run_start(struct run *run);                    /* then build in run->b */
void run_factors(struct run *run, const char *csv); /* before run_prepare */
void run_prepare(struct run *run);                  /* fails the test where the verifier refuses */
void run_data(struct run *run, const char *json);   /* prepares where that was not done, and runs */
void run_free(struct run *run);

/* Makes a plain report of a bool: 1 or 0; or of a number in any unit. */
void run_report_bool(struct run *run, const char *name, uint32_t value);
void run_report(struct run *run, const char *name, uint16_t unit, uint32_t value);

/* The report of a product equals the rational. */
void run_expect(const struct run *run, uint32_t product, const char *report, const char *value);
/* The product failed, and its n-th message has this code (E0701) and contains the text. */
void run_expect_failure(struct run *run, uint32_t product, size_t n, const char *code, const char *text);
size_t run_message_count(const struct run *run, uint32_t product);
struct zuji_result *run_result(struct run *run, uint32_t product);

#endif
