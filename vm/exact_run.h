/* Internal to the exact engine: registers, axes and causes of failure while one product is computed.
   Everything here lives in the working memory of the engine and goes when the product is done.
   Must not be included outside vm/exact*.c and what looks at runs (exact_show_product): vm/trace*.c, vm/reason*.c,
   vm/fast_parts.c. */
#ifndef ZUJI_VM_EXACT_RUN_H
#define ZUJI_VM_EXACT_RUN_H

#include "vm/exact.h"

/* State of a value: given, absent, or *poison*: it failed, or depends on something that failed. A poison state names a
   node of a graph whose leaves are causes, so that all causes of a failed root can be listed:

       node 2: cause 0      node 3: cause 1      node 4: (2, 3)      a value with state 4 depends on both failures */
enum { STATE_GIVEN, STATE_ABSENT, STATE_POISON };

struct exact_value {
    uint32_t state;
    int64_t code;      /* all types but NUMBER: bool 0/1, member, text, year, days, row, key code */
    struct rat number; /* NUMBER */
};

struct exact_register {
    struct rat *number; /* NUMBER */
    int64_t *code;      /* the other types */
    uint32_t *state;    /* NULL: all given */
    uint32_t step;      /* 0: one value for all rows of the axis */
    bool is_pooled;     /* the arrays go back to the pool of the axis after the last use */
};

/* Rows of an axis for the product at hand. Rows of a parent's row are next to each other:
       rows of parent row p:  first[p] .. first[p + 1] - 1;   parent[r] is the inverse. */
struct exact_axis {
    bool is_ready;
    uint32_t rows;
    uint32_t base; /* PRODUCT, LIST: row of the batch that is row 0 here */
    uint32_t *first;
    uint32_t *parent;
    uint32_t *other; /* PAIR: row of the list that is visited */
    int64_t *low;    /* RANGE: by parent row, the number that the first row stands for */
    uint32_t *state; /* RANGE: by parent row, poison of its bounds */
    struct exact_spare *spare_numbers, *spare_codes, *spare_states; /* arrays of `rows` entries that are free again */
};

struct exact_cause {
    enum diag_code code;
    struct str args[4];
    size_t arg_count;
    uint32_t instruction;
    uint32_t row;
    uint32_t state;     /* the poison that names it */
    bool is_worded;     /* false: stands for rows where nobody needs the value */
    struct diag_text notes[2]; /* what helps to understand it: the sides of a comparison, the field of a key */
    size_t note_count;
};
struct exact_node {
    uint32_t left, right; /* a pair of states; or right = EXACT_LEAF and left a cause */
};
#define EXACT_LEAF UINT32_MAX

struct exact_tally {     /* by instruction */
    uint32_t causes;     /* how many are kept */
    uint32_t last_state; /* of the last of them */
    uint32_t unneeded;   /* state for rows outside the mask; 0: none yet */
};

enum {
    EXACT_EXPONENT_MAX = 1000
}; /* of ten: numbers not known as rationals lie within 10^-1000 .. 10^1000, or are 0 */

struct exact { /* immutable but for `arena` */
    const struct verified *verified;
    const struct program *program;
    struct factor_binding *factors;
    const struct native_binding *natives;
    uint64_t cost_limit;
    struct rat least, most; /* sizes that numbers may have that are not known as rationals */
    uint32_t *last_use;     /* of each instruction: the last instruction that looks at it */
    struct arena arena;     /* working memory */
};

struct exact_run {
    struct exact *engine;
    const struct program *program;
    const struct value_shape *shapes;
    struct arena *arena; /* working memory */
    struct batch *batch;
    uint32_t product;
    struct outcome *outcome;
    struct exact_register *registers;
    struct exact_axis *axes;
    struct exact_cause *causes;
    size_t cause_count, cause_cap;
    struct exact_node *nodes; /* node of state s: nodes[s - STATE_POISON] */
    size_t node_count, node_cap;
    struct exact_tally *tallies;
    uint32_t require_state; /* what failed under the requirements; STATE_GIVEN: nothing */
    uint32_t root_state;    /* under all other roots */
    bool has_broken_requirement;
    bool is_refused; /* past a limit: the message is there, nothing more is computed */
    int bits;        /* of enclosures */
    bool is_open;    /* these bits do not decide something: nothing more is computed, but all again with more */
    uint64_t work;   /* steps on long numbers so far */
    struct note *last_note;
    uint32_t note_count;
    bool keeps_values;                 /* of all instructions: somebody is going to look at them */
    const struct exact_wanted *wanted; /* NULL: the whole product */
    const bool *slice;                 /* by instruction: is it computed? NULL: all are */
};

