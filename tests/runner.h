/* The end-to-end runner: what its modes share. One process runs one mode, prints what fails and ends with
   "N passed, N failed". Memory: one arena for the life of the process.
   Must not know the machine's insides: it uses libzuji, the compiler's entry point and the built `zuji`. */
#ifndef ZUJI_TESTS_RUNNER_H
#define ZUJI_TESTS_RUNNER_H

#include "base/diag.h"

struct runner {
    struct arena *arena;
    struct str scratch; /* a folder of this process, removed at its end */
    bool is_blessing;   /* rewrite what is expected instead of comparing */
    size_t passed, failed;
};

/* One finished comparison. The text of a failure names file and line first. */
void runner_pass(struct runner *runner);
void runner_fail(struct runner *runner, const char *format, ...) __attribute__((format(printf, 2, 3)));
void runner_skip(const char *what); /* said aloud: nothing is left out silently */

/* ---- files (files.c) ---- */
/* Paths in the folder that end so, by name; hidden ones are left out. "" ends everything. */
struct str *files_in(struct runner *runner, struct str folder, struct str ending, size_t *count);
bool file_is_there(struct str path);
bool file_is_folder(struct str path);
void file_write(struct runner *runner, struct str path, struct str text); /* failing to write ends the process */
struct str path_folder(struct str path); /* "a/b" of "a/b/c.d"; "." where there is none */
struct str path_base(struct str path);   /* "c.d" */
struct str path_stem(struct str path);   /* "a/b/c": without the last ending */
struct str path_in(struct runner *runner, struct str folder, struct str name);
struct str scratch_folder(struct runner *runner); /* a new, empty one */

/* One line after the other of a text; false at the end. The line is without its newline. */
bool next_line(struct str text, size_t *at, struct str *line);
/* The first word of *rest, which then begins behind it. */
struct str next_word(struct str *rest);
struct str str_skip(struct str s, size_t len);

/* Two texts, line by line; prints the first difference and where. */
bool same_text(struct runner *runner, struct str where, struct str expected, struct str actual);

/* ---- processes (process.c) ---- */
struct outcome {
    int exit_code; /* 128 + the signal where one ended it */
    struct str out, err;
    long peak; /* most memory of any child so far, in KiB */
};
/* Runs a command of the shell in the folder; `zuji` is the built one. At most ten minutes. */
struct outcome run_shell(struct runner *runner, struct str folder, struct str command);

/* ---- modes; each takes what follows its name on the command line ---- */
typedef void mode_fn(struct runner *runner, char **arguments, size_t count);
mode_fn mode_golden;   /* golden.c: whole outputs */
mode_fn mode_engines;  /* engines.c: exact against fast, source against compiled */
mode_fn mode_explain;  /* explain.c: formulas of explanations give their values */
mode_fn mode_bad;      /* bad.c: sources with mistakes */
mode_fn mode_data;     /* bad_data.c: data with mistakes */
mode_fn mode_bytecode; /* bytecode.c: compiled rules that were edited */
mode_fn mode_cli;      /* script.c: commands and what they print */
mode_fn mode_surface;  /* surface.c: odd characters, and the fixes of them */
mode_fn mode_fmt;      /* fmt.c: the formatter keeps what a source says */
mode_fn mode_fences;   /* fences.c: examples in documents */
mode_fn mode_pages;    /* pages.c: the examples of the pages of messages */
mode_fn mode_fixes;    /* fixes.c: fixes that need no asking, applied */
mode_fn mode_inputs;   /* inputs.c: one mistake with units and the like, or its right result, a row */
mode_fn mode_oracle;   /* oracle.c: published footprints */
mode_fn mode_limit;    /* limit.c: every bound, and one past it */
mode_fn mode_generate; /* garments.c: writes random garments */
mode_fn mode_mutants;  /* mutants.c: rules with one token changed */
mode_fn mode_random;   /* random/session.c: drawn rules and data, run in all ways */
mode_fn mode_draw;     /* random/session.c: drawn rules and data, written */
mode_fn mode_memory;   /* garments.c: memory does not grow with the number of products */

/* load.c: compiles and loads a rule; NULL where that fails, which counts as a failure. To be freed with zuji_rule_free.
 */
struct zuji_rule;
struct zuji_rule *load_rule(struct runner *runner, struct str path);
/* bad.c: compiles a source and compares its messages with its own comments. Counts one comparison. */
void check_source(struct runner *runner, struct str path);
/* fixes.c: the fixes of its messages that need no asking. Counts one comparison a fix. */
void check_fixes(struct runner *runner, struct str path);
/* engines.c: all the ways to run one rule agree. Counts one comparison. */
void check_engines(struct runner *runner, struct str rule, struct str data, struct str factors);
/* json_compare.c: the first difference of two results as JSON, with its place; empty where they agree. Values and shares
   may differ by a relative 1e-12. */
struct str json_difference(struct arena *arena, struct str a, struct str b);
/* explain.c: the first node of an explanation as JSON whose value is not what its formula gives; empty where all are. */
struct str explanation_fault(struct arena *arena, struct str json);
/* script.c: the commands of a script ("$ …"), run in the folder. `is_merged`: standard output and standard error
   are written as one. Counts one comparison a command. */
void check_script(struct runner *runner, struct str path, struct str text, uint32_t first_line, struct str folder,
                  bool is_merged);
/* garments.c: the n-th random garment of a seed, as one line of JSON. */
struct str garment_text(struct arena *arena, uint64_t seed, uint64_t number, int more_digits);

#endif
