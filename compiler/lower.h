/* Lowering, for the files lower*.c and emit*.c: from the checked tree to straight-line code, by substitution: a name
   means its expression. Everything lives in the permanent arena of the compilation.
   Must not know of texts of files or of how the program is run. */
#ifndef ZUJI_COMPILER_LOWER_H
#define ZUJI_COMPILER_LOWER_H

#include "compiler/compile.h"
#include "compiler/ir.h"

enum { LOWER_DEPTH_MAX = 1000 }; /* of expressions, functions and lets inside one another */

/* A row: the current one of a comprehension (row == NO_OPERAND), or one that was picked. */
struct row {
    uint16_t axis;      /* where its fields are wanted */
    uint16_t list_axis; /* where the data of its list are; differs from axis on pair axes and for picked rows */
    uint32_t node;      /* picked, or of a table: the value of type row; else NO_OPERAND. IR_ERROR: reported */
};

/* One share of a value by where it comes from (MACHINE 6, LANGUAGE P2). */
struct share {
    struct str category; /* "fossil", "biogenic", ...: of the gas; empty where nothing was said */
    struct str gas;      /* empty: given in CO2e */
    uint32_t node;
    bool is_of_factor; /* of a factor that is split, whose categories may not get lost */
};
struct split { /* its shares add up to the value; no two have the same category and gas */
    struct share *shares;
    size_t count, cap;
};

/* What an expression gives: one node, or the shares of an emission, or the current row of a comprehension. */
struct lowered {
    uint32_t node;
    struct split *split;   /* NULL: node */
    const struct row *row; /* NULL: no current row */
};

/* An argument: an expression and where its names are looked up; lowered when it is first used. */
struct closure {
    const struct decl *param;
    struct expr *expr;
    const struct scope *scope;
    bool is_lowered, is_searched;
    struct lowered value;
    uint16_t mention; /* once searched: lower_mention of it */
    uint32_t formula; /* once lowered: its formula; NO_INDEX: none */
};

enum scope_kind { SCOPE_BINDER, SCOPE_PARAMS, SCOPE_ROW };
struct scope { /* innermost first */
    enum scope_kind kind;
    const struct scope *outer;
    const struct expr *binder; /* BINDER: the comprehension */
    const struct decl *decl; /* PARAMS: the function; ROW: the list field whose fields are visible; BINDER: the stage of
                                a `for each` */
    bool is_root;            /* BINDER: the rows of the reference or of a stage; roots have only roots around them */
    uint32_t list;           /* root: id of the list; NO_INDEX: a table or range */
    struct row row;          /* BINDER, ROW */
    struct closure *args;    /* PARAMS */
};

/* Numbers of declarations. */
struct decl_map {
    struct map map;
};

/* The value of a declaration as seen from the rows of one axis: a name means its expression. */
struct named_value {
    uint16_t axis;
    struct lowered value;
    uint32_t formula; /* NO_INDEX: none */
    uint32_t next; /* the same declaration from another axis; NO_INDEX */
};

/* A flow: in one row of its stage, for the whole data set, and what of that is ours. */
struct flow_value {
    const struct scope *scope; /* where its names are looked up */
    uint32_t when;             /* is it carried out? Not on the rows of the stage */
    uint32_t where;            /* likewise, in the row of the stage */
    struct split *written;     /* scaled, summed over the rows; in kgCO2e, with categories */
    uint32_t formula;          /* what of it is ours, as a formula */
    struct split *ours;        /* what allocations leave of it, share by share; NULL: it is not allocated */
};

/* A formula that the rule names; see prog_item. */
struct named_formula {
    enum prog_item_kind kind;
    const struct decl *decl;
    struct str name;
    struct span at;            /* of the expression */
    struct lowered value;
    const struct share *more;  /* further values of it */
    size_t more_count;
    struct str clause;         /* set when it is closed, as are the uses */
    const uint32_t *uses;      /* formulas */
    size_t use_count;
};
struct open_formula { /* while its expression is lowered */
    struct open_formula *outer;
    uint32_t *uses;
    size_t use_count, use_cap;
};

struct lowering {
    struct arena *arena;
    struct checked *checked;
    struct diags *out;
    struct ir *ir;
    unsigned depth;
    bool has_error;