/* ---- registers (exact_store.c) ---- */
struct exact_value exact_get(const struct exact_run *run, uint32_t instruction, uint32_t row);
/* Makes room for the values of an instruction: one for each row, or one for all. */
void exact_make(struct exact_run *run, uint32_t instruction, bool is_single);
void exact_put(struct exact_run *run, uint32_t instruction, uint32_t row, const struct exact_value *value);
/* Gives back the arrays of what this instruction was the last to use. */
void exact_release(struct exact_run *run, uint32_t instruction);
bool exact_is_single(const struct exact_run *run, uint32_t instruction);

static inline bool exact_is_stopped(const struct exact_run *run)
{
    return run->is_refused || run->is_open;
}
static inline bool is_poison(uint32_t state)
{
    return state >= STATE_POISON;
}
static inline struct exact_value exact_of_code(int64_t code)
{
    return (struct exact_value){
        .code = code, .number = {0, 1, NULL}
    };
}
static inline struct exact_value exact_of_state(uint32_t state)
{
    return (struct exact_value){
        .state = state, .number = {0, 1, NULL}
    };
}

static inline bool is_in_slice(const struct exact_run *run, uint32_t instruction)
{
    return run->slice == NULL || run->slice[instruction];
}
/* The instructions that the wanted ones rest on, and these, by number. */
bool *exact_slice_of(struct arena *arena, const struct program *program, const struct exact_wanted *wanted);
/* The bounds of the ranges that the rows of the axis depend on. */
void exact_visit_bounds(const struct program *program, uint32_t axis,
                        void (*visit)(void *context, uint32_t instruction), void *context);

/* ---- axes (exact_axes.c) ---- */
/* Makes the rows of an axis known. False where that passes a limit: the product is refused with a message. */
bool exact_axis_ready(struct exact_run *run, uint32_t axis);
/* The row on an ancestor axis (or on the constant axis) in which the row lies. */
uint32_t exact_row_outside(const struct exact_run *run, uint32_t axis, uint32_t row, uint32_t ancestor);
/* The row of `of` in which the row of an axis lies, seen through pairs around it. */
uint32_t exact_row_seen(const struct exact_run *run, uint16_t axis, uint32_t row, uint16_t of);
/* The row on axis `to` that operand a of a SPREAD2 has for a row of the pair axis. */
uint32_t exact_row_visited(const struct exact_run *run, uint32_t pair, uint32_t row, uint32_t to);
/* "materials[3].suppliers[2]"; empty for the product. */
struct str exact_row_path(struct exact_run *run, uint32_t axis, uint32_t row);
/* "materials × suppliers" */
struct str exact_axis_name(struct exact_run *run, uint32_t axis);
uint64_t exact_list_rows(const struct exact_run *run, uint32_t list); /* rows of the list in the product */

/* ---- instructions ---- */
void exact_elements(struct exact_run *run, uint32_t instruction);  /* exact_elements.c */
void exact_aggregate(struct exact_run *run, uint32_t instruction); /* exact_aggregate.c */
void exact_call(struct exact_run *run, uint32_t instruction);      /* exact_call.c */
void exact_match(struct exact_run *run, uint32_t instruction);     /* exact_match.c */
/* One value of KEY, STEP_KEY, CELL, COLUMN or FACTOR (exact_tables.c). */
struct exact_value exact_lookup(struct exact_run *run, uint32_t instruction, uint32_t row,
                                const struct exact_value operands[3]);
/* One value of SQRT, POW, EXP or LN (exact_functions.c). */
struct exact_value exact_function(struct exact_run *run, uint32_t instruction, uint32_t row,
                                  const struct exact_value *operands);
/* What a FACTOR whose keys are given finds, and its keys. */
const struct factor_value *exact_factor(struct exact_run *run, uint32_t instruction, uint32_t row,
                                        struct factor_key keys[LIMIT_FACTOR_KEYS]);
