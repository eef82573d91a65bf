/* Small programs made by hand, for tests of the image, the verifier and the engines. Everything lives in the builder's
   arena until builder_free. Entries are numbered in the order of their making; builder_finish sorts the pools (units,
   constants, texts), so keep numbers of instructions, axes, fields, tables and the like, but ask for units again
   (builder_unit_id). Must not use the compiler.

       struct builder b;
       builder_start(&b);
       uint16_t t = builder_unit(&b, "t", "1000", "kg");
       uint16_t intensity = builder_unit(&b, "kgCO2e/t", "1/1000", "CO2e kg^-1");
       uint32_t mass = builder_field(&b, NO_INDEX, "mass", t);
       uint32_t amount = builder_two(&b, OP_MUL, AXIS_ID_PRODUCT, b.co2e, builder_load(&b, mass),
                                     builder_number(&b, "5/2", intensity));
       builder_emit(&b, builder_stage(&b, "production"), "melting", amount);
       struct program *program = builder_finish(&b);
*/
#ifndef ZUJI_TESTS_UNIT_PROGRAM_BUILDER_H
#define ZUJI_TESTS_UNIT_PROGRAM_BUILDER_H

#include "base/map.h"
#include "vm/program.h"

struct builder {
    struct arena arena;
    struct program program;
    struct map texts, labels;
    uint16_t co2e;       /* kgCO2e; the plain number is unit 0 */
    uint16_t list_axis[64]; /* by field id: axis of a list */
    uint32_t loaded[64];    /* by field id: its FIELD instruction; NO_OPERAND: none yet */
    bool is_sharing;     /* builder_op gives an equal earlier instruction where there is one; true at the start */
};

/* A rule "test", declared for 1 plain unit, with units 1 and kgCO2e; its reference is the constant 1 unless
   builder_reference says otherwise. Axes 0 and 1 are there. */
void builder_start(struct builder *builder);
/* Drops what nothing uses, before builder_finish; numbers of instructions change (program_sweep.c). Not for programs with
   allocations. */
void builder_sweep(struct builder *builder);
struct program *builder_finish(struct builder *builder);
void builder_free(struct builder *builder);

uint32_t builder_text(struct builder *builder, const char *text);
uint32_t builder_label(struct builder *builder, const char *label);
/* kind: "CO2e kg^-1 {clinker}^2"; scale: "1000" or "1/3". The same text gives the same unit. */
uint16_t builder_unit(struct builder *builder, const char *text, const char *scale, const char *kind);
uint16_t builder_point(struct builder *builder, const char *text, const char *scale, const char *kind,
                       const char *offset);
/* The unit is one that the rule declares under its text, so that texts may use it. */
void builder_declare_unit(struct builder *builder, uint16_t unit);
uint16_t builder_unit_id(const struct builder *builder, const char *text); /* also after builder_finish */

uint32_t builder_choice(struct builder *builder, const char *name, const char *const *members, uint32_t count);
uint32_t builder_list(struct builder *builder, uint32_t parent, const char *name); /* with its axis: list_axis */
uint32_t builder_field(struct builder *builder, uint32_t parent, const char *name, uint16_t unit); /* number >= 0 */
uint32_t builder_field_of(struct builder *builder, uint32_t parent, const char *name, enum value_type type,
                          uint32_t choice);
struct prog_field *builder_the_field(struct builder *builder, uint32_t field); /* to change; valid until the next field */
/* An external function of numbers of these units. */
uint32_t builder_native(struct builder *builder, const char *name, uint16_t unit, const uint16_t *params, uint32_t count);
uint32_t builder_factor(struct builder *builder, const char *name, uint16_t unit); /* keys to be filled in */

uint32_t builder_rational(struct builder *builder, const char *text); /* entries of the constant pool */
uint32_t builder_const(struct builder *builder, enum value_type type, int64_t value, uint32_t choice);
uint32_t builder_const_text(struct builder *builder, const char *text);

/* A table of `columns` columns to be named and filled in, without dimensions; row_count rows. */
uint32_t builder_table(struct builder *builder, const char *name, uint32_t columns, uint32_t row_count);
/* The next dimension of the table, to be filled in (keys: an array in the arena); then the rows: slots in order. */
struct prog_dimension *builder_dimension(struct builder *builder, uint32_t table, enum value_type type);
void builder_rows(struct builder *builder, uint32_t table, const uint32_t *rows, uint32_t slots);
void builder_column(struct builder *builder, uint32_t table, uint32_t column, const char *name, enum value_type type,
                    uint16_t unit, const uint32_t *cells);

uint16_t builder_range(struct builder *builder, uint16_t parent, uint32_t first, uint32_t last, uint32_t max);
uint16_t builder_pair(struct builder *builder, uint16_t parent, uint16_t list_axis);

/* Instructions; the result is their number. */
uint32_t builder_op(struct builder *builder, struct instruction instruction); /* all members to be given */
uint32_t builder_number(struct builder *builder, const char *value, uint16_t unit); /* CONST */
uint32_t builder_load(struct builder *builder, uint32_t field);                     /* FIELD */
uint32_t builder_constant(struct builder *builder, uint32_t constant);              /* CONST of no number */
uint32_t builder_one(struct builder *builder, enum opcode op, uint16_t axis, uint16_t unit, uint32_t a);
uint32_t builder_two(struct builder *builder, enum opcode op, uint16_t axis, uint16_t unit, uint32_t a, uint32_t b);
/* SUM, COUNT, ...: over the rows of `over`; where may be NO_OPERAND. */
uint32_t builder_reduce(struct builder *builder, enum opcode op, uint16_t over, uint16_t unit, uint32_t a,
                        uint32_t where);
void builder_mask(struct builder *builder, uint32_t instruction, uint32_t mask);

/* The same name gives the same phase or category. */
uint32_t builder_phase(struct builder *builder, const char *name);
uint32_t builder_category(struct builder *builder, const char *name);
uint32_t builder_grade(struct builder *builder, const char *name, uint32_t limit); /* without its JUDGE */
uint32_t builder_stage(struct builder *builder, const char *name);
uint32_t builder_emit(struct builder *builder, uint32_t stage, const char *flow, uint32_t amount); /* flow, part, EMIT */
uint32_t builder_report(struct builder *builder, const char *name, uint16_t unit, uint32_t value);
uint32_t builder_require(struct builder *builder, uint16_t axis, uint32_t condition, const char *message);
/* The declared amount, its unit and what the data cover (an instruction in this unit). total is kgCO2e per unit. */
void builder_reference(struct builder *builder, const char *amount, uint16_t unit, uint16_t total, uint32_t reference);

#endif
