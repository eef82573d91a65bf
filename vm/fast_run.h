/* Internal to the fast engine: registers and axes while a batch is computed. The arrays of registers belong to the
   engine and are used again for the next batch; everything else here lives in its working memory until the batch is
   done. Must not be included outside vm/fast*.c, vm/columns.c and tests of the engine.

   A value that the engine does not know is *poison*: it failed, or depends on something that failed, or on a decision
   that doubles cannot make, or it left the range of trust. Poison spreads as failures do in the exact engine, and a
   product where it reaches a root is left to that engine. So masks need not be looked at to know what counts as a
   failure. Absent values hold 0. */
#ifndef ZUJI_VM_FAST_RUN_H
#define ZUJI_VM_FAST_RUN_H

#include <math.h>

#include "vm/fast.h"
#include "vm/prepare.h"

#define POISON_WHOLE INT32_MIN
#define POISON_CODE UINT32_MAX
enum { POISON_FLAG = 2 };
/* of a number: NaN */

#define ROUNDOFF 0x1p-53
#define WIDER (1 + 0x1p-20) /* on bounds where they are used: for what is rounded there */
/* A value with relative error is x e^t, |t| <= k u. Its bound is (e^(k u) - 1) |x^|, which is below this times k |x^| for
   all k that are kept, up to 2^31. */
#define RELATIVE_BOUND (ROUNDOFF * (1 + 0x1p-22))

struct fast_register {
    union {
        void *any;
        double *number;
        int32_t *whole;
        uint32_t *code;
        uint8_t *flag;
    } as;
    uint8_t *given; /* NULL: all are */
    double *bounds; /* NULL: k u |x|; a value that may have bounds (struct fact) needs none where data are kind */
    double k;
    int16_t low, high; /* 2^low <= |x| <= 2^high where x is not zero, of these rows; low may be LOW_UNKNOWN */
    uint8_t grade;     /* enum grade bits */
    uint8_t step;  /* 0: one value for all rows */
};

/* Rows of an axis: of all products, or, in a loop, of the block at hand. Rows of a parent's row are next to each other:
       rows of parent row from + p:  first[p] .. first[p + 1] - 1 */
struct fast_axis {
    uint32_t rows;
    uint32_t from, parents;                  /* the parent's rows that are covered */
    const uint32_t *first;                   /* parents + 1 entries */
    uint32_t longest;                        /* most rows inside one of the parent's */
    uint32_t *up[LIMIT_AXIS_DEPTH + 1];      /* row of the n-th axis outwards; NULL: not made yet */
    uint32_t *visited[LIMIT_AXIS_DEPTH + 1]; /* PAIR: row of the list that is visited, and of the axes around it */
    double *low;             /* RANGE: by covered parent row, the number that the first row stands for */
    uint8_t *is_broken;      /* RANGE: by covered parent row: its bounds are poison; NULL: none is */
    char *pool[WIDTH_COUNT]; /* arrays of the registers */
    size_t stride[WIDTH_COUNT];
    uint32_t capacity;      /* rows that they hold */
    uint32_t *product_rows; /* PAIR, RANGE: by product, rows made so far */
};

enum { SCRATCH_COUNT = 4 };

struct fast_memo;
struct match_index;
struct fast_grids;

struct fast {
    struct prepared *prepared;
    const struct program *program;
    struct factor_binding *factors;
    const struct native_binding *natives;
    uint64_t cost_limit;
    struct fast_register *registers; /* by instruction; those of constants are set once */
    struct fast_axis *axes;
    struct fast_memo *memos;        /* by instruction number of FACTOR steps: fast_lookup.c */
    struct match_index *indexes;    /* by instruction number of MATCH steps: fast_match.c */
    struct fast_grids *grids;       /* fast_grid.c */
    struct arena arena;             /* pools of registers */
    struct arena working;           /* of one batch */
    struct arena block;             /* of one block of a loop */
    double *scratch[SCRATCH_COUNT]; /* columns that a step needs for itself */
    uint32_t scratch_rows;
    uint32_t block_rows; /* about so many rows make a block of a loop */
    bool is_plain;       /* fast_set_plain */
    fast_exact *exactly; /* NULL: none */
    void *exact_context;
    fast_watch *watch;   /* NULL: nobody looks */
    void *watch_context;
};

struct fast_run {
    struct fast *engine;
    const struct prepared *prepared;
    const struct program *program;
    const struct value_shape *shapes;
    const struct fact *facts;
    struct fast_register *registers;
    struct fast_axis *axes;
    struct arena *arena;       /* working memory of the batch */
    struct arena *block_arena; /* working memory of the block at hand */
    struct batch *batch;
    struct outcome *outcomes; /* by product */
    bool *is_left;            /* by product: nothing more is to be computed for it */
    struct note **last_notes; /* by product */
    uint32_t *note_counts;
    struct detail *details; /* texts of defaults; NULL: none yet */
    struct calendar_days days; /* the period of all products, where it is one */
    bool has_one_period;
    uint32_t *left_rows; /* of the instruction at hand: neither bounds nor the grid decide them */
    uint32_t left_count, left_room;
    uint8_t *parts_counts;  /* by product: how often it was asked of the exact engine */
    bool *has_exact_cells;  /* by field: some data of it are not what their double says */
};