    struct decl_map field_ids, choice_ids, table_ids, factor_ids, native_ids, let_ids, flow_ids, breakdown_ids;
    struct decl **field_decls; /* by field; NULL for the `cut` that a cut-off adds */
    uint32_t *cut_fields;      /* by field: of lists with a cut-off, the field `cut`; else NO_INDEX */
    size_t field_decl_cap, cut_cap;
    struct decl **choice_decls, **table_decls, **factor_decls;
    size_t choice_decl_cap, table_decl_cap, factor_decl_cap;
    struct named_value *named; /* of lets, flows and allocations; those of one declaration are chained */
    size_t named_count, named_cap;
    struct flow_value *flow_values; /* by number of the emit */
    size_t flow_value_count, flow_value_cap;
    struct scope row; /* of the reference; on the product axis where results have one row */
    bool has_rows;
    uint32_t kgco2e; /* unit */
    bool has_total;
    uint32_t total; /* node, once has_total */
    struct ir_site reference_site;
    struct named_formula *formulas; /* after those that they mention */
    size_t formula_count, formula_cap;
    struct map formula_keys;
    struct open_formula *open_formula; /* the innermost */

    struct program *program; /* stages, flows, parts, reports, requirements as they are made */
    size_t allocation_cap, grade_cap, phase_cap, category_cap, breakdown_cap, stage_cap, flow_cap, part_cap, output_cap, requirement_cap;
    struct map labels; /* interned */
};

/* ---- lower.c ---- */
bool decl_map_get(const struct decl_map *map, const void *key, uint32_t *value);
void decl_map_add(struct lowering *lowering, struct decl_map *map, const void *key, uint32_t value);
uint32_t lower_fail(struct lowering *lowering, struct span at, enum diag_code code, const struct str *args,
                    size_t count); /* IR_ERROR */
/* lower_header.c: warns where what the rule uses (table, factor, let) is not valid on every day on which the rule is.
 */
void lower_check_validity(struct lowering *lowering, const struct decl *used);
uint32_t lower_label(struct lowering *lowering, struct str text); /* NO_INDEX for the empty text */
struct prog_titles lower_titles(struct lowering *lowering, const struct texts *texts);
struct prog_aliases lower_aliases(struct lowering *lowering, struct str name);
/* Sets where the instructions made next come from; returns what was set before. */
struct ir_site lower_enter(struct lowering *lowering, struct str path, const struct decl *decl);

/* ---- lower_named.c: what formulas mention ---- */
void lower_formula_open(struct lowering *lowering, struct open_formula *open);
/* Closes it with what it is, and notes it with what is open around it. Its number; NO_INDEX where it has no value. */
uint32_t lower_formula_close(struct lowering *lowering, struct open_formula *open, struct named_formula formula);
void lower_formula_mention(struct lowering *lowering, uint32_t formula); /* one that was closed before; or NO_INDEX */

/* ---- lower_expr.c ---- */
struct lowered lower_expr(struct lowering *lowering, struct expr *expr, const struct scope *scope);
/* The same as one node; IR_ERROR where it is the current row of a comprehension. */
uint32_t lower_value(struct lowering *lowering, struct expr *expr, const struct scope *scope);
/* A constant's node; IR_ERROR (reported) where it is none. */
uint32_t lower_constant(struct lowering *lowering, struct expr *expr);
/* As seen from the scope. */
struct lowered lower_let(struct lowering *lowering, struct decl *let, const struct scope *scope);
/* The value of an expression of the declaration as seen from the scope, once for each axis. */
struct lowered lower_named(struct lowering *lowering, struct decl *decl, struct expr *expr, const struct scope *scope);
/* In the unit of the report. */
uint32_t lower_report_value(struct lowering *lowering, struct decl *report, const struct scope *scope);
/* The value of a flow as written: 0 where it is not carried out. Inside its stage that of the row, outside of all rows.
 */
uint32_t lower_flow(struct lowering *lowering, struct decl *emit, const struct scope *scope);

/* ---- lower_call.c ---- */
/* The argument, lowered when it is first asked for. */
struct lowered lower_closure(struct lowering *lowering, struct closure *closure);
struct lowered lower_call(struct lowering *lowering, struct expr *call, const struct scope *scope);

/* ---- lower_rows.c ---- */
struct lowered lower_comprehension(struct lowering *lowering, struct expr *expr, const struct scope *scope);
uint32_t lower_product_field(struct lowering *lowering, const struct decl *field, const struct scope *scope,
                             bool is_raw);
