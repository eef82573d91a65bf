/* Internal to vm/explain_formula.c, explain_terms.c and explain_rows.c: the formula of one node while it is built. */
#ifndef ZUJI_VM_EXPLAIN_BUILD_H
#define ZUJI_VM_EXPLAIN_BUILD_H

#include "vm/explain.h"

struct building {
    struct explaining *explaining;
    struct explain_node *node;
    unsigned depth, parts;
};

/* A formula, and how its number is told: that of the instruction times `by`, in the unit. What is multiplied is told
   with the product of what its operands are told with, whatever the machine calls its unit. */
struct term {
    struct zuji_formula formula;
    struct rat by;
    struct str unit; /* "1" of plain numbers and hundredths; empty where it has no name */
};

static inline const struct instruction *build_code(const struct building *building, uint32_t instruction)
{
    return &building->explaining->program->code[instruction];
}
static inline struct exact_run *build_run(const struct building *building)
{
    return building->explaining->teller.run;
}

/* ---- explain_formula.c ---- */
struct term build_term(struct building *building, uint32_t instruction, uint32_t row);

/* ---- explain_terms.c ---- */
/* An operation that gives the value of the instruction, told as its unit is. */
struct term term_of(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row);
struct term term_node(const struct building *building, const struct zuji_explanation *part);
/* Room for the operands of the formula. */
struct zuji_formula *term_operands(struct building *building, struct zuji_formula *formula, size_t count);
/* Tells the term in another unit: its number times what is between the two. */
void term_retell(struct building *building, struct term *term, uint32_t instruction, uint32_t row,
                 struct explain_unit in);
/* Tells what the term gives as its operands are told: the instruction's number times `by`. */
void term_tell(struct building *building, struct term *term, uint32_t instruction, uint32_t row, struct rat by,
               struct str unit);
/* Operands of which sums, comparisons, choices and the like are made: told alike. */
struct term term_alike(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row,
                       size_t count);
struct term term_product(struct building *building, uint32_t instruction, uint32_t row); /* MUL, DIV */
/* Functions, told as the machine has their numbers. */
struct term term_function(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row,
                          size_t count);
struct term term_converted(struct building *building, uint32_t instruction, uint32_t row); /* CONVERT */
struct term term_shift(struct building *building, uint32_t instruction, uint32_t row);     /* SHIFT */
struct term term_rounding(struct building *building, uint32_t instruction, uint32_t row);  /* ROUND, ROUNDSIG */
struct term term_power(struct building *building, uint32_t instruction, uint32_t row);     /* POWI, POW */

/* ---- explain_rows.c: over the rows of an axis ---- */
struct term rows_sum(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row);
struct term rows_extreme(struct building *building, enum zuji_operation operation, uint32_t instruction, uint32_t row);
struct term rows_any(struct building *building, uint32_t instruction, uint32_t row);
struct term rows_count(struct building *building, uint32_t instruction, uint32_t row);

#endif
