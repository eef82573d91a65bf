/* The command line: what all commands share. Memory: one arena for the life of the process.
   Commands use libzuji only through vm/zuji.h, and the compiler through compiler/compile.h. */
#ifndef ZUJI_CLI_CLI_H
#define ZUJI_CLI_CLI_H

#include <stdio.h>

#include "base/diag.h"
#include "vm/zuji.h"

enum { EXIT_OK = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_IO = 3, EXIT_INTERNAL = 4 };

enum option_id {
#define OPTION(id, name, value, commands, en, zh) id,
#include "cli/commands.def"
    OPTION_COUNT
};

struct cli {
    struct arena *arena;
    const char *command;
    const char *option[OPTION_COUNT]; /* value; "" for a flag that was given; NULL where not given */
    const char **factors;             /* all values of --factors */
    size_t factor_count;
    const char **natives;             /* all values of --allow-native */
    size_t native_count;
    const char **arguments;
    size_t argument_count;
    enum lang lang;
    bool use_color; /* on standard error */
};

typedef int command_fn(struct cli *cli); /* returns the exit code */
#define COMMAND(name, function, arguments, en, zh) command_fn function;
#include "cli/commands.def"

struct command_info {
    const char *name;
    command_fn *function;
    const char *arguments;
    const char *text[2];
};
struct option_info {
    const char *name, *value, *commands;
    const char *text[2];
};
extern const struct command_info command_table[];
extern const size_t command_count;
extern const struct option_info option_table[OPTION_COUNT];
const struct command_info *find_command(const char *name); /* NULL where there is none */
bool takes_option(const char *command, const struct option_info *option);
int unknown_command(struct cli *cli, const char *name); /* reports it; returns EXIT_USAGE */

/* One line on standard error in the user's language; returns EXIT_USAGE. The text is a row of diag.def. */
int usage_error(struct cli *cli, enum diag_code code, struct str a, struct str b);
/* The same, with the word that may have been meant ("": none). */
int usage_error_near(struct cli *cli, enum diag_code code, struct str a, struct str b, struct str nearest);
/* "cannot open …" for a path with errno; returns EXIT_IO. */
int io_error(struct cli *cli, struct str path, int error);
int write_error(struct cli *cli, struct str path, int error); /* "" is standard output */
/* Prints collected diagnostics to standard error. */
void print_diags(struct cli *cli, const struct sources *sources, const struct diags *diags);
/* Prints libzuji's errors and warnings to standard error; notes are part of the results. */
void print_messages(struct cli *cli, const struct zuji_messages *messages);
int exit_of(enum zuji_status status);
/* Compiles a source, or reads a compiled rule, and loads it. NULL where that failed (reported; *exit_code says how).
   The sources and examples of a source file are in *compiled (may be NULL; NULL for compiled rules). */
struct compiled;
struct zuji_rule *load_rule(struct cli *cli, const char *path, struct compiled **compiled, int *exit_code);
/* fix.c: applies the fixes that need no asking to the rule's file and to what it imports; prints how many. An exit
   code. */
int apply_fixes(struct cli *cli, struct str path);
/* The external functions that the user allows, and those of the standard library; NULL where one cannot be had
   (reported; *exit_code says how). */
struct zuji_natives *load_natives(struct cli *cli, int *exit_code);
/* session.c: the rule of the first argument, bound to what the options name; members that cannot be had are NULL (reported, and the
   exit code says how). Closed in any case. */
struct session {
    struct zuji_rule *rule;
    struct zuji_factors *factors;
    struct zuji_natives *natives;
    struct zuji_run *run;
};
int open_session(struct cli *cli, struct zuji_options options, struct session *session);
void close_session(struct session *session);
/* The row of a result that is called so, by its name or its number; NULL: there is none. */
const struct zuji_result *result_row_called(struct cli *cli, const struct zuji_result *result, const char *wanted);
/* A text as one cell of CSV, quoted where it has to be. */
void print_csv_cell(FILE *file, const char *text);
/* The output named by --output, or standard output; NULL where it cannot be opened (reported). */
FILE *open_output(struct cli *cli);
/* Flushes and closes; false where anything could not be written (reported). */
bool close_output(struct cli *cli, FILE *file);

/* text.c */
void print_result_text(FILE *out, const struct cli *cli, const struct zuji_rule *rule,
                       const struct zuji_result *result, enum zuji_detail detail);

/* montecarlo.c: `run --monte-carlo`; an exit code. */
int run_monte_carlo(struct cli *cli);

/* stats.c: how the products of the run were settled, on standard error: a table, or one line of JSON. */
void print_stats(const struct cli *cli, const struct zuji_run *run, bool is_json);
/* explain_text.c: the tree of an explanation. */
void print_explanation(FILE *out, const struct cli *cli, const struct zuji_rule *rule, const struct zuji_result *result,
                       const struct zuji_explanation *explanation);
/* explain_html.c: a page with charts and the tree, which needs no other file. */
void print_explanation_html(FILE *out, const struct cli *cli, const struct zuji_rule *rule,
                            const struct zuji_result *result, const struct zuji_explanation *explanation);
/* explain_csv.c: a sheet with formulas, from an explanation with all rows. */
void print_explanation_csv(FILE *out, const struct cli *cli, const struct zuji_rule *rule,
                           const struct zuji_result *result, const struct zuji_explanation *explanation);

#endif
