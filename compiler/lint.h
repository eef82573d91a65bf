/* Lints, for the files lint*.c: what the language allows but seldom means. Each looks at the checked tree of the file
   given (not at what it imports), some at the program too. Everything lives in the arena of the compilation.
   Must not know of examples' data: cli/check_examples.c runs them. */
#ifndef ZUJI_COMPILER_LINT_H
#define ZUJI_COMPILER_LINT_H

#include "compiler/compile.h"

struct linter {
    const struct compiled *compiled;
    const struct example_facts *facts;
    struct checked *checked;
    struct module *module; /* the file given */
    struct decl *rule;     /* NULL: a module of tables and functions */
    struct arena *arena;
    struct diags *out;
};

/* Adds the lint, unless a declaration around `inside` (or itself) allows it: then NULL. */
struct diag *lint_add(struct linter *linter, enum diag_code code, const struct decl *inside, struct span at,
                      const struct str *args, size_t count);

/* The number of a literal, in coherent units. */
struct rat lint_literal_value(struct arena *arena, const struct expr *literal);

/* The same for what shows only in the whole: also in a rule that this one extends, which may have no program. */
struct diag *lint_add_composed(struct linter *linter, enum diag_code code, const struct decl *inside, struct span at,
                               const struct str *args, size_t count);

/* Does the rule say `status published`? */
bool lint_is_published(const struct linter *linter);

/* One function a room: they go through the whole file on their own. */
void lint_use(struct linter *linter);      /* lint_use.c: what is declared and not used */
void lint_formulas(struct linter *linter); /* lint_formula.c: formulas that seldom mean what they say */
void lint_signs(struct linter *linter);    /* lint_sign.c: differences that may turn negative */
void lint_rows(struct linter *linter);     /* lint_rows.c: stages over lists, allocation, scenarios */
void lint_sources(struct linter *linter);  /* lint_source.c: constants, tables and factors without a source */
void lint_texts(struct linter *linter);    /* lint_text.c: translations, confusable names */
void lint_rounds(struct linter *linter);   /* lint_round.c: what is rounded twice */
void lint_divisors(struct linter *linter); /* lint_divisor.c: divisors that may be zero */
void lint_counts(struct linter *linter);   /* lint_count.c: on the program: the same data counted twice */
void lint_examples(struct linter *linter); /* lint_example.c: what the examples show */

#endif
