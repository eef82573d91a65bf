/* From what an engine found out about a product to its figures: values per declared amount, shares, rounded texts,
   notes in words, JSON. The plan is made once for a rule, in an arena that lives as long; a result lives in the
   arena given and points into the plan and into what lives as long as the product's data. Sums are made at once;
   all that is to be read, when somebody asks for it. Serves both engines; must not know how the numbers were
   computed. */
#ifndef ZUJI_VM_RESULT_H
#define ZUJI_VM_RESULT_H

#include "vm/batch.h"
#include "vm/grid.h"
#include "vm/messages.h"

struct result_figures {
    struct zuji_figure *items;
    size_t count;
    size_t first;   /* number of the first of them among all figures */
    bool is_filled; /* before, a result has the items of its plan */
};
enum { FIGURE_TOTAL = 0 }; /* then stages, flows, categories, gases, reports; then those for full detail */
enum { SUM_WITH_REMOVALS, SUM_WITHOUT_REMOVALS, SUM_REMOVALS, SUM_CREDITS, SUM_COUNT };

struct part_figures { /* the figures that a part counts in, by number; and its stage of the program */
    uint32_t flow, category, gas, cell, all_gases, stage;
    bool is_in_flow, is_in_category, is_in_cell;
    bool is_summed;         /* nothing of it is apart: it is in gases and the total */
    bool is_in_members;     /* but for other members that are apart */
    bool is_removal;        /* of the category biogenic_removal */
    uint32_t members_apart; /* members of breakdowns that it is in and that are apart */
};

struct result_plan { /* names, titles, units and clauses of all figures */
    const struct program *program;
    struct rat declared;
    double declared_double;
    struct zuji_figure total;
    struct result_figures stages, flows, categories, gases, reports;
    size_t figure_count; /* of the total and these */
    struct result_figures processes, phases, members, cells, sums;
    size_t all_count;
    struct prog_round *rounds; /* by figure */
    struct round_test *tests;  /* likewise, of all but those for full detail */
    struct part_figures *parts;
    uint8_t *stage_is_apart, *flow_is_apart; /* the flow's parts, wherever it stands */
    uint32_t *flow_process;                  /* by flow: in `processes`; NO_INDEX: in none */
    uint32_t *part_roots, *report_roots;     /* the instructions that give them */
    uint32_t *first_member;                  /* by breakdown: the first of `members` */
    bool has_removals;                       /* of the category biogenic_removal */
};
struct result_plan *result_plan_new(struct arena *arena, const struct program *program);
const char *result_figure_name(const struct result_plan *plan, size_t figure);

struct reason_source; /* reasons.h */

struct zuji_result {
    const struct result_plan *plan;
    struct arena *arena;
    const char *id;
    uint64_t number;
    const char *period;       /* of the data; empty where it is not known */
    const char *row_name;     /* empty where the rule has no rows */
    uint32_t row_number;      /* from 1; 0 where the rule has no rows */
    struct zuji_result *rows; /* of the product, next to each other, this one among them */
    uint32_t row_count;       /* 1 where the product is in error */
    bool is_ok, is_exact, has_total;
    const struct outcome_row *row; /* where it is ok */
    const struct amounts *amounts;
    const struct amounts *detail;  /* of all figures: once it was asked for */
    struct zuji_result *full;      /* the same with all figures from `detail`: likewise */
    const struct note *notes;
    struct diags told; /* what was said while the product was read and computed */
    struct zuji_figure total;
    struct result_figures stages, flows, categories, gases, reports;
    struct result_figures processes, phases, members, cells, sums;
    const struct zuji_grade *grade;
    const struct zuji_messages *messages, *problems;
    struct str json[3]; /* by enum zuji_detail */
    struct reason_source *reasons; /* NULL: nobody can tell them */
};
/* The first of the product's rows. Where the product is in error there are messages and no figures. */
struct zuji_result *result_new(struct arena *arena, const struct result_plan *plan, struct product *product,
                               const struct outcome *outcome);
/* The row of the outcome from the exact engine, which computes the product once more where it has not done so; the row
   at hand where that is not possible. */
const struct outcome_row *result_exact_row(const struct zuji_result *result);
/* The amounts of all figures, exact unless the product could not be computed again. */
const struct amounts *result_detail(const struct zuji_result *result);
/* The result with all of its figures from result_detail, so that those that are equal are equal to the last bit. */
const struct zuji_result *result_full(const struct zuji_result *result);
/* The class of the total alone, which no figure is made for. */
struct result_class {
    uint32_t number; /* NO_INDEX: none */
    const char *name, *method;
};
struct result_class result_class(const struct zuji_result *result);
/* What a result makes when it is asked for, and keeps: hence const. */
const struct zuji_grade *result_grade(const struct zuji_result *result); /* NULL where the rule has no classes */
bool result_is_headline(const struct zuji_result *result);
const struct zuji_figure *result_total(const struct zuji_result *result);
const struct zuji_figure *result_list(const struct zuji_result *result, const struct result_figures *list);
const struct zuji_messages *result_messages(const struct zuji_result *result);
const struct zuji_messages *result_problems(const struct zuji_result *result); /* without notes */
void result_complete(const struct zuji_result *result);                        /* all of these */
/* The reasons as members of it: the shares where there are figures, and the lists. reasons may be NULL. */
void reasons_add_shares(struct buf *out, const struct zuji_reasons *reasons);
void reasons_add_lists(struct buf *out, const struct zuji_reasons *reasons, bool is_ok);
const struct zuji_reasons *result_reasons(const struct zuji_result *result);
/* The product's entry of `run --format json`. */
struct str result_json(struct arena *arena, const struct zuji_result *result, enum zuji_detail detail);

/* Would every figure be reported the same if the values of the outcome changed by as much as their errors may be; and
   are those of doubles within a relative 2^-40 of them, as is promised? All figures count, whatever is printed: a
   product has the same value at every detail. */
enum result_certainty {
    RESULT_CERTAIN, /* so it is of exact outcomes of rationals */
    RESULT_OPEN,    /* not of some figures: their parts must be known exactly, or to more bits */
    RESULT_BEYOND   /* a figure is out of range */
};
/* Where nothing is beyond the range, the outcome keeps its amounts, in the arena, for result_new. */
enum result_certainty result_certainty(struct arena *arena, const struct result_plan *plan, struct outcome *outcome);

/* Makes the amounts only. */
void result_make_amounts(struct arena *arena, const struct result_plan *plan, struct outcome *outcome);

/* Is a sum in the product at hand exactly a number on a grid from which it is not further away than `apart`? */
struct result_grids {
    bool (*is_exactly)(void *context, const struct grid_sum *sum, struct grid number, double apart);
    void *context;
};
/* Settles figures of doubles that are open and lie on a tie, by the grid on which they must lie; true where none is left
   open. What was settled is added to the outcome's doubts. */
bool result_settle_on_grid(struct arena *arena, const struct result_plan *plan, const struct result_grids *grids,
                           struct outcome *outcome);
/* The instructions that open figures are found from: roots of parts and reports, and the reference. */
const uint32_t *result_open_roots(struct arena *arena, const struct result_plan *plan, const struct outcome *outcome,
                                  size_t *count);
/* Takes the open figures from an outcome that has exactly what result_open_roots named; they are added to the doubts.
   False where some of them are not certain yet. */
bool result_settle(struct arena *arena, const struct result_plan *plan, const struct outcome *exactly,
                   struct outcome *outcome);

#endif