/* material("steel", 2024): what a FACTOR asks for. */
struct str exact_factor_text(struct exact_run *run, uint32_t instruction, uint32_t row);
void exact_root(struct exact_run *run, uint32_t instruction); /* REQUIRE, WARN, EMIT, OUTPUT: exact_roots.c */
void exact_rest(struct exact_run *run);                       /* what results read that is no root */
/* A number as the value of the instruction: enclosed where it is very long, failed where it is beyond all range. */
struct exact_value exact_checked(struct exact_run *run, uint32_t instruction, uint32_t row, struct rat number);
/* -1, 0, 1. What the bits of enclosures do not decide opens the run. */
int exact_order(struct exact_run *run, struct rat a, struct rat b);
/* A number that is told and decides nothing: short, so that sums and products of many such stay so. */
struct rat exact_told(struct exact_run *run, struct rat number);
/* Counts an operation of the instruction on the numbers, where one of them is long: the product of their lengths,
   `weight` times. Beyond the limit the product is refused. */
void exact_charge(struct exact_run *run, uint32_t instruction, struct rat a, struct rat b, unsigned weight);
/* Does the instruction's failure count on this row? */
bool exact_is_needed(const struct exact_run *run, uint32_t instruction, uint32_t row);
/* Is the value of an ELSE wanted, so that a substitution is worth a note? */
bool exact_is_noted(const struct exact_run *run, uint32_t instruction, uint32_t row);
void exact_note_default(struct exact_run *run, uint32_t instruction, uint32_t row);
/* The rows `first` and `second` of the axis that ARGMAX or ARGMIN reduces are equal, and nobody said which is meant. */
void exact_note_tie(struct exact_run *run, uint32_t instruction, uint32_t first, uint32_t second);
void exact_note_factor(struct exact_run *run, uint32_t instruction, uint32_t row, const struct factor_value *slot,
                       const struct factor_key *keys);

/* ---- causes (exact_causes.c) ---- */
/* A new cause of poison; the state to give to the value. The arguments must live in the working memory. */
uint32_t exact_fail(struct exact_run *run, uint32_t instruction, uint32_t row, enum diag_code code,
                    const struct str *args, size_t count);
/* May this instruction add one more worded cause? If not, exact_fail gives its last one without looking at arguments.
 */
bool exact_has_room(const struct exact_run *run, uint32_t instruction);
/* The state of an earlier failure of the instruction with this first argument, or 0. */
uint32_t exact_find_same(const struct exact_run *run, uint32_t instruction, struct str arg);
/* Poison for a row outside the mask of the instruction: it reaches a root only in a broken program. */
uint32_t exact_fail_unneeded(struct exact_run *run, uint32_t instruction, uint32_t row);
/* A note on the failure that the state stands for, two at most. The arguments must live in the working memory. */
void exact_add_note(struct exact_run *run, uint32_t state, struct diag_text note);
uint32_t exact_join(struct exact_run *run, uint32_t a, uint32_t b); /* depends on both; neither need be poison */
/* Adds the messages of the causes under the roots to the product. */
void exact_report(struct exact_run *run);
/* The same, with the place of the instruction in the rule. */
void exact_refuse_at(struct exact_run *run, uint32_t instruction, enum diag_code code, const struct str *args,
                     size_t count);
/* Refuses the whole product with a message. */
void exact_refuse(struct exact_run *run, enum diag_code code, const struct str *args, size_t count);

/* ---- words (exact_words.c) ---- */
/* Fails with the reason why operand a of a NEED is absent. */
uint32_t exact_fail_missing(struct exact_run *run, uint32_t instruction, uint32_t row);
/* The instructions that exact_fail_missing and exact_expression may look at: they must be alive at the instruction. */
void exact_visit_reasons(const struct program *program, uint32_t instruction,
                         void (*visit)(void *context, uint32_t instruction), void *context);
struct str exact_expression(struct exact_run *run, uint32_t instruction); /* as written, or its item */
/* A value as the name of a row: a text without quotation marks. */
struct str exact_name(struct exact_run *run, uint32_t instruction, uint32_t row);
struct str exact_value_text(struct exact_run *run, uint32_t instruction, uint32_t row);
struct str exact_field_path(struct exact_run *run, uint32_t field, uint32_t axis, uint32_t row);
struct str exact_label(const struct exact_run *run, uint32_t label); /* empty for NO_INDEX */

#endif
