/* Compiles small rules, has the verifier accept them, and runs them on one record by both engines, which must agree.
   One compilation at a time: between lower_setup and lower_teardown. Must not know what is tested. */
#ifndef ZUJI_TESTS_UNIT_LOWER_FIXTURE_H
#define ZUJI_TESTS_UNIT_LOWER_FIXTURE_H

#include "compiler/compile.h"

extern struct arena lower_arena;
extern struct sources lower_sources;
extern struct diags lower_messages;
extern struct compiled *lower_compiled;

void lower_setup(void);
void lower_teardown(void);
void lower_compile_text(const char *text);
/* Declarations, then a rule with these fields and items and an emission of 3 kgCO2e for 1 kg. */
void lower_compile(const char *declarations, const char *fields, const char *items);
void lower_assert_compiled(void);
void lower_assert_refused(enum diag_code code);

struct outcome_of {
    bool is_ok;
    char row[64]; /* what the row is called; empty where results have no rows */
    char code[8]; /* of the first error */
    char error_text[512];
    char notes[2][1024]; /* English and Chinese: "W0750 too high\n" for each message */
    double total;
    char grade[32], other_class[32], limit[32]; /* empty where there is none */
    size_t report_count, flow_count, gas_count, category_count;
    struct {
        char name[64];
        double value;
        bool is_given;
    } reports[16], flows[16], gases[16], categories[8];
};
extern struct outcome_of lower_outcome; /* of the last run, by the exact engine; of its first row */
extern struct outcome_of lower_rows[8];
extern size_t lower_row_count;

void lower_run(const char *record);
void lower_assert_near(double value, double expected); /* to a relative 1e-12 */
void lower_assert_report(const char *name, double expected);
/* The flow of a row (from 0). */
void lower_assert_flow(size_t row, const char *name, double expected);
void lower_assert_total(size_t row, double expected);
void lower_assert_fails(const char *record, const char *code);

#endif
