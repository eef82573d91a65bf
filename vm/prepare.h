/* Preparing a verified program for the fast engine: what can be known of every value before there are data, the order
   of the work, and where values lie while they are needed. Everything lives in the arena given and is immutable
   afterwards. Must not know of batches.

   Numbers of the fast engine are doubles with a bound on their error. A value x^ of x is either
     relative:  |x^ - x| <= k u |x|, u = 2^-53; k is found while the program runs, for it grows with the lengths of
   lists, or bounded:   a column of bounds goes with it (after a subtraction, or a sum of terms of both signs). A
   relative value is zero only where x is zero, and has the sign of x. */
#ifndef ZUJI_VM_PREPARE_H
#define ZUJI_VM_PREPARE_H

#include "vm/grid.h"
#include "vm/verify.h"

enum value_form { FORM_NUMBER, FORM_WHOLE, FORM_CODE, FORM_FLAG }; /* double, int32_t, uint32_t, uint8_t */

/* What equality of two doubles says about the numbers that they stand for. */
enum grade {
    GRADE_NEAREST = 1, /* the nearest double of the number: unequal doubles are unequal numbers, in that order */
    GRADE_EXACT = 2,   /* the number itself */
    GRADE_DATUM = 4    /* the number is the shortest decimal of the double */
};

/* Exponents of two between which sizes are trusted: 2^830 < 1e250. */
enum { EXPONENT_MAX = 830, LOW_UNKNOWN = -32768 /* nothing keeps it from being next to zero */ };

struct fact {
    uint8_t form; /* enum value_form */
    bool is_optional;
    bool is_single;    /* one value for all rows */
    bool has_bounds;   /* a column of error bounds goes with it */
    bool is_checked;   /* may leave 1e-250 .. 1e250 and is looked at */
    bool is_whole;     /* a whole number that its double holds exactly, at most `largest` in size */
    int8_t sign;       /* 1: never negative, -1: never positive, 0: not known */
    int16_t low, high; /* 2^low <= |x| <= 2^high where x is not zero */
    double least, most; /* least <= x <= most; infinite where that is not known */
    double spread[2];  /* of a relative difference a - b: the largest |a|, |b| over the smallest |a - b|; 0: none */
    double largest;
    uint32_t same; /* the instruction whose register holds the value: itself, or what it is only another name of */
};

enum width { WIDTH_8, WIDTH_4, WIDTH_1, WIDTH_COUNT };
/* Of one value of a column of this form. */
enum width prepare_width(enum value_form form);
#define NO_SLOT UINT32_MAX

enum step_kind { STEP_COMPUTE, STEP_OPEN, STEP_KEEP, STEP_LOOP };
struct step {
    uint8_t kind;         /* enum step_kind */
    bool is_again;        /* computed a second time, in another loop: it was noted then */
    bool is_result;       /* in a loop: an aggregate whose register lies outside and gets its rows block by block */
    uint16_t axis;        /* OPEN: the axis whose rows are to be made */
    uint32_t instruction; /* COMPUTE; KEEP: a value that results read, though it is no root (fast_keep) */
    uint32_t loop;        /* LOOP */
    uint32_t slot[3];     /* COMPUTE: of the values, of what is given, of the bounds; NO_SLOT: none */
};
struct block {
    struct step *steps;
    uint32_t count;
};
/* All that is computed on a pair or range axis and the axes inside it, for as many outer rows at a time as a chunk
 * holds. */
struct loop {
    uint16_t axis;
    struct step *results; /* aggregates of the axis: their values outlive the loop */
    uint32_t result_count;
    struct block body;
};

struct axis_plan {
    uint16_t root;    /* outermost pair or range axis around it, or itself; 0: its rows are all there at once */
    bool has_effects; /* requirements, warnings or notes stand on it, or on an axis inside it */
    uint32_t slots[WIDTH_COUNT];
};

struct table_column { /* cells of a table as an array */
    union {
        double *number;
        int32_t *whole;
        uint32_t *code;
        uint8_t *flag;
    } as;
    uint8_t *given;
    uint8_t grade;
    struct grid grid; /* of numbers: of all of them */
    double most;      /* likewise: none is larger in size */
};
struct table_keys {         /* of one dimension */
    uint32_t *code_of_text; /* TEXT: by text of the program: key code, or NO_INDEX */
    double *limits;         /* NUMBER */
    uint8_t *grades;
};
struct constant_number {
    double value; /* NaN where it is beyond 1e-250 .. 1e250 */
    uint8_t grade;
    double divisor; /* the number is exactly 1 / divisor; 0: it is not */
};

struct prepared {
    const struct verified *verified;
    const struct program *program;
    bool is_supported;  /* false: only the exact engine runs this program */
    struct fact *facts; /* by instruction */
    struct block top;
    struct loop *loops;
    uint32_t loop_count;
    struct axis_plan *axes;
    struct constant_number *constants; /* by constant */
    struct table_column **columns;     /* by table, by column; made for all columns that are read */
    struct table_keys **keys;          /* by table, by dimension; made for all dimensions that are looked up */
};

struct prepared *prepare_program(struct arena *arena, const struct verified *verified);

/* ---- parts ---- */
void prepare_constants(struct arena *arena, struct prepared *prepared); /* and tables: prepare_data.c */
void prepare_facts(struct prepared *prepared);                          /* facts.c */
bool prepare_schedule(struct arena *arena, struct prepared *prepared);  /* schedule.c */

/* Is its value there only while a loop is at the block in question? (By its own name, not `same`.) */
static inline bool prepare_is_in_loop(const struct prepared *prepared, uint32_t instruction)
{
    return !prepared->facts[instruction].is_single &&
           prepared->axes[prepared->program->code[instruction].axis].root != 0;
}
/* Does the instruction say something, besides its value? */
bool prepare_has_effect(const struct instruction *at);
/* Calls visit for every instruction whose value this one reads (by its own name, not `same`). */
typedef void operand_visitor(void *context, uint32_t operand);
void prepare_visit_operands(const struct program *program, uint32_t instruction, operand_visitor *visit, void *context);

#endif
