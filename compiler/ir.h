/* Builder of straight-line code: every instruction once (equal ones are shared), constants folded exactly, units and
   axes joined explicitly. Nodes are instructions whose operands, units and constants index this builder's arrays;
   emit.c renumbers them. Everything lives in the arena of the compilation.
   Must not know of expressions or declarations. */
#ifndef ZUJI_COMPILER_IR_H
#define ZUJI_COMPILER_IR_H

#include "base/map.h"
#include "vm/program.h"

#define IR_ERROR (NO_OPERAND - 1) /* poison: stands for a value that was reported; absorbs what is built on it */

enum { IR_NODES_MAX = 4 * LIMIT_INSTRUCTIONS }; /* before dead code is dropped; beyond it lowering gives up */

struct ir_site { /* where the instructions come from that are made now */
    struct span at;
    struct str path; /* "electrolysis.pfc_cf4", "let m_fabric" */
    struct str clause, cite;
};

struct ir_naming { /* a place where a constant that holds CO2e is said */
    struct str path, clause, cite;
    uint32_t node;
};

/* Where a value is had from, which is no assumption of the rule. */
enum {
    SOURCE_FACTOR = 1, /* it is, or is computed from, a number of a factor or of a table whose unit holds CO2e */
    SOURCE_DATUM = 2   /* it is a datum, as it stands, at least in one of the branches of a choice */
};
struct ir_node {
    struct instruction in; /* operands, masks and units in the numbering of the builder */
    struct value_shape shape;
    struct ir_site site;
    bool may_fail;  /* it, or what it is computed from */
    uint8_t source; /* SOURCE_… */
    uint32_t noted; /* a default that is noted where this is needed and its datum absent, for it stands for that; NO_OPERAND */
};

struct ir {
    struct arena *arena;
    struct unit_system *units;
    struct diags *out;
    struct ir_site site;

    struct ir_node *nodes;
    size_t count, cap;
    struct map shared; /* bytes of the instruction -> node */
    struct ir_naming *namings;
    size_t naming_count, naming_cap;
    struct map naming_keys; /* node and path -> naming */

    struct unit *unit_items; /* [0] is the plain number */
    size_t unit_cap;
    struct map unit_index;

    struct prog_const *constants;
    size_t constant_cap;
    struct map constant_index;

    struct prog_axis *axes; /* [0] constant, [1] product */
    size_t axis_count, axis_cap;

    struct map texts; /* interned; number = entry */
    struct prog_table *tables;
    size_t table_count, table_cap;
    struct prog_choice *choices;
    size_t choice_count, choice_cap;
    struct prog_native *natives;
    size_t native_count, native_cap;
    struct prog_factor *factors;
    size_t factor_count, factor_cap;
    struct prog_field *fields;
    size_t field_count, field_cap;
    bool is_full; /* too many nodes: reported */
};

struct ir *ir_new(struct arena *arena, struct unit_system *units, struct diags *out);

/* ---- pools ---- */
uint32_t ir_text(struct ir *ir, struct str text);
struct str ir_text_of(const struct ir *ir, uint32_t text);
/* IR_ERROR (reported) where the scale does not fit 64 bits or there are too many units. */
uint32_t ir_unit(struct ir *ir, struct unit unit);
bool ir_scale_fits(struct rat scale);
struct unit ir_unit_of(const struct ir *ir, uint32_t node);
uint32_t ir_pool(struct ir *ir, struct prog_const constant);

/* ---- axes ---- */
/* Existing axes are found again. IR_ERROR (reported) where there are too many or they nest too deep. */
uint32_t ir_axis_list(struct ir *ir, uint16_t parent, uint32_t field);
uint32_t ir_axis_pair(struct ir *ir, uint16_t parent, uint16_t list);
/* table: the one whose rows the numbers stand for, all of them or some; NO_INDEX. */
uint32_t ir_axis_range(struct ir *ir, uint16_t parent, uint32_t first, uint32_t last, uint32_t max, uint32_t table);
/* Is `outer` an axis around `inner` (not the same)? The constant axis is around all. */
/* Can a value on `from` be had on `axis`: is that it, inside it, or does it visit it (ir_to_axis)? */
bool ir_axis_reaches(const struct ir *ir, uint16_t from, uint16_t axis);
bool ir_axis_encloses(const struct ir *ir, uint16_t outer, uint16_t inner);
unsigned ir_axis_depth(const struct ir *ir, uint16_t axis);
uint16_t ir_axis_of(const struct ir *ir, uint32_t node);

