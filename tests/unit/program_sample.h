/* One program in which every instruction occurs, with the numbers of the interesting ones: for tests that change one
   thing and look what happens. It is verified as it is. Owned by its builder: sample_free. */
#ifndef ZUJI_TESTS_UNIT_PROGRAM_SAMPLE_H
#define ZUJI_TESTS_UNIT_PROGRAM_SAMPLE_H

#include "tests/unit/program_builder.h"

struct sample {
    struct builder builder;
    struct program *program;
    /* fields */
    uint32_t materials, prices;
    /* axes */
    uint16_t on_materials, on_prices, on_pair, on_years;
    /* values on the product axis, by type; `tonnes` in t, `number` plain */
    uint32_t tonnes, number, flag, text, year, member, celsius;
    /* on the constant axis */
    uint32_t one, two_kg;
    /* on the list axis */
    uint32_t m_mass, m_mass_given, m_is_heavy, m_name, m_row;
    uint32_t p_price; /* on the axis of prices */
    uint32_t key, step_key;
    uint32_t emit; /* a root */
    uint16_t on_rows; /* the rows of the table, walked */
    uint32_t table;
    uint32_t grade_without_limit;
};
void sample_start(struct sample *sample); /* builds and finishes */
void sample_free(struct sample *sample);
/* The first instruction with this opcode. */
struct instruction *sample_find(struct sample *sample, unsigned op);

#endif
