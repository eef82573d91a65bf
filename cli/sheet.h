/* An explanation as lines of a spreadsheet: each node is a line, its parts stand next to each other below it, and what
   a formula needs besides has lines of its own. A cell says in the formulas of spreadsheets what the node's formula
   says; there are no decimal points in them, and `;` stands between arguments, so that they mean the same in every
   locale.
   sheet_lines.c (which lines there are), sheet_cells.c (what stands in them), sheet_formula.c, sheet_numbers.c. Memory:
   the arena. Must not know of files, or of words. */
#ifndef ZUJI_CLI_SHEET_H
#define ZUJI_CLI_SHEET_H

#include "base/map.h"
#include "base/str.h"
#include "vm/zuji.h"

enum sheet_role {
    SHEET_NODE,
    /* What a formula of a node needs: */
    SHEET_CONSTANT, /* a text of a comparison */
    SHEET_COUNT,    /* a number of rows */
    SHEET_GIVEN,    /* whether a datum is given */
    SHEET_INTERVAL, /* what significant digits are multiples of */
    SHEET_QUOTIENT, /* a number to be rounded, in steps */
    SHEET_PART      /* some of many operands */
};
struct sheet_line {
    enum sheet_role role;
    const struct zuji_explanation *node; /* of others than nodes: the one whose formula needs it */
    const struct zuji_formula *formula;  /* of others than nodes: the part of the formula */
    size_t from, to;                     /* PART: its operands */
    size_t input_behind;                 /* NODE: the line that is the same input, and one more; 0: none */
    size_t whole;                        /* the line that it was first needed for; of the first its own */
    size_t needs, need_count;            /* NODE: lines that its formula needs */
};
struct sheet {
    struct arena *arena;
    struct sheet_line *lines;
    size_t count, cap;
    size_t *line_behind; /* by number of the node: its line, and one more */
    struct map inputs;   /* by what they are: their line */
};
struct sheet sheet_of(struct arena *arena, const struct zuji_explanation *root);

/* The line numbered 0 stands in this row of the sheet; values in this column. */
enum { SHEET_FIRST_ROW = 4, SHEET_COLUMN = 'F' };

enum sheet_entry {
    SHEET_EMPTY,
    SHEET_INPUT,   /* a number or text that may be changed */
    SHEET_FORMULA, /* "=…" */
    SHEET_STATED   /* found by Zuji: no formula can say how */
};
struct sheet_cell {
    enum sheet_entry entry;
    struct str content;
    bool is_text; /* no number and no formula */
};
struct sheet_cell sheet_value(const struct sheet *sheet, size_t line);
/* What Zuji found: a number or text. Empty where it told none. */
struct sheet_cell sheet_told(const struct sheet *sheet, size_t line);
/* The power of ten below which the two do not differ: a billionth of the largest amount that adds up to the value.
   False: there is none, as all is 0. */
bool sheet_tolerance(const struct sheet *sheet, size_t line, int *power);

/* ---- sheet_lines.c ---- */
size_t sheet_line_of(const struct sheet *sheet, const struct zuji_explanation *node);
/* The operands from *at on that one argument names: lines that follow each other, of which first and last. False: one
   operand that is no line. *at moves on. */
bool sheet_range(const struct sheet *sheet, const struct zuji_formula *formula, size_t *at, size_t *first,
                 size_t *last);
/* Of the lines that the line's node needs, the first and last of this role for this part of its formula; 0: none. */
size_t sheet_need(const struct sheet *sheet, size_t line, const struct zuji_formula *formula, enum sheet_role role,
                  size_t *last);

/* ---- sheet_cells.c ---- */
/* Has the node a formula that a cell can have? */
bool sheet_is_computed(const struct zuji_explanation *node);
/* Of a stage or flow: the one condition under which it is carried out; NULL: there is none. */
const struct zuji_explanation *sheet_condition(const struct zuji_explanation *node);

/* ---- sheet_formula.c ---- */
struct str sheet_formula(const struct sheet *sheet, size_t line); /* "=F7*F8" */
/* Over many operands: the name of the function; NULL: another operation. */
const char *sheet_aggregate(const struct zuji_formula *formula);

/* ---- sheet_numbers.c ---- */
struct sheet_decimal { /* digits × 10^exponent */
    char digits[32];
    size_t count; /* 0: it is 0 */
    int exponent;
    bool is_negative;
};
struct sheet_decimal sheet_decimal(double number);
/* How tightly an operation binds; what binds less than what is around it is put in brackets. */
enum sheet_binding { BINDS_NOTHING, BINDS_SUM, BINDS_PRODUCT, BINDS_POWER, BINDS_ALL };
void sheet_add_number(struct buf *out, double number, enum sheet_binding around); /* 945/1000, 12/10^9, 11/3 */
void sheet_add_times(struct buf *out, double by);                                 /* "*1000", "/3600", "*11/3" */
/* As the content of a cell, which is read with a decimal point: 0.945; =11/3 where it may and no decimal ends. */
struct str sheet_plain(struct arena *arena, double number, bool may_divide);
/* The value as a number of a sheet: conditions are 1 and 0, dates days. False: it is a text, or none. */
bool sheet_number(const struct zuji_value *value, double *number);

#endif