/* is_raw: without the default, for `is given`. */
uint32_t lower_field_of(struct lowering *lowering, const struct row *row, const struct decl *field, bool is_raw);
/* The row that a value of type row stands for. */
struct row lower_picked_row(const struct lowering *lowering, uint32_t node);
/* The axis around everything the expression mentions: of the innermost comprehension outside it whose row it uses. */
uint16_t lower_mention(const struct lowering *lowering, struct expr *expr, const struct scope *scope);
/* Opens the rows of a list or range inside one row of `outer`; false where that was reported. */
bool lower_open_rows(struct lowering *lowering, struct expr *source, uint16_t outer, const struct scope *scope,
                     struct row *row, uint32_t *list);
/* ---- lower_match.c ---- */
struct lowered lower_row_lookup(struct lowering *lowering, struct expr *call, const struct scope *scope);
/* The row of `the` where it is found by one datum of it and without a look at other rows; false where it is not. */
bool lower_the_as_match(struct lowering *lowering, struct expr *expr, const struct scope *scope, uint32_t *row);
const struct scope *lower_find_binder(const struct scope *scope, const struct expr *binder);
struct closure *lower_find_param(const struct scope *scope, const struct ref *ref);

/* ---- lower_split.c ---- */
struct lowered lower_plain(uint32_t node);
uint32_t lower_sum_of(struct lowering *lowering, struct lowered value); /* of all shares */
/* The same for an operation whose result would lose the categories of a factor that is split: refused. */
uint32_t lower_whole(struct lowering *lowering, const struct expr *expr, struct lowered value);
/* a default b, where a may be missing and b is split */
struct lowered lower_else(struct lowering *lowering, uint32_t value, struct lowered fallback, bool is_noted);
struct lowered lower_add(struct lowering *lowering, struct lowered a, struct lowered b, bool is_sub);
struct lowered lower_mul(struct lowering *lowering, struct lowered a, struct lowered b, bool is_div);
struct lowered lower_select(struct lowering *lowering, uint32_t condition, struct lowered then,
                            struct lowered otherwise);
typedef uint32_t share_function(struct lowering *lowering, uint32_t node, void *context);
/* A linear function of each share. */
struct lowered lower_each_share(struct lowering *lowering, struct lowered value, share_function *function,
                                void *context);
struct lowered lower_gwp(struct lowering *lowering, struct expr *call, const struct scope *scope);
/* All shares of an emission in kgCO2e, at least one, each with a category. */
struct split *lower_emission(struct lowering *lowering, struct lowered value, struct str category);
/* The same value with the other sign. */
struct lowered lower_negated(struct lowering *lowering, struct lowered value);

/* ---- lower_choice.c ---- */
uint32_t lower_choice_id(struct lowering *lowering, struct decl *choice);
/* The table whose rows are walked: that of the declaration or, of a choice, one that has a row for each member. */
uint32_t lower_walked_id(struct lowering *lowering, struct decl *walked);
/* ---- lower_table.c ---- */
uint32_t lower_table_id(struct lowering *lowering, struct decl *table); /* IR_ERROR where it was reported */
uint32_t lower_native_id(struct lowering *lowering, struct decl *external);
/* lower_factor.c: a factor under these keys (NULL: it has none), with its split. */
struct lowered lower_factor(struct lowering *lowering, struct decl *factor, const uint32_t *keys);
/* t(keys): the value of its only column, or a row. */
uint32_t lower_lookup(struct lowering *lowering, struct decl *table, const uint32_t *keys);
enum value_type lower_value_type(enum type_kind kind);

/* ---- lower_size.c ---- */
/* Sums what inlining will make, before anything is expanded; false where it is too much. */
bool lower_sizes(struct lowering *lowering);

/* ---- lower_roots.c ---- */
void lower_reference_rows(struct lowering *lowering);
/* The scope of a declaration that mentions these rows (bits of enum mentions); NULL: none. */
const struct scope *lower_home(struct lowering *lowering, struct decl *decl, unsigned mentions);
const struct scope *lower_roots(const struct scope *scope);      /* its rows of reference and stage; NULL */
const struct scope *lower_stage_root(const struct scope *scope); /* its rows of a stage; NULL */
/* Of the roots of the scope those that are mentioned. */
const struct scope *lower_restrict(struct lowering *lowering, const struct scope *scope, unsigned mentions);
/* Is the row not cut off? Constant where the list has no cut-off. */
uint32_t lower_kept(struct lowering *lowering, const struct scope *rows);
/* The innermost axis of the two (NO_OPERAND, errors and constants count as the product's). */
uint16_t lower_inner_axis(const struct ir *ir, uint32_t a, uint32_t b);
/* What the row of the reference is called; NO_OPERAND where nothing names it. */
uint32_t lower_row_name(struct lowering *lowering);
/* The condition of the rows that are headlines, one of which must be there; NO_OPERAND: all are. */
uint32_t lower_headline(struct lowering *lowering);

