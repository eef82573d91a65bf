/* Running the examples of a rule: for `zuji test`, which compares what comes out, and for `zuji check`, which looks for
   what seldom is meant. Memory as in cli.h. Must not know what the results are wanted for. */
#ifndef ZUJI_CLI_EXAMPLE_H
#define ZUJI_CLI_EXAMPLE_H

#include "cli/cli.h"
#include "compiler/compile.h"

/* The compiled rule, loaded; NULL where that failed (reported, in `diags` or on standard error) or there is none. */
struct zuji_rule *example_rule(struct cli *cli, const struct compiled *compiled, struct diags *diags);
/* Runs the rule on the example's data and factors, found beside the rule's file; one of a module has no data. Messages
   go to standard error; those of products in error are left to the callback. */
enum zuji_status example_run(struct cli *cli, const struct zuji_rule *rule, const struct compiled *compiled,
                             const struct example *example, bool use_exact, zuji_result_fn result, void *user);

#endif