/* ---- registers (columns.c) ---- */
static inline struct fast_register *fast_register_of(const struct fast_run *run, uint32_t instruction)
{
    return &run->registers[run->facts[instruction].same];
}
/* Points the register of the step at its arrays and gives their number of rows: 1 where there is one value for all. */
uint32_t fast_make(struct fast_run *run, const struct step *step);
/* Rows of the operands of a step: those of its axis. */
static inline const struct fast_axis *fast_axis_of(const struct fast_run *run, uint32_t instruction)
{
    return &run->axes[run->program->code[instruction].axis];
}
static inline bool fast_is_given(const struct fast_register *from, size_t row)
{
    return from->given == NULL || from->given[row * from->step] != 0;
}
static inline bool fast_is_poison(const struct fast_register *from, enum value_form form, size_t row)
{
    size_t at = row * from->step;
    switch (form) {
    case FORM_NUMBER:
        return from->as.number[at] != from->as.number[at];
    case FORM_WHOLE:
        return from->as.whole[at] == POISON_WHOLE;
    case FORM_CODE:
        return from->as.code[at] == POISON_CODE;
    case FORM_FLAG:
        break;
    }
    return from->as.flag[at] == POISON_FLAG;
}

static inline void fast_put_poison(struct fast_register *to, enum value_form form, size_t row)
{
    switch (form) {
    case FORM_NUMBER:
        to->as.number[row] = NAN;
        break;
    case FORM_WHOLE:
        to->as.whole[row] = POISON_WHOLE;
        break;
    case FORM_CODE:
        to->as.code[row] = POISON_CODE;
        break;
    case FORM_FLAG:
        to->as.flag[row] = POISON_FLAG;
        break;
    }
    if (to->given != NULL) {
        to->given[row] = 1;
    }
    if (form == FORM_NUMBER && to->bounds != NULL) {
        to->bounds[row] = NAN;
    }
}

/* Both the limits of sizes that it had and these hold of its values; low may be LOW_UNKNOWN. */
static inline void fast_narrow(struct fast_register *out, int low, int high)
{
    int known = low > -EXPONENT_MAX ? low : -EXPONENT_MAX - 1;
    out->low = low > LOW_UNKNOWN / 2 && known > out->low ? (int16_t)known : out->low;
    out->high = high < out->high ? (int16_t)high : out->high;
}

/* ---- axes (columns.c) ---- */
/* Arrays for so many rows of the axis. What its registers hold is lost. */
void fast_reserve(struct fast_run *run, uint16_t axis, uint32_t rows);
void fast_open_batch(struct fast_run *run);
/* Before a loop over an axis. */
void fast_begin_loop(struct fast_run *run, uint16_t axis);
/* Makes the rows of a pair or range axis for the parent's rows from .. to - 1; what it gave before is gone. */
void fast_open_axis(struct fast_run *run, uint16_t axis, uint32_t from, uint32_t to);
/* How far a block of a loop over the axis goes that begins at the parent's row `from`: one row at least. */
uint32_t fast_block_end(struct fast_run *run, uint16_t axis, uint32_t from);
/* The row of an ancestor axis for each row of the axis; NULL for the constant axis. */
const uint32_t *fast_rows_up(struct fast_run *run, uint16_t axis, uint16_t ancestor);
/* On a pair axis: the row of `to`, the list that is visited or an axis around it, for each row. */
const uint32_t *fast_rows_visited(struct fast_run *run, uint16_t pair, uint16_t to);
uint32_t fast_product_of(const struct fast_run *run, uint16_t axis, uint32_t row);
struct str fast_row_path(struct fast_run *run, uint16_t axis, uint32_t row);

/* ---- products ---- */
/* Leaves the product, or all products, to the exact engine. */
void fast_mark(struct fast_run *run, uint32_t product);
void fast_mark_row(struct fast_run *run, uint16_t axis, uint32_t row);
/* What the bounds left open on a row of the instruction. */
void fast_doubt(struct fast_run *run, uint32_t product, enum zuji_doubt doubt, enum zuji_settled settled);
void fast_doubt_row(struct fast_run *run, uint32_t instruction, uint32_t row, enum zuji_doubt doubt,
                    enum zuji_settled settled);

