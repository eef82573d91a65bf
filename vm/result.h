/* From what an engine found out about a product to its figures: values per declared amount, shares, rounded texts,
   JSON. The plan is made once for a rule, in an arena that lives as long; a result lives in the arena given and points
   into the plan. Serves both engines; must not know how the numbers were computed. */
#ifndef ZUJI_VM_RESULT_H
#define ZUJI_VM_RESULT_H

#include "vm/batch.h"
#include "vm/messages.h"

struct result_figures {
    struct zuji_figure *items;
    size_t count;
};

struct result_plan { /* names, titles, units and clauses of all figures */
    const struct program *program;
    struct rat declared;
    double declared_double;
    struct zuji_figure total;
    struct result_figures stages, flows, categories, gases, reports;
    uint32_t *part_category, *part_gas; /* figure of each part */
};
struct result_plan *result_plan_new(struct arena *arena, const struct program *program);

struct zuji_result {
    const struct result_plan *plan;
    struct arena *arena;
    const char *id;
    uint64_t number;
    bool is_ok, is_exact;
    struct zuji_figure total;
    struct result_figures stages, flows, categories, gases, reports;
    struct zuji_messages *messages;
    struct str json[3]; /* by enum zuji_detail, made when asked for */
};
/* Adds the notes of the outcome to the product's messages. Where the product is in error there are messages and no
 * figures. */
struct zuji_result *result_new(struct arena *arena, const struct result_plan *plan, struct product *product,
                               const struct outcome *outcome);
/* Would every figure be reported the same if the doubles of the outcome changed by a relative 2^-40? True for exact
 * outcomes. */
bool result_is_certain(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome);
/* The product's entry of `run --format json`. */
struct str result_json(struct arena *arena, const struct zuji_result *result, enum zuji_detail detail);

#endif
