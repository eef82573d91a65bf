/* Sensitivity: how the total of a result answers to each number that it was computed from. One walk backwards over the
   kept values of all instructions (exact_show_product) gives the derivatives to all of them at once (adjoints, reverse
   mode). What is told is said in zuji.h; it lives in the arena of the batch, as long as the result.
   Must not know of files or of how it is printed (sensitivity_json.c knows JSON). */
#ifndef ZUJI_VM_SENSITIVITY_H
#define ZUJI_VM_SENSITIVITY_H

#include "vm/reasons.h"

enum zuji_status result_sensitivity(const struct zuji_result *result, const struct zuji_sensitivity **sensitivity);
struct str sensitivity_json(struct arena *arena, const struct zuji_result *result,
                            const struct zuji_sensitivity *sensitivity);

/* ---- inside (sensitivity*.c) ---- */

/* What is known of the way from a value to the total. */
enum {
    SLOPE_REACHED = 1, /* it has a say in the total */
    SLOPE_KINK = 2,    /* at a place where the derivative is another one on the other side */
    SLOPE_ROUNDED = 4, /* through a rounding, whose trend is followed */
    SLOPE_CALLED = 8   /* through an external function, which is not followed */
};
struct slope { /* of the total in a value; 0 in all members: none */
    struct rat by;
    uint8_t marks;
};
struct spot { /* a value whose slope is known, on the way back */
    uint32_t instruction, row;
    struct slope slope;
};

/* An influence with what it is of. */
struct influence {
    struct zuji_influence told; /* first: a told influence is an influence */
    struct ground ground;       /* DATUM, DEFAULT, FACTOR or CELL */
    struct slope slope;
    struct rat value, weight; /* weight: derivative × value; of a group the sum */
    bool is_point;            /* the value is a place on a scale, of which there is no percentage */
    int64_t group_of;         /* what groups it with others of its kind */
    uint32_t number;          /* in the order of the program */
    uint32_t rows;            /* of a group */
};
struct kink {
    enum zuji_kink_kind kind;
    uint32_t instruction, row; /* the first of its rows */
    uint32_t last_row;
    uint32_t rows;
};

struct sensing {
    struct trace *trace;
    struct exact_run *run;
    struct arena *arena;   /* working memory */
    struct slope **slopes; /* by instruction, then by row or one for all, like its register; NULL: none is known */
    struct influence *influences;
    size_t influence_count, influence_cap;
    struct map known; /* identities of influences */
    struct kink *kinks;
    size_t kink_count, kink_cap;
    uint32_t *kink_of; /* by instruction: its kink, and one more; 0: none. Of one kind, as each operation has one */
};

/* For a run whose values are all there, and a row of the rule: all influences and kinks, and the total. */
struct sensing *sensing_new(struct exact_run *run, const struct result_plan *plan, uint32_t row, struct rat *total);
void sensing_mark(struct sensing *sensing, uint32_t operand, uint32_t row, uint8_t marks, struct rat by);
/* The operand moves the value at the spot by `by`: what is known of the spot goes for it too. */
void sensing_pass(struct sensing *sensing, const struct spot *spot, uint32_t operand, uint32_t row, struct rat by);
/* The value decides whether something counts. */
void sensing_decide(struct sensing *sensing, uint32_t instruction, uint32_t row);
void sensing_add_kink(struct sensing *sensing, enum zuji_kink_kind kind, uint32_t instruction, uint32_t row);

/* ---- sensitivity_steps.c: what one instruction does with its slope ---- */
void sensing_step(struct sensing *sensing, const struct spot *spot);

/* ---- sensitivity_inputs.c: what they end in ---- */
void sensing_add_influence(struct sensing *sensing, const struct spot *spot);
void sensing_tell_influences(struct sensing *sensing, struct teller *teller, struct rat total,
                             struct zuji_sensitivity *sensitivity);

#endif