/* ---- nodes ---- */
/* The node of this instruction, shared; no folding. */
uint32_t ir_make(struct ir *ir, struct instruction in, struct value_shape shape);
/* The value on another axis that lies inside its own (or is a pair over its list). The same where it is there. */
uint32_t ir_to_axis(struct ir *ir, uint32_t node, uint16_t axis);
/* On a pair axis over `list`: the value of the row that is visited (which may be a row of the very list from inside of
   which it is visited); else ir_to_axis. */
uint32_t ir_to_visited(struct ir *ir, uint32_t node, uint16_t list, uint16_t axis);
bool ir_is_constant(const struct ir *ir, uint32_t node);
const struct prog_const *ir_constant(const struct ir *ir, uint32_t node);
bool ir_is_true(const struct ir *ir, uint32_t node);
bool ir_is_false(const struct ir *ir, uint32_t node);

uint32_t ir_number(struct ir *ir, struct rat number, struct unit unit);
/* A constant that is another one in another unit; and one that is made of two, which has the source of one of them where
   the place says none. */
uint32_t ir_restated(struct ir *ir, uint32_t from, struct rat number, struct unit unit);
uint32_t ir_folded(struct ir *ir, uint32_t a, uint32_t b, struct rat number, struct unit unit);
bool ir_holds_emissions(const struct ir *ir, struct unit unit);
uint32_t ir_bool(struct ir *ir, bool value);
uint32_t ir_member(struct ir *ir, uint32_t choice, uint32_t member);
uint32_t ir_string(struct ir *ir, struct str text);
uint32_t ir_year(struct ir *ir, int64_t year);
uint32_t ir_date(struct ir *ir, int64_t day);

uint32_t ir_field(struct ir *ir, uint32_t field, uint16_t axis);
uint32_t ir_index(struct ir *ir, uint16_t axis);
uint32_t ir_given(struct ir *ir, uint32_t a);
uint32_t ir_need(struct ir *ir, uint32_t a); /* the same where it is not optional */
uint32_t ir_else(struct ir *ir, uint32_t a, uint32_t b, bool is_noted);
uint32_t ir_take(struct ir *ir, uint32_t row, uint32_t value);

