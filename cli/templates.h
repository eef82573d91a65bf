/* The files that `zuji new` writes, from cli/templates, compiled into the binary by tools/embed.c. Static, nobody's
   to free. "NAME" in them stands for the name of the new rule. */
#ifndef ZUJI_CLI_TEMPLATES_H
#define ZUJI_CLI_TEMPLATES_H

#include <stddef.h>

struct template {
    const char *name; /* "rule_en", "rule_zh", "example_en", "example_zh" */
    const char *text;
    size_t len;
};
extern const struct template templates[];
extern const size_t template_count;

#endif
