/* Literate rules, `*.pcr.md`: a text in Markdown whose ```zuji fences, one after the other, are the program, and whose
   numbered headings are the clauses of the standard. Offsets are those of the file. Lives in the arena it is given.
   Must not know what is in a fence. */
#ifndef ZUJI_COMPILER_LITERATE_H
#define ZUJI_COMPILER_LITERATE_H

#include "compiler/ast.h"

struct fence { /* the program between two lines of ``` */
    uint32_t off, len;
    uint32_t line_off, line_len; /* the line that opens it */
    bool is_closed;              /* else it is no program: nobody knows where it ends */
};

enum heading_mark { HEADING_NORMATIVE, HEADING_INFORMATIVE, HEADING_WAIVED };
struct heading {
    uint32_t off, len;      /* its text, without the signs */
    uint32_t level;         /* 1 to 6 */
    struct str clause;      /* "6.2.1", "第6章", "附录 A"; empty where it has no number */
    enum heading_mark mark; /* (informative), （资料性）; (waived: reason), （豁免：理由） */
    struct str reason;      /* of a waiver; may be empty */
};

struct literate {
    struct fence *fences;
    size_t fence_count, fence_cap;
    struct heading *headings;
    size_t heading_count, heading_cap;
};

bool literate_is(struct str path); /* by its name */
struct literate *literate_read(struct arena *arena, struct str text);
/* The text with everything outside the fences blanked: as long, with the same lines. NUL-terminated. */
struct str literate_program(struct arena *arena, const struct literate *literate, struct str text);

/* Gives the declarations of a module their clause: that of the heading they stand beneath, unless they or a declaration
   around them say their own. */
void literate_set_clauses(struct module *module);
/* Reports a fence that is not closed, a file without a program. */
void literate_check(const struct module *module, struct diags *out);
/* Lints the numbered headings that nothing implements and that are neither informative nor waived with a reason. */
void literate_check_coverage(const struct module *module, const struct decl *rule, struct diags *out);

#endif