/* Numbers: operands are given (NEED), brought to one axis and, where it must be, to one unit. */
uint32_t ir_convert(struct ir *ir, uint32_t a, struct unit unit);
uint32_t ir_plain(struct ir *ir, uint32_t a); /* a plain number of scale 1, of a plain number of any scale */
uint32_t ir_add(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_sub(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_mul(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_div(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_neg(struct ir *ir, uint32_t a);
uint32_t ir_abs(struct ir *ir, uint32_t a);
uint32_t ir_min(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_max(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_powi(struct ir *ir, uint32_t a, int power);
uint32_t ir_sqrt(struct ir *ir, uint32_t a);
uint32_t ir_exp(struct ir *ir, uint32_t a); /* of plain numbers, as ln and powers of computed exponents */
uint32_t ir_ln(struct ir *ir, uint32_t a);
uint32_t ir_pow(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_untag(struct ir *ir, uint32_t a);
uint32_t ir_round(struct ir *ir, uint32_t a, uint32_t step, enum rounding mode); /* step: constant */
uint32_t ir_round_significant(struct ir *ir, uint32_t a, int digits, enum rounding mode); /* 1 .. 15 */

/* Decisions; ir_equal takes any type (EQ of numbers and years, SAME of others). */
uint32_t ir_less(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_less_equal(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_equal(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_and(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_or(struct ir *ir, uint32_t a, uint32_t b);
uint32_t ir_not(struct ir *ir, uint32_t a);
uint32_t ir_select(struct ir *ir, uint32_t condition, uint32_t then, uint32_t otherwise);

/* Over the rows of `axis`; where may be NO_OPERAND. The result is on the parent axis. */
uint32_t ir_sum(struct ir *ir, uint16_t axis, uint32_t a, uint32_t where);
uint32_t ir_count(struct ir *ir, uint16_t axis, uint32_t where);
uint32_t ir_any(struct ir *ir, uint16_t axis, uint32_t a, uint32_t where);
uint32_t ir_extreme(struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t where); /* LEAST, GREATEST */
/* ARGMAX, ARGMIN */
uint32_t ir_extreme_row(struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t where, enum tie tie);
uint32_t ir_only(struct ir *ir, uint16_t axis, uint32_t where);

/* The row of the list whose datum (on the axis of the list) equals the value. */
uint32_t ir_match(struct ir *ir, uint32_t value, uint32_t datum);

/* Tables and factors: ids in ir->tables and ir->factors. */
uint32_t ir_key(struct ir *ir, uint32_t table, uint32_t dimension, uint32_t value);
uint32_t ir_cell(struct ir *ir, uint32_t table, const uint32_t *keys);
uint32_t ir_column(struct ir *ir, uint32_t row, uint32_t table, uint32_t column);
/* The row of the table for each row of a range axis whose bounds are 1 and the number of rows. */
uint32_t ir_table_row(struct ir *ir, uint16_t axis, uint32_t table);
uint32_t ir_factor(struct ir *ir, uint32_t factor, const uint32_t *keys);

/* The external function of ir->natives with this number; arguments are converted, and rounded as natives get them. */
/* a, which must lie between two constants, both included; beyond them it has no value. */
uint32_t ir_within(struct ir *ir, uint32_t a, uint32_t low, uint32_t high);
uint32_t ir_call(struct ir *ir, uint32_t native, const uint32_t *args);

/* REQUIRE, WARN, EMIT, INVENTORY, OUTPUT; mask may be NO_OPERAND. */
uint32_t ir_root(struct ir *ir, enum opcode op, uint16_t axis, uint32_t a, uint32_t b, uint32_t mask);
/* JUDGE of class `grade` where the condition says whether its limit is kept. */
uint32_t ir_judge(struct ir *ir, uint16_t axis, uint32_t is_kept, uint32_t grade, bool is_rounded);

/* ---- shared by the files of the builder (ir.c, ir_number.c, ir_function.c, ir_logic.c, ir_rows.c) ---- */
bool ir_join_axes(struct ir *ir, uint32_t *nodes, size_t count, uint16_t *axis);
bool ir_has_error(const uint32_t *nodes, size_t count);
uint32_t ir_pooled(struct ir *ir, struct prog_const constant, struct unit unit);
/* Both numbers in one unit, constants converted to the other's, else the coarser to the finer. */
bool ir_join_units(struct ir *ir, uint32_t *a, uint32_t *b);
/* The node; a constant zero of its kind in the unit of the other. */
uint32_t ir_zero_like(struct ir *ir, uint32_t node, uint32_t other);
/* The instruction with one or two numbers as operands, brought to one axis, that gives a number in the unit. */
uint32_t ir_make_number(struct ir *ir, enum opcode op, struct unit unit, const uint32_t *operands, size_t count);
/* The same amount in the unit of its kind with scale 1. */
uint32_t ir_coherent(struct ir *ir, uint32_t a);
uint32_t ir_fail(struct ir *ir, enum diag_code code, const struct str *args, size_t count);

/* ---- passes over the finished code (ir_mask.c, ir_order.c) ---- */
/* Gives every instruction that can fail the mask of the rows where its value is needed (MACHINE 1.2).
   `wanted`: nodes that are needed everywhere besides the roots. */
void ir_masks(struct ir *ir, const uint32_t *wanted, size_t wanted_count);
/* Can this node fail at run time? (A division by a constant cannot.) */
bool ir_can_fail(const struct ir *ir, uint32_t node);
typedef void ir_visitor(void *context, uint32_t *operand);
/* Every operand, condition and mask that is a node; the visitor may replace it (in a copy of the instruction). */
void ir_each_operand(struct instruction *in, ir_visitor *visit, void *context);
/* The bounds of the range axes on which the instruction is or over which it goes. */
void ir_each_bound(struct ir *ir, const struct instruction *in, ir_visitor *visit, void *context);
/* Does the immediate of this instruction name an axis? */
bool ir_is_over_axis(uint16_t op);
/* Does it say something, so that it stays without a user? */
bool ir_is_root(uint16_t op);
/* Live nodes (roots, `wanted` and what they need) in their final order, operands before users; in the arena. */
uint32_t *ir_order(struct ir *ir, const uint32_t *wanted, size_t wanted_count, size_t *count);

#endif
