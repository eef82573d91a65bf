/* The compiler: from a source file to a program for the machine. One function per phase, each of the same shape:
   permanent memory, input, place for messages, result. Phases run to the end and report; nothing is built from a
   compilation that has errors. Must not know how a program is run. */
#ifndef ZUJI_COMPILER_COMPILE_H
#define ZUJI_COMPILER_COMPILE_H

#include "compiler/ast.h"
#include "vm/program.h"

struct csv_table; /* a table's CSV file, read by module.c */

/* All modules of one compilation, names resolved, types checked. */
struct checked {
    struct arena *perm;
    struct sources *sources;
    struct unit_system *units;
    struct module **modules; /* imported ones first; the last is the file given */
    size_t module_count;
    struct decl *rule;       /* the rule of the file given; NULL where it has none */
    struct decl *lifecycle;  /* that of the rule; NULL where it names one that is not known */
    struct decl *boundary;   /* of the life cycle; NULL where the rule names none, or one that is not known */
    const struct decl *example; /* of a module, as which the rule was made; NULL: the rule is one */
    struct decl *gases;      /* table gwp, of std.gases or of a module in its place; NULL where there is none */
    struct map aliases;      /* other spelling -> index into alias_first; of all modules */
    struct str *alias_first;
    size_t alias_count, alias_cap;
};

/* module.c: reads the file, its imports (std.* from the binary, others relative to the importing file), the tables'
   CSV files (whose rows become table_rows of the tree). NULL only where the file itself cannot be read. */
struct checked *module_load(struct arena *perm, struct sources *sources, struct str path, struct diags *out);
void resolve(struct checked *checked, struct diags *out);      /* resolve.c: names to declarations, type_refs to types */
void types_check(struct checked *checked, struct diags *out);  /* types.c: kinds inferred and checked */
void tables_check(struct checked *checked, struct diags *out); /* check.c: gaps and overlaps, cycles, boundary, misplaced things */

/* An `example` of the rule, for `zuji test`: what the data should give. Paths are relative to the rule's file. */
struct expectation {
    struct span at;
    enum { EXPECT_TOTAL, EXPECT_STAGE, EXPECT_FLOW, EXPECT_REPORT } kind;
    struct str stage, name;  /* by first spelling: stage; flow or report */
    struct rat value, within; /* in `unit_text`; of the total, stages and flows: kgCO2e per declared amount */
    struct str unit_text;
    struct str written;        /* of an example of a module: the expression, as written */
    const struct decl *choice; /* likewise: the value is the number of a member of this choice; NULL: a number or bool */
    bool is_bool;              /* likewise: the value is 1 for true, 0 for false */
};
struct example {
    struct span at;
    struct str title; /* an argument of messages: perhaps in two languages (diag_both) */
    struct str data, key, row; /* key, row: empty where not given */
    struct str *factors;       /* files */
    size_t factor_count;
    struct expectation *expects;
    size_t expect_count;
};

struct compiled {
    struct checked *checked;
    struct program *program; /* NULL where there were errors, the file has no rule, or its rule has open lets */
    struct example *examples;
    size_t example_count;
    struct compiled **of_module; /* examples of the functions of the file given: each a program with one example, which
                                    runs on a product without data */
    size_t of_module_count;
    struct span *zero_divisions; /* whose divisor may be zero by what is declared, and nothing looks at it */
    size_t zero_division_count;
};

/* module_example.c: the examples of the functions of the file given, each as a rule of its own. */
void lower_module_examples(struct compiled *compiled, struct diags *out);

/* lower.c: the program of the checked rule; NULL where something was reported. */
struct program *lower(struct checked *checked, struct compiled *examples_into, struct diags *out);

/* lint.c: what is allowed but seldom meant, of the file given, for `zuji check`. Only of a compilation without errors. */
struct example_flow { /* what a flow came to in an example */
    const struct example *example;
    struct str stage, name;
    bool is_given, is_negative;
    bool is_tiny; /* not zero, and less than 0.01 % of its stage */
};
struct example_facts { /* of the examples that were run */
    bool have_run; /* all of them, without errors */
    struct example_flow *flows;
    size_t flow_count, flow_cap;
    struct example_tie { /* where largest or smallest met equal rows: the note about it, by language */
        const struct example *example;
        struct str text[2];
    } *ties;
    size_t tie_count, tie_cap;
};
void lint(struct compiled *compiled, const struct example_facts *facts, struct diags *out);

/* Reports that nothing can be built where the tree is right and yet there is no program: the file has no rule, or the
   rule is a base in which something is open that a variant must say. */
void compile_report_unbuilt(const struct compiled *compiled, struct str path, struct diags *out);
/* What is open in it, with commas; empty: nothing is. */
struct str compile_open(const struct checked *checked);

/* All phases. Never NULL. */
struct compiled *compile_phases(struct arena *perm, struct sources *sources, struct str path, struct diags *out);
/* The same, and the fixes of its messages are tried (trial.h). */
struct compiled *compile_file(struct arena *perm, struct sources *sources, struct str path, struct diags *out);

/* ---- profile.c: what a parent standard demands of a rule, demand by demand, decided on the checked tree ---- */
enum finding_kind { FINDING_MET, FINDING_UNMET, FINDING_NOT_CONCERNED, FINDING_BY_HAND };
struct finding {
    const struct decl *demand;
    enum finding_kind kind;
    struct span at;          /* in the rule; file 0: nowhere */
    struct diag_text detail; /* what is lacking, or what else is to be said; DIAG_NONE: nothing */
};
struct checklist {
    const struct decl *profile;
    struct finding *findings; /* in the order of the profile */
    size_t count;
};

/* The profile of this name that the module can see; NULL where none. */
const struct decl *profile_find(const struct checked *checked, const struct module *here, struct str name);
/* The names of all of them, with commas. */
struct str profile_names(struct arena *arena, const struct checked *checked);
/* Judges the rule, which must be there and checked without errors. */
struct checklist *profile_judge(const struct checked *checked, const struct decl *profile);
/* A message for each demand that is not met; `said`: where the rule says that it conforms. Nowhere: somebody asks for
   this profile, and is told of what it only advises too. */
void profile_report(const struct checked *checked, const struct checklist *list, struct span said, struct diags *out);
/* The same for every profile to which the rule says that it conforms. */
void profiles_check(struct checked *checked, struct diags *out);
/* The text of a profile or demand, in either language what there is. */
struct str profile_text(struct arena *arena, const struct decl *decl);
/* must or should, in both languages. */
struct str profile_strength(struct arena *arena, const struct decl *demand);

#endif