/* ---- lower_allocate.c ---- */
/* What is ours of the flow, as factors: on the rows of its stage, and outside of them. NO_OPERAND: no allocation. */
void lower_taken(struct lowering *lowering, struct decl *emit, const struct scope *scope, uint32_t *inside,
                 uint32_t *outside);
/* The rows that shares in the rows of the flow's stage are about: the flow has to be seen from there. */
unsigned lower_taken_mentions(struct lowering *lowering, struct decl *emit);
/* Requirements and records of all allocations; after the stages. */
void lower_allocations(struct lowering *lowering);

/* ---- lower_stage.c ---- */
const struct decl *lower_stage_of(const struct decl *item); /* NULL where it is in none */
struct str lower_path_of(struct lowering *lowering, const struct decl *item);
/* The condition of the stage, the process and the item itself, outermost first. Conditions on the rows of a stage that
   is not in the scope are left out. */
uint32_t lower_when(struct lowering *lowering, struct decl *decl, const struct scope *scope);
/* Found once. */
const struct flow_value *lower_flow_value(struct lowering *lowering, struct decl *emit);
/* emitted(…) or counted(…) of a stage, process, flow or category. */
struct lowered lower_emitted(struct lowering *lowering, const struct expr *call);
void lower_stage(struct lowering *lowering, struct decl *stage);
uint32_t lower_total(struct lowering *lowering); /* of all flows, per declared unit */

/* ---- lower_rule.c, lower_data.c, lower_header.c ---- */
uint32_t lower_add_requirement(struct lowering *lowering, struct prog_titles text);
/* A text of ours with the names of the rule in it, in both languages. */
struct prog_titles lower_composed(struct lowering *lowering, enum diag_code text, const struct str *args, size_t count);
void lower_fields(struct lowering *lowering);
/* A constant in the place of a datum keeps to the range of the field, as the datum would. */
void lower_check_default(struct lowering *lowering, uint32_t id, uint32_t value);
/* The literals; after all else is lowered, so that they do not become the constants of the formulas. */
void lower_check_unused_defaults(struct lowering *lowering);
void lower_items(struct lowering *lowering);  /* lets, stages, requirements, reports */
void lower_header(struct lowering *lowering); /* the head of the rule and what the data cover */
/* What the data cover, in the declared unit. */
uint32_t lower_covered(struct lowering *lowering);
/* lower_divisors.c: after everything else. */
void lower_divisors(struct lowering *lowering, struct compiled *into);
void lower_examples(struct lowering *lowering, struct compiled *into);

/* ---- lower_grade.c ---- */
/* After the header: limits are compared with the total as the rule rounds it. */
void lower_grades(struct lowering *lowering);

/* ---- lower_phases.c: how the total is cut ---- */
void lower_phases(struct lowering *lowering);
void lower_breakdowns(struct lowering *lowering);
/* The members of breakdowns that the flow is counted in. */
void lower_flow_members(struct lowering *lowering, const struct decl *emit, struct prog_flow *flow);
/* Does the rule say `apart` of this category or member of a breakdown? */
bool lower_is_named_apart(const struct lowering *lowering, struct str word);
/* Is the flow shown and not summed, whatever its category: for its phase, or a member of a breakdown? */
bool lower_is_flow_apart(const struct lowering *lowering, const struct decl *emit);
struct prog_titles lower_because(struct lowering *lowering, const struct decl *decl);
uint32_t lower_phase_id(const struct lowering *lowering, struct str name); /* NO_INDEX for the empty name */

/* ---- emit_places.c ---- */
struct prog_site emit_site(struct lowering *lowering, const struct ir_site *site);
void emit_items(struct lowering *lowering, const uint32_t *nodes); /* nodes: instruction of each; NO_INDEX: dropped */

/* ---- emit.c, emit_units.c ---- */
/* By unit of the builder, of which there are `count` now: how the author spelt it; empty where nobody wrote it. */
const struct str *lower_unit_spellings(struct lowering *lowering, size_t count);
/* Masks, order, numbers: the finished program. */
struct program *emit_program(struct lowering *lowering);

#endif
