/* Walks over the tree: the children of an expression, the expressions of a declaration, the declarations inside one.
   Nothing is allocated. Recursion is bounded, for the parser makes no tree deeper than AST_DEPTH_MAX.
   Must not know what a visitor is for. */
#ifndef ZUJI_COMPILER_WALK_H
#define ZUJI_COMPILER_WALK_H

#include "compiler/ast.h"

typedef void expr_visitor(void *context, struct expr *expr);
/* Each direct child that is there, in the order of the text. */
void expr_each_child(struct expr *expr, expr_visitor *visit, void *context);
/* The expression and everything below it, parents first. */
void expr_walk(struct expr *expr, expr_visitor *visit, void *context);

/* The expressions that stand directly in a declaration (not those of the declarations inside it). */
void decl_each_expr(struct decl *decl, expr_visitor *visit, void *context);

/* First of the declarations directly inside; NULL where there are none. Tables and functions have two lists: keys or
   parameters (decl_inner) and columns (decl_columns). */
/* The text of a label at what a field says anew: that a base says it, or a row type. */
enum diag_code decl_says(const struct decl *base);
struct decl *decl_inner(const struct decl *decl);
struct decl *decl_columns(const struct decl *decl);

/* The declarations from the first on with all inside them, parents first. */
typedef void decl_visitor(void *context, struct decl *decl);
void decls_walk(struct decl *first, decl_visitor *visit, void *context);
/* Of a table with one value without a name: that column. A row of it is its value. Else NULL. */
const struct decl *decl_only_value(const struct decl *table);

/* Left to the rules that extend this one: an open let without a value, `open declared`. NULL is not. */
bool decl_is_open(const struct decl *decl);
bool let_overrides(const struct decl *let);

/* The reference with `for each`; NULL where results have one row. */
struct decl *rule_reference_rows(const struct decl *rule);
/* The list (a field) or table that a `for each` goes over, once types are known; NULL: of a range, or none. */
/* Is the example one of a module: of its functions, without data? */
bool example_is_of_module(const struct decl *example);
const struct decl *decl_rows_list(const struct decl *decl);
/* Does the allocation part its stages among the rows of the reference? (NULL: there are none) */
bool allocates_to_rows(const struct decl *allocate, const struct decl *reference);
/* The allocations of the stage and the process that the flow is in, wherever they stand in the rule. */
void flow_each_allocation(struct decl *rule, const struct decl *emit, decl_visitor *visit, void *context);
/* The stage that the declaration is or stands in; NULL where it is in none. */
struct decl *decl_stage(struct decl *decl);

/* Do both name the same thing: chains of names, or calls with such arguments, that were resolved to the same? */
bool expr_same_path(const struct expr *a, const struct expr *b);

/* Of literals (EXPR_NUMBER): all digits zero; a plain number without decimals. */
bool number_is_zero(const struct expr *literal);
bool number_is_whole(const struct expr *literal);

#endif
