/* Explanations: how a figure came about, as nodes with values, formulas and grounds, made from the values of all
   instructions (exact_show_product) and the items of the program. They live in the arena of the batch, as long as the
   result. What they are is said in zuji.h.
   Must not know of files, of pages, or of how they are printed (explain_json.c knows JSON). */
#ifndef ZUJI_VM_EXPLAIN_H
#define ZUJI_VM_EXPLAIN_H

#include "vm/reasons.h"

enum zuji_status result_explain(const struct zuji_result *result, const struct zuji_explain *wanted,
                                const struct zuji_explanation **explanation);
struct str explanation_json(struct arena *arena, const struct zuji_explanation *explanation); /* of a root */

/* ---- inside (explain*.c) ---- */

/* The unit in which a number is told. */
struct explain_unit {
    struct str text;  /* "1" of plain numbers */
    struct rat shown; /* times the machine's number: the number written with this text */
    struct rat by;    /* times it: the number for calculating; differs where plain ones are written in % */
};

/* A node in the making: what is told of it, and what it is in the program. Its formula is built when its turn comes, so
   that no depth of a rule is a depth of the stack. */
struct explain_node {
    struct zuji_explanation told; /* first: a told part is its node */
    uint32_t instruction, row;    /* what its value is; of figures NO_OPERAND */
    struct explain_unit unit;     /* of its number */
    uint32_t of;                  /* STAGE, FLOW, AMOUNT: stage, flow, part; of others part of their identity */
    bool is_nothing;              /* AMOUNT: told as one line */
    uint32_t knows;               /* the item whose names its formula may use; NO_INDEX: none */
    const struct zuji_explanation **parts;
    size_t part_count, part_cap;
    const struct explain_node *last_whole; /* the last node that it became a part of */
};

struct explaining {
    struct teller teller;
    const struct program *program;
    const struct zuji_result *result;
    uint32_t row;   /* of the rule */
    uint32_t shown; /* rows of a sum; 0: all */
    struct map known;
    struct explain_node **nodes; /* in the order of their making */
    size_t count, cap;
    struct explain_unit *units;    /* by instruction: how its numbers are told */
    uint32_t *emissions;           /* by part: its EMIT */
    uint32_t *first_part;          /* by flow, and one more */
    const struct amounts *amounts; /* of the row, exact */
};
/* Beyond, nodes are told by their values alone. */
enum { EXPLAIN_NODES_MAX = 200000 };

/* ---- explain_figures.c: total, stages, flows and their amounts ---- */
const struct zuji_explanation *explain_total(struct explaining *explaining);
const struct zuji_explanation *explain_stage(struct explaining *explaining, uint32_t stage);
const struct zuji_explanation *explain_flow(struct explaining *explaining, uint32_t flow);
void explain_figure(struct explaining *explaining, struct explain_node *node); /* its formula */

/* ---- explain_units.c ---- */
/* What one unit over the other is called: of kgCO2e·MJ/kWh over kgCO2e MJ/kWh. */
struct str explain_ratio(struct arena *arena, struct str over, struct str under);
/* What stands over and under alike is left out: of t and GJ/t GJ. Empty where one is not known. */
struct str explain_product(struct arena *arena, struct str first, struct str second);
/* A unit as it was written. */
struct explain_unit explain_unit(struct arena *arena, const struct program *program, uint16_t unit);

/* ---- explain_choice.c ---- */
/* The units in which the numbers of all instructions are told. */
struct explain_unit *explain_choose_units(const struct exact_run *run);

/* ---- explain_nodes.c: nodes, each once ---- */
const struct zuji_explanation *explain_value(struct explaining *explaining, enum zuji_node_kind kind,
                                             uint32_t instruction, uint32_t row, uint32_t knows);
const struct zuji_explanation *explain_item(struct explaining *explaining, uint32_t item, uint32_t value, uint32_t row);
const struct zuji_explanation *explain_constant(struct explaining *explaining, uint32_t item);
const struct zuji_explanation *explain_row(struct explaining *explaining, uint32_t axis, uint32_t instruction,
                                           uint32_t row, uint32_t knows, double share);
const struct zuji_explanation *explain_rest(struct explaining *explaining, struct rat sum,
                                            const struct explain_unit *unit, uint32_t rows, double share);
const struct zuji_explanation *explain_datum(struct explaining *explaining, uint32_t instruction, uint32_t row,
                                             uint32_t factor);
const struct zuji_explanation *explain_default(struct explaining *explaining, uint32_t instruction, uint32_t row,
                                               uint32_t knows);
/* A FACTOR, COLUMN, CALL or CONST that is a leaf. */
const struct zuji_explanation *explain_keyed(struct explaining *explaining, uint32_t instruction, uint32_t row,
                                             uint32_t knows);
/* The node is the item's, with its formula and what it knows. */
void explain_take_item(struct explaining *explaining, struct explain_node *node, uint32_t item);
/* A node with nothing told, or the one that is known by this identity. */
struct explain_node *explain_new(struct explaining *explaining, struct str identity, bool *is_new);
enum zuji_origin explain_origin(const struct explaining *explaining, uint32_t instruction, uint32_t row);
/* The value with more digits than reasons show, and a mark where they are not all. */
struct zuji_value explain_tell(struct explaining *explaining, uint32_t instruction, uint32_t row);
struct zuji_value explain_number(struct explaining *explaining, struct explain_unit in, struct rat number);
struct str explain_number_text(struct arena *arena, struct rat number);

/* ---- explain_formula.c: what an instruction computes ---- */
void explain_add_part(struct explaining *explaining, struct explain_node *node, const struct zuji_explanation *part);
struct zuji_formula explain_node_formula(const struct zuji_explanation *node);
void explain_formula(struct explaining *explaining, struct explain_node *node);

/* ---- explain_text.c ---- */
/* "520 t × (1 − 2 %)"; empty where the formula is a single value. */
const char *explain_figures(struct arena *arena, const struct zuji_formula *formula);

#endif