/* ---- steps ---- */
void fast_numbers(struct fast_run *run, const struct step *step);   /* arithmetic: fast_numbers.c */
void fast_function(struct fast_run *run, const struct step *step);  /* roots, powers, …: fast_functions.c */
void fast_round(struct fast_run *run, const struct step *step);     /* ROUND, ROUNDSIG: fast_round.c */
void fast_compare(struct fast_run *run, const struct step *step);   /* LT, LE, EQ, STEP_KEY: fast_compare.c */
void fast_choose(struct fast_run *run, const struct step *step);    /* bools, choices, moves: fast_choose.c */
void fast_aggregate(struct fast_run *run, const struct step *step); /* fast_aggregate.c */
void fast_lookup(struct fast_run *run, const struct step *step);    /* KEY, CELL, COLUMN, FACTOR: fast_lookup.c */
void fast_call(struct fast_run *run, const struct step *step);      /* CALL: fast_call.c */
void fast_match(struct fast_run *run, const struct step *step);     /* MATCH: fast_match.c */
void fast_root(struct fast_run *run, const struct step *step);      /* fast_roots.c */
/* Takes what results read of the value, though it is no root, for the rows of the block at hand. */
void fast_keep(struct fast_run *run, uint32_t instruction);
void fast_finish(struct fast_run *run); /* such values that lie outside of loops; notes: fast_roots.c */

/* Error bounds as a column, one for each of n rows, even where the value is single; and the values likewise. `scratch`
   says which of the engine's columns may be used for it (columns.c). */
const double *fast_bounds(struct fast_run *run, const struct fast_register *from, uint32_t n, int scratch);
const double *fast_dense(struct fast_run *run, const struct fast_register *from, uint32_t n, int scratch);
/* The bound of one value. */
static inline double fast_bound(const struct fast_register *from, size_t row)
{
    double value = from->as.number[row * from->step];
    return from->bounds != NULL ? from->bounds[row * from->step] : from->k * RELATIVE_BOUND * (value < 0 ? -value : value);
}

/* ---- grids (fast_grid.c) ---- */
/* Numbers whose doubles cannot tell how they stand to each other: are they equal, as the grid on which they lie is wider
   than they may be `apart`? */
bool fast_is_equal(struct fast *engine, uint32_t product, uint32_t a, uint32_t b, double apart); /* two instructions */
bool fast_is_equal_in_rows(struct fast *engine, uint32_t product, uint32_t a, double apart); /* one, in two rows */
/* An instruction, and a number that lies on the grid. */
bool fast_is_at(struct fast *engine, uint32_t product, uint32_t instruction, struct grid grid, double apart);
/* The product in which a row of the instruction lies; any of them where it has one value for all. */
uint32_t fast_product_for(const struct fast_run *run, uint32_t instruction, uint32_t row);
struct fast_grids *fast_grids_new(struct arena *arena, const struct prepared *prepared);
void fast_grids_open(struct fast *engine, const struct batch *batch);
void fast_grids_forget(struct fast *engine); /* before other factors */
/* A grid of all that the FACTOR has given in this batch, and the largest of it. */
struct grid fast_factor_grid(const struct fast *engine, uint32_t instruction, double *most); /* fast_lookup.c */

/* ---- parts (fast_parts.c) ---- */
/* A row of the instruction at hand that is in doubt still, and is poison; rows come in ascending order. */
void fast_leave(struct fast_run *run, uint32_t row);
/* What becomes of these rows: found exactly, or left with their products. */
void fast_settle_left(struct fast_run *run, const struct step *step, enum zuji_doubt doubt);

/* ---- notes (fast_notes.c) ---- */
void fast_note_default(struct fast_run *run, uint32_t instruction, uint32_t row);
void fast_note_factor(struct fast_run *run, uint32_t instruction, uint32_t row, const struct factor_value *slot,
                      struct str asked);
/* Rows `best` and `equal` of the axis that an aggregate goes through are equal; `row` is that of the result. */
void fast_note_tie(struct fast_run *run, uint32_t instruction, uint32_t row, uint32_t best, uint32_t equal);
void fast_note_warning(struct fast_run *run, uint32_t instruction, uint32_t row);
void fast_note_absent_lists(struct fast_run *run);
/* Brings the notes of every product into the order of the program. */
void fast_sort_notes(struct fast_run *run);
/* A value as the name of a row; false where the register does not hold it exactly. */
bool fast_name(struct fast_run *run, uint32_t instruction, uint32_t row, struct str *text);
/* A value as messages show it; false where the register does not hold it exactly. */
bool fast_value_text(struct fast_run *run, uint32_t instruction, uint32_t row, struct str *text);

/* ---- memory of factors (fast_lookup.c) ---- */
struct fast_memo *fast_memos_new(struct arena *arena, const struct prepared *prepared);
void fast_memos_clear(struct fast *engine);
struct match_index *fast_indexes_new(struct arena *arena, const struct prepared *prepared); /* likewise fast_match.c */
void fast_indexes_clear(struct fast *engine);

#endif
