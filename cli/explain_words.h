/* What is said of a node of an explanation, in the user's language: the same words in the text and on the page. All
   texts live in the arena of the command.
   Must not know how they are laid out. */
#ifndef ZUJI_CLI_EXPLAIN_WORDS_H
#define ZUJI_CLI_EXPLAIN_WORDS_H

#include "cli/cli.h"

struct str words_title(const struct cli *cli, const struct zuji_explanation *node);
/* The flow's title, behind that of the unit process that it is in where this is another: "Milking ▸ Electricity". */
struct str words_in_process(const struct cli *cli, const struct zuji_explanation *flow, struct str title);
struct str words_doc(const struct cli *cli, const struct zuji_explanation *node); /* in the user's language where it is in two */
/* The title with what kind of amount it is. */
struct str words_heading(const struct cli *cli, const struct zuji_result *result, const struct zuji_explanation *node);
const char *words_category(const struct cli *cli, const struct zuji_result *result, const char *name); /* its title */
struct str words_value(const struct cli *cli, const struct zuji_explanation *node);    /* "= 5 kg", "holds"; "" */
struct str words_reported(const struct cli *cli, const struct zuji_explanation *node); /* ", reported 5"; "" */
struct str words_share(const struct cli *cli, const struct zuji_explanation *node);    /* "9.4 %"; "" */
/* "primary; source: …"; "". The clause is left out where it is that of what is around the node ("" where nothing is). */
struct str words_remarks(const struct cli *cli, const struct zuji_explanation *node, const char *around);
const char *words_clause(const struct zuji_explanation *node, const char *around); /* of what is below the node */
/* The datum that a row of a sum is: it needs no line of its own. NULL: the row is more than that. */
const struct zuji_explanation *words_datum(const struct zuji_explanation *node);
bool words_is_condition(const struct zuji_explanation *node);
/* Is the formula as written, with values, to be told beside heading and value? */
bool words_has_written(const struct zuji_explanation *node);
bool words_has_figures(const struct zuji_explanation *node);
/* A row with the formula of the row before it. */
bool words_is_alike(const struct zuji_explanation *whole, size_t part);

#endif
