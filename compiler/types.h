/* Types and kinds of expressions, for the files types*.c: the typer that walks the declarations in the order of their
   needs and annotates the tree. Everything lives in the arena of the compilation. Must not know of scales. */
#ifndef ZUJI_COMPILER_TYPES_H
#define ZUJI_COMPILER_TYPES_H

#include "compiler/compile.h"
#include "compiler/kinds.h"

struct fact { /* `path` is given here */
    const struct expr *path;
    const struct fact *outer;
};

struct typer {
    struct checked *checked;
    struct arena *arena;
    struct diags *out;
    struct kinds kinds;
    struct kind co2e;               /* of kgCO2e */
    struct kind mass;               /* of kg */
    struct kind declared;           /* of the declared unit */
    const struct decl *declared_by; /* the header that says it; NULL where none does */
    struct map member_names;        /* of all choices */
    const struct fact *facts;
    const struct decl *gwp_column; /* of the rule's set; NULL where none is named */
    bool is_in_import;             /* what is typed stands in another file than the rule */
    bool has_gwp_error;            /* a missing or wrong set was reported */
    bool is_broken;                /* a module has syntax errors */
};

/* ---- types_expr.c ----
   type_expr finds the type of an expression; `expected` (may be NULL) helps bare choice members and year literals.
   type_flow refuses lists; type_value optional values too. All return &expr->type, which is TYPE_ERROR after a report.
 */
struct type *type_expr(struct typer *typer, struct expr *expr, const struct type *expected);
struct type *type_flow(struct typer *typer, struct expr *expr, const struct type *expected);
struct type *type_value(struct typer *typer, struct expr *expr, const struct type *expected);
/* Values that must have one type, each the context of the others' bare words. */
enum { ALIKE_MAX = 64 };
void type_alike(struct typer *typer, struct expr **exprs, size_t count, const struct type *expected,
                bool allows_optional);
/* type_value, and the type must be the one wanted; `declared` (may be NULL) is where that was said. */
bool type_as(struct typer *typer, struct expr *expr, const struct type *wanted, const struct decl *declared);
bool type_as_bool(struct typer *typer, struct expr *expr);
/* A number that is no reading of a scale; false after a report. */
bool type_as_number(struct typer *typer, struct expr *expr);
bool type_as_plain(struct typer *typer, struct expr *expr, enum diag_code otherwise);
bool types_agree(struct typer *typer, const struct type *a, const struct type *b);
/* Is it a row of that list, table or row type? One of `power : list of Metered` is one of power, and of Metered. */
bool type_is_row_of(const struct type *row, const struct type *wanted);
/* Marks an expression as reported. */
struct type *type_error(struct expr *expr);
struct type number_type(struct typer *typer, struct kind kind);
void set_number(struct expr *expr, uint32_t kind_id);
bool is_error(const struct expr *expr);
/* A copy of a generic type for one use of it. */
struct type type_instance(struct typer *typer, const struct type *generic, struct kind_renaming *renaming);
/* The type of a declaration's value where it is named, without its arguments. */
struct type decl_value_type(struct typer *typer, const struct decl *decl);
void report_unknown_choice_member(struct typer *typer, const struct decl *choice, struct name name);

/* ---- types_facts.c ---- */
/* Facts that hold where the condition is true (or false), in front of typer->facts. The caller restores. */
void facts_assume(struct typer *typer, const struct expr *condition, bool is_true);
bool facts_hold(const struct typer *typer, const struct expr *path);

