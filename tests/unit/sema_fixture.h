/* Compiles a snippet through module, resolve, types and check, and tells what was reported where.
   The caller frees the text. Must not know single messages. */
#ifndef ZUJI_TESTS_SEMA_FIXTURE_H
#define ZUJI_TESTS_SEMA_FIXTURE_H

#include "compiler/compile.h"

struct sema_case {
    const char *name;
    const char *source;   /* the file main.pcr; further files behind lines "=== name" */
    const char *expected; /* a line for each message: "E0301 +": code and the bytes under the caret (first 24, to the
                             line's end) */
};

/* A rule with data of every type around what a case is about; `head` stands before the rule. */
#define SEMA_RULE(head, body)                                                                                          \
    head "choice Colour { red, green, blue = \"b\" }\n"                                                                \
         "rule r \"R\" {\n"                                                                                            \
         "declared 1 t reference out\n"                                                                                \
         "data { out: t\n since: year\n hue: Colour\n who: text\n temp: ℃\n spare: kWh optional\n"                   \
         " n: number range 0 .. 100\n"                                                                                 \
         " parts: list of { mass: kg, hue: Colour, extra: kg optional, sub: list of { x: kg } }\n"                     \
         "}\n" body "\n}\n"

/* As `expected` of a case. */
char *sema_report(const char *source);
void sema_check(const struct sema_case *wanted);

struct sema { /* a compilation that stays open, for looking at the tree */
    struct arena arena;
    struct sources sources;
    struct diags diags;
    struct checked *checked;
};
void sema_open(struct sema *sema, const char *source);
void sema_close(struct sema *sema);
struct decl *sema_find(const struct sema *sema, const char *name); /* in the rule, else in the module */

#endif