/* ---- the other expressions ---- */
void type_binary(struct typer *typer, struct expr *expr, const struct type *expected); /* types_binary.c */
/* The arguments have the types of the keys: of a table, a factor, a list. False after a report. */
bool type_keys(struct typer *typer, struct expr *call, const struct decl *keys); /* types_call.c */
/* Is an argument broken, so that it may be two, or another? Its number and order are not judged then. */
bool call_is_torn(const struct expr *call);
/* The tolerance of an equality with the value: of its kind, or a share of it. */
bool type_tolerance(struct typer *typer, struct expr *within, const struct expr *value);
void type_call(struct typer *typer, struct expr *expr);                          /* types_call.c */
void type_list_key(struct typer *typer, struct decl *list);                      /* types_key.c */
void type_row_lookup(struct typer *typer, struct expr *call, struct decl *list); /* types_key.c */
void type_predefined(struct typer *typer, struct expr *expr);                    /* types_predefined.c */
void type_gwp(struct typer *typer, struct expr *expr);                           /* types_gwp.c */
/* types.c: the column of the table of potentials that is called so; NULL: none is (reported), or there is no table. */
const struct decl *type_gwp_set(struct typer *typer, struct name name);
void type_comprehension(struct typer *typer, struct expr *expr);                 /* types_rows.c */
void type_member(struct typer *typer, struct expr *expr);                        /* types_rows.c */
/* The source of a `for each`, once. */
void type_rows(struct typer *typer, struct decl *decl);                               /* types_rows.c */
struct type binder_type(struct typer *typer, const struct expr *comprehension);       /* types_rows.c */
void type_match(struct typer *typer, struct expr *expr, const struct type *expected); /* types_match.c */
void type_if(struct typer *typer, struct expr *expr, const struct type *expected);    /* types_match.c */

/* ---- types_match.c, types_table.c ---- */
/* The pattern must be of the type; finds its member. False after a report. */
bool type_pattern(struct typer *typer, struct pattern *pattern, const struct type *type, bool is_step_allowed);
bool literal_year(const struct expr *literal, int32_t *year);
void type_table(struct typer *typer, struct decl *table);
/* Reports an expression that depends on data. */
bool type_constant(struct typer *typer, struct expr *expr);
bool expr_is_constant(struct expr *expr);

/* ---- types_decl.c ---- */
void type_decl(struct typer *typer, struct decl *decl);

/* ---- types_message.c ---- */
struct side { /* one side of a disagreement: an expression, or the declared type of something */
    const struct expr *expr;
    const struct decl *decl;
    struct type type;
};
/* Errors of units with one cause: the same factor is missing, and the unit comes from the same let or function, which
   is where the mistake is. Of a datum two places may be two mistakes: those are said, and what is more is counted.
   `other` may be NULL. */
struct unit_cause {
    struct str keys[4];
    bool is_datum[4];
    size_t count;
};
struct unit_cause unit_cause(struct typer *typer, const struct expr *expr, const struct expr *other,
                             struct kind missing);
bool cause_is_said(struct typer *typer, const struct unit_cause *cause, struct span at);
void cause_remember(struct typer *typer, struct diag *diag, const struct unit_cause *cause);
void report_disagreement(struct typer *typer, struct span at, struct side left, struct side right);
/* The value must be plain: offers to divide it by its unit. */
/* Labels where what stands there was declared. */
/* What a message is about: this declaration. */
struct str decl_key(struct arena *arena, const struct decl *decl);
/* NULL where that was said of what it names. */
struct diag *report_not_a_number(struct typer *typer, const struct expr *expr);
void report_not_plain(struct typer *typer, enum diag_code code, const struct expr *value);
struct str type_text(struct typer *typer, const struct type *type);
struct str expr_type_text(struct typer *typer, const struct expr *expr); /* in the unit that its parts are written in */
struct str kind_id_text(struct typer *typer, uint32_t kind_id);
/* The gases whose mass this kind may be ("CH4_fossil / CH4_biogenic"), empty where it is none. */
struct str gas_of_kind(const struct typer *typer, struct kind kind);
/* Of a product with gwp(GAS) that is CO2e but for tags: says which mass the potential goes with. */
bool note_potential(struct typer *typer, struct diag *diag, const struct expr *value, struct kind kind);
/* The leaves of an expression whose units have generators of `difference`, as labels (at most 4 on a message). */
void label_leaves(struct typer *typer, struct diag *diag, const struct expr *expr, struct kind difference, int *left);
/* Says what factor would turn `given` into `wanted` (texts of units), and a visible name that has that unit. */
void note_factor_hint(struct typer *typer, struct diag *diag, struct kind missing, struct str given, struct str wanted);

#endif
